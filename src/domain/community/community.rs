//! Communities: where people help each other. Which ones somebody is in is theirs to tell (§31).

use entity::{
    community::community::{Column, CommunityKind, Entity, Model},
    id::{CommunityId, UserId},
    kind::{Form, Kind, Patch, id, int, line, text, word},
    object,
    platform::user,
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::json;

use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const NAME: Kind = line(1, 200);
const URL: Kind = text(Form::Url, 1, 2000);

impl Row for Entity {
    const NAME: &'static str = "Community";
    type Id = CommunityId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<CommunityId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who is in it; it never changes.").filter(),
        Column::Name => leaf(NAME, "What it is called.").sort(),
        Column::Kind => leaf(word::<CommunityKind>(), "What kind of community it is.").filter(),
        Column::Url => leaf(URL, "Where it is found."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Community",
        "A community in which somebody is (§31).",
        "cmy",
        Action::ViewCommunity,
        show,
    )
    .order("created_at", false)
    .external_refs()
    .one("owner", "owner_id", "User", "Who is in it.");
    let edit = Action::EditCommunity;
    let verbs = vec![
        Verb::create(Action::CreateCommunity, "Note a community in which one is.", create),
        Verb::upsert(
            Action::CreateCommunity,
            "Note or change the community that another system's name stands for.",
            upsert,
        ),
        Verb::on::<Entity, _, _, _>("update", edit, "Change a community.", update),
        Verb::delete::<Entity>(edit, "Delete a community; it can be restored."),
        Verb::restore::<Entity>(edit, "Bring a deleted community back."),
    ];
    Resource { shape, plural: "communities", verbs }
}

object! {
    /// A community.
    NewCommunity {
        /// Who is in it: yourself, unless it is somebody who let you write it down.
        optional owner_id: UserId = id::<UserId>(),
        /// What it is called.
        required name: String = NAME,
        /// What kind of community it is.
        required kind: CommunityKind = word::<CommunityKind>(),
        /// Where it is found.
        optional url: String = URL,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a community.
    CommunityPatch {
        /// What it is called.
        change name: String = NAME,
        /// What kind of community it is.
        change kind: CommunityKind = word::<CommunityKind>(),
        /// Where it is found.
        clear url: String = URL,
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewCommunity) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn upsert(who: Caller, external: External, mut new: NewCommunity) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let was = tx.find_external::<Entity>(&external, id, Action::EditCommunity).await?;
        let patch = CommunityPatch {
            name: Some(new.name),
            kind: Some(new.kind),
            url: new.url.map_or(Patch::Keep, Patch::Set),
            owner_id: new.owner_id,
            external_refs: new.external_refs,
        };
        let row = revise(&mut tx, was, patch).await?;
        return tx.done(&row).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn add(tx: &mut Tx, new: NewCommunity) -> Result<Model> {
    let owner = new.owner_id.or(tx.who.user());
    let owner = owner.ok_or_else(|| Error::field(Code::OwnerRequired, "/ownerId", "A machine names who is in it."))?;
    let owner = tx.refer_to::<user::Entity>(owner, Action::NetworkFor, "/ownerId").await?;
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: owner.id,
        search_text: new.name.to_lowercase(),
        name: new.name,
        kind: new.kind,
        url: new.url,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, new.external_refs.as_deref()).await?;
    tx.record("created", &row, json!({ "kind": row.kind }))?;
    Ok(row)
}

async fn update(who: Caller, target: Target<CommunityId>, patch: CommunityPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditCommunity).await?;
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn revise(tx: &mut Tx, was: Model, patch: CommunityPatch) -> Result<Model> {
    if patch.owner_id.is_some_and(|owner| owner != was.owner_id) {
        return Err(Error::field(Code::OwnerImmutable, "/ownerId", "Who is in it never changes."));
    }
    let name = patch.name.unwrap_or_else(|| was.name.clone());
    let (kind, url) = (patch.kind.unwrap_or(was.kind), patch.url.over(was.url.clone()));
    let after = tx
        .change::<Entity>(was, |row| {
            row.search_text.set_if_not_equals(name.to_lowercase());
            row.name.set_if_not_equals(name);
            row.kind.set_if_not_equals(kind);
            row.url.set_if_not_equals(url);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}
