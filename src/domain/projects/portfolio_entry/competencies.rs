//! What an entry shows: competencies, each at a level of its framework's scale (§15).

use std::collections::{BTreeSet, HashMap};

use entity::{
    id::{CompetencyFrameworkId, CompetencyId, PortfolioEntryId},
    kind::{Declared as _, Kind, id, list},
    learning::{
        competency,
        competency_framework::{self, Scale},
    },
    object,
    projects::portfolio_entry_competency as link,
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _, QuerySelect as _,
    QueryTrait as _,
};
use serde::Serialize;

use crate::{
    domain::{
        error::{Code, Error, Result},
        learning::{plan_item::on_scale, requirement::LEVEL},
        policy::Action,
        tx::Tx,
    },
    read::{
        cell::{Cell, Store},
        shape::{Need, Seen, Shape},
    },
};

const ONE: Kind = Kind::Object(ShownCompetency::object);
/// All that an entry shows.
pub(in crate::domain::projects) const SHOWN: Kind = list(&ONE, 50);

object! {
    /// What an entry shows of its owner.
    #[derive(Serialize, PartialEq, Eq)]
    ShownCompetency {
        /// The competency.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// The level, of the framework's scale.
        required level_shown: i64 = LEVEL,
    }
}

/// Shows what an entry shows.
pub(super) fn shown(shape: Shape) -> Shape {
    const SQLITE: &str = "(SELECT json_group_array(json_array(lower(hex(k.competency_id)), k.level_shown)) FROM \
         (SELECT c.competency_id, c.level_shown FROM portfolio_entry_competency c WHERE c.entry_id = {t}.id \
         ORDER BY c.competency_id) k)";
    const POSTGRES: &str = "(SELECT json_agg(json_build_array(replace(c.competency_id::text, '-', ''), c.level_shown) \
         ORDER BY c.competency_id)::text FROM portfolio_entry_competency c WHERE c.entry_id = {t}.id)";
    shape.computed(
        "competencies",
        SHOWN,
        "What it shows, and at which level.",
        vec![Need::Aggregate(SQLITE, POSTGRES, Store::Text)],
        told,
    )
}

/// The databases' own JSON differs in its blanks: it is read and written in our form.
fn told(cells: &[Cell], _: &Seen) -> Cell {
    let pairs: Vec<(String, i64)> =
        cells.first().and_then(Cell::text).and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    let shown = pairs.into_iter().filter_map(|(id, level_shown)| {
        let competency_id = CompetencyId(uuid::Uuid::try_parse(&id).ok()?);
        Some(ShownCompetency { competency_id, level_shown })
    });
    let shown: Vec<_> = shown.collect();
    Cell::Text(serde_json::to_string(&shown).unwrap_or_else(|_| "[]".to_owned()))
}

/// Says what an entry shows, in place of what it showed: whether it was something else.
///
/// # Errors
/// `REFERENCE_UNKNOWN`, `LEVEL_NOT_IN_SCALE` and `LEVEL_AMBIGUOUS` naming the place in the list.
pub(super) async fn replace(tx: &Tx, entry: PortfolioEntryId, shown: Option<&[ShownCompetency]>) -> Result<bool> {
    let Some(shown) = shown else { return Ok(false) };
    let mut is: Vec<link::Model> = shown
        .iter()
        .map(|one| link::Model { entry_id: entry, competency_id: one.competency_id, level_shown: one.level_shown })
        .collect();
    is.sort_by_key(|one| one.competency_id);
    let of = link::Column::EntryId.eq(entry);
    let was = link::Entity::find().filter(of.clone()).order_by_asc(link::Column::CompetencyId).all(&tx.db).await?;
    if was == is {
        return Ok(false);
    }
    fit(tx, shown).await?;
    if !was.is_empty() {
        link::Entity::delete_many().filter(of).exec(&tx.db).await?;
    }
    tx.add_all::<link::Entity>(is).await?;
    Ok(true)
}

/// Each competency is one that the caller may see, comes once, and has the level. Nobody changes the scales until this is
/// done: three statements, however many there are.
async fn fit(tx: &Tx, shown: &[ShownCompetency]) -> Result<()> {
    let ids: Vec<_> = shown.iter().map(|one| one.competency_id).collect();
    let found = tx.find_all::<competency::Entity>(&ids, Action::ViewCompetency, "/competencies").await?;
    let frameworks: BTreeSet<_> = found.iter().map(|one| one.framework_id).collect();
    tx.lock_all(frameworks.iter().map(|id| format!("framework {id}")).collect()).await?;
    let scales: HashMap<CompetencyFrameworkId, Scale> = competency_framework::Entity::find()
        .filter(competency_framework::Column::Id.is_in(frameworks))
        .all(&tx.db)
        .await?
        .into_iter()
        .map(|framework| (framework.id, framework.scale.0))
        .collect();
    let mut seen = BTreeSet::new();
    for (place, (one, competency)) in shown.iter().zip(&found).enumerate() {
        let at = format!("/competencies/{place}/levelShown");
        if !seen.insert(competency.id) {
            return Err(Error::field(Code::LevelAmbiguous, &at, "The competency is there already."));
        }
        if let Some(scale) = scales.get(&competency.framework_id) {
            on_scale(scale, one.level_shown, &at)?;
        }
    }
    Ok(())
}

/// How many entries show competencies of a framework.
pub(in crate::domain) async fn in_framework(tx: &Tx, framework: CompetencyFrameworkId) -> Result<u64> {
    let all = competency::Entity::find()
        .select_only()
        .column(competency::Column::Id)
        .filter(competency::Column::FrameworkId.eq(framework))
        .into_query();
    Ok(link::Entity::find().filter(link::Column::CompetencyId.in_subquery(all)).count(&tx.db).await?)
}

/// How many entries show a competency.
pub(in crate::domain) async fn of_competency(tx: &Tx, competency: CompetencyId) -> Result<u64> {
    Ok(link::Entity::find().filter(link::Column::CompetencyId.eq(competency)).count(&tx.db).await?)
}
