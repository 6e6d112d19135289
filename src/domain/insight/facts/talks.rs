//! What is known of a person's talks with people who do the work, and of whom they meant to keep in touch with, as far as the caller may see
//! it (§20, §31).

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{CareerGoalId, ContactId, InformationalInterviewId, RoleProfileId},
    jobs::transition_plan::TransitionKind,
    platform::user,
};
use sea_orm::FromQueryResult;

use super::switch::{Plan, Switch};
use crate::{
    domain::{
        community::keep_in_touch,
        error::Result,
        insight::hand::Hand,
        jobs::transition::{
            book::{self, Book},
            place::Role,
        },
        learning::week::day_in,
        look::Look,
        policy::Action,
        spelling::plain,
    },
    read::{shape::shape, sql::Arg},
};

/// How many of a kind are looked at: what matters is told long before.
const MOST: usize = 100;
/// How many talks are looked at.
const TALKS: usize = 1000;

/// Talks, and whom a person meant to keep in touch with.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Talks {
    /// Where they want to go: by their transition plans, and by their goals besides.
    pub aims: Vec<Aim>,
    /// Talks after which nobody was thanked, and the day to do so has come or comes tomorrow.
    pub unthanked: Vec<Unthanked>,
    /// Contacts of whom nothing was heard for longer than was meant.
    pub silent: Vec<Silent>,
}

/// Where somebody wants to go, and how many talks were held about it.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Aim {
    /// The plan or the goal, and its kind as events name it.
    pub subject: (&'static str, String),
    /// What it is called.
    pub title: String,
    /// The role, when it is another one, by its profile.
    pub role_profile_id: Option<RoleProfileId>,
    /// The same, as it is called; none for a goal that names no described role.
    pub role: Option<String>,
    /// The industry, when it is another one.
    pub industry: Option<String>,
    /// How many talks were held about it.
    pub held: usize,
}

#[derive(Clone, Debug, FromQueryResult)]
struct Goal {
    id: CareerGoalId,
    title: String,
    role_profile_id: Option<RoleProfileId>,
    /// What the role is called, when it is a known one.
    role: Option<String>,
    /// What the person does now.
    current: Option<String>,
}

/// A talk that was held, and what it was about: what nobody said of it may have been anything.
#[derive(Clone, Debug, FromQueryResult)]
struct Held {
    role_profile_id: Option<RoleProfileId>,
    role_title: Option<String>,
    industry: Option<String>,
}

/// A talk after which nobody was thanked.
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

/// Loads it in four statements at most, and what the organization calls roles and industries besides.
pub(super) async fn load(look: &Look, person: &user::Model, hand: &Hand, switch: &Switch) -> Result<Talks> {
    let today = day_in(&person.time_zone, look.now);
    let zone = &person.time_zone;
    let mut silent = keep_in_touch::waiting(look, person, today, MOST).await?;
    silent.sort_by_key(|one| (one.due_on(zone), one.id));
    Ok(Talks {
        aims: aims(look, person, hand, switch).await?,
        unthanked: unthanked(look, person).await?,
        silent: silent.into_iter().map(|one| Silent { id: one.id, reason: one.reason(zone), name: one.name }).collect(),
    })
}

/// Whoever may not look at a person's talks does not know how many they held.
async fn aims(look: &Look, person: &user::Model, hand: &Hand, switch: &Switch) -> Result<Vec<Aim>> {
    if !hand.may(Action::ViewRoleReality) {
        return Ok(Vec::new());
    }
    let mut aims = aimed(switch, goals(look, person).await?);
    let held = if aims.is_empty() { Vec::new() } else { held(look, person).await? };
    if held.is_empty() {
        return Ok(aims);
    }
    let read = match &switch.book {
        Some(_) => None,
        None => Some(book::load(look).await?),
    };
    if let Some(book) = read.as_ref().or(switch.book.as_ref()) {
        for aim in &mut aims {
            aim.held = held.iter().filter(|talk| talk.is_about(aim, book)).count();
        }
    }
    Ok(aims)
}

/// The switches that are under way, and the goals that lead to another role and to which none of these leads.
fn aimed(switch: &Switch, goals: Vec<Goal>) -> Vec<Aim> {
    let plans: Vec<Aim> = switch.under_way().map(of_plan).collect();
    let goals = goals.into_iter().filter(|goal| !same(goal.role.as_deref(), goal.current.as_deref()));
    let besides: Vec<Aim> = goals.map(of_goal).filter(|goal| !plans.iter().any(|plan| plan.covers(goal))).collect();
    plans.into_iter().chain(besides).collect()
}

fn of_plan(plan: &Plan) -> Aim {
    let changes = |other| plan.kind == TransitionKind::RoleAndIndustry || plan.kind == other;
    let role = plan.to_role.clone().filter(|_| changes(TransitionKind::Role));
    let industry = plan.to_industry.clone().filter(|_| changes(TransitionKind::Industry));
    Aim {
        subject: ("transition_plan", plan.id.to_string()),
        title: [role.as_deref(), industry.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" in "),
        role_profile_id: plan.to_role_profile_id.filter(|_| role.is_some()),
        role,
        industry,
        held: 0,
    }
}

fn of_goal(goal: Goal) -> Aim {
    Aim {
        subject: ("career_goal", goal.id.to_string()),
        title: goal.role.clone().unwrap_or(goal.title),
        role_profile_id: goal.role_profile_id,
        role: goal.role,
        industry: None,
        held: 0,
    }
}

/// Whether two names are there, and the same however they are written.
fn same(one: Option<&str>, other: Option<&str>) -> bool {
    one.zip(other).is_some_and(|(one, other)| plain(one) == plain(other))
}

impl Aim {
    /// Whether a switch leads to the role of a goal: to the one that it names, or to another one when it names none.
    fn covers(&self, goal: &Self) -> bool {
        let profile = self.role_profile_id.is_some() && self.role_profile_id == goal.role_profile_id;
        self.role.is_some() && (goal.role.is_none() || profile || same(self.role.as_deref(), goal.role.as_deref()))
    }
}

impl Held {
    /// Whether a talk was with somebody who is where one wants to go: in the role, or in the industry. What nobody said of
    /// it may have been that.
    fn is_about(&self, aim: &Aim, book: &Book) -> bool {
        let called = |id: Option<RoleProfileId>, title: &Option<String>| -> Option<Role> {
            let known = book.roles.iter().find(|role| id.is_some() && role.id == id).cloned();
            known.or_else(|| title.as_deref().map(|title| book.role_called(title)))
        };
        let said = called(self.role_profile_id, &self.role_title);
        let role =
            called(aim.role_profile_id, &aim.role).is_some_and(|wanted| said.is_none_or(|said| said.is(&wanted)));
        let industry = aim.industry.as_deref().is_some_and(|wanted| {
            let wanted = book.industry_called(wanted);
            self.industry.as_deref().is_none_or(|name| book.industry_called(name).is(&wanted))
        });
        let nowhere = aim.role.is_none() && aim.industry.is_none();
        nowhere || role || industry
    }
}

async fn goals(look: &Look, person: &user::Model) -> Result<Vec<Goal>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT g.id, g.title, g.target_role_profile_id AS role_profile_id, r.title AS role, p.current_role AS current \
         FROM \"career_goal\" g \
         LEFT JOIN \"role_profile\" r ON r.id = g.target_role_profile_id AND r.organization_id = g.organization_id \
         LEFT JOIN \"career_profile\" p ON p.user_id = g.user_id AND p.organization_id = g.organization_id AND p.deleted_at IS NULL \
         WHERE g.deleted_at IS NULL AND g.achieved_at IS NULL AND g.kind = 'ROLE' AND g.user_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("CareerGoal"), "g", &look.who);
    sql.push(&format!(" ORDER BY g.id LIMIT {MOST}"));
    look.rows(&sql).await
}

async fn held(look: &Look, person: &user::Model) -> Result<Vec<Held>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.role_profile_id, i.role_title, y.industry FROM \"informational_interview\" i \
         LEFT JOIN \"company\" y ON y.id = i.company_id AND y.organization_id = i.organization_id AND y.deleted_at IS NULL \
         WHERE i.deleted_at IS NULL AND i.state IN ('HELD', 'FOLLOWED_UP') AND i.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("InformationalInterview"), "i", &look.who);
    sql.push(&format!(" ORDER BY i.id LIMIT {TALKS}"));
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
    let tomorrow = look.now + TimeDelta::days(1);
    sql.bind(Arg::Time(tomorrow)).push(" AND i.owner_id = ").bind(Arg::Uuid(person.id.0)).push(" AND ");
    sql.visible(shape("InformationalInterview"), "i", &look.who);
    sql.push(&format!(" ORDER BY i.follow_up_due_at, i.id LIMIT {MOST}"));
    look.rows(&sql).await
}

#[cfg(test)]
mod tests;
