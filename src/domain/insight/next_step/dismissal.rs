//! Putting a next step off: for a while or for good, for oneself alone, and taking that back.

use chrono::{DateTime, Utc};
use entity::{
    id::{StepDismissalId, UserId},
    insight::step_dismissal::{ActiveModel, Column, Entity, Model, StepCode},
    kind::{Kind, Patch, id, int, word},
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::super::{
    SUBJECT,
    dismissal::{is_ahead, is_away},
    subject,
};
use crate::{
    domain::{
        caller::Caller,
        clock::{self, whole},
        error::{Code, Error, Result},
        look::Look,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "StepDismissal";
    type Id = StepDismissalId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<StepDismissalId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who put it off: it is hidden from them alone.").filter(),
        Column::Code => leaf(word::<StepCode>(), "Which step.").filter(),
        Column::SubjectId => leaf(SUBJECT, "About which thing; null for all.").filter(),
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
        "StepDismissal",
        "A next step that somebody put off, for a while or for good (§27).",
        "sdm",
        Action::ViewStepDismissal,
        show,
    )
    .order("created_at", false)
    .one("user", "user_id", "User", "Who put it off.");
    let action = Action::EditStepDismissal;
    let verbs = vec![
        Verb::on_collection(
            "dismiss",
            action,
            "Put a next step off: until a moment, or for good; about one thing, or all of that kind. What is off already is off until the new time.",
            dismiss,
        )
        .called("dismissStep"),
        Verb::on::<Entity, _, _, _>("update", action, "Put it off for longer or shorter.", update),
        Verb::delete::<Entity>(action, "Let the step come back."),
        Verb::restore::<Entity>(action, "Put it off again."),
    ];
    Resource { shape, plural: "stepDismissals", verbs }
}

object! {
    /// A step to put off.
    DismissedStep {
        /// Which step.
        required code: StepCode = word::<StepCode>(),
        /// About which thing; without it, all of that kind.
        optional subject_id: String = SUBJECT,
        /// Until when, in the future; without it, for good.
        optional until: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// Changes to what is put off.
    StepDismissalPatch {
        /// Until when, in the future; null for good.
        clear until: DateTime<Utc> = Kind::Time,
    }
}

async fn dismiss(who: Caller, new: DismissedStep) -> Result<Done> {
    let person = who.person()?;
    let mut tx = who.begin().await?;
    is_ahead(new.until, tx.now)?;
    if let Some(id) = &new.subject_id
        && let Err(error) = subject::find(&tx, id).await
    {
        let unknown = || Error::field(Code::ReferenceUnknown, "/subjectId", "There is no such thing.");
        return Err(if error.code() == Code::NotFound { unknown() } else { error });
    }
    tx.lock(&format!("steps {} {person}", tx.who.organization)).await?;
    let about = new.subject_id.as_ref().map_or(Column::SubjectId.is_null(), |id| Column::SubjectId.eq(id.as_str()));
    let known = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::UserId.eq(person))
        .filter(Column::Code.eq(new.code))
        .filter(about)
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
    tx.record("dismissed", &row, said(&row))?;
    tx.made(&row).await
}

async fn update(who: Caller, target: Target<StepDismissalId>, patch: StepDismissalPatch) -> Result<Done> {
    let tx = who.begin().await?;
    let row = tx.find_at::<Entity>(&target, Action::EditStepDismissal).await?;
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

/// What the caller has put off at this moment. Machines put nothing off.
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
