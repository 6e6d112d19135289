//! What is known of where somebody wants to go, as far as the caller may see it (§16 to §18).

use entity::{
    id::{TransitionLegId, TransitionPlanId},
    jobs::{
        transition_leg::{LegKind, LegState},
        transition_plan::{TransitionKind, TransitionPath},
    },
    platform::user,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{shape::shape, sql::Arg},
};

/// Where somebody wants to go.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Switch {
    /// Their transition plans, the newest first.
    pub plans: Vec<Plan>,
    /// The legs of these, in their order.
    pub legs: Vec<Leg>,
}

/// A transition plan.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Plan {
    pub id: TransitionPlanId,
    pub kind: TransitionKind,
    pub path: Option<TransitionPath>,
    pub to_role: Option<String>,
    pub to_industry: Option<String>,
}

/// A leg of one.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Leg {
    pub id: TransitionLegId,
    pub transition_plan_id: TransitionPlanId,
    pub kind: LegKind,
    pub state: LegState,
    pub internal_move: bool,
    pub to_role: Option<String>,
    pub to_industry: Option<String>,
}

/// Loads it in two statements.
pub(super) async fn load(look: &Look, person: &user::Model) -> Result<Switch> {
    let mut sql = look.sql();
    sql.push("SELECT t.id, t.kind, t.path, t.to_role, t.to_industry FROM \"transition_plan\" t WHERE t.deleted_at IS NULL AND t.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("TransitionPlan"), "t", &look.who);
    sql.push(" ORDER BY t.created_at DESC, t.id DESC LIMIT 50");
    let plans = look.rows::<Plan>(&sql).await?;
    if plans.is_empty() {
        return Ok(Switch::default());
    }
    let mut sql = look.sql();
    sql.push(
        "SELECT l.id, l.transition_plan_id, l.kind, l.state, l.internal_move, l.to_role, l.to_industry \
         FROM \"transition_leg\" l WHERE l.deleted_at IS NULL AND l.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("TransitionLeg"), "l", &look.who);
    sql.push(" ORDER BY l.transition_plan_id, l.position LIMIT 200");
    Ok(Switch { plans, legs: look.rows(&sql).await? })
}

impl Switch {
    /// The legs of a plan.
    pub fn legs_of(&self, plan: TransitionPlanId) -> impl Iterator<Item = &Leg> {
        self.legs.iter().filter(move |leg| leg.transition_plan_id == plan)
    }
}
