//! Time spent learning: noted by hand, by calendars and by learning systems, one by one and several at once (§4).

use cairn::domain::clock;
use chrono::TimeDelta;
use entity::learning::learning_session;
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, Statement};
use serde_json::{Value, json};

use crate::harness::{Actor, Api, Face, assert_snapshot, stories, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    noting_time,
    what_it_was_for,
    the_same_again,
    changing_what_was_noted,
    what_a_statement_reported_stays,
    who_may_note_for_whom,
);
stories!(a_batch_is_all_or_nothing, doubled_at_once, every_day_is_counted);

const KIND: &str = "LearningSession";
const AT: &str = "2026-03-01T10:00:00Z";

fn session(minutes: i64) -> Value {
    json!({ "startedAt": AT, "minutes": minutes })
}

/// The same with more members.
fn with(mut session: Value, more: Value) -> Value {
    session.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    session
}

/// What was learnt in a session.
async fn learnt(who: &Actor, session: &str) -> Vec<Value> {
    let answer = who.get(&format!("/learning-sessions/{session}?expand=competencies")).await.fine();
    answer["competencies"]["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
}

/// The days that are kept, which must be those of the sessions: `day minutes/sessions`.
pub async fn days(api: &Api, who: &Actor) -> String {
    let db = &api.house.database.read;
    let sql = "SELECT CAST(day AS text) AS day, minutes, sessions FROM learning_day WHERE user_id = $1 ORDER BY 1";
    let statement = Statement::from_sql_and_values(db.get_database_backend(), sql, [who.user().0.into()]);
    let rows = db.query_all_raw(statement).await.unwrap();
    let kept = rows.iter().map(|row| {
        let number = |name| row.try_get::<i64>("", name).unwrap();
        (row.try_get::<String>("", "day").unwrap(), (number("minutes"), number("sessions")))
    });
    let kept: std::collections::BTreeMap<_, _> = kept.collect();
    let of = learning_session::Column::UserId.eq(who.user());
    let living = learning_session::Column::DeletedAt.is_null();
    let mut counted = std::collections::BTreeMap::<String, (i64, i64)>::new();
    for row in learning_session::Entity::find().filter(of).filter(living).all(db).await.unwrap() {
        let day = counted.entry(row.started_at.date_naive().to_string()).or_default();
        *day = (day.0 + row.minutes, day.1 + 1);
    }
    assert_eq!(kept, counted, "the days that are kept are those of the sessions");
    let each = kept.iter().map(|(day, (minutes, sessions))| format!("{day} {minutes}/{sessions}"));
    each.collect::<Vec<_>>().join(", ")
}

async fn noting_time(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let made = ada.create(KIND, session(45)).await.done();
    assert_eq!((&made["userId"], &made["source"]), (&json!(ada.id), &json!("MANUAL")));
    assert_eq!((&made["minutes"], &made["statementId"]), (&json!(45), &Value::Null));
    let ahead = json!({ "startedAt": "2999-01-01T00:00:00Z", "minutes": 5 });
    assert_snapshot!(ada.create(KIND, ahead).await.said(), @"OCCURRED_AT_INVALID /startedAt");
    let unset = json!({ "startedAt": "0001-01-01T00:00:00Z", "minutes": 5 });
    assert_snapshot!(ada.create(KIND, unset).await.said(), @"OCCURRED_AT_INVALID /startedAt");
    assert_snapshot!(ada.create(KIND, session(0)).await.said(), @"VALIDATION_FAILED /minutes");
    assert_snapshot!(ada.create(KIND, session(1441)).await.said(), @"VALIDATION_FAILED /minutes");
    // A leap second is the one after it: databases know none.
    let leap = ada.create(KIND, json!({ "startedAt": "2016-12-31T23:59:60Z", "minutes": 5 })).await.done();
    assert_eq!(leap["startedAt"], "2017-01-01T00:00:00.000000Z");
    let leap = leap["id"].as_str().unwrap();
    let later = ada.update(KIND, leap, json!({ "startedAt": "2026-11-24T10:00:60.5Z" })).await.done();
    assert_eq!(later["startedAt"], "2026-11-24T10:01:00.500000Z");
    ada.tell(KIND, "delete", leap).await.done();
    ada.create(KIND, session(1440)).await.done();

    // Who says how it became known.
    let says = async |who: &Actor, source: &str, statement: Option<&str>| {
        let more = json!({ "source": source, "statementId": statement, "userId": ada.id });
        who.create(KIND, with(session(10), more)).await.said()
    };
    let moodle = acme.moodle().await;
    assert_snapshot!(says(&ada, "LMS", Some("1")).await, @"SOURCE_RESERVED /source");
    assert_snapshot!(says(&moodle, "XAPI", Some("1")).await, @"SOURCE_RESERVED /source");
    assert_snapshot!(says(&ada, "CALENDAR", None).await, @"STATEMENT_REQUIRED /statementId");
    assert_snapshot!(says(&moodle, "LMS", None).await, @"STATEMENT_REQUIRED /statementId");
    assert_snapshot!(says(&moodle, "LMS", Some("1")).await, @"fine");
    assert_snapshot!(says(&moodle, "MANUAL", None).await, @"fine");
    assert_snapshot!(moodle.create(KIND, session(10)).await.said(), @"OWNER_REQUIRED /userId");
    assert_snapshot!(days(&api, &ada).await, @"2026-03-01 1505/4");
}

async fn what_it_was_for(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let (_, [first, leaf, other]) = root.framework("own").await;
    let course = json!({ "kind": "COURSE", "title": "ML", "competencyIds": [first, leaf] });
    let course = ada.create("LearningResource", course).await.id();
    let plan = ada.plan("Learn").await;
    let item = ada.create("PlanItem", json!({ "planId": plan, "competencyId": other })).await.id();
    let bens = ben.plan("Ben's").await;
    let bens = ben.create("PlanItem", json!({ "planId": bens, "competencyId": other })).await.id();
    let note = async |more: Value| ada.create(KIND, with(session(10), more)).await;

    // What was learnt is what the item is about, or what the resource teaches, unless it is said.
    let of = async |more: Value| learnt(&ada, &note(more).await.id()).await;
    assert_eq!(of(json!({ "planItemId": item, "learningResourceId": course })).await, [json!(other)]);
    assert_eq!(of(json!({ "learningResourceId": course })).await.len(), 2);
    assert_eq!(of(json!({ "planItemId": item, "competencyIds": [leaf, leaf] })).await, [json!(leaf)]);
    assert!(of(json!({})).await.is_empty() && of(json!({ "planItemId": item, "competencyIds": [] })).await.is_empty());
    assert_eq!(ada.list(KIND, &[("planItemId", &item)]).await.items.len(), 3);

    assert_snapshot!(note(json!({ "planItemId": bens })).await.said(), @"REFERENCE_UNKNOWN /planItemId");
    assert_snapshot!(note(json!({ "planItemId": nothing("itm") })).await.said(), @"REFERENCE_UNKNOWN /planItemId");
    assert_snapshot!(note(json!({ "learningResourceId": nothing("res") })).await.said(), @"REFERENCE_UNKNOWN /learningResourceId");
    assert_snapshot!(note(json!({ "competencyIds": [leaf, nothing("cmp")] })).await.said(), @"REFERENCE_UNKNOWN /competencyIds/1");
    // A machine sees both, and still mixes nobody up.
    let mixed = with(session(10), json!({ "userId": ada.id, "planItemId": bens }));
    assert_snapshot!(acme.moodle().await.create(KIND, mixed).await.said(), @"REFERENCE_UNKNOWN /planItemId");
}

async fn the_same_again(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root, moodle) =
        (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await, acme.moodle().await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    let entry = with(session(30), json!({ "source": "CALENDAR", "statementId": "meeting@1", "competencyIds": [leaf] }));
    let first = ada.create(KIND, entry.clone()).await;
    let events = async || moodle.through(Face::Rest).list("Event", &[("count", "true")]).await.total;
    let before = events().await;
    let again = ada.create(KIND, with(entry.clone(), json!({ "startedAt": "2026-03-01T11:00:00+01:00" }))).await;
    if api.face == Face::Rest {
        assert_eq!((first.answer.status(), again.answer.status()), (201, 200));
    }
    let id = first.id();
    assert_eq!((&id, before), (&again.id(), events().await));
    for other in
        [json!({ "minutes": 31 }), json!({ "competencyIds": [other] }), json!({ "startedAt": "2026-03-01T10:00:01Z" })]
    {
        let refused = ada.create(KIND, with(entry.clone(), other)).await;
        assert_eq!(refused.said(), "STATEMENT_CONFLICT /statementId");
        assert_eq!(refused.details["sessionId"], json!(id));
    }
    // The same meeting is in Ben's calendar too, and by hand one may count alike.
    assert_ne!(ben.create(KIND, entry.clone()).await.id(), id);
    assert_ne!(ada.create(KIND, with(entry.clone(), json!({ "source": "MANUAL" }))).await.id(), id);
    // What was changed or deleted since stays so, and whoever sends it again is told: they are not stuck with it.
    let warned = async |entry: &Value| {
        let told = ada.create(KIND, entry.clone()).await.done();
        format!("{} {} {}", told["minutes"], told["deletedAt"].is_string(), told["warnings"][0]["code"])
    };
    assert_snapshot!(warned(&entry).await, @"30 false null");
    ada.update(KIND, &id, json!({ "minutes": 45 })).await.done();
    assert_snapshot!(warned(&entry).await, @r#"45 false "SESSION_CHANGED""#);
    let other = with(entry.clone(), json!({ "minutes": 45 }));
    assert_snapshot!(ada.create(KIND, other).await.said(), @"STATEMENT_CONFLICT /statementId");
    ada.tell(KIND, "delete", &id).await.done();
    assert_snapshot!(warned(&entry).await, @r#"45 true "SESSION_DELETED""#);
    // A learning system counts its statements for everybody.
    let lms = |who: &Actor| with(session(20), json!({ "source": "LMS", "statementId": "s-1", "userId": who.id }));
    let reported = moodle.create(KIND, lms(&ada)).await.id();
    assert_eq!(moodle.create(KIND, lms(&ada)).await.id(), reported);
    assert_snapshot!(moodle.create(KIND, lms(&ben)).await.said(), @"STATEMENT_CONFLICT /statementId");
    assert_snapshot!(days(&api, &ada).await, @"2026-03-01 50/2");
    assert_snapshot!(days(&api, &ben).await, @"2026-03-01 30/1");
}

async fn changing_what_was_noted(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let item = ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf })).await.id();
    let bens = ben.plan("Ben's").await;
    let bens = ben.create("PlanItem", json!({ "planId": bens, "competencyId": leaf })).await.id();
    let id = ada.create(KIND, with(session(30), json!({ "planItemId": item }))).await.id();
    let longer = ada.update(KIND, &id, json!({ "minutes": 50 })).await.done();
    assert_eq!((&longer["minutes"], &longer["version"]), (&json!(50), &json!(2)));
    assert_snapshot!(days(&api, &ada).await, @"2026-03-01 50/1");
    ada.update(KIND, &id, json!({ "startedAt": "2026-02-28T23:30:00Z" })).await.done();
    assert_snapshot!(days(&api, &ada).await, @"2026-02-28 50/1");
    let same =
        ada.update(KIND, &id, json!({ "minutes": 50, "planItemId": item, "competencyIds": [leaf] })).await.done();
    assert_eq!(same["version"], 3);
    let moved = ada.update(KIND, &id, json!({ "planItemId": null, "competencyIds": [other] })).await.done();
    assert_eq!((&moved["planItemId"], &moved["version"]), (&Value::Null, &json!(4)));
    assert_eq!(learnt(&ada, &id).await, [json!(other)]);
    assert_snapshot!(ada.update(KIND, &id, json!({ "startedAt": "2999-01-01T00:00:00Z" })).await.said(), @"OCCURRED_AT_INVALID /startedAt");
    assert_snapshot!(ada.update(KIND, &id, json!({ "planItemId": bens })).await.said(), @"REFERENCE_UNKNOWN /planItemId");
    assert_snapshot!(ada.update(KIND, &id, json!({ "competencyIds": [nothing("cmp")] })).await.said(), @"REFERENCE_UNKNOWN /competencyIds/0");
    ada.tell(KIND, "delete", &id).await.done();
    assert_snapshot!(days(&api, &ada).await, @"");
    ada.tell(KIND, "restore", &id).await.done();
    assert_snapshot!(days(&api, &ada).await, @"2026-02-28 50/1");
}

async fn what_a_statement_reported_stays(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, moodle) = (acme.learner("ada").await, acme.moodle().await);
    let reported = with(session(20), json!({ "source": "LMS", "statementId": "s-1", "userId": ada.id }));
    let id = moodle.create(KIND, reported).await.id();
    for who in [&ada, &moodle] {
        assert_eq!(who.update(KIND, &id, json!({ "minutes": 5 })).await.said(), "SESSION_REPORTED");
        assert_eq!(who.tell(KIND, "delete", &id).await.said(), "SESSION_REPORTED");
    }
    assert_snapshot!(days(&api, &ada).await, @"2026-03-01 20/1");
}

async fn who_may_note_for_whom(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let adas = with(session(10), json!({ "userId": ada.id }));
    let id = ada.create(KIND, session(10)).await.id();
    for who in [&ben, &kim, &acme.admin("root").await] {
        assert_eq!(who.see(KIND, &id).await.said(), "NOT_FOUND");
        assert_eq!(who.update(KIND, &id, json!({ "minutes": 5 })).await.said(), "NOT_FOUND");
    }
    assert_snapshot!(ben.create(KIND, adas.clone()).await.said(), @"REFERENCE_UNKNOWN /userId");
    ada.opens(&kim, &["learning:read"]).await;
    kim.see(KIND, &id).await.done();
    assert_snapshot!(kim.create(KIND, adas.clone()).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.update(KIND, &id, json!({ "minutes": 5 })).await.said(), @"FORBIDDEN");
    ada.opens(&kim, &["learning:write"]).await;
    assert_eq!(kim.create(KIND, adas).await.done()["userId"], ada.id);
    kim.update(KIND, &id, json!({ "minutes": 5 })).await.done();
    acme.moodle().await.tell(KIND, "delete", &id).await.done();
    assert_snapshot!(days(&api, &ada).await, @"2026-03-01 10/1");
}

const MANY: &str = "mutation($input: CreateLearningSessionsInput!) { createLearningSessions(input: $input) { learningSessions { id } userErrors { code path } } }";

async fn a_batch_is_all_or_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, moodle) = (acme.learner("ada").await, acme.learner("ben").await, acme.moodle().await);
    let entry = |who: &Actor, id: usize| {
        with(session(10), json!({ "source": "LMS", "statementId": format!("b-{id}"), "userId": who.id }))
    };
    let nobody = with(entry(&ada, 2), json!({ "userId": nothing("usr") }));
    let future = with(entry(&ada, 2), json!({ "startedAt": "2999-01-01T00:00:00Z" }));
    let answer = moodle.post("/learning-sessions", json!([entry(&ada, 1), nobody])).await;
    assert_snapshot!(answer.problem(), @"404 REFERENCE_UNKNOWN /1/userId");
    let answer = moodle.post("/learning-sessions", json!([entry(&ada, 1), future])).await;
    assert_snapshot!(answer.problem(), @"409 OCCURRED_AT_INVALID /1/startedAt");
    let answer = moodle.post("/learning-sessions", json!([session(10)])).await;
    assert_snapshot!(answer.problem(), @"409 OWNER_REQUIRED /0/userId");
    let input = json!({ "sessions": [entry(&ada, 1), future] });
    assert_snapshot!(moodle.graphql(MANY, json!({ "input": input })).await.user_error(), @"OCCURRED_AT_INVALID /sessions/1/startedAt");
    assert_eq!(moodle.list(KIND, &[]).await.items.len(), 0, "all or nothing");

    let all: Vec<Value> = (0..200).map(|n| entry(if n % 2 == 0 { &ada } else { &ben }, n)).collect();
    let made = moodle.post("/learning-sessions", json!(all)).await.fine();
    assert_eq!(made["items"].as_array().unwrap().len(), 200);
    let again = moodle.graphql(MANY, json!({ "input": { "sessions": all } })).await;
    assert_eq!(again.user_error(), "fine");
    let ids = |list: &Value| list.as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&made["items"]), ids(&again["data"]["createLearningSessions"]["learningSessions"]));
    assert_snapshot!(days(&api, &ada).await, @"2026-03-01 1000/100");
    let too_many: Vec<Value> = (0..201).map(|n| entry(&ada, n)).collect();
    assert_snapshot!(moodle.post("/learning-sessions", json!(too_many)).await.problem(), @"422 VALIDATION_FAILED");
    let twice = json!([entry(&ada, 900), with(entry(&ada, 900), json!({ "minutes": 11 }))]);
    assert_snapshot!(moodle.post("/learning-sessions", twice).await.problem(), @"409 STATEMENT_CONFLICT /1/statementId");
}

async fn doubled_at_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, moodle) = (acme.learner("ada").await, acme.learner("ben").await, acme.moodle().await);
    let other = api.another(&[]).await;
    // The same sessions of two people, in opposite orders, on two instances at the same moment.
    let entry = |who: &Actor| {
        with(session(10), json!({ "source": "LMS", "statementId": format!("of {}", who.name), "userId": who.id }))
    };
    let tries = (0..10).map(|n| {
        let who = if n % 2 == 0 { moodle.clone() } else { moodle.calling(&other) };
        let mut batch = vec![entry(&ada), entry(&ben)];
        if n % 3 == 0 {
            batch.reverse();
        }
        tokio::spawn(async move { who.post("/learning-sessions", json!(batch)).await.fine() })
    });
    for one in tries.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_eq!(moodle.list(KIND, &[]).await.items.len(), 2);
    assert_snapshot!(days(&api, &ada).await, @"2026-03-01 10/1");
    // Many sessions of one day are counted one by one.
    let tries = (0..10).map(|n| {
        let who = if n % 2 == 0 { ada.clone() } else { ada.calling(&other) };
        tokio::spawn(async move { who.create(KIND, session(10)).await.done() })
    });
    for one in tries.collect::<Vec<_>>() {
        one.await.unwrap();
    }
    assert_snapshot!(days(&api, &ada).await, @"2026-03-01 110/11");
}

/// Sessions of completions are kept by the day, too.
async fn every_day_is_counted(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, moodle) = (acme.learner("ada").await, acme.moodle().await);
    let course =
        json!({ "kind": "COURSE", "title": "ML", "externalRefs": [{ "source": "moodle", "externalId": "c1" }] });
    moodle.create("LearningResource", course).await.done();
    for (id, minutes) in [("s-1", json!(45)), ("s-2", Value::Null)] {
        let statement = json!({
            "statementId": id, "person": { "id": ada.id }, "object": { "source": "moodle", "externalId": "c1" },
            "verb": "PROGRESSED", "occurredAt": "2026-03-02T00:15:00Z", "minutes": minutes,
        });
        moodle.act("Completion", "record", None, statement).await.done();
    }
    assert_snapshot!(days(&api, &ada).await, @"2026-03-01 45/1, 2026-03-02 0/1");
    let soon = clock::now() + TimeDelta::minutes(1);
    ada.create(KIND, json!({ "startedAt": clock::rfc3339(soon), "minutes": 5 })).await.done();
}
