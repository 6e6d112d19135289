//! What a role asks for becomes what somebody needs to learn.

use entity::{
    id::{RoleProfileId, UserId},
    learning::{learning_need::Model, learning_need_source::NeedSource},
};

use super::{
    door::{Raised, raise_all},
    share,
};
use crate::domain::{error::Result, learning::skill_gap::of_role, tx::Tx};

/// Raises a need for each thing that a role asks for and the person does not know well enough yet. What made it
/// their goal is theirs to tell: more people see what somebody needs to learn.
pub(in crate::domain) async fn raise_from_role(tx: &mut Tx, person: UserId, role: RoleProfileId) -> Result<Vec<Model>> {
    let asked = of_role::needed(tx, person, &[role]).await?.remove(&role).unwrap_or_default();
    let missing = asked.into_iter().filter(|one| one.gap() > 0);
    let raised: Vec<Raised> = missing
        .map(|one| Raised {
            user: person,
            competency: one.competency_id,
            source: NeedSource::GoalGap,
            source_id: None,
            strength: share(one.gap(), one.widest()),
            note: one.rationale,
        })
        .collect();
    raise_all(tx, person, &raised).await
}
