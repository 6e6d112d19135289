//! Pages for people without an account, in the document: what programs may fetch there, and how a stakeholder answers.

use actix_web::http::Method;
use entity::kind::Declared as _;
use utoipa::openapi::{
    ObjectBuilder, RefOr, Required, Schema, Type,
    content::ContentBuilder,
    path::{Operation as Described, Parameter, ParameterBuilder, ParameterIn},
    request_body::RequestBodyBuilder,
    schema::AdditionalProperties,
};

use super::{
    besides::{JSON, Placed, named, public},
    describe::{Parts, example, refusals},
};
use crate::domain::projects::stakeholder_confirmation::answer::{StakeholderAnswer, StakeholderQuestion};

/// The tag, and what it is about.
pub const TAG: (&str, &str) = (
    "Guests",
    "For those without an account: portfolios that were shared, and questions to stakeholders. An address is all that they need; it opens \
     one thing. What was taken back, has expired or shows nothing is as if it had never been.",
);

const HTML: &str = "text/html";
const SVG: &str = "image/svg+xml";
const ADDRESS: &str = "The token of a share, which shows what is `LINK` or `PUBLIC`; or the id of the owner's career profile, which shows what is `PUBLIC`.";
const LINK: &str = "The end of the link that the owner got.";

/// Every operation of guests.
pub fn operations(parts: &mut Parts) -> Vec<Placed> {
    let question = RefOr::Ref(parts.schemas.object(StakeholderQuestion::object()));
    vec![
        (Method::GET, "/portfolios/{address}", page(parts)),
        (Method::GET, "/portfolios/{address}/resume.json", resume(parts)),
        (Method::GET, "/portfolios/{address}/progression.svg", chart(parts)),
        (Method::GET, "/confirmations/{address}", ask(parts, question.clone())),
        (Method::POST, "/confirmations/{address}", answer(parts, question)),
    ]
}

fn page(parts: &mut Parts) -> Described {
    let doc = "A page for people: its entries, what they were worth to others, and the chart of its progression. It runs nothing, loads nothing, and prints well.";
    let operation = public(named("showPortfolioPage", TAG.0, "Show a portfolio as a page", doc))
        .parameter(place("address", ADDRESS));
    let ok = parts.answers.answer("The page.", Some((HTML, text("The page."))), &["Cache-Control"]);
    refusals(parts, operation.response("200", ok), &[400, 401, 404, 406]).build()
}

fn resume(parts: &mut Parts) -> Described {
    let doc = "The same as [JSON Resume](https://jsonresume.org/schema) 1.0.0, for generators of static sites. Any web page may fetch it.";
    let operation = public(named("showPortfolioResume", TAG.0, "Show a portfolio as JSON Resume", doc))
        .parameter(place("address", ADDRESS));
    let document = ObjectBuilder::new().schema_type(Type::Object).description(Some("A document of JSON Resume 1.0.0."));
    let document: RefOr<Schema> = document.additional_properties(Some(AdditionalProperties::FreeForm(true))).into();
    let headers = ["ETag", "Cache-Control"];
    let ok = parts.answers.answer("The document.", Some((JSON, document)), &headers);
    let same = parts.answers.answer("Nothing has changed.", None, &headers);
    refusals(parts, operation.response("200", ok).response("304", same), &[400, 401, 404, 406]).build()
}

fn chart(parts: &mut Parts) -> Described {
    let doc = "The entries over time on four steps, as SVG, in light and dark.";
    let operation = public(named("showPortfolioChart", TAG.0, "Show the progression of a portfolio", doc))
        .parameter(place("address", ADDRESS));
    let headers = ["ETag", "Cache-Control"];
    let ok = parts.answers.answer("The chart.", Some((SVG, text("The chart."))), &headers);
    let same = parts.answers.answer("Nothing has changed.", None, &headers);
    refusals(parts, operation.response("200", ok).response("304", same), &[400, 401, 404, 406]).build()
}

fn ask(parts: &mut Parts, question: RefOr<Schema>) -> Described {
    let doc = "What a stakeholder is asked, and whether they answered: a page with a form, or JSON by `Accept`.";
    let operation = public(named("showStakeholderQuestion", TAG.0, "Show a question to a stakeholder", doc))
        .parameter(place("address", LINK));
    let ok = parts.answers.answer("The question.", Some((JSON, question)), &["Cache-Control"]);
    let ok = ok.content(HTML, ContentBuilder::new().schema(Some(text("The page."))).build());
    refusals(parts, operation.response("200", ok), &[400, 401, 404, 406]).build()
}

fn answer(parts: &mut Parts, question: RefOr<Schema>) -> Described {
    let doc = "What a stakeholder says, once: yes becomes evidence of value. As JSON, or as the form of the page.";
    let operation = public(named("answerStakeholderQuestion", TAG.0, "Answer as a stakeholder", doc))
        .parameter(place("address", LINK));
    let declared = StakeholderAnswer::object();
    let takes = RefOr::Ref(parts.schemas.object(declared));
    let content = ContentBuilder::new().schema(Some(takes)).example(Some(example(declared))).build();
    let body = RequestBodyBuilder::new().description(Some(declared.doc.as_str())).required(Some(Required::True));
    let body = body.content(JSON, content.clone()).content("application/x-www-form-urlencoded", content);
    let ok = parts.answers.answer("It was taken.", Some((JSON, question)), &["Cache-Control"]);
    let ok = ok.content(HTML, ContentBuilder::new().schema(Some(text("The page."))).build());
    let operation = operation.request_body(Some(body.build())).response("200", ok);
    refusals(parts, operation, &[400, 401, 404, 406, 408, 409, 413, 415, 422]).build()
}

fn place(name: &str, doc: &str) -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::String).pattern(Some("^[A-Za-z0-9._-]+$"));
    let schema = schema.min_length(Some(1)).max_length(Some(2000)).description(Some(doc));
    let place = ParameterBuilder::new().name(name).parameter_in(ParameterIn::Path).required(Required::True);
    place.description(Some(doc)).schema(Some(schema)).build()
}

fn text(doc: &str) -> RefOr<Schema> {
    let text = ObjectBuilder::new().schema_type(Type::String).description(Some(doc));
    text.max_length(Some(100_000_000)).pattern(Some("^[^\\u0000]*$")).into()
}
