//! The milestones of a project on a line of time: as dates, as a table and as a chart.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    id::{MilestoneId, ProjectId},
    kind::{Declared as _, Kind, id, list, word},
    object,
    projects::{
        milestone::{MilestoneHealth, MilestoneStatus, Model},
        project,
    },
    vocabulary::Vocabulary as _,
};
use serde::Serialize;

use super::{MOST, TITLE, living, standing::status};
use crate::domain::{
    answer::{Answer, Form},
    chart::dates::{Dates, Outlook, Row, State},
    clock,
    error::Result,
    learning::week::day_in,
    look::Look,
    policy::Action,
    projects::measured,
    table::{Cell, csv},
};

const DATED: Kind = Kind::Object(DatedMilestone::object);

object! {
    /// Of which project.
    MilestoneTimelineQuestion {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
    }
}

object! {
    /// The milestones of a project on a line of time.
    #[derive(Serialize)]
    MilestoneTimeline {
        /// The project.
        required project_id: ProjectId = id::<ProjectId>(),
        /// What it is called.
        required title: String = TITLE,
        /// The day that it is where its owner lives.
        required today: NaiveDate = Kind::Date,
        /// How many of its milestones are done.
        required done: i64 = entity::kind::int(0, 100),
        /// The milestones, in the order of the project.
        required milestones: Vec<DatedMilestone> = list(&DATED, MOST),
    }
}

object! {
    /// A milestone on a line of time.
    #[derive(Serialize)]
    DatedMilestone {
        /// The milestone.
        required milestone_id: MilestoneId = id::<MilestoneId>(),
        /// What is promised.
        required title: String = TITLE,
        /// Until when.
        required target_date: NaiveDate = Kind::Date,
        /// On which day it was done, where its owner lives; null until it is.
        optional done_on: NaiveDate = Kind::Date,
        /// Where it stands.
        required status: MilestoneStatus = word::<MilestoneStatus>(),
        /// How it looks, as somebody said.
        optional health: MilestoneHealth = word::<MilestoneHealth>(),
        /// When it was done.
        optional completed_at: String = Kind::Time,
    }
}

/// `milestoneTimeline`.
#[must_use]
pub(in crate::domain::projects) fn of_project() -> Answer {
    Answer::new(
        "milestoneTimeline",
        Action::ViewMilestone,
        "The milestones of a project on a line of time.",
        Kind::Object(MilestoneTimeline::object),
        milestone_timeline,
    )
    .form(Form::csv("A row for each milestone, as CSV.", table))
    .form(Form::svg("A row for each milestone, with its day and today, as SVG, in light and dark.", chart))
}

async fn milestone_timeline(look: Look, asked: MilestoneTimelineQuestion) -> Result<MilestoneTimeline> {
    let project = look.find::<project::Entity>(asked.project_id, Action::ViewProject).await?;
    let zone = measured::time_zone(&look, project.owner_id).await?;
    let today = day_in(&zone, look.now);
    let rows = living(&look, project.id).await?;
    let milestones = dated(rows, today, |at| day_in(&zone, at));
    Ok(MilestoneTimeline {
        project_id: project.id,
        title: project.title,
        today,
        done: i64::try_from(milestones.iter().filter(|one| one.status == MilestoneStatus::Done).count()).unwrap_or(0),
        milestones,
    })
}

/// Milestones in their order, each with where it stands.
fn dated(rows: Vec<Model>, today: NaiveDate, day: impl Fn(DateTime<Utc>) -> NaiveDate) -> Vec<DatedMilestone> {
    let next = rows.iter().find(|row| row.completed_at.is_none()).map(|row| row.id);
    let one = |row: Model| DatedMilestone {
        milestone_id: row.id,
        target_date: row.target_date,
        done_on: row.completed_at.map(&day),
        status: status(row.completed_at.is_some(), row.target_date, next == Some(row.id), today),
        health: row.health,
        completed_at: row.completed_at.map(clock::rfc3339),
        title: row.title,
    };
    rows.into_iter().map(one).collect()
}

/// A row for each milestone.
fn table(told: &MilestoneTimeline) -> Result<String> {
    let rows = told.milestones.iter().map(|one| {
        vec![
            Cell::from(one.title.as_str()),
            one.target_date.to_string().into(),
            one.done_on.map(|day| day.to_string()).into(),
            one.status.word().into(),
            one.health.map(MilestoneHealth::word).into(),
        ]
    });
    csv(&["title", "targetDate", "doneOn", "status", "health"], rows)
}

/// A row for each milestone.
#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
fn chart(told: &MilestoneTimeline) -> Result<String> {
    let subtitle = format!("{} of {} milestones done", told.done, told.milestones.len());
    let rows = told.milestones.iter().map(row).collect();
    Ok(Dates { title: told.title.clone(), subtitle, today: told.today, rows }.svg())
}

fn row(one: &DatedMilestone) -> Row {
    let due = one.target_date.format("%-d %B %Y");
    let (state, says) = match (one.status, one.done_on) {
        (MilestoneStatus::Done, Some(day)) => {
            (State::Done(day), format!("due {due}, done {}", day.format("%-d %B %Y")))
        }
        (MilestoneStatus::Overdue, _) => (State::Late, format!("was due {due}")),
        (MilestoneStatus::Next, _) => (State::Next, format!("next, due {due}")),
        _ => (State::Ahead, format!("due {due}")),
    };
    // How what is done once looked says nothing any more.
    let outlook = match one.health.filter(|_| !matches!(state, State::Done(_))) {
        Some(MilestoneHealth::AtRisk) => Some(Outlook::AtRisk),
        Some(MilestoneHealth::OffTrack) => Some(Outlook::OffTrack),
        _ => None,
    };
    let looks = outlook.map(|outlook| format!(", {}", outlook.says())).unwrap_or_default();
    Row { name: one.title.clone(), due: one.target_date, state, outlook, says: format!("{}: {says}{looks}", one.title) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::projects::measured::tests::milestone;

    #[test]
    fn each_stands_where_it_does() {
        use MilestoneStatus::{Done, Overdue, Unstarted};
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let rows =
            [("A", "2026-03-01", Some("2026-03-02T23:30:00Z")), ("B", "2026-03-09", None), ("C", "2026-04-01", None)];
        let rows = rows.map(|(title, due, done)| Model {
            target_date: day(due),
            completed_at: done.map(|at| at.parse().unwrap()),
            ..milestone(title)
        });
        let told = dated(rows.into(), day("2026-03-10"), |at| at.date_naive());
        let each: Vec<_> = told.iter().map(|one| (one.status, one.done_on)).collect();
        assert_eq!(each, [(Done, Some(day("2026-03-02"))), (Overdue, None), (Unstarted, None)]);
        assert_eq!(row(&told[0]).says, "A: due 1 March 2026, done 2 March 2026");
        let looks = |place: usize, health| row(&DatedMilestone { health: Some(health), ..told[place].clone() });
        let late = looks(1, MilestoneHealth::OffTrack);
        assert_eq!((late.outlook, late.says.as_str()), (Some(Outlook::OffTrack), "B: was due 9 March 2026, off track"));
        assert_eq!(looks(2, MilestoneHealth::OnTrack).outlook, None);
        assert_eq!(looks(0, MilestoneHealth::AtRisk).outlook, None);
    }
}
