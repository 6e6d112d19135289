//! An answer, and how it reads in a line.

use std::ops::Index;

use reqwest::{Response, header::HeaderMap};
use serde_json::Value;

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
    json: Value,
}

impl Answer {
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let body = response.bytes().await.expect("the body").to_vec();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        Self { status, headers, body, json }
    }

    /// The status.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The body as JSON; null when it is none.
    pub fn json(&self) -> &Value {
        &self.json
    }

    /// The bytes of the body.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The id of the object that came back.
    pub fn id(&self) -> String {
        self.json["id"].as_str().unwrap_or_else(|| panic!("no id in {} {}", self.status, self.text())).to_owned()
    }

    /// The object's version.
    pub fn version(&self) -> i64 {
        self.json["version"].as_i64().unwrap_or_else(|| panic!("no version in {} {}", self.status, self.text()))
    }

    /// This answer, which must be of one of the good ones.
    #[track_caller]
    pub fn fine(self) -> Self {
        assert!((200..300).contains(&self.status), "{} {}", self.status, self.text());
        assert!(self.json["errors"].is_null(), "{}", self.text());
        self
    }

    /// A problem in a line: `422 DUE_DATE_PAST /dueOn`. Without one, the status alone.
    pub fn problem(&self) -> String {
        let Some(code) = self.json["code"].as_str().filter(|_| self.status >= 400) else {
            return self.status.to_string();
        };
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        assert_eq!(self.json["status"], self.status, "{}", self.text());
        assert_eq!(self.json["requestId"], self.header("x-request-id"), "{}", self.text());
        std::iter::once(format!("{} {code}", self.status))
            .chain(pointers(&self.json["errors"]))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// What a GraphQL answer says went wrong, in a line: `DUE_DATE_PAST /dueOn` for a refused command, `errors: …` for
    /// what stands at the top level, and `fine` when all is well.
    pub fn user_error(&self) -> String {
        if let Some(first) = self.json["errors"].get(0) {
            let extensions = &first["extensions"];
            assert!(extensions["requestId"].is_string(), "{}", self.text());
            let code = extensions["code"].as_str().unwrap_or("no code").to_owned();
            return std::iter::once(format!("errors: {code}"))
                .chain(pointers(&extensions["errors"]))
                .collect::<Vec<_>>()
                .join(" ");
        }
        let payload = self.json["data"].as_object().and_then(|data| data.values().next()).cloned().unwrap_or_default();
        match payload["userErrors"].as_array() {
            Some(errors) if !errors.is_empty() => refused(errors),
            _ => "fine".to_owned(),
        }
    }
}

/// Entries of `userErrors` in a line.
pub fn refused(errors: &[Value]) -> String {
    let path = |error: &Value| {
        let path = error["path"].as_array()?;
        Some(path.iter().map(|step| format!("/{}", step.as_str().unwrap_or("?"))).collect::<String>())
    };
    let code = errors[0]["code"].as_str().unwrap_or("no code").to_owned();
    std::iter::once(code).chain(errors.iter().filter_map(path)).collect::<Vec<_>>().join(" ")
}

/// The pointers of a list of member errors.
pub fn pointers(errors: &Value) -> Vec<String> {
    errors.as_array().into_iter().flatten().filter_map(|error| error["pointer"].as_str().map(str::to_owned)).collect()
}

impl Index<&str> for Answer {
    type Output = Value;
    fn index(&self, name: &str) -> &Value {
        &self.json[name]
    }
}
