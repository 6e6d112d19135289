//! What the pace of one person and the reports of an organization cost: 10,000 people, 52 weeks, two sessions a week, and
//! a goal and a plan of five items for each of them.
//!
//! `cargo bench --bench pace` fills a private SQLite file, and the PostgreSQL database of `CAIRN_BENCH_DATABASE_URL` when
//! that is set, and prints a table. The rows are the same in every run but for the day on which it runs.
#![expect(clippy::print_stdout, reason = "a benchmark prints its table")]

use std::{
    error::Error,
    sync::{Arc, atomic::Ordering},
    time::Instant,
};

use cairn::{
    auth::access,
    config::Config,
    domain::{self, answer::Answer, caller::Caller, caller::Principal, clock, platform::organization},
    house::House,
    read::{rows::STATEMENTS, sql::Dialect},
};
use chrono::{Days, NaiveDate};
use entity::{
    id::{OrganizationId, UserId},
    platform::membership::Role,
    vocabulary::Set,
};
use sea_orm::{ConnectionTrait as _, TransactionTrait as _};
use serde_json::{Value, json};
use uuid::Uuid;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

const PEOPLE: u64 = 10_000;
/// Two in each of 52 weeks.
const SESSIONS: u64 = 104;
/// Of how many different people each question is asked, and how often. What is about everybody is
/// asked less often.
const ASKED: u64 = 50;
const ROUNDS: u64 = 4;
const REPORTS: u64 = 10;
/// Seals the keys of databases that are thrown away.
const KEY: &str = "dGhpcyBpcyBhIGtleSBmb3IgdGhlIHRlc3RzIG9ubHk=";

/// An answer's name, who asks, and with which input.
type Question = (&'static str, Asker, fn(UserId) -> Value);

/// What is asked: answers that are not offered are left out.
const QUESTIONS: &[Question] = &[
    ("weeklyPace", Asker::Themself, |_| json!({})),
    ("weeklyPace", Asker::Themself, |_| json!({ "weeks": 104 })),
    ("weeklyPace", Asker::Machine, |user| json!({ "userId": user })),
    ("learningReport", Asker::Analyst, |_| json!({})),
    ("learningReport", Asker::Analyst, |_| json!({ "from": year() })),
    ("learningReport", Asker::Analyst, |_| json!({ "from": year(), "groupBy": "GOAL_KIND" })),
    ("learningReport", Asker::Analyst, |_| json!({ "from": year(), "groupBy": "FRAMEWORK" })),
];

/// A day of the first of the last 52 weeks.
fn year() -> NaiveDate {
    clock::now().date_naive() - Days::new(7 * 52)
}

#[derive(Clone, Copy, Debug)]
enum Asker {
    /// A person, about themself.
    Themself,
    /// A machine, about a person.
    Machine,
    /// Who reads reports, about everybody.
    Analyst,
}

#[tokio::main]
async fn main() -> Outcome {
    println!("{:<11} {:<34} {:>10} {:>10} {:>10}", "database", "what", "statements", "median ms", "p99 ms");
    let folder = tempfile::tempdir()?;
    measure(&format!("sqlite://{}", folder.path().join("bench.db").display())).await?;
    if let Ok(url) = std::env::var("CAIRN_BENCH_DATABASE_URL") {
        measure(&url).await?;
    }
    Ok(())
}

async fn measure(url: &str) -> Outcome {
    let house = open(url).await?;
    let crowd = Crowd::new(&house).await?;
    let name = if crowd.dialect == Dialect::Sqlite { "SQLite" } else { "PostgreSQL" };
    let began = Instant::now();
    crowd.settle().await?;
    let filled = format!("{} sessions, filled in {} s", PEOPLE * SESSIONS, began.elapsed().as_secs());
    println!("{name:<11} {filled}");
    for (answer, asker, input) in QUESTIONS {
        match domain::answers().iter().find(|known| known.name == *answer) {
            Some(known) => crowd.time(name, known, *asker, *input).await?,
            None => println!("{name:<11} {answer:<34} not offered"),
        }
    }
    house.database.close().await;
    Ok(())
}

async fn open(url: &str) -> Outcome<Arc<House>> {
    let settings = [("DATABASE_URL", url), ("CAIRN_SECRET_KEY", KEY)];
    let get = |name: &str| settings.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Ok(House::open(Config::from(get)?).await?)
}

/// Many people of one organization who learn.
struct Crowd {
    house: Arc<House>,
    organization: entity::platform::organization::Model,
    dialect: Dialect,
}

impl Crowd {
    async fn new(house: &Arc<House>) -> Outcome<Self> {
        let name = format!("Bench {}", clock::new_uuid());
        let organization = organization::found(house, &name, "bench".into()).await?;
        Ok(Self { house: Arc::clone(house), organization, dialect: house.database.dialect() })
    }

    /// The second half of the organization's id, which begins every id that is made for it: in hexadecimal.
    fn begin(&self) -> String {
        self.organization.id.0.simple().to_string()[16..].to_owned()
    }

    /// The person of a number.
    fn person(&self, number: u64) -> UserId {
        let tail = u64::from_str_radix(&self.begin(), 16).unwrap_or_default();
        UserId(Uuid::from_u64_pair(tail, number))
    }

    /// The id of a number, as an expression of SQL.
    fn id(&self, number: &str) -> String {
        let begin = self.begin();
        match self.dialect {
            Dialect::Sqlite => format!("unhex('{begin}' || printf('%016x', {number}))"),
            Dialect::Postgres => format!("CAST('{begin}' || lpad(to_hex({number}), 16, '0') AS uuid)"),
        }
    }

    /// Some minutes before midnight of yesterday, as an expression of SQL.
    fn ago(&self, minutes: &str) -> String {
        let midnight = self.organization.created_at.format("%Y-%m-%dT00:00:00+00:00");
        match self.dialect {
            Dialect::Sqlite => {
                format!("strftime('%Y-%m-%dT%H:%M:%S+00:00', '{midnight}', '-' || ({minutes}) || ' minutes')")
            }
            Dialect::Postgres => format!("CAST('{midnight}' AS timestamptz) - ({minutes}) * interval '1 minute'"),
        }
    }

    /// Makes the people and what they learnt, in one transaction.
    async fn settle(&self) -> Outcome {
        let OrganizationId(organization) = self.organization.id;
        let (organization, learner) = match self.dialect {
            Dialect::Sqlite => (format!("X'{}'", organization.simple()), Set::EMPTY.with(Role::Learner).bits()),
            Dialect::Postgres => (format!("'{organization}'::uuid"), Set::EMPTY.with(Role::Learner).bits()),
        };
        let (person, then) = (self.id("n"), self.ago("0"));
        let people = format!("WITH RECURSIVE p(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM p WHERE n < {PEOPLE})");
        let each = format!("{people}, s(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM s WHERE k < {SESSIONS} - 1)");
        let email = format!("n || '.{}@bench.example'", self.begin());
        let began = self.ago("k / 2 * 10080 + (n * 7 + k * 31) % 5 * 1440 + n % 12 * 60");
        let day = match self.dialect {
            Dialect::Sqlite => "substr(started_at, 1, 10)",
            Dialect::Postgres => "CAST(started_at AT TIME ZONE 'UTC' AS date)",
        };
        let statements = [
            format!(
                "{people} INSERT INTO \"user\" (id, email, email_folded, name, time_zone, version, created_at, updated_at) \
                 SELECT {person}, {email}, {email}, 'Person', CASE n % 3 WHEN 0 THEN 'Europe/Vienna' WHEN 1 THEN 'Asia/Tokyo' \
                 ELSE 'America/New_York' END, 1, {then}, {then} FROM p"
            ),
            format!(
                "{people} INSERT INTO \"membership\" (id, organization_id, user_id, roles, version, created_at, updated_at) \
                 SELECT {person}, {organization}, {person}, {learner}, 1, {then}, {then} FROM p"
            ),
            format!(
                "{each} INSERT INTO \"learning_session\" (id, organization_id, user_id, started_at, minutes, source, version, \
                 created_at, updated_at) SELECT {}, {organization}, {person}, {began}, 15 + (n * 13 + k * 7) % 76, 'MANUAL', 1, \
                 {then}, {then} FROM p CROSS JOIN s",
                self.id("n * 1000 + k")
            ),
            format!(
                "{people} INSERT INTO \"career_goal\" (id, organization_id, user_id, title, kind, search_text, version, created_at, \
                 updated_at) SELECT {person}, {organization}, {person}, 'Goal', CASE n % 3 WHEN 0 THEN 'ROLE' WHEN 1 THEN \
                 'BUILD_MODEL' ELSE 'OTHER' END, 'goal', 1, {then}, {then} FROM p"
            ),
            format!(
                "{people} INSERT INTO \"learning_plan\" (id, organization_id, owner_id, title, status, search_text, version, \
                 created_at, updated_at) SELECT {person}, {organization}, {person}, 'Plan', CASE n % 4 WHEN 0 THEN 'DRAFT' ELSE \
                 'ACTIVE' END, 'plan', 1, {then}, {then} FROM p"
            ),
            format!(
                "{people}, s(k) AS (SELECT 0 UNION ALL SELECT k + 1 FROM s WHERE k < 4) INSERT INTO \"plan_item\" (id, \
                 organization_id, plan_id, owner_id, competency_id, target_level, status, motivation, weight, sort_order, version, \
                 created_at, updated_at) SELECT {}, {organization}, {person}, {person}, (SELECT c.id FROM \"competency\" c \
                 WHERE c.organization_id IS NULL AND c.code = 'ml.bias-variance'), 2, CASE WHEN (n + k) % 3 = 0 THEN 'DONE' ELSE \
                 'TODO' END, 'GOAL', 1, k, 1, {then}, {then} FROM p CROSS JOIN s",
                self.id("n * 1000 + k")
            ),
            format!(
                "INSERT INTO \"learning_day\" (organization_id, user_id, day, minutes, sessions) SELECT organization_id, user_id, \
                 {day}, CAST(SUM(minutes) AS BIGINT), COUNT(*) FROM \"learning_session\" WHERE organization_id = {organization} \
                 GROUP BY organization_id, user_id, {day}"
            ),
        ];
        let tx = self.house.database.write.begin().await?;
        if self.dialect == Dialect::Postgres {
            tx.execute_unprepared("SET LOCAL statement_timeout = 0").await?;
        }
        for statement in statements {
            tx.execute_unprepared(&statement).await?;
        }
        tx.execute_unprepared("ANALYZE").await?;
        Ok(tx.commit().await?)
    }

    fn caller(&self, asker: Asker, user: UserId) -> Caller {
        let machine = access::operator(&self.house, &self.organization, "bench".into());
        let person = |role| Principal::User { id: user, roles: Set::EMPTY.with(role) };
        match asker {
            Asker::Machine => machine,
            Asker::Themself => Caller { principal: person(Role::Learner), ..machine },
            Asker::Analyst => Caller { principal: person(Role::OrgAnalyst), ..machine },
        }
    }

    /// Asks it of many people, and prints a line of the table.
    async fn time(&self, database: &str, answer: &Answer, asker: Asker, input: fn(UserId) -> Value) -> Outcome {
        let (mut times, mut statements) = (Vec::new(), 0);
        let asked = if matches!(asker, Asker::Analyst) { REPORTS } else { ASKED * ROUNDS };
        for place in 0..asked {
            let user = self.person(1 + place % ASKED * (PEOPLE / ASKED));
            let (who, before) = (self.caller(asker, user), STATEMENTS.load(Ordering::Relaxed));
            let began = Instant::now();
            answer.run(&who, input(user)).await?;
            times.push(began.elapsed());
            statements = statements.max(STATEMENTS.load(Ordering::Relaxed) - before);
        }
        times.sort_unstable();
        let at = |share: usize| times[(times.len() - 1) * share / 100].as_secs_f64() * 1000.0;
        let what = match asker {
            Asker::Machine => format!("{} {{userId}}", answer.name),
            _ => format!("{} {}", answer.name, input(UserId(Uuid::nil()))),
        };
        println!("{database:<11} {what:<34} {statements:>10} {:>10.2} {:>10.2}", at(50), at(99));
        Ok(())
    }
}
