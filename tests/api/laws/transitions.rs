//! Industries, transition plans and next steps in the world of the laws: one of everything, and a tour of every verb.

use std::collections::BTreeMap;

use serde_json::json;

use super::writes::Tour;
use crate::harness::{Actor, face::id};

/// An industry, a plan to get there, and the first leg of its path.
pub async fn one_of_each(ada: &Actor, root: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let industry = json!({ "name": "Weather services", "aliases": ["Forecasts"], "externalRefs": [{ "source": "naics", "externalId": "5419" }] });
    let industry = root.create("Industry", industry).await.id();
    let plan = json!({
        "fromRole": "Analyst", "fromIndustry": "Finance", "toRoleProfileId": one["RoleProfile"],
        "toListedIndustryId": industry,
    });
    let plan = ada.create("TransitionPlan", plan).await.id();
    ada.act("TransitionPlan", "acceptPath", Some(&plan), json!({ "pathId": "ROLE_FIRST" })).await.done();
    let legs = ada.list("TransitionLeg", &[("transitionPlanId", &plan)]).await;
    one.insert("TransitionLeg", legs.ids().remove(0));
    one.insert("TransitionPlan", plan);
    one.insert("Industry", industry);
    let away = json!({ "code": "LOOK_AT_IDEA", "until": "2999-01-01T00:00:00Z" });
    one.insert("StepDismissal", ada.act("StepDismissal", "dismiss", None, away).await.id());
}

/// Every verb.
pub(super) async fn tour(tour: &mut Tour<'_>) {
    let (ada, root, nothing) = (&tour.world.ada, &tour.world.root, json!({}));
    let industry = id(&tour.go(root, "Industry", "create", None, json!({ "name": "Circus" })).await);
    tour.go(root, "Industry", "update", Some(&industry), json!({ "aliases": ["Variety"] })).await;
    let names = json!({ "externalRefs": [{ "source": "naics", "externalId": "7111" }] });
    tour.go(root, "Industry", "update", Some(&industry), names).await;
    let plan = json!({ "fromRole": "Analyst", "toRole": "Acrobat", "toListedIndustryId": industry });
    let plan = id(&tour.go(ada, "TransitionPlan", "create", None, plan).await);
    tour.go(ada, "TransitionPlan", "update", Some(&plan), json!({ "note": "Why not?" })).await;
    tour.go(ada, "TransitionPlan", "acceptPath", Some(&plan), json!({ "pathId": "DIRECT" })).await;
    let leg = ada.list("TransitionLeg", &[("transitionPlanId", &plan)]).await.ids().remove(0);
    tour.go(ada, "TransitionLeg", "update", Some(&leg), json!({ "internalMove": true })).await;
    for verb in ["start", "complete", "reopen", "skip"] {
        tour.go(ada, "TransitionLeg", verb, Some(&leg), nothing.clone()).await;
    }
    let away = id(&tour.go(ada, "StepDismissal", "dismiss", None, json!({ "code": "CAPTURE_IDEA" })).await);
    tour.go(ada, "StepDismissal", "update", Some(&away), json!({ "until": "2999-01-01T00:00:00Z" })).await;
    for (who, name, one) in
        [(ada, "StepDismissal", &away), (ada, "TransitionPlan", &plan), (root, "Industry", &industry)]
    {
        for verb in ["delete", "restore"] {
            tour.go(who, name, verb, Some(one), nothing.clone()).await;
        }
    }
}
