//! What follows from a statement: the session, the evidence, and the items that move.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{CompetencyId, LearningResourceId, LearningSessionId, UserId},
    learning::{
        completion::{ActiveModel, CompletionVerb, Entity, Model},
        evidence::{EvidenceAction, EvidenceSource},
        learning_plan::{self, LearningPlanStatus},
        learning_resource, learning_resource_competency, learning_session, learning_session_competency,
        plan_item::{self, CompletionSource, PlanItemStatus},
        plan_item_resource,
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    super::{
        evidence::{self, Proof},
        learning_session::day,
        plan_item::record_completed,
    },
    report::Report,
};
use crate::domain::{clock, error::Result, tx::Tx};

/// Whether a verb means that the thing is done.
const fn finishes(verb: CompletionVerb) -> bool {
    matches!(verb, CompletionVerb::Completed | CompletionVerb::Passed)
}

/// Stores the session and the evidence, moves the items, and keeps the statement.
pub(in crate::domain::learning) async fn follow(
    tx: &mut Tx,
    new: &Report,
    person: UserId,
    resource: &learning_resource::Model,
) -> Result<Model> {
    let items = items(tx, person, resource.id).await?;
    let competencies = competencies(tx, resource.id).await?;
    let session = session(tx, new, person, resource, items.first().map(|item| item.id), &competencies).await?;
    if finishes(new.verb) {
        for competency in competencies {
            log(tx, new, person, resource, competency).await?;
        }
    }
    for item in items {
        advance(tx, item, new).await?;
    }
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            source: Set(new.source.clone()),
            statement_id: Set(new.statement_id.clone()),
            fingerprint: Set(new.fingerprint.clone()),
            user_id: Set(person),
            learning_resource_id: Set(resource.id),
            verb: Set(new.verb),
            minutes: Set(new.minutes),
            score: Set(new.score),
            occurred_at: Set(truncated(new.occurred_at)),
            session_id: Set(session),
            statement: Set(new.statement.clone()),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("recorded", &row, json!({ "verb": new.verb, "learningResourceId": resource.id }))?;
    Ok(row)
}

/// The precision that is stored.
fn truncated(at: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at)
}

/// The items of the person's plans, those that are complete left out, that are learnt from the resource.
async fn items(tx: &Tx, person: UserId, resource: LearningResourceId) -> Result<Vec<plan_item::Model>> {
    let linked: Vec<Uuid> = plan_item_resource::Entity::find()
        .filter(plan_item_resource::Column::LearningResourceId.eq(resource))
        .all(&tx.db)
        .await?
        .into_iter()
        .map(|link| link.plan_item_id.0)
        .collect();
    let items = plan_item::Entity::find()
        .filter(plan_item::Column::Id.is_in(linked))
        .filter(plan_item::Column::OwnerId.eq(person))
        .filter(plan_item::Column::OrganizationId.eq(tx.who.organization))
        .filter(plan_item::Column::DeletedAt.is_null())
        .order_by_asc(plan_item::Column::Id)
        .lock_exclusive()
        .all(&tx.db)
        .await?;
    let plans: Vec<Uuid> = learning_plan::Entity::find()
        .select_only()
        .column(learning_plan::Column::Id)
        .filter(learning_plan::Column::Id.is_in(items.iter().map(|item| item.plan_id.0)))
        .filter(learning_plan::Column::Status.ne(LearningPlanStatus::Complete))
        .filter(learning_plan::Column::DeletedAt.is_null())
        .into_tuple()
        .all(&tx.db)
        .await?;
    Ok(items.into_iter().filter(|item| plans.contains(&item.plan_id.0)).collect())
}

async fn competencies(tx: &Tx, resource: LearningResourceId) -> Result<Vec<CompetencyId>> {
    let links = learning_resource_competency::Entity::find()
        .filter(learning_resource_competency::Column::LearningResourceId.eq(resource))
        .order_by_asc(learning_resource_competency::Column::CompetencyId)
        .all(&tx.db)
        .await?;
    Ok(links.into_iter().map(|link| link.competency_id).collect())
}

/// Stores the time that was spent, when the statement says how long.
async fn session(
    tx: &mut Tx,
    new: &Report,
    person: UserId,
    resource: &learning_resource::Model,
    item: Option<entity::id::PlanItemId>,
    competencies: &[CompetencyId],
) -> Result<Option<LearningSessionId>> {
    let minutes = new.minutes.unwrap_or(0);
    let session = learning_session::ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        user_id: Set(person),
        plan_item_id: Set(item),
        learning_resource_id: Set(Some(resource.id)),
        started_at: Set(truncated(new.occurred_at - TimeDelta::minutes(minutes))),
        minutes: Set(minutes),
        source: Set(new.session),
        // Two systems may count their statements alike.
        statement_id: Set(Some(format!("{}:{}", new.source, new.statement_id))),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    };
    let session = tx.insert::<learning_session::Entity>(session).await?;
    let links = competencies.iter().map(|&competency| learning_session_competency::ActiveModel {
        learning_session_id: Set(session.id),
        competency_id: Set(competency),
    });
    learning_session_competency::Entity::insert_many(links).exec(&tx.db).await?;
    day::add(tx, person, session.started_at, minutes, 1).await?;
    tx.record("created", &session, json!({ "minutes": minutes }))?;
    Ok(Some(session.id))
}

/// Logs evidence: that something was completed says nothing of a level.
async fn log(
    tx: &mut Tx,
    new: &Report,
    person: UserId,
    resource: &learning_resource::Model,
    competency: CompetencyId,
) -> Result<()> {
    let proof = Proof {
        user: person,
        competency,
        action: EvidenceAction::Log,
        source: EvidenceSource::CourseCompletion,
        level: None,
        url: resource.url.clone(),
        note: Some(resource.title.clone()),
        occurred_at: new.occurred_at,
    };
    evidence::add(tx, proof).await?;
    Ok(())
}

/// What an item becomes by a statement: statements may come in any order, and none undoes another.
fn moved(status: PlanItemStatus, verb: CompletionVerb) -> Option<PlanItemStatus> {
    match (status, verb) {
        (PlanItemStatus::Dropped, _)
        | (PlanItemStatus::Done | PlanItemStatus::Doing, CompletionVerb::Progressed | CompletionVerb::Failed) => None,
        (
            PlanItemStatus::Done | PlanItemStatus::Todo | PlanItemStatus::Doing,
            CompletionVerb::Completed | CompletionVerb::Passed,
        ) => Some(PlanItemStatus::Done),
        (PlanItemStatus::Todo, CompletionVerb::Progressed | CompletionVerb::Failed) => Some(PlanItemStatus::Doing),
    }
}

async fn advance(tx: &mut Tx, item: plan_item::Model, new: &Report) -> Result<()> {
    let Some(status) = moved(item.status, new.verb) else { return Ok(()) };
    let was_done = item.status == PlanItemStatus::Done;
    let at = truncated(new.occurred_at);
    // The first time counts, in whatever order statements arrive; a person's own word stands.
    let first = item.completed_at.map_or(at, |known| known.min(at));
    let by_lms = !was_done || item.completion_source == Some(CompletionSource::Lms);
    let after = tx
        .change::<plan_item::Entity>(item, |row| {
            row.status.set_if_not_equals(status);
            if status == PlanItemStatus::Done && by_lms {
                row.completed_at.set_if_not_equals(Some(first));
                row.completion_source.set_if_not_equals(Some(CompletionSource::Lms));
            }
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({ "planId": after.row.plan_id, "status": after.row.status }))?;
    }
    if status == PlanItemStatus::Done && !was_done {
        record_completed(tx, &after.row).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_statement_undoes_another() {
        use CompletionVerb::{Completed, Failed, Passed, Progressed};
        use PlanItemStatus::{Doing, Done, Dropped, Todo};
        let table = [
            (Todo, Completed, Some(Done)),
            (Todo, Passed, Some(Done)),
            (Todo, Failed, Some(Doing)),
            (Todo, Progressed, Some(Doing)),
            (Doing, Completed, Some(Done)),
            (Doing, Passed, Some(Done)),
            (Doing, Failed, None),
            (Doing, Progressed, None),
            (Done, Completed, Some(Done)),
            (Done, Passed, Some(Done)),
            (Done, Failed, None),
            (Done, Progressed, None),
            (Dropped, Completed, None),
            (Dropped, Passed, None),
            (Dropped, Failed, None),
            (Dropped, Progressed, None),
        ];
        for (status, verb, after) in table {
            assert_eq!(moved(status, verb), after, "{status} {verb}");
        }
    }
}
