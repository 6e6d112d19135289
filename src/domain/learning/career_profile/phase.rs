//! The three phases of a career, computed from what somebody did and never stored (§1).

use chrono::NaiveDate;
use entity::{
    kind::{Kind, int, word},
    learning::career_profile::CareerPhase,
    object,
};
use serde::Serialize;

use crate::{
    domain::learning::week,
    read::{
        cell::{Cell, Store},
        shape::Need,
    },
};

object! {
    /// Where somebody is in a phase of their career.
    #[derive(Serialize, PartialEq, Eq)]
    PhaseState {
        /// Which.
        required phase: CareerPhase = word::<CareerPhase>(),
        /// Whether they are in it.
        required active: bool = Kind::Bool,
        /// Since which day of theirs; null when they are not in it.
        optional since: NaiveDate = Kind::Date,
        /// How many proofs there are of it.
        required evidence_count: i64 = int(0, i64::MAX),
    }
}

/// What the phases are told from, after the time zone: the first plan, and the evidence. A plan that was deleted since
/// is a beginning all the same: the phase of learning never closes. Time that somebody noted is none: it is corrected
/// and deleted, and what began with it would not have begun after all.
pub(super) const NEEDS: [Need; 2] = [
    Need::aggregate(
        "(SELECT MIN(p.created_at) FROM learning_plan p \
         WHERE p.organization_id = {t}.organization_id AND p.owner_id = {t}.user_id)",
        Store::Time,
    ),
    Need::aggregate(
        "(SELECT CAST(COUNT(*) AS BIGINT) FROM evidence e \
         WHERE e.organization_id = {t}.organization_id AND e.user_id = {t}.user_id AND e.deleted_at IS NULL)",
        Store::Int,
    ),
];

/// The phases as JSON, from the time zone and the needs.
pub(super) fn told(cells: &[Cell]) -> String {
    serde_json::to_string(&phases(cells)).unwrap_or_else(|_| "[]".to_owned())
}

fn phases(cells: &[Cell]) -> Vec<PhaseState> {
    let [zone, plan, evidence] = cells else { return Vec::new() };
    let since = plan.time().map(|at| week::day_in(zone.text().unwrap_or_default(), at));
    vec![
        state(CareerPhase::Learning, since, evidence.int()),
        // Projects and job searches are chapters to come: their first days and their proofs are needs of this list then.
        state(CareerPhase::Projects, None, 0),
        state(CareerPhase::JobSearch, None, 0),
    ]
}

const fn state(phase: CareerPhase, since: Option<NaiveDate>, evidence_count: i64) -> PhaseState {
    PhaseState { phase, active: since.is_some(), since, evidence_count }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Cell {
        Cell::Time(text.parse().unwrap())
    }

    fn learning(plan: Cell) -> PhaseState {
        phases(&[Cell::Text("Asia/Tokyo".to_owned()), plan, Cell::Int(2)]).remove(0)
    }

    #[test]
    fn learning_begins_with_the_first_plan() {
        let state = learning(at("2026-03-01T20:00:00Z"));
        assert!(state.active);
        // In Tokyo it was the next day already.
        assert_eq!((state.since.unwrap().to_string().as_str(), state.evidence_count), ("2026-03-02", 2));
        let before = learning(Cell::Null);
        assert!(!before.active && before.since.is_none());
    }

    #[test]
    fn the_others_are_not_there_yet() {
        let all = phases(&[Cell::Null, Cell::Null, Cell::Int(0)]);
        assert_eq!(all.iter().map(|state| state.active).collect::<Vec<_>>(), [false, false, false]);
        assert_eq!(all[2].phase, CareerPhase::JobSearch);
    }
}
