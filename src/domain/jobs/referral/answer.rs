//! What comes of asking somebody to speak for one's application, and the consent of whoever is asked (§22).

use entity::{
    id::ReferralId,
    jobs::{
        application::{self, ApplicationChannel},
        referral::{Entity, Model},
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use super::{
    ask::hoped_until,
    record,
    state::{self, Command, standing},
    subject::goes_on,
};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    jobs::{
        application::{set_channel, touch},
        job_posting as postings,
    },
    platform::membership,
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

pub(super) async fn accept(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    answer(who, target, Command::Accept).await
}

pub(super) async fn submit(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    answer(who, target, Command::Submit).await
}

pub(super) async fn decline(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    answer(who, target, Command::Decline).await
}

/// What came of asking: told by whoever asked, or by whom they asked.
async fn answer(who: Caller, target: Target<ReferralId>, command: Command) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::AnswerReferral).await?;
    // Whoever is asked and is here speaks for themself; that it was submitted is seen by both.
    if command != Command::Submit
        && let Some(referrer) = was.referrer_user_id.filter(|referrer| tx.who.user() != Some(*referrer))
        && membership::is_here(&tx, referrer).await?
    {
        return Err(Error::new(Code::ReferrerAnswers, "Whoever is asked is a user here: they answer themself."));
    }
    let speaks = matches!(command, Command::Accept | Command::Submit);
    if speaks {
        postings::hold(&tx, was.posting_id).await?;
        goes_on(&tx, &was).await?;
    }
    let row = go(&mut tx, was, command).await?;
    if speaks {
        came_by(&mut tx, &row).await?;
    }
    tx.done(&row).await
}

/// Moves a referral on, and records it.
async fn go(tx: &mut Tx, was: Model, command: Command) -> Result<Model> {
    let to = state::after(standing(was.state, was.expires_at, tx.now), command)?;
    let (now, until, hoped) = (tx.now, hoped_until(tx), was.expires_at);
    let after = tx
        .change::<Entity>(was, |row| {
            row.state = Set(to);
            match command {
                Command::Accept => {
                    row.answered_at = Set(Some(now));
                    row.expires_at = Set(until.max(hoped));
                }
                Command::Decline => row.answered_at = Set(Some(now)),
                Command::Submit => row.submitted_at = Set(Some(now)),
                Command::Expire | Command::Withdraw => {}
            }
        })
        .await?;
    record(tx, command.event(), &after.row)?;
    Ok(after.row)
}

/// The open application for the posting came about by this referral. It is its owner's, whoever says so.
async fn came_by(tx: &mut Tx, referral: &Model) -> Result<()> {
    let mut found = application::Entity::find()
        .filter(application::Column::OrganizationId.eq(tx.who.organization))
        .filter(application::Column::PostingId.eq(referral.posting_id))
        .filter(application::Column::OwnerId.eq(referral.owner_id))
        .filter(application::Column::Outcome.is_null())
        .filter(application::Column::DeletedAt.is_null())
        .order_by_asc(application::Column::Id);
    if let Some(id) = referral.application_id {
        found = found.filter(application::Column::Id.eq(id));
    }
    for application in found.limit(10).all(&tx.db).await? {
        let application = set_channel(tx, &application, ApplicationChannel::Referral).await?;
        touch(tx, &application, tx.now).await?;
    }
    Ok(())
}

pub(super) async fn consent(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ConsentToReferral).await?;
    let since = was.consented_at.unwrap_or(tx.now);
    let after = tx.change::<Entity>(was, |row| row.consented_at.set_if_not_equals(Some(since))).await?;
    if after.changed {
        record(&mut tx, "consented", &after.row)?;
    }
    tx.done(&after.row).await
}

/// What was agreed to can be taken back, however the referral stands.
pub(super) async fn withdraw_consent(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ConsentToReferral).await?;
    let after = tx.change::<Entity>(was, |row| row.consented_at.set_if_not_equals(None)).await?;
    if after.changed {
        record(&mut tx, "consent_withdrawn", &after.row)?;
    }
    tx.done(&after.row).await
}

pub(super) async fn withdraw(who: Caller, target: Target<ReferralId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditReferral).await?;
    let row = go(&mut tx, was, Command::Withdraw).await?;
    tx.done(&row).await
}
