//! What follows from a statement: the session, the evidence, and the items that move.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use chrono::TimeDelta;
use entity::{
    id::{CompetencyId, LearningPlanId, LearningResourceId, LearningSessionId, PlanItemId, UserId},
    learning::{
        completion::{CompletionVerb, Entity, Model},
        evidence::{EvidenceAction, EvidenceSource},
        learning_plan::{self, LearningPlanStatus},
        learning_resource, learning_resource_competency, learning_session, learning_session_competency,
        plan_item::{self, CompletionSource, PlanItemStatus},
        plan_item_resource,
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _};
use serde_json::json;

use super::{
    super::{
        evidence::{self, Proof},
        learning_session::day::Days,
        plan_item::record_completed,
    },
    report::Report,
};
use crate::domain::{clock, error::Result, tx::Tx};

/// Whether a verb means that the thing is done.
const fn finishes(verb: CompletionVerb) -> bool {
    matches!(verb, CompletionVerb::Completed | CompletionVerb::Passed)
}

/// What follows from the statements of one request: what they change is read at once, and what they add is written at
/// once, so that many take few steps.
pub(super) struct Effects {
    /// The items that may move, by their ids: they are locked, in this order.
    items: BTreeMap<PlanItemId, plan_item::Model>,
    /// Which of them are learnt from what.
    linked: HashSet<(LearningResourceId, PlanItemId)>,
    /// What is learnt from what.
    teaches: HashMap<LearningResourceId, Vec<CompetencyId>>,
    sessions: Vec<learning_session::Model>,
    learnt: Vec<(LearningSessionId, CompetencyId)>,
    evidence: Vec<Proof>,
    completions: Vec<Model>,
    days: Days,
}

impl Effects {
    /// Reads what the statements about these people and resources may change.
    pub(super) async fn of(tx: &Tx, about: impl Iterator<Item = &(UserId, learning_resource::Model)>) -> Result<Self> {
        let (people, resources): (BTreeSet<_>, BTreeSet<_>) =
            about.map(|(person, resource)| (*person, resource.id)).unzip();
        let linked = linked(tx, &resources).await?;
        let items = items(tx, &people, linked.iter().map(|(_, item)| *item)).await?;
        Ok(Self {
            items,
            linked,
            teaches: teaches(tx, &resources).await?,
            sessions: Vec::new(),
            learnt: Vec::new(),
            evidence: Vec::new(),
            completions: Vec::new(),
            days: Days::default(),
        })
    }

    /// Moves the items, and notes the session, the evidence and the statement.
    pub(super) async fn follow(
        &mut self,
        tx: &mut Tx,
        new: &Report,
        person: UserId,
        resource: &learning_resource::Model,
    ) -> Result<Model> {
        let is_theirs =
            |item: &&plan_item::Model| item.owner_id == person && self.linked.contains(&(resource.id, item.id));
        let items: Vec<_> = self.items.values().filter(is_theirs).cloned().collect();
        let session = self.session(tx, new, person, resource.id, items.first().map(|item| item.id))?;
        if finishes(new.verb) {
            for competency in self.teaches.get(&resource.id).into_iter().flatten() {
                self.evidence.push(log(new, person, resource, *competency));
            }
        }
        for item in items {
            let item = advance(tx, item, new).await?;
            self.items.insert(item.id, item);
        }
        let row = Model {
            id: clock::new_id(),
            organization_id: tx.who.organization,
            source: new.source.clone(),
            statement_id: new.statement_id.clone(),
            fingerprint: new.fingerprint.clone(),
            user_id: person,
            learning_resource_id: resource.id,
            verb: new.verb,
            minutes: new.minutes,
            score: new.score,
            occurred_at: new.occurred_at,
            session_id: Some(session),
            statement: new.statement.clone(),
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
            deleted_at: None,
        };
        tx.record("recorded", &row, json!({ "verb": new.verb, "learningResourceId": resource.id }))?;
        self.completions.push(row.clone());
        Ok(row)
    }

    /// Notes the time that was spent; without minutes that it was.
    fn session(
        &mut self,
        tx: &mut Tx,
        new: &Report,
        person: UserId,
        resource: LearningResourceId,
        item: Option<PlanItemId>,
    ) -> Result<LearningSessionId> {
        let minutes = new.minutes.unwrap_or(0);
        let session = learning_session::Model {
            id: clock::new_id(),
            organization_id: tx.who.organization,
            user_id: person,
            plan_item_id: item,
            learning_resource_id: Some(resource),
            started_at: new.occurred_at - TimeDelta::minutes(minutes),
            minutes,
            source: new.session,
            // Two systems may count their statements alike, and neither knows those of who notes sessions.
            system: Some(new.source.clone()),
            statement_id: Some(new.statement_id.clone()),
            fingerprint: None,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
            deleted_at: None,
        };
        let competencies = self.teaches.get(&resource).into_iter().flatten();
        self.learnt.extend(competencies.map(|competency| (session.id, *competency)));
        self.days.add(person, session.started_at, minutes, 1);
        tx.record("created", &session, json!({ "minutes": minutes }))?;
        let id = session.id;
        self.sessions.push(session);
        Ok(id)
    }

    /// Writes what was noted.
    pub(super) async fn write(self, tx: &mut Tx) -> Result<()> {
        tx.add_all::<learning_session::Entity>(self.sessions).await?;
        let learnt = self.learnt.into_iter().map(|(session, competency)| learning_session_competency::Model {
            learning_session_id: session,
            competency_id: competency,
        });
        tx.add_all::<learning_session_competency::Entity>(learnt.collect()).await?;
        tx.add_all::<Entity>(self.completions).await?;
        evidence::add_all(tx, self.evidence).await?;
        self.days.write(tx).await
    }
}

/// The items that are learnt from resources.
async fn linked(
    tx: &Tx,
    resources: &BTreeSet<LearningResourceId>,
) -> Result<HashSet<(LearningResourceId, PlanItemId)>> {
    let links = plan_item_resource::Entity::find()
        .filter(plan_item_resource::Column::LearningResourceId.is_in(resources.iter().copied()))
        .all(&tx.db)
        .await?;
    Ok(links.into_iter().map(|link| (link.learning_resource_id, link.plan_item_id)).collect())
}

/// Those of these items that are in plans of these people which are not complete.
async fn items(
    tx: &Tx,
    people: &BTreeSet<UserId>,
    linked: impl Iterator<Item = PlanItemId>,
) -> Result<BTreeMap<PlanItemId, plan_item::Model>> {
    let items = plan_item::Entity::find()
        .filter(plan_item::Column::Id.is_in(linked))
        .filter(plan_item::Column::OwnerId.is_in(people.iter().copied()))
        .filter(plan_item::Column::OrganizationId.eq(tx.who.organization))
        .filter(plan_item::Column::DeletedAt.is_null())
        // Everybody locks in this order.
        .order_by_asc(plan_item::Column::Id)
        .lock_exclusive()
        .all(&tx.db)
        .await?;
    let plans: HashSet<LearningPlanId> = learning_plan::Entity::find()
        .select_only()
        .column(learning_plan::Column::Id)
        .filter(learning_plan::Column::Id.is_in(items.iter().map(|item| item.plan_id).collect::<BTreeSet<_>>()))
        .filter(learning_plan::Column::Status.ne(LearningPlanStatus::Complete))
        .filter(learning_plan::Column::DeletedAt.is_null())
        .into_tuple()
        .all(&tx.db)
        .await?
        .into_iter()
        .collect();
    Ok(items.into_iter().filter(|item| plans.contains(&item.plan_id)).map(|item| (item.id, item)).collect())
}

/// What is learnt from resources.
async fn teaches(
    tx: &Tx,
    resources: &BTreeSet<LearningResourceId>,
) -> Result<HashMap<LearningResourceId, Vec<CompetencyId>>> {
    let links = learning_resource_competency::Entity::find()
        .filter(learning_resource_competency::Column::LearningResourceId.is_in(resources.iter().copied()))
        .order_by_asc(learning_resource_competency::Column::CompetencyId)
        .all(&tx.db)
        .await?;
    let mut taught = HashMap::<_, Vec<_>>::new();
    for link in links {
        taught.entry(link.learning_resource_id).or_default().push(link.competency_id);
    }
    Ok(taught)
}

/// Evidence: that something was completed says nothing of a level.
fn log(new: &Report, person: UserId, resource: &learning_resource::Model, competency: CompetencyId) -> Proof {
    Proof {
        user: person,
        competency,
        action: EvidenceAction::Log,
        source: EvidenceSource::CourseCompletion,
        level: None,
        url: resource.url.clone(),
        note: Some(resource.title.clone()),
        occurred_at: new.occurred_at,
    }
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

async fn advance(tx: &mut Tx, item: plan_item::Model, new: &Report) -> Result<plan_item::Model> {
    let Some(status) = moved(item.status, new.verb) else { return Ok(item) };
    let was_done = item.status == PlanItemStatus::Done;
    let at = new.occurred_at;
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
    Ok(after.row)
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
