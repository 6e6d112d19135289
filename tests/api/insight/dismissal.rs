//! Putting advice away: for oneself alone, for a while or for good, and taking that back.

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(advice_is_put_away_and_comes_back, everybody_puts_away_for_themselves);

const KIND: &str = "InsightDismissal";

/// A learner whose item has a scattered start, and her coach: the plan and the item.
async fn scattered(api: &Api) -> (Actor, Actor, String) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let article = ada.create("LearningResource", json!({ "kind": "ARTICLE", "title": "A" })).await.id();
    let new = json!({ "planId": plan, "competencyId": leaf, "resourceIds": [article] });
    let item = ada.create("PlanItem", new).await.id();
    ada.opens(&kim, &["learning:read"]).await;
    (ada, kim, item)
}

async fn told(who: &Actor, item: &str, all: bool) -> Vec<Value> {
    let told = who.ask("insights", json!({ "subjectId": item, "includeDismissed": all })).await.done();
    told["items"].as_array().unwrap().clone()
}

async fn advice_is_put_away_and_comes_back(api: Api) {
    let (ada, _, item) = scattered(&api).await;
    assert_eq!(told(&ada, &item, false).await[0]["dismissed"], false);
    let new = json!({ "code": "SCATTERED_START", "subjectId": item });
    let away = ada.create(KIND, new.clone()).await.done();
    let id = away["id"].as_str().unwrap();
    assert_eq!(away["until"], Value::Null);
    assert!(told(&ada, &item, false).await.is_empty());
    let all = told(&ada, &item, true).await;
    assert_eq!((&all[0]["dismissed"], &all[0]["dismissedUntil"]), (&json!(true), &Value::Null));

    // For a while, and then it comes back.
    let soon = "2999-01-01T00:00:00.000000Z";
    let again = ada.create(KIND, json!({ "code": "SCATTERED_START", "subjectId": item, "until": soon })).await.done();
    assert_eq!((&again["id"], &again["until"]), (&json!(id), &json!(soon)));
    assert_eq!(told(&ada, &item, true).await[0]["dismissedUntil"], soon);
    let past = clock::now() - TimeDelta::seconds(1);
    api.execute("UPDATE \"insight_dismissal\" SET until = $1", vec![past.into()]).await;
    assert_eq!(told(&ada, &item, false).await.len(), 1);
    ada.update(KIND, id, json!({ "until": null })).await.done();
    assert!(told(&ada, &item, false).await.is_empty());
    ada.tell(KIND, "delete", id).await.done();
    assert_eq!(told(&ada, &item, false).await.len(), 1);
    ada.tell(KIND, "restore", id).await.done();
    assert!(told(&ada, &item, false).await.is_empty());

    // Other advice about the same thing is not put away with it.
    ada.update("PlanItem", &item, json!({ "status": "DONE" })).await.done();
    let early = json!({ "code": "CRAMMING", "subjectId": item, "until": "2020-01-01T00:00:00Z" });
    assert_snapshot!(ada.create(KIND, early).await.said(), @"SNOOZE_PAST /until");
    assert_snapshot!(ada.update(KIND, id, json!({ "until": "2020-01-01T00:00:00Z" })).await.said(), @"SNOOZE_PAST /until");
    let unknown = json!({ "code": "CRAMMING", "subjectId": nothing("pln") });
    assert_snapshot!(ada.create(KIND, unknown).await.said(), @"REFERENCE_UNKNOWN /subjectId");
    assert_snapshot!(ada.create(KIND, json!({ "code": "NONSENSE", "subjectId": item })).await.code(), @"BAD_INPUT");
}

async fn everybody_puts_away_for_themselves(api: Api) {
    let (ada, kim, item) = scattered(&api).await;
    let new = json!({ "code": "SCATTERED_START", "subjectId": item });
    let hers = kim.create(KIND, new.clone()).await.id();
    assert!(told(&kim, &item, false).await.is_empty());
    assert_eq!(told(&ada, &item, false).await.len(), 1);
    assert_snapshot!(ada.see(KIND, &hers).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.tell(KIND, "delete", &hers).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.list(KIND, &[]).await.items.len(), @"0");
    ada.create(KIND, new.clone()).await.done();
    assert_snapshot!(kim.list(KIND, &[]).await.items.len(), @"1");
    let machine = api.organization("Other").await.moodle().await;
    assert_snapshot!(machine.create(KIND, new).await.said(), @"FORBIDDEN");
}
