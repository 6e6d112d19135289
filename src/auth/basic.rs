//! A machine by its id and secret alone (HTTP Basic), for standards that know no tokens. Its rights are those that a
//! token of its would have.

use std::sync::Arc;

use super::{
    identify::unauthenticated,
    login::Origin,
    oauth::{
        self, Refusal,
        form::{Credentials, Form},
    },
    scopes,
};
use crate::{
    domain::{
        caller::{Caller, Principal},
        clock,
        error::{Code, Error, Result},
    },
    house::House,
};

/// Who asks with this `Authorization` header.
///
/// # Errors
/// `UNAUTHENTICATED`, `LOGIN_THROTTLED` after too many wrong secrets, or `UNAVAILABLE`.
pub async fn identify(house: &Arc<House>, origin: &Origin, authorization: &str) -> Result<Caller> {
    let given = Form::read(b"").and_then(|nothing| Credentials::read(Some(authorization), &nothing)).map_err(error)?;
    let given = given.ok_or_else(|| unauthenticated("The client does not say who it is."))?;
    let (client, organization) = oauth::authenticate(house, origin, &given).await.map_err(error)?;
    Ok(Caller {
        house: Arc::clone(house),
        organization: organization.id,
        settings: Arc::new(organization.settings.0),
        principal: Principal::Client { id: client.id },
        scopes: scopes::implied(client.scopes),
        session: None,
        request_id: Arc::clone(&origin.request_id),
        now: clock::now(),
        idempotency: None,
        recalled: None,
    })
}

/// The same refusal, outside of OAuth.
fn error(refusal: Refusal) -> Error {
    let code = match refusal.status {
        429 => Code::LoginThrottled,
        503 => Code::Unavailable,
        500 => Code::Internal,
        _ => Code::Unauthenticated,
    };
    let error = Error::new(code, refusal.description);
    match refusal.retry_after {
        Some(seconds) => error.retry_after(seconds),
        None => error,
    }
}
