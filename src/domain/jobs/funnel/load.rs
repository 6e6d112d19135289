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
    read::sql::{Arg, Dialect, Sql},
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
    /// The groups that are told by themselves, all others being told as one; without it, all are.
    pub apart: Option<Vec<Label>>,
}

/// How much of it is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::domain) enum Part {
    /// How large the groups are.
    Sizes,
    /// Everything.
    All,
}

/// A group: of those that have something in common, of those that have nothing to group them by, or of the others together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::domain) enum Label {
    Group(String),
    Unassigned,
    Other,
}

impl Label {
    /// As a statement writes it: no name is one of the others.
    fn written(&self) -> String {
        match self {
            Self::Group(key) => format!("={key}"),
            Self::Unassigned => "-".to_owned(),
            Self::Other => "+".to_owned(),
        }
    }

    fn read(text: &str) -> Self {
        match (text, text.strip_prefix('=')) {
            (_, Some(key)) => Self::Group(key.to_owned()),
            ("+", None) => Self::Other,
            _ => Self::Unassigned,
        }
    }
}

#[derive(FromQueryResult)]
struct CountRow {
    grp: String,
    measure: Measure,
    word: String,
    /// Of what has a spread: how much.
    amount: Option<i64>,
    number: i64,
    people: i64,
}

/// Counts by group: each application is in one.
pub(in crate::domain) async fn counted(look: &Look, asked: &Asked, part: Part) -> Result<Vec<(Label, Counted)>> {
    let mut sql = look.sql();
    sql.push("WITH ");
    applications(&mut sql, look, asked);
    if part == Part::All {
        stays(&mut sql, look, asked);
    }
    sql.push(" ").push(&parts(part).join(" UNION ALL "));
    let mut all = BTreeMap::<Label, Counted>::new();
    for row in look.rows::<CountRow>(&sql).await? {
        let one = all.entry(Label::read(&row.grp)).or_default();
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
    Ok(all.into_iter().collect())
}

/// The applications, as the table `d`: each with its group.
fn applications(sql: &mut Sql, look: &Look, asked: &Asked) {
    let tenant = || Arg::Uuid(look.who.organization.0);
    if matches!(asked.of, Of::Learners) {
        learners(sql, look.who.organization, ReportGrouping::None);
        sql.push(", ");
    }
    sql.push("b AS (SELECT a.id, a.owner_id, a.outcome, ")
        .push(&grouped(asked))
        .push(" AS grp FROM \"application\" a ");
    if matches!(asked.of, Of::Learners) {
        sql.push("JOIN person h ON h.id = a.owner_id ");
    }
    joined(sql, look);
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
    sql.push("), d AS MATERIALIZED (SELECT b.id, b.owner_id, b.outcome, ");
    match &asked.apart {
        None => _ = sql.push("b.grp"),
        Some(apart) => {
            sql.push("CASE WHEN b.grp");
            sql.among(Arg::Texts(apart.iter().map(Label::written).collect())).push(" THEN b.grp ELSE '+' END AS grp");
        }
    }
    sql.push(" FROM b)");
}

/// Their searches, their openings, and the roles of these.
fn joined(sql: &mut Sql, look: &Look) {
    let tenant = || Arg::Uuid(look.who.organization.0);
    sql.push("JOIN \"job_search\" j ON j.id = a.job_search_id AND j.deleted_at IS NULL AND j.organization_id = ")
        .bind(tenant());
    sql.push(" LEFT JOIN \"job_posting\" p ON p.id = a.posting_id AND p.deleted_at IS NULL AND p.organization_id = ")
        .bind(tenant());
    sql.push(
        " LEFT JOIN \"role_profile\" r ON r.id = p.role_profile_id AND r.deleted_at IS NULL AND r.organization_id = ",
    )
    .bind(tenant());
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

/// What happened to them, as the table `e`: what holds of their histories, each with the moment at which something else happened;
/// how long it stood where it is not known when it came or went, nobody knows.
/// And how far each came, as the table `far`.
fn stays(sql: &mut Sql, look: &Look, asked: &Asked) {
    let tenant = || Arg::Uuid(look.who.organization.0);
    let (now, zero) = (seconds(sql.dialect, "v.until"), seconds(sql.dialect, "v.occurred_at"));
    // Of several people, each is told once.
    let unit = if matches!(asked.of, Of::Learners) { "d.owner_id" } else { "d.id" };
    sql.push(&format!(
        ", v AS (SELECT d.grp, d.id, d.owner_id, {unit} AS unit, w.to_kind, w.occurred_at, w.dated, \
         LEAD(w.occurred_at) OVER (PARTITION BY w.application_id ORDER BY w.place) AS until, \
         LEAD(w.dated) OVER (PARTITION BY w.application_id ORDER BY w.place) AS known \
         FROM d CROSS JOIN \"application_event\" w WHERE w.application_id = d.id AND w.kind <> 'REVOKED' \
         AND w.deleted_at IS NULL AND w.organization_id = "
    ));
    sql.bind(tenant()).push(" AND NOT EXISTS (SELECT 1 FROM \"application_event\" c WHERE c.corrects_id = w.id AND c.deleted_at IS NULL AND c.organization_id = ");
    sql.bind(tenant()).push(&format!(
        ")), e AS MATERIALIZED (SELECT v.grp, v.id, v.owner_id, v.unit, v.to_kind, {} AS step, v.until IS NOT NULL AND v.dated AND v.known AS ended, \
         CASE WHEN v.until > v.occurred_at THEN {now} - {zero} ELSE 0 END AS stood FROM v WHERE v.to_kind IS NOT NULL), \
         far AS MATERIALIZED (SELECT e.grp, e.id, e.owner_id, MAX(e.step) AS furthest FROM e GROUP BY e.grp, e.id, e.owner_id)",
        ordinal("v.to_kind")
    ));
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
        Dialect::Postgres => format!("CAST(FLOOR(EXTRACT(EPOCH FROM {at})) AS BIGINT)"),
    }
}

/// Everything that is counted, each a statement.
fn parts(part: Part) -> Vec<String> {
    let count = |measure: &str, word: &str, from: &str, alias: &str, by: &str| {
        format!(
            "SELECT {alias}.grp AS grp, '{measure}' AS measure, {word} AS word, CAST(NULL AS BIGINT) AS amount, \
             CAST(COUNT(*) AS BIGINT) AS number, CAST(COUNT(DISTINCT {alias}.owner_id) AS BIGINT) AS people \
             FROM {from} GROUP BY {alias}.grp{by}"
        )
    };
    let sizes = count("APPLICATIONS", "''", "d", "d", "");
    if part == Part::Sizes {
        return vec![sizes];
    }
    let kinds =
        StageKind::ALL.iter().map(|kind| format!("SELECT '{}' AS kind, {} AS step", kind.word(), kind.ordinal()));
    let reached =
        format!("far CROSS JOIN ({}) k WHERE far.furthest >= k.step", kinds.collect::<Vec<_>>().join(" UNION ALL "));
    let stood = "SELECT t.grp, 'STOOD', t.to_kind, t.days, CAST(0 AS BIGINT), CAST(COUNT(*) AS BIGINT) FROM (\
                 SELECT e.grp, e.unit, e.to_kind, CAST(SUM(e.stood) AS BIGINT) / COUNT(DISTINCT e.id) / 86400 AS days \
                 FROM e WHERE e.ended GROUP BY e.grp, e.unit, e.to_kind) t GROUP BY t.grp, t.to_kind, t.days";
    vec![
        sizes,
        count("REACHED", "k.kind", &reached, "far", ", k.kind"),
        count("OUTCOME", "COALESCE(d.outcome, '')", "d", "d", ", COALESCE(d.outcome, '')"),
        stood.to_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_is_read_as_it_is_written() {
        for label in [Label::Group("DIRECT".to_owned()), Label::Group("-".to_owned()), Label::Unassigned, Label::Other]
        {
            assert_eq!(Label::read(&label.written()), label);
        }
    }
}
