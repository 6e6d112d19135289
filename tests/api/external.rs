//! External references: other systems' names stand wherever an id may stand, and an upsert goes by them.

use serde_json::{Value, json};

use crate::{
    harness::{Actor, Api, Face, assert_snapshot, stories, stories_in_both_faces},
    jobs::Search,
    learning::exchange::import,
};

stories_in_both_faces!(
    an_upsert_makes_or_changes,
    a_name_is_of_one_object,
    names_in_one_organization,
    names_of_ones_own,
    all_at_once
);
stories!(a_name_in_the_place_of_an_id, names_that_are_none, a_put_with_conditions, an_own_name_in_the_place_of_an_id);

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

/// Two people whose trackers have the same names are not in each other's way, and learn nothing of each other.
async fn names_of_ones_own(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (hers, his) = (Search::of(&ada).await, Search::of(&ben).await);
    let of = |search: &Search| search.applying(json!({}));
    let first = ada.upsert("Application", "gh", "1", of(&hers)).await.done();
    let second = ben.upsert("Application", "gh", "1", of(&his)).await.done();
    assert_ne!(first["id"], second["id"]);
    assert_eq!(first["externalRefs"], second["externalRefs"]);
    // One's own names stay of one object.
    let refs = json!([{ "source": "gh", "externalId": "1" }]);
    let twice = hers.applying(json!({ "externalRefs": refs }));
    assert_snapshot!(ada.create("Application", twice).await.said(), @"EXTERNAL_REF_TAKEN");
    let again = ada.upsert("Application", "gh", "1", of(&hers)).await.done();
    assert_eq!((&again["id"], &again["version"]), (&first["id"], &first["version"]));
    // Whoever was let write for both: what it belongs to says whose it is, be there one of their own of that name.
    let kims = Search::of(&kim).await;
    let own = kim.upsert("Application", "gh", "1", of(&kims)).await.done();
    for who in [&ada, &ben] {
        who.opens(&kim, &["jobs:write"]).await;
    }
    for (search, known) in [(&hers, &first), (&his, &second), (&kims, &own)] {
        let told = kim.upsert("Application", "gh", "1", of(search)).await.done();
        assert_eq!(told["id"], known["id"]);
    }
    let new = kim.upsert("Application", "gh", "2", of(&his)).await.done();
    assert_eq!(new["ownerId"], json!(ben.id));
    assert_eq!(ben.upsert("Application", "gh", "2", of(&his)).await.done()["id"], new["id"]);
    // Or who it is for.
    let posting =
        |owner: &Actor, company: &str| json!({ "ownerId": owner.id, "companyId": company, "title": "Analyst" });
    let made = kim.upsert("JobPosting", "gh", "j1", posting(&ada, &hers.company)).await.done();
    assert_eq!(kim.upsert("JobPosting", "gh", "j1", posting(&ada, &hers.company)).await.done()["id"], made["id"]);
    assert_ne!(kim.upsert("JobPosting", "gh", "j1", posting(&ben, &his.company)).await.done()["id"], made["id"]);
    // Nobody makes or finds anything for whom opened nothing.
    assert_snapshot!(ben.upsert("JobPosting", "gh", "j1", posting(&ada, &hers.company)).await.said(), @"OWNER_IMMUTABLE /ownerId");
    assert_snapshot!(ben.upsert("JobPosting", "gh", "j9", posting(&ada, &hers.company)).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    assert_snapshot!(ben.upsert("Application", "gh", "1", of(&hers)).await.said(), @"REFERENCE_UNKNOWN /jobSearchId");
}

async fn an_own_name_in_the_place_of_an_id(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let at = "/applications/ext:sheet:H1";
    let tracker = json!({
        "format": "cairn/job-tracker", "version": 1, "source": "sheet", "jobs": [{ "id": "j1", "company": "Windy Grid", "name": "Analyst" }],
        "applications": [{ "id": "H1", "jobId": "j1", "appliedAt": "2026-03-02T10:00:00Z" }],
    });
    // Two people take the same tracker in: each finds theirs by the name that it has there.
    let mut ids = Vec::new();
    for who in [&ada, &ben] {
        let job = import(who, json!({ "kind": "JOB_TRACKER", "document": tracker })).await;
        assert_eq!(job["state"], "SUCCEEDED", "{job}");
        ids.push(who.get(at).await.fine().id());
        assert_eq!(who.list("Application", &[]).await.ids(), [ids.last().unwrap().clone()]);
        assert_eq!(who.patch(at, json!({ "nextAction": "Ask." })).await.fine()["nextAction"], "Ask.");
    }
    assert_ne!(ids[0], ids[1]);
    // Whoever was let see one finds it; of several, none is meant.
    assert_snapshot!(kim.get(at).await.problem(), @"404 NOT_FOUND");
    ben.opens(&kim, &["learning:write"]).await;
    ada.opens(&kim, &["jobs:read"]).await;
    assert_eq!(kim.get(at).await.fine().id(), ids[0]);
    assert_snapshot!(kim.patch(at, json!({ "nextAction": "x" })).await.problem(), @"403 FORBIDDEN");
    ben.opens(&kim, &["jobs:read"]).await;
    assert_snapshot!(kim.get(at).await.problem(), @"404 NOT_FOUND");
    assert_snapshot!(acme.admin("root").await.get(at).await.problem(), @"404 NOT_FOUND");
    assert_snapshot!(acme.omnipotent().await.get(at).await.problem(), @"404 NOT_FOUND");
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
