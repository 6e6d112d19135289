//! What an interview that was not passed shows: what its owner rated low becomes needs to learn (§23, §29).

use entity::{
    id::{CompetencyId, InterviewId},
    jobs::{
        interview::{Entity, InterviewResult, Model},
        self_scorecard::{self, SelfRating},
    },
    learning::{competency, learning_need_source::NeedSource},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
    jobs::learnt,
    learning::learning_need::Raised,
    policy::Action,
    tx::{Changed, Tx},
    verb::{Done, Nothing, Target},
};

/// Up to which rating something is to be learnt.
const LOW: i64 = 2;

/// Lets the low ratings of an interview become needs.
pub(super) async fn raise_needs(who: Caller, target: Target<InterviewId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let interview = tx.find_at::<Entity>(&target, Action::EditInterview).await?;
    if interview.result != InterviewResult::NotPassed {
        let error = Error::new(Code::InterviewNotFailed, "Only an interview that was not passed shows what to learn.");
        return Err(error.with(json!({ "result": interview.result })));
    }
    let low = low_of(&tx, &interview).await?;
    if low.is_empty() {
        return Err(Error::new(Code::NothingRatedLow, "Nothing in the scorecard of this interview was rated low."));
    }
    // What is gone, or may not be seen, is not learnt.
    let found = tx.find_each::<competency::Entity>(low.iter().map(|one| one.0), Action::ViewCompetency).await?;
    let raised =
        low.iter().filter(|(competency, _)| found.get(*competency).is_ok()).map(|(competency, strength)| Raised {
            user: interview.owner_id,
            competency: *competency,
            source: NeedSource::InterviewResult,
            source_id: Some(interview.id.to_string()),
            strength: *strength,
            note: None,
        });
    let (needs, new) = learnt::raise(&mut tx, interview.owner_id, raised.collect()).await?;
    learnt::show(&tx, interview.application_id, &needs).await?;
    let ids: Vec<_> = needs.iter().map(|need| need.id).collect();
    // What it showed is beside the interview: it is told as a change of it all the same, once.
    let after = tx.beside::<Entity>(Changed { row: interview, changed: false }, new).await?;
    if after.changed {
        tx.record("needs_raised", &after.row, json!({ "applicationId": after.row.application_id, "needIds": ids }))?;
    }
    tx.done(&after.row).await
}

/// Suggests it, where an interview was not passed and there is something to learn.
pub(in crate::domain::jobs) async fn suggest(tx: &mut Tx, interview: &Model) -> Result<()> {
    if interview.result != InterviewResult::NotPassed {
        return Ok(());
    }
    let low = low_of(tx, interview).await?;
    if !low.is_empty() {
        let ids: Vec<CompetencyId> = low.iter().map(|one| one.0).collect();
        let details =
            json!({ "competencyIds": ids, "command": "raiseInterviewNeeds", "input": { "id": interview.id } });
        tx.warn_with("NEEDS_SUGGESTED", "What was rated low can become something to learn.", details);
    }
    Ok(())
}

/// What was rated low, with how strongly that shows a need.
async fn low_of(tx: &Tx, interview: &Model) -> Result<Vec<(CompetencyId, i64)>> {
    let card = self_scorecard::Entity::find()
        .filter(self_scorecard::Column::OrganizationId.eq(tx.who.organization))
        .filter(self_scorecard::Column::InterviewId.eq(interview.id))
        .filter(self_scorecard::Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    Ok(card.map(|card| low(&card.ratings.0)).unwrap_or_default())
}

/// The low ratings, with how strongly each shows a need.
fn low(ratings: &[SelfRating]) -> Vec<(CompetencyId, i64)> {
    let low = ratings.iter().filter(|one| one.rating <= LOW);
    low.map(|one| (one.competency_id, if one.rating == 1 { 80 } else { 60 })).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    #[test]
    fn what_was_rated_low_is_to_be_learnt() {
        let rated = |rating| SelfRating { competency_id: clock::new_id(), rating };
        let ratings: Vec<_> = (1..=5).map(rated).collect();
        let found = low(&ratings);
        assert_eq!(found, [(ratings[0].competency_id, 80), (ratings[1].competency_id, 60)]);
        assert!(low(&[]).is_empty());
    }
}
