//! What to do next about applications: what was planned, what has been quiet for long, and what closes before one has applied (§21).

use chrono::{DateTime, TimeDelta, Utc};
use entity::{
    id::{ApplicationId, CompanyId, JobSearchId, UserId},
    jobs::{job_search, stage::StageKind},
    kind::{Declared as _, Kind, id, int, list, word},
    object, vocabulary,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::{application::NEXT, going_on, job_posting::TITLE};
use crate::{
    domain::{answer::Answer, clock, error::Result, look::Look, policy::Action},
    read::sql::{Arg, Sql},
};

/// How many things an answer holds: those that wait longest, or come first.
const MOST: usize = 500;
/// After how many days of silence an application is stale, unless another number is asked for.
const SILENCE: i64 = 7;
/// Within how many days what closes is to be done.
const SOON: i64 = 3;
const STALE: Kind = Kind::Object(StaleApplication::object);
const NEXT_ACTION: Kind = Kind::Object(NextAction::object);

object! {
    /// Whose applications, and after how many days of silence.
    StaleQuestion {
        /// For how many days nothing was heard of them at least; seven, unless it is said.
        optional days: i64 = int(1, 3650),
        /// Of one search alone.
        optional job_search_id: JobSearchId = id::<JobSearchId>(),
        /// Whose; without it, the caller's.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// An open application of which nothing was heard for long.
    #[derive(Serialize)]
    StaleApplication {
        /// The application.
        required application_id: ApplicationId = id::<ApplicationId>(),
        /// Its search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// The company.
        required company_id: CompanyId = id::<CompanyId>(),
        /// What the role is called.
        required title: String = TITLE,
        /// In what kind of stage it stands.
        required stage_kind: StageKind = word::<StageKind>(),
        /// When something was heard of it last.
        required last_activity_at: String = Kind::Time,
        /// For how many whole days nothing was.
        required quiet_days: i64 = int(0, i64::MAX),
    }
}

vocabulary! {
    /// Why something is to be done.
    NextActionReason {
        /// It was planned.
        Planned = "PLANNED",
        /// The opening closes before one has applied.
        ClosingSoon = "CLOSING_SOON",
        /// Nothing was heard for long.
        Quiet = "QUIET",
    }
}

object! {
    /// Whose applications.
    NextActionsQuestion {
        /// Of one search alone.
        optional job_search_id: JobSearchId = id::<JobSearchId>(),
        /// Whose; without it, the caller's.
        optional user_id: UserId = id::<UserId>(),
        /// How many; twenty, unless it is said.
        optional limit: i64 = int(1, 500),
    }
}

object! {
    /// Something to do about an application.
    #[derive(Serialize)]
    NextAction {
        /// The application.
        required application_id: ApplicationId = id::<ApplicationId>(),
        /// Its search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// Why.
        required reason: NextActionReason = word::<NextActionReason>(),
        /// What.
        required action: String = NEXT,
        /// What the role is called.
        required title: String = TITLE,
        /// When; what is past is overdue.
        required due_at: String = Kind::Time,
        /// Whether that is past.
        required overdue: bool = Kind::Bool,
    }
}

/// The computed answers of this module.
pub(super) fn answers() -> Vec<Answer> {
    vec![
        Answer::new(
            "staleApplications",
            Action::ViewApplication,
            "The open applications of which nothing was heard for so many days, the quietest first; where nobody was written to yet, there is nobody \
             to ask.",
            list(&STALE, MOST),
            stale,
        ),
        Answer::new(
            "nextActions",
            Action::ViewApplication,
            "What to do next about open applications: what was planned, what closes soon, and what has been quiet for a week; what is due first, \
             first.",
            list(&NEXT_ACTION, MOST),
            next,
        ),
    ]
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: ApplicationId,
    job_search_id: JobSearchId,
    company_id: CompanyId,
    title: String,
    stage_kind: StageKind,
    last_activity_at: DateTime<Utc>,
    next_action: Option<String>,
    next_action_at: Option<DateTime<Utc>>,
    closes_at: Option<DateTime<Utc>>,
}

/// Begins the statement that finds open applications of searches that go on.
async fn open(look: &Look, user: Option<UserId>, search: Option<JobSearchId>) -> Result<Sql> {
    let owner = match search {
        // A search says whose it is.
        Some(search) => {
            let search = look.find::<job_search::Entity>(search, Action::ViewJobSearch).await?;
            look.person(Some(user.unwrap_or(search.owner_id)), Action::ViewJobsOf).await?.id
        }
        None => look.person(user, Action::ViewJobsOf).await?.id,
    };
    let mut sql = look.sql();
    sql.push(
        "SELECT a.id, a.job_search_id, p.company_id, p.title, a.stage_kind, a.last_activity_at, a.next_action, \
         a.next_action_at, p.closes_at",
    );
    going_on::from(&mut sql, look, owner);
    if let Some(search) = search {
        sql.push(" AND a.job_search_id = ").bind(Arg::Uuid(search.0));
    }
    Ok(sql)
}

async fn stale(look: Look, asked: StaleQuestion) -> Result<Vec<StaleApplication>> {
    let before = look.now - TimeDelta::days(asked.days.unwrap_or(SILENCE));
    let mut sql = open(&look, asked.user_id, asked.job_search_id).await?;
    // Before anybody there knows of it, there is nobody to ask.
    sql.push(" AND a.stage_kind <> 'RESEARCH' AND a.last_activity_at <= ").bind(Arg::Time(before));
    sql.push(&format!(" ORDER BY a.last_activity_at, a.id LIMIT {MOST}"));
    let stale = look.rows::<Row>(&sql).await?.into_iter().map(|row| StaleApplication {
        application_id: row.id,
        job_search_id: row.job_search_id,
        company_id: row.company_id,
        title: row.title,
        stage_kind: row.stage_kind,
        quiet_days: (look.now - row.last_activity_at).num_days(),
        last_activity_at: clock::rfc3339(row.last_activity_at),
    });
    Ok(stale.collect())
}

/// Of which applications something is to be done: each is in one of these at most, and in each the first are those that are due first.
#[derive(Clone, Copy, Debug)]
enum Due {
    /// On its day.
    Planned,
    /// Before the opening closes.
    Closing,
    /// Since it has been quiet for so long.
    Quiet,
    /// On no day in particular.
    Meant,
}

impl Due {
    const ALL: [Self; 4] = [Self::Planned, Self::Closing, Self::Quiet, Self::Meant];

    /// Those alone, those that are due first, first.
    fn among(self, sql: &mut Sql, now: DateTime<Utc>, limit: usize) {
        let order = match self {
            Self::Planned => {
                sql.push(" AND a.next_action_at IS NOT NULL");
                "a.next_action_at"
            }
            Self::Closing => {
                sql.push(" AND a.next_action_at IS NULL AND ");
                closes_soon(sql, now);
                "p.closes_at"
            }
            Self::Quiet => {
                sql.push(" AND a.next_action_at IS NULL AND ");
                quiet(sql, now);
                sql.push(" AND NOT ");
                closes_soon(sql, now);
                "a.last_activity_at"
            }
            Self::Meant => {
                sql.push(" AND a.next_action_at IS NULL AND a.next_action IS NOT NULL AND NOT ");
                quiet(sql, now);
                sql.push(" AND NOT ");
                closes_soon(sql, now);
                "a.id"
            }
        };
        sql.push(&format!(" ORDER BY {order}, a.id LIMIT {limit}"));
    }
}

fn closes_soon(sql: &mut Sql, now: DateTime<Utc>) {
    sql.push("(a.stage_kind IN ('RESEARCH', 'OUTREACH') AND p.closes_at IS NOT NULL AND p.closes_at > ")
        .bind(Arg::Time(now))
        .push(" AND p.closes_at <= ")
        .bind(Arg::Time(now + TimeDelta::days(SOON)))
        .push(")");
}

fn quiet(sql: &mut Sql, now: DateTime<Utc>) {
    let before = Arg::Time(now - TimeDelta::days(SILENCE));
    sql.push("(a.stage_kind <> 'RESEARCH' AND a.last_activity_at <= ").bind(before).push(")");
}

async fn next(look: Look, asked: NextActionsQuestion) -> Result<Vec<NextAction>> {
    let (now, limit) = (look.now, asked.limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(20).min(MOST));
    let mut all: Vec<(DateTime<Utc>, NextAction)> = Vec::new();
    for due in Due::ALL {
        let mut sql = open(&look, asked.user_id, asked.job_search_id).await?;
        due.among(&mut sql, now, limit);
        all.extend(look.rows::<Row>(&sql).await?.into_iter().filter_map(|row| to_do(row, now)));
    }
    all.sort_by_key(|(due, one)| (*due, one.application_id));
    all.truncate(limit);
    Ok(all.into_iter().map(|(_, one)| one).collect())
}

/// What is to be done about an application, and when: what was planned goes before what closes, and that before asking.
fn to_do(row: Row, now: DateTime<Utc>) -> Option<(DateTime<Utc>, NextAction)> {
    let closes = row
        .closes_at
        .filter(|at| *at > now && *at <= now + TimeDelta::days(SOON) && row.stage_kind < StageKind::Applied);
    let quiet = row.last_activity_at + TimeDelta::days(SILENCE);
    let asks = quiet <= now && row.stage_kind > StageKind::Research && row.next_action_at.is_none();
    let (reason, action, due) = match (&row.next_action, row.next_action_at, closes) {
        (said, Some(at), _) => {
            (NextActionReason::Planned, said.clone().unwrap_or_else(|| "Go on with it.".to_owned()), at)
        }
        (_, None, Some(at)) => (NextActionReason::ClosingSoon, "Apply before it closes.".to_owned(), at),
        // What is planned for no day in particular can be done now.
        (Some(said), None, None) => (NextActionReason::Planned, said.clone(), if asks { quiet } else { now }),
        (None, None, None) if asks => (NextActionReason::Quiet, "Ask how it stands.".to_owned(), quiet),
        (None, None, None) => return None,
    };
    let (application_id, job_search_id, due_at) = (row.id, row.job_search_id, clock::rfc3339(due));
    let todo =
        NextAction { application_id, job_search_id, reason, action, title: row.title, due_at, overdue: due < now };
    Some((due, todo))
}

#[cfg(test)]
mod tests {
    use super::*;
    use StageKind::{Applied, Research};

    #[test]
    fn what_was_planned_goes_before_what_closes_and_that_before_asking() {
        let now = clock::now();
        let row = |stage, quiet: i64, said: Option<&str>, at: Option<i64>, closes: Option<i64>| Row {
            id: clock::new_id(),
            job_search_id: clock::new_id(),
            company_id: clock::new_id(),
            title: "ML engineer".to_owned(),
            stage_kind: stage,
            last_activity_at: now - TimeDelta::days(quiet),
            next_action: said.map(str::to_owned),
            next_action_at: at.map(|days| now + TimeDelta::days(days)),
            closes_at: closes.map(|days| now + TimeDelta::days(days)),
        };
        for (row, wanted) in [
            (row(Applied, 9, Some("Call"), Some(1), None), "PLANNED Call 1 false"),
            (row(Research, 0, Some("Call"), Some(-2), Some(1)), "PLANNED Call -2 true"),
            (row(Research, 0, None, Some(1), None), "PLANNED Go on with it. 1 false"),
            (row(Research, 0, Some("Call"), None, Some(2)), "CLOSING_SOON Apply before it closes. 2 false"),
            (row(Applied, 0, Some("Call"), None, Some(2)), "PLANNED Call 0 false"),
            (row(Applied, 9, None, None, None), "QUIET Ask how it stands. -2 true"),
            (row(Applied, 6, None, None, None), "-"),
            (row(Research, 90, None, None, None), "-"),
            (row(Research, 0, None, None, Some(9)), "-"),
        ] {
            let told = to_do(row, now).map_or("-".to_owned(), |(due, one)| {
                format!("{} {} {} {}", one.reason, one.action, (due - now).num_days(), one.overdue)
            });
            assert_eq!(told, wanted);
        }
    }
}
