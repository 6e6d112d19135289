//! Reading what a page says of an opening: whatever it holds, only what is known is looked at, and only as far as it fits.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
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
use crate::domain::{error::Result, learning::week::begins_in};

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
    pub closes: Option<Until>,
    pub url: Option<String>,
    /// What it says that could not be read, each with a code.
    pub left: Vec<(&'static str, &'static str)>,
}

/// Until when an opening stands: a moment, or the end of a day where somebody lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Until {
    At(DateTime<Utc>),
    On(NaiveDate),
}

impl Until {
    /// The moment, for somebody who lives in a zone.
    pub(super) fn moment(self, zone: &str) -> DateTime<Utc> {
        match self {
            Self::At(at) => at,
            Self::On(day) => begins_in(zone, day.succ_opt().unwrap_or(day)) - TimeDelta::seconds(1),
        }
    }
}

/// How many things of a page are looked through.
const NODES: usize = 200;
/// How deep one stands in another at most.
const DEPTH: usize = 6;
const TITLE: usize = 200;
const DESCRIPTION: usize = 20_000;
const LOCATION: usize = 200;
const REQUISITION: usize = 100;

/// Reads the posting of a page.
///
/// # Errors
/// `POSTING_UNREADABLE` when there is none, or when it does not say what is sought and by whom.
pub(super) fn read(document: &Value) -> Result<Clipped> {
    let mut things = Vec::new();
    walk(document, 0, &mut things);
    let postings = || things.iter().copied().filter(|one| one.get("@type").is_some_and(is_posting));
    let first = postings().next().ok_or_else(|| refused("", "There is no JobPosting of schema.org in it."))?;
    // The first that can be read: some pages have an empty one before it.
    let found = postings().find_map(|one| Some((one, title(one)?, company(one, &things)?)));
    let (posting, title, company) = found.ok_or_else(|| match title(first) {
        None => refused("/title", "The posting does not say what the role is called."),
        Some(_) => refused("/hiringOrganization", "The posting does not say who has the opening."),
    })?;
    let others = postings().filter(|one| self::title(one).is_some_and(|other| other != title)).count();
    let mut read = Clipped {
        title,
        company,
        description: said(posting, &["description"]).and_then(|text| plain(text, DESCRIPTION)),
        location: location(posting),
        requisition: posting.get("identifier").and_then(identifier).and_then(|text| line(&text, REQUISITION)),
        url: said(posting, &["url"]).and_then(url),
        ..Clipped::default()
    };
    if others > 0 {
        read.left.push(("OTHER_POSTINGS_LEFT_OUT", "The page has several openings: the first of them was taken."));
    }
    for (member, code, why, takes) in PARTS {
        if let Some(value) = posting.get(*member).filter(|value| !value.is_null())
            && !takes(&mut read, posting, value)
        {
            read.left.push((code, why));
        }
    }
    Ok(read)
}

/// A part that may be unreadable: its member, what is said of it then, and what takes it in.
type Part = (&'static str, &'static str, &'static str, fn(&mut Clipped, &Map<String, Value>, &Value) -> bool);

const PARTS: &[Part] = &[
    ("validThrough", "VALID_THROUGH_LEFT_OUT", "Until when the opening stands could not be read.", |read, _, value| {
        read.closes = value.as_str().and_then(until);
        read.closes.is_some()
    }),
    (
        "baseSalary",
        "SALARY_LEFT_OUT",
        "What is paid, and for how long, could not be read for sure.",
        |read, posting, value| {
            read.pay = pay(value).or_else(|| bare(posting, value));
            if read.pay.is_some() && !value.is_object() && !value.is_array() && said(posting, &["salaryUnit"]).is_none()
            {
                let why = "What is paid is taken as of a year: the page does not say.";
                read.left.push(("SALARY_PERIOD_ASSUMED", why));
            }
            read.pay.is_some()
        },
    ),
    ("employmentType", "EMPLOYMENT_TYPE_LEFT_OUT", "How one is employed could not be read.", |read, _, value| {
        read.employment = each(value).filter_map(Value::as_str).find_map(employment);
        read.employment.is_some()
    }),
];

/// A value, or those of a list: pages have both.
fn each(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value.as_array().map_or_else(|| std::slice::from_ref(value), Vec::as_slice);
    list.iter().take(NODES)
}

/// The things of a page, in their order: the thing itself, those beside it, and those that a page is about.
fn walk<'v>(value: &'v Value, depth: usize, things: &mut Vec<&'v Map<String, Value>>) {
    if depth > DEPTH || things.len() >= NODES {
        return;
    }
    match value {
        Value::Array(list) => list.iter().take(NODES).for_each(|one| walk(one, depth + 1, things)),
        Value::Object(thing) => {
            things.push(thing);
            for member in ["@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item"] {
                if let Some(inner) = thing.get(member) {
                    walk(inner, depth + 1, things);
                }
            }
        }
        _ => {}
    }
}

fn title(posting: &Map<String, Value>) -> Option<String> {
    said(posting, &["title", "name"]).and_then(|text| line(text, TITLE))
}

/// Who has the opening: by its name, or by the id of another thing of the page.
fn company(posting: &Map<String, Value>, things: &[&Map<String, Value>]) -> Option<String> {
    let named = |one: &Map<String, Value>| said(one, &["name", "legalName"]).and_then(|text| line(text, TITLE));
    let of_id = |id: &str| {
        let same = |one: &&&Map<String, Value>| one.get("@id").and_then(Value::as_str) == Some(id);
        things.iter().filter(same).find_map(|one| named(one))
    };
    each(posting.get("hiringOrganization")?).find_map(|one| match one {
        Value::String(text) => of_id(text).or_else(|| line(text, TITLE)),
        Value::Object(thing) => named(thing).or_else(|| of_id(thing.get("@id")?.as_str()?)),
        _ => None,
    })
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
    // A number says nothing while nobody says of how long.
    let per = period(&unit?)?;
    let number = |name: &str| amount.get(name).and_then(decimal);
    let exact = decimal(amount).or_else(|| number("value"));
    let (min, max) = (number("minValue").or_else(|| exact.clone()), number("maxValue").or(exact));
    let min = min.or_else(|| max.is_some().then(|| "0".to_owned()))?;
    let range = CompRange { min, max, currency, per };
    Pay::of(&range).ok().map(|_| range)
}

/// A bare number, with its currency beside it: nothing says of how long, and all of them are of a year.
fn bare(posting: &Map<String, Value>, value: &Value) -> Option<CompRange> {
    let min = decimal(value)?;
    let currency: Currency = said(posting, &["salaryCurrency"])?.trim().to_uppercase().parse().ok()?;
    let per = said(posting, &["salaryUnit"]).map_or(Some(PayPeriod::Year), period)?;
    let range = CompRange { max: Some(min.clone()), min, currency, per };
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
    fn who_has_the_opening_may_stand_beside_it() {
        let organization = json!({ "@type": "Organization", "@id": "#us", "legalName": "Windy Grid" });
        let by = |who: Value| posting(&json!({ "hiringOrganization": who }));
        for document in [
            json!({ "@graph": [organization, by(json!({ "@id": "#us" }))] }),
            json!({ "@graph": [{ "@graph": [by(json!("#us")), organization] }] }),
            json!({ "@type": "WebPage", "mainEntity": by(json!({ "legalName": "Windy Grid" })) }),
            // An empty one hides none.
            json!([{ "@type": "JobPosting", "hiringOrganization": "Nobody" }, by(json!("Windy Grid"))]),
        ] {
            let read = read(&document).unwrap();
            assert_eq!((read.company.as_str(), read.left.len()), ("Windy Grid", 0), "{document}");
        }
        let two = json!([by(json!("Windy Grid")), posting(&json!({ "title": "Analyst" }))]);
        let two = read(&two).unwrap();
        assert_eq!((two.title.as_str(), two.left[0].0), ("ML engineer", "OTHER_POSTINGS_LEFT_OUT"));
    }

    #[test]
    fn a_bare_number_is_of_a_year() {
        let more = json!({ "baseSalary": "60,000", "salaryCurrency": "EUR" });
        let read = read(&posting(&more)).unwrap();
        let pay = read.pay.unwrap();
        assert_eq!((pay.min.as_str(), pay.per, read.left[0].0), ("60000", PayPeriod::Year, "SALARY_PERIOD_ASSUMED"));
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
            (range(json!(45.0)), "SALARY_LEFT_OUT"),
            (range(json!({ "value": "60,000", "unitText": "YEAR" })), "60000 60000 EUR YEAR"),
            (range(json!({ "value": "1,234,567.50", "unitText": "YEAR" })), "1234567.50 1234567.50 EUR YEAR"),
            (range(json!({ "value": "60 000.5", "unitText": "YEAR" })), "60000.5 60000.5 EUR YEAR"),
            (range(json!({ "value": "60.000", "unitText": "YEAR" })), "SALARY_LEFT_OUT"),
            (range(json!({ "value": "60.000,50", "unitText": "YEAR" })), "SALARY_LEFT_OUT"),
            (range(json!({ "value": "1.234.567", "unitText": "YEAR" })), "SALARY_LEFT_OUT"),
            (range(json!({ "value": "45,50", "unitText": "HOUR" })), "SALARY_LEFT_OUT"),
            (range(json!({ "value": "1,2,3", "unitText": "HOUR" })), "SALARY_LEFT_OUT"),
            (range(json!({ "value": ",500", "unitText": "HOUR" })), "SALARY_LEFT_OUT"),
            (range(json!({ "value": 60000 })), "SALARY_LEFT_OUT"),
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
        let closes = read.closes.unwrap().moment("Europe/Vienna");
        assert_eq!(closes.to_rfc3339(), "2026-12-31T22:59:59+00:00", "the end of the day of who reads it");
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
