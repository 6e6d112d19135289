//! What came of an informational interview, and what follows from it.

use std::collections::BTreeMap;

use entity::{
    id::{ApplicationId, CompetencyId, ContactId, InformationalInterviewId, JobPostingId},
    jobs::{
        finding,
        informational_interview::{InformationalInterviewOutcome as Outcome, Model},
    },
    kind::{Kind, id, prose, word},
    learning::{competency, learning_need::Model as Need, learning_need_source::NeedSource},
    object,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use super::{commands::Step, offered, state::Command};
use crate::domain::{
    caller::Caller,
    community::contact::named,
    error::{Code, Error, Result},
    learning::learning_need::{Raised, raise_all},
    policy::Action,
    tx::Tx,
    verb::{Done, Target},
};

pub(super) const OUTCOME_NOTE: Kind = prose(2000);
/// How strongly a finding shows a need for each point of its weight.
const STRENGTH: i64 = 20;

object! {
    /// What came of a talk.
    ConcludedTalk {
        /// What.
        required outcome: Outcome = word::<Outcome>(),
        /// What is to be said of that.
        optional note: String = OUTCOME_NOTE,
        /// To whom they introduced you: a contact of yours. Of `INTRODUCED_TO`, and of nothing else.
        optional introduced_contact_id: ContactId = id::<ContactId>(),
        /// For which application they would refer you: one that is open. Of `REFERRAL_OFFERED`, and of nothing else; without it and
        /// `postingId`, the only one at their company.
        optional application_id: ApplicationId = id::<ApplicationId>(),
        /// For which posting, when you have not applied yet.
        optional posting_id: JobPostingId = id::<JobPostingId>(),
    }
}

pub(super) async fn conclude(
    who: Caller,
    target: Target<InformationalInterviewId>,
    said: ConcludedTalk,
) -> Result<Done> {
    let step = Step::begin(&who, &target, Command::Conclude).await?;
    introduced(&step.tx, &step.was, &said).await?;
    if said.outcome != Outcome::ReferralOffered && (said.application_id.is_some() || said.posting_id.is_some()) {
        let pointer = if said.application_id.is_some() { "/applicationId" } else { "/postingId" };
        let why = "Only REFERRAL_OFFERED names an opening.";
        return Err(Error::field(Code::ReferralSubjectAmbiguous, pointer, why));
    }
    let learnt = step.was.outcome == Some(Outcome::LearnFirst) && said.outcome != Outcome::LearnFirst;
    let (mut tx, row) = step
        .take(|row| {
            row.outcome.set_if_not_equals(Some(said.outcome));
            row.outcome_note.set_if_not_equals(said.note);
            row.introduced_contact_id.set_if_not_equals(said.introduced_contact_id);
        })
        .await?;
    if learnt && !asked_for(&tx, &row).await?.is_empty() {
        tx.warn("NEEDS_STAY_OPEN", "What this talk said to learn first stays to be learnt: dismiss what is not.");
    }
    match said.outcome {
        Outcome::LearnFirst => learn_first(&mut tx, &row).await?,
        Outcome::ReferralOffered => offered::open(&mut tx, &row, (said.application_id, said.posting_id)).await?,
        Outcome::Apply | Outcome::NotForMe | Outcome::IntroducedTo => {}
    }
    tx.done(&row).await
}

/// Whoever was introduced to somebody says to whom; nobody else does.
async fn introduced(tx: &Tx, talk: &Model, said: &ConcludedTalk) -> Result<()> {
    let pointer = "/introducedContactId";
    match (said.outcome == Outcome::IntroducedTo, said.introduced_contact_id) {
        (true, Some(contact)) if contact != talk.contact_id => {
            named(tx, contact, Some(talk.owner_id), pointer).await.map(drop)
        }
        (true, _) => {
            let why = "Name the contact to whom they introduced you, another than themself.";
            Err(Error::field(Code::IntroductionContactRequired, pointer, why))
        }
        (false, Some(_)) => {
            Err(Error::field(Code::IntroductionContactForbidden, pointer, "Only INTRODUCED_TO names a contact."))
        }
        (false, None) => Ok(()),
    }
}

/// Raises a need for each competency that the findings of a talk ask for, and says which: they can be planned from there.
pub(in crate::domain::jobs) async fn learn_first(tx: &mut Tx, talk: &Model) -> Result<()> {
    let raised = asked_for(tx, talk).await?;
    if raised.is_empty() {
        let message = "No finding of the talk names a competency: note what to learn, and needs are raised.";
        tx.warn("NOTHING_NAMED_TO_LEARN", message);
        return Ok(());
    }
    // What somebody needs to learn is opened by a scope of its own.
    if tx.who.has_scope_for(Action::RaiseLearningNeed).is_err() {
        tx.warn("NEEDS_NOT_RAISED", "The token may not say what somebody needs to learn.");
        return Ok(());
    }
    match tx.find::<entity::platform::user::Entity>(talk.owner_id, Action::RaiseLearningNeed).await {
        Ok(_) => {}
        Err(error) if matches!(error.code(), Code::NotFound | Code::Forbidden) => {
            tx.warn("NEEDS_NOT_RAISED", "What they need to learn is not yours to say.");
            return Ok(());
        }
        Err(error) => return Err(error),
    }
    let needs: Vec<Need> = raise_all(tx, talk.owner_id, &raised).await?;
    let ids: Vec<_> = needs.iter().map(|need| need.id).collect();
    let message = "Now it is known what to learn. The needs can be planned.";
    tx.warn_with("NEEDS_RAISED", message, json!({ "needIds": ids, "command": "planNeeds" }));
    Ok(())
}

/// What the findings of a talk ask for, each competency once: the stronger the more they weigh.
async fn asked_for(tx: &Tx, talk: &Model) -> Result<Vec<Raised>> {
    let findings = finding::Entity::find()
        .filter(finding::Column::OrganizationId.eq(tx.who.organization))
        .filter(finding::Column::InterviewId.eq(talk.id))
        .filter(finding::Column::CompetencyId.is_not_null())
        .filter(finding::Column::DeletedAt.is_null())
        .order_by_asc(finding::Column::CreatedAt)
        .order_by_asc(finding::Column::Id)
        .all(&tx.db)
        .await?;
    let mut by_competency: BTreeMap<CompetencyId, i64> = BTreeMap::new();
    for finding in findings {
        let Some(competency) = finding.competency_id else { continue };
        *by_competency.entry(competency).or_default() += finding.weight;
    }
    let known = living(tx, by_competency.keys().copied()).await?;
    let raised = by_competency.into_iter().filter(|(competency, _)| known.contains(competency));
    Ok(raised
        .map(|(competency, weight)| Raised {
            user: talk.owner_id,
            competency,
            source: NeedSource::InfoInterview,
            source_id: Some(talk.id.to_string()),
            strength: strength(weight),
            // What was said stays with the talk.
            note: None,
        })
        .collect())
}

/// Those that are still there.
async fn living(tx: &Tx, all: impl Iterator<Item = CompetencyId>) -> Result<Vec<CompetencyId>> {
    let found = competency::Entity::find()
        .filter(competency::Column::Id.is_in(all))
        .filter(competency::Column::DeletedAt.is_null());
    Ok(found.all(&tx.db).await?.into_iter().map(|row| row.id).collect())
}

/// How strongly a talk shows a need: the more, the more its findings weigh.
pub(in crate::domain::jobs) fn strength(weight: i64) -> i64 {
    (weight * STRENGTH).clamp(1, 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_weighs_more_shows_more() {
        assert_eq!([1, 3, 5, 9].map(strength), [20, 60, 100, 100]);
    }
}
