//! Next steps of a search, each followed to its end: those who hire, those who speak for one, and those who tell what the work
//! is like (§20 to §25, §27).

use std::sync::{Arc, Mutex, PoisonError};

use cairn::domain::clock;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::Statement;
use serde_json::{Value, json};

use super::next_step::{follow, told};
use crate::{
    harness::{Actor, Api, assert_snapshot, stories_in_both_faces},
    jobs::Search,
};

stories_in_both_faces!(
    from_a_referral_to_the_next_goal,
    nothing_is_forgotten,
    a_talk_becomes_something_to_learn,
    a_search_is_nobody_elses,
    statements_are_bounded,
);

/// The kinds of steps that this file is about.
const OURS: [&str; 16] = [
    "PREPARE_INTERVIEW",
    "ANSWER_OFFER",
    "DECLINE_OTHER_OFFER",
    "RENEW_REFERRAL",
    "NOTE_INTERVIEW",
    "MEET_TEAM",
    "ASK_FOR_FEEDBACK",
    "LEARN_FROM_FEEDBACK",
    "ASK_FOR_REFERRAL",
    "APPLY_IN_TIME",
    "FOLLOW_UP_APPLICATION",
    "PREPARE_TALK",
    "NOTE_TALK",
    "REQUEST_TALK",
    "SAY_THANKS",
    "NAME_NEXT_GOAL",
];

async fn codes(who: &Actor, question: Value) -> String {
    let all = told(who, question).await;
    let codes = all.iter().map(|one| one["code"].as_str().unwrap()).filter(|code| OURS.contains(code));
    codes.collect::<Vec<_>>().join(" ")
}

async fn ours(who: &Actor) -> String {
    codes(who, json!({ "limit": 20 })).await
}

async fn step(who: &Actor, code: &str) -> Value {
    let all = told(who, json!({ "limit": 20 })).await;
    all.iter().find(|one| one["code"] == code).unwrap_or_else(|| panic!("no {code} in {all:?}")).clone()
}

fn at(days: i64) -> String {
    clock::rfc3339(moment(days))
}

fn moment(days: i64) -> DateTime<Utc> {
    clock::now() + TimeDelta::days(days)
}

/// Lets something have another moment.
async fn set(api: &Api, table: &str, column: &str, to: DateTime<Utc>) {
    api.execute(&format!("UPDATE \"{table}\" SET {column} = $1"), vec![to.into()]).await;
}

async fn applied(who: &Actor, search: &Search, stage: usize, days: i64) -> String {
    let new = search.applying(json!({ "stageId": search.stages[stage], "occurredAt": at(days) }));
    who.create("Application", new).await.id()
}

async fn from_a_referral_to_the_next_goal(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let search = Search::of(&ada).await;
    let application = applied(&ada, &search, 2, -1).await;
    ada.create("Contact", json!({ "name": "Noor", "companyId": search.company })).await.done();
    assert_snapshot!(ours(&ada).await, @"ASK_FOR_REFERRAL");
    follow(&ada, &step(&ada, "ASK_FOR_REFERRAL").await, json!({})).await;
    assert_snapshot!(ours(&ada).await, @"");
    set(&api, "referral", "expires_at", moment(1)).await;
    let renew = step(&ada, "RENEW_REFERRAL").await;
    assert_snapshot!(renew["action"].as_str().unwrap(), @"Ask Noor how the referral stands, and give it more time.");
    follow(&ada, &renew, json!({})).await;
    assert_snapshot!(ours(&ada).await, @"");

    let invited = json!({ "applicationId": application, "type": "TECHNICAL", "scheduledAt": at(1) });
    ada.act("Interview", "schedule", None, invited).await.done();
    follow(&ada, &step(&ada, "PREPARE_INTERVIEW").await, json!({ "prep": { "topics": ["SQL"] } })).await;
    assert_snapshot!(ours(&ada).await, @"");
    set(&api, "interview", "scheduled_at", moment(-1)).await;
    follow(&ada, &step(&ada, "NOTE_INTERVIEW").await, json!({})).await;
    let how = step(&ada, "NOTE_INTERVIEW").await;
    assert_eq!(how["command"]["name"], json!("createSelfScorecard"));
    follow(&ada, &how, json!({ "wentWell": "Joins" })).await;
    assert_snapshot!(ours(&ada).await, @"");

    let offer = json!({ "applicationId": application, "respondBy": at(2) });
    let offer = ada.create("Offer", offer).await.id();
    assert_snapshot!(ours(&ada).await, @"ANSWER_OFFER MEET_TEAM");
    follow(&ada, &step(&ada, "MEET_TEAM").await, json!({})).await;
    assert_snapshot!(ours(&ada).await, @"ANSWER_OFFER");
    follow(&ada, &step(&ada, "ANSWER_OFFER").await, json!({ "respondBy": at(20) })).await;
    assert_snapshot!(ours(&ada).await, @"");
    // Which offer to take is hers to say; those whose offer still waits are told.
    let other = applied(&ada, &search, 4, -1).await;
    ada.create("Offer", json!({ "applicationId": other, "teamDisclosure": "NAMED" })).await.done();
    let version = ada.see("Offer", &offer).await.done()["version"].clone();
    let taken = json!({ "version": version, "declineOthers": false });
    ada.act("Offer", "accept", Some(&offer), taken).await.done();
    assert_snapshot!(ours(&ada).await, @"DECLINE_OTHER_OFFER NAME_NEXT_GOAL");
    let advice = ada.ask("insights", json!({ "subjectId": offer })).await.done();
    let advice = advice["items"].as_array().unwrap().iter().find(|one| one["code"] == "JOURNEY_CONTINUES").unwrap();
    assert_snapshot!(advice["reason"].as_str().unwrap(), @"You accepted ML engineer: a good place to look around from. Learning and projects go on beside it, and a next goal gives them a direction.");
    follow(&ada, &step(&ada, "DECLINE_OTHER_OFFER").await, json!({})).await;
    follow(&ada, &step(&ada, "NAME_NEXT_GOAL").await, json!({ "title": "Lead a team", "kind": "ROLE" })).await;
    assert_snapshot!(ours(&ada).await, @"");
    let left = ada.ask("personInsights", json!({})).await.done().to_string();
    assert!(!left.contains("JOURNEY_CONTINUES"), "{left}");
}

async fn nothing_is_forgotten(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, sql, _]) = root.framework("own").await;
    let search = Search::of(&ada).await;
    let quiet = applied(&ada, &search, 2, -8).await;
    assert_snapshot!(ours(&ada).await, @"FOLLOW_UP_APPLICATION");
    follow(&ada, &step(&ada, "FOLLOW_UP_APPLICATION").await, json!({})).await;
    assert_snapshot!(ours(&ada).await, @"");
    assert_eq!(ada.see("Application", &quiet).await.done()["nextAction"], json!("Ask again how it stands"));
    // What closes soon: one of which she thought, and one of which she did not.
    let closes =
        json!({ "companyId": search.company, "title": "Analyst", "closesAt": at(2), "employerKind": "STARTUP" });
    let posting = ada.create("JobPosting", closes.clone()).await.id();
    follow(&ada, &step(&ada, "APPLY_IN_TIME").await, json!({})).await;
    let made = ada.list("Application", &[("postingId", &posting)]).await.items.remove(0);
    assert_eq!(made["stageId"], json!(search.stages[2]));
    let posting = ada.create("JobPosting", closes).await.id();
    let thought = json!({ "jobSearchId": search.id, "postingId": posting });
    let thought = ada.create("Application", thought).await.id();
    follow(&ada, &step(&ada, "APPLY_IN_TIME").await, json!({})).await;
    assert_eq!(ada.see("Application", &thought).await.done()["stageKind"], json!("APPLIED"));
    assert_snapshot!(ours(&ada).await, @"");
    // A no after somebody had looked is worth a question.
    ada.act("Application", "move", Some(&quiet), search.step(2, 3)).await.done();
    ada.act("Application", "close", Some(&quiet), json!({ "outcome": "REJECTED" })).await.done();
    let ask = step(&ada, "ASK_FOR_FEEDBACK").await;
    assert_eq!((&ask["subjectId"], &ask["playbookRef"]), (&json!(quiet), &json!("§25")));
    follow(&ada, &ask, json!({})).await;
    assert_snapshot!(ours(&ada).await, @"");
    // What they say becomes something to learn, and that something to plan.
    let asked = ada.list("FeedbackRequest", &[("applicationId", &quiet)]).await.ids().remove(0);
    let themes = json!([{ "competencyId": sql, "polarity": "NEGATIVE" }]);
    let said = json!({ "requestId": asked, "text": "A little more SQL", "themes": themes });
    ada.act("Feedback", "record", None, said).await.done();
    follow(&ada, &step(&ada, "LEARN_FROM_FEEDBACK").await, json!({})).await;
    assert_snapshot!(ours(&ada).await, @"");
    follow(&ada, &step(&ada, "PLAN_NEED").await, json!({})).await;
    // One that she would rather not see stays away; its kind is told of others.
    let again = applied(&ada, &search, 2, -9).await;
    let put_off = json!({ "code": "FOLLOW_UP_APPLICATION", "subjectId": again });
    ada.act("StepDismissal", "dismiss", None, put_off).await.done();
    assert_snapshot!(ours(&ada).await, @"");
    applied(&ada, &search, 2, -8).await;
    assert_snapshot!(ours(&ada).await, @"FOLLOW_UP_APPLICATION");
}

async fn a_talk_becomes_something_to_learn(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (_, [_, sql, _]) = root.framework("own").await;
    let noor = ada.create("Contact", json!({ "name": "Noor" })).await.id();
    let talk = ada.create("InformationalInterview", json!({ "contactId": noor })).await.id();
    let ask = step(&ada, "REQUEST_TALK").await;
    assert_snapshot!(ask["action"].as_str().unwrap(), @"Write to Noor, and ask for twenty minutes.");
    follow(&ada, &ask, json!({})).await;
    assert_snapshot!(ours(&ada).await, @"");
    let when = json!({ "scheduledAt": at(1) });
    ada.act("InformationalInterview", "schedule", Some(&talk), when).await.done();
    let known = json!({ "researchInterviewee": "Leads a team", "researchCompany": "Wind" });
    follow(&ada, &step(&ada, "PREPARE_TALK").await, known).await;
    assert_snapshot!(ours(&ada).await, @"");
    set(&api, "informational_interview", "scheduled_at", moment(-1)).await;
    follow(&ada, &step(&ada, "NOTE_TALK").await, json!({})).await;
    assert_snapshot!(ours(&ada).await, @"SAY_THANKS NOTE_TALK");
    let heard = json!({ "kind": "SKILL", "text": "Much SQL", "competencyId": sql });
    follow(&ada, &step(&ada, "NOTE_TALK").await, heard).await;
    let end = step(&ada, "NOTE_TALK").await;
    assert_eq!(end["command"]["name"], json!("concludeInformationalInterview"));
    follow(&ada, &end, json!({ "outcome": "LEARN_FIRST" })).await;
    // What there is to learn first is the next thing to plan.
    let plan = step(&ada, "PLAN_NEED").await;
    follow(&ada, &plan, json!({})).await;
    follow(&ada, &step(&ada, "SAY_THANKS").await, json!({})).await;
    assert_snapshot!(ours(&ada).await, @"");
}

/// Somebody of whom most of these steps are told.
async fn busy(who: &Actor) -> Search {
    let search = Search::of(who).await;
    applied(who, &search, 2, -8).await;
    let one = applied(who, &search, 4, -1).await;
    let invited = json!({ "applicationId": one, "type": "FINAL", "scheduledAt": at(1) });
    who.act("Interview", "schedule", None, invited).await.done();
    who.create("Offer", json!({ "applicationId": one, "respondBy": at(2) })).await.done();
    let noor = who.create("Contact", json!({ "name": "Noor", "companyId": search.company })).await.id();
    who.create("InformationalInterview", json!({ "contactId": noor })).await.done();
    who.create("JobPosting", json!({ "companyId": search.company, "title": "Analyst", "closesAt": at(2) }))
        .await
        .done();
    search
}

async fn a_search_is_nobody_elses(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, machine) = (acme.learner("ada").await, acme.coach("kim").await, acme.omnipotent().await);
    busy(&ada).await;
    assert_snapshot!(ours(&ada).await, @"PREPARE_INTERVIEW ANSWER_OFFER APPLY_IN_TIME FOLLOW_UP_APPLICATION MEET_TEAM ASK_FOR_REFERRAL REQUEST_TALK");
    let hers = json!({ "userId": ada.id, "limit": 20 });
    ada.opens(&kim, &["learning:write", "community:write", "portfolio:write"]).await;
    for who in [&kim, &machine] {
        assert_eq!(codes(who, hers.clone()).await, "", "{}", who.name);
        let all = who.ask("personInsights", json!({ "userId": ada.id })).await.done().to_string();
        assert!(!all.contains("JOB_SEARCH_WITHOUT_PORTFOLIO"), "{} is told that she looks: {all}", who.name);
    }
    // Who was let look is told of it, and does none of it.
    ada.opens(&kim, &["jobs:read"]).await;
    let seen = told(&kim, hers.clone()).await;
    let seen: Vec<_> = seen.iter().filter(|one| OURS.contains(&one["code"].as_str().unwrap())).collect();
    assert_eq!(seen.len(), 7, "{seen:?}");
    assert!(seen.iter().all(|one| one["command"].is_null()), "{seen:?}");
    let lee = acme.coach("lee").await;
    assert_snapshot!(lee.ask("nextSteps", hers).await.said(), @"GRANT_REQUIRED");
}

/// What is known is loaded in a fixed number of statements, however much there is of it.
async fn statements_are_bounded(api: Api) {
    let sent = Arc::new(Mutex::new(Vec::<Statement>::new()));
    let watched = api.watched(&sent).await;
    let ada = watched.organization("Acme").await.learner("ada").await.through(api.face);
    let takes = async |answer: &str| {
        let count = || sent.lock().unwrap_or_else(PoisonError::into_inner).len();
        let before = count();
        ada.ask(answer, json!({})).await.done();
        count() - before
    };
    busy(&ada).await;
    let few = (takes("nextSteps").await, takes("personInsights").await);
    for _ in 0..4 {
        busy(&ada).await;
    }
    assert_eq!((takes("nextSteps").await, takes("personInsights").await), few);
    assert!(few.0 > few.1 && few.0 <= 56, "{few:?}");
}
