//! Trackers from elsewhere: tables and documents, taken in as a whole, and twice as once (§21).

use serde_json::{Value, json};

use super::{Search, history};
use crate::{
    harness::{Actor, Api, Face, assert_snapshot, stories_in_both_faces, world::nothing},
    learning::exchange::{import, outcome},
};

stories_in_both_faces!(
    a_table_becomes_a_search,
    a_document_becomes_a_search,
    what_happened_since_is_added,
    what_is_wrong_is_told_by_its_place,
    whose_tracker_it_is,
    thousands_of_rows
);

const TABLE: &str = "Firm,Role,Where it stands,Applied on,Phone call,Link\n\
    Windy Grid,ML engineer,Rejected,2026-03-02,2026-03-06,https://example.org/ml\n\
    Windy Grid,Data analyst,Applied,2026-03-03,,\n\
    Sunny,ML engineer,Coffee,2026-03-04,,\n";

fn table(text: &str) -> Value {
    let mapping = json!({
        "source": "sheet", "company": "Firm", "title": "Role", "status": "Where it stands", "appliedAt": "Applied on", "url": "Link",
        "stageDates": [{ "column": "Phone call", "kind": "SCREENING" }],
        "statuses": [{ "value": "coffee", "kind": "INTERVIEWING", "name": "Coffee" }],
    });
    json!({ "kind": "JOB_TRACKER_CSV", "csv": text, "trackerMapping": mapping })
}

/// Where the applications of a search stand, by their openings.
async fn standing(who: &Actor, search: &Value) -> String {
    let search = search.as_str().unwrap();
    let query = format!("/applications?jobSearchId={search}&expand=posting.company,stage&first=100");
    let all = who.get(&query).await.fine();
    let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let mut lines: Vec<String> = all["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            let (posting, applied) = (&one["posting"], word(&one["appliedAt"]));
            format!(
                "{}, {}: {} {} applied {}",
                word(&posting["company"]["name"]),
                word(&posting["title"]),
                word(&one["stage"]["name"]),
                word(&one["outcome"]),
                applied.get(..10).unwrap_or("-")
            )
        })
        .collect();
    lines.sort();
    lines.join("\n")
}

async fn a_table_becomes_a_search(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    ada.create("Company", json!({ "name": "windy  grid" })).await.done();
    let first = import(&ada, table(TABLE)).await;
    assert_snapshot!(outcome(&first), @"SUCCEEDED 3 0 0 0");
    assert_snapshot!(standing(&ada, &first["jobSearchId"]).await, @r"
    Sunny, ML engineer: Coffee - applied 2026-03-04
    windy  grid, Data analyst: Applied - applied 2026-03-03
    windy  grid, ML engineer: Screening REJECTED applied 2026-03-02
    ");
    let rejected = ada.list("Application", &[("outcome", "REJECTED")]).await.ids().remove(0);
    assert_snapshot!(history(&ada, &rejected).await.join("\n"), @r"
    1 CREATED - > APPLIED - 2026-03-02
    2 MOVED APPLIED > SCREENING - 2026-03-06
    3 CLOSED SCREENING > - REJECTED 2026-03-06
    ");
    // The same table again changes nothing.
    let before = ada.list("Event", &[("count", "true")]).await.total.as_i64().unwrap();
    let again = import(&ada, table(TABLE)).await;
    assert_snapshot!(outcome(&again), @"SUCCEEDED 0 0 3 0");
    assert_eq!(again["jobSearchId"], first["jobSearchId"]);
    let after = ada.list("Event", &[("count", "true")]).await.total.as_i64().unwrap();
    assert_eq!(after - before, 2, "it tells of the import alone: that it was asked for, and that it ended");
    // A line that is there twice is two applications, and no more the next time.
    let twice = format!("{TABLE}Sunny,ML engineer,Coffee,2026-03-04,,\n");
    assert_snapshot!(outcome(&import(&ada, table(&twice)).await), @"SUCCEEDED 1 0 3 0");
    assert_snapshot!(outcome(&import(&ada, table(&twice)).await), @"SUCCEEDED 0 0 4 0");
    // Into a search of one's own it goes as well.
    let own = Search::of(&ada).await;
    let mut other = table(TABLE);
    (other["jobSearchId"], other["trackerMapping"]["source"]) = (json!(own.id), json!("another"));
    let other = import(&ada, other).await;
    assert_eq!((outcome(&other).as_str(), &other["jobSearchId"]), ("SUCCEEDED 3 0 0 0", &json!(own.id)));
}

pub fn document() -> Value {
    let at = |day: u32| format!("2026-03-{day:02}T10:00:00Z");
    json!({
        "format": "cairn/job-tracker", "version": 1, "source": "huntr", "candidate": { "id": "c1", "name": "Ada" },
        "jobs": [
            { "id": "j1", "company": "Windy Grid", "name": "ML engineer", "code": "R-7", "location": "Vienna" },
            { "id": "j2", "company": "Sunny", "name": "Data analyst" },
        ],
        "jobInterviewStages": [{ "id": "s1", "name": "Phone screen" }, { "id": "s2", "name": "Onsite" }],
        "applications": [
            {
                "id": "a1", "jobId": "j1", "source": "REFERRAL", "createdAt": at(1), "appliedAt": at(2), "currentStageId": "s2",
                "activities": [{ "stageId": "s1", "occurredAt": at(5) }, { "stageId": "s2", "occurredAt": at(9) }],
            },
            { "id": "a2", "jobId": "j2", "appliedAt": at(3), "rejectedAt": at(8), "rejectReason": "SQL." },
        ],
    })
}

pub fn tracker(document: Value) -> Value {
    json!({ "kind": "JOB_TRACKER", "document": document })
}

async fn a_document_becomes_a_search(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let made = import(&ada, tracker(document())).await;
    assert_snapshot!(outcome(&made), @"SUCCEEDED 2 0 0 0");
    assert_eq!([&made["total"], &made["done"]], [&json!(2), &json!(2)]);
    assert_snapshot!(standing(&ada, &made["jobSearchId"]).await, @r"
    Sunny, Data analyst: Applied REJECTED applied 2026-03-03
    Windy Grid, ML engineer: Onsite - applied 2026-03-02
    ");
    let open = ada.list("Application", &[("channel", "REFERRAL")]).await;
    assert_eq!(open.items[0]["externalRefs"][0]["externalId"], json!("a1"));
    assert_snapshot!(history(&ada, &open.ids()[0]).await.join("\n"), @r"
    1 CREATED - > RESEARCH - 2026-03-01
    2 MOVED RESEARCH > APPLIED - 2026-03-02
    3 MOVED APPLIED > SCREENING - 2026-03-05
    4 MOVED SCREENING > INTERVIEWING - 2026-03-09
    ");
    assert_snapshot!(outcome(&import(&ada, tracker(document())).await), @"SUCCEEDED 0 0 2 0");
    let closed = ada.list("Application", &[("outcome", "REJECTED")]).await.items.remove(0);
    assert_eq!(
        [&closed["outcomeReason"], &closed["closedAt"]],
        [&json!("SQL."), &json!("2026-03-08T10:00:00.000000Z")]
    );
    // The feed tells of each, as its own verb does.
    let told = ada.list("Event", &[("type", "application.created")]).await.items;
    assert_eq!(told.len(), 2);
}

async fn what_happened_since_is_added(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    import(&ada, tracker(document())).await;
    let mut later = document();
    later["applications"][0]["outcome"] = json!("OFFER_DECLINED");
    later["applications"][0]["closedAt"] = json!("2026-03-20T10:00:00Z");
    // Rejected, and then called back: what happens after an end says that it was none.
    later["applications"][1]["activities"] = json!([{ "stageId": "s1", "occurredAt": "2026-03-12T10:00:00Z" }]);
    assert_snapshot!(outcome(&import(&ada, tracker(later.clone())).await), @"SUCCEEDED 0 2 0 0");
    assert_snapshot!(outcome(&import(&ada, tracker(later.clone())).await), @"SUCCEEDED 0 0 2 0");
    let back = ada.list("Application", &[("channel", "DIRECT")]).await.items.remove(0);
    assert_eq!([&back["outcome"], &back["stageKind"]], [&json!(null), &json!("SCREENING")]);
    assert_snapshot!(history(&ada, back["id"].as_str().unwrap()).await.join("\n"), @r"
    1 CREATED - > APPLIED - 2026-03-03
    2 CLOSED APPLIED > - REJECTED 2026-03-08
    3 REOPENED APPLIED > SCREENING - 2026-03-12
    ");
    // What somebody moved here stays as they said, and what does not follow is left out with advice.
    let search = ada.list("JobSearch", &[]).await.ids().remove(0);
    let stages = ada.list("Stage", &[("jobSearchId", &search)]).await.items;
    let offer = stages.iter().find(|one| one["kind"] == "OFFER").unwrap()["id"].clone();
    let to = json!({ "fromStageId": back["stageId"], "toStageId": offer });
    ada.act("Application", "move", back["id"].as_str(), to).await.done();
    later["applications"][1]["activities"] = json!([
        { "stageId": "s1", "occurredAt": "2026-03-12T10:00:00Z" }, { "stageId": "s2", "occurredAt": "2026-03-01T10:00:00Z" },
    ]);
    later["applications"][1].as_object_mut().unwrap().remove("rejectedAt");
    assert_snapshot!(outcome(&import(&ada, tracker(later)).await), @"SUCCEEDED 0 0 2 0 warnings: /applications/1 HISTORY_DIFFERS");
    assert_eq!(ada.see("Application", back["id"].as_str().unwrap()).await.done()["stageKind"], json!("OFFER"));
    // What was deleted here stays deleted, and what has ended since does not go on by what was known before.
    ada.tell("Application", "delete", back["id"].as_str().unwrap()).await.done();
    assert_snapshot!(outcome(&import(&ada, tracker(document())).await), @"SUCCEEDED 0 0 2 0 warnings: /applications/0 HISTORY_DIFFERS");
}

async fn what_is_wrong_is_told_by_its_place(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let wrong = "Firm,Role,Where it stands,Applied on,Phone call,Link\n,ML,Lunch,2026-13-01,,ftp://x\nA,B,Applied,2999-01-01,,\n";
    assert_snapshot!(outcome(&import(&ada, table(wrong)).await), @"FAILED 0 0 0 0 errors: 2:/Firm BAD_INPUT, 2:/Link VALIDATION_FAILED, 2:/Applied on VALIDATION_FAILED, 2:/Where it stands REFERENCE_UNKNOWN");
    let future = "Firm,Role,Where it stands,Applied on,Phone call,Link\nA,B,Applied,2999-01-01,,\n";
    assert_snapshot!(outcome(&import(&ada, table(future)).await), @"FAILED 0 0 0 0 errors: 2:/Applied on OCCURRED_AT_INVALID");
    assert_eq!(ada.list("JobSearch", &[]).await.items.len(), 0, "nothing of it is there");
    let mut document = document();
    document["applications"][0]["jobId"] = json!("j9");
    assert_snapshot!(outcome(&import(&ada, tracker(document)).await), @"FAILED 0 0 0 0 errors: /applications/0/jobId REFERENCE_UNKNOWN");
    // What it does not take is refused at once.
    let refused = |input: Value| {
        let ada = ada.clone();
        async move { ada.create("ImportJob", input).await.said() }
    };
    assert_snapshot!(refused(json!({ "kind": "JOB_TRACKER" })).await, @"DOCUMENT_REQUIRED /document");
    assert_snapshot!(refused(json!({ "kind": "JOB_TRACKER", "document": {}, "trackerMapping": {} })).await, @"IMPORT_OPTION_FORBIDDEN /trackerMapping");
    assert_snapshot!(refused(json!({ "kind": "LEARNING_PLAN", "document": {}, "jobSearchId": nothing("jsr") })).await, @"IMPORT_OPTION_FORBIDDEN /jobSearchId");
    let mut nowhere = table(TABLE);
    nowhere["jobSearchId"] = json!(nothing("jsr"));
    assert_snapshot!(outcome(&import(&ada, nowhere).await), @"FAILED 0 0 0 0 errors: /jobSearchId REFERENCE_UNKNOWN");
}

async fn whose_tracker_it_is(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    let hers = import(&ada, tracker(document())).await;
    // Another person's tracker has the same ids, and is another search.
    let his = import(&ben, tracker(document())).await;
    assert_eq!(outcome(&his), "SUCCEEDED 2 0 0 0");
    assert_ne!(his["jobSearchId"], hers["jobSearchId"]);
    // That she took one in, nobody else is told: neither of it, nor of what happened to it.
    let id = hers["id"].as_str().unwrap();
    for who in [&ben, &kim, &root, &machine] {
        assert_eq!(who.see("ImportJob", id).await.said(), "NOT_FOUND", "{}", who.name);
        assert_eq!(who.list("Event", &[("subjectId", id)]).await.items.len(), 0, "{}", who.name);
    }
    assert_eq!(ada.list("Event", &[("subjectId", id)]).await.items.len(), 2);
    let mut for_her = tracker(document());
    for_her["ownerId"] = json!(ada.id);
    assert_snapshot!(kim.create("ImportJob", for_her.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    assert_snapshot!(machine.create("ImportJob", for_her.clone()).await.said(), @"FORBIDDEN");
    assert_snapshot!(machine.create("ImportJob", tracker(document())).await.said(), @"OWNER_REQUIRED /ownerId");
    ada.opens(&kim, &["jobs:write"]).await;
    assert_eq!(outcome(&import(&kim, for_her).await), "SUCCEEDED 0 0 2 0");
    // A search of another is none to fill.
    let mut into_his = tracker(document());
    into_his["jobSearchId"] = his["jobSearchId"].clone();
    assert_snapshot!(outcome(&import(&ada, into_his).await), @"FAILED 0 0 0 0 errors: /jobSearchId REFERENCE_UNKNOWN");
}

/// How many applications a large tracker has: more, when the environment says so, to see how long it takes.
fn many() -> usize {
    std::env::var("CAIRN_TEST_APPLICATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(300)
}

#[expect(clippy::print_stderr, reason = "how long it took is for whoever asked for more")]
async fn thousands_of_rows(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await.through(Face::Rest);
    let count = many();
    let at = |day: usize| format!("2026-{:02}-{:02}T10:00:00Z", 1 + day / 28 % 10, 1 + day % 28);
    let jobs: Vec<Value> = (0..count)
        .map(|one| json!({ "id": format!("j{one}"), "company": format!("Company {}", one % 50), "name": "Engineer" }))
        .collect();
    let applications: Vec<Value> = (0..count)
        .map(|one| {
            let steps: Vec<Value> = (0..3).map(|step| json!({ "stageId": format!("s{step}"), "occurredAt": at(one % 200 + 7 * (step + 1)) })).collect();
            json!({ "id": format!("a{one}"), "jobId": format!("j{one}"), "appliedAt": at(one % 200), "activities": steps, "rejectedAt": at(one % 200 + 30) })
        })
        .collect();
    let stages =
        json!([{ "id": "s0", "name": "Phone" }, { "id": "s1", "name": "Panel" }, { "id": "s2", "name": "Final" }]);
    let document = json!({ "format": "cairn/job-tracker", "version": 1, "source": "big", "jobs": jobs, "jobInterviewStages": stages, "applications": applications });
    let started = std::time::Instant::now();
    let made = import(&ada, tracker(document.clone())).await;
    let imported = started.elapsed();
    assert_eq!(outcome(&made), format!("SUCCEEDED {count} 0 0 0"));
    let search = made["jobSearchId"].as_str().unwrap();
    let started = std::time::Instant::now();
    let funnel = ada.ask("funnel", json!({ "jobSearchId": search, "groupBy": "CHANNEL" })).await.done();
    let folded = started.elapsed();
    let reached: Vec<i64> =
        funnel["groups"][0]["stages"].as_array().unwrap().iter().map(|one| one["reached"].as_i64().unwrap()).collect();
    let count = i64::try_from(count).unwrap();
    assert_eq!(reached, [count, count, count, count, count, 0]);
    let started = std::time::Instant::now();
    let page = ada
        .get(&format!("/applications?jobSearchId={search}&sort=-createdAt&first=50&expand=posting.company,stage"))
        .await
        .fine();
    let paged = started.elapsed();
    assert_eq!(page["items"].as_array().unwrap().len(), 50);
    if count > 1000 {
        let dialect = api.house.database.dialect();
        eprintln!(
            "{count} applications, {} events, {dialect:?}: import {imported:?}, funnel {folded:?}, page {paged:?}",
            5 * count
        );
        let started = std::time::Instant::now();
        assert_eq!(outcome(&import(&ada, tracker(document)).await), format!("SUCCEEDED 0 0 {count} 0"));
        eprintln!("the same again: {:?}", started.elapsed());
    }
}
