//! The naive reference: the same plan, walked row by row over whole tables, with every rule decided in Rust.

use std::{cmp::Ordering, collections::HashMap, fmt::Write as _};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use cairn::{
    domain::{
        self,
        caller::Caller,
        policy::{Rule, permission},
    },
    read::{
        cell::{Cell, Store},
        cursor::{self, Mark},
        filter::{Comparison, Condition},
        plan::{ById, Count, EdgePart, InfoPart, Member, Nodes, Object, PageRead, Part, Pick, Read, Tree},
        shape::{Edge, Join, Leaf, Need, Origin, Seen, Shape, Tenant, Veil, Veiled, shape},
        sql::Arg,
    },
};
use entity::{
    id::encode,
    kind::Kind,
    platform::client::Scope,
    projects::project_member::ProjectRole,
    vocabulary::{Set, Vocabulary as _},
};
use sea_orm::{ConnectionTrait as _, DatabaseConnection, DbBackend, QueryResult, Statement};
use uuid::Uuid;

pub type RowMap = HashMap<String, Cell>;

/// Whole tables in memory.
#[derive(Default)]
pub struct Tables(HashMap<String, Vec<RowMap>>);

/// Tables that rules and edges look at, beyond those of the shapes: their columns and how they are stored.
const OTHERS: &[(&str, &[(&str, Store)])] = &[
    (
        "learning_plan_template_item_resource",
        &[("template_item_id", Store::Uuid), ("learning_resource_id", Store::Uuid)],
    ),
    ("plan_item_resource", &[("plan_item_id", Store::Uuid), ("learning_resource_id", Store::Uuid)]),
    ("learning_resource_competency", &[("learning_resource_id", Store::Uuid), ("competency_id", Store::Uuid)]),
    ("prior_learning_competency", &[("prior_learning_id", Store::Uuid), ("competency_id", Store::Uuid)]),
    ("learning_session_competency", &[("learning_session_id", Store::Uuid), ("competency_id", Store::Uuid)]),
    ("portfolio_entry_competency", &[("entry_id", Store::Uuid), ("competency_id", Store::Uuid)]),
    ("application_learning_need", &[("application_id", Store::Uuid), ("need_id", Store::Uuid)]),
];

impl Tables {
    pub async fn load(db: &DatabaseConnection) -> Self {
        let mut out = Self::default();
        for resource in domain::resources() {
            out.add(db, resource.shape.table, &columns(&resource.shape)).await;
        }
        for (table, columns) in OTHERS {
            let columns: Vec<_> = columns.iter().map(|(name, store)| ((*name).to_owned(), *store)).collect();
            out.add(db, table, &columns).await;
        }
        out
    }

    async fn add(&mut self, db: &DatabaseConnection, table: &str, columns: &[(String, Store)]) {
        let sql = format!("SELECT * FROM \"{table}\"");
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        let rows = rows
            .iter()
            .map(|row| columns.iter().map(|(name, store)| (name.clone(), cell(row, name, *store))).collect());
        let mut rows: Vec<RowMap> = rows.collect();
        // Both databases lend their rows in one order, so that the same number makes the same plan.
        rows.sort_by_key(|row| row.get("id").and_then(Cell::uuid));
        self.0.insert(table.to_owned(), rows);
    }

    pub fn rows(&self, table: &str) -> &[RowMap] {
        self.0.get(table).map(Vec::as_slice).unwrap_or_default()
    }
}

fn columns(shape: &Shape) -> Vec<(String, Store)> {
    let mut out: HashMap<String, Store> =
        HashMap::from([(shape.tie.0.to_owned(), shape.tie.1), ("id".to_owned(), Store::Uuid)]);
    for leaf in &shape.leaves {
        match &leaf.origin {
            Origin::Column(name) => {
                out.insert((*name).to_owned(), Store::of(leaf.kind));
                let veil = leaf.veil.into_iter().flat_map(Veil::columns);
                out.extend(veil.map(|(name, store)| (name.to_owned(), store)));
            }
            Origin::Computed { needs, .. } => {
                for need in needs {
                    if let Need::Column(name, store) = need {
                        out.insert((*name).to_owned(), *store);
                    }
                }
            }
        }
    }
    if shape.deletable {
        out.insert("deleted_at".to_owned(), Store::Time);
    }
    if let Some(name) = shape.search {
        out.insert(name.to_owned(), Store::Text);
    }
    if matches!(shape.tenant, Tenant::Own | Tenant::OwnOrBuiltIn) {
        out.insert("organization_id".to_owned(), Store::Uuid);
    }
    for edge in &shape.edges {
        if let Join::One(name) = edge.join {
            out.insert(name.to_owned(), Store::Uuid);
        }
    }
    rule_columns(&permission(shape.view).1, &mut out);
    shape.lists.iter().for_each(|list| rule_columns(&list.whole(), &mut out));
    out.into_iter().collect()
}

fn rule_columns(rule: &Rule, out: &mut HashMap<String, Store>) {
    match rule {
        Rule::All(rules) | Rule::Any(rules) => rules.iter().for_each(|rule| rule_columns(rule, out)),
        Rule::Owner(name)
        | Rule::Granted(name, _)
        | Rule::Team(name, ..)
        | Rule::Person(name, _)
        | Rule::Lives(name, _)
        | Rule::Unowned(name)
        | Rule::Sees(name, _) => {
            out.entry((*name).to_owned()).or_insert(Store::Uuid);
        }
        Rule::BudgetApprover => {
            out.entry("owner_id".to_owned()).or_insert(Store::Uuid);
        }
        Rule::Among(name, _) => {
            out.entry((*name).to_owned()).or_insert(Store::Text);
        }
        Rule::True(name) => {
            out.entry((*name).to_owned()).or_insert(Store::Bool);
        }
        Rule::Reached(name) => {
            out.entry((*name).to_owned()).or_insert(Store::Time);
        }
        _ => {}
    }
}

fn cell(row: &QueryResult, name: &str, store: Store) -> Cell {
    let value = match store {
        Store::Uuid => row.try_get::<Option<Uuid>>("", name).unwrap().map(Cell::Uuid),
        Store::Text => row.try_get::<Option<String>>("", name).unwrap().map(Cell::Text),
        Store::Int => row.try_get::<Option<i64>>("", name).unwrap().map(Cell::Int),
        Store::Bool => row.try_get::<Option<bool>>("", name).unwrap().map(Cell::Bool),
        Store::Time => row.try_get::<Option<chrono::DateTime<chrono::Utc>>>("", name).unwrap().map(Cell::Time),
        Store::Date => row.try_get::<Option<chrono::NaiveDate>>("", name).unwrap().map(Cell::Date),
    };
    value.unwrap_or(Cell::Null)
}

/// What is picked out of an object inside a row.
fn picked(value: &serde_json::Value, picks: &[Pick]) -> String {
    let one = |pick: &Pick, value: &serde_json::Value| match &pick.name {
        None => format!("\"{}\":\"{}\"", pick.key, pick.type_name),
        Some(name) if pick.below.is_empty() => format!("\"{}\":{}", pick.key, value[name]),
        Some(name) => format!("\"{}\":{}", pick.key, picked(&value[name], &pick.below)),
    };
    match value {
        serde_json::Value::Array(all) => {
            format!("[{}]", all.iter().map(|value| picked(value, picks)).collect::<Vec<_>>().join(","))
        }
        serde_json::Value::Object(_) => {
            format!("{{{}}}", picks.iter().map(|pick| one(pick, value)).collect::<Vec<_>>().join(","))
        }
        _ => "null".to_owned(),
    }
}

/// Walks plans over the tables for one caller.
pub struct Reference<'a> {
    pub tables: &'a Tables,
    pub who: &'a Caller,
    pub db: &'a DatabaseConnection,
}

impl Reference<'_> {
    pub async fn read(&self, read: &Read) -> String {
        match read {
            Read::Known(bytes) => bytes.clone(),
            Read::One(by_id) => self.by_id(by_id).await,
            Read::Page(page) => Box::pin(self.page(page, self.tables.rows(page.shape.table))).await,
            Read::List(all) => {
                let mut parts = Vec::new();
                for one in all {
                    parts.push(Box::pin(self.read(one)).await);
                }
                format!("[{}]", parts.join(","))
            }
            Read::Nodes(nodes) => Box::pin(self.tree(nodes, &nodes.tree)).await,
            Read::Group(all) => {
                let mut parts = Vec::new();
                for (key, one) in all {
                    parts.push(format!("\"{key}\":{}", Box::pin(self.read(one)).await));
                }
                format!("{{{}}}", parts.join(","))
            }
        }
    }

    async fn tree(&self, nodes: &Nodes, tree: &Tree) -> String {
        match tree {
            Tree::Known(bytes) => bytes.clone(),
            Tree::Node(kind, id) => {
                let object = nodes.kinds[*kind].0.clone();
                self.by_id(&ById { id: *id, by: "id", deleted: nodes.deleted, object }).await
            }
            Tree::List(all) => {
                let mut parts = Vec::new();
                for one in all {
                    parts.push(Box::pin(self.tree(nodes, one)).await);
                }
                format!("[{}]", parts.join(","))
            }
            Tree::Group(all) => {
                let mut parts = Vec::new();
                for (key, one) in all {
                    parts.push(format!("\"{key}\":{}", Box::pin(self.tree(nodes, one)).await));
                }
                format!("{{{}}}", parts.join(","))
            }
        }
    }

    async fn by_id(&self, by_id: &ById) -> String {
        let shape = by_id.object.shape;
        // By another column there may be several, in other organizations or deleted.
        let mut found = self.tables.rows(shape.table).iter().filter(|row| row[by_id.by] == Cell::Uuid(by_id.id));
        match found.find(|row| self.visible(shape, row) && (by_id.deleted || !dead(shape, row))) {
            Some(row) => Box::pin(self.object(&by_id.object, row)).await,
            None => "null".to_owned(),
        }
    }

    async fn object(&self, object: &Object, row: &RowMap) -> String {
        let mut parts = Vec::new();
        for (key, member) in &object.members {
            let value = match member {
                Member::Typename => format!("\"{}\"", object.shape.name),
                Member::Leaf(leaf) => self.leaf(object.shape, leaf, row).await,
                Member::Within(leaf, picks) => {
                    let whole = self.leaf(object.shape, leaf, row).await;
                    picked(&serde_json::from_str(&whole).unwrap(), picks)
                }
                Member::One(edge, below) => self.joined(edge, below, row).await,
                Member::Many(edge, page) => {
                    let rows = self.members(edge, row);
                    Box::pin(self.page(page, &rows)).await
                }
            };
            parts.push(format!("\"{key}\":{value}"));
        }
        format!("{{{}}}", parts.join(","))
    }

    async fn joined(&self, edge: &Edge, below: &Object, row: &RowMap) -> String {
        let Join::One(column) = edge.join else { unreachable!() };
        let target = shape(edge.target);
        let found =
            self.tables.rows(target.table).iter().find(|other| other["id"] == row[column] && row[column] != Cell::Null);
        match found.filter(|other| self.visible(target, other) && !dead(target, other)) {
            Some(other) => Box::pin(self.object(below, other)).await,
            None => "null".to_owned(),
        }
    }

    fn members(&self, edge: &Edge, row: &RowMap) -> Vec<RowMap> {
        let rows = self.tables.rows(shape(edge.target).table);
        match edge.join {
            Join::Beside(own, column) => {
                rows.iter().filter(|other| other_column(other, column) == row[own]).cloned().collect()
            }
            Join::Many(column) | Join::One(column) => {
                rows.iter().filter(|other| other_column(other, column) == row["id"]).cloned().collect()
            }
            Join::Through(link, near, far) => {
                let links: Vec<&Cell> = self
                    .tables
                    .rows(link)
                    .iter()
                    .filter(|link| link[near] == row["id"])
                    .map(|link| &link[far])
                    .collect();
                rows.iter().filter(|other| links.contains(&&other["id"])).cloned().collect()
            }
        }
    }

    async fn page(&self, page: &PageRead, rows: &[RowMap]) -> String {
        let (shape, slice) = (page.shape, &page.slice);
        let mut all: Vec<&RowMap> = rows.iter().filter(|row| self.visible(shape, row)).collect();
        all.retain(|row| !shape.deletable || dead(shape, row) == slice.deleted);
        all.retain(|row| slice.conditions.iter().all(|condition| self.holds(condition, row)));
        let total = i64::try_from(all.len()).unwrap();
        let down = slice.order.first().is_some_and(|sort| sort.descending);
        let keys: Vec<(&str, bool)> =
            slice.order.iter().map(|sort| (sort.column, sort.descending)).chain([(shape.tie.0, down)]).collect();
        all.sort_by(|a, b| compare(&keys, &place(&keys, a), &place(&keys, b)));
        let stands = |row: &RowMap, mark: &Mark| compare(&keys, &place(&keys, row), &mark.0);
        all.retain(|row| slice.after.as_ref().is_none_or(|mark| stands(row, mark) == Ordering::Greater));
        all.retain(|row| slice.before.as_ref().is_none_or(|mark| stands(row, mark) == Ordering::Less));
        let more = all.len() > slice.limit;
        if more {
            all = if slice.backward { all.split_off(all.len() - slice.limit) } else { all[..slice.limit].to_vec() };
        }
        let cut = slice.tail.map_or(0, |tail| all.len().saturating_sub(tail));
        all.drain(..cut);
        let (next, previous) =
            if slice.backward { (slice.before.is_some(), more) } else { (more, cut > 0 || slice.after.is_some()) };
        let cursors: Vec<String> =
            all.iter().map(|row| cursor::encode(shape, &slice.order, &place(&keys, row))).collect();
        for (text, row) in cursors.iter().zip(&all) {
            assert_eq!(
                cursor::decode(text, shape, &slice.order),
                Some(Mark(place(&keys, row))),
                "{}",
                String::from_utf8_lossy(&URL_SAFE_NO_PAD.decode(text).unwrap())
            );
        }
        let mut parts = Vec::new();
        for (key, part) in &page.form {
            let value = match part {
                Part::Typename => format!("\"{}Connection\"", shape.name),
                Part::Total(count) => told(*count, total).to_string(),
                Part::Info(parts) => info(parts, &cursors, next, previous, total),
                Part::Nodes(object) => {
                    let mut nodes = Vec::new();
                    for row in &all {
                        nodes.push(Box::pin(self.object(object, row)).await);
                    }
                    format!("[{}]", nodes.join(","))
                }
                Part::Edges(parts) => self.edges(shape, parts, &all, &cursors).await,
            };
            parts.push(format!("\"{key}\":{value}"));
        }
        format!("{{{}}}", parts.join(","))
    }

    async fn edges(&self, shape: &Shape, parts: &[(String, EdgePart)], rows: &[&RowMap], cursors: &[String]) -> String {
        let mut out = Vec::new();
        for (row, cursor) in rows.iter().zip(cursors) {
            let mut members = Vec::new();
            for (key, part) in parts {
                let value = match part {
                    EdgePart::Typename => format!("\"{}Edge\"", shape.name),
                    EdgePart::Cursor => format!("\"{cursor}\""),
                    EdgePart::Node(object) => Box::pin(self.object(object, row)).await,
                };
                members.push(format!("\"{key}\":{value}"));
            }
            out.push(format!("{{{}}}", members.join(",")));
        }
        format!("[{}]", out.join(","))
    }

    /// A value as the caller reads it.
    fn veiled(&self, veil: Veil, column: &str, row: &RowMap) -> Cell {
        let me = self.who.user().map(|id| match veil.person.1 {
            Store::Uuid => Cell::Uuid(id.0),
            _ => Cell::Text(id.to_string()),
        });
        let own = me.is_some_and(|me| row[veil.person.0] == me);
        let kept = match veil.of {
            Veiled::Are(words) => words.iter().all(|(of, word)| row[*of] == Cell::Text((*word).to_owned())),
            Veiled::True(of) => row[of] == Cell::Bool(true),
        };
        match veil.instead {
            _ if own || !kept => row[column].clone(),
            Some(word) => Cell::Text(word.to_owned()),
            None => Cell::Null,
        }
    }

    async fn leaf(&self, shape: &Shape, leaf: &Leaf, row: &RowMap) -> String {
        let value = match &leaf.origin {
            Origin::Column(name) => match leaf.veil {
                Some(veil) => self.veiled(veil, name, row),
                None => row[*name].clone(),
            },
            Origin::Computed { needs, by } => {
                let mut cells = Vec::new();
                for need in needs {
                    cells.push(match need {
                        Need::Column(name, _) => row[*name].clone(),
                        Need::Aggregate(sqlite, postgres, store) => {
                            self.aggregate(shape, row, sqlite, postgres, *store).await
                        }
                        Need::May(name, action) => {
                            let (scope, rule) = permission(*action);
                            let mut people = self.tables.rows("user").iter();
                            let person = people.find(|person| person["id"] == row[*name]);
                            let may = person.is_some_and(|person| self.allows(&rule, person));
                            Cell::Bool(may && self.who.scopes.has(scope))
                        }
                        Need::Sees(name, target) => Cell::Bool(self.allows(&Rule::Sees(name, target), row)),
                    });
                }
                by(&cells, &Seen { now: self.who.now, settings: self.who.settings.clone(), user: self.who.user() })
            }
        };
        wire(leaf.kind, &value)
    }

    async fn aggregate(&self, shape: &Shape, row: &RowMap, sqlite: &str, postgres: &str, store: Store) -> Cell {
        let backend = self.db.get_database_backend();
        let sql = if backend == DbBackend::Postgres { postgres } else { sqlite }.replace("{t}", "x");
        let sql = format!("SELECT {sql} AS value FROM \"{}\" x WHERE x.id = $1", shape.table);
        let id = row["id"].uuid().unwrap();
        let row =
            self.db.query_one_raw(Statement::from_sql_and_values(backend, sql, [id.into()])).await.unwrap().unwrap();
        cell(&row, "value", store)
    }

    /// Whether the caller may know of a row: tenant, scope and rule, in plain Rust.
    fn holds(&self, condition: &Condition, row: &RowMap) -> bool {
        match condition {
            Condition::Listed(list) => self.allows(&permission(list.action).1, row) && self.allows(&list.rule, row),
            Condition::Veiled(column, veil, arg) => {
                let read = RowMap::from([((*column).to_owned(), self.veiled(*veil, column, row))]);
                holds(&Condition::Among(column, arg.clone()), &read)
            }
            other => holds(other, row),
        }
    }

    fn visible(&self, shape: &Shape, row: &RowMap) -> bool {
        let organization = Cell::Uuid(self.who.organization.0);
        let ours = match shape.tenant {
            Tenant::Own => row["organization_id"] == organization,
            Tenant::OwnOrBuiltIn => row["organization_id"] == organization || row["organization_id"] == Cell::Null,
            Tenant::Itself => row["id"] == organization,
            Tenant::Members => self
                .places(&row["id"])
                .any(|place| place["deleted_at"] == Cell::Null || place["deleted_at"] == row["deleted_at"]),
        };
        let (scope, rule) = permission(shape.view);
        ours && self.who.scopes.has(scope) && self.allows(&rule, row)
    }

    fn places(&self, user: &Cell) -> impl Iterator<Item = &RowMap> {
        let organization = Cell::Uuid(self.who.organization.0);
        let places = self.tables.rows("membership").iter();
        places.filter(move |row| row["user_id"] == *user && row["organization_id"] == organization)
    }

    fn memberships(&self, user: &Cell) -> impl Iterator<Item = &RowMap> {
        self.places(user).filter(|row| row["deleted_at"] == Cell::Null)
    }

    fn allows(&self, rule: &Rule, row: &RowMap) -> bool {
        let me = self.who.user().map_or(Cell::Null, |id| Cell::Uuid(id.0));
        match rule {
            Rule::Anyone => true,
            Rule::Nobody => false,
            Rule::Machine => self.who.is_machine(),
            Rule::Has(role) => self.who.is(*role),
            Rule::SelfApproval => self.who.settings.self_approval,
            Rule::SelfRating => !self.who.settings.reviewer_rates,
            Rule::Owner(column) => me != Cell::Null && row[*column] == me,
            Rule::Granted(column, scopes) => me != Cell::Null && self.granted(&row[*column], &me, scopes),
            Rule::Team(column, scopes, roles) => me != Cell::Null && self.team(&row[*column], &me, scopes, roles),
            Rule::Person(column, role) => self
                .memberships(&row[*column])
                .any(|m| Set::<entity::platform::membership::Role>::from_bits(m["roles"].int()).has(*role)),
            Rule::Unowned(column) => row[*column] == Cell::Null,
            Rule::True(column) => row[*column] == Cell::Bool(true),
            Rule::Reached(column) => row[*column].time().is_some_and(|at| at <= self.who.now),
            Rule::Among(column, words) => row[*column].text().is_some_and(|text| words.iter().any(|word| word == text)),
            Rule::Holds(scope) => self.who.scopes.has(*scope),
            // What a coach approves is told by what was opened to them.
            Rule::BudgetApprover => self.allows(&Rule::BudgetApprover.settled(self.who), row),
            Rule::Lives(column, target) => {
                let target = shape(target);
                let found = self.tables.rows(target.table).iter().find(|other| other["id"] == row[*column]);
                found.is_some_and(|other| {
                    !dead(target, other) && other["organization_id"] == Cell::Uuid(self.who.organization.0)
                })
            }
            Rule::Sees(column, target) => {
                let target = shape(target);
                let found = self.tables.rows(target.table).iter().find(|other| other["id"] == row[*column]);
                found.is_some_and(|other| !dead(target, other) && self.visible(target, other))
            }
            Rule::All(rules) => rules.iter().all(|rule| self.allows(rule, row)),
            Rule::Any(rules) => rules.iter().any(|rule| self.allows(rule, row)),
        }
    }

    fn team(&self, project: &Cell, me: &Cell, scopes: &[Scope], roles: &[ProjectRole]) -> bool {
        let here = |row: &&RowMap| row["organization_id"] == Cell::Uuid(self.who.organization.0);
        let of_theirs =
            self.tables.rows("project").iter().filter(here).any(|row| {
                row["id"] == *project && (row["owner_id"] == *me || self.granted(&row["owner_id"], me, scopes))
            });
        let is = |row: &RowMap| roles.iter().any(|role| row["role"].text() == Some(role.word()));
        of_theirs
            || self.tables.rows("project_member").iter().filter(here).any(|row| {
                row["project_id"] == *project && row["user_id"] == *me && row["deleted_at"] == Cell::Null && is(row)
            })
    }

    fn granted(&self, owner: &Cell, me: &Cell, scopes: &[Scope]) -> bool {
        self.tables.rows("grant").iter().any(|grant| {
            let open =
                grant["expires_at"] == Cell::Null || grant["expires_at"].time().is_some_and(|at| at > self.who.now);
            grant["owner_id"] == *owner
                && grant["grantee_id"] == *me
                && grant["organization_id"] == Cell::Uuid(self.who.organization.0)
                && grant["revoked_at"] == Cell::Null
                && grant["deleted_at"] == Cell::Null
                && open
                && scopes.iter().any(|scope| Set::<Scope>::from_bits(grant["scopes"].int()).has(*scope))
        })
    }
}

fn other_column(row: &RowMap, column: &str) -> Cell {
    row.get(column).cloned().unwrap_or_else(|| panic!("{column} is not loaded"))
}

fn dead(shape: &Shape, row: &RowMap) -> bool {
    shape.deletable && row["deleted_at"] != Cell::Null
}

fn place(keys: &[(&str, bool)], row: &RowMap) -> Vec<Cell> {
    keys.iter().map(|(column, _)| row[*column].clone()).collect()
}

/// Compares by the keys; null stands last whichever way a key runs.
fn compare(keys: &[(&str, bool)], a: &[Cell], b: &[Cell]) -> Ordering {
    for ((_, descending), (a, b)) in keys.iter().zip(a.iter().zip(b)) {
        let ordering = match (a, b) {
            (Cell::Null, Cell::Null) => Ordering::Equal,
            (Cell::Null, _) => Ordering::Greater,
            (_, Cell::Null) => Ordering::Less,
            _ if *descending => order(b, a),
            _ => order(a, b),
        };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    Ordering::Equal
}

fn order(a: &Cell, b: &Cell) -> Ordering {
    match (a, b) {
        (Cell::Uuid(a), Cell::Uuid(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Cell::Text(a), Cell::Text(b)) => a.as_bytes().cmp(b.as_bytes()),
        (Cell::Int(a), Cell::Int(b)) => a.cmp(b),
        (Cell::Bool(a), Cell::Bool(b)) => a.cmp(b),
        (Cell::Time(a), Cell::Time(b)) => a.cmp(b),
        (Cell::Date(a), Cell::Date(b)) => a.cmp(b),
        _ => panic!("cells of two kinds"),
    }
}

fn holds(condition: &Condition, row: &RowMap) -> bool {
    match condition {
        Condition::Among(column, arg) => match (arg, &row[*column]) {
            (Arg::Uuids(values), Cell::Uuid(value)) => values.contains(value),
            (Arg::Texts(values), Cell::Text(value)) => values.contains(value),
            (Arg::Ints(values), Cell::Int(value)) => values.contains(value),
            (_, Cell::Null) => false,
            (one, cell) => *one == super::random::arg(cell),
        },
        Condition::Compare(column, comparison, arg) => {
            if row[*column] == Cell::Null {
                return false;
            }
            let bound = match arg {
                Arg::Int(value) => Cell::Int(*value),
                Arg::Time(value) => Cell::Time(*value),
                Arg::Date(value) => Cell::Date(*value),
                other => panic!("{other:?} is no bound"),
            };
            let ordering = order(&row[*column], &bound);
            match comparison {
                Comparison::Gt => ordering == Ordering::Greater,
                Comparison::Gte => ordering != Ordering::Less,
                Comparison::Lt => ordering == Ordering::Less,
                Comparison::Lte => ordering != Ordering::Greater,
            }
        }
        Condition::Without(column, nothing) => (row[*column] == Cell::Null) == *nothing,
        Condition::Listed(_) | Condition::Veiled(..) => unreachable!("it takes the caller"),
        Condition::Contains(column, text) => row[*column].text().is_some_and(|value| value.contains(text.as_str())),
    }
}

/// How far a count that goes no further has come.
fn told(count: Count, total: i64) -> i64 {
    match count {
        Count::All => total,
        Count::AtMost(most) if total > most => most,
        Count::AtMost(_) => total,
    }
}

fn info(parts: &[(String, InfoPart)], cursors: &[String], next: bool, previous: bool, total: i64) -> String {
    let cursor = |cursor: Option<&String>| cursor.map_or("null".to_owned(), |text| format!("\"{text}\""));
    let members = parts.iter().map(|(key, part)| {
        let value = match part {
            InfoPart::Typename => "\"PageInfo\"".to_owned(),
            InfoPart::Start => cursor(cursors.first()),
            InfoPart::End => cursor(cursors.last()),
            InfoPart::HasNext => next.to_string(),
            InfoPart::HasPrevious => previous.to_string(),
            InfoPart::Total(count) => told(*count, total).to_string(),
        };
        format!("\"{key}\":{value}")
    });
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn wire(kind: Kind, cell: &Cell) -> String {
    match (kind, cell) {
        (_, Cell::Null) => "null".to_owned(),
        (Kind::Id(prefix), Cell::Uuid(id)) => format!("\"{}\"", encode(prefix, *id)),
        (Kind::List { of: Kind::Word(words), .. }, Cell::Int(bits)) => {
            let mut out = String::from("[");
            for (place, word) in words.words.iter().enumerate().filter(|(place, _)| bits >> place & 1 == 1) {
                let _ = write!(out, "{}\"{}\"", if out.len() > 1 { "," } else { "" }, word.name);
                let _ = place;
            }
            out + "]"
        }
        (Kind::Object(_) | Kind::List { .. } | Kind::Json | Kind::Document(_), Cell::Text(json)) => json.clone(),
        (Kind::Decimal, Cell::Int(millionths)) => format!("\"{}\"", decimal(*millionths)),
        (_, Cell::Text(text)) => serde_json::Value::from(text.as_str()).to_string(),
        (_, Cell::Int(value)) => value.to_string(),
        (_, Cell::Bool(value)) => value.to_string(),
        (_, Cell::Time(at)) => format!("\"{}\"", at.format("%Y-%m-%dT%H:%M:%S%.6fZ")),
        (_, Cell::Date(day)) => format!("\"{}\"", day.format("%Y-%m-%d")),
        (_, Cell::Uuid(id)) => format!("\"{id}\""),
    }
}

/// Millionths as a number with as many decimals as it takes.
fn decimal(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let digits = format!("{:07}", millionths.unsigned_abs());
    let (whole, part) = digits.split_at(digits.len() - 6);
    format!("{sign}{whole}.{part}").trim_end_matches('0').trim_end_matches('.').to_owned()
}
