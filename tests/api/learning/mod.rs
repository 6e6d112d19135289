//! Stories of learning: frameworks, resources, plans and completions (§2, §3, §7).

mod career_goal;
mod career_profile;
mod competency;
mod competency_framework;
mod completion;
mod coverage;
mod goal_requirement;
mod learning_need;
mod learning_pause;
mod learning_plan;
mod learning_resource;
mod learning_session;
mod pace;
mod plan_item;
mod review;
mod role_profile;
mod skill_gap;
mod xapi;
