//! External references: other systems' names stand wherever an id may stand, and an upsert goes by them.

use serde_json::{Value, json};

use crate::harness::{Api, Face, assert_snapshot, stories, stories_in_both_faces};

stories_in_both_faces!(an_upsert_makes_or_changes, a_name_is_of_one_object, names_in_one_organization, all_at_once);
stories!(a_name_in_the_place_of_an_id, names_that_are_none, a_put_with_conditions);

const KIND: &str = "LearningResource";

fn course(title: &str) -> Value {
    json!({ "kind": "COURSE", "title": title })
}

async fn an_upsert_makes_or_changes(api: Api) {
    let moodle = api.organization("Acme").await.moodle().await;
    let made =
        moodle.upsert(KIND, "moodle", "c1", json!({ "kind": "COURSE", "title": "One", "provider": "DLAI" })).await;
    let same =
        moodle.upsert(KIND, "moodle", "c1", json!({ "kind": "COURSE", "title": "One", "provider": "DLAI" })).await;
    let after = moodle.upsert(KIND, "moodle", "c1", course("Two")).await;
    if api.face == Face::Rest {
        assert_eq!([&made, &same, &after].map(|outcome| outcome.answer.status()), [201, 200, 200]);
    }
    let (made, same, after) = (made.done(), same.done(), after.done());
    assert_eq!(made["externalRefs"], json!([{ "source": "moodle", "externalId": "c1" }]));
    assert_eq!((&same["id"], &same["version"]), (&made["id"], &json!(1)));
    assert_eq!((&after["id"], &after["title"], &after["version"]), (&made["id"], &json!("Two"), &json!(2)));
    assert_eq!(after["externalRefs"], made["externalRefs"]);
    // The name that it goes by stays its own, whatever names the body gives.
    let renamed = json!({ "kind": "COURSE", "title": "Two", "externalRefs": [{ "source": "lti", "externalId": "x" }] });
    let renamed = moodle.upsert(KIND, "moodle", "c1", renamed).await.done();
    assert_eq!((&renamed["version"], renamed["externalRefs"].as_array().map(Vec::len)), (&json!(3), Some(2)));
    assert_eq!(moodle.upsert(KIND, "moodle", "c1", course("Two")).await.done()["id"], made["id"]);
    // What an upsert does not name stays; what breaks a rule changes nothing.
    assert_eq!(after["provider"], "DLAI");
    assert_snapshot!(moodle.upsert(KIND, "moodle", "c1", json!({ "kind": "COURSE", "title": "" })).await.said(), @"VALIDATION_FAILED /title");
    assert_eq!(moodle.list(KIND, &[]).await.items.len(), 1);
    // What was deleted comes back by its name.
    moodle.tell(KIND, "delete", made["id"].as_str().unwrap()).await.done();
    let back = moodle.upsert(KIND, "moodle", "c1", course("Back")).await.done();
    assert_eq!((&back["id"], &back["deletedAt"], &back["title"]), (&made["id"], &Value::Null, &json!("Back")));
}

async fn a_name_is_of_one_object(api: Api) {
    let moodle = api.organization("Acme").await.moodle().await;
    let refs = json!([{ "source": "moodle", "externalId": "c1" }, { "source": "lti", "externalId": "x" }]);
    let mut new = course("One");
    new["externalRefs"] = refs.clone();
    let one = moodle.create(KIND, new.clone()).await.id();
    assert_snapshot!(moodle.create(KIND, new).await.said(), @"EXTERNAL_REF_TAKEN");
    let two = moodle.create(KIND, course("Two")).await.id();
    assert_snapshot!(moodle.update(KIND, &two, json!({ "externalRefs": refs })).await.said(), @"EXTERNAL_REF_TAKEN");
    assert_eq!(moodle.see(KIND, &two).await.done()["externalRefs"], json!([]));
    // One name less, and it is free.
    moodle.update(KIND, &one, json!({ "externalRefs": [{ "source": "lti", "externalId": "x" }] })).await.done();
    moodle.update(KIND, &two, json!({ "externalRefs": [{ "source": "moodle", "externalId": "c1" }] })).await.done();
    // Another kind of thing may have the same name.
    let ada = crate::harness::world::organization(&api, "Beta").await.learner("ada").await;
    ada.upsert("LearningPlan", "moodle", "c1", json!({ "title": "Plan" })).await.done();
}

async fn names_in_one_organization(api: Api) {
    let (acme, beta) = (api.organization("Acme").await.moodle().await, api.organization("Beta").await.moodle().await);
    let ours = acme.upsert(KIND, "moodle", "c1", course("Ours")).await.done();
    let theirs = beta.upsert(KIND, "moodle", "c1", course("Theirs")).await.done();
    assert_ne!(ours["id"], theirs["id"]);
    assert_eq!(acme.see(KIND, ours["id"].as_str().unwrap()).await.done()["title"], "Ours");
}

async fn all_at_once(api: Api) {
    let (moodle, other) = (api.organization("Acme").await.moodle().await, api.another(&[]).await);
    let tries: Vec<_> = (0..8)
        .map(|n| {
            let who = if n % 2 == 0 { moodle.clone() } else { moodle.calling(&other) };
            tokio::spawn(async move { who.upsert(KIND, "moodle", "c1", course("One")).await })
        })
        .collect();
    let mut ids = Vec::new();
    for one in tries {
        let outcome = one.await.unwrap();
        // Who comes second at the same moment changes what the first one made.
        ids.push(outcome.done()["id"].as_str().unwrap().to_owned());
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_eq!(moodle.list(KIND, &[]).await.items.len(), 1);
}

async fn a_name_in_the_place_of_an_id(api: Api) {
    let acme = api.organization("Acme").await;
    let (moodle, ada) = (acme.moodle().await, acme.learner("ada").await);
    let mut new = course("One");
    new["externalRefs"] = json!([{ "source": "moodle", "externalId": "a/b:c d?#ü%" }]);
    let id = moodle.create(KIND, new).await.id();
    let at = "/learning-resources/ext:moodle:a%2Fb%3Ac%20d%3F%23%C3%BC%25";
    assert_eq!(ada.get(at).await.fine().id(), id);
    assert_eq!(ada.get("/learning-resources/ext%3Amoodle%3Aa%2Fb%3Ac%20d%3F%23%C3%BC%25").await.fine().id(), id);
    assert_eq!(moodle.patch(at, json!({ "title": "Two" })).await.fine()["title"], "Two");
    assert_snapshot!(ada.patch(at, json!({ "title": "Three" })).await.problem(), @"403 FORBIDDEN");
    moodle.delete(at).await.fine();
    assert_snapshot!(ada.get(at).await.problem(), @"404 NOT_FOUND");
    moodle.post(&format!("{at}/restore"), json!({})).await.fine();
    assert_eq!(moodle.put(at, course("Four")).await.fine().id(), id);
    ada.put("/learning-plans/ext:moodle:p", json!({ "title": "Plan" })).await.fine();
    ada.post("/learning-plans/ext:moodle:p/request-review", json!({})).await.fine();
    assert_snapshot!(ada.get("/learning-plans/ext:moodle:other").await.problem(), @"404 NOT_FOUND");
    // The names of a resource are not those of plans.
    assert_snapshot!(ada.get("/learning-resources/ext:moodle:p").await.problem(), @"404 NOT_FOUND");
    let eve = api.organization("Beta").await.learner("eve").await;
    assert_snapshot!(eve.get(at).await.problem(), @"404 NOT_FOUND");
}

async fn names_that_are_none(api: Api) {
    let moodle = api.organization("Acme").await.moodle().await;
    let id = moodle.create(KIND, course("One")).await.id();
    for name in ["ext:moodle", "ext:moodle:", "ext::1", "ext:a%20b:1", "ext:moodle:%00", "%ff"] {
        assert_eq!(moodle.get(&format!("/learning-resources/{name}")).await.problem(), "400 BAD_INPUT id", "{name}");
    }
    assert_snapshot!(moodle.put(&format!("/learning-resources/{id}"), course("Two")).await.problem(), @"404 NOT_FOUND id");
    let many: Vec<Value> = (0..21).map(|n| json!({ "source": "s", "externalId": n.to_string() })).collect();
    assert_snapshot!(moodle.patch(&format!("/learning-resources/{id}"), json!({ "externalRefs": many })).await.problem(), @"422 VALIDATION_FAILED /externalRefs");
    let twice = json!([{ "source": "s", "externalId": "1" }, { "source": "s", "externalId": "1" }]);
    moodle.patch(&format!("/learning-resources/{id}"), json!({ "externalRefs": twice })).await.fine();
    assert_eq!(moodle.see(KIND, &id).await.done()["externalRefs"].as_array().unwrap().len(), 1);
}

async fn a_put_with_conditions(api: Api) {
    let moodle = api.organization("Acme").await.moodle().await;
    let path = "/learning-resources/ext:moodle:c1";
    let (only_new, only_known) = (moodle.with("If-None-Match", "*"), moodle.with("If-Match", "\"7.x\""));
    assert_snapshot!(only_known.put(path, course("One")).await.problem(), @"412 VERSION_MISMATCH");
    assert_eq!(only_new.put(path, course("One")).await.status(), 201);
    assert_snapshot!(only_new.put(path, course("Two")).await.problem(), @"412 VERSION_MISMATCH");
    assert_snapshot!(only_known.put(path, course("Two")).await.problem(), @"412 VERSION_MISMATCH");
    assert_eq!(moodle.put(path, course("Two")).await.status(), 200);
}
