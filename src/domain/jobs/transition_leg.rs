//! The legs of a transition plan: one at a time, from being planned to having arrived (§17, §18).

mod state;

use entity::{
    id::{IndustryId, RoleProfileId, TransitionLegId, TransitionPlanId, UserId},
    jobs::transition_leg::{Column, Entity, LegKind, LegState, Model},
    kind::{Kind, id, int, word},
    learning::career_profile,
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use self::state::Command;
use super::{industry::NAME, transition_plan::NOTE};
use crate::{
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
        learning::role_profile::TITLE,
        policy::Action,
        spelling::plain,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "TransitionLeg";
    type Id = TransitionLegId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<TransitionLegId>(), "The id."),
        Column::TransitionPlanId => leaf(id::<TransitionPlanId>(), "The plan.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose plan it is.").filter(),
        Column::Position => leaf(int(1, 2), "Its place among the legs of the plan, from 1."),
        Column::Kind => leaf(word::<LegKind>(), "What it changes.").filter(),
        Column::ToRole => leaf(TITLE, "The role at its end."),
        Column::ToRoleProfileId => leaf(id::<RoleProfileId>(), "The profile of that role, when there is one.").filter(),
        Column::ToIndustry => leaf(NAME, "The industry at its end."),
        Column::ToListedIndustryId => leaf(id::<IndustryId>(), "That industry, when it is a known one.").filter(),
        Column::State => leaf(word::<LegState>(), "Where it stands; changed by commands only.").filter(),
        Column::InternalMove => leaf(Kind::Bool, "Whether it is made without leaving the employer (§18).").filter(),
        Column::StartedAt => leaf(Kind::Time, "When it was begun, the last time."),
        Column::EndedAt => leaf(Kind::Time, "When it was done or skipped."),
        Column::Note => leaf(NOTE, "What the owner wants to keep of it."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted, because another path was chosen."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "TransitionLeg",
        "A leg of a transition plan: it changes the role or the industry (§17).",
        "leg",
        Action::ViewTransitionLeg,
        show,
    )
    .order("position", false)
    .one("transitionPlan", "transition_plan_id", "TransitionPlan", "The plan.")
    .one("toRoleProfile", "to_role_profile_id", "RoleProfile", "The profile of the role at its end.")
    .one("toListedIndustry", "to_listed_industry_id", "Industry", "The industry at its end.")
    .many(
        "evidences",
        "transition_leg_id",
        "PortfolioEvidence",
        "What was done toward a move within the employer.",
    );
    let action = Action::EditTransitionLeg;
    let verbs = vec![
        Verb::on::<Entity, _, _, _>("update", action, "Change what is said of a leg.", update),
        Verb::on::<Entity, _, _, _>(
            "start",
            action,
            "Begin a leg, while no other leg of the plan is under way.",
            start,
        ),
        Verb::on::<Entity, _, _, _>("complete", action, "Say that its end is reached.", complete),
        Verb::on::<Entity, _, _, _>("skip", action, "Go on without it.", skip),
        Verb::on::<Entity, _, _, _>("reopen", action, "Plan a leg again that was done or skipped.", reopen),
    ];
    Resource { shape, plural: "transitionLegs", verbs }
}

object! {
    /// Changes to a leg.
    TransitionLegPatch {
        /// Whether it is made without leaving the employer.
        change internal_move: bool = Kind::Bool,
        /// What to keep of it.
        clear note: String = NOTE,
        /// Changed by commands only: another value is refused with `USE_STATE_COMMAND`.
        change state: LegState = word::<LegState>(),
    }
}

/// Whoever changes the legs of a plan waits for whoever does the same: one is under way at a time.
pub(super) async fn turn(tx: &Tx, plan: TransitionPlanId) -> Result<()> {
    tx.lock(&format!("legs {plan}")).await
}

/// The leg that a verb acts on, when it is its plan's turn.
async fn found(tx: &Tx, target: &Target<TransitionLegId>) -> Result<Model> {
    let plan = tx.find::<Entity>(target.id, Action::ViewTransitionLeg).await?.transition_plan_id;
    turn(tx, plan).await?;
    tx.find_at::<Entity>(target, Action::EditTransitionLeg).await
}

async fn update(who: Caller, target: Target<TransitionLegId>, patch: TransitionLegPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let leg = tx.find_at::<Entity>(&target, Action::EditTransitionLeg).await?;
    if patch.state.is_some_and(|state| state != leg.state) {
        let why = "The state is changed by commands such as start.";
        return Err(Error::field(Code::UseStateCommand, "/state", why));
    }
    let note = patch.note.over(leg.note.clone());
    let after = tx
        .change::<Entity>(leg, |row| {
            row.note.set_if_not_equals(note);
            if let Some(internal) = patch.internal_move {
                row.internal_move.set_if_not_equals(internal);
            }
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    tx.done(&after.row).await
}

async fn start(who: Caller, target: Target<TransitionLegId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let leg = found(&tx, &target).await?;
    state::after(leg.state, Command::Start)?;
    let others = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::TransitionPlanId.eq(leg.transition_plan_id))
        .filter(Column::DeletedAt.is_null())
        .filter(Column::Id.ne(leg.id))
        .order_by_asc(Column::Position)
        .all(&tx.db)
        .await?;
    if let Some(other) = others.iter().find(|other| other.state == LegState::Active) {
        let error = Error::new(Code::LegActive, "Another leg of the plan is under way: there is one at a time.");
        return Err(error.with(json!({ "legId": other.id })));
    }
    if others.iter().any(|other| other.state == LegState::Planned && other.position < leg.position) {
        tx.warn("EARLIER_LEG_PLANNED", "An earlier leg is still planned: it can be skipped, or made later.");
    }
    step(tx, leg, Command::Start).await
}

async fn complete(who: Caller, target: Target<TransitionLegId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let leg = found(&tx, &target).await?;
    state::after(leg.state, Command::Complete)?;
    profile_is_behind(&mut tx, &leg).await?;
    step(tx, leg, Command::Complete).await
}

async fn skip(who: Caller, target: Target<TransitionLegId>, _: Nothing) -> Result<Done> {
    let tx = who.begin().await?;
    let leg = found(&tx, &target).await?;
    step(tx, leg, Command::Skip).await
}

async fn reopen(who: Caller, target: Target<TransitionLegId>, _: Nothing) -> Result<Done> {
    let tx = who.begin().await?;
    let leg = found(&tx, &target).await?;
    step(tx, leg, Command::Reopen).await
}

/// Moves a leg along the table.
async fn step(mut tx: Tx, leg: Model, command: Command) -> Result<Done> {
    let to = state::after(leg.state, command)?;
    let now = tx.now;
    let after = tx
        .change::<Entity>(leg, |row| {
            row.state = Set(to);
            match to {
                LegState::Active => row.started_at = Set(Some(now)),
                LegState::Done | LegState::Skipped => row.ended_at = Set(Some(now)),
                LegState::Planned => {
                    row.started_at.set_if_not_equals(None);
                    row.ended_at.set_if_not_equals(None);
                }
            }
        })
        .await?;
    let data = json!({ "transitionPlanId": after.row.transition_plan_id, "kind": after.row.kind, "state": to });
    tx.record(command.event(), &after.row, data)?;
    tx.done(&after.row).await
}

/// Whoever has arrived may want to say so in their profile: it is theirs to change.
async fn profile_is_behind(tx: &mut Tx, leg: &Model) -> Result<()> {
    let own = tx.who.user() == Some(leg.owner_id);
    let profile = career_profile::Entity::find()
        .filter(career_profile::Column::OrganizationId.eq(tx.who.organization))
        .filter(career_profile::Column::UserId.eq(leg.owner_id))
        .filter(career_profile::Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    let Some(profile) = profile.filter(|_| own) else { return Ok(()) };
    let same = |is: &Option<String>, reached: &Option<String>| {
        reached.as_ref().is_none_or(|reached| is.as_ref().is_some_and(|is| plain(is) == plain(reached)))
    };
    if !same(&profile.current_role, &leg.to_role) || !same(&profile.current_industry, &leg.to_industry) {
        let why = "The career profile still tells of where it began.";
        let details = json!({
            "careerProfileId": profile.id, "currentRole": leg.to_role, "currentIndustry": leg.to_industry,
        });
        tx.warn_with("CAREER_PROFILE_BEHIND", why, details);
    }
    Ok(())
}
