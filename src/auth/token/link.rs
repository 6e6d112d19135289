//! Signed links: tokens for one purpose, by the keys of access tokens. The type in their header is another, so that neither
//! is ever taken for the other.

use chrono::serde::ts_seconds;
use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, Header};
use serde::{Deserialize, Serialize};

use super::{CLOCK_SKEW, KeyFault, KeySet, MAX_LIFETIME, TokenFault, signed};

/// What a link says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// Who issued it.
    pub iss: String,
    /// What it opens: the id of one thing.
    pub sub: String,
    /// From then on it opens nothing.
    #[serde(with = "ts_seconds")]
    pub exp: DateTime<Utc>,
    /// When it was issued.
    #[serde(with = "ts_seconds")]
    pub iat: DateTime<Utc>,
}

/// Signs a link of a type with the current key of the set.
///
/// # Errors
/// [`KeyFault::Signing`] when the key cannot sign.
pub fn issue(keys: &KeySet, kind: &str, ticket: &Ticket) -> Result<String, KeyFault> {
    let mut header = Header::new(Algorithm::ES256);
    header.typ = Some(kind.to_owned());
    header.kid = Some(keys.current_kid().to_owned());
    jsonwebtoken::encode(&header, ticket, keys.encoding_key()).map_err(|_| KeyFault::Signing)
}

/// What a link of a type opens, when it is genuine, ours, and valid at `now`.
///
/// # Errors
/// The first fault found. What it says is looked at only once the signature holds.
pub fn verify(keys: &KeySet, kind: &str, token: &str, issuer: &str, now: DateTime<Utc>) -> Result<String, TokenFault> {
    let said = signed(keys, token, |given| given == kind)?;
    let ticket: Ticket = serde_json::from_value(said.into()).map_err(|_| TokenFault::Malformed("what it says"))?;
    if ticket.iss != issuer {
        return Err(TokenFault::Issuer);
    }
    // Differences only: adding to a time near the end of the calendar would panic.
    let lifetime = ticket.exp - ticket.iat;
    if lifetime <= chrono::TimeDelta::zero() || lifetime > MAX_LIFETIME {
        return Err(TokenFault::Lifetime);
    }
    if ticket.exp <= now {
        return Err(TokenFault::Expired);
    }
    if ticket.iat - now > CLOCK_SKEW {
        return Err(TokenFault::IssuedInFuture);
    }
    Ok(ticket.sub)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::super::{Claims, Expected, SigningKey};
    use super::*;

    const ISSUER: &str = "https://cairn.test";
    const KIND: &str = "cairn-confirmation+jwt";

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn ticket() -> Ticket {
        Ticket { iss: ISSUER.to_owned(), sub: "scf_1".to_owned(), exp: now() + TimeDelta::days(14), iat: now() }
    }

    fn keys() -> KeySet {
        KeySet::new(&SigningKey::generate().unwrap(), []).unwrap()
    }

    #[test]
    fn a_link_opens_what_it_names_until_it_expires() {
        let keys = keys();
        let token = issue(&keys, KIND, &ticket()).unwrap();
        let at = |now| verify(&keys, KIND, &token, ISSUER, now);
        assert_eq!(at(now()), Ok("scf_1".to_owned()));
        assert_eq!(at(now() + TimeDelta::days(14) - TimeDelta::seconds(1)), Ok("scf_1".to_owned()));
        assert_eq!(at(now() + TimeDelta::days(14)), Err(TokenFault::Expired));
        assert_eq!(at(now() - TimeDelta::minutes(1)), Err(TokenFault::IssuedInFuture));
    }

    #[test]
    fn nothing_else_is_a_link() {
        let keys = keys();
        let good = issue(&keys, KIND, &ticket()).unwrap();
        let told = |token: &str| verify(&keys, KIND, token, ISSUER, now()).unwrap_err();
        assert_eq!(verify(&keys, "another+jwt", &good, ISSUER, now()), Err(TokenFault::Type));
        assert_eq!(verify(&keys, KIND, &good, "https://else.test", now()), Err(TokenFault::Issuer));
        assert_eq!(verify(&self::keys(), KIND, &good, ISSUER, now()), Err(TokenFault::UnknownKey));
        for (exp, fault) in [(now() + TimeDelta::days(400), TokenFault::Lifetime), (now(), TokenFault::Lifetime)] {
            assert_eq!(told(&issue(&keys, KIND, &Ticket { exp, ..ticket() }).unwrap()), fault);
        }
        let last = if good.ends_with('A') { 'B' } else { 'A' };
        let middle = good.len() / 2;
        let mut forged = good.clone();
        forged.replace_range(middle..=middle, if &good[middle..=middle] == "A" { "B" } else { "A" });
        for wrong in [String::new(), "a.b.c".to_owned(), forged, format!("{good}{last}"), good.replace('.', "")] {
            assert!(verify(&keys, KIND, &wrong, ISSUER, now()).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_link_and_an_access_token_are_never_taken_for_each_other() {
        let keys = keys();
        let expected = Expected { issuer: ISSUER, audience: "cairn" };
        let link = issue(&keys, KIND, &ticket()).unwrap();
        assert_eq!(super::super::verify(&keys, &link, &expected, now()).unwrap_err(), TokenFault::Type);
        let claims = Claims {
            iss: ISSUER.to_owned(),
            sub: "scf_1".to_owned(),
            aud: vec!["cairn".to_owned()],
            exp: now() + TimeDelta::minutes(10),
            iat: now(),
            nbf: None,
            jti: "1".to_owned(),
            scope: String::new(),
            org: "org_1".to_owned(),
            client_id: "cairn".to_owned(),
            sid: None,
        };
        let access = super::super::issue(&keys, &claims).unwrap();
        assert_eq!(verify(&keys, KIND, &access, ISSUER, now()), Err(TokenFault::Type));
    }
}
