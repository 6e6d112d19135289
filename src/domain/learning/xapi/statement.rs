//! The members of a statement, as the standard has them.

use serde_json::Value;

use super::{
    Version,
    agent::actor,
    form::{
        boolean, duration, extensions, iri, language, languages, length, number, scaled, string, strings, time, uuid,
        version,
    },
    valid::{Check, Findings, Member},
};

/// Those of a statement.
pub(super) const MEMBERS: &[Member] = &[
    ("id", false, uuid),
    ("actor", true, actor),
    ("verb", true, verb),
    ("object", true, object),
    ("result", false, result),
    ("context", false, context),
    ("timestamp", false, time),
    ("stored", false, time),
    ("authority", false, actor),
    ("version", false, version),
    ("attachments", false, attachments),
];

const VERB: &[Member] = &[("id", true, iri), ("display", false, languages)];

const ACTIVITY: &[Member] = &[("objectType", false, string), ("id", true, iri), ("definition", false, definition)];

const DEFINITION: &[Member] = &[
    ("name", false, languages),
    ("description", false, languages),
    ("type", false, iri),
    ("moreInfo", false, iri),
    ("extensions", false, extensions),
    ("interactionType", false, interaction),
    ("correctResponsesPattern", false, strings),
    ("choices", false, components),
    ("scale", false, components),
    ("source", false, components),
    ("target", false, components),
    ("steps", false, components),
];

const COMPONENT: &[Member] = &[("id", true, string), ("description", false, languages)];

const RESULT: &[Member] = &[
    ("score", false, score),
    ("success", false, boolean),
    ("completion", false, boolean),
    ("response", false, string),
    ("duration", false, duration),
    ("extensions", false, extensions),
];

const SCORE: &[Member] =
    &[("scaled", false, scaled), ("raw", false, number), ("min", false, number), ("max", false, number)];

const CONTEXT: &[Member] = &[
    ("registration", false, uuid),
    ("instructor", false, actor),
    ("team", false, actor),
    ("contextActivities", false, activities),
    ("revision", false, string),
    ("platform", false, string),
    ("language", false, language),
    ("statement", false, reference),
    ("extensions", false, extensions),
    ("contextAgents", false, since_two),
    ("contextGroups", false, since_two),
];

const ACTIVITIES: &[Member] =
    &[("parent", false, group), ("grouping", false, group), ("category", false, group), ("other", false, group)];

const REFERENCE: &[Member] = &[("objectType", true, string), ("id", true, uuid)];

const ATTACHMENT: &[Member] = &[
    ("usageType", true, iri),
    ("display", true, languages),
    ("description", false, languages),
    ("contentType", true, string),
    ("length", true, length),
    ("sha2", true, string),
    ("fileUrl", false, iri),
];

/// Ways of asking that the standard knows.
const INTERACTIONS: [&str; 10] = [
    "true-false",
    "choice",
    "fill-in",
    "long-fill-in",
    "matching",
    "performance",
    "sequencing",
    "likert",
    "numeric",
    "other",
];

/// What a statement may be about besides activities. It is valid, though nothing that Cairn takes: that is told apart.
pub(super) const OTHERS: [&str; 4] = ["Agent", "Group", "StatementRef", "SubStatement"];

fn verb(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, VERB);
}

fn object(findings: &mut Findings, value: &Value, at: &str) {
    if !value["objectType"].as_str().is_some_and(|kind| OTHERS.contains(&kind)) {
        activity(findings, value, at);
    }
}

fn activity(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, ACTIVITY);
    if value.get("objectType").is_some_and(|kind| kind != "Activity") {
        findings.add(&format!("{at}/objectType"), "Activity is expected.");
    }
}

fn definition(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, DEFINITION);
}

fn interaction(findings: &mut Findings, value: &Value, at: &str) {
    findings.text(value, at, |word| INTERACTIONS.contains(&word), "A kind of interaction that xAPI knows");
}

fn components(findings: &mut Findings, value: &Value, at: &str) {
    let each: Check = |findings, value, at| findings.object(value, at, COMPONENT);
    findings.list(value, at, each);
}

fn result(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, RESULT);
}

fn score(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, SCORE);
    let (raw, min, max) = (value["raw"].as_f64(), value["min"].as_f64(), value["max"].as_f64());
    if min.zip(max).is_some_and(|(min, max)| min >= max) {
        findings.add(&format!("{at}/max"), "max must be more than min.");
    }
    if raw.zip(min).is_some_and(|(raw, min)| raw < min) || raw.zip(max).is_some_and(|(raw, max)| raw > max) {
        findings.add(&format!("{at}/raw"), "raw must lie between min and max.");
    }
}

fn context(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, CONTEXT);
    if value.get("team").is_some_and(|team| !super::agent::is_group(team)) {
        findings.add(&format!("{at}/team"), "A group is expected.");
    }
}

fn activities(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, ACTIVITIES);
}

/// Several activities. One alone is as good: so the versions before 1.0 had it, and 1.0 still takes it.
fn group(findings: &mut Findings, value: &Value, at: &str) {
    if value.is_object() { activity(findings, value, at) } else { findings.list(value, at, activity) }
}

fn reference(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, REFERENCE);
    if value.get("objectType").is_some_and(|kind| kind != "StatementRef") {
        findings.add(&format!("{at}/objectType"), "StatementRef is expected.");
    }
}

/// What came with version 2.0: a list of objects that say what else was involved.
fn since_two(findings: &mut Findings, value: &Value, at: &str) {
    if findings.version == Version::One {
        return findings.add(at, "xAPI has this property since version 2.0 only.");
    }
    findings.list(value, at, |findings, value, at| {
        if !value.is_object() {
            findings.add(at, "An object is expected.");
        }
    });
}

fn attachments(findings: &mut Findings, value: &Value, at: &str) {
    let each: Check = |findings, value, at| findings.object(value, at, ATTACHMENT);
    findings.list(value, at, each);
}
