//! Counts what a report of projects tells by group, in the database: one statement, whatever the number of projects.

use std::collections::BTreeMap;

use entity::{currency::Currency, id::UserId, money::Amount, projects::budget::BudgetCategory};
use sea_orm::FromQueryResult;

use super::{
    fold::{Counted, Measure},
    told::ScopingAmounts,
};
use crate::{
    domain::{
        error::Result,
        look::Look,
        report::learning::{ReportGrouping, load::learners},
    },
    read::{
        shape::shape,
        sql::{Arg, Dialect, Sql},
    },
};

/// Which projects a report is about.
#[derive(Clone, Copy, Debug)]
pub(super) enum Projects {
    /// Those that the caller sees, or one person's of them.
    Seen(Option<UserId>),
    /// All those of people who learn here, by what these are told apart.
    Organization(ReportGrouping),
}

#[derive(FromQueryResult)]
struct CountRow {
    grp: Option<String>,
    /// Nothing for the number of projects.
    measure: Option<Measure>,
    word: String,
    /// Of what has a spread: how much.
    amount: Option<i64>,
    number: i64,
    people: i64,
}

/// Counts everything, by group: each person is in one.
pub(super) async fn counted(look: &Look, projects: Projects) -> Result<Vec<(Option<String>, Counted)>> {
    let words = Words::of(look.who.house.database.dialect());
    let mut sql = look.sql();
    begin(&mut sql, look, projects);
    sql.push(&plans(&words));
    for (place, part) in parts(look, &words).iter().enumerate() {
        sql.push(if place > 0 { " UNION ALL " } else { " " });
        for_tenant(&mut sql, look, part);
    }
    let mut all = BTreeMap::<Option<String>, Counted>::new();
    for row in look.rows::<CountRow>(&sql).await? {
        let one = all.entry(row.grp).or_default();
        let Some(measure) = row.measure else {
            (one.people, one.projects) = (row.people, row.number);
            continue;
        };
        let cell = one.cells.entry((measure, row.word)).or_default();
        if let Some(amount) = row.amount {
            *cell.spread.0.entry(amount).or_default() += row.people;
        } else {
            (cell.number, cell.people) = (row.number, row.people);
        }
    }
    Ok(all.into_iter().collect())
}

/// Adds a text in which the tenant is named.
fn for_tenant(sql: &mut Sql, look: &Look, text: &str) {
    for (place, piece) in text.split("{tenant}").enumerate() {
        if place > 0 {
            sql.bind(Arg::Uuid(look.who.organization.0));
        }
        sql.push(piece);
    }
}

/// Begins a statement with the projects that it is about, as the table `d`: each with its group, and by whom it counts, itself or
/// the person whose it is; and with the lines of their budgets, as the table `x`. No two tables of it have one name.
fn begin(sql: &mut Sql, look: &Look, projects: Projects) {
    sql.push("WITH ");
    let organization = look.who.organization;
    match projects {
        Projects::Organization(grouping) => {
            learners(sql, organization, grouping);
            sql.push(
                ", d AS MATERIALIZED (SELECT p.id, p.owner_id, p.owner_id AS unit, h.grp, p.status, p.current_step \
                 FROM person h CROSS JOIN \"project\" p WHERE p.owner_id = h.id AND p.deleted_at IS NULL AND p.organization_id = ",
            );
            sql.bind(Arg::Uuid(organization.0));
        }
        Projects::Seen(user) => {
            sql.push(
                "d AS MATERIALIZED (SELECT p.id, p.owner_id, p.id AS unit, CAST(NULL AS text) AS grp, p.status, p.current_step \
                 FROM \"project\" p WHERE p.deleted_at IS NULL AND ",
            );
            sql.visible(shape("Project"), "p", &look.who);
            if let Some(user) = user {
                sql.push(" AND p.owner_id = ").bind(Arg::Uuid(user.0));
            }
        }
    }
    sql.push("), ");
    for_tenant(sql, look, LINES);
}

/// What the two databases say differently.
struct Words {
    /// A number of seconds since the epoch, whole.
    seconds: fn(&str) -> String,
    /// The day of a moment, in UTC.
    day: fn(&str) -> String,
    /// The number of days from one day to another.
    days: fn(&str, &str) -> String,
    /// A number without what is behind its point.
    whole: fn(&str) -> String,
}

impl Words {
    const fn of(dialect: Dialect) -> Self {
        match dialect {
            Dialect::Sqlite => Self {
                seconds: |at| format!("unixepoch({at})"),
                day: |at| format!("substr({at}, 1, 10)"),
                days: |from, to| format!("CAST(julianday({to}) - julianday({from}) AS INTEGER)"),
                whole: |number| format!("CAST({number} AS INTEGER)"),
            },
            Dialect::Postgres => Self {
                seconds: |at| format!("CAST(FLOOR(EXTRACT(EPOCH FROM {at})) AS BIGINT)"),
                day: |at| format!("CAST({at} AT TIME ZONE 'UTC' AS date)"),
                days: |from, to| format!("CAST({to} - {from} AS BIGINT)"),
                whole: |number| format!("CAST(TRUNC(CAST({number} AS numeric)) AS BIGINT)"),
            },
        }
    }
}

/// What is counted by itself: of so many people.
fn number(measure: &str, word: &str, number: &str, from: &str, by: &str) -> String {
    format!(
        "SELECT d.grp, {measure} AS measure, {word} AS word, CAST(NULL AS BIGINT) AS amount, CAST({number} AS BIGINT) AS number, \
         CAST(COUNT(DISTINCT d.owner_id) AS BIGINT) AS people FROM d{from} GROUP BY d.grp{by}"
    )
}

/// How much there is of something with each unit, by the mean of all that it has: how many have how much. The word is a column, or
/// nothing.
fn spread(measure: &str, word: &str, amount: &str, from: &str) -> String {
    let (said, by) = if word.is_empty() { ("''", String::new()) } else { (word, format!(", {word}")) };
    format!(
        "SELECT t.grp, '{measure}', t.word, t.amount, CAST(0 AS BIGINT), CAST(COUNT(*) AS BIGINT) FROM (\
         SELECT d.grp, d.unit, {said} AS word, CAST(SUM({amount}) AS BIGINT) / COUNT(*) AS amount FROM d{from} \
         GROUP BY d.grp, d.unit{by}) t GROUP BY t.grp, t.word, t.amount"
    )
}

/// Everything that is counted, each a statement.
fn parts(look: &Look, words: &Words) -> Vec<String> {
    // SQLite goes from the projects to what is in them, whatever else there is an index for, when the join is told so.
    let inside = |table: &str, alias: &str, more: &str| {
        format!(
            " CROSS JOIN \"{table}\" {alias} WHERE {alias}.project_id = d.id AND {alias}.deleted_at IS NULL \
             AND {alias}.organization_id = {{tenant}}{more}"
        )
    };
    let steps = inside("scope_step", "s", " AND s.state = 'COMPLETE'");
    let moves = inside("scope_transition", "v", "");
    let (done, day) = (inside("milestone", "w", " AND w.completed_at IS NOT NULL"), (words.day)("w.completed_at"));
    let today = look.now.date_naive();
    let late = format!(
        " AND w.completed_at IS NULL AND w.target_date < '{today}' AND d.status IN ('SCOPING', 'SCOPED', 'IN_PROGRESS', 'PAUSED')"
    );
    let (opened, ended) = ((words.seconds)("COALESCE(s.opened_at, s.completed_at)"), (words.seconds)("s.completed_at"));
    // What was confirmed again was opened when it came to it the first time.
    let took = format!("CASE WHEN {ended} > {opened} THEN ({ended} - {opened}) / 86400 ELSE 0 END");
    let plans = " CROSS JOIN b WHERE b.project_id = d.id";
    vec![
        number("CAST(NULL AS text)", "''", "COUNT(*)", "", ""),
        number("'STATUS'", "d.status", "COUNT(*)", "", ", d.status"),
        number("'AT'", "d.current_step", "COUNT(*)", " WHERE d.status = 'SCOPING'", ", d.current_step"),
        number("'COMPLETE'", "s.step", "COUNT(*)", &steps, ", s.step"),
        spread("TOOK", "s.step", &took, &steps),
        number("'TIMES'", "''", "COUNT(*)", &moves, ""),
        number("'BACK'", "''", "COUNT(DISTINCT d.id)", &moves, ""),
        number("'REASON'", "v.reason", "COUNT(*)", &moves, ", v.reason"),
        number("'DONE'", "''", "COUNT(*)", &done, ""),
        number("'PUNCTUAL'", "''", "COUNT(*)", &format!("{done} AND {day} <= w.target_date"), ""),
        number("'OVERDUE'", "''", "COUNT(*)", &inside("milestone", "w", &late), ""),
        spread("LATE", "", &(words.days)("w.target_date", &day), &done),
        number("'PLANNED'", "b.category", "COUNT(DISTINCT d.id)", plans, ", b.category"),
        number(
            "'OVER'",
            "b.category",
            "COUNT(DISTINCT d.id)",
            &format!("{plans} AND b.actual > b.planned"),
            ", b.category",
        ),
        spread("PERCENT", "b.category", "b.percent", plans),
    ]
}

/// What was planned in each category of a project in each currency and unit, beside what was spent of it, as the table `b`. Of what is
/// written as a floating number only the percent is told, and no more than a thousand times the plan.
fn plans(words: &Words) -> String {
    let percent = (words.whole)(
        "CASE WHEN SUM(CAST(x.actual AS DOUBLE PRECISION)) > SUM(CAST(x.planned AS DOUBLE PRECISION)) * 1000 THEN 100000 \
         WHEN SUM(CAST(x.actual AS DOUBLE PRECISION)) < 0 THEN 0 \
         ELSE SUM(CAST(x.actual AS DOUBLE PRECISION)) * 100 / SUM(CAST(x.planned AS DOUBLE PRECISION)) END",
    );
    format!(
        ", b AS MATERIALIZED (SELECT x.project_id, x.category, {percent} AS percent, \
         SUM(CAST(x.planned AS DOUBLE PRECISION)) AS planned, SUM(CAST(x.actual AS DOUBLE PRECISION)) AS actual \
         FROM x WHERE x.planned > 0 GROUP BY x.project_id, x.category, x.currency, x.unit)"
    )
}

/// The lines of the budgets of these projects, each with what was spent on it, as the table `x`.
const LINES: &str = "\
    x AS MATERIALIZED (SELECT y.project_id, y.category, y.currency, y.unit, y.planned, \
    (SELECT CAST(COALESCE(SUM(z.spent), 0) AS BIGINT) FROM budget_entry z WHERE z.line_id = y.id AND z.deleted_at IS NULL) AS actual \
    FROM d CROSS JOIN budget_line y WHERE y.project_id = d.id AND y.deleted_at IS NULL AND y.organization_id = {tenant})";

/// A sum in two parts, so that none is too large for the database: billions of the smallest units, and what is left.
#[derive(FromQueryResult)]
struct AmountRow {
    category: BudgetCategory,
    currency: Currency,
    planned_billions: i64,
    planned_rest: i64,
    actual_billions: i64,
    actual_rest: i64,
}

/// What is planned and spent in money, by category and currency.
pub(super) async fn amounts(look: &Look, projects: Projects) -> Result<Vec<ScopingAmounts>> {
    let mut sql = look.sql();
    begin(&mut sql, look, projects);
    sql.push(" SELECT x.category, x.currency");
    for (column, name) in [("planned", "planned"), ("actual", "actual")] {
        sql.push(&format!(
            ", CAST(SUM(x.{column} / 1000000000) AS BIGINT) AS {name}_billions, \
             CAST(SUM(x.{column} % 1000000000) AS BIGINT) AS {name}_rest"
        ));
    }
    sql.push(" FROM x WHERE x.currency IS NOT NULL GROUP BY x.category, x.currency");
    let mut rows = look.rows::<AmountRow>(&sql).await?;
    rows.sort_by_key(|row| (row.category, row.currency));
    let told = rows.into_iter().map(|row| {
        let amount = |billions, rest| whole(row.currency, billions, rest).map(Into::into);
        ScopingAmounts {
            category: row.category,
            currency: row.currency,
            planned: amount(row.planned_billions, row.planned_rest),
            actual: amount(row.actual_billions, row.actual_rest),
        }
    });
    Ok(told.collect())
}

/// A sum of both its parts, unless it is too large to be told: one person's plans do not take the report from everybody.
fn whole(currency: Currency, billions: i64, rest: i64) -> Option<Amount> {
    let minor = i64::try_from(i128::from(billions) * 1_000_000_000 + i128::from(rest)).ok()?;
    Amount { currency, minor: 0 }.plus(Amount { currency, minor }).ok()
}
