//! A search for a job that tells a story: from finance to machine learning, in twelve weeks that follow each other.

use serde_json::{Value, json};

use super::{Demo, told};
use crate::harness::Backend;

#[tokio::test]
async fn a_search_tells_a_story() {
    told(Backend::Sqlite, search).await;
}

#[tokio::test]
async fn a_search_tells_a_story_on_postgres() {
    told(Backend::Postgres, search).await;
}

async fn search(demo: &Demo) {
    switch(demo).await;
    talks(demo).await;
    applications(demo).await;
    referrals(demo).await;
    rejection(demo).await;
    time_line(demo).await;
    to_come(demo).await;
    everybody(demo).await;
    offers(demo).await;
}

/// Words of things, sorted.
fn words<'a>(all: &'a [Value], names: &[&str]) -> Vec<String> {
    let word = |one: &'a Value, name: &str| one[name].as_str().unwrap_or("-").to_owned();
    let mut words: Vec<String> =
        all.iter().map(|one| names.iter().map(|name| word(one, name)).collect::<Vec<_>>().join(" ")).collect();
    words.sort();
    words
}

async fn switch(demo: &Demo) {
    let plan = demo.list("transition-plans?expand=legs").await.remove(0);
    assert_eq!((&plan["kind"], &plan["path"]), (&json!("ROLE_AND_INDUSTRY"), &json!("ROLE_FIRST")));
    let legs = plan["legs"]["items"].as_array().expect("legs");
    assert_eq!(words(legs, &["kind", "state"]), ["INDUSTRY PLANNED", "ROLE ACTIVE"]);
    let told = demo.get("classify-transition?toRole=ML%20engineer&toIndustry=Software").await;
    let paths = told["paths"].as_array().expect("paths");
    assert_eq!(words(paths, &["id"]), ["INDUSTRY_FIRST", "ROLE_FIRST"], "{told}");
    assert!(paths.iter().all(|path| path["legs"][0]["contactCount"].as_i64() > Some(0)), "{told}");
}

async fn talks(demo: &Demo) {
    let talks = demo.list("informational-interviews?expand=findings").await;
    let said = words(&talks, &["state", "outcome"]);
    assert_eq!(said, ["FOLLOWED_UP LEARN_FIRST", "FOLLOWED_UP REFERRAL_OFFERED", "SCHEDULED -"]);
    let sources = demo.list("learning-need-sources?source=INFO_INTERVIEW").await;
    let first = talks.iter().find(|talk| talk["outcome"] == "LEARN_FIRST").expect("the first talk");
    assert_eq!(sources.len(), 3, "{sources:?}");
    assert!(sources.iter().all(|source| source["sourceId"] == first["id"]), "{sources:?}");
    let reality = demo.get("role-reality?title=ML%20engineer").await;
    assert_eq!(reality["companies"].as_array().map(Vec::len), Some(3), "{reality}");
    assert!(reality["titleInconsistency"].as_i64().is_some_and(|score| score > 50), "{reality}");
    // Who was in touch with somebody has that from what was logged.
    let contacts = demo.list("contacts?expand=interactions").await;
    assert!(contacts.len() >= 9);
    for contact in &contacts {
        let logged = contact["interactions"]["items"].as_array().expect("a list").iter();
        let last = logged.filter_map(|one| one["occurredAt"].as_str()).max();
        assert!(last.is_none_or(|last| contact["lastInteractionAt"].as_str() >= Some(last)), "{contact}");
    }
    let due = demo.get("keep-in-touch").await;
    assert_eq!(due["contacts"].as_array().map(Vec::len), Some(1), "{due}");
}

async fn applications(demo: &Demo) {
    let all = demo.list("applications").await;
    assert_eq!(
        words(&all, &["stageKind", "outcome"]),
        [
            "APPLIED -",
            "APPLIED NO_RESPONSE",
            "INTERVIEWING REJECTED",
            "OFFER -",
            "OFFER -",
            "RESEARCH -",
            "SCREENING -",
            "SCREENING REJECTED",
            "SCREENING WITHDRAWN",
        ]
    );
    let mut ways = words(&all, &["channel"]);
    ways.dedup();
    assert_eq!(ways, ["DIRECT", "INBOUND", "RECRUITER", "REFERRAL"]);
    let interviews = demo.list("interviews?expand=scorecards").await;
    assert!(interviews.iter().all(|one| !one["prep"]["questions"].is_null()), "each is prepared: {interviews:?}");
    let failed = interviews.iter().find(|one| one["result"] == "NOT_PASSED").expect("one that was not passed");
    assert_eq!(failed["scorecards"]["items"][0]["ratings"][0]["rating"], 2);
    assert!(interviews.iter().any(|one| one["moves"][0]["reason"].is_string()), "one was moved");
    let asked = demo.list("help-requests").await;
    assert_eq!(words(&asked, &["kind", "state"]), ["ADVICE OPEN", "INSIDE_KNOWLEDGE ANSWERED"]);
}

async fn referrals(demo: &Demo) {
    let all = demo.list("referrals?expand=application").await;
    assert_eq!(words(&all, &["state"]), ["EXPIRED", "SUBMITTED"]);
    // Who is a user here let her know how they are reached, and did not come to it.
    let expired = all.iter().find(|one| one["state"] == "EXPIRED").expect("one that expired");
    assert_eq!(expired["referrerEmail"], "priya@demo.example");
    assert!(expired["consentedAt"].as_str() < expired["expiresAt"].as_str(), "{expired}");
    let submitted = all.iter().find(|one| one["state"] == "SUBMITTED").expect("one that was given");
    assert_eq!(submitted["application"]["channel"], "REFERRAL");
    let application = submitted["applicationId"].as_str().expect("an application");
    let interviews = demo.list(&format!("interviews?applicationId={application}")).await;
    assert!(interviews.iter().filter(|one| one["result"] == "PASSED").count() >= 2, "{interviews:?}");
    let advice = demo.get("person-insights").await;
    let advice = advice["items"].as_array().expect("advice");
    let next = advice.iter().find(|one| one["code"] == "REFERRAL_LAPSED").expect("what comes after it");
    assert!(next["reason"].as_str().is_some_and(|why| why.contains("Jonas Weidt")), "{next}");
}

/// What was said of a rejection became a need, which became a course, and is met: its application shows it.
async fn rejection(demo: &Demo) {
    let search = demo.list("job-searches").await.remove(0)["id"].as_str().expect("an id").to_owned();
    let themes = demo.get(&format!("rejection-themes?jobSearchId={search}")).await;
    let first = &themes["themes"][0];
    assert_eq!((&first["code"], &first["negative"]), (&json!("software.databases"), &json!(2)), "{themes}");
    assert_eq!(first["needState"], "MET");
    let need = first["needId"].as_str().expect("a need");
    let sources = demo.list(&format!("learning-need-sources?needId={need}")).await;
    let shown = words(&sources, &["source"]);
    // Her goal and the path that she chose asked for it before.
    assert_eq!(shown, ["GOAL_GAP", "GOAL_GAP", "REJECTION_FEEDBACK", "REJECTION_FEEDBACK"]);
    let rejected = demo.list("applications?outcome=REJECTED&expand=learningNeeds.planItem,feedbackRequests").await;
    let late = rejected.iter().find(|one| one["stageKind"] == "INTERVIEWING").expect("a late one");
    let shown = &late["learningNeeds"]["items"][0];
    assert_eq!((&shown["id"], &shown["planItem"]["status"]), (&json!(need), &json!("DONE")), "{shown}");
    let asked = late["feedbackRequests"]["items"].as_array().expect("who was asked");
    assert_eq!(words(asked, &["source", "state"]), ["HR NO_RESPONSE", "INTERVIEWER RECEIVED"]);
}

/// Nothing answers what was not asked yet, and nothing is written down before it happened.
async fn time_line(demo: &Demo) {
    let pairs = [
        ("transition-plans", &[("createdAt", "acceptedAt")][..]),
        (
            "informational-interviews",
            &[("createdAt", "requestedAt"), ("requestedAt", "heldAt"), ("heldAt", "followedUpAt")],
        ),
        ("referrals", &[("createdAt", "answeredAt"), ("answeredAt", "submittedAt"), ("createdAt", "consentedAt")]),
        ("feedback-requests", &[("createdAt", "requestedAt"), ("requestedAt", "answeredAt")]),
        ("feedbacks", &[("receivedAt", "createdAt")]),
        ("help-requests", &[("createdAt", "answeredAt")]),
        ("applications", &[("beganAt", "createdAt"), ("appliedAt", "lastActivityAt"), ("lastActivityAt", "updatedAt")]),
        ("application-events", &[("occurredAt", "recordedAt")]),
        ("interviews", &[("createdAt", "scheduledAt"), ("scheduledAt", "heldAt")]),
        ("offers", &[("receivedAt", "createdAt")]),
        ("interactions", &[("occurredAt", "createdAt")]),
        ("contacts", &[]),
        ("learning-needs", &[]),
        ("plan-items", &[]),
    ];
    for (list, pairs) in pairs {
        let all = demo.list(list).await;
        assert!(!all.is_empty(), "{list}");
        for (one, (before, after)) in all.iter().flat_map(|one| pairs.iter().map(move |pair| (one, pair))) {
            let (then, later) = (one[before].as_str(), one[after].as_str());
            let follows = then.is_none() || later.is_none() || then <= later;
            assert!(follows, "{list}: {before} {then:?}, {after} {later:?} in {one}");
        }
        for one in &all {
            assert!(one["createdAt"].as_str() <= one["updatedAt"].as_str(), "{list}: {one}");
        }
    }
    for application in demo.list("applications?expand=events").await {
        let events = application["events"]["items"].as_array().expect("its history");
        let days: Vec<_> = events.iter().map(|event| event["occurredAt"].as_str()).collect();
        assert!(days.is_sorted(), "{days:?}");
    }
}

/// What is to come is in the calendar, and what waits is among the next things to do.
async fn to_come(demo: &Demo) {
    let told = demo.get("calendar").await;
    let entries = told["entries"].as_array().expect("entries");
    for (content, summary) in [
        ("INTERVIEWS", "Applied scientist, sorting"),
        ("INFORMATIONAL_INTERVIEWS", "Henrik Sand"),
        ("OFFERS", "Tidewise"),
        ("OFFERS", "Danube Mutual"),
        ("POSTINGS", "Alpenrand Bank"),
        ("NEXT_ACTIONS", "Ask Ruth"),
    ] {
        let found = entries.iter().any(|one| {
            one["content"] == content
                && one["done"] == json!(false)
                && one["summary"].as_str().is_some_and(|text| text.contains(summary))
        });
        assert!(found, "{content} {summary}: {told}");
    }
    let next = demo.get("next-actions").await;
    let mut reasons = words(next["items"].as_array().expect("a list"), &["reason"]);
    reasons.dedup();
    assert_eq!(reasons, ["CLOSING_SOON", "PLANNED", "QUIET"]);
}

/// There is something to report of everybody's searches, and each of the two ways that most take is told by itself.
async fn everybody(demo: &Demo) {
    let told = demo.text_for(2, "reports/job-search-funnel?groupBy=CHANNEL", "application/json").await;
    let told: Value = serde_json::from_str(&told).expect("JSON");
    let groups = told["groups"].as_array().expect("groups");
    assert_eq!(words(groups, &["kind", "key"]), ["GROUP DIRECT", "GROUP REFERRAL", "OTHER -", "TOTAL -"], "{told}");
}

/// Both wait, so that a newcomer can compare and accept; whoever accepts one answers the other, and the search is over.
async fn offers(demo: &Demo) {
    let all = demo.list("offers").await;
    assert_eq!(words(&all, &["state"]), ["NEGOTIATING", "RECEIVED"]);
    let ids: Vec<_> = all.iter().map(|one| one["id"].clone()).collect();
    let compared = demo
        .graphql(
            "query($ids: [ID!]!) { compareOffers(ids: $ids) { comparable offers { offerId company version totalRank risks { code } } } }",
            json!({ "ids": ids }),
        )
        .await;
    let compared = &compared["compareOffers"];
    assert_eq!(compared["comparable"], true);
    let offers = compared["offers"].as_array().expect("offers");
    let of = |company: &str| offers.iter().find(|one| one["company"] == company).expect("an offer");
    let (danube, tidewise) = (of("Danube Mutual"), of("Tidewise"));
    assert_eq!((&danube["version"], &tidewise["version"]), (&json!(2), &json!(1)));
    assert_eq!((&danube["totalRank"], &tidewise["totalRank"]), (&json!(2), &json!(1)));
    let risks = |one: &Value| words(one["risks"].as_array().expect("risks"), &["code"]);
    // The interview that is still to come is before the one is to be answered, and after the other.
    assert!(risks(danube).is_empty(), "{danube}");
    assert_eq!(risks(tidewise), ["DEADLINE_BEFORE_OTHER_RESULTS", "MANAGER_UNKNOWN", "TEAM_UNKNOWN"]);
    let input = json!({ "id": danube["offerId"], "version": 2, "declineOthers": true });
    let done = demo
        .graphql(
            "mutation($input: AcceptOfferInput!) { acceptOffer(input: $input) { offer { state jobSearch { state } } userErrors { code } } }",
            json!({ "input": input }),
        )
        .await;
    let offer = &done["acceptOffer"]["offer"];
    assert_eq!((&offer["state"], &offer["jobSearch"]["state"]), (&json!("ACCEPTED"), &json!("CLOSED")), "{done}");
    assert_eq!(words(&demo.list("offers").await, &["state"]), ["ACCEPTED", "DECLINED"]);
}
