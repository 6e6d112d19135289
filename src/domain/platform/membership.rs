//! Memberships: people's places in an organization, and that there is always an administrator.

use entity::{
    id::{MembershipId, UserId},
    kind::{Kind, id, int, word},
    object,
    platform::{
        membership::{ActiveModel, Column, Entity, Model, Role},
        user,
    },
    vocabulary::Set as Words,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QuerySelect as _,
    sea_query::{Expr, ExprTrait as _},
};
use serde_json::json;

use super::organization;
use crate::{
    domain::{
        caller::{Caller, Principal, forbidden},
        clock,
        error::{Code, Error, Result},
        learning::career_profile,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const ROLE: Kind = word::<Role>();
/// The roles of a member: one at least.
pub const ROLES: Kind = Kind::List { of: &ROLE, min: 1, max: 4 };

impl Row for Entity {
    const NAME: &'static str = "Membership";
    type Id = MembershipId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<MembershipId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who.").filter(),
        Column::Roles => leaf(ROLES, "As what."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When the person was removed; they can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Membership",
        "A person's place in the organization, made and removed with the user (§37).",
        "mem",
        Action::ViewMembership,
        show,
    )
    .order("created_at", false)
    .one("user", "user_id", "User", "Who.");
    let verbs =
        vec![Verb::on::<Entity, _, _, _>("update", Action::ManageMembership, "Change somebody's roles.", update)];
    Resource { shape, plural: "memberships", verbs }
}

object! {
    /// Changes to a membership.
    MembershipPatch {
        /// As what; an organization keeps at least one administrator.
        change roles: Words<Role> = ROLES,
    }
}

async fn update(who: Caller, target: Target<MembershipId>, patch: MembershipPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ManageMembership).await?;
    let roles = patch.roles.unwrap_or(was.roles);
    let after = set_roles(&mut tx, was, roles).await?;
    tx.done(&after).await
}

/// Changes a member's roles, as long as an administrator is left.
pub(crate) async fn set_roles(tx: &mut Tx, was: Model, roles: Words<Role>) -> Result<Model> {
    if was.roles == roles {
        return Ok(was);
    }
    may_handle(&tx.who, was.roles)?;
    may_handle(&tx.who, roles)?;
    stays_administered(tx, &was, roles).await?;
    let after = tx.change::<Entity>(was, |row| row.roles.set_if_not_equals(roles)).await?;
    tx.record("updated", &after.row, json!({ "roles": roles }))?;
    Ok(after.row)
}

/// Makes somebody a member.
pub(crate) async fn join(tx: &mut Tx, user: UserId, roles: Words<Role>) -> Result<Model> {
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            user_id: Set(user),
            roles: Set(roles),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &row, json!({ "roles": roles }))?;
    career_profile::begin(tx, user).await?;
    Ok(row)
}

/// Takes a member out, as long as an administrator is left.
pub(super) async fn leave(tx: &mut Tx, was: Model) -> Result<()> {
    stays_administered(tx, &was, Words::EMPTY).await?;
    let row = tx.delete::<Entity>(was).await?;
    tx.record("deleted", &row, json!({}))
}

/// Takes a removed member in again.
pub(crate) async fn rejoin(tx: &mut Tx, was: Model) -> Result<Model> {
    let row = tx.restore::<Entity>(was).await?;
    tx.record("restored", &row, json!({ "roles": row.roles }))?;
    career_profile::begin(tx, row.user_id).await?;
    Ok(row)
}

/// Somebody's place here, be it that they were removed.
pub(crate) async fn of(tx: &Tx, user: UserId) -> Result<Option<Model>> {
    let here = Entity::find().filter(Column::OrganizationId.eq(tx.who.organization)).filter(Column::UserId.eq(user));
    Ok(here.lock_exclusive().one(&tx.db).await?)
}

/// Somebody of this organization whom an input names by their id, be it that the caller sees nothing of them.
///
/// # Errors
/// `REFERENCE_UNKNOWN` naming the member.
pub(crate) async fn member(tx: &Tx, user: UserId, pointer: &str) -> Result<UserId> {
    if is_here(tx, user).await? { Ok(user) } else { Err(nobody(pointer)) }
}

/// Whether somebody belongs to this organization.
pub(crate) async fn is_here(tx: &Tx, user: UserId) -> Result<bool> {
    let here = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::UserId.eq(user))
        .filter(Column::DeletedAt.is_null());
    Ok(here.one(&tx.db).await?.is_some())
}

/// The same, by their e-mail address.
///
/// # Errors
/// `REFERENCE_UNKNOWN` naming the member.
pub(crate) async fn member_by_email(tx: &Tx, email: &str, pointer: &str) -> Result<UserId> {
    let folded = email.trim().to_lowercase();
    let found = user::Entity::find().filter(user::Column::EmailFolded.eq(folded)).one(&tx.db).await?;
    member(tx, found.ok_or_else(|| nobody(pointer))?.id, pointer).await
}

fn nobody(pointer: &str) -> Error {
    Error::field(Code::ReferenceUnknown, pointer, "There is no such person in this organization.")
}

/// Whether somebody belongs to other organizations too.
pub(super) async fn is_elsewhere(tx: &Tx, user: UserId) -> Result<bool> {
    let elsewhere = Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::OrganizationId.ne(tx.who.organization))
        .filter(Column::DeletedAt.is_null());
    Ok(elsewhere.count(&tx.db).await? > 0)
}

/// Whether somebody may change who has these roles, or give them: only administrators make and unmake administrators.
pub(super) fn may_handle(who: &Caller, roles: Words<Role>) -> Result<()> {
    let rules = who.is(Role::Admin) || matches!(who.principal, Principal::Operator);
    if roles.has(Role::Admin) && !rules { Err(forbidden(Action::ManageMembership)) } else { Ok(()) }
}

async fn stays_administered(tx: &Tx, was: &Model, roles: Words<Role>) -> Result<()> {
    if !gives_up(was.roles, roles) {
        return Ok(());
    }
    // Two administrators who remove each other take turns.
    organization::hold(tx).await?;
    let others = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::Id.ne(was.id))
        .filter(Column::DeletedAt.is_null())
        .filter(Expr::col(Column::Roles).bit_and(Words::EMPTY.with(Role::Admin).bits()).ne(0));
    if others.count(&tx.db).await? == 0 {
        return Err(Error::new(Code::LastAdministrator, "This is the last administrator: make another one first."));
    }
    Ok(())
}

/// Whether a change of roles takes administration away.
fn gives_up(was: Words<Role>, roles: Words<Role>) -> bool {
    was.has(Role::Admin) && !roles.has(Role::Admin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_losing_administration_is_guarded() {
        let (learner, admin) = (Words::EMPTY.with(Role::Learner), Words::EMPTY.with(Role::Admin));
        assert!(gives_up(admin, learner) && gives_up(admin, Words::EMPTY));
        assert!(
            !gives_up(admin, admin.with(Role::Coach)) && !gives_up(learner, admin) && !gives_up(learner, Words::EMPTY)
        );
    }
}
