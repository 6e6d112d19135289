//! What changes of a posting.

use chrono::{DateTime, Utc};
use entity::{
    id::{CompanyId, JobPostingId, RoleProfileId, UserId},
    jobs::job_posting::{CompRange, EmployerKind, EmploymentType, Entity, Model},
    kind::{Kind, Patch, id, word},
    object,
};

use super::{
    COMP, DESCRIPTION, LOCATION, NewJobPosting, REQUISITION, SOURCE, TITLE, URL, asks, has_opening, pay::Pay, record,
    search_text,
};
use crate::domain::{
    caller::Caller,
    error::Result,
    external::{self, ExternalRef},
    jobs::stays_with,
    policy::Action,
    tx::Tx,
    verb::{Done, Target},
};

object! {
    /// Changes to a posting.
    JobPostingPatch {
        /// The company that has the opening.
        change company_id: CompanyId = id::<CompanyId>(),
        /// What the role asks for.
        clear role_profile_id: RoleProfileId = id::<RoleProfileId>(),
        /// The company's own name for the opening.
        clear requisition_id: String = REQUISITION,
        /// What the role is called.
        change title: String = TITLE,
        /// Where it stands.
        clear url: String = URL,
        /// What it says.
        clear description: String = DESCRIPTION,
        /// What kind of employer it is.
        clear employer_kind: EmployerKind = word::<EmployerKind>(),
        /// How one is employed.
        clear employment_type: EmploymentType = word::<EmploymentType>(),
        /// What is paid, all of it.
        clear comp_range: CompRange = COMP,
        /// Where one works.
        clear location: String = LOCATION,
        /// When it closes.
        clear closes_at: DateTime<Utc> = Kind::Time,
        /// Where it was found.
        clear source: String = SOURCE,
        /// Never changes: another value is refused with `OWNER_IMMUTABLE`.
        change owner_id: UserId = id::<UserId>(),
        /// The names that other systems have for it, in place of those that it had.
        change external_refs: Vec<ExternalRef> = external::REFS,
    }
}

pub(super) async fn update(who: Caller, target: Target<JobPostingId>, patch: JobPostingPatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let posting = tx.find_at::<Entity>(&target, Action::EditJobPosting).await?;
    let posting = revise(&mut tx, posting, patch).await?;
    tx.done(&posting).await
}

/// Changes a posting.
pub(in crate::domain::jobs) async fn revise(tx: &mut Tx, posting: Model, patch: JobPostingPatch) -> Result<Model> {
    stays_with(posting.owner_id, patch.owner_id)?;
    let company = patch.company_id.unwrap_or(posting.company_id);
    if company != posting.company_id {
        has_opening(tx, company).await?;
    }
    let role = patch.role_profile_id.over(posting.role_profile_id);
    if role != posting.role_profile_id {
        asks(tx, role).await?;
    }
    let pay = match patch.comp_range {
        Patch::Keep => Pay::kept(&posting),
        Patch::Clear => None,
        Patch::Set(range) => Some(Pay::of(&range)?),
    };
    let title = patch.title.unwrap_or_else(|| posting.title.clone());
    let location = patch.location.over(posting.location.clone());
    let requisition = patch.requisition_id.over(posting.requisition_id.clone());
    let url = patch.url.over(posting.url.clone());
    let description = patch.description.over(posting.description.clone());
    let employer = patch.employer_kind.over(posting.employer_kind);
    let employment = patch.employment_type.over(posting.employment_type);
    let closes = patch.closes_at.over(posting.closes_at);
    let source = patch.source.over(posting.source.clone());
    let after = tx
        .change::<Entity>(posting, |row| {
            row.search_text.set_if_not_equals(search_text(&title, location.as_deref()));
            row.title.set_if_not_equals(title);
            row.location.set_if_not_equals(location);
            row.company_id.set_if_not_equals(company);
            row.role_profile_id.set_if_not_equals(role);
            row.requisition_id.set_if_not_equals(requisition);
            row.url.set_if_not_equals(url);
            row.description.set_if_not_equals(description);
            row.employer_kind.set_if_not_equals(employer);
            row.employment_type.set_if_not_equals(employment);
            row.comp_min.set_if_not_equals(pay.map(|pay| pay.min));
            row.comp_max.set_if_not_equals(pay.and_then(|pay| pay.max));
            row.comp_currency.set_if_not_equals(pay.map(|pay| pay.currency));
            row.comp_period.set_if_not_equals(pay.map(|pay| pay.per));
            row.closes_at.set_if_not_equals(closes);
            row.source.set_if_not_equals(source);
        })
        .await?;
    let renamed = tx.refs(&after.row, patch.external_refs.as_deref()).await?;
    let after = tx.beside::<Entity>(after, renamed).await?;
    if after.changed {
        record(tx, "updated", &after.row)?;
    }
    Ok(after.row)
}

/// What another system says of a posting that is there: what it does not say stays.
pub(in crate::domain::jobs) fn as_patch(new: NewJobPosting) -> JobPostingPatch {
    JobPostingPatch {
        company_id: Some(new.company_id),
        role_profile_id: new.role_profile_id.map_or(Patch::Keep, Patch::Set),
        requisition_id: new.requisition_id.map_or(Patch::Keep, Patch::Set),
        title: Some(new.title),
        url: new.url.map_or(Patch::Keep, Patch::Set),
        description: new.description.map_or(Patch::Keep, Patch::Set),
        employer_kind: new.employer_kind.map_or(Patch::Keep, Patch::Set),
        employment_type: new.employment_type.map_or(Patch::Keep, Patch::Set),
        comp_range: new.comp_range.map_or(Patch::Keep, Patch::Set),
        location: new.location.map_or(Patch::Keep, Patch::Set),
        closes_at: new.closes_at.map_or(Patch::Keep, Patch::Set),
        source: new.source.map_or(Patch::Keep, Patch::Set),
        owner_id: new.owner_id,
        external_refs: new.external_refs,
    }
}
