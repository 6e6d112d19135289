//! Idempotency keys: a repetition has no effect, in both faces, also when it comes at the same moment.

use serde_json::{Value, json};

use crate::harness::{Actor, Api, Face, assert_snapshot, stories, stories_in_both_faces};

stories_in_both_faces!(
    a_repetition_has_no_effect,
    another_body_is_refused,
    keys_are_each_callers_own,
    keys_are_of_one_organization,
    refusals_are_not_kept,
    all_at_once,
    a_key_is_kept_for_a_day,
);
stories!(keys_that_are_none, one_mutation_for_a_key, a_replay_shows_what_is_there_now);

const KIND: &str = "LearningResource";

fn book(title: &str) -> Value {
    json!({ "kind": "BOOK", "title": title })
}

async fn count(who: &Actor) -> Value {
    who.through(Face::Rest).list(KIND, &[("count", "true")]).await.total
}

async fn a_repetition_has_no_effect(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await.once("key-1");
    let (first, again) = (ada.create(KIND, book("A")).await, ada.create(KIND, book("A")).await);
    assert!(!first.replayed() && again.replayed());
    assert_eq!(first.answer.status(), again.answer.status());
    assert_eq!(first.object, again.object);
    let plan = ada.once("key-2").create("LearningPlan", json!({ "title": "x" })).await;
    assert!(plan.refused.is_some(), "two keys at once: {}", plan.answer.text());
    assert_snapshot!(count(&ada).await, @"1");
}

async fn another_body_is_refused(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await.once("key-1");
    ada.create(KIND, book("A")).await.done();
    assert_snapshot!(ada.create(KIND, book("B")).await.said(), @"IDEMPOTENCY_CONFLICT");
    assert_snapshot!(ada.create("LearningPlan", json!({ "title": "A" })).await.said(), @"IDEMPOTENCY_CONFLICT");
    assert_snapshot!(count(&ada).await, @"1");
}

async fn keys_are_each_callers_own(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await.once("k"), acme.learner("ben").await.once("k"));
    let (adas, bens) = (ada.create(KIND, book("A")).await, ben.create(KIND, book("B")).await);
    assert!(!bens.replayed());
    assert_ne!(adas.id(), bens.id());
}

async fn keys_are_of_one_organization(api: Api) {
    let (acme, beta) = (api.organization("Acme").await, api.organization("Beta").await);
    let ada = acme.learner("ada").await;
    let there = beta.join("ada", ada.user(), &[]).await;
    let (here, there) = (ada.once("k"), there.once("k"));
    let (first, second) = (here.create(KIND, book("A")).await, there.create(KIND, book("A")).await);
    assert!(!second.replayed());
    assert_ne!(first.id(), second.id());
}

async fn refusals_are_not_kept(api: Api) {
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    let scale = crate::harness::world::scale();
    let new = json!({ "shortName": "own", "title": "Own", "scale": scale });
    let first = root.create("CompetencyFramework", new.clone()).await.id();
    let again = root.once("k");
    assert_snapshot!(again.create("CompetencyFramework", new.clone()).await.said(), @"ALREADY_EXISTS");
    root.update("CompetencyFramework", &first, json!({ "shortName": "other" })).await.done();
    // The same key and body, and now it works.
    let made = again.create("CompetencyFramework", new).await;
    assert!(!made.replayed());
    made.done();
}

async fn all_at_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, other) = (acme.learner("ada").await.once("k"), api.another(&[]).await);
    let tries: Vec<_> = (0..8)
        .map(|n| {
            let who = if n % 2 == 0 { ada.clone() } else { ada.calling(&other) };
            tokio::spawn(async move { who.create(KIND, book("A")).await })
        })
        .collect();
    let mut ids = Vec::new();
    for one in tries {
        let outcome = one.await.unwrap();
        match outcome.refused.as_deref() {
            None => ids.push(outcome.id()),
            Some("IDEMPOTENCY_IN_FLIGHT") => {}
            Some(other) => panic!("{other}"),
        }
    }
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 1);
    assert_snapshot!(count(&ada).await, @"1");
    assert!(ada.create(KIND, book("A")).await.replayed());
}

async fn a_key_is_kept_for_a_day(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await.once("k");
    let first = ada.create(KIND, book("A")).await.id();
    let age = |hours| cairn::domain::clock::now() - chrono::TimeDelta::hours(hours);
    api.execute("UPDATE idempotency_key SET created_at = $1", vec![age(23).into()]).await;
    assert_eq!(ada.create(KIND, book("A")).await.id(), first);
    api.execute("UPDATE idempotency_key SET created_at = $1", vec![age(25).into()]).await;
    assert_ne!(ada.create(KIND, book("A")).await.id(), first);
    assert_snapshot!(count(&ada).await, @"2");
}

async fn keys_that_are_none(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let long = "k".repeat(256);
    for key in ["", "two words", &long] {
        let who = ada.once(key);
        assert_eq!(
            who.post("/learning-resources", book("A")).await.problem(),
            "400 BAD_INPUT Idempotency-Key",
            "{key}"
        );
        let answer = who
            .graphql("mutation { createLearningPlan(input: {title: \"x\"}) { learningPlan { id } } }", json!({}))
            .await;
        assert_eq!(answer.user_error(), "errors: BAD_INPUT", "{key}");
    }
    // A key on what changes nothing by itself, or is idempotent anyway, is no fault.
    let made = ada.post("/learning-resources", book("A")).await.fine();
    let at = format!("/learning-resources/{}", made.id());
    ada.once("k").get(&at).await.fine();
    ada.once("k").patch(&at, json!({ "title": "B" })).await.fine();
    let again = ada.once("k").patch(&at, json!({ "title": "C" })).await.fine();
    assert_eq!(again["title"], "C");
}

async fn one_mutation_for_a_key(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await.once("k");
    let create = |alias: &str| {
        format!(
            "{alias}: createLearningPlan(input: {{title: \"{alias}\"}}) {{ learningPlan {{ id }} userErrors {{ code }} }}"
        )
    };
    let media = ada.with("accept", "application/graphql-response+json");
    let two = media.graphql(&format!("mutation {{ {} {} }}", create("a"), create("b")), json!({})).await;
    assert_eq!((two.status(), two.user_error().as_str()), (400, "errors: BAD_INPUT"));
    let query = media.graphql("{ me { id } }", json!({})).await;
    assert_eq!((query.status(), query.user_error().as_str()), (400, "errors: BAD_INPUT"));
    let one = json!({ "query": format!("mutation {{ {} }}", create("a")) });
    let batch = media.post("//graphql", json!([one, one])).await;
    assert_eq!((batch.status(), batch.user_error().as_str()), (400, "errors: BAD_INPUT"));
    // A fragment does not hide a second one.
    let hidden = format!("mutation {{ ...two }} fragment two on Mutation {{ {} {} }}", create("a"), create("b"));
    let hidden = media.graphql(&hidden, json!({})).await;
    assert_eq!((hidden.status(), hidden.user_error().as_str()), (400, "errors: BAD_INPUT"));
    assert_eq!(ada.list("LearningPlan", &[]).await.items.len(), 0);
    let fine = ada.graphql(&format!("mutation {{ {} }}", create("a")), json!({})).await;
    assert_eq!(fine.user_error(), "fine");
    assert_eq!(ada.list("LearningPlan", &[]).await.items.len(), 1);
}

async fn a_replay_shows_what_is_there_now(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let first = ada.once("k").post("/learning-resources", book("A")).await.fine();
    ada.update(KIND, &first.id(), json!({ "title": "B" })).await.done();
    let again = ada.once("k").post("/learning-resources", book("A")).await.fine();
    assert_eq!((again.status(), &again["title"], again.version()), (201, &json!("B"), 2));
    assert_eq!(again.header("location"), first.header("location"));
    // Warnings come again too, and the key of one face is no key for a request of the other.
    let query = "mutation { createLearningResource(input: {kind: BOOK, title: \"A\"}) { learningResource { id } userErrors { code } } }";
    assert_snapshot!(ada.once("k").graphql(query, json!({})).await.user_error(), @"IDEMPOTENCY_CONFLICT");
}
