//! What pages call things: days, ways of work, and numbers.

use chrono::{DateTime, NaiveTime, Utc};
use entity::jobs::job_posting::{EmploymentType, PayPeriod};
use serde_json::Value;

use super::page::fitted;
use crate::read::filter;

/// Until when: a moment, or the end of a day.
pub(super) fn until(text: &str) -> Option<DateTime<Utc>> {
    let text = text.trim();
    let end = NaiveTime::from_hms_opt(23, 59, 59)?;
    let day = || filter::date(text).map(|day| day.and_time(end).and_utc());
    // Some pages leave the zone out.
    filter::time(text).or_else(day).or_else(|| filter::time(&format!("{text}Z")))
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

/// A number as our decimals are written: what is grouped by commas too.
pub(super) fn decimal(value: &Value) -> Option<String> {
    let text = match value {
        Value::Number(number) => number.to_string(),
        Value::String(text) => text.trim().replace([',', ' ', '\u{a0}'], ""),
        _ => return None,
    };
    let text = text.strip_suffix(".0").map_or(text.clone(), str::to_owned);
    (entity::money::is_decimal(&text) && !text.starts_with('-')).then(|| fitted(&text, 20))
}
