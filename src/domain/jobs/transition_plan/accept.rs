//! Accepting a path: a plan gets its legs, and what the new role asks for becomes something to learn.

use entity::{
    id::{TransitionPlanId, UserId},
    jobs::{
        transition_leg::{self as leg, LegState},
        transition_plan::{Entity, Model, TransitionKind, TransitionPath},
    },
    kind::word,
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use super::{
    super::{
        transition::{
            path::{Leg, paths_of},
            place::{Industry, Place, Role},
        },
        transition_leg::turn,
    },
    columns,
};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, Result},
    learning::learning_need::raise_from_role,
    policy::Action,
    tx::Tx,
    verb::{Done, Target},
};

object! {
    /// The path to take.
    AcceptedPath {
        /// One of those that `classifyTransition` offers: `ROLE_FIRST` or `INDUSTRY_FIRST` when both change, else `DIRECT`.
        required path_id: TransitionPath = word::<TransitionPath>(),
    }
}

pub(super) async fn accept_path(who: Caller, target: Target<TransitionPlanId>, wanted: AcceptedPath) -> Result<Done> {
    let mut tx = who.begin().await?;
    turn(&tx, target.id).await?;
    let plan = tx.find_at::<Entity>(&target, Action::EditTransitionPlan).await?;
    let legs = legs_of(&plan, wanted.path_id)?;
    if plan.path == Some(wanted.path_id) {
        return tx.done(&plan).await;
    }
    let before = living(&tx, plan.id).await?;
    not_begun(&before)?;
    for gone in tx.delete_all::<leg::Entity>(before).await? {
        tx.record("deleted", &gone, json!({ "transitionPlanId": plan.id }))?;
    }
    let rows = legs.into_iter().zip(1..).map(|(one, position)| row(&tx, &plan, one, position)).collect();
    for added in tx.insert_all::<leg::Entity>(rows).await? {
        tx.record("created", &added, json!({ "transitionPlanId": plan.id, "kind": added.kind }))?;
    }
    let now = tx.now;
    let after = tx
        .change::<Entity>(plan, |row| {
            row.path = Set(Some(wanted.path_id));
            row.accepted_at = Set(Some(now));
        })
        .await?;
    tx.record("path_accepted", &after.row, json!({ "path": wanted.path_id }))?;
    needs(&mut tx, &after.row).await?;
    tx.done(&after.row).await
}

/// The legs of a path of a plan.
fn legs_of(plan: &Model, path: TransitionPath) -> Result<Vec<Leg>> {
    let [from, to] = ends(plan);
    // What changes was settled when it was made, whatever roles and industries are called since.
    let all = paths_of(plan.kind, &from, &to);
    let offered: Vec<TransitionPath> = all.iter().map(|one| one.path).collect();
    let found = all.into_iter().find(|one| one.path == path).map(|one| one.legs);
    found.ok_or_else(|| {
        let error = Error::field(Code::PathNotOffered, "/pathId", "This path does not lead there.");
        error.with(json!({ "offered": offered }))
    })
}

/// Where a plan begins and ends.
fn ends(plan: &Model) -> [Place; 2] {
    let role = |id, title: Option<&String>| title.map(|title| Role { id, ..Role::called(title) });
    let industry = |id, name: Option<&String>| name.map(|name| Industry { id, ..Industry::called(name) });
    let from = Place {
        role: role(plan.from_role_profile_id, plan.from_role.as_ref()),
        industry: industry(plan.from_listed_industry_id, plan.from_industry.as_ref()),
    };
    let to = Place {
        role: role(plan.to_role_profile_id, plan.to_role.as_ref()),
        industry: industry(plan.to_listed_industry_id, plan.to_industry.as_ref()),
    };
    [from, to]
}

async fn living(tx: &Tx, plan: TransitionPlanId) -> Result<Vec<leg::Model>> {
    let legs = leg::Entity::find()
        .filter(leg::Column::OrganizationId.eq(tx.who.organization))
        .filter(leg::Column::TransitionPlanId.eq(plan))
        .filter(leg::Column::DeletedAt.is_null())
        .order_by_asc(leg::Column::Position);
    Ok(legs.all(&tx.db).await?)
}

/// A path is left for another as long as none of its legs has begun.
fn not_begun(legs: &[leg::Model]) -> Result<()> {
    let begun: Vec<_> = legs.iter().filter(|one| matches!(one.state, LegState::Active | LegState::Done)).collect();
    if begun.is_empty() {
        return Ok(());
    }
    let why = "A leg of the accepted path has begun: reopen it before choosing another path.";
    let ids: Vec<_> = begun.iter().map(|one| one.id).collect();
    Err(Error::new(Code::LegBegun, why).with(json!({ "legIds": ids })))
}

fn row(tx: &Tx, plan: &Model, of: Leg, position: i64) -> leg::ActiveModel {
    let ((to_role_profile_id, to_role), (to_listed_industry_id, to_industry)) = columns(of.to);
    leg::ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        transition_plan_id: Set(plan.id),
        owner_id: Set(plan.owner_id),
        position: Set(position),
        kind: Set(of.kind),
        to_role: Set(to_role),
        to_role_profile_id: Set(to_role_profile_id),
        to_industry: Set(to_industry),
        to_listed_industry_id: Set(to_listed_industry_id),
        state: Set(LegState::Planned),
        internal_move: Set(false),
        started_at: Set(None),
        ended_at: Set(None),
        note: Set(None),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    }
}

/// What the new role asks for becomes what the owner needs to learn. What they need is theirs to say: whoever accepts a path
/// for them leaves that to them.
async fn needs(tx: &mut Tx, plan: &Model) -> Result<()> {
    let Some(role) = plan.to_role_profile_id.filter(|_| plan.kind != TransitionKind::Industry) else { return Ok(()) };
    let own = tx.who.user() == Some(plan.owner_id);
    if !own || tx.who.has_scope_for(Action::RaiseLearningNeed).is_err() {
        let why = "What the new role asks for was not raised as learning needs: its owner accepts it with the right to write their learning.";
        tx.warn("NEEDS_NOT_RAISED", why);
        return Ok(());
    }
    let owner: UserId = plan.owner_id;
    raise_from_role(tx, owner, role).await?;
    Ok(())
}
