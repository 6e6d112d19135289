//! Pace: how steadily somebody learns, week by week in their own time zone (§4).
//!
//! A session counts on the day, and in the week, on which it began where the person lives now: whoever moves reads
//! their whole history in the new time zone, and no session is lost or counted twice by that.

pub mod forecast;
mod forms;
pub mod history;
pub mod streak;

use chrono::NaiveDate;
use entity::{
    id::UserId,
    kind::{self, Declared as _, Kind, id, int, line, list, text, word},
    object,
    platform::organization::WeekStart,
};
use serde::Serialize;

use crate::domain::{
    answer::{Answer, Form},
    error::Result,
    look::Look,
    policy::Action,
};
use history::{History, LOOK_BACK};

/// How many weeks are told when nobody says.
const WEEKS: i64 = 12;
const WEEK: Kind = Kind::Object(PaceWeek::object);
const MINUTES: Kind = int(0, i64::MAX);
/// At most as many weeks as are looked at.
const STREAK: Kind = int(0, 156);

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
    /// How steadily somebody learns. A session counts in the week in which it began, in the time zone in which the
    /// person lives now.
    #[derive(Serialize)]
    WeeklyPace {
        /// Who.
        required user_id: UserId = id::<UserId>(),
        /// The time zone in which their days are counted.
        required time_zone: String = text(kind::Form::TimeZone, 1, 64),
        /// The day on which their weeks begin: as they chose, or else as the organization did.
        required week_start: WeekStart = word::<WeekStart>(),
        /// How many minutes they want to learn in a week; null when they set no target.
        optional target_minutes: i64 = MINUTES,
        /// The first day of the current week.
        required current_week_on: NaiveDate = Kind::Date,
        /// How many weeks in a row reached the target, or had a session where there is no target. The current week
        /// counts once it does, and breaks nothing before it ends; paused weeks neither count nor break. It looks back
        /// three years (156 weeks).
        required streak_weeks: i64 = STREAK,
        /// The longest such row of these three years.
        required longest_streak_weeks: i64 = STREAK,
        /// The mean of the last six full weeks, in whole minutes; paused weeks are left out of it.
        required mean_minutes: i64 = MINUTES,
        /// The weeks, the oldest first; the last is the current one.
        required weeks: Vec<PaceWeek> = list(&WEEK, 104),
    }
}

object! {
    /// A week of somebody's learning.
    #[derive(Serialize)]
    PaceWeek {
        /// Its first day.
        required starts_on: NaiveDate = Kind::Date,
        /// Its number, such as `2026-W53`: that of the ISO week in which its fourth day lies.
        required iso_week: String = line(8, 10),
        /// The minutes learnt in it, whatever they were for: curiosity counts.
        required minutes: i64 = MINUTES,
        /// The days on which a session began.
        required active_days: i64 = int(0, 7),
        /// Whether a day of it is paused.
        required paused: bool = Kind::Bool,
        /// Whether it reached the target, or had a session where there is no target; null while the current week may
        /// still reach it, and for a paused week that did not.
        optional met: bool = Kind::Bool,
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
    .form(Form::csv("A row for each week, as CSV.", forms::table))
    .form(Form::svg("A bar for each week, with the target, as SVG, in light and dark.", forms::chart))
}

async fn weekly_pace(look: Look, asked: WeeklyPaceQuestion) -> Result<WeeklyPace> {
    let person = look.person(asked.user_id, Action::ViewPace).await?;
    let history = History::of(&look, &person).await?;
    let told = usize::try_from(asked.weeks.unwrap_or(WEEKS)).unwrap_or(LOOK_BACK).min(LOOK_BACK);
    let (weeks, target) = (history.weeks.as_slice(), history.target);
    Ok(WeeklyPace {
        user_id: person.id,
        week_start: history.week_start,
        target_minutes: target,
        current_week_on: history.current_week_on(),
        streak_weeks: streak::current(weeks, target),
        longest_streak_weeks: streak::longest(weeks, target),
        mean_minutes: streak::mean(weeks).whole(),
        weeks: (weeks.len() - told..weeks.len()).map(|place| history.told(place)).collect(),
        time_zone: person.time_zone,
    })
}
