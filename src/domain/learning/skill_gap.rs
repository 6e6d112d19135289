//! The skill gap: what is left between where somebody stands and what a goal of theirs needs (§5).

pub mod of_role;

use chrono::NaiveDate;
use entity::{
    id::{CareerGoalId, CompetencyId, GoalRequirementId, UserId},
    kind::{Declared as _, Kind, id, int, line, list, word},
    learning::{career_goal, competency_framework::Scale, goal_requirement::RequirementOrigin},
    object,
    platform::user,
    vocabulary::Json,
};
use sea_orm::{EntityTrait as _, FromQueryResult};
use serde::Serialize;

use super::{
    goal_requirement::told,
    requirement::{self, LEVEL, RATIONALE},
    week,
};
use crate::{
    domain::{answer::Answer, error::Result, look::Look, policy::Action},
    read::{shape::shape, sql::Arg},
};

const ENTRY: Kind = Kind::Object(SkillGapEntry::object);
const COUNT: Kind = int(0, i64::MAX);

object! {
    /// Which goal.
    SkillGapQuestion {
        /// The goal.
        required goal_id: CareerGoalId = id::<CareerGoalId>(),
    }
}

object! {
    /// What is left to learn for a goal.
    #[derive(Serialize)]
    SkillGap {
        /// The goal.
        required goal_id: CareerGoalId = id::<CareerGoalId>(),
        /// Whose goal it is.
        required user_id: UserId = id::<UserId>(),
        /// How many requirements are met.
        required met: i64 = COUNT,
        /// How many are not.
        required open: i64 = COUNT,
        /// The requirements: the widest gap first, then what most goals need.
        required requirements: Vec<SkillGapEntry> = list(&ENTRY, requirement::MOST),
    }
}

object! {
    /// What is left to learn of one competency.
    #[derive(Serialize, PartialEq, Eq)]
    SkillGapEntry {
        /// The requirement.
        required requirement_id: GoalRequirementId = id::<GoalRequirementId>(),
        /// What is needed.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// The competency's code.
        required code: String = line(1, 100),
        /// The competency's name.
        required name: String = line(1, 300),
        /// Where the person stands; null when nothing is known of it.
        optional current_level: i64 = LEVEL,
        /// What is needed.
        required required_level: i64 = LEVEL,
        /// How many steps of the scale lie between; without a standing, from its default level on.
        required gap: i64 = COUNT,
        /// How many of the person's goals that are not reached need the competency.
        required goals_needing: i64 = COUNT,
        /// Whether a plan that is not complete has an item for it that counts.
        required planned: bool = Kind::Bool,
        /// Why it is needed.
        optional rationale: String = RATIONALE,
        /// Where the requirement comes from.
        required origin: RequirementOrigin = word::<RequirementOrigin>(),
        /// Until when the requirement is believed.
        optional review_by: NaiveDate = Kind::Date,
        /// Whether that day has passed.
        required stale: bool = Kind::Bool,
    }
}

/// `skillGap`.
#[must_use]
pub fn of_goal() -> Answer {
    Answer::new(
        "skillGap",
        Action::ViewCareerGoal,
        "What is left between where somebody stands and what a goal of theirs needs.",
        Kind::Object(SkillGap::object),
        skill_gap,
    )
}

/// A requirement with what it is compared with.
#[derive(Debug, FromQueryResult)]
pub(super) struct Needed {
    id: GoalRequirementId,
    /// What is needed.
    pub competency_id: CompetencyId,
    code: String,
    name: String,
    scale: Json<Scale>,
    level: Option<i64>,
    required_level: i64,
    goals_needing: i64,
    planned: bool,
    /// Why.
    pub rationale: Option<String>,
    origin: RequirementOrigin,
    heard: bool,
    review_by: Option<NaiveDate>,
}

impl Needed {
    /// How many steps of the scale are left.
    pub(super) fn gap(&self) -> i64 {
        gap(&self.scale.0, self.level, self.required_level)
    }

    /// How many steps the scale has.
    pub(super) fn widest(&self) -> i64 {
        number(self.scale.0.levels.len()) - 1
    }
}

const REQUIREMENTS: &str = "\
    SELECT r.id, r.competency_id, c.code, c.name, f.scale, u.level, r.required_level, r.rationale, r.origin, r.heard, r.review_by, \
    (SELECT CAST(COUNT(*) AS BIGINT) FROM goal_requirement o JOIN career_goal g ON g.id = o.goal_id \
    WHERE o.organization_id = r.organization_id AND o.user_id = r.user_id AND o.competency_id = r.competency_id \
    AND o.deleted_at IS NULL AND g.deleted_at IS NULL AND g.achieved_at IS NULL) AS goals_needing, \
    EXISTS (SELECT 1 FROM plan_item i JOIN learning_plan p ON p.id = i.plan_id \
    WHERE i.competency_id = r.competency_id AND i.organization_id = r.organization_id AND i.owner_id = r.user_id \
    AND i.deleted_at IS NULL AND i.motivation <> 'CURIOSITY' AND i.status <> 'DROPPED' \
    AND p.deleted_at IS NULL AND p.status <> 'COMPLETE') AS planned \
    FROM goal_requirement r \
    JOIN competency c ON c.id = r.competency_id \
    JOIN competency_framework f ON f.id = c.framework_id \
    LEFT JOIN user_competency u ON u.organization_id = r.organization_id AND u.user_id = r.user_id \
    AND u.competency_id = r.competency_id AND u.deleted_at IS NULL \
    WHERE r.deleted_at IS NULL AND r.goal_id = ";

async fn skill_gap(look: Look, asked: SkillGapQuestion) -> Result<SkillGap> {
    let goal = look.find::<career_goal::Entity>(asked.goal_id, Action::ViewCareerGoal).await?;
    let person = user::Entity::find_by_id(goal.user_id).one(&look.db).await?;
    let today = week::day_in(&person.map(|person| person.time_zone).unwrap_or_default(), look.now);
    let mut needed = needed(&look, &goal).await?;
    for one in &mut needed {
        one.origin = told(&look.who, goal.user_id, (one.origin, one.heard));
    }
    let mut requirements: Vec<SkillGapEntry> = needed.into_iter().map(|one| entry(one, today)).collect();
    urgent_first(&mut requirements);
    let met = requirements.iter().filter(|entry| entry.gap == 0).count();
    let open = requirements.len() - met;
    Ok(SkillGap { goal_id: goal.id, user_id: goal.user_id, met: number(met), open: number(open), requirements })
}

/// What a goal needs, of what the caller may know of: a framework that is not visible yet is not told of here either.
pub(super) async fn needed(look: &Look, goal: &career_goal::Model) -> Result<Vec<Needed>> {
    let mut sql = look.sql();
    sql.push(REQUIREMENTS).bind(Arg::Uuid(goal.id.0)).push(" AND ");
    sql.visible(shape("Competency"), "c", &look.who).push(" ORDER BY r.created_at, r.id");
    look.rows(&sql).await
}

fn entry(needed: Needed, today: NaiveDate) -> SkillGapEntry {
    SkillGapEntry {
        gap: needed.gap(),
        requirement_id: needed.id,
        competency_id: needed.competency_id,
        code: needed.code,
        name: needed.name,
        current_level: needed.level,
        required_level: needed.required_level,
        goals_needing: needed.goals_needing,
        planned: needed.planned,
        rationale: needed.rationale,
        origin: needed.origin,
        review_by: needed.review_by,
        stale: needed.review_by.is_some_and(|day| day < today),
    }
}

/// How many steps of a scale lie between where somebody stands and what is needed; never less than none. Who has no
/// standing stands at the default level.
#[must_use]
pub fn gap(scale: &Scale, current: Option<i64>, required: i64) -> i64 {
    let current = current.unwrap_or(scale.default_level);
    number(scale.levels.iter().filter(|level| level.value > current && level.value <= required).count())
}

/// The widest gap first, then what most goals need, then by code.
fn urgent_first(entries: &mut [SkillGapEntry]) {
    entries.sort_by(|a, b| {
        let urgency = (b.gap, b.goals_needing).cmp(&(a.gap, a.goals_needing));
        urgency.then_with(|| a.code.cmp(&b.code)).then_with(|| a.competency_id.cmp(&b.competency_id))
    });
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;
    use entity::learning::competency_framework::ScaleLevel;

    fn scale(values: &[i64], default_level: i64) -> Scale {
        let levels = values.iter().map(|&value| ScaleLevel { value, name: value.to_string(), proficient: true });
        Scale { levels: levels.collect(), default_level }
    }

    #[test]
    fn a_gap_is_counted_in_steps_of_the_scale() {
        let uneven = scale(&[1, 2, 5, 10], 1);
        assert_eq!([Some(1), Some(2), Some(5), Some(10)].map(|now| gap(&uneven, now, 10)), [3, 2, 1, 0]);
        assert_eq!(gap(&uneven, Some(10), 2), 0);
        assert_eq!(gap(&uneven, None, 5), 2);
        assert_eq!(gap(&scale(&[1, 2, 3], 2), None, 3), 1);
        assert_eq!(gap(&scale(&[1, 2, 3], 3), None, 3), 0);
    }

    #[test]
    fn the_most_urgent_comes_first() {
        let entry = |code: &str, gap, goals_needing| SkillGapEntry {
            requirement_id: clock::new_id(),
            competency_id: clock::new_id(),
            code: code.to_owned(),
            name: code.to_owned(),
            current_level: None,
            required_level: 1,
            gap,
            goals_needing,
            planned: false,
            rationale: None,
            origin: RequirementOrigin::OfUser,
            review_by: None,
            stale: false,
        };
        let mut all = [entry("met", 0, 9), entry("b", 1, 2), entry("a", 1, 2), entry("c", 1, 3), entry("wide", 2, 1)];
        urgent_first(&mut all);
        assert_eq!(all.map(|entry| entry.code), ["wide", "c", "a", "b", "met"]);
    }

    #[test]
    fn a_requirement_is_stale_after_its_day() {
        let day: NaiveDate = "2026-03-10".parse().unwrap();
        let needed = |review_by: Option<&str>| Needed {
            id: clock::new_id(),
            competency_id: clock::new_id(),
            code: "a".to_owned(),
            name: "A".to_owned(),
            scale: Json(scale(&[1, 2], 1)),
            level: None,
            required_level: 2,
            goals_needing: 1,
            planned: false,
            rationale: None,
            origin: RequirementOrigin::OfUser,
            heard: false,
            review_by: review_by.map(|day| day.parse().unwrap()),
        };
        let stale = [Some("2026-03-09"), Some("2026-03-10"), None].map(|by| entry(needed(by), day).stale);
        assert_eq!(stale, [true, false, false]);
    }
}
