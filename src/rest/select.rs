//! From what a REST request wants to see to the plan of a read: values, and the ways that lead to more. What is not
//! wanted is not in the plan, and so not read.

use serde_json::Map;
use uuid::Uuid;

use super::query::{
    ListQuery, Show,
    show::{PLACE, Way},
};
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
pub fn one(of: &'static Shape, id: Uuid, deleted: bool, show: &Show) -> Result<Root> {
    one_by(of, ("id", id), deleted, show)
}

/// The same by a column that names what only one object of the kind names.
///
/// # Errors
/// Never, for shapes that are declared rightly.
pub fn one_by(of: &'static Shape, (by, id): (&'static str, Uuid), deleted: bool, show: &Show) -> Result<Root> {
    let read = Read::One(Box::new(ById { id, by, deleted, object: object(of, show)? }));
    Ok(Root { key: String::new(), read })
}

/// A page of a list.
///
/// # Errors
/// Never, for shapes that are declared rightly.
pub fn list(of: &'static Shape, query: ListQuery) -> Result<Root> {
    let read = Read::Page(Box::new(page(of, query.slice, query.count, true, &query.show)?));
    Ok(Root { key: String::new(), read })
}

/// The values of an object that are shown, and what its ways lead to.
///
/// # Errors
/// Never, for shapes that are declared rightly.
pub fn object(of: &'static Shape, show: &Show) -> Result<Object> {
    let leaves = of.leaves.iter().filter(|leaf| show.shows(leaf));
    let mut members: Vec<_> = leaves.map(|leaf| (leaf.name.clone(), Member::Leaf(leaf))).collect();
    for Way { edge, show, first, place } in &show.ways {
        let target = shape(edge.target);
        let member = match edge.join {
            Join::One(_) => Member::One(edge, object(target, show)?),
            Join::Many(_) | Join::Beside(..) | Join::Through(..) => {
                let slice = Slice::read(target, &Map::from_iter([("first".to_owned(), (*first).into())]))?;
                Member::Many(edge, page(target, slice, None, *place, show)?)
            }
        };
        members.push((edge.name.to_owned(), member));
    }
    Ok(Object { shape: of, members })
}

fn page(of: &'static Shape, slice: Slice, count: Option<Count>, place: bool, show: &Show) -> Result<PageRead> {
    let mut form = vec![("items".to_owned(), Part::Nodes(object(of, show)?))];
    if place {
        let mut info = vec![
            ("startCursor".to_owned(), InfoPart::Start),
            ("endCursor".to_owned(), InfoPart::End),
            ("hasNextPage".to_owned(), InfoPart::HasNext),
            ("hasPreviousPage".to_owned(), InfoPart::HasPrevious),
        ];
        info.extend(count.map(|count| ("totalCount".to_owned(), InfoPart::Total(count))));
        form.push((PLACE.to_owned(), Part::Info(info)));
    }
    Ok(PageRead { shape: of, slice, form })
}
