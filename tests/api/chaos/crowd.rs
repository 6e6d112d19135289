//! Many callers of many organizations, each with questions whose answers are known beforehand.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection};
use serde_json::{Value, json};
use tokio::{io::AsyncWriteExt as _, net::TcpStream};

use crate::harness::{Actor, Answer, Api, Face, Organization, cluster::Cluster};

/// How many organizations there are, with two readers and a writer in each.
const ORGANIZATIONS: usize = 12;

/// Numbers documents that nobody has sent before.
static NEW: AtomicU64 = AtomicU64::new(0);

/// What somebody asks, and what they must hear.
pub struct Question {
    /// What the test calls it.
    pub name: &'static str,
    ask: Asked,
    /// The answer, once it was recorded in quiet.
    pub right: Vec<u8>,
}

enum Asked {
    Get(String),
    /// A document and its variables; a new one each time, or always the same.
    Graphql(&'static str, Value, bool),
}

/// Somebody who asks the same questions again and again.
pub struct Reader {
    pub who: Actor,
    pub questions: Vec<Question>,
}

/// Readers, and in each of their organizations somebody who writes what they do not see.
pub struct Crowd {
    pub readers: Vec<Arc<Reader>>,
    pub writers: Vec<Actor>,
}

/// Four levels, two pages below each parent, values by variable and by default.
const LEVELS: &str = "query($plan: ID!, $few: Int = 2) { me { user { name } organization { name } } \
    learningPlans(first: 10, orderBy: [{ field: TITLE, direction: DESC }]) { totalCount nodes { ...Plan \
    firsts: items(first: $few) { totalCount nodes { ...Item } pageInfo { hasNextPage endCursor } } \
    lasts: items(last: 1) { edges { cursor node { ...Item } } } } } \
    learningPlan(id: $plan) { ...Plan items { nodes { ...Item plan { title owner { name } } } } } } \
    fragment Plan on LearningPlan { id title progress owner { id name } } \
    fragment Item on PlanItem { id competency { code framework { shortName competencies(first: 2) { nodes { name } } } } }";
const NODES: &str = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on LearningPlan { title items { totalCount } } \
    ... on User { name email } } }";
const COMPUTED: &str = "query($framework: ID!) { coverage(frameworkId: $framework) { areas { competency { code name } } } \
    learningPlans { nodes { title } } }";

/// An instance on a server of its own.
pub async fn settle(cluster: &Cluster, more: &[(&str, &str)]) -> Crowd {
    let url = cluster.url("postgres");
    let admin = connect(&url).await;
    // The rows of a test need not outlive a power cut.
    admin.execute_unprepared("ALTER DATABASE postgres SET synchronous_commit = off").await.expect("a setting");
    admin.close().await.expect("the end");
    let api = Api::at(&url, &[&[("CAIRN_RATE_LIMIT", "0")], more].concat()).await;
    let mut made = Vec::new();
    for number in 0..ORGANIZATIONS {
        let api = api.clone();
        made.push(tokio::spawn(async move { organization(&api, number).await }));
    }
    let mut crowd = Crowd { readers: Vec::new(), writers: Vec::new() };
    for one in made {
        let (readers, writer) = one.await.expect("an organization");
        crowd.readers.extend(readers.into_iter().map(Arc::new));
        crowd.writers.push(writer);
    }
    crowd
}

pub async fn connect(url: &str) -> DatabaseConnection {
    Database::connect(url).await.expect("the server of the test")
}

async fn organization(api: &Api, number: usize) -> ([Reader; 2], Actor) {
    let organization = api.organization(&format!("House {number}")).await;
    let root = organization.admin("root").await;
    let (framework, competencies) = root.framework(&format!("frame-{number}")).await;
    let mut readers = Vec::new();
    for name in ["ada", "ben"] {
        readers.push(reader(&organization, &format!("{name}-{number}"), &framework, &competencies).await);
    }
    let writer = organization.learner("wim").await;
    (readers.try_into().ok().expect("two"), writer)
}

async fn reader(organization: &Organization, name: &str, framework: &str, competencies: &[String; 3]) -> Reader {
    let who = organization.learner(name).await;
    let mut plans = Vec::new();
    for title in ["one", "two"] {
        let plan = who.plan(&format!("{name} {title}")).await;
        for competency in competencies {
            who.create("PlanItem", json!({ "planId": plan, "competencyId": competency })).await.done();
        }
        plans.push(plan);
    }
    let ids = json!([plans[1], who.id, framework, plans[0], "pln_01h455vb4pex5vsknk084sn02q"]);
    let levels = || json!({ "plan": plans[0] });
    let asked = [
        ("known document", Asked::Graphql(LEVELS, levels(), false)),
        ("new document", Asked::Graphql(LEVELS, levels(), true)),
        ("nodes", Asked::Graphql(NODES, json!({ "ids": ids }), false)),
        ("computed", Asked::Graphql(COMPUTED, json!({ "framework": framework }), false)),
        ("list", Asked::Get("/learning-plans?sort=-title&expand=items.competency&count=true".to_owned())),
        ("object", Asked::Get(format!("/learning-plans/{}?expand=items,owner", plans[1]))),
        ("nothing", Asked::Get("/learning-plans/pln_01h455vb4pex5vsknk084sn02q".to_owned())),
    ];
    let questions = asked.into_iter().map(|(name, ask)| Question { name, ask, right: Vec::new() }).collect();
    Reader { who, questions }
}

impl Crowd {
    /// Asks every question in quiet, twice, and keeps the answers.
    pub async fn record(&mut self) {
        let mut all = Vec::new();
        for reader in std::mem::take(&mut self.readers) {
            let mut reader = Arc::into_inner(reader).expect("nobody else reads yet");
            all.push(tokio::spawn(async move {
                for place in 0..reader.questions.len() {
                    let first = reader.ask(place).await;
                    let (again, question) = (reader.ask(place).await, &mut reader.questions[place]);
                    let expected = if question.name == "nothing" { 404 } else { 200 };
                    assert_eq!(first.status(), expected, "{}: {}", question.name, first.text());
                    assert!(question.name == "nothing" || first["errors"].is_null(), "{}", first.text());
                    assert_eq!(told(&first), told(&again), "{}", question.name);
                    question.right = told(&first);
                }
                Arc::new(reader)
            }));
        }
        for one in all {
            self.readers.push(one.await.expect("a reader"));
        }
        let mut different: Vec<_> = self.readers.iter().map(|reader| &reader.questions[0].right).collect();
        different.sort();
        different.dedup();
        assert_eq!(different.len(), self.readers.len(), "no two readers hear the same");
    }
}

/// The bytes of an answer, without the name of the request that a refusal tells.
pub fn told(answer: &Answer) -> Vec<u8> {
    let id = answer.header("x-request-id");
    if id.is_empty() { answer.body().to_vec() } else { answer.text().replace(id, "").into_bytes() }
}

impl Reader {
    /// The request of a question.
    fn request(&self, place: usize) -> (reqwest::Method, String, Option<Value>) {
        match &self.questions[place].ask {
            Asked::Get(path) => (reqwest::Method::GET, path.clone(), None),
            Asked::Graphql(document, variables, new) => {
                let comment = if *new { format!(" # {}", NEW.fetch_add(1, Relaxed)) } else { String::new() };
                let body = json!({ "query": format!("{document}{comment}"), "variables": variables });
                (reqwest::Method::POST, "//graphql".to_owned(), Some(body))
            }
        }
    }

    /// Asks a question.
    pub async fn ask(&self, place: usize) -> Answer {
        let (method, path, body) = self.request(place);
        let request = self.who.through(Face::Rest).request(method, &path);
        self.who.send(if let Some(body) = body { request.json(&body) } else { request }).await
    }

    /// Asks a question and hangs up, so hard that the server hears of it at once.
    pub async fn ask_and_hang_up(&self, place: usize, patience: std::time::Duration) {
        let (method, path, body) = self.request(place);
        let path =
            path.strip_prefix('/').filter(|rest| rest.starts_with('/')).map_or(format!("/api/v1{path}"), str::to_owned);
        let (address, token) =
            (self.who.api.url.trim_start_matches("http://"), self.who.token.clone().unwrap_or_default());
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len(),
        );
        let mut stream = TcpStream::connect(address).await.expect("the server");
        stream.set_zero_linger().expect("a socket option");
        // It may be refused or cut while this is still being written: that is the server's right.
        let _ = stream.write_all(request.as_bytes()).await;
        tokio::time::sleep(patience).await;
    }
}
