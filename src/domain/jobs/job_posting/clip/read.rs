//! Reading what a page says of an opening: whatever it holds, only what is known is looked at, and only as far as it fits.

use chrono::{DateTime, Utc};
use entity::{
    currency::Currency,
    jobs::job_posting::{CompRange, EmploymentType, PayPeriod},
};
use serde_json::{Map, Value};

use super::{
    super::pay::Pay,
    page::{line, plain, url},
    refused,
    words::{decimal, employment, period, until},
};
use crate::domain::error::Result;

/// What was read of an opening.
#[derive(Debug, Default)]
pub(super) struct Clipped {
    pub title: String,
    pub company: String,
    pub description: Option<String>,
    pub location: Option<String>,
    pub requisition: Option<String>,
    pub employment: Option<EmploymentType>,
    pub pay: Option<CompRange>,
    pub closes: Option<DateTime<Utc>>,
    pub url: Option<String>,
    /// What it says that could not be read, each with a code.
    pub left: Vec<(&'static str, &'static str)>,
}

/// How many things of a page are looked through.
const NODES: usize = 200;
const TITLE: usize = 200;
const DESCRIPTION: usize = 20_000;
const LOCATION: usize = 200;
const REQUISITION: usize = 100;

/// Reads the posting of a page.
///
/// # Errors
/// `POSTING_UNREADABLE` when there is none, or when it does not say what is sought and by whom.
pub(super) fn read(document: &Value) -> Result<Clipped> {
    let posting = find(document).ok_or_else(|| refused("", "There is no JobPosting of schema.org in it."))?;
    let title = said(posting, &["title", "name"]).and_then(|text| line(text, TITLE));
    let title = title.ok_or_else(|| refused("/title", "The posting does not say what the role is called."))?;
    let company = posting.get("hiringOrganization").and_then(name).and_then(|text| line(&text, TITLE));
    let company =
        company.ok_or_else(|| refused("/hiringOrganization", "The posting does not say who has the opening."))?;
    let mut read = Clipped {
        title,
        company,
        description: said(posting, &["description"]).and_then(|text| plain(text, DESCRIPTION)),
        location: location(posting),
        requisition: posting.get("identifier").and_then(identifier).and_then(|text| line(&text, REQUISITION)),
        url: said(posting, &["url"]).and_then(url),
        ..Clipped::default()
    };
    for (member, code, why, takes) in PARTS {
        if let Some(value) = posting.get(*member).filter(|value| !value.is_null())
            && !takes(&mut read, value)
        {
            read.left.push((code, why));
        }
    }
    Ok(read)
}

/// A part that may be unreadable: its member, what is said of it then, and what takes it in.
type Part = (&'static str, &'static str, &'static str, fn(&mut Clipped, &Value) -> bool);

const PARTS: &[Part] = &[
    ("validThrough", "VALID_THROUGH_LEFT_OUT", "Until when the opening stands could not be read.", |read, value| {
        read.closes = value.as_str().and_then(until);
        read.closes.is_some()
    }),
    ("baseSalary", "SALARY_LEFT_OUT", "What is paid could not be read.", |read, value| {
        read.pay = pay(value);
        read.pay.is_some()
    }),
    ("employmentType", "EMPLOYMENT_TYPE_LEFT_OUT", "How one is employed could not be read.", |read, value| {
        read.employment = each(value).filter_map(Value::as_str).find_map(employment);
        read.employment.is_some()
    }),
];

/// A value, or those of a list: pages have both.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    list.iter().take(NODES)
}

/// The posting: the thing itself, or one of those beside it.
fn find(document: &Value) -> Option<&Map<String, Value>> {
    let things =
        each(document).flat_map(|one| std::iter::once(one).chain(one.get("@graph").into_iter().flat_map(each)));
    things.filter_map(Value::as_object).take(NODES).find(|one| one.get("@type").is_some_and(is_posting))
}

fn is_posting(of: &Value) -> bool {
    each(of).filter_map(Value::as_str).any(|name| name.rsplit(['/', ':', '#']).next() == Some("JobPosting"))
}

fn said<'v>(of: &'v Map<String, Value>, names: &[&str]) -> Option<&'v str> {
    names.iter().find_map(|name| of.get(*name).and_then(Value::as_str))
}

/// A name, or the name of a thing.
fn name(value: &Value) -> Option<String> {
    each(value).find_map(|one| one.as_str().or_else(|| one.get("name").and_then(Value::as_str)).map(str::to_owned))
}

fn identifier(value: &Value) -> Option<String> {
    let text = |one: &Value| match one {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    each(value).find_map(|one| text(one).or_else(|| one.get("value").and_then(text)))
}

/// Where one works: every place that is named, and whether it is anywhere.
fn location(posting: &Map<String, Value>) -> Option<String> {
    let mut places: Vec<String> = Vec::new();
    if said(posting, &["jobLocationType"]).is_some_and(|kind| kind.eq_ignore_ascii_case("TELECOMMUTE")) {
        places.push("Remote".to_owned());
    }
    for place in posting.get("jobLocation").into_iter().flat_map(each) {
        let address = place.get("address").unwrap_or(place);
        let part = |member: &str| address.get(member).and_then(name);
        let parts = ["addressLocality", "addressRegion", "addressCountry"].into_iter().filter_map(part);
        let mut text = parts.collect::<Vec<_>>().join(", ");
        if text.is_empty() {
            text = address.as_str().map(str::to_owned).or_else(|| name(place)).unwrap_or_default();
        }
        if !text.is_empty() && !places.contains(&text) {
            places.push(text);
        }
    }
    line(&places.join("; "), LOCATION)
}

/// What is paid: a range, or an amount.
fn pay(value: &Value) -> Option<CompRange> {
    let salary = each(value).find(|one| one.is_object())?;
    let amount = salary.get("value").unwrap_or(salary);
    let text = |of: &Value, names: &[&str]| {
        names.iter().find_map(|name| of.get(*name).and_then(Value::as_str).map(str::to_owned))
    };
    let currency: Currency =
        text(salary, &["currency"]).or_else(|| text(amount, &["currency"]))?.trim().to_uppercase().parse().ok()?;
    let unit = text(amount, &["unitText", "unitCode"]).or_else(|| text(salary, &["unitText"]));
    let per = unit.map_or(Some(PayPeriod::Year), |unit| period(&unit))?;
    let number = |name: &str| amount.get(name).and_then(decimal);
    let exact = decimal(amount).or_else(|| number("value"));
    let (min, max) = (number("minValue").or_else(|| exact.clone()), number("maxValue").or(exact));
    let min = min.or_else(|| max.is_some().then(|| "0".to_owned()))?;
    let range = CompRange { min, max, currency, per };
    Pay::of(&range).ok().map(|_| range)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn posting(more: &Value) -> Value {
        let mut posting =
            json!({ "@type": "JobPosting", "title": "ML engineer", "hiringOrganization": { "name": "Windy Grid" } });
        for (name, value) in more.as_object().unwrap() {
            posting[name] = value.clone();
        }
        posting
    }

    #[test]
    fn a_posting_is_found_wherever_a_page_has_it() {
        let one = posting(&json!({}));
        for document in [
            one.clone(),
            json!([{ "@type": "WebSite" }, one]),
            json!({ "@context": "https://schema.org", "@graph": [{ "@type": "Organization" }, one] }),
            posting(
                &json!({ "@type": ["https://schema.org/JobPosting", "Thing"], "hiringOrganization": "Windy Grid" }),
            ),
        ] {
            let read = read(&document).unwrap();
            assert_eq!((read.title.as_str(), read.company.as_str()), ("ML engineer", "Windy Grid"), "{document}");
        }
    }

    #[test]
    fn what_is_no_posting_is_refused_by_its_place() {
        let deep = (0..100).fold(posting(&json!({})), |inner, _| json!([inner]));
        for (document, wanted) in [
            (json!("<script>"), "/document"),
            (json!(null), "/document"),
            (json!({ "@type": "Recipe" }), "/document"),
            (deep, "/document"),
            (posting(&json!({ "title": 7 })), "/document/title"),
            (posting(&json!({ "title": " \u{0} " })), "/document/title"),
            (posting(&json!({ "hiringOrganization": {} })), "/document/hiringOrganization"),
        ] {
            let error = read(&document).unwrap_err();
            assert_eq!(
                (error.code().as_str(), error.field_errors()[0].pointer.as_str()),
                ("POSTING_UNREADABLE", wanted)
            );
        }
    }

    #[test]
    fn what_is_paid_is_read_in_its_many_forms() {
        let told = |salary: Value| {
            let read = read(&posting(&json!({ "baseSalary": salary }))).unwrap();
            read.pay.map_or_else(
                || read.left[0].0.to_owned(),
                |pay| format!("{} {} {} {}", pay.min, pay.max.unwrap_or_default(), pay.currency, pay.per),
            )
        };
        let range = |value: Value| json!({ "@type": "MonetaryAmount", "currency": "eur", "value": value });
        for (salary, wanted) in [
            (range(json!({ "minValue": 60000, "maxValue": 72000.5, "unitText": "YEAR" })), "60000 72000.5 EUR YEAR"),
            (range(json!({ "value": "5,000", "unitText": "MONTH" })), "5000 5000 EUR MONTH"),
            (range(json!(45.0)), "45 45 EUR YEAR"),
            (range(json!({ "maxValue": 90, "unitText": "hour" })), "0 90 EUR HOUR"),
            (range(json!({ "minValue": 9, "maxValue": 3 })), "SALARY_LEFT_OUT"),
            (range(json!({ "minValue": -9 })), "SALARY_LEFT_OUT"),
            (range(json!({ "value": 5, "unitText": "FORTNIGHT" })), "SALARY_LEFT_OUT"),
            (range(json!({ "value": "a lot" })), "SALARY_LEFT_OUT"),
            (range(json!({ "value": 1e300 })), "SALARY_LEFT_OUT"),
            (json!({ "value": 5 }), "SALARY_LEFT_OUT"),
            (json!("60k"), "SALARY_LEFT_OUT"),
        ] {
            assert_eq!(told(salary.clone()), wanted, "{salary}");
        }
    }

    #[test]
    fn places_days_and_ways_of_work_are_read() {
        let more = json!({
            "jobLocation": [
                { "@type": "Place", "address": { "addressLocality": "Vienna", "addressCountry": { "name": "Austria" } } },
                { "address": "Graz" },
            ],
            "jobLocationType": "TELECOMMUTE",
            "employmentType": ["Odd", "Full-time"],
            "validThrough": "2026-12-31",
            "identifier": { "@type": "PropertyValue", "value": 77 },
            "description": "<p>Build <b>models</b>&amp;c.</p><script>alert(1)</script>",
            "url": "javascript:alert(1)",
        });
        let read = read(&posting(&more)).unwrap();
        assert_eq!(read.location.as_deref(), Some("Remote; Vienna, Austria; Graz"));
        assert_eq!((read.employment, read.requisition.as_deref()), (Some(EmploymentType::FullTime), Some("77")));
        assert_eq!(read.closes.map(|at| at.to_rfc3339()).as_deref(), Some("2026-12-31T23:59:59+00:00"));
        assert_eq!((read.description.as_deref(), read.url), (Some("Build models&c."), None));
        assert!(read.left.is_empty());
        for (member, value, code) in [
            ("validThrough", json!("soon"), "VALID_THROUGH_LEFT_OUT"),
            ("employmentType", json!({}), "EMPLOYMENT_TYPE_LEFT_OUT"),
        ] {
            let left = self::read(&posting(&json!({ member: value }))).unwrap().left;
            assert_eq!(left[0].0, code);
        }
    }
}
