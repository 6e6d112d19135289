//! Templates of learning plans: what a cohort is to learn, kept once, and followed by the plans that are made from it (§7).

pub(super) mod follow;

use chrono::{Days, NaiveDate};
use entity::{
    id::LearningPlanTemplateId,
    kind::{Kind, Patch, id, int, line, prose},
    learning::{
        learning_plan,
        learning_plan_template::{ActiveModel, Column, Entity, Model},
    },
    object,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

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
const DAYS: Kind = int(1, 3650);

impl Row for Entity {
    const NAME: &'static str = "LearningPlanTemplate";
    type Id = LearningPlanTemplateId;
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<LearningPlanTemplateId>(), "The id."),
        Column::Title => leaf(TITLE, "What it is called.").sort(),
        Column::Description => leaf(DESCRIPTION, "What it is for."),
        Column::DueInDays => leaf(
            DAYS,
            "When a plan that is made from it is due: so many days after the day of its owner on which it was made.",
        ),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "LearningPlanTemplate",
        "What a cohort is to learn: plans that are assigned from it follow it (§7).",
        "tpl",
        Action::ViewLearningPlanTemplate,
        show,
    )
    .order("created_at", false)
    .external_refs()
    .many("items", "template_id", "LearningPlanTemplateItem", "What is to be learnt.")
    .many("plans", "template_id", "LearningPlan", "The plans that follow it, as far as the caller sees them.");
    Resource { shape, plural: "learningPlanTemplates", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::ManageLearningPlanTemplate;
    vec![
        Verb::create(ManageLearningPlanTemplate, "Make a template of learning plans.", create),
        Verb::upsert(
            ManageLearningPlanTemplate,
            "Make or change the template that another system's name stands for.",
            upsert,
        ),
        Verb::on::<Entity, _, _, _>(
            "update",
            ManageLearningPlanTemplate,
            "Change a template. Its plans keep their titles, descriptions and due dates; they follow its items.",
            update,
        ),
        Verb::on::<Entity, _, _, _>(
            "delete",
            ManageLearningPlanTemplate,
            "Delete a template that no plan follows; it can be restored.",
            delete,
        ),
        Verb::restore::<Entity>(ManageLearningPlanTemplate, "Bring a deleted template back."),
    ]
}

object! {
    /// A template to make.
    NewLearningPlanTemplate {
        /// What it is called, and what plans that are assigned from it are called at first.
        required title: String = TITLE,
        /// What it is for.
        optional description: String = DESCRIPTION,
        /// When a plan that is made from it is due: so many days after the day of its owner on which it was made.
        optional due_in_days: i64 = DAYS,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

object! {
    /// Changes to a template.
    LearningPlanTemplatePatch {
        /// What it is called.
        change title: String = TITLE,
        /// What it is for.
        clear description: String = DESCRIPTION,
        /// When a plan that is made from it from now on is due: so many days after the day on which it was made.
        clear due_in_days: i64 = DAYS,
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

/// Takes a template's turn: who changes it, or makes plans that follow it, waits for who does the same.
pub(super) async fn turn(tx: &Tx, template: LearningPlanTemplateId) -> Result<()> {
    tx.lock(&format!("template {template}")).await
}

/// When a plan is due that is made from a template on a day.
pub(super) fn due_on(template: &Model, today: NaiveDate) -> Option<NaiveDate> {
    let days = template.due_in_days.and_then(|days| u64::try_from(days).ok())?;
    today.checked_add_days(Days::new(days))
}

async fn create(who: Caller, new: NewLearningPlanTemplate) -> Result<Done> {
    who.may(Action::ManageLearningPlanTemplate)?;
    let mut tx = who.begin().await?;
    let template = add(&mut tx, new).await?;
    tx.made(&template).await
}

async fn upsert(who: Caller, external: External, mut new: NewLearningPlanTemplate) -> Result<Done> {
    who.may(Action::ManageLearningPlanTemplate)?;
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let template = tx.find_external::<Entity>(&external, id, Action::ManageLearningPlanTemplate).await?;
        let patch = LearningPlanTemplatePatch {
            title: Some(new.title),
            description: new.description.map_or(Patch::Keep, Patch::Set),
            due_in_days: new.due_in_days.map_or(Patch::Keep, Patch::Set),
            external_refs: new.external_refs,
        };
        let template = revise(&mut tx, template, patch).await?;
        return tx.done(&template).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let template = add(&mut tx, new).await?;
    tx.made(&template).await
}

async fn add(tx: &mut Tx, new: NewLearningPlanTemplate) -> Result<Model> {
    let template = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            search_text: Set(new.title.to_lowercase()),
            title: Set(new.title),
            description: Set(new.description),
            due_in_days: Set(new.due_in_days),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&template, new.external_refs.as_deref()).await?;
    tx.record("created", &template, json!({ "title": template.title }))?;
    Ok(template)
}

async fn update(who: Caller, target: Target<LearningPlanTemplateId>, patch: LearningPlanTemplatePatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let template = tx.find_at::<Entity>(&target, Action::ManageLearningPlanTemplate).await?;
    let template = revise(&mut tx, template, patch).await?;
    tx.done(&template).await
}

async fn revise(tx: &mut Tx, template: Model, patch: LearningPlanTemplatePatch) -> Result<Model> {
    let title = patch.title.unwrap_or_else(|| template.title.clone());
    let description = patch.description.over(template.description.clone());
    let due = patch.due_in_days.over(template.due_in_days);
    let after = tx
        .change::<Entity>(template, |row| {
            row.search_text.set_if_not_equals(title.to_lowercase());
            row.title.set_if_not_equals(title);
            row.description.set_if_not_equals(description);
            row.due_in_days.set_if_not_equals(due);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    Ok(after.row)
}

/// A template that plans follow stays: whoever wants it gone unlinks or deletes them first. Complete ones count, since
/// they may be reopened.
async fn delete(who: Caller, target: Target<LearningPlanTemplateId>, _: Nothing) -> Result<Done> {
    let mut tx = who.begin().await?;
    turn(&tx, target.id).await?;
    let template = tx.find_at::<Entity>(&target, Action::ManageLearningPlanTemplate).await?;
    let plans = learning_plan::Entity::find()
        .filter(learning_plan::Column::OrganizationId.eq(tx.who.organization))
        .filter(learning_plan::Column::TemplateId.eq(template.id))
        .filter(learning_plan::Column::DeletedAt.is_null())
        .count(&tx.db)
        .await?;
    if plans > 0 {
        let error = Error::new(Code::TemplateInUse, "Plans follow this template: unlink them before it is deleted.");
        return Err(error.with(json!({ "plans": plans })));
    }
    let template = tx.delete::<Entity>(template).await?;
    tx.record("deleted", &template, json!({}))?;
    tx.done(&template).await
}
