//! Advice about learning: found among a person's things, told to them and to those they opened them to.

use cairn::domain::clock;
use chrono::{Datelike as _, Days, TimeDelta};
use serde_json::{Value, json};

use super::rows::{goal, session, standing, target};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_scattered_start_gets_a_course_and_then_papers,
    areas_grow_together,
    pace_is_looked_at,
    what_waits_is_asked_about,
    advice_is_for_who_may_see,
    what_is_suggested_is_the_callers_to_do,
    the_rules_are_listed,
);

/// The codes of the advice about somebody, each with the kind of thing that it is about.
async fn codes(who: &Actor, answer: &str, question: Value) -> String {
    let told = who.ask(answer, question).await.done();
    let all = told["items"].as_array().unwrap().iter();
    let each = all.map(|one| format!("{}:{}", one["code"].as_str().unwrap(), one["subjectKind"].as_str().unwrap()));
    each.collect::<Vec<_>>().join(" ")
}

async fn a_scattered_start_gets_a_course_and_then_papers(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let resource = async |kind: &str| ada.create("LearningResource", json!({ "kind": kind, "title": kind })).await.id();
    let article = resource("ARTICLE").await;
    let new = json!({ "planId": plan, "competencyId": leaf, "resourceIds": [article] });
    let item = ada.create("PlanItem", new).await.id();
    let curious = json!({ "planId": plan, "competencyId": other, "resourceIds": [article], "motivation": "CURIOSITY" });
    ada.create("PlanItem", curious).await.done();

    let told = ada.ask("personInsights", json!({})).await.done();
    assert_eq!(told["items"].as_array().unwrap().len(), 1, "{told}");
    let one = &told["items"][0];
    assert_eq!(
        (&one["subjectId"], &one["severity"], &one["playbookRef"]),
        (&json!(item), &json!("ADVICE"), &json!("§3"))
    );
    assert_snapshot!(one["reason"].as_str().unwrap(), @"leaf-a is new, and so far it is learnt from articles alone. A course gives it an order; articles and papers come easier after it.");
    let command = &one["suggestedCommand"];
    assert_eq!(
        (&command["name"], &command["method"], &command["path"], &command["objectId"]),
        (&json!("createLearningResource"), &json!("POST"), &json!("/api/v1/learning-resources"), &Value::Null)
    );
    // What is suggested can be done as it stands; then the suggestion is to name the course.
    let course = ada.create("LearningResource", command["input"].clone()).await.id();
    let told = ada.ask("insights", json!({ "subjectId": item })).await.done();
    let command = &told["items"][0]["suggestedCommand"];
    assert_eq!((&command["name"], &command["objectId"]), (&json!("updatePlanItem"), &json!(item)));
    assert_eq!(command["path"], format!("/api/v1/plan-items/{item}"));
    assert_eq!(command["input"], json!({ "resourceIds": [article, course] }));
    ada.update("PlanItem", &item, command["input"].clone()).await.done();
    assert_snapshot!(codes(&ada, "personInsights", json!({})).await, @"");

    ada.update("PlanItem", &item, json!({ "status": "DONE" })).await.done();
    assert_snapshot!(codes(&ada, "insights", json!({ "subjectId": plan })).await, @"READY_FOR_PAPERS:plan_item");
    let paper = resource("PAPER").await;
    ada.update("PlanItem", &item, json!({ "resourceIds": [course, paper] })).await.done();
    assert_snapshot!(codes(&ada, "insights", json!({ "subjectId": plan })).await, @"");
}

async fn areas_grow_together(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (framework, all) = ada.foundations().await;
    assert_snapshot!(codes(&ada, "insights", json!({ "subjectId": framework })).await, @"");
    let of = |area: &str| {
        all.iter()
            .filter(|one| one["code"].as_str().unwrap().starts_with(&format!("{area}.")))
            .map(|one| one["id"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    for competency in of("ml") {
        standing(&api, &acme, &ada, &competency, 3, true).await;
    }
    let told = ada.ask("insights", json!({ "subjectId": framework })).await.done();
    let reasons: Vec<&str> =
        told["items"].as_array().unwrap().iter().map(|one| one["reason"].as_str().unwrap()).collect();
    assert_snapshot!(reasons.join("\n"), @r"
    In AI foundations, Foundational machine learning is well ahead, and Deep learning, Software development and Mathematics for machine learning are not begun. Areas that grow together open more doors.
    Foundational machine learning is well ahead. Exploratory data analysis is underrated and makes every model on real data better: it is next.
    ");
    for area in ["dl", "software", "math"] {
        for competency in of(area) {
            standing(&api, &acme, &ada, &competency, 3, true).await;
        }
    }
    assert_snapshot!(codes(&ada, "personInsights", json!({})).await, @"");
}

async fn pace_is_looked_at(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let now = clock::now();
    target(&api, &acme, &ada, 100).await;
    // On most days a week can be chosen that began four to six days ago; on the others the rules' own tests must do.
    let begins = |days: u64| match now.date_naive().checked_sub_days(Days::new(days)).unwrap().weekday() {
        chrono::Weekday::Mon => Some("MONDAY"),
        chrono::Weekday::Sun => Some("SUNDAY"),
        chrono::Weekday::Sat => Some("SATURDAY"),
        _ => None,
    };
    if let Some(start) = (4..7).find_map(begins) {
        acme.decide(&root, json!({ "weekStart": start })).await;
        assert_snapshot!(codes(&ada, "personInsights", json!({})).await, @"PACE_AT_RISK:user");
        // A pause that touches the week gives it rest; one that is over does not.
        let over = json!({ "startsOn": now.date_naive() - Days::new(20), "endsOn": now.date_naive() - Days::new(8) });
        ada.create("LearningPause", over).await.done();
        assert_snapshot!(codes(&ada, "personInsights", json!({})).await, @"PACE_AT_RISK:user");
        let pause = json!({ "startsOn": now.date_naive(), "endsOn": now.date_naive() });
        let pause = ada.create("LearningPause", pause).await.id();
        assert_snapshot!(codes(&ada, "personInsights", json!({})).await, @"");
        ada.tell("LearningPause", "delete", &pause).await.done();
        assert_snapshot!(codes(&ada, "personInsights", json!({})).await, @"PACE_AT_RISK:user");
    }
    session(&api, &acme, &ada, now - TimeDelta::minutes(1), 100).await;
    assert_snapshot!(codes(&ada, "insights", json!({ "subjectId": ada.id })).await, @"CRAMMING:user");
    for days in 3..9 {
        session(&api, &acme, &ada, now - TimeDelta::days(days), 60).await;
    }
    assert_snapshot!(codes(&ada, "personInsights", json!({})).await, @"");
}

async fn what_waits_is_asked_about(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    let today = clock::now().date_naive();
    let past = today.checked_sub_days(Days::new(2)).unwrap();
    let later = today.checked_add_days(Days::new(2)).unwrap();
    let (goal, requirements) = goal(&api, &acme, &ada, &[(&leaf, 2, Some(past)), (&other, 2, Some(later))]).await;
    let told = ada.ask("personInsights", json!({})).await.done();
    let advice: Vec<_> =
        told["items"].as_array().unwrap().iter().map(|one| (&one["code"], &one["subjectId"])).collect();
    let (stale, talks) = (json!("REQUIREMENT_STALE"), json!("TALK_TO_INSIDERS"));
    assert_eq!(advice, [(&talks, &json!(goal)), (&stale, &json!(requirements[0]))]);
    assert!(goal.starts_with("gol_"));

    let raised = json!({ "competencyId": leaf, "source": "CURIOSITY" });
    let need = ada.act("LearningNeed", "raise", None, raised).await.id();
    assert_snapshot!(codes(&ada, "insights", json!({ "subjectId": need })).await, @"");
    let ago = clock::now() - TimeDelta::days(15);
    api.execute("UPDATE \"learning_need\" SET opened_at = $1", vec![ago.into()]).await;
    let plan = ada.plan("Learn").await;
    let told = ada.ask("insights", json!({ "subjectId": need })).await.done();
    let command = &told["items"][0]["suggestedCommand"];
    assert_eq!((&command["name"], &command["path"]), (&json!("planNeeds"), &json!("/api/v1/learning-needs/plan")));
    assert_eq!(command["input"], json!({ "planId": plan, "needIds": [need] }));
    ada.act("LearningNeed", "plan", None, command["input"].clone()).await.done();
    assert_snapshot!(codes(&ada, "insights", json!({ "subjectId": need })).await, @"");
}

async fn advice_is_for_who_may_see(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, lee, root) =
        (acme.learner("ada").await, acme.coach("kim").await, acme.coach("lee").await, acme.admin("root").await);
    let (framework, all) = ada.foundations().await;
    for one in all.iter().filter(|one| one["code"].as_str().unwrap().starts_with("ml.")) {
        standing(&api, &acme, &ada, one["id"].as_str().unwrap(), 3, true).await;
    }
    let plan = ada.plan("Learn").await;
    ada.opens(&kim, &["learning:read"]).await;
    let asked = json!({ "userId": ada.id });
    assert_snapshot!(codes(&kim, "personInsights", asked.clone()).await, @"AREA_IMBALANCE:competency_framework EDA_MISSING:competency_framework");
    let shared = json!({ "subjectId": framework, "userId": ada.id });
    assert_snapshot!(codes(&kim, "insights", shared.clone()).await, @"AREA_IMBALANCE:competency_framework EDA_MISSING:competency_framework");
    assert_snapshot!(codes(&kim, "insights", json!({ "subjectId": framework })).await, @"");
    for stranger in [&lee, &root] {
        assert_snapshot!(stranger.ask("personInsights", asked.clone()).await.said(), @"GRANT_REQUIRED");
        assert_snapshot!(stranger.ask("insights", shared.clone()).await.said(), @"GRANT_REQUIRED");
        assert_snapshot!(stranger.ask("insights", json!({ "subjectId": plan })).await.said(), @"NOT_FOUND");
    }
    for unknown in [nothing("pln"), nothing("zzz"), "plan".to_owned()] {
        assert_snapshot!(ada.ask("insights", json!({ "subjectId": unknown })).await.said(), @"NOT_FOUND");
    }
    let machine = acme.moodle().await;
    assert_snapshot!(codes(&machine, "personInsights", asked).await, @"AREA_IMBALANCE:competency_framework EDA_MISSING:competency_framework");
    assert_snapshot!(machine.ask("personInsights", json!({})).await.code(), @"OWNER_REQUIRED");
}

/// The first command that is suggested about a thing to somebody who looks at a person's: its name and its input.
async fn suggested(who: &Actor, question: Value) -> (String, Value) {
    let told = who.ask("insights", question).await.done();
    let command = told["items"][0]["suggestedCommand"].clone();
    (command["name"].as_str().unwrap_or("nothing").to_owned(), command["input"].clone())
}

async fn what_is_suggested_is_the_callers_to_do(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, ben) = (acme.learner("ada").await, acme.coach("kim").await, acme.learner("ben").await);
    let (framework, all) = ada.foundations().await;
    for one in all.iter().filter(|one| one["code"].as_str().unwrap().starts_with("ml.")) {
        standing(&api, &acme, &ada, one["id"].as_str().unwrap(), 3, true).await;
    }
    let about = json!({ "subjectId": framework, "userId": ada.id });
    ada.opens(&kim, &["learning:read"]).await;
    assert_eq!(suggested(&kim, about.clone()).await.0, "nothing", "she may look, and no more");
    ada.opens(&kim, &["learning:review"]).await;
    ada.opens(&ben, &["learning:write"]).await;
    let machine = acme.moodle().await;
    for (who, source) in [(&kim, "REVIEWER"), (&ben, "REVIEWER"), (&machine, "CURIOSITY"), (&ada, "CURIOSITY")] {
        let (name, input) = suggested(who, about.clone()).await;
        assert_eq!((name.as_str(), &input["source"]), ("raiseLearningNeed", &json!(source)), "{}", who.name);
        let need = who.act("LearningNeed", "raise", None, input).await.done();
        assert_eq!(need["userId"], ada.id, "{}", who.name);
    }
    // A need that waits gets a plan of whoever has it, from those who may make one.
    let ago = clock::now() - TimeDelta::days(15);
    api.execute("UPDATE \"learning_need\" SET opened_at = $1", vec![ago.into()]).await;
    let need = ada.list("LearningNeed", &[]).await.ids().remove(0);
    let about = json!({ "subjectId": need });
    assert_eq!(suggested(&kim, about.clone()).await.0, "nothing", "a reviewer plans for nobody");
    let (name, input) = suggested(&ben, about.clone()).await;
    assert_eq!(name, "createLearningPlan");
    let plan = ben.create("LearningPlan", input).await.done();
    assert_eq!(plan["ownerId"], ada.id);
    let (name, input) = suggested(&ben, about.clone()).await;
    assert_eq!(name, "planNeeds");
    assert_eq!(suggested(&kim, about).await.0, "nothing");
    ben.act("LearningNeed", "plan", None, input).await.done();
}

async fn the_rules_are_listed(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let told = ada.ask("insightRules", json!({})).await.done();
    let lines: Vec<String> = told["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| {
            format!(
                "{} {} {}",
                rule["code"].as_str().unwrap(),
                rule["severity"].as_str().unwrap(),
                rule["playbookRef"].as_str().unwrap()
            )
        })
        .collect();
    assert_snapshot!(lines.join("\n"), @r"
    LEARNING_STOPPED WARNING §1
    AREA_IMBALANCE ADVICE §2
    EDA_MISSING ADVICE §2
    SCATTERED_START ADVICE §3
    READY_FOR_PAPERS INFO §3
    CRAMMING ADVICE §4
    PACE_AT_RISK WARNING §4
    REQUIREMENT_STALE INFO §5
    NEED_UNPLANNED INFO §29
    LEARN_MORE_ABOUT_PROBLEM ADVICE §9
    MODEL_GOOD_BUSINESS_FLAT WARNING §11
    BUSINESS_METRIC_UNOBSERVED ADVICE §11
    ONLY_ML_OBSERVED ADVICE §11
    OVER_BUDGET WARNING §12
    SUPPORT_REFUSED WARNING §12
    UNTAPPED_AREA INFO §13
    ALWAYS_SOLO ADVICE §30
    STAGE_PLATEAU ADVICE §15
    NO_VALUE_EVIDENCE ADVICE §15
    READY_FOR_NEXT_STAGE INFO §15
    STAGE_UNSUPPORTED ADVICE §15
    STAGE_SKIPPED INFO §15
    WARM_PATH_AVAILABLE ADVICE §22
    REFERRAL_LAPSED ADVICE §22
    OFFERS_STILL_OPEN WARNING §24
    ASK_FOR_FEEDBACK ADVICE §25
    JOURNEY_CONTINUES INFO §1
    CLOSING_SOON WARNING §21
    FOLLOW_UP_DUE ADVICE §21
    DUPLICATE_APPLICATION ADVICE §21
    PREVIOUSLY_UNRESPONSIVE_COMPANY INFO §21
    JOB_SEARCH_WITHOUT_PORTFOLIO INFO §1
    TALK_TO_INSIDERS ADVICE §20
    FOLLOW_UP_OVERDUE ADVICE §20
    KEEP_IN_TOUCH INFO §31
    DOUBLE_SWITCH_DIRECT INFO §17
    STARTUP_EASIER INFO §18
    BIG_COMPANY_RIGID_REWARD INFO §18
    ");
}
