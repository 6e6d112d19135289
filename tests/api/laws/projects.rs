//! The chapter on projects in the world of the laws: one of everything, and a tour of every verb.

mod milestones;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{budgets, writes::Tour};
use crate::{
    harness::Actor,
    projects::{STEPS, begun, complete, fill},
};

/// One of everything in a project of somebody who takes their coach into it.
pub async fn one_of_each(ada: &Actor, kim: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let project = ada.create("Project", json!({ "title": "Wind and sun", "domain": "Energy" })).await.id();
    let takes = json!({ "projectId": project, "userId": kim.id, "role": "CONTRIBUTOR" });
    one.insert("ProjectMember", ada.create("ProjectMember", takes).await.id());
    let scope = ada.list("Scope", &[("projectId", &project)]).await.ids().remove(0);
    let asks =
        json!({ "projectId": project, "painPoints": [{ "rank": 1, "wish": "Less", "whyNotWorkingYet": "More" }] });
    one.insert("ExpertConsultation", ada.create("ExpertConsultation", asks).await.id());
    let solution = ada.create("CandidateSolution", json!({ "projectId": project, "title": "Ask" })).await.id();
    let can = json!({ "solutionId": solution, "verdict": "UNCERTAIN" });
    one.insert("FeasibilityAssessment", ada.create("FeasibilityAssessment", can).await.id());
    let worth = json!({ "solutionId": solution, "verdict": "NONE" });
    one.insert("ValueAssessment", ada.create("ValueAssessment", worth).await.id());
    let tries = json!({ "solutionId": solution, "question": "Does it?", "timeboxDays": 5 });
    one.insert("ProofOfConcept", ada.act("ProofOfConcept", "request", None, tries).await.id());
    ada.update("Scope", &scope, json!({ "problem": { "statement": "It is late." } })).await.done();
    ada.act("Scope", "completeStep", Some(&scope), json!({ "step": "BUSINESS_PROBLEM" })).await.done();
    ada.act("Scope", "returnToStep", Some(&scope), back("BUSINESS_PROBLEM")).await.done();
    one.insert("ScopeStep", ada.list("ScopeStep", &[("scopeId", &scope)]).await.ids().remove(0));
    one.insert("ScopeTransition", ada.list("ScopeTransition", &[("scopeId", &scope)]).await.ids().remove(0));
    one.insert("ScopeRevision", ada.list("ScopeRevision", &[("scopeId", &scope)]).await.ids().remove(0));
    one.extend([("CandidateSolution", solution), ("Scope", scope), ("Project", project)]);
    milestones::one_of_each(ada, one).await;
    budgets::one_of_each(ada, kim, one).await;
}

fn back(step: &str) -> Value {
    json!({ "step": step, "reason": "NEW_INFORMATION", "learning": "It is later than that." })
}

fn id(done: &Value) -> String {
    done["id"].as_str().unwrap().to_owned()
}

/// Every verb of the chapter.
pub(super) async fn tour(tour: &mut Tour<'_>) {
    let (ada, root, nothing) = (&tour.world.ada, &tour.world.root, json!({}));
    let project = id(&tour.go(ada, "Project", "create", None, json!({ "title": "Tour" })).await);
    tour.go(ada, "Project", "update", Some(&project), json!({ "title": "Grand tour" })).await;
    let takes = json!({ "projectId": project, "userId": root.id, "role": "OBSERVER" });
    let member = id(&tour.go(ada, "ProjectMember", "create", None, takes).await);
    tour.go(ada, "ProjectMember", "update", Some(&member), json!({ "role": "LEAD" })).await;
    for (name, id) in [("ProjectMember", &member), ("Project", &project)] {
        for verb in ["delete", "restore"] {
            tour.go(ada, name, verb, Some(id), nothing.clone()).await;
        }
    }
    milestones::tour(tour, &project).await;
    budgets::tour(tour).await;
    contents(tour, &project).await;
    moves(tour, &project).await;
}

/// What is worked out in the steps.
async fn contents(tour: &mut Tour<'_>, project: &str) {
    let (ada, nothing) = (&tour.world.ada, json!({}));
    let asks = json!({ "projectId": project, "painPoints": [{ "rank": 1, "wish": "Less" }] });
    let asked = id(&tour.go(ada, "ExpertConsultation", "create", None, asks).await);
    tour.go(ada, "ExpertConsultation", "update", Some(&asked), json!({ "note": "Again" })).await;
    let new = json!({ "projectId": project, "title": "Ask" });
    let solution = id(&tour.go(ada, "CandidateSolution", "create", None, new).await);
    tour.go(ada, "CandidateSolution", "update", Some(&solution), json!({ "isAi": false })).await;
    for verb in ["select", "discard", "reconsider"] {
        tour.go(ada, "CandidateSolution", verb, Some(&solution), nothing.clone()).await;
    }
    let can = json!({ "solutionId": solution, "verdict": "UNCERTAIN" });
    let can = id(&tour.go(ada, "FeasibilityAssessment", "create", None, can).await);
    tour.go(ada, "FeasibilityAssessment", "update", Some(&can), json!({ "verdict": "INFEASIBLE" })).await;
    let worth = json!({ "solutionId": solution, "verdict": "NONE" });
    let worth = id(&tour.go(ada, "ValueAssessment", "create", None, worth).await);
    tour.go(ada, "ValueAssessment", "update", Some(&worth), json!({ "verdict": "LOW" })).await;
    let tries = json!({ "solutionId": solution, "question": "Does it?", "timeboxDays": 5 });
    let other = id(&tour.go(ada, "ProofOfConcept", "request", None, tries.clone()).await);
    let poc = id(&tour.go(ada, "ProofOfConcept", "request", None, tries).await);
    let shows = json!({ "outcome": "INFEASIBLE", "finding": "No." });
    tour.go(ada, "ProofOfConcept", "report", Some(&poc), shows).await;
    tour.go(ada, "ProofOfConcept", "cancel", Some(&other), nothing.clone()).await;
    for (name, id) in [
        ("ExpertConsultation", &asked),
        ("ValueAssessment", &worth),
        ("FeasibilityAssessment", &can),
        ("ProofOfConcept", &poc),
        ("CandidateSolution", &solution),
    ] {
        for verb in ["delete", "restore"] {
            tour.go(ada, name, verb, Some(id), nothing.clone()).await;
        }
    }
}

/// What moves the scope and the project.
async fn moves(tour: &mut Tour<'_>, project: &str) {
    let (ada, nothing) = (&tour.world.ada, json!({}));
    let scope = ada.list("Scope", &[("projectId", project)]).await.ids().remove(0);
    let says =
        json!({ "problem": { "statement": "It is late." }, "expertWaiverReason": "I am one", "singleIdeaReason": "x" });
    tour.go(ada, "Scope", "update", Some(&scope), says).await;
    let why = json!({ "painPoints": [{ "rank": 1, "wish": "Less", "whyNotWorkingYet": "More" }] });
    let asked = ada.list("ExpertConsultation", &[("projectId", project)]).await.ids().remove(0);
    ada.update("ExpertConsultation", &asked, why).await.done();
    for step in ["BUSINESS_PROBLEM", "SOLUTION_BRAINSTORM"] {
        tour.go(ada, "Scope", "completeStep", Some(&scope), json!({ "step": step })).await;
    }
    tour.go(ada, "Scope", "returnToStep", Some(&scope), back("BUSINESS_PROBLEM")).await;
    tour.go(ada, "Scope", "completeStep", Some(&scope), json!({ "step": "BUSINESS_PROBLEM" })).await;
    tour.go(ada, "Scope", "reconfirmStep", Some(&scope), json!({ "step": "SOLUTION_BRAINSTORM" })).await;
    tour.go(ada, "Scope", "close", Some(&scope), json!({ "outcome": "NO_AI_SOLUTION" })).await;
    let (scoped, scope) = begun(ada, "Scoped").await;
    fill(ada, &scoped, &scope).await;
    let budget = ada.list("Budget", &[("projectId", &scoped)]).await.ids().remove(0);
    ada.tell("Budget", "requestApproval", &budget).await.done();
    tour.world.kim.tell("Budget", "approve", &budget).await.done();
    for step in STEPS {
        complete(ada, &scope, step).await.done();
    }
    for verb in ["start", "pause", "resume", "complete"] {
        tour.go(ada, "Project", verb, Some(&scoped), nothing.clone()).await;
    }
    let other = ada.create("Project", json!({ "title": "Other" })).await.id();
    tour.go(ada, "Project", "cancel", Some(&other), json!({ "note": "No time" })).await;
}
