//! Where learning needs come from: what showed each, and whether it was told that the need is met (§29).

use entity::{
    id::{LearningNeedId, LearningNeedSourceId, UserId},
    kind::{Form, Kind, id, int, prose, text, word},
    learning::learning_need_source::{Column, Entity, Model, NeedSource},
    platform::event::ActorKind,
};

use crate::{
    domain::{
        policy::Action,
        verb::{Resource, Row},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// How strongly something shows a need.
pub(super) const STRENGTH: Kind = int(1, 100);
/// Which thing showed it.
pub(super) const SOURCE_ID: Kind = text(Form::Line, 1, 255);
/// A note.
pub(super) const NOTE: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "LearningNeedSource";
    type Id = LearningNeedSourceId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<LearningNeedSourceId>(), "The id."),
        Column::NeedId => leaf(id::<LearningNeedId>(), "The need.").filter(),
        Column::UserId => leaf(id::<UserId>(), "Whose need it is.").filter(),
        Column::Source => leaf(word::<NeedSource>(), "What kind of thing showed it.").filter(),
        Column::SourceId => leaf(SOURCE_ID, "Which thing: the goal, the obstacle, the interview.").filter(),
        Column::Note => leaf(NOTE, "A note."),
        Column::Strength => leaf(STRENGTH, "How strongly."),
        Column::RaisedByKind => leaf(word::<ActorKind>(), "What kind of somebody raised it."),
        Column::RaisedBy => leaf(text(Form::Line, 1, 100), "Who raised it."),
        Column::RaisedAt => leaf(Kind::Time, "When it was raised.").filter().sort(),
        Column::NotifiedAt => leaf(Kind::Time, "When it was told that the need is met."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId => return None,
    })
}

/// The declaration. Sources are raised with their need, and only read here.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "LearningNeedSource",
        "What showed that somebody needs to learn something (§29). What their search for a job showed is told to whom it is open, too.",
        "nsr",
        Action::ViewLearningNeedSource,
        show,
    )
    .order("raised_at", false)
    .one("need", "need_id", "LearningNeed", "The need.");
    Resource { shape, plural: "learningNeedSources", verbs: Vec::new() }
}
