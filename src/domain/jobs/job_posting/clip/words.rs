//! What pages call things: days, ways of work, and numbers.

use entity::jobs::job_posting::{EmploymentType, PayPeriod};
use serde_json::Value;

use super::{page::fitted, read::Until};
use crate::read::filter;

/// Until when: a moment, or the end of a day.
pub(super) fn until(text: &str) -> Option<Until> {
    let text = text.trim();
    if let Some(day) = filter::date(text) {
        return Some(Until::On(day));
    }
    // Some pages leave the zone out.
    filter::time(text).or_else(|| filter::time(&format!("{text}Z"))).map(Until::At)
}

pub(super) fn employment(text: &str) -> Option<EmploymentType> {
    let plain: String = text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    Some(match plain.as_str() {
        "FULLTIME" => EmploymentType::FullTime,
        "PARTTIME" => EmploymentType::PartTime,
        "CONTRACTOR" | "CONTRACT" | "FREELANCE" => EmploymentType::Contractor,
        "TEMPORARY" => EmploymentType::Temporary,
        "INTERN" | "INTERNSHIP" => EmploymentType::Intern,
        "VOLUNTEER" => EmploymentType::Volunteer,
        "PERDIEM" => EmploymentType::PerDiem,
        "OTHER" => EmploymentType::Other,
        _ => return None,
    })
}

pub(super) fn period(unit: &str) -> Option<PayPeriod> {
    Some(match unit.trim().to_uppercase().as_str() {
        "YEAR" | "ANN" | "YEARLY" | "ANNUAL" => PayPeriod::Year,
        "MONTH" | "MON" | "MONTHLY" => PayPeriod::Month,
        "WEEK" | "WEE" | "WEEKLY" => PayPeriod::Week,
        "DAY" | "DAILY" => PayPeriod::Day,
        "HOUR" | "HUR" | "HOURLY" => PayPeriod::Hour,
        _ => return None,
    })
}

/// A number as our decimals are written: what is grouped by commas too. What may be read in two ways is not read.
pub(super) fn decimal(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => plainly(&text.trim().replace([' ', '\u{a0}', '\u{202f}'], ""))?,
        _ => return None,
    };
    let text = text.strip_suffix(".0").map_or(text.clone(), str::to_owned);
    (entity::money::is_decimal(&text) && !text.starts_with('-')).then(|| fitted(&text, 20))
}

/// A text that is a number in one way alone: `60,000` and `60000.50`, and neither `60.000` nor `45,50`.
fn plainly(text: &str) -> Option<String> {
    let (whole, fraction) = text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let (first, groups) = whole.split_once(',').map_or((whole, None), |(first, groups)| (first, Some(groups)));
    let of_three = |group: &str| group.len() == 3 && group.bytes().all(|digit| digit.is_ascii_digit());
    match groups {
        Some(groups) if (1..=3).contains(&first.len()) && groups.split(',').all(of_three) => {}
        // Three digits behind a point are thousands as often as not.
        None if fraction.is_none_or(|fraction| fraction.len() != 3) => {}
        _ => return None,
    }
    Some(text.replace(',', ""))
}
