//! Observations of roles: what a title means at a company (§28).

use serde_json::{Value, json};

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(what_was_seen_is_kept);

const KIND: &str = "RoleObservation";

async fn what_was_seen_is_kept(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let company = ada.create("Company", json!({ "name": "Windy Grid" })).await.id();
    let new = json!({ "companyId": company, "title": "Data Scientist", "duties": ["Dashboards"], "url": "https://grid.example/jobs" });
    let made = ada.create(KIND, new.clone()).await.done();
    assert_eq!((&made["duties"], &made["ownerId"]), (&json!(["Dashboards"]), &json!(ada.id)));
    let id = made["id"].as_str().unwrap();
    let changed = json!({ "duties": ["Dashboards", "Models"], "url": null, "observedAt": "2026-03-01T10:00:00Z" });
    let changed = ada.update(KIND, id, changed).await.done();
    assert_eq!((&changed["url"], &changed["duties"][1]), (&Value::Null, &json!("Models")));
    for (input, said) in [
        (json!({ "duties": [] }), "VALIDATION_FAILED /duties"),
        (json!({ "observedAt": "2999-01-01T00:00:00Z" }), "OCCURRED_AT_INVALID /observedAt"),
        (json!({ "roleProfileId": nothing("rpr") }), "REFERENCE_UNKNOWN /roleProfileId"),
        (json!({ "ownerId": kim.id }), "OWNER_IMMUTABLE /ownerId"),
    ] {
        assert_eq!(ada.update(KIND, id, input).await.said(), said);
    }
    let nowhere = json!({ "companyId": nothing("cny"), "title": "x", "duties": ["y"] });
    assert_snapshot!(ada.create(KIND, nowhere).await.said(), @"REFERENCE_UNKNOWN /companyId");
    let mut hers = new;
    hers["ownerId"] = json!(ada.id);
    assert_snapshot!(kim.create(KIND, hers.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    ada.opens(&kim, &["jobs:write"]).await;
    assert_eq!(kim.create(KIND, hers).await.done()["ownerId"], json!(ada.id));
    ada.tell(KIND, "delete", id).await.done();
    ada.tell(KIND, "restore", id).await.done();
    // Under its name elsewhere it is noted once, and corrected from then on.
    let shop = ada.create("Company", json!({ "name": "Web Shop" })).await.id();
    let seen = |company: &str| json!({ "companyId": company, "title": "Analyst", "duties": ["Reports"] });
    let first = ada.upsert(KIND, "board", "7", seen(&company)).await.done();
    let again = ada.upsert(KIND, "board", "7", seen(&shop)).await.done();
    assert_eq!((&again["id"], &again["companyId"]), (&first["id"], &json!(shop)));
    let same = ada.upsert(KIND, "board", "7", seen(&shop)).await.done();
    assert_eq!(same["version"], again["version"], "the same again is no change");
    assert_snapshot!(ada.upsert(KIND, "board", "7", seen(&nothing("cny"))).await.said(), @"REFERENCE_UNKNOWN /companyId");
}
