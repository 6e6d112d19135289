//! A whole scope as one document: what a revision keeps, and what two of them are compared by (§9).
//!
//! It is written from the declarations, so that what is added to a scope is in its revisions too.

use entity::{
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
        cell::Store,
        shape::{Leaf, shape},
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
    let of_its_own = |leaf: &&Leaf| leaf.column().is_some() && !LEFT_OUT.contains(&leaf.name.as_str());
    let leaves: Vec<&Leaf> = shape.leaves.iter().filter(of_its_own).collect();
    let mut sql = look.sql();
    sql.push("SELECT ");
    for (place, column) in leaves.iter().filter_map(|leaf| leaf.column()).enumerate() {
        sql.push(if place == 0 { "" } else { ", " }).column("t0", column);
    }
    sql.push(" FROM \"").push(shape.table).push("\" t0 WHERE t0.organization_id = ");
    sql.bind(Arg::Uuid(look.who.organization.0)).push(" AND t0.project_id = ").bind(Arg::Uuid(project.0));
    sql.push(" AND t0.deleted_at IS NULL ORDER BY t0.created_at, t0.id");
    look.raw(&sql).await?.iter().map(|row| object(row, &leaves)).collect()
}

fn object(row: &QueryResult, leaves: &[&Leaf]) -> Result<Value> {
    let members = leaves
        .iter()
        .filter_map(|leaf| leaf.column().map(|column| (leaf, column)))
        .map(|(leaf, column)| Ok((leaf.name.clone(), value(row, column, leaf.kind)?)));
    Ok(Value::Object(members.collect::<Result<Map<_, _>>>()?))
}

/// A value as the contract writes it.
fn value(row: &QueryResult, column: &str, kind: Kind) -> Result<Value> {
    let value = match (Store::of(kind), kind) {
        (Store::Uuid, Kind::Id(prefix)) => row.try_get::<Option<Uuid>>("", column)?.map(|id| encode(prefix, id).into()),
        (Store::Uuid, _) => None,
        (Store::Int, _) => row.try_get::<Option<i64>>("", column)?.map(Value::from),
        (Store::Bool, _) => row.try_get::<Option<bool>>("", column)?.map(Value::from),
        (Store::Time, _) => row.try_get::<Option<_>>("", column)?.map(|at| clock::rfc3339(at).into()),
        (Store::Date, _) => row.try_get::<Option<chrono::NaiveDate>>("", column)?.map(|day| day.to_string().into()),
        (Store::Text, Kind::Object(_) | Kind::List { .. } | Kind::Json) => {
            let text = row.try_get::<Option<String>>("", column)?;
            text.map(|text| serde_json::from_str(&text)).transpose().map_err(Error::internal)?
        }
        (Store::Text, _) => row.try_get::<Option<String>>("", column)?.map(Value::from),
    };
    Ok(value.unwrap_or(Value::Null))
}
