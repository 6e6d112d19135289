//! Transition plans: from one role and industry to another, in one leg or two; they never keep anybody from applying
//! straight to the end (§16, §17).

mod accept;

use entity::{
    id::{IndustryId, RoleProfileId, TransitionPlanId, UserId},
    jobs::transition_plan::{ActiveModel, Column, Entity, Model, TransitionKind, TransitionPath},
    kind::{Kind, id, int, prose, word},
    object,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    industry::NAME,
    stays_with,
    transition::{
        book,
        ends::{self, Named},
        place::Place,
    },
    whose,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        learning::role_profile::TITLE,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const NOTE: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "TransitionPlan";
    type Id = TransitionPlanId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<TransitionPlanId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose plan; it never changes.").filter(),
        Column::FromRole => leaf(TITLE, "What they did when they made it; null for somebody who begins."),
        Column::FromRoleProfileId => leaf(id::<RoleProfileId>(), "The profile of that role, when there is one."),
        Column::FromIndustry => leaf(NAME, "In which industry; null for somebody who was in none."),
        Column::FromListedIndustryId => leaf(id::<IndustryId>(), "That industry, when it is a known one."),
        Column::ToRole => leaf(TITLE, "What they want to do."),
        Column::ToRoleProfileId => leaf(id::<RoleProfileId>(), "The profile of that role, when there is one.").filter(),
        Column::ToIndustry => leaf(NAME, "In which industry."),
        Column::ToListedIndustryId => leaf(id::<IndustryId>(), "That industry, when it is a known one.").filter(),
        Column::Kind => leaf(word::<TransitionKind>(), "What changes.").filter(),
        Column::Path => leaf(word::<TransitionPath>(), "The path that was accepted; null until one is.").filter(),
        Column::AcceptedAt => leaf(Kind::Time, "When it was accepted."),
        Column::Note => leaf(NOTE, "What the owner wants to keep of it."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "TransitionPlan",
        "A person's plan to get from one role and industry to another (§16).",
        "trp",
        Action::ViewTransitionPlan,
        show,
    )
    .order("created_at", false)
    .one("owner", "owner_id", "User", "Whose plan it is.")
    .one("fromRoleProfile", "from_role_profile_id", "RoleProfile", "The profile of what they did.")
    .one("fromListedIndustry", "from_listed_industry_id", "Industry", "The industry in which they did.")
    .one("toRoleProfile", "to_role_profile_id", "RoleProfile", "The profile of what they want to do.")
    .one("toListedIndustry", "to_listed_industry_id", "Industry", "The industry in which they want to.")
    .many("legs", "transition_plan_id", "TransitionLeg", "The legs of the accepted path, in their order.")
    .many("jobSearches", "transition_plan_id", "JobSearch", "The searches for a job that belong to it.");
    Resource { shape, plural: "transitionPlans", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateTransitionPlan, EditTransitionPlan};
    vec![
        Verb::create(CreateTransitionPlan, "Plan a switch of role, industry or both.", create),
        Verb::on::<Entity, _, _, _>("update", EditTransitionPlan, "Change what is noted of it.", update),
        Verb::delete::<Entity>(EditTransitionPlan, "Delete a plan with its legs; it can be restored."),
        Verb::restore::<Entity>(EditTransitionPlan, "Bring a deleted plan back."),
        Verb::on::<Entity, _, _, _>(
            "acceptPath",
            EditTransitionPlan,
            "Choose a path: it gets its legs, and what the new role asks for becomes learning needs of the owner. Until a leg has begun, another may be chosen.",
            accept::accept_path,
        )
        .called("acceptPath"),
    ]
}

object! {
    /// A switch to plan.
    NewTransitionPlan {
        /// What they do, by its profile; in no form, what their career profile says.
        optional from_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What they do, in words: a title or an alias that is known means its profile.
        optional from_role: String = TITLE,
        /// In which industry, by its id; in no form, what their career profile says.
        optional from_listed_industry_id: IndustryId = id::<IndustryId>(),
        /// In which industry, in words.
        optional from_industry: String = NAME,
        /// What they want to do, by its profile; in no form, what they do.
        optional to_role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// What they want to do, in words.
        optional to_role: String = TITLE,
        /// In which industry, by its id; in no form, where they are.
        optional to_listed_industry_id: IndustryId = id::<IndustryId>(),
        /// In which industry, in words.
        optional to_industry: String = NAME,
        /// What to keep of it.
        optional note: String = NOTE,
        /// Whose: your own, unless it is of somebody who let you.
        optional owner_id: UserId = id::<UserId>(),
    }
}

object! {
    /// Changes to a plan.
    TransitionPlanPatch {
        /// What to keep of it.
        clear note: String = NOTE,
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
    }
}

async fn create(who: Caller, new: NewTransitionPlan) -> Result<Done> {
    let mut tx = who.begin().await?;
    let owner = whose(&tx, new.owner_id).await?;
    let (from, to) = ends_of(&tx, &new, owner.id).await?;
    let kind = from.to(&to);
    if kind == TransitionKind::None {
        let why = "It is the same role in the same industry: nothing changes.";
        return Err(Error::field(Code::TransitionChangesNothing, "/toRole", why));
    }
    // Who names no other role or industry keeps theirs.
    let to =
        Place { role: to.role.or_else(|| from.role.clone()), industry: to.industry.or_else(|| from.industry.clone()) };
    let plan = tx.insert::<Entity>(row(&tx, owner.id, from, to, kind, new.note)).await?;
    tx.record("created", &plan, json!({ "kind": plan.kind }))?;
    tx.made(&plan).await
}

fn row(tx: &Tx, owner: UserId, from: Place, to: Place, kind: TransitionKind, note: Option<String>) -> ActiveModel {
    let ((from_role_profile_id, from_role), (from_listed_industry_id, from_industry)) = columns(from);
    let ((to_role_profile_id, to_role), (to_listed_industry_id, to_industry)) = columns(to);
    ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        owner_id: Set(owner),
        from_role: Set(from_role),
        from_role_profile_id: Set(from_role_profile_id),
        from_industry: Set(from_industry),
        from_listed_industry_id: Set(from_listed_industry_id),
        to_role: Set(to_role),
        to_role_profile_id: Set(to_role_profile_id),
        to_industry: Set(to_industry),
        to_listed_industry_id: Set(to_listed_industry_id),
        kind: Set(kind),
        path: Set(None),
        accepted_at: Set(None),
        note: Set(note),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    }
}

/// A role as it is kept.
type RoleColumns = (Option<RoleProfileId>, Option<String>);
/// An industry as it is kept.
type IndustryColumns = (Option<IndustryId>, Option<String>);

/// A place as it is kept: role and industry, each with the id that it had and what it was called.
pub(super) fn columns(place: Place) -> (RoleColumns, IndustryColumns) {
    let role = place.role.map_or((None, None), |role| (role.id, Some(role.title)));
    let industry = place.industry.map_or((None, None), |industry| (industry.id, Some(industry.name)));
    (role, industry)
}

async fn ends_of(tx: &Tx, new: &NewTransitionPlan, owner: UserId) -> Result<(Place, Place)> {
    let book = book::load(tx).await?;
    let present = ends::present(tx, owner).await?;
    let from = Named {
        role_profile_id: new.from_role_profile_id,
        role: new.from_role.clone(),
        industry_id: new.from_listed_industry_id,
        industry: new.from_industry.clone(),
    };
    let to = Named {
        role_profile_id: new.to_role_profile_id,
        role: new.to_role.clone(),
        industry_id: new.to_listed_industry_id,
        industry: new.to_industry.clone(),
    };
    ends::both(&book, &from, &to, &present)
}

/// A plan that something of somebody's belongs to: one of theirs.
///
/// # Errors
/// `REFERENCE_UNKNOWN` naming the member.
pub(super) async fn of_owner(
    tx: &Tx,
    plan: Option<TransitionPlanId>,
    owner: UserId,
) -> Result<Option<TransitionPlanId>> {
    let Some(plan) = plan else { return Ok(None) };
    let plan = tx.refer::<Entity>(plan, "/transitionPlanId").await?;
    if plan.owner_id == owner {
        return Ok(Some(plan.id));
    }
    Err(Error::field(Code::ReferenceUnknown, "/transitionPlanId", "The plan is somebody else's."))
}

async fn update(who: Caller, target: Target<TransitionPlanId>, patch: TransitionPlanPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let plan = tx.find_at::<Entity>(&target, Action::EditTransitionPlan).await?;
    stays_with(plan.owner_id, patch.owner_id)?;
    let note = patch.note.over(plan.note.clone());
    let after = tx.change::<Entity>(plan, |row| row.note.set_if_not_equals(note)).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    tx.done(&after.row).await
}
