//! Interviews: scheduled, moved with their history, held, and what they show (§23).

use serde_json::{Value, json};

use super::Search;
use crate::harness::{Api, Face, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    an_interview_is_scheduled,
    an_interview_is_moved,
    the_same_time_is_no_other,
    a_slip_is_taken_back,
    what_came_of_an_interview,
    an_interview_has_names_elsewhere,
    whose_an_interview_is
);

const KIND: &str = "Interview";

fn at(application: &str, when: &str) -> Value {
    json!({ "applicationId": application, "type": "TECHNICAL", "scheduledAt": when })
}

async fn an_interview_is_scheduled(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    ada.update("User", &ada.id, json!({ "timeZone": "America/New_York" })).await.done();
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let noor = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let mut new = at(&application, "2026-03-10T15:00:00Z");
    new["interviewers"] = json!([{ "name": "Noor", "role": "Lead", "contactId": noor }, { "name": "Olu" }]);
    new["prep"] = json!({ "topics": ["Joins"], "questions": ["What does a week look like?"] });
    let made = ada.act(KIND, "schedule", None, new).await.done();
    assert_eq!(
        (&made["type"], &made["round"], &made["durationMin"], &made["timeZone"], &made["state"], &made["result"]),
        (
            &json!("TECHNICAL"),
            &json!(1),
            &json!(60),
            &json!("America/New_York"),
            &json!("SCHEDULED"),
            &json!("PENDING")
        )
    );
    assert_eq!(made["prep"]["topics"], json!(["Joins"]));
    // It is suggested to move the application on, and it is not moved.
    let warned = &made["warnings"][0];
    assert_eq!((&warned["code"], &warned["details"]["command"]), (&json!("MOVE_SUGGESTED"), &json!("moveApplication")));
    let input = warned["details"]["input"].clone();
    assert_eq!(ada.see("Application", &application).await.done()["stageKind"], json!("RESEARCH"));
    let to = json!({ "fromStageId": input["fromStageId"], "toStageId": input["toStageId"] });
    let moved = ada.act("Application", "move", Some(&application), to).await.done();
    assert_eq!(moved["stageKind"], json!("INTERVIEWING"));
    let second = ada.act(KIND, "schedule", None, at(&application, "2026-03-12T15:00:00Z")).await.done();
    assert_eq!((&second["round"], &second["warnings"]), (&json!(2), &json!([])));
    for (wrong, said) in [
        (json!({ "timeZone": "Mars/Olympus" }), "VALIDATION_FAILED /timeZone"),
        (json!({ "durationMin": 4 }), "VALIDATION_FAILED /durationMin"),
        (
            json!({ "interviewers": [{ "name": "x", "contactId": nothing("ctc") }] }),
            "REFERENCE_UNKNOWN /interviewers/0/contactId",
        ),
        (json!({ "applicationId": nothing("app") }), "REFERENCE_UNKNOWN /applicationId"),
    ] {
        let mut new = at(&application, "2026-03-10T15:00:00Z");
        for (name, value) in wrong.as_object().unwrap() {
            new[name] = value.clone();
        }
        assert_eq!(ada.act(KIND, "schedule", None, new).await.said(), said);
    }
    ada.act("Application", "close", Some(&application), json!({ "outcome": "WITHDRAWN" })).await.done();
    let late = ada.act(KIND, "schedule", None, at(&application, "2026-03-10T15:00:00Z")).await;
    assert_snapshot!(late.said(), @"APPLICATION_CLOSED /applicationId");
}

async fn an_interview_is_moved(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let id = ada.act(KIND, "schedule", None, at(&application, "2026-03-10T15:00:00Z")).await.id();
    let later = json!({ "scheduledAt": "2026-03-11T09:00:00Z", "durationMin": 90, "reason": "They are ill." });
    ada.act(KIND, "reschedule", Some(&id), later).await.done();
    ada.act(KIND, "cancel", Some(&id), json!({})).await.done();
    let back = json!({ "scheduledAt": "2026-03-20T09:00:00Z", "timeZone": "Europe/Vienna" });
    let back = ada.act(KIND, "reschedule", Some(&id), back).await.done();
    assert_eq!((&back["state"], &back["timeZone"]), (&json!("RESCHEDULED"), &json!("Europe/Vienna")));
    let line = |one: &Value| format!("{} {} {}", one["scheduledAt"], one["durationMin"], one["reason"]);
    let lines: Vec<_> = back["moves"].as_array().unwrap().iter().map(line).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    "2026-03-10T15:00:00.000000Z" 60 "They are ill."
    "2026-03-11T09:00:00.000000Z" 90 null
    "#);
    let kept = ada
        .update(KIND, &id, json!({ "location": "https://meet.example/1", "round": 3, "type": "FINAL" }))
        .await
        .done();
    assert_eq!((&kept["type"], kept["moves"].as_array().unwrap().len()), (&json!("FINAL"), 2));
    ada.tell(KIND, "miss", &id).await.done();
    assert_snapshot!(ada.tell(KIND, "cancel", &id).await.details, @r#"{"allowed":["reschedule","hold"],"command":"cancel","from":"NO_SHOW"}"#);
    ada.act(KIND, "reschedule", Some(&id), json!({ "scheduledAt": "2026-03-21T09:00:00Z" })).await.done();
    assert_snapshot!(ada.act(KIND, "hold", Some(&id), json!({ "heldAt": "2999-01-01T00:00:00Z" })).await.said(), @"OCCURRED_AT_INVALID /heldAt");
    let held = ada.tell(KIND, "hold", &id).await.done();
    assert_eq!(held["heldAt"], json!("2026-03-21T09:00:00.000000Z"));
    for verb in ["cancel", "miss", "hold"] {
        assert_snapshot!(ada.tell(KIND, verb, &id).await.said(), @"INVALID_TRANSITION");
    }
    let events = ada.list("Event", &[("subjectId", &id), ("sort", "seq")]).await.each("type");
    let events: Vec<_> = events.iter().map(|word| word.as_str().unwrap().trim_start_matches("interview.")).collect();
    assert_snapshot!(events.join(" "), @"scheduled rescheduled cancelled rescheduled updated missed rescheduled held");
    assert!(ada.see("Application", &application).await.done()["lastActivityAt"].as_str().unwrap() >= "2026-03-21");
}

async fn the_same_time_is_no_other(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let mut new = at(&application, "2026-03-10T15:00:00Z");
    let first = ada.upsert(KIND, "calendar", "7", new.clone()).await.done();
    let id = first["id"].as_str().unwrap();
    // Another length at the same time is told, and is no move.
    new["durationMin"] = json!(90);
    let longer = ada.upsert(KIND, "calendar", "7", new).await.done();
    assert_eq!((&longer["durationMin"], &longer["moves"], &longer["version"]), (&json!(90), &json!([]), &json!(2)));
    let shorter = ada.update(KIND, id, json!({ "durationMin": 45 })).await.done();
    assert_eq!((&shorter["durationMin"], &shorter["state"]), (&json!(45), &json!("SCHEDULED")));
    assert_snapshot!(ada.update(KIND, id, json!({ "durationMin": 4 })).await.said(), @"VALIDATION_FAILED /durationMin");
    for same in [
        json!({ "scheduledAt": "2026-03-10T15:00:00Z" }),
        json!({ "scheduledAt": "2026-03-10T15:00:00Z", "durationMin": 45 }),
    ] {
        let same = ada.act(KIND, "reschedule", Some(id), same).await.done();
        assert_eq!((&same["state"], &same["moves"], &same["version"]), (&json!("SCHEDULED"), &json!([]), &json!(3)));
    }
    let zone = json!({ "scheduledAt": "2026-03-10T15:00:00Z", "timeZone": "Europe/Vienna" });
    let zone = ada.act(KIND, "reschedule", Some(id), zone).await.done();
    assert_eq!((&zone["timeZone"], &zone["moves"]), (&json!("Europe/Vienna"), &json!([])));
    let moved = json!({ "scheduledAt": "2026-03-10T15:00:00Z", "durationMin": 60 });
    let moved = ada.act(KIND, "reschedule", Some(id), moved).await.done();
    assert_eq!((&moved["durationMin"], moved["moves"].as_array().unwrap().len()), (&json!(60), 1));
    // One that was called off comes back, be it at the time that it had.
    ada.tell(KIND, "cancel", id).await.done();
    let back = json!({ "scheduledAt": "2026-03-10T15:00:00Z" });
    let back = ada.act(KIND, "reschedule", Some(id), back).await.done();
    assert_eq!((&back["state"], back["moves"].as_array().unwrap().len()), (&json!("RESCHEDULED"), 2));
}

async fn a_slip_is_taken_back(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let id = ada.act(KIND, "schedule", None, at(&application, "2026-03-10T15:00:00Z")).await.id();
    // They came after all.
    ada.tell(KIND, "miss", &id).await.done();
    let held = ada.tell(KIND, "hold", &id).await.done();
    assert_eq!((&held["state"], &held["heldAt"]), (&json!("HELD"), &json!("2026-03-10T15:00:00.000000Z")));
    // It is still to come; of what something came, that is taken back first.
    let later = json!({ "scheduledAt": "2026-03-20T15:00:00Z" });
    ada.act(KIND, "recordResult", Some(&id), json!({ "result": "PASSED" })).await.done();
    let refused = ada.act(KIND, "reschedule", Some(&id), later.clone()).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":["recordResult"],"command":"reschedule","from":"HELD"}"#);
    ada.act(KIND, "recordResult", Some(&id), json!({ "result": "PENDING" })).await.done();
    let open = ada.act(KIND, "reschedule", Some(&id), later).await.done();
    assert_eq!((&open["state"], &open["heldAt"]), (&json!("RESCHEDULED"), &json!(null)));
}

async fn what_came_of_an_interview(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (_, [_, sql, talk]) = root.framework("own").await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let id = ada.act(KIND, "schedule", None, at(&application, "2026-03-10T15:00:00Z")).await.id();
    let card = |ratings: Value| json!({ "interviewId": id, "ratings": ratings, "asked": ["A window function"] });
    let low = json!([{ "competencyId": sql, "rating": 1 }, { "competencyId": talk, "rating": 4 }]);
    // Nothing is known of what has not taken place.
    assert_snapshot!(ada.create("SelfScorecard", card(low.clone())).await.said(), @"INTERVIEW_NOT_HELD");
    let result = |word: &str| json!({ "result": word });
    assert_snapshot!(ada.act(KIND, "recordResult", Some(&id), result("PASSED")).await.said(), @"INTERVIEW_NOT_HELD");
    ada.tell(KIND, "hold", &id).await.done();
    let twice = json!([{ "competencyId": sql, "rating": 1 }, { "competencyId": sql, "rating": 2 }]);
    assert_snapshot!(ada.create("SelfScorecard", card(twice)).await.said(), @"COMPETENCY_REPEATED /ratings/1/competencyId");
    let six = json!([{ "competencyId": sql, "rating": 6 }]);
    assert_snapshot!(ada.create("SelfScorecard", card(six)).await.said(), @"VALIDATION_FAILED /ratings/0/rating");
    let unknown = json!([{ "competencyId": nothing("cmp"), "rating": 3 }]);
    assert_snapshot!(ada.create("SelfScorecard", card(unknown)).await.said(), @"REFERENCE_UNKNOWN /ratings/0/competencyId");
    let written = ada.create("SelfScorecard", card(low.clone())).await.done();
    assert_eq!(written["applicationId"], json!(application));
    let again = ada.create("SelfScorecard", card(low.clone())).await;
    assert_snapshot!(again.said(), @"ALREADY_EXISTS /interviewId");
    assert_eq!(again.details, json!({ "selfScorecardId": written["id"] }));
    let newest = ada.through(Face::Rest).list("SelfScorecard", &[("sort", "-updatedAt")]).await;
    assert_eq!(newest.ids(), [written["id"].as_str().unwrap()]);
    // What goes on, shows nothing to learn.
    ada.act(KIND, "recordResult", Some(&id), result("PASSED")).await.done();
    let refused = ada.tell(KIND, "raiseNeeds", &id).await;
    assert_snapshot!(refused.said(), @"INTERVIEW_NOT_FAILED");
    assert_snapshot!(refused.details, @r#"{"result":"PASSED"}"#);
    let lost = ada.act(KIND, "recordResult", Some(&id), result("NOT_PASSED")).await.done();
    let warned = &lost["warnings"][0];
    assert_eq!((&warned["code"], &warned["details"]["competencyIds"]), (&json!("NEEDS_SUGGESTED"), &json!([sql])));
    assert_eq!(ada.list("LearningNeed", &[]).await.items.len(), 0, "it is suggested, and not done");
    // Who may write in her search may not say what she needs to learn.
    ada.opens(&kim, &["jobs:write"]).await;
    assert_snapshot!(kim.tell(KIND, "raiseNeeds", &id).await.said(), @"FORBIDDEN");
    let raised = ada.tell(KIND, "raiseNeeds", &id).await.done();
    // Once more is nothing new.
    let again = ada.tell(KIND, "raiseNeeds", &id).await.done();
    assert_eq!(again["version"], raised["version"]);
    assert_eq!(ada.list("Event", &[("subjectId", &id), ("type", "interview.needs_raised")]).await.items.len(), 1);
    let needs = ada.list("LearningNeed", &[]).await.items;
    assert_eq!((needs.len(), &needs[0]["competencyId"], &needs[0]["strength"]), (1, &json!(sql), &json!(80)));
    let sources = ada.list("LearningNeedSource", &[]).await.items;
    assert_eq!(
        (sources.len(), &sources[0]["source"], &sources[0]["sourceId"]),
        (1, &json!("INTERVIEW_RESULT"), &json!(id))
    );
    let shown =
        ada.get(&format!("/applications/{application}?expand=learningNeeds,interviews.scorecards")).await.fine();
    assert_eq!(shown["learningNeeds"]["items"][0]["state"], json!("OPEN"));
    assert_eq!(shown["interviews"]["items"][0]["scorecards"]["items"][0]["id"], written["id"]);
    // Whoever writes it down after the result is known is advised as well.
    ada.tell("SelfScorecard", "delete", written["id"].as_str().unwrap()).await.done();
    let late = ada.create("SelfScorecard", card(low)).await.done();
    assert_eq!(late["warnings"][0]["code"], json!("NEEDS_SUGGESTED"));
    // Of what was rated well, there is nothing to learn.
    let well = json!({ "ratings": [{ "competencyId": sql, "rating": 3 }], "improve": "Nothing." });
    ada.update("SelfScorecard", late["id"].as_str().unwrap(), well).await.done();
    assert_snapshot!(ada.tell(KIND, "raiseNeeds", &id).await.said(), @"NOTHING_RATED_LOW");
}

async fn an_interview_has_names_elsewhere(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let first = ada.upsert(KIND, "calendar", "7", at(&application, "2026-03-10T15:00:00Z")).await.done();
    let again = ada.upsert(KIND, "calendar", "7", at(&application, "2026-03-10T15:00:00Z")).await.done();
    assert_eq!((&again["id"], &again["version"], &again["state"]), (&first["id"], &json!(1), &json!("SCHEDULED")));
    // Another time is a move.
    let moved = ada.upsert(KIND, "calendar", "7", at(&application, "2026-03-11T15:00:00Z")).await.done();
    assert_eq!((&moved["state"], moved["moves"].as_array().unwrap().len()), (&json!("RESCHEDULED"), 1));
    let other = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let wrong = ada.upsert(KIND, "calendar", "7", at(&other, "2026-03-11T15:00:00Z")).await;
    assert_snapshot!(wrong.said(), @"APPLICATION_IMMUTABLE /applicationId");
}

async fn whose_an_interview_is(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let id = ada.act(KIND, "schedule", None, at(&application, "2026-03-10T15:00:00Z")).await.id();
    ada.tell(KIND, "hold", &id).await.done();
    let card = ada.create("SelfScorecard", json!({ "interviewId": id })).await.id();
    ada.opens(&kim, &["learning:write"]).await;
    for who in [&kim, &root, &machine] {
        assert_snapshot!(who.see(KIND, &id).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.see("SelfScorecard", &card).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.tell(KIND, "cancel", &id).await.said(), @"NOT_FOUND");
    }
    ada.opens(&kim, &["jobs:read"]).await;
    kim.see("SelfScorecard", &card).await.done();
    assert_snapshot!(kim.update("SelfScorecard", &card, json!({ "improve": "x" })).await.said(), @"FORBIDDEN");
    // What is in a search that is gone is not seen.
    ada.tell("JobSearch", "delete", &search.id).await.done();
    assert_snapshot!(ada.see(KIND, &id).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.see("SelfScorecard", &card).await.said(), @"NOT_FOUND");
}
