//! Which of the competencies that are there each item of a document is.

use std::collections::{HashMap, HashSet};

use entity::{
    id::{CompetencyFrameworkId, CompetencyId},
    learning::{
        competency::{Column, Entity, Model},
        evidence, goal_requirement, learning_need, learning_plan_template_item, plan_item, prior_learning_competency,
        role_requirement,
    },
    platform::external_ref,
};
use sea_orm::{ColumnTrait as _, EntityTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _};
use serde_json::Value;
use uuid::Uuid;

use crate::domain::{
    error::{Code, Result},
    learning::exchange::{
        Draft, Item,
        case::{ITEMS, SOURCE},
        notes::Notes,
    },
    tx::Tx,
};

/// How many names one statement asks for.
const NAMES: usize = 1000;

/// The competencies of a framework, and which item each is.
pub(super) struct Matched {
    /// Every competency that was ever in the framework.
    pub(super) rows: Vec<Model>,
    /// Of each item, the place of its competency.
    pub(super) of_items: Vec<Option<usize>>,
    /// CASE's identifiers that name a competency of the framework already.
    pub(super) named: HashSet<String>,
}

/// Finds them: by CASE's identifier or our own id, in tables by the code.
pub(super) async fn find(
    tx: &Tx,
    framework: CompetencyFrameworkId,
    draft: &Draft,
    notes: &mut Notes,
) -> Result<Matched> {
    let rows = Entity::find().filter(Column::FrameworkId.eq(framework)).order_by_asc(Column::Path).all(&tx.db).await?;
    let named = named(tx, draft).await?;
    let places: HashMap<Uuid, usize> = rows.iter().enumerate().map(|(place, row)| (row.id.0, place)).collect();
    let codes = by_code(&rows);
    let mut matched = Matched { of_items: Vec::with_capacity(draft.items.len()), named: HashSet::new(), rows };
    let mut taken = HashSet::new();
    for item in &draft.items {
        let place = match &item.case_id {
            Some(case_id) => match named.get(case_id) {
                Some(id) => {
                    matched.named.insert(case_id.clone());
                    let place = places.get(id).copied();
                    if place.is_none() {
                        let message = "This identifier names a competency of another framework, and none ever moves.";
                        notes.error(item.at.member("identifier"), Code::FrameworkImmutable, message);
                    }
                    place
                }
                None => Uuid::try_parse(case_id).ok().and_then(|id| places.get(&id).copied()),
            },
            None => codes.get(item.code.as_str()).copied(),
        };
        // Tables say of two lines of one code that they are.
        if item.case_id.is_some() && place.is_some_and(|place| !taken.insert(place)) {
            let message = "Another item is this competency already.";
            notes.error(item.at.member("identifier"), Code::AlreadyExists, message);
        }
        matched.of_items.push(place);
    }
    Ok(matched)
}

/// The competency of each code: the living one, else the one that was deleted last.
fn by_code(rows: &[Model]) -> HashMap<String, usize> {
    let mut codes: HashMap<String, usize> = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        let known = codes.entry(row.code.clone()).or_insert(place);
        let better = match (row.deleted_at, rows[*known].deleted_at) {
            (None, _) => true,
            (Some(_), None) => false,
            (Some(this), Some(other)) => this > other,
        };
        if better {
            *known = place;
        }
    }
    codes
}

/// The competencies of the organization that the identifiers of a package name.
async fn named(tx: &Tx, draft: &Draft) -> Result<HashMap<String, Uuid>> {
    use external_ref::Column::{ExternalId, Kind, OrganizationId, Source};
    let ids: Vec<&String> = draft.items.iter().filter_map(|item| item.case_id.as_ref()).collect();
    let mut out = HashMap::new();
    for ids in ids.chunks(NAMES) {
        let known = external_ref::Entity::find()
            .filter(OrganizationId.eq(tx.who.organization))
            .filter(Kind.eq("cmp"))
            .filter(Source.eq(SOURCE))
            .filter(ExternalId.is_in(ids.iter().map(|id| id.as_str())));
        out.extend(known.all(&tx.db).await?.into_iter().map(|row| (row.external_id, row.target_id)));
    }
    Ok(out)
}

/// The competencies of a framework that somebody uses.
pub(super) async fn used(tx: &Tx, framework: CompetencyFrameworkId) -> Result<HashSet<CompetencyId>> {
    async fn of<E: EntityTrait>(
        tx: &Tx,
        framework: CompetencyFrameworkId,
        column: E::Column,
    ) -> Result<Vec<CompetencyId>> {
        let all =
            Entity::find().select_only().column(Column::Id).filter(Column::FrameworkId.eq(framework)).into_query();
        let used = E::find().select_only().column(column).distinct().filter(column.in_subquery(all));
        Ok(used.into_tuple::<CompetencyId>().all(&tx.db).await?)
    }
    let mut out = HashSet::new();
    out.extend(of::<plan_item::Entity>(tx, framework, plan_item::Column::CompetencyId).await?);
    out.extend(of::<evidence::Entity>(tx, framework, evidence::Column::CompetencyId).await?);
    out.extend(of::<goal_requirement::Entity>(tx, framework, goal_requirement::Column::CompetencyId).await?);
    out.extend(of::<role_requirement::Entity>(tx, framework, role_requirement::Column::CompetencyId).await?);
    out.extend(of::<learning_need::Entity>(tx, framework, learning_need::Column::CompetencyId).await?);
    let given = learning_plan_template_item::Column::CompetencyId;
    out.extend(of::<learning_plan_template_item::Entity>(tx, framework, given).await?);
    let filed = prior_learning_competency::Column::CompetencyId;
    out.extend(of::<prior_learning_competency::Entity>(tx, framework, filed).await?);
    Ok(out)
}

/// The items that a package tells more of than it did.
pub(super) fn others(draft: &Draft, package: Option<&Value>, was: Option<&Value>) -> HashSet<usize> {
    let (Some(package), Some(was)) = (package, was) else { return HashSet::new() };
    let list = |package: &'_ Value| package[ITEMS].as_array().cloned().unwrap_or_default();
    let before: HashMap<String, Value> =
        list(was).into_iter().filter_map(|item| Some((item["identifier"].as_str()?.to_owned(), item))).collect();
    let now = list(package);
    let differs = |(place, item): (usize, &Item)| {
        let before = item.case_id.as_ref().and_then(|id| before.get(id));
        before.is_some_and(|before| now.get(place) != Some(before)).then_some(place)
    };
    draft.items.iter().enumerate().filter_map(differs).collect()
}

/// What is no longer in the document stays when it is used, and so does what it stands below.
pub(super) fn kept(rows: &[Model], left: &[usize], used: &HashSet<CompetencyId>) -> Vec<usize> {
    let places: HashMap<CompetencyId, usize> = left.iter().map(|&place| (rows[place].id, place)).collect();
    let mut kept = HashSet::new();
    for &place in left.iter().filter(|&&place| used.contains(&rows[place].id)) {
        let mut at = Some(place);
        while let Some(place) = at.filter(|&place| kept.insert(place)) {
            at = rows[place].parent_id.and_then(|parent| places.get(&parent).copied());
        }
    }
    let mut kept: Vec<usize> = kept.into_iter().collect();
    kept.sort_unstable();
    kept
}
