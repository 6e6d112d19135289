//! What a funnel tells: numbers by kind of stage, the share that goes on, and how long it takes.

use entity::{
    jobs::{application::ApplicationOutcome, stage::StageKind},
    kind::{Declared as _, Kind, int, line, list, word},
    object,
    vocabulary::Vocabulary as _,
};
use serde::Serialize;

use super::fold::{Counted, Group, Measure};
use crate::domain::report::learning::ReportGroupKind;

const COUNT: Kind = int(0, i64::MAX);
const PERCENT: Kind = int(0, 100);
const STAGE: Kind = Kind::Object(FunnelStage::object);
const OUTCOME: Kind = Kind::Object(FunnelOutcome::object);

object! {
    /// How many applications reached a kind of stage. What is null would tell of too few people, or there is none.
    #[derive(Serialize)]
    FunnelStage {
        /// The kind.
        required kind: StageKind = word::<StageKind>(),
        /// How many ever came to it, or further.
        optional reached: i64 = COUNT,
        /// How many percent these are of those that reached the kind before; of the first, null.
        optional conversion_percent: i64 = PERCENT,
        /// The days that half of those that left it stood there at most; of several people, of each the mean.
        optional median_days: i64 = COUNT,
    }
}

object! {
    /// How many applications came to an end.
    #[derive(Serialize)]
    FunnelOutcome {
        /// To which; null for those that are open.
        optional outcome: ApplicationOutcome = word::<ApplicationOutcome>(),
        /// How many.
        optional applications: i64 = COUNT,
    }
}

object! {
    /// How far a group of applications came.
    #[derive(Serialize)]
    FunnelGroup {
        /// What the group is.
        required kind: ReportGroupKind = word::<ReportGroupKind>(),
        /// What its applications have in common: a word, the title of a role, or a résumé.
        optional key: String = line(1, 300),
        /// Of how many people they are; of everybody's of several weeks, in the one in which most began.
        required people: i64 = COUNT,
        /// How many they are.
        required applications: i64 = COUNT,
        /// The kinds of stages, in their order.
        required stages: Vec<FunnelStage> = list(&STAGE, 6),
        /// Those that are open, and what came of the others.
        required outcomes: Vec<FunnelOutcome> = list(&OUTCOME, 7),
    }
}

object! {
    /// How long applications stood in a kind of stage.
    #[derive(Serialize)]
    StageStay {
        /// The kind.
        required kind: StageKind = word::<StageKind>(),
        /// How many left it.
        required left: i64 = COUNT,
        /// The days that half of these stood there at most.
        optional median_days: i64 = COUNT,
        /// The days that three quarters of them did.
        optional three_quarters_days: i64 = COUNT,
        /// The longest.
        optional longest_days: i64 = COUNT,
    }
}

/// A group as it is told.
pub(in crate::domain) fn told(group: &Group) -> FunnelGroup {
    let mut before: Option<StageKind> = None;
    let mut stages = Vec::new();
    for kind in StageKind::ALL {
        stages.push(FunnelStage {
            kind: *kind,
            reached: group.number(Measure::Reached, kind.word()),
            conversion_percent: before.and_then(|before| group.share(before, *kind)),
            median_days: group.median(kind.word()),
        });
        before = Some(*kind);
    }
    let open = FunnelOutcome { outcome: None, applications: group.number(Measure::Outcome, "") };
    let ended = ApplicationOutcome::ALL.iter().map(|outcome| FunnelOutcome {
        outcome: Some(*outcome),
        applications: group.number(Measure::Outcome, outcome.word()),
    });
    let outcomes = std::iter::once(open).chain(ended).collect();
    FunnelGroup {
        kind: group.kind,
        key: group.key.clone(),
        people: group.people(),
        applications: group.applications(),
        stages,
        outcomes,
    }
}

/// How long one person's applications stood where.
pub(super) fn stays(counted: &Counted) -> Vec<StageStay> {
    let each = StageKind::ALL.iter().map(|kind| {
        let spread = counted.cells.get(&(Measure::Stood, kind.word().to_owned())).map(|cell| cell.spread.clone());
        let spread = spread.unwrap_or_default();
        StageStay {
            kind: *kind,
            left: spread.people(),
            median_days: spread.median(),
            three_quarters_days: spread.at_most(3, 4),
            longest_days: spread.at_most(1, 1),
        }
    });
    each.collect()
}
