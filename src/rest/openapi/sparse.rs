//! What an answer looks like that shows only what `fields` names: everything may be absent but ids.
//!
//! It is a media type of its own, so that the schemas of `application/json` stay true for whoever names nothing: there,
//! every value is always there. What values mean is told there too.

use utoipa::openapi::{
    ArrayBuilder, Content, ObjectBuilder, Ref, RefOr, ResponseBuilder, Schema, Type, path::OperationBuilder,
};

use super::{
    describe::Parts,
    parameter,
    scalar::Side,
    schema::{Schemas, described},
};
use crate::{
    read::{
        plan::PAGE_MAX,
        shape::{Join, Shape, shape},
    },
    rest::{
        answer::SPARSE,
        query::show::{PATH_MAX, fields_pattern, lists, size_name},
    },
};

impl Schemas {
    /// The component of a resource of which only some values are shown.
    pub fn sparse(&mut self, of: &'static Shape) -> Ref {
        self.component(&format!("Sparse{}", of.name), |schemas| {
            let doc = format!("The members of a `{}` that `fields` names, and its id.", of.name);
            let object = ObjectBuilder::new().schema_type(Type::Object).description(Some(doc));
            let object = of.leaves.iter().fold(object, |object, leaf| {
                object.property(&leaf.name, schemas.value(leaf.kind, "", leaf.nullable, Side::Output))
            });
            let object = of.edges.iter().fold(object, |object, edge| {
                let target = shape(edge.target);
                let schema = match edge.join {
                    Join::One(_) => described(schemas.sparse(target), "", true),
                    Join::Many(_) | Join::Beside(..) | Join::Through(..) => RefOr::Ref(schemas.sparse_list(target)),
                };
                object.property(edge.name, schema)
            });
            object.required("id").into()
        })
    }

    /// The component of a page of them.
    pub fn sparse_page(&mut self, of: &'static Shape) -> Ref {
        self.component(&format!("Sparse{}Page", of.name), |schemas| schemas.sparse_items(of).required("page").into())
    }

    /// The component of a list of them within an answer: where it lies is there when it is named.
    fn sparse_list(&mut self, of: &'static Shape) -> Ref {
        self.component(&format!("Sparse{}List", of.name), |schemas| schemas.sparse_items(of).into())
    }

    fn sparse_items(&mut self, of: &'static Shape) -> ObjectBuilder {
        let items = ArrayBuilder::new().items(RefOr::Ref(self.sparse(of))).max_items(Some(PAGE_MAX));
        let place = described(self.page_info(), "Where it lies.", false);
        let object = ObjectBuilder::new()
            .schema_type(Type::Object)
            .description(Some(format!("A list of {}, of which only some members are shown.", of.name)));
        object.property("items", items.description(Some("What it holds."))).required("items").property("page", place)
    }

    /// The component of the paths that `fields` takes.
    fn field(&mut self, of: &'static Shape) -> Ref {
        self.component(&format!("{}Field", of.name), |_| {
            let path = ObjectBuilder::new().schema_type(Type::String).pattern(Some(fields_pattern(of)));
            let path = path.max_length(Some(PATH_MAX)).examples(["id"]);
            path.description(Some(format!("A path to what is shown of a `{}`.", of.name))).into()
        })
    }
}

/// Adds the form that an answer has when `fields` is given.
#[must_use]
pub fn or_sparse(answer: ResponseBuilder, body: impl Into<RefOr<Schema>>) -> ResponseBuilder {
    answer.content(SPARSE, Content::new(Some(body)))
}

/// Adds the parameters that say what to show of a resource.
pub fn shown(parts: &mut Parts, operation: OperationBuilder, of: &'static Shape) -> OperationBuilder {
    let fields = parts.schemas.field(of);
    let name = format!("{}.fields", of.name);
    let operation = operation.parameter_ref(parts.parameter(name, || parameter::fields(of, fields)));
    let operation = parameter::expand(of).into_iter().fold(operation, OperationBuilder::parameter);
    lists(of).fold(operation, |operation, list| {
        let name = size_name(&list);
        operation.parameter_ref(parts.parameter(name, || parameter::size_of(&list)))
    })
}
