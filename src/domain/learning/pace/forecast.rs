//! When a plan will be done at the pace of the last weeks (§4): advice, and never against anybody's curiosity (§6).

use std::collections::{HashMap, HashSet};

use chrono::{Days, NaiveDate};
use entity::{
    id::{LearningPlanId, LearningResourceId, PlanItemId},
    kind::{Declared as _, Kind, id, int},
    learning::learning_plan::{self, LearningPlanStatus},
    object,
    platform::user,
};
use sea_orm::{EntityTrait as _, FromQueryResult};
use serde::Serialize;

use super::{
    history::History,
    streak::{self, Mean},
};
use crate::{
    domain::{
        answer::Answer,
        error::{Error, Result},
        look::Look,
        policy::Action,
    },
    read::sql::Arg,
};

/// An estimate of more than a hundred years is none.
const FARTHEST: i64 = 36_525;

object! {
    /// Of which plan.
    PlanForecastQuestion {
        /// The plan.
        required plan_id: LearningPlanId = id::<LearningPlanId>(),
    }
}

object! {
    /// When a plan will be done at the pace of the last weeks.
    #[derive(Serialize)]
    PlanForecast {
        /// The plan.
        required plan_id: LearningPlanId = id::<LearningPlanId>(),
        /// The minutes that are left: what the resources of its open items are estimated to take, each resource once.
        /// Curiosity does not count.
        required remaining_minutes: i64 = int(0, i64::MAX),
        /// The open items of which nobody knows how long they take: they are not in the estimate.
        required items_without_estimate: i64 = int(0, i64::MAX),
        /// The mean of its owner's last six full weeks, in whole minutes; paused weeks are left out of it.
        required weekly_mean_minutes: i64 = int(0, i64::MAX),
        /// The day, in their time zone, on which nothing will be left at this pace; null when they did not learn in
        /// these weeks, when no minutes are left, or when it is more than a hundred years away.
        optional estimated_completion_on: NaiveDate = Kind::Date,
        /// When the plan should be done.
        optional due_on: NaiveDate = Kind::Date,
        /// Whether it will be late, or is; null without a due date, and when there is no estimate and time is left.
        optional late: bool = Kind::Bool,
    }
}

/// `planForecast`.
#[must_use]
pub fn plan() -> Answer {
    Answer::new(
        "planForecast",
        Action::ViewLearningPlan,
        "When a plan will be done at the pace of its owner's last weeks.",
        Kind::Object(PlanForecast::object),
        plan_forecast,
    )
}

async fn plan_forecast(look: Look, asked: PlanForecastQuestion) -> Result<PlanForecast> {
    let plan = look.find::<learning_plan::Entity>(asked.plan_id, Action::ViewLearningPlan).await?;
    let owner = user::Entity::find_by_id(plan.owner_id).one(&look.db).await?;
    let owner = owner.ok_or_else(|| Error::internal("a plan without its owner"))?;
    let history = History::of(&look, &owner).await?;
    let left = if plan.status == LearningPlanStatus::Complete {
        Left::default()
    } else {
        Left::of(&open(&look, plan.id).await?)
    };
    let mean = streak::mean(&history.weeks);
    let estimated = estimate(history.today, left.minutes, mean);
    Ok(PlanForecast {
        plan_id: plan.id,
        remaining_minutes: left.minutes,
        items_without_estimate: left.unknown,
        weekly_mean_minutes: mean.whole(),
        estimated_completion_on: estimated,
        due_on: plan.due_on,
        late: plan.due_on.and_then(|due| late(due, history.today, &left, estimated)),
    })
}

/// What an open item is learnt from, and how long that takes, when it is known.
#[derive(Clone, Copy, Debug, FromQueryResult)]
struct Open {
    item: PlanItemId,
    resource: Option<LearningResourceId>,
    minutes: Option<i64>,
}

/// The items of a plan that are open and count.
async fn open(look: &Look, plan: LearningPlanId) -> Result<Vec<Open>> {
    let mut sql = look.sql();
    sql.push(
        "SELECT i.id AS item, r.id AS resource, r.estimated_minutes AS minutes FROM plan_item i \
         LEFT JOIN plan_item_resource l ON l.plan_item_id = i.id \
         LEFT JOIN learning_resource r ON r.id = l.learning_resource_id AND r.deleted_at IS NULL \
         WHERE i.deleted_at IS NULL AND i.status NOT IN ('DONE', 'DROPPED') AND i.motivation <> 'CURIOSITY' \
         AND i.plan_id = ",
    );
    sql.bind(Arg::Uuid(plan.0)).push(" AND i.organization_id = ").bind(Arg::Uuid(look.who.organization.0));
    look.rows(&sql).await
}

/// What is left of a plan.
#[derive(Debug, Default, PartialEq, Eq)]
struct Left {
    /// The minutes that are known.
    minutes: i64,
    /// The items of which nothing is known.
    unknown: i64,
}

impl Left {
    /// What open items still take: nobody takes a course twice that two of them name.
    fn of(open: &[Open]) -> Self {
        let (mut items, mut known, mut resources) = (HashSet::new(), HashSet::new(), HashMap::new());
        for row in open {
            items.insert(row.item);
            if let (Some(resource), Some(minutes)) = (row.resource, row.minutes.filter(|minutes| *minutes > 0)) {
                known.insert(row.item);
                resources.insert(resource, minutes);
            }
        }
        let unknown = i64::try_from(items.len() - known.len()).unwrap_or(i64::MAX);
        Self { minutes: resources.values().sum(), unknown }
    }
}

/// The day on which so many minutes are learnt at a weekly pace.
fn estimate(today: NaiveDate, minutes: i64, pace: Mean) -> Option<NaiveDate> {
    let days = pace.days(minutes).filter(|days| (1..=FARTHEST).contains(days))?;
    today.checked_add_days(Days::new(days.unsigned_abs()))
}

/// Whether a plan is late, or will be; `None` when nobody knows.
fn late(due: NaiveDate, today: NaiveDate, left: &Left, estimated: Option<NaiveDate>) -> Option<bool> {
    if *left == Left::default() {
        return Some(false);
    }
    if today > due { Some(true) } else { estimated.map(|day| day > due) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::clock::new_id;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_left_counts_each_resource_once() {
        let [a, b, c]: [PlanItemId; 3] = std::array::from_fn(|_| new_id());
        let [course, book, talk]: [LearningResourceId; 3] = std::array::from_fn(|_| new_id());
        let row = |item, resource, minutes| Open { item, resource, minutes };
        let open = [
            row(a, Some(course), Some(600)),
            row(b, Some(course), Some(600)),
            row(b, Some(book), Some(90)),
            row(b, Some(talk), None),
            row(c, Some(talk), Some(0)),
        ];
        assert_eq!(Left::of(&open), Left { minutes: 690, unknown: 1 });
        assert_eq!(Left::of(&[]), Left::default());
        assert_eq!(Left::of(&[row(c, None, None)]), Left { minutes: 0, unknown: 1 });
    }

    #[test]
    fn an_estimate_is_a_day_or_none() {
        let today = day("2026-12-28");
        for (minutes, weekly, expected) in [
            (60, 60, Some("2027-01-04")),
            (61, 60, Some("2027-01-05")),
            (1, 10_000, Some("2026-12-29")),
            (0, 60, None),
            (60, 0, None),
            (i64::MAX, 1, None),
            (1_000_000, 1, None),
        ] {
            assert_eq!(
                estimate(today, minutes, Mean { minutes: weekly, weeks: 1 }),
                expected.map(day),
                "{minutes} at {weekly}"
            );
        }
    }

    #[test]
    fn late_is_said_when_it_is_known() {
        let (due, before, after) = (day("2026-06-30"), day("2026-06-01"), day("2026-07-01"));
        let some = Left { minutes: 60, unknown: 0 };
        assert_eq!(late(due, before, &Left::default(), None), Some(false));
        assert_eq!(late(due, after, &Left::default(), None), Some(false));
        assert_eq!(late(due, before, &some, None), None);
        assert_eq!(late(due, before, &some, Some(due)), Some(false));
        assert_eq!(late(due, before, &some, Some(after)), Some(true));
        assert_eq!(late(due, after, &Left { minutes: 0, unknown: 1 }, None), Some(true));
    }
}
