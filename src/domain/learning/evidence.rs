//! Evidence: dated proofs for competencies, only ever added to (§8). Whoever was wrong adds what is right.

mod record;

use chrono::{DateTime, Utc};
use entity::{
    id::{CompetencyId, EvidenceId, UserCompetencyId, UserId},
    kind::{Form, Kind, id, int, line, prose, text, word},
    learning::evidence::{Column, Entity, EvidenceAction, EvidenceSource, Model},
    object,
    platform::event::ActorKind,
};
use serde_json::json;

use super::{requirement::LEVEL, user_competency::standing};
use crate::{
    domain::{
        clock,
        error::{Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Resource, Row, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const URL: Kind = text(Form::Url, 1, 2000);
const NOTE: Kind = prose(5000);

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
        Column::UserCompetencyId => leaf(id::<UserCompetencyId>(), "The standing that it is about.").filter(),
        Column::Action => leaf(word::<EvidenceAction>(), "What it does to the standing.").filter(),
        Column::Source => leaf(word::<EvidenceSource>(), "Where it comes from.").filter(),
        Column::Level => leaf(LEVEL, "The level that it shows; LOG has none."),
        Column::ActorKind => leaf(word::<ActorKind>(), "Who recorded it."),
        Column::ActorId => leaf(line(1, 100), "Who recorded it: the id of a person or a client."),
        Column::Url => leaf(URL, "Where the proof is."),
        Column::Note => leaf(NOTE, "A note."),
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
            .one("competency", "competency_id", "Competency", "What was shown.")
            .one("userCompetency", "user_competency_id", "UserCompetency", "The standing that it is about.");
    let verbs = vec![Verb::on_collection(
        "record",
        Action::RecordEvidence,
        "Add evidence: log that something happened, suggest a level, rate, or replace what was computed.",
        record::record,
    )];
    Resource { shape, plural: "evidences", verbs }
}

object! {
    /// Evidence to add.
    NewEvidence {
        /// Who showed it: yourself, unless it is somebody who let you say so. A machine names somebody.
        optional user_id: UserId = id::<UserId>(),
        /// What was shown.
        required competency_id: CompetencyId = id::<CompetencyId>(),
        /// What it does. Anybody logs and suggests; reviewers and integrations rate, and people themselves where their
        /// organization lets them; reviewers alone override.
        required action: EvidenceAction = word::<EvidenceAction>(),
        /// Where it comes from. `SELF` is for people themselves, `REVIEW` for reviewers, and `COURSE_COMPLETION` and
        /// `PRIOR_LEARNING` for integrations.
        required source: EvidenceSource = word::<EvidenceSource>(),
        /// The level that it shows, a level of the framework's scale. `LOG` has none; all others need one.
        optional level: i64 = LEVEL,
        /// Where the proof is.
        optional url: String = URL,
        /// A note.
        optional note: String = NOTE,
        /// When it happened, not in the future; without it, now.
        optional occurred_at: DateTime<Utc> = Kind::Time,
    }
}

/// What is to be kept as evidence.
#[derive(Debug)]
pub(super) struct Proof {
    /// Who showed it.
    pub user: UserId,
    /// What was shown.
    pub competency: CompetencyId,
    /// What it does to the standing.
    pub action: EvidenceAction,
    /// Where it comes from.
    pub source: EvidenceSource,
    /// The level that it shows.
    pub level: Option<i64>,
    /// Where the proof is.
    pub url: Option<String>,
    /// A note.
    pub note: Option<String>,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
}

/// Keeps a piece of evidence; see [`add_all`].
pub(super) async fn add(tx: &mut Tx, proof: Proof) -> Result<Model> {
    let added = add_all(tx, vec![proof]).await?.pop();
    added.ok_or_else(|| Error::internal("evidence that was not kept"))
}

/// Keeps evidence, each with the standing that it is about. The one door for it: whoever adds a rating moves the
/// standing by it ([`standing::rated`]).
pub(super) async fn add_all(tx: &mut Tx, proofs: Vec<Proof>) -> Result<Vec<Model>> {
    let standings = standing::of_all(tx, proofs.iter().map(|proof| (proof.user, proof.competency)).collect()).await?;
    let mut rows = Vec::with_capacity(proofs.len());
    for proof in proofs {
        let about = standings.get(&(proof.user, proof.competency));
        let about = about.ok_or_else(|| Error::contention("a standing that is made and gone"))?;
        rows.push(row(tx, proof, about.id));
    }
    tx.add_all::<Entity>(rows.clone()).await?;
    for row in &rows {
        let what = match row.action {
            EvidenceAction::Log => "logged",
            EvidenceAction::Suggest => "suggested",
            EvidenceAction::Rate => "rated",
            EvidenceAction::Override => "overridden",
        };
        tx.record(what, row, json!({ "competencyId": row.competency_id, "source": row.source, "level": row.level }))?;
    }
    Ok(rows)
}

fn row(tx: &Tx, proof: Proof, standing: UserCompetencyId) -> Model {
    let (actor_kind, actor_id) = tx.who.actor();
    Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        user_id: proof.user,
        competency_id: proof.competency,
        user_competency_id: standing,
        action: proof.action,
        source: proof.source,
        level: proof.level,
        actor_kind,
        actor_id,
        url: proof.url,
        note: proof.note,
        occurred_at: clock::whole(proof.occurred_at),
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    }
}
