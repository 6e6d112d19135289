//! The rows of what is promised and of what it takes.

use entity::{
    id::{BudgetEntryId, BudgetLineId, MetricId, MetricObservationId, MilestoneId, TypedId as _},
    projects::{budget_entry, budget_line, metric, metric_observation, milestone},
};

use super::{
    super::{
        super::{
            document::plan::{BudgetEntryPart, BudgetLinePart, MetricObservationPart, MetricPart, MilestonePart},
            read::of_line,
            renamed::in_order,
        },
        outside::Outside,
    },
    Base, Gathered, when,
};
use crate::domain::{
    clock::whole,
    error::Result,
    learning::exchange::notes::Notes,
    projects::budget::measure::{Unit, spent},
};

/// Milestones, their metrics, and what was observed.
pub(super) fn milestones(
    base: &Base,
    parts: Vec<MilestonePart>,
    gathered: &mut Gathered,
) -> (Vec<milestone::Model>, Vec<metric::Model>, Vec<metric_observation::Model>) {
    let (mut rows, mut metrics, mut observations) = (Vec::new(), Vec::new(), Vec::new());
    let ids = in_order(parts.len());
    for ((place, part), id) in parts.into_iter().enumerate().zip(ids) {
        let at = format!("/milestones/{place}");
        gathered.renamed.remember(part.id, id);
        gathered.refs(MilestoneId::PREFIX, id.0, part.external_refs, &at);
        let ids = in_order(part.metrics.len());
        for ((number, mut metric), metric_id) in part.metrics.into_iter().enumerate().zip(ids) {
            let at = format!("{at}/metrics/{number}");
            let seen = std::mem::take(&mut metric.observations);
            let ids = in_order(seen.len());
            gathered.renamed.remember(metric.id, metric_id);
            gathered.refs(MetricId::PREFIX, metric_id.0, metric.external_refs.take(), &at);
            let row = of_metric(base, metric_id, id, metric);
            observations.extend(seen.into_iter().zip(ids).map(|(one, id)| observation(base, id, &row, one)));
            metrics.push(row);
        }
        rows.push(milestone::Model {
            id,
            organization_id: base.organization,
            project_id: base.project,
            owner_id: base.owner,
            title: part.title,
            description: part.description,
            target_date: part.target_date,
            sort_order: part.sort_order,
            health: part.health,
            health_note: part.health_note,
            health_updated_at: when(part.health_updated_at),
            completed_at: when(part.completed_at),
            override_reason: part.override_reason,
            version: 1,
            created_at: base.now,
            updated_at: base.now,
            deleted_at: None,
        });
    }
    (rows, metrics, observations)
}

fn of_metric(base: &Base, id: MetricId, milestone: MilestoneId, part: MetricPart) -> metric::Model {
    metric::Model {
        id,
        organization_id: base.organization,
        project_id: base.project,
        milestone_id: milestone,
        owner_id: base.owner,
        kind: part.kind,
        name: part.name,
        unit: part.unit,
        direction: part.direction,
        baseline: part.baseline,
        target: part.target,
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    }
}

fn observation(
    base: &Base,
    id: MetricObservationId,
    metric: &metric::Model,
    part: MetricObservationPart,
) -> metric_observation::Model {
    metric_observation::Model {
        id,
        organization_id: base.organization,
        project_id: base.project,
        metric_id: metric.id,
        owner_id: base.owner,
        value: part.value,
        observed_at: whole(part.observed_at.0),
        source: part.source,
        external_ref: part.external_ref,
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    }
}

/// Lines of the budget, and what was spent on them.
pub(super) fn lines(
    base: &Base,
    parts: Vec<BudgetLinePart>,
    outside: &Outside,
    notes: &mut Notes,
    gathered: &mut Gathered,
) -> Result<(Vec<budget_line::Model>, Vec<budget_entry::Model>)> {
    let (mut rows, mut entries) = (Vec::new(), Vec::new());
    let ids = in_order(parts.len());
    for ((place, mut part), id) in parts.into_iter().enumerate().zip(ids) {
        let at = format!("/budget/lines/{place}");
        gathered.renamed.remember(part.id, id);
        gathered.refs(BudgetLineId::PREFIX, id.0, part.external_refs.take(), &at);
        let assignee_id = outside.person(part.assignee.as_ref(), &format!("{at}/assignee"), notes);
        let (spends, plan) = (std::mem::take(&mut part.entries), of_line(&part)?);
        let row = budget_line::Model {
            id,
            organization_id: base.organization,
            project_id: base.project,
            budget_id: base.budget,
            owner_id: base.owner,
            category: part.category,
            description: part.description,
            planned: plan.count,
            currency: plan.unit.currency(),
            unit: plan.unit.name().map(str::to_owned),
            assignee_id,
            support_team: part.support_team,
            support_status: part.support_status,
            support_asked_at: when(part.support_asked_at),
            support_answered_at: when(part.support_answered_at),
            support_note: part.support_note,
            version: 1,
            created_at: base.now,
            updated_at: base.now,
            deleted_at: None,
        };
        let ids = in_order::<BudgetEntryId>(spends.len());
        for ((number, mut one), id) in spends.into_iter().enumerate().zip(ids) {
            gathered.refs(BudgetEntryId::PREFIX, id.0, one.external_refs.take(), &format!("{at}/entries/{number}"));
            entries.push(entry(base, id, &row, one)?);
        }
        rows.push(row);
    }
    Ok((rows, entries))
}

fn entry(
    base: &Base,
    id: BudgetEntryId,
    line: &budget_line::Model,
    part: BudgetEntryPart,
) -> Result<budget_entry::Model> {
    Ok(budget_entry::Model {
        id,
        organization_id: base.organization,
        line_id: line.id,
        project_id: base.project,
        budget_id: base.budget,
        owner_id: base.owner,
        spent: spent(&Unit::of(line), part.amount.as_ref(), part.quantity.as_deref())?,
        incurred_at: whole(part.incurred_at.0),
        note: part.note,
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    })
}
