//! Issuing access tokens, and the callers that the house itself makes.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{ClientId, OrganizationId, SessionId, UserId},
    platform::{client::Scope, organization},
    vocabulary::Set,
};

use super::{
    scopes,
    token::{self, Claims},
};
use crate::{
    domain::{
        caller::{Caller, Principal},
        clock,
        error::{Error, Result},
    },
    house::House,
};

/// How long the access token of a session lives.
pub const SESSION_TOKEN: TimeDelta = TimeDelta::minutes(10);
/// How long the access token of a machine lives.
pub const CLIENT_TOKEN: TimeDelta = TimeDelta::hours(1);
/// The `client_id` of people's tokens: they are issued to Cairn's own log-in.
pub const OWN_CLIENT: &str = "cairn";

/// What an access token is to say.
#[derive(Clone, Debug)]
pub struct Ticket {
    /// Whose it is.
    pub subject: Subject,
    /// The organization it acts in.
    pub organization: OrganizationId,
    /// The session of a person who logged in.
    pub session: Option<SessionId>,
    /// What it may do at most.
    pub scopes: Set<Scope>,
    /// How long it lives.
    pub life: TimeDelta,
}

/// Whose a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// A person.
    User(UserId),
    /// A machine integration.
    Client(ClientId),
}

impl Subject {
    /// Reads a `sub`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let user = text.parse().map(Self::User).ok();
        user.or_else(|| text.parse().map(Self::Client).ok())
    }

    fn spelled(self) -> (String, String) {
        match self {
            Self::User(id) => (id.to_string(), OWN_CLIENT.to_owned()),
            Self::Client(id) => (id.to_string(), id.to_string()),
        }
    }
}

/// Signs an access token.
///
/// # Errors
/// `INTERNAL` when the key cannot sign.
pub fn issue(house: &House, ticket: &Ticket, now: DateTime<Utc>) -> Result<String> {
    let (sub, client_id) = ticket.subject.spelled();
    let claims = Claims {
        iss: house.config.public_url.clone(),
        sub,
        aud: vec![house.config.audience.clone()],
        exp: now + ticket.life,
        iat: now,
        nbf: None,
        jti: clock::new_uuid().to_string(),
        scope: scopes::spelled(ticket.scopes),
        org: ticket.organization.to_string(),
        client_id,
        sid: ticket.session.map(|id| id.to_string()),
    };
    token::issue(&house.auth.keys.set(), &claims).map_err(Error::internal)
}

/// The house itself, or its operator, in an organization.
#[must_use]
pub fn operator(house: &Arc<House>, organization: &organization::Model, request_id: Arc<str>) -> Caller {
    Caller {
        house: Arc::clone(house),
        organization: organization.id,
        settings: Arc::new(organization.settings.0.clone()),
        principal: Principal::Operator,
        scopes: scopes::all(),
        session: None,
        request_id,
        now: clock::now(),
        idempotency: None,
        recalled: None,
    }
}
