//! What is known of a person's learning: pace, plans, standing, goals and needs.

mod load;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    id::{
        CareerGoalId, CompetencyId, GoalRequirementId, LearningNeedId, LearningPlanId, LearningResourceId, PlanItemId,
    },
    learning::{
        learning_resource::ResourceKind,
        plan_item::{Motivation, PlanItemStatus},
    },
};

pub(super) use load::load;

use super::beginning::Profile;
use crate::domain::learning::coverage::standing::Framework;

/// How many days back the pace is looked at: four weeks, today included.
pub(in crate::domain::insight) const DAYS: u64 = 28;

/// What is known of a person's learning.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Learning {
    /// Whether projects or a job search have begun and not ended (§1).
    pub later_phase_active: bool,
    /// How many minutes were learnt on each day of the last four weeks, in the order of the days.
    pub minutes: Vec<(NaiveDate, i64)>,
    /// How many minutes the person wants to learn in a week.
    pub target: Option<i64>,
    /// The first day of the week that it is.
    pub week: NaiveDate,
    /// What their profile says of where they are.
    pub profile: Option<Profile>,
    /// The days of rest that were declared: the first and the last of each.
    pub pauses: Vec<(NaiveDate, NaiveDate)>,
    /// The items of plans that are not complete.
    pub items: Vec<Item>,
    /// The frameworks in which the person stands somewhere.
    pub frameworks: Vec<Framework>,
    /// What goals that are not reached ask for until a day.
    pub requirements: Vec<Requirement>,
    /// The needs that nothing is planned for.
    pub needs: Vec<Need>,
    /// The plan to put things into: the newest that is not complete and follows no template.
    pub plan: Option<LearningPlanId>,
}

/// An item of a plan.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Item {
    pub id: PlanItemId,
    pub plan: LearningPlanId,
    pub competency: CompetencyId,
    /// What the competency is called.
    pub name: String,
    pub status: PlanItemStatus,
    pub motivation: Motivation,
    /// Whether the person is proficient in it.
    pub proficient: bool,
    pub resources: Vec<Resource>,
    /// Whether a template says what it is learnt from.
    pub bound: bool,
    /// A course for it that the organization knows.
    pub course: Option<LearningResourceId>,
}

/// What an item is learnt from.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Resource {
    pub id: LearningResourceId,
    pub kind: ResourceKind,
    /// Whether the person has completed it.
    pub done: bool,
}

/// Something that a goal asks for until a day.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Requirement {
    pub id: GoalRequirementId,
    pub goal: CareerGoalId,
    /// What the competency is called.
    pub name: String,
    pub review_by: NaiveDate,
}

/// Something to learn that nothing is planned for.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Need {
    pub id: LearningNeedId,
    /// What the competency is called.
    pub name: String,
    pub opened_at: DateTime<Utc>,
    /// How strongly it is needed, 1 to 100.
    pub strength: i64,
}
