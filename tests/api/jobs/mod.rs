//! The job search: where somebody comes from and wants to go, and how they get there.

mod industry;
mod search_leverage;
mod transition;
mod transition_leg;
mod transition_plan;

use serde_json::{Value, json};

use crate::harness::{Actor, Organization};

/// A role that asks for two things, and who is proficient in none of them: the role, and what it asks for.
pub(super) async fn engineer(root: &Actor, name: &str) -> (String, [String; 2]) {
    let (_, [_, one, other]) = root.framework(name).await;
    let new = json!({ "title": "ML engineer", "aliases": ["Machine learning engineer"], "family": "Machine learning" });
    let role = root.create("RoleProfile", new).await.id();
    for (competency, level) in [(&one, 3), (&other, 2)] {
        let asks = json!({ "roleProfileId": role, "competencyId": competency, "requiredLevel": level });
        root.create("RoleRequirement", asks).await.done();
    }
    (role, [one, other])
}

/// Says in somebody's profile what they do.
pub(super) async fn does(who: &Actor, changes: Value) {
    let profile = who.list("CareerProfile", &[("userId", &who.id)]).await.ids().remove(0);
    who.update("CareerProfile", &profile, changes).await.done();
}

/// A finance analyst, whoever keeps roles, and the role that she wants.
pub(super) async fn analyst(acme: &Organization) -> (Actor, Actor, String, [String; 2]) {
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    let (role, asks) = engineer(&root, "own").await;
    does(&ada, json!({ "currentRole": "Financial analyst", "currentIndustry": "Banking" })).await;
    (ada, root, role, asks)
}
