//! xAPI: what learning systems send by that standard becomes completions, exactly once (story 1).

mod refusals;

use entity::{learning::learning_session, platform::user};
use migration::{Migrator, MigratorTrait as _};
use reqwest::Method;
use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _};
use serde_json::{Value, json};

use crate::harness::{Actor, Answer, Api, Backend, Face, Organization, assert_snapshot, database::Fresh, stories};

stories!(
    a_statement_and_what_follows,
    again_without_effect_and_never_with_another_content,
    by_three_ways_the_same,
    what_moodle_publishes,
    what_moodle_hides_and_what_is_not_finished,
    by_every_name_of_people_and_things,
    put_under_an_id,
    all_or_nothing,
    under_an_idempotency_key,
    doubled_at_once,
);

const COURSE: &str = "https://moodle.example/course/view.php?id=7";
const VERBS: &str = "http://adlnet.gov/expapi/verbs";
const AT: &str = "2026-03-01T10:00:00Z";

/// A learner with an active plan of one item, learnt from a course that is known by its address.
struct Scene {
    acme: Organization,
    ada: Actor,
    root: Actor,
    moodle: Actor,
    item: String,
}

async fn scene(api: &Api, name: &str) -> Scene {
    let acme = api.organization(name).await;
    let (ada, root, moodle) = (acme.learner("ada").await, acme.admin("root").await, acme.moodle().await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [_, competency, _]) = root.framework("own").await;
    let course = json!({
        "kind": "COURSE", "title": "ML", "url": COURSE, "competencyIds": [competency],
        "externalRefs": [{ "source": "moodle", "externalId": "course/7" }],
    });
    let course = moodle.create("LearningResource", course).await.id();
    let plan = ada.plan("Learn").await;
    let new = json!({ "planId": plan, "competencyId": competency, "resourceIds": [course] });
    let item = ada.create("PlanItem", new).await.id();
    ada.tell("LearningPlan", "approve", &plan).await.done();
    let moodle = moodle.with("x-experience-api-version", "1.0.3");
    Scene { acme, ada, root, moodle, item }
}

impl Scene {
    /// That Ada did something with the course, as statement `id`.
    fn says(&self, id: &str, verb: &str) -> Value {
        json!({
            "id": id, "actor": { "mbox": format!("mailto:{}", self.ada.email(&self.acme)) },
            "verb": { "id": format!("{VERBS}/{verb}"), "display": { "en": verb } }, "object": { "id": COURSE },
            "result": { "score": { "scaled": 0.945 }, "duration": "PT44M1S" }, "timestamp": AT,
        })
    }

    async fn send(&self, body: Value) -> Answer {
        self.moodle.post("/xapi/statements", body).await
    }

    /// How much there is of everything that follows.
    async fn census(&self) -> String {
        let count = async |of: &str, filter: &[(&str, &str)]| {
            let query: Vec<_> = filter.iter().copied().chain([("count", "true")]).collect();
            self.ada.through(Face::Rest).list(of, &query).await.total
        };
        let item = self.ada.see("PlanItem", &self.item).await.done();
        format!(
            "{} completions, {} sessions, {} evidence, {} item_completed, item {}",
            count("Completion", &[]).await,
            count("LearningSession", &[]).await,
            count("Evidence", &[]).await,
            count("Event", &[("type", "learning_plan.item_completed")]).await,
            item["status"].as_str().unwrap(),
        )
    }

    /// How many events there are.
    async fn events(&self) -> Value {
        self.moodle.through(Face::Rest).list("Event", &[("count", "true")]).await.total
    }
}

/// An id of a statement.
fn uuid(number: u32) -> String {
    format!("7ccd3322-e1a5-411a-a67d-{number:012}")
}

async fn a_statement_and_what_follows(api: Api) {
    let s = scene(&api, "Acme").await;
    let mut statement = s.says(&uuid(1), "completed");
    statement["result"]["extensions"] =
        json!({ "https://w3id.org/xapi/cmi5/result/extensions/progress": 100, "urn:x": null });
    let answer = s.send(statement.clone()).await.fine();
    assert_eq!((answer.status(), answer.json()), (200, &json!([uuid(1)])));
    assert_eq!(answer.header("x-experience-api-version"), "1.0.3");
    assert!(answer.header("x-experience-api-consistent-through").ends_with('Z'));
    assert_snapshot!(s.census().await, @"1 completions, 1 sessions, 1 evidence, 1 item_completed, item DONE");
    let made = s.ada.list("Completion", &[]).await.items.remove(0);
    assert_eq!(
        (&made["source"], &made["statementId"], &made["verb"], &made["minutes"], &made["score"]),
        (&json!("xapi"), &json!(uuid(1)), &json!("COMPLETED"), &json!(45), &json!(95))
    );
    assert_eq!(made["statement"], statement);
    assert_eq!(made["occurredAt"], "2026-03-01T10:00:00.000000Z");
    let by_graphql =
        s.ada.graphql("{ completions { nodes { statement session { source minutes } } } }", json!({})).await;
    let node = &by_graphql.fine()["data"]["completions"]["nodes"][0].clone();
    assert_eq!((&node["statement"], &node["session"]), (&statement, &json!({ "source": "XAPI", "minutes": 45 })));
    let event = s.ada.list("Event", &[("type", "learning_plan.item_completed")]).await.items.remove(0);
    assert_eq!(event["actorId"], json!(s.moodle.id));
}

async fn again_without_effect_and_never_with_another_content(api: Api) {
    let s = scene(&api, "Acme").await;
    let mut first = s.says(&uuid(1), "completed");
    first["context"] = json!({ "contextActivities": { "parent": [{ "id": "https://moodle.example" }] } });
    s.send(first).await.fine();
    let (census, events) = (s.census().await, s.events().await);
    // What a reader adds, and what may change, makes no other statement.
    let mut same = s.says(&uuid(1).to_uppercase(), "completed");
    same["verb"]["display"] = json!({ "de": "beendet" });
    same["object"]["definition"] = json!({ "name": { "en": "Machine Learning" } });
    same["object"]["objectType"] = json!("Activity");
    same["actor"]["objectType"] = json!("Agent");
    same["context"]["contextActivities"]["parent"] =
        json!({ "id": "https://moodle.example", "definition": { "name": { "en": "Our Moodle" } } });
    same["stored"] = json!("2026-03-02T10:00:00Z");
    same["timestamp"] = json!("2026-03-01T11:00:00.000+01:00");
    let again = s.send(json!([same])).await.fine();
    assert_eq!((again.status(), again.json()), (200, &json!([uuid(1)])));
    for other in [s.says(&uuid(1), "passed"), {
        let mut other = s.says(&uuid(1), "completed");
        other["timestamp"] = json!("2026-03-01T10:00:01Z");
        other
    }] {
        assert_eq!(s.send(other.clone()).await.problem(), "409 STATEMENT_CONFLICT /id");
        assert_eq!(s.send(json!([other])).await.problem(), "409 STATEMENT_CONFLICT /0/id");
    }
    // Without an id it is told by its content, which says when.
    let mut bare = s.says("x", "progressed");
    bare.as_object_mut().unwrap().remove("id");
    let first = s.send(bare.clone()).await.fine();
    assert_eq!(s.send(json!([bare, bare])).await.fine().json(), &json!([first.json()[0], first.json()[0]]));
    bare.as_object_mut().unwrap().remove("timestamp");
    let (one, other) = (s.send(bare.clone()).await.fine(), s.send(bare).await.fine());
    assert_ne!(one.json(), other.json());
    assert_eq!(s.census().await, census.replace("1 completions, 1 sessions", "4 completions, 4 sessions"));
    assert_ne!(s.events().await, events);
    assert_snapshot!(s.ada.list("Event", &[("type", "learning_plan.item_completed")]).await.items.len(), @"1");
}

async fn by_three_ways_the_same(api: Api) {
    let mut seen = Vec::new();
    for way in ["xapi", "rest", "graphql"] {
        let s = scene(&api, way).await;
        let completion = json!({
            "statementId": uuid(1), "person": { "email": s.ada.email(&s.acme) }, "verb": "COMPLETED", "occurredAt": AT,
            "object": { "source": "moodle", "externalId": "course/7" }, "minutes": 45, "score": 95,
        });
        match way {
            "xapi" => drop(s.send(s.says(&uuid(1), "completed")).await.fine()),
            "rest" => drop(s.moodle.through(Face::Rest).act("Completion", "record", None, completion).await.done()),
            _ => drop(s.moodle.through(Face::Graphql).act("Completion", "record", None, completion).await.done()),
        }
        let made = s.ada.list("Completion", &[]).await.items.remove(0);
        let kinds: Vec<Value> =
            s.moodle.list("Event", &[]).await.items.into_iter().map(|event| event["type"].clone()).collect();
        let told = ["verb", "minutes", "score", "occurredAt"].map(|name| made[name].clone());
        seen.push((s.census().await, kinds, told));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0], seen[2]);
}

/// The forms in which Moodle's log store publishes a course, a quiz and a SCORM package.
async fn what_moodle_publishes(api: Api) {
    let s = scene(&api, "Acme").await;
    let omnipotent = s.acme.omnipotent().await;
    let refs = json!({ "externalRefs": [{ "source": "moodle.example", "externalId": "42" }] });
    omnipotent.update("User", &s.ada.id, refs).await.done();
    for (kind, id) in [("quiz", "9"), ("scorm", "3")] {
        let url = format!("https://moodle.example/mod/{kind}/view.php?id={id}");
        s.moodle.create("LearningResource", json!({ "kind": "OTHER", "title": kind, "url": url })).await.done();
    }
    let published = |verb: &str, object: &str, kind: &str, more: Value| {
        let mut statement = json!({
            "actor": { "name": "Ada", "account": { "homePage": "https://moodle.example", "name": "42" } },
            "verb": { "id": verb, "display": { "en": "completed" } },
            "object": { "id": object, "definition": { "type": kind, "name": { "en": "ML" } } },
            "context": {
                "platform": "Moodle", "language": "en",
                "extensions": { "http://lrs.learninglocker.net/define/extensions/info": {
                    "http://moodle.org": "4.4", "event_name": "\\core\\event\\course_completed", "event_function": "\\src\\transformer" } },
                "contextActivities": {
                    "grouping": [{ "id": "https://moodle.example", "definition": {
                        "type": "http://id.tincanapi.com/activitytype/lms", "name": { "en": "Moodle" } } }],
                    "category": [{ "id": "http://moodle.org", "definition": {
                        "type": "http://id.tincanapi.com/activitytype/source", "name": { "en": "Moodle" } } }],
                },
            },
        });
        statement.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        statement
    };
    let quiz = json!({ "timestamp": "2026-02-10T15:31:41+01:00", "result": {
        "score": { "raw": 51, "min": 1, "max": 101, "scaled": 0.5 }, "completion": true, "success": true, "duration": "PT1S" } });
    let course = json!({ "timestamp": "2026-02-11T15:31:41+01:00" });
    let batch = json!([
        published(
            "http://id.tincanapi.com/verb/completed",
            COURSE,
            "http://id.tincanapi.com/activitytype/lms/course",
            course
        ),
        published(
            &format!("{VERBS}/completed"),
            "https://moodle.example/mod/quiz/view.php?id=9",
            "http://adlnet.gov/expapi/activities/assessment",
            quiz,
        ),
        published(
            &format!("{VERBS}/failed"),
            "https://moodle.example/mod/scorm/view.php?id=3",
            "http://id.tincanapi.com/activitytype/legacy-learning-standard",
            json!({}),
        ),
    ]);
    let moodle = s.acme.moodle().await.with("x-experience-api-version", "1.0.0");
    assert_eq!(moodle.post("/xapi/statements", batch).await.fine().json().as_array().unwrap().len(), 3);
    assert_snapshot!(s.census().await, @"3 completions, 3 sessions, 1 evidence, 1 item_completed, item DONE");
    let made = s.ada.list("Completion", &[("sort", "occurredAt")]).await.items;
    let told: Vec<String> =
        made.iter().map(|one| format!("{} {} {}", one["verb"], one["minutes"], one["score"])).collect();
    assert_snapshot!(told.join(", "), @r#""COMPLETED" 1 50, "COMPLETED" null null, "FAILED" null null"#);
}

/// Moodle names people by the hash of their address where it is told to hide it, and says of an attempt that it was
/// completed while there is more to do.
async fn what_moodle_hides_and_what_is_not_finished(api: Api) {
    let s = scene(&api, "Acme").await;
    let boss = &s.root;
    let new = json!({ "name": "Grace", "email": "Grace.Hopper@Acme.example" });
    let grace = boss.create("User", new).await.id();
    let by_hash = |number: u32, address: &str| {
        let mut statement = s.says(&uuid(number), "completed");
        statement["actor"] = json!({ "mbox_sha1sum": sha1(address) });
        statement["result"] = json!({ "completion": false });
        statement
    };
    // As the address was given, or in small letters; in whatever digits.
    let mut capital = by_hash(2, "grace.hopper@acme.example");
    capital["actor"]["mbox_sha1sum"] = json!(sha1("grace.hopper@acme.example").to_uppercase());
    s.send(json!([by_hash(1, "Grace.Hopper@Acme.example"), capital])).await.fine();
    let made = s.moodle.list("Completion", &[]).await.items;
    assert_eq!(made.len(), 2);
    assert!(made.iter().all(|one| one["userId"] == json!(grace) && one["verb"] == "PROGRESSED"), "{made:#?}");
    assert_snapshot!(s.send(by_hash(3, "GRACE.HOPPER@acme.example")).await.problem(), @"404 USER_UNKNOWN /actor");
    // The name follows the address, and goes with the person.
    boss.update("User", &grace, json!({ "email": "amazing@acme.example" })).await.done();
    assert_snapshot!(s.send(by_hash(3, "Grace.Hopper@Acme.example")).await.problem(), @"404 USER_UNKNOWN /actor");
    s.send(by_hash(3, "amazing@acme.example")).await.fine();
    boss.tell("User", "delete", &grace).await.done();
    assert_snapshot!(s.send(by_hash(4, "amazing@acme.example")).await.problem(), @"404 USER_UNKNOWN /actor");
    // An attempt that is not finished finishes no item, and the next one does.
    let mut attempt = s.says(&uuid(5), "completed");
    attempt["result"]["completion"] = json!(false);
    s.send(attempt.clone()).await.fine();
    assert_snapshot!(s.census().await, @"1 completions, 1 sessions, 0 evidence, 0 item_completed, item DOING");
    (attempt["id"], attempt["result"]["completion"]) = (json!(uuid(6)), json!(true));
    s.send(attempt).await.fine();
    assert_snapshot!(s.census().await, @"2 completions, 2 sessions, 1 evidence, 1 item_completed, item DONE");
}

/// What xAPI names somebody by who hides their address.
fn sha1(address: &str) -> String {
    use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
    let sum = digest(&SHA1_FOR_LEGACY_USE_ONLY, format!("mailto:{address}").as_bytes());
    sum.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Those who were here before people were named by the hash of their address are found by it, and sessions of
/// completions are counted apart from those that were noted.
#[tokio::test]
async fn what_was_there_before() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let fresh = Fresh::empty(backend).await;
        let url = if backend == Backend::Sqlite { format!("{}?mode=rwc", fresh.url) } else { fresh.url.clone() };
        let db = sea_orm::Database::connect(url).await.unwrap();
        let this = "m20261125_000024_statements";
        let before = Migrator::migrations().iter().position(|one| one.name() == this).unwrap();
        Migrator::up(&db, u32::try_from(before).ok()).await.unwrap();
        let standard = "1, '2026-03-01T00:00:00.000000Z', '2026-03-01T00:00:00.000000Z'";
        let id = |number: u8| match backend {
            Backend::Sqlite => format!("x'{number:032x}'"),
            Backend::Postgres => format!("'{number:032x}'"),
        };
        let (org, user, resource) = (id(1), id(2), id(3));
        let mut sql = vec![
            format!(
                "INSERT INTO organization (id, name, name_folded, settings, version, created_at, updated_at) VALUES ({org}, 'A', 'a', '{{}}', {standard})"
            ),
            format!(
                "INSERT INTO \"user\" (id, email, email_folded, name, time_zone, version, created_at, updated_at) VALUES ({user}, 'A@b.c', 'a@b.c', 'A', 'UTC', {standard})"
            ),
            format!(
                "INSERT INTO learning_resource (id, organization_id, kind, title, search_text, version, created_at, updated_at) VALUES ({resource}, {org}, 'BOOK', 'A', 'a', {standard})"
            ),
        ];
        for (number, statement) in [(4, "moodle:s-1"), (5, "s-2")] {
            let session = id(number);
            sql.push(format!("INSERT INTO learning_session (id, organization_id, user_id, started_at, minutes, source, statement_id, version, created_at, updated_at) VALUES ({session}, {org}, {user}, '2026-03-01T00:00:00.000000Z', 5, 'LMS', '{statement}', {standard})"));
        }
        let (completion, session) = (id(6), id(4));
        sql.push(format!("INSERT INTO completion (id, organization_id, source, statement_id, fingerprint, user_id, learning_resource_id, verb, occurred_at, session_id, version, created_at, updated_at) VALUES ({completion}, {org}, 'moodle', 's-1', 'x', {user}, {resource}, 'PROGRESSED', '2026-03-01T00:00:00.000000Z', {session}, {standard})"));
        for sql in sql {
            db.execute_unprepared(&sql).await.unwrap();
        }
        Migrator::up(&db, None).await.unwrap();
        let ada = user::Entity::find().one(&db).await.unwrap().unwrap();
        assert_eq!((ada.mail_sha1, ada.mail_folded_sha1), (Some(sha1("A@b.c")), Some(sha1("a@b.c"))));
        let sessions =
            learning_session::Entity::find().order_by_asc(learning_session::Column::Id).all(&db).await.unwrap();
        let told: Vec<_> = sessions.into_iter().map(|one| (one.system, one.statement_id.unwrap())).collect();
        assert_eq!(told, [(Some("moodle".to_owned()), "s-1".to_owned()), (None, "s-2".to_owned())]);
        fresh.end().await;
    }
}

async fn by_every_name_of_people_and_things(api: Api) {
    let s = scene(&api, "Acme").await;
    let omnipotent = s.acme.omnipotent().await;
    let refs = json!({ "externalRefs": [
        { "source": "xapi", "externalId": "https://lms.example:8443/a|ada 1" },
        { "source": "lms.example", "externalId": "77" },
    ] });
    omnipotent.update("User", &s.ada.id, refs).await.done();
    let named =
        json!({ "kind": "BOOK", "title": "Named", "externalRefs": [{ "source": "xapi", "externalId": "urn:book:1" }] });
    s.moodle.create("LearningResource", named).await.done();
    let email = s.ada.email(&s.acme);
    let account = |home: &str, name: &str| json!({ "account": { "homePage": home, "name": name } });
    let people = [
        json!({ "mbox": format!("mailto:{}", email.to_uppercase()), "objectType": "Agent", "name": "Ada" }),
        account("https://lms.example:8443/a", "ada 1"),
        account("https://sso.example", &email),
        account("http://LMS.example/anywhere", "77"),
    ];
    for (number, person) in (1..).zip(people) {
        let mut statement = s.says(&uuid(number), "progressed");
        (statement["actor"], statement["object"]) = (person, json!({ "id": "urn:book:1", "objectType": "Activity" }));
        assert_eq!(s.send(statement).await.fine().status(), 200);
    }
    assert_eq!(s.ada.list("Completion", &[]).await.items.len(), 4);
    let eve = api.organization("Beta").await.learner("eve").await;
    let strangers = [
        json!({ "mbox": "mailto:nobody@acme.example" }),
        json!({ "mbox": "mailto:eve@beta.example" }),
        account("https://lms.example", "78"),
        account("https://lms.example", &eve.id),
        json!({ "mbox_sha1sum": "ebd31e95054c018b10727ccffd2ef2ec3a016ee9" }),
        json!({ "openid": "https://ada.example" }),
    ];
    for (number, person) in (10..).zip(strangers) {
        let mut statement = s.says(&uuid(number), "progressed");
        statement["actor"] = person;
        assert_eq!(s.send(statement).await.problem(), "404 USER_UNKNOWN /actor");
    }
    let mut statement = s.says(&uuid(20), "completed");
    statement["object"]["id"] = json!("https://moodle.example/course/view.php?id=8");
    assert_snapshot!(s.send(statement).await.problem(), @"404 RESOURCE_UNKNOWN /object");
}

async fn put_under_an_id(api: Api) {
    let s = scene(&api, "Acme").await;
    let put = async |query: &str, body: Value| {
        let request = s.moodle.request(Method::PUT, &format!("/xapi/statements{query}")).json(&body);
        s.moodle.send(request).await
    };
    let mut bare = s.says("x", "completed");
    bare.as_object_mut().unwrap().remove("id");
    let there = format!("?statementId={}", uuid(1));
    let answer = put(&there, bare.clone()).await;
    assert_eq!(
        (answer.status(), answer.text().as_str(), answer.header("x-experience-api-version")),
        (204, "", "1.0.3")
    );
    assert_eq!(put(&there, s.says(&uuid(1), "completed")).await.status(), 204);
    assert_snapshot!(s.census().await, @"1 completions, 1 sessions, 1 evidence, 1 item_completed, item DONE");
    assert_snapshot!(put(&there, s.says(&uuid(1), "failed")).await.problem(), @"409 STATEMENT_CONFLICT /id");
    assert_snapshot!(put(&there, s.says(&uuid(2), "completed")).await.problem(), @"400 BAD_INPUT /id");
    assert_snapshot!(put("", bare.clone()).await.problem(), @"400 BAD_INPUT statementId");
    assert_snapshot!(put("?statementId=1", bare.clone()).await.problem(), @"400 BAD_INPUT statementId");
    assert_snapshot!(put(&there, json!([bare])).await.problem(), @"400 BAD_INPUT ");
}

async fn all_or_nothing(api: Api) {
    let s = scene(&api, "Acme").await;
    let before = (s.census().await, s.events().await);
    let good = s.says(&uuid(1), "completed");
    let with = |place: &str, value: Value| {
        let mut other = s.says(&uuid(2), "completed");
        *other.pointer_mut(place).unwrap() = value;
        json!([good, other])
    };
    for (place, value, refused) in [
        ("/actor/mbox", json!("mailto:nobody@acme.example"), "404 USER_UNKNOWN /1/actor"),
        ("/object/id", json!("urn:nothing"), "404 RESOURCE_UNKNOWN /1/object"),
        ("/verb/id", json!("http://id.tincanapi.com/verb/viewed"), "400 XAPI_VERB_UNSUPPORTED /1/verb/id"),
        ("/timestamp", json!("2999-01-01T00:00:00Z"), "409 OCCURRED_AT_INVALID /1/timestamp"),
        (
            "/verb",
            json!({ "id": format!("{VERBS}/failed"), "display": { "en": 1 } }),
            "400 BAD_INPUT /1/verb/display/en",
        ),
        ("/id", json!(uuid(1)), "400 BAD_INPUT /1/id"),
        ("/actor", json!({ "objectType": "Group", "member": [] }), "400 XAPI_NOT_OFFERED /1/actor"),
    ] {
        assert_eq!(s.send(with(place, value)).await.problem(), refused);
    }
    assert_eq!((s.census().await, s.events().await), before, "nothing half done");
    let all: Vec<Value> = (0..200).map(|number| s.says(&uuid(number), "progressed")).collect();
    assert_eq!(s.send(json!(all)).await.fine().json(), &json!((0..200).map(uuid).collect::<Vec<_>>()));
    assert_eq!(s.send(json!(all)).await.fine().status(), 200);
    assert_snapshot!(s.census().await, @"200 completions, 200 sessions, 0 evidence, 0 item_completed, item DOING");
    let too_many: Vec<Value> = (0..201).map(|number| s.says(&uuid(number), "progressed")).collect();
    assert_snapshot!(s.send(json!(too_many)).await.problem(), @"400 BAD_INPUT ");
    assert_snapshot!(s.send(json!([])).await.problem(), @"400 BAD_INPUT ");
}

async fn under_an_idempotency_key(api: Api) {
    let s = scene(&api, "Acme").await;
    let once = s.moodle.once("k");
    let mut bare = s.says("x", "progressed");
    bare.as_object_mut().unwrap().retain(|name, _| name != "id" && name != "timestamp");
    let first = once.post("/xapi/statements", bare.clone()).await.fine();
    let again = once.post("/xapi/statements", bare).await.fine();
    assert_eq!((first.json(), again.header("idempotency-replayed")), (again.json(), "true"));
    assert_snapshot!(once.post("/xapi/statements", json!([])).await.problem(), @"400 BAD_INPUT ");
    let other = s.says(&uuid(1), "completed");
    assert_snapshot!(once.post("/xapi/statements", other).await.problem(), @"422 IDEMPOTENCY_CONFLICT");
    assert_snapshot!(s.census().await, @"1 completions, 1 sessions, 0 evidence, 0 item_completed, item DOING");
}

async fn doubled_at_once(api: Api) {
    let s = scene(&api, "Acme").await;
    let other = api.another(&[]).await;
    let batch = json!([s.says(&uuid(1), "completed"), s.says(&uuid(2), "progressed")]);
    let reversed = json!([batch[1], batch[0]]);
    let tries = (0..8).map(|n| {
        let who = if n % 2 == 0 { s.moodle.clone() } else { s.moodle.calling(&other) };
        let body = if n % 3 == 0 { reversed.clone() } else { batch.clone() };
        tokio::spawn(async move { who.post("/xapi/statements", body).await.fine().status() })
    });
    for one in tries.collect::<Vec<_>>() {
        assert_eq!(one.await.unwrap(), 200);
    }
    assert_snapshot!(s.census().await, @"2 completions, 2 sessions, 1 evidence, 1 item_completed, item DONE");
}
