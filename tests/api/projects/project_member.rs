//! Who is in a project, and what each may do there (§30).

use serde_json::json;

use crate::harness::{Api, Face, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(what_each_role_may, who_is_taken_in, who_leaves_sees_no_more);

const KIND: &str = "ProjectMember";

async fn what_each_role_may(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let mut said = Vec::new();
    for role in ["LEAD", "CONTRIBUTOR", "OBSERVER"] {
        let who = acme.learner(&role.to_lowercase()).await;
        let takes = json!({ "projectId": project, "userId": who.id, "role": role });
        let member = ada.create(KIND, takes).await.id();
        who.see("Project", &project).await.done();
        who.see(KIND, &member).await.done();
        assert_eq!(who.list("Project", &[]).await.ids(), [project.as_str()]);
        assert_eq!(who.list("Scope", &[]).await.items.len(), 1);
        let title = json!({ "title": format!("By {role}") });
        let changed = who.update("Project", &project, title).await.said();
        let taken = json!({ "projectId": project, "userId": acme.learner(&format!("{role}-friend")).await.id, "role": "OBSERVER" });
        let taken = who.create(KIND, taken).await.said();
        let gone = who.tell("Project", "delete", &project).await.said();
        said.push(format!("{role}: change {changed}, take in {taken}, delete {gone}"));
    }
    assert_snapshot!(said.join("\n"), @r"
        LEAD: change fine, take in FORBIDDEN, delete FORBIDDEN
        CONTRIBUTOR: change FORBIDDEN, take in FORBIDDEN, delete FORBIDDEN
        OBSERVER: change FORBIDDEN, take in FORBIDDEN, delete FORBIDDEN
    ");
}

async fn who_is_taken_in(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, eve) =
        (acme.learner("ada").await, acme.learner("ben").await, api.organization("Beta").await.learner("eve").await);
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let takes = |who: serde_json::Value| {
        let mut takes = json!({ "projectId": project, "role": "CONTRIBUTOR" });
        takes.as_object_mut().unwrap().extend(who.as_object().unwrap().clone());
        takes
    };
    let said = async |who| ada.create(KIND, takes(who)).await.said();
    assert_snapshot!(said(json!({})).await, @"MEMBER_AMBIGUOUS /userId");
    assert_snapshot!(said(json!({ "userId": ben.id, "userEmail": "ben@acme.example" })).await, @"MEMBER_AMBIGUOUS /userId");
    assert_snapshot!(said(json!({ "userId": ada.id })).await, @"MEMBER_IS_OWNER /userId");
    assert_snapshot!(said(json!({ "userId": eve.id })).await, @"REFERENCE_UNKNOWN /userId");
    assert_snapshot!(said(json!({ "userEmail": "eve@beta.example" })).await, @"REFERENCE_UNKNOWN /userEmail");
    let member = ada.create(KIND, takes(json!({ "userEmail": "Ben@acme.example" }))).await.done();
    assert_eq!((&member["userId"], &member["ownerId"]), (&json!(ben.id), &json!(ada.id)));
    assert_snapshot!(said(json!({ "userId": ben.id })).await, @"ALREADY_EXISTS");
    let nowhere = json!({ "projectId": nothing("prj"), "userId": ben.id, "role": "LEAD" });
    assert_snapshot!(ada.create(KIND, nowhere).await.said(), @"REFERENCE_UNKNOWN /projectId");
    let shown = ben.through(Face::Rest).get(&format!("/projects/{project}?expand=members.user")).await.fine();
    assert_eq!(shown.json()["members"]["items"][0]["user"]["name"], "ben");
}

async fn who_leaves_sees_no_more(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let takes = json!({ "projectId": project, "userId": ben.id, "role": "LEAD" });
    let member = ada.create(KIND, takes).await.id();
    assert_snapshot!(ben.update(KIND, &member, json!({ "role": "OBSERVER" })).await.said(), @"FORBIDDEN");
    ada.update(KIND, &member, json!({ "role": "OBSERVER" })).await.done();
    assert_snapshot!(ben.update("Project", &project, json!({ "title": "Sun" })).await.said(), @"FORBIDDEN");
    ada.tell(KIND, "delete", &member).await.done();
    assert_snapshot!(ben.see("Project", &project).await.said(), @"NOT_FOUND");
    assert_snapshot!(ben.see(KIND, &member).await.said(), @"NOT_FOUND");
    ada.tell(KIND, "restore", &member).await.done();
    ben.see("Project", &project).await.done();
    // Who is in a project sees it as long as it is there.
    ada.tell("Project", "delete", &project).await.done();
    assert_snapshot!(ben.see("Project", &project).await.said(), @"NOT_FOUND");
    assert!(ben.list("Project", &[]).await.items.is_empty() && ben.list(KIND, &[]).await.items.is_empty());
}
