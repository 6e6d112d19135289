//! Referrals: asked once, hoped for a while, and with the consent of whoever is asked (§22, story 10).

use cairn::work::expiries;
use entity::platform::client::Scope;
use serde_json::{Value, json};

use super::Search;
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_search_by_referral,
    nothing_came_of_it_in_time,
    a_contact_is_asked_once,
    what_comes_of_asking,
    whoever_is_here_speaks_for_themself,
    who_left_does_not_answer,
    who_sees_a_referral
);

const KIND: &str = "Referral";

/// What is advised of referrals, offers and feedback about a thing.
pub async fn advice(who: &Actor, subject: &str) -> Vec<Value> {
    let told = who.ask("insights", json!({ "subjectId": subject })).await.done();
    let ours = ["WARM_PATH_AVAILABLE", "REFERRAL_LAPSED", "OFFERS_STILL_OPEN", "ASK_FOR_FEEDBACK"];
    let all = told["items"].as_array().unwrap().iter();
    all.filter(|one| ours.contains(&one["code"].as_str().unwrap())).cloned().collect()
}

fn codes(found: &[Value]) -> Vec<&str> {
    found.iter().map(|one| one["code"].as_str().unwrap()).collect()
}

/// Somebody who works where the search applies.
async fn colleague(who: &Actor, search: &Search, name: &str, since: &str) -> String {
    let new = json!({ "name": name, "companyId": search.company, "lastInteractionAt": since });
    who.create("Contact", new).await.id()
}

async fn ask(who: &Actor, application: &str, contact: &str) -> String {
    let asks = json!({ "applicationId": application, "referrerContactId": contact });
    who.act(KIND, "request", None, asks).await.id()
}

/// Lets the time of whatever is hoped for pass.
async fn pass(api: &Api) {
    api.execute("UPDATE \"referral\" SET expires_at = created_at", Vec::new()).await;
}

async fn a_search_by_referral(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let noor = colleague(&ada, &search, "Noor", "2026-03-01T10:00:00Z").await;
    // A posting that was saved shows that somebody is known there.
    let found = advice(&ada, &search.posting).await;
    assert_eq!((codes(&found), &found[0]["subjectKind"]), (vec!["WARM_PATH_AVAILABLE"], &json!("job_posting")));
    let application = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let found = advice(&ada, &application).await;
    assert_eq!(codes(&found), ["WARM_PATH_AVAILABLE"]);
    assert_snapshot!(found[0]["reason"].as_str().unwrap(), @"Noor works where ML engineer is open. Who is spoken for is heard sooner.");
    let command = &found[0]["suggestedCommand"];
    assert_eq!((&command["name"], &command["path"]), (&json!("requestReferral"), &json!("/api/v1/referrals/request")));
    let asked = ada.act(KIND, "request", None, command["input"].clone()).await.done();
    assert_eq!(
        (&asked["state"], &asked["subject"], &asked["referrerName"], &asked["referrerContactId"], &asked["open"]),
        (&json!("REQUESTED"), &json!("ML engineer, Windy Grid"), &json!("Noor"), &json!(noor), &json!(true))
    );
    assert_eq!(advice(&ada, &application).await, [Value::Null; 0], "it is under way");
    // What was taken back was as good as not asked.
    ada.tell(KIND, "withdraw", asked["id"].as_str().unwrap()).await.done();
    assert_eq!(codes(&advice(&ada, &application).await), ["WARM_PATH_AVAILABLE"]);
    let asked = ada.act(KIND, "request", None, command["input"].clone()).await.done();
    let id = asked["id"].as_str().unwrap();
    ada.tell(KIND, "accept", id).await.done();
    assert_eq!(ada.see("Application", &application).await.done()["channel"], json!("REFERRAL"));
    // A browser that knows an older stage is told where it stands, and tries again.
    ada.act("Application", "move", Some(&application), search.step(0, 2)).await.done();
    let stale = ada.act("Application", "move", Some(&application), search.step(0, 3)).await;
    assert_snapshot!(stale.said(), @"STALE_STAGE /fromStageId");
    let mut again = search.step(0, 3);
    again["fromStageId"] = stale.details["current"].clone();
    ada.act("Application", "move", Some(&application), again).await.done();
    let done = ada.tell(KIND, "submit", id).await.done();
    assert_eq!(
        (&done["state"], done["submittedAt"].is_string(), &done["open"]),
        (&json!("SUBMITTED"), true, &json!(false))
    );
    let events = ada.list("Event", &[("subjectId", id), ("sort", "seq")]).await.each("type");
    assert_eq!(events, ["referral.requested", "referral.accepted", "referral.submitted"].map(Value::from));
}

async fn nothing_came_of_it_in_time(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let search = Search::of(&ada).await;
    let noor = colleague(&ada, &search, "Noor", "2026-03-01T10:00:00Z").await;
    let olu = colleague(&ada, &search, "Olu", "2026-02-01T10:00:00Z").await;
    let application = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let asked = ask(&ada, &application, &noor).await;
    let days = |row: &Value| {
        let at = |name: &str| row[name].as_str().unwrap().parse::<chrono::DateTime<chrono::Utc>>().unwrap();
        (at("expiresAt") - at("createdAt")).num_days()
    };
    assert_eq!(days(&ada.see(KIND, &asked).await.done()), 5);
    assert_eq!(expiries::next(&api.house).await.unwrap(), 0);
    pass(&api).await;
    // Nobody wrote it down yet; what is asked of it knows.
    let late = ada.tell(KIND, "accept", &asked).await;
    assert_snapshot!(late.said(), @"INVALID_TRANSITION");
    assert_eq!(late.details["from"], json!("EXPIRED"));
    let later = json!({ "expiresAt": "2999-01-01T00:00:00Z" });
    assert_snapshot!(ada.update(KIND, &asked, later).await.said(), @"REFERRAL_ENDED /expiresAt");
    let another = api.another(&[]).await;
    let (one, two) = tokio::join!(expiries::next(&api.house), expiries::next(&another.house));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(ada.see(KIND, &asked).await.done()["state"], json!("EXPIRED"));
    let events = ada.list("Event", &[("type", "referral.expired")]).await.items;
    assert_eq!((events.len(), &events[0]["subjectId"], &events[0]["actorKind"]), (1, &json!(asked), &json!("SYSTEM")));
    // The next contact at the company can be asked.
    let found = advice(&ada, &application).await;
    assert_eq!((codes(&found), &found[0]["subjectId"]), (vec!["REFERRAL_LAPSED"], &json!(asked)));
    assert_snapshot!(found[0]["reason"].as_str().unwrap(), @"ML engineer, Windy Grid: Noor did not come to it in time. Olu works there, too, and can be asked.");
    let input = &found[0]["suggestedCommand"]["input"];
    assert_eq!(input, &json!({ "applicationId": application, "referrerContactId": olu }));
    // How long is hoped for, an organization decides.
    acme.decide(&root, json!({ "referralDays": 9 })).await;
    let next = ada.act(KIND, "request", None, input.clone()).await.done();
    assert_eq!(days(&next), 9);
    assert_eq!(advice(&ada, &application).await, [Value::Null; 0]);
    ada.tell(KIND, "decline", next["id"].as_str().unwrap()).await.done();
    let found = advice(&ada, &application).await;
    assert_snapshot!(found[0]["reason"].as_str().unwrap(), @"ML engineer, Windy Grid: Olu would rather not speak for it. Applying directly is a good way on.");
    assert_eq!(found[0]["suggestedCommand"], json!(null), "she has applied already");
    // Of what is closed, nothing more is said.
    ada.act("Application", "close", Some(&application), json!({ "outcome": "WITHDRAWN" })).await.done();
    assert_eq!(advice(&ada, &application).await, [Value::Null; 0]);
}

async fn a_contact_is_asked_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let search = Search::of(&ada).await;
    let noor = colleague(&ada, &search, "Noor", "2026-03-01T10:00:00Z").await;
    let application = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let by_posting = json!({ "postingId": search.posting, "referrerContactId": noor });
    let asked = ask(&ada, &application, &noor).await;
    let again = ada.act(KIND, "request", None, by_posting.clone()).await;
    assert_snapshot!(again.said(), @"REFERRAL_EXISTS");
    assert_eq!(again.details["referralId"], json!(asked));
    for (wrong, said) in [
        (json!({ "referrerContactId": noor }), "REFERRAL_SUBJECT_AMBIGUOUS /applicationId"),
        (
            json!({ "applicationId": application, "postingId": search.posting, "referrerContactId": noor }),
            "REFERRAL_SUBJECT_AMBIGUOUS /applicationId",
        ),
        (
            json!({ "postingId": search.posting, "referrerContactId": nothing("ctc") }),
            "REFERENCE_UNKNOWN /referrerContactId",
        ),
        (json!({ "postingId": nothing("jpo"), "referrerContactId": noor }), "REFERENCE_UNKNOWN /postingId"),
        (json!({ "applicationId": nothing("app"), "referrerContactId": noor }), "REFERENCE_UNKNOWN /applicationId"),
        (
            json!({ "postingId": search.posting, "referrerContactId": noor, "expiresAt": "2020-01-01T00:00:00Z" }),
            "EXPIRY_PAST /expiresAt",
        ),
    ] {
        assert_eq!(ada.act(KIND, "request", None, wrong).await.said(), said);
    }
    let bens = ben.create("Contact", json!({ "name": "Olu", "companyId": search.company })).await.id();
    ben.opens(&ada, &["community:read"]).await;
    let foreign = json!({ "postingId": search.posting, "referrerContactId": bens });
    assert_snapshot!(ada.act(KIND, "request", None, foreign).await.said(), @"REFERENCE_UNKNOWN /referrerContactId");
    // What was taken back can be asked again, and then the one before stays gone.
    ada.tell(KIND, "delete", &asked).await.done();
    let second = ada.act(KIND, "request", None, by_posting.clone()).await.id();
    assert_snapshot!(ada.tell(KIND, "restore", &asked).await.said(), @"REFERRAL_EXISTS");
    ada.tell(KIND, "withdraw", &second).await.done();
    ada.tell(KIND, "restore", &asked).await.done();
    // One whose time has passed comes back beside a newer one, as one of which nothing came in time.
    ada.tell(KIND, "delete", &asked).await.done();
    let newer = ada.act(KIND, "request", None, by_posting.clone()).await.id();
    api.execute("UPDATE \"referral\" SET expires_at = created_at WHERE deleted_at IS NOT NULL", Vec::new()).await;
    let back = ada.tell(KIND, "restore", &asked).await.done();
    assert_eq!((&back["state"], &back["open"]), (&json!("EXPIRED"), &json!(false)));
    ada.tell(KIND, "withdraw", &newer).await.done();
    // One whose time has passed makes room, be it that nobody wrote it down.
    pass(&api).await;
    let third = ada.act(KIND, "request", None, by_posting).await.id();
    assert_eq!(ada.see(KIND, &asked).await.done()["state"], json!("EXPIRED"));
    ada.tell(KIND, "accept", &third).await.done();
    assert_eq!(
        ada.see("Application", &application).await.done()["channel"],
        json!("REFERRAL"),
        "it is for the same posting"
    );
    ada.act("Application", "close", Some(&application), json!({ "outcome": "WITHDRAWN" })).await.done();
    let olu = colleague(&ada, &search, "Olu", "2026-03-01T10:00:00Z").await;
    let closed = json!({ "applicationId": application, "referrerContactId": olu });
    assert_snapshot!(ada.act(KIND, "request", None, closed).await.said(), @"APPLICATION_CLOSED /applicationId");
    // Two devices that ask at once ask once.
    let one = json!({ "postingId": search.posting, "referrerContactId": olu });
    let (a, b) = tokio::join!(ada.act(KIND, "request", None, one.clone()), ada.act(KIND, "request", None, one));
    let mut said = [a.said(), b.said()];
    said.sort();
    assert_eq!(said, ["REFERRAL_EXISTS", "fine"]);
}

async fn what_comes_of_asking(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let noor = colleague(&ada, &search, "Noor", "2026-03-01T10:00:00Z").await;
    let application = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let asked = ask(&ada, &application, &noor).await;
    let refused = ada.tell(KIND, "submit", &asked).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":["accept","decline","withdraw"],"command":"submit","from":"REQUESTED"}"#);
    let longer = json!({ "expiresAt": "2999-01-01T00:00:00Z", "note": "No hurry." });
    assert_eq!(ada.update(KIND, &asked, longer).await.done()["note"], json!("No hurry."));
    assert_snapshot!(ada.update(KIND, &asked, json!({ "expiresAt": "2020-01-01T00:00:00Z" })).await.said(), @"EXPIRY_PAST /expiresAt");
    ada.tell(KIND, "decline", &asked).await.done();
    for verb in ["accept", "submit", "decline", "withdraw"] {
        assert_snapshot!(ada.tell(KIND, verb, &asked).await.said(), @"INVALID_TRANSITION");
    }
    assert_eq!(ada.see("Application", &application).await.done()["channel"], json!("DIRECT"));
    // The contact may go: what they were called stays.
    ada.tell("Contact", "delete", &noor).await.done();
    assert_eq!(ada.see(KIND, &asked).await.done()["referrerName"], json!("Noor"));
    // Nobody who is a user here is asked: consent is nobody's to give.
    assert_snapshot!(ada.tell(KIND, "consent", &asked).await.said(), @"FORBIDDEN");
}

async fn whoever_is_here_speaks_for_themself(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let search = Search::of(&ada).await;
    let new = json!({ "name": "Ben", "companyId": search.company, "userEmail": ben.email(&acme) });
    let contact = ada.create("Contact", new).await.done();
    assert_eq!(contact["userId"], json!(ben.id));
    let application = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let asked = ask(&ada, &application, contact["id"].as_str().unwrap()).await;
    let seen = ada.see(KIND, &asked).await.done();
    assert_eq!((&seen["referrerUserId"], &seen["referrerEmail"]), (&json!(ben.id), &json!(null)));
    // Whoever asks does not answer for them.
    for verb in ["accept", "decline"] {
        assert_snapshot!(ada.tell(KIND, verb, &asked).await.said(), @"REFERRER_ANSWERS");
    }
    assert_snapshot!(ada.tell(KIND, "consent", &asked).await.said(), @"FORBIDDEN");
    // They see what is asked of them, and nothing else of it.
    let shown = ben.get(&format!("/referrals/{asked}?expand=posting,application,referrer")).await.fine();
    assert_eq!(
        (&shown["subject"], &shown["posting"], &shown["application"], &shown["referrer"]),
        (&json!("ML engineer, Windy Grid"), &json!(null), &json!(null), &json!(null))
    );
    assert_snapshot!(ben.see("Application", &application).await.said(), @"NOT_FOUND");
    assert_snapshot!(ben.update(KIND, &asked, json!({ "note": "x" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ben.tell(KIND, "withdraw", &asked).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.see(KIND, &asked).await.said(), @"NOT_FOUND");
    ben.tell(KIND, "accept", &asked).await.done();
    assert_eq!(ada.see(KIND, &asked).await.done()["referrerEmail"], json!(null), "to help is not to be reached");
    assert_eq!(ada.see("Application", &application).await.done()["channel"], json!("REFERRAL"));
    let consented = ben.tell(KIND, "consent", &asked).await.done();
    let again = ben.tell(KIND, "consent", &asked).await.done();
    assert_eq!((&again["consentedAt"], &again["version"]), (&consented["consentedAt"], &consented["version"]));
    assert_eq!(ada.see(KIND, &asked).await.done()["referrerEmail"], json!(ben.email(&acme)));
    // To whoever asks, and to nobody else whom they let look.
    ada.opens(&kim, &["jobs:read"]).await;
    let shown = kim.see(KIND, &asked).await.done();
    assert_eq!((&shown["referrerEmail"], &shown["referrerName"]), (&json!(null), &json!("somebody")));
    assert_eq!(ben.see(KIND, &asked).await.done()["referrerEmail"], json!(ben.email(&acme)));
    assert_snapshot!(kim.tell(KIND, "withdrawConsent", &asked).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.tell(KIND, "withdrawConsent", &asked).await.said(), @"FORBIDDEN");
    // It can be taken back, and given again.
    let back = ben.tell(KIND, "withdrawConsent", &asked).await.done();
    let again = ben.tell(KIND, "withdrawConsent", &asked).await.done();
    assert_eq!((&back["consentedAt"], &again["version"]), (&json!(null), &back["version"]));
    assert_eq!(ada.see(KIND, &asked).await.done()["referrerEmail"], json!(null));
    ben.tell(KIND, "consent", &asked).await.done();
    assert_eq!(ada.see(KIND, &asked).await.done()["referrerEmail"], json!(ben.email(&acme)));
    ada.tell(KIND, "submit", &asked).await.done();
    // They hear what becomes of what is asked of them, and of nothing else that happens in the search.
    ada.act("Application", "move", Some(&application), search.step(0, 2)).await.done();
    let heard = async |who: &Actor| {
        let of_search = |one: &Value| {
            let kind = one["subjectKind"].as_str().unwrap();
            ["referral", "application", "application_event", "job_posting", "job_search"].contains(&kind)
        };
        let events = who.list("Event", &[("first", "100"), ("sort", "seq")]).await.items;
        events.into_iter().filter(of_search).collect::<Vec<_>>()
    };
    let his = heard(&ben).await;
    assert_eq!(
        his.iter().map(|one| one["type"].as_str().unwrap()).collect::<Vec<_>>(),
        [
            "referral.requested",
            "referral.accepted",
            "referral.consented",
            "referral.consent_withdrawn",
            "referral.consented",
            "referral.submitted"
        ]
    );
    assert!(his.iter().all(|one| one["subjectId"] == json!(asked)));
    let shown: Vec<&str> = his[0]["data"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(shown, ["applicationId", "postingId", "referrerContactId", "state"], "no more than the referral shows");
    assert!(heard(&ada).await.len() > his.len());
    let narrow = ben.limited_to(&acme, &[Scope::EventsRead, Scope::CommunityRead]);
    for who in [&acme.coach("eve").await, &acme.admin("root").await, &acme.omnipotent().await, &narrow] {
        assert!(heard(who).await.is_empty(), "{}", who.name);
    }
    ada.tell(KIND, "delete", &asked).await.done();
    assert_eq!(heard(&ben).await.last().unwrap()["type"], json!("referral.deleted"));
    ada.tell(KIND, "restore", &asked).await.done();
    // Who is nobody here is named so.
    for (wrong, said) in [
        (json!({ "userEmail": "nobody@example.org" }), "REFERENCE_UNKNOWN /userEmail"),
        (json!({ "userId": nothing("usr") }), "REFERENCE_UNKNOWN /userId"),
        (json!({ "userId": ben.id, "userEmail": ben.email(&acme) }), "MEMBER_AMBIGUOUS /userEmail"),
    ] {
        let id = contact["id"].as_str().unwrap();
        assert_eq!(ada.update("Contact", id, wrong).await.said(), said);
    }
    let cleared = ada.update("Contact", contact["id"].as_str().unwrap(), json!({ "userId": null })).await.done();
    assert_eq!(cleared["userId"], json!(null));
}

/// Of whoever is here no more, whoever asked says what came of it.
async fn who_left_does_not_answer(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let search = Search::of(&ada).await;
    let new = json!({ "name": "Ben", "companyId": search.company, "userId": ben.id });
    let contact = ada.create("Contact", new).await.id();
    let application = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let asked = ask(&ada, &application, &contact).await;
    assert_snapshot!(ada.tell(KIND, "accept", &asked).await.said(), @"REFERRER_ANSWERS");
    root.tell("User", "delete", &ben.id).await.done();
    assert_eq!(ada.tell(KIND, "accept", &asked).await.done()["state"], json!("ACCEPTED"));
}

async fn who_sees_a_referral(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let search = Search::of(&ada).await;
    let noor = colleague(&ada, &search, "Noor", "2026-03-01T10:00:00Z").await;
    let application = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let asked = ask(&ada, &application, &noor).await;
    ada.opens(&kim, &["learning:write", "community:write"]).await;
    for who in [&kim, &root, &machine] {
        assert_snapshot!(who.see(KIND, &asked).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.tell(KIND, "accept", &asked).await.said(), @"NOT_FOUND");
    }
    let grant = ada.opens(&kim, &["jobs:read"]).await;
    kim.see(KIND, &asked).await.done();
    assert_snapshot!(kim.tell(KIND, "accept", &asked).await.said(), @"FORBIDDEN");
    ada.tell("Grant", "revoke", &grant).await.done();
    ada.opens(&kim, &["jobs:write"]).await;
    kim.tell(KIND, "accept", &asked).await.done();
    // What belongs to an application and a posting that are gone is not seen.
    ada.tell("Application", "delete", &application).await.done();
    ada.tell("JobPosting", "delete", &search.posting).await.done();
    assert_snapshot!(ada.see(KIND, &asked).await.said(), @"NOT_FOUND");
}
