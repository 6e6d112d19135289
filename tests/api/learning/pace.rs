//! The pace: week by week in one's own time zone, streaks that pauses do not break, and when a plan will be done (§4).

use cairn::domain::{clock, learning::week::week_of};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{learning::career_profile, platform::organization::WeekStart};
use migration::{Migrator, MigratorTrait as _};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, DatabaseConnection, EntityTrait as _, QueryFilter as _,
};
use serde_json::{Value, json};

use crate::harness::{Actor, Api, Backend, Organization, assert_snapshot, database::Fresh, stories_in_both_faces};

stories_in_both_faces!(
    week_by_week,
    streaks_and_pauses,
    weeks_begin_where_one_says,
    whoever_moves_loses_nothing,
    whose_pace_is_whose_to_know,
    curiosity_counts_for_the_pace,
    when_a_plan_will_be_done,
);

/// The first day of the current week, in UTC.
fn monday() -> NaiveDate {
    week_of(clock::now().date_naive(), WeekStart::Monday)
}

/// An hour of a day of a week that is so many weeks ago.
fn ago(weeks: u64, day: u64, hour: i64) -> DateTime<Utc> {
    let date = monday() - Days::new(7 * weeks) + Days::new(day);
    date.and_time(chrono::NaiveTime::MIN).and_utc() + TimeDelta::hours(hour)
}

async fn learns(who: &Actor, at: DateTime<Utc>, minutes: i64) {
    who.create("LearningSession", json!({ "startedAt": clock::rfc3339(at), "minutes": minutes })).await.done();
}

async fn aims(organization: &Organization, who: &Actor, target: Option<i64>, week_start: Option<WeekStart>) {
    let now = clock::now();
    // In place of the one that joining made.
    let of = career_profile::Column::UserId.eq(who.user());
    career_profile::Entity::delete_many().filter(of).exec(&organization.api.house.database.write).await.unwrap();
    let row = career_profile::ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(organization.row.id),
        user_id: Set(who.user()),
        headline: Set(None),
        current_role: Set(None),
        current_industry: Set(None),
        current_employer_kind: Set(None),
        current_since: Set(None),
        weekly_learning_target_minutes: Set(target),
        week_start: Set(week_start),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    };
    row.insert(&organization.api.house.database.write).await.unwrap();
}

async fn pace(who: &Actor, asked: Value) -> Value {
    who.ask("weeklyPace", asked).await.done()
}

/// One member of every week, the oldest first.
fn each(pace: &Value, name: &str) -> Value {
    pace["weeks"].as_array().unwrap().iter().map(|week| week[name].clone()).collect()
}

async fn week_by_week(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    let new = pace(&ada, json!({})).await;
    assert_eq!(
        (&new["timeZone"], &new["weekStart"], &new["targetMinutes"]),
        (&json!("UTC"), &json!("MONDAY"), &Value::Null)
    );
    assert_eq!(
        (&new["streakWeeks"], &new["longestStreakWeeks"], &new["meanMinutes"]),
        (&json!(0), &json!(0), &json!(0))
    );
    assert_eq!((new["weeks"].as_array().unwrap().len(), &new["currentWeekOn"]), (12, &json!(monday())));
    aims(&acme, &ada, Some(60), None).await;
    for (weeks, day, minutes) in [(3, 0, 30), (3, 0, 20), (3, 6, 10), (2, 3, 59), (1, 6, 90)] {
        learns(&ada, ago(weeks, day, 10), minutes).await;
    }
    learns(&ada, clock::now(), 10).await;
    let told = pace(&ada, json!({ "weeks": 4 })).await;
    assert_eq!(each(&told, "minutes"), json!([60, 59, 90, 10]));
    assert_eq!(each(&told, "activeDays"), json!([2, 1, 1, 1]));
    assert_eq!(each(&told, "met"), json!([true, false, true, null]), "the current week may still reach it");
    assert_eq!(each(&told, "startsOn")[3], told["currentWeekOn"]);
    let (middle, number) = (monday() + Days::new(3), &each(&told, "isoWeek")[3]);
    assert_eq!(number, &json!(middle.format("%G-W%V").to_string()));
    assert_eq!((&told["streakWeeks"], &told["longestStreakWeeks"]), (&json!(1), &json!(1)));
    assert_eq!(told["meanMinutes"], (60 + 59 + 90) / 6);
    learns(&ada, clock::now(), 50).await;
    let met = pace(&ada, json!({ "weeks": 1 })).await;
    assert_eq!((&each(&met, "met"), &met["streakWeeks"]), (&json!([true]), &json!(2)));
    for weeks in [0, 105] {
        assert_eq!(ada.ask("weeklyPace", json!({ "weeks": weeks })).await.code(), "VALIDATION_FAILED");
    }
}

async fn streaks_and_pauses(api: Api) {
    let acme = api.organization("Acme").await;
    let ada = acme.learner("ada").await;
    // Twenty weeks, each with a session, but for the tenth and the twelfth.
    for weeks in (1..=20).filter(|weeks| ![10, 12].contains(weeks)) {
        learns(&ada, ago(weeks, 2, 8), 5).await;
    }
    let told = pace(&ada, json!({ "weeks": 2 })).await;
    assert_eq!((&told["streakWeeks"], &told["longestStreakWeeks"]), (&json!(9), &json!(9)), "beyond the weeks told");
    // A single day of the tenth week is declared afterwards.
    let day = ago(10, 4, 0).date_naive();
    let paused = ada.create("LearningPause", json!({ "startsOn": day, "endsOn": day })).await.id();
    let told = pace(&ada, json!({ "weeks": 13 })).await;
    assert_eq!(
        (&told["streakWeeks"], &told["longestStreakWeeks"]),
        (&json!(10), &json!(10)),
        "neither breaks nor counts"
    );
    assert_eq!((&each(&told, "paused")[2], &each(&told, "met")[2]), (&json!(true), &Value::Null));
    assert_eq!((&each(&told, "paused")[0], &each(&told, "met")[0]), (&json!(false), &json!(false)));
    ada.tell("LearningPause", "delete", &paused).await.done();
    assert_eq!(pace(&ada, json!({})).await["streakWeeks"], 9);
    // It looks back three years.
    learns(&ada, ago(155, 0, 0), 5).await;
    learns(&ada, ago(156, 6, 23), 5).await;
    assert_eq!(pace(&ada, json!({})).await["streakWeeks"], 9);
}

async fn weeks_begin_where_one_says(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    acme.decide(&root, json!({ "weekStart": "SUNDAY" })).await;
    aims(&acme, &ben, None, Some(WeekStart::Saturday)).await;
    // A Saturday and a Sunday of three weeks ago, and the Monday after them.
    for who in [&ada, &ben] {
        for (day, minutes) in [(5, 1), (6, 10), (7, 100)] {
            learns(who, ago(3, day, 12), minutes).await;
        }
    }
    let weeks = async |who: &Actor| {
        let told = pace(who, json!({ "weeks": 6 })).await;
        let learnt: Vec<Value> = each(&told, "minutes")
            .as_array()
            .unwrap()
            .iter()
            .filter(|minutes| **minutes != json!(0))
            .cloned()
            .collect();
        (told["weekStart"].clone(), learnt)
    };
    assert_eq!(weeks(&ada).await, (json!("SUNDAY"), vec![json!(1), json!(110)]));
    assert_eq!(weeks(&ben).await, (json!("SATURDAY"), vec![json!(111)]));
}

async fn whoever_moves_loses_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.omnipotent().await);
    // Around midnight between two weeks, and every five hours for a month before.
    let all = (0..150).map(|place| (ago(1, 0, 1) - TimeDelta::hours(5 * place), place + 1));
    let sessions: Vec<Value> = all
        .map(|(at, minutes)| json!({ "startedAt": clock::rfc3339(at), "minutes": minutes, "userId": ada.id }))
        .collect();
    let sum: i64 = (1..=150).sum();
    machine.post("/learning-sessions", json!(sessions)).await.fine();
    let mut tables = Vec::new();
    for zone in ["UTC", "Pacific/Kiritimati", "America/Los_Angeles", "Europe/Vienna"] {
        machine.update("User", &ada.id, json!({ "timeZone": zone })).await.done();
        let told = pace(&ada, json!({ "weeks": 12 })).await;
        let minutes: Vec<i64> = each(&told, "minutes").as_array().unwrap().iter().filter_map(Value::as_i64).collect();
        assert_eq!((minutes.iter().sum::<i64>(), &told["timeZone"]), (sum, &json!(zone)));
        tables.push(minutes);
    }
    assert_ne!(tables[0], tables[2], "an hour into Monday it is Sunday in Los Angeles");
}

async fn whose_pace_is_whose_to_know(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let adas = json!({ "userId": ada.id });
    let eve = api.organization("Beta").await.learner("eve").await;
    for who in [&ben, &kim, &acme.admin("root").await, &acme.analyst("noor").await, &eve] {
        assert_eq!(who.ask("weeklyPace", adas.clone()).await.said(), "GRANT_REQUIRED");
    }
    ada.opens(&kim, &["learning:read"]).await;
    assert_eq!(pace(&kim, adas.clone()).await["userId"], ada.id);
    let moodle = acme.moodle().await;
    assert_eq!(pace(&moodle, adas).await["userId"], ada.id);
    assert_snapshot!(moodle.ask("weeklyPace", json!({})).await.code(), @"OWNER_REQUIRED");
}

async fn curiosity_counts_for_the_pace(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, root) = (acme.learner("ada").await, acme.admin("root").await);
    aims(&acme, &ada, Some(60), None).await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let plan = ada.plan("Learn").await;
    let item = json!({ "planId": plan, "competencyId": leaf, "motivation": "CURIOSITY" });
    let item = ada.create("PlanItem", item).await.id();
    let session = json!({ "startedAt": clock::rfc3339(ago(1, 0, 9)), "minutes": 60, "planItemId": item });
    ada.create("LearningSession", session).await.done();
    let told = pace(&ada, json!({ "weeks": 2 })).await;
    assert_eq!((&told["streakWeeks"], &each(&told, "met")[0]), (&json!(1), &json!(true)));
    let forecast = ada.ask("planForecast", json!({ "planId": plan })).await.done();
    assert_eq!((&forecast["remainingMinutes"], &forecast["itemsWithoutEstimate"]), (&json!(0), &json!(0)));
}

async fn when_a_plan_will_be_done(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, root) = (acme.learner("ada").await, acme.learner("ben").await, acme.admin("root").await);
    acme.decide(&root, json!({ "selfApproval": true })).await;
    let (_, [first, leaf, other]) = root.framework("own").await;
    let resource = async |minutes: Option<i64>| {
        ada.create("LearningResource", json!({ "kind": "BOOK", "title": "B", "estimatedMinutes": minutes })).await.id()
    };
    let (course, book, talk) = (resource(Some(600)).await, resource(Some(90)).await, resource(None).await);
    let today = clock::now().date_naive();
    let due = today + Days::new(70);
    let plan = ada.create("LearningPlan", json!({ "title": "Learn", "dueOn": due })).await.id();
    let add = async |competency: &str, resources: Value, motivation: &str| {
        let item = json!({
            "planId": plan, "competencyId": competency, "resourceIds": resources, "motivation": motivation,
        });
        ada.create("PlanItem", item).await.id()
    };
    let forecast = async || ada.ask("planForecast", json!({ "planId": plan })).await.done();
    let empty = forecast().await;
    assert_eq!((&empty["estimatedCompletionOn"], &empty["late"]), (&Value::Null, &json!(false)));
    let item = add(&first, json!([course]), "GOAL").await;
    add(&leaf, json!([course, book]), "OBSTACLE").await;
    add(&other, json!([talk]), "GOAL").await;
    add(&other, json!([book]), "CURIOSITY").await;
    let still = forecast().await;
    assert_eq!((&still["remainingMinutes"], &still["itemsWithoutEstimate"]), (&json!(690), &json!(1)));
    assert_eq!(
        (&still["weeklyMeanMinutes"], &still["estimatedCompletionOn"]),
        (&json!(0), &Value::Null),
        "not infinity"
    );
    assert_eq!((&still["dueOn"], &still["late"]), (&json!(due), &Value::Null));
    learns(&ada, ago(1, 2, 10), 6 * 69).await;
    let moving = forecast().await;
    assert_eq!(moving["weeklyMeanMinutes"], 69);
    assert_eq!((&moving["estimatedCompletionOn"], &moving["late"]), (&json!(due), &json!(false)));
    ada.update("LearningPlan", &plan, json!({ "dueOn": due - Days::new(1) })).await.done();
    assert_eq!(forecast().await["late"], true);
    ada.update("PlanItem", &item, json!({ "status": "DONE" })).await.done();
    assert_eq!(forecast().await["remainingMinutes"], 690, "the other item still needs the course");
    ada.tell("LearningPlan", "approve", &plan).await.done();
    ada.tell("LearningPlan", "complete", &plan).await.done();
    let done = forecast().await;
    assert_eq!((&done["remainingMinutes"], &done["late"]), (&json!(0), &json!(false)));
    assert_snapshot!(ben.ask("planForecast", json!({ "planId": plan })).await.said(), @"NOT_FOUND");
}

/// Sessions from before the days were kept are counted by the migration that keeps them.
#[tokio::test]
async fn sessions_of_before_are_counted() {
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let fresh = Fresh::empty(backend).await;
        let url = if backend == Backend::Sqlite { format!("{}?mode=rwc", fresh.url) } else { fresh.url.clone() };
        let db = sea_orm::Database::connect(url).await.unwrap();
        let before = Migrator::migrations().iter().position(|one| one.name().ends_with("_pace")).unwrap();
        Migrator::up(&db, u32::try_from(before).ok()).await.unwrap();
        let (organization, user) = (clock::new_uuid(), clock::new_uuid());
        let now = clock::now();
        for (sql, values) in [
            (
                "INSERT INTO organization (id, name, name_folded, settings, version, created_at, updated_at) VALUES ($1, 'A', 'a', '{}', 1, $2, $2)",
                vec![organization.into(), now.into()],
            ),
            (
                "INSERT INTO \"user\" (id, email, email_folded, name, time_zone, version, created_at, updated_at) VALUES ($1, 'a@b.c', 'a@b.c', 'A', 'UTC', 1, $2, $2)",
                vec![user.into(), now.into()],
            ),
        ] {
            run(&db, sql, values).await;
        }
        for (at, minutes, gone) in [
            ("2026-03-01T23:59:59.999999Z", 30_i64, false),
            ("2026-03-01T00:00:00Z", 5, false),
            ("2026-03-02T00:00:00Z", 7, true),
        ] {
            let sql = "INSERT INTO learning_session (id, organization_id, user_id, started_at, minutes, source, version, created_at, updated_at, deleted_at) \
                       VALUES ($1, $2, $3, $4, $5, 'MANUAL', 1, $6, $6, $7)";
            let at: DateTime<Utc> = at.parse().unwrap();
            let gone = gone.then_some(now);
            let values = vec![
                clock::new_uuid().into(),
                organization.into(),
                user.into(),
                at.into(),
                minutes.into(),
                now.into(),
                gone.into(),
            ];
            run(&db, sql, values).await;
        }
        Migrator::up(&db, None).await.unwrap();
        let sql = "SELECT CAST(day AS text) AS day, minutes, sessions FROM learning_day";
        let rows = sea_orm::ConnectionTrait::query_all_raw(
            &db,
            sea_orm::Statement::from_string(sea_orm::ConnectionTrait::get_database_backend(&db), sql),
        )
        .await
        .unwrap();
        let told = |name: &str| rows[0].try_get::<i64>("", name).unwrap();
        assert_eq!((rows.len(), told("minutes"), told("sessions")), (1, 35, 2));
        assert_eq!(rows[0].try_get::<String>("", "day").unwrap(), "2026-03-01");
        fresh.end().await;
    }
}

async fn run(db: &DatabaseConnection, sql: &str, values: Vec<sea_orm::Value>) {
    use sea_orm::ConnectionTrait as _;
    let statement = sea_orm::Statement::from_sql_and_values(db.get_database_backend(), sql, values);
    db.execute_raw(statement).await.unwrap();
}
