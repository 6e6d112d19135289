//! The search for a job in the world of the laws: one of everything, and a tour of every verb.

use std::collections::BTreeMap;

use serde_json::json;

use super::writes::Tour;
use crate::harness::{Actor, face::id};

/// A search, a stage of it, an opening, an application for it, and what happened to that.
pub async fn one_of_each(ada: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let search = json!({
        "title": "Into ML", "targetRoles": ["ML engineer"], "externalRefs": [{ "source": "huntr", "externalId": "s1" }],
    });
    let search = ada.create("JobSearch", search).await.id();
    let posting = json!({
        "companyId": one["Company"], "title": "ML engineer", "roleProfileId": one["RoleProfile"], "url": "https://example.org/ml",
        "compRange": { "min": "60000", "max": "72000", "currency": "EUR", "per": "YEAR" }, "employerKind": "STARTUP",
        "closesAt": "2999-01-01T00:00:00Z",
    });
    let posting = ada.create("JobPosting", posting).await.id();
    let applies = json!({
        "jobSearchId": search, "postingId": posting, "appliedAt": "2026-03-01T10:00:00Z", "resumeVersion": "2",
        "documents": [{ "name": "Letter" }], "nextAction": "Ask.", "nextActionAt": "2026-03-08T10:00:00Z",
    });
    let application = ada.create("Application", applies).await.id();
    one.insert(
        "ApplicationEvent",
        ada.list("ApplicationEvent", &[("applicationId", &application)]).await.ids().remove(0),
    );
    one.insert("Stage", ada.list("Stage", &[("jobSearchId", &search)]).await.ids().remove(0));
    one.extend([("JobSearch", search), ("JobPosting", posting), ("Application", application)]);
}

/// Every verb.
pub(super) async fn tour(tour: &mut Tour<'_>) {
    let (ada, one, nothing) = (&tour.world.ada, &tour.world.one, json!({}));
    let search = id(&tour.go(ada, "JobSearch", "create", None, json!({ "title": "Tour" })).await);
    tour.go(ada, "JobSearch", "update", Some(&search), json!({ "targetRoles": ["Analyst"] })).await;
    for verb in ["pause", "resume", "close", "reopen", "delete", "restore"] {
        tour.go(ada, "JobSearch", verb, Some(&search), nothing.clone()).await;
    }
    let stage = json!({ "jobSearchId": search, "name": "Second talk", "kind": "INTERVIEWING" });
    let stage = id(&tour.go(ada, "Stage", "create", None, stage).await);
    tour.go(ada, "Stage", "update", Some(&stage), json!({ "name": "Panel" })).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "Stage", verb, Some(&stage), nothing.clone()).await;
    }
    let mut stages = ada.list("Stage", &[("jobSearchId", &search)]).await.ids();
    let (first, second) = (stages[0].clone(), stages[1].clone());
    stages.swap(4, 5);
    let last = json!({ "jobSearchId": search, "name": "A third talk", "kind": "INTERVIEWING" });
    stages.insert(6, id(&tour.go(ada, "Stage", "create", None, last).await));
    tour.go(ada, "Stage", "reorder", None, json!({ "jobSearchId": search, "stageIds": stages })).await;

    let posting = json!({ "companyId": one["Company"], "title": "Analyst" });
    let posting = id(&tour.go(ada, "JobPosting", "create", None, posting).await);
    tour.go(ada, "JobPosting", "update", Some(&posting), json!({ "location": "Vienna" })).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "JobPosting", verb, Some(&posting), nothing.clone()).await;
    }
    let applies = json!({ "jobSearchId": search, "postingId": posting });
    let application = id(&tour.go(ada, "Application", "create", None, applies).await);
    tour.go(ada, "Application", "update", Some(&application), json!({ "nextAction": "Ask." })).await;
    let to = json!({ "fromStageId": first, "toStageId": second });
    tour.go(ada, "Application", "move", Some(&application), to).await;
    tour.go(ada, "Application", "close", Some(&application), json!({ "outcome": "NO_RESPONSE" })).await;
    tour.go(ada, "Application", "reopen", Some(&application), json!({ "reason": "They wrote." })).await;
    let moved =
        ada.list("ApplicationEvent", &[("applicationId", &application), ("kind", "MOVED")]).await.ids().remove(0);
    let right = json!({ "occurredAt": "2026-03-01T10:00:00Z", "reason": "It was then." });
    // Not before it began: what began it is corrected first.
    let began =
        ada.list("ApplicationEvent", &[("applicationId", &application), ("kind", "CREATED")]).await.ids().remove(0);
    tour.go(ada, "ApplicationEvent", "correct", Some(&began), right.clone()).await;
    tour.go(ada, "ApplicationEvent", "correct", Some(&moved), right).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "Application", verb, Some(&application), nothing.clone()).await;
    }
}
