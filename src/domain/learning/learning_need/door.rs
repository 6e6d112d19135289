//! The one door for needs: whatever shows one raises it here, and whatever proves somebody proficient meets it here.
//!
//! However many needs are raised at once, what is known of them is read in three statements, and what is new is
//! written in two.

use std::collections::{BTreeMap, HashSet};

use entity::{
    id::{CompetencyId, UserId},
    learning::{
        learning_need::{Entity, Model, NeedState},
        learning_need_source::{self as source, NeedSource},
        user_competency,
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    held::{Held, held},
    state,
};
use crate::domain::{
    error::{Error, Result},
    tx::Tx,
};

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
    let user = raised.user;
    let need = raise_all(tx, user, &[raised]).await?.pop();
    need.ok_or_else(|| Error::internal("nothing came of a need"))
}

/// The same for several things that one person needs to learn, told in the order given.
pub(in crate::domain) async fn raise_all(tx: &mut Tx, user: UserId, all: &[Raised]) -> Result<Vec<Model>> {
    turn(tx, user).await?;
    let competencies: Vec<CompetencyId> = all.iter().map(|one| one.competency).collect();
    let proficient = proficient(tx, user, &competencies).await?;
    let mut known = held(tx, user, &competencies).await?;
    for raised in all {
        let need = known.entry(raised.competency).or_insert_with(|| Held::new(tx, raised));
        show(tx, need, raised, proficient.contains(&raised.competency)).await?;
    }
    keep_new(tx, &known).await?;
    Ok(all.iter().filter_map(|raised| known.get(&raised.competency)).map(|need| need.row.clone()).collect())
}

/// Lets something show a need.
async fn show(tx: &mut Tx, need: &mut Held, raised: &Raised, proficient: bool) -> Result<()> {
    let new = !need.sources.iter().any(|one| one.row.source == raised.source && one.row.source_id == raised.source_id);
    let strengths = need.sources.iter().map(|one| one.row.strength);
    let strength = together(strengths.chain(new.then_some(raised.strength)));
    let was = need.row.version;
    let to = state::raised(need.row.state, new, proficient);
    need.move_to(tx, strength, to).await?;
    if !new {
        if need.row.version != was {
            tx.record("reopened", &need.row, json!({ "competencyId": need.row.competency_id }))?;
        }
        return Ok(());
    }
    need.add_source(tx, raised);
    let data = raised_data(need);
    tx.record("raised", &need.row, data)?;
    if proficient {
        tx.warn("ALREADY_PROFICIENT", "Whoever needs it is proficient in it: the need is met.");
        need.move_to(tx, strength, NeedState::Met).await?;
        notify(tx, need).await?;
    }
    Ok(())
}

/// What the feed tells of a need that was just shown. It goes to whoever sees the need: what of a search for a job showed it, it leaves out.
fn raised_data(need: &Held) -> serde_json::Value {
    let mut data = json!({
        "competencyId": need.row.competency_id, "strength": need.row.strength, "state": need.row.state,
    });
    if let Some(sign) = need.sources.last().filter(|sign| !sign.row.tells_of_a_search()) {
        data["source"] = json!(sign.row.source);
        data["sourceId"] = json!(sign.row.source_id);
    }
    data
}

/// Writes down what is new: the needs, and then what showed them.
async fn keep_new(tx: &Tx, known: &BTreeMap<CompetencyId, Held>) -> Result<()> {
    let needs: Vec<Model> = known.values().filter(|need| need.new).map(|need| need.row.clone()).collect();
    tx.add_all::<Entity>(needs).await?;
    let sources = known.values().flat_map(|need| &need.sources).filter(|one| one.new).map(|one| one.row.clone());
    tx.add_all::<source::Entity>(sources.collect()).await
}

/// Meets the need of a competency that somebody has become proficient in, when there is one, and tells its sources.
pub(in crate::domain) async fn meet(tx: &mut Tx, user: UserId, competency: CompetencyId) -> Result<()> {
    turn(tx, user).await?;
    let Some(mut need) = held(tx, user, &[competency]).await?.remove(&competency) else { return Ok(()) };
    if !matches!(need.row.state, NeedState::Open | NeedState::Planned) {
        return Ok(());
    }
    let strength = need.row.strength;
    need.move_to(tx, strength, NeedState::Met).await?;
    notify(tx, &mut need).await
}

/// What happens to one person's needs happens one after another: whoever changes several waits here first, and so
/// nobody waits for somebody who waits for them.
pub(super) async fn turn(tx: &Tx, user: UserId) -> Result<()> {
    turns(tx, [user]).await
}

/// The same for several people.
pub(super) async fn turns(tx: &Tx, users: impl IntoIterator<Item = UserId>) -> Result<()> {
    let name = |user| format!("needs {} {user}", tx.who.organization);
    tx.lock_all(users.into_iter().map(name).collect()).await
}

/// Several weak signs make a strong one.
pub(super) fn together(strengths: impl Iterator<Item = i64>) -> i64 {
    strengths.sum::<i64>().clamp(1, 100)
}

/// Which of the competencies somebody is proficient in.
async fn proficient(tx: &Tx, user: UserId, among: &[CompetencyId]) -> Result<HashSet<CompetencyId>> {
    let standings = user_competency::Entity::find()
        .filter(user_competency::Column::OrganizationId.eq(tx.who.organization))
        .filter(user_competency::Column::UserId.eq(user))
        .filter(user_competency::Column::CompetencyId.is_in(among.iter().copied()))
        .filter(user_competency::Column::DeletedAt.is_null())
        .all(&tx.db)
        .await?;
    Ok(standings.into_iter().filter(|row| row.proficient == Some(true)).map(|row| row.competency_id).collect())
}

/// Tells the sources that the need is met: the feed names all but those of a search for a job, and each keeps when it was told first.
async fn notify(tx: &mut Tx, need: &mut Held) -> Result<()> {
    let named = need.sources.iter().map(|one| &one.row).filter(|row| !row.tells_of_a_search());
    let named: Vec<_> = named.map(|row| json!({ "source": row.source, "sourceId": row.source_id })).collect();
    need.tell_sources(tx).await?;
    tx.record("met", &need.row, json!({ "competencyId": need.row.competency_id, "sources": named }))
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
