//! What is known of an interview: when it is noted, and what changes of that but for its time (§23).

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationId, InterviewId},
    jobs::{
        application,
        interview::{Entity, InterviewPrep, InterviewResult, InterviewState, InterviewType, Interviewer, Model},
        stage::StageKind,
    },
    kind::{Kind, Patch, id, word},
    object,
    platform::user,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};

use super::{
    INTERVIEWERS, LOCATION, MINUTES, NOTE, PREP, ROUND, ZONE,
    moves::{NewInterviewTime, shift},
    record, state,
};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    external::{self, ExternalRef},
    jobs::{
        application::touch,
        part::{self, Opening},
    },
    policy::Action,
    tx::Tx,
    verb::{Done, External, Target},
};

/// How many minutes it takes, when nobody says.
pub(in crate::domain::jobs) const USUAL: i64 = 60;

object! {
    /// An interview.
    NewInterview {
        /// The application: one that is open.
        required application_id: ApplicationId = id::<ApplicationId>(),
        /// Which round it is; the one after the last, unless it is said.
        optional round: i64 = ROUND,
        /// What kind of interview it is.
        required r#type: InterviewType = word::<InterviewType>(),
        /// When it is; be it in the past.
        required scheduled_at: DateTime<Utc> = Kind::Time,
        /// How many minutes it takes; 60, unless it is said.
        optional duration_min: i64 = MINUTES,
        /// In which time zone it was agreed; your own, unless it is said.
        optional time_zone: String = ZONE,
        /// Where it is: a place, or the address of a call.
        optional location: String = LOCATION,
        /// Who leads it.
        optional interviewers: Vec<Interviewer> = INTERVIEWERS,
        /// What is prepared for it.
        optional prep: InterviewPrep = PREP,
        /// What else is to be said.
        optional note: String = NOTE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to what is known of an interview.
    InterviewPatch {
        /// Which round it is.
        change round: i64 = ROUND,
        /// What kind of interview it is.
        change r#type: InterviewType = word::<InterviewType>(),
        /// In which time zone it was agreed.
        change time_zone: String = ZONE,
        /// Where it is.
        clear location: String = LOCATION,
        /// Who leads it, in place of those who were named.
        change interviewers: Vec<Interviewer> = INTERVIEWERS,
        /// What is prepared for it, in place of what was.
        change prep: InterviewPrep = PREP,
        /// What else is to be said.
        clear note: String = NOTE,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

pub(super) async fn schedule(who: Caller, new: NewInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

pub(super) async fn upsert(who: Caller, external: External, mut new: NewInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let was = tx.find_external::<Entity>(&external, id, Action::EditInterview).await?;
        if was.application_id != new.application_id {
            let why = "An interview never moves to another application.";
            return Err(Error::field(Code::ApplicationImmutable, "/applicationId", why));
        }
        let time = NewInterviewTime {
            scheduled_at: new.scheduled_at,
            duration_min: new.duration_min,
            time_zone: new.time_zone.clone(),
            reason: None,
        };
        let patch = InterviewPatch {
            round: new.round,
            r#type: Some(new.r#type),
            time_zone: new.time_zone,
            location: new.location.map_or(Patch::Keep, Patch::Set),
            interviewers: new.interviewers,
            prep: new.prep,
            note: new.note.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let row =
            if clock::whole(time.scheduled_at) == was.scheduled_at { was } else { shift(&mut tx, was, time).await? };
        let row = revise(&mut tx, row, patch).await?;
        return tx.done(&row).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

/// Notes an interview.
async fn add(tx: &mut Tx, new: NewInterview) -> Result<Model> {
    let application = part::application(tx, new.application_id, Opening::Open).await?;
    let interviewers = new.interviewers.unwrap_or_default();
    led_by(tx, &interviewers, &application).await?;
    let zone = match new.time_zone {
        Some(zone) => zone,
        None => user::Entity::find_by_id(application.owner_id)
            .one(&tx.db)
            .await?
            .map_or_else(|| "UTC".to_owned(), |person| person.time_zone),
    };
    let round = match new.round {
        Some(round) => round,
        None => state::next_round(tx, application.id).await?,
    };
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: application.owner_id,
        application_id: application.id,
        round,
        kind: new.r#type,
        scheduled_at: clock::whole(new.scheduled_at),
        duration_min: new.duration_min.unwrap_or(USUAL),
        time_zone: zone,
        location: new.location,
        interviewers: Json(interviewers),
        state: InterviewState::Scheduled,
        result: InterviewResult::Pending,
        prep: Json(new.prep.unwrap_or(InterviewPrep { topics: None, questions: None })),
        moves: Json(Vec::new()),
        note: new.note,
        held_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, new.external_refs.as_deref()).await?;
    record(tx, "scheduled", &row)?;
    part::suggest_move(tx, &application, StageKind::Interviewing).await?;
    touch(tx, &application, tx.now).await?;
    Ok(row)
}

/// Those who lead an interview and are contacts are the owner's.
async fn led_by(tx: &Tx, interviewers: &[Interviewer], application: &application::Model) -> Result<()> {
    let named = interviewers.iter().map(|one| one.contact_id);
    part::contacts(tx, named, application.owner_id, "/interviewers").await
}

pub(super) async fn update(who: Caller, target: Target<InterviewId>, patch: InterviewPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

pub(in crate::domain::jobs) async fn revise(tx: &mut Tx, was: Model, patch: InterviewPatch) -> Result<Model> {
    if let Some(interviewers) = &patch.interviewers {
        let application = part::application(tx, was.application_id, Opening::Any).await?;
        led_by(tx, interviewers, &application).await?;
    }
    let (location, note) = (patch.location.over(was.location.clone()), patch.note.over(was.note.clone()));
    let interviewers = patch.interviewers.unwrap_or_else(|| was.interviewers.0.clone());
    let prep = patch.prep.unwrap_or_else(|| was.prep.0.clone());
    let (round, kind) = (patch.round.unwrap_or(was.round), patch.r#type.unwrap_or(was.kind));
    let zone = patch.time_zone.unwrap_or_else(|| was.time_zone.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.round.set_if_not_equals(round);
            row.kind.set_if_not_equals(kind);
            row.time_zone.set_if_not_equals(zone);
            row.location.set_if_not_equals(location);
            row.interviewers.set_if_not_equals(Json(interviewers));
            row.prep.set_if_not_equals(Json(prep));
            row.note.set_if_not_equals(note);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}
