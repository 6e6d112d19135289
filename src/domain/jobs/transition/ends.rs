//! Both ends of a switch, as somebody names them: by id, in words, or, for where they are, by what their profile says.

use entity::{
    id::{IndustryId, RoleProfileId, UserId},
    learning::career_profile::EmployerKind,
};
use sea_orm::FromQueryResult;

use super::{
    book::Book,
    place::{Industry, Place, Role},
};
use crate::{
    domain::{
        error::{Code, Error, Result},
        look::Look,
    },
    read::{shape::shape, sql::Arg},
};

/// One end, as it is named.
#[derive(Clone, Debug, Default)]
pub struct Named {
    /// The role, by its profile.
    pub role_profile_id: Option<RoleProfileId>,
    /// The role, in words.
    pub role: Option<String>,
    /// The industry, by its id.
    pub industry_id: Option<IndustryId>,
    /// The industry, in words.
    pub industry: Option<String>,
}

/// What a profile says of where somebody is.
#[derive(Clone, Debug, Default, FromQueryResult)]
pub struct Present {
    /// What they do.
    pub current_role: Option<String>,
    /// In which industry.
    pub current_industry: Option<String>,
    /// For which kind of employer.
    pub current_employer_kind: Option<EmployerKind>,
    /// Since when.
    pub current_since: Option<chrono::NaiveDate>,
}

/// Reads the profile of a person, as far as the caller may see it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn present(look: &Look, person: UserId) -> Result<Present> {
    let mut sql = look.sql();
    sql.push(
        "SELECT p.\"current_role\", p.current_industry, p.current_employer_kind, p.current_since FROM \"career_profile\" p \
         WHERE p.deleted_at IS NULL AND p.user_id = ",
    );
    sql.bind(Arg::Uuid(person.0)).push(" AND ").visible(shape("CareerProfile"), "p", &look.who);
    Ok(look.row(&sql).await?.unwrap_or_default())
}

impl Present {
    /// Where that is.
    #[must_use]
    pub fn place(&self, book: &Book) -> Place {
        Place {
            role: self.current_role.as_deref().map(|title| book.role_called(title)),
            industry: self.current_industry.as_deref().map(|name| book.industry_called(name)),
        }
    }
}

impl Named {
    /// The place that is named; `end` is `from` or `to`, as the members of the input begin.
    ///
    /// # Errors
    /// `TRANSITION_END_AMBIGUOUS` and `REFERENCE_UNKNOWN` naming the member.
    pub fn place(&self, book: &Book, end: &str) -> Result<Place> {
        Ok(Place { role: self.role(book, end)?, industry: self.industry(book, end)? })
    }

    fn role(&self, book: &Book, end: &str) -> Result<Option<Role>> {
        match (self.role_profile_id, &self.role) {
            (Some(_), Some(_)) => Err(ambiguous(end, "Role", "the role")),
            (Some(id), None) => book.role_of(id, &format!("/{end}RoleProfileId")).map(Some),
            (None, Some(title)) => Ok(Some(book.role_called(title))),
            (None, None) => Ok(None),
        }
    }

    fn industry(&self, book: &Book, end: &str) -> Result<Option<Industry>> {
        match (self.industry_id, &self.industry) {
            (Some(_), Some(_)) => Err(ambiguous(end, "Industry", "the industry")),
            (Some(id), None) => book.industry_of(id, &format!("/{end}ListedIndustryId")).map(Some),
            (None, Some(name)) => Ok(Some(book.industry_called(name))),
            (None, None) => Ok(None),
        }
    }
}

fn ambiguous(end: &str, member: &str, what: &str) -> Error {
    let why = format!("Name {what} by its id or in words, not both.");
    Error::field(Code::TransitionEndAmbiguous, &format!("/{end}{member}"), why)
}

/// Both ends: what is named, and of where somebody is, what their profile says besides.
///
/// # Errors
/// Those of [`Named::place`], and `TRANSITION_TARGET_REQUIRED`.
pub fn both(book: &Book, from: &Named, to: &Named, present: &Present) -> Result<(Place, Place)> {
    let there = to.place(book, "to")?;
    if there == Place::default() {
        let why = "Say which role or which industry it leads to.";
        return Err(Error::field(Code::TransitionTargetRequired, "/toRole", why));
    }
    let here = from.place(book, "from")?;
    let known = present.place(book);
    Ok((Place { role: here.role.or(known.role), industry: here.industry.or(known.industry) }, there))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_profile_says_what_nobody_names() {
        let (book, nothing) = (Book::default(), Named::default());
        let present = Present {
            current_role: Some("Analyst".to_owned()),
            current_industry: Some("Finance".to_owned()),
            ..Present::default()
        };
        let to = Named { role: Some("ML engineer".to_owned()), ..Named::default() };
        let (from, there) = both(&book, &nothing, &to, &present).unwrap();
        assert_eq!(
            (from.role.unwrap().title, from.industry.unwrap().name),
            ("Analyst".to_owned(), "Finance".to_owned())
        );
        assert_eq!((there.role.unwrap().title.as_str(), there.industry), ("ML engineer", None));
        let from = Named { role: Some("Student".to_owned()), ..Named::default() };
        assert_eq!(both(&book, &from, &to, &present).unwrap().0.role.unwrap().title, "Student");
        let refused = |from: &Named, to: &Named| both(&book, from, to, &present).unwrap_err();
        assert_eq!(refused(&nothing, &nothing).code(), Code::TransitionTargetRequired);
        let twice =
            Named { industry: Some("a".to_owned()), industry_id: Some(crate::domain::clock::new_id()), ..to.clone() };
        let error = refused(&nothing, &twice);
        assert_eq!(
            (error.code(), error.field_errors()[0].pointer.as_str()),
            (Code::TransitionEndAmbiguous, "/toIndustry")
        );
    }
}
