//! Going back: what was learnt, what is stale, and what it was before (§9, story 5).

use serde_json::{Value, json};

use super::{STEPS, assess, begun, candidate, complete, go_back, scope_of, scoped, state_the_problem, states};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    back_from_work_in_progress,
    whoever_goes_back_says_why,
    back_is_earlier,
    a_revision_stays_as_it_was,
    a_step_that_is_stale_passes_its_gate_again
);

async fn back_from_work_in_progress(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let scope = scope_of(&ada, &project).await;
    ada.tell("Project", "start", &project).await.done();
    let back = go_back(&ada, &scope, "SOLUTION_BRAINSTORM").await.done();
    assert_eq!(
        [&back["revision"], &back["currentStep"], &back["timesReturned"], &back["scopeReadiness"]],
        [&json!(2), &json!("SOLUTION_BRAINSTORM"), &json!(1), &json!(20)]
    );
    assert_snapshot!(states(&ada, &scope).await, @"C O S S S");
    assert_eq!(ada.see("Project", &project).await.done()["status"], "SCOPING");
    let refused = ada.tell("Project", "start", &project).await;
    assert_snapshot!(refused.said(), @"SCOPE_STALE");
    assert_eq!(refused.details["stale"], json!(["ASSESSMENT", "MILESTONES", "BUDGET"]));
    // Another solution: the first is discarded, and what was promised is still true.
    let first = ada.list("CandidateSolution", &[("status", "SELECTED")]).await.ids().remove(0);
    let other = candidate(&ada, &project, "Satellite images").await;
    ada.tell("CandidateSolution", "discard", &first).await.done();
    ada.tell("CandidateSolution", "select", &other).await.done();
    assess(&ada, &other, "FEASIBLE", "MEDIUM").await;
    complete(&ada, &scope, "SOLUTION_BRAINSTORM").await.done();
    assert_snapshot!(states(&ada, &scope).await, @"C C S S S");
    assert_snapshot!(ada.tell("Project", "start", &project).await.said(), @"SCOPE_STALE");
    complete(&ada, &scope, "ASSESSMENT").await.done();
    for step in &STEPS[3..] {
        ada.act("Scope", "reconfirmStep", Some(&scope), json!({ "step": step })).await.done();
    }
    assert_snapshot!(states(&ada, &scope).await, @"C C C C C");
    assert_eq!(ada.tell("Project", "start", &project).await.done()["status"], "IN_PROGRESS");

    let history = ada.list("ScopeTransition", &[("projectId", &project)]).await.items;
    assert_eq!(history.len(), 1);
    let one = &history[0];
    assert_eq!(
        [&one["revision"], &one["fromStatus"], &one["fromStep"], &one["toStep"], &one["reason"], &one["actorId"]],
        [
            &json!(2),
            &json!("IN_PROGRESS"),
            &Value::Null,
            &json!("SOLUTION_BRAINSTORM"),
            &json!("INFEASIBLE"),
            &json!(ada.id)
        ]
    );
    let diff = ada.ask("scopeDiff", json!({ "projectId": project, "a": 1, "b": 2 })).await.done();
    let changes: Vec<_> = diff["changes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| format!("{} {}", one["kind"].as_str().unwrap(), one["path"].as_str().unwrap()))
        .collect();
    assert!(changes.contains(&format!("CHANGED /solutions/{first}/status")), "{changes:?}");
    assert!(changes.contains(&format!("ADDED /solutions/{other}")), "{changes:?}");
    assert!(changes.iter().all(|one| !one.contains("/consultations")), "{changes:?}");
}

async fn whoever_goes_back_says_why(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let scope = scope_of(&ada, &project).await;
    let back = async |why: Value| ada.act("Scope", "returnToStep", Some(&scope), why).await.said();
    assert_snapshot!(back(json!({ "step": "ASSESSMENT" })).await, @"RETURN_REASON_REQUIRED /reason /learning");
    assert_snapshot!(back(json!({ "step": "ASSESSMENT", "reason": "OTHER" })).await, @"RETURN_REASON_REQUIRED /learning");
    assert_snapshot!(back(json!({ "step": "ASSESSMENT", "reason": "OTHER", "learning": "" })).await, @"RETURN_REASON_REQUIRED /learning");
    assert_snapshot!(states(&ada, &scope).await, @"C C C C C");
    assert!(ada.list("ScopeTransition", &[]).await.items.is_empty());
}

async fn back_is_earlier(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    state_the_problem(&ada, &project, &scope).await;
    complete(&ada, &scope, "BUSINESS_PROBLEM").await.done();
    for step in &STEPS[1..] {
        let refused = go_back(&ada, &scope, step).await;
        assert_snapshot!(refused.said(), @"STEP_NOT_EARLIER /step");
        assert_eq!(refused.details, json!({ "from": "SOLUTION_BRAINSTORM", "to": step }));
    }
    go_back(&ada, &scope, "BUSINESS_PROBLEM").await.done();
    // What comes after is to be confirmed, be it that nobody came there yet.
    assert_snapshot!(states(&ada, &scope).await, @"O S S S S");
    assert_snapshot!(go_back(&ada, &scope, "BUSINESS_PROBLEM").await.said(), @"STEP_NOT_EARLIER /step");
}

async fn a_revision_stays_as_it_was(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let project = scoped(&ada, "Wind").await;
    let scope = scope_of(&ada, &project).await;
    let at =
        async |revision: i64| ada.ask("scopeAtRevision", json!({ "projectId": project, "revision": revision })).await;
    let present = at(1).await.done();
    assert_eq!((&present["current"], &present["keptAt"]), (&json!(true), &Value::Null));
    go_back(&ada, &scope, "BUSINESS_PROBLEM").await.done();
    let problem = json!({ "statement": "The grid pays for wind that does not come." });
    ada.update("Scope", &scope, json!({ "problem": problem })).await.done();
    for solution in ada.list("CandidateSolution", &[("projectId", &project)]).await.ids() {
        ada.tell("CandidateSolution", "delete", &solution).await.done();
    }
    let kept = at(1).await.done();
    assert_eq!((&kept["current"], &kept["document"]), (&json!(false), &present["document"]));
    assert!(kept["keptAt"].is_string());
    assert_eq!(kept["document"]["solutions"].as_array().unwrap().len(), 2);
    assert_eq!(kept["document"]["consultations"][0]["painPoints"][0]["rank"], 1);
    let now = ada.ask("scopeAtRevision", json!({ "projectId": project })).await.done();
    assert_eq!((&now["revision"], &now["document"]["solutions"]), (&json!(2), &json!([])));
    let refused = at(3).await;
    assert_snapshot!(refused.code(), @"REVISION_UNKNOWN");
    assert_eq!(refused.details, json!({ "latest": 2 }));
    let row = ada.list("ScopeRevision", &[("scopeId", &scope)]).await.items.remove(0);
    assert_eq!(row["revision"], 1);
    for (name, asked) in [
        ("scopeAtRevision", json!({ "projectId": project })),
        ("scopeDiff", json!({ "projectId": project, "a": 1, "b": 2 })),
    ] {
        assert_snapshot!(ben.ask(name, asked).await.said(), @"NOT_FOUND");
    }
    let diff = ada.ask("scopeDiff", json!({ "projectId": project, "a": 2, "b": 1 })).await.done();
    let of = |path: &str| diff["changes"].as_array().unwrap().iter().find(|one| one["path"] == path).cloned();
    let statement = of("/problem/statement").unwrap();
    assert_eq!(
        (&statement["kind"], &statement["after"]),
        (&json!("CHANGED"), &kept["document"]["problem"]["statement"])
    );
    assert_eq!(
        ada.ask("scopeDiff", json!({ "projectId": project, "a": 1, "b": 1 })).await.done()["changes"],
        json!([])
    );
}

async fn a_step_that_is_stale_passes_its_gate_again(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let scope = scope_of(&ada, &project).await;
    go_back(&ada, &scope, "BUSINESS_PROBLEM").await.done();
    complete(&ada, &scope, "BUSINESS_PROBLEM").await.done();
    for solution in ada.list("CandidateSolution", &[("projectId", &project)]).await.ids() {
        ada.tell("CandidateSolution", "delete", &solution).await.done();
    }
    let confirms = async |step: &str| ada.act("Scope", "reconfirmStep", Some(&scope), json!({ "step": step })).await;
    assert_snapshot!(confirms("SOLUTION_BRAINSTORM").await.said(), @"SCOPE_GATE_FAILED");
    let later = confirms("BUDGET").await;
    assert_snapshot!(later.said(), @"INVALID_TRANSITION");
    assert_eq!(later.details["allowed"], json!(["completeStep", "reconfirmStep"]));
    for title in ["Kites", "Balloons"] {
        candidate(&ada, &project, title).await;
    }
    confirms("SOLUTION_BRAINSTORM").await.done();
    assert_snapshot!(states(&ada, &scope).await, @"C C S S S");
}
