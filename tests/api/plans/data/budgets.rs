//! Random budgets of projects.

use entity::{
    currency::Currency,
    id::{BudgetId, BudgetLineId, OrganizationId, ProjectId, UserId},
    projects::{
        budget::{self, BudgetCategory, NotNeeded},
        budget_entry, budget_line,
    },
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;

use super::Filler;

impl Filler<'_> {
    pub(super) async fn budget(
        &mut self,
        organization: OrganizationId,
        project: ProjectId,
        owner: UserId,
        users: &[UserId],
    ) {
        let id: BudgetId = self.id();
        let marks = [NotNeeded { category: BudgetCategory::Time, reason: self.text() }];
        let row = budget::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            project_id: Set(project),
            owner_id: Set(owner),
            not_needed: Set(Json(marks.into_iter().take(self.dice.below(2)).collect())),
            approval: Set(self.word()),
            approval_requested_at: Set(self.maybe(Self::at)),
            approver_id: Set(self.maybe(|f| *f.dice.pick(users))),
            decided_at: Set(self.maybe(Self::at)),
            decision_reason: Set(self.maybe(Self::text)),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(None),
        };
        self.insert(row).await;
        for _ in 0..self.dice.below(4) {
            self.line((organization, project, id, owner), users).await;
        }
    }

    async fn line(&mut self, of: (OrganizationId, ProjectId, BudgetId, UserId), users: &[UserId]) {
        let (organization, project, budget, owner) = of;
        let id: BudgetLineId = self.id();
        let currency = self.maybe(|f| *f.dice.pick(&[Currency::Jpy, Currency::Eur, Currency::Kwd]));
        let unit = currency.is_none().then(|| self.text());
        let row = budget_line::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            project_id: Set(project),
            budget_id: Set(budget),
            owner_id: Set(owner),
            category: Set(self.word()),
            description: Set(self.text()),
            planned: Set(self.dice.below(1_000_000) as i64),
            currency: Set(currency),
            unit: Set(unit),
            assignee_id: Set(self.maybe(|f| *f.dice.pick(users))),
            support_team: Set(self.maybe(Self::text)),
            support_status: Set(self.word()),
            support_asked_at: Set(self.maybe(Self::at)),
            support_answered_at: Set(self.maybe(Self::at)),
            support_note: Set(self.maybe(Self::text)),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
        self.refs(organization, "bln", id.0).await;
        for _ in 0..self.dice.below(4) {
            let row = budget_entry::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                line_id: Set(id),
                project_id: Set(project),
                budget_id: Set(budget),
                owner_id: Set(owner),
                spent: Set(self.dice.below(300_000) as i64 - 100_000),
                incurred_at: Set(self.at()),
                note: Set(self.maybe(Self::text)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }
}
