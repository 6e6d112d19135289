//! Stories of the chapter on projects.

mod brief;
mod budget;
mod budget_approval;
mod budget_entry;
mod budget_line;
mod contact;
mod exchange;
mod feed;
mod limits;
mod machine;
mod metric;
mod metric_observation;
mod milestone;
mod obstacle;
mod peer_feedback;
mod portfolio;
mod portfolio_entry;
mod portfolio_evidence;
mod portfolio_share;
mod project;
mod project_idea;
mod project_member;
mod scope;
mod scope_content;
mod scope_return;
mod selection_checklist;
mod stakeholder_confirmation;
mod whole;

use serde_json::{Value, json};

use crate::harness::{Actor, Outcome, face::id};

/// The five steps, in their order.
pub const STEPS: [&str; 5] = ["BUSINESS_PROBLEM", "SOLUTION_BRAINSTORM", "ASSESSMENT", "MILESTONES", "BUDGET"];

/// A project and its scope.
pub async fn begun(who: &Actor, title: &str) -> (String, String) {
    let project = who.create("Project", json!({ "title": title })).await.done();
    (id(&project), project["scopeId"].as_str().unwrap().to_owned())
}

/// Completes a step.
pub async fn complete(who: &Actor, scope: &str, step: &str) -> Outcome {
    who.act("Scope", "completeStep", Some(scope), json!({ "step": step })).await
}

/// Goes back to a step.
pub async fn go_back(who: &Actor, scope: &str, step: &str) -> Outcome {
    let why = json!({ "step": step, "reason": "INFEASIBLE", "learning": "The masts are too far apart." });
    who.act("Scope", "returnToStep", Some(scope), why).await
}

/// Fills the first step.
pub async fn state_the_problem(who: &Actor, project: &str, scope: &str) {
    let problem = json!({ "statement": "Nobody knows how much wind there will be.", "beneficiaries": ["The town"] });
    who.update("Scope", scope, json!({ "problem": problem })).await.done();
    let pains = json!([{ "rank": 1, "wish": "To know a day before", "whyNotWorkingYet": "Masts are few" }]);
    let asked = json!({ "projectId": project, "expert": "Grid operator", "painPoints": pains });
    who.create("ExpertConsultation", asked).await.done();
}

/// A candidate.
pub async fn candidate(who: &Actor, project: &str, title: &str) -> String {
    who.create("CandidateSolution", json!({ "projectId": project, "title": title })).await.id()
}

/// Says of a candidate whether it can be done and how much it is worth, with what shows it.
pub async fn assess(who: &Actor, solution: &str, can: &str, worth: &str) {
    let shows = json!([{ "kind": "PUBLISHED_WORK", "url": "https://example.org/a", "finding": "Others did." }]);
    let can = json!({ "solutionId": solution, "verdict": can, "evidence": shows });
    who.create("FeasibilityAssessment", can).await.done();
    let shows = json!([{ "kind": "DOMAIN_EXPERT", "finding": "It would save us." }]);
    let worth = json!({ "solutionId": solution, "verdict": worth, "evidence": shows });
    who.create("ValueAssessment", worth).await.done();
}

/// A milestone, and metrics of these kinds.
pub async fn promise(who: &Actor, project: &str, kinds: &[&str]) -> String {
    let new = json!({ "projectId": project, "title": "First forecast", "targetDate": "2027-03-01" });
    let milestone = who.create("Milestone", new).await.id();
    for kind in kinds {
        measure(who, &milestone, kind).await;
    }
    milestone
}

/// A metric of a milestone.
pub async fn measure(who: &Actor, milestone: &str, kind: &str) {
    let metric = json!({ "milestoneId": milestone, "kind": kind, "name": kind, "direction": "UP", "target": "0.9" });
    who.create("Metric", metric).await.done();
}

/// A line of the budget.
pub async fn plan(who: &Actor, project: &str, category: &str) {
    let amount = json!({ "amount": "1250.00", "currency": "EUR" });
    let line = json!({ "projectId": project, "category": category, "description": category, "plannedAmount": amount });
    who.create("BudgetLine", line).await.done();
}

/// Says that a category of the budget is not needed.
pub async fn spare(who: &Actor, project: &str, category: &str) {
    let budget = who.list("Budget", &[("projectId", project)]).await.ids().remove(0);
    let why = json!({ "category": category, "reason": "It runs beside everything." });
    who.act("Budget", "markNotNeeded", Some(&budget), why).await.done();
}

/// Fills every step of a project, so that it lacks nothing.
pub async fn fill(who: &Actor, project: &str, scope: &str) {
    state_the_problem(who, project, scope).await;
    let (first, other) = (candidate(who, project, "Forecast").await, candidate(who, project, "Fishers").await);
    assess(who, &first, "FEASIBLE", "HIGH").await;
    who.tell("CandidateSolution", "select", &first).await.done();
    who.tell("CandidateSolution", "discard", &other).await.done();
    promise(who, project, &["ML", "BUSINESS"]).await;
    for category in ["DATA", "PEOPLE", "TIME"] {
        plan(who, project, category).await;
    }
    spare(who, project, "INTEGRATIONS").await;
}

/// A project whose five steps are complete, with everything in them.
pub async fn scoped(who: &Actor, title: &str) -> String {
    let (project, scope) = begun(who, title).await;
    fill(who, &project, &scope).await;
    for step in STEPS {
        complete(who, &scope, step).await.done();
    }
    project
}

/// The states of the steps, in their order, by their first letters: `C C O L L`.
pub async fn states(who: &Actor, scope: &str) -> String {
    let steps = who.list("ScopeStep", &[("scopeId", scope)]).await;
    steps.each("state").iter().map(|state| &state.as_str().unwrap()[..1]).collect::<Vec<_>>().join(" ")
}

/// The scope of a project.
pub async fn scope_of(who: &Actor, project: &str) -> String {
    who.see("Project", project).await.done()["scopeId"].as_str().unwrap().to_owned()
}

/// What the steps of a project lack, by their codes.
pub async fn unmet(who: &Actor, project: &str, step: Option<&str>) -> Vec<Value> {
    let mut asked = json!({ "projectId": project });
    if let Some(step) = step {
        asked["step"] = json!(step);
    }
    let told = who.ask("unmetGates", asked).await.done();
    told["items"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect()
}
