//! Help requests: people and communities who are asked for help, and what came of it (§26).

pub mod balance;
pub(super) mod lapse;
pub mod state;

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    community::community,
    id::{ApplicationId, CommunityId, ContactId, HelpRequestId, UserId},
    jobs::help_request::{Column, Entity, HelpKind, HelpState, Model},
    kind::{Kind, Patch, id, int, prose, word},
    object,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, IntoActiveModel as _};
use serde_json::json;

use self::state::{Command, after, standing};
use super::{
    part::{self, Opening, upcoming},
    whose,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        community::contact::named,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, leaf},
    },
};

const QUESTION: Kind = prose(5000);
const ANSWER: Kind = prose(5000);
/// For how long help is hoped for, when nobody says.
const HOPED: TimeDelta = TimeDelta::days(14);

impl Row for Entity {
    const NAME: &'static str = "HelpRequest";
    type Id = HelpRequestId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<HelpRequestId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who asks; it never changes.").filter(),
        Column::ContactId => leaf(id::<ContactId>(), "Who is asked, when it is somebody.").filter(),
        Column::CommunityId => leaf(id::<CommunityId>(), "Where it is asked, when it is a community.").filter(),
        Column::ApplicationId => {
            leaf(id::<ApplicationId>(), "The application that it is about, when it is one.").filter()
        }
        Column::Kind => leaf(word::<HelpKind>(), "What is asked for.").filter(),
        Column::Question => leaf(QUESTION, "The question."),
        Column::State => leaf(word::<HelpState>(), "Where it stands; changed by commands and by the clock.").filter(),
        Column::Answer => leaf(ANSWER, "What they said; it stays when an answer is hoped for again."),
        Column::ExpiresAt => leaf(Kind::Time, "Until when it is hoped for; null for as long as it takes.").filter(),
        Column::AnsweredAt => leaf(Kind::Time, "When it was last answered, or declined."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was asked.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "HelpRequest",
        "A question to somebody whom one knows, or to a community (§26).",
        "hlp",
        Action::ViewHelpRequest,
        show,
    )
    .order("created_at", false)
    .computed(
        "open",
        Kind::Bool,
        "Whether an answer is still hoped for.",
        vec![Need::Column("state", Store::Text), Need::Column("expires_at", Store::Time)],
        |cells, seen| {
            Cell::Bool(cells[0].text() == Some("OPEN") && cells[1].time().is_none_or(|until| until > seen.now))
        },
    )
    .one("contact", "contact_id", "Contact", "Who is asked, for whoever may see the contact.")
    .one("community", "community_id", "Community", "Where it is asked, for whoever may see the community.")
    .one("application", "application_id", "Application", "The application that it is about.");
    let edit = Action::EditHelpRequest;
    let verbs = vec![
        Verb::create(Action::CreateHelpRequest, "Note that somebody, or a community, is asked for help.", create),
        Verb::on::<Entity, _, _, _>("update", edit, "Change what is asked, and until when.", update),
        Verb::on::<Entity, _, _, _>("answer", edit, "Note what they said: be it late.", answer),
        Verb::on::<Entity, _, _, _>("decline", edit, "Note that they could not help.", decline),
        Verb::on::<Entity, _, _, _>("reopen", edit, "Hope for an answer again.", reopen),
        Verb::delete::<Entity>(edit, "Delete a request; it can be restored."),
        Verb::restore::<Entity>(edit, "Bring a deleted request back."),
    ];
    Resource { shape, plural: "helpRequests", verbs }
}

object! {
    /// What to ask, and whom.
    NewHelpRequest {
        /// Who asks: yourself, unless it is somebody who let you search for them.
        optional owner_id: UserId = id::<UserId>(),
        /// Who is asked: one of your contacts; this or a community.
        optional contact_id: ContactId = id::<ContactId>(),
        /// Where it is asked: one of your communities.
        optional community_id: CommunityId = id::<CommunityId>(),
        /// The application that it is about.
        optional application_id: ApplicationId = id::<ApplicationId>(),
        /// What is asked for.
        required kind: HelpKind = word::<HelpKind>(),
        /// The question.
        required question: String = QUESTION,
        /// Until when you hope for an answer: in the future. Two weeks, unless it is said.
        optional expires_at: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// Changes to what is asked.
    HelpRequestPatch {
        /// The question.
        change question: String = QUESTION,
        /// Until when you hope for an answer: in the future, or for as long as it takes.
        clear expires_at: DateTime<Utc> = Kind::Time,
    }
}

object! {
    /// What they said.
    HelpAnswer {
        /// What.
        optional answer: String = ANSWER,
    }
}

object! {
    /// Until when to hope for an answer again.
    HelpReopened {
        /// In the future; two weeks, unless it is said.
        optional expires_at: DateTime<Utc> = Kind::Time,
    }
}

async fn create(who: Caller, new: NewHelpRequest) -> Result<Done> {
    let mut tx = who.begin().await?;
    let owner = whose(&tx, new.owner_id).await?.id;
    asked(&tx, owner, &new).await?;
    let expires = new.expires_at.map_or(Ok(tx.now + HOPED), |at| upcoming(tx.now, at, "/expiresAt"))?;
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: owner,
        contact_id: new.contact_id,
        community_id: new.community_id,
        application_id: new.application_id,
        kind: new.kind,
        question: new.question,
        state: HelpState::Open,
        answer: None,
        expires_at: Some(expires),
        answered_at: None,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    record(&mut tx, "created", &row)?;
    tx.made(&row).await
}

/// Whoever is asked is a contact or a community of whoever asks, and not both.
async fn asked(tx: &Tx, owner: UserId, new: &NewHelpRequest) -> Result<()> {
    match (new.contact_id, new.community_id) {
        (Some(contact), None) => _ = named(tx, contact, Some(owner), "/contactId").await?,
        (None, Some(community)) => {
            let community = tx.refer::<community::Entity>(community, "/communityId").await?;
            if community.owner_id != owner {
                return Err(Error::field(Code::ReferenceUnknown, "/communityId", "There is no such community."));
            }
        }
        _ => {
            let why = "Help is asked of a contact or of a community, not of both or neither.";
            return Err(Error::field(Code::HelperAmbiguous, "/contactId", why));
        }
    }
    let Some(application) = new.application_id else { return Ok(()) };
    if part::application(tx, application, Opening::Any).await?.owner_id != owner {
        return Err(Error::field(Code::ReferenceUnknown, "/applicationId", "There is no such application."));
    }
    Ok(())
}

async fn update(who: Caller, target: Target<HelpRequestId>, patch: HelpRequestPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditHelpRequest).await?;
    let expires = match patch.expires_at {
        Patch::Keep => was.expires_at,
        later => {
            after(standing(was.state, was.expires_at, tx.now), Command::Wait)?;
            later.over(None).map(|at| upcoming(tx.now, at, "/expiresAt")).transpose()?
        }
    };
    let question = patch.question.unwrap_or_else(|| was.question.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.question.set_if_not_equals(question);
            row.expires_at.set_if_not_equals(expires);
        })
        .await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

async fn answer(who: Caller, target: Target<HelpRequestId>, said: HelpAnswer) -> Result<Done> {
    step(who, target, Command::Answer, said.answer, None).await
}

async fn decline(who: Caller, target: Target<HelpRequestId>, _: Nothing) -> Result<Done> {
    step(who, target, Command::Decline, None, None).await
}

async fn reopen(who: Caller, target: Target<HelpRequestId>, asked: HelpReopened) -> Result<Done> {
    step(who, target, Command::Reopen, None, asked.expires_at).await
}

async fn step(
    who: Caller,
    target: Target<HelpRequestId>,
    command: Command,
    said: Option<String>,
    until: Option<DateTime<Utc>>,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditHelpRequest).await?;
    let to = after(standing(was.state, was.expires_at, tx.now), command)?;
    let now = tx.now;
    let expires = match command {
        Command::Reopen => Some(until.map_or(Ok(now + HOPED), |at| upcoming(now, at, "/expiresAt"))?),
        _ => was.expires_at,
    };
    let after = tx
        .change::<Entity>(was, |row| {
            row.state = Set(to);
            row.expires_at.set_if_not_equals(expires);
            // What they said before, stays said.
            if command != Command::Reopen {
                row.answered_at.set_if_not_equals(Some(now));
            }
            if said.is_some() {
                row.answer.set_if_not_equals(said);
            }
        })
        .await?;
    record(&mut tx, command.event(), &after.row)?;
    tx.done(&after.row).await
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    let data = json!({
        "kind": row.kind, "contactId": row.contact_id, "communityId": row.community_id,
        "applicationId": row.application_id, "state": row.state,
    });
    tx.record(what, row, data)
}
