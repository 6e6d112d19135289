//! Portfolios for other systems: as JSON Resume, as Markdown, and as achievements in the words of Open Badges (§15).

use entity::{
    id::UserId,
    kind::{Declared as _, Kind, id, word},
    learning::career_profile,
    object,
    platform::user,
    projects::portfolio_entry::{PortfolioFormat, PortfolioVisibility},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::Serialize;
use serde_json::Value;

use super::{
    badges, load, markdown,
    resume::{self, Person},
};
use crate::domain::{
    answer::{Answer, Form},
    error::{Code, Result},
    look::Look,
    policy::Action,
};

object! {
    /// Whose portfolio, and for whom.
    PortfolioExportQuestion {
        /// Whose; without it, the caller's.
        optional user_id: UserId = id::<UserId>(),
        /// For whom; `JSON_RESUME`, unless it is said.
        optional format: PortfolioFormat = word::<PortfolioFormat>(),
        /// Whether to tell of what is `PRIVATE`, too; not, unless it is said: an export is likely to be published.
        optional include_private: bool = Kind::Bool,
    }
}

object! {
    /// A portfolio for other systems.
    #[derive(Serialize)]
    PortfolioExport {
        /// Whose.
        required user_id: UserId = id::<UserId>(),
        /// For whom.
        required format: PortfolioFormat = word::<PortfolioFormat>(),
        /// The document; of `MARKDOWN`, its text.
        required document: Value = Kind::Json,
    }
}

/// `exportPortfolio`.
#[must_use]
pub fn of_person() -> Answer {
    Answer::new(
        "exportPortfolio",
        Action::ViewPortfolio,
        "A portfolio for other systems: as JSON Resume 1.0.0, as Markdown, or as achievements in the words of Open Badges 3.0.",
        Kind::Object(PortfolioExport::object),
        export,
    )
    .alone("document")
    .form(Form::markdown("The same as Markdown.", text))
    .points(50)
}

async fn export(look: Look, asked: PortfolioExportQuestion) -> Result<PortfolioExport> {
    let person = look.person(asked.user_id, Action::ViewPortfolio).await?;
    let least =
        if asked.include_private == Some(true) { PortfolioVisibility::Private } else { PortfolioVisibility::Link };
    let all = load(&look.db, look.who.organization, person.id, least).await?;
    let format = asked.format.unwrap_or(PortfolioFormat::JsonResume);
    let document = match format {
        PortfolioFormat::OpenBadges => {
            let mastered = badges::mastered(&look, person.id).await?;
            badges::write(&mastered, &all, look.who.house.config.public_url.trim_end_matches('/'))
        }
        PortfolioFormat::JsonResume => resume::write(&about(&look, &person).await?, &all, None),
        PortfolioFormat::Markdown => {
            markdown::of_resume(&resume::write(&about(&look, &person).await?, &all, None)).into()
        }
    };
    Ok(PortfolioExport { user_id: person.id, format, document })
}

/// Who somebody is, as far as the caller may see it: their address they tell themselves.
async fn about(look: &Look, person: &user::Model) -> Result<Person> {
    let profile = profile(look, person.id).await?;
    let own = look.who.user() == Some(person.id);
    Ok(Person {
        name: person.name.clone(),
        email: own.then(|| person.email.clone()),
        headline: profile.as_ref().and_then(|profile| profile.headline.clone()),
        role: profile.as_ref().and_then(|profile| profile.current_role.clone()),
        industry: profile.and_then(|profile| profile.current_industry),
    })
}

/// What somebody says of their career, for whom may see that, too.
async fn profile(look: &Look, person: UserId) -> Result<Option<career_profile::Model>> {
    use career_profile::Column as Of;
    let profile = career_profile::Entity::find()
        .filter(Of::OrganizationId.eq(look.who.organization))
        .filter(Of::UserId.eq(person))
        .filter(Of::DeletedAt.is_null())
        .one(&look.db)
        .await?;
    let Some(profile) = profile else { return Ok(None) };
    match look.find::<career_profile::Entity>(profile.id, Action::ViewCareerProfile).await {
        Err(error) if matches!(error.code(), Code::NotFound | Code::InsufficientScope) => Ok(None),
        other => other.map(Some),
    }
}

/// The document as Markdown.
#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
fn text(told: &PortfolioExport) -> Result<String> {
    Ok(match told.format {
        PortfolioFormat::JsonResume => markdown::of_resume(&told.document),
        PortfolioFormat::OpenBadges => markdown::of_badges(&told.document),
        PortfolioFormat::Markdown => told.document.as_str().unwrap_or_default().to_owned(),
    })
}
