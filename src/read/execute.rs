//! Carries out the reads of one operation in one snapshot, one statement per list level.

use super::{
    compile::{Compiler, Shown, ShownMember, ShownPage, json_key},
    plan::{COST_MAX, Read, Root, Tree, cost, missing_scope},
    rows::LevelRows,
    shape::Seen,
    write::{Writer, list, member},
};
use crate::domain::{
    caller::Caller,
    error::{Code, Error, Result},
};

/// What came of an operation's reads.
#[derive(Debug)]
pub struct Answer {
    /// The JSON of each root, in their order.
    pub bytes: Vec<Vec<u8>>,
    /// The version of each root that is one object and shows it; 0 of others.
    pub versions: Vec<i64>,
    /// How many rows were read.
    pub rows: usize,
}

/// A root, compiled.
enum Compiled {
    Known(String),
    One(usize, Shown),
    List(Vec<Compiled>),
    Nodes(Vec<(usize, Shown)>, Tree),
    Group(Vec<(String, Compiled)>),
    Page(ShownPage),
}

/// Reads all roots in one snapshot and writes the JSON of each.
///
/// # Errors
/// `INSUFFICIENT_SCOPE` when the token lacks what a root needs, `QUERY_TOO_EXPENSIVE`, `UNAVAILABLE`.
pub async fn run(who: &Caller, roots: &[Root]) -> Result<Answer> {
    for root in roots {
        permitted(who, &root.read)?;
    }
    price(roots)?;
    let mut compiler = Compiler::new(who, who.house.database.dialect());
    let compiled: Vec<Compiled> = roots.iter().map(|root| compile(&mut compiler, &root.read)).collect();
    let levels = compiler.levels;
    let recalled = who.recalled.as_deref();
    let nothing = levels.is_empty() && recalled.is_none();
    let read = if nothing { Vec::new() } else { who.house.database.levels(&levels, recalled).await? };
    let writer = Writer {
        levels: &levels,
        read: &read,
        seen: Seen { now: who.now, settings: who.settings.clone(), user: who.user() },
    };
    let bytes = compiled.iter().map(|root| {
        let mut out = Vec::with_capacity(512);
        write(&writer, root, &mut out);
        out
    });
    let bytes = bytes.collect();
    let versions = compiled.iter().map(|root| version(root, &read)).collect();
    Ok(Answer { bytes, versions, rows: read.iter().map(|level| level.rows.len()).sum() })
}

/// What reads cost in points.
///
/// # Errors
/// `QUERY_TOO_EXPENSIVE` when it is more than one answer may.
pub fn price(roots: &[Root]) -> Result<u64> {
    let points = cost(roots);
    if points > COST_MAX {
        let error = Error::new(Code::QueryTooExpensive, "The query asks for more rows than one answer may hold.");
        return Err(error.with(serde_json::json!({ "cost": points, "limit": COST_MAX })));
    }
    Ok(points)
}

fn compile(compiler: &mut Compiler<'_>, read: &Read) -> Compiled {
    match read {
        Read::Known(bytes) => Compiled::Known(bytes.clone()),
        Read::One(by_id) => {
            let (level, shown) = compiler.by_id(by_id);
            Compiled::One(level, shown)
        }
        Read::List(all) => Compiled::List(all.iter().map(|read| compile(compiler, read)).collect()),
        Read::Group(all) => {
            Compiled::Group(all.iter().map(|(key, read)| (json_key(key), compile(compiler, read))).collect())
        }
        Read::Nodes(nodes) => {
            let kinds = nodes.kinds.iter().map(|(object, ids)| compiler.nodes(object, ids, nodes.deleted));
            Compiled::Nodes(kinds.collect(), nodes.tree.clone())
        }
        Read::Page(page) => Compiled::Page(compiler.page(page)),
    }
}

/// Whether the token has the scopes that a read needs at its root; deeper down, what it lacks is not there.
///
/// # Errors
/// `INSUFFICIENT_SCOPE`.
pub fn permitted(who: &Caller, read: &Read) -> Result<()> {
    match missing_scope(read, &|scope| who.scopes.has(scope)) {
        None => Ok(()),
        Some(scope) => Err(Error::new(Code::InsufficientScope, format!("The token lacks the scope {scope}."))
            .with(serde_json::json!({ "scope": scope }))),
    }
}

fn version(root: &Compiled, read: &[LevelRows]) -> i64 {
    let Compiled::One(level, shown) = root else { return 0 };
    let place = shown.members.iter().find_map(|(_, member)| match member {
        ShownMember::Leaf(leaf, columns) if leaf.column() == Some("version") => columns.first(),
        _ => None,
    });
    place.zip(read[*level].rows.iter().next()).map_or(0, |(&place, row)| row.at(place).int())
}

fn write(writer: &Writer<'_>, root: &Compiled, out: &mut Vec<u8>) {
    match root {
        Compiled::Known(bytes) => out.extend_from_slice(bytes.as_bytes()),
        Compiled::One(level, shown) => writer.first(*level, shown, out),
        Compiled::Page(page) => writer.page(page, None, out),
        Compiled::List(all) => list(all.iter(), out, |one, out| write(writer, one, out)),
        Compiled::Nodes(kinds, tree) => write_tree(writer, kinds, tree, out),
        Compiled::Group(all) => {
            out.push(b'{');
            for (place, (key, one)) in all.iter().enumerate() {
                member(out, place, key);
                write(writer, one, out);
            }
            out.push(b'}');
        }
    }
}

fn write_tree(writer: &Writer<'_>, kinds: &[(usize, Shown)], tree: &Tree, out: &mut Vec<u8>) {
    match tree {
        Tree::Known(bytes) => out.extend_from_slice(bytes.as_bytes()),
        Tree::Node(kind, id) => writer.node(kinds[*kind].0, &kinds[*kind].1, *id, out),
        Tree::List(all) => list(all.iter(), out, |one, out| write_tree(writer, kinds, one, out)),
        Tree::Group(all) => {
            out.push(b'{');
            for (place, (key, one)) in all.iter().enumerate() {
                member(out, place, &json_key(key));
                write_tree(writer, kinds, one, out);
            }
            out.push(b'}');
        }
    }
}
