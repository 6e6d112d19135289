//! What an answer to an offer changes, and what it is kept from: by its application, its job search, and whose word it is (§24).

use serde_json::{Value, json};

use super::{super::Search, KIND, offered, outcome};
use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    jobs::referral::advice,
};

stories_in_both_faces!(
    what_is_gone_waits_for_no_answer,
    a_closed_application_takes_no_offer,
    a_closed_application_moves_no_interview,
    one_is_taken_whatever_says_so,
    an_answer_is_its_givers,
    what_was_declined_is_not_taken,
    what_was_accepted_is_not_corrected_away,
    an_acceptance_comes_undone,
    what_is_open_in_a_closed_search_goes_on,
    an_offer_has_names_elsewhere,
    whom_one_met_later
);

fn yes(decline_others: bool) -> Value {
    json!({ "version": 1, "declineOthers": decline_others })
}

async fn closes(who: &Actor, application: &str, word: &str) -> crate::harness::Outcome {
    who.act("Application", "close", Some(application), json!({ "outcome": word })).await
}

/// The last event of the history of an application.
async fn last_event(who: &Actor, application: &str) -> String {
    let events = who.list("ApplicationEvent", &[("applicationId", application)]).await.items;
    let last = events.iter().max_by_key(|one| one["number"].as_i64()).unwrap();
    last["id"].as_str().unwrap().to_owned()
}

async fn what_is_gone_waits_for_no_answer(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    for decline_others in [true, false] {
        let search = Search::of(&ada).await;
        let (_, a) = offered(&ada, &search, "ML engineer", json!({})).await;
        let (gone, b) = offered(&ada, &search, "Analyst", json!({})).await;
        ada.tell("Application", "delete", &gone).await.done();
        let accepted = ada.act(KIND, "accept", Some(&a), yes(decline_others)).await.done();
        assert_eq!((&accepted["state"], &accepted["warnings"]), (&json!("ACCEPTED"), &json!([])));
        // It comes back as it was.
        ada.tell("Application", "restore", &gone).await.done();
        assert_eq!(ada.see(KIND, &b).await.done()["state"], json!("RECEIVED"));
    }
}

async fn a_closed_application_takes_no_offer(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let (left, offer) = offered(&ada, &search, "ML engineer", json!({})).await;
    let (refused, other) = offered(&ada, &search, "Analyst", json!({})).await;
    for (application, offer, word, command) in
        [(&left, &offer, "WITHDRAWN", "declineOffer"), (&refused, &other, "REJECTED", "rescindOffer")]
    {
        let closed = closes(&ada, application, word).await.done();
        let warned = &closed["warnings"][0];
        assert_eq!(
            (&warned["code"], &warned["details"]),
            (&json!("OFFER_STILL_OPEN"), &json!({ "offerId": offer, "command": command }))
        );
    }
    let taken = ada.act(KIND, "accept", Some(&offer), yes(true)).await;
    assert_snapshot!(taken.said(), @"APPLICATION_CLOSED");
    assert_snapshot!(taken.details, @r#"{"outcome":"WITHDRAWN"}"#);
    for verb in ["negotiate", "requestTeammateConversation"] {
        assert_eq!(ada.tell(KIND, verb, &offer).await.code(), "APPLICATION_CLOSED");
    }
    assert_eq!(ada.see("JobSearch", &search.id).await.done()["state"], json!("ACTIVE"));
    // What is known of it may still be noted.
    ada.update(KIND, &offer, json!({ "note": "It was a good one." })).await.done();
    // Of what belongs to a closed application, nobody is reminded.
    let (_, third) = offered(&ada, &search, "Scientist", json!({})).await;
    let accepted = ada.act(KIND, "accept", Some(&third), yes(false)).await.done();
    assert_eq!(accepted["warnings"], json!([]));
    let codes: Vec<_> = advice(&ada, &search.id).await.iter().map(|one| one["code"].clone()).collect();
    assert!(!codes.contains(&json!("OFFERS_STILL_OPEN")), "{codes:?}");
    ada.tell(KIND, "decline", &offer).await.done();
    ada.tell(KIND, "rescind", &other).await.done();
    assert_eq!((outcome(&ada, &left).await, outcome(&ada, &refused).await), (json!("WITHDRAWN"), json!("REJECTED")));
    // Without an offer, there is nothing to be reminded of.
    let (plain, offer) = offered(&ada, &Search::of(&ada).await, "Analyst", json!({})).await;
    ada.tell(KIND, "decline", &offer).await.done();
    let reason = json!({ "reason": "They came back." });
    ada.act("Application", "reopen", Some(&plain), reason).await.done();
    assert_eq!(closes(&ada, &plain, "WITHDRAWN").await.done()["warnings"], json!([]));
}

async fn a_closed_application_moves_no_interview(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let at = |when: &str| json!({ "applicationId": application, "type": "FINAL", "scheduledAt": when });
    let id = ada.upsert("Interview", "calendar", "1", at("2026-03-10T15:00:00Z")).await.id();
    closes(&ada, &application, "REJECTED").await.done();
    let later = json!({ "scheduledAt": "2026-03-12T15:00:00Z" });
    assert_snapshot!(ada.act("Interview", "reschedule", Some(&id), later).await.said(), @"APPLICATION_CLOSED");
    let told = ada.upsert("Interview", "calendar", "1", at("2026-03-12T15:00:00Z")).await;
    assert_snapshot!(told.said(), @"APPLICATION_CLOSED");
    // What was, may still be noted.
    ada.upsert("Interview", "calendar", "1", at("2026-03-10T15:00:00Z")).await.done();
    ada.update("Interview", &id, json!({ "note": "It was a good talk." })).await.done();
    ada.tell("Interview", "hold", &id).await.done();
    ada.act("Interview", "recordResult", Some(&id), json!({ "result": "NOT_PASSED" })).await.done();
}

async fn one_is_taken_whatever_says_so(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let search = Search::of(&ada).await;
    let (first, offer) = offered(&ada, &search, "ML engineer", json!({})).await;
    // What becomes of an open offer is said of the offer.
    for (word, command) in [("OFFER_ACCEPTED", "acceptOffer"), ("OFFER_DECLINED", "declineOffer")] {
        let refused = closes(&ada, &first, word).await;
        assert_eq!(refused.said(), "USE_STATE_COMMAND /outcome");
        assert_eq!(refused.details, json!({ "offerId": offer, "command": command }));
    }
    // That one was taken, only whose it is says.
    let (second, third) =
        (search.apply(&ada, "2026-03-01T10:00:00Z").await, search.apply(&ada, "2026-03-01T10:00:00Z").await);
    ada.opens(&kim, &["jobs:write"]).await;
    assert_snapshot!(closes(&kim, &second, "OFFER_ACCEPTED").await.said(), @"FORBIDDEN");
    closes(&kim, &third, "REJECTED").await.done();
    let instead = json!({ "outcome": "OFFER_ACCEPTED", "reason": "They took it." });
    let end = last_event(&ada, &third).await;
    let correct = |who: Actor, what: Value| {
        let end = end.clone();
        async move { who.act("ApplicationEvent", "correct", Some(&end), what).await }
    };
    assert_snapshot!(correct(kim.clone(), instead.clone()).await.said(), @"FORBIDDEN");
    let stale = ada.knowing(7);
    assert_snapshot!(closes(&stale, &second, "OFFER_ACCEPTED").await.said(), @"VERSION_MISMATCH");
    closes(&ada, &second, "OFFER_ACCEPTED").await.done();
    // And one of a search is, whether an offer was noted or not.
    let again = ada.act(KIND, "accept", Some(&offer), yes(true)).await;
    assert_snapshot!(again.said(), @"OFFER_ALREADY_ACCEPTED");
    assert_eq!(again.details, json!({ "offerId": null, "applicationId": second }));
    assert_snapshot!(correct(ada.clone(), instead.clone()).await.said(), @"OFFER_ALREADY_ACCEPTED");
    let fourth = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    assert_snapshot!(closes(&ada, &fourth, "OFFER_ACCEPTED").await.said(), @"OFFER_ALREADY_ACCEPTED");
    // What is gone is not in the way, and does not come back beside another.
    ada.tell("Application", "delete", &second).await.done();
    closes(&ada, &fourth, "OFFER_ACCEPTED").await.done();
    assert_snapshot!(ada.tell("Application", "restore", &second).await.said(), @"OFFER_ALREADY_ACCEPTED");
    ada.act("Application", "reopen", Some(&fourth), json!({ "reason": "It came to nothing." })).await.done();
    ada.tell("Application", "restore", &second).await.done();
    ada.act("Application", "reopen", Some(&second), json!({ "reason": "It came to nothing." })).await.done();
    correct(ada.clone(), instead).await.done();
    assert_eq!(outcome(&ada, &third).await, json!("OFFER_ACCEPTED"));
}

/// What somebody answered without an offer being noted, they say, and take back, themself.
async fn an_answer_is_its_givers(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    ada.opens(&kim, &["jobs:write"]).await;
    let search = Search::of(&ada).await;
    let closes = async |who: &Actor, id: &str, word: &str| {
        who.act("Application", "close", Some(id), json!({ "outcome": word })).await.said()
    };
    let why = json!({ "reason": "A slip." });
    for word in ["OFFER_ACCEPTED", "OFFER_DECLINED"] {
        let id = search.apply(&ada, "2026-03-01T10:00:00Z").await;
        assert_eq!(closes(&kim, &id, word).await, "FORBIDDEN", "{word}");
        assert_eq!(closes(&kim, &id, "REJECTED").await, "fine");
        let end = last_event(&ada, &id).await;
        let instead = json!({ "outcome": word, "reason": "x" });
        let corrects = async |who: &Actor, event: &str, right: Value| {
            who.act("ApplicationEvent", "correct", Some(event), right).await.said()
        };
        assert_eq!(corrects(&kim, &end, instead.clone()).await, "FORBIDDEN", "{word}");
        assert_eq!(corrects(&ada, &end, instead).await, "fine");
        let end = last_event(&ada, &id).await;
        for right in [json!({ "outcome": "REJECTED", "reason": "x" }), json!({ "revoke": true, "reason": "x" })] {
            assert_eq!(corrects(&kim, &end, right).await, "FORBIDDEN", "{word}");
        }
        let reopens = async |who: &Actor| who.act("Application", "reopen", Some(&id), why.clone()).await.said();
        assert_eq!(reopens(&kim).await, "FORBIDDEN", "{word}");
        assert_eq!(ada.see("Application", &id).await.done()["outcome"], json!(word));
        assert_eq!(reopens(&ada).await, "fine");
    }
}

/// An application whose offer was declined comes to no other that nobody noted.
async fn what_was_declined_is_not_taken(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let (application, offer) = offered(&ada, &search, "ML engineer", json!({})).await;
    ada.tell(KIND, "decline", &offer).await.done();
    let end = last_event(&ada, &application).await;
    let instead = json!({ "outcome": "OFFER_ACCEPTED", "reason": "x" });
    let refused = ada.act("ApplicationEvent", "correct", Some(&end), instead).await;
    assert_snapshot!(refused.said(), @"USE_STATE_COMMAND /outcome");
    assert_eq!(refused.details, json!({ "offerId": offer, "command": "createOffer" }));
    ada.act("Application", "reopen", Some(&application), json!({ "reason": "They came back." })).await.done();
    assert_snapshot!(closes(&ada, &application, "OFFER_ACCEPTED").await.said(), @"USE_STATE_COMMAND /outcome");
    let better = ada.create(KIND, json!({ "applicationId": application })).await.id();
    ada.act(KIND, "accept", Some(&better), yes(true)).await.done();
    assert_eq!(outcome(&ada, &application).await, json!("OFFER_ACCEPTED"));
}

async fn what_was_accepted_is_not_corrected_away(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let (application, offer) = offered(&ada, &search, "ML engineer", json!({})).await;
    ada.act(KIND, "accept", Some(&offer), yes(true)).await.done();
    let end = last_event(&ada, &application).await;
    let correct = async |what: Value| ada.act("ApplicationEvent", "correct", Some(&end), what).await;
    for wrong in [
        json!({ "revoke": true, "reason": "It never was." }),
        json!({ "outcome": "WITHDRAWN", "reason": "Something else was." }),
    ] {
        let refused = correct(wrong).await;
        assert_eq!(refused.said(), "USE_STATE_COMMAND");
        assert_eq!(refused.details, json!({ "offerId": offer, "command": "rescindOffer" }));
    }
    let reason = json!({ "reason": "It goes on." });
    assert_snapshot!(ada.act("Application", "reopen", Some(&application), reason).await.said(), @"USE_STATE_COMMAND");
    // Nor is it gone with its application, which would lock the search for good.
    let gone = ada.tell("Application", "delete", &application).await;
    assert_snapshot!(gone.said(), @"OFFER_CLOSED");
    assert_eq!(gone.details, json!({ "state": "ACCEPTED", "offerId": offer }));
    assert_eq!(ada.tell(KIND, "delete", &offer).await.details, gone.details);
    assert_eq!(outcome(&ada, &application).await, json!("OFFER_ACCEPTED"));
    // When it was, may be corrected.
    correct(json!({ "occurredAt": ada.see(KIND, &offer).await.done()["receivedAt"], "reason": "Earlier." }))
        .await
        .done();
    assert_eq!(outcome(&ada, &application).await, json!("OFFER_ACCEPTED"));
}

async fn an_acceptance_comes_undone(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim) = (acme.learner("ada").await, acme.coach("kim").await);
    let search = Search::of(&ada).await;
    let (first, a) = offered(&ada, &search, "ML engineer", json!({})).await;
    let (second, b) = offered(&ada, &search, "Analyst", json!({})).await;
    ada.act(KIND, "accept", Some(&a), yes(true)).await.done();
    // Whose word the acceptance was, theirs is that it came undone.
    ada.opens(&kim, &["jobs:write"]).await;
    assert_snapshot!(kim.tell(KIND, "rescind", &a).await.said(), @"FORBIDDEN");
    let undone = ada.tell(KIND, "rescind", &a).await.done();
    let warned = &undone["warnings"][0];
    assert_eq!((&undone["state"], &warned["code"]), (&json!("RESCINDED"), &json!("ACCEPTANCE_UNDONE")));
    assert_eq!(
        warned["details"],
        json!({ "applicationId": first, "jobSearchId": search.id, "commands": ["reopenApplication", "reopenJobSearch"] })
    );
    // All of it goes on: the one that was taken back, and the one that was declined for it.
    for application in [&first, &second] {
        let open = ada.act("Application", "reopen", Some(application), json!({ "reason": "It goes on." })).await.done();
        assert_eq!((&open["outcome"], &open["stageKind"]), (&json!(null), &json!("OFFER")));
    }
    ada.tell("JobSearch", "reopen", &search.id).await.done();
    // What was declined stays so: they offer it again.
    assert_snapshot!(ada.tell(KIND, "negotiate", &b).await.said(), @"INVALID_TRANSITION");
    let next = ada.create(KIND, json!({ "applicationId": second })).await.id();
    ada.act(KIND, "accept", Some(&next), yes(true)).await.done();
    assert_eq!((outcome(&ada, &first).await, outcome(&ada, &second).await), (json!(null), json!("OFFER_ACCEPTED")));
    // One that was not accepted, whoever writes in the search may note.
    let (third, offer) = offered(&ada, &Search::of(&ada).await, "Scientist", json!({})).await;
    assert_eq!(kim.tell(KIND, "rescind", &offer).await.done()["warnings"][0]["code"], json!("APPLICATION_STILL_OPEN"));
    assert_eq!(outcome(&ada, &third).await, json!(null));
}

async fn what_is_open_in_a_closed_search_goes_on(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    ada.tell("JobSearch", "close", &search.id).await.done();
    assert_snapshot!(ada.create("Application", search.applying(json!({}))).await.said(), @"JOB_SEARCH_CLOSED /jobSearchId");
    let when = json!({ "applicationId": application, "type": "FINAL", "scheduledAt": "2026-03-10T15:00:00Z" });
    ada.act("Interview", "schedule", None, when).await.done();
    let offer = ada.create(KIND, json!({ "applicationId": application })).await.id();
    ada.act(KIND, "accept", Some(&offer), yes(true)).await.done();
    assert_eq!(ada.see("JobSearch", &search.id).await.done()["state"], json!("CLOSED"));
}

async fn an_offer_has_names_elsewhere(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let (application, taken) = offered(&ada, &search, "ML engineer", json!({})).await;
    let told = json!({
        "applicationId": application, "base": super::euros("65000"), "respondBy": "2999-01-01T00:00:00Z",
        "receivedAt": "2026-03-01T10:00:00Z",
    });
    assert_snapshot!(ada.upsert(KIND, "hr", "1", told.clone()).await.said(), @"OFFER_EXISTS");
    ada.tell(KIND, "rescind", &taken).await.done();
    let first = ada.upsert(KIND, "hr", "1", told.clone()).await.done();
    assert_eq!(first["receivedAt"], json!("2026-03-01T10:00:00.000000Z"));
    let again = ada.upsert(KIND, "hr", "1", told.clone()).await.done();
    assert_eq!((&again["id"], &again["version"]), (&first["id"], &json!(1)));
    let mut better = told.clone();
    better["base"] = super::euros("70000");
    let better = ada.upsert(KIND, "hr", "1", better).await.done();
    assert_eq!((&better["version"], &better["base"]), (&json!(2), &super::euros("70000.00")));
    let other = search.apply(&ada, "2026-03-02T10:00:00Z").await;
    let mut wrong = told.clone();
    wrong["applicationId"] = json!(other);
    assert_snapshot!(ada.upsert(KIND, "hr", "1", wrong).await.said(), @"APPLICATION_IMMUTABLE /applicationId");
    // Whoever keeps a copy says that it is there.
    let id = first["id"].as_str().unwrap();
    ada.tell(KIND, "delete", id).await.done();
    let back = ada.upsert(KIND, "hr", "1", json!({ "applicationId": application })).await.done();
    assert_eq!(
        (&back["id"], &back["deletedAt"], &back["base"]),
        (&first["id"], &json!(null), &super::euros("70000.00"))
    );
    assert_eq!(ada.list("OfferVersion", &[("offerId", id)]).await.items.len(), 4);
    // Of one that was answered, what is known may be told again, and nothing else.
    ada.tell(KIND, "decline", id).await.done();
    let known =
        json!({ "applicationId": application, "base": super::euros("70000"), "respondBy": "2999-01-01T00:00:00Z" });
    assert_eq!(ada.upsert(KIND, "hr", "1", known).await.done()["state"], json!("DECLINED"));
    assert_snapshot!(ada.upsert(KIND, "hr", "1", told).await.said(), @"OFFER_CLOSED");
    let late = json!({ "receivedAt": "2999-01-01T00:00:00Z" });
    let (_, open) = offered(&ada, &search, "Analyst", json!({})).await;
    assert_snapshot!(ada.update(KIND, &open, late).await.said(), @"OCCURRED_AT_INVALID /receivedAt");
    let early = ada.update(KIND, &open, json!({ "receivedAt": "2026-03-03T10:00:00Z" })).await.done();
    assert_eq!(early["receivedAt"], json!("2026-03-03T10:00:00.000000Z"));
}

async fn whom_one_met_later(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let (_, offer) = offered(&ada, &search, "ML engineer", json!({})).await;
    ada.tell(KIND, "requestTeammateConversation", &offer).await.done();
    let met = ada.update(KIND, &offer, json!({ "teammatesMet": [{ "name": "Noor" }] })).await.done();
    assert_eq!(met["teamDisclosure"], json!("MET"));
    let told = ada.ask("compareOffers", json!({ "ids": [offer] })).await.done();
    assert!(!told.to_string().contains("TEAM_UNKNOWN"), "{told}");
    let none = ada.update(KIND, &offer, json!({ "teammatesMet": [] })).await.done();
    assert_eq!(none["teamDisclosure"], json!("UNKNOWN"));
    let said = json!({ "teammatesMet": [{ "name": "Olu" }], "teamDisclosure": "NAMED" });
    assert_eq!(ada.update(KIND, &offer, said).await.done()["teamDisclosure"], json!("NAMED"));
    // Each version knows when one had asked.
    let versions = ada.list("OfferVersion", &[("offerId", &offer), ("sort", "number")]).await;
    let asked: Vec<_> = versions.each("conversationAskedAt").iter().map(Value::is_string).collect();
    assert_eq!(asked, [false, true, true, true, true]);
}
