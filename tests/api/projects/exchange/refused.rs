//! Who may let a project out and in, and what is refused.

use entity::platform::client::Scope;
use serde_json::{Value, json};

use super::{exported, input};
use crate::{
    harness::{Api, assert_snapshot, stories, stories_in_both_faces, world::nothing},
    learning::exchange::{import, outcome, work},
    projects::scoped,
};

stories_in_both_faces!(who_lets_it_out, who_lets_it_in, what_is_wrong_in_a_project, what_an_import_takes);
stories!(as_much_as_a_document_holds);

async fn who_lets_it_out(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let project = scoped(&ada, "Wind").await;
    let asks =
        async |who: &crate::harness::Actor| who.ask("projectExport", json!({ "projectId": project })).await.said();
    let stranger = api.organization("Beta").await.omnipotent().await;
    for who in [&ben, &root, &stranger] {
        assert_snapshot!(asks(who).await, @"NOT_FOUND");
    }
    assert_snapshot!(ada.ask("projectExport", json!({ "projectId": nothing("prj") })).await.said(), @"NOT_FOUND");
    assert_snapshot!(asks(&acme.client(&[Scope::LearningRead]).await).await, @"INSUFFICIENT_SCOPE");
    let machine = acme.client(&[Scope::ProjectsRead]).await;
    assert_eq!(exported(&machine, &project).await["project"]["title"], "Wind");
    let member = json!({ "projectId": project, "userId": ben.id, "role": "OBSERVER" });
    let member = ada.create("ProjectMember", member).await.id();
    let out = exported(&ben, &project).await;
    // Who is in it is told by their ids alone to whom they opened nothing.
    assert_eq!(out["members"][0]["person"]["id"], json!(ben.id));
    assert_eq!(exported(&ada, &project).await["members"][0]["person"]["email"], Value::Null);
    assert_eq!(out["members"][0]["person"]["email"], json!(ben.email(&acme)));
    ada.tell("ProjectMember", "delete", &member).await.done();
    assert_snapshot!(asks(&ben).await, @"NOT_FOUND");
    ada.opens(&ben, &["projects:read"]).await;
    assert_snapshot!(asks(&ben).await, @"fine");
    ada.tell("Project", "delete", &project).await.done();
    assert_snapshot!(asks(&ada).await, @"NOT_FOUND");
}

async fn who_lets_it_in(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let project = scoped(&ada, "Wind").await;
    let out = exported(&ada, &project).await;
    let mut for_her = input(&out);
    for_her["ownerId"] = json!(ada.id);
    assert_snapshot!(ben.create("ImportJob", for_her.clone()).await.said(), @"REFERENCE_UNKNOWN /ownerId");
    ada.opens(&ben, &["projects:read"]).await;
    assert_snapshot!(ben.create("ImportJob", for_her.clone()).await.said(), @"FORBIDDEN");
    let grant = ada.opens(&ben, &["projects:write"]).await;
    // Rights are those of when it is carried out.
    let job = ben.create("ImportJob", for_her.clone()).await.id();
    ada.tell("Grant", "revoke", &grant).await.done();
    work(&api).await;
    assert_snapshot!(outcome(&ben.see("ImportJob", &job).await.done()), @"FAILED 0 0 0 0 errors:  FORBIDDEN");
    ada.opens(&ben, &["projects:write"]).await;
    let job = import(&ben, for_her.clone()).await;
    let made = ada.see("Project", job["projectId"].as_str().unwrap()).await.done();
    assert_eq!(made["ownerId"], json!(ada.id));
    let machine = acme.client(&[Scope::LearningWrite, Scope::LearningRead, Scope::ProjectsWrite]).await;
    assert_snapshot!(machine.create("ImportJob", input(&out)).await.said(), @"OWNER_REQUIRED /ownerId");
    assert_snapshot!(outcome(&import(&machine, for_her.clone()).await), @"SUCCEEDED 11 0 0 0");
    let weak = acme.client(&[Scope::LearningWrite]).await;
    assert_snapshot!(weak.create("ImportJob", for_her).await.said(), @"INSUFFICIENT_SCOPE");
}

async fn what_is_wrong_in_a_project(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let mut out = exported(&ada, &project).await;
    ada.tell("Project", "delete", &project).await.done();
    let count = async || {
        let mut all = Vec::new();
        for kind in ["Project", "Scope", "Milestone", "BudgetLine", "CandidateSolution"] {
            all.push(ada.list(kind, &[]).await.items.len());
        }
        all
    };
    out["budget"]["lines"][1]["plannedAmount"]["amount"] = json!("1.001");
    out["milestones"][0]["metrics"][0]["target"] = json!("a lot");
    assert_snapshot!(outcome(&import(&ada, input(&out)).await), @"FAILED 0 0 0 0 errors: /milestones/0/metrics/0/target VALIDATION_FAILED");
    out["milestones"][0]["metrics"][0]["target"] = json!("0.9");
    out["scope"]["steps"][2]["state"] = json!("OPEN");
    out["project"]["endedAt"] = json!("2999-01-01T00:00:00Z");
    let job = import(&ada, input(&out)).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors: /project/endedAt OCCURRED_AT_INVALID, /scope/steps VALIDATION_FAILED, /project/endedAt VALIDATION_FAILED, /budget/lines/1/plannedAmount/amount AMOUNT_PRECISION");
    assert_eq!((&job["projectId"], count().await), (&Value::Null, vec![0; 5]), "nothing is half done");
    for (document, told) in [
        (json!(7), "FAILED 0 0 0 0 errors: /format BAD_INPUT, /version BAD_INPUT,  BAD_INPUT"),
        (json!({}), "FAILED 0 0 0 0 errors: /format BAD_INPUT, /version BAD_INPUT, /format BAD_INPUT"),
        (
            json!({ "format": "cairn/learning-plan", "version": 1 }),
            "FAILED 0 0 0 0 errors: /format BAD_INPUT, /project",
        ),
    ] {
        let said = outcome(&import(&ada, input(&document)).await);
        assert!(said.starts_with(told), "{said}");
    }
}

async fn what_an_import_takes(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    assert_snapshot!(ada.create("ImportJob", json!({ "kind": "PROJECT" })).await.said(), @"DOCUMENT_REQUIRED /document");
    let with = json!({ "kind": "PROJECT", "document": {}, "title": "Wind" });
    assert_snapshot!(ada.create("ImportJob", with).await.said(), @"IMPORT_OPTION_FORBIDDEN /title");
    let with = json!({ "kind": "PROJECT", "document": {}, "csv": "x" });
    assert_snapshot!(ada.create("ImportJob", with).await.said(), @"IMPORT_OPTION_FORBIDDEN /csv");
}

async fn as_much_as_a_document_holds(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let project = scoped(&ada, "Wind").await;
    let mut out = exported(&ada, &project).await;
    let seen = |number: usize| {
        let at = format!("2026-03-01T{:02}:{:02}:{:02}.000000Z", number / 3600, number / 60 % 60, number % 60);
        json!({ "value": number.to_string(), "observedAt": at, "source": "mlflow", "externalRef": format!("run-{number}") })
    };
    // In a whole project, and not in each part of it.
    for (place, count) in [(0, 10_000), (1, 10_001)] {
        out["milestones"][0]["metrics"][place]["observations"] = (0..count).map(seen).collect();
    }
    let job = import(&ada, input(&out)).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors: /milestones TOO_LARGE");
    out["milestones"][0]["metrics"][1]["observations"].as_array_mut().unwrap().pop();
    let job = import(&ada, input(&out)).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 20011 0 0 0");
    let copy = exported(&ada, job["projectId"].as_str().unwrap()).await;
    let of = |document: &Value, place: usize| document["milestones"][0]["metrics"][place]["observations"].clone();
    assert!((0..2).all(|place| of(&copy, place) == of(&out, place)));
    // One more than a document holds, and it says so instead of leaving it out.
    let metric = ada.list("Metric", &[("projectId", job["projectId"].as_str().unwrap())]).await.ids().remove(0);
    let more = json!({ "metricId": metric, "value": "1", "observedAt": "2026-03-02T00:00:00Z" });
    ada.act("MetricObservation", "record", None, more).await.done();
    let refused = ada.ask("projectExport", json!({ "projectId": job["projectId"] })).await;
    assert_snapshot!(refused.said(), @"TOO_LARGE");
    assert_eq!(refused.details, json!({ "of": "MetricObservation", "most": 20_000 }));
}
