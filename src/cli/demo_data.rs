//! What the demo's people did: everything goes through the verbs, as it would over HTTP.

use entity::id::encode;
use serde_json::{Value, json};

use super::{Outcome, open};
use crate::domain::{
    self,
    caller::Caller,
    learning::built_in,
    verb::{Wanted, kebab},
};

/// The people of the demo, as callers.
pub(super) struct People {
    /// Who learns.
    pub(super) learner: Caller,
    /// Who accompanies.
    pub(super) coach: Caller,
}

/// Fills a new demo: a plan that is carried out, one that waits for its coach, and one that is still an idea.
pub(super) async fn fill(people: &People) -> Outcome {
    let (lena, carl) = (&people.learner, &people.coach);
    let coach = carl.user().map(|id| id.to_string());
    act(lena, "Grant", "create", None, json!({ "granteeId": coach, "scopes": ["learning:read", "learning:review"] }))
        .await?;

    let course = resource(
        lena,
        "COURSE",
        "Machine learning, from the ground up",
        "course-ml",
        2400,
        &["ml.linear-regression", "ml.logistic-regression"],
    )
    .await?;
    let book =
        resource(lena, "BOOK", "Statistics for people who build models", "book-statistics", 900, &["math.statistics"])
            .await?;
    let paper = resource(lena, "PAPER", "A paper on attention", "paper-attention", 180, &["dl.transformers"]).await?;

    let running = plan(lena, "From analyst to machine-learning engineer", Some("2027-06-30")).await?;
    item(lena, &running, "ml.linear-regression", "GOAL", 3, &[&course]).await?;
    item(lena, &running, "ml.logistic-regression", "GOAL", 3, &[&course]).await?;
    item(lena, &running, "math.statistics", "OBSTACLE", 2, &[&book]).await?;
    item(lena, &running, "dl.transformers", "CURIOSITY", 1, &[&paper]).await?;
    step(lena, &running, "requestReview").await?;
    step(carl, &running, "startReview").await?;
    step(carl, &running, "approve").await?;

    let waiting = plan(lena, "Rust in ten weeks", Some("2027-02-28")).await?;
    item(lena, &waiting, "software.python", "GOAL", 1, &[]).await?;
    step(lena, &waiting, "requestReview").await?;

    plan(lena, "Learn to read papers", None).await?;
    Ok(())
}

async fn resource(
    who: &Caller,
    kind: &str,
    title: &str,
    course: &str,
    minutes: i64,
    teaches: &[&str],
) -> Outcome<String> {
    let competencies: Vec<String> = teaches.iter().map(|code| competency(code)).collect();
    let refs = json!([{ "source": "moodle", "externalId": course }]);
    let new = json!({ "kind": kind, "title": title, "estimatedMinutes": minutes, "competencyIds": competencies, "externalRefs": refs });
    act(who, "LearningResource", "create", None, new).await
}

async fn plan(who: &Caller, title: &str, due: Option<&str>) -> Outcome<String> {
    act(who, "LearningPlan", "create", None, json!({ "title": title, "dueOn": due })).await
}

async fn item(
    who: &Caller,
    plan: &str,
    code: &str,
    motivation: &str,
    weight: i64,
    resources: &[&str],
) -> Outcome<String> {
    let new = json!({ "planId": plan, "competencyId": competency(code), "motivation": motivation, "weight": weight, "resourceIds": resources });
    act(who, "PlanItem", "create", None, new).await
}

async fn step(who: &Caller, plan: &str, verb: &str) -> Outcome<String> {
    act(who, "LearningPlan", verb, Some(plan), json!({})).await
}

/// A competency of the built-in framework: its id is the same in every installation.
fn competency(code: &str) -> String {
    encode("cmp", built_in::stable(code))
}

/// Carries a verb out, and gives the public id of what it made or changed.
async fn act(who: &Caller, resource: &str, verb: &str, on: Option<&str>, input: Value) -> Outcome<String> {
    let missing = || format!("there is no verb {verb} of {}", kebab(resource));
    let resource = domain::resource(resource).ok_or_else(missing)?;
    let verb = resource.verb(verb).ok_or_else(missing)?;
    let id = on.and_then(|id| entity::id::decode(id).ok()).map(|(_, id)| id);
    let wanted = Wanted { id, ..Wanted::default() };
    let done = verb.run(resource, who, wanted, input).await.map_err(|error| open::told(&error))?;
    done.ids.first().map(|&id| encode(resource.shape.prefix, id)).ok_or_else(missing)
}
