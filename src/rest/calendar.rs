//! Calendar feeds: what a calendar program reads at an address that holds a secret, since it can send no token.

use actix_web::{
    HttpMessage as _, HttpRequest, HttpResponse,
    web::{self, ServiceConfig},
};

use super::{
    answer,
    caller::{Operation as Named, charge, house, named, request_id},
    problem,
};
use crate::domain::{error::Result, platform::calendar_feed};

/// How many points one costs whose feed it is, as the computed answer does.
const POINTS: u64 = 10;
/// Where feeds lie.
pub const PATH: &str = "/calendar/{file}";

/// Registers the path.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(web::resource(PATH).route(web::get().to(feed)).route(web::head().to(feed)));
}

async fn feed(req: HttpRequest) -> HttpResponse {
    req.extensions_mut().insert(Named("readCalendarFeed".into()));
    tell(&req).await.unwrap_or_else(|error| problem::respond(&error, &request_id(&req)))
}

/// Tells the calendar of whose feed it is, as they would be told it. What else a program asks for in its headers and parameters, such
/// as another form, is not looked at: there is this one.
async fn tell(req: &HttpRequest) -> Result<HttpResponse> {
    let file = req.match_info().get("file").unwrap_or_default();
    let (who, feed) = calendar_feed::opened(&house(req)?, file, request_id(req)).await?;
    let who = named(req, who);
    charge(req, &who, POINTS)?;
    let text = calendar_feed::read(&who, feed).await?;
    Ok(answer::told(req, text, "text/calendar; charset=utf-8"))
}
