//! Story 9, told whole: from an address book to a talk, and from the talk to what is to be learnt, with its follow-up in the calendar.

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::{
    harness::{Actor, Api, assert_snapshot, face::id, stories_in_both_faces},
    learning::exchange::import,
};

stories_in_both_faces!(the_loop_of_an_informational_interview);

const TALK: &str = "InformationalInterview";

/// Imports somebody who works somewhere, and gives the contact's id.
async fn known(who: &Actor, name: &str, company: &str) -> String {
    let card =
        format!("BEGIN:VCARD\r\nVERSION:4.0\r\nFN:{name}\r\nORG:{company}\r\nTITLE:Data Scientist\r\nEND:VCARD\r\n");
    let preview = json!({ "kind": "CONTACTS_VCARD", "vcard": card, "preview": true });
    assert_eq!(import(who, preview).await["added"], 1);
    let job = import(who, json!({ "kind": "CONTACTS_VCARD", "vcard": card })).await;
    let rows = who.ask("importRows", json!({ "importId": job["id"] })).await.done();
    rows["rows"][0]["objectId"].as_str().unwrap().to_owned()
}

/// What a calendar program reads at an address, unfolded.
async fn feed(api: &Api, url: &str) -> String {
    let path = url.strip_prefix(&api.url).unwrap();
    let answer = api.anyone().get(&format!("/{path}")).await;
    assert_eq!((answer.status(), answer.header("content-type")), (200, "text/calendar; charset=utf-8"));
    answer.text().replace("\r\n ", "")
}

async fn the_loop_of_an_informational_interview(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, competencies) = root.framework("own").await;
    let noor = known(&ada, "Noor", "Windy Grid").await;
    let made = ada
        .create("CalendarFeed", json!({ "name": "Talks", "contents": ["INFORMATIONAL_INTERVIEWS", "FOLLOW_UPS"] }))
        .await;
    let url = made.done()["url"].as_str().unwrap().to_owned();
    let talk = ada.create(TALK, json!({ "contactId": noor, "purpose": "What do you do all day?" })).await.done();
    assert_eq!((&talk["roleTitle"], &talk["state"]), (&json!("Data Scientist"), &json!("PLANNED")));
    let talk = id(&talk);
    assert_snapshot!(ada.tell(TALK, "hold", &talk).await.said(), @"INVALID_TRANSITION");
    ada.tell(TALK, "request", &talk).await.done();
    // She asks for a time before she has looked anything up, and is told so.
    let at = clock::now() - TimeDelta::days(3);
    let when = json!({ "scheduledAt": clock::rfc3339(at), "durationMin": 20, "channel": "VIDEO" });
    let done = ada.act(TALK, "schedule", Some(&talk), when).await.done();
    assert_eq!(done["warnings"][0]["code"], "NOT_PREPARED");
    let known_now = json!({ "researchInterviewee": "Leads forecasting.", "researchCompany": "Runs the grid." });
    let ready = ada.update(TALK, &talk, known_now).await.done();
    assert_eq!((&ready["readiness"]["ready"], &ready["readiness"]["questionsCount"]), (&json!(true), &json!(6)));
    let text = feed(&api, &url).await;
    let start = format!("DTSTART:{}\r\n", at.format("%Y%m%dT%H%M%SZ"));
    assert!(text.contains("SUMMARY:Talk with Noor · Windy Grid\r\n") && text.contains(&start), "{text}");
    let answers: Vec<Value> = ready["questions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|question| json!({ "topic": question["topic"], "text": "It depends." }))
        .collect();
    let held = ada.act(TALK, "hold", Some(&talk), json!({ "answers": answers })).await.done();
    assert_eq!((held["answers"].as_array().unwrap().len(), &held["warnings"]), (6, &json!([])));
    assert_eq!(ada.see("Contact", &noor).await.done()["lastInteractionAt"], held["heldAt"]);
    for (place, competency) in competencies.iter().enumerate() {
        let found = json!({
            "interviewId": talk, "kind": "SKILL", "text": format!("Skill {place}"), "competencyId": competency, "weight": 5 - place,
        });
        ada.create("Finding", found).await.done();
    }
    for (kind, text) in [
        ("DUTY", "Clean data"),
        ("DUTY", "Forecast"),
        ("TIME_SHARE", "80 % cleaning"),
        ("HIRING_STEP", "A task at home"),
    ] {
        ada.create("Finding", json!({ "interviewId": talk, "kind": kind, "text": text })).await.done();
    }
    // Elsewhere the same title is other work.
    let olu = known(&ada, "Olu", "Web Shop").await;
    let other = id(&ada.create(TALK, json!({ "contactId": olu })).await.done());
    ada.create("Finding", json!({ "interviewId": other, "kind": "DUTY", "text": "Dashboards" })).await.done();
    ada.tell(TALK, "request", &other).await.done();
    ada.act(TALK, "schedule", Some(&other), json!({ "scheduledAt": clock::rfc3339(at) })).await.done();
    ada.tell(TALK, "hold", &other).await.done();
    let told = ada.ask("roleReality", json!({ "title": "data scientist" })).await.done();
    let names: Vec<_> = told["companies"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
    assert_eq!((names, &told["titleInconsistency"]), (vec![&json!("Web Shop"), &json!("Windy Grid")], &json!(100)));
    // To learn first is a success: three needs, which can be planned.
    let done = ada.act(TALK, "conclude", Some(&talk), json!({ "outcome": "LEARN_FIRST" })).await.done();
    assert_eq!(done["warnings"][0]["code"], "NEEDS_RAISED");
    let needs = done["warnings"][0]["details"]["needIds"].clone();
    assert_eq!(needs.as_array().unwrap().len(), 3);
    let plan = ada.plan("After the talk").await;
    let planned = ada.act("LearningNeed", "plan", None, json!({ "planId": plan, "needIds": needs })).await.done();
    assert!(planned["items"].as_array().unwrap().iter().all(|need| need["state"] == "PLANNED"));
    // Noor should hear of it: it is in the calendar, and advice says so, until she does.
    let due = "SUMMARY:Thank Noor · Windy Grid\r\n";
    let text = feed(&api, &url).await;
    assert!(text.contains(due) && text.contains("SUMMARY:✓ Talk with Noor · Windy Grid\r\n"), "{text}");
    let uids: Vec<_> = text.split("\r\n").filter(|line| line.starts_with(&format!("UID:{talk}"))).collect();
    assert_eq!(uids, [format!("UID:{talk}"), format!("UID:{talk}-follow-up")]);
    let advised = ada.ask("insights", json!({ "subjectId": talk })).await.done();
    assert_eq!(advised["items"][0]["code"], "FOLLOW_UP_OVERDUE");
    assert_eq!(
        advised["items"][0]["suggestedCommand"]["path"],
        format!("/api/v1/informational-interviews/{talk}/follow-up")
    );
    ada.tell(TALK, "followUp", &talk).await.done();
    assert_eq!(ada.ask("insights", json!({ "subjectId": talk })).await.done()["items"], json!([]));
    assert!(feed(&api, &url).await.contains("SUMMARY:✓ Thank Noor · Windy Grid\r\n"));
}
