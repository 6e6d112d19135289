//! Stories of learning: frameworks, resources, plans and completions (§2, §3, §7).

mod career_goal;
mod career_profile;
mod competency;
mod competency_framework;
mod completion;
mod coverage;
mod evidence;
pub mod exchange;
mod goal_requirement;
mod learning_need;
mod learning_pause;
mod learning_plan;
mod learning_plan_template;
mod learning_resource;
pub mod learning_session;
mod pace;
mod plan_item;
mod plan_item_comment;
mod plan_standing;
mod prior_learning;
mod review;
mod review_queue;
mod role_profile;
mod skill_gap;
mod skill_progression;
mod user_competency;
mod xapi;
