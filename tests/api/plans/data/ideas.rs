//! Random ideas for projects, and what speaks for them.

use entity::{
    community::contact,
    id::{OrganizationId, ProjectIdeaId, UserId},
    learning::{learning_need, learning_resource},
    projects::{
        obstacle, peer_feedback, project, project_idea,
        selection_checklist::{self, ChecklistPeople},
    },
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::Filler;

impl Filler<'_> {
    /// Some of them of projects, some without.
    pub(super) async fn ideas(&mut self, organization: OrganizationId, users: &[UserId]) {
        let projects = project::Entity::find().filter(project::Column::OrganizationId.eq(organization));
        let projects = projects.order_by_asc(project::Column::Id).all(self.db).await.unwrap();
        let contacts = contact::Entity::find().filter(contact::Column::OrganizationId.eq(organization));
        let contacts = contacts.order_by_asc(contact::Column::Id).all(self.db).await.unwrap();
        let resources =
            learning_resource::Entity::find().filter(learning_resource::Column::OrganizationId.eq(organization));
        let resources = resources.order_by_asc(learning_resource::Column::Id).all(self.db).await.unwrap();
        for project in &projects {
            self.teamwork(organization, users, project).await;
            let (id, owner): (ProjectIdeaId, UserId) = (self.id(), *self.dice.pick(users));
            let row = project_idea::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                owner_id: Set(owner),
                title: Set(self.text()),
                description: Set(self.maybe(Self::text)),
                source: Set(self.word()),
                status: Set(self.word()),
                application_area: Set(self.maybe(Self::text)),
                origin_contact_id: Set(self.maybe(|f| f.dice.pick(&contacts).id)),
                origin_resource_id: Set(self.maybe(|f| f.dice.pick(&resources).id)),
                origin_project_id: Set(self.maybe(|f| f.dice.pick(&projects).id)),
                employer_conflict: Set(Json(project_idea::EmployerConflict {
                    declared: self.dice.once_in(2),
                    notes: self.maybe(Self::text),
                })),
                shelve_reason: Set(self.maybe(Self::text)),
                project_id: Set(self.maybe(|_| project.id)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "ide", id.0).await;
            let of_idea = self.dice.once_in(2);
            let row = selection_checklist::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                owner_id: Set(if of_idea { owner } else { project.owner_id }),
                idea_id: Set(of_idea.then_some(id)),
                project_id: Set(if of_idea { self.maybe(|_| project.id) } else { Some(project.id) }),
                stretch: Set(1 + self.dice.below(5) as i64),
                success_likelihood: Set(1 + self.dice.below(5) as i64),
                people: Set(Json(ChecklistPeople {
                    teammate_ids: (0..self.dice.below(3)).map(|_| self.id::<UserId>().to_string()).collect(),
                    discussant_ids: (0..self.dice.below(2)).map(|_| self.id::<UserId>().to_string()).collect(),
                })),
                technical_complexity: Set(1 + self.dice.below(5) as i64),
                business_impact: Set(1 + self.dice.below(5) as i64),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }
}

impl Filler<'_> {
    /// What stood in the way, and what people say of each other.
    async fn teamwork(&mut self, organization: OrganizationId, users: &[UserId], project: &project::Model) {
        let needs = learning_need::Entity::find().filter(learning_need::Column::OrganizationId.eq(organization));
        let needs = needs.order_by_asc(learning_need::Column::Id).all(self.db).await.unwrap();
        if !needs.is_empty() {
            let need = self.dice.pick(&needs).clone();
            let row = obstacle::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                project_id: Set(project.id),
                owner_id: Set(project.owner_id),
                user_id: Set(need.user_id),
                competency_id: Set(need.competency_id),
                note: Set(self.text()),
                need_id: Set(need.id),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
        for to in users {
            if !self.dice.once_in(3) {
                continue;
            }
            let row = peer_feedback::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                project_id: Set(project.id),
                from_id: Set(*self.dice.pick(users)),
                to_id: Set(*to),
                collaboration: Set(1 + self.dice.below(5) as i64),
                influencing: Set(1 + self.dice.below(5) as i64),
                being_influenced: Set(1 + self.dice.below(5) as i64),
                communication: Set(1 + self.dice.below(5) as i64),
                text: Set(self.maybe(Self::text)),
                visible_at: Set(self.at()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }
}
