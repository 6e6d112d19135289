//! Nothing reads a table from end to end: the plan of every statement is asked of both databases.
//!
//! What is demanded:
//! - Of every statement: each table in it is met through an index, asked with the equality of an id: of the tenant, of
//!   somebody, of the thing above. So the rows of others cost nobody anything. Between rows of one tenant or one owner a
//!   filter may narrow without an index, and a sort may sort: how many these are, the tenant knows.
//! - Of a list at the root, for who sees all of the tenant: it is walked in the order that is asked for, from the cursor on,
//!   and nothing is sorted; but for what is named in [`is_sorted`].
//! - Of a list for who sees only what is theirs and what others opened: an index of whose it is, or of what it belongs to, is
//!   asked, not that of the tenant alone. The feed of events is none: some of it is for everybody.
//! - Of a list that grows to thousands of one thing, and is asked for with that thing as its filter: it is walked in order, too; see
//!   [`GROWING`].
//! - Of a list under another thing, the index is asked with that thing; of a read by id, with the id. Where few things are
//!   somebody's, or another thing's, the index of these may be asked instead; that of the tenant alone, never.
//!
//! What is not a table may be scanned: the ids that came as an argument (`json_each`, `unnest`), the rows of a subquery.
//!
//! SQLite plans without statistics, as it does in service. PostgreSQL would rightly read tables of a few rows from end to end:
//! it is told to avoid that, sorting and hashing wherever there is another way (`enable_*`), so what it shows is whether there
//! is one, whatever stands in the tables. Which way it takes for a real tenant is for its statistics to say.

mod asked;
mod explained;

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use cairn::{
    domain::{self, answer::Answer},
    read::shape::{Shape, Tenant, shapes},
};
use entity::kind::{Kind, Presence};
use sea_orm::Statement;
use serde_json::Value;

use self::{
    asked::{Asked, Wants},
    explained::{Access, Explainer, Plan},
};
use super::world::World;
use crate::harness::{Actor, Api, stories};

stories!(declared_reads_find_what_they_want, answers_and_commands_find_what_they_want);

async fn declared_reads_find_what_they_want(api: Api) {
    let acme = api.organization("Acme").await.row.id;
    let explainer = Explainer::new(&api.house.database.write).await;
    let (mut seen, mut faults) = (HashSet::new(), BTreeMap::new());
    for who in asked::callers(&api.house, acme) {
        for asked in shapes().iter().flat_map(|shape| asked::of(shape, &who.1)) {
            // The text says how it is done; the values in it do not.
            if !seen.insert((asked.sql.text.clone(), asked.wants)) {
                continue;
            }
            let statement = asked::statement(&asked.sql);
            let plan = match asked.wants {
                Wants::Walk => explainer.walked(statement).await,
                _ => explainer.explain(statement).await,
            };
            for fault in faults_of(&plan, &asked) {
                faults
                    .entry(fault)
                    .or_insert_with(|| format!("{}: {}\n{}\n{}", who.0, asked.what, asked.sql.text, plan.text));
            }
        }
    }
    assert!(seen.len() > shapes().len() * 20, "only {} statements were looked at", seen.len());
    refuse(&faults);
}

/// What is wrong with how a declared read is carried out.
fn faults_of(plan: &Plan, asked: &Asked) -> Vec<String> {
    let mut faults = strangers(plan);
    let (table, what) = (asked.shape.table, &asked.what);
    match asked.wants {
        Wants::Found(column) => {
            // Whoever may see nothing of it asks for nothing of it.
            let mut of_it = of_table(plan, table).peekable();
            if of_it.peek().is_some() && !of_it.any(|access| access.asks(column) || access.asks_more_than_the_tenant())
            {
                faults.push(format!("{table}: {what} is not found by {column}"));
            }
        }
        Wants::Own if !of_table(plan, table).all(Access::asks_more_than_the_tenant) => {
            faults.push(format!("{table}: {what} is looked for in all of the tenant"));
        }
        Wants::Walk if plan.sorts => faults.push(format!("{table}: {what} sorts all of the tenant")),
        Wants::Walk | Wants::Own | Wants::Tenant => {}
    }
    faults
}

fn of_table<'a>(plan: &'a Plan, table: &str) -> impl Iterator<Item = &'a Access> {
    plan.accesses.iter().filter(move |access| access.table == table)
}

/// Which tables are read without an id.
fn strangers(plan: &Plan) -> Vec<String> {
    let is_short = |access: &Access| {
        OURS.contains(&access.table.as_str()) || access.index.as_deref().is_some_and(|name| WAITING.contains(&name))
    };
    let far = plan.accesses.iter().filter(|access| !access.asks_an_id() && !is_short(access));
    far.map(|access| format!("{} is read by {}", access.table, access.by.as_deref().unwrap_or("nothing"))).collect()
}

fn refuse(faults: &BTreeMap<String, String>) {
    let all: Vec<_> = faults.iter().map(|(fault, why)| format!("{fault}\n{why}\n")).collect();
    assert!(faults.is_empty(), "{}\n{}", all.join("\n"), faults.keys().cloned().collect::<Vec<_>>().join("\n"));
}

/// The computed answers and the commands of the laws' world, by the statements that they send.
async fn answers_and_commands_find_what_they_want(api: Api) {
    let sent = Arc::new(Mutex::new(Vec::<Statement>::new()));
    let watched = api.watched(&sent).await;
    let world = World::new(&watched).await;
    for answer in domain::answers() {
        for (who, question) in questions(&world, answer) {
            // Whatever is refused has asked for something first, too.
            who.ask(answer.name, question).await;
        }
    }
    let sent = std::mem::take(&mut *sent.lock().unwrap_or_else(PoisonError::into_inner));
    let explainer = Explainer::new(&api.house.database.write).await;
    let (mut seen, mut faults) = (BTreeSet::new(), BTreeMap::new());
    for statement in sent.into_iter().filter(reads) {
        if !seen.insert(statement.sql.clone()) {
            continue;
        }
        let text = statement.sql.clone();
        let plan = explainer.explain(statement).await;
        for fault in strangers(&plan) {
            faults.entry(format!("{fault}: {text}")).or_insert_with(|| plan.text.clone());
        }
    }
    assert!(seen.len() > 100, "only {} statements were looked at", seen.len());
    refuse(&faults);
}

/// Whether a statement looks for rows.
fn reads(statement: &Statement) -> bool {
    ["SELECT", "UPDATE", "DELETE", "WITH"].iter().any(|word| statement.sql.trim_start().starts_with(word))
}

/// What to ask for an answer: everything about one thing, and only what must be said, each with every word that it takes.
pub(super) fn questions<'a>(world: &'a World, answer: &'static Answer) -> Vec<(&'a Actor, Value)> {
    let whole = world.question(answer.input);
    let mut least = whole.clone();
    if let Some(least) = least.as_object_mut() {
        least.retain(|name, _| {
            answer.input.fields.iter().any(|field| field.name == *name && field.presence == Presence::Required)
        });
    }
    let mut out = Vec::new();
    for (who, question) in [(world.asker(answer), whole), (&world.machine, least.clone()), (&world.root, least)] {
        for field in &answer.input.fields {
            if let Kind::Word(words) = field.kind {
                for word in words.words {
                    let mut question = question.clone();
                    question[&field.name] = word.name.into();
                    out.push((who, question));
                }
            }
        }
        out.push((who, question));
    }
    out
}

/// Lists that are sorted before they are shown, and why that does not grow with what others have.
fn is_sorted(shape: &Shape, column: &str, descending: bool, nullable: bool) -> bool {
    match shape.tenant {
        // Of the tenant and of everybody are two walks; of the members, each is found by their id. Neither holds more than
        // thousands.
        Tenant::OwnOrBuiltIn | Tenant::Members | Tenant::Itself => true,
        // PostgreSQL finds nulls at the other end of its index than a descending list does: a second index would serve
        // machines alone, who see all of a tenant.
        Tenant::Own => descending && nullable || SMALL.contains(&(shape.name, column)),
    }
}

/// What there are thousands of, of one of these: a page of them is not found by sorting them all.
const GROWING: &[(&str, &str)] = &[("Application", "jobSearchId"), ("Application", "stageId")];

/// Tables of the installation itself, of a few rows.
const OURS: &[&str] = &["signing_key"];

/// Indexes that hold no more than what waits to be done.
const WAITING: &[&str] = &["import_job_waiting"];

/// Sorts of lists that are short however long a tenant lives: an index would cost each write and serve nobody.
const SMALL: &[(&str, &str)] = &[("Client", "name"), ("Client", "updated_at"), ("ImportJob", "updated_at")];
