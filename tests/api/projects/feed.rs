//! Whoever is in a project is told what happens in it, and nobody else is (§30, §37).

use serde_json::{Value, json};

use super::{begun, candidate};
use crate::harness::{Actor, Api, stories_in_both_faces};

stories_in_both_faces!(who_is_in_a_project_is_told, what_is_told_to_nobody_else);

/// What somebody is told, from the beginning.
async fn told(who: &Actor) -> Vec<Value> {
    let mine = |one: &Value| !one["type"].as_str().unwrap().starts_with("session.");
    let page = who.list("Event", &[("sort", "seq"), ("first", "100")]).await;
    page.items.into_iter().filter(mine).map(|one| one["type"].clone()).collect()
}

async fn who_is_in_a_project_is_told(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, eve) = (acme.learner("ada").await, acme.learner("eve").await);
    let (project, scope) = begun(&ada, "Wind").await;
    let solution = candidate(&ada, &project, "Forecast").await;
    begun(&ada, "Sun").await;
    let subject = async |who: &Actor, id: &str| who.list("Event", &[("subjectId", id)]).await.each("type");
    for role in ["LEAD", "CONTRIBUTOR", "OBSERVER"] {
        let who = acme.learner(&role.to_lowercase()).await;
        assert!(subject(&who, &project).await.is_empty() && subject(&who, &solution).await.is_empty());
        let member =
            ada.create("ProjectMember", json!({ "projectId": project, "userId": who.id, "role": role })).await.id();
        // What happened before, too; of her other project nothing.
        assert_eq!(subject(&who, &project).await, ["project.created"]);
        assert_eq!(subject(&who, &solution).await, ["candidate_solution.created"]);
        assert_eq!(subject(&who, &member).await, ["project_member.created"]);
        let all = told(&who).await;
        assert_eq!(all.iter().filter(|one| *one == "project.created").count(), 1, "{all:?}");
        // Who leaves is told no more.
        ada.tell("ProjectMember", "delete", &member).await.done();
        assert!(subject(&who, &project).await.is_empty());
        ada.tell("ProjectMember", "restore", &member).await.done();
        assert_eq!(subject(&who, &member).await.len(), 3);
    }
    let noor = acme.learner("noor").await;
    ada.create("ProjectMember", json!({ "projectId": project, "userId": noor.id, "role": "OBSERVER" })).await.done();
    // What others in it do, and what is deep in it.
    let lead = acme.learner("lena").await;
    ada.create("ProjectMember", json!({ "projectId": project, "userId": lead.id, "role": "LEAD" })).await.done();
    let problem = json!({ "problem": { "statement": "Nobody knows." }, "expertWaiverReason": "None has time" });
    lead.update("Scope", &scope, problem).await.done();
    lead.act("Scope", "completeStep", Some(&scope), json!({ "step": "BUSINESS_PROBLEM" })).await.done();
    let new = json!({ "projectId": project, "title": "First", "targetDate": "2027-03-01" });
    let milestone = lead.create("Milestone", new).await.id();
    let metric =
        json!({ "milestoneId": milestone, "kind": "ML", "name": "Recall", "direction": "UP", "target": "0.9" });
    let metric = lead.create("Metric", metric).await.id();
    let seen = json!({ "metricId": metric, "value": "0.5", "observedAt": "2026-03-01T10:00:00Z" });
    let seen = lead.act("MetricObservation", "record", None, seen).await.id();
    for id in [&scope, &milestone, &metric, &seen] {
        assert_eq!(subject(&noor, id).await, subject(&ada, id).await);
        assert!(!subject(&noor, id).await.is_empty());
        assert!(subject(&eve, id).await.is_empty());
    }
    // When the project is gone, they are told that it is.
    ada.tell("Project", "delete", &project).await.done();
    assert_eq!(subject(&noor, &project).await.last(), Some(&json!("project.deleted")));
}

async fn what_is_told_to_nobody_else(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, eve) = (acme.learner("ada").await, acme.learner("ben").await, acme.learner("eve").await);
    let (project, _) = begun(&ada, "Wind").await;
    for who in [&ben, &eve] {
        let takes = json!({ "projectId": project, "userId": who.id, "role": "CONTRIBUTOR" });
        ada.create("ProjectMember", takes).await.done();
    }
    // What two say of each other is between them, though it is said in the project.
    let says = json!({
        "projectId": project, "toId": ben.id, "collaboration": 5, "influencing": 4, "beingInfluenced": 3,
        "communication": 4,
    });
    let feedback = ada.act("PeerFeedback", "submit", None, says).await.id();
    // The idea that it came of is hers, and its checklist the project's.
    let idea = ada.create("ProjectIdea", json!({ "title": "Sun", "source": "READING_AND_TALKING" })).await.id();
    let speaks = json!({
        "ideaId": idea, "growth": { "stretch": 4, "successLikelihood": 3 },
        "steppingStone": { "technicalComplexity": 3, "businessImpact": 4 },
    });
    let checklist = ada.act("SelectionChecklist", "put", None, speaks.clone()).await.id();
    ada.tell("ProjectIdea", "evaluate", &idea).await.done();
    let other = ada.tell("ProjectIdea", "promote", &idea).await.done();
    let takes = json!({ "projectId": other["projectId"], "userId": eve.id, "role": "OBSERVER" });
    ada.create("ProjectMember", takes).await.done();
    let mut again = speaks;
    again["growth"] = json!({ "stretch": 2, "successLikelihood": 3 });
    ada.act("SelectionChecklist", "put", None, again).await.done();
    let subject = async |who: &Actor, id: &str| who.list("Event", &[("subjectId", id)]).await.items.len();
    assert_eq!(
        (subject(&ada, &feedback).await, subject(&ben, &feedback).await, subject(&eve, &feedback).await),
        (1, 0, 0)
    );
    assert_eq!((subject(&ada, &idea).await, subject(&eve, &idea).await), (3, 0));
    let of_checklist = subject(&eve, &checklist).await;
    assert!(of_checklist > 0 && of_checklist < subject(&ada, &checklist).await, "since it is the project's");
    assert_eq!(subject(&ben, &checklist).await, 0);
    // Who was let see her projects is told as she is; an administrator is in none.
    let (kim, root) = (acme.coach("kim").await, acme.admin("root").await);
    assert_eq!((subject(&kim, &project).await, subject(&root, &project).await), (0, 0));
    ada.opens(&kim, &["projects:read"]).await;
    assert_eq!(subject(&kim, &project).await, 1);
    let stranger = api.organization("Beta").await.admin("sam").await;
    assert_eq!(subject(&stranger, &project).await, 0);
}
