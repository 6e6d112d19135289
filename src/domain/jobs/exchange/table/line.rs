//! Reading a line of a table: cells as they are meant, and days in the order in which the table writes them.

use chrono::{NaiveDate, NaiveTime};
use csv::StringRecord;
use entity::{
    jobs::stage::StageKind,
    kind::{Form, Kind},
};

use super::{Head, at};
use crate::{
    domain::{
        check,
        error::Code,
        jobs::{
            application_event,
            exchange::{
                draft::{Places, StageName, Step, To, When},
                mapping::DateOrder,
                words,
            },
            stage,
        },
        learning::exchange::notes::{Notes, Place},
        spelling::plain,
    },
    read::filter,
};

/// A line, with what its columns are.
pub(super) struct Row<'a> {
    pub head: &'a Head<'a>,
    pub line: &'a StringRecord,
    pub here: &'a Place,
}

impl Row<'_> {
    pub(super) fn place(&self, member: &'static str) -> Place {
        self.here.member(self.head.name(member))
    }

    pub(super) fn text(&self, member: &'static str, kind: Kind, notes: &mut Notes) -> Option<String> {
        let text = self.head.cell(self.line, member)?;
        if let Kind::Text { min, max, form } = kind
            && let Some(why) = check::wrong_text(text, min, max, form)
        {
            let why = if form == Form::Url { "must be an address that begins with http.".to_owned() } else { why };
            notes.error(self.place(member), Code::ValidationFailed, &why);
            return None;
        }
        Some(text.to_owned())
    }

    pub(super) fn needed(&self, member: &'static str, kind: Kind, notes: &mut Notes) -> String {
        if self.head.cell(self.line, member).is_none() {
            notes.error(self.place(member), Code::BadInput, "The cell is empty.");
        }
        self.text(member, kind, notes).unwrap_or_default()
    }

    pub(super) fn when(&self, member: &'static str, notes: &mut Notes) -> Option<When> {
        self.read_when(self.head.cell(self.line, member)?, self.place(member), notes)
    }

    fn read_when(&self, text: &str, place: Place, notes: &mut Notes) -> Option<When> {
        let order = self.head.mapping.date_order.unwrap_or(DateOrder::Ymd);
        let read = when(text, order);
        if read.is_none() {
            let example = match order {
                DateOrder::Ymd => "2026-01-31",
                DateOrder::Dmy => "31.01.2026",
                DateOrder::Mdy => "01/31/2026",
            };
            notes.error(
                place,
                Code::ValidationFailed,
                &format!("must be a day such as {example}, or a time such as 2026-01-31T12:00:00Z."),
            );
        }
        read
    }

    pub(super) fn channel(&self, notes: &mut Notes) -> Option<entity::jobs::application::ApplicationChannel> {
        let text = self.head.cell(self.line, "channel")?;
        let known = words::channel(text);
        if known.is_none() {
            notes.warn(
                self.place("channel"),
                "CHANNEL_UNKNOWN",
                "This is no way that is known: it is taken in as direct.",
            );
        }
        known
    }

    /// What happened: what is dated, where it stands, and how it ended.
    pub(super) fn steps(&self, notes: &mut Notes) -> Vec<Step> {
        let mut steps = Vec::new();
        let stage = |kind, name| To::Stage(StageName { kind, name });
        for (member, kind) in [("savedAt", StageKind::Research), ("appliedAt", StageKind::Applied)] {
            if let Some(at) = self.when(member, notes) {
                let said = Places::at(self.place(member));
                steps.push(Step { to: stage(kind, None), at: Some(at), reason: None, stands: false, said });
            }
        }
        for (column, name) in &self.head.dated {
            let Some(text) = at(self.line, *column) else { continue };
            let place = self.here.member(self.head.names.get(*column).unwrap_or_default());
            if let Some(at) = self.read_when(text, place.clone(), notes) {
                let (to, said) = (To::Stage(name.clone()), Places::at(place));
                steps.push(Step { to, at: Some(at), reason: None, stands: false, said });
            }
        }
        let reason = self.text("outcomeReason", application_event::REASON, notes);
        let closed = self.when("closedAt", notes);
        let status = self.status(notes);
        let ends = matches!(status, Some(To::End(_)));
        if closed.is_some() && !ends {
            let message = "It says when it ended, and not how: that is left out.";
            notes.warn(self.place("closedAt"), "CLOSED_AT_LEFT_OUT", message);
        }
        let (at, reason) = if ends { (closed, reason) } else { (None, None) };
        let when = self.place(if at.is_some() { "closedAt" } else { "status" });
        let said = Places { what: self.place("status"), when };
        steps.extend(status.map(|to| Step { to, at, reason, stands: true, said }));
        steps
    }

    fn status(&self, notes: &mut Notes) -> Option<To> {
        let text = self.head.cell(self.line, "status")?;
        let mut meanings = self.head.mapping.statuses.iter().flatten();
        let said = meanings.find(|one| plain(&one.value) == plain(text));
        let stage = |kind, name| To::Stage(StageName { kind, name });
        let to = match said {
            Some(one) => one.outcome.map(To::End).or_else(|| one.kind.map(|kind| stage(kind, one.name.clone()))),
            None => words::end(text).map(To::End).or_else(|| words::stage(text).map(|kind| named(kind, text))),
        };
        if to.is_none() {
            let message = "Neither a stage nor an end is called so: say in statuses what it is.";
            notes.error(self.place("status"), Code::ReferenceUnknown, message);
        }
        to
    }
}

/// A stage as the table calls it, unless that is what its kind is called anyway.
fn named(kind: StageKind, text: &str) -> To {
    let usual = plain(stage::called(kind)) == plain(text);
    let name: String = text.chars().take(100).collect();
    To::Stage(StageName { kind, name: (!usual).then_some(name) })
}

/// A moment, or a day in the order in which the table writes them.
fn when(text: &str, order: DateOrder) -> Option<When> {
    if let Some(at) = filter::time(text) {
        return Some(When::At(at));
    }
    if let Some((day, time)) = text.split_once(['T', ' ']) {
        let time = ["%H:%M", "%H:%M:%S"].iter().find_map(|form| NaiveTime::parse_from_str(time.trim(), form).ok())?;
        let Some(When::On(day)) = when(day, order) else { return None };
        return Some(When::Then(day.and_time(time)));
    }
    let mut parts = text.split(['-', '/', '.']).map(|part| part.trim().parse::<u32>().ok());
    let (first, second, third) = (parts.next()??, parts.next()??, parts.next()??);
    if parts.next().is_some() {
        return None;
    }
    // A year of four digits at the front is one in every order.
    let (year, month, day) = match order {
        _ if first >= 1000 => (first, second, third),
        DateOrder::Ymd => return None,
        DateOrder::Dmy => (third, second, first),
        DateOrder::Mdy => (third, first, second),
    };
    let year = if year < 100 { year + 2000 } else { year };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day).map(When::On)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_their_order() {
        let day = |text, order| match when(text, order) {
            Some(When::On(day)) => day.to_string(),
            Some(When::At(at)) => at.to_rfc3339(),
            Some(When::Then(at)) => at.to_string(),
            None => "-".to_owned(),
        };
        for (text, order, wanted) in [
            ("2026-01-31", DateOrder::Ymd, "2026-01-31"),
            ("2026/1/31", DateOrder::Dmy, "2026-01-31"),
            ("31.01.2026", DateOrder::Dmy, "2026-01-31"),
            ("01/31/26", DateOrder::Mdy, "2026-01-31"),
            ("2026-01-31T10:00:00+01:00", DateOrder::Mdy, "2026-01-31T09:00:00+00:00"),
            ("2026-01-31 10:00", DateOrder::Dmy, "2026-01-31 10:00:00"),
            ("2026-01-31T10:00:30", DateOrder::Dmy, "2026-01-31 10:00:30"),
            ("31.01.2026 9:05", DateOrder::Dmy, "2026-01-31 09:05:00"),
            ("2026-01-31 25:00", DateOrder::Ymd, "-"),
            ("31.01.2026", DateOrder::Ymd, "-"),
            ("31/01/2026", DateOrder::Mdy, "-"),
            ("yesterday", DateOrder::Dmy, "-"),
            ("1.2.3.4", DateOrder::Dmy, "-"),
        ] {
            assert_eq!(day(text, order), wanted, "{text} {order}");
        }
    }
}
