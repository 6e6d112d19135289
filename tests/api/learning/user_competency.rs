//! Standings: what moves them, how they are reviewed, what follows from them, and who sees them (§8, §29).

use serde_json::{Value, json};

use super::evidence::{rate, record};
use crate::harness::{Actor, Api, assert_snapshot, stories_in_both_faces};

stories_in_both_faces!(
    ratings_move_a_standing,
    each_calculation_has_its_own_level,
    late_evidence_takes_its_place,
    an_override_stands_until_it_is_rated_again,
    a_coach_reviews_a_standing,
    only_the_coach_who_began_stops,
    any_rating_of_a_reviewer_ends_the_review,
    who_sees_and_who_chooses,
    what_is_above_follows,
    ratings_at_once_lose_nothing,
    becoming_proficient_meets_the_need,
    a_completion_moves_nothing,
    a_standing_shows_its_evidence,
);

const KIND: &str = "UserCompetency";

/// Somebody's standing in a competency.
async fn standing(who: &Actor, competency: &str) -> Value {
    let mut found = who.list(KIND, &[("competencyId", competency)]).await.items;
    if found.is_empty() { Value::Null } else { found.remove(0) }
}

/// The level, and whether it counts as proficient.
async fn level(who: &Actor, competency: &str) -> String {
    let found = standing(who, competency).await;
    format!("{} {}", found["level"], found["proficient"])
}

/// What happened to standings, in order.
async fn events(who: &Actor) -> String {
    let events = who.list("Event", &[("subjectKind", "user_competency"), ("sort", "seq"), ("first", "100")]).await;
    let types = events.items.iter().map(|event| event["type"].as_str().unwrap().trim_start_matches("user_competency."));
    types.collect::<Vec<_>>().join(" ")
}

async fn ratings_move_a_standing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [top, leaf, other]) = root.framework("own").await;
    let first = rate(&kim, &ada, &leaf, 1).await;
    assert_snapshot!(level(&ada, &leaf).await, @"1 false");
    rate(&kim, &ada, &leaf, 2).await;
    assert_snapshot!(level(&ada, &leaf).await, @"2 true");
    rate(&kim, &ada, &leaf, 3).await;
    assert_snapshot!(level(&ada, &leaf).await, @"3 true");
    rate(&kim, &ada, &leaf, 1).await;
    assert_snapshot!(level(&ada, &leaf).await, @"1 false");
    assert_eq!((standing(&ada, &other).await, standing(&ada, &top).await), (Value::Null, Value::Null));
    assert_snapshot!(events(&ada).await, @"created rated rated became_proficient rated rated lost_proficiency");
    let rated = ada.list("Event", &[("type", "user_competency.rated"), ("sort", "seq"), ("first", "1")]).await;
    let expected = json!({ "competencyId": leaf, "evidenceId": first["id"], "from": null, "to": 1 });
    assert_eq!((&rated.items[0]["data"], &rated.items[0]["ownerId"]), (&expected, &json!(ada.id)));
    // Lists are narrowed by what somebody looks for.
    rate(&kim, &ada, &other, 3).await;
    let found = async |filter: &[(&str, &str)]| ada.list(KIND, filter).await.each("competencyId");
    assert_eq!(found(&[("proficient", "true")]).await, [json!(other)]);
    assert_eq!(found(&[("proficient", "false")]).await, [json!(leaf)]);
    assert_eq!(found(&[("level.gte", "2")]).await, [json!(other)]);
    assert_eq!(found(&[("sort", "-level")]).await, [json!(other), json!(leaf)]);
    assert_eq!(found(&[("userId", &kim.id)]).await, Vec::<Value>::new());
}

async fn each_calculation_has_its_own_level(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let moodle = acme.moodle().await;
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    rate(&kim, &ada, &leaf, 3).await;
    for level in [2, 3, 1] {
        record(&moodle, &ada, &leaf, json!({ "action": "RATE", "level": level })).await.done();
    }
    let id = standing(&ada, &leaf).await["id"].as_str().unwrap().to_owned();
    let mut table = String::new();
    for calculation in ["HIGHEST", "DECAYING_AVERAGE", "N_MASTERY", "REVIEWED", "LATEST"] {
        let done = kim.update(KIND, &id, json!({ "calculation": calculation })).await.done();
        table += &format!("{calculation} {} {}\n", done["level"], done["proficient"]);
    }
    // 0.65 × 1 + 0.35 × 8/3 is 1.58; three of the four reached 2; the coach said 3.
    assert_snapshot!(table, @r"
    HIGHEST 3 true
    DECAYING_AVERAGE 1 false
    N_MASTERY 2 true
    REVIEWED 3 true
    LATEST 1 false
    ");
    // The same again changes nothing.
    let before = standing(&ada, &leaf).await["version"].clone();
    assert_eq!(kim.update(KIND, &id, json!({ "calculation": "LATEST" })).await.done()["version"], before);
    assert_eq!(kim.update(KIND, &id, json!({})).await.done()["version"], before);
    assert_snapshot!(kim.knowing(1).update(KIND, &id, json!({ "calculation": "HIGHEST" })).await.said(), @"VERSION_MISMATCH");
    // Suggestions move none of them.
    kim.update(KIND, &id, json!({ "calculation": "REVIEWED" })).await.done();
    record(&ada, &ada, &leaf, json!({ "action": "SUGGEST", "source": "SELF", "level": 1 })).await.done();
    record(&kim, &ada, &leaf, json!({ "action": "SUGGEST", "level": 1 })).await.done();
    assert_snapshot!(level(&ada, &leaf).await, @"3 true");
}

async fn late_evidence_takes_its_place(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let rates = async |level: i64, at: &str| {
        let more = json!({ "action": "RATE", "level": level, "occurredAt": at });
        record(&kim, &ada, &leaf, more).await.done();
        self::level(&ada, &leaf).await
    };
    assert_snapshot!(rates(2, "2026-03-10T10:00:00Z").await, @"2 true");
    // What came before is told later: the latest stays the latest.
    assert_snapshot!(rates(1, "2026-03-01T10:00:00Z").await, @"2 true");
    assert_snapshot!(rates(3, "2026-03-11T10:00:00Z").await, @"3 true");
    // Of the same moment, what was said last is the latest.
    assert_snapshot!(rates(1, "2026-03-11T10:00:00Z").await, @"1 false");
    // In an average, an early rating counts as one of those before.
    let id = standing(&ada, &leaf).await["id"].as_str().unwrap().to_owned();
    kim.update(KIND, &id, json!({ "calculation": "DECAYING_AVERAGE" })).await.done();
    rates(3, "2026-03-12T10:00:00Z").await;
    assert_snapshot!(level(&ada, &leaf).await, @"2 true");
    assert_snapshot!(rates(3, "2025-03-01T10:00:00Z").await, @"2 true");
}

async fn an_override_stands_until_it_is_rated_again(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let says = async |action: &str, level: i64, at: &str| {
        record(&kim, &ada, &leaf, json!({ "action": action, "level": level, "occurredAt": at })).await.done();
        self::level(&ada, &leaf).await
    };
    assert_snapshot!(says("RATE", 3, "2026-03-01T10:00:00Z").await, @"3 true");
    assert_snapshot!(says("OVERRIDE", 1, "2026-03-03T10:00:00Z").await, @"1 false");
    // A rating from before it does not bring back what it replaced.
    assert_snapshot!(says("RATE", 3, "2026-03-02T10:00:00Z").await, @"1 false");
    assert_snapshot!(says("OVERRIDE", 2, "2026-03-04T10:00:00Z").await, @"2 true");
    assert_snapshot!(says("RATE", 3, "2026-03-05T10:00:00Z").await, @"3 true");
    // The highest is the highest since the override.
    says("OVERRIDE", 1, "2026-03-06T10:00:00Z").await;
    let id = standing(&ada, &leaf).await["id"].as_str().unwrap().to_owned();
    kim.update(KIND, &id, json!({ "calculation": "HIGHEST" })).await.done();
    assert_snapshot!(level(&ada, &leaf).await, @"1 false");
    assert_snapshot!(says("RATE", 2, "2026-03-07T10:00:00Z").await, @"2 true");
}

async fn a_coach_reviews_a_standing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    record(&ada, &ada, &leaf, json!({ "action": "SUGGEST", "source": "SELF", "level": 3 })).await.done();
    let id = standing(&ada, &leaf).await["id"].as_str().unwrap().to_owned();
    assert_snapshot!(kim.see(KIND, &id).await.said(), @"NOT_FOUND");
    assert_snapshot!(kim.tell(KIND, "startReview", &id).await.said(), @"NOT_FOUND");
    ada.opens(&kim, &["learning:review"]).await;
    assert_snapshot!(kim.tell(KIND, "requestReview", &id).await.said(), @"FORBIDDEN");
    assert_eq!(ada.tell(KIND, "requestReview", &id).await.done()["status"], "WAITING_FOR_REVIEW");
    assert_eq!(kim.list(KIND, &[("status", "WAITING_FOR_REVIEW")]).await.ids(), vec![id.clone()]);
    assert_eq!(ada.tell(KIND, "cancelReviewRequest", &id).await.done()["status"], "IDLE");
    let refused = kim.tell(KIND, "startReview", &id).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":["requestReview"],"command":"startReview","from":"IDLE"}"#);
    ada.tell(KIND, "requestReview", &id).await.done();
    let started = kim.tell(KIND, "startReview", &id).await.done();
    assert_eq!((&started["status"], &started["reviewerId"]), (&json!("IN_REVIEW"), &json!(kim.id)));
    rate(&kim, &ada, &leaf, 2).await;
    let rated = ada.see(KIND, &id).await.done();
    assert_eq!(
        (&rated["status"], &rated["reviewerId"], &rated["level"], &rated["proficient"]),
        (&json!("IDLE"), &Value::Null, &json!(2), &json!(true))
    );
    assert_snapshot!(events(&ada).await, @"created review_requested review_request_cancelled review_requested review_started rated became_proficient");
}

async fn only_the_coach_who_began_stops(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, lee) = (acme.learner("ada").await, acme.coach("kim").await, acme.coach("lee").await);
    let (root, machine) = (acme.admin("root").await, acme.omnipotent().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    record(&ada, &ada, &leaf, json!({ "action": "LOG" })).await.done();
    let id = standing(&ada, &leaf).await["id"].as_str().unwrap().to_owned();
    for coach in [&kim, &lee] {
        ada.opens(coach, &["learning:review"]).await;
    }
    ada.tell(KIND, "requestReview", &id).await.done();
    kim.tell(KIND, "startReview", &id).await.done();
    let refused = lee.tell(KIND, "startReview", &id).await;
    assert_snapshot!(refused.said(), @"INVALID_TRANSITION");
    assert_snapshot!(refused.details, @r#"{"allowed":["stopReview"],"command":"startReview","from":"IN_REVIEW"}"#);
    assert_snapshot!(lee.tell(KIND, "stopReview", &id).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.tell(KIND, "stopReview", &id).await.said(), @"INSUFFICIENT_SCOPE");
    assert_snapshot!(ada.tell(KIND, "cancelReviewRequest", &id).await.said(), @"INVALID_TRANSITION");
    assert_snapshot!(machine.tell(KIND, "stopReview", &id).await.said(), @"FORBIDDEN");
    let stopped = kim.tell(KIND, "stopReview", &id).await.done();
    assert_eq!((&stopped["status"], &stopped["reviewerId"]), (&json!("IDLE"), &Value::Null));
}

async fn any_rating_of_a_reviewer_ends_the_review(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, lee) = (acme.learner("ada").await, acme.coach("kim").await, acme.coach("lee").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    record(&ada, &ada, &leaf, json!({ "action": "LOG" })).await.done();
    let id = standing(&ada, &leaf).await["id"].as_str().unwrap().to_owned();
    for coach in [&kim, &lee] {
        ada.opens(coach, &["learning:review"]).await;
    }
    let status = async || ada.see(KIND, &id).await.done()["status"].as_str().unwrap().to_owned();
    ada.tell(KIND, "requestReview", &id).await.done();
    // What a system measures, or somebody suggests, is no review.
    record(&moodle, &ada, &leaf, json!({ "action": "RATE", "level": 2 })).await.done();
    record(&lee, &ada, &leaf, json!({ "action": "SUGGEST", "level": 2 })).await.done();
    assert_snapshot!(status().await, @"WAITING_FOR_REVIEW");
    rate(&lee, &ada, &leaf, 2).await;
    assert_snapshot!(status().await, @"IDLE");
    // None gets stuck with a coach who is away.
    ada.tell(KIND, "requestReview", &id).await.done();
    kim.tell(KIND, "startReview", &id).await.done();
    record(&lee, &ada, &leaf, json!({ "action": "OVERRIDE", "level": 3 })).await.done();
    assert_snapshot!(status().await, @"IDLE");
}

async fn who_sees_and_who_chooses(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, _]) = root.framework("own").await;
    record(&ada, &ada, &leaf, json!({ "action": "LOG" })).await.done();
    let id = standing(&ada, &leaf).await["id"].as_str().unwrap().to_owned();
    let chooses = json!({ "calculation": "HIGHEST" });
    for who in [&ben, &kim, &root] {
        assert_eq!(who.see(KIND, &id).await.said(), "NOT_FOUND");
        assert_eq!(who.list(KIND, &[]).await.items.len(), 0);
        assert_eq!(who.update(KIND, &id, chooses.clone()).await.said(), "NOT_FOUND");
    }
    // How it is computed is not hers to choose; a reviewer's and the organization's it is.
    assert_snapshot!(ada.update(KIND, &id, chooses.clone()).await.said(), @"FORBIDDEN");
    ada.opens(&ben, &["learning:write"]).await;
    ben.see(KIND, &id).await.done();
    assert_snapshot!(ben.update(KIND, &id, chooses.clone()).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["learning:review"]).await;
    assert_eq!(kim.update(KIND, &id, chooses).await.done()["calculation"], "HIGHEST");
    assert_eq!(
        moodle.update(KIND, &id, json!({ "calculation": "N_MASTERY" })).await.done()["calculation"],
        "N_MASTERY"
    );
    assert_snapshot!(moodle.update(KIND, &id, json!({ "level": 3 })).await.code(), @"BAD_INPUT");
}

async fn what_is_above_follows(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (framework, [top, a, b]) = root.framework("own").await;
    let all = async |rule: &str| drop(root.update("Competency", &top, json!({ "rule": rule })).await.done());
    all("ALL").await;
    // Below a leaf, one of two is enough.
    root.update("Competency", &a, json!({ "rule": "ANY" })).await.done();
    let mut below = Vec::new();
    for code in ["a1", "a2"] {
        let new = json!({ "frameworkId": framework, "parentId": a, "code": code, "name": code });
        below.push(root.create("Competency", new).await.id());
    }
    rate(&kim, &ada, &below[0], 1).await;
    assert_eq!(standing(&ada, &a).await, Value::Null, "nothing follows from what is not proficient");
    rate(&kim, &ada, &b, 3).await;
    assert_eq!(standing(&ada, &top).await, Value::Null);
    // The lowest level that counts, all the way up.
    rate(&kim, &ada, &below[1], 3).await;
    assert_eq!((level(&ada, &a).await, level(&ada, &top).await), ("2 true".to_owned(), "2 true".to_owned()));
    let followed = ada.list("Event", &[("type", "user_competency.became_proficient"), ("sort", "seq")]).await;
    let of: Vec<_> = followed.items.iter().map(|event| event["data"]["competencyId"].clone()).collect();
    assert_eq!(of, [json!(b), json!(below[1]), json!(a), json!(top)]);
    // What a coach says of it counts too: the higher of the two.
    rate(&kim, &ada, &top, 3).await;
    assert_snapshot!(level(&ada, &top).await, @"3 true");
    rate(&kim, &ada, &top, 1).await;
    assert_snapshot!(level(&ada, &top).await, @"2 true");
    // And what is lost below is lost above.
    rate(&kim, &ada, &below[1], 1).await;
    assert_eq!(level(&ada, &a).await, "null null");
    assert_snapshot!(level(&ada, &top).await, @"1 false");
    rate(&kim, &ada, &below[0], 2).await;
    assert_snapshot!(level(&ada, &top).await, @"2 true");
    // Without a rule, a competency is measured by itself.
    all("NONE").await;
    rate(&kim, &ada, &b, 2).await;
    rate(&kim, &ada, &top, 1).await;
    assert_snapshot!(level(&ada, &top).await, @"1 false");
    // Nothing of it is anybody else's.
    let ben = acme.learner("ben").await;
    ben.opens(&kim, &["learning:review"]).await;
    all("ANY").await;
    rate(&kim, &ben, &a, 2).await;
    assert_eq!((level(&ben, &top).await, level(&ada, &top).await), ("2 true".to_owned(), "1 false".to_owned()));
}

async fn ratings_at_once_lose_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [top, a, b]) = root.framework("own").await;
    root.update("Competency", &top, json!({ "rule": "ALL" })).await.done();
    let other = api.another(&[]).await;
    let tries: Vec<_> = (0..8)
        .map(|n| {
            let (kim, ada) = (if n % 2 == 0 { kim.clone() } else { kim.calling(&other) }, ada.clone());
            let leaf = if n % 4 < 2 { a.clone() } else { b.clone() };
            tokio::spawn(async move { drop(rate(&kim, &ada, &leaf, 2).await) })
        })
        .collect();
    for one in tries {
        one.await.unwrap();
    }
    let found = ada.list(KIND, &[("count", "true")]).await;
    assert_eq!(found.total, 3, "one standing each");
    assert_eq!(found.each("level"), [json!(2), json!(2), json!(2)]);
    assert_eq!(ada.list("Evidence", &[("count", "true")]).await.total, 8);
    let became = ada.list("Event", &[("type", "user_competency.became_proficient"), ("count", "true")]).await;
    assert_eq!(became.total, 3, "each is told once");
    // Three of them at once reach what takes three.
    let id = standing(&ada, &a).await["id"].as_str().unwrap().to_owned();
    assert_eq!(kim.update(KIND, &id, json!({ "calculation": "N_MASTERY" })).await.done()["level"], 2);
}

async fn becoming_proficient_meets_the_need(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let moodle = acme.moodle().await;
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [top, leaf, _]) = root.framework("own").await;
    root.update("Competency", &top, json!({ "rule": "ANY" })).await.done();
    let raise = async |competency: &str| {
        let raised = json!({ "userId": ada.id, "competencyId": competency, "source": "REJECTION_FEEDBACK", "sourceId": "app_1" });
        moodle.act("LearningNeed", "raise", None, raised).await.id()
    };
    let (need, above) = (raise(&leaf).await, raise(&top).await);
    let state = async |need: &str| ada.see("LearningNeed", need).await.done()["state"].as_str().unwrap().to_owned();
    rate(&kim, &ada, &leaf, 1).await;
    assert_snapshot!(state(&need).await, @"OPEN");
    record(&ada, &ada, &leaf, json!({ "action": "SUGGEST", "source": "SELF", "level": 3 })).await.done();
    assert_snapshot!(state(&need).await, @"OPEN");
    rate(&kim, &ada, &leaf, 2).await;
    assert_eq!((state(&need).await, state(&above).await), ("MET".to_owned(), "MET".to_owned()));
    let met = ada.list("Event", &[("type", "learning_need.met"), ("count", "true")]).await;
    assert_eq!(met.total, 2);
    assert!(ada.list("LearningNeedSource", &[("needId", &need)]).await.items[0]["notifiedAt"].is_string());
    // Once more is no news; and what is lost opens nothing by itself.
    rate(&kim, &ada, &leaf, 3).await;
    rate(&kim, &ada, &leaf, 1).await;
    assert_snapshot!(state(&need).await, @"MET");
    assert_eq!(raise(&leaf).await, need);
    assert_snapshot!(state(&need).await, @"OPEN");
}

async fn a_completion_moves_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let moodle = acme.moodle().await;
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, a, b]) = root.framework("own").await;
    let course = json!({
        "kind": "COURSE", "title": "ML", "competencyIds": [a, b], "externalRefs": [{ "source": "moodle", "externalId": "c1" }],
    });
    moodle.create("LearningResource", course).await.done();
    rate(&kim, &ada, &a, 2).await;
    for (id, verb) in [("s-1", "COMPLETED"), ("s-2", "PASSED"), ("s-3", "FAILED"), ("s-1", "COMPLETED")] {
        let statement = json!({
            "statementId": id, "person": { "id": ada.id }, "object": { "source": "moodle", "externalId": "c1" },
            "verb": verb, "occurredAt": "2026-03-01T10:00:00Z", "score": 100,
        });
        moodle.act("Completion", "record", None, statement).await.done();
    }
    // It is evidence for a reviewer to look at, and says nothing of a level.
    assert_eq!((level(&ada, &a).await, level(&ada, &b).await), ("2 true".to_owned(), "null null".to_owned()));
    let standing = standing(&ada, &b).await["id"].as_str().unwrap().to_owned();
    let logged = ada.list("Evidence", &[("userCompetencyId", &standing)]).await;
    assert_eq!(logged.each("action"), [json!("LOG"), json!("LOG")]);
    assert_eq!(ada.tell(KIND, "requestReview", &standing).await.done()["status"], "WAITING_FOR_REVIEW");
}

async fn a_standing_shows_its_evidence(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    ada.opens(&kim, &["learning:review"]).await;
    let (_, [_, leaf, other]) = root.framework("own").await;
    record(&ada, &ada, &leaf, json!({ "action": "SUGGEST", "source": "SELF", "level": 3 })).await.done();
    rate(&kim, &ada, &other, 2).await;
    rate(&kim, &ada, &leaf, 2).await;
    let query = "query($user: [ID!]) { userCompetencies(filter: { userId: $user }) { nodes { level user { name } \
        competency { code } evidence { totalCount nodes { action level userCompetency { level } } } } } }";
    let told = kim.graphql(query, json!({ "user": [ada.id] })).await.fine();
    let expected = json!([
        { "level": 2, "user": { "name": "ada" }, "competency": { "code": "leaf-a" }, "evidence": { "totalCount": 2, "nodes": [
            { "action": "SUGGEST", "level": 3, "userCompetency": { "level": 2 } },
            { "action": "RATE", "level": 2, "userCompetency": { "level": 2 } },
        ] } },
        { "level": 2, "user": { "name": "ada" }, "competency": { "code": "leaf-b" }, "evidence": { "totalCount": 1, "nodes": [
            { "action": "RATE", "level": 2, "userCompetency": { "level": 2 } },
        ] } },
    ]);
    assert_eq!(told["data"]["userCompetencies"]["nodes"], expected);
    let shown = ada.get("/user-competencies?expand=evidence,competency&sort=createdAt").await.fine();
    assert_eq!(shown["items"][0]["evidence"]["items"].as_array().unwrap().len(), 2);
}
