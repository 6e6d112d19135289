//! Learning resources: added by every member, changed by who added them (§3).

use serde_json::{Value, json};

use crate::harness::{Api, assert_snapshot, face::id, stories, stories_in_both_faces};

stories_in_both_faces!(
    everybody_adds_and_changes_their_own,
    what_is_kept_and_what_is_cleared,
    links_to_competencies,
    all_kinds
);
stories!(the_whole_shape);

const KIND: &str = "LearningResource";

async fn everybody_adds_and_changes_their_own(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let book = ada.create(KIND, json!({ "kind": "BOOK", "title": "Deep Learning" })).await.id();
    ben.see(KIND, &book).await.done();
    assert_snapshot!(ben.update(KIND, &book, json!({ "title": "Mine" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ben.tell(KIND, "delete", &book).await.said(), @"FORBIDDEN");
    ada.update(KIND, &book, json!({ "title": "Deep Learning, 2nd" })).await.done();
    root.update(KIND, &book, json!({ "provider": "MIT" })).await.done();
    acme.moodle().await.update(KIND, &book, json!({ "estimatedMinutes": 600 })).await.done();
    let eve = api.organization("Beta").await.learner("eve").await;
    assert_snapshot!(eve.see(KIND, &book).await.said(), @"NOT_FOUND");
    assert_snapshot!(eve.update(KIND, &book, json!({ "title": "x" })).await.said(), @"NOT_FOUND");
}

async fn what_is_kept_and_what_is_cleared(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let new = json!({ "kind": "COURSE", "title": "ML", "url": "https://example.org/ml", "provider": "DLAI", "estimatedMinutes": 90 });
    let course = ada.create(KIND, new.clone()).await.done();
    let id = id(&course);
    let same = ada.update(KIND, &id, json!({})).await.done();
    assert_eq!(same["version"], 1, "what changes nothing is no new version");
    let after = ada.update(KIND, &id, json!({ "url": null, "provider": "deeplearning.ai" })).await.done();
    assert_eq!(
        (&after["url"], &after["title"], &after["estimatedMinutes"]),
        (&Value::Null, &new["title"], &new["estimatedMinutes"])
    );
    assert_eq!((&after["provider"], &after["version"]), (&json!("deeplearning.ai"), &json!(2)));
    assert_snapshot!(ada.update(KIND, &id, json!({ "title": null })).await.said(), @"BAD_INPUT /title");
    let wrong = json!({ "title": "", "url": "ftp://x", "estimatedMinutes": 0 });
    assert_snapshot!(ada.update(KIND, &id, wrong).await.said(), @"VALIDATION_FAILED /title /url /estimatedMinutes");
}

async fn links_to_competencies(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, a, b]) = root.framework("own").await;
    let foreign = api.organization("Beta").await.admin("eve").await.framework("other").await.1;
    let new = json!({ "kind": "COURSE", "title": "ML", "competencyIds": [a, b, a] });
    let course = ada.create(KIND, new).await.id();
    let linked = async || {
        let answer = ada.get(&format!("/learning-resources/{course}?expand=competencies")).await;
        answer["competencies"]["items"].as_array().unwrap().len()
    };
    assert_snapshot!(linked().await, @"2");
    ada.update(KIND, &course, json!({ "competencyIds": [b] })).await.done();
    assert_snapshot!(linked().await, @"1");
    ada.update(KIND, &course, json!({ "title": "Still linked" })).await.done();
    assert_snapshot!(linked().await, @"1");
    ada.update(KIND, &course, json!({ "competencyIds": [] })).await.done();
    assert_snapshot!(linked().await, @"0");
    let astray = json!({ "competencyIds": [foreign[0]] });
    assert_snapshot!(ada.update(KIND, &course, astray).await.said(), @"REFERENCE_UNKNOWN /competencyIds/0");
    // The place is that of the input, whatever order things are looked at in.
    let second = json!({ "kind": "COURSE", "title": "X", "competencyIds": [foreign[0], a] });
    assert_snapshot!(ada.create(KIND, second).await.said(), @"REFERENCE_UNKNOWN /competencyIds/0");
}

async fn all_kinds(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    for kind in ["COURSE", "BOOK", "PAPER", "ARTICLE", "VIDEO", "PROJECT", "OTHER"] {
        ada.create(KIND, json!({ "kind": kind, "title": kind })).await.done();
    }
    assert_snapshot!(ada.list(KIND, &[("kind", "COURSE,PAPER"), ("count", "true")]).await.total, @"2");
    assert_snapshot!(ada.list(KIND, &[("q", "art")]).await.each("title")[0], @r#""ARTICLE""#);
}

async fn the_whole_shape(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let new = json!({
        "kind": "COURSE", "title": "ML", "url": "https://example.org/ml?a=b", "estimatedMinutes": 90,
        "externalRefs": [{ "source": "moodle", "externalId": "course/7" }],
    });
    let made = ada.post("/learning-resources", new).await;
    assert_snapshot!(made.status(), @"201");
    assert_eq!(made.header("location"), format!("/api/v1/learning-resources/{}", made.id()));
    let mut seen = ada.get(&format!("/learning-resources/{}", made.id())).await.json().clone();
    assert_eq!(seen["createdBy"], ada.id);
    assert_eq!(seen["createdAt"], seen["updatedAt"]);
    assert!(seen["createdAt"].as_str().is_some_and(|at| at.len() == 27 && at.ends_with('Z')), "{}", seen["createdAt"]);
    for name in ["id", "createdBy", "createdAt", "updatedAt"] {
        seen[name] = json!("…");
    }
    let shown: Vec<String> = seen.as_object().unwrap().iter().map(|(name, value)| format!("{name}: {value}")).collect();
    assert_snapshot!(shown.join("\n"), @r#"
    createdAt: "…"
    createdBy: "…"
    deletedAt: null
    estimatedMinutes: 90
    externalRefs: [{"externalId":"course/7","source":"moodle"}]
    id: "…"
    kind: "COURSE"
    provider: null
    title: "ML"
    updatedAt: "…"
    url: "https://example.org/ml?a=b"
    version: 1
    "#);
}
