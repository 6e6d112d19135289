//! What the demo's people did: everything goes through the verbs, as it would over HTTP.

use serde_json::{Value, json};

use super::{Outcome, open};
use crate::domain::{
    self,
    caller::Caller,
    verb::{Wanted, kebab},
};

/// The people of the demo, as callers.
pub(super) struct People {
    /// Who learns.
    pub(super) learner: Caller,
    /// Who accompanies.
    pub(super) coach: Caller,
}

/// Fills a new demo.
pub(super) async fn fill(people: &People) -> Outcome {
    let coach = people.coach.user().map(|id| id.to_string());
    let grant = json!({ "granteeId": coach, "scopes": ["learning:read", "learning:review"] });
    act(&people.learner, "Grant", "create", None, grant).await?;
    let title =
        json!({ "title": "Rust in ten weeks", "description": "From the book to a service that runs." });
    act(&people.learner, "LearningPlan", "create", None, title).await?;
    Ok(())
}

/// Carries a verb out, and gives the public id of what it made or changed.
async fn act(
    who: &Caller,
    resource: &str,
    verb: &str,
    on: Option<uuid::Uuid>,
    input: Value,
) -> Outcome<uuid::Uuid> {
    let missing = || format!("there is no verb {verb} of {}", kebab(resource));
    let resource = domain::resource(resource).ok_or_else(missing)?;
    let verb = resource.verb(verb).ok_or_else(missing)?;
    let wanted = Wanted {
        id: on,
        ..Wanted::default()
    };
    let done = verb
        .run(resource, who, wanted, input)
        .await
        .map_err(|error| open::told(&error))?;
    done.ids.first().copied().ok_or_else(missing)
}
