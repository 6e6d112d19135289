//! Ideas in the world of the laws: one of everything, and a tour of every verb.

use std::collections::BTreeMap;

use serde_json::json;

use super::writes::Tour;
use crate::harness::Actor;

/// An idea, and what speaks for it.
pub async fn one_of_each(ada: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let idea = json!({
        "title": "Satellites", "source": "APPLICATION_AREA", "applicationArea": "Weather",
        "originContactId": one["Contact"], "originResourceId": one["LearningResource"],
        "originProjectId": one["Project"],
    });
    let idea = ada.create("ProjectIdea", idea).await.id();
    let speaks = json!({
        "ideaId": idea, "growth": { "stretch": 4, "successLikelihood": 3 },
        "people": { "teammateIds": [ada.id], "discussantIds": [one["Contact"]] },
        "steppingStone": { "technicalComplexity": 3, "businessImpact": 4 },
    });
    one.insert("SelectionChecklist", ada.act("SelectionChecklist", "put", None, speaks).await.id());
    one.insert("ProjectIdea", idea);
}

/// Every verb.
pub(super) async fn tour(tour: &mut Tour<'_>) {
    let (ada, nothing) = (&tour.world.ada, json!({}));
    let idea = tour.go(ada, "ProjectIdea", "create", None, json!({ "title": "Tour", "source": "SIDE_HUSTLE" })).await;
    let idea = idea["id"].as_str().unwrap().to_owned();
    let declares = json!({ "employerConflict": { "declared": true, "notes": "None." } });
    tour.go(ada, "ProjectIdea", "update", Some(&idea), declares).await;
    let names = json!({ "externalRefs": [{ "source": "notes", "externalId": "1" }] });
    tour.go(ada, "ProjectIdea", "update", Some(&idea), names).await;
    let speaks = |stretch: i64| {
        json!({
            "ideaId": idea, "growth": { "stretch": stretch, "successLikelihood": 3 },
            "steppingStone": { "technicalComplexity": 3, "businessImpact": 4 },
        })
    };
    let checklist = tour.go(ada, "SelectionChecklist", "put", None, speaks(3)).await;
    let checklist = checklist["id"].as_str().unwrap().to_owned();
    tour.go(ada, "SelectionChecklist", "put", None, speaks(4)).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "SelectionChecklist", verb, Some(&checklist), nothing.clone()).await;
        tour.go(ada, "ProjectIdea", verb, Some(&idea), nothing.clone()).await;
    }
    for verb in ["evaluate", "shelve", "revive", "evaluate", "promote"] {
        tour.go(ada, "ProjectIdea", verb, Some(&idea), nothing.clone()).await;
    }
}
