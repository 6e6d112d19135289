//! Industries, next steps that were put off, and ways from one role and industry to another.

use entity::{
    id::{IndustryId, OrganizationId, RoleProfileId, TransitionLegId, TransitionPlanId, UserId},
    insight::step_dismissal,
    jobs::{industry, transition_leg, transition_plan},
    learning::role_profile,
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::Filler;

impl Filler<'_> {
    pub(super) async fn transitions(&mut self, organization: OrganizationId, users: &[UserId]) {
        for (place, user) in users.iter().enumerate() {
            let row = step_dismissal::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                user_id: Set(*user),
                code: Set(self.word()),
                subject_id: Set((place % 2 == 0).then(|| user.to_string())),
                until: Set(self.maybe(Self::at)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
        let industries = self.industries(organization).await;
        let roles: Vec<RoleProfileId> = role_profile::Entity::find()
            .filter(role_profile::Column::OrganizationId.eq(organization))
            .order_by_asc(role_profile::Column::Id)
            .all(self.db)
            .await
            .unwrap()
            .into_iter()
            .map(|role| role.id)
            .collect();
        for _ in 0..8 {
            let (id, owner): (TransitionPlanId, UserId) = (self.id(), *self.dice.pick(users));
            let row = transition_plan::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                owner_id: Set(owner),
                from_role: Set(self.maybe(Self::text)),
                from_role_profile_id: Set(self.maybe(|f| *f.dice.pick(&roles))),
                from_industry: Set(self.maybe(Self::text)),
                from_listed_industry_id: Set(self.maybe(|f| *f.dice.pick(&industries))),
                to_role: Set(self.maybe(Self::text)),
                to_role_profile_id: Set(self.maybe(|f| *f.dice.pick(&roles))),
                to_industry: Set(self.maybe(Self::text)),
                to_listed_industry_id: Set(self.maybe(|f| *f.dice.pick(&industries))),
                kind: Set(self.word()),
                path: Set(self.maybe(Self::word)),
                accepted_at: Set(self.maybe(Self::at)),
                note: Set(self.maybe(Self::text)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            for position in 1..=2 {
                self.leg_of(organization, (id, owner), position, (&roles, &industries)).await;
            }
        }
    }

    async fn industries(&mut self, organization: OrganizationId) -> Vec<IndustryId> {
        let mut all = Vec::new();
        for place in 0..4 {
            let id: IndustryId = self.id();
            let built_in = place == 3 && self.made.organizations.len() == 1;
            let row = industry::ActiveModel {
                id: Set(id),
                organization_id: Set((!built_in).then_some(organization)),
                name: Set(self.text()),
                name_folded: Set(format!("industry {place}")),
                aliases: Set(Json((0..self.dice.below(3)).map(|_| self.text()).collect())),
                description: Set(self.maybe(Self::text)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "ind", id.0).await;
            all.push(id);
        }
        all
    }

    async fn leg_of(
        &mut self,
        organization: OrganizationId,
        (plan, owner): (TransitionPlanId, UserId),
        position: i64,
        (roles, industries): (&[RoleProfileId], &[IndustryId]),
    ) {
        let row = transition_leg::ActiveModel {
            id: Set(self.id()),
            organization_id: Set(organization),
            transition_plan_id: Set(plan),
            owner_id: Set(owner),
            position: Set(position),
            kind: Set(self.word()),
            to_role: Set(self.maybe(Self::text)),
            to_role_profile_id: Set(self.maybe(|f| *f.dice.pick(roles))),
            to_industry: Set(self.maybe(Self::text)),
            to_listed_industry_id: Set(self.maybe(|f| *f.dice.pick(industries))),
            // One of a plan is under way at most.
            state: Set(if position == 1 { self.word() } else { transition_leg::LegState::Planned }),
            internal_move: Set(self.dice.once_in(2)),
            started_at: Set(self.maybe(Self::at)),
            ended_at: Set(self.maybe(Self::at)),
            note: Set(self.maybe(Self::text)),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
    }

    /// Some plan of the organization, or none.
    pub(super) async fn transition_plan(&mut self, organization: OrganizationId) -> Option<TransitionPlanId> {
        let all = transition_plan::Entity::find()
            .filter(transition_plan::Column::OrganizationId.eq(organization))
            .order_by_asc(transition_plan::Column::Id)
            .all(self.db)
            .await
            .unwrap();
        self.maybe(|f| f.dice.pick(&all).id)
    }

    /// Some leg of the organization, or none.
    pub(super) async fn leg(&mut self, organization: OrganizationId) -> Option<TransitionLegId> {
        let all = transition_leg::Entity::find()
            .filter(transition_leg::Column::OrganizationId.eq(organization))
            .order_by_asc(transition_leg::Column::Id)
            .all(self.db)
            .await
            .unwrap();
        self.maybe(|f| f.dice.pick(&all).id)
    }
}
