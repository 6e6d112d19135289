//! What a project was planned to take, what it took, what is left and what it will have taken (§12): by category, and each
//! currency and unit by itself. Currencies are never added up.

mod forms;

use std::collections::BTreeMap;

use entity::{
    currency::Currency,
    id::{BudgetId, ProjectId},
    kind::{Declared as _, Kind, id, int, line, list, word},
    money::{Amount, DECIMAL, Money, Wrong, quantity},
    object,
    projects::budget::{self, BudgetApproval, BudgetCategory, NotNeeded},
    vocabulary,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::NOT_NEEDED;
use crate::{
    domain::{
        answer::{Answer, Form},
        error::{Code, Error, Result},
        look::Look,
        policy::Action,
    },
    read::sql::Arg,
};

const MONEY: Kind = Kind::Object(Money::object);
const AMOUNTS: Kind = Kind::Object(BudgetAmounts::object);
const QUANTITIES: Kind = Kind::Object(BudgetQuantities::object);
const TOTAL: Kind = Kind::Object(BudgetTotal::object);
const COUNT: Kind = int(0, i64::MAX);

vocabulary! {
    /// How a forecast is made.
    ForecastMethod {
        /// Each line will have taken what is planned for it, or what was spent on it where that is more.
        LineByLine = "LINE_BY_LINE",
    }
}

object! {
    /// Of which project.
    BudgetSummaryQuestion {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
    }
}

object! {
    /// What a project was planned to take, and what it took.
    #[derive(Serialize)]
    BudgetSummary {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// Its budget.
        required budget_id: BudgetId = id::<BudgetId>(),
        /// Where the approval of that stands.
        required approval: BudgetApproval = word::<BudgetApproval>(),
        /// How the forecasts are made.
        required forecast_method: ForecastMethod = word::<ForecastMethod>(),
        /// What is planned in money: by category, each currency by itself.
        required amounts: Vec<BudgetAmounts> = list(&AMOUNTS, 200),
        /// What is planned in anything else: by category, each unit by itself.
        required quantities: Vec<BudgetQuantities> = list(&QUANTITIES, 200),
        /// The money of all categories, each currency by itself.
        required totals: Vec<BudgetTotal> = list(&TOTAL, 200),
        /// The categories that are not needed, each with why.
        required not_needed: Vec<NotNeeded> = list(&NOT_NEEDED, 4),
    }
}

object! {
    /// The money of a category in one currency.
    #[derive(Serialize, PartialEq, Eq)]
    BudgetAmounts {
        /// The category.
        required category: BudgetCategory = word::<BudgetCategory>(),
        /// The currency.
        required currency: Currency = word::<Currency>(),
        /// Over how many lines.
        required lines: i64 = COUNT,
        /// What is planned.
        required planned: Money = MONEY,
        /// What was spent.
        required actual: Money = MONEY,
        /// What is left of the plan; less than nothing when more was spent.
        required remaining: Money = MONEY,
        /// What it will have taken in the end.
        required forecast: Money = MONEY,
        /// Whether more was spent than is planned.
        required over: bool = Kind::Bool,
    }
}

object! {
    /// The quantities of a category in one unit.
    #[derive(Serialize, PartialEq, Eq)]
    BudgetQuantities {
        /// The category.
        required category: BudgetCategory = word::<BudgetCategory>(),
        /// The unit.
        required unit: String = line(1, 50),
        /// Over how many lines.
        required lines: i64 = COUNT,
        /// What is planned.
        required planned: String = DECIMAL,
        /// What was spent.
        required actual: String = DECIMAL,
        /// What is left of the plan; less than nothing when more was spent.
        required remaining: String = DECIMAL,
        /// What it will have taken in the end.
        required forecast: String = DECIMAL,
        /// Whether more was spent than is planned.
        required over: bool = Kind::Bool,
    }
}

object! {
    /// The money of all categories in one currency.
    #[derive(Serialize, PartialEq, Eq)]
    BudgetTotal {
        /// The currency.
        required currency: Currency = word::<Currency>(),
        /// What is planned.
        required planned: Money = MONEY,
        /// What was spent.
        required actual: Money = MONEY,
        /// What is left of the plan; less than nothing when more was spent.
        required remaining: Money = MONEY,
        /// What it will have taken in the end.
        required forecast: Money = MONEY,
    }
}

/// `budgetSummary`.
#[must_use]
pub fn of_project() -> Answer {
    Answer::new(
        "budgetSummary",
        Action::ViewBudget,
        "What a project was planned to take and what it took: by category, each currency and each unit by itself.",
        Kind::Object(BudgetSummary::object),
        summary,
    )
    .form(Form::csv("A row for each category, currency and unit.", forms::table))
    .form(Form::svg("A chart of what was planned and what was spent, by category.", forms::chart))
}

/// A line, and what was spent on it.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Spent {
    /// Its category.
    pub category: BudgetCategory,
    /// Its currency, of what is planned in money.
    pub currency: Option<Currency>,
    /// Its unit, of anything else.
    pub unit: Option<String>,
    /// What is planned.
    pub planned: i64,
    /// What was spent.
    pub actual: i64,
}

const LINES: &str = "\
    SELECT l.category, l.currency, l.unit, l.planned, \
    (SELECT CAST(COALESCE(SUM(e.spent), 0) AS BIGINT) FROM budget_entry e WHERE e.line_id = l.id AND e.deleted_at IS NULL) AS actual \
    FROM budget_line l WHERE l.deleted_at IS NULL AND l.organization_id = ";

async fn summary(look: Look, asked: BudgetSummaryQuestion) -> Result<BudgetSummary> {
    let budget = super::of_project(&look, asked.project_id, Action::ViewBudget).await?;
    of_budget(&look, budget).await
}

/// The summary of a budget that the caller sees.
///
/// # Errors
/// `AMOUNT_TOO_LARGE`.
pub(in crate::domain::projects) async fn of_budget(look: &Look, budget: budget::Model) -> Result<BudgetSummary> {
    let mut sql = look.sql();
    sql.push(LINES).bind(Arg::Uuid(look.who.organization.0)).push(" AND l.budget_id = ").bind(Arg::Uuid(budget.id.0));
    sql.push(" ORDER BY l.created_at, l.id");
    let lines = look.rows::<Spent>(&sql).await?;
    Ok(BudgetSummary {
        project_id: budget.project_id,
        budget_id: budget.id,
        approval: budget.approval,
        forecast_method: ForecastMethod::LineByLine,
        amounts: amounts(&lines).map_err(too_much)?,
        quantities: quantities(&lines).map_err(too_much)?,
        totals: totals(&lines).map_err(too_much)?,
        not_needed: budget.not_needed.0,
    })
}

/// What is not told exactly is not told.
fn too_much(_: Wrong) -> Error {
    Error::new(Code::AmountTooLarge, "Together the lines are more than is counted; each of them tells its own.")
}

/// Three sums over the same lines.
#[derive(Clone, Copy, Debug)]
struct Sums {
    lines: i64,
    planned: Amount,
    actual: Amount,
    forecast: Amount,
}

impl Sums {
    fn none(currency: Currency) -> Self {
        let none = Amount { currency, minor: 0 };
        Self { lines: 0, planned: none, actual: none, forecast: none }
    }

    fn and(self, line: &Spent) -> Result<Self, Wrong> {
        let some = |minor| Amount { minor, ..self.planned };
        Ok(Self {
            lines: self.lines + 1,
            planned: self.planned.plus(some(line.planned))?,
            actual: self.actual.plus(some(line.actual))?,
            forecast: self.forecast.plus(some(line.planned.max(line.actual)))?,
        })
    }

    fn remaining(&self) -> Result<Amount, Wrong> {
        self.planned.minus(self.actual)
    }

    fn over(&self) -> bool {
        self.actual.minor > self.planned.minor
    }
}

/// Sums by a key, of the lines that have one; what is added up is of one currency.
fn by<'a, K: Ord>(
    lines: &'a [Spent],
    key: impl Fn(&'a Spent) -> Option<K>,
    currency: impl Fn(&'a Spent) -> Currency,
) -> Result<BTreeMap<K, Sums>, Wrong> {
    let mut all = BTreeMap::new();
    for line in lines {
        if let Some(key) = key(line) {
            let sums = all.entry(key).or_insert_with(|| Sums::none(currency(line)));
            *sums = sums.and(line)?;
        }
    }
    Ok(all)
}

/// The currency of a line that has one. Of a quantity, only the digits count: three, as those of a dinar.
fn counted_as(line: &Spent) -> Currency {
    line.currency.unwrap_or(Currency::Kwd)
}

fn amounts(lines: &[Spent]) -> Result<Vec<BudgetAmounts>, Wrong> {
    let sums = by(lines, |line| line.currency.map(|currency| (line.category, currency)), counted_as)?;
    let told = sums.into_iter().map(|((category, currency), sums)| {
        Ok(BudgetAmounts {
            category,
            currency,
            lines: sums.lines,
            planned: sums.planned.into(),
            actual: sums.actual.into(),
            remaining: sums.remaining()?.into(),
            forecast: sums.forecast.into(),
            over: sums.over(),
        })
    });
    told.collect()
}

fn quantities(lines: &[Spent]) -> Result<Vec<BudgetQuantities>, Wrong> {
    let sums = by(lines, |line| line.unit.as_deref().map(|unit| (line.category, unit)), counted_as)?;
    let told = sums.into_iter().map(|((category, unit), sums)| {
        Ok(BudgetQuantities {
            category,
            unit: unit.to_owned(),
            lines: sums.lines,
            planned: quantity(sums.planned.minor),
            actual: quantity(sums.actual.minor),
            remaining: quantity(sums.remaining()?.minor),
            forecast: quantity(sums.forecast.minor),
            over: sums.over(),
        })
    });
    told.collect()
}

fn totals(lines: &[Spent]) -> Result<Vec<BudgetTotal>, Wrong> {
    let sums = by(lines, |line| line.currency, counted_as)?;
    let told = sums.into_iter().map(|(currency, sums)| {
        Ok(BudgetTotal {
            currency,
            planned: sums.planned.into(),
            actual: sums.actual.into(),
            remaining: sums.remaining()?.into(),
            forecast: sums.forecast.into(),
        })
    });
    told.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use BudgetCategory::{Data, People, Time};
    use Currency::{Eur, Jpy, Kwd};

    fn money(category: BudgetCategory, currency: Currency, planned: i64, actual: i64) -> Spent {
        Spent { category, currency: Some(currency), unit: None, planned, actual }
    }

    fn days(planned: i64, actual: i64) -> Spent {
        Spent { category: Time, currency: None, unit: Some("days".to_owned()), planned, actual }
    }

    #[test]
    fn each_currency_stands_by_itself() {
        let lines = [
            money(Data, Eur, 100_000, 40_050),
            money(Data, Eur, 10_000, 12_000),
            money(Data, Jpy, 5000, 0),
            money(People, Eur, 1, 0),
            days(2500, 3000),
        ];
        let told: Vec<String> = amounts(&lines)
            .unwrap()
            .into_iter()
            .map(|row| {
                let [planned, actual, remaining, forecast] =
                    [row.planned, row.actual, row.remaining, row.forecast].map(|money| money.amount);
                format!("{} {} {planned} {actual} {remaining} {forecast} {}", row.category, row.currency, row.over)
            })
            .collect();
        assert_eq!(
            told,
            [
                "DATA EUR 1100.00 520.50 579.50 1120.00 false",
                "DATA JPY 5000 0 5000 5000 false",
                "PEOPLE EUR 0.01 0.00 0.01 0.01 false",
            ]
        );
        let all = totals(&lines).unwrap();
        assert_eq!(all.iter().map(|total| total.planned.amount.as_str()).collect::<Vec<_>>(), ["1100.01", "5000"]);
        let [spent]: [BudgetQuantities; 1] = quantities(&lines).unwrap().try_into().unwrap();
        assert_eq!(
            (spent.planned, spent.actual, spent.remaining, spent.forecast),
            ("2.5".into(), "3".into(), "-0.5".into(), "3".into())
        );
        assert!(spent.over);
    }

    #[test]
    fn what_is_too_large_is_refused_and_never_wraps() {
        let most = 10_i64.pow(18) - 1;
        assert!(amounts(&[money(Data, Kwd, most, 0)]).is_ok());
        assert_eq!(amounts(&[money(Data, Kwd, most, 0), money(Data, Kwd, 1, 0)]), Err(Wrong::TooLarge));
        assert_eq!(amounts(&vec![money(Data, Kwd, most, most); 20]), Err(Wrong::TooLarge));
        // In different categories they are told; all together they are not.
        let apart = [money(Data, Kwd, most, 0), money(People, Kwd, 1, 0)];
        assert!(amounts(&apart).is_ok());
        assert_eq!(totals(&apart), Err(Wrong::TooLarge));
        assert_eq!(amounts(&[money(Data, Kwd, most, -most)]), Err(Wrong::TooLarge), "what is left is too much");
    }

    #[test]
    fn nothing_is_planned_yet() {
        assert_eq!((amounts(&[]), quantities(&[]), totals(&[])), (Ok(vec![]), Ok(vec![]), Ok(vec![])));
    }
}
