//! Random rows of the chapter on projects.

use entity::{
    id::{OrganizationId, ProjectId, UserId},
    projects::{project, project_member, scope},
};
use sea_orm::ActiveValue::Set;

use super::Filler;

impl Filler<'_> {
    pub(super) async fn projects(&mut self, organization: OrganizationId, users: &[UserId]) {
        for _ in 0..8 {
            let (id, owner): (ProjectId, UserId) = (self.id(), *self.dice.pick(users));
            let row = project::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                owner_id: Set(owner),
                title: Set(self.text()),
                summary: Set(self.maybe(Self::text)),
                kind: Set(self.word()),
                status: Set(self.word()),
                current_step: Set(self.maybe(Self::word)),
                domain: Set(self.maybe(Self::text)),
                application_area: Set(self.maybe(Self::text)),
                due_on: Set(self.maybe(Self::day)),
                started_at: Set(self.maybe(Self::at)),
                ended_at: Set(self.maybe(Self::at)),
                end_note: Set(self.maybe(Self::text)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "prj", id.0).await;
            self.members(organization, id, owner, users).await;
            self.scope(organization, id, owner).await;
        }
    }

    async fn members(&mut self, organization: OrganizationId, project: ProjectId, owner: UserId, users: &[UserId]) {
        for user in users {
            if !self.dice.once_in(3) {
                continue;
            }
            let row = project_member::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                project_id: Set(project),
                owner_id: Set(owner),
                user_id: Set(Some(*user)),
                contact_id: Set(None),
                role: Set(self.word()),
                joined_at: Set(self.at()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }

    async fn scope(&mut self, organization: OrganizationId, project: ProjectId, owner: UserId) {
        let row = scope::ActiveModel {
            id: Set(self.id()),
            organization_id: Set(organization),
            project_id: Set(project),
            owner_id: Set(owner),
            revision: Set(1 + self.dice.below(3) as i64),
            current_step: Set(self.maybe(Self::word)),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(None),
        };
        self.insert(row).await;
    }
}
