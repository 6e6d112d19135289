//! The rules about what projects take (§12).

use std::collections::BTreeMap;

use entity::{
    insight::insight_dismissal::{InsightCode, InsightSeverity},
    money::{decimal, quantity},
    projects::{budget::BudgetCategory, budget_line::SupportStatus, scope::Step},
};
use serde_json::json;

use super::{Found, Rule};
use crate::domain::{
    insight::{
        facts::{Facts, spending::Line},
        suggest::Suggest,
    },
    policy::Action,
};

/// The rules of this chapter.
pub(super) const RULES: &[Rule] = &[
    Rule {
        code: InsightCode::OverBudget,
        severity: InsightSeverity::Warning,
        playbook_ref: "§12",
        doc: "More was spent on a category than is planned for it, in one currency or unit.",
        find: over_budget,
    },
    Rule {
        code: InsightCode::SupportRefused,
        severity: InsightSeverity::Warning,
        playbook_ref: "§12",
        doc: "A team refused the support that an integration needs.",
        find: support_refused,
    },
];

/// For each category that is over, the line that is over most: it is about that one, so that what is put away of one line
/// says nothing of another.
fn over_budget(facts: &Facts) -> Vec<Found> {
    let mut groups = BTreeMap::<_, Vec<&Line>>::new();
    for line in &facts.spending.lines {
        let measured = (line.currency, line.unit.as_deref());
        groups.entry((line.project_id, line.category, measured)).or_default().push(line);
    }
    groups.into_values().filter_map(|lines| over(&lines)).collect()
}

fn over(lines: &[&Line]) -> Option<Found> {
    let sum = |of: fn(&Line) -> i64| lines.iter().map(|line| i128::from(of(line))).sum::<i128>();
    let (planned, actual) = (sum(|line| line.planned), sum(|line| line.actual));
    if actual <= planned {
        return None;
    }
    let most = lines.iter().max_by_key(|line| i128::from(line.actual) - i128::from(line.planned))?;
    let beyond = told(most, i64::try_from(actual - planned).ok()?);
    let category = name(most.category);
    Some(Found {
        suggest: back(most),
        ..about(
            most,
            format!(
                "{}: {category} took {beyond} more than planned, most of it for {}. With what is known now, the plan can be made again.",
                most.title, most.description
            ),
        )
    })
}

/// So much of what a line is measured in.
fn told(line: &Line, count: i64) -> String {
    match (line.currency, &line.unit) {
        (Some(currency), _) => format!("{} {currency}", decimal(count, currency.digits())),
        (None, unit) => format!("{} {}", quantity(count), unit.as_deref().unwrap_or_default()),
    }
}

const fn name(category: BudgetCategory) -> &'static str {
    match category {
        BudgetCategory::Data => "data",
        BudgetCategory::People => "people",
        BudgetCategory::Time => "time",
        BudgetCategory::Integrations => "integrations",
    }
}

/// Back to the last step, from any later point. What was learnt, whoever goes back says.
fn back(line: &Line) -> Option<Suggest> {
    line.current_step.is_none().then(|| Suggest {
        resource: "Scope",
        verb: "returnToStep",
        id: Some(line.scope_id.to_string()),
        needs: Action::WorkOnProject,
        input: json!({ "step": Step::Budget, "reason": "OVER_BUDGET" }),
    })
}

fn support_refused(facts: &Facts) -> Vec<Found> {
    let refused =
        |line: &&Line| line.category == BudgetCategory::Integrations && line.support_status == SupportStatus::Refused;
    let found = facts.spending.lines.iter().filter(refused).map(|line| {
        let team = line.support_team.as_deref().unwrap_or("The team");
        let reason = format!(
            "{}: {team} will not support {}. Ask again with what has changed, ask another team, or plan without it.",
            line.title, line.description
        );
        let suggest = Suggest {
            resource: "BudgetLine",
            verb: "requestSupport",
            id: Some(line.id.to_string()),
            needs: Action::EditBudgetLine,
            input: json!({}),
        };
        Found { suggest: Some(suggest), ..about(line, reason) }
    });
    found.collect()
}

fn about(line: &Line, reason: String) -> Found {
    Found {
        subject_kind: "budget_line",
        subject_id: line.id.to_string(),
        within: vec![line.budget_id.to_string(), line.project_id.to_string()],
        reason,
        suggest: None,
    }
}

#[cfg(test)]
pub(super) mod tests;
