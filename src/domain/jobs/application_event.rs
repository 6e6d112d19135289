//! What happened to applications: their history, which is only ever appended to (§21).

use entity::{
    id::{ApplicationEventId, ApplicationId, StageId, UserId},
    jobs::{
        application::ApplicationOutcome,
        application_event::{ApplicationEventKind, Column, Entity, Model},
        stage::StageKind,
    },
    kind::{Kind, id, int, line, prose, word},
    platform::event::ActorKind,
};

use super::application::correct::correct;
use crate::{
    domain::{
        policy::Action,
        verb::{Resource, Row, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const REASON: Kind = prose(2000);
pub(super) const SOURCE: Kind = line(1, 100);

impl Row for Entity {
    const NAME: &'static str = "ApplicationEvent";
    type Id = ApplicationEventId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ApplicationEventId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who applies.").filter(),
        Column::ApplicationId => leaf(id::<ApplicationId>(), "The application.").filter(),
        Column::Number => leaf(int(1, i64::MAX), "Its place in the history of the application, from 1.").sort(),
        Column::Kind => leaf(word::<ApplicationEventKind>(), "What happened.").filter(),
        Column::FromStageId => leaf(id::<StageId>(), "The stage before."),
        Column::FromKind => leaf(word::<StageKind>(), "What that stage is."),
        Column::ToStageId => {
            leaf(id::<StageId>(), "The stage after; of a reopening, null where it goes on where it stood.")
        }
        Column::ToKind => leaf(word::<StageKind>(), "What that stage is.").filter(),
        Column::Outcome => leaf(word::<ApplicationOutcome>(), "What came of it.").filter(),
        Column::OccurredAt => leaf(Kind::Time, "When it happened.").filter().sort(),
        Column::Dated => {
            leaf(Kind::Bool, "Whether it is known when: what is not happened some time after what stands before it.")
        }
        Column::RecordedAt => leaf(Kind::Time, "When it was written down."),
        Column::ActorKind => leaf(word::<ActorKind>(), "Who wrote it down: what they are."),
        Column::ActorId => leaf(line(1, 40), "Who wrote it down: which of them."),
        Column::Source => leaf(SOURCE, "Where it is known from."),
        Column::Reason => leaf(REASON, "Why."),
        Column::CorrectsId => leaf(
            id::<ApplicationEventId>(),
            "The event that it corrects: what holds is this one, in its place; a revoked one never happened.",
        ),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it goes with its application."),
        Column::Place | Column::OrganizationId => return None,
    })
}

/// The declaration. What is done to an application writes it, and nothing changes it: it is corrected by another.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "ApplicationEvent",
        "Something that happened to an application (§21).",
        "ape",
        Action::ViewApplicationEvent,
        show,
    )
    .order("number", false)
    .one("application", "application_id", "Application", "The application.")
    .one("fromStage", "from_stage_id", "Stage", "The stage before.")
    .one("toStage", "to_stage_id", "Stage", "The stage after.")
    .one("corrects", "corrects_id", "ApplicationEvent", "The event that it corrects.");
    let verbs = vec![Verb::on::<Entity, _, _, _>(
        "correct",
        Action::CorrectApplicationEvent,
        "Say what should have been written: another event takes the place of this one, which stays to be read. The application \
         stands as if it had been written at once.",
        correct,
    )];
    Resource { shape, plural: "applicationEvents", verbs }
}
