//! What somebody did in a role and an industry: when they were there, which talks they held, and what they accepted.

use chrono::NaiveDate;
use entity::{
    id::{IndustryId, RoleProfileId},
    jobs::transition_leg::LegState,
    platform::user,
};
use sea_orm::FromQueryResult;

use super::{
    industry,
    months::{self, Stay},
    role, there, whole,
};
use crate::{
    domain::{
        error::Result,
        jobs::transition::{
            applied::{self, Which},
            book::Book,
            ends::Present,
            place::Place,
        },
        learning::week::day_in,
        look::Look,
    },
    read::{shape::shape, sql::Arg},
};

#[derive(FromQueryResult)]
struct LegRow {
    to_role_profile_id: Option<RoleProfileId>,
    to_role: Option<String>,
    to_listed_industry_id: Option<IndustryId>,
    to_industry: Option<String>,
    state: LegState,
    ended_at: Option<chrono::DateTime<chrono::Utc>>,
}

/// When somebody was in the role and the industry: from each leg that led there, and from when their profile says that they came there, until
/// either of them says that they came somewhere else.
pub(super) async fn stays(
    look: &Look,
    person: &user::Model,
    book: &Book,
    present: &Present,
    target: &Place,
) -> Result<Vec<Stay>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT l.to_role_profile_id, l.to_role, l.to_listed_industry_id, l.to_industry, l.state, l.ended_at \
         FROM \"transition_leg\" l WHERE l.deleted_at IS NULL AND l.state = 'DONE' AND l.owner_id = ",
    );
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("TransitionLeg"), "l", &look.who);
    sql.push(" ORDER BY l.ended_at, l.id");
    let rows = look.rows::<LegRow>(&sql).await?;
    let done = rows.into_iter().filter(|row| row.state == LegState::Done);
    let legs: Vec<(NaiveDate, Place)> = done
        .filter_map(|row| {
            let reached = Place {
                role: row.to_role.map(|title| role(book, row.to_role_profile_id, &title)),
                industry: row.to_industry.map(|name| industry(book, row.to_listed_industry_id, &name)),
            };
            Some((day_in(&person.time_zone, row.ended_at?), reached))
        })
        .collect();
    let here = present.place(book);
    let unknown_since = there(&here, target) && present.current_since.is_none();
    let arrivals = months::arrivals(legs, present.current_since.map(|day| (day, here)));
    let arrivals: Vec<_> = arrivals.into_iter().map(|(day, place)| (day, there(&place, target))).collect();
    let mut out = months::stays(&arrivals);
    if unknown_since {
        out.push(Stay { from: None, to: None });
    }
    Ok(out)
}

#[derive(FromQueryResult)]
struct TalkRow {
    role_profile_id: Option<RoleProfileId>,
    role_title: Option<String>,
    industry: Option<String>,
}

/// How many talks were held about the role or in the industry, of those that the caller may see.
pub(super) async fn talks(look: &Look, person: &user::Model, book: &Book, target: &Place) -> Result<i64> {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.role_profile_id, i.role_title, y.industry FROM \"informational_interview\" i \
         LEFT JOIN \"company\" y ON y.id = i.company_id AND ",
    );
    sql.visible(shape("Company"), "y", &look.who);
    sql.push(" WHERE i.deleted_at IS NULL AND i.state IN ('HELD', 'FOLLOWED_UP') AND i.owner_id = ");
    sql.bind(Arg::Uuid(person.id.0)).push(" AND ").visible(shape("InformationalInterview"), "i", &look.who);
    sql.push(" ORDER BY i.id LIMIT 1000");
    let rows = look.rows::<TalkRow>(&sql).await?;
    let about = rows.into_iter().filter(|row| {
        let title = row.role_title.as_deref().unwrap_or_default();
        let of = (row.role_profile_id.is_some() || !title.is_empty()).then(|| role(book, row.role_profile_id, title));
        let at = row.industry.as_deref().map(|name| book.industry_called(name));
        let role = of.zip(target.role.as_ref()).is_some_and(|(is, wanted)| is.is(wanted));
        role || at.zip(target.industry.as_ref()).is_some_and(|(is, wanted)| is.is(wanted))
    });
    Ok(whole(about.count()))
}

/// Whether an offer was accepted there.
pub(super) async fn accepted(look: &Look, person: &user::Model, book: &Book, target: &Place) -> Result<bool> {
    let applied = applied::load(look, person.id, Which::Accepted).await?;
    Ok(applied.iter().any(|row| there(&row.place(book), target)))
}
