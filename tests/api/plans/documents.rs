//! The law of documents: what a document is answered does not depend on the way that it is carried out. The library with
//! a document that is new, the plan of one that is known, and the read of a caller who is only recalled tell the same
//! bytes, on SQLite and on PostgreSQL, whoever else asks at the time; and the data is what the reference says.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::SeqCst},
};

use async_graphql::parser::parse_query;
use cairn::{
    auth::{
        access::{self, Subject, Ticket},
        identify::identify,
        recall::recall,
    },
    domain::{caller::Caller, clock},
    graphql::{
        collect::Document,
        execute::execute,
        plan,
        request::{Ask, Media},
        told,
    },
    house::House,
};
use chrono::TimeDelta;
use entity::{
    id::{ClientId, OrganizationId},
    platform::client::Scope,
    vocabulary::{Set, Vocabulary as _},
};
use serde_json::Value as Json;
use tokio::task::JoinSet;

use super::{
    World,
    author::{Author, Sources, Written},
    data,
    dice::{Dice, seed},
    reference::Reference,
};
use crate::harness;

/// How many documents are under way at a time.
const TOGETHER: usize = 6;
/// How many callers ask each document.
const CALLERS: usize = 3;

/// Somebody with a token on either database.
type Seat = [String; 2];

/// Both databases, with the same rows and the same people.
struct Stage {
    worlds: [World; 2],
    seats: Vec<Seat>,
    sources: Sources,
    seed: u64,
    /// Documents that were executed, that gave data without an error, that were read for a caller who was only recalled,
    /// and that the reference was asked for.
    executed: AtomicUsize,
    fine: AtomicUsize,
    recalled: AtomicUsize,
    compared: AtomicUsize,
}

/// How many documents each run tries; `CAIRN_DOCUMENTS` asks for more.
fn documents() -> u64 {
    seed("CAIRN_DOCUMENTS", 160)
}

fn token(house: &House, organization: OrganizationId, subject: Subject, scopes: Set<Scope>) -> String {
    let ticket = Ticket { subject, organization, session: None, scopes, life: TimeDelta::hours(1) };
    access::issue(house, &ticket, clock::now()).unwrap()
}

/// Everybody who is still there: people of every role, and machines; a few with less than all scopes.
async fn seats(worlds: &[World; 2], dice: &mut Dice) -> Vec<Seat> {
    let people = worlds[0].made.members.iter().map(|(organization, id, _)| (*organization, Subject::User(*id)));
    let machines = worlds[0].tables.rows("client").iter().map(|row| {
        let id = |column: &str| row[column].uuid().unwrap();
        (OrganizationId(id("organization_id")), Subject::Client(ClientId(id("id"))))
    });
    let mut seats = Vec::new();
    for (organization, subject) in people.chain(machines) {
        let all: Set<Scope> = Scope::ALL.iter().copied().collect();
        let scopes = if dice.once_in(5) { Set::from_bits(all.bits() & dice.next() as i64) } else { all };
        let seat = worlds.each_ref().map(|world| token(&world.house, organization, subject, scopes));
        let [left, right] = [
            identify(&worlds[0].house, &seat[0], "test".into()).await,
            identify(&worlds[1].house, &seat[1], "test".into()).await,
        ];
        assert_eq!(left.is_ok(), right.is_ok(), "on one database there, on the other gone");
        if left.is_ok() {
            seats.push(seat);
        }
    }
    seats
}

/// An answer in full: its status, its bytes, and when to come again.
async fn told_to(who: &Caller, text: String, variables: &serde_json::Map<String, Json>) -> Option<String> {
    let ask = Ask { query: Some(text), variables: variables.clone(), ..Ask::default() };
    let executed = execute(who, &ask, false).await?;
    let mut body = Vec::new();
    executed.outcome.write("test", &mut body);
    let (status, body) = (executed.outcome.status(Media::GraphqlResponse), String::from_utf8(body).unwrap());
    Some(format!("{status} {:?} {body}", executed.retry_after))
}

impl Stage {
    async fn new(seed: u64) -> Self {
        let worlds = [
            World::new(harness::sqlite_house().await, seed).await,
            World::new(harness::postgres_house().await, seed).await,
        ];
        let seats = seats(&worlds, &mut Dice::new(seed)).await;
        assert!(seats.len() > 8, "only {} callers", seats.len());
        let sources = Sources::new(&worlds[0].tables);
        let [executed, fine, recalled, compared] = Default::default();
        let mut stage = Self { worlds, seats, sources, seed, executed, fine, recalled, compared };
        stage.harvest().await;
        stage
    }

    /// Gathers cursors of every list, whoever may see them.
    async fn harvest(&mut self) {
        for resource in cairn::domain::resources() {
            let mut found = Vec::new();
            for seat in &self.seats {
                let text = format!("{{ all: {}(first: 3) {{ edges {{ cursor }} }} }}", resource.plural);
                let who = self.who(0, seat, false).await;
                let told = told_to(&who, text, &serde_json::Map::new()).await.unwrap();
                let told: Json = serde_json::from_str(told.splitn(3, ' ').last().unwrap()).unwrap();
                let edges = told["data"]["all"]["edges"].as_array().cloned().unwrap_or_default();
                found.extend(edges.iter().map(|edge| edge["cursor"].as_str().unwrap().to_owned()));
            }
            self.sources.cursors.insert(resource.shape.name.to_owned(), found);
        }
        assert!(self.sources.cursors.values().any(|all| all.len() > 4));
    }

    /// Somebody, asked for anew or only recalled, at the one moment of this test.
    async fn who(&self, world: usize, seat: &Seat, only_recalled: bool) -> Caller {
        let (house, token) = (&self.worlds[world].house, &seat[world]);
        let who = if only_recalled {
            recall(house, token, "test".into()).await.unwrap()
        } else {
            identify(house, token, "test".into()).await.unwrap()
        };
        assert_eq!(who.recalled.is_some(), only_recalled);
        Caller { now: data::moment(&mut Dice::new(1)) + TimeDelta::days(3), ..who }
    }

    /// One document, by one caller, in every way there is.
    async fn alike(&self, number: u64, place: usize, seat: &Seat, written: &Written) {
        let Written { text, variables } = written;
        let who = self.who(0, seat, false).await;
        let told = async |who: &Caller, text: String| told_to(who, text, variables).await;
        // A comment at the end makes a new document of it, and moves nothing.
        let expected = told(&who, format!("{text}\n# {number} {place}")).await.unwrap();
        let context = |way: &str| {
            format!(
                "{way}: CAIRN_DOCUMENT_SEED={} document {number}\n{text}\n{}",
                self.seed,
                Json::Object(variables.clone())
            )
        };
        for (world, database) in ["SQLite", "PostgreSQL"].into_iter().enumerate() {
            let who = self.who(world, seat, false).await;
            let new = told(&who, format!("{text}\n# {number} {place} {database}")).await.unwrap();
            assert_eq!(new, expected, "{}", context(&format!("new on {database}")));
            for way in ["sent", "sent again"] {
                let known = told(&who, text.clone()).await.unwrap();
                assert_eq!(known, expected, "{}", context(&format!("{way} on {database}")));
            }
            let who = self.who(world, seat, true).await;
            if let Some(recalled) = told(&who, text.clone()).await {
                assert_eq!(recalled, expected, "{}", context(&format!("recalled on {database}")));
                self.recalled.fetch_add(1, SeqCst);
            }
        }
        self.executed.fetch_add(usize::from(expected.starts_with("200 ")), SeqCst);
        if !expected.contains("{\"errors\":") {
            self.fine.fetch_add(1, SeqCst);
            self.as_the_reference(&who, written, &expected, context("the reference")).await;
        }
    }

    /// The data is what the naive reference makes of the plans of the roots.
    async fn as_the_reference(&self, who: &Caller, written: &Written, expected: &str, context: String) {
        let document = parse_query(&written.text).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let doc =
            Document { operation: &operation.node, fragments: &document.fragments, variables: &written.variables };
        let reference = Reference { tables: &self.worlds[0].tables, who, db: &self.worlds[0].house.database.write };
        let mut members = Vec::new();
        for (key, root) in doc.roots() {
            if told::asked(&root).is_some() {
                return;
            }
            let Some(Ok(read)) = plan::root(who, &doc, &root) else { return };
            members.push(format!("\"{key}\":{}", reference.read(&read).await));
        }
        let data = format!("{{\"data\":{{{}}},\"extensions\"", members.join(","));
        let told = expected.splitn(3, ' ').last().unwrap_or_default();
        assert!(told.starts_with(&data), "{context}\nexpected {data}\nbut was  {told}");
        self.compared.fetch_add(1, SeqCst);
    }

    async fn document(self: Arc<Self>, number: u64) {
        let written = Author::new(self.seed.wrapping_mul(1_000_003) ^ number, &self.sources).document();
        let mut dice = Dice::new(self.seed ^ number ^ 0x5ea7);
        let first = dice.below(self.seats.len());
        let mut callers = JoinSet::new();
        for place in 0..CALLERS {
            let (stage, written) = (Arc::clone(&self), written.clone());
            callers.spawn(async move {
                let seat = &stage.seats[(first + place) % stage.seats.len()];
                stage.alike(number, place, seat, &written).await;
            });
        }
        callers.join_all().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_documents_are_answered_alike_in_every_way() {
    let stage = Arc::new(Stage::new(seed("CAIRN_DOCUMENT_SEED", 11)).await);
    let mut under_way = JoinSet::new();
    for number in 0..documents() {
        if under_way.len() >= TOGETHER {
            under_way.join_next().await.unwrap().unwrap();
        }
        under_way.spawn(Arc::clone(&stage).document(number));
    }
    under_way.join_all().await;
    let asked = usize::try_from(documents()).unwrap() * CALLERS;
    let count = |of: &AtomicUsize| of.load(SeqCst);
    let (executed, fine) = (count(&stage.executed), count(&stage.fine));
    let (recalled, compared) = (count(&stage.recalled), count(&stage.compared));
    println!(
        "{asked} asked, {executed} executed, {fine} without errors, {recalled} recalled, {compared} by the reference"
    );
    assert!(executed > asked / 2, "only {executed} of {asked} were executed");
    assert!(fine > asked / 3, "only {fine} of {asked} were without errors");
    assert!(recalled > asked / 2, "only {recalled} were read for a caller who was recalled");
    assert!(compared > asked / 5, "only {compared} were compared with the reference");
}
