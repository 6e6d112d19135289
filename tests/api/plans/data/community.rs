//! Companies, and whom people know.

use entity::{
    community::{company, contact},
    id::{CompanyId, ContactId, OrganizationId, UserId},
};
use sea_orm::ActiveValue::Set;

use super::Filler;

impl Filler<'_> {
    pub(super) async fn network(&mut self, organization: OrganizationId, users: &[UserId]) {
        let mut companies: Vec<CompanyId> = Vec::new();
        for _ in 0..5 {
            let id: CompanyId = self.id();
            let row = company::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                name: Set(self.text()),
                url: Set(self.maybe(Self::text)),
                industry: Set(self.maybe(Self::text)),
                description: Set(self.maybe(Self::text)),
                created_by: Set(self.maybe(|f| *f.dice.pick(users))),
                name_folded: Set(self.text().to_lowercase()),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "cny", id.0).await;
            companies.push(id);
        }
        for _ in 0..8 {
            let id: ContactId = self.id();
            let row = contact::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                owner_id: Set(*self.dice.pick(users)),
                name: Set(self.text()),
                company_id: Set(self.maybe(|f| *f.dice.pick(&companies))),
                role: Set(self.maybe(Self::text)),
                relationship: Set(self.maybe(Self::text)),
                how_met: Set(self.maybe(Self::text)),
                cadence_days: Set(self.maybe(|f| 1 + f.dice.below(90) as i64)),
                last_interaction_at: Set(self.maybe(Self::at)),
                user_id: Set(self.maybe(|f| *f.dice.pick(users))),
                said_in_touch_at: Set(self.maybe(Self::at)),
                email: Set(self.maybe(Self::text)),
                phone: Set(self.maybe(Self::text)),
                url: Set(self.maybe(Self::text)),
                note: Set(self.maybe(Self::text)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "ctc", id.0).await;
        }
    }
}
