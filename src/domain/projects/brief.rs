//! The brief of a project: what somebody tells a manager who has two minutes (§9 to §12).
//!
//! It is computed as an object, from which both the JSON and the Markdown are written: they say the same.

mod load;
mod markdown;
pub mod told;

use entity::kind::{Declared as _, Kind};

use crate::domain::{
    answer::{Answer, Form},
    policy::Action,
};
use told::ProjectBrief;

/// `projectBrief`.
#[must_use]
pub fn of_project() -> Answer {
    Answer::new(
        "projectBrief",
        Action::ViewProject,
        "A project in brief, for somebody who is to be told of it: the problem, what was scoped step by step, milestones with \
         what was reached, the budget with its forecast, risks and obstacles, and when it went back and why.",
        Kind::Object(ProjectBrief::object),
        load::brief,
    )
    .form(Form::markdown(
        "The same as a document to read and to send on, in CommonMark with tables as GitHub has them. Whatever people wrote stands \
         in it as text: it is never taken for a mark.",
        markdown::write,
    ))
    .points(50)
}
