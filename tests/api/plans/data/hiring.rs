//! Random referrals, interviews, offers, feedback, communities and requests for help.

use std::collections::BTreeSet;

use cairn::domain::clock;

use entity::{
    community::{community, contact},
    currency::Currency,
    id::{
        ApplicationId, CommunityId, ContactId, FeedbackId, FeedbackRequestId, InterviewId, OfferId, OrganizationId,
        SelfScorecardId, UserId,
    },
    jobs::{
        application, application_learning_need, feedback,
        feedback::FeedbackTheme,
        feedback_request, help_request, interview,
        interview::{InterviewMove, InterviewPrep, Interviewer},
        job_posting, offer,
        offer::{OfferState, PeopleAssessment, Teammate},
        offer_version, referral, self_scorecard,
        self_scorecard::SelfRating,
    },
    learning::{competency, learning_need},
    vocabulary::Json,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};

use super::Filler;

impl Filler<'_> {
    /// Around every application of an organization.
    pub(super) async fn hiring(&mut self, organization: OrganizationId, users: &[UserId]) {
        let of = application::Entity::find().filter(application::Column::OrganizationId.eq(organization));
        let applications = of.order_by_asc(application::Column::Id).all(self.db).await.unwrap();
        let of = contact::Entity::find().filter(contact::Column::OrganizationId.eq(organization));
        let contacts = of.order_by_asc(contact::Column::Id).all(self.db).await.unwrap();
        let contacts: Vec<ContactId> = contacts.into_iter().map(|row| row.id).collect();
        let communities = self.communities(organization, users).await;
        let mut accepted = BTreeSet::new();
        for one in &applications {
            self.interview(one, &contacts).await;
            let taken = !accepted.insert(one.job_search_id);
            self.offer(one, &contacts, taken).await;
            self.feedback(one, &contacts).await;
            self.help(one, &contacts, &communities).await;
            self.learnt(organization, one.id).await;
        }
        self.referrals(organization, users, &contacts, &applications).await;
    }

    async fn communities(&mut self, organization: OrganizationId, users: &[UserId]) -> Vec<CommunityId> {
        let mut all = Vec::new();
        for _ in 0..5 {
            let row = community::Model {
                id: self.id(),
                organization_id: organization,
                owner_id: *self.dice.pick(users),
                name: self.text(),
                kind: self.word(),
                url: self.maybe(Self::text),
                search_text: self.text().to_lowercase(),
                version: 1,
                created_at: self.at(),
                updated_at: self.at(),
                deleted_at: self.gone(),
            };
            let id = row.id;
            self.insert(row.into_active_model().reset_all()).await;
            self.refs(organization, "cmy", id.0).await;
            all.push(id);
        }
        all
    }

    async fn interview(&mut self, of: &application::Model, contacts: &[ContactId]) {
        let id: InterviewId = self.id();
        let leads = Interviewer { name: self.text(), role: None, contact_id: self.maybe(|f| *f.dice.pick(contacts)) };
        let moved = InterviewMove {
            scheduled_at: clock::rfc3339(self.at()),
            duration_min: 30,
            reason: self.maybe(Self::text),
            moved_at: clock::rfc3339(self.at()),
        };
        let row = interview::Model {
            id,
            organization_id: of.organization_id,
            owner_id: of.owner_id,
            application_id: of.id,
            round: 1 + self.dice.below(3) as i64,
            kind: self.word(),
            scheduled_at: self.at(),
            duration_min: 60,
            time_zone: "Europe/Vienna".to_owned(),
            location: self.maybe(Self::text),
            interviewers: Json(vec![leads]),
            state: self.word(),
            result: self.word(),
            prep: Json(InterviewPrep { topics: Some(vec![self.text()]), questions: None }),
            moves: Json(vec![moved]),
            note: self.maybe(Self::text),
            held_at: self.maybe(Self::at),
            version: 1,
            created_at: self.at(),
            updated_at: self.at(),
            deleted_at: self.gone(),
        };
        self.insert(row.into_active_model().reset_all()).await;
        self.refs(of.organization_id, "ivw", id.0).await;
        let competency = self.any_competency(of.organization_id).await;
        let card: SelfScorecardId = self.id();
        let row = self_scorecard::Model {
            id: card,
            organization_id: of.organization_id,
            owner_id: of.owner_id,
            interview_id: id,
            application_id: of.id,
            ratings: Json(vec![SelfRating { competency_id: competency, rating: 1 + self.dice.below(5) as i64 }]),
            asked: Json(vec![self.text()]),
            went_well: self.maybe(Self::text),
            improve: self.maybe(Self::text),
            version: 1,
            created_at: self.at(),
            updated_at: self.at(),
            deleted_at: self.gone(),
        };
        self.insert(row.into_active_model().reset_all()).await;
        self.refs(of.organization_id, "ssc", card.0).await;
    }

    async fn any_competency(&mut self, organization: OrganizationId) -> entity::id::CompetencyId {
        let own = competency::Entity::find().filter(competency::Column::OrganizationId.eq(organization));
        let all = own.order_by_asc(competency::Column::Id).all(self.db).await.unwrap();
        self.dice.pick(&all).id
    }

    async fn offer(&mut self, of: &application::Model, contacts: &[ContactId], taken: bool) {
        let (id, paid): (OfferId, bool) = (self.id(), self.dice.once_in(2));
        let mut state: OfferState = self.word();
        // At most one of a search is accepted.
        if taken && state == OfferState::Accepted {
            state = OfferState::Declined;
        }
        let met = Teammate { name: self.text(), role: self.maybe(Self::text), contact_id: None, note: None };
        let people = PeopleAssessment { works_hard: Some(4), keeps_learning: None, builds_for_good: Some(5) };
        let row = offer::Model {
            id,
            organization_id: of.organization_id,
            owner_id: of.owner_id,
            job_search_id: of.job_search_id,
            application_id: of.id,
            state,
            currency: paid.then(|| *self.dice.pick(<Currency as entity::vocabulary::Vocabulary>::ALL)),
            base: paid.then(|| self.dice.below(9_000_000) as i64),
            bonus: if paid { self.maybe(|f| f.dice.below(90_000) as i64) } else { None },
            equity: None,
            benefits: self.maybe(Self::text),
            location: self.maybe(Self::text),
            start_date: self.maybe(Self::day),
            respond_by: self.maybe(Self::at),
            manager_contact_id: self.maybe(|f| *f.dice.pick(contacts)),
            teammates_met: Json(vec![met]),
            team_disclosure: self.word(),
            people_assessment: Json(people),
            note: self.maybe(Self::text),
            conversation_asked_at: self.maybe(Self::at),
            received_at: self.at(),
            ended_at: self.maybe(Self::at),
            version: 1,
            created_at: self.at(),
            updated_at: self.at(),
            deleted_at: self.gone(),
        };
        self.insert(row.clone().into_active_model().reset_all()).await;
        self.refs(of.organization_id, "ofr", id.0).await;
        for number in 1..3 {
            let version = offer_version::Model {
                id: self.id(),
                organization_id: row.organization_id,
                owner_id: row.owner_id,
                offer_id: id,
                number,
                state: self.word(),
                currency: row.currency,
                base: row.base,
                bonus: row.bonus,
                equity: None,
                benefits: self.maybe(Self::text),
                location: self.maybe(Self::text),
                start_date: row.start_date,
                respond_by: row.respond_by,
                manager_contact_id: row.manager_contact_id,
                teammates_met: row.teammates_met.clone(),
                team_disclosure: row.team_disclosure,
                people_assessment: row.people_assessment.clone(),
                note: self.maybe(Self::text),
                conversation_asked_at: row.conversation_asked_at,
                version: 1,
                created_at: self.at(),
                updated_at: self.at(),
                deleted_at: None,
            };
            self.insert(version.into_active_model().reset_all()).await;
        }
    }

    async fn feedback(&mut self, of: &application::Model, contacts: &[ContactId]) {
        let id: FeedbackRequestId = self.id();
        let row = feedback_request::Model {
            id,
            organization_id: of.organization_id,
            owner_id: of.owner_id,
            application_id: of.id,
            source: self.word(),
            contact_id: self.maybe(|f| *f.dice.pick(contacts)),
            message: self.maybe(Self::text),
            state: self.word(),
            requested_at: self.at(),
            answered_at: self.maybe(Self::at),
            version: 1,
            created_at: self.at(),
            updated_at: self.at(),
            deleted_at: self.gone(),
        };
        self.insert(row.into_active_model().reset_all()).await;
        self.refs(of.organization_id, "fbr", id.0).await;
        for _ in 0..2 {
            let competency_id = self.any_competency(of.organization_id).await;
            let said: FeedbackId = self.id();
            let row = feedback::Model {
                id: said,
                organization_id: of.organization_id,
                owner_id: of.owner_id,
                application_id: of.id,
                request_id: self.maybe(|_| id),
                source: self.word(),
                text: self.text(),
                themes: Json(vec![FeedbackTheme {
                    competency_id,
                    polarity: self.word(),
                    note: self.maybe(Self::text),
                }]),
                received_at: self.at(),
                version: 1,
                created_at: self.at(),
                updated_at: self.at(),
                deleted_at: self.gone(),
            };
            self.insert(row.into_active_model().reset_all()).await;
            self.refs(of.organization_id, "fdb", said.0).await;
        }
    }

    async fn help(&mut self, of: &application::Model, contacts: &[ContactId], communities: &[CommunityId]) {
        let row = help_request::Model {
            id: self.id(),
            organization_id: of.organization_id,
            owner_id: of.owner_id,
            contact_id: self.maybe(|f| *f.dice.pick(contacts)),
            community_id: self.maybe(|f| *f.dice.pick(communities)),
            application_id: self.maybe(|_| of.id),
            kind: self.word(),
            question: self.text(),
            state: self.word(),
            answer: self.maybe(Self::text),
            expires_at: self.maybe(Self::at),
            answered_at: self.maybe(Self::at),
            version: 1,
            created_at: self.at(),
            updated_at: self.at(),
            deleted_at: self.gone(),
        };
        self.insert(row.into_active_model().reset_all()).await;
    }

    async fn learnt(&mut self, organization: OrganizationId, application_id: ApplicationId) {
        let of = learning_need::Entity::find().filter(learning_need::Column::OrganizationId.eq(organization));
        let needs = of.order_by_asc(learning_need::Column::Id).all(self.db).await.unwrap();
        for need in needs.into_iter().take(self.dice.below(3)) {
            let row = application_learning_need::Model { application_id, need_id: need.id };
            self.insert(row.into_active_model().reset_all()).await;
        }
    }

    async fn referrals(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
        contacts: &[ContactId],
        applications: &[application::Model],
    ) {
        let of = job_posting::Entity::find().filter(job_posting::Column::OrganizationId.eq(organization));
        let postings = of.order_by_asc(job_posting::Column::Id).all(self.db).await.unwrap();
        // Each contact is asked once for a posting.
        for posting in &postings {
            for contact in contacts.iter().take(2) {
                let row = referral::Model {
                    id: self.id(),
                    organization_id: organization,
                    owner_id: posting.owner_id,
                    posting_id: posting.id,
                    application_id: self.maybe(|f| f.dice.pick(applications).id),
                    subject: self.text(),
                    referrer_contact_id: *contact,
                    referrer_name: self.text(),
                    referrer_user_id: self.maybe(|f| *f.dice.pick(users)),
                    consented_at: self.maybe(Self::at),
                    state: self.word(),
                    note: self.maybe(Self::text),
                    expires_at: self.at(),
                    answered_at: self.maybe(Self::at),
                    submitted_at: self.maybe(Self::at),
                    version: 1,
                    created_at: self.at(),
                    updated_at: self.at(),
                    deleted_at: self.gone(),
                };
                let id = row.id;
                self.insert(row.into_active_model().reset_all()).await;
                self.refs(organization, "rfl", id.0).await;
            }
        }
    }
}
