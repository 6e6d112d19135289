//! Migrations that carry something over: rows of before are as good as new ones.

use cairn::domain::{clock, external::Book};
use entity::id::UserId;
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

/// What was copied out of searches is taken back, and what other systems told stays; names are their owners'.
async fn what_left_a_search_goes_back(backend: Backend) {
    let fresh = Fresh::empty(backend).await;
    let create = if backend == Backend::Sqlite { "?mode=rwc" } else { "" };
    let db = Database::connect(format!("{}{create}", fresh.url)).await.unwrap();
    Migrator::up(&db, Some(before("000050_own"))).await.unwrap();
    let [org, ada, ben] = [(); 3].map(|()| clock::new_uuid());
    row(&db, "organization", org, &[], &["name", "name_folded", "settings"]).await;
    for user in [ada, ben] {
        row(&db, "user", user, &[], &["email", "email_folded", "name", "time_zone"]).await;
    }
    let now = clock::now();
    for (kind, actor, data) in [
        ("learning_need.raised", "USER", r#"{"source":"INFO_INTERVIEW","sourceId":"inf_1","strength":20}"#),
        ("learning_need.raised", "CLIENT", r#"{"source":"INFO_INTERVIEW","sourceId":"int_1"}"#),
        ("learning_need.raised", "USER", r#"{"source":"CURIOSITY","sourceId":null}"#),
        (
            "learning_need.met",
            "USER",
            r#"{"competencyId":"c","sources":[{"source":"REJECTION_FEEDBACK","sourceId":"app_1"}]}"#,
        ),
        ("goal_requirement.created", "USER", r#"{"goalId":"g","origin":"INFO_INTERVIEW"}"#),
        ("interaction.created", "USER", r#"{"contactId":"c","kind":"INFORMATIONAL_INTERVIEW"}"#),
    ] {
        let sql = "INSERT INTO \"event\" (id, organization_id, kind, subject_kind, subject_id, subject_version, area, actor_kind, occurred_at, data) \
            VALUES ($1, $2, $3, $4, 'x', 1, 'learning', $5, $6, $7)";
        let subject = kind.split('.').next().unwrap();
        let values: Vec<Value> = vec![
            clock::new_uuid().into(),
            org.into(),
            kind.into(),
            subject.into(),
            actor.into(),
            now.into(),
            data.into(),
        ];
        run(&db, sql, values).await;
    }
    let contacts = [(); 4].map(|()| clock::new_uuid());
    let owners = [ada, ben, ada, ada];
    for (contact, owner) in contacts.iter().zip(owners) {
        let about = [("organization_id", org), ("owner_id", owner)];
        row(&db, "contact", *contact, &about, &["name", "search_text"]).await;
    }
    let person: UserId = ada.into();
    for (contact, source, name) in [
        (contacts[0], "crm".to_owned(), "7".to_owned()),
        (contacts[1], "mail".to_owned(), "8".to_owned()),
        (contacts[2], format!("vcard.{person}"), "urn:1".to_owned()),
        (contacts[3], "sheet".to_owned(), format!("{person}/H1")),
    ] {
        let sql = "INSERT INTO \"external_ref\" (organization_id, kind, source, external_id, target_id) VALUES ($1, 'ctc', $2, $3, $4)";
        run(&db, sql, vec![org.into(), source.into(), name.into(), contact.into()]).await;
    }

    Migrator::up(&db, None).await.unwrap();
    let texts = async |sql: &str| -> Vec<String> {
        let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
        rows.iter().map(|row| row.try_get::<String>("", "told").unwrap()).collect()
    };
    let told: Vec<serde_json::Value> = texts("SELECT data AS told FROM \"event\" ORDER BY seq")
        .await
        .iter()
        .map(|text| serde_json::from_str(text).unwrap())
        .collect();
    let expected = [
        serde_json::json!({ "strength": 20 }),
        serde_json::json!({ "source": "INFO_INTERVIEW", "sourceId": "int_1" }),
        serde_json::json!({ "source": "CURIOSITY", "sourceId": null }),
        serde_json::json!({ "competencyId": "c" }),
        serde_json::json!({ "goalId": "g", "origin": "USER" }),
        serde_json::json!({ "contactId": "c", "kind": "MEETING" }),
    ];
    assert_eq!(told, expected);
    let book = |owner: Uuid| Book::of_person("ctc", owner.into()).word().to_owned();
    let mut known = texts("SELECT kind || ' ' || source || ' ' || external_id AS told FROM \"external_ref\"").await;
    known.sort();
    let mut expected = [
        format!("{} crm 7", book(ada)),
        format!("{} mail 8", book(ben)),
        format!("{} vcard urn:1", book(ada)),
        format!("{} sheet H1", book(ada)),
    ];
    expected.sort();
    assert_eq!(known, expected);
    db.close().await.unwrap();
    fresh.end().await;
}

/// Industries are told apart as they are from now on.
async fn names_of_industries_keep_their_marks(backend: Backend) {
    let fresh = Fresh::empty(backend).await;
    let create = if backend == Backend::Sqlite { "?mode=rwc" } else { "" };
    let db = Database::connect(format!("{}{create}", fresh.url)).await.unwrap();
    Migrator::up(&db, Some(before("000056_spelling"))).await.unwrap();
    let now = clock::now();
    let table = [
        ("C++ tools", "c tools", "c++ tools"),
        ("IT & .NET", "it net", "it .net"),
        ("???", "", "???"),
        ("Oil and gas", "oil and gas", "oil and gas"),
    ];
    let orgs = [(); 2].map(|()| clock::new_uuid());
    for org in orgs {
        row(&db, "organization", org, &[], &["name", "name_folded", "settings"]).await;
        for (name, was, _) in table {
            let sql = "INSERT INTO \"industry\" (id, organization_id, name, name_folded, aliases, search_text, version, created_at, updated_at) \
                VALUES ($1, $2, $3, $4, '[]', '', 1, $5, $5)";
            let values = vec![clock::new_uuid().into(), org.into(), name.into(), was.into(), now.into()];
            run(&db, sql, values).await;
        }
    }
    Migrator::up(&db, None).await.unwrap();
    let sql = "SELECT name, name_folded FROM \"industry\"";
    let rows = db.query_all_raw(Statement::from_string(db.get_database_backend(), sql)).await.unwrap();
    let text = |row: &sea_orm::QueryResult, column: &str| row.try_get::<String>("", column).unwrap();
    let mut told: Vec<_> = rows.iter().map(|row| (text(row, "name"), text(row, "name_folded"))).collect();
    told.sort();
    let mut expected: Vec<_> =
        table.iter().chain(&table).map(|(name, _, is)| ((*name).to_owned(), (*is).to_owned())).collect();
    expected.sort();
    assert_eq!(told, expected);
    db.close().await.unwrap();
    fresh.end().await;
}

mod sqlite {
    #[tokio::test]
    async fn evidence_of_before_gets_a_standing() {
        super::evidence_of_before_gets_a_standing(crate::harness::Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn what_left_a_search_goes_back() {
        super::what_left_a_search_goes_back(crate::harness::Backend::Sqlite).await;
    }

    #[tokio::test]
    async fn names_of_industries_keep_their_marks() {
        super::names_of_industries_keep_their_marks(crate::harness::Backend::Sqlite).await;
    }
}

mod postgres {
    #[tokio::test]
    async fn evidence_of_before_gets_a_standing() {
        super::evidence_of_before_gets_a_standing(crate::harness::Backend::Postgres).await;
    }

    #[tokio::test]
    async fn what_left_a_search_goes_back() {
        super::what_left_a_search_goes_back(crate::harness::Backend::Postgres).await;
    }

    #[tokio::test]
    async fn names_of_industries_keep_their_marks() {
        super::names_of_industries_keep_their_marks(crate::harness::Backend::Postgres).await;
    }
}
