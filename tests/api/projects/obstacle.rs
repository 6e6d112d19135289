//! Obstacles: what stood in the way of a project becomes a need to learn (§29).

use serde_json::json;

use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(an_obstacle_becomes_a_need, who_records_an_obstacle_and_for_whom);

const KIND: &str = "Obstacle";

async fn an_obstacle_becomes_a_need(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let met = |note: &str| json!({ "projectId": project, "competencyId": leaf, "note": note });
    let first = ada.act(KIND, "record", None, met("Clouds moved.")).await.done();
    assert_eq!((&first["userId"], &first["ownerId"]), (&json!(ada.id), &json!(ada.id)));
    let need = ada.see("LearningNeed", first["needId"].as_str().unwrap()).await.done();
    assert_eq!(
        (&need["userId"], &need["competencyId"], &need["strength"], &need["state"]),
        (&json!(ada.id), &json!(leaf), &json!(50), &json!("OPEN"))
    );
    let sources = ada.list("LearningNeedSource", &[]).await;
    assert_eq!(
        (&sources.items[0]["source"], &sources.items[0]["sourceId"], &sources.items[0]["note"]),
        (&json!("PROJECT_OBSTACLE"), &first["id"], &json!("Clouds moved."))
    );
    // Another one of the same makes the need that is there stronger.
    let second = ada.act(KIND, "record", None, met("And again.")).await.done();
    assert_eq!(second["needId"], first["needId"]);
    let need = ada.see("LearningNeed", first["needId"].as_str().unwrap()).await.done();
    assert_eq!(need["strength"], json!(100));
    // An item that is planned for it is there because of an obstacle.
    let plan = ada.plan("Learn").await;
    ada.act("LearningNeed", "plan", None, json!({ "planId": plan, "needIds": [need["id"]] })).await.done();
    assert_eq!(ada.list("PlanItem", &[("planId", &plan)]).await.each("motivation"), ["OBSTACLE"]);
    let shown = ada.get(&format!("/projects/{project}?expand=obstacles.need")).await.fine();
    assert_eq!(shown["obstacles"]["items"][1]["need"]["state"], json!("PLANNED"));
    let unknown = json!({ "projectId": project, "competencyId": nothing("cmp"), "note": "x" });
    assert_snapshot!(ada.act(KIND, "record", None, unknown).await.said(), @"REFERENCE_UNKNOWN /competencyId");
    api.execute("UPDATE \"project\" SET status = 'COMPLETED'", Vec::new()).await;
    assert_snapshot!(ada.act(KIND, "record", None, met("x")).await.said(), @"PROJECT_CLOSED");
}

async fn who_records_an_obstacle_and_for_whom(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, cleo) = (acme.learner("ada").await, acme.learner("ben").await, acme.learner("cleo").await);
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let met = json!({ "projectId": project, "competencyId": leaf, "note": "x" });
    let by = |who: &str| {
        let mut met = met.clone();
        met["userId"] = json!(who);
        met
    };
    assert_snapshot!(ben.act(KIND, "record", None, met.clone()).await.said(), @"REFERENCE_UNKNOWN /projectId");
    let takes = json!({ "projectId": project, "userId": ben.id, "role": "OBSERVER" });
    let member = ada.create("ProjectMember", takes).await.id();
    assert_snapshot!(ben.act(KIND, "record", None, met.clone()).await.said(), @"FORBIDDEN");
    ada.update("ProjectMember", &member, json!({ "role": "CONTRIBUTOR" })).await.done();
    // What somebody met in a project is told to whoever is in it; what they need to learn is theirs.
    let obstacle = ben.act(KIND, "record", None, met.clone()).await.done();
    assert_eq!(obstacle["userId"], json!(ben.id));
    assert_eq!(ada.list(KIND, &[("projectId", &project)]).await.items.len(), 1);
    assert_snapshot!(ada.see("LearningNeed", obstacle["needId"].as_str().unwrap()).await.said(), @"NOT_FOUND");
    ben.see("LearningNeed", obstacle["needId"].as_str().unwrap()).await.done();
    // For another speaks who may say what they need to learn.
    assert_snapshot!(ada.act(KIND, "record", None, by(&ben.id)).await.said(), @"REFERENCE_UNKNOWN /userId");
    ben.opens(&ada, &["learning:write"]).await;
    assert_eq!(ada.act(KIND, "record", None, by(&ben.id)).await.done()["userId"], json!(ben.id));
    assert_snapshot!(machine.act(KIND, "record", None, met.clone()).await.said(), @"OWNER_REQUIRED /userId");
    machine.act(KIND, "record", None, by(&ada.id)).await.done();
    assert_snapshot!(machine.act(KIND, "record", None, by(&cleo.id)).await.said(), @"REFERENCE_UNKNOWN /userId");
}
