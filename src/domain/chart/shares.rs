//! How much of each of several areas is done: a row for each, with a segment for everything in it, or with how much that is.

use svg::Document;

use super::{WIDTH, anchored, block, chart, fitted, headed, named, text, width, written};

/// Above so many segments a bar is told as two: they would be thinner than the gaps between them.
const SEGMENTS: usize = 150;
const TOP: f64 = 66.0;
const ROW: f64 = 66.0;
const BAR: f64 = 14.0;

/// How far one thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Done.
    Full,
    /// Begun.
    Part,
    /// Not begun.
    None,
}

impl State {
    const fn class(self) -> &'static str {
        match self {
            Self::Full => "cairn-full",
            Self::Part => "cairn-part",
            Self::None => "cairn-none",
        }
    }
}

/// An area.
#[derive(Clone, Debug)]
pub struct Area {
    /// What it is called.
    pub name: String,
    /// How much of it is done, in words: `3 of 8`.
    pub share: String,
    /// The same in whole percent, where that says something.
    pub percent: Option<i64>,
    /// What is said below it.
    pub note: String,
    /// What is drawn of it.
    pub bar: Bar,
}

/// What a bar is made of.
#[derive(Clone, Debug)]
pub enum Bar {
    /// A segment for each thing in it, with its name and how far it is.
    Things(Vec<(String, State)>),
    /// How much is done, begun and neither: a stretch for each; and how much the whole width is. Of what is not known, nothing
    /// is drawn.
    Stretches([i64; 3], i64),
}

impl Area {
    /// How much of it is done, as it is shown.
    fn told(&self, between: &str) -> String {
        self.percent.map_or_else(|| self.share.clone(), |percent| format!("{percent} %{between}{}", self.share))
    }
}

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Shares {
    /// What it is called.
    pub title: String,
    /// What is said below that.
    pub subtitle: String,
    /// What the three states are called.
    pub legend: [&'static str; 3],
    /// The areas, from above.
    pub areas: Vec<Area>,
}

impl Shares {
    /// Draws it.
    #[must_use]
    pub fn svg(&self) -> String {
        let mut rows = 0.0;
        let told: Vec<String> = self.areas.iter().map(|area| format!("{}: {}.", area.name, area.told(", "))).collect();
        let height = TOP + ROW * f64::from(u32::try_from(self.areas.len().max(1)).unwrap_or(u32::MAX));
        let mut out = chart(height, &self.title, &format!("{}. {}", self.subtitle, told.join(" ")));
        out = out.add(headed(&self.title));
        out = self.legend(out.add(text(0.0, 38.0, "cairn-soft", &fitted(&self.subtitle, 12.0, WIDTH))));
        for area in &self.areas {
            out = drawn(out, area, TOP + rows);
            rows += ROW;
        }
        if self.areas.is_empty() {
            out =
                out.add(anchored(WIDTH / 2.0, TOP + ROW / 2.0, "cairn-soft", "middle", "There is nothing in it yet."));
        }
        written(&out)
    }

    /// What the colours mean, at the right, each before its name.
    fn legend(&self, mut out: Document) -> Document {
        let mut right = WIDTH;
        for (name, state) in self.legend.iter().zip([State::Full, State::Part, State::None]).rev() {
            if name.is_empty() {
                continue;
            }
            right -= width(name, 12.0);
            out = out.add(text(right, 38.0, "cairn-soft", name));
            right -= 16.0;
            out = out.add(block(right, 28.0, 11.0, 11.0, state.class()));
            right -= 14.0;
        }
        out
    }
}

fn drawn(mut out: Document, area: &Area, y: f64) -> Document {
    let share = area.told(" · ");
    let room = WIDTH - width(&share, 13.0) - 24.0;
    out = out.add(named(text(0.0, y + 11.0, "cairn-name", &fitted(&area.name, 13.5, room)), &area.name)).add(anchored(
        WIDTH,
        y + 11.0,
        "cairn-value",
        "end",
        &share,
    ));
    let bar = y + 19.0;
    out = match &area.bar {
        Bar::Things(things) if things.len() <= SEGMENTS => segments(out, things, bar),
        Bar::Things(things) => stretches(out, counted(things), 0, bar),
        Bar::Stretches(each, whole) => stretches(out, *each, *whole, bar),
    };
    out.add(named(text(0.0, bar + BAR + 15.0, "cairn-tick", &fitted(&area.note, 11.0, WIDTH)), &area.note))
}

/// How many of things are done, begun and neither.
fn counted(things: &[(String, State)]) -> [i64; 3] {
    [State::Full, State::Part, State::None].map(|state| {
        let of = things.iter().filter(|(_, is)| *is == state).count();
        i64::try_from(of).unwrap_or(i64::MAX)
    })
}

fn segments(mut out: Document, things: &[(String, State)], y: f64) -> Document {
    let count = f64::from(u32::try_from(things.len()).unwrap_or(u32::MAX));
    let slot = (WIDTH + gap(count)) / count.max(1.0);
    let mut things: Vec<_> = things.iter().collect();
    things.sort_by_key(|(_, state)| *state);
    let mut x = 0.0;
    for (name, state) in things {
        out = out.add(named(block(x, y, slot - gap(count), BAR, state.class()), name));
        x += slot;
    }
    out
}

fn stretches(mut out: Document, each: [i64; 3], whole: i64, y: f64) -> Document {
    let number = |one: i64| f64::from(u32::try_from(one).unwrap_or_default());
    let [full, part, none] = each.map(number);
    let sum = full + part + none;
    let whole = number(whole).max(sum);
    // Each over the one behind it, so that there is no seam.
    for (end, state) in [(sum, State::None), (full + part, State::Part), (full, State::Full)] {
        if end > 0.0 {
            out = out.add(block(0.0, y, WIDTH * end / whole, BAR, state.class()));
        }
    }
    out
}

/// The room between two segments.
fn gap(count: f64) -> f64 {
    if count > 60.0 { 1.0 } else { 2.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(name: &str, full: usize, part: usize, none: usize) -> Area {
        let parts = [(State::None, none), (State::Part, part), (State::Full, full)];
        let parts = parts.iter().flat_map(|&(state, count)| vec![(format!("{name} <{state:?}>"), state); count]);
        let parts: Vec<_> = parts.collect();
        let percent = i64::try_from(full * 100 / parts.len().max(1)).unwrap();
        Area {
            name: name.to_owned(),
            share: format!("{full} of {}", parts.len()),
            percent: Some(percent),
            note: "Next: x".to_owned(),
            bar: Bar::Things(parts),
        }
    }

    fn stretch(each: [i64; 3], whole: i64) -> Area {
        Area { percent: None, bar: Bar::Stretches(each, whole), ..area("Stretch", 0, 0, 0) }
    }

    fn shares(areas: Vec<Area>) -> Shares {
        Shares {
            title: "A & B".to_owned(),
            subtitle: "50 % of everything".to_owned(),
            legend: ["Proficient", "Begun", "Not begun"],
            areas,
        }
    }

    #[test]
    fn every_chart_is_well_formed_and_inside_its_frame() {
        let long = "機械学習 ".repeat(60);
        for areas in [
            Vec::new(),
            vec![area("One", 0, 0, 1)],
            vec![area(&long, 3, 2, 5), area("<script>", 149, 1, 0), area("Many", 100, 100, 800)],
            vec![area("Empty", 0, 0, 0)],
            vec![stretch([1, 2, 3], 6), stretch([0, 0, 0], 0), stretch([3, 2, 1], 2), stretch([i64::MAX, 1, -1], 9)],
        ] {
            let text = shares(areas.clone()).svg();
            let document = roxmltree::Document::parse(&text).unwrap();
            let number =
                |node: &roxmltree::Node<'_, '_>, name| node.attribute(name).and_then(|value| value.parse::<f64>().ok());
            for node in document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "rect")))
            {
                let (x, width) = (number(&node, "x").unwrap(), number(&node, "width").unwrap());
                assert!(x >= 0.0 && width >= 0.0 && x + width <= WIDTH + 0.3, "{x} {width}");
            }
            let says = document.descendants().find(|node| node.tag_name().name() == "desc").unwrap().text().unwrap();
            assert!(areas.iter().all(|area| says.contains(area.name.trim())), "{says}");
        }
    }

    #[test]
    fn what_is_done_comes_first() {
        let text = shares(vec![area("A", 1, 1, 1)]).svg();
        let document = roxmltree::Document::parse(&text).unwrap();
        let bars = document.descendants().filter(|node| node.tag_name().name() == "rect" && node.has_children());
        let classes: Vec<_> = bars.map(|node| node.attribute("class").unwrap()).collect();
        assert_eq!(classes, ["cairn-full", "cairn-part", "cairn-none"]);
    }

    #[test]
    fn what_is_not_known_has_neither_bar_nor_percent() {
        let bars = |area: Area| {
            let text = shares(vec![area]).svg();
            let bars = text.matches("height=\"14\"").count();
            (bars, text.contains("Stretch: 0 of 0."), text.contains("Stretch: 0 %"))
        };
        assert_eq!(bars(stretch([0, 0, 0], 9)), (0, true, false));
        assert_eq!(bars(stretch([0, 0, 7], 7)), (1, true, false));
        assert_eq!(bars(stretch([5, 1, 1], 9)), (3, true, false));
    }
}
