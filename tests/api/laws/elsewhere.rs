//! Nothing of somebody's search for a job is told anywhere else: every free text of it holds a word that is nowhere else, whatever a search
//! leads to is done, and then whoever was not let in reads every list, every computed answer and the feed, in both faces, and finds
//! neither that word nor the id of anything of the search (§37).
//!
//! All of it follows from the declarations: a text, a resource or an answer that is added is covered.

use std::collections::BTreeSet;

use cairn::domain::{self, answer::Answer, policy::permission};
use entity::{
    kind::{Form, Kind, Object, Presence},
    platform::client::Scope,
};
use serde_json::{Map, Value, json};

use super::{
    private::{FACES, others, own},
    world::{World, sample, value},
};
use crate::harness::{Actor, Api, Face, stories};

stories!(nothing_of_a_search_is_told_elsewhere);

/// What only the search says.
const CANARY: &str = "Quokka";
/// Texts of these are names of what is everybody's, or say how a command is carried out.
const MOST: usize = 100;

/// The word, as a value of a kind, where it takes a text.
fn word(kind: Kind) -> Option<Value> {
    match kind {
        Kind::Text { form: Form::Line | Form::Prose, .. } => Some(json!(CANARY)),
        Kind::List { of, .. } => word(*of).map(|one| json!([one])),
        Kind::Object(declared) => {
            let told = words(declared());
            (!told.is_empty()).then(|| {
                let mut whole = sample(declared()).as_object().cloned().unwrap_or_default();
                whole.extend(told);
                Value::Object(whole)
            })
        }
        _ => None,
    }
}

/// The members of an input that take a text, each with the word.
fn words(declared: &Object) -> Map<String, Value> {
    let members = declared.fields.iter().filter(|field| field.name != "externalRefs");
    members.filter_map(|field| Some((field.name.clone(), word(field.kind)?))).collect()
}

/// Writes the word wherever a thing of the search takes a text: into how many.
async fn written(world: &World) -> usize {
    let mut count = 0;
    for resource in own() {
        let name = resource.shape.name;
        let Some(update) = resource.verbs.iter().find(|verb| verb.name == "update") else { continue };
        for (member, value) in words(update.input) {
            let said = world.ada.update(name, &world.one[name], json!({ member.as_str(): value })).await;
            // What a rule wants together with more cannot be written alone.
            count += usize::from(said.refused.is_none());
        }
    }
    count
}

/// Everything that a search leads to elsewhere: needs to learn, what goals need, whom one was in touch with, a portfolio that shows a move.
async fn led_on(world: &World) {
    let (ada, one) = (&world.ada, &world.one);
    let (_, [_, python, sql]) = world.root.framework("more").await;
    let heard = |talk: &str, competency: &str| json!({ "interviewId": talk, "kind": "SKILL", "text": CANARY, "competencyId": competency, "weight": 5 });
    ada.create("Finding", heard(&one["InformationalInterview"], &python)).await.done();
    let concluded = json!({ "outcome": "LEARN_FIRST", "note": CANARY });
    ada.act("InformationalInterview", "conclude", Some(&one["InformationalInterview"]), concluded).await.done();
    let talk = json!({ "contactId": one["Contact"], "roleTitle": CANARY, "purpose": CANARY });
    let talk = ada.create("InformationalInterview", talk).await.id();
    ada.tell("InformationalInterview", "request", &talk).await.done();
    let at = json!({ "scheduledAt": "2026-03-10T10:00:00Z" });
    ada.act("InformationalInterview", "schedule", Some(&talk), at).await.done();
    ada.act("InformationalInterview", "hold", Some(&talk), json!({ "answers": [{ "topic": CANARY, "text": CANARY }] }))
        .await
        .done();
    for competency in [&python, &sql] {
        ada.create("Finding", heard(&talk, competency)).await.done();
    }
    let goal = ada.create("CareerGoal", json!({ "title": "Become one", "kind": "OTHER" })).await.id();
    let raised = json!({ "title": CANARY, "goalId": goal });
    ada.act("LearningNeed", "raiseFromInterviews", None, raised).await.done();
    ada.act("LearningNeed", "raiseFromGoal", None, json!({ "goalId": goal })).await.done();
    let card = json!({ "ratings": [{ "competencyId": sql, "rating": 1 }], "wentWell": CANARY, "improve": CANARY });
    ada.update("SelfScorecard", &one["SelfScorecard"], card).await.done();
    ada.act("Interview", "recordResult", Some(&one["Interview"]), json!({ "result": "NOT_PASSED" })).await.done();
    ada.tell("Interview", "raiseNeeds", &one["Interview"]).await.done();
    let themes = json!({ "text": CANARY, "themes": [{ "competencyId": python, "polarity": "NEGATIVE" }] });
    ada.update("Feedback", &one["Feedback"], themes).await.done();
    ada.act("Application", "close", Some(&one["Application"]), json!({ "outcome": "REJECTED" })).await.done();
    ada.act("LearningNeed", "raiseFromRejections", None, json!({ "jobSearchId": one["JobSearch"] })).await.done();
    // What was met is told to what showed it.
    let needs = ada.list("LearningNeed", &[("first", "100")]).await.ids();
    ada.act("LearningNeed", "plan", None, json!({ "planId": ada.plan("What to learn").await, "needIds": needs }))
        .await
        .done();
}

/// The ids of everything of the search.
async fn ids(world: &World) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for resource in own() {
        all.extend(world.ada.list(resource.shape.name, &[("first", "100")]).await.ids());
    }
    all
}

/// The questions of an answer: as the owner would ask it, of the owner, and of each thing of theirs.
fn questions(world: &World, answer: &Answer) -> Vec<Value> {
    let mut all = vec![world.question(answer.input)];
    let members = |wanted: fn(&entity::kind::Field) -> bool| {
        answer.input.fields.iter().filter(|field| wanted(field)).map(|field| field.name.clone()).collect::<Vec<_>>()
    };
    let required = answer.input.fields.iter().filter(|field| field.presence == Presence::Required);
    let required: Map<String, Value> = required.map(|field| (field.name.clone(), value(field.kind))).collect();
    for member in members(|field| field.name == "userId") {
        let mut of_owner = required.clone();
        of_owner.insert(member, json!(world.ada.id));
        all.push(Value::Object(of_owner));
    }
    for member in members(|field| field.name == "subjectId") {
        all.extend(world.one.values().map(|id| json!({ member.as_str(): id })));
    }
    all
}

async fn nothing_of_a_search_is_told_elsewhere(api: Api) {
    let world = World::new(&api).await;
    let count = written(&world).await;
    assert!(count >= 20, "the word was written {count} times");
    led_on(&world).await;
    let ids = ids(&world).await;
    assert!(ids.len() >= own().len(), "{} ids", ids.len());
    for (kind, other) in others(&world).await {
        for face in FACES {
            reads(&world, &ids, kind, &other.through(face)).await;
        }
    }
    // Whoever was let in reads it: the law is not empty.
    let mut told = 0;
    for resource in own() {
        let page = world.ada.list(resource.shape.name, &[("first", "100")]).await;
        told += usize::from(json!(page.items).to_string().contains(CANARY));
    }
    assert!(told >= 10, "{told} lists hold the word");
    let sources = world.ada.list("LearningNeedSource", &[("first", "100")]).await.items;
    for source in ["INFO_INTERVIEW", "INTERVIEW_RESULT", "REJECTION_FEEDBACK"] {
        assert!(sources.iter().any(|one| one["source"] == source), "nothing came of {source}");
    }
}

/// Reads everything there is.
async fn reads(world: &World, ids: &BTreeSet<String>, kind: &str, other: &Actor) {
    let silent = |told: &Value, what: &str| {
        let text = told.to_string();
        assert!(!text.contains(CANARY), "{what} tells {kind} what is said in a search: {text}");
        for id in ids {
            assert!(!text.contains(id.as_str()), "{what} tells {kind} of {id}: {text}");
        }
    };
    for resource in domain::resources() {
        let name = resource.shape.name;
        let mut after = None::<String>;
        loop {
            let most = MOST.to_string();
            let mut query = vec![("first", most.as_str())];
            query.extend(after.as_deref().map(|cursor| ("after", cursor)));
            let page = other.list(name, &query).await;
            silent(&json!(page.items), name);
            after = page.info["endCursor"].as_str().map(str::to_owned);
            if page.info["hasNextPage"] != true {
                break;
            }
        }
        // Nor does it say by what is found.
        for leaf in resource.shape.leaves.iter().filter(|leaf| leaf.filter) {
            let Kind::Id(prefix) = leaf.kind else { continue };
            let of = own().into_iter().find(|one| one.shape.prefix == prefix);
            let Some(of) = of.filter(|of| permission(of.shape.view).0 == Scope::JobsRead) else { continue };
            let found = other.list(name, &[(leaf.name.as_str(), &world.one[of.shape.name])]).await;
            assert!(found.items.is_empty(), "{name} tells {kind} by {} of {}", leaf.name, of.shape.name);
        }
    }
    for (member, word) in
        [("source", "INFO_INTERVIEW"), ("source", "INTERVIEW_RESULT"), ("source", "REJECTION_FEEDBACK")]
    {
        let found = other.list("LearningNeedSource", &[(member, word)]).await;
        assert!(found.items.is_empty() && found.refused.is_none(), "{kind} finds what {word} showed");
    }
    let heard = other.list("GoalRequirement", &[("origin", "INFO_INTERVIEW")]).await;
    assert!(heard.items.is_empty(), "{kind} finds what a goal needs by where that was heard");
    for answer in domain::answers() {
        for question in questions(world, answer) {
            silent(&other.ask(answer.name, question).await.object, answer.name);
        }
    }
    // Whole objects, with what they lead to.
    if other.face == Face::Rest {
        for (name, edge) in
            domain::resources().iter().flat_map(|one| one.shape.edges.iter().map(move |edge| (one, edge.name)))
        {
            let told = other.get(&format!("/{}?first=50&expand={edge}", name.path())).await;
            silent(told.json(), &format!("{} with {edge}", name.shape.name));
        }
    }
}
