//! Completions: a learning system reports that a person did something; items, sessions and evidence follow, exactly
//! once, whatever is replayed, doubled or out of order (story 1).

pub(super) mod effect;
pub(super) mod report;

use chrono::{DateTime, Utc};
use entity::{
    id::{CompletionId, LearningResourceId, LearningSessionId, UserId},
    kind::{Declared as _, Form, Kind, id, int, line, text, word},
    learning::{
        completion::{Column, CompletionVerb, Entity, Model},
        learning_resource,
        learning_session::SessionSource,
    },
    object,
    platform::{membership, user},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;

use self::report::Report;
use crate::{
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
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

/// A new statement, or one that was there already.
struct Recorded {
    row: Model,
    new: bool,
}

impl NewCompletion {
    /// The report that this is.
    fn report(&self) -> Result<Report> {
        let at = self.occurred_at.timestamp_micros();
        let said = (&self.statement_id, &self.person, &self.object, self.verb, at, self.minutes, self.score);
        let said = serde_json::to_string(&said).map_err(Error::internal)?;
        Ok(Report {
            source: self.object.source.clone(),
            statement_id: self.statement_id.clone(),
            fingerprint: report::fingerprint(&said),
            verb: self.verb,
            occurred_at: self.occurred_at,
            minutes: self.minutes,
            score: self.score,
            session: SessionSource::Lms,
            statement: None,
        })
    }
}

async fn record(who: Caller, new: NewCompletion) -> Result<Done> {
    who.may(Action::RecordCompletion)?;
    let mut tx = who.begin().await?;
    let recorded = keep(&mut tx, &new, new.report()?, "").await?;
    if recorded.new { tx.made(&recorded.row).await } else { tx.done(&recorded.row).await }
}

async fn record_many(who: Caller, new: NewCompletions) -> Result<Done> {
    who.may(Action::RecordCompletion)?;
    let mut tx = who.begin().await?;
    let (mut ids, mut created) = (Vec::with_capacity(new.completions.len()), false);
    let reports = new.completions.iter().map(NewCompletion::report).collect::<Result<Vec<_>>>()?;
    report::line_up(&tx, &reports).await?;
    for (place, (one, report)) in new.completions.iter().zip(reports).enumerate() {
        let recorded = keep(&mut tx, one, report, &format!("/completions/{place}")).await?;
        created |= recorded.new;
        ids.push(recorded.row.id.0);
    }
    tx.finish(ids, created).await
}

/// Keeps one statement with everything that follows from it, unless it is known.
async fn keep(tx: &mut Tx, new: &NewCompletion, report: Report, at: &str) -> Result<Recorded> {
    report.is_past(tx, &format!("{at}/occurredAt"))?;
    if let Some(row) = report.known(tx, &format!("{at}/statementId")).await? {
        return Ok(Recorded { row, new: false });
    }
    let person = person(tx, &new.person).await?.ok_or_else(|| {
        Error::field(Code::UserUnknown, &format!("{at}/person"), "There is no such person in this organization.")
    })?;
    let resource = resource_named(tx, &new.object).await?.ok_or_else(|| {
        Error::field(
            Code::ResourceUnknown,
            &format!("{at}/object"),
            "There is no learning resource of this external id.",
        )
    })?;
    let row = effect::follow(tx, &report, person, &resource).await?;
    Ok(Recorded { row, new: true })
}

/// The person of this organization whom a statement names.
pub(super) async fn person(tx: &Tx, named: &Person) -> Result<Option<UserId>> {
    let found = match (named.id, &named.external_ref, &named.email) {
        (Some(id), None, None) => Some(id),
        (None, Some(one), None) => {
            external::find_in(&tx.db, tx.who.organization, "usr", &one.source, &one.external_id).await?.map(UserId)
        }
        (None, None, Some(email)) => {
            let folded = user::Column::EmailFolded.eq(email.to_lowercase());
            user::Entity::find().filter(folded).one(&tx.db).await?.map(|row| row.id)
        }
        // The check lets exactly one pass.
        _ => None,
    };
    let Some(id) = found else { return Ok(None) };
    let member = membership::Entity::find()
        .filter(membership::Column::OrganizationId.eq(tx.who.organization))
        .filter(membership::Column::UserId.eq(id))
        .filter(membership::Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    Ok(member.map(|_| id))
}

/// The learning resource that another system has this name for.
pub(super) async fn resource_named(tx: &Tx, named: &ExternalRef) -> Result<Option<learning_resource::Model>> {
    let id = external::find_in(&tx.db, tx.who.organization, "res", &named.source, &named.external_id).await?;
    let Some(id) = id else { return Ok(None) };
    let found = learning_resource::Entity::find_by_id(LearningResourceId(id))
        .filter(learning_resource::Column::DeletedAt.is_null());
    Ok(found.one(&tx.db).await?)
}
