//! What a valid statement means to Cairn: a completion, or nothing that it takes.

use entity::learning::{completion::CompletionVerb, learning_session::SessionSource};
use serde_json::{Value, json};

use super::{
    super::completion::{
        LONGEST,
        batch::{Told, Words},
        named::{self, Thing},
        report::{Report, fingerprint},
    },
    agent, duration, lookup,
    said::{derived, kept, said},
    statement::OTHERS,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
    },
    read::filter,
};

/// The system that xAPI's names belong to.
pub(super) const SOURCE: &str = named::XAPI;

/// Where a statement says what.
const WORDS: Words = Words { id: "id", when: "timestamp", person: "actor", thing: "object" };

/// The verbs that report a completion; a learning system may know one by several names.
pub(super) const VERBS: [(&str, CompletionVerb); 7] = [
    ("http://adlnet.gov/expapi/verbs/completed", CompletionVerb::Completed),
    ("http://adlnet.gov/expapi/verbs/passed", CompletionVerb::Passed),
    ("http://adlnet.gov/expapi/verbs/failed", CompletionVerb::Failed),
    ("http://adlnet.gov/expapi/verbs/progressed", CompletionVerb::Progressed),
    // Moodle's log store says of a course that it was completed by this one, in some of its versions.
    ("http://id.tincanapi.com/verb/completed", CompletionVerb::Completed),
    ("http://activitystrea.ms/schema/1.0/complete", CompletionVerb::Completed),
    ("https://w3id.org/xapi/dod-isd/verbs/completed", CompletionVerb::Completed),
];

const VOIDED: &str = "http://adlnet.gov/expapi/verbs/voided";

/// Whom a statement names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Actor {
    /// By an e-mail address.
    Mail(String),
    /// By an account with another system: its home page, and the name there.
    Account(String, String),
    /// By the SHA-1 of an e-mail address, as `mailto:` and the address.
    Sha1(String),
    /// By an `OpenID`, which nobody can be found by here.
    OpenId,
}

/// A statement that reports a completion.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Whether it came with its id.
    pub has_own_id: bool,
    /// What it says, of whom and of what.
    pub told: Told,
}

impl Statement {
    /// Reads a valid statement.
    pub(super) fn read(who: &Caller, item: Value, at: String) -> Result<Self> {
        is_offered(&item, &at)?;
        let verb = meant(verb(&item, &at)?, &item["result"]);
        agrees(&item["result"], verb, &at)?;
        let when = item["timestamp"].as_str().and_then(filter::time);
        let fingerprint = fingerprint(&said(&item));
        let own = item["id"].as_str().map(str::to_ascii_lowercase);
        let has_own_id = own.is_some();
        let statement_id = own.unwrap_or_else(|| match when {
            Some(_) => derived(&format!("{} {fingerprint}", who.organization)),
            None => clock::new_uuid().to_string(),
        });
        let (minutes, score) = (minutes(&item["result"], &at)?, score(&item["result"]["score"]));
        let (actor, object) = (actor(&item["actor"]), text(&item["object"]["id"]));
        let (person, stranger) = (lookup::names(&actor), lookup::stranger(&actor));
        let report = Report {
            source: SOURCE.to_owned(),
            statement: Some(kept(item, &statement_id)),
            statement_id,
            fingerprint,
            verb,
            occurred_at: when.unwrap_or(who.now),
            minutes,
            score,
            session: SessionSource::Xapi,
        };
        let told = Told { report, at, words: &WORDS, person, stranger, thing: Thing::Iri(object) };
        Ok(Self { has_own_id, told })
    }
}

/// Refuses what the standard knows and Cairn does not take.
fn is_offered(item: &Value, at: &str) -> Result<()> {
    let refused = |place: &str, why: &str| Err(Error::field(Code::XapiNotOffered, &format!("{at}{place}"), why));
    if agent::is_group(&item["actor"]) {
        return refused("/actor", "Completions are of one person: groups are not taken.");
    }
    if item["object"]["objectType"].as_str().is_some_and(|kind| OTHERS.contains(&kind)) {
        return refused("/object/objectType", "Completions are of activities: other objects are not taken.");
    }
    if item["verb"]["id"] == VOIDED {
        return refused("/verb/id", "Statements are not voided here.");
    }
    let attached = item["attachments"].as_array().into_iter().flatten();
    match attached.into_iter().position(|attachment| attachment.get("fileUrl").is_none()) {
        Some(place) => refused(&format!("/attachments/{place}"), "Attachments are taken by their fileUrl only."),
        None => Ok(()),
    }
}

fn verb(item: &Value, at: &str) -> Result<CompletionVerb> {
    let named = item["verb"]["id"].as_str().unwrap_or_default();
    VERBS.iter().find(|(iri, _)| *iri == named).map(|(_, verb)| *verb).ok_or_else(|| {
        let why = "Only completed, passed, failed and progressed report a completion.";
        let known: Vec<&str> = VERBS.iter().map(|(iri, _)| *iri).collect();
        Error::field(Code::XapiVerbUnsupported, &format!("{at}/verb/id"), why)
            .with(json!({ "verb": named.chars().take(255).collect::<String>(), "supported": known }))
    })
}

/// What a verb means with its result: Moodle says of an attempt that it was completed, with a completion that is false
/// while there is more to do.
fn meant(verb: CompletionVerb, result: &Value) -> CompletionVerb {
    if verb == CompletionVerb::Completed && result["completion"] == false {
        return CompletionVerb::Progressed;
    }
    verb
}

/// A statement must not say one thing by its verb and the contrary by its result.
fn agrees(result: &Value, verb: CompletionVerb, at: &str) -> Result<()> {
    let (member, contrary) = match verb {
        CompletionVerb::Passed => ("success", false),
        CompletionVerb::Failed => ("success", true),
        CompletionVerb::Completed | CompletionVerb::Progressed => return Ok(()),
    };
    if result[member] == contrary {
        let why = format!("{member} says the contrary of the verb.");
        return Err(Error::field(Code::BadInput, &format!("{at}/result/{member}"), why));
    }
    Ok(())
}

fn minutes(result: &Value, at: &str) -> Result<Option<i64>> {
    let minutes = result["duration"].as_str().and_then(duration::minutes);
    if minutes.is_some_and(|minutes| minutes > LONGEST) {
        let why = format!("Nothing takes longer than {LONGEST} minutes.");
        return Err(Error::field(Code::BadInput, &format!("{at}/result/duration"), why));
    }
    Ok(minutes)
}

/// The result from 0 to 100: as it is scaled, or as it lies between the least and the most. Less than nothing is nothing.
fn score(score: &Value) -> Option<i64> {
    let scaled = score["scaled"].as_f64().or_else(|| {
        let (raw, min, max) = (score["raw"].as_f64()?, score["min"].as_f64().unwrap_or(0.0), score["max"].as_f64()?);
        (max > min).then(|| (raw - min) / (max - min))
    })?;
    format!("{:.0}", (scaled * 100.0).clamp(0.0, 100.0).round()).parse().ok()
}

fn actor(actor: &Value) -> Actor {
    if let Some(address) = actor["mbox"].as_str().and_then(|mbox| mbox.strip_prefix("mailto:")) {
        return Actor::Mail(address.to_owned());
    }
    let account = &actor["account"];
    if account.is_object() {
        return Actor::Account(text(&account["homePage"]), text(&account["name"]));
    }
    match actor["mbox_sha1sum"].as_str() {
        Some(sum) => Actor::Sha1(sum.to_ascii_lowercase()),
        None => Actor::OpenId,
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_score_lies_between_0_and_100() {
        for (told, expected) in [
            (json!({ "scaled": 0.945 }), Some(95)),
            (json!({ "scaled": -0.3 }), Some(0)),
            (json!({ "scaled": 1, "raw": 3 }), Some(100)),
            (json!({ "raw": 51, "min": 1, "max": 101 }), Some(50)),
            (json!({ "raw": 5, "max": 8 }), Some(63)),
            (json!({ "raw": 5 }), None),
            (json!({ "raw": 0, "max": 0 }), None),
            (json!({}), None),
            (Value::Null, None),
        ] {
            assert_eq!(score(&told), expected, "{told}");
        }
    }

    #[test]
    fn a_result_agrees_with_its_verb() {
        use CompletionVerb::{Completed, Failed, Passed, Progressed};
        let agrees = |verb, result| agrees(&result, verb, "").is_ok();
        assert!(agrees(Completed, json!({ "completion": true, "success": false })) && agrees(Passed, Value::Null));
        assert!(!agrees(Passed, json!({ "success": false })) && !agrees(Failed, json!({ "success": true })));
        assert!(agrees(Progressed, json!({ "completion": false })));
        for (verb, completion, means) in [
            (Completed, json!(false), Progressed),
            (Completed, json!(true), Completed),
            (Completed, Value::Null, Completed),
            (Passed, json!(false), Passed),
            (Failed, json!(false), Failed),
        ] {
            assert_eq!(meant(verb, &json!({ "completion": completion })), means, "{verb} {completion}");
        }
    }
}
