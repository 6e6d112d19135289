//! What is promised, and what it takes.

use std::fmt::Write as _;

use entity::{
    decimal::Decimal,
    projects::{
        budget::{BudgetApproval, BudgetCategory},
        metric::MetricKind,
    },
    vocabulary::Vocabulary as _,
};

use super::{
    super::{
        super::{
            metric::measure::for_people,
            say::{inline, upper, word},
        },
        told::{BriefMetric, BriefMilestone, ProjectBrief},
    },
    Page, day, or_none, table,
};

pub(super) fn milestones(page: &mut Page, told: &ProjectBrief) {
    page.heading(2, "Milestones");
    if told.milestones.is_empty() {
        return page.block("Nothing is promised yet.");
    }
    for one in &told.milestones {
        page.heading(3, &inline(&one.title));
        page.block(&stands(one));
        page.said("Done all the same, because:", one.override_reason.as_ref());
        let head = [
            ("Metric", false),
            ("Kind", false),
            ("From", true),
            ("To", true),
            ("Latest", true),
            ("Reached", true),
            ("Lately", false),
            ("Heading for", true),
        ];
        page.block(&table(&head, one.metrics.iter().map(metric)));
    }
}

/// Where a milestone stands, in a line.
fn stands(one: &BriefMilestone) -> String {
    let mut line = format!("Due {} · {}", day(one.target_date), word(one.status.word()));
    if let Some(done) = one.done_on {
        let _ = write!(line, " on {}", day(done));
    }
    if let Some(risk) = one.risk {
        let _ = write!(line, " · {} by what was observed", word(risk.word()));
    }
    if let Some(health) = one.health {
        let _ = write!(line, " · said to be {}", word(health.word()));
    }
    if let Some(note) = &one.health_note {
        let _ = write!(line, ": {}", inline(note));
    }
    line
}

fn metric(one: &BriefMetric) -> Vec<String> {
    let number = |value: Option<Decimal>| or_none(value.map(|value| value.to_string()));
    let unit = one.unit.as_ref().map(|unit| format!(" ({})", inline(unit))).unwrap_or_default();
    let latest = one.latest.zip(one.latest_on).map(|(value, on)| format!("{value} ({})", day(on)));
    let reached = match (one.target_met, one.attainment) {
        (Some(true), Some(percent)) => Some(format!("met, {percent} %")),
        (Some(true), None) => Some("met".to_owned()),
        (Some(false), Some(percent)) => Some(format!("{percent} %")),
        (Some(false), None) => Some("not yet".to_owned()),
        (None, _) => None,
    };
    vec![
        format!("{}{unit}", inline(&one.name)),
        if one.kind == MetricKind::Ml { "model" } else { "business" }.to_owned(),
        number(one.baseline),
        one.target.to_string(),
        or_none(latest),
        or_none(reached),
        or_none(one.trend.map(|trend| word(trend.word()))),
        number(
            one.projected_at_target_date
                .map(|value| for_people(value, [one.baseline, Some(one.target), one.latest].into_iter().flatten())),
        ),
    ]
}

pub(super) fn budget(page: &mut Page, told: &ProjectBrief) {
    page.heading(2, "Budget");
    let budget = &told.budget;
    let head = [
        ("Category", false),
        ("In", false),
        ("Planned", true),
        ("Spent", true),
        ("Left", true),
        ("Forecast", true),
        ("", false),
    ];
    let over = |over: bool| if over { "over" } else { "" }.to_owned();
    let amounts = budget.amounts.iter().map(|one| {
        let money = [&one.planned, &one.actual, &one.remaining, &one.forecast].map(|money| money.amount.clone());
        line(name(one.category), one.currency.to_string(), money, over(one.over))
    });
    let quantities = budget.quantities.iter().map(|one| {
        let counts = [&one.planned, &one.actual, &one.remaining, &one.forecast].map(Clone::clone);
        line(name(one.category), inline(&one.unit), counts, over(one.over))
    });
    let totals = budget.totals.iter().map(|one| {
        let money = [&one.planned, &one.actual, &one.remaining, &one.forecast].map(|money| money.amount.clone());
        line("All together", one.currency.to_string(), money, String::new())
    });
    let rows = table(&head, amounts.chain(quantities).chain(totals));
    if rows.is_empty() && budget.not_needed.is_empty() {
        return page.block("Nothing is planned yet.");
    }
    if !rows.is_empty() {
        page.block(&rows);
        page.block("Forecast: each line takes what is planned for it, or what was spent on it where that is more.");
    }
    let mut items = String::new();
    for one in &budget.not_needed {
        let _ = writeln!(items, "- **{} not needed:** {}", name(one.category), inline(&one.reason));
    }
    page.block(&items);
    if budget.approval != BudgetApproval::Draft {
        page.block(&format!("Approval: {}.", word(budget.approval.word())));
    }
}

fn line(category: &str, unit: String, [planned, spent, left, forecast]: [String; 4], over: String) -> Vec<String> {
    vec![upper(category), unit, planned, spent, left, forecast, over]
}

const fn name(category: BudgetCategory) -> &'static str {
    match category {
        BudgetCategory::Data => "Data",
        BudgetCategory::People => "People",
        BudgetCategory::Time => "Time",
        BudgetCategory::Integrations => "Integrations",
    }
}
