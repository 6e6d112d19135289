//! What a resource shows: declared once, for both faces, the filters, the sorts and the SQL.

use std::sync::{Arc, LazyLock};

use chrono::{DateTime, Utc};
use entity::{
    id::UserId,
    kind::{Kind, camel},
    platform::organization::Settings,
};
use sea_orm::{ColumnTrait, EntityTrait, IdenStatic, Iterable};

use super::cell::{Cell, Store};
use crate::domain::{
    self,
    policy::{Action, Rule, permission},
};

/// Which rows belong to an organization.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tenant {
    /// Those whose `organization_id` names it.
    Own,
    /// Those, and what is built in.
    OwnOrBuiltIn,
    /// The organization itself.
    Itself,
    /// People with a membership.
    Members,
}

/// What a computed leaf may look at besides its row.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The one `now` of the read.
    pub now: DateTime<Utc>,
    /// What the organization decided.
    pub settings: Arc<Settings>,
    /// The person who looks, if it is one.
    pub user: Option<UserId>,
}

/// Where a leaf's value comes from.
#[derive(Clone, Debug)]
pub enum Origin {
    /// A column of the row.
    Column(&'static str),
    /// A pure function of columns and of aggregates.
    Computed {
        /// What it looks at.
        needs: Vec<Need>,
        /// The function: total, and without I/O.
        by: fn(&[Cell], &Seen) -> Cell,
    },
}

/// What a computed leaf looks at.
#[derive(Clone, Debug)]
pub enum Need {
    /// A column of the row.
    Column(&'static str, Store),
    /// A scalar subquery, `{t}` standing for the row: first for SQLite, then for PostgreSQL.
    Aggregate(&'static str, &'static str, Store),
    /// Whether the caller may do something with the person whom a column names; the rule for that looks at their id.
    May(&'static str, Action),
    /// Whether the caller may see what a column names, of a resource.
    Sees(&'static str, &'static str),
}

impl Need {
    /// A scalar subquery that both databases read alike.
    #[must_use]
    pub const fn aggregate(sql: &'static str, store: Store) -> Self {
        Self::Aggregate(sql, sql, store)
    }
}

/// What a value keeps from everybody but one person, where the row itself may be seen by more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Veil {
    /// The column that names the person, and how: by their id, or by their public id as a text.
    pub person: (&'static str, Store),
    /// Of which rows it is kept.
    pub of: Veiled,
    /// The word that others read instead; without it, they read nothing.
    pub instead: Option<&'static str>,
}

/// Of which rows something is kept from others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Veiled {
    /// Of those of which the columns are the words; of all, where there are none.
    Are(&'static [(&'static str, &'static str)]),
    /// Of those of which the column is true.
    True(&'static str),
}

impl Veiled {
    /// The columns that say it.
    fn columns(self) -> Vec<(&'static str, Store)> {
        match self {
            Self::Are(words) => words.iter().map(|(column, _)| (*column, Store::Text)).collect(),
            Self::True(column) => vec![(column, Store::Bool)],
        }
    }

    /// Whether it is kept, by the cells of these columns.
    fn kept(self, cells: &[Cell]) -> bool {
        match self {
            Self::Are(words) => words.iter().zip(cells).all(|((_, word), cell)| cell.text() == Some(*word)),
            Self::True(_) => cells.first() == Some(&Cell::Bool(true)),
        }
    }
}

impl Veil {
    /// The columns that it looks at, beside that of the value.
    pub fn columns(self) -> impl Iterator<Item = (&'static str, Store)> {
        std::iter::once(self.person).chain(self.of.columns())
    }

    /// Who looks, as the column names people.
    #[must_use]
    pub fn me(self, user: Option<UserId>) -> Option<Cell> {
        user.map(|id| if self.person.1 == Store::Uuid { Cell::Uuid(id.0) } else { Cell::Text(id.to_string()) })
    }

    /// The value, or what others read instead of it: the cells are that of the value, and those of [`Veil::columns`].
    #[must_use]
    pub fn over(self, cells: &[Cell], user: Option<UserId>) -> Cell {
        let kept = self.of.kept(cells.get(2..).unwrap_or_default());
        let own = self.me(user).is_some_and(|me| cells.get(1) == Some(&me));
        if kept && !own {
            return self.instead.map_or(Cell::Null, |word| Cell::Text(word.to_owned()));
        }
        cells.first().cloned().unwrap_or(Cell::Null)
    }
}

/// A value that a resource shows.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// camelCase.
    pub name: String,
    /// What it means.
    pub doc: &'static str,
    /// What it may be.
    pub kind: Kind,
    /// Whether it may be null.
    pub nullable: bool,
    /// Where it comes from.
    pub origin: Origin,
    /// Whether lists can be filtered by it.
    pub filter: bool,
    /// Whether lists can be sorted by it.
    pub sort: bool,
    /// Of a truth about a column, the column that holds nothing: what a filter asks of.
    pub without: Option<&'static str>,
    /// From whom it is kept: of a column alone, by which nothing is sorted.
    pub veil: Option<Veil>,
}

impl Leaf {
    /// Others than the person whom the column names do not read it.
    #[must_use]
    pub const fn veiled(mut self, veil: Veil) -> Self {
        self.veil = Some(veil);
        self
    }

    /// Lists can be filtered by it.
    #[must_use]
    pub const fn filter(mut self) -> Self {
        self.filter = true;
        self
    }

    /// Lists can be sorted by it.
    #[must_use]
    pub const fn sort(mut self) -> Self {
        self.sort = true;
        self
    }

    /// Its column, when it is one.
    #[must_use]
    pub const fn column(&self) -> Option<&'static str> {
        match self.origin {
            Origin::Column(name) => Some(name),
            Origin::Computed { .. } => None,
        }
    }

    /// Its name as a word of the sort vocabulary: `CREATED_AT`.
    #[must_use]
    pub fn sort_word(&self) -> String {
        let mut out = String::new();
        for letter in self.name.chars() {
            if letter.is_ascii_uppercase() {
                out.push('_');
            }
            out.push(letter.to_ascii_uppercase());
        }
        out
    }
}

/// A column that is shown. Its name and nullability are the column's own.
#[must_use]
pub const fn leaf(kind: Kind, doc: &'static str) -> Leaf {
    Leaf {
        name: String::new(),
        doc,
        kind,
        nullable: false,
        origin: Origin::Column(""),
        filter: false,
        sort: false,
        without: None,
        veil: None,
    }
}

/// Where an edge leads, and by what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Join {
    /// One: a column of this row names the other.
    One(&'static str),
    /// Many: a column of the others names this row.
    Many(&'static str),
    /// Many: a column of the others names what a column of this row names, which is never null: first this row's.
    Beside(&'static str, &'static str),
    /// Many through a link table: the table, its column for this row, its column for the other.
    Through(&'static str, &'static str, &'static str),
}

/// A way from a resource to others.
#[derive(Clone, Debug)]
pub struct Edge {
    /// camelCase.
    pub name: &'static str,
    /// What it leads to.
    pub doc: &'static str,
    /// The resource at its end.
    pub target: &'static str,
    /// By what.
    pub join: Join,
}

/// A list of its own name over a resource: what waits for the caller to do something with it. It holds those of the
/// rows that they may see to which they may do `action`, as far as `rule` is true of them, and is paged, filtered and sorted as
/// every list of the resource.
#[derive(Clone, Debug)]
pub struct NamedList {
    /// camelCase: the field of GraphQL's query root, and in kebab-case its path in REST.
    pub name: &'static str,
    /// What it holds.
    pub doc: &'static str,
    /// What its rows wait for: its scope is the list's.
    pub action: Action,
    /// What else is true of them.
    pub rule: Rule,
    /// The sort when none is asked for: a column that is shown, and whether it descends.
    pub order: (&'static str, bool),
}

impl NamedList {
    /// What is true of the caller and of every row.
    #[must_use]
    pub fn whole(&self) -> Rule {
        Rule::All(vec![permission(self.action).1, self.rule.clone()])
    }
}

/// Everything that a resource shows.
#[derive(Clone, Debug)]
pub struct Shape {
    /// The type's name in both faces.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Its table.
    pub table: &'static str,
    /// The prefix of its ids.
    pub prefix: &'static str,
    /// Which rows belong to an organization.
    pub tenant: Tenant,
    /// The action that is seeing one.
    pub view: Action,
    /// Its values, in order; `id` is the first.
    pub leaves: Vec<Leaf>,
    /// Its ways to others.
    pub edges: Vec<Edge>,
    /// The lists of it that have names of their own.
    pub lists: Vec<NamedList>,
    /// The folded column that `q` searches.
    pub search: Option<&'static str>,
    /// The column that makes every sort total, and how it is stored.
    pub tie: (&'static str, Store),
    /// Whether rows can be deleted and restored.
    pub deletable: bool,
    /// The sort when none is asked for: a column, and whether it descends. The tie breaker follows.
    pub order: Option<(&'static str, bool)>,
}

impl Shape {
    /// Declares a resource over an entity. `show` says of every column how it is shown, or that it is not: a new
    /// column does not compile until it does.
    #[must_use]
    pub fn new<E: EntityTrait>(
        name: &'static str,
        doc: &'static str,
        prefix: &'static str,
        view: Action,
        show: fn(E::Column) -> Option<Leaf>,
    ) -> Self {
        let mut shape = Self {
            name,
            doc,
            table: E::default().table_name(),
            prefix,
            tenant: Tenant::Own,
            view,
            leaves: Vec::new(),
            edges: Vec::new(),
            lists: Vec::new(),
            search: None,
            tie: ("id", Store::Uuid),
            deletable: false,
            order: None,
        };
        for column in E::Column::iter() {
            let name = column.as_str();
            shape.deletable |= name == "deleted_at";
            if name == "search_text" {
                shape.search = Some("search_text");
            }
            if let Some(mut leaf) = show(column) {
                leaf.name = camel(name);
                leaf.nullable = column.def().is_null();
                leaf.origin = Origin::Column(name);
                shape.leaves.push(leaf);
            }
        }
        shape
    }

    /// Which rows belong to an organization, when it is not by `organization_id`.
    #[must_use]
    pub const fn tenant(mut self, tenant: Tenant) -> Self {
        self.tenant = tenant;
        self
    }

    /// The sort when none is asked for.
    #[must_use]
    pub const fn order(mut self, column: &'static str, descending: bool) -> Self {
        self.order = Some((column, descending));
        self
    }

    /// A value that is computed from columns and aggregates.
    #[must_use]
    pub fn computed(
        mut self,
        name: &'static str,
        kind: Kind,
        doc: &'static str,
        needs: Vec<Need>,
        by: fn(&[Cell], &Seen) -> Cell,
    ) -> Self {
        let origin = Origin::Computed { needs, by };
        self.leaves.push(Leaf {
            name: name.to_owned(),
            doc,
            kind,
            nullable: false,
            origin,
            filter: false,
            sort: false,
            without: None,
            veil: None,
        });
        self
    }

    /// Whether a column holds nothing: shown, and something that lists are filtered by.
    #[must_use]
    pub fn without(self, name: &'static str, column: &'static str, doc: &'static str) -> Self {
        let store = self
            .leaves
            .iter()
            .find(|leaf| leaf.column() == Some(column))
            .map_or(Store::Text, |leaf| Store::of(leaf.kind));
        let needs = vec![Need::Column(column, store)];
        let mut shape =
            self.computed(name, Kind::Bool, doc, needs, |cells, _| Cell::Bool(matches!(cells[0], Cell::Null)));
        if let Some(leaf) = shape.leaves.last_mut() {
            (leaf.filter, leaf.without) = (true, Some(column));
        }
        shape
    }

    /// The value that was declared last may be null.
    #[must_use]
    pub fn nullable(mut self) -> Self {
        if let Some(leaf) = self.leaves.last_mut() {
            leaf.nullable = true;
        }
        self
    }

    /// A way to one other.
    #[must_use]
    pub fn one(self, name: &'static str, column: &'static str, target: &'static str, doc: &'static str) -> Self {
        self.edge(Edge { name, doc, target, join: Join::One(column) })
    }

    /// A way to many others, by their column.
    #[must_use]
    pub fn many(self, name: &'static str, column: &'static str, target: &'static str, doc: &'static str) -> Self {
        self.edge(Edge { name, doc, target, join: Join::Many(column) })
    }

    /// A way to many others that name the same as this: `(column of this, column of the others)`.
    #[must_use]
    pub fn beside(
        self,
        name: &'static str,
        columns: (&'static str, &'static str),
        target: &'static str,
        doc: &'static str,
    ) -> Self {
        self.edge(Edge { name, doc, target, join: Join::Beside(columns.0, columns.1) })
    }

    /// A way to many others, through a link table: `(table, column for this, column for the other)`.
    #[must_use]
    pub fn through(
        self,
        name: &'static str,
        link: (&'static str, &'static str, &'static str),
        target: &'static str,
        doc: &'static str,
    ) -> Self {
        self.edge(Edge { name, doc, target, join: Join::Through(link.0, link.1, link.2) })
    }

    /// A list of its own name.
    #[must_use]
    pub fn list(mut self, list: NamedList) -> Self {
        self.lists.push(list);
        self
    }

    fn edge(mut self, edge: Edge) -> Self {
        self.edges.push(edge);
        self
    }

    /// The value of that name.
    #[must_use]
    pub fn leaf(&self, name: &str) -> Option<&Leaf> {
        self.leaves.iter().find(|leaf| leaf.name == name)
    }

    /// The way of that name.
    #[must_use]
    pub fn edge_named(&self, name: &str) -> Option<&Edge> {
        self.edges.iter().find(|edge| edge.name == name)
    }
}

/// Every declared shape, made once.
static SHAPES: LazyLock<Vec<&'static Shape>> =
    LazyLock::new(|| domain::resources().iter().map(|resource| &resource.shape).collect());

/// Every declared shape, in the order of the resources.
#[must_use]
pub fn shapes() -> &'static [&'static Shape] {
    &SHAPES
}

/// The shape of a name that a declaration uses.
///
/// # Panics
/// When no resource has the name: a test walks every declaration, so that this is never met in service.
#[must_use]
#[expect(clippy::panic, reason = "a declaration that names nothing is a mistake in the code, found by a test")]
pub fn shape(name: &str) -> &'static Shape {
    SHAPES.iter().find(|shape| shape.name == name).unwrap_or_else(|| panic!("no resource is called {name}"))
}

/// Every list that has a name of its own, with the shape that it is of.
pub fn named_lists() -> impl Iterator<Item = (&'static Shape, &'static NamedList)> {
    SHAPES.iter().flat_map(|&shape| shape.lists.iter().map(move |list| (shape, list)))
}

/// The shape whose ids have the prefix.
#[must_use]
pub fn shape_of_prefix(prefix: &str) -> Option<&'static Shape> {
    SHAPES.iter().copied().find(|shape| shape.prefix == prefix)
}
