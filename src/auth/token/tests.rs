//! What a token must say to be believed, and all the ways in which one may not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, EncodingKey, crypto};
use serde_json::{Value, json};

use super::*;

mod content;
mod header;

const EXPECTED: Expected<'static> = Expected { issuer: "https://cairn.test", audience: "cairn" };

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 0).unwrap()
}

fn claims() -> Claims {
    Claims {
        iss: "https://cairn.test".to_owned(),
        sub: "user_1".to_owned(),
        aud: vec!["cairn".to_owned()],
        exp: now() + TimeDelta::minutes(10),
        iat: now(),
        nbf: None,
        jti: "token_1".to_owned(),
        scope: "learning:read learning:write".to_owned(),
        org: "org_1".to_owned(),
        client_id: "cairn".to_owned(),
        sid: Some("session_1".to_owned()),
    }
}

/// A key set, and the means to sign whatever a test wants with it.
struct Forge {
    key: SigningKey,
    keys: KeySet,
}

impl Forge {
    fn new() -> Self {
        let key = SigningKey::generate().unwrap();
        let keys = KeySet::new(&key, []).unwrap();
        Self { key, keys }
    }

    fn header(&self) -> Value {
        json!({"typ": "at+jwt", "alg": "ES256", "kid": self.key.kid})
    }

    fn sign(&self, header: &Value, payload: &Value) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(header), part(payload));
        let key = EncodingKey::from_ec_der(self.key.pkcs8());
        let signature = crypto::sign(message.as_bytes(), &key, Algorithm::ES256).unwrap();
        format!("{message}.{signature}")
    }

    fn check(&self, token: &str) -> Result<Claims, TokenFault> {
        verify(&self.keys, token, &EXPECTED, now())
    }

    /// Verifies a well-signed token with one header field changed; `None` takes it away.
    fn with_header(&self, field: &str, value: Option<Value>) -> Result<Claims, TokenFault> {
        let payload = serde_json::to_value(claims()).unwrap();
        self.check(&self.sign(&changed(self.header(), field, value), &payload))
    }

    /// The same with a claim.
    fn with_claim(&self, claim: &str, value: Option<Value>) -> Result<Claims, TokenFault> {
        let payload = serde_json::to_value(claims()).unwrap();
        self.check(&self.sign(&self.header(), &changed(payload, claim, value)))
    }
}

fn changed(mut object: Value, field: &str, value: Option<Value>) -> Value {
    let fields = object.as_object_mut().unwrap();
    match value {
        Some(value) => fields.insert(field.to_owned(), value),
        None => fields.remove(field),
    };
    object
}

#[test]
fn what_is_issued_is_verified() {
    let forge = Forge::new();
    let several = Claims { aud: vec!["other".to_owned(), "cairn".to_owned()], nbf: Some(now()), sid: None, ..claims() };
    for claims in [claims(), several] {
        let token = issue(&forge.keys, &claims).unwrap();
        assert_eq!(forge.check(&token), Ok(claims));
    }
}

#[test]
fn the_wire_form_is_rfc_9068() {
    let forge = Forge::new();
    let token = issue(&forge.keys, &claims()).unwrap();
    let mut parts = token.split('.').map(|part| URL_SAFE_NO_PAD.decode(part).unwrap());
    let header: Value = serde_json::from_slice(&parts.next().unwrap()).unwrap();
    assert_eq!(header, forge.header());
    let payload: Value = serde_json::from_slice(&parts.next().unwrap()).unwrap();
    assert_eq!(payload["aud"], "cairn");
    assert_eq!((payload["iat"].as_i64(), payload["exp"].as_i64()), (Some(1_800_000_000), Some(1_800_000_600)));
    assert_eq!(payload.get("nbf"), None);
    assert_eq!(parts.next().unwrap().len(), 64);
}

#[test]
fn any_change_breaks_the_signature() {
    let forge = Forge::new();
    let token = issue(&forge.keys, &claims()).unwrap();
    let parts: Vec<&str> = token.split('.').collect();
    let payload = changed(serde_json::to_value(claims()).unwrap(), "sub", Some(json!("user_2")));
    let richer = URL_SAFE_NO_PAD.encode(payload.to_string());
    assert_eq!(forge.check(&format!("{}.{richer}.{}", parts[0], parts[2])), Err(TokenFault::Signature));
    let mut signature = URL_SAFE_NO_PAD.decode(parts[2]).unwrap();
    for place in [0, 31, 32, 63] {
        signature[place] ^= 1;
        let text = URL_SAFE_NO_PAD.encode(&signature);
        assert_eq!(forge.check(&format!("{}.{}.{text}", parts[0], parts[1])), Err(TokenFault::Signature));
        signature[place] ^= 1;
    }
    for wrong in ["", "*", "AAAA", &URL_SAFE_NO_PAD.encode([0; 64]), &format!("{}==", parts[2])] {
        assert_eq!(forge.check(&format!("{}.{}.{wrong}", parts[0], parts[1])), Err(TokenFault::Signature));
    }
}

#[test]
fn what_is_no_token_is_refused_quietly() {
    let forge = Forge::new();
    let good = issue(&forge.keys, &claims()).unwrap();
    for wrong in ["", ".", "..", "a.b.c", "Bearer x", "cairn_rt_secret", "\u{e9}.\u{e9}.\u{e9}", &good[1..], "e30"] {
        assert_eq!(forge.check(wrong), Err(TokenFault::Form), "{wrong}");
    }
    assert!(forge.check(&format!("{good}.x")).is_err());
    assert!(forge.check(&format!(" {good}")).is_err());
    for payload in [json!([]), json!("text"), json!(null)] {
        assert_eq!(forge.check(&forge.sign(&forge.header(), &payload)), Err(TokenFault::Form));
    }
    assert_eq!(forge.check(&"a".repeat(MAX_TOKEN_BYTES)), Err(TokenFault::Form));
    assert_eq!(forge.check(&"a".repeat(MAX_TOKEN_BYTES + 1)), Err(TokenFault::TooLong));
    let long = forge.with_claim("scope", Some(json!("x".repeat(MAX_TOKEN_BYTES))));
    assert_eq!(long, Err(TokenFault::TooLong));
}

#[test]
fn messages_repeat_nothing_of_the_token() {
    let forge = Forge::new();
    let fault = forge.with_claim("iss", Some(json!("https://evil.test"))).unwrap_err();
    assert!(!fault.message().contains("evil"));
    assert_eq!(TokenFault::Missing("org").message(), "the token lacks the claim `org`");
}
