//! The commands that move prior learning: asking for a review, reviewing, and what it turns out to be worth (§8).

use std::collections::HashSet;

use entity::{
    id::{CompetencyId, PriorLearningId},
    kind::{Declared as _, Kind, id},
    learning::{
        competency,
        competency_framework::{self, Scale},
        evidence::{EvidenceAction, EvidenceSource},
        prior_learning::{ActiveModel, Entity, Model},
    },
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};

use super::{
    super::{
        competency_framework::turn,
        evidence::{self, Proof},
        plan_item::on_scale,
        requirement::LEVEL,
        reviewer::is_the_reviewer,
        user_competency::standing,
    },
    COMMENT, linked,
    state::{self, Command},
};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::{Done, Nothing, Target},
};

const GIVEN: Kind = Kind::Object(GivenLevel::object);

object! {
    /// What it is worth in a competency.
    GivenLevel {
        /// One of its competencies.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// The level, a level of the framework's scale.
        required level: i64 = LEVEL,
    }
}

object! {
    /// What prior learning is worth.
    Acceptance {
        /// The level in each of its competencies; one that is left out is not rated.
        required levels: Vec<GivenLevel> = Kind::List { of: &GIVEN, min: 1, max: 50 },
    }
}

object! {
    /// Why prior learning is declined.
    Declination {
        /// Why, for whose it is.
        required comment: String = COMMENT,
    }
}

/// Moves prior learning by a command, with what else changes.
async fn step(
    tx: &Tx,
    target: &Target<PriorLearningId>,
    action: Action,
    command: Command,
    with: impl FnOnce(&mut ActiveModel),
) -> Result<(Model, Value)> {
    let prior = tx.find_at::<Entity>(target, action).await?;
    let (from, status) = (prior.status, state::after(prior.status, command)?);
    if matches!(command, Command::StopReview | Command::Decline) {
        is_the_reviewer(tx, prior.user_id, prior.reviewer_id, action).await?;
    }
    let after = tx
        .change::<Entity>(prior, |row| {
            row.status.set_if_not_equals(status);
            with(row);
        })
        .await?;
    Ok((after.row, json!({ "from": from, "to": status })))
}

/// The same, when that is all.
async fn go(
    who: Caller,
    target: Target<PriorLearningId>,
    action: Action,
    command: Command,
    what: &str,
    with: impl FnOnce(&mut ActiveModel),
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let (prior, data) = step(&tx, &target, action, command, with).await?;
    tx.record(what, &prior, data)?;
    tx.done(&prior).await
}

pub(super) async fn request_review(who: Caller, target: Target<PriorLearningId>, _: Nothing) -> Result<Done> {
    go(who, target, Action::SubmitPriorLearning, Command::RequestReview, "review_requested", |_| {}).await
}

pub(super) async fn cancel_review_request(who: Caller, target: Target<PriorLearningId>, _: Nothing) -> Result<Done> {
    let what = "review_request_cancelled";
    go(who, target, Action::SubmitPriorLearning, Command::CancelReviewRequest, what, |_| {}).await
}

pub(super) async fn start_review(who: Caller, target: Target<PriorLearningId>, _: Nothing) -> Result<Done> {
    let reviewer = who.person()?;
    go(who, target, Action::ReviewPriorLearning, Command::StartReview, "review_started", |row| {
        row.reviewer_id = Set(Some(reviewer));
    })
    .await
}

pub(super) async fn stop_review(who: Caller, target: Target<PriorLearningId>, _: Nothing) -> Result<Done> {
    go(who, target, Action::ReviewPriorLearning, Command::StopReview, "review_stopped", |row| {
        row.reviewer_id = Set(None);
    })
    .await
}

pub(super) async fn decline(who: Caller, target: Target<PriorLearningId>, why: Declination) -> Result<Done> {
    let mut tx = who.begin().await?;
    let now = tx.now;
    let (prior, data) = step(&tx, &target, Action::ReviewPriorLearning, Command::Decline, |row| {
        row.review_comment = Set(Some(why.comment));
        row.decided_at = Set(Some(now));
    })
    .await?;
    tx.record("declined", &prior, data)?;
    tx.done(&prior).await
}

pub(super) async fn reopen(who: Caller, target: Target<PriorLearningId>, _: Nothing) -> Result<Done> {
    // What it was worth stays evidence; the comment says what to do.
    go(who, target, Action::ReopenPriorLearning, Command::Reopen, "reopened", |row| {
        row.reviewer_id = Set(None);
        row.decided_at = Set(None);
    })
    .await
}

pub(super) async fn accept(who: Caller, target: Target<PriorLearningId>, worth: Acceptance) -> Result<Done> {
    let reviewer = who.person()?;
    let mut tx = who.begin().await?;
    let now = tx.now;
    let (prior, data) = step(&tx, &target, Action::AcceptPriorLearning, Command::Accept, |row| {
        row.reviewer_id = Set(Some(reviewer));
        row.review_comment = Set(None);
        row.decided_at = Set(Some(now));
    })
    .await?;
    let scales = scales(&tx, &prior, &worth.levels).await?;
    tx.record("accepted", &prior, data)?;
    standing::turn(&tx, prior.user_id).await?;
    for (given, scale) in worth.levels.iter().zip(scales) {
        let proof = Proof {
            user: prior.user_id,
            competency: given.competency_id,
            action: EvidenceAction::Rate,
            source: EvidenceSource::PriorLearning,
            level: Some(given.level),
            url: prior.url.clone(),
            note: Some(prior.title.clone()),
            occurred_at: now,
        };
        let rating = evidence::add(&mut tx, proof).await?;
        standing::rated(&mut tx, &rating, &scale, true).await?;
    }
    tx.done(&prior).await
}

/// The scales of the levels that are given, each of a competency that the prior learning names, and given once.
async fn scales(tx: &Tx, prior: &Model, levels: &[GivenLevel]) -> Result<Vec<Scale>> {
    let (named, mut seen) = (linked(tx, prior.id).await?, HashSet::new());
    for (place, given) in levels.iter().enumerate() {
        let pointer = format!("/levels/{place}/competencyId");
        if !named.contains(&given.competency_id) {
            return Err(Error::field(Code::ReferenceUnknown, &pointer, "It names no such competency."));
        }
        if !seen.insert(given.competency_id) {
            return Err(Error::field(Code::LevelAmbiguous, &pointer, "A competency is given one level."));
        }
    }
    let all = competency::Entity::find()
        .filter(competency::Column::Id.is_in(seen))
        .filter(competency::Column::DeletedAt.is_null())
        .all(&tx.db)
        .await?;
    let mut of: Vec<_> = all.iter().map(|one| one.framework_id).collect();
    of.sort_unstable();
    of.dedup();
    // Whoever changes a scale waits; everybody takes these turns in one order.
    for framework in &of {
        turn(tx, *framework).await?;
    }
    let frameworks = competency_framework::Entity::find()
        .filter(competency_framework::Column::Id.is_in(of))
        .filter(competency_framework::Column::DeletedAt.is_null())
        .all(&tx.db)
        .await?;
    let scale = |id: CompetencyId| {
        let framework = all.iter().find(|one| one.id == id)?.framework_id;
        frameworks.iter().find(|one| one.id == framework).map(|one| one.scale.0.clone())
    };
    let mut scales = Vec::with_capacity(levels.len());
    for (place, given) in levels.iter().enumerate() {
        let gone = || {
            let pointer = format!("/levels/{place}/competencyId");
            Error::field(Code::ReferenceUnknown, &pointer, "The competency was deleted since.")
        };
        let scale = scale(given.competency_id).ok_or_else(gone)?;
        on_scale(&scale, given.level, &format!("/levels/{place}/level"))?;
        scales.push(scale);
    }
    Ok(scales)
}
