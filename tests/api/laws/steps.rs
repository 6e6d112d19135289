//! How often a write goes to the database, so that it does not grow unnoticed.

use std::sync::atomic::Ordering;

use cairn::{
    database::{COMMITS, STEPS},
    read::{rows::STATEMENTS, sql::Dialect},
};
use serde_json::json;

use crate::harness::{Actor, Api, assert_snapshot, run, stories};

stories!(a_write_takes_so_many_steps);

/// What came since the last time: statements of units of work, their commits, and statements that only read. A unit of work
/// is begun once more for each commit; all that is read after it comes in one round trip.
fn counted(since: &mut [u64; 3]) -> String {
    let now = [&STEPS, &COMMITS, &STATEMENTS].map(|count| count.load(Ordering::Relaxed));
    let [steps, commits, reads] = [0, 1, 2].map(|place| now[place] - since[place]);
    *since = now;
    format!("{steps} in {commits}, then {reads}")
}

async fn of(who: &Actor) -> String {
    let mut out = Vec::new();
    let mut note = |what: &str, since: &mut [u64; 3]| out.push(format!("{what}: {}", counted(since)));
    let mut since = [0; 3];
    counted(&mut since);
    let resource = who.create("LearningResource", json!({ "kind": "BOOK", "title": "A" })).await.id();
    note("create resource", &mut since);
    who.once("k1").create("LearningResource", json!({ "kind": "BOOK", "title": "B" })).await.done();
    note("the same with a key", &mut since);
    who.once("k1").create("LearningResource", json!({ "kind": "BOOK", "title": "B" })).await.done();
    note("again", &mut since);
    who.update("LearningResource", &resource, json!({ "title": "C" })).await.done();
    note("update resource", &mut since);
    let plan = who.create("LearningPlan", json!({ "title": "A" })).await.id();
    note("create plan", &mut since);
    who.once("k2").create("LearningPlan", json!({ "title": "B" })).await.done();
    note("the same with a key", &mut since);
    who.update("LearningPlan", &plan, json!({ "title": "C" })).await.done();
    note("update plan", &mut since);
    who.update("LearningPlan", &plan, json!({ "title": "C" })).await.done();
    note("the same again", &mut since);
    out.join("\n")
}

async fn a_write_takes_so_many_steps(api: Api) {
    // The counts are the process's.
    if !run::alone() {
        return run::again_alone();
    }
    let ada = api.organization("Acme").await.learner("ada").await;
    // Whoever comes first asks more.
    ada.plan("First").await;
    match api.house.database.dialect() {
        Dialect::Sqlite => assert_snapshot!(of(&ada).await, @r"
            create resource: 2 in 1, then 2
            the same with a key: 4 in 1, then 2
            again: 0 in 0, then 2
            update resource: 3 in 1, then 2
            create plan: 3 in 1, then 2
            the same with a key: 5 in 1, then 2
            update plan: 4 in 1, then 2
            the same again: 2 in 1, then 2
            "),
        Dialect::Postgres => assert_snapshot!(of(&ada).await, @r"
            create resource: 2 in 1, then 2
            the same with a key: 3 in 1, then 2
            again: 0 in 0, then 2
            update resource: 3 in 1, then 2
            create plan: 3 in 1, then 2
            the same with a key: 4 in 1, then 2
            update plan: 4 in 1, then 2
            the same again: 2 in 1, then 2
            "),
    }
}
