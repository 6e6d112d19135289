//! What a calendar holds: to add another kind of thing, add its word to `CalendarContent`, and its line and its statement here. A thing has a
//! day, or a moment: a statement tells `day`, or `at` and for how many `minutes`, if it takes time.

use chrono::{DateTime, Days, NaiveDate, Utc};
use entity::{
    id::{
        ApplicationId, InformationalInterviewId, InterviewId, JobPostingId, LearningPlanId, MilestoneId, OfferId,
        ProjectId, TypedId as _,
    },
    platform::{calendar_feed::CalendarContent, client::Scope},
    projects::project_member::ProjectRole,
    vocabulary::{Set, Vocabulary as _},
};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    domain::{
        caller::Caller,
        error::Result,
        look::Look,
        policy::{Action, Rule},
    },
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// How many days of the past a calendar keeps.
const PAST: Days = Days::new(366);
/// How many things of a kind a calendar holds, the earliest first.
pub(in crate::domain::platform) const MOST: usize = 1000;

/// A kind of thing that has a day.
pub(in crate::domain::platform) struct Content {
    /// What it is called in a calendar.
    pub category: &'static str,
    /// What the ids of these things begin with.
    pub prefix: &'static str,
    /// What their `UID` ends with, besides, where a thing is in a calendar as several.
    pub suffix: &'static str,
    /// Whether they have a day or a moment.
    by: By,
    /// What looking at them needs the right to.
    pub view: Action,
    /// Adds the statement that tells of them: a [`Dated`] for each, without its end.
    select: fn(&mut Sql, &Caller),
}

/// What a thing has of time.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    /// A day.
    Day,
    /// A moment, and minutes where it takes time.
    Moment,
}

/// A thing that has a day or a moment.
#[derive(Debug, FromQueryResult)]
pub(in crate::domain::platform) struct Dated {
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// What it belongs to.
    pub part_of: Option<String>,
    pub note: Option<String>,
    pub day: Option<NaiveDate>,
    pub at: Option<DateTime<Utc>>,
    /// For how many minutes; what takes no time is of a day.
    pub minutes: Option<i64>,
    /// Whether it is done.
    pub done: bool,
    /// Whether it is not agreed yet, or rests.
    pub tentative: bool,
    /// Counts the changes of all that is told of it.
    pub sequence: i64,
    pub changed_at: DateTime<Utc>,
}

/// What there is to know of each kind.
pub(in crate::domain::platform) const fn of(content: CalendarContent) -> Content {
    match content {
        CalendarContent::Milestones => Content {
            category: "Milestone",
            prefix: MilestoneId::PREFIX,
            suffix: "",
            by: By::Day,
            view: Action::ViewMilestone,
            select: milestones,
        },
        CalendarContent::Projects => Content {
            category: "Project",
            prefix: ProjectId::PREFIX,
            suffix: "",
            by: By::Day,
            view: Action::ViewProject,
            select: projects,
        },
        CalendarContent::LearningPlans => Content {
            category: "Learning plan",
            prefix: LearningPlanId::PREFIX,
            suffix: "",
            by: By::Day,
            view: Action::ViewLearningPlan,
            select: learning_plans,
        },
        CalendarContent::Interviews => Content {
            category: "Interview",
            prefix: InterviewId::PREFIX,
            suffix: "",
            by: By::Moment,
            view: Action::ViewInterview,
            select: interviews,
        },
        CalendarContent::Offers => Content {
            category: "Offer to answer",
            prefix: OfferId::PREFIX,
            suffix: "",
            by: By::Moment,
            view: Action::ViewOffer,
            select: offers,
        },
        CalendarContent::Postings => Content {
            category: "Posting that closes",
            prefix: JobPostingId::PREFIX,
            suffix: "",
            by: By::Moment,
            view: Action::ViewJobPosting,
            select: postings,
        },
        CalendarContent::NextActions => Content {
            category: "Next action",
            prefix: ApplicationId::PREFIX,
            suffix: "-next",
            by: By::Moment,
            view: Action::ViewApplication,
            select: next_actions,
        },
        CalendarContent::InformationalInterviews => Content {
            category: "Informational interview",
            prefix: InformationalInterviewId::PREFIX,
            suffix: "",
            by: By::Moment,
            view: Action::ViewInformationalInterview,
            select: informational_interviews,
        },
        CalendarContent::FollowUps => Content {
            category: "Follow-up",
            prefix: InformationalInterviewId::PREFIX,
            suffix: "-follow-up",
            by: By::Moment,
            view: Action::ViewInformationalInterview,
            select: follow_ups,
        },
    }
}

/// Everything that the caller's token lets them look at.
#[must_use]
pub fn readable(who: &Caller) -> Set<CalendarContent> {
    let all = CalendarContent::ALL.iter().copied();
    all.filter(|content| who.has_scope_for(of(*content).view).is_ok()).collect()
}

/// The things of a kind that are the caller's, by their days: one statement.
pub(in crate::domain::platform) async fn dated(look: &Look, content: &Content) -> Result<Vec<Dated>> {
    let from = look.now.checked_sub_days(PAST).unwrap_or(look.now);
    let mut sql = look.sql();
    sql.push("SELECT t.*, ").push(match content.by {
        By::Day => "CAST(NULL AS TIMESTAMPTZ) AS at, CAST(NULL AS BIGINT) AS minutes",
        By::Moment => "CAST(NULL AS DATE) AS day",
    });
    sql.push(" FROM (");
    (content.select)(&mut sql, &look.who);
    let by = match content.by {
        By::Day => {
            sql.push(") t WHERE t.day >= ").bind(Arg::Date(from.date_naive()));
            "day"
        }
        By::Moment => {
            sql.push(") t WHERE t.at >= ").bind(Arg::Time(from));
            "at"
        }
    };
    sql.push(&format!(" ORDER BY t.{by}, t.id LIMIT {MOST}"));
    look.rows(&sql).await
}

/// Adds that a project is the caller's own, or one that they are in: what others opened to them is in the calendars of these.
fn mine<'a>(sql: &'a mut Sql, who: &Caller) -> &'a mut Sql {
    sql.push("p.deleted_at IS NULL AND p.organization_id = ").bind(Arg::Uuid(who.organization.0)).push(" AND ");
    sql.rule(&Rule::Team("id", &[], ProjectRole::ALL), "p", who)
}

/// What was given up is due no more; what was done before that was done.
const LIVES: &str = "p.status IN ('SCOPING', 'SCOPED', 'IN_PROGRESS', 'PAUSED', 'COMPLETED')";

fn milestones(sql: &mut Sql, who: &Caller) {
    sql.push(
        "SELECT m.id, m.title, p.title AS part_of, m.description AS note, m.target_date AS day, \
         m.completed_at IS NOT NULL AS done, p.status NOT IN ('IN_PROGRESS', 'COMPLETED') AS tentative, \
         m.version + p.version - 2 AS sequence, \
         CASE WHEN m.updated_at > p.updated_at THEN m.updated_at ELSE p.updated_at END AS changed_at \
         FROM \"project\" p JOIN \"milestone\" m ON m.project_id = p.id AND m.deleted_at IS NULL AND m.organization_id = ",
    );
    sql.bind(Arg::Uuid(who.organization.0)).push(" WHERE ");
    mine(sql, who).push(" AND (m.completed_at IS NOT NULL OR ").push(LIVES).push(")");
}

fn projects(sql: &mut Sql, who: &Caller) {
    sql.push(
        "SELECT p.id, p.title, NULL AS part_of, p.summary AS note, p.due_on AS day, p.status = 'COMPLETED' AS done, \
         p.status NOT IN ('IN_PROGRESS', 'COMPLETED') AS tentative, p.version - 1 AS sequence, p.updated_at AS changed_at \
         FROM \"project\" p WHERE p.due_on IS NOT NULL AND ",
    );
    mine(sql, who).push(" AND ").push(LIVES);
}

fn learning_plans(sql: &mut Sql, who: &Caller) {
    sql.push(
        "SELECT l.id, l.title, NULL AS part_of, l.description AS note, l.due_on AS day, l.status = 'COMPLETE' AS done, \
         l.status NOT IN ('ACTIVE', 'COMPLETE') AS tentative, l.version - 1 AS sequence, l.updated_at AS changed_at \
         FROM \"learning_plan\" l WHERE l.due_on IS NOT NULL AND l.deleted_at IS NULL AND l.organization_id = ",
    );
    sql.bind(Arg::Uuid(who.organization.0)).push(" AND ").rule(&Rule::Owner("owner_id"), "l", who);
}

/// How often what is told has changed, and when it last did: what is told stands in several rows, of which some may not be there.
fn changes(rows: &[&str]) -> String {
    let counted: Vec<String> = rows.iter().map(|row| format!("COALESCE({row}.version - 1, 0)")).collect();
    let mut columns = rows.iter().map(|row| format!("{row}.updated_at"));
    let first = columns.next().unwrap_or_default();
    let last = columns.fold(first, |last, other| format!("CASE WHEN {other} > {last} THEN {other} ELSE {last} END"));
    format!("{} AS sequence, {last} AS changed_at", counted.join(" + "))
}

/// Where somebody applies: the company is told to whoever may look at companies.
fn of_application(sql: &mut Sql, who: &Caller) {
    sql.push(
        " JOIN \"job_search\" s ON s.id = a.job_search_id AND s.deleted_at IS NULL \
         JOIN \"job_posting\" p ON p.id = a.posting_id LEFT JOIN \"company\" y ON y.id = p.company_id AND ",
    );
    sql.visible_by_id(shape("Company"), "y", who).push(" WHERE a.deleted_at IS NULL AND a.organization_id = ");
    sql.bind(Arg::Uuid(who.organization.0)).push(" AND ").rule(&Rule::Owner("owner_id"), "a", who);
}

/// Where somebody applies, in a line.
const WHERE: &str = "COALESCE(p.title || ', ' || y.name, p.title)";

fn interviews(sql: &mut Sql, who: &Caller) {
    sql.push("SELECT i.id, 'Interview' AS title, ").push(WHERE);
    sql.push(
        " AS part_of, i.location AS note, COALESCE(i.held_at, i.scheduled_at) AS at, i.duration_min AS minutes, \
         i.state = 'HELD' AS done, FALSE AS tentative, ",
    )
    .push(&changes(&["i", "p", "y"]))
    .push(
        " FROM \"application\" a JOIN \"interview\" i ON i.application_id = a.id AND i.deleted_at IS NULL \
         AND i.state IN ('SCHEDULED', 'RESCHEDULED', 'HELD')",
    );
    of_application(sql, who);
    sql.push(" AND (i.state = 'HELD' OR a.outcome IS NULL)");
}

fn offers(sql: &mut Sql, who: &Caller) {
    sql.push("SELECT o.id, 'Answer the offer' AS title, ").push(WHERE);
    sql.push(
        " AS part_of, NULL AS note, o.respond_by AS at, CAST(NULL AS BIGINT) AS minutes, \
         o.state IN ('ACCEPTED', 'DECLINED') AS done, FALSE AS tentative, ",
    )
    .push(&changes(&["o", "p", "y"]))
    .push(
        " FROM \"application\" a JOIN \"offer\" o ON o.application_id = a.id AND o.deleted_at IS NULL \
         AND o.respond_by IS NOT NULL AND o.state <> 'RESCINDED'",
    );
    of_application(sql, who);
    sql.push(" AND (o.state IN ('ACCEPTED', 'DECLINED') OR a.outcome IS NULL)");
}

/// Of what one applied for, or let go, the end matters no more.
fn postings(sql: &mut Sql, who: &Caller) {
    sql.push(
        "SELECT p.id, 'Closes: ' || p.title AS title, y.name AS part_of, p.url AS note, p.closes_at AS at, \
         CAST(NULL AS BIGINT) AS minutes, FALSE AS done, TRUE AS tentative, ",
    )
    .push(&changes(&["p", "y"]))
    .push(" FROM \"job_posting\" p LEFT JOIN \"company\" y ON y.id = p.company_id AND ");
    sql.visible_by_id(shape("Company"), "y", who).push(
        " WHERE p.closes_at IS NOT NULL AND p.deleted_at IS NULL AND NOT EXISTS (SELECT 1 FROM \"application\" a \
         WHERE a.posting_id = p.id AND a.deleted_at IS NULL AND (a.applied_at IS NOT NULL OR a.outcome IS NOT NULL)) \
         AND p.organization_id = ",
    );
    sql.bind(Arg::Uuid(who.organization.0)).push(" AND ").rule(&Rule::Owner("owner_id"), "p", who);
}

fn next_actions(sql: &mut Sql, who: &Caller) {
    sql.push("SELECT a.id, COALESCE(a.next_action, 'Next step') AS title, ").push(WHERE);
    sql.push(
        " AS part_of, NULL AS note, a.next_action_at AS at, CAST(NULL AS BIGINT) AS minutes, FALSE AS done, \
         FALSE AS tentative, ",
    )
    .push(&changes(&["a", "p", "y"]))
    .push(" FROM \"application\" a");
    of_application(sql, who);
    sql.push(" AND a.outcome IS NULL AND a.next_action_at IS NOT NULL AND s.state = 'ACTIVE'");
}

/// What is told of the contact and the company of a talk: the contact is the owner's own, whether they are noted still or not. Whoever may not
/// look at contacts is told that there is a talk.
fn with_whom(who: &Caller) -> &'static str {
    if who.scopes.has(Scope::CommunityRead) { "c.name" } else { "'somebody'" }
}

/// The caller's talks, with whom, and where that is for whoever may look at companies.
fn of_talk<'a>(sql: &'a mut Sql, who: &Caller) -> &'a mut Sql {
    sql.push(
        " FROM \"informational_interview\" i \
         JOIN \"contact\" c ON c.id = i.contact_id AND c.organization_id = i.organization_id \
         LEFT JOIN \"company\" y ON y.id = i.company_id AND ",
    );
    sql.visible_by_id(shape("Company"), "y", who).push(" WHERE i.deleted_at IS NULL AND i.organization_id = ");
    sql.bind(Arg::Uuid(who.organization.0)).push(" AND ").rule(&Rule::Owner("owner_id"), "i", who)
}

fn informational_interviews(sql: &mut Sql, who: &Caller) {
    sql.push("SELECT i.id, 'Talk with ' || ").push(with_whom(who)).push(
        " AS title, y.name AS part_of, i.purpose AS note, COALESCE(i.held_at, i.scheduled_at) AS at, i.duration_min AS minutes, \
         i.held_at IS NOT NULL AS done, FALSE AS tentative, ",
    );
    of_talk(sql.push(&changes(&["i", "c", "y"])), who).push(" AND i.state IN ('SCHEDULED', 'HELD', 'FOLLOWED_UP')");
}

fn follow_ups(sql: &mut Sql, who: &Caller) {
    sql.push("SELECT i.id, 'Thank ' || ").push(with_whom(who)).push(
        " AS title, y.name AS part_of, NULL AS note, i.follow_up_due_at AS at, CAST(NULL AS BIGINT) AS minutes, \
         i.state = 'FOLLOWED_UP' AS done, FALSE AS tentative, ",
    );
    of_talk(sql.push(&changes(&["i", "c", "y"])), who)
        .push(" AND i.state IN ('HELD', 'FOLLOWED_UP') AND i.follow_up_due_at IS NOT NULL");
}
