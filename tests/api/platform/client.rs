//! Clients: machines that an administrator lets in, their secrets and their tokens.

use entity::platform::client::Scope;
use serde_json::json;

use crate::harness::{Actor, Answer, Api, assert_snapshot, stories, stories_in_both_faces};

stories_in_both_faces!(a_secret_is_shown_once, who_manages_clients);
stories!(client_credentials);

const KIND: &str = "Client";

async fn a_secret_is_shown_once(api: Api) {
    let root = api.organization("Acme").await.admin("root").await;
    let made =
        root.create(KIND, json!({ "name": "Moodle", "scopes": ["learning:write", "learning:read"] })).await.done();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert!(secret.starts_with("cairn_cs_") && secret.len() > 40);
    assert_eq!(made["scopes"], json!(["learning:read", "learning:write"]));
    let seen = root.see(KIND, id).await;
    assert!(!seen.answer.text().contains("secret") && !seen.answer.text().contains(secret), "{}", seen.answer.text());
    let renamed = root.update(KIND, id, json!({ "name": "Canvas" })).await.done();
    assert!(renamed["secret"].is_null(), "{renamed}");
    let rotated = root.tell(KIND, "rotateSecret", id).await.done();
    assert_ne!(rotated["secret"], made["secret"]);
    for (secret, status) in [(secret, 401), (rotated["secret"].as_str().unwrap(), 200)] {
        let answer = api
            .anyone()
            .form(
                "//oauth/token",
                &[("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)],
            )
            .await;
        assert_eq!(answer.status(), status);
    }
    // A repetition under the same key has no effect, and cannot show what was not kept.
    let new = json!({ "name": "Once", "scopes": ["learning:read"] });
    let (first, again) = (root.once("k").create(KIND, new.clone()).await, root.once("k").create(KIND, new).await);
    assert!(again.replayed());
    assert_eq!(first.object["id"], again.object["id"]);
    assert!(first.object["secret"].is_string() && again.object["secret"].is_null());
}

async fn who_manages_clients(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root, moodle) = (acme.learner("ada").await, acme.admin("root").await, acme.omnipotent().await);
    let new = json!({ "name": "Mine", "scopes": ["learning:read"] });
    assert_snapshot!(ada.create(KIND, new.clone()).await.said(), @"FORBIDDEN");
    assert_snapshot!(moodle.create(KIND, new.clone()).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.list(KIND, &[]).await.items.len(), @"0");
    assert_snapshot!(moodle.see(KIND, &moodle.id).await.said(), @"NOT_FOUND");
    assert_snapshot!(ada.tell(KIND, "rotateSecret", &moodle.id).await.said(), @"NOT_FOUND");
    assert_snapshot!(root.create(KIND, json!({ "name": "None", "scopes": [] })).await.said(), @"VALIDATION_FAILED /scopes");
    assert_snapshot!(root.create(KIND, json!({ "name": "Odd", "scopes": ["learning:fly"] })).await.said(), @"BAD_INPUT /scopes/0");
    let eve = api.organization("Beta").await.admin("eve").await;
    assert_snapshot!(eve.tell(KIND, "delete", &moodle.id).await.said(), @"NOT_FOUND");
    root.tell(KIND, "delete", &moodle.id).await.done();
}

async fn client_credentials(api: Api) {
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    let made =
        root.create(KIND, json!({ "name": "Moodle", "scopes": ["learning:read", "learning:write"] })).await.done();
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    let ask = async |more: &[(&str, &str)]| {
        let fields: Vec<_> = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)]
            .into_iter()
            .chain(more.iter().copied())
            .collect();
        api.anyone().form("//oauth/token", &fields).await
    };
    let machine = |answer: &Answer| api.anyone().bearing(answer.json()["access_token"].as_str().unwrap());
    let whole = ask(&[]).await.fine();
    assert_eq!(
        (&whole["token_type"], &whole["expires_in"], &whole["scope"]),
        (&json!("Bearer"), &json!(3600), &json!("learning:read learning:write"))
    );
    assert_snapshot!(whole.header("cache-control"), @"no-store");
    let me = machine(&whole).get("/me").await.fine();
    assert_eq!((&me["kind"], &me["clientId"], &me["user"]), (&json!("CLIENT"), &json!(id), &json!(null)));
    let narrow: Actor = machine(&ask(&[("scope", "learning:read")]).await.fine());
    assert_snapshot!(narrow.post("/learning-resources", json!({ "kind": "BOOK", "title": "x" })).await.problem(), @"403 INSUFFICIENT_SCOPE");
    let said = |answer: Answer| format!("{} {}", answer.status(), answer["error"].as_str().unwrap());
    assert_snapshot!(said(ask(&[("scope", "identity:write")]).await), @"400 invalid_scope");
    let wrong = [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", "wrong")];
    assert_snapshot!(said(api.anyone().form("//oauth/token", &wrong).await), @"401 invalid_client");
    let password = [("grant_type", "password"), ("client_id", id), ("client_secret", secret)];
    assert_snapshot!(said(api.anyone().form("//oauth/token", &password).await), @"400 unsupported_grant_type");
    let basic = api.anyone().with("authorization", &format!("Basic {}", base64(&format!("{id}:{secret}"))));
    basic.form("//oauth/token", &[("grant_type", "client_credentials")]).await.fine();
    // Its own tokens are its to revoke.
    let token = whole["access_token"].as_str().unwrap();
    assert_snapshot!(said(api.anyone().form("//oauth/revoke", &[("token", token)]).await), @"401 invalid_client");
    assert_snapshot!(basic.form("//oauth/revoke", &[("token", token)]).await.status(), @"200");
    assert_snapshot!(machine(&whole).get("/me").await.problem(), @"401 UNAUTHENTICATED");
    let reader = acme.client(&[Scope::LearningRead]).await;
    assert_snapshot!(reader.get("/events").await.problem(), @"403 INSUFFICIENT_SCOPE");
    let metadata = api.anyone().get("//.well-known/oauth-authorization-server").await.fine();
    assert_eq!(
        (&metadata["issuer"], &metadata["token_endpoint"]),
        (&json!(api.url), &json!(format!("{}/oauth/token", api.url)))
    );
}

fn base64(text: &str) -> String {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let digit = ALPHABET[(bits >> (18 - 6 * place) & 63) as usize];
            out.push(if place <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}
