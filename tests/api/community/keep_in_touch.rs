//! Whom it is time to be in touch with: counted from the last interaction (§31).

use cairn::domain::clock;
use chrono::{Days, NaiveDate};
use serde_json::{Value, json};

use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    learning::exchange::{import, outcome},
};

stories_in_both_faces!(
    whoever_has_waited_longest_comes_first,
    many_who_wait_longer_hide_nobody,
    the_day_is_that_of_whoever_asks,
    whose_contacts_these_are
);

fn today() -> NaiveDate {
    clock::now().date_naive()
}

/// Noon of a day so long ago.
fn ago(days: u64) -> String {
    format!("{}T00:00:00Z", today() - Days::new(days))
}

async fn contact(who: &Actor, name: &str, cadence: u64, last: u64) -> String {
    let new = json!({ "name": name, "cadenceDays": cadence, "lastInteractionAt": ago(last) });
    who.create("Contact", new).await.id()
}

fn lines_of(told: &Value) -> Vec<String> {
    let line = |one: &Value| format!("{} {}", one["name"].as_str().unwrap(), one["daysOverdue"]);
    told["contacts"].as_array().unwrap().iter().map(line).collect()
}

async fn many_who_wait_longer_hide_nobody(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    // Nobody heard of them for years, and nobody meant to yet.
    let lines: String = (0..2100).map(|number| format!("N{number},3650,2024-01-01T10:00:00Z\n")).collect();
    let table = format!("name,cadenceDays,lastInteractionAt\n{lines}");
    let job = import(&ada, json!({ "kind": "CONTACTS_CSV", "csv": table })).await;
    assert_eq!(outcome(&job), "SUCCEEDED 2100 0 0 0");
    let noor = contact(&ada, "Noor", 7, 20).await;
    let told = ada.ask("keepInTouch", json!({})).await.done();
    assert_eq!((lines_of(&told), &told["total"]), (vec!["Noor 13".to_owned()], &json!(1)));
    let advised = ada.ask("insights", json!({ "subjectId": noor })).await.done();
    assert_eq!(advised["items"][0]["code"], json!("KEEP_IN_TOUCH"));
    // Of all of them it is counted, however many are told.
    let later = ada.ask("keepInTouch", json!({ "due": "2999-01-01", "limit": 1 })).await.done();
    assert_eq!((lines_of(&later), &later["total"]), (vec!["Noor 13".to_owned()], &json!(2101)));
    // Whoever changes how often, or says that they were in touch, changes the day.
    ada.update("Contact", &noor, json!({ "cadenceDays": 30 })).await.done();
    assert_eq!(ada.ask("keepInTouch", json!({})).await.done()["total"], json!(0));
    ada.update("Contact", &noor, json!({ "cadenceDays": 1 })).await.done();
    let told = ada.ask("keepInTouch", json!({})).await.done();
    assert!(told["contacts"][0]["reason"].as_str().unwrap().ends_with("and meant to be every day."), "{told}");
    ada.create("Interaction", json!({ "contactId": noor, "kind": "CALL" })).await.done();
    assert_eq!(ada.ask("keepInTouch", json!({})).await.done()["total"], json!(0));
    ada.update("Contact", &noor, json!({ "cadenceDays": null })).await.done();
    assert_eq!(ada.ask("keepInTouch", json!({ "due": "2999-01-01" })).await.done()["total"], json!(2100));
}

async fn the_day_is_that_of_whoever_asks(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let new = json!({ "name": "Noor", "cadenceDays": 10, "lastInteractionAt": "2026-03-01T23:30:00Z" });
    ada.create("Contact", new).await.done();
    for (zone, due_on, before) in [
        ("UTC", "2026-03-11", "2026-03-10"),
        ("Europe/Vienna", "2026-03-12", "2026-03-11"),
        ("America/New_York", "2026-03-11", "2026-03-10"),
    ] {
        ada.update("User", &ada.id, json!({ "timeZone": zone })).await.done();
        let told = ada.ask("keepInTouch", json!({ "due": due_on })).await.done();
        assert_eq!((&told["total"], &told["contacts"][0]["dueOn"]), (&json!(1), &json!(due_on)), "{zone}");
        let told = ada.ask("keepInTouch", json!({ "due": before })).await.done();
        assert_eq!((&told["total"], &told["contacts"]), (&json!(0), &json!([])), "{zone}");
    }
}

async fn whoever_has_waited_longest_comes_first(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let noor = contact(&ada, "Noor", 30, 40).await;
    contact(&ada, "Olu", 30, 29).await;
    contact(&ada, "Adil", 7, 20).await;
    // Without a cadence nobody waits, however long ago it was.
    ada.create("Contact", json!({ "name": "Eve", "lastInteractionAt": ago(900) })).await.done();
    let told = ada.ask("keepInTouch", json!({})).await.done();
    assert_eq!((lines_of(&told), &told["total"]), (vec!["Adil 13".to_owned(), "Noor 10".to_owned()], &json!(2)));
    assert_eq!((&told["due"], &told["userId"]), (&json!(today().to_string()), &json!(ada.id)));
    let reason = format!("You were last in touch on {}, and meant to be every 30 days.", today() - Days::new(40));
    assert_eq!((&told["contacts"][1]["reason"], &told["contacts"][1]["contactId"]), (&json!(reason), &json!(noor)));
    let ahead = json!({ "due": (today() + Days::new(1)).to_string() });
    assert_eq!(lines_of(&ada.ask("keepInTouch", ahead).await.done()), ["Adil 13", "Noor 10", "Olu -1"]);
    let one = ada.ask("keepInTouch", json!({ "limit": 1 })).await.done();
    assert_eq!((lines_of(&one), &one["total"]), (vec!["Adil 13".to_owned()], &json!(2)));
    // A word moves it: it is counted from the last one, and not by a clock of its own.
    ada.create("Interaction", json!({ "contactId": noor, "kind": "CALL", "occurredAt": ago(31) })).await.done();
    assert_eq!(lines_of(&ada.ask("keepInTouch", json!({})).await.done()), ["Adil 13", "Noor 1"]);
    ada.create("Interaction", json!({ "contactId": noor, "kind": "CALL" })).await.done();
    assert_eq!(lines_of(&ada.ask("keepInTouch", json!({})).await.done()), ["Adil 13"]);
    // Of somebody who was just noted down, nothing is due yet; what is due is told with the day they were.
    ada.create("Contact", json!({ "name": "Zoe", "cadenceDays": 1 })).await.done();
    let told = ada.ask("keepInTouch", json!({ "due": (today() + Days::new(2)).to_string() })).await.done();
    let zoe = told["contacts"].as_array().unwrap().iter().find(|one| one["name"] == "Zoe").unwrap();
    assert_eq!(zoe["lastInteractionAt"], Value::Null);
    assert!(zoe["reason"].as_str().unwrap().starts_with("Nothing is logged since you noted them down"));
}

async fn whose_contacts_these_are(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, machine) = (acme.learner("ada").await, acme.coach("kim").await, acme.omnipotent().await);
    contact(&ada, "Noor", 30, 40).await;
    let hers = || json!({ "userId": ada.id });
    ada.opens(&kim, &["learning:read", "jobs:write"]).await;
    for who in [&kim, &machine] {
        assert_eq!(who.ask("keepInTouch", hers()).await.said(), "GRANT_REQUIRED", "{}", who.name);
        assert_eq!(who.ask("contactsExport", hers()).await.said(), "GRANT_REQUIRED", "{}", who.name);
    }
    assert_snapshot!(machine.ask("keepInTouch", json!({})).await.code(), @"OWNER_REQUIRED");
    ada.opens(&kim, &["community:read"]).await;
    assert_eq!(lines_of(&kim.ask("keepInTouch", hers()).await.done()), ["Noor 10"]);
    assert!(lines_of(&kim.ask("keepInTouch", json!({})).await.done()).is_empty(), "her own are others");
}
