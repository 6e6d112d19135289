//! How an informational interview is shown, and what can be done with it.

use entity::{
    id::{CompanyId, ContactId, InformationalInterviewId, RoleProfileId, UserId},
    jobs::informational_interview::{
        Column, Entity, InformationalInterviewOutcome, InformationalInterviewState, InterviewChannel,
        InterviewQuestion, Rescheduled,
    },
    kind::{Declared as _, Kind, id, int, list, word},
    object,
};
use serde::Serialize;

use super::{
    ANSWERS, MINUTES, PURPOSE, QUESTIONS, RESEARCH, ROLE_TITLE,
    commands::{MOVES_MAX, cancel, decline, follow_up, hold, mark_no_response, reopen, request, reschedule, schedule},
    conclude::{OUTCOME_NOTE, conclude},
    create, update, upsert,
};
use crate::{
    domain::{
        policy::Action,
        projects::interview_guide::informational,
        verb::{Resource, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, leaf},
    },
};

const MOVE: Kind = Kind::Object(Rescheduled::object);
const READINESS: Kind = Kind::Object(InterviewReadiness::object);
const OWN_QUESTIONS: Need = Need::Column("own_questions", Store::Text);

object! {
    /// How well somebody is prepared for a talk.
    #[derive(Serialize)]
    InterviewReadiness {
        /// Whether something is known of the person.
        required research_interviewee: bool = Kind::Bool,
        /// Whether something is known of the company.
        required research_company: bool = Kind::Bool,
        /// How many questions there are to ask.
        required questions_count: i64 = int(0, 20),
        /// Whether both are known, and there is something to ask.
        required ready: bool = Kind::Bool,
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<InformationalInterviewId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who asks; it never changes.").filter(),
        Column::ContactId => leaf(id::<ContactId>(), "Who is asked.").filter(),
        Column::CompanyId => leaf(id::<CompanyId>(), "Where they work.").filter(),
        Column::RoleProfileId => {
            leaf(id::<RoleProfileId>(), "The role that it is about, when it is a known one.").filter()
        }
        Column::RoleTitle => leaf(ROLE_TITLE, "What that role is called there."),
        Column::Purpose => leaf(PURPOSE, "What one wants to know."),
        Column::State => {
            leaf(word::<InformationalInterviewState>(), "Where it stands; changed by commands only.").filter()
        }
        Column::RequestedAt => leaf(Kind::Time, "When they were asked."),
        Column::ScheduledAt => leaf(Kind::Time, "When it is to take place.").filter().sort(),
        Column::DurationMin => leaf(MINUTES, "For how many minutes."),
        Column::Channel => leaf(word::<InterviewChannel>(), "How they talk."),
        Column::HeldAt => leaf(Kind::Time, "When it took place.").filter(),
        Column::ResearchInterviewee => leaf(RESEARCH, "What is known of the person beforehand."),
        Column::ResearchCompany => leaf(RESEARCH, "What is known of the company beforehand."),
        Column::OwnQuestions => leaf(QUESTIONS, "What to ask in place of the usual questions; none means these."),
        Column::Answers => leaf(ANSWERS, "What they answered."),
        Column::Reschedules => {
            leaf(list(&MOVE, MOVES_MAX), "When it was to take place before it was moved, the first first.")
        }
        Column::Outcome => leaf(word::<InformationalInterviewOutcome>(), "What came of it.").filter(),
        Column::OutcomeNote => leaf(OUTCOME_NOTE, "What is to be said of that."),
        Column::IntroducedContactId => leaf(id::<ContactId>(), "To whom they introduced one."),
        Column::FollowUpDueAt => leaf(Kind::Time, "Until when they should hear of one.").filter().sort(),
        Column::FollowedUpAt => leaf(Kind::Time, "When they did."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::TitleFolded => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "InformationalInterview",
        "A talk with somebody who does the work that one would like to do (§20).",
        "inf",
        Action::ViewInformationalInterview,
        show,
    )
    .order("created_at", false)
    .external_refs()
    .computed(
        "questions",
        QUESTIONS,
        "What to ask: one's own questions, or the usual six.",
        vec![OWN_QUESTIONS],
        |cells, _| json_cell(&to_ask(&cells[0])),
    )
    .computed(
        "readiness",
        READINESS,
        "How well one is prepared: it can be looked at before the talk is scheduled.",
        vec![
            Need::Column("research_interviewee", Store::Text),
            Need::Column("research_company", Store::Text),
            OWN_QUESTIONS,
        ],
        |cells, _| json_cell(&readiness(cells)),
    )
    .one("owner", "owner_id", "User", "Who asks.")
    .one("contact", "contact_id", "Contact", "Who is asked, for whoever may see them.")
    .one("company", "company_id", "Company", "Where they work.")
    .one("roleProfile", "role_profile_id", "RoleProfile", "The role that it is about.")
    .one("introducedContact", "introduced_contact_id", "Contact", "To whom they introduced one.")
    .many("findings", "interview_id", "Finding", "What it brought.");
    Resource { shape, plural: "informationalInterviews", verbs: verbs() }
}

fn readiness(cells: &[Cell]) -> InterviewReadiness {
    let known = |cell: &Cell| cell.text().is_some_and(|text| !text.trim().is_empty());
    let (research_interviewee, research_company) = (known(&cells[0]), known(&cells[1]));
    let questions_count = i64::try_from(to_ask(&cells[2]).len()).unwrap_or(i64::MAX);
    let ready = research_interviewee && research_company && questions_count > 0;
    InterviewReadiness { research_interviewee, research_company, questions_count, ready }
}

fn to_ask(own: &Cell) -> Vec<InterviewQuestion> {
    let own: Vec<InterviewQuestion> = own.text().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
    if own.is_empty() { informational() } else { own }
}

fn json_cell(value: &impl Serialize) -> Cell {
    serde_json::to_string(value).map_or(Cell::Null, Cell::Text)
}

fn verbs() -> Vec<Verb> {
    use Action::EditInformationalInterview as Edit;
    vec![
        Verb::create(Action::CreateInformationalInterview, "Plan a talk.", create),
        Verb::upsert(
            Action::CreateInformationalInterview,
            "Plan or change the talk that another system's name stands for; it is moved by commands.",
            upsert,
        ),
        Verb::on::<Entity, _, _, _>("update", Edit, "Change what is known of a talk.", update),
        Verb::on::<Entity, _, _, _>("request", Edit, "The contact was asked.", request),
        Verb::on::<Entity, _, _, _>(
            "schedule",
            Edit,
            "They said yes, and when. Without research on both the person and the company, a warning says so; strict organizations refuse it.",
            schedule,
        ),
        Verb::on::<Entity, _, _, _>("reschedule", Edit, "Move a talk; when it was to be is kept.", reschedule),
        Verb::on::<Entity, _, _, _>(
            "hold",
            Edit,
            "It took place: you were in touch with the contact, and they should hear of you soon.",
            hold,
        ),
        Verb::on::<Entity, _, _, _>(
            "conclude",
            Edit,
            "Say what came of a talk. To learn something first is a success: a need is raised for each competency that its findings ask for.",
            conclude,
        ),
        Verb::on::<Entity, _, _, _>("followUp", Edit, "They were thanked, and told what came of it.", follow_up),
        Verb::on::<Entity, _, _, _>("decline", Edit, "They said no.", decline),
        Verb::on::<Entity, _, _, _>("markNoResponse", Edit, "They have not answered.", mark_no_response),
        Verb::on::<Entity, _, _, _>("cancel", Edit, "It will not take place.", cancel),
        Verb::on::<Entity, _, _, _>("reopen", Edit, "They answered after all, or are asked again.", reopen),
        Verb::delete::<Entity>(Edit, "Delete a talk, with its findings; it can be restored."),
        Verb::restore::<Entity>(Edit, "Bring a deleted talk back."),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readiness_looks_at_both_and_at_what_to_ask() {
        let text = |text: &str| Cell::Text(text.to_owned());
        let one = r#"[{"topic":"Pay","text":"How much?"}]"#;
        for (person, company, own, expected) in [
            (Cell::Null, Cell::Null, "[]", (false, false, 6, false)),
            (text("She"), Cell::Null, "[]", (true, false, 6, false)),
            (Cell::Null, text("It"), "[]", (false, true, 6, false)),
            (text(" "), text("It"), one, (false, true, 1, false)),
            (text("She"), text("It"), one, (true, true, 1, true)),
        ] {
            let told = readiness(&[person, company, text(own)]);
            let told = (told.research_interviewee, told.research_company, told.questions_count, told.ready);
            assert_eq!(told, expected);
        }
    }
}
