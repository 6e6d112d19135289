//! Trackers that say what was answered to offers, and how applications ended: by no other rules than by hand (§21, §22, §24).

use serde_json::{Value, json};

use super::{
    history,
    import::{document, tracker},
};
use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    learning::exchange::{import, outcome},
};

stories_in_both_faces!(
    only_its_owner_answers_an_offer,
    one_of_a_search_is_accepted,
    what_was_accepted_stays,
    an_open_offer_is_asked_about,
    nobody_speaks_for_what_has_ended
);

fn at(day: u32) -> String {
    format!("2026-03-{day:02}T10:00:00Z")
}

/// The document with one of its applications said otherwise.
fn with(place: usize, more: Value) -> Value {
    let mut document = document();
    for (name, value) in more.as_object().unwrap() {
        document["applications"][place][name] = value.clone();
    }
    document
}

/// The document with an offer of its first application.
fn offered(more: Value) -> Value {
    let mut document = document();
    let mut offer = json!({ "id": "o1", "applicationId": "a1", "sentAt": at(12) });
    offer.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    document["offers"] = json!([offer]);
    document
}

fn table(lines: &str) -> Value {
    json!({ "kind": "JOB_TRACKER_CSV", "csv": format!("externalId,company,title,status,appliedAt\n{lines}") })
}

/// The application that has an offer in the document.
async fn first(who: &Actor) -> Value {
    who.list("Application", &[("channel", "REFERRAL")]).await.items.remove(0)
}

async fn offer(who: &Actor, state: &str) -> String {
    who.list("Offer", &[("state", state)]).await.ids().remove(0)
}

async fn accept(who: &Actor, offer: &Value) {
    let input = json!({ "version": offer["version"], "declineOthers": false });
    who.act("Offer", "accept", offer["id"].as_str(), input).await.done();
}

async fn only_its_owner_answers_an_offer(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    ada.opens(&ben, &["jobs:read", "jobs:write"]).await;
    let hers = |mut input: Value| {
        input["ownerId"] = json!(ada.id);
        input
    };
    let his = async |input: Value| outcome(&import(&ben, hers(input)).await);
    // What came, he may note, and what is said of it.
    assert_snapshot!(his(tracker(offered(json!({})))).await, @"SUCCEEDED 3 0 0 0 warnings: /offers/0 MOVE_SUGGESTED");
    // By hand, to answer it is refused; so it is by any row that says it.
    let open = offer(&ada, "RECEIVED").await;
    assert_snapshot!(ben.tell("Offer", "decline", &open).await.said(), @"FORBIDDEN");
    let mut said = Vec::new();
    for document in [
        offered(json!({ "status": "ACCEPTED", "closedAt": at(20) })),
        offered(json!({ "status": "DECLINED", "closedAt": at(20) })),
        with(0, json!({ "outcome": "OFFER_ACCEPTED" })),
        with(0, json!({ "outcome": "OFFER_DECLINED" })),
        with(
            0,
            json!({ "activities": [
            { "outcome": "OFFER_DECLINED", "occurredAt": at(20) }, { "stageId": "s2", "occurredAt": at(21) },
        ] }),
        ),
    ] {
        said.push(his(tracker(document)).await);
    }
    said.push(his(table("R9,Sunny,Analyst,Hired,2026-03-02\n")).await);
    let mut preview = tracker(offered(json!({ "status": "ACCEPTED" })));
    preview["preview"] = json!(true);
    said.push(his(preview).await);
    assert_snapshot!(said.join("\n"), @r"
    FAILED 0 0 0 0 errors: /offers/0/status FORBIDDEN
    FAILED 0 0 0 0 errors: /offers/0/status FORBIDDEN
    FAILED 0 0 0 0 errors: /applications/0/outcome FORBIDDEN
    FAILED 0 0 0 0 errors: /applications/0/outcome FORBIDDEN
    FAILED 0 0 0 0 errors: /applications/0/activities/0/outcome FORBIDDEN
    FAILED 0 0 0 0 errors: 2:/status FORBIDDEN
    FAILED 0 0 0 0 errors: /offers/0/status FORBIDDEN
    ");
    assert_eq!((offer(&ada, "RECEIVED").await, &first(&ada).await["outcome"]), (open.clone(), &Value::Null));
    // She answers it; what she said he does not take back, nor does what goes on after it.
    let hers = tracker(offered(json!({ "status": "ACCEPTED", "closedAt": at(20) })));
    assert_snapshot!(outcome(&import(&ada, hers.clone()).await), @"SUCCEEDED 0 2 1 0 warnings: /offers JOB_SEARCH_ENDED");
    let search = first(&ada).await["jobSearchId"].clone();
    ada.tell("JobSearch", "reopen", search.as_str().unwrap()).await.done();
    let back = offered(json!({ "status": "RESCINDED", "closedAt": at(22) }));
    assert_snapshot!(his(tracker(back.clone())).await, @"FAILED 0 0 0 0 errors: /offers/0/status FORBIDDEN");
    assert_snapshot!(his(hers).await, @"SUCCEEDED 0 0 3 0");
    ada.tell("Offer", "rescind", &open).await.done();
    let on = with(0, json!({ "activities": [{ "stageId": "s1", "occurredAt": at(25) }] }));
    assert_snapshot!(his(tracker(on.clone())).await, @"FAILED 0 0 0 0 errors: /applications/0/activities/0/stageId FORBIDDEN");
    assert_snapshot!(outcome(&import(&ada, tracker(on)).await), @"SUCCEEDED 0 1 1 0");
}

async fn one_of_a_search_is_accepted(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let mine = async |input: Value| outcome(&import(&ada, input).await);
    let accepted = json!({ "outcome": "OFFER_ACCEPTED", "closedAt": at(20) });
    let mut both = with(0, accepted.clone());
    both["applications"][1] = json!({ "id": "a2", "jobId": "j2", "outcome": "OFFER_ACCEPTED", "closedAt": at(21) });
    assert_snapshot!(mine(tracker(both)).await, @"FAILED 0 0 0 0 errors: /applications/1/outcome OFFER_ALREADY_ACCEPTED");
    let mut beside = with(0, accepted);
    beside["applications"][1] = json!({ "id": "a2", "jobId": "j2" });
    beside["offers"] = json!([{ "id": "o2", "applicationId": "a2", "status": "ACCEPTED", "closedAt": at(19) }]);
    assert_snapshot!(mine(tracker(beside)).await, @"FAILED 0 0 0 0 errors: /offers/0/status OFFER_ALREADY_ACCEPTED");
    let two = "1,A,B,Accepted,2026-03-01\n2,C,D,Hired,2026-03-01\n";
    assert_snapshot!(mine(table(two)).await, @"FAILED 0 0 0 0 errors: 3:/status OFFER_ALREADY_ACCEPTED");
    assert_eq!(ada.list("JobSearch", &[]).await.items.len(), 0, "nothing of it is there");
    // One alone is taken; a second one is refused that comes later, into the same search.
    let one = tracker(offered(json!({ "status": "ACCEPTED", "closedAt": at(20) })));
    assert_snapshot!(mine(one.clone()).await, @"SUCCEEDED 3 0 0 0 warnings: /offers JOB_SEARCH_ENDED");
    let search = first(&ada).await["jobSearchId"].clone();
    ada.tell("JobSearch", "reopen", search.as_str().unwrap()).await.done();
    let mut hired = table("1,A,B,Hired,2026-03-01\n");
    hired["jobSearchId"] = search.clone();
    let job = import(&ada, hired.clone()).await;
    assert_snapshot!(outcome(&job), @"FAILED 0 0 0 0 errors: 2:/status OFFER_ALREADY_ACCEPTED");
    let accepted = offer(&ada, "ACCEPTED").await;
    assert_eq!(job["errors"][0]["details"]["offerId"], json!(accepted));
    assert_snapshot!(mine(one).await, @"SUCCEEDED 0 0 3 0");
    // When it was taken back, there is room for another.
    ada.tell("Offer", "rescind", &accepted).await.done();
    assert_snapshot!(mine(hired.clone()).await, @"SUCCEEDED 1 0 0 0");
    assert_snapshot!(mine(hired).await, @"SUCCEEDED 0 0 1 0");
}

async fn what_was_accepted_stays(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    import(&ada, tracker(document())).await;
    let one = first(&ada).await;
    let id = one["id"].as_str().unwrap();
    let made = ada.create("Offer", json!({ "applicationId": id })).await.done();
    accept(&ada, &made).await;
    ada.tell("JobSearch", "reopen", one["jobSearchId"].as_str().unwrap()).await.done();
    let before = history(&ada, id).await;
    // What the tracker dates later does not follow, as little as where it says that it stands, or that it came to something else.
    let later = cairn::domain::clock::rfc3339(cairn::domain::clock::now());
    for more in [
        json!({ "activities": [{ "stageId": "s1", "occurredAt": later }] }),
        json!({ "rejectedAt": later }),
        json!({ "outcome": "WITHDRAWN", "closedAt": later }),
        json!({ "currentStageId": "s1" }),
    ] {
        let told = outcome(&import(&ada, tracker(with(0, more.clone()))).await);
        assert_eq!(told, "SUCCEEDED 0 0 2 0 warnings: /applications/0 HISTORY_DIFFERS", "{more}");
    }
    assert_eq!(history(&ada, id).await, before);
    // Nor when it names the offer itself, which it then knows.
    let names = json!({ "externalRefs": [{ "source": "huntr", "externalId": "o1" }] });
    ada.update("Offer", made["id"].as_str().unwrap(), names).await.done();
    let mut named = with(0, json!({ "activities": [{ "stageId": "s1", "occurredAt": later }] }));
    named["offers"] = json!([{ "id": "o1", "applicationId": "a1", "status": "ACCEPTED" }]);
    assert_snapshot!(outcome(&import(&ada, tracker(named.clone())).await), @"SUCCEEDED 0 0 3 0 warnings: /applications/0 HISTORY_DIFFERS");
    assert_eq!(history(&ada, id).await, before);
    // An application that came to something else here has nothing that is accepted.
    let mut other = document();
    other["applications"][1].as_object_mut().unwrap().remove("rejectedAt");
    other["offers"] = json!([{ "id": "o2", "applicationId": "a2", "status": "ACCEPTED", "closedAt": at(20) }]);
    assert_snapshot!(outcome(&import(&ada, tracker(other)).await), @"SUCCEEDED 0 0 3 0 warnings: /applications/0 HISTORY_DIFFERS, /applications/1 HISTORY_DIFFERS, /offers/0 HISTORY_DIFFERS");
    // Taken back, and going on, is told in one.
    named["offers"][0]["status"] = json!("RESCINDED");
    assert_snapshot!(outcome(&import(&ada, tracker(named)).await), @"SUCCEEDED 0 2 1 0 warnings: /offers/0/closedAt DATE_UNKNOWN");
    assert_eq!(first(&ada).await["outcome"], Value::Null);
}

async fn an_open_offer_is_asked_about(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    import(&ada, tracker(document())).await;
    let id = first(&ada).await["id"].clone();
    let made = ada.create("Offer", json!({ "applicationId": id })).await.done();
    let said = async |more: Value| import(&ada, tracker(with(0, more))).await;
    for ended in ["OFFER_ACCEPTED", "OFFER_DECLINED"] {
        let job = said(json!({ "outcome": ended })).await;
        assert_eq!(outcome(&job), "FAILED 0 0 0 0 errors: /applications/0/outcome USE_STATE_COMMAND");
        assert_eq!(job["errors"][0]["details"]["offerId"], made["id"]);
    }
    let job = said(json!({ "outcome": "WITHDRAWN", "closedAt": at(20) })).await;
    assert_snapshot!(outcome(&job), @"SUCCEEDED 0 1 1 0 warnings: /applications/0/outcome OFFER_STILL_OPEN");
    assert_eq!(job["warnings"][0]["details"], json!({ "offerId": made["id"], "command": "declineOffer" }));
    // An offer that the tracker knows stands as it says that its application ended.
    let mut other = document();
    other["source"] = json!("another");
    other["offers"] = json!([{ "id": "o1", "applicationId": "a1", "sentAt": at(12) }]);
    assert_snapshot!(outcome(&import(&ada, tracker(other.clone())).await), @"SUCCEEDED 3 0 0 0 warnings: /offers/0 MOVE_SUGGESTED");
    other["applications"][0]["outcome"] = json!("OFFER_DECLINED");
    other["applications"][0]["closedAt"] = json!(at(20));
    assert_snapshot!(outcome(&import(&ada, tracker(other.clone())).await), @"SUCCEEDED 0 2 1 0");
    let declined = ada.see("Offer", &offer(&ada, "DECLINED").await).await.done();
    assert_eq!(declined["endedAt"], json!("2026-03-20T10:00:00.000000Z"));
    assert_snapshot!(outcome(&import(&ada, tracker(other)).await), @"SUCCEEDED 0 0 3 0");
}

async fn nobody_speaks_for_what_has_ended(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    import(&ada, tracker(document())).await;
    let one = first(&ada).await;
    let contact = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let asked = json!({ "applicationId": one["id"], "referrerContactId": contact });
    let hoped = ada.act("Referral", "request", None, asked).await.id();
    let state = async || ada.see("Referral", &hoped).await.done()["state"].clone();
    let goes_on = with(0, json!({ "activities": [{ "stageId": "s2", "occurredAt": at(15) }] }));
    import(&ada, tracker(goes_on)).await;
    assert_eq!(state().await, json!("REQUESTED"));
    let ended = with(0, json!({ "outcome": "WITHDRAWN", "closedAt": at(20) }));
    assert_snapshot!(outcome(&import(&ada, tracker(ended)).await), @"SUCCEEDED 0 1 1 0");
    assert_eq!(state().await, json!("WITHDRAWN"));
    let told = ada.list("Event", &[("subjectId", &hoped), ("type", "referral.withdrawn")]).await.items;
    assert_eq!(told.len(), 1);
}
