//! Evidence: dated proofs for competencies, only ever added to (§8). Completions log it; rating comes with standing.

use entity::{
    id::{CompetencyId, EvidenceId, UserId},
    kind::{Form, Kind, id, int, line, prose, text, word},
    learning::evidence::{Column, Entity, EvidenceAction, EvidenceSource, Model},
    platform::event::ActorKind,
};

use crate::{
    domain::{
        policy::Action,
        verb::{Resource, Row},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "Evidence";
    type Id = EvidenceId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<EvidenceId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who showed it.").filter(),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "What was shown.").filter(),
        Column::Action => leaf(word::<EvidenceAction>(), "What it does to the standing.").filter(),
        Column::Source => leaf(word::<EvidenceSource>(), "Where it comes from.").filter(),
        Column::Level => leaf(int(1, 100), "The level that it shows; LOG has none."),
        Column::ActorKind => leaf(word::<ActorKind>(), "Who recorded it."),
        Column::ActorId => leaf(line(1, 100), "Who recorded it: the id of a person or a client."),
        Column::Url => leaf(text(Form::Url, 1, 2000), "Where the proof is."),
        Column::Note => leaf(prose(5000), "A note."),
        Column::OccurredAt => leaf(Kind::Time, "When it happened.").filter().sort(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was recorded.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape =
        Shape::new::<Entity>("Evidence", "A dated proof for a competency (§8).", "evd", Action::ViewEvidence, show)
            .order("occurred_at", false)
            .one("user", "user_id", "User", "Who showed it.")
            .one("competency", "competency_id", "Competency", "What was shown.");
    Resource { shape, plural: "evidences", verbs: Vec::new() }
}
