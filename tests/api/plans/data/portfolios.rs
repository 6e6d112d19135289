//! Random portfolios.

use entity::{
    id::{OrganizationId, PortfolioEntryId, StakeholderConfirmationId, UserId},
    learning::competency,
    projects::{
        metric, metric_observation,
        portfolio_entry::{self, PortfolioLink},
        portfolio_entry_competency, portfolio_evidence, portfolio_share, project, stakeholder_confirmation,
    },
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::Filler;

impl Filler<'_> {
    /// Some entries of projects, some without, each with what goes with it.
    pub(super) async fn portfolios(&mut self, organization: OrganizationId, users: &[UserId]) {
        let projects = project::Entity::find().filter(project::Column::OrganizationId.eq(organization));
        let mut projects = projects.order_by_asc(project::Column::Id).all(self.db).await.unwrap();
        for _ in 0..10 {
            let (id, owner): (PortfolioEntryId, UserId) = (self.id(), *self.dice.pick(users));
            // Nobody tells twice of one project.
            let project = self.maybe(|_| projects.pop()).flatten().map(|project| project.id);
            let row = portfolio_entry::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                owner_id: Set(owner),
                project_id: Set(project),
                title: Set(self.text()),
                summary: Set(self.maybe(Self::text)),
                stage: Set(self.word()),
                assigned: Set(self.dice.once_in(2)),
                personal_kind: Set(self.maybe(Self::word)),
                started_at: Set(self.maybe(Self::at)),
                finished_at: Set(self.maybe(Self::at)),
                complexity: Set(self.maybe(|f| 1 + f.dice.below(5) as i64)),
                team_size: Set(self.maybe(|f| 1 + f.dice.below(9) as i64)),
                resources: Set(self.words()),
                links: Set(Json(
                    (0..self.dice.below(3))
                        .map(|_| PortfolioLink { url: self.text(), label: self.maybe(Self::text) })
                        .collect(),
                )),
                visibility: Set(self.word()),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "pfe", id.0).await;
            self.shows(organization, id).await;
            for _ in 0..self.dice.below(3) {
                self.worth(organization, id, owner).await;
            }
        }
        self.shares(organization, users).await;
    }

    async fn shows(&mut self, organization: OrganizationId, entry: PortfolioEntryId) {
        let all = competency::Entity::find().filter(competency::Column::OrganizationId.eq(organization));
        let all = all.order_by_asc(competency::Column::Id).all(self.db).await.unwrap();
        for competency in all {
            if self.dice.once_in(4) {
                let row = portfolio_entry_competency::ActiveModel {
                    entry_id: Set(entry),
                    competency_id: Set(competency.id),
                    level_shown: Set(1 + self.dice.below(3) as i64),
                };
                self.insert(row).await;
            }
        }
    }

    /// What shows value, some of it said by whom somebody asked.
    async fn worth(&mut self, organization: OrganizationId, entry: PortfolioEntryId, owner: UserId) {
        let asked: StakeholderConfirmationId = self.id();
        let row = stakeholder_confirmation::ActiveModel {
            id: Set(asked),
            organization_id: Set(organization),
            entry_id: Set(entry),
            owner_id: Set(owner),
            stakeholder: Set(self.text()),
            message: Set(self.maybe(Self::text)),
            status: Set(self.word()),
            expires_at: Set(self.at()),
            answered_at: Set(self.maybe(Self::at)),
            answered_by: Set(self.maybe(Self::text)),
            answered_as: Set(self.maybe(Self::text)),
            statement: Set(self.maybe(Self::text)),
            quotable: Set(self.dice.once_in(2)),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
        let observed = metric_observation::Entity::find()
            .filter(metric_observation::Column::OrganizationId.eq(organization))
            .order_by_asc(metric_observation::Column::Id);
        let told = portfolio_evidence::Entity::find()
            .filter(portfolio_evidence::Column::EntryId.eq(entry))
            .filter(portfolio_evidence::Column::ObservationId.is_not_null());
        // An observation shows it once.
        let told = told.one(self.db).await.unwrap().is_some();
        let observed = observed.one(self.db).await.unwrap().filter(|_| self.dice.once_in(2) && !told);
        let metric = metric::Entity::find().filter(metric::Column::OrganizationId.eq(organization));
        let metric = metric.order_by_asc(metric::Column::Id).one(self.db).await.unwrap();
        let row = portfolio_evidence::ActiveModel {
            id: Set(self.id()),
            organization_id: Set(organization),
            entry_id: Set(entry),
            owner_id: Set(owner),
            kind: Set(self.word()),
            note: Set(self.maybe(Self::text)),
            url: Set(self.maybe(Self::text)),
            confirmation_id: Set(self.maybe(|_| asked)),
            metric_id: Set(metric.filter(|_| observed.is_some()).map(|metric| metric.id)),
            observation_id: Set(observed.map(|observed| observed.id)),
            transition_leg_id: Set(self.leg(organization).await),
            occurred_at: Set(self.at()),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
    }

    async fn shares(&mut self, organization: OrganizationId, users: &[UserId]) {
        for owner in users {
            let fingerprint = format!("{organization} {owner}");
            let row = portfolio_share::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                owner_id: Set(*owner),
                label: Set(self.maybe(Self::text)),
                fingerprint: Set(fingerprint),
                expires_at: Set(self.maybe(Self::at)),
                revoked_at: Set(self.maybe(Self::at)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(None),
            };
            self.insert(row).await;
        }
    }
}
