//! Self-scorecards: what somebody thinks of how an interview went, soon after it (§23).

use entity::{
    id::{ApplicationId, CompetencyId, InterviewId, SelfScorecardId, UserId},
    jobs::{
        interview,
        self_scorecard::{Column, Entity, Model, SelfRating},
    },
    kind::{Declared as _, Kind, id, int, list, prose},
    learning::competency,
    object,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, IntoActiveModel as _};
use serde_json::json;

use super::{interview::took_place, themes::each_once};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::Result,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const RATING: Kind = Kind::Object(SelfRating::object);
const RATINGS: Kind = list(&RATING, 50);
const QUESTION: Kind = prose(1000);
const ASKED: Kind = list(&QUESTION, 100);
const NOTE: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "SelfScorecard";
    type Id = SelfScorecardId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<SelfScorecardId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Whose it is.").filter(),
        Column::InterviewId => leaf(id::<InterviewId>(), "The interview.").filter(),
        Column::ApplicationId => leaf(id::<ApplicationId>(), "The application.").filter(),
        Column::Ratings => leaf(RATINGS, "How well one did, by competency."),
        Column::Asked => leaf(ASKED, "What was asked."),
        Column::WentWell => leaf(NOTE, "What went well."),
        Column::Improve => leaf(NOTE, "What to do better."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was written.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "SelfScorecard",
        "What somebody thinks of how an interview of theirs went (§23).",
        "ssc",
        Action::ViewSelfScorecard,
        show,
    )
    .order("created_at", false)
    .one("interview", "interview_id", "Interview", "The interview.")
    .one("application", "application_id", "Application", "The application.");
    let edit = Action::EditSelfScorecard;
    let verbs = vec![
        Verb::create(Action::EditInterview, "Write down how an interview went that took place: once for each.", create),
        Verb::on::<Entity, _, _, _>("update", edit, "Change what one thinks of it.", update),
        Verb::delete::<Entity>(edit, "Delete a scorecard; it can be restored."),
        Verb::restore::<Entity>(edit, "Bring a deleted scorecard back."),
    ];
    Resource { shape, plural: "selfScorecards", verbs }
}

object! {
    /// How an interview went.
    NewSelfScorecard {
        /// The interview: one that took place.
        required interview_id: InterviewId = id::<InterviewId>(),
        /// How well you did, each competency once.
        optional ratings: Vec<SelfRating> = RATINGS,
        /// What was asked.
        optional asked: Vec<String> = ASKED,
        /// What went well.
        optional went_well: String = NOTE,
        /// What to do better.
        optional improve: String = NOTE,
    }
}

object! {
    /// Changes to what one thinks of an interview.
    SelfScorecardPatch {
        /// How well you did, in place of what was said.
        change ratings: Vec<SelfRating> = RATINGS,
        /// What was asked, in place of what was noted.
        change asked: Vec<String> = ASKED,
        /// What went well.
        clear went_well: String = NOTE,
        /// What to do better.
        clear improve: String = NOTE,
    }
}

async fn create(who: Caller, new: NewSelfScorecard) -> Result<Done> {
    let mut tx = who.begin().await?;
    let interview = tx.refer_to::<interview::Entity>(new.interview_id, Action::EditInterview, "/interviewId").await?;
    took_place(&interview)?;
    let ratings = new.ratings.unwrap_or_default();
    known(&tx, &ratings).await?;
    let row = Model {
        id: clock::new_id(),
        organization_id: tx.who.organization,
        owner_id: interview.owner_id,
        interview_id: interview.id,
        application_id: interview.application_id,
        ratings: Json(ratings),
        asked: Json(new.asked.unwrap_or_default()),
        went_well: new.went_well,
        improve: new.improve,
        version: 1,
        created_at: tx.now,
        updated_at: tx.now,
        deleted_at: None,
    };
    // Another one of the same interview does not fit into the index.
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    record(&mut tx, "created", &row)?;
    tx.made(&row).await
}

/// Each competency is rated once, and is one that the caller may know of.
async fn known(tx: &Tx, ratings: &[SelfRating]) -> Result<()> {
    let competencies: Vec<CompetencyId> = ratings.iter().map(|one| one.competency_id).collect();
    each_once(&competencies, "/ratings")?;
    let found = tx.find_each::<competency::Entity>(competencies.iter().copied(), Action::ViewCompetency).await?;
    for (place, one) in competencies.into_iter().enumerate() {
        found.refer(one, &format!("/ratings/{place}/competencyId"))?;
    }
    Ok(())
}

async fn update(who: Caller, target: Target<SelfScorecardId>, patch: SelfScorecardPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditSelfScorecard).await?;
    if let Some(ratings) = &patch.ratings {
        known(&tx, ratings).await?;
    }
    let (well, improve) = (patch.went_well.over(was.went_well.clone()), patch.improve.over(was.improve.clone()));
    let after = tx
        .change::<Entity>(was, |row| {
            if let Some(ratings) = patch.ratings {
                row.ratings.set_if_not_equals(Json(ratings));
            }
            if let Some(asked) = patch.asked {
                row.asked.set_if_not_equals(Json(asked));
            }
            row.went_well.set_if_not_equals(well);
            row.improve.set_if_not_equals(improve);
        })
        .await?;
    if after.changed {
        record(&mut tx, "updated", &after.row)?;
    }
    tx.done(&after.row).await
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    tx.record(what, row, json!({ "interviewId": row.interview_id, "applicationId": row.application_id }))
}
