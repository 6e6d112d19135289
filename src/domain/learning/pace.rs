//! Pace: how steadily somebody learns, week by week in their own time zone (§4).

use chrono::NaiveDate;
use entity::{
    id::UserId,
    kind::{Declared as _, Kind, id, int, list},
    object,
};
use serde::Serialize;

use crate::domain::{answer::Answer, error::Result, look::Look, policy::Action};

const WEEK: Kind = Kind::Object(PaceWeek::object);

object! {
    /// Whose pace, over which time.
    WeeklyPaceQuestion {
        /// Who learns; without it, the caller.
        optional user_id: UserId = id::<UserId>(),
        /// How many weeks, the current one included; without it, 12.
        optional weeks: i64 = int(1, 104),
    }
}

object! {
    /// How steadily somebody learns.
    #[derive(Serialize)]
    WeeklyPace {
        /// Who.
        required user_id: UserId = id::<UserId>(),
        /// The weeks, the oldest first.
        required weeks: Vec<PaceWeek> = list(&WEEK, 104),
    }
}

object! {
    /// A week of somebody's learning.
    #[derive(Serialize)]
    PaceWeek {
        /// Its first day.
        required starts_on: NaiveDate = Kind::Date,
        /// The minutes learnt in it.
        required minutes: i64 = int(0, i64::MAX),
    }
}

/// `weeklyPace`.
#[must_use]
pub fn weekly() -> Answer {
    Answer::new(
        "weeklyPace",
        Action::ViewPace,
        "How steadily somebody learns, week by week.",
        Kind::Object(WeeklyPace::object),
        weekly_pace,
    )
}

async fn weekly_pace(look: Look, asked: WeeklyPaceQuestion) -> Result<WeeklyPace> {
    let person = look.person(asked.user_id, Action::ViewPace).await?;
    Ok(WeeklyPace { user_id: person.id, weeks: Vec::new() })
}
