//! Learning sessions: time spent learning (§4). People note them, calendars and learning systems report them, and
//! completions store them; every session counts for the pace, whatever it was for (§6).

mod change;
pub mod day;
mod named;
mod record;

use chrono::{DateTime, Utc};
use entity::{
    id::{CompetencyId, LearningResourceId, LearningSessionId, PlanItemId, UserId},
    kind::{Declared as _, Kind, id, int, line, list, word},
    learning::learning_session::{Column, Entity, Model, SessionSource},
    object,
};

use crate::{
    domain::{
        external,
        policy::Action,
        verb::{Resource, Row, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

/// How many sessions come together at most.
const BATCH: usize = 200;
const MINUTES: Kind = int(1, 1440);
const STATEMENT: Kind = line(1, 255);
const COMPETENCY: Kind = id::<CompetencyId>();
const COMPETENCIES: Kind = list(&COMPETENCY, 50);
const ONE: Kind = Kind::Object(NewLearningSession::object);

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
        Column::System => leaf(external::SOURCE, "The learning system that reported its completion, if it came so."),
        Column::StatementId => leaf(STATEMENT, "Its id where it was first known: of a completion, in that system."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::Fingerprint => return None,
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
    Resource { shape, plural: "learningSessions", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateLearningSession, EditLearningSession};
    vec![
        Verb::create(
            CreateLearningSession,
            "Note time spent learning. The same statement again changes nothing.",
            record::create,
        ),
        Verb::on_collection(
            "create",
            CreateLearningSession,
            "Note several sessions at once: all or none.",
            record::create_many,
        )
        .many(),
        Verb::on::<Entity, _, _, _>(
            "update",
            EditLearningSession,
            "Change a session that no statement reported.",
            change::update,
        ),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditLearningSession,
            "Delete a session that no statement reported; it can be restored.",
            change::delete,
        ),
        Verb::on::<Entity, _, _, _>("restore", EditLearningSession, "Bring a deleted session back.", change::restore),
    ]
}

object! {
    /// Time spent learning, to note.
    NewLearningSession {
        /// Who learnt: yourself, unless you note it for somebody who let you. A machine names somebody.
        optional user_id: UserId = id::<UserId>(),
        /// The item of a plan of theirs that it was for.
        optional plan_item_id: PlanItemId = id::<PlanItemId>(),
        /// What was learnt from.
        optional learning_resource_id: LearningResourceId = id::<LearningResourceId>(),
        /// What was learnt; without it, what the item is about, or else what the resource teaches.
        optional competency_ids: Vec<CompetencyId> = COMPETENCIES,
        /// When it began; not in the future.
        required started_at: DateTime<Utc> = Kind::Time,
        /// How long it took, in minutes.
        required minutes: i64 = MINUTES,
        /// How it became known; without it, `MANUAL`. Learning systems alone say `LMS`, and statements alone `XAPI`.
        optional source: SessionSource = word::<SessionSource>(),
        /// Its id where it is known already, such as the entry of a calendar: the same id again changes nothing. `LMS`
        /// and `CALENDAR` need one.
        optional statement_id: String = STATEMENT,
    }
}

object! {
    /// Several sessions: all or none.
    NewLearningSessions {
        /// The sessions.
        required sessions: Vec<NewLearningSession> = Kind::List { of: &ONE, min: 1, max: BATCH },
    }
}

object! {
    /// Changes to a session.
    LearningSessionPatch {
        /// The item of a plan of theirs that it was for.
        clear plan_item_id: PlanItemId = id::<PlanItemId>(),
        /// What was learnt from.
        clear learning_resource_id: LearningResourceId = id::<LearningResourceId>(),
        /// What was learnt, in place of what was named.
        change competency_ids: Vec<CompetencyId> = COMPETENCIES,
        /// When it began; not in the future.
        change started_at: DateTime<Utc> = Kind::Time,
        /// How long it took, in minutes.
        change minutes: i64 = MINUTES,
    }
}
