//! The state machine of a learning plan (§7), as a table.

use entity::{
    learning::learning_plan::LearningPlanStatus::{self, Active, Complete, Draft, InReview, WaitingForReview},
    vocabulary::Vocabulary as _,
};
use serde_json::json;

use crate::domain::error::{Code, Error, Result};

/// What moves a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// Its owner asks a coach to look at it.
    RequestReview,
    /// Its owner takes that back.
    CancelReviewRequest,
    /// A coach begins to look at it.
    StartReview,
    /// That coach stops without a result.
    StopReview,
    /// That coach says what should change.
    RequestChanges,
    /// It is good: work can begin.
    Approve,
    /// It was not good after all.
    Unapprove,
    /// It has been carried out.
    Complete,
    /// It goes on.
    Reopen,
}

/// The whole machine: the command, from where, to where.
pub const TABLE: &[(Command, &str, &[LearningPlanStatus], LearningPlanStatus)] = &[
    (Command::RequestReview, "requestReview", &[Draft], WaitingForReview),
    (Command::CancelReviewRequest, "cancelReviewRequest", &[WaitingForReview], Draft),
    (Command::StartReview, "startReview", &[WaitingForReview], InReview),
    (Command::StopReview, "stopReview", &[InReview], Draft),
    (Command::RequestChanges, "requestChanges", &[InReview], Draft),
    (Command::Approve, "approve", &[Draft, WaitingForReview, InReview], Active),
    (Command::Unapprove, "unapprove", &[Active], Draft),
    (Command::Complete, "complete", &[Active], Complete),
    (Command::Reopen, "reopen", &[Complete], Active),
];

/// Where a plan stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub fn after(from: LearningPlanStatus, command: Command) -> Result<LearningPlanStatus> {
    let moves = TABLE.iter().find(|(known, ..)| *known == command);
    match moves {
        Some((_, _, sources, to)) if sources.contains(&from) => Ok(*to),
        _ => {
            let name = moves.map_or("", |(_, name, ..)| name);
            let allowed: Vec<_> =
                TABLE.iter().filter(|(_, _, sources, _)| sources.contains(&from)).map(|(_, name, ..)| name).collect();
            let error =
                Error::new(Code::InvalidTransition, format!("{name} does not fit a plan that is {}.", from.word()));
            Err(error.with(json!({ "from": from, "command": name, "allowed": allowed })))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_in_every_state() {
        let mut table = Vec::new();
        for (command, name, ..) in TABLE {
            for from in LearningPlanStatus::ALL {
                let to =
                    after(*from, *command).map_or_else(|error| error.code().as_str().to_owned(), |to| to.to_string());
                table.push(format!("{name:<20} {from:<18} {to}"));
            }
        }
        insta::assert_snapshot!(table.join("\n"));
    }
}
