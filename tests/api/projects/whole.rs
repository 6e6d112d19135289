//! The stories of the chapter, each told whole: from an idea to work, and back; and what a platform measures (stories 4, 5, 6).

use entity::platform::client::Scope;
use serde_json::{Value, json};

use super::{
    STEPS, assess, candidate, complete, measure,
    milestone::{ago, day, metric},
    plan, promise, scope_of, scoped, spare, state_the_problem, states, unmet,
};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    from_an_idea_to_a_start,
    back_from_a_trial_that_fails,
    closed_is_not_failed,
    a_platform_pushes_metrics_nightly
);

/// What is told when a step lacks something: the code, and its details.
async fn refused(who: &Actor, scope: &str, step: &str) -> (String, Value) {
    let refused = complete(who, scope, step).await;
    (refused.said(), refused.details)
}

/// The gates of a step as they are drawn beforehand are those that refuse it.
async fn drawn(who: &Actor, project: &str, scope: &str, step: &str) -> Vec<Value> {
    let drawn = unmet(who, project, Some(step)).await;
    let (_, details) = refused(who, scope, step).await;
    if let Some(told) = details["unmet"].as_array() {
        assert_eq!(told.iter().map(|one| one["code"].clone()).collect::<Vec<_>>(), drawn, "{step}");
    }
    drawn
}

/// Story 4.
async fn from_an_idea_to_a_start(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let idea = json!({ "title": "Wind", "source": "APPLICATION_AREA", "applicationArea": "Energy" });
    let idea = ada.create("ProjectIdea", idea).await.id();
    ada.tell("ProjectIdea", "evaluate", &idea).await.done();
    let promoted = ada.tell("ProjectIdea", "promote", &idea).await.done();
    let project = promoted["projectId"].as_str().unwrap().to_owned();
    let shown = ada.see("Project", &project).await.done();
    assert_eq!([&shown["status"], &shown["currentStep"]], [&json!("SCOPING"), &json!("BUSINESS_PROBLEM")]);
    let early = ada.tell("Project", "start", &project).await;
    assert_snapshot!(early.said(), @"INVALID_TRANSITION");
    assert_eq!([&early.details["from"], &early.details["command"]], [&json!("SCOPING"), &json!("start")]);
    let scope = scope_of(&ada, &project).await;

    assert_eq!(drawn(&ada, &project, &scope, "BUSINESS_PROBLEM").await, ["STATEMENT_MISSING", "CONSULTATION_MISSING"]);
    state_the_problem(&ada, &project, &scope).await;
    complete(&ada, &scope, "BUSINESS_PROBLEM").await.done();
    let forecast = candidate(&ada, &project, "Forecast").await;
    assert_eq!(drawn(&ada, &project, &scope, "SOLUTION_BRAINSTORM").await, ["SECOND_IDEA_MISSING"]);
    let fishers = candidate(&ada, &project, "Ask the fishers").await;
    complete(&ada, &scope, "SOLUTION_BRAINSTORM").await.done();
    let gates = drawn(&ada, &project, &scope, "ASSESSMENT").await;
    assert_eq!(
        gates,
        ["FEASIBILITY_MISSING", "VALUE_MISSING", "FEASIBILITY_MISSING", "VALUE_MISSING", "SELECTION_MISSING"]
    );
    assess(&ada, &forecast, "FEASIBLE", "HIGH").await;
    ada.tell("CandidateSolution", "discard", &fishers).await.done();
    ada.tell("CandidateSolution", "select", &forecast).await.done();
    complete(&ada, &scope, "ASSESSMENT").await.done();

    // Accuracy alone is not the business.
    assert_eq!(drawn(&ada, &project, &scope, "MILESTONES").await, ["MILESTONE_MISSING", "METRIC_PAIR_REQUIRED"]);
    let milestone = promise(&ada, &project, &["ML"]).await;
    assert_eq!(unmet(&ada, &project, Some("MILESTONES")).await, ["METRIC_PAIR_REQUIRED"]);
    let (said, details) = refused(&ada, &scope, "MILESTONES").await;
    assert_snapshot!(said, @"METRIC_PAIR_REQUIRED");
    assert_eq!([&details["missing"], &details["step"]], [&json!(["BUSINESS"]), &json!("MILESTONES")]);
    measure(&ada, &milestone, "BUSINESS").await;
    complete(&ada, &scope, "MILESTONES").await.done();

    // Nobody has thought of integrations.
    for category in ["DATA", "PEOPLE", "TIME"] {
        plan(&ada, &project, category).await;
    }
    assert_eq!(unmet(&ada, &project, Some("BUDGET")).await, ["BUDGET_CATEGORY_UNADDRESSED"]);
    let (said, details) = refused(&ada, &scope, "BUDGET").await;
    assert_snapshot!(said, @"BUDGET_CATEGORY_UNADDRESSED");
    assert_eq!(details["missing"], json!(["INTEGRATIONS"]));
    spare(&ada, &project, "INTEGRATIONS").await;
    assert!(unmet(&ada, &project, None).await.is_empty());
    complete(&ada, &scope, "BUDGET").await.done();
    assert_snapshot!(states(&ada, &scope).await, @"C C C C C");
    assert_eq!(ada.see("Project", &project).await.done()["status"], "SCOPED");
    assert_eq!(ada.tell("Project", "start", &project).await.done()["status"], "IN_PROGRESS");
    let told = ada.list("Event", &[("subjectId", &project), ("sort", "seq")]).await.each("type");
    assert_eq!(told.first(), Some(&json!("project.created")));
    assert_eq!(told.last(), Some(&json!("project.started")));
}

/// Story 5.
async fn back_from_a_trial_that_fails(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let scope = scope_of(&ada, &project).await;
    ada.tell("Project", "start", &project).await.done();
    let first = ada.list("CandidateSolution", &[("status", "SELECTED")]).await.ids().remove(0);
    // At work it turns out that it cannot be done.
    let tries = json!({ "solutionId": first, "question": "Do the masts see enough?", "timeboxDays": 5 });
    let poc = ada.act("ProofOfConcept", "request", None, tries).await.id();
    let shows = json!({ "outcome": "INFEASIBLE", "finding": "They are too far apart." });
    ada.act("ProofOfConcept", "report", Some(&poc), shows).await.done();
    let found = ada.list("FeasibilityAssessment", &[("solutionId", &first)]).await.items.remove(0);
    assert_eq!(found["verdict"], "INFEASIBLE");

    let back = async |why: Value| ada.act("Scope", "returnToStep", Some(&scope), why).await;
    let silent = back(json!({ "step": "SOLUTION_BRAINSTORM", "reason": "INFEASIBLE" })).await;
    assert_snapshot!(silent.said(), @"RETURN_REASON_REQUIRED /learning");
    let why = json!({
        "step": "SOLUTION_BRAINSTORM", "reason": "INFEASIBLE", "learning": "The masts are too far apart.",
    });
    let returned = back(why).await.done();
    assert_eq!([&returned["revision"], &returned["currentStep"]], [&json!(2), &json!("SOLUTION_BRAINSTORM")]);
    assert_snapshot!(states(&ada, &scope).await, @"C O S S S");
    let early = ada.tell("Project", "start", &project).await;
    assert_snapshot!(early.said(), @"SCOPE_STALE");
    assert_eq!(early.details["stale"], json!(["ASSESSMENT", "MILESTONES", "BUDGET"]));

    // Another solution, and what was promised stays.
    let other = candidate(&ada, &project, "Satellites").await;
    ada.tell("CandidateSolution", "discard", &first).await.done();
    complete(&ada, &scope, "SOLUTION_BRAINSTORM").await.done();
    assess(&ada, &other, "FEASIBLE", "MEDIUM").await;
    ada.tell("CandidateSolution", "select", &other).await.done();
    complete(&ada, &scope, "ASSESSMENT").await.done();
    for step in &STEPS[3..] {
        ada.act("Scope", "reconfirmStep", Some(&scope), json!({ "step": step })).await.done();
    }
    assert_eq!(ada.tell("Project", "start", &project).await.done()["status"], "IN_PROGRESS");

    let diff = ada.ask("scopeDiff", json!({ "projectId": project, "a": 1, "b": 2 })).await.done();
    let changes: Vec<_> = diff["changes"].as_array().unwrap().iter().map(|one| one["path"].clone()).collect();
    for path in [format!("/solutions/{first}/status"), format!("/solutions/{other}")] {
        assert!(changes.contains(&json!(path)), "{path} {changes:?}");
    }
    let old = ada.ask("scopeAtRevision", json!({ "projectId": project, "revision": 1 })).await.done();
    assert_eq!([&old["current"], &old["revision"]], [&json!(false), &json!(1)]);
    let of = |document: &Value| document["solutions"].as_array().unwrap().len();
    assert_eq!(of(&old["document"]), 2);
    let now = ada.ask("scopeAtRevision", json!({ "projectId": project })).await.done();
    assert_eq!(of(&now["document"]), 3);
}

/// Story 5, the other way out.
async fn closed_is_not_failed(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let scope = scope_of(&ada, &project).await;
    ada.tell("Project", "start", &project).await.done();
    let why = json!({ "step": "ASSESSMENT", "reason": "INFEASIBLE", "learning": "Nobody can know." });
    ada.act("Scope", "returnToStep", Some(&scope), why).await.done();
    let first = ada.list("CandidateSolution", &[("status", "SELECTED")]).await.ids().remove(0);
    let found = ada.list("FeasibilityAssessment", &[("solutionId", &first)]).await.ids().remove(0);
    ada.update("FeasibilityAssessment", &found, json!({ "verdict": "INFEASIBLE" })).await.done();
    let (said, details) = refused(&ada, &scope, "ASSESSMENT").await;
    assert_snapshot!(said, @"NO_VIABLE_SOLUTION");
    assert_eq!(details["allowed"], json!(["RETURN_TO_2", "RETURN_TO_1", "CLOSE_NO_AI_SOLUTION"]));
    let closing = json!({ "outcome": "NO_AI_SOLUTION", "note": "A form would do." });
    ada.act("Scope", "close", Some(&scope), closing).await.done();
    let shown = ada.see("Project", &project).await.done();
    assert_eq!([&shown["status"], &shown["endNote"]], [&json!("CLOSED_NO_AI_SOLUTION"), &json!("A form would do.")]);
    // It is counted by itself: neither as given up nor as going on.
    let kim = acme.coach("kim").await;
    ada.opens(&kim, &["projects:read"]).await;
    let told = kim.ask("scopingReport", json!({})).await.done();
    let counted: Vec<_> =
        told["groups"][0]["statuses"].as_array().unwrap().iter().filter(|one| one["projects"] != 0).collect();
    assert_eq!(counted, [&json!({ "status": "CLOSED_NO_AI_SOLUTION", "projects": 1 })]);
    let again = ada.tell("Project", "start", &project).await;
    assert_snapshot!(again.said(), @"INVALID_TRANSITION");
    assert_eq!(again.details["allowed"], json!([]));
}

/// Story 6.
async fn a_platform_pushes_metrics_nightly(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let machine = acme.client(&[Scope::ProjectsRead, Scope::ProjectsWrite]).await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let new = json!({ "projectId": project, "title": "Forecast", "targetDate": day(30) });
    let milestone = ada.create("Milestone", new).await.id();
    let recall = metric(&ada, &milestone, "ML", "Recall").await;
    let revenue = metric(&ada, &milestone, "BUSINESS", "Revenue").await;
    // Two hundred of them: the model gets there, and the business does not move.
    let night: Vec<Value> = (0..200)
        .map(|run: i64| {
            let (metric, value) = if run % 2 == 0 { (&recall, run / 20 + 1) } else { (&revenue, 1) };
            json!({
                "metricId": metric, "value": value.to_string(), "observedAt": ago(250 - run), "source": "mlflow",
                "externalRef": format!("run-{run}"),
            })
        })
        .collect();
    let push = async || machine.act("MetricObservation", "record", None, json!({ "observations": night })).await.done();
    let codes = async || {
        let told = ada.ask("insights", json!({ "subjectId": project })).await.done();
        told["items"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect::<Vec<_>>()
    };
    let counted = async || {
        let page = ada.list("MetricObservation", &[("first", "1"), ("count", "true")]).await;
        let latest = ada.see("Metric", &recall).await.done();
        let told = ada.list("Event", &[("subjectId", &project), ("sort", "seq")]).await;
        (page.total, latest["version"].clone(), latest["latestValue"].clone(), told.each("type"))
    };
    assert!(codes().await.is_empty());
    push().await;
    let first = counted().await;
    assert_eq!(first.0, 200);
    assert_eq!(first.2, "10");
    assert_eq!(first.3.last(), Some(&json!("project.insight_appeared")));
    assert_eq!(codes().await, ["MODEL_GOOD_BUSINESS_FLAT"]);
    // A replay is a no-op: no observation, no version, no news.
    push().await;
    assert_eq!(counted().await, first);
    // The same run with another value is refused.
    let mut other = night[0].clone();
    other["value"] = json!("9");
    let refused = machine.act("MetricObservation", "record", None, other).await;
    assert_snapshot!(refused.said(), @"OBSERVATION_CONFLICT /externalRef");
    assert_eq!(refused.details["externalRef"], "run-0");
    let news = ada.list("Event", &[("subjectId", &project), ("sort", "-seq")]).await.items.remove(0);
    assert_eq!(news["data"]["code"], "MODEL_GOOD_BUSINESS_FLAT");
}
