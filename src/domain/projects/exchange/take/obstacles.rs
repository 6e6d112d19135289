//! The obstacles of a project that is taken in: each is a need to learn of whoever met it, as when it is recorded.

use std::collections::{BTreeMap, BTreeSet};

use entity::{
    id::{ObstacleId, ProjectId, UserId},
    learning::learning_need_source::NeedSource,
    platform::user,
    projects::{obstacle, project_member},
};

use super::{
    super::{document::people::ObstaclePart, renamed::in_order},
    outside::{Outside, unknown},
};
use crate::domain::{
    error::{Code, Result},
    learning::{
        exchange::{notes::Notes, plan::named},
        learning_need::{Raised, raise},
    },
    policy::Action,
    projects::obstacle::STRENGTH,
    tx::Tx,
};

/// Raises the needs, and says how the rows will stand. Who is not in the project, whose needs are not the caller's to say
/// and what nobody here learns is left out.
pub(super) async fn taken(
    tx: &mut Tx,
    project: ProjectId,
    owner: UserId,
    members: &[project_member::Model],
    outside: &Outside,
    parts: Vec<ObstaclePart>,
    notes: &mut Notes,
) -> Result<Vec<obstacle::Model>> {
    let inside: BTreeSet<UserId> = members.iter().filter_map(|one| one.user_id).chain([owner]).collect();
    let (mut may, mut rows) = (BTreeMap::new(), Vec::new());
    for ((place, part), id) in parts.iter().enumerate().zip(in_order::<ObstacleId>(parts.len())) {
        let at = format!("/obstacles/{place}");
        let left_out = |why: &str, notes: &mut Notes| unknown(&at, "OBSTACLE_LEFT_OUT", why, notes);
        let Some(user) = outside.person(Some(&part.person), &format!("{at}/person"), notes) else { continue };
        if !inside.contains(&user) {
            left_out("Whoever met it is not in the project.", notes);
            continue;
        }
        if !speaks_for(tx, user, &mut may).await? {
            left_out("What they need to learn is not yours to say.", notes);
            continue;
        }
        let competency = match named(tx, &part.competency).await {
            Err(error) if matches!(error.code(), Code::ReferenceUnknown | Code::InsufficientScope) => {
                left_out("There is no such competency.", notes);
                continue;
            }
            other => other?,
        };
        let raised = Raised {
            user,
            competency,
            source: NeedSource::ProjectObstacle,
            source_id: Some(id.to_string()),
            strength: STRENGTH,
            note: Some(part.note.clone()),
        };
        let need = raise(tx, raised).await?.id;
        rows.push(obstacle::Model {
            id,
            organization_id: tx.who.organization,
            project_id: project,
            owner_id: owner,
            user_id: user,
            competency_id: competency,
            note: part.note.clone(),
            need_id: need,
            version: 1,
            created_at: part.recorded_at.0,
            updated_at: tx.now,
            deleted_at: None,
        });
    }
    Ok(rows)
}

/// Whether the caller may say what somebody needs to learn: asked once of each.
async fn speaks_for(tx: &Tx, user: UserId, known: &mut BTreeMap<UserId, bool>) -> Result<bool> {
    if let Some(known) = known.get(&user) {
        return Ok(*known);
    }
    let may = match tx.find::<user::Entity>(user, Action::RaiseLearningNeed).await {
        Err(error) if matches!(error.code(), Code::NotFound | Code::Forbidden | Code::InsufficientScope) => false,
        other => other.map(|_| true)?,
    };
    known.insert(user, may);
    Ok(may)
}
