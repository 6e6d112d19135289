//! Whom it is time to be in touch with: counted from the last interaction, not by a clock of its own (§31).

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    id::{CompanyId, ContactId, UserId},
    kind::{Declared as _, Kind, id, int, list, prose},
    object,
    platform::user,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::contact::{CADENCE, NAME, RELATIONSHIP};
use crate::{
    domain::{
        answer::Answer,
        clock,
        error::Result,
        learning::week::{begins_in, day_in},
        look::Look,
        policy::Action,
    },
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// How many contacts are looked at of whom the time zone decides whether it is time: those of a few hours.
const BORDER: usize = 10_000;
/// By how many seconds two moments of the same hour of the day differ from whole days at most, where clocks are put forward and back.
const CLOCKS: i64 = 3 * 60 * 60;
/// How many are told.
const TOLD: usize = 200;
/// How many, when nobody says.
const USUAL: usize = 50;
const DUE: Kind = Kind::Object(ContactDue::object);

object! {
    /// Of whom, and until when.
    KeepInTouchQuestion {
        /// Whose contacts; without it, the caller's.
        optional user_id: UserId = id::<UserId>(),
        /// Until which day it is due; without it, until today.
        optional due: NaiveDate = Kind::Date,
        /// How many to tell of at most; 50, unless it is said.
        optional limit: i64 = int(1, 200),
    }
}

object! {
    /// Whom it is time to be in touch with.
    #[derive(Serialize)]
    KeepInTouch {
        /// Whose contacts they are.
        required user_id: UserId = id::<UserId>(),
        /// Until which day.
        required due: NaiveDate = Kind::Date,
        /// How many there are.
        required total: i64 = int(0, i64::MAX),
        /// Who, whoever has waited longest first.
        required contacts: Vec<ContactDue> = list(&DUE, TOLD),
    }
}

object! {
    /// Somebody whom it is time to be in touch with.
    #[derive(Serialize)]
    ContactDue {
        /// The contact.
        required contact_id: ContactId = id::<ContactId>(),
        /// What they are called.
        required name: String = NAME,
        /// Where they work.
        optional company_id: CompanyId = id::<CompanyId>(),
        /// How the owner stands to them.
        optional relationship: String = RELATIONSHIP,
        /// After how many days without a word it is time for one.
        required cadence_days: i64 = CADENCE,
        /// When they were last in touch.
        optional last_interaction_at: String = Kind::Time,
        /// Since when it is time.
        required due_on: NaiveDate = Kind::Date,
        /// For how many days it has been; less than 0 when it is still to come.
        required days_overdue: i64 = int(-1_000_000, 1_000_000),
        /// Why, in a sentence.
        required reason: String = prose(500),
    }
}

/// `keepInTouch`.
#[must_use]
pub fn of_person() -> Answer {
    Answer::new(
        "keepInTouch",
        Action::ViewNetwork,
        "Whom it is time to be in touch with: of the contacts with a cadence those with whom the last interaction is longer ago than that.",
        Kind::Object(KeepInTouch::object),
        keep_in_touch,
    )
}

async fn keep_in_touch(look: Look, asked: KeepInTouchQuestion) -> Result<KeepInTouch> {
    let person = look.person(asked.user_id, Action::ViewNetwork).await?;
    let today = day_in(&person.time_zone, look.now);
    let due = asked.due.unwrap_or(today);
    let limit = asked.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(USUAL);
    let border = at_the_border(&look, &person, due).await?;
    let total = surely(&look, &person, due).await?.saturating_add(i64::try_from(border.len()).unwrap_or(i64::MAX));
    let mut waiting = waiting(&look, &person, due, limit).await?;
    waiting.extend(border);
    let mut contacts: Vec<ContactDue> = waiting.into_iter().map(|one| one.told(&person.time_zone, today)).collect();
    longest_first(&mut contacts);
    contacts.dedup_by_key(|one| one.contact_id);
    contacts.truncate(limit);
    Ok(KeepInTouch { user_id: person.id, due, total, contacts })
}

/// A contact with a cadence.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain) struct Waiting {
    pub id: ContactId,
    pub name: String,
    company_id: Option<CompanyId>,
    relationship: Option<String>,
    cadence_days: i64,
    last_interaction_at: Option<DateTime<Utc>>,
    created_at: DateTime<Utc>,
}

impl Waiting {
    /// Since which day it is time.
    pub(in crate::domain) fn due_on(&self, time_zone: &str) -> NaiveDate {
        due_on(day_in(time_zone, self.last_interaction_at.unwrap_or(self.created_at)), self.cadence_days)
    }

    /// Why, in a sentence.
    pub(in crate::domain) fn reason(&self, time_zone: &str) -> String {
        let every = match self.cadence_days {
            1 => "every day".to_owned(),
            days => format!("every {days} days"),
        };
        match self.last_interaction_at {
            Some(at) => {
                format!("You were last in touch on {}, and meant to be {every}.", day_in(time_zone, at))
            }
            None => format!(
                "Nothing is logged since you noted them down on {}, and you meant to be in touch {every}.",
                day_in(time_zone, self.created_at)
            ),
        }
    }

    fn told(self, time_zone: &str, today: NaiveDate) -> ContactDue {
        let due_on = self.due_on(time_zone);
        ContactDue {
            reason: self.reason(time_zone),
            contact_id: self.id,
            name: self.name,
            company_id: self.company_id,
            relationship: self.relationship,
            cadence_days: self.cadence_days,
            last_interaction_at: self.last_interaction_at.map(clock::rfc3339),
            due_on,
            days_overdue: (today - due_on).num_days(),
        }
    }
}

/// Whom it is time to be in touch with by a day, as far as the caller may see them: so many who have waited longest.
pub(in crate::domain) async fn waiting(
    look: &Look,
    person: &user::Model,
    due: NaiveDate,
    most: usize,
) -> Result<Vec<Waiting>> {
    let mut sql = look.sql();
    sql.push(WAITING);
    of(look, &mut sql, person).push(" AND c.due_second < ").bind(Arg::Int(ends(person, due) + CLOCKS));
    sql.push(&format!(" ORDER BY c.due_second, c.id LIMIT {most}"));
    Ok(in_time(look.rows(&sql).await?, person, due))
}

/// Those of whom it takes the time zone to say whether it is time by a day, and of whom it is.
async fn at_the_border(look: &Look, person: &user::Model, due: NaiveDate) -> Result<Vec<Waiting>> {
    let ends = ends(person, due);
    let mut sql = look.sql();
    sql.push(WAITING);
    of(look, &mut sql, person).push(" AND c.due_second >= ").bind(Arg::Int(ends - CLOCKS));
    sql.push(" AND c.due_second < ").bind(Arg::Int(ends + CLOCKS));
    sql.push(&format!(" ORDER BY c.due_second, c.id LIMIT {BORDER}"));
    Ok(in_time(look.rows(&sql).await?, person, due))
}

#[derive(FromQueryResult)]
struct CountRow {
    count: i64,
}

/// Of how many it is time by a day, wherever their owner lives.
async fn surely(look: &Look, person: &user::Model, due: NaiveDate) -> Result<i64> {
    let mut sql = look.sql();
    sql.push("SELECT CAST(COUNT(*) AS BIGINT) AS count FROM \"contact\" c WHERE c.deleted_at IS NULL AND c.cadence_days IS NOT NULL");
    of(look, &mut sql, person).push(" AND c.due_second < ").bind(Arg::Int(ends(person, due) - CLOCKS));
    Ok(look.rows::<CountRow>(&sql).await?.first().map_or(0, |row| row.count))
}

const WAITING: &str = "SELECT c.id, c.name, c.company_id, c.relationship, c.cadence_days, c.last_interaction_at, c.created_at \
     FROM \"contact\" c WHERE c.deleted_at IS NULL AND c.cadence_days IS NOT NULL";

fn of<'s>(look: &Look, sql: &'s mut Sql, person: &user::Model) -> &'s mut Sql {
    sql.push(" AND c.owner_id = ").bind(Arg::Uuid(person.id.0)).push(" AND ");
    sql.visible(shape("Contact"), "c", &look.who)
}

/// When a day ends where somebody lives, in seconds since the epoch.
fn ends(person: &user::Model, day: NaiveDate) -> i64 {
    begins_in(&person.time_zone, day.succ_opt().unwrap_or(day)).timestamp()
}

fn in_time(mut all: Vec<Waiting>, person: &user::Model, due: NaiveDate) -> Vec<Waiting> {
    all.retain(|one| one.due_on(&person.time_zone) <= due);
    all
}

/// So many days after the last one.
fn due_on(last: NaiveDate, cadence: i64) -> NaiveDate {
    let days = Days::new(u64::try_from(cadence).unwrap_or_default());
    last.checked_add_days(days).unwrap_or(NaiveDate::MAX)
}

fn longest_first(contacts: &mut [ContactDue]) {
    contacts.sort_by(|a, b| (a.due_on, &a.name, a.contact_id).cmp(&(b.due_on, &b.name, b.contact_id)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn waiting(name: &str, cadence_days: i64, last: Option<&str>) -> Waiting {
        Waiting {
            id: clock::new_id(),
            name: name.to_owned(),
            company_id: None,
            relationship: None,
            cadence_days,
            last_interaction_at: last.map(|at| at.parse().unwrap()),
            created_at: "2026-01-01T12:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn it_counts_from_the_last_interaction_where_the_person_lives() {
        for (cadence, last, zone, due) in [
            (30, Some("2026-03-01T12:00:00Z"), "UTC", "2026-03-31"),
            (30, Some("2026-03-01T23:30:00Z"), "Europe/Vienna", "2026-04-01"),
            (1, Some("2026-03-01T04:00:00Z"), "America/New_York", "2026-03-01"),
            (10, None, "UTC", "2026-01-11"),
            (3650, Some("2026-03-01T12:00:00Z"), "UTC", "2036-02-27"),
        ] {
            assert_eq!(waiting("Noor", cadence, last).due_on(zone).to_string(), due, "{cadence} {last:?} {zone}");
        }
    }

    #[test]
    fn whoever_has_waited_longest_comes_first() {
        let today = "2026-03-10".parse().unwrap();
        let all = [("b", 5), ("a", 5), ("c", 30), ("d", 400)];
        let mut all = all.map(|(name, days)| waiting(name, days, Some("2026-03-01T12:00:00Z")).told("UTC", today));
        longest_first(&mut all);
        let told: Vec<_> = all.iter().map(|one| (one.name.as_str(), one.days_overdue)).collect();
        assert_eq!(told, [("a", 4), ("b", 4), ("c", -21), ("d", -391)]);
        assert_eq!(all[0].reason, "You were last in touch on 2026-03-01, and meant to be every 5 days.");
    }
}
