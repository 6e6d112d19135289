//! Many commands at once through a face: side by side in REST, ten to a request in GraphQL. Each answer of what moves a project shows
//! all of where it stands.

use cairn::domain::verb::upper_first;
use futures_util::future::join_all;
use serde_json::{Value, json};

use super::{
    copies::Copied,
    model::{Model, Told},
};
use crate::{
    harness::{
        Actor, Face,
        face::{resource, route},
    },
    projects::STEPS,
};

/// How many requests a batch of GraphQL holds.
const BATCH: usize = 10;

/// What came of a command.
#[derive(Clone, Debug, Default)]
pub struct Answered {
    /// `fine`, or the code of the refusal.
    pub code: String,
    /// More of the refusal.
    pub details: Value,
    /// Where the project stands, if the command tells.
    pub shown: Option<Shown>,
    /// The trial that was asked for.
    pub proof: Option<String>,
}

/// Where a project stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    pub status: String,
    pub states: String,
    current: Value,
    revision: Value,
    returned: Value,
    readiness: Value,
}

impl Shown {
    pub fn of(model: &Model) -> Self {
        Self {
            status: model.status.to_owned(),
            states: model.states(),
            current: STEPS.get(model.done).map_or(Value::Null, |step| json!(step)),
            revision: json!(model.revision),
            returned: json!(model.revision - 1),
            readiness: json!(model.done * 20),
        }
    }

    fn read(project: &Value, scope: &Value) -> Self {
        let steps = scope["steps"].get("items").or(scope["steps"].get("nodes")).and_then(Value::as_array);
        let letters = steps.into_iter().flatten().map(|step| step["state"].as_str().unwrap()[..1].to_owned());
        Self {
            status: project["status"].as_str().unwrap().to_owned(),
            states: letters.collect::<Vec<_>>().join(" "),
            current: scope["currentStep"].clone(),
            revision: scope["revision"].clone(),
            returned: scope["timesReturned"].clone(),
            readiness: scope["scopeReadiness"].clone(),
        }
    }
}

/// A command as both faces send it: of what, its verb, its id, what it takes.
struct Spec {
    of: &'static str,
    verb: &'static str,
    id: Option<String>,
    input: Value,
}

const SCOPE_FIELDS: &str = "revision,currentStep,timesReturned,scopeReadiness,project.status,steps.state";
const SCOPE: &str = "id revision currentStep timesReturned scopeReadiness project { status } steps { nodes { state } }";
const PROJECT_FIELDS: &str =
    "status,scope.revision,scope.currentStep,scope.timesReturned,scope.scopeReadiness,scope.steps.state";
const PROJECT: &str = "id status scope { revision currentStep timesReturned scopeReadiness steps { nodes { state } } }";

impl Spec {
    fn of(copy: &Copied, told: Told) -> Option<Self> {
        let step = |step: usize| json!({ "step": STEPS[step] });
        let evidence = json!([{ "kind": "COMPETITOR", "finding": "Others did." }]);
        let (of, verb, id, input) = match told {
            Told::CompleteStep(place) => ("Scope", "completeStep", &copy.scope, step(place)),
            Told::ReconfirmStep(place) => ("Scope", "reconfirmStep", &copy.scope, step(place)),
            Told::Return(place) => {
                let back = json!({ "step": STEPS[place], "reason": "OTHER", "learning": "Something." });
                ("Scope", "returnToStep", &copy.scope, back)
            }
            Told::Close => ("Scope", "close", &copy.scope, json!({ "outcome": "NO_AI_SOLUTION" })),
            Told::Start => ("Project", "start", &copy.project, json!({})),
            Told::Pause => ("Project", "pause", &copy.project, json!({})),
            Told::Resume => ("Project", "resume", &copy.project, json!({})),
            Told::Complete => ("Project", "complete", &copy.project, json!({})),
            Told::Cancel => ("Project", "cancel", &copy.project, json!({})),
            Told::Problem(there) => {
                let problem = json!({ "problem": there.then(|| json!({ "statement": "It is late." })) });
                ("Scope", "update", &copy.scope, problem)
            }
            Told::Single(there) => {
                ("Scope", "update", &copy.scope, json!({ "singleIdeaReason": there.then_some("The law asks.") }))
            }
            Told::Verdict(verdict) => {
                let says = json!({ "verdict": verdict.word(), "evidence": evidence });
                ("FeasibilityAssessment", "update", &copy.feasibility, says)
            }
            Told::Business(there) => ("Metric", if there { "restore" } else { "delete" }, &copy.business, json!({})),
            Told::Spare(true) => {
                let why = json!({ "category": "INTEGRATIONS", "reason": "It runs beside everything." });
                ("Budget", "markNotNeeded", &copy.budget, why)
            }
            Told::Spare(false) => ("Budget", "markNeeded", &copy.budget, json!({ "category": "INTEGRATIONS" })),
            Told::Ask => {
                let asks = json!({ "solutionId": copy.solution, "question": "Does it?", "timeboxDays": 5 });
                return Some(Self { of: "ProofOfConcept", verb: "request", id: None, input: asks });
            }
            Told::Report(verdict) => {
                let shows = json!({ "outcome": verdict.word(), "finding": "So it is." });
                ("ProofOfConcept", "report", copy.proof.as_ref()?, shows)
            }
            Told::Withdraw => ("ProofOfConcept", "cancel", copy.proof.as_ref()?, json!({})),
        };
        Some(Self { of, verb, id: Some(id.clone()), input })
    }

    /// Whether its answer shows where the project stands.
    fn selection(&self) -> (&'static str, &'static str) {
        match self.of {
            "Scope" => (SCOPE_FIELDS, SCOPE),
            "Project" => (PROJECT_FIELDS, PROJECT),
            _ => ("id", "id"),
        }
    }

    async fn by_rest(&self, who: &Actor) -> Answered {
        let of = resource(self.of);
        let (method, path) = route(of, of.verb(self.verb).unwrap(), self.id.as_deref());
        let (fields, _) = self.selection();
        let path = if fields == "id" { path } else { format!("{path}?fields={fields}") };
        let answer = who.send(who.request(method, &path).json(&self.input)).await;
        let body = answer.json();
        if answer.status() < 300 {
            return self.fine(body);
        }
        Answered { code: said(&body["code"], body), details: body["details"].clone(), ..Answered::default() }
    }

    fn in_graphql(&self) -> Value {
        let of = resource(self.of);
        let name = of.mutation(of.verb(self.verb).unwrap());
        let query = format!(
            "mutation($input: {}Input!) {{ done: {name}(input: $input) {{ object: {} {{ {} }} userErrors {{ code details }} }} }}",
            upper_first(&name),
            of.singular(),
            self.selection().1,
        );
        let mut input = self.input.clone();
        if let Some(id) = &self.id {
            input["id"] = json!(id);
        }
        json!({ "query": query, "variables": { "input": input } })
    }

    fn of_graphql(&self, answer: &Value) -> Answered {
        let done = &answer["data"]["done"];
        match done["userErrors"].get(0) {
            None if done["object"].is_object() => self.fine(&done["object"]),
            None => Answered { code: answer.to_string(), ..Answered::default() },
            Some(error) => Answered {
                code: said(&error["code"], answer),
                details: error["details"].clone(),
                ..Answered::default()
            },
        }
    }

    fn fine(&self, object: &Value) -> Answered {
        let shown = match self.of {
            "Scope" => Some(Shown::read(&object["project"], object)),
            "Project" => Some(Shown::read(object, &object["scope"])),
            _ => None,
        };
        let proof = (self.verb == "request").then(|| object["id"].as_str().unwrap().to_owned());
        Answered { code: "fine".to_owned(), details: Value::Null, shown, proof }
    }
}

/// The code, or all that came when there is none.
fn said(code: &Value, all: &Value) -> String {
    code.as_str().map_or_else(|| all.to_string(), str::to_owned)
}

/// Sends commands, each to its copy; none where there is none to send.
pub async fn send(who: &Actor, commands: &[Option<(&Copied, Told)>]) -> Vec<Option<Answered>> {
    let specs: Vec<Option<Spec>> =
        commands.iter().map(|command| command.and_then(|(copy, told)| Spec::of(copy, told))).collect();
    let there: Vec<&Spec> = specs.iter().flatten().collect();
    let answers: Vec<Answered> = match who.face {
        Face::Rest => join_all(there.iter().map(|spec| spec.by_rest(who))).await,
        Face::Graphql => {
            let batches = there.chunks(BATCH).map(async |some| {
                let batch: Vec<Value> = some.iter().map(|spec| spec.in_graphql()).collect();
                let told = answered(who, batch).await;
                some.iter().zip(&told).map(|(spec, answer)| spec.of_graphql(answer)).collect::<Vec<_>>()
            });
            join_all(batches).await.into_iter().flatten().collect()
        }
    };
    let mut answers = answers.into_iter();
    specs.iter().map(|spec| spec.as_ref().and_then(|_| answers.next())).collect()
}

/// The answers of a batch, in its order.
async fn answered(who: &Actor, batch: Vec<Value>) -> Vec<Value> {
    let answer = who.post("//graphql", json!(batch)).await;
    let all = answer.json().as_array().cloned().unwrap_or_default();
    assert_eq!(all.len(), batch.len(), "{}", answer.text());
    all
}

/// Where projects stand.
pub async fn see(who: &Actor, copies: &[&Copied]) -> Vec<Shown> {
    match who.face {
        Face::Rest => {
            let all = copies.iter().map(async |copy| {
                let answer = who.get(&format!("/projects/{}?fields={PROJECT_FIELDS}", copy.project)).await.fine();
                Shown::read(answer.json(), &answer["scope"])
            });
            join_all(all).await
        }
        Face::Graphql => {
            let query = format!("query($id: ID!) {{ project(id: $id) {{ {PROJECT} }} }}");
            let batches = copies.chunks(BATCH).map(async |some| {
                let batch = some.iter().map(|copy| json!({ "query": query, "variables": { "id": copy.project } }));
                let told = answered(who, batch.collect()).await;
                let read = |answer: &Value| {
                    let project = &answer["data"]["project"];
                    Shown::read(project, &project["scope"])
                };
                told.iter().map(read).collect::<Vec<_>>()
            });
            join_all(batches).await.into_iter().flatten().collect()
        }
    }
}
