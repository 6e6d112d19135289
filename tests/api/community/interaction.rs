//! Interactions: that people were in touch, and how long ago that is (§31).

use entity::platform::client::Scope;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    logging_one_moves_the_contact_forward,
    correcting_one_counts_again,
    what_was_said_counts_besides,
    interactions_are_their_owners,
    an_interaction_has_names_elsewhere
);

const KIND: &str = "Interaction";

async fn noor(who: &Actor) -> String {
    who.create("Contact", json!({ "name": "Noor" })).await.id()
}

async fn log(who: &Actor, contact: &str, day: &str) -> String {
    let new = json!({ "contactId": contact, "kind": "CALL", "occurredAt": format!("{day}T10:00:00Z") });
    who.create(KIND, new).await.id()
}

/// The day on which they were last in touch.
async fn last(who: &Actor, contact: &str) -> Option<String> {
    let seen = who.see("Contact", contact).await.done();
    seen["lastInteractionAt"].as_str().map(|at| at[..10].to_owned())
}

async fn logging_one_moves_the_contact_forward(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let contact = noor(&ada).await;
    assert_eq!(last(&ada, &contact).await, None);
    let new =
        json!({ "contactId": contact, "kind": "MEETING", "occurredAt": "2026-03-10T10:00:00Z", "note": "Coffee." });
    let made = ada.create(KIND, new).await.done();
    assert_eq!(
        (&made["kind"], &made["note"], &made["ownerId"]),
        (&json!("MEETING"), &json!("Coffee."), &json!(ada.id))
    );
    assert_eq!(last(&ada, &contact).await.as_deref(), Some("2026-03-10"));
    // One that is told later, and was before, moves nothing.
    log(&ada, &contact, "2026-03-01").await;
    assert_eq!(last(&ada, &contact).await.as_deref(), Some("2026-03-10"));
    let of_contact = ada.list(KIND, &[("contactId", &contact), ("sort", "occurredAt")]).await;
    assert_eq!(of_contact.each("kind"), [json!("CALL"), json!("MEETING")]);
    let later = json!({ "contactId": contact, "kind": "CALL", "occurredAt": "2999-01-01T00:00:00Z" });
    assert_snapshot!(ada.create(KIND, later).await.said(), @"OCCURRED_AT_INVALID /occurredAt");
    let nobody = json!({ "contactId": nothing("ctc"), "kind": "CALL" });
    assert_snapshot!(ada.create(KIND, nobody).await.said(), @"REFERENCE_UNKNOWN /contactId");
    let unheard = json!({ "contactId": contact, "kind": "PIGEON" });
    assert_snapshot!(ada.create(KIND, unheard).await.code(), @"BAD_INPUT");
}

async fn correcting_one_counts_again(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let contact = noor(&ada).await;
    log(&ada, &contact, "2026-03-01").await;
    let second = log(&ada, &contact, "2026-03-20").await;
    ada.update(KIND, &second, json!({ "occurredAt": "2026-03-05T10:00:00Z" })).await.done();
    assert_eq!(last(&ada, &contact).await.as_deref(), Some("2026-03-05"));
    ada.tell(KIND, "delete", &second).await.done();
    assert_eq!(last(&ada, &contact).await.as_deref(), Some("2026-03-01"));
    ada.tell(KIND, "restore", &second).await.done();
    assert_eq!(last(&ada, &contact).await.as_deref(), Some("2026-03-05"));
    // It is counted of a contact that is away, too.
    ada.tell("Contact", "delete", &contact).await.done();
    ada.tell(KIND, "delete", &second).await.done();
    ada.tell("Contact", "restore", &contact).await.done();
    assert_eq!(last(&ada, &contact).await.as_deref(), Some("2026-03-01"));
    let same = ada.see("Contact", &contact).await.done()["version"].clone();
    log(&ada, &contact, "2026-02-01").await;
    assert_eq!(ada.see("Contact", &contact).await.done()["version"], same, "nothing about the contact changed");
}

async fn what_was_said_counts_besides(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let said = json!({ "name": "Noor", "lastInteractionAt": "2026-03-10T10:00:00Z" });
    let contact = ada.create("Contact", said).await.id();
    let logged = log(&ada, &contact, "2026-03-20").await;
    ada.tell(KIND, "delete", &logged).await.done();
    assert_eq!(last(&ada, &contact).await.as_deref(), Some("2026-03-10"), "what was said without logging it stays");
    log(&ada, &contact, "2026-03-15").await;
    for (said, expected) in [
        (json!("2026-03-01T10:00:00Z"), "2026-03-15"),
        (json!("2026-03-25T10:00:00Z"), "2026-03-25"),
        (Value::Null, "2026-03-15"),
    ] {
        ada.update("Contact", &contact, json!({ "lastInteractionAt": said })).await.done();
        assert_eq!(last(&ada, &contact).await.as_deref(), Some(expected), "{said}");
    }
}

async fn interactions_are_their_owners(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let contact = noor(&ada).await;
    let one = log(&ada, &contact, "2026-03-01").await;
    ada.opens(&kim, &["learning:write", "jobs:write"]).await;
    let new = json!({ "contactId": contact, "kind": "CALL" });
    for who in [&kim, &root, &machine, &api.organization("Beta").await.admin("eve").await] {
        assert_eq!(who.see(KIND, &one).await.said(), "NOT_FOUND", "{}", who.name);
        assert_eq!(who.list(KIND, &[]).await.items.len(), 0, "{}", who.name);
        assert_eq!(who.create(KIND, new.clone()).await.said(), "REFERENCE_UNKNOWN /contactId", "{}", who.name);
        assert_eq!(who.tell(KIND, "delete", &one).await.said(), "NOT_FOUND", "{}", who.name);
    }
    let reads = ada.opens(&kim, &["community:read"]).await;
    kim.see(KIND, &one).await.done();
    assert_snapshot!(kim.update(KIND, &one, json!({ "note": "x" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.create(KIND, new.clone()).await.said(), @"FORBIDDEN");
    ada.tell("Grant", "revoke", &reads).await.done();
    ada.opens(&kim, &["community:write"]).await;
    assert_eq!(kim.create(KIND, new).await.done()["ownerId"], json!(ada.id));
    let narrow = ada.limited_to(&acme, &[Scope::JobsWrite]);
    assert_snapshot!(narrow.see(KIND, &one).await.said(), @"INSUFFICIENT_SCOPE");
}

async fn an_interaction_has_names_elsewhere(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let contact = noor(&ada).await;
    let at = |day: &str| json!({ "contactId": contact, "kind": "EMAIL", "occurredAt": format!("{day}T10:00:00Z") });
    let first = ada.upsert(KIND, "mail", "7", at("2026-03-01")).await.done();
    let again = ada.upsert(KIND, "mail", "7", at("2026-03-04")).await.done();
    assert_eq!((&again["id"], last(&ada, &contact).await.as_deref()), (&first["id"], Some("2026-03-04")));
    let same = ada.upsert(KIND, "mail", "7", at("2026-03-04")).await.done();
    assert_eq!(same["version"], again["version"], "the same again is no change");
    // With whom it was never changes.
    let olu = ada.create("Contact", json!({ "name": "Olu" })).await.id();
    let moved = json!({ "contactId": olu, "kind": "EMAIL" });
    assert_snapshot!(ada.upsert(KIND, "mail", "7", moved).await.said(), @"CONTACT_IMMUTABLE /contactId");
    let id = first["id"].as_str().unwrap();
    assert_eq!(ada.see(KIND, id).await.done()["contactId"], json!(contact));
    // What was with somebody goes and comes with them.
    ada.tell("Contact", "delete", &contact).await.done();
    assert_snapshot!(ada.see(KIND, id).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.update(KIND, id, json!({ "note": "x" })).await.said(), @"NOT_FOUND");
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 0);
    ada.tell("Contact", "restore", &contact).await.done();
    assert_eq!(ada.list(KIND, &[]).await.ids(), [id]);
}
