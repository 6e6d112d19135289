//! A portfolio for whoever has its address: as a page, as JSON Resume for static sites, and its progression as a chart.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{
        StatusCode,
        header::{
            ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
            ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY,
            CONTENT_TYPE, ETAG,
        },
    },
};
use entity::projects::{portfolio_entry::Model, portfolio_evidence::PortfolioEvidenceKind};
use maud::{Markup, html};
use twox_hash::XxHash3_64;

use super::{
    enter,
    page::{Page, inline},
    refused,
};
use crate::{
    domain::{
        error::Result,
        projects::portfolio::{
            Proof, Told,
            guest::{self, PATH, Shown},
            resume::resource_name,
            stage_name,
        },
    },
    house::House,
    rest::{
        headers::{is_known, preferred},
        policy,
        problem::Problem,
    },
};

/// How many points a look costs.
const POINTS: u64 = 10;

/// As what it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// A page.
    Page,
    /// JSON Resume.
    Resume,
    /// The chart of its progression.
    Chart,
}

impl Form {
    const fn operation(self) -> &'static str {
        match self {
            Self::Page => "showPortfolioPage",
            Self::Resume => "showPortfolioResume",
            Self::Chart => "showPortfolioChart",
        }
    }

    const fn media_type(self) -> &'static str {
        match self {
            Self::Page => "text/html",
            Self::Resume => "application/json",
            Self::Chart => "image/svg+xml",
        }
    }
}

/// The answer to a browser that asks whether any page may ask for what programs fetch, and whether it may say what it knows.
pub(super) async fn may_ask() -> HttpResponse {
    let mut answer = HttpResponse::NoContent();
    answer
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD"))
        .insert_header((ACCESS_CONTROL_ALLOW_HEADERS, "If-None-Match"))
        .insert_header((ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}

/// Shows a portfolio.
pub(super) async fn show(req: HttpRequest, form: Form) -> Result<HttpResponse, Problem> {
    look(&req, form).await.or_else(|error| refused(&req, error))
}

async fn look(req: &HttpRequest, form: Form) -> Result<HttpResponse> {
    let house = enter(req, form.operation(), POINTS)?;
    preferred(req, &[form.media_type()])?;
    let address = req.match_info().query("address");
    let shown = guest::at(&house, address).await?;
    Ok(match form {
        Form::Page => page(&shown, address)?.send(HttpResponse::Ok()),
        Form::Resume => {
            let resume = shown.resume(&format!("{}/resume.json", at(&house, address)));
            told(req, &shown, resume.to_string(), form.media_type())
        }
        Form::Chart => told(req, &shown, shown.chart()?, "image/svg+xml; charset=utf-8"),
    })
}

fn at(house: &House, address: &str) -> String {
    format!("{}{PATH}{address}", house.config.public_url.trim_end_matches('/'))
}

/// What programs fetch: they ask again each time, so that what was taken back is gone. Any page may: whoever has the address
/// needs no other right.
fn told(req: &HttpRequest, shown: &Shown, body: String, media_type: &'static str) -> HttpResponse {
    let etag = format!("\"{:016x}\"", XxHash3_64::oneshot(body.as_bytes()));
    let known = is_known(req, &etag);
    let mut answer = HttpResponse::build(if known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    answer
        .insert_header((ETAG, etag))
        .insert_header((CACHE_CONTROL, "private, no-cache"))
        .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
        .insert_header((ACCESS_CONTROL_EXPOSE_HEADERS, "ETag"));
    if let Some(policy) = policy::of(media_type, &body) {
        answer.insert_header((CONTENT_SECURITY_POLICY, policy));
    }
    if !shown.public {
        answer.insert_header(("x-robots-tag", "noindex"));
    }
    if known { answer.finish() } else { answer.insert_header((CONTENT_TYPE, media_type)).body(body) }
}

fn page(shown: &Shown, address: &str) -> Result<Page> {
    let chart = shown.chart()?;
    let body = html! {
        header {
            h1 { (shown.name) }
            @if let Some(headline) = &shown.headline { p.soft { (headline) } }
        }
        @if shown.entries.is_empty() {
            p { "Nothing is shown here yet." }
        } @else {
            // On a phone it is as wide as it takes to be read, and moves by finger or by key.
            figure tabindex="0" role="group" aria-label="Progression" { (inline(&chart)) }
            @for one in shown.entries.iter().rev() { (entry(one)) }
        }
        footer { small { a href={ (address) "/resume.json" } { "As JSON Resume" } } }
    };
    Ok(Page {
        title: format!("{} · Portfolio", shown.name),
        body,
        chart: Some(chart),
        form: false,
        found: shown.public,
    })
}

fn entry(one: &Told) -> Markup {
    let of = &one.entry;
    html! {
        article {
            h2 { (of.title) }
            p.stage { (stage_name(of.stage)) @for fact in facts(of) { " · " (fact) } }
            @if let Some(summary) = &of.summary { p.text { (summary) } }
            @if !of.resources.is_empty() { p.soft { (trusted(of)) } }
            @for proof in &one.evidence { (proved(proof)) }
            @if !one.skills.is_empty() {
                ul.skills { @for skill in &one.skills { li { (skill.name) " " span.soft { (skill.level_name) } } } }
            }
            @if !of.links.0.is_empty() {
                ul { @for link in &of.links.0 {
                    li { a href=(link.url) rel="noopener noreferrer nofollow" { (link.label.as_deref().unwrap_or(&link.url)) } }
                } }
            }
        }
    }
}

/// What is known of an entry, in a few words each.
fn facts(of: &Model) -> Vec<String> {
    let month = |at: chrono::DateTime<chrono::Utc>| at.format("%B %Y").to_string();
    let when = match (of.started_at.map(month), of.finished_at.map(month)) {
        (Some(from), Some(to)) if from != to => Some(format!("{from} to {to}")),
        (Some(from), None) => Some(format!("since {from}")),
        (_, to) => to,
    };
    let team = of.team_size.filter(|size| *size > 1).map(|size| format!("a team of {size}"));
    let complexity = of.complexity.map(|complexity| format!("complexity {complexity} of 5"));
    when.into_iter().chain(team).chain(complexity).collect()
}

/// What its owner was trusted with.
fn trusted(of: &Model) -> String {
    format!("Trusted with {}", of.resources.iter().map(resource_name).collect::<Vec<_>>().join(", "))
}

/// What shows value: the words of a stakeholder as theirs.
fn proved(proof: &Proof) -> Markup {
    let what = match proof.kind {
        PortfolioEvidenceKind::StakeholderConfirmation => "Confirmed by a stakeholder",
        PortfolioEvidenceKind::BusinessObservation => "Measured by a business metric",
        PortfolioEvidenceKind::PartOfJob => "Became part of a job",
    };
    html! {
        blockquote {
            @if let Some(note) = &proof.note { p.text { (note) } }
            small { (what) @if let Some(by) = &proof.by { ": " (by) } ", " (proof.at.format("%B %Y")) }
            @if let Some(url) = &proof.url {
                small { " · " a href=(url) rel="noopener noreferrer nofollow" { "Where it is to be seen" } }
            }
        }
    }
}
