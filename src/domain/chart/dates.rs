//! Promises on a line of time: a row for each, with its day, and a line at today.

use chrono::{Datelike as _, Days, Months, NaiveDate};
use svg::{
    Document,
    node::element::{Circle, Line, Polygon},
};

use super::{WIDTH, anchored, block, chart, fitted, headed, named, round, text, width, written};

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

/// How somebody says that a promise looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// It may not be kept.
    AtRisk,
    /// It is not going to be kept as it is.
    OffTrack,
}

impl Outlook {
    /// The same in words.
    #[must_use]
    pub const fn says(self) -> &'static str {
        match self {
            Self::AtRisk => "at risk",
            Self::OffTrack => "off track",
        }
    }
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
    /// How it looks, where that is not well.
    pub outlook: Option<Outlook>,
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
        let out = chart(bottom + 40.0, &self.title, &says).add(headed(&self.title));
        let mut out = self.legend(out.add(text(0.0, 38.0, "cairn-soft", &fitted(&self.subtitle, 12.0, WIDTH))));
        let span = Span::of(self);
        out = months(out, &span, bottom);
        if self.rows.is_empty() {
            // Where names would stand: no line of time goes through it.
            out = out.add(text(0.0, TOP + 17.0, "cairn-soft", "Nothing is promised yet."));
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
        let at = if let State::Done(day) = row.state { span.x(day) } else { due };
        out = marked(out, at, y, row.state, Some(&row.says));
        if let Some(outlook) = row.outlook {
            let says = outlook.says();
            let (from, to) = until.map_or((due, due), |day| (due.min(span.x(day)), due.max(span.x(day))));
            let fits = to + 11.0 + width(says, 11.0) <= WIDTH;
            let (x, anchor) = if fits { (to + 11.0, "start") } else { (from - 11.0, "end") };
            out = out.add(anchored(x, y + 4.0, "cairn-tick", anchor, says));
        }
        out
    }

    /// What the dots mean, at the right: those that are there.
    fn legend(&self, mut out: Document) -> Document {
        let mut right = WIDTH;
        let is_done = |row: &Row| matches!(row.state, State::Done(_));
        let is_ahead = |row: &Row| matches!(row.state, State::Next | State::Ahead);
        let is_late = |row: &Row| row.state == State::Late;
        for (name, state, there) in [
            ("Overdue", State::Late, self.rows.iter().any(is_late)),
            ("To come", State::Ahead, self.rows.iter().any(is_ahead)),
            ("Done", State::Done(self.today), self.rows.iter().any(is_done)),
        ] {
            if there {
                right -= width(name, 12.0);
                out = out.add(text(right, 38.0, "cairn-soft", name));
                right -= 10.0;
                out = marked(out, right, 34.0, state, None);
                right -= 16.0;
            }
        }
        out
    }
}

/// Marks a promise: a dot, and a diamond where it is late, which is told without colour.
fn marked(out: Document, x: f64, y: f64, state: State, says: Option<&str>) -> Document {
    let says = says.unwrap_or_default();
    if state == State::Late {
        let corners = [(x, y - 6.5), (x + 6.5, y), (x, y + 6.5), (x - 6.5, y)];
        let points: Vec<_> = corners.iter().map(|(x, y)| format!("{},{}", round(*x), round(*y))).collect();
        let diamond = Polygon::new().set("points", points.join(" ")).set("class", "cairn-late");
        return out.add(if says.is_empty() { diamond } else { named(diamond, says) });
    }
    let class = if matches!(state, State::Done(_)) { "cairn-full" } else { "cairn-open" };
    let radius = if state == State::Next { 7.0 } else { 5.0 };
    let dot = Circle::new().set("cx", round(x)).set("cy", round(y)).set("r", radius).set("class", class);
    out.add(if says.is_empty() { dot } else { named(dot, says) })
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
    let mut firsts = Vec::new();
    let mut month = NaiveDate::from_ymd_opt(span.from.year(), 1, 1);
    while let Some(first) = month.filter(|first| *first <= span.to) {
        if first >= span.from {
            out = out.add(upright(span.x(first), TOP - 4.0, bottom, "cairn-grid"));
            firsts.push(first);
        }
        month = first.checked_add_months(Months::new(step));
    }
    for (x, label) in labels(span, &firsts) {
        out = out.add(anchored(x, bottom + 16.0, "cairn-tick", "middle", &label));
    }
    out
}

/// What months are called where there is room: January by its year. Where none is named, the first one says the year too;
/// and where no month begins, the first day does.
fn labels(span: &Span, firsts: &[NaiveDate]) -> Vec<(f64, String)> {
    let named = |with_year: bool| {
        let (mut free, mut dated) = (LEFT - 14.0, !with_year);
        let mut labels = Vec::new();
        for first in firsts {
            let form = match (first.month(), dated) {
                (1, _) => "%Y",
                (_, true) => "%b",
                (_, false) => "%b %Y",
            };
            let (x, label) = (span.x(*first), first.format(form).to_string());
            let half = width(&label, 11.0) / 2.0;
            if x - half >= free && x + half <= WIDTH {
                labels.push((x, label));
                (free, dated) = (x + half + 6.0, true);
            }
        }
        labels
    };
    let says_year =
        |labels: &[(f64, String)]| labels.iter().any(|(_, label)| label.ends_with(|c: char| c.is_ascii_digit()));
    let found = [named(false), named(true)].into_iter().find(|labels| says_year(labels));
    found.unwrap_or_else(|| {
        let label = span.from.format("%-d %b %Y").to_string();
        vec![(LEFT + width(&label, 11.0) / 2.0, label)]
    })
}

fn upright(x: f64, from: f64, to: f64, class: &str) -> Line {
    let x = round(x);
    Line::new().set("x1", x).set("x2", x).set("y1", round(from)).set("y2", round(to)).set("class", class)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests;
