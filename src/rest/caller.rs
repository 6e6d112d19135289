//! Who sends a request, and what they may still spend.

use std::{borrow::Cow, sync::Arc};

use actix_web::{HttpMessage as _, HttpRequest, http::header::AUTHORIZATION, web};

use crate::{
    auth::{basic, identify::identify, recall::recall, routes::origin},
    budget::Standing,
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
    },
    house::House,
};

/// The id of a request, as its answer and the log name it.
#[derive(Clone, Debug)]
pub struct RequestId(pub Arc<str>);

/// Who sent a request, for the log.
#[derive(Clone, Debug)]
pub struct Actor(pub String);

/// Which operation a request asks for, for the log.
#[derive(Clone, Debug)]
pub struct Operation(pub Cow<'static, str>);

/// The id of the request.
#[must_use]
pub fn request_id(req: &HttpRequest) -> Arc<str> {
    req.extensions().get::<RequestId>().map_or_else(|| Arc::from("none"), |id| Arc::clone(&id.0))
}

/// The house that answers the request.
///
/// # Errors
/// `INTERNAL` when the application was put together without one.
pub fn house(req: &HttpRequest) -> Result<Arc<House>> {
    let data = req.app_data::<web::Data<House>>().ok_or_else(|| Error::internal("the application has no house"))?;
    Ok(data.clone().into_inner())
}

/// Who sends the request, by its bearer token.
///
/// # Errors
/// `UNAUTHENTICATED` without a valid token; `UNAVAILABLE`.
pub async fn caller(req: &HttpRequest) -> Result<Caller> {
    let bearer = bearer(req)?;
    let who = identify(&house(req)?, bearer, request_id(req)).await?;
    Ok(named(req, who))
}

/// Who sends the request, by its bearer token, as they stood the last time.
///
/// # Errors
/// Those of [`caller`].
pub async fn recalled(req: &HttpRequest) -> Result<Caller> {
    let who = recall(&house(req)?, bearer(req)?, request_id(req)).await?;
    Ok(named(req, who))
}

/// Reads for whoever sends the request, as they stood the last time. What is refused before the database said that they
/// stand so still is tried once more, as they stand now.
///
/// # Errors
/// Those of [`caller`], and of the read.
pub async fn reading<T>(req: &HttpRequest, read: impl AsyncFn(&Caller) -> Result<T>) -> Result<T> {
    let who = recalled(req).await?;
    match read(&who).await {
        Err(_) if !who.is_confirmed() => read(&caller(req).await?).await,
        other => other,
    }
}

/// Who sends the request, by its bearer token, or by a client's id and secret (HTTP Basic).
///
/// # Errors
/// `UNAUTHENTICATED`; `LOGIN_THROTTLED` after too many wrong secrets; `UNAVAILABLE`.
pub async fn caller_or_client(req: &HttpRequest) -> Result<Caller> {
    let mut given = req.headers().get_all(AUTHORIZATION).map(|value| value.to_str().unwrap_or_default());
    match (given.next(), given.next()) {
        (Some(one), None) if one.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic ")) => {
            let house = house(req)?;
            let who = basic::identify(&house, &origin(&house, req), one).await?;
            Ok(named(req, who))
        }
        _ => caller(req).await,
    }
}

/// Names the caller in the log.
pub(super) fn named(req: &HttpRequest, who: Caller) -> Caller {
    if let (_, Some(id)) = who.actor() {
        req.extensions_mut().insert(Actor(id));
    }
    who
}

/// Takes points out of the caller's budget; the answer's headers say how it stands then.
///
/// # Errors
/// `RATE_LIMITED`.
pub fn charge(req: &HttpRequest, who: &Caller, points: u64) -> Result<Standing> {
    let budget = &who.house.budget;
    let charged = budget.charge(who.principal_id(), points, who.now);
    let standing = charged.as_ref().map_or_else(|_| budget.standing(who.principal_id(), who.now), |standing| *standing);
    req.extensions_mut().insert(standing);
    charged
}

fn bearer(req: &HttpRequest) -> Result<&str> {
    let refused = || Error::new(Code::Unauthenticated, "Send a valid bearer token in the Authorization header.");
    let mut given = req.headers().get_all(AUTHORIZATION);
    let (Some(one), None) = (given.next(), given.next()) else { return Err(refused()) };
    let (scheme, token) = one.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(refused)?;
    let token = token.trim_start_matches(' ');
    // RFC 9110: schemes know no case. RFC 6750: a token is one word.
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() || token.contains(' ') {
        return Err(refused());
    }
    Ok(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::test::TestRequest;

    #[test]
    fn only_one_bearer_token_is_taken() {
        let read = |value: &str| {
            bearer(&TestRequest::default().insert_header((AUTHORIZATION, value)).to_http_request()).map(str::to_owned)
        };
        assert_eq!(read("Bearer abc").unwrap(), "abc");
        assert_eq!(read("bearer  abc").unwrap(), "abc");
        for wrong in ["Basic abc", "Bearer", "Bearer ", "Bearer a b", "abc"] {
            assert_eq!(read(wrong).unwrap_err().code(), Code::Unauthenticated, "{wrong}");
        }
        let twice = TestRequest::default()
            .append_header((AUTHORIZATION, "Bearer a"))
            .append_header((AUTHORIZATION, "Bearer b"));
        assert!(bearer(&twice.to_http_request()).is_err());
        assert!(bearer(&TestRequest::default().to_http_request()).is_err());
    }
}
