//! What a chart of a metric shows, and that nothing in it lies over another.

use chrono::Days;

use super::*;

fn lines(values: &[&str], target: &str, baseline: Option<&str>) -> Lines {
    let first: DateTime<Utc> = "2026-03-01T12:00:00Z".parse().unwrap();
    let mark = |(day, value): (usize, &&str)| Mark { at: first + Days::new(day as u64), value: value.parse().unwrap() };
    let level = |name: &str, value: &str| Level { name: name.to_owned(), value: value.parse().unwrap() };
    Lines {
        title: "A <title>".to_owned(),
        subtitle: "target & more".to_owned(),
        unit: " ms".to_owned(),
        marks: values.iter().enumerate().map(mark).collect(),
        target: level("Target", target),
        baseline: baseline.map(|value| level("Baseline", value)),
        until: "2026-04-01T00:00:00Z".parse().unwrap(),
        heading: None,
    }
}

#[test]
fn the_axis_counts_as_people_do() {
    for (values, target, labels) in [
        (vec!["0.8", "0.85"], "0.9", "0.80 0.82 0.84 0.86 0.88 0.90"),
        (vec!["200"], "100", "100 120 140 160 180 200"),
        (vec!["-3"], "3", "-4 -2 0 2 4"),
        (vec!["1000000"], "3500000", "1 m 1.5 m 2 m 2.5 m 3 m 3.5 m"),
        (vec!["0.000001"], "0.000002", "0.000001 0.000002"),
    ] {
        let frame = Frame::of(&lines(&values, target, None));
        let ticks = (0..=frame.lines).map(|tick| frame.label(frame.bottom + frame.step * f64::from(tick)));
        let told = ticks.collect::<Vec<_>>().join(" ");
        assert_eq!(told, labels);
        for value in values.iter().chain([&target]) {
            let y = frame.y(number(value.parse().unwrap()));
            assert!((TOP - 0.01..=BOTTOM + 0.01).contains(&y), "{value} at {y}");
        }
    }
}

#[test]
fn every_chart_is_well_formed_and_holds_everything() {
    let mut heading = lines(&["1", "2"], "10", Some("0"));
    let mark = Mark { at: heading.until, value: "31.4".parse().unwrap() };
    heading.heading = Some(Heading { mark, told: "31".parse().unwrap() });
    let extreme = lines(&["-999999999999.999999", "999999999999.999999"], "0.000001", Some("0"));
    let many: Vec<String> = (0..500).map(|value| value.to_string()).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    for chart in [lines(&[], "1", None), lines(&["1"], "1", Some("1")), heading, extreme, lines(&many, "9", None)] {
        let text = chart.svg();
        let document = roxmltree::Document::parse(&text).unwrap();
        assert_eq!(document.root_element().attribute("aria-label"), Some("A <title>"));
        for node in document.descendants().filter(roxmltree::Node::is_element) {
            for name in ["x", "x1", "x2", "cx", "y", "y1", "y2", "cy"] {
                let Some(value) = node.attribute(name) else { continue };
                let value: f64 = value.parse().unwrap();
                assert!((0.0..=WIDTH).contains(&value), "{name}={value}");
            }
        }
    }
}

#[test]
fn levels_are_called_what_they_are_and_titles_fit() {
    for (target, baseline) in [("10", Some("9.9")), ("10", Some("10.1")), ("10", Some("0")), ("10", None)] {
        let mut chart = lines(&["1"], target, baseline);
        chart.title = "機械学習 ".repeat(60);
        chart.subtitle = "target 10 ms · ".repeat(40);
        let text = chart.svg();
        let document = roxmltree::Document::parse(&text).unwrap();
        let texts: Vec<_> = document.descendants().filter(|node| node.tag_name().name() == "text").collect();
        let said = |node: &roxmltree::Node<'_, '_>| node.text().unwrap_or_default().trim().to_owned();
        assert!(texts.iter().all(|node| width(&said(node), 11.0) <= WIDTH), "{text}");
        let place = |name: &str| {
            let node = texts.iter().find(|node| said(node) == name)?;
            node.attribute("y").unwrap().parse::<f64>().ok()
        };
        let (aim, base) = (place("Target").unwrap(), place("Baseline"));
        assert_eq!(base.is_some(), baseline.is_some());
        assert!(base.is_none_or(|base| (base - aim).abs() >= APART - 0.2), "{aim} {base:?}");
    }
}

#[test]
fn what_is_said_of_an_empty_chart_lies_between_its_lines() {
    for (target, baseline) in [("100", Some("0")), ("87", Some("13")), ("1", None), ("-3", None)] {
        let frame = Frame::of(&lines(&[], target, baseline));
        let words = frame.between() - 4.0;
        for tick in 0..=frame.lines {
            let line = frame.y(frame.bottom + frame.step * f64::from(tick));
            assert!((line - words).abs() > 8.0, "{target} {baseline:?}: {line} {words}");
        }
    }
}

#[test]
fn days_never_overlap() {
    for (count, until) in [(1, "2026-03-02"), (2, "2026-03-02"), (31, "2026-03-31"), (10, "2027-03-01")] {
        let values = vec!["1"; count];
        let mut chart = lines(&values, "2", None);
        chart.until = format!("{until}T00:00:00Z").parse().unwrap();
        let text = chart.svg();
        let document = roxmltree::Document::parse(&text).unwrap();
        let number = |node: &roxmltree::Node<'_, '_>, name| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let mut spans: Vec<(f64, f64)> = document
            .descendants()
            .filter(|node| node.tag_name().name() == "text" && number(node, "y") > BOTTOM + 5.0)
            .map(|node| (number(&node, "x"), width(node.text().unwrap_or_default().trim(), 11.0) / 2.0))
            .map(|(middle, half)| (middle - half, middle + half))
            .collect();
        spans.sort_by(|a, b| a.0.total_cmp(&b.0));
        assert!(!spans.is_empty() && spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{count}: {spans:?}");
    }
}
