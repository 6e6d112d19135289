//! Noting time: by hand, by a calendar or a learning system, one by one or several at once; the same again is the same.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{CompetencyId, LearningResourceId, LearningSessionId, PlanItemId, UserId},
    learning::{
        competency, learning_resource, learning_resource_competency,
        learning_session::{ActiveModel, Column, Entity, Model, SessionSource},
        learning_session_competency as link, plan_item,
    },
    platform::user,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use super::{NewLearningSession, NewLearningSessions, day};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::Done,
};

/// How far ahead of ours another clock may run.
const AHEAD: TimeDelta = TimeDelta::minutes(5);

/// A new session, or one that was there already.
struct Noted {
    row: Model,
    new: bool,
}

pub(super) async fn create(who: Caller, new: NewLearningSession) -> Result<Done> {
    let mut tx = who.begin().await?;
    let user = learner(&tx, wanted(&tx.who, new.user_id, "")?, "").await?;
    let noted = note(&mut tx, &new, user, "").await?;
    if noted.new { tx.made(&noted.row).await } else { tx.done(&noted.row).await }
}

pub(super) async fn create_many(who: Caller, new: NewLearningSessions) -> Result<Done> {
    let mut tx = who.begin().await?;
    let (mut people, mut learners) = (BTreeMap::new(), Vec::with_capacity(new.sessions.len()));
    for (place, one) in new.sessions.iter().enumerate() {
        let at = format!("/sessions/{place}");
        let user = wanted(&tx.who, one.user_id, &at)?;
        people.entry(user).or_insert(at);
        learners.push(user);
    }
    // Everybody takes turns in one order, first of the people and then of the statements: two batches do not wait for
    // each other for ever.
    for (user, at) in people {
        learner(&tx, user, &at).await?;
    }
    let named = new.sessions.iter().zip(&learners);
    let mut turns: Vec<String> = named.filter_map(|(one, user)| turn(&tx, one, *user)).collect();
    turns.sort_unstable();
    for name in turns {
        tx.lock(&name).await?;
    }
    let (mut ids, mut created) = (Vec::with_capacity(new.sessions.len()), false);
    for (place, (one, user)) in new.sessions.iter().zip(learners).enumerate() {
        let noted = note(&mut tx, one, user, &format!("/sessions/{place}")).await?;
        created |= noted.new;
        ids.push(noted.row.id.0);
    }
    tx.finish(ids, created).await
}

/// Who learnt, as the input says.
fn wanted(who: &Caller, named: Option<UserId>, at: &str) -> Result<UserId> {
    named.or(who.user()).ok_or_else(|| {
        Error::field(Code::OwnerRequired, &format!("{at}/userId"), "A machine names whose session it is.")
    })
}

/// Finds who learnt, of those whose learning the caller may write down, and takes their turn.
async fn learner(tx: &Tx, id: UserId, at: &str) -> Result<UserId> {
    match tx.find::<user::Entity>(id, Action::LearnFor).await {
        Err(error) if error.code() == Code::NotFound => {
            Err(Error::field(Code::ReferenceUnknown, &format!("{at}/userId"), "There is no such person."))
        }
        other => other.map(|row| row.id),
    }
}

/// Keeps one session, unless it is known.
async fn note(tx: &mut Tx, new: &NewLearningSession, user: UserId, at: &str) -> Result<Noted> {
    let source = source(new, tx.who.is_machine(), at)?;
    let started_at = began(tx.now, new.started_at, at)?;
    if let Some(name) = turn(tx, new, user) {
        tx.lock(&name).await?;
    }
    if let Some(row) = known(tx, new, source, user).await? {
        told_again(tx, &row, new, user, at).await?;
        return Ok(Noted { row, new: false });
    }
    let about = about(tx, user, new.plan_item_id, new.learning_resource_id, at).await?;
    let competencies = match &new.competency_ids {
        Some(named) => named.clone(),
        None => about,
    };
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            user_id: Set(user),
            plan_item_id: Set(new.plan_item_id),
            learning_resource_id: Set(new.learning_resource_id),
            started_at: Set(started_at),
            minutes: Set(new.minutes),
            source: Set(source),
            statement_id: Set(new.statement_id.clone()),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    competences(tx, row.id, Some(&competencies), at).await?;
    day::add(tx, user, row.started_at, row.minutes, 1).await?;
    tx.record("created", &row, json!({ "minutes": row.minutes }))?;
    Ok(Noted { row, new: true })
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

/// When it began, to the microsecond: not in the future.
pub(super) fn began(now: DateTime<Utc>, started_at: DateTime<Utc>, at: &str) -> Result<DateTime<Utc>> {
    if started_at > now + AHEAD {
        let why = "It cannot have begun in the future.";
        return Err(Error::field(Code::OccurredAtInvalid, &format!("{at}/startedAt"), why));
    }
    Ok(clock::whole(started_at))
}

/// Whether a session was reported by another system, which alone answers for it.
pub(super) const fn reported(source: SessionSource) -> bool {
    matches!(source, SessionSource::Lms | SessionSource::Xapi)
}

/// What instances take turns by that are told the same at once.
fn turn(tx: &Tx, new: &NewLearningSession, user: UserId) -> Option<String> {
    let source = new.source.unwrap_or(SessionSource::Manual);
    let whose = if reported(source) { String::new() } else { user.to_string() };
    let statement = new.statement_id.as_ref()?;
    Some(format!("session {} {source} {whose} {statement}", tx.who.organization))
}

/// The session that this statement made before. What people note they count themselves, each their own.
async fn known(tx: &Tx, new: &NewLearningSession, source: SessionSource, user: UserId) -> Result<Option<Model>> {
    let Some(statement) = &new.statement_id else { return Ok(None) };
    let mut found = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::Source.eq(source))
        .filter(Column::StatementId.eq(statement.as_str()));
    if !reported(source) {
        found = found.filter(Column::UserId.eq(user));
    }
    Ok(found.one(&tx.db).await?)
}

/// What a statement says again. What became of its session by hand since stays, and whoever sends it again is told so
/// and need not send it once more: a phone that was offline, a calendar that starts anew.
async fn told_again(tx: &mut Tx, row: &Model, new: &NewLearningSession, user: UserId, at: &str) -> Result<()> {
    let statement = new.statement_id.as_deref().unwrap_or_default();
    if row.user_id == user && row.deleted_at.is_some() {
        tx.warn("SESSION_DELETED", format!("The session of statement {statement} was deleted since, and stays so."));
        return Ok(());
    }
    match same(tx, row, new, user, at).await {
        // A version that is not the first was made by hand: nothing else changes a session.
        Err(error) if error.code() == Code::StatementConflict && row.user_id == user && row.version > 1 => {
            let why = format!("The session of statement {statement} was changed by hand since, and stays so.");
            tx.warn("SESSION_CHANGED", why);
            Ok(())
        }
        other => other,
    }
}

/// Whether a statement says again what it said.
async fn same(tx: &Tx, row: &Model, new: &NewLearningSession, user: UserId, at: &str) -> Result<()> {
    let as_was = row.user_id == user
        && row.plan_item_id == new.plan_item_id
        && row.learning_resource_id == new.learning_resource_id
        && row.started_at == clock::whole(new.started_at)
        && row.minutes == new.minutes;
    let as_named = match &new.competency_ids {
        Some(named) if as_was => linked(tx, row.id).await? == sorted(named),
        _ => true,
    };
    if as_was && as_named {
        return Ok(());
    }
    let why = "This statement id came before, with another content.";
    Err(Error::field(Code::StatementConflict, &format!("{at}/statementId"), why)
        .with(json!({ "statementId": new.statement_id, "sessionId": row.id })))
}

/// Checks what a session was for, and tells what that is about.
pub(super) async fn about(
    tx: &Tx,
    user: UserId,
    item: Option<PlanItemId>,
    resource: Option<LearningResourceId>,
    at: &str,
) -> Result<Vec<CompetencyId>> {
    let mut competencies = Vec::new();
    if let Some(id) = resource {
        let pointer = format!("{at}/learningResourceId");
        let resource = tx.refer::<learning_resource::Entity>(id, &pointer).await?;
        if item.is_none() {
            let of = learning_resource_competency::Column::LearningResourceId.eq(resource.id);
            let links = learning_resource_competency::Entity::find().filter(of).all(&tx.db).await?;
            competencies.extend(links.into_iter().map(|link| link.competency_id));
        }
    }
    if let Some(id) = item {
        let pointer = format!("{at}/planItemId");
        let item = tx.refer::<plan_item::Entity>(id, &pointer).await?;
        if item.owner_id != user {
            return Err(Error::field(Code::ReferenceUnknown, &pointer, "This person has no such plan item."));
        }
        competencies.push(item.competency_id);
    }
    Ok(competencies)
}

fn sorted(named: &[CompetencyId]) -> Vec<CompetencyId> {
    let mut named = named.to_vec();
    named.sort_unstable();
    named.dedup();
    named
}

/// What was learnt in a session, in order.
async fn linked(tx: &Tx, session: LearningSessionId) -> Result<Vec<CompetencyId>> {
    let of = link::Column::LearningSessionId.eq(session);
    let links = link::Entity::find().filter(of).order_by_asc(link::Column::CompetencyId).all(&tx.db).await?;
    Ok(links.into_iter().map(|link| link.competency_id).collect())
}

/// Names what was learnt in a session, in place of what was named: whether it was something else.
pub(super) async fn competences(
    tx: &Tx,
    session: LearningSessionId,
    named: Option<&[CompetencyId]>,
    at: &str,
) -> Result<bool> {
    let Some(named) = named else { return Ok(false) };
    let (was, is) = (linked(tx, session).await?, sorted(named));
    if was == is {
        return Ok(false);
    }
    for (place, competency) in named.iter().enumerate().filter(|(_, competency)| !was.contains(competency)) {
        tx.refer::<competency::Entity>(*competency, &format!("{at}/competencyIds/{place}")).await?;
    }
    link::Entity::delete_many().filter(link::Column::LearningSessionId.eq(session)).exec(&tx.db).await?;
    let rows = is
        .into_iter()
        .map(|competency| link::ActiveModel { learning_session_id: Set(session), competency_id: Set(competency) });
    link::Entity::insert_many(rows).exec(&tx.db).await?;
    Ok(true)
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

    #[test]
    fn nothing_began_in_the_future() {
        let now = clock::now();
        assert!(began(now, now + AHEAD, "").is_ok(), "clocks differ a little");
        let refused = began(now, now + AHEAD + TimeDelta::seconds(1), "/sessions/3").unwrap_err();
        assert_eq!(refused.field_errors()[0].pointer, "/sessions/3/startedAt");
    }
}
