//! Learning plans: whose they are, what may change, and how far they are (§7).

use chrono::{Days, Utc};
use entity::platform::client::Scope;
use serde_json::{Value, json};

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    whose_a_plan_is,
    what_never_changes_by_an_update,
    due_dates_are_ahead,
    a_framework_is_cloned_into_a_plan,
    progress_counts_what_counts,
    planning_for_somebody_else,
);

const KIND: &str = "LearningPlan";

fn day(from_now: i64) -> String {
    let today = cairn::domain::clock::now().date_naive();
    let days = Days::new(from_now.unsigned_abs());
    let day = if from_now < 0 { today - days } else { today + days };
    day.to_string()
}

async fn whose_a_plan_is(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let made = ada.create(KIND, json!({ "title": "Become an ML engineer" })).await.done();
    assert_eq!((&made["ownerId"], &made["status"], &made["progress"]), (&json!(ada.id), &json!("DRAFT"), &json!(0)));
    assert_snapshot!(made["onTrack"].as_str().unwrap(), @"NO_DUE_DATE");
    let plan = made["id"].as_str().unwrap();
    // Nobody else knows of it: not a colleague, a coach or an administrator.
    for who in [&ben, &acme.coach("kim").await, &acme.admin("root").await, &acme.analyst("noor").await] {
        assert_eq!(who.see(KIND, plan).await.said(), "NOT_FOUND");
        assert_eq!(who.update(KIND, plan, json!({ "title": "x" })).await.said(), "NOT_FOUND");
        assert_eq!(who.tell(KIND, "delete", plan).await.said(), "NOT_FOUND");
        assert_eq!(who.list(KIND, &[]).await.items.len(), 0);
    }
    acme.moodle().await.see(KIND, plan).await.done();
    let reader = ada.limited_to(&acme, &[Scope::LearningRead]);
    reader.see(KIND, plan).await.done();
    assert_snapshot!(reader.update(KIND, plan, json!({ "title": "x" })).await.said(), @"INSUFFICIENT_SCOPE");
    let other = ada.limited_to(&acme, &[Scope::IdentityRead]);
    assert_snapshot!(other.see(KIND, plan).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(other.list(KIND, &[]).await.refused.unwrap(), @"INSUFFICIENT_SCOPE");
}

async fn what_never_changes_by_an_update(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let plan = ada.plan("Learn").await;
    assert_snapshot!(ada.update(KIND, &plan, json!({ "status": "ACTIVE" })).await.said(), @"USE_STATE_COMMAND /status");
    assert_snapshot!(ada.update(KIND, &plan, json!({ "ownerId": ben.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    let same =
        ada.update(KIND, &plan, json!({ "status": "DRAFT", "ownerId": ada.id, "title": "Learn more" })).await.done();
    assert_eq!((&same["title"], &same["version"]), (&json!("Learn more"), &json!(2)));
}

async fn due_dates_are_ahead(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    assert_snapshot!(ada.create(KIND, json!({ "title": "Late", "dueOn": day(-2) })).await.said(), @"DUE_DATE_PAST /dueOn");
    let plan = ada.create(KIND, json!({ "title": "In time", "dueOn": day(30) })).await.done();
    assert_snapshot!(plan["onTrack"].as_str().unwrap(), @"ON_TRACK");
    let id = plan["id"].as_str().unwrap();
    assert_snapshot!(ada.update(KIND, id, json!({ "dueOn": day(-2) })).await.said(), @"DUE_DATE_PAST /dueOn");
    assert_snapshot!(ada.create(KIND, json!({ "title": "x", "dueOn": "2026-02-30" })).await.said(), @"BAD_INPUT /dueOn");
    // The day is the owner's: past in one zone, it is still today in another.
    let (east, west) = ("Pacific/Kiritimati", "Etc/GMT+12");
    let tomorrow_there = Utc::now_utc_day(east);
    ada.update("User", &ada.id, json!({ "timeZone": east })).await.done();
    ada.create(KIND, json!({ "title": "East", "dueOn": tomorrow_there })).await.done();
    let yesterday = Utc::now_utc_day(west);
    let refused = ada.create(KIND, json!({ "title": "West", "dueOn": yesterday })).await.said();
    assert_snapshot!(refused, @"DUE_DATE_PAST /dueOn");
    ada.update("User", &ada.id, json!({ "timeZone": west })).await.done();
    ada.create(KIND, json!({ "title": "West", "dueOn": yesterday })).await.done();
    // A date that has passed may stay while something else changes.
    api.execute("UPDATE learning_plan SET due_on = '2020-01-01'", Vec::new()).await;
    let after = ada.update(KIND, id, json!({ "title": "Late by now", "dueOn": "2020-01-01" })).await.done();
    assert_snapshot!(after["onTrack"].as_str().unwrap(), @"BEHIND");
    assert_snapshot!(ada.update(KIND, id, json!({ "dueOn": null })).await.done()["onTrack"].as_str().unwrap(), @"NO_DUE_DATE");
}

/// The day that it is somewhere. The two zones at the ends of the earth never have the same one.
trait DayThere {
    fn now_utc_day(zone: &str) -> String;
}

impl DayThere for Utc {
    fn now_utc_day(zone: &str) -> String {
        cairn::domain::learning::week::day_in(zone, cairn::domain::clock::now()).to_string()
    }
}

async fn a_framework_is_cloned_into_a_plan(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (foundations, competencies) = ada.foundations().await;
    let whole = ada.create(KIND, json!({ "title": "All", "fromFrameworkId": foundations })).await.id();
    let items = ada.list("PlanItem", &[("planId", &whole), ("first", "100")]).await;
    assert_eq!(items.items.len(), competencies.len() - 4, "an item for each leaf, none for the four areas");
    assert!(
        items
            .items
            .iter()
            .all(|item| item["targetLevel"] == 3 && item["status"] == "TODO" && item["ownerId"] == ada.id)
    );

    let (own, [_, a, b]) = root.framework("own").await;
    let plan = ada.create(KIND, json!({ "title": "Own", "fromFrameworkId": own })).await.id();
    let items = ada.list("PlanItem", &[("planId", &plan), ("sort", "sortOrder")]).await;
    assert_eq!(items.each("competencyId"), [json!(a), json!(b)]);
    let unknown = json!({ "title": "x", "fromFrameworkId": nothing("cfw") });
    assert_snapshot!(ada.create(KIND, unknown).await.said(), @"REFERENCE_UNKNOWN /fromFrameworkId");
}

async fn progress_counts_what_counts(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [top, a, b]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let add = async |competency: &str, weight: i64, motivation: &str| {
        let new = json!({ "planId": plan, "competencyId": competency, "weight": weight, "motivation": motivation });
        ada.create("PlanItem", new).await.id()
    };
    let (light, heavy, fun) =
        (add(&a, 1, "GOAL").await, add(&b, 2, "OBSTACLE").await, add(&top, 50, "CURIOSITY").await);
    let progress = async || ada.see(KIND, &plan).await.done()["progress"].clone();
    let set = async |item: &str, status: &str| ada.update("PlanItem", item, json!({ "status": status })).await.done();
    set(&fun, "DONE").await;
    assert_snapshot!(progress().await, @"0");
    set(&light, "DONE").await;
    assert_snapshot!(progress().await, @"33");
    set(&heavy, "DOING").await;
    assert_snapshot!(progress().await, @"33");
    set(&heavy, "DROPPED").await;
    assert_snapshot!(progress().await, @"100");
    set(&heavy, "TODO").await;
    ada.tell("PlanItem", "delete", &light).await.done();
    assert_snapshot!(progress().await, @"0");
}

async fn planning_for_somebody_else(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, moodle) = (acme.learner("ada").await, acme.coach("kim").await, acme.moodle().await);
    let for_ada = json!({ "title": "For Ada", "ownerId": ada.id });
    assert_snapshot!(kim.create(KIND, for_ada.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    assert_snapshot!(moodle.create(KIND, json!({ "title": "Nobody's" })).await.said(), @"OWNER_REQUIRED /ownerId");
    let foreign = api.organization("Beta").await.learner("eve").await.id;
    assert_snapshot!(moodle.create(KIND, json!({ "title": "Eve's", "ownerId": foreign })).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    let by_machine = moodle.create(KIND, for_ada.clone()).await.done();
    assert_eq!(by_machine["ownerId"], ada.id);

    ada.opens(&kim, &["learning:write"]).await;
    let by_coach = kim.create(KIND, for_ada).await.done();
    assert_eq!(by_coach["ownerId"], ada.id);
    let id = by_coach["id"].as_str().unwrap();
    kim.update(KIND, id, json!({ "description": "Start with the course" })).await.done();
    ada.see(KIND, id).await.done();
    // Whoever may write her plans does not submit them for her.
    assert_snapshot!(kim.tell(KIND, "requestReview", id).await.said(), @"FORBIDDEN");
    let seen: Vec<Value> = kim.list(KIND, &[("ownerId", &ada.id)]).await.each("title");
    assert_eq!(seen.len(), 2, "a grant opens all of her plans: {seen:?}");
}
