//! A person's calendar: the days on which what is theirs is due, as JSON and as iCalendar (§23, §37).

pub mod contents;
pub mod ics;

use chrono::NaiveDate;
use entity::{
    id::encode,
    kind::{Declared as _, Kind, int, line, list, prose, word},
    object,
    platform::{calendar_feed::CalendarContent, user},
    vocabulary::Set as Words,
};
use sea_orm::EntityTrait as _;
use serde::Serialize;

use self::{
    contents::{Content, Dated, MOST},
    ics::{Entry, Sure, When},
};
use super::calendar_feed::{CONTENTS, NAME};
use crate::{
    domain::{
        answer::{Answer, Form},
        clock,
        error::{Error, Result},
        learning::week::day_in,
        look::Look,
        policy::Action,
    },
    read::filter::time,
};

const ENTRY: Kind = Kind::Object(CalendarEntry::object);

object! {
    /// Of what.
    CalendarQuestion {
        /// What it holds; without it, everything that the token lets its bearer look at.
        optional contents: Words<CalendarContent> = CONTENTS,
        /// What it is called; without it, as the caller is.
        optional name: String = NAME,
    }
}

object! {
    /// The days on which what is the caller's is due: their own things, and those of the projects that they are in. It goes back a
    /// year, and tells of a thousand things of a kind, the earliest first.
    #[derive(Serialize)]
    Calendar {
        /// What it is called.
        required name: String = NAME,
        /// What is due, by kind and by day.
        required entries: Vec<CalendarEntry> = list(&ENTRY, MOST * 100),
    }
}

object! {
    /// Something that is due.
    #[derive(Serialize)]
    CalendarEntry {
        /// The id of what is due, with what it ends with where a thing is here as several: the `UID` of iCalendar, too.
        required uid: String = line(1, 100),
        /// What kind of thing it is.
        required content: CalendarContent = word::<CalendarContent>(),
        /// What it is called, with what it is part of.
        required summary: String = line(1, 500),
        /// More about it.
        optional description: String = prose(5000),
        /// On which day, where the person lives.
        required day: NaiveDate = Kind::Date,
        /// When it begins, of what takes time.
        optional starts_at: String = Kind::Time,
        /// For how many minutes it takes time.
        optional minutes: i64 = int(1, 1440),
        /// Whether it is done.
        required done: bool = Kind::Bool,
        /// Whether it is not agreed yet, or rests: a project that is not carried out now, a plan that is not active.
        required tentative: bool = Kind::Bool,
        /// Counts the changes of what is told here, from 0.
        required sequence: i64 = int(0, i64::MAX),
        /// When that last changed.
        required changed_at: String = Kind::Time,
    }
}

/// `calendar`.
#[must_use]
pub fn of_caller() -> Answer {
    Answer::new(
        "calendar",
        Action::ViewCalendar,
        "The days on which what is the caller's is due: a person's, never a machine's.",
        Kind::Object(Calendar::object),
        calendar,
    )
    .form(Form::ics("The same as iCalendar (RFC 5545): each thing a day in a calendar.", written))
}

async fn calendar(look: Look, asked: CalendarQuestion) -> Result<Calendar> {
    let wanted = asked.contents.unwrap_or_else(|| contents::readable(&look.who));
    holding(&look, asked.name, wanted).await
}

/// The calendar of this that is the caller's; without a name, it is called as they are.
///
/// # Errors
/// `INSUFFICIENT_SCOPE`; `FORBIDDEN` for machines.
pub(super) async fn holding(look: &Look, name: Option<String>, wanted: Words<CalendarContent>) -> Result<Calendar> {
    let person = user::Entity::find_by_id(look.who.person()?).one(&look.db).await?;
    let (called, zone) = person.map(|person| (person.name, person.time_zone)).unwrap_or_default();
    let mut entries = Vec::new();
    for content in wanted.iter() {
        let of = contents::of(content);
        look.who.has_scope_for(of.view)?;
        entries.extend(contents::dated(look, &of).await?.into_iter().map(|one| entry(content, &of, one, &zone)));
    }
    Ok(Calendar { name: name.unwrap_or(called), entries })
}

fn entry(content: CalendarContent, of: &Content, one: Dated, zone: &str) -> CalendarEntry {
    let parts = [Some(one.title), one.part_of];
    let day = one.day.or(one.at.map(|at| day_in(zone, at)));
    CalendarEntry {
        uid: format!("{}{}", encode(of.prefix, one.id), of.suffix),
        content,
        summary: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        description: one.note,
        day: day.unwrap_or_default(),
        starts_at: one.at.filter(|_| one.minutes.is_some()).map(clock::rfc3339),
        minutes: one.minutes,
        done: one.done,
        tentative: one.tentative && !one.done,
        sequence: one.sequence,
        changed_at: clock::rfc3339(one.changed_at),
    }
}

/// As iCalendar.
///
/// # Errors
/// `INTERNAL` for what no calendar of ours tells.
pub(super) fn written(told: &Calendar) -> Result<String> {
    let done: Vec<String> = told.entries.iter().map(|one| format!("✓ {}", one.summary)).collect();
    let entries = told.entries.iter().zip(&done).map(|(one, done)| {
        Ok(Entry {
            uid: &one.uid,
            when: when(one)?,
            summary: if one.done { done } else { &one.summary },
            description: one.description.as_deref(),
            category: contents::of(one.content).category,
            sure: if one.tentative { Sure::Tentative } else { Sure::Confirmed },
            sequence: one.sequence,
            changed_at: time(&one.changed_at).ok_or_else(|| Error::internal("a moment of our own that is none"))?,
        })
    });
    Ok(ics::write(&told.name, &entries.collect::<Result<Vec<_>>>()?))
}

/// When something is: what takes time begins at a moment.
fn when(one: &CalendarEntry) -> Result<When> {
    let Some((starts_at, minutes)) = one.starts_at.as_ref().zip(one.minutes) else { return Ok(When::Day(one.day)) };
    let at = time(starts_at).ok_or_else(|| Error::internal("a moment of our own that is none"))?;
    Ok(When::Moment(at, minutes))
}

#[cfg(test)]
mod tests {
    use entity::vocabulary::Vocabulary as _;

    use super::*;

    #[test]
    fn what_is_done_is_seen_and_sure() {
        let at = clock::now();
        let one = |done, tentative| Dated {
            id: clock::new_uuid(),
            title: "First forecast".to_owned(),
            part_of: Some("Wind".to_owned()),
            note: None,
            day: Some(at.date_naive()),
            at: None,
            minutes: None,
            done,
            tentative,
            sequence: 1,
            changed_at: at,
        };
        for (done, tentative, summary, status) in [
            (false, true, "First forecast · Wind", "TENTATIVE"),
            (false, false, "First forecast · Wind", "CONFIRMED"),
            (true, true, "✓ First forecast · Wind", "CONFIRMED"),
        ] {
            let content = CalendarContent::Milestones;
            let told = entry(content, &contents::of(content), one(done, tentative), "UTC");
            let text = written(&Calendar { name: "Ada".to_owned(), entries: vec![told] }).unwrap();
            assert!(text.contains(&format!("SUMMARY:{summary}\r\n")), "{text}");
            assert!(text.contains(&format!("STATUS:{status}\r\n")), "{text}");
        }
    }

    #[test]
    fn what_takes_time_begins_at_a_moment() {
        let at: chrono::DateTime<chrono::Utc> = "2026-03-31T22:30:00Z".parse().unwrap();
        let one = |minutes| Dated {
            id: clock::new_uuid(),
            title: "Talk with Noor".to_owned(),
            part_of: None,
            note: None,
            day: None,
            at: Some(at),
            minutes,
            done: false,
            tentative: false,
            sequence: 0,
            changed_at: at,
        };
        for (content, minutes, uid, start) in [
            (CalendarContent::Interviews, Some(30), "", "DTSTART:20260331T223000Z"),
            (CalendarContent::NextActions, None, "-next", "DTSTART;VALUE=DATE:20260401"),
            (CalendarContent::InformationalInterviews, Some(30), "", "DTSTART:20260331T223000Z"),
            (CalendarContent::FollowUps, None, "-follow-up", "DTSTART;VALUE=DATE:20260401"),
        ] {
            let told = entry(content, &contents::of(content), one(minutes), "Europe/Vienna");
            assert_eq!(told.day.to_string(), "2026-04-01", "where the person lives");
            assert!(told.uid.ends_with(uid) && told.uid.contains('_'), "{}", told.uid);
            let text = written(&Calendar { name: "Ada".to_owned(), entries: vec![told] }).unwrap();
            assert!(text.contains(&format!("{start}\r\n")), "{text}");
        }
    }

    #[test]
    fn every_kind_has_a_name() {
        for content in CalendarContent::ALL {
            assert!(!contents::of(*content).category.is_empty(), "{content}");
        }
    }
}
