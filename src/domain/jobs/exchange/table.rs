//! Reading a table of applications: a line each.

use std::collections::HashMap;

use chrono::{NaiveDate, NaiveTime};
use csv::StringRecord;
use entity::kind::{Form, Kind};

use super::{
    draft::{Application, Job, StageName, Step, To, Tracker, When},
    mapping::{DateOrder, TrackerMapping},
    words,
};
use crate::{
    domain::{
        check,
        error::Code,
        jobs::{application, application_event, job_posting, stage},
        learning::exchange::notes::{Notes, Place},
        table::as_meant,
    },
    read::filter,
};
use entity::{jobs::stage::StageKind, kind::line as one_line};

/// How many lines a table holds.
const LINES_MAX: usize = 20_000;
/// The system of a table that names none.
const SOURCE: &str = "tracker";
/// How long a name in another system may be.
const NAME_MAX: usize = 200;

/// The columns of a table, by what they are.
struct Head<'m> {
    mapping: &'m TrackerMapping,
    places: HashMap<&'static str, usize>,
    /// Those that say when an application came to a stage.
    dated: Vec<(usize, StageName)>,
    names: StringRecord,
}

impl<'m> Head<'m> {
    fn read(names: &StringRecord, mapping: &'m TrackerMapping, notes: &mut Notes) -> Option<Self> {
        let before = notes.error_count;
        let find = |wanted: &str| names.iter().position(|name| words::folded(name) == words::folded(wanted));
        let mut places = HashMap::new();
        for (member, named) in members(mapping) {
            match (find(named.unwrap_or(member)).or_else(|| find(&spaced(member)).filter(|_| named.is_none())), named) {
                (Some(place), _) => drop(places.insert(member, place)),
                (None, Some(named)) => {
                    let message = format!("There is no column {named}.");
                    notes.error(Place::line(1).member(member), Code::BadInput, &message);
                }
                (None, None) if ["company", "title"].contains(&member) => {
                    notes.error(
                        Place::line(1).member(member),
                        Code::BadInput,
                        "The column is missing: say what it is called.",
                    );
                }
                (None, None) => {}
            }
        }
        let mut dated = Vec::new();
        for one in mapping.stage_dates.iter().flatten() {
            if let Some(place) = find(&one.column) {
                dated.push((place, StageName { kind: one.kind, name: one.name.clone() }));
            } else {
                let message = format!("There is no column {}.", one.column);
                notes.error(Place::line(1).member("stageDates"), Code::BadInput, &message);
            }
        }
        for (member, place) in &places {
            let name = names.get(*place).unwrap_or_default();
            if names.iter().filter(|other| words::folded(other) == words::folded(name)).count() > 1 {
                let message = format!("Two columns are called {name}.");
                notes.error(Place::line(1).member(member), Code::BadInput, &message);
            }
        }
        (notes.error_count == before).then_some(Self { mapping, places, dated, names: names.clone() })
    }

    fn cell<'r>(&self, line: &'r StringRecord, member: &str) -> Option<&'r str> {
        at(line, *self.places.get(member)?)
    }

    /// What a column is called in the table.
    fn name(&self, member: &'static str) -> &str {
        self.places.get(member).and_then(|place| self.names.get(*place)).unwrap_or(member)
    }
}

fn at(line: &StringRecord, place: usize) -> Option<&str> {
    let cell = as_meant(line.get(place)?).trim();
    (!cell.is_empty()).then_some(cell)
}

/// Every column that there may be, by its member of the mapping, with what it is called.
fn members(mapping: &TrackerMapping) -> [(&'static str, Option<&str>); 15] {
    let m = mapping;
    [
        ("externalId", m.external_id.as_deref()),
        ("company", m.company.as_deref()),
        ("title", m.title.as_deref()),
        ("status", m.status.as_deref()),
        ("appliedAt", m.applied_at.as_deref()),
        ("savedAt", m.saved_at.as_deref()),
        ("closedAt", m.closed_at.as_deref()),
        ("outcomeReason", m.outcome_reason.as_deref()),
        ("url", m.url.as_deref()),
        ("location", m.location.as_deref()),
        ("foundAt", m.found_at.as_deref()),
        ("channel", m.channel.as_deref()),
        ("resumeVersion", m.resume_version.as_deref()),
        ("nextAction", m.next_action.as_deref()),
        ("nextActionAt", m.next_action_at.as_deref()),
    ]
}

/// `appliedAt` as `applied at`.
fn spaced(member: &str) -> String {
    crate::domain::verb::spaced(member)
}

/// Reads a table; what is wrong with it is noted, a line at a time, and it is not to be taken in then.
#[must_use]
pub fn read(text: &str, mapping: &TrackerMapping, notes: &mut Notes) -> Option<Tracker> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let first = text.lines().next().unwrap_or_default();
    // Whatever separates most; of as many, the comma.
    let separator =
        [b'\t', b';', b','].into_iter().max_by_key(|&one| first.bytes().filter(|&byte| byte == one).count());
    let separator = separator.unwrap_or(b',');
    if is_unclosed(text, separator) {
        notes.error(Place::default(), Code::BadInput, "A quotation mark is not closed.");
        return None;
    }
    let mut table = csv::ReaderBuilder::new().delimiter(separator).flexible(true).from_reader(text.as_bytes());
    let Ok(names) = table.headers().cloned() else {
        notes.error(Place::line(1), Code::BadInput, "The head cannot be read.");
        return None;
    };
    let head = Head::read(&names, mapping, notes)?;
    let mut tracker =
        Tracker { source: mapping.source.clone().unwrap_or_else(|| SOURCE.to_owned()), ..Tracker::default() };
    let mut known = HashMap::new();
    for line in table.records() {
        let Ok(line) = line else {
            notes.error(Place::default(), Code::BadInput, "The table cannot be read.");
            return None;
        };
        if tracker.applications.len() == LINES_MAX {
            notes.error(Place::default(), Code::TooLarge, &format!("A table holds at most {LINES_MAX} lines."));
            return None;
        }
        let here = Place::line(line.position().and_then(|at| i64::try_from(at.line()).ok()).unwrap_or_default());
        if line.len() != names.len() {
            notes.error(here, Code::BadInput, &format!("{} cells are expected, not {}.", names.len(), line.len()));
            continue;
        }
        read_line(&head, &line, here, &mut tracker, &mut known, notes);
    }
    if tracker.applications.is_empty() {
        notes.error(Place::line(1), Code::BadInput, "There is no line below the head.");
    }
    Some(tracker)
}

/// Whether a cell that begins with a mark is not closed, and would take all the lines below it along. A mark within a cell is a letter.
fn is_unclosed(text: &str, separator: u8) -> bool {
    let (mut quoted, mut begins) = (false, true);
    let mut bytes = text.bytes().peekable();
    while let Some(byte) = bytes.next() {
        if quoted {
            // Marks inside a cell are doubled.
            quoted = byte != b'"' || bytes.next_if_eq(&b'"').is_some();
            continue;
        }
        quoted = begins && byte == b'"';
        begins = byte == separator || byte == b'\n' || byte == b'\r';
    }
    quoted
}

/// A line: an opening, and an application for it. Lines that are the same twice are two applications.
fn read_line(
    head: &Head<'_>,
    line: &StringRecord,
    here: Place,
    tracker: &mut Tracker,
    known: &mut HashMap<String, usize>,
    notes: &mut Notes,
) {
    let row = Row { head, line, here: &here };
    let (company, title) =
        (row.needed("company", one_line(1, 200), notes), row.needed("title", job_posting::TITLE, notes));
    let url = row.text("url", job_posting::URL, notes);
    let steps = row.steps(notes);
    let id = row.text("externalId", one_line(1, NAME_MAX), notes).unwrap_or_else(|| {
        let day = row.head.cell(line, "appliedAt").unwrap_or_default();
        let whole = [&company, &title, url.as_deref().unwrap_or_default(), day].map(words::folded).join("|");
        whole.chars().take(NAME_MAX - 10).collect()
    });
    let id = once(id, known);
    let job = Job {
        id: id.clone(),
        company,
        title,
        url,
        location: row.text("location", job_posting::LOCATION, notes),
        source: row.text("foundAt", job_posting::SOURCE, notes),
        ..Job::default()
    };
    let application = Application {
        id,
        job: tracker.jobs.len(),
        channel: row.channel(notes),
        resume_version: row.text("resumeVersion", application::RESUME, notes),
        next_action: row.text("nextAction", application::NEXT, notes),
        next_action_at: row.when("nextActionAt", notes),
        steps,
        at: here.clone(),
    };
    tracker.jobs.push(job);
    tracker.applications.push(application);
}

/// A name that no line before had: what is there several times is counted.
fn once(id: String, known: &mut HashMap<String, usize>) -> String {
    let mut times = known.get(&id).copied().unwrap_or(0);
    let name = loop {
        times += 1;
        let name = if times > 1 { format!("{id}#{times}") } else { id.clone() };
        if times == 1 || !known.contains_key(&name) {
            break name;
        }
    };
    known.insert(name.clone(), 1);
    known.insert(id, times);
    name
}

/// A line, with what its columns are.
struct Row<'a> {
    head: &'a Head<'a>,
    line: &'a StringRecord,
    here: &'a Place,
}

impl Row<'_> {
    fn place(&self, member: &'static str) -> Place {
        self.here.member(self.head.name(member))
    }

    fn text(&self, member: &'static str, kind: Kind, notes: &mut Notes) -> Option<String> {
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

    fn needed(&self, member: &'static str, kind: Kind, notes: &mut Notes) -> String {
        if self.head.cell(self.line, member).is_none() {
            notes.error(self.place(member), Code::BadInput, "The cell is empty.");
        }
        self.text(member, kind, notes).unwrap_or_default()
    }

    fn when(&self, member: &'static str, notes: &mut Notes) -> Option<When> {
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

    fn channel(&self, notes: &mut Notes) -> Option<entity::jobs::application::ApplicationChannel> {
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
    fn steps(&self, notes: &mut Notes) -> Vec<Step> {
        let mut steps = Vec::new();
        let stage = |kind, name| To::Stage(StageName { kind, name });
        for (member, kind) in [("savedAt", StageKind::Research), ("appliedAt", StageKind::Applied)] {
            if let Some(at) = self.when(member, notes) {
                steps.push(Step { to: stage(kind, None), at: Some(at), reason: None, stands: false });
            }
        }
        for (column, name) in &self.head.dated {
            let Some(text) = at(self.line, *column) else { continue };
            let place = self.here.member(self.head.names.get(*column).unwrap_or_default());
            if let Some(at) = self.read_when(text, place, notes) {
                steps.push(Step { to: To::Stage(name.clone()), at: Some(at), reason: None, stands: false });
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
        steps.extend(status.map(|to| Step { to, at, reason, stands: true }));
        steps
    }

    fn status(&self, notes: &mut Notes) -> Option<To> {
        let text = self.head.cell(self.line, "status")?;
        let mut meanings = self.head.mapping.statuses.iter().flatten();
        let said = meanings.find(|one| words::folded(&one.value) == words::folded(text));
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
    let usual = words::folded(stage::called(kind)) == words::folded(text);
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

    fn told(text: &str, mapping: &serde_json::Value) -> (Option<Tracker>, Vec<String>) {
        let mut notes = Notes::default();
        let mapping: TrackerMapping = serde_json::from_value(mapping.clone()).unwrap();
        let tracker = read(text, &mapping, &mut notes);
        let notes =
            notes.errors.into_iter().map(|one| format!("{:?} {} {}", one.line, one.pointer, one.code)).collect();
        (tracker, notes)
    }

    #[test]
    fn a_table_is_read_by_its_mapping() {
        let text = "Firm;Role;State;Applied;Phone call\nWindy Grid;ML engineer;Ghosted;1.3.2026;5.3.2026\nSunny;Analyst;Lunch;;\n";
        let mapping = serde_json::json!({
            "company": "Firm", "title": "Role", "status": "State", "appliedAt": "Applied", "dateOrder": "DMY",
            "stageDates": [{ "column": "Phone call", "kind": "SCREENING" }],
            "statuses": [{ "value": "lunch", "kind": "INTERVIEWING", "name": "Lunch" }],
        });
        let (tracker, notes) = told(text, &mapping);
        let tracker = tracker.unwrap();
        assert_eq!(notes, [""; 0]);
        assert_eq!((tracker.jobs[0].company.as_str(), tracker.applications.len()), ("Windy Grid", 2));
        assert_eq!(tracker.applications[0].id, "windy grid|ml engineer||1 3 2026");
        assert_eq!(tracker.applications[0].steps.len(), 3);
        let lunch = StageName { kind: StageKind::Interviewing, name: Some("Lunch".to_owned()) };
        assert_eq!(
            tracker.applications[1].steps,
            [Step { to: To::Stage(lunch), at: None, reason: None, stands: true }]
        );
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_column() {
        let text = "company,title,status,applied at,url\n,ML,Applied,2026-03-01,\nA,B,Lunch,31.1.2026,ftp://x\nA,B\n";
        let (_, notes) = told(text, &serde_json::json!({}));
        assert_eq!(
            notes,
            [
                "Some(2) /company BAD_INPUT",
                "Some(3) /url VALIDATION_FAILED",
                "Some(3) /applied at VALIDATION_FAILED",
                "Some(3) /status REFERENCE_UNKNOWN",
                "Some(4)  BAD_INPUT",
            ]
        );
        assert_eq!(told("a,b\n", &serde_json::json!({ "title": "c" })).1.len(), 2);
        assert_eq!(told("company,title\n", &serde_json::json!({})).1, ["Some(1)  BAD_INPUT"]);
        assert_eq!(told("company,title\n\"a,b\n", &serde_json::json!({})).1, ["None  BAD_INPUT"]);
        assert_eq!(told("company,title,Title\nA,B,C\n", &serde_json::json!({})).1, ["Some(1) /title BAD_INPUT"]);
    }

    #[test]
    fn tables_are_written_in_many_ways() {
        let read = |text: &str| {
            let (tracker, notes) = told(text, &serde_json::json!({}));
            assert_eq!(notes, [""; 0], "{text}");
            let tracker = tracker.unwrap();
            tracker.jobs.iter().map(|job| format!("{} {} {}", job.id, job.company, job.title)).collect::<Vec<_>>()
        };
        // A mark within a cell is a letter; tabs separate as well.
        assert_eq!(
            read("company\ttitle\texternalId\nTech 14\" screens\tML, or so\t7\n"),
            ["7 Tech 14\" screens ML, or so"]
        );
        assert_eq!(read("company,title,externalId\n\"A \"\"B\"\"\",C,1\n"), ["1 A \"B\" C"]);
        // Whatever names there are, no two are one.
        let three = read("company,title,externalId\nA,B,1\nA,B,1\nA,B,1#2\nA,B,1\n");
        assert_eq!(three, ["1 A B", "1#2 A B", "1#2#2 A B", "1#3 A B"]);
    }
}
