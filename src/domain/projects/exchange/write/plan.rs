//! What is promised and what it takes, in a document.

use std::collections::HashMap;

use entity::{
    money::{Amount, Money, quantity},
    projects::{budget_entry, budget_line, metric, metric_observation, milestone},
};
use uuid::Uuid;

use super::{
    super::{
        Whole,
        document::{
            Moment, moment,
            plan::{BudgetEntryPart, BudgetLinePart, BudgetPart, MetricObservationPart, MetricPart, MilestonePart},
        },
    },
    Beside,
};
use crate::domain::projects::budget::measure::Unit;

impl Beside {
    pub(super) fn milestones(&mut self, whole: &Whole) -> Vec<MilestonePart> {
        let mut observed: HashMap<Uuid, Vec<MetricObservationPart>> = HashMap::new();
        for one in &whole.observations {
            observed.entry(one.metric_id.0).or_default().push(observation(one));
        }
        let milestone = |one: &milestone::Model| {
            let of_it = whole.metrics.iter().filter(|metric| metric.milestone_id == one.id);
            let metrics = of_it.map(|metric| self.metric(metric, observed.remove(&metric.id.0))).collect();
            self.milestone(one, metrics)
        };
        whole.milestones.iter().map(milestone).collect()
    }

    fn milestone(&mut self, one: &milestone::Model, metrics: Vec<MetricPart>) -> MilestonePart {
        MilestonePart {
            id: Some(one.id),
            title: one.title.clone(),
            description: one.description.clone(),
            target_date: one.target_date,
            sort_order: one.sort_order,
            health: one.health,
            health_note: one.health_note.clone(),
            health_updated_at: moment(one.health_updated_at),
            completed_at: moment(one.completed_at),
            override_reason: one.override_reason.clone(),
            external_refs: Some(self.refs(one.id.0)),
            metrics,
        }
    }

    fn metric(&mut self, one: &metric::Model, observations: Option<Vec<MetricObservationPart>>) -> MetricPart {
        MetricPart {
            id: Some(one.id),
            kind: one.kind,
            name: one.name.clone(),
            unit: one.unit.clone(),
            direction: one.direction,
            baseline: one.baseline,
            target: one.target,
            external_refs: Some(self.refs(one.id.0)),
            observations: observations.unwrap_or_default(),
        }
    }

    pub(super) fn budget(&mut self, whole: &Whole) -> BudgetPart {
        let mut spent: HashMap<Uuid, Vec<&budget_entry::Model>> = HashMap::new();
        for one in &whole.entries {
            spent.entry(one.line_id.0).or_default().push(one);
        }
        let budget = &whole.budget;
        BudgetPart {
            id: Some(budget.id),
            not_needed: budget.not_needed.0.clone(),
            approval: budget.approval,
            approval_requested_at: moment(budget.approval_requested_at),
            approver: budget.approver_id.map(|id| self.names.person(id)),
            decided_at: moment(budget.decided_at),
            decision_reason: budget.decision_reason.clone(),
            lines: whole
                .lines
                .iter()
                .map(|one| {
                    let entries = spent.remove(&one.id.0).unwrap_or_default();
                    let entries = entries.into_iter().map(|entry| self.entry(one, entry)).collect();
                    self.line(one, entries)
                })
                .collect(),
        }
    }

    fn line(&mut self, one: &budget_line::Model, entries: Vec<BudgetEntryPart>) -> BudgetLinePart {
        let (planned_amount, planned_quantity) = told(one, one.planned);
        BudgetLinePart {
            id: Some(one.id),
            category: one.category,
            description: one.description.clone(),
            planned_amount,
            planned_quantity,
            unit: one.unit.clone(),
            assignee: one.assignee_id.map(|id| self.names.person(id)),
            support_team: one.support_team.clone(),
            support_status: one.support_status,
            support_asked_at: moment(one.support_asked_at),
            support_answered_at: moment(one.support_answered_at),
            support_note: one.support_note.clone(),
            external_refs: Some(self.refs(one.id.0)),
            entries,
        }
    }

    fn entry(&mut self, line: &budget_line::Model, one: &budget_entry::Model) -> BudgetEntryPart {
        let (amount, quantity) = told(line, one.spent);
        BudgetEntryPart {
            amount,
            quantity,
            incurred_at: Moment(one.incurred_at),
            note: one.note.clone(),
            external_refs: Some(self.refs(one.id.0)),
        }
    }
}

/// So many of what a line counts: as money, or as a quantity.
fn told(line: &budget_line::Model, count: i64) -> (Option<Money>, Option<String>) {
    match Unit::of(line) {
        Unit::Money(currency) => (Some(Amount { currency, minor: count }.into()), None),
        Unit::Quantity(_) => (None, Some(quantity(count))),
    }
}

fn observation(one: &metric_observation::Model) -> MetricObservationPart {
    MetricObservationPart {
        value: one.value,
        observed_at: Moment(one.observed_at),
        source: one.source.clone(),
        external_ref: one.external_ref.clone(),
    }
}
