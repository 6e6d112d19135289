//! Contacts: whom somebody knows is theirs, and nobody else's to see (§31).

use entity::platform::client::Scope;
use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_network_is_its_owners,
    what_is_said_of_a_contact,
    where_a_contact_works,
    a_contact_has_names_elsewhere
);

const KIND: &str = "Contact";

async fn a_network_is_its_owners(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let contact = ada.create(KIND, json!({ "name": "Noor" })).await.done();
    let id = contact["id"].as_str().unwrap();
    assert_eq!(contact["ownerId"], json!(ada.id));
    // No role opens it, nor does the organization's machine see it.
    for who in [&kim, &root, &machine] {
        assert_snapshot!(who.see(KIND, id).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.update(KIND, id, json!({ "name": "x" })).await.said(), @"NOT_FOUND");
        assert_eq!(who.list(KIND, &[]).await.items.len(), 0);
    }
    let hers = json!({ "name": "x", "ownerId": ada.id });
    assert_snapshot!(machine.create(KIND, json!({ "name": "x" })).await.said(), @"OWNER_REQUIRED /ownerId");
    assert_snapshot!(machine.create(KIND, hers.clone()).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.create(KIND, hers.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    // A grant does, for reading or for writing; one for something else does not.
    ada.opens(&kim, &["learning:write"]).await;
    assert_snapshot!(kim.see(KIND, id).await.said(), @"NOT_FOUND");
    assert_snapshot!(kim.create(KIND, hers.clone()).await.said(), @"FORBIDDEN");
    let grant = ada.opens(&kim, &["community:read"]).await;
    kim.see(KIND, id).await.done();
    assert_snapshot!(kim.update(KIND, id, json!({ "name": "x" })).await.said(), @"FORBIDDEN");
    ada.tell("Grant", "revoke", &grant).await.done();
    assert_snapshot!(kim.see(KIND, id).await.said(), @"NOT_FOUND");
    ada.opens(&kim, &["community:write"]).await;
    kim.update(KIND, id, json!({ "role": "Dispatcher" })).await.done();
    let added = kim.create(KIND, hers).await.done();
    assert_eq!(added["ownerId"], json!(ada.id));
    // A token for something else reads nothing.
    let narrow = ada.limited_to(&acme, &[Scope::LearningWrite]);
    assert_snapshot!(narrow.see(KIND, id).await.said(), @"INSUFFICIENT_SCOPE");
}

async fn what_is_said_of_a_contact(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let ben = api.organization("Beta").await.learner("ben").await;
    let new = json!({
        "name": "Noor", "role": "Dispatcher", "relationship": "Mentor", "howMet": "At a meetup.", "cadenceDays": 60,
        "lastInteractionAt": "2026-03-01T10:00:00Z",
    });
    let contact = ada.create(KIND, new).await.done();
    let id = contact["id"].as_str().unwrap();
    assert_eq!(
        (&contact["cadenceDays"], &contact["lastInteractionAt"], &contact["companyId"]),
        (&json!(60), &json!("2026-03-01T10:00:00.000000Z"), &json!(null))
    );
    let later = json!({ "lastInteractionAt": "2999-01-01T00:00:00Z" });
    assert_snapshot!(ada.update(KIND, id, later).await.said(), @"OCCURRED_AT_INVALID /lastInteractionAt");
    assert_snapshot!(ada.update(KIND, id, json!({ "cadenceDays": 0 })).await.said(), @"VALIDATION_FAILED /cadenceDays");
    assert_snapshot!(ada.update(KIND, id, json!({ "ownerId": ben.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    let changed = json!({ "ownerId": ada.id, "howMet": null, "cadenceDays": null, "lastInteractionAt": null });
    let changed = ada.update(KIND, id, changed).await.done();
    assert_eq!((&changed["howMet"], &changed["role"]), (&json!(null), &json!("Dispatcher")));
    for text in ["noor", "dispatch", "MENTOR"] {
        assert_eq!(ada.list(KIND, &[("q", text)]).await.ids(), [id], "{text}");
    }
    let second = ada.create(KIND, json!({ "name": "Adil", "relationship": "Friend" })).await.id();
    assert_eq!(ada.list(KIND, &[("sort", "name")]).await.ids(), [second.as_str(), id]);
    assert_eq!(ada.list(KIND, &[("relationship", "Friend")]).await.ids(), [second.as_str()]);
    ada.tell(KIND, "delete", id).await.done();
    assert_snapshot!(ada.see(KIND, id).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", id).await.done();
    assert_eq!(ada.see(KIND, id).await.done()["name"], json!("Noor"));
}

async fn where_a_contact_works(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let company = ada.create("Company", json!({ "name": "Windy Grid" })).await.id();
    let noor = ada.create(KIND, json!({ "name": "Noor", "companyId": company })).await.id();
    let bens = ben.create(KIND, json!({ "name": "Olu", "companyId": company })).await.id();
    let nowhere = json!({ "name": "x", "companyId": nothing("cny") });
    assert_snapshot!(ada.create(KIND, nowhere).await.said(), @"REFERENCE_UNKNOWN /companyId");
    let elsewhere = api.organization("Beta").await.learner("eve").await;
    let foreign = elsewhere.create("Company", json!({ "name": "Foreign" })).await.id();
    assert_snapshot!(ada.update(KIND, &noor, json!({ "companyId": foreign })).await.said(), @"REFERENCE_UNKNOWN /companyId");
    // Of a company, everybody sees whom they know there themselves.
    for (who, known) in [(&ada, &noor), (&ben, &bens)] {
        let shown = who.get(&format!("/companies/{company}?expand=contacts")).await.fine();
        assert_eq!(shown["contacts"]["items"].as_array().unwrap().len(), 1);
        assert_eq!(shown["contacts"]["items"][0]["id"], json!(known));
    }
    // A company that is gone is not shown, and who worked there did so all the same.
    ada.tell("Company", "delete", &company).await.done();
    let shown = ada.get(&format!("/contacts/{noor}?expand=company")).await.fine();
    assert_eq!((&shown["company"], &shown["companyId"]), (&json!(null), &json!(company)));
    ada.update(KIND, &noor, json!({ "companyId": company, "role": "Head of it" })).await.done();
    ada.update(KIND, &noor, json!({ "companyId": null })).await.done();
    assert_snapshot!(ada.update(KIND, &noor, json!({ "companyId": company })).await.said(), @"REFERENCE_UNKNOWN /companyId");
}

async fn a_contact_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let first = ada.upsert(KIND, "crm", "7", json!({ "name": "Noor", "role": "Dispatcher" })).await.done();
    let again = ada.upsert(KIND, "crm", "7", json!({ "name": "Noor A." })).await.done();
    assert_eq!((&again["id"], &again["name"], &again["role"]), (&first["id"], &json!("Noor A."), &json!("Dispatcher")));
    // The names of what is somebody's own are theirs: another's is not in the way, and tells nothing.
    let bens = ben.upsert(KIND, "crm", "7", json!({ "name": "Mine" })).await.done();
    assert_ne!(bens["id"], first["id"]);
    assert_eq!(bens["externalRefs"], again["externalRefs"]);
    assert_snapshot!(ada.upsert(KIND, "crm", "7", json!({ "name": "Noor", "ownerId": ben.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
}
