//! What was measured over time, with a line at what is aimed at and a dashed one to where it is heading.

use chrono::{DateTime, Utc};
use entity::decimal::Decimal;
use svg::{
    Document,
    node::element::{Circle, Line, Polyline},
};

use super::{WIDTH, anchored, chart, fitted, headed, named, round, text, width, written};

const HEIGHT: f64 = 300.0;
/// The plot: what is left for the line.
const LEFT: f64 = 76.0;
/// Beside it stands what the levels are called.
const RIGHT: f64 = WIDTH - 68.0;
const TOP: f64 = 70.0;
const BOTTOM: f64 = HEIGHT - 30.0;
/// Up to so many observations have a dot of their own.
const DOTTED: usize = 120;
/// How far apart what two levels are called is at least.
const APART: f64 = 13.0;
/// How many lines the axis has at most, but for one.
const TICKS: f64 = 5.0;

/// What it was at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub at: DateTime<Utc>,
    /// What.
    pub value: Decimal,
}

/// A value that is drawn across.
#[derive(Clone, Debug)]
pub struct Level {
    /// What it is called.
    pub name: String,
    /// The value.
    pub value: Decimal,
}

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Lines {
    /// What it is called.
    pub title: String,
    /// What is said below that.
    pub subtitle: String,
    /// What follows a value: ` ms`.
    pub unit: String,
    /// What was measured, the oldest first.
    pub marks: Vec<Mark>,
    /// What is aimed at.
    pub target: Level,
    /// Where it began.
    pub baseline: Option<Level>,
    /// Until when.
    pub until: DateTime<Utc>,
    /// Where it is heading.
    pub heading: Option<Heading>,
}

/// Where something is heading.
#[derive(Clone, Copy, Debug)]
pub struct Heading {
    /// Where its line leads, exactly.
    pub mark: Mark,
    /// The same as it is said: no finer than what was measured.
    pub told: Decimal,
}

impl Lines {
    /// Draws it.
    #[must_use]
    pub fn svg(&self) -> String {
        let says = format!("{}. {} observations{}.", self.subtitle, self.marks.len(), self.lately());
        let out = chart(HEIGHT, &self.title, &says).add(headed(&self.title));
        let subtitle = fitted(&self.subtitle, 12.0, WIDTH);
        let mut out = out.add(named(text(0.0, 38.0, "cairn-soft", &subtitle), &self.subtitle));
        let frame = Frame::of(self);
        for tick in 0..=frame.lines {
            let value = frame.bottom + frame.step * f64::from(tick);
            let y = frame.y(value);
            out = out.add(across(y, "cairn-grid"));
            out = out.add(anchored(LEFT - 8.0, y + 4.0, "cairn-tick", "end", &frame.label(value)));
        }
        if self.marks.is_empty() {
            // The day until when stands alone then, in the middle: what is said of it stands beside.
            out = out.add(text(LEFT + 12.0, frame.between(), "cairn-soft", "Nothing has been observed yet."));
        }
        out = self.levels(out, &frame);
        out = self.plot(out, &frame);
        written(&self.days(out, &frame))
    }

    fn lately(&self) -> String {
        self.marks.last().map(|mark| format!(", the latest {}{}", mark.value, self.unit)).unwrap_or_default()
    }

    /// What is aimed at and where it began, each with what it is called at its right end.
    fn levels(&self, mut out: Document, frame: &Frame) -> Document {
        let y = |level: &Level| frame.y(number(level.value));
        let aimed = y(&self.target);
        let (said, began) = self.baseline.as_ref().map_or((aimed, aimed), |level| apart(aimed, y(level)));
        let levels = self.baseline.iter().map(|level| (level, began, "cairn-base"));
        for (level, said, class) in levels.chain([(&self.target, said, "cairn-aim")]) {
            let says = format!("{}: {}{}", level.name, level.value, self.unit);
            out = out.add(named(across(y(level), class), &says));
            let name = fitted(&level.name, 11.0, WIDTH - RIGHT - 6.0);
            out = out.add(named(text(RIGHT + 6.0, said + 4.0, "cairn-tick", &name), &says));
        }
        out
    }

    fn plot(&self, mut out: Document, frame: &Frame) -> Document {
        let places: Vec<_> = self.marks.iter().map(|mark| frame.place(*mark)).collect();
        if places.len() > 1 {
            out = out.add(line_through(&places, "cairn-line"));
        }
        if let (Some(last), Some(heading)) = (places.last(), self.heading) {
            let ahead = line_through(&[*last, frame.place(heading.mark)], "cairn-ahead");
            out = out.add(named(ahead, &format!("Heading for {}{}", heading.told, self.unit)));
        }
        for (mark, (x, y)) in self.marks.iter().zip(&places).filter(|_| places.len() <= DOTTED) {
            let dot = Circle::new().set("cx", round(*x)).set("cy", round(*y)).set("r", 3).set("class", "cairn-full");
            let says = format!("{}: {}{}", mark.at.format("%-d %B %Y"), mark.value, self.unit);
            out = out.add(named(dot, &says));
        }
        out
    }

    /// The first day, the last, and the one until when: as many as there is room for.
    fn days(&self, mut out: Document, frame: &Frame) -> Document {
        let due = frame.x(self.until);
        let upright = Line::new().set("x1", round(due)).set("x2", round(due)).set("y1", TOP).set("y2", BOTTOM);
        // The moment until when is the end of a day: it is called by that day.
        let day = self.until - chrono::TimeDelta::seconds(1);
        out = out.add(named(upright.set("class", "cairn-grid"), &format!("Until {}", day.format("%-d %B %Y"))));
        let mut spans: Vec<(f64, f64)> = Vec::new();
        let ends = [(frame.from, frame.from), (frame.to, frame.to)];
        for (at, said) in [(self.until, day)].into_iter().chain(ends) {
            let label = said.format("%-d %b %Y").to_string();
            let half = width(&label, 11.0) / 2.0;
            let middle = frame.x(at).clamp(LEFT + half, WIDTH - half);
            let (from, to) = (middle - half - 4.0, middle + half + 4.0);
            if spans.iter().all(|(start, end)| to <= *start || from >= *end) {
                spans.push((from, to));
                out = out.add(anchored(middle, BOTTOM + 18.0, "cairn-tick", "middle", &label));
            }
        }
        out
    }
}

/// Where times and values stand.
struct Frame {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    bottom: f64,
    step: f64,
    lines: u32,
    /// How many digits after the point the axis says.
    digits: usize,
}

impl Frame {
    /// A frame that holds everything, with lines at values that people count in: 1, 2 or 5 and zeros.
    fn of(lines: &Lines) -> Self {
        let marks = || lines.marks.iter().chain(lines.heading.iter().map(|heading| &heading.mark));
        let times = marks().map(|mark| mark.at).chain([lines.until]);
        let (from, to) = (times.clone().min().unwrap_or(lines.until), times.max().unwrap_or(lines.until));
        let levels = lines.baseline.iter().chain([&lines.target]).map(|level| level.value);
        let values: Vec<f64> = marks().map(|mark| mark.value).chain(levels).map(number).collect();
        let (least, most) = values.iter().fold((f64::MAX, f64::MIN), |(least, most), v| (least.min(*v), most.max(*v)));
        let span = if most > least { most - least } else { most.abs().max(1.0) };
        let size = 10_f64.powf((span / TICKS).log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|by| by * size).find(|step| step * TICKS >= span);
        let step = step.unwrap_or(size * 10.0).max(0.000_001);
        let bottom = (least / step).floor() * step;
        let mut count = 1;
        while bottom + step * f64::from(count) < most - step / 1e6 && count < 12 {
            count += 1;
        }
        let digits = (0..6).find(|digits| is_whole(step * 10_f64.powi(*digits))).unwrap_or(6);
        Self { from, to, bottom, step, lines: count, digits: usize::try_from(digits).unwrap_or(6) }
    }

    fn x(&self, at: DateTime<Utc>) -> f64 {
        let share = |one: chrono::TimeDelta| one.as_seconds_f64();
        let whole = share(self.to - self.from);
        let part = if whole > 0.0 { share(at - self.from) / whole } else { 0.5 };
        LEFT + (RIGHT - LEFT) * part
    }

    fn y(&self, value: f64) -> f64 {
        BOTTOM - (BOTTOM - TOP) * (value - self.bottom) / (self.step * f64::from(self.lines))
    }

    fn place(&self, mark: Mark) -> (f64, f64) {
        (self.x(mark.at), self.y(number(mark.value)))
    }

    /// Where some words stand between two of its lines, in the middle.
    fn between(&self) -> f64 {
        let tick = self.lines / 2;
        let y = |tick: u32| self.y(self.bottom + self.step * f64::from(tick.min(self.lines)));
        y(tick).midpoint(y(tick + 1)) + 4.0
    }

    /// What a line says.
    fn label(&self, value: f64) -> String {
        let size = value.abs().max(self.step);
        let (by, word) = match size {
            size if size >= 1e9 => (1e9, " bn"),
            size if size >= 1e6 => (1e6, " m"),
            size if size >= 1e5 => (1e3, " k"),
            _ => (1.0, ""),
        };
        if by > 1.0 {
            let short = format!("{:.2}", value / by);
            return format!("{}{word}", short.trim_end_matches('0').trim_end_matches('.'));
        }
        let label = format!("{value:.*}", self.digits);
        // A rounded nothing has no sign.
        if label.trim_start_matches('-').bytes().all(|digit| b"0.".contains(&digit)) {
            return label.trim_start_matches('-').to_owned();
        }
        label
    }
}

fn is_whole(value: f64) -> bool {
    (value - value.round()).abs() < 1e-6 && value.round() >= 1.0
}

#[expect(clippy::cast_precision_loss, reason = "nobody sees the sixteenth digit")]
fn number(value: Decimal) -> f64 {
    value.millionths() as f64 / 1e6
}

/// Where two things are called what they are: beside them, and never over each other.
fn apart(a: f64, b: f64) -> (f64, f64) {
    if (a - b).abs() >= APART {
        return (a, b);
    }
    let half = APART / 2.0;
    let middle = a.midpoint(b).clamp(TOP + half, BOTTOM - half);
    if a <= b { (middle - half, middle + half) } else { (middle + half, middle - half) }
}

fn across(y: f64, class: &str) -> Line {
    let y = round(y);
    Line::new().set("x1", LEFT).set("x2", RIGHT).set("y1", y).set("y2", y).set("class", class)
}

fn line_through(places: &[(f64, f64)], class: &str) -> Polyline {
    let points: Vec<_> = places.iter().map(|(x, y)| format!("{},{}", round(*x), round(*y))).collect();
    Polyline::new().set("points", points.join(" ")).set("class", class)
}

#[cfg(test)]
mod tests;
