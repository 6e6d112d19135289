//! The three phases of a career, computed from what somebody did and never stored (§1).

use chrono::NaiveDate;
use entity::{
    kind::{Kind, int, word},
    learning::career_profile::CareerPhase,
    object,
    platform::user,
    vocabulary::Vocabulary as _,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use crate::{
    domain::{error::Result, learning::week, look::Look, policy::Action},
    read::{
        cell::{Cell, Store},
        shape::Need,
        sql::Arg,
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

/// What a phase is told from: scalar subqueries about whoever `{t}` is of.
struct Told {
    phase: CareerPhase,
    /// When it began; nothing while somebody is not in it.
    since: &'static str,
    /// How many proofs there are of it.
    proofs: &'static str,
}

/// Learning is told from the first plan, and the evidence. A plan that was deleted since is a beginning all the same: the
/// phase of learning never closes. Time that somebody noted is none: it is corrected and deleted, and what began with it
/// would not have begun after all.
const LEARNING: Told = Told {
    phase: CareerPhase::Learning,
    since: "(SELECT MIN(p.created_at) FROM learning_plan p \
         WHERE p.organization_id = {t}.organization_id AND p.owner_id = {t}.user_id)",
    proofs: "(SELECT CAST(COUNT(*) AS BIGINT) FROM evidence e \
         WHERE e.organization_id = {t}.organization_id AND e.user_id = {t}.user_id AND e.deleted_at IS NULL)",
};

/// The phases after learning.
const LATER: [Told; 2] = [PROJECTS, JOB_SEARCH];

/// Whoever is in a project that has not ended, as its owner or beside them, is in the phase of projects: since the first
/// day on which they were in one. What they show of what they did proves it.
const PROJECTS: Told = Told {
    phase: CareerPhase::Projects,
    since: "(SELECT CASE WHEN MAX(w.goes_on) = 1 THEN MIN(w.since) END FROM (\
         SELECT p.created_at AS since, \
         CASE WHEN p.status IN ('COMPLETED', 'CANCELLED', 'CLOSED_NO_AI_SOLUTION') THEN 0 ELSE 1 END AS goes_on FROM project p \
         WHERE p.organization_id = {t}.organization_id AND p.owner_id = {t}.user_id AND p.deleted_at IS NULL \
         UNION ALL SELECT m.created_at, \
         CASE WHEN p.status IN ('COMPLETED', 'CANCELLED', 'CLOSED_NO_AI_SOLUTION') THEN 0 ELSE 1 END FROM project_member m \
         JOIN project p ON p.id = m.project_id AND p.deleted_at IS NULL \
         WHERE m.organization_id = {t}.organization_id AND m.user_id = {t}.user_id AND m.deleted_at IS NULL) w)",
    proofs: "(SELECT CAST(COUNT(*) AS BIGINT) FROM portfolio_entry e \
         WHERE e.organization_id = {t}.organization_id AND e.owner_id = {t}.user_id AND e.deleted_at IS NULL)",
};

/// Whoever has a search that goes on is in the phase of it: since they began the first of those. What they applied for
/// proves it.
const JOB_SEARCH: Told = Told {
    phase: CareerPhase::JobSearch,
    since: "(SELECT MIN(j.created_at) FROM job_search j WHERE j.organization_id = {t}.organization_id \
         AND j.owner_id = {t}.user_id AND j.state = 'ACTIVE' AND j.deleted_at IS NULL)",
    proofs: "(SELECT CAST(COUNT(*) AS BIGINT) FROM application a \
         WHERE a.organization_id = {t}.organization_id AND a.owner_id = {t}.user_id AND a.deleted_at IS NULL)",
};

/// Whether the caller may know of a person's search for a job: who sees what somebody learns does not see that.
const SEES_SEARCH: Action = Action::ViewJobsOf;

/// What the phases look at, after the time zone: whether the search may be told of, and of each when it began, and its proofs.
pub(super) fn needs() -> impl Iterator<Item = Need> {
    let of = |told: &Told| [Need::aggregate(told.since, Store::Time), Need::aggregate(told.proofs, Store::Int)];
    std::iter::once(Need::May("user_id", SEES_SEARCH)).chain(std::iter::once(&LEARNING).chain(&LATER).flat_map(of))
}

/// The phases as JSON, from the time zone and the needs.
pub(super) fn told(cells: &[Cell]) -> String {
    serde_json::to_string(&phases(cells)).unwrap_or_else(|_| "[]".to_owned())
}

fn phases(cells: &[Cell]) -> Vec<PhaseState> {
    let [zone, sees, cells @ ..] = cells else { return Vec::new() };
    let told = |phase: &&CareerPhase| **phase != CareerPhase::JobSearch || *sees == Cell::Bool(true);
    let zone = zone.text().unwrap_or_default();
    let known: Vec<_> = std::iter::once(&LEARNING).chain(&LATER).zip(cells.chunks_exact(2)).collect();
    let state = |phase: &CareerPhase| {
        let cells = known.iter().find(|(told, _)| told.phase == *phase).map(|(_, cells)| cells);
        let since = cells.and_then(|cells| cells[0].time()).map(|at| week::day_in(zone, at));
        let evidence_count = cells.map_or(0, |cells| cells[1].int());
        PhaseState { phase: *phase, active: since.is_some(), since, evidence_count }
    };
    CareerPhase::ALL.iter().filter(told).map(state).collect()
}

#[derive(FromQueryResult)]
struct Later {
    active: bool,
}

/// Whether somebody is in a phase after learning, as far as the caller may know.
///
/// # Errors
/// `UNAVAILABLE`.
pub(in crate::domain) async fn is_later_active(look: &Look, person: &user::Model) -> Result<bool> {
    let begun = |told: &Told| format!("{} IS NOT NULL", told.since.replace("{t}", "t"));
    let mut sql = look.sql();
    sql.push("SELECT ").push(&begun(&PROJECTS)).push(" OR (").push(&begun(&JOB_SEARCH)).push(" AND ");
    sql.permitted(SEES_SEARCH, "u", &look.who)
        .push(") AS active FROM \"membership\" t JOIN \"user\" u ON u.id = t.user_id ");
    sql.push("WHERE t.deleted_at IS NULL AND t.organization_id = ").bind(Arg::Uuid(look.who.organization.0));
    sql.push(" AND t.user_id = ").bind(Arg::Uuid(person.id.0));
    Ok(look.row::<Later>(&sql).await?.is_some_and(|row| row.active))
}

#[cfg(test)]
mod tests {
    use entity::projects::project::ProjectStatus;

    use super::*;
    use crate::domain::projects::scope::stand::is_over;

    fn at(text: &str) -> Cell {
        Cell::Time(text.parse().unwrap())
    }

    fn of(sees: bool, plan: Cell, project: Cell, search: Cell) -> Vec<PhaseState> {
        let zone = Cell::Text("Asia/Tokyo".to_owned());
        phases(&[zone, Cell::Bool(sees), plan, Cell::Int(2), project, Cell::Int(3), search, Cell::Int(4)])
    }

    #[test]
    fn learning_begins_with_the_first_plan() {
        let state = of(true, at("2026-03-01T20:00:00Z"), Cell::Null, Cell::Null).remove(0);
        assert!(state.active);
        // In Tokyo it was the next day already.
        assert_eq!((state.since.unwrap().to_string().as_str(), state.evidence_count), ("2026-03-02", 2));
        let before = of(true, Cell::Null, Cell::Null, Cell::Null).remove(0);
        assert!(!before.active && before.since.is_none());
    }

    #[test]
    fn each_phase_is_told_by_itself() {
        let all = of(true, Cell::Null, at("2026-03-01T02:00:00Z"), Cell::Null);
        assert_eq!(all.iter().map(|state| state.active).collect::<Vec<_>>(), [false, true, false]);
        assert_eq!(all.iter().map(|state| state.evidence_count).collect::<Vec<_>>(), [2, 3, 4]);
        assert_eq!((all[1].phase, all[1].since), (CareerPhase::Projects, "2026-03-01".parse().ok()));
        let all = of(true, Cell::Null, Cell::Null, at("2026-03-01T20:00:00Z"));
        assert_eq!(all.iter().map(|state| state.active).collect::<Vec<_>>(), [false, false, true]);
        assert_eq!((all[2].phase, all[2].since), (CareerPhase::JobSearch, "2026-03-02".parse().ok()));
    }

    #[test]
    fn a_search_is_told_to_whom_it_was_opened() {
        for search in [Cell::Null, at("2026-03-01T20:00:00Z")] {
            let all = of(false, Cell::Null, Cell::Null, search);
            assert_eq!(
                all.iter().map(|state| state.phase).collect::<Vec<_>>(),
                [CareerPhase::Learning, CareerPhase::Projects]
            );
        }
    }

    #[test]
    fn what_has_ended_is_what_ends_a_project() {
        for status in ProjectStatus::ALL {
            let ends = PROJECTS.since.matches(&format!("'{}'", status.word())).count();
            assert_eq!(ends, if is_over(*status) { 2 } else { 0 }, "{status}");
        }
    }
}
