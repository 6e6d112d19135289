//! Organizations: one's own and no other, and what it decides for itself.

use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(ones_own_and_no_other, settings_are_an_administrators);

const KIND: &str = "Organization";

async fn ones_own_and_no_other(api: Api) {
    let (acme, beta) = (api.organization("Acme").await, api.organization("Beta").await);
    let ada = acme.learner("ada").await;
    assert_eq!(ada.list(KIND, &[]).await.ids(), [acme.id()]);
    assert_eq!(ada.see(KIND, &acme.id()).await.done()["name"], "Acme");
    assert_snapshot!(ada.see(KIND, &beta.id()).await.said(), @"NOT_FOUND");
    assert_snapshot!(acme.admin("root").await.update(KIND, &beta.id(), json!({ "name": "Mine" })).await.said(), @"NOT_FOUND");
}

async fn settings_are_an_administrators(api: Api) {
    let acme = api.organization("Acme").await;
    api.organization("Beta").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    assert_snapshot!(ada.update(KIND, &acme.id(), json!({ "name": "Mine" })).await.said(), @"FORBIDDEN");
    let before = root.see(KIND, &acme.id()).await.done()["settings"].clone();
    let after =
        root.update(KIND, &acme.id(), json!({ "settings": { "selfApproval": true, "minimumCohort": 7 } })).await.done();
    let mut expected = before;
    (expected["selfApproval"], expected["minimumCohort"]) = (json!(true), json!(7));
    assert_eq!(after["settings"], expected, "what is not named stays");
    let wrong = json!({ "settings": { "minimumCohort": 4, "onTrackTolerance": 51 } });
    assert_snapshot!(root.update(KIND, &acme.id(), wrong).await.said(), @"VALIDATION_FAILED /settings/minimumCohort /settings/onTrackTolerance");
    assert_snapshot!(root.update(KIND, &acme.id(), json!({ "name": "BETA" })).await.said(), @"ALREADY_EXISTS");
    assert_eq!(root.update(KIND, &acme.id(), json!({ "name": "Acme Inc." })).await.done()["name"], "Acme Inc.");
}
