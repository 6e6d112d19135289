//! Pauses: days in which somebody declared to learn nothing. Weeks with such a day neither break a streak nor count
//! for it (§4). They may be declared afterwards: nobody plans an illness.

use chrono::NaiveDate;
use entity::{
    id::{LearningPauseId, UserId},
    kind::{Kind, Patch, id, int, prose},
    learning::learning_pause::{ActiveModel, Column, Entity, Model},
    object,
    platform::user,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// How many days a pause lasts at most: a year, whichever.
const LONGEST: i64 = 366;
const REASON: Kind = prose(1000);

impl Row for Entity {
    const NAME: &'static str = "LearningPause";
    type Id = LearningPauseId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<LearningPauseId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who pauses.").filter(),
        Column::StartsOn => leaf(Kind::Date, "The first day, a day of theirs.").filter().sort(),
        Column::EndsOn => leaf(Kind::Date, "The last day.").filter(),
        Column::Reason => leaf(REASON, "Why."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "LearningPause",
        "Days in which somebody declared to learn nothing: the weeks that they touch do not count for the streak (§4).",
        "pau",
        Action::ViewLearningPause,
        show,
    )
    .order("starts_on", false)
    .one("user", "user_id", "User", "Who pauses.");
    Resource { shape, plural: "learningPauses", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateLearningPause, EditLearningPause};
    vec![
        Verb::create(CreateLearningPause, "Declare a pause, ahead or afterwards.", create),
        Verb::on::<Entity, _, _, _>("update", EditLearningPause, "Change a pause.", update),
        Verb::delete::<Entity>(EditLearningPause, "Delete a pause; it can be restored."),
        Verb::on::<Entity, _, _, _>("restore", EditLearningPause, "Bring a deleted pause back.", restore),
    ]
}

object! {
    /// A pause to declare.
    NewLearningPause {
        /// Who pauses: yourself, unless you declare it for somebody who let you. A machine names somebody.
        optional user_id: UserId = id::<UserId>(),
        /// The first day, a day of theirs.
        required starts_on: NaiveDate = Kind::Date,
        /// The last day: the same, or at most 366 days in all.
        required ends_on: NaiveDate = Kind::Date,
        /// Why.
        optional reason: String = REASON,
    }
}

object! {
    /// Changes to a pause.
    LearningPausePatch {
        /// The first day.
        change starts_on: NaiveDate = Kind::Date,
        /// The last day.
        change ends_on: NaiveDate = Kind::Date,
        /// Why.
        clear reason: String = REASON,
    }
}

async fn create(who: Caller, new: NewLearningPause) -> Result<Done> {
    let mut tx = who.begin().await?;
    let user = learner(&tx, new.user_id).await?;
    lasts(new.starts_on, new.ends_on)?;
    free(&tx, user, (new.starts_on, new.ends_on), None).await?;
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            user_id: Set(user),
            starts_on: Set(new.starts_on),
            ends_on: Set(new.ends_on),
            reason: Set(new.reason),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    record(&mut tx, "created", &row)?;
    tx.made(&row).await
}

async fn update(who: Caller, target: Target<LearningPauseId>, patch: LearningPausePatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditLearningPause).await?;
    let days = (patch.starts_on.unwrap_or(was.starts_on), patch.ends_on.unwrap_or(was.ends_on));
    lasts(days.0, days.1)?;
    free(&tx, was.user_id, days, Some(was.id)).await?;
    let reason = match patch.reason {
        Patch::Keep => was.reason.clone(),
        reason => reason.over(None),
    };
    let after = tx
        .change::<Entity>(was, |row| {
            row.starts_on.set_if_not_equals(days.0);
            row.ends_on.set_if_not_equals(days.1);
            row.reason.set_if_not_equals(reason);
        })
        .await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

async fn restore(who: Caller, target: Target<LearningPauseId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = tx.find_deleted::<Entity>(&target, Action::EditLearningPause).await?;
    free(&tx, row.user_id, (row.starts_on, row.ends_on), Some(row.id)).await?;
    let row = tx.restore::<Entity>(row).await?;
    record(&mut tx, "restored", &row)?;
    tx.done(&row).await
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    tx.record(what, row, json!({ "startsOn": row.starts_on, "endsOn": row.ends_on }))
}

/// Who pauses: the caller, or somebody who let them say so.
async fn learner(tx: &Tx, wanted: Option<UserId>) -> Result<UserId> {
    let id = wanted
        .or(tx.who.user())
        .ok_or_else(|| Error::field(Code::OwnerRequired, "/userId", "A machine names whose pause it is."))?;
    match tx.find::<user::Entity>(id, Action::LearnFor).await {
        Err(error) if error.code() == Code::NotFound => {
            Err(Error::field(Code::ReferenceUnknown, "/userId", "There is no such person."))
        }
        other => other.map(|row| row.id),
    }
}

/// A pause ends after it begins, within a year.
fn lasts(starts_on: NaiveDate, ends_on: NaiveDate) -> Result<()> {
    let days = ends_on.signed_duration_since(starts_on).num_days() + 1;
    if days < 1 {
        return Err(Error::field(Code::PauseEndsBeforeStart, "/endsOn", "A pause does not end before it begins."));
    }
    if days > LONGEST {
        let why = format!("A pause lasts at most {LONGEST} days; this one has {days}.");
        return Err(Error::field(Code::PauseTooLong, "/endsOn", why));
    }
    Ok(())
}

/// Nobody pauses twice at once: two who say so at the same moment take turns.
async fn free(tx: &Tx, user: UserId, days: (NaiveDate, NaiveDate), but: Option<LearningPauseId>) -> Result<()> {
    tx.lock(&format!("pauses {} {user}", tx.who.organization)).await?;
    let mut others = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::UserId.eq(user))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::StartsOn.lte(days.1))
        .filter(Column::EndsOn.gte(days.0));
    if let Some(id) = but {
        others = others.filter(Column::Id.ne(id));
    }
    match others.one(&tx.db).await? {
        None => Ok(()),
        Some(other) => Err(Error::new(Code::PauseOverlaps, "Another pause covers some of these days.")
            .with(json!({ "pauseId": other.id, "startsOn": other.starts_on, "endsOn": other.ends_on }))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_is_a_day_to_a_year() {
        let lasts = |from: &str, to: &str| {
            lasts(from.parse().unwrap(), to.parse().unwrap()).map_err(|error| error.code().as_str())
        };
        assert_eq!(lasts("2026-02-28", "2026-02-28"), Ok(()));
        assert_eq!(lasts("2026-02-28", "2026-02-27"), Err("PAUSE_ENDS_BEFORE_START"));
        assert_eq!(lasts("2028-01-01", "2028-12-31"), Ok(()), "a leap year");
        assert_eq!(lasts("2026-01-01", "2027-01-02"), Err("PAUSE_TOO_LONG"));
    }
}
