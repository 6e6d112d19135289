//! Noting time: by hand, by a calendar or a learning system, one by one or several at once; the same again is the same.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::{
    id::UserId,
    learning::{
        learning_session::{Column, Entity, Model, SessionSource},
        learning_session_competency as link,
    },
    platform::user,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    super::completion::report::fingerprint,
    NewLearningSession, NewLearningSessions,
    day::Days,
    named::{Named, sorted},
};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::Done,
};

/// A session to note, with what is known of it before anything is looked up.
pub(super) struct Entry<'a> {
    pub(super) new: &'a NewLearningSession,
    /// Where it stands in the input.
    pub(super) at: String,
    pub(super) user: UserId,
    source: SessionSource,
    started_at: DateTime<Utc>,
}

pub(super) async fn create(who: Caller, new: NewLearningSession) -> Result<Done> {
    note(who, &[new], |_| String::new()).await
}

pub(super) async fn create_many(who: Caller, new: NewLearningSessions) -> Result<Done> {
    note(who, &new.sessions, |place| format!("/sessions/{place}")).await
}

/// Notes sessions, each unless it is known, in as many steps for many as for one. Everybody takes turns in one order,
/// first of the people, then of the statements and last of the days: two batches do not wait for each other for ever.
async fn note(who: Caller, new: &[NewLearningSession], at: impl Fn(usize) -> String + Send) -> Result<Done> {
    let mut tx = who.begin_for(new.len()).await?;
    let entries = new.iter().enumerate().map(|(place, one)| Entry::read(&tx, one, at(place)));
    let entries: Vec<_> = entries.collect::<Result<_>>()?;
    learners(&tx, &entries).await?;
    tx.lock_all(entries.iter().filter_map(|entry| entry.turn(&tx)).collect()).await?;
    let mut known = known(&tx, &entries).await?;
    let is_new = |entry: &&Entry<'_>| entry.key().is_none_or(|key| !known.contains_key(&key));
    let named = Named::of(&tx, entries.iter().filter(is_new)).await?;
    let (mut ids, mut rows, mut links, mut days) = (Vec::new(), Vec::new(), Vec::new(), Days::default());
    for entry in &entries {
        let key = entry.key();
        if let Some(row) = key.as_ref().and_then(|key| known.get(key)) {
            again(&mut tx, row, entry)?;
            ids.push(row.id.0);
            continue;
        }
        let row = entry.row(&tx)?;
        let learnt = named.learnt(entry)?.into_iter();
        links.extend(learnt.map(|competency| link::Model { learning_session_id: row.id, competency_id: competency }));
        days.add(row.user_id, row.started_at, row.minutes, 1);
        tx.record("created", &row, json!({ "minutes": row.minutes }))?;
        ids.push(row.id.0);
        known.extend(key.map(|key| (key, row.clone())));
        rows.push(row);
    }
    let created = !rows.is_empty();
    tx.add_all::<Entity>(rows).await?;
    tx.add_all::<link::Entity>(links).await?;
    days.write(&tx).await?;
    tx.finish(ids, created).await
}

/// Finds who learnt, of those whose learning the caller may write down, and takes their turns.
async fn learners(tx: &Tx, entries: &[Entry<'_>]) -> Result<()> {
    let found = tx.find_each::<user::Entity>(entries.iter().map(|entry| entry.user), Action::LearnFor).await?;
    for entry in entries {
        found.refer(entry.user, &format!("{}/userId", entry.at))?;
    }
    Ok(())
}

/// What a statement is known by: where it is counted, by whom, and its id. What people note they count themselves, each
/// their own; what other systems report is theirs to count.
type Key = (SessionSource, Option<UserId>, String);

impl<'a> Entry<'a> {
    fn read(tx: &Tx, new: &'a NewLearningSession, at: String) -> Result<Self> {
        let user = new.user_id.or(tx.who.user()).ok_or_else(|| {
            Error::field(Code::OwnerRequired, &format!("{at}/userId"), "A machine names whose session it is.")
        })?;
        let source = source(new, tx.who.is_machine(), &at)?;
        clock::past(tx.now, new.started_at, &format!("{at}/startedAt"))?;
        Ok(Self { new, at, user, source, started_at: new.started_at })
    }

    fn key(&self) -> Option<Key> {
        let whose = (!reported(self.source)).then_some(self.user);
        self.new.statement_id.clone().map(|statement| (self.source, whose, statement))
    }

    /// What instances take turns by that are told the same at once.
    fn turn(&self, tx: &Tx) -> Option<String> {
        let (source, whose, statement) = self.key()?;
        let whose = whose.map(|user| user.to_string()).unwrap_or_default();
        Some(format!("session {} {source} {whose} {statement}", tx.who.organization))
    }

    /// The hash of what it says, if it may be said again.
    fn fingerprint(&self) -> Result<Option<String>> {
        if self.new.statement_id.is_none() {
            return Ok(None);
        }
        let (new, at) = (self.new, self.started_at.timestamp_micros());
        let learnt = new.competency_ids.as_deref().map(sorted);
        let said = (self.user, new.plan_item_id, new.learning_resource_id, at, new.minutes, learnt);
        let said = serde_json::to_string(&said).map_err(Error::internal)?;
        Ok(Some(fingerprint(&said)))
    }

    fn row(&self, tx: &Tx) -> Result<Model> {
        Ok(Model {
            id: clock::new_id(),
            organization_id: tx.who.organization,
            user_id: self.user,
            plan_item_id: self.new.plan_item_id,
            learning_resource_id: self.new.learning_resource_id,
            started_at: self.started_at,
            minutes: self.new.minutes,
            source: self.source,
            system: None,
            statement_id: self.new.statement_id.clone(),
            fingerprint: self.fingerprint()?,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
            deleted_at: None,
        })
    }
}

/// The sessions that these statements made before, if any. Those of completions are counted apart.
async fn known(tx: &Tx, entries: &[Entry<'_>]) -> Result<HashMap<Key, Model>> {
    let keys: Vec<Key> = entries.iter().filter_map(Entry::key).collect();
    if keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::Source.is_in(keys.iter().map(|(source, ..)| *source).collect::<BTreeSet<_>>()))
        .filter(Column::StatementId.is_in(keys.iter().map(|(.., statement)| statement.as_str())))
        .filter(Column::System.is_null())
        .all(&tx.db)
        .await?;
    let key = |row: Model| {
        let whose = (!reported(row.source)).then_some(row.user_id);
        row.statement_id.clone().map(|statement| ((row.source, whose, statement), row))
    };
    Ok(rows.into_iter().filter_map(key).collect())
}

/// Refuses another content under an id that came before. The same stays as it is, whatever became of it: a telephone
/// that was away, or a calendar, sends again what it sent.
fn again(tx: &mut Tx, row: &Model, entry: &Entry<'_>) -> Result<()> {
    let (was, is) = (row.fingerprint.as_ref(), entry.fingerprint()?);
    if was.is_some() && was != is.as_ref() {
        let why = "This statement id came before, with another content.";
        return Err(Error::field(Code::StatementConflict, &format!("{}/statementId", entry.at), why)
            .with(json!({ "statementId": entry.new.statement_id, "sessionId": row.id })));
    }
    if row.deleted_at.is_some() {
        tx.warn("SESSION_DELETED", format!("{} was deleted since it was noted; it stays so.", row.id));
    } else if row.version > 1 {
        tx.warn("SESSION_CHANGED", format!("{} was changed since it was noted; it stays as it is.", row.id));
    }
    Ok(())
}

/// How it became known, of what the caller may say.
fn source(new: &NewLearningSession, machine: bool, at: &str) -> Result<SessionSource> {
    let source = new.source.unwrap_or(SessionSource::Manual);
    if source == SessionSource::Xapi || (source == SessionSource::Lms && !machine) {
        let why = "Learning systems alone say LMS, and statements alone say XAPI.";
        return Err(Error::field(Code::SourceReserved, &format!("{at}/source"), why));
    }
    if new.statement_id.is_none() && source != SessionSource::Manual {
        let why = "What another system knows comes with its id there.";
        return Err(Error::field(Code::StatementRequired, &format!("{at}/statementId"), why));
    }
    Ok(source)
}

/// Whether a session was reported by another system, which alone answers for it.
pub(super) const fn reported(source: SessionSource) -> bool {
    matches!(source, SessionSource::Lms | SessionSource::Xapi)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn new(source: Option<SessionSource>, statement: Option<&str>) -> NewLearningSession {
        NewLearningSession {
            user_id: None,
            plan_item_id: None,
            learning_resource_id: None,
            competency_ids: None,
            started_at: clock::now(),
            minutes: 30,
            source,
            statement_id: statement.map(str::to_owned),
        }
    }

    #[test]
    fn who_may_say_how_it_became_known() {
        use SessionSource::{Calendar, Lms, Manual, Xapi};
        let says = |named, statement, machine| {
            source(&new(named, statement), machine, "").map_err(|error| error.code().as_str())
        };
        for machine in [false, true] {
            assert_eq!(says(None, None, machine), Ok(Manual));
            assert_eq!(says(Some(Manual), Some("1"), machine), Ok(Manual));
            assert_eq!(says(Some(Calendar), Some("1"), machine), Ok(Calendar));
            assert_eq!(says(Some(Calendar), None, machine), Err("STATEMENT_REQUIRED"));
            assert_eq!(says(Some(Xapi), Some("1"), machine), Err("SOURCE_RESERVED"));
        }
        assert_eq!(says(Some(Lms), Some("1"), true), Ok(Lms));
        assert_eq!(says(Some(Lms), None, true), Err("STATEMENT_REQUIRED"));
        assert_eq!(says(Some(Lms), Some("1"), false), Err("SOURCE_RESERVED"));
    }
}
