//! Computed answers in the document: what each takes, and what it tells in which form.

use entity::kind::{Kind, Presence};
use utoipa::openapi::{
    ObjectBuilder, RefOr, Required, Schema, SecurityRequirement, Type,
    content::ContentBuilder,
    path::{Operation as Described, OperationBuilder},
};

use super::{
    describe::{BEARER, CLIENT, Parts, UNCHANGED, refusals},
    parameter,
};
use crate::{
    domain::{answer::Answer, policy::permission, verb::spaced},
    rest::ask::operation_id,
};

/// The tag of all of them.
pub const TAG: (&str, &str) = ("Answers", "What is computed on reading, and never stored.");

/// The operation of a computed answer.
pub fn operation(parts: &mut Parts, of: &'static Answer) -> Described {
    let scopes: Vec<_> = std::iter::once(&of.action).chain(&of.others).map(|action| permission(*action).0).collect();
    let named: Vec<_> = scopes.iter().map(|scope| format!("`{scope}`")).collect();
    let doc = format!("{}{UNCHANGED}\n\nScope: {}. In GraphQL: `{}`.", of.doc, named.join(" or "), of.name);
    let described = OperationBuilder::new()
        .operation_id(Some(operation_id(of)))
        .tag(TAG.0)
        .summary(Some(format!("Get the {}", spaced(of.name))))
        .description(Some(doc))
        .security(SecurityRequirement::new(BEARER, Vec::<String>::new()));
    let described = scopes
        .iter()
        .fold(described, |described, scope| described.security(SecurityRequirement::new(CLIENT, [scope.to_string()])));
    let described = of.input.fields.iter().fold(described, |described, field| {
        let required = if field.presence == Presence::Required { Required::True } else { Required::False };
        let mut parameter = parameter::of_member(&mut parts.schemas, field);
        parameter.required = required;
        described.parameter(parameter)
    });
    let headers = ["ETag", "Cache-Control", "Vary"];
    let body = body(parts, of);
    let mut ok = parts.answers.answer("The answer.", Some(("application/json", body)), &headers);
    for form in &of.forms {
        let text = ObjectBuilder::new().schema_type(Type::String).description(Some(form.doc));
        let text: RefOr<Schema> = text.max_length(Some(100_000_000)).pattern(Some("^[^\\u0000]*$")).into();
        ok = ok.content(form.media_type, ContentBuilder::new().schema(Some(text)).build());
    }
    let same = parts.answers.answer("Nothing has changed.", None, &headers);
    let described = described.response("200", ok).response("304", same);
    refusals(parts, described, &[400, 401, 403, 404, 406, 409, 422]).build()
}

fn body(parts: &mut Parts, of: &'static Answer) -> RefOr<Schema> {
    match of.output {
        Kind::List { .. } => {
            let items = parts.schemas.told(of.output);
            let list = ObjectBuilder::new().schema_type(Type::Object).description(Some("All of them."));
            list.property("items", items).required("items").into()
        }
        Kind::Object(declared) if of.alone.is_some() => {
            let member = declared().fields.iter().find(|field| of.alone == Some(field.name.as_str()));
            parts.schemas.told(member.map_or(Kind::Json, |field| field.kind))
        }
        kind => parts.schemas.told(kind),
    }
}
