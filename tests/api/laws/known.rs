//! A document that is known is answered like one that never was: the same data, the same refusals.

use std::sync::atomic::{AtomicUsize, Ordering};

use cairn::domain;
use serde_json::{Value, json};

use super::world::World;
use crate::harness::{Actor, Api, stories};

stories!(known_documents_are_answered_alike, what_leaves_everything_out_costs_the_same);

static COMMENT: AtomicUsize = AtomicUsize::new(0);

/// The answer, without what is each request's own.
async fn told(who: &Actor, document: &str, variables: &Value) -> Value {
    let mut answer = who.graphql(document, variables.clone()).await.json().clone();
    for error in answer["errors"].as_array_mut().into_iter().flatten() {
        error["extensions"]["requestId"] = json!(null);
    }
    answer
}

async fn known_documents_are_answered_alike(api: Api) {
    let world = World::new(&api.another(&[("CAIRN_RATE_LIMIT", "0")]).await).await;
    for resource in domain::resources() {
        let (name, one, many) = (resource.shape.name, resource.singular(), resource.plural);
        let (who, id) = (world.owner(name), &world.one[name]);
        let document = format!(
            "query($id: ID!, $first: Int, $after: String, $filter: {name}Filter, $yes: Boolean = true, $most: Int) {{ \
             one: {one}(id: $id) {{ ...Shown }} \
             all: {many}(first: $first, after: $after, filter: $filter) {{ \
             totalCount least: totalCount(atMost: 1) most: totalCount(atMost: $most) nodes {{ ...Shown }} edges {{ cursor }} pageInfo {{ endCursor hasNextPage }} }} }} \
             fragment Shown on {name} {{ id __typename node: id @include(if: $yes) }}"
        );
        who.graphql(&document, json!({ "id": id })).await.fine();
        for variables in [
            json!({ "id": id }),
            json!({ "id": id, "first": 1 }),
            json!({ "id": id, "first": null, "filter": null, "yes": false }),
            json!({ "id": id, "filter": {} }),
            json!({}),
            json!({ "id": null }),
            json!({ "id": 5 }),
            json!({ "id": "usr_01h455vb4pex5vsknk084sn02q" }),
            json!({ "id": "nonsense" }),
            json!({ "id": id, "first": "1" }),
            json!({ "id": id, "first": 101 }),
            json!({ "id": id, "first": -1 }),
            json!({ "id": id, "first": 1.5 }),
            json!({ "id": id, "after": "nonsense" }),
            json!({ "id": id, "filter": { "unheard": 1 } }),
            json!({ "id": id, "filter": [{}] }),
            json!({ "id": id, "yes": "true" }),
            json!({ "id": id, "unheard": 1 }),
            json!({ "id": id, "most": null }),
            json!({ "id": id, "most": 2 }),
            json!({ "id": id, "most": 0 }),
            json!({ "id": id, "most": 10_001 }),
            json!({ "id": id, "most": "2" }),
        ] {
            let new = format!("# {}\n{document}", COMMENT.fetch_add(1, Ordering::Relaxed));
            let mut expected = told(who, &new, &variables).await;
            // The comment moved everything down by a line.
            for place in expected["errors"].as_array_mut().into_iter().flatten() {
                for at in place["locations"].as_array_mut().into_iter().flatten() {
                    at["line"] = json!(at["line"].as_u64().unwrap() - 1);
                }
            }
            assert_eq!(told(who, &document, &variables).await, expected, "{name} {variables}");
        }
    }
}

/// Nothing is read and nothing is paid for, whether the document is known or not.
async fn what_leaves_everything_out_costs_the_same(api: Api) {
    let ada = api.another(&[("CAIRN_RATE_LIMIT", "0")]).await.organization("Acme").await.learner("ada").await;
    let document = "{ learningPlans @skip(if: true) { totalCount } }";
    let first = told(&ada, document, &json!({})).await;
    assert_eq!((&first["data"], &first["extensions"]["cost"]["requestedQueryCost"]), (&json!({}), &json!(0)));
    for _ in 0..2 {
        assert_eq!(told(&ada, document, &json!({})).await, first);
    }
}
