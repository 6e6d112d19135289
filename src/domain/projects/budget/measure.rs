//! How much is planned, and how much was spent: in money or in a quantity, exactly (§12).

use entity::{
    currency::Currency,
    money::{self, Amount, Money, QUANTITY_DIGITS},
    projects::budget_line,
};
use serde_json::json;

use crate::{
    domain::{
        error::{Code, Error, Result},
        paid::refused,
    },
    read::cell::Cell,
};

/// What something is measured in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Money of a currency: smallest units are counted.
    Money(Currency),
    /// Anything else: thousandths are counted.
    Quantity(String),
}

impl Unit {
    /// Of a line.
    #[must_use]
    pub fn of(line: &budget_line::Model) -> Self {
        line.currency.map_or_else(|| Self::Quantity(line.unit.clone().unwrap_or_default()), Self::Money)
    }

    /// How many digits after the point are counted.
    #[must_use]
    pub const fn digits(&self) -> u32 {
        match self {
            Self::Money(currency) => currency.digits(),
            Self::Quantity(_) => QUANTITY_DIGITS,
        }
    }

    /// The currency, of money.
    #[must_use]
    pub const fn currency(&self) -> Option<Currency> {
        match self {
            Self::Money(currency) => Some(*currency),
            Self::Quantity(_) => None,
        }
    }

    /// The unit, of what is not money.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Money(_) => None,
            Self::Quantity(unit) => Some(unit),
        }
    }
}

/// So much of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// How many of what is counted.
    pub count: i64,
    /// In what.
    pub unit: Unit,
}

/// What an input plans: money, or a quantity of a unit.
///
/// # Errors
/// `MEASURE_AMBIGUOUS`, `AMOUNT_NEGATIVE`, `AMOUNT_PRECISION`, `AMOUNT_TOO_LARGE`.
pub fn planned(amount: Option<&Money>, quantity: Option<&str>, unit: Option<&str>) -> Result<Measure> {
    let (measure, pointer) = match (amount, quantity, unit) {
        (Some(money), None, None) => (of_money(money, "/plannedAmount/amount")?, "/plannedAmount/amount"),
        (None, Some(text), Some(unit)) => {
            let count = money::thousandths(text).map_err(|wrong| refused(wrong, "/plannedQuantity"))?;
            (Measure { count, unit: Unit::Quantity(unit.to_owned()) }, "/plannedQuantity")
        }
        _ => {
            let why = "A line has either plannedAmount, or plannedQuantity and unit.";
            return Err(Error::field(Code::MeasureAmbiguous, "/plannedAmount", why));
        }
    };
    if measure.count < 0 {
        return Err(Error::field(Code::AmountNegative, pointer, "What is planned is not less than nothing."));
    }
    Ok(measure)
}

/// What an input says was spent, on a line that is measured in `unit`. Less than nothing came back.
///
/// # Errors
/// `MEASURE_MISMATCH`, `CURRENCY_MISMATCH`, `AMOUNT_PRECISION`, `AMOUNT_TOO_LARGE`.
pub fn spent(unit: &Unit, amount: Option<&Money>, quantity: Option<&str>) -> Result<i64> {
    match (unit, amount, quantity) {
        (Unit::Money(currency), Some(money), None) if money.currency != *currency => {
            let why = format!("The line is planned in {currency}.");
            let error = Error::field(Code::CurrencyMismatch, "/amount/currency", why);
            Err(error.with(json!({ "currency": currency })))
        }
        (Unit::Money(_), Some(money), None) => Ok(of_money(money, "/amount/amount")?.count),
        (Unit::Quantity(_), None, Some(text)) => money::thousandths(text).map_err(|wrong| refused(wrong, "/quantity")),
        (Unit::Money(_), ..) => {
            Err(Error::field(Code::MeasureMismatch, "/amount", "The line is planned in money: amount says how much."))
        }
        (Unit::Quantity(unit), ..) => {
            let why = format!("The line is planned in {unit}: quantity says how much.");
            Err(Error::field(Code::MeasureMismatch, "/quantity", why))
        }
    }
}

fn of_money(money: &Money, pointer: &str) -> Result<Measure> {
    let amount = Amount::of(money).map_err(|wrong| refused(wrong, pointer))?;
    Ok(Measure { count: amount.minor, unit: Unit::Money(amount.currency) })
}

/// How a quantity is shown: cells of the count and the unit.
#[must_use]
pub fn shown_quantity(count: &Cell, unit: &Cell) -> Cell {
    match (count, unit) {
        (Cell::Int(count), Cell::Text(_)) => Cell::Text(money::quantity(*count)),
        _ => Cell::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: &str, currency: Currency) -> Money {
        Money { amount: amount.to_owned(), currency }
    }

    fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
        let error = result.unwrap_err();
        format!("{} {}", error.code().as_str(), error.field_errors()[0].pointer)
    }

    #[test]
    fn a_plan_is_money_or_a_quantity() {
        let euros = money("12.5", Currency::Eur);
        assert_eq!(
            planned(Some(&euros), None, None).unwrap(),
            Measure { count: 1250, unit: Unit::Money(Currency::Eur) }
        );
        let days = Unit::Quantity("days".to_owned());
        assert_eq!(planned(None, Some("2.25"), Some("days")).unwrap(), Measure { count: 2250, unit: days });
        for (amount, quantity, unit) in [
            (None, None, None),
            (Some(&euros), Some("1"), Some("days")),
            (Some(&euros), None, Some("days")),
            (None, Some("1"), None),
            (None, None, Some("days")),
        ] {
            assert_eq!(code(planned(amount, quantity, unit)), "MEASURE_AMBIGUOUS /plannedAmount");
        }
    }

    #[test]
    fn what_is_not_exact_is_refused() {
        let plan = |amount: &str, currency| code(planned(Some(&money(amount, currency)), None, None));
        assert_eq!(plan("1.001", Currency::Eur), "AMOUNT_PRECISION /plannedAmount/amount");
        assert_eq!(plan("1.5", Currency::Jpy), "AMOUNT_PRECISION /plannedAmount/amount");
        assert_eq!(plan("-1", Currency::Eur), "AMOUNT_NEGATIVE /plannedAmount/amount");
        assert_eq!(planned(Some(&money("1.001", Currency::Kwd)), None, None).unwrap().count, 1001);
        assert_eq!(code(planned(None, Some("-1"), Some("days"))), "AMOUNT_NEGATIVE /plannedQuantity");
    }

    #[test]
    fn what_is_spent_is_measured_as_the_line() {
        let (euros, days) = (Unit::Money(Currency::Eur), Unit::Quantity("days".to_owned()));
        assert_eq!(spent(&euros, Some(&money("-3", Currency::Eur)), None).unwrap(), -300);
        assert_eq!(spent(&days, None, Some("0.5")).unwrap(), 500);
        assert_eq!(code(spent(&euros, Some(&money("3", Currency::Usd)), None)), "CURRENCY_MISMATCH /amount/currency");
        assert_eq!(code(spent(&euros, None, Some("3"))), "MEASURE_MISMATCH /amount");
        assert_eq!(code(spent(&euros, None, None)), "MEASURE_MISMATCH /amount");
        assert_eq!(code(spent(&days, Some(&money("3", Currency::Eur)), None)), "MEASURE_MISMATCH /quantity");
    }

    #[test]
    fn what_is_shown_is_exact() {
        let text = |word: &str| Cell::Text(word.to_owned());
        assert_eq!(shown_quantity(&Cell::Int(1500), &text("days")), text("1.5"));
        assert_eq!(shown_quantity(&Cell::Int(1500), &Cell::Null), Cell::Null);
    }
}
