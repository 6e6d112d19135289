//! What an idea comes from, and whether that is enough for its source (§13).

use entity::{
    id::{ContactId, LearningResourceId, ProjectId, UserId},
    learning::learning_resource,
    projects::{
        project,
        project_idea::{IdeaSource, Model},
    },
};
use serde_json::json;

use crate::domain::{
    community::contact,
    error::{Code, Error, Result},
    tx::Tx,
};

/// What an idea comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Origin {
    pub contact: Option<ContactId>,
    pub resource: Option<LearningResourceId>,
    pub project: Option<ProjectId>,
}

impl Origin {
    pub(super) const fn of(idea: &Model) -> Self {
        Self { contact: idea.origin_contact_id, resource: idea.origin_resource_id, project: idea.origin_project_id }
    }

    /// Whether it is enough for a source: to join something, one knows what, or whom to ask.
    pub(super) fn is_enough(self, source: IdeaSource) -> Result<()> {
        if source != IdeaSource::JoinExisting || self.contact.is_some() || self.project.is_some() {
            return Ok(());
        }
        let why = "To join a project, name it, or a contact who is in it.";
        Err(Error::field(Code::IdeaOriginRequired, "/originProjectId", why)
            .with(json!({ "anyOf": ["originProjectId", "originContactId"] })))
    }

    /// Looks up what is new in it since `was`. A contact is one of the owner's: their network is theirs.
    pub(super) async fn found(self, tx: &Tx, was: Option<Self>, owner: UserId) -> Result<()> {
        let was = was.unwrap_or(Self { contact: None, resource: None, project: None });
        if let Some(id) = self.contact.filter(|_| self.contact != was.contact) {
            contact::named(tx, id, Some(owner), "/originContactId").await?;
        }
        if let Some(id) = self.resource.filter(|_| self.resource != was.resource) {
            tx.refer::<learning_resource::Entity>(id, "/originResourceId").await?;
        }
        if let Some(id) = self.project.filter(|_| self.project != was.project) {
            tx.refer::<project::Entity>(id, "/originProjectId").await?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;
    use entity::vocabulary::Vocabulary as _;

    #[test]
    fn only_what_one_joins_has_to_be_named() {
        let nothing = Origin { contact: None, resource: None, project: None };
        let known = [
            Origin { contact: Some(clock::new_id()), ..nothing },
            Origin { project: Some(clock::new_id()), ..nothing },
        ];
        for source in IdeaSource::ALL {
            let joins = *source == IdeaSource::JoinExisting;
            assert_eq!(nothing.is_enough(*source).is_err(), joins, "{source}");
            assert!(known.iter().all(|origin| origin.is_enough(*source).is_ok()), "{source}");
        }
        // What it was read in tells nobody whom to join.
        let read = Origin { resource: Some(clock::new_id()), ..nothing };
        let refused = read.is_enough(IdeaSource::JoinExisting).unwrap_err();
        assert_eq!(refused.code(), Code::IdeaOriginRequired);
    }
}
