//! Projects: whose they are, and who sees and changes them (§9).

use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_project_begins_at_the_first_step,
    what_is_changed_by_hand_and_what_is_not,
    who_sees_a_project,
    a_project_has_names_elsewhere,
    projects_are_found
);

const KIND: &str = "Project";

async fn a_project_begins_at_the_first_step(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    let project = ada.create(KIND, json!({ "title": "Wind", "domain": "Energy" })).await.done();
    assert_eq!(
        [&project["status"], &project["currentStep"], &project["kind"], &project["ownerId"]],
        [&json!("SCOPING"), &json!("BUSINESS_PROBLEM"), &json!("PERSONAL"), &json!(ada.id)]
    );
    let id = project["id"].as_str().unwrap();
    let scopes = ada.list("Scope", &[("projectId", id)]).await;
    assert_eq!((scopes.items.len(), &scopes.items[0]["revision"]), (1, &json!(1)));
    // A machine says whose it is; nobody begins one for somebody who did not let them.
    assert_snapshot!(machine.create(KIND, json!({ "title": "Sun" })).await.said(), @"OWNER_REQUIRED /ownerId");
    machine.create(KIND, json!({ "title": "Sun", "ownerId": ada.id })).await.done();
    let ben = acme.learner("ben").await;
    let for_her = json!({ "title": "Sun", "ownerId": ada.id });
    assert_snapshot!(ben.create(KIND, for_her.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    ada.opens(&ben, &["projects:read"]).await;
    assert_snapshot!(ben.create(KIND, for_her.clone()).await.said(), @"FORBIDDEN");
    ada.opens(&ben, &["projects:write"]).await;
    assert_eq!(ben.create(KIND, for_her).await.done()["ownerId"], json!(ada.id));
}

async fn what_is_changed_by_hand_and_what_is_not(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let id = ada.create(KIND, json!({ "title": "Wind" })).await.id();
    let after =
        ada.update(KIND, &id, json!({ "summary": "Blows.", "dueOn": "2027-01-01", "kind": "WORK" })).await.done();
    assert_eq!((&after["version"], &after["summary"], &after["kind"]), (&json!(2), &json!("Blows."), &json!("WORK")));
    assert_snapshot!(ada.update(KIND, &id, json!({ "status": "SCOPED" })).await.said(), @"USE_STATE_COMMAND /status");
    assert_snapshot!(ada.update(KIND, &id, json!({ "ownerId": ben.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    let same = json!({ "status": "SCOPING", "ownerId": ada.id, "title": "Wind" });
    assert_eq!(ada.update(KIND, &id, same).await.done()["version"], 2);
    assert_snapshot!(ada.knowing(1).update(KIND, &id, json!({ "title": "x" })).await.said(), @"VERSION_MISMATCH");
    ada.tell(KIND, "delete", &id).await.done();
    assert_snapshot!(ada.see(KIND, &id).await.said(), @"NOT_FOUND");
    assert!(ada.list("Scope", &[]).await.items.is_empty(), "a scope goes with its project");
    ada.tell(KIND, "restore", &id).await.done();
    assert_eq!(ada.list("Scope", &[]).await.items.len(), 1);
}

async fn who_sees_a_project(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let id = ada.create(KIND, json!({ "title": "Wind" })).await.id();
    let scope = ada.list("Scope", &[("projectId", &id)]).await.ids().remove(0);
    let change = || json!({ "title": "Storm" });
    for who in [&ben, &root] {
        assert_snapshot!(who.see(KIND, &id).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.see("Scope", &scope).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.update(KIND, &id, change()).await.said(), @"NOT_FOUND");
        assert!(who.list(KIND, &[]).await.items.is_empty());
    }
    // What opens her learning opens none of her projects.
    ada.opens(&ben, &["learning:write", "jobs:read"]).await;
    assert_snapshot!(ben.see(KIND, &id).await.said(), @"NOT_FOUND");
    ada.opens(&ben, &["projects:read"]).await;
    ben.see("Scope", &scope).await.done();
    assert_snapshot!(ben.update(KIND, &id, change()).await.said(), @"FORBIDDEN");
    ada.opens(&ben, &["projects:write"]).await;
    ben.update(KIND, &id, change()).await.done();
    assert_eq!(ben.list(KIND, &[]).await.ids(), [id.as_str()]);
    let stranger = api.organization("Beta").await.admin("eve").await;
    assert_snapshot!(stranger.see(KIND, &id).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.see(KIND, &nothing("prj")).await.said(), @"NOT_FOUND");
}

async fn a_project_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    let new = json!({ "title": "Wind", "ownerId": ada.id });
    let made = machine.upsert(KIND, "jira", "WIND-1", new).await.done();
    let again = json!({ "title": "Wind power", "domain": "Energy" });
    let after = machine.upsert(KIND, "jira", "WIND-1", again).await.done();
    assert_eq!((&after["id"], &after["title"], &after["version"]), (&made["id"], &json!("Wind power"), &json!(2)));
    assert_eq!(after["externalRefs"], json!([{ "source": "jira", "externalId": "WIND-1" }]));
    assert_eq!(ada.list(KIND, &[]).await.items.len(), 1);
}

async fn projects_are_found(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    for (title, domain) in [("Wind", "Energy"), ("Sun", "Energy"), ("Pills", "Health")] {
        ada.create(KIND, json!({ "title": title, "domain": domain })).await.done();
    }
    let found = async |query: &[(&str, &str)]| ada.list(KIND, query).await.each("title");
    assert_eq!(found(&[("domain", "Energy"), ("sort", "title")]).await, ["Sun", "Wind"]);
    assert_eq!(found(&[("q", "heal")]).await, ["Pills"]);
    assert_eq!(found(&[("currentStep", "BUSINESS_PROBLEM"), ("status", "SCOPING"), ("count", "true")]).await.len(), 3);
    assert_eq!(found(&[("currentStep", "BUDGET")]).await.len(), 0);
    assert_eq!(found(&[("ownerId", &ada.id), ("sort", "-title")]).await, ["Wind", "Sun", "Pills"]);
}
