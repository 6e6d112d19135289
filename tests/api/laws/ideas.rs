//! Ideas in the world of the laws: one of everything, and a tour of every verb.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::writes::Tour;
use crate::harness::Actor;

/// An idea, and what speaks for it.
pub async fn one_of_each(ada: &Actor, kim: &Actor, one: &mut BTreeMap<&'static str, String>) {
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
    let met = json!({ "projectId": one["Project"], "competencyId": one["Competency"], "note": "Clouds moved." });
    one.insert("Obstacle", ada.act("Obstacle", "record", None, met).await.id());
    one.insert("PeerFeedback", ada.act("PeerFeedback", "submit", None, says(&one["Project"], kim)).await.id());
}

/// What it is like to work with somebody.
fn says(project: &str, of: &Actor) -> Value {
    json!({
        "projectId": project, "toId": of.id, "collaboration": 5, "influencing": 4, "beingInfluenced": 3,
        "communication": 4,
    })
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
    // It goes with its idea, and so comes back after it.
    let [checklist, whole] = [("SelectionChecklist", &checklist), ("ProjectIdea", &idea)];
    for (verb, all) in [("delete", [checklist, whole]), ("restore", [whole, checklist])] {
        for (name, id) in all {
            tour.go(ada, name, verb, Some(id), nothing.clone()).await;
        }
    }
    for verb in ["evaluate", "shelve", "revive", "evaluate", "promote"] {
        tour.go(ada, "ProjectIdea", verb, Some(&idea), nothing.clone()).await;
    }
    let project = ada.create("Project", json!({ "title": "Work" })).await.id();
    let takes = json!({ "projectId": project, "userId": tour.world.root.id, "role": "LEAD" });
    ada.create("ProjectMember", takes).await.done();
    let met = json!({ "projectId": project, "competencyId": tour.world.one["Competency"], "note": "No data." });
    tour.go(ada, "Obstacle", "record", None, met).await;
    let feedback = tour.go(ada, "PeerFeedback", "submit", None, says(&project, &tour.world.root)).await;
    let feedback = feedback["id"].as_str().unwrap().to_owned();
    tour.go(ada, "PeerFeedback", "update", Some(&feedback), json!({ "text": "Thank you." })).await;
}
