//! How far applications came, and how long they stood where: counted by what each ever reached, from their histories (§21).

mod fold;
mod forms;
mod hide;
mod load;
mod told;

use chrono::{Days, NaiveDate};
use entity::{
    id::JobSearchId,
    jobs::job_search,
    kind::{Declared as _, Kind, id, list, word},
    object,
    platform::user,
    vocabulary,
};
use sea_orm::EntityTrait as _;
use serde::Serialize;

pub use self::told::{FunnelGroup, FunnelOutcome, FunnelStage};
use self::told::{StageStay, stays};
pub(in crate::domain) use self::{
    fold::{Group, Week, exactly, together, total_of},
    forms::{chart, rows},
    load::{Asked, Groups, Of, by_week, counted},
    told::told,
};
use crate::domain::{
    answer::{Answer, Form},
    error::{Error, Result},
    learning::week::begins_in,
    look::Look,
    policy::Action,
    report::period::in_order,
};

/// Of what a funnel tells.
pub(in crate::domain) const GROUP: Kind = Kind::Object(FunnelGroup::object);
/// How many groups of one person are told by themselves.
const GROUPS: usize = 100;
const STAY: Kind = Kind::Object(StageStay::object);

vocabulary! {
    /// By what the applications of a funnel are told apart.
    FunnelGrouping {
        /// Not at all.
        None = "NONE",
        /// By the way in which they came about.
        Channel = "CHANNEL",
        /// By the role.
        Role = "ROLE",
        /// By the kind of employer.
        CompanyKind = "COMPANY_KIND",
        /// By the résumé that was sent.
        ResumeVersion = "RESUME_VERSION",
    }
}

object! {
    /// Of which applications.
    FunnelQuestion {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// The first day, of its owner, on which an application began.
        optional from: NaiveDate = Kind::Date,
        /// The last such day.
        optional to: NaiveDate = Kind::Date,
        /// By what they are told apart; without it, not at all.
        optional group_by: FunnelGrouping = word::<FunnelGrouping>(),
    }
}

object! {
    /// Of which applications.
    TimeInStageQuestion {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// The first day, of its owner, on which an application began.
        optional from: NaiveDate = Kind::Date,
        /// The last such day.
        optional to: NaiveDate = Kind::Date,
    }
}

object! {
    /// How far the applications of a search came.
    #[derive(Serialize)]
    Funnel {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// By what they are told apart.
        required group_by: FunnelGrouping = word::<FunnelGrouping>(),
        /// All of them, then the groups by name, then those in none; of more than a hundred groups, the smaller ones are told as one.
        required groups: Vec<FunnelGroup> = list(&GROUP, GROUPS + 3),
    }
}

object! {
    /// How long the applications of a search stood in each kind of stage.
    #[derive(Serialize)]
    TimeInStage {
        /// The search.
        required job_search_id: JobSearchId = id::<JobSearchId>(),
        /// The kinds, in their order.
        required stages: Vec<StageStay> = list(&STAY, 6),
    }
}

/// The computed answers about funnels.
pub(super) fn answers() -> Vec<Answer> {
    vec![
        Answer::new(
            "funnel",
            Action::ViewApplication,
            "How far the applications of a search came: counted by what each ever reached, with the share that goes on from one kind \
             of stage to the next, and how long they stood there.",
            Kind::Object(Funnel::object),
            funnel,
        )
        .points(50)
        .form(Form::csv("A row for each number of each group, as CSV.", table))
        .form(Form::svg("A row for each kind of stage with what reached it, as SVG, in light and dark.", picture)),
        Answer::new(
            "timeInStage",
            Action::ViewApplication,
            "How long the applications of a search stood in each kind of stage, of those that left it.",
            Kind::Object(TimeInStage::object),
            time_in_stage,
        )
        .points(50)
        .form(Form::csv("A row for each kind of stage, as CSV.", forms::stays_table))
        .form(Form::svg("A row for each kind of stage, as SVG, in light and dark.", forms::stays_chart)),
    ]
}

async fn funnel(look: Look, asked: FunnelQuestion) -> Result<Funnel> {
    let by = asked.group_by.unwrap_or(FunnelGrouping::None);
    let counted = fold::largest(of_search(&look, &asked, by).await?, GROUPS);
    let groups = exactly(&counted, by).iter().map(told).collect();
    Ok(Funnel { job_search_id: asked.job_search_id, group_by: by, groups })
}

async fn time_in_stage(look: Look, asked: TimeInStageQuestion) -> Result<TimeInStage> {
    let TimeInStageQuestion { job_search_id, from, to } = asked;
    let asked = FunnelQuestion { job_search_id, from, to, group_by: None };
    let counted = of_search(&look, &asked, FunnelGrouping::None).await?;
    Ok(TimeInStage { job_search_id: asked.job_search_id, stages: stays(&total_of(&counted)) })
}

/// Counts the applications of a search that the caller may see: in two statements, and the one that counts.
async fn of_search(look: &Look, asked: &FunnelQuestion, by: FunnelGrouping) -> Result<Groups> {
    let search = look.find::<job_search::Entity>(asked.job_search_id, Action::ViewJobSearch).await?;
    in_order(asked.from, asked.to)?;
    let owner = user::Entity::find_by_id(search.owner_id).one(&look.db).await?;
    let zone = owner.ok_or_else(|| Error::not_found("user"))?.time_zone;
    let after = |day: NaiveDate| begins_in(&zone, day.checked_add_days(Days::new(1)).unwrap_or(day));
    let asked = Asked {
        of: Of::Search(search.id),
        from: asked.from.map(|day| begins_in(&zone, day)),
        until: asked.to.map(after),
        by,
    };
    counted(look, &asked).await
}

fn table(told: &Funnel) -> Result<String> {
    rows(&told.groups)
}

#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
fn picture(told: &Funnel) -> Result<String> {
    Ok(chart("How far applications came", "Each is counted in what it ever reached", told.groups.first()))
}
