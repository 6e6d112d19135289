//! Everything that a resource offers to be asked for, as the statements that would be sent.

use std::sync::Arc;

use cairn::{
    auth::scopes,
    domain::{
        caller::{Caller, Principal},
        clock, me,
        policy::{Rule, permission},
    },
    house::House,
    read::{
        cell::{Cell, Store},
        compile::{Compiler, Level},
        cursor::Mark,
        filter::is_range,
        plan::{ById, Count, EdgePart, InfoPart, Member, Object, PageRead, Part, Slice},
        shape::{Edge, Join, Shape, shape},
        sql::{Arg, Dialect, Sql},
    },
};
use entity::{
    id::{OrganizationId, UserId},
    kind::Kind,
    platform::{membership::Role, organization::Settings},
    vocabulary::Set,
};
use sea_orm::{DbBackend, Statement, Value};
use serde_json::{Map, json};
use uuid::Uuid;

use crate::laws::world::value;

/// A statement of a declared read.
pub struct Asked {
    /// What it is for.
    pub what: String,
    /// Of what.
    pub shape: &'static Shape,
    /// The statement.
    pub sql: Sql,
    /// What its plan must show.
    pub wants: Wants,
}

/// What the plan of a statement must show besides that it reads nothing of others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wants {
    /// It is found by the column: its id, or that of what is above.
    Found(&'static str),
    /// It is walked in order.
    Walk,
    /// What is somebody's is found among what is the caller's, and what others opened to them.
    Own,
    /// Nothing more.
    Tenant,
}

/// Everybody who is told apart: somebody with what is theirs, with what others opened, with a tenant's all.
pub fn callers(house: &Arc<House>, organization: OrganizationId) -> Vec<(&'static str, Caller)> {
    let person = |roles: &[Role]| {
        let roles: Set<Role> = roles.iter().copied().collect();
        (Principal::User { id: UserId(clock::new_uuid()), roles }, scopes::scopes_of(roles))
    };
    let machine = (Principal::Client { id: clock::new_id() }, scopes::all());
    let all = [
        ("a machine", machine),
        ("an administrator", person(&[Role::OrgAnalyst, Role::Admin])),
        ("a coach", person(&[Role::Learner, Role::Coach])),
        ("a learner", person(&[Role::Learner])),
    ];
    let caller = |(principal, scopes)| Caller {
        house: Arc::clone(house),
        organization,
        settings: Settings::default().into(),
        principal,
        scopes,
        session: None,
        request_id: "plans".into(),
        now: clock::now(),
        idempotency: None,
        recalled: None,
    };
    all.into_iter().map(|(name, who)| (name, caller(who))).collect()
}

/// All that a caller may ask of a resource.
pub fn of(shape: &'static Shape, who: &Caller) -> Vec<Asked> {
    let mut all = by_ids(shape, who);
    all.extend(lists(shape, who));
    all
}

fn by_ids(shape: &'static Shape, who: &Caller) -> Vec<Asked> {
    let id = clock::new_uuid();
    let mut columns = vec!["id"];
    columns.extend(me::way(who, shape).map(|(by, _)| by));
    let mut all = Vec::new();
    for by in columns {
        let mut compiler = compiler(who);
        compiler.by_id(&ById { id, by, deleted: false, object: everything(shape) });
        all.extend(statements(shape, &format!("one by {by}"), Wants::Found(by), compiler.levels));
    }
    let mut compiler = compiler(who);
    compiler.nodes(&everything(shape), &[id, clock::new_uuid()], false);
    all.extend(statements(shape, "several by their ids", Wants::Found("id"), compiler.levels));
    all
}

fn compiler(who: &Caller) -> Compiler<'_> {
    Compiler::new(who, who.house.database.dialect())
}

fn lists(shape: &'static Shape, who: &Caller) -> Vec<Asked> {
    let mut all = Vec::new();
    let narrow = if is_somebodys(&seen_by(shape, who), who) { Wants::Own } else { Wants::Tenant };
    let mut ask = |what: String, slice: Slice, wants: Wants| {
        let counted = if wants == Wants::Walk { Wants::Tenant } else { wants };
        let counts = vec![("all".to_owned(), InfoPart::Total(Count::All))];
        for (form, wants) in [
            (Part::Edges(vec![("cursor".to_owned(), EdgePart::Cursor)]), wants),
            (Part::Info(counts), counted),
            (Part::Total(Count::AtMost(100)), counted),
        ] {
            let mut compiler = compiler(who);
            compiler.page(&PageRead { shape, slice: slice.clone(), form: vec![(String::new(), form)] });
            all.extend(statements(shape, &what, wants, compiler.levels));
        }
    };
    for (what, args, walks) in orders(shape, who) {
        for (from, slice) in cuts(shape, read(shape, &args)) {
            // A filter or a cursor may be narrower than what is somebody's: then it leads.
            let wants = if slice.after.is_some() || slice.before.is_some() { Wants::Tenant } else { narrow };
            ask(format!("{what} {from}"), slice, if walks { Wants::Walk } else { wants });
        }
    }
    for (what, filter) in filters(shape) {
        ask(format!("{what} filtered"), read(shape, &json!({ "filter": filter })), Wants::Tenant);
    }
    for (name, by) in super::GROWING.iter().filter(|(name, _)| *name == shape.name) {
        let leaf = shape.leaves.iter().find(|leaf| leaf.name == *by).unwrap_or_else(|| panic!("{name} has no {by}"));
        for way in ["ASC", "DESC"] {
            let order = json!([{ "field": "CREATED_AT", "direction": way }]);
            let args = json!({ "filter": { *by: [value(leaf.kind)] }, "orderBy": order });
            // Whoever sees none of them walks nothing.
            let wants = if narrow == Wants::Own { Wants::Walk } else { narrow };
            ask(format!("of one {by} {way}"), read(shape, &args), wants);
        }
    }
    for list in &shape.lists {
        let slice = Slice::read_as(shape, Some(list), &Map::new()).expect("a list");
        ask(list.name.to_owned(), slice, narrow);
    }
    all
}

fn read(shape: &'static Shape, args: &serde_json::Value) -> Slice {
    let args = args.as_object().expect("arguments");
    Slice::read(shape, args).unwrap_or_else(|error| panic!("{} {args:?}: {error}", shape.name))
}

/// What is left to ask of a row before a caller may see it.
fn seen_by(shape: &Shape, who: &Caller) -> Rule {
    permission(shape.view).1.settled(who)
}

/// Whether a rule shows a caller nothing but what is theirs, and what others opened to them.
fn is_somebodys(rule: &Rule, who: &Caller) -> bool {
    match rule {
        Rule::Owner(_) | Rule::Granted(..) | Rule::Team(..) => true,
        Rule::Sees(_, target) => is_somebodys(&seen_by(shape(target), who), who),
        Rule::All(rules) => rules.iter().any(|rule| is_somebodys(rule, who)),
        Rule::Any(rules) => rules.iter().all(|rule| is_somebodys(rule, who)),
        _ => false,
    }
}

/// The usual order, and each that is offered, both ways: whether it is to be walked by who sees all of the tenant.
fn orders(shape: &'static Shape, who: &Caller) -> Vec<(String, serde_json::Value, bool)> {
    let all = seen_by(shape, who) == Rule::Anyone;
    let walks = |column: &str, down: bool, nullable: bool| all && !super::is_sorted(shape, column, down, nullable);
    let usual = shape.order.unwrap_or((shape.tie.0, false));
    let mut out = vec![("as usual".to_owned(), json!({}), walks(usual.0, usual.1, false))];
    for leaf in shape.leaves.iter().filter(|leaf| leaf.sort) {
        for (way, down) in [("ASC", false), ("DESC", true)] {
            let order = json!({ "orderBy": [{ "field": leaf.sort_word(), "direction": way }] });
            let column = leaf.column().expect("a column");
            out.push((format!("by {column} {way}"), order, walks(column, down, leaf.nullable)));
        }
    }
    out
}

/// The beginning, the end, and what lies on both sides of a cursor.
fn cuts(shape: &'static Shape, whole: Slice) -> Vec<(&'static str, Slice)> {
    let keys = whole.order.iter().map(|sort| shape.leaf(sort.leaf).map_or(Store::Text, |leaf| Store::of(leaf.kind)));
    let mark = Mark(keys.chain([shape.tie.1]).map(cell).collect());
    let backward = |slice: &Slice| Slice { backward: true, ..slice.clone() };
    let after = Slice { after: Some(mark.clone()), ..whole.clone() };
    let before = Slice { before: Some(mark), ..whole.clone() };
    vec![
        ("to its end", backward(&whole)),
        ("after a cursor", after),
        ("before a cursor", backward(&before)),
        ("from its beginning", whole),
    ]
}

fn cell(store: Store) -> Cell {
    match store {
        Store::Uuid => Cell::Uuid(clock::new_uuid()),
        Store::Text => Cell::Text("m".to_owned()),
        Store::Int => Cell::Int(5),
        Store::Bool => Cell::Bool(true),
        Store::Time => Cell::Time(clock::now()),
        Store::Date => Cell::Date(clock::now().date_naive()),
    }
}

/// Every filter by itself.
fn filters(shape: &'static Shape) -> Vec<(String, serde_json::Value)> {
    let mut out = Vec::new();
    for leaf in shape.leaves.iter().filter(|leaf| leaf.filter) {
        let one = value(leaf.kind);
        let given = match leaf.kind {
            kind if is_range(kind) => json!({ "gte": one, "lt": one }),
            Kind::Bool => one,
            _ => json!([one, one]),
        };
        // Of one id another statement is written than of several.
        if let (Kind::Id(_), Some(values)) = (leaf.kind, given.as_array()) {
            out.push((format!("{} of one", leaf.name), json!({ leaf.name.clone(): values[..1] })));
        }
        out.push((leaf.name.clone(), json!({ leaf.name.clone(): given })));
    }
    out.extend(shape.search.map(|_| ("q".to_owned(), json!({ "q": "text" }))));
    out.extend(shape.deletable.then(|| ("deleted".to_owned(), json!({ "deleted": true }))));
    out
}

/// All values of a thing, what it names, and a page of everything below it.
fn everything(of: &'static Shape) -> Object {
    let leaves = of.leaves.iter().map(|leaf| (leaf.name.clone(), Member::Leaf(leaf)));
    let edges = of.edges.iter().map(|edge| (edge.name.to_owned(), way(edge)));
    Object { shape: of, members: leaves.chain(edges).collect() }
}

fn way(edge: &'static Edge) -> Member {
    let target = shape(edge.target);
    let object = Object { shape: target, members: vec![("type".to_owned(), Member::Typename)] };
    if let Join::One(_) = edge.join {
        return Member::One(edge, object);
    }
    let form = vec![("nodes".to_owned(), Part::Nodes(object)), ("some".to_owned(), Part::Total(Count::AtMost(100)))];
    Member::Many(edge, PageRead { shape: target, slice: read(target, &json!({})), form })
}

/// The statements of levels: those of the root want what is said, those below what they hang on.
fn statements(of: &'static Shape, what: &str, wants: Wants, levels: Vec<Level>) -> Vec<Asked> {
    let edges: Vec<&Edge> = of.edges.iter().filter(|edge| !matches!(edge.join, Join::One(_))).collect();
    let mut all = Vec::new();
    for level in levels {
        let near = level.parent.map(|_| edges.iter().filter(|edge| shape(edge.target).name == level.shape.name));
        let near = near.into_iter().flatten().find_map(|edge| match edge.join {
            Join::Many(column) | Join::Beside(_, column) => {
                level.sql.text.contains(&format!("t0.\"{column}\" AS c0")).then_some(column)
            }
            Join::Through(_, column, _) => level.sql.text.contains(&format!("l0.\"{column}\" AS c0")).then_some(column),
            Join::One(_) => None,
        });
        assert_eq!(near.is_some(), level.parent.is_some(), "{what} of {}", of.name);
        let wants = near.map_or(wants, Wants::Found);
        let what =
            if near.is_some() { format!("{} of {what} of {}", level.shape.name, of.name) } else { what.to_owned() };
        // A count walks nothing in order.
        let counted = if wants == Wants::Walk { Wants::Tenant } else { wants };
        all.extend(level.total.map(|sql| Asked {
            what: format!("{what}, counted"),
            shape: level.shape,
            sql,
            wants: counted,
        }));
        all.push(Asked { what, shape: level.shape, sql: level.sql, wants });
    }
    all
}

/// A statement with its arguments, lists as the text that it casts, as the domain's own statements are sent.
pub fn statement(sql: &Sql) -> Statement {
    let postgres = sql.dialect == Dialect::Postgres;
    let backend = if postgres { DbBackend::Postgres } else { DbBackend::Sqlite };
    let listed = |values: Vec<String>| -> Value {
        let quoted: Vec<_> = values.iter().map(|value| format!("{value:?}")).collect();
        let (open, close) = if postgres { ('{', '}') } else { ('[', ']') };
        format!("{open}{}{close}", quoted.join(",")).into()
    };
    let ids = |ids: &[Uuid]| listed(ids.iter().map(|id| id.simple().to_string()).collect());
    let values = sql.args.iter().map(|arg| match arg {
        Arg::Uuid(value) => (*value).into(),
        Arg::Text(value) => value.clone().into(),
        Arg::Int(value) => (*value).into(),
        Arg::Bool(value) => (*value).into(),
        Arg::Time(value) => (*value).into(),
        Arg::Date(value) => (*value).into(),
        Arg::Uuids(values) => ids(values),
        Arg::Texts(values) => listed(values.clone()),
        Arg::Ints(values) => listed(values.iter().map(ToString::to_string).collect()),
        Arg::Parents => ids(&[clock::new_uuid(), clock::new_uuid()]),
    });
    Statement::from_sql_and_values(backend, &sql.text, values.collect::<Vec<_>>())
}
