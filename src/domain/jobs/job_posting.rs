//! Postings: openings that somebody took note of, before they apply or without (§21).

mod change;
mod clip;
mod gone;
pub(super) mod pay;

use chrono::{DateTime, Utc};
use entity::{
    community::company,
    id::{CompanyId, JobPostingId, RoleProfileId, UserId},
    jobs::job_posting::{ActiveModel, Column, CompRange, EmployerKind, EmploymentType, Entity, Model},
    kind::{Declared as _, Form, Kind, id, int, line, prose, text, word},
    learning::role_profile,
    object,
};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::whose;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::{Code, Error, Result},
        external::{self, ExternalRef},
        policy::Action,
        tx::Tx,
        verb::{Done, External, Resource, Row, Verb},
    },
    read::shape::{Leaf, Shape, leaf},
};
pub(super) use change::{as_patch, revise};
pub(super) use gone::{gone, hold};
use pay::Pay;

pub(super) const TITLE: Kind = line(1, 200);
pub(super) const URL: Kind = text(Form::Url, 1, 2000);
pub(super) const DESCRIPTION: Kind = prose(20_000);
pub(super) const REQUISITION: Kind = line(1, 100);
pub(super) const LOCATION: Kind = line(1, 200);
pub(super) const SOURCE: Kind = line(1, 100);
const COMP: Kind = Kind::Object(CompRange::object);

impl Row for Entity {
    const NAME: &'static str = "JobPosting";
    type Id = JobPostingId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<JobPostingId>(), "The id."),
        Column::OwnerId => leaf(id::<UserId>(), "Who took note of it; it never changes.").filter(),
        Column::CompanyId => leaf(id::<CompanyId>(), "The company that has the opening.").filter(),
        Column::RoleProfileId => {
            leaf(id::<RoleProfileId>(), "What the role asks for, when it is described here.").filter()
        }
        Column::RequisitionId => leaf(REQUISITION, "The company's own name for the opening."),
        Column::Title => leaf(TITLE, "What the role is called."),
        Column::Url => leaf(URL, "Where it stands."),
        Column::Description => leaf(DESCRIPTION, "What it says."),
        Column::EmployerKind => leaf(word::<EmployerKind>(), "What kind of employer it is.").filter(),
        Column::EmploymentType => leaf(word::<EmploymentType>(), "How one is employed.").filter(),
        Column::Location => leaf(LOCATION, "Where one works."),
        Column::ClosesAt => leaf(Kind::Time, "When it closes.").filter(),
        Column::Source => leaf(SOURCE, "Where it was found."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it can be restored."),
        // Shown as a range.
        Column::CompMin | Column::CompMax | Column::CompCurrency | Column::CompPeriod => return None,
        Column::OrganizationId | Column::SearchText => return None,
    })
}

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "JobPosting",
        "An opening that somebody took note of (§21).",
        "jpo",
        Action::ViewJobPosting,
        show,
    )
    .order("created_at", false)
    .computed("compRange", COMP, "What is paid.", pay::needs(), pay::shown)
    .nullable()
    .external_refs()
    .one("company", "company_id", "Company", "The company that has the opening.")
    .one("roleProfile", "role_profile_id", "RoleProfile", "What the role asks for.")
    .many("applications", "posting_id", "Application", "Where its owner applied for it.");
    Resource { shape, plural: "jobPostings", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{CreateJobPosting, EditJobPosting};
    vec![
        Verb::create(CreateJobPosting, "Take note of an opening.", create),
        Verb::upsert(CreateJobPosting, "Note or change the opening that another system's name stands for.", upsert),
        Verb::on_collection(
            "clip",
            CreateJobPosting,
            "Take note of what a page says of an opening, as the JSON-LD of schema.org; the company is found by its name, or added. \
             The same page again changes what was noted.",
            clip::clip,
        ),
        Verb::on::<Entity, _, _, _>("update", EditJobPosting, "Change a posting.", change::update),
        Verb::on::<Entity, _, _, _>(
            "delete",
            EditJobPosting,
            "Delete a posting for which nobody applied; it can be restored. Who was asked to speak for it is asked no more.",
            gone::delete,
        ),
        Verb::restore::<Entity>(EditJobPosting, "Bring a deleted posting back."),
    ]
}

object! {
    /// An opening to take note of.
    NewJobPosting {
        /// Who takes note of it: yourself, unless it is somebody who let you search for them.
        optional owner_id: UserId = id::<UserId>(),
        /// The company that has the opening.
        required company_id: CompanyId = id::<CompanyId>(),
        /// What the role asks for, when it is described here.
        optional role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// The company's own name for the opening.
        optional requisition_id: String = REQUISITION,
        /// What the role is called.
        required title: String = TITLE,
        /// Where it stands.
        optional url: String = URL,
        /// What it says.
        optional description: String = DESCRIPTION,
        /// What kind of employer it is.
        optional employer_kind: EmployerKind = word::<EmployerKind>(),
        /// How one is employed.
        optional employment_type: EmploymentType = word::<EmploymentType>(),
        /// What is paid.
        optional comp_range: CompRange = COMP,
        /// Where one works.
        optional location: String = LOCATION,
        /// When it closes.
        optional closes_at: DateTime<Utc> = Kind::Time,
        /// Where it was found.
        optional source: String = SOURCE,
        /// The names that other systems have for it.
        optional external_refs: Vec<ExternalRef> = external::REFS,
    }
}

async fn create(who: Caller, new: NewJobPosting) -> Result<Done> {
    let mut tx = who.begin().await?;
    let posting = add(&mut tx, new).await?;
    tx.made(&posting).await
}

async fn upsert(who: Caller, external: External, mut new: NewJobPosting) -> Result<Done> {
    let mut tx = who.begin().await?;
    if let Some(id) = external.id {
        let posting = tx.find_external::<Entity>(&external, id, Action::EditJobPosting).await?;
        let posting = revise(&mut tx, posting, as_patch(new)).await?;
        return tx.done(&posting).await;
    }
    new.external_refs.get_or_insert_default().push(external.reference());
    let posting = add(&mut tx, new).await?;
    tx.made(&posting).await
}

/// Takes note of an opening.
pub(super) async fn add(tx: &mut Tx, new: NewJobPosting) -> Result<Model> {
    let owner = whose(tx, new.owner_id).await?;
    let pay = new.comp_range.as_ref().map(Pay::of).transpose()?;
    has_opening(tx, new.company_id).await?;
    asks(tx, new.role_profile_id).await?;
    let posting = tx
        .insert::<Entity>(ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(tx.who.organization),
            owner_id: Set(owner.id),
            company_id: Set(new.company_id),
            role_profile_id: Set(new.role_profile_id),
            requisition_id: Set(new.requisition_id),
            search_text: Set(search_text(&new.title, new.location.as_deref())),
            title: Set(new.title),
            url: Set(new.url),
            description: Set(new.description),
            employer_kind: Set(new.employer_kind),
            employment_type: Set(new.employment_type),
            comp_min: Set(pay.map(|pay| pay.min)),
            comp_max: Set(pay.and_then(|pay| pay.max)),
            comp_currency: Set(pay.map(|pay| pay.currency)),
            comp_period: Set(pay.map(|pay| pay.per)),
            location: Set(new.location),
            closes_at: Set(new.closes_at),
            source: Set(new.source),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    tx.refs(&posting, new.external_refs.as_deref()).await?;
    record(tx, "created", &posting)?;
    Ok(posting)
}

async fn has_opening(tx: &Tx, company: CompanyId) -> Result<()> {
    tx.refer::<company::Entity>(company, "/companyId").await.map(|_| ())
}

async fn asks(tx: &Tx, role: Option<RoleProfileId>) -> Result<()> {
    if let Some(role) = role {
        tx.refer::<role_profile::Entity>(role, "/roleProfileId").await?;
    }
    Ok(())
}

/// A posting that somebody applies for, or that a thing of theirs names: one of `owner`.
///
/// # Errors
/// `REFERENCE_UNKNOWN` naming the member, whoever's posting it is; `INSUFFICIENT_SCOPE`.
pub async fn named(tx: &Tx, id: JobPostingId, owner: UserId, pointer: &str) -> Result<Model> {
    of(tx.refer::<Entity>(id, pointer).await?, owner, pointer)
}

/// A posting that an input names: one of `owner`.
///
/// # Errors
/// `REFERENCE_UNKNOWN` naming the member.
pub(super) fn of(posting: Model, owner: UserId, pointer: &str) -> Result<Model> {
    if posting.owner_id != owner {
        return Err(Error::field(Code::ReferenceUnknown, pointer, "There is no such job posting."));
    }
    Ok(posting)
}

pub(super) fn search_text(title: &str, location: Option<&str>) -> String {
    format!("{title} {}", location.unwrap_or_default()).trim().to_lowercase()
}

fn record(tx: &mut Tx, what: &str, posting: &Model) -> Result<()> {
    tx.record(what, posting, said(posting))
}

/// What the feed says of a posting.
pub(super) fn said(posting: &Model) -> serde_json::Value {
    json!({ "companyId": posting.company_id, "closesAt": posting.closes_at.map(clock::rfc3339) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_posting_is_found_by_its_title_and_its_place() {
        assert_eq!(search_text("ML Engineer", Some("Vienna")), "ml engineer vienna");
        assert_eq!(search_text("ML Engineer", None), "ml engineer");
    }
}
