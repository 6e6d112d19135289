//! The feed tells no more than the things that it is about, and of these to whom sees them.

use cairn::domain;
use entity::platform::event;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::world::World;
use crate::harness::{Actor, Api, Face, stories};

stories!(who_sees_a_thing_sees_its_events);

/// Things that somebody may see by what an event does not carry: that a framework is visible, who was let see
/// something, who is a coach, whose approval was asked for, what a document was. Their events are seen by fewer than they themselves.
const FEWER: [&str; 8] =
    ["CompetencyFramework", "Competency", "Grant", "User", "Budget", "BudgetLine", "BudgetEntry", "ImportJob"];

async fn who_sees_a_thing_sees_its_events(api: Api) {
    let world = World::new(&api).await;
    let rest = |who: Actor| who.through(Face::Rest);
    let (ben, lee) = (rest(world.acme.learner("ben").await), rest(world.acme.coach("lee").await));
    let everybody = [&world.ada, &world.kim, &world.root, &world.machine, &ben, &lee];
    let (mut told, mut seen) = (0, 0);
    for resource in domain::resources().iter().filter(|resource| resource.shape.name != "Event") {
        let (name, id) = (resource.shape.name, &world.one[resource.shape.name]);
        let of = event::Entity::find().filter(event::Column::SubjectId.eq(id.as_str()));
        let Some(one) = of.one(&api.house.database.write).await.unwrap() else { continue };
        told += 1;
        let object = world.owner(name).see(name, id).await.done();
        let owner = ["ownerId", "userId", "fromId"].into_iter().find_map(|member| object.get(member));
        let owner = owner.or_else(|| (name == "User").then_some(&object["id"]));
        assert_eq!(json!(one.owner_id), owner.cloned().unwrap_or_default(), "whose {name} is");
        for who in everybody {
            let thing = who.see(name, id).await.refused.is_none();
            let events = !who.list("Event", &[("subjectId", id)]).await.items.is_empty();
            assert!(thing || !events, "{} sees what happens to a {name} that they do not see", who.name);
            assert!(
                events || !thing || FEWER.contains(&name),
                "{} does not see what happens to their {name}",
                who.name
            );
            seen += usize::from(events);
        }
    }
    assert!(told > 15 && seen > 2 * told, "the law is not empty: {told} things, seen {seen} times");
}
