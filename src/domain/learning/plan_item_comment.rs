//! Comments on items of plans: what a learner and their coaches say about one (story 3).

use entity::{
    id::{PlanItemCommentId, PlanItemId, UserId},
    kind::{Kind, id, int, prose},
    learning::{
        learning_plan, plan_item,
        plan_item_comment::{ActiveModel, Column, Entity, Model},
    },
    object,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::learning_plan::editable;
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

const TEXT: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "PlanItemComment";
    type Id = PlanItemCommentId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<PlanItemCommentId>(), "The id."),
        Column::ItemId => leaf(id::<PlanItemId>(), "The item.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Who learns: the plan's owner."),
        Column::AuthorId => leaf(id::<UserId>(), "Who wrote it.").filter(),
        Column::Text => leaf(TEXT, "What they wrote."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was written.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "PlanItemComment",
        "What somebody says about an item of a plan (story 3).",
        "cmt",
        Action::ViewPlanItemComment,
        show,
    )
    .order("created_at", false)
    .one("item", "item_id", "PlanItem", "The item.")
    .one("author", "author_id", "User", "Who wrote it.");
    Resource { shape, plural: "planItemComments", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CommentOnPlanItem, EditPlanItemComment};
    vec![
        Verb::create(
            CommentOnPlanItem,
            "Say something about an item: its owner, and whom they let plan or review by a grant.",
            create,
        ),
        Verb::on::<Entity, _, _, _>("update", EditPlanItemComment, "Change what one wrote.", update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditPlanItemComment,
            "Delete what one wrote; it can be restored.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditPlanItemComment, "Bring back what one wrote and deleted.", restore),
    ]
}

object! {
    /// Something to say about an item.
    NewPlanItemComment {
        /// The item, of a plan that is not complete.
        required item_id: PlanItemId = id::<PlanItemId>(),
        /// What to say.
        required text: String = TEXT,
    }
}

object! {
    /// Changes to a comment.
    PlanItemCommentPatch {
        /// What to say instead.
        change text: String = TEXT,
    }
}

async fn create(who: Caller, new: NewPlanItemComment) -> Result<Done> {
    let author = who.person()?;
    let mut tx = who.begin().await?;
    let item = match tx.find::<plan_item::Entity>(new.item_id, Action::CommentOnPlanItem).await {
        Err(error) if error.code() == Code::NotFound => return Err(unknown()),
        other => other?,
    };
    open(&tx, &item).await?;
    let comment = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            item_id: Set(item.id),
            owner_id: Set(item.owner_id),
            author_id: Set(author),
            text: Set(new.text),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    record(&mut tx, "created", &comment)?;
    tx.made(&comment).await
}

fn unknown() -> Error {
    Error::field(Code::ReferenceUnknown, "/itemId", "There is no such plan item.")
}

/// About what is complete nothing more is said until it is reopened, and about what was deleted nothing at all.
async fn open(tx: &Tx, item: &plan_item::Model) -> Result<()> {
    match tx.find::<learning_plan::Entity>(item.plan_id, Action::ViewLearningPlan).await {
        Err(error) if error.code() == Code::NotFound => Err(unknown()),
        plan => editable(&plan?),
    }
}

/// A comment that its author is about to change.
async fn own(tx: &Tx, comment: Model) -> Result<Model> {
    let item = tx.find::<plan_item::Entity>(comment.item_id, Action::ViewPlanItem).await?;
    open(tx, &item).await?;
    Ok(comment)
}

async fn update(who: Caller, target: Target<PlanItemCommentId>, patch: PlanItemCommentPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let comment = tx.find_at::<Entity>(&target, Action::EditPlanItemComment).await?;
    let comment = own(&tx, comment).await?;
    let text = patch.text.unwrap_or_else(|| comment.text.clone());
    let after = tx.change::<Entity>(comment, |row| row.text.set_if_not_equals(text)).await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

async fn delete(who: Caller, target: Target<PlanItemCommentId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let comment = tx.find_at::<Entity>(&target, Action::EditPlanItemComment).await?;
    let comment = own(&tx, comment).await?;
    let comment = tx.delete::<Entity>(comment).await?;
    record(&mut tx, "deleted", &comment)?;
    tx.done(&comment).await
}

async fn restore(who: Caller, target: Target<PlanItemCommentId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let comment = tx.find_deleted::<Entity>(&target, Action::EditPlanItemComment).await?;
    let comment = own(&tx, comment).await?;
    let comment = tx.restore::<Entity>(comment).await?;
    record(&mut tx, "restored", &comment)?;
    tx.done(&comment).await
}

/// What was said is for those who may read it: the feed tells that something was.
fn record(tx: &mut Tx, what: &str, comment: &Model) -> Result<()> {
    tx.record(what, comment, json!({ "planItemId": comment.item_id, "authorId": comment.author_id }))
}
