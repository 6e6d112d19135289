//! From a bearer token to the caller: the token says who and where, the database what they may do now.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{
    id::{ClientId, OrganizationId, SessionId, UserId},
    platform::{
        client::Scope,
        membership::Role,
        organization::{self, Settings},
    },
    vocabulary::Set,
};
use sea_orm::EntityTrait as _;

use super::{
    access::{self, Subject},
    recall::Verified,
    scopes, secret,
    token::{self, Claims, Expected, TokenFault},
};
use crate::{
    domain::{
        caller::{Caller, Principal},
        clock,
        error::{Code, Error, Result},
    },
    house::House,
    read::{
        cell::{Cell, Store},
        sql::{Arg, Dialect, Sql},
    },
};

/// What a person is at this moment: in one statement, so that taking a right away works at once. Who was deleted left with
/// the last membership, at the same moment.
const PERSON: &str = "SELECT o.settings, m.roles, FALSE, r.jti IS NOT NULL FROM \"organization\" o \
     JOIN \"membership\" m ON m.organization_id = o.id AND m.user_id = $2 AND m.deleted_at IS NULL \
     LEFT JOIN \"revoked_token\" r ON r.jti = $3 \
     WHERE o.id = $1 AND o.deleted_at IS NULL";

/// The same of a person in a session, which may have ended.
const IN_SESSION: &str = "SELECT o.settings, m.roles, s.id IS NOT NULL, r.jti IS NOT NULL FROM \"organization\" o \
     JOIN \"membership\" m ON m.organization_id = o.id AND m.user_id = $2 AND m.deleted_at IS NULL \
     LEFT JOIN \"revoked_token\" r ON r.jti = $3 \
     LEFT JOIN \"session\" s ON s.id = $4 AND s.user_id = m.user_id AND s.organization_id = o.id AND s.ended_at IS NULL AND s.expires_at > $5 \
     WHERE o.id = $1 AND o.deleted_at IS NULL";

/// The same of a machine.
const MACHINE: &str = "SELECT o.settings, c.scopes, FALSE, r.jti IS NOT NULL FROM \"organization\" o \
     JOIN \"client\" c ON c.organization_id = o.id AND c.id = $2 AND c.deleted_at IS NULL \
     LEFT JOIN \"revoked_token\" r ON r.jti = $3 \
     WHERE o.id = $1 AND o.deleted_at IS NULL";

/// Who asks with this bearer token.
///
/// # Errors
/// `UNAUTHENTICATED` saying why, or `UNAVAILABLE`.
pub async fn identify(house: &Arc<House>, bearer: &str, request_id: Arc<str>) -> Result<Caller> {
    let now = clock::now();
    let token = verified(house, bearer, now).await?;
    let bearer = Bearer::of(&token.claims)?;
    let sql = standing_sql(house.database.dialect(), &bearer, now);
    let Some(row) = house.database.row(&sql, &STANDING).await? else {
        return Err(unauthenticated("The token's owner is not, or no longer, in its organization."));
    };
    let [settings, bits, in_session, revoked] = &row;
    if *revoked == Cell::Bool(true) {
        return Err(unauthenticated("The token was revoked."));
    }
    if bearer.session.is_some() && *in_session != Cell::Bool(true) {
        return Err(unauthenticated("The session of the token has ended."));
    }
    let settings = read_settings(settings)?;
    let who = caller(house, &token, &bearer, (Arc::clone(&settings), bits.int()), request_id, now);
    token.stands(row, settings);
    Ok(who)
}

fn read_settings(cell: &Cell) -> Result<Arc<Settings>> {
    serde_json::from_str(cell.text().unwrap_or_default()).map(Arc::new).map_err(Error::internal)
}

/// The caller that a token stands for, given how its owner stands: the settings of the organization, and the roles of a
/// person or the scopes of a machine.
pub(super) fn caller(
    house: &Arc<House>,
    token: &Verified,
    bearer: &Bearer,
    (settings, bits): (Arc<Settings>, i64),
    request_id: Arc<str>,
    now: DateTime<Utc>,
) -> Caller {
    let (principal, most) = standing_of(bearer.subject, bits);
    Caller {
        house: Arc::clone(house),
        organization: bearer.organization,
        settings,
        principal,
        scopes: scopes::implied(scopes::read(&token.claims.scope).and(most)),
        session: bearer.session,
        request_id,
        now,
        idempotency: None,
        recalled: None,
    }
}

/// Who somebody is now that asked for something before, with what their token might do then; nobody when they are gone.
/// Without a person and a machine it was the operator.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn again(
    house: &Arc<House>,
    organization: OrganizationId,
    (user, client): (Option<UserId>, Option<ClientId>),
    scopes: Set<Scope>,
    request_id: Arc<str>,
) -> Result<Option<Caller>> {
    let subject = match (user, client) {
        (Some(user), _) => Subject::User(user),
        (None, Some(client)) => Subject::Client(client),
        (None, None) => return operator_of(house, organization, request_id).await.map(Some),
    };
    let bearer = Bearer { subject, organization, session: None, jti: String::new() };
    let now = clock::now();
    let sql = standing_sql(house.database.dialect(), &bearer, now);
    let Some([settings, bits, ..]) = house.database.row(&sql, &STANDING).await? else { return Ok(None) };
    let settings = read_settings(&settings)?;
    let (principal, most) = standing_of(subject, bits.int());
    Ok(Some(Caller {
        house: Arc::clone(house),
        organization,
        settings,
        principal,
        scopes: scopes::implied(scopes.and(most)),
        session: None,
        request_id,
        now,
        idempotency: None,
        recalled: None,
    }))
}

/// The operator, in an organization.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn operator_of(house: &Arc<House>, organization: OrganizationId, request_id: Arc<str>) -> Result<Caller> {
    let row = organization::Entity::find_by_id(organization).one(&house.database.read).await?;
    let row = row.ok_or_else(|| Error::internal("an organization that is not there"))?;
    Ok(access::operator(house, &row, request_id))
}

/// Who it is and the most that they may do now; `bits` are the roles of a person, the scopes of a machine.
fn standing_of(subject: Subject, bits: i64) -> (Principal, Set<Scope>) {
    match subject {
        Subject::User(id) => {
            let roles = Set::<Role>::from_bits(bits);
            (Principal::User { id, roles }, scopes::scopes_of(roles))
        }
        Subject::Client(id) => (Principal::Client { id }, Set::from_bits(bits)),
    }
}

pub(super) fn unauthenticated(why: impl Into<String>) -> Error {
    Error::new(Code::Unauthenticated, why)
}

/// What a genuine token says, typed.
pub(super) struct Bearer {
    subject: Subject,
    organization: OrganizationId,
    session: Option<SessionId>,
    jti: String,
}

impl Bearer {
    pub(super) fn of(claims: &Claims) -> Result<Self> {
        let malformed = |claim| move || unauthenticated(format!("The token's claim `{claim}` names nothing of ours."));
        Ok(Self {
            subject: Subject::read(&claims.sub).ok_or_else(malformed("sub"))?,
            organization: claims.org.parse().ok().ok_or_else(malformed("org"))?,
            session: claims.sid.as_deref().map(str::parse).transpose().ok().ok_or_else(malformed("sid"))?,
            jti: claims.jti.clone(),
        })
    }
}

/// The claims of a token that is genuine, meant for us and valid now; a signature is checked once.
pub(super) async fn verified(house: &House, bearer: &str, now: DateTime<Utc>) -> Result<Arc<Verified>> {
    if bearer.len() > token::MAX_TOKEN_BYTES {
        return Err(rejected(TokenFault::TooLong));
    }
    let auth = &house.auth;
    let name = secret::fingerprint(bearer);
    if let Some(token) = auth.verified.get(&name) {
        // All else that was true of it stays true.
        return if token.claims.exp > now { Ok(token) } else { Err(rejected(TokenFault::Expired)) };
    }
    let expected = Expected { issuer: &house.config.public_url, audience: &house.config.audience };
    let mut outcome = token::verify(&auth.keys.set(), bearer, &expected, now);
    if outcome == Err(TokenFault::UnknownKey) && auth.keys.look_again(&house.database, &auth.sealer, now).await? {
        outcome = token::verify(&auth.keys.set(), bearer, &expected, now);
    }
    let token = Arc::new(Verified::new(outcome.map_err(rejected)?));
    auth.verified.insert(name, Arc::clone(&token));
    Ok(token)
}

fn rejected(fault: TokenFault) -> Error {
    unauthenticated(format!("The token is not accepted: {fault}."))
}

/// How the answer is stored: settings, roles or scopes, whether the session goes on, whether the token was revoked.
pub(super) static STANDING: [Store; 4] = [Store::Text, Store::Int, Store::Bool, Store::Bool];

/// The statement that asks how a token's owner stands.
pub(super) fn standing_sql(dialect: Dialect, bearer: &Bearer, now: DateTime<Utc>) -> Sql {
    let organization = Arg::Uuid(bearer.organization.0);
    let (Subject::User(UserId(id)) | Subject::Client(ClientId(id))) = bearer.subject;
    let mut args = vec![organization, Arg::Uuid(id), Arg::Text(bearer.jti.clone())];
    let text = match (bearer.subject, bearer.session) {
        (Subject::User(_), Some(session)) => {
            args.extend([Arg::Uuid(session.0), Arg::Time(now)]);
            IN_SESSION
        }
        (Subject::User(_), None) => PERSON,
        (Subject::Client(_), _) => MACHINE,
    };
    Sql { text: text.to_owned(), args, dialect }
}
