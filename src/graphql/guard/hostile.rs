//! Documents made to hurt: refused, or executed soon. The threads of the tests have the stack of a server's
//! workers, 2 MiB.

use super::{
    admit,
    tests::{chain, doubling, nested, numbered, repeat},
};
use async_graphql::{EmptyMutation, EmptySubscription, Request, Schema, Variables};
use serde_json::json;
use std::{
    sync::LazyLock,
    time::{Duration, Instant},
};

struct Query;

/// Everything that a hostile document may touch: recursion, arguments, lists.
#[async_graphql::Object]
impl Query {
    async fn me(&self) -> Query {
        Query
    }

    async fn all(&self) -> Vec<Query> {
        vec![]
    }

    async fn echo(&self, text: Option<String>, list: Option<Vec<Option<Vec<i32>>>>) -> bool {
        text.is_some() || list.is_some()
    }
}

type TestSchema = Schema<Query, EmptyMutation, EmptySubscription>;

static SCHEMA: LazyLock<TestSchema> = LazyLock::new(|| {
    Schema::build(Query, EmptyMutation, EmptySubscription).limit_recursive_depth(64).disable_suggestions().finish()
});

/// Executes what is admitted, as the executor would, and says the errors.
pub(super) fn execute(text: &str, variables: serde_json::Value) -> Vec<String> {
    let document = match admit(text) {
        Ok(document) => document,
        Err(refused) => return vec![refused.message()],
    };
    let mut request = Request::new("").variables(Variables::from_json(variables));
    request.set_parsed_query(document);
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let Ok(runtime) = runtime else { panic!("no runtime") };
    runtime.block_on(SCHEMA.execute(request)).errors.into_iter().map(|error| error.message).collect()
}

#[test]
fn hostile_documents_end_soon() {
    let long = repeat("x", 100_000);
    let same = "e: echo(text: \"a\" list: [[1]]) ";
    for (name, text) in [
        ("open brackets", repeat("{", 100_000)),
        ("lists", format!("{{ echo(list: {}) }}", nested("[", "", "]", 61))),
        ("lists that fail", format!("{{ echo(list: {}", repeat("[", 61))),
        ("objects", format!("{{ echo(list: {}) }}", nested("{a:", "1", "}", 61))),
        ("types", format!("query A($a: {}) {{ me }}", nested("[", "Int", "]", 60))),
        ("inline fragments", nested("{ ... ", "{ me }", "}", 63)),
        ("a chain of fragments", chain(62, "me")),
        ("doubled fragments", doubling(11)),
        ("a long string", format!("{{ echo(text: \"{long}\") }}")),
        ("a long block string", format!("{{ echo(text: \"\"\"{}\"\"\") }}", repeat("x\n", 50_000))),
        ("escapes", format!("{{ echo(text: \"{}\") }}", repeat("\\u0041", 40_000))),
        ("empty lines", format!("{{ {} me }}", repeat("\n", 200_000))),
        ("commas", format!("{{ {} me", repeat(",", 200_000))),
        ("one key", format!("{{ me {{ {} }} }}", repeat(same, 500))),
        ("unknown fields", format!("{{ me {{ {} }} }}", numbered(0..4_900, |n| format!("x{n} ")))),
        ("variables in use", format!("query A($v: Int) {{ echo(list: [[{}]]) }}", repeat("$v ", 9_000))),
        ("unused fragments", numbered(0..1_200, |n| format!("fragment F{n} on Query {{ me }} ")) + "{ me }"),
    ] {
        let start = Instant::now();
        execute(&text, json!({"v": 1}));
        assert!(start.elapsed() < Duration::from_secs(3), "{name} took {:?}", start.elapsed());
    }
}
