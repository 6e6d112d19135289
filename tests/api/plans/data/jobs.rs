//! Random searches for jobs: stages, openings, applications and what happened to them.

use entity::{
    community::company,
    currency::Currency,
    id::{ApplicationEventId, ApplicationId, JobPostingId, JobSearchId, OrganizationId, StageId, UserId},
    jobs::{application, application_event, job_posting, job_search, stage},
    vocabulary::{Json, Vocabulary as _},
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::Filler;

impl Filler<'_> {
    /// Two for some people each.
    pub(super) async fn jobs(&mut self, organization: OrganizationId, users: &[UserId]) {
        let companies = company::Entity::find().filter(company::Column::OrganizationId.eq(organization));
        let companies = companies.order_by_asc(company::Column::Id).all(self.db).await.unwrap();
        let mut postings: Vec<JobPostingId> = Vec::new();
        for _ in 0..8 {
            let owner = *self.dice.pick(users);
            let company = self.dice.pick(&companies).id;
            postings.push(self.posting(organization, owner, company).await);
        }
        for _ in 0..4 {
            let owner = *self.dice.pick(users);
            let search = self.search(organization, owner).await;
            let mut stages = Vec::new();
            for place in 0..3 {
                stages.push(self.stage(organization, owner, search, place).await);
            }
            for _ in 0..3 {
                self.application(organization, owner, search, &stages, &postings).await;
            }
        }
    }

    async fn search(&mut self, organization: OrganizationId, owner: UserId) -> JobSearchId {
        let id: JobSearchId = self.id();
        let row = job_search::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            owner_id: Set(owner),
            title: Set(self.text()),
            transition_plan_id: Set(self.transition_plan(organization).await),
            state: Set(self.word()),
            target_roles: Set(Json(vec![self.text()])),
            closed_at: Set(self.maybe(Self::at)),
            search_text: Set(self.text().to_lowercase()),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
        self.refs(organization, "jsr", id.0).await;
        id
    }

    async fn stage(&mut self, organization: OrganizationId, owner: UserId, search: JobSearchId, place: i64) -> StageId {
        let id: StageId = self.id();
        let row = stage::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            owner_id: Set(owner),
            job_search_id: Set(search),
            name: Set(format!("{} {place}", self.text())),
            kind: Set(self.word()),
            position: Set(self.dice.below(3) as i64),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
        self.refs(organization, "stg", id.0).await;
        id
    }

    async fn posting(
        &mut self,
        organization: OrganizationId,
        owner: UserId,
        company: entity::id::CompanyId,
    ) -> JobPostingId {
        let id: JobPostingId = self.id();
        let paid = self.dice.once_in(2);
        let row = job_posting::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            owner_id: Set(owner),
            company_id: Set(company),
            role_profile_id: Set(None),
            requisition_id: Set(self.maybe(Self::text)),
            title: Set(self.text()),
            url: Set(self.maybe(Self::text)),
            description: Set(self.maybe(Self::text)),
            employer_kind: Set(self.maybe(Self::word)),
            employment_type: Set(self.maybe(Self::word)),
            comp_min: Set(paid.then(|| self.dice.below(90_000) as i64)),
            comp_max: Set(paid.then_some(9_000_000)),
            comp_currency: Set(paid.then(|| *self.dice.pick(Currency::ALL))),
            comp_period: Set(if paid { Some(self.word()) } else { None }),
            location: Set(self.maybe(Self::text)),
            closes_at: Set(self.maybe(Self::at)),
            source: Set(self.maybe(Self::text)),
            search_text: Set(self.text().to_lowercase()),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
        self.refs(organization, "jpo", id.0).await;
        id
    }

    async fn application(
        &mut self,
        organization: OrganizationId,
        owner: UserId,
        search: JobSearchId,
        stages: &[StageId],
        postings: &[JobPostingId],
    ) {
        let id: ApplicationId = self.id();
        let row = application::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            owner_id: Set(owner),
            job_search_id: Set(search),
            posting_id: Set(*self.dice.pick(postings)),
            channel: Set(self.word()),
            stage_id: Set(*self.dice.pick(stages)),
            stage_kind: Set(self.word()),
            stage_since: Set(self.at()),
            began_at: Set(self.at()),
            outcome: Set(self.maybe(Self::word)),
            outcome_stage_id: Set(self.maybe(|f| *f.dice.pick(stages))),
            outcome_reason: Set(self.maybe(Self::text)),
            closed_at: Set(self.maybe(Self::at)),
            resume_version: Set(self.maybe(Self::text)),
            documents: Set(Json(vec![application::ApplicationDocument { name: self.text(), url: None }])),
            applied_at: Set(self.maybe(Self::at)),
            next_action: Set(self.maybe(Self::text)),
            next_action_at: Set(self.maybe(Self::at)),
            last_activity_at: Set(self.at()),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
        self.refs(organization, "app", id.0).await;
        let mut before: Option<ApplicationEventId> = None;
        for number in 1..4 {
            let event: ApplicationEventId = self.id();
            let row = application_event::ActiveModel {
                id: Set(event),
                organization_id: Set(organization),
                owner_id: Set(owner),
                application_id: Set(id),
                number: Set(number),
                kind: Set(self.word()),
                from_stage_id: Set(self.maybe(|f| *f.dice.pick(stages))),
                from_kind: Set(self.maybe(Self::word)),
                to_stage_id: Set(self.maybe(|f| *f.dice.pick(stages))),
                to_kind: Set(self.maybe(Self::word)),
                outcome: Set(self.maybe(Self::word)),
                occurred_at: Set(self.at()),
                dated: Set(self.dice.once_in(2)),
                recorded_at: Set(self.at()),
                actor_kind: Set(self.word()),
                actor_id: Set(self.maybe(Self::text)),
                source: Set(self.maybe(Self::text)),
                reason: Set(self.maybe(Self::text)),
                corrects_id: Set(self.maybe(|_| before).flatten()),
                place: Set(number),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            before = Some(event);
        }
    }
}
