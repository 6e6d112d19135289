//! What is known of who speaks for a person's applications, what was offered to them, and what nobody was asked yet, as far
//! as the caller may see it (§22, §24, §25).

use entity::{
    id::{ApplicationId, ContactId, JobPostingId, JobSearchId, OfferId, ReferralId},
    platform::user,
};
use sea_orm::FromQueryResult;

use crate::{
    domain::{error::Result, look::Look},
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// How many of a kind are looked at: what matters is told long before.
const MOST: usize = 500;

/// Of whom it is hoped that they speak, what waits for an answer, and what was not asked.
#[derive(Clone, Debug, Default)]
pub(in crate::domain::insight) struct Hiring {
    /// Openings that are tried directly, at companies where somebody is known: by opening, whom one met last first.
    pub warm: Vec<Warm>,
    /// The last referral of an opening, of which nothing came.
    pub lapsed: Vec<Lapsed>,
    /// Offers that wait, though another one was accepted.
    pub waiting: Vec<Waiting>,
    /// Applications that came to nothing after somebody had looked at them, and of which nobody was asked why.
    pub unasked: Vec<Unasked>,
    /// The last offer that was accepted, when no goal was set since.
    pub arrived: Option<Arrived>,
}

/// Somebody who is known works where somebody applies.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Warm {
    pub posting_id: JobPostingId,
    pub title: String,
    pub application_id: Option<ApplicationId>,
    pub contact_id: ContactId,
    pub name: String,
}

/// A referral of which nothing came, and who else could be asked.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Lapsed {
    pub id: ReferralId,
    pub posting_id: JobPostingId,
    pub application_id: Option<ApplicationId>,
    pub subject: String,
    pub referrer: Option<String>,
    pub declined: bool,
    pub next_id: Option<ContactId>,
    pub next_name: Option<String>,
}

/// An offer that waits, though another one was accepted.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Waiting {
    pub id: OfferId,
    pub application_id: ApplicationId,
    pub job_search_id: JobSearchId,
    pub title: String,
}

/// An application of which nobody was asked why nothing came.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Unasked {
    pub id: ApplicationId,
    pub job_search_id: JobSearchId,
    pub title: String,
}

/// An offer that was accepted, and after which no goal was set.
#[derive(Clone, Debug, FromQueryResult)]
pub(in crate::domain::insight) struct Arrived {
    pub id: OfferId,
    pub application_id: ApplicationId,
    pub job_search_id: JobSearchId,
    pub title: String,
}

/// Loads it in five statements.
pub(super) async fn load(look: &Look, person: &user::Model) -> Result<Hiring> {
    let owner = || Arg::Uuid(person.id.0);
    let mut warm = look.rows::<Warm>(&warm(look, owner())).await?;
    warm.dedup_by_key(|one| (one.posting_id, one.application_id));
    Ok(Hiring {
        warm,
        lapsed: look.rows(&lapsed(look, owner())).await?,
        waiting: look.rows(&waiting(look, owner())).await?,
        unasked: look.rows(&unasked(look, owner())).await?,
        arrived: look.row(&arrived(look, owner())).await?,
    })
}

/// Whether nobody was asked for an opening, or nothing came of it: `r` stands for the referrals. They are counted rather than
/// asked whether they exist: PostgreSQL would make a join of that, and begin with everybody's.
const NOBODY_SPEAKS: &str = "0 = (SELECT COUNT(*) FROM \"referral\" r WHERE r.posting_id = p.id AND r.deleted_at IS NULL \
     AND (r.state = 'SUBMITTED' OR r.state IN ('REQUESTED', 'ACCEPTED') AND r.expires_at > ";

fn warm(look: &Look, owner: Arg) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT p.id AS posting_id, p.title, a.id AS application_id, c.id AS contact_id, c.name FROM \"job_posting\" p \
         JOIN \"contact\" c ON c.company_id = p.company_id AND c.owner_id = p.owner_id AND c.deleted_at IS NULL AND ",
    );
    sql.visible(shape("Contact"), "c", &look.who);
    sql.push(
        " LEFT JOIN \"application\" a ON a.posting_id = p.id AND a.deleted_at IS NULL \
         LEFT JOIN \"job_search\" s ON s.id = a.job_search_id AND s.deleted_at IS NULL AND ",
    );
    sql.tenant_by_id(shape("JobSearch"), "s", &look.who).push(" WHERE p.deleted_at IS NULL ");
    sql.push(
        "AND (a.id IS NULL OR a.outcome IS NULL AND a.channel = 'DIRECT' AND s.state = 'ACTIVE') AND (p.closes_at IS NULL OR p.closes_at > ",
    );
    sql.bind(Arg::Time(look.now)).push(") AND p.owner_id = ").bind(owner).push(" AND ");
    sql.visible(shape("JobPosting"), "p", &look.who);
    // Of whom something was asked already, it is told elsewhere; what was taken back was as good as not asked.
    sql.push(" AND 0 = (SELECT COUNT(*) FROM \"referral\" r WHERE r.posting_id = p.id AND r.deleted_at IS NULL AND r.state <> 'WITHDRAWN')");
    sql.push(" ORDER BY p.created_at, p.id, a.id, c.last_interaction_at IS NULL, c.last_interaction_at DESC, c.id");
    sql.push(&format!(" LIMIT {MOST}"));
    sql
}

fn lapsed(look: &Look, owner: Arg) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT l.id, l.posting_id, l.application_id, l.subject, \
         CASE WHEN r.id IS NOT NULL THEN r.name WHEN l.owner_id = ",
    );
    // Whom somebody knows is told to whoever may see the contact.
    sql.bind(Arg::Uuid(look.who.user().map(|id| id.0).unwrap_or_default())).push(
        " THEN l.referrer_name END AS referrer, l.state = 'DECLINED' AS declined, n.id AS next_id, n.name AS next_name \
         FROM \"referral\" l JOIN \"job_posting\" p ON p.id = l.posting_id AND p.deleted_at IS NULL \
         LEFT JOIN \"contact\" r ON r.id = l.referrer_contact_id AND r.deleted_at IS NULL AND ",
    );
    sql.visible_by_id(shape("Contact"), "r", &look.who).push(
        " LEFT JOIN \"contact\" n ON n.id = (SELECT c.id FROM \"contact\" c WHERE c.company_id = p.company_id \
         AND c.owner_id = l.owner_id AND c.deleted_at IS NULL AND ",
    );
    sql.visible(shape("Contact"), "c", &look.who).push(
        " AND 0 = (SELECT COUNT(*) FROM \"referral\" x WHERE x.posting_id = p.id AND x.referrer_contact_id = c.id \
         AND x.deleted_at IS NULL AND x.state <> 'WITHDRAWN') ORDER BY c.last_interaction_at IS NULL, c.last_interaction_at DESC, c.id LIMIT 1) \
         LEFT JOIN \"application\" a ON a.id = l.application_id \
         WHERE l.deleted_at IS NULL AND (l.state IN ('DECLINED', 'EXPIRED') OR l.state IN ('REQUESTED', 'ACCEPTED') \
         AND l.expires_at <= ",
    );
    sql.bind(Arg::Time(look.now)).push(") AND (a.id IS NULL OR a.outcome IS NULL AND a.deleted_at IS NULL) AND ");
    sql.push(NOBODY_SPEAKS).bind(Arg::Time(look.now));
    // The last one of an opening speaks for those before it.
    sql.push(
        ")) AND 0 = (SELECT COUNT(*) FROM \"referral\" y WHERE y.posting_id = l.posting_id AND y.deleted_at IS NULL AND y.state <> 'WITHDRAWN' \
         AND (y.created_at > l.created_at OR y.created_at = l.created_at AND y.id > l.id)) AND l.owner_id = ",
    );
    sql.bind(owner).push(" AND ").visible(shape("Referral"), "l", &look.who);
    sql.push(&format!(" ORDER BY l.created_at, l.id LIMIT {MOST}"));
    sql
}

/// Of applications that are open: the owner's, so that PostgreSQL does not begin with everybody's.
fn waiting(look: &Look, owner: Arg) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT o.id, o.application_id, o.job_search_id, p.title FROM \"offer\" o \
         JOIN \"application\" a ON a.id = o.application_id AND a.owner_id = o.owner_id AND a.organization_id = o.organization_id \
         AND a.outcome IS NULL AND a.deleted_at IS NULL JOIN \"job_posting\" p ON p.id = a.posting_id \
         WHERE o.deleted_at IS NULL AND o.state IN ('RECEIVED', 'NEGOTIATING') AND (o.respond_by IS NULL OR o.respond_by > ",
    );
    sql.bind(Arg::Time(look.now)).push(
        ") AND 0 < (SELECT COUNT(*) FROM \"offer\" x WHERE x.job_search_id = o.job_search_id AND x.state = 'ACCEPTED' \
         AND x.deleted_at IS NULL) AND o.owner_id = ",
    );
    sql.bind(owner).push(" AND ").visible(shape("Offer"), "o", &look.who);
    sql.push(&format!(" ORDER BY o.created_at, o.id LIMIT {MOST}"));
    sql
}

/// What is asked of the state is asked so that PostgreSQL does not begin with everybody's accepted offers.
fn arrived(look: &Look, owner: Arg) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT o.id, o.application_id, o.job_search_id, p.title FROM \"offer\" o \
         JOIN \"application\" a ON a.id = o.application_id JOIN \"job_posting\" p ON p.id = a.posting_id \
         WHERE o.deleted_at IS NULL AND COALESCE(o.state, '') = 'ACCEPTED' AND 0 = (SELECT COUNT(*) FROM \"career_goal\" g \
         WHERE g.organization_id = o.organization_id AND g.user_id = o.owner_id AND g.deleted_at IS NULL \
         AND g.achieved_at IS NULL AND g.created_at > o.ended_at) AND o.owner_id = ",
    );
    sql.bind(owner).push(" AND ").visible(shape("Offer"), "o", &look.who);
    sql.push(" ORDER BY o.ended_at DESC, o.id DESC LIMIT 1");
    sql
}

fn unasked(look: &Look, owner: Arg) -> Sql {
    let mut sql = look.sql();
    sql.push(
        "SELECT a.id, a.job_search_id, p.title FROM \"application\" a JOIN \"job_posting\" p ON p.id = a.posting_id \
         WHERE a.deleted_at IS NULL AND a.outcome = 'REJECTED' AND a.stage_kind IN ('SCREENING', 'INTERVIEWING', 'OFFER') \
         AND NOT EXISTS (SELECT 1 FROM \"feedback_request\" q WHERE q.application_id = a.id AND q.deleted_at IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM \"feedback\" f WHERE f.application_id = a.id AND f.deleted_at IS NULL) \
         AND a.owner_id = ",
    );
    sql.bind(owner).push(" AND ").visible(shape("Application"), "a", &look.who);
    sql.push(&format!(" ORDER BY a.created_at, a.id LIMIT {MOST}"));
    sql
}
