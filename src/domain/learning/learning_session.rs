//! Learning sessions: time spent learning (§4). Completions store them; more ways to add them come with pace.

use entity::{
    id::{LearningResourceId, LearningSessionId, PlanItemId, UserId},
    kind::{Form, Kind, id, int, text, word},
    learning::learning_session::{Column, Entity, Model, SessionSource},
};

use crate::{
    domain::{
        policy::Action,
        verb::{Resource, Row},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "LearningSession";
    type Id = LearningSessionId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<LearningSessionId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who learnt.").filter(),
        Column::PlanItemId => leaf(id::<PlanItemId>(), "The item that it was for.").filter(),
        Column::LearningResourceId => leaf(id::<LearningResourceId>(), "What was learnt from.").filter(),
        Column::StartedAt => leaf(Kind::Time, "When it began.").filter().sort(),
        Column::Minutes => leaf(int(0, 100_000), "How long it took, in minutes.").filter(),
        Column::Source => leaf(word::<SessionSource>(), "How it became known.").filter(),
        Column::StatementId => {
            leaf(text(Form::Line, 1, 400), "The statement that reported it, after the system that made it.")
        }
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "LearningSession",
        "Time that somebody spent learning (§4).",
        "lse",
        Action::ViewLearningSession,
        show,
    )
    .order("started_at", false)
    .one("user", "user_id", "User", "Who learnt.")
    .one("planItem", "plan_item_id", "PlanItem", "The item that it was for.")
    .one("learningResource", "learning_resource_id", "LearningResource", "What was learnt from.")
    .through(
        "competencies",
        ("learning_session_competency", "learning_session_id", "competency_id"),
        "Competency",
        "What was learnt.",
    );
    Resource { shape, plural: "learningSessions", verbs: Vec::new() }
}
