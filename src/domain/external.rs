//! External references: the names that other systems have for our objects.

use std::collections::BTreeSet;

use entity::{
    id::{OrganizationId, UserId, decode_as},
    kind::{Form, Kind, Object, text},
    object,
    platform::{
        client::Scope,
        external_ref::{self, Column},
        grant,
    },
    vocabulary::Set as Words,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, FromQueryResult,
    QueryFilter as _, sea_query::ExprTrait as _,
};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use super::{
    caller::Caller,
    error::{Code, Error, Result, is_duplicate},
    policy::{Rule, permission},
};
use crate::read::{
    cell::{Cell, Store},
    shape::{Need, Seen, Shape, shape_of_prefix},
    sql::Arg,
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
    /// A name that another system has for this object, unique per organization, system and type; of what is somebody's own, among theirs.
    #[derive(Serialize, PartialEq, Eq)]
    ExternalRef {
        /// The other system: `moodle`, `workday` …
        required source: String = SOURCE,
        /// Its name for the object.
        required external_id: String = EXTERNAL_ID,
    }
}

/// What names are kept under: the kind of their objects, by the prefix of its ids; and of what is somebody's own, whose. So two people may
/// take in of the same system what has the same names there, and nobody learns by a name what others have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Book(String);

impl Book {
    /// The one of an object of a kind, of that owner when it is somebody's.
    #[must_use]
    pub fn of(shape: &Shape, owner: Option<UserId>) -> Self {
        match owner.filter(|_| is_own(shape)) {
            Some(owner) => Self::of_person(shape.prefix, owner),
            None => Self::shared(shape.prefix),
        }
    }

    /// The one of what is nobody's alone, of a kind.
    #[must_use]
    pub fn shared(prefix: &str) -> Self {
        Self(prefix.to_owned())
    }

    /// The one of what is a person's own, of a kind.
    #[must_use]
    pub fn of_person(prefix: &str, owner: UserId) -> Self {
        Self(format!("{prefix}:{}", owner.0.simple()))
    }

    /// As it stands in the database.
    #[must_use]
    pub fn word(&self) -> &str {
        &self.0
    }
}

/// Whether things of a kind are seen by nobody but their owner, and whom they opened them to.
#[must_use]
pub fn is_own(shape: &Shape) -> bool {
    permission(shape.view).1.is_personal()
}

/// The object that another system's name stands for, for a caller who says no more than that: of what is somebody's own, their own, or else
/// the only one among those that were opened to them.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn find(who: &Caller, shape: &Shape, source: &str, external_id: &str) -> Result<Option<Uuid>> {
    let db = &who.house.database.read;
    let own = find_in(db, who.organization, &Book::of(shape, who.user()), source, external_id).await?;
    let (None, Some(me), true) = (own, who.user(), is_own(shape)) else { return Ok(own) };
    let scopes: Words<Scope> = opened(&permission(shape.view).1).into_iter().flatten().copied().collect();
    let mut found = Vec::new();
    for owner in granting(who, me, scopes).await? {
        let book = Book::of_person(shape.prefix, owner);
        found.extend(find_in(db, who.organization, &book, source, external_id).await?);
    }
    Ok(found.pop().filter(|_| found.is_empty()))
}

/// The scopes of which one opens what the rule is about.
fn opened(rule: &Rule) -> Option<&'static [Scope]> {
    match rule {
        Rule::Granted(_, scopes) => Some(scopes),
        Rule::All(rules) | Rule::Any(rules) => rules.iter().find_map(opened),
        _ => None,
    }
}

/// Who opened one of the scopes to the caller.
async fn granting(who: &Caller, me: UserId, scopes: Words<Scope>) -> Result<Vec<UserId>> {
    let living = Condition::any().add(grant::Column::ExpiresAt.is_null()).add(grant::Column::ExpiresAt.gt(who.now));
    let grants = grant::Entity::find()
        .filter(grant::Column::OrganizationId.eq(who.organization))
        .filter(grant::Column::GranteeId.eq(me))
        .filter(grant::Column::RevokedAt.is_null())
        .filter(grant::Column::DeletedAt.is_null())
        .filter(living);
    let grants = grants.all(&who.house.database.read).await?;
    let owners = grants.into_iter().filter(|grant| !grant.scopes.and(scopes).is_empty()).map(|grant| grant.owner_id);
    Ok(owners.collect::<BTreeSet<_>>().into_iter().collect())
}

/// The object that another system's name stands for, for a caller who says what it is to become: of what is somebody's own, of the one
/// whom the input names, of the one whose thing it names as what it belongs to, or else of the caller.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn find_for(
    who: &Caller,
    (shape, takes): (&Shape, &Object),
    input: &Value,
    (source, external_id): (&str, &str),
) -> Result<Option<Uuid>> {
    let owner = if is_own(shape) { said_owner(who, (shape, takes), input).await?.or_else(|| who.user()) } else { None };
    find_in(&who.house.database.read, who.organization, &Book::of(shape, owner), source, external_id).await
}

/// Whose something is to be, as far as an input says it.
async fn said_owner(who: &Caller, (shape, takes): (&Shape, &Object), input: &Value) -> Result<Option<UserId>> {
    let said = |name: &str| input.get(name).and_then(Value::as_str);
    if let Some(owner) = said("ownerId").and_then(|owner| owner.parse::<UserId>().ok()) {
        // Who opened nothing to the caller has no names for them: what the caller says is of a thing of their own.
        let (Some(me), Some(scopes)) = (who.user(), opened(&permission(shape.view).1)) else { return Ok(None) };
        let opens = owner == me || granting(who, me, scopes.iter().copied().collect()).await?.contains(&owner);
        return Ok(opens.then_some(owner));
    }
    let mut wholes = takes.fields.iter().filter_map(|field| {
        let Kind::Id(prefix) = field.kind else { return None };
        let id = decode_as(prefix, said(&field.name)?).ok()?;
        shape_of_prefix(prefix).filter(|shape| is_own(shape)).map(|shape| (shape, id))
    });
    let Some((whole, id)) = wholes.next() else { return Ok(None) };
    let look = who.look().await?;
    let mut sql = look.sql();
    sql.push("SELECT t0.owner_id FROM \"")
        .push(whole.table)
        .push("\" t0 WHERE t0.id = ")
        .bind(Arg::Uuid(id))
        .push(" AND ");
    sql.visible_by_id(whole, "t0", who);
    Ok(look.row::<Owned>(&sql).await?.map(|row| row.owner_id))
}

#[derive(FromQueryResult)]
struct Owned {
    owner_id: UserId,
}

/// The object that another system's name stands for.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn find_in<C: ConnectionTrait>(
    db: &C,
    organization: OrganizationId,
    book: &Book,
    source: &str,
    external_id: &str,
) -> Result<Option<Uuid>> {
    // PostgreSQL has no text with NUL: no such name exists.
    if source.contains('\0') || external_id.contains('\0') {
        return Ok(None);
    }
    let key = (organization, book.0.clone(), source.to_owned(), external_id.to_owned());
    Ok(external_ref::Entity::find_by_id(key).one(db).await?.map(|row| row.target_id))
}

/// Makes `refs` the references of an object, in place of those that it had: whether they were others.
///
/// # Errors
/// `EXTERNAL_REF_TAKEN` when one of them names another object.
pub async fn replace<C: ConnectionTrait>(
    db: &C,
    organization: OrganizationId,
    book: &Book,
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
        add(db, organization, book, target, one).await?;
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
    book: &Book,
    target: Uuid,
    one: &ExternalRef,
) -> Result<()> {
    let taken = |found: Option<Uuid>| {
        let error = Error::new(Code::ExternalRefTaken, "This external id names another object already.");
        error.with(serde_json::json!({ "source": one.source, "externalId": one.external_id, "sameObject": found == Some(target) }))
    };
    let found = find_in(db, organization, book, &one.source, &one.external_id).await?;
    if found == Some(target) {
        return Ok(());
    }
    if found.is_some() {
        return Err(taken(found));
    }
    let row = external_ref::ActiveModel {
        organization_id: Set(organization),
        kind: Set(book.0.clone()),
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
