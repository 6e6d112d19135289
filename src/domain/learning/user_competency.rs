//! Where people stand in competencies: computed from their evidence, and kept (§8).
//!
//! A standing is made with the first evidence for it, be it without a level. Ratings move it, by the calculation that it
//! has; a competency with a rule follows from those below it besides, and the higher of the two counts.
//! A rule that is changed shows from the next rating on, of the competency or of one below it.

pub mod calculation;
mod review;
pub(super) mod standing;
pub mod state;
pub(super) mod tree;

use entity::{
    id::{CompetencyId, UserCompetencyId, UserId},
    kind::{Kind, id, int, word},
    learning::user_competency::{Calculation, Column, Entity, Model, StandingStatus},
    object,
};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::json;

use super::requirement::LEVEL;
use crate::{
    domain::{
        caller::Caller,
        error::Result,
        policy::Action,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

impl Row for Entity {
    const NAME: &'static str = "UserCompetency";
    type Id = UserCompetencyId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<UserCompetencyId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who.").filter(),
        Column::CompetencyId => leaf(id::<CompetencyId>(), "In what.").filter(),
        Column::Level => {
            leaf(LEVEL, "The level, a level of the framework's scale; null until there is one.").filter().sort()
        }
        Column::Proficient => {
            leaf(Kind::Bool, "Whether the level counts as proficient; null as long as it is.").filter()
        }
        Column::Status => leaf(word::<StandingStatus>(), "Where its review stands.").filter(),
        Column::ReviewerId => leaf(id::<UserId>(), "The coach who looks at it.").filter(),
        Column::Calculation => leaf(word::<Calculation>(), "How the level follows from the evidence.").filter(),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made: with the first evidence.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "UserCompetency",
        "Where a person stands in a competency, as the evidence has it (§8).",
        "ucm",
        Action::ViewUserCompetency,
        show,
    )
    .order("created_at", false)
    .one("user", "user_id", "User", "Who.")
    .one("competency", "competency_id", "Competency", "In what.")
    .one("reviewer", "reviewer_id", "User", "The coach who looks at it.")
    .many("evidence", "user_competency_id", "Evidence", "What shows it.");
    Resource { shape, plural: "userCompetencies", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{EditUserCompetency, ReviewUserCompetency, SubmitUserCompetency};
    vec![
        Verb::on::<Entity, _, _, _>(
            "update",
            EditUserCompetency,
            "Choose how the level follows from the evidence: it is computed anew at once.",
            update,
        ),
        Verb::on::<Entity, _, _, _>(
            "requestReview",
            SubmitUserCompetency,
            "Ask a coach to look at the evidence.",
            review::request_review,
        ),
        Verb::on::<Entity, _, _, _>(
            "cancelReviewRequest",
            SubmitUserCompetency,
            "Take the request for a review back.",
            review::cancel_review_request,
        ),
        Verb::on::<Entity, _, _, _>(
            "startReview",
            ReviewUserCompetency,
            "Begin to look at the evidence, as its reviewer; a rating ends it.",
            review::start_review,
        ),
        Verb::on::<Entity, _, _, _>(
            "stopReview",
            ReviewUserCompetency,
            "Stop looking at it, without a rating.",
            review::stop_review,
        ),
    ]
}

object! {
    /// How a standing is to be computed.
    UserCompetencyPatch {
        /// How the level follows from the evidence.
        change calculation: Calculation = word::<Calculation>(),
    }
}

async fn update(who: Caller, target: Target<UserCompetencyId>, patch: UserCompetencyPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    // The person's turn comes before any row: whoever rates takes them in this order too.
    if let Some(row) = Entity::find_by_id(target.id).one(&tx.db).await? {
        standing::turn(&tx, row.user_id).await?;
    }
    let standing = tx.find_at::<Entity>(&target, Action::EditUserCompetency).await?;
    let calculation = patch.calculation.unwrap_or(standing.calculation);
    if calculation == standing.calculation {
        return tx.done(&standing).await;
    }
    let after = tx.change::<Entity>(standing, |row| row.calculation = Set(calculation)).await?;
    tx.record("updated", &after.row, json!({ "competencyId": after.row.competency_id, "calculation": calculation }))?;
    standing::recomputed(&mut tx, &after.row).await?;
    tx.done(&after.row).await
}
