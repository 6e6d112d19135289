//! Calendar feeds: addresses at which a calendar program reads a person's dates. Whoever knows one reads these, and nothing else:
//! no token is got with it, and it is taken for none.

use std::sync::Arc;

use entity::{
    id::{CalendarFeedId, UserId},
    kind::{Kind, id, int, line, word},
    object,
    platform::calendar_feed::{ActiveModel, CalendarContent, Column, Entity, Model},
    vocabulary::Set as Words,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;

use super::calendar::{self, contents};
use crate::{
    auth::{identify, secret},
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    house::House,
    read::shape::{Leaf, Shape, leaf},
};

/// What secrets begin with, so that scanners know what leaked.
const PREFIX: &str = "cairn_cf_";
/// What an address ends with: some programs tell a calendar by it.
const SUFFIX: &str = ".ics";

pub(super) const NAME: Kind = line(1, 200);
const CONTENT: Kind = word::<CalendarContent>();
/// What a calendar holds: something at least.
pub(super) const CONTENTS: Kind = Kind::List { of: &CONTENT, min: 1, max: 64 };
const URL: &str = "The address to subscribe to, with its secret. It is shown this once and cannot be shown again.";

impl Row for Entity {
    const NAME: &'static str = "CalendarFeed";
    type Id = CalendarFeedId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<CalendarFeedId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Whose dates they are."),
        Column::Name => leaf(NAME, "What the calendar is called."),
        Column::Contents => leaf(CONTENTS, "What it holds."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored, with another address."),
        Column::OrganizationId | Column::TokenFingerprint | Column::Scopes => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "CalendarFeed",
        "An address at which a calendar program reads a person's dates, without a log-in.",
        "cal",
        Action::ViewCalendarFeed,
        show,
    )
    .order("created_at", false)
    .one("user", "user_id", "User", "Whose dates they are.");
    let edit = Action::EditCalendarFeed;
    let verbs = vec![
        Verb::create(Action::CreateCalendarFeed, "Make an address for a calendar program; it is shown once.", create)
            .reveals("url", URL),
        Verb::on::<Entity, _, _, _>("update", edit, "Change what a feed is called and holds.", update),
        Verb::on::<Entity, _, _, _>(
            "rotateAddress",
            edit,
            "Give a feed another address, shown once; the one before it works no more.",
            rotate_address,
        )
        .reveals("url", URL),
        Verb::delete::<Entity>(edit, "Delete a feed: its address works no more, at once."),
        Verb::on::<Entity, _, _, _>(
            "restore",
            edit,
            "Bring a deleted feed back, with another address, shown once.",
            restore,
        )
        .reveals("url", URL),
    ];
    Resource { shape, plural: "calendarFeeds", verbs }
}

object! {
    /// An address to make.
    NewCalendarFeed {
        /// What the calendar is called.
        required name: String = NAME,
        /// What it holds; without it, everything of today that the token lets its bearer look at. What is thought of later
        /// comes in only when it is named.
        optional contents: Words<CalendarContent> = CONTENTS,
    }
}

object! {
    /// Changes to a feed.
    CalendarFeedPatch {
        /// What the calendar is called.
        change name: String = NAME,
        /// What it holds.
        change contents: Words<CalendarContent> = CONTENTS,
    }
}

async fn create(who: Caller, new: NewCalendarFeed) -> Result<Done> {
    who.may(Action::CreateCalendarFeed)?;
    let owner = who.person()?;
    let wanted = new.contents.unwrap_or_else(|| contents::readable(&who));
    may_show(&who, wanted)?;
    let (secret, fingerprint) = new_secret();
    let mut tx = who.begin().await?;
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            user_id: Set(owner),
            name: Set(new.name),
            contents: Set(wanted),
            scopes: Set(tx.who.scopes),
            token_fingerprint: Set(fingerprint),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &row, json!({ "name": row.name, "contents": row.contents }))?;
    reveal(&mut tx, &secret);
    tx.made(&row).await
}

/// A feed shows no more than the token that it is made or opened with.
fn may_show(who: &Caller, wanted: Words<CalendarContent>) -> Result<()> {
    if wanted.is_empty() {
        return Err(Error::new(Code::InsufficientScope, "The token lets its bearer look at nothing that has a date."));
    }
    wanted.iter().try_for_each(|content| who.has_scope_for(contents::of(content).view))
}

fn new_secret() -> (SecretString, String) {
    let secret = secret::random_token(PREFIX);
    let fingerprint = secret::fingerprint(secret.expose_secret());
    (secret, fingerprint)
}

fn reveal(tx: &mut Tx, secret: &SecretString) {
    let at = &tx.who.house.config.public_url;
    let url = format!("{}/calendar/{}{SUFFIX}", at.trim_end_matches('/'), secret.expose_secret());
    tx.reveal(url);
}

async fn update(who: Caller, target: Target<CalendarFeedId>, patch: CalendarFeedPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditCalendarFeed).await?;
    if let Some(wanted) = patch.contents {
        may_show(&who, wanted)?;
    }
    let scopes = who.scopes;
    let after = tx
        .change::<Entity>(was, |row| {
            if let Some(name) = patch.name {
                row.name.set_if_not_equals(name);
            }
            if let Some(contents) = patch.contents {
                row.contents.set_if_not_equals(contents);
                row.scopes.set_if_not_equals(scopes);
            }
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({ "name": after.row.name, "contents": after.row.contents }))?;
    }
    tx.done(&after.row).await
}

async fn rotate_address(who: Caller, target: Target<CalendarFeedId>, _: Nothing) -> Result<Done> {
    let tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditCalendarFeed).await?;
    readdress(tx, was, "address_rotated").await
}

async fn restore(who: Caller, target: Target<CalendarFeedId>, _: Nothing) -> Result<Done> {
    let tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditCalendarFeed).await?;
    readdress(tx, was, "restored").await
}

/// Gives a feed another address, and life.
async fn readdress(mut tx: Tx, was: Model, what: &str) -> Result<Done> {
    may_show(&tx.who, was.contents)?;
    let (secret, fingerprint) = new_secret();
    let scopes = tx.who.scopes;
    let after = tx
        .change::<Entity>(was, |row| {
            row.scopes.set_if_not_equals(scopes);
            row.token_fingerprint = Set(fingerprint);
            row.deleted_at.set_if_not_equals(None);
        })
        .await?;
    tx.record(what, &after.row, json!({}))?;
    reveal(&mut tx, &secret);
    tx.done(&after.row).await
}

/// Whose calendar lies at an address, as they stand now, and what it is to hold of what they may look at now: with no more scopes than the
/// token that the feed was made or opened with.
///
/// # Errors
/// `NOT_FOUND` when there is none, whatever there was; `UNAVAILABLE`.
pub async fn opened(house: &Arc<House>, file: &str, request_id: Arc<str>) -> Result<(Caller, Model)> {
    let nothing = || Error::new(Code::NotFound, "There is no calendar at this address, or no more.");
    let token = file.strip_suffix(SUFFIX).filter(|token| token.starts_with(PREFIX)).ok_or_else(nothing)?;
    let feed = Entity::find()
        .filter(Column::TokenFingerprint.eq(secret::fingerprint(token)))
        .filter(Column::DeletedAt.is_null());
    let mut feed = feed.one(&house.database.read).await?.ok_or_else(nothing)?;
    let whose = (Some(feed.user_id), None);
    let who = identify::again(house, feed.organization_id, whose, feed.scopes, request_id).await?;
    let who = who.ok_or_else(nothing)?;
    feed.contents = feed.contents.and(contents::readable(&who));
    Ok((who, feed))
}

/// What lies at the address of a feed: a calendar of whoever's it is.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn read(who: &Caller, feed: Model) -> Result<String> {
    calendar::written(&calendar::holding(&who.look().await?, Some(feed.name), feed.contents).await?)
}
