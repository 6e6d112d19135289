//! What has a day of its own in somebody's search, or waits for a word of theirs, as far as the caller may see it (§20 to §25).
//! Only next steps look at it.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    id::{InformationalInterviewId, InterviewId, JobSearchId, OfferId, ReferralId},
    jobs::{
        feedback::{FeedbackTheme, Polarity},
        informational_interview::InformationalInterviewState,
        interview::{InterviewPrep, InterviewState},
        offer::TeamDisclosure,
    },
    platform::user,
    vocabulary::Json,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, learning::week::day_in, look::Look},
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// How many of a kind are looked at: what comes first is told long before.
const MOST: usize = 100;
/// How many days before a talk one prepares for it.
const PREPARE: i64 = 3;
/// For how many days one remembers how an interview went.
const FRESH: i64 = 14;

/// What has a day of its own, or waits for a word; of each kind what comes first, first.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Ahead {
    /// Offers that wait for an answer, in searches of which none was accepted.
    pub offers: Vec<Offered>,
    /// Referrals that are hoped for.
    pub referrals: Vec<Hoped>,
    /// Interviews that come soon, and those of which nothing was said since.
    pub interviews: Vec<Invited>,
    /// Talks that are planned, that come soon, and of which nothing was said since.
    pub talks: Vec<Talk>,
    /// Searches in which somebody said what is missing, and nothing of it has become something to learn.
    pub taught: Vec<Taught>,
}

/// A search in which somebody said what is missing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::domain::insight) struct Taught {
    pub id: JobSearchId,
    pub title: String,
}

/// An offer that waits for an answer.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Offered {
    pub id: OfferId,
    pub title: String,
    pub respond_by: Option<DateTime<Utc>>,
    pub team_disclosure: TeamDisclosure,
    pub conversation_asked_at: Option<DateTime<Utc>>,
}

/// A referral that is hoped for.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Hoped {
    pub id: ReferralId,
    pub subject: String,
    pub referrer: String,
    pub expires_at: DateTime<Utc>,
}

/// An interview.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Invited {
    pub id: InterviewId,
    pub title: String,
    pub state: InterviewState,
    /// On which day it is where the person lives.
    pub on: NaiveDate,
    /// When it ends.
    pub ends_at: DateTime<Utc>,
    /// Whether anything is prepared for it.
    pub prepared: bool,
}

/// An informational interview.
#[derive(Clone, Debug)]
pub(in crate::domain::insight) struct Talk {
    pub id: InformationalInterviewId,
    /// Who it is with, for whoever may see them.
    pub name: Option<String>,
    pub state: InformationalInterviewState,
    /// On which day it is where the person lives.
    pub on: Option<NaiveDate>,
    /// When it ends.
    pub ends_at: Option<DateTime<Utc>>,
    /// Whether something is known of the person and of the company.
    pub prepared: bool,
    /// Whether anything was found out.
    pub found: bool,
}

#[derive(FromQueryResult)]
struct InvitedRow {
    id: InterviewId,
    title: String,
    state: InterviewState,
    scheduled_at: DateTime<Utc>,
    duration_min: i64,
    prep: Json<InterviewPrep>,
}

#[derive(FromQueryResult)]
struct TalkRow {
    id: InformationalInterviewId,
    name: Option<String>,
    state: InformationalInterviewState,
    scheduled_at: Option<DateTime<Utc>>,
    duration_min: i64,
    prepared: bool,
    found: bool,
}

#[derive(FromQueryResult)]
struct SaidRow {
    id: JobSearchId,
    title: String,
    themes: Json<Vec<FeedbackTheme>>,
}

/// Loads it in five statements.
pub(super) async fn load(look: &Look, person: &user::Model) -> Result<Ahead> {
    let invited = look.rows::<InvitedRow>(&interviews(look, person)).await?;
    let talks = look.rows::<TalkRow>(&talks(look, person)).await?;
    let said = look.rows::<SaidRow>(&feedback(look, person)).await?;
    let zone = &person.time_zone;
    Ok(Ahead {
        offers: look.rows(&offers(look, person)).await?,
        referrals: look.rows(&referrals(look, person)).await?,
        interviews: invited.into_iter().map(|row| of_row(row, zone)).collect(),
        talks: talks.into_iter().map(|row| talk_of(row, zone)).collect(),
        taught: taught(said),
    })
}

fn of_row(row: InvitedRow, zone: &str) -> Invited {
    let some = |lines: &Option<Vec<String>>| lines.as_ref().is_some_and(|lines| !lines.is_empty());
    Invited {
        id: row.id,
        title: row.title,
        state: row.state,
        on: day_in(zone, row.scheduled_at),
        ends_at: row.scheduled_at + TimeDelta::minutes(row.duration_min),
        prepared: some(&row.prep.0.topics) || some(&row.prep.0.questions),
    }
}

fn talk_of(row: TalkRow, zone: &str) -> Talk {
    Talk {
        id: row.id,
        name: row.name,
        state: row.state,
        on: row.scheduled_at.map(|at| day_in(zone, at)),
        ends_at: row.scheduled_at.map(|at| at + TimeDelta::minutes(row.duration_min)),
        prepared: row.prepared,
        found: row.found,
    }
}

/// Each search once, in the order in which it was said.
fn taught(said: Vec<SaidRow>) -> Vec<Taught> {
    let mut all: Vec<Taught> = Vec::new();
    for row in said {
        let missing = row.themes.0.iter().any(|theme| theme.polarity == Polarity::Negative);
        if missing && all.iter().all(|known| known.id != row.id) {
            all.push(Taught { id: row.id, title: row.title });
        }
    }
    all
}

/// Adds whose it is, that the caller may see it, and in which order.
fn theirs(sql: &mut Sql, look: &Look, person: &user::Model, name: &str, alias: &str, order: &str) {
    sql.push(" AND ").column(alias, "owner_id").push(" = ").bind(Arg::Uuid(person.id.0)).push(" AND ");
    sql.visible(shape(name), alias, &look.who).push(&format!(" ORDER BY {order} LIMIT {MOST}"));
}

/// Of applications that are open: the owner's, so that PostgreSQL does not begin with everybody's.
fn offers(look: &Look, person: &user::Model) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT o.id, p.title, o.respond_by, o.team_disclosure, o.conversation_asked_at FROM \"offer\" o \
         JOIN \"application\" a ON a.id = o.application_id AND a.owner_id = o.owner_id AND a.organization_id = o.organization_id \
         AND a.outcome IS NULL AND a.deleted_at IS NULL JOIN \"job_posting\" p ON p.id = a.posting_id WHERE o.deleted_at IS NULL AND o.state IN ('RECEIVED', 'NEGOTIATING') \
         AND 0 = (SELECT COUNT(*) FROM \"offer\" x WHERE x.job_search_id = o.job_search_id AND x.state = 'ACCEPTED' \
         AND x.deleted_at IS NULL) AND (o.respond_by IS NULL OR o.respond_by > ",
    );
    sql.bind(Arg::Time(look.now)).push(")");
    theirs(&mut sql, look, person, "Offer", "o", "o.respond_by IS NULL, o.respond_by, o.id");
    sql
}

fn referrals(look: &Look, person: &user::Model) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT l.id, l.subject, l.referrer_name AS referrer, l.expires_at FROM \"referral\" l \
         WHERE l.deleted_at IS NULL AND l.state IN ('REQUESTED', 'ACCEPTED') AND l.expires_at > ",
    );
    sql.bind(Arg::Time(look.now));
    theirs(&mut sql, look, person, "Referral", "l", "l.expires_at, l.id");
    sql
}

/// Until when something comes soon.
fn soon(look: &Look) -> Arg {
    Arg::Time(look.now + TimeDelta::days(PREPARE))
}

fn interviews(look: &Look, person: &user::Model) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.id, p.title, i.state, i.scheduled_at, i.duration_min, i.prep FROM \"interview\" i \
         JOIN \"application\" a ON a.id = i.application_id AND a.deleted_at IS NULL \
         JOIN \"job_posting\" p ON p.id = a.posting_id WHERE i.deleted_at IS NULL \
         AND (i.state IN ('SCHEDULED', 'RESCHEDULED') AND i.scheduled_at <= ",
    );
    sql.bind(soon(look)).push(" OR i.state = 'HELD' AND i.held_at > ");
    sql.bind(Arg::Time(look.now - TimeDelta::days(FRESH)));
    sql.push(
        " AND 0 = (SELECT COUNT(*) FROM \"self_scorecard\" s WHERE s.interview_id = i.id AND s.deleted_at IS NULL))",
    );
    theirs(&mut sql, look, person, "Interview", "i", "i.scheduled_at, i.id");
    sql
}

fn feedback(look: &Look, person: &user::Model) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT j.id, j.title, f.themes FROM \"feedback\" f JOIN \"application\" a ON a.id = f.application_id \
         AND a.deleted_at IS NULL AND a.outcome IN ('REJECTED', 'NO_RESPONSE') \
         JOIN \"job_search\" j ON j.id = a.job_search_id AND j.deleted_at IS NULL \
         WHERE f.deleted_at IS NULL AND 0 = (SELECT COUNT(*) FROM \"application_learning_need\" n WHERE n.application_id = a.id)",
    );
    theirs(&mut sql, look, person, "Feedback", "f", "f.received_at, f.id");
    sql
}

fn talks(look: &Look, person: &user::Model) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.id, c.name, i.state, i.scheduled_at, i.duration_min, \
         i.research_interviewee IS NOT NULL AND i.research_company IS NOT NULL AS prepared, \
         EXISTS (SELECT 1 FROM \"finding\" f WHERE f.interview_id = i.id AND f.organization_id = i.organization_id \
         AND f.deleted_at IS NULL) AS found \
         FROM \"informational_interview\" i LEFT JOIN \"contact\" c ON c.id = i.contact_id AND c.deleted_at IS NULL AND ",
    );
    sql.visible(shape("Contact"), "c", &look.who).push(
        " WHERE i.deleted_at IS NULL AND (i.state = 'PLANNED' OR i.state = 'HELD' AND i.outcome IS NULL \
         OR i.state = 'SCHEDULED' AND i.scheduled_at <= ",
    );
    sql.bind(soon(look)).push(")");
    let order = "i.scheduled_at IS NULL, i.scheduled_at, i.created_at, i.id";
    theirs(&mut sql, look, person, "InformationalInterview", "i", order);
    sql
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock;

    #[test]
    fn a_search_teaches_once_and_by_what_is_missing() {
        let (one, two) = (clock::new_id(), clock::new_id());
        let said = |id, polarities: &[Polarity]| SaidRow {
            id,
            title: "Into ML".to_owned(),
            themes: Json(
                polarities
                    .iter()
                    .map(|polarity| FeedbackTheme { competency_id: clock::new_id(), polarity: *polarity, note: None })
                    .collect(),
            ),
        };
        let rows = vec![
            said(two, &[]),
            said(one, &[Polarity::Positive, Polarity::Negative]),
            said(two, &[Polarity::Positive]),
            said(one, &[Polarity::Negative]),
        ];
        assert_eq!(taught(rows), [Taught { id: one, title: "Into ML".to_owned() }]);
    }
}
