//! Counts what a funnel tells, in the database: one statement, whatever the number of applications and of what happened to them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use entity::{
    id::{JobSearchId, UserId},
    jobs::stage::StageKind,
    vocabulary::Vocabulary as _,
};
use sea_orm::FromQueryResult;

use super::{
    FunnelGrouping,
    fold::{Counted, Measure},
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

/// Of which applications a funnel tells.
#[derive(Clone, Copy, Debug)]
pub(in crate::domain) enum Of {
    /// Those of a search.
    Search(JobSearchId),
    /// Those of a person.
    Person(UserId),
    /// Those of everybody who learns here.
    Learners,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub(in crate::domain) struct Asked {
    pub of: Of,
    /// They began then, or later.
    pub from: Option<DateTime<Utc>>,
    /// They began before.
    pub until: Option<DateTime<Utc>>,
    pub by: FunnelGrouping,
}

/// A group: of those that have something in common, of those that have nothing to group them by, or of the others together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::domain) enum Label {
    Group(String),
    Unassigned,
    Other,
}

impl Label {
    /// As the statement tells it: a name begins with `=`.
    fn read(text: &str) -> Self {
        text.strip_prefix('=').map_or(Self::Unassigned, |key| Self::Group(key.to_owned()))
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    /// Of everybody's, the week in which they began: so many since 1970.
    week: i64,
    grp: String,
    measure: Measure,
    word: String,
    /// Of what has a spread: how much.
    amount: Option<i64>,
    number: i64,
    people: i64,
}

/// What was counted, by group: each application is in one.
pub(in crate::domain) type Groups = Vec<(Label, Counted)>;

/// Counts by group.
pub(in crate::domain) async fn counted(look: &Look, asked: &Asked) -> Result<Groups> {
    Ok(by_week(look, asked).await?.into_values().next().unwrap_or_default())
}

/// The same by the week in which applications began, where they are everybody's.
pub(in crate::domain) async fn by_week(look: &Look, asked: &Asked) -> Result<BTreeMap<i64, Groups>> {
    let mut sql = look.sql();
    sql.push("WITH ");
    applications(&mut sql, look, asked);
    histories(&mut sql, look);
    units(&mut sql, asked);
    sql.push(" ").push(&parts().join(" UNION ALL "));
    let mut all = BTreeMap::<i64, BTreeMap<Label, Counted>>::new();
    for row in look.rows::<CountRow>(&sql).await? {
        let one = all.entry(row.week).or_default().entry(Label::read(&row.grp)).or_default();
        if row.measure == Measure::Applications {
            (one.people, one.applications) = (row.people, row.number);
            continue;
        }
        let cell = one.cells.entry((row.measure, row.word)).or_default();
        if let Some(amount) = row.amount {
            *cell.spread.0.entry(amount).or_default() += row.people;
        } else {
            (cell.number, cell.people) = (row.number, row.people);
        }
    }
    Ok(all.into_iter().map(|(week, groups)| (week, groups.into_iter().collect())).collect())
}

/// The applications, as the table `d`: each with its week and its group. And how many of each person in each of these came to what,
/// as the table `o`.
fn applications(sql: &mut Sql, look: &Look, asked: &Asked) {
    let tenant = || Arg::Uuid(look.who.organization.0);
    if matches!(asked.of, Of::Learners) {
        learners(sql, look.who.organization, ReportGrouping::None);
        sql.push(", ");
    }
    let week = week_of(sql.dialect, asked.of);
    sql.push("d AS MATERIALIZED (SELECT a.id, a.owner_id, a.outcome, ").push(&week).push(" AS week, ");
    sql.push(&grouped(asked)).push(" AS grp FROM \"application\" a ");
    if matches!(asked.of, Of::Learners) {
        sql.push("JOIN person h ON h.id = a.owner_id ");
    }
    joined(sql, look, asked);
    sql.push(" WHERE a.deleted_at IS NULL AND a.organization_id = ").bind(tenant());
    match asked.of {
        Of::Search(id) => _ = sql.push(" AND a.job_search_id = ").bind(Arg::Uuid(id.0)),
        Of::Person(id) => _ = sql.push(" AND a.owner_id = ").bind(Arg::Uuid(id.0)),
        Of::Learners => {}
    }
    if let Some(from) = asked.from {
        sql.push(" AND a.began_at >= ").bind(Arg::Time(from));
    }
    if let Some(until) = asked.until {
        sql.push(" AND a.began_at < ").bind(Arg::Time(until));
    }
    sql.push(
        "), o AS MATERIALIZED (SELECT d.week, d.grp, d.owner_id, d.outcome, COUNT(*) AS number \
         FROM d GROUP BY d.week, d.grp, d.owner_id, d.outcome)",
    );
}

/// Their searches, and what they are grouped by of their openings and the roles of these: each is met by its id.
fn joined(sql: &mut Sql, look: &Look, asked: &Asked) {
    sql.push("JOIN \"job_search\" j ON j.id = a.job_search_id AND j.deleted_at IS NULL AND ");
    sql.tenant_by_id(shape("JobSearch"), "j", &look.who);
    if matches!(asked.by, FunnelGrouping::Role | FunnelGrouping::CompanyKind) {
        sql.push(" LEFT JOIN \"job_posting\" p ON p.id = a.posting_id AND p.deleted_at IS NULL AND ");
        sql.tenant_by_id(shape("JobPosting"), "p", &look.who);
    }
    if asked.by == FunnelGrouping::Role {
        sql.push(" LEFT JOIN \"role_profile\" r ON r.id = p.role_profile_id AND r.deleted_at IS NULL AND ");
        sql.tenant_by_id(shape("RoleProfile"), "r", &look.who);
    }
}

/// The week in which an application began, from Monday on: the first of 1970 was a Thursday.
fn week_of(dialect: Dialect, of: Of) -> String {
    match of {
        Of::Learners => format!("CAST(({} + 259200) / 604800 AS BIGINT)", seconds(dialect, "a.began_at")),
        Of::Search(_) | Of::Person(_) => "CAST(0 AS BIGINT)".to_owned(),
    }
}

/// What the group of an application is: a text that begins with `=`, or `-`.
fn grouped(asked: &Asked) -> String {
    // Titles are everybody's own words: only what the organization calls a role is told of several people.
    let alone = !matches!(asked.of, Of::Learners);
    let of = match asked.by {
        FunnelGrouping::None => return "'-'".to_owned(),
        FunnelGrouping::Channel => "a.channel",
        FunnelGrouping::Role if alone => "COALESCE(r.title, p.title)",
        FunnelGrouping::Role => "r.title",
        FunnelGrouping::CompanyKind => "p.employer_kind",
        FunnelGrouping::ResumeVersion => "a.resume_version",
    };
    format!("COALESCE('=' || {of}, '-')")
}

/// What holds of their histories, as the table `v`: each with where it led to, and the moment at which something else happened. A reopening
/// that names no stage leads to the last that was named. And of each application, as the table `g`, how far it came and for how many
/// seconds it stood in each kind of stage that it left: a row each, so that nothing that is as long as the histories is sorted but once.
/// How long it stood where it is not known when it came or went, nobody knows.
///
/// Histories and corrections are met by their ids, and what was counted is kept: PostgreSQL, which soon after much was written
/// knows nothing of how much there is, would do either for each application anew.
fn histories(sql: &mut Sql, look: &Look) {
    let (step, at) = (ordinal("w.to_kind"), seconds(sql.dialect, "w.occurred_at"));
    sql.push(&format!(
        ", x AS (SELECT d.id, w.place, w.kind = 'CLOSED' AS ends, {step} AS step, {at} AS at, w.dated \
         FROM d CROSS JOIN \"application_event\" w \
         WHERE w.application_id = d.id AND w.kind <> 'REVOKED' AND w.deleted_at IS NULL AND "
    ));
    sql.tenant_by_id(shape("ApplicationEvent"), "w", &look.who).push(
        " AND NOT EXISTS (SELECT 1 FROM \"application_event\" c WHERE c.corrects_id = w.id AND c.deleted_at IS NULL AND ",
    );
    let sums = stood(|column, step| format!("CAST(SUM(e.stood) FILTER (WHERE e.step = {step}) AS BIGINT) AS {column}"));
    // Where it still stands, it has not left.
    let left =
        stood(|column, step| format!("CASE WHEN stay.stands = {step} THEN NULL ELSE stay.{column} END AS {column}"));
    sql.tenant_by_id(shape("ApplicationEvent"), "c", &look.who).push(&format!(
        ")), v AS (SELECT x.id, x.at, x.dated, \
         CASE WHEN NOT x.ends THEN MAX(x.place * 8 + x.step) OVER (PARTITION BY x.id ORDER BY x.place) % 8 END AS step, \
         LEAD(x.at) OVER (PARTITION BY x.id ORDER BY x.place) AS until, \
         LEAD(x.dated) OVER (PARTITION BY x.id ORDER BY x.place) AS known FROM x), \
         e AS (SELECT v.id, v.step, v.until, \
         CASE WHEN NOT (v.dated AND v.known) THEN NULL WHEN v.until > v.at THEN v.until - v.at \
         WHEN v.until IS NOT NULL THEN 0 END AS stood \
         FROM v WHERE v.step IS NOT NULL), \
         stay AS MATERIALIZED (SELECT e.id, MAX(e.step) AS furthest, \
         MAX(e.step) FILTER (WHERE e.until IS NULL) AS stands, {sums} FROM e GROUP BY e.id), \
         g AS MATERIALIZED (SELECT d.week, d.grp, d.owner_id, stay.furthest, {left} FROM d JOIN stay ON stay.id = d.id)"
    ));
}

/// Of whom it is told how long they stood, as the table `unit`: of each application; of several people, of each the mean.
fn units(sql: &mut Sql, asked: &Asked) {
    if matches!(asked.of, Of::Learners) {
        let mean = stood(|column, _| format!("CAST(SUM(g.{column}) AS BIGINT) / COUNT(g.{column}) AS {column}"));
        sql.push(&format!(", unit AS (SELECT g.week, g.grp, {mean} FROM g GROUP BY g.week, g.grp, g.owner_id)"));
    } else {
        sql.push(", unit AS (SELECT * FROM g)");
    }
    let kinds =
        StageKind::ALL.iter().map(|kind| format!("SELECT '{}' AS kind, {} AS step", kind.word(), kind.ordinal()));
    let kinds = kinds.collect::<Vec<_>>().join(" UNION ALL ");
    sql.push(&format!(
        ", k AS ({kinds}), f AS (SELECT g.week, g.grp, g.owner_id, g.furthest, COUNT(*) AS number \
         FROM g GROUP BY g.week, g.grp, g.owner_id, g.furthest)"
    ));
}

/// Something for each kind of stage: the column that has how long it was stood in, and the place of the kind.
fn stood(of: impl Fn(&str, usize) -> String) -> String {
    let each = StageKind::ALL.iter().map(|kind| of(&format!("s{}", kind.ordinal()), kind.ordinal()));
    each.collect::<Vec<_>>().join(", ")
}

/// The place of a kind of stage among them.
fn ordinal(column: &str) -> String {
    let each = StageKind::ALL.iter().map(|kind| format!("WHEN '{}' THEN {} ", kind.word(), kind.ordinal()));
    format!("CASE {column} {}END", each.collect::<String>())
}

/// A number of seconds since the epoch, whole.
fn seconds(dialect: Dialect, at: &str) -> String {
    match dialect {
        Dialect::Sqlite => format!("unixepoch({at})"),
        // Of double precision, which has all microseconds of today: `EXTRACT` is of arbitrary precision, and slow.
        Dialect::Postgres => format!("CAST(FLOOR(DATE_PART('epoch', {at})) AS BIGINT)"),
    }
}

/// Everything that is counted, each a statement.
fn parts() -> Vec<String> {
    let count = |measure: &str, word: &str, from: &str, alias: &str, by: &str| {
        format!(
            "SELECT {alias}.week AS week, {alias}.grp AS grp, '{measure}' AS measure, {word} AS word, CAST(NULL AS BIGINT) AS amount, \
             CAST(SUM({alias}.number) AS BIGINT) AS number, CAST(COUNT(DISTINCT {alias}.owner_id) AS BIGINT) AS people \
             FROM {from} GROUP BY {alias}.week, {alias}.grp{by}"
        )
    };
    let far = |is: &str| format!("f CROSS JOIN k WHERE f.furthest {is} k.step");
    let each = StageKind::ALL.iter().map(|kind| format!("WHEN {0} THEN unit.s{0} ", kind.ordinal()));
    let stood = format!(
        "SELECT t.week, t.grp, 'STOOD', t.kind, t.days, CAST(0 AS BIGINT), CAST(COUNT(*) AS BIGINT) FROM (\
         SELECT unit.week, unit.grp, k.kind, CASE k.step {}END / 86400 AS days FROM unit CROSS JOIN k) t \
         WHERE t.days IS NOT NULL GROUP BY t.week, t.grp, t.kind, t.days",
        each.collect::<String>()
    );
    vec![
        count("APPLICATIONS", "''", "o", "o", ""),
        count("REACHED", "k.kind", &far(">="), "f", ", k.kind"),
        count("FURTHEST", "k.kind", &far("="), "f", ", k.kind"),
        count("OUTCOME", "COALESCE(o.outcome, '')", "o", "o", ", COALESCE(o.outcome, '')"),
        stood,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_read_as_it_is_told() {
        for (text, label) in [
            ("=DIRECT", Label::Group("DIRECT".to_owned())),
            ("=-", Label::Group("-".to_owned())),
            ("-", Label::Unassigned),
        ] {
            assert_eq!(Label::read(text), label);
        }
    }
}
