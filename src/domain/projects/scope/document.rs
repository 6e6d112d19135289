//! A whole scope as one document: what a revision keeps, and what two of them are compared by (§9).
//!
//! It is written from the declarations, so that what is added to a scope is in its revisions too.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    decimal::Decimal,
    id::{ProjectId, encode},
    kind::Kind,
    projects::scope,
};
use sea_orm::QueryResult;
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{
    domain::{
        clock,
        error::{Error, Result},
        look::Look,
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Origin, Seen, shape},
        sql::Arg,
    },
};

/// What a scope holds besides its own values: the member of the document, and the resource.
pub const PARTS: &[(&str, &str)] = &[
    ("consultations", "ExpertConsultation"),
    ("solutions", "CandidateSolution"),
    ("feasibilityAssessments", "FeasibilityAssessment"),
    ("valueAssessments", "ValueAssessment"),
    ("proofsOfConcept", "ProofOfConcept"),
    ("milestones", "Milestone"),
    ("metrics", "Metric"),
    ("budget", "Budget"),
    ("budgetLines", "BudgetLine"),
];

/// What is the same of all that is in a project, or says only when it changed.
const LEFT_OUT: &[&str] = &["projectId", "ownerId", "version", "createdAt", "updatedAt", "deletedAt"];

/// The document of a scope as it is now.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of(look: &Look, scope: &scope::Model) -> Result<Value> {
    let mut document = json!({
        "revision": scope.revision,
        "currentStep": scope.current_step,
        "problem": scope.problem.as_ref().map(|problem| &problem.0),
        "expertWaiverReason": scope.expert_waiver_reason,
        "singleIdeaReason": scope.single_idea_reason,
    });
    for (member, name) in PARTS {
        document[member] = part(look, name, scope.project_id).await?.into();
    }
    Ok(document)
}

/// The living rows of one resource in a project, each as what it shows of its own.
async fn part(look: &Look, name: &str, project: ProjectId) -> Result<Vec<Value>> {
    let shape = shape(name);
    let is_kept = |leaf: &&Leaf| !LEFT_OUT.contains(&leaf.name.as_str());
    let leaves: Vec<(&Leaf, Vec<(&str, Store)>)> =
        shape.leaves.iter().filter(is_kept).filter_map(|leaf| Some((leaf, columns(leaf)?))).collect();
    let wanted: BTreeSet<&str> = leaves.iter().flat_map(|(_, columns)| columns).map(|(column, _)| *column).collect();
    let mut sql = look.sql();
    sql.push("SELECT ");
    for (place, column) in wanted.iter().enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).column("t0", column);
    }
    sql.push(" FROM \"").push(shape.table).push("\" t0 WHERE t0.project_id = ");
    // What goes with something that was deleted is not in it either.
    sql.bind(Arg::Uuid(project.0)).push(" AND ").visible_by_id(shape, "t0", &look.who);
    sql.push(" AND t0.deleted_at IS NULL ORDER BY t0.created_at, t0.id");
    let seen = Seen { now: look.now, settings: look.who.settings.clone(), user: look.who.user() };
    look.raw(&sql).await?.iter().map(|row| object(row, &leaves, &seen)).collect()
}

/// The columns that a value is of, unless it looks at other rows too.
fn columns(leaf: &Leaf) -> Option<Vec<(&'static str, Store)>> {
    match &leaf.origin {
        Origin::Column(column) => Some(vec![(*column, Store::of(leaf.kind))]),
        Origin::Computed { needs, .. } => needs
            .iter()
            .map(|need| match need {
                Need::Column(column, store) => Some((*column, *store)),
                Need::Aggregate(..) | Need::May(..) | Need::Sees(..) => None,
            })
            .collect(),
    }
}

fn object(row: &QueryResult, leaves: &[(&Leaf, Vec<(&str, Store)>)], seen: &Seen) -> Result<Value> {
    let mut members = Map::new();
    for (leaf, columns) in leaves {
        let cells = columns.iter().map(|(column, store)| cell(row, column, *store)).collect::<Result<Vec<_>>>()?;
        let cell = match &leaf.origin {
            Origin::Computed { by, .. } => by(&cells, seen),
            Origin::Column(_) => cells.into_iter().next().unwrap_or(Cell::Null),
        };
        members.insert(leaf.name.clone(), told(leaf.kind, cell)?);
    }
    Ok(Value::Object(members))
}

fn cell(row: &QueryResult, column: &str, store: Store) -> Result<Cell> {
    let cell = match store {
        Store::Uuid => row.try_get::<Option<Uuid>>("", column)?.map(Cell::Uuid),
        Store::Text => row.try_get::<Option<String>>("", column)?.map(Cell::Text),
        Store::Int => row.try_get::<Option<i64>>("", column)?.map(Cell::Int),
        Store::Bool => row.try_get::<Option<bool>>("", column)?.map(Cell::Bool),
        Store::Time => row.try_get::<Option<DateTime<Utc>>>("", column)?.map(Cell::Time),
        Store::Date => row.try_get::<Option<NaiveDate>>("", column)?.map(Cell::Date),
    };
    Ok(cell.unwrap_or(Cell::Null))
}

/// A value as the contract writes it.
fn told(kind: Kind, cell: Cell) -> Result<Value> {
    Ok(match (cell, kind) {
        (Cell::Uuid(id), Kind::Id(prefix)) => encode(prefix, id).into(),
        (Cell::Null | Cell::Uuid(_), _) => Value::Null,
        (Cell::Int(millionths), Kind::Decimal) => {
            Decimal::of_millionths(millionths.into()).map_or(Value::Null, |number| number.to_string().into())
        }
        (Cell::Int(number), _) => number.into(),
        (Cell::Bool(yes), _) => yes.into(),
        (Cell::Time(at), _) => clock::rfc3339(at).into(),
        (Cell::Date(day), _) => day.to_string().into(),
        (Cell::Text(text), Kind::Object(_) | Kind::List { .. } | Kind::Json | Kind::Document(_)) => {
            serde_json::from_str(&text).map_err(Error::internal)?
        }
        (Cell::Text(text), _) => text.into(),
    })
}
