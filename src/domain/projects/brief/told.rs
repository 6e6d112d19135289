//! What the brief of a project tells.

use chrono::NaiveDate;
use entity::{
    decimal::Decimal,
    id::{MetricId, MilestoneId, ProjectId},
    insight::insight_dismissal::{InsightCode, InsightSeverity},
    kind::{Declared as _, Kind, id, int, line, list, prose, word},
    object,
    projects::{
        budget::{BudgetApproval, NotNeeded},
        candidate_solution::CandidateStatus,
        expert_consultation::PainPoint,
        feasibility_assessment::{FeasibilityEvidence, FeasibilityVerdict},
        metric::{MetricDirection, MetricKind, MetricTrend},
        milestone::{MilestoneHealth, MilestoneStatus},
        project::{ProjectKind, ProjectStatus},
        proof_of_concept::ProofOfConceptStatus,
        scope::{ProblemStatement, Step},
        scope_step::StepState,
        scope_transition::ReturnReason,
        value_assessment::{ValueEvidence, ValueVerdict},
    },
};
use serde::Serialize;

use crate::domain::projects::{
    budget::{
        NOT_NEEDED,
        summary::{BudgetAmounts, BudgetQuantities, BudgetSummary, BudgetTotal, ForecastMethod},
    },
    candidate_solution as solution, expert_consultation as consultation, feasibility_assessment as feasibility, metric,
    milestone, obstacle, project, proof_of_concept as poc, scope, value_assessment as value,
};

/// How many of anything a brief tells.
const MOST: usize = 1000;
const STEP: Kind = Kind::Object(BriefStep::object);
const TALK: Kind = Kind::Object(BriefConsultation::object);
const SOLUTION: Kind = Kind::Object(BriefSolution::object);
const TRIAL: Kind = Kind::Object(BriefTrial::object);
const MILESTONE: Kind = Kind::Object(BriefMilestone::object);
const METRIC: Kind = Kind::Object(BriefMetric::object);
const RISK: Kind = Kind::Object(BriefRisk::object);
const OBSTACLE: Kind = Kind::Object(BriefObstacle::object);
const RETURN: Kind = Kind::Object(BriefReturn::object);

object! {
    /// Of which project.
    ProjectBriefQuestion {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
    }
}

object! {
    /// A project in brief. Days are those of its owner.
    #[derive(Serialize)]
    ProjectBrief {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// What it is called.
        required title: String = project::TITLE,
        /// What it is about.
        optional summary: String = project::SUMMARY,
        /// Whose project it is, for whom may know it.
        optional owner: String = line(1, 200),
        /// What it is done for.
        required kind: ProjectKind = word::<ProjectKind>(),
        /// Where it stands.
        required status: ProjectStatus = word::<ProjectStatus>(),
        /// The field of business whose problem it solves.
        optional domain: String = project::DOMAIN,
        /// When it should be done.
        optional due_on: NaiveDate = Kind::Date,
        /// When it ended.
        optional ended_on: NaiveDate = Kind::Date,
        /// Why it ended as it did.
        optional end_note: String = project::NOTE,
        /// The day on which all this was so.
        required as_of: NaiveDate = Kind::Date,
        /// What the problem is.
        optional problem: ProblemStatement = scope::PROBLEM,
        /// Who was asked, and what hurts.
        required consultations: Vec<BriefConsultation> = list(&TALK, MOST),
        /// Why no expert of the business was asked.
        optional expert_waiver_reason: String = scope::REASON,
        /// Which revision of the scope it is.
        required revision: i64 = int(1, i64::MAX),
        /// The five steps.
        required steps: Vec<BriefStep> = list(&STEP, 5),
        /// What could solve it, and what was found out about that.
        required solutions: Vec<BriefSolution> = list(&SOLUTION, MOST),
        /// Why one idea was enough.
        optional single_idea_reason: String = scope::REASON,
        /// What is promised.
        required milestones: Vec<BriefMilestone> = list(&MILESTONE, milestone::MOST),
        /// What it was planned to take, and what it took.
        required budget: BriefBudget = Kind::Object(BriefBudget::object),
        /// What deserves attention, what matters most first.
        required risks: Vec<BriefRisk> = list(&RISK, MOST),
        /// What stood in the way.
        required obstacles: Vec<BriefObstacle> = list(&OBSTACLE, MOST),
        /// When it went back, and why.
        required returns: Vec<BriefReturn> = list(&RETURN, MOST),
    }
}

object! {
    /// What the project was planned to take, and what it took; its table and its picture are those of `budgetSummary`.
    #[derive(Serialize)]
    BriefBudget {
        /// Where its approval stands.
        required approval: BudgetApproval = word::<BudgetApproval>(),
        /// How the forecasts are made.
        required forecast_method: ForecastMethod = word::<ForecastMethod>(),
        /// What is planned in money: by category, each currency by itself.
        required amounts: Vec<BudgetAmounts> = list(&Kind::Object(BudgetAmounts::object), 200),
        /// What is planned in anything else: by category, each unit by itself.
        required quantities: Vec<BudgetQuantities> = list(&Kind::Object(BudgetQuantities::object), 200),
        /// The money of all categories, each currency by itself.
        required totals: Vec<BudgetTotal> = list(&Kind::Object(BudgetTotal::object), 200),
        /// The categories that are not needed, each with why.
        required not_needed: Vec<NotNeeded> = list(&NOT_NEEDED, 4),
    }
}

impl From<BudgetSummary> for BriefBudget {
    fn from(told: BudgetSummary) -> Self {
        let BudgetSummary { approval, forecast_method, amounts, quantities, totals, not_needed, .. } = told;
        Self { approval, forecast_method, amounts, quantities, totals, not_needed }
    }
}

object! {
    /// A step of the scope.
    #[derive(Serialize)]
    BriefStep {
        /// Which.
        required step: Step = word::<Step>(),
        /// Where it stands.
        required state: StepState = word::<StepState>(),
        /// When it was last completed.
        optional completed_on: NaiveDate = Kind::Date,
    }
}

object! {
    /// A talk with somebody who knows the business.
    #[derive(Serialize)]
    BriefConsultation {
        /// Who was asked, for whom may know it.
        optional expert: String = consultation::EXPERT,
        /// When.
        required held_on: NaiveDate = Kind::Date,
        /// What hurts, by rank.
        required pain_points: Vec<PainPoint> = consultation::PAIN_POINTS,
    }
}

object! {
    /// What could solve the problem.
    #[derive(Serialize)]
    BriefSolution {
        /// What it is called.
        required title: String = solution::TITLE,
        /// How it would work.
        optional approach: String = solution::APPROACH,
        /// Whether it uses AI.
        required is_ai: bool = Kind::Bool,
        /// Where it stands.
        required status: CandidateStatus = word::<CandidateStatus>(),
        /// Whether it can be done.
        optional feasibility: FeasibilityVerdict = word::<FeasibilityVerdict>(),
        /// What shows that.
        required feasibility_evidence: Vec<FeasibilityEvidence> = feasibility::EVIDENCE,
        /// How much it is worth.
        optional value: ValueVerdict = word::<ValueVerdict>(),
        /// What shows that.
        required value_evidence: Vec<ValueEvidence> = value::EVIDENCE,
        /// What is tried to find out.
        required trials: Vec<BriefTrial> = list(&TRIAL, MOST),
    }
}

object! {
    /// A trial that is to find something out.
    #[derive(Serialize)]
    BriefTrial {
        /// What it is to show.
        required question: String = poc::QUESTION,
        /// How many days it may take.
        required timebox_days: i64 = poc::DAYS,
        /// Where it stands.
        required status: ProofOfConceptStatus = word::<ProofOfConceptStatus>(),
        /// What it showed.
        optional outcome: FeasibilityVerdict = word::<FeasibilityVerdict>(),
        /// What was found.
        optional finding: String = poc::FINDING,
    }
}

object! {
    /// A milestone, and what was reached of it.
    #[derive(Serialize)]
    BriefMilestone {
        /// The milestone.
        required milestone_id: MilestoneId = id::<MilestoneId>(),
        /// What is promised.
        required title: String = milestone::TITLE,
        /// Until when.
        required target_date: NaiveDate = Kind::Date,
        /// When it was done.
        optional done_on: NaiveDate = Kind::Date,
        /// Where it stands.
        required status: MilestoneStatus = word::<MilestoneStatus>(),
        /// How it looks by what was observed; null once it is done.
        optional risk: MilestoneHealth = word::<MilestoneHealth>(),
        /// How somebody said that it looks.
        optional health: MilestoneHealth = word::<MilestoneHealth>(),
        /// What they said to that.
        optional health_note: String = milestone::NOTE,
        /// Why it counts as done though targets were not met.
        optional override_reason: String = milestone::NOTE,
        /// What is measured of it.
        required metrics: Vec<BriefMetric> = list(&METRIC, MOST),
    }
}

object! {
    /// A metric, and how far it has come.
    #[derive(Serialize)]
    BriefMetric {
        /// The metric.
        required metric_id: MetricId = id::<MetricId>(),
        /// What it is about.
        required kind: MetricKind = word::<MetricKind>(),
        /// What is measured.
        required name: String = metric::NAME,
        /// In what.
        optional unit: String = metric::UNIT,
        /// Which way it is to go.
        required direction: MetricDirection = word::<MetricDirection>(),
        /// Where it began.
        optional baseline: Decimal = Kind::Decimal,
        /// Where it is to go.
        required target: Decimal = Kind::Decimal,
        /// What was observed last.
        optional latest: Decimal = Kind::Decimal,
        /// When that was.
        optional latest_on: NaiveDate = Kind::Date,
        /// Whether that reaches the target.
        optional target_met: bool = Kind::Bool,
        /// How much of the way has been gone, in whole percent.
        optional attainment: i64 = int(i64::MIN, i64::MAX),
        /// Which way it has gone lately.
        optional trend: MetricTrend = word::<MetricTrend>(),
        /// Where its line is at the end (UTC) of the milestone's day; null once that is past.
        optional projected_at_target_date: Decimal = Kind::Decimal,
    }
}

object! {
    /// What deserves attention: an insight about the project or a part of it.
    #[derive(Serialize)]
    BriefRisk {
        /// What it is about, for programs.
        required code: InsightCode = word::<InsightCode>(),
        /// How much it matters.
        required severity: InsightSeverity = word::<InsightSeverity>(),
        /// Why, in a sentence for people.
        required reason: String = prose(2000),
    }
}

object! {
    /// What stood in the way.
    #[derive(Serialize)]
    BriefObstacle {
        /// What it was.
        required note: String = obstacle::NOTE,
        /// When it was recorded.
        required recorded_on: NaiveDate = Kind::Date,
    }
}

object! {
    /// When a project went back, and why.
    #[derive(Serialize)]
    BriefReturn {
        /// The revision that began with it.
        required revision: i64 = int(2, i64::MAX),
        /// When.
        required occurred_on: NaiveDate = Kind::Date,
        /// The step that was worked on before; none when all were complete.
        optional from_step: Step = word::<Step>(),
        /// The step that it went back to.
        required to_step: Step = word::<Step>(),
        /// Why.
        required reason: ReturnReason = word::<ReturnReason>(),
        /// What was learnt.
        required learning: String = prose(5000),
    }
}
