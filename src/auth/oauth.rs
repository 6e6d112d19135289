//! OAuth 2 for machines: `client_credentials` (RFC 6749) and revocation (RFC 7009), with that standard's own errors.

pub mod form;

use std::sync::Arc;

use entity::{
    id::ClientId,
    platform::{
        client::{self, Scope},
        organization,
    },
    vocabulary::{Set, Vocabulary as _},
};
use sea_orm::EntityTrait as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Serialize;

use super::{
    access::{self, CLIENT_TOKEN, Subject, Ticket},
    identify,
    login::Origin,
    revoke, scopes, secret, session,
};
use crate::{
    domain::{
        clock,
        error::{Code, Error},
    },
    house::House,
};
use form::{Credentials, Form};

/// What refresh tokens begin with; everything else is an access token, or nothing of ours.
const REFRESH: &str = "cairn_rt_";

/// A refusal in the form of RFC 6749, §5.2.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// The code of the standard.
    pub error: &'static str,
    /// The same for people.
    pub description: String,
    /// Seconds after which trying again makes sense.
    pub retry_after: Option<u64>,
}

impl Refusal {
    fn new(error: &'static str, description: impl Into<String>) -> Self {
        let status = if error == "invalid_client" { 401 } else { 400 };
        Self { status, error, description: description.into(), retry_after: None }
    }
}

impl From<Error> for Refusal {
    fn from(error: Error) -> Self {
        let (status, name) = match error.code() {
            Code::Unavailable | Code::LoginThrottled => (error.code().status(), "temporarily_unavailable"),
            _ => (500, "server_error"),
        };
        Self { status, error: name, description: error.detail().to_owned(), retry_after: error.seconds_to_wait() }
    }
}

/// The answer of the token endpoint.
#[derive(Debug, Serialize)]
pub struct Granted {
    /// The token.
    pub access_token: String,
    /// Always `Bearer`.
    pub token_type: &'static str,
    /// How many seconds it lives.
    pub expires_in: i64,
    /// What it may do at most.
    pub scope: String,
}

/// `POST /oauth/token`.
///
/// # Errors
/// A [`Refusal`].
pub async fn token(
    house: &Arc<House>,
    origin: &Origin,
    authorization: Option<&str>,
    body: &[u8],
) -> Result<Granted, Refusal> {
    let form = Form::read(body)?;
    match form.get("grant_type") {
        Some("client_credentials") => {}
        Some(_) => {
            return Err(Refusal::new(
                "unsupported_grant_type",
                "Only client_credentials is offered here; people log in at /auth/login.",
            ));
        }
        None => return Err(Refusal::new("invalid_request", "grant_type is missing.")),
    }
    let credentials =
        Credentials::read(authorization, &form)?.ok_or_else(|| invalid_client("The client does not say who it is."))?;
    let (client, _) = authenticate(house, origin, &credentials).await?;
    let granted = wanted(form.get("scope"), client.scopes)?;
    let ticket = Ticket {
        subject: Subject::Client(client.id),
        organization: client.organization_id,
        session: None,
        scopes: granted,
        life: CLIENT_TOKEN,
    };
    Ok(Granted {
        access_token: access::issue(house, &ticket, clock::now())?,
        token_type: "Bearer",
        expires_in: CLIENT_TOKEN.num_seconds(),
        scope: scopes::spelled(granted),
    })
}

/// `POST /oauth/revoke`. A token that is no longer valid, or never was, is as good as revoked.
///
/// # Errors
/// A [`Refusal`].
pub async fn revoke(
    house: &Arc<House>,
    origin: &Origin,
    authorization: Option<&str>,
    body: &[u8],
) -> Result<(), Refusal> {
    let form = Form::read(body)?;
    let token = form.get("token").ok_or_else(|| Refusal::new("invalid_request", "token is missing."))?;
    let client = match Credentials::read(authorization, &form)? {
        Some(credentials) => Some(authenticate(house, origin, &credentials).await?.0.id),
        None => None,
    };
    if token.starts_with(REFRESH) {
        if client.is_some() {
            return Err(of_another());
        }
        let token = SecretString::from(token);
        return Ok(session::end_of(house, &token, Arc::clone(&origin.request_id)).await?);
    }
    let now = clock::now();
    let token = match identify::verified(house, token, now).await {
        Ok(token) => token,
        Err(error) if error.code() == Code::Unauthenticated => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    may_revoke(Subject::read(&token.claims.sub), client)?;
    Ok(revoke::access_token(&house.database.write, &token.claims, now).await?)
}

/// A machine proves who it is to revoke its tokens; for a person's, having it is enough: Cairn's own log-in is a public
/// client.
fn may_revoke(subject: Option<Subject>, client: Option<ClientId>) -> Result<(), Refusal> {
    match (subject, client) {
        (Some(Subject::User(_)), None) => Ok(()),
        (Some(Subject::Client(owner)), Some(client)) if owner == client => Ok(()),
        (Some(Subject::Client(_)), None) => {
            Err(invalid_client("Only the client that a token was issued to revokes it."))
        }
        _ => Err(of_another()),
    }
}

fn of_another() -> Refusal {
    Refusal::new("invalid_grant", "The token was issued to another client.")
}

fn invalid_client(why: &str) -> Refusal {
    Refusal::new("invalid_client", why)
}

/// The living client whose secret this is, and its organization. A secret of 256 bits is not guessed: a wrong one is throttled, the right one
/// never, so that nobody keeps a client out.
pub(super) async fn authenticate(
    house: &Arc<House>,
    origin: &Origin,
    given: &Credentials,
) -> Result<(client::Model, organization::Model), Refusal> {
    let client = living(house, &given.id).await?;
    let stored = client.as_ref().map_or("", |(client, _)| &client.secret_fingerprint);
    let right = secret::matches(given.secret.expose_secret(), stored);
    if let Some(client) = client.filter(|_| right) {
        return Ok(client);
    }
    let throttle = &house.auth.throttle;
    let account = format!("client {}", given.id);
    throttle.check(&account, origin.address, clock::now()).map_err(|wait| Refusal {
        status: 429,
        error: "temporarily_unavailable",
        description: format!("Too many attempts failed; try again in {} s.", wait.seconds()),
        retry_after: Some(wait.seconds()),
    })?;
    throttle.failed(&account, origin.address, clock::now());
    Err(invalid_client("The client is unknown, or its secret is wrong."))
}

async fn living(house: &House, id: &str) -> Result<Option<(client::Model, organization::Model)>, Error> {
    let Ok(id) = id.parse::<ClientId>() else {
        return Ok(None);
    };
    let db = &house.database.write;
    let Some(client) = client::Entity::find_by_id(id).one(db).await?.filter(|client| client.deleted_at.is_none())
    else {
        return Ok(None);
    };
    let home = organization::Entity::find_by_id(client.organization_id).one(db).await?;
    Ok(home.filter(|home| home.deleted_at.is_none()).map(|home| (client, home)))
}

/// The scopes to grant: those asked for, or all that the client has.
fn wanted(asked: Option<&str>, most: Set<Scope>) -> Result<Set<Scope>, Refusal> {
    let Some(asked) = asked else { return Ok(most) };
    let mut granted = Set::EMPTY;
    for word in asked.split(' ').filter(|word| !word.is_empty()) {
        match Scope::of(word).filter(|scope| most.has(*scope)) {
            Some(scope) => granted = granted.with(scope),
            None => {
                return Err(Refusal::new("invalid_scope", "A scope is unknown, or not one of this client's."));
            }
        }
    }
    if granted.is_empty() { Ok(most) } else { Ok(granted) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_gets_no_more_than_it_has() {
        let most = [Scope::LearningRead, Scope::LearningWrite].into_iter().collect();
        assert_eq!(wanted(None, most), Ok(most));
        assert_eq!(wanted(Some("learning:write"), most), Ok(Set::EMPTY.with(Scope::LearningWrite)));
        for asked in ["jobs:read", "learning:write jobs:read", "learning", "LEARNING:READ"] {
            assert_eq!(wanted(Some(asked), most).unwrap_err().error, "invalid_scope", "{asked}");
        }
    }

    #[test]
    fn only_its_own_tokens_are_a_clients_to_revoke() {
        let (mine, other) = (clock::new_id(), clock::new_id());
        let user = Some(Subject::User(clock::new_id()));
        assert_eq!(may_revoke(user, None), Ok(()));
        assert_eq!(may_revoke(Some(Subject::Client(mine)), Some(mine)), Ok(()));
        assert_eq!(may_revoke(Some(Subject::Client(mine)), None).unwrap_err().status, 401);
        for (subject, client) in [(user, Some(mine)), (Some(Subject::Client(other)), Some(mine)), (None, None)] {
            assert_eq!(may_revoke(subject, client).unwrap_err().error, "invalid_grant");
        }
    }
}
