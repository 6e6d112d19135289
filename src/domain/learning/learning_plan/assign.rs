//! Assigning a template to a cohort: a plan for everybody, all or none (§7).

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    id::{LearningPlanTemplateId, UserId},
    kind::{Kind, id},
    learning::{
        learning_plan::{ActiveModel, Column, Entity, Model},
        learning_plan_template as template,
    },
    object,
    platform::user,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::{
    super::{
        learning_plan_template::{due_on, follow::fill, turn},
        week,
    },
    blank, due_is_ahead,
};
use crate::domain::{caller::Caller, error::Result, policy::Action, tx::Tx, verb::Done};

const PERSON: Kind = id::<UserId>();

object! {
    /// What to assign, and to whom.
    TemplateAssignment {
        /// The template.
        required template_id: LearningPlanTemplateId = id::<LearningPlanTemplateId>(),
        /// Who is to learn: people for whom the caller may plan. Machines plan for everybody, people for themselves and
        /// for those who let them by a grant of `learning:write`.
        required user_ids: Vec<UserId> = Kind::List { of: &PERSON, min: 1, max: 200 },
        /// When all of them are to be done; without it, as the template says.
        optional due_on: NaiveDate = Kind::Date,
    }
}

/// Gives everybody a plan that follows the template. Whoever has one keeps it: the answer shows it in its place.
pub(super) async fn assign(who: Caller, asked: TemplateAssignment) -> Result<Done> {
    let mut tx = who.begin().await?;
    turn(&tx, asked.template_id).await?;
    let template = tx.refer::<template::Entity>(asked.template_id, "/templateId").await?;
    let mut people = tx.find_all::<user::Entity>(&asked.user_ids, Action::PlanFor, "/userIds").await?;
    let mut named = Vec::with_capacity(people.len());
    people.retain(|person| {
        let new = !named.contains(&person.id);
        named.push(person.id);
        new
    });
    let known = following(&tx, template.id, &named).await?;
    warn(&mut tx, &people, &known);
    // What does not do for somebody is refused, whether they need a plan or not.
    let rows = people.iter().map(|person| row(&tx, &template, person, asked.due_on)).collect::<Result<Vec<_>>>()?;
    let new = |(person, _): &(&user::Model, _)| !known.contains_key(&person.id);
    let rows = people.iter().zip(rows).filter(new).map(|(_, row)| row).collect();
    let plans = tx.insert_all::<Entity>(rows).await?;
    fill(&mut tx, &plans, &template).await?;
    for plan in &plans {
        tx.record("assigned", plan, json!({ "title": plan.title, "templateId": template.id }))?;
    }
    let made = !plans.is_empty();
    let all: HashMap<UserId, Model> =
        known.into_iter().chain(plans.into_iter().map(|plan| (plan.owner_id, plan))).collect();
    let ids = people.iter().filter_map(|person| all.get(&person.id)).map(|plan| plan.id.0).collect();
    tx.finish(ids, made).await
}

/// The plans of people that follow a template: one of each at most.
pub(super) async fn following(
    tx: &Tx,
    template: LearningPlanTemplateId,
    people: &[UserId],
) -> Result<HashMap<UserId, Model>> {
    let known = Entity::find()
        .filter(Column::OrganizationId.eq(tx.who.organization))
        .filter(Column::TemplateId.eq(template))
        .filter(Column::OwnerId.is_in(people.iter().copied()))
        .filter(Column::DeletedAt.is_null())
        .all(&tx.db)
        .await?;
    Ok(known.into_iter().map(|plan| (plan.owner_id, plan)).collect())
}

fn warn(tx: &mut Tx, people: &[user::Model], known: &HashMap<UserId, Model>) {
    let already: Vec<UserId> = people.iter().map(|person| person.id).filter(|id| known.contains_key(id)).collect();
    if already.is_empty() {
        return;
    }
    let names: Vec<String> = already.iter().map(ToString::to_string).collect();
    let message = format!("These people have a plan that follows the template, and keep it: {}.", names.join(", "));
    tx.warn_with("ALREADY_ASSIGNED", message, json!({ "userIds": already }));
}

fn row(tx: &Tx, template: &template::Model, person: &user::Model, due: Option<NaiveDate>) -> Result<ActiveModel> {
    let today = week::day_in(&person.time_zone, tx.now);
    due_is_ahead(due, None, today)?;
    Ok(ActiveModel {
        description: Set(template.description.clone()),
        due_on: Set(due.or(due_on(template, today))),
        template_id: Set(Some(template.id)),
        origin_template_id: Set(Some(template.id)),
        ..blank(tx, person.id, template.title.clone())
    })
}
