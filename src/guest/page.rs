//! Pages of HTML: every text in them is escaped as it is written, nothing is loaded and nothing runs.

use std::{fmt::Write as _, sync::LazyLock};

use actix_web::{
    HttpResponse, HttpResponseBuilder,
    http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName},
};
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::rest::policy::{hash, style_of};

const STYLE: &str = include_str!("page.css");
const ROBOTS: HeaderName = HeaderName::from_static("x-robots-tag");

static STYLE_HASH: LazyLock<String> = LazyLock::new(|| hash(STYLE));

/// A page.
pub(super) struct Page {
    /// What it is called.
    pub title: String,
    /// What is on it.
    pub body: Markup,
    /// A chart on it, whose style is let in too.
    pub chart: Option<String>,
    /// Whether a form on it may be sent back to where it came from.
    pub form: bool,
    /// Whether search engines may find it.
    pub found: bool,
}

impl Page {
    /// Sends it.
    pub(super) fn send(self, mut answer: HttpResponseBuilder) -> HttpResponse {
        let mut styles = STYLE_HASH.clone();
        if let Some(style) = self.chart.as_deref().and_then(style_of) {
            let _ = write!(styles, " {}", hash(style));
        }
        let form = if self.form { "'self'" } else { "'none'" };
        let policy = format!(
            "default-src 'none'; style-src {styles}; base-uri 'none'; form-action {form}; frame-ancestors 'none'"
        );
        if !self.found {
            answer.insert_header((ROBOTS, "noindex"));
        }
        answer
            .insert_header((CONTENT_TYPE, "text/html; charset=utf-8"))
            .insert_header((CONTENT_SECURITY_POLICY, policy))
            .insert_header((CACHE_CONTROL, "private, no-cache"))
            .body(self.written())
    }

    fn written(&self) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    @if !self.found { meta name="robots" content="noindex"; }
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body { main { (self.body) } }
            }
        };
        page.into_string()
    }
}

/// A chart as it stands in a page: what only a file of its own begins with is left out. It was written by us, and escaped.
pub(super) fn inline(chart: &str) -> Markup {
    let at = chart.find("<svg").unwrap_or(0);
    PreEscaped(chart[at..].trim_end().to_owned())
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;

    use super::*;

    #[actix_web::test]
    async fn a_page_lets_nothing_in_but_its_own_styles() {
        let chart = "<?xml version=\"1.0\"?>\n<svg class=\"x\"><style>\na{}\n</style></svg>\n";
        let body = html! { h1 { ("<b>&\"") } (inline(chart)) };
        let page = Page {
            title: "</title><script>".to_owned(),
            body,
            chart: Some(chart.to_owned()),
            form: false,
            found: false,
        };
        let answer = page.send(HttpResponse::Ok());
        let header = |name: &str| answer.headers().get(name).unwrap().to_str().unwrap().to_owned();
        let policy = header("content-security-policy");
        assert!(policy.starts_with("default-src 'none'; ") && policy.contains("form-action 'none'"));
        assert!(policy.contains(&hash(STYLE)) && policy.contains(&hash("\na{}\n")), "{policy}");
        assert_eq!(header("x-robots-tag"), "noindex");
        let text = String::from_utf8(to_bytes(answer.into_body()).await.unwrap().to_vec()).unwrap();
        assert!(text.contains("<h1>&lt;b&gt;&amp;&quot;</h1>") && !text.contains("<script"), "{text}");
        assert!(text.contains("<svg class=\"x\">") && !text.contains("<?xml"));
        assert!(!text.contains(" style=\""), "a policy of hashes lets no attribute in");
    }
}
