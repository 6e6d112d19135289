//! What the source may not say: the core knows no face, the faces know no database, and every code is in the table.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use cairn::domain::error::Code;
use serde_json::json;

use crate::harness::{Api, stories};

stories!(the_table_is_served);

/// The files below a folder of `src`, with their text but for what tests it.
fn files(below: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(below);
    let (mut folders, mut out) = (vec![root.clone()], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path: PathBuf = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") && !path.to_string_lossy().contains("tests") {
                let text = fs::read_to_string(&path).unwrap();
                let text = text.split("#[cfg(test)]").next().unwrap().to_owned();
                out.push((path.strip_prefix(&root).unwrap().display().to_string(), text));
            }
        }
    }
    assert!(!out.is_empty(), "nothing in src/{below}");
    out
}

#[test]
fn each_wing_keeps_to_itself() {
    let laws: [(&str, &[&str]); 6] = [
        ("domain", &["actix", "async_graphql", "utoipa", "jsonwebtoken"]),
        ("read", &["actix", "async_graphql", "utoipa", "jsonwebtoken"]),
        ("rest", &["sea_orm", "sqlx", "async_graphql", "jsonwebtoken"]),
        ("graphql", &["sea_orm", "sqlx", "utoipa", "jsonwebtoken"]),
        ("http", &["sea_orm", "sqlx", "jsonwebtoken"]),
        ("guest", &["sea_orm", "sqlx", "async_graphql", "jsonwebtoken"]),
    ];
    for (wing, forbidden) in laws {
        for (file, text) in files(wing) {
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//")) {
                for word in forbidden {
                    assert!(!line.contains(word), "src/{wing}/{file}:{} names {word}: {line}", number + 1);
                }
            }
        }
    }
    for (file, text) in files("") {
        let allowed = file.starts_with("auth/token") || !text.contains("jsonwebtoken::");
        assert!(allowed, "src/{file} names jsonwebtoken");
    }
}

/// Rows of a unit of work know their columns by name, not by place.
#[test]
fn no_row_is_read_by_place() {
    for (file, text) in files("domain") {
        for (place, _) in text.match_indices(".into_tuple") {
            let asked = text[..place].rsplit("select_only()").next().unwrap();
            let one = asked.matches(".column(").count() == 1 && !asked.contains(".columns(");
            assert!(one, "src/domain/{file} reads several columns by their places: {asked}");
        }
    }
}

/// Words in capitals that are no codes of errors: of vocabularies, warnings and the environment.
const WORDS: [&str; 38] = [
    "ACCEPTANCE_UNDONE",
    "OFFER_STILL_OPEN",
    "OTHER_POSTINGS_LEFT_OUT",
    "SALARY_PERIOD_ASSUMED",
    "INFORMATIONAL_INTERVIEW",
    "REFERRAL_KNOWN",
    "REFERRAL_OPENED",
    "APPLICATION_STILL_OPEN",
    "CLOSED_WITHOUT_FEEDBACK",
    "DEADLINE_BEFORE_OTHER_RESULTS",
    "MANAGER_UNKNOWN",
    "TEAM_UNKNOWN",
    "NO_DUE_DATE",
    "ON_TRACK",
    "CARGO_PKG_VERSION",
    "PASSWORD_KEPT",
    "GOAL_KIND",
    "ROLE_PROFILE",
    "JOINED_MONTH",
    "AI_PHRASED_PROBLEM",
    "CLOSE_NO_AI_SOLUTION",
    "DOMAIN_EXPERT",
    "LINE_BY_LINE",
    "NOT_NEEDED_TAKEN_BACK",
    "NO_AI_SOLUTION",
    "OVER_BUDGET",
    "TOO_EASY",
    "TOO_HARD",
    "STEPPING_STONE",
    "CLOSING_SOON",
    "COMPANY_KIND",
    "RESUME_VERSION",
    "TIME_SHARE",
    "HIRING_STEP",
    "NOT_PREPARED",
    "INTERACTION_NOT_LOGGED",
    "NEEDS_RAISED",
    "REFERRAL_OFFERED",
];

/// Advice about what was taken in.
const ADVICE: [&str; 10] = [
    "PERSON_LEFT_OUT",
    "CONTACT_LEFT_OUT",
    "MEMBER_LEFT_OUT",
    "OBSTACLE_LEFT_OUT",
    "CHANNEL_UNKNOWN",
    "HISTORY_DIFFERS",
    "PART_LEFT_OUT",
    "EMPLOYMENT_TYPE_LEFT_OUT",
    "SALARY_LEFT_OUT",
    "VALID_THROUGH_LEFT_OUT",
];

#[test]
fn every_code_is_in_the_table() {
    let table: BTreeSet<&str> = Code::ALL.iter().map(|code| code.as_str()).collect();
    let mut unknown = BTreeSet::new();
    // The demo says what its people say: words of vocabularies.
    for (file, text) in files("").into_iter().filter(|(file, _)| !file.starts_with("cli/demo_")) {
        for line in text.lines().filter(|line| !line.trim_start().starts_with("//") && !line.contains(".warn")) {
            for word in line.split('"').skip(1).step_by(2) {
                let is_code = word.contains('_')
                    && word.len() > 4
                    && word.bytes().all(|b| b.is_ascii_uppercase() || b == b'_')
                    && !word.ends_with('_');
                let setting = word.starts_with("CAIRN_")
                    || word == "DATABASE_URL"
                    || WORDS.contains(&word)
                    || ADVICE.contains(&word);
                if is_code && !setting && !table.contains(word) {
                    unknown.insert(format!("{word} in src/{file}"));
                }
            }
        }
    }
    assert!(unknown.is_empty(), "codes that /api/v1/error-codes does not list: {unknown:#?}");
}

async fn the_table_is_served(api: Api) {
    let served = api.anyone().get("/error-codes").await.fine();
    let ada = api.organization("Acme").await.learner("ada").await;
    let by_graphql = ada.graphql("{ errorCodes { code status title } }", json!({})).await.fine();
    assert_eq!(served["items"], by_graphql["data"]["errorCodes"]);
    let items = served["items"].as_array().unwrap();
    assert_eq!(items.len(), Code::ALL.len());
    for (item, code) in items.iter().zip(Code::ALL) {
        assert_eq!((&item["code"], &item["status"]), (&json!(code.as_str()), &json!(code.status())));
        assert!(item["title"].as_str().is_some_and(|title| title.ends_with('.')), "{item}");
    }
    // Each code once, and each in the documents that people read.
    let once: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
    assert_eq!(once.len(), Code::ALL.len());
}

/// The contracts know a vocabulary by its name alone.
#[test]
fn no_two_vocabularies_share_a_name() {
    let contract = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/schema.graphql")).unwrap();
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    for (file, text) in files("").into_iter().chain(files("../entity/src")) {
        for block in text.split("vocabulary! {\n").skip(1) {
            let name = block.lines().find(|line| !line.trim_start().starts_with("//")).unwrap_or_default();
            let name = name.trim().trim_end_matches(" {").to_owned();
            // What no contract shows may be called as it likes.
            if !seen.insert(name.clone()) && contract.contains(&format!("\nenum {name} {{")) {
                twice.push(format!("{name} in {file}"));
            }
        }
    }
    assert!(seen.len() > 60, "{}", seen.len());
    assert_eq!(twice, Vec::<String>::new());
}
