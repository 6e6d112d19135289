//! Stages: the steps through which the applications of a search go. What each is stays fixed, so that searches compare (§21).

mod change;
mod order;

use entity::{
    id::{JobSearchId, StageId, UserId},
    jobs::{
        job_search,
        stage::{Column, Entity, Model, StageKind},
    },
    kind::{Kind, id, int, line, list, word},
    object,
    vocabulary::Vocabulary as _,
};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
use serde_json::json;

use super::job_search::{going_on, stays};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        find::Life,
        look::Look,
        policy::Action,
        spelling::folded,
        tx::Tx,
        verb::{Done, External, Resource, Row, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const NAME: Kind = line(1, 100);
const PLACE: Kind = int(0, 10_000);
const ONE: Kind = id::<StageId>();
/// How many stages a search has at most.
pub(super) const MOST: usize = 100;
/// How many places there are for each kind: the stages of a kind stand together.
const ROOM: i64 = 1000;

impl Row for Entity {
    const NAME: &'static str = "Stage";
    type Id = StageId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<StageId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who searches.").filter(),
        Column::JobSearchId => leaf(id::<JobSearchId>(), "The search.").filter(),
        Column::Name => leaf(NAME, "What it is called."),
        Column::Kind => leaf(word::<StageKind>(), "What it is; it never changes.").filter(),
        Column::Position => leaf(
            PLACE,
            "Where it stands among the stages of the search: those of a kind together, and the kinds in their order.",
        )
        .sort(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Stage",
        "A step through which the applications of a search go (§21).",
        "stg",
        Action::ViewStage,
        show,
    )
    .order("position", false)
    .external_refs()
    .one("jobSearch", "job_search_id", "JobSearch", "The search.")
    .many("applications", "stage_id", "Application", "What stands in it.");
    Resource { shape, plural: "stages", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{EditJobSearch, EditStage};
    vec![
        Verb::create(EditJobSearch, "Add a stage to a search, at the end of its kind.", create),
        Verb::upsert(EditJobSearch, "Add or rename the stage that another system's name stands for.", upsert),
        Verb::on_collection(
            "reorder",
            EditJobSearch,
            "Put all stages of a search in the order in which they are named; the kinds keep theirs.",
            order::reorder,
        )
        .many(),
        Verb::on::<Entity, _, _, _>("update", EditStage, "Rename a stage.", change::update),
        Verb::on::<Entity, _, _, _>("delete", EditStage, "Delete a stage in which nothing stands.", change::delete),
        Verb::on::<Entity, _, _, _>("restore", EditStage, "Bring a deleted stage back.", change::restore),
    ]
}

object! {
    /// A stage to add.
    NewStage {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// What it is called: no other stage of the search is called so.
        required name: String = NAME,
        /// What it is; it never changes.
        required kind: StageKind = word::<StageKind>(),
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a stage.
    StagePatch {
        /// What it is called.
        change name: String = NAME,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// The stages of a search in their order.
    StageOrder {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// All of its stages, each once, the first to come first.
        required stage_ids: Vec<StageId> = list(&ONE, MOST),
    }
}

/// What a stage of a kind is called until its owner calls it otherwise.
#[must_use]
pub(super) const fn called(kind: StageKind) -> &'static str {
    match kind {
        StageKind::Research => "Research",
        StageKind::Outreach => "Outreach",
        StageKind::Applied => "Applied",
        StageKind::Screening => "Screening",
        StageKind::Interviewing => "Interviewing",
        StageKind::Offer => "Offer",
    }
}

/// The first place of a kind.
pub(super) fn first_place(kind: StageKind) -> i64 {
    i64::try_from(kind.ordinal()).unwrap_or_default() * ROOM
}

/// A stage of each kind, for a search that begins.
pub(super) async fn add_defaults(tx: &mut Tx, search: &job_search::Model) -> Result<Vec<Model>> {
    let stages: Vec<Model> = StageKind::ALL
        .iter()
        .map(|&kind| new_row(tx, search, called(kind).to_owned(), kind, first_place(kind)))
        .collect();
    tx.add_all::<Entity>(stages.clone()).await?;
    for stage in &stages {
        record(tx, "created", stage)?;
    }
    Ok(stages)
}

fn new_row(tx: &Tx, search: &job_search::Model, name: String, kind: StageKind, position: i64) -> Model {
    Model {
        id: clock::new_id(),
        organization_id: search.organization_id,
        owner_id: search.owner_id,
        job_search_id: search.id,
        name,
        kind,
        position,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}

/// The living stages of a search, in their order.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_search(look: &Look, search: JobSearchId) -> Result<Vec<Model>> {
    let mut all = Entity::find()
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::JobSearchId.eq(search))
        .filter(Column::DeletedAt.is_null())
        .all(&look.db)
        .await?;
    all.sort_by_key(|one| (one.position, one.id));
    Ok(all)
}

async fn create(who: Caller, new: NewStage) -> Result<Done> {
    let mut tx = who.begin().await?;
    let stage = add(&mut tx, new).await?;
    tx.made(&stage).await
}

async fn upsert(who: Caller, external: External, mut new: NewStage) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let (was, life) = tx.find_either::<Entity>(&external, id, Action::EditStage).await?;
        let was = if life == Life::Deleted { change::come_back(&mut tx, was).await? } else { was };
        change::goes_on(&tx, &was).await?;
        stays(was.job_search_id, new.job_search_id)?;
        if was.kind != new.kind {
            return Err(Error::field(
                Code::StageKindImmutable,
                "/kind",
                "What a stage is never changes: add another one.",
            ));
        }
        let patch = StagePatch { name: Some(new.name), external_refs: new.external_refs };
        let stage = change::revise(&mut tx, was, patch).await?;
        return tx.done(&stage).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let stage = add(&mut tx, new).await?;
    tx.made(&stage).await
}

async fn add(tx: &mut Tx, new: NewStage) -> Result<Model> {
    let search = going_on(tx, new.job_search_id).await?;
    let stages = of_search(tx, search.id).await?;
    let stage = add_to(tx, &search, &stages, new.name, new.kind).await?;
    tx.refs(&stage, new.external_refs.as_deref()).await?;
    Ok(stage)
}

/// Adds a stage to a search that has these, at the end of its kind.
///
/// # Errors
/// `STAGES_FULL`, `ALREADY_EXISTS`.
pub(super) async fn add_to(
    tx: &mut Tx,
    search: &job_search::Model,
    stages: &[Model],
    name: String,
    kind: StageKind,
) -> Result<Model> {
    room_for_one(stages)?;
    is_free(stages, &name, None)?;
    let row = new_row(tx, search, name, kind, next_place(stages, kind));
    let stage = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    record(tx, "created", &stage)?;
    Ok(stage)
}

/// Whether no other stage is called so, however it is written.
fn is_free(stages: &[Model], name: &str, own: Option<StageId>) -> Result<()> {
    if stages.iter().any(|other| Some(other.id) != own && folded(&other.name) == folded(name)) {
        return Err(Error::field(Code::AlreadyExists, "/name", "Another stage of the search is called so."));
    }
    Ok(())
}

fn room_for_one(stages: &[Model]) -> Result<()> {
    if stages.len() < MOST {
        return Ok(());
    }
    let error = Error::new(Code::StagesFull, format!("A search has at most {MOST} stages."));
    Err(error.with(json!({ "most": MOST })))
}

/// The place after all stages of a kind.
fn next_place(stages: &[Model], kind: StageKind) -> i64 {
    let last = stages.iter().filter(|one| one.kind == kind).map(|one| one.position).max();
    last.map_or_else(|| first_place(kind), |last| (last + 1).min(first_place(kind) + ROOM - 1))
}

fn record(tx: &mut Tx, what: &str, stage: &Model) -> Result<()> {
    tx.record(what, stage, json!({ "jobSearchId": stage.job_search_id, "kind": stage.kind }))
}
