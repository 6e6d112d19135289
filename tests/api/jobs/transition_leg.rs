//! The legs of a transition plan: one at a time, until one has arrived (§17, §18).

use serde_json::{Value, json};

use super::{analyst, does};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(one_leg_is_under_way_at_a_time, a_move_within_the_employer, a_leg_begins_once);

const KIND: &str = "TransitionLeg";

/// A plan whose path is accepted: its legs.
async fn legs(who: &Actor) -> [String; 2] {
    let new = json!({ "toRole": "ML engineer", "toIndustry": "Technology" });
    let plan = who.create("TransitionPlan", new).await.id();
    who.act("TransitionPlan", "acceptPath", Some(&plan), json!({ "pathId": "ROLE_FIRST" })).await.done();
    let all = who.list(KIND, &[("transitionPlanId", &plan)]).await.ids();
    [all[0].clone(), all[1].clone()]
}

async fn one_leg_is_under_way_at_a_time(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ..) = analyst(&acme).await;
    let [first, second] = legs(&ada).await;
    let refused = ada.tell(KIND, "complete", &first).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":["start","skip"],"command":"complete","from":"PLANNED"}"#);
    // In another order than planned: that is fine, and worth a word.
    let begun = ada.tell(KIND, "start", &second).await.done();
    assert_eq!((&begun["state"], &begun["warnings"][0]["code"]), (&json!("ACTIVE"), &json!("EARLIER_LEG_PLANNED")));
    assert!(begun["startedAt"].is_string());
    let refused = ada.tell(KIND, "start", &first).await;
    assert_snapshot!(refused.said(), @"LEG_ACTIVE");
    assert_eq!(refused.details, json!({ "legId": second }));
    ada.tell(KIND, "skip", &second).await.done();
    assert_eq!(ada.tell(KIND, "start", &first).await.done()["state"], json!("ACTIVE"));
    // Whoever arrives is reminded of their profile, which says where it began.
    let done = ada.tell(KIND, "complete", &first).await.done();
    let warning = &done["warnings"][0];
    assert_eq!(
        (&warning["code"], &warning["details"]["currentRole"], &warning["details"]["currentIndustry"]),
        (&json!("CAREER_PROFILE_BEHIND"), &json!("ML engineer"), &json!("Finance"))
    );
    does(&ada, json!({ "currentRole": "ML engineer", "currentIndustry": "Technology" })).await;
    let again = ada.tell(KIND, "reopen", &second).await.done();
    assert_eq!(
        (&again["state"], &again["startedAt"], &again["endedAt"]),
        (&json!("PLANNED"), &Value::Null, &Value::Null)
    );
    ada.tell(KIND, "start", &second).await.done();
    let done = ada.tell(KIND, "complete", &second).await.done();
    assert_eq!(done["warnings"], json!([]));
    assert_snapshot!(ada.update(KIND, &second, json!({ "state": "PLANNED" })).await.said(), @"USE_STATE_COMMAND /state");
    ada.update(KIND, &second, json!({ "state": "DONE", "note": "There." })).await.done();
}

async fn a_move_within_the_employer(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ..) = analyst(&acme).await;
    let ben = acme.learner("ben").await;
    let [first, _] = legs(&ada).await;
    let entry = ada.create("PortfolioEntry", json!({ "title": "Reports that write themselves" })).await.id();
    let shows = |entry: &str| json!({ "entryId": entry, "kind": "PART_OF_JOB", "note": "The team runs it.", "transitionLegId": first });
    assert_snapshot!(ada.act("PortfolioEvidence", "record", None, shows(&entry)).await.said(), @"LEG_NOT_INTERNAL /transitionLegId");
    let leg = ada.update(KIND, &first, json!({ "internalMove": true })).await.done();
    assert_eq!(leg["internalMove"], json!(true));
    let evidence = ada.act("PortfolioEvidence", "record", None, shows(&entry)).await.done();
    assert_eq!(evidence["transitionLegId"], json!(first));
    let shown = ada.get(&format!("/transition-legs/{first}?expand=evidences")).await.fine();
    assert_eq!(shown["evidences"]["items"][0]["id"], evidence["id"]);
    // Toward somebody else's move nothing is recorded, and nobody else learns of it.
    let bens = ben.create("PortfolioEntry", json!({ "title": "Mine" })).await.id();
    assert_snapshot!(ben.act("PortfolioEvidence", "record", None, shows(&bens)).await.said(), @"REFERENCE_UNKNOWN /transitionLegId");
    ada.opens(&ben, &["jobs:read", "portfolio:read"]).await;
    assert_snapshot!(ben.act("PortfolioEvidence", "record", None, shows(&bens)).await.said(), @"REFERENCE_UNKNOWN /transitionLegId");
    let eve = acme.coach("eve").await;
    ada.opens(&eve, &["portfolio:read"]).await;
    let id = evidence["id"].as_str().unwrap();
    let shown = eve.get(&format!("/portfolio-evidences/{id}?expand=transitionLeg")).await.fine();
    assert_eq!((&shown["transitionLegId"], &shown["transitionLeg"]), (&Value::Null, &Value::Null));
}

async fn a_leg_begins_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ..) = analyst(&acme).await;
    let [first, second] = legs(&ada).await;
    // From two devices at once: one leg is under way.
    let (one, other) = tokio::join!(ada.tell(KIND, "start", &first), ada.tell(KIND, "start", &second));
    let mut said = [one.said(), other.said()];
    said.sort();
    assert_eq!(said, ["LEG_ACTIVE", "fine"]);
    assert_eq!(ada.list(KIND, &[("state", "ACTIVE")]).await.items.len(), 1);
}
