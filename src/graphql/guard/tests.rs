//! What real clients send passes; each limit refuses by its name.

use super::{Refusal::*, hostile::execute, *};
use serde_json::json;
use std::ops::Range;

const INTROSPECTION: &str = include_str!("introspection.graphql");

fn refusal(text: &str) -> Option<Refusal> {
    admit(text).err()
}

pub(super) fn repeat(text: &str, count: usize) -> String {
    text.repeat(count)
}

pub(super) fn numbered(range: Range<usize>, write: impl Fn(usize) -> String) -> String {
    range.map(write).collect::<Vec<_>>().concat()
}

pub(super) fn nested(open: &str, inside: &str, close: &str, levels: usize) -> String {
    format!("{}{inside}{}", repeat(open, levels), repeat(close, levels))
}

/// `{ ...F0 }` with each fragment spread twice in the one before.
pub(super) fn doubling(levels: usize) -> String {
    let fragments = numbered(0..levels, |n| format!("fragment F{n} on Query {{ ...F{} ...F{} }} ", n + 1, n + 1));
    format!("{{ ...F0 }} {fragments} fragment F{levels} on Query {{ __typename }}")
}

pub(super) fn chain(length: usize, inside: &str) -> String {
    let fragments = numbered(0..length, |n| format!("fragment F{n} on Query {{ {inside} ...F{} }} ", n + 1));
    format!("{{ ...F0 }} {fragments} fragment F{length} on Query {{ __typename }}")
}

#[test]
fn real_documents_pass() {
    assert_eq!(refusal(INTROSPECTION), None);
    assert_eq!(refusal(&nested("{ me ", "{ __typename }", "}", 29)), None);
    assert_eq!(
        refusal("query A($list: [[Int]!]! = [[1]]) @a { echo(list: $list, text: \"\"\"{[(\\\"\"\"\"\"\") } # {"),
        None
    );
    assert_eq!(
        refusal("\u{feff}{ a: echo(text: \"é \\\" {\") ... @a(if: true) { ...F } } fragment F on Q { me }"),
        None
    );
    let wide = numbered(0..40, |n| format!("a{n}: me {{ ...F }} "));
    assert_eq!(refusal(&format!("{{ {wide} }} fragment F on Query {{ {} }}", repeat("x ", 100))), None);
}

#[test]
fn introspection_runs_and_is_bounded() {
    assert!(execute(INTROSPECTION, json!({})).is_empty());
    assert_eq!(
        refusal("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }"),
        Some(IntrospectionTooLarge)
    );
    let spread = "{ __schema { types { ...T } } }
        fragment T on __Type { fields { type { interfaces { possibleTypes { name } } } } }";
    assert_eq!(refusal(spread), Some(IntrospectionTooLarge));
    assert_eq!(
        refusal(&format!("{{ __schema {{ types {{ fields {{ {} }} }} }} }}", repeat("name ", 1_000))),
        Some(IntrospectionTooLarge)
    );
    let thrice = numbered(0..3, |n| format!("a{n}: __schema {{ ...S }} "));
    let all = INTROSPECTION
        .replace("__schema {", &format!("{thrice} }} fragment S on __Schema {{ "))
        .replacen("}\n    }", "}", 1);
    assert_ne!(refusal(&all), None);
}

#[test]
fn each_limit_says_its_name() {
    let operations = numbered(0..11, |n| format!("query Q{n} {{ me }} "));
    let variables = numbered(0..101, |n| format!("$v{n}: Int "));
    let arguments = numbered(0..51, |n| format!("a{n}: 1 "));
    let spreads = format!("{{ me {{ {} }} }} fragment F on Query {{ {} }}", repeat("...F ", 100), repeat("me ", 50));
    for (text, expected) in [
        (repeat(" ", lexical::BYTES + 1), TooLong),
        (format!("{{ {} }}", repeat("a", 129)), WordTooLong),
        (format!("{{ {} }}", repeat("a ", 10_000)), TooManyTokens),
        (repeat("#\n", 10_001), TooManyTokens),
        (nested("[", "", "]", 65), NestedTooDeep),
        (format!("{{ me {} }}", repeat("@a ", 51)), TooManyDirectives),
        (operations, TooManyOperations),
        (format!("query A({variables}) {{ me }}"), TooManyVariables),
        (format!("{{ echo({arguments}) }}"), TooManyArguments),
        (format!("{{ {} }}", repeat("me ", 51)), TooManyRootFields),
        (format!("{{ ... {{ {} }} }}", repeat("me ", 51)), TooManyRootFields),
        (spreads, TooManySelections),
        (nested("{ me ", "{ __typename }", "}", 30), TooDeep),
        (chain(70, ""), TooDeep),
        ("{ ...A } fragment A on Query { ...B } fragment B on Query { me { ...A } }".into(), FragmentCycle),
        ("{ me } fragment A on Query { ...A }".into(), FragmentCycle),
        ("{ ...A }".into(), UnknownFragment),
        ("fragment A on Query { me }".into(), NoOperation),
    ] {
        assert_eq!(refusal(&text), Some(expected));
    }
}

#[test]
fn fragments_count_at_every_spread() {
    assert_eq!(refusal(&doubling(40)), Some(TooManySelections));
    // Each fragment is small for an operation, but the library walks every one of them for itself.
    let many = numbered(0..60, |n| format!("fragment G{n} on Query {{ ...F }} "));
    let inner = format!("fragment F on Query {{ {} }}", repeat("me ", 400));
    assert_eq!(refusal(&format!("{{ me }} {many} {inner}")), Some(TooManySelections));
}

#[test]
fn brackets_cannot_hide_in_a_string_that_does_not_end() {
    let brackets = repeat("[", 5_000);
    for text in [
        format!(r#"{{ echo(list: [""" "{brackets}"#),
        format!("{{ echo(list: [\"\n{brackets}"),
        format!("{{ echo(list: [\"\r{brackets}"),
        format!(r#"{{ echo(list: ["\"{brackets}"#),
        format!(r#"{{ echo(list: ["""\"""{brackets}"#),
        format!(r#"{{ echo(list: ["""\\"""{brackets}"#),
    ] {
        assert!(matches!(refusal(&text), Some(Syntax { .. })));
    }
    assert_eq!(refusal("{\n é \"abc"), Some(Syntax { line: 2, column: 4 }));
    for text in
        [format!("{{ a(b: \"\" {brackets}"), format!("# \r{brackets}"), format!(r#"{{ a(b: """\ """ {brackets}"#)]
    {
        assert_eq!(refusal(&text), Some(NestedTooDeep));
    }
}

#[test]
fn a_refusal_does_not_quote_the_document() {
    for text in [
        "{ secret(",
        "query Secret { a } query Secret { b }",
        "{ a } { b }",
        "{ ...Secret }",
        "secret",
        "",
        "{ a(b: 1e999) }",
    ] {
        let Err(refused) = admit(text) else { panic!("{text} was admitted") };
        assert!(!refused.message().to_lowercase().contains("secret"));
        assert_ne!(refused.code(), "DOCUMENT_TOO_COMPLEX");
    }
    assert_eq!(refusal("{ a } query B { b }"), Some(Ambiguous { line: 1, column: 1 }));
    assert_eq!(refusal("{\n  a(\n}"), Some(Syntax { line: 3, column: 1 }));
    assert!(TooManyTokens.message().contains("at most 10000 tokens"));
}

#[test]
fn values_count_at_every_use() {
    let uses = format!("query A($v: String) {{ {} }}", numbered(0..40, |n| format!("a{n}: echo(text: $v) ")));
    let Ok(document) = admit(&uses) else { panic!("refused") };
    let variables = |length| json!({"v": repeat("x", length)}).as_object().cloned().unwrap_or_default();
    assert_eq!(admit_variables(&document, &variables(10_000)), Ok(()));
    assert_eq!(admit_variables(&document, &variables(500_000)), Err(ValuesTooLarge));
    let numbers = json!({"unused": vec![0; 200_000]}).as_object().cloned().unwrap_or_default();
    assert_eq!(admit_variables(&document, &numbers), Err(ValuesTooLarge));
    let default =
        format!("query A($v: [Int] = [{}]) {{ echo(list: [{}]) }}", repeat("0 ", 4_000), repeat("$v ", 1_000));
    assert_eq!(refusal(&default), Some(ValuesTooLarge));
}
