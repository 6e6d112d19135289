//! What an access token says, typed, and the strict reading of it.

use chrono::serde::{ts_seconds, ts_seconds_option};
use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};
use serde_json::{Map, Value};

use super::fault::TokenFault;

/// The claims of an access token. Times have whole seconds on the wire.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claims {
    /// Who issued it.
    pub iss: String,
    /// Whose it is: a user's or a client's id.
    pub sub: String,
    /// Whom it is meant for; one is written as a string, several as an array.
    #[serde(serialize_with = "one_or_many")]
    pub aud: Vec<String>,
    /// From then on it is refused.
    #[serde(with = "ts_seconds")]
    pub exp: DateTime<Utc>,
    /// When it was issued.
    #[serde(with = "ts_seconds")]
    pub iat: DateTime<Utc>,
    /// Until then it is refused.
    #[serde(with = "ts_seconds_option", skip_serializing_if = "Option::is_none")]
    pub nbf: Option<DateTime<Utc>>,
    /// The token's own id.
    pub jti: String,
    /// Scopes separated by spaces; empty when it grants none.
    pub scope: String,
    /// The organization it acts in.
    pub org: String,
    /// The client it was issued to.
    pub client_id: String,
    /// The session of a person; machines have none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sid: Option<String>,
}

/// Reads claims whose signature holds; each must be there and of its type.
pub(super) fn read(object: Map<String, Value>) -> Result<Claims, TokenFault> {
    let mut claims = Object(object);
    Ok(Claims {
        iss: claims.text("iss")?,
        sub: claims.text("sub")?,
        aud: claims.texts("aud")?,
        exp: claims.time("exp")?,
        iat: claims.time("iat")?,
        nbf: optional(claims.time("nbf"))?,
        jti: claims.text("jti")?,
        // RFC 9068 lets it be absent; that grants nothing. It is also the one text that may be empty.
        scope: match claims.0.remove("scope") {
            None => String::new(),
            Some(Value::String(scope)) => scope,
            Some(_) => return Err(TokenFault::Malformed("scope")),
        },
        org: claims.text("org")?,
        client_id: claims.text("client_id")?,
        sid: optional(claims.text("sid"))?,
    })
}

/// An absent claim is fine, one of the wrong type is not.
fn optional<T>(claim: Result<T, TokenFault>) -> Result<Option<T>, TokenFault> {
    match claim {
        Err(TokenFault::Missing(_)) => Ok(None),
        other => other.map(Some),
    }
}

struct Object(Map<String, Value>);

impl Object {
    fn take(&mut self, name: &'static str) -> Result<Value, TokenFault> {
        self.0.remove(name).ok_or(TokenFault::Missing(name))
    }

    fn text(&mut self, name: &'static str) -> Result<String, TokenFault> {
        filled(self.take(name)?).ok_or(TokenFault::Malformed(name))
    }

    fn texts(&mut self, name: &'static str) -> Result<Vec<String>, TokenFault> {
        let texts: Option<Vec<String>> = match self.take(name)? {
            Value::Array(items) => items.into_iter().map(filled).collect(),
            one => filled(one).map(|text| vec![text]),
        };
        texts.filter(|texts| !texts.is_empty()).ok_or(TokenFault::Malformed(name))
    }

    fn time(&mut self, name: &'static str) -> Result<DateTime<Utc>, TokenFault> {
        let seconds = self.take(name)?.as_i64().filter(|seconds| *seconds >= 0);
        seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).ok_or(TokenFault::Malformed(name))
    }
}

fn filled(value: Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text),
        _ => None,
    }
}

fn one_or_many<S: Serializer>(audiences: &[String], serializer: S) -> Result<S::Ok, S::Error> {
    match audiences {
        [one] => serializer.serialize_str(one),
        many => many.serialize(serializer),
    }
}
