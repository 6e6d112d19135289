//! Offers: in versions, compared, answered once in a job search, and gone when their day has passed (§24, story 12).

use cairn::work::expiries;
use serde_json::{Value, json};

use super::{Search, referral::advice};
use crate::harness::{Actor, Api, Face, assert_snapshot, face::id, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    two_offers,
    every_change_is_a_version,
    an_offer_is_talked_about,
    what_an_offer_pays,
    whose_answer_it_is,
    an_offer_expires_by_the_clock,
    the_others_may_stay,
    what_is_risky,
    two_devices_accept_at_once
);

mod answer;
mod heavy;

const KIND: &str = "Offer";

/// An application in a search, with an offer.
pub async fn offered(who: &Actor, search: &Search, title: &str, more: Value) -> (String, String) {
    let posting = json!({ "companyId": search.company, "title": title });
    let posting = who.create("JobPosting", posting).await.id();
    let applies = json!({ "jobSearchId": search.id, "postingId": posting, "stageId": search.stages[5] });
    let application = who.create("Application", applies).await.id();
    let mut new = json!({ "applicationId": application });
    for (name, value) in more.as_object().unwrap() {
        new[name] = value.clone();
    }
    let offer = who.create(KIND, new).await.id();
    (application, offer)
}

pub fn euros(amount: &str) -> Value {
    json!({ "amount": amount, "currency": "EUR" })
}

/// How an application stands: its outcome.
async fn outcome(who: &Actor, application: &str) -> Value {
    who.see("Application", application).await.done()["outcome"].clone()
}

/// What happened since an event, by type, with the kinds of what it happened to.
async fn since(who: &Actor, seq: i64) -> Vec<String> {
    let after = seq.to_string();
    let events = who.through(Face::Rest).list("Event", &[("seq.gt", &after), ("sort", "seq"), ("first", "100")]).await;
    events.each("type").iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

async fn last(who: &Actor) -> i64 {
    who.through(Face::Rest).list("Event", &[("sort", "-seq"), ("first", "1")]).await.items[0]["seq"].as_i64().unwrap()
}

async fn two_offers(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let a = json!({ "base": euros("65000"), "teamDisclosure": "MET", "teammatesMet": [{ "name": "Noor" }] });
    let (first, a) = offered(&ada, &search, "ML engineer", a).await;
    let (second, b) = offered(&ada, &search, "Data scientist", json!({ "base": euros("60000") })).await;
    let better = json!({ "base": euros("70000"), "bonus": euros("2500.50") });
    let b2 = ada.act(KIND, "negotiate", Some(&b), better).await.done();
    assert_eq!((&b2["version"], &b2["state"], &b2["total"]), (&json!(2), &json!("NEGOTIATING"), &euros("72500.50")));
    let versions = ada.list("OfferVersion", &[("offerId", &b), ("sort", "number")]).await;
    assert_eq!(versions.each("base"), [euros("60000.00"), euros("70000.00")]);
    let told = ada.ask("compareOffers", json!({ "ids": [a, b] })).await.done();
    let line = |one: &Value| {
        let risks: Vec<_> =
            one["risks"].as_array().unwrap().iter().map(|risk| risk["code"].as_str().unwrap()).collect();
        format!("{} {} {} {}", one["totalRank"], one["total"]["amount"], one["belowBest"]["amount"], risks.join(" "))
    };
    let lines: Vec<_> = told["offers"].as_array().unwrap().iter().map(line).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    2 "65000.00" "7500.50" MANAGER_UNKNOWN
    1 "72500.50" "0.00" TEAM_UNKNOWN MANAGER_UNKNOWN
    "#);
    let command = &told["offers"][1]["risks"][0]["suggestedCommand"];
    assert_eq!(
        (&command["name"], &command["path"]),
        (&json!("requestTeammateConversation"), &json!(format!("/api/v1/offers/{b}/request-teammate-conversation")))
    );
    // One is accepted: the other is declined, the applications and the search are closed, at one moment.
    let before = last(&ada).await;
    let yes = json!({ "version": 1, "declineOthers": true });
    let accepted = ada.act(KIND, "accept", Some(&a), yes.clone()).await.done();
    assert_eq!((&accepted["state"], &accepted["open"]), (&json!("ACCEPTED"), &json!(false)));
    let other = ada.see(KIND, &b).await.done();
    assert_eq!(other["state"], json!("DECLINED"));
    assert_eq!(
        (outcome(&ada, &first).await, outcome(&ada, &second).await),
        (json!("OFFER_ACCEPTED"), json!("OFFER_DECLINED"))
    );
    let closed = ada.see("JobSearch", &search.id).await.done();
    assert_eq!((&closed["state"], &closed["closedAt"]), (&json!("CLOSED"), &accepted["endedAt"]));
    assert_eq!(other["endedAt"], accepted["endedAt"]);
    assert_snapshot!(since(&ada, before).await.join(" "), @"offer.accepted application.closed offer.declined application.closed job_search.closed");
    // From a second device, nothing more is accepted.
    for (offer, version) in [(&b, 3), (&b, 2), (&a, 2)] {
        let again = ada.act(KIND, "accept", Some(offer), json!({ "version": version, "declineOthers": false })).await;
        assert_snapshot!(again.said(), @"OFFER_ALREADY_ACCEPTED");
        assert_eq!(again.details["offerId"], json!(a));
    }
    assert_snapshot!(ada.tell(KIND, "decline", &b).await.details, @r#"{"allowed":[],"command":"decline","from":"DECLINED"}"#);
    assert_snapshot!(ada.tell(KIND, "delete", &a).await.said(), @"OFFER_CLOSED");
}

async fn every_change_is_a_version(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let (application, offer) = offered(&ada, &search, "ML engineer", json!({ "note": "By phone." })).await;
    ada.update(KIND, &offer, json!({ "location": "Vienna", "startDate": "2027-01-01" })).await.done();
    ada.update(KIND, &offer, json!({ "location": "Vienna" })).await.done();
    ada.update(KIND, &offer, json!({ "location": null, "benefits": "A bicycle", "note": null })).await.done();
    let versions = ada.list("OfferVersion", &[("offerId", &offer), ("sort", "-number")]).await;
    let line = |one: &Value| format!("{} {} {} {}", one["number"], one["location"], one["benefits"], one["note"]);
    let lines: Vec<_> = versions.items.iter().map(line).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    3 null "A bicycle" null
    2 "Vienna" null "By phone."
    1 null null "By phone."
    "#);
    let shown =
        ada.through(Face::Rest).get(&format!("/applications/{application}?expand=offers.versions")).await.fine();
    assert_eq!(shown["offers"]["items"][0]["versions"]["items"].as_array().unwrap().len(), 3);
    // A version that is not known any more is not accepted.
    let yes = |version: i64| json!({ "version": version, "declineOthers": true });
    let stale = ada.act(KIND, "accept", Some(&offer), yes(2)).await;
    assert_snapshot!(stale.said(), @"VERSION_MISMATCH");
    assert_snapshot!(stale.details, @r#"{"current":3,"expected":2}"#);
    assert_snapshot!(ada.act(KIND, "accept", Some(&offer), json!({ "declineOthers": true })).await.code(), @"BAD_INPUT");
    assert_snapshot!(ada.act(KIND, "accept", Some(&offer), json!({ "version": 3 })).await.code(), @"BAD_INPUT");
    ada.act(KIND, "accept", Some(&offer), yes(3)).await.done();
    assert_snapshot!(ada.update(KIND, &offer, json!({ "note": "x" })).await.said(), @"OFFER_CLOSED");
    assert_snapshot!(ada.tell(KIND, "requestTeammateConversation", &offer).await.said(), @"OFFER_CLOSED");
    // Whoever made it may take it back all the same; the application stays as it is.
    let gone = ada.tell(KIND, "rescind", &offer).await.done();
    assert_eq!((&gone["state"], outcome(&ada, &application).await), (&json!("RESCINDED"), json!("OFFER_ACCEPTED")));
    assert_eq!(gone["warnings"][0]["code"], json!("ACCEPTANCE_UNDONE"));
    // Then the search goes on, and another one can be accepted.
    ada.tell("JobSearch", "reopen", &search.id).await.done();
    let (_, next) = offered(&ada, &search, "Analyst", json!({})).await;
    ada.act(KIND, "accept", Some(&next), yes(1)).await.done();
}

async fn an_offer_is_talked_about(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let (application, offer) = offered(&ada, &search, "ML engineer", json!({})).await;
    // What changes is a version of the offer, not another offer.
    let second = ada.create(KIND, json!({ "applicationId": application })).await;
    assert_snapshot!(second.said(), @"OFFER_EXISTS");
    assert_eq!(second.details["offerId"], json!(offer));
    let asked =
        ada.act(KIND, "requestTeammateConversation", Some(&offer), json!({ "teamDisclosure": "REFUSED" })).await.done();
    assert_eq!((&asked["teamDisclosure"], asked["conversationAskedAt"].is_string()), (&json!("REFUSED"), true));
    let people = json!({ "worksHard": 4, "buildsForGood": 5 });
    let met = json!([{ "name": "Noor", "role": "Lead" }]);
    let seen = json!({ "teamDisclosure": "MET", "teammatesMet": met, "peopleAssessment": people });
    let seen = ada.update(KIND, &offer, seen).await.done();
    assert_eq!(
        (&seen["peopleAssessment"]["worksHard"], &seen["peopleAssessment"]["keepsLearning"]),
        (&json!(4), &json!(null))
    );
    assert_snapshot!(ada.update(KIND, &offer, json!({ "peopleAssessment": { "worksHard": 6 } })).await.said(), @"VALIDATION_FAILED /peopleAssessment/worksHard");
    ada.tell(KIND, "delete", &offer).await.done();
    let other = ada.create(KIND, json!({ "applicationId": application })).await.id();
    assert_snapshot!(ada.tell(KIND, "restore", &offer).await.said(), @"OFFER_EXISTS");
    let gone = ada.tell(KIND, "rescind", &other).await;
    assert_eq!(gone.clone().done()["warnings"][0]["code"], json!("APPLICATION_STILL_OPEN"));
    assert_snapshot!(ada.act(KIND, "negotiate", Some(&other), json!({})).await.said(), @"INVALID_TRANSITION");
    ada.tell(KIND, "restore", &offer).await.done();
    ada.tell(KIND, "decline", &offer).await.done();
    assert_eq!(outcome(&ada, &application).await, json!("OFFER_DECLINED"));
    // To what was closed, nothing comes.
    let late = ada.create(KIND, json!({ "applicationId": application })).await;
    assert_snapshot!(late.said(), @"APPLICATION_CLOSED /applicationId");
    assert_eq!(late.details["outcome"], json!("OFFER_DECLINED"));
    assert_snapshot!(ada.create(KIND, json!({ "applicationId": nothing("app") })).await.said(), @"REFERENCE_UNKNOWN /applicationId");
    // An offer that comes early suggests to move the application on, and moves nothing.
    let early = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    let offer = ada.create(KIND, json!({ "applicationId": early })).await.done();
    let warned = &offer["warnings"][0];
    assert_eq!((&warned["code"], &warned["details"]["command"]), (&json!("MOVE_SUGGESTED"), &json!("moveApplication")));
    let input = &warned["details"]["input"];
    assert_eq!((&input["fromStageId"], &input["toStageId"]), (&json!(search.stages[0]), &json!(search.stages[5])));
    assert_eq!(ada.see("Application", &early).await.done()["stageKind"], json!("RESEARCH"));
}

async fn what_an_offer_pays(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben) = (acme.learner("ada").await, acme.learner("ben").await);
    let search = Search::of(&ada).await;
    let paid = json!({ "base": euros("65000"), "bonus": euros("0.5"), "equity": euros("1000") });
    let (_, first) = offered(&ada, &search, "ML engineer", paid).await;
    assert_eq!(ada.see(KIND, &first).await.done()["total"], euros("66000.50"));
    let dollars = json!({ "amount": "90000", "currency": "USD" });
    for (wrong, said) in [
        (json!({ "bonus": dollars }), "CURRENCY_MISMATCH /bonus/currency"),
        (json!({ "base": euros("1.001") }), "AMOUNT_PRECISION /base/amount"),
        (json!({ "base": euros("-1") }), "AMOUNT_NEGATIVE /base/amount"),
        (json!({ "equity": euros("999999999999999") }), "AMOUNT_TOO_LARGE /equity/amount"),
        (json!({ "managerContactId": nothing("ctc") }), "REFERENCE_UNKNOWN /managerContactId"),
        (
            json!({ "teammatesMet": [{ "name": "x", "contactId": nothing("ctc") }] }),
            "REFERENCE_UNKNOWN /teammatesMet/0/contactId",
        ),
        (json!({ "respondBy": "2020-01-01T00:00:00Z" }), "EXPIRY_PAST /respondBy"),
    ] {
        assert_eq!(ada.update(KIND, &first, wrong).await.said(), said);
    }
    let bens = ben.create("Contact", json!({ "name": "Olu" })).await.id();
    ben.opens(&ada, &["community:read"]).await;
    assert_snapshot!(ada.update(KIND, &first, json!({ "managerContactId": bens })).await.said(), @"REFERENCE_UNKNOWN /managerContactId");
    // Currencies are never converted: each is ranked among its own.
    let (_, second) = offered(&ada, &search, "Analyst", json!({ "base": dollars })).await;
    let (_, third) = offered(&ada, &search, "Scientist", json!({ "base": euros("66000.5") })).await;
    let (_, fourth) = offered(&ada, &search, "Researcher", json!({})).await;
    let told = ada.ask("compareOffers", json!({ "ids": [first, second, third, fourth] })).await.done();
    assert_eq!((&told["currencies"], &told["comparable"]), (&json!(["EUR", "USD"]), &json!(false)));
    let ranks: Vec<_> = told["offers"].as_array().unwrap().iter().map(|one| one["totalRank"].clone()).collect();
    assert_eq!(ranks, [json!(1), json!(null), json!(1), json!(null)]);
    // Each is told once, and what nobody can take any more is no rival.
    let (_, fifth) = offered(&ada, &search, "Lead", json!({ "base": euros("99000") })).await;
    let ranks = async |ids: &[&String]| {
        let told = ada.ask("compareOffers", json!({ "ids": ids })).await.done();
        let line = |one: &Value| format!("{} {}", one["totalRank"], one["belowBest"]["amount"]);
        told["offers"].as_array().unwrap().iter().map(line).collect::<Vec<_>>()
    };
    assert_eq!(ranks(&[&fifth, &first, &fifth]).await, [r#"1 "0.00""#, r#"2 "32999.50""#]);
    ada.tell(KIND, "decline", &fifth).await.done();
    assert_eq!(ranks(&[&fifth, &first, &third]).await, ["null null", r#"1 "0.00""#, r#"1 "0.00""#]);
    assert_eq!(told["offers"][3]["total"], json!(null));
}

async fn whose_answer_it_is(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let machine = acme.omnipotent().await;
    let search = Search::of(&ada).await;
    let (_, offer) = offered(&ada, &search, "ML engineer", json!({ "base": euros("65000") })).await;
    let version = ada.list("OfferVersion", &[("offerId", &offer)]).await.ids().remove(0);
    let yes = json!({ "version": 1, "declineOthers": true });
    ada.opens(&kim, &["learning:read", "projects:write", "community:write"]).await;
    for who in [&kim, &root, &machine] {
        assert_snapshot!(who.see(KIND, &offer).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.see("OfferVersion", &version).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.act(KIND, "accept", Some(&offer), yes.clone()).await.said(), @"NOT_FOUND");
        assert_snapshot!(who.ask("compareOffers", json!({ "ids": [offer] })).await.code(), @"REFERENCE_UNKNOWN");
        assert_eq!(who.list(KIND, &[]).await.items.len(), 0);
    }
    let grant = ada.opens(&kim, &["jobs:read"]).await;
    assert_eq!(kim.see(KIND, &offer).await.done()["base"], euros("65000.00"));
    assert_snapshot!(kim.update(KIND, &offer, json!({ "note": "x" })).await.said(), @"FORBIDDEN");
    ada.tell("Grant", "revoke", &grant).await.done();
    // Whoever was let write may note what changes; what is answered, only whose it is says.
    ada.opens(&kim, &["jobs:write"]).await;
    kim.update(KIND, &offer, json!({ "note": "Ask for more time." })).await.done();
    for verb in ["accept", "decline"] {
        let input = if verb == "accept" { json!({ "version": 2, "declineOthers": true }) } else { json!({}) };
        assert_snapshot!(kim.act(KIND, verb, Some(&offer), input).await.said(), @"FORBIDDEN");
    }
    let told = kim.ask("compareOffers", json!({ "ids": [offer] })).await.done();
    assert_eq!(told["offers"][0]["risks"][0]["suggestedCommand"]["name"], json!("requestTeammateConversation"));
}

async fn an_offer_expires_by_the_clock(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let soon = json!({ "respondBy": "2999-01-01T00:00:00Z" });
    let (application, offer) = offered(&ada, &search, "ML engineer", soon.clone()).await;
    let (_, other) = offered(&ada, &search, "Analyst", json!({})).await;
    assert_eq!(expiries::next(&api.house).await.unwrap(), 0);
    api.execute("UPDATE \"offer\" SET respond_by = created_at WHERE respond_by IS NOT NULL", Vec::new()).await;
    // Nobody wrote it down yet, and it is answered no more.
    let seen = ada.see(KIND, &offer).await.done();
    assert_eq!((&seen["state"], &seen["open"]), (&json!("RECEIVED"), &json!(false)));
    let late = ada.act(KIND, "accept", Some(&offer), json!({ "version": 1, "declineOthers": true })).await;
    assert_snapshot!(late.said(), @"INVALID_TRANSITION");
    assert_snapshot!(late.details, @r#"{"allowed":["negotiate"],"command":"accept","from":"EXPIRED"}"#);
    assert_snapshot!(ada.tell(KIND, "decline", &offer).await.said(), @"INVALID_TRANSITION");
    let told = ada.ask("compareOffers", json!({ "ids": [offer, other] })).await.done();
    let late = &told["offers"][0];
    assert_eq!((&late["state"], &late["open"], &late["daysLeft"]), (&seen["state"], &json!(false), &json!(-1)));
    // It is written down once, with an event, whoever looks how often.
    let another = api.another(&[]).await;
    let (one, two) = tokio::join!(expiries::next(&api.house), expiries::next(&another.house));
    assert_eq!(one.unwrap() + two.unwrap(), 1);
    assert_eq!(expiries::next(&api.house).await.unwrap(), 0);
    let events = ada.list("Event", &[("type", "offer.expired")]).await.items;
    assert_eq!((events.len(), &events[0]["subjectId"], &events[0]["actorKind"]), (1, &json!(offer), &json!("SYSTEM")));
    assert_eq!(
        (outcome(&ada, &application).await, ada.see(KIND, &offer).await.done()["state"].clone()),
        (json!(null), json!("EXPIRED"))
    );
    // With more time, it is talked about again.
    assert_snapshot!(ada.act(KIND, "negotiate", Some(&offer), json!({})).await.said(), @"EXPIRY_PAST /respondBy");
    let again = ada.act(KIND, "negotiate", Some(&offer), soon.clone()).await.done();
    assert_eq!(
        (&again["state"], &again["open"], &again["endedAt"]),
        (&json!("NEGOTIATING"), &json!(true), &json!(null))
    );
    // A new one takes the place of one whose day has passed, be it that nobody wrote that down.
    api.execute("UPDATE \"offer\" SET respond_by = created_at WHERE respond_by IS NOT NULL", Vec::new()).await;
    let next = ada.create(KIND, json!({ "applicationId": application })).await.id();
    assert_eq!(ada.see(KIND, &offer).await.done()["state"], json!("EXPIRED"));
    assert_snapshot!(ada.act(KIND, "negotiate", Some(&offer), soon).await.said(), @"OFFER_EXISTS");
    ada.act(KIND, "accept", Some(&next), json!({ "version": 1, "declineOthers": true })).await.done();
    assert_eq!(ada.see(KIND, &other).await.done()["state"], json!("DECLINED"));
}

async fn the_others_may_stay(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let (_, a) = offered(&ada, &search, "ML engineer", json!({})).await;
    let (application, b) = offered(&ada, &search, "Analyst", json!({})).await;
    let accepted = ada.act(KIND, "accept", Some(&a), json!({ "version": 1, "declineOthers": false })).await.done();
    let warned = &accepted["warnings"][0];
    assert_eq!((&warned["code"], &warned["details"]["offerIds"]), (&json!("OFFERS_STILL_OPEN"), &json!([b])));
    assert_eq!(ada.see(KIND, &b).await.done()["state"], json!("RECEIVED"));
    let told = advice(&ada, &search.id).await;
    let found = &told[0];
    assert_eq!(
        (&found["code"], &found["subjectId"], &found["severity"]),
        (&json!("OFFERS_STILL_OPEN"), &json!(b), &json!("WARNING"))
    );
    assert_snapshot!(found["reason"].as_str().unwrap(), @"Another offer was accepted, and Analyst still waits for an answer. They will be glad to know soon.");
    assert_eq!(found["suggestedCommand"]["path"], json!(format!("/api/v1/offers/{b}/decline")));
    ada.tell(KIND, "decline", &b).await.done();
    assert_eq!(outcome(&ada, &application).await, json!("OFFER_DECLINED"));
    assert_eq!(advice(&ada, &search.id).await, [Value::Null; 0]);
}

async fn what_is_risky(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let search = Search::of(&ada).await;
    // What the role asks for, what she wants to learn, and what a goal of hers needs.
    let (_, [root_skill, leaf_a, leaf_b]) = root.framework("own").await;
    let role = root.create("RoleProfile", json!({ "title": "ML engineer" })).await.id();
    for competency in [&root_skill, &leaf_a, &leaf_b] {
        let asks = json!({ "roleProfileId": role, "competencyId": competency, "requiredLevel": 2 });
        root.create("RoleRequirement", asks).await.done();
    }
    ada.act("LearningNeed", "raise", None, json!({ "competencyId": leaf_a, "source": "CURIOSITY" })).await.done();
    let goal = ada.create("CareerGoal", json!({ "title": "ML", "kind": "ROLE" })).await.id();
    ada.create("GoalRequirement", json!({ "goalId": goal, "competencyId": leaf_b, "requiredLevel": 2 })).await.done();
    let manager = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let known = json!({ "managerContactId": manager, "teamDisclosure": "NAMED", "respondBy": "2999-01-01T00:00:00Z" });
    let (application, offer) = offered(&ada, &search, "ML engineer", known).await;
    let posting = ada.see("Application", &application).await.done()["postingId"].as_str().unwrap().to_owned();
    ada.update("JobPosting", &posting, json!({ "roleProfileId": role })).await.done();
    let compare = async || {
        let told = ada.ask("compareOffers", json!({ "ids": [offer] })).await.done();
        told["offers"][0].clone()
    };
    let told = compare().await;
    let growth = &told["growth"];
    assert_eq!(
        (&growth["roleCompetencies"], &growth["sought"], &growth["percent"]),
        (&json!(3), &json!(2), &json!(66))
    );
    let line = |one: &Value| format!("{} {} {}", one["code"], one["needed"], one["forGoal"]);
    let lines: Vec<_> = growth["competencies"].as_array().unwrap().iter().map(line).collect();
    assert_snapshot!(lines.join("\n"), @r#"
    "leaf-a" true false
    "leaf-b" false true
    "#);
    assert_eq!(
        (&told["risks"], &told["company"], &told["title"]),
        (&json!([]), &json!("Windy Grid"), &json!("ML engineer"))
    );
    // Another company has not said anything yet.
    let waits = search.apply(&ada, "2026-03-01T10:00:00Z").await;
    assert_eq!(compare().await["risks"], json!([]), "one that has not begun is not waited for");
    let when = json!({ "applicationId": waits, "type": "FINAL", "scheduledAt": "2999-02-01T10:00:00Z" });
    let interview = ada.act("Interview", "schedule", None, when).await.id();
    let risk = compare().await["risks"][0].clone();
    assert_eq!((&risk["code"], &risk["waitingFor"]), (&json!("DEADLINE_BEFORE_OTHER_RESULTS"), &json!([waits])));
    assert_snapshot!(risk["reason"].as_str().unwrap(), @"It is to be answered while 1 other result is not known. More time can be asked for, and noted as a later day.");
    assert_eq!(risk["suggestedCommand"], json!(null), "until when they would wait, nobody knows beforehand");
    // What is known before is not waited for.
    let sooner = json!({ "scheduledAt": "2998-12-01T10:00:00Z" });
    ada.act("Interview", "reschedule", Some(&interview), sooner).await.done();
    assert_eq!(compare().await["risks"], json!([]));
    ada.act("Interview", "reschedule", Some(&interview), json!({ "scheduledAt": "2999-02-01T10:00:00Z" })).await.done();
    assert_eq!(compare().await["risks"].as_array().unwrap().len(), 1);
    ada.tell("Interview", "cancel", &interview).await.done();
    assert_eq!(compare().await["risks"], json!([]));
    ada.act("Application", "move", Some(&waits), search.step(0, 3)).await.done();
    assert_eq!(compare().await["risks"][0]["waitingFor"], json!([waits]));
    ada.update(KIND, &offer, json!({ "respondBy": null })).await.done();
    assert_eq!(compare().await["risks"], json!([]), "it can wait");
    // Of what a token does not read, nothing is told.
    let narrow = ada.limited_to(&acme, &[entity::platform::client::Scope::JobsRead]);
    let told = narrow.ask("compareOffers", json!({ "ids": [offer] })).await.done();
    assert_eq!((&told["offers"][0]["company"], &told["offers"][0]["growth"]), (&json!(null), &json!(null)));
    let kim = acme.coach("kim").await;
    ada.opens(&kim, &["jobs:read"]).await;
    let told = kim.ask("compareOffers", json!({ "ids": [offer] })).await.done();
    assert_eq!(told["offers"][0]["growth"], json!(null));
    ada.opens(&kim, &["learning:read"]).await;
    let told = kim.ask("compareOffers", json!({ "ids": [offer] })).await.done();
    assert_eq!(told["offers"][0]["growth"]["sought"], json!(2));
}

async fn two_devices_accept_at_once(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let other = ada.calling(&api.another(&[]).await);
    for round in 0..4 {
        let search = Search::of(&ada).await;
        let (_, a) = offered(&ada, &search, "ML engineer", json!({})).await;
        let (_, b) = offered(&ada, &search, "Analyst", json!({})).await;
        let input = json!({ "version": 1, "declineOthers": round % 2 == 0 });
        let (one, two) = tokio::join!(
            ada.act(KIND, "accept", Some(&a), input.clone()),
            other.act(KIND, "accept", Some(&b), input.clone())
        );
        won_once(&ada, &search, [&one.said(), &two.said()]).await;
    }
}

/// Exactly one of two acceptances came to be, and the other was told so.
async fn won_once(who: &Actor, search: &Search, said: [&str; 2]) {
    let mut said = said.to_vec();
    said.sort_unstable();
    assert_eq!(said, ["OFFER_ALREADY_ACCEPTED", "fine"]);
    let offers = who.list(KIND, &[("jobSearchId", &search.id), ("state", "ACCEPTED")]).await;
    assert_eq!(offers.items.len(), 1);
    assert_eq!(id(&offers.items[0]).len(), 30);
    assert_eq!(who.see("JobSearch", &search.id).await.done()["state"], json!("CLOSED"));
}
