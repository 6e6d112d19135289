//! Learning needs: the loop from projects, interviews and goals back to learning (§29).
//!
//! A person has one need for a competency, however many things show it: its strength is the sum of theirs, at most 100,
//! so that several weak signs make a strong one. Whatever finds a need calls [`raise`]; whatever finds somebody
//! proficient calls [`door::meet`]; whatever takes an item out of a plan calls [`unplanned`].

mod door;
mod held;
mod plan;
mod role;
mod state;

use entity::{
    id::{CareerGoalId, CompetencyId, LearningNeedId, PlanItemId, UserId},
    kind::{Kind, id, int, word},
    learning::{
        career_goal,
        learning_need::{Column, Entity, Model, NeedState},
        learning_need_source::NeedSource,
    },
    object,
    platform::user,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

pub(in crate::domain) use door::{Raised, meet, raise, raise_all};
pub(super) use plan::unplanned;
pub(in crate::domain) use role::raise_from_role;

use super::{
    learning_need_source::{NOTE, SOURCE_ID, STRENGTH},
    skill_gap,
};
use crate::{
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
        jobs::{skill_demand::raise_from_interviews, themes},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// How strongly a need is shown when nobody says.
const USUAL: i64 = 50;

impl Row for Entity {
    const NAME: &'static str = "LearningNeed";
    type Id = LearningNeedId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<LearningNeedId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who needs to learn.").filter(),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "What.").filter(),
        Column::Strength => leaf(STRENGTH, "How much: its sources' strengths together, at most 100.").filter().sort(),
        Column::State => leaf(word::<NeedState>(), "Where it stands.").filter(),
        Column::PlanItemId => leaf(id::<PlanItemId>(), "The item that stands, or stood, for it.").filter(),
        Column::OpenedAt => leaf(Kind::Time, "When it was opened, the last time."),
        Column::MetAt => leaf(Kind::Time, "When it was met, while it is."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "LearningNeed",
        "Something that a person needs to learn, whatever showed it (§29).",
        "ned",
        Action::ViewLearningNeed,
        show,
    )
    .order("created_at", false)
    .one("user", "user_id", "User", "Who needs to learn.")
    .one("competency", "competency_id", "Competency", "What.")
    .one("planItem", "plan_item_id", "PlanItem", "The item that stands, or stood, for it.")
    .many("sources", "need_id", "LearningNeedSource", "What showed it, of what the caller may know.");
    Resource { shape, plural: "learningNeeds", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{EditLearningNeed, RaiseLearningNeed};
    vec![
        Verb::on_collection(
            "raise",
            RaiseLearningNeed,
            "Say that somebody needs to learn something. The same source again changes nothing; another joins the need that is there.",
            raise_one,
        ),
        Verb::on_collection(
            "raiseFromGoal",
            RaiseLearningNeed,
            "Raise a need for each requirement of a goal that is not met yet, the stronger the wider the gap: 100 for one as wide as the scale.",
            raise_from_goal,
        )
        .many(),
        Verb::on_collection(
            "raiseFromRejections",
            RaiseLearningNeed,
            "Raise a need for each competency that feedback on the applications of a job search names as something to learn, the stronger the more often, and the further these had come.",
            themes::raise,
        )
        .many(),
        Verb::on_collection(
            "raiseFromInterviews",
            RaiseLearningNeed,
            "Raise a need for each skill that informational interviews about a role name, the stronger the more of them name it; with a goal, it needs them from then on.",
            raise_from_interviews,
        )
        .many(),
        Verb::on_collection(
            "plan",
            EditLearningNeed,
            "Plan needs: each gets an item of the plan, or the one that is there already.",
            plan::plan,
        )
        .called("planNeeds")
        .many(),
        Verb::on::<Entity, _, _, _>(
            "dismiss",
            EditLearningNeed,
            "Put a need away; another source opens it again.",
            dismiss,
        ),
        Verb::on::<Entity, _, _, _>("reopen", EditLearningNeed, "Open a need again.", reopen),
    ]
}

object! {
    /// Something that somebody needs to learn.
    NewLearningNeed {
        /// What.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// What showed it. People name `CURIOSITY` and `GOAL_GAP` for themselves, `REVIEWER` for others; integrations any.
        required source: NeedSource = word::<NeedSource>(),
        /// Which thing showed it: the goal, the obstacle, the interview.
        optional source_id: String = SOURCE_ID,
        /// How strongly; without it, 50.
        optional strength: i64 = STRENGTH,
        /// A note.
        optional note: String = NOTE,
        /// Who needs to learn: yourself, unless it is somebody who let you say so.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// The goal whose gaps become needs.
    NeedsOfGoal {
        /// The goal.
        required goal_id: CareerGoalId = id::<CareerGoalId>(),
    }
}

async fn raise_one(who: Caller, new: NewLearningNeed) -> Result<Done> {
    let mut tx = who.begin().await?;
    let wanted = new.user_id.or(tx.who.user());
    let wanted =
        wanted.ok_or_else(|| Error::field(Code::OwnerRequired, "/userId", "A machine names who needs to learn."))?;
    let person = person(&tx, wanted, "/userId").await?;
    may_name(&tx.who, person.id, new.source, "/source")?;
    tx.refer::<entity::learning::competency::Entity>(new.competency_id, "/competencyId").await?;
    let raised = Raised {
        user: person.id,
        competency: new.competency_id,
        source: new.source,
        source_id: new.source_id,
        strength: new.strength.unwrap_or(USUAL),
        note: new.note,
    };
    let need = raise(&mut tx, raised).await?;
    let made = need.created_at == tx.now;
    if made { tx.made(&need).await } else { tx.done(&need).await }
}

/// The person, when the caller may say what they need to learn.
async fn person(tx: &Tx, id: UserId, pointer: &str) -> Result<user::Model> {
    match tx.find::<user::Entity>(id, Action::RaiseLearningNeed).await {
        Err(error) if error.code() == Code::NotFound => {
            Err(Error::field(Code::ReferenceUnknown, pointer, "There is no such person or goal."))
        }
        other => other,
    }
}

/// Whether a source is the caller's to name: what comes from elsewhere is told by whoever keeps it.
fn may_name(who: &Caller, person: UserId, source: NeedSource, pointer: &str) -> Result<()> {
    let own = who.user() == Some(person);
    let allowed = match source {
        _ if who.is_machine() => true,
        NeedSource::Curiosity | NeedSource::GoalGap => own,
        NeedSource::Reviewer => !own,
        _ => false,
    };
    if allowed {
        return Ok(());
    }
    Err(Error::field(Code::NeedSourceForbidden, pointer, "This source is not yours to name."))
}

async fn raise_from_goal(who: Caller, asked: NeedsOfGoal) -> Result<Done> {
    let mut tx = who.begin().await?;
    let goal = tx.refer::<career_goal::Entity>(asked.goal_id, "/goalId").await?;
    let person = person(&tx, goal.user_id, "/goalId").await?;
    may_name(&tx.who, person.id, NeedSource::GoalGap, "/goalId")?;
    let missing = skill_gap::needed(&tx, &goal).await?.into_iter().filter(|one| one.gap() > 0);
    let raised: Vec<Raised> = missing
        .map(|one| Raised {
            user: person.id,
            competency: one.competency_id,
            source: NeedSource::GoalGap,
            source_id: Some(goal.id.to_string()),
            strength: share(one.gap(), one.widest()),
            note: one.rationale,
        })
        .collect();
    let needs = door::raise_all(&mut tx, person.id, &raised).await?;
    tx.finish(needs.into_iter().map(|need| need.id.0).collect(), false).await
}

/// How strongly a gap shows a need: in percent of the widest that there is on the scale.
fn share(gap: i64, widest: i64) -> i64 {
    (gap * 100 / widest.max(1)).clamp(1, 100)
}

async fn dismiss(who: Caller, target: Target<LearningNeedId>, _: Nothing) -> Result<Done> {
    step(who, target, state::Command::Dismiss).await
}

async fn reopen(who: Caller, target: Target<LearningNeedId>, _: Nothing) -> Result<Done> {
    step(who, target, state::Command::Reopen).await
}

async fn step(who: Caller, target: Target<LearningNeedId>, command: state::Command) -> Result<Done> {
    let mut tx = who.begin().await?;
    let need = tx.find_at::<Entity>(&target, Action::EditLearningNeed).await?;
    let to = state::after(need.state, command)?;
    let now = tx.now;
    let after = tx
        .change::<Entity>(need, |row| {
            row.state = Set(to);
            row.plan_item_id.set_if_not_equals(None);
            row.met_at.set_if_not_equals(None);
            if to == NeedState::Open {
                row.opened_at = Set(now);
            }
        })
        .await?;
    tx.record(command.event(), &after.row, json!({ "competencyId": after.row.competency_id }))?;
    tx.done(&after.row).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_as_strong_as_its_gap() {
        assert_eq!([1, 2, 3].map(|gap| share(gap, 3)), [33, 66, 100]);
        assert_eq!(share(1, 200), 1);
        assert_eq!(share(1, 0), 100);
    }
}
