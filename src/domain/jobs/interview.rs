//! Interviews: with companies that invite somebody who applied (§23).

mod learn;
pub(super) mod moves;
pub(super) mod plan;
pub mod state;

use entity::{
    id::{ApplicationId, InterviewId, UserId},
    jobs::interview::{
        Column, Entity, InterviewMove, InterviewPrep, InterviewResult, InterviewState, InterviewType, Interviewer,
        Model,
    },
    kind::{Declared as _, Form, Kind, id, int, line, list, prose, text, word},
};
use serde_json::json;

use crate::{
    domain::{
        clock,
        error::{Code, Error, Result},
        policy::Action,
        tx::Tx,
        verb::{Resource, Row, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

pub(super) const ROUND: Kind = int(1, 100);
const MINUTES: Kind = int(5, 1440);
pub(super) const ZONE: Kind = text(Form::TimeZone, 1, 100);
pub(super) const LOCATION: Kind = line(1, 500);
pub(super) const NOTE: Kind = prose(5000);
const INTERVIEWER: Kind = Kind::Object(Interviewer::object);
/// How many lead it at most.
pub(super) const LEAD_MOST: usize = 20;
const INTERVIEWERS: Kind = list(&INTERVIEWER, LEAD_MOST);
const PREP: Kind = Kind::Object(InterviewPrep::object);
const MOVE: Kind = Kind::Object(InterviewMove::object);
/// How often an interview is moved at most.
const MOVES: usize = 50;

impl Row for Entity {
    const NAME: &'static str = "Interview";
    type Id = InterviewId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<InterviewId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose it is.").filter(),
        Column::ApplicationId => leaf(id::<ApplicationId>(), "The application.").filter(),
        Column::Round => leaf(ROUND, "Which round it is, from 1.").filter(),
        Column::Kind => leaf(word::<InterviewType>(), "What kind of interview it is.").filter(),
        Column::ScheduledAt => leaf(Kind::Time, "When it is.").filter().sort(),
        Column::DurationMin => leaf(MINUTES, "How many minutes it takes."),
        Column::TimeZone => leaf(ZONE, "In which time zone it was agreed."),
        Column::Location => leaf(LOCATION, "Where it is: a place, or the address of a call."),
        Column::Interviewers => leaf(INTERVIEWERS, "Who leads it."),
        Column::State => leaf(word::<InterviewState>(), "Where it stands; changed by commands.").filter(),
        Column::Result => leaf(word::<InterviewResult>(), "What came of it.").filter(),
        Column::Prep => leaf(PREP, "What is prepared for it."),
        Column::Moves => leaf(list(&MOVE, MOVES), "The times that it had before, the first of them first."),
        Column::Note => leaf(NOTE, "What else is to be said."),
        Column::HeldAt => leaf(Kind::Time, "When it took place."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was noted.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "Interview",
        "An interview with a company that invites somebody who applied (§23).",
        "ivw",
        Action::ViewInterview,
        show,
    )
    .order("scheduled_at", false)
    .external_refs()
    .one("application", "application_id", "Application", "The application.")
    .many("scorecards", "interview_id", "SelfScorecard", "What its owner thinks of how it went: one, or none.");
    Resource { shape, plural: "interviews", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::EditInterview;
    vec![
        Verb::on_collection(
            "schedule",
            EditInterview,
            "Note an interview of an open application. Where that stands before interviews, it is suggested to move it on.",
            plan::schedule,
        ),
        Verb::upsert(EditInterview, "Note or move the interview that another system's name stands for.", plan::upsert),
        Verb::on::<Entity, _, _, _>(
            "update",
            EditInterview,
            "Change what is known of an interview, but for its time.",
            plan::update,
        ),
        Verb::on::<Entity, _, _, _>(
            "reschedule",
            EditInterview,
            "Give an interview another time; those before stay readable.",
            moves::reschedule,
        ),
        Verb::on::<Entity, _, _, _>("hold", EditInterview, "Note that an interview took place.", moves::hold),
        Verb::on::<Entity, _, _, _>(
            "cancel",
            EditInterview,
            "Note that an interview does not take place.",
            moves::cancel,
        ),
        Verb::on::<Entity, _, _, _>("miss", EditInterview, "Note that one side did not come.", moves::miss),
        Verb::on::<Entity, _, _, _>(
            "recordResult",
            EditInterview,
            "Say what came of an interview that took place.",
            moves::record_result,
        ),
        Verb::on::<Entity, _, _, _>(
            "raiseNeeds",
            EditInterview,
            "Let what its owner rated low in an interview that was not passed become needs to learn.",
            learn::raise_needs,
        ),
        Verb::delete::<Entity>(EditInterview, "Delete an interview; it can be restored."),
        Verb::restore::<Entity>(EditInterview, "Bring a deleted interview back."),
    ]
}

/// Only what took place has a result, and can be thought of.
///
/// # Errors
/// `INTERVIEW_NOT_HELD`.
pub(super) fn took_place(interview: &Model) -> Result<()> {
    if interview.state == InterviewState::Held {
        return Ok(());
    }
    let error = Error::new(Code::InterviewNotHeld, "The interview has not taken place.");
    Err(error.with(json!({ "state": interview.state })))
}

pub(super) fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    let data = json!({
        "applicationId": row.application_id, "round": row.round, "scheduledAt": clock::rfc3339(row.scheduled_at),
        "state": row.state, "result": row.result,
    });
    tx.record(what, row, data)
}
