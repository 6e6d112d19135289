//! Promises on a line of time: a row for each, with its day, and a line at today.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use svg::{
    Document,
    node::element::{Circle, Line},
};

use super::{WIDTH, anchored, block, chart, fitted, named, round, text, width, written};

/// The plot: what is left beside the names.
pub(super) const LEFT: f64 = 232.0;
pub(super) const RIGHT: f64 = WIDTH - 14.0;
pub(super) const TOP: f64 = 62.0;
const ROW: f64 = 26.0;
/// How many months lie between two lines.
const STEPS: [u32; 7] = [1, 2, 3, 6, 12, 24, 60];

/// How a promise stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Kept, on that day.
    Done(NaiveDate),
    /// The first that is not kept.
    Next,
    /// Not kept, and past its day.
    Late,
    /// To come.
    Ahead,
}

/// A promise.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is called.
    pub name: String,
    /// Until when.
    pub due: NaiveDate,
    /// How it stands.
    pub state: State,
    /// What is said of it to who points at it.
    pub says: String,
}

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Dates {
    /// What it is called.
    pub title: String,
    /// What is said below that.
    pub subtitle: String,
    /// The day that it is.
    pub today: NaiveDate,
    /// The promises, in their order.
    pub rows: Vec<Row>,
}

impl Dates {
    /// Draws it.
    #[must_use]
    pub fn svg(&self) -> String {
        let bottom = TOP + ROW * number(self.rows.len().max(1));
        let said: Vec<&str> = self.rows.iter().map(|row| row.says.as_str()).collect();
        let says =
            if said.is_empty() { self.subtitle.clone() } else { format!("{}. {}.", self.subtitle, said.join("; ")) };
        let name = fitted(&self.title, 16.0, WIDTH);
        let out = chart(bottom + 40.0, &self.title, &says).add(text(0.0, 18.0, "cairn-head", &name));
        let mut out = self.legend(out.add(text(0.0, 38.0, "cairn-soft", &self.subtitle)));
        let span = Span::of(self);
        out = months(out, &span, bottom);
        if self.rows.is_empty() {
            let middle = LEFT.midpoint(RIGHT);
            out = out.add(anchored(middle, TOP + 17.0, "cairn-soft", "middle", "Nothing is promised yet."));
        }
        let today = span.x(self.today);
        out = out.add(named(upright(today, TOP - 4.0, bottom, "cairn-aim"), "Today"));
        out = out.add(anchored(today, bottom + 32.0, "cairn-tick", "middle", "Today"));
        for (place, row) in self.rows.iter().enumerate() {
            out = self.row(out, row, &span, TOP + ROW * (number(place) + 0.5));
        }
        written(&out)
    }

    fn row(&self, mut out: Document, row: &Row, span: &Span, y: f64) -> Document {
        let name = fitted(&row.name, 12.0, LEFT - 24.0);
        out = out.add(named(text(0.0, y + 4.0, "", &name), &row.says));
        let due = span.x(row.due);
        // From the day on which it was promised to the one on which it was kept, or to today where it is late.
        let until = match row.state {
            State::Done(day) => Some(day),
            State::Late => Some(self.today),
            State::Next | State::Ahead => None,
        };
        if let Some(until) = until.map(|day| span.x(day)) {
            let (from, to) = (due.min(until), due.max(until));
            out = out.add(named(block(from, y - 3.0, to - from, 6.0, "cairn-part"), &row.says));
        }
        let (at, class) = match row.state {
            State::Done(day) => (span.x(day), "cairn-full"),
            State::Late => (due, "cairn-none"),
            State::Next | State::Ahead => (due, "cairn-open"),
        };
        let radius = if row.state == State::Next { 7.0 } else { 5.0 };
        let dot = Circle::new().set("cx", round(at)).set("cy", round(y)).set("r", radius).set("class", class);
        out.add(named(dot, &row.says))
    }

    /// What the dots mean, at the right: those that are there.
    fn legend(&self, mut out: Document) -> Document {
        let mut right = WIDTH;
        let is_done = |row: &Row| matches!(row.state, State::Done(_));
        let is_ahead = |row: &Row| matches!(row.state, State::Next | State::Ahead);
        let is_late = |row: &Row| row.state == State::Late;
        for (name, class, there) in [
            ("Overdue", "cairn-none", self.rows.iter().any(is_late)),
            ("To come", "cairn-open", self.rows.iter().any(is_ahead)),
            ("Done", "cairn-full", self.rows.iter().any(is_done)),
        ] {
            if there {
                right -= width(name, 12.0);
                out = out.add(text(right, 38.0, "cairn-soft", name));
                right -= 10.0;
                out = out.add(Circle::new().set("cx", round(right)).set("cy", 34).set("r", 5).set("class", class));
                right -= 16.0;
            }
        }
        out
    }
}

/// The days from the first to the last, with a little room around them.
pub(super) struct Span {
    from: NaiveDate,
    to: NaiveDate,
}

impl Span {
    fn of(dates: &Dates) -> Self {
        let days = dates.rows.iter().flat_map(|row| match row.state {
            State::Done(day) => [row.due, day],
            _ => [row.due, row.due],
        });
        Self::around(dates.today, days)
    }

    /// Around today and other days.
    pub(super) fn around(today: NaiveDate, days: impl Iterator<Item = NaiveDate>) -> Self {
        let (mut from, mut to) = (today, today);
        for day in days {
            (from, to) = (from.min(day), to.max(day));
        }
        let room = Days::new(u64::try_from((to - from).num_days() / 25).unwrap_or(0).max(3));
        Self { from: from.checked_sub_days(room).unwrap_or(from), to: to.checked_add_days(room).unwrap_or(to) }
    }

    pub(super) fn x(&self, day: NaiveDate) -> f64 {
        let days =
            |from: NaiveDate, to: NaiveDate| f64::from(i32::try_from((to - from).num_days()).unwrap_or(i32::MAX));
        LEFT + (RIGHT - LEFT) * days(self.from, day) / days(self.from, self.to).max(1.0)
    }
}

/// A line at the beginning of every month, or of as few of them as there is room for.
pub(super) fn months(mut out: Document, span: &Span, bottom: f64) -> Document {
    let months = (span.to - span.from).num_days() / 30 + 1;
    let step = STEPS.into_iter().find(|step| months <= i64::from(*step) * 7);
    // Whole years, where even five of them are too few.
    let step = step.unwrap_or_else(|| u32::try_from(months / 84 + 1).unwrap_or(1000) * 12);
    let mut free = LEFT - 14.0;
    let mut month = NaiveDate::from_ymd_opt(span.from.year(), 1, 1);
    while let Some(first) = month.filter(|first| *first <= span.to) {
        if first >= span.from {
            let x = span.x(first);
            out = out.add(upright(x, TOP - 4.0, bottom, "cairn-grid"));
            let label = first.format(if first.month() == 1 { "%Y" } else { "%b" }).to_string();
            let half = width(&label, 11.0) / 2.0;
            if x - half >= free && x + half <= WIDTH {
                out = out.add(anchored(x, bottom + 16.0, "cairn-tick", "middle", &label));
                free = x + half + 6.0;
            }
        }
        month = first.checked_add_months(Months::new(step));
    }
    out
}

fn upright(x: f64, from: f64, to: f64, class: &str) -> Line {
    let x = round(x);
    Line::new().set("x1", x).set("x2", x).set("y1", round(from)).set("y2", round(to)).set("class", class)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn dates(due: &[(&str, State)]) -> Dates {
        let row = |(name, (due, state)): (usize, &(&str, State))| Row {
            name: format!("<{name}> & a name that is by far too long for the little room that there is"),
            due: day(due),
            state: *state,
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
        for (chart, dots) in
            [(dates(&[]), 0), (dates(&all), 4 + 3), (dates(&centuries), 2 + 2), (dates(&all[..1]), 1 + 1)]
        {
            let text = chart.svg();
            let document = roxmltree::Document::parse(&text).unwrap();
            let root = document.root_element();
            assert_eq!(root.attribute("aria-label"), Some("A <title>"));
            let drawn = document.descendants().filter(|node| node.tag_name().name() == "circle").count();
            assert_eq!(drawn, dots, "with those of the legend");
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
    fn a_month_is_named_where_there_is_room() {
        for (due, least, most) in
            [("2026-04-01", 1, 3), ("2026-12-01", 4, 12), ("2030-01-01", 2, 10), ("2126-01-01", 1, 12)]
        {
            let text = dates(&[(due, State::Ahead)]).svg();
            let document = roxmltree::Document::parse(&text).unwrap();
            let number = |node: &roxmltree::Node<'_, '_>, name| node.attribute(name).unwrap().parse::<f64>().unwrap();
            let mut spans: Vec<(f64, f64)> = document
                .descendants()
                .filter(|node| {
                    node.attribute("class") == Some("cairn-tick") && node.text().map(str::trim) != Some("Today")
                })
                .map(|node| (number(&node, "x"), width(node.text().unwrap_or_default().trim(), 11.0) / 2.0))
                .map(|(middle, half)| (middle - half, middle + half))
                .collect();
            spans.sort_by(|a, b| a.0.total_cmp(&b.0));
            assert!((least..=most).contains(&spans.len()), "{due}: {} names", spans.len());
            assert!(spans.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{due}: {spans:?}");
        }
    }
}
