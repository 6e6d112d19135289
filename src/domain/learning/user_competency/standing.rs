//! Keeping standings: made with the first evidence, moved by ratings, and carried up to the competencies that follow
//! from those below them.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{
    id::{CompetencyId, UserCompetencyId, UserId},
    learning::{
        competency, competency_framework,
        competency_framework::Scale,
        evidence::{self, EvidenceAction},
        user_competency::{Calculation, Column, Entity, Model, StandingStatus},
    },
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    sea_query::OnConflict,
};
use serde_json::json;

use super::{
    super::learning_need,
    calculation::{self, Rating, is_proficient},
    tree::{Tree, lowest_proficient},
};
use crate::domain::{
    clock,
    error::{Error, Result},
    look::Look,
    many::ROWS,
    tx::Tx,
};

/// What is computed for one person at once is computed one after another: no rating is lost.
pub(in crate::domain::learning) async fn turn(tx: &Tx, user: UserId) -> Result<()> {
    tx.lock(&format!("standings {} {user}", tx.who.organization)).await
}

/// Where somebody stands in a competency. Without any, a standing is made that has no level yet.
async fn of(tx: &mut Tx, user: UserId, competency: CompetencyId) -> Result<Model> {
    let all = of_all(tx, BTreeSet::from([(user, competency)])).await?;
    all.into_values().next().ok_or_else(|| Error::contention("a standing that is made and gone"))
}

/// Where people stand in competencies; those without a standing get one that has no level yet. Everybody makes them in
/// one order: two who make the same do not wait for each other for ever.
pub(in crate::domain::learning) async fn of_all(
    tx: &mut Tx,
    wanted: BTreeSet<(UserId, CompetencyId)>,
) -> Result<HashMap<(UserId, CompetencyId), Model>> {
    let mut known = find_all(tx, &wanted).await?;
    let missing: Vec<_> = wanted.iter().filter(|one| !known.contains_key(one)).map(|one| blank(tx, *one)).collect();
    if missing.is_empty() {
        return Ok(known);
    }
    let made: HashSet<UserCompetencyId> = missing.iter().map(|row| row.id).collect();
    let one =
        OnConflict::columns([Column::OrganizationId, Column::UserId, Column::CompetencyId]).do_nothing().to_owned();
    for some in missing.chunks(ROWS) {
        let rows = some.iter().cloned().map(IntoActiveModel::into_active_model);
        Entity::insert_many(rows).on_conflict(one.clone()).exec_without_returning(&tx.db).await?;
    }
    // Somebody else may have made one at this moment: then theirs is the one.
    known = find_all(tx, &wanted).await?;
    for pair in &wanted {
        if let Some(row) = known.get(pair).filter(|row| made.contains(&row.id)) {
            tx.record("created", row, json!({ "competencyId": row.competency_id }))?;
        }
    }
    Ok(known)
}

fn blank(tx: &Tx, (user, competency): (UserId, CompetencyId)) -> Model {
    Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        user_id: user,
        competency_id: competency,
        level: None,
        proficient: None,
        status: StandingStatus::Idle,
        reviewer_id: None,
        calculation: Calculation::Latest,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}

async fn find_all(
    tx: &Tx,
    wanted: &BTreeSet<(UserId, CompetencyId)>,
) -> Result<HashMap<(UserId, CompetencyId), Model>> {
    if wanted.is_empty() {
        return Ok(HashMap::new());
    }
    let found = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::UserId.is_in(wanted.iter().map(|(user, _)| *user).collect::<BTreeSet<_>>()))
        .filter(Column::CompetencyId.is_in(wanted.iter().map(|(_, competency)| *competency).collect::<BTreeSet<_>>()));
    Ok(found.all(&tx.db).await?.into_iter().map(|row| ((row.user_id, row.competency_id), row)).collect())
}

/// Moves the standings by a new rating; one `by_reviewer` ends the review, too. The caller has the person's turn.
pub(in crate::domain::learning) async fn rated(
    tx: &mut Tx,
    rating: &evidence::Model,
    scale: &Scale,
    by_reviewer: bool,
) -> Result<()> {
    let because = Because { rating: Some(rating), ends_review: by_reviewer };
    settle(tx, rating.user_id, rating.competency_id, scale, because).await
}

/// Computes a standing anew that is to be computed in another way.
pub(super) async fn recomputed(tx: &mut Tx, standing: &Model) -> Result<()> {
    let competency = competency_of(tx, standing.competency_id).await?;
    let framework = competency_framework::Entity::find_by_id(competency.framework_id).one(&tx.db).await?;
    let Some(framework) = framework else { return Ok(()) };
    let because = Because { rating: None, ends_review: false };
    settle(tx, standing.user_id, standing.competency_id, &framework.scale.0, because).await
}

async fn competency_of(tx: &Tx, id: CompetencyId) -> Result<competency::Model> {
    competency::Entity::find_by_id(id).one(&tx.db).await?.ok_or_else(|| Error::not_found("competency"))
}

/// Why standings are computed.
#[derive(Clone, Copy)]
struct Because<'a> {
    /// The rating, when it is one.
    rating: Option<&'a evidence::Model>,
    /// Whether the review ends by it.
    ends_review: bool,
}

/// Computes where somebody stands in a competency, and then in those above it that follow from it: a bounded number of
/// statements to look, and at most one to write for each step up.
async fn settle(tx: &mut Tx, user: UserId, at: CompetencyId, scale: &Scale, because: Because<'_>) -> Result<()> {
    let competency = competency_of(tx, at).await?;
    let mut tree = Tree::around(tx, user, &competency).await?;
    let chain = tree.upwards(at);
    let ratings = ratings(tx, user, &chain).await?;
    let mut known = standings(tx, user, &chain).await?;
    for id in chain {
        let calculation = known.get(&id).map_or(Calculation::Latest, |row| row.calculation);
        let own = ratings.get(&id).and_then(|all| calculation::level(calculation, scale, all.iter().copied()));
        let followed = tree.is_followed(id).then(|| lowest_proficient(scale)).flatten();
        let level = own.max(followed);
        let proficient = level.map(|level| is_proficient(scale, level));
        tree.set(id, proficient == Some(true));
        let row = match known.remove(&id) {
            Some(row) => row,
            None if level.is_none() => continue,
            None => of(tx, user, id).await?,
        };
        let because = if id == at { because } else { Because { ends_review: false, ..because } };
        stand(tx, row, level, proficient, id == at, because).await?;
    }
    Ok(())
}

/// Writes where somebody stands, and tells whoever waits for it.
async fn stand(
    tx: &mut Tx,
    was: Model,
    level: Option<i64>,
    proficient: Option<bool>,
    rated: bool,
    because: Because<'_>,
) -> Result<()> {
    let (from, before) = (was.level, was.proficient == Some(true));
    let after = tx
        .change::<Entity>(was, |row| {
            row.level.set_if_not_equals(level);
            row.proficient.set_if_not_equals(proficient);
            if because.ends_review {
                row.status.set_if_not_equals(StandingStatus::Idle);
                row.reviewer_id.set_if_not_equals(None);
            }
        })
        .await?;
    let (row, now) = (after.row, proficient == Some(true));
    let evidence = because.rating.map(|rating| rating.id);
    let data = json!({ "competencyId": row.competency_id, "evidenceId": evidence, "from": from, "to": level });
    if rated && evidence.is_some() {
        tx.record("rated", &row, data.clone())?;
    } else if after.changed {
        tx.record("recomputed", &row, data.clone())?;
    }
    if now && !before {
        tx.record("became_proficient", &row, data)?;
        learning_need::meet(tx, row.user_id, row.competency_id).await?;
    } else if before && !now {
        tx.record("lost_proficiency", &row, data)?;
    }
    Ok(())
}

/// What moves levels of somebody in competencies.
async fn ratings(tx: &Tx, user: UserId, of: &[CompetencyId]) -> Result<HashMap<CompetencyId, Vec<Rating>>> {
    let mut found = HashMap::<_, Vec<Rating>>::new();
    for one in rating_evidence(tx, user, of, None).await? {
        found.entry(one.competency_id).or_default().extend(Rating::of(&one));
    }
    Ok(found)
}

/// The evidence that moves levels, in the order in which it occurred; of one moment, in the order in which it was
/// recorded.
pub(in crate::domain::learning) async fn rating_evidence(
    look: &Look,
    user: UserId,
    of: &[CompetencyId],
    until: Option<DateTime<Utc>>,
) -> Result<Vec<evidence::Model>> {
    let mut all = evidence::Entity::find()
        .filter(evidence::Column::OrganizationId.eq(look.who.organization))
        .filter(evidence::Column::UserId.eq(user))
        .filter(evidence::Column::CompetencyId.is_in(of.iter().copied()))
        .filter(evidence::Column::Action.is_in([EvidenceAction::Rate, EvidenceAction::Override]))
        .filter(evidence::Column::DeletedAt.is_null())
        .order_by_asc(evidence::Column::OccurredAt)
        .order_by_asc(evidence::Column::CreatedAt)
        .order_by_asc(evidence::Column::Id);
    if let Some(until) = until {
        all = all.filter(evidence::Column::OccurredAt.lte(until));
    }
    Ok(all.all(&look.db).await?)
}

/// The standings that may move, held until the end.
async fn standings(tx: &Tx, user: UserId, of: &[CompetencyId]) -> Result<HashMap<CompetencyId, Model>> {
    let all = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::UserId.eq(user))
        .filter(Column::CompetencyId.is_in(of.iter().copied()))
        .filter(Column::DeletedAt.is_null())
        .order_by_asc(Column::Id)
        .lock_exclusive()
        .all(&tx.db)
        .await?;
    Ok(all.into_iter().map(|row| (row.competency_id, row)).collect())
}
