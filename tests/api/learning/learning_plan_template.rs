//! Templates of learning plans: who keeps them, and who gets a plan from one (§7).

mod follow;

use chrono::Days;
use serde_json::{Value, json};

use crate::harness::{Actor, Api, assert_snapshot, face::id, stories, stories_in_both_faces, world::nothing};

stories_in_both_faces!(
    who_keeps_templates,
    what_a_template_asks_for,
    a_template_has_names_elsewhere,
    a_cohort_gets_its_plans,
    whom_one_may_assign_to,
    all_or_nothing,
    a_person_follows_a_template_by_themself,
    templates_keep_what_they_name,
);
stories!(a_template_is_bounded, two_who_assign_at_once, the_same_request_again);

const KIND: &str = "LearningPlanTemplate";
const ITEM: &str = "LearningPlanTemplateItem";
const PLAN: &str = "LearningPlan";

/// A template of two items, made by a coach, and its competencies: of a framework of its own.
async fn template(coach: &Actor, root: &Actor, name: &str) -> (String, [String; 2], [String; 2]) {
    let (_, [_, a, b]) = root.framework(name).await;
    let template =
        coach.create(KIND, json!({ "title": name, "description": "Begin here.", "dueInDays": 30 })).await.id();
    let mut items = Vec::new();
    for (competency, level, weight) in [(&a, 2, 1), (&b, 3, 2)] {
        let asks =
            json!({ "templateId": template, "competencyId": competency, "targetLevel": level, "weight": weight });
        items.push(coach.create(ITEM, asks).await.id());
    }
    (template, items.try_into().unwrap(), [a, b])
}

fn people(template: &str, people: &[&Actor]) -> Value {
    json!({ "templateId": template, "userIds": people.iter().map(|who| &who.id).collect::<Vec<_>>() })
}

async fn who_keeps_templates(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let new = json!({ "title": "Onboarding", "dueInDays": 30 });
    assert_snapshot!(ada.create(KIND, new.clone()).await.said(), @"FORBIDDEN");
    let made = kim.create(KIND, new).await.done();
    assert_eq!(
        (&made["title"], &made["dueInDays"], &made["description"]),
        (&json!("Onboarding"), &json!(30), &Value::Null)
    );
    let template = id(&made);
    ada.see(KIND, &template).await.done();
    assert_snapshot!(ada.update(KIND, &template, json!({ "title": "x" })).await.said(), @"FORBIDDEN");
    assert_snapshot!(ada.tell(KIND, "delete", &template).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.create(KIND, json!({ "title": "x", "dueInDays": 0 })).await.said(), @"VALIDATION_FAILED /dueInDays");
    root.update(KIND, &template, json!({ "dueInDays": null, "title": "First weeks" })).await.done();
    assert_eq!(ada.list(KIND, &[("q", "first")]).await.ids(), std::slice::from_ref(&template));
    acme.moodle().await.tell(KIND, "delete", &template).await.done();
    assert_snapshot!(ada.see(KIND, &template).await.said(), @"NOT_FOUND");
    kim.tell(KIND, "restore", &template).await.done();
    let beta = api.organization("Beta").await;
    assert_snapshot!(beta.admin("eve").await.see(KIND, &template).await.said(), @"NOT_FOUND");
    let theirs = json!({ "templateId": template, "userIds": [beta.learner("fay").await.id] });
    assert_snapshot!(beta.moodle().await.act(PLAN, "assign", None, theirs).await.said(), @"REFERENCE_UNKNOWN /templateId");
}

async fn what_a_template_asks_for(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (_, [_, leaf, other]) = root.framework("own").await;
    let course = kim.create("LearningResource", json!({ "kind": "COURSE", "title": "ML" })).await.id();
    let template = kim.create(KIND, json!({ "title": "Onboarding" })).await.id();
    let asks = |more: Value| {
        let mut asks = json!({ "templateId": template, "competencyId": leaf });
        asks.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        asks
    };
    assert_snapshot!(ada.create(ITEM, asks(json!({}))).await.said(), @"FORBIDDEN");
    let refused = kim.create(ITEM, asks(json!({ "targetLevel": 9 }))).await;
    assert_snapshot!(refused.said(), @"LEVEL_NOT_IN_SCALE /targetLevel");
    assert_snapshot!(refused.details, @r#"{"levels":[1,2,3]}"#);
    let unknown = asks(json!({ "resourceIds": [course, nothing("res"), nothing("res")] }));
    assert_snapshot!(kim.create(ITEM, unknown).await.said(), @"REFERENCE_UNKNOWN /resourceIds/1 /resourceIds/2");
    assert_snapshot!(kim.create(ITEM, asks(json!({ "competencyId": nothing("cmp") }))).await.said(), @"REFERENCE_UNKNOWN /competencyId");
    assert_snapshot!(kim.create(ITEM, asks(json!({ "templateId": nothing("tpl") }))).await.said(), @"REFERENCE_UNKNOWN /templateId");
    let first = kim.create(ITEM, asks(json!({ "resourceIds": [course], "note": "Read on." }))).await.done();
    assert_eq!((&first["targetLevel"], &first["weight"], &first["sortOrder"]), (&json!(2), &json!(1), &json!(0)));
    let second = kim.create(ITEM, asks(json!({ "competencyId": other, "targetLevel": 1 }))).await.done();
    assert_eq!(second["sortOrder"], 1);
    let first = id(&first);
    assert_snapshot!(ada.update(ITEM, &first, json!({ "weight": 3 })).await.said(), @"FORBIDDEN");
    assert_snapshot!(kim.update(ITEM, &first, json!({ "targetLevel": 4 })).await.said(), @"LEVEL_NOT_IN_SCALE /targetLevel");
    let changed = kim.update(ITEM, &first, json!({ "targetLevel": 3, "note": null, "sortOrder": 5 })).await.done();
    assert_eq!((&changed["note"], &changed["version"]), (&Value::Null, &json!(2)));
    let same = kim.update(ITEM, &first, json!({ "targetLevel": 3, "resourceIds": [course] })).await.done();
    assert_eq!(same["version"], 2);
    let shown = ada.get(&format!("/learning-plan-templates/{template}?expand=items.competency,items.resources")).await;
    let shown = shown.fine()["items"]["items"].as_array().unwrap().clone();
    let shown: Vec<_> = shown
        .iter()
        .map(|item| (&item["competency"]["code"], item["resources"]["items"].as_array().unwrap().len()))
        .collect();
    assert_eq!(shown, [(&json!("leaf-b"), 0), (&json!("leaf-a"), 1)]);
    assert_eq!(kim.update(ITEM, &first, json!({ "resourceIds": [] })).await.done()["version"], 3);
    kim.tell(ITEM, "delete", &first).await.done();
    assert_eq!(ada.list(ITEM, &[("templateId", &template)]).await.items.len(), 1);
    kim.tell(ITEM, "restore", &first).await.done();
    // What it asks for goes with the template.
    kim.tell(KIND, "delete", &template).await.done();
    assert_snapshot!(ada.see(ITEM, &first).await.said(), @"NOT_FOUND");
}

async fn a_template_has_names_elsewhere(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, machine) = (acme.learner("ada").await, acme.moodle().await);
    let new = json!({ "title": "Data", "description": "All of it.", "dueInDays": 60 });
    assert_snapshot!(ada.upsert(KIND, "moodle", "t-1", new.clone()).await.said(), @"FORBIDDEN");
    let template = machine.upsert(KIND, "moodle", "t-1", new).await.id();
    let again = machine.upsert(KIND, "moodle", "t-1", json!({ "title": "Data science" })).await.done();
    assert_eq!(
        (&again["id"], &again["title"], &again["dueInDays"]),
        (&json!(template), &json!("Data science"), &json!(60))
    );
    assert_eq!(again["externalRefs"], json!([{ "source": "moodle", "externalId": "t-1" }]));
    machine.tell(KIND, "delete", &template).await.done();
    assert_eq!(machine.upsert(KIND, "moodle", "t-1", json!({ "title": "Back" })).await.id(), template);
}

async fn a_cohort_gets_its_plans(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, cyd) = (acme.learner("ada").await, acme.learner("ben").await, acme.learner("cyd").await);
    let (kim, root, moodle) = (acme.coach("kim").await, acme.admin("root").await, acme.moodle().await);
    let (template, items, competencies) = template(&kim, &root, "Onboarding").await;
    let course = kim.create("LearningResource", json!({ "kind": "COURSE", "title": "ML" })).await.id();
    kim.update(ITEM, &items[0], json!({ "note": "Take your time.", "resourceIds": [course] })).await.done();
    ben.update("User", &ben.id, json!({ "timeZone": "Pacific/Kiritimati" })).await.done();
    let given = moodle.act(PLAN, "assign", None, people(&template, &[&ben, &ada])).await;
    let given = given.done();
    assert_eq!(given["warnings"], json!([]));
    let plans = given["items"].as_array().unwrap();
    assert_eq!(plans.len(), 2);
    for (plan, who, zone) in [(&plans[0], &ben, "Pacific/Kiritimati"), (&plans[1], &ada, "UTC")] {
        let due = cairn::domain::learning::week::day_in(zone, cairn::domain::clock::now()) + Days::new(30);
        let shown = [&plan["ownerId"], &plan["title"], &plan["description"], &plan["status"], &plan["dueOn"]];
        assert_eq!(shown, [&json!(who.id), &json!("Onboarding"), &json!("Begin here."), &json!("DRAFT"), &json!(due)]);
        assert_eq!((&plan["templateId"], &plan["originTemplateId"]), (&json!(template), &json!(template)));
    }
    let plan = id(&plans[1]);
    let shown =
        ada.get(&format!("/learning-plans/{plan}?expand=items.resources,items.templateItem,template")).await.fine();
    assert_eq!(shown["template"]["id"], json!(template));
    let shown = shown["items"]["items"].as_array().unwrap();
    assert_eq!(
        [&shown[0]["competencyId"], &shown[1]["competencyId"]],
        [&json!(competencies[0]), &json!(competencies[1])]
    );
    assert_eq!([&shown[0]["targetLevel"], &shown[1]["targetLevel"]], [&json!(2), &json!(3)]);
    assert_eq!([&shown[0]["weight"], &shown[1]["weight"]], [&json!(1), &json!(2)]);
    assert_eq!([&shown[0]["note"], &shown[1]["note"]], [&json!("Take your time."), &Value::Null]);
    assert_eq!([&shown[0]["templateItemId"], &shown[1]["templateItemId"]], [&json!(items[0]), &json!(items[1])]);
    assert_eq!(
        (&shown[0]["resources"]["items"][0]["id"], &shown[1]["resources"]["items"]),
        (&json!(course), &json!([]))
    );
    // Whoever has a plan of it keeps that one, and is named; twice named is named once.
    let again = moodle.act(PLAN, "assign", None, people(&template, &[&ada, &cyd, &ada])).await.done();
    let ids: Vec<_> = again["items"].as_array().unwrap().iter().map(id).collect();
    assert_eq!((ids.len(), &ids[0]), (2, &plan));
    assert_eq!(again["items"][1]["ownerId"], json!(cyd.id));
    let warning = &again["warnings"][0];
    assert_eq!((&warning["code"], &warning["details"]), (&json!("ALREADY_ASSIGNED"), &json!({ "userIds": [ada.id] })));
    assert!(warning["message"].as_str().unwrap().contains(&ada.id));
    assert_snapshot!(ada.list(PLAN, &[]).await.items.len(), @"1");
    let events = ada.list("Event", &[("subjectKind", "learning_plan"), ("sort", "seq")]).await;
    assert_eq!(events.each("type"), [json!("learning_plan.assigned")]);
    assert_eq!(events.items[0]["data"], json!({ "title": "Onboarding", "templateId": template }));
    let events = ada.list("Event", &[("subjectKind", "plan_item")]).await;
    assert_eq!(events.each("type"), [json!("plan_item.created"), json!("plan_item.created")]);
    // A plan that was deleted is none: a new one is given.
    ada.tell(PLAN, "delete", &plan).await.done();
    let anew = moodle.act(PLAN, "assign", None, people(&template, &[&ada])).await.done();
    assert_ne!(id(&anew["items"][0]), plan);
    let refused = ada.tell(PLAN, "restore", &plan).await;
    assert_snapshot!(refused.said(), @"ALREADY_ASSIGNED");
    assert_eq!(refused.details, json!({ "learningPlanId": anew["items"][0]["id"] }));
    // Nor does the name that another system has for it bring it back.
    let named = moodle.upsert(PLAN, "moodle", "p1", json!({ "title": "Onboarding", "ownerId": ada.id })).await.id();
    ada.tell(PLAN, "delete", &named).await.done();
    api.execute(
        "UPDATE \"learning_plan\" SET template_id = (SELECT template_id FROM \"learning_plan\" WHERE template_id IS NOT NULL LIMIT 1) \
         WHERE deleted_at IS NOT NULL",
        Vec::new(),
    )
    .await;
    let refused = moodle.upsert(PLAN, "moodle", "p1", json!({ "title": "Onboarding", "ownerId": ada.id })).await;
    assert_snapshot!(refused.said(), @"ALREADY_ASSIGNED");
}

async fn whom_one_may_assign_to(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, lee) = (acme.learner("ada").await, acme.coach("kim").await, acme.coach("lee").await);
    let root = acme.admin("root").await;
    let (template, ..) = template(&kim, &root, "Onboarding").await;
    let assign = async |who: &Actor, to: &Actor| who.act(PLAN, "assign", None, people(&template, &[to])).await;
    // Whom one may not know of, and whom one may know of but not plan for.
    assert_snapshot!(assign(&kim, &ada).await.said(), @"REFERENCE_UNKNOWN /userIds/0");
    let refused = assign(&kim, &lee).await;
    assert_snapshot!(refused.said(), @"FORBIDDEN /userIds/0");
    assert_snapshot!(refused.details, @r#"{"action":"PlanFor"}"#);
    assert_snapshot!(assign(&root, &ada).await.said(), @"FORBIDDEN /userIds/0");
    // To review is not to plan.
    let grant = ada.opens(&kim, &["learning:review"]).await;
    assert_snapshot!(assign(&kim, &ada).await.said(), @"FORBIDDEN /userIds/0");
    ada.update("Grant", &grant, json!({ "scopes": ["learning:write"] })).await.done();
    let plan = assign(&kim, &ada).await.done();
    assert_eq!(plan["items"][0]["ownerId"], json!(ada.id));
    // To oneself, always.
    assert_eq!(assign(&lee, &lee).await.done()["items"][0]["ownerId"], json!(lee.id));
    let reader = ada.limited_to(&acme, &[entity::platform::client::Scope::LearningRead]);
    assert_snapshot!(assign(&reader, &ada).await.said(), @"INSUFFICIENT_SCOPE");
}

async fn all_or_nothing(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let eve = api.organization("Beta").await.learner("eve").await;
    let (template, ..) = template(&kim, &root, "Onboarding").await;
    let assign = async |to: Value, more: Value| {
        let mut input = json!({ "templateId": template, "userIds": to });
        input.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        moodle.act(PLAN, "assign", None, input).await.said()
    };
    let some = json!([ada.id, ben.id, eve.id, nothing("usr")]);
    assert_snapshot!(assign(some, json!({})).await, @"REFERENCE_UNKNOWN /userIds/2 /userIds/3");
    assert_snapshot!(assign(json!([]), json!({})).await, @"VALIDATION_FAILED /userIds");
    assert_snapshot!(assign(json!(vec![&ada.id; 201]), json!({})).await, @"VALIDATION_FAILED /userIds");
    assert_snapshot!(assign(json!([ada.id]), json!({ "templateId": nothing("tpl") })).await, @"REFERENCE_UNKNOWN /templateId");
    assert_snapshot!(assign(json!([ada.id]), json!({ "dueOn": "2020-01-01" })).await, @"DUE_DATE_PAST /dueOn");
    assert_snapshot!(moodle.list(PLAN, &[("count", "true")]).await.total, @"0");
    assert_snapshot!(assign(json!([ada.id, ben.id]), json!({ "dueOn": "2999-01-01" })).await, @"fine");
    assert_eq!(moodle.list(PLAN, &[]).await.each("dueOn"), [json!("2999-01-01"), json!("2999-01-01")]);
}

async fn a_person_follows_a_template_by_themself(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let (template, _, competencies) = template(&kim, &root, "Onboarding").await;
    let framework = root.list("CompetencyFramework", &[("q", "onboarding")]).await.ids().remove(0);
    let both = json!({ "title": "Mine", "fromTemplateId": template, "fromFrameworkId": framework });
    assert_snapshot!(ada.create(PLAN, both).await.said(), @"PLAN_SOURCE_AMBIGUOUS /fromTemplateId");
    assert_snapshot!(ada.create(PLAN, json!({ "title": "Mine", "fromTemplateId": nothing("tpl") })).await.said(), @"REFERENCE_UNKNOWN /fromTemplateId");
    let mine = json!({ "title": "Mine", "fromTemplateId": template });
    let plan = ada.create(PLAN, mine.clone()).await.done();
    assert_eq!((&plan["title"], &plan["description"]), (&json!("Mine"), &json!("Begin here.")));
    assert_eq!((&plan["templateId"], &plan["originTemplateId"]), (&json!(template), &json!(template)));
    assert!(plan["dueOn"].is_string());
    let items = ada.list("PlanItem", &[("planId", &id(&plan)), ("sort", "sortOrder")]).await;
    assert_eq!(items.each("competencyId"), [json!(competencies[0]), json!(competencies[1])]);
    let refused = ada.create(PLAN, mine).await;
    assert_snapshot!(refused.said(), @"ALREADY_ASSIGNED /fromTemplateId");
    assert_eq!(refused.details, json!({ "learningPlanId": plan["id"] }));
    // What is said goes before what the template says.
    let ben = acme.learner("ben").await;
    let own = json!({ "title": "Ben's", "description": "Slowly.", "dueOn": "2999-01-01", "fromTemplateId": template });
    let own = ben.create(PLAN, own).await.done();
    assert_eq!((&own["description"], &own["dueOn"]), (&json!("Slowly."), &json!("2999-01-01")));
    assert_eq!(
        kim.get(&format!("/learning-plan-templates/{template}?expand=plans")).await.fine()["plans"]["items"],
        json!([])
    );
    assert_eq!(
        ben.get(&format!("/learning-plan-templates/{template}?expand=plans")).await.fine()["plans"]["items"][0]["id"],
        own["id"]
    );
}

async fn templates_keep_what_they_name(api: Api) {
    let acme = api.organization("Acme").await;
    let root = acme.admin("root").await;
    let (framework, [_, leaf, _]) = root.framework("own").await;
    let course = root.create("LearningResource", json!({ "kind": "COURSE", "title": "ML" })).await.id();
    let template = root.create(KIND, json!({ "title": "Onboarding" })).await.id();
    root.create(ITEM, json!({ "templateId": template, "competencyId": leaf, "resourceIds": [course] })).await.done();
    let mut scale = crate::harness::world::scale();
    scale["defaultLevel"] = json!(2);
    let refused = root.update("CompetencyFramework", &framework, json!({ "scale": scale })).await;
    assert_snapshot!(refused.said(), @"FRAMEWORK_IN_USE");
    assert_snapshot!(refused.details, @r#"{"evidence":0,"planItems":0,"portfolioEntries":0,"priorLearning":0,"requirements":0,"templateItems":1}"#);
    let refused = root.tell("Competency", "delete", &leaf).await;
    assert_snapshot!(refused.said(), @"IN_USE");
    assert_eq!(refused.details["templateItems"], 1);
    let refused = root.tell("LearningResource", "delete", &course).await;
    assert_snapshot!(refused.said(), @"IN_USE");
    assert_snapshot!(refused.details, @r#"{"planItems":0,"templateItems":1}"#);
}

async fn a_template_is_bounded(api: Api) {
    let acme = api.another(&[("CAIRN_RATE_LIMIT", "0")]).await.organization("Acme").await;
    let root = acme.admin("root").await;
    let (_, [_, leaf, _]) = root.framework("own").await;
    let template = root.create(KIND, json!({ "title": "All of it" })).await.id();
    let asks = json!({ "templateId": template, "competencyId": leaf });
    let mut last = String::new();
    for _ in 0..100 {
        last = root.create(ITEM, asks.clone()).await.id();
    }
    let refused = root.create(ITEM, asks.clone()).await;
    assert_snapshot!(refused.said(), @"TEMPLATE_FULL");
    assert_snapshot!(refused.details, @r#"{"most":100}"#);
    root.tell(ITEM, "delete", &last).await.done();
    root.create(ITEM, asks).await.done();
    assert_snapshot!(root.tell(ITEM, "restore", &last).await.said(), @"TEMPLATE_FULL");
    // A plan for everybody of a cohort, with everything: more rows than one statement holds.
    let cohort = [
        acme.learner("a").await,
        acme.learner("b").await,
        acme.learner("c").await,
        acme.learner("d").await,
        acme.learner("e").await,
        acme.learner("f").await,
        acme.learner("g").await,
    ];
    let all: Vec<&Actor> = cohort.iter().collect();
    let given = acme.moodle().await.act(PLAN, "assign", None, people(&template, &all)).await.done();
    assert_eq!(given["items"].as_array().unwrap().len(), 7);
    for who in &cohort {
        assert_eq!(who.list("PlanItem", &[("count", "true")]).await.total, 100);
        assert_eq!(who.list("Event", &[("ownerId", &who.id), ("count", "true")]).await.total, 101);
    }
}

async fn two_who_assign_at_once(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, ben, kim) = (acme.learner("ada").await, acme.learner("ben").await, acme.coach("kim").await);
    let (root, moodle) = (acme.admin("root").await, acme.moodle().await);
    let (template, ..) = template(&kim, &root, "Onboarding").await;
    let (one, other) = tokio::join!(
        moodle.act(PLAN, "assign", None, people(&template, &[&ada, &ben])),
        moodle.act(PLAN, "assign", None, people(&template, &[&ben, &ada])),
    );
    let of =
        |given: Value| given["items"].as_array().unwrap().iter().map(id).collect::<std::collections::BTreeSet<_>>();
    assert_eq!(of(one.done()), of(other.done()));
    assert_snapshot!(moodle.list(PLAN, &[("count", "true")]).await.total, @"2");
}

async fn the_same_request_again(api: Api) {
    let acme = api.organization("Acme").await;
    let (ada, kim, root) = (acme.learner("ada").await, acme.coach("kim").await, acme.admin("root").await);
    let moodle = acme.moodle().await.once("cohort-1");
    let (template, ..) = template(&kim, &root, "Onboarding").await;
    let first = moodle.act(PLAN, "assign", None, people(&template, &[&ada])).await;
    let again = moodle.act(PLAN, "assign", None, people(&template, &[&ada])).await;
    assert!(!first.replayed() && again.replayed());
    // A replay answers as the first did: nobody had been given one before.
    assert_eq!(again.object, first.object);
    let route = json!(people(&template, &[&ada]));
    let rest = acme.moodle().await.post("/learning-plans/assign", route).await.fine();
    assert_eq!((rest.status(), &rest["warnings"][0]["code"]), (200, &json!("ALREADY_ASSIGNED")));
}
