//! What is a person's own is opened by no role: in one organization, whoever was not let in finds nothing of a job search,
//! changes nothing and learns nothing, whatever they ask (§37).

use cairn::domain::{self, policy::permission, verb::On};
use entity::{kind::Kind, platform::client::Scope};
use serde_json::{Value, json};

use super::world::{World, sample};
use crate::harness::{Actor, Api, Face, stories};

stories!(no_role_opens_a_search, a_grant_opens_it_and_no_more, what_was_taken_back_is_closed);

pub(super) const FACES: [Face; 2] = [Face::Rest, Face::Graphql];

/// Everything that belongs to a job search: what is read with its scope.
pub(super) fn own() -> Vec<&'static domain::verb::Resource> {
    let all = domain::resources().iter();
    let own: Vec<_> = all.filter(|one| permission(one.shape.view).0 == Scope::JobsRead).collect();
    assert!(own.len() >= 10, "{}", own.len());
    own
}

/// Everybody of the organization whom nobody let in, each with all that their role gives.
pub(super) async fn others(world: &World) -> Vec<(&'static str, Actor)> {
    let acme = &world.acme;
    let coach = acme.coach("cleo").await;
    // Everything else was opened to her.
    world
        .ada
        .opens(&coach, &["learning:write", "learning:review", "projects:write", "portfolio:read", "community:read"])
        .await;
    let late = acme.coach("late").await;
    let grant = world.ada.opens(&late, &["jobs:write"]).await;
    world.ada.tell("Grant", "revoke", &grant).await.done();
    vec![
        ("a learner", acme.learner("bea").await),
        ("a coach", acme.coach("carl").await),
        ("a coach with other grants", coach),
        ("a coach whose grant was taken back", late),
        ("an analyst", acme.analyst("noor").await),
        ("an administrator", acme.admin("rita").await),
        ("a machine that may do everything", acme.omnipotent().await),
    ]
}

async fn no_role_opens_a_search(api: Api) {
    let world = World::new(&api).await;
    let before = world.ada.list("Event", &[("count", "true")]).await.total;
    for (kind, other) in others(&world).await {
        for face in FACES {
            let other = other.through(face);
            for resource in own() {
                finds_nothing(&world, (kind, &other), resource).await;
                does_nothing(&world, (kind, &other), resource).await;
            }
            learns_nothing(&world, (kind, &other)).await;
        }
    }
    // But for the grants that were given and taken back above, nothing has happened.
    let grants = 3;
    assert_eq!(
        world.ada.list("Event", &[("count", "true")]).await.total.as_i64().map(|total| total - grants),
        before.as_i64()
    );
    // Whose it is does find it: the law is not empty.
    for resource in own() {
        let name = resource.shape.name;
        for face in FACES {
            world.ada.through(face).see(name, &world.one[name]).await.done();
            assert!(
                world.ada.through(face).list(name, &[("first", "100")]).await.ids().contains(&world.one[name]),
                "{name}"
            );
        }
    }
}

async fn finds_nothing(world: &World, (kind, other): (&str, &Actor), resource: &domain::verb::Resource) {
    let name = resource.shape.name;
    let id = &world.one[name];
    assert_eq!(other.see(name, id).await.said(), "NOT_FOUND", "{kind} sees {name}");
    let query: &[(&str, &str)] = &[("first", "100"), ("count", "true")];
    let page = other.list(name, query).await;
    assert_eq!((page.refused, page.items.len(), page.total), (None, 0, json!(0)), "{kind} lists {name}");
}

async fn does_nothing(world: &World, (kind, other): (&str, &Actor), resource: &domain::verb::Resource) {
    let name = resource.shape.name;
    for verb in resource.verbs.iter().filter(|verb| verb.on == On::Object) {
        let said = other.act(name, verb.name, Some(&world.one[name]), sample(verb.input)).await.said();
        // What nobody of their kind does anywhere they are told at once, and nothing of the object.
        assert!(["NOT_FOUND", "FORBIDDEN"].contains(&said.as_str()), "{kind} tells {name} to {}: {said}", verb.name);
    }
}

/// No answer tells of it, however it is asked, nor does the feed of events.
async fn learns_nothing(world: &World, (kind, other): (&str, &Actor)) {
    let ids: Vec<&String> = own().iter().map(|resource| &world.one[resource.shape.name]).collect();
    let silent = |told: &Value, what: &str| {
        let text = told.to_string();
        for id in &ids {
            assert!(!text.contains(id.as_str()), "{what} tells {kind} of {id}");
        }
    };
    for answer in domain::answers().iter().filter(|answer| permission(answer.action).0 == Scope::JobsRead) {
        let told = other.ask(answer.name, world.question(answer.input)).await;
        let names = answer.input.fields.iter().any(|field| matches!(field.kind, Kind::Id(_)));
        if names {
            let said = told.said();
            let refusals = ["NOT_FOUND", "GRANT_REQUIRED", "FORBIDDEN", "USER_UNKNOWN", "REFERENCE_UNKNOWN"];
            assert!(refusals.iter().any(|refusal| said.starts_with(refusal)), "{kind} asks {}: {said}", answer.name);
        }
        silent(&told.object, answer.name);
    }
    for resource in own() {
        let events = other.list("Event", &[("subjectId", &world.one[resource.shape.name]), ("first", "100")]).await;
        assert!(events.items.is_empty(), "{kind} reads events of {}", resource.shape.name);
    }
}

async fn a_grant_opens_it_and_no_more(api: Api) {
    let world = World::new(&api).await;
    let coach = world.acme.coach("cleo").await;
    world.ada.opens(&coach, &["jobs:read"]).await;
    for face in FACES {
        let coach = coach.through(face);
        for resource in own() {
            let name = resource.shape.name;
            coach.see(name, &world.one[name]).await.done();
            // Who looks changes nothing.
            for verb in resource.verbs.iter().filter(|verb| verb.on == On::Object) {
                let said = coach.act(name, verb.name, Some(&world.one[name]), sample(verb.input)).await.said();
                assert!(["NOT_FOUND", "FORBIDDEN"].contains(&said.as_str()), "{name} {}: {said}", verb.name);
            }
        }
    }
}

async fn what_was_taken_back_is_closed(api: Api) {
    let world = World::new(&api).await;
    let coach = world.acme.coach("cleo").await;
    let grant = world.ada.opens(&coach, &["jobs:read"]).await;
    let search = &world.one["JobSearch"];
    coach.see("JobSearch", search).await.done();
    world.ada.tell("Grant", "revoke", &grant).await.done();
    assert_eq!(coach.see("JobSearch", search).await.said(), "NOT_FOUND");
    world.ada.opens(&coach, &["jobs:read"]).await;
    coach.see("JobSearch", search).await.done();
    let past: sea_orm::Value = "2020-01-01T00:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap().into();
    api.execute("UPDATE \"grant\" SET expires_at = $1", vec![past]).await;
    assert_eq!(coach.see("JobSearch", search).await.said(), "NOT_FOUND");
}
