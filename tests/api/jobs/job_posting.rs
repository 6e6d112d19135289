//! Postings: openings that somebody took note of (§21).

use serde_json::json;

use super::Search;
use crate::harness::{Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(what_is_said_of_an_opening, an_opening_has_names_elsewhere);

const KIND: &str = "JobPosting";

async fn what_is_said_of_an_opening(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let company = ada.create("Company", json!({ "name": "Windy Grid" })).await.id();
    let range = json!({ "min": "60000", "max": "72000.50", "currency": "EUR", "per": "YEAR" });
    let new = json!({
        "companyId": company, "title": "ML engineer", "requisitionId": "R-7", "url": "https://example.org/r7",
        "employerKind": "STARTUP", "employmentType": "FULL_TIME", "compRange": range, "location": "Vienna",
        "closesAt": "2999-01-01T00:00:00Z", "source": "A friend",
    });
    let posting = ada.create(KIND, new).await.done();
    let id = posting["id"].as_str().unwrap();
    assert_eq!(posting["compRange"], json!({ "min": "60000.00", "max": "72000.50", "currency": "EUR", "per": "YEAR" }));
    let pay = |min: &str, max: &str, currency: &str| json!({ "compRange": { "min": min, "max": max, "currency": currency, "per": "MONTH" } });
    assert_snapshot!(ada.update(KIND, id, pay("6", "5", "EUR")).await.said(), @"RANGE_INVERTED /compRange/max");
    assert_snapshot!(ada.update(KIND, id, pay("-6", "5", "EUR")).await.said(), @"AMOUNT_NEGATIVE /compRange/min");
    assert_snapshot!(ada.update(KIND, id, pay("6", "7.5", "JPY")).await.said(), @"AMOUNT_PRECISION /compRange/max");
    let open_ended = json!({ "compRange": { "min": "45", "currency": "USD", "per": "HOUR" } });
    let changed = ada.update(KIND, id, open_ended).await.done();
    assert_eq!(changed["compRange"], json!({ "min": "45.00", "max": null, "currency": "USD", "per": "HOUR" }));
    assert_eq!(ada.update(KIND, id, json!({ "compRange": null })).await.done()["compRange"], json!(null));
    assert_eq!(ada.list(KIND, &[("q", "vienna"), ("employerKind", "STARTUP")]).await.ids(), [id]);
    assert_snapshot!(ada.update(KIND, id, json!({ "companyId": nothing("cny") })).await.said(), @"REFERENCE_UNKNOWN /companyId");
    assert_snapshot!(ada.update(KIND, id, json!({ "roleProfileId": nothing("rpr") })).await.said(), @"REFERENCE_UNKNOWN /roleProfileId");
    assert_snapshot!(ada.update(KIND, id, json!({ "ownerId": ben.id })).await.said(), @"OWNER_IMMUTABLE /ownerId");
    // What somebody else took note of, nobody applies for.
    let search = Search::of(&ben).await;
    let applies = json!({ "jobSearchId": search.id, "postingId": id });
    assert_snapshot!(ben.create("Application", applies).await.said(), @"REFERENCE_UNKNOWN /postingId");
}

async fn an_opening_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let company = ada.create("Company", json!({ "name": "Windy Grid" })).await.id();
    let new = json!({ "companyId": company, "title": "ML engineer", "location": "Vienna" });
    let first = ada.upsert(KIND, "board", "9", new).await.done();
    let again = ada.upsert(KIND, "board", "9", json!({ "companyId": company, "title": "Engineer" })).await.done();
    assert_eq!(
        (&again["id"], &again["title"], &again["location"]),
        (&first["id"], &json!("Engineer"), &json!("Vienna"))
    );
    let mine = json!({ "companyId": company, "title": "Mine" });
    // A name is each one's own.
    assert_ne!(ben.upsert(KIND, "board", "9", mine).await.done()["id"], first["id"]);
}
