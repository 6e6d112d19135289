//! Putting advice away: for a while or for good, and for oneself alone.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use entity::{
    id::{InsightDismissalId, UserId},
    insight::insight_dismissal::{ActiveModel, Column, Entity, InsightCode, Model},
    kind::{Kind, Patch, id, int, word},
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{SUBJECT, subject};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        look::Look,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "InsightDismissal";
    type Id = InsightDismissalId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<InsightDismissalId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who put it away: it is hidden from them alone.").filter(),
        Column::Code => leaf(word::<InsightCode>(), "Which advice.").filter(),
        Column::SubjectId => leaf(SUBJECT, "The thing that it is about.").filter(),
        Column::Until => leaf(Kind::Time, "Until when; null for good."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "InsightDismissal",
        "Advice that somebody put away, for a while or for good.",
        "dsm",
        Action::ViewInsightDismissal,
        show,
    )
    .order("created_at", false)
    .one("user", "user_id", "User", "Who put it away.");
    let action = Action::EditInsightDismissal;
    let verbs = vec![
        Verb::create(action, "Put advice about a thing away. What is away already is away until the new time.", create),
        Verb::on::<Entity, _, _, _>("update", action, "Put it away for longer or shorter.", update),
        Verb::delete::<Entity>(action, "Let the advice come back."),
        Verb::restore::<Entity>(action, "Put it away again."),
    ];
    Resource { shape, plural: "insightDismissals", verbs }
}

object! {
    /// Advice to put away.
    NewInsightDismissal {
        /// Which advice.
        required code: InsightCode = word::<InsightCode>(),
        /// The thing that it is about.
        required subject_id: String = SUBJECT,
        /// Until when, in the future; without it, for good.
        optional until: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// Changes to what is put away.
    InsightDismissalPatch {
        /// Until when, in the future; null for good.
        clear until: DateTime<Utc> = Kind::Time,
    }
}

async fn create(who: Caller, new: NewInsightDismissal) -> Result<Done> {
    let person = who.person()?;
    let mut tx = who.begin().await?;
    is_ahead(new.until, tx.now)?;
    if let Err(error) = subject::find(&tx, &new.subject_id).await {
        let unknown = || Error::field(Code::ReferenceUnknown, "/subjectId", "There is no such thing.");
        return Err(if error.code() == Code::NotFound { unknown() } else { error });
    }
    tx.lock(&format!("dismissals {} {person}", tx.who.organization)).await?;
    let known = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::UserId.eq(person))
        .filter(Column::Code.eq(new.code))
        .filter(Column::SubjectId.eq(new.subject_id.as_str()))
        .filter(Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    if let Some(row) = known {
        return put_off(tx, row, new.until).await;
    }
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            user_id: Set(person),
            code: Set(new.code),
            subject_id: Set(new.subject_id),
            until: Set(new.until.map(whole)),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &row, said(&row))?;
    tx.made(&row).await
}

async fn update(who: Caller, target: Target<InsightDismissalId>, patch: InsightDismissalPatch) -> Result<Done> {
    let tx = who.begin().await?;
    let row = tx.find_at::<Entity>(&target, Action::EditInsightDismissal).await?;
    if let Patch::Set(until) = patch.until {
        is_ahead(Some(until), tx.now)?;
    }
    let until = patch.until.over(row.until);
    put_off(tx, row, until).await
}

async fn put_off(mut tx: Tx, row: Model, until: Option<DateTime<Utc>>) -> Result<Done> {
    let after = tx.change::<Entity>(row, |row| row.until.set_if_not_equals(until.map(whole))).await?;
    if after.changed {
        tx.record("updated", &after.row, said(&after.row))?;
    }
    tx.done(&after.row).await
}

fn said(row: &Model) -> serde_json::Value {
    json!({ "code": row.code, "subjectId": row.subject_id, "until": row.until.map(clock::rfc3339) })
}

/// What the caller has put away at this moment. Machines put nothing away.
pub(super) async fn of_caller(look: &Look) -> Result<Vec<Model>> {
    let Some(person) = look.who.user() else { return Ok(Vec::new()) };
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::UserId.eq(person))
        .filter(Column::DeletedAt.is_null())
        .all(&look.db)
        .await?;
    Ok(rows.into_iter().filter(|row| is_away(row.until, look.now)).collect())
}

/// Whether something is still put away.
pub(super) fn is_away(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    until.is_none_or(|until| until > now)
}

pub(super) fn is_ahead(until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Result<()> {
    if is_away(until, now) {
        return Ok(());
    }
    Err(Error::field(Code::SnoozePast, "/until", "must be in the future."))
}

/// To the microsecond, as both databases keep it.
fn whole(at: DateTime<Utc>) -> DateTime<Utc> {
    at.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_away_comes_back() {
        let now = clock::now();
        assert!(is_away(None, now) && is_away(Some(now + TimeDelta::seconds(1)), now));
        assert!(!is_away(Some(now), now) && is_ahead(Some(now), now).is_err());
    }
}
