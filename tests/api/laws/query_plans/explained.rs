//! The plans of both databases, as far as the law looks at them.

use std::{collections::HashMap, fmt::Write as _};

use sea_orm::{
    ConnectionTrait as _, DatabaseConnection, DatabaseTransaction, DbBackend, Statement, TransactionTrait as _,
};
use serde_json::Value;

/// How a statement is carried out.
pub struct Plan {
    /// How each table in it is met.
    pub accesses: Vec<Access>,
    /// Whether all that is found is sorted, rather than walked in order.
    pub sorts: bool,
    /// The plan as the database tells it.
    pub text: String,
}

/// How a table is met.
pub struct Access {
    /// The table.
    pub table: String,
    /// What an index is asked with; nothing when it is read from end to end.
    pub by: Option<String>,
    /// The index.
    pub index: Option<String>,
}

impl Access {
    /// Whether the index is asked for what equals a column.
    pub fn asks(&self, column: &str) -> bool {
        self.equals().any(|known| known == column)
    }

    /// Whether the index is asked for what has an id: of a tenant, of somebody, of another thing.
    pub fn asks_an_id(&self) -> bool {
        // What is built in belongs to everybody.
        let built_in = || self.by.as_deref().is_some_and(|by| by.contains("organization_id IS NULL"));
        self.equals().any(|column| column == "id" || column.ends_with("_id")) || built_in()
    }

    /// Whether the index is asked for what has an id other than that of the tenant.
    pub fn asks_more_than_the_tenant(&self) -> bool {
        self.equals().any(|column| column != "organization_id" && (column == "id" || column.ends_with("_id")))
    }

    /// The columns that equal something: `(organization_id=? AND seq>?)`, `((id = $1) AND (seq > 5))`.
    fn equals(&self) -> impl Iterator<Item = &str> {
        let by = self.by.as_deref().unwrap_or_default();
        by.match_indices('=').filter_map(|(place, _)| {
            let before = by[..place].trim_end();
            let start =
                before.rfind(|letter: char| !letter.is_ascii_alphanumeric() && letter != '_').map_or(0, |at| at + 1);
            // A bound is no equality.
            Some(&before[start..]).filter(|column| !column.is_empty())
        })
    }
}

/// Asks a database for its plans.
pub struct Explainer {
    db: DatabaseTransaction,
    tables: Vec<String>,
}

/// What PostgreSQL does when there is much of everything, and what is wanted is little: every row that it meets is dear.
const LARGE: &str = "SET LOCAL enable_seqscan = off; SET LOCAL enable_hashjoin = off; \
    SET LOCAL enable_mergejoin = off; SET LOCAL enable_material = off; SET LOCAL cpu_tuple_cost = 10; \
    SET LOCAL cpu_index_tuple_cost = 10; SET LOCAL statement_timeout = 0; \
    SET LOCAL idle_in_transaction_session_timeout = 0; SET LOCAL session_replication_role = replica";

/// Rows in every table, the same each time: of 23 organizations, among them those that there are, and of hundreds of
/// everything else. They last as long as the transaction.
const ROWS: &str = r#"
DO $$
DECLARE
    named record;
    made text;
    columns text;
BEGIN
    CREATE TEMPORARY TABLE tenant ON COMMIT DROP AS
        SELECT row_number() OVER (ORDER BY real DESC, id) - 1 AS place, id FROM (
            SELECT id, true AS real FROM "organization"
            UNION ALL SELECT md5('organization' || n)::uuid, false FROM generate_series(1, 23) n) every LIMIT 23;
    FOR named IN SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'seaql_migrations' LOOP
        SELECT string_agg(CASE
            WHEN column_name = 'organization_id' THEN '(SELECT id FROM tenant WHERE place = n % 23)'
            WHEN column_name = 'deleted_at' THEN 'CASE WHEN n % 11 = 0 THEN now() END'
            WHEN column_name = 'id' THEN format('md5(%L || n)::uuid', named.name)
            WHEN data_type = 'uuid' THEN format('md5(%L || n %% %s)::uuid', column_name, 401 + 2 * ordinal_position)
            WHEN data_type = 'boolean' THEN 'n % 2 = 0'
            WHEN data_type = 'bigint' THEN 'n'
            WHEN data_type = 'date' THEN 'DATE ''2026-01-01'' + n'
            WHEN data_type LIKE 'timestamp%' THEN 'now() + make_interval(mins => n)'
            ELSE 'md5(n::text)' END, ', ' ORDER BY ordinal_position), string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position)
        INTO made, columns
        FROM information_schema.columns
        WHERE table_schema = 'public' AND table_name = named.name AND is_identity = 'NO' AND is_generated = 'NEVER';
        EXECUTE format('INSERT INTO %I (%s) (SELECT %s FROM generate_series(1, 2300) n) ON CONFLICT DO NOTHING', named.name, columns, made);
    END LOOP;
END $$;
ANALYZE
"#;

impl Explainer {
    /// On a database that has every table.
    pub async fn new(db: &DatabaseConnection) -> Self {
        let db = db.begin().await.expect("a transaction");
        let tables = if db.get_database_backend() == DbBackend::Postgres {
            db.execute_unprepared(LARGE).await.expect("settings");
            db.execute_unprepared(ROWS).await.expect("rows");
            "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'"
        } else {
            "SELECT name FROM sqlite_master WHERE type = 'table'"
        };
        let tables = db.query_all_raw(Statement::from_string(db.get_database_backend(), tables)).await.expect("tables");
        let tables = tables.iter().map(|row| row.try_get("", "name").expect("a name")).collect();
        Self { db, tables }
    }

    /// How a statement would be carried out if sorting were dear: whether there is an order to walk in.
    pub async fn walked(&self, statement: Statement) -> Plan {
        let postgres = self.db.get_database_backend() == DbBackend::Postgres;
        let sorting = async |way: &str| {
            if postgres {
                self.db.execute_unprepared(&format!("SET LOCAL enable_sort = {way}")).await.expect("a setting");
            }
        };
        sorting("off").await;
        let plan = self.explain(statement).await;
        sorting("on").await;
        plan
    }

    /// How a statement would be carried out.
    pub async fn explain(&self, statement: Statement) -> Plan {
        let (sql, postgres) = (statement.sql.clone(), self.db.get_database_backend() == DbBackend::Postgres);
        let with = if postgres { "EXPLAIN (FORMAT JSON) " } else { "EXPLAIN QUERY PLAN " };
        let asked = Statement { sql: format!("{with}{sql}"), ..statement };
        let rows = self.db.query_all_raw(asked).await.unwrap_or_else(|why| panic!("{why}: {sql}"));
        if postgres {
            let told: Value = rows[0].try_get_by_index(0).expect("a plan");
            return of_postgres(&told);
        }
        let lines: Vec<String> = rows.iter().map(|row| row.try_get("", "detail").expect("a line")).collect();
        of_sqlite(&lines, &self.names(&sql))
    }

    /// What each table of a statement is called in it: `"learning_plan" t0`.
    fn names<'a>(&'a self, sql: &'a str) -> HashMap<&'a str, &'a str> {
        let mut names: HashMap<&str, &str> = self.tables.iter().map(|table| (table.as_str(), table.as_str())).collect();
        let words: Vec<&str> = sql.split_whitespace().map(|word| word.trim_matches(&['(', ')', ','][..])).collect();
        for pair in words.windows(3) {
            if let Some(table) = self.tables.iter().find(|table| pair[0].trim_matches('"') == **table) {
                let name = if pair[1] == "AS" { pair[2] } else { pair[1] };
                names.insert(name.trim_matches('"'), table);
            }
        }
        names
    }
}

/// The lines of SQLite: `SEARCH t0 USING INDEX learning_plan_owner (organization_id=? AND owner_id=?)`.
fn of_sqlite(lines: &[String], names: &HashMap<&str, &str>) -> Plan {
    let mut accesses = Vec::new();
    for line in lines {
        let mut words = line.split_whitespace();
        let (verb, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let Some(table) = names.get(name).filter(|_| verb == "SCAN" || verb == "SEARCH") else { continue };
        // An index that is made for the occasion has read everything first.
        let by = line.split_once('(').filter(|_| verb == "SEARCH" && !line.contains("AUTOMATIC"));
        let index = line.split_once("INDEX ").and_then(|(_, rest)| rest.split_whitespace().next()).map(str::to_owned);
        accesses.push(Access { table: (*table).to_owned(), by: by.map(|(_, by)| by.to_owned()), index });
    }
    // "FOR LAST TERM OF ORDER BY" sorts only what is equal in the terms before.
    let sorts = lines.iter().any(|line| line.contains("TEMP B-TREE FOR ORDER BY"));
    Plan { accesses, sorts, text: lines.join("\n") }
}

fn of_postgres(told: &Value) -> Plan {
    let mut plan = Plan { accesses: Vec::new(), sorts: false, text: String::new() };
    node(&told[0]["Plan"], 0, &mut plan);
    plan
}

fn node(told: &Value, depth: usize, plan: &mut Plan) {
    let (kind, table) = (told["Node Type"].as_str().unwrap_or_default(), told["Relation Name"].as_str());
    let text = |name: &str| told[name].as_str().map(str::to_owned);
    let (by, index) = (text("Index Cond"), text("Index Name"));
    let _ = writeln!(
        plan.text,
        "{:depth$}{kind} {} {} {}",
        "",
        table.unwrap_or_default(),
        index.as_deref().unwrap_or_default(),
        by.as_deref().unwrap_or_default()
    );
    plan.sorts |= kind == "Sort";
    match (kind, table) {
        ("Bitmap Heap Scan", Some(table)) => {
            let mut indexes = Vec::new();
            conditions(told, &mut indexes);
            accesses(table, indexes, plan);
        }
        // What is written to was found by a scan of its own.
        ("ModifyTable" | "LockRows", _) | (_, None) => {}
        (_, Some(table)) => plan.accesses.push(Access { table: table.to_owned(), by, index }),
    }
    for below in told["Plans"].as_array().into_iter().flatten() {
        node(below, depth + 2, plan);
    }
}

fn accesses(table: &str, indexes: Vec<Option<String>>, plan: &mut Plan) {
    plan.accesses.extend(indexes.into_iter().map(|by| Access { table: table.to_owned(), by, index: None }));
}

/// What the indexes below a bitmap are asked with.
fn conditions(told: &Value, out: &mut Vec<Option<String>>) {
    for below in told["Plans"].as_array().into_iter().flatten() {
        match below["Node Type"].as_str() {
            Some("Bitmap Index Scan") => out.push(below["Index Cond"].as_str().map(str::to_owned)),
            // One of several that all hold is enough.
            Some("BitmapAnd") => {
                let mut all = Vec::new();
                conditions(below, &mut all);
                out.push(all.into_iter().flatten().reduce(|all, one| format!("{all} AND {one}")));
            }
            Some("BitmapOr") => conditions(below, out),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sqlite(lines: &[&str]) -> Plan {
        let names = HashMap::from([("t0", "learning_plan"), ("g", "grant")]);
        of_sqlite(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>(), &names)
    }

    #[test]
    fn what_is_read_from_end_to_end_is_told() {
        for (line, is_found) in [
            ("SCAN t0", false),
            ("SCAN t0 USING INDEX learning_plan_owner", false),
            ("SEARCH t0 USING AUTOMATIC COVERING INDEX (owner_id=?)", false),
            ("SEARCH t0 USING INDEX x (status=?)", false),
            ("SEARCH t0 USING INDEX x (created_at>?)", false),
            ("SEARCH t0 USING INDEX x (owner_id>?)", false),
            ("SEARCH t0 USING INDEX x (organization_id=? AND created_at>?)", true),
            ("SCAN json_each VIRTUAL TABLE INDEX 1:", true),
        ] {
            assert_eq!(sqlite(&[line]).accesses.iter().all(Access::asks_an_id), is_found, "{line}");
        }
        assert!(sqlite(&["USE TEMP B-TREE FOR ORDER BY"]).sorts);
        assert!(!sqlite(&["USE TEMP B-TREE FOR LAST TERM OF ORDER BY"]).sorts);
        let scan = |by: Value| {
            let told = serde_json::json!([{ "Plan": { "Node Type": "Limit", "Plans": [
                { "Node Type": "Index Scan", "Relation Name": "event", "Index Cond": by },
            ] } }]);
            of_postgres(&told).accesses.iter().all(Access::asks_an_id)
        };
        assert!(scan("((organization_id = $1) AND (seq > 5))".into()) && scan("(id = ANY ($0))".into()));
        assert!(!scan(Value::Null) && !scan("(seq > 5)".into()) && !scan("(owner_id >= 5)".into()));
    }
}
