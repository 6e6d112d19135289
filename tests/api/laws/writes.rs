//! Every write is recorded: whatever has changed says so in the feed, at the version that it has.

use std::collections::{BTreeMap, BTreeSet};

use cairn::domain::{
    self,
    verb::{On, snake},
};
use serde_json::{Value, json};

use super::{hiring, ideas, jobs, portfolios, projects, talks, transitions, world::World};
use crate::harness::{Actor, Api, Face, stories};

stories!(every_verb_records_what_it_did);

/// Carries out verbs, and keeps which.
pub(super) struct Tour<'a> {
    pub(super) world: &'a World,
    seen: BTreeSet<String>,
}

impl Tour<'_> {
    pub(super) async fn go(&mut self, who: &Actor, name: &str, verb: &str, id: Option<&str>, input: Value) -> Value {
        let before = self.events().await;
        let outcome = who.act(name, verb, id, input).await;
        assert_eq!(outcome.refused, None, "{name} {verb}");
        let done = outcome.done();
        let after = self.events().await;
        assert!(after.len() > before.len(), "{name} {verb} recorded nothing");
        // What the verb answers with is what the last event of it says, at that version.
        let objects = done["items"].as_array().cloned().unwrap_or_else(|| vec![done.clone()]);
        for object in objects {
            let last = after.iter().rev().find(|event| event["subjectId"] == object["id"]);
            let last = last.unwrap_or_else(|| panic!("{name} {verb} recorded nothing of {}", object["id"]));
            assert_eq!(
                (&last["subjectVersion"], &last["subjectKind"]),
                (&object["version"], &json!(snake(name))),
                "{name} {verb}"
            );
            let by = if who.id.starts_with("cli_") { "CLIENT" } else { "USER" };
            assert_eq!((&last["actorId"], &last["actorKind"]), (&json!(who.id), &json!(by)), "{name} {verb}");
        }
        self.seen.insert(format!("{name} {verb}{}", if done["items"].is_array() { "s" } else { "" }));
        done
    }

    /// Every event there is: what the machine, the administrator and the learner see of the feed together.
    async fn events(&self) -> Vec<Value> {
        let World { machine, root, ada, .. } = self.world;
        let mut all = BTreeMap::new();
        for who in [machine, root, ada] {
            for event in feed(&who.through(Face::Rest)).await {
                all.insert(event["seq"].as_i64().unwrap(), event);
            }
        }
        all.into_values().collect()
    }
}

/// The whole feed, as somebody sees it.
async fn feed(who: &Actor) -> Vec<Value> {
    let (mut all, mut after) = (Vec::new(), String::new());
    loop {
        let mut query = vec![("first", "100"), ("sort", "seq")];
        let cursor = after.clone();
        if !cursor.is_empty() {
            query.push(("after", &cursor));
        }
        let page = who.list("Event", &query).await;
        assert_eq!(page.refused, None);
        all.extend(page.items);
        if page.info["hasNextPage"] != true {
            return all;
        }
        after = page.info["endCursor"].as_str().unwrap().to_owned();
    }
}

async fn every_verb_records_what_it_did(api: Api) {
    let world = World::new(&api).await;
    let mut tour = Tour { world: &world, seen: BTreeSet::new() };
    platform(&mut tour).await;
    learning(&mut tour).await;
    plans(&mut tour).await;
    needs(&mut tour).await;
    goals(&mut tour).await;
    pace(&mut tour).await;
    standing(&mut tour).await;
    templates(&mut tour).await;
    imports(&mut tour).await;
    network(&mut tour).await;
    projects::tour(&mut tour).await;
    ideas::tour(&mut tour).await;
    portfolios::tour(&mut tour).await;
    transitions::tour(&mut tour).await;
    jobs::tour(&mut tour).await;
    hiring::tour(&mut tour).await;
    talks::tour(&mut tour).await;
    let all = domain::resources().iter().flat_map(|resource| {
        resource
            .verbs
            .iter()
            .filter(|verb| verb.on != On::External)
            .map(|verb| format!("{} {}{}", resource.shape.name, verb.name, if verb.many { "s" } else { "" }))
    });
    let left: Vec<String> = all.filter(|verb| !tour.seen.contains(verb)).collect();
    assert!(left.is_empty(), "the tour leaves out {left:?}: add them");
    for resource in domain::resources().iter().filter(|resource| resource.verb("upsert").is_some()) {
        assert!(resource.shape.leaf("externalRefs").is_some(), "{}", resource.shape.name);
    }
}

async fn platform(tour: &mut Tour<'_>) {
    let World { acme, ada, kim, root, .. } = tour.world;
    let (org, nobody) = (acme.id(), json!({}));
    tour.go(root, "Organization", "update", Some(&org), json!({ "settings": { "onTrackTolerance": 20 } })).await;
    let ben = tour
        .go(
            root,
            "User",
            "create",
            None,
            json!({ "name": "Ben", "email": "ben@example.org", "password": "a long password" }),
        )
        .await;
    let ben = ben["id"].as_str().unwrap().to_owned();
    tour.go(root, "User", "update", Some(&ben), json!({ "name": "Ben B." })).await;
    tour.go(root, "User", "createPasswordReset", Some(&ben), nobody.clone()).await;
    let log_in = json!({ "email": "ben@example.org", "password": "a long password" });
    let tokens = ada.api.anyone().post("//auth/login", log_in).await.fine();
    let himself = Actor::new(&ada.api, "ben", ben.clone(), tokens["accessToken"].as_str().map(str::to_owned));
    let change = json!({ "currentPassword": "a long password", "newPassword": "another long password" });
    tour.go(&himself, "User", "changePassword", Some(&ben), change).await;
    let session = himself.list("Session", &[]).await.ids().remove(0);
    tour.go(root, "Session", "end", Some(&session), nobody.clone()).await;
    let place = root.list("Membership", &[("userId", &ben)]).await.ids().remove(0);
    tour.go(root, "Membership", "update", Some(&place), json!({ "roles": ["COACH"] })).await;
    tour.go(root, "User", "delete", Some(&ben), nobody.clone()).await;
    tour.go(root, "User", "restore", Some(&ben), nobody.clone()).await;
    let client = tour.go(root, "Client", "create", None, json!({ "name": "New", "scopes": ["learning:read"] })).await;
    let client = client["id"].as_str().unwrap().to_owned();
    tour.go(root, "Client", "update", Some(&client), json!({ "name": "Newer" })).await;
    for verb in ["rotateSecret", "delete", "restore"] {
        tour.go(root, "Client", verb, Some(&client), nobody.clone()).await;
    }
    let grant = tour.go(ada, "Grant", "create", None, json!({ "granteeId": kim.id, "scopes": ["jobs:read"] })).await;
    let grant = grant["id"].as_str().unwrap().to_owned();
    tour.go(ada, "Grant", "update", Some(&grant), json!({ "scopes": ["habits:read"] })).await;
    tour.go(ada, "Grant", "revoke", Some(&grant), nobody.clone()).await;
    let feed = tour.go(ada, "CalendarFeed", "create", None, json!({ "name": "Phone" })).await;
    let feed = feed["id"].as_str().unwrap().to_owned();
    tour.go(ada, "CalendarFeed", "update", Some(&feed), json!({ "contents": ["PROJECTS"] })).await;
    for verb in ["rotateAddress", "delete", "restore"] {
        tour.go(ada, "CalendarFeed", verb, Some(&feed), nobody.clone()).await;
    }
}

async fn learning(tour: &mut Tour<'_>) {
    let World { ada, root, machine, .. } = tour.world;
    let (nothing, scale) = (json!({}), crate::harness::world::scale());
    let made = tour
        .go(root, "CompetencyFramework", "create", None, json!({ "shortName": "new", "title": "New", "scale": scale }))
        .await;
    let framework = made["id"].as_str().unwrap().to_owned();
    tour.go(root, "CompetencyFramework", "update", Some(&framework), json!({ "title": "Newer" })).await;
    let new = json!({ "frameworkId": framework, "code": "c", "name": "C" });
    let competency = tour.go(root, "Competency", "create", None, new).await["id"].as_str().unwrap().to_owned();
    tour.go(root, "CompetencyFramework", "clone", Some(&framework), json!({ "shortName": "copy" })).await;
    tour.go(root, "Competency", "update", Some(&competency), json!({ "name": "C++" })).await;
    for (name, id) in [("Competency", &competency), ("CompetencyFramework", &framework)] {
        for verb in ["delete", "restore"] {
            tour.go(root, name, verb, Some(id), nothing.clone()).await;
        }
    }
    let book = tour.go(ada, "LearningResource", "create", None, json!({ "kind": "BOOK", "title": "B" })).await;
    let book = book["id"].as_str().unwrap().to_owned();
    tour.go(ada, "LearningResource", "update", Some(&book), json!({ "title": "BB" })).await;
    // What is not a column is a change all the same.
    tour.go(ada, "LearningResource", "update", Some(&book), json!({ "competencyIds": [competency] })).await;
    tour.go(
        ada,
        "LearningResource",
        "update",
        Some(&book),
        json!({ "externalRefs": [{ "source": "isbn", "externalId": "1" }] }),
    )
    .await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "LearningResource", verb, Some(&book), nothing.clone()).await;
    }
    let says = |id: &str| {
        json!({
            "statementId": id, "person": { "id": ada.id }, "object": { "source": "moodle", "externalId": "c1" },
            "verb": "PROGRESSED", "occurredAt": "2026-03-01T10:00:00Z",
        })
    };
    tour.go(machine, "Completion", "record", None, says("t-1")).await;
    tour.go(machine, "Completion", "record", None, json!({ "completions": [says("t-2"), says("t-3")] })).await;
}

async fn plans(tour: &mut Tour<'_>) {
    let World { ada, kim, .. } = tour.world;
    let nothing = json!({});
    let plan = tour.go(ada, "LearningPlan", "create", None, json!({ "title": "Tour" })).await["id"]
        .as_str()
        .unwrap()
        .to_owned();
    tour.go(ada, "LearningPlan", "update", Some(&plan), json!({ "title": "Grand tour" })).await;
    let competency = tour.world.one["Competency"].clone();
    let new = json!({ "planId": plan, "competencyId": competency });
    let item = tour.go(ada, "PlanItem", "create", None, new).await["id"].as_str().unwrap().to_owned();
    tour.go(ada, "PlanItem", "update", Some(&item), json!({ "status": "DOING" })).await;
    let resource = tour.world.one["LearningResource"].clone();
    tour.go(ada, "PlanItem", "update", Some(&item), json!({ "resourceIds": [resource] })).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "PlanItem", verb, Some(&item), nothing.clone()).await;
    }
    let steps = [
        (ada, "requestReview"),
        (ada, "cancelReviewRequest"),
        (ada, "requestReview"),
        (kim, "startReview"),
        (kim, "stopReview"),
        (ada, "requestReview"),
        (kim, "startReview"),
        (kim, "requestChanges"),
        (ada, "approve"),
        (kim, "unapprove"),
        (kim, "approve"),
        (ada, "complete"),
        (ada, "reopen"),
        (ada, "delete"),
        (ada, "restore"),
    ];
    for (who, verb) in steps {
        let input = if verb == "requestChanges" { json!({ "comment": "More." }) } else { nothing.clone() };
        tour.go(who, "LearningPlan", verb, Some(&plan), input).await;
    }
}

async fn needs(tour: &mut Tour<'_>) {
    let World { ada, root, .. } = tour.world;
    let nothing = json!({});
    let (framework, [_, leaf, other]) = root.framework("needed").await;
    assert!(!framework.is_empty());
    let raised = json!({ "competencyId": leaf, "source": "CURIOSITY" });
    let need = tour.go(ada, "LearningNeed", "raise", None, raised).await["id"].as_str().unwrap().to_owned();
    for verb in ["dismiss", "reopen"] {
        tour.go(ada, "LearningNeed", verb, Some(&need), nothing.clone()).await;
    }
    let plan = ada.plan("Needed").await;
    tour.go(ada, "LearningNeed", "plan", None, json!({ "planId": plan, "needIds": [need] })).await;
    let goal = crate::insight::rows::goal(&ada.api, &tour.world.acme, ada, &[(&other, 2, None)]).await;
    tour.go(ada, "LearningNeed", "raiseFromGoal", None, json!({ "goalId": goal.0 })).await;
    let away = json!({ "code": "SCATTERED_START", "subjectId": plan });
    let away = tour.go(ada, "InsightDismissal", "create", None, away).await["id"].as_str().unwrap().to_owned();
    let until = json!({ "until": "2999-01-01T00:00:00Z" });
    tour.go(ada, "InsightDismissal", "update", Some(&away), until).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "InsightDismissal", verb, Some(&away), nothing.clone()).await;
    }
}

async fn goals(tour: &mut Tour<'_>) {
    let World { ada, kim, root, one, .. } = tour.world;
    let nothing = json!({});
    let made = |object: Value| object["id"].as_str().unwrap().to_owned();
    // Members have a profile since they joined: one who has none comes from before there were any.
    ada.api.execute("DELETE FROM career_profile WHERE user_id = $1", vec![ada.user().into()]).await;
    let profile = made(tour.go(ada, "CareerProfile", "create", None, nothing.clone()).await);
    tour.go(ada, "CareerProfile", "update", Some(&profile), json!({ "headline": "Learner" })).await;
    // What is the person's and not the profile's is a change of both.
    tour.go(ada, "CareerProfile", "update", Some(&profile), json!({ "timeZone": "Asia/Tokyo" })).await;

    let role = made(tour.go(root, "RoleProfile", "create", None, json!({ "title": "Analyst" })).await);
    tour.go(root, "RoleProfile", "update", Some(&role), json!({ "aliases": ["Data analyst"] })).await;
    let names = json!({ "externalRefs": [{ "source": "esco", "externalId": "2511" }] });
    tour.go(root, "RoleProfile", "update", Some(&role), names).await;
    let asks = json!({ "roleProfileId": role, "competencyId": one["Competency"], "requiredLevel": 2 });
    let asked = made(tour.go(root, "RoleRequirement", "create", None, asks).await);
    let goal = json!({ "title": "Analyst", "kind": "ROLE", "targetRoleProfileId": role });
    let goal = made(tour.go(ada, "CareerGoal", "create", None, goal).await);
    tour.go(root, "RoleRequirement", "update", Some(&asked), json!({ "requiredLevel": 3 })).await;
    tour.go(ada, "CareerGoal", "adoptRoleRequirements", Some(&goal), nothing.clone()).await;
    tour.go(ada, "CareerGoal", "update", Some(&goal), json!({ "kind": "PASS_INTERVIEW" })).await;
    for (name, id) in [("RoleRequirement", &asked), ("RoleProfile", &role)] {
        for verb in ["delete", "restore"] {
            tour.go(root, name, verb, Some(id), nothing.clone()).await;
        }
    }
    let other = json!({ "userId": ada.id, "title": "For her", "kind": "BUILD_MODEL" });
    let other = made(tour.go(kim, "CareerGoal", "create", None, other).await);
    let needs = json!({ "goalId": other, "competencyId": one["Competency"], "requiredLevel": 2 });
    let needed = made(tour.go(ada, "GoalRequirement", "create", None, needs).await);
    tour.go(ada, "GoalRequirement", "update", Some(&needed), json!({ "reviewBy": "2027-01-01" })).await;
    for verb in ["delete", "restore"] {
        tour.go(ada, "GoalRequirement", verb, Some(&needed), nothing.clone()).await;
    }
    for verb in ["achieve", "reopen", "delete", "restore"] {
        tour.go(ada, "CareerGoal", verb, Some(&other), nothing.clone()).await;
    }
}

async fn pace(tour: &mut Tour<'_>) {
    let World { ada, machine, .. } = tour.world;
    let nothing = json!({});
    let new = json!({ "startedAt": "2026-03-03T10:00:00Z", "minutes": 30 });
    let session = tour.go(ada, "LearningSession", "create", None, new.clone()).await["id"].as_str().unwrap().to_owned();
    let mut reported = new.clone();
    reported["userId"] = json!(ada.id);
    tour.go(machine, "LearningSession", "create", None, json!({ "sessions": [reported, reported] })).await;
    tour.go(ada, "LearningSession", "update", Some(&session), json!({ "minutes": 45 })).await;
    let competency = tour.world.one["Competency"].clone();
    tour.go(ada, "LearningSession", "update", Some(&session), json!({ "competencyIds": [competency] })).await;
    let days = json!({ "startsOn": "2026-04-01", "endsOn": "2026-04-02" });
    let pause = tour.go(ada, "LearningPause", "create", None, days).await["id"].as_str().unwrap().to_owned();
    tour.go(ada, "LearningPause", "update", Some(&pause), json!({ "reason": "Away" })).await;
    for (name, id) in [("LearningSession", &session), ("LearningPause", &pause)] {
        for verb in ["delete", "restore"] {
            tour.go(ada, name, verb, Some(id), nothing.clone()).await;
        }
    }
}

async fn standing(tour: &mut Tour<'_>) {
    let World { ada, kim, root, .. } = tour.world;
    let nothing = json!({});
    let (_, [_, leaf, other]) = root.framework("stood").await;
    let says = json!({ "competencyId": leaf, "action": "SUGGEST", "source": "SELF", "level": 2 });
    tour.go(ada, "Evidence", "record", None, says).await;
    let standing = ada.list("UserCompetency", &[("competencyId", &leaf)]).await.ids().remove(0);
    let steps = [
        (ada, "requestReview"),
        (ada, "cancelReviewRequest"),
        (ada, "requestReview"),
        (kim, "startReview"),
        (kim, "stopReview"),
    ];
    for (who, verb) in steps {
        tour.go(who, "UserCompetency", verb, Some(&standing), nothing.clone()).await;
    }
    let rates = json!({ "userId": ada.id, "competencyId": leaf, "action": "RATE", "source": "REVIEW", "level": 3 });
    tour.go(kim, "Evidence", "record", None, rates).await;
    for calculation in ["N_MASTERY", "HIGHEST"] {
        let how = json!({ "calculation": calculation });
        tour.go(kim, "UserCompetency", "update", Some(&standing), how).await;
    }

    let new = json!({ "title": "A degree", "competencyIds": [leaf] });
    let prior = tour.go(ada, "PriorLearning", "create", None, new).await["id"].as_str().unwrap().to_owned();
    tour.go(ada, "PriorLearning", "update", Some(&prior), json!({ "title": "A master's degree" })).await;
    tour.go(ada, "PriorLearning", "update", Some(&prior), json!({ "competencyIds": [leaf, other] })).await;
    let worth = json!({ "levels": [{ "competencyId": leaf, "level": 3 }, { "competencyId": other, "level": 2 }] });
    let steps = [
        (ada, "delete", &nothing),
        (ada, "restore", &nothing),
        (ada, "requestReview", &nothing),
        (ada, "cancelReviewRequest", &nothing),
        (ada, "requestReview", &nothing),
        (kim, "startReview", &nothing),
        (kim, "stopReview", &nothing),
        (ada, "requestReview", &nothing),
        (kim, "startReview", &nothing),
        (kim, "decline", &json!({ "comment": "Show the transcript." })),
        (ada, "reopen", &nothing),
        (ada, "requestReview", &nothing),
        (kim, "startReview", &nothing),
        (kim, "accept", &worth),
    ];
    for (who, verb, input) in steps {
        tour.go(who, "PriorLearning", verb, Some(&prior), input.clone()).await;
    }
}

async fn templates(tour: &mut Tour<'_>) {
    let World { ada, kim, machine, one, .. } = tour.world;
    let nothing = json!({});
    let made = |object: Value| object["id"].as_str().unwrap().to_owned();
    let template = made(tour.go(kim, "LearningPlanTemplate", "create", None, json!({ "title": "Tour" })).await);
    tour.go(kim, "LearningPlanTemplate", "update", Some(&template), json!({ "dueInDays": 7 })).await;
    let names = json!({ "externalRefs": [{ "source": "moodle", "externalId": "t1" }] });
    tour.go(machine, "LearningPlanTemplate", "update", Some(&template), names).await;
    let asks = json!({ "templateId": template, "competencyId": one["Competency"] });
    let asked = made(tour.go(kim, "LearningPlanTemplateItem", "create", None, asks).await);
    let people = json!({ "templateId": template, "userIds": [ada.id, kim.id] });
    let plans = tour.go(machine, "LearningPlan", "assign", None, people).await;
    let plan = plans["items"][0]["id"].as_str().unwrap();
    tour.go(kim, "LearningPlanTemplateItem", "update", Some(&asked), json!({ "weight": 2 })).await;
    let from = json!({ "resourceIds": [one["LearningResource"]] });
    tour.go(kim, "LearningPlanTemplateItem", "update", Some(&asked), from).await;
    for verb in ["delete", "restore"] {
        tour.go(kim, "LearningPlanTemplateItem", verb, Some(&asked), nothing.clone()).await;
    }
    tour.go(ada, "LearningPlan", "unlinkFromTemplate", Some(plan), nothing.clone()).await;
    let other = made(tour.go(kim, "LearningPlanTemplate", "create", None, json!({ "title": "Unused" })).await);
    for verb in ["delete", "restore"] {
        tour.go(kim, "LearningPlanTemplate", verb, Some(&other), nothing.clone()).await;
    }
    let says = json!({ "itemId": one["PlanItem"], "text": "Why?" });
    let comment = made(tour.go(kim, "PlanItemComment", "create", None, says).await);
    tour.go(kim, "PlanItemComment", "update", Some(&comment), json!({ "text": "Why not?" })).await;
    for verb in ["delete", "restore"] {
        tour.go(kim, "PlanItemComment", verb, Some(&comment), nothing.clone()).await;
    }
}

async fn imports(tour: &mut Tour<'_>) {
    let ada = &tour.world.ada;
    let made = tour.go(ada, "ImportJob", "create", None, super::world::plan_to_import()).await;
    tour.go(ada, "ImportJob", "cancel", made["id"].as_str(), json!({})).await;
}

async fn network(tour: &mut Tour<'_>) {
    let World { ada, machine, .. } = tour.world;
    let nothing = json!({});
    let made = |object: Value| object["id"].as_str().unwrap().to_owned();
    let company = made(tour.go(machine, "Company", "create", None, json!({ "name": "Windy Grid" })).await);
    let contact = made(tour.go(ada, "Contact", "create", None, json!({ "name": "Noor" })).await);
    tour.go(machine, "Company", "update", Some(&company), json!({ "industry": "Energy" })).await;
    tour.go(ada, "Contact", "update", Some(&contact), json!({ "companyId": company })).await;
    let names = json!({ "externalRefs": [{ "source": "crm", "externalId": "1" }] });
    for (who, name, id) in [(machine, "Company", &company), (ada, "Contact", &contact)] {
        tour.go(who, name, "update", Some(id), names.clone()).await;
        for verb in ["delete", "restore"] {
            tour.go(who, name, verb, Some(id), nothing.clone()).await;
        }
    }
}
