//! Advice about portfolios (§15).

use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(a_portfolio_is_advised, a_stage_is_overtaken, who_is_told_of_a_portfolio);

async fn codes(who: &Actor, question: Value) -> Vec<String> {
    let told = who.ask("personInsights", question).await.done();
    let all = told["items"].as_array().unwrap().iter();
    all.map(|one| format!("{} {}", one["code"].as_str().unwrap(), one["subjectId"].as_str().unwrap())).collect()
}

async fn entry(who: &Actor, title: &str, day: &str) -> String {
    let new = json!({ "title": title, "finishedAt": format!("{day}T00:00:00Z"), "complexity": 2 });
    who.create("PortfolioEntry", new).await.id()
}

async fn a_portfolio_is_advised(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let first = entry(&ada, "Wind", "2025-01-01").await;
    assert_eq!(codes(&ada, json!({})).await, [format!("NO_VALUE_EVIDENCE {first}")]);
    let told = ada.ask("insights", json!({ "subjectId": first })).await.done();
    let command = &told["items"][0]["suggestedCommand"];
    assert_eq!(
        (&command["name"], &command["path"], &command["input"]),
        (
            &json!("requestStakeholderConfirmation"),
            &json!("/api/v1/stakeholder-confirmations/request"),
            &json!({ "entryId": first })
        )
    );
    // Three of one stage that are no more complex are a plateau.
    entry(&ada, "Sun", "2025-02-01").await;
    let third = entry(&ada, "Rain", "2025-03-01").await;
    assert_eq!(codes(&ada, json!({})).await, [format!("NO_VALUE_EVIDENCE {third}"), format!("STAGE_PLATEAU {third}")]);
    // What is known speaks for more, until it is said.
    let shows = json!({ "entryId": first, "kind": "PART_OF_JOB", "note": "They run it." });
    ada.act("PortfolioEvidence", "record", None, shows).await.done();
    assert_eq!(
        codes(&ada, json!({})).await,
        [format!("STAGE_PLATEAU {third}"), format!("READY_FOR_NEXT_STAGE {first}")]
    );
    let told = ada.ask("insights", json!({ "subjectId": first })).await.done();
    assert_snapshot!(told["items"][0]["reason"].as_str().unwrap(), @r#"Wind is shown as "Personal project"; what is known of it speaks for "Creating value"."#);
    assert_eq!(told["items"][0]["suggestedCommand"]["input"], json!({ "stage": "VALUE_CREATION" }));
    ada.update("PortfolioEntry", &first, json!({ "stage": "VALUE_CREATION" })).await.done();
    // The first of all creates value: that nothing of her own came before it is worth knowing.
    assert_eq!(codes(&ada, json!({})).await, [format!("STAGE_SKIPPED {first}")]);
}

async fn a_stage_is_overtaken(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    entry(&ada, "Chess", "2024-06-01").await;
    let (first, second) = (entry(&ada, "Wind", "2025-01-01").await, entry(&ada, "Sun", "2025-02-01").await);
    for of in [&first, &second] {
        let shows = json!({ "entryId": of, "kind": "PART_OF_JOB", "note": "They run it." });
        ada.act("PortfolioEvidence", "record", None, shows).await.done();
    }
    ada.update("PortfolioEntry", &first, json!({ "stage": "VALUE_CREATION" })).await.done();
    ada.update("PortfolioEntry", &second, json!({ "complexity": 3 })).await.done();
    ada.update("PortfolioEntry", &second, json!({ "stage": "RISING_SCOPE" })).await.done();
    assert_eq!(codes(&ada, json!({})).await, [""; 0]);
    // What came before it grows: nobody is kept from saying so, and the stage is told of.
    ada.update("PortfolioEntry", &first, json!({ "complexity": 4 })).await.done();
    assert_eq!(codes(&ada, json!({})).await, [format!("STAGE_UNSUPPORTED {second}")]);
    let told = ada.ask("insights", json!({ "subjectId": second })).await.done();
    assert_snapshot!(told["items"][0]["reason"].as_str().unwrap(), @r#"Sun is shown as "Rising scope and complexity"; with what is known now, "Creating value" fits it better."#);
    let command = told["items"][0]["suggestedCommand"].clone();
    assert_eq!(command["input"], json!({ "stage": "VALUE_CREATION" }));
    ada.update("PortfolioEntry", &second, command["input"].clone()).await.done();
    assert_eq!(codes(&ada, json!({})).await, [""; 0]);
}

async fn who_is_told_of_a_portfolio(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let wind = entry(&ada, "Wind", "2025-01-01").await;
    // Who was let see her learning is told nothing of her portfolio.
    ada.opens(&kim, &["learning:read"]).await;
    let hers = || json!({ "userId": ada.id });
    assert_eq!(codes(&kim, hers()).await, [""; 0]);
    assert_snapshot!(kim.ask("insights", json!({ "subjectId": wind })).await.said(), @"NOT_FOUND");
    ada.opens(&kim, &["portfolio:read"]).await;
    assert_eq!(codes(&kim, hers()).await, [format!("NO_VALUE_EVIDENCE {wind}")]);
    let told = kim.ask("insights", json!({ "subjectId": wind })).await.done();
    assert_eq!(told["items"][0]["suggestedCommand"], json!(null), "to ask is not the coach's");
}
