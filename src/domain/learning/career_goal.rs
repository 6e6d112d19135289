//! Career goals: what somebody learns for, on which it depends how well one has to know things (§5).

mod role;

use chrono::NaiveDate;
use entity::{
    id::{CareerGoalId, RoleProfileId, UserId},
    kind::{Kind, id, int, line, word},
    learning::{
        career_goal::{ActiveModel, CareerGoalKind, Column, Entity, Model},
        role_profile,
    },
    object,
    platform::user,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    learning_plan::{due_is_ahead, for_whom},
    week,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const TITLE: Kind = line(1, 200);
const ROLE: &str = "/targetRoleProfileId";

impl Row for Entity {
    const NAME: &'static str = "CareerGoal";
    type Id = CareerGoalId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<CareerGoalId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Whose goal; it never changes.").filter(),
        Column::Title => leaf(TITLE, "What it is called."),
        Column::Kind => leaf(word::<CareerGoalKind>(), "What one learns for.").filter(),
        Column::TargetRoleProfileId => leaf(id::<RoleProfileId>(), "The role that it leads to.").filter(),
        Column::DueOn => leaf(Kind::Date, "Until when, a day of its owner.").filter().sort(),
        Column::AchievedAt => leaf(Kind::Time, "When it was reached."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape =
        Shape::new::<Entity>("CareerGoal", "What somebody learns for (§5).", "gol", Action::ViewCareerGoal, show)
            .order("created_at", false)
            .one("user", "user_id", "User", "Whose goal it is.")
            .one("targetRoleProfile", "target_role_profile_id", "RoleProfile", "The role that it leads to.")
            .many("requirements", "goal_id", "GoalRequirement", "What it needs.")
            .many("plans", "goal_id", "LearningPlan", "The plans that are for it.");
    Resource { shape, plural: "careerGoals", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditCareerGoal;
    vec![
        Verb::create(EditCareerGoal, "Set a goal; what its role needs becomes what it needs.", create),
        Verb::on::<Entity, _, _, _>("update", EditCareerGoal, "Change a goal.", update),
        Verb::delete::<Entity>(EditCareerGoal, "Delete a goal; it can be restored."),
        Verb::restore::<Entity>(EditCareerGoal, "Bring a deleted goal back."),
        Verb::on::<Entity, _, _, _>("achieve", EditCareerGoal, "Say that it was reached.", achieve),
        Verb::on::<Entity, _, _, _>("reopen", EditCareerGoal, "Go on with a goal that was reached.", reopen),
        Verb::on::<Entity, _, _, _>(
            "adoptRoleRequirements",
            EditCareerGoal,
            "Take up what its role needs by now; what somebody added or changed by hand stays.",
            adopt_role_requirements,
        ),
    ]
}

object! {
    /// A goal to set.
    NewCareerGoal {
        /// What it is called.
        required title: String = TITLE,
        /// What one learns for.
        required kind: CareerGoalKind = word::<CareerGoalKind>(),
        /// The role that it leads to: what the role needs becomes what the goal needs.
        optional target_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// Until when, a day of its owner; not in the past.
        optional due_on: NaiveDate = Kind::Date,
        /// Whose: your own, unless you set it for somebody who let you.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// Changes to a goal.
    CareerGoalPatch {
        /// What it is called.
        change title: String = TITLE,
        /// What one learns for.
        change kind: CareerGoalKind = word::<CareerGoalKind>(),
        /// The role that it leads to. What another role needs takes the place of what the former one needed.
        clear target_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// Until when, a day of its owner; not in the past when it is set.
        clear due_on: NaiveDate = Kind::Date,
    }
}

async fn create(who: Caller, new: NewCareerGoal) -> Result<Done> {
    let mut tx = who.begin().await?;
    let person = for_whom(&tx, new.user_id, "/userId").await?;
    due_is_ahead(new.due_on, None, week::day_in(&person.time_zone, tx.now))?;
    if let Some(role) = new.target_role_profile_id {
        tx.refer::<role_profile::Entity>(role, ROLE).await?;
    }
    let goal = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            user_id: Set(person.id),
            search_text: Set(new.title.to_lowercase()),
            title: Set(new.title),
            kind: Set(new.kind),
            target_role_profile_id: Set(new.target_role_profile_id),
            due_on: Set(new.due_on),
            achieved_at: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &goal, json!({ "title": goal.title, "kind": goal.kind }))?;
    if let Some(role) = goal.target_role_profile_id {
        role::adopt(&mut tx, &goal, role).await?;
    }
    tx.made(&goal).await
}

async fn update(who: Caller, target: Target<CareerGoalId>, patch: CareerGoalPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let goal = tx.find_at::<Entity>(&target, Action::EditCareerGoal).await?;
    let due = patch.due_on.over(goal.due_on);
    if due != goal.due_on {
        let person = tx.find::<user::Entity>(goal.user_id, Action::PlanFor).await?;
        due_is_ahead(due, goal.due_on, week::day_in(&person.time_zone, tx.now))?;
    }
    let role = patch.target_role_profile_id.over(goal.target_role_profile_id);
    let other = role.filter(|_| role != goal.target_role_profile_id);
    if let Some(other) = other {
        tx.refer::<role_profile::Entity>(other, ROLE).await?;
    }
    let title = patch.title.unwrap_or_else(|| goal.title.clone());
    let after = tx
        .change::<Entity>(goal, |row| {
            row.search_text.set_if_not_equals(title.to_lowercase());
            row.title.set_if_not_equals(title);
            row.target_role_profile_id.set_if_not_equals(role);
            row.due_on.set_if_not_equals(due);
            if let Some(kind) = patch.kind {
                row.kind.set_if_not_equals(kind);
            }
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    if let Some(other) = other {
        role::adopt(&mut tx, &after.row, other).await?;
    }
    tx.done(&after.row).await
}

async fn achieve(who: Caller, target: Target<CareerGoalId>, _: Nothing) -> Result<Done> {
    reach(who, target, true).await
}

async fn reopen(who: Caller, target: Target<CareerGoalId>, _: Nothing) -> Result<Done> {
    reach(who, target, false).await
}

/// Says that a goal was reached, or that it was not after all.
async fn reach(who: Caller, target: Target<CareerGoalId>, reached: bool) -> Result<Done> {
    let mut tx = who.begin().await?;
    let goal = tx.find_at::<Entity>(&target, Action::EditCareerGoal).await?;
    if goal.achieved_at.is_some() == reached {
        let (why, from, command, allowed) = if reached {
            ("It was reached already.", "ACHIEVED", "achieve", "reopen")
        } else {
            ("It was not reached yet.", "OPEN", "reopen", "achieve")
        };
        let details = json!({ "from": from, "command": command, "allowed": [allowed] });
        return Err(Error::new(Code::InvalidTransition, why).with(details));
    }
    let at = reached.then_some(tx.now);
    let after = tx.change::<Entity>(goal, |row| row.achieved_at = Set(at)).await?;
    tx.record(if reached { "achieved" } else { "reopened" }, &after.row, json!({}))?;
    tx.done(&after.row).await
}

async fn adopt_role_requirements(who: Caller, target: Target<CareerGoalId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let goal = tx.find_at::<Entity>(&target, Action::EditCareerGoal).await?;
    let role = match goal.target_role_profile_id {
        Some(role) => tx.refer::<role_profile::Entity>(role, ROLE).await.ok().map(|row| row.id),
        None => None,
    };
    let Some(role) = role else {
        let error = Error::new(Code::GoalWithoutRole, "The goal leads to no role, or to one that is gone.");
        return Err(error.with(json!({ "targetRoleProfileId": goal.target_role_profile_id })));
    };
    let adopted = role::adopt(&mut tx, &goal, role).await?;
    let after = tx.beside::<Entity>(tx.change::<Entity>(goal, |_| ()).await?, adopted).await?;
    if after.changed {
        tx.record("role_requirements_adopted", &after.row, json!({ "roleProfileId": role }))?;
    }
    tx.done(&after.row).await
}

/// Whether a goal that something is to be for is its owner's.
pub(super) async fn of_owner(tx: &Tx, goal: Option<CareerGoalId>, owner: UserId) -> Result<()> {
    let Some(goal) = goal else { return Ok(()) };
    if tx.refer::<Entity>(goal, "/goalId").await?.user_id == owner {
        return Ok(());
    }
    Err(Error::field(Code::ReferenceUnknown, "/goalId", "The goal is somebody else's."))
}
