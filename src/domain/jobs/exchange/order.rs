//! The steps of an application in the order in which they happened.

use chrono::{DateTime, Utc};
use entity::jobs::stage::StageKind;

use super::draft::{Places, StageName, Step, To};

/// A step, at its moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// To what it led.
    pub to: To,
    /// When.
    pub at: DateTime<Utc>,
    /// Whether the document says when.
    pub told: bool,
    /// Why.
    pub reason: Option<String>,
    /// Whether the document says that it stands there now.
    pub stands: bool,
    /// Whether the document says a day that cannot be: before what happened earlier.
    pub contradicts: bool,
    /// Where the document says it.
    pub said: Places,
}

/// The steps of an application in the order in which they happened: dated ones by their moments, the others where they stand; what leads
/// to where it stands already is left out. Where the document says that it stands now, comes last. Without any, it was taken note of, and
/// nothing else.
#[must_use]
pub fn in_order(steps: &[Step], zone: &str, now: DateTime<Utc>) -> Vec<Dated> {
    let (last, happened): (Vec<&Step>, Vec<&Step>) = steps.iter().partition(|step| step.stands);
    let mut out = went(&happened, zone, now);
    for step in last {
        let (said, before) = (step.at.map(|at| at.moment(zone)), out.last().map(|one| one.at));
        let contradicts = said.zip(before).is_some_and(|(said, before)| said < before);
        if let Some(known) = out.last_mut().filter(|known| known.to == step.to) {
            (known.stands, known.contradicts) = (true, contradicts);
            continue;
        }
        let told = said.filter(|_| !contradicts);
        let at = told.or(before).unwrap_or(now);
        let (to, reason, said) = (step.to.clone(), step.reason.clone(), step.said.clone());
        out.push(Dated { to, at, told: told.is_some(), reason, stands: true, contradicts, said });
    }
    if !matches!(out.first(), Some(Dated { to: To::Stage(_), .. })) {
        let first = out.first().map(|first| (first.at, first.told, first.said.clone()));
        let (at, told, said) = first.unwrap_or((now, false, Places::default()));
        // What came to an end had been applied for.
        let kind = if out.is_empty() { StageKind::Research } else { StageKind::Applied };
        let to = To::Stage(StageName { kind, name: None });
        out.insert(0, Dated { to, at, told, reason: None, stands: false, contradicts: false, said });
    }
    out
}

/// The way that an application went, as far as it is told.
fn went(steps: &[&Step], zone: &str, now: DateTime<Utc>) -> Vec<Dated> {
    let dated = |step: &&Step| step.at.map(|at| at.moment(zone));
    let mut known: Vec<(DateTime<Utc>, usize, &Step)> = Vec::new();
    for (place, step) in steps.iter().enumerate() {
        // What is not dated stands right behind what is before it, or in front of what comes after it.
        let before = steps[..place].iter().rev().find_map(dated);
        let at = dated(step).or(before).or_else(|| steps[place..].iter().find_map(dated)).unwrap_or(now);
        known.push((at, place, step));
    }
    // Of the same moment, an end is the last, and stages keep their order.
    let rank = |step: &Step| match &step.to {
        To::Stage(stage) => (0, stage.kind.min(StageKind::Offer)),
        To::End(_) => (1, StageKind::Offer),
    };
    known.sort_by_key(|(at, place, step)| (*at, rank(step), *place));
    let mut out: Vec<Dated> = Vec::new();
    for (at, _, step) in known {
        if out.last().is_some_and(|last| last.to == step.to) {
            continue;
        }
        let (to, told, reason) = (step.to.clone(), step.at.is_some(), step.reason.clone());
        out.push(Dated { to, at, told, reason, stands: false, contradicts: false, said: step.said.clone() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{super::draft::When, *};
    use StageKind::{Applied, Interviewing, Research, Screening};
    use chrono::NaiveDate;
    use entity::jobs::application::ApplicationOutcome;

    fn stage(kind: StageKind, day: Option<u32>) -> Step {
        let to = To::Stage(StageName { kind, name: None });
        Step { to, at: day.map(on), reason: None, stands: false, said: Places::default() }
    }

    fn stands(step: Step) -> Step {
        Step { stands: true, ..step }
    }

    fn end(outcome: ApplicationOutcome, day: Option<u32>) -> Step {
        Step { to: To::End(outcome), at: day.map(on), reason: None, stands: false, said: Places::default() }
    }

    fn on(day: u32) -> When {
        When::On(NaiveDate::from_ymd_opt(2026, 3, day).unwrap())
    }

    fn told(steps: &[Step]) -> String {
        let now = When::On(NaiveDate::from_ymd_opt(2026, 4, 1).unwrap()).moment("UTC");
        let each = in_order(steps, "UTC", now).into_iter().map(|one| {
            let to = match one.to {
                To::Stage(stage) => stage.kind.to_string(),
                To::End(outcome) => outcome.to_string(),
            };
            let (told, last) = (if one.told { "" } else { "?" }, if one.stands { "." } else { "" });
            format!("{to} {}{told}{last}{}", one.at.format("%-d.%-m"), if one.contradicts { "!" } else { "" })
        });
        each.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn steps_are_put_in_the_order_in_which_they_happened() {
        let rejected = |day| end(ApplicationOutcome::Rejected, day);
        for (steps, wanted) in [
            (vec![], "RESEARCH 1.4?"),
            (vec![stage(Applied, Some(3))], "APPLIED 3.3"),
            (vec![stage(Screening, Some(7)), stage(Applied, Some(3))], "APPLIED 3.3, SCREENING 7.3"),
            (vec![stage(Applied, Some(3)), stage(Interviewing, None)], "APPLIED 3.3, INTERVIEWING 3.3?"),
            (vec![stage(Applied, Some(3)), stage(Applied, None)], "APPLIED 3.3"),
            (vec![stage(Applied, Some(3)), rejected(None)], "APPLIED 3.3, REJECTED 3.3?"),
            (vec![stage(Research, None), stage(Applied, Some(3))], "RESEARCH 3.3?, APPLIED 3.3"),
            (vec![rejected(Some(9)), stage(Applied, Some(9))], "APPLIED 9.3, REJECTED 9.3"),
            (vec![rejected(Some(9))], "APPLIED 9.3, REJECTED 9.3"),
            (vec![stage(Screening, None)], "SCREENING 1.4?"),
            // Where it stands is the last, wherever it stood and whatever day is said of it.
            (vec![stands(stage(Applied, None)), stage(Screening, Some(7))], "SCREENING 7.3, APPLIED 7.3?."),
            (vec![stage(Applied, Some(3)), stands(stage(Applied, None))], "APPLIED 3.3."),
            (vec![stands(stage(Screening, None))], "SCREENING 1.4?."),
            (vec![stands(rejected(None)), stage(Applied, Some(3))], "APPLIED 3.3, REJECTED 3.3?."),
            (vec![stage(Applied, Some(9)), stands(rejected(Some(12)))], "APPLIED 9.3, REJECTED 12.3."),
            (vec![stage(Applied, Some(9)), stands(rejected(Some(5)))], "APPLIED 9.3, REJECTED 9.3?.!"),
            (vec![stands(rejected(Some(5)))], "APPLIED 5.3, REJECTED 5.3."),
        ] {
            assert_eq!(told(&steps), wanted, "{steps:?}");
        }
    }
}
