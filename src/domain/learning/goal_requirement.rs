//! What goals need: a level in a competency each, with where that comes from and until when it is believed (§5).

use chrono::NaiveDate;
use entity::{
    id::{CareerGoalId, CompetencyId, GoalRequirementId, UserId},
    kind::{Kind, id, int, word},
    learning::{
        career_goal,
        goal_requirement::{ActiveModel, Column, Entity, Model, RequirementOrigin},
    },
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, Select};
use serde_json::json;

use super::requirement::{self, LEVEL, RATIONALE};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::Store,
        shape::{Leaf, Shape, Veil, Veiled, leaf},
    },
};

/// Who talked with whom is part of their search for a job: to others, what they heard is theirs.
const HEARD: Veil = Veil { person: ("user_id", Store::Uuid), of: Veiled::True("heard"), instead: Some(OF_USER) };
const OF_USER: &str = "USER";

/// Where a requirement comes from, as the caller reads it.
pub(super) fn told(who: &Caller, person: UserId, (origin, heard): (RequirementOrigin, bool)) -> RequirementOrigin {
    if heard && who.user() != Some(person) { RequirementOrigin::OfUser } else { origin }
}

impl Row for Entity {
    const NAME: &'static str = "GoalRequirement";
    type Id = GoalRequirementId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<GoalRequirementId>(), "The id."),
        Column::GoalId => leaf(id::<CareerGoalId>(), "The goal.").filter(),
        Column::UserId => leaf(id::<UserId>(), "Whose goal it is.").filter(),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "What is needed.").filter(),
        Column::RequiredLevel => leaf(LEVEL, "How well, as a level of the framework's scale."),
        Column::Rationale => leaf(RATIONALE, "Why."),
        Column::Origin => leaf(
            word::<RequirementOrigin>(),
            "Where it comes from. What was heard in talks of the person's own search reads `USER` to others: the talks are theirs.",
        )
        .filter()
        .veiled(HEARD),
        Column::ReviewBy => {
            leaf(Kind::Date, "Until when it is believed: what has to be known shrinks as a technology matures.")
                .filter()
                .sort()
        }
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::Withdrawn | Column::Heard => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "GoalRequirement",
        "What a goal needs of a competency (§5).",
        "grq",
        Action::ViewGoalRequirement,
        show,
    )
    .order("created_at", false)
    .one("goal", "goal_id", "CareerGoal", "The goal.")
    .one("competency", "competency_id", "Competency", "What is needed.");
    Resource { shape, plural: "goalRequirements", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditGoalRequirement;
    vec![
        Verb::create(EditGoalRequirement, "Say what a goal needs.", create),
        Verb::on::<Entity, _, _, _>(
            "update",
            EditGoalRequirement,
            "Change what a goal needs; what came from the role is one's own then.",
            update,
        ),
        Verb::on::<Entity, _, _, _>("delete", EditGoalRequirement, "Delete a requirement; it can be restored.", delete),
        Verb::on::<Entity, _, _, _>("restore", EditGoalRequirement, "Bring a deleted requirement back.", restore),
    ]
}

object! {
    /// What a goal needs.
    NewGoalRequirement {
        /// The goal.
        required goal_id: CareerGoalId = id::<CareerGoalId>(),
        /// What is needed; a goal names a competency once.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// How well, as a level of the framework's scale.
        required required_level: i64 = LEVEL,
        /// Why.
        optional rationale: String = RATIONALE,
        /// Where it comes from: follows from who writes; machines may say otherwise.
        optional origin: RequirementOrigin = word::<RequirementOrigin>(),
        /// Until when it is believed.
        optional review_by: NaiveDate = Kind::Date,
    }
}

object! {
    /// Changes to what a goal needs.
    GoalRequirementPatch {
        /// How well, as a level of the framework's scale.
        change required_level: i64 = LEVEL,
        /// Why.
        clear rationale: String = RATIONALE,
        /// Where it comes from: follows from who writes; machines may say otherwise.
        change origin: RequirementOrigin = word::<RequirementOrigin>(),
        /// Until when it is believed.
        clear review_by: NaiveDate = Kind::Date,
    }
}

/// Where what somebody writes comes from: from the person themself, or from a reviewer. A machine writes for either,
/// and what was heard in an interview; from a role it is copied only.
fn origin(who: &Caller, owner: UserId, said: Option<RequirementOrigin>) -> Result<RequirementOrigin> {
    let own = match who.user() {
        Some(id) if id != owner => RequirementOrigin::Reviewer,
        _ => RequirementOrigin::OfUser,
    };
    match said {
        None => Ok(own),
        Some(said) if said == own => Ok(own),
        Some(said) if who.is_machine() && said != RequirementOrigin::RoleProfile => Ok(said),
        Some(_) => Err(Error::field(Code::Forbidden, "/origin", "Where it comes from follows from who writes it.")),
    }
}

async fn create(who: Caller, new: NewGoalRequirement) -> Result<Done> {
    let mut tx = who.begin().await?;
    let goal = goal_to_edit(&tx, new.goal_id, true).await?;
    let origin = origin(&tx.who, goal.user_id, new.origin)?;
    let level = requirement::level(&tx, new.competency_id, new.required_level).await?;
    let row = ActiveModel {
        required_level: Set(level),
        rationale: Set(new.rationale),
        origin: Set(origin),
        review_by: Set(new.review_by),
        ..blank(&tx, &goal, new.competency_id)
    };
    requirement::fits(living(&tx, goal.id).count(&tx.db).await?, 1)?;
    let needed = tx.insert::<Entity>(row).await.map_err(requirement::duplicate)?;
    record(&mut tx, "created", &needed)?;
    tx.made(&needed).await
}

/// What was heard of a competency that a role asks for.
#[derive(Debug)]
pub(in crate::domain) struct Heard {
    /// Which.
    pub competency: CompetencyId,
    /// How well.
    pub level: i64,
}

/// Lets a person's goal need what was heard in informational interviews. What it needs already, it needs as it does, and what was taken
/// away by hand stays away.
///
/// # Errors
/// `REFERENCE_UNKNOWN`, `FORBIDDEN`, `FRAMEWORK_HIDDEN`, `REQUIREMENTS_FULL`.
pub(in crate::domain) async fn hear(tx: &mut Tx, goal: CareerGoalId, of: UserId, heard: Vec<Heard>) -> Result<()> {
    let goal = goal_to_edit(tx, goal, true).await?;
    if goal.user_id != of {
        return Err(Error::field(Code::ReferenceUnknown, "/goalId", "There is no such career goal of theirs."));
    }
    let known = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::GoalId.eq(goal.id))
        .all(&tx.db)
        .await?;
    let new: Vec<Heard> =
        heard.into_iter().filter(|one| known.iter().all(|row| row.competency_id != one.competency)).collect();
    requirement::fits(living(tx, goal.id).count(&tx.db).await?, new.len())?;
    for one in new {
        let level = requirement::level(tx, one.competency, one.level).await?;
        let row = ActiveModel {
            required_level: Set(level),
            origin: Set(RequirementOrigin::InfoInterview),
            heard: Set(true),
            ..blank(tx, &goal, one.competency)
        };
        let needed = tx.insert::<Entity>(row).await.map_err(requirement::duplicate)?;
        record(tx, "created", &needed)?;
    }
    Ok(())
}

/// What a goal needs.
pub(super) fn living(tx: &Tx, goal: CareerGoalId) -> Select<Entity> {
    Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::GoalId.eq(goal))
        .filter(Column::DeletedAt.is_null())
}

/// A requirement with everything set that is the same for all new ones.
pub(super) fn blank(tx: &Tx, goal: &career_goal::Model, competency: CompetencyId) -> ActiveModel {
    ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        goal_id: Set(goal.id),
        user_id: Set(goal.user_id),
        competency_id: Set(competency),
        required_level: Set(1),
        rationale: Set(None),
        origin: Set(RequirementOrigin::OfUser),
        review_by: Set(None),
        withdrawn: Set(false),
        heard: Set(false),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    }
}

/// The goal. Of a requirement that names it, it may be one the caller cannot see: an input then.
async fn goal_to_edit(tx: &Tx, id: CareerGoalId, named: bool) -> Result<career_goal::Model> {
    match tx.find::<career_goal::Entity>(id, Action::EditCareerGoal).await {
        Err(error) if named && error.code() == Code::NotFound => {
            Err(Error::field(Code::ReferenceUnknown, "/goalId", "There is no such career goal."))
        }
        other => other,
    }
}

async fn update(who: Caller, target: Target<GoalRequirementId>, patch: GoalRequirementPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditGoalRequirement).await?;
    goal_to_edit(&tx, was.goal_id, false).await?;
    let level = match patch.required_level {
        Some(level) if level != was.required_level => requirement::level(&tx, was.competency_id, level).await?,
        _ => was.required_level,
    };
    let rationale = patch.rationale.over(was.rationale.clone());
    let review_by = patch.review_by.over(was.review_by);
    let rewritten = level != was.required_level || rationale != was.rationale;
    let seen = told(&tx.who, was.user_id, (was.origin, was.heard));
    let origin = match patch.origin.filter(|said| *said != seen) {
        Some(said) => origin(&tx.who, was.user_id, Some(said))?,
        // A machine that keeps an interview's finding up to date does not make it the person's own.
        None if rewritten && !(tx.who.is_machine() && was.origin != RequirementOrigin::RoleProfile) => {
            origin(&tx.who, was.user_id, None)?
        }
        None => was.origin,
    };
    let heard = was.heard && origin == was.origin;
    let after = tx
        .change::<Entity>(was, |row| {
            row.required_level.set_if_not_equals(level);
            row.rationale.set_if_not_equals(rationale);
            row.heard.set_if_not_equals(heard);
            row.origin.set_if_not_equals(origin);
            row.review_by.set_if_not_equals(review_by);
        })
        .await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

async fn delete(who: Caller, target: Target<GoalRequirementId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditGoalRequirement).await?;
    goal_to_edit(&tx, was.goal_id, false).await?;
    let now = tx.now;
    let gone = tx
        .change::<Entity>(was, |row| {
            row.deleted_at = Set(Some(now));
            // By hand: it stays away, whatever the role asks.
            row.withdrawn.set_if_not_equals(false);
        })
        .await?
        .row;
    record(&mut tx, "deleted", &gone)?;
    tx.done(&gone).await
}

async fn restore(who: Caller, target: Target<GoalRequirementId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditGoalRequirement).await?;
    goal_to_edit(&tx, was.goal_id, false).await?;
    requirement::fits(living(&tx, was.goal_id).count(&tx.db).await?, 1)?;
    let needed = tx.restore::<Entity>(was).await.map_err(requirement::duplicate)?;
    record(&mut tx, "restored", &needed)?;
    tx.done(&needed).await
}

pub(super) fn record(tx: &mut Tx, what: &str, needed: &Model) -> Result<()> {
    let origin = if needed.heard { RequirementOrigin::OfUser } else { needed.origin };
    let data = json!({ "goalId": needed.goal_id, "competencyId": needed.competency_id, "origin": origin });
    tx.record(what, needed, data)
}
