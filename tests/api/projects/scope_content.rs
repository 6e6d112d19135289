//! What is worked out in the steps: talks with experts, candidates, and what shows that they are good (§9, §10).

use serde_json::json;

use super::{begun, candidate};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    three_wishes,
    candidates_move_by_commands,
    one_verdict_each,
    a_trial_is_asked_for,
    what_to_ask_an_expert
);

async fn three_wishes(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = begun(&ada, "Wind").await;
    let asks = |ranks: &[i64]| {
        let pains: Vec<_> = ranks.iter().map(|rank| json!({ "rank": rank, "wish": format!("Wish {rank}") })).collect();
        json!({ "projectId": project, "painPoints": pains, "expert": "Grid operator" })
    };
    let refused = ada.create("ExpertConsultation", asks(&[1, 2, 3, 4])).await;
    assert_snapshot!(refused.said(), @"TOO_MANY_PAIN_POINTS /painPoints");
    assert_eq!(refused.details, json!({ "maximum": 3, "given": 4 }));
    assert_snapshot!(ada.create("ExpertConsultation", asks(&[1, 1])).await.said(), @"PAIN_POINT_RANK_TAKEN /painPoints");
    let asked = ada.create("ExpertConsultation", asks(&[3, 1, 2])).await.done();
    let ranks: Vec<_> = asked["painPoints"].as_array().unwrap().iter().map(|pain| pain["rank"].as_i64()).collect();
    assert_eq!(ranks, [Some(1), Some(2), Some(3)]);
    assert!(asked["heldAt"].is_string() && asked["painPoints"][0]["whyNotWorkingYet"].is_null());
    let id = asked["id"].as_str().unwrap();
    let more = asks(&[1, 2, 3, 4])["painPoints"].clone();
    assert_snapshot!(ada.update("ExpertConsultation", id, json!({ "painPoints": more })).await.said(), @"TOO_MANY_PAIN_POINTS /painPoints");
    let after = ada.update("ExpertConsultation", id, json!({ "expert": null, "note": "Call again" })).await.done();
    assert!(after["expert"].is_null() && after["painPoints"] == asked["painPoints"]);
    ada.tell("ExpertConsultation", "delete", id).await.done();
    ada.tell("ExpertConsultation", "restore", id).await.done();
}

async fn candidates_move_by_commands(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = begun(&ada, "Wind").await;
    let id = candidate(&ada, &project, "Forecast").await;
    assert_snapshot!(ada.update("CandidateSolution", &id, json!({ "status": "SELECTED" })).await.said(), @"USE_STATE_COMMAND /status");
    ada.update("CandidateSolution", &id, json!({ "status": "PROPOSED", "isAi": false })).await.done();
    let mut said = Vec::new();
    for verb in ["reconsider", "select", "select", "discard", "select", "reconsider"] {
        let after = ada.tell("CandidateSolution", verb, &id).await;
        let status = after.object["status"].as_str().unwrap_or_default().to_owned();
        said.push(after.refused.unwrap_or(status));
    }
    assert_snapshot!(said.join(", "), @"INVALID_TRANSITION, SELECTED, INVALID_TRANSITION, DISCARDED, SELECTED, PROPOSED");
    let nowhere = json!({ "projectId": nothing("prj"), "title": "x" });
    assert_snapshot!(ada.create("CandidateSolution", nowhere).await.said(), @"REFERENCE_UNKNOWN /projectId");
}

async fn one_verdict_each(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (project, _) = begun(&ada, "Wind").await;
    let solution = candidate(&ada, &project, "Forecast").await;
    for (name, verdict) in [("FeasibilityAssessment", "FEASIBLE"), ("ValueAssessment", "HIGH")] {
        let says = json!({ "solutionId": solution, "verdict": verdict });
        assert_snapshot!(ben.create(name, says.clone()).await.said(), @"REFERENCE_UNKNOWN /solutionId");
        let first = ada.create(name, says.clone()).await.id();
        assert_snapshot!(ada.create(name, says.clone()).await.said(), @"ALREADY_EXISTS");
        ada.tell(name, "delete", &first).await.done();
        ada.create(name, says).await.done();
        assert_snapshot!(ada.tell(name, "restore", &first).await.said(), @"ALREADY_EXISTS");
    }
    let shown = ada.through(crate::harness::Face::Rest);
    let shown = shown
        .get(&format!("/candidate-solutions/{solution}?expand=feasibilityAssessments,valueAssessments"))
        .await
        .fine();
    assert_eq!(shown["valueAssessments"]["items"][0]["verdict"], "HIGH");
}

async fn a_trial_is_asked_for(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = begun(&ada, "Wind").await;
    let solution = candidate(&ada, &project, "Forecast").await;
    let tries =
        |days: i64| json!({ "solutionId": solution, "question": "Do satellites see enough?", "timeboxDays": days });
    let too_long = ada.act("ProofOfConcept", "request", None, tries(400)).await;
    assert_snapshot!(too_long.said(), @"VALIDATION_FAILED /timeboxDays");
    let poc = ada.act("ProofOfConcept", "request", None, tries(5)).await.done();
    assert_eq!((&poc["status"], &poc["outcome"]), (&json!("REQUESTED"), &json!(null)));
    let id = poc["id"].as_str().unwrap();
    // Without an assessment its result is the first of one.
    ada.act("ProofOfConcept", "report", Some(id), json!({ "outcome": "UNCERTAIN", "finding": "Clouds" })).await.done();
    let found = ada.list("FeasibilityAssessment", &[("solutionId", &solution)]).await.items.remove(0);
    assert_eq!((&found["verdict"], &found["evidence"][0]["finding"]), (&json!("UNCERTAIN"), &json!("Clouds")));
    let other = ada.act("ProofOfConcept", "request", None, tries(5)).await.id();
    assert_eq!(ada.tell("ProofOfConcept", "cancel", &other).await.done()["status"], "CANCELLED");
    assert_snapshot!(ada.tell("ProofOfConcept", "cancel", id).await.said(), @"INVALID_TRANSITION");
}

async fn what_to_ask_an_expert(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let guide = ada.ask("interviewGuide", json!({ "kind": "DOMAIN_EXPERT" })).await.done();
    assert_eq!((&guide["maximumPainPoints"], &guide["questions"][1]["becomes"]), (&json!(3), &json!("wish")));
}
