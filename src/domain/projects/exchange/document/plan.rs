//! What is promised and what it takes: milestones with what is measured and was observed, and the budget with what was spent.

use chrono::NaiveDate;
use entity::{
    decimal::Decimal,
    id::{BudgetId, BudgetLineId, MetricId, MilestoneId},
    kind::{Declared as _, Kind, id, list, word},
    money::{DECIMAL, Money},
    object,
    projects::{
        budget::{BudgetApproval, BudgetCategory, NotNeeded},
        budget_line::SupportStatus,
        metric::{MetricDirection, MetricKind},
        milestone::MilestoneHealth,
    },
};
use serde::Serialize;

use super::{
    ENTRIES_MOST, Moment, OBSERVATIONS_MOST,
    people::{PERSON, PersonName},
};
use crate::domain::{
    external::{self, ExternalRef},
    projects::{budget, budget_entry, budget_line, metric, metric_observation, milestone},
};

/// How many metrics a milestone has, and how many lines a budget: as their own resources say.
const METRICS_MOST: usize = 50;
const LINES_MOST: usize = 200;
const _: () = assert!(METRICS_MOST as u64 == metric::MOST && LINES_MOST as u64 == budget_line::MOST);
const METRIC: Kind = Kind::Object(MetricPart::object);
const OBSERVATION: Kind = Kind::Object(MetricObservationPart::object);
const LINE: Kind = Kind::Object(BudgetLinePart::object);
const ENTRY: Kind = Kind::Object(BudgetEntryPart::object);

object! {
    /// A dated promise.
    #[derive(Serialize)]
    MilestonePart {
        /// Which, for earlier revisions.
        optional id: MilestoneId = id::<MilestoneId>(),
        /// What is promised.
        required title: String = milestone::TITLE,
        /// More about it.
        optional description: String = milestone::DESCRIPTION,
        /// Until when.
        required target_date: NaiveDate = Kind::Date,
        /// Its place in the project.
        required sort_order: i64 = milestone::PLACE,
        /// How somebody said that it looks.
        optional health: MilestoneHealth = word::<MilestoneHealth>(),
        /// What they said to that.
        optional health_note: String = milestone::NOTE,
        /// When they said so.
        optional health_updated_at: Moment = Kind::Time,
        /// When it was done.
        optional completed_at: Moment = Kind::Time,
        /// Why it counts as done though targets were not met.
        optional override_reason: String = milestone::NOTE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
        /// What is measured of it.
        required metrics: Vec<MetricPart> = list(&METRIC, METRICS_MOST),
    }
}

object! {
    /// What is measured of a milestone.
    #[derive(Serialize)]
    MetricPart {
        /// Which, for earlier revisions.
        optional id: MetricId = id::<MetricId>(),
        /// What it is about: the model, or the business.
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
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
        /// What it was, when: 20,000 in a whole project.
        required observations: Vec<MetricObservationPart> = list(&OBSERVATION, OBSERVATIONS_MOST),
    }
}

object! {
    /// What a metric was at a moment.
    #[derive(Serialize)]
    MetricObservationPart {
        /// What it was.
        required value: Decimal = Kind::Decimal,
        /// When.
        required observed_at: Moment = Kind::Time,
        /// Where it was measured.
        required source: String = external::SOURCE,
        /// Its id there, unique within the metric.
        optional external_ref: String = metric_observation::REF,
    }
}

object! {
    /// What a project is planned to take, and what it took.
    #[derive(Serialize)]
    BudgetPart {
        /// Which, for earlier revisions.
        optional id: BudgetId = id::<BudgetId>(),
        /// The categories that are not needed, each with why.
        required not_needed: Vec<NotNeeded> = list(&budget::NOT_NEEDED, 4),
        /// Where its approval stands. Only what a machine takes in stays as it is: else it is to be asked for again.
        required approval: BudgetApproval = word::<BudgetApproval>(),
        /// Since when somebody is asked to approve it.
        optional approval_requested_at: Moment = Kind::Time,
        /// Who approved it, or did not.
        optional approver: PersonName = PERSON,
        /// When they did.
        optional decided_at: Moment = Kind::Time,
        /// Why they did.
        optional decision_reason: String = budget::REASON,
        /// What it takes.
        required lines: Vec<BudgetLinePart> = list(&LINE, LINES_MOST),
    }
}

object! {
    /// Something that a project is planned to take: `plannedAmount`, or `plannedQuantity` and `unit`.
    #[derive(Serialize)]
    BudgetLinePart {
        /// Which, for earlier revisions.
        optional id: BudgetLineId = id::<BudgetLineId>(),
        /// What it is.
        required category: BudgetCategory = word::<BudgetCategory>(),
        /// What it is for.
        required description: String = budget_line::DESCRIPTION,
        /// How much, in money.
        optional planned_amount: Money = budget_line::MONEY,
        /// How many of the unit.
        optional planned_quantity: String = DECIMAL,
        /// The unit of the quantity.
        optional unit: String = budget_line::UNIT,
        /// Who sees to it.
        optional assignee: PersonName = PERSON,
        /// The team whose support it needs.
        optional support_team: String = budget_line::TEAM,
        /// What that team says.
        required support_status: SupportStatus = word::<SupportStatus>(),
        /// When they were asked.
        optional support_asked_at: Moment = Kind::Time,
        /// When they answered.
        optional support_answered_at: Moment = Kind::Time,
        /// What was asked of them, or what they answered.
        optional support_note: String = budget_line::NOTE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
        /// What was spent.
        required entries: Vec<BudgetEntryPart> = list(&ENTRY, ENTRIES_MOST),
    }
}

object! {
    /// Something that was spent: `amount`, or `quantity`, as the line is planned.
    #[derive(Serialize)]
    BudgetEntryPart {
        /// How much, in the currency of the line; less than nothing when it came back.
        optional amount: Money = budget_line::MONEY,
        /// How many of the unit of the line; less than nothing when they came back.
        optional quantity: String = DECIMAL,
        /// When.
        required incurred_at: Moment = Kind::Time,
        /// What for.
        optional note: String = budget_entry::NOTE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}
