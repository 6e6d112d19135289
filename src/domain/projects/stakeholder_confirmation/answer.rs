//! The answer of a stakeholder, who has a link and no account: what they see, what they say, and what comes of it.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{
    id::StakeholderConfirmationId,
    kind::{Kind, word},
    object,
    platform::{organization, user},
    projects::{
        portfolio_entry,
        portfolio_evidence::PortfolioEvidenceKind,
        stakeholder_confirmation::{ConfirmationStatus, Entity, Model},
    },
    vocabulary::Set as Scopes,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use serde::Serialize;
use serde_json::json;

use super::{Command, MESSAGE, MOVES, STAKEHOLDER};
use crate::{
    auth::{access, link},
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        projects::{
            portfolio::guest::{member, nothing},
            portfolio_entry::{SUMMARY, TITLE},
            portfolio_evidence,
        },
        state,
    },
    house::House,
};

/// Below which path links lie.
pub const PATH: &str = "/confirmations/";

entity::vocabulary! {
    /// What a stakeholder says.
    StakeholderVerdict {
        /// That it was worth something to them.
        Confirm = "CONFIRM",
        /// That it was not, or that they cannot say so.
        Decline = "DECLINE",
    }
}

object! {
    /// What a stakeholder is asked, and whether they answered.
    #[derive(Serialize)]
    StakeholderQuestion {
        /// Who asks.
        required owner: String = STAKEHOLDER,
        /// Who is asked, as they call them.
        required stakeholder: String = STAKEHOLDER,
        /// What it is about.
        required title: String = TITLE,
        /// What was done, and what came of it, as the owner tells it.
        optional summary: String = SUMMARY,
        /// What they ask, in their own words.
        optional message: String = MESSAGE,
        /// Where it stands.
        required status: ConfirmationStatus = word::<ConfirmationStatus>(),
        /// Until when it can be answered.
        required expires_at: String = Kind::Time,
        /// When it was answered.
        optional answered_at: String = Kind::Time,
    }
}

object! {
    /// What a stakeholder says. It is said once.
    StakeholderAnswer {
        /// Whether it was worth something to them.
        required verdict: StakeholderVerdict = word::<StakeholderVerdict>(),
        /// What they call themself; as the owner calls them, unless they say.
        optional name: String = STAKEHOLDER,
        /// What they are: their role, and where.
        optional role: String = STAKEHOLDER,
        /// What it was worth to them, in their own words.
        optional statement: String = MESSAGE,
        /// Whether their name and words may be shown to others; not, unless they say so.
        optional quotable: bool = Kind::Bool,
    }
}

/// What a link asks.
///
/// # Errors
/// `NOT_FOUND` for what is no link of ours, has expired, was withdrawn, or asks about what is gone; `UNAVAILABLE`.
pub async fn question(house: &House, token: &str) -> Result<StakeholderQuestion> {
    let now = clock::now();
    let id = opened(house, token, now).await?;
    let db = house.database.look().await?;
    let row = Entity::find_by_id(id).one(&db).await?;
    let row = row.filter(|row| is_open(row, now)).ok_or_else(nothing)?;
    let (entry, owner) = about(&db, &row).await?;
    Ok(told(&row, &entry, &owner))
}

/// Takes an answer: yes becomes evidence.
///
/// # Errors
/// Those of [`question`], and `CONFIRMATION_ANSWERED`: nobody answers twice.
pub async fn answer(
    house: &Arc<House>,
    token: &str,
    said: StakeholderAnswer,
    request_id: Arc<str>,
) -> Result<StakeholderQuestion> {
    let id = opened(house, token, clock::now()).await?;
    let of = Entity::find_by_id(id).one(&house.database.read).await?.ok_or_else(nothing)?;
    let organization = organization::Entity::find_by_id(of.organization_id)
        .filter(organization::Column::DeletedAt.is_null())
        .one(&house.database.read)
        .await?
        .ok_or_else(nothing)?;
    // The house itself writes it down, in the name of nobody, and with the right to nothing else.
    let who = Caller { scopes: Scopes::EMPTY, ..access::operator(house, &organization, request_id) };
    let mut tx = who.begin().await?;
    let row = Entity::find_by_id(id).lock_exclusive().one(&tx.db).await?;
    let row = row.filter(|row| is_open(row, tx.now)).ok_or_else(nothing)?;
    let (entry, owner) = about(&tx.db, &row).await?;
    let (command, what) = match said.verdict {
        StakeholderVerdict::Confirm => (Command::Confirm, "confirmed"),
        StakeholderVerdict::Decline => (Command::Decline, "declined"),
    };
    let status = state::after("a question", MOVES, row.status, command).map_err(|_| answered(&row))?;
    let (now, name) = (tx.now, said.name.unwrap_or_else(|| row.stakeholder.clone()));
    let after = tx
        .change::<Entity>(row, |row| {
            row.status = Set(status);
            row.answered_at = Set(Some(now));
            row.answered_by = Set(Some(name));
            row.answered_as = Set(said.role);
            row.statement = Set(said.statement);
            row.quotable = Set(said.quotable == Some(true));
        })
        .await?
        .row;
    tx.record(what, &after, json!({ "entryId": after.entry_id }))?;
    if said.verdict == StakeholderVerdict::Confirm {
        let mut evidence = portfolio_evidence::blank(&tx, &entry, PortfolioEvidenceKind::StakeholderConfirmation);
        evidence.confirmation_id = Set(Some(after.id));
        evidence.note = Set(after.statement.clone());
        portfolio_evidence::add(&mut tx, evidence).await?;
    }
    let told = told(&after, &entry, &owner);
    tx.done(&after).await?;
    Ok(told)
}

fn answered(row: &Model) -> Error {
    let error = Error::new(Code::ConfirmationAnswered, "It was answered already; thank you.");
    error.with(json!({ "status": row.status, "answeredAt": row.answered_at.map(clock::rfc3339) }))
}

/// The question that a link opens.
async fn opened(house: &House, token: &str, now: DateTime<Utc>) -> Result<StakeholderConfirmationId> {
    let id = link::open(house, link::Purpose::Confirmation, token, now).await?;
    id.and_then(|id| id.parse().ok()).ok_or_else(nothing)
}

/// Whether a link to it shows anything.
fn is_open(row: &Model, now: DateTime<Utc>) -> bool {
    row.deleted_at.is_none() && row.status != ConfirmationStatus::Withdrawn && row.expires_at > now
}

/// What it is about, and whose that is: somebody who still belongs to the organization in which they ask.
async fn about<C: ConnectionTrait>(db: &C, row: &Model) -> Result<(portfolio_entry::Model, user::Model)> {
    let entry = portfolio_entry::Entity::find_by_id(row.entry_id)
        .filter(portfolio_entry::Column::OrganizationId.eq(row.organization_id))
        .filter(portfolio_entry::Column::DeletedAt.is_null());
    let entry = entry.one(db).await?.ok_or_else(nothing)?;
    let owner = member(db, row.organization_id, entry.owner_id).await?.ok_or_else(nothing)?;
    Ok((entry, owner))
}

fn told(row: &Model, entry: &portfolio_entry::Model, owner: &user::Model) -> StakeholderQuestion {
    StakeholderQuestion {
        owner: owner.name.clone(),
        stakeholder: row.stakeholder.clone(),
        title: entry.title.clone(),
        summary: entry.summary.clone(),
        message: row.message.clone(),
        status: row.status,
        expires_at: clock::rfc3339(row.expires_at),
        answered_at: row.answered_at.map(clock::rfc3339),
    }
}
