//! The rows of when a scope went back, and of what it was before.

use entity::{
    id::{ScopeRevisionId, ScopeTransitionId},
    projects::{scope_revision, scope_transition},
};

use super::{
    super::{
        super::{
            document::scope::{ScopeRevisionPart, ScopeTransitionPart},
            renamed::in_order,
        },
        outside::Outside,
    },
    Base, Gathered,
};
use crate::domain::learning::exchange::notes::Notes;

/// When it went back.
pub(super) fn transitions(
    base: &Base,
    parts: Vec<ScopeTransitionPart>,
    outside: &Outside,
    notes: &mut Notes,
) -> Vec<scope_transition::Model> {
    let ids = in_order::<ScopeTransitionId>(parts.len());
    let row = |((place, part), id): ((usize, ScopeTransitionPart), ScopeTransitionId)| {
        let actor = outside.actor(part.actor.as_ref(), &format!("/scope/transitions/{place}/actor"), notes);
        scope_transition::Model {
            id,
            organization_id: base.organization,
            project_id: base.project,
            owner_id: base.owner,
            scope_id: base.scope,
            revision: part.revision,
            from_status: part.from_status,
            from_step: part.from_step,
            to_step: part.to_step,
            reason: part.reason,
            learning: part.learning,
            actor_kind: part.actor_kind,
            actor_id: actor.map(|id| id.to_string()),
            occurred_at: part.occurred_at.0,
            version: 1,
            created_at: base.now,
            updated_at: base.now,
            deleted_at: None,
        }
    };
    parts.into_iter().enumerate().zip(ids).map(row).collect()
}

/// What it was before it went back, with the ids of now.
pub(super) fn revision(
    base: &Base,
    id: ScopeRevisionId,
    mut part: ScopeRevisionPart,
    outside: &Outside,
    gathered: &mut Gathered,
) -> scope_revision::Model {
    gathered.renamed.document(&mut part.document, &|id| outside.before(id));
    scope_revision::Model {
        id,
        organization_id: base.organization,
        project_id: base.project,
        owner_id: base.owner,
        scope_id: base.scope,
        revision: part.revision,
        document: part.document.to_string(),
        version: 1,
        // When it was made is when it was kept.
        created_at: part.kept_at.0,
        updated_at: base.now,
        deleted_at: None,
    }
}
