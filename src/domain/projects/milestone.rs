//! Milestones: dated promises inside a project, each with what is measured of it (§9, §11).

mod done;
pub mod gate;
mod order;
pub(in crate::domain) mod standing;
pub(super) mod timeline;

use chrono::NaiveDate;
use entity::{
    id::{MilestoneId, ProjectId, UserId},
    kind::{Kind, Patch, id, int, line, list, prose, word},
    object,
    projects::{
        milestone::{ActiveModel, Column, Entity, MilestoneHealth, MilestoneStatus, Model},
        project,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::project::{at_work, of_part};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        find::Life,
        look::Look,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// How many milestones a project has at most.
pub(super) const MOST: usize = 100;
pub(super) const TITLE: Kind = line(1, 200);
pub(super) const DESCRIPTION: Kind = prose(5000);
/// Where it stands among others.
pub(super) const PLACE: Kind = int(0, 100_000);
pub(super) const NOTE: Kind = prose(5000);
const ONE: Kind = id::<MilestoneId>();

impl Row for Entity {
    const NAME: &'static str = "Milestone";
    type Id = MilestoneId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<MilestoneId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::Title => leaf(TITLE, "What is promised."),
        Column::Description => leaf(DESCRIPTION, "More about it."),
        Column::TargetDate => leaf(Kind::Date, "Until when, a day of its owner.").filter().sort(),
        Column::SortOrder => leaf(PLACE, "Its place in the project.").sort(),
        Column::Health => {
            leaf(word::<MilestoneHealth>(), "How it looks, as somebody said; null until somebody does.").filter()
        }
        Column::HealthNote => leaf(NOTE, "What they said to that."),
        Column::HealthUpdatedAt => leaf(Kind::Time, "When they said so."),
        Column::CompletedAt => leaf(Kind::Time, "When it was done.").filter(),
        Column::OverrideReason => leaf(NOTE, "Why it counts as done though targets were not met."),
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
        "Milestone",
        "A dated promise inside a project, with what is measured of it (§9, §11).",
        "ms",
        Action::ViewMilestone,
        show,
    )
    .order("sort_order", false)
    .computed(
        "status",
        word::<MilestoneStatus>(),
        "Where it stands: done; else overdue once its day is past; else next when it is the first of its project that is not done.",
        standing::of_status(),
        standing::status_cell,
    )
    .computed(
        "risk",
        word::<MilestoneHealth>(),
        "How it looks by what was observed; null once it is done. Off track when its day is past, or when a metric is projected \
         to miss its target and a week is left or less; at risk when one is projected to miss it, or when nothing tells within two \
         weeks of the day; else on track.",
        standing::of_risk(),
        standing::risk_cell,
    )
    .nullable()
    .external_refs()
    .one("project", "project_id", "Project", "The project.")
    .many("metrics", "milestone_id", "Metric", "What is measured of it.");
    Resource { shape, plural: "milestones", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{EditMilestone, WorkOnProject};
    vec![
        Verb::create(WorkOnProject, "Promise a milestone.", create),
        Verb::upsert(WorkOnProject, "Promise or change the milestone that another system's name stands for.", upsert),
        Verb::on_collection(
            "reorder",
            WorkOnProject,
            "Put all milestones of a project in the order in which they are named.",
            order::reorder,
        )
        .many(),
        Verb::on::<Entity, _, _, _>("update", EditMilestone, "Change a milestone.", update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditMilestone,
            "Delete a milestone, with what is measured of it; it can be restored.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditMilestone, "Bring a deleted milestone back.", restore),
        Verb::on::<Entity, _, _, _>("updateHealth", EditMilestone, "Say how a milestone looks.", done::update_health),
        Verb::on::<Entity, _, _, _>(
            "complete",
            EditMilestone,
            "Say that a milestone is done. When a target of it is not met, it takes a reason.",
            done::complete,
        ),
        Verb::on::<Entity, _, _, _>("reopen", EditMilestone, "Go on with a milestone that was done.", done::reopen),
    ]
}

object! {
    /// A milestone to promise.
    NewMilestone {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// What is promised.
        required title: String = TITLE,
        /// More about it.
        optional description: String = DESCRIPTION,
        /// Until when, a day of the project's owner.
        required target_date: NaiveDate = Kind::Date,
        /// Its place in the project; without it, the end.
        optional sort_order: i64 = PLACE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a milestone.
    MilestonePatch {
        /// What is promised.
        change title: String = TITLE,
        /// More about it.
        clear description: String = DESCRIPTION,
        /// Until when, a day of the project's owner.
        change target_date: NaiveDate = Kind::Date,
        /// Its place in the project.
        change sort_order: i64 = PLACE,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// The milestones of a project in their order.
    MilestoneOrder {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// All of its milestones, each once, the first to come first.
        required milestone_ids: Vec<MilestoneId> = list(&ONE, MOST),
    }
}

object! {
    /// How a milestone looks.
    MilestoneHealthUpdate {
        /// How it looks.
        required health: MilestoneHealth = word::<MilestoneHealth>(),
        /// Why, or what is being done about it.
        optional note: String = NOTE,
    }
}

object! {
    /// That a milestone is done.
    MilestoneCompletion {
        /// Why it counts as done though targets are not met: asked for only then.
        optional override_reason: String = NOTE,
    }
}

async fn create(who: Caller, new: NewMilestone) -> Result<Done> {
    let mut tx = who.begin().await?;
    let milestone = add(&mut tx, new).await?;
    tx.made(&milestone).await
}

async fn upsert(who: Caller, external: External, mut new: NewMilestone) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let (was, life) = tx.find_either::<Entity>(&external, id, Action::EditMilestone).await?;
        let was = if life == Life::Deleted { come_back(&mut tx, was).await? } else { was };
        stays(was.project_id, new.project_id)?;
        let patch = MilestonePatch {
            title: Some(new.title),
            description: new.description.map_or(Patch::Keep, Patch::Set),
            target_date: Some(new.target_date),
            sort_order: new.sort_order,
            external_refs: new.external_refs,
        };
        let milestone = revise(&mut tx, was, patch).await?;
        return tx.done(&milestone).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let milestone = add(&mut tx, new).await?;
    tx.made(&milestone).await
}

/// What is in a project stays in it.
///
/// # Errors
/// `PROJECT_IMMUTABLE`.
pub(super) fn stays(was: ProjectId, wanted: ProjectId) -> Result<()> {
    if was == wanted {
        return Ok(());
    }
    Err(Error::field(Code::ProjectImmutable, "/projectId", "What is in a project never moves to another."))
}

async fn add(tx: &mut Tx, new: NewMilestone) -> Result<Model> {
    let project = at_work(tx, new.project_id, "/projectId").await?;
    let place = one_more(tx, &project).await?;
    let milestone = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            owner_id: Set(project.owner_id),
            title: Set(new.title),
            description: Set(new.description),
            target_date: Set(new.target_date),
            sort_order: Set(new.sort_order.unwrap_or(place)),
            health: Set(None),
            health_note: Set(None),
            health_updated_at: Set(None),
            completed_at: Set(None),
            override_reason: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&milestone, new.external_refs.as_deref()).await?;
    record(tx, "created", &milestone)?;
    Ok(milestone)
}

/// The living milestones of a project, in their order. Whoever changes one holds the project.
async fn living(look: &Look, project: ProjectId) -> Result<Vec<Model>> {
    let mut all = Entity::find()
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::ProjectId.eq(project))
        .filter(Column::DeletedAt.is_null())
        .all(&look.db)
        .await?;
    all.sort_by_key(|one| (one.sort_order, one.id));
    Ok(all)
}

/// The place of another milestone at the end of its project, if it has room for one.
async fn one_more(tx: &Tx, project: &project::Model) -> Result<i64> {
    let all = living(tx, project.id).await?;
    if all.len() >= MOST {
        let error = Error::new(Code::MilestonesFull, format!("A project has at most {MOST} milestones."));
        return Err(error.with(json!({ "most": MOST })));
    }
    Ok(all.last().map_or(0, |last| (last.sort_order + 1).min(100_000)))
}

async fn update(who: Caller, target: Target<MilestoneId>, patch: MilestonePatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditMilestone).await?;
    let milestone = revise(&mut tx, was, patch).await?;
    tx.done(&milestone).await
}

async fn revise(tx: &mut Tx, was: Model, patch: MilestonePatch) -> Result<Model> {
    of_part(tx, was.project_id).await?;
    let description = patch.description.over(was.description.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.description.set_if_not_equals(description);
            if let Some(title) = patch.title {
                row.title.set_if_not_equals(title);
            }
            if let Some(day) = patch.target_date {
                row.target_date.set_if_not_equals(day);
            }
            if let Some(place) = patch.sort_order {
                row.sort_order.set_if_not_equals(place);
            }
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

async fn delete(who: Caller, target: Target<MilestoneId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditMilestone).await?;
    of_part(&tx, was.project_id).await?;
    let milestone = tx.delete::<Entity>(was).await?;
    record(&mut tx, "deleted", &milestone)?;
    tx.done(&milestone).await
}

async fn restore(who: Caller, target: Target<MilestoneId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditMilestone).await?;
    let milestone = come_back(&mut tx, was).await?;
    tx.done(&milestone).await
}

/// A milestone comes back where there is room for it.
async fn come_back(tx: &mut Tx, was: Model) -> Result<Model> {
    let project = of_part(tx, was.project_id).await?;
    one_more(tx, &project).await?;
    let milestone = tx.restore::<Entity>(was).await?;
    record(tx, "restored", &milestone)?;
    Ok(milestone)
}

pub(super) fn record(tx: &mut Tx, what: &str, milestone: &Model) -> Result<()> {
    tx.record(what, milestone, json!({ "projectId": milestone.project_id, "targetDate": milestone.target_date }))
}
