//! The summary as a table and as a chart.

use entity::money::{Amount, Money, Wrong, thousandths};

use super::{BudgetCategory, BudgetSummary};
use crate::domain::{
    chart::pairs::{Group, Pair, Pairs},
    error::{Error, Result},
    table::{Cell, csv},
};

/// A row for each category, currency and unit. Numbers have no sign that a spreadsheet could take for a formula's.
pub(super) fn table(told: &BudgetSummary) -> Result<String> {
    let columns = ["category", "currency", "unit", "lines", "planned", "actual", "remaining", "forecast", "over"];
    let amounts = told.amounts.iter().map(|row| {
        let money = [&row.planned, &row.actual, &row.remaining, &row.forecast].map(|money| money.amount.as_str());
        line(row.category, (Some(row.currency.to_string()), None), row.lines, money, row.over)
    });
    let quantities = told.quantities.iter().map(|row| {
        let counts = [&row.planned, &row.actual, &row.remaining, &row.forecast].map(String::as_str);
        line(row.category, (None, Some(row.unit.clone())), row.lines, counts, row.over)
    });
    csv(&columns, amounts.chain(quantities))
}

fn line(
    category: BudgetCategory,
    (currency, unit): (Option<String>, Option<String>),
    lines: i64,
    numbers: [&str; 4],
    over: bool,
) -> Vec<Cell> {
    let numbers = numbers.into_iter().map(|number| Cell::Digits(number.to_owned()));
    let head: [Cell; 4] = [category.to_string().into(), currency.into(), unit.into(), lines.into()];
    head.into_iter().chain(numbers).chain([over.into()]).collect()
}

/// A pair of bars for each category: of each currency, and of each unit.
pub(super) fn chart(told: &BudgetSummary) -> Result<String> {
    let mut groups: Vec<Group> = Vec::new();
    let mut add = |group: String, pair: Pair| match groups.iter_mut().find(|known| known.name == group) {
        Some(known) => known.pairs.push(pair),
        None => groups.push(Group { name: group, pairs: vec![pair] }),
    };
    for row in &told.amounts {
        let count = |money: &Money| Ok::<_, Wrong>(Amount::of(money)?.minor);
        let counts = (count(&row.planned).map_err(internal)?, count(&row.actual).map_err(internal)?);
        add(row.currency.to_string(), pair(row.category, counts, [&row.planned.amount, &row.actual.amount]));
    }
    for row in &told.quantities {
        let count = |text: &str| thousandths(text).map_err(internal);
        add(
            row.unit.clone(),
            pair(row.category, (count(&row.planned)?, count(&row.actual)?), [&row.planned, &row.actual]),
        );
    }
    let over =
        told.amounts.iter().filter(|row| row.over).count() + told.quantities.iter().filter(|row| row.over).count();
    let subtitle = match over {
        0 => "Everything is within its plan".to_owned(),
        1 => "One category is over its plan".to_owned(),
        several => format!("{several} categories are over their plans"),
    };
    Ok(Pairs { title: "Planned and spent, by category".to_owned(), subtitle, groups }.svg())
}

fn internal(wrong: Wrong) -> Error {
    Error::internal(format!("what was told is {wrong:?}"))
}

fn pair(category: BudgetCategory, (planned, actual): (i64, i64), [plan, spent]: [&String; 2]) -> Pair {
    let name = match category {
        BudgetCategory::Data => "Data",
        BudgetCategory::People => "People",
        BudgetCategory::Time => "Time",
        BudgetCategory::Integrations => "Integrations",
    };
    Pair { name: name.to_owned(), planned, actual, told: format!("{spent} of {plan}") }
}
