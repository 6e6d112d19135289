//! Portfolios as a whole: what is known of somebody's entries, loaded in as many statements for a hundred as for one, and what
//! is told of them: how they progressed, for other systems, and to whom has no account (§15).

pub mod badges;
pub mod export;
pub mod guest;
pub mod markdown;
pub mod progression;
pub mod resume;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::{
    id::{CompetencyId, OrganizationId, PortfolioEntryId, StakeholderConfirmationId, UserId},
    learning::{competency, competency_framework},
    projects::{
        portfolio_entry::{Column, Entity, Model, PortfolioStage, PortfolioVisibility},
        portfolio_entry_competency as link,
        portfolio_evidence::{self, PortfolioEvidenceKind},
        stakeholder_confirmation::{self, ConfirmationStatus},
    },
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::domain::error::Result;

/// How many entries are told of at most: those that were written down last.
pub(super) const MOST: usize = 500;

/// An entry with what goes with it.
#[derive(Clone, Debug)]
pub struct Told {
    /// The entry.
    pub entry: Model,
    /// What it shows, by name, of frameworks that are visible.
    pub skills: Vec<Skill>,
    /// What shows that it was worth something, the oldest first.
    pub evidence: Vec<Proof>,
}

/// A competency that an entry shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skill {
    /// Which.
    pub id: CompetencyId,
    /// What it is called.
    pub name: String,
    /// At which level.
    pub level: i64,
    /// What that level is called.
    pub level_name: String,
}

/// Something that shows value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// What it is.
    pub kind: PortfolioEvidenceKind,
    /// What may be said of it to others, in words.
    pub note: Option<String>,
    /// Who says so, when they let themselves be named.
    pub by: Option<String>,
    /// Where it is to be seen.
    pub url: Option<String>,
    /// When that was.
    pub at: DateTime<Utc>,
}

/// What a stage is called, in the playbook's words.
#[must_use]
pub const fn stage_name(stage: PortfolioStage) -> &'static str {
    match stage {
        PortfolioStage::ClassProject => "Class project",
        PortfolioStage::PersonalProject => "Personal project",
        PortfolioStage::ValueCreation => "Creating value",
        PortfolioStage::RisingScope => "Rising scope and complexity",
    }
}

/// Somebody's entries, in the order in which they were finished, of which what is not finished comes last: all of them, or those
/// that are shown to others at least like this.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn load<C: ConnectionTrait>(
    db: &C,
    organization: OrganizationId,
    owner: UserId,
    shown: PortfolioVisibility,
) -> Result<Vec<Told>> {
    let entries = Entity::find()
        .filter(Column::OrganizationId.eq(organization))
        .filter(Column::OwnerId.eq(owner))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Visibility.is_in(shown_like(shown)))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(MOST as u64);
    let mut entries = entries.all(db).await?;
    in_order(&mut entries);
    let ids: Vec<_> = entries.iter().map(|entry| entry.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut skills = skills(db, &ids).await?;
    let mut proofs = proofs(db, organization, &ids).await?;
    let told = entries.into_iter().map(|entry| Told {
        skills: skills.remove(&entry.id).unwrap_or_default(),
        evidence: proofs.remove(&entry.id).unwrap_or_default(),
        entry,
    });
    Ok(told.collect())
}

/// What is shown to others at least like this.
fn shown_like(least: PortfolioVisibility) -> Vec<PortfolioVisibility> {
    use entity::vocabulary::Vocabulary as _;
    PortfolioVisibility::ALL.iter().copied().filter(|one| *one >= least).collect()
}

/// As they were finished; what is not finished comes last.
fn in_order(entries: &mut [Model]) {
    entries.sort_by_key(|entry| (entry.finished_at.is_none(), entry.finished_at, entry.id));
}

async fn skills<C: ConnectionTrait>(
    db: &C,
    entries: &[PortfolioEntryId],
) -> Result<BTreeMap<PortfolioEntryId, Vec<Skill>>> {
    let links = link::Entity::find().filter(link::Column::EntryId.is_in(entries.to_vec())).all(db).await?;
    let named: BTreeSet<_> = links.iter().map(|one| one.competency_id).collect();
    if named.is_empty() {
        return Ok(BTreeMap::new());
    }
    let competencies = competency::Entity::find()
        .filter(competency::Column::Id.is_in(named))
        .filter(competency::Column::DeletedAt.is_null())
        .all(db)
        .await?;
    let of: BTreeSet<_> = competencies.iter().map(|one| one.framework_id).collect();
    // What is not visible yet is named to nobody outside.
    let frameworks: BTreeMap<_, _> = competency_framework::Entity::find()
        .filter(competency_framework::Column::Id.is_in(of))
        .filter(competency_framework::Column::Visible.eq(true))
        .filter(competency_framework::Column::DeletedAt.is_null())
        .all(db)
        .await?
        .into_iter()
        .map(|framework| (framework.id, framework.scale.0))
        .collect();
    let competencies: BTreeMap<_, _> = competencies.into_iter().map(|one| (one.id, one)).collect();
    let mut all = BTreeMap::<_, Vec<Skill>>::new();
    for one in links {
        let Some(competency) = competencies.get(&one.competency_id) else { continue };
        let Some(scale) = frameworks.get(&competency.framework_id) else { continue };
        let level = scale.levels.iter().find(|level| level.value == one.level_shown);
        all.entry(one.entry_id).or_default().push(Skill {
            id: competency.id,
            name: competency.name.clone(),
            level: one.level_shown,
            level_name: level.map_or_else(|| one.level_shown.to_string(), |level| level.name.clone()),
        });
    }
    for skills in all.values_mut() {
        skills.sort_by(|a, b| a.name.cmp(&b.name).then(a.id.cmp(&b.id)));
    }
    Ok(all)
}

async fn proofs<C: ConnectionTrait>(
    db: &C,
    organization: OrganizationId,
    entries: &[PortfolioEntryId],
) -> Result<BTreeMap<PortfolioEntryId, Vec<Proof>>> {
    use portfolio_evidence::Column as Of;
    let rows = portfolio_evidence::Entity::find()
        .filter(Of::OrganizationId.eq(organization))
        .filter(Of::EntryId.is_in(entries.to_vec()))
        .filter(Of::DeletedAt.is_null())
        .order_by_asc(Of::OccurredAt)
        .order_by_asc(Of::Id)
        .all(db)
        .await?;
    let asked: Vec<_> = rows.iter().filter_map(|row| row.confirmation_id).collect();
    let answers = confirmations(db, organization, asked).await?;
    let mut all = BTreeMap::<_, Vec<Proof>>::new();
    for row in rows {
        let answer = row.confirmation_id.and_then(|id| answers.get(&id));
        // What a stakeholder said is shown to others as far as they let it.
        let spoken = row.kind == PortfolioEvidenceKind::StakeholderConfirmation;
        let quoted = answer.filter(|answer| answer.quotable);
        all.entry(row.entry_id).or_default().push(Proof {
            kind: row.kind,
            note: if spoken { quoted.and_then(|answer| answer.statement.clone()) } else { row.note },
            by: quoted.and_then(signed),
            url: row.url,
            at: row.occurred_at,
        });
    }
    Ok(all)
}

async fn confirmations<C: ConnectionTrait>(
    db: &C,
    organization: OrganizationId,
    ids: Vec<StakeholderConfirmationId>,
) -> Result<BTreeMap<StakeholderConfirmationId, stakeholder_confirmation::Model>> {
    use stakeholder_confirmation::Column as Of;
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows = stakeholder_confirmation::Entity::find()
        .filter(Of::OrganizationId.eq(organization))
        .filter(Of::Id.is_in(ids))
        .filter(Of::Status.eq(ConfirmationStatus::Confirmed))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Who somebody is, as they say.
fn signed(answer: &stakeholder_confirmation::Model) -> Option<String> {
    let name = answer.answered_by.as_deref()?;
    Some(answer.answered_as.as_deref().map_or_else(|| name.to_owned(), |role| format!("{name}, {role}")))
}

#[cfg(test)]
pub(in crate::domain) mod tests {
    use entity::vocabulary::{Json, Set};

    use super::*;
    use crate::domain::clock;

    /// An entry of a stage, a complexity, and the day on which it was finished.
    pub(in crate::domain) fn entry(
        title: &str,
        stage: PortfolioStage,
        complexity: Option<i64>,
        finished: Option<&str>,
    ) -> Model {
        let now = clock::now();
        Model {
            id: clock::new_id(),
            organization_id: clock::new_id(),
            owner_id: clock::new_id(),
            project_id: None,
            title: title.to_owned(),
            summary: None,
            stage,
            assigned: false,
            personal_kind: None,
            started_at: None,
            finished_at: finished.map(|day| format!("{day}T00:00:00Z").parse().unwrap()),
            complexity,
            team_size: None,
            resources: Set::EMPTY,
            links: Json(Vec::new()),
            visibility: PortfolioVisibility::Public,
            search_text: title.to_lowercase(),
            version: 1,
            created_at: now,
            updated_at: now,
            deleted_at: None,
        }
    }

    /// The same with nothing that goes with it.
    pub(in crate::domain) fn told(
        title: &str,
        stage: PortfolioStage,
        complexity: Option<i64>,
        finished: Option<&str>,
    ) -> Told {
        Told { entry: entry(title, stage, complexity, finished), skills: Vec::new(), evidence: Vec::new() }
    }

    /// A skill at a level.
    pub(in crate::domain) fn skill(id: CompetencyId, name: &str, level: i64) -> Skill {
        Skill { id, name: name.to_owned(), level, level_name: format!("Level {level}") }
    }

    #[test]
    fn what_is_not_finished_comes_last() {
        let of = |title, finished| entry(title, PortfolioStage::PersonalProject, None, finished);
        let mut all = [of("open", None), of("late", Some("2026-02-01")), of("early", Some("2025-02-01"))];
        in_order(&mut all);
        assert_eq!(all.map(|entry| entry.title), ["early", "late", "open"]);
    }

    #[test]
    fn who_sees_more_sees_what_others_see() {
        use PortfolioVisibility::{Link, Private, Public};
        assert_eq!(shown_like(Private), [Private, Link, Public]);
        assert_eq!(shown_like(Link), [Link, Public]);
        assert_eq!(shown_like(Public), [Public]);
    }
}
