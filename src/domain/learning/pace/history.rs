//! Somebody's weeks of the last three years, read in three statements and folded in their time zone.

use std::collections::BTreeMap;

use chrono::{DateTime, Days, NaiveDate, NaiveTime, Utc};
use entity::{
    learning::{career_profile, learning_pause, learning_session},
    platform::{organization::WeekStart, user},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::{PaceWeek, streak::Week};
use crate::domain::{
    error::Result,
    learning::week::{day_in, week_of},
    look::Look,
};

/// How many weeks are looked at, the current one included: three years, which is a few thousand sessions at most.
pub const LOOK_BACK: usize = 156;

/// Somebody's weeks.
#[derive(Debug)]
pub struct History {
    /// How many minutes they want to learn in a week, when they said so.
    pub target: Option<i64>,
    /// The day on which their weeks begin.
    pub week_start: WeekStart,
    /// The day that it is where they live.
    pub today: NaiveDate,
    /// The weeks, the oldest first; the last is the current one.
    pub weeks: Vec<Week>,
}

impl History {
    /// Reads somebody's weeks. Who may see them has been asked before.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn of(look: &Look, person: &user::Model) -> Result<Self> {
        let profile = career_profile::Entity::find()
            .filter(career_profile::Column::OrganizationId.eq(look.who.organization))
            .filter(career_profile::Column::UserId.eq(person.id))
            .filter(career_profile::Column::DeletedAt.is_null())
            .one(&look.db)
            .await?;
        let week_start = profile.as_ref().and_then(|row| row.week_start).unwrap_or(look.who.settings.week_start);
        let today = day_in(&person.time_zone, look.now);
        let mut weeks = empty(week_of(today, week_start), LOOK_BACK);
        let from = weeks.first().map_or(today, |week| week.starts_on);
        let sessions = sessions(look, person, from).await?;
        count(&mut weeks, &sessions, &person.time_zone, week_start);
        pause(&mut weeks, &pauses(look, person, from).await?);
        let target = profile.and_then(|row| row.weekly_learning_target_minutes);
        Ok(Self { target, week_start, today, weeks })
    }

    /// The first day of the current week.
    #[must_use]
    pub fn current_week_on(&self) -> NaiveDate {
        self.weeks.last().map_or(self.today, |week| week.starts_on)
    }

    /// A week as it is told.
    pub(super) fn told(&self, place: usize) -> PaceWeek {
        let week = &self.weeks[place];
        let open = week.paused || place + 1 == self.weeks.len();
        let met = week.met(self.target);
        PaceWeek {
            starts_on: week.starts_on,
            iso_week: week.iso_week(),
            minutes: week.minutes,
            active_days: week.active_days,
            paused: week.paused,
            met: (met || !open).then_some(met),
        }
    }
}

/// When sessions began, and how long they took: those of a day before the first, too, for every time zone there is.
async fn sessions(look: &Look, person: &user::Model, from: NaiveDate) -> Result<Vec<(DateTime<Utc>, i64)>> {
    use learning_session::Column;
    let earliest = from.checked_sub_days(Days::new(1)).unwrap_or(from).and_time(NaiveTime::MIN).and_utc();
    Ok(learning_session::Entity::find()
        .select_only()
        .columns([Column::StartedAt, Column::Minutes])
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::UserId.eq(person.id))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::StartedAt.gte(earliest))
        .into_tuple()
        .all(&look.db)
        .await?)
}

/// The first and the last days of pauses that have not ended before a day.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn pauses(look: &Look, person: &user::Model, from: NaiveDate) -> Result<Vec<(NaiveDate, NaiveDate)>> {
    use learning_pause::Column;
    Ok(learning_pause::Entity::find()
        .select_only()
        .columns([Column::StartsOn, Column::EndsOn])
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::UserId.eq(person.id))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::EndsOn.gte(from))
        .into_tuple()
        .all(&look.db)
        .await?)
}

/// So many weeks in which nothing happened, up to the one that begins on a day.
fn empty(current: NaiveDate, count: usize) -> Vec<Week> {
    let back = (0..count as u64).rev();
    back.filter_map(|weeks| current.checked_sub_days(Days::new(7 * weeks)))
        .map(|starts_on| Week { starts_on, minutes: 0, sessions: 0, active_days: 0, paused: false })
        .collect()
}

/// Counts each session in the week in which it began, for somebody who lives in `zone`.
fn count(weeks: &mut [Week], sessions: &[(DateTime<Utc>, i64)], zone: &str, start: WeekStart) {
    let mut days: BTreeMap<NaiveDate, (i64, i64)> = BTreeMap::new();
    for &(started_at, minutes) in sessions {
        let day = days.entry(day_in(zone, started_at)).or_default();
        day.0 += minutes;
        day.1 += 1;
    }
    for (day, (minutes, sessions)) in days {
        let first = week_of(day, start);
        if let Ok(place) = weeks.binary_search_by_key(&first, |week| week.starts_on) {
            weeks[place].minutes += minutes;
            weeks[place].sessions += sessions;
            weeks[place].active_days += 1;
        }
    }
}

/// A week is paused when any of its days is.
fn pause(weeks: &mut [Week], pauses: &[(NaiveDate, NaiveDate)]) {
    for week in weeks {
        let last = week.starts_on.checked_add_days(Days::new(6)).unwrap_or(week.starts_on);
        week.paused = pauses.iter().any(|&(from, to)| from <= last && to >= week.starts_on);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn minutes(weeks: &[Week]) -> Vec<i64> {
        weeks.iter().map(|week| week.minutes).collect()
    }

    /// The law: whatever the zone and the start of the week, every session is counted, and once.
    #[test]
    fn no_session_is_lost_or_doubled() {
        // Every 47 minutes for over a year, through both changes of the clocks and the end of the year.
        let all: Vec<_> = (0..12_000)
            .map(|place| (at("2026-01-03T00:00:00Z") + TimeDelta::minutes(47 * place), place % 97))
            .collect();
        let sum: i64 = all.iter().map(|(_, minutes)| minutes).sum();
        for zone in ["UTC", "Europe/Vienna", "Pacific/Kiritimati", "Pacific/Niue", "Australia/Lord_Howe", "nowhere"] {
            for start in [WeekStart::Monday, WeekStart::Sunday, WeekStart::Saturday] {
                let mut weeks = empty(week_of(day("2027-02-10"), start), 80);
                count(&mut weeks, &all, zone, start);
                assert_eq!(minutes(&weeks).iter().sum::<i64>(), sum, "{zone} {start}");
                assert_eq!(weeks.iter().map(|week| week.sessions).sum::<i64>(), 12_000, "{zone} {start}");
                assert!(weeks.iter().all(|week| week.active_days <= 7), "{zone} {start}");
            }
        }
    }

    #[test]
    fn a_session_counts_where_it_began() {
        // 23:30 on Sunday 29 March in Vienna, half a day after the clocks changed; an hour later it is Monday.
        let all = [(at("2026-03-29T21:30:00Z"), 60), (at("2026-03-29T22:30:00Z"), 5)];
        let weeks = |zone: &str, start| {
            let mut weeks = empty(week_of(day("2026-03-30"), start), 2);
            count(&mut weeks, &all, zone, start);
            minutes(&weeks)
        };
        assert_eq!(weeks("Europe/Vienna", WeekStart::Monday), [60, 5]);
        // Who moved to New York since reads both on that Sunday; who moved to Tokyo, both on the Monday.
        assert_eq!(weeks("America/New_York", WeekStart::Monday), [65, 0]);
        assert_eq!(weeks("Asia/Tokyo", WeekStart::Monday), [0, 65]);
        assert_eq!(weeks("Europe/Vienna", WeekStart::Sunday), [0, 65]);
        assert_eq!(weeks("Europe/Vienna", WeekStart::Saturday), [0, 65]);
    }

    #[test]
    fn a_day_of_pause_pauses_the_week() {
        let mut weeks = empty(day("2027-01-04"), 4);
        pause(&mut weeks, &[(day("2026-12-27"), day("2026-12-28"))]);
        assert_eq!(weeks.iter().map(|week| week.paused).collect::<Vec<_>>(), [false, true, true, false]);
    }
}
