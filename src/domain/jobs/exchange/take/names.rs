//! Names for the lines of a table that has none of its own: an application is known by company, title and address. Its day, which often is
//! said only later, tells lines apart that are alike in these, of one file or of two.

use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use chrono::NaiveDate;

use super::known::{Before, Known};
use crate::domain::{jobs::exchange::draft::Tracker, learning::week::day_in};

/// What is there under a name.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    /// When one applied.
    applied: Option<NaiveDate>,
    /// When it ended.
    ended: Option<NaiveDate>,
}

/// The applications that are alike, by what they are known by, in the order of the file.
fn groups(tracker: &Tracker) -> HashMap<&str, Vec<(usize, Option<NaiveDate>)>> {
    let mut groups: HashMap<&str, Vec<_>> = HashMap::new();
    for (place, one) in tracker.applications.iter().enumerate() {
        if let Some(alike) = &one.alike {
            groups.entry(&alike.name).or_default().push((place, alike.day()));
        }
    }
    groups
}

/// The names under which the applications of a tracker may be known.
pub(super) fn asked(tracker: &Tracker) -> Vec<String> {
    let mut names = Vec::new();
    for (base, lines) in groups(tracker) {
        let mut counts: BTreeMap<Option<NaiveDate>, usize> = BTreeMap::new();
        for (_, day) in &lines {
            *counts.entry(*day).or_default() += 1;
        }
        names.extend((1..=lines.len()).map(|number| name(base, None, number)));
        let dated = counts.iter().filter(|(day, _)| day.is_some());
        names.extend(dated.flat_map(|(day, count)| (1..=*count).map(|number| name(base, *day, number))));
    }
    names
}

/// Gives each application the name under which it is known here, or a new one.
pub(super) fn settle(known: &Known, tracker: &mut Tracker, zone: &str) {
    let own = tracker.applications.iter().filter(|one| one.alike.is_none()).map(|one| one.id.as_str());
    let own: HashSet<&str> = own.collect();
    let held = |name: &str| match known.application(name) {
        Before::Never => None,
        Before::Gone => Some(Held::default()),
        Before::There(one) => {
            let day = |at| day_in(zone, at);
            Some(Held { applied: one.applied_at.map(day), ended: one.closed_at.map(day) })
        }
    };
    let mut given: Vec<(usize, String)> = Vec::new();
    for (base, lines) in groups(tracker) {
        let days: Vec<_> = lines.iter().map(|(_, day)| *day).collect();
        let names = named(base, &days, &own, held);
        given.extend(lines.iter().map(|(place, _)| *place).zip(names));
    }
    for (place, name) in given {
        let one = &mut tracker.applications[place];
        if let Some(job) = tracker.jobs.get_mut(one.job) {
            job.id.clone_from(&name);
        }
        one.id = name;
    }
}

/// A name of what is alike: that of the day, or without one, and its number among these.
fn name(base: &str, day: Option<NaiveDate>, number: usize) -> String {
    let day = day.map_or_else(String::new, |day| format!("|{day}"));
    let number = if number > 1 { format!("#{number}") } else { String::new() };
    format!("{base}{day}{number}")
}

/// The names of lines that are alike but for their days, in their order. `own` are names that the file itself gives.
fn named(
    base: &str,
    days: &[Option<NaiveDate>],
    own: &HashSet<&str>,
    held: impl Fn(&str) -> Option<Held>,
) -> Vec<String> {
    let held = |name: &str| held(name).filter(|_| !own.contains(name));
    let mut left: BTreeMap<Option<NaiveDate>, VecDeque<usize>> = BTreeMap::new();
    for (line, day) in days.iter().enumerate() {
        left.entry(*day).or_default().push_back(line);
    }
    let mut names: Vec<Option<String>> = vec![None; days.len()];
    // Those that are known by their days: of lines that are the same, the last.
    for (day, lines) in left.iter_mut().filter(|(day, _)| day.is_some()) {
        let known = (1..=lines.len()).take_while(|number| held(&name(base, *day, *number)).is_some()).count();
        for (number, line) in (1..).zip(lines.split_off(lines.len() - known)) {
            names[line] = Some(name(base, *day, number));
        }
    }
    // Then those that are known without: by the day on which one applied, or as what had none yet.
    let known = (1..=days.len()).map(|number| name(base, None, number));
    let mut known: Vec<(String, Held)> = known.map_while(|name| held(&name).map(|held| (name, held))).collect();
    for fit in [fits_its_day, fits_no_day, fits_any_day] {
        known.retain(|(name, held)| {
            let line = left.iter_mut().find(|(day, lines)| !lines.is_empty() && fit(*held, **day));
            let line = line.and_then(|(_, lines)| lines.pop_front());
            line.map(|line| names[line] = Some(name.clone())).is_none()
        });
    }
    // The others are new.
    let mut used: HashSet<String> = names.iter().flatten().cloned().collect();
    let free = |name: &str, used: &HashSet<String>| !used.contains(name) && !own.contains(name) && held(name).is_none();
    let mut counts: HashMap<Option<NaiveDate>, usize> = HashMap::new();
    for (line, day) in days.iter().enumerate().filter(|(line, _)| names[*line].is_none()).collect::<Vec<_>>() {
        let new = Some(base.to_owned()).filter(|name| free(name, &used)).unwrap_or_else(|| {
            loop {
                let count = counts.entry(*day).or_default();
                *count += 1;
                let new = name(base, *day, *count);
                if free(&new, &used) {
                    break new;
                }
            }
        });
        used.insert(new.clone());
        names[line] = Some(new);
    }
    names.into_iter().flatten().collect()
}

/// Whether one applied on the day of a line.
fn fits_its_day(held: Held, day: Option<NaiveDate>) -> bool {
    day.is_some() && held.applied == day
}

/// Whether a line says no day.
fn fits_no_day(_: Held, day: Option<NaiveDate>) -> bool {
    day.is_none()
}

/// Whether a line may say the day that was not known, or was another: who applies after it ended applies again.
fn fits_any_day(held: Held, day: Option<NaiveDate>) -> bool {
    day.zip(held.ended).is_none_or(|(day, ended)| day <= ended)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
    }

    #[test]
    fn lines_are_known_again_whatever_is_said_of_their_days() {
        let saved = Held::default();
        let applied = |day| Held { applied: Some(on(day)), ended: None };
        let ended = |day, end| Held { applied: Some(on(day)), ended: Some(on(end)) };
        let day = |of: Held| (of.applied.map_or(0, |day| chrono::Datelike::day(&day)), of);
        for (known, lines, wanted) in [
            // What is new: without its day, unless there are several.
            (vec![], vec![0], "b"),
            (vec![], vec![1], "b"),
            (vec![], vec![2, 1], "b b|1"),
            (vec![], vec![0, 1], "b b|1"),
            (vec![], vec![0, 0, 0], "b b#2 b#3"),
            (vec![], vec![1, 1, 1], "b b|1 b|1#2"),
            // What was only saved was applied for since; the day was another; or it is said no more.
            (vec![("b", saved)], vec![1], "b"),
            (vec![("b", applied(1))], vec![2], "b"),
            (vec![("b", applied(1))], vec![0], "b"),
            (vec![("b", ended(1, 5))], vec![1], "b"),
            (vec![("b", ended(2, 5))], vec![1], "b"),
            // A second one, of a later file, wherever it stands.
            (vec![("b", applied(1))], vec![1, 9], "b b|9"),
            (vec![("b", applied(1))], vec![9, 1], "b|9 b"),
            (vec![("b", applied(9))], vec![1, 9], "b|1 b"),
            (vec![("b", applied(1))], vec![1, 1], "b b|1"),
            (vec![("b", applied(1))], vec![0, 1], "b#2 b"),
            // The first is in the file no more: who applies after it ended applies again.
            (vec![("b", ended(1, 5))], vec![9], "b|9"),
            // All of them again, in any order, and some of them.
            (vec![("b", applied(1)), ("b|9", applied(9))], vec![9, 1], "b|9 b"),
            (vec![("b", applied(1)), ("b|9", applied(9))], vec![9], "b|9"),
            (vec![("b", applied(1)), ("b|1", applied(1)), ("b|1#2", applied(1))], vec![1, 1, 1], "b b|1 b|1#2"),
            (vec![("b", applied(1)), ("b#2", saved)], vec![0, 1], "b#2 b"),
            (vec![("b", applied(1)), ("b#2", saved)], vec![9, 1], "b#2 b"),
        ] {
            let there: HashMap<&str, Held> = known.iter().copied().collect();
            let days: Vec<_> = lines.iter().map(|&day| (day > 0).then(|| on(day))).collect();
            let short = |name: &str| name.replace("|2026-03-0", "|");
            let told = named("b", &days, &HashSet::new(), |name| there.get(short(name).as_str()).copied());
            let told = short(&told.join(" "));
            assert_eq!(
                told,
                wanted,
                "{:?} {lines:?}",
                known.iter().map(|(name, of)| (name, day(*of))).collect::<Vec<_>>()
            );
        }
        // Names that the file gives itself are nobody else's.
        assert_eq!(named("b", &[None, None], &HashSet::from(["b"]), |_| None), ["b#2", "b#3"]);
    }
}
