//! Steps that lead up over time: a row for each step, the highest on top, and a dot for each thing that stands on one.

use chrono::NaiveDate;
use svg::node::element::{Circle, Line, Polyline};

use super::{
    WIDTH, anchored, chart,
    dates::{LEFT, RIGHT, Span, TOP, months},
    fitted, headed, named, round, text, written,
};

/// How high a step is.
const ROW: f64 = 44.0;

/// Something that stands on a step.
#[derive(Clone, Debug)]
pub struct Mark {
    /// On which day; of what is not over, today.
    pub on: NaiveDate,
    /// On which step, from 0, the lowest.
    pub step: usize,
    /// How large it is, 1 to 5.
    pub weight: Option<i64>,
    /// Whether it is not over.
    pub open: bool,
    /// What is said of it to who points at it.
    pub says: String,
}

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Stages {
    /// What it is called.
    pub title: String,
    /// What is said below that.
    pub subtitle: String,
    /// The day that it is.
    pub today: NaiveDate,
    /// What the steps are called, the lowest first.
    pub names: Vec<&'static str>,
    /// What stands on them, in its order.
    pub marks: Vec<Mark>,
}

impl Stages {
    /// Draws it.
    #[must_use]
    pub fn svg(&self) -> String {
        let bottom = TOP + ROW * number(self.names.len());
        let said: Vec<&str> = self.marks.iter().map(|mark| mark.says.as_str()).collect();
        let says =
            if said.is_empty() { self.subtitle.clone() } else { format!("{}. {}.", self.subtitle, said.join("; ")) };
        let out = chart(bottom + 24.0, &self.title, &says);
        let out = out.add(headed(&self.title));
        let out = out.add(text(0.0, 38.0, "cairn-soft", &fitted(&self.subtitle, 12.0, WIDTH)));
        let span = Span::around(self.today, self.marks.iter().map(|mark| mark.on));
        let mut out = months(out, &span, bottom);
        for (step, name) in self.names.iter().enumerate() {
            let y = self.y(step);
            let class = if self.marks.iter().any(|mark| mark.step == step) { "cairn-name" } else { "cairn-soft" };
            out = out.add(text(0.0, y + 4.0, class, &fitted(name, 13.0, LEFT - 16.0)));
            let line = Line::new().set("x1", LEFT).set("x2", RIGHT).set("y1", round(y)).set("y2", round(y));
            out = out.add(line.set("class", "cairn-grid"));
        }
        if self.marks.is_empty() {
            let middle = (LEFT.midpoint(RIGHT), TOP.midpoint(bottom));
            return written(&out.add(anchored(
                middle.0,
                middle.1 + 4.0,
                "cairn-soft",
                "middle",
                "Nothing is shown yet.",
            )));
        }
        let places: Vec<_> = self.marks.iter().map(|mark| (span.x(mark.on), self.y(mark.step))).collect();
        if places.len() > 1 {
            let points: Vec<_> = places.iter().map(|(x, y)| format!("{},{}", round(*x), round(*y))).collect();
            out = out.add(Polyline::new().set("points", points.join(" ")).set("class", "cairn-line"));
        }
        for (mark, (x, y)) in self.marks.iter().zip(places) {
            let radius = 4.0 + number(usize::try_from(mark.weight.unwrap_or(1)).unwrap_or(1).min(5));
            let class = if mark.open { "cairn-open" } else { "cairn-full" };
            let dot = Circle::new().set("cx", round(x)).set("cy", round(y)).set("r", round(radius)).set("class", class);
            out = out.add(named(dot, &mark.says));
        }
        written(&out)
    }

    fn y(&self, step: usize) -> f64 {
        TOP + ROW * (number(self.names.len().saturating_sub(step + 1)) + 0.5)
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages(marks: &[(&str, usize, Option<i64>)]) -> Stages {
        let mark = |(on, step, weight): &(&str, usize, Option<i64>)| Mark {
            on: on.parse().unwrap(),
            step: *step,
            weight: *weight,
            open: false,
            says: format!("<{on}> & more"),
        };
        Stages {
            title: "A <title>".to_owned(),
            subtitle: "some & more".to_owned(),
            today: "2026-03-10".parse().unwrap(),
            names: vec![
                "One",
                "Two",
                "Three",
                "A step whose name is by far too long for the little room that there is",
            ],
            marks: marks.iter().map(mark).collect(),
        }
    }

    #[test]
    fn every_chart_is_well_formed_and_holds_everything() {
        let all = [("2024-01-01", 0, None), ("2024-01-01", 1, Some(1)), ("2025-01-01", 3, Some(5))];
        let centuries = [("1900-01-01", 0, Some(3)), ("9999-12-31", 3, Some(900))];
        for (chart, dots) in [(stages(&[]), 0), (stages(&all[..1]), 1), (stages(&all), 3), (stages(&centuries), 2)] {
            let text = chart.svg();
            let document = roxmltree::Document::parse(&text).unwrap();
            assert_eq!(document.root_element().attribute("aria-label"), Some("A <title>"));
            let drawn = document.descendants().filter(|node| node.tag_name().name() == "circle").count();
            assert_eq!(drawn, dots);
            let lines = document.descendants().filter(|node| node.tag_name().name() == "polyline").count();
            assert_eq!(lines, usize::from(dots > 1));
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
    fn a_higher_step_is_higher() {
        let chart = stages(&[]);
        assert!((1..4).all(|step| chart.y(step) < chart.y(step - 1)) && chart.y(3) > TOP);
    }
}
