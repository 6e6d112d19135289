//! Companies: the organization's, kept by whoever added them (§31).

use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(everybody_sees_companies_and_some_keep_them, a_company_has_names_elsewhere);

const KIND: &str = "Company";

async fn everybody_sees_companies_and_some_keep_them(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let new = json!({ "name": "Windy Grid", "url": "https://grid.example/", "industry": "Energy" });
    let company = ada.create(KIND, new).await.done();
    assert_eq!(company["createdBy"], json!(ada.id));
    let id = company["id"].as_str().unwrap();
    // Who met it is told to them alone: it may be where they look for a job.
    let machine = acme.omnipotent().await;
    for who in [&ada, &ben, &root, &machine] {
        let own = who.id == ada.id;
        let expected = if own { json!(ada.id) } else { json!(null) };
        assert_eq!(who.see(KIND, id).await.done()["createdBy"], expected, "{}", who.name);
        let events = who.list("Event", &[("subjectId", id)]).await.items;
        assert_eq!(
            (events.len(), &events[0]["type"], &events[0]["actorId"]),
            (1, &json!("company.created"), &expected)
        );
        let by = who.list("Event", &[("actorId", &ada.id), ("subjectKind", "company")]).await.items;
        assert_eq!(by.len(), usize::from(own), "{}", who.name);
    }
    assert_eq!(ben.see(KIND, id).await.done()["industry"], json!("Energy"));
    assert_snapshot!(ben.update(KIND, id, json!({ "name": "x" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ben.tell(KIND, "delete", id).await.said(), @"FORBIDDEN");
    root.update(KIND, id, json!({ "description": "Runs the grid.", "url": null })).await.done();
    let seen = ada.update(KIND, id, json!({ "industry": "Utilities" })).await.done();
    assert_eq!((&seen["url"], &seen["description"]), (&json!(null), &json!("Runs the grid.")));
    // It is found by what it is called and by what it does.
    for text in ["windy", "UTILIT"] {
        assert_eq!(ben.list(KIND, &[("q", text)]).await.ids(), [id], "{text}");
    }
    assert_eq!(ben.list(KIND, &[("industry", "Energy")]).await.items.len(), 0);
    assert_snapshot!(ada.update(KIND, id, json!({ "url": "grid" })).await.said(), @"VALIDATION_FAILED /url");
    let beta = api.organization("Beta").await.admin("eve").await;
    assert_snapshot!(beta.see(KIND, id).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "delete", id).await.done();
    assert_snapshot!(ben.see(KIND, id).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", id).await.done();
    ben.see(KIND, id).await.done();
}

async fn a_company_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let machine = acme.omnipotent().await;
    let first = machine.upsert(KIND, "crm", "42", json!({ "name": "Windy Grid", "industry": "Energy" })).await.done();
    let again = machine.upsert(KIND, "crm", "42", json!({ "name": "Windy Grid Ltd" })).await.done();
    assert_eq!((&again["id"], &again["industry"]), (&first["id"], &json!("Energy")));
    assert_eq!(again["externalRefs"], json!([{ "source": "crm", "externalId": "42" }]));
    let same = machine.upsert(KIND, "crm", "42", json!({ "name": "Windy Grid Ltd" })).await.done();
    assert_eq!(same["version"], again["version"], "the same again is no change");
    assert_snapshot!(ben.upsert(KIND, "crm", "42", json!({ "name": "Ben's" })).await.said(), @"FORBIDDEN");
    let other = json!({ "name": "Other", "externalRefs": [{ "source": "crm", "externalId": "42" }] });
    assert_snapshot!(ada.create(KIND, other).await.said(), @"EXTERNAL_REF_TAKEN");
}
