//! Advice about what projects take (§12).

use cairn::domain::clock;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(what_is_over_and_what_was_refused, who_is_told_of_a_budget);

async fn codes(who: &Actor, question: Value) -> Vec<String> {
    let told = who.ask("personInsights", question).await.done();
    let all = told["items"].as_array().unwrap().iter();
    all.map(|one| format!("{} {}", one["code"].as_str().unwrap(), one["subjectId"].as_str().unwrap())).collect()
}

/// Whoever builds keeps learning: there is nothing to say of that.
async fn learn(who: &Actor) {
    let noted = json!({ "startedAt": clock::rfc3339(clock::now()), "minutes": 30 });
    who.create("LearningSession", noted).await.done();
}

async fn line(who: &Actor, project: &str, category: &str) -> String {
    let line = json!({
        "projectId": project, "category": category, "description": "Satellite images", "supportTeam": "Grid operations",
        "plannedAmount": { "amount": "100", "currency": "EUR" },
    });
    who.create("BudgetLine", line).await.id()
}

fn spent(line: &str, amount: &str) -> Value {
    json!({ "lineId": line, "amount": { "amount": amount, "currency": "EUR" } })
}

async fn what_is_over_and_what_was_refused(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    learn(&ada).await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let (data, grid) = (line(&ada, &project, "DATA").await, line(&ada, &project, "INTEGRATIONS").await);
    ada.create("BudgetEntry", spent(&data, "100")).await.done();
    assert_eq!(codes(&ada, json!({})).await, [""; 0]);
    ada.create("BudgetEntry", spent(&data, "0.01")).await.done();
    ada.tell("BudgetLine", "requestSupport", &grid).await.done();
    ada.tell("BudgetLine", "refuseSupport", &grid).await.done();
    assert_eq!(codes(&ada, json!({})).await, [format!("OVER_BUDGET {data}"), format!("SUPPORT_REFUSED {grid}")]);
    let told = ada.ask("insights", json!({ "subjectId": project })).await.done();
    let [over, refused] = [&told["items"][0], &told["items"][1]];
    assert_snapshot!(over["reason"].as_str().unwrap(), @"Wind: data took 0.01 EUR more than planned, most of it for Satellite images. With what is known now, the plan can be made again.");
    assert_snapshot!(refused["reason"].as_str().unwrap(), @"Wind: Grid operations will not support Satellite images. Ask again with what has changed, ask another team, or plan without it.");
    // The scope has not come further than the budget: there is no way back to it yet.
    assert_eq!(over["suggestedCommand"], Value::Null);
    assert_eq!(refused["suggestedCommand"]["name"], "requestBudgetLineSupport");
    assert_eq!(refused["suggestedCommand"]["path"], format!("/api/v1/budget-lines/{grid}/request-support"));
    // What is planned better, or has ended, is over no more.
    ada.update("BudgetLine", &data, json!({ "plannedAmount": { "amount": "150", "currency": "EUR" } })).await.done();
    assert_eq!(codes(&ada, json!({})).await, [format!("SUPPORT_REFUSED {grid}")]);
    api.execute("UPDATE \"project\" SET status = 'COMPLETED'", Vec::new()).await;
    assert_eq!(codes(&ada, json!({})).await, [""; 0]);
}

async fn who_is_told_of_a_budget(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    learn(&ada).await;
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let data = line(&ada, &project, "DATA").await;
    ada.create("BudgetEntry", spent(&data, "101")).await.done();
    // Who was let see her learning is told nothing of her projects.
    ada.opens(&kim, &["learning:read"]).await;
    let hers = || json!({ "userId": ada.id });
    assert_eq!(codes(&kim, hers()).await, [""; 0]);
    ada.opens(&kim, &["projects:read"]).await;
    assert_eq!(codes(&kim, hers()).await, [format!("OVER_BUDGET {data}")]);
}
