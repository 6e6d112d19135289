//! The rules about what projects take, each told facts without a database.

use entity::currency::Currency;

use super::{super::learning::tests::nobody, *};
use crate::domain::{clock, insight::facts::spending::Spending};

fn line(category: BudgetCategory, planned: i64, actual: i64) -> Line {
    Line {
        id: clock::new_id(),
        budget_id: clock::new_id(),
        project_id: clock::new_id(),
        title: "Wind".to_owned(),
        scope_id: clock::new_id(),
        current_step: None,
        category,
        description: "Satellite images".to_owned(),
        currency: Some(Currency::Eur),
        unit: None,
        planned,
        actual,
        support_team: Some("Grid operations".to_owned()),
        support_status: SupportStatus::NotAsked,
    }
}

/// A budget of which every rule finds something.
pub(in crate::domain::insight) fn overspent() -> Spending {
    let refused = Line { support_status: SupportStatus::Refused, ..line(BudgetCategory::Integrations, 0, 0) };
    Spending { lines: vec![line(BudgetCategory::Data, 100, 101), refused] }
}

fn found(lines: &[Line]) -> Vec<Found> {
    let mut facts = nobody();
    facts.spending.lines = lines.to_vec();
    over_budget(&facts)
}

#[test]
fn a_category_is_over_when_all_of_it_is() {
    let one = line(BudgetCategory::Data, 10_000, 13_000);
    let other = Line { id: clock::new_id(), planned: 5_000, actual: 2_000, ..one.clone() };
    assert!(found(&[Line { actual: 10_000, ..one.clone() }]).is_empty(), "all of the plan is not more than it");
    assert_eq!(found(std::slice::from_ref(&one)).len(), 1);
    assert!(found(&[one.clone(), other.clone()]).is_empty(), "another line of the category makes up for it");
    let more = Line { actual: 50_50, ..other };
    let told = found(&[more.clone(), one.clone()]);
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].subject_id, one.id.to_string(), "it is about the line that is over most");
    assert!(told[0].reason.starts_with("Wind: data took 30.50 EUR more than planned"), "{}", told[0].reason);
    assert!(told[0].is_about(&one.project_id.to_string()) && told[0].is_about(&one.budget_id.to_string()));
}

#[test]
fn what_is_measured_otherwise_makes_up_for_nothing() {
    let euros = line(BudgetCategory::Data, 100, 101);
    let yen = Line { currency: Some(Currency::Jpy), planned: 1000, actual: 0, ..euros.clone() };
    let days = Line { currency: None, unit: Some("days".to_owned()), planned: 1000, actual: 2500, ..euros.clone() };
    let elsewhere = Line { category: BudgetCategory::People, planned: 1000, actual: 0, ..euros.clone() };
    let other = Line { project_id: clock::new_id(), planned: 1000, actual: 0, ..euros.clone() };
    assert_eq!(found(&[euros.clone(), yen, elsewhere, other]).len(), 1);
    let told = found(&[euros, days]);
    assert_eq!(told.len(), 2);
    assert!(told.iter().any(|one| one.reason.contains("took 1.5 days more")), "{told:?}");
    // Sums that no line could hold wrap nowhere.
    let most = i64::MAX;
    let project = clock::new_id();
    let huge = |actual| Line { project_id: project, ..line(BudgetCategory::Time, most, actual) };
    assert!(found(&[huge(most), huge(most - 1)]).is_empty());
}

#[test]
fn the_way_back_is_offered_from_a_later_point() {
    let over = line(BudgetCategory::Data, 100, 101);
    let command = found(std::slice::from_ref(&over))[0].suggest.clone().unwrap();
    assert_eq!(
        (command.resource, command.verb, command.id),
        ("Scope", "returnToStep", Some(over.scope_id.to_string()))
    );
    assert_eq!(command.input, json!({ "step": "BUDGET", "reason": "OVER_BUDGET" }));
    let early = Line { current_step: Some(Step::Budget), ..over };
    assert_eq!(found(&[early])[0].suggest, None, "it is at that step already");
}

#[test]
fn a_refusal_is_told_of_integrations() {
    let told = |category, status| {
        let mut facts = nobody();
        facts.spending.lines = vec![Line { support_status: status, ..line(category, 0, 0) }];
        support_refused(&facts)
    };
    let refused = told(BudgetCategory::Integrations, SupportStatus::Refused);
    assert_eq!(refused[0].suggest.as_ref().unwrap().verb, "requestSupport");
    assert!(refused[0].reason.contains("Grid operations"));
    assert!(told(BudgetCategory::Integrations, SupportStatus::Asked).is_empty());
    assert!(told(BudgetCategory::People, SupportStatus::Refused).is_empty());
}
