//! What a valid statement means to Cairn: a completion, or nothing that it takes.

use entity::learning::{completion::CompletionVerb, learning_session::SessionSource};
use serde_json::{Value, json};
use uuid::Builder;

use super::{
    super::completion::{
        LONGEST,
        report::{Report, fingerprint},
    },
    agent, duration,
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
pub(super) const SOURCE: &str = "xapi";

/// The verbs that report a completion; a learning system may know one by several names.
const VERBS: [(&str, CompletionVerb); 7] = [
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
    /// By something that nobody can be found by here.
    Other(&'static str),
}

/// A statement that reports a completion.
#[derive(Clone, Debug)]
pub(super) struct Statement {
    /// Where it stands in the body.
    pub at: String,
    /// Whether it came with its id.
    pub has_own_id: bool,
    /// Whom it names.
    pub actor: Actor,
    /// What it names.
    pub object: String,
    /// What it says.
    pub report: Report,
}

impl Statement {
    /// Reads a valid statement.
    pub(super) fn read(who: &Caller, item: Value, at: String) -> Result<Self> {
        is_offered(&item, &at)?;
        let verb = verb(&item, &at)?;
        agrees(&item["result"], verb, &at)?;
        let told = item["timestamp"].as_str().and_then(filter::time);
        let fingerprint = fingerprint(&said(&item));
        let own = item["id"].as_str().map(str::to_ascii_lowercase);
        let has_own_id = own.is_some();
        let statement_id = own.unwrap_or_else(|| match told {
            Some(_) => derived(&format!("{} {fingerprint}", who.organization)),
            None => clock::new_uuid().to_string(),
        });
        let (minutes, score) = (minutes(&item["result"], &at)?, score(&item["result"]["score"]));
        let (actor, object) = (actor(&item["actor"]), text(&item["object"]["id"]));
        let report = Report {
            source: SOURCE.to_owned(),
            statement: Some(kept(item, &statement_id)),
            statement_id,
            fingerprint,
            verb,
            occurred_at: told.unwrap_or(who.now),
            minutes,
            score,
            session: SessionSource::Xapi,
        };
        Ok(Self { at, has_own_id, actor, object, report })
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

/// A statement must not say one thing by its verb and the contrary by its result.
fn agrees(result: &Value, verb: CompletionVerb, at: &str) -> Result<()> {
    let (member, contrary) = match verb {
        CompletionVerb::Completed => ("completion", false),
        CompletionVerb::Passed => ("success", false),
        CompletionVerb::Failed => ("success", true),
        CompletionVerb::Progressed => return Ok(()),
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
    Actor::Other(if actor.get("openid").is_some() { "openid" } else { "mbox_sha1sum" })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// What a statement says, in one spelling: without what its reader adds, and without the names of verbs and activities,
/// which may change while it stays the same.
fn said(item: &Value) -> String {
    let mut said = item.clone();
    if let Some(members) = said.as_object_mut() {
        for name in ["id", "stored", "authority", "version"] {
            members.remove(name);
        }
    }
    for (place, name) in [("verb", "display"), ("object", "definition")] {
        if let Some(members) = said[place].as_object_mut() {
            members.remove(name);
        }
    }
    if let Some(at) = item["timestamp"].as_str().and_then(filter::time) {
        said["timestamp"] = at.timestamp_micros().into();
    }
    said.to_string()
}

/// The id of a statement that came without: the same for the same statement, so that it may be sent again.
fn derived(said: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, said.as_bytes());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest.as_ref()[..16]);
    Builder::from_custom_bytes(bytes).into_uuid().to_string()
}

/// A statement as it is kept: as it came, with its id, and without what only its reader may say.
fn kept(mut item: Value, id: &str) -> String {
    if let Some(members) = item.as_object_mut() {
        members.insert("id".to_owned(), id.into());
        members.remove("stored");
        members.remove("authority");
    }
    item.to_string()
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
        assert!(!agrees(Completed, json!({ "completion": false })) && !agrees(Passed, json!({ "success": false })));
        assert!(!agrees(Failed, json!({ "success": true })) && agrees(Progressed, json!({ "completion": false })));
    }

    #[test]
    fn what_a_reader_adds_makes_no_other_statement() {
        let plain = json!({
            "verb": { "id": "v" }, "object": { "id": "o" }, "timestamp": "2026-01-31T12:00:00Z", "result": { "success": true },
        });
        let dressed = json!({
            "id": "x", "stored": "y", "authority": {}, "version": "1.0.3", "timestamp": "2026-01-31T13:00:00.000+01:00",
            "verb": { "id": "v", "display": { "en": "V" } }, "object": { "id": "o", "definition": {} }, "result": { "success": true },
        });
        assert_eq!(said(&plain), said(&dressed));
        assert_ne!(said(&plain), said(&json!({ "verb": { "id": "v" }, "object": { "id": "o" } })));
        assert_eq!(derived("a"), derived("a"));
        assert!(super::super::form::is_uuid(&derived("a")) && derived("a") != derived("b"));
        assert!(!kept(dressed, "i").contains("stored"));
    }
}
