//! What the fourth step lacks: milestones, and metrics of both kinds (§9).

use std::collections::BTreeSet;

use entity::{
    platform::organization::Settings,
    projects::{
        metric::{self, MetricKind},
        milestone,
        scope::UnmetGate,
    },
    vocabulary::Vocabulary as _,
};
use serde_json::json;

use crate::domain::projects::scope::gate::Unmet;

/// What the step lacks, given the living milestones of the project and their living metrics: a milestone, and an ML and a
/// BUSINESS metric over all of them, or for each of them where the organization asks for a pair each (`pairPerMilestone`).
#[must_use]
pub fn gate(milestones: &[milestone::Model], metrics: &[metric::Model], options: &Settings) -> Vec<Unmet> {
    let mut unmet = Vec::new();
    if milestones.is_empty() {
        unmet.push(Unmet::new(UnmetGate::MilestoneMissing, "There is no milestone yet.", json!({})));
    }
    let of = |one: &milestone::Model| metrics.iter().filter(|metric| metric.milestone_id == one.id).collect::<Vec<_>>();
    if options.pair_per_milestone && !milestones.is_empty() {
        let lacking = milestones.iter().filter_map(|one| {
            let missing = missing(&of(one));
            (!missing.is_empty()).then(|| pair(&missing, Some(one)))
        });
        unmet.extend(lacking);
        return unmet;
    }
    let all: Vec<_> = milestones.iter().flat_map(of).collect();
    let missing = missing(&all);
    if !missing.is_empty() {
        unmet.push(pair(&missing, None));
    }
    unmet
}

/// The kinds that none of the metrics is of.
fn missing(metrics: &[&metric::Model]) -> Vec<MetricKind> {
    let there: BTreeSet<MetricKind> = metrics.iter().map(|metric| metric.kind).collect();
    MetricKind::ALL.iter().copied().filter(|kind| !there.contains(kind)).collect()
}

fn pair(missing: &[MetricKind], of: Option<&milestone::Model>) -> Unmet {
    let kinds = missing.iter().map(|kind| match kind {
        MetricKind::Ml => "an ML metric",
        MetricKind::Business => "a business metric",
    });
    let kinds = kinds.collect::<Vec<_>>().join(" and ");
    match of {
        Some(one) => Unmet::new(
            UnmetGate::MetricPairRequired,
            format!("The milestone {} has yet to get {kinds}.", one.title),
            json!({ "missing": missing, "milestoneId": one.id }),
        ),
        None => Unmet::new(
            UnmetGate::MetricPairRequired,
            format!("The milestones have yet to get {kinds}."),
            json!({ "missing": missing }),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::projects::measured::tests::{metric_of, milestone};

    /// What is lacking, in a line: each code with what is missing.
    fn told(milestones: usize, metrics: &[(usize, MetricKind)], pair_per_milestone: bool) -> String {
        let milestones: Vec<_> = (0..milestones).map(|place| milestone(&format!("M{place}"))).collect();
        let metrics: Vec<_> = metrics.iter().map(|(place, kind)| metric_of(&milestones[*place], *kind)).collect();
        let options = Settings { pair_per_milestone, ..Settings::default() };
        let each = gate(&milestones, &metrics, &options).into_iter().map(|unmet| {
            let of = milestones.iter().find(|one| unmet.details["milestoneId"] == json!(one.id));
            format!("{}{}{}", unmet.code, of.map_or("", |one| one.title.as_str()), unmet.details["missing"])
        });
        each.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn what_the_step_lacks() {
        use MetricKind::{Business, Ml};
        for (milestones, metrics, each, lacks) in [
            (0, vec![], false, r#"MILESTONE_MISSINGnull METRIC_PAIR_REQUIRED["ML","BUSINESS"]"#),
            (0, vec![], true, r#"MILESTONE_MISSINGnull METRIC_PAIR_REQUIRED["ML","BUSINESS"]"#),
            (1, vec![], false, r#"METRIC_PAIR_REQUIRED["ML","BUSINESS"]"#),
            (1, vec![(0, Ml)], false, r#"METRIC_PAIR_REQUIRED["BUSINESS"]"#),
            (1, vec![(0, Ml), (0, Ml)], false, r#"METRIC_PAIR_REQUIRED["BUSINESS"]"#),
            (1, vec![(0, Business)], false, r#"METRIC_PAIR_REQUIRED["ML"]"#),
            (1, vec![(0, Ml), (0, Business)], false, ""),
            (1, vec![(0, Ml), (0, Business)], true, ""),
            (2, vec![(0, Ml), (1, Business)], false, ""),
            (
                2,
                vec![(0, Ml), (1, Business)],
                true,
                r#"METRIC_PAIR_REQUIREDM0["BUSINESS"] METRIC_PAIR_REQUIREDM1["ML"]"#,
            ),
            (2, vec![(0, Ml), (0, Business)], true, r#"METRIC_PAIR_REQUIREDM1["ML","BUSINESS"]"#),
        ] {
            assert_eq!(told(milestones, &metrics, each), lacks, "{milestones} {metrics:?} {each}");
        }
    }
}
