//! Scoping a project end to end, as far as the first three steps go, and the gates that can be seen beforehand (§9, story 4).

use serde_json::{Value, json};

use super::{
    STEPS, assess, begun, candidate, complete, measure, plan, promise, scope_of, scoped, spare, state_the_problem,
    states, unmet,
};
use crate::harness::{Api, Face, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    steps_are_completed_in_their_order,
    gates_are_seen_before_the_button_is_pressed,
    a_project_is_scoped_end_to_end,
    a_candidate_wins_or_nobody_goes_on,
    a_statement_that_names_a_technique,
    from_scoped_to_done,
    closing_without_an_ai_solution,
    what_has_ended_stays_as_it_is,
    who_moves_a_scope
);

async fn steps_are_completed_in_their_order(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    assert_snapshot!(states(&ada, &scope).await, @"O L L L L");
    let early = complete(&ada, &scope, "ASSESSMENT").await;
    assert_snapshot!(early.said(), @"INVALID_TRANSITION");
    assert_eq!((&early.details["from"], &early.details["currentStep"]), (&json!("LOCKED"), &json!("BUSINESS_PROBLEM")));
    state_the_problem(&ada, &project, &scope).await;
    let after = complete(&ada, &scope, "BUSINESS_PROBLEM").await.done();
    assert_eq!(
        [&after["currentStep"], &after["scopeReadiness"], &after["timesReturned"], &after["warnings"]],
        [&json!("SOLUTION_BRAINSTORM"), &json!(20), &json!(0), &json!([])]
    );
    assert_snapshot!(states(&ada, &scope).await, @"C O L L L");
    assert_eq!(ada.see("Project", &project).await.done()["currentStep"], "SOLUTION_BRAINSTORM");
    assert_eq!(ada.list("Project", &[("currentStep", "SOLUTION_BRAINSTORM")]).await.ids(), [project]);
    assert_snapshot!(complete(&ada, &scope, "BUSINESS_PROBLEM").await.said(), @"INVALID_TRANSITION");
    let confirmed = ada.act("Scope", "reconfirmStep", Some(&scope), json!({ "step": "SOLUTION_BRAINSTORM" })).await;
    assert_snapshot!(confirmed.said(), @"INVALID_TRANSITION");
    let steps = ada.list("ScopeStep", &[("scopeId", &scope)]).await.items;
    assert!(steps[0]["completedAt"].is_string() && steps[1]["openedAt"].is_string() && steps[2]["openedAt"].is_null());
}

async fn gates_are_seen_before_the_button_is_pressed(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    assert_eq!(unmet(&ada, &project, Some("BUSINESS_PROBLEM")).await, ["STATEMENT_MISSING", "CONSULTATION_MISSING"]);
    let refused = complete(&ada, &scope, "BUSINESS_PROBLEM").await;
    assert_snapshot!(refused.said(), @"SCOPE_GATE_FAILED");
    let lacks: Vec<_> = refused.details["unmet"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(lacks, ["STATEMENT_MISSING", "CONSULTATION_MISSING"]);
    assert_eq!(refused.details["step"], "BUSINESS_PROBLEM");
    // A reason stands in for an expert, and a wish has to say why it is none yet.
    let problem = json!({ "statement": "Claims wait twelve days." });
    ada.update("Scope", &scope, json!({ "problem": problem, "expertWaiverReason": "I worked there" })).await.done();
    assert!(unmet(&ada, &project, Some("BUSINESS_PROBLEM")).await.is_empty());
    let asked = json!({ "projectId": project, "painPoints": [{ "rank": 1, "wish": "One day" }] });
    let asked = ada.create("ExpertConsultation", asked).await.id();
    assert_eq!(unmet(&ada, &project, Some("BUSINESS_PROBLEM")).await, ["WHY_NOT_YET_MISSING"]);
    ada.tell("ExpertConsultation", "delete", &asked).await.done();
    complete(&ada, &scope, "BUSINESS_PROBLEM").await.done();
    // The first idea is not the only one, unless there is a reason.
    candidate(&ada, &project, "Forms that fill themselves").await;
    assert_snapshot!(complete(&ada, &scope, "SOLUTION_BRAINSTORM").await.said(), @"SCOPE_GATE_FAILED");
    assert_eq!(unmet(&ada, &project, Some("SOLUTION_BRAINSTORM")).await, ["SECOND_IDEA_MISSING"]);
    ada.update("Scope", &scope, json!({ "singleIdeaReason": "The law asks for it" })).await.done();
    complete(&ada, &scope, "SOLUTION_BRAINSTORM").await.done();
    let all = unmet(&ada, &project, None).await;
    assert_eq!(
        all,
        [
            "FEASIBILITY_MISSING",
            "VALUE_MISSING",
            "SELECTION_MISSING",
            "MILESTONE_MISSING",
            "METRIC_PAIR_REQUIRED",
            "BUDGET_CATEGORY_UNADDRESSED",
        ]
    );
}

async fn a_project_is_scoped_end_to_end(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    state_the_problem(&ada, &project, &scope).await;
    let (forecast, fishers) = (candidate(&ada, &project, "Forecast").await, candidate(&ada, &project, "Fishers").await);
    assess(&ada, &forecast, "FEASIBLE", "HIGH").await;
    ada.tell("CandidateSolution", "select", &forecast).await.done();
    ada.tell("CandidateSolution", "discard", &fishers).await.done();
    for step in &STEPS[..3] {
        complete(&ada, &scope, step).await.done();
    }
    assert_snapshot!(complete(&ada, &scope, "MILESTONES").await.said(), @"SCOPE_GATE_FAILED");
    // Accuracy is not the business.
    let milestone = promise(&ada, &project, &["ML"]).await;
    assert_eq!(unmet(&ada, &project, Some("MILESTONES")).await, ["METRIC_PAIR_REQUIRED"]);
    let refused = complete(&ada, &scope, "MILESTONES").await;
    assert_snapshot!(refused.said(), @"METRIC_PAIR_REQUIRED");
    assert_eq!((&refused.details["missing"], &refused.details["step"]), (&json!(["BUSINESS"]), &json!("MILESTONES")));
    measure(&ada, &milestone, "BUSINESS").await;
    complete(&ada, &scope, "MILESTONES").await.done();
    for category in ["DATA", "PEOPLE", "TIME"] {
        plan(&ada, &project, category).await;
    }
    let refused = complete(&ada, &scope, "BUDGET").await;
    assert_snapshot!(refused.said(), @"BUDGET_CATEGORY_UNADDRESSED");
    assert_eq!(refused.details["missing"], json!(["INTEGRATIONS"]));
    assert_eq!(unmet(&ada, &project, None).await, ["BUDGET_CATEGORY_UNADDRESSED"]);
    spare(&ada, &project, "INTEGRATIONS").await;
    let scoped = complete(&ada, &scope, "BUDGET").await.done();
    assert_eq!((&scoped["currentStep"], &scoped["scopeReadiness"]), (&Value::Null, &json!(100)));
    assert_eq!(ada.see("Project", &project).await.done()["status"], "SCOPED");
    assert_eq!(ada.tell("Project", "start", &project).await.done()["status"], "IN_PROGRESS");
    let told = ada.ask("scopeAtRevision", json!({ "projectId": project })).await.done();
    let document = &told["document"];
    assert_eq!(document["metrics"][1]["kind"], "BUSINESS");
    assert_eq!(document["metrics"][1]["target"], "0.9");
    assert_eq!(document["budgetLines"][0]["plannedAmount"], json!({ "amount": "1250.00", "currency": "EUR" }));
    assert_eq!(document["budget"][0]["notNeeded"][0]["category"], "INTEGRATIONS");
}

async fn a_candidate_wins_or_nobody_goes_on(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    state_the_problem(&ada, &project, &scope).await;
    let (forecast, fishers) = (candidate(&ada, &project, "Forecast").await, candidate(&ada, &project, "Fishers").await);
    for step in &STEPS[..2] {
        complete(&ada, &scope, step).await.done();
    }
    assess(&ada, &forecast, "INFEASIBLE", "HIGH").await;
    assess(&ada, &fishers, "INFEASIBLE", "LOW").await;
    let refused = complete(&ada, &scope, "ASSESSMENT").await;
    assert_snapshot!(refused.said(), @"NO_VIABLE_SOLUTION");
    assert_eq!(refused.details["allowed"], json!(["RETURN_TO_2", "RETURN_TO_1", "CLOSE_NO_AI_SOLUTION"]));
    // A trial shows that it can be done after all; its result is evidence.
    let tries = json!({ "solutionId": forecast, "question": "Do satellites see enough?", "timeboxDays": 5 });
    let poc = ada.act("ProofOfConcept", "request", None, tries).await.id();
    let shows = json!({ "outcome": "FEASIBLE", "finding": "Within 8 percent.", "url": "https://example.org/poc" });
    assert_eq!(ada.act("ProofOfConcept", "report", Some(&poc), shows.clone()).await.done()["status"], "REPORTED");
    assert_snapshot!(ada.act("ProofOfConcept", "report", Some(&poc), shows).await.said(), @"INVALID_TRANSITION");
    let found = ada.list("FeasibilityAssessment", &[("solutionId", &forecast)]).await.items.remove(0);
    assert_eq!((&found["verdict"], &found["evidence"][1]["kind"]), (&json!("FEASIBLE"), &json!("PROOF_OF_CONCEPT")));
    assert_eq!(unmet(&ada, &project, Some("ASSESSMENT")).await, ["SELECTION_MISSING"]);
    ada.tell("CandidateSolution", "select", &forecast).await.done();
    complete(&ada, &scope, "ASSESSMENT").await.done();
    assert_snapshot!(states(&ada, &scope).await, @"C C C O L");
}

async fn a_statement_that_names_a_technique(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (_, scope) = begun(&ada, "Wind").await;
    let says =
        |statement: &str| json!({ "problem": { "statement": statement }, "expertWaiverReason": "None has time" });
    let advised = ada.update("Scope", &scope, says("We need a neural network.")).await.done();
    assert_eq!(advised["warnings"][0]["code"], "AI_PHRASED_PROBLEM");
    assert_eq!(advised["warnings"][0]["details"], json!({ "techniques": ["neural network"] }));
    // What was said already is not advised against again until the step is completed.
    let again = ada.update("Scope", &scope, json!({ "singleIdeaReason": "x" })).await.done();
    assert_eq!(again["warnings"], json!([]));
    let done = complete(&ada, &scope, "BUSINESS_PROBLEM").await.done();
    let codes: Vec<_> = done["warnings"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(codes, ["AI_PHRASED_PROBLEM", "NO_BENEFICIARY_NAMED"]);
}

async fn from_scoped_to_done(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (begun, _) = begun(&ada, "Sun").await;
    assert_snapshot!(ada.tell("Project", "start", &begun).await.said(), @"INVALID_TRANSITION");
    let project = scoped(&ada, "Wind").await;
    let shown = ada.see("Project", &project).await.done();
    assert_eq!((&shown["status"], &shown["currentStep"]), (&json!("SCOPED"), &Value::Null));
    let scope = scope_of(&ada, &project).await;
    assert_eq!(ada.see("Scope", &scope).await.done()["scopeReadiness"], 100);
    let mut said = Vec::new();
    for verb in ["pause", "start", "start", "complete", "pause", "pause", "resume", "complete", "cancel", "start"] {
        let after = ada.tell("Project", verb, &project).await;
        said.push(format!("{verb} {}", after.refused.clone().unwrap_or_else(|| after.object["status"].to_string())));
        if verb == "complete" && after.refused.is_none() {
            break;
        }
    }
    assert_snapshot!(said.join(", "), @r#"pause INVALID_TRANSITION, start "IN_PROGRESS", start INVALID_TRANSITION, complete "COMPLETED""#);
    let done = ada.see("Project", &project).await.done();
    assert!(done["startedAt"].is_string() && done["endedAt"].is_string());
    let refused = ada.tell("Project", "resume", &project).await;
    assert_eq!(refused.details, json!({ "from": "COMPLETED", "command": "resume", "allowed": [] }));
    let other = scoped(&ada, "Waves").await;
    for verb in ["start", "pause", "resume", "pause"] {
        ada.tell("Project", verb, &other).await.done();
    }
    let gone = ada.act("Project", "cancel", Some(&other), json!({ "note": "No time" })).await.done();
    assert_eq!((&gone["status"], &gone["endNote"]), (&json!("CANCELLED"), &json!("No time")));
    // One request shows all of it.
    let shown =
        ada.through(Face::Rest).get(&format!("/projects/{project}?expand=scope.steps,scope.solutions")).await.fine();
    assert_eq!(shown["scope"]["steps"]["items"].as_array().unwrap().len(), 5);
    assert_eq!(shown["scope"]["solutions"]["items"].as_array().unwrap().len(), 2);
}

async fn closing_without_an_ai_solution(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    let closing = json!({ "outcome": "NO_AI_SOLUTION", "note": "A form would do." });
    ada.act("Scope", "close", Some(&scope), closing.clone()).await.done();
    let shown = ada.see("Project", &project).await.done();
    assert_eq!((&shown["status"], &shown["endNote"]), (&json!("CLOSED_NO_AI_SOLUTION"), &json!("A form would do.")));
    assert!(shown["endedAt"].is_string());
    let again = ada.act("Scope", "close", Some(&scope), closing).await;
    assert_snapshot!(again.said(), @"INVALID_TRANSITION");
    assert_eq!(ada.list("Project", &[("status", "CLOSED_NO_AI_SOLUTION")]).await.ids(), [project.as_str()]);
    let events = ada.list("Event", &[("subjectId", &project)]).await;
    assert_eq!(events.each("type").last(), Some(&json!("project.closed")));
}

async fn what_has_ended_stays_as_it_is(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    let solution = candidate(&ada, &project, "Forecast").await;
    ada.tell("Project", "cancel", &project).await.done();
    let refused = ada.update("Project", &project, json!({ "title": "x" })).await;
    assert_snapshot!(refused.said(), @"PROJECT_CLOSED");
    assert_eq!(refused.details, json!({ "status": "CANCELLED" }));
    assert_snapshot!(ada.update("Scope", &scope, json!({ "singleIdeaReason": "x" })).await.said(), @"PROJECT_CLOSED");
    assert_snapshot!(ada.update("CandidateSolution", &solution, json!({ "title": "x" })).await.said(), @"PROJECT_CLOSED");
    for verb in ["delete", "select"] {
        assert_snapshot!(ada.tell("CandidateSolution", verb, &solution).await.said(), @"PROJECT_CLOSED");
    }
    let new = json!({ "projectId": project, "title": "Another" });
    assert_snapshot!(ada.create("CandidateSolution", new).await.said(), @"PROJECT_CLOSED");
    let can = json!({ "solutionId": solution, "verdict": "UNCERTAIN" });
    assert_snapshot!(ada.create("FeasibilityAssessment", can).await.said(), @"PROJECT_CLOSED");
    ada.see("CandidateSolution", &solution).await.done();
}

async fn who_moves_a_scope(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let (project, scope) = begun(&ada, "Wind").await;
    let mut said = Vec::new();
    for role in ["OBSERVER", "CONTRIBUTOR", "LEAD"] {
        let who = acme.learner(&role.to_lowercase()).await;
        let takes = json!({ "projectId": project, "userId": who.id, "role": role });
        ada.create("ProjectMember", takes).await.done();
        let says = json!({ "problem": { "statement": format!("{role} says so.") }, "expertWaiverReason": "x" });
        let writes = who.update("Scope", &scope, says).await.said();
        let proposes = who.create("CandidateSolution", json!({ "projectId": project, "title": role })).await.said();
        let moves = complete(&who, &scope, "BUSINESS_PROBLEM").await.said();
        said.push(format!("{role}: writes {writes}, proposes {proposes}, moves {moves}"));
    }
    assert_snapshot!(said.join("\n"), @r"
        OBSERVER: writes FORBIDDEN, proposes FORBIDDEN, moves FORBIDDEN
        CONTRIBUTOR: writes fine, proposes fine, moves FORBIDDEN
        LEAD: writes fine, proposes fine, moves fine
    ");
    let ben = acme.learner("ben").await;
    assert_snapshot!(complete(&ben, &scope, "SOLUTION_BRAINSTORM").await.said(), @"NOT_FOUND");
    assert_snapshot!(ben.ask("unmetGates", json!({ "projectId": project })).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.knowing(1).act("Scope", "completeStep", Some(&scope), json!({ "step": "BUDGET" })).await.said(), @"VERSION_MISMATCH");
}
