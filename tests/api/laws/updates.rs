//! Patches: what is left out stays, null clears, in both faces; and an omitted variable is left out too.

use std::collections::BTreeMap;

use cairn::domain::{self, verb::upper_first};
use entity::kind::{Field, Kind, Presence};
use serde_json::{Value, json};

use super::world::{World, value};
use crate::harness::{Actor, Api, Face, face::leaves, stories};

stories!(an_omitted_variable_keeps_the_member, null_clears_and_only_what_may_be_cleared);

/// The types of the members of an input of GraphQL.
async fn types(who: &Actor, name: &str) -> BTreeMap<String, String> {
    let of = "name kind ofType { name kind ofType { name kind ofType { name kind ofType { name kind } } } }";
    let query = format!("query($name: String!) {{ __type(name: $name) {{ inputFields {{ name type {{ {of} }} }} }} }}");
    let answer = who.graphql(&query, json!({ "name": name })).await.fine();
    let fields = answer["data"]["__type"]["inputFields"].as_array().unwrap_or_else(|| panic!("no {name}"));
    fields.iter().map(|field| (field["name"].as_str().unwrap().to_owned(), spelled(&field["type"]))).collect()
}

fn spelled(of: &Value) -> String {
    match of["kind"].as_str().unwrap() {
        "NON_NULL" => format!("{}!", spelled(&of["ofType"])),
        "LIST" => format!("[{}]", spelled(&of["ofType"])),
        _ => of["name"].as_str().unwrap().to_owned(),
    }
}

/// Something to fill a member with: what it names already, where it names something, and the moment that it says.
fn filling(field: &Field, is: &Value) -> Value {
    // What changes a part of something needs what is there.
    let known = matches!(field.kind, Kind::Time | Kind::Object(_)) && !is[&field.name].is_null();
    if known || matches!(field.kind, Kind::Id(_)) { is[&field.name].clone() } else { value(field.kind) }
}

async fn an_omitted_variable_keeps_the_member(api: Api) {
    let world = World::new(&api).await;
    let mut tried = 0;
    for resource in domain::resources() {
        let name = resource.shape.name;
        let Some(verb) = resource.verb("update") else { continue };
        let who = world.owner(name).through(Face::Graphql);
        let id = &world.one[name];
        let is = who.see(name, id).await.done();
        let clearable = verb.input.fields.iter().filter(|field| field.presence == Presence::Clear);
        let filled: serde_json::Map<String, Value> =
            clearable.map(|field| (field.name.clone(), filling(field, &is))).collect();
        let before = who.update(name, id, Value::Object(filled)).await.done();
        let mutation = resource.mutation(verb);
        let types = types(&who, &format!("{}Input", upper_first(&mutation))).await;
        let variables: Vec<String> = types.iter().map(|(member, of)| format!("${member}: {of}")).collect();
        let members: Vec<String> = types.keys().map(|member| format!("{member}: ${member}")).collect();
        let query = format!(
            "mutation({}) {{ done: {mutation}(input: {{ {} }}) {{ object: {} {{ {} }} userErrors {{ code path }} }} }}",
            variables.join(", "),
            members.join(", "),
            resource.singular(),
            leaves(&resource.shape),
        );
        let answer = who.graphql(&query, json!({ "id": id })).await.fine();
        let after = &answer["data"]["done"]["object"];
        for leaf in &resource.shape.leaves {
            assert_eq!(after[&leaf.name], before[&leaf.name], "{name}.{}", leaf.name);
        }
        tried += 1;
    }
    assert!(tried >= 8, "only {tried} updates");
}

/// What follows from the amounts of an offer.
const FOLLOWS: [(&str, &str); 2] = [("Offer", "total"), ("Offer", "currency")];

async fn null_clears_and_only_what_may_be_cleared(api: Api) {
    let world = World::new(&api).await;
    for resource in domain::resources() {
        let (name, shape) = (resource.shape.name, &resource.shape);
        let Some(verb) = resource.verb("update") else { continue };
        let id = &world.one[name];
        let is = world.owner(name).see(name, id).await.done();
        for face in [Face::Rest, Face::Graphql] {
            let who = world.owner(name).through(face);
            for field in verb.input.fields.iter().filter(|field| field.presence == Presence::Clear) {
                let set = who.update(name, id, json!({ &field.name: filling(field, &is) })).await.done();
                let cleared = who.update(name, id, json!({ &field.name: null })).await.done();
                for leaf in shape.leaves.iter().filter(|leaf| {
                    !["version", "updatedAt", "onTrack", "path", "attainment", "stageReasons", "readiness"]
                        .contains(&leaf.name.as_str())
                        && !FOLLOWS.contains(&(name, leaf.name.as_str()))
                }) {
                    let expected = if leaf.name == field.name { &Value::Null } else { &set[&leaf.name] };
                    assert_eq!(&cleared[&leaf.name], expected, "{name}.{} after {} by {face:?}", leaf.name, field.name);
                }
            }
            for field in verb.input.fields.iter().filter(|field| field.presence == Presence::Change) {
                let said = who.update(name, id, json!({ &field.name: null })).await.said();
                assert_eq!(said, format!("BAD_INPUT /{}", field.name), "{name} by {face:?}");
            }
        }
    }
}
