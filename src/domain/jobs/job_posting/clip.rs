//! Clipping a posting: what a page says of an opening in the words of schema.org, as a browser's extension finds it there (§21).

mod marks;
mod page;
mod read;
mod words;

use std::fmt::Write as _;

use aws_lc_rs::digest::{SHA256, digest};
use entity::{
    id::{JobPostingId, TypedId as _, UserId},
    jobs::job_posting::EmployerKind,
    kind::{Form, Kind, id, text, word},
    object,
};
use serde_json::{Value, json};

use super::{Entity, NewJobPosting, add, as_patch, revise};
use crate::domain::{
    caller::Caller,
    community::companies,
    error::{Code, Error, Result},
    external::{self, Book, ExternalRef},
    jobs::whose,
    policy::Action,
    tx::Tx,
    verb::{Done, External},
};
use read::Clipped;

/// The system of what pages call their openings.
const SOURCE: &str = "web";
/// How long an address may be for an opening to be known by it as it is.
const KNOWN_BY: usize = 200;

object! {
    /// What a page says of an opening.
    JobPostingClip {
        /// Who takes note of it: yourself, unless it is somebody who let you search for them.
        optional owner_id: UserId = id::<UserId>(),
        /// The JSON-LD of the page: a `JobPosting` of schema.org, a list that holds one, or an `@graph` that does.
        required document: Value = Kind::Json,
        /// The address of the page; without it, the one that the posting names.
        optional url: String = text(Form::Url, 1, 2000),
        /// What kind of employer it is.
        optional employer_kind: EmployerKind = word::<EmployerKind>(),
    }
}

/// Takes note of what a page says. The same page again changes what was noted.
pub(super) async fn clip(who: Caller, clip: JobPostingClip) -> Result<Done> {
    let clipped = read::read(&clip.document)?;
    let mut tx = who.begin().await?;
    let user = whose(&tx, clip.owner_id).await?;
    let owner = user.id;
    let companies = companies::named(&mut tx, std::iter::once(clipped.company.as_str())).await?;
    let company = companies.get(&clipped.company);
    let company_id = company.ok_or_else(|| Error::internal("a company that was just found"))?;
    for (code, message) in &clipped.left {
        tx.warn(code, *message);
    }
    let Clipped { title, description, location, requisition, employment, pay, closes, url, .. } = clipped;
    let url = clip.url.or(url);
    let name = url.as_ref().map(|url| ExternalRef { source: SOURCE.to_owned(), external_id: known_by(url) });
    let new = NewJobPosting {
        owner_id: Some(owner),
        company_id,
        role_profile_id: None,
        requisition_id: requisition,
        title,
        url,
        description,
        employer_kind: clip.employer_kind,
        employment_type: employment,
        comp_range: pay,
        location,
        closes_at: closes.map(|until| until.moment(&user.time_zone)),
        source: None,
        external_refs: None,
    };
    note(tx, (new, owner), name).await
}

/// What an opening is known by: the address of its page, without the place in it; one that is too long, by its digest.
fn known_by(url: &str) -> String {
    // A page that runs in the browser may name its own pages so.
    let page = url.split_once('#').filter(|(_, place)| !place.starts_with(['/', '!'])).map_or(url, |(page, _)| page);
    if page.chars().count() <= KNOWN_BY {
        return page.to_owned();
    }
    let digest = digest(&SHA256, page.as_bytes());
    digest.as_ref().iter().fold("sha256:".to_owned(), |mut name, byte| {
        // Writing into a text does not fail.
        let _ = write!(name, "{byte:02x}");
        name
    })
}

/// Changes what was noted of the page before, or notes it.
async fn note(mut tx: Tx, (mut new, owner): (NewJobPosting, UserId), name: Option<ExternalRef>) -> Result<Done> {
    let book = Book::of_person(JobPostingId::PREFIX, owner);
    if let Some(name) = &name
        && let Some(id) = external::find_in(&tx.db, tx.who.organization, &book, &name.source, &name.external_id).await?
    {
        let external = External {
            source: name.source.clone(),
            external_id: name.external_id.clone(),
            id: Some(id),
            version: None,
        };
        let posting = tx.find_external::<Entity>(&external, id, Action::EditJobPosting).await?;
        let posting = revise(&mut tx, posting, as_patch(new)).await?;
        return tx.done(&posting).await;
    }
    new.external_refs = name.map(|name| vec![name]);
    let posting = add(&mut tx, new).await?;
    tx.made(&posting).await
}

/// What is no posting.
fn refused(pointer: &str, why: &str) -> Error {
    Error::field(Code::PostingUnreadable, &format!("/document{pointer}"), why).with(json!({ "expected": "JobPosting" }))
}
