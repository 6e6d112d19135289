//! What is known of a person's talks with people who do the work, and of whom they meant to keep in touch with, as far as the caller may see
//! it (§20, §31).

use chrono::{DateTime, Utc};
use entity::{
    id::{CareerGoalId, ContactId, InformationalInterviewId, RoleProfileId},
    platform::user,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{
        community::keep_in_touch,
        error::{Code, Result},
        learning::week::day_in,
        look::Look,
        policy::Action,
    },
    read::{shape::shape, sql::Arg},
};

/// How many of a kind are looked at: what matters is told long before.
const MOST: usize = 100;

/// Talks, and whom a person meant to keep in touch with.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Talks {
    /// The roles that are aimed at.
    pub aims: Vec<Aim>,
    /// Talks after which nobody was thanked in time.
    pub unthanked: Vec<Unthanked>,
    /// Contacts of whom nothing was heard for longer than was meant.
    pub silent: Vec<Silent>,
}

/// A role that is aimed at, and how many talks were held about it.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Aim {
    pub id: CareerGoalId,
    pub title: String,
    pub role_profile_id: Option<RoleProfileId>,
    /// What the role is called, when it is a known one.
    pub role: Option<String>,
    /// What the person does now.
    pub current: Option<String>,
    pub held: i64,
}

/// A talk after which nobody was thanked in time.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Unthanked {
    pub id: InformationalInterviewId,
    pub contact_id: ContactId,
    /// Who it was, for whoever may see them.
    pub name: Option<String>,
    pub follow_up_due_at: DateTime<Utc>,
}

/// A contact of whom nothing was heard for longer than was meant.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Silent {
    pub id: ContactId,
    pub name: String,
    pub reason: String,
}

/// Loads it in four statements at most.
pub(super) async fn load(look: &Look, person: &user::Model) -> Result<Talks> {
    let today = day_in(&person.time_zone, look.now);
    let zone = &person.time_zone;
    let mut silent = keep_in_touch::waiting(look, person, today, MOST).await?;
    silent.sort_by_key(|one| (one.due_on(zone), one.id));
    Ok(Talks {
        aims: aims(look, person).await?,
        unthanked: unthanked(look, person).await?,
        silent: silent.into_iter().map(|one| Silent { id: one.id, reason: one.reason(zone), name: one.name }).collect(),
    })
}

/// Whoever may not look at a person's talks does not know how many they held.
async fn aims(look: &Look, person: &user::Model) -> Result<Vec<Aim>> {
    match look.find::<user::Entity>(person.id, Action::ViewRoleReality).await {
        Ok(_) => {}
        Err(error) if matches!(error.code(), Code::NotFound | Code::Forbidden | Code::InsufficientScope) => {
            return Ok(Vec::new());
        }
        Err(error) => return Err(error),
    }
    let mut sql = look.sql();
    sql.push(
        "SELECT g.id, g.title, g.target_role_profile_id AS role_profile_id, r.title AS role, p.current_role AS current, \
         (SELECT CAST(COUNT(*) AS BIGINT) FROM \"informational_interview\" i WHERE i.organization_id = g.organization_id \
         AND i.owner_id = g.user_id AND i.deleted_at IS NULL AND i.state IN ('HELD', 'FOLLOWED_UP') \
         AND (i.role_profile_id IS NULL OR g.target_role_profile_id IS NULL OR i.role_profile_id = g.target_role_profile_id)) AS held \
         FROM \"career_goal\" g \
         LEFT JOIN \"role_profile\" r ON r.id = g.target_role_profile_id AND r.organization_id = g.organization_id \
         LEFT JOIN \"career_profile\" p ON p.user_id = g.user_id AND p.organization_id = g.organization_id AND p.deleted_at IS NULL \
         WHERE g.deleted_at IS NULL AND g.achieved_at IS NULL AND g.kind = 'ROLE' AND g.user_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("CareerGoal"), "g", &look.who);
    sql.push(&format!(" ORDER BY g.id LIMIT {MOST}"));
    look.rows(&sql).await
}

async fn unthanked(look: &Look, person: &user::Model) -> Result<Vec<Unthanked>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.id, i.contact_id, c.name, i.follow_up_due_at FROM \"informational_interview\" i \
         LEFT JOIN \"contact\" c ON c.id = i.contact_id AND c.deleted_at IS NULL AND ",
    );
    sql.visible(shape("Contact"), "c", &look.who)
        .push(" WHERE i.deleted_at IS NULL AND i.state = 'HELD' AND i.follow_up_due_at <= ");
    sql.bind(Arg::Time(look.now)).push(" AND i.owner_id = ").bind(Arg::Uuid(person.id.0)).push(" AND ");
    sql.visible(shape("InformationalInterview"), "i", &look.who);
    sql.push(&format!(" ORDER BY i.follow_up_due_at, i.id LIMIT {MOST}"));
    look.rows(&sql).await
}
