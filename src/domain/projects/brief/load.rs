//! Computing the brief of a project, in as many statements for a large one as for a small one.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    decimal::Decimal,
    id::MetricId,
    projects::{candidate_solution, expert_consultation, metric, milestone, scope_transition},
};
use sea_orm::FromQueryResult;

use super::told::{
    BriefConsultation, BriefMetric, BriefMilestone, BriefObstacle, BriefReturn, BriefRisk, BriefSolution, BriefStep,
    BriefTrial, ProjectBrief, ProjectBriefQuestion,
};
use crate::{
    domain::{
        error::Result,
        insight,
        learning::week::day_in,
        look::Look,
        projects::{
            budget::summary::of_budget,
            exchange::{Names, Whole},
            measured::time_zone,
            metric::measure::{Aim, POINTS, Point, projected},
            milestone::standing::{end_of, expected, risk, status},
        },
    },
    read::sql::Arg,
};

/// When it is, where the project's owner lives.
struct Clock {
    zone: String,
    now: DateTime<Utc>,
    today: NaiveDate,
}

impl Clock {
    fn day(&self, at: DateTime<Utc>) -> NaiveDate {
        day_in(&self.zone, at)
    }
}

type Observed = HashMap<MetricId, Vec<Point>>;

pub(super) async fn brief(look: Look, asked: ProjectBriefQuestion) -> Result<ProjectBrief> {
    let whole = Whole::find(&look, asked.project_id).await?;
    let zone = time_zone(&look, whole.project.owner_id).await?;
    let clock = Clock { today: day_in(&zone, look.now), now: look.now, zone };
    let observed = observed(&look, &whole).await?;
    let names = Names::of(&look, whole.people(), whole.contacts()).await?;
    let risks = insight::of_project(&look, &whole.project).await?;
    let project = &whole.project;
    Ok(ProjectBrief {
        project_id: project.id,
        title: project.title.clone(),
        summary: project.summary.clone(),
        owner: names.called(project.owner_id).map(str::to_owned),
        kind: project.kind,
        status: project.status,
        domain: project.domain.clone(),
        due_on: project.due_on,
        ended_on: project.ended_at.map(|at| clock.day(at)),
        end_note: project.end_note.clone(),
        as_of: clock.today,
        problem: whole.scope.problem.clone().map(|problem| problem.0),
        consultations: whole.consultations.iter().map(|one| consultation(one, &names, &clock)).collect(),
        expert_waiver_reason: whole.scope.expert_waiver_reason.clone(),
        revision: whole.scope.revision,
        steps: whole
            .steps
            .iter()
            .map(|one| BriefStep {
                step: one.step,
                state: one.state,
                completed_on: one.completed_at.map(|at| clock.day(at)),
            })
            .collect(),
        solutions: whole.solutions.iter().map(|one| solution(&whole, one)).collect(),
        single_idea_reason: whole.scope.single_idea_reason.clone(),
        milestones: milestones(&whole, &observed, &clock),
        budget: of_budget(&look, whole.budget.clone()).await?.into(),
        risks: risks.into_iter().map(|(code, severity, reason)| BriefRisk { code, severity, reason }).collect(),
        obstacles: whole
            .obstacles
            .iter()
            .map(|one| BriefObstacle { note: one.note.clone(), recorded_on: clock.day(one.created_at) })
            .collect(),
        returns: whole.transitions.iter().map(|one| went_back(one, &clock)).collect(),
    })
}

#[derive(FromQueryResult)]
struct Seen {
    metric_id: MetricId,
    observed_at: DateTime<Utc>,
    value: Decimal,
}

/// The latest observations of each metric, the oldest of them first.
async fn observed(look: &Look, whole: &Whole) -> Result<Observed> {
    let mut sql = look.sql();
    sql.push(
        "SELECT o.metric_id, o.observed_at, o.value FROM (SELECT m.metric_id, m.observed_at, m.value, m.id, \
         ROW_NUMBER() OVER (PARTITION BY m.metric_id ORDER BY m.observed_at DESC, m.id DESC) AS place \
         FROM \"metric_observation\" m WHERE m.deleted_at IS NULL AND m.organization_id = ",
    );
    sql.bind(Arg::Uuid(look.who.organization.0)).push(" AND m.project_id = ").bind(Arg::Uuid(whole.project.id.0));
    sql.push(&format!(") o WHERE o.place <= {POINTS} ORDER BY o.observed_at, o.id"));
    let mut all = Observed::new();
    for row in look.rows::<Seen>(&sql).await? {
        all.entry(row.metric_id).or_default().push(Point { at: row.observed_at, value: row.value });
    }
    Ok(all)
}

fn consultation(one: &expert_consultation::Model, names: &Names, clock: &Clock) -> BriefConsultation {
    let contact = || one.contact_id.and_then(|id| names.contact_called(id)).map(str::to_owned);
    BriefConsultation {
        expert: one.expert.clone().or_else(contact),
        held_on: clock.day(one.held_at),
        pain_points: one.pain_points.0.clone(),
    }
}

fn solution(whole: &Whole, one: &candidate_solution::Model) -> BriefSolution {
    let can = whole.feasibility.iter().find(|row| row.solution_id == one.id);
    let worth = whole.value.iter().find(|row| row.solution_id == one.id);
    let trials = whole.trials.iter().filter(|row| row.solution_id == one.id);
    BriefSolution {
        title: one.title.clone(),
        approach: one.approach.clone(),
        is_ai: one.is_ai,
        status: one.status,
        feasibility: can.map(|row| row.verdict),
        feasibility_evidence: can.map(|row| row.evidence.0.clone()).unwrap_or_default(),
        value: worth.map(|row| row.verdict),
        value_evidence: worth.map(|row| row.evidence.0.clone()).unwrap_or_default(),
        trials: trials
            .map(|row| BriefTrial {
                question: row.question.clone(),
                timebox_days: row.timebox_days,
                status: row.status,
                outcome: row.outcome,
                finding: row.finding.clone(),
            })
            .collect(),
    }
}

fn milestones(whole: &Whole, observed: &Observed, clock: &Clock) -> Vec<BriefMilestone> {
    let next = whole.milestones.iter().find(|row| row.completed_at.is_none()).map(|row| row.id);
    let one = |row: &milestone::Model| {
        let metrics: Vec<&metric::Model> = whole.metrics.iter().filter(|one| one.milestone_id == row.id).collect();
        let done = row.completed_at.is_some();
        let looks = |metric: &&metric::Model| expected(aim(metric), points(observed, metric), row.target_date);
        let looks: Vec<_> = metrics.iter().map(looks).collect();
        BriefMilestone {
            milestone_id: row.id,
            title: row.title.clone(),
            target_date: row.target_date,
            done_on: row.completed_at.map(|at| clock.day(at)),
            status: status(done, row.target_date, next == Some(row.id), clock.today),
            risk: (!done).then(|| risk(row.target_date, clock.today, &looks)),
            health: row.health,
            health_note: row.health_note.clone(),
            override_reason: row.override_reason.clone(),
            metrics: metrics.into_iter().map(|one| measured(one, row, observed, clock)).collect(),
        }
    };
    whole.milestones.iter().map(one).collect()
}

fn aim(metric: &metric::Model) -> Aim {
    Aim { direction: metric.direction, baseline: metric.baseline, target: metric.target }
}

fn points<'a>(observed: &'a Observed, metric: &metric::Model) -> &'a [Point] {
    observed.get(&metric.id).map_or(&[], Vec::as_slice)
}

fn measured(one: &metric::Model, milestone: &milestone::Model, observed: &Observed, clock: &Clock) -> BriefMetric {
    let (aim, points) = (aim(one), points(observed, one));
    let (latest, end) = (points.last(), end_of(milestone.target_date));
    BriefMetric {
        metric_id: one.id,
        kind: one.kind,
        name: one.name.clone(),
        unit: one.unit.clone(),
        direction: one.direction,
        baseline: one.baseline,
        target: one.target,
        latest: latest.map(|point| point.value),
        latest_on: latest.map(|point| clock.day(point.at)),
        target_met: latest.map(|point| aim.met(point.value)),
        attainment: latest.and_then(|point| aim.attainment(point.value)),
        trend: aim.trend(points),
        projected_at_target_date: Some(end).filter(|end| *end > clock.now).and_then(|end| projected(points, end)),
    }
}

fn went_back(one: &scope_transition::Model, clock: &Clock) -> BriefReturn {
    BriefReturn {
        revision: one.revision,
        occurred_on: clock.day(one.occurred_at),
        from_step: one.from_step,
        to_step: one.to_step,
        reason: one.reason,
        learning: one.learning.clone(),
    }
}
