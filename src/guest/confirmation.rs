//! A question to a stakeholder: a page with a form for people, and the same as JSON for programs.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{CACHE_CONTROL, CONTENT_TYPE},
    web::Payload,
};
use entity::{kind::Declared as _, projects::stakeholder_confirmation::ConfirmationStatus};
use maud::{Markup, html};
use serde::Deserialize as _;
use serde_json::{Map, Value};

use super::{enter, page::Page, refused};
use crate::{
    domain::{
        check,
        error::{Code, Error, FieldError, Result},
        projects::stakeholder_confirmation::answer::{self as domain, StakeholderAnswer, StakeholderQuestion},
    },
    json::{self, Fault},
    percent,
    rest::{caller::request_id, headers, problem::Problem},
};

/// How many points a look costs, and an answer.
const LOOK: u64 = 10;
const ANSWER: u64 = 60;
/// No answer is longer: a form writes a letter of Chinese as nine.
const BODY: usize = 64 * 1024;
const FORM: &str = "application/x-www-form-urlencoded";
const OFFERED: [&str; 2] = ["text/html", "application/json"];

/// Shows the question.
pub(super) async fn ask(req: HttpRequest) -> Result<HttpResponse, Problem> {
    look(&req).await.or_else(|error| refused(&req, error))
}

async fn look(req: &HttpRequest) -> Result<HttpResponse> {
    let house = enter(req, "showStakeholderQuestion", LOOK)?;
    let wanted = headers::preferred(req, &OFFERED)?;
    let question = domain::question(&house, req.match_info().query("address")).await?;
    Ok(if wanted == 0 { page(&question, None, &Sent::default()).send(HttpResponse::Ok()) } else { told(&question)? })
}

/// Takes the answer.
pub(super) async fn answer(req: HttpRequest, payload: Payload) -> Result<HttpResponse, Problem> {
    take(&req, payload).await.or_else(|error| refused(&req, error))
}

async fn take(req: &HttpRequest, payload: Payload) -> Result<HttpResponse> {
    let house = enter(req, "answerStakeholderQuestion", ANSWER)?;
    let people = takes_page(req)?;
    let token = req.match_info().query("address");
    // Who may not answer is not told what is wrong with the answer.
    let question = domain::question(&house, token).await?;
    let sent = read(req, payload).await?;
    let said = match answered(&sent) {
        Ok(said) => said,
        Err(error) if people => {
            return Ok(page(&question, Some(&error), &Sent::of(&sent)).send(HttpResponse::UnprocessableEntity()));
        }
        Err(error) => return Err(error),
    };
    match domain::answer(&house, token, said, request_id(req)).await {
        Ok(question) if people => Ok(page(&question, None, &Sent::default()).send(HttpResponse::Ok())),
        Ok(question) => told(&question),
        Err(error) if people && error.code() == Code::ConfirmationAnswered => {
            let question = domain::question(&house, token).await?;
            Ok(page(&question, Some(&error), &Sent::default()).send(HttpResponse::Conflict()))
        }
        Err(error) => Err(error),
    }
}

/// Whether the answer to an answer is a page: it is JSON for who sends that, and does not ask for a page.
fn takes_page(req: &HttpRequest) -> Result<bool> {
    let [html, json] = OFFERED;
    let offered = if media_type(req) == json { [json, html] } else { OFFERED };
    Ok(offered[headers::preferred(req, &offered)?] == html)
}

fn media_type(req: &HttpRequest) -> String {
    let given = req.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn told(question: &StakeholderQuestion) -> Result<HttpResponse> {
    let body = serde_json::to_string(question).map_err(Error::internal)?;
    let mut answer = HttpResponse::Ok();
    answer.insert_header((CACHE_CONTROL, "private, no-cache")).insert_header(("x-robots-tag", "noindex"));
    Ok(answer.insert_header((CONTENT_TYPE, "application/json")).body(body))
}

/// Reads what was sent, as JSON or by the form of the page.
async fn read(req: &HttpRequest, payload: Payload) -> Result<Value> {
    let body = payload.to_bytes_limited(BODY).await;
    let body = body.map_err(|_| Error::new(Code::TooLarge, format!("The body has at most {BODY} bytes here.")))?;
    let body = body.map_err(|_| Error::new(Code::BadInput, "The body did not arrive as it was announced."))?;
    match media_type(req).as_str() {
        "application/json" => json::read(&body).map_err(|fault| match fault {
            Fault::Malformed { line, column } => {
                Error::new(Code::BadInput, format!("The body is not JSON (line {line}, column {column})."))
            }
            Fault::Ambiguous(pointer) => Error::field(Code::BadInput, &pointer, "This member is there twice."),
        }),
        FORM => form(&body),
        _ => Err(Error::new(Code::UnsupportedMediaType, format!("Send application/json or {FORM}."))),
    }
}

/// What was sent as an answer, by its declaration.
fn answered(sent: &Value) -> Result<StakeholderAnswer> {
    check::object(StakeholderAnswer::object(), sent)?;
    StakeholderAnswer::deserialize(sent).map_err(|_| Error::new(Code::BadInput, "The body cannot be read."))
}

/// What a form comes back with: what was written in it.
#[derive(Debug, Default)]
struct Sent<'a> {
    verdict: &'a str,
    statement: &'a str,
    name: &'a str,
    role: &'a str,
    quotable: bool,
}

impl<'a> Sent<'a> {
    fn of(sent: &'a Value) -> Self {
        let text = |name: &str| sent[name].as_str().unwrap_or_default();
        Self {
            verdict: text("verdict"),
            statement: text("statement"),
            name: text("name"),
            role: text("role"),
            quotable: sent["quotable"] == true,
        }
    }
}

/// What is wrong with an answer, in the words of the form.
fn explained(error: &Error) -> Vec<String> {
    if error.field_errors().is_empty() {
        return vec![error.detail().to_owned()];
    }
    let one = |one: &FieldError| match one.pointer.as_str() {
        "/verdict" => "Choose yes or no.".to_owned(),
        "/statement" => format!("Your own words: {}", one.message),
        "/name" => format!("Your name: {}", one.message),
        "/role" => format!("Your role, and where: {}", one.message),
        _ => one.message.clone(),
    };
    error.field_errors().iter().map(one).collect()
}

/// The fields of the form as the members of an answer: what is left empty is not there.
fn form(body: &[u8]) -> Result<Value> {
    let refused = || Error::new(Code::BadInput, "The body is not a form.");
    let text = std::str::from_utf8(body).map_err(|_| refused())?;
    let mut members = Map::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (percent::decode(name, true), percent::decode(value, true));
        let (Some(name), Some(value)) = (name, value) else { return Err(refused()) };
        // A form sends lines as `CR LF`.
        let value = value.replace("\r\n", "\n").trim().to_owned();
        let value = match name.as_str() {
            "quotable" => Value::Bool(value == "true"),
            _ if value.is_empty() => continue,
            _ => Value::String(value),
        };
        if members.insert(name.clone(), value).is_some() {
            return Err(Error::field(Code::BadInput, &format!("/{name}"), "This field is there twice."));
        }
    }
    Ok(members.into())
}

fn page(question: &StakeholderQuestion, error: Option<&Error>, sent: &Sent<'_>) -> Page {
    let open = question.status == ConfirmationStatus::Requested;
    let body = html! {
        h1 { (question.title) }
        p.soft { (question.owner) " asks " (question.stakeholder) }
        @if let Some(message) = &question.message { blockquote { p.text { (message) } } }
        @if let Some(summary) = &question.summary {
            h2 { "What was done" }
            p.text { (summary) }
        }
        @if let Some(error) = error {
            div role="alert" { @for one in explained(error) { p { strong { (one) } } } }
        }
        @if open { (questions(&question.owner, &question.expires_at, sent)) } @else { (thanks(question.status)) }
    };
    Page {
        title: format!("{} asks about {}", question.owner, question.title),
        body,
        chart: None,
        form: open,
        found: false,
    }
}

/// What is asked, with what was answered so far.
fn questions(owner: &str, until: &str, sent: &Sent<'_>) -> Markup {
    html! {
        form method="post" accept-charset="utf-8" {
            fieldset {
                legend { "Was it worth something to you, or to those for whom it was made?" }
                p { label { input type="radio" name="verdict" value="CONFIRM" required checked[sent.verdict == "CONFIRM"]; " Yes" } }
                p { label { input type="radio" name="verdict" value="DECLINE" checked[sent.verdict == "DECLINE"]; " No, or I cannot say" } }
            }
            div {
                label for="statement" { "What was it worth, in your own words?" }
                textarea #statement name="statement" maxlength="2000" { (sent.statement) }
            }
            div {
                label for="name" { "Your name" }
                input #name type="text" name="name" maxlength="200" autocomplete="name" value=(sent.name);
            }
            div {
                label for="role" { "Your role, and where" }
                input #role type="text" name="role" maxlength="200" autocomplete="organization-title" value=(sent.role);
            }
            label.check {
                input type="checkbox" name="quotable" value="true" checked[sent.quotable];
                " My name and words may be shown to others, together with what they are about."
            }
            button type="submit" { "Send" }
            p.soft {
                "You can answer once, until " (until.get(..10).unwrap_or(until)) ". " (owner)
                " and those who see their portfolio here read it. Nothing else is kept of you."
            }
        }
    }
}

fn thanks(status: ConfirmationStatus) -> Markup {
    let said = if status == ConfirmationStatus::Confirmed {
        "You confirmed that it was worth something. Thank you."
    } else {
        "You did not confirm it. Thank you for the answer."
    };
    html! { p role="status" { strong { (said) } } }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_refused_form_says_why_in_its_own_words_and_keeps_what_was_written() {
        let sent = json!({ "statement": "x".repeat(2001), "name": "\"Noor\"", "quotable": true });
        let error = answered(&sent).unwrap_err();
        assert_eq!(explained(&error), ["Choose yes or no."], "what is not there comes before what is too long");
        let sent = json!({ "verdict": "CONFIRM", "statement": "x".repeat(2001), "name": "\"Noor\"", "quotable": true });
        let error = answered(&sent).unwrap_err();
        assert_eq!(explained(&error), ["Your own words: must have 1 to 2000 characters."]);
        let page = questions("Ada", "2026-01-01", &Sent::of(&sent)).into_string();
        for kept in
            ["value=\"CONFIRM\" required checked", ">xxx", "value=\"&quot;Noor&quot;\"", "value=\"true\" checked"]
        {
            assert!(page.contains(kept), "{kept} in {page}");
        }
        let fresh = questions("Ada", "2026-01-01", &Sent::default()).into_string();
        assert!(!fresh.contains("checked"));
        assert_eq!(explained(&Error::new(Code::BadInput, "Why.")), ["Why."]);
    }

    #[test]
    fn a_form_is_read_as_an_answer() {
        let read = |text: &str| form(text.as_bytes()).map_err(|error| error.code());
        assert_eq!(
            read("verdict=CONFIRM&statement=It+saved%0D%0Aus%20%26&name=&role=+&quotable=true"),
            Ok(json!({ "verdict": "CONFIRM", "statement": "It saved\nus &", "quotable": true }))
        );
        assert_eq!(read(""), Ok(json!({})));
        assert_eq!(read("verdict=CONFIRM&verdict=DECLINE"), Err(Code::BadInput));
        for wrong in ["a=%zz", "a=%ff"] {
            assert_eq!(read(wrong), Err(Code::BadInput), "{wrong}");
        }
        assert_eq!(form(b"\xff").unwrap_err().code(), Code::BadInput);
    }
}
