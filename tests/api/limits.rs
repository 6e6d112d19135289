//! Limits: points per principal in both faces, sizes, media types, methods, and what one query may ask for.

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, Backend, assert_snapshot, stories};

stories!(
    other_origins,
    media_types_and_methods,
    sizes,
    what_one_query_may_ask_for,
    headers_of_every_answer,
    public_pages
);

/// A budget that is soon spent, which is each principal's own and the same for both faces.
mod points {
    use super::*;

    async fn story(backend: Backend) {
        let api = Api::with(backend, &[("CAIRN_RATE_LIMIT", "600")]).await;
        let acme = api.organization("Acme").await;
        let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
        let first = ada.get("/learning-plans?first=10").await.fine();
        let left = |header: &str| {
            header.split("r=").nth(1).and_then(|rest| rest.split([';', ',']).next()?.parse::<i64>().ok())
        };
        assert!(first.header("ratelimit-policy").contains("q=600"), "{}", first.header("ratelimit-policy"));
        let before = left(first.header("ratelimit")).unwrap();
        let second = ada.get("/learning-plans?first=10").await.fine();
        assert!(left(second.header("ratelimit")).unwrap() < before);

        let mut last = Value::Null;
        let refused = loop {
            let answer = ada.graphql("{ learningPlans(first: 50) { nodes { title } } }", json!({})).await;
            if answer.status() == 429 {
                break answer;
            }
            last = answer.fine()["extensions"]["cost"].clone();
        };
        assert_eq!(last["throttleStatus"]["maximumAvailable"], 600);
        assert!(last["requestedQueryCost"].as_i64() >= last["actualQueryCost"].as_i64(), "{last}");
        assert_eq!(refused.user_error(), "errors: RATE_LIMITED");
        assert!(refused.header("retry-after").parse::<u64>().is_ok_and(|seconds| (1..=60).contains(&seconds)));
        let rest = loop {
            let answer = ada.get("/learning-plans?first=100").await;
            if answer.status() != 200 {
                break answer;
            }
        };
        assert_eq!(rest.problem(), "429 RATE_LIMITED");
        assert!(!rest.header("retry-after").is_empty() && !rest.header("ratelimit").is_empty());
        // Ben's budget is his own.
        ben.get("/learning-plans?first=10").await.fine();
        api.database.end().await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn sqlite() {
        story(Backend::Sqlite).await;
    }
}

async fn other_origins(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await.with("origin", "https://app.example.org");
    assert_eq!(ada.get("/me").await.fine().header("access-control-allow-origin"), "");
    let open = api.another(&[("CAIRN_CORS_ORIGINS", "https://app.example.org")]).await;
    let there = ada.calling(&open);
    assert_eq!(there.get("/me").await.fine().header("access-control-allow-origin"), "https://app.example.org");
    let preflight = api
        .anyone()
        .calling(&open)
        .with("origin", "https://app.example.org")
        .with("access-control-request-method", "PATCH");
    let answer = preflight.send(preflight.request(Method::OPTIONS, "/learning-plans")).await;
    assert!(
        answer.status() == 204 && answer.header("access-control-allow-methods").contains("PATCH"),
        "{} {:?}",
        answer.status(),
        answer.text()
    );
    let evil = api.anyone().calling(&open).with("origin", "https://evil.example").get("//livez").await;
    assert_eq!(evil.header("access-control-allow-origin"), "");
}

async fn media_types_and_methods(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let send = async |content_type: &str, body: &'static str| {
        let request = ada.request(Method::POST, "/learning-plans").header("content-type", content_type).body(body);
        ada.send(request).await.problem()
    };
    assert_snapshot!(send("text/plain", r#"{"title":"x"}"#).await, @"415 UNSUPPORTED_MEDIA_TYPE");
    assert_snapshot!(send("application/x-www-form-urlencoded", "title=x").await, @"415 UNSUPPORTED_MEDIA_TYPE");
    assert_snapshot!(send("application/json", "{title").await, @"400 BAD_INPUT");
    assert_snapshot!(send("application/json", "[]").await, @"400 BAD_INPUT");
    assert_snapshot!(send("application/json", "null").await, @"400 BAD_INPUT");
    assert_snapshot!(send("application/json", r#"{"title":"x","colour":"red","ownerId":7}"#).await, @"400 BAD_INPUT /colour /ownerId");
    assert_snapshot!(send("application/json", r#"{"title":7}"#).await, @"400 BAD_INPUT /title");
    assert_snapshot!(send("application/json", "{}").await, @"400 BAD_INPUT /title");
    assert_snapshot!(send("application/json; charset=utf-8", r#"{"title":"x"}"#).await, @"201");
    assert_snapshot!(ada.with("accept", "text/html").get("/learning-plans").await.problem(), @"406 NOT_ACCEPTABLE");
    let plan = ada.plan("x").await;
    for (method, path, allowed) in [
        (Method::PUT, "/learning-plans".to_owned(), "GET, HEAD, POST"),
        (Method::POST, format!("/learning-plans/{plan}"), "DELETE, GET, HEAD, PATCH, PUT"),
        (Method::GET, format!("/learning-plans/{plan}/approve"), "POST"),
        (Method::POST, "/events".to_owned(), "GET, HEAD"),
        (Method::DELETE, "//livez".to_owned(), "GET, HEAD"),
    ] {
        let answer = ada.send(ada.request(method.clone(), &path)).await;
        let mut names: Vec<_> = answer.header("allow").split(", ").collect();
        names.sort_unstable();
        assert_eq!(
            (answer.problem().as_str(), names.join(", ").as_str()),
            ("405 METHOD_NOT_ALLOWED", allowed),
            "{method} {path}"
        );
    }
    assert_snapshot!(ada.get("/unheard-of").await.problem(), @"404 NOT_FOUND");
    assert_snapshot!(ada.get("/learning-plans/").await.problem(), @"404 NOT_FOUND");
    let merged = ada
        .request(Method::PATCH, &format!("/learning-plans/{plan}"))
        .header("content-type", "application/merge-patch+json");
    ada.send(merged.body(r#"{"title":"y"}"#)).await.fine();
    let head = ada.send(ada.request(Method::HEAD, &format!("/learning-plans/{plan}"))).await;
    assert!(head.status() == 200 && head.body().is_empty() && !head.header("etag").is_empty());
}

async fn sizes(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let long = "x".repeat(1024 * 1024);
    assert_snapshot!(ada.post("/learning-plans", json!({ "title": long })).await.problem(), @"413 TOO_LARGE");
    let answer = ada.graphql("query($id: ID!) { learningPlan(id: $id) { id } }", json!({ "id": long })).await;
    assert_eq!((answer.status(), answer.user_error().as_str()), (413, "errors: TOO_LARGE"));
    let nearly = "x".repeat(900_000);
    assert_snapshot!(ada.post("/learning-plans", json!({ "title": nearly })).await.problem(), @"422 VALIDATION_FAILED /title");
    // Lengths are characters, not bytes.
    let emoji = "\u{1F600}".repeat(200);
    assert_eq!(ada.create("LearningPlan", json!({ "title": emoji })).await.done()["title"], emoji);
    assert_snapshot!(ada.create("LearningPlan", json!({ "title": format!("{emoji}x") })).await.said(), @"VALIDATION_FAILED /title");
}

async fn what_one_query_may_ask_for(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let deep = "{ learningPlans(first: 100) { nodes { items(first: 100) { nodes { resources(first: 100) { nodes { title } } } } } } }";
    assert_snapshot!(ada.graphql(deep, json!({})).await.user_error(), @"errors: QUERY_TOO_EXPENSIVE");
    let batch: Vec<Value> = (0..11).map(|_| json!({ "query": "{ me { id } }" })).collect();
    assert_snapshot!(ada.post("//graphql", json!(batch)).await.user_error(), @"errors: BAD_INPUT");
    let fine = ada.post("//graphql", json!(batch[..10])).await;
    assert_eq!(fine.json().as_array().map(Vec::len), Some(10));
    let many: Vec<String> = (0..101).map(|_| crate::harness::world::nothing("pln")).collect();
    assert_snapshot!(ada.graphql("query($ids: [ID!]!) { nodes(ids: $ids) { id } }", json!({ "ids": many })).await.user_error(), @"errors: BAD_INPUT /ids");
    // By GET only queries go.
    let by_get = |query: &str| {
        ada.request(Method::GET, "//graphql")
            .query(&[("query", query)])
            .header("accept", "application/graphql-response+json")
    };
    ada.send(by_get("{ me { id } }")).await.fine();
    let mutation =
        ada.send(by_get("mutation { createLearningPlan(input: {title: \"x\"}) { learningPlan { id } } }")).await;
    assert_eq!((mutation.status(), mutation.user_error().as_str()), (405, "errors: METHOD_NOT_ALLOWED"));
    assert_eq!(ada.list("LearningPlan", &[]).await.items.len(), 0);
}

async fn headers_of_every_answer(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let mut ids = Vec::new();
    for answer in [
        ada.get("/me").await,
        ada.get("/nowhere").await,
        api.anyone().get("/me").await,
        ada.graphql("{", json!({})).await,
        api.anyone().get("//livez").await,
    ] {
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        ids.push(answer.header("x-request-id").to_owned());
    }
    ids.sort();
    ids.dedup();
    assert!(ids.len() == 5 && ids.iter().all(|id| id.len() >= 8), "{ids:?}");
    let mine = ada.with("x-request-id", "mine-12345678").get("/nowhere").await;
    assert_eq!((mine.header("x-request-id"), &mine["requestId"]), ("mine-12345678", &json!("mine-12345678")));
    let evil = ada.with("x-request-id", "short").get("/me").await;
    assert_ne!(evil.header("x-request-id"), "short");
}

async fn public_pages(api: Api) {
    let anyone: Actor = api.anyone();
    // Whoever comes first finds everything, and a line that works as it stands.
    let home = anyone.get("//").await.text();
    for path in ["/docs/", "/graphiql", "/.well-known/jwks.json", "/.well-known/oauth-protected-resource"] {
        assert!(home.contains(&format!("href=\"{path}\"")), "{path}");
    }
    assert!(home.contains(&format!("{}/api/v1/me", api.url)), "{home}");
    let docs = anyone.get("//docs/").await.text();
    assert!(docs.contains("width=device-width") && docs.contains("<title>Cairn"), "{docs}");
    for (path, kind) in [
        ("//", "text/html"),
        ("//graphiql", "text/html"),
        ("//docs/", "text/html"),
        ("//openapi.json", "application/json"),
        ("//schema.graphql", "text/plain"),
        ("//livez", "application/json"),
        ("//readyz", "application/json"),
        ("//metrics", "text/plain"),
        ("//.well-known/jwks.json", "application/json"),
        ("//.well-known/oauth-authorization-server", "application/json"),
        ("//.well-known/oauth-protected-resource", "application/json"),
        ("/error-codes", "application/json"),
    ] {
        let answer = anyone.get(path).await;
        assert!(
            answer.status() == 200 && answer.header("content-type").starts_with(kind),
            "{path}: {} {}",
            answer.status(),
            answer.header("content-type")
        );
        // Nothing is fetched from elsewhere.
        let outside = answer.text().contains("src=\"http") || answer.text().contains("cdn.");
        assert!(!kind.starts_with("text/html") || !outside, "{path} needs the internet");
    }
}
