//! Pages for people without an account: portfolios that were shared, and questions to stakeholders. An address is all that they
//! have: it is signed or random, opens one thing, and is never written down.

mod confirmation;
mod page;
mod portfolio;

use std::{borrow::Cow, net::IpAddr};

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
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
        caller::{Operation, house},
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
        cfg.service(web::resource(path).route(web::get().to(show)).route(web::head().to(show)));
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

/// What a guest is told who finds nothing: a page, when they ask for one; and a problem, as everybody else.
fn refused(req: &HttpRequest, error: Error) -> Result<HttpResponse, Problem> {
    let asks = matches!(headers::preferred(req, &["application/problem+json", "text/html"]), Ok(1));
    if error.code() != Code::NotFound || !asks {
        return Err(error.into());
    }
    let body = html! {
        h1 { "Nothing here" }
        p { (error.detail()) " What was here may have been taken back, or its time is over." }
    };
    let page = Page { title: "Nothing here".to_owned(), body, chart: None, form: false, found: false };
    Ok(page.send(HttpResponse::NotFound()))
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
    fn a_home_has_one_bucket() {
        let of = |text: &str| bucket(text.parse().unwrap());
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("2001:db8:0:100::1"), of("2001:db8:0:1ff:9::2"));
        assert_ne!(of("2001:db8:0:100::1"), of("2001:db8:0:200::1"));
    }
}
