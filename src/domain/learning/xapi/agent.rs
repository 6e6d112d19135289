//! Agents and groups: what they may look like.

use serde_json::{Map, Value};

use super::{
    form::{iri, is_iri, string},
    valid::{Findings, Member},
};

/// What names somebody beyond doubt: exactly one of these.
const IDENTIFIERS: [&str; 4] = ["mbox", "mbox_sha1sum", "openid", "account"];

const AGENT: &[Member] = &[
    ("objectType", false, string),
    ("name", false, string),
    ("mbox", false, mbox),
    ("mbox_sha1sum", false, sha1),
    ("openid", false, iri),
    ("account", false, account),
];

const GROUP: &[Member] = &[
    ("objectType", true, string),
    ("name", false, string),
    ("mbox", false, mbox),
    ("mbox_sha1sum", false, sha1),
    ("openid", false, iri),
    ("account", false, account),
    ("member", false, members),
];

const ACCOUNT: &[Member] = &[("homePage", true, iri), ("name", true, string)];

/// An agent or a group.
pub(super) fn actor(findings: &mut Findings, value: &Value, at: &str) {
    if is_group(value) { group(findings, value, at) } else { agent(findings, value, at) }
}

/// Whether a value is meant as a group.
pub(super) fn is_group(value: &Value) -> bool {
    value["objectType"] == "Group"
}

fn agent(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, AGENT);
    let Some(given) = value.as_object() else { return };
    if given.get("objectType").is_some_and(|kind| kind != "Agent") {
        findings.add(&format!("{at}/objectType"), "Agent or Group is expected.");
    }
    if identifiers(given) != 1 {
        findings.add(at, "Exactly one of mbox, mbox_sha1sum, openid and account is expected.");
    }
}

fn group(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, GROUP);
    let Some(given) = value.as_object() else { return };
    match identifiers(given) {
        0 if !given.contains_key("member") => {
            findings.add(&format!("{at}/member"), "A group without a name of its own names its members.");
        }
        0 | 1 => {}
        _ => findings.add(at, "At most one of mbox, mbox_sha1sum, openid and account is expected."),
    }
}

fn members(findings: &mut Findings, value: &Value, at: &str) {
    findings.list(value, at, agent);
}

fn identifiers(given: &Map<String, Value>) -> usize {
    IDENTIFIERS.iter().filter(|name| given.contains_key(**name)).count()
}

fn account(findings: &mut Findings, value: &Value, at: &str) {
    findings.object(value, at, ACCOUNT);
}

fn mbox(findings: &mut Findings, value: &Value, at: &str) {
    let is_address = |text: &str| {
        is_iri(text)
            && text
                .strip_prefix("mailto:")
                .and_then(|address| address.split_once('@'))
                .is_some_and(|(local, host)| !local.is_empty() && !host.is_empty() && !host.contains('@'))
    };
    findings.text(value, at, is_address, "An address such as mailto:ada@example.org");
}

fn sha1(findings: &mut Findings, value: &Value, at: &str) {
    let is_sha1 = |text: &str| text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    findings.text(value, at, is_sha1, "A SHA-1 of 40 hexadecimal digits");
}
