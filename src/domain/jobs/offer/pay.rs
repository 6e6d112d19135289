//! What an offer pays in a year: amounts of one currency, exact, which are added and never converted (§24).

use entity::{
    currency::Currency,
    jobs::offer::Model,
    kind::Patch,
    money::{Amount, Money},
};
use serde_json::json;

use crate::{
    domain::{
        error::{Code, Error, Result},
        projects::budget::measure::{refused, shown_amount, too_large},
    },
    read::cell::Cell,
};

/// What an offer pays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::domain::jobs) struct Pay {
    /// The currency, when there is any amount.
    pub currency: Option<Currency>,
    /// For the work.
    pub base: Option<i64>,
    /// Besides, perhaps.
    pub bonus: Option<i64>,
    /// In shares.
    pub equity: Option<i64>,
}

/// What an input says of it.
#[derive(Clone, Debug)]
pub(in crate::domain::jobs) struct Said {
    /// For the work.
    pub base: Patch<Money>,
    /// Besides.
    pub bonus: Patch<Money>,
    /// In shares.
    pub equity: Patch<Money>,
}

impl Pay {
    /// Of an offer.
    pub(in crate::domain::jobs) fn of(offer: &Model) -> Self {
        Self { currency: offer.currency, base: offer.base, bonus: offer.bonus, equity: offer.equity }
    }

    /// What it pays after what was said.
    ///
    /// # Errors
    /// `AMOUNT_PRECISION`, `AMOUNT_NEGATIVE`, `AMOUNT_TOO_LARGE`, `CURRENCY_MISMATCH`, each naming the member.
    pub(in crate::domain::jobs) fn after(self, said: Said) -> Result<Self> {
        let was = |minor: Option<i64>| Some(Amount { currency: self.currency?, minor: minor? });
        let says = [&said.base, &said.bonus, &said.equity].map(|one| matches!(one, Patch::Set(_)));
        let base = amount(said.base, was(self.base), "/base")?;
        let bonus = amount(said.bonus, was(self.bonus), "/bonus")?;
        let equity = amount(said.equity, was(self.equity), "/equity")?;
        // What stays comes first: what does not fit it is what was said.
        let mut all = [(says[0], base, "/base"), (says[1], bonus, "/bonus"), (says[2], equity, "/equity")];
        all.sort_by_key(|(says, ..)| *says);
        let mut sum: Option<Amount> = None;
        for (one, pointer) in all.into_iter().filter_map(|(_, one, pointer)| Some((one?, pointer))) {
            sum = Some(match sum {
                None => one,
                Some(sum) if sum.currency != one.currency => return Err(mixed(sum.currency, pointer)),
                Some(sum) => sum.plus(one).map_err(|_| too_large(&format!("{pointer}/amount")))?,
            });
        }
        let minor = |one: Option<Amount>| one.map(|one| one.minor);
        let currency = sum.map(|sum| sum.currency);
        Ok(Self { currency, base: minor(base), bonus: minor(bonus), equity: minor(equity) })
    }

    /// What it pays together, when anything is known of it.
    pub(super) fn total(self) -> Option<Amount> {
        let parts = [self.base, self.bonus, self.equity];
        let minor = parts.into_iter().flatten().reduce(i64::saturating_add)?;
        Some(Amount { currency: self.currency?, minor })
    }
}

/// An amount after what was said of it.
fn amount(said: Patch<Money>, was: Option<Amount>, pointer: &str) -> Result<Option<Amount>> {
    let money = match said {
        Patch::Keep => return Ok(was),
        Patch::Clear => return Ok(None),
        Patch::Set(money) => money,
    };
    let at = format!("{pointer}/amount");
    let amount = Amount::of(&money).map_err(|wrong| refused(wrong, &at))?;
    if amount.minor < 0 {
        return Err(Error::field(Code::AmountNegative, &at, "What is offered is not less than nothing."));
    }
    Ok(Some(amount))
}

fn mixed(currency: Currency, pointer: &str) -> Error {
    let why = format!("Amounts of one offer are of one currency: here, {currency}.");
    Error::field(Code::CurrencyMismatch, &format!("{pointer}/currency"), why).with(json!({ "currency": currency }))
}

/// How the sum of several amounts is shown: cells of the amounts, then of the currency.
pub(super) fn shown_total(cells: &[Cell]) -> Cell {
    let (amounts, currency) = cells.split_at(cells.len().saturating_sub(1));
    let known = amounts.iter().filter_map(|cell| if let Cell::Int(minor) = cell { Some(*minor) } else { None });
    match (known.reduce(i64::saturating_add), currency.first()) {
        (Some(sum), Some(currency)) => shown_amount(&Cell::Int(sum), currency),
        _ => Cell::Null,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn money(amount: &str, currency: Currency) -> Patch<Money> {
        Patch::Set(Money { amount: amount.to_owned(), currency })
    }

    fn said(base: Patch<Money>, bonus: Patch<Money>, equity: Patch<Money>) -> Said {
        Said { base, bonus, equity }
    }

    #[test]
    fn amounts_are_of_one_currency_and_exact() {
        use Currency::{Eur, Jpy, Usd};
        use Patch::{Clear, Keep};
        let pays = Pay { currency: Some(Eur), base: Some(6_000_050), bonus: Some(500_000), equity: None };
        let table = [
            (said(Keep, Keep, Keep), Ok(pays)),
            (said(Keep, Clear, Keep), Ok(Pay { bonus: None, ..pays })),
            (said(money("65000", Eur), Keep, Keep), Ok(Pay { base: Some(6_500_000), ..pays })),
            (said(Clear, Clear, Keep), Ok(Pay::default())),
            (
                said(money("70000.5", Usd), Clear, money("1", Usd)),
                Ok(Pay { currency: Some(Usd), base: Some(7_000_050), bonus: None, equity: Some(100) }),
            ),
            (said(money("70000", Usd), Keep, Keep), Err("CURRENCY_MISMATCH /base/currency")),
            (said(money("70000", Usd), money("1", Eur), Keep), Err("CURRENCY_MISMATCH /bonus/currency")),
            (said(Keep, Keep, money("1", Usd)), Err("CURRENCY_MISMATCH /equity/currency")),
            (said(money("1.001", Eur), Keep, Keep), Err("AMOUNT_PRECISION /base/amount")),
            (said(Clear, money("1.5", Jpy), Keep), Err("AMOUNT_PRECISION /bonus/amount")),
            (said(money("-1", Eur), Keep, Keep), Err("AMOUNT_NEGATIVE /base/amount")),
            (said(money("999999999999999", Eur), Keep, Keep), Err("AMOUNT_TOO_LARGE /base/amount")),
        ];
        for (said, expected) in table {
            let after = pays
                .after(said.clone())
                .map_err(|error| format!("{} {}", error.code().as_str(), error.field_errors()[0].pointer));
            assert_eq!(after, expected.map_err(str::to_owned), "{said:?}");
        }
    }

    #[test]
    fn a_total_is_of_what_is_known() {
        let pays = Pay { currency: Some(Currency::Eur), base: Some(100), bonus: None, equity: Some(5) };
        assert_eq!(pays.total(), Some(Amount { currency: Currency::Eur, minor: 105 }));
        assert_eq!(Pay::default().total(), None);
        let euros = Cell::Text("EUR".to_owned());
        let shown = shown_total(&[Cell::Int(100), Cell::Null, Cell::Int(5), euros.clone()]);
        assert_eq!(shown, Cell::Text(r#"{"amount":"1.05","currency":"EUR"}"#.to_owned()));
        assert_eq!(shown_total(&[Cell::Null, Cell::Null, Cell::Null, euros]), Cell::Null);
    }
}
