//! A coach's people: those who opened their learning, as they are, and nobody else.

use cairn::domain::clock;
use chrono::{Days, TimeDelta};
use entity::platform::client::Scope;
use serde_json::{Value, json};

use super::{carries_out, cell, learns, plans, rows};
use crate::harness::{Actor, Api, Face, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    only_those_who_opened_it_are_told,
    everybody_is_told_as_they_are,
    every_form_tells_the_same_numbers,
    who_may_ask,
    days_are_in_order,
);

async fn report(who: &Actor, asked: Value) -> Value {
    who.ask("cohortReport", asked).await.done()
}

fn names(report: &Value) -> Vec<&str> {
    report["people"].as_array().unwrap().iter().map(|person| person["name"].as_str().unwrap()).collect()
}

async fn only_those_who_opened_it_are_told(api: Api) {
    let acme = api.organization("Acme").await;
    let (kim, lea) = (acme.coach("kim").await, acme.coach("lea").await);
    let (ada, ben, cyd, dan) =
        (acme.learner("ada").await, acme.learner("ben").await, acme.learner("cyd").await, acme.learner("dan").await);
    let nobody = report(&kim, json!({})).await;
    assert_eq!((&nobody["people"], &nobody["summary"]["people"]), (&json!([]), &json!(0)));
    assert_eq!(nobody["summary"]["meanProgress"], Value::Null);
    ben.opens(&kim, &["learning:read"]).await;
    let adas = ada.opens(&kim, &["learning:review"]).await;
    cyd.opens(&kim, &["habits:read", "jobs:read"]).await;
    dan.opens(&lea, &["learning:read"]).await;
    assert_eq!(names(&report(&kim, json!({})).await), ["ada", "ben"]);
    assert_eq!(names(&report(&lea, json!({})).await), ["dan"]);
    ada.tell("Grant", "revoke", &adas).await.done();
    assert_eq!(names(&report(&kim, json!({})).await), ["ben"]);
    api.execute("UPDATE \"grant\" SET expires_at = $1", vec![(clock::now() - TimeDelta::seconds(1)).into()]).await;
    assert_eq!(report(&kim, json!({})).await["people"], json!([]));
}

async fn everybody_is_told_as_they_are(api: Api) {
    let acme = api.organization("Acme").await;
    let (kim, root) = (acme.coach("kim").await, acme.admin("root").await);
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    for who in [&ada, &ben] {
        who.opens(&kim, &["learning:read"]).await;
    }
    let now = clock::now();
    let today = now.date_naive();
    carries_out(&ada, &leaf, 3, 1).await;
    let done = carries_out(&ada, &leaf, 1, 1).await;
    ada.tell("LearningPlan", "complete", &done).await.done();
    ada.plan("A draft").await;
    learns(&ada, now - TimeDelta::days(1), 30).await;
    learns(&ada, now - TimeDelta::days(27), 12).await;
    learns(&ada, now - TimeDelta::days(28), 100).await;
    let told = report(&kim, json!({})).await;
    assert_eq!((&told["from"], &told["to"]), (&json!(today - Days::new(27)), &json!(today)));
    let of_ada = &told["people"][0];
    assert_eq!((&of_ada["userId"], &of_ada["name"]), (&json!(ada.id), &json!("ada")));
    assert_eq!([plans(of_ada, "DRAFT"), plans(of_ada, "ACTIVE"), plans(of_ada, "COMPLETE")], [1, 1, 1]);
    assert_eq!((&of_ada["progress"], &of_ada["onTrack"]), (&json!(50), &json!("NO_DUE_DATE")));
    assert_eq!((&of_ada["minutes"], &of_ada["activeDays"]), (&json!(42), &json!(2)));
    assert_eq!(of_ada["lastActiveOn"], json!(today - Days::new(1)));
    let pace = ada.ask("weeklyPace", json!({})).await.done();
    assert_eq!(of_ada["streakWeeks"], pace["streakWeeks"]);
    let of_ben = &told["people"][1];
    assert_eq!(
        (&of_ben["progress"], &of_ben["onTrack"], &of_ben["lastActiveOn"]),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    assert_eq!((&of_ben["minutes"], &of_ben["streakWeeks"], plans(of_ben, "ACTIVE")), (&json!(0), &json!(0), json!(0)));
    let summary = &told["summary"];
    assert_eq!((&summary["people"], &summary["activePeople"], &summary["minutes"]), (&json!(2), &json!(1), &json!(42)));
    assert_eq!(
        (&summary["meanProgress"], &summary["peopleBehind"], plans(summary, "COMPLETE")),
        (&json!(50), &json!(0), json!(1))
    );
    // A plan whose day has passed is behind; a day counts where the person lives.
    api.execute(
        "UPDATE \"learning_plan\" SET due_on = $1 WHERE status = 'ACTIVE'",
        vec![(today - Days::new(2)).into()],
    )
    .await;
    let asked = json!({ "from": today - Days::new(28), "to": today - Days::new(28) });
    let told = report(&kim, asked.clone()).await;
    assert_eq!((&told["people"][0]["onTrack"], &told["summary"]["peopleBehind"]), (&json!("BEHIND"), &json!(1)));
    assert_eq!(told["people"][0]["minutes"], 100);
    ada.update("User", &ada.id, json!({ "timeZone": "Pacific/Kiritimati" })).await.done();
    let day = (now - TimeDelta::days(28) + TimeDelta::hours(14)).date_naive();
    let there = report(&kim, json!({ "from": day, "to": day })).await;
    assert_eq!(there["people"][0]["minutes"], 100, "fourteen hours ahead");
}

async fn every_form_tells_the_same_numbers(api: Api) {
    let acme = api.organization("Acme").await;
    let kim = acme.coach("kim").await;
    for name in ["ada", "ben", "cyd"] {
        let who = acme.learner(name).await;
        who.opens(&kim, &["learning:read"]).await;
        who.plan("A draft").await;
        learns(&who, clock::now() - TimeDelta::hours(30), 20).await;
        let named = json!({ "name": format!("=HYPERLINK(\"https://{name}\")") });
        who.update("User", &who.id, named).await.done();
    }
    let told = report(&kim, json!({})).await;
    assert_eq!(told, report(&kim.through(Face::Rest), json!({})).await);
    assert_eq!(told, report(&kim.through(Face::Graphql), json!({})).await);
    let table = kim.ask_for("csv", "cohortReport", json!({})).await;
    let expected: Vec<Value> = told["people"]
        .as_array()
        .unwrap()
        .iter()
        .map(|person| {
            let mut row = json!({ "name": format!("'{}", person["name"].as_str().unwrap()) });
            for name in ["userId", "progress", "onTrack", "minutes", "activeDays", "streakWeeks", "lastActiveOn"] {
                row[name] = cell(&person[name]);
            }
            for (column, status) in [
                ("plansDraft", "DRAFT"),
                ("plansWaitingForReview", "WAITING_FOR_REVIEW"),
                ("plansInReview", "IN_REVIEW"),
                ("plansActive", "ACTIVE"),
                ("plansComplete", "COMPLETE"),
            ] {
                row[column] = cell(&plans(person, status));
            }
            row
        })
        .collect();
    assert_eq!((rows(&table), expected.len()), (expected, 3));
}

async fn who_may_ask(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, noor) = (acme.learner("ada").await, acme.learner("ben").await, acme.analyst("noor").await);
    ada.opens(&ben, &["learning:read"]).await;
    assert_snapshot!(ben.ask("cohortReport", json!({})).await.said(), @"INSUFFICIENT_SCOPE");
    let machine = acme.client(&[Scope::ReportsRead, Scope::LearningRead]).await;
    assert_snapshot!(machine.ask("cohortReport", json!({})).await.said(), @"FORBIDDEN");
    assert_eq!(report(&noor, json!({})).await["people"], json!([]), "a role opens nobody");
    let eve = api.organization("Beta").await.coach("eve").await;
    assert_eq!(report(&eve, json!({})).await["people"], json!([]));
}

async fn days_are_in_order(api: Api) {
    let acme = api.organization("Acme").await;
    let kim = acme.coach("kim").await;
    let today = clock::now().date_naive();
    let said = async |from: u64, to: u64| {
        kim.ask("cohortReport", json!({ "from": today - Days::new(from), "to": today - Days::new(to) })).await.code()
    };
    assert_snapshot!(said(3, 3).await, @"fine");
    assert_snapshot!(said(3, 4).await, @"PERIOD_INVALID");
    assert_snapshot!(said(1078, 0).await, @"fine");
    assert_snapshot!(said(1080, 0).await, @"PERIOD_INVALID");
}
