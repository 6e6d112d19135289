//! Talks with those who know the business: three wishes, each with why it does not work yet (§9, §10).

use chrono::{DateTime, Utc};
use entity::{
    id::{ContactId, ExpertConsultationId, ProjectId, UserId},
    kind::{Declared as _, Kind, id, int, line, prose},
    object,
    projects::expert_consultation::{ActiveModel, Column, Entity, Model, PainPoint},
    vocabulary::Json,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    part::{self, Part},
    project::at_work,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        community::contact,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const PAIN_POINT: Kind = Kind::Object(PainPoint::object);
/// More than three are read, to be refused by their number.
pub(super) const PAIN_POINTS: Kind = Kind::List { of: &PAIN_POINT, min: 1, max: 20 };
pub(super) const EXPERT: Kind = line(1, 200);
pub(super) const NOTE: Kind = prose(5000);
/// How many wishes there are.
const MOST: usize = 3;

impl Row for Entity {
    const NAME: &'static str = "ExpertConsultation";
    type Id = ExpertConsultationId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

impl Part for Entity {
    fn project(row: &Model) -> ProjectId {
        row.project_id
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ExpertConsultationId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::ContactId => leaf(id::<ContactId>(), "The contact who was asked.").filter(),
        Column::Expert => leaf(EXPERT, "Who was asked, in a line; it stays when the contact is gone."),
        Column::HeldAt => leaf(Kind::Time, "When."),
        Column::PainPoints => leaf(PAIN_POINTS, "What hurts, by rank."),
        Column::Note => leaf(NOTE, "Notes."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "ExpertConsultation",
        "A talk with somebody who knows the business: what hurts, and why it is not better yet (§9, §10).",
        "exc",
        Action::ViewScope,
        show,
    )
    .order("created_at", false)
    .one("project", "project_id", "Project", "The project.")
    .one("contact", "contact_id", "Contact", "The contact who was asked, for whoever may see them.");
    let verbs = vec![
        Verb::create(Action::EditScope, "Note a talk with an expert of the business.", create),
        Verb::on::<Entity, _, _, _>("update", Action::EditScope, "Change what was noted of a talk.", update),
        part::delete::<Entity>("Delete a talk; it can be restored."),
        part::restore::<Entity>("Bring a deleted talk back."),
    ];
    Resource { shape, plural: "expertConsultations", verbs }
}

object! {
    /// A talk with an expert of the business.
    NewExpertConsultation {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// The contact who was asked: one whom you may see.
        optional contact_id: ContactId = id::<ContactId>(),
        /// Who was asked, in a line; of a contact, what they are called, unless it is said. Whoever sees the project reads it.
        optional expert: String = EXPERT,
        /// When; now, unless it is said, and not in the future.
        optional held_at: DateTime<Utc> = Kind::Time,
        /// What hurts: three wishes at most, each of another rank.
        required pain_points: Vec<PainPoint> = PAIN_POINTS,
        /// Notes.
        optional note: String = NOTE,
    }
}

object! {
    /// Changes to what was noted of a talk.
    ExpertConsultationPatch {
        /// The contact who was asked: one whom you may see.
        clear contact_id: ContactId = id::<ContactId>(),
        /// Who was asked, in a line; another contact's name takes its place, unless it is said.
        clear expert: String = EXPERT,
        /// When.
        change held_at: DateTime<Utc> = Kind::Time,
        /// What hurts, in place of what was noted.
        change pain_points: Vec<PainPoint> = PAIN_POINTS,
        /// Notes.
        clear note: String = NOTE,
    }
}

async fn create(who: Caller, new: NewExpertConsultation) -> Result<Done> {
    let pain_points = ranked(new.pain_points)?;
    let mut tx = who.begin().await?;
    let project = at_work(&tx, new.project_id, "/projectId").await?;
    part::one_more::<Entity>(&tx, project.id).await?;
    let called = name_of(&tx, new.contact_id).await?;
    let held_at = clock::past(tx.now, new.held_at.unwrap_or(tx.now), "/heldAt")?;
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            owner_id: Set(project.owner_id),
            contact_id: Set(new.contact_id),
            expert: Set(new.expert.or(called)),
            held_at: Set(held_at),
            pain_points: Set(Json(pain_points)),
            note: Set(new.note),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &row, json!({ "projectId": project.id }))?;
    tx.made(&row).await
}

async fn update(who: Caller, target: Target<ExpertConsultationId>, patch: ExpertConsultationPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = part::found::<Entity>(&tx, &target).await?;
    let contact = patch.contact_id.over(was.contact_id);
    // What was known already is not looked up again: the contact may be gone, and the name stays.
    let called = name_of(&tx, contact.filter(|_| contact != was.contact_id)).await?;
    let expert = patch.expert.over(called.clone().or_else(|| was.expert.clone())).or(called);
    let held_at = patch.held_at.map(|at| clock::past(tx.now, at, "/heldAt")).transpose()?.unwrap_or(was.held_at);
    let pain_points = patch.pain_points.map(ranked).transpose()?.unwrap_or_else(|| was.pain_points.0.clone());
    let note = patch.note.over(was.note.clone());
    let after = tx
        .change::<Entity>(was, |row| {
            row.contact_id.set_if_not_equals(contact);
            row.expert.set_if_not_equals(expert);
            row.held_at.set_if_not_equals(held_at);
            row.pain_points.set_if_not_equals(Json(pain_points));
            row.note.set_if_not_equals(note);
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    tx.done(&after.row).await
}

/// What a contact whom the caller names is called.
async fn name_of(tx: &Tx, contact: Option<ContactId>) -> Result<Option<String>> {
    match contact {
        Some(id) => Ok(Some(contact::named(tx, id, None, "/contactId").await?.name)),
        None => Ok(None),
    }
}

/// Three wishes at most, each of another rank, in the order of these.
pub(super) fn ranked(mut points: Vec<PainPoint>) -> Result<Vec<PainPoint>> {
    if points.len() > MOST {
        let error = Error::field(Code::TooManyPainPoints, "/painPoints", "Ask for three wishes at most.");
        return Err(error.with(json!({ "maximum": MOST, "given": points.len() })));
    }
    points.sort_by_key(|point| point.rank);
    if points.windows(2).any(|pair| pair[0].rank == pair[1].rank) {
        return Err(Error::field(Code::PainPointRankTaken, "/painPoints", "Each wish has a rank of its own."));
    }
    Ok(points)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_wishes_in_order() {
        let points = |ranks: &[i64]| {
            ranks
                .iter()
                .map(|rank| PainPoint { rank: *rank, wish: "w".to_owned(), why_not_working_yet: None })
                .collect::<Vec<_>>()
        };
        let ranks: Vec<_> = ranked(points(&[3, 1, 2])).unwrap().iter().map(|point| point.rank).collect();
        assert_eq!(ranks, [1, 2, 3]);
        assert_eq!(ranked(points(&[1, 2, 3, 4])).unwrap_err().code(), Code::TooManyPainPoints);
        assert_eq!(ranked(points(&[2, 2])).unwrap_err().code(), Code::PainPointRankTaken);
    }
}
