//! What a document may load and run, as `Content-Security-Policy` says it: nothing but the styles that stand in it, each let
//! in by its hash.

use aws_lc_rs::digest::{SHA256, digest};
use base64::{Engine as _, engine::general_purpose::STANDARD};

/// The media type of charts.
const SVG: &str = "image/svg+xml";

/// A style as a policy lets it in.
#[must_use]
pub fn hash(style: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(digest(&SHA256, style.as_bytes())))
}

/// The text of the style that a chart carries.
#[must_use]
pub fn style_of(chart: &str) -> Option<&str> {
    let (_, rest) = chart.split_once("<style>")?;
    Some(rest.split_once("</style>")?.0)
}

/// The policy of a chart that is opened by itself; nothing for what is none, and keeps to what all answers say.
#[must_use]
pub fn of(content_type: &str, body: &str) -> Option<String> {
    let style = content_type.starts_with(SVG).then(|| style_of(body)).flatten()?;
    Some(format!("default-src 'none'; style-src {}; frame-ancestors 'none'", hash(style)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_lets_its_own_style_in() {
        let chart = "<?xml version=\"1.0\"?>\n<svg><style>\na{}\n</style></svg>\n";
        let expected = "default-src 'none'; style-src 'sha256-qCar8pRQiWlgDxN7Kk6boSJXmhcN4LB/65l3d2ZDO+g='; frame-ancestors 'none'";
        assert_eq!(of("image/svg+xml; charset=utf-8", chart).as_deref(), Some(expected));
        assert_eq!(of("text/csv", chart), None);
        assert_eq!(of(SVG, "<svg/>"), None);
    }
}
