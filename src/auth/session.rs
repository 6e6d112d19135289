//! Sessions of people: a short access token, and refresh tokens that are good for one use each.

mod tokens;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::SessionId,
    platform::{
        organization, refresh_token,
        session::{self, SessionEnd},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::{
    access::{self, SESSION_TOKEN, Subject, Ticket},
    identify,
    login::{self, Home},
    secret,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        platform::session::{end, hold},
        tx::Tx,
    },
    house::House,
};

pub use tokens::{LogOut, Refresh, SessionOrganization, Tokens};

/// What refresh tokens begin with, so that scanners know what leaked.
const PREFIX: &str = "cairn_rt_";
/// How long a refresh token waits for its one use.
const REFRESH: TimeDelta = TimeDelta::days(30);
/// How long a session lasts, however often it is refreshed.
const SESSION: TimeDelta = TimeDelta::days(180);

/// Starts a session of a person whose password was right.
pub(super) async fn start(
    who: &Caller,
    organization: &organization::Model,
    user_agent: Option<&str>,
) -> Result<Tokens> {
    let user = who.person()?;
    let mut tx = who.begin().await?;
    let row = tx
        .insert::<session::Entity>(session::ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(who.organization),
            user_id: Set(user),
            user_agent: Set(user_agent.and_then(shown)),
            last_used_at: Set(tx.now),
            expires_at: Set(tx.now + SESSION),
            ended_at: Set(None),
            end_reason: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    let refresh = add_token(&tx.db, row.id, tx.now).await?;
    tx.record("started", &row, json!({}))?;
    tx.done(&row).await?;
    answer(who, organization, &row, &refresh)
}

/// Uses a refresh token: a new pair of tokens for it.
///
/// # Errors
/// `REFRESH_REJECTED`. When the token was used before, it was stolen or copied, and the session ends.
pub async fn refresh(house: &Arc<House>, token: &SecretString, request_id: Arc<str>) -> Result<Tokens> {
    let (token, session, home) = living(house, token).await?;
    let who = home.caller(house, request_id);
    let tx = who.begin().await?;
    let used = refresh_token::Entity::update_many()
        .col_expr(refresh_token::Column::UsedAt, tx.now.into())
        .filter(refresh_token::Column::Fingerprint.eq(token.fingerprint))
        .filter(refresh_token::Column::UsedAt.is_null())
        .exec(&tx.db)
        .await?;
    if used.rows_affected == 0 {
        return reused(tx, session.id).await;
    }
    // Ended in the meantime, it does not come back.
    let kept = session::Entity::update_many()
        .col_expr(session::Column::LastUsedAt, tx.now.into())
        .filter(session::Column::Id.eq(session.id))
        .filter(session::Column::EndedAt.is_null())
        .exec(&tx.db)
        .await?;
    if kept.rows_affected == 0 {
        tx.give_up().await?;
        return Err(rejected());
    }
    let next = add_token(&tx.db, session.id, tx.now).await?;
    tx.done(&session).await?;
    answer(&who, &home.organization, &session, &next)
}

/// The token, its session and where it is, as long as all of them live. A token that was used is found too.
async fn living(house: &House, token: &SecretString) -> Result<(refresh_token::Model, session::Model, Home)> {
    let now = clock::now();
    let db = &house.database.write;
    let fingerprint = secret::fingerprint(token.expose_secret());
    let token = refresh_token::Entity::find_by_id(fingerprint).one(db).await?.ok_or_else(rejected)?;
    let session = session::Entity::find_by_id(token.session_id).one(db).await?.ok_or_else(rejected)?;
    let unused = token.used_at.is_none();
    if session.ended_at.is_some() || session.expires_at <= now || (unused && token.created_at + REFRESH <= now) {
        return Err(rejected());
    }
    let homes = login::homes(db, session.user_id).await?;
    let home = homes.into_iter().find(|home| home.organization.id == session.organization_id);
    Ok((token, session, home.ok_or_else(rejected)?))
}

async fn reused(mut tx: Tx, session: SessionId) -> Result<Tokens> {
    let row = hold(&tx, session).await?.ok_or_else(rejected)?;
    if row.ended_at.is_none() {
        tracing::warn!(session = %row.id, user = %row.user_id, "a refresh token was used twice; the session ends");
    }
    let row = end(&mut tx, row, SessionEnd::TokenReused).await?;
    tx.done(&row).await?;
    Err(rejected())
}

/// Ends the sessions of a refresh token and of a bearer token. Unknown ones are as good as ended.
///
/// # Errors
/// `BAD_INPUT` when there is neither, `UNAUTHENTICATED` when there is only a bearer token and it is not valid.
pub async fn logout(
    house: &Arc<House>,
    token: Option<&SecretString>,
    bearer: Option<&str>,
    request_id: Arc<str>,
) -> Result<()> {
    if token.is_none() && bearer.is_none() {
        return Err(Error::field(Code::BadInput, "/refreshToken", "Name a refresh token, or send a bearer token."));
    }
    if let Some(token) = token {
        end_of(house, token, Arc::clone(&request_id)).await?;
    }
    if let Some(bearer) = bearer {
        match identify::identify(house, bearer, request_id).await {
            Ok(who) => end_own(&who).await?,
            Err(error) if token.is_none() || error.code() != Code::Unauthenticated => return Err(error),
            Err(_) => {}
        }
    }
    Ok(())
}

/// Ends the session of a refresh token, if there is one.
pub(super) async fn end_of(house: &Arc<House>, token: &SecretString, request_id: Arc<str>) -> Result<()> {
    match living(house, token).await {
        Ok((_, session, home)) => end_one(&home.caller(house, request_id), session.id).await,
        Err(error) if error.code() == Code::RefreshRejected => Ok(()),
        Err(error) => Err(error),
    }
}

async fn end_own(who: &Caller) -> Result<()> {
    match who.session {
        Some(session) => end_one(who, session).await,
        None => Ok(()),
    }
}

async fn end_one(who: &Caller, session: SessionId) -> Result<()> {
    let mut tx = who.begin().await?;
    let Some(row) = hold(&tx, session).await? else {
        return tx.give_up().await;
    };
    let row = end(&mut tx, row, SessionEnd::LoggedOut).await?;
    tx.done(&row).await?;
    Ok(())
}

async fn add_token<C: ConnectionTrait>(db: &C, session: SessionId, now: DateTime<Utc>) -> Result<SecretString> {
    let token = secret::random_token(PREFIX);
    let row = refresh_token::ActiveModel {
        fingerprint: Set(secret::fingerprint(token.expose_secret())),
        session_id: Set(session),
        created_at: Set(now),
        used_at: Set(None),
    };
    refresh_token::Entity::insert(row).exec_without_returning(db).await?;
    Ok(token)
}

fn answer(
    who: &Caller,
    organization: &organization::Model,
    session: &session::Model,
    refresh: &SecretString,
) -> Result<Tokens> {
    let ticket = Ticket {
        subject: Subject::User(session.user_id),
        organization: session.organization_id,
        session: Some(session.id),
        scopes: who.scopes,
        life: SESSION_TOKEN,
    };
    let now = clock::now();
    Ok(Tokens {
        access_token: access::issue(&who.house, &ticket, now)?,
        token_type: "Bearer".to_owned(),
        expires_in: SESSION_TOKEN.num_seconds(),
        refresh_token: refresh.expose_secret().to_owned(),
        refresh_expires_in: REFRESH.min(session.expires_at - now).num_seconds(),
        scope: super::scopes::spelled(who.scopes),
        organization: SessionOrganization { id: organization.id, name: organization.name.clone() },
    })
}

fn rejected() -> Error {
    Error::new(Code::RefreshRejected, "The refresh token is unknown, was used, or its session has ended.")
}

/// What a client calls itself, short and printable.
fn shown(user_agent: &str) -> Option<String> {
    let text: String = user_agent.chars().filter(|letter| !letter.is_control()).take(255).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
