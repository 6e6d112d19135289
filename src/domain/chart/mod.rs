//! Charts as SVG that a frontend embeds: they know series of numbers and names, and nothing of where these come from.
//!
//! A chart follows light and dark by itself. Text, axes and tracks take the colour of the text around them
//! (`currentColor`) when the chart stands inside a page; by itself, or in an `img`, it follows the reader's colour
//! scheme. The one colour of the bars can be set by the page: `--cairn-accent`. There are no ids, so that several
//! charts of one page never get in each other's way, no scripts, no fonts and nothing to load.

pub mod bars;
pub mod dates;
pub mod lines;
pub mod pairs;
pub mod shares;
pub mod stages;

use svg::{
    Document, Node,
    node::element::{Description, Element, Rectangle, Style, Text, Title},
};

/// How wide every chart is, in its own units; it scales to whatever room it gets.
const WIDTH: f64 = 720.0;

/// What all charts look like. The names of the classes are ours alone: inside a page, a style is everybody's.
const STYLE: &str = "\
svg.cairn-chart{--cairn-fill:var(--cairn-accent,#2f6fde);font-family:system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',sans-serif;max-width:100%;height:auto}\
svg.cairn-chart:root{color:#1c2430;background:transparent}\
svg.cairn-chart text{fill:currentColor;font-size:12px;font-variant-numeric:tabular-nums}\
svg.cairn-chart .cairn-head{font-size:16px;font-weight:600}\
svg.cairn-chart .cairn-name{font-size:13px;font-weight:600}\
svg.cairn-chart .cairn-soft{opacity:.72}\
svg.cairn-chart .cairn-tick{font-size:11px;opacity:.72}\
svg.cairn-chart .cairn-grid{stroke:currentColor;stroke-opacity:.14;stroke-width:1}\
svg.cairn-chart .cairn-aim{stroke:currentColor;stroke-opacity:.75;stroke-width:1.5;stroke-dasharray:5 4}\
svg.cairn-chart .cairn-line{fill:none;stroke:var(--cairn-fill);stroke-width:2;stroke-linejoin:round}\
svg.cairn-chart .cairn-ahead{fill:none;stroke:var(--cairn-fill);stroke-width:1.5;stroke-dasharray:2 4}\
svg.cairn-chart .cairn-full{fill:var(--cairn-fill)}\
svg.cairn-chart .cairn-base{stroke:currentColor;stroke-opacity:.6;stroke-width:1.5;stroke-dasharray:1 3}\
svg.cairn-chart .cairn-part{fill:var(--cairn-fill);fill-opacity:.42;stroke:var(--cairn-fill)}\
svg.cairn-chart .cairn-open{fill:var(--cairn-fill);fill-opacity:.16;stroke:var(--cairn-fill);stroke-width:1.25;stroke-dasharray:3 2}\
svg.cairn-chart .cairn-none{fill:currentColor;fill-opacity:.1;stroke:currentColor;stroke-opacity:.6}\
svg.cairn-chart .cairn-late{fill:currentColor}\
svg.cairn-chart .cairn-rest{fill:currentColor;fill-opacity:.08;stroke:currentColor;stroke-opacity:.6;stroke-dasharray:1 3}\
@media (prefers-color-scheme:dark){svg.cairn-chart{--cairn-fill:var(--cairn-accent,#6ea3ff)}svg.cairn-chart:root{color:#e6eaf0}}\
@media print{svg.cairn-chart{--cairn-fill:var(--cairn-accent,#2f6fde);print-color-adjust:exact;-webkit-print-color-adjust:exact}svg.cairn-chart:root{color:#000}}";

/// A chart of so many units of height, with what it says to those who do not see it.
fn chart(height: f64, title: &str, description: &str) -> Document {
    Document::new()
        .set("viewBox", (0, 0, WIDTH, height.ceil()))
        .set("width", WIDTH)
        .set("height", height.ceil())
        .set("class", "cairn-chart")
        .set("role", "img")
        .set("aria-label", clean(title))
        .add(Title::new(clean(title)))
        .add(Description::new().add(svg::node::Text::new(clean(description))))
        .add(Style::new(STYLE))
}

/// The document as it is sent.
fn written(chart: &Document) -> String {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{chart}\n")
}

/// What a chart is called, as far as there is room; the whole of it to who points at it.
fn headed(title: &str) -> Text {
    named(text(0.0, 18.0, "cairn-head", &fitted(title, 16.0, WIDTH)), title)
}

/// Some text at a place.
fn text(x: f64, y: f64, class: &str, content: &str) -> Text {
    Text::new(clean(content)).set("x", round(x)).set("y", round(y)).set("class", class)
}

/// Some text that ends at a place, or lies around it.
fn anchored(x: f64, y: f64, class: &str, anchor: &str, content: &str) -> Text {
    text(x, y, class, content).set("text-anchor", anchor)
}

/// A box with rounded corners.
fn block(x: f64, y: f64, width: f64, height: f64, class: &str) -> Rectangle {
    let corner = (width / 4.0).min(height / 2.0).min(3.0);
    let block = Rectangle::new().set("x", round(x)).set("y", round(y)).set("class", class);
    block.set("width", round(width.max(0.0))).set("height", round(height.max(0.0))).set("rx", round(corner))
}

/// Says what something is to who points at it.
fn named<T: Node + Into<Element>>(node: T, name: &str) -> T {
    let mut node = node;
    node.append(Title::new(clean(name)));
    node
}

/// A text without what XML cannot hold, escaped or not.
fn clean(text: &str) -> String {
    let held = |letter: &char| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    text.chars().map(|letter| if letter.is_whitespace() { ' ' } else { letter }).filter(held).collect()
}

/// A tenth of a unit is finer than anybody sees.
fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// How wide a text is at most, about, without the font at hand.
fn width(text: &str, size: f64) -> f64 {
    let each = |letter: char| match letter {
        '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200f}' | '\u{fe00}'..='\u{fe0f}' => 0.0,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | 'f' | 't' | 'r' => 0.36,
        'm' | 'w' | 'M' | 'W' | '@' | '%' | '—' | '…' => 0.95,
        'A'..='Z' => 0.72,
        '\u{1100}'..='\u{11ff}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 1.0,
        '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{1f000}'..='\u{1faff}' => 1.1,
        _ => 0.6,
    };
    text.chars().map(each).sum::<f64>() * size
}

/// As much of a text as there is room for.
fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let (mut kept, mut used) = (String::new(), width("…", size));
    for letter in text.chars() {
        used += width(letter.encode_utf8(&mut [0; 4]), size);
        if used > room {
            break;
        }
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_fit_their_room() {
        assert_eq!(fitted("short", 12.0, 100.0), "short");
        let long = "A name that is by far too long for the little room that there is";
        for room in [20.0, 60.0, 200.0] {
            let kept = fitted(long, 12.0, room);
            assert!(kept.ends_with('…') && width(&kept, 12.0) <= room, "{kept} in {room}");
        }
        assert_eq!(
            fitted("機械学習の基礎と応用", 10.0, 50.0),
            "機械学習…".chars().take(4).chain(['…']).collect::<String>()
        );
        assert_eq!(fitted("", 12.0, 10.0), "");
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        assert_eq!(clean("a\u{0}b\u{fffe}c\nd\te"), "abc d e");
        let text = written(&chart(10.0, "<&\"'>", "]]><script>").add(text(0.0, 0.0, "x", "</text><script>")));
        let document = roxmltree::Document::parse(&text).unwrap();
        assert_eq!(document.root_element().attribute("aria-label"), Some("<&\"'>"));
        assert!(document.descendants().all(|node| node.tag_name().name() != "script"));
    }
}
