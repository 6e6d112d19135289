//! What projects take in the world of the laws: one of everything, and a tour of every verb.

use std::collections::BTreeMap;

use serde_json::json;

use super::writes::Tour;
use crate::harness::Actor;

/// A budget that waits for a coach, with a line on which something was spent.
pub(super) async fn one_of_each(ada: &Actor, kim: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let project = &one["Project"];
    let line = json!({
        "projectId": project, "category": "DATA", "description": "Images", "supportTeam": "Data",
        "plannedAmount": { "amount": "1250.00", "currency": "EUR" },
    });
    let line = ada.create("BudgetLine", line).await.id();
    let spent = json!({ "lineId": line, "amount": { "amount": "400", "currency": "EUR" } });
    let entry = ada.create("BudgetEntry", spent).await.id();
    let budget = ada.list("Budget", &[("projectId", project)]).await.ids().remove(0);
    ada.opens(kim, &["projects:read"]).await;
    ada.tell("Budget", "requestApproval", &budget).await.done();
    one.extend([("Budget", budget), ("BudgetLine", line), ("BudgetEntry", entry)]);
}

/// Every verb about a budget.
pub(super) async fn tour(tour: &mut Tour<'_>) {
    let (ada, kim, nothing) = (&tour.world.ada, &tour.world.kim, json!({}));
    let project = ada.create("Project", json!({ "title": "Budgeted" })).await.id();
    let budget = ada.list("Budget", &[("projectId", &project)]).await.ids().remove(0);
    let line = json!({
        "projectId": project, "category": "INTEGRATIONS", "description": "Feed", "plannedQuantity": "5", "unit": "days",
        "supportTeam": "Grid",
    });
    let line = tour.go(ada, "BudgetLine", "create", None, line).await["id"].as_str().unwrap().to_owned();
    tour.go(ada, "BudgetLine", "update", Some(&line), json!({ "plannedQuantity": "6" })).await;
    for verb in ["requestSupport", "confirmSupport", "refuseSupport", "delete", "restore"] {
        tour.go(ada, "BudgetLine", verb, Some(&line), nothing.clone()).await;
    }
    let spent = json!({ "lineId": line, "quantity": "0.5" });
    let entry = tour.go(ada, "BudgetEntry", "create", None, spent).await["id"].as_str().unwrap().to_owned();
    tour.go(ada, "BudgetEntry", "update", Some(&entry), json!({ "note": "Half a day" })).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "BudgetEntry", verb, Some(&entry), nothing.clone()).await;
    }
    let mark = json!({ "category": "TIME", "reason": "No deadline" });
    tour.go(ada, "Budget", "markNotNeeded", Some(&budget), mark).await;
    tour.go(ada, "Budget", "markNeeded", Some(&budget), json!({ "category": "TIME" })).await;
    for verb in ["requestApproval", "cancelApprovalRequest", "requestApproval"] {
        tour.go(ada, "Budget", verb, Some(&budget), nothing.clone()).await;
    }
    tour.go(kim, "Budget", "reject", Some(&budget), json!({ "reason": "Too much" })).await;
    tour.go(ada, "Budget", "requestApproval", Some(&budget), nothing.clone()).await;
    for verb in ["approve", "unapprove"] {
        tour.go(kim, "Budget", verb, Some(&budget), nothing.clone()).await;
    }
}
