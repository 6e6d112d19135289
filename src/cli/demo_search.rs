//! A search for a job with a story (§16 to §28): from finance to machine learning, told week by week as it went, each thing as of the
//! day on which it was written down. For two weeks in the middle of it, Lena is hiking.

mod after;
mod before;
mod cast;
mod offers;
mod others;
mod talks;

use std::sync::atomic::{AtomicI64, Ordering};

use chrono::{
    DateTime, TimeDelta, Utc,
    Weekday::{Mon, Thu, Tue},
};
use entity::{
    id::{JobSearchId, TransitionPlanId},
    jobs::{
        stage::{self, StageKind},
        transition_leg,
    },
    vocabulary::Vocabulary as _,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};

use super::{
    Outcome,
    demo_data::{People, Running, act, on},
    open,
};
use crate::domain::{caller::Caller, clock};
use cast::Cast;

/// Tells it: Lena's search, and in short those of the others, so that there is something to report of.
pub(super) async fn fill(people: &People, running: &Running) -> Outcome {
    let story = Story::begin(&people.learner, &running.role).await?;
    let cast = Cast::meet(&story, people).await?;
    talks::learn_first(&story, &cast).await?;
    let mut went = before::tell(&story, &cast).await?;
    let mut harbours = after::tell(&story, &cast, people, &running.plan, &mut went).await?;
    offers::tell(&story, &cast, &mut went.insured, &mut harbours).await?;
    talks::to_come(&story, &cast).await?;
    others::tell(people, &cast).await
}

/// Whose story it is, and the search that it is about.
pub(super) struct Story<'a> {
    who: &'a Caller,
    role: String,
    search: String,
    /// Of each kind of stage the one that there is.
    stages: Vec<String>,
}

impl<'a> Story<'a> {
    /// Both change, the role and the industry: she takes the role first, and begins to search.
    async fn begin(who: &'a Caller, role: &str) -> Outcome<Self> {
        let switch = json!({
            "toRoleProfileId": role, "toIndustry": "Software",
            "note": "Numbers stay, what is done with them changes. I like the people in finance, and would like to build things that many use.",
        });
        let plan = at(on(12, Tue, 17), who, "TransitionPlan", "create", None, switch).await?;
        let path = json!({ "pathId": "ROLE_FIRST" });
        at(on(12, Thu, 17), who, "TransitionPlan", "acceptPath", Some(&plan), path).await?;
        at(on(12, Thu, 18), who, "TransitionLeg", "start", Some(&first_leg(who, &plan).await?), json!({})).await?;
        let search = json!({
            "title": "From finance to machine learning", "transitionPlanId": plan,
            "targetRoles": ["Machine-learning engineer", "Applied scientist"],
        });
        let search = at(on(11, Mon, 17), who, "JobSearch", "create", None, search).await?;
        let stages = stages(who, &search).await?;
        Ok(Self { who, role: role.to_owned(), search, stages })
    }

    /// Something that she does at a moment.
    async fn act(
        &self,
        then: DateTime<Utc>,
        resource: &str,
        verb: &str,
        id: Option<&str>,
        input: Value,
    ) -> Outcome<String> {
        at(then, self.who, resource, verb, id, input).await
    }

    /// Something that she writes down at a moment.
    async fn add(&self, then: DateTime<Utc>, resource: &str, new: Value) -> Outcome<String> {
        self.act(then, resource, "create", None, new).await
    }

    /// A command without anything to say.
    async fn tell(&self, then: DateTime<Utc>, resource: &str, verb: &str, id: &str) -> Outcome<String> {
        self.act(then, resource, verb, Some(id), json!({})).await
    }

    fn stage(&self, kind: StageKind) -> &str {
        self.stages.get(kind.ordinal()).map_or("", String::as_str)
    }

    /// Takes note of an opening, and of an application for it, in a stage.
    async fn applies(
        &self,
        then: DateTime<Utc>,
        stage: StageKind,
        posting: Value,
        mut new: Value,
    ) -> Outcome<Application<'_>> {
        let posting = self.add(then, "JobPosting", posting).await?;
        new["jobSearchId"] = json!(self.search);
        new["postingId"] = json!(posting);
        new["stageId"] = json!(self.stage(stage));
        let id = self.add(then, "Application", new).await?;
        Ok(Application { story: self, id, stage })
    }
}

/// An application, and where it stands.
struct Application<'a> {
    story: &'a Story<'a>,
    id: String,
    stage: StageKind,
}

impl Application<'_> {
    async fn to(&mut self, then: DateTime<Utc>, stage: StageKind) -> Outcome {
        self.moved(then, stage, json!({})).await
    }

    /// Goes on to a stage, with what is to be said of that.
    async fn moved(&mut self, then: DateTime<Utc>, stage: StageKind, mut how: Value) -> Outcome {
        how["fromStageId"] = json!(self.story.stage(self.stage));
        how["toStageId"] = json!(self.story.stage(stage));
        self.stage = stage;
        self.story.act(then, "Application", "move", Some(&self.id), how).await.map(drop)
    }

    async fn ends(&self, then: DateTime<Utc>, outcome: &str, reason: &str) -> Outcome {
        let how = json!({ "outcome": outcome, "reason": reason });
        self.story.act(then, "Application", "close", Some(&self.id), how).await.map(drop)
    }

    /// An interview for it, noted at a moment.
    async fn interview(&self, then: DateTime<Utc>, kind: &str, at: DateTime<Utc>, mut more: Value) -> Outcome<String> {
        more["applicationId"] = json!(self.id);
        more["type"] = json!(kind);
        more["scheduledAt"] = json!(clock::rfc3339(at));
        self.story.act(then, "Interview", "schedule", None, more).await
    }

    /// It took place as agreed, and it is known what came of it.
    async fn held(&self, interview: &str, at: DateTime<Utc>, known: DateTime<Utc>, result: &str) -> Outcome {
        self.story.act(at, "Interview", "hold", Some(interview), json!({ "heldAt": clock::rfc3339(at) })).await?;
        let result = json!({ "result": result });
        self.story.act(known, "Interview", "recordResult", Some(interview), result).await.map(drop)
    }
}

/// How much was told: what happens at one moment follows what was told before it by a millisecond.
static TOLD: AtomicI64 = AtomicI64::new(0);

/// Carries a verb out as of a moment.
async fn at(
    then: DateTime<Utc>,
    who: &Caller,
    resource: &str,
    verb: &str,
    id: Option<&str>,
    input: Value,
) -> Outcome<String> {
    let then = then + TimeDelta::milliseconds(TOLD.fetch_add(1, Ordering::Relaxed));
    clock::at(then, act(who, resource, verb, id, input)).await
}

async fn first_leg(who: &Caller, plan: &str) -> Outcome<String> {
    let plan: TransitionPlanId = plan.parse().map_err(|why| format!("{plan} {why}"))?;
    let legs = transition_leg::Entity::find()
        .filter(transition_leg::Column::TransitionPlanId.eq(plan))
        .order_by_asc(transition_leg::Column::Position);
    let leg = legs.one(&who.house.database.read).await.map_err(|why| open::told(&why.into()))?;
    Ok(leg.ok_or("the demo's path has no leg")?.id.to_string())
}

/// The stages that a search begins with: one of each kind, in their order.
async fn stages(who: &Caller, search: &str) -> Outcome<Vec<String>> {
    let search: JobSearchId = search.parse().map_err(|why| format!("{search} {why}"))?;
    let stages = stage::Entity::find()
        .filter(stage::Column::JobSearchId.eq(search))
        .order_by_asc(stage::Column::Position)
        .all(&who.house.database.read)
        .await
        .map_err(|why| open::told(&why.into()))?;
    Ok(stages.iter().map(|stage| stage.id.to_string()).collect())
}
