//! Group commit on SQLite: who is told that it is done shares an fsync with others, and nothing else.

use std::{future::Future, pin::pin, sync::atomic::Ordering};

use cairn::{
    database::COMMITS,
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
        tx::Tx,
    },
};
use futures_util::{future::join_all, poll};
use sea_orm::{ConnectionTrait as _, DbErr, Statement, Value};

use crate::harness::{Api, Backend, api, run};

/// The stories count the commits of this process, and write a table of their own.
async fn tell<F: Future<Output = ()>>(story: impl Fn(Api, Caller) -> F) {
    if !run::alone() {
        return run::again_alone();
    }
    api::tell(Backend::Sqlite, async |api: Api| {
        let root = api.organization("Acme").await.admin("root").await;
        let token = root.token.as_deref().unwrap();
        let who = cairn::auth::identify::identify(&api.house, token, "test".into()).await.unwrap();
        api.execute("CREATE TABLE line (text text NOT NULL)", Vec::new()).await;
        story(api, who).await;
    })
    .await;
}

fn commits() -> u64 {
    COMMITS.load(Ordering::Relaxed)
}

fn statement(sql: &str, values: Vec<Value>) -> Statement {
    Statement::from_sql_and_values(sea_orm::DbBackend::Sqlite, sql, values)
}

async fn note(tx: &Tx, line: &str) -> std::result::Result<(), DbErr> {
    tx.db.execute_raw(statement("INSERT INTO line (text) VALUES ($1)", vec![line.into()])).await.map(drop)
}

/// A unit of work that notes something.
async fn write(who: &Caller, line: &str) -> Result<()> {
    let tx = who.begin().await?;
    note(&tx, line).await?;
    tx.finish(Vec::new(), false).await.map(drop)
}

/// What everybody else sees.
async fn lines(who: &Caller) -> Vec<String> {
    let rows =
        who.house.database.read.query_all_raw(statement("SELECT text FROM line ORDER BY text", Vec::new())).await;
    rows.unwrap().iter().map(|row| row.try_get("", "text").unwrap()).collect()
}

fn refusal() -> Error {
    Error::new(Code::Forbidden, "no")
}

/// A unit that does not come to its end, in one of several ways; the first is told, the others went away.
async fn fail(who: &Caller, way: usize, line: &str) -> Result<()> {
    match way {
        0 => {
            let tx = who.begin().await?;
            note(&tx, line).await?;
            Err(refusal())
        }
        1 => {
            let tx = who.begin().await?;
            let _ = poll!(pin!(note(&tx, line)));
            Err(refusal())
        }
        2 => {
            let _ = poll!(pin!(who.begin()));
            Err(refusal())
        }
        _ => {
            // Somebody who goes away in the middle of everything, at each place in turn.
            for polls in 0..way {
                let mut unit = pin!(async {
                    let tx = who.begin().await?;
                    note(&tx, line).await?;
                    note(&tx, line).await?;
                    Err::<(), _>(refusal())
                });
                for _ in 0..polls {
                    if poll!(&mut unit).is_ready() {
                        break;
                    }
                    tokio::task::yield_now().await;
                }
            }
            Err(refusal())
        }
    }
}

#[tokio::test]
async fn those_who_come_together_share_commits_and_nothing_else() {
    tell(async |_, who| {
        for round in 0..5 {
            let (before, were) = (commits(), lines(&who).await.len());
            let units = (0..40).map(|n: usize| {
                let (line, who) = (format!("{round}-{n:02}"), who.clone());
                async move {
                    match n % 3 {
                        0 => fail(&who, n / 3, &line).await.map(|()| line),
                        _ => write(&who, &line).await.map(|()| line),
                    }
                }
            });
            let told: Vec<String> = join_all(units).await.into_iter().filter_map(Result::ok).collect();
            assert_eq!(told.len(), 26);
            let are: Vec<String> =
                lines(&who).await.into_iter().filter(|line| line.starts_with(&format!("{round}-"))).collect();
            assert_eq!(are, told);
            assert_eq!(lines(&who).await.len(), were + 26);
            let took = commits() - before;
            assert!((1..=20).contains(&took), "{took} commits for 26 units");
        }
    })
    .await;
}

#[tokio::test]
async fn alone_nothing_is_shared() {
    tell(async |_, who| {
        let before = commits();
        for n in 0..5 {
            write(&who, &n.to_string()).await.unwrap();
            assert_eq!(commits() - before, n + 1);
            fail(&who, 0, "no").await.unwrap_err();
        }
        assert_eq!(commits() - before, 5);
        assert_eq!(lines(&who).await, ["0", "1", "2", "3", "4"]);
    })
    .await;
}

#[tokio::test]
async fn nobody_is_told_before_the_commit() {
    tell(async |_, who| {
        let (first, second) = (who.begin().await.unwrap(), who.clone());
        note(&first, "first").await.unwrap();
        let mut second = pin!(second.begin());
        assert!(poll!(&mut second).is_pending());
        let mut told = pin!(first.finish(Vec::new(), false));
        assert!(poll!(&mut told).is_pending());
        // The second works where the first did, and sees it; others do not.
        let second = second.await.unwrap();
        let row = second.db.query_one_raw(statement("SELECT text FROM line", Vec::new())).await.unwrap().unwrap();
        assert_eq!(row.try_get::<String>("", "text").unwrap(), "first");
        assert!(poll!(&mut told).is_pending());
        assert_eq!(lines(&who).await, [] as [&str; 0]);
        // Who is refused for what is seen there is not told before either.
        let mut settled = pin!(who.house.database.settled());
        assert!(poll!(&mut settled).is_pending());
        note(&second, "second").await.unwrap();
        // Nobody else comes, and this one goes away.
        let before = commits();
        drop(second);
        told.await.unwrap();
        settled.await.unwrap();
        assert_eq!(lines(&who).await, ["first"]);
        assert_eq!(commits() - before, 1);
        who.house.database.settled().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn who_goes_away_after_the_work_has_worked() {
    tell(async |_, who| {
        let (first, other) = (who.begin().await.unwrap(), who.clone());
        note(&first, "first").await.unwrap();
        let mut second = pin!(other.begin());
        assert!(poll!(&mut second).is_pending());
        {
            let mut told = pin!(first.finish(Vec::new(), false));
            assert!(poll!(&mut told).is_pending());
        }
        let second = second.await.unwrap();
        note(&second, "second").await.unwrap();
        second.finish(Vec::new(), false).await.unwrap();
        assert_eq!(lines(&who).await, ["first", "second"]);
    })
    .await;
}

#[tokio::test]
async fn a_long_one_lets_nobody_wait() {
    tell(async |_, who| {
        let first = who.begin().await.unwrap();
        note(&first, "first").await.unwrap();
        let mut long = pin!(who.begin_for(1000));
        assert!(poll!(&mut long).is_pending());
        first.finish(Vec::new(), false).await.unwrap();
        assert_eq!(lines(&who).await, ["first"]);
        let long = long.await.unwrap();
        note(&long, "long").await.unwrap();
        long.finish(Vec::new(), false).await.unwrap();
        assert_eq!(lines(&who).await, ["first", "long"]);
    })
    .await;
}

/// A commit that fails: rows that refer to nothing, checked no earlier than that.
#[tokio::test]
async fn a_commit_that_fails_fails_its_group_and_nobody_else() {
    tell(async |_, who| {
        write(&who, "before").await.unwrap();
        let broken = Box::pin(async {
            let tx = who.begin().await?;
            note(&tx, "broken").await?;
            tx.db.execute_unprepared("PRAGMA defer_foreign_keys = ON").await?;
            let sql =
                "INSERT INTO refresh_token (fingerprint, session_id, created_at) VALUES ('x', x'00', '2026-01-01')";
            tx.db.execute_unprepared(sql).await?;
            tx.finish(Vec::new(), false).await.map(drop)
        });
        let (first, broken, third) =
            tokio::join!(Box::pin(write(&who, "first")), broken, Box::pin(write(&who, "third")));
        assert_eq!(first.unwrap_err().code(), Code::Unavailable);
        let broken = broken.unwrap_err();
        assert_eq!((broken.code(), broken.seconds_to_wait()), (Code::Unavailable, Some(1)));
        // A slow machine has the third begin after the commit.
        let after: &[&str] = if third.is_ok() { &["before", "third"] } else { &["before"] };
        assert_eq!(lines(&who).await, after);
        write(&who, "later").await.unwrap();
        assert!(lines(&who).await.contains(&"later".to_owned()));
    })
    .await;
}

/// A disk that is full in the middle of a group: SQLite may end the transaction of all of them.
#[tokio::test]
async fn a_full_disk_loses_nothing_that_was_told() {
    tell(async |_, who| {
        let full = Box::pin(async {
            let tx = who.begin().await?;
            let pages = tx.db.query_one_raw(statement("PRAGMA page_count", Vec::new())).await?.unwrap();
            let pages: i64 = pages.try_get("", "page_count").unwrap();
            tx.db.execute_unprepared(&format!("PRAGMA max_page_count = {}", pages + 2)).await?;
            let large = "x".repeat(100_000);
            let refused = note(&tx, &large).await;
            assert!(refused.is_err());
            // Whoever does not notice goes on, and is not told that it is done.
            let _ = note(&tx, "after").await;
            tx.finish(Vec::new(), false).await.map(drop)
        });
        let (first, full, third) = tokio::join!(Box::pin(write(&who, "first")), full, Box::pin(write(&who, "third")));
        assert_eq!(full.unwrap_err().code(), Code::Unavailable);
        let told: Vec<&str> = [(first, "first"), (third, "third")]
            .into_iter()
            .filter_map(|(told, line)| told.ok().map(|()| line))
            .collect();
        assert_eq!(lines(&who).await, told);
        // There is room again.
        who.house.database.write.execute_unprepared("PRAGMA max_page_count = 1000000").await.unwrap();
        write(&who, "later").await.unwrap();
        assert!(lines(&who).await.contains(&"later".to_owned()));
    })
    .await;
}

#[tokio::test]
async fn two_units_of_one_are_told_apart() {
    tell(async |_, who| {
        let first = who.begin().await.unwrap();
        let refused = who.begin().await.unwrap_err();
        assert_eq!((refused.code(), refused.seconds_to_wait()), (Code::Unavailable, Some(1)));
        note(&first, "first").await.unwrap();
        first.finish(Vec::new(), false).await.unwrap();
        write(&who, "later").await.unwrap();
        assert_eq!(lines(&who).await, ["first", "later"]);
    })
    .await;
}
