//! The evidence once more, one piece after another: what each moved, in its competency and in those that follow from it.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{
    id::{CompetencyFrameworkId, CompetencyId},
    learning::{competency_framework::Scale, evidence, user_competency::Calculation},
};

use super::{
    super::user_competency::{
        calculation::{Fold, Rating, is_proficient},
        tree::{Tree, lowest_proficient},
    },
    POINTS, SkillPoint, SkillSeries,
    load::{Below, Wanted},
};
use crate::domain::clock;

/// A competency while the evidence is taken.
#[derive(Debug)]
struct Line<'a> {
    scale: &'a Scale,
    fold: Fold<'a>,
    level: Option<i64>,
}

/// The evidence so far.
#[derive(Debug)]
pub(super) struct Replay<'a> {
    wanted: &'a [Wanted],
    tree: Tree,
    lines: HashMap<CompetencyId, Line<'a>>,
    points: HashMap<CompetencyId, Vec<SkillPoint>>,
    /// When the series begins, until it has.
    from: Option<DateTime<Utc>>,
}

impl<'a> Replay<'a> {
    /// Before any evidence.
    pub(super) fn new(wanted: &'a [Wanted], below: &[Below], from: Option<DateTime<Utc>>) -> Self {
        let scales: HashMap<CompetencyFrameworkId, &Scale> =
            wanted.iter().map(|one| (one.framework_id, &one.scale.0)).collect();
        let all = wanted.iter().map(|one| (one.id, one.framework_id, one.calculation));
        let all = all.chain(below.iter().map(|one| (one.id, one.framework_id, one.calculation)));
        let lines = all.filter_map(|(id, framework, calculation)| {
            let scale = *scales.get(&framework)?;
            let fold = Fold::new(calculation.unwrap_or(Calculation::Latest), scale);
            Some((id, Line { scale, fold, level: None }))
        });
        let nodes = wanted.iter().map(Wanted::node).chain(below.iter().map(Below::node));
        Self {
            wanted,
            tree: Tree::of(nodes.collect()),
            lines: lines.collect(),
            points: wanted.iter().map(|one| (one.id, Vec::new())).collect(),
            from,
        }
    }

    /// Takes the next piece of evidence.
    pub(super) fn take(&mut self, evidence: &evidence::Model) {
        if self.from.is_some_and(|from| evidence.occurred_at >= from) {
            self.begin();
        }
        let Some(rating) = Rating::of(evidence) else { return };
        if let Some(line) = self.lines.get_mut(&evidence.competency_id) {
            line.fold.take(rating);
        }
        for id in self.tree.upwards(evidence.competency_id) {
            self.stand(id, evidence);
        }
    }

    /// The series begins where everybody stands now.
    fn begin(&mut self) {
        let Some(from) = self.from.take() else { return };
        for (id, points) in &mut self.points {
            let Some(line) = self.lines.get(id) else { continue };
            points.push(SkillPoint {
                at: clock::rfc3339(from),
                level: line.level,
                proficient: line.level.map(|level| is_proficient(line.scale, level)),
                level_before: None,
                evidence_id: None,
                competency_id: None,
                action: None,
                source: None,
            });
        }
    }

    /// Computes where somebody stands in a competency after a piece of evidence.
    fn stand(&mut self, id: CompetencyId, evidence: &evidence::Model) {
        let Some(line) = self.lines.get_mut(&id) else { return };
        let followed = self.tree.is_followed(id).then(|| lowest_proficient(line.scale)).flatten();
        let level = line.fold.level().max(followed);
        if level == line.level {
            return;
        }
        let level_before = std::mem::replace(&mut line.level, level);
        let proficient = level.map(|level| is_proficient(line.scale, level));
        self.tree.set(id, proficient == Some(true));
        // What moved before the series begins is in its first point.
        if self.from.is_some() {
            return;
        }
        if let Some(points) = self.points.get_mut(&id) {
            points.push(SkillPoint {
                at: clock::rfc3339(evidence.occurred_at),
                level,
                proficient,
                level_before,
                evidence_id: Some(evidence.id),
                competency_id: Some(evidence.competency_id),
                action: Some(evidence.action),
                source: Some(evidence.source),
            });
        }
    }

    /// The series, in the order in which they were asked for.
    pub(super) fn series(mut self) -> Vec<SkillSeries> {
        self.begin();
        let series = self.wanted.iter().map(|one| {
            let mut points = self.points.remove(&one.id).unwrap_or_default();
            let more = points.len().saturating_sub(POINTS);
            points.drain(..more);
            SkillSeries {
                competency_id: one.id,
                code: one.code.clone(),
                name: one.name.clone(),
                calculation: one.calculation.unwrap_or(Calculation::Latest),
                points,
                truncated: more > 0,
            }
        });
        series.collect()
    }
}
