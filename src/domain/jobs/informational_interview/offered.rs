//! A referral that somebody offered in a talk: it is opened at once, where it is clear what for (§20, §22).
//!
//! It begins as any other does, with the question: what they offered in a talk is no answer for an opening that may be chosen afterwards, and
//! whoever is a user here answers themself. What was noted of the talk is its owner's, and is not passed on.

use entity::{
    community::contact,
    id::{ApplicationId, JobPostingId},
    jobs::{informational_interview::Model, referral::ReferralState},
};
use sea_orm::FromQueryResult;
use serde_json::json;

use crate::{
    domain::{
        community::contact::named,
        error::{Code, Error, Result},
        jobs::referral::{
            ask::{Sought, ask, hold, hoped_until, last, sought},
            state::{is_living, standing},
        },
        tx::Tx,
    },
    read::sql::Arg,
};

/// How many openings are told of, where there are several.
const TOLD: usize = 20;

/// What was said of the opening: an application, or a posting.
type Said = (Option<ApplicationId>, Option<JobPostingId>);

/// Opens the referral that was offered, and says so; asked again, it says which there is.
pub(super) async fn open(tx: &mut Tx, talk: &Model, said: Said) -> Result<()> {
    let Some(referrer) = referrer(tx, talk).await? else {
        let message = "The contact is gone, or not yours to see: nobody was asked for the referral.";
        tx.warn("REFERRAL_NOT_OPENED", message);
        return Ok(());
    };
    let (sought, chosen) = match said {
        (None, None) => (only(tx, talk, &referrer).await?, false),
        (application, posting) => (Some(theirs(tx, talk, application, posting).await?), true),
    };
    let Some(sought) = sought else { return Ok(()) };
    hold(tx, &sought).await?;
    let known = last(tx, sought.posting.id, referrer.id).await?;
    // Whom nobody named an opening for is not asked again for one that they were asked for, whatever came of it.
    let known = known.filter(|row| !chosen || is_living(standing(row.state, row.expires_at, tx.now)));
    let (code, message, row) = if let Some(row) = known {
        ("REFERRAL_KNOWN", "They were asked for this opening already.", row)
    } else {
        let until = hoped_until(tx);
        let row = ask(tx, sought, &referrer, (None, until)).await?;
        ("REFERRAL_OPENED", "They were asked for the referral: it is noted when they accept.", row)
    };
    // Whoever is a user here answers themself.
    let waits = row.state == ReferralState::Requested && row.referrer_user_id.is_none();
    let details = json!({
        "referralId": row.id, "postingId": row.posting_id, "applicationId": row.application_id, "state": row.state,
        "command": waits.then_some("acceptReferral"),
    });
    tx.warn_with(code, message, details);
    Ok(())
}

/// Whom the talk was with: contacts are opened by a scope of their own, and may be gone.
async fn referrer(tx: &Tx, talk: &Model) -> Result<Option<contact::Model>> {
    match named(tx, talk.contact_id, Some(talk.owner_id), "/contactId").await {
        Ok(contact) => Ok(Some(contact)),
        Err(error) if matches!(error.code(), Code::ReferenceUnknown | Code::Forbidden | Code::InsufficientScope) => {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The opening that was named: one of whose talk it was.
async fn theirs(
    tx: &Tx,
    talk: &Model,
    application: Option<ApplicationId>,
    posting: Option<JobPostingId>,
) -> Result<Sought> {
    let sought = sought(tx, application, posting).await?;
    if sought.posting.owner_id != talk.owner_id {
        let (pointer, what) =
            if application.is_some() { ("/applicationId", "application") } else { ("/postingId", "posting") };
        return Err(Error::field(Code::ReferenceUnknown, pointer, format!("There is no such {what} of theirs.")));
    }
    Ok(sought)
}

#[derive(Debug, FromQueryResult)]
struct Row {
    posting_id: JobPostingId,
    application_id: Option<ApplicationId>,
}

/// The only open application at the company; where there is none, the only posting that was saved. Several are told of, to choose from.
async fn only(tx: &mut Tx, talk: &Model, referrer: &contact::Model) -> Result<Option<Sought>> {
    let company = talk.company_id.or(referrer.company_id);
    let all = if let Some(company) = company { openings(tx, talk, Arg::Uuid(company.0)).await? } else { Vec::new() };
    let (applied, saved): (Vec<Row>, Vec<Row>) = all.into_iter().partition(|row| row.application_id.is_some());
    let choices = if applied.is_empty() { saved } else { applied };
    if let [one] = choices.as_slice() {
        let posting = Some(one.posting_id).filter(|_| one.application_id.is_none());
        return sought(tx, one.application_id, posting).await.map(Some);
    }
    let applications: Vec<_> = choices.iter().filter_map(|row| row.application_id).collect();
    let postings: Vec<_> = choices.iter().map(|row| row.posting_id).collect();
    let message = "They would refer you: choose an opening there, and ask for the referral while it is fresh.";
    let details = json!({
        "contactId": referrer.id, "companyId": company, "applicationIds": applications, "postingIds": postings,
        "command": "requestReferral", "input": { "referrerContactId": referrer.id },
    });
    tx.warn_with("REFERRAL_OFFERED", message, details);
    Ok(None)
}

/// The openings at a company that somebody saved or applied for: what was closed, or has closed, is none.
async fn openings(tx: &Tx, talk: &Model, company: Arg) -> Result<Vec<Row>> {
    let (tenant, owner) = (|| Arg::Uuid(talk.organization_id.0), || Arg::Uuid(talk.owner_id.0));
    let mut sql = tx.sql();
    sql.push(
        "SELECT p.id AS posting_id, a.id AS application_id FROM \"job_posting\" p LEFT JOIN \"application\" a \
         ON a.posting_id = p.id AND a.deleted_at IS NULL AND a.owner_id = ",
    );
    sql.bind(owner()).push(" AND a.organization_id = ").bind(tenant());
    sql.push(" WHERE p.deleted_at IS NULL AND p.company_id = ").bind(company);
    sql.push(" AND p.owner_id = ").bind(owner()).push(" AND p.organization_id = ").bind(tenant());
    sql.push(" AND a.outcome IS NULL AND (a.id IS NOT NULL OR p.closes_at IS NULL OR p.closes_at > ");
    sql.bind(Arg::Time(tx.now))
        .push(&format!(") ORDER BY CASE WHEN a.id IS NULL THEN 1 ELSE 0 END, p.id, a.id LIMIT {TOLD}"));
    tx.rows::<Row>(&sql).await
}
