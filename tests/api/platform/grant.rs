//! Grants: what people open to each other, and only they (§37). What a grant lets do is told with reviews.

use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(what_is_opened_to_whom, whose_grants_they_are, a_grant_by_address);

const KIND: &str = "Grant";

async fn what_is_opened_to_whom(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let eve = api.organization("Beta").await.coach("eve").await;
    let open =
        async |to: &str, scopes: &[&str]| ada.create(KIND, json!({ "granteeId": to, "scopes": scopes })).await.said();
    assert_snapshot!(open(&ada.id, &["learning:read"]).await, @"SELF_GRANT");
    assert_snapshot!(open(&eve.id, &["learning:read"]).await, @"REFERENCE_UNKNOWN /granteeId");
    assert_snapshot!(open(&nothing("usr"), &["learning:read"]).await, @"REFERENCE_UNKNOWN /granteeId");
    assert_snapshot!(open(&kim.id, &[]).await, @"VALIDATION_FAILED /scopes");
    assert_snapshot!(open(&kim.id, &["identity:write"]).await, @"SCOPE_NOT_GRANTABLE /scopes");
    assert_snapshot!(open(&kim.id, &["events:read"]).await, @"SCOPE_NOT_GRANTABLE /scopes");
    let past = json!({ "granteeId": kim.id, "scopes": ["learning:read"], "expiresAt": "2020-01-01T00:00:00Z" });
    assert_snapshot!(ada.create(KIND, past).await.said(), @"EXPIRY_PAST /expiresAt");
    assert_snapshot!(ada.create(KIND, json!({ "scopes": ["learning:read"] })).await.said(), @"GRANTEE_AMBIGUOUS /granteeId");
    assert_snapshot!(acme.moodle().await.create(KIND, json!({ "granteeId": kim.id, "scopes": ["learning:read"] })).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(acme.omnipotent().await.create(KIND, json!({ "granteeId": kim.id, "scopes": ["learning:read"] })).await.said(), @"FORBIDDEN");
    assert_snapshot!(open(&kim.id, &["learning:read", "habits:read"]).await, @"fine");
}

async fn whose_grants_they_are(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let grant = ada.opens(&kim, &["learning:review"]).await;
    for who in [&ada, &kim] {
        assert_eq!(who.list(KIND, &[]).await.ids(), vec![grant.clone()]);
    }
    assert_snapshot!(root.list(KIND, &[]).await.items.len(), @"0");
    assert_snapshot!(root.tell(KIND, "revoke", &grant).await.said(), @"NOT_FOUND");
    assert_snapshot!(kim.tell(KIND, "revoke", &grant).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.update(KIND, &grant, json!({ "scopes": ["jobs:read"] })).await.said(), @"FORBIDDEN");
    let revoked = ada.tell(KIND, "revoke", &grant).await.done();
    assert!(revoked["revokedAt"].is_string());
    assert_eq!(ada.tell(KIND, "revoke", &grant).await.done()["version"], revoked["version"]);
    let refused = ada.update(KIND, &grant, json!({ "expiresAt": null })).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    // Who opens something is known to whom it is opened.
    let ben = acme.learner("ben").await;
    assert_snapshot!(ben.see("User", &ada.id).await.said(), @"NOT_FOUND");
    ada.opens(&ben, &["learning:read"]).await;
    ben.see("User", &ada.id).await.done();
}

async fn a_grant_by_address(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let by = |email: String| json!({ "granteeEmail": email, "scopes": ["learning:read"] });
    let made = ada.create(KIND, by(kim.email(&acme).to_uppercase())).await.done();
    assert_eq!(made["granteeId"], kim.id);
    assert_snapshot!(ada.create(KIND, by("nobody@acme.example".to_owned())).await.said(), @"REFERENCE_UNKNOWN /granteeEmail");
    let both = json!({ "granteeEmail": kim.email(&acme), "granteeId": kim.id, "scopes": ["learning:read"] });
    assert_snapshot!(ada.create(KIND, both).await.said(), @"GRANTEE_AMBIGUOUS /granteeId");
}
