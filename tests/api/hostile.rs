//! Hostile input: nothing kills the process, takes long, or is a fault of the house.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, run, stories};

stories!(documents_that_bite, bodies_that_bite, texts_that_bite, ids_that_bite);

/// The house answers as before, and has told of no fault of its own.
async fn unharmed(ada: &Actor) {
    let answer = ada.graphql("{ me { id } }", json!({})).await.fine();
    assert_eq!(answer["data"]["me"]["id"], ada.id);
}

/// The most memory that this process has held so far, in KiB, where the system tells.
fn memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok()).unwrap_or(0)
}

async fn documents_that_bite(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let media = ada.with("accept", "application/graphql-response+json");
    let nested = |open: &str, close: &str, n: usize| format!("{}{}", open.repeat(n), close.repeat(n));
    // Each spreads the next one ten times: written out, it would be ten to the tenth.
    let spreads = (0..10).fold("{ ...f0 }".to_owned(), |document, n| {
        format!("{document} fragment f{n} on Query {{ {} }}", format!("...f{} ", n + 1).repeat(10))
    });
    let spreads = format!("{spreads} fragment f10 on Query {{ me {{ id }} }}");
    let documents = [
        ("a list in lists", format!("{{ node(id: {}) {{ id }} }}", nested("[", "]", 5000))),
        ("an object in objects", format!("{{ node(id: {}1{}) {{ id }} }}", "{a:".repeat(5000), "}".repeat(5000))),
        ("a selection in selections", nested("{a", "}", 5000)),
        ("fragments that multiply", spreads),
        ("a fragment in itself", "{ ...a } fragment a on Query { ...a }".to_owned()),
        ("fragments in a ring", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }".to_owned()),
        ("aliases", format!("{{ {} }}", (0..20_000).map(|n| format!("a{n}: me {{ id }} ")).collect::<String>())),
        ("directives", format!("{{ me {} {{ id }} }}", "@include(if: true) ".repeat(20_000))),
        ("a list of types", format!("query($a: {}) {{ me {{ id }} }}", nested("[", "]", 3000))),
        ("a long number", format!("{{ learningPlans(first: {}) {{ nodes {{ id }} }} }}", "9".repeat(100_000))),
        ("a long string", format!("{{ node(id: \"{}\") {{ id }} }}", "\\u0000".repeat(50_000))),
        ("an unclosed block", format!("{{ node(id: \"\"\"{}", "x".repeat(200_000))),
        ("no document", "\u{feff}\u{0}\u{202e}".to_owned()),
        (
            "introspection in circles",
            format!("{{ __schema {{ types {}name{} }} }}", "{ fields { type ".repeat(40), "} } ".repeat(40)),
        ),
    ];
    for (name, document) in documents {
        let (since, before) = (Instant::now(), memory());
        let answer = media.graphql(&document, json!({})).await;
        let took = since.elapsed();
        assert!([200, 400, 413].contains(&answer.status()), "{name}: {} {}", answer.status(), answer.text());
        assert!(
            answer.json()["errors"][0].is_object() && answer.body().len() < 100_000,
            "{name}: {}",
            answer.body().len()
        );
        // The debug build is many times slower than the half second that a release may take.
        assert!(took < Duration::from_secs(3), "{name} took {took:?}");
        let grown = memory().saturating_sub(before);
        assert!(!run::alone() || grown < 64 * 1024, "{name} took {grown} KiB");
        unharmed(&ada).await;
    }
}

async fn bodies_that_bite(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: Vec<(&str, Vec<u8>)> = vec![
        ("deep", deep.clone().into_bytes()),
        ("deep within", format!("{{\"title\":{deep}}}").into_bytes()),
        ("no UTF-8", b"{\"title\":\"\xff\xfe\"}".to_vec()),
        ("half a surrogate", b"{\"title\":\"\\ud800\"}".to_vec()),
        ("a huge number", b"{\"title\":1e99999}".to_vec()),
        ("twice", b"{\"title\":\"a\",\"title\":\"b\"}".to_vec()),
        (
            "many members",
            format!("{{{}\"title\":\"x\"}}", (0..30_000).map(|n| format!("\"m{n}\":1,")).collect::<String>())
                .into_bytes(),
        ),
        ("nothing", Vec::new()),
    ];
    for (name, body) in bodies {
        for path in ["/learning-plans", "//graphql", "//auth/login", "//oauth/token"] {
            let request = ada.request(Method::POST, path).header("content-type", "application/json").body(body.clone());
            let answer = ada.send(request).await;
            let fine = name == "twice" && path == "/learning-plans";
            assert!(
                fine || (400..500).contains(&answer.status()) || path == "//graphql",
                "{name} to {path}: {} {}",
                answer.status(),
                answer.text()
            );
            assert!(
                answer.status() < 500 && answer.body().len() < 50_000,
                "{name} to {path}: {} {}",
                answer.status(),
                answer.body().len()
            );
        }
    }
    let merge = ada.plan("x").await;
    let answer = ada
        .patch(
            &format!("/learning-plans/{merge}"),
            json!({ "__proto__": {}, "id": "x", "version": 9, "organizationId": "x" }),
        )
        .await;
    assert_eq!(answer.problem(), "400 BAD_INPUT /__proto__ /id /organizationId /version");
    unharmed(&ada).await;
}

async fn texts_that_bite(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let texts = [
        "'; DROP TABLE learning_plan; --",
        "\" OR 1=1 --",
        "${jndi:ldap://x}",
        "{{7*7}}",
        "<script>alert(1)</script>",
        "%s%n",
        "\\",
        "\\u0000",
        "$1",
        "?1",
        ":a",
        "../../etc/passwd",
        "\u{202e}txt.exe",
        "\u{1F468}\u{200D}\u{1F469}\u{200D}\u{1F467}",
        "Z\u{351}\u{346}algo",
        "\"quoted\" \\ /",
        "null",
    ];
    for text in texts {
        let made = ada.create("LearningPlan", json!({ "title": text, "description": text })).await.done();
        assert_eq!((&made["title"], &made["description"]), (&json!(text), &json!(text)));
        let found = ada.list("LearningPlan", &[("q", text)]).await;
        assert!(found.ids().contains(&made["id"].as_str().unwrap().to_owned()), "{text} finds itself");
        let by_graphql =
            ada.through(crate::harness::Face::Graphql).see("LearningPlan", made["id"].as_str().unwrap()).await.done();
        assert_eq!(by_graphql["title"], text);
    }
    // What neither database could keep, or nobody could read, is refused.
    for text in ["a\u{0}b", "line\nbreak", " ", "\t", "\u{7f}"] {
        let refused = ada.create("LearningPlan", json!({ "title": text })).await.said();
        assert_eq!(refused, "VALIDATION_FAILED /title", "{text:?}");
    }
    for query in
        [[("q", "\0")], [("q", "%00")], [("createdAt.gt", "2026-01-01T00:00:00+99:00")], [("dueOn.gt", "+12026-01-01")]]
    {
        let said = ada.list("LearningPlan", &query).await.refused;
        assert!(said.is_none_or(|said| said.starts_with("BAD_INPUT")), "{query:?}");
    }
    unharmed(&ada).await;
}

async fn ids_that_bite(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let plan = ada.plan("x").await;
    let own = plan.strip_prefix("pln_").unwrap();
    let ids = [
        plan.to_uppercase(),
        format!("usr_{own}"),
        own.to_owned(),
        format!("pln_8{}", &own[1..]),
        format!("{plan}0"),
        "..".to_owned(),
        "%2e%2e".to_owned(),
        "%00".to_owned(),
        "'".to_owned(),
        "pln_".to_owned(),
        "x".repeat(5000),
        "%F0%9F%98%80".to_owned(),
    ];
    for id in ids {
        let answer = ada.get(&format!("/learning-plans/{id}")).await;
        assert!([400, 404, 414].contains(&answer.status()), "{id}: {}", answer.status());
    }
    for id in [json!(format!("usr_{own}")), json!("nonsense"), json!(7), json!(null), json!([plan, plan])] {
        let answer: Value =
            ada.graphql("query($id: ID!) { learningPlan(id: $id) { id } }", json!({ "id": id })).await.json().clone();
        assert!(
            answer["errors"][0]["extensions"]["code"] == "BAD_INPUT" || answer["data"]["learningPlan"].is_null(),
            "{id}: {answer}"
        );
    }
    unharmed(&ada).await;
}
