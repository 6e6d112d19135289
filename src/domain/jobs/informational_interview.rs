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
    kind::{Declared as _, Kind, id, int, line, list, prose, word},
    learning::role_profile,
    object,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::json;

pub(super) use conclude::learn_first;
pub use show::resource;

use super::{role_titles::folded, stays_with, whose};
use crate::domain::{
    caller::Caller,
    clock,
    community::contact::named,
    error::Result,
    external::{self, ExternalRef},
    policy::Action,
    tx::Tx,
    verb::{Done, Row, Target},
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
        /// What you know of the person.
        clear research_interviewee: String = RESEARCH,
        /// What you know of the company.
        clear research_company: String = RESEARCH,
        /// What to ask in place of the usual six questions; an empty list brings these back.
        change own_questions: Vec<InterviewQuestion> = QUESTIONS,
        /// What they answered, in place of what was noted.
        change answers: Vec<InterviewAnswer> = ANSWERS,
        /// Until when they should hear from you.
        clear follow_up_due_at: DateTime<Utc> = Kind::Time,
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewInformationalInterview) -> Result<Done> {
    let mut tx = who.begin().await?;
    let owner = whose(&tx, new.owner_id).await?.id;
    let contact = named(&tx, new.contact_id, Some(owner), "/contactId").await?;
    let role = about(&tx, new.role_profile_id).await?;
    works_at(&tx, new.company_id).await?;
    let refs = new.external_refs.clone();
    let row = drafted(&tx, owner, &contact, role, new);
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, refs.as_deref()).await?;
    record(&mut tx, "created", &row)?;
    tx.made(&row).await
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

/// The role that it is about, when it is a known one.
async fn about(tx: &Tx, role: Option<RoleProfileId>) -> Result<Option<role_profile::Model>> {
    match role {
        Some(role) => tx.refer::<role_profile::Entity>(role, "/roleProfileId").await.map(Some),
        None => Ok(None),
    }
}

async fn works_at(tx: &Tx, company: Option<CompanyId>) -> Result<()> {
    if let Some(company) = company {
        tx.refer::<entity::community::company::Entity>(company, "/companyId").await?;
    }
    Ok(())
}

async fn update(
    who: Caller,
    target: Target<InformationalInterviewId>,
    patch: InformationalInterviewPatch,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditInformationalInterview).await?;
    stays_with(was.owner_id, patch.owner_id)?;
    let company = patch.company_id.over(was.company_id);
    works_at(&tx, company.filter(|_| company != was.company_id)).await?;
    let role = patch.role_profile_id.over(was.role_profile_id);
    about(&tx, role.filter(|_| role != was.role_profile_id)).await?;
    let title = patch.role_title.over(was.role_title.clone());
    let next = Model {
        company_id: company,
        role_profile_id: role,
        title_folded: title.as_deref().map(folded),
        role_title: title,
        purpose: patch.purpose.over(was.purpose.clone()),
        channel: patch.channel.over(was.channel),
        research_interviewee: patch.research_interviewee.over(was.research_interviewee.clone()),
        research_company: patch.research_company.over(was.research_company.clone()),
        own_questions: Json(patch.own_questions.unwrap_or_else(|| was.own_questions.0.clone())),
        answers: Json(patch.answers.unwrap_or_else(|| was.answers.0.clone())),
        follow_up_due_at: patch.follow_up_due_at.over(was.follow_up_due_at).map(clock::whole),
        ..was.clone()
    };
    let after = tx
        .change::<Entity>(was, |row| {
            row.company_id.set_if_not_equals(next.company_id);
            row.role_profile_id.set_if_not_equals(next.role_profile_id);
            row.title_folded.set_if_not_equals(next.title_folded);
            row.role_title.set_if_not_equals(next.role_title);
            row.purpose.set_if_not_equals(next.purpose);
            row.channel.set_if_not_equals(next.channel);
            row.research_interviewee.set_if_not_equals(next.research_interviewee);
            row.research_company.set_if_not_equals(next.research_company);
            row.own_questions.set_if_not_equals(next.own_questions);
            row.answers.set_if_not_equals(next.answers);
            row.follow_up_due_at.set_if_not_equals(next.follow_up_due_at);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    tx.record(what, row, json!({ "state": row.state, "contactId": row.contact_id }))
}
