//! A portfolio as JSON Resume 1.0.0: <https://jsonresume.org/schema>.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::projects::{portfolio_entry::PortfolioResource, portfolio_evidence::PortfolioEvidenceKind};
use serde_json::{Map, Value, json};

use super::{Proof, Skill, Told, stage_name};
use crate::domain::clock;

/// Where the schema is.
const SCHEMA: &str = "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json";

/// Whose résumé it is.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    /// What they are called.
    pub name: String,
    /// Their address, for whom may know it.
    pub email: Option<String>,
    /// One line about them.
    pub headline: Option<String>,
    /// What they do now.
    pub role: Option<String>,
    /// In which industry.
    pub industry: Option<String>,
}

/// Writes it. What is not known is left out: the schema knows no nulls.
pub(super) fn write(person: &Person, all: &[Told], canonical: Option<&str>) -> Value {
    let mut basics = Map::from_iter([("name".to_owned(), json!(person.name))]);
    put(&mut basics, "label", person.headline.as_deref());
    put(&mut basics, "email", person.email.as_deref().filter(|email| is_email(email)));
    let mut work = Map::new();
    put(&mut work, "position", person.role.as_deref());
    put(&mut work, "description", person.industry.as_deref());
    let work: Vec<_> = if person.role.is_some() { vec![work] } else { Vec::new() };
    let mut meta = Map::from_iter([("version".to_owned(), json!("v1.0.0"))]);
    put(&mut meta, "canonical", canonical);
    let modified = all.iter().map(|one| one.entry.updated_at).max().map(clock::rfc3339);
    put(&mut meta, "lastModified", modified.as_deref());
    json!({
        "$schema": SCHEMA,
        "basics": basics,
        "work": work,
        "projects": all.iter().rev().map(project).collect::<Vec<_>>(),
        "skills": skills(all),
        "meta": meta,
    })
}

fn put(object: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    if let Some(value) = value {
        object.insert(name.to_owned(), json!(value));
    }
}

/// An entry, the latest of which comes first.
fn project(one: &Told) -> Value {
    let entry = &one.entry;
    let mut project = Map::from_iter([("name".to_owned(), json!(entry.title))]);
    put(&mut project, "description", entry.summary.as_deref());
    put(&mut project, "startDate", entry.started_at.map(day).as_deref());
    put(&mut project, "endDate", entry.finished_at.map(day).as_deref());
    put(&mut project, "url", entry.links.0.iter().map(|link| link.url.as_str()).find(|url| is_uri(url)));
    put(&mut project, "type", Some(&stage_name(entry.stage).to_lowercase()));
    project.insert("highlights".to_owned(), json!(highlights(one)));
    project.insert("keywords".to_owned(), json!(one.skills.iter().map(|skill| &skill.name).collect::<Vec<_>>()));
    project.into()
}

fn day(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%d").to_string()
}

/// What there is to say of an entry, a sentence each.
pub(super) fn highlights(one: &Told) -> Vec<String> {
    let entry = &one.entry;
    let mut all: Vec<String> = one.evidence.iter().map(proved).collect();
    all.extend(entry.team_size.filter(|size| *size > 1).map(|size| format!("A team of {size}.")));
    if !entry.resources.is_empty() {
        let trusted: Vec<_> = entry.resources.iter().map(resource_name).collect();
        all.push(format!("Trusted with {}.", trusted.join(", ")));
    }
    all
}

/// What shows value, in a sentence.
pub(super) fn proved(proof: &Proof) -> String {
    let what = match proof.kind {
        PortfolioEvidenceKind::StakeholderConfirmation => "Confirmed by a stakeholder",
        PortfolioEvidenceKind::BusinessObservation => "Measured: a business metric went the way that it was to go",
        PortfolioEvidenceKind::PartOfJob => "Became part of a job",
    };
    let said = match (&proof.by, &proof.note) {
        (Some(by), Some(note)) => format!(" ({by}): {note}"),
        (Some(by), None) => format!(" ({by})"),
        (None, Some(note)) => format!(": {note}"),
        (None, None) => String::new(),
    };
    let mut whole = format!("{what}{said}");
    if !whole.ends_with(['.', '!', '?']) {
        whole.push('.');
    }
    match &proof.url {
        Some(url) => format!("{whole} To be seen at {url}"),
        None => whole,
    }
}

/// What somebody was trusted with, in words.
#[must_use]
pub const fn resource_name(resource: PortfolioResource) -> &'static str {
    match resource {
        PortfolioResource::Equipment => "equipment",
        PortfolioResource::Compute => "compute",
        PortfolioResource::LabelingBudget => "a labeling budget",
        PortfolioResource::Headcount => "headcount",
    }
}

/// Every skill once, at the highest level that was shown, with where.
fn skills(all: &[Told]) -> Vec<Value> {
    let mut known: BTreeMap<(&str, _), (&Skill, Vec<&str>)> = BTreeMap::new();
    for one in all {
        for skill in &one.skills {
            let (best, shown) = known.entry((skill.name.as_str(), skill.id)).or_insert((skill, Vec::new()));
            if skill.level > best.level {
                *best = skill;
            }
            shown.push(&one.entry.title);
        }
    }
    let told = known
        .into_values()
        .map(|(best, shown)| json!({ "name": best.name, "level": best.level_name, "keywords": shown }));
    told.collect()
}

/// Whether an address of ours is a URI to the letter of RFC 3986, as far as anybody checks: what is not is left out.
fn is_uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = authority.rsplit_once(':').unwrap_or((authority, ""));
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?%".contains(c);
    let (before, fragment) = path.split_once('#').unwrap_or((path, ""));
    matches!(scheme, "http" | "https")
        && !host.is_empty()
        && host.chars().all(named)
        && port.chars().all(|c| c.is_ascii_digit())
        && before.chars().chain(fragment.chars()).all(plain)
        && escapes(path)
}

/// Whether every `%` begins an escape.
fn escapes(text: &str) -> bool {
    let digits = |rest: &str| rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit());
    text.split('%').skip(1).all(digits)
}

/// The same for an address of mail: dots stand between letters.
fn is_email(text: &str) -> bool {
    let label = |label: &str| !label.is_empty() && !label.starts_with('-') && !label.ends_with('-');
    text.split_once('@')
        .is_some_and(|(local, host)| local.split('.').all(|part| !part.is_empty()) && host.split('.').all(label))
}

#[cfg(test)]
mod tests {
    use entity::{
        projects::portfolio_entry::{PortfolioLink, PortfolioStage},
        vocabulary::{Json, Set},
    };

    use super::{
        super::tests::{skill, told},
        *,
    };

    #[test]
    fn a_resume_says_what_is_known_and_nothing_else() {
        let bare = write(&Person { name: "Ada".to_owned(), ..Person::default() }, &[], None);
        assert_eq!(bare["basics"], json!({ "name": "Ada" }));
        assert_eq!((&bare["work"], &bare["projects"], &bare["skills"]), (&json!([]), &json!([]), &json!([])));
        assert_eq!(bare["meta"], json!({ "version": "v1.0.0" }));
        let person = Person {
            name: "Ada".to_owned(),
            email: Some("ada@example.org".to_owned()),
            headline: Some("Forecaster".to_owned()),
            role: Some("Analyst".to_owned()),
            industry: None,
        };
        let (python, finished) = (clock::new_id(), Some("2025-06-30"));
        let mut one = told("Wind", PortfolioStage::ValueCreation, Some(4), finished);
        one.entry.summary = Some("Forecasts for a power grid.".to_owned());
        one.entry.team_size = Some(3);
        one.entry.resources = Set::EMPTY.with(PortfolioResource::Compute).with(PortfolioResource::Headcount);
        let link = |url: &str| PortfolioLink { url: url.to_owned(), label: None };
        one.entry.links = Json(vec![link("https://example.org/a%zz"), link("https://example.org/wind")]);
        one.skills = vec![skill(python, "Python", 2)];
        one.evidence = vec![Proof {
            kind: PortfolioEvidenceKind::StakeholderConfirmation,
            note: Some("We buy less reserve".to_owned()),
            by: Some("Noor, dispatcher".to_owned()),
            url: None,
            at: one.entry.created_at,
        }];
        let mut before = told("Chess", PortfolioStage::PersonalProject, Some(2), Some("2024-01-31"));
        before.skills = vec![skill(python, "Python", 1)];
        let whole = write(&person, &[before, one], Some("https://cairn.test/portfolios/x/resume.json"));
        assert_eq!(whole["basics"], json!({ "name": "Ada", "label": "Forecaster", "email": "ada@example.org" }));
        assert_eq!(whole["work"], json!([{ "position": "Analyst" }]));
        assert_eq!(
            whole["projects"][0],
            json!({
                "name": "Wind", "description": "Forecasts for a power grid.", "endDate": "2025-06-30",
                "url": "https://example.org/wind", "type": "creating value",
                "highlights": [
                    "Confirmed by a stakeholder (Noor, dispatcher): We buy less reserve.", "A team of 3.",
                    "Trusted with compute, headcount.",
                ],
                "keywords": ["Python"],
            })
        );
        assert_eq!(whole["projects"][1]["name"], "Chess", "the latest comes first");
        assert_eq!(whole["skills"], json!([{ "name": "Python", "level": "Level 2", "keywords": ["Chess", "Wind"] }]));
        assert!(!whole.to_string().contains("null"));
    }

    #[test]
    fn only_what_everybody_takes_for_an_address_is_one() {
        for good in ["https://a.b", "http://a:80/b?c=d#e", "https://a.b/%20x", "https://a.b/~c/(d)"] {
            assert!(is_uri(good), "{good}");
        }
        for bad in [
            "https://a.b/%",
            "https://a.b/%2",
            "https://a.b/[c]",
            "https://a.b/#c#d",
            "ftp://a.b",
            "https://:80",
            "https://[::1]/",
            "a",
        ] {
            assert!(!is_uri(bad), "{bad}");
        }
        assert!(is_email("ada.l@example.org"));
        for bad in ["ada", ".ada@example.org", "a..b@example.org", "ada@-a.org", "ada.@a.org"] {
            assert!(!is_email(bad), "{bad}");
        }
    }

    #[test]
    fn who_is_not_to_be_named_is_not() {
        use PortfolioEvidenceKind::{BusinessObservation, PartOfJob, StakeholderConfirmation};
        let proof = |kind, by: Option<&str>, note: Option<&str>| Proof {
            kind,
            note: note.map(str::to_owned),
            by: by.map(str::to_owned),
            url: None,
            at: clock::now(),
        };
        for (proof, said) in [
            (proof(StakeholderConfirmation, None, None), "Confirmed by a stakeholder."),
            (proof(StakeholderConfirmation, Some("Noor"), None), "Confirmed by a stakeholder (Noor)."),
            (proof(PartOfJob, None, Some("They hired me!")), "Became part of a job: They hired me!"),
            (proof(BusinessObservation, None, None), "Measured: a business metric went the way that it was to go."),
        ] {
            assert_eq!(proved(&proof), said);
        }
    }
}
