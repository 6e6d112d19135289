//! Clients: machine integrations that act on behalf of the organization, with scopes (§37).

use entity::{
    id::ClientId,
    kind::{Kind, id, int, line, word},
    object,
    platform::client::{ActiveModel, Column, Entity, Model, Scope},
    vocabulary::Set as Words,
};
use sea_orm::ActiveValue::Set;
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use crate::{
    auth::secret,
    domain::{
        caller::Caller,
        clock,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// What secrets begin with, so that scanners know what leaked.
const PREFIX: &str = "cairn_cs_";

const NAME: Kind = line(1, 200);
const SCOPE: Kind = word::<Scope>();
/// What a client may do: something at least.
pub const SCOPES: Kind = Kind::List { of: &SCOPE, min: 1, max: 64 };
const SECRET: &str = "The client's secret. It is shown this once and cannot be shown again.";

impl Row for Entity {
    const NAME: &'static str = "Client";
    type Id = ClientId;
}

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ClientId>(), "The id: the `client_id` of OAuth."),
        Column::Name => leaf(NAME, "What the integration is called.").sort(),
        Column::Scopes => leaf(SCOPES, "What its tokens may do at most."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SecretFingerprint => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Client",
        "A machine integration, acting on behalf of the organization.",
        "cli",
        Action::ViewClient,
        show,
    )
    .order("created_at", false);
    let verbs = vec![
        Verb::create(Action::ManageClient, "Let a machine in; its secret is shown once.", create)
            .reveals("secret", SECRET),
        Verb::on::<Entity, _, _, _>(
            "update",
            Action::ManageClient,
            "Change a client's name or scopes, at once for tokens too.",
            update,
        ),
        Verb::delete::<Entity>(Action::ManageClient, "Delete a client: its tokens stop working at once."),
        Verb::restore::<Entity>(Action::ManageClient, "Bring a deleted client back, with the secret that it had."),
        Verb::on::<Entity, _, _, _>(
            "rotateSecret",
            Action::ManageClient,
            "Give a client a new secret, shown once; the old one stops working.",
            rotate_secret,
        )
        .reveals("secret", SECRET),
    ];
    Resource { shape, plural: "clients", verbs }
}

object! {
    /// A machine to let in.
    NewClient {
        /// What the integration is called.
        required name: String = NAME,
        /// What its tokens may do at most.
        required scopes: Words<Scope> = SCOPES,
    }
}

object! {
    /// Changes to a client.
    ClientPatch {
        /// What the integration is called.
        change name: String = NAME,
        /// What its tokens may do at most.
        change scopes: Words<Scope> = SCOPES,
    }
}

async fn create(who: Caller, new: NewClient) -> Result<Done> {
    who.may(Action::ManageClient)?;
    add(who, new).await
}

/// Adds a client, for an administrator or for the operator at the command line.
pub(crate) async fn add(who: Caller, new: NewClient) -> Result<Done> {
    let (secret, fingerprint) = new_secret();
    let mut tx = who.begin().await?;
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            name: Set(new.name),
            secret_fingerprint: Set(fingerprint),
            scopes: Set(new.scopes),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &row, json!({ "name": row.name, "scopes": row.scopes }))?;
    tx.reveal(secret.expose_secret().to_owned());
    tx.made(&row).await
}

fn new_secret() -> (SecretString, String) {
    let secret = secret::random_token(PREFIX);
    let fingerprint = secret::fingerprint(secret.expose_secret());
    (secret, fingerprint)
}

async fn update(who: Caller, target: Target<ClientId>, patch: ClientPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ManageClient).await?;
    let after = tx
        .change::<Entity>(was, |row| {
            if let Some(name) = patch.name {
                row.name.set_if_not_equals(name);
            }
            if let Some(scopes) = patch.scopes {
                row.scopes.set_if_not_equals(scopes);
            }
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({ "name": after.row.name, "scopes": after.row.scopes }))?;
    }
    tx.done(&after.row).await
}

async fn rotate_secret(who: Caller, target: Target<ClientId>, _: Nothing) -> Result<Done> {
    let tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::ManageClient).await?;
    replace_secret(tx, was).await
}

/// Gives a client a new secret, for the operator at the command line.
pub(crate) async fn renew(who: Caller, was: Model) -> Result<Done> {
    let tx = who.begin().await?;
    replace_secret(tx, was).await
}

async fn replace_secret(mut tx: Tx, was: Model) -> Result<Done> {
    let (secret, fingerprint) = new_secret();
    let after = tx.change::<Entity>(was, |row| row.secret_fingerprint = Set(fingerprint)).await?;
    tx.record("secret_rotated", &after.row, json!({}))?;
    tx.reveal(secret.expose_secret().to_owned());
    tx.done(&after.row).await
}
