//! Learning: frameworks, resources, plans, and the proofs that somebody learnt (chapter one of the playbook).

pub mod career_goal;
pub mod career_profile;
pub mod competency;
pub mod competency_framework;
pub mod completion;
pub mod evidence;
pub mod framework_package;
pub mod goal_requirement;
pub mod import_job;
pub mod import_payload;
pub mod learning_need;
pub mod learning_need_source;
pub mod learning_pause;
pub mod learning_plan;
pub mod learning_resource;
pub mod learning_resource_competency;
pub mod learning_session;
pub mod learning_session_competency;
pub mod plan_item;
pub mod plan_item_resource;
pub mod role_profile;
pub mod role_requirement;
pub mod user_competency;
