//! Projects that go out as documents and come in again.

mod document;
mod random;
mod refused;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{STEPS, complete, fill, promise, scope_of};
use crate::{
    harness::{Actor, Api, Organization, assert_snapshot, stories_in_both_faces},
    learning::exchange::{import, outcome},
};
use document::{alike, without_names};

stories_in_both_faces!(
    a_project_goes_and_comes,
    a_project_goes_to_another_organization,
    a_machine_says_what_others_decided,
    what_came_in_goes_on,
    what_came_in_is_told
);

/// The document of a project, as it goes out.
pub async fn exported(who: &Actor, project: &str) -> Value {
    let told = who.ask("projectExport", json!({ "projectId": project })).await.done();
    if told.get("document").is_some() { told["document"].clone() } else { told }
}

pub fn input(document: &Value) -> Value {
    json!({ "kind": "PROJECT", "document": document })
}

/// A project with something of everything in it: begun, gone back, scoped again and carried out for a while.
pub async fn rich(ada: &Actor, ben: &Actor, competency: &str) -> String {
    let new = json!({
        "title": "Wind and sun", "summary": "How much power\nwill there be?", "kind": "WORK", "domain": "Energy",
        "applicationArea": "Forecasting", "dueOn": "2999-06-30", "externalRefs": [{ "source": "jira", "externalId": "W-1" }],
    });
    let project = ada.create("Project", new).await.id();
    let scope = scope_of(ada, &project).await;
    fill(ada, &project, &scope).await;
    talk(ada, &project).await;
    for step in STEPS {
        complete(ada, &scope, step).await.done();
    }
    ada.tell("Project", "start", &project).await.done();
    people(ada, ben, &project, competency).await;
    let trial = trial(ada, &project).await;
    let back =
        json!({ "step": "SOLUTION_BRAINSTORM", "reason": "INFEASIBLE", "learning": "The masts are too far apart." });
    ada.act("Scope", "returnToStep", Some(&scope), back).await.done();
    for (kind, id) in trial {
        ada.tell(kind, "delete", &id).await.done();
    }
    super::candidate(ada, &project, "Satellite images").await;
    complete(ada, &scope, "SOLUTION_BRAINSTORM").await.done();
    measures(ada, &project).await;
    spends(ada, ben, &project).await;
    project
}

/// A talk with a contact, whom the evidence of a value names, too.
async fn talk(ada: &Actor, project: &str) {
    let noor = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let pains = json!([{ "rank": 2, "wish": "Fewer alarms", "whyNotWorkingYet": "Nobody counts" }, { "rank": 1, "wish": "A day ahead", "whyNotWorkingYet": "Masts" }]);
    let asked =
        json!({ "projectId": project, "contactId": noor, "heldAt": "2026-03-01T10:00:00.5Z", "painPoints": pains });
    ada.create("ExpertConsultation", asked).await.done();
    let value = ada.list("ValueAssessment", &[("projectId", project)]).await.ids().remove(0);
    let shows = json!([{ "kind": "DOMAIN_EXPERT", "contactId": noor, "finding": "It pays." }]);
    ada.update("ValueAssessment", &value, json!({ "evidence": shows })).await.done();
}

/// Somebody beside the owner, what stood in the way, and what speaks for it.
async fn people(ada: &Actor, ben: &Actor, project: &str, competency: &str) {
    let member = json!({ "projectId": project, "userId": ben.id, "role": "CONTRIBUTOR" });
    ada.create("ProjectMember", member).await.done();
    let obstacle = json!({ "projectId": project, "competencyId": competency, "note": "Nobody reads NetCDF." });
    ada.act("Obstacle", "record", None, obstacle).await.done();
    let checklist = json!({
        "projectId": project, "growth": { "stretch": 4, "successLikelihood": 3 },
        "people": { "teammateIds": [ben.id] }, "steppingStone": { "technicalComplexity": 4, "businessImpact": 5 },
    });
    ada.act("SelectionChecklist", "put", None, checklist).await.done();
}

/// A candidate whose trial failed: it, what it showed, and the trial.
async fn trial(ada: &Actor, project: &str) -> [(&'static str, String); 3] {
    let solution = super::candidate(ada, project, "Weather balloons").await;
    let asks = json!({ "solutionId": solution, "question": "Do they come back?", "timeboxDays": 10 });
    let trial = ada.act("ProofOfConcept", "request", None, asks).await.id();
    let found = json!({ "outcome": "INFEASIBLE", "finding": "They do not." });
    ada.act("ProofOfConcept", "report", Some(&trial), found).await.done();
    let first = ada.list("CandidateSolution", &[("status", "SELECTED")]).await.ids().remove(0);
    let asks = json!({ "solutionId": first, "question": "Is the error small?", "timeboxDays": 5 });
    ada.act("ProofOfConcept", "request", None, asks).await.done();
    let shown = ada.list("FeasibilityAssessment", &[("solutionId", &solution)]).await.ids().remove(0);
    [("ProofOfConcept", trial), ("FeasibilityAssessment", shown), ("CandidateSolution", solution)]
}

/// What was observed, how it looks, and a milestone that is done.
async fn measures(ada: &Actor, project: &str) {
    let milestone = ada.list("Milestone", &[("projectId", project)]).await.ids().remove(0);
    let says = json!({ "health": "AT_RISK", "note": "The images are late." });
    ada.act("Milestone", "updateHealth", Some(&milestone), says).await.done();
    let metrics = ada.list("Metric", &[("projectId", project)]).await.ids();
    let seen = |metric: &str, number: usize| {
        let at = format!("2026-03-{:02}T06:00:00.000001Z", number + 1);
        json!({ "metricId": metric, "value": format!("0.{number}01"), "observedAt": at, "source": "mlflow",
            "externalRef": format!("run-{number}") })
    };
    for (metric, number) in metrics.iter().flat_map(|metric| (1..9).map(move |number| (metric, number))) {
        ada.act("MetricObservation", "record", None, seen(metric, number)).await.done();
    }
    let done = promise(ada, project, &["ML"]).await;
    ada.act("Milestone", "complete", Some(&done), json!({ "overrideReason": "Good enough." })).await.done();
}

/// Money of three kinds, a quantity, what was spent, and a team that was asked.
async fn spends(ada: &Actor, ben: &Actor, project: &str) {
    for (amount, currency) in [("120000", "JPY"), ("0.001", "KWD")] {
        let plan = json!({
            "projectId": project, "category": "DATA", "description": "Images", "assigneeId": ben.id,
            "plannedAmount": { "amount": amount, "currency": currency },
        });
        let line = ada.create("BudgetLine", plan).await.id();
        for sign in ["", "-"] {
            let entry = json!({
                "lineId": line, "amount": { "amount": format!("{sign}{amount}"), "currency": currency },
                "incurredAt": "2026-03-03T12:00:00Z", "note": "An invoice",
                "externalRefs": [{ "source": "erp", "externalId": format!("{currency}{sign}") }],
            });
            ada.create("BudgetEntry", entry).await.done();
        }
    }
    let plan = json!({
        "projectId": project, "category": "INTEGRATIONS", "description": "The control room", "plannedQuantity": "2.5",
        "unit": "person-days", "supportTeam": "Grid operations",
    });
    let line = ada.create("BudgetLine", plan).await.id();
    ada.act("BudgetLine", "requestSupport", Some(&line), json!({ "note": "In May?" })).await.done();
    ada.create("BudgetEntry", json!({ "lineId": line, "quantity": "0.125" })).await.done();
}

/// Somebody who learns, somebody beside them, and what there is to learn.
async fn cast(acme: &Organization) -> (Actor, Actor, String) {
    let (root, ada, ben) = (acme.admin("root").await, acme.learner("ada").await, acme.learner("ben").await);
    let (_, [_, competency, _]) = root.framework("own").await;
    (ada, ben, competency)
}

async fn a_project_goes_and_comes(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, competency) = cast(&acme).await;
    let project = rich(&ada, &ben, &competency).await;
    let out = exported(&ada, &project).await;
    assert_eq!(out, exported(&ada, &project).await, "the same project is the same document");
    let job = import(&ada, input(&out)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 45 0 0 0 warnings: /budget/lines/3/entries/0/externalRefs/0 EXTERNAL_REF_TAKEN, /budget/lines/3/entries/1/externalRefs/0 EXTERNAL_REF_TAKEN, /budget/lines/4/entries/0/externalRefs/0 EXTERNAL_REF_TAKEN, /budget/lines/4/entries/1/externalRefs/0 EXTERNAL_REF_TAKEN, /project/externalRefs/0 EXTERNAL_REF_TAKEN");
    let copy = job["projectId"].as_str().unwrap();
    assert_ne!(copy, project);
    let again = exported(&ada, copy).await;
    assert_eq!(alike(&again), alike(&without_names(&out)));
    // And once more, from what came in.
    let third = import(&ada, input(&again)).await;
    let third = exported(&ada, third["projectId"].as_str().unwrap()).await;
    assert_eq!(alike(&third), alike(&again));
    // What was one thing before stays one thing: what changed since is the same.
    let changes = async |project: &str| {
        let told = ada.ask("scopeDiff", json!({ "projectId": project, "a": 1, "b": 2 })).await.done();
        let change =
            |one: &Value| format!("{} {}", one["kind"], one["path"].as_str().unwrap().split('/').nth(1).unwrap());
        let mut all: Vec<String> = told["changes"].as_array().unwrap().iter().map(change).collect();
        all.sort();
        all
    };
    assert_eq!(changes(copy).await, changes(&project).await);
    // Whoever was in it is in it.
    ben.see("Project", copy).await.done();
    assert_eq!(ada.list("LearningNeed", &[]).await.items.len(), 1, "the need is the same one");
}

async fn a_project_goes_to_another_organization(api: Api) {
    let (acme, beta) = (api.organization("Acme").await, api.organization("Beta").await);
    let (ada, ben, competency) = cast(&acme).await;
    let project = rich(&ada, &ben, &competency).await;
    let out = exported(&ada, &project).await;
    let eve = beta.learner("eve").await;
    let job = import(&eve, input(&out)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 43 0 0 0 warnings: /budget/lines/3/assignee PERSON_LEFT_OUT, /budget/lines/4/assignee PERSON_LEFT_OUT, /scope/transitions/0/actor PERSON_LEFT_OUT, /scope/consultations/1/contact CONTACT_LEFT_OUT, /scope/solutions/0/value/evidence/0/contactId CONTACT_LEFT_OUT, /members/0/person PERSON_LEFT_OUT, /checklist/people/teammateIds/0 PERSON_LEFT_OUT, /obstacles/0/person PERSON_LEFT_OUT");
    let there = exported(&eve, job["projectId"].as_str().unwrap()).await;
    assert_eq!(there["project"]["externalRefs"], out["project"]["externalRefs"], "names are of an organization");
    assert_eq!((&there["members"], &there["obstacles"]), (&json!([]), &json!([])));
    let (told, was) = (alike(&there), alike(&out));
    assert_eq!(told["milestones"], was["milestones"]);
    assert_eq!(told["scope"]["transitions"][0]["learning"], was["scope"]["transitions"][0]["learning"]);
    assert_eq!(told["scope"]["transitions"][0]["actor"], Value::Null);
    assert_eq!(told["scope"]["consultations"][1]["expert"], "Noor", "who was asked is still told");
    assert_eq!(told["scope"]["consultations"][1]["contact"], Value::Null);
    // Somebody who is known by the address is who they were.
    let known = beta.join("ben", ben.user(), &[entity::platform::membership::Role::Learner]).await;
    let mut named = out.clone();
    named["members"][0]["person"] = json!({ "id": crate::harness::world::nothing("usr"), "email": ben.email(&acme) });
    let job = import(&eve, input(&named)).await;
    let there = job["projectId"].as_str().unwrap().to_owned();
    known.see("Project", &there).await.done();
}

async fn a_machine_says_what_others_decided(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, competency) = cast(&acme).await;
    let (root, machine) = (acme.admin("boss").await, acme.omnipotent().await);
    let project = rich(&ada, &ben, &competency).await;
    acme.decide(&root, json!({ "budgetApprover": "ADMINISTRATOR" })).await;
    let budget = ada.list("Budget", &[("projectId", &project)]).await.ids().remove(0);
    ada.tell("Budget", "requestApproval", &budget).await.done();
    root.act("Budget", "approve", Some(&budget), json!({ "reason": "Go." })).await.done();
    let out = exported(&machine, &project).await;
    assert_eq!(out["budget"]["approver"]["email"], json!(root.email(&acme)), "a machine knows everybody");
    // The owner says nothing for who approves.
    let job = import(&ada, input(&out)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 45 0 0 0 warnings: /budget/approval APPROVAL_NOT_TAKEN, /budget/lines/3/entries/0/externalRefs/0 EXTERNAL_REF_TAKEN, /budget/lines/3/entries/1/externalRefs/0 EXTERNAL_REF_TAKEN, /budget/lines/4/entries/0/externalRefs/0 EXTERNAL_REF_TAKEN, /budget/lines/4/entries/1/externalRefs/0 EXTERNAL_REF_TAKEN, /project/externalRefs/0 EXTERNAL_REF_TAKEN");
    let hers = exported(&machine, job["projectId"].as_str().unwrap()).await;
    let approval = |document: &Value| {
        let of = &document["budget"];
        json!([of["approval"], of["approver"]["id"], of["decidedAt"], of["decisionReason"]])
    };
    assert_eq!(approval(&hers), json!(["DRAFT", null, null, null]));
    let mut for_her = input(&out);
    for_her["ownerId"] = json!(ada.id);
    let job = import(&machine, for_her).await;
    let theirs = exported(&machine, job["projectId"].as_str().unwrap()).await;
    assert_eq!(approval(&theirs), approval(&out));
    assert_eq!(alike(&theirs), alike(&without_names(&out)));
}

async fn what_came_in_goes_on(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = super::scoped(&ada, "Wind").await;
    let out = exported(&ada, &project).await;
    ada.tell("Project", "delete", &project).await.done();
    let job = import(&ada, input(&out)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 11 0 0 0");
    let copy = job["projectId"].as_str().unwrap();
    assert_eq!(ada.tell("Project", "start", copy).await.done()["status"], "IN_PROGRESS");
    let scope = scope_of(&ada, copy).await;
    super::go_back(&ada, &scope, "ASSESSMENT").await.done();
    assert_snapshot!(super::states(&ada, &scope).await, @"C C O S S");
    complete(&ada, &scope, "ASSESSMENT").await.done();
    for step in &STEPS[3..] {
        ada.act("Scope", "reconfirmStep", Some(&scope), json!({ "step": step })).await.done();
    }
    assert_eq!(ada.see("Project", copy).await.done()["status"], "SCOPED");
}

async fn what_came_in_is_told(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, competency) = cast(&acme).await;
    let machine = acme.omnipotent().await;
    let project = rich(&ada, &ben, &competency).await;
    let out = exported(&ada, &project).await;
    let rest = machine.through(crate::harness::Face::Rest);
    let before = rest.list("Event", &[("sort", "-seq"), ("first", "1")]).await.items[0]["seq"].as_i64().unwrap();
    let job = import(&ada, input(&out)).await;
    let after = rest.list("Event", &[("sort", "seq"), ("seq.gt", &before.to_string()), ("first", "100")]).await;
    let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
    for kind in after.each("type") {
        *kinds.entry(kind.as_str().unwrap().to_owned()).or_default() += 1;
    }
    let lines: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    assert_snapshot!(lines.join("\n"), @r"
    1 budget.created
    5 budget_entry.created
    6 budget_line.created
    3 candidate_solution.created
    2 expert_consultation.created
    1 feasibility_assessment.created
    1 learning_need.raised
    3 metric.created
    16 metric_observation.recorded
    2 milestone.created
    1 obstacle.recorded
    1 project.created
    1 project_member.created
    1 proof_of_concept.requested
    1 scope.created
    1 selection_checklist.created
    1 value_assessment.created
    ");
    // An import that is asked for twice is one.
    let twice = async || ada.once("k-1").create("ImportJob", input(&out)).await;
    let (one, other) = (twice().await, twice().await);
    assert!(other.replayed());
    assert_eq!(one.id(), other.id());
    assert_eq!(job["state"], "SUCCEEDED");
}
