//! The plan of a read: what to show, of what, in which form. Faces make it; both back ends and the tests' reference
//! carry it out.

use entity::platform::client::Scope;
use serde_json::{Map, Value};
use uuid::Uuid;

use super::{
    cursor::{self, Mark},
    filter::{self, Condition},
    shape::{Edge, Leaf, NamedList, Shape},
};
use crate::domain::{
    error::{Code, Error, Result},
    policy::permission,
};

/// How many objects a page has when nobody says.
pub const PAGE_DEFAULT: usize = 20;
/// How many objects a page has at most.
pub const PAGE_MAX: usize = 100;
/// How far a list that is not counted to its end is counted at most.
pub const COUNT_MAX: i64 = 10_000;
/// How many rows one operation may ask for at most.
pub const COST_MAX: u64 = 20_000;

/// One answer under one key of the response.
#[derive(Clone, Debug)]
pub struct Root {
    /// The key.
    pub key: String,
    /// What stands under it.
    pub read: Read,
}

/// What a root reads.
#[derive(Clone, Debug)]
pub enum Read {
    /// Bytes that are known already.
    Known(String),
    /// One object by its id; null when there is none that the caller may know of.
    One(Box<ById>),
    /// Several reads, as a list.
    List(Vec<Read>),
    /// Several reads, as the members of one object.
    Group(Vec<(String, Read)>),
    /// Several objects by their ids, of any kinds, wherever they stand.
    Nodes(Nodes),
    /// A page of a list.
    Page(Box<PageRead>),
}

/// Several objects by their ids: one statement for each kind.
#[derive(Clone, Debug)]
pub struct Nodes {
    /// The kinds, each with its ids.
    pub kinds: Vec<(Object, Vec<Uuid>)>,
    /// Whether they may be deleted ones.
    pub deleted: bool,
    /// Whether they stand inside what was answered already: what the token lacks the scope for is not there then.
    pub inner: bool,
    /// Where they stand.
    pub tree: Tree,
}

/// What objects stand in: JSON that is known already around them.
#[derive(Clone, Debug)]
pub enum Tree {
    /// JSON.
    Known(String),
    /// An object: which kind, and which id; null when there is none that the caller may know of.
    Node(usize, Uuid),
    /// A list.
    List(Vec<Tree>),
    /// An object of members.
    Group(Vec<(String, Tree)>),
}

impl Nodes {
    /// Objects of one kind, as a list.
    #[must_use]
    pub fn of(object: Object, ids: &[Uuid], deleted: bool) -> Self {
        let tree = Tree::List(ids.iter().map(|&id| Tree::Node(0, id)).collect());
        Self { kinds: vec![(object, ids.to_vec())], deleted, inner: false, tree }
    }
}

/// One object by its id, or by the id of what only it names.
#[derive(Clone, Debug)]
pub struct ById {
    /// Which.
    pub id: Uuid,
    /// The column that has the id: `id`, but for what has one row for each of another kind.
    pub by: &'static str,
    /// Whether it may be a deleted one: after the command that deleted it.
    pub deleted: bool,
    /// What to show.
    pub object: Object,
}

/// What to show of an object.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is.
    pub shape: &'static Shape,
    /// What to show, in order.
    pub members: Vec<(String, Member)>,
}

/// A member of an object.
#[derive(Clone, Debug)]
pub enum Member {
    /// The type's name.
    Typename,
    /// A value.
    Leaf(&'static Leaf),
    /// Members of a declared object that a value is, or of each in a list of them.
    Within(&'static Leaf, Vec<Pick>),
    /// The object that a column names.
    One(&'static Edge, Object),
    /// A page of others.
    Many(&'static Edge, PageRead),
}

/// A member that is picked out of a declared object.
#[derive(Clone, Debug)]
pub struct Pick {
    /// The key it is shown under.
    pub key: String,
    /// The member; none for the type's name.
    pub name: Option<String>,
    /// The declared object's name.
    pub type_name: &'static str,
    /// What is picked out of the member, when it is a declared object itself.
    pub below: Vec<Pick>,
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct PageRead {
    /// What the list holds.
    pub shape: &'static Shape,
    /// Which part of it.
    pub slice: Slice,
    /// In which form.
    pub form: Vec<(String, Part)>,
}

/// A part of a page, as the face wants it.
#[derive(Clone, Debug)]
pub enum Part {
    /// The type's name.
    Typename,
    /// The objects.
    Nodes(Object),
    /// The objects with their cursors.
    Edges(Vec<(String, EdgePart)>),
    /// Where the page lies.
    Info(Vec<(String, InfoPart)>),
    /// How many there are in all.
    Total(Count),
}

/// How far a list is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Count {
    /// No further than to so many: who needs "1,000 or more" does not pay for a million.
    AtMost(i64),
    /// To its end.
    All,
}

impl Count {
    /// Reads `atMost`, already of the right JSON type; without it a list is counted to its end.
    ///
    /// # Errors
    /// `BAD_INPUT`, naming the argument.
    pub fn read(args: &Map<String, Value>) -> Result<Self> {
        let Some(most) = args.get("atMost").filter(|most| !most.is_null()) else { return Ok(Self::All) };
        most.as_i64()
            .and_then(Self::at_most)
            .ok_or_else(|| Error::field(Code::BadInput, "/atMost", format!("atMost must be 1 to {COUNT_MAX}.")))
    }

    /// To so many, when a list may be counted so far and no further.
    #[must_use]
    pub fn at_most(most: i64) -> Option<Self> {
        (1..=COUNT_MAX).contains(&most).then_some(Self::AtMost(most))
    }

    /// What is told of a list that was counted at least so far, and holds so many.
    #[must_use]
    pub fn told(self, counted: i64) -> i64 {
        match self {
            Self::AtMost(most) => counted.min(most),
            Self::All => counted,
        }
    }
}

/// A part of an edge.
#[derive(Clone, Debug)]
pub enum EdgePart {
    /// The type's name.
    Typename,
    /// The cursor.
    Cursor,
    /// The object.
    Node(Object),
}

/// A part of what says where the page lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InfoPart {
    /// The type's name.
    Typename,
    /// The first cursor.
    Start,
    /// The last cursor.
    End,
    /// Whether there is more after it.
    HasNext,
    /// Whether there is more before it.
    HasPrevious,
    /// How many there are in all.
    Total(Count),
}

impl InfoPart {
    /// How far it asks to count.
    #[must_use]
    pub const fn count(self) -> Option<Count> {
        match self {
            Self::Total(count) => Some(count),
            Self::Typename | Self::Start | Self::End | Self::HasNext | Self::HasPrevious => None,
        }
    }
}

/// Which part of a list, in which order.
#[derive(Clone, Debug)]
pub struct Slice {
    /// How many.
    pub limit: usize,
    /// Whether they are the last of the list, not the first.
    pub backward: bool,
    /// Only so many of their end: `first` and `last` together, as Relay defines it.
    pub tail: Option<usize>,
    /// After which row.
    pub after: Option<Mark>,
    /// Before which row.
    pub before: Option<Mark>,
    /// In which order; the shape's tie breaker follows.
    pub order: Vec<Sort>,
    /// Which rows.
    pub conditions: Vec<Condition>,
    /// Only deleted ones, instead of only living ones.
    pub deleted: bool,
}

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The column.
    pub column: &'static str,
    /// The column's leaf, for its kind.
    pub leaf: &'static str,
    /// Whether it descends.
    pub descending: bool,
}

impl Slice {
    /// Reads `first`, `after`, `last`, `before`, `filter` and `orderBy`, already of the right JSON types.
    ///
    /// # Errors
    /// `BAD_INPUT` and `CURSOR_INVALID`, naming the argument.
    pub fn read(shape: &'static Shape, args: &Map<String, Value>) -> Result<Self> {
        Self::read_as(shape, None, args)
    }

    /// The same of a list of the shape that has a name of its own.
    ///
    /// # Errors
    /// Those of [`Slice::read`].
    pub fn read_as(shape: &'static Shape, list: Option<&'static NamedList>, args: &Map<String, Value>) -> Result<Self> {
        let number = |name: &str| args.get(name).filter(|v| !v.is_null()).map(|v| v.as_i64().unwrap_or(-1));
        let (first, last) = (number("first"), number("last"));
        for (name, given) in [("first", first), ("last", last)] {
            if given.is_some_and(|n| !(0..=i64::try_from(PAGE_MAX).unwrap_or(0)).contains(&n)) {
                return Err(Error::field(
                    Code::BadInput,
                    &format!("/{name}"),
                    format!("{name} must be 0 to {PAGE_MAX}."),
                ));
            }
        }
        let usual = list.map(|list| list.order).or(shape.order);
        let order = order(shape, args.get("orderBy"), usual)?;
        let mark = |name: &str| match args.get(name).and_then(Value::as_str) {
            Some(text) if !cursor::is_one(text) => {
                Err(Error::field(Code::BadInput, &format!("/{name}"), format!("{name} is not a cursor.")))
            }
            Some(text) => cursor::decode(text, shape, &order).map(Some).ok_or_else(|| {
                Error::field(Code::CursorInvalid, &format!("/{name}"), "The cursor is not of this list in this order.")
            }),
            None => Ok(None),
        };
        let (after, before) = (mark("after")?, mark("before")?);
        let (mut conditions, deleted) = filter::read(shape, args.get("filter"))?;
        conditions.extend(list.map(Condition::Listed));
        let limit = first.or(last).map_or(PAGE_DEFAULT, |n| usize::try_from(n).unwrap_or(0));
        let tail = first.and(last).map(|n| usize::try_from(n).unwrap_or(0));
        Ok(Self { limit, backward: last.is_some() && tail.is_none(), tail, after, before, order, conditions, deleted })
    }
}

/// Reads `orderBy`: `[{field: CREATED_AT, direction: DESC}]`.
fn order(shape: &'static Shape, given: Option<&Value>, usual: Option<(&'static str, bool)>) -> Result<Vec<Sort>> {
    let mut out: Vec<Sort> = Vec::new();
    for key in given.and_then(Value::as_array).into_iter().flatten() {
        let word = key.get("field").and_then(Value::as_str).unwrap_or_default();
        let descending = key.get("direction").and_then(Value::as_str) == Some("DESC");
        let leaf = shape.leaves.iter().find(|leaf| leaf.sort && leaf.sort_word() == word);
        let Some((leaf, column)) = leaf.and_then(|leaf| leaf.column().map(|column| (leaf, column))) else {
            return Err(Error::field(Code::BadInput, "/orderBy", "This list is not sorted by that."));
        };
        if out.iter().any(|sort| sort.column == column) || out.len() == 3 {
            return Err(Error::field(Code::BadInput, "/orderBy", "At most three different keys sort a list."));
        }
        out.push(Sort { column, leaf: &leaf.name, descending });
    }
    if out.is_empty()
        && let Some((column, descending)) = usual
    {
        let leaf = shape.leaves.iter().find(|leaf| leaf.column() == Some(column)).map_or("", |leaf| &leaf.name);
        out.push(Sort { column, leaf, descending });
    }
    Ok(out)
}

/// How many rows a read may return at most, each counted as a point.
#[must_use]
pub fn cost(roots: &[Root]) -> u64 {
    roots.iter().map(|root| read_cost(&root.read)).fold(0, u64::saturating_add).max(1)
}

fn read_cost(read: &Read) -> u64 {
    match read {
        Read::Known(_) => 0,
        Read::One(by_id) => object_cost(&by_id.object),
        Read::List(all) => all.iter().map(read_cost).fold(0, u64::saturating_add),
        Read::Group(all) => all.iter().map(|(_, read)| read_cost(read)).fold(0, u64::saturating_add),
        Read::Nodes(nodes) => {
            let costs = nodes.kinds.iter().map(|(object, ids)| object_cost(object).saturating_mul(ids.len() as u64));
            costs.fold(0, u64::saturating_add)
        }
        Read::Page(page) => page_cost(page),
    }
}

fn object_cost(object: &Object) -> u64 {
    let below = object.members.iter().map(|(_, member)| match member {
        Member::Typename | Member::Leaf(_) | Member::Within(..) => 0,
        Member::One(_, object) => object_cost(object),
        Member::Many(_, page) => page_cost(page),
    });
    below.fold(1, u64::saturating_add)
}

fn page_cost(page: &PageRead) -> u64 {
    let each = page.form.iter().map(|(_, part)| match part {
        Part::Nodes(object) => object_cost(object),
        Part::Edges(parts) => {
            parts.iter().map(|(_, part)| if let EdgePart::Node(o) = part { object_cost(o) } else { 0 }).sum()
        }
        Part::Typename | Part::Info(_) | Part::Total(_) => 0,
    });
    let each = each.fold(0, u64::saturating_add).max(1);
    each.saturating_mul(page.slice.limit as u64).saturating_add(1)
}

/// The first scope that a read needs and the caller's token lacks.
#[must_use]
pub fn missing_scope(read: &Read, has: &impl Fn(Scope) -> bool) -> Option<Scope> {
    let needed = |shape: &Shape| Some(permission(shape.view).0).filter(|&scope| !has(scope));
    match read {
        Read::Known(_) => None,
        Read::One(by_id) => needed(by_id.object.shape),
        Read::List(all) => all.iter().find_map(|read| missing_scope(read, has)),
        Read::Group(all) => all.iter().find_map(|(_, read)| missing_scope(read, has)),
        Read::Nodes(nodes) if nodes.inner => None,
        Read::Nodes(nodes) => nodes.kinds.iter().find_map(|(object, _)| needed(object.shape)),
        Read::Page(page) => needed(page.shape).or_else(|| {
            let lists = page.slice.conditions.iter().filter_map(Condition::list);
            lists.map(|list| permission(list.action).0).find(|&scope| !has(scope))
        }),
    }
}
