//! Industries: some come with Cairn, and whoever knows the field adds more (§16).

use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(what_comes_with_cairn_stays_as_it_is, who_keeps_industries, an_industry_has_names_elsewhere);

const KIND: &str = "Industry";

async fn what_comes_with_cairn_stays_as_it_is(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    assert_snapshot!(ada.list(KIND, &[("first", "100")]).await.items.len(), @"22");
    let found = ada.list(KIND, &[("q", "banking")]).await;
    assert_eq!((&found.items[0]["name"], &found.items[0]["builtIn"]), (&json!("Finance"), &json!(true)));
    let id = found.ids().remove(0);
    assert_snapshot!(root.update(KIND, &id, json!({ "name": "Money" })).await.said(), @"BUILT_IN");
    assert_snapshot!(root.tell(KIND, "delete", &id).await.said(), @"BUILT_IN");
    assert_snapshot!(ada.update(KIND, &id, json!({ "name": "Money" })).await.said(), @"FORBIDDEN");
    let beta = api.organization("Beta").await.learner("ben").await;
    beta.see(KIND, &id).await.done();
}

async fn who_keeps_industries(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let new = json!({ "name": "Space travel", "aliases": ["Rockets"] });
    assert_snapshot!(ada.create(KIND, new.clone()).await.said(), @"FORBIDDEN");
    let made = kim.create(KIND, new).await.done();
    assert_eq!((&made["builtIn"], &made["aliases"]), (&json!(false), &json!(["Rockets"])));
    let id = made["id"].as_str().unwrap();
    assert_snapshot!(root.create(KIND, json!({ "name": "space-Travel" })).await.said(), @"ALREADY_EXISTS");
    for name in ["C tools", "C++ tools", "!!!", "???"] {
        root.create(KIND, json!({ "name": name })).await.done();
        assert_snapshot!(root.create(KIND, json!({ "name": format!(" {name}") })).await.said(), @"ALREADY_EXISTS");
    }
    // What comes with Cairn can be meant anew.
    root.create(KIND, json!({ "name": "Finance" })).await.done();
    root.update(KIND, id, json!({ "description": "Beyond the air.", "aliases": [] })).await.done();
    assert_eq!(ada.list(KIND, &[("q", "SPACE TR")]).await.ids(), [id]);
    assert_eq!(ada.list(KIND, &[("q", "rockets")]).await.items.len(), 0);
    let eve = api.organization("Beta").await.admin("eve").await;
    assert_snapshot!(eve.see(KIND, id).await.said(), @"NOT_FOUND");
    assert_snapshot!(eve.update(KIND, id, json!({ "name": "x" })).await.said(), @"NOT_FOUND");
    kim.tell(KIND, "delete", id).await.done();
    let again = root.create(KIND, json!({ "name": "Space travel" })).await.id();
    assert_snapshot!(kim.tell(KIND, "restore", id).await.said(), @"ALREADY_EXISTS");
    root.tell(KIND, "delete", &again).await.done();
    kim.tell(KIND, "restore", id).await.done();
    ada.see(KIND, id).await.done();
}

async fn an_industry_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.moodle().await);
    let new = json!({ "name": "Weather", "aliases": ["Forecasts"] });
    assert_snapshot!(ada.upsert(KIND, "naics", "5419", new.clone()).await.said(), @"FORBIDDEN");
    let first = machine.upsert(KIND, "naics", "5419", new).await.id();
    let again = machine.upsert(KIND, "naics", "5419", json!({ "name": "Weather services" })).await.done();
    assert_eq!(
        (&again["id"], &again["name"], &again["aliases"]),
        (&json!(first), &json!("Weather services"), &json!(["Forecasts"]))
    );
}
