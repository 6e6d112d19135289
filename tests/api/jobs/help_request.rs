//! Help: asked of people and of communities, and what came of it (§26, §31).

use cairn::work::expiries;
use serde_json::{Value, json};

use super::Search;
use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(help_is_asked_for, help_is_hoped_for_a_while, a_community_is_its_members_own);

const KIND: &str = "HelpRequest";

async fn help_is_asked_for(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let contact = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let community = ada.create("Community", json!({ "name": "PyData", "kind": "MEETUP" })).await.id();
    let of = |more: Value| {
        let mut new = json!({ "kind": "ADVICE", "question": "What would you learn first?" });
        for (name, value) in more.as_object().unwrap() {
            new[name] = value.clone();
        }
        new
    };
    let asked = of(json!({ "contactId": contact, "kind": "INSIDE_KNOWLEDGE", "applicationId": application }));
    let asked = ada.create(KIND, asked).await.done();
    assert_eq!((&asked["state"], &asked["open"], &asked["ownerId"]), (&json!("OPEN"), &json!(true), &json!(ada.id)));
    let second = ada.create(KIND, of(json!({ "communityId": community }))).await.id();
    let bens = ben.create("Community", json!({ "name": "Theirs", "kind": "FORUM" })).await.id();
    ben.opens(&ada, &["community:read"]).await;
    for (wrong, said) in [
        (json!({}), "HELPER_AMBIGUOUS /contactId"),
        (json!({ "contactId": contact, "communityId": community }), "HELPER_AMBIGUOUS /contactId"),
        (json!({ "contactId": nothing("ctc") }), "REFERENCE_UNKNOWN /contactId"),
        (json!({ "communityId": bens }), "REFERENCE_UNKNOWN /communityId"),
        (json!({ "contactId": contact, "applicationId": nothing("app") }), "REFERENCE_UNKNOWN /applicationId"),
        (json!({ "contactId": contact, "expiresAt": "2020-01-01T00:00:00Z" }), "EXPIRY_PAST /expiresAt"),
        (json!({ "contactId": contact, "ownerId": ben.id }), "FORBIDDEN"),
    ] {
        assert_eq!(ada.create(KIND, of(wrong)).await.said(), said);
    }
    let id = asked["id"].as_str().unwrap();
    let answered = ada.act(KIND, "answer", Some(id), json!({ "answer": "SQL." })).await.done();
    // What they said stays said when one asks again.
    let again = ada.tell(KIND, "reopen", id).await.done();
    assert_eq!(
        (&again["state"], &again["answer"], &again["answeredAt"]),
        (&json!("OPEN"), &json!("SQL."), &answered["answeredAt"])
    );
    let answered = ada.tell(KIND, "answer", id).await.done();
    assert_eq!((&answered["state"], &answered["answer"]), (&json!("ANSWERED"), &json!("SQL.")));
    assert_snapshot!(ada.tell(KIND, "decline", id).await.details, @r#"{"allowed":["reopen"],"command":"decline","from":"ANSWERED"}"#);
    ada.tell(KIND, "decline", &second).await.done();
    let balance = ada.ask("helpBalance", json!({})).await.done();
    let counts = ["asked", "answered", "declined", "expired", "open"].map(|name| balance[name].clone());
    assert_eq!(counts, [2, 1, 1, 0, 0].map(Value::from));
    assert_eq!(balance["kinds"][1], json!({ "kind": "INSIDE_KNOWLEDGE", "asked": 1, "answered": 1 }));
    // It is her own.
    ada.opens(&kim, &["community:write"]).await;
    assert_snapshot!(kim.see(KIND, id).await.said(), @"NOT_FOUND");
    assert_snapshot!(kim.ask("helpBalance", json!({ "userId": ada.id })).await.said(), @"GRANT_REQUIRED");
    ada.opens(&kim, &["jobs:read"]).await;
    assert_eq!(kim.ask("helpBalance", json!({ "userId": ada.id })).await.done()["asked"], json!(2));
    assert_snapshot!(kim.tell(KIND, "reopen", id).await.said(), @"FORBIDDEN");
}

async fn help_is_hoped_for_a_while(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let contact = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let new = json!({ "contactId": contact, "kind": "INTRODUCTION", "question": "Do you know Olu?" });
    let asked = ada.create(KIND, new).await.id();
    api.execute("UPDATE \"help_request\" SET expires_at = created_at", Vec::new()).await;
    assert_eq!(ada.see(KIND, &asked).await.done()["open"], json!(false));
    assert_eq!(ada.ask("helpBalance", json!({})).await.done()["expired"], json!(1));
    assert_snapshot!(ada.update(KIND, &asked, json!({ "expiresAt": null })).await.said(), @"INVALID_TRANSITION");
    assert_eq!(expiries::next(&api.house).await.unwrap(), 1);
    assert_eq!(expiries::next(&api.house).await.unwrap(), 0);
    assert_eq!(ada.see(KIND, &asked).await.done()["state"], json!("EXPIRED"));
    assert_eq!(ada.list("Event", &[("type", "help_request.expired")]).await.items.len(), 1);
    assert_snapshot!(ada.act(KIND, "reopen", Some(&asked), json!({ "expiresAt": "2020-01-01T00:00:00Z" })).await.said(), @"EXPIRY_PAST /expiresAt");
    ada.tell(KIND, "reopen", &asked).await.done();
    let forever = ada.update(KIND, &asked, json!({ "expiresAt": null })).await.done();
    assert_eq!((&forever["open"], &forever["expiresAt"]), (&json!(true), &json!(null)));
    assert_eq!(ada.tell(KIND, "answer", &asked).await.done()["state"], json!("ANSWERED"));
}

async fn a_community_is_its_members_own(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let new = json!({ "name": "PyData", "kind": "MEETUP", "url": "https://pydata.example" });
    let id = ada.create("Community", new).await.id();
    for who in [&kim, &root, &machine] {
        assert_snapshot!(who.see("Community", &id).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.tell("Community", "delete", &id).await.said(), @"NOT_FOUND");
    }
    assert_snapshot!(machine.create("Community", json!({ "name": "x", "kind": "FORUM" })).await.said(), @"OWNER_REQUIRED /ownerId");
    ada.opens(&kim, &["community:write"]).await;
    let changed = kim.update("Community", &id, json!({ "url": null, "kind": "COURSE" })).await.done();
    assert_eq!(
        (&changed["url"], &changed["kind"], &changed["ownerId"]),
        (&json!(null), &json!("COURSE"), &json!(ada.id))
    );
    assert_snapshot!(kim.update("Community", &id, json!({ "ownerId": kim.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    assert_eq!(ada.list("Community", &[("q", "pydata"), ("sort", "name")]).await.ids(), [id.as_str()]);
    let first = ada.upsert("Community", "crm", "7", json!({ "name": "Rust", "kind": "FORUM" })).await.done();
    let again = ada.upsert("Community", "crm", "7", json!({ "name": "Rust Vienna", "kind": "MEETUP" })).await.done();
    assert_eq!((&again["id"], &again["kind"]), (&first["id"], &json!("MEETUP")));
}
