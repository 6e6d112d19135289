//! A mutation that was valid before is carried out without the library: with the same answer, byte for byte.

use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};

use crate::harness::{Actor, Api, stories};

stories!(what_is_known_answers_as_what_is_new, a_key_counts_for_both);

/// Mutations of plans, with the variables of each.
fn documents() -> Vec<(&'static str, Value)> {
    let create = "mutation($input: CreateLearningPlanInput!) { createLearningPlan(input: $input) { learningPlan { id title status } userErrors { code path } warnings { code } } }";
    vec![
        (create, json!({ "input": { "title": "Foundations" } })),
        // A refusal, in the payload and beside it.
        (create, json!({ "input": { "title": "" } })),
        (create, json!({ "input": { "title": "A", "dueOn": "soon" } })),
        // Values that do not fit are the library's to refuse.
        (create, json!({ "input": { "name": "A" } })),
        (create, json!({ "input": { "title": 5 } })),
        (create, json!({ "input": null })),
        (create, json!({})),
        // Names of types, two roots, one key twice, and what is left out.
        (
            "mutation M($title: String = \"By default\", $with: Boolean = false) { \
             one: createLearningPlan(input: {title: $title}) { __typename learningPlan { __typename title @skip(if: $with) } } \
             two: createLearningPlan(input: {title: \"\"}) { userErrors { __typename code message path details } } \
             one: createLearningPlan(input: {title: $title}) { learningPlan { status } } \
             three: createLearningPlan(input: {title: \"C\"}) @include(if: $with) { __typename } }",
            json!({}),
        ),
        (
            "mutation($with: Boolean!) { createLearningPlan(input: {title: \"A\"}) @skip(if: $with) { __typename } }",
            json!({ "with": true }),
        ),
        ("mutation { __typename createLearningPlan(input: {title: \"A\"}) { learningPlan { title } } }", json!({})),
        // What is not there, and what is no id.
        (
            "mutation($id: ID!) { updateLearningPlan(input: {id: $id, title: \"B\"}) { learningPlan { title } userErrors { code } } }",
            json!({ "id": "pln_01h455vb4pex5vsknk084sn02q" }),
        ),
        (
            "mutation($id: ID!) { updateLearningPlan(input: {id: $id, title: \"B\"}) { learningPlan { title } userErrors { code } } }",
            json!({ "id": "nonsense" }),
        ),
    ]
}

/// The text of an answer, without what differs between two of the same: ids, its own too, and what is left of the budget.
fn compared(answer: &crate::harness::Answer) -> String {
    let mut body = answer.json().clone();
    if let Some(cost) = body.pointer_mut("/extensions/cost") {
        cost["throttleStatus"].take();
    }
    for error in body.pointer_mut("/errors").and_then(Value::as_array_mut).into_iter().flatten() {
        error["extensions"]["requestId"].take();
    }
    let text = format!("{} {body}", answer.status());
    let mut parts = text.split("pln_");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| format!("{text}pln_{}", part.get(26..).unwrap_or_default()))
}

/// Sends a document whose text nobody sent before.
async fn new(ada: &Actor, text: &str, variables: &Value) -> String {
    static TEXTS: AtomicUsize = AtomicUsize::new(0);
    let text = format!("{text} # {}", TEXTS.fetch_add(1, Ordering::Relaxed));
    compared(&ada.graphql(&text, variables.clone()).await)
}

async fn what_is_known_answers_as_what_is_new(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    for (text, good) in documents() {
        // Known from the first time that it was answered without a fault.
        ada.graphql(text, good).await;
    }
    let before = plans(&ada).await;
    for (text, variables) in documents() {
        let by_library = new(&ada, text, &variables).await;
        let known = compared(&ada.graphql(text, variables.clone()).await);
        assert_eq!(known, by_library, "{text} with {variables}");
    }
    // Each of them did the same: as many again.
    let (made, first) = (plans(&ada).await - before, before);
    assert_eq!(made, 2 * first, "plans");
}

async fn plans(ada: &Actor) -> i64 {
    ada.get("/learning-plans?count=true").await.fine()["page"]["totalCount"].as_i64().unwrap()
}

async fn a_key_counts_for_both(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let text = "mutation K($title: String!) { createLearningPlan(input: {title: $title}) { learningPlan { id } userErrors { code } } }";
    let send = async |who: Actor, title: &str| who.graphql(text, json!({ "title": title })).await;
    let first = send(ada.once("k"), "A").await.fine();
    // Known by now, and by GET nothing is changed.
    let again = send(ada.once("k"), "A").await.fine();
    assert_eq!(again["data"], first["data"]);
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    assert_eq!(send(ada.once("k"), "B").await.user_error(), "IDEMPOTENCY_CONFLICT");
    let two = "mutation { a: createLearningPlan(input: {title: \"A\"}) { __typename } b: createLearningPlan(input: {title: \"B\"}) { __typename } }";
    ada.graphql(two, json!({})).await.fine();
    assert_eq!(ada.once("l").graphql(two, json!({})).await.user_error(), "errors: BAD_INPUT");
    let by_get = ada.get("//graphql?query=mutation%20%7B%20createLearningPlan(input%3A%20%7Btitle%3A%20%22A%22%7D)%20%7B%20__typename%20%7D%20%7D").await;
    assert_eq!(by_get.status(), 405);
    assert_eq!(plans(&ada).await, 3);
}
