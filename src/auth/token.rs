//! Access tokens as RFC 9068 has them: issued and verified here, ES256 and nothing else.
//!
//! Of jsonwebtoken only signing and the bare signature check are used. Its claim checks read the system clock
//! and let pass what is missing or malformed, so header and claims are read here, strictly, and time is an
//! argument.

mod claims;
mod fault;
mod key;
pub mod link;
#[cfg(test)]
mod tests;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{Algorithm, Header, crypto};
use serde_json::{Map, Value};

pub use claims::Claims;
pub use fault::{KeyFault, TokenFault};
pub use key::{KeySet, PublicKey, SigningKey};

/// A longer token is refused unread; ours have about 600 bytes.
pub const MAX_TOKEN_BYTES: usize = 8 * 1024;

/// No token lives longer, whatever it says: such a one was not made by any command of ours.
pub const MAX_LIFETIME: TimeDelta = TimeDelta::days(31);

/// How far the clocks of two instances may differ. A token just issued by one must work on the other; for
/// `exp` no such grace is needed, since there it would only lengthen the life of a token.
const CLOCK_SKEW: TimeDelta = TimeDelta::seconds(30);

const TYPE: &str = "at+jwt";

/// Header fields by which a token brings its own key, or asks for what is not implemented here.
const FORBIDDEN_FIELDS: [&str; 6] = ["jku", "jwk", "x5u", "x5c", "crit", "b64"];

/// What a token must say to be meant for this installation.
#[derive(Debug, Clone, Copy)]
pub struct Expected<'a> {
    /// The only issuer (`CAIRN_PUBLIC_URL`), compared to the letter.
    pub issuer: &'a str,
    /// One of the token's audiences (`CAIRN_AUDIENCE`).
    pub audience: &'a str,
}

/// Signs the claims with the current key of the set.
///
/// # Errors
/// [`KeyFault::Signing`] when the key cannot sign.
pub fn issue(keys: &KeySet, claims: &Claims) -> Result<String, KeyFault> {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(TYPE.to_owned());
    header.kid = Some(keys.current_kid().to_owned());
    jsonwebtoken::encode(&header, claims, keys.encoding_key()).map_err(|_| KeyFault::Signing)
}

/// The claims of a token that is genuine, meant for us and valid at `now`.
///
/// Whether its session was ended or its rights taken away is for the database to say.
///
/// # Errors
/// The first fault found. Claims are looked at only once the signature holds.
pub fn verify(keys: &KeySet, token: &str, expected: &Expected<'_>, now: DateTime<Utc>) -> Result<Claims, TokenFault> {
    // RFC 9068 allows both spellings; media types know no case.
    let is_access = |kind: &str| kind.eq_ignore_ascii_case(TYPE) || kind.eq_ignore_ascii_case("application/at+jwt");
    let claims = claims::read(signed(keys, token, is_access)?)?;
    check_addressee(&claims, expected)?;
    check_time(&claims, now)?;
    Ok(claims)
}

/// What a token says whose type is right and whose signature, by one of our keys, holds.
fn signed(keys: &KeySet, token: &str, is_type: impl Fn(&str) -> bool) -> Result<Map<String, Value>, TokenFault> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(TokenFault::TooLong);
    }
    let (message, signature) = token.rsplit_once('.').ok_or(TokenFault::Form)?;
    let (header, payload) = message.split_once('.').ok_or(TokenFault::Form)?;
    let kid = read_header(&object(header).ok_or(TokenFault::Form)?, is_type)?;
    let key = keys.decoding_key(&kid).ok_or(TokenFault::UnknownKey)?;
    // An error is a signature that is no base64url; both are the same to the caller.
    if !crypto::verify(signature, message.as_bytes(), key, Algorithm::ES256).unwrap_or(false) {
        return Err(TokenFault::Signature);
    }
    object(payload).ok_or(TokenFault::Form)
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let bytes = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&bytes).ok()
}

/// Checks everything in the header that must hold before a key is even looked up, and gives the `kid`.
fn read_header(header: &Map<String, Value>, is_type: impl Fn(&str) -> bool) -> Result<String, TokenFault> {
    if let Some(field) = FORBIDDEN_FIELDS.into_iter().find(|field| header.contains_key(*field)) {
        return Err(TokenFault::ForbiddenField(field));
    }
    let text = |field| header.get(field).and_then(Value::as_str);
    if !text("typ").is_some_and(is_type) {
        return Err(TokenFault::Type);
    }
    if text("alg") != Some("ES256") {
        return Err(TokenFault::Algorithm);
    }
    text("kid").map(str::to_owned).ok_or(TokenFault::UnknownKey)
}

fn check_addressee(claims: &Claims, expected: &Expected<'_>) -> Result<(), TokenFault> {
    if claims.iss != expected.issuer {
        return Err(TokenFault::Issuer);
    }
    if !claims.aud.iter().any(|audience| audience == expected.audience) {
        return Err(TokenFault::Audience);
    }
    Ok(())
}

/// Compares differences only: adding to a time near the end of the calendar would panic.
fn check_time(claims: &Claims, now: DateTime<Utc>) -> Result<(), TokenFault> {
    let lifetime = claims.exp - claims.iat;
    if lifetime <= TimeDelta::zero() || lifetime > MAX_LIFETIME {
        return Err(TokenFault::Lifetime);
    }
    if claims.exp <= now {
        return Err(TokenFault::Expired);
    }
    if claims.nbf.is_some_and(|start| start - now > CLOCK_SKEW) {
        return Err(TokenFault::NotYetValid);
    }
    if claims.iat - now > CLOCK_SKEW {
        return Err(TokenFault::IssuedInFuture);
    }
    Ok(())
}
