//! What a project holds at most, what is taken away between its steps and its start, and what changes of what is said in it (§9, §12).

use sea_orm::Value as SqlValue;
use serde_json::{Value, json};

use super::{begun, candidate, complete, fill, go_back, promise, scope_of, scoped, state_the_problem};
use crate::harness::{Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    what_is_named_of_a_problem_changes,
    a_project_starts_with_what_its_steps_were_completed_with,
    a_project_holds_so_many,
    nothing_has_happened_yet_in_the_future,
    what_is_said_of_a_candidate_goes_with_it,
    a_unit_stays_with_what_was_spent,
    the_days_of_a_step_are_those_it_was_worked_on,
    a_trial_is_suggested_where_no_milestone_is_named,
    who_was_taken_in_may_leave
);

async fn what_is_named_of_a_problem_changes(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (_, scope) = begun(&ada, "Wind").await;
    let says = async |problem: Value| ada.update("Scope", &scope, json!({ "problem": problem })).await;
    assert_snapshot!(says(json!({ "domain": "Energy" })).await.said(), @"PROBLEM_UNSTATED /problem/statement");
    says(json!({ "statement": "It is late.", "domain": "Energy", "beneficiaries": ["The town"] })).await.done();
    let after = says(json!({ "statement": "It is too late.", "domain": null })).await.done();
    let problem = &after["problem"];
    assert_eq!(
        [&problem["statement"], &problem["domain"], &problem["beneficiaries"]],
        [&json!("It is too late."), &Value::Null, &json!(["The town"])]
    );
    let idea = json!({
        "title": "A shop", "source": "SIDE_HUSTLE", "employerConflict": { "declared": false, "notes": "I asked my employer." },
    });
    let idea = ada.create("ProjectIdea", idea).await.id();
    let declares = json!({ "employerConflict": { "declared": true } });
    let after = ada.update("ProjectIdea", &idea, declares).await.done();
    assert_eq!(after["employerConflict"], json!({ "declared": true, "notes": "I asked my employer." }));
    ada.tell("ProjectIdea", "evaluate", &idea).await.done();
    ada.tell("ProjectIdea", "promote", &idea).await.done();
    // What the project was begun on stands.
    let takes_back = json!({ "employerConflict": { "declared": false } });
    let refused = ada.update("ProjectIdea", &idea, takes_back).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION /employerConflict/declared");
    let elsewhere = ada.update("ProjectIdea", &idea, json!({ "source": "READING_AND_TALKING" })).await;
    assert_snapshot!(elsewhere.said(), @"INVALID_TRANSITION /source");
}

async fn a_project_starts_with_what_its_steps_were_completed_with(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let milestone = ada.list("Milestone", &[("projectId", &project)]).await.ids().remove(0);
    ada.tell("Milestone", "delete", &milestone).await.done();
    let refused = ada.tell("Project", "start", &project).await;
    assert_snapshot!(refused.said(), @"SCOPE_GATE_FAILED");
    assert_eq!(refused.details["step"], "MILESTONES");
    ada.tell("Milestone", "restore", &milestone).await.done();
    ada.tell("Project", "start", &project).await.done();
    // Whoever rests may find that it is done.
    ada.tell("Project", "pause", &project).await.done();
    assert_eq!(ada.tell("Project", "complete", &project).await.done()["status"], "COMPLETED");
}

async fn a_project_holds_so_many(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let scope = scope_of(&ada, &project).await;
    // As if it had gone back so often.
    api.execute("UPDATE \"scope\" SET revision = 100", Vec::<SqlValue>::new()).await;
    let refused = go_back(&ada, &scope, "BUDGET").await;
    assert_snapshot!(refused.code(), @"PROJECT_FULL");
    assert_eq!(refused.details, json!({ "resource": "ScopeRevision", "most": 100 }));
    let first = candidate(&ada, &project, "One").await;
    for place in ada.list("CandidateSolution", &[("projectId", &project)]).await.items.len()..200 {
        candidate(&ada, &project, &format!("{place}")).await;
    }
    let one_more = json!({ "projectId": project, "title": "One more" });
    let refused = ada.create("CandidateSolution", one_more.clone()).await;
    assert_snapshot!(refused.code(), @"PROJECT_FULL");
    assert_eq!(refused.details, json!({ "resource": "CandidateSolution", "most": 200 }));
    ada.tell("CandidateSolution", "delete", &first).await.done();
    ada.create("CandidateSolution", one_more).await.done();
    assert_snapshot!(ada.tell("CandidateSolution", "restore", &first).await.code(), @"PROJECT_FULL");
}

async fn nothing_has_happened_yet_in_the_future(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (project, scope) = begun(&ada, "Wind").await;
    state_the_problem(&ada, &project, &scope).await;
    let future = "2999-01-01T00:00:00Z";
    let talk = ada.list("ExpertConsultation", &[("projectId", &project)]).await.ids().remove(0);
    let pains = json!([{ "rank": 1, "wish": "To know" }]);
    let asked = json!({ "projectId": project, "expert": "Noor", "heldAt": future, "painPoints": pains });
    assert_snapshot!(ada.create("ExpertConsultation", asked).await.said(), @"OCCURRED_AT_INVALID /heldAt");
    let later = json!({ "heldAt": future });
    assert_snapshot!(ada.update("ExpertConsultation", &talk, later).await.said(), @"OCCURRED_AT_INVALID /heldAt");
    let new = json!({ "projectId": project, "userId": ben.id, "role": "CONTRIBUTOR", "joinedAt": future });
    assert_snapshot!(ada.create("ProjectMember", new).await.said(), @"OCCURRED_AT_INVALID /joinedAt");
}

async fn what_is_said_of_a_candidate_goes_with_it(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    fill(&ada, &project, &scope).await;
    let with = [("projectId", project.as_str())];
    let solution = ada.list("FeasibilityAssessment", &with).await.items.remove(0)["solutionId"].clone();
    let solution = solution.as_str().unwrap().to_owned();
    let assessment = ada.list("FeasibilityAssessment", &with).await.ids().remove(0);
    ada.tell("CandidateSolution", "delete", &solution).await.done();
    assert!(ada.list("FeasibilityAssessment", &with).await.items.is_empty());
    assert!(ada.list("ValueAssessment", &with).await.items.is_empty());
    let says = json!({ "verdict": "UNCERTAIN" });
    assert_snapshot!(ada.update("FeasibilityAssessment", &assessment, says).await.said(), @"NOT_FOUND");
    let milestone = ada.list("Milestone", &with).await.ids().remove(0);
    ada.tell("Milestone", "delete", &milestone).await.done();
    let now = ada.ask("scopeAtRevision", json!({ "projectId": project })).await.done();
    for gone in ["feasibilityAssessments", "valueAssessments", "milestones", "metrics"] {
        assert_eq!(now["document"][gone], json!([]), "{gone}");
    }
    ada.tell("CandidateSolution", "restore", &solution).await.done();
    assert_eq!(ada.list("FeasibilityAssessment", &with).await.ids(), [assessment]);
}

async fn a_unit_stays_with_what_was_spent(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, _) = begun(&ada, "Wind").await;
    let days = json!({ "projectId": project, "category": "PEOPLE", "description": "Ada", "plannedQuantity": "10", "unit": "days" });
    let line = ada.create("BudgetLine", days).await.id();
    ada.update("BudgetLine", &line, json!({ "unit": "weeks" })).await.done();
    ada.create("BudgetEntry", json!({ "lineId": line, "quantity": "3" })).await.done();
    assert_snapshot!(ada.update("BudgetLine", &line, json!({ "unit": "minutes" })).await.code(), @"IN_USE");
}

async fn the_days_of_a_step_are_those_it_was_worked_on(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let scope = scope_of(&ada, &project).await;
    let long_ago: SqlValue = "2026-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into();
    api.execute("UPDATE \"scope_step\" SET opened_at = $1", vec![long_ago]).await;
    go_back(&ada, &scope, "MILESTONES").await.done();
    complete(&ada, &scope, "MILESTONES").await.done();
    let last = ada.list("ScopeStep", &[("scopeId", &scope)]).await.items.pop().unwrap();
    assert_eq!((&last["step"], &last["state"]), (&json!("BUDGET"), &json!("STALE")));
    assert!(last["openedAt"].as_str().unwrap() > "2026-02", "{last}");
}

async fn a_trial_is_suggested_where_no_milestone_is_named(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    fill(&ada, &project, &scope).await;
    let milestone = ada.list("Milestone", &[("projectId", &project)]).await.ids().remove(0);
    ada.tell("Milestone", "delete", &milestone).await.done();
    let told = async || {
        let told = ada.ask("insights", json!({ "subjectId": project })).await.done();
        told["items"].as_array().unwrap().iter().find(|one| one["code"] == "LEARN_MORE_ABOUT_PROBLEM").cloned()
    };
    assert_eq!(told().await, None, "it has not come to its milestones");
    for step in ["BUSINESS_PROBLEM", "SOLUTION_BRAINSTORM", "ASSESSMENT"] {
        complete(&ada, &scope, step).await.done();
    }
    let found = told().await.unwrap();
    let suggested = &found["suggestedCommand"];
    assert_eq!(suggested["name"], "requestProofOfConcept");
    ada.act("ProofOfConcept", "request", None, suggested["input"].clone()).await.done();
    assert_eq!(told().await, None, "what is tried to find out is waited for");
    promise(&ada, &project, &["ML"]).await;
    assert_eq!(told().await, None);
}

async fn who_was_taken_in_may_leave(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, eve) = (acme.learner("ada").await, acme.learner("ben").await, acme.learner("eve").await);
    let (project, _) = begun(&ada, "Wind").await;
    let takes = async |who: &str| {
        let new = json!({ "projectId": project, "userId": who, "role": "CONTRIBUTOR" });
        ada.create("ProjectMember", new).await.id()
    };
    let (of_ben, of_eve) = (takes(&ben.id).await, takes(&eve.id).await);
    assert_snapshot!(ben.tell("ProjectMember", "delete", &of_eve).await.said(), @"FORBIDDEN");
    assert_snapshot!(ben.tell("ProjectMember", "delete", &of_ben).await.said(), @"fine");
    assert_snapshot!(ben.see("Project", &project).await.said(), @"NOT_FOUND");
    ada.tell("ProjectMember", "restore", &of_ben).await.done();
    ben.see("Project", &project).await.done();
}
