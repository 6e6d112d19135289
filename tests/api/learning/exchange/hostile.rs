//! Documents that nobody means well with.

use serde_json::{Value, json};

use super::{
    KIND, import, outcome,
    package::{package, uuid},
    work,
};
use crate::harness::{Api, Face, stories};

stories!(sizes, forms, many_of_everything);

async fn sizes(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let padded = |bytes: usize| {
        let mut document = package([1, 1, 0, 0]);
        document["CFDocument"]["notes"] = json!("x".repeat(bytes));
        json!({ "kind": "CASE", "document": document, "shortName": "data" })
    };
    // More than others may have, in REST; in GraphQL as always.
    let job = root.post("/import-jobs", padded(3 * 1024 * 1024)).await;
    assert_eq!(job.status(), 202, "{}", job.text());
    work(&api).await;
    assert_eq!(root.see(KIND, &job.id()).await.done()["state"], "SUCCEEDED");
    assert_eq!(root.post("/import-jobs", padded(17 * 1024 * 1024)).await.problem(), "413 TOO_LARGE");
    assert_eq!(
        root.post("/learning-plans", json!({ "title": "x".repeat(1024 * 1024) })).await.problem(),
        "413 TOO_LARGE"
    );
    let large = root.through(Face::Graphql).create(KIND, padded(1024 * 1024)).await;
    assert_eq!(large.code(), "TOO_LARGE");
    let plan = json!({ "kind": "LEARNING_PLAN", "document": { "x": "y".repeat(1024 * 1024) } });
    assert_eq!(root.post("/import-jobs", plan).await.problem(), "413 TOO_LARGE /document");
}

async fn forms(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let send = async |body: String| {
        root.send(
            root.request(reqwest::Method::POST, "/import-jobs").header("content-type", "application/json").body(body),
        )
        .await
    };
    let nested = format!(r#"{{"kind":"CASE","document":{}1{}}}"#, "[".repeat(5000), "]".repeat(5000));
    assert_eq!(send(nested).await.problem(), "400 BAD_INPUT ");
    let many = format!(r#"{{"kind":"CASE","document":[{}1]}}"#, "[],".repeat(1_200_000));
    assert_eq!(send(many).await.problem(), "413 TOO_LARGE");
    for value in [
        json!(1),
        json!("x"),
        json!([]),
        json!({}),
        json!({ "CFDocument": [] }),
        json!({ "CFDocument": { "identifier": {}, "title": [] }, "CFItems": 1, "CFAssociations": "x", "CFRubrics": 7 }),
    ] {
        let job = import(&root, json!({ "kind": "CASE", "document": value })).await;
        assert!(outcome(&job).starts_with("FAILED 0 0 0 0 errors: "), "{}", outcome(&job));
    }
    // Whatever stands where something is expected, it is refused or left alone, and never fails badly.
    let whole = package([1, 1, 1, 0]);
    for wrong in [json!(null), json!(7), json!("x"), json!([[]]), json!({ "identifier": 1 }), json!("\u{0}\u{1f}")] {
        for at in [
            "/CFDocument/title",
            "/CFItems/0",
            "/CFItems/1/fullStatement",
            "/CFItems/1/extensions",
            "/CFItems/0/abbreviatedStatement",
            "/CFAssociations/0",
            "/CFAssociations/1/destinationNodeURI",
            "/CFAssociations/1/sequenceNumber",
            "/CFDefinitions",
            "/CFRubrics",
        ] {
            let mut document = whole.clone();
            let (above, name) = at.rsplit_once('/').unwrap();
            let above = document.pointer_mut(above).unwrap();
            match name.parse::<usize>() {
                Ok(place) => above[place] = wrong.clone(),
                Err(_) => above[name] = wrong.clone(),
            }
            let job = import(&root, json!({ "kind": "CASE", "document": document, "shortName": "data" })).await;
            let state = job["state"].as_str().unwrap();
            assert!(["SUCCEEDED", "FAILED"].contains(&state), "{at} {wrong}");
            assert!(!outcome(&job).contains("INTERNAL"), "{at} {wrong}: {}", outcome(&job));
        }
    }
}

async fn many_of_everything(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    // A chain of twenty thousand that bites its own tail, each with sixty members that nobody knows.
    let node = |n: usize| json!({ "identifier": uuid(2, n) });
    let count = 4000;
    let items: Vec<Value> = (0..count)
        .map(|n| {
            let mut item = json!({ "identifier": uuid(2, n), "fullStatement": "x" });
            for member in 0..15 {
                item[format!("m{member}")] = json!(n);
            }
            item
        })
        .collect();
    let associations: Vec<Value> = (0..count)
        .map(|n| json!({ "associationType": "isChildOf", "originNodeURI": node(n), "destinationNodeURI": node((n + 1) % count) }))
        .collect();
    let document = json!({ "CFDocument": { "identifier": "d", "title": "Round" }, "CFItems": items, "CFAssociations": associations });
    let job = import(&root, json!({ "kind": "CASE", "document": document })).await;
    assert_eq!(
        (&job["state"], &job["errorCount"], &job["errors"][0]["code"]),
        (&json!("FAILED"), &json!(count), &json!("COMPETENCY_CYCLE"))
    );
    assert_eq!(job["errors"].as_array().unwrap().len(), 200);
}
