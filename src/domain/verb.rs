//! Writes are verbs: each is declared once, with its input, and both faces offer exactly what is declared.

use std::{future::Future, pin::Pin};

use entity::{
    id::{TypedId, UserId},
    kind::{Declared, Object},
    object,
};
use sea_orm::{EntityTrait, IntoActiveModel};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    caller::Caller,
    check,
    error::{Code, Error, Result},
    external::{self, ExternalRef},
    idempotency,
    policy::Action,
};
use crate::read::shape::Shape;

/// A resource: what it shows, and what can be done with it.
#[derive(Debug)]
pub struct Resource {
    /// What it shows.
    pub shape: Shape,
    /// Its plural in camelCase: the name of its list in GraphQL, and in kebab-case its path in REST.
    pub plural: &'static str,
    /// What can be done with it.
    pub verbs: Vec<Verb>,
}

impl Resource {
    /// The singular in camelCase.
    #[must_use]
    pub fn singular(&self) -> String {
        lower_first(self.shape.name)
    }

    /// The collection's path below `/api/v1`.
    #[must_use]
    pub fn path(&self) -> String {
        kebab(self.plural)
    }

    /// The verb of a name.
    #[must_use]
    pub fn verb(&self, name: &str) -> Option<&Verb> {
        self.verbs.iter().find(|verb| verb.name == name)
    }

    /// The name of a verb in GraphQL: the noun after its first word (`requestLearningPlanReview`).
    #[must_use]
    pub fn mutation(&self, verb: &Verb) -> String {
        if let Some(name) = verb.called {
            return name.to_owned();
        }
        let split = verb.name.find(|c: char| c.is_ascii_uppercase()).unwrap_or(verb.name.len());
        let (first, rest) = verb.name.split_at(split);
        let plural = verb.many || verb.plural;
        let noun = if plural { upper_first(self.plural) } else { self.shape.name.to_owned() };
        format!("{first}{noun}{rest}")
    }
}

/// What a verb acts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum On {
    /// Nothing yet: it makes one.
    Collection,
    /// The object that another system's name stands for, whether it is there or not.
    External,
    /// One object.
    Object,
}

/// Something that can be done.
pub struct Verb {
    /// camelCase, without the noun: `requestReview`.
    pub name: &'static str,
    /// What it does.
    pub doc: &'static str,
    /// What it acts on.
    pub on: On,
    /// What it needs the right to.
    pub action: Action,
    /// What it takes.
    pub input: &'static Object,
    /// Whether it answers with several objects.
    pub many: bool,
    /// Whether its GraphQL name has the plural all the same.
    pub plural: bool,
    /// Its name in GraphQL, where the noun stands elsewhere than after the first word.
    pub called: Option<&'static str>,
    /// What its answer shows once: the name and what it is.
    pub reveals: Option<(&'static str, &'static str)>,
    /// How many bytes a request for it has at most in REST, when it takes more than others.
    pub accepts: Option<usize>,
    /// Whether what it makes is only begun when it answers.
    pub later: bool,
    run: Run,
}

type Run = Box<dyn Fn(Caller, Wanted, Value) -> Pin<Box<dyn Future<Output = Result<Done>> + Send>> + Send + Sync>;

impl std::fmt::Debug for Verb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Verb").field("name", &self.name).finish_non_exhaustive()
    }
}

fn precondition(why: &str) -> Error {
    Error::new(Code::VersionMismatch, why)
}

/// What a request wants a verb to act on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The object, by its id.
    pub id: Option<Uuid>,
    /// The object, by another system's name for it: the system and the name.
    pub external: Option<(String, String)>,
    /// The version that the caller knows.
    pub version: Option<i64>,
    /// Whether the caller wants to make it, and refuses to change one that is there.
    pub absent: bool,
}

/// The object that a verb acts on.
#[derive(Clone, Copy, Debug)]
pub struct Target<I> {
    /// Which.
    pub id: I,
    /// The version that the caller knows; another one refuses the verb.
    pub version: Option<i64>,
}

/// Another system's name for an object.
#[derive(Clone, Debug)]
pub struct External {
    /// The system.
    pub source: String,
    /// Its name for the object.
    pub external_id: String,
    /// The object, when it is known already.
    pub id: Option<Uuid>,
    /// The version that the caller knows.
    pub version: Option<i64>,
}

impl External {
    /// The input, with this name among the names that it gives: the path's own stays one of them.
    fn among(&self, mut input: Value) -> Value {
        let own = json!({ "source": self.source, "externalId": self.external_id });
        if let Some(names) =
            input.get_mut("externalRefs").and_then(Value::as_array_mut).filter(|names| !names.contains(&own))
        {
            names.push(own);
        }
        input
    }

    /// As a reference to keep.
    #[must_use]
    pub fn reference(&self) -> ExternalRef {
        ExternalRef { source: self.source.clone(), external_id: self.external_id.clone() }
    }
}

/// Advice that comes with a command that was carried out.
#[derive(Clone, Debug, Serialize, Deserialize, PartialEq, Eq)]
pub struct Warning {
    /// What it is about.
    pub code: String,
    /// The same for people.
    pub message: String,
    /// More, for programs.
    #[serde(default)]
    pub details: Option<Value>,
}

/// What came of a verb.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Done {
    /// The objects that it changed, in the order they were named.
    pub ids: Vec<Uuid>,
    /// Whether it made them.
    pub created: bool,
    /// Advice.
    pub warnings: Vec<Warning>,
    /// Whether it was carried out by an earlier request with the same idempotency key.
    #[serde(skip)]
    pub replayed: bool,
    /// What is shown once and never stored.
    #[serde(skip)]
    pub revealed: Option<String>,
}

/// The rows of a resource: what `Tx` needs to find one.
pub trait Row: EntityTrait<Model: IntoActiveModel<<Self as EntityTrait>::ActiveModel>, ActiveModel: Send> {
    /// The name of its shape.
    const NAME: &'static str;
    /// The type of its ids.
    type Id: TypedId;

    /// Whose row it is, when it is somebody's: what happens to it is theirs to know.
    #[must_use]
    fn owner(_row: &Self::Model) -> Option<UserId> {
        None
    }
}

object! {
    /// No input.
    Nothing {}
}

impl Verb {
    /// Whether advice stands beside what it answers with. An object that tells its own, as an import does, has it there alone: no
    /// two members are called alike.
    #[must_use]
    pub fn warns(&self, answered: &Shape) -> bool {
        self.many || answered.leaf("warnings").is_none()
    }

    /// Makes an object.
    pub fn create<I, F, Fut>(action: Action, doc: &'static str, run: F) -> Self
    where
        I: Declared + DeserializeOwned,
        F: Fn(Caller, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Done>> + Send + 'static,
    {
        Self::on_collection("create", action, doc, run)
    }

    /// Acts on no object in particular.
    pub fn on_collection<I, F, Fut>(name: &'static str, action: Action, doc: &'static str, run: F) -> Self
    where
        I: Declared + DeserializeOwned,
        F: Fn(Caller, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Done>> + Send + 'static,
    {
        Self::new::<I>(
            name,
            On::Collection,
            action,
            doc,
            Box::new(move |who, _, input| match read::<I>(input) {
                Ok(input) => Box::pin(run(who, input)),
                Err(error) => Box::pin(async { Err(error) }),
            }),
        )
    }

    /// Makes or changes the object that another system's name stands for.
    pub fn upsert<I, F, Fut>(action: Action, doc: &'static str, run: F) -> Self
    where
        I: Declared + DeserializeOwned,
        F: Fn(Caller, External, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Done>> + Send + 'static,
    {
        Self::new::<I>(
            "upsert",
            On::External,
            action,
            doc,
            Box::new(move |who, wanted, input| {
                let Some((source, external_id)) = wanted.external else {
                    return Box::pin(async {
                        Err(Error::new(Code::BadInput, "An external id is expected: ext:{source}:{id}."))
                    });
                };
                let external = External { source, external_id, id: wanted.id, version: wanted.version };
                match read::<I>(external.among(input)) {
                    Ok(input) => Box::pin(run(who, external, input)),
                    Err(error) => Box::pin(async { Err(error) }),
                }
            }),
        )
    }

    /// What GraphQL calls the other system in an upsert: the source, unless the object has a source of its own.
    #[must_use]
    pub fn system(&self) -> &'static str {
        if self.input.fields.iter().any(|field| field.name == "source") { "externalSource" } else { "source" }
    }

    /// Acts on one object.
    pub fn on<E, I, F, Fut>(name: &'static str, action: Action, doc: &'static str, run: F) -> Self
    where
        E: Row,
        I: Declared + DeserializeOwned,
        F: Fn(Caller, Target<E::Id>, I) -> Fut + Clone + Send + Sync + 'static,
        Fut: Future<Output = Result<Done>> + Send + 'static,
    {
        Self::new::<I>(
            name,
            On::Object,
            action,
            doc,
            Box::new(move |who, wanted, input| {
                let target = Target { id: E::Id::from(wanted.id.unwrap_or_default()), version: wanted.version };
                match read::<I>(input) {
                    Ok(input) => Box::pin(run(who, target, input)),
                    Err(error) => Box::pin(async { Err(error) }),
                }
            }),
        )
    }

    /// Deletes one object, when nothing more is to be asked.
    #[must_use]
    pub fn delete<E: Row<Model: Send + Sync>>(action: Action, doc: &'static str) -> Self {
        Self::on::<E, Nothing, _, _>("delete", action, doc, move |who, target, _| async move {
            let mut tx = who.begin().await?;
            let row = tx.find_at::<E>(&target, action).await?;
            let row = tx.delete::<E>(row).await?;
            tx.record("deleted", &row, json!({}))?;
            tx.done(&row).await
        })
    }

    /// Brings one deleted object back, when nothing more is to be asked.
    #[must_use]
    pub fn restore<E: Row<Model: Send + Sync>>(action: Action, doc: &'static str) -> Self {
        Self::on::<E, Nothing, _, _>("restore", action, doc, move |who, target, _| async move {
            let mut tx = who.begin().await?;
            let row = tx.find_deleted::<E>(&target, action).await?;
            let row = tx.restore::<E>(row).await?;
            tx.record("restored", &row, json!({}))?;
            tx.done(&row).await
        })
    }

    fn new<I: Declared>(name: &'static str, on: On, action: Action, doc: &'static str, run: Run) -> Self {
        Self {
            name,
            doc,
            on,
            action,
            input: I::object(),
            many: false,
            plural: false,
            called: None,
            reveals: None,
            accepts: None,
            later: false,
            run,
        }
    }

    /// It answers with several objects.
    #[must_use]
    pub const fn many(mut self) -> Self {
        self.many = true;
        self
    }

    /// It has a name of its own in GraphQL.
    #[must_use]
    pub const fn called(mut self, name: &'static str) -> Self {
        self.called = Some(name);
        self
    }

    /// Its answer shows something once.
    #[must_use]
    pub const fn reveals(mut self, name: &'static str, doc: &'static str) -> Self {
        self.reveals = Some((name, doc));
        self
    }

    /// It takes more bytes than others.
    #[must_use]
    pub const fn accepts(mut self, bytes: usize) -> Self {
        self.accepts = Some(bytes);
        self
    }

    /// What it makes is only begun when it answers.
    #[must_use]
    pub const fn later(mut self) -> Self {
        self.later = true;
        self
    }

    /// Carries the verb out for a caller: scope, input, idempotency, then the rule itself.
    ///
    /// # Errors
    /// Whatever refuses it, or keeps it from being carried out; nothing is changed then.
    pub async fn run(&self, resource: &Resource, who: &Caller, wanted: Wanted, input: Value) -> Result<Done> {
        who.has_scope_for(self.action)?;
        check::object(self.input, &input)?;
        let input = check::settled(self.input, input);
        // Others changed the same things, or took the same name: now it can be seen what they did.
        idempotency::once(who, Error::is_contention, || self.attempt(resource, who, wanted.clone(), input.clone()))
            .await
    }

    async fn attempt(&self, resource: &Resource, who: &Caller, mut wanted: Wanted, input: Value) -> Result<Done> {
        if let Some((source, external_id)) = &wanted.external {
            wanted.id = match self.on {
                On::External => {
                    let of = (&resource.shape, self.input);
                    external::find_for(who, of, &input, (source.as_str(), external_id.as_str())).await?
                }
                _ => external::find(who, &resource.shape, source, external_id).await?,
            };
            match (self.on, wanted.id) {
                (On::Object, None) => return Err(Error::not_found(&spaced(resource.shape.name))),
                (On::External, None) if wanted.version.is_some() => return Err(precondition("It is not there.")),
                (On::External, Some(_)) if wanted.absent => return Err(precondition("It is there already.")),
                _ => {}
            }
        }
        let new = wanted.external.clone().filter(|_| self.on == On::External && wanted.id.is_none());
        let done = (self.run)(who.clone(), wanted, input.clone()).await;
        if let (Err(refused), Some((source, external_id))) = (&done, new)
            && refused.code().status() == 409
        {
            who.house.database.settled().await?;
            let of = (&resource.shape, self.input);
            if external::find_for(who, of, &input, (source.as_str(), external_id.as_str())).await?.is_some() {
                // What another made by the same name at the same time is changed instead.
                return Err(Error::contention("another made it by the same name"));
            }
        }
        done
    }
}

/// The input as its type. The check has passed, so that this fails only on what no declaration can say.
pub(super) fn read<I: DeserializeOwned>(input: Value) -> Result<I> {
    serde_json::from_value(input)
        .map_err(|error| Error::new(Code::BadInput, format!("The input cannot be read: {error}.")))
}

/// `LearningPlan` as `learningPlan`.
#[must_use]
pub fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_lowercase().chain(letters).collect())
}

/// `learningPlans` as `LearningPlans`.
#[must_use]
pub fn upper_first(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// `learningPlans` as `learning-plans`.
#[must_use]
pub fn kebab(name: &str) -> String {
    separated(name, '-')
}

/// `LearningPlan` as `learning_plan`.
#[must_use]
pub fn snake(name: &str) -> String {
    separated(name, '_')
}

/// `LearningPlan` as `learning plan`.
#[must_use]
pub fn spaced(name: &str) -> String {
    separated(name, ' ')
}

fn separated(name: &str, by: char) -> String {
    let mut out = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() && !out.is_empty() {
            out.push(by);
        }
        out.extend(letter.to_lowercase());
    }
    out
}
