//! Where somebody has applied, and what of their role and industry that would change.

use chrono::{DateTime, Utc};
use entity::{
    id::{ApplicationId, JobSearchId, RoleProfileId, TransitionPlanId, UserId},
    jobs::job_posting::EmployerKind,
    kind::{id, line},
    object,
};
use sea_orm::FromQueryResult;
use serde::Serialize;

use super::{book::Book, place::Place};
use crate::{
    domain::{error::Result, look::Look},
    read::{
        shape::shape,
        sql::{Arg, Sql},
    },
};

/// How many applications are looked at.
const MOST: &str = "500";

object! {
    /// An application that is open where a leg leads.
    #[derive(Serialize, PartialEq, Eq)]
    OpenApplication {
        /// Which.
        required application_id: ApplicationId = id::<ApplicationId>(),
        /// What the role is called there.
        required title: String = line(1, 300),
    }
}

/// A thing that applications are in, or that is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Within {
    /// An application.
    Application(ApplicationId),
    /// A search.
    Search(JobSearchId),
}

/// Which applications.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those of which nothing has come yet, of searches that are not over.
    Open,
    /// The same, of searches that go on.
    GoingOn,
    /// Those of these for which something was meant to be done before a moment.
    Due(DateTime<Utc>),
    /// Those of these that are a thing, or in it.
    In(Within),
    /// Those of which an offer was accepted.
    Accepted,
}

/// An application, with what is known of its opening.
#[derive(Clone, Debug, FromQueryResult)]
pub struct Row {
    /// Which.
    pub id: ApplicationId,
    /// The search.
    pub job_search_id: JobSearchId,
    /// The plan that the search belongs to.
    pub transition_plan_id: Option<TransitionPlanId>,
    /// What the role is called there.
    pub title: String,
    role_profile_id: Option<RoleProfileId>,
    /// What kind of employer it is.
    pub employer_kind: Option<EmployerKind>,
    /// Where, for whoever may see companies.
    pub company: Option<String>,
    industry: Option<String>,
    /// What is to be done next.
    pub next_action: Option<String>,
    /// When.
    pub next_action_at: Option<DateTime<Utc>>,
}

impl Row {
    /// The role and the industry of the opening.
    #[must_use]
    pub fn place(&self, book: &Book) -> Place {
        let known = book.roles.iter().find(|role| role.id.is_some() && role.id == self.role_profile_id).cloned();
        Place {
            role: Some(known.unwrap_or_else(|| book.role_called(&self.title))),
            industry: self.industry.as_deref().map(|name| book.industry_called(name)),
        }
    }
}

/// Reads a person's applications, of those that the caller may see, in one statement.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn load(look: &Look, person: UserId, which: Which) -> Result<Vec<Row>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT a.id, a.job_search_id, j.transition_plan_id, p.title, p.role_profile_id, p.employer_kind, \
         y.name AS company, y.industry, a.next_action, a.next_action_at FROM \"application\" a \
         JOIN \"job_search\" j ON j.id = a.job_search_id AND j.deleted_at IS NULL \
         JOIN \"job_posting\" p ON p.id = a.posting_id \
         LEFT JOIN \"company\" y ON y.id = p.company_id AND ",
    );
    sql.visible(shape("Company"), "y", &look.who).push(" WHERE a.deleted_at IS NULL AND a.owner_id = ");
    sql.bind(Arg::Uuid(person.0)).push(" AND ").visible(shape("Application"), "a", &look.who);
    let order = which.among(&mut sql);
    sql.push(" ORDER BY ").push(order).push(" LIMIT ").push(MOST);
    let mut rows = look.rows::<Row>(&sql).await?;
    rows.sort_by_key(|row| row.id);
    Ok(rows)
}

impl Which {
    /// Those alone, and which of them come first where there are too many: what is due first, or what is newest.
    fn among(self, sql: &mut Sql) -> &'static str {
        sql.push(match self {
            Self::Accepted => " AND a.outcome = 'OFFER_ACCEPTED'",
            Self::Open => " AND a.outcome IS NULL AND j.state <> 'CLOSED'",
            Self::GoingOn | Self::Due(_) | Self::In(_) => " AND a.outcome IS NULL AND j.state = 'ACTIVE'",
        });
        match self {
            Self::Due(by) => _ = sql.push(" AND a.next_action_at <= ").bind(Arg::Time(by)),
            Self::In(Within::Application(id)) => _ = sql.push(" AND a.id = ").bind(Arg::Uuid(id.0)),
            Self::In(Within::Search(id)) => _ = sql.push(" AND a.job_search_id = ").bind(Arg::Uuid(id.0)),
            Self::Open | Self::GoingOn | Self::Accepted => {}
        }
        if matches!(self, Self::Due(_)) { "a.next_action_at, a.id" } else { "a.created_at DESC, a.id DESC" }
    }
}

/// The applications among these that lead where a leg leads: to its role, and to its industry as far as that is known.
#[must_use]
pub fn leading(applied: &[(Row, Place)], end: &Place) -> Vec<OpenApplication> {
    let there = |at: &Place| {
        let role = at.role.as_ref().zip(end.role.as_ref()).is_some_and(|(is, wanted)| is.is(wanted));
        let industry = at.industry.as_ref().zip(end.industry.as_ref()).is_none_or(|(is, wanted)| is.is(wanted));
        role && industry
    };
    let found = applied.iter().filter(|(_, at)| there(at));
    found.map(|(row, _)| OpenApplication { application_id: row.id, title: row.title.clone() }).collect()
}

#[cfg(test)]
mod tests {
    use super::{
        super::place::tests::{industry, role},
        *,
    };
    use crate::domain::clock;

    fn row(title: &str, role_profile_id: Option<RoleProfileId>, industry: Option<&str>) -> Row {
        Row {
            id: clock::new_id(),
            job_search_id: clock::new_id(),
            transition_plan_id: None,
            title: title.to_owned(),
            role_profile_id,
            employer_kind: None,
            company: None,
            industry: industry.map(str::to_owned),
            next_action: None,
            next_action_at: None,
        }
    }

    #[test]
    fn an_application_leads_to_a_role_in_an_industry() {
        let book = Book {
            roles: vec![role(&["ML engineer", "AI engineer"], None)],
            industries: vec![industry(&["Technology", "Software"]), industry(&["Finance"])],
        };
        let end = Place { role: Some(book.roles[0].clone()), industry: Some(book.industries[0].clone()) };
        for (row, leads) in [
            (row("AI Engineer", None, Some("software")), true),
            (row("Wizard", book.roles[0].id, Some("Technology")), true),
            (row("ML engineer", None, None), true),
            (row("ML engineer", None, Some("Finance")), false),
            (row("Wizard", None, Some("Technology")), false),
        ] {
            let place = row.place(&book);
            assert_eq!(leading(&[(row.clone(), place)], &end).len(), usize::from(leads), "{row:?}");
        }
    }
}
