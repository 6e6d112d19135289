//! What an OAuth request says: its form, and who sends it.

use actix_web::web::Query;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use secrecy::SecretString;

use super::Refusal;

/// The parameters of a request; each comes once, and an empty one is as good as none.
#[derive(Debug)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form-urlencoded body.
    ///
    /// # Errors
    /// `invalid_request`.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let text = std::str::from_utf8(body).map_err(|_| invalid("The body is not a form."))?;
        let pairs = Query::<Vec<(String, String)>>::from_query(text)
            .map_err(|_| invalid("The body is not a form."))?
            .into_inner();
        let given: Vec<_> = pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect();
        let twice =
            given.iter().enumerate().any(|(place, (name, _))| given[..place].iter().any(|(before, _)| before == name));
        if twice {
            return Err(invalid("A parameter comes more than once."));
        }
        Ok(Self(given))
    }

    /// The value of a parameter.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Who a client says it is, and its proof.
#[derive(Debug)]
pub struct Credentials {
    /// The client's id, as it came.
    pub id: String,
    /// The client's secret.
    pub secret: SecretString,
}

impl Credentials {
    /// Reads them from the `Authorization` header (`Basic`) or from the form; none is not an error.
    ///
    /// # Errors
    /// `invalid_request` when they come in two ways, `invalid_client` when the header cannot be read.
    pub fn read(authorization: Option<&str>, form: &Form) -> Result<Option<Self>, Refusal> {
        let (id, secret) = (form.get("client_id"), form.get("client_secret"));
        let Some(header) = authorization else {
            return Ok(id
                .zip(secret)
                .map(|(id, secret)| Self { id: id.to_owned(), secret: SecretString::from(secret) }));
        };
        let malformed = || Refusal::new("invalid_client", "The Authorization header is not of the form Basic.");
        let given = basic(header).ok_or_else(malformed)?;
        if secret.is_some() || id.is_some_and(|id| id != given.id) {
            return Err(invalid("The client says who it is in more than one way."));
        }
        Ok(Some(given))
    }
}

fn basic(header: &str) -> Option<Credentials> {
    let (scheme, text) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let text = String::from_utf8(STANDARD.decode(text.trim()).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    Some(Credentials { id: decoded(id)?, secret: SecretString::from(decoded(secret)?) })
}

/// RFC 6749, §2.3.1: both are form-urlencoded before they are joined.
fn decoded(text: &str) -> Option<String> {
    let pairs = Query::<Vec<(String, String)>>::from_query(&format!("v={text}")).ok()?.into_inner();
    pairs.into_iter().next().map(|(_, value)| value)
}

fn invalid(why: &str) -> Refusal {
    Refusal::new("invalid_request", why)
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    fn read(authorization: Option<&str>, body: &str) -> Result<Option<(String, String)>, &'static str> {
        let form = Form::read(body.as_bytes()).map_err(|refusal| refusal.error)?;
        let given = Credentials::read(authorization, &form).map_err(|refusal| refusal.error)?;
        Ok(given.map(|given| (given.id, given.secret.expose_secret().to_owned())))
    }

    #[test]
    fn credentials_come_by_header_or_by_form() {
        let both = Some(("cli_1".to_owned(), "s+ecret".to_owned()));
        let header = format!("Basic {}", STANDARD.encode("cli%5F1:s%2Becret"));
        assert_eq!(read(Some(&header), "grant_type=client_credentials"), Ok(both.clone()));
        assert_eq!(read(Some(&header), "client_id=cli_1"), Ok(both.clone()));
        assert_eq!(read(None, "client_id=cli_1&client_secret=s%2Becret"), Ok(both));
        assert_eq!(read(None, "client_id=cli_1&client_secret="), Ok(None));
        assert_eq!(read(Some(&header), "client_id=cli_1&client_secret=x"), Err("invalid_request"));
        assert_eq!(read(Some(&header), "client_id=cli_2"), Err("invalid_request"));
        for wrong in ["Basic", "Basic !", "Bearer abc", "Basic YWJj"] {
            assert_eq!(read(Some(wrong), ""), Err("invalid_client"), "{wrong}");
        }
    }

    #[test]
    fn a_parameter_comes_once() {
        assert_eq!(read(None, "scope=a&scope=b"), Err("invalid_request"));
        assert_eq!(read(None, "scope=&scope=b"), Ok(None));
        assert!(Form::read(b"\xff=1").is_err());
    }
}
