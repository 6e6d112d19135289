//! A connection over which much came serves whoever gets it next.

use serde_json::json;

use crate::harness::{Api, stories_in_both_faces};

stories_in_both_faces!(after_a_large_row_everything_goes_on);

async fn after_a_large_row_everything_goes_on(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let company = ada.create("Company", json!({ "name": "Windy Grid" })).await.id();
    let long = "\u{1F600}".repeat(20_000);
    let posting = json!({ "companyId": company, "title": "ML engineer", "description": long });
    let posting = ada.create("JobPosting", posting).await.id();
    for round in 0..20 {
        let read = ada.see("JobPosting", &posting).await.done();
        assert_eq!(read["description"], json!(long), "{round}");
        ada.update("JobPosting", &posting, json!({ "location": format!("{round}") })).await.done();
        ada.create("Contact", json!({ "name": format!("Noor {round}") })).await.done();
    }
}
