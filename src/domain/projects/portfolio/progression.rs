//! How somebody progressed through the four stages: over time, in complexity, in what they were trusted with (§15).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{
    id::{CompetencyId, PortfolioEntryId, UserId},
    kind::{Declared as _, Kind, id, int, line, list, word},
    object,
    projects::portfolio_entry::{PortfolioResource, PortfolioStage, PortfolioVisibility},
    vocabulary::{Set, Vocabulary as _},
};
use serde::Serialize;

use super::{
    super::portfolio_entry::{COMPLEXITY, RESOURCES, TEAM, TITLE},
    MOST, Told, load, stage_name,
};
use crate::domain::{
    answer::{Answer, Form},
    chart::stages::{Mark, Stages},
    clock,
    error::Result,
    learning::requirement::LEVEL,
    look::Look,
    policy::Action,
    table::{Cell, csv},
};

/// How many of the latest entries tell that somebody stays where they are.
pub(in crate::domain) const PLATEAU: usize = 3;

const ENTRY: Kind = Kind::Object(ProgressedEntry::object);
const STAGE: Kind = Kind::Object(ReachedStage::object);
const FIRST: Kind = Kind::Object(FirstShown::object);
const COUNT: Kind = int(0, i64::MAX);

entity::vocabulary! {
    /// Which way the complexity of what somebody does goes.
    ComplexityTrend {
        /// Up.
        Rising = "RISING",
        /// Neither up nor down.
        Steady = "STEADY",
        /// Down.
        Falling = "FALLING",
    }
}

object! {
    /// Whose portfolio.
    PortfolioProgressionQuestion {
        /// Whose; without it, the caller's.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// How somebody progressed.
    #[derive(Serialize)]
    PortfolioProgression {
        /// Who.
        required user_id: UserId = id::<UserId>(),
        /// As of when.
        required as_of: String = Kind::Time,
        /// The four stages, the first one first.
        required stages: Vec<ReachedStage> = list(&STAGE, 4),
        /// The entries, in the order in which they were finished; what is not finished comes last.
        required entries: Vec<ProgressedEntry> = list(&ENTRY, MOST),
        /// Which way their complexity goes: by the straight line of least squares through those of which it is known, in their
        /// order; null with fewer than two.
        optional complexity_trend: ComplexityTrend = word::<ComplexityTrend>(),
        /// Everything that they were ever trusted with.
        required resources_unlocked: Set<PortfolioResource> = RESOURCES,
        /// Since when the latest entries, three at least, are of one stage while their complexity does not rise; null when they
        /// are not.
        optional plateau_since: String = Kind::Time,
    }
}

object! {
    /// A stage, and when somebody reached it.
    #[derive(Serialize, PartialEq, Eq)]
    ReachedStage {
        /// The stage.
        required stage: PortfolioStage = word::<PortfolioStage>(),
        /// How many entries are of it.
        required entries: i64 = COUNT,
        /// When the first of them was finished; null when none was.
        optional reached_at: String = Kind::Time,
        /// The first of them.
        optional entry_id: PortfolioEntryId = id::<PortfolioEntryId>(),
    }
}

object! {
    /// An entry as a step of a progression.
    #[derive(Serialize)]
    ProgressedEntry {
        /// The entry.
        required entry_id: PortfolioEntryId = id::<PortfolioEntryId>(),
        /// What it is called.
        required title: String = TITLE,
        /// How far it goes.
        required stage: PortfolioStage = word::<PortfolioStage>(),
        /// When it was finished; null until it is.
        optional finished_at: String = Kind::Time,
        /// How complex it was, 1 to 5.
        optional complexity: i64 = COMPLEXITY,
        /// How many people worked on it.
        optional team_size: i64 = TEAM,
        /// How much evidence of its value there is.
        required value_evidence: i64 = COUNT,
        /// What its owner was trusted with for the first time.
        required resources_unlocked: Set<PortfolioResource> = RESOURCES,
        /// What it shows that no entry before it shows.
        required competencies_first_shown: Vec<FirstShown> = list(&FIRST, 50),
    }
}

object! {
    /// A competency that is shown for the first time.
    #[derive(Serialize, PartialEq, Eq)]
    FirstShown {
        /// The competency.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// What it is called.
        required name: String = line(1, 300),
        /// At which level.
        required level_shown: i64 = LEVEL,
    }
}

/// `portfolioProgression`.
#[must_use]
pub fn of_person() -> Answer {
    Answer::new(
        "portfolioProgression",
        Action::ViewPortfolio,
        "How somebody progressed through the four stages of a portfolio.",
        Kind::Object(PortfolioProgression::object),
        async |look: Look, asked: PortfolioProgressionQuestion| {
            let person = look.person(asked.user_id, Action::ViewPortfolio).await?;
            let all = load(&look.db, look.who.organization, person.id, PortfolioVisibility::Private).await?;
            Ok(progression(person.id, &all, look.now))
        },
    )
    .form(Form::csv("A row for each entry, as CSV.", table))
    .form(Form::svg("The entries over time on four steps, as SVG, in light and dark.", chart))
}

/// What entries, in their order, tell together.
pub(super) fn progression(user_id: UserId, all: &[Told], now: DateTime<Utc>) -> PortfolioProgression {
    let complexities: Vec<i64> = all.iter().filter_map(|one| one.entry.complexity).collect();
    let unlocked = all.iter().fold(0, |bits, one| bits | one.entry.resources.bits());
    let steps: Vec<_> = all.iter().map(|one| (one.entry.stage, one.entry.complexity)).collect();
    let since = plateau(&steps).and_then(|place| all.get(place));
    PortfolioProgression {
        user_id,
        as_of: clock::rfc3339(now),
        stages: PortfolioStage::ALL.iter().map(|stage| reached(*stage, all)).collect(),
        entries: entries(all),
        complexity_trend: trend(&complexities),
        resources_unlocked: Set::from_bits(unlocked),
        plateau_since: since.map(|one| clock::rfc3339(one.entry.finished_at.unwrap_or(one.entry.created_at))),
    }
}

fn reached(stage: PortfolioStage, all: &[Told]) -> ReachedStage {
    let of: Vec<_> = all.iter().filter(|one| one.entry.stage == stage).collect();
    ReachedStage {
        stage,
        entries: number(of.len()),
        reached_at: of.first().and_then(|one| one.entry.finished_at).map(clock::rfc3339),
        entry_id: of.first().map(|one| one.entry.id),
    }
}

fn entries(all: &[Told]) -> Vec<ProgressedEntry> {
    let (mut trusted, mut shown) = (0, BTreeSet::new());
    let step = |one: &Told| {
        let entry = &one.entry;
        let unlocked = entry.resources.bits() & !trusted;
        trusted |= unlocked;
        let first = one.skills.iter().filter(|skill| shown.insert(skill.id)).map(|skill| FirstShown {
            competency_id: skill.id,
            name: skill.name.clone(),
            level_shown: skill.level,
        });
        ProgressedEntry {
            entry_id: entry.id,
            title: entry.title.clone(),
            stage: entry.stage,
            finished_at: entry.finished_at.map(clock::rfc3339),
            complexity: entry.complexity,
            team_size: entry.team_size,
            value_evidence: number(one.evidence.len()),
            resources_unlocked: Set::from_bits(unlocked),
            competencies_first_shown: first.collect(),
        }
    };
    all.iter().map(step).collect()
}

/// Which way numbers go in their order: by the sign of the slope of the line of least squares, exactly.
fn trend(values: &[i64]) -> Option<ComplexityTrend> {
    if values.len() < 2 {
        return None;
    }
    let count = i128::try_from(values.len()).ok()?;
    let (mut places, mut sum, mut products) = (0, 0, 0);
    for (place, value) in (0_i128..).zip(values.iter().copied().map(i128::from)) {
        (places, sum, products) = (places + place, sum + value, products + place * value);
    }
    Some(match (count * products - places * sum).signum() {
        1 => ComplexityTrend::Rising,
        -1 => ComplexityTrend::Falling,
        _ => ComplexityTrend::Steady,
    })
}

/// Where the latest entries begin that are of one stage while their complexity does not rise from each to the next; nothing when
/// they are fewer than three. A complexity that is not known is no rise: the one before it is compared with the next one that is.
pub(in crate::domain) fn plateau(steps: &[(PortfolioStage, Option<i64>)]) -> Option<usize> {
    let rises = |from: Option<i64>, to: Option<i64>| from.zip(to).is_some_and(|(from, to)| to > from);
    let mut first = steps.len().checked_sub(1)?;
    let mut next = steps[first].1;
    while let Some(before) = first.checked_sub(1) {
        if steps[before].0 != steps[first].0 || rises(steps[before].1, next) {
            break;
        }
        next = steps[before].1.or(next);
        first = before;
    }
    (steps.len() - first >= PLATEAU).then_some(first)
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A row for each entry.
fn table(told: &PortfolioProgression) -> Result<String> {
    let rows = told.entries.iter().map(|one| {
        let unlocked: Vec<_> = one.resources_unlocked.iter().map(PortfolioResource::word).collect();
        let shown: Vec<_> = one.competencies_first_shown.iter().map(|first| first.name.as_str()).collect();
        vec![
            Cell::from(one.title.as_str()),
            one.stage.word().into(),
            one.finished_at.as_deref().into(),
            one.complexity.into(),
            one.team_size.into(),
            one.value_evidence.into(),
            unlocked.join(" ").into(),
            shown.join("; ").into(),
        ]
    });
    let columns = [
        "title",
        "stage",
        "finishedAt",
        "complexity",
        "teamSize",
        "valueEvidence",
        "resourcesUnlocked",
        "competenciesFirstShown",
    ];
    csv(&columns, rows)
}

/// The entries over time, on four steps.
#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
pub(super) fn chart(told: &PortfolioProgression) -> Result<String> {
    let day = |text: &str| text.parse::<DateTime<Utc>>().map(|at| at.date_naive()).unwrap_or_default();
    let today = day(&told.as_of);
    let marks = told.entries.iter().map(|one| {
        let finished = one.finished_at.as_deref().map(day);
        let when = finished.map_or_else(|| "not finished".to_owned(), |day| day.format("%-d %B %Y").to_string());
        let complex = one.complexity.map(|of| format!(", complexity {of} of 5")).unwrap_or_default();
        Mark {
            on: finished.unwrap_or(today),
            step: one.stage.ordinal(),
            weight: one.complexity,
            open: finished.is_none(),
            says: format!("{}: {}, {when}{complex}", one.title, stage_name(one.stage)),
        }
    });
    let names = PortfolioStage::ALL.iter().map(|stage| stage_name(*stage));
    let highest = told.stages.iter().rev().find(|stage| stage.entries > 0).map(|stage| stage_name(stage.stage));
    let count = told.entries.len();
    let subtitle = match highest {
        Some(stage) => format!("{count} {} · {stage}", if count == 1 { "entry" } else { "entries" }),
        None => "Nothing is shown yet".to_owned(),
    };
    Ok(Stages { title: "Progression".to_owned(), subtitle, today, names: names.collect(), marks: marks.collect() }
        .svg())
}

#[cfg(test)]
mod tests;
