//! Two devices at once: whoever is first, what is left is what one after the other would have left (§21, §22).

use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::Search;
use crate::harness::{Actor, Api, Face, stories_in_both_faces};

stories_in_both_faces!(
    a_move_happens_once,
    nobody_applies_for_what_is_gone,
    who_is_spoken_for_comes_by_that_whoever_is_first,
    nobody_is_left_hoping,
    a_name_elsewhere_is_one_thing
);

const KIND: &str = "Application";

async fn a_move_happens_once(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    for _ in 0..5 {
        let id = ada.through(Face::Rest).create(KIND, search.applying(json!({}))).await.id();
        let mut tries = JoinSet::new();
        for to in 1..6 {
            let (ada, step, id) = (ada.clone(), search.step(0, to), id.clone());
            tries.spawn(async move { ada.act(KIND, "move", Some(&id), step).await.said() });
        }
        let mut said = tries.join_all().await;
        said.sort();
        assert_eq!(said[..4], ["STALE_STAGE /fromStageId"; 4].map(str::to_owned));
        assert_eq!(said[4], "fine");
        let events = ada.list("ApplicationEvent", &[("applicationId", &id)]).await.items;
        let mut numbers: Vec<_> = events.iter().map(|event| event["number"].as_i64().unwrap()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, [1, 2]);
        let moved = events.iter().find(|event| event["kind"] == "MOVED").unwrap();
        assert_eq!(ada.see(KIND, &id).await.done()["stageId"], moved["toStageId"]);
    }
}

/// How often two try.
const TRIES: usize = 8;

/// An opening of its own in a search.
async fn opening(who: &Actor, search: &Search, place: usize) -> String {
    let new = json!({ "companyId": search.company, "title": format!("Engineer {place}") });
    who.create("JobPosting", new).await.id()
}

/// No application that is there is for an opening that is not.
async fn whole(who: &Actor, id: &str) {
    let seen = who.see(KIND, id).await;
    if seen.refused.is_none() {
        let posting = seen.object["postingId"].as_str().unwrap();
        assert_eq!(who.see("JobPosting", posting).await.said(), "fine", "{id} is for what is gone");
    }
}

async fn nobody_applies_for_what_is_gone(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let other = ada.calling(&api.another(&[]).await);
    for place in 0..TRIES {
        // An application that comes about, and one that comes back.
        let posting = opening(&ada, &search, place).await;
        let new = json!({ "jobSearchId": search.id, "postingId": posting });
        let (made, _) = tokio::join!(ada.create(KIND, new.clone()), other.tell("JobPosting", "delete", &posting));
        if made.refused.is_none() {
            whole(&ada, &made.id()).await;
        }
        let posting = opening(&ada, &search, place).await;
        let id = ada.create(KIND, json!({ "jobSearchId": search.id, "postingId": posting })).await.id();
        ada.tell(KIND, "delete", &id).await.done();
        tokio::join!(ada.tell(KIND, "restore", &id), other.tell("JobPosting", "delete", &posting));
        whole(&ada, &id).await;
        // A search that comes back with what is in it.
        let gone = Search::of(&ada).await;
        let id = gone.apply(&ada, "2026-03-01T10:00:00Z").await;
        ada.tell("JobSearch", "delete", &gone.id).await.done();
        tokio::join!(ada.tell("JobSearch", "restore", &gone.id), other.tell("JobPosting", "delete", &gone.posting));
        whole(&ada, &id).await;
    }
}

/// Somebody who is asked to speak for whatever comes of an opening.
async fn asked(who: &Actor, search: &Search, of: Value) -> String {
    let noor = who.create("Contact", json!({ "name": "Noor", "companyId": search.company })).await.id();
    let mut asks = of;
    asks["referrerContactId"] = json!(noor);
    who.act("Referral", "request", None, asks).await.id()
}

async fn who_is_spoken_for_comes_by_that_whoever_is_first(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let other = ada.calling(&api.another(&[]).await);
    for place in 0..TRIES {
        let posting = opening(&ada, &search, place).await;
        let referral = asked(&ada, &search, json!({ "postingId": posting })).await;
        let new = json!({ "jobSearchId": search.id, "postingId": posting });
        let (made, accepted) = tokio::join!(ada.create(KIND, new), other.tell("Referral", "accept", &referral));
        accepted.done();
        assert_eq!(ada.see(KIND, &made.id()).await.done()["channel"], json!("REFERRAL"));
    }
}

async fn nobody_is_left_hoping(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let other = ada.calling(&api.another(&[]).await);
    let state = async |id: &str| ada.see("Referral", id).await.done()["state"].clone();
    for _ in 0..TRIES {
        // Asked while the search is deleted.
        let search = Search::of(&ada).await;
        let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
        let noor = ada.create("Contact", json!({ "name": "Noor", "companyId": search.company })).await.id();
        let asks = json!({ "applicationId": application, "referrerContactId": noor });
        let (made, gone) =
            tokio::join!(ada.act("Referral", "request", None, asks), other.tell("JobSearch", "delete", &search.id));
        gone.done();
        if made.refused.is_none() {
            assert_eq!(state(&made.id()).await, json!("WITHDRAWN"));
        }
        // Brought back while its application ends, or goes with its search.
        for (kind, verb, input) in
            [(KIND, "close", json!({ "outcome": "REJECTED" })), ("JobSearch", "delete", json!({}))]
        {
            let search = Search::of(&ada).await;
            let application = search.apply(&ada, "2026-03-01T10:00:00Z").await;
            let referral = asked(&ada, &search, json!({ "applicationId": application })).await;
            ada.tell("Referral", "delete", &referral).await.done();
            let id = if kind == KIND { &application } else { &search.id };
            let (back, ended) =
                tokio::join!(ada.tell("Referral", "restore", &referral), other.act(kind, verb, Some(id), input));
            back.done();
            ended.done();
            assert_eq!(state(&referral).await, json!("WITHDRAWN"), "{verb}");
        }
    }
}

async fn a_name_elsewhere_is_one_thing(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let other = ada.calling(&api.another(&[]).await);
    for place in 0..TRIES {
        let name = format!("n{place}");
        // Of several who say that it is there, one makes it or brings it back, and the others change it.
        let stage = json!({ "jobSearchId": search.id, "name": format!("Stage {place}"), "kind": "SCREENING" });
        for (kind, input) in [("Stage", stage), (KIND, search.applying(json!({})))] {
            for _ in 0..2 {
                let (a, b, c) = tokio::join!(
                    ada.upsert(kind, "crm", &name, input.clone()),
                    other.upsert(kind, "crm", &name, input.clone()),
                    ada.upsert(kind, "crm", &name, input.clone())
                );
                let ids = [a.id(), b.id(), c.id()];
                assert!(ids.iter().all(|id| *id == ids[0]), "{kind}: {ids:?}");
                ada.tell(kind, "delete", &ids[0]).await.done();
            }
        }
    }
}
