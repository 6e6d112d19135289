//! Which object a path names: by its id, or by another system's name for it.

use actix_web::HttpRequest;
use entity::id::{IdError, decode_as};
use uuid::Uuid;

use super::operation::Operation;
use crate::{
    domain::{
        caller::Caller,
        check::wrong_text,
        error::{Code, Error, Result},
        external::{self, EXTERNAL_ID, SOURCE},
        verb::{Wanted, spaced},
    },
    percent::decode,
};
use entity::kind::Kind;

/// What stands before another system's name.
pub const PREFIX: &str = "ext:";

/// What the path names: an id, or another system and its name for the object.
///
/// # Errors
/// `NOT_FOUND` for what is no id, or one of another kind, which is told by name; `BAD_INPUT` for a malformed external one.
pub fn wanted(req: &HttpRequest, operation: &Operation) -> Result<Wanted> {
    let shape = &operation.resource.shape;
    // The raw path: the router's own is decoded already, in part.
    let place = operation.path.split('/').position(|segment| segment == "{id}");
    let Some(raw) = place.and_then(|place| req.uri().path().split('/').nth(place)) else {
        return Ok(Wanted::default());
    };
    let id = decode(raw, false).ok_or_else(|| malformed("The path is not percent-encoded UTF-8."))?;
    if operation.takes_external_ids() && id.starts_with(PREFIX) {
        return Ok(Wanted { external: Some(external_id(raw, &id)?), ..Wanted::default() });
    }
    match decode_as(shape.prefix, &id) {
        Ok(id) => Ok(Wanted { id: Some(id), ..Wanted::default() }),
        Err(IdError::Malformed) => Err(Error::not_found(&spaced(shape.name))),
        Err(error @ IdError::OtherKind(_)) => Err(Error::field(Code::NotFound, "id", format!("id {error}."))),
    }
}

/// The id of what a read wants to show.
///
/// # Errors
/// `NOT_FOUND` when the other system's name is unknown.
pub async fn found(who: &Caller, operation: &Operation, wanted: Wanted) -> Result<Uuid> {
    let shape = &operation.resource.shape;
    let id = match (wanted.id, wanted.external) {
        (None, Some((source, name))) => external::find(who, shape, &source, &name).await?,
        (id, _) => id,
    };
    id.ok_or_else(|| Error::not_found(&spaced(shape.name)))
}

/// Splits `ext:{source}:{id}`. Where the colons stand unencoded, an encoded one belongs to the source; a client that
/// encodes the whole of it leaves only the first one to split at.
fn external_id(raw: &str, decoded: &str) -> Result<(String, String)> {
    let parts = match raw.strip_prefix(PREFIX).and_then(|rest| rest.split_once(':')) {
        Some((source, name)) => decode(source, false).zip(decode(name, false)),
        None => decoded
            .strip_prefix(PREFIX)
            .and_then(|rest| rest.split_once(':'))
            .map(|(a, b)| (a.to_owned(), b.to_owned())),
    };
    let valid = |text: &str, kind: Kind| match kind {
        Kind::Text { min, max, form } => wrong_text(text, min, max, form).is_none(),
        _ => false,
    };
    parts
        .filter(|(source, name)| valid(source, SOURCE) && valid(name, EXTERNAL_ID))
        .ok_or_else(|| malformed("An external id is written ext:{source}:{id}, percent-encoded."))
}

fn malformed(message: &str) -> Error {
    Error::field(Code::BadInput, "id", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::operation::{Act, operations};
    use actix_web::test::TestRequest;

    fn read(id: &str) -> Result<Wanted, Code> {
        let operation =
            operations().iter().find(|o| o.resource.shape.name == "LearningPlan" && matches!(o.act, Act::Get)).unwrap();
        let path = operation.path.replace("{id}", id);
        wanted(&TestRequest::get().uri(&path).to_http_request(), operation).map_err(|error| error.code())
    }

    #[test]
    fn a_path_names_an_object() {
        assert!(read("pln_01h455vb4pex5vsknk084sn02q").unwrap().id.is_some());
        assert_eq!(read("usr_01h455vb4pex5vsknk084sn02q"), Err(Code::NotFound));
        assert_eq!(read("unknown"), Err(Code::NotFound));
        assert_eq!(read("%ff"), Err(Code::BadInput));
    }

    #[test]
    fn other_systems_names_are_split_however_they_are_encoded() {
        let external = |id| read(id).map(|wanted| wanted.external.unwrap());
        let expected = ("moodle".to_owned(), "a/b:c %".to_owned());
        assert_eq!(external("ext:moodle:a%2Fb:c%20%25"), Ok(expected.clone()));
        assert_eq!(external("ext%3Amoodle%3Aa%2Fb%3Ac%20%25"), Ok(expected));
        for wrong in ["ext:moodle", "ext::1", "ext:a%3Ab:c", "ext:moodle:", "ext:a%20b:1", "ext:moodle:%00"] {
            assert_eq!(external(wrong), Err(Code::BadInput), "{wrong}");
        }
    }
}
