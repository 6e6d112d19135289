//! Completions: a learning system reports that a person did something; items, sessions and evidence follow, exactly
//! once, whatever is replayed, doubled or out of order (story 1).

pub(super) mod batch;
mod effect;
pub(super) mod named;
pub(super) mod report;

use chrono::{DateTime, Utc};
use entity::{
    id::{CompletionId, LearningResourceId, LearningSessionId, UserId},
    kind::{Declared as _, Form, Kind, id, int, line, text, word},
    learning::{
        completion::{Column, CompletionVerb, Entity, Model},
        learning_session::SessionSource,
    },
    object,
};
use serde::Serialize;

use self::{
    batch::{Told, Words},
    named::{Name, Thing},
    report::Report,
};
use crate::{
    domain::{
        caller::Caller,
        error::{Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        verb::{Done, Resource, Row, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// How many statements come together at most.
pub(super) const BATCH: usize = 200;
/// The longest that one thing may take, in minutes.
pub(super) const LONGEST: i64 = 100_000;
const STATEMENT: Kind = line(1, 255);
const MINUTES: Kind = int(0, LONGEST);
const SCORE: Kind = int(0, 100);
const PERSON: Kind = Kind::Object(Person::object);
const REF: Kind = Kind::Object(ExternalRef::object);
const ONE: Kind = Kind::Object(NewCompletion::object);

impl Row for Entity {
    const NAME: &'static str = "Completion";
    type Id = CompletionId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<CompletionId>(), "The id."),
        Column::Source => leaf(external::SOURCE, "The system that says so.").filter(),
        Column::StatementId => leaf(STATEMENT, "The statement's id there.").filter(),
        Column::UserId => leaf(id::<UserId>(), "Who did it.").filter(),
        Column::LearningResourceId => leaf(id::<LearningResourceId>(), "With what.").filter(),
        Column::Verb => leaf(word::<CompletionVerb>(), "What they did.").filter(),
        Column::Minutes => leaf(MINUTES, "How long it took, in minutes."),
        Column::Score => leaf(SCORE, "The result, 0 to 100."),
        Column::OccurredAt => leaf(Kind::Time, "When they did it.").filter().sort(),
        Column::SessionId => leaf(id::<LearningSessionId>(), "The session that was stored for it."),
        Column::Statement => leaf(Kind::Json, "The xAPI statement that it came as."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was recorded.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId | Column::Fingerprint => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Completion",
        "A learning system's statement that a person did something (story 1).",
        "cpl",
        Action::ViewCompletion,
        show,
    )
    .order("occurred_at", false)
    .one("user", "user_id", "User", "Who did it.")
    .one("learningResource", "learning_resource_id", "LearningResource", "With what.")
    .one("session", "session_id", "LearningSession", "The session that was stored for it.");
    let verbs = vec![
        Verb::on_collection(
            "record",
            Action::RecordCompletion,
            "Report that a person did something. The same statement again changes nothing.",
            record,
        ),
        Verb::on_collection("record", Action::RecordCompletion, "Report several at once: all or none.", record_many)
            .many(),
    ];
    Resource { shape, plural: "completions", verbs }
}

object! {
    /// A person, by exactly one of these.
    #[derive(Serialize)]
    Person oneof {
        /// The id.
        change id: UserId = id::<UserId>(),
        /// The name that another system has for the person.
        change external_ref: ExternalRef = REF,
        /// The e-mail address.
        change email: String = text(Form::Email, 3, 254),
    }
}

object! {
    /// That a person did something with a learning resource.
    #[derive(Serialize)]
    NewCompletion {
        /// The statement's id in the reporting system: the same id again changes nothing.
        required statement_id: String = STATEMENT,
        /// Who did it.
        required person: Person = PERSON,
        /// With what: the name that the reporting system has for the learning resource.
        required object: ExternalRef = REF,
        /// What they did.
        required verb: CompletionVerb = word::<CompletionVerb>(),
        /// When they did it; not in the future.
        required occurred_at: DateTime<Utc> = Kind::Time,
        /// How long it took, in minutes.
        optional minutes: i64 = MINUTES,
        /// The result, 0 to 100.
        optional score: i64 = SCORE,
    }
}

object! {
    /// Several completions: all or none.
    NewCompletions {
        /// The completions.
        required completions: Vec<NewCompletion> = Kind::List { of: &ONE, min: 1, max: BATCH },
    }
}

/// Where a completion says what.
const WORDS: Words = Words { id: "statementId", when: "occurredAt", person: "person", thing: "object" };

impl NewCompletion {
    /// What this tells, at a place of the input.
    fn told(self, at: String) -> Result<Told> {
        let occurred_at = self.occurred_at.timestamp_micros();
        let said = (&self.statement_id, &self.person, &self.object, self.verb, occurred_at, self.minutes, self.score);
        let said = serde_json::to_string(&said).map_err(Error::internal)?;
        let report = Report {
            source: self.object.source.clone(),
            statement_id: self.statement_id,
            fingerprint: report::fingerprint(&said),
            verb: self.verb,
            occurred_at: self.occurred_at,
            minutes: self.minutes,
            score: self.score,
            session: SessionSource::Lms,
            statement: None,
        };
        let stranger = "There is no such person in this organization.";
        Ok(Told { report, at, words: &WORDS, person: self.person.names(), stranger, thing: Thing::Ref(self.object) })
    }
}

impl Person {
    /// The one name that is given.
    fn names(self) -> Vec<Name> {
        let names = [self.id.map(Name::Id), self.external_ref.map(Name::Ref), self.email.map(Name::Email)];
        names.into_iter().flatten().collect()
    }
}

async fn record(who: Caller, new: NewCompletion) -> Result<Done> {
    keep(who, vec![new.told(String::new())?]).await
}

async fn record_many(who: Caller, new: NewCompletions) -> Result<Done> {
    let each = new.completions.into_iter().enumerate();
    keep(who, each.map(|(place, one)| one.told(format!("/completions/{place}"))).collect::<Result<_>>()?).await
}

async fn keep(who: Caller, told: Vec<Told>) -> Result<Done> {
    who.may(Action::RecordCompletion)?;
    let mut tx = who.begin_for(told.len()).await?;
    let (ids, created) = batch::keep(&mut tx, &told.iter().collect::<Vec<_>>()).await?;
    tx.finish(ids, created).await
}
