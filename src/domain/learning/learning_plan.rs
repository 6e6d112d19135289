//! Learning plans: what somebody wants to learn, reviewed by a coach, carried out item by item (§7).

mod assign;
pub mod progress;
mod review;
pub mod state;
mod template;

use chrono::NaiveDate;
use entity::{
    id::{CareerGoalId, CompetencyFrameworkId, LearningPlanId, LearningPlanTemplateId, UserId},
    kind::{Kind, Patch, id, int, line, prose, word},
    learning::learning_plan::{ActiveModel, Column, Entity, LearningPlanStatus, Model},
    object,
    platform::user,
    vocabulary::Vocabulary as _,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::{
    career_goal, learning_need,
    learning_plan_template::{due_on, follow::fill, turn},
    plan_item, week,
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
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Seen, Shape, leaf},
    },
};
use progress::OnTrack;

pub(super) const TITLE: Kind = line(1, 200);
pub(super) const DESCRIPTION: Kind = prose(5000);
const COMMENT: Kind = prose(5000);

impl Row for Entity {
    const NAME: &'static str = "LearningPlan";
    type Id = LearningPlanId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

/// How each column is shown.
fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<LearningPlanId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who learns; it never changes.").filter(),
        Column::Title => leaf(TITLE, "What the plan is called.").sort(),
        Column::Description => leaf(DESCRIPTION, "What it is for."),
        Column::Status => leaf(word::<LearningPlanStatus>(), "Where it stands; changed by commands only.").filter(),
        Column::DueOn => leaf(Kind::Date, "When it should be done, a day of its owner.").filter().sort(),
        Column::ReviewerId => leaf(id::<UserId>(), "The coach who reviews it.").filter(),
        Column::ReviewComment => leaf(COMMENT, "What the coach asked to change."),
        Column::ApprovedAt => leaf(Kind::Time, "When it was approved."),
        Column::CompletedAt => leaf(Kind::Time, "When it was completed.").filter(),
        Column::GoalId => leaf(id::<CareerGoalId>(), "The goal that it is for.").filter(),
        Column::TemplateId => {
            leaf(id::<LearningPlanTemplateId>(), "The template that its items follow, until it is unlinked.").filter()
        }
        Column::OriginTemplateId => {
            leaf(id::<LearningPlanTemplateId>(), "The template that it was made from; it never changes.").filter()
        }
        Column::ReviewRequestedAt => {
            leaf(Kind::Time, "Since when it waits for a review, or is in one.").filter().sort()
        }
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The weights of the items that count and are done.
const DONE: Need = Need::aggregate(
    "(SELECT CAST(COALESCE(SUM(i.weight), 0) AS BIGINT) FROM plan_item i WHERE i.plan_id = {t}.id AND i.deleted_at IS NULL \
     AND i.motivation <> 'CURIOSITY' AND i.status = 'DONE')",
    Store::Int,
);
/// The weights of the items that count.
const TOTAL: Need = Need::aggregate(
    "(SELECT CAST(COALESCE(SUM(i.weight), 0) AS BIGINT) FROM plan_item i WHERE i.plan_id = {t}.id AND i.deleted_at IS NULL \
     AND i.motivation <> 'CURIOSITY' AND i.status <> 'DROPPED')",
    Store::Int,
);
const ZONE: Need = Need::aggregate("(SELECT u.time_zone FROM \"user\" u WHERE u.id = {t}.owner_id)", Store::Text);

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "LearningPlan",
        "A person's plan of what to learn (§7).",
        "pln",
        Action::ViewLearningPlan,
        show,
    )
    .order("created_at", false)
    .computed(
        "progress",
        int(0, 100),
        "The weighted share of its items that are done, in whole percent; curiosity and what was dropped do not count.",
        vec![DONE, TOTAL],
        |cells, _| Cell::Int(progress::percent(cells[0].int(), cells[1].int())),
    )
    .computed(
        "onTrack",
        word::<OnTrack>(),
        "Whether the progress fits the time that has passed.",
        vec![
            DONE,
            TOTAL,
            ZONE,
            Need::Column("due_on", Store::Date),
            Need::Column("approved_at", Store::Time),
            Need::Column("created_at", Store::Time),
        ],
        on_track,
    )
    .external_refs()
    .one("owner", "owner_id", "User", "Who learns.")
    .one("reviewer", "reviewer_id", "User", "The coach who reviews it.")
    .one("goal", "goal_id", "CareerGoal", "The goal that it is for.")
    .one("template", "template_id", "LearningPlanTemplate", "The template that its items follow.")
    .one("originTemplate", "origin_template_id", "LearningPlanTemplate", "The template that it was made from.")
    .many("items", "plan_id", "PlanItem", "What is to be learnt.")
    .many(
        "standings",
        "plan_id",
        "PlanStanding",
        "Where its owner stood in its competencies when it was completed; nothing as long as it is not.",
    )
    .list(review::queue());
    Resource { shape, plural: "learningPlans", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{
        ApproveLearningPlan, CloseLearningPlan, CreateLearningPlan, EditLearningPlan, ReviewLearningPlan,
        SubmitLearningPlan,
    };
    vec![
        Verb::create(
            CreateLearningPlan,
            "Start a plan: empty, with an item for every competency of a framework, or following a template.",
            create,
        ),
        Verb::upsert(CreateLearningPlan, "Start or change the plan that another system's name stands for.", upsert),
        Verb::on_collection(
            "assign",
            CreateLearningPlan,
            "Give everybody of a list a plan that follows a template. Who has one already keeps it, and is named in a warning.",
            assign::assign,
        )
        .many(),
        Verb::on::<Entity, _, _, _>("update", EditLearningPlan, "Change a plan.", update),
        Verb::on::<Entity, _, _, _>("delete", EditLearningPlan, "Delete a plan; it can be restored.", delete),
        Verb::on::<Entity, _, _, _>(
            "restore",
            EditLearningPlan,
            "Bring a deleted plan back; one that follows a template catches up with it.",
            template::restore,
        ),
        Verb::on::<Entity, _, _, _>(
            "unlinkFromTemplate",
            EditLearningPlan,
            "Let a plan no longer follow its template: from then on its items are its owner's to change.",
            template::unlink,
        ),
        Verb::on::<Entity, _, _, _>(
            "requestReview",
            SubmitLearningPlan,
            "Ask a coach to look at it.",
            review::request_review,
        ),
        Verb::on::<Entity, _, _, _>(
            "cancelReviewRequest",
            SubmitLearningPlan,
            "Take the request for a review back.",
            review::cancel_review_request,
        ),
        Verb::on::<Entity, _, _, _>(
            "startReview",
            ReviewLearningPlan,
            "Begin to look at it, as its reviewer.",
            review::start_review,
        ),
        Verb::on::<Entity, _, _, _>(
            "stopReview",
            ReviewLearningPlan,
            "Stop looking at it, without a result.",
            review::stop_review,
        ),
        Verb::on::<Entity, _, _, _>(
            "requestChanges",
            ReviewLearningPlan,
            "Say what should change, and give it back.",
            review::request_changes,
        ),
        Verb::on::<Entity, _, _, _>("approve", ApproveLearningPlan, "Approve it: work can begin.", review::approve),
        Verb::on::<Entity, _, _, _>("unapprove", ReviewLearningPlan, "Take the approval back.", review::unapprove),
        Verb::on::<Entity, _, _, _>(
            "complete",
            CloseLearningPlan,
            "Say that it has been carried out; it is read-only then.",
            review::complete,
        ),
        Verb::on::<Entity, _, _, _>(
            "reopen",
            CloseLearningPlan,
            "Go on with a completed plan; one that follows a template catches up with it.",
            review::reopen,
        ),
    ]
}

object! {
    /// A plan to start.
    NewLearningPlan {
        /// What the plan is called.
        required title: String = TITLE,
        /// What it is for.
        optional description: String = DESCRIPTION,
        /// When it should be done, a day of its owner; not in the past.
        optional due_on: NaiveDate = Kind::Date,
        /// Who learns: yourself, unless you plan for somebody who let you.
        optional owner_id: UserId = id::<UserId>(),
        /// The goal that it is for: one of the owner's.
        optional goal_id: CareerGoalId = id::<CareerGoalId>(),
        /// A framework to clone into the plan: an item for each of its competencies that has none below it.
        optional from_framework_id: CompetencyFrameworkId = id::<CompetencyFrameworkId>(),
        /// A template to follow, instead of a framework; its description and its due date stand in for those not given.
        optional from_template_id: LearningPlanTemplateId = id::<LearningPlanTemplateId>(),
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a plan.
    LearningPlanPatch {
        /// What the plan is called.
        change title: String = TITLE,
        /// What it is for.
        clear description: String = DESCRIPTION,
        /// When it should be done, a day of its owner; not in the past when it is set.
        clear due_on: NaiveDate = Kind::Date,
        /// The goal that it is for: one of the owner's.
        clear goal_id: CareerGoalId = id::<CareerGoalId>(),
        /// Changed by commands only: another value is refused with `USE_STATE_COMMAND`.
        change status: LearningPlanStatus = word::<LearningPlanStatus>(),
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

fn on_track(cells: &[Cell], seen: &Seen) -> Cell {
    let [done, total, zone, due, approved, created] = cells else { return Cell::Null };
    let day = |at| week::day_in(zone.text().unwrap_or_default(), at);
    let from = day(approved.time().or(created.time()).unwrap_or(seen.now));
    let percent = progress::percent(done.int(), total.int());
    let track = progress::on_track(percent, from, due.date(), day(seen.now), seen.settings.on_track_tolerance);
    Cell::Text(track.word().to_owned())
}

async fn create(who: Caller, new: NewLearningPlan) -> Result<Done> {
    let mut tx = who.begin().await?;
    let plan = start(&mut tx, new).await?;
    tx.made(&plan).await
}

async fn upsert(who: Caller, external: External, mut new: NewLearningPlan) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        template::take_turn(&tx, id.into()).await?;
        let (plan, life) = tx.find_either::<Entity>(&external, id, Action::EditLearningPlan).await?;
        let plan = if life == Life::Deleted { template::come_back(&mut tx, plan).await? } else { plan };
        let patch = LearningPlanPatch {
            title: Some(new.title),
            description: new.description.map_or(Patch::Keep, Patch::Set),
            due_on: new.due_on.map_or(Patch::Keep, Patch::Set),
            goal_id: new.goal_id.map_or(Patch::Keep, Patch::Set),
            status: None,
            owner_id: new.owner_id,
            external_refs: new.external_refs,
        };
        let plan = revise(&mut tx, plan, patch).await?;
        return tx.done(&plan).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let plan = start(&mut tx, new).await?;
    tx.made(&plan).await
}

pub(super) async fn start(tx: &mut Tx, new: NewLearningPlan) -> Result<Model> {
    if let Some(template) = new.from_template_id {
        turn(tx, template).await?;
    }
    let owner = for_whom(tx, new.owner_id, "/ownerId").await?;
    career_goal::of_owner(tx, new.goal_id, owner.id).await?;
    let today = week::day_in(&owner.time_zone, tx.now);
    due_is_ahead(new.due_on, None, today)?;
    let template = template::to_follow(tx, &new, owner.id).await?;
    let due = new.due_on.or(template.as_ref().and_then(|template| due_on(template, today)));
    let plan = tx
        .insert::<Entity>(ActiveModel {
            goal_id: Set(new.goal_id),
            description: Set(new.description.or(template.as_ref().and_then(|template| template.description.clone()))),
            due_on: Set(due),
            template_id: Set(template.as_ref().map(|template| template.id)),
            origin_template_id: Set(template.as_ref().map(|template| template.id)),
            ..blank(tx, owner.id, new.title)
        })
        .await?;
    tx.refs(&plan, new.external_refs.as_deref()).await?;
    if let Some(framework) = new.from_framework_id {
        plan_item::fill_from_framework(tx, &plan, framework).await?;
    }
    if let Some(template) = &template {
        fill(tx, std::slice::from_ref(&plan), template).await?;
    }
    tx.record("created", &plan, json!({ "title": plan.title }))?;
    Ok(plan)
}

/// A plan with everything set that is the same for all new ones.
fn blank(tx: &Tx, owner: UserId, title: String) -> ActiveModel {
    ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        owner_id: Set(owner),
        search_text: Set(title.to_lowercase()),
        title: Set(title),
        description: Set(None),
        status: Set(LearningPlanStatus::Draft),
        due_on: Set(None),
        reviewer_id: Set(None),
        review_comment: Set(None),
        approved_at: Set(None),
        completed_at: Set(None),
        goal_id: Set(None),
        template_id: Set(None),
        origin_template_id: Set(None),
        review_requested_at: Set(None),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    }
}

/// Who the plan is for: the caller, or somebody who let them plan.
pub(super) async fn for_whom(tx: &Tx, wanted: Option<UserId>, pointer: &str) -> Result<user::Model> {
    let id = wanted
        .or(tx.who.user())
        .ok_or_else(|| Error::field(Code::OwnerRequired, pointer, "A machine names whom it plans for."))?;
    match tx.find::<user::Entity>(id, Action::PlanFor).await {
        Err(error) if error.code() == Code::NotFound => {
            Err(Error::field(Code::ReferenceUnknown, pointer, "There is no such person."))
        }
        other => other,
    }
}

/// A due date is not in the past when it is set; one that was there already may be.
pub(super) fn due_is_ahead(due: Option<NaiveDate>, was: Option<NaiveDate>, today: NaiveDate) -> Result<()> {
    match due {
        Some(day) if due != was && day < today => {
            Err(Error::field(Code::DueDatePast, "/dueOn", "The due date is in the past."))
        }
        _ => Ok(()),
    }
}

async fn update(who: Caller, target: Target<LearningPlanId>, patch: LearningPlanPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let plan = tx.find_at::<Entity>(&target, Action::EditLearningPlan).await?;
    let plan = revise(&mut tx, plan, patch).await?;
    tx.done(&plan).await
}

async fn revise(tx: &mut Tx, plan: Model, patch: LearningPlanPatch) -> Result<Model> {
    editable(&plan)?;
    untouchable(&plan, &patch)?;
    let owner = tx.find::<user::Entity>(plan.owner_id, Action::PlanFor).await?;
    let due = patch.due_on.over(plan.due_on);
    due_is_ahead(due, plan.due_on, week::day_in(&owner.time_zone, tx.now))?;
    let goal = patch.goal_id.over(plan.goal_id);
    if goal != plan.goal_id {
        career_goal::of_owner(tx, goal, owner.id).await?;
    }
    let description = patch.description.over(plan.description.clone());
    let title = patch.title.unwrap_or_else(|| plan.title.clone());
    let after = tx
        .change::<Entity>(plan, |row| {
            row.search_text.set_if_not_equals(title.to_lowercase());
            row.title.set_if_not_equals(title);
            row.description.set_if_not_equals(description);
            row.due_on.set_if_not_equals(due);
            row.goal_id.set_if_not_equals(goal);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

/// A completed plan is read-only.
pub(super) fn editable(plan: &Model) -> Result<()> {
    if plan.status == LearningPlanStatus::Complete {
        return Err(Error::new(Code::PlanCompleted, "The plan is complete; reopen it to change it."));
    }
    Ok(())
}

/// The status is changed by commands, and the owner never.
fn untouchable(plan: &Model, patch: &LearningPlanPatch) -> Result<()> {
    if patch.status.is_some_and(|status| status != plan.status) {
        return Err(Error::field(
            Code::UseStateCommand,
            "/status",
            "The status is changed by commands such as approve.",
        ));
    }
    if patch.owner_id.is_some_and(|owner| owner != plan.owner_id) {
        return Err(Error::field(Code::OwnerImmutable, "/ownerId", "The owner never changes."));
    }
    Ok(())
}

async fn delete(who: Caller, target: Target<LearningPlanId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let plan = tx.find_at::<Entity>(&target, Action::EditLearningPlan).await?;
    editable(&plan)?;
    let plan = tx.delete::<Entity>(plan).await?;
    tx.record("deleted", &plan, json!({}))?;
    let items = plan_item::ids_of(&tx, plan.id).await?;
    learning_need::unplanned(&mut tx, &items).await?;
    tx.done(&plan).await
}
