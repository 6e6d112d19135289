//! From a plan to statements: one per list level, to-one joined in, keyset paging and the tenant at every level.

use uuid::Uuid;

use super::{
    cell::{Cell, Store},
    keyset::{beyond, order_by},
    plan::{ById, Count, EdgePart, InfoPart, Member, Object, PageRead, Part, Pick, Slice, Sort},
    shape::{Edge, Join, Leaf, Need, Origin, Seen, Shape, Tenant, Veil, shape},
    sql::{Arg, Dialect, Sql},
};
use crate::domain::{
    caller::Caller,
    policy::{Action, Rule, permission},
};

/// A statement, and where the rows it needs from above stand.
#[derive(Debug)]
pub struct Level {
    /// The statement.
    pub sql: Sql,
    /// How its columns are stored.
    pub stores: Vec<Store>,
    /// The level and the column whose values are its parents.
    pub parent: Option<(usize, usize)>,
    /// How the level counts all rows, when it is asked to.
    pub total: Option<Sql>,
    /// For pages: how many rows, and from which end.
    pub slice: Slice,
    /// For pages: the columns that a cursor is made of.
    pub marks: Vec<usize>,
    /// Whether its rows are looked up by their ids.
    pub keyed: bool,
    /// Of what.
    pub shape: &'static Shape,
}

/// An object, with the columns that its members stand in.
#[derive(Debug)]
pub struct Shown {
    /// The column of its id: null when there is none.
    pub id: usize,
    /// Its members, each with its JSON key.
    pub members: Vec<(String, ShownMember)>,
}

/// A member, with its columns.
#[derive(Debug)]
pub enum ShownMember {
    /// The type's name.
    Typename(&'static str),
    /// A value of these columns.
    Leaf(&'static Leaf, Vec<usize>),
    /// Members of the declared object in these columns.
    Within(&'static Leaf, Vec<usize>, Vec<Pick>),
    /// A joined object.
    One(Shown),
    /// The page of another level.
    Many(ShownPage),
}

/// A page, with the level that reads it and the parent's column.
#[derive(Debug)]
pub struct ShownPage {
    /// The level.
    pub level: usize,
    /// The column of the parent's row that its rows belong to.
    pub parent: Option<usize>,
    /// In which form.
    pub form: Vec<(String, ShownPart)>,
    /// What it holds.
    pub shape: &'static Shape,
}

/// A part of a page.
#[derive(Debug)]
pub enum ShownPart {
    /// The connection's name.
    Typename,
    /// The objects.
    Nodes(Shown),
    /// The objects with cursors.
    Edges(Vec<(String, ShownEdgePart)>),
    /// Where the page lies.
    Info(Vec<(String, InfoPart)>),
    /// How many in all.
    Total(Count),
}

/// A part of an edge.
#[derive(Debug)]
pub enum ShownEdgePart {
    /// The edge's name.
    Typename,
    /// The cursor.
    Cursor,
    /// The object.
    Node(Shown),
}

/// Compiles the reads of one operation: their levels, in an order in which parents come first.
#[derive(Debug)]
pub struct Compiler<'a> {
    who: &'a Caller,
    dialect: Dialect,
    /// The levels so far.
    pub levels: Vec<Level>,
}

impl std::fmt::Debug for Caller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Caller")
            .field("organization", &self.organization)
            .field("principal", &self.principal)
            .finish_non_exhaustive()
    }
}

/// Where the rows of a list are met.
#[derive(Clone, Copy)]
enum Met {
    /// They are found by what makes them visible.
    Nowhere,
    /// By their ids, in a table of links.
    Linked,
    /// Below the row that their column names, of a resource: the caller sees it.
    Below(&'static str, &'static str),
}

/// The columns and joins of one statement while it is written.
struct Columns {
    list: Vec<(String, Store)>,
    joins: Sql,
    aliases: usize,
}

impl Columns {
    /// The place of an expression among the columns; the same expression is selected once.
    fn place(&mut self, expression: String, store: Store) -> usize {
        if let Some(place) = self.list.iter().position(|(known, _)| *known == expression) {
            return place;
        }
        self.list.push((expression, store));
        self.list.len() - 1
    }
}

impl Columns {
    /// Whether the caller may do something with the person whom a column names: they are joined if so.
    fn permitted(&mut self, (alias, column): (&str, &str), action: Action, who: &Caller) -> usize {
        self.aliases += 1;
        let person = format!("t{}", self.aliases);
        self.joins.push(" LEFT JOIN \"user\" ").push(&person).push(" ON ").column(&person, "id").push(" = ");
        self.joins.column(alias, column).push(" AND ").permitted(action, &person, who);
        self.place(format!("({person}.\"id\" IS NOT NULL)"), Store::Bool)
    }

    /// Whether the caller may see what a column names: it is joined if so.
    fn sees(&mut self, (alias, column): (&str, &str), target: &Shape, who: &Caller) -> usize {
        self.aliases += 1;
        let other = format!("t{}", self.aliases);
        self.joins.push(" LEFT JOIN \"").push(target.table).push("\" ").push(&other).push(" ON ");
        self.joins.column(&other, "id").push(" = ").column(alias, column).push(" AND ");
        self.joins.column(&other, "deleted_at").push(" IS NULL AND ").visible_by_id(target, &other, who);
        self.place(format!("({other}.\"id\" IS NOT NULL)"), Store::Bool)
    }
}

impl<'a> Compiler<'a> {
    /// Nothing compiled yet.
    #[must_use]
    pub const fn new(who: &'a Caller, dialect: Dialect) -> Self {
        Self { who, dialect, levels: Vec::new() }
    }

    /// One object by its id: the level, and what to show of its row.
    pub fn by_id(&mut self, read: &ById) -> (usize, Shown) {
        self.by_ids(&read.object, read.deleted, read.by, |sql| {
            sql.push(" = ").bind(Arg::Uuid(read.id));
        })
    }

    /// Several objects of one kind by their ids.
    pub fn nodes(&mut self, object: &Object, ids: &[Uuid], deleted: bool) -> (usize, Shown) {
        let (level, shown) = self.by_ids(object, deleted, "id", |sql| {
            sql.among(Arg::Uuids(ids.to_vec()));
        });
        self.levels[level].keyed = true;
        (level, shown)
    }

    fn by_ids(&mut self, object: &Object, deleted: bool, by: &str, which: impl FnOnce(&mut Sql)) -> (usize, Shown) {
        let shape = object.shape;
        let slice = Slice {
            limit: 1,
            backward: false,
            tail: None,
            after: None,
            before: None,
            order: Vec::new(),
            conditions: Vec::new(),
            deleted,
        };
        let level = self.reserve(shape, slice, None);
        let mut columns = Columns::new(self.dialect);
        let shown = self.object(object, level, "t0", &mut columns);
        let mut sql = self.select(shape, &columns, None);
        which(sql.push(" WHERE ").column("t0", by));
        sql.push(" AND ");
        if shape.deletable && !deleted {
            sql.column("t0", "deleted_at").push(" IS NULL AND ");
        }
        if by == "id" {
            sql.visible_by_id(shape, "t0", self.who);
        } else {
            sql.visible(shape, "t0", self.who);
        }
        self.levels[level].finish(sql, &columns);
        (level, shown)
    }

    /// A page of a list at the root.
    pub fn page(&mut self, read: &PageRead) -> ShownPage {
        let level = self.reserve(read.shape, read.slice.clone(), None);
        let mut columns = Columns::new(self.dialect);
        let form = self.form(read, level, &mut columns);
        let marks = columns.marks(read.shape, &read.slice.order);
        let mut sql = self.select(read.shape, &columns, None);
        sql.push(" WHERE ");
        self.led(&mut sql, read.shape);
        self.narrowed(&mut sql, read.shape, &read.slice, (true, Met::Nowhere));
        sql.push(" ORDER BY ");
        order_by(&mut sql, read.shape, &read.slice);
        // A number, not an argument: PostgreSQL takes an unknown limit for a tenth of all rows, and would plan anew each time.
        sql.push(&format!(" LIMIT {}", wanted(&read.slice)));
        self.levels[level].total = counts(&read.form).map(|count| self.total(read, count));
        self.levels[level].marks = marks;
        self.levels[level].finish(sql, &columns);
        ShownPage { level, parent: None, form, shape: read.shape }
    }

    /// A page under every row of the level above.
    fn nested(&mut self, edge: &Edge, read: &PageRead, above: (usize, usize), seen: Option<&'static str>) -> ShownPage {
        let level = self.reserve(read.shape, read.slice.clone(), Some(above));
        let mut columns = Columns::new(self.dialect);
        let (link, near) = match edge.join {
            Join::Through(table, near, far) => (Some((table, far)), format!("l0.\"{near}\"")),
            Join::Many(column) | Join::Beside(_, column) | Join::One(column) => (None, format!("t0.\"{column}\"")),
        };
        let met = match (edge.join, seen) {
            (Join::Through(..), _) => Met::Linked,
            (Join::Many(column), Some(above)) => Met::Below(column, above),
            _ => Met::Nowhere,
        };
        columns.place(near.clone(), Store::Uuid);
        let form = self.form(read, level, &mut columns);
        let marks = columns.marks(read.shape, &read.slice.order);

        let mut window = Sql::new(self.dialect);
        window.push("ROW_NUMBER() OVER (PARTITION BY ").push(&near).push(" ORDER BY ");
        order_by(&mut window, read.shape, &read.slice);
        window.push(")");

        let mut sql = Sql::new(self.dialect);
        sql.push("SELECT * FROM (");
        let inner = self.select(read.shape, &columns, Some(&window.text));
        sql.push(&inner.text);
        sql.args = inner.args;
        linked(&mut sql, link);
        sql.push(" WHERE ").push(&near).among(Arg::Parents).push(" AND ");
        self.narrowed(&mut sql, read.shape, &read.slice, (true, met));
        sql.push(") ranked WHERE rank <= ").bind(Arg::Int(wanted(&read.slice))).push(" ORDER BY c0, rank");

        self.levels[level].total = counts(&read.form).map(|count| self.totals(read, (link, met), &near, count));
        self.levels[level].marks = marks;
        self.levels[level].finish(sql, &columns);
        ShownPage { level, parent: Some(above.1), form, shape: read.shape }
    }

    /// How many rows a list at the root has.
    fn total(&self, read: &PageRead, count: Count) -> Sql {
        let mut sql = Sql::new(self.dialect);
        let counted = if count == Count::All { "SELECT COUNT(*)" } else { "SELECT COUNT(*) FROM (SELECT 1" };
        sql.push(counted).push(" FROM \"").push(read.shape.table).push("\" t0 WHERE ");
        self.led(&mut sql, read.shape);
        self.narrowed(&mut sql, read.shape, &read.slice, (false, Met::Nowhere));
        if let Count::AtMost(most) = count {
            sql.push(" LIMIT ").bind(Arg::Int(most)).push(") counted");
        }
        sql
    }

    /// How many rows a list has under every row of the level above: counted together, or of each only so far.
    fn totals(&self, read: &PageRead, (link, met): (Option<(&str, &str)>, Met), near: &str, count: Count) -> Sql {
        let mut sql = Sql::new(self.dialect);
        let Count::AtMost(most) = count else {
            sql.push("SELECT ").push(near).push(", COUNT(*) FROM \"").push(read.shape.table).push("\" t0");
            linked(&mut sql, link);
            sql.push(" WHERE ").push(near).among(Arg::Parents).push(" AND ");
            self.narrowed(&mut sql, read.shape, &read.slice, (false, met));
            sql.push(" GROUP BY 1");
            return sql;
        };
        sql.push("SELECT above.id, (SELECT COUNT(*) FROM (SELECT 1 FROM \"").push(read.shape.table).push("\" t0");
        linked(&mut sql, link);
        sql.push(" WHERE ").push(near).push(" = above.id AND ");
        self.narrowed(&mut sql, read.shape, &read.slice, (false, met));
        sql.push(" LIMIT ").bind(Arg::Int(most)).push(") counted) FROM ").parents("above");
        sql
    }

    fn reserve(&mut self, shape: &'static Shape, slice: Slice, parent: Option<(usize, usize)>) -> usize {
        self.levels.push(Level {
            sql: Sql::new(self.dialect),
            stores: Vec::new(),
            parent,
            total: None,
            slice,
            marks: Vec::new(),
            keyed: false,
            shape,
        });
        self.levels.len() - 1
    }

    /// `SELECT columns FROM table joins`, the arguments of the joins first.
    fn select(&self, shape: &Shape, columns: &Columns, rank: Option<&str>) -> Sql {
        let mut sql = Sql::new(self.dialect);
        sql.push("SELECT ");
        for (place, (expression, _)) in columns.list.iter().enumerate() {
            sql.push(if place == 0 { "" } else { ", " }).push(expression).push(&format!(" AS c{place}"));
        }
        if let Some(rank) = rank {
            sql.push(", ").push(rank).push(" AS rank");
        }
        sql.push(" FROM \"").push(shape.table).push("\" t0").push(&columns.joins.text);
        sql.args.clone_from(&columns.joins.args);
        sql
    }

    /// What leads a list to its rows, where the tenant would be a long way round: it follows from what narrows it.
    fn led(&self, sql: &mut Sql, shape: &Shape) {
        // People belong to no organization: its memberships lead to them, not the index of everybody in the installation.
        if shape.tenant == Tenant::Members {
            sql.column("t0", "id").push(" IN (SELECT p.user_id FROM \"membership\" p WHERE p.organization_id = ");
            sql.bind(Arg::Uuid(self.who.organization.0)).push(") AND ");
        }
        // What goes with somebody's things is found by these. PostgreSQL turns EXISTS round by itself.
        let rule = permission(shape.view).1.settled(self.who);
        let parts = if let Rule::All(rules) = &rule { rules.as_slice() } else { std::slice::from_ref(&rule) };
        let lead = parts.iter().find_map(|part| match part {
            Rule::Sees(column, target) => {
                let target = self::shape(target);
                permission(target.view).1.settled(self.who).is_personal().then_some((*column, target))
            }
            _ => None,
        });
        if let Some((column, target)) = lead.filter(|_| self.dialect == Dialect::Sqlite) {
            sql.column("t0", column).push(" IN (SELECT t0_l.\"id\" FROM \"").push(target.table).push("\" t0_l WHERE ");
            sql.visible(target, "t0_l", self.who).push(") AND ");
        }
    }

    /// Tenant, living or deleted, the rule to see it, the filters, and the marks of the page.
    fn narrowed(&self, sql: &mut Sql, shape: &'static Shape, slice: &Slice, (marks, met): (bool, Met)) {
        match met {
            Met::Nowhere => sql.visible(shape, "t0", self.who),
            Met::Linked => sql.visible_by_id(shape, "t0", self.who),
            Met::Below(column, above) => sql.visible_below((column, above), shape, "t0", self.who),
        };
        if shape.deletable {
            sql.push(" AND ").column("t0", "deleted_at").push(if slice.deleted { " IS NOT NULL" } else { " IS NULL" });
        }
        for condition in &slice.conditions {
            sql.push(" AND ");
            condition.write(sql, "t0", self.who);
        }
        if marks {
            for (mark, past) in [(&slice.after, true), (&slice.before, false)] {
                if let Some(mark) = mark {
                    sql.push(" AND ");
                    beyond(sql, shape, &slice.order, &mark.0, past);
                }
            }
        }
    }

    fn form(&mut self, read: &PageRead, level: usize, columns: &mut Columns) -> Vec<(String, ShownPart)> {
        let parts = read.form.iter().map(|(key, part)| {
            let part = match part {
                Part::Typename => ShownPart::Typename,
                Part::Total(count) => ShownPart::Total(*count),
                Part::Info(parts) => ShownPart::Info(parts.iter().map(|(key, part)| (json_key(key), *part)).collect()),
                Part::Nodes(object) => ShownPart::Nodes(self.object(object, level, "t0", columns)),
                Part::Edges(parts) => ShownPart::Edges(
                    parts
                        .iter()
                        .map(|(key, part)| {
                            (
                                json_key(key),
                                match part {
                                    EdgePart::Typename => ShownEdgePart::Typename,
                                    EdgePart::Cursor => ShownEdgePart::Cursor,
                                    EdgePart::Node(object) => {
                                        ShownEdgePart::Node(self.object(object, level, "t0", columns))
                                    }
                                },
                            )
                        })
                        .collect(),
                ),
            };
            (json_key(key), part)
        });
        parts.collect()
    }

    fn object(&mut self, object: &Object, level: usize, alias: &str, columns: &mut Columns) -> Shown {
        let id = columns.place(format!("{alias}.\"id\""), Store::Uuid);
        let mut members = Vec::with_capacity(object.members.len());
        for (key, member) in &object.members {
            let member = match member {
                Member::Typename => ShownMember::Typename(object.shape.name),
                Member::Leaf(leaf) => ShownMember::Leaf(leaf, leaf_columns(leaf, alias, columns, self.who)),
                Member::Within(leaf, picks) => {
                    ShownMember::Within(leaf, leaf_columns(leaf, alias, columns, self.who), picks.clone())
                }
                Member::One(edge, below) => ShownMember::One(self.joined(edge, below, level, alias, columns)),
                Member::Many(edge, page) => {
                    let parent = match edge.join {
                        Join::Beside(own, _) => columns.place(format!("{alias}.\"{own}\""), Store::Uuid),
                        _ => id,
                    };
                    // A row that was deleted is shown to who asks for such, and what is below it is not.
                    let deleted = alias == "t0" && self.levels[level].slice.deleted;
                    let seen = (!deleted).then_some(object.shape.name);
                    ShownMember::Many(self.nested(edge, page, (level, parent), seen))
                }
            };
            members.push((json_key(key), member));
        }
        Shown { id, members }
    }

    fn joined(&mut self, edge: &Edge, below: &Object, level: usize, alias: &str, columns: &mut Columns) -> Shown {
        columns.aliases += 1;
        let other = format!("t{}", columns.aliases);
        let target = shape(edge.target);
        if let Join::One(column) = edge.join {
            let joins = &mut columns.joins;
            joins.push(" LEFT JOIN \"").push(target.table).push("\" ").push(&other).push(" ON ");
            joins.column(&other, "id").push(" = ").column(alias, column).push(" AND ");
            if target.deletable {
                joins.column(&other, "deleted_at").push(" IS NULL AND ");
            }
            joins.visible_by_id(target, &other, self.who);
        }
        self.object(below, level, &other, columns)
    }
}

impl Columns {
    const fn new(dialect: Dialect) -> Self {
        Self { list: Vec::new(), joins: Sql::new(dialect), aliases: 0 }
    }

    fn marks(&mut self, shape: &Shape, order: &[Sort]) -> Vec<usize> {
        let keys = order.iter().map(|sort| {
            let store = shape.leaf(sort.leaf).map_or(Store::Text, |leaf| Store::of(leaf.kind));
            (sort.column, store)
        });
        let keys: Vec<_> = keys.chain([shape.tie]).collect();
        keys.into_iter().map(|(column, store)| self.place(format!("t0.\"{column}\""), store)).collect()
    }
}

impl Level {
    fn finish(&mut self, sql: Sql, columns: &Columns) {
        self.sql = sql;
        self.stores = columns.list.iter().map(|(_, store)| *store).collect();
    }
}

fn leaf_columns(leaf: &'static Leaf, alias: &str, columns: &mut Columns, who: &Caller) -> Vec<usize> {
    match &leaf.origin {
        Origin::Column(name) => {
            let own = std::iter::once((*name, Store::of(leaf.kind)));
            let all = own.chain(leaf.veil.into_iter().flat_map(Veil::columns));
            all.map(|(name, store)| columns.place(format!("{alias}.\"{name}\""), store)).collect()
        }
        Origin::Computed { needs, .. } => needs
            .iter()
            .map(|need| match need {
                Need::Column(name, store) => columns.place(format!("{alias}.\"{name}\""), *store),
                Need::Aggregate(sqlite, postgres, store) => {
                    let sql = if columns.joins.dialect == Dialect::Postgres { postgres } else { sqlite };
                    columns.place(sql.replace("{t}", alias), *store)
                }
                Need::May(column, action) => columns.permitted((alias, column), *action, who),
                Need::Sees(column, target) => columns.sees((alias, column), shape(target), who),
            })
            .collect(),
    }
}

/// The value of a leaf, given the cells of its columns.
#[must_use]
pub fn value(leaf: &Leaf, cells: &[Cell], seen: &Seen) -> Cell {
    match &leaf.origin {
        Origin::Column(_) => match leaf.veil {
            Some(veil) => veil.over(cells, seen.user),
            None => cells.first().cloned().unwrap_or(Cell::Null),
        },
        Origin::Computed { by, .. } => by(cells, seen),
    }
}

/// One row more than the page has says whether there is a next page.
fn wanted(slice: &Slice) -> i64 {
    i64::try_from(slice.limit).unwrap_or_default() + 1
}

/// How far a form asks to count: as far as the part of it that wants to know most.
fn counts(form: &[(String, Part)]) -> Option<Count> {
    let parts = form.iter().filter_map(|(_, part)| match part {
        Part::Total(count) => Some(*count),
        Part::Info(parts) => parts.iter().filter_map(|(_, part)| part.count()).max(),
        _ => None,
    });
    parts.max()
}

/// Adds the link table.
fn linked(sql: &mut Sql, link: Option<(&str, &str)>) {
    if let Some((table, far)) = link {
        sql.push(" JOIN \"").push(table).push("\" l0 ON l0.\"").push(far).push("\" = t0.\"id\"");
    }
}

/// A member's key as it stands in JSON, with its colon.
pub(super) fn json_key(key: &str) -> String {
    // Nearly all are names, of which nothing is escaped.
    if key.bytes().all(|letter| letter.is_ascii_alphanumeric() || letter == b'_') {
        let mut out = String::with_capacity(key.len() + 3);
        out.push('"');
        out.push_str(key);
        out.push_str("\":");
        return out;
    }
    format!("{}:", serde_json::Value::from(key))
}
