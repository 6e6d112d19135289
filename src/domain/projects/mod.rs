//! Projects: scoped in five steps, carried out by people, measured, and shown (§9 to §15, §29, §30).

pub mod brief;
pub mod budget;
pub mod budget_entry;
pub mod budget_line;
pub mod candidate_solution;
pub mod exchange;
pub mod expert_consultation;
pub mod feasibility_assessment;
pub mod interview_guide;
pub mod measured;
pub mod metric;
pub mod metric_observation;
pub mod milestone;
pub mod obstacle;
pub mod part;
pub mod peer_feedback;
pub mod portfolio;
pub mod portfolio_entry;
pub mod portfolio_evidence;
pub mod portfolio_share;
pub mod project;
pub mod project_idea;
pub mod project_member;
pub mod proof_of_concept;
mod say;
pub mod scope;
pub mod scope_revision;
pub mod scope_step;
pub mod scope_transition;
pub mod selection_checklist;
pub mod stakeholder_confirmation;
pub mod value_assessment;

use super::{answer::Answer, verb::Resource};

/// The resources of this chapter.
#[must_use]
pub fn resources() -> Vec<Resource> {
    vec![
        project::resource(),
        project_member::resource(),
        scope::resource(),
        scope_step::resource(),
        scope_transition::resource(),
        scope_revision::resource(),
        expert_consultation::resource(),
        candidate_solution::resource(),
        feasibility_assessment::resource(),
        value_assessment::resource(),
        proof_of_concept::resource(),
        milestone::resource(),
        metric::resource(),
        metric_observation::resource(),
        budget::resource(),
        budget_line::resource(),
        budget_entry::resource(),
        project_idea::resource(),
        selection_checklist::resource(),
        obstacle::resource(),
        peer_feedback::resource(),
        portfolio_entry::resource(),
        portfolio_evidence::resource(),
        stakeholder_confirmation::resource(),
        portfolio_share::resource(),
    ]
}

/// The computed answers of this chapter.
#[must_use]
pub fn answers() -> Vec<Answer> {
    vec![
        scope::unmet::of_scope(),
        scope::past::at_revision(),
        scope::past::differences(),
        exchange::export::of_project(),
        brief::of_project(),
        interview_guide::guide(),
        milestone::timeline::of_project(),
        metric::progress::of_metric(),
        budget::summary::of_project(),
        project_idea::compare::of_ideas(),
        project_idea::prompts::of_person(),
        portfolio::progression::of_person(),
        portfolio::export::of_person(),
    ]
}
