//! Media types of GraphQL over HTTP: what the client accepts and what it sent.

use super::Malformed;
use actix_web::http::header::{ACCEPT, HeaderMap};

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// `application/json`, in which a refused document still answers 200.
    Json,
    /// `application/graphql-response+json`, in which the status says what happened.
    GraphqlResponse,
    /// `text/event-stream`, for a client that accepts no JSON.
    EventStream,
}

impl Media {
    /// Chooses by the `Accept` headers.
    ///
    /// # Errors
    ///
    /// 406 when the client accepts nothing that can be written.
    pub fn negotiate(headers: &HeaderMap) -> Result<Self, Malformed> {
        let ranges: Vec<Range<'_>> = headers
            .get_all(ACCEPT)
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(Range::parse)
            .collect();
        let json = rank(&ranges, "application", "json");
        let graphql = rank(&ranges, "application", "graphql-response+json");
        // `*/*` alone gets plain JSON, for clients older than the newer type; a client that names the newer
        // type gets it.
        match (json, graphql) {
            _ if ranges.is_empty() => Ok(Self::Json),
            (Some(json), Some(graphql)) if graphql > json || (graphql == json && graphql.named) => {
                Ok(Self::GraphqlResponse)
            }
            (Some(_), _) => Ok(Self::Json),
            (None, Some(_)) => Ok(Self::GraphqlResponse),
            (None, None) if rank(&ranges, "text", "event-stream").is_some() => Ok(Self::EventStream),
            (None, None) => Err(Malformed {
                status: 406,
                code: "NOT_ACCEPTABLE",
                message: "The answer is application/graphql-response+json, application/json or text/event-stream"
                    .to_owned(),
            }),
        }
    }

    /// The `Content-Type` of the answer.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::EventStream => "text/event-stream; charset=utf-8",
        }
    }
}

/// How much a type is wanted; of equal wishes, one that names the type comes first.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
struct Rank {
    quality: f32,
    named: bool,
}

struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality: f32,
}

impl<'a> Range<'a> {
    /// `None` for what is not a media range: the rest of the header still counts.
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts
            .filter_map(|parameter| parameter.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("q"))
            .map_or(Some(1.0), |(_, value)| value.trim().parse().ok())?;
        (0.0..=1.0).contains(&quality).then_some(Self { kind, subtype, quality })
    }

    /// How precisely this range means the type, 0 for not at all.
    fn precision(&self, kind: &str, subtype: &str) -> u8 {
        let same_kind = self.kind.eq_ignore_ascii_case(kind);
        match (self.kind, self.subtype) {
            ("*", "*") => 1,
            (_, "*") if same_kind => 2,
            (_, own) if same_kind && own.eq_ignore_ascii_case(subtype) => 3,
            _ => 0,
        }
    }
}

/// The most precise range decides, so that `application/json;q=0, */*` refuses JSON alone.
fn rank(ranges: &[Range<'_>], kind: &str, subtype: &str) -> Option<Rank> {
    let (precision, range) = ranges
        .iter()
        .map(|range| (range.precision(kind, subtype), range))
        .filter(|(precision, _)| *precision > 0)
        .max_by_key(|(precision, _)| *precision)?;
    (range.quality > 0.0).then_some(Rank { quality: range.quality, named: precision == 3 })
}

/// Whether a `Content-Type` is JSON in UTF-8.
pub(super) fn is_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json"))
        && parts.filter_map(|parameter| parameter.split_once('=')).all(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
}
