//! Recording evidence: who may say what of whom, and what follows for the standing (§8).

use entity::{
    id::UserId,
    learning::evidence::{EvidenceAction, EvidenceSource},
    platform::user,
};

use super::{
    super::{
        plan_item::{on_scale, scale_of},
        user_competency::standing,
    },
    NewEvidence, Proof, add,
};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    policy::Action,
    tx::Tx,
    verb::Done,
};

pub(super) async fn record(who: Caller, new: NewEvidence) -> Result<Done> {
    let mut tx = who.begin().await?;
    has_its_level(new.action, new.level)?;
    let (user, by) = recorder(&tx, new.user_id, new.action).await?;
    may_name(by, new.source)?;
    let occurred_at = match new.occurred_at {
        Some(at) => clock::past(tx.now, at, "/occurredAt")?,
        None => tx.now,
    };
    let scale = scale_of(&tx, new.competency_id, "/competencyId").await?;
    let level = new.level.map(|level| on_scale(&scale, level, "/level")).transpose()?;
    let proof = Proof {
        user,
        competency: new.competency_id,
        action: new.action,
        source: new.source,
        level,
        url: new.url,
        note: new.note,
        occurred_at,
    };
    if !moves(new.action) {
        let row = add(&mut tx, proof).await?;
        return tx.made(&row).await;
    }
    standing::turn(&tx, user).await?;
    let row = add(&mut tx, proof).await?;
    standing::rated(&mut tx, &row, &scale, by == By::Reviewer).await?;
    tx.made(&row).await
}

/// Whether an action moves levels.
const fn moves(action: EvidenceAction) -> bool {
    matches!(action, EvidenceAction::Rate | EvidenceAction::Override)
}

/// That something happened says nothing of a level; everything else says one.
fn has_its_level(action: EvidenceAction, level: Option<i64>) -> Result<()> {
    match (action, level) {
        (EvidenceAction::Log, Some(_)) => {
            Err(Error::field(Code::EvidenceLevelForbidden, "/level", "What is only logged says nothing of a level."))
        }
        (EvidenceAction::Suggest | EvidenceAction::Rate | EvidenceAction::Override, None) => {
            Err(Error::field(Code::EvidenceLevelRequired, "/level", "Say which level."))
        }
        _ => Ok(()),
    }
}

/// Who records evidence, seen from whose it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// A machine, for the organization.
    Machine,
    /// The person themself.
    Themself,
    /// A coach whom they asked to review.
    Reviewer,
    /// Somebody else who may write for them.
    Helper,
}

/// The person whose evidence it is, and as what the caller records it, when they may.
async fn recorder(tx: &Tx, wanted: Option<UserId>, action: EvidenceAction) -> Result<(UserId, By)> {
    let wanted = wanted
        .or(tx.who.user())
        .ok_or_else(|| Error::field(Code::OwnerRequired, "/userId", "A machine names whose evidence it is."))?;
    let needed = match action {
        EvidenceAction::Log | EvidenceAction::Suggest => Action::RecordEvidence,
        EvidenceAction::Rate => Action::RateEvidence,
        EvidenceAction::Override => Action::OverrideEvidence,
    };
    let person = match tx.find::<user::Entity>(wanted, needed).await {
        Err(error) if error.code() == Code::NotFound => {
            return Err(Error::field(Code::ReferenceUnknown, "/userId", "There is no such person."));
        }
        other => other?.id,
    };
    let by = if tx.who.is_machine() {
        By::Machine
    } else if tx.who.user() == Some(person) {
        By::Themself
    } else if moves(action) || may_rate(tx, person).await? {
        By::Reviewer
    } else {
        By::Helper
    };
    Ok((person, by))
}

/// Whether the caller might rate somebody, whom they may write for.
async fn may_rate(tx: &Tx, person: UserId) -> Result<bool> {
    match tx.find::<user::Entity>(person, Action::RateEvidence).await {
        Err(error) if error.code() == Code::Forbidden => Ok(false),
        other => other.map(|_| true),
    }
}

/// Whether a source is the caller's to name. What somebody learnt before is filed, and becomes evidence when a coach
/// accepts it; what a course says comes from where the course is.
fn may_name(by: By, source: EvidenceSource) -> Result<()> {
    let allowed = match source {
        EvidenceSource::SelfReport => by == By::Themself,
        EvidenceSource::Review => by == By::Reviewer,
        EvidenceSource::CourseCompletion | EvidenceSource::PriorLearning => by == By::Machine,
        EvidenceSource::Project | EvidenceSource::Portfolio | EvidenceSource::Interview => true,
    };
    if allowed {
        return Ok(());
    }
    Err(Error::field(Code::EvidenceSourceForbidden, "/source", "This source is not yours to name."))
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::vocabulary::Vocabulary as _;

    #[test]
    fn a_level_goes_with_what_moves_or_suggests_one() {
        let said = |action, level| has_its_level(action, level).map_err(|error| error.code().as_str());
        for action in EvidenceAction::ALL {
            let logs = *action == EvidenceAction::Log;
            assert_eq!(said(*action, None), if logs { Ok(()) } else { Err("EVIDENCE_LEVEL_REQUIRED") });
            assert_eq!(said(*action, Some(1)), if logs { Err("EVIDENCE_LEVEL_FORBIDDEN") } else { Ok(()) });
        }
    }

    #[test]
    fn who_may_name_which_source() {
        let all = [By::Machine, By::Themself, By::Reviewer, By::Helper];
        let table: Vec<String> = EvidenceSource::ALL
            .iter()
            .map(|source| {
                let who: Vec<String> =
                    all.iter().filter(|by| may_name(**by, *source).is_ok()).map(|by| format!("{by:?}")).collect();
                format!("{source}: {}", who.join(", "))
            })
            .collect();
        insta::assert_snapshot!(table.join("\n"), @r"
        COURSE_COMPLETION: Machine
        PROJECT: Machine, Themself, Reviewer, Helper
        PORTFOLIO: Machine, Themself, Reviewer, Helper
        REVIEW: Reviewer
        SELF: Themself
        INTERVIEW: Machine, Themself, Reviewer, Helper
        PRIOR_LEARNING: Machine
        ");
    }
}
