//! Commands that follow an advice: named by resource and verb, told in the words of both faces.

use entity::{
    kind::{Kind, line},
    object,
};
use serde::Serialize;
use serde_json::Value;

use super::{SUBJECT, hand::Hand};
use crate::domain::{
    self,
    policy::Action,
    verb::{On, Resource, Verb, kebab},
};

/// Below which path REST has everything.
const ROOT: &str = "/api/v1";

object! {
    /// A command that would follow an advice, filled in as far as that can be done.
    #[derive(Serialize)]
    SuggestedCommand {
        /// The mutation in GraphQL.
        required name: String = line(1, 100),
        /// The method in REST.
        required method: String = line(1, 10),
        /// The path in REST.
        required path: String = line(1, 300),
        /// The object that it acts on: in GraphQL the `id` of the input, in REST in the path already.
        optional object_id: String = SUBJECT,
        /// What it takes besides.
        required input: Value = Kind::Json,
    }
}

/// A command, by the names of the declarations.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::domain) struct Suggest {
    /// The resource's name.
    pub resource: &'static str,
    /// The verb's name.
    pub verb: &'static str,
    /// The object that it acts on.
    pub id: Option<String>,
    /// What it needs the right to besides the verb's own, with the things of the person whom the advice is for.
    pub needs: Action,
    /// What it takes.
    pub input: Value,
}

/// The command in the words of both faces; none when there is no such, or when the caller may not carry it out.
pub(in crate::domain) fn resolve(suggest: Suggest, hand: &Hand) -> Option<SuggestedCommand> {
    let resource = domain::resource(suggest.resource)?;
    let verb = resource.verb(suggest.verb)?;
    if !hand.may(verb.action) || !hand.may(suggest.needs) {
        return None;
    }
    let (method, path) = place(resource, verb, suggest.id.as_deref().unwrap_or_default())?;
    Some(SuggestedCommand {
        name: resource.mutation(verb),
        method: method.to_owned(),
        path,
        object_id: suggest.id,
        input: suggest.input,
    })
}

/// Where REST offers a verb, as the contract says.
fn place(resource: &Resource, verb: &Verb, id: &str) -> Option<(&'static str, String)> {
    let collection = format!("{ROOT}/{}", resource.path());
    let object = format!("{collection}/{id}");
    Some(match (verb.on, verb.name) {
        (On::External, _) => return None,
        (On::Collection, "create" | "record") => ("POST", collection),
        (On::Collection, name) => ("POST", format!("{collection}/{}", kebab(name))),
        (On::Object, "update") => ("PATCH", object),
        (On::Object, "delete") => ("DELETE", object),
        (On::Object, name) => ("POST", format!("{object}/{}", kebab(name))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rest::operation::operations;

    #[test]
    fn commands_stand_where_rest_offers_them() {
        for operation in operations() {
            let Some(verb) = operation.verb().filter(|verb| verb.on != On::External) else { continue };
            let place = place(operation.resource, verb, "{id}");
            assert_eq!(place, Some((operation.method.as_str(), operation.path.clone())), "{}", operation.id);
        }
    }

    #[test]
    fn what_is_not_offered_is_not_suggested() {
        let hand = Hand::with(vec![Action::CreateLearningResource, Action::CreateLearningPlan]);
        let suggest = |resource, verb| Suggest {
            resource,
            verb,
            id: None,
            needs: Action::CreateLearningResource,
            input: Value::Null,
        };
        assert!(
            resolve(suggest("LearningResource", "create"), &hand)
                .is_some_and(|command| command.name == "createLearningResource")
        );
        assert!(resolve(suggest("LearningResource", "fly"), &hand).is_none());
        assert!(resolve(suggest("Unicorn", "create"), &hand).is_none());
        // Whoever may create a plan may still not create it for this person.
        assert!(resolve(Suggest { needs: Action::PlanFor, ..suggest("LearningPlan", "create") }, &hand).is_none());
    }
}
