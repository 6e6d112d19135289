//! What a project is planned to take, line by line: data, people, time, integrations (§9, §12).

mod support;
#[cfg(test)]
pub(super) mod tests;

use entity::{
    currency::Currency,
    id::{BudgetId, BudgetLineId, ProjectId, UserId},
    kind::{Declared as _, Kind, Patch, id, int, line, prose, word},
    money::{DECIMAL, Money, quantity},
    object,
    projects::{
        budget::{self, BudgetCategory},
        budget_entry,
        budget_line::{ActiveModel, Column, Entity, Model, SupportStatus},
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    budget::{approval::lapse, is_needed, measure, of_project},
    project,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        find::Life,
        paid,
        platform::membership,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Seen, Shape, leaf},
    },
};
use measure::{Measure, Unit};

pub(super) const DESCRIPTION: Kind = line(1, 500);
pub(super) const UNIT: Kind = line(1, 50);
pub(super) const TEAM: Kind = line(1, 200);
pub(super) const NOTE: Kind = prose(2000);
pub(super) const MONEY: Kind = Kind::Object(Money::object);
/// How many lines a project has at most.
pub(super) const MOST: u64 = 200;

impl Row for Entity {
    const NAME: &'static str = "BudgetLine";
    type Id = BudgetLineId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<BudgetLineId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::BudgetId => leaf(id::<BudgetId>(), "The project's budget.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::Category => leaf(word::<BudgetCategory>(), "What it is.").filter(),
        Column::Description => leaf(DESCRIPTION, "What it is for."),
        Column::Currency => leaf(word::<Currency>(), "The currency, of what is planned in money.").filter(),
        Column::Unit => leaf(UNIT, "The unit, of what is planned in a quantity."),
        Column::AssigneeId => leaf(id::<UserId>(), "Who sees to it.").filter(),
        Column::SupportTeam => leaf(TEAM, "The team whose support it needs.").filter(),
        Column::SupportStatus => {
            leaf(word::<SupportStatus>(), "What that team says; changed by commands only.").filter()
        }
        Column::SupportAskedAt => leaf(Kind::Time, "When they were asked."),
        Column::SupportAnsweredAt => leaf(Kind::Time, "When they answered."),
        Column::SupportNote => leaf(NOTE, "What was asked of them, or what they answered."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        // Shown as money or as a quantity.
        Column::Planned | Column::OrganizationId => return None,
    })
}

const PLANNED: Need = Need::Column("planned", Store::Int);
const CURRENCY: Need = Need::Column("currency", Store::Text);
const OF_UNIT: Need = Need::Column("unit", Store::Text);
/// What was spent on a line: no more than is counted, which is seen to when it is noted.
const SPENT: Need = Need::aggregate(
    "(SELECT CAST(COALESCE(SUM(e.spent), 0) AS BIGINT) FROM budget_entry e WHERE e.line_id = {t}.id AND e.deleted_at IS NULL)",
    Store::Int,
);

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let amount = |cells: &[Cell], _: &Seen| paid::shown_amount(&cells[0], &cells[1]);
    let quantity = |cells: &[Cell], _: &Seen| measure::shown_quantity(&cells[0], &cells[1]);
    let shape = Shape::new::<Entity>(
        "BudgetLine",
        "Something that a project is planned to take, in money or in a quantity (§9, §12).",
        "bln",
        Action::ViewBudgetLine,
        show,
    )
    .order("created_at", false)
    .computed(
        "plannedAmount",
        MONEY,
        "How much is planned, of what is planned in money.",
        vec![PLANNED, CURRENCY],
        amount,
    )
    .nullable()
    .computed("plannedQuantity", DECIMAL, "How many of the unit are planned.", vec![PLANNED, OF_UNIT], quantity)
    .nullable()
    .computed("actualAmount", MONEY, "How much was spent, of what is planned in money.", vec![SPENT, CURRENCY], amount)
    .nullable()
    .computed("actualQuantity", DECIMAL, "How many of the unit were spent.", vec![SPENT, OF_UNIT], quantity)
    .nullable()
    .external_refs()
    .one("project", "project_id", "Project", "The project.")
    .one("budget", "budget_id", "Budget", "The project's budget.")
    .one("assignee", "assignee_id", "User", "Who sees to it.")
    .many("entries", "line_id", "BudgetEntry", "What was spent.");
    Resource { shape, plural: "budgetLines", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditBudgetLine;
    vec![
        Verb::create(EditBudgetLine, "Plan something that a project takes.", create),
        Verb::upsert(EditBudgetLine, "Plan or change what another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", EditBudgetLine, "Change what is planned.", update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditBudgetLine,
            "Delete a line, on which nothing was spent; it can be restored.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditBudgetLine, "Bring a deleted line back.", restore),
        Verb::on::<Entity, _, _, _>(
            "requestSupport",
            EditBudgetLine,
            "Note that the team was asked for its support; once it refused, it can be asked again.",
            support::request,
        ),
        Verb::on::<Entity, _, _, _>("confirmSupport", EditBudgetLine, "Note that the team will.", support::confirm),
        Verb::on::<Entity, _, _, _>("refuseSupport", EditBudgetLine, "Note that the team will not.", support::refuse),
    ]
}

object! {
    /// Something to plan: `plannedAmount`, or `plannedQuantity` and `unit`.
    NewBudgetLine {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// What it is.
        required category: BudgetCategory = word::<BudgetCategory>(),
        /// What it is for.
        required description: String = DESCRIPTION,
        /// How much, in money.
        optional planned_amount: Money = MONEY,
        /// How many of the unit, with at most three digits after the point.
        optional planned_quantity: String = DECIMAL,
        /// The unit of the quantity: person-days, GPU hours …
        optional unit: String = UNIT,
        /// Who sees to it.
        optional assignee_id: UserId = id::<UserId>(),
        /// The team whose support it needs; an integration has one before the scope is complete.
        optional support_team: String = TEAM,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to what is planned.
    BudgetLinePatch {
        /// What it is.
        change category: BudgetCategory = word::<BudgetCategory>(),
        /// What it is for.
        change description: String = DESCRIPTION,
        /// How much, in money, in place of whatever was planned.
        change planned_amount: Money = MONEY,
        /// How many of the unit, in place of whatever was planned; what was planned in money needs a unit, too.
        change planned_quantity: String = DECIMAL,
        /// The unit of the quantity.
        change unit: String = UNIT,
        /// Who sees to it.
        clear assignee_id: UserId = id::<UserId>(),
        /// The team whose support it needs; another one has not been asked.
        clear support_team: String = TEAM,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewBudgetLine) -> Result<Done> {
    let mut tx = who.begin().await?;
    let line = add(&mut tx, new).await?;
    tx.made(&line).await
}

async fn upsert(who: Caller, external: External, mut new: NewBudgetLine) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let (line, life) = tx.find_either::<Entity>(&external, id, Action::EditBudgetLine).await?;
        let line = if life == Life::Deleted { come_back(&mut tx, line).await? } else { line };
        measure::planned(new.planned_amount.as_ref(), new.planned_quantity.as_deref(), new.unit.as_deref())?;
        let patch = BudgetLinePatch {
            category: Some(new.category),
            description: Some(new.description),
            planned_amount: new.planned_amount,
            planned_quantity: new.planned_quantity,
            unit: new.unit,
            assignee_id: new.assignee_id.map_or(Patch::Keep, Patch::Set),
            support_team: new.support_team.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let line = revise(&mut tx, line, patch).await?;
        return tx.done(&line).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let line = add(&mut tx, new).await?;
    tx.made(&line).await
}

async fn add(tx: &mut Tx, new: NewBudgetLine) -> Result<Model> {
    let project = project::at_work(tx, new.project_id, "/projectId").await?;
    let plan = measure::planned(new.planned_amount.as_ref(), new.planned_quantity.as_deref(), new.unit.as_deref())?;
    let budget = of_project(tx, project.id, Action::EditBudget).await?;
    one_more(tx, &budget).await?;
    if let Some(assignee) = new.assignee_id {
        membership::member(tx, assignee, "/assigneeId").await?;
    }
    let line = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            budget_id: Set(budget.id),
            owner_id: Set(project.owner_id),
            category: Set(new.category),
            description: Set(new.description),
            planned: Set(plan.count),
            currency: Set(plan.unit.currency()),
            unit: Set(plan.unit.name().map(str::to_owned)),
            assignee_id: Set(new.assignee_id),
            support_team: Set(new.support_team),
            support_status: Set(SupportStatus::NotAsked),
            support_asked_at: Set(None),
            support_answered_at: Set(None),
            support_note: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&line, new.external_refs.as_deref()).await?;
    record(tx, "created", &line)?;
    let budget = is_needed(tx, budget, line.category).await?;
    lapse(tx, budget).await?;
    Ok(line)
}

/// Whether a budget has room for another line; who adds one waits for whoever does.
async fn one_more(tx: &Tx, budget: &budget::Model) -> Result<()> {
    let lines = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::BudgetId.eq(budget.id))
        .filter(Column::DeletedAt.is_null());
    if lines.count(&tx.db).await? < MOST {
        return Ok(());
    }
    Err(Error::new(Code::BudgetFull, format!("A project has at most {MOST} budget lines."))
        .with(json!({ "max": MOST })))
}

async fn update(who: Caller, target: Target<BudgetLineId>, patch: BudgetLinePatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let line = tx.find_at::<Entity>(&target, Action::EditBudgetLine).await?;
    let line = revise(&mut tx, line, patch).await?;
    tx.done(&line).await
}

async fn revise(tx: &mut Tx, was: Model, patch: BudgetLinePatch) -> Result<Model> {
    project::of_part(tx, was.project_id).await?;
    let plan = replanned(&was, &patch)?;
    if plan.unit != Unit::of(&was) {
        is_unspent(tx, &was, false).await?;
    }
    let category = patch.category.unwrap_or(was.category);
    let description = patch.description.unwrap_or_else(|| was.description.clone());
    let assignee = patch.assignee_id.over(was.assignee_id);
    if let Some(assignee) = assignee.filter(|_| assignee != was.assignee_id) {
        membership::member(tx, assignee, "/assigneeId").await?;
    }
    let team = patch.support_team.over(was.support_team.clone());
    let (moved, other_team) = (category != was.category, team != was.support_team);
    let otherwise = moved || description != was.description || plan.count != was.planned || plan.unit != Unit::of(&was);
    let after = tx
        .change::<Entity>(was, |row| {
            row.category.set_if_not_equals(category);
            row.description.set_if_not_equals(description);
            row.planned.set_if_not_equals(plan.count);
            row.currency.set_if_not_equals(plan.unit.currency());
            row.unit.set_if_not_equals(plan.unit.name().map(str::to_owned));
            row.assignee_id.set_if_not_equals(assignee);
            row.support_team.set_if_not_equals(team);
            if other_team {
                support::unasked(row);
            }
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    if otherwise {
        let mut budget = tx.find::<budget::Entity>(after.row.budget_id, Action::EditBudget).await?;
        if moved {
            budget = is_needed(tx, budget, category).await?;
        }
        lapse(tx, budget).await?;
    }
    Ok(after.row)
}

/// How much is planned after a patch: what it says of money or of a quantity takes the place of what was planned.
fn replanned(was: &Model, patch: &BudgetLinePatch) -> Result<Measure> {
    match (&patch.planned_amount, &patch.planned_quantity, &patch.unit) {
        (None, None, None) => Ok(Measure { count: was.planned, unit: Unit::of(was) }),
        (None, count, unit) => {
            let known = was.unit.as_ref().map(|_| quantity(was.planned));
            let (count, unit) = (count.as_ref().or(known.as_ref()), unit.as_ref().or(was.unit.as_ref()));
            measure::planned(None, count.map(String::as_str), unit.map(String::as_str))
        }
        (amount, count, unit) => measure::planned(amount.as_ref(), count.as_deref(), unit.as_deref()),
    }
}

/// Whether nothing was spent on a line: what was is told in its currency, and goes nowhere. What was deleted may come back.
async fn is_unspent(tx: &Tx, line: &Model, living: bool) -> Result<()> {
    use budget_entry::Column as Of;
    let mut entries =
        budget_entry::Entity::find().filter(Of::OrganizationId.eq(tx.who.organization)).filter(Of::LineId.eq(line.id));
    if living {
        entries = entries.filter(Of::DeletedAt.is_null());
    }
    match entries.count(&tx.db).await? {
        0 => Ok(()),
        count => Err(Error::new(Code::InUse, "Something was spent on the line.").with(json!({ "entries": count }))),
    }
}

async fn delete(who: Caller, target: Target<BudgetLineId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let line = tx.find_at::<Entity>(&target, Action::EditBudgetLine).await?;
    project::of_part(&tx, line.project_id).await?;
    is_unspent(&tx, &line, true).await?;
    let line = tx.delete::<Entity>(line).await?;
    record(&mut tx, "deleted", &line)?;
    let budget = tx.find::<budget::Entity>(line.budget_id, Action::EditBudget).await?;
    lapse(&mut tx, budget).await?;
    tx.done(&line).await
}

async fn restore(who: Caller, target: Target<BudgetLineId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let line = tx.find_deleted::<Entity>(&target, Action::EditBudgetLine).await?;
    let line = come_back(&mut tx, line).await?;
    tx.done(&line).await
}

/// A line that comes back is planned anew: what was approved was approved without it.
async fn come_back(tx: &mut Tx, line: Model) -> Result<Model> {
    project::of_part(tx, line.project_id).await?;
    let budget = tx.find::<budget::Entity>(line.budget_id, Action::EditBudget).await?;
    one_more(tx, &budget).await?;
    let line = tx.restore::<Entity>(line).await?;
    record(tx, "restored", &line)?;
    let budget = is_needed(tx, budget, line.category).await?;
    lapse(tx, budget).await?;
    Ok(line)
}

pub(super) fn record(tx: &mut Tx, what: &str, line: &Model) -> Result<()> {
    tx.record(what, line, json!({ "projectId": line.project_id, "category": line.category }))
}
