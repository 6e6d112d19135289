//! Money of any chapter: how an amount is shown, and what is refused of one.

use entity::money::{Amount, Money, Wrong};
use serde_json::json;

use super::error::{Code, Error};
use crate::read::cell::Cell;

/// The refusal of what is no amount.
#[must_use]
pub fn refused(wrong: Wrong, pointer: &str) -> Error {
    match wrong {
        Wrong::Digits(digits) => {
            let why = format!("It has at most {digits} digits after the point.");
            Error::field(Code::AmountPrecision, pointer, why).with(json!({ "digits": digits }))
        }
        Wrong::TooLarge => too_large(pointer),
        // The check has refused the first, and nobody adds the second.
        Wrong::Malformed => Error::field(Code::ValidationFailed, pointer, "must be a decimal number."),
        Wrong::Mixed => Error::internal("two currencies in one sum"),
    }
}

/// The refusal of more than is counted.
#[must_use]
pub fn too_large(pointer: &str) -> Error {
    Error::field(Code::AmountTooLarge, pointer, "Together that is more than 15 digits before the point.")
}

/// How an amount is shown: cells of the count and the currency.
#[must_use]
pub fn shown_amount(count: &Cell, currency: &Cell) -> Cell {
    let (Cell::Int(minor), Some(currency)) = (count, currency.text().and_then(|word| word.parse().ok())) else {
        return Cell::Null;
    };
    let money = Money::from(Amount { currency, minor: *minor });
    serde_json::to_string(&money).map_or(Cell::Null, Cell::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_exact() {
        let text = |word: &str| Cell::Text(word.to_owned());
        assert_eq!(shown_amount(&Cell::Int(-5), &text("EUR")), text(r#"{"amount":"-0.05","currency":"EUR"}"#));
        assert_eq!(shown_amount(&Cell::Int(1200), &text("JPY")), text(r#"{"amount":"1200","currency":"JPY"}"#));
        assert_eq!(shown_amount(&Cell::Int(1), &Cell::Null), Cell::Null);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (wrong, code) in [
            (Wrong::Digits(2), Code::AmountPrecision),
            (Wrong::TooLarge, Code::AmountTooLarge),
            (Wrong::Malformed, Code::ValidationFailed),
        ] {
            let error = refused(wrong, "/base/amount");
            assert_eq!((error.code(), error.field_errors()[0].pointer.as_str()), (code, "/base/amount"));
        }
    }
}
