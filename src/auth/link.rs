//! Links that need no account: signed, of one purpose, and good for a while. What a link opens, the database says besides.

use chrono::{DateTime, Utc};

use super::token::{
    TokenFault,
    link::{self, Ticket},
};
use crate::{
    domain::error::{Error, Result},
    house::House,
};

/// What a link is for: it opens nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To answer a question to a stakeholder.
    Confirmation,
}

impl Purpose {
    /// The type in the header of its tokens.
    const fn kind(self) -> &'static str {
        match self {
            Self::Confirmation => "cairn-confirmation+jwt",
        }
    }
}

/// Signs a link to one thing, by its public id.
///
/// # Errors
/// `INTERNAL` when the key cannot sign.
pub fn issue(house: &House, purpose: Purpose, to: &str, now: DateTime<Utc>, until: DateTime<Utc>) -> Result<String> {
    let ticket = Ticket { iss: house.config.public_url.clone(), sub: to.to_owned(), exp: until, iat: now };
    link::issue(&house.auth.keys.set(), purpose.kind(), &ticket).map_err(Error::internal)
}

/// What a link opens: the public id of one thing, or nothing. A key that is not known may have been made a moment ago, by
/// another instance.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn open(house: &House, purpose: Purpose, token: &str, now: DateTime<Utc>) -> Result<Option<String>> {
    let check = || link::verify(&house.auth.keys.set(), purpose.kind(), token, &house.config.public_url, now);
    match check() {
        Err(TokenFault::UnknownKey) => {
            let looked = house.auth.keys.look_again(&house.database, &house.auth.sealer, now).await?;
            Ok(if looked { check().ok() } else { None })
        }
        other => Ok(other.ok()),
    }
}
