//! What is always true of money, over many amounts that nobody chose.

use super::*;
use crate::vocabulary::Vocabulary as _;

/// Chance that is the same each time (`SplitMix64`), with numbers of every size and those at the edges.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn minor(&mut self, digits: u32) -> i64 {
        let most = 10_i64.pow(15 + digits) - 1;
        let edges = [0, 1, -1, 9, 10, 99, 100, 999, 1000, most, -most, most - 1, 1 - most];
        match self.next() % 8 {
            0 => edges[usize::try_from(self.next() % edges.len() as u64).unwrap()],
            _ => (self.next().cast_signed() >> (self.next() % 64)) % (most + 1),
        }
    }

    fn amount_in(&mut self, currency: Currency) -> Amount {
        Amount { currency, minor: self.minor(currency.digits()) }
    }

    fn amount(&mut self) -> Amount {
        let place = usize::try_from(self.next() % Currency::ALL.len() as u64).unwrap();
        self.amount_in(Currency::ALL[place])
    }
}

const MANY: usize = 50_000;

#[test]
fn what_is_written_is_read_again() {
    let mut dice = Dice(1);
    for _ in 0..MANY {
        let amount = dice.amount();
        let money = Money::from(amount);
        let after = money.amount.split_once('.').map_or(0, |(_, part)| part.len());
        assert_eq!(after, amount.currency.digits() as usize, "{money:?}");
        assert_eq!(Amount::of(&money), Ok(amount), "{money:?}");
    }
}

#[test]
fn what_is_read_is_written_in_one_form() {
    let mut dice = Dice(2);
    for _ in 0..MANY {
        let amount = dice.amount();
        // The same with zeros that say nothing, in front and at the end.
        let mut text = Money::from(amount).amount;
        if !text.contains('.') {
            text.push_str(".0");
        }
        while text.split_once('.').is_some_and(|(_, part)| part.len() < 3) {
            text.push('0');
        }
        let money = Money { amount: text, currency: amount.currency };
        assert_eq!(Amount::of(&money), Ok(amount), "{money:?}");
    }
    for (text, same) in [("7", "7.00"), ("007.5", "7.50"), ("-0", "0.00"), ("-0.01", "-0.01"), ("7.500", "7.50")] {
        let read = Amount::of(&Money { amount: text.to_owned(), currency: Currency::Eur }).unwrap();
        assert_eq!(Money::from(read).amount, same);
    }
}

#[test]
fn a_digit_more_than_the_currency_has_is_refused() {
    let mut dice = Dice(3);
    for _ in 0..MANY {
        let amount = dice.amount();
        let digits = amount.currency.digits();
        if digits == 3 {
            continue;
        }
        let written = Money::from(amount).amount;
        let finer = if digits == 0 { format!("{written}.1") } else { format!("{written}1") };
        let money = Money { amount: finer, currency: amount.currency };
        assert_eq!(Amount::of(&money), Err(Wrong::Digits(digits)), "{money:?}");
    }
}

#[test]
fn sums_are_those_of_larger_numbers_or_refused() {
    let mut dice = Dice(4);
    let mut refused = 0;
    for _ in 0..MANY {
        let one = dice.amount();
        let other = dice.amount_in(one.currency);
        let wide = |by: fn(i128, i128) -> i128| {
            let exact = by(i128::from(one.minor), i128::from(other.minor));
            let fits = exact.unsigned_abs() < 10_u128.pow(15 + one.currency.digits());
            if fits { Ok(Amount { minor: i64::try_from(exact).unwrap(), ..one }) } else { Err(Wrong::TooLarge) }
        };
        assert_eq!(one.plus(other), wide(|a, b| a + b));
        assert_eq!(one.minus(other), wide(|a, b| a - b));
        assert_eq!(one.plus(other), other.plus(one));
        refused += usize::from(one.plus(other).is_err());
    }
    assert!((100..MANY / 2).contains(&refused), "{refused}");
    // Nothing wraps, even of what was never read: as many as a machine word holds are too many.
    let huge = Amount { currency: Currency::Kwd, minor: i64::MAX };
    assert_eq!((huge.plus(huge), Amount::sums([huge; 3])), (Err(Wrong::TooLarge), Err(Wrong::TooLarge)));
}

#[test]
fn currencies_are_never_added() {
    let mut dice = Dice(5);
    for _ in 0..MANY {
        let (one, other) = (dice.amount(), dice.amount());
        if one.currency != other.currency {
            assert_eq!((one.plus(other), one.minus(other)), (Err(Wrong::Mixed), Err(Wrong::Mixed)));
        }
    }
    for _ in 0..1000 {
        let amounts: Vec<Amount> =
            (0..50).map(|_| dice.amount()).map(|a| Amount { minor: a.minor >> 8, ..a }).collect();
        let sums = Amount::sums(amounts.iter().copied()).unwrap();
        for (currency, sum) in &sums {
            let own = amounts.iter().filter(|amount| amount.currency == *currency);
            let exact: i128 = own.map(|amount| i128::from(amount.minor)).sum();
            assert_eq!((i128::from(sum.minor), sum.currency), (exact, *currency));
        }
        assert!(amounts.iter().all(|amount| sums.contains_key(&amount.currency)));
    }
}

#[test]
fn what_is_no_decimal_is_refused() {
    for text in ["", "-", ".", "1.", ".5", "1,5", "1e3", "+1", " 1", "1 ", "--1", "1.2345", "NaN", "0x1", "١", "1.2.3"]
    {
        assert!(!is_decimal(text), "{text:?}");
        assert_eq!(units(text, 2), Err(Wrong::Malformed), "{text:?}");
    }
    assert_eq!(units("999999999999999.999", 3), Ok(999_999_999_999_999_999));
    assert_eq!(units("1000000000000000", 0), Err(Wrong::Malformed));
}

#[test]
fn quantities_have_no_zeros_at_the_end() {
    for (text, units, same) in [
        ("2.5", 2500, "2.5"),
        ("2.500", 2500, "2.5"),
        ("10", 10_000, "10"),
        ("0.001", 1, "0.001"),
        ("-0.25", -250, "-0.25"),
    ] {
        assert_eq!((thousandths(text), quantity(units).as_str()), (Ok(units), same));
    }
    assert_eq!(quantity(0), "0");
}
