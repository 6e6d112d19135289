//! Competency frameworks: what is built in, scales, and who makes them (§2).

use serde_json::json;

use crate::harness::{Api, assert_snapshot, face::id, stories_in_both_faces, world::scale};

stories_in_both_faces!(
    what_is_built_in_is_read_and_cloned_and_never_changed,
    a_scale_is_complete,
    only_those_who_manage_frameworks_do,
    a_framework_with_data_keeps_its_scale,
    a_framework_that_is_hidden_is_seen_by_its_makers,
);

const KIND: &str = "CompetencyFramework";

async fn what_is_built_in_is_read_and_cloned_and_never_changed(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (framework, competencies) = ada.foundations().await;
    let areas: Vec<_> =
        competencies.iter().filter(|one| one["parentId"].is_null()).map(|one| one["code"].as_str().unwrap()).collect();
    assert_snapshot!(areas.join(" "), @"dl math ml software");
    assert!(competencies.len() >= 39, "four areas and about 35 leaves, not {}", competencies.len());

    let seen = ada.see(KIND, &framework).await.done();
    assert_snapshot!(seen["shortName"].as_str().unwrap(), @"ai-foundations");
    let keys = ada.list(KIND, &[("shortName", "career-keys")]).await.ids().remove(0);
    let of_keys = ada.list("Competency", &[("frameworkId", &keys)]).await;
    assert_eq!(of_keys.each("code"), ["collaboration", "communication"]);
    assert_snapshot!(root.update(KIND, &framework, json!({ "title": "Ours" })).await.said(), @"BUILT_IN");
    assert_snapshot!(root.tell(KIND, "delete", &framework).await.said(), @"BUILT_IN");
    assert_snapshot!(root.update("Competency", &id(&competencies[0]), json!({ "name": "Ours" })).await.said(), @"BUILT_IN");
    let added = json!({ "frameworkId": framework, "code": "new", "name": "New" });
    assert_snapshot!(root.create("Competency", added).await.said(), @"BUILT_IN");

    let copy =
        root.act(KIND, "clone", Some(&framework), json!({ "shortName": "ours", "title": "Our own" })).await.done();
    assert_ne!(id(&copy), framework);
    let copied = ada.list("Competency", &[("frameworkId", &id(&copy)), ("first", "100"), ("count", "true")]).await;
    assert_eq!(copied.total, competencies.len());
    assert_eq!(copied.each("path"), competencies.iter().map(|one| one["path"].clone()).collect::<Vec<_>>());
    assert!(copied.items.iter().all(|one| one["frameworkId"] == copy["id"]));
    // The parents are the copies' own.
    let ids = copied.ids();
    let parents = copied.items.iter().filter_map(|one| one["parentId"].as_str());
    assert!(parents.map(str::to_owned).all(|parent| ids.contains(&parent)));
    root.update(KIND, &id(&copy), json!({ "title": "Changed" })).await.done();
    assert_snapshot!(root.act(KIND, "clone", Some(&framework), json!({ "shortName": "ours" })).await.said(), @"ALREADY_EXISTS");
}

async fn a_scale_is_complete(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let with = async |levels: &[(i64, bool)], default: i64| {
        let levels: Vec<_> = levels
            .iter()
            .map(|(value, proficient)| json!({ "value": value, "name": "L", "proficient": proficient }))
            .collect();
        let scale = json!({ "levels": levels, "defaultLevel": default });
        root.create(KIND, json!({ "shortName": format!("s{}", levels.len()), "title": "T", "scale": scale }))
            .await
            .said()
    };
    assert_snapshot!(with(&[(1, false), (2, true)], 3).await, @"SCALE_INCOMPLETE /scale/defaultLevel");
    assert_snapshot!(with(&[(1, false), (2, false)], 1).await, @"SCALE_INCOMPLETE /scale/levels");
    assert_snapshot!(with(&[(2, true), (1, true)], 1).await, @"SCALE_INCOMPLETE /scale/levels");
    assert_snapshot!(with(&[], 1).await, @"SCALE_INCOMPLETE /scale/defaultLevel /scale/levels");
    assert_snapshot!(with(&[(1, false), (2, true)], 1).await, @"fine");
    assert_snapshot!(root.list(KIND, &[("q", "s2")]).await.items.len(), @"1");
}

async fn only_those_who_manage_frameworks_do(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let new = json!({ "shortName": "own", "title": "Own", "scale": scale() });
    for who in [&ada, &kim, &acme.analyst("noor").await] {
        assert_eq!(who.create(KIND, new.clone()).await.said(), "FORBIDDEN");
    }
    let own = root.create(KIND, new.clone()).await.id();
    assert_snapshot!(ada.update(KIND, &own, json!({ "title": "Mine" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.tell(KIND, "delete", &own).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.act(KIND, "clone", Some(&own), json!({ "shortName": "mine" })).await.said(), @"FORBIDDEN");
    let reader = acme.client(&[entity::platform::client::Scope::LearningRead]).await;
    assert_snapshot!(reader.create(KIND, new.clone()).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(acme.moodle().await.create(KIND, new).await.said(), @"ALREADY_EXISTS");
    assert_snapshot!(api.organization("Beta").await.admin("eve").await.see(KIND, &own).await.said(), @"NOT_FOUND");
}

async fn a_framework_with_data_keeps_its_scale(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (framework, [_, leaf, _]) = root.framework("own").await;
    let mut wider = scale();
    wider["levels"][0]["name"] = json!("Beginner");
    root.update(KIND, &framework, json!({ "scale": wider })).await.done();

    let plan = ada.plan("Learn").await;
    ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.done();
    let refused = root.update(KIND, &framework, json!({ "scale": scale() })).await;
    assert_snapshot!(refused.said(), @"FRAMEWORK_IN_USE");
    assert_snapshot!(refused.details, @r#"{"evidence":0,"planItems":1,"portfolioEntries":0,"priorLearning":0,"requirements":0,"templateItems":0}"#);
    assert_snapshot!(root.tell(KIND, "delete", &framework).await.said(), @"FRAMEWORK_IN_USE");
    // The same scale is no change of it, and all else may change.
    root.update(KIND, &framework, json!({ "scale": wider, "title": "Renamed" })).await.done();
}

async fn a_framework_that_is_hidden_is_seen_by_its_makers(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (framework, [leaf, ..]) = root.framework("draft").await;
    ada.see("Competency", &leaf).await.done();
    root.update(KIND, &framework, json!({ "visible": false })).await.done();
    assert_snapshot!(ada.see(KIND, &framework).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.see("Competency", &leaf).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.list("Competency", &[("frameworkId", &framework)]).await.items.len(), @"0");
    let plan = ada.plan("Learn").await;
    let item = json!({ "planId": plan, "competencyId": leaf });
    assert_snapshot!(ada.create("PlanItem", item).await.said(), @"REFERENCE_UNKNOWN /competencyId");
    let whole = json!({ "title": "All of it", "fromFrameworkId": framework });
    assert_snapshot!(ada.create("LearningPlan", whole).await.said(), @"REFERENCE_UNKNOWN /fromFrameworkId");
    root.see(KIND, &framework).await.done();
}
