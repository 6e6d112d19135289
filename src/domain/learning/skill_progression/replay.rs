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

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use entity::{
        learning::{
            competency::CompetencyRule,
            competency_framework::ScaleLevel,
            evidence::{EvidenceAction, EvidenceSource},
        },
        platform::event::ActorKind,
        vocabulary::Json,
    };

    fn wanted() -> Wanted {
        let level = |value| ScaleLevel { value, name: value.to_string(), proficient: value > 1 };
        Wanted {
            id: clock::new_id(),
            parent_id: None,
            rule: CompetencyRule::None,
            code: "c".to_owned(),
            name: "C".to_owned(),
            path: "c".to_owned(),
            framework_id: clock::new_id(),
            scale: Json(Scale { levels: vec![level(1), level(2)], default_level: 1 }),
            calculation: None,
        }
    }

    /// A rating of so many hours after the beginning.
    fn rating(of: &Wanted, hour: i64) -> evidence::Model {
        let at: DateTime<Utc> = DateTime::UNIX_EPOCH + TimeDelta::hours(hour);
        evidence::Model {
            id: clock::new_id(),
            organization_id: clock::new_id(),
            user_id: clock::new_id(),
            competency_id: of.id,
            user_competency_id: clock::new_id(),
            action: EvidenceAction::Rate,
            source: EvidenceSource::Project,
            level: Some(1 + hour % 2),
            actor_kind: ActorKind::Client,
            actor_id: None,
            url: None,
            note: None,
            occurred_at: at,
            version: 1,
            created_at: at,
            updated_at: at,
            deleted_at: None,
        }
    }

    #[test]
    fn of_very_many_points_the_latest_are_told() {
        let all = [wanted()];
        for (count, told, first) in [(POINTS, POINTS, 0), (POINTS + 7, POINTS, 7)] {
            let mut replay = Replay::new(&all, &[], None);
            for hour in (0..).take(count) {
                replay.take(&rating(&all[0], hour));
            }
            let series = replay.series().remove(0);
            assert_eq!((series.points.len(), series.truncated), (told, count > POINTS));
            let at = DateTime::UNIX_EPOCH + TimeDelta::hours(first);
            assert_eq!((&series.points[0].at, series.points[0].level), (&clock::rfc3339(at), Some(1 + first % 2)));
        }
    }

    #[test]
    fn a_series_that_begins_after_all_of_it_has_one_point() {
        let all = [wanted()];
        let from = DateTime::UNIX_EPOCH + TimeDelta::hours(9);
        let mut replay = Replay::new(&all, &[], Some(from));
        for hour in 0..4 {
            replay.take(&rating(&all[0], hour));
        }
        let points = replay.series().remove(0).points;
        let told: Vec<_> = points.iter().map(|point| (point.level, point.proficient, point.evidence_id)).collect();
        assert_eq!(told, [(Some(2), Some(true), None)]);
    }
}
