//! The chapter on projects in the world of the laws: one of everything, and a tour of every verb.

use std::collections::BTreeMap;

use serde_json::json;

use super::writes::Tour;
use crate::harness::Actor;

/// One of everything in a project of somebody who takes their coach into it.
pub async fn one_of_each(ada: &Actor, kim: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let project = ada.create("Project", json!({ "title": "Wind and sun", "domain": "Energy" })).await.id();
    let takes = json!({ "projectId": project, "userId": kim.id, "role": "CONTRIBUTOR" });
    one.insert("ProjectMember", ada.create("ProjectMember", takes).await.id());
    one.insert("Scope", ada.list("Scope", &[("projectId", &project)]).await.ids().remove(0));
    one.insert("Project", project);
}

/// Every verb of the chapter.
pub(super) async fn tour(tour: &mut Tour<'_>) {
    let (ada, root, nothing) = (&tour.world.ada, &tour.world.root, json!({}));
    let project = tour.go(ada, "Project", "create", None, json!({ "title": "Tour" })).await;
    let project = project["id"].as_str().unwrap().to_owned();
    tour.go(ada, "Project", "update", Some(&project), json!({ "title": "Grand tour" })).await;
    let takes = json!({ "projectId": project, "userId": root.id, "role": "OBSERVER" });
    let member = tour.go(ada, "ProjectMember", "create", None, takes).await;
    let member = member["id"].as_str().unwrap().to_owned();
    tour.go(ada, "ProjectMember", "update", Some(&member), json!({ "role": "LEAD" })).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "ProjectMember", verb, Some(&member), nothing.clone()).await;
    }
    for verb in ["delete", "restore"] {
        tour.go(ada, "Project", verb, Some(&project), nothing.clone()).await;
    }
}
