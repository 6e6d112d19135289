//! The people of a project: who is in it, what stood in their way, and what speaks for it.

use entity::{
    id::{ContactId, UserId},
    kind::{Declared as _, Form, Kind, id, line, text, word},
    object,
    projects::{project_member::ProjectRole, selection_checklist::ChecklistPeople},
};
use serde::Serialize;

use super::Moment;
use crate::domain::{
    learning::exchange::plan_document::CompetencyName,
    projects::{
        obstacle,
        selection_checklist::{self, ChecklistGrowth, ChecklistSteppingStone},
    },
};

/// Somebody, by their names.
pub(super) const PERSON: Kind = Kind::Object(PersonName::object);
/// Somebody whom the owner knows.
pub(super) const CONTACT: Kind = Kind::Object(ContactName::object);
const COMPETENCY: Kind = Kind::Object(CompetencyName::object);

object! {
    /// Somebody of the organization: known again by the id, else by the e-mail address. What whoever asks may not know of
    /// them is left out.
    #[derive(Serialize, PartialEq, Eq)]
    PersonName {
        /// The id.
        optional id: UserId = id::<UserId>(),
        /// The e-mail address.
        optional email: String = text(Form::Email, 3, 254),
        /// What they are called: for people who read it.
        optional name: String = line(1, 200),
    }
}

object! {
    /// Somebody whom the owner of the project knows: known again by the id.
    #[derive(Serialize, PartialEq, Eq)]
    ContactName {
        /// The id.
        optional id: ContactId = id::<ContactId>(),
        /// What they are called, for whom may know it.
        optional name: String = line(1, 200),
    }
}

object! {
    /// Somebody's place in a project: of the organization, or a contact.
    #[derive(Serialize)]
    ProjectMemberPart {
        /// Who, of the organization.
        optional person: PersonName = PERSON,
        /// Who, of the owner's contacts.
        optional contact: ContactName = CONTACT,
        /// As what.
        required role: ProjectRole = word::<ProjectRole>(),
        /// Since when.
        required joined_at: Moment = Kind::Time,
    }
}

object! {
    /// What stood in the way of a project, for want of knowing something.
    #[derive(Serialize)]
    ObstaclePart {
        /// Who met it.
        required person: PersonName = PERSON,
        /// What knowing would have helped.
        required competency: CompetencyName = COMPETENCY,
        /// What it was.
        required note: String = obstacle::NOTE,
        /// When it was recorded.
        required recorded_at: Moment = Kind::Time,
    }
}

object! {
    /// What speaks for a project.
    #[derive(Serialize)]
    SelectionChecklistPart {
        /// Whether its owner grows with it.
        required growth: ChecklistGrowth = selection_checklist::GROWTH,
        /// Whom there is to work with, and whom to talk to, by their ids.
        required people: ChecklistPeople = Kind::Object(ChecklistPeople::object),
        /// Whether it leads further.
        required stepping_stone: ChecklistSteppingStone = selection_checklist::STEPPING_STONE,
    }
}
