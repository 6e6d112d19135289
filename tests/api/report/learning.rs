//! The learning of an organization's people together: enough of them, and nobody by subtracting (story 7's form).

use chrono::Days;
use entity::platform::{client::Scope, membership::Role};
use serde_json::{Value, json};

use super::{carries_out, cell, learns, monday, morning, plans, rows};
use crate::harness::{Actor, Api, Face, Organization, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    people_are_told_together,
    small_groups_are_told_together,
    people_are_told_apart_in_several_ways,
    what_two_questions_differ_by_is_nobody,
    periods_are_whole_weeks_that_have_ended,
    who_may_ask,
    a_named_person_needs_a_grant,
    every_form_tells_the_same_numbers,
);

/// So many learners.
async fn learners(acme: &Organization, count: usize) -> Vec<Actor> {
    let mut all = Vec::new();
    for place in 0..count {
        all.push(acme.learner(&format!("learner{place}")).await);
    }
    all
}

async fn report(who: &Actor, asked: Value) -> Value {
    who.ask("learningReport", asked).await.done()
}

/// The groups of a report in a line each.
fn lines(report: &Value) -> String {
    let all = report["groups"].as_array().unwrap().iter().map(|group| {
        let last = group["weeks"].as_array().unwrap().last().unwrap();
        format!(
            "{} {}: people {} active {} draft {} progress {} {} week {} {}",
            group["kind"].as_str().unwrap(),
            group["name"].as_str().unwrap_or("."),
            group["people"],
            plans(group, "ACTIVE"),
            plans(group, "DRAFT"),
            group["meanProgress"],
            group["medianProgress"],
            last["activePeople"],
            last["medianMinutes"],
        )
    });
    all.collect::<Vec<_>>().join("\n")
}

async fn people_are_told_together(api: Api) {
    let acme = api.organization("Acme").await;
    let (noor, root) = (acme.analyst("noor").await, acme.admin("root").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let all = learners(&acme, 4).await;
    let few = noor.ask("learningReport", json!({})).await;
    assert_snapshot!(few.said(), @"INSUFFICIENT_COHORT");
    assert_eq!(few.details, json!({ "minimumCohort": 5 }));
    let fifth = acme.learner("fifth").await;
    for (who, done) in all.iter().chain([&fifth]).zip([0, 1, 2, 4, 4]) {
        carries_out(who, &leaf, 4, done).await;
        learns(who, morning(0, 1), 47).await;
        learns(who, morning(0, 6), 10).await;
    }
    for who in &all {
        learns(who, morning(1, 0), 90).await;
    }
    all[0].plan("Another").await;
    let told = report(&noor, json!({})).await;
    assert_snapshot!(lines(&told), @"TOTAL .: people 5 active 5 draft null progress 55 50 week 5 55");
    assert_eq!((&told["from"], &told["to"]), (&json!(monday(11)), &json!(monday(0) + Days::new(6))));
    assert_eq!((&told["groupBy"], &told["userId"], &told["minimumCohort"]), (&json!("NONE"), &Value::Null, &json!(5)));
    let weeks = told["groups"][0]["weeks"].as_array().unwrap();
    assert_eq!((weeks.len(), &weeks[11]["startsOn"]), (12, &json!(monday(0))));
    assert_eq!(weeks[11]["isoWeek"], json!(monday(0).format("%G-W%V").to_string()));
    assert_eq!(weeks[10]["activePeople"], Value::Null, "four people");
    assert_eq!((&weeks[9]["activePeople"], &weeks[9]["medianMinutes"]), (&json!(0), &Value::Null));
    // Who was deleted is not among them, nor what was; the organization may ask for more people.
    let draft = all[1].plan("Gone").await;
    all[1].tell("LearningPlan", "delete", &draft).await.done();
    assert_eq!(report(&noor, json!({})).await, told);
    acme.decide(&root, json!({ "minimumCohort": 6 })).await;
    assert_eq!(noor.ask("learningReport", json!({})).await.details, json!({ "minimumCohort": 6 }));
    acme.decide(&root, json!({ "minimumCohort": 5 })).await;
    root.tell("User", "delete", &fifth.id).await.done();
    assert_snapshot!(noor.ask("learningReport", json!({})).await.said(), @"INSUFFICIENT_COHORT");
}

async fn small_groups_are_told_together(api: Api) {
    let acme = api.organization("Acme").await;
    let (noor, root) = (acme.analyst("noor").await, acme.admin("root").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let all = learners(&acme, 18).await;
    let goal = async |who: &Actor, kind: &str| {
        who.create("CareerGoal", json!({ "title": "Goal", "kind": kind })).await.done();
    };
    for (place, who) in all.iter().enumerate() {
        match place {
            0..8 => goal(who, "ROLE").await,
            8..14 => goal(who, "BUILD_MODEL").await,
            14..16 => goal(who, "PASS_INTERVIEW").await,
            _ => {}
        }
        // One of those who pass an interview has a plan, and everybody else but those without a goal.
        if place < 15 {
            carries_out(who, &leaf, 2, place % 3).await;
        }
        if place < 12 {
            learns(who, morning(0, 2), 30 + i64::try_from(place).unwrap()).await;
        }
    }
    let told = report(&noor, json!({ "groupBy": "GOAL_KIND" })).await;
    // Four people are in small groups: the smallest of the others joins them.
    assert_snapshot!(lines(&told), @r"
    TOTAL .: people 15 active 15 draft 0 progress 50 50 week 10 35
    GROUP To take on a role: people 5 active 5 draft 0 progress 40 50 week null null
    OTHER .: people 10 active 5 draft 0 progress 55 50 week null null
    ");
    // Now five pass an interview, and two have no goal: these five join them. Of the others one alone has a plan, and
    // nobody learnt: in each of these columns the smallest that is told is hidden with them.
    for place in 0..3 {
        goal(&acme.learner(&format!("more{place}")).await, "PASS_INTERVIEW").await;
    }
    let told = report(&noor, json!({ "groupBy": "GOAL_KIND" })).await;
    assert_snapshot!(lines(&told), @r"
    TOTAL .: people 20 active 15 draft 0 progress 50 50 week 10 35
    GROUP To build a model: people 5 active null draft 0 progress null null week null null
    GROUP To take on a role: people 5 active 5 draft 0 progress 40 50 week null null
    OTHER .: people 5 active null draft 0 progress null null week null null
    ");
    // The total is the same however people are grouped.
    let total = &report(&noor, json!({})).await["groups"];
    assert_eq!((total.as_array().unwrap().len(), &total[0]), (1, &told["groups"][0]));
}

async fn people_are_told_apart_in_several_ways(api: Api) {
    let acme = api.organization("Acme").await;
    let (noor, root) = (acme.analyst("noor").await, acme.admin("root").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (own, [_, leaf, _]) = root.framework("own").await;
    root.update("CompetencyFramework", &own, json!({ "visible": true })).await.done();
    let (foundations, built_in) = root.foundations().await;
    let math = built_in.iter().find(|one| one["code"] == "math.calculus").unwrap()["id"].as_str().unwrap().to_owned();
    let role = root.create("RoleProfile", json!({ "title": "=ML engineer" })).await.id();
    for (place, who) in learners(&acme, 10).await.iter().enumerate() {
        if place < 5 {
            let goal = json!({ "title": "Goal", "kind": "OTHER", "targetRoleProfileId": role });
            who.create("CareerGoal", goal).await.done();
            carries_out(who, &leaf, 2, 1).await;
        } else {
            carries_out(who, &math, 1, 1).await;
        }
    }
    let keys = async |by: &str| {
        let told = report(&noor, json!({ "groupBy": by })).await;
        let groups = told["groups"].as_array().unwrap().clone().into_iter();
        let each = groups.map(|group| (group["key"].clone(), group["name"].clone(), group["people"].clone()));
        each.collect::<Vec<_>>()
    };
    let total = (Value::Null, Value::Null, json!(10));
    let unassigned = (Value::Null, Value::Null, json!(5));
    assert_eq!(keys("ROLE_PROFILE").await, [total.clone(), (json!(role), json!("=ML engineer"), json!(5)), unassigned]);
    let frameworks =
        [total.clone(), (json!(foundations), json!("AI foundations"), json!(5)), (json!(own), json!("own"), json!(5))];
    assert_eq!(keys("FRAMEWORK").await, frameworks);
    let month = cairn::domain::clock::now();
    let joined = (json!(month.format("%Y-%m").to_string()), json!(month.format("%B %Y").to_string()), json!(10));
    assert_eq!(keys("JOINED_MONTH").await, [total, joined]);
    let table = rows(&noor.ask_for("csv", "learningReport", json!({ "groupBy": "ROLE_PROFILE" })).await);
    assert_eq!(table[12]["name"], "'=ML engineer", "no formula");
    // A framework that members do not see is no group.
    root.update("CompetencyFramework", &own, json!({ "visible": false })).await.done();
    assert_eq!(keys("FRAMEWORK").await[1..], [frameworks[1].clone(), (Value::Null, Value::Null, json!(5))]);
}

async fn what_two_questions_differ_by_is_nobody(api: Api) {
    let acme = api.organization("Acme").await;
    let noor = acme.analyst("noor").await;
    let all = learners(&acme, 6).await;
    for who in &all {
        learns(who, morning(1, 3), 60).await;
        learns(who, morning(0, 3), 60).await;
    }
    // On the last day of a week, one person alone learnt more.
    learns(&all[0], morning(0, 6), 500).await;
    let told = report(&noor, json!({ "from": monday(1), "to": monday(0) })).await;
    for (from, to) in [(0, 0), (3, 6), (6, 13), (0, 12), (2, 100)] {
        let asked = json!({ "from": monday(1) + Days::new(from), "to": monday(1) + Days::new(to) });
        let other = report(&noor, asked).await;
        for week in other["groups"][0]["weeks"].as_array().unwrap() {
            let same =
                told["groups"][0]["weeks"].as_array().unwrap().iter().find(|one| one["startsOn"] == week["startsOn"]);
            assert_eq!(Some(week), same, "{from} {to}");
        }
        let mut without = [told["groups"][0].clone(), other["groups"][0].clone()];
        for group in &mut without {
            group["weeks"] = Value::Null;
        }
        assert_eq!(without[0], without[1], "what is not of a week does not depend on it");
    }
}

async fn periods_are_whole_weeks_that_have_ended(api: Api) {
    let acme = api.organization("Acme").await;
    let noor = acme.analyst("noor").await;
    learners(&acme, 5).await;
    let told = report(&noor, json!({ "from": monday(2) + Days::new(3), "to": "2999-01-01" })).await;
    assert_eq!((&told["from"], &told["to"]), (&json!(monday(2)), &json!(monday(0) + Days::new(6))));
    assert_eq!(told["groups"][0]["weeks"].as_array().unwrap().len(), 3);
    let year = report(&noor, json!({ "from": monday(105) })).await;
    assert_eq!(year["groups"][0]["weeks"].as_array().unwrap().len(), 106);
    let said =
        async |from: Value, to: Value| noor.ask("learningReport", json!({ "from": from, "to": to })).await.code();
    let day = |weeks: u64, day: u64| json!(monday(weeks) + Days::new(day));
    assert_snapshot!(said(day(0, 1), day(0, 0)).await, @"PERIOD_INVALID");
    assert_snapshot!(said(day(106, 6), day(0, 0)).await, @"PERIOD_INVALID");
    assert_snapshot!(said(day(0, 7), day(0, 9)).await, @"PERIOD_INVALID");
    assert_snapshot!(said(json!("yesterday"), day(0, 9)).await.replace("VALIDATION_FAILED", "BAD_INPUT"), @"BAD_INPUT");
}

async fn who_may_ask(api: Api) {
    let acme = api.organization("Acme").await;
    let all = learners(&acme, 5).await;
    let (noor, root) = (acme.analyst("noor").await, acme.admin("root").await);
    let reader = acme.client(&[Scope::ReportsRead]).await;
    for who in [&noor, &root, &reader, &acme.client(&[Scope::ReportsWrite]).await] {
        assert_eq!(report(who, json!({})).await["groups"][0]["people"], 5);
    }
    let both = acme.member("both", &[Role::Learner, Role::OrgAnalyst]).await;
    assert_eq!(report(&both, json!({})).await["groups"][0]["people"], 5, "six, in steps");
    assert_snapshot!(all[0].ask("learningReport", json!({})).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(acme.moodle().await.ask("learningReport", json!({})).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(acme.coach("kim").await.ask("learningReport", json!({})).await.said(), @"FORBIDDEN");
    let narrow = noor.limited_to(&acme, &[Scope::LearningRead]);
    assert_snapshot!(narrow.ask("learningReport", json!({})).await.said(), @"INSUFFICIENT_SCOPE");
    // Another organization has people of its own, or none.
    let beta = api.organization("Beta").await;
    let eve = beta.member("eve", &[Role::Admin, Role::OrgAnalyst]).await;
    assert_snapshot!(eve.ask("learningReport", json!({})).await.said(), @"INSUFFICIENT_COHORT");
    for place in 0..7 {
        let who = beta.learner(&format!("b{place}")).await;
        learns(&who, morning(0, 0), 20).await;
    }
    assert_eq!(report(&eve, json!({})).await["groups"][0]["weeks"][11]["activePeople"], 5);
    assert_eq!(report(&noor, json!({})).await["groups"][0]["weeks"][11]["activePeople"], 0);
}

async fn a_named_person_needs_a_grant(api: Api) {
    let acme = api.organization("Acme").await;
    let all = learners(&acme, 6).await;
    let (noor, root, kim) = (acme.analyst("noor").await, acme.admin("root").await, acme.coach("kim").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let ada = &all[0];
    carries_out(ada, &leaf, 3, 1).await;
    learns(ada, morning(0, 0), 47).await;
    let adas = json!({ "userId": ada.id });
    let eve = api.organization("Beta").await.analyst("eve").await;
    for who in [&noor, &root, &kim, &acme.client(&[Scope::ReportsRead, Scope::LearningRead]).await, &eve] {
        assert_snapshot!(who.ask("learningReport", adas.clone()).await.said(), @"GRANT_REQUIRED");
        let nobody = json!({ "userId": nothing("usr") });
        assert_snapshot!(who.ask("learningReport", nobody).await.said(), @"GRANT_REQUIRED");
    }
    let rest = noor.through(Face::Rest);
    let refused = rest.get(&format!("/reports/learning?userId={}&from=2026-01-05&to=2026-02-01", ada.id)).await;
    assert_snapshot!(refused.problem(), @"403 GRANT_REQUIRED");
    // What she opens is told as it is, and to whom she opens it alone.
    let grant = ada.opens(&noor, &["learning:read"]).await;
    ada.opens(&kim, &["habits:read"]).await;
    let told = report(&noor, json!({ "userId": ada.id, "groupBy": "GOAL_KIND" })).await;
    assert_snapshot!(lines(&told), @"TOTAL .: people 1 active 1 draft 0 progress 33 33 week 1 47");
    assert_eq!(told["userId"], ada.id);
    assert_snapshot!(kim.ask("learningReport", adas.clone()).await.said(), @"GRANT_REQUIRED");
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_snapshot!(noor.ask("learningReport", adas).await.said(), @"GRANT_REQUIRED");
    // Oneself one may ask about.
    let both = acme.member("both", &[Role::Learner, Role::OrgAnalyst]).await;
    assert_eq!(report(&both, json!({ "userId": both.id })).await["groups"][0]["people"], 1);
}

async fn every_form_tells_the_same_numbers(api: Api) {
    let acme = api.organization("Acme").await;
    let (noor, root) = (acme.analyst("noor").await, acme.admin("root").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    for (place, who) in learners(&acme, 16).await.iter().enumerate() {
        let kind = ["ROLE", "BUILD_MODEL", "OTHER"][place % 3];
        who.create("CareerGoal", json!({ "title": "Goal", "kind": kind })).await.done();
        carries_out(who, &leaf, 3, place % 4).await;
        learns(who, morning(u64::from(place % 2 == 0), 4), 20 + i64::try_from(place).unwrap()).await;
    }
    let asked = json!({ "groupBy": "GOAL_KIND", "from": monday(2) });
    let told = report(&noor, asked.clone()).await;
    assert_eq!(told, report(&noor.through(Face::Rest), asked.clone()).await);
    assert_eq!(told, report(&noor.through(Face::Graphql), asked.clone()).await);
    let table = noor.ask_for("csv", "learningReport", asked).await;
    let mut expected = Vec::new();
    for group in told["groups"].as_array().unwrap() {
        for week in group["weeks"].as_array().unwrap() {
            let mut row = json!({});
            for name in ["kind", "key", "name", "people", "meanProgress", "medianProgress"] {
                row[name] = cell(&group[name]);
            }
            for (column, status) in [
                ("plansDraft", "DRAFT"),
                ("plansWaitingForReview", "WAITING_FOR_REVIEW"),
                ("plansInReview", "IN_REVIEW"),
                ("plansActive", "ACTIVE"),
                ("plansComplete", "COMPLETE"),
            ] {
                row[column] = cell(&plans(group, status));
            }
            for (column, name) in [
                ("weekStartsOn", "startsOn"),
                ("isoWeek", "isoWeek"),
                ("activePeople", "activePeople"),
                ("medianMinutes", "medianMinutes"),
            ] {
                row[column] = cell(&week[name]);
            }
            expected.push(row);
        }
    }
    assert_eq!(rows(&table), expected);
    assert!(table.starts_with("kind,key,name,people,") && table.ends_with("\r\n"));
    assert!(expected.iter().any(|row| row["activePeople"] == "" && row["kind"] != "TOTAL"), "something is hidden");
    // What none of the forms offers.
    let rest = noor.through(Face::Rest).with("accept", "image/svg+xml");
    assert_snapshot!(rest.get("/reports/learning").await.problem(), @"406 NOT_ACCEPTABLE");
}
