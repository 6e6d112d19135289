//! A stranger from another organization finds nothing, changes nothing, and learns nothing, whatever they ask.

use cairn::{
    domain::{self, verb::On},
    read::shape::named_lists,
};
use entity::kind::Kind;
use serde_json::json;

use super::world::{ORGANIZATION, World, sample, strangers};
use crate::harness::{Api, Face, face::leaves, stories, world::nothing};

stories!(nothing_is_found, nothing_is_done, no_list_shows_it, nodes_are_narrowed, no_answer_tells_of_it);

const FACES: [Face; 2] = [Face::Rest, Face::Graphql];

async fn nothing_is_found(api: Api) {
    let world = World::new(&api).await;
    for stranger in strangers(&api).await {
        for (name, id) in &world.one {
            for face in FACES {
                assert_eq!(stranger.through(face).see(name, id).await.said(), "NOT_FOUND", "{name} by {face:?}");
            }
        }
    }
    // Who belongs there does find it: the law is not empty.
    for (name, id) in &world.one {
        for face in FACES {
            world.owner(name).through(face).see(name, id).await.done();
        }
    }
}

async fn nothing_is_done(api: Api) {
    let world = World::new(&api).await;
    let before = world.machine.list("Event", &[("count", "true")]).await.total;
    let [person, machine] = strangers(&api).await;
    for resource in domain::resources() {
        let name = resource.shape.name;
        for verb in resource.verbs.iter().filter(|verb| verb.on == On::Object) {
            for face in FACES {
                let said =
                    person.through(face).act(name, verb.name, Some(&world.one[name]), sample(verb.input)).await.said();
                assert_eq!(said, "NOT_FOUND", "{name} {} by {face:?}", verb.name);
                let said =
                    machine.through(face).act(name, verb.name, Some(&world.one[name]), sample(verb.input)).await.said();
                // Some things no machine does anywhere: it is told so, and nothing of the object.
                assert!(
                    ["NOT_FOUND", "FORBIDDEN"].contains(&said.as_str()),
                    "{name} {} by {face:?}: {said}",
                    verb.name
                );
                if said == "FORBIDDEN" {
                    let nowhere = nothing(resource.shape.prefix);
                    let same =
                        machine.through(face).act(name, verb.name, Some(&nowhere), sample(verb.input)).await.said();
                    assert_eq!(same, said, "{name} {}", verb.name);
                }
            }
        }
    }
    assert_eq!(world.machine.list("Event", &[("count", "true")]).await.total, before);
}

async fn no_list_shows_it(api: Api) {
    let world = World::new(&api).await;
    let acme = world.acme.id();
    for stranger in strangers(&api).await {
        for resource in domain::resources() {
            let name = resource.shape.name;
            for face in FACES {
                for deleted in ["false", "true"] {
                    let query: &[(&str, &str)] = if resource.shape.deletable {
                        &[("first", "100"), ("deleted", deleted)]
                    } else {
                        &[("first", "100")]
                    };
                    let page = stranger.through(face).list(name, query).await;
                    assert_eq!(page.refused, None, "{name}");
                    assert!(!page.ids().contains(&world.one[name]), "{name} by {face:?}");
                    assert!(
                        !format!("{:?}", page.items).contains(&acme),
                        "{name} by {face:?} names {ORGANIZATION} of another"
                    );
                }
            }
        }
        // Neither does a list of a name of its own.
        for (_, list) in named_lists() {
            for face in FACES {
                let page = stranger.through(face).list(list.name, &[("first", "100")]).await;
                assert_eq!((page.refused, page.items.len()), (None, 0), "{} by {face:?}", list.name);
            }
        }
        // Filters and edges lead nowhere either.
        let plans = stranger.get(&format!("/learning-plans?ownerId={}&count=true", world.ada.id)).await.fine();
        assert_eq!(plans["page"]["totalCount"], 0);
    }
    // Who is to do something with what stands there sees it.
    for (shape, list) in named_lists() {
        let waits = &world.waiting[list.name];
        assert_eq!(
            world.kim.list(list.name, &[("first", "100")]).await.ids(),
            std::slice::from_ref(waits),
            "{}",
            shape.name
        );
    }
    for (name, id) in &world.one {
        let page = world.owner(name).list(name, &[("first", "100")]).await;
        assert!(page.ids().contains(id), "{name} is in the list of who may see it");
    }
}

async fn nodes_are_narrowed(api: Api) {
    let world = World::new(&api).await;
    let ids: Vec<&String> = world.one.values().collect();
    let query = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }";
    for stranger in strangers(&api).await {
        let answer = stranger.graphql(query, json!({ "ids": ids })).await.fine();
        assert!(
            answer["data"]["nodes"].as_array().unwrap().iter().all(serde_json::Value::is_null),
            "{}",
            answer.text()
        );
    }
    let seen = world.ada.graphql(query, json!({ "ids": ids })).await.fine();
    for (node, (name, id)) in seen["data"]["nodes"].as_array().unwrap().iter().zip(&world.one) {
        let expected = if *name == "Client" { json!(null) } else { json!({ "__typename": name, "id": id }) };
        assert_eq!(node, &expected);
    }
    // `node` shows what the type's own root shows.
    for resource in domain::resources().iter().filter(|resource| resource.shape.name != "Client") {
        let name = resource.shape.name;
        let query =
            format!("query($id: ID!) {{ node(id: $id) {{ ... on {name} {{ {} }} }} }}", leaves(&resource.shape));
        let answer = world.ada.graphql(&query, json!({ "id": world.one[name] })).await.fine();
        assert_eq!(
            answer["data"]["node"],
            world.ada.through(Face::Graphql).see(name, &world.one[name]).await.done(),
            "{name}"
        );
    }
}

/// Every computed answer, asked with the ids of another organization: what names something is refused, and whatever is
/// told names nothing of it.
async fn no_answer_tells_of_it(api: Api) {
    let world = World::new(&api).await;
    for stranger in strangers(&api).await {
        for answer in domain::answers() {
            let asked = world.question(answer.input);
            for face in FACES {
                let told = stranger.through(face).ask(answer.name, asked.clone()).await;
                let names = answer.input.fields.iter().any(|field| matches!(field.kind, Kind::Id(_)));
                if names {
                    let said = told.said();
                    assert!(
                        ["NOT_FOUND", "GRANT_REQUIRED", "FORBIDDEN", "USER_UNKNOWN"].contains(&said.as_str()),
                        "{} by {face:?}: {said}",
                        answer.name
                    );
                    continue;
                }
                let text = told.object.to_string();
                for id in world.one.values() {
                    assert!(!text.contains(id), "{} by {face:?} tells of {id}", answer.name);
                }
            }
        }
    }
    // Who belongs there is told: the law is not empty.
    for answer in domain::answers() {
        for face in FACES {
            let told = world.asker(answer).through(face).ask(answer.name, world.question(answer.input)).await;
            assert_eq!(told.refused, None, "{} by {face:?}", answer.name);
        }
    }
}
