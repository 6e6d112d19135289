//! Imports as jobs: who may ask for one, what it says, and that it happens once.

use cairn::{domain::learning::import_job::run, work::imports};
use entity::{learning::import_job, platform::client::Scope};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};

use super::{KIND, import, outcome, package::package, work};
use crate::harness::{Api, Face, assert_snapshot, face::id, stories, stories_in_both_faces};

stories_in_both_faces!(
    who_takes_frameworks_in,
    an_import_is_called_off,
    rights_are_looked_up_when_it_runs,
    only_so_many_wait
);

fn case() -> Value {
    json!({ "kind": "CASE", "document": package([1, 1, 1, 0]), "shortName": "data" })
}

async fn who_takes_frameworks_in(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, noor, root) =
        (acme.learner("ada").await, acme.coach("kim").await, acme.analyst("noor").await, acme.admin("root").await);
    for who in [&ada, &kim, &noor] {
        assert_snapshot!(who.create(KIND, case()).await.said(), @"FORBIDDEN");
        let table = json!({ "kind": "FRAMEWORK_CSV", "csv": "code,name\n" });
        assert_snapshot!(who.create(KIND, table).await.said(), @"FORBIDDEN");
    }
    let reader = acme.client(&[Scope::LearningRead]).await;
    assert_snapshot!(reader.create(KIND, case()).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(root.create(KIND, json!({ "kind": "CASE" })).await.said(), @"DOCUMENT_REQUIRED /document");
    assert_snapshot!(root.create(KIND, json!({ "kind": "CASE", "csv": "x" })).await.said(), @"DOCUMENT_REQUIRED /document");
    assert_snapshot!(root.create(KIND, json!({ "kind": "FRAMEWORK_CSV", "document": {} })).await.said(), @"DOCUMENT_REQUIRED /csv");

    let with = json!({ "kind": "CASE", "document": {}, "frameworkId": "cfw_01h455vb4pex5vsknk084sn02q" });
    assert_snapshot!(root.create(KIND, with).await.said(), @"IMPORT_OPTION_FORBIDDEN /frameworkId");
    let with = json!({ "kind": "FRAMEWORK_CSV", "csv": "x", "ownerId": ada.id });
    assert_snapshot!(root.create(KIND, with).await.said(), @"IMPORT_OPTION_FORBIDDEN /ownerId");

    let moodle = acme.moodle().await;
    let job = import(&moodle, case()).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 3 0 0 0 warnings:  SCALE_DEFAULTED");
    // The organization's frameworks are its administrators' to know about, and nobody else's.
    root.see(KIND, &id(&job)).await.done();
    for who in [&ada, &kim, &noor, &api.organization("Beta").await.admin("eve").await] {
        assert_snapshot!(who.see(KIND, &id(&job)).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.tell(KIND, "cancel", &id(&job)).await.said(), @"NOT_FOUND");
        assert_eq!(who.list(KIND, &[]).await.items.len(), 0);
    }
    let happened = moodle.through(Face::Rest).list("Event", &[("subjectKind", "import_job"), ("sort", "seq")]).await;
    assert_snapshot!(json!(happened.each("type")), @r#"["import_job.created","import_job.succeeded"]"#);
    // A framework that is hidden goes out to those who make it.
    let framework = job["frameworkId"].as_str().unwrap();
    root.update("CompetencyFramework", framework, json!({ "visible": false })).await.done();
    assert_snapshot!(ada.ask("competencyFrameworkExport", json!({ "frameworkId": framework })).await.said(), @"NOT_FOUND");
    root.ask("competencyFrameworkExport", json!({ "frameworkId": framework })).await.done();
}

async fn an_import_is_called_off(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let job = root.create(KIND, case()).await.id();
    let cancelled = root.tell(KIND, "cancel", &job).await.done();
    assert_snapshot!(outcome(&cancelled), @"CANCELLED 0 0 0 0");
    assert!(!imports::next(&api.house).await.unwrap());
    let refused = root.tell(KIND, "cancel", &job).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":[],"command":"cancel","from":"CANCELLED"}"#);
    // One that is being carried out is called off all the same: nothing of it is there.
    let job = root.create(KIND, case()).await.id();
    let claimed = run::claim(&api.house, None).await.unwrap().unwrap();
    assert_eq!(root.see(KIND, &job).await.done()["state"], "RUNNING");
    root.tell(KIND, "cancel", &job).await.done();
    claimed.carry_out(caller(&api, &root).await).await.unwrap();
    assert_snapshot!(outcome(&root.see(KIND, &job).await.done()), @"CANCELLED 0 0 0 0");
    assert_eq!(root.list("CompetencyFramework", &[("shortName", "data")]).await.items.len(), 0);
}

/// Who an actor is to the core.
async fn caller(api: &Api, who: &crate::harness::Actor) -> cairn::domain::caller::Caller {
    let token = who.token.as_deref().unwrap();
    cairn::auth::identify::identify(&api.house, token, "test".into()).await.unwrap()
}

async fn rights_are_looked_up_when_it_runs(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, boss) = (acme.admin("root").await, acme.admin("boss").await);
    let place = async |who: &str| boss.through(Face::Rest).list("Membership", &[("userId", who)]).await.ids().remove(0);
    let waiting = root.create(KIND, case()).await.id();
    boss.update("Membership", &place(&root.id).await, json!({ "roles": ["LEARNER"] })).await.done();
    work(&api).await;
    assert_snapshot!(outcome(&boss.see(KIND, &waiting).await.done()), @"FAILED 0 0 0 0 errors:  FORBIDDEN");
    let other = acme.admin("other").await;
    let waiting = other.create(KIND, case()).await.id();
    boss.tell("User", "delete", &other.id).await.done();
    work(&api).await;
    assert_snapshot!(outcome(&boss.see(KIND, &waiting).await.done()), @"FAILED 0 0 0 0 errors:  UNAUTHENTICATED");
    assert_eq!(boss.list("CompetencyFramework", &[("shortName", "data")]).await.items.len(), 0);
}

async fn only_so_many_wait(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let table = json!({ "kind": "FRAMEWORK_CSV", "csv": "code,name\na,A\n", "shortName": "one" });
    for _ in 0..20 {
        root.create(KIND, table.clone()).await.done();
    }
    assert_snapshot!(root.create(KIND, table.clone()).await.said(), @"IMPORTS_WAITING");
    work(&api).await;
    root.create(KIND, table).await.done();
}

stories!(
    a_request_is_accepted,
    an_import_is_taken_over,
    two_workers_take_different_ones,
    what_cannot_be_carried_out_now_rests_a_little
);

async fn a_request_is_accepted(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let first = root.once("import-1").post("/import-jobs", case()).await;
    assert_eq!(first.status(), 202, "{}", first.text());
    let job = first["id"].as_str().unwrap().to_owned();
    assert_eq!(first.header("location"), format!("/api/v1/import-jobs/{job}"));
    let seen = root.see(KIND, &job).await.done();
    assert_eq!((&seen["state"], &seen["total"]), (&json!("QUEUED"), &json!(null)));
    // The same key is the same import, before and after it ended.
    let again = root.once("import-1").post("/import-jobs", case()).await;
    assert_eq!((again.status(), again.header("idempotency-replayed"), &again["id"]), (202, "true", &json!(job)));
    work(&api).await;
    let again = root.once("import-1").post("/import-jobs", case()).await;
    assert_eq!((again["id"].as_str(), again["state"].as_str()), (Some(job.as_str()), Some("SUCCEEDED")));
    // What it advises is its own, and stands there once.
    assert_eq!(again["warnings"][0]["code"], "SCALE_DEFAULTED");
    assert_eq!(again.text().matches("\"warnings\":").count(), 1);
    assert!(!imports::next(&api.house).await.unwrap());
    let other = root.once("import-1").post("/import-jobs", json!({ "kind": "CASE", "document": {} })).await;
    assert_eq!(other.problem(), "422 IDEMPOTENCY_CONFLICT");
    let by_expansion = root.get(&format!("/import-jobs/{job}?expand=framework,user")).await;
    assert_eq!(
        (&by_expansion["framework"]["shortName"], &by_expansion["user"]["name"]),
        (&json!("data"), &json!("root"))
    );
}

async fn an_import_is_taken_over(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let job = root.create(KIND, case()).await.id();
    let lost = run::claim(&api.house, None).await.unwrap().unwrap();
    // As long as its worker has it, nobody else does.
    assert!(!imports::next(&api.house).await.unwrap());
    assert!(run::claim(&api.house, None).await.unwrap().is_none());
    api.execute(
        "UPDATE import_job SET lease_until = $1",
        vec!["2020-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into()],
    )
    .await;
    assert!(imports::next(&api.house).await.unwrap());
    let done = root.see(KIND, &job).await.done();
    assert_snapshot!(outcome(&done), @"SUCCEEDED 3 0 0 0 warnings:  SCALE_DEFAULTED");
    // Who lost it does nothing more.
    let events = root.list("Event", &[("count", "true")]).await.total;
    lost.carry_out(caller(&api, &root).await).await.unwrap();
    assert_eq!(root.see(KIND, &job).await.done(), done);
    assert_eq!(root.list("Event", &[("count", "true")]).await.total, events);
    // One that takes its workers along is given up.
    let job = root.create(KIND, case()).await.id();
    api.execute("UPDATE import_job SET attempts = 5 WHERE state = 'QUEUED'", Vec::new()).await;
    work(&api).await;
    assert_snapshot!(outcome(&root.see(KIND, &job).await.done()), @"FAILED 0 0 0 0 errors:  INTERNAL");
}

async fn what_cannot_be_carried_out_now_rests_a_little(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let job = root.create(KIND, case()).await.id();
    api.execute("ALTER TABLE competency RENAME TO away", Vec::new()).await;
    assert!(imports::next(&api.house).await.unwrap());
    api.execute("ALTER TABLE away RENAME TO competency", Vec::new()).await;
    // It is given back at once: nobody waits for its worker to be given up.
    let row = import_job::Entity::find().one(&api.house.database.write).await.unwrap().unwrap();
    assert_eq!(row.state, import_job::ImportState::Running);
    let rests = row.lease_until.unwrap() - cairn::domain::clock::now();
    assert!(rests < chrono::TimeDelta::seconds(10), "it rests for {rests}");
    api.execute("UPDATE import_job SET lease_until = created_at", Vec::new()).await;
    work(&api).await;
    assert_snapshot!(outcome(&root.see(KIND, &job).await.done()), @"SUCCEEDED 3 0 0 0 warnings:  SCALE_DEFAULTED");
}

async fn two_workers_take_different_ones(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let other = api.another(&[]).await;
    let mut jobs = Vec::new();
    for n in 0..6 {
        let table = json!({ "kind": "FRAMEWORK_CSV", "csv": "code,name\na,A\n", "shortName": format!("f{n}") });
        jobs.push(root.create(KIND, table).await.id());
    }
    tokio::join!(work(&api), work(&other));
    for job in &jobs {
        assert_snapshot!(outcome(&root.see(KIND, job).await.done()), @"SUCCEEDED 1 0 0 0 warnings:  SCALE_DEFAULTED");
    }
    let ended = root.list("Event", &[("type", "import_job.succeeded"), ("count", "true")]).await.total;
    assert_eq!(ended, 6);
}
