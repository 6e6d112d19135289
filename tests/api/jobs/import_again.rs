//! Trackers that are taken in again: into another search, after a search was deleted, and with news (§21).

use serde_json::{Value, json};

use super::{Search, history};
use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    learning::exchange::{import, outcome},
};

stories_in_both_faces!(
    what_is_in_a_search_stays_in_it,
    a_deleted_search_is_taken_in_again,
    a_search_that_is_over_is_named,
    what_is_deleted_is_not_used,
    news_are_of_now,
    where_it_stands_comes_last,
    what_differs_is_told,
    how_long_nobody_knows,
    lines_without_names_are_known_again
);

const HEAD: &str = "externalId,company,title,status,applied at,saved at,closed at,next action,channel\n";

fn table(lines: &str) -> Value {
    json!({ "kind": "JOB_TRACKER_CSV", "csv": format!("{HEAD}{lines}") })
}

fn into(search: &Value, lines: &str) -> Value {
    let mut input = table(lines);
    input["jobSearchId"] = search.clone();
    input
}

const ONE: &str = "R1,Windy Grid,ML engineer,Applied,2026-03-02,,,,\n";

async fn application(who: &Actor) -> Value {
    who.list("Application", &[]).await.items.remove(0)
}

async fn what_is_in_a_search_stays_in_it(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let first = import(&ada, table(ONE)).await;
    let other = Search::of(&ada).await;
    let moved = "R1,Windy Grid,ML engineer,Offer,2026-03-02,,,,\n";
    let refused = import(&ada, into(&json!(other.id), moved)).await;
    assert_snapshot!(outcome(&refused), @"FAILED 0 0 0 0 errors: 2:/externalId JOB_SEARCH_IMMUTABLE");
    assert_eq!(refused["errors"][0]["details"]["jobSearchId"], first["jobSearchId"]);
    let one = application(&ada).await;
    assert_eq!([&one["jobSearchId"], &one["stageKind"]], [&first["jobSearchId"], &json!("APPLIED")]);
    // Once its own search is deleted it is gone, and the line is a new application of the other.
    ada.tell("JobSearch", "delete", first["jobSearchId"].as_str().unwrap()).await.done();
    assert_snapshot!(outcome(&import(&ada, into(&json!(other.id), moved)).await), @"SUCCEEDED 1 0 0 0");
    let two = application(&ada).await;
    assert_eq!([&two["jobSearchId"], &two["stageKind"]], [&json!(other.id), &json!("OFFER")]);
    assert_ne!(two["id"], one["id"]);
    let stages = ada.list("Stage", &[("jobSearchId", &other.id)]).await.ids();
    assert!(stages.iter().any(|id| json!(id) == two["stageId"]), "it stands in a stage of its own search");
}

async fn a_deleted_search_is_taken_in_again(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let document = json!({ "kind": "JOB_TRACKER", "document": {
        "format": "cairn/job-tracker", "version": 1, "source": "huntr",
        "jobs": [{ "id": "j", "company": "Windy Grid", "name": "ML engineer" }],
        "applications": [{ "id": "a", "jobId": "j", "appliedAt": "2026-03-02T10:00:00Z" }],
        "scheduledInterviews": [{ "id": "i", "applicationId": "a", "type": "TECHNICAL", "startAt": "2026-03-09T10:00:00Z", "status": "HELD" }],
        "offers": [{ "id": "o", "applicationId": "a", "sentAt": "2026-03-20T10:00:00Z", "status": "DECLINED", "closedAt": "2026-03-21T10:00:00Z" }],
    } });
    let first = import(&ada, document.clone()).await;
    assert_snapshot!(outcome(&first), @"SUCCEEDED 3 0 0 0");
    ada.tell("JobSearch", "delete", first["jobSearchId"].as_str().unwrap()).await.done();
    let again = import(&ada, document.clone()).await;
    assert_snapshot!(outcome(&again), @"SUCCEEDED 3 0 0 0");
    assert_ne!(again["jobSearchId"], first["jobSearchId"]);
    for kind in ["Application", "Interview", "Offer"] {
        assert_eq!(ada.list(kind, &[]).await.items.len(), 1, "{kind}");
    }
    assert_eq!(ada.list("JobPosting", &[]).await.items.len(), 1, "the opening is still there");
    // And once more it is the same.
    assert_snapshot!(outcome(&import(&ada, document).await), @"SUCCEEDED 0 0 3 0");
}

async fn a_search_that_is_over_is_named(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let first = import(&ada, table(ONE)).await;
    ada.tell("JobSearch", "close", first["jobSearchId"].as_str().unwrap()).await.done();
    let more = format!("{ONE}R2,Sunny,Analyst,Applied,2026-03-03,,,,\n");
    let refused = import(&ada, table(&more)).await;
    // The request has no such member: it found the search by itself.
    assert_snapshot!(outcome(&refused), @"FAILED 0 0 0 0 errors:  JOB_SEARCH_CLOSED");
    assert_eq!(refused["errors"][0]["details"]["jobSearchId"], first["jobSearchId"]);
    let refused = import(&ada, into(&first["jobSearchId"], &more)).await;
    assert_snapshot!(outcome(&refused), @"FAILED 0 0 0 0 errors: /jobSearchId JOB_SEARCH_CLOSED");
}

async fn what_is_deleted_is_not_used(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    import(&ada, table(ONE)).await;
    let one = application(&ada).await;
    ada.tell("Application", "delete", one["id"].as_str().unwrap()).await.done();
    ada.tell("JobPosting", "delete", one["postingId"].as_str().unwrap()).await.done();
    // What was deleted here stays deleted.
    assert_snapshot!(outcome(&import(&ada, table(ONE)).await), @"SUCCEEDED 0 0 1 0");
    assert_eq!(ada.list("JobPosting", &[]).await.items.len(), 0);
    // Another application for the same job, which a document can name, is for an opening that is there.
    let document = |applications: Value| {
        json!({ "kind": "JOB_TRACKER", "document": {
            "format": "cairn/job-tracker", "version": 1, "source": "huntr",
            "jobs": [{ "id": "j", "company": "Windy Grid", "name": "ML engineer" }], "applications": applications,
        } })
    };
    import(&ada, document(json!([]))).await;
    let posting = ada.list("JobPosting", &[]).await.ids().remove(0);
    ada.tell("JobPosting", "delete", &posting).await.done();
    let applied = json!([{ "id": "a", "jobId": "j", "appliedAt": "2026-03-02T10:00:00Z" }]);
    assert_snapshot!(outcome(&import(&ada, document(applied)).await), @"SUCCEEDED 1 0 0 0");
    let living = ada.list("JobPosting", &[]).await.ids();
    assert_eq!(application(&ada).await["postingId"], json!(living[0]));
    assert_ne!(living[0], posting);
}

fn today() -> String {
    cairn::domain::clock::rfc3339(cairn::domain::clock::now())[..10].to_owned()
}

async fn news_are_of_now(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    import(&ada, table(ONE)).await;
    let rejected = "R1,Windy Grid,ML engineer,Rejected,2026-03-02,,,,\n";
    assert_snapshot!(outcome(&import(&ada, table(rejected)).await), @"SUCCEEDED 0 1 0 0");
    let one = application(&ada).await;
    assert_eq!((&one["outcome"], one["closedAt"].as_str().unwrap()[..10].to_owned()), (&json!("REJECTED"), today()));
    // The feed tells of the end, as when it is written by hand.
    let told = ada.list("Event", &[("type", "application.closed")]).await.items;
    assert_eq!((told.len(), &told[0]["subjectId"]), (1, &one["id"]));
    assert_eq!(told[0]["data"]["outcome"], json!("REJECTED"));
    // Back and forth, as the tracker says it.
    let offered = "R1,Windy Grid,ML engineer,Offer,2026-03-02,,,,\n";
    assert_snapshot!(outcome(&import(&ada, table(offered)).await), @"SUCCEEDED 0 1 0 0");
    assert_snapshot!(outcome(&import(&ada, table(rejected)).await), @"SUCCEEDED 0 1 0 0");
    assert_snapshot!(outcome(&import(&ada, table(rejected)).await), @"SUCCEEDED 0 0 1 0");
    assert_eq!(application(&ada).await["outcome"], json!("REJECTED"));
    assert_eq!(ada.list("Event", &[("type", "application.reopened")]).await.items.len(), 1);
    let lines = history(&ada, one["id"].as_str().unwrap()).await.join("\n").replace(&today(), "today");
    assert_snapshot!(lines, @r"
    1 CREATED - > APPLIED - 2026-03-02
    2 CLOSED APPLIED > - REJECTED today
    3 REOPENED APPLIED > OFFER - today
    4 CLOSED OFFER > - REJECTED today
    ");
    // They are read in their order, however many were written at once.
    let numbers = |items: &[Value]| items.iter().map(|one| one["number"].as_i64().unwrap()).collect::<Vec<_>>();
    let id = one["id"].as_str().unwrap();
    assert_eq!(numbers(&ada.list("ApplicationEvent", &[("applicationId", id)]).await.items), [1, 2, 3, 4]);
    let last = ada.list("ApplicationEvent", &[("applicationId", id), ("sort", "-number")]).await.items;
    assert_eq!(numbers(&last), [4, 3, 2, 1]);
    let last = ada.list("ApplicationEvent", &[("applicationId", id), ("sort", "occurredAt")]).await.items;
    assert_eq!(numbers(&last)[0], 1);
    // What somebody accepted is not taken back by a table that says no day.
    let accepted = "R2,Sunny,Analyst,Offer accepted,2026-03-02,,2026-03-20,,\n";
    import(&ada, table(accepted)).await;
    let stale = accepted.replace("Offer accepted", "Offer").replace("2026-03-20", "");
    assert_snapshot!(outcome(&import(&ada, table(&stale)).await), @"SUCCEEDED 0 0 1 0 warnings: 2: HISTORY_DIFFERS");
}

async fn where_it_stands_comes_last(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    // It ended before one had applied: that cannot be, but that it ended is so.
    let odd = "R1,Windy Grid,ML engineer,Rejected,2026-01-10,2026-01-01,2026-01-05,,\n";
    assert_snapshot!(outcome(&import(&ada, table(odd)).await), @"SUCCEEDED 1 0 0 0 warnings: 2: HISTORY_DIFFERS");
    let one = application(&ada).await;
    assert_eq!(
        [&one["outcome"], &one["stageKind"], &one["appliedAt"]],
        [&json!("REJECTED"), &json!("APPLIED"), &json!("2026-01-10T00:00:00.000000Z")]
    );
    let told = ada.list("Event", &[("type", "application.closed")]).await.items;
    assert_eq!(told.len(), 1, "of one that is new and has ended, its end is told, too");
    // Back to an earlier stage, as the table has it.
    import(&ada, table("R2,Sunny,Analyst,Interview,2026-03-02,,,,\n")).await;
    import(&ada, table("R2,Sunny,Analyst,Applied,2026-03-02,,,,\n")).await;
    let open = |items: Vec<Value>| items.into_iter().find(|one| one["outcome"].is_null()).unwrap();
    let two = open(ada.list("Application", &[]).await.items);
    assert_eq!(two["stageKind"], json!("APPLIED"));
    // What was moved on here stays, with a word of it.
    let stages = ada.list("Stage", &[("jobSearchId", two["jobSearchId"].as_str().unwrap())]).await.items;
    let offer = stages.iter().find(|one| one["kind"] == "OFFER").unwrap()["id"].clone();
    let to = json!({ "fromStageId": two["stageId"], "toStageId": offer });
    ada.act("Application", "move", two["id"].as_str(), to).await.done();
    let same = import(&ada, table("R2,Sunny,Analyst,Applied,2026-03-02,,,,\n")).await;
    assert_snapshot!(outcome(&same), @"SUCCEEDED 0 0 1 0 warnings: 2: HISTORY_DIFFERS");
    // When something ended that has not ended, nobody knows.
    let closed = import(&ada, table("R3,Sunny,Analyst,Applied,2026-03-02,,2026-03-09,,\n")).await;
    assert_snapshot!(outcome(&closed), @"SUCCEEDED 1 0 0 0 warnings: 2:/closed at CLOSED_AT_LEFT_OUT");
}

async fn what_differs_is_told(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    import(&ada, table("R1,Windy Grid,ML engineer,Applied,2026-03-02,,,Call Noor.,Referral\n")).await;
    let other = "R1,Windy Grid,AI engineer,Applied,2026-03-02,,,Call Kim.,Recruiter\n";
    let again = import(&ada, table(other)).await;
    assert_snapshot!(outcome(&again), @"SUCCEEDED 0 0 1 0 warnings: 2:/title KEPT_AS_IT_IS, 2:/channel KEPT_AS_IT_IS, 2:/next action KEPT_AS_IT_IS");
    assert_snapshot!(again["warnings"][0]["message"].as_str().unwrap(), @"What it says of title is not what is kept here, which stays.");
    assert_eq!(application(&ada).await["nextAction"], json!("Call Noor."));
}

async fn how_long_nobody_knows(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let made = import(
        &ada,
        table(
            "R1,Windy Grid,ML engineer,Interview,2026-03-02,,,,\nR2,Sunny,Analyst,Applied,2026-03-11,2026-03-01,,,\n",
        ),
    )
    .await;
    let told = ada.ask("timeInStage", json!({ "jobSearchId": made["jobSearchId"] })).await.done();
    let stays: Vec<_> = told["stages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {} {}", one["kind"].as_str().unwrap(), one["left"], one["medianDays"]))
        .collect();
    // When the interviews began is not known: neither is how long it stood where one had applied.
    assert_eq!(stays[..3], ["RESEARCH 1 10", "OUTREACH 0 null", "APPLIED 0 null"]);
    let events = ada.list("ApplicationEvent", &[("toKind", "INTERVIEWING")]).await.items;
    assert_eq!(events[0]["dated"], json!(false));
}

async fn lines_without_names_are_known_again(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let nameless = async |source: &str, lines: &str| {
        let csv = format!("company,title,status,saved at,applied at\n{lines}");
        let input = json!({ "kind": "JOB_TRACKER_CSV", "csv": csv, "trackerMapping": { "source": source } });
        import(&ada, input).await
    };
    let standing = async |job: &Value| {
        let search = job["jobSearchId"].as_str().unwrap();
        let path = format!("/applications?jobSearchId={search}&expand=posting&first=100");
        let all = ada.get(&path).await.fine();
        let word = |value: &Value| value.as_str().unwrap_or("-").to_owned();
        let line = |one: &Value| {
            let applied = word(&one["appliedAt"]);
            let (title, day) = (word(&one["posting"]["title"]), applied.get(..10).unwrap_or("-"));
            format!("{title} {} {} {day}", word(&one["stageKind"]), word(&one["outcome"]))
        };
        let mut lines: Vec<String> = all["items"].as_array().unwrap().iter().map(line).collect();
        lines.sort();
        lines.join(", ")
    };
    // What was saved is applied for later: it is the same.
    assert_snapshot!(outcome(&nameless("one", "A,B,Saved,2026-02-20,\n").await), @"SUCCEEDED 1 0 0 0");
    let applied = "A,B,Applied,2026-02-20,2026-03-01\n";
    let job = nameless("one", applied).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 0 1 0 0");
    assert_snapshot!(standing(&job).await, @"B APPLIED - 2026-03-01");
    assert_snapshot!(outcome(&nameless("one", applied).await), @"SUCCEEDED 0 0 1 0");
    // A second one for the same is another, wherever its line stands, and the first stays as it is.
    let both = "A,B,Interview,,2026-03-20\nA,B,Applied,2026-02-20,2026-03-01\n";
    assert_snapshot!(outcome(&nameless("one", both).await), @"SUCCEEDED 1 0 1 0");
    assert_snapshot!(outcome(&nameless("one", both).await), @"SUCCEEDED 0 0 2 0");
    let second = "A,B,Rejected,,2026-03-20\n";
    let job = nameless("one", second).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 0 1 0 0");
    assert_snapshot!(standing(&job).await, @"B APPLIED - 2026-03-01, B INTERVIEWING REJECTED 2026-03-20");
    // Marks tell titles apart, in any order.
    assert_snapshot!(outcome(&nameless("two", "A,C++ dev,Applied,,\nA,C# dev,Rejected,,\n").await), @"SUCCEEDED 2 0 0 0");
    let turned = nameless("two", "A,C# dev,Rejected,,\nA,c++  dev,Applied,,\n").await;
    assert_snapshot!(outcome(&turned), @"SUCCEEDED 0 0 2 0 warnings: 3:/title KEPT_AS_IT_IS");
    // Lines that are the same are as many applications, and the same again.
    let twice = "A,B,Applied,,2026-03-01\nA,B,Applied,,2026-03-01\n";
    assert_snapshot!(outcome(&nameless("three", "A,B,Applied,,2026-03-01\n").await), @"SUCCEEDED 1 0 0 0");
    assert_snapshot!(outcome(&nameless("three", twice).await), @"SUCCEEDED 1 0 1 0");
    assert_snapshot!(outcome(&nameless("three", twice).await), @"SUCCEEDED 0 0 2 0");
    // What was deleted here stays deleted, and does not come back with its day.
    assert_snapshot!(outcome(&nameless("four", "A,B,Saved,2026-02-20,\n").await), @"SUCCEEDED 1 0 0 0");
    let last = ada.list("Application", &[("sort", "-createdAt"), ("first", "1")]).await.ids().remove(0);
    ada.tell("Application", "delete", &last).await.done();
    assert_snapshot!(outcome(&nameless("four", applied).await), @"SUCCEEDED 0 0 1 0");
}
