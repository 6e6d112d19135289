//! Projects: scoped in five steps, carried out by people (chapter two of the playbook).

pub mod budget;
pub mod budget_entry;
pub mod budget_line;
pub mod candidate_solution;
pub mod expert_consultation;
pub mod feasibility_assessment;
pub mod metric;
pub mod metric_observation;
pub mod milestone;
pub mod obstacle;
pub mod peer_feedback;
pub mod portfolio_entry;
pub mod portfolio_entry_competency;
pub mod portfolio_evidence;
pub mod portfolio_share;
pub mod project;
pub mod project_idea;
pub mod project_member;
pub mod proof_of_concept;
pub mod scope;
pub mod scope_revision;
pub mod scope_step;
pub mod scope_transition;
pub mod selection_checklist;
pub mod stakeholder_confirmation;
pub mod value_assessment;
