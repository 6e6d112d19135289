//! The one door for needs: whatever shows one raises it here, and whatever proves somebody proficient meets it here.

use entity::{
    id::{CompetencyId, UserId},
    learning::{
        learning_need::{ActiveModel, Column, Entity, Model, NeedState},
        learning_need_source::{self as source, NeedSource},
        user_competency,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::json;

use super::state;
use crate::domain::{clock, error::Result, tx::Tx};

/// That something shows that somebody needs to learn something.
#[derive(Debug)]
pub(in crate::domain) struct Raised {
    /// Who.
    pub user: UserId,
    /// What.
    pub competency: CompetencyId,
    /// What kind of thing shows it.
    pub source: NeedSource,
    /// Which thing.
    pub source_id: Option<String>,
    /// How strongly, 1 to 100.
    pub strength: i64,
    /// A note.
    pub note: Option<String>,
}

/// Keeps that something shows a need. The same source again changes nothing, unless the need was met and is one again;
/// a new one joins the others, and opens what was put away. A need of what somebody is proficient in is met at once.
pub(in crate::domain) async fn raise(tx: &mut Tx, raised: Raised) -> Result<Model> {
    turn(tx, raised.user).await?;
    let proficient = is_proficient(tx, raised.user, raised.competency).await?;
    let known = find(tx, raised.user, raised.competency).await?;
    let sources = match &known {
        Some(need) => sources_of(tx, need).await?,
        None => Vec::new(),
    };
    let same = |row: &source::Model| row.source == raised.source && row.source_id == raised.source_id;
    let new = !sources.iter().any(same);
    let strength = together(sources.iter().map(|row| row.strength).chain(new.then_some(raised.strength)));
    let need = match known {
        None => insert(tx, &raised).await?,
        Some(need) => {
            let to = state::raised(need.state, new, proficient);
            let was = (need.version, need.state);
            let need = moved(tx, need, strength, to).await?;
            if need.version == was.0 && !new {
                return Ok(need);
            }
            if !new {
                tx.record("reopened", &need, json!({ "competencyId": need.competency_id }))?;
                return Ok(need);
            }
            need
        }
    };
    add_source(tx, &need, &raised).await?;
    let data = json!({
        "competencyId": need.competency_id, "source": raised.source, "sourceId": raised.source_id,
        "strength": need.strength, "state": need.state,
    });
    tx.record("raised", &need, data)?;
    if proficient { met_already(tx, need).await } else { Ok(need) }
}

/// What somebody is proficient in is met at once, and whatever showed it is told so.
async fn met_already(tx: &mut Tx, need: Model) -> Result<Model> {
    tx.warn("ALREADY_PROFICIENT", "Whoever needs it is proficient in it: the need is met.");
    if need.state == NeedState::Met {
        notify(tx, &need).await?;
        return Ok(need);
    }
    meet(tx, need.user_id, need.competency_id).await?;
    Ok(find(tx, need.user_id, need.competency_id).await?.unwrap_or(need))
}

/// Meets the need of a competency that somebody has become proficient in, when there is one, and tells its sources.
pub(in crate::domain) async fn meet(tx: &mut Tx, user: UserId, competency: CompetencyId) -> Result<()> {
    turn(tx, user).await?;
    let Some(need) = find(tx, user, competency).await? else { return Ok(()) };
    if !matches!(need.state, NeedState::Open | NeedState::Planned) {
        return Ok(());
    }
    let strength = need.strength;
    let need = moved(tx, need, strength, NeedState::Met).await?;
    notify(tx, &need).await
}

/// What is raised for one person at once is raised one after another.
async fn turn(tx: &Tx, user: UserId) -> Result<()> {
    tx.lock(&format!("needs {} {user}", tx.who.organization)).await
}

/// Several weak signs make a strong one.
fn together(strengths: impl Iterator<Item = i64>) -> i64 {
    strengths.sum::<i64>().clamp(1, 100)
}

async fn is_proficient(tx: &Tx, user: UserId, competency: CompetencyId) -> Result<bool> {
    let standing = user_competency::Entity::find()
        .filter(user_competency::Column::OrganizationId.eq(tx.who.organization))
        .filter(user_competency::Column::UserId.eq(user))
        .filter(user_competency::Column::CompetencyId.eq(competency))
        .filter(user_competency::Column::DeletedAt.is_null())
        .one(&tx.db)
        .await?;
    Ok(standing.is_some_and(|row| row.proficient == Some(true)))
}

async fn find(tx: &Tx, user: UserId, competency: CompetencyId) -> Result<Option<Model>> {
    let found = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::UserId.eq(user))
        .filter(Column::CompetencyId.eq(competency));
    Ok(found.one(&tx.db).await?)
}

/// What showed a need, in the order in which it did.
pub(super) async fn sources_of(tx: &Tx, need: &Model) -> Result<Vec<source::Model>> {
    let found = source::Entity::find()
        .filter(source::Column::NeedId.eq(need.id))
        .order_by_asc(source::Column::RaisedAt)
        .order_by_asc(source::Column::Id);
    Ok(found.all(&tx.db).await?)
}

async fn insert(tx: &Tx, raised: &Raised) -> Result<Model> {
    tx.insert::<Entity>(ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        user_id: Set(raised.user),
        competency_id: Set(raised.competency),
        strength: Set(together(std::iter::once(raised.strength))),
        state: Set(NeedState::Open),
        plan_item_id: Set(None),
        opened_at: Set(tx.now),
        met_at: Set(None),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    })
    .await
}

async fn moved(tx: &Tx, need: Model, strength: i64, to: NeedState) -> Result<Model> {
    let (from, now) = (need.state, tx.now);
    let after = tx
        .change::<Entity>(need, |row| {
            row.strength.set_if_not_equals(strength);
            if to != from {
                row.state = Set(to);
                row.met_at = Set((to == NeedState::Met).then_some(now));
            }
            if to == NeedState::Open && to != from {
                row.opened_at = Set(now);
                row.plan_item_id.set_if_not_equals(None);
            }
        })
        .await?;
    Ok(after.row)
}

async fn add_source(tx: &Tx, need: &Model, raised: &Raised) -> Result<source::Model> {
    let (raised_by_kind, raised_by) = tx.who.actor();
    tx.insert::<source::Entity>(source::ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        need_id: Set(need.id),
        user_id: Set(need.user_id),
        source: Set(raised.source),
        source_id: Set(raised.source_id.clone()),
        note: Set(raised.note.clone()),
        strength: Set(raised.strength),
        raised_by_kind: Set(raised_by_kind),
        raised_by: Set(raised_by),
        raised_at: Set(tx.now),
        notified_at: Set(None),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    })
    .await
}

/// Tells the sources that the need is met: the feed names all, and each keeps when it was told first.
async fn notify(tx: &mut Tx, need: &Model) -> Result<()> {
    let (sources, now) = (sources_of(tx, need).await?, tx.now);
    let named: Vec<_> = sources.iter().map(|row| json!({ "source": row.source, "sourceId": row.source_id })).collect();
    for row in sources.into_iter().filter(|row| row.notified_at.is_none()) {
        tx.change::<source::Entity>(row, |row| row.notified_at = Set(Some(now))).await?;
    }
    tx.record("met", need, json!({ "competencyId": need.competency_id, "sources": named }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn several_weak_signs_make_a_strong_one() {
        assert_eq!(together([30, 40].into_iter()), 70);
        assert_eq!(together([80, 80].into_iter()), 100);
        assert_eq!(together([1].into_iter()), 1);
    }
}
