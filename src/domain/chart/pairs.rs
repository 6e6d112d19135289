//! What was planned beside what was spent: a row for each category, in groups that are measured alike.

use svg::{Document, node::element::Line};

use super::{WIDTH, anchored, block, chart, fitted, headed, named, round, text, width, written};

const TOP: f64 = 66.0;
/// The head of a group.
const HEAD: f64 = 26.0;
const ROW: f64 = 48.0;
const BAR: f64 = 16.0;
/// How high what was spent is inside of what was planned.
const INNER: f64 = 8.0;

/// A category.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What it is called.
    pub name: String,
    /// How much was planned, in whatever its group counts.
    pub planned: i64,
    /// How much was spent.
    pub actual: i64,
    /// The same in words: `40 of 100`.
    pub told: String,
}

/// Categories that are measured alike.
#[derive(Clone, Debug)]
pub struct Group {
    /// In what.
    pub name: String,
    /// The categories, from above.
    pub pairs: Vec<Pair>,
}

/// What the chart shows.
#[derive(Clone, Debug)]
pub struct Pairs {
    /// What it is called.
    pub title: String,
    /// What is said below that.
    pub subtitle: String,
    /// The groups, from above.
    pub groups: Vec<Group>,
}

impl Pairs {
    /// Draws it.
    #[must_use]
    pub fn svg(&self) -> String {
        let told = self
            .groups
            .iter()
            .flat_map(|group| group.pairs.iter().map(|pair| format!("{}: {} {}.", pair.name, pair.told, group.name)));
        let says = format!("{}. {}", self.subtitle, told.collect::<Vec<_>>().join(" "));
        let rows: usize = self.groups.iter().map(|group| group.pairs.len()).sum();
        let height = TOP + HEAD * number(self.groups.len()) + ROW * number(rows.max(1));
        let out = chart(height, &self.title, &says).add(headed(&self.title));
        let mut out = legend(out.add(text(0.0, 38.0, "cairn-soft", &fitted(&self.subtitle, 12.0, WIDTH))));
        let mut y = TOP;
        for group in &self.groups {
            let name = fitted(&group.name, 13.5, WIDTH);
            out = out.add(named(text(0.0, y + 11.0, "cairn-name", &name), &group.name));
            y += HEAD;
            let most = group.pairs.iter().map(|pair| pair.planned.max(pair.actual)).max().unwrap_or(0).max(1);
            for pair in &group.pairs {
                out = drawn(out, pair, most, y);
                y += ROW;
            }
        }
        if rows == 0 {
            out = out.add(anchored(WIDTH / 2.0, TOP + ROW / 2.0, "cairn-soft", "middle", "Nothing is planned yet."));
        }
        written(&out)
    }
}

/// What the bars mean, at the right.
fn legend(mut out: Document) -> Document {
    let mut right = WIDTH;
    for (name, class) in [("Spent", "cairn-full"), ("Planned", "cairn-none")] {
        right -= width(name, 12.0);
        out = out.add(text(right, 38.0, "cairn-soft", name));
        right -= 16.0;
        out = out.add(block(right, 28.0, 11.0, 11.0, class));
        right -= 14.0;
    }
    out
}

fn drawn(mut out: Document, pair: &Pair, most: i64, y: f64) -> Document {
    let over = pair.actual > pair.planned;
    let told = if over { format!("{} · over plan", pair.told) } else { pair.told.clone() };
    let says = format!("{}: {told}", pair.name);
    let room = WIDTH - width(&told, 12.0) - 24.0;
    out = out.add(text(0.0, y + 10.0, "cairn-soft", &fitted(&pair.name, 12.0, room)));
    out = out.add(anchored(WIDTH, y + 10.0, "cairn-value", "end", &told));
    let (bar, planned, actual) = (y + 17.0, wide(pair.planned, most), wide(pair.actual, most));
    out = out.add(named(block(0.0, bar, planned, BAR, "cairn-none"), &says));
    // Whatever was spent is seen, too. What came back is less than nothing, and is told in words alone.
    if pair.actual > 0 {
        let inner = block(0.0, bar + (BAR - INNER) / 2.0, actual.max(1.5), INNER, "cairn-full");
        out = out.add(named(inner, &says));
    }
    if over {
        let x = round(planned);
        let line = Line::new().set("x1", x).set("x2", x).set("y1", round(bar - 2.0)).set("y2", round(bar + BAR + 2.0));
        out = out.add(named(line.set("class", "cairn-aim"), "Planned"));
    }
    out
}

#[expect(clippy::cast_precision_loss, reason = "nobody sees so small a share")]
fn wide(count: i64, most: i64) -> f64 {
    WIDTH * (count.max(0) as f64 / most as f64)
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(planned: i64, actual: i64) -> Pair {
        Pair { name: "<Data> & more".to_owned(), planned, actual, told: format!("{actual} of {planned}") }
    }

    fn pairs(groups: Vec<Group>) -> Pairs {
        Pairs { title: "A & B".to_owned(), subtitle: "Within".to_owned(), groups }
    }

    #[test]
    fn every_chart_is_well_formed_and_inside_its_frame() {
        let group = |pairs: Vec<Pair>| Group { name: "EUR <&> ".repeat(40), pairs };
        for groups in [
            Vec::new(),
            vec![group(vec![pair(0, 0)])],
            vec![group(vec![pair(100, 50), pair(1, i64::MAX), pair(5, -5)]), group(vec![pair(i64::MAX, 1)])],
        ] {
            let text = pairs(groups.clone()).svg();
            let document = roxmltree::Document::parse(&text).unwrap();
            let attribute =
                |node: &roxmltree::Node<'_, '_>, name| node.attribute(name).unwrap().parse::<f64>().unwrap();
            let high = attribute(&document.root_element(), "height");
            for node in document.descendants().filter(|node| node.tag_name().name() == "rect") {
                let [x, y, width, height] = ["x", "y", "width", "height"].map(|name| attribute(&node, name));
                assert!(x >= 0.0 && x + width <= WIDTH + 0.3 && y + height <= high, "{x} {y} {width} {height}");
            }
            let says = document.descendants().find(|node| node.tag_name().name() == "desc").unwrap().text().unwrap();
            let all = groups.iter().flat_map(|group| &group.pairs);
            assert!(all.into_iter().all(|pair| says.contains(&pair.told)), "{says}");
        }
    }

    #[test]
    fn what_is_over_its_plan_is_marked() {
        let marks = |planned, actual| {
            let text = pairs(vec![Group { name: "EUR".to_owned(), pairs: vec![pair(planned, actual)] }]).svg();
            (text.contains("cairn-aim\""), text.contains("over plan"))
        };
        assert_eq!((marks(100, 100), marks(100, 101)), ((false, false), (true, true)));
    }
}
