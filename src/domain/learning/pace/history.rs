//! People's weeks of the last three years, read in three statements and folded in the time zone of each.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use entity::{
    id::UserId,
    learning::{career_profile, learning_pause, learning_session},
    platform::{organization::WeekStart, user},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QuerySelect as _};

use super::{PaceWeek, streak::Week};
use crate::domain::{
    error::{Error, Result},
    learning::week::{day_in, week_of},
    look::Look,
};

/// How many weeks are looked at, the current one included: three years, which is a few thousand sessions at most.
pub const LOOK_BACK: usize = 156;

/// The minutes and the sessions of each day on which a session began.
pub type Days = BTreeMap<NaiveDate, (i64, i64)>;

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
    /// The days of these weeks.
    pub days: Days,
}

impl History {
    /// Reads somebody's weeks. Who may see them has been asked before.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn of(look: &Look, person: &user::Model) -> Result<Self> {
        let mut all = Self::of_all(look, std::slice::from_ref(person)).await?;
        all.pop().ok_or_else(|| Error::internal("a person without weeks"))
    }

    /// Reads the weeks of several people, each in their own time zone, in the order in which they are named: in three
    /// statements, however many they are.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn of_all(look: &Look, people: &[user::Model]) -> Result<Vec<Self>> {
        let profiles = career_profile::Entity::find()
            .filter(career_profile::Column::OrganizationId.eq(look.who.organization))
            .filter(career_profile::Column::UserId.is_in(people.iter().map(|person| person.id)))
            .filter(career_profile::Column::DeletedAt.is_null())
            .all(&look.db)
            .await?;
        let profiles: HashMap<_, _> = profiles.into_iter().map(|row| (row.user_id, row)).collect();
        let start = |person: &user::Model| {
            profiles.get(&person.id).and_then(|row| row.week_start).unwrap_or(look.who.settings.week_start)
        };
        let empty: Vec<_> = people
            .iter()
            .map(|person| empty(week_of(day_in(&person.time_zone, look.now), start(person)), LOOK_BACK))
            .collect();
        let from = empty.iter().filter_map(|weeks| Some(weeks.first()?.starts_on)).min();
        let from = from.unwrap_or_else(|| look.now.date_naive());
        let mut sessions = sessions(look, people, from).await?;
        let mut pauses = pauses(look, people, from).await?;
        let all = people.iter().zip(empty).map(|(person, mut weeks)| {
            let days = days(&sessions.remove(&person.id).unwrap_or_default(), &person.time_zone);
            count(&mut weeks, &days, start(person));
            pause(&mut weeks, &pauses.remove(&person.id).unwrap_or_default());
            let target = profiles.get(&person.id).and_then(|row| row.weekly_learning_target_minutes);
            let today = day_in(&person.time_zone, look.now);
            Self { target, week_start: start(person), today, weeks, days }
        });
        Ok(all.collect())
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

#[derive(FromQueryResult)]
struct Session {
    user_id: UserId,
    started_at: DateTime<Utc>,
    minutes: i64,
}

#[derive(FromQueryResult)]
struct Pause {
    user_id: UserId,
    starts_on: NaiveDate,
    ends_on: NaiveDate,
}

/// When sessions began, and how long they took: those of a day before the first, too, for every time zone there is.
async fn sessions(
    look: &Look,
    people: &[user::Model],
    from: NaiveDate,
) -> Result<HashMap<UserId, Vec<(DateTime<Utc>, i64)>>> {
    use learning_session::Column;
    let earliest = from.checked_sub_days(chrono::Days::new(1)).unwrap_or(from).and_time(NaiveTime::MIN).and_utc();
    let rows: Vec<Session> = learning_session::Entity::find()
        .select_only()
        .columns([Column::UserId, Column::StartedAt, Column::Minutes])
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::UserId.is_in(people.iter().map(|person| person.id)))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::StartedAt.gte(earliest))
        .into_model()
        .all(&look.db)
        .await?;
    Ok(by_person(rows.into_iter().map(|row| (row.user_id, (row.started_at, row.minutes)))))
}

/// The first and the last days of pauses that have not ended before a day.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn pauses(
    look: &Look,
    people: &[user::Model],
    from: NaiveDate,
) -> Result<HashMap<UserId, Vec<(NaiveDate, NaiveDate)>>> {
    use learning_pause::Column;
    let rows: Vec<Pause> = learning_pause::Entity::find()
        .select_only()
        .columns([Column::UserId, Column::StartsOn, Column::EndsOn])
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::UserId.is_in(people.iter().map(|person| person.id)))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::EndsOn.gte(from))
        .into_model()
        .all(&look.db)
        .await?;
    Ok(by_person(rows.into_iter().map(|row| (row.user_id, (row.starts_on, row.ends_on)))))
}

fn by_person<T>(rows: impl Iterator<Item = (UserId, T)>) -> HashMap<UserId, Vec<T>> {
    let mut all = HashMap::<UserId, Vec<T>>::new();
    for (person, row) in rows {
        all.entry(person).or_default().push(row);
    }
    all
}

/// So many weeks in which nothing happened, up to the one that begins on a day.
fn empty(current: NaiveDate, count: usize) -> Vec<Week> {
    let back = (0..count as u64).rev();
    back.filter_map(|weeks| current.checked_sub_days(chrono::Days::new(7 * weeks)))
        .map(|starts_on| Week { starts_on, minutes: 0, sessions: 0, active_days: 0, paused: false })
        .collect()
}

/// The days on which sessions began, for somebody who lives in `zone`.
fn days(sessions: &[(DateTime<Utc>, i64)], zone: &str) -> Days {
    let mut days = Days::new();
    for &(started_at, minutes) in sessions {
        let day = days.entry(day_in(zone, started_at)).or_default();
        day.0 += minutes;
        day.1 += 1;
    }
    days
}

/// Counts each day in the week that it belongs to.
fn count(weeks: &mut [Week], days: &Days, start: WeekStart) {
    for (day, (minutes, sessions)) in days {
        let first = week_of(*day, start);
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
        let last = week.starts_on.checked_add_days(chrono::Days::new(6)).unwrap_or(week.starts_on);
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
                count(&mut weeks, &days(&all, zone), start);
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
            count(&mut weeks, &days(&all, zone), start);
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
