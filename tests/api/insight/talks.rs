//! Advice about talks with people who do the work, and about keeping in touch (§20, §31).

use cairn::domain::clock;
use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    a_handful_of_talks_is_advised,
    a_handful_is_advised_on_the_way,
    a_word_is_due,
    who_is_told_of_talks
);

async fn codes(who: &Actor, question: Value) -> Vec<String> {
    let told = who.ask("personInsights", question).await.done();
    told["items"].as_array().unwrap().iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect()
}

/// A talk that was held so many days ago.
async fn held(who: &Actor, contact: &str, days: i64) -> String {
    hold(who, json!({ "contactId": contact }), days).await
}

async fn hold(who: &Actor, talk: Value, days: i64) -> String {
    let talk = who.create("InformationalInterview", talk).await.id();
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

/// The code, the subject and the reason of what is advised of talks.
async fn advised(who: &Actor) -> Vec<(String, String)> {
    let told = who.ask("personInsights", json!({})).await.done();
    let told = told["items"].as_array().unwrap().iter().filter(|one| one["code"] == "TALK_TO_INSIDERS");
    let word = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
    told.map(|one| (word(one, "subjectId"), word(one, "reason"))).collect()
}

async fn a_handful_is_advised_on_the_way(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    ada.create("CareerGoal", json!({ "title": "Become one", "kind": "ROLE" })).await.done();
    let whole = json!({ "fromRole": "Analyst", "fromIndustry": "Finance", "toRole": "ML engineer", "toIndustry": "Technology" });
    let plan = ada.create("TransitionPlan", whole).await.id();
    // A plan says better than a goal where she goes: of one place it is told once.
    let told = advised(&ada).await;
    assert_eq!((told.len(), &told[0].0), (1, &plan));
    assert_snapshot!(told[0].1, @"ML engineer in Technology means something else at each company. Nobody who does that work was asked yet; a handful of talks shows what it is like.");
    // A talk about another role elsewhere shows nothing of it.
    let wing = ada.create("Company", json!({ "name": "Wing", "industry": "Aviation" })).await.id();
    let pia = ada.create("Contact", json!({ "name": "Pia", "companyId": wing })).await.id();
    let talk = |contact: &str| json!({ "contactId": contact, "roleTitle": "Pilot" });
    hold(&ada, talk(&pia), 0).await;
    assert!(advised(&ada).await[0].1.contains("Nobody who does that work"));
    // One with somebody in the industry does.
    let grid = ada.create("Company", json!({ "name": "Grid", "industry": "technology" })).await.id();
    let noor = ada.create("Contact", json!({ "name": "Noor", "companyId": grid })).await.id();
    hold(&ada, talk(&noor), 0).await;
    assert!(advised(&ada).await[0].1.contains("One person who does that work"));
    for _ in 0..2 {
        hold(&ada, json!({ "contactId": pia, "roleTitle": "ml engineer" }), 0).await;
    }
    assert!(advised(&ada).await.is_empty());
    // Whoever changes the industry alone asks who is there; a plan that has come to its end asks nobody.
    let there =
        json!({ "fromRole": "Analyst", "fromIndustry": "Finance", "toRole": "Analyst", "toIndustry": "Health" });
    let there = ben.create("TransitionPlan", there).await.id();
    let told = advised(&ben).await;
    assert_eq!((told.len(), &told[0].0), (1, &there));
    assert_snapshot!(told[0].1, @"Healthcare is best known by those who work there. Nobody who works there was asked yet; a handful of talks shows what it is like.");
    ben.act("TransitionPlan", "acceptPath", Some(&there), json!({ "pathId": "DIRECT" })).await.done();
    assert_eq!(advised(&ben).await.len(), 1);
    let leg = ben.list("TransitionLeg", &[("transitionPlanId", &there)]).await.ids().remove(0);
    ben.tell("TransitionLeg", "skip", &leg).await.done();
    assert!(advised(&ben).await.is_empty());
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
