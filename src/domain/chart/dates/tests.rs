//! What a chart of promises shows, and that nothing in it lies over another.

use super::*;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn dates(due: &[(&str, State)]) -> Dates {
    let row = |(name, (due, state)): (usize, &(&str, State))| Row {
        name: format!("<{name}> & a name that is by far too long for the little room that there is"),
        due: day(due),
        state: *state,
        outlook: [None, Some(Outlook::AtRisk), Some(Outlook::OffTrack)][name % 3],
        says: format!("due {due}"),
    };
    Dates {
        title: "A <title>".to_owned(),
        subtitle: "1 of 4".to_owned(),
        today: day("2026-03-10"),
        rows: due.iter().enumerate().map(row).collect(),
    }
}

#[test]
fn every_chart_is_well_formed_and_holds_everything() {
    let all = [
        ("2026-01-31", State::Done(day("2026-02-10"))),
        ("2026-03-01", State::Late),
        ("2026-04-30", State::Next),
        ("2026-07-01", State::Ahead),
    ];
    let centuries = [("1900-01-01", State::Late), ("9999-12-31", State::Ahead)];
    for (chart, dots) in [(dates(&[]), 0), (dates(&all), 4 + 3), (dates(&centuries), 2 + 2), (dates(&all[..1]), 1 + 1)]
    {
        let text = chart.svg();
        let document = roxmltree::Document::parse(&text).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("aria-label"), Some("A <title>"));
        let is_mark = |node: &roxmltree::Node<'_, '_>| matches!(node.tag_name().name(), "circle" | "polygon");
        assert_eq!(document.descendants().filter(is_mark).count(), dots, "with those of the legend");
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            for name in ["x", "x1", "x2", "cx"] {
                let Some(value) = node.attribute(name) else { continue };
                let value: f64 = value.parse().unwrap();
                assert!((0.0..=WIDTH).contains(&value), "{name}={value}");
            }
        }
        assert!(text.len() < 60_000, "{} bytes", text.len());
    }
}

#[test]
fn what_is_late_or_looks_bad_is_told_without_colour() {
    let marks = |state| {
        let text = dates(&[("2026-04-01", State::Ahead), ("2026-03-01", state)]).svg();
        (text.matches("<polygon").count(), text.contains("\nat risk\n"), text.contains("Overdue"))
    };
    assert_eq!(marks(State::Late), (2, true, true));
    assert_eq!(marks(State::Next), (0, true, false));
    let well = dates(&[("2026-04-01", State::Ahead)]).svg();
    assert!(!well.contains("at risk") && !well.contains("off track"));
}

#[test]
fn every_axis_says_a_year() {
    for (today, due) in [
        ("2026-03-10", "2026-03-12"),
        ("2026-03-10", "2026-05-12"),
        ("2026-03-10", "2026-11-30"),
        ("2026-03-10", "2027-03-01"),
        ("2026-03-10", "2126-01-01"),
        ("2025-12-30", "2026-01-02"),
    ] {
        let span = Span::around(day(today), [day(due)].into_iter());
        let text = months(Document::new(), &span, 100.0).to_string();
        let document = roxmltree::Document::parse(&text).unwrap();
        let says_year = |node: roxmltree::Node<'_, '_>| {
            let said = node.text().unwrap_or_default().trim().to_owned();
            node.tag_name().name() == "text" && said.len() >= 4 && said[said.len() - 4..].parse::<u16>().is_ok()
        };
        assert!(document.descendants().any(says_year), "{today} {due}: {text}");
    }
}

#[test]
fn a_month_is_named_where_there_is_room() {
    for (due, least, most) in
        [("2026-04-01", 1, 3), ("2026-12-01", 4, 12), ("2030-01-01", 2, 10), ("2126-01-01", 1, 12)]
    {
        let text = dates(&[(due, State::Ahead)]).svg();
        let document = roxmltree::Document::parse(&text).unwrap();
        let number = |node: &roxmltree::Node<'_, '_>, name| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let mut spans: Vec<(f64, f64)> = document
            .descendants()
            .filter(|node| node.attribute("class") == Some("cairn-tick") && node.text().map(str::trim) != Some("Today"))
            .map(|node| (number(&node, "x"), width(node.text().unwrap_or_default().trim(), 11.0) / 2.0))
            .map(|(middle, half)| (middle - half, middle + half))
            .collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!((least..=most).contains(&spans.len()), "{due}: {} names", spans.len());
        assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{due}: {spans:?}");
    }
}
