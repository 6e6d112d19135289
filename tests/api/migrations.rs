//! Migrations that carry something over: rows of before are as good as new ones.

use cairn::domain::clock;
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{ConnectionTrait as _, Database, DatabaseConnection, Statement, Value};
use uuid::Uuid;

use crate::harness::{Backend, database::Fresh};

/// How many migrations come before one.
fn before(name: &str) -> u32 {
    let place = Migrator::migrations().iter().position(|one| one.name().contains(name)).expect("the migration");
    u32::try_from(place).unwrap()
}

async fn run(db: &DatabaseConnection, sql: &str, values: Vec<Value>) {
    db.execute_raw(Statement::from_sql_and_values(db.get_database_backend(), sql, values)).await.unwrap();
}

/// Adds a row of these columns and what every table has; the texts are the same everywhere.
async fn row(db: &DatabaseConnection, table: &str, id: Uuid, ids: &[(&str, Uuid)], texts: &[&str]) {
    let now = clock::now();
    let mut columns = vec!["id", "version", "created_at", "updated_at"];
    let mut values: Vec<Value> = vec![id.into(), 1_i64.into(), now.into(), now.into()];
    for (name, id) in ids {
        columns.push(name);
        values.push((*id).into());
    }
    for name in texts {
        columns.push(name);
        values.push(format!("{table} {id}").into());
    }
    let names: Vec<String> = columns.iter().map(|name| format!("\"{name}\"")).collect();
    let places: Vec<String> = (1..=columns.len()).map(|place| format!("${place}")).collect();
    run(db, &format!("INSERT INTO \"{table}\" ({}) VALUES ({})", names.join(", "), places.join(", ")), values).await;
}

async fn evidence_of_before_gets_a_standing(backend: Backend) {
    let fresh = Fresh::empty(backend).await;
    let create = if backend == Backend::Sqlite { "?mode=rwc" } else { "" };
    let db = Database::connect(format!("{}{create}", fresh.url)).await.unwrap();
    Migrator::up(&db, Some(before("000020_standing"))).await.unwrap();
    let [org, ada, ben, framework, competency] = [(); 5].map(|()| clock::new_uuid());
    row(&db, "organization", org, &[], &["name", "name_folded", "settings"]).await;
    for user in [ada, ben] {
        row(&db, "user", user, &[], &["email", "email_folded", "name", "time_zone"]).await;
    }
    let now = clock::now();
    let sql = "INSERT INTO \"competency_framework\" (id, short_name, title, edition, scale, visible, search_text, version, created_at, updated_at) \
        VALUES ($1, 'f', 'F', '1', '{}', true, 'f', 1, $2, $2)";
    run(&db, sql, vec![framework.into(), now.into()]).await;
    let sql = "INSERT INTO \"competency\" (id, framework_id, code, name, path, sort_order, rule, alignments, search_text, version, created_at, updated_at) \
        VALUES ($1, $2, 'c', 'C', 'c', 0, 'NONE', '[]', 'c', 1, $3, $3)";
    run(&db, sql, vec![competency.into(), framework.into(), now.into()]).await;
    let about = |user| [("organization_id", org), ("user_id", user), ("competency_id", competency)];
    for user in [ada, ada, ben] {
        let sql = "INSERT INTO \"evidence\" (id, organization_id, user_id, competency_id, action, source, actor_kind, occurred_at, version, created_at, updated_at) \
            VALUES ($1, $2, $3, $4, 'LOG', 'COURSE_COMPLETION', 'SYSTEM', $5, 1, $5, $5)";
        let values = vec![clock::new_uuid().into(), org.into(), user.into(), competency.into(), now.into()];
        run(&db, sql, values).await;
    }
    // One of them stands somewhere already.
    let known = clock::new_uuid();
    row(&db, "user_competency", known, &about(ben), &["status", "calculation"]).await;

    Migrator::up(&db, None).await.unwrap();
    let sql = "SELECT e.user_id, u.id, u.status, u.level, u.user_id = e.user_id AND u.competency_id = e.competency_id AS same \
        FROM \"evidence\" e JOIN \"user_competency\" u ON u.id = e.user_competency_id";
    let linked = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let standings = |user: Uuid| -> Vec<Uuid> {
        let of = linked.iter().filter(|row| row.try_get::<Uuid>("", "user_id").unwrap() == user);
        of.map(|row| row.try_get("", "id").unwrap()).collect()
    };
    assert_eq!(linked.len(), 3, "all of it is linked");
    assert!(linked.iter().all(|row| row.try_get::<bool>("", "same").unwrap()));
    assert_eq!(standings(ben), [known]);
    let hers = standings(ada);
    assert!(hers.len() == 2 && hers[0] == hers[1] && hers[0] != known, "one standing for all that is of one thing");
    let new = linked.iter().find(|row| row.try_get::<Uuid>("", "user_id").unwrap() == ada).unwrap();
    assert_eq!(new.try_get::<String>("", "status").unwrap(), "IDLE");
    assert_eq!(new.try_get::<Option<i64>>("", "level").unwrap(), None);
    db.close().await.unwrap();
    fresh.end().await;
}

mod sqlite {
    #[tokio::test]
    async fn evidence_of_before_gets_a_standing() {
        super::evidence_of_before_gets_a_standing(crate::harness::Backend::Sqlite).await;
    }
}

mod postgres {
    #[tokio::test]
    async fn evidence_of_before_gets_a_standing() {
        super::evidence_of_before_gets_a_standing(crate::harness::Backend::Postgres).await;
    }
}
