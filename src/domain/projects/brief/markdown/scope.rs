//! The problem, and what was scoped step by step.

use std::fmt::Write as _;

use entity::{
    projects::{
        feasibility_assessment::FeasibilityEvidence,
        proof_of_concept::ProofOfConceptStatus,
        scope::{ProblemStatement, Step},
    },
    vocabulary::Vocabulary as _,
};

use super::{
    super::{
        super::say::{ended, inline, paragraphs, upper, word},
        told::{BriefConsultation, BriefSolution, ProjectBrief},
    },
    Page, day, or_none, table,
};

/// What a step is called.
pub(super) const fn step(step: Step) -> &'static str {
    match step {
        Step::BusinessProblem => "business problem",
        Step::SolutionBrainstorm => "brainstorming of solutions",
        Step::Assessment => "assessment",
        Step::Milestones => "milestones",
        Step::Budget => "budget",
    }
}

pub(super) fn problem(page: &mut Page, told: &ProjectBrief) {
    page.heading(2, "The problem");
    match &told.problem {
        Some(problem) => stated(page, problem),
        None => page.block("It has not been stated yet."),
    }
    page.said("No expert was asked, because:", told.expert_waiver_reason.as_ref());
    if told.consultations.is_empty() {
        return;
    }
    page.heading(3, "Who was asked, and what hurts");
    page.block(&told.consultations.iter().map(talk).collect::<String>());
}

fn stated(page: &mut Page, problem: &ProblemStatement) {
    page.block(&paragraphs(&problem.statement));
    page.said("If it stays unsolved:", problem.impact_if_unsolved.as_ref());
    let lists = [
        ("Concerned:", &problem.stakeholders),
        ("Better off:", &problem.beneficiaries),
        ("Possible harms:", &problem.possible_harms),
        ("What is done about these:", &problem.mitigations),
    ];
    for (about, names) in lists {
        let names = names.as_ref().filter(|names| !names.is_empty());
        page.said(about, names.map(|names| names.join("; ")).as_ref());
    }
}

fn talk(one: &BriefConsultation) -> String {
    let who = one.expert.as_deref().map_or_else(|| "An expert".to_owned(), inline);
    let mut item = format!("- **{who}**, {}\n", day(one.held_on));
    for point in &one.pain_points {
        let wish = inline(&point.wish);
        let _ = match &point.why_not_working_yet {
            Some(why) => writeln!(item, "  - {} *Why not yet:* {}", ended(&wish), inline(why)),
            None => writeln!(item, "  - {wish}"),
        };
    }
    item
}

pub(super) fn scoping(page: &mut Page, told: &ProjectBrief) {
    page.heading(2, "How it was scoped");
    let times = told.returns.len();
    page.block(&match times {
        0 => "This is the first revision of the scope.".to_owned(),
        1 => format!("This is revision {}: the scope went back once.", told.revision),
        _ => format!("This is revision {}: the scope went back {times} times.", told.revision),
    });
    let head = [("Step", false), ("State", false), ("Completed", false)];
    page.block(&table(
        &head,
        told.steps
            .iter()
            .map(|one| vec![upper(step(one.step)), word(one.state.word()), or_none(one.completed_on.map(day))]),
    ));
    page.said("One idea was enough, because:", told.single_idea_reason.as_ref());
    if told.solutions.is_empty() {
        return;
    }
    page.heading(3, "What could solve it");
    page.block(&told.solutions.iter().map(solution).collect::<String>());
}

fn solution(one: &BriefSolution) -> String {
    let with = if one.is_ai { "with AI" } else { "without AI" };
    let mut item = format!("- **{}** ({}, {with})", inline(&one.title), word(one.status.word()));
    if let Some(approach) = &one.approach {
        let _ = write!(item, " {}", inline(approach));
    }
    item.push('\n');
    if let Some(verdict) = one.feasibility {
        let shows: Vec<String> = one.feasibility_evidence.iter().map(shows).collect();
        let _ = writeln!(item, "  - *{}.* {}", upper(verdict.word()), shows.join(" "));
    }
    if let Some(verdict) = one.value {
        let shows: Vec<String> = one.value_evidence.iter().map(|one| inline(&one.finding)).collect();
        let _ = writeln!(item, "  - *Value: {}.* {}", word(verdict.word()), shows.join(" "));
    }
    for trial in &one.trials {
        let question = inline(&trial.question);
        let _ = write!(item, "  - *Trial of {} days, {}:* {question}", trial.timebox_days, word(trial.status.word()));
        if let (ProofOfConceptStatus::Reported, Some(outcome)) = (trial.status, trial.outcome) {
            let found = trial.finding.as_deref().map(inline).unwrap_or_default();
            let _ = write!(item, " *{}:* {found}", upper(outcome.word()));
        }
        item.push('\n');
    }
    item
}

/// A finding, with where it is to be read: an address has no mark in it, as it was checked.
fn shows(one: &FeasibilityEvidence) -> String {
    let link = one.url.as_ref().map(|url| format!(" <{url}>")).unwrap_or_default();
    format!("{}{link}", inline(&one.finding))
}
