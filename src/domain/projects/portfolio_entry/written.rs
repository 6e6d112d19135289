//! Writing an entry down, and changing it: its dates, its stage, and whom it is shown to (§15).

use chrono::{DateTime, Utc};
use entity::{
    id::UserId,
    projects::portfolio_entry::{ActiveModel, Entity, Model, PortfolioResource, PortfolioStage, PortfolioVisibility},
    vocabulary::{Json, Set as Words},
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{NewPortfolioEntry, PortfolioEntryPatch, competencies, for_whom, of_project, stage};
use crate::domain::{
    caller::forbidden,
    clock,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
};

pub(super) async fn write(tx: &mut Tx, new: NewPortfolioEntry) -> Result<Model> {
    let owner = for_whom(tx, new.owner_id).await?;
    let visibility = new.visibility.unwrap_or(PortfolioVisibility::Private);
    publishes(tx, owner.id, PortfolioVisibility::Private, visibility)?;
    let (started, finished) = dates(tx.now, new.started_at, new.finished_at)?;
    if let Some(project) = new.project_id {
        of_project(tx, project, owner.id).await?;
    }
    let assigned = new.assigned.unwrap_or(false);
    let entry = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(owner.id),
            project_id: Set(new.project_id),
            search_text: Set(new.title.to_lowercase()),
            title: Set(new.title),
            summary: Set(new.summary),
            // Nobody can have said yet that it was worth something.
            stage: Set(new.stage.unwrap_or(stage::begun(assigned))),
            assigned: Set(assigned),
            personal_kind: Set(new.personal_kind),
            started_at: Set(started),
            finished_at: Set(finished),
            complexity: Set(new.complexity),
            team_size: Set(new.team_size),
            resources: Set(new.resources.unwrap_or(Words::EMPTY)),
            links: Set(Json(new.links.unwrap_or_default())),
            visibility: Set(visibility),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    stage::stands(tx, &entry).await?;
    tx.refs(&entry, new.external_refs.as_deref()).await?;
    competencies::replace(tx, entry.id, new.competencies.as_deref()).await?;
    tx.record("created", &entry, json!({ "title": entry.title, "stage": entry.stage }))?;
    Ok(entry)
}

pub(super) async fn revise(tx: &mut Tx, was: Model, patch: PortfolioEntryPatch) -> Result<Model> {
    if patch.owner_id.is_some_and(|owner| owner != was.owner_id) {
        return Err(Error::field(Code::OwnerImmutable, "/ownerId", "Whose it is never changes."));
    }
    let (stood, visible) = (footing(&was), was.visibility);
    publishes(tx, was.owner_id, visible, patch.visibility.unwrap_or(visible))?;
    let spans = dates(tx.now, patch.started_at.over(was.started_at), patch.finished_at.over(was.finished_at))?;
    let title = patch.title.unwrap_or_else(|| was.title.clone());
    let (summary, kind) = (patch.summary.over(was.summary.clone()), patch.personal_kind.over(was.personal_kind));
    let (complexity, team) = (patch.complexity.over(was.complexity), patch.team_size.over(was.team_size));
    let (stage, assigned) = (patch.stage.unwrap_or(was.stage), patch.assigned.unwrap_or(was.assigned));
    let (resources, links) = (patch.resources.unwrap_or(was.resources), patch.links.map_or(was.links.clone(), Json));
    let after = tx
        .change::<Entity>(was, |row| {
            row.search_text.set_if_not_equals(title.to_lowercase());
            row.title.set_if_not_equals(title);
            row.summary.set_if_not_equals(summary);
            row.stage.set_if_not_equals(stage);
            row.assigned.set_if_not_equals(assigned);
            row.personal_kind.set_if_not_equals(kind);
            row.started_at.set_if_not_equals(spans.0);
            row.finished_at.set_if_not_equals(spans.1);
            row.complexity.set_if_not_equals(complexity);
            row.team_size.set_if_not_equals(team);
            row.resources.set_if_not_equals(resources);
            row.links.set_if_not_equals(links);
            row.visibility.set_if_not_equals(patch.visibility.unwrap_or(visible));
        })
        .await?;
    if footing(&after.row) != stood {
        stage::stands(tx, &after.row).await?;
    }
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let shown = competencies::replace(tx, after.row.id, patch.competencies.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed || shown).await?;
    if after.changed {
        let entry = &after.row;
        tx.record("updated", entry, json!({ "stage": entry.stage, "visibility": entry.visibility }))?;
    }
    Ok(after.row)
}

/// What a stage stands on of an entry's own, beside its evidence.
type Footing = (PortfolioStage, Option<i64>, Words<PortfolioResource>, Option<DateTime<Utc>>);

/// The same of an entry, with the stage: when it changes, the stage is asked about again.
const fn footing(entry: &Model) -> Footing {
    (entry.stage, entry.complexity, entry.resources, entry.finished_at)
}

/// Whom an entry is shown to is its owner's alone to say, whoever writes for them.
fn publishes(tx: &Tx, owner: UserId, was: PortfolioVisibility, is: PortfolioVisibility) -> Result<()> {
    if was == is || tx.who.user() == Some(owner) { Ok(()) } else { Err(forbidden(Action::PublishPortfolioEntry)) }
}

/// When work began, and when it was finished.
type Span = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// The same as somebody tells it, in that order and not in the future.
fn dates(now: DateTime<Utc>, started: Option<DateTime<Utc>>, finished: Option<DateTime<Utc>>) -> Result<Span> {
    let started = started.map(|at| clock::past(now, at, "/startedAt")).transpose()?;
    let finished = finished.map(|at| clock::past(now, at, "/finishedAt")).transpose()?;
    if started.zip(finished).is_some_and(|(started, finished)| finished < started) {
        return Err(Error::field(Code::RangeInverted, "/finishedAt", "It was finished before it began."));
    }
    Ok((started, finished))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_ends_after_it_began() {
        let at = |text: &str| Some(text.parse::<DateTime<Utc>>().unwrap());
        let now = at("2026-03-01T00:00:00Z").unwrap();
        for (started, finished, said) in [
            (None, None, None),
            (at("2026-01-01T00:00:00Z"), None, None),
            (None, at("2026-01-01T00:00:00Z"), None),
            (at("2026-01-01T00:00:00Z"), at("2026-01-01T00:00:00Z"), None),
            (at("2026-01-02T00:00:00Z"), at("2026-01-01T00:00:00Z"), Some("/finishedAt")),
            (at("2026-03-02T00:00:00Z"), None, Some("/startedAt")),
            (None, at("2026-03-02T00:00:00Z"), Some("/finishedAt")),
        ] {
            let told = dates(now, started, finished).err();
            assert_eq!(told.as_ref().map(|error| error.field_errors()[0].pointer.as_str()), said);
        }
    }
}
