//! What was deleted comes back by another system's name by the rules by which it is restored (§21, §22, §24).

use serde_json::{Value, json};

use super::{Search, offer::offered};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    an_application_comes_back_to_what_is_there,
    a_search_comes_back_to_what_is_there,
    a_stage_comes_back_where_there_is_room,
    a_referral_comes_back_for_what_is_open,
    an_offer_comes_back_as_the_clock_has_it,
    a_scorecard_comes_back_alone
);

const KIND: &str = "Application";

/// Both ways in which something that was deleted comes back: what they are refused with, which is the same.
async fn back(who: &Actor, kind: &str, id: &str, named: (&str, Value)) -> String {
    let restored = who.tell(kind, "restore", id).await;
    let named = who.upsert(kind, "crm", named.0, named.1).await;
    assert_eq!((restored.code(), &restored.details), (named.code(), &named.details), "{kind}");
    named.said()
}

async fn an_application_comes_back_to_what_is_there(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let named = || ("a1", search.applying(json!({})));
    let id = ada.upsert(KIND, "crm", "a1", named().1).await.id();
    ada.tell(KIND, "delete", &id).await.done();
    ada.tell("JobPosting", "delete", &search.posting).await.done();
    // It names an opening that is gone, which is refused before anything is looked for.
    assert_snapshot!(ada.tell(KIND, "restore", &id).await.said(), @"POSTING_DELETED");
    let refused = ada.upsert(KIND, "crm", "a1", named().1).await;
    assert_snapshot!(refused.said(), @"POSTING_DELETED");
    assert_eq!(refused.details, json!({ "postingId": search.posting }));
    ada.tell("JobPosting", "restore", &search.posting).await.done();
    ada.tell("Stage", "delete", &search.stages[0]).await.done();
    assert_snapshot!(back(&ada, KIND, &id, named()).await, @"STAGE_DELETED");
    ada.tell("Stage", "restore", &search.stages[0]).await.done();
    assert_eq!(ada.upsert(KIND, "crm", "a1", named().1).await.id(), id);
    assert_eq!(ada.list("Event", &[("subjectId", &id), ("type", "application.restored")]).await.items.len(), 1);
}

async fn a_search_comes_back_to_what_is_there(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let named = json!({ "title": "Into ML", "externalRefs": [{ "source": "crm", "externalId": "s1" }] });
    ada.update("JobSearch", &search.id, named).await.done();
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let noor = ada.create("Contact", json!({ "name": "Noor", "companyId": search.company })).await.id();
    let asks = json!({ "applicationId": application, "referrerContactId": noor });
    let referral = ada.act("Referral", "request", None, asks).await.id();
    ada.tell("JobSearch", "delete", &search.id).await.done();
    // Nobody speaks for what is gone with it.
    assert_eq!(ada.see("Referral", &referral).await.done()["state"], json!("WITHDRAWN"));
    ada.tell("JobPosting", "delete", &search.posting).await.done();
    assert_snapshot!(back(&ada, "JobSearch", &search.id, ("s1", json!({ "title": "Into ML" }))).await, @"POSTING_DELETED");
    assert_snapshot!(ada.see("JobSearch", &search.id).await.said(), @"NOT_FOUND");
    ada.tell("JobPosting", "restore", &search.posting).await.done();
    assert_eq!(ada.upsert("JobSearch", "crm", "s1", json!({ "title": "Into ML" })).await.id(), search.id);
    assert_eq!(ada.see(KIND, &application).await.done()["postingId"], json!(search.posting));
}

async fn a_stage_comes_back_where_there_is_room(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let new = |name: &str| json!({ "jobSearchId": search.id, "name": name, "kind": "SCREENING" });
    let first = ada.upsert("Stage", "crm", "t1", new("Call")).await.id();
    ada.tell("Stage", "delete", &first).await.done();
    let second = ada.create("Stage", new("Call")).await.id();
    assert_snapshot!(back(&ada, "Stage", &first, ("t1", new("call"))).await, @"ALREADY_EXISTS /name");
    ada.update("Stage", &second, json!({ "name": "Talk" })).await.done();
    assert_eq!(ada.upsert("Stage", "crm", "t1", new("Phone")).await.id(), first);
    ada.tell("Stage", "delete", &first).await.done();
    ada.tell("Stage", "delete", &second).await.done();
    for place in search.stages.len()..100 {
        ada.create("Stage", new(&format!("Round {place}"))).await.done();
    }
    assert_snapshot!(back(&ada, "Stage", &first, ("t1", new("Phone"))).await, @"STAGES_FULL");
}

async fn a_referral_comes_back_for_what_is_open(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let noor = ada.create("Contact", json!({ "name": "Noor", "companyId": search.company })).await.id();
    let asks = json!({ "applicationId": application, "referrerContactId": noor });
    let referral = ada.act("Referral", "request", None, asks).await.id();
    ada.tell("Referral", "delete", &referral).await.done();
    ada.tell("Referral", "restore", &referral).await.done();
    assert_eq!(ada.see("Referral", &referral).await.done()["state"], json!("REQUESTED"));
    ada.tell("Referral", "delete", &referral).await.done();
    ada.act(KIND, "close", Some(&application), json!({ "outcome": "REJECTED" })).await.done();
    ada.tell("Referral", "restore", &referral).await.done();
    assert_eq!(ada.see("Referral", &referral).await.done()["state"], json!("WITHDRAWN"));
    let events = ada.list("Event", &[("subjectId", &referral), ("sort", "-seq"), ("first", "2")]).await.each("type");
    assert_eq!(events, ["referral.withdrawn", "referral.restored"].map(Value::from));
}

async fn an_offer_comes_back_as_the_clock_has_it(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let (application, first) =
        offered(&ada, &search, "ML engineer", json!({ "respondBy": "2999-01-01T00:00:00Z" })).await;
    ada.tell("Offer", "delete", &first).await.done();
    let second = ada.create("Offer", json!({ "applicationId": application })).await.id();
    let refused = ada.tell("Offer", "restore", &first).await;
    assert_snapshot!(refused.said(), @"OFFER_EXISTS");
    assert_eq!(refused.details["offerId"], json!(second));
    // One whose time has passed waits for no answer.
    api.execute("UPDATE \"offer\" SET respond_by = created_at WHERE deleted_at IS NOT NULL", Vec::new()).await;
    let back = ada.tell("Offer", "restore", &first).await.done();
    assert_eq!((&back["id"], &back["open"]), (&json!(first), &json!(false)));
}

async fn a_scorecard_comes_back_alone(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let held = json!({ "applicationId": application, "type": "TECHNICAL", "scheduledAt": "2026-03-10T09:00:00Z" });
    let interview = ada.act("Interview", "schedule", None, held).await.id();
    ada.tell("Interview", "hold", &interview).await.done();
    let card = || json!({ "interviewId": interview, "wentWell": "SQL" });
    let first = ada.upsert("SelfScorecard", "crm", "c1", card()).await.id();
    ada.tell("SelfScorecard", "delete", &first).await.done();
    let second = ada.create("SelfScorecard", card()).await.id();
    assert_snapshot!(back(&ada, "SelfScorecard", &first, ("c1", card())).await, @"ALREADY_EXISTS /interviewId");
    ada.tell("SelfScorecard", "delete", &second).await.done();
    assert_eq!(ada.upsert("SelfScorecard", "crm", "c1", card()).await.id(), first);
}
