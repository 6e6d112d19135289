//! Informational interviews: talks with people who do the work that one would like to do (§20).
//!
//! Whoever goes there knows something of the person and of the company beforehand; what they bring back are [findings](super::finding),
//! and to learn something first is a success.

mod commands;
mod conclude;
mod offered;
mod show;
mod state;

use chrono::{DateTime, Utc};
use entity::{
    community::contact,
    id::{CompanyId, ContactId, InformationalInterviewId, RoleProfileId, UserId},
    jobs::informational_interview::{
        Entity, InformationalInterviewState, InterviewAnswer, InterviewChannel, InterviewQuestion, Model,
    },
    kind::{Declared as _, Kind, Patch, id, int, line, list, prose, word},
    learning::role_profile,
    object,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::json;

use commands::after_it;
pub(super) use conclude::{learn_first, strength};
pub use show::resource;

use super::{role_observation, stays_with, whose};
use crate::domain::{
    caller::Caller,
    clock,
    community::contact::{named, works_at},
    error::{Code, Error, Result},
    external::{self, ExternalRef},
    policy::Action,
    spelling::folded,
    tx::Tx,
    verb::{Done, External, Row, Target},
};

const ROLE_TITLE: Kind = line(1, 200);
const PURPOSE: Kind = prose(2000);
const RESEARCH: Kind = prose(5000);
const MINUTES: Kind = int(5, 480);
const QUESTION: Kind = Kind::Object(InterviewQuestion::object);
/// The questions of a talk.
const QUESTIONS: Kind = list(&QUESTION, 20);
const ANSWER: Kind = Kind::Object(InterviewAnswer::object);
const ANSWERS: Kind = list(&ANSWER, 50);
/// For how long people talk, when nobody says.
const USUAL_MINUTES: i64 = 30;

impl Row for Entity {
    const NAME: &'static str = "InformationalInterview";
    type Id = InformationalInterviewId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

object! {
    /// A talk to plan.
    NewInformationalInterview {
        /// Who asks: yourself, unless it is somebody who let you search for them.
        optional owner_id: UserId = id::<UserId>(),
        /// Who is to be asked: a contact of theirs.
        required contact_id: ContactId = id::<ContactId>(),
        /// Where they work; without it, where the contact does.
        optional company_id: CompanyId = id::<CompanyId>(),
        /// The role that it is about, when it is a known one.
        optional role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What the role is called there; without it, as the contact's is, or as the known one is.
        optional role_title: String = ROLE_TITLE,
        /// What you want to know.
        optional purpose: String = PURPOSE,
        /// How you would like to talk.
        optional channel: InterviewChannel = word::<InterviewChannel>(),
        /// For how many minutes; 30, unless it is said.
        optional duration_min: i64 = MINUTES,
        /// What you know of the person.
        optional research_interviewee: String = RESEARCH,
        /// What you know of the company.
        optional research_company: String = RESEARCH,
        /// What to ask in place of the usual six questions.
        optional own_questions: Vec<InterviewQuestion> = QUESTIONS,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to what is known of a talk; it is moved by commands.
    InformationalInterviewPatch {
        /// Where they work.
        clear company_id: CompanyId = id::<CompanyId>(),
        /// The role that it is about.
        clear role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What the role is called there.
        clear role_title: String = ROLE_TITLE,
        /// What you want to know.
        clear purpose: String = PURPOSE,
        /// How you talk.
        clear channel: InterviewChannel = word::<InterviewChannel>(),
        /// For how many minutes.
        change duration_min: i64 = MINUTES,
        /// What you know of the person.
        clear research_interviewee: String = RESEARCH,
        /// What you know of the company.
        clear research_company: String = RESEARCH,
        /// What to ask in place of the usual six questions; an empty list brings these back.
        change own_questions: Vec<InterviewQuestion> = QUESTIONS,
        /// What they answered, in place of what was noted.
        change answers: Vec<InterviewAnswer> = ANSWERS,
        /// Until when they should hear from you: after the talk, once it was held.
        clear follow_up_due_at: DateTime<Utc> = Kind::Time,
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewInformationalInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn upsert(who: Caller, external: External, mut new: NewInformationalInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    let Some(id) = external.id else {
        new.external_refs.get_or_insert_default().push(external.reference());
        let row = add(&mut tx, new).await?;
        return tx.made(&row).await;
    };
    let was = tx.find_external::<Entity>(&external, id, Action::EditInformationalInterview).await?;
    if new.contact_id != was.contact_id {
        return Err(Error::field(
            Code::ContactImmutable,
            "/contactId",
            "Who is asked never changes: plan another talk.",
        ));
    }
    let patch = InformationalInterviewPatch {
        company_id: new.company_id.map_or(Patch::Keep, Patch::Set),
        role_profile_id: new.role_profile_id.map_or(Patch::Keep, Patch::Set),
        role_title: new.role_title.map_or(Patch::Keep, Patch::Set),
        purpose: new.purpose.map_or(Patch::Keep, Patch::Set),
        channel: new.channel.map_or(Patch::Keep, Patch::Set),
        duration_min: new.duration_min,
        research_interviewee: new.research_interviewee.map_or(Patch::Keep, Patch::Set),
        research_company: new.research_company.map_or(Patch::Keep, Patch::Set),
        own_questions: new.own_questions,
        answers: None,
        follow_up_due_at: Patch::Keep,
        owner_id: new.owner_id,
        external_refs: new.external_refs,
    };
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn add(tx: &mut Tx, new: NewInformationalInterview) -> Result<Model> {
    let owner = whose(tx, new.owner_id).await?.id;
    let contact = named(tx, new.contact_id, Some(owner), "/contactId").await?;
    let role = role_observation::is_known(tx, new.role_profile_id).await?;
    works_at(tx, new.company_id).await?;
    let refs = new.external_refs.clone();
    let row = drafted(tx, owner, &contact, role, new);
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, refs.as_deref()).await?;
    record(tx, "created", &row)?;
    Ok(row)
}

fn drafted(
    tx: &Tx,
    owner: UserId,
    contact: &contact::Model,
    role: Option<role_profile::Model>,
    new: NewInformationalInterview,
) -> Model {
    let title = new.role_title.or_else(|| contact.role.clone()).or(role.map(|role| role.title));
    Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: owner,
        contact_id: contact.id,
        company_id: new.company_id.or(contact.company_id),
        role_profile_id: new.role_profile_id,
        title_folded: title.as_deref().map(folded),
        role_title: title,
        purpose: new.purpose,
        state: InformationalInterviewState::Planned,
        requested_at: None,
        scheduled_at: None,
        duration_min: new.duration_min.unwrap_or(USUAL_MINUTES),
        channel: new.channel,
        held_at: None,
        research_interviewee: new.research_interviewee,
        research_company: new.research_company,
        own_questions: Json(new.own_questions.unwrap_or_default()),
        answers: Json(Vec::new()),
        reschedules: Json(Vec::new()),
        outcome: None,
        outcome_note: None,
        introduced_contact_id: None,
        follow_up_due_at: None,
        followed_up_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}

async fn update(
    who: Caller,
    target: Target<InformationalInterviewId>,
    patch: InformationalInterviewPatch,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInformationalInterview).await?;
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn revise(tx: &mut Tx, was: Model, patch: InformationalInterviewPatch) -> Result<Model> {
    stays_with(was.owner_id, patch.owner_id)?;
    let refs = patch.external_refs.clone();
    let next = patched(&was, patch)?;
    works_at(tx, next.company_id.filter(|_| next.company_id != was.company_id)).await?;
    role_observation::is_known(tx, next.role_profile_id.filter(|_| next.role_profile_id != was.role_profile_id))
        .await?;
    let after = tx
        .change::<Entity>(was, |row| {
            row.company_id.set_if_not_equals(next.company_id);
            row.role_profile_id.set_if_not_equals(next.role_profile_id);
            row.title_folded.set_if_not_equals(next.title_folded);
            row.role_title.set_if_not_equals(next.role_title);
            row.purpose.set_if_not_equals(next.purpose);
            row.channel.set_if_not_equals(next.channel);
            row.duration_min.set_if_not_equals(next.duration_min);
            row.research_interviewee.set_if_not_equals(next.research_interviewee);
            row.research_company.set_if_not_equals(next.research_company);
            row.own_questions.set_if_not_equals(next.own_questions);
            row.answers.set_if_not_equals(next.answers);
            row.follow_up_due_at.set_if_not_equals(next.follow_up_due_at);
        })
        .await?;
    let renamed = tx.refs(&after.row, refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

/// A talk as it is to be.
fn patched(was: &Model, patch: InformationalInterviewPatch) -> Result<Model> {
    let title = patch.role_title.over(was.role_title.clone());
    let due = match (patch.follow_up_due_at, was.held_at) {
        (Patch::Set(due), Some(held)) => Some(after_it(due, held, "/followUpDueAt")?),
        (due, _) => due.over(was.follow_up_due_at).map(clock::whole),
    };
    Ok(Model {
        company_id: patch.company_id.over(was.company_id),
        role_profile_id: patch.role_profile_id.over(was.role_profile_id),
        title_folded: title.as_deref().map(folded),
        role_title: title,
        purpose: patch.purpose.over(was.purpose.clone()),
        channel: patch.channel.over(was.channel),
        duration_min: patch.duration_min.unwrap_or(was.duration_min),
        research_interviewee: patch.research_interviewee.over(was.research_interviewee.clone()),
        research_company: patch.research_company.over(was.research_company.clone()),
        own_questions: Json(patch.own_questions.unwrap_or_else(|| was.own_questions.0.clone())),
        answers: Json(patch.answers.unwrap_or_else(|| was.answers.0.clone())),
        follow_up_due_at: due,
        ..was.clone()
    })
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    tx.record(what, row, json!({ "state": row.state, "contactId": row.contact_id }))
}
