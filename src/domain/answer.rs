//! Computed answers: each is declared once, with what it takes and what it tells, and both faces offer exactly that.
//!
//! An answer looks at one snapshot in a bounded number of statements, and never changes anything.

use std::{future::Future, pin::Pin};

use entity::kind::{Declared, Kind, Object};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    caller::Caller,
    check,
    error::{Error, Result},
    look::Look,
    policy::Action,
    verb::{kebab, read},
};

/// A question that Cairn answers.
pub struct Answer {
    /// camelCase: the field of GraphQL's query root, and in kebab-case its path in REST unless that is another.
    pub name: &'static str,
    /// The path below `/api/v1`, when it is not the name.
    pub at: Option<&'static str>,
    /// What it tells.
    pub doc: &'static str,
    /// What it needs the right to.
    pub action: Action,
    /// What may stand for that, where it depends on what is asked: the answer itself then asks for the right one.
    pub others: Vec<Action>,
    /// What it takes.
    pub input: &'static Object,
    /// What it tells: an object, a list of them, or JSON of a form of its own.
    pub output: Kind,
    /// The other forms in which it is told.
    pub forms: Vec<Form>,
    /// The member that REST tells alone: a document of somebody else's form.
    pub alone: Option<&'static str>,
    /// How many points it costs.
    pub points: u64,
    run: Run,
}

/// A form of an answer besides JSON: another way to write down the very same numbers.
pub struct Form {
    /// The field of GraphQL that holds it.
    pub name: &'static str,
    /// The media type that asks for it in REST.
    pub media_type: &'static str,
    /// The media type with its parameters, as REST says what it answers with.
    pub content_type: &'static str,
    /// What it is.
    pub doc: &'static str,
    write: Write,
}

type Write = Box<dyn Fn(&Value) -> Result<String> + Send + Sync>;

impl std::fmt::Debug for Form {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Form").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Form {
    /// A table for spreadsheets.
    pub fn csv<O: DeserializeOwned + 'static>(doc: &'static str, write: fn(&O) -> Result<String>) -> Self {
        Self::of("csv", "text/csv", "text/csv; charset=utf-8; header=present", doc, write)
    }

    /// A picture to embed in a page.
    pub fn svg<O: DeserializeOwned + 'static>(doc: &'static str, write: fn(&O) -> Result<String>) -> Self {
        Self::of("svg", "image/svg+xml", "image/svg+xml; charset=utf-8", doc, write)
    }

    /// Text to read and to pass on.
    pub fn markdown<O: DeserializeOwned + 'static>(doc: &'static str, write: fn(&O) -> Result<String>) -> Self {
        Self::of("markdown", "text/markdown", "text/markdown; charset=utf-8", doc, write)
    }

    /// Cards for address books.
    pub fn vcard<O: DeserializeOwned + 'static>(doc: &'static str, write: fn(&O) -> Result<String>) -> Self {
        Self::of("vcard", "text/vcard", "text/vcard; charset=utf-8", doc, write)
    }

    /// A calendar to subscribe to.
    pub fn ics<O: DeserializeOwned + 'static>(doc: &'static str, write: fn(&O) -> Result<String>) -> Self {
        Self::of("ics", "text/calendar", "text/calendar; charset=utf-8", doc, write)
    }

    fn of<O: DeserializeOwned + 'static>(
        name: &'static str,
        media_type: &'static str,
        content_type: &'static str,
        doc: &'static str,
        write: fn(&O) -> Result<String>,
    ) -> Self {
        let write: Write = Box::new(move |told| write(&O::deserialize(told).map_err(Error::internal)?));
        Self { name, media_type, content_type, doc, write }
    }

    /// Writes what an answer tells in this form.
    ///
    /// # Errors
    /// `INTERNAL` for what the answer never tells.
    pub fn write(&self, told: &Value) -> Result<String> {
        (self.write)(told)
    }
}

type Run = Box<dyn Fn(Look, Value) -> Pin<Box<dyn Future<Output = Result<Value>> + Send>> + Send + Sync>;

impl std::fmt::Debug for Answer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Answer").field("name", &self.name).finish_non_exhaustive()
    }
}

impl Answer {
    /// Declares an answer that tells of `output`, computed by `run`.
    pub fn new<I, O, F, Fut>(name: &'static str, action: Action, doc: &'static str, output: Kind, run: F) -> Self
    where
        I: Declared + DeserializeOwned,
        O: Serialize,
        F: Fn(Look, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<O>> + Send + 'static,
    {
        let run: Run = Box::new(move |look, input| {
            let asked = read::<I>(input).map(|input| run(look, input));
            Box::pin(async move { serde_json::to_value(asked?.await?).map_err(Error::internal) })
        });
        Self {
            name,
            at: None,
            doc,
            action,
            others: Vec::new(),
            input: I::object(),
            output,
            forms: Vec::new(),
            alone: None,
            points: 10,
            run,
        }
    }

    /// What is asked decides whether it needs the right to this instead.
    #[must_use]
    pub fn or(mut self, action: Action) -> Self {
        self.others.push(action);
        self
    }

    /// It stands at a path of its own in REST.
    #[must_use]
    pub const fn at(mut self, path: &'static str) -> Self {
        self.at = Some(path);
        self
    }

    /// It is also told in another form.
    #[must_use]
    pub fn form(mut self, form: Form) -> Self {
        self.forms.push(form);
        self
    }

    /// In REST, this member of it is the whole answer.
    #[must_use]
    pub const fn alone(mut self, member: &'static str) -> Self {
        self.alone = Some(member);
        self
    }

    /// It costs more than others.
    #[must_use]
    pub const fn points(mut self, points: u64) -> Self {
        self.points = points;
        self
    }

    /// Its path below `/api/v1`.
    #[must_use]
    pub fn path(&self) -> String {
        self.at.map_or_else(|| kebab(self.name), str::to_owned)
    }

    /// Answers a caller: scope, input, then the question itself.
    ///
    /// # Errors
    /// Whatever refuses it.
    pub async fn run(&self, who: &Caller, input: Value) -> Result<Value> {
        if !self.others.iter().any(|other| who.has_scope_for(*other).is_ok()) {
            who.has_scope_for(self.action)?;
        }
        check::object(self.input, &input)?;
        let input = check::settled(self.input, input);
        (self.run)(who.look().await?, input).await
    }
}
