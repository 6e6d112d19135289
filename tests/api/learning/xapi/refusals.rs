//! Who may not, what is no statement, and what the standard has that Cairn does not.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use entity::platform::client::Scope;
use reqwest::Method;
use serde_json::{Value, json};

use super::{AT, COURSE, VERBS, scene, uuid};
use crate::harness::{Actor, Api, assert_snapshot, stories};

stories!(
    by_id_and_secret,
    wrong_secrets_are_slowed_down,
    who_may_send,
    versions_come_first,
    what_is_no_statement,
    what_is_not_offered,
    what_bites,
);

const PATH: &str = "/xapi/statements";

fn basic(api: &Api, id: &str, secret: &str) -> Actor {
    let given = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
    api.anyone().with("authorization", &given).with("x-experience-api-version", "1.0.3")
}

async fn by_id_and_secret(api: Api) {
    let s = scene(&api, "Acme").await;
    let new = |scopes: Value| json!({ "name": "Moodle", "scopes": scopes });
    let made = s.root.create("Client", new(json!(["learning:write"]))).await.done();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let moodle = basic(&api, id, secret);
    moodle.post(PATH, s.says(&uuid(1), "completed")).await.fine();
    assert_eq!(s.ada.list("Evidence", &[]).await.items[0]["actorId"], id);
    // It is a way in here, and nowhere else.
    assert_snapshot!(moodle.get("/completions").await.problem(), @"401 UNAUTHENTICATED");
    for (id, secret) in [(id, "wrong"), ("cli_00000000000000000000000000", secret), ("ada", ""), (&s.ada.id, secret)] {
        let refused = basic(&api, id, secret).post(PATH, s.says(&uuid(2), "completed")).await;
        assert_eq!(refused.problem(), "401 UNAUTHENTICATED");
        assert_eq!(refused.header("www-authenticate"), "Basic realm=\"cairn\", charset=\"UTF-8\"");
        assert_eq!(refused.header("x-experience-api-version"), "1.0.3");
    }
    let odd = api.anyone().with("authorization", "Basic !").with("x-experience-api-version", "1.0.3");
    assert_snapshot!(odd.post(PATH, json!({})).await.problem(), @"401 UNAUTHENTICATED");
    let reader = s.root.create("Client", new(json!(["learning:read"]))).await.done();
    let reader = basic(&api, reader["id"].as_str().unwrap(), reader["secret"].as_str().unwrap());
    assert_snapshot!(reader.post(PATH, s.says(&uuid(2), "completed")).await.problem(), @"403 INSUFFICIENT_SCOPE");
    s.root.tell("Client", "delete", id).await.done();
    assert_snapshot!(moodle.post(PATH, s.says(&uuid(2), "completed")).await.problem(), @"401 UNAUTHENTICATED");
}

async fn wrong_secrets_are_slowed_down(api: Api) {
    let s = scene(&api, "Acme").await;
    let made = s.root.create("Client", json!({ "name": "Moodle", "scopes": ["learning:write"] })).await.done();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let guesser = basic(&api, id, "guess");
    let mut said = Vec::new();
    for _ in 0..8 {
        said.push(guesser.post(PATH, json!({})).await);
    }
    let slowed = said.last().unwrap();
    assert_eq!(slowed.problem(), "429 LOGIN_THROTTLED");
    assert!(!slowed.header("retry-after").is_empty() && slowed.header("x-experience-api-version") == "1.0.3");
    // Nobody keeps a client out that knows its secret.
    basic(&api, id, secret).post(PATH, s.says(&uuid(1), "completed")).await.fine();
}

async fn who_may_send(api: Api) {
    let s = scene(&api, "Acme").await;
    let says = s.says(&uuid(1), "completed");
    let anyone = api.anyone().with("x-experience-api-version", "2.0.0").post(PATH, says.clone()).await;
    assert_eq!(anyone.problem(), "401 UNAUTHENTICATED");
    assert_eq!(anyone.header("x-experience-api-version"), "2.0.0");
    for who in [&s.ada, &s.root] {
        let refused = who.with("x-experience-api-version", "1.0.3").post(PATH, says.clone()).await;
        assert_eq!(refused.problem(), "403 FORBIDDEN");
    }
    let reader = s.acme.client(&[Scope::LearningRead]).await.with("x-experience-api-version", "1.0.3");
    assert_snapshot!(reader.post(PATH, says.clone()).await.problem(), @"403 INSUFFICIENT_SCOPE");
    let beta = api.organization("Beta").await.moodle().await.with("x-experience-api-version", "1.0.3");
    assert_snapshot!(beta.post(PATH, says).await.problem(), @"404 USER_UNKNOWN /actor");
}

async fn versions_come_first(api: Api) {
    let s = scene(&api, "Acme").await;
    let plain = s.acme.moodle().await;
    for version in ["1.0", "1.0.0", "1.0.9", "2.0.0", "2.0"] {
        let answer = plain.with("x-experience-api-version", version).post(PATH, s.says(&uuid(1), "completed")).await;
        let told = if version.starts_with('1') { "1.0.3" } else { "2.0.0" };
        assert_eq!((answer.fine().header("x-experience-api-version"), version), (told, version));
    }
    for version in ["", "0.95", "1.1.0", "3.0.0", "latest"] {
        let refused = plain.with("x-experience-api-version", version).post(PATH, json!({})).await;
        assert_eq!(refused.problem(), "400 XAPI_VERSION_UNSUPPORTED", "{version}");
        assert_eq!(refused.json()["details"]["supported"], json!(["1.0.3", "2.0.0"]));
        assert_eq!(refused.header("x-experience-api-version"), "2.0.0");
    }
    assert_snapshot!(plain.post(PATH, json!({})).await.problem(), @"400 XAPI_VERSION_UNSUPPORTED");
    let twice = s.moodle.with("x-experience-api-version", "1.0.3").post(PATH, json!({})).await;
    assert_eq!(twice.problem(), "400 XAPI_VERSION_UNSUPPORTED");
    let about = api.anyone().get("/xapi/about").await.fine();
    assert_eq!(about.json(), &json!({ "version": ["1.0.3", "2.0.0"] }));
    assert_eq!(about.header("x-experience-api-version"), "2.0.0");
    // What came with 2.0 is none of 1.0.
    let mut newer = s.says(&uuid(2), "progressed");
    newer["context"] = json!({ "contextAgents": [{ "objectType": "contextAgent", "agent": { "openid": "urn:x" } }] });
    assert_snapshot!(s.send(newer.clone()).await.problem(), @"400 BAD_INPUT /context/contextAgents");
    plain.with("x-experience-api-version", "2.0.0").post(PATH, newer).await.fine();
}

async fn what_is_no_statement(api: Api) {
    let s = scene(&api, "Acme").await;
    let before = s.census().await;
    let actor = s.says(&uuid(1), "completed")["actor"].clone();
    let wrong = [
        (json!({}), "/actor /object /verb"),
        (json!("x"), ""),
        (json!([1]), "/0"),
        (json!({ "unheard": 1 }), "/unheard"),
        (json!({ "id": "1" }), "/id"),
        (json!({ "id": null }), "/id"),
        (json!({ "actor": {} }), "/actor"),
        (json!({ "actor": { "mbox": "ada@acme.example" } }), "/actor/mbox"),
        (json!({ "actor": { "mbox": actor["mbox"], "openid": "urn:x" } }), "/actor"),
        (json!({ "actor": { "mbox": actor["mbox"], "objectType": ["Agent"] } }), "/actor/objectType"),
        (json!({ "actor": { "account": { "name": "1" } } }), "/actor/account/homePage"),
        (json!({ "actor": { "mbox_sha1sum": "abc" } }), "/actor/mbox_sha1sum"),
        (json!({ "verb": { "id": "completed" } }), "/verb/id"),
        (json!({ "verb": { "id": format!("{VERBS}/completed"), "display": "completed" } }), "/verb/display"),
        (json!({ "verb": { "id": format!("{VERBS}/completed"), "display": { "e_n": 1 } } }), "/verb/display/e_n"),
        (json!({ "object": { "id": "course" } }), "/object/id"),
        (json!({ "object": { "id": COURSE, "objectType": "Course" } }), "/object/objectType"),
        (json!({ "object": { "id": COURSE, "definition": { "name": null } } }), "/object/definition/name"),
        (
            json!({ "object": { "id": COURSE, "definition": { "extensions": { "x": 1 } } } }),
            "/object/definition/extensions/x",
        ),
        (
            json!({ "object": { "id": COURSE, "definition": { "interactionType": "guess" } } }),
            "/object/definition/interactionType",
        ),
        (json!({ "result": { "score": { "scaled": 1.1 } } }), "/result/score/scaled"),
        (json!({ "result": { "score": { "raw": 5, "min": 6, "max": 6 } } }), "/result/score/max /result/score/raw"),
        (json!({ "result": { "success": "yes" } }), "/result/success"),
        (json!({ "result": { "duration": "1h" } }), "/result/duration"),
        (json!({ "result": { "duration": "P1Y" } }), "/result/duration"),
        (json!({ "result": { "duration": null } }), "/result/duration"),
        (json!({ "context": { "registration": "1", "language": "en_US" } }), "/context/language /context/registration"),
        (json!({ "context": { "team": actor } }), "/context/team"),
        (json!({ "context": { "contextActivities": { "parent": ["x"] } } }), "/context/contextActivities/parent/0"),
        (json!({ "context": { "statement": { "objectType": "StatementRef" } } }), "/context/statement/id"),
        (json!({ "timestamp": "2026-03-01T10:00:00-00:00" }), "/timestamp"),
        (json!({ "timestamp": "2026-03-01" }), "/timestamp"),
        (json!({ "stored": 1, "authority": 1, "version": "3.0.0" }), "/authority /stored /version"),
        (
            json!({ "attachments": [{ "usageType": "urn:x" }] }),
            "/attachments/0/display /attachments/0/contentType /attachments/0/length /attachments/0/sha2",
        ),
    ];
    let mut others = Vec::new();
    for (change, places) in wrong {
        let mut statement = s.says(&uuid(1), "completed");
        match (statement.as_object_mut(), change.as_object()) {
            (Some(members), Some(changes)) if !changes.is_empty() => members.extend(changes.clone()),
            _ => statement = change.clone(),
        }
        let said = s.send(statement).await.problem();
        let said = said.strip_prefix("400 BAD_INPUT ").unwrap_or(&said);
        let (mut said, mut places) = (said.split(' ').collect::<Vec<_>>(), places.split(' ').collect::<Vec<_>>());
        said.sort_unstable();
        places.sort_unstable();
        if said != places {
            others.push(format!("{change}: {said:?}"));
        }
    }
    assert!(others.is_empty(), "{others:#?}");
    assert_eq!(s.census().await, before);
}

async fn what_is_not_offered(api: Api) {
    let s = scene(&api, "Acme").await;
    let with = |change: Value| {
        let mut statement = s.says(&uuid(1), "completed");
        statement.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        statement
    };
    let voided = format!("{VERBS}/voided");
    let attachment = json!({ "usageType": "urn:x", "display": { "en": "x" }, "contentType": "text/plain", "length": 1, "sha2": "a" });
    for (change, said) in [
        (json!({ "verb": { "id": voided } }), "400 XAPI_NOT_OFFERED /verb/id"),
        (
            json!({ "verb": { "id": voided }, "object": { "objectType": "StatementRef", "id": uuid(9) } }),
            "400 XAPI_NOT_OFFERED /object/objectType",
        ),
        (json!({ "object": { "objectType": "SubStatement" } }), "400 XAPI_NOT_OFFERED /object/objectType"),
        (
            json!({ "actor": { "objectType": "Group", "mbox": "mailto:all@acme.example" } }),
            "400 XAPI_NOT_OFFERED /actor",
        ),
        (json!({ "attachments": [attachment] }), "400 XAPI_NOT_OFFERED /attachments/0"),
        (json!({ "verb": { "id": "http://adlnet.gov/expapi/verbs/answered" } }), "400 XAPI_VERB_UNSUPPORTED /verb/id"),
    ] {
        assert_eq!(s.send(with(change)).await.problem(), said);
    }
    let by_address = with(json!({ "attachments": [{
        "usageType": "urn:x", "display": { "en": "x" }, "contentType": "text/plain", "length": 1, "sha2": "a", "fileUrl": "https://a.example/x",
    }] }));
    s.send(by_address).await.fine();
    let mixed =
        s.moodle.request(Method::POST, PATH).header("content-type", "multipart/mixed; boundary=x").body("--x--");
    assert_snapshot!(s.moodle.send(mixed).await.problem(), @"415 UNSUPPORTED_MEDIA_TYPE");
    for query in ["", "?statementId=x"] {
        let refused = s.moodle.get(&format!("{PATH}{query}")).await;
        assert_eq!((refused.problem().as_str(), refused.header("allow")), ("405 METHOD_NOT_ALLOWED", "POST, PUT"));
        assert_eq!(refused.header("x-experience-api-version"), "1.0.3");
        assert!(refused.json()["detail"].as_str().unwrap().contains("/api/v1/completions"));
    }
    for path in ["activities", "activities/state", "activities/profile", "agents", "agents/profile", "more/1"] {
        let refused = s.moodle.get(&format!("/xapi/{path}?activityId=x")).await;
        assert_eq!(refused.problem(), "404 NOT_FOUND", "{path}");
        assert_eq!(refused.header("x-experience-api-version"), "1.0.3");
    }
    let options = s.moodle.send(s.moodle.request(Method::OPTIONS, PATH)).await;
    assert_eq!((options.status(), options.header("allow")), (204, "POST, PUT"));
    assert_eq!(s.moodle.send(s.moodle.request(Method::HEAD, "/xapi/about")).await.status(), 200);
    assert_snapshot!(s.moodle.post("/xapi/statements?method=PUT", with(json!({}))).await.problem(), @"400 BAD_INPUT method");
}

async fn what_bites(api: Api) {
    let s = scene(&api, "Acme").await;
    let send = async |body: String| {
        let request = s.moodle.request(Method::POST, PATH).header("content-type", "application/json").body(body);
        s.moodle.send(request).await
    };
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    assert_snapshot!(send(deep).await.problem(), @"400 BAD_INPUT ");
    let nested = format!("{}{}", "{\"team\":".repeat(100), "1".to_owned() + &"}".repeat(100));
    assert_snapshot!(send(format!("{{\"actor\":{nested}}}")).await.status(), @"400");
    assert_snapshot!(send("{\"id\":1e99999}".to_owned()).await.problem(), @"400 BAD_INPUT ");
    let many: String = (0..60_000).map(|n| format!("\"m{n}\":1,")).collect();
    let told = send(format!("{{{many}\"x\":1}}")).await;
    assert!(told.status() == 400 && told.body().len() < 50_000, "{}", told.body().len());
    // What stands twice is ambiguous: which of the two another reader took cannot be known.
    let twice = s.says(&uuid(1), "completed").to_string().replacen('{', "{\"id\":\"x\",", 1);
    assert_snapshot!(send(twice.clone()).await.problem(), @"400 BAD_INPUT /id");
    let inside =
        s.says(&uuid(1), "completed").to_string().replacen("\"mbox\"", "\"mbox\":\"mailto:eve@x.example\",\"mbox\"", 1);
    assert_snapshot!(send(format!("[{inside}]")).await.problem(), @"400 BAD_INPUT /0/actor/mbox");
    assert_snapshot!(send("x".repeat(1024 * 1024 + 1)).await.problem(), @"413 TOO_LARGE");
    assert_snapshot!(send(String::new()).await.problem(), @"400 BAD_INPUT /actor /verb /object");
    // Whatever is in an extension is kept, as far as JSON goes.
    let mut odd = s.says(&uuid(1), "progressed");
    odd["result"] = json!({ "extensions": { "urn:x": [null, "\u{0}", 18_446_744_073_709_551_615_u64, -1.5, { "a": { "": [] } }] } });
    s.send(odd.clone()).await.fine();
    assert_eq!(s.ada.list("Completion", &[]).await.items[0]["statement"], odd);
    for id in ["a|b\u{0}", "mailto:", "http://a\nb"] {
        let mut statement = s.says(&uuid(2), "completed");
        statement["object"]["id"] = json!(id);
        assert_eq!(s.send(statement).await.problem(), "400 BAD_INPUT /object/id", "{id:?}");
    }
    for at in ["0000-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59", "2026-02-30T00:00:00Z", AT.trim_end_matches('Z')] {
        let mut statement = s.says(&uuid(2), "completed");
        statement["timestamp"] = json!(at);
        assert_eq!(s.send(statement).await.problem(), "400 BAD_INPUT /timestamp", "{at}");
    }
    let long = format!("urn:{}", "x".repeat(100_000));
    let mut statement = s.says(&uuid(2), "completed");
    statement["object"]["id"] = json!(long);
    assert_snapshot!(s.send(statement).await.problem(), @"404 RESOURCE_UNKNOWN /object");
    let mut statement = s.says(&uuid(2), "completed");
    statement["actor"] = json!({ "account": { "homePage": "https://x", "name": "\u{0}" } });
    assert_snapshot!(s.send(statement.clone()).await.problem(), @"404 USER_UNKNOWN /actor");
    statement["actor"] = json!({ "account": { "homePage": "https://x", "name": "ada@\u{0}" } });
    assert_snapshot!(s.send(statement).await.problem(), @"404 USER_UNKNOWN /actor");
    let mut statement = s.says(&uuid(2), "progressed");
    (statement["timestamp"], statement["result"]) = (json!("0001-01-01T00:00:00Z"), json!({ "duration": "PT1000H" }));
    assert_snapshot!(s.send(statement.clone()).await.problem(), @"409 OCCURRED_AT_INVALID /timestamp");
    statement["timestamp"] = json!("2016-12-31T23:59:60Z");
    s.send(statement).await.fine();
    let made = s.ada.list("Completion", &[("sort", "occurredAt")]).await.items.remove(0);
    assert_eq!(made["occurredAt"], "2017-01-01T00:00:00.000000Z");
    assert_eq!(s.ada.get("/me").await.status(), 200);
}
