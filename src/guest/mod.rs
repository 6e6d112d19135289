//! Pages for people without an account: portfolios that were shared, and questions to stakeholders. An address is all that they
//! have: it is signed or random, opens one thing, and is never written down.

mod confirmation;
mod page;
mod portfolio;

use std::{borrow::Cow, net::IpAddr};

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    http::{Method, StatusCode, header::RETRY_AFTER},
    web::{self, ServiceConfig},
};
use aws_lc_rs::digest::{SHA256, digest};
use maud::html;
use uuid::Uuid;

use crate::{
    auth::address::client_ip,
    domain::{
        clock,
        error::{Code, Error, Result},
    },
    house::House,
    rest::{
        caller::{Operation, house, request_id},
        headers,
        problem::Problem,
    },
};
use page::Page;

/// Registers the paths.
pub fn routes(cfg: &mut ServiceConfig) {
    let pages = [
        ("/portfolios/{address}", portfolio::Form::Page),
        ("/portfolios/{address}/resume.json", portfolio::Form::Resume),
        ("/portfolios/{address}/progression.svg", portfolio::Form::Chart),
    ];
    for (path, form) in pages {
        let show = move |req: HttpRequest| portfolio::show(req, form);
        let mut place = web::resource(path).route(web::get().to(show)).route(web::head().to(show));
        if form != portfolio::Form::Page {
            place = place.route(web::method(Method::OPTIONS).to(portfolio::may_ask));
        }
        cfg.service(place);
    }
    let question = web::resource("/confirmations/{address}");
    let question = question.route(web::get().to(confirmation::ask)).route(web::head().to(confirmation::ask));
    cfg.service(question.route(web::post().to(confirmation::answer)));
}

/// Lets a guest in, who pays with the points of the address that they come from.
///
/// # Errors
/// `RATE_LIMITED`.
fn enter(req: &HttpRequest, operation: &'static str, points: u64) -> Result<std::sync::Arc<House>> {
    req.extensions_mut().insert(Operation(Cow::Borrowed(operation)));
    let house = house(req)?;
    let address = client_ip(req, &house.config.trusted_proxies);
    let charged = house.guests.charge(bucket(address), points, clock::now());
    let standing = charged.as_ref().map_or_else(|_| house.guests.standing(bucket(address), clock::now()), |of| *of);
    req.extensions_mut().insert(standing);
    charged.map(|_| house)
}

/// What a guest is told who is refused: a page, when they ask for one; and a problem, as everybody else.
fn refused(req: &HttpRequest, error: Error) -> Result<HttpResponse, Problem> {
    let asks = matches!(headers::preferred(req, &["application/problem+json", "text/html"]), Ok(1));
    if !asks {
        return Err(error.into());
    }
    let (title, says) = told(&error);
    let status = StatusCode::from_u16(error.code().status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = html! {
        h1 { (title) }
        p { (says) }
        @if status.is_server_error() { p.soft { "Who runs this server finds it by " code { (request_id(req)) } "." } }
    };
    let mut answer = HttpResponse::build(status);
    if let Some(seconds) = error.seconds_to_wait() {
        answer.insert_header((RETRY_AFTER, seconds));
    }
    Ok(Page { title: title.to_owned(), body, chart: None, form: false, found: false }.send(answer))
}

/// A refusal in the words of people: what it is called, and what can be done.
fn told(error: &Error) -> (&'static str, String) {
    match error.code() {
        Code::NotFound => {
            ("Nothing here", format!("{} What was here may have been taken back, or its time is over.", error.detail()))
        }
        Code::RateLimited => ("One moment", "That was a lot at once. Wait a minute, then try again.".to_owned()),
        Code::TooLarge => ("That is too long", "It is more than is taken here. Go back and shorten it.".to_owned()),
        Code::Internal | Code::Unavailable | Code::RequestTimeout => {
            ("Not at the moment", "Something did not go as it should. Try again in a few minutes.".to_owned())
        }
        _ => ("That did not work", error.detail().to_owned()),
    }
}

/// The bucket of an address: of IPv6, that of its network, all of which one home has.
fn bucket(address: IpAddr) -> Uuid {
    let whose = match address.to_canonical() {
        IpAddr::V4(address) => address.octets().to_vec(),
        IpAddr::V6(address) => address.octets()[..7].to_vec(),
    };
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest(&SHA256, &whose).as_ref()[..16]);
    Uuid::from_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_is_a_page_to_who_asks_for_one() {
        use actix_web::test::TestRequest;
        for (code, status) in [
            (Code::NotFound, 404),
            (Code::RateLimited, 429),
            (Code::TooLarge, 413),
            (Code::UnsupportedMediaType, 415),
            (Code::Unavailable, 503),
        ] {
            let error = Error::new(code, "Why.").retry_after(7);
            let browser = TestRequest::get().insert_header(("accept", "text/html,*/*;q=0.8")).to_http_request();
            let page = refused(&browser, error.clone()).unwrap();
            assert_eq!(
                (page.status().as_u16(), page.headers().get(RETRY_AFTER).unwrap().as_bytes()),
                (status, &b"7"[..])
            );
            assert_eq!(page.headers().get("content-type").unwrap(), "text/html; charset=utf-8");
            for accept in ["application/json", "*/*"] {
                let program = TestRequest::get().insert_header(("accept", accept)).to_http_request();
                assert!(refused(&program, error.clone()).is_err(), "{accept}");
            }
        }
    }

    #[test]
    fn a_home_has_one_bucket() {
        let of = |text: &str| bucket(text.parse().unwrap());
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("2001:db8:0:100::1"), of("2001:db8:0:1ff:9::2"));
        assert_ne!(of("2001:db8:0:100::1"), of("2001:db8:0:200::1"));
    }
}
