//! Talks, and how people are in touch, in the world of the laws: one of everything, and a tour of every verb.

use std::collections::BTreeMap;

use serde_json::json;

use super::writes::Tour;
use crate::harness::{Actor, face::id};

/// An interaction, a talk that was held with what it brought, and what a title means somewhere.
pub async fn one_of_each(ada: &Actor, one: &mut BTreeMap<&'static str, String>) {
    // Of another contact: when one was last in touch with them is told by these.
    let olu = ada.create("Contact", json!({ "name": "Olu" })).await.id();
    let interaction = json!({
        "contactId": olu, "kind": "CALL", "occurredAt": "2026-03-02T10:00:00Z", "note": "Hello.",
        "externalRefs": [{ "source": "phone", "externalId": "1" }],
    });
    one.insert("Interaction", ada.create("Interaction", interaction).await.id());
    let talk = json!({
        "contactId": olu, "companyId": one["Company"], "roleProfileId": one["RoleProfile"], "purpose": "What is it like?", "channel": "VIDEO",
        "researchInterviewee": "Leads it.", "researchCompany": "Runs the grid.",
    });
    let talk = ada.create("InformationalInterview", talk).await.id();
    ada.tell("InformationalInterview", "request", &talk).await.done();
    for (verb, input) in [
        ("schedule", json!({ "scheduledAt": "2026-03-10T10:00:00Z" })),
        ("reschedule", json!({ "scheduledAt": "2026-03-11T10:00:00Z", "reason": "Ill." })),
        ("hold", json!({ "answers": [{ "topic": "A typical day", "text": "Long." }] })),
    ] {
        ada.act("InformationalInterview", verb, Some(&talk), input).await.done();
    }
    let finding = json!({ "interviewId": talk, "kind": "SKILL", "text": "SQL", "competencyId": one["Competency"] });
    one.insert("Finding", ada.create("Finding", finding).await.id());
    one.insert("InformationalInterview", talk);
    let seen = json!({ "companyId": one["Company"], "title": "ML engineer", "duties": ["Clean data"] });
    one.insert("RoleObservation", ada.create("RoleObservation", seen).await.id());
}

/// Every verb.
pub(super) async fn tour(tour: &mut Tour<'_>) {
    let (ada, one, nothing) = (&tour.world.ada, &tour.world.one, json!({}));
    let interaction = json!({ "contactId": one["Contact"], "kind": "CALL", "occurredAt": "2026-03-20T10:00:00Z" });
    let interaction = id(&tour.go(ada, "Interaction", "create", None, interaction).await);
    tour.go(ada, "Interaction", "update", Some(&interaction), json!({ "note": "Twice." })).await;
    let names = json!({ "externalRefs": [{ "source": "phone", "externalId": "2" }] });
    tour.go(ada, "Interaction", "update", Some(&interaction), names).await;
    let talk = json!({ "contactId": one["Contact"], "roleTitle": "Tour" });
    let talk = id(&tour.go(ada, "InformationalInterview", "create", None, talk).await);
    let finding = json!({ "interviewId": talk, "kind": "SKILL", "text": "SQL", "competencyId": one["Competency"] });
    let finding = id(&tour.go(ada, "Finding", "create", None, finding).await);
    tour.go(ada, "Finding", "update", Some(&finding), json!({ "weight": 5 })).await;
    let at = json!({ "scheduledAt": "2026-03-10T10:00:00Z" });
    for (verb, input) in [
        ("update", &json!({ "purpose": "Why?" })),
        ("request", &nothing),
        ("markNoResponse", &nothing),
        ("reopen", &nothing),
        ("schedule", &at),
        ("reschedule", &at),
        ("hold", &nothing),
        ("conclude", &json!({ "outcome": "LEARN_FIRST" })),
        ("followUp", &nothing),
    ] {
        tour.go(ada, "InformationalInterview", verb, Some(&talk), input.clone()).await;
    }
    // What a talk showed when it was concluded is known: another says something new.
    let other = json!({ "contactId": one["Contact"], "roleTitle": "Tour" });
    let other = id(&tour.go(ada, "InformationalInterview", "create", None, other).await);
    let finding = json!({ "interviewId": other, "kind": "SKILL", "text": "SQL", "competencyId": one["Competency"] });
    tour.go(ada, "Finding", "create", None, finding).await;
    for (verb, input) in [("request", &nothing), ("schedule", &at), ("hold", &nothing)] {
        tour.go(ada, "InformationalInterview", verb, Some(&other), input.clone()).await;
    }
    tour.go(ada, "LearningNeed", "raiseFromInterviews", None, json!({ "title": "Tour" })).await;
    for (verb, way) in [("decline", &["request"][..]), ("cancel", &[])] {
        let new = json!({ "contactId": one["Contact"] });
        let other = id(&tour.go(ada, "InformationalInterview", "create", None, new).await);
        for step in way {
            tour.go(ada, "InformationalInterview", step, Some(&other), nothing.clone()).await;
        }
        tour.go(ada, "InformationalInterview", verb, Some(&other), nothing.clone()).await;
    }
    let seen = json!({ "companyId": one["Company"], "title": "Tour", "duties": ["Walk"] });
    let seen = id(&tour.go(ada, "RoleObservation", "create", None, seen).await);
    tour.go(ada, "RoleObservation", "update", Some(&seen), json!({ "duties": ["Run"] })).await;
    for (name, id) in [
        ("Interaction", &interaction),
        ("Finding", &finding),
        ("InformationalInterview", &talk),
        ("RoleObservation", &seen),
    ] {
        for verb in ["delete", "restore"] {
            tour.go(ada, name, verb, Some(id), nothing.clone()).await;
        }
    }
}
