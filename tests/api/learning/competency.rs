//! Competencies: a tree in one framework, without cycles, each code once (§2).

use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    the_tree_keeps_its_form,
    what_is_moved_takes_along_what_is_below_it,
    what_is_used_stays,
    words_in_their_limits,
    no_cycle_is_made_at_once
);

const KIND: &str = "Competency";

async fn the_tree_keeps_its_form(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let (framework, [top, leaf, _]) = root.framework("one").await;
    let (other, [far, ..]) = root.framework("two").await;

    let twin = json!({ "frameworkId": framework, "code": "leaf-a", "name": "Twin" });
    assert_snapshot!(root.create(KIND, twin).await.said(), @"ALREADY_EXISTS");
    let astray = json!({ "frameworkId": framework, "parentId": far, "code": "c", "name": "C" });
    assert_snapshot!(root.create(KIND, astray).await.said(), @"REFERENCE_UNKNOWN /parentId");
    let nowhere = json!({ "frameworkId": nothing("cfw"), "code": "c", "name": "C" });
    assert_snapshot!(root.create(KIND, nowhere).await.said(), @"REFERENCE_UNKNOWN /frameworkId");

    assert_snapshot!(root.update(KIND, &leaf, json!({ "frameworkId": other })).await.said(), @"FRAMEWORK_IMMUTABLE /frameworkId");
    root.update(KIND, &leaf, json!({ "frameworkId": framework })).await.done();
    assert_snapshot!(root.update(KIND, &top, json!({ "parentId": leaf })).await.said(), @"COMPETENCY_CYCLE /parentId");
    assert_snapshot!(root.update(KIND, &top, json!({ "parentId": top })).await.said(), @"COMPETENCY_CYCLE /parentId");
    assert_snapshot!(root.update(KIND, &leaf, json!({ "parentId": far })).await.said(), @"REFERENCE_UNKNOWN /parentId");
    assert_snapshot!(root.update(KIND, &leaf, json!({ "code": "leaf-b" })).await.said(), @"ALREADY_EXISTS");
}

async fn what_is_moved_takes_along_what_is_below_it(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let (framework, [top, leaf, other]) = root.framework("one").await;
    let paths = async || {
        let all = root.list(KIND, &[("frameworkId", &framework)]).await;
        all.each("path").iter().map(|path| path.as_str().unwrap().to_owned()).collect::<Vec<_>>().join(" ")
    };
    assert_snapshot!(paths().await, @"root root/leaf-a root/leaf-b");
    root.update(KIND, &other, json!({ "parentId": leaf })).await.done();
    assert_snapshot!(paths().await, @"root root/leaf-a root/leaf-a/leaf-b");
    root.update(KIND, &top, json!({ "code": "top" })).await.done();
    assert_snapshot!(paths().await, @"top top/leaf-a top/leaf-a/leaf-b");
    root.update(KIND, &leaf, json!({ "parentId": null })).await.done();
    assert_snapshot!(paths().await, @"leaf-a leaf-a/leaf-b top");

    // Ten levels and no more.
    let mut above = other;
    for depth in 3..=10 {
        let code = format!("d{depth}");
        above = root
            .create(KIND, json!({ "frameworkId": framework, "parentId": above, "code": code, "name": code }))
            .await
            .id();
    }
    let eleventh = json!({ "frameworkId": framework, "parentId": above, "code": "d11", "name": "d11" });
    assert_snapshot!(root.create(KIND, eleventh).await.said(), @"FRAMEWORK_TOO_DEEP /parentId");
    assert_snapshot!(root.update(KIND, &leaf, json!({ "parentId": top })).await.said(), @"FRAMEWORK_TOO_DEEP /parentId");
}

async fn what_is_used_stays(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [top, leaf, other]) = root.framework("one").await;
    assert_snapshot!(root.tell(KIND, "delete", &top).await.said(), @"IN_USE");
    let plan = ada.plan("Learn").await;
    ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.done();
    let refused = root.tell(KIND, "delete", &leaf).await;
    assert_snapshot!(refused.said(), @"IN_USE");
    assert_snapshot!(refused.details, @r#"{"children":0,"evidence":0,"planItems":1,"portfolioEntries":0,"priorLearning":0,"requirements":0,"templateItems":0}"#);
    root.tell(KIND, "delete", &other).await.done();
    assert_snapshot!(ada.tell(KIND, "restore", &other).await.said(), @"FORBIDDEN");
    root.tell(KIND, "restore", &other).await.done();
    ada.see(KIND, &other).await.done();
}

async fn words_in_their_limits(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let (framework, _) = root.framework("one").await;
    let wrong = json!({
        "frameworkId": framework, "code": "a b", "name": " ", "description": "\u{0}", "sortOrder": -1,
        "alignments": [{ "framework": "ESCO", "uri": "no address" }],
    });
    assert_snapshot!(root.create(KIND, wrong).await.said(), @"VALIDATION_FAILED /code /name /description /sortOrder /alignments/0/uri");
    let right = json!({
        "frameworkId": framework, "code": "SQL.1~a", "name": "Größe \u{1F600}", "description": "Two\nlines", "rule": "ALL",
        "alignments": [{ "framework": "ESCO", "uri": "https://data.europa.eu/esco/skill/1" }],
    });
    let made = root.create(KIND, right.clone()).await.done();
    for name in ["code", "name", "description", "rule", "alignments"] {
        assert_eq!(made[name], right[name]);
    }
}

async fn no_cycle_is_made_at_once(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let framework = root.framework("own").await.0;
    for round in 0..5 {
        let mut pair = Vec::new();
        for side in ["a", "b"] {
            let new = json!({ "frameworkId": framework, "code": format!("{side}{round}"), "name": side });
            pair.push(root.create(KIND, new).await.id());
        }
        let under = |one: &str, other: &str| {
            let (root, one, parent) = (root.clone(), one.to_owned(), json!({ "parentId": other }));
            tokio::spawn(async move { root.update(KIND, &one, parent).await.said() })
        };
        let both = [under(&pair[0], &pair[1]), under(&pair[1], &pair[0])];
        let mut said = Vec::new();
        for one in both {
            said.push(one.await.unwrap());
        }
        said.sort();
        assert_eq!(said, ["COMPETENCY_CYCLE /parentId", "fine"]);
    }
}
