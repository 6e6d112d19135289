//! What the demo's people did: everything goes through the verbs, as it would over HTTP.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};
use entity::{
    id::encode,
    learning::career_profile::{self, EmployerKind},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{Outcome, demo_portfolio, demo_projects, demo_search, open};
use crate::domain::{
    self,
    caller::Caller,
    clock,
    learning::built_in,
    verb::{Wanted, kebab},
};

/// How many weeks the people of the demo have learnt for.
const WEEKS: u64 = 10;

/// The people of the demo, as callers.
pub(super) struct People {
    /// Who learns.
    pub(super) learner: Caller,
    /// Who accompanies.
    pub(super) coach: Caller,
    /// Who learns beside them: reports are of groups.
    pub(super) cohort: Vec<Peer>,
    /// Whoever runs the installation: for what an integration would do.
    pub(super) operator: Caller,
}

/// Somebody who learns beside the learner.
pub(super) struct Peer {
    /// What they are called.
    pub(super) name: &'static str,
    /// With which address they log in.
    pub(super) email: String,
    /// They themself.
    pub(super) caller: Caller,
}

/// Fills a new demo: a plan that is carried out, one that waits for its coach, and one that is still an idea; then what became of it.
pub(super) async fn fill(people: &People) -> Outcome {
    let (lena, carl) = (&people.learner, &people.coach);
    let running = clock::at(on(12, Weekday::Mon, 15), began(lena, carl)).await?;
    let waiting = plan(lena, "Rust in ten weeks", Some(ahead(90))).await?;
    item(lena, &waiting, "software.python", "GOAL", 1, &[]).await?;
    step(lena, &waiting, "requestReview").await?;
    plan(lena, "Learn to read papers", None).await?;
    weeks(lena).await?;
    standing(lena, carl, &running.statistics).await?;
    cohort(people).await?;
    demo_search::fill(people, &running).await?;
    demo_projects::fill(lena, carl).await?;
    demo_portfolio::fill(lena).await
}

/// The plan that Lena carries out, the item of it that her coach has a word on, and the role that it is for.
pub(super) struct Running {
    pub(super) plan: String,
    statistics: String,
    pub(super) role: String,
}

/// How it began: with a coach who may look, a goal, and a plan for it.
async fn began(lena: &Caller, carl: &Caller) -> Outcome<Running> {
    profile(lena).await?;
    let coach = carl.user().map(|id| id.to_string());
    let lets = json!({ "granteeId": coach, "scopes": ["learning:read", "learning:review", "projects:read"] });
    act(lena, "Grant", "create", None, lets).await?;
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
    let running = plan(lena, "From analyst to machine-learning engineer", Some(ahead(210))).await?;
    item(lena, &running, "ml.linear-regression", "GOAL", 3, &[&course]).await?;
    item(lena, &running, "ml.logistic-regression", "GOAL", 3, &[&course]).await?;
    let statistics = item(lena, &running, "math.statistics", "OBSTACLE", 2, &[&book]).await?;
    item(lena, &running, "dl.transformers", "CURIOSITY", 1, &[&paper]).await?;
    step(lena, &running, "requestReview").await?;
    step(carl, &running, "startReview").await?;
    step(carl, &running, "approve").await?;
    let role = goal(lena, carl).await?;
    let rates = json!({
        "userId": lena.user().map(|id| id.to_string()), "competencyId": competency("software.databases"), "action": "RATE",
        "source": "REVIEW", "level": 2, "note": "She joins tables well. What the database does underneath is still to come.",
    });
    act(carl, "Evidence", "record", None, rates).await?;
    Ok(Running { plan: running, statistics, role })
}

/// What Lena wants to become, and what is left to learn for it.
async fn goal(lena: &Caller, carl: &Caller) -> Outcome<String> {
    let role = json!({ "title": "Machine-learning engineer", "family": "Engineering", "aliases": ["ML engineer", "Applied scientist"] });
    let role = act(carl, "RoleProfile", "create", None, role).await?;
    for (code, level) in [
        ("ml.linear-regression", 3),
        ("ml.error-analysis", 3),
        ("math.statistics", 3),
        ("math.exploratory-data-analysis", 2),
        ("software.python", 4),
        ("software.databases", 3),
    ] {
        let new = json!({ "roleProfileId": role, "competencyId": competency(code), "requiredLevel": level });
        act(carl, "RoleRequirement", "create", None, new).await?;
    }
    let new = json!({ "title": "Build models for a living", "kind": "ROLE", "targetRoleProfileId": role, "dueOn": ahead(400) });
    let goal = act(lena, "CareerGoal", "create", None, new).await?;
    act(lena, "LearningNeed", "raiseFromGoal", None, json!({ "goalId": goal })).await?;
    Ok(role)
}

/// What Lena says of herself.
async fn profile(lena: &Caller) -> Outcome {
    let row = career_profile::Entity::find()
        .filter(career_profile::Column::OrganizationId.eq(lena.organization))
        .filter(career_profile::Column::UserId.eq(lena.person().map_err(|error| open::told(&error))?))
        .one(&lena.house.database.read);
    if let Some(profile) = row.await.map_err(|why| open::told(&why.into()))? {
        let about = json!({
            "headline": "Finance analyst who teaches machines to read balance sheets", "currentRole": "Financial analyst",
            "currentIndustry": "Finance", "currentEmployerKind": EmployerKind::BigCompany, "weeklyLearningTargetMinutes": 150,
        });
        act(lena, "CareerProfile", "update", Some(&profile.id.to_string()), about).await?;
    }
    Ok(())
}

/// Ten weeks of Lena's, three evenings each, but for the one in which she was away.
async fn weeks(lena: &Caller) -> Outcome {
    let today = clock::now().date_naive();
    let away = today - Days::new(7 * 6);
    let pause = json!({ "startsOn": away, "endsOn": away + Days::new(6), "reason": "Hiking" });
    act(lena, "LearningPause", "create", None, pause).await?;
    for week in (1..=WEEKS).filter(|week| !(5..=6).contains(week)) {
        for (day, minutes) in [(0, 45), (2, 60), (5, 40 + 5 * i64::try_from(WEEKS - week).unwrap_or(0))] {
            let new = json!({ "startedAt": evening(7 * week - day), "minutes": minutes });
            act(lena, "LearningSession", "create", None, new).await?;
        }
    }
    Ok(())
}

/// Seven in the evening, so many days ago.
pub(super) fn evening(days: u64) -> String {
    let day = clock::now().date_naive() - Days::new(days);
    clock::rfc3339(day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(19))
}

/// An hour, in UTC, of a day of the week, so many weeks ago; weeks begin on Monday.
pub(super) fn on(weeks: i64, day: Weekday, hour: i64) -> DateTime<Utc> {
    let today = clock::now().date_naive();
    let monday = today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
    let day = monday + TimeDelta::days(i64::from(day.num_days_from_monday()) - 7 * weeks);
    day.and_time(NaiveTime::MIN).and_utc() + TimeDelta::hours(hour)
}

/// So many days ahead.
pub(super) fn ahead(days: u64) -> NaiveDate {
    clock::now().date_naive() + Days::new(days)
}

/// Where Lena stands: what her coach rated, what she thinks herself, what she learnt before; and a word on an item.
async fn standing(lena: &Caller, carl: &Caller, item: &str) -> Outcome {
    let learner = lena.user().map(|id| id.to_string());
    for (code, level) in [("ml.linear-regression", 3), ("math.statistics", 2)] {
        let rates = json!({
            "userId": learner, "competencyId": competency(code), "action": "RATE", "source": "REVIEW", "level": level,
            "occurredAt": evening(14),
        });
        act(carl, "Evidence", "record", None, rates).await?;
    }
    let thinks =
        json!({ "competencyId": competency("software.python"), "action": "SUGGEST", "source": "SELF", "level": 3 });
    act(lena, "Evidence", "record", None, thinks).await?;
    let before = json!({
        "title": "Five years of spreadsheets and reports in finance", "description": "Monthly closing, forty workbooks that agree.",
        "competencyIds": [competency("software.data-frames"), competency("math.exploratory-data-analysis")],
    });
    let before = act(lena, "PriorLearning", "create", None, before).await?;
    act(lena, "PriorLearning", "requestReview", Some(&before), json!({})).await?;
    let says = json!({ "itemId": item, "text": "Start with hypothesis tests: your reports will show them off." });
    act(carl, "PlanItemComment", "create", None, says).await?;
    Ok(())
}

/// A template that everybody follows, and weeks of six others, as a learning system reports them.
async fn cohort(people: &People) -> Outcome {
    let (carl, operator) = (&people.coach, &people.operator);
    let new =
        json!({ "title": "The first ten weeks", "description": "What everybody here begins with.", "dueInDays": 70 });
    let template = act(carl, "LearningPlanTemplate", "create", None, new).await?;
    for (code, weight) in [("software.python", 2), ("software.data-frames", 1), ("math.probability", 2)] {
        let item = json!({ "templateId": template, "competencyId": competency(code), "weight": weight });
        act(carl, "LearningPlanTemplateItem", "create", None, item).await?;
    }
    let everybody: Vec<String> = std::iter::once(&people.learner)
        .chain(callers(people))
        .filter_map(Caller::user)
        .map(|id| id.to_string())
        .collect();
    act(operator, "LearningPlan", "assign", None, json!({ "templateId": template, "userIds": everybody })).await?;
    for (place, who) in (1..).zip(callers(people)) {
        let who = who.user().map(|id| id.to_string());
        for week in 1..=WEEKS {
            let session = json!({
                "userId": who, "source": "LMS", "statementId": format!("demo-{place}-{week}"),
                "startedAt": evening(7 * week - 1), "minutes": 30 * place,
            });
            act(operator, "LearningSession", "create", None, session).await?;
        }
    }
    Ok(())
}

fn callers(people: &People) -> impl Iterator<Item = &Caller> {
    people.cohort.iter().map(|peer| &peer.caller)
}

pub(super) async fn resource(
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

async fn plan(who: &Caller, title: &str, due: Option<NaiveDate>) -> Outcome<String> {
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
pub(super) fn competency(code: &str) -> String {
    encode("cmp", built_in::stable(code))
}

/// Carries a verb out, and gives the public id of what it made or changed.
pub(super) async fn act(who: &Caller, resource: &str, verb: &str, on: Option<&str>, input: Value) -> Outcome<String> {
    Ok(act_and_show(who, resource, verb, on, input).await?.0)
}

/// The same, with what only the answer of the verb shows.
pub(super) async fn act_and_show(
    who: &Caller,
    resource: &str,
    verb: &str,
    on: Option<&str>,
    input: Value,
) -> Outcome<(String, Option<String>)> {
    let missing = || format!("there is no verb {verb} of {}", kebab(resource));
    let resource = domain::resource(resource).ok_or_else(missing)?;
    let verb = resource.verb(verb).ok_or_else(missing)?;
    let id = on.and_then(|id| entity::id::decode(id).ok()).map(|(_, id)| id);
    let wanted = Wanted { id, ..Wanted::default() };
    let done = verb.run(resource, who, wanted, input).await.map_err(|error| open::told(&error))?;
    let id = done.ids.first().map(|&id| encode(resource.shape.prefix, id)).ok_or_else(missing)?;
    Ok((id, done.revealed))
}
