//! Decimal numbers, exact: what is measured, as it was written, and never a float.
//!
//! A value is a whole number of millionths, at most twelve digits before the point and six after it. Both databases
//! keep, compare and index that alike, as a whole number; on the wire it is a string, as amounts of money are: readers of
//! JSON take its numbers for doubles, which hold no eighteen digits. There is one way to write each value: `0.93`,
//! never `0.930`.

use std::{fmt, str::FromStr};

use sea_orm::DeriveValueType;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// How many parts one has.
const PARTS: u64 = 1_000_000;
/// How many digits stand before the point at most.
const WHOLE: usize = 12;
/// How many digits stand after the point at most.
const AFTER: usize = 6;

/// An exact decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, DeriveValueType)]
pub struct Decimal(i64);

impl Decimal {
    /// The greatest; the least is as far on the other side.
    pub const MAX: i64 = 999_999_999_999_999_999;
    /// How it is written, as a regular expression.
    pub const PATTERN: &'static str = r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?$";
    /// How many characters that takes at most.
    pub const LENGTH: usize = 2 + WHOLE + AFTER;

    /// So many millionths, if there is such a number.
    #[must_use]
    pub fn of_millionths(millionths: i128) -> Option<Self> {
        i64::try_from(millionths).ok().filter(|parts| parts.abs() <= Self::MAX).map(Self)
    }

    /// How many digits after the point it takes to write it.
    #[must_use]
    pub fn digits(self) -> usize {
        (0..AFTER).find(|digits| self.0 % 10_i64.pow(rest(*digits)) == 0).unwrap_or(AFTER)
    }

    /// The nearest number that takes so many digits after the point; of two, the one further from 0.
    #[must_use]
    pub fn rounded(self, digits: usize) -> Self {
        let unit = 10_i64.pow(rest(digits.min(AFTER)));
        let parts = (self.0.abs() + unit / 2) / unit * unit;
        // The greatest of all cannot be rounded up.
        if parts > Self::MAX { self } else { Self(parts * self.0.signum()) }
    }

    /// How many millionths it is.
    #[must_use]
    pub const fn millionths(self) -> i64 {
        self.0
    }
}

/// How many digits are left after so many.
fn rest(digits: usize) -> u32 {
    u32::try_from(AFTER - digits).unwrap_or(0)
}

/// Why a text is no decimal number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDecimal;

impl fmt::Display for NoDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be a decimal number such as \"0.93\", with up to 12 digits before the point and 6 after it")
    }
}

impl FromStr for Decimal {
    type Err = NoDecimal;

    fn from_str(text: &str) -> Result<Self, NoDecimal> {
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, after) = digits.split_once('.').unwrap_or((digits, "0"));
        let all = |digits: &str, most| {
            !digits.is_empty() && digits.len() <= most && digits.bytes().all(|digit| digit.is_ascii_digit())
        };
        if !all(whole, WHOLE) || !all(after, AFTER) || (whole.len() > 1 && whole.starts_with('0')) {
            return Err(NoDecimal);
        }
        let parts: i64 = format!("{whole}{after:0<AFTER$}").parse().map_err(|_| NoDecimal)?;
        Ok(Self(if negative { -parts } else { parts }))
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, after) = (self.0.unsigned_abs() / PARTS, self.0.unsigned_abs() % PARTS);
        let sign = if self.0 < 0 { "-" } else { "" };
        if after == 0 {
            return write!(f, "{sign}{whole}");
        }
        write!(f, "{sign}{whole}.{}", format!("{after:0AFTER$}").trim_end_matches('0'))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_value_is_written_in_one_way() {
        for (told, is) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("0.93", "0.93"),
            ("0.930000", "0.93"),
            ("12.000001", "12.000001"),
            ("-12.5", "-12.5"),
            ("-0.000001", "-0.000001"),
            ("1000", "1000"),
            ("999999999999.999999", "999999999999.999999"),
            ("-999999999999.999999", "-999999999999.999999"),
        ] {
            let value: Decimal = told.parse().unwrap();
            assert_eq!(value.to_string(), is);
            assert_eq!(value.to_string().parse(), Ok(value));
            assert!(value.to_string().len() <= Decimal::LENGTH);
        }
    }

    #[test]
    fn what_is_no_decimal_number_is_refused() {
        for text in [
            "",
            "-",
            ".",
            ".5",
            "5.",
            "01",
            "00.1",
            "+1",
            "1e3",
            "1,5",
            " 1",
            "1 ",
            "--1",
            "0.1234567",
            "1234567890123",
            "1.2.3",
            "٣",
            "NaN",
            "0x1",
            "1_000",
        ] {
            assert_eq!(text.parse::<Decimal>(), Err(NoDecimal), "{text}");
        }
    }

    #[test]
    fn they_are_rounded_for_people() {
        for (is, digits, told) in [
            ("5.144023", 1, "5.1"),
            ("5.144023", 0, "5"),
            ("0.05", 1, "0.1"),
            ("-0.05", 1, "-0.1"),
            ("-0.04", 1, "0"),
            ("5.144023", 6, "5.144023"),
            ("5.144023", 9, "5.144023"),
            ("999999999999.999999", 2, "999999999999.999999"),
            ("12", 1, "12"),
        ] {
            let value: Decimal = is.parse().unwrap();
            assert_eq!(value.rounded(digits).to_string(), told, "{is} to {digits}");
        }
        for (is, digits) in [("0", 0), ("12", 0), ("0.5", 1), ("-0.25", 2), ("0.000001", 6)] {
            assert_eq!(is.parse::<Decimal>().unwrap().digits(), digits, "{is}");
        }
    }

    #[test]
    fn they_are_ordered_as_numbers_are() {
        let mut all: Vec<Decimal> = ["10", "9", "-1", "0.1", "0.09", "-0.5"].map(|text| text.parse().unwrap()).into();
        all.sort();
        assert_eq!(all.iter().map(ToString::to_string).collect::<Vec<_>>(), ["-1", "-0.5", "0.09", "0.1", "9", "10"]);
        assert_eq!(Decimal::of_millionths(i128::from(Decimal::MAX) + 1), None);
        assert_eq!(Decimal::of_millionths(-1).unwrap().to_string(), "-0.000001");
    }
}
