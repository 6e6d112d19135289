//! Loads what is known of a person's learning: a statement for each kind of thing, however many there are.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    id::{
        CareerGoalId, CompetencyId, GoalRequirementId, LearningNeedId, LearningPlanId, LearningResourceId, PlanItemId,
    },
    learning::{
        career_profile,
        learning_plan::{self, LearningPlanStatus},
        learning_resource::ResourceKind,
        learning_session,
        plan_item::{Motivation, PlanItemStatus},
    },
    platform::user,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, FromQueryResult, QueryFilter as _, QueryOrder as _};

use super::{DAYS, Item, Learning, Need, Profile, Requirement, Resource};
use crate::{
    domain::{
        error::Result,
        learning::{
            career_profile::phase,
            coverage::standing::{self, Which},
            pace::history,
            week::{day_in, week_of},
        },
        look::Look,
    },
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// Loads what is known of a person's learning.
pub(in crate::domain::insight::facts) async fn load(
    look: &Look,
    person: &user::Model,
    today: NaiveDate,
) -> Result<Learning> {
    let profile = career_profile::Entity::find()
        .filter(career_profile::Column::OrganizationId.eq(look.who.organization))
        .filter(career_profile::Column::UserId.eq(person.id))
        .filter(career_profile::Column::DeletedAt.is_null())
        .one(&look.db)
        .await?;
    let frameworks = standing::load(look, person, Which::Begun).await?;
    let start = profile.as_ref().and_then(|row| row.week_start).unwrap_or(look.who.settings.week_start);
    let week = week_of(today, start);
    Ok(Learning {
        later_phase_active: phase::is_later_active(look, person).await?,
        minutes: minutes(look, person, today).await?,
        target: profile.as_ref().and_then(|row| row.weekly_learning_target_minutes),
        profile: profile.map(|row| Profile { id: row.id, current_role: row.current_role }),
        week,
        pauses: pauses(look, person, today, week).await?,
        items: items(look, person).await?,
        frameworks: frameworks.into_iter().map(|(framework, _)| framework).collect(),
        requirements: requirements(look, person).await?,
        needs: needs(look, person).await?,
        plan: newest_plan(look, person).await?,
    })
}

/// The minutes of each day of the last four weeks, as the person lives them.
async fn minutes(look: &Look, person: &user::Model, today: NaiveDate) -> Result<Vec<(NaiveDate, i64)>> {
    // A day more than is looked at: no time zone is further from UTC.
    let from = look.now - TimeDelta::days(i64::try_from(DAYS).unwrap_or(28) + 1);
    let sessions = learning_session::Entity::find()
        .filter(learning_session::Column::OrganizationId.eq(look.who.organization))
        .filter(learning_session::Column::UserId.eq(person.id))
        .filter(learning_session::Column::StartedAt.gte(from))
        .filter(learning_session::Column::DeletedAt.is_null())
        .all(&look.db)
        .await?;
    let first = today.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(today);
    let mut days = BTreeMap::<NaiveDate, i64>::new();
    for session in sessions {
        let day = day_in(&person.time_zone, session.started_at);
        if (first..=today).contains(&day) {
            *days.entry(day).or_default() += session.minutes;
        }
    }
    Ok(days.into_iter().collect())
}

/// The declared pauses that touch the last four weeks or the week that it is.
async fn pauses(
    look: &Look,
    person: &user::Model,
    today: NaiveDate,
    week: NaiveDate,
) -> Result<Vec<(NaiveDate, NaiveDate)>> {
    let first = today.checked_sub_days(Days::new(DAYS - 1)).unwrap_or(today).min(week);
    let last = week.checked_add_days(Days::new(6)).unwrap_or(week);
    let mut of = history::pauses(look, std::slice::from_ref(person), first).await?;
    let pauses = of.remove(&person.id).unwrap_or_default();
    Ok(pauses.into_iter().filter(|(from, _)| *from <= last).collect())
}

async fn newest_plan(look: &Look, person: &user::Model) -> Result<Option<LearningPlanId>> {
    let newest = learning_plan::Entity::find()
        .filter(learning_plan::Column::OrganizationId.eq(look.who.organization))
        .filter(learning_plan::Column::OwnerId.eq(person.id))
        .filter(learning_plan::Column::Status.ne(LearningPlanStatus::Complete))
        .filter(learning_plan::Column::TemplateId.is_null())
        .filter(learning_plan::Column::DeletedAt.is_null())
        .order_by_desc(learning_plan::Column::CreatedAt)
        .order_by_desc(learning_plan::Column::Id);
    Ok(newest.one(&look.db).await?.map(|plan| plan.id))
}

/// Adds `alias.organization_id = … AND alias.person = …`.
fn of(sql: &mut Sql, look: &Look, alias: &str, column: &str, person: &user::Model) {
    sql.column(alias, "organization_id").push(" = ").bind(Arg::Uuid(look.who.organization.0)).push(" AND ");
    sql.column(alias, column).push(" = ").bind(Arg::Uuid(person.id.0)).push(" ");
}

/// Adds that the caller may know of a competency, or of a framework: what is not visible yet is not told of either.
fn seen(sql: &mut Sql, look: &Look, alias: &str, name: &str) {
    sql.push("AND ").visible(shape(name), alias, &look.who).push(" ");
}

#[derive(FromQueryResult)]
struct ItemRow {
    id: PlanItemId,
    plan_id: LearningPlanId,
    competency_id: CompetencyId,
    name: String,
    status: PlanItemStatus,
    motivation: Motivation,
    proficient: Option<bool>,
    bound: bool,
}

#[derive(FromQueryResult)]
struct ResourceRow {
    item_id: PlanItemId,
    id: LearningResourceId,
    kind: ResourceKind,
    done: bool,
}

#[derive(FromQueryResult)]
struct CourseRow {
    competency_id: CompetencyId,
    id: LearningResourceId,
}

async fn items(look: &Look, person: &user::Model) -> Result<Vec<Item>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.id, i.plan_id, i.competency_id, c.name, i.status, i.motivation, s.proficient, \
         p.template_id IS NOT NULL AS bound FROM \"plan_item\" i \
         JOIN \"learning_plan\" p ON p.id = i.plan_id AND p.deleted_at IS NULL AND p.status <> 'COMPLETE' \
         JOIN \"competency\" c ON c.id = i.competency_id \
         LEFT JOIN \"user_competency\" s ON s.organization_id = i.organization_id AND s.user_id = i.owner_id \
         AND s.competency_id = i.competency_id AND s.deleted_at IS NULL WHERE ",
    );
    of(&mut sql, look, "i", "owner_id", person);
    seen(&mut sql, look, "c", "Competency");
    sql.push("AND i.deleted_at IS NULL AND i.status <> 'DROPPED' ORDER BY i.id");
    let rows = look.rows::<ItemRow>(&sql).await?;
    let mut resources = resources(look, person).await?;
    let courses = courses(look, person).await?;
    let items = rows.into_iter().map(|row| Item {
        id: row.id,
        plan: row.plan_id,
        competency: row.competency_id,
        name: row.name,
        status: row.status,
        motivation: row.motivation,
        proficient: row.proficient == Some(true),
        resources: resources.remove(&row.id).unwrap_or_default(),
        bound: row.bound,
        course: courses.iter().find(|course| course.competency_id == row.competency_id).map(|course| course.id),
    });
    Ok(items.collect())
}

/// What the items are learnt from, and whether the person completed it.
async fn resources(look: &Look, person: &user::Model) -> Result<HashMap<PlanItemId, Vec<Resource>>> {
    let mut sql = look.sql();
    sql.push("SELECT l.plan_item_id AS item_id, r.id, r.kind, EXISTS (SELECT 1 FROM \"completion\" k WHERE ");
    of(&mut sql, look, "k", "user_id", person);
    sql.push(
        "AND k.learning_resource_id = r.id AND k.verb IN ('COMPLETED', 'PASSED') AND k.deleted_at IS NULL) AS done \
         FROM \"plan_item\" i JOIN \"plan_item_resource\" l ON l.plan_item_id = i.id \
         JOIN \"learning_resource\" r ON r.id = l.learning_resource_id AND r.deleted_at IS NULL WHERE ",
    );
    of(&mut sql, look, "i", "owner_id", person);
    sql.push("AND i.deleted_at IS NULL AND i.status <> 'DROPPED' ORDER BY i.id, r.id");
    let mut all = HashMap::<PlanItemId, Vec<Resource>>::new();
    for row in look.rows::<ResourceRow>(&sql).await? {
        all.entry(row.item_id).or_default().push(Resource { id: row.id, kind: row.kind, done: row.done });
    }
    Ok(all)
}

/// The courses that the organization knows for what is in the person's plans, the oldest first.
async fn courses(look: &Look, person: &user::Model) -> Result<Vec<CourseRow>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT l.competency_id, r.id FROM \"learning_resource\" r \
         JOIN \"learning_resource_competency\" l ON l.learning_resource_id = r.id \
         WHERE r.kind = 'COURSE' AND r.deleted_at IS NULL AND r.organization_id = ",
    );
    sql.bind(Arg::Uuid(look.who.organization.0));
    sql.push(" AND l.competency_id IN (SELECT i.competency_id FROM \"plan_item\" i WHERE ");
    of(&mut sql, look, "i", "owner_id", person);
    sql.push("AND i.deleted_at IS NULL) ORDER BY r.created_at, r.id LIMIT 1000");
    look.rows(&sql).await
}

#[derive(FromQueryResult)]
struct RequirementRow {
    id: GoalRequirementId,
    goal_id: CareerGoalId,
    name: String,
    review_by: NaiveDate,
}

async fn requirements(look: &Look, person: &user::Model) -> Result<Vec<Requirement>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT q.id, q.goal_id, c.name, q.review_by FROM \"goal_requirement\" q \
         JOIN \"career_goal\" g ON g.id = q.goal_id AND g.deleted_at IS NULL AND g.achieved_at IS NULL \
         JOIN \"competency\" c ON c.id = q.competency_id WHERE ",
    );
    of(&mut sql, look, "q", "user_id", person);
    seen(&mut sql, look, "c", "Competency");
    sql.push("AND q.deleted_at IS NULL AND q.review_by IS NOT NULL ORDER BY q.id");
    let rows = look.rows::<RequirementRow>(&sql).await?;
    let all = rows.into_iter().map(|row| Requirement {
        id: row.id,
        goal: row.goal_id,
        name: row.name,
        review_by: row.review_by,
    });
    Ok(all.collect())
}

#[derive(FromQueryResult)]
struct NeedRow {
    id: LearningNeedId,
    name: String,
    opened_at: DateTime<Utc>,
    strength: i64,
}

async fn needs(look: &Look, person: &user::Model) -> Result<Vec<Need>> {
    let mut sql = look.sql();
    sql.push("SELECT n.id, c.name, n.opened_at, n.strength FROM \"learning_need\" n JOIN \"competency\" c ON c.id = n.competency_id WHERE ");
    of(&mut sql, look, "n", "user_id", person);
    seen(&mut sql, look, "c", "Competency");
    sql.push("AND n.deleted_at IS NULL AND n.state = 'OPEN' ORDER BY n.id");
    let rows = look.rows::<NeedRow>(&sql).await?;
    Ok(rows
        .into_iter()
        .map(|row| Need { id: row.id, name: row.name, opened_at: row.opened_at, strength: row.strength })
        .collect())
}
