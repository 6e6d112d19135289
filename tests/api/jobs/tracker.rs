//! Interviews and offers of a tracker: taken in by the same rules as by hand, twice as once, and looked at beforehand (§23, §24).

use entity::platform::client::Scope;
use serde_json::{Value, json};

use super::import::{document, tracker};
use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    learning::exchange::{import, outcome},
};

stories_in_both_faces!(
    a_whole_file_comes_in_as_it_stood,
    a_preview_tells_what_would_happen,
    what_happened_to_interviews_since,
    what_happened_to_offers_since,
    what_is_known_here_stays,
    interviews_that_are_refused,
    offers_that_are_refused,
    who_is_told_of_its_rows
);

fn at(day: u32) -> String {
    format!("2026-03-{day:02}T10:00:00Z")
}

/// A year of somebody's search: one rejected after a technical interview, one declined, one accepted, one that goes on.
fn file() -> Value {
    json!({
        "format": "cairn/job-tracker", "version": 1, "source": "greenhouse",
        "candidate": { "id": "c1", "name": "Ada" },
        "jobs": [
            { "id": "j1", "company": "Windy Grid", "name": "ML engineer", "code": "R-7", "location": "Vienna" },
            { "id": "j2", "company": "Sunny", "name": "Data analyst" },
            { "id": "j3", "company": "Tidal", "name": "Data scientist" },
            { "id": "j4", "company": "Rivers", "name": "Engineer" },
        ],
        "jobInterviewStages": [
            { "id": "s1", "name": "Phone screen" }, { "id": "s2", "name": "Technical interview" }, { "id": "s3", "name": "Onsite" },
            { "id": "s4", "name": "Chat", "kind": "INTERVIEWING" }, { "id": "s5", "name": "Offer" },
        ],
        "applications": [
            {
                "id": "a1", "jobId": "j1", "appliedAt": at(2), "rejectedAt": at(12), "rejectReason": "SQL.",
                "activities": [{ "stageId": "s1", "occurredAt": at(5) }, { "stageId": "s2", "occurredAt": at(9) }],
            },
            { "id": "a2", "jobId": "j2", "appliedAt": at(3), "activities": [{ "stageId": "s5", "occurredAt": at(14) }] },
            { "id": "a3", "jobId": "j3", "appliedAt": at(4), "activities": [{ "stageId": "s5", "occurredAt": at(15) }] },
            { "id": "a4", "jobId": "j4", "source": "REFERRAL", "appliedAt": at(6), "currentStageId": "s1" },
        ],
        "scheduledInterviews": [
            {
                "id": "i1", "applicationId": "a1", "jobInterviewStageId": "s1", "startAt": at(5), "endAt": "2026-03-05T10:30:00Z",
                "interviewers": [{ "name": "Noor", "role": "Recruiter" }], "result": "PASSED",
            },
            {
                "id": "i2", "applicationId": "a1", "jobInterviewStageId": "s2", "startAt": at(9), "status": "HELD", "result": "NOT_PASSED",
                "timeZone": "Europe/Vienna", "location": "Video", "note": "Joins, and joins again.",
            },
            {
                "id": "i3", "applicationId": "a2", "jobInterviewStageId": "s4", "startAt": at(8), "status": "CANCELLED",
                "interviewers": [{ "name": "Olu" }, { "name": "Zoe" }],
            },
            { "id": "i4", "applicationId": "a2", "type": "BEHAVIORAL", "round": 7, "startAt": at(10), "status": "NO_SHOW" },
            { "id": "i5", "applicationId": "a4", "type": "FINAL", "startAt": "2999-01-01T10:00:00Z" },
            { "id": "i6", "applicationId": "a4", "type": "TECHNICAL", "startAt": at(20) },
        ],
        "offers": [
            {
                "id": "o1", "applicationId": "a2", "status": "DECLINED", "closedAt": at(18),
                "base": { "amount": "52000.00", "currency": "EUR" }, "note": "Too far.",
            },
            {
                "id": "o2", "applicationId": "a3", "status": "ACCEPTED", "sentAt": at(15), "closedAt": at(19), "startDate": "2026-06-01",
                "base": { "amount": "60000.00", "currency": "EUR" }, "bonus": { "amount": "5000.50", "currency": "EUR" },
                "benefits": "Trains.", "location": "Graz", "respondBy": at(25),
            },
        ],
    })
}

/// The file, as it was before any offer was answered.
fn earlier() -> Value {
    let mut file = file();
    for offer in file["offers"].as_array_mut().unwrap() {
        for member in ["status", "closedAt", "respondBy"] {
            offer.as_object_mut().unwrap().remove(member);
        }
    }
    file
}

async fn interviews(who: &Actor) -> String {
    let mut all = who.list("Interview", &[("sort", "scheduledAt"), ("first", "100")]).await.items;
    all.sort_by_key(|one| one["scheduledAt"].as_str().unwrap().to_owned());
    let line = |one: &Value| {
        let word = |name: &str| one[name].as_str().unwrap_or("-").to_owned();
        let day = |name: &str| word(name).get(..10).unwrap_or("-").to_owned();
        let led = one["interviewers"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap());
        format!(
            "{} {} {} {}min {} {} held {} [{}]",
            day("scheduledAt"),
            word("type"),
            one["round"],
            one["durationMin"],
            word("state"),
            word("result"),
            day("heldAt"),
            led.collect::<Vec<_>>().join(", ")
        )
    };
    all.iter().map(line).collect::<Vec<_>>().join("\n")
}

async fn offers(who: &Actor) -> String {
    let query = "/offers?expand=application.posting,versions&first=100";
    let all = who.get(query).await.fine();
    let line = |one: &Value| {
        let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let day = |name: &str| word(&one[name]).get(..10).unwrap_or("-").to_owned();
        let ended = if one["endedAt"] == one["createdAt"] { "when noted".to_owned() } else { day("endedAt") };
        format!(
            "{}: {} {} {} received {} ended {ended} v{} of {}",
            word(&one["application"]["posting"]["title"]),
            word(&one["state"]),
            word(&one["total"]["amount"]),
            word(&one["currency"]),
            day("receivedAt"),
            one["version"],
            one["versions"]["items"].as_array().unwrap().len()
        )
    };
    let mut lines: Vec<String> = all["items"].as_array().unwrap().iter().map(line).collect();
    lines.sort();
    lines.join("\n")
}

/// How many events there are.
async fn events(who: &Actor) -> i64 {
    who.list("Event", &[("count", "true")]).await.total.as_i64().unwrap()
}

async fn a_whole_file_comes_in_as_it_stood(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let made = import(&ada, tracker(file())).await;
    assert_snapshot!(outcome(&made), @"SUCCEEDED 12 0 0 0 warnings: /scheduledInterviews/4 MOVE_SUGGESTED, /scheduledInterviews/5/status INTERVIEW_STATE_UNKNOWN, /offers JOB_SEARCH_ENDED");
    assert_eq!([&made["total"], &made["done"]], [&json!(12), &json!(12)]);
    assert_snapshot!(interviews(&ada).await, @r"
    2026-03-05 RECRUITER_SCREEN 1 30min HELD PASSED held 2026-03-05 [Noor]
    2026-03-08 PANEL 8 60min CANCELLED PENDING held - [Olu, Zoe]
    2026-03-09 TECHNICAL 2 60min HELD NOT_PASSED held 2026-03-09 []
    2026-03-10 BEHAVIORAL 7 60min NO_SHOW PENDING held - []
    2026-03-20 TECHNICAL 1 60min SCHEDULED PENDING held - []
    2999-01-01 FINAL 2 60min SCHEDULED PENDING held - []
    ");
    assert_snapshot!(offers(&ada).await, @r"
    Data analyst: DECLINED 52000.00 EUR received 2026-03-14 ended 2026-03-18 v1 of 1
    Data scientist: ACCEPTED 65000.50 EUR received 2026-03-15 ended 2026-03-19 v1 of 1
    ");
    // What was answered to offers ended their applications, and the search with them; what was heard counts as activity.
    let ended = |outcome: &'static str| {
        let ada = ada.clone();
        async move { ada.list("Application", &[("outcome", outcome)]).await.items.remove(0) }
    };
    assert_eq!(ended("OFFER_ACCEPTED").await["closedAt"], json!("2026-03-19T10:00:00.000000Z"));
    assert_eq!(ended("OFFER_DECLINED").await["closedAt"], json!("2026-03-18T10:00:00.000000Z"));
    let search = ada.see("JobSearch", made["jobSearchId"].as_str().unwrap()).await.done();
    assert_eq!(search["state"], json!("CLOSED"));
    let open = ada.list("Application", &[("channel", "REFERRAL")]).await.items.remove(0);
    assert_eq!((&open["outcome"], &open["lastActivityAt"]), (&json!(null), &json!("2026-03-06T10:00:00.000000Z")));
    // Each has the event of its own verb, its name there, and what was said of it.
    let told = async |kind: &str| ada.list("Event", &[("type", kind)]).await.items.len();
    assert_eq!((told("interview.scheduled").await, told("offer.created").await), (6, 2));
    let technical = ada.list("Interview", &[("result", "NOT_PASSED")]).await.items.remove(0);
    assert_eq!(
        [
            &technical["timeZone"],
            &technical["location"],
            &technical["note"],
            &technical["externalRefs"][0]["externalId"]
        ],
        [&json!("Europe/Vienna"), &json!("Video"), &json!("Joins, and joins again."), &json!("i2")]
    );
    // The same file again changes nothing, though the search is over.
    let before = events(&ada).await;
    let again = import(&ada, tracker(file())).await;
    assert_snapshot!(outcome(&again), @"SUCCEEDED 0 0 12 0");
    assert_eq!(again["jobSearchId"], made["jobSearchId"]);
    assert_eq!(events(&ada).await - before, 2, "it tells of the import alone");
    // What is new needs a search that goes on.
    let mut more = file();
    more["scheduledInterviews"][5]["status"] = json!("HELD");
    assert_snapshot!(outcome(&import(&ada, tracker(more.clone())).await), @"FAILED 0 0 0 0 errors:  JOB_SEARCH_CLOSED");
    ada.tell("JobSearch", "reopen", search["id"].as_str().unwrap()).await.done();
    assert_snapshot!(outcome(&import(&ada, tracker(more)).await), @"SUCCEEDED 0 1 11 0");
}

async fn a_preview_tells_what_would_happen(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let preview = |document: Value| {
        let mut input = tracker(document);
        input["preview"] = json!(true);
        input
    };
    let rows = async |job: &Value| {
        let told = ada.ask("importRows", json!({ "importId": job["id"] })).await.done();
        let line = |row: &Value| {
            let word = |name: &str| row[name].as_str().unwrap_or("-").to_owned();
            let fills = row["fills"].as_array().map(|all| format!(" {}", json!(all))).unwrap_or_default();
            let there = if row["objectId"].is_null() { "" } else { " there" };
            format!("{} {} {}{fills}{there}: {}", row["line"], word("pointer"), word("outcome"), word("name"))
        };
        (told["preview"].clone(), told["rows"].as_array().unwrap().iter().map(line).collect::<Vec<_>>().join("\n"))
    };
    let before = events(&ada).await;
    let job = import(&ada, preview(file())).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 12 0 0 0 warnings: /scheduledInterviews/4 MOVE_SUGGESTED, /scheduledInterviews/5/status INTERVIEW_STATE_UNKNOWN, /offers JOB_SEARCH_ENDED");
    let (previewed, told) = rows(&job).await;
    assert_eq!((previewed, &job["jobSearchId"]), (json!(true), &json!(null)));
    assert_snapshot!(told, @r"
    1 /applications/0 CREATE: ML engineer, Windy Grid
    2 /applications/1 CREATE: Data analyst, Sunny
    3 /applications/2 CREATE: Data scientist, Tidal
    4 /applications/3 CREATE: Engineer, Rivers
    1 /scheduledInterviews/0 CREATE: RECRUITER_SCREEN: ML engineer, Windy Grid
    2 /scheduledInterviews/1 CREATE: TECHNICAL: ML engineer, Windy Grid
    3 /scheduledInterviews/2 CREATE: PANEL: Data analyst, Sunny
    4 /scheduledInterviews/3 CREATE: BEHAVIORAL: Data analyst, Sunny
    5 /scheduledInterviews/4 CREATE: FINAL: Engineer, Rivers
    6 /scheduledInterviews/5 CREATE: TECHNICAL: Engineer, Rivers
    1 /offers/0 CREATE: OFFER: Data analyst, Sunny
    2 /offers/1 CREATE: OFFER: Data scientist, Tidal
    ");
    for kind in ["JobSearch", "Application", "Interview", "Offer", "Company", "JobPosting"] {
        assert_eq!(ada.list(kind, &[]).await.items.len(), 0, "{kind}");
    }
    assert_eq!(events(&ada).await - before, 2, "it tells of the import alone");
    // It is what happens then.
    let job = import(&ada, tracker(earlier())).await;
    let search = job["jobSearchId"].clone();
    assert_eq!(rows(&job).await.1.matches("there").count(), 12);
    let next = import(&ada, preview(file())).await;
    assert_snapshot!(outcome(&next), @"SUCCEEDED 0 4 8 0 warnings: /offers/1 HISTORY_DIFFERS, /offers JOB_SEARCH_ENDED");
    assert_eq!(next["jobSearchId"], search);
    let (_, would) = rows(&next).await;
    assert_snapshot!(would, @r#"
    1 /applications/0 SAME there: ML engineer, Windy Grid
    2 /applications/1 FILL ["activities"] there: Data analyst, Sunny
    3 /applications/2 FILL ["activities"] there: Data scientist, Tidal
    4 /applications/3 SAME there: Engineer, Rivers
    1 /scheduledInterviews/0 SAME there: RECRUITER_SCREEN: ML engineer, Windy Grid
    2 /scheduledInterviews/1 SAME there: TECHNICAL: ML engineer, Windy Grid
    3 /scheduledInterviews/2 SAME there: PANEL: Data analyst, Sunny
    4 /scheduledInterviews/3 SAME there: BEHAVIORAL: Data analyst, Sunny
    5 /scheduledInterviews/4 SAME there: FINAL: Engineer, Rivers
    6 /scheduledInterviews/5 SAME there: TECHNICAL: Engineer, Rivers
    1 /offers/0 FILL ["status"] there: OFFER: Data analyst, Sunny
    2 /offers/1 FILL ["status"] there: OFFER: Data scientist, Tidal
    "#);
    let happened = import(&ada, tracker(file())).await;
    assert_eq!((outcome(&happened), rows(&happened).await.1), (outcome(&next), would));
    // A table is looked at as well; what is wrong in it is told as ever.
    let table = |text: &str| json!({ "kind": "JOB_TRACKER_CSV", "preview": true, "csv": text });
    let job = import(&ada, table("company,title,status\nSunny,Analyst,Applied\n")).await;
    assert_snapshot!(rows(&job).await.1, @"2 - CREATE: Analyst, Sunny");
    assert_snapshot!(outcome(&import(&ada, table("company,title,status\nSunny,Analyst,Dreaming\n")).await), @"FAILED 0 0 0 0 errors: 2:/status REFERENCE_UNKNOWN");
    let plan = json!({ "kind": "LEARNING_PLAN", "document": {}, "preview": true });
    assert_snapshot!(ada.create("ImportJob", plan).await.said(), @"IMPORT_OPTION_FORBIDDEN /preview");
}

async fn what_happened_to_interviews_since(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let mut document = document();
    document["scheduledInterviews"] = json!([
        { "id": "i1", "applicationId": "a1", "type": "TECHNICAL", "startAt": at(10), "status": "SCHEDULED" },
        { "id": "i2", "applicationId": "a1", "type": "FINAL", "startAt": "2999-01-01T10:00:00Z" },
    ]);
    assert_snapshot!(outcome(&import(&ada, tracker(document.clone())).await), @"SUCCEEDED 4 0 0 0 warnings: /scheduledInterviews/0/status INTERVIEW_STATE_UNKNOWN");
    // Moved twice, once in between; then it was held, and passed.
    let change = |place: usize, more: Value| {
        let mut document = document.clone();
        document["scheduledInterviews"][place].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        document
    };
    let moved = change(0, json!({ "startAt": at(11), "endAt": "2026-03-11T11:30:00Z" }));
    assert_snapshot!(outcome(&import(&ada, tracker(moved.clone())).await), @"SUCCEEDED 0 1 3 0");
    let one = ada.list("Interview", &[("type", "TECHNICAL")]).await.items.remove(0);
    assert_eq!((&one["state"], &one["durationMin"]), (&json!("RESCHEDULED"), &json!(90)));
    assert_eq!(one["moves"][0]["scheduledAt"], json!("2026-03-10T10:00:00.000000Z"));
    // An older file does not move it back.
    assert_snapshot!(outcome(&import(&ada, tracker(document.clone())).await), @"SUCCEEDED 0 0 4 0");
    let held = json!({
        "startAt": at(11), "status": "HELD", "result": "PASSED", "location": "Video", "note": "Trees.",
        "interviewers": [{ "name": "Noor" }],
    });
    let held = change(0, held);
    assert_snapshot!(outcome(&import(&ada, tracker(held.clone())).await), @"SUCCEEDED 0 1 3 0");
    assert_snapshot!(outcome(&import(&ada, tracker(held.clone())).await), @"SUCCEEDED 0 0 4 0");
    assert_snapshot!(interviews(&ada).await, @r"
    2026-03-11 TECHNICAL 1 90min HELD PASSED held 2026-03-11 [Noor]
    2999-01-01 FINAL 2 60min SCHEDULED PENDING held - []
    ");
    let id = one["id"].as_str().unwrap();
    let events = ada.list("Event", &[("subjectId", id), ("sort", "seq")]).await.each("type");
    assert_snapshot!(json!(events), @r#"["interview.scheduled","interview.rescheduled","interview.held","interview.result_recorded","interview.updated"]"#);
    let application = ada.see("Application", one["applicationId"].as_str().unwrap()).await.done();
    assert_eq!(application["lastActivityAt"], json!("2026-03-11T10:00:00.000000Z"));
    // One that was called off comes back with another time.
    let off = change(1, json!({ "status": "CANCELLED" }));
    assert_snapshot!(outcome(&import(&ada, tracker(off)).await), @"SUCCEEDED 0 1 3 0");
    let on = change(1, json!({ "startAt": "2999-02-01T10:00:00Z" }));
    assert_snapshot!(outcome(&import(&ada, tracker(on)).await), @"SUCCEEDED 0 1 3 0");
    let last = ada.list("Interview", &[("type", "FINAL")]).await.items.remove(0);
    assert_eq!(last["state"], json!("RESCHEDULED"));
}

async fn what_happened_to_offers_since(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let euros = |amount: &str| json!({ "amount": amount, "currency": "EUR" });
    let mut document = document();
    document["offers"] = json!([{ "id": "o1", "applicationId": "a1", "sentAt": at(12), "base": euros("60000.00") }]);
    assert_snapshot!(outcome(&import(&ada, tracker(document.clone())).await), @"SUCCEEDED 3 0 0 0 warnings: /offers/0 MOVE_SUGGESTED");
    assert_snapshot!(offers(&ada).await, @"ML engineer: RECEIVED 60000.00 EUR received 2026-03-12 ended - v1 of 1");
    let change = |more: Value| {
        let mut document = document.clone();
        document["offers"][0].as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        document
    };
    let better =
        change(json!({ "base": euros("65000.00"), "status": "NEGOTIATING", "respondBy": "2999-01-01T00:00:00Z" }));
    assert_snapshot!(outcome(&import(&ada, tracker(better.clone())).await), @"SUCCEEDED 0 1 2 0");
    assert_snapshot!(outcome(&import(&ada, tracker(better)).await), @"SUCCEEDED 0 0 3 0");
    assert_snapshot!(offers(&ada).await, @"ML engineer: NEGOTIATING 65000.00 EUR received 2026-03-12 ended - v2 of 2");
    // An older file does not take it back; what changes here is known, too.
    assert_snapshot!(outcome(&import(&ada, tracker(document.clone())).await), @"SUCCEEDED 0 0 3 0");
    let id = ada.list("Offer", &[]).await.ids().remove(0);
    let more = json!({ "base": euros("70000.00") });
    ada.update("Offer", &id, more).await.done();
    assert_snapshot!(outcome(&import(&ada, tracker(document.clone())).await), @"SUCCEEDED 0 0 3 0");
    assert_eq!(ada.see("Offer", &id).await.done()["base"], euros("70000.00"));
    // It is accepted: its application and the search end with it, when the file says.
    let accepted = change(json!({ "base": euros("70000.00"), "status": "ACCEPTED", "closedAt": at(20) }));
    assert_snapshot!(outcome(&import(&ada, tracker(accepted.clone())).await), @"SUCCEEDED 0 2 1 0 warnings: /offers JOB_SEARCH_ENDED");
    assert_snapshot!(outcome(&import(&ada, tracker(accepted)).await), @"SUCCEEDED 0 0 3 0");
    assert_snapshot!(offers(&ada).await, @"ML engineer: ACCEPTED 70000.00 EUR received 2026-03-12 ended 2026-03-20 v4 of 4");
    let events = ada.list("Event", &[("subjectId", &id), ("sort", "seq")]).await.each("type");
    assert_snapshot!(json!(events), @r#"["offer.created","offer.negotiated","offer.updated","offer.accepted"]"#);
    let application = ada.list("Application", &[("outcome", "OFFER_ACCEPTED")]).await.items.remove(0);
    assert_eq!(application["closedAt"], json!("2026-03-20T10:00:00.000000Z"));
    assert_eq!(ada.list("JobSearch", &[]).await.items[0]["state"], json!("CLOSED"));
    assert_eq!(ada.list("Event", &[("type", "job_search.closed")]).await.items.len(), 1);
}

async fn what_is_known_here_stays(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let mut document = document();
    document["scheduledInterviews"] =
        json!([{ "id": "i1", "applicationId": "a1", "type": "PANEL", "startAt": at(10), "note": "Bring a pen." }]);
    document["offers"] = json!([{ "id": "o1", "applicationId": "a1", "sentAt": at(12), "note": "From there." }]);
    assert_snapshot!(outcome(&import(&ada, tracker(document.clone())).await), @"SUCCEEDED 4 0 0 0 warnings: /scheduledInterviews/0/status INTERVIEW_STATE_UNKNOWN, /offers/0 MOVE_SUGGESTED");
    let (interview, offer) =
        (ada.list("Interview", &[]).await.ids().remove(0), ada.list("Offer", &[]).await.ids().remove(0));
    ada.tell("Interview", "miss", &interview).await.done();
    ada.update("Interview", &interview, json!({ "note": "Mine." })).await.done();
    ada.update("Offer", &offer, json!({ "note": "Mine." })).await.done();
    ada.tell("Offer", "decline", &offer).await.done();
    // What the file knows otherwise is left out, with advice.
    let mut other = document.clone();
    other["scheduledInterviews"][0]["status"] = json!("HELD");
    other["offers"][0]["status"] = json!("RESCINDED");
    assert_snapshot!(outcome(&import(&ada, tracker(other)).await), @"SUCCEEDED 0 0 4 0 warnings: /applications/0 HISTORY_DIFFERS, /scheduledInterviews/0 HISTORY_DIFFERS, /offers/0 HISTORY_DIFFERS");
    // So is what is new of an application that ended here.
    let mut new = document.clone();
    new["scheduledInterviews"] =
        json!([{ "id": "i2", "applicationId": "a1", "type": "FINAL", "startAt": "2999-01-01T00:00:00Z" }]);
    new["offers"] = json!([{ "id": "o2", "applicationId": "a1", "status": "RECEIVED" }]);
    assert_snapshot!(outcome(&import(&ada, tracker(new)).await), @"SUCCEEDED 0 0 4 0 warnings: /applications/0 HISTORY_DIFFERS, /scheduledInterviews/0 HISTORY_DIFFERS, /offers/0 HISTORY_DIFFERS");
    assert_eq!(ada.see("Interview", &interview).await.done()["note"], json!("Mine."));
    // What was deleted here stays deleted, and what belongs to it is left out.
    ada.tell("Interview", "delete", &interview).await.done();
    ada.tell("Offer", "delete", &offer).await.done();
    assert_snapshot!(outcome(&import(&ada, tracker(document.clone())).await), @"SUCCEEDED 0 0 4 0 warnings: /applications/0 HISTORY_DIFFERS");
    let application = ada.list("Application", &[("channel", "REFERRAL")]).await.ids().remove(0);
    ada.tell("Application", "delete", &application).await.done();
    document["scheduledInterviews"][0]["id"] = json!("i9");
    assert_snapshot!(outcome(&import(&ada, tracker(document)).await), @"SUCCEEDED 0 0 4 0");
    assert_eq!(ada.list("Interview", &[]).await.items.len() + ada.list("Offer", &[]).await.items.len(), 0);
}

/// What comes of a document with one interview, or one offer, of an application that is open (`a1`) or was rejected (`a2`).
async fn alone(who: &Actor, list: &str, more: Value) -> String {
    let mut document = document();
    let mut one = if list == "offers" {
        json!({ "id": "o1", "applicationId": "a1" })
    } else {
        json!({ "id": "i1", "applicationId": "a1", "type": "TECHNICAL", "startAt": at(10) })
    };
    one.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    one.as_object_mut().unwrap().retain(|_, value| !value.is_null());
    document[list] = json!([one]);
    outcome(&import(who, tracker(document)).await)
}

async fn interviews_that_are_refused(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let future = "2999-01-01T00:00:00Z";
    let mut said = Vec::new();
    for more in [
        json!({ "applicationId": "a9" }),
        json!({ "jobInterviewStageId": "s9" }),
        json!({ "type": null }),
        json!({ "type": "LUNCH" }),
        json!({ "startAt": null }),
        json!({ "startAt": "tomorrow" }),
        json!({ "endAt": at(9) }),
        json!({ "endAt": at(12) }),
        json!({ "timeZone": "Vienna" }),
        json!({ "status": "CANCELLED", "result": "PASSED" }),
        json!({ "status": "HELD", "startAt": future }),
        json!({ "result": "PASSED", "startAt": future }),
        json!({ "applicationId": "a2", "startAt": future }),
        json!({ "interviewers": vec![json!({ "name": "a" }); 21] }),
        json!({ "pages": 1 }),
    ] {
        said.push(format!("{more}: {}", alone(&ada, "scheduledInterviews", more.clone()).await));
    }
    assert_snapshot!(said.join("\n"), @r#"
    {"applicationId":"a9"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/applicationId REFERENCE_UNKNOWN
    {"jobInterviewStageId":"s9"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/jobInterviewStageId REFERENCE_UNKNOWN
    {"type":null}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/type BAD_INPUT
    {"type":"LUNCH"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/type BAD_INPUT
    {"startAt":null}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/startAt BAD_INPUT
    {"startAt":"tomorrow"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/startAt BAD_INPUT
    {"endAt":"2026-03-09T10:00:00Z"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/endAt VALIDATION_FAILED
    {"endAt":"2026-03-12T10:00:00Z"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/endAt VALIDATION_FAILED
    {"timeZone":"Vienna"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/timeZone VALIDATION_FAILED
    {"result":"PASSED","status":"CANCELLED"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/result INTERVIEW_NOT_HELD
    {"startAt":"2999-01-01T00:00:00Z","status":"HELD"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/startAt OCCURRED_AT_INVALID
    {"result":"PASSED","startAt":"2999-01-01T00:00:00Z"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/startAt OCCURRED_AT_INVALID
    {"applicationId":"a2","startAt":"2999-01-01T00:00:00Z"}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/applicationId APPLICATION_CLOSED
    {"interviewers":[{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"},{"name":"a"}]}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/interviewers VALIDATION_FAILED
    {"pages":1}: FAILED 0 0 0 0 errors: /scheduledInterviews/0/pages BAD_INPUT
    "#);
    let mut twice = document();
    let one = json!({ "id": "i1", "applicationId": "a1", "type": "TECHNICAL", "startAt": at(10) });
    twice["scheduledInterviews"] = json!([one, one]);
    assert_snapshot!(outcome(&import(&ada, tracker(twice)).await), @"FAILED 0 0 0 0 errors: /scheduledInterviews/1/id ALREADY_EXISTS");
    assert_eq!(ada.list("JobSearch", &[]).await.items.len(), 0, "nothing of it is there");
    // What is only not known is advice.
    assert_snapshot!(alone(&ada, "scheduledInterviews", json!({})).await, @"SUCCEEDED 3 0 0 0 warnings: /scheduledInterviews/0/status INTERVIEW_STATE_UNKNOWN");
}

async fn offers_that_are_refused(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let money = |amount: &str, currency: &str| json!({ "amount": amount, "currency": currency });
    let future = "2999-01-01T00:00:00Z";
    let mut said = Vec::new();
    for more in [
        json!({ "applicationId": "a9" }),
        json!({ "base": "60000" }),
        json!({ "base": { "amount": "60000" } }),
        json!({ "base": money("60000", "XYZ") }),
        json!({ "base": money("60000.001", "EUR") }),
        json!({ "base": money("-1", "EUR") }),
        json!({ "base": money("60000", "EUR"), "bonus": money("1", "USD") }),
        json!({ "status": "LOST" }),
        json!({ "sentAt": future }),
        json!({ "sentAt": at(12), "closedAt": at(11), "status": "DECLINED" }),
        json!({ "status": "DECLINED", "closedAt": future }),
        json!({ "status": "ACCEPTED", "closedAt": "2026-02-01T10:00:00Z" }),
        json!({ "applicationId": "a2", "status": "ACCEPTED", "closedAt": at(5) }),
        json!({ "applicationId": "a2" }),
        json!({ "applicationId": "a2", "status": "RECEIVED" }),
    ] {
        said.push(format!("{more}: {}", alone(&ada, "offers", more.clone()).await));
    }
    assert_snapshot!(said.join("\n"), @r#"
    {"applicationId":"a9"}: FAILED 0 0 0 0 errors: /offers/0/applicationId REFERENCE_UNKNOWN
    {"base":"60000"}: FAILED 0 0 0 0 errors: /offers/0/base BAD_INPUT
    {"base":{"amount":"60000"}}: FAILED 0 0 0 0 errors: /offers/0/base/currency BAD_INPUT
    {"base":{"amount":"60000","currency":"XYZ"}}: FAILED 0 0 0 0 errors: /offers/0/base/currency BAD_INPUT
    {"base":{"amount":"60000.001","currency":"EUR"}}: FAILED 0 0 0 0 errors: /offers/0/base/amount AMOUNT_PRECISION
    {"base":{"amount":"-1","currency":"EUR"}}: FAILED 0 0 0 0 errors: /offers/0/base/amount AMOUNT_NEGATIVE
    {"base":{"amount":"60000","currency":"EUR"},"bonus":{"amount":"1","currency":"USD"}}: FAILED 0 0 0 0 errors: /offers/0/bonus/currency CURRENCY_MISMATCH
    {"status":"LOST"}: FAILED 0 0 0 0 errors: /offers/0/status BAD_INPUT
    {"sentAt":"2999-01-01T00:00:00Z"}: FAILED 0 0 0 0 errors: /offers/0/sentAt OCCURRED_AT_INVALID
    {"closedAt":"2026-03-11T10:00:00Z","sentAt":"2026-03-12T10:00:00Z","status":"DECLINED"}: FAILED 0 0 0 0 errors: /offers/0/closedAt OCCURRED_AT_INVALID
    {"closedAt":"2999-01-01T00:00:00Z","status":"DECLINED"}: FAILED 0 0 0 0 errors: /offers/0/closedAt OCCURRED_AT_INVALID
    {"closedAt":"2026-02-01T10:00:00Z","status":"ACCEPTED"}: FAILED 0 0 0 0 errors: /offers/0/closedAt OCCURRED_AT_INVALID
    {"applicationId":"a2","closedAt":"2026-03-05T10:00:00Z","status":"ACCEPTED"}: FAILED 0 0 0 0 errors: /offers/0/status APPLICATION_CLOSED
    {"applicationId":"a2"}: FAILED 0 0 0 0 errors: /offers/0/status BAD_INPUT
    {"applicationId":"a2","status":"RECEIVED"}: FAILED 0 0 0 0 errors: /offers/0/applicationId APPLICATION_CLOSED
    "#);
    let several = |all: Value| {
        let mut document = document();
        let three = json!({ "id": "a3", "jobId": "j2", "appliedAt": at(4) });
        document["applications"].as_array_mut().unwrap().push(three);
        document["offers"] = all;
        tracker(document)
    };
    let accepted = json!([
        { "id": "o1", "applicationId": "a1", "status": "ACCEPTED", "closedAt": at(20) },
        { "id": "o2", "applicationId": "a3", "status": "ACCEPTED", "closedAt": at(21) },
    ]);
    assert_snapshot!(outcome(&import(&ada, several(accepted)).await), @"FAILED 0 0 0 0 errors: /offers/1/status OFFER_ALREADY_ACCEPTED");
    let open = json!([{ "id": "o1", "applicationId": "a1" }, { "id": "o2", "applicationId": "a1" }]);
    assert_snapshot!(outcome(&import(&ada, several(open)).await), @"FAILED 0 0 0 0 errors: /offers/1 OFFER_EXISTS");
    assert_eq!(ada.list("JobSearch", &[]).await.items.len(), 0, "nothing of it is there");
    // What came too late expired; what is not dated is noted for today, with advice.
    let late = json!([
        { "id": "o1", "applicationId": "a1", "sentAt": at(12), "respondBy": at(14) },
        { "id": "o2", "applicationId": "a2", "sentAt": at(7), "status": "RESCINDED" },
    ]);
    assert_snapshot!(outcome(&import(&ada, several(late)).await), @"SUCCEEDED 5 0 0 0 warnings: /offers/1/closedAt DATE_UNKNOWN");
    assert_snapshot!(offers(&ada).await, @r"
    Data analyst: RESCINDED - - received 2026-03-07 ended when noted v1 of 1
    ML engineer: EXPIRED - - received 2026-03-12 ended 2026-03-14 v1 of 1
    ");
    // One that was accepted here is the only one.
    let application = ada.list("Application", &[("channel", "REFERRAL")]).await.ids().remove(0);
    let mine = ada.create("Offer", json!({ "applicationId": application })).await.done();
    let input = json!({ "version": mine["version"], "declineOthers": false });
    ada.act("Offer", "accept", mine["id"].as_str(), input).await.done();
    let search = ada.list("JobSearch", &[]).await.ids().remove(0);
    ada.tell("JobSearch", "reopen", &search).await.done();
    let second = json!([{ "id": "o3", "applicationId": "a3", "status": "ACCEPTED", "closedAt": at(20) }]);
    assert_snapshot!(outcome(&import(&ada, several(second)).await), @"FAILED 0 0 0 0 errors: /offers/0/status OFFER_ALREADY_ACCEPTED");
}

async fn who_is_told_of_its_rows(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let job = import(&ada, tracker(file())).await;
    let asked = json!({ "importId": job["id"] });
    for who in [&ben, &root, &machine] {
        assert_eq!(who.ask("importRows", asked.clone()).await.said(), "NOT_FOUND", "{}", who.name);
    }
    // A search is told to tokens of searches, contacts to those of contacts.
    let asks = async |scopes: &[Scope], job: &Value| {
        let told = ada.limited_to(&acme, scopes).ask("importRows", json!({ "importId": job["id"] })).await;
        (told.said(), told.details["scope"].clone())
    };
    let (fine, lacks) =
        (("fine".to_owned(), Value::Null), |scope: &str| ("INSUFFICIENT_SCOPE".to_owned(), json!(scope)));
    assert_eq!(asks(&[Scope::JobsRead], &job).await, fine);
    assert_eq!(asks(&[Scope::CommunityRead], &job).await, lacks("jobs:read"));
    let contacts = import(&ada, json!({ "kind": "CONTACTS_CSV", "csv": "name\nNoor\n" })).await;
    assert_eq!(asks(&[Scope::CommunityRead], &contacts).await, fine);
    assert_eq!(asks(&[Scope::JobsRead], &contacts).await, lacks("community:read"));
    assert_eq!(asks(&[Scope::LearningRead], &contacts).await, lacks("community:read"));
    // What was taken in for somebody else is told as long as their search is open to whoever did.
    let grant = ada.opens(&ben, &["jobs:write"]).await;
    let mut hers = tracker(file());
    hers["ownerId"] = json!(ada.id);
    let job = import(&ben, hers).await;
    let asked = json!({ "importId": job["id"] });
    assert_eq!(job["jobSearchId"], ada.list("JobSearch", &[]).await.items[0]["id"]);
    assert_eq!(ben.ask("importRows", asked.clone()).await.done()["rows"].as_array().unwrap().len(), 12);
    ada.tell("Grant", "revoke", &grant).await.done();
    let kept = ben.see("ImportJob", job["id"].as_str().unwrap()).await.done();
    assert_eq!((&kept["state"], &kept["jobSearchId"]), (&json!("SUCCEEDED"), &Value::Null));
    assert_eq!(ben.ask("importRows", asked).await.said(), "NOT_FOUND");
    let told = ben.list("Event", &[("subjectId", job["id"].as_str().unwrap())]).await.items;
    assert!(!told.is_empty() && !json!(told).to_string().contains("jsr_"), "{told:?}");
}
