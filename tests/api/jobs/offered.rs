//! A referral that was offered in a talk is opened at once, where it is clear what for; else it is told what there is to choose from (§20, §22).

use entity::platform::client::Scope;
use serde_json::{Value, json};

use super::{Search, informational_interview::KIND as TALK};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    what_was_offered_is_opened_once,
    who_offers_it_answers_themself,
    what_it_is_for,
    what_was_ended_is_not_asked_again,
    where_the_contact_is_not_seen
);

/// A talk that was held, with somebody.
async fn held(who: &Actor, contact: &str) -> String {
    let talk = who.create(TALK, json!({ "contactId": contact })).await.id();
    who.tell(TALK, "request", &talk).await.done();
    who.act(TALK, "schedule", Some(&talk), json!({ "scheduledAt": "2026-03-10T10:00:00Z" })).await.done();
    who.tell(TALK, "hold", &talk).await.done();
    talk
}

async fn colleague(who: &Actor, company: &str, more: Value) -> String {
    let mut new = json!({ "name": "Noor", "companyId": company });
    new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    who.create("Contact", new).await.id()
}

fn offered(more: Value) -> Value {
    let mut input = json!({ "outcome": "REFERRAL_OFFERED", "note": "She hesitated." });
    input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    input
}

/// Concludes a talk with the offer, and gives the advice about it.
async fn conclude(who: &Actor, talk: &str, more: Value) -> (String, Value) {
    let done = who.act(TALK, "conclude", Some(talk), offered(more)).await.done();
    let warning = done["warnings"].as_array().unwrap().last().unwrap().clone();
    (warning["code"].as_str().unwrap().to_owned(), warning["details"].clone())
}

async fn what_was_offered_is_opened_once(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let noor = colleague(&ada, &search.company, json!({})).await;
    let talk = held(&ada, &noor).await;
    let application = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let before = ada.list("Event", &[("count", "true")]).await.total.as_i64().unwrap();
    let (code, told) = conclude(&ada, &talk, json!({})).await;
    let made = ada.list("Referral", &[]).await.items.remove(0);
    assert_eq!((code.as_str(), &told["referralId"]), ("REFERRAL_OPENED", &made["id"]));
    assert_eq!((&told["state"], &told["command"]), (&json!("REQUESTED"), &json!("acceptReferral")));
    // It begins with the question, as any other does; what was noted of the talk is not passed on.
    assert_eq!(
        [&made["applicationId"], &made["postingId"], &made["referrerContactId"], &made["ownerId"]],
        [&json!(application), &json!(search.posting), &json!(noor), &json!(ada.id)]
    );
    assert_eq!(
        [&made["state"], &made["note"], &made["consentedAt"], &made["open"], &made["subject"]],
        [&json!("REQUESTED"), &json!(null), &json!(null), &json!(true), &json!("ML engineer, Windy Grid")]
    );
    let events = ada.list("Event", &[("subjectId", made["id"].as_str().unwrap())]).await.each("type");
    assert_eq!(events, ["referral.requested"].map(Value::from));
    let after = ada.list("Event", &[("count", "true")]).await.total.as_i64().unwrap();
    assert_eq!(after - before, 3, "of the talk, the referral, and the application that something was heard of");
    // Said again, it is there; so it is when the opening is named.
    for more in [json!({}), json!({ "applicationId": application }), json!({ "postingId": search.posting })] {
        let (code, told) = conclude(&ada, &talk, more).await;
        assert_eq!((code.as_str(), &told["referralId"]), ("REFERRAL_KNOWN", &made["id"]));
    }
    assert_eq!(ada.list("Referral", &[]).await.items.len(), 1);
    // From here on it is a referral like any other.
    ada.tell("Referral", "accept", made["id"].as_str().unwrap()).await.done();
    assert_eq!(ada.see("Application", &application).await.done()["channel"], json!("REFERRAL"));
    let (code, told) = conclude(&ada, &talk, json!({})).await;
    assert_eq!((code.as_str(), &told["state"], &told["command"]), ("REFERRAL_KNOWN", &json!("ACCEPTED"), &json!(null)));
}

async fn who_offers_it_answers_themself(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let search = Search::of(&ada).await;
    let him = colleague(&ada, &search.company, json!({ "userEmail": ben.email(&acme) })).await;
    let talk = held(&ada, &him).await;
    let (code, told) = conclude(&ada, &talk, json!({})).await;
    assert_eq!(
        (code.as_str(), &told["postingId"], &told["command"]),
        ("REFERRAL_OPENED", &json!(search.posting), &json!(null))
    );
    let id = told["referralId"].as_str().unwrap();
    let hers = ada.see("Referral", id).await.done();
    assert_eq!((&hers["referrerUserId"], &hers["referrerEmail"]), (&json!(ben.id), &json!(null)));
    assert_snapshot!(ada.tell("Referral", "accept", id).await.said(), @"REFERRER_ANSWERS");
    // He sees what is asked of him, and nothing of the talk.
    assert_eq!(ben.see("Referral", id).await.done()["note"], json!(null));
    assert_snapshot!(ben.see(TALK, &talk).await.said(), @"NOT_FOUND");
    ben.tell("Referral", "accept", id).await.done();
    assert_eq!(ada.see("Referral", id).await.done()["referrerEmail"], json!(null), "to help is not to be reached");
    ben.tell("Referral", "consent", id).await.done();
    assert_eq!(ada.see("Referral", id).await.done()["referrerEmail"], json!(ben.email(&acme)));
}

async fn what_it_is_for(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let search = Search::of(&ada).await;
    let noor = colleague(&ada, &search.company, json!({})).await;
    let talk = held(&ada, &noor).await;
    let posting = async |who: &Actor, company: &str, more: Value| {
        let mut new = json!({ "companyId": company, "title": "Analyst" });
        new.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        who.create("JobPosting", new).await.id()
    };
    // What has closed, was closed, is elsewhere or somebody else's is not meant.
    posting(&ada, &search.company, json!({ "closesAt": "2026-01-01T00:00:00Z" })).await;
    posting(&ben, &search.company, json!({})).await;
    let elsewhere = ada.create("Company", json!({ "name": "Sunny" })).await.id();
    let far = posting(&ada, &elsewhere, json!({})).await;
    let gone = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    ada.act("Application", "close", Some(&gone), json!({ "outcome": "REJECTED" })).await.done();
    let (code, told) = conclude(&ada, &talk, json!({})).await;
    assert_eq!(
        (code.as_str(), &told["contactId"], &told["postingIds"], &told["applicationIds"]),
        ("REFERRAL_OFFERED", &json!(noor), &json!([]), &json!([]))
    );
    assert_eq!((&told["command"], &told["input"]), (&json!("requestReferral"), &json!({ "referrerContactId": noor })));
    // Of several, one chooses.
    let (one, two) = (posting(&ada, &search.company, json!({})).await, posting(&ada, &search.company, json!({})).await);
    let (code, told) = conclude(&ada, &talk, json!({})).await;
    assert_eq!((code.as_str(), told["postingIds"].as_array().unwrap().len()), ("REFERRAL_OFFERED", 2));
    assert_eq!(ada.list("Referral", &[]).await.items.len(), 0);
    // An application goes before what was only saved.
    let applies = json!({ "jobSearchId": search.id, "postingId": one });
    let application = ada.create("Application", applies).await.id();
    let (code, told) = conclude(&ada, &talk, json!({})).await;
    assert_eq!((code.as_str(), &told["applicationId"]), ("REFERRAL_OPENED", &json!(application)));
    // What is named is meant, wherever it is.
    for (named, posting) in [(json!({ "postingId": two }), &two), (json!({ "postingId": far }), &far)] {
        let (code, told) = conclude(&ada, &talk, named).await;
        assert_eq!((code.as_str(), &told["postingId"]), ("REFERRAL_OPENED", &json!(posting)));
    }
    let bens = posting(&ben, &elsewhere, json!({})).await;
    ben.opens(&ada, &["jobs:write"]).await;
    for (wrong, said) in [
        (json!({ "postingId": nothing("jpo") }), "REFERENCE_UNKNOWN /postingId"),
        (json!({ "postingId": bens }), "REFERENCE_UNKNOWN /postingId"),
        (json!({ "applicationId": nothing("app") }), "REFERENCE_UNKNOWN /applicationId"),
        (json!({ "applicationId": gone }), "APPLICATION_CLOSED /applicationId"),
        (json!({ "applicationId": application, "postingId": one }), "REFERRAL_SUBJECT_AMBIGUOUS /applicationId"),
        (json!({ "outcome": "APPLY", "applicationId": application }), "REFERRAL_SUBJECT_AMBIGUOUS /applicationId"),
        (json!({ "outcome": "LEARN_FIRST", "postingId": one }), "REFERRAL_SUBJECT_AMBIGUOUS /postingId"),
    ] {
        assert_eq!(ada.act(TALK, "conclude", Some(&talk), offered(wrong.clone())).await.said(), said, "{wrong}");
    }
    assert_eq!(ada.list("Referral", &[]).await.items.len(), 3, "what is refused opens nothing");
    let planned = ada.create(TALK, json!({ "contactId": noor })).await.id();
    assert_snapshot!(ada.act(TALK, "conclude", Some(&planned), offered(json!({}))).await.said(), @"INVALID_TRANSITION");
    // Two devices that say so at once open one.
    let other = colleague(&ada, &search.company, json!({ "name": "Olu" })).await;
    let (a, b) = (held(&ada, &other).await, held(&ada, &other).await);
    let said =
        async |talk: &str| ada.act(TALK, "conclude", Some(talk), offered(json!({ "postingId": two }))).await.said();
    let (a, b) = tokio::join!(said(&a), said(&b));
    assert_eq!([a, b], ["fine", "fine"]);
    assert_eq!(ada.list("Referral", &[("referrerContactId", &other)]).await.items.len(), 1);
}

async fn what_was_ended_is_not_asked_again(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let noor = colleague(&ada, &search.company, json!({})).await;
    let talk = held(&ada, &noor).await;
    let (_, told) = conclude(&ada, &talk, json!({})).await;
    let first = told["referralId"].clone();
    ada.tell("Referral", "decline", first.as_str().unwrap()).await.done();
    // Whoever corrects the note of a talk asks nobody again, unless they name what for.
    let (code, told) = conclude(&ada, &talk, json!({ "note": "She was glad." })).await;
    assert_eq!((code.as_str(), &told["referralId"], &told["state"]), ("REFERRAL_KNOWN", &first, &json!("DECLINED")));
    let (code, told) = conclude(&ada, &talk, json!({ "postingId": search.posting })).await;
    assert_eq!((code.as_str(), &told["state"]), ("REFERRAL_OPENED", &json!("REQUESTED")));
    assert_ne!(told["referralId"], first);
}

async fn where_the_contact_is_not_seen(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let search = Search::of(&ada).await;
    let noor = colleague(&ada, &search.company, json!({})).await;
    let talk = held(&ada, &noor).await;
    // Contacts are opened by a scope of their own: the talk is concluded all the same.
    let narrow = ada.limited_to(&acme, &[Scope::JobsWrite]);
    let (code, _) = conclude(&narrow, &talk, json!({})).await;
    assert_eq!(code, "REFERRAL_NOT_OPENED");
    ada.opens(&kim, &["jobs:read"]).await;
    assert_snapshot!(kim.act(TALK, "conclude", Some(&talk), offered(json!({}))).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["jobs:write"]).await;
    assert_eq!(conclude(&kim, &talk, json!({})).await.0, "REFERRAL_NOT_OPENED");
    assert_eq!(ada.list("Referral", &[]).await.items.len(), 0);
    // A coach who may see the contact opens it: it is hers.
    ada.opens(&kim, &["jobs:write", "community:read"]).await;
    assert_eq!(conclude(&kim, &talk, json!({})).await.0, "REFERRAL_OPENED");
    assert_eq!(ada.list("Referral", &[]).await.items[0]["ownerId"], json!(ada.id));
    // A contact that is gone is asked nothing.
    let olu = colleague(&ada, &search.company, json!({ "name": "Olu" })).await;
    let other = held(&ada, &olu).await;
    ada.tell("Contact", "delete", &olu).await.done();
    assert_eq!(conclude(&ada, &other, json!({})).await.0, "REFERRAL_NOT_OPENED");
}
