//! Portfolios in the world of the laws: one of everything, and a tour of every verb.

use std::collections::BTreeMap;

use serde_json::json;

use super::writes::Tour;
use crate::harness::{Actor, face::id};

/// An entry, what it was worth, who was asked, and where it is shown.
pub async fn one_of_each(ada: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let entry = json!({
        "title": "Wind", "summary": "A forecast.", "projectId": one["Project"], "complexity": 3, "resources": ["COMPUTE"],
        "startedAt": "2025-01-01T10:00:00Z", "finishedAt": "2025-06-01T10:00:00Z",
        "competencies": [{ "competencyId": one["Competency"], "levelShown": 2 }], "visibility": "LINK",
        "links": [{ "url": "https://example.org/wind" }], "externalRefs": [{ "source": "site", "externalId": "wind" }],
    });
    let entry = ada.create("PortfolioEntry", entry).await.id();
    let shows = json!({ "entryId": entry, "kind": "PART_OF_JOB", "note": "They run it." });
    one.insert("PortfolioEvidence", ada.act("PortfolioEvidence", "record", None, shows).await.id());
    let asked = json!({ "entryId": entry, "stakeholder": "Noor" });
    one.insert("StakeholderConfirmation", ada.act("StakeholderConfirmation", "request", None, asked).await.id());
    one.insert("PortfolioShare", ada.create("PortfolioShare", json!({ "label": "Recruiters" })).await.id());
    one.insert("PortfolioEntry", entry);
}

/// Every verb.
pub(super) async fn tour(tour: &mut Tour<'_>) {
    let (ada, nothing) = (&tour.world.ada, json!({}));
    let entry = id(&tour.go(ada, "PortfolioEntry", "create", None, json!({ "title": "Tour" })).await);
    tour.go(ada, "PortfolioEntry", "update", Some(&entry), json!({ "visibility": "PUBLIC" })).await;
    let shown = json!({ "competencies": [{ "competencyId": tour.world.one["Competency"], "levelShown": 3 }] });
    tour.go(ada, "PortfolioEntry", "update", Some(&entry), shown).await;
    // A project of the tour before this one, which was completed.
    let project = ada.list("Project", &[("q", "scoped"), ("status", "COMPLETED")]).await.ids().remove(0);
    tour.go(ada, "PortfolioEntry", "draft", None, json!({ "projectId": project })).await;
    let shows = json!({ "entryId": entry, "kind": "PART_OF_JOB", "note": "They run it." });
    let evidence = id(&tour.go(ada, "PortfolioEvidence", "record", None, shows).await);
    for verb in ["delete", "restore"] {
        tour.go(ada, "PortfolioEvidence", verb, Some(&evidence), nothing.clone()).await;
    }
    let asked = json!({ "entryId": entry, "stakeholder": "Noor" });
    let asked = id(&tour.go(ada, "StakeholderConfirmation", "request", None, asked).await);
    tour.go(ada, "StakeholderConfirmation", "withdraw", Some(&asked), nothing.clone()).await;
    let share = id(&tour.go(ada, "PortfolioShare", "create", None, nothing.clone()).await);
    tour.go(ada, "PortfolioShare", "revoke", Some(&share), nothing.clone()).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "PortfolioEntry", verb, Some(&entry), nothing.clone()).await;
    }
}
