//! Documents that come in and go out: frameworks as CASE packages and tables, plans, and the jobs that take them in (§2, §7).

mod case;
mod hostile;
mod job;
pub mod package;
mod plan;
mod table;

use cairn::work::imports;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, face::id};

pub const KIND: &str = "ImportJob";

/// Carries out whatever waits, as the server does beside the requests.
pub async fn work(api: &Api) {
    while imports::next(&api.house).await.expect("an import is carried out") {}
}

/// Asks for an import, carries it out, and looks at what came of it.
pub async fn import(who: &Actor, input: Value) -> Value {
    let job = who.create(KIND, input).await.done();
    assert_eq!(job["state"], "QUEUED");
    work(&who.api).await;
    who.see(KIND, &id(&job)).await.done()
}

/// What came of an import, in a line.
pub fn outcome(job: &Value) -> String {
    let note = |note: &Value| {
        let line = note["line"].as_i64().map(|line| format!("{line}:")).unwrap_or_default();
        format!("{line}{} {}", note["pointer"].as_str().unwrap(), note["code"].as_str().unwrap())
    };
    let notes = |name: &str| job[name].as_array().unwrap().iter().map(note).collect::<Vec<_>>().join(", ");
    let mut out = job["state"].as_str().unwrap().to_owned();
    for name in ["added", "changed", "unchanged", "removed"] {
        out += &format!(" {}", job[name]);
    }
    for (name, text) in [("errors", notes("errors")), ("warnings", notes("warnings"))] {
        if !text.is_empty() {
            out += &format!(" {name}: {text}");
        }
    }
    out
}

/// The package of a framework, as it goes out.
pub async fn exported(who: &Actor, framework: &Value) -> Value {
    let told = who.ask("competencyFrameworkExport", json!({ "frameworkId": framework })).await.done();
    if told.get("package").is_some() { told["package"].clone() } else { told }
}

/// The table of a framework, as it goes out.
pub async fn table_of(who: &Actor, framework: &Value) -> String {
    match who.face {
        crate::harness::Face::Rest => {
            let path = format!("/competency-framework-export?frameworkId={}", framework.as_str().unwrap());
            let answer = who.with("accept", "text/csv").get(&path).await.fine();
            assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
            answer.text()
        }
        crate::harness::Face::Graphql => {
            let query = "query($id: ID!) { competencyFrameworkExport(frameworkId: $id) { csv framework { id } } }";
            let answer = who.graphql(query, json!({ "id": framework })).await.fine();
            let told = &answer["data"]["competencyFrameworkExport"];
            assert_eq!(&told["framework"]["id"], framework);
            told["csv"].as_str().unwrap().to_owned()
        }
    }
}

/// How many events there are that are not about imports.
pub async fn events(machine: &Actor) -> i64 {
    let all = machine.list("Event", &[("count", "true")]).await.total.as_i64().unwrap();
    let own = machine.list("Event", &[("count", "true"), ("subjectKind", "import_job")]).await.total.as_i64().unwrap();
    all - own
}

/// The competencies of a framework by their codes.
pub async fn competencies(who: &Actor, framework: &Value) -> std::collections::BTreeMap<String, Value> {
    let rest = who.through(crate::harness::Face::Rest);
    let (mut out, mut after) = (std::collections::BTreeMap::new(), String::new());
    loop {
        let framework = framework.as_str().unwrap();
        let mut query = vec![("frameworkId", framework), ("first", "100"), ("sort", "path")];
        let cursor = after.clone();
        if !cursor.is_empty() {
            query.push(("after", &cursor));
        }
        let page = rest.list("Competency", &query).await;
        out.extend(page.items.iter().map(|one| (one["code"].as_str().unwrap().to_owned(), one.clone())));
        if page.info["hasNextPage"] != true {
            return out;
        }
        after = page.info["endCursor"].as_str().unwrap().to_owned();
    }
}
