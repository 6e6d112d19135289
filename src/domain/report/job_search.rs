//! How far the applications of an organization's people came, together (§21, §37): story 7.
//!
//! An application is counted in exactly one group, but a person may have some in several: what may be told then is decided in
//! [`crate::domain::jobs::funnel`] by the rules of [`super::disclosure`]. No role sees anybody's search: of one person it is told to those
//! whom that person let look by a grant, and to nobody else.

use std::collections::BTreeMap;

use chrono::{Days, NaiveDate, NaiveTime};
use entity::{
    id::UserId,
    kind::{Declared as _, Kind, id, int, list, word},
    object,
};
use serde::Serialize;
use serde_json::json;

use super::period::Weeks;
use crate::domain::{
    answer::{Answer, Form},
    error::{Code, Error, Result},
    jobs::funnel::{
        Asked, FunnelGroup, FunnelGrouping, GROUP, Group, Of, Week, by_week, chart, counted, exactly, rows, together,
        told, total_of,
    },
    look::Look,
    policy::Action,
};

object! {
    /// About which weeks, and by what applications are grouped.
    JobSearchFunnelQuestion {
        /// A day of the first week in which applications began; without it, that of twelve weeks. Weeks are told whole, from Monday
        /// to Sunday in UTC, so that no two questions differ by a day.
        optional from: NaiveDate = Kind::Date,
        /// A day of the last such week; without it, and at most, the last week that has ended.
        optional to: NaiveDate = Kind::Date,
        /// By what applications are told apart; without it, not at all. By résumé, only one person's are.
        optional group_by: FunnelGrouping = word::<FunnelGrouping>(),
        /// One person alone, who opened their search to the caller by a grant: then nothing is hidden or rounded.
        optional user_id: UserId = id::<UserId>(),
    }
}

object! {
    /// How far the applications of an organization's people came. Nothing is told of too few people, nor is left over when what is told
    /// is subtracted from each other: numbers leave out the weeks in which they would be about too few, and are in steps of five, rounded
    /// down.
    #[derive(Serialize)]
    JobSearchFunnel {
        /// The first day of the first week: a Monday.
        required from: NaiveDate = Kind::Date,
        /// The last day of the last week: a Sunday.
        required to: NaiveDate = Kind::Date,
        /// By what applications are told apart.
        required group_by: FunnelGrouping = word::<FunnelGrouping>(),
        /// The one person that it is about, when it is about one.
        optional user_id: UserId = id::<UserId>(),
        /// Of how many people at least anything is told.
        required minimum_cohort: i64 = int(0, i64::MAX),
        /// All of them, then the groups by name, then those in none, then the small ones together.
        required groups: Vec<FunnelGroup> = list(&GROUP, 100_000),
    }
}

/// `jobSearchFunnel`.
#[must_use]
pub fn report() -> Answer {
    Answer::new(
        "jobSearchFunnel",
        Action::ViewFunnel,
        "How far the applications of the organization's people came together: counts, conversions and the time in each kind of stage.",
        Kind::Object(JobSearchFunnel::object),
        job_search_funnel,
    )
    .at("reports/job-search-funnel")
    .points(200)
    .form(Form::csv("A row for each number of each group, as CSV.", |told: &JobSearchFunnel| rows(&told.groups)))
    .form(Form::svg("A row for each kind of stage with what reached it, as SVG, in light and dark.", picture))
}

#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
fn picture(told: &JobSearchFunnel) -> Result<String> {
    let of = if told.user_id.is_some() { "Applications" } else { "Applications of everybody, in steps of five" };
    Ok(chart("How far applications came", of, told.groups.first()))
}

async fn job_search_funnel(look: Look, asked: JobSearchFunnelQuestion) -> Result<JobSearchFunnel> {
    let of = if let Some(id) = asked.user_id {
        Of::Person(look.person(Some(id), Action::ViewFunnelOfPerson).await?.id)
    } else {
        look.who.may(Action::ViewFunnel)?;
        Of::Learners
    };
    let weeks = Weeks::of(asked.from, asked.to, look.now.date_naive())?;
    let by = asked.group_by.unwrap_or(FunnelGrouping::None);
    let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
    let until = weeks.to.checked_add_days(Days::new(1)).unwrap_or(weeks.to);
    let wanted = Asked { of, from: Some(midnight(weeks.from)), until: Some(midnight(until)), by };
    let least = look.who.settings.minimum_cohort;
    let groups = match of {
        Of::Learners => of_everybody(&look, wanted, least).await?,
        Of::Person(_) | Of::Search(_) => exactly(&counted(&look, &wanted).await?, by),
    };
    let mut groups: Vec<FunnelGroup> = groups.iter().map(told).collect();
    groups.sort_by(|one, other| (one.kind, &one.key).cmp(&(other.kind, &other.key)));
    let (from, to) = (weeks.from, weeks.to);
    Ok(JobSearchFunnel { from, to, group_by: by, user_id: asked.user_id, minimum_cohort: least, groups })
}

/// Everybody's, in two statements at most: all together, and by groups, week by week.
async fn of_everybody(look: &Look, wanted: Asked, least: i64) -> Result<Vec<Group>> {
    if wanted.by == FunnelGrouping::ResumeVersion {
        let why = "What people call their résumés is their own: only one person's are told apart by it.";
        return Err(Error::field(Code::BadInput, "/groupBy", why));
    }
    let whole = Asked { by: FunnelGrouping::None, ..wanted.clone() };
    let mut groups = match wanted.by {
        FunnelGrouping::None => BTreeMap::new(),
        _ => by_week(look, &wanted).await?,
    };
    let weeks = by_week(look, &whole)
        .await?
        .into_iter()
        .map(|(week, all)| Week { all: total_of(&all), groups: groups.remove(&week).unwrap_or_default() });
    together(weeks.collect(), least).ok_or_else(|| {
        let why = format!(
            "A report tells of weeks in which at least {least} people began with applications, and there are none."
        );
        Error::new(Code::InsufficientCohort, why).with(json!({ "minimumCohort": least }))
    })
}
