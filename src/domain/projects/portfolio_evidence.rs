//! Evidence of value: what shows that something was worth it to others (§15).

use chrono::{DateTime, Utc};
use entity::{
    id::{
        MetricId, MetricObservationId, PortfolioEntryId, PortfolioEvidenceId, StakeholderConfirmationId,
        TransitionLegId, UserId,
    },
    jobs::transition_leg,
    kind::{Form, Kind, id, int, prose, text, word},
    object,
    projects::{
        metric::{self, MetricKind},
        metric_observation,
        portfolio_entry::{self, PortfolioStage},
        portfolio_evidence::{ActiveModel, Column, Entity, Model, PortfolioEvidenceKind},
    },
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
};
use serde_json::json;

use super::metric::measure::Aim;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::{
        cell::Store,
        shape::{Leaf, Shape, Veil, Veiled, leaf},
    },
};

/// What it shows, in words.
pub(super) const NOTE: Kind = prose(2000);
const URL: Kind = text(Form::Url, 1, 2000);

/// Where somebody wants to go is part of their search for a job.
const LEG: Veil = Veil { person: ("owner_id", Store::Uuid), of: Veiled::Are(&[]), instead: None };

impl Row for Entity {
    const NAME: &'static str = "PortfolioEvidence";
    type Id = PortfolioEvidenceId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<PortfolioEvidenceId>(), "The id."),
        Column::EntryId => leaf(id::<PortfolioEntryId>(), "The entry.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose entry it is.").filter(),
        Column::Kind => leaf(word::<PortfolioEvidenceKind>(), "What it is.").filter(),
        Column::Note => leaf(NOTE, "What it shows, in words; of a confirmation, those of the stakeholder."),
        Column::Url => leaf(URL, "Where it is to be seen."),
        Column::ConfirmationId => {
            leaf(id::<StakeholderConfirmationId>(), "The confirmation that it comes from.").filter()
        }
        Column::MetricId => leaf(id::<MetricId>(), "The business metric that went the way that it was to go."),
        Column::ObservationId => leaf(id::<MetricObservationId>(), "The observation that shows it."),
        Column::TransitionLegId => {
            leaf(
                id::<TransitionLegId>(),
                "The move within the employer that it leads to (§18), for its owner: where they want to go is opened by itself.",
            )
            .filter()
            .veiled(LEG)
        }
        Column::OccurredAt => leaf(Kind::Time, "When that was."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "PortfolioEvidence",
        "What shows that something in a portfolio was worth it to others (§15).",
        "pfv",
        Action::ViewPortfolioEvidence,
        show,
    )
    .order("created_at", false)
    .one("entry", "entry_id", "PortfolioEntry", "The entry.")
    .one("confirmation", "confirmation_id", "StakeholderConfirmation", "The confirmation that it comes from.")
    .one("metric", "metric_id", "Metric", "The business metric, for whom may see it.")
    .one("transitionLeg", "transition_leg_id", "TransitionLeg", "The move that it leads to, for whom may see it.");
    let verbs = vec![
        Verb::on_collection(
            "record",
            Action::EditPortfolioEntry,
            "Say what shows that it was worth something: a business metric of its project that went the way that it was to go, or that it became part of a job. An observation shows it once. What a stakeholder says, they say themselves.",
            record,
        ),
        Verb::on::<Entity, _, _, _>(
            "delete",
            Action::EditPortfolioEvidence,
            "Take evidence away, unless the entry's stage stands on it; it can be restored.",
            delete,
        ),
        Verb::restore::<Entity>(Action::EditPortfolioEvidence, "Bring deleted evidence back."),
    ];
    Resource { shape, plural: "portfolioEvidences", verbs }
}

object! {
    /// What shows that something was worth it.
    NewPortfolioEvidence {
        /// The entry.
        required entry_id: PortfolioEntryId = id::<PortfolioEntryId>(),
        /// What it is: `BUSINESS_OBSERVATION` or `PART_OF_JOB`.
        required kind: PortfolioEvidenceKind = word::<PortfolioEvidenceKind>(),
        /// The business metric of the entry's project whose latest observation shows it.
        optional metric_id: MetricId = id::<MetricId>(),
        /// What it shows, in words: how it became part of a job.
        optional note: String = NOTE,
        /// Where it is to be seen.
        optional url: String = URL,
        /// The move within the employer that it leads to: a leg of the owner's with `internalMove`.
        optional transition_leg_id: TransitionLegId = id::<TransitionLegId>(),
        /// When that was: now, unless it is said; of a metric, when it was observed.
        optional occurred_at: DateTime<Utc> = Kind::Time,
    }
}

async fn record(who: Caller, new: NewPortfolioEvidence) -> Result<Done> {
    of_its_kind(&new)?;
    let mut tx = who.begin().await?;
    let entry = tx.refer_to::<portfolio_entry::Entity>(new.entry_id, Action::EditPortfolioEntry, "/entryId").await?;
    let mut row = blank(&tx, &entry, new.kind);
    match new.kind {
        PortfolioEvidenceKind::StakeholderConfirmation => {
            let why = "What a stakeholder says, they say themselves: ask them.";
            return Err(Error::field(Code::EvidenceSourceForbidden, "/kind", why));
        }
        PortfolioEvidenceKind::BusinessObservation => {
            let (metric, observation) = observed(&tx, &entry, new.metric_id).await?;
            row.metric_id = Set(Some(metric.id));
            row.observation_id = Set(Some(observation.id));
            row.occurred_at = Set(observation.observed_at);
        }
        PortfolioEvidenceKind::PartOfJob => {
            if new.note.is_none() {
                return Err(incomplete("/note", "Say how it became part of a job."));
            }
            row.occurred_at = Set(clock::past(tx.now, new.occurred_at.unwrap_or(tx.now), "/occurredAt")?);
        }
    }
    row.transition_leg_id = Set(internal(&tx, &entry, new.transition_leg_id).await?);
    row.note = Set(new.note);
    row.url = Set(new.url);
    let row = add(&mut tx, row).await?;
    tx.made(&row).await
}

/// What another kind of evidence is told by is refused where it stands.
fn of_its_kind(new: &NewPortfolioEvidence) -> Result<()> {
    let refused = |pointer, why: &str| Err(Error::field(Code::ValueEvidenceMismatch, pointer, why));
    match new.kind {
        PortfolioEvidenceKind::BusinessObservation if new.occurred_at.is_some() => {
            refused("/occurredAt", "A metric says itself when it was observed.")
        }
        PortfolioEvidenceKind::PartOfJob if new.metric_id.is_some() => {
            refused("/metricId", "What became part of a job is told in words, not by a metric.")
        }
        _ => Ok(()),
    }
}

/// Evidence of an entry, with everything set that is the same for all kinds.
pub(super) fn blank(tx: &Tx, entry: &portfolio_entry::Model, kind: PortfolioEvidenceKind) -> ActiveModel {
    ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        entry_id: Set(entry.id),
        owner_id: Set(entry.owner_id),
        kind: Set(kind),
        note: Set(None),
        url: Set(None),
        confirmation_id: Set(None),
        metric_id: Set(None),
        observation_id: Set(None),
        transition_leg_id: Set(None),
        occurred_at: Set(tx.now),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    }
}

/// Adds evidence, and says so.
pub(super) async fn add(tx: &mut Tx, row: ActiveModel) -> Result<Model> {
    let row = tx.insert::<Entity>(row).await?;
    tx.record("recorded", &row, json!({ "entryId": row.entry_id, "kind": row.kind }))?;
    Ok(row)
}

/// The move within the employer that something leads to: one of the entry's owner.
async fn internal(
    tx: &Tx,
    entry: &portfolio_entry::Model,
    leg: Option<TransitionLegId>,
) -> Result<Option<TransitionLegId>> {
    let Some(leg) = leg else { return Ok(None) };
    let leg = tx.refer::<transition_leg::Entity>(leg, "/transitionLegId").await?;
    if leg.owner_id != entry.owner_id {
        return Err(Error::field(Code::ReferenceUnknown, "/transitionLegId", "The leg is somebody else's."));
    }
    if !leg.internal_move {
        let why = "The leg is no move within the employer: say so of it first.";
        return Err(Error::field(Code::LegNotInternal, "/transitionLegId", why));
    }
    Ok(Some(leg.id))
}

fn incomplete(pointer: &str, why: &str) -> Error {
    Error::field(Code::ValueEvidenceIncomplete, pointer, why)
}

/// The business metric of the entry's project that somebody names, with its latest observation, when that shows value.
async fn observed(
    tx: &Tx,
    entry: &portfolio_entry::Model,
    metric: Option<MetricId>,
) -> Result<(metric::Model, metric_observation::Model)> {
    use metric_observation::Column as Observed;
    let metric = metric.ok_or_else(|| incomplete("/metricId", "Name the business metric that shows it."))?;
    let metric = tx.refer::<metric::Entity>(metric, "/metricId").await?;
    if entry.project_id != Some(metric.project_id) || metric.kind != MetricKind::Business {
        return Err(Error::field(
            Code::ReferenceUnknown,
            "/metricId",
            "The entry's project has no such business metric.",
        ));
    }
    let latest = metric_observation::Entity::find()
        .filter(Observed::OrganizationId.eq(tx.who.organization))
        .filter(Observed::MetricId.eq(metric.id))
        .filter(Observed::DeletedAt.is_null())
        .order_by_desc(Observed::ObservedAt)
        .order_by_desc(Observed::Id)
        .one(&tx.db)
        .await?;
    let aim = Aim { direction: metric.direction, baseline: metric.baseline, target: metric.target };
    let latest = latest.filter(|latest| shows_value(aim, latest.value));
    let latest = latest.ok_or_else(|| {
        let why = "Its latest observation is neither at its target nor nearer to it than its baseline.";
        Error::field(Code::ValueNotShown, "/metricId", why)
            .with(json!({ "baseline": metric.baseline, "target": metric.target }))
    })?;
    Ok((metric, latest))
}

/// Whether a value is some of the way to the target, or there.
fn shows_value(aim: Aim, value: entity::decimal::Decimal) -> bool {
    aim.met(value) || aim.attainment(value).is_some_and(|percent| percent > 0)
}

async fn delete(who: Caller, target: Target<PortfolioEvidenceId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = tx.find_at::<Entity>(&target, Action::EditPortfolioEvidence).await?;
    let entry = tx.find::<portfolio_entry::Entity>(row.entry_id, Action::EditPortfolioEntry).await?;
    let others = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::EntryId.eq(entry.id))
        .filter(Column::Id.ne(row.id))
        .filter(Column::DeletedAt.is_null());
    if entry.stage >= PortfolioStage::ValueCreation && others.count(&tx.db).await? == 0 {
        let error =
            Error::new(Code::InUse, format!("The entry is shown as {}: that stands on this evidence.", entry.stage));
        return Err(error.with(json!({ "stage": entry.stage, "entryId": entry.id })));
    }
    let row = tx.delete::<Entity>(row).await?;
    tx.record("deleted", &row, json!({ "entryId": row.entry_id }))?;
    tx.done(&row).await
}

#[cfg(test)]
mod tests {
    use entity::projects::metric::MetricDirection::{self, Down, Up};

    use super::*;

    #[test]
    fn value_is_some_of_the_way() {
        let number = |text: &str| text.parse().unwrap();
        let aim = |direction: MetricDirection, baseline: Option<&str>, target: &str| Aim {
            direction,
            baseline: baseline.map(number),
            target: number(target),
        };
        for (aim, value, shown) in [
            (aim(Up, Some("0"), "100"), "1", true),
            (aim(Up, Some("0"), "100"), "0", false),
            (aim(Up, Some("0"), "100"), "-5", false),
            (aim(Down, Some("100"), "0"), "90", true),
            (aim(Down, Some("100"), "0"), "110", false),
            (aim(Up, None, "100"), "99", false),
            (aim(Up, None, "100"), "100", true),
        ] {
            assert_eq!(shows_value(aim, number(value)), shown, "{aim:?} {value}");
        }
    }
}
