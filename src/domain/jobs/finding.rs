//! Findings: what informational interviews brought, each of a kind (§20).

use entity::{
    id::{CompetencyId, FindingId, InformationalInterviewId, UserId},
    jobs::{
        finding::{ActiveModel, Column, Entity, FindingKind, Model},
        informational_interview::{self, InformationalInterviewOutcome},
    },
    kind::{Kind, id, int, prose, word},
    learning::competency,
    object,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::informational_interview::learn_first;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Done, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const TEXT: Kind = prose(2000);
const WEIGHT: Kind = int(1, 5);
/// How much a finding matters, when nobody says.
const USUAL: i64 = 3;

impl Row for Entity {
    const NAME: &'static str = "Finding";
    type Id = FindingId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<FindingId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose interview it was.").filter(),
        Column::InterviewId => leaf(id::<InformationalInterviewId>(), "The interview that brought it.").filter(),
        Column::Kind => leaf(word::<FindingKind>(), "What it is about.").filter(),
        Column::Text => leaf(TEXT, "What was found."),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "The competency that it asks for.").filter(),
        Column::Weight => leaf(WEIGHT, "How much it matters."),
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
        "Finding",
        "Something that an informational interview brought (§20).",
        "fnd",
        Action::ViewFinding,
        show,
    )
    .order("created_at", false)
    .one("interview", "interview_id", "InformationalInterview", "The interview that brought it.")
    .one("competency", "competency_id", "Competency", "The competency that it asks for.");
    let edit = Action::EditFinding;
    let verbs = vec![
        Verb::create(
            Action::EditInformationalInterview,
            "Note what a talk brought. Of one after which to learn first, a competency that it asks for becomes a need.",
            create,
        ),
        Verb::on::<Entity, _, _, _>("update", edit, "Change what was found.", update),
        Verb::delete::<Entity>(edit, "Delete what was found; it can be restored."),
        Verb::on::<Entity, _, _, _>(
            "restore",
            edit,
            "Bring what was found back. Of a talk after which to learn something first, it is to be learnt again.",
            restore,
        ),
    ];
    Resource { shape, plural: "findings", verbs }
}

object! {
    /// What a talk brought.
    NewFinding {
        /// The interview.
        required interview_id: InformationalInterviewId = id::<InformationalInterviewId>(),
        /// What it is about.
        required kind: FindingKind = word::<FindingKind>(),
        /// What was found.
        required text: String = TEXT,
        /// The competency that it asks for.
        optional competency_id: CompetencyId = id::<CompetencyId>(),
        /// How much it matters; 3, unless it is said.
        optional weight: i64 = WEIGHT,
    }
}

object! {
    /// Changes to what was found.
    FindingPatch {
        /// What it is about.
        change kind: FindingKind = word::<FindingKind>(),
        /// What was found.
        change text: String = TEXT,
        /// The competency that it asks for.
        clear competency_id: CompetencyId = id::<CompetencyId>(),
        /// How much it matters.
        change weight: i64 = WEIGHT,
    }
}

async fn create(who: Caller, new: NewFinding) -> Result<Done> {
    let mut tx = who.begin().await?;
    let (talk, action) = (new.interview_id, Action::EditInformationalInterview);
    let talk = tx.refer_to::<informational_interview::Entity>(talk, action, "/interviewId").await?;
    asks_for(&tx, new.competency_id).await?;
    let row = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(talk.owner_id),
            interview_id: Set(talk.id),
            kind: Set(new.kind),
            text: Set(new.text),
            competency_id: Set(new.competency_id),
            weight: Set(new.weight.unwrap_or(USUAL)),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.record("created", &row, json!({ "interviewId": row.interview_id, "kind": row.kind }))?;
    to_learn(&mut tx, &talk, &row).await?;
    tx.made(&row).await
}

/// Of a talk after which to learn something first, what is found later is to be learnt, too.
async fn to_learn(tx: &mut Tx, talk: &informational_interview::Model, row: &Model) -> Result<()> {
    if row.competency_id.is_some() && talk.outcome == Some(InformationalInterviewOutcome::LearnFirst) {
        learn_first(tx, talk).await?;
    }
    Ok(())
}

async fn restore(who: Caller, target: Target<FindingId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditFinding).await?;
    let row = tx.restore::<Entity>(was).await?;
    tx.record("restored", &row, json!({}))?;
    let action = Action::EditInformationalInterview;
    let talk = tx.find::<informational_interview::Entity>(row.interview_id, action).await?;
    to_learn(&mut tx, &talk, &row).await?;
    tx.done(&row).await
}

async fn asks_for(tx: &Tx, competency: Option<CompetencyId>) -> Result<()> {
    if let Some(competency) = competency {
        tx.refer::<competency::Entity>(competency, "/competencyId").await?;
    }
    Ok(())
}

async fn update(who: Caller, target: Target<FindingId>, patch: FindingPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditFinding).await?;
    let competency = patch.competency_id.over(was.competency_id);
    let names_another = competency != was.competency_id;
    asks_for(&tx, competency.filter(|_| names_another)).await?;
    let kind = patch.kind.unwrap_or(was.kind);
    let text = patch.text.unwrap_or_else(|| was.text.clone());
    let weight = patch.weight.unwrap_or(was.weight);
    let after = tx
        .change::<Entity>(was, |row| {
            row.kind.set_if_not_equals(kind);
            row.text.set_if_not_equals(text);
            row.competency_id.set_if_not_equals(competency);
            row.weight.set_if_not_equals(weight);
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({ "interviewId": after.row.interview_id }))?;
    }
    if names_another {
        let action = Action::EditInformationalInterview;
        let talk = tx.find::<informational_interview::Entity>(after.row.interview_id, action).await?;
        to_learn(&mut tx, &talk, &after.row).await?;
    }
    tx.done(&after.row).await
}
