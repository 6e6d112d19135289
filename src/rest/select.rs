//! From what a REST request wants to see to the plan of a read: all values, and the ways that it expands.

use serde_json::Map;
use uuid::Uuid;

use super::query::{Expand, ListQuery};
use crate::{
    domain::error::Result,
    read::{
        plan::{ById, Count, InfoPart, Member, Object, PageRead, Part, Read, Root, Slice},
        shape::{Join, Shape, shape},
    },
};

/// One object by its id. After a command it may be one that was deleted.
///
/// # Errors
/// Never, for shapes that are declared rightly.
pub fn one(of: &'static Shape, id: Uuid, deleted: bool, expand: &Expand) -> Result<Root> {
    one_by(of, ("id", id), deleted, expand)
}

/// The same by a column that names what only one object of the kind names.
///
/// # Errors
/// Never, for shapes that are declared rightly.
pub fn one_by(of: &'static Shape, (by, id): (&'static str, Uuid), deleted: bool, expand: &Expand) -> Result<Root> {
    let read = Read::One(Box::new(ById { id, by, deleted, object: object(of, expand)? }));
    Ok(Root { key: String::new(), read })
}

/// A page of a list.
///
/// # Errors
/// Never, for shapes that are declared rightly.
pub fn list(of: &'static Shape, query: ListQuery) -> Result<Root> {
    let read = Read::Page(Box::new(page(of, query.slice, query.count, &query.expand)?));
    Ok(Root { key: String::new(), read })
}

/// All values of an object, and what is expanded.
///
/// # Errors
/// Never, for shapes that are declared rightly.
pub fn object(of: &'static Shape, expand: &Expand) -> Result<Object> {
    let mut members: Vec<_> = of.leaves.iter().map(|leaf| (leaf.name.clone(), Member::Leaf(leaf))).collect();
    for (edge, below) in &expand.0 {
        let target = shape(edge.target);
        let member = match edge.join {
            Join::One(_) => Member::One(edge, object(target, below)?),
            Join::Many(_) | Join::Beside(..) | Join::Through(..) => {
                Member::Many(edge, page(target, Slice::read(target, &Map::new())?, None, below)?)
            }
        };
        members.push((edge.name.to_owned(), member));
    }
    Ok(Object { shape: of, members })
}

fn page(of: &'static Shape, slice: Slice, count: Option<Count>, expand: &Expand) -> Result<PageRead> {
    let mut info = vec![
        ("startCursor".to_owned(), InfoPart::Start),
        ("endCursor".to_owned(), InfoPart::End),
        ("hasNextPage".to_owned(), InfoPart::HasNext),
        ("hasPreviousPage".to_owned(), InfoPart::HasPrevious),
    ];
    info.extend(count.map(|count| ("totalCount".to_owned(), InfoPart::Total(count))));
    let items = ("items".to_owned(), Part::Nodes(object(of, expand)?));
    Ok(PageRead { shape: of, slice, form: vec![items, ("page".to_owned(), Part::Info(info))] })
}
