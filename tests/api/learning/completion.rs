//! Completions: a learning system reports, and everything that follows happens exactly once (story 1).

use serde_json::{Value, json};

use crate::harness::{Actor, Api, Face, Organization, assert_snapshot, stories, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    a_completion_and_what_follows,
    again_without_effect_and_never_with_another_content,
    whoever_and_whatever_is_unknown,
    in_whatever_order,
    sessions_that_are_noted_are_counted_apart,
    who_may_report,
);
stories!(a_batch_is_all_or_nothing, doubled_at_once, each_statement_once_through_either_face);

const KIND: &str = "Completion";

/// A learner with an active plan of one item, learnt from a course that Moodle calls `course/7`.
struct Scene {
    acme: Organization,
    ada: Actor,
    moodle: Actor,
    plan: String,
    item: String,
    competency: String,
}

async fn scene(api: &Api) -> Scene {
    let acme = api.organization("Acme").await;
    let (ada, root, moodle) = (acme.learner("ada").await, acme.admin("root").await, acme.moodle().await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, competency, _]) = root.framework("own").await;
    let course = json!({
        "kind": "COURSE", "title": "ML", "url": "https://example.org/ml", "competencyIds": [competency],
        "externalRefs": [{ "source": "moodle", "externalId": "course/7" }],
    });
    let course = moodle.create("LearningResource", course).await.id();
    let plan = ada.plan("Learn").await;
    let item = ada
        .create("PlanItem", json!({ "planId": plan, "competencyId": competency, "resourceIds": [course] }))
        .await
        .id();
    ada.tell("LearningPlan", "approve", &plan).await.done();
    Scene { acme, ada, moodle, plan, item, competency }
}

impl Scene {
    /// What Moodle says: `verb` at an hour of a day, as statement `id`.
    fn says(&self, id: &str, verb: &str, at: &str) -> Value {
        json!({
            "statementId": id, "person": { "id": self.ada.id }, "object": { "source": "moodle", "externalId": "course/7" },
            "verb": verb, "occurredAt": at, "minutes": 45,
        })
    }

    async fn report(&self, statement: Value) -> crate::harness::Outcome {
        self.moodle.act(KIND, "record", None, statement).await
    }

    /// How much there is of everything that follows.
    async fn census(&self) -> String {
        let count = async |of: &str, filter: &[(&str, &str)]| {
            let query: Vec<_> = filter.iter().copied().chain([("count", "true")]).collect();
            self.ada.through(Face::Rest).list(of, &query).await.total
        };
        let item = self.ada.see("PlanItem", &self.item).await.done();
        format!(
            "{} completions, {} sessions, {} evidence, {} item_completed, item {} {}",
            count(KIND, &[]).await,
            count("LearningSession", &[]).await,
            count("Evidence", &[]).await,
            count("Event", &[("type", "learning_plan.item_completed")]).await,
            item["status"].as_str().unwrap(),
            item["completedAt"].as_str().unwrap_or("-"),
        )
    }
}

const AT: &str = "2026-03-01T10:00:00Z";

async fn a_completion_and_what_follows(api: Api) {
    let s = scene(&api).await;
    let made = s.report(s.says("s-1", "COMPLETED", AT)).await.done();
    assert_eq!(
        (&made["userId"], &made["source"], &made["statementId"]),
        (&json!(s.ada.id), &json!("moodle"), &json!("s-1"))
    );
    assert_snapshot!(s.census().await, @"1 completions, 1 sessions, 1 evidence, 1 item_completed, item DONE 2026-03-01T10:00:00.000000Z");

    let session = s.ada.list("LearningSession", &[]).await.items.remove(0);
    assert_eq!(
        (&session["id"], &session["planItemId"], &session["minutes"]),
        (&made["sessionId"], &json!(s.item), &json!(45))
    );
    assert_snapshot!(session["startedAt"].as_str().unwrap(), @"2026-03-01T09:15:00.000000Z");
    let proof = s.ada.list("Evidence", &[]).await.items.remove(0);
    assert_eq!(
        (&proof["competencyId"], &proof["action"], &proof["level"]),
        (&json!(s.competency), &json!("LOG"), &Value::Null)
    );
    assert_eq!((&proof["source"], &proof["actorId"]), (&json!("COURSE_COMPLETION"), &json!(s.moodle.id)));
    let item = s.ada.see("PlanItem", &s.item).await.done();
    assert_eq!(item["completionSource"], "LMS");
    assert_eq!(s.ada.see("LearningPlan", &s.plan).await.done()["progress"], 100);
    let event = s.ada.list("Event", &[("type", "learning_plan.item_completed")]).await.items.remove(0);
    assert_eq!(
        (&event["subjectId"], &event["actorId"], &event["data"]["planItemId"]),
        (&json!(s.plan), &json!(s.moodle.id), &json!(s.item))
    );
}

async fn again_without_effect_and_never_with_another_content(api: Api) {
    let s = scene(&api).await;
    let first = s.report(s.says("s-1", "COMPLETED", AT)).await;
    let census = s.census().await;
    let events = async || s.moodle.through(Face::Rest).list("Event", &[("count", "true")]).await.total;
    let before = events().await;
    let again = s.report(s.says("s-1", "COMPLETED", "2026-03-01T11:00:00+01:00")).await;
    if api.face == Face::Rest {
        assert_eq!((first.answer.status(), again.answer.status()), (201, 200));
    }
    assert_eq!(first.done()["id"], again.done()["id"]);
    for other in [s.says("s-1", "FAILED", AT), s.says("s-1", "COMPLETED", "2026-03-01T10:00:01Z")] {
        assert_eq!(s.report(other).await.said(), "STATEMENT_CONFLICT /statementId");
    }
    assert_eq!((s.census().await, events().await), (census, before));
    // Another system may count its statements alike.
    let other =
        json!({ "kind": "COURSE", "title": "Other", "externalRefs": [{ "source": "canvas", "externalId": "7" }] });
    s.moodle.create("LearningResource", other).await.done();
    let mut statement = s.says("s-1", "COMPLETED", AT);
    statement["object"] = json!({ "source": "canvas", "externalId": "7" });
    s.report(statement).await.done();
}

async fn whoever_and_whatever_is_unknown(api: Api) {
    let s = scene(&api).await;
    let eve = api.organization("Beta").await.learner("eve").await;
    s.moodle.update("User", &s.ada.id, json!({})).await;
    let before = s.census().await;
    let with = async |place: &str, value: Value| {
        let mut statement = s.says("s-1", "COMPLETED", AT);
        statement[place] = value;
        s.report(statement).await
    };
    assert_snapshot!(with("person", json!({ "id": nothing("usr") })).await.said(), @"USER_UNKNOWN /person");
    assert_snapshot!(with("person", json!({ "id": eve.id })).await.said(), @"USER_UNKNOWN /person");
    assert_snapshot!(with("person", json!({ "email": "nobody@acme.example" })).await.said(), @"USER_UNKNOWN /person");
    assert_snapshot!(with("person", json!({ "externalRef": { "source": "hr", "externalId": "1" } })).await.said(), @"USER_UNKNOWN /person");
    assert_snapshot!(with("person", json!({})).await.code(), @"BAD_INPUT");
    assert_snapshot!(with("person", json!({ "id": s.ada.id, "email": "ada@acme.example" })).await.code(), @"BAD_INPUT");
    assert_snapshot!(with("object", json!({ "source": "moodle", "externalId": "8" })).await.said(), @"RESOURCE_UNKNOWN /object");
    assert_snapshot!(with("occurredAt", json!("2999-01-01T00:00:00Z")).await.said(), @"OCCURRED_AT_INVALID /occurredAt");
    assert_snapshot!(with("occurredAt", json!("1899-12-31T23:59:59Z")).await.said(), @"OCCURRED_AT_INVALID /occurredAt");
    assert_snapshot!(with("minutes", json!(-1)).await.said(), @"VALIDATION_FAILED /minutes");
    assert_eq!(s.census().await, before, "nothing half done");

    // By every name that a person has.
    let omnipotent = s.acme.omnipotent().await;
    omnipotent
        .update("User", &s.ada.id, json!({ "externalRefs": [{ "source": "hr", "externalId": "A 1/ü" }] }))
        .await
        .done();
    for (id, person) in [
        ("e", json!({ "email": "ADA@Acme.Example" })),
        ("x", json!({ "externalRef": { "source": "hr", "externalId": "A 1/ü" } })),
    ] {
        let mut statement = s.says(id, "PROGRESSED", AT);
        statement["person"] = person;
        assert_eq!(s.report(statement).await.done()["userId"], s.ada.id);
    }
}

async fn in_whatever_order(api: Api) {
    let s = scene(&api).await;
    s.report(s.says("s-2", "PROGRESSED", "2026-03-01T12:00:00Z")).await.done();
    assert_snapshot!(s.census().await, @"1 completions, 1 sessions, 0 evidence, 0 item_completed, item DOING -");
    s.report(s.says("s-4", "COMPLETED", "2026-03-04T10:00:00Z")).await.done();
    s.report(s.says("s-3", "FAILED", "2026-03-03T10:00:00Z")).await.done();
    s.report(s.says("s-1", "PASSED", "2026-03-02T10:00:00Z")).await.done();
    s.report(s.says("s-5", "PROGRESSED", "2026-03-05T10:00:00Z")).await.done();
    assert_snapshot!(s.census().await, @"5 completions, 5 sessions, 2 evidence, 1 item_completed, item DONE 2026-03-02T10:00:00.000000Z");
    // What its owner dropped stays dropped; what was reported is kept all the same.
    s.ada.update("PlanItem", &s.item, json!({ "status": "DROPPED" })).await.done();
    s.report(s.says("s-6", "COMPLETED", "2026-03-06T10:00:00Z")).await.done();
    assert_snapshot!(s.census().await, @"6 completions, 6 sessions, 3 evidence, 1 item_completed, item DROPPED -");
}

async fn sessions_that_are_noted_are_counted_apart(api: Api) {
    let s = scene(&api).await;
    for id in ["moodle:s-9", "s-9"] {
        let noted = json!({ "userId": s.ada.id, "startedAt": AT, "minutes": 5, "source": "LMS", "statementId": id });
        s.moodle.create("LearningSession", noted).await.done();
    }
    let made = s.report(s.says("s-9", "COMPLETED", AT)).await.done();
    assert_eq!(s.report(s.says("s-9", "COMPLETED", AT)).await.done()["id"], made["id"]);
    let session = s.ada.see("LearningSession", made["sessionId"].as_str().unwrap()).await.done();
    assert_eq!((&session["system"], &session["statementId"]), (&json!("moodle"), &json!("s-9")));
    // And the other way round.
    let noted = json!({ "userId": s.ada.id, "startedAt": AT, "minutes": 5, "source": "LMS", "statementId": "s-10" });
    s.report(s.says("s-10", "PROGRESSED", AT)).await.done();
    let noted = s.moodle.create("LearningSession", noted).await.done();
    assert_eq!((&noted["system"], &noted["statementId"]), (&Value::Null, &json!("s-10")));
    assert_snapshot!(s.census().await, @"2 completions, 5 sessions, 1 evidence, 1 item_completed, item DONE 2026-03-01T10:00:00.000000Z");
}

async fn who_may_report(api: Api) {
    let s = scene(&api).await;
    let statement = s.says("s-1", "COMPLETED", AT);
    for who in [&s.ada, &s.acme.coach("kim").await, &s.acme.admin("boss").await] {
        assert_eq!(who.act(KIND, "record", None, statement.clone()).await.said(), "FORBIDDEN");
    }
    let reader = s.acme.client(&[entity::platform::client::Scope::LearningRead]).await;
    assert_snapshot!(reader.act(KIND, "record", None, statement.clone()).await.said(), @"INSUFFICIENT_SCOPE");
    s.report(statement).await.done();
    // Whose it is sees it, a stranger in the house does not.
    assert_snapshot!(s.ada.list(KIND, &[]).await.items.len(), @"1");
    assert_snapshot!(s.acme.learner("ben").await.list(KIND, &[]).await.items.len(), @"0");
    assert_snapshot!(s.acme.learner("cyd").await.list("Evidence", &[]).await.items.len(), @"0");
}

async fn a_batch_is_all_or_nothing(api: Api) {
    let s = scene(&api).await;
    let before = s.census().await;
    let mut wrong = s.says("b-2", "COMPLETED", AT);
    wrong["person"] = json!({ "email": "nobody@acme.example" });
    let answer = s.moodle.post("/completions", json!([s.says("b-1", "COMPLETED", AT), wrong])).await;
    assert_snapshot!(answer.problem(), @"404 USER_UNKNOWN /1/person");
    let input = json!({ "completions": [s.says("b-1", "COMPLETED", AT), wrong] });
    let query = "mutation($input: RecordCompletionsInput!) { recordCompletions(input: $input) { completions { id } userErrors { code path } } }";
    assert_snapshot!(s.moodle.graphql(query, json!({ "input": input })).await.user_error(), @"USER_UNKNOWN /completions/1/person");
    assert_eq!(s.census().await, before, "all or nothing");

    let statements: Vec<Value> = (0..200).map(|n| s.says(&format!("b-{n}"), "PROGRESSED", AT)).collect();
    let all = s.moodle.post("/completions", json!(statements)).await.fine();
    assert_eq!(all["items"].as_array().unwrap().len(), 200);
    let again = s.moodle.graphql(query, json!({ "input": { "completions": statements } })).await;
    assert_eq!(again.user_error(), "fine");
    let ids = |list: &Value| list.as_array().unwrap().iter().map(|one| one["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&all["items"]), ids(&again["data"]["recordCompletions"]["completions"]));
    assert_snapshot!(s.census().await, @"200 completions, 200 sessions, 0 evidence, 0 item_completed, item DOING -");

    let too_many: Vec<Value> = (0..201).map(|n| s.says(&format!("c-{n}"), "PROGRESSED", AT)).collect();
    assert_snapshot!(s.moodle.post("/completions", json!(too_many)).await.problem(), @"422 VALIDATION_FAILED");
    assert_snapshot!(s.moodle.post("/completions", json!([])).await.problem(), @"422 VALIDATION_FAILED");
    let twice = json!([s.says("d", "PROGRESSED", AT), s.says("d", "COMPLETED", AT)]);
    assert_snapshot!(s.moodle.post("/completions", twice).await.problem(), @"409 STATEMENT_CONFLICT /1/statementId");
}

async fn doubled_at_once(api: Api) {
    let s = scene(&api).await;
    // The same statement ten times at the same moment, on two instances, by both faces.
    let other = api.another(&[]).await;
    let tries = (0..10).map(|n| {
        let who = if n % 2 == 0 { s.moodle.clone() } else { s.moodle.calling(&other) };
        let who = who.through(if n % 3 == 0 { Face::Graphql } else { Face::Rest });
        let statement = s.says("s-1", "COMPLETED", AT);
        tokio::spawn(async move { who.act(KIND, "record", None, statement).await.id() })
    });
    let mut ids = Vec::new();
    for one in tries.collect::<Vec<_>>() {
        ids.push(one.await.unwrap());
    }
    ids.dedup();
    assert_eq!(ids.len(), 1, "{ids:?}");
    assert_snapshot!(s.census().await, @"1 completions, 1 sessions, 1 evidence, 1 item_completed, item DONE 2026-03-01T10:00:00.000000Z");
}

async fn each_statement_once_through_either_face(api: Api) {
    let s = scene(&api).await;
    let by_rest = s.moodle.through(Face::Rest).act(KIND, "record", None, s.says("s-1", "COMPLETED", AT)).await.done();
    let by_graphql =
        s.moodle.through(Face::Graphql).act(KIND, "record", None, s.says("s-1", "COMPLETED", AT)).await.done();
    assert_eq!(by_rest["id"], by_graphql["id"]);
}
