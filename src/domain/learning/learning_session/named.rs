//! What sessions name: items, resources and competencies, looked up for many sessions as for one.

use std::collections::{BTreeSet, HashMap};

use entity::{
    id::{CompetencyId, LearningResourceId, LearningSessionId, PlanItemId, UserId},
    learning::{
        competency, learning_resource, learning_resource_competency, learning_session_competency as link, plan_item,
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use super::record::Entry;
use crate::{
    domain::{
        error::{Code, Error, Result},
        many::Found,
        tx::Tx,
        verb::Row as _,
    },
    read::shape::shape,
};

/// What sessions name, looked up for all of them at once.
pub(super) struct Named {
    items: Found<plan_item::Entity>,
    resources: Found<learning_resource::Entity>,
    competencies: Found<competency::Entity>,
    /// What is learnt from a resource.
    taught: HashMap<LearningResourceId, Vec<CompetencyId>>,
}

impl Named {
    pub(super) async fn of<'a>(tx: &Tx, entries: impl Iterator<Item = &'a Entry<'a>>) -> Result<Self> {
        let (mut items, mut resources, mut competencies) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for Entry { new, .. } in entries {
            items.extend(new.plan_item_id);
            resources.extend(new.learning_resource_id);
            competencies.extend(new.competency_ids.iter().flatten().copied());
        }
        Ok(Self {
            items: tx.find_each(items, shape(plan_item::Entity::NAME).view).await?,
            competencies: tx.find_each(competencies, shape(competency::Entity::NAME).view).await?,
            taught: taught(tx, &resources).await?,
            resources: tx.find_each(resources, shape(learning_resource::Entity::NAME).view).await?,
        })
    }

    /// Checks what a session names, and tells what was learnt in it.
    pub(super) fn learnt(&self, Entry { new, at, user, .. }: &Entry<'_>) -> Result<Vec<CompetencyId>> {
        let mut about = Vec::new();
        if let Some(id) = new.learning_resource_id {
            self.resources.refer(id, &format!("{at}/learningResourceId"))?;
            about = self.taught.get(&id).cloned().unwrap_or_default();
        }
        if let Some(id) = new.plan_item_id {
            let pointer = format!("{at}/planItemId");
            about = vec![theirs(self.items.refer(id, &pointer)?, *user, &pointer)?];
        }
        let Some(named) = &new.competency_ids else { return Ok(about) };
        for (place, id) in named.iter().enumerate() {
            self.competencies.refer(*id, &format!("{at}/competencyIds/{place}"))?;
        }
        Ok(sorted(named))
    }
}

/// What an item of this person is about.
fn theirs(item: &plan_item::Model, user: UserId, pointer: &str) -> Result<CompetencyId> {
    if item.owner_id == user {
        return Ok(item.competency_id);
    }
    Err(Error::field(Code::ReferenceUnknown, pointer, "This person has no such plan item."))
}

async fn taught(
    tx: &Tx,
    resources: &BTreeSet<LearningResourceId>,
) -> Result<HashMap<LearningResourceId, Vec<CompetencyId>>> {
    let mut taught = HashMap::<_, Vec<_>>::new();
    if resources.is_empty() {
        return Ok(taught);
    }
    let of = learning_resource_competency::Column::LearningResourceId.is_in(resources.iter().copied());
    for link in learning_resource_competency::Entity::find().filter(of).all(&tx.db).await? {
        taught.entry(link.learning_resource_id).or_default().push(link.competency_id);
    }
    Ok(taught)
}

/// Checks what a session is to be for instead.
pub(super) async fn refer(
    tx: &Tx,
    user: UserId,
    item: Option<PlanItemId>,
    resource: Option<LearningResourceId>,
) -> Result<()> {
    if let Some(id) = resource {
        tx.refer::<learning_resource::Entity>(id, "/learningResourceId").await?;
    }
    if let Some(id) = item {
        theirs(&tx.refer::<plan_item::Entity>(id, "/planItemId").await?, user, "/planItemId")?;
    }
    Ok(())
}

pub(super) fn sorted(named: &[CompetencyId]) -> Vec<CompetencyId> {
    let mut named = named.to_vec();
    named.sort_unstable();
    named.dedup();
    named
}

/// What was learnt in a session, in order.
async fn linked(tx: &Tx, session: LearningSessionId) -> Result<Vec<CompetencyId>> {
    let of = link::Column::LearningSessionId.eq(session);
    let links = link::Entity::find().filter(of).order_by_asc(link::Column::CompetencyId).all(&tx.db).await?;
    Ok(links.into_iter().map(|link| link.competency_id).collect())
}

/// Names what was learnt in a session, in place of what was named: whether it was something else.
pub(super) async fn relink(tx: &Tx, session: LearningSessionId, named: Option<&[CompetencyId]>) -> Result<bool> {
    let Some(named) = named else { return Ok(false) };
    let (was, is) = (linked(tx, session).await?, sorted(named));
    if was == is {
        return Ok(false);
    }
    for (place, competency) in named.iter().enumerate().filter(|(_, competency)| !was.contains(competency)) {
        tx.refer::<competency::Entity>(*competency, &format!("/competencyIds/{place}")).await?;
    }
    link::Entity::delete_many().filter(link::Column::LearningSessionId.eq(session)).exec(&tx.db).await?;
    let rows = is.into_iter().map(|competency| link::Model { learning_session_id: session, competency_id: competency });
    tx.add_all::<link::Entity>(rows.collect()).await?;
    Ok(true)
}
