//! Referrals: somebody who works there is asked to speak for one's application (§22).
//!
//! Whoever is asked may be a user of the organization, too: then they see what is asked of them, answer themself, and how
//! they are reached is shown to whoever asked only once they agreed to that.

mod answer;
pub(super) mod ask;
pub(super) mod lapse;
pub mod state;
pub(super) mod subject;

use entity::{
    id::{ApplicationId, ContactId, JobPostingId, ReferralId, UserId},
    jobs::referral::{Column, Entity, Model, ReferralState},
    kind::{Form, Kind, id, int, line, prose, text, word},
};
use serde_json::json;

use crate::{
    domain::{
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Resource, Row, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, Veil, Veiled, leaf},
    },
};

/// Whom somebody knows is opened by a scope of its own: whoever may see the contact finds the name there.
const CALLED: Veil = Veil { person: ("owner_id", Store::Uuid), of: Veiled::Are(&[]), instead: Some("somebody") };
const NOTE: Kind = prose(2000);
const NAME: Kind = line(1, 200);
const SUBJECT: Kind = line(1, 500);
const EMAIL: Kind = text(Form::Email, 3, 254);

impl Row for Entity {
    const NAME: &'static str = "Referral";
    type Id = ReferralId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ReferralId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who asks for it.").filter(),
        Column::PostingId => leaf(id::<JobPostingId>(), "The opening that it is for.").filter(),
        Column::ApplicationId => leaf(id::<ApplicationId>(), "The application, when there was one.").filter(),
        Column::Subject => leaf(SUBJECT, "What it is for, as it was when it was asked: the referrer reads it."),
        Column::ReferrerContactId => leaf(id::<ContactId>(), "Who is asked.").filter(),
        Column::ReferrerName => {
            leaf(NAME, "What they were called, for whoever asks; it stays when the contact is gone. Others see the contact, or do not.")
                .veiled(CALLED)
        }
        Column::ReferrerUserId => {
            leaf(id::<UserId>(), "Who they are here, when they are a user of the organization.").filter()
        }
        Column::ConsentedAt => leaf(Kind::Time, "When they agreed that whoever asks may know how to reach them."),
        Column::State => {
            leaf(word::<ReferralState>(), "Where it stands; changed by commands and by the clock.").filter()
        }
        Column::Note => leaf(NOTE, "What is asked of them, in the words of whoever asks."),
        Column::ExpiresAt => leaf(Kind::Time, "Until when it is hoped for.").filter().sort(),
        Column::AnsweredAt => leaf(Kind::Time, "When they answered."),
        Column::SubmittedAt => leaf(Kind::Time, "When they did it."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was asked.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// How whoever is asked is reached, once they agreed to that.
const REACHED: Need = Need::aggregate(
    "(SELECT u.email FROM \"user\" u WHERE u.id = {t}.referrer_user_id AND {t}.consented_at IS NOT NULL \
     AND u.deleted_at IS NULL)",
    Store::Text,
);

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Referral",
        "Somebody who is known was asked to speak for an application (§22).",
        "rfl",
        Action::ViewReferral,
        show,
    )
    .order("created_at", false)
    .computed(
        "open",
        Kind::Bool,
        "Whether it is still hoped for: it was not submitted, has not ended, and its time has not passed.",
        vec![Need::Column("state", Store::Text), Need::Column("expires_at", Store::Time)],
        |cells, seen| {
            let waits = matches!(cells[0].text(), Some("REQUESTED" | "ACCEPTED"));
            Cell::Bool(waits && cells[1].time().is_some_and(|until| until > seen.now))
        },
    )
    .computed(
        "referrerEmail",
        EMAIL,
        "How a referrer who is a user of the organization is reached; null until they agree to that, and to everybody but them and \
         whoever asks.",
        vec![REACHED, Need::Column("owner_id", Store::Uuid), Need::Column("referrer_user_id", Store::Uuid)],
        |cells, seen| {
            let me = seen.user.map(|id| Cell::Uuid(id.0));
            // They agreed that whoever asks may know it, and nobody else.
            if me.is_some_and(|me| cells[1..].contains(&me)) { cells[0].clone() } else { Cell::Null }
        },
    )
    .nullable()
    .external_refs()
    .one("posting", "posting_id", "JobPosting", "The opening, for whoever may see it.")
    .one("application", "application_id", "Application", "The application, for whoever may see it.")
    .one("referrer", "referrer_contact_id", "Contact", "Who is asked, for whoever may see the contact.");
    Resource { shape, plural: "referrals", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{AnswerReferral, ConsentToReferral, EditReferral, RequestReferral};
    vec![
        Verb::on_collection(
            "request",
            RequestReferral,
            "Ask somebody whom one knows to speak for an application, or for one that is to come.",
            ask::request,
        ),
        Verb::on::<Entity, _, _, _>("update", EditReferral, "Change what is asked, and until when.", ask::update),
        Verb::on::<Entity, _, _, _>(
            "accept",
            AnswerReferral,
            "Note that they will: the application comes about by referral, and they have as many days again to do it. Of a referrer who is a user here, only they themself say so.",
            answer::accept,
        ),
        Verb::on::<Entity, _, _, _>("submit", AnswerReferral, "Note that they did it.", answer::submit),
        Verb::on::<Entity, _, _, _>("decline", AnswerReferral, "Note that they would rather not.", answer::decline),
        Verb::on::<Entity, _, _, _>(
            "consent",
            ConsentToReferral,
            "Let whoever asks know how to reach oneself: for referrers who are users of the organization.",
            answer::consent,
        ),
        Verb::on::<Entity, _, _, _>(
            "withdrawConsent",
            ConsentToReferral,
            "Take that back: how to reach oneself is not shown from then on.",
            answer::withdraw_consent,
        ),
        Verb::on::<Entity, _, _, _>("withdraw", EditReferral, "Take the question back.", answer::withdraw),
        Verb::delete::<Entity>(EditReferral, "Delete a referral; it can be restored."),
        Verb::on::<Entity, _, _, _>("restore", EditReferral, "Bring a deleted referral back.", ask::restore),
    ]
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    let data = json!({
        "postingId": row.posting_id, "applicationId": row.application_id, "referrerContactId": row.referrer_contact_id,
        "state": row.state,
    });
    tx.record(what, row, data)
}
