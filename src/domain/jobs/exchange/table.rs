//! Reading a table of applications: a line each.

mod line;

use std::collections::HashMap;

use csv::StringRecord;
use entity::kind::line as one_line;
use twox_hash::XxHash3_64;

use self::line::Row;
use super::{
    draft::{Alike, Application, Job, Members, StageName, Tracker},
    mapping::TrackerMapping,
};
use crate::domain::{
    error::Code,
    jobs::{application, job_posting},
    learning::exchange::{
        notes::{Notes, Place},
        sheet,
    },
    spelling::{folded, plain},
    table::as_meant,
};

/// How many lines a table holds.
const LINES_MAX: usize = 20_000;
/// The system of a table that names none.
const SOURCE: &str = "tracker";
/// How long a name in another system may be.
const NAME_MAX: usize = 200;
/// How long that is by which an application is known that has none: a day and a number may follow.
const KNOWN_MAX: usize = NAME_MAX - 20;

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
        let find = |wanted: &str| names.iter().position(|name| plain(name) == plain(wanted));
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
            if names.iter().filter(|other| plain(other) == plain(name)).count() > 1 {
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

    /// What all of them are called. Without a column of names, an application is known by what it is for.
    fn members(&self) -> Members {
        let mut all: HashMap<_, _> = self.places.keys().map(|&member| (member, self.name(member).to_owned())).collect();
        all.entry("externalId").or_insert_with(|| self.name("title").to_owned());
        Members(all)
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
    let sheet = sheet::read(text, LINES_MAX, notes)?;
    let head = Head::read(&sheet.head, mapping, notes)?;
    let source = mapping.source.clone().unwrap_or_else(|| SOURCE.to_owned());
    let mut tracker = Tracker { source, members: head.members(), ..Tracker::default() };
    let mut known = HashMap::new();
    for (at, line) in &sheet.lines {
        read_line(&head, line, Place::line(*at), &mut tracker, &mut known, notes);
    }
    if tracker.applications.is_empty() {
        notes.error(Place::line(1), Code::BadInput, "There is no line below the head.");
    }
    Some(tracker)
}

/// A line: an opening, and an application for it. Lines that are the same twice are two applications; what they are called that have no
/// name, is seen by what is there already.
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
    let own = row.text("externalId", one_line(1, NAME_MAX), notes).map(|id| once(id, known));
    let alike = own.is_none().then(|| {
        let place = row.place("appliedAt");
        let applied = steps.iter().find(|step| step.said.when == place).and_then(|step| step.at);
        Alike { name: known_by([&company, &title, url.as_deref().unwrap_or_default()]), applied }
    });
    let id = own.or_else(|| alike.as_ref().map(|alike| alike.name.clone())).unwrap_or_default();
    let job = Job {
        at: here.clone(),
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
        alike,
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

/// By what an application is known that has no name: case and blanks say nothing in it, marks do.
fn known_by(parts: [&str; 3]) -> String {
    let whole = parts.map(folded).join("|");
    if whole.chars().count() <= KNOWN_MAX {
        return whole;
    }
    // The end of an address often says which of many it is.
    let sum = XxHash3_64::oneshot(whole.as_bytes());
    format!("{}~{sum:016x}", whole.chars().take(KNOWN_MAX - 17).collect::<String>())
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

#[cfg(test)]
mod tests {
    use super::{
        super::draft::{Places, Step, To},
        *,
    };
    use entity::jobs::stage::StageKind;

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
        let alike = tracker.applications.iter().map(|one| one.alike.as_ref().unwrap());
        let alike: Vec<_> = alike.map(|alike| (alike.name.as_str(), alike.day().map(|day| day.to_string()))).collect();
        assert_eq!(alike, [("windy grid|ml engineer|", Some("2026-03-01".to_owned())), ("sunny|analyst|", None)]);
        assert_eq!(tracker.applications[0].steps.len(), 3);
        let lunch = StageName { kind: StageKind::Interviewing, name: Some("Lunch".to_owned()) };
        let said = Places::at(Place::line(3).member("State"));
        assert_eq!(
            tracker.applications[1].steps,
            [Step { to: To::Stage(lunch), at: None, reason: None, stands: true, said }]
        );
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_column() {
        let text = "company,title,status,applied at,url\n,ML,Applied,2026-03-01,\nA,B,Lunch,31.1.2026,ftp://x\nA,B\n";
        let (_, notes) = told(text, &serde_json::json!({}));
        assert_eq!(
            notes,
            [
                "Some(4)  BAD_INPUT",
                "Some(2) /company BAD_INPUT",
                "Some(3) /url VALIDATION_FAILED",
                "Some(3) /applied at VALIDATION_FAILED",
                "Some(3) /status REFERENCE_UNKNOWN",
            ]
        );
        assert_eq!(told("a,b\n", &serde_json::json!({ "title": "c" })).1.len(), 2);
        assert_eq!(told("company,title\n", &serde_json::json!({})).1, ["Some(1)  BAD_INPUT"]);
        assert_eq!(told("company,title\n\"a,b\n", &serde_json::json!({})).1, ["None  BAD_INPUT"]);
        assert_eq!(told("company,title,Title\nA,B,C\n", &serde_json::json!({})).1, ["Some(1) /title BAD_INPUT"]);
    }

    #[test]
    fn what_has_no_name_is_known_by_what_it_is_for() {
        assert_eq!(known_by([" Windy  GRID", "C++ dev", ""]), "windy grid|c++ dev|");
        assert_ne!(known_by(["A", "C++ dev", ""]), known_by(["A", "C# dev", ""]));
        let long = |end: &str| known_by(["A", "B", &format!("https://example.org/{}{end}", "x".repeat(300))]);
        assert_eq!((long("1").chars().count(), long("1") == long("1")), (KNOWN_MAX, true));
        assert_ne!(long("1"), long("2"));
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
