//! Which categories a project needs nothing of, and why (§9, step 5).

use entity::{
    id::BudgetId,
    kind::word,
    object,
    projects::{
        budget::{BudgetCategory, Entity, Model, NotNeeded},
        budget_line,
    },
    vocabulary::Json,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::{REASON, approval::lapse, to_change};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    tx::Tx,
    verb::{Done, Target},
};

object! {
    /// A category that is not needed.
    BudgetCategoryNotNeeded {
        /// The category.
        required category: BudgetCategory = word::<BudgetCategory>(),
        /// Why it is not needed.
        required reason: String = REASON,
    }
}

object! {
    /// A category that is needed after all.
    BudgetCategoryNeeded {
        /// The category.
        required category: BudgetCategory = word::<BudgetCategory>(),
    }
}

pub(super) async fn mark_not_needed(
    who: Caller,
    target: Target<BudgetId>,
    said: BudgetCategoryNotNeeded,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let budget = to_change(&tx, &target).await?;
    has_no_lines(&tx, &budget, said.category).await?;
    let marks = with(&budget.not_needed.0, NotNeeded { category: said.category, reason: said.reason });
    let budget = remember(&mut tx, budget, marks, "marked_not_needed", said.category).await?;
    tx.done(&budget).await
}

pub(super) async fn mark_needed(who: Caller, target: Target<BudgetId>, said: BudgetCategoryNeeded) -> Result<Done> {
    let mut tx = who.begin().await?;
    let budget = to_change(&tx, &target).await?;
    let marks = without(&budget.not_needed.0, said.category);
    let budget = remember(&mut tx, budget, marks, "marked_needed", said.category).await?;
    tx.done(&budget).await
}

/// A category gets a line: it is needed, whatever was said before.
pub(in crate::domain::projects) async fn is_needed(
    tx: &mut Tx,
    budget: Model,
    category: BudgetCategory,
) -> Result<Model> {
    let marks = without(&budget.not_needed.0, category);
    let was = budget.not_needed.0.len();
    let budget = remember(tx, budget, marks, "marked_needed", category).await?;
    if budget.not_needed.0.len() < was {
        let text = format!("{category} was said not to be needed: that is taken back.");
        tx.warn_with("NOT_NEEDED_TAKEN_BACK", text, json!({ "category": category }));
    }
    Ok(budget)
}

async fn remember(
    tx: &mut Tx,
    budget: Model,
    marks: Vec<NotNeeded>,
    what: &str,
    category: BudgetCategory,
) -> Result<Model> {
    let after = tx.change::<Entity>(budget, |row| row.not_needed.set_if_not_equals(Json(marks))).await?;
    if !after.changed {
        return Ok(after.row);
    }
    tx.record(what, &after.row, json!({ "projectId": after.row.project_id, "category": category }))?;
    lapse(tx, after.row).await
}

async fn has_no_lines(tx: &Tx, budget: &Model, category: BudgetCategory) -> Result<()> {
    let lines = budget_line::Entity::find()
        .filter(budget_line::Column::OrganizationId.eq(tx.who.organization))
        .filter(budget_line::Column::BudgetId.eq(budget.id))
        .filter(budget_line::Column::Category.eq(category))
        .filter(budget_line::Column::DeletedAt.is_null())
        .count(&tx.db)
        .await?;
    if lines == 0 {
        return Ok(());
    }
    let error = Error::field(Code::BudgetCategoryInUse, "/category", format!("{category} has lines: it is needed."));
    Err(error.with(json!({ "category": category, "lines": lines })))
}

/// The marks with this one in place of one for the same category, in the order of the vocabulary.
fn with(marks: &[NotNeeded], mark: NotNeeded) -> Vec<NotNeeded> {
    let mut all = without(marks, mark.category);
    all.push(mark);
    all.sort_by_key(|mark| mark.category);
    all
}

fn without(marks: &[NotNeeded], category: BudgetCategory) -> Vec<NotNeeded> {
    marks.iter().filter(|mark| mark.category != category).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_marked_once() {
        let mark = |category, reason: &str| NotNeeded { category, reason: reason.to_owned() };
        let one = with(&[], mark(BudgetCategory::Time, "a"));
        let two = with(&one, mark(BudgetCategory::Data, "b"));
        let again = with(&two, mark(BudgetCategory::Time, "c"));
        assert_eq!(again, [mark(BudgetCategory::Data, "b"), mark(BudgetCategory::Time, "c")]);
        assert_eq!(without(&again, BudgetCategory::Data), [mark(BudgetCategory::Time, "c")]);
        assert_eq!(without(&again, BudgetCategory::People), again);
    }
}
