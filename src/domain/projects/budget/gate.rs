//! What the last step of scoping still lacks (§9): pure, and what loads its rows.

use entity::{
    id::{BudgetLineId, ProjectId},
    platform::organization::BudgetApprover,
    projects::{
        budget::{self, BudgetApproval, BudgetCategory, NotNeeded},
        budget_line,
        scope::UnmetGate,
    },
    vocabulary::Vocabulary as _,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use crate::domain::{
    error::{Error, Result},
    look::Look,
    projects::scope::gate::Unmet,
};

/// What the step lacks: each category has a line or a reason, an integration has a team, and where the organization names
/// who `approves` (the state of that), they have.
#[must_use]
pub fn gate(lines: &[budget_line::Model], not_needed: &[NotNeeded], approves: Option<BudgetApproval>) -> Vec<Unmet> {
    let addressed = |category: BudgetCategory| {
        lines.iter().any(|line| line.category == category) || not_needed.iter().any(|mark| mark.category == category)
    };
    let missing: Vec<_> = BudgetCategory::ALL.iter().copied().filter(|category| !addressed(*category)).collect();
    let alone =
        |line: &&budget_line::Model| line.category == BudgetCategory::Integrations && line.support_team.is_none();
    let alone: Vec<BudgetLineId> = lines.iter().filter(alone).map(|line| line.id).collect();
    let mut unmet = Vec::new();
    if !missing.is_empty() {
        let names: Vec<_> = missing.iter().map(|category| category.word()).collect();
        let message = format!("Nothing is planned for {}, and nothing says why none is needed.", names.join(", "));
        unmet.push(Unmet::new(UnmetGate::BudgetCategoryUnaddressed, message, json!({ "missing": missing })));
    }
    if !alone.is_empty() {
        let message = "An integration does not say which team supports it.";
        unmet.push(Unmet::new(UnmetGate::SupportTeamMissing, message, json!({ "budgetLineIds": alone })));
    }
    if let Some(approval) = approves.filter(|approval| *approval != BudgetApproval::Approved) {
        let message = "The budget has not been approved as it stands.";
        unmet.push(Unmet::new(UnmetGate::BudgetNotApproved, message, json!({ "approval": approval })));
    }
    unmet
}

/// The same, of a project that the caller may see, in two statements.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_project(look: &Look, project: ProjectId) -> Result<Vec<Unmet>> {
    let budget = budget::Entity::find()
        .filter(budget::Column::OrganizationId.eq(look.who.organization))
        .filter(budget::Column::ProjectId.eq(project))
        .filter(budget::Column::DeletedAt.is_null())
        .one(&look.db)
        .await?
        .ok_or_else(|| Error::internal("a project without a budget"))?;
    let lines = budget_line::Entity::find()
        .filter(budget_line::Column::OrganizationId.eq(look.who.organization))
        .filter(budget_line::Column::BudgetId.eq(budget.id))
        .filter(budget_line::Column::DeletedAt.is_null())
        .order_by_asc(budget_line::Column::CreatedAt)
        .order_by_asc(budget_line::Column::Id)
        .all(&look.db)
        .await?;
    let named = look.who.settings.budget_approver != BudgetApprover::Nobody;
    Ok(gate(&lines, &budget.not_needed.0, named.then_some(budget.approval)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::projects::budget_line::tests::line;
    use BudgetCategory::{Data, Integrations, People, Time};

    fn unmet(
        lines: &[(BudgetCategory, Option<&str>)],
        marks: &[BudgetCategory],
        approves: Option<BudgetApproval>,
    ) -> String {
        let lines: Vec<_> = lines
            .iter()
            .map(|(category, team)| budget_line::Model {
                support_team: team.map(str::to_owned),
                ..line(*category, 100, Some(entity::currency::Currency::Eur))
            })
            .collect();
        let marks: Vec<_> =
            marks.iter().map(|category| NotNeeded { category: *category, reason: "no".to_owned() }).collect();
        let told = gate(&lines, &marks, approves).into_iter();
        told.map(|one| match one.details.get("missing") {
            Some(missing) => format!("{} {missing}", one.code),
            None => one.code.to_string(),
        })
        .collect::<Vec<_>>()
        .join("; ")
    }

    #[test]
    fn each_category_has_a_line_or_a_reason() {
        let all = [(Data, None), (People, None), (Time, None), (Integrations, Some("Grid"))];
        let missing = |words: &str| format!("BUDGET_CATEGORY_UNADDRESSED [{words}]");
        for (lines, marks, told) in [
            (&all[..], &[][..], String::new()),
            (&[][..], &[Data, People, Time, Integrations][..], String::new()),
            (&[][..], &[][..], missing(r#""DATA","PEOPLE","TIME","INTEGRATIONS""#)),
            (&all[..3], &[][..], missing(r#""INTEGRATIONS""#)),
            (&all[..3], &[Integrations][..], String::new()),
            (&all[1..], &[People][..], missing(r#""DATA""#)),
        ] {
            assert_eq!(unmet(lines, marks, None), told, "{lines:?} {marks:?}");
        }
    }

    #[test]
    fn an_integration_names_its_team_and_whoever_approves_has() {
        let marks = [Data, People, Time];
        assert_eq!(unmet(&[(Integrations, None), (Integrations, Some("Grid"))], &marks, None), "SUPPORT_TEAM_MISSING");
        // Of anything else, nobody asks for a team.
        assert_eq!(unmet(&[(Data, None)], &[People, Time, Integrations], None), "");
        for approval in BudgetApproval::ALL {
            let told = if *approval == BudgetApproval::Approved { "" } else { "BUDGET_NOT_APPROVED" };
            assert_eq!(unmet(&[(Integrations, Some("Grid"))], &marks, Some(*approval)), told);
        }
    }
}
