//! How a plan changes, and a line to try with.

use super::*;

/// A line of a category, in a currency or in days.
pub(in crate::domain::projects) fn line(category: BudgetCategory, planned: i64, currency: Option<Currency>) -> Model {
    let now = clock::now();
    Model {
        id: clock::new_id(),
        organization_id: clock::new_id(),
        project_id: clock::new_id(),
        budget_id: clock::new_id(),
        owner_id: clock::new_id(),
        category,
        description: "Something".to_owned(),
        planned,
        currency,
        unit: currency.is_none().then(|| "days".to_owned()),
        assignee_id: None,
        support_team: None,
        support_status: SupportStatus::NotAsked,
        support_asked_at: None,
        support_answered_at: None,
        support_note: None,
        version: 1,
        created_at: now,
        updated_at: now,
        deleted_at: None,
    }
}

fn after(was: &Model, patch: serde_json::Value) -> String {
    match replanned(was, &serde_json::from_value(patch).unwrap()) {
        Ok(measure) => format!("{} {:?}", measure.count, measure.unit),
        Err(error) => error.code().as_str().to_owned(),
    }
}

#[test]
fn a_patch_keeps_what_it_does_not_name() {
    let (money, days) = (line(BudgetCategory::Data, 1250, Some(Currency::Eur)), line(BudgetCategory::Time, 2500, None));
    let euros = |amount: &str| json!({ "plannedAmount": { "amount": amount, "currency": "EUR" } });
    for (was, patch, told) in [
        (&money, json!({}), "1250 Money(Eur)"),
        (&money, euros("1"), "100 Money(Eur)"),
        (&money, json!({ "plannedAmount": { "amount": "1", "currency": "JPY" } }), "1 Money(Jpy)"),
        (&money, json!({ "plannedQuantity": "1", "unit": "days" }), "1000 Quantity(\"days\")"),
        (&money, json!({ "plannedQuantity": "1" }), "MEASURE_AMBIGUOUS"),
        (&money, json!({ "unit": "days" }), "MEASURE_AMBIGUOUS"),
        (&days, json!({ "unit": "weeks" }), "2500 Quantity(\"weeks\")"),
        (&days, json!({ "plannedQuantity": "0.5" }), "500 Quantity(\"days\")"),
        (&days, euros("1"), "100 Money(Eur)"),
        (&days, json!({ "plannedAmount": { "amount": "1", "currency": "EUR" }, "unit": "days" }), "MEASURE_AMBIGUOUS"),
    ] {
        assert_eq!(after(was, patch.clone()), told, "{patch}");
    }
}
