//! What to do next, and what is advised (§21).

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use super::Search;
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    what_is_stale_and_what_comes_next,
    what_is_advised,
    advice_is_the_persons_own,
    advice_about_a_search_goes_with_it
);

fn days(count: i64) -> String {
    clock::rfc3339(clock::now() + TimeDelta::days(count))
}

/// An application for an opening of its own, in a stage, that began so many days ago.
async fn applies(who: &Actor, search: &Search, title: &str, stage: usize, ago: i64, closes: Option<i64>) -> String {
    let company = who.create("Company", json!({ "name": title })).await.id();
    let posting = json!({ "companyId": company, "title": title, "closesAt": closes.map(days) });
    let posting = who.create("JobPosting", posting).await.id();
    let new =
        search.applying(json!({ "postingId": posting, "stageId": search.stages[stage], "occurredAt": days(-ago) }));
    who.create("Application", new).await.id()
}

async fn next(who: &Actor, asked: Value) -> String {
    let told = who.ask("nextActions", asked).await.done();
    let each = told["items"].as_array().unwrap().iter().map(|one| {
        let word = |name: &str| one[name].as_str().unwrap().to_owned();
        format!("{} {}: {} {}", word("reason"), word("title"), word("action"), one["overdue"])
    });
    each.collect::<Vec<_>>().join("\n")
}

async fn what_is_stale_and_what_comes_next(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let quiet = applies(&ada, &search, "Quiet", 2, 30, None).await;
    applies(&ada, &search, "Fresh", 3, 2, None).await;
    applies(&ada, &search, "Closing", 0, 1, Some(2)).await;
    let planned = applies(&ada, &search, "Planned", 2, 9, None).await;
    ada.update("Application", &planned, json!({ "nextAction": "Call Noor.", "nextActionAt": days(1) })).await.done();
    let ended = applies(&ada, &search, "Ended", 2, 40, None).await;
    ada.act("Application", "close", Some(&ended), json!({ "outcome": "NO_RESPONSE" })).await.done();
    assert_snapshot!(next(&ada, json!({})).await, @r"
    QUIET Quiet: Ask how it stands. true
    PLANNED Planned: Call Noor. false
    CLOSING_SOON Closing: Apply before it closes. false
    ");
    assert_snapshot!(next(&ada, json!({ "limit": 1 })).await, @"QUIET Quiet: Ask how it stands. true");
    let stale = ada.ask("staleApplications", json!({})).await.done();
    let titles: Vec<_> = stale["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["title"].as_str().unwrap(), one["quietDays"]))
        .collect();
    assert_eq!(titles, ["Quiet 30", "Planned 9"]);
    let stale = ada.ask("staleApplications", json!({ "days": 20, "jobSearchId": search.id })).await.done();
    assert_eq!((stale["items"].as_array().unwrap().len(), &stale["items"][0]["applicationId"]), (1, &json!(quiet)));
    // What rests is not asked for.
    ada.tell("JobSearch", "pause", &search.id).await.done();
    assert_eq!(ada.ask("staleApplications", json!({})).await.done()["items"], json!([]));
    assert_eq!(next(&ada, json!({})).await, "");
}

async fn codes(who: &Actor, asked: Value) -> String {
    let told = who.ask("personInsights", asked).await.done();
    let jobs = ["CLOSING_SOON", "FOLLOW_UP_DUE", "DUPLICATE_APPLICATION", "PREVIOUSLY_UNRESPONSIVE_COMPANY"];
    let all = told["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap());
    all.filter(|code| jobs.contains(code)).collect::<Vec<_>>().join(" ")
}

/// A search of which every rule finds something.
async fn everything(who: &Actor) -> (Search, String) {
    let search = Search::of(who).await;
    applies(who, &search, "Closing", 0, 1, Some(2)).await;
    let quiet = search.apply(who, &days(-40)).await;
    who.act("Application", "close", Some(&quiet), json!({ "outcome": "NO_RESPONSE" })).await.done();
    let again = search.applying(json!({ "stageId": search.stages[2], "occurredAt": days(-8) }));
    let again = who.create("Application", again).await.id();
    who.create("Application", search.applying(json!({}))).await.done();
    (search, again)
}

async fn what_is_advised(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (search, again) = everything(&ada).await;
    assert_snapshot!(codes(&ada, json!({})).await, @"CLOSING_SOON DUPLICATE_APPLICATION FOLLOW_UP_DUE PREVIOUSLY_UNRESPONSIVE_COMPANY PREVIOUSLY_UNRESPONSIVE_COMPANY");
    let told = ada.ask("insights", json!({ "subjectId": again })).await.done();
    let due = told["items"].as_array().unwrap().iter().find(|one| one["code"] == "FOLLOW_UP_DUE").unwrap();
    assert_snapshot!(due["reason"].as_str().unwrap(), @"ML engineer has been quiet for 8 days: a short, friendly question keeps it going.");
    let command = &due["suggestedCommand"];
    assert_eq!([&command["name"], &command["objectId"]], [&json!("updateApplication"), &json!(again)]);
    // Of a search, everything in it is told.
    let told = ada.ask("insights", json!({ "subjectId": search.id })).await.done();
    let told = told["items"].as_array().unwrap();
    assert_eq!(told.iter().filter(|one| one["code"] != "JOB_SEARCH_WITHOUT_PORTFOLIO").count(), 5);
    // Of a search beside which nothing is shown, that is told of once, and not after something was.
    let shows = || async { ada.ask("personInsights", json!({})).await.done().to_string() };
    assert_eq!(shows().await.matches("JOB_SEARCH_WITHOUT_PORTFOLIO").count(), 1);
    ada.create("PortfolioEntry", json!({ "title": "Chess" })).await.done();
    assert_eq!(shows().await.matches("JOB_SEARCH_WITHOUT_PORTFOLIO").count(), 0);
    // Once there is something to do later, nobody is to ask.
    ada.update("Application", &again, json!({ "nextActionAt": days(3) })).await.done();
    assert_snapshot!(codes(&ada, json!({})).await, @"CLOSING_SOON DUPLICATE_APPLICATION PREVIOUSLY_UNRESPONSIVE_COMPANY PREVIOUSLY_UNRESPONSIVE_COMPANY");
}

async fn advice_is_the_persons_own(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, machine) = (acme.learner("ada").await, acme.coach("kim").await, acme.omnipotent().await);
    let (search, _) = everything(&ada).await;
    let hers = json!({ "userId": ada.id });
    // Who may be told of her learning is told nothing of her search.
    ada.opens(&kim, &["learning:review"]).await;
    for who in [&kim, &machine] {
        assert_eq!(codes(who, hers.clone()).await, "", "{}", who.name);
        assert_eq!(who.ask("nextActions", hers.clone()).await.said(), "GRANT_REQUIRED", "{}", who.name);
        assert_eq!(who.ask("staleApplications", hers.clone()).await.said(), "GRANT_REQUIRED", "{}", who.name);
    }
    ada.opens(&kim, &["jobs:read"]).await;
    assert_ne!(codes(&kim, hers.clone()).await, "");
    let told = kim.ask("nextActions", hers.clone()).await.done();
    assert_ne!(told["items"], json!([]));
    // A search says whose it is.
    for name in ["nextActions", "staleApplications"] {
        let of_search = kim.ask(name, json!({ "jobSearchId": search.id })).await.done();
        let of_her = kim.ask(name, json!({ "jobSearchId": search.id, "userId": ada.id })).await.done();
        assert_eq!(of_search, of_her, "{name}");
        assert_ne!(of_search["items"], json!([]), "{name}");
    }
}

/// Who was let see the search alone reads what is advised of the things in it, and nothing of what its owner learns.
async fn advice_about_a_search_goes_with_it(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, machine) = (acme.learner("ada").await, acme.coach("kim").await, acme.omnipotent().await);
    let (search, again) = everything(&ada).await;
    let plan = ada.plan("Mine").await;
    for subject in [&search.id, &again] {
        for who in [&kim, &machine] {
            let said = who.ask("insights", json!({ "subjectId": subject })).await.said();
            assert_eq!(said, "NOT_FOUND", "{}", who.name);
        }
    }
    ada.opens(&kim, &["jobs:read"]).await;
    for subject in [&search.id, &again] {
        let asked = json!({ "subjectId": subject });
        let (told, hers) = (kim.ask("insights", asked.clone()).await.done(), ada.ask("insights", asked).await.done());
        let codes =
            |told: &Value| told["items"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect::<Vec<_>>();
        assert!(!codes(&told).is_empty());
        // What is in her portfolio is told to whom she opened that.
        let mut hers = codes(&hers);
        hers.retain(|code| *code != json!("JOB_SEARCH_WITHOUT_PORTFOLIO"));
        assert_eq!(codes(&told), hers);
    }
    assert_snapshot!(kim.ask("personInsights", json!({ "userId": ada.id })).await.said(), @"GRANT_REQUIRED");
    assert_snapshot!(kim.ask("insights", json!({ "subjectId": plan })).await.said(), @"NOT_FOUND");
}
