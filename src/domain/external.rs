//! External references: the names that other systems have for our objects.

use entity::{
    id::OrganizationId,
    kind::{Form, Kind, text},
    object,
    platform::external_ref::{self, Column},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, sea_query::ExprTrait as _,
};
use serde::Serialize;
use uuid::Uuid;

use super::{
    caller::Caller,
    error::{Code, Error, Result, is_duplicate},
};
use crate::read::{
    cell::{Cell, Store},
    shape::{Need, Seen, Shape},
};

/// The name of another system.
pub const SOURCE: Kind = text(Form::Slug, 1, 100);
/// A name that it has for an object.
pub const EXTERNAL_ID: Kind = text(Form::Line, 1, 255);
/// One reference.
const REF: Kind = Kind::Object(ExternalRef::object);
/// All references of an object.
pub const REFS: Kind = entity::kind::list(&REF, 20);

use entity::kind::Declared as _;

object! {
    /// A name that another system has for this object, unique per organization, system and type.
    #[derive(Serialize, PartialEq, Eq)]
    ExternalRef {
        /// The other system: `moodle`, `workday` …
        required source: String = SOURCE,
        /// Its name for the object.
        required external_id: String = EXTERNAL_ID,
    }
}

/// The object that another system's name stands for.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn find(who: &Caller, prefix: &str, source: &str, external_id: &str) -> Result<Option<Uuid>> {
    find_in(&who.house.database.read, who.organization, prefix, source, external_id).await
}

/// The same, on a connection of one's own.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn find_in<C: ConnectionTrait>(
    db: &C,
    organization: OrganizationId,
    prefix: &str,
    source: &str,
    external_id: &str,
) -> Result<Option<Uuid>> {
    // PostgreSQL has no text with NUL: no such name exists.
    if source.contains('\0') || external_id.contains('\0') {
        return Ok(None);
    }
    let key = (organization, prefix.to_owned(), source.to_owned(), external_id.to_owned());
    Ok(external_ref::Entity::find_by_id(key).one(db).await?.map(|row| row.target_id))
}

/// Makes `refs` the references of an object, in place of those that it had: whether they were others.
///
/// # Errors
/// `EXTERNAL_REF_TAKEN` when one of them names another object.
pub async fn replace<C: ConnectionTrait>(
    db: &C,
    organization: OrganizationId,
    prefix: &str,
    target: Uuid,
    refs: &[ExternalRef],
) -> Result<bool> {
    let own = || Column::TargetId.eq(target).and(Column::OrganizationId.eq(organization));
    let known = external_ref::Entity::find().filter(own()).all(db).await?;
    let is_known =
        |one: &ExternalRef| known.iter().any(|row| row.source == one.source && row.external_id == one.external_id);
    let is_kept = |row: &external_ref::Model| {
        refs.iter().any(|one| row.source == one.source && row.external_id == one.external_id)
    };
    if refs.iter().all(is_known) && known.iter().all(is_kept) {
        return Ok(false);
    }
    external_ref::Entity::delete_many().filter(own()).exec(db).await?;
    for one in refs {
        add(db, organization, prefix, target, one).await?;
    }
    Ok(true)
}

/// Adds one reference.
///
/// # Errors
/// `EXTERNAL_REF_TAKEN` when it names another object.
pub async fn add<C: ConnectionTrait>(
    db: &C,
    organization: OrganizationId,
    prefix: &str,
    target: Uuid,
    one: &ExternalRef,
) -> Result<()> {
    let taken = |found: Option<Uuid>| {
        let error = Error::new(Code::ExternalRefTaken, "This external id names another object already.");
        error.with(serde_json::json!({ "source": one.source, "externalId": one.external_id, "sameObject": found == Some(target) }))
    };
    let found = find_in(db, organization, prefix, &one.source, &one.external_id).await?;
    if found == Some(target) {
        return Ok(());
    }
    if found.is_some() {
        return Err(taken(found));
    }
    let row = external_ref::ActiveModel {
        organization_id: Set(organization),
        kind: Set(prefix.to_owned()),
        source: Set(one.source.clone()),
        external_id: Set(one.external_id.clone()),
        target_id: Set(target),
    };
    match external_ref::Entity::insert(row).exec(db).await {
        Err(error) if is_duplicate(&error) => Err(taken(None)),
        other => other.map(|_| ()).map_err(Error::from),
    }
}

impl Shape {
    /// Shows the names that other systems have for the object.
    #[must_use]
    pub fn external_refs(self) -> Self {
        const SQLITE: &str = "(SELECT json_group_array(json_array(source, external_id)) FROM (SELECT e.source, e.external_id FROM external_ref e \
             WHERE e.target_id = {t}.id ORDER BY e.source, e.external_id))";
        const POSTGRES: &str = "(SELECT json_agg(json_build_array(e.source, e.external_id) ORDER BY e.source, e.external_id)::text \
             FROM external_ref e WHERE e.target_id = {t}.id)";
        self.computed(
            "externalRefs",
            REFS,
            "The names that other systems have for it.",
            vec![Need::Aggregate(SQLITE, POSTGRES, Store::Text)],
            refs,
        )
    }
}

/// The databases' own JSON differs in its blanks: it is read and written in our form.
fn refs(cells: &[Cell], _: &Seen) -> Cell {
    let pairs: Vec<(String, String)> =
        cells.first().and_then(Cell::text).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let refs: Vec<ExternalRef> =
        pairs.into_iter().map(|(source, external_id)| ExternalRef { source, external_id }).collect();
    Cell::Text(serde_json::to_string(&refs).unwrap_or_else(|_| "[]".to_owned()))
}
