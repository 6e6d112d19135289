//! Every read of a resource shows what `fields` names of it, as it shows it whole, and nothing else.

use cairn::{
    domain::{self, verb::kebab},
    read::shape::{Shape, named_lists},
};
use serde_json::{Map, Value, json};

use super::world::World;
use crate::harness::{Actor, Answer, Api, stories};

stories!(every_read_shows_what_is_named);

/// Some members of an object.
fn only(object: &Value, names: &[&str]) -> Value {
    let members = object.as_object().unwrap().iter().filter(|(name, _)| names.contains(&name.as_str()));
    Value::Object(members.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
}

/// The paths of what a shape shows: each value alone, and each way alone.
fn named(shape: &Shape) -> Vec<&str> {
    shape.leaves.iter().map(|leaf| leaf.name.as_str()).chain(shape.edges.iter().map(|edge| edge.name)).collect()
}

/// Reads what must be there: an import tells of its own `errors`.
async fn read(who: &Actor, path: &str) -> Answer {
    let answer = who.get(path).await;
    assert_eq!(answer.status(), 200, "{path} {}", answer.text());
    answer
}

/// How many ways one request may expand.
const WAYS: usize = 10;

/// A place with everything that it leads to, in as many requests as that takes.
async fn expanded(who: &Actor, path: &str, ways: &[&str]) -> Value {
    let mut whole = read(who, path).await.json().clone();
    for some in ways.chunks(WAYS) {
        let more = read(who, &format!("{path}?expand={}", some.join(","))).await;
        add(&mut whole, more.json(), some);
    }
    whole
}

/// Adds what was expanded to an object, or to each of a list.
fn add(whole: &mut Value, more: &Value, ways: &[&str]) {
    match whole.get_mut("items").and_then(Value::as_array_mut) {
        Some(all) => {
            for (place, one) in all.iter_mut().enumerate() {
                add(one, &more["items"][place], ways);
            }
        }
        None => ways.iter().for_each(|way| whole[*way] = more[*way].clone()),
    }
}

/// Looks at an object, and at what a list shows of it, name by name.
async fn one_by_one(who: &Actor, shape: &'static Shape, path: &str, is_list: bool) {
    let ways: Vec<&str> = shape.edges.iter().map(|edge| edge.name).collect();
    let whole = expanded(who, path, &ways).await;
    for name in named(shape) {
        let some = read(who, &format!("{path}?fields={name}")).await;
        assert_eq!(some.header("content-type"), "application/vnd.cairn.sparse+json", "{path} {name}");
        if is_list {
            let all = whole["items"].as_array().unwrap();
            let expected: Vec<Value> = all.iter().map(|object| only(object, &["id", name])).collect();
            assert!(!expected.is_empty(), "{path}");
            assert_eq!((&some["items"], &some["page"]), (&Value::Array(expected), &whole["page"]), "{path} {name}");
        } else {
            assert_eq!(some.json(), &only(&whole, &["id", "version", name]), "{path} {name}");
        }
    }
}

async fn every_read_shows_what_is_named(api: Api) {
    let world = World::new(&api.another(&[("CAIRN_RATE_LIMIT", "0")]).await).await;
    for resource in domain::resources() {
        let (shape, path) = (&resource.shape, format!("/{}", resource.path()));
        let who = world.owner(shape.name);
        one_by_one(who, shape, &format!("{path}/{}", world.one[shape.name]), false).await;
        one_by_one(who, shape, &path, true).await;
        for edge in &shape.edges {
            let whole = read(who, &format!("{path}?expand={}", edge.name)).await;
            let some = read(who, &format!("{path}?fields={}.id", edge.name)).await;
            let of = |answer: &Answer| {
                let all = answer["items"].as_array().unwrap().iter().map(|object| object[edge.name].clone());
                all.collect::<Vec<_>>()
            };
            let bare = |object: &Value| if object.is_null() { Value::Null } else { only(object, &["id"]) };
            let expected = of(&whole).into_iter().map(|below| match below["items"].as_array() {
                Some(all) => json!({ "items": all.iter().map(bare).collect::<Vec<_>>() }),
                None => bare(&below),
            });
            assert_eq!(of(&some), expected.collect::<Vec<_>>(), "{path} {}", edge.name);
        }
    }
    for (shape, list) in named_lists() {
        one_by_one(&world.kim, shape, &format!("/{}", kebab(list.name)), true).await;
    }
}
