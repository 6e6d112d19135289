//! Peer feedback: seen by whom it is about once both have said something, or after 14 days; and who works alone (§30).

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    each_sees_what_the_other_says_once_both_have,
    after_two_weeks_it_is_shown,
    who_says_something_of_whom,
    who_always_works_alone_is_told
);

const KIND: &str = "PeerFeedback";

fn says(project: &str, of: &str) -> Value {
    json!({
        "projectId": project, "toId": of, "collaboration": 5, "influencing": 4, "beingInfluenced": 3,
        "communication": 4, "text": "Asks good questions.",
    })
}

/// A project of somebody with another in it.
async fn project(ada: &Actor, ben: &Actor) -> String {
    let project = ada.create("Project", json!({ "title": "Wind" })).await.id();
    let takes = json!({ "projectId": project, "userId": ben.id, "role": "OBSERVER" });
    ada.create("ProjectMember", takes).await.done();
    project
}

async fn submit(from: &Actor, project: &str, to: &Actor) -> Value {
    from.act(KIND, "submit", None, says(project, &to.id)).await.done()
}

async fn each_sees_what_the_other_says_once_both_have(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    let project = project(&ada, &ben).await;
    let hers = submit(&ada, &project, &ben).await;
    let id = hers["id"].as_str().unwrap();
    assert_eq!((&hers["fromId"], &hers["toId"]), (&json!(ada.id), &json!(ben.id)));
    // Until he has said something, too, there is nothing for him to know of; she may still change it.
    assert_snapshot!(ben.see(KIND, id).await.said(), @"NOT_FOUND");
    assert!(ben.list(KIND, &[]).await.items.is_empty());
    assert!(ben.list("Event", &[("subjectId", id)]).await.items.is_empty());
    let shown = ben.get(&format!("/projects/{project}?expand=feedback")).await.fine();
    assert_eq!(shown["feedback"]["items"], json!([]));
    ada.update(KIND, id, json!({ "influencing": 5, "text": null })).await.done();
    assert_snapshot!(ben.update(KIND, id, json!({ "influencing": 1 })).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.act(KIND, "submit", None, says(&project, &ben.id)).await.said(), @"ALREADY_EXISTS");
    let his = submit(&ben, &project, &ada).await;
    let seen = ben.see(KIND, id).await.done();
    assert_eq!((&seen["influencing"], &seen["text"]), (&json!(5), &json!(null)));
    ada.see(KIND, his["id"].as_str().unwrap()).await.done();
    assert_eq!(seen["visibleAt"], his["visibleAt"], "both at one moment");
    // What has been read stays as it is, and nobody else reads it.
    for (who, feedback) in [(&ada, id), (&ben, his["id"].as_str().unwrap())] {
        assert_snapshot!(who.update(KIND, feedback, json!({ "influencing": 1 })).await.said(), @"FEEDBACK_SHOWN");
    }
    for who in [&root, &machine] {
        assert_snapshot!(who.see(KIND, id).await.said(), @"NOT_FOUND");
    }
    let said = ada.list("Event", &[("subjectId", id), ("sort", "seq")]).await.each("type");
    assert_eq!(said, ["peer_feedback.submitted", "peer_feedback.updated", "peer_feedback.shown"]);
}

async fn after_two_weeks_it_is_shown(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let project = project(&ada, &ben).await;
    let hers = submit(&ada, &project, &ben).await;
    let id = hers["id"].as_str().unwrap();
    let at = |feedback: &Value, name: &str| {
        feedback[name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap()
    };
    assert_eq!(at(&hers, "visibleAt") - at(&hers, "createdAt"), TimeDelta::days(14));
    assert_snapshot!(ben.see(KIND, id).await.said(), @"NOT_FOUND");
    let past = clock::now() - TimeDelta::seconds(1);
    api.execute("UPDATE \"peer_feedback\" SET visible_at = $1", vec![past.into()]).await;
    ben.see(KIND, id).await.done();
    assert_snapshot!(ada.update(KIND, id, json!({ "communication": 1 })).await.said(), @"FEEDBACK_SHOWN");
    // He knows it by now: what he says is shown at once, and hers is not shown again.
    let his = submit(&ben, &project, &ada).await;
    assert_eq!(his["visibleAt"], his["createdAt"]);
    assert_eq!(ada.see(KIND, id).await.done()["version"], hers["version"]);
}

async fn who_says_something_of_whom(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let machine = acme.omnipotent().await;
    let project = project(&ada, &ben).await;
    let said = async |from: &Actor, to: &str| from.act(KIND, "submit", None, says(&project, to)).await.said();
    assert_snapshot!(said(&ada, &ada.id).await, @"SELF_FEEDBACK /toId");
    assert_snapshot!(said(&ada, &kim.id).await, @"REFERENCE_UNKNOWN /toId");
    assert_snapshot!(said(&kim, &ada.id).await, @"REFERENCE_UNKNOWN /projectId");
    assert_snapshot!(said(&machine, &ada.id).await, @"FORBIDDEN");
    // Who may look into a project is not in it.
    ada.opens(&kim, &["projects:write"]).await;
    assert_snapshot!(said(&kim, &ada.id).await, @"FORBIDDEN");
    assert_snapshot!(ada.act(KIND, "submit", None, says(&nothing("prj"), &ben.id)).await.said(), @"REFERENCE_UNKNOWN /projectId");
    // A project that has ended is when there is most to say; who has left it is of it no more.
    api.execute("UPDATE \"project\" SET status = 'COMPLETED'", Vec::new()).await;
    submit(&ben, &project, &ada).await;
    let member = ada.list("ProjectMember", &[]).await.ids().remove(0);
    ada.tell("ProjectMember", "delete", &member).await.done();
    assert_snapshot!(said(&ada, &ben.id).await, @"REFERENCE_UNKNOWN /toId");
}

async fn who_always_works_alone_is_told(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    ada.opens(&kim, &["learning:read"]).await;
    // Whoever builds keeps learning: there is nothing to say of that.
    let noted = json!({ "startedAt": clock::rfc3339(clock::now()), "minutes": 30 });
    ada.create("LearningSession", noted).await.done();
    let codes = async |who: &Actor| -> Vec<Value> {
        let told = who.ask("personInsights", json!({ "userId": ada.id })).await.done();
        told["items"].as_array().unwrap().iter().map(|one| json!([one["code"], one["subjectId"]])).collect()
    };
    let mut last = String::new();
    for title in ["One", "Two", "Three"] {
        api.execute("UPDATE \"project\" SET status = 'COMPLETED'", Vec::new()).await;
        assert!(codes(&ada).await.is_empty(), "before {title}");
        last = ada.create("Project", json!({ "title": title })).await.id();
    }
    api.execute("UPDATE \"project\" SET status = 'COMPLETED' WHERE title <> 'Three'", Vec::new()).await;
    assert!(codes(&ada).await.is_empty(), "the third is not finished");
    let takes = json!({ "projectId": last, "userId": ben.id, "role": "OBSERVER" });
    let member = ada.create("ProjectMember", takes).await.id();
    api.execute("UPDATE \"project\" SET status = 'COMPLETED'", Vec::new()).await;
    assert!(codes(&ada).await.is_empty(), "somebody was in one of them");
    ada.tell("ProjectMember", "delete", &member).await.done();
    assert_eq!(codes(&ada).await, [json!(["ALWAYS_SOLO", ada.id])]);
    // Whoever sees her learning alone does not learn how she works.
    assert!(codes(&kim).await.is_empty());
}
