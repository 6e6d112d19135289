//! Callers are remembered as they stood; from the moment that a right was taken away, no answer begins that shows more.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, Instant},
};

use entity::platform::client::Scope;
use serde_json::json;

use crate::harness::{Actor, Answer, Api, Face, Organization, stories_in_both_faces};

stories_in_both_faces!(nobody_is_answered_who_was_removed, nobody_sees_by_a_grant_that_was_revoked);

/// How often each right is taken away.
const ROUNDS: usize = 6;

async fn plans(who: &Actor) -> Answer {
    match who.face {
        Face::Rest => who.get("/learning-plans?expand=items").await,
        Face::Graphql => {
            who.graphql("{ learningPlans { nodes { title items { totalCount nodes { id } } } } }", json!({})).await
        }
    }
}

/// Whether an answer is such as it should be.
type Heard = fn(&Answer) -> bool;

/// Readers on two instances who ask again and again, and what they hear: `before` or `after`.
struct Readers {
    /// It is being taken away, or was.
    taking: AtomicBool,
    /// It was taken away, and that was acknowledged.
    taken: AtomicBool,
    heard: AtomicUsize,
    before: Heard,
    after: Heard,
}

impl Readers {
    /// Asks until an answer that began after the right was taken away has come.
    async fn read(self: Arc<Self>, who: Actor) {
        loop {
            let late = self.taken.load(SeqCst);
            let answer = plans(&who).await;
            let (before, after) = ((self.before)(&answer), (self.after)(&answer));
            let early = !self.taking.load(SeqCst);
            assert!(before || (after && !early), "{} {}", answer.status(), answer.text());
            assert!(after || !late, "answered after it was taken away: {}", answer.text());
            self.heard.fetch_add(1, SeqCst);
            if late {
                return;
            }
        }
    }
}

/// Takes something away while it is used on two instances.
async fn taken(who: &Actor, other: &Api, (before, after): (Heard, Heard), take: impl Future<Output = ()>) {
    let (taking, taken, heard) = Default::default();
    let readers = Arc::new(Readers { taking, taken, heard, before, after });
    let tasks: Vec<_> = (0..6)
        .map(|number| {
            let who = if number % 2 == 0 { who.clone() } else { who.calling(other) };
            tokio::spawn(Arc::clone(&readers).read(who))
        })
        .collect();
    // Both instances have recalled them by then.
    let since = Instant::now();
    while readers.heard.load(SeqCst) < 24 && !tasks.iter().any(tokio::task::JoinHandle::is_finished) {
        assert!(since.elapsed() < Duration::from_secs(30), "the readers do not get on");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    readers.taking.store(true, SeqCst);
    take.await;
    readers.taken.store(true, SeqCst);
    for task in tasks {
        task.await.unwrap();
    }
}

fn shown(answer: &Answer) -> bool {
    answer.status() == 200 && answer.text().contains("A secret plan") && answer["errors"].is_null()
}

fn refused(answer: &Answer) -> bool {
    answer.status() == 401 && answer.text().contains("UNAUTHENTICATED") && !answer.text().contains("A secret plan")
}

fn nothing(answer: &Answer) -> bool {
    answer.status() == 200 && !answer.text().contains("A secret plan") && answer["errors"].is_null()
}

/// Two instances on the database of a third, where nobody tires.
async fn two(api: &Api) -> (Api, Api) {
    let tireless = [("CAIRN_RATE_LIMIT", "0")];
    (api.another(&tireless).await, api.another(&tireless).await)
}

async fn owner(acme: &Organization, name: &str) -> Actor {
    let who = acme.learner(name).await;
    who.plan("A secret plan").await;
    who
}

async fn nobody_is_answered_who_was_removed(api: Api) {
    let (api, other) = two(&api).await;
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    for round in 0..ROUNDS {
        let who = owner(&acme, &format!("ben{round}")).await;
        let token = who.token.clone().unwrap();
        match round % 3 {
            0 => {
                taken(&who, &other, (shown, refused), async {
                    root.tell("User", "delete", &who.id).await.done();
                })
                .await;
            }
            1 => {
                taken(&who, &other, (shown, refused), async {
                    assert_eq!(api.anyone().form("//oauth/revoke", &[("token", &token)]).await.status(), 200);
                })
                .await;
            }
            // A machine is let go of.
            _ => {
                let machine = acme.client(&[Scope::LearningRead]).await.through(api.face);
                taken(&machine, &other, (shown, refused), async {
                    root.tell("Client", "delete", &machine.id).await.done();
                })
                .await;
            }
        }
    }
}

async fn nobody_sees_by_a_grant_that_was_revoked(api: Api) {
    let (api, other) = two(&api).await;
    let acme = api.organization("Acme").await;
    let ada = owner(&acme, "ada").await;
    for round in 0..ROUNDS {
        let coach = acme.coach(&format!("coach{round}")).await;
        let grant = ada.opens(&coach, &["learning:read"]).await;
        taken(&coach, &other, (shown, nothing), async {
            ada.tell("Grant", "revoke", &grant).await.done();
        })
        .await;
    }
}
