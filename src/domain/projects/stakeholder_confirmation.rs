//! Stakeholders, asked by a signed link whether something was worth it to them (§15).
//!
//! Whoever has the link answers once, without an account. The link opens this one question and nothing else; Cairn sends no
//! mail: it is shown once to whoever asks, who passes it on.

pub mod answer;

use chrono::TimeDelta;
use entity::{
    id::{PortfolioEntryId, StakeholderConfirmationId, UserId},
    kind::{Kind, id, int, line, prose, word},
    object,
    projects::{
        portfolio_entry,
        stakeholder_confirmation::{ActiveModel, Column, ConfirmationStatus, Entity, Model},
    },
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use crate::{
    auth::link,
    domain::{
        caller::Caller,
        clock,
        error::Result,
        policy::Action,
        state,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, leaf},
    },
};

const STAKEHOLDER: Kind = line(1, 200);
const MESSAGE: Kind = prose(2000);
/// For how many days a link works: never longer than the keys that sign them are kept.
const DAYS: Kind = int(1, 30);
/// For how many, when nobody says.
const DAYS_DEFAULT: i64 = 14;

/// What happens to a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    /// The stakeholder says yes.
    Confirm,
    /// The stakeholder says no.
    Decline,
    /// Whoever asked takes it back.
    Withdraw,
}

/// Where a question goes from where.
pub(super) const MOVES: &[state::Move<Command, ConfirmationStatus>] = &[
    (Command::Confirm, "confirm", &[ConfirmationStatus::Requested], ConfirmationStatus::Confirmed),
    (Command::Decline, "decline", &[ConfirmationStatus::Requested], ConfirmationStatus::Declined),
    (Command::Withdraw, "withdraw", &[ConfirmationStatus::Requested], ConfirmationStatus::Withdrawn),
];

impl Row for Entity {
    const NAME: &'static str = "StakeholderConfirmation";
    type Id = StakeholderConfirmationId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<StakeholderConfirmationId>(), "The id."),
        Column::EntryId => leaf(id::<PortfolioEntryId>(), "The entry.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose entry it is.").filter(),
        Column::Stakeholder => leaf(STAKEHOLDER, "Who is asked, as the owner calls them."),
        Column::Message => leaf(MESSAGE, "What they are asked, in the owner's words."),
        Column::Status => {
            leaf(word::<ConfirmationStatus>(), "Where it stands; changed by commands and by the answer.").filter()
        }
        Column::ExpiresAt => leaf(Kind::Time, "Until when the link works."),
        Column::AnsweredAt => leaf(Kind::Time, "When they answered."),
        Column::AnsweredBy => leaf(STAKEHOLDER, "What they call themself."),
        Column::AnsweredAs => leaf(STAKEHOLDER, "What they are: their role, and where."),
        Column::Statement => leaf(MESSAGE, "What they say."),
        Column::Quotable => leaf(Kind::Bool, "Whether they let their name and words be shown to others."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was asked.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "StakeholderConfirmation",
        "A question to somebody for whom something was made, who answers by a link and needs no account (§15).",
        "scf",
        Action::ViewStakeholderConfirmation,
        show,
    )
    .order("created_at", false)
    .computed(
        "open",
        Kind::Bool,
        "Whether it can be answered: it was not, was not withdrawn, and its link has not expired.",
        vec![Need::Column("status", Store::Text), Need::Column("expires_at", Store::Time)],
        |cells, seen| {
            let asked = cells[0].text() == Some("REQUESTED");
            Cell::Bool(asked && cells[1].time().is_some_and(|until| until > seen.now))
        },
    )
    .one("entry", "entry_id", "PortfolioEntry", "The entry.")
    .many("evidence", "confirmation_id", "PortfolioEvidence", "The evidence that came of it, when they said yes.");
    let verbs = vec![
        Verb::on_collection(
            "request",
            Action::EditPortfolioEntry,
            "Ask somebody for whom it was made whether it was worth something to them. The link is shown once: pass it on.",
            request,
        )
        .reveals("link", "The address at which the stakeholder answers, without an account; shown only here."),
        Verb::on::<Entity, _, _, _>(
            "withdraw",
            Action::EditStakeholderConfirmation,
            "Take the question back before it is answered: its link works no more, at once.",
            withdraw,
        ),
    ];
    Resource { shape, plural: "stakeholderConfirmations", verbs }
}

object! {
    /// Whom to ask.
    NewStakeholderConfirmation {
        /// The entry.
        required entry_id: PortfolioEntryId = id::<PortfolioEntryId>(),
        /// Who, as you call them: a name, a role.
        required stakeholder: String = STAKEHOLDER,
        /// What you ask, in your own words: they read it.
        optional message: String = MESSAGE,
        /// For how many days the link works; 14, unless it is said.
        optional valid_days: i64 = DAYS,
    }
}

async fn request(who: Caller, new: NewStakeholderConfirmation) -> Result<Done> {
    let mut tx = who.begin().await?;
    let entry = tx.refer_to::<portfolio_entry::Entity>(new.entry_id, Action::EditPortfolioEntry, "/entryId").await?;
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            entry_id: Set(entry.id),
            owner_id: Set(entry.owner_id),
            stakeholder: Set(new.stakeholder),
            message: Set(new.message),
            status: Set(ConfirmationStatus::Requested),
            expires_at: Set(tx.now + TimeDelta::days(new.valid_days.unwrap_or(DAYS_DEFAULT))),
            answered_at: Set(None),
            answered_by: Set(None),
            answered_as: Set(None),
            statement: Set(None),
            quotable: Set(false),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    let token = link::issue(&tx.who.house, link::Purpose::Confirmation, &row.id.to_string(), tx.now, row.expires_at)?;
    let base = tx.who.house.config.public_url.trim_end_matches('/').to_owned();
    tx.reveal(format!("{base}{}{token}", answer::PATH));
    tx.record("requested", &row, json!({ "entryId": row.entry_id }))?;
    tx.made(&row).await
}

async fn withdraw(who: Caller, target: Target<StakeholderConfirmationId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditStakeholderConfirmation).await?;
    let status = state::after("a question", MOVES, was.status, Command::Withdraw)?;
    let after = tx.change::<Entity>(was, |row| row.status = Set(status)).await?;
    tx.record("withdrawn", &after.row, json!({ "entryId": after.row.entry_id }))?;
    tx.done(&after.row).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_answered_once() {
        insta::assert_snapshot!(state::printed(MOVES), @r"
        confirm              REQUESTED          CONFIRMED
        confirm              CONFIRMED          INVALID_TRANSITION
        confirm              DECLINED           INVALID_TRANSITION
        confirm              WITHDRAWN          INVALID_TRANSITION
        decline              REQUESTED          DECLINED
        decline              CONFIRMED          INVALID_TRANSITION
        decline              DECLINED           INVALID_TRANSITION
        decline              WITHDRAWN          INVALID_TRANSITION
        withdraw             REQUESTED          WITHDRAWN
        withdraw             CONFIRMED          INVALID_TRANSITION
        withdraw             DECLINED           INVALID_TRANSITION
        withdraw             WITHDRAWN          INVALID_TRANSITION
        ");
    }
}
