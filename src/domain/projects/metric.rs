//! Metrics: what is measured of a milestone, of the model and of the business (§9, §11).

pub mod measure;
pub mod progress;
mod told;

use entity::{
    decimal::Decimal,
    id::{MetricId, MilestoneId, ProjectId, UserId},
    kind::{Kind, Patch, id, int, line, word},
    object,
    projects::{
        metric::{ActiveModel, Column, Entity, MetricDirection, MetricKind, MetricTrend, Model},
        milestone,
    },
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::{milestone::stays, project::of_part};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        find::Life,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};
use measure::{Aim, FURTHEST};

/// How many metrics a milestone has at most.
pub(super) const MOST: u64 = 50;
pub(super) const NAME: Kind = line(1, 200);
pub(super) const UNIT: Kind = line(1, 50);
/// How much of the way has been gone, in whole percent.
const ATTAINMENT: Kind = int(-FURTHEST, FURTHEST);

impl Row for Entity {
    const NAME: &'static str = "Metric";
    type Id = MetricId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<MetricId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::MilestoneId => leaf(id::<MilestoneId>(), "The milestone.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::Kind => leaf(word::<MetricKind>(), "What it is about: the model, or the business.").filter(),
        Column::Name => leaf(NAME, "What is measured."),
        Column::Unit => leaf(UNIT, "In what."),
        Column::Direction => leaf(word::<MetricDirection>(), "Which way it is to go."),
        Column::Baseline => leaf(Kind::Decimal, "Where it began."),
        Column::Target => leaf(Kind::Decimal, "Where it is to go."),
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
        "Metric",
        "Something that is measured of a milestone, of the model or of the business (§9, §11).",
        "mtr",
        Action::ViewMetric,
        show,
    )
    .order("created_at", false);
    let shape = told::shown(shape)
        .external_refs()
        .one("project", "project_id", "Project", "The project.")
        .one("milestone", "milestone_id", "Milestone", "The milestone.")
        .many("observations", "metric_id", "MetricObservation", "What it was, when.");
    Resource { shape, plural: "metrics", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{EditMetric, EditMilestone};
    vec![
        Verb::create(EditMilestone, "Say what is measured of a milestone.", create),
        Verb::upsert(EditMilestone, "Say or change what the metric is that another system's name stands for.", upsert),
        Verb::on::<Entity, _, _, _>("update", EditMetric, "Change a metric.", update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditMetric,
            "Delete a metric, with its observations; it can be restored.",
            delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditMetric, "Bring a deleted metric back.", restore),
    ]
}

object! {
    /// Something to measure.
    NewMetric {
        /// The milestone.
        required milestone_id: MilestoneId = id::<MilestoneId>(),
        /// What it is about: the model, or the business.
        required kind: MetricKind = word::<MetricKind>(),
        /// What is measured.
        required name: String = NAME,
        /// In what: `%`, `EUR a month`, `ms`.
        optional unit: String = UNIT,
        /// Which way it is to go.
        required direction: MetricDirection = word::<MetricDirection>(),
        /// Where it began.
        optional baseline: Decimal = Kind::Decimal,
        /// Where it is to go: ahead of the baseline, by the direction.
        required target: Decimal = Kind::Decimal,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a metric.
    MetricPatch {
        /// Another milestone of the same project.
        change milestone_id: MilestoneId = id::<MilestoneId>(),
        /// What it is about: the model, or the business.
        change kind: MetricKind = word::<MetricKind>(),
        /// What is measured.
        change name: String = NAME,
        /// In what.
        clear unit: String = UNIT,
        /// Which way it is to go.
        change direction: MetricDirection = word::<MetricDirection>(),
        /// Where it began.
        clear baseline: Decimal = Kind::Decimal,
        /// Where it is to go: ahead of the baseline, by the direction.
        change target: Decimal = Kind::Decimal,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewMetric) -> Result<Done> {
    let mut tx = who.begin().await?;
    let metric = add(&mut tx, new).await?;
    tx.made(&metric).await
}

async fn upsert(who: Caller, external: External, mut new: NewMetric) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let (was, life) = tx.find_either::<Entity>(&external, id, Action::EditMetric).await?;
        let was = if life == Life::Deleted { come_back(&mut tx, was).await? } else { was };
        let patch = MetricPatch {
            milestone_id: Some(new.milestone_id),
            kind: Some(new.kind),
            name: Some(new.name),
            unit: new.unit.map_or(Patch::Keep, Patch::Set),
            direction: Some(new.direction),
            baseline: new.baseline.map_or(Patch::Keep, Patch::Set),
            target: Some(new.target),
            external_refs: new.external_refs,
        };
        let metric = revise(&mut tx, was, patch).await?;
        return tx.done(&metric).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let metric = add(&mut tx, new).await?;
    tx.made(&metric).await
}

/// The milestone that a metric is to be of, in a project that is open, if it has room for another.
async fn one_more(tx: &Tx, id: MilestoneId) -> Result<milestone::Model> {
    let milestone = tx.refer_to::<milestone::Entity>(id, Action::EditMilestone, "/milestoneId").await?;
    of_part(tx, milestone.project_id).await?;
    let living = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::MilestoneId.eq(milestone.id))
        .filter(Column::DeletedAt.is_null());
    if living.count(&tx.db).await? >= MOST {
        let error = Error::field(Code::MetricsFull, "/milestoneId", format!("A milestone has at most {MOST} metrics."));
        return Err(error.with(json!({ "most": MOST })));
    }
    Ok(milestone)
}

async fn add(tx: &mut Tx, new: NewMetric) -> Result<Model> {
    Aim { direction: new.direction, baseline: new.baseline, target: new.target }.check()?;
    let milestone = one_more(tx, new.milestone_id).await?;
    let metric = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(milestone.project_id),
            milestone_id: Set(milestone.id),
            owner_id: Set(milestone.owner_id),
            kind: Set(new.kind),
            name: Set(new.name),
            unit: Set(new.unit),
            direction: Set(new.direction),
            baseline: Set(new.baseline),
            target: Set(new.target),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&metric, new.external_refs.as_deref()).await?;
    record(tx, "created", &metric)?;
    Ok(metric)
}

async fn update(who: Caller, target: Target<MetricId>, patch: MetricPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditMetric).await?;
    let metric = revise(&mut tx, was, patch).await?;
    tx.done(&metric).await
}

async fn revise(tx: &mut Tx, was: Model, patch: MetricPatch) -> Result<Model> {
    if let Some(id) = patch.milestone_id.filter(|id| *id != was.milestone_id) {
        stays(was.project_id, one_more(tx, id).await?.project_id)?;
    } else {
        of_part(tx, was.project_id).await?;
    }
    let aim = Aim {
        direction: patch.direction.unwrap_or(was.direction),
        baseline: patch.baseline.over(was.baseline),
        target: patch.target.unwrap_or(was.target),
    };
    aim.check()?;
    let unit = patch.unit.over(was.unit.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.unit.set_if_not_equals(unit);
            row.direction.set_if_not_equals(aim.direction);
            row.baseline.set_if_not_equals(aim.baseline);
            row.target.set_if_not_equals(aim.target);
            if let Some(milestone) = patch.milestone_id {
                row.milestone_id.set_if_not_equals(milestone);
            }
            if let Some(kind) = patch.kind {
                row.kind.set_if_not_equals(kind);
            }
            if let Some(name) = patch.name {
                row.name.set_if_not_equals(name);
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

async fn delete(who: Caller, target: Target<MetricId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditMetric).await?;
    of_part(&tx, was.project_id).await?;
    let metric = tx.delete::<Entity>(was).await?;
    record(&mut tx, "deleted", &metric)?;
    tx.done(&metric).await
}

async fn restore(who: Caller, target: Target<MetricId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditMetric).await?;
    let metric = come_back(&mut tx, was).await?;
    tx.done(&metric).await
}

/// A metric comes back where there is room for it.
async fn come_back(tx: &mut Tx, was: Model) -> Result<Model> {
    one_more(tx, was.milestone_id).await?;
    let metric = tx.restore::<Entity>(was).await?;
    record(tx, "restored", &metric)?;
    Ok(metric)
}

pub(super) fn record(tx: &mut Tx, what: &str, metric: &Model) -> Result<()> {
    let told = json!({ "projectId": metric.project_id, "milestoneId": metric.milestone_id, "kind": metric.kind });
    tx.record(what, metric, told)
}
