//! Advice about talks with people who do the work, and about keeping in touch (§20, §31).

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, stories_in_both_faces};

stories_in_both_faces!(a_handful_of_talks_is_advised, a_word_is_due, who_is_told_of_talks);

async fn codes(who: &Actor, question: Value) -> Vec<String> {
    let told = who.ask("personInsights", question).await.done();
    told["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

/// A talk that was held so many days ago.
async fn held(who: &Actor, contact: &str, days: i64) -> String {
    let talk = who.create("InformationalInterview", json!({ "contactId": contact })).await.id();
    who.tell("InformationalInterview", "request", &talk).await.done();
    let at = clock::rfc3339(clock::now() - TimeDelta::days(days));
    who.act("InformationalInterview", "schedule", Some(&talk), json!({ "scheduledAt": at })).await.done();
    who.tell("InformationalInterview", "hold", &talk).await.done();
    talk
}

async fn a_handful_of_talks_is_advised(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let role = root.create("RoleProfile", json!({ "title": "ML engineer" })).await.id();
    let goal = json!({ "title": "Become one", "kind": "ROLE", "targetRoleProfileId": role });
    let goal = ada.create("CareerGoal", goal).await.id();
    let told = ada.ask("insights", json!({ "subjectId": goal })).await.done();
    let advice = &told["items"][0];
    assert_eq!((&advice["code"], &advice["playbookRef"]), (&json!("TALK_TO_INSIDERS"), &json!("§20")));
    assert_eq!(
        (&advice["suggestedCommand"]["name"], &advice["suggestedCommand"]["input"]),
        (&json!("createInformationalInterview"), &json!({ "roleProfileId": role }))
    );
    let noor = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    for _ in 0..3 {
        assert!(codes(&ada, json!({})).await.contains(&"TALK_TO_INSIDERS".to_owned()));
        held(&ada, &noor, 0).await;
    }
    assert!(codes(&ada, json!({})).await.is_empty());
}

async fn a_word_is_due(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let last = clock::rfc3339(clock::now() - TimeDelta::days(40));
    let noor = json!({ "name": "Noor", "cadenceDays": 30, "lastInteractionAt": last });
    let noor = ada.create("Contact", noor).await.id();
    let told = ada.ask("insights", json!({ "subjectId": noor })).await.done();
    let command = &told["items"][0]["suggestedCommand"];
    assert_eq!((&told["items"][0]["code"], &command["name"]), (&json!("KEEP_IN_TOUCH"), &json!("createInteraction")));
    assert_eq!(command["input"], json!({ "contactId": noor }));
    // A talk is a word, and a word of thanks is due two days after it.
    let talk = held(&ada, &noor, 1).await;
    assert!(codes(&ada, json!({})).await.is_empty());
    let since = json!({ "followUpDueAt": clock::rfc3339(clock::now() - TimeDelta::minutes(1)) });
    ada.update("InformationalInterview", &talk, since).await.done();
    assert_eq!(codes(&ada, json!({})).await, ["FOLLOW_UP_OVERDUE"]);
    ada.tell("InformationalInterview", "followUp", &talk).await.done();
    assert!(codes(&ada, json!({})).await.is_empty());
}

async fn who_is_told_of_talks(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    ada.create("CareerGoal", json!({ "title": "Become one", "kind": "ROLE" })).await.done();
    let last = clock::rfc3339(clock::now() - TimeDelta::days(40));
    let noor = json!({ "name": "Noor", "cadenceDays": 30, "lastInteractionAt": last });
    let noor = ada.create("Contact", noor).await.id();
    let talk = held(&ada, &noor, 35).await;
    let hers = || json!({ "userId": ada.id });
    // Who was let see her learning is told nothing of whom she talks to, nor that she talked to few.
    ada.opens(&kim, &["learning:read"]).await;
    assert!(codes(&kim, hers()).await.is_empty());
    ada.opens(&kim, &["jobs:read"]).await;
    assert_eq!(codes(&kim, hers()).await, ["FOLLOW_UP_OVERDUE", "TALK_TO_INSIDERS"]);
    let told = kim.ask("insights", json!({ "subjectId": talk })).await.done();
    let reason = told["items"][0]["reason"].as_str().unwrap();
    assert!(reason.starts_with("Whoever was asked gave their time"), "{reason}");
    assert_eq!(told["items"][0]["suggestedCommand"], Value::Null, "it is not hers to do");
    ada.opens(&kim, &["community:read"]).await;
    assert_eq!(codes(&kim, hers()).await, ["FOLLOW_UP_OVERDUE", "TALK_TO_INSIDERS", "KEEP_IN_TOUCH"]);
}
