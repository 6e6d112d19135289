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
    contents::{Dated, MOST},
    ics::{Entry, Sure, When},
};
use super::calendar_feed::{CONTENTS, NAME};
use crate::{
    domain::{
        answer::{Answer, Form},
        clock,
        error::{Error, Result},
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
        /// The id of what is due: the `UID` of iCalendar, too.
        required uid: String = line(1, 100),
        /// What kind of thing it is.
        required content: CalendarContent = word::<CalendarContent>(),
        /// What it is called, with what it is part of.
        required summary: String = line(1, 500),
        /// More about it.
        optional description: String = prose(5000),
        /// On which day.
        required day: NaiveDate = Kind::Date,
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
    let person = look.who.person()?;
    let name = match asked.name {
        Some(name) => name,
        None => user::Entity::find_by_id(person).one(&look.db).await?.map(|person| person.name).unwrap_or_default(),
    };
    holding(&look, name, wanted).await
}

/// The calendar of this that is the caller's.
///
/// # Errors
/// `INSUFFICIENT_SCOPE`.
pub(super) async fn holding(look: &Look, name: String, wanted: Words<CalendarContent>) -> Result<Calendar> {
    let mut entries = Vec::new();
    for content in wanted.iter() {
        let of = contents::of(content);
        look.who.has_scope_for(of.view)?;
        entries.extend(contents::dated(look, &of).await?.into_iter().map(|one| entry(content, of.prefix, one)));
    }
    Ok(Calendar { name, entries })
}

fn entry(content: CalendarContent, prefix: &str, one: Dated) -> CalendarEntry {
    let parts = [Some(one.title), one.part_of];
    CalendarEntry {
        uid: encode(prefix, one.id),
        content,
        summary: parts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
        description: one.note,
        day: one.day,
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
            when: When::Day(one.day),
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
            day: at.date_naive(),
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
            let told = entry(CalendarContent::Milestones, "ms", one(done, tentative));
            let text = written(&Calendar { name: "Ada".to_owned(), entries: vec![told] }).unwrap();
            assert!(text.contains(&format!("SUMMARY:{summary}\r\n")), "{text}");
            assert!(text.contains(&format!("STATUS:{status}\r\n")), "{text}");
        }
    }

    #[test]
    fn every_kind_has_a_name() {
        for content in CalendarContent::ALL {
            assert!(!contents::of(*content).category.is_empty(), "{content}");
        }
    }
}
