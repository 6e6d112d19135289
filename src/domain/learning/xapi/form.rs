//! The forms of single values in statements: ids, IRIs, languages, times and maps of them.

use serde_json::Value;
use uuid::Uuid;

use super::{
    duration,
    valid::{Findings, pointer},
};
use crate::read::filter;

/// Whether a text is a UUID in its usual form.
pub(super) fn is_uuid(text: &str) -> bool {
    text.len() == 36 && Uuid::try_parse(text).is_ok()
}

/// Whether a text is an absolute IRI: a scheme, and something that a browser could not mistake for the end of it.
pub(super) fn is_iri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else { return false };
    scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        && !rest.is_empty()
        && !text.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\"{}|\\^`".contains(c))
}

/// Whether a text names a language as RFC 5646 has it.
pub(super) fn is_language(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    (1..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Whether a text is a moment of RFC 3339. `-00:00` says that nobody knows where: the standard refuses it.
pub(super) fn is_time(text: &str) -> bool {
    filter::time(text).is_some() && !text.ends_with("-00:00")
}

/// Whether a text is a version of one of the lines that are offered.
fn is_version(text: &str) -> bool {
    super::Version::read(Some(text)).is_ok()
}

/// A UUID.
pub(super) fn uuid(findings: &mut Findings, value: &Value, at: &str) {
    findings.text(value, at, is_uuid, "A UUID");
}

/// An IRI.
pub(super) fn iri(findings: &mut Findings, value: &Value, at: &str) {
    findings.text(value, at, is_iri, "An absolute IRI");
}

/// A language.
pub(super) fn language(findings: &mut Findings, value: &Value, at: &str) {
    findings.text(value, at, is_language, "A language tag of RFC 5646");
}

/// A moment.
pub(super) fn time(findings: &mut Findings, value: &Value, at: &str) {
    findings.text(value, at, is_time, "A time of RFC 3339 such as 2026-01-31T12:00:00Z");
}

/// A length of time.
pub(super) fn duration(findings: &mut Findings, value: &Value, at: &str) {
    findings.text(value, at, |text| duration::minutes(text).is_some(), "A duration of ISO 8601 such as PT1H30M");
}

/// A version.
pub(super) fn version(findings: &mut Findings, value: &Value, at: &str) {
    findings.text(value, at, is_version, "A version such as 1.0.3 or 2.0.0");
}

/// Any text.
pub(super) fn string(findings: &mut Findings, value: &Value, at: &str) {
    findings.text(value, at, |_| true, "A string");
}

/// Several texts.
pub(super) fn strings(findings: &mut Findings, value: &Value, at: &str) {
    findings.list(value, at, string);
}

/// Yes or no.
pub(super) fn boolean(findings: &mut Findings, value: &Value, at: &str) {
    if !value.is_boolean() {
        findings.add(at, "true or false is expected.");
    }
}

/// A number.
pub(super) fn number(findings: &mut Findings, value: &Value, at: &str) {
    if !value.is_number() {
        findings.add(at, "A number is expected.");
    }
}

/// A number from -1 to 1.
pub(super) fn scaled(findings: &mut Findings, value: &Value, at: &str) {
    if !value.as_f64().is_some_and(|number| (-1.0..=1.0).contains(&number)) {
        findings.add(at, "A number from -1 to 1 is expected.");
    }
}

/// How many bytes.
pub(super) fn length(findings: &mut Findings, value: &Value, at: &str) {
    if value.as_u64().is_none() {
        findings.add(at, "A whole number is expected.");
    }
}

/// Texts by language.
pub(super) fn languages(findings: &mut Findings, value: &Value, at: &str) {
    let Some(texts) = value.as_object() else {
        return findings.add(at, "An object of texts by their language is expected.");
    };
    for (tag, text) in texts {
        let here = pointer(at, tag);
        if !is_language(tag) {
            findings.add(&here, "A language tag of RFC 5646 is expected.");
        }
        string(findings, text, &here);
    }
}

/// Extensions: whatever their owners say, by an IRI.
pub(super) fn extensions(findings: &mut Findings, value: &Value, at: &str) {
    let Some(extensions) = value.as_object() else {
        return findings.add(at, "An object of extensions by their IRI is expected.");
    };
    for name in extensions.keys().filter(|name| !is_iri(name)) {
        findings.add(&pointer(at, name), "An extension has an absolute IRI for its name.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iris_languages_and_times_are_told_from_what_is_none() {
        for fine in ["http://a.example/x?y=1#z", "urn:uuid:1", "mailto:a@b.c", "tag:adlnet.gov,2013:ä"] {
            assert!(is_iri(fine), "{fine}");
        }
        for wrong in ["", "a.example/x", "http:", ":x", "1a:x", "http://a b", "http://a\u{0}", "x<y:z", "http://a/<b>"]
        {
            assert!(!is_iri(wrong), "{wrong}");
        }
        for fine in ["en", "en-US", "de-CH-1996", "und", "x-klingon"] {
            assert!(is_language(fine), "{fine}");
        }
        for wrong in ["", "en_US", "e2", "en-", "abcdefghi", "en-abcdefghi"] {
            assert!(!is_language(wrong), "{wrong}");
        }
        for fine in ["2015-06-10T15:31:41+01:00", "2026-01-31T12:00:00Z", "2026-01-31T12:00:00.123456789+00:00"] {
            assert!(is_time(fine), "{fine}");
        }
        for wrong in ["2026-01-31", "2026-01-31T12:00:00", "2026-01-31T12:00:00-00:00", "2026-13-31T12:00:00Z", "now"] {
            assert!(!is_time(wrong), "{wrong}");
        }
        assert!(is_uuid("7CCD3322-e1a5-411a-a67d-6a735c76f119"));
        for wrong in ["7ccd3322e1a5411aa67d6a735c76f119", "{7ccd3322-e1a5-411a-a67d-6a735c76f119}", "x"] {
            assert!(!is_uuid(wrong), "{wrong}");
        }
    }
}
