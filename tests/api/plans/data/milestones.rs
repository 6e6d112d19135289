//! Random milestones, metrics and observations.

use entity::{
    decimal::Decimal,
    id::{MetricId, MilestoneId, OrganizationId, ProjectId, UserId},
    projects::{metric, metric_observation, milestone},
};
use sea_orm::ActiveValue::Set;

use super::Filler;

impl Filler<'_> {
    /// Few different numbers, some of them the furthest that there are.
    fn decimal(&mut self) -> Decimal {
        let text = *self.dice.pick(&["0", "0.93", "-12.5", "0.000001", "999999999999.999999", "-999999999999.999999"]);
        text.parse().unwrap()
    }

    pub(super) async fn milestones(&mut self, organization: OrganizationId, project: ProjectId, owner: UserId) {
        for _ in 0..self.dice.below(4) {
            let id: MilestoneId = self.id();
            let row = milestone::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                project_id: Set(project),
                owner_id: Set(owner),
                title: Set(self.text()),
                description: Set(self.maybe(Self::text)),
                target_date: Set(self.day()),
                sort_order: Set(self.dice.below(3) as i64),
                health: Set(self.maybe(Self::word)),
                health_note: Set(self.maybe(Self::text)),
                health_updated_at: Set(self.maybe(Self::at)),
                completed_at: Set(self.maybe(Self::at)),
                override_reason: Set(self.maybe(Self::text)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "ms", id.0).await;
            for _ in 0..self.dice.below(3) {
                self.metric(organization, project, id, owner).await;
            }
        }
    }

    async fn metric(
        &mut self,
        organization: OrganizationId,
        project: ProjectId,
        milestone: MilestoneId,
        owner: UserId,
    ) {
        let id: MetricId = self.id();
        let row = metric::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            project_id: Set(project),
            milestone_id: Set(milestone),
            owner_id: Set(owner),
            kind: Set(self.word()),
            name: Set(self.text()),
            unit: Set(self.maybe(Self::text)),
            direction: Set(self.word()),
            baseline: Set(self.maybe(Self::decimal)),
            target: Set(self.decimal()),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
        self.refs(organization, "mtr", id.0).await;
        for place in 0..self.dice.below(14) {
            let row = metric_observation::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                project_id: Set(project),
                metric_id: Set(id),
                owner_id: Set(owner),
                value: Set(self.decimal()),
                observed_at: Set(self.at()),
                source: Set((*self.dice.pick(&["manual", "mlflow"])).to_owned()),
                external_ref: Set(self.maybe(|f| format!("{place} {}", f.text()))),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }
}
