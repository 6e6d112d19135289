//! Money and quantities: exact decimals, whole numbers of the smallest unit, never floating point.
//!
//! What would not be exact is refused, in the house's one way for a wrong number: a digit that a currency does not have, a
//! sum that no longer fits, two currencies in one sum. Nothing is rounded and nothing wraps.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    currency::Currency,
    kind::{Form, Kind, text, word},
    object,
};

/// What a decimal number looks like, as a regular expression.
pub const PATTERN: &str = r"^-?[0-9]{1,15}(\.[0-9]{1,3})?$";
/// A decimal number as a text.
pub const DECIMAL: Kind = text(Form::Decimal, 1, 20);
/// How many digits a quantity has after the point at most.
pub const QUANTITY_DIGITS: u32 = 3;

object! {
    /// An amount of money.
    #[derive(Serialize, PartialEq, Eq)]
    Money {
        /// How much: a decimal number with no more digits after the point than the currency has.
        required amount: String = DECIMAL,
        /// The currency.
        required currency: Currency = word::<Currency>(),
    }
}

/// An amount of money as it is counted and kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Amount {
    /// The currency.
    pub currency: Currency,
    /// How many of its smallest units.
    pub minor: i64,
}

/// Why something is no amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is no decimal number.
    Malformed,
    /// It has more digits after the point than these, which are all that there are.
    Digits(u32),
    /// It does not fit what is counted.
    TooLarge,
    /// Two currencies are not added.
    Mixed,
}

/// Whether a text is a decimal number.
#[must_use]
pub fn is_decimal(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    let digits = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_digit())
    };
    digits(whole, 15) && part.is_none_or(|part| digits(part, 3))
}

/// Reads a decimal number as so many of the units that the last of `digits` digits counts.
///
/// # Errors
/// [`Wrong`] when it is none, or when it would not be exact.
pub fn units(text: &str, digits: u32) -> Result<i64, Wrong> {
    if !is_decimal(text) {
        return Err(Wrong::Malformed);
    }
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    // Zeros at the end say nothing, whether the currency has them or not.
    let part = part.trim_end_matches('0');
    let missing = digits.checked_sub(u32::try_from(part.len()).unwrap_or(u32::MAX)).ok_or(Wrong::Digits(digits))?;
    let units: i64 = format!("{whole}{part}").parse().map_err(|_| Wrong::TooLarge)?;
    let units = units.checked_mul(10_i64.pow(missing)).filter(|units| is_counted(*units, digits));
    units.ok_or(Wrong::TooLarge)
}

/// Whether so many units are written with as few digits as are read: 15 before the point.
#[must_use]
pub const fn is_counted(units: i64, digits: u32) -> bool {
    units.unsigned_abs() < 10_u64.pow(15 + digits)
}

/// Writes so many units as a decimal number with exactly so many digits after the point.
#[must_use]
pub fn decimal(units: i64, digits: u32) -> String {
    let (sign, units) = (if units < 0 { "-" } else { "" }, units.unsigned_abs());
    let one = 10_u64.pow(digits);
    match digits {
        0 => format!("{sign}{units}"),
        _ => format!("{sign}{}.{:0width$}", units / one, units % one, width = digits as usize),
    }
}

/// Writes a quantity, counted in thousandths: without zeros at the end.
#[must_use]
pub fn quantity(thousandths: i64) -> String {
    let text = decimal(thousandths, QUANTITY_DIGITS);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Reads a quantity, in thousandths.
///
/// # Errors
/// [`Wrong`].
pub fn thousandths(text: &str) -> Result<i64, Wrong> {
    units(text, QUANTITY_DIGITS)
}

impl Amount {
    /// Reads an amount as it comes.
    ///
    /// # Errors
    /// [`Wrong`] when it is no number, or finer than its currency.
    pub fn of(money: &Money) -> Result<Self, Wrong> {
        Ok(Self { currency: money.currency, minor: units(&money.amount, money.currency.digits())? })
    }

    /// The sum of two amounts of one currency.
    ///
    /// # Errors
    /// [`Wrong::Mixed`], [`Wrong::TooLarge`].
    pub fn plus(self, other: Self) -> Result<Self, Wrong> {
        self.with(other, i64::checked_add)
    }

    /// What is left of this when the other is taken from it; less than nothing when the other is more.
    ///
    /// # Errors
    /// [`Wrong::Mixed`], [`Wrong::TooLarge`].
    pub fn minus(self, other: Self) -> Result<Self, Wrong> {
        self.with(other, i64::checked_sub)
    }

    fn with(self, other: Self, by: fn(i64, i64) -> Option<i64>) -> Result<Self, Wrong> {
        if self.currency != other.currency {
            return Err(Wrong::Mixed);
        }
        let minor = by(self.minor, other.minor).filter(|minor| is_counted(*minor, self.currency.digits()));
        minor.map(|minor| Self { minor, ..self }).ok_or(Wrong::TooLarge)
    }

    /// Adds up amounts, each currency by itself.
    ///
    /// # Errors
    /// [`Wrong::TooLarge`].
    pub fn sums(amounts: impl IntoIterator<Item = Self>) -> Result<BTreeMap<Currency, Self>, Wrong> {
        let mut sums = BTreeMap::new();
        for amount in amounts {
            let sum = sums.entry(amount.currency).or_insert(Self { minor: 0, ..amount });
            *sum = sum.plus(amount)?;
        }
        Ok(sums)
    }
}

impl From<Amount> for Money {
    fn from(amount: Amount) -> Self {
        Self { amount: decimal(amount.minor, amount.currency.digits()), currency: amount.currency }
    }
}

#[cfg(test)]
mod tests;
