//! Role profiles: what roles ask for, seen by all and kept by those who know the field (§16).

use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    who_keeps_role_profiles,
    what_a_role_needs,
    a_role_has_names_elsewhere,
    roles_keep_frameworks_as_they_are
);

const KIND: &str = "RoleProfile";
const NEEDS: &str = "RoleRequirement";

async fn who_keeps_role_profiles(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let new = json!({ "title": "ML engineer", "family": "Engineering", "aliases": ["AI engineer"] });
    assert_snapshot!(ada.create(KIND, new.clone()).await.said(), @"FORBIDDEN");
    let role = kim.create(KIND, new).await.done();
    assert_eq!(role["aliases"], json!(["AI engineer"]));
    let id = role["id"].as_str().unwrap();
    ada.see(KIND, id).await.done();
    assert_snapshot!(ada.update(KIND, id, json!({ "title": "x" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.tell(KIND, "delete", id).await.said(), @"FORBIDDEN");
    root.update(KIND, id, json!({ "aliases": [], "family": null, "description": "Ships models." })).await.done();
    // A title is one of several: the others find the role too.
    root.update(KIND, id, json!({ "aliases": ["Machine Learning Engineer"] })).await.done();
    assert_eq!(ada.list(KIND, &[("q", "machine learning")]).await.ids(), [id]);
    let beta = api.organization("Beta").await.admin("eve").await;
    assert_snapshot!(beta.see(KIND, id).await.said(), @"NOT_FOUND");
}

async fn what_a_role_needs(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    let role = kim.create(KIND, json!({ "title": "Analyst" })).await.id();
    let needs = |competency: &str, level: i64| json!({ "roleProfileId": role, "competencyId": competency, "requiredLevel": level });
    assert_snapshot!(ada.create(NEEDS, needs(&leaf, 2)).await.said(), @"FORBIDDEN");
    let refused = kim.create(NEEDS, needs(&leaf, 9)).await;
    assert_snapshot!(refused.said(), @"LEVEL_NOT_IN_SCALE /requiredLevel");
    assert_snapshot!(refused.details, @r#"{"levels":[1,2,3]}"#);
    let needed = kim.create(NEEDS, needs(&leaf, 2)).await.id();
    assert_snapshot!(kim.create(NEEDS, needs(&leaf, 3)).await.said(), @"REQUIREMENT_DUPLICATE /competencyId");
    assert_snapshot!(kim.create(NEEDS, needs(&nothing("cmp"), 3)).await.said(), @"REFERENCE_UNKNOWN /competencyId");
    let nowhere = json!({ "roleProfileId": nothing("rpr"), "competencyId": leaf, "requiredLevel": 2 });
    assert_snapshot!(kim.create(NEEDS, nowhere).await.said(), @"REFERENCE_UNKNOWN /roleProfileId");
    assert_snapshot!(kim.update(NEEDS, &needed, json!({ "requiredLevel": 4 })).await.said(), @"LEVEL_NOT_IN_SCALE /requiredLevel");
    kim.update(NEEDS, &needed, json!({ "requiredLevel": 3, "rationale": "Debugging" })).await.done();
    kim.create(NEEDS, needs(&other, 1)).await.done();
    let shown = ada.get(&format!("/role-profiles/{role}?expand=requirements.competency")).await.fine();
    let codes: Vec<_> = shown["requirements"]["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["competency"]["code"].clone())
        .collect();
    assert_eq!(codes, [json!("leaf-a"), json!("leaf-b")]);

    // What was deleted comes back, unless something took its place.
    kim.tell(NEEDS, "delete", &needed).await.done();
    let again = kim.create(NEEDS, needs(&leaf, 1)).await.id();
    assert_snapshot!(kim.tell(NEEDS, "restore", &needed).await.said(), @"REQUIREMENT_DUPLICATE /competencyId");
    kim.tell(NEEDS, "delete", &again).await.done();
    kim.tell(NEEDS, "restore", &needed).await.done();
    // What a role needs goes with the role.
    kim.tell(KIND, "delete", &role).await.done();
    assert_snapshot!(ada.see(NEEDS, &needed).await.said(), @"NOT_FOUND");
    kim.tell(KIND, "restore", &role).await.done();
    ada.see(NEEDS, &needed).await.done();
}

async fn a_role_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.moodle().await);
    let new = json!({ "title": "Data scientist", "aliases": ["Researcher"] });
    assert_snapshot!(ada.upsert(KIND, "esco", "2511", new.clone()).await.said(), @"FORBIDDEN");
    let role = machine.upsert(KIND, "esco", "2511", new).await.id();
    let again = machine.upsert(KIND, "esco", "2511", json!({ "title": "Data Scientist" })).await.done();
    assert_eq!(
        (&again["id"], &again["title"], &again["aliases"]),
        (&json!(role), &json!("Data Scientist"), &json!(["Researcher"]))
    );
    assert_eq!(again["externalRefs"], json!([{ "source": "esco", "externalId": "2511" }]));
}

async fn roles_keep_frameworks_as_they_are(api: Api) {
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    let (framework, [_, leaf, _]) = root.framework("own").await;
    let role = root.create(KIND, json!({ "title": "Analyst" })).await.id();
    let needs = json!({ "roleProfileId": role, "competencyId": leaf, "requiredLevel": 2 });
    root.create(NEEDS, needs).await.done();
    let mut scale = crate::harness::world::scale();
    scale["defaultLevel"] = json!(2);
    let refused = root.update("CompetencyFramework", &framework, json!({ "scale": scale })).await;
    assert_snapshot!(refused.said(), @"FRAMEWORK_IN_USE");
    assert_snapshot!(refused.details, @r#"{"evidence":0,"planItems":0,"portfolioEntries":0,"priorLearning":0,"requirements":1,"templateItems":0}"#);
    assert_snapshot!(root.tell("CompetencyFramework", "delete", &framework).await.said(), @"FRAMEWORK_IN_USE");
    assert_snapshot!(root.tell("Competency", "delete", &leaf).await.said(), @"IN_USE");
}
