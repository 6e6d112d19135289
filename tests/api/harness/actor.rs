//! Somebody who calls: a person, a machine, or nobody in particular.

use reqwest::Method;
use serde_json::{Value, json};

use super::{Answer, Api, Face};

/// Somebody with a token, or without.
#[derive(Clone)]
pub struct Actor {
    /// The instance that they call.
    pub api: Api,
    /// What they are called.
    pub name: String,
    /// Their id.
    pub id: String,
    /// Their token.
    pub token: Option<String>,
    /// Through which face they speak.
    pub face: Face,
    /// The version that their next commands are for.
    pub known_version: Option<i64>,
    headers: Vec<(String, String)>,
}

impl Actor {
    pub fn new(api: &Api, name: &str, id: String, token: Option<String>) -> Self {
        Self {
            api: api.clone(),
            name: name.to_owned(),
            id,
            token,
            face: api.face,
            known_version: None,
            headers: Vec::new(),
        }
    }

    /// The same, sending a header along.
    pub fn with(&self, name: &str, value: &str) -> Self {
        let mut other = self.clone();
        other.headers.push((name.to_owned(), value.to_owned()));
        other
    }

    /// The same, with an idempotency key.
    pub fn once(&self, key: &str) -> Self {
        self.with("idempotency-key", key)
    }

    /// The same, who knows a version of what they command.
    pub fn knowing(&self, version: i64) -> Self {
        Self { known_version: Some(version), ..self.clone() }
    }

    /// The same, with another token.
    pub fn bearing(&self, token: &str) -> Self {
        Self { token: Some(token.to_owned()), ..self.clone() }
    }

    /// The same, speaking through a face.
    pub fn through(&self, face: Face) -> Self {
        Self { face, ..self.clone() }
    }

    /// The same, calling another instance.
    pub fn calling(&self, api: &Api) -> Self {
        Self { api: api.clone(), ..self.clone() }
    }

    /// A request that is not sent yet. A path is below `/api/v1` unless it says otherwise by a leading `//`.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let path = path
            .strip_prefix('/')
            .filter(|rest| rest.starts_with('/'))
            .map_or_else(|| format!("/api/v1{path}"), str::to_owned);
        let mut request = self.api.http.request(method, format!("{}{path}", self.api.url));
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    /// Sends a request.
    pub async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        Answer::of(request.send().await.expect("an answer")).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body)).await
    }

    pub async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body)).await
    }

    pub async fn put(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PUT, path).json(&body)).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(self.request(Method::DELETE, path)).await
    }

    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        self.post("//graphql", json!({ "query": query, "variables": variables })).await
    }

    /// Sends a form, as OAuth takes it.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let escape = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
        let request = self.request(Method::POST, path).header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(body.join("&"))).await
    }
}
