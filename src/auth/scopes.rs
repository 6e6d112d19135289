//! What a person's roles allow a token to do, before any rule looks at a row (§37).

use entity::{
    platform::{
        client::Scope::{
            self, CommunityRead, CommunityWrite, EventsRead, EventsWrite, HabitsRead, HabitsWrite, IdentityRead,
            IdentityWrite, JobsRead, JobsWrite, LearningRead, LearningReview, LearningWrite, PortfolioRead,
            PortfolioWrite, ProjectsRead, ProjectsWrite, ReportsRead, ReportsWrite,
        },
        membership::Role,
    },
    vocabulary::{Set, Vocabulary as _},
};

/// Every member owns things in every area, is somebody here, and sees what happened to what is theirs.
const MEMBER: &[Scope] = &[
    LearningRead,
    LearningWrite,
    ProjectsRead,
    ProjectsWrite,
    JobsRead,
    JobsWrite,
    PortfolioRead,
    PortfolioWrite,
    CommunityRead,
    CommunityWrite,
    HabitsRead,
    HabitsWrite,
    IdentityRead,
    IdentityWrite,
    EventsRead,
];

/// What each role adds to that.
const fn added(role: Role) -> &'static [Scope] {
    match role {
        Role::Learner => &[],
        Role::Coach => &[LearningReview, ReportsRead],
        Role::OrgAnalyst => &[ReportsRead, ReportsWrite],
        Role::Admin => &[ReportsRead, ReportsWrite, EventsWrite],
    }
}

/// The most that a token of a person with these roles may do.
#[must_use]
pub fn scopes_of(roles: Set<Role>) -> Set<Scope> {
    MEMBER.iter().copied().chain(roles.iter().flat_map(|role| added(role).iter().copied())).collect()
}

/// The scopes with what they imply: who may change or review something may read it.
#[must_use]
pub fn implied(scopes: Set<Scope>) -> Set<Scope> {
    let read = |scope: Scope| {
        let (area, _) = scope.word().split_once(':').unwrap_or_default();
        Scope::of(&format!("{area}:read"))
    };
    scopes.iter().chain(scopes.iter().filter_map(read)).collect()
}

/// Every scope: what the operator may do.
#[must_use]
pub fn all() -> Set<Scope> {
    Scope::ALL.iter().copied().collect()
}

/// The scopes as a token says them.
#[must_use]
pub fn spelled(scopes: Set<Scope>) -> String {
    scopes.iter().map(entity::vocabulary::Vocabulary::word).collect::<Vec<_>>().join(" ")
}

/// The scopes that a token says; what it says beyond our words means nothing.
#[must_use]
pub fn read(text: &str) -> Set<Scope> {
    text.split(' ').filter_map(Scope::of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reviewing_and_reporting_come_with_roles() {
        let has = |roles: &[Role], scope| scopes_of(roles.iter().copied().collect()).has(scope);
        assert!(has(&[], LearningWrite) && has(&[Role::Coach], JobsRead));
        assert!(!has(&[Role::Learner, Role::Admin], LearningReview) && has(&[Role::Coach], LearningReview));
        assert!(!has(&[Role::Learner], ReportsRead) && has(&[Role::OrgAnalyst], ReportsWrite));
        assert!(
            !has(&[Role::Coach], ReportsWrite)
                && !has(&[Role::OrgAnalyst], EventsWrite)
                && has(&[Role::Admin], EventsWrite)
        );
    }

    #[test]
    fn changing_implies_reading() {
        let set = |scopes: &[Scope]| scopes.iter().copied().collect::<Set<Scope>>();
        assert_eq!(implied(set(&[LearningWrite])), set(&[LearningRead, LearningWrite]));
        assert_eq!(implied(set(&[LearningReview, JobsRead])), set(&[LearningRead, LearningReview, JobsRead]));
        assert_eq!(implied(Set::EMPTY), Set::EMPTY);
    }

    #[test]
    fn scopes_are_read_as_they_are_spelled() {
        assert_eq!(read(&spelled(all())), all());
        assert_eq!(read("learning:read unheard:of  jobs:read"), [LearningRead, JobsRead].into_iter().collect());
        assert_eq!(read(""), Set::EMPTY);
    }
}
