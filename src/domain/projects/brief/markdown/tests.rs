//! Whatever people write, the document has the same parts, and shows what they wrote.

use pulldown_cmark::{Event, Options, Parser};
use serde_json::{Value, json};

use super::*;

/// A brief in which people wrote these texts, in turn, wherever they write.
fn brief(mut text: impl FnMut() -> String) -> ProjectBrief {
    let money = |amount: &str| json!({ "amount": amount, "currency": "EUR" });
    let id = |prefix: &str| format!("{prefix}_01h455vb4pex5vsknk084sn02q");
    let sums = |category: Option<&str>| {
        let mut sums = json!({
            "currency": "EUR", "planned": money("1250.00"), "actual": money("1300.00"), "remaining": money("-50.00"),
            "forecast": money("1300.00"),
        });
        if let Some(category) = category {
            sums["category"] = json!(category);
            sums["lines"] = json!(1);
            sums["over"] = json!(true);
        }
        sums
    };
    let mut told = json!({
        "projectId": id("prj"), "title": text(), "summary": text(), "owner": text(), "kind": "WORK",
        "status": "IN_PROGRESS", "domain": text(), "dueOn": "2027-06-30", "endNote": text(), "asOf": "2026-11-25",
        "expertWaiverReason": text(), "revision": 2, "singleIdeaReason": text(),
        "steps": [{ "step": "BUSINESS_PROBLEM", "state": "COMPLETE", "completedOn": "2026-10-02" },
            { "step": "SOLUTION_BRAINSTORM", "state": "STALE" }],
        "risks": [{ "code": "OVER_BUDGET", "severity": "WARNING", "reason": text() }],
        "obstacles": [{ "note": text(), "recordedOn": "2026-11-01" }],
        "returns": [{ "revision": 2, "occurredOn": "2026-10-20", "fromStep": "ASSESSMENT",
            "toStep": "SOLUTION_BRAINSTORM", "reason": "INFEASIBLE", "learning": text() }],
    });
    told["problem"] = json!({
        "statement": text(), "stakeholders": [text(), text()], "impactIfUnsolved": text(), "beneficiaries": [text()],
        "possibleHarms": [text()], "mitigations": [text()],
    });
    told["consultations"] = json!([{
        "expert": text(), "heldOn": "2026-10-01",
        "painPoints": [{ "rank": 1, "wish": text(), "whyNotWorkingYet": text() }, { "rank": 2, "wish": text() }],
    }]);
    told["solutions"] = json!([{
        "title": text(), "approach": text(), "isAi": true, "status": "SELECTED", "feasibility": "FEASIBLE",
        "feasibilityEvidence": [{ "kind": "PUBLISHED_WORK", "url": "https://example.org/a_b*c", "finding": text() }],
        "value": "HIGH", "valueEvidence": [{ "kind": "DOMAIN_EXPERT", "finding": text() }],
        "trials": [{ "question": text(), "timeboxDays": 5, "status": "REPORTED", "outcome": "FEASIBLE", "finding": text() }],
    }]);
    told["milestones"] = json!([{
        "milestoneId": id("ms"), "title": text(), "targetDate": "2027-03-01", "status": "NEXT", "risk": "AT_RISK",
        "health": "ON_TRACK", "healthNote": text(), "overrideReason": text(),
        "metrics": [{
            "metricId": id("mtr"), "kind": "ML", "name": text(), "unit": text(), "direction": "DOWN",
            "baseline": "20", "target": "8", "latest": "11", "latestOn": "2026-11-20", "targetMet": false,
            "attainment": 75, "trend": "IMPROVING", "projectedAtTargetDate": "7.5",
        }, {
            "metricId": id("mtr"), "kind": "BUSINESS", "name": text(), "direction": "UP", "target": "8",
        }],
    }]);
    told["budget"] = json!({
        "approval": "APPROVED", "forecastMethod": "LINE_BY_LINE",
        "amounts": [sums(Some("DATA"))], "totals": [sums(None)],
        "quantities": [{ "category": "TIME", "unit": text(), "lines": 1, "planned": "10", "actual": "2.5",
            "remaining": "7.5", "forecast": "10", "over": false }],
        "notNeeded": [{ "category": "INTEGRATIONS", "reason": text() }],
    });
    serde_json::from_value(told).unwrap()
}

/// What a document is made of, and the text that it shows.
fn parts(markdown: &str) -> (Vec<String>, String) {
    let (mut tags, mut shown) = (Vec::new(), String::new());
    // With every mark that some reader knows, but for what only makes letters more beautiful.
    let options = Options::all().difference(Options::ENABLE_SMART_PUNCTUATION);
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Text(text) => shown.push_str(&text),
            Event::SoftBreak | Event::HardBreak => shown.push(' '),
            other => tags.push(format!("{other:?}")),
        }
    }
    (tags, shown)
}

const HOSTILE: [&str; 24] = [
    "# A heading",
    "- an item",
    "1. an item",
    "===",
    "---",
    "```\ncode",
    "<script>alert(1)</script>",
    "<!-- away",
    "[a link](javascript:alert(1))",
    "![a picture](https://example.org/x.png)",
    "<https://example.org>",
    "https://example.org www.example.org",
    "a | b | c",
    "| --- | --- |",
    "**bold** _soft_ ~~gone~~ `code`",
    "\\",
    "ends with a backslash \\",
    "&lt;b&gt; &amp; &#42;",
    "> quoted",
    "[^1]: a note [^1] [x]: y",
    "$a$ $$b$$",
    "\tan indented line",
    "+ plus\n\n***\n\n    code",
    "[ ] a task {#id .class} :::warning",
];

#[test]
fn nothing_that_people_write_breaks_the_document() {
    // One line: paragraphs are the writer's to make.
    let plain = parts(&write(&brief(|| "plain".to_owned())).unwrap()).0;
    for hostile in HOSTILE.map(|text| text.split_whitespace().collect::<Vec<_>>().join(" ")) {
        let (tags, shown) = parts(&write(&brief(|| hostile.clone())).unwrap());
        assert_eq!(tags, plain, "{hostile}");
        assert!(shown.contains(&hostile), "{hostile} is not shown in {shown}");
    }
}

/// What texts are thrown together from.
const LETTERS: &[char] = &[
    '#', '-', '+', '=', '*', '_', '`', '~', '[', ']', '(', ')', '<', '>', '|', '\\', '&', ';', '!', '.', ':', '/', '$',
    '^', '{', '}', '"', '\'', '1', 'a', 'w', ' ', 'é', '\u{202E}', '\t',
];

#[test]
fn the_same_holds_for_texts_of_all_kinds_beside_each_other() {
    let plain = parts(&write(&brief(|| "plain".to_owned())).unwrap()).0;
    // A small generator is dice enough: the same in every run.
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |most: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % most
    };
    for _ in 0..300 {
        let text = || {
            let length = 1 + next(12);
            let text: String = (0..length).map(|_| LETTERS[next(LETTERS.len())]).collect();
            // Texts are not blank, as inputs are checked.
            if text.split(|c: char| c.is_whitespace() || c == '\u{202E}').all(str::is_empty) {
                "x".to_owned()
            } else {
                text
            }
        };
        let markdown = write(&brief(text)).unwrap();
        assert_eq!(parts(&markdown).0, plain, "{markdown}");
    }
}

#[test]
fn a_whole_brief() {
    let mut count = 0;
    let told = brief(|| {
        count += 1;
        format!("text {count}")
    });
    insta::assert_snapshot!(write(&told).unwrap());
}

#[test]
fn a_project_that_has_just_begun() {
    let told: Value = json!({
        "projectId": "prj_01h455vb4pex5vsknk084sn02q", "title": "Wind", "kind": "PERSONAL", "status": "SCOPING",
        "asOf": "2026-11-25", "consultations": [], "revision": 1, "solutions": [], "milestones": [], "risks": [],
        "obstacles": [], "returns": [], "steps": [{ "step": "BUSINESS_PROBLEM", "state": "OPEN" }],
        "budget": {
            "approval": "DRAFT", "forecastMethod": "LINE_BY_LINE", "amounts": [], "quantities": [], "totals": [], "notNeeded": [],
        },
    });
    insta::assert_snapshot!(write(&serde_json::from_value(told).unwrap()).unwrap());
}
