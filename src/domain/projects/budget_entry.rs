//! What was spent on a line of a budget (§12).

use chrono::{DateTime, Utc};
use entity::{
    id::{BudgetEntryId, BudgetId, BudgetLineId, ProjectId, UserId},
    kind::{Declared as _, Kind, Patch, id, int, prose},
    money::{DECIMAL, Money, is_counted},
    object,
    projects::{
        budget_entry::{ActiveModel, Column, Entity, Model},
        budget_line,
    },
};
use sea_orm::{ActiveValue::Set, FromQueryResult};
use serde_json::json;

use super::{
    budget::measure::{self, Unit},
    project,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::Result,
        external::{self, ExternalRef},
        find::Life,
        paid,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::Store,
        shape::{Leaf, Need, Shape, leaf},
        sql::Arg,
    },
};

pub(super) const NOTE: Kind = prose(2000);
const MONEY: Kind = Kind::Object(Money::object);

impl Row for Entity {
    const NAME: &'static str = "BudgetEntry";
    type Id = BudgetEntryId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<BudgetEntryId>(), "The id."),
        Column::LineId => leaf(id::<BudgetLineId>(), "The line.").filter(),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::BudgetId => leaf(id::<BudgetId>(), "The project's budget."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::IncurredAt => leaf(Kind::Time, "When.").filter().sort(),
        Column::Note => leaf(NOTE, "What for."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        // Shown as money or as a quantity.
        Column::Spent | Column::OrganizationId => return None,
    })
}

const SPENT: Need = Need::Column("spent", Store::Int);
const CURRENCY: Need = Need::aggregate("(SELECT l.currency FROM budget_line l WHERE l.id = {t}.line_id)", Store::Text);
const UNIT: Need = Need::aggregate("(SELECT l.unit FROM budget_line l WHERE l.id = {t}.line_id)", Store::Text);

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "BudgetEntry",
        "Something that was spent on a line of a budget (§12).",
        "ben",
        Action::ViewBudgetEntry,
        show,
    )
    .order("incurred_at", false)
    .computed(
        "amount",
        MONEY,
        "How much, of a line that is planned in money; less than nothing when it came back.",
        vec![SPENT, CURRENCY],
        |cells, _| paid::shown_amount(&cells[0], &cells[1]),
    )
    .nullable()
    .computed(
        "quantity",
        DECIMAL,
        "How many of the line's unit; less than nothing when they came back.",
        vec![SPENT, UNIT],
        |cells, _| measure::shown_quantity(&cells[0], &cells[1]),
    )
    .nullable()
    .external_refs()
    .one("line", "line_id", "BudgetLine", "The line.")
    .one("project", "project_id", "Project", "The project.");
    Resource { shape, plural: "budgetEntries", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditBudgetEntry;
    vec![
        Verb::create(EditBudgetEntry, "Note what was spent on a line.", create),
        Verb::upsert(EditBudgetEntry, "Note or correct what another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", EditBudgetEntry, "Correct what was spent.", update),
        Verb::on::<Entity, _, _, _>("delete", EditBudgetEntry, "Delete what was noted; it can be restored.", delete),
        Verb::on::<Entity, _, _, _>("restore", EditBudgetEntry, "Bring back what was noted and deleted.", restore),
    ]
}

object! {
    /// Something that was spent.
    NewBudgetEntry {
        /// The line.
        required line_id: BudgetLineId = id::<BudgetLineId>(),
        /// How much, in the currency of a line that is planned in money; less than nothing when it came back.
        optional amount: Money = MONEY,
        /// How many of the unit of any other line; less than nothing when they came back.
        optional quantity: String = DECIMAL,
        /// When; now, unless it is said.
        optional incurred_at: DateTime<Utc> = Kind::Time,
        /// What for.
        optional note: String = NOTE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Corrections of what was spent.
    BudgetEntryPatch {
        /// How much, in the currency of the line.
        change amount: Money = MONEY,
        /// How many of the unit of the line.
        change quantity: String = DECIMAL,
        /// When.
        change incurred_at: DateTime<Utc> = Kind::Time,
        /// What for.
        clear note: String = NOTE,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewBudgetEntry) -> Result<Done> {
    let mut tx = who.begin().await?;
    let entry = add(&mut tx, new).await?;
    tx.made(&entry).await
}

async fn upsert(who: Caller, external: External, mut new: NewBudgetEntry) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let (entry, life) = tx.find_either::<Entity>(&external, id, Action::EditBudgetEntry).await?;
        let entry = if life == Life::Deleted { come_back(&mut tx, entry).await? } else { entry };
        let patch = BudgetEntryPatch {
            amount: new.amount,
            quantity: new.quantity,
            incurred_at: new.incurred_at,
            note: new.note.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let entry = revise(&mut tx, entry, patch).await?;
        return tx.done(&entry).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let entry = add(&mut tx, new).await?;
    tx.made(&entry).await
}

async fn add(tx: &mut Tx, new: NewBudgetEntry) -> Result<Model> {
    let line = tx.refer_to::<budget_line::Entity>(new.line_id, Action::EditBudgetLine, "/lineId").await?;
    project::of_part(tx, line.project_id).await?;
    let spent = measure::spent(&Unit::of(&line), new.amount.as_ref(), new.quantity.as_deref())?;
    fits(tx, &line, 0, spent).await?;
    let entry = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            line_id: Set(line.id),
            project_id: Set(line.project_id),
            budget_id: Set(line.budget_id),
            owner_id: Set(line.owner_id),
            spent: Set(spent),
            incurred_at: Set(when(tx, new.incurred_at)?),
            note: Set(new.note),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&entry, new.external_refs.as_deref()).await?;
    record(tx, "created", &entry)?;
    Ok(entry)
}

fn when(tx: &Tx, told: Option<DateTime<Utc>>) -> Result<DateTime<Utc>> {
    told.map_or(Ok(tx.now), |at| clock::past(tx.now, at, "/incurredAt"))
}

#[derive(FromQueryResult)]
struct Sum {
    spent: i64,
}

/// Whether what is spent on a line is still counted exactly when `now` takes the place of what `was` noted. Who notes
/// something waits for whoever does: the line was found to be worked on.
async fn fits(tx: &Tx, line: &budget_line::Model, was: i64, now: i64) -> Result<()> {
    let mut sql = tx.sql();
    sql.push(
        "SELECT CAST(COALESCE(SUM(e.spent), 0) AS BIGINT) AS spent FROM budget_entry e WHERE e.organization_id = ",
    )
    .bind(Arg::Uuid(tx.who.organization.0))
    .push(" AND e.deleted_at IS NULL AND e.line_id = ")
    .bind(Arg::Uuid(line.id.0));
    let known = tx.row::<Sum>(&sql).await?.map_or(0, |sum| sum.spent);
    let unit = Unit::of(line);
    let after = known.checked_sub(was).and_then(|rest| rest.checked_add(now));
    if after.is_some_and(|after| is_counted(after, unit.digits())) {
        return Ok(());
    }
    Err(paid::too_large(if unit.currency().is_some() { "/amount/amount" } else { "/quantity" }))
}

/// The line of something that was noted, to correct it.
async fn line_of(tx: &Tx, entry: &Model) -> Result<budget_line::Model> {
    let line = tx.find::<budget_line::Entity>(entry.line_id, Action::EditBudgetLine).await?;
    project::of_part(tx, line.project_id).await?;
    Ok(line)
}

async fn update(who: Caller, target: Target<BudgetEntryId>, patch: BudgetEntryPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let entry = tx.find_at::<Entity>(&target, Action::EditBudgetEntry).await?;
    let entry = revise(&mut tx, entry, patch).await?;
    tx.done(&entry).await
}

async fn revise(tx: &mut Tx, was: Model, patch: BudgetEntryPatch) -> Result<Model> {
    let line = line_of(tx, &was).await?;
    let spent = match (&patch.amount, &patch.quantity) {
        (None, None) => was.spent,
        (amount, quantity) => measure::spent(&Unit::of(&line), amount.as_ref(), quantity.as_deref())?,
    };
    fits(tx, &line, was.spent, spent).await?;
    let incurred = patch.incurred_at.map_or(Ok(was.incurred_at), |at| clock::past(tx.now, at, "/incurredAt"))?;
    let note = patch.note.over(was.note.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.spent.set_if_not_equals(spent);
            row.incurred_at.set_if_not_equals(incurred);
            row.note.set_if_not_equals(note);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

async fn delete(who: Caller, target: Target<BudgetEntryId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let entry = tx.find_at::<Entity>(&target, Action::EditBudgetEntry).await?;
    let line = line_of(&tx, &entry).await?;
    // What came back and is taken away again adds to the sum.
    fits(&tx, &line, entry.spent, 0).await?;
    let entry = tx.delete::<Entity>(entry).await?;
    record(&mut tx, "deleted", &entry)?;
    tx.done(&entry).await
}

async fn restore(who: Caller, target: Target<BudgetEntryId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let entry = tx.find_deleted::<Entity>(&target, Action::EditBudgetEntry).await?;
    let entry = come_back(&mut tx, entry).await?;
    tx.done(&entry).await
}

/// What was spent, and comes back, still can be added to the rest.
async fn come_back(tx: &mut Tx, entry: Model) -> Result<Model> {
    let line = line_of(tx, &entry).await?;
    fits(tx, &line, 0, entry.spent).await?;
    let entry = tx.restore::<Entity>(entry).await?;
    record(tx, "restored", &entry)?;
    Ok(entry)
}

pub(super) fn record(tx: &mut Tx, what: &str, entry: &Model) -> Result<()> {
    tx.record(what, entry, json!({ "projectId": entry.project_id, "lineId": entry.line_id }))
}
