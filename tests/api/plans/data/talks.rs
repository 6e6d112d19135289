//! Random talks with people who do the work, what they brought, and how people are in touch.

use entity::{
    community::{company, contact, interaction},
    id::{InformationalInterviewId, InteractionId, OrganizationId, RoleObservationId, UserId},
    jobs::{
        finding,
        informational_interview::{self, InterviewAnswer, InterviewQuestion, Rescheduled},
        role_observation,
    },
    learning::{competency, role_profile},
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::Filler;

impl Filler<'_> {
    /// A few with each contact.
    pub(super) async fn talks(&mut self, organization: OrganizationId, users: &[UserId]) {
        let contacts = contact::Entity::find().filter(contact::Column::OrganizationId.eq(organization));
        let contacts = contacts.order_by_asc(contact::Column::Id).all(self.db).await.unwrap();
        let companies = company::Entity::find().filter(company::Column::OrganizationId.eq(organization));
        let companies = companies.order_by_asc(company::Column::Id).all(self.db).await.unwrap();
        let roles = role_profile::Entity::find().filter(role_profile::Column::OrganizationId.eq(organization));
        let roles = roles.order_by_asc(role_profile::Column::Id).all(self.db).await.unwrap();
        for contact in &contacts {
            let id: InteractionId = self.id();
            let row = interaction::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                owner_id: Set(contact.owner_id),
                contact_id: Set(contact.id),
                kind: Set(self.word()),
                occurred_at: Set(self.at()),
                note: Set(self.maybe(Self::text)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "ixn", id.0).await;
            self.talk(organization, contact, &companies, &roles).await;
        }
        for company in &companies {
            let id: RoleObservationId = self.id();
            let row = role_observation::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                owner_id: Set(*self.dice.pick(users)),
                company_id: Set(company.id),
                role_profile_id: Set(if roles.is_empty() { None } else { self.maybe(|f| f.dice.pick(&roles).id) }),
                title: Set(self.text()),
                title_folded: Set(self.text().to_lowercase()),
                duties: Set(Json((0..self.dice.below(3)).map(|_| self.text()).collect())),
                url: Set(self.maybe(Self::text)),
                observed_at: Set(self.at()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "rob", id.0).await;
        }
    }

    async fn talk(
        &mut self,
        organization: OrganizationId,
        contact: &contact::Model,
        companies: &[company::Model],
        roles: &[role_profile::Model],
    ) {
        let id: InformationalInterviewId = self.id();
        let moved = Rescheduled {
            scheduled_at: "2026-03-01T10:00:00.000000Z".to_owned(),
            duration_min: 30,
            moved_at: "2026-03-01T10:00:00.000001Z".to_owned(),
            reason: self.maybe(Self::text),
        };
        let row = informational_interview::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            owner_id: Set(contact.owner_id),
            contact_id: Set(contact.id),
            company_id: Set(self.maybe(|f| f.dice.pick(companies).id)),
            role_profile_id: Set(if roles.is_empty() { None } else { self.maybe(|f| f.dice.pick(roles).id) }),
            role_title: Set(self.maybe(Self::text)),
            title_folded: Set(self.maybe(Self::text)),
            purpose: Set(self.maybe(Self::text)),
            state: Set(self.word()),
            requested_at: Set(self.maybe(Self::at)),
            scheduled_at: Set(self.maybe(Self::at)),
            duration_min: Set(5 + self.dice.below(60) as i64),
            channel: Set(self.maybe(Self::word)),
            held_at: Set(self.maybe(Self::at)),
            research_interviewee: Set(self.maybe(Self::text)),
            research_company: Set(self.maybe(Self::text)),
            own_questions: Set(Json(
                (0..self.dice.below(2)).map(|_| InterviewQuestion { topic: self.text(), text: self.text() }).collect(),
            )),
            answers: Set(Json(
                (0..self.dice.below(2)).map(|_| InterviewAnswer { topic: self.text(), text: self.text() }).collect(),
            )),
            reschedules: Set(Json([moved].into_iter().take(self.dice.below(2)).collect())),
            outcome: Set(self.maybe(Self::word)),
            outcome_note: Set(self.maybe(Self::text)),
            introduced_contact_id: Set(self.maybe(|_| contact.id)),
            follow_up_due_at: Set(self.maybe(Self::at)),
            followed_up_at: Set(self.maybe(Self::at)),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
        self.refs(organization, "inf", id.0).await;
        let competencies = competency::Entity::find().filter(competency::Column::OrganizationId.eq(organization));
        let competencies = competencies.order_by_asc(competency::Column::Id).all(self.db).await.unwrap();
        for _ in 0..self.dice.below(4) {
            let known = if competencies.is_empty() { None } else { self.maybe(|f| f.dice.pick(&competencies).id) };
            let row = finding::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                owner_id: Set(contact.owner_id),
                interview_id: Set(id),
                kind: Set(self.word()),
                text: Set(self.text()),
                competency_id: Set(known),
                weight: Set(1 + self.dice.below(5) as i64),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }
}
