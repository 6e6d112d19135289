//! What is promised and what it takes, as a document tells it.

use std::collections::BTreeSet;

use entity::money::is_counted;

use super::{
    super::document::plan::{BudgetLinePart, BudgetPart, MetricPart},
    note, wrong,
};
use crate::domain::{
    error::{Code, Result},
    learning::exchange::notes::{Notes, Place},
    paid,
    projects::{
        budget::measure::{self, Measure, spent},
        metric::measure::Aim,
    },
};

/// A metric leads somewhere, and no observation of it came twice.
pub(super) fn measured(metric: &MetricPart, at: &str, notes: &mut Notes) {
    let aim = Aim { direction: metric.direction, baseline: metric.baseline, target: metric.target };
    note(notes, at, aim.check());
    let mut seen = BTreeSet::new();
    for (place, one) in metric.observations.iter().enumerate() {
        if one.external_ref.as_ref().is_some_and(|name| !seen.insert(name)) {
            let at = format!("{at}/observations/{place}/externalRef");
            notes.error(Place::pointer(at), Code::ObservationConflict, "Another of this metric has it.");
        }
    }
}

/// What is planned is measured in one way, and what is not needed has no lines.
pub(super) fn planned(budget: &BudgetPart, notes: &mut Notes) {
    let mut seen = BTreeSet::new();
    for (place, one) in budget.not_needed.iter().enumerate() {
        let at = format!("/budget/notNeeded/{place}/category");
        if !seen.insert(one.category) {
            wrong(notes, &at, "Each category is named once.");
        }
        if budget.lines.iter().any(|line| line.category == one.category) {
            let why = format!("{} has lines: it is needed.", one.category);
            notes.error(Place::pointer(at), Code::BudgetCategoryInUse, &why);
        }
    }
    for (place, line) in budget.lines.iter().enumerate() {
        let at = format!("/budget/lines/{place}");
        if let Some(plan) = note(notes, &at, of_line(line)) {
            taken(&plan, line, &at, notes);
        }
    }
}

/// What a line plans.
///
/// # Errors
/// Those of [`measure::planned`].
pub fn of_line(line: &BudgetLinePart) -> Result<Measure> {
    measure::planned(line.planned_amount.as_ref(), line.planned_quantity.as_deref(), line.unit.as_deref())
}

/// What was spent is measured as the line is, and still counted all together.
fn taken(plan: &Measure, line: &BudgetLinePart, at: &str, notes: &mut Notes) {
    let mut sum = Some(0_i64);
    for (place, one) in line.entries.iter().enumerate() {
        let entry = spent(&plan.unit, one.amount.as_ref(), one.quantity.as_deref());
        if let Some(entry) = note(notes, &format!("{at}/entries/{place}"), entry) {
            sum = sum.and_then(|sum| sum.checked_add(entry));
        }
    }
    if !sum.is_some_and(|sum| is_counted(sum, plan.unit.digits())) {
        notes.refused(&Place::pointer(at), &paid::too_large("/entries"));
    }
}
