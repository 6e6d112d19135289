//! What a posting says is paid: two amounts of one currency, as whole numbers of its smallest unit.

use entity::{
    currency::Currency,
    jobs::job_posting::{CompRange, Model, PayPeriod},
    money,
};

use crate::{
    domain::{
        error::{Code, Error, Result},
        paid::refused,
    },
    read::{
        cell::{Cell, Store},
        shape::{Need, Seen},
    },
};

/// What is paid, as it is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain::jobs) struct Pay {
    /// The least.
    pub min: i64,
    /// The most.
    pub max: Option<i64>,
    /// The currency.
    pub currency: Currency,
    /// For how long.
    pub per: PayPeriod,
}

impl Pay {
    /// Reads a range as it comes.
    ///
    /// # Errors
    /// `RANGE_INVERTED`, `AMOUNT_NEGATIVE`, `AMOUNT_PRECISION`, `AMOUNT_TOO_LARGE`.
    pub(in crate::domain::jobs) fn of(range: &CompRange) -> Result<Self> {
        let min = amount(range.currency, &range.min, "/compRange/min")?;
        let max = range.max.as_ref().map(|max| amount(range.currency, max, "/compRange/max")).transpose()?;
        if max.is_some_and(|max| max < min) {
            let why = "The most that is paid is less than the least.";
            return Err(Error::field(Code::RangeInverted, "/compRange/max", why));
        }
        Ok(Self { min, max, currency: range.currency, per: range.per })
    }

    /// What a posting keeps.
    pub(in crate::domain::jobs) fn kept(posting: &Model) -> Option<Self> {
        let (min, currency, per) = (posting.comp_min?, posting.comp_currency?, posting.comp_period?);
        Some(Self { min, max: posting.comp_max, currency, per })
    }
}

fn amount(currency: Currency, text: &str, pointer: &str) -> Result<i64> {
    let minor = money::units(text, currency.digits()).map_err(|wrong| refused(wrong, pointer))?;
    if minor < 0 {
        return Err(Error::field(Code::AmountNegative, pointer, "What is paid is not less than nothing."));
    }
    Ok(minor)
}

/// What [`shown`] looks at.
pub(super) fn needs() -> Vec<Need> {
    vec![
        Need::Column("comp_min", Store::Int),
        Need::Column("comp_max", Store::Int),
        Need::Column("comp_currency", Store::Text),
        Need::Column("comp_period", Store::Text),
    ]
}

/// How the range is shown.
pub(super) fn shown(cells: &[Cell], _: &Seen) -> Cell {
    let [min, max, currency, per] = cells else { return Cell::Null };
    let (Some(currency), Some(per)) = (read::<Currency>(currency), read::<PayPeriod>(per)) else { return Cell::Null };
    let written = |cell: &Cell| match cell {
        Cell::Int(minor) => Some(money::decimal(*minor, currency.digits())),
        _ => None,
    };
    let Some(least) = written(min) else { return Cell::Null };
    let range = CompRange { min: least, max: written(max), currency, per };
    serde_json::to_string(&range).map_or(Cell::Null, Cell::Text)
}

fn read<W: std::str::FromStr>(cell: &Cell) -> Option<W> {
    cell.text().and_then(|word| word.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(min: &str, max: Option<&str>, currency: &str) -> String {
        let (currency, per) = (currency.parse().unwrap(), PayPeriod::Year);
        match Pay::of(&CompRange { min: min.to_owned(), max: max.map(str::to_owned), currency, per }) {
            Ok(pay) => format!("{} {:?}", pay.min, pay.max),
            Err(error) => format!("{} {}", error.code().as_str(), error.field_errors()[0].pointer),
        }
    }

    #[test]
    fn a_range_is_exact_and_not_inverted() {
        let cases = [
            ("50000", Some("62000.50"), "EUR", "5000000 Some(6200050)"),
            ("9000000", None, "JPY", "9000000 None"),
            ("5", Some("5"), "EUR", "500 Some(500)"),
            ("6", Some("5"), "EUR", "RANGE_INVERTED /compRange/max"),
            ("-1", None, "EUR", "AMOUNT_NEGATIVE /compRange/min"),
            ("0", Some("1.5"), "JPY", "AMOUNT_PRECISION /compRange/max"),
        ];
        for (min, max, currency, wanted) in cases {
            assert_eq!(told(min, max, currency), wanted, "{min:?} {max:?} {currency}");
        }
    }
}
