//! Versions and tags: a client that uses them loses no update, and downloads nothing twice.

use serde_json::json;

use crate::{
    harness::{Api, assert_snapshot, stories, stories_in_both_faces},
    learning::learning_session::days,
};

stories_in_both_faces!(a_version_that_is_known, of_two_updates_one_is_told, many_at_once_lose_nothing);
stories!(tags_of_objects, tags_of_lists, tags_that_are_none, many_batches_of_one_cohort);

const KIND: &str = "LearningPlan";

async fn a_version_that_is_known(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let plan = ada.plan("One").await;
    ada.knowing(1).update(KIND, &plan, json!({ "title": "Two" })).await.done();
    let refused = ada.knowing(1).update(KIND, &plan, json!({ "title": "Three" })).await;
    assert_snapshot!(refused.said(), @"VERSION_MISMATCH");
    assert_snapshot!(refused.details, @r#"{"current":2,"expected":1}"#);
    for verb in ["delete", "requestReview"] {
        assert_eq!(ada.knowing(1).tell(KIND, verb, &plan).await.said(), "VERSION_MISMATCH");
    }
    ada.knowing(2).tell(KIND, "delete", &plan).await.done();
    assert_snapshot!(ada.knowing(2).tell(KIND, "restore", &plan).await.said(), @"VERSION_MISMATCH");
    ada.knowing(3).tell(KIND, "restore", &plan).await.done();
    // Who may not know of it learns nothing of its version.
    let ben = acme.learner("ben").await;
    assert_snapshot!(ben.knowing(1).update(KIND, &plan, json!({ "title": "x" })).await.said(), @"NOT_FOUND");
    let made = ada.upsert(KIND, "lms", "1", json!({ "title": "A" })).await.done();
    assert_eq!(made["version"], 1);
    ada.knowing(1).upsert(KIND, "lms", "1", json!({ "title": "B" })).await.done();
    assert_snapshot!(ada.knowing(1).upsert(KIND, "lms", "1", json!({ "title": "C" })).await.said(), @"VERSION_MISMATCH");
}

async fn of_two_updates_one_is_told(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let plan = ada.plan("One").await;
    let knowing = ada.knowing(1);
    let (left, right) = (
        knowing.update(KIND, &plan, json!({ "title": "Left" })),
        knowing.update(KIND, &plan, json!({ "description": "Right" })),
    );
    let (left, right) = tokio::join!(left, right);
    let mut said = [left.said(), right.said()];
    said.sort();
    assert_eq!(said, ["VERSION_MISMATCH", "fine"]);
}

async fn many_at_once_lose_nothing(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (plan, other) = (ada.plan("One").await, api.another(&[]).await);
    let tries: Vec<_> = (0..10)
        .map(|n| {
            let (who, plan) = (if n % 2 == 0 { ada.clone() } else { ada.calling(&other) }, plan.clone());
            tokio::spawn(async move { who.update(KIND, &plan, json!({ "title": format!("Title {n}") })).await.done() })
        })
        .collect();
    for one in tries {
        one.await.unwrap();
    }
    assert_eq!(ada.see(KIND, &plan).await.done()["version"], 11);
}

/// Learning systems report a cohort in batches, at the same moment and each in an order of its own, while others note
/// sessions of the same people: nobody waits for the other for ever.
async fn many_batches_of_one_cohort(api: Api) {
    let acme = api.organization("Acme").await;
    let (root, moodle, other) = (acme.admin("root").await, acme.moodle().await, api.another(&[]).await);
    let (_, [_, competency, _]) = root.framework("own").await;
    let mut courses = Vec::new();
    for course in 0..3 {
        let refs = json!([{ "source": "moodle", "externalId": format!("c{course}") }]);
        let new = json!({ "kind": "COURSE", "title": "ML", "competencyIds": [competency], "url": format!("https://m.example/{course}"), "externalRefs": refs });
        courses.push(moodle.create("LearningResource", new).await.id());
    }
    let mut cohort = Vec::new();
    for name in ["ada", "ben", "cyd", "dee"] {
        let who = acme.learner(name).await;
        let plan = who.plan("Learn").await;
        let item = json!({ "planId": plan, "competencyId": competency, "resourceIds": courses });
        who.create("PlanItem", item).await.done();
        cohort.push(who);
    }
    let tries = (0..12_usize).map(|batch| {
        let who = if batch % 2 == 0 { moodle.clone() } else { moodle.calling(&other) };
        // 7 and 13 share nothing with 30: each batch is the same people, days and courses in another order.
        let places = (0..30_usize).map(|place| (place * [7, 13, 29, 1][batch % 4] + batch) % 30);
        let each = places.map(|place| {
            let (person, course) = (&cohort[place % 4], place % 3);
            let at = format!("2026-03-0{}T10:00:00Z", 1 + place % 5);
            let id = format!("00000000-0000-4000-8000-{batch:04}{place:08}");
            match batch % 3 {
                0 => json!({
                    "id": id, "actor": { "mbox": format!("mailto:{}", person.email(&acme)) }, "timestamp": at,
                    "verb": { "id": "http://adlnet.gov/expapi/verbs/completed" },
                    "object": { "id": format!("https://m.example/{course}") }, "result": { "duration": "PT10M" },
                }),
                1 => json!({
                    "statementId": id, "person": { "id": person.id }, "verb": "COMPLETED", "occurredAt": at,
                    "object": { "source": "moodle", "externalId": format!("c{course}") }, "minutes": 10,
                }),
                _ => json!({
                    "userId": person.id, "source": "LMS", "statementId": id, "startedAt": at, "minutes": 10,
                    "learningResourceId": courses[course],
                }),
            }
        });
        let (path, body) =
            (["/xapi/statements", "/completions", "/learning-sessions"][batch % 3], json!(each.collect::<Vec<_>>()));
        let who = if batch % 3 == 0 { who.with("x-experience-api-version", "1.0.3") } else { who };
        tokio::spawn(async move { who.post(path, body).await.problem() })
    });
    let mut said = Vec::new();
    for one in tries.collect::<Vec<_>>() {
        said.push(one.await.unwrap());
    }
    assert_eq!(said, vec!["200"; 12]);
    for person in &cohort {
        days(&api, person).await;
    }
}

async fn tags_of_objects(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let plan = ada.plan("One").await;
    let at = format!("/learning-plans/{plan}");
    let first = ada.get(&at).await.fine();
    let tag = first.header("etag").to_owned();
    assert!(tag.starts_with("\"1."), "{tag}");
    let known = ada.with("if-none-match", &tag).get(&at).await;
    assert_eq!((known.status(), known.body().len(), known.header("etag")), (304, 0, tag.as_str()));
    assert_eq!(ada.with("if-none-match", &format!("\"x\", W/{tag}")).get(&at).await.status(), 304);
    // What is shown changes without the version: an item is done, and the plan's progress with it.
    let (_, [_, leaf, _]) = root.framework("own").await;
    ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.done();
    let item = ada.list("PlanItem", &[]).await.ids().remove(0);
    ada.update("PlanItem", &item, json!({ "status": "DONE" })).await.done();
    let second = ada.with("if-none-match", &tag).get(&at).await.fine();
    assert_eq!((second["progress"].as_i64(), second.version()), (Some(100), 1));
    assert_ne!(second.header("etag"), tag);
    // Only the version of a tag is compared when something is to be changed.
    let after = ada.with("if-match", &tag).patch(&at, json!({ "title": "Two" })).await.fine();
    assert!(after.header("etag").starts_with("\"2."), "{}", after.header("etag"));
    assert_eq!(after.header("etag"), ada.get(&at).await.header("etag"));
    assert_snapshot!(ada.with("if-match", &tag).patch(&at, json!({ "title": "Three" })).await.problem(), @"412 VERSION_MISMATCH");
    assert_snapshot!(ada.with("if-match", &tag).delete(&at).await.problem(), @"412 VERSION_MISMATCH");
    ada.with("if-match", "*").patch(&at, json!({ "title": "Three" })).await.fine();
    ada.with("if-match", &format!("W/{}", ada.get(&at).await.header("etag"))).delete(&at).await.fine();
}

async fn tags_of_lists(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let plan = ada.plan("One").await;
    let list = ada.get("/learning-plans").await.fine();
    let known = ada.with("if-none-match", list.header("etag"));
    assert_eq!(known.get("/learning-plans").await.status(), 304);
    ada.update(KIND, &plan, json!({ "title": "Two" })).await.done();
    known.get("/learning-plans").await.fine();
    // A tag is for one caller: nothing is kept in between.
    assert!(list.header("cache-control").contains("private"));
    assert!(list.header("vary").to_lowercase().contains("authorization"));
}

async fn tags_that_are_none(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let at = format!("/learning-plans/{}", ada.plan("One").await);
    for tag in ["1", "\"1", "\"1.a\", \"2.b\""] {
        let answer = ada.with("if-match", tag).patch(&at, json!({ "title": "x" })).await;
        assert_eq!(answer.problem(), "400 BAD_INPUT If-Match", "{tag}");
    }
    assert_snapshot!(ada.with("if-match", "\"other\"").patch(&at, json!({ "title": "x" })).await.problem(), @"412 VERSION_MISMATCH");
}
