//! What a project sets out to do, worked out in five steps (§9).

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;
use serde::Serialize;

use crate::{
    id::{OrganizationId, ProjectId, ScopeId, UserId},
    kind::{Kind, line, list, prose},
    vocabulary::Json,
};

const NAME: Kind = line(1, 200);
/// Some people, harms or remedies, a line each.
pub const NAMES: Kind = list(&NAME, 50);

crate::object! {
    /// What the problem is, in the words of the business (§9), and whom solving it serves (§36).
    #[derive(Serialize, PartialEq, Eq)]
    ProblemStatement {
        /// The problem: what is needed, rather than how it may be got.
        required statement: String = prose(5000),
        /// The field of business.
        optional domain: String = line(1, 100),
        /// Whom it concerns.
        optional stakeholders: Vec<String> = NAMES,
        /// What happens when it stays.
        optional impact_if_unsolved: String = prose(5000),
        /// Who is better off when it is solved.
        optional beneficiaries: Vec<String> = NAMES,
        /// Who may be worse off, and how.
        optional possible_harms: Vec<String> = NAMES,
        /// What is done about that.
        optional mitigations: Vec<String> = NAMES,
    }
}

crate::vocabulary! {
    /// One of the five steps, in their order.
    Step {
        /// What is the problem, in the words of the business?
        BusinessProblem = "BUSINESS_PROBLEM",
        /// What could solve it?
        SolutionBrainstorm = "SOLUTION_BRAINSTORM",
        /// Can it be done, and is it worth it?
        Assessment = "ASSESSMENT",
        /// What is reached when, and how is that measured?
        Milestones = "MILESTONES",
        /// What does it take?
        Budget = "BUDGET",
    }
}

crate::vocabulary! {
    /// What a step still lacks before it can be completed.
    UnmetGate {
        /// The problem has not been stated.
        StatementMissing = "STATEMENT_MISSING",
        /// No expert of the domain was asked, and no reason is given why not.
        ConsultationMissing = "CONSULTATION_MISSING",
        /// A pain point does not say why it does not work yet.
        WhyNotYetMissing = "WHY_NOT_YET_MISSING",
        /// There is one idea, and no reason why one is enough.
        SecondIdeaMissing = "SECOND_IDEA_MISSING",
        /// A candidate has not been assessed for feasibility.
        FeasibilityMissing = "FEASIBILITY_MISSING",
        /// A candidate has not been assessed for its value.
        ValueMissing = "VALUE_MISSING",
        /// A candidate is called feasible without evidence.
        FeasibilityEvidenceMissing = "FEASIBILITY_EVIDENCE_MISSING",
        /// A candidate is called valuable without the evidence of a domain expert.
        ExpertEvidenceMissing = "EXPERT_EVIDENCE_MISSING",
        /// Every candidate is infeasible.
        NoViableSolution = "NO_VIABLE_SOLUTION",
        /// No candidate is selected that is feasible and of more than low value.
        SelectionMissing = "SELECTION_MISSING",
        /// There is no milestone.
        MilestoneMissing = "MILESTONE_MISSING",
        /// There is no ML metric with a target, or no business metric with one.
        MetricPairRequired = "METRIC_PAIR_REQUIRED",
        /// A category of the budget has neither a line nor a reason why it needs none.
        BudgetCategoryUnaddressed = "BUDGET_CATEGORY_UNADDRESSED",
        /// An integration does not say which team supports it.
        SupportTeamMissing = "SUPPORT_TEAM_MISSING",
        /// The organization names who approves budgets, and nobody of them has approved this one as it stands.
        BudgetNotApproved = "BUDGET_NOT_APPROVED",
    }
}

/// A row of `scope`.
#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "scope")]
pub struct Model {
    /// The id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ScopeId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// The project, which has one scope.
    pub project_id: ProjectId,
    /// The project's owner, again: it says whose the row is.
    pub owner_id: UserId,
    /// Counts how often it was begun: 1, and one more each time that it goes back.
    pub revision: i64,
    /// The step that is being worked on; none when all are complete.
    pub current_step: Option<Step>,
    /// What the problem is.
    pub problem: Option<Json<ProblemStatement>>,
    /// Why no expert of the business was asked.
    pub expert_waiver_reason: Option<String>,
    /// Why one idea is enough.
    pub single_idea_reason: Option<String>,
    /// Counts the changes, from 1.
    pub version: i64,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it last changed.
    pub updated_at: DateTime<Utc>,
    /// When it was deleted; it can be restored.
    pub deleted_at: Option<DateTime<Utc>>,
}

impl ActiveModelBehavior for ActiveModel {}
