//! Revisions that stay readable: a scope as it was, and what changed since (§9).

use chrono::{DateTime, Utc};
use entity::{
    id::{ProjectId, ScopeId},
    kind::{Declared as _, Kind, id, int, list},
    object,
    projects::{project, scope, scope_revision},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;
use serde_json::{Value, json};

use super::{
    diff::{self, ScopeChange},
    document, of_project,
};
use crate::domain::{
    answer::Answer,
    clock,
    error::{Code, Error, Result},
    look::Look,
    policy::Action,
};

const CHANGE: Kind = Kind::Object(ScopeChange::object);
const REVISION: Kind = int(1, 1_000_000);

object! {
    /// Which revision of a project's scope.
    ScopeAtRevisionQuestion {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// The revision; the present one unless it is said.
        optional revision: i64 = REVISION,
    }
}

object! {
    /// A scope as it was in a revision, or as it is.
    #[derive(Serialize)]
    ScopeAtRevision {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// The scope.
        required scope_id: ScopeId = id::<ScopeId>(),
        /// The revision.
        required revision: i64 = REVISION,
        /// Whether it is the present one, which may still change.
        required current: bool = Kind::Bool,
        /// When it was kept: when the scope went back.
        optional kept_at: String = Kind::Time,
        /// All that was in it.
        required document: Value = Kind::Json,
    }
}

object! {
    /// Which two revisions of a project's scope.
    ScopeDiffQuestion {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// The first.
        required a: i64 = REVISION,
        /// The second.
        required b: i64 = REVISION,
    }
}

object! {
    /// What changed between two revisions of a scope.
    #[derive(Serialize)]
    ScopeDiff {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// The first.
        required a: i64 = REVISION,
        /// The second.
        required b: i64 = REVISION,
        /// What differs, in the order of the paths.
        required changes: Vec<ScopeChange> = list(&CHANGE, 10_000),
    }
}

/// `scopeAtRevision`.
#[must_use]
pub fn at_revision() -> Answer {
    Answer::new(
        "scopeAtRevision",
        Action::ViewScope,
        "A project's scope as it was in a revision: whatever came later leaves it as it was.",
        Kind::Object(ScopeAtRevision::object),
        scope_at_revision,
    )
}

/// `scopeDiff`.
#[must_use]
pub fn differences() -> Answer {
    Answer::new(
        "scopeDiff",
        Action::ViewScope,
        "What changed between two revisions of a project's scope.",
        Kind::Object(ScopeDiff::object),
        scope_diff,
    )
}

async fn scope_at_revision(look: Look, asked: ScopeAtRevisionQuestion) -> Result<ScopeAtRevision> {
    let scope = scope_of(&look, asked.project_id).await?;
    let revision = asked.revision.unwrap_or(scope.revision);
    let (document, kept_at) = read(&look, &scope, revision, "/revision").await?;
    Ok(ScopeAtRevision {
        project_id: scope.project_id,
        scope_id: scope.id,
        revision,
        current: kept_at.is_none(),
        kept_at: kept_at.map(clock::rfc3339),
        document,
    })
}

async fn scope_diff(look: Look, asked: ScopeDiffQuestion) -> Result<ScopeDiff> {
    let scope = scope_of(&look, asked.project_id).await?;
    let (first, _) = read(&look, &scope, asked.a, "/a").await?;
    let (second, _) = read(&look, &scope, asked.b, "/b").await?;
    let changes = diff::between(&first, &second);
    Ok(ScopeDiff { project_id: scope.project_id, a: asked.a, b: asked.b, changes })
}

async fn scope_of(look: &Look, project: ProjectId) -> Result<scope::Model> {
    let project = look.find::<project::Entity>(project, Action::ViewProject).await?;
    of_project(look, &project).await
}

/// The document of a revision, and when it was kept.
async fn read(
    look: &Look,
    scope: &scope::Model,
    revision: i64,
    pointer: &str,
) -> Result<(Value, Option<DateTime<Utc>>)> {
    if revision == scope.revision {
        return Ok((document::of(look, scope).await?, None));
    }
    let kept = scope_revision::Entity::find()
        .filter(scope_revision::Column::OrganizationId.eq(look.who.organization))
        .filter(scope_revision::Column::ScopeId.eq(scope.id))
        .filter(scope_revision::Column::Revision.eq(revision))
        .filter(scope_revision::Column::DeletedAt.is_null());
    let kept = kept.one(&look.db).await?.ok_or_else(|| {
        Error::field(Code::RevisionUnknown, pointer, "The scope has no such revision.")
            .with(json!({ "latest": scope.revision }))
    })?;
    let document = serde_json::from_str(&kept.document).map_err(Error::internal)?;
    Ok((document, Some(kept.created_at)))
}
