//! Sessions: people's log-ins, which they and administrators can list and end.

use entity::{
    id::{SessionId, UserId},
    kind::{Kind, id, int, line, word},
    platform::session::{Column, Entity, Model, SessionEnd},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "Session";
    type Id = SessionId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<SessionId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Whose.").filter(),
        Column::UserAgent => leaf(line(1, 255), "What the client called itself."),
        Column::LastUsedAt => leaf(Kind::Time, "When a token of it was last refreshed.").filter().sort(),
        Column::ExpiresAt => leaf(Kind::Time, "When it ends by itself.").filter(),
        Column::EndedAt => leaf(Kind::Time, "When it was ended.").filter(),
        Column::EndReason => leaf(word::<SessionEnd>(), "Why it was ended."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When the person logged in.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::OrganizationId | Column::DeletedAt => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Session",
        "A log-in of a person, with its chain of refresh tokens.",
        "ses",
        Action::ViewSession,
        show,
    )
    .order("created_at", true)
    .one("user", "user_id", "User", "Whose.");
    let verbs = vec![Verb::on::<Entity, _, _, _>(
        "end",
        Action::EndSession,
        "End a session: its tokens stop working at once.",
        end_it,
    )];
    Resource { shape, plural: "sessions", verbs }
}

async fn end_it(who: Caller, target: Target<SessionId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = tx.find_at::<Entity>(&target, Action::EndSession).await?;
    let row = end(&mut tx, row, SessionEnd::Ended).await?;
    tx.done(&row).await
}

/// Ends a session; one that has ended stays as it is.
pub(crate) async fn end(tx: &mut Tx, row: Model, reason: SessionEnd) -> Result<Model> {
    if row.ended_at.is_some() {
        return Ok(row);
    }
    let at = tx.now;
    let after = tx
        .change::<Entity>(row, |row| {
            row.ended_at = Set(Some(at));
            row.end_reason = Set(Some(reason));
        })
        .await?;
    // Events belong to the organization of the transaction; another one's are not its business.
    if after.row.organization_id == tx.who.organization {
        tx.record("ended", &after.row, json!({ "reason": reason }))?;
    }
    Ok(after.row)
}

/// Ends everything that somebody has open, wherever it is, except one.
pub(crate) async fn end_all(tx: &mut Tx, user: UserId, except: Option<SessionId>, reason: SessionEnd) -> Result<()> {
    for row in open(tx, user).await?.into_iter().filter(|row| Some(row.id) != except) {
        end(tx, row, reason).await?;
    }
    Ok(())
}

/// Ends everything that somebody has open in this organization.
pub(super) async fn end_here(tx: &mut Tx, user: UserId) -> Result<()> {
    let here = tx.who.organization;
    for row in open(tx, user).await?.into_iter().filter(|row| row.organization_id == here) {
        end(tx, row, SessionEnd::Ended).await?;
    }
    Ok(())
}

async fn open(tx: &Tx, user: UserId) -> Result<Vec<Model>> {
    let open = Entity::find()
        .filter(Column::UserId.eq(user))
        .filter(Column::EndedAt.is_null())
        .filter(Column::ExpiresAt.gt(tx.now));
    Ok(open.lock_exclusive().all(&tx.db).await?)
}

/// A session, held until the end of the transaction.
pub(crate) async fn hold(tx: &Tx, id: SessionId) -> Result<Option<Model>> {
    Ok(Entity::find_by_id(id).lock_exclusive().one(&tx.db).await?)
}
