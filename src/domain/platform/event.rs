//! Events: the feed of what happened, which is the audit trail too. They are read, and written by every verb.

use entity::{
    id::{EventId, UserId},
    kind::{Kind, id, int, line, word},
    platform::event::{ActorKind, Column, Entity},
};

use crate::{
    domain::{policy::Action, verb::Resource},
    read::{
        cell::Store,
        shape::{Leaf, Shape, Veil, Veiled, leaf},
    },
};

/// Companies are everybody's, and met by the searches of people: who met one is theirs to know.
const WHO: Veil = Veil {
    person: ("actor_id", Store::Text),
    of: Veiled::Are(&[("subject_kind", "company"), ("actor_kind", "USER")]),
    instead: None,
};

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<EventId>(), "The id."),
        Column::Seq => leaf(int(1, i64::MAX), "The place in the feed: it only grows.").filter().sort(),
        Column::Kind => leaf(line(1, 100), "What happened: `learning_plan.approved`.").filter(),
        Column::SubjectKind => leaf(line(1, 100), "The kind of thing it happened to: `learning_plan`.").filter(),
        Column::SubjectId => leaf(line(1, 100), "The thing it happened to.").filter(),
        Column::SubjectVersion => leaf(int(1, i64::MAX), "The thing's version after it."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose thing it is, when it is somebody's.").filter(),
        Column::ActorKind => leaf(word::<ActorKind>(), "Who did it: a person, a machine, or the operator.").filter(),
        Column::ActorId => leaf(
            line(1, 100),
            "Who did it, by their id. Which person added or changed a company is told to them alone: it may be where they look for a job.",
        )
        .filter()
        .veiled(WHO),
        Column::OccurredAt => leaf(Kind::Time, "When.").filter().sort(),
        Column::Data => leaf(Kind::Json, "The details."),
        Column::OrganizationId | Column::ProjectId | Column::PartyId | Column::Area => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let mut shape = Shape::new::<Entity>("Event", "Something that happened (§37).", "evt", Action::ViewEvent, show);
    shape.tie = ("seq", Store::Int);
    // `id` is the first value of every shape; the column `kind` is called what the contract calls it.
    if let Some(place) = shape.leaves.iter().position(|leaf| leaf.name == "id") {
        shape.leaves[..=place].rotate_right(1);
    }
    for leaf in shape.leaves.iter_mut().filter(|leaf| leaf.name == "kind") {
        "type".clone_into(&mut leaf.name);
    }
    Resource { shape, plural: "events", verbs: Vec::new() }
}
