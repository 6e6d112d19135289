//! Interviews, deadlines and next steps in the person's calendar, with their time zone (§23, §37).

use serde_json::{Value, json};

use super::Search;
use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(what_is_due_in_a_search_is_in_the_calendar, what_is_over_is_in_no_calendar);

async fn what_is_due_in_a_search_is_in_the_calendar(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    ada.update("User", &ada.id, json!({ "timeZone": "Asia/Tokyo" })).await.done();
    let search = Search::of(&ada).await;
    let saved = json!({ "companyId": search.company, "title": "Analyst", "closesAt": "2998-05-01T20:00:00Z" });
    ada.create("JobPosting", saved).await.done();
    let next =
        json!({ "nextAction": "Send the letter", "nextActionAt": "2998-05-03T20:00:00Z", "stageId": search.stages[4] });
    let application = ada.create("Application", search.applying(next)).await.id();
    let when = json!({
        "applicationId": application, "type": "PANEL", "scheduledAt": "2998-05-04T20:30:00Z", "durationMin": 45,
    });
    let interview = ada.act("Interview", "schedule", None, when).await.id();
    let offer = json!({ "applicationId": application, "respondBy": "2998-05-06T20:00:00Z" });
    ada.create("Offer", offer).await.done();
    // What others opened to somebody is in the calendars of these.
    ada.opens(&ben, &["jobs:read", "community:read"]).await;
    assert_eq!(ben.ask("calendar", json!({})).await.done()["entries"], json!([]));
    let told = ada.ask("calendar", json!({})).await.done();
    let line = |one: &Value| {
        let word = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
        format!("{} {} {} {} {}", word("content"), word("day"), word("startsAt"), one["minutes"], word("summary"))
    };
    let lines: Vec<_> = told["entries"].as_array().unwrap().iter().map(line).collect();
    assert_snapshot!(lines.join("\n"), @r"
    INTERVIEWS 2998-05-05 2998-05-04T20:30:00.000000Z 45 Interview · ML engineer, Windy Grid
    OFFERS 2998-05-07 - null Answer the offer · ML engineer, Windy Grid
    POSTINGS 2998-05-02 - null Closes: Analyst · Windy Grid
    NEXT_ACTIONS 2998-05-04 - null Send the letter · ML engineer, Windy Grid
    ");
    let text = ada.ask_for("ics", "calendar", json!({ "contents": ["INTERVIEWS", "OFFERS"] })).await;
    assert!(text.contains("\r\nDTSTART:29980504T203000Z\r\nDTEND:29980504T211500Z\r\n"), "{text}");
    assert!(text.contains("\r\nDTSTART;VALUE=DATE:29980507\r\n") && text.contains(&format!("\r\nUID:{interview}\r\n")));
    // What is moved counts up; what is called off, or of a search that is gone, is not there.
    let later = json!({ "scheduledAt": "2998-05-08T20:30:00Z" });
    ada.act("Interview", "reschedule", Some(&interview), later).await.done();
    let of = json!({ "contents": ["INTERVIEWS"] });
    let moved = ada.ask("calendar", of.clone()).await.done()["entries"][0].clone();
    assert_eq!((&moved["startsAt"], &moved["sequence"]), (&json!("2998-05-08T20:30:00.000000Z"), &json!(1)));
    ada.tell("Interview", "cancel", &interview).await.done();
    assert_eq!(ada.ask("calendar", of).await.done()["entries"], json!([]));
    ada.tell("JobSearch", "delete", &search.id).await.done();
    let left = ada.ask("calendar", json!({})).await.done();
    assert_eq!(left["entries"].as_array().unwrap().len(), 1, "the posting that was saved");
}

async fn what_is_over_is_in_no_calendar(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let next =
        json!({ "nextAction": "Send the letter", "nextActionAt": "2998-05-03T20:00:00Z", "stageId": search.stages[4] });
    let application = ada.create("Application", search.applying(next)).await.id();
    let when =
        |at: &str| json!({ "applicationId": application, "type": "PANEL", "scheduledAt": at, "durationMin": 1440 });
    ada.act("Interview", "schedule", None, when("9999-12-31T23:59:59Z")).await.done();
    ada.create("Offer", json!({ "applicationId": application, "respondBy": "2998-05-06T20:00:00Z" })).await.done();
    let told = async || ada.ask("calendar", json!({})).await.done()["entries"].as_array().unwrap().clone();
    let contents =
        async || told().await.iter().map(|one| one["content"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
    assert_eq!(contents().await, ["INTERVIEWS", "OFFERS", "NEXT_ACTIONS"]);
    // What would end after the last year ends when it begins.
    let text = ada.ask_for("ics", "calendar", json!({ "contents": ["INTERVIEWS"] })).await;
    assert!(text.contains("DTSTART:99991231T235959Z") && !text.contains("DTEND"), "{text}");
    // A new name of the company is a change of what it is called.
    let sequences = async || told().await.iter().map(|one| one["sequence"].as_i64().unwrap()).collect::<Vec<_>>();
    let before = sequences().await;
    ada.update("Company", &search.company, json!({ "name": "Calm Grid" })).await.done();
    assert_eq!(sequences().await, before.iter().map(|one| one + 1).collect::<Vec<_>>());
    // A search that rests asks for nothing next; what is agreed with others stands.
    ada.tell("JobSearch", "pause", &search.id).await.done();
    assert_eq!(contents().await, ["INTERVIEWS", "OFFERS"]);
    ada.tell("JobSearch", "resume", &search.id).await.done();
    ada.act("Application", "close", Some(&application), json!({ "outcome": "REJECTED" })).await.done();
    assert_eq!(contents().await, [""; 0]);
}
