//! Needs in hand while something is raised or met: with what showed each, and whether it is written down yet.

use std::collections::BTreeMap;

use entity::{
    id::{CompetencyId, LearningNeedId, UserId},
    learning::{
        learning_need::{Column, Entity, Model, NeedState},
        learning_need_source as source,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::door::{Raised, together};
use crate::domain::{clock, error::Result, tx::Tx};

/// A need in hand.
pub(super) struct Held {
    /// The need.
    pub row: Model,
    /// Whether it is still to be written down.
    pub new: bool,
    /// What showed it, in that order.
    pub sources: Vec<Sign>,
}

/// Something that showed a need.
pub(super) struct Sign {
    /// The source.
    pub row: source::Model,
    /// Whether it is still to be written down.
    pub new: bool,
}

/// The needs that a person has of some competencies.
pub(super) async fn held(tx: &Tx, user: UserId, of: &[CompetencyId]) -> Result<BTreeMap<CompetencyId, Held>> {
    let needs = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::UserId.eq(user))
        .filter(Column::CompetencyId.is_in(of.iter().copied()))
        .all(&tx.db)
        .await?;
    let mut signs = BTreeMap::<LearningNeedId, Vec<Sign>>::new();
    for row in sources_of(tx, needs.iter().map(|need| need.id)).await? {
        signs.entry(row.need_id).or_default().push(Sign { row, new: false });
    }
    let held = needs.into_iter().map(|row| {
        let sources = signs.remove(&row.id).unwrap_or_default();
        (row.competency_id, Held { row, new: false, sources })
    });
    Ok(held.collect())
}

/// What showed needs, in the order in which it did.
pub(super) async fn sources_of(tx: &Tx, needs: impl IntoIterator<Item = LearningNeedId>) -> Result<Vec<source::Model>> {
    let needs: Vec<LearningNeedId> = needs.into_iter().collect();
    if needs.is_empty() {
        return Ok(Vec::new());
    }
    let found = source::Entity::find()
        .filter(source::Column::OrganizationId.eq(tx.who.organization))
        .filter(source::Column::NeedId.is_in(needs))
        .order_by_asc(source::Column::RaisedAt)
        .order_by_asc(source::Column::Id);
    Ok(found.all(&tx.db).await?)
}

impl Held {
    /// A need that nothing has shown before.
    pub(super) fn new(tx: &Tx, raised: &Raised) -> Self {
        let row = Model {
            id: clock::new_id(),
            organization_id: tx.who.organization,
            user_id: raised.user,
            competency_id: raised.competency,
            strength: together(std::iter::once(raised.strength)),
            state: NeedState::Open,
            plan_item_id: None,
            opened_at: tx.now,
            met_at: None,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
            deleted_at: None,
        };
        Self { row, new: true, sources: Vec::new() }
    }

    /// Makes it so strong, and lets it stand there.
    pub(super) async fn move_to(&mut self, tx: &Tx, strength: i64, to: NeedState) -> Result<()> {
        let mut next = self.row.clone();
        next.strength = strength;
        if to != self.row.state {
            next.state = to;
            next.met_at = (to == NeedState::Met).then_some(tx.now);
            if to == NeedState::Open {
                next.opened_at = tx.now;
                next.plan_item_id = None;
            }
        }
        if next == self.row {
            return Ok(());
        }
        if self.new {
            next.version += 1;
            self.row = next;
            return Ok(());
        }
        let after = tx
            .change::<Entity>(self.row.clone(), |row| {
                row.strength.set_if_not_equals(next.strength);
                row.state.set_if_not_equals(next.state);
                row.met_at.set_if_not_equals(next.met_at);
                row.opened_at.set_if_not_equals(next.opened_at);
                row.plan_item_id.set_if_not_equals(next.plan_item_id);
            })
            .await?;
        self.row = after.row;
        Ok(())
    }

    /// Adds what showed it.
    pub(super) fn add_source(&mut self, tx: &Tx, raised: &Raised) {
        let (raised_by_kind, raised_by) = tx.who.actor();
        let row = source::Model {
            id: clock::new_id(),
            organization_id: tx.who.organization,
            need_id: self.row.id,
            user_id: self.row.user_id,
            source: raised.source,
            source_id: raised.source_id.clone(),
            note: raised.note.clone(),
            strength: raised.strength,
            raised_by_kind,
            raised_by,
            raised_at: tx.now,
            notified_at: None,
            version: 1,
            created_at: tx.now,
            updated_at: tx.now,
            deleted_at: None,
        };
        self.sources.push(Sign { row, new: true });
    }

    /// Keeps of each source that was not told yet that it is told now.
    pub(super) async fn tell_sources(&mut self, tx: &Tx) -> Result<()> {
        for sign in self.sources.iter_mut().filter(|sign| sign.row.notified_at.is_none()) {
            if sign.new {
                sign.row.notified_at = Some(tx.now);
                continue;
            }
            let after = tx.change::<source::Entity>(sign.row.clone(), |row| row.notified_at = Set(Some(tx.now)));
            sign.row = after.await?.row;
        }
        Ok(())
    }
}
