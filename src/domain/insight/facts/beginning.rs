//! What somebody has begun with: counted, as far as the caller may see it, and what their profile says.

use entity::{
    id::{CareerGoalId, CareerProfileId, ContactId, RoleProfileId},
    platform::user,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{shape::shape, sql::Arg},
};

/// What somebody has begun with.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Beginning {
    /// Whether they look themselves: then what is not there is not there.
    pub own: bool,
    /// What their profile says.
    pub profile: Option<Profile>,
    /// How much there is of each thing.
    pub counts: Counts,
    /// A goal that is not reached and leads to a described role: the oldest.
    pub role_goal: Option<RoleGoal>,
    /// Some of the people whom they know and have not asked for a talk, the longest without a word first.
    pub contacts: Vec<Contact>,
}

/// What a profile says of where somebody is.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Profile {
    pub id: CareerProfileId,
    pub current_role: Option<String>,
}

/// How much there is of each thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub(in crate::domain::insight) struct Counts {
    pub plans: i64,
    pub goals: i64,
    pub sessions: i64,
    pub contacts: i64,
    pub projects: i64,
    pub entries: i64,
    pub searches: i64,
    pub postings: i64,
}

/// A goal that leads to a role.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct RoleGoal {
    pub id: CareerGoalId,
    pub role: RoleProfileId,
    /// What the role is called.
    pub title: String,
}

/// Somebody whom they know.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Contact {
    pub id: ContactId,
    pub name: String,
    pub role: Option<String>,
    pub industry: Option<String>,
}

/// What is counted: the name, the table, the column of whose it is, and the resource.
const COUNTED: [(&str, &str, &str, &str); 8] = [
    ("plans", "learning_plan", "owner_id", "LearningPlan"),
    ("goals", "career_goal", "user_id", "CareerGoal"),
    ("sessions", "learning_session", "user_id", "LearningSession"),
    ("contacts", "contact", "owner_id", "Contact"),
    ("projects", "project", "owner_id", "Project"),
    ("entries", "portfolio_entry", "owner_id", "PortfolioEntry"),
    ("searches", "job_search", "owner_id", "JobSearch"),
    ("postings", "job_posting", "owner_id", "JobPosting"),
];

/// Loads it in three statements.
pub(super) async fn load(look: &Look, person: &user::Model, profile: Option<Profile>) -> Result<Beginning> {
    Ok(Beginning {
        own: look.who.user() == Some(person.id),
        profile,
        counts: counts(look, person).await?,
        role_goal: role_goal(look, person).await?,
        contacts: contacts(look, person).await?,
    })
}

async fn counts(look: &Look, person: &user::Model) -> Result<Counts> {
    let mut sql = look.sql();
    sql.push("SELECT ");
    for (place, (name, table, column, resource)) in COUNTED.into_iter().enumerate() {
        if place > 0 {
            sql.push(", ");
        }
        sql.push("(SELECT CAST(COUNT(*) AS BIGINT) FROM \"").push(table).push("\" t WHERE t.deleted_at IS NULL AND ");
        sql.column("t", column).push(" = ").bind(Arg::Uuid(person.id.0)).push(" AND ");
        sql.visible(shape(resource), "t", &look.who).push(") AS ").push(name);
    }
    Ok(look.row(&sql).await?.unwrap_or_default())
}

async fn role_goal(look: &Look, person: &user::Model) -> Result<Option<RoleGoal>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT g.id, r.id AS role, r.title FROM \"career_goal\" g \
         JOIN \"role_profile\" r ON r.id = g.target_role_profile_id AND r.deleted_at IS NULL \
         WHERE g.deleted_at IS NULL AND g.achieved_at IS NULL AND g.user_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("CareerGoal"), "g", &look.who);
    sql.push(" ORDER BY g.created_at, g.id LIMIT 1");
    look.row(&sql).await
}

async fn contacts(look: &Look, person: &user::Model) -> Result<Vec<Contact>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT c.id, c.name, c.role, y.industry FROM \"contact\" c \
         LEFT JOIN \"company\" y ON y.id = c.company_id \
         WHERE c.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM \"informational_interview\" i WHERE i.contact_id = c.id \
         AND i.organization_id = c.organization_id AND i.deleted_at IS NULL) AND c.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("Contact"), "c", &look.who);
    sql.push(" ORDER BY c.last_interaction_at IS NOT NULL, c.last_interaction_at, c.id LIMIT 100");
    look.rows(&sql).await
}
