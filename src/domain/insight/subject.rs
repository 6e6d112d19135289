//! What an insight is about: any object, found by its public id with the right to see it.

use entity::{
    id::{UserId, decode},
    platform::client::Scope,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{
        error::{Error, Result},
        look::Look,
        policy::{Action, permission},
        verb::spaced,
    },
    read::{
        shape::{Leaf, Shape, shape_of_prefix},
        sql::Arg,
    },
};

/// An object that the caller may see.
#[derive(Debug)]
pub(super) struct Subject {
    /// Whose it is, when it is somebody's.
    pub person: Option<UserId>,
    /// Whether it is of a project: people work on these together, and whoever sees one may know what is to be said of it.
    pub shared: bool,
    /// What looking at the advice about it needs the right to, of the person: of somebody's search for a job, what opens the search.
    pub view: Action,
}

#[derive(FromQueryResult)]
struct Owned {
    person: Option<UserId>,
}

/// Finds an object of any kind.
///
/// # Errors
/// `NOT_FOUND` for what is no id, or of nothing that the caller may know of.
pub(super) async fn find(look: &Look, id: &str) -> Result<Subject> {
    let known = decode(id).ok().and_then(|(prefix, id)| Some((shape_of_prefix(prefix)?, id)));
    let (shape, id) = known.ok_or_else(|| Error::not_found("object"))?;
    let (column, owned) = owner(shape).map_or(("id", false), |column| (column, true));
    let mut sql = look.sql();
    sql.push("SELECT ").column("t0", column).push(" AS person FROM \"").push(shape.table).push("\" t0 WHERE ");
    sql.column("t0", "id").push(" = ").bind(Arg::Uuid(id));
    if shape.deletable {
        sql.push(" AND t0.deleted_at IS NULL");
    }
    sql.push(" AND ").visible(shape, "t0", &look.who);
    let found = look.row::<Owned>(&sql).await?.ok_or_else(|| Error::not_found(&spaced(shape.name)))?;
    let scope = permission(shape.view).0;
    let view = if scope == Scope::JobsRead { Action::ViewJobsOf } else { Action::ViewInsight };
    Ok(Subject { person: found.person.filter(|_| owned), shared: scope == Scope::ProjectsRead, view })
}

/// The column that says whose a thing is.
fn owner(shape: &Shape) -> Option<&'static str> {
    if shape.name == "User" {
        return Some("id");
    }
    shape.leaves.iter().filter_map(Leaf::column).find(|column| ["owner_id", "user_id"].contains(column))
}
