//! A bar for each week, with a line at what was aimed for.

use chrono::{Datelike as _, NaiveDate};
use svg::{Document, node::element::Line};

use super::{WIDTH, anchored, block, chart, fitted, headed, named, text, width, written};

const HEIGHT: f64 = 300.0;
/// The plot: what is left for the bars.
const LEFT: f64 = 52.0;
const TOP: f64 = 70.0;
const BOTTOM: f64 = HEIGHT - 30.0;
/// Up to so many bars say their numbers.
const NUMBERED: usize = 16;
/// Up to so many bars say their days; more are told by month, and still more by quarter.
const DAYS: usize = 20;
const MONTHS: usize = 60;
/// Steps between the lines of the axis that people count in, in minutes.
const STEPS: [i64; 9] = [5, 10, 15, 30, 60, 120, 180, 300, 600];

/// How a week went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Met {
    /// It reached what was aimed for.
    Yes,
    /// It did not.
    No,
    /// It has not ended.
    Open,
    /// It does not count.
    Rest,
}

impl Met {
    const fn class(self) -> &'static str {
        match self {
            Self::Yes => "cairn-full",
            Self::No | Self::Rest => "cairn-part",
            Self::Open => "cairn-open",
        }
    }
}

/// A week.
#[derive(Clone, Debug)]
pub struct Bar {
    /// Its first day.
    pub starts_on: NaiveDate,
    /// Its minutes.
    pub minutes: i64,
    /// How it went.
    pub met: Met,
    /// What is said of it to who points at it.
    pub says: String,
}

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Bars {
    /// What it is called.
    pub title: String,
    /// What is said below that.
    pub subtitle: String,
    /// What is aimed for in a week, in minutes.
    pub aim: Option<i64>,
    /// The weeks, the oldest first.
    pub bars: Vec<Bar>,
}

impl Bars {
    /// Draws it.
    #[must_use]
    pub fn svg(&self) -> String {
        let sum: i64 = self.bars.iter().map(|bar| bar.minutes).sum();
        let says = format!("{}. {} weeks, {} in all.", self.subtitle, self.bars.len(), duration(sum));
        let out = chart(HEIGHT, &self.title, &says).add(headed(&self.title));
        let mut out = self.legend(out.add(text(0.0, 38.0, "cairn-soft", &fitted(&self.subtitle, 12.0, WIDTH))));
        let axis = Axis::of(self.bars.iter().map(|bar| bar.minutes).chain(self.aim).max().unwrap_or(0));
        for tick in 0..=axis.lines {
            let y = axis.y(tick * axis.step);
            out = out.add(line(LEFT, y, WIDTH, "cairn-grid"));
            out = out.add(anchored(LEFT - 8.0, y + 4.0, "cairn-tick", "end", &axis.label(tick)));
        }
        if sum == 0 {
            out = out.add(anchored(
                LEFT.midpoint(WIDTH),
                axis.between(),
                "cairn-soft",
                "middle",
                "No learning in these weeks yet.",
            ));
        }
        out = self.plot(out, &axis);
        if let Some(aim) = self.aim.filter(|aim| *aim > 0) {
            out = out.add(named(line(LEFT, axis.y(aim), WIDTH, "cairn-aim"), &format!("Target: {}", duration(aim))));
        }
        written(&self.labels(out))
    }

    fn slot(&self) -> f64 {
        (WIDTH - LEFT) / number(self.bars.len().max(1))
    }

    fn plot(&self, mut out: Document, axis: &Axis) -> Document {
        let slot = self.slot();
        let wide = (slot * 0.74).min(44.0);
        for (place, bar) in self.bars.iter().enumerate() {
            let x = LEFT + slot * number(place);
            let y = axis.y(bar.minutes);
            if bar.met == Met::Rest {
                out = out.add(named(block(x, TOP, slot, BOTTOM - TOP, "cairn-rest"), &bar.says));
            }
            if bar.minutes > 0 {
                // A minute is seen, too.
                let high = (BOTTOM - y).max(1.5);
                let drawn = block(x + (slot - wide) / 2.0, BOTTOM - high, wide, high, bar.met.class());
                out = out.add(named(drawn, &bar.says));
            }
            if bar.minutes > 0 && self.bars.len() <= NUMBERED {
                out = out.add(anchored(x + slot / 2.0, y - 5.0, "cairn-tick", "middle", &bar.minutes.to_string()));
            }
        }
        out
    }

    /// The days on which weeks begin, or the months, as many as there is room for; the last week has its own first.
    fn labels(&self, mut out: Document) -> Document {
        let slot = self.slot();
        let mut free = WIDTH + 30.0;
        for (place, bar) in self.bars.iter().enumerate().rev() {
            let label = if self.bars.len() <= DAYS {
                Some(bar.starts_on.format("%-d %b").to_string())
            } else {
                let before = place.checked_sub(1).map(|place| self.bars[place].starts_on.month());
                let quarter = self.bars.len() <= MONTHS || bar.starts_on.month0() % 3 == 0;
                let begins = quarter && before.is_some_and(|month| month != bar.starts_on.month());
                let form = if bar.starts_on.month() == 1 { "%Y" } else { "%b" };
                begins.then(|| bar.starts_on.format(form).to_string())
            };
            let Some(label) = label else { continue };
            let (middle, half) = (LEFT + slot * (number(place) + 0.5), width(&label, 11.0) / 2.0);
            if middle + half + 6.0 <= free && middle + half <= WIDTH + 14.0 {
                out = out.add(anchored(middle, BOTTOM + 18.0, "cairn-tick", "middle", &label));
                free = middle - half;
            }
        }
        out
    }

    /// What the colours mean, at the right: those that are there.
    fn legend(&self, mut out: Document) -> Document {
        let mut right = WIDTH;
        if self.aim.is_some_and(|aim| aim > 0) {
            right -= width("Target", 12.0);
            out = out.add(text(right, 38.0, "cairn-soft", "Target"));
            out = out.add(line(right - 26.0, 34.0, right - 6.0, "cairn-aim"));
            right -= 40.0;
        }
        for (met, name) in [(Met::Rest, "Paused"), (Met::Open, "This week"), (Met::No, "Below"), (Met::Yes, "Reached")]
        {
            // Without a target, every week in which somebody learnt reached it.
            let compared = self.aim.is_some() || matches!(met, Met::Rest | Met::Open);
            if compared && self.bars.iter().any(|bar| bar.met == met) {
                right -= width(name, 12.0);
                out = out.add(text(right, 38.0, "cairn-soft", name));
                right -= 16.0;
                let class = if met == Met::Rest { "cairn-rest" } else { met.class() };
                out = out.add(block(right, 28.0, 11.0, 11.0, class));
                right -= 14.0;
            }
        }
        out
    }
}

/// The axis of minutes.
struct Axis {
    step: i64,
    lines: i64,
}

impl Axis {
    /// An axis of at most five lines that holds so many minutes.
    fn of(most: i64) -> Self {
        let most = most.max(30);
        let known = STEPS.into_iter().find(|step| step * 5 >= most);
        let step = known.unwrap_or_else(|| (most / 5 / 600 + 1) * 600);
        Self { step, lines: (most + step - 1) / step }
    }

    /// What a line says.
    fn label(&self, tick: i64) -> String {
        if tick == 0 { "0".to_owned() } else { duration(tick * self.step) }
    }

    /// Where some words stand between two of its lines, in the middle.
    fn between(&self) -> f64 {
        let tick = self.lines / 2;
        self.y(tick * self.step).midpoint(self.y((tick + 1).min(self.lines) * self.step)) + 4.0
    }

    #[expect(clippy::cast_precision_loss, reason = "no week has so many minutes")]
    fn y(&self, minutes: i64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * minutes as f64 / (self.step * self.lines) as f64
    }
}

fn line(from: f64, y: f64, to: f64, class: &str) -> Line {
    let y = super::round(y);
    Line::new().set("x1", from).set("x2", super::round(to)).set("y1", y).set("y2", y).set("class", class)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Minutes as people say them.
#[must_use]
pub fn duration(minutes: i64) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes} min"),
        (hours, 0) => format!("{hours} h"),
        (hours, minutes) => format!("{hours} h {minutes}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::Days;

    fn bars(minutes: &[i64], aim: Option<i64>) -> Bars {
        let first: NaiveDate = "2025-12-01".parse().unwrap();
        let bar = |(place, minutes): (usize, &i64)| Bar {
            starts_on: first + Days::new(7 * place as u64),
            minutes: *minutes,
            met: [Met::Yes, Met::No, Met::Open, Met::Rest][place % 4],
            says: format!("{minutes} <min> & more"),
        };
        let bars = minutes.iter().enumerate().map(bar).collect();
        Bars { title: "A <title>".to_owned(), subtitle: "3 weeks & more".to_owned(), aim, bars }
    }

    #[test]
    fn minutes_are_told_as_people_do() {
        assert_eq!([0, 59, 60, 90, 600].map(duration), ["0 min", "59 min", "1 h", "1 h 30", "10 h"]);
    }

    #[test]
    fn the_axis_holds_the_highest_bar() {
        for (most, step, lines) in [
            (0, 10, 3),
            (31, 10, 4),
            (75, 15, 5),
            (76, 30, 3),
            (301, 120, 3),
            (3000, 600, 5),
            (3001, 1200, 3),
            (100_000, 20_400, 5),
        ] {
            let axis = Axis::of(most);
            assert_eq!((axis.step, axis.lines), (step, lines), "{most}");
            assert!(axis.y(most) >= TOP);
        }
    }

    #[test]
    fn labels_never_overlap() {
        for count in [1, 2, 12, 16, 17, 20, 21, 30, 52, 53, 104] {
            let minutes: Vec<i64> = (0..count).map(|place| place * 37 % 300).collect();
            let text = bars(&minutes, Some(120)).svg();
            let document = roxmltree::Document::parse(&text).unwrap();
            let attribute =
                |node: &roxmltree::Node<'_, '_>, name| node.attribute(name).unwrap().parse::<f64>().unwrap();
            let mut spans: Vec<(f64, f64)> = document
                .descendants()
                .filter(|node| node.tag_name().name() == "text" && attribute(node, "y") > BOTTOM + 5.0)
                .map(|node| (attribute(&node, "x"), width(node.text().unwrap_or_default().trim(), 11.0) / 2.0))
                .map(|(middle, half)| (middle - half, middle + half))
                .collect();
            spans.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!(!spans.is_empty(), "{count} weeks have no label");
            assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{count}: {spans:?}");
        }
    }

    #[test]
    fn every_chart_is_well_formed() {
        for (minutes, aim) in [(vec![], None), (vec![0], None), (vec![1], Some(100_000)), (vec![99_999; 104], Some(0))]
        {
            let text = bars(&minutes, aim).svg();
            let document = roxmltree::Document::parse(&text).unwrap();
            assert_eq!(document.root_element().attribute("role"), Some("img"));
            let title = document.root_element().first_element_child().unwrap();
            assert_eq!((title.tag_name().name(), title.text()), ("title", Some("A <title>")));
        }
    }
}
