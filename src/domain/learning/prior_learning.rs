//! Prior learning: what people learnt before, with its proof, until a coach says what it is worth (§8).

mod review;
pub mod state;

use entity::{
    id::{CompetencyFrameworkId, CompetencyId, PriorLearningId, UserId},
    kind::{Form, Kind, Patch, id, int, line, prose, text, word},
    learning::{
        competency,
        prior_learning::{ActiveModel, Column, Entity, Model, PriorLearningStatus},
        prior_learning_competency as link,
    },
    object,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _,
};
use serde_json::json;

use super::learning_plan::for_whom;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Nothing, Resource, Row, Target, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};

const TITLE: Kind = line(1, 200);
const DESCRIPTION: Kind = prose(5000);
const COMMENT: Kind = prose(5000);
const URL: Kind = text(Form::Url, 1, 2000);
const COMPETENCY: Kind = id::<CompetencyId>();
const COMPETENCIES: Kind = Kind::List { of: &COMPETENCY, min: 1, max: 50 };

impl Row for Entity {
    const NAME: &'static str = "PriorLearning";
    type Id = PriorLearningId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<PriorLearningId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who learnt it; it never changes.").filter(),
        Column::Title => leaf(TITLE, "What it is called.").sort(),
        Column::Description => leaf(DESCRIPTION, "What was learnt, and how."),
        Column::Url => leaf(URL, "Where the proof is."),
        Column::Status => leaf(word::<PriorLearningStatus>(), "Where it stands; changed by commands only.").filter(),
        Column::ReviewerId => leaf(id::<UserId>(), "The coach who looks at it, or decided.").filter(),
        Column::ReviewComment => leaf(COMMENT, "Why it was declined."),
        Column::DecidedAt => leaf(Kind::Time, "When it was accepted or declined."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "PriorLearning",
        "Something that a person learnt before, with its proof (§8).",
        "ple",
        Action::ViewPriorLearning,
        show,
    )
    .order("created_at", false)
    .external_refs()
    .one("user", "user_id", "User", "Who learnt it.")
    .one("reviewer", "reviewer_id", "User", "The coach who looks at it, or decided.")
    .through(
        "competencies",
        ("prior_learning_competency", "prior_learning_id", "competency_id"),
        "Competency",
        "What it shows.",
    );
    Resource { shape, plural: "priorLearnings", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{
        AcceptPriorLearning, EditPriorLearning, ReopenPriorLearning, ReviewPriorLearning, SubmitPriorLearning,
    };
    vec![
        Verb::create(EditPriorLearning, "File something that was learnt before.", create),
        Verb::upsert(
            EditPriorLearning,
            "File or change the prior learning that another system's name stands for.",
            upsert,
        ),
        Verb::on::<Entity, _, _, _>("update", EditPriorLearning, "Change prior learning.", update),
        Verb::on::<Entity, _, _, _>("delete", EditPriorLearning, "Delete prior learning; it can be restored.", delete),
        Verb::restore::<Entity>(EditPriorLearning, "Bring deleted prior learning back."),
        Verb::on::<Entity, _, _, _>(
            "requestReview",
            SubmitPriorLearning,
            "Ask a coach to look at it.",
            review::request_review,
        ),
        Verb::on::<Entity, _, _, _>(
            "cancelReviewRequest",
            SubmitPriorLearning,
            "Take the request for a review back.",
            review::cancel_review_request,
        ),
        Verb::on::<Entity, _, _, _>(
            "startReview",
            ReviewPriorLearning,
            "Begin to look at it, as its reviewer.",
            review::start_review,
        ),
        Verb::on::<Entity, _, _, _>(
            "stopReview",
            ReviewPriorLearning,
            "Stop looking at it, without a result.",
            review::stop_review,
        ),
        Verb::on::<Entity, _, _, _>(
            "accept",
            AcceptPriorLearning,
            "Say what it is worth: each level becomes a rating, and the standing follows.",
            review::accept,
        ),
        Verb::on::<Entity, _, _, _>("decline", ReviewPriorLearning, "Say why it is not worth it.", review::decline),
        Verb::on::<Entity, _, _, _>(
            "reopen",
            ReopenPriorLearning,
            "Write on; what it was worth stays evidence.",
            review::reopen,
        ),
    ]
}

object! {
    /// Something that was learnt before.
    NewPriorLearning {
        /// Who learnt it: yourself, unless you file it for somebody who let you.
        optional user_id: UserId = id::<UserId>(),
        /// What it is called.
        required title: String = TITLE,
        /// What was learnt, and how.
        optional description: String = DESCRIPTION,
        /// Where the proof is.
        optional url: String = URL,
        /// What it shows.
        required competency_ids: Vec<CompetencyId> = COMPETENCIES,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to prior learning.
    PriorLearningPatch {
        /// What it is called.
        change title: String = TITLE,
        /// What was learnt, and how.
        clear description: String = DESCRIPTION,
        /// Where the proof is.
        clear url: String = URL,
        /// What it shows, in place of what was named.
        change competency_ids: Vec<CompetencyId> = COMPETENCIES,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewPriorLearning) -> Result<Done> {
    let mut tx = who.begin().await?;
    let prior = file(&mut tx, new).await?;
    tx.made(&prior).await
}

async fn upsert(who: Caller, external: External, mut new: NewPriorLearning) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let prior = tx.find_external::<Entity>(&external, id, Action::EditPriorLearning).await?;
        if new.user_id.is_some_and(|user| user != prior.user_id) {
            return Err(Error::field(Code::OwnerImmutable, "/userId", "Whose it is never changes."));
        }
        let patch = PriorLearningPatch {
            title: Some(new.title),
            description: new.description.map_or(Patch::Keep, Patch::Set),
            url: new.url.map_or(Patch::Keep, Patch::Set),
            competency_ids: Some(new.competency_ids),
            external_refs: new.external_refs,
        };
        let prior = revise(&mut tx, prior, patch).await?;
        return tx.done(&prior).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let prior = file(&mut tx, new).await?;
    tx.made(&prior).await
}

async fn file(tx: &mut Tx, new: NewPriorLearning) -> Result<Model> {
    let person = for_whom(tx, new.user_id, "/userId").await?;
    let prior = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            user_id: Set(person.id),
            search_text: Set(new.title.to_lowercase()),
            title: Set(new.title),
            description: Set(new.description),
            url: Set(new.url),
            status: Set(PriorLearningStatus::Draft),
            reviewer_id: Set(None),
            review_comment: Set(None),
            decided_at: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&prior, new.external_refs.as_deref()).await?;
    link_competencies(tx, prior.id, Some(&new.competency_ids)).await?;
    tx.record("created", &prior, json!({ "title": prior.title }))?;
    Ok(prior)
}

async fn update(who: Caller, target: Target<PriorLearningId>, patch: PriorLearningPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let prior = tx.find_at::<Entity>(&target, Action::EditPriorLearning).await?;
    let prior = revise(&mut tx, prior, patch).await?;
    tx.done(&prior).await
}

async fn revise(tx: &mut Tx, prior: Model, patch: PriorLearningPatch) -> Result<Model> {
    editable(&prior)?;
    let title = patch.title.unwrap_or_else(|| prior.title.clone());
    let description = patch.description.over(prior.description.clone());
    let url = patch.url.over(prior.url.clone());
    let after = tx
        .change::<Entity>(prior, |row| {
            row.search_text.set_if_not_equals(title.to_lowercase());
            row.title.set_if_not_equals(title);
            row.description.set_if_not_equals(description);
            row.url.set_if_not_equals(url);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let linked = link_competencies(tx, after.row.id, patch.competency_ids.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed || linked).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

/// What was accepted is what the ratings stand on.
fn editable(prior: &Model) -> Result<()> {
    if prior.status == PriorLearningStatus::Accepted {
        return Err(Error::new(Code::PriorLearningAccepted, "It is accepted; reopen it to change it."));
    }
    Ok(())
}

/// What prior learning shows, in order.
async fn linked(tx: &Tx, prior: PriorLearningId) -> Result<Vec<CompetencyId>> {
    let of = link::Column::PriorLearningId.eq(prior);
    let links = link::Entity::find().filter(of).order_by_asc(link::Column::CompetencyId).all(&tx.db).await?;
    Ok(links.into_iter().map(|link| link.competency_id).collect())
}

/// Names what prior learning shows, in place of what was named: whether it was something else.
async fn link_competencies(tx: &Tx, prior: PriorLearningId, named: Option<&[CompetencyId]>) -> Result<bool> {
    let Some(named) = named else { return Ok(false) };
    let was = linked(tx, prior).await?;
    for (place, competency) in named.iter().enumerate().filter(|(_, competency)| !was.contains(competency)) {
        tx.refer::<competency::Entity>(*competency, &format!("/competencyIds/{place}")).await?;
    }
    let mut is = named.to_vec();
    is.sort_unstable();
    is.dedup();
    if was == is {
        return Ok(false);
    }
    link::Entity::delete_many().filter(link::Column::PriorLearningId.eq(prior)).exec(&tx.db).await?;
    let rows = is
        .into_iter()
        .map(|competency| link::ActiveModel { prior_learning_id: Set(prior), competency_id: Set(competency) });
    link::Entity::insert_many(rows).exec(&tx.db).await?;
    Ok(true)
}

async fn delete(who: Caller, target: Target<PriorLearningId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let prior = tx.find_at::<Entity>(&target, Action::EditPriorLearning).await?;
    editable(&prior)?;
    let prior = tx.delete::<Entity>(prior).await?;
    tx.record("deleted", &prior, json!({}))?;
    tx.done(&prior).await
}

/// How many times prior learning names competencies of a framework.
pub(super) async fn in_framework(tx: &Tx, framework: CompetencyFrameworkId) -> Result<u64> {
    let all = competency::Entity::find()
        .select_only()
        .column(competency::Column::Id)
        .filter(competency::Column::FrameworkId.eq(framework))
        .into_query();
    Ok(link::Entity::find().filter(link::Column::CompetencyId.in_subquery(all)).count(&tx.db).await?)
}
