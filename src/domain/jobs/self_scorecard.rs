//! Self-scorecards: what somebody thinks of how an interview went, soon after it (§23).

use entity::{
    id::{ApplicationId, CompetencyId, InterviewId, SelfScorecardId, UserId},
    jobs::{
        interview,
        self_scorecard::{Column, Entity, Model, SelfRating},
    },
    kind::{Declared as _, Kind, Patch, id, int, list, prose},
    object,
    vocabulary::Json,
};
use sea_orm::{ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
use serde_json::json;

use super::{
    interview::{learn, took_place},
    part,
};
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        find::Life,
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
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
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
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
    .external_refs()
    .one("interview", "interview_id", "Interview", "The interview.")
    .one("application", "application_id", "Application", "The application.");
    let edit = Action::EditSelfScorecard;
    let verbs = vec![
        Verb::create(Action::EditInterview, "Write down how an interview went that took place: once for each.", create),
        Verb::upsert(
            Action::EditInterview,
            "Write down or change the scorecard that another system's name stands for.",
            upsert,
        ),
        Verb::on::<Entity, _, _, _>("update", edit, "Change what one thinks of it.", update),
        Verb::delete::<Entity>(edit, "Delete a scorecard; it can be restored."),
        Verb::on::<Entity, _, _, _>("restore", edit, "Bring a deleted scorecard back.", restore),
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
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
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
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewSelfScorecard) -> Result<Done> {
    let mut tx = who.begin().await?;
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

async fn upsert(who: Caller, external: External, mut new: NewSelfScorecard) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let (was, life) = tx.find_either::<Entity>(&external, id, Action::EditSelfScorecard).await?;
        let was = if life == Life::Deleted { come_back(&mut tx, was).await? } else { was };
        if was.interview_id != new.interview_id {
            let why = "A scorecard never moves to another interview.";
            return Err(Error::field(Code::ApplicationImmutable, "/interviewId", why));
        }
        let patch = SelfScorecardPatch {
            ratings: new.ratings,
            asked: new.asked,
            went_well: new.went_well.map_or(Patch::Keep, Patch::Set),
            improve: new.improve.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let row = revise(&mut tx, was, patch).await?;
        return tx.done(&row).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let row = add(&mut tx, new).await?;
    tx.made(&row).await
}

/// Writes a scorecard down.
async fn add(tx: &mut Tx, new: NewSelfScorecard) -> Result<Model> {
    let interview = tx.refer_to::<interview::Entity>(new.interview_id, Action::EditInterview, "/interviewId").await?;
    took_place(&interview)?;
    only(tx, interview.id).await?;
    let ratings = new.ratings.unwrap_or_default();
    part::competencies(tx, &rated(&ratings), "/ratings").await?;
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
    let row = tx.insert::<Entity>(row.into_active_model().reset_all()).await?;
    tx.refs(&row, new.external_refs.as_deref()).await?;
    record(tx, "created", &row)?;
    learn::suggest(tx, &interview).await?;
    Ok(row)
}

/// Each interview has one, which the index sees to as well.
async fn only(tx: &Tx, interview: InterviewId) -> Result<()> {
    let there = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::InterviewId.eq(interview))
        .filter(Column::DeletedAt.is_null());
    let Some(there) = there.one(&tx.db).await? else { return Ok(()) };
    let why = "This interview has a scorecard: what one thinks of it now changes that.";
    Err(Error::field(Code::AlreadyExists, "/interviewId", why).with(json!({ "selfScorecardId": there.id })))
}

fn rated(ratings: &[SelfRating]) -> Vec<CompetencyId> {
    ratings.iter().map(|one| one.competency_id).collect()
}

async fn update(who: Caller, target: Target<SelfScorecardId>, patch: SelfScorecardPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_at::<Entity>(&target, Action::EditSelfScorecard).await?;
    let row = revise(&mut tx, was, patch).await?;
    tx.done(&row).await
}

async fn restore(who: Caller, target: Target<SelfScorecardId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let was = tx.find_deleted::<Entity>(&target, Action::EditSelfScorecard).await?;
    let row = come_back(&mut tx, was).await?;
    tx.done(&row).await
}

/// A scorecard comes back where its interview has no other by now.
async fn come_back(tx: &mut Tx, was: Model) -> Result<Model> {
    only(tx, was.interview_id).await?;
    let row = tx.restore::<Entity>(was).await?;
    record(tx, "restored", &row)?;
    Ok(row)
}

async fn revise(tx: &mut Tx, was: Model, patch: SelfScorecardPatch) -> Result<Model> {
    if let Some(ratings) = &patch.ratings {
        part::competencies(tx, &rated(ratings), "/ratings").await?;
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
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

fn record(tx: &mut Tx, what: &str, row: &Model) -> Result<()> {
    tx.record(what, row, json!({ "interviewId": row.interview_id, "applicationId": row.application_id }))
}
