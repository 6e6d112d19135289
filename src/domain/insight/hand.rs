//! What the caller may do with the things of the person whom advice is for: nothing else is suggested to them.

use entity::{
    platform::{client::Scope, grant, user},
    vocabulary::Set,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::domain::{
    error::Result,
    look::Look,
    policy::{Action, Rule, permission},
};

/// What the caller may do with the things of a person.
#[derive(Debug)]
pub(in crate::domain) struct Hand(Vec<Action>);

impl Hand {
    /// Finds what the caller may do, in one statement at most.
    pub(in crate::domain) async fn of(look: &Look, person: &user::Model) -> Result<Self> {
        let who = &look.who;
        let own = who.user() == Some(person.id);
        let opened = if own { Set::EMPTY } else { opened(look, person).await? };
        let may = |action: &&Action| {
            let (scope, rule) = permission(**action);
            who.scopes.has(scope) && allows(&rule.settled(who), own, opened)
        };
        Ok(Self(Action::ALL.iter().filter(may).copied().collect()))
    }

    /// Whether this may be done.
    pub(in crate::domain) fn may(&self, action: Action) -> bool {
        self.0.contains(&action)
    }

    #[cfg(test)]
    pub(super) const fn with(actions: Vec<Action>) -> Self {
        Self(actions)
    }
}

/// What the person opened to the caller.
async fn opened(look: &Look, person: &user::Model) -> Result<Set<Scope>> {
    let Some(caller) = look.who.user() else { return Ok(Set::EMPTY) };
    let grants = grant::Entity::find()
        .filter(grant::Column::OrganizationId.eq(look.who.organization))
        .filter(grant::Column::OwnerId.eq(person.id))
        .filter(grant::Column::GranteeId.eq(caller))
        .filter(grant::Column::RevokedAt.is_null())
        .filter(grant::Column::DeletedAt.is_null())
        .all(&look.db)
        .await?;
    let open = grants.into_iter().filter(|row| row.expires_at.is_none_or(|at| at > look.who.now));
    Ok(Set::from_bits(open.fold(0, |bits, row| bits | row.scopes.bits())))
}

/// Whether a settled rule lets the caller do something with things of a person: their `own`, or of somebody who
/// `opened` so much to them. What else the rule looks at, nobody knows here: that is no.
fn allows(rule: &Rule, own: bool, opened: Set<Scope>) -> bool {
    match rule {
        Rule::Anyone => true,
        Rule::Owner(_) => own,
        Rule::Team(_, scopes, _) => own || scopes.iter().any(|scope| opened.has(*scope)),
        // What goes with a thing of theirs is seen with it: whether it may be changed, another rule says.
        Rule::Sees(..) | Rule::Lives(..) => true,
        Rule::Granted(_, scopes) => scopes.iter().any(|scope| opened.has(*scope)),
        Rule::All(rules) => rules.iter().all(|rule| allows(rule, own, opened)),
        Rule::Any(rules) => rules.iter().any(|rule| allows(rule, own, opened)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_opened_can_be_done() {
        let may = |action, own, opened: &[Scope]| {
            // As settled for a person without a role.
            let rule = match permission(action).1 {
                Rule::Any(rules) => Rule::Any(rules.into_iter().filter(|rule| *rule != Rule::Machine).collect()),
                other => other,
            };
            allows(&rule, own, opened.iter().copied().collect())
        };
        assert!(may(Action::EditPlanItem, true, &[]) && may(Action::EditPlanItem, false, &[Scope::LearningWrite]));
        assert!(!may(Action::EditPlanItem, false, &[Scope::LearningRead, Scope::LearningReview]));
        assert!(may(Action::CreateLearningResource, false, &[]));
        assert!(!may(Action::ManageUser, true, &[]));
    }
}
