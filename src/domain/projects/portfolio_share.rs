//! Addresses at which somebody shows their portfolio, to whoever has them, until they take them back (§15).

use chrono::{DateTime, Utc};
use entity::{
    id::{PortfolioShareId, UserId},
    kind::{Kind, id, int, line},
    object,
    projects::portfolio_share::{ActiveModel, Column, Entity, Model},
};
use sea_orm::ActiveValue::Set;
use secrecy::ExposeSecret as _;
use serde_json::json;

use crate::{
    auth::secret,
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, leaf},
    },
};

const LABEL: Kind = line(1, 200);
/// What the tokens begin with, so that scanners know what leaked.
pub const PREFIX: &str = "cairn_ps_";

impl Row for Entity {
    const NAME: &'static str = "PortfolioShare";
    type Id = PortfolioShareId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<PortfolioShareId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose portfolio it shows."),
        Column::Label => leaf(LABEL, "Whom it is for, as the owner calls it."),
        Column::ExpiresAt => leaf(Kind::Time, "Until when it works; without it, until it is revoked."),
        Column::RevokedAt => leaf(Kind::Time, "When it was revoked."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::OrganizationId | Column::Fingerprint | Column::DeletedAt => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "PortfolioShare",
        "An address at which somebody shows their portfolio, as far as it is LINK or PUBLIC, to whoever has it (§15).",
        "pfs",
        Action::ViewPortfolioShare,
        show,
    )
    .order("created_at", false)
    .computed(
        "open",
        Kind::Bool,
        "Whether it works: it was not revoked, and has not expired.",
        vec![Need::Column("revoked_at", Store::Time), Need::Column("expires_at", Store::Time)],
        |cells, seen| {
            let ahead = cells[1].time().is_none_or(|until| until > seen.now);
            Cell::Bool(cells[0].time().is_none() && ahead)
        },
    )
    .one("owner", "owner_id", "User", "Whose portfolio it shows.");
    let verbs = vec![
        Verb::create(
            Action::SharePortfolio,
            "Show your portfolio, as far as it is LINK or PUBLIC, to whoever has the token: at `/portfolios/{token}`, and as JSON Resume at `/portfolios/{token}/resume.json`.",
            share,
        )
        .called("sharePortfolio")
        .reveals("token", "The token; shown only here."),
        Verb::on::<Entity, _, _, _>(
            "revoke",
            Action::EditPortfolioShare,
            "Take it back: the token shows nothing any more, at once.",
            revoke,
        ),
    ];
    Resource { shape, plural: "portfolioShares", verbs }
}

object! {
    /// How to share.
    NewPortfolioShare {
        /// Until when; in the future. Without it, until it is revoked.
        optional expires_at: DateTime<Utc> = Kind::Time,
        /// Whom it is for, as you call it.
        optional label: String = LABEL,
    }
}

async fn share(who: Caller, new: NewPortfolioShare) -> Result<Done> {
    who.may(Action::SharePortfolio)?;
    let owner = who.person()?;
    let mut tx = who.begin().await?;
    if new.expires_at.is_some_and(|at| at <= tx.now) {
        return Err(Error::field(Code::ExpiryPast, "/expiresAt", "must be in the future."));
    }
    let token = secret::random_token(PREFIX);
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(owner),
            label: Set(new.label),
            fingerprint: Set(secret::fingerprint(token.expose_secret())),
            expires_at: Set(new.expires_at.map(clock::whole)),
            revoked_at: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.reveal(token.expose_secret().to_owned());
    tx.record("created", &row, json!({ "expiresAt": row.expires_at.map(clock::rfc3339) }))?;
    tx.made(&row).await
}

async fn revoke(who: Caller, target: Target<PortfolioShareId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditPortfolioShare).await?;
    if was.revoked_at.is_some() {
        return tx.done(&was).await;
    }
    let at = tx.now;
    let after = tx.change::<Entity>(was, |row| row.revoked_at = Set(Some(at))).await?;
    tx.record("revoked", &after.row, json!({}))?;
    tx.done(&after.row).await
}
