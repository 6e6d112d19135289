//! Counts what a report tells by group, in the database: rows come back by group, week and amount, never by person.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::{
    id::{CompetencyFrameworkId, OrganizationId, RoleProfileId, UserId},
    learning::{career_goal::CareerGoalKind, learning_plan::LearningPlanStatus},
    platform::membership::Role,
    vocabulary::{Set, Vocabulary as _},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::{ReportGrouping, fold::Counted};
use crate::{
    domain::{
        error::Result,
        look::Look,
        report::{disclosure::STEP, period::Weeks},
    },
    read::{
        shape::shape,
        sql::{Arg, Dialect, Sql},
    },
};

/// The first Monday after the epoch.
const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 5) {
    Some(monday) => monday,
    None => NaiveDate::MIN,
};

/// Whom a report is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Population {
    /// Everybody who learns here.
    Everybody,
    /// One person.
    One(UserId),
}

/// What is asked for.
#[derive(Clone, Copy)]
struct Asked {
    organization: OrganizationId,
    population: Population,
    grouping: ReportGrouping,
}

#[derive(FromQueryResult)]
struct SizeRow {
    grp: Option<String>,
    people: i64,
}

#[derive(FromQueryResult)]
struct PlanRow {
    grp: Option<String>,
    status: LearningPlanStatus,
    plans: i64,
    people: i64,
}

#[derive(FromQueryResult)]
struct AmountRow {
    grp: Option<String>,
    week: i64,
    amount: i64,
    people: i64,
}

/// Counts everything, by group: each person is in one. Four statements, whatever the number of people.
pub(super) async fn counted(
    look: &Look,
    population: Population,
    grouping: ReportGrouping,
    weeks: Weeks,
) -> Result<Vec<(Option<String>, Counted)>> {
    let asked = Asked { organization: look.who.organization, population, grouping };
    let count = weeks.mondays().count();
    let mut all = BTreeMap::<Option<String>, Counted>::new();
    for row in look.rows::<SizeRow>(&sizes(look, asked)).await? {
        let one = all.entry(row.grp).or_default();
        one.people += row.people;
        one.weeks.resize_with(count, Default::default);
    }
    for row in look.rows::<PlanRow>(&plans(look, asked)).await? {
        let place = LearningPlanStatus::ALL.iter().position(|status| *status == row.status);
        if let (Some(one), Some(place)) = (all.get_mut(&row.grp), place) {
            one.plans[place] = (row.plans, row.people);
        }
    }
    for row in look.rows::<AmountRow>(&progress(look, asked)).await? {
        if let Some(one) = all.get_mut(&row.grp) {
            *one.progress.0.entry(row.amount).or_default() += row.people;
        }
    }
    for row in look.rows::<AmountRow>(&pace(look, asked, weeks)).await? {
        let week = usize::try_from(row.week).ok();
        if let Some(week) = all.get_mut(&row.grp).zip(week).and_then(|(one, week)| one.weeks.get_mut(week)) {
            *week.0.entry(row.amount).or_default() += row.people;
        }
    }
    Ok(all.into_iter().collect())
}

/// Begins a statement with everybody whom it is about, each with their group: worked out once for each person.
fn people(look: &Look, asked: Asked) -> Sql {
    let mut sql = look.sql();
    sql.push("WITH ");
    persons(&mut sql, asked);
    sql
}

/// Everybody who learns here, each with their group, as the table `person` of a statement.
pub(in crate::domain) fn learners(sql: &mut Sql, organization: OrganizationId, grouping: ReportGrouping) {
    persons(sql, Asked { organization, population: Population::Everybody, grouping });
}

fn persons(sql: &mut Sql, asked: Asked) {
    sql.push("person AS MATERIALIZED (SELECT m.user_id AS id, ");
    group(sql, asked.grouping);
    sql.push(" AS grp FROM \"membership\" m JOIN \"user\" u ON u.id = m.user_id AND u.deleted_at IS NULL ");
    sql.push("WHERE m.deleted_at IS NULL AND m.organization_id = ").bind(Arg::Uuid(asked.organization.0));
    match asked.population {
        Population::Everybody => {
            let learners = Set::EMPTY.with(Role::Learner).bits();
            sql.push(" AND (m.roles & ").bind(Arg::Int(learners)).push(") <> 0) ");
        }
        Population::One(id) => {
            sql.push(" AND m.user_id = ").bind(Arg::Uuid(id.0)).push(") ");
        }
    }
}

/// Adds the group of a member `m` as text, or null.
fn group(sql: &mut Sql, grouping: ReportGrouping) {
    let id = |dialect: Dialect, id: &str| match dialect {
        Dialect::Sqlite => format!("lower(hex({id}))"),
        Dialect::Postgres => format!("CAST({id} AS text)"),
    };
    // The newest goal that is not reached.
    let goal = "WHERE g.organization_id = m.organization_id AND g.user_id = m.user_id AND g.deleted_at IS NULL \
                AND g.achieved_at IS NULL ORDER BY g.created_at DESC, g.id DESC LIMIT 1)";
    let dialect = sql.dialect;
    match grouping {
        ReportGrouping::None => sql.push("CAST(NULL AS text)"),
        ReportGrouping::GoalKind => sql.push("(SELECT g.kind FROM \"career_goal\" g ").push(goal),
        ReportGrouping::RoleProfile => sql.push(&format!(
            "(SELECT {} FROM \"career_goal\" g JOIN \"role_profile\" r ON r.id = g.target_role_profile_id \
             AND r.organization_id = g.organization_id AND r.deleted_at IS NULL {goal}",
            id(dialect, "r.id")
        )),
        ReportGrouping::Framework => sql.push(&format!(
            "(SELECT {} FROM \"plan_item\" i JOIN \"learning_plan\" l ON l.id = i.plan_id AND l.deleted_at IS NULL \
             JOIN \"competency\" c ON c.id = i.competency_id \
             JOIN \"competency_framework\" f ON f.id = c.framework_id AND f.visible = TRUE AND f.deleted_at IS NULL \
             WHERE i.organization_id = m.organization_id AND i.owner_id = m.user_id AND i.deleted_at IS NULL \
             AND i.status <> 'DROPPED' GROUP BY c.framework_id ORDER BY COUNT(*) DESC, c.framework_id LIMIT 1)",
            id(dialect, "c.framework_id")
        )),
        ReportGrouping::JoinedMonth => sql.push(match dialect {
            Dialect::Sqlite => "substr(m.created_at, 1, 7)",
            Dialect::Postgres => "to_char(m.created_at AT TIME ZONE 'UTC', 'YYYY-MM')",
        }),
    };
}

fn sizes(look: &Look, asked: Asked) -> Sql {
    let mut sql = people(look, asked);
    sql.push("SELECT p.grp, CAST(COUNT(*) AS BIGINT) AS people FROM person p GROUP BY p.grp");
    sql
}

fn plans(look: &Look, asked: Asked) -> Sql {
    let mut sql = people(look, asked);
    sql.push(
        "SELECT p.grp, l.status, CAST(COUNT(*) AS BIGINT) AS plans, CAST(COUNT(DISTINCT l.owner_id) AS BIGINT) AS people \
         FROM person p JOIN \"learning_plan\" l ON l.owner_id = p.id AND l.deleted_at IS NULL AND l.organization_id = ",
    );
    sql.bind(Arg::Uuid(asked.organization.0)).push(" GROUP BY p.grp, l.status");
    sql
}

/// How many people have which progress: what is done of everything that counts in plans that were approved.
fn progress(look: &Look, asked: Asked) -> Sql {
    let mut sql = people(look, asked);
    sql.push(
        ", done AS (SELECT p.id, p.grp, CAST(SUM(CASE WHEN i.status = 'DONE' THEN i.weight ELSE 0 END) AS BIGINT) AS done, \
         CAST(SUM(i.weight) AS BIGINT) AS total FROM person p \
         JOIN \"learning_plan\" l ON l.owner_id = p.id AND l.deleted_at IS NULL AND l.status IN ('ACTIVE', 'COMPLETE') \
         JOIN \"plan_item\" i ON i.plan_id = l.id AND i.deleted_at IS NULL AND i.motivation <> 'CURIOSITY' \
         AND i.status <> 'DROPPED' WHERE l.organization_id = ",
    );
    sql.bind(Arg::Uuid(asked.organization.0)).push(
        " GROUP BY p.id, p.grp HAVING SUM(i.weight) > 0) \
         SELECT d.grp, CAST(0 AS BIGINT) AS week, CAST(d.done * 100 / d.total AS BIGINT) AS amount, \
         CAST(COUNT(*) AS BIGINT) AS people FROM done d GROUP BY d.grp, d.done * 100 / d.total",
    );
    sql
}

/// How many people learnt how long in which week: in steps, but for one person.
fn pace(look: &Look, asked: Asked, weeks: Weeks) -> Sql {
    let mut sql = people(look, asked);
    sql.push(
        ", lived AS (SELECT d.user_id, d.week, SUM(d.minutes) AS minutes FROM \"learning_day\" d WHERE d.organization_id = ",
    );
    sql.bind(Arg::Uuid(asked.organization.0));
    if let Population::One(id) = asked.population {
        sql.push(" AND d.user_id = ").bind(Arg::Uuid(id.0));
    }
    let (first, last) = (Arg::Int(week_number(weeks.from)), Arg::Int(week_number(weeks.to)));
    sql.push(" AND d.week >= ").bind(first.clone()).push(" AND d.week <= ").bind(last);
    let step = match asked.population {
        Population::Everybody => STEP,
        Population::One(_) => 1,
    };
    sql.push(" GROUP BY d.week, d.user_id), amount AS (SELECT v.week - ").bind(first).push(" AS week, p.grp, ");
    sql.push("CAST(v.minutes AS BIGINT) / ").bind(Arg::Int(step)).push(" * ").bind(Arg::Int(step)).push(
        " AS amount FROM lived v JOIN person p ON p.id = v.user_id) \
         SELECT a.grp, CAST(a.week AS BIGINT) AS week, CAST(a.amount AS BIGINT) AS amount, \
         CAST(COUNT(*) AS BIGINT) AS people FROM amount a GROUP BY a.week, a.amount, a.grp",
    );
    sql
}

/// The number of the week that a day is in, as `learning_day` counts: from the Monday after the epoch.
fn week_number(day: NaiveDate) -> i64 {
    (day - EPOCH).num_days().div_euclid(7)
}

/// What roles and frameworks are called, by the keys of their groups.
pub(in crate::domain::report) type Names = HashMap<String, String>;

#[derive(FromQueryResult)]
struct NameRow {
    id: Uuid,
    name: String,
}

/// Looks up what the groups that are told are called.
pub(in crate::domain::report) async fn names<'a>(
    look: &Look,
    grouping: ReportGrouping,
    keys: impl Iterator<Item = &'a str>,
) -> Result<Names> {
    let shape = match grouping {
        ReportGrouping::RoleProfile => shape("RoleProfile"),
        ReportGrouping::Framework => shape("CompetencyFramework"),
        _ => return Ok(Names::new()),
    };
    let ids: HashMap<Uuid, &str> = keys.filter_map(|key| Some((Uuid::parse_str(key).ok()?, key))).collect();
    let mut sql = look.sql();
    sql.push("SELECT t.id, t.title AS name FROM \"").push(shape.table).push("\" t WHERE ");
    sql.tenant(shape, "t", &look.who).push(" AND t.deleted_at IS NULL AND t.id");
    sql.among(Arg::Uuids(ids.keys().copied().collect()));
    let rows = look.rows::<NameRow>(&sql).await?;
    Ok(rows.into_iter().filter_map(|row| Some(((*ids.get(&row.id)?).to_owned(), row.name))).collect())
}

/// A group's key and name as they are shown.
pub(in crate::domain::report) fn shown(
    grouping: ReportGrouping,
    key: &str,
    names: &Names,
) -> (Option<String>, Option<String>) {
    let id = Uuid::parse_str(key).ok();
    match grouping {
        ReportGrouping::RoleProfile => (id.map(|id| RoleProfileId(id).to_string()), names.get(key).cloned()),
        ReportGrouping::Framework => (id.map(|id| CompetencyFrameworkId(id).to_string()), names.get(key).cloned()),
        ReportGrouping::GoalKind => {
            let words = CareerGoalKind::WORDS.words.iter();
            let named = words.clone().find(|word| word.name == key).map(|word| word.doc.trim().trim_end_matches('.'));
            (Some(key.to_owned()), named.map(str::to_owned))
        }
        ReportGrouping::JoinedMonth => {
            let first = format!("{key}-01").parse::<NaiveDate>().ok();
            (Some(key.to_owned()), first.map(|day| day.format("%B %Y").to_string()))
        }
        ReportGrouping::None => (None, None),
    }
}
