//! The law of reads: random plans over random data give the same bytes on SQLite, on PostgreSQL, and on a naive
//! reference that walks the same plan row by row; and no row of another organization is in any.

mod author;
mod data;
pub mod dice;
mod documents;
mod random;
mod reference;

use std::sync::Arc;

use cairn::{
    domain::caller::{Caller, Principal},
    house::House,
    read::{
        self,
        execute::permitted,
        plan::{COST_MAX, Root, cost},
    },
};
use entity::{
    id::OrganizationId,
    platform::{client::Scope, organization},
    vocabulary::{Set, Vocabulary as _},
};
use sea_orm::EntityTrait as _;

use crate::harness;
use data::Made;
use dice::Dice;
use random::Planner;
use reference::{Reference, Tables};

/// One database with random rows, and those rows in memory.
struct World {
    house: Arc<House>,
    tables: Tables,
    made: Made,
}

impl World {
    async fn new(house: Arc<House>, seed: u64) -> Self {
        let made = data::fill(&house.database.write, seed).await;
        let tables = Tables::load(&house.database.write).await;
        Self { house, tables, made }
    }

    /// Somebody of an organization: the same one on every database, for the same number.
    async fn caller(&self, number: u64) -> Caller {
        let mut dice = Dice::new(number);
        let (organization, principal) = if dice.once_in(2) {
            let id = *dice.pick(&self.made.organizations);
            (id, Principal::Client { id: entity::id::ClientId(uuid::Uuid::nil()) })
        } else {
            let (organization, id, roles) = *dice.pick(&self.made.members);
            (organization, Principal::User { id, roles })
        };
        let all: Set<Scope> = Scope::ALL.iter().copied().collect();
        let scopes = if dice.once_in(4) { Set::from_bits(all.bits() & dice.next() as i64) } else { all };
        let row = organization::Entity::find_by_id(organization).one(&self.house.database.read).await.unwrap().unwrap();
        Caller {
            house: Arc::clone(&self.house),
            organization,
            settings: row.settings.0.into(),
            principal,
            scopes,
            session: None,
            request_id: "test".into(),
            now: data::moment(&mut dice),
            idempotency: None,
            recalled: None,
        }
    }

    async fn plan(&self, number: u64) -> (Caller, Vec<Root>) {
        let who = self.caller(number).await;
        let roots = Planner { dice: Dice::new(number ^ 0xabcd), tables: &self.tables }.roots();
        (who, roots)
    }

    async fn answers(&self, number: u64) -> Option<(Caller, Vec<Root>, Vec<String>)> {
        let (who, roots) = self.plan(number).await;
        if cost(&roots) > COST_MAX || roots.iter().any(|root| permitted(&who, &root.read).is_err()) {
            return None;
        }
        let answer = read::run(&who, &roots).await.unwrap_or_else(|error| panic!("plan {number}: {error}"));
        let answers = answer.bytes.into_iter().map(|bytes| String::from_utf8(bytes).unwrap()).collect();
        Some((who, roots, answers))
    }
}

/// How many plans each run tries; `CAIRN_PLANS` asks for more.
fn plans() -> u64 {
    std::env::var("CAIRN_PLANS").ok().and_then(|text| text.parse().ok()).unwrap_or(1500)
}

#[tokio::test]
async fn random_plans_give_the_same_bytes_on_three_executors() {
    let seed = 7;
    let sqlite = World::new(harness::sqlite_house().await, seed).await;
    let postgres = World::new(harness::postgres_house().await, seed).await;
    let (mut compared, mut bytes) = (0, 0);
    for number in 0..plans() {
        let Some((who, roots, answers)) = sqlite.answers(number).await else {
            assert!(postgres.answers(number).await.is_none());
            continue;
        };
        let (_, _, others) = postgres.answers(number).await.unwrap();
        let reference = Reference { tables: &sqlite.tables, who: &who, db: &sqlite.house.database.write };
        for ((root, answer), other) in roots.iter().zip(&answers).zip(&others) {
            let expected = reference.read(&root.read).await;
            assert_eq!(answer, &expected, "plan {number} on SQLite: {:#?}", root.read);
            assert_eq!(other, &expected, "plan {number} on PostgreSQL: {:#?}", root.read);
            assert!(
                serde_json::from_str::<serde_json::Value>(&expected).is_ok(),
                "plan {number} is not JSON: {expected}"
            );
            bytes += expected.len();
        }
        strangers(&sqlite, who.organization, &answers, number);
        compared += 1;
    }
    assert!(compared > plans() * 3 / 4, "only {compared} plans were compared");
    println!("{compared} plans, {bytes} bytes each on three executors");
}

/// No answer names a row that belongs to another organization.
fn strangers(world: &World, organization: OrganizationId, answers: &[String], number: u64) {
    use cairn::read::{cell::Cell, shape::shapes};
    for shape in shapes() {
        for row in world.tables.rows(shape.table) {
            let foreign = matches!(row.get("organization_id"), Some(Cell::Uuid(id)) if *id != organization.0);
            let id = row["id"].uuid().unwrap();
            let shown = entity::id::encode(shape.prefix, id);
            assert!(!foreign || answers.iter().all(|answer| !answer.contains(&shown)), "plan {number} shows {shown}");
        }
    }
}
