//! A referral and what it is for: the application that comes about by it, and the end of both (§22, story 10).

use cairn::work::expiries;
use serde_json::{Value, json};

use super::Search;
use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    learning::exchange::{import, outcome},
};

stories_in_both_faces!(
    who_was_spoken_for_comes_by_that,
    what_came_about_by_a_referral_did,
    a_tracker_knows_who_was_spoken_for,
    nobody_speaks_for_what_is_over,
    a_company_that_is_gone_stops_nobody,
    what_cannot_expire_stops_no_other
);

const KIND: &str = "Referral";

async fn asked(who: &Actor, search: &Search, name: &str) -> String {
    let contact = who.create("Contact", json!({ "name": name, "companyId": search.company })).await.id();
    let asks = json!({ "postingId": search.posting, "referrerContactId": contact });
    who.act(KIND, "request", None, asks).await.id()
}

async fn applied(who: &Actor, search: &Search, more: Value) -> Value {
    who.create("Application", search.applying(more)).await.done()
}

async fn who_was_spoken_for_comes_by_that(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let search = Search::of(&ada).await;
    let referral = asked(&ada, &search, "Noor").await;
    // That somebody was asked is no referral yet.
    let early = applied(&ada, &search, json!({})).await;
    assert_eq!(early["channel"], json!("DIRECT"));
    ada.tell("Application", "delete", early["id"].as_str().unwrap()).await.done();
    assert_eq!(ada.see(KIND, &referral).await.done()["state"], json!("WITHDRAWN"));
    let referral = asked(&ada, &search, "Olu").await;
    ada.tell(KIND, "accept", &referral).await.done();
    ada.tell(KIND, "submit", &referral).await.done();
    // What one says oneself counts.
    let inbound = applied(&ada, &search, json!({ "channel": "INBOUND" })).await;
    assert_eq!(inbound["channel"], json!("INBOUND"));
    let application = applied(&ada, &search, json!({})).await;
    assert_eq!(application["channel"], json!("REFERRAL"));
    assert_eq!(ada.see(KIND, &referral).await.done()["applicationId"], application["id"]);
    // It brought one: the next comes about otherwise.
    assert_eq!(applied(&ada, &search, json!({})).await["channel"], json!("DIRECT"));
    // Of another person's search nothing is known.
    let ben = acme.learner("ben").await;
    let bens = Search::of(&ben).await;
    assert_eq!(applied(&ben, &bens, json!({})).await["channel"], json!("DIRECT"));
}

async fn what_came_about_by_a_referral_did(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    for end in ["decline", "expire"] {
        let search = Search::of(&ada).await;
        let referral = asked(&ada, &search, "Noor").await;
        ada.tell(KIND, "accept", &referral).await.done();
        let application = applied(&ada, &search, json!({})).await;
        let id = application["id"].as_str().unwrap();
        assert_eq!(application["channel"], json!("REFERRAL"));
        if end == "decline" {
            ada.tell(KIND, "decline", &referral).await.done();
        } else {
            api.execute("UPDATE \"referral\" SET expires_at = created_at", Vec::new()).await;
            assert_eq!(expiries::next(&api.house).await.unwrap(), 1);
        }
        // §22 lets it be set, and nothing take it back: whoever applies directly instead, says so.
        assert_eq!(ada.see("Application", id).await.done()["channel"], json!("REFERRAL"), "{end}");
        let direct = ada.update("Application", id, json!({ "channel": "DIRECT" })).await.done();
        assert_eq!(direct["channel"], json!("DIRECT"));
    }
}

async fn a_tracker_knows_who_was_spoken_for(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let document = |applications: Value| {
        json!({
            "kind": "JOB_TRACKER",
            "document": {
                "format": "cairn/job-tracker", "version": 1, "source": "huntr",
                "jobs": [{ "id": "j1", "company": "Windy Grid", "name": "ML engineer" }],
                "applications": applications,
            },
        })
    };
    let job = import(&ada, document(json!([]))).await;
    assert_eq!(job["state"], json!("SUCCEEDED"), "{}", outcome(&job));
    let posting = ada.list("JobPosting", &[]).await.ids().remove(0);
    let noor = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let asks = json!({ "postingId": posting, "referrerContactId": noor });
    let referral = ada.act(KIND, "request", None, asks).await.id();
    ada.tell(KIND, "accept", &referral).await.done();
    let job = import(&ada, document(json!([{ "id": "a1", "jobId": "j1", "appliedAt": "2026-03-02T10:00:00Z" }]))).await;
    assert_eq!(job["state"], json!("SUCCEEDED"), "{}", outcome(&job));
    let application = ada.list("Application", &[]).await.items.remove(0);
    assert_eq!(application["channel"], json!("REFERRAL"));
    assert_eq!(ada.see(KIND, &referral).await.done()["applicationId"], application["id"]);
}

async fn nobody_speaks_for_what_is_over(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let search = Search::of(&ada).await;
    let new = json!({ "name": "Ben", "companyId": search.company, "userId": ben.id });
    let contact = ada.create("Contact", new).await.id();
    let ask = async |of: Value| {
        let mut asks = of;
        asks["referrerContactId"] = json!(contact);
        ada.act(KIND, "request", None, asks).await.id()
    };
    // Closing takes back what is hoped for, with an event of its own.
    let application = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let referral = ask(json!({ "applicationId": application })).await;
    ada.act("Application", "close", Some(&application), json!({ "outcome": "REJECTED" })).await.done();
    assert_eq!(ada.see(KIND, &referral).await.done()["state"], json!("WITHDRAWN"));
    let events = ada.list("Event", &[("subjectId", &referral), ("sort", "seq")]).await.each("type");
    assert_eq!(events, ["referral.requested", "referral.withdrawn"].map(Value::from));
    // Whoever was asked is not told what became of it.
    let late = ben.tell(KIND, "accept", &referral).await;
    assert_snapshot!(late.said(), @"APPLICATION_CLOSED");
    assert_eq!(late.details.get("outcome"), None);
    // What was left from before, too.
    for state in ["REQUESTED", "ACCEPTED"] {
        api.execute(&format!("UPDATE \"referral\" SET state = '{state}'"), Vec::new()).await;
        let verb = if state == "REQUESTED" { "accept" } else { "submit" };
        assert_snapshot!(ben.tell(KIND, verb, &referral).await.said(), @"APPLICATION_CLOSED");
    }
    api.execute("UPDATE \"referral\" SET state = 'WITHDRAWN'", Vec::new()).await;
    // So does deleting the application, and the posting.
    let application = search.apply(&ada, "2026-03-03T10:00:00Z").await;
    let referral = ask(json!({ "applicationId": application })).await;
    ada.tell("Application", "delete", &application).await.done();
    assert_eq!(ada.see(KIND, &referral).await.done()["state"], json!("WITHDRAWN"));
    let other = json!({ "companyId": search.company, "title": "Other" });
    let other = ada.create("JobPosting", other).await.id();
    let referral = ask(json!({ "postingId": other })).await;
    ada.tell("JobPosting", "delete", &other).await.done();
    assert_snapshot!(ben.tell(KIND, "accept", &referral).await.said(), @"APPLICATION_CLOSED");
    ada.tell("JobPosting", "restore", &other).await.done();
    assert_eq!(ada.see(KIND, &referral).await.done()["state"], json!("WITHDRAWN"));
    // What was given stays given.
    let application = search.apply(&ada, "2026-03-04T10:00:00Z").await;
    let referral = ask(json!({ "applicationId": application })).await;
    ben.tell(KIND, "accept", &referral).await.done();
    ben.tell(KIND, "submit", &referral).await.done();
    ada.act("Application", "close", Some(&application), json!({ "outcome": "REJECTED" })).await.done();
    assert_eq!(ada.see(KIND, &referral).await.done()["state"], json!("SUBMITTED"));
}

async fn a_company_that_is_gone_stops_nobody(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let search = Search::of(&ada).await;
    // Ada made the company, and Ben knows somebody there: it is not hers to delete.
    let noor = ben.create("Contact", json!({ "name": "Noor", "companyId": search.company })).await.id();
    assert_snapshot!(ada.tell("Company", "delete", &search.company).await.said(), @"COMPANY_IN_USE");
    ben.tell("Contact", "delete", &noor).await.done();
    ada.tell("Company", "delete", &search.company).await.done();
    ada.tell("Company", "restore", &search.company).await.done();
    let olu = ada.create("Contact", json!({ "name": "Olu", "companyId": search.company })).await.id();
    // An administrator may: what names it goes on, and says what it was called.
    root.tell("Company", "delete", &search.company).await.done();
    let asks = json!({ "postingId": search.posting, "referrerContactId": olu });
    let asked = ada.act(KIND, "request", None, asks).await.done();
    assert_eq!(asked["subject"], json!("ML engineer, Windy Grid"));
    let told = ada.ask("contactsExport", json!({})).await.done();
    assert_eq!(told["contacts"][0]["company"], json!("Windy Grid"));
}

async fn what_cannot_expire_stops_no_other(api: Api) {
    let (acme, beta) = (api.organization("Acme").await, api.organization("Beta").await);
    let (ada, eve) = (acme.learner("ada").await, beta.learner("eve").await);
    let (first, second) = (Search::of(&ada).await, Search::of(&eve).await);
    asked(&ada, &first, "Broken").await;
    let referral = asked(&eve, &second, "Noor").await;
    let contact = eve.create("Contact", json!({ "name": "Olu" })).await.id();
    let help = json!({ "contactId": contact, "kind": "ADVICE", "question": "What next?" });
    let help = eve.create("HelpRequest", help).await.id();
    // What Acme decided cannot be read: nothing of it can be done.
    api.execute(
        "UPDATE \"organization\" SET settings = '\"x\"' \
         WHERE id IN (SELECT organization_id FROM \"contact\" WHERE name = 'Broken')",
        Vec::new(),
    )
    .await;
    for table in ["referral", "help_request"] {
        api.execute(&format!("UPDATE \"{table}\" SET expires_at = created_at"), Vec::new()).await;
    }
    assert_eq!(expiries::next(&api.house).await.unwrap(), 2);
    for (kind, id) in [(KIND, referral), ("HelpRequest", help)] {
        assert_eq!(eve.see(kind, &id).await.done()["state"], json!("EXPIRED"));
    }
    assert_eq!(expiries::next(&api.house).await.unwrap(), 0);
}
