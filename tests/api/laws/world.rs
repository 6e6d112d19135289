//! A world with one object of everything. A resource that is added fails the laws until it has one here.

use std::collections::BTreeMap;

use cairn::{
    domain::{self, answer::Answer, clock, policy::permission},
    read::shape::named_lists,
};
use chrono::TimeDelta;
use entity::{
    id::{SessionId, TypedId as _},
    kind::{Form, Kind, Object, Presence},
    platform::{client::Scope, membership::Role, session},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use serde_json::{Map, Value, json};

use super::{hiring, ideas, jobs, portfolios, projects, talks, transitions};
use crate::harness::{Actor, Api, Face, Organization, world::nothing};

/// One object of every resource, and who is in it.
pub struct World {
    pub acme: Organization,
    /// A learner, whose things they are.
    pub ada: Actor,
    /// Her coach.
    pub kim: Actor,
    /// The administrator.
    pub root: Actor,
    /// A machine that may do everything.
    pub machine: Actor,
    /// One object of each, by the resource's name.
    pub one: BTreeMap<&'static str, String>,
    /// What stands in each list of a name of its own, for the coach.
    pub waiting: BTreeMap<&'static str, String>,
}

impl World {
    pub async fn new(api: &Api) -> Self {
        let acme = api.organization("Acme").await;
        let rest = |who: Actor| who.through(Face::Rest);
        let (ada, kim, root) =
            (rest(acme.learner("ada").await), rest(acme.coach("kim").await), rest(acme.admin("root").await));
        let machine = rest(acme.omnipotent().await);
        acme.decide(&root, json!({ "selfApproval": true, "budgetApprover": "COACH" })).await;
        let mut one =
            BTreeMap::from([("Organization", acme.id()), ("User", ada.id.clone()), ("Client", machine.id.clone())]);
        one.insert("Membership", root.list("Membership", &[("userId", &ada.id)]).await.ids().remove(0));
        one.insert("Session", session(&acme, &ada).await);
        one.insert("Grant", ada.opens(&kim, &["learning:review", "learning:write"]).await);
        let (framework, [_, leaf, _]) = root.framework("own").await;
        let course = json!({
            "kind": "COURSE", "title": "ML", "competencyIds": [leaf], "externalRefs": [{ "source": "moodle", "externalId": "c1" }],
        });
        let course = machine.create("LearningResource", course).await.id();
        let plan = ada.plan("Learn").await;
        let item =
            ada.create("PlanItem", json!({ "planId": plan, "competencyId": leaf, "resourceIds": [course] })).await.id();
        ada.tell("LearningPlan", "approve", &plan).await.done();
        let done = json!({
            "statementId": "s-1", "person": { "id": ada.id }, "object": { "source": "moodle", "externalId": "c1" },
            "verb": "COMPLETED", "occurredAt": "2026-03-01T10:00:00Z", "minutes": 30,
        });
        let completion = machine.act("Completion", "record", None, done).await.done();
        one.insert("LearningSession", completion["sessionId"].as_str().unwrap().to_owned());
        one.insert("Completion", completion["id"].as_str().unwrap().to_owned());
        one.insert("Evidence", ada.list("Evidence", &[]).await.ids().remove(0));
        one.insert("Event", ada.list("Event", &[("subjectKind", "learning_plan")]).await.ids().remove(0));
        one.extend([
            ("CompetencyFramework", framework),
            ("Competency", leaf),
            ("LearningResource", course),
            ("LearningPlan", plan),
            ("PlanItem", item),
        ]);
        needs(&ada, &mut one).await;
        one.extend(goals(&ada, &root, &one).await);
        pace(&ada, &mut one).await;
        standing(&ada, &mut one).await;
        network(&ada, &mut one).await;
        let feed = json!({ "name": "Mine", "contents": ["MILESTONES"] });
        one.insert("CalendarFeed", ada.create("CalendarFeed", feed).await.id());
        one.insert("ImportJob", ada.create("ImportJob", plan_to_import()).await.id());
        projects::one_of_each(&ada, &kim, &mut one).await;
        ideas::one_of_each(&ada, &kim, &mut one).await;
        portfolios::one_of_each(&ada, &mut one).await;
        transitions::one_of_each(&ada, &root, &mut one).await;
        jobs::one_of_each(&ada, &kim, &mut one).await;
        hiring::one_of_each(&ada, &mut one).await;
        talks::one_of_each(&ada, &mut one).await;
        let waiting = templates(&ada, &kim, &mut one).await;
        let waiting =
            waiting.into_iter().chain([("budgetApprovalQueue", one["Budget"].clone())]).collect::<BTreeMap<_, _>>();
        for (_, list) in named_lists() {
            assert!(waiting.contains_key(list.name), "nothing stands in {} of the laws' world: add it", list.name);
        }
        for resource in domain::resources() {
            assert!(
                one.contains_key(resource.shape.name),
                "the world of the laws has no {}: add one",
                resource.shape.name
            );
        }
        Self { acme, ada, kim, root, machine, one, waiting }
    }

    /// Somebody whom a computed answer is for: a coach for reports, which a learner does not read.
    pub fn asker(&self, answer: &Answer) -> &Actor {
        match permission(answer.action).0 {
            Scope::ReportsRead => &self.kim,
            _ => &self.ada,
        }
    }

    /// What a computed answer takes: of every id the object of this world, of the rest what is required.
    pub fn question(&self, declared: &Object) -> Value {
        let fields = declared.fields.iter().filter_map(|field| {
            let value = match field.kind {
                _ if field.name == "subjectId" => json!(self.one["LearningPlan"]),
                Kind::Id(prefix) => {
                    let resource = domain::resources().iter().find(|resource| resource.shape.prefix == prefix)?;
                    json!(self.one[resource.shape.name])
                }
                Kind::List { of: Kind::Id(prefix), min, .. } => {
                    let resource = domain::resources().iter().find(|resource| resource.shape.prefix == *prefix)?;
                    json!(vec![&self.one[resource.shape.name]; min.max(1)])
                }
                kind if field.presence == Presence::Required => value(kind),
                _ => return None,
            };
            Some((field.name.clone(), value))
        });
        Value::Object(fields.collect())
    }

    /// Somebody who may see the object of a resource, best one who may do everything with it.
    pub fn owner(&self, name: &str) -> &Actor {
        match name {
            "Client" | "Organization" | "Membership" | "Session" => &self.root,
            "Grant" => &self.ada,
            "InsightDismissal" | "CalendarFeed" | "PlanItemComment" | "Contact" | "PeerFeedback" | "ProjectIdea"
            | "PortfolioShare" | "TransitionPlan" | "TransitionLeg" | "StepDismissal" => &self.ada,
            "Interaction" | "InformationalInterview" | "Finding" | "RoleObservation" => &self.ada,
            "JobSearch" | "Stage" | "JobPosting" | "Application" | "ApplicationEvent" => &self.ada,
            "Referral" | "Interview" | "SelfScorecard" | "Offer" | "OfferVersion" | "FeedbackRequest" | "Feedback"
            | "HelpRequest" | "Community" => &self.ada,
            _ => &self.machine,
        }
    }
}

async fn session(acme: &Organization, who: &Actor) -> String {
    let now = clock::now();
    let row = session::ActiveModel {
        id: Set(clock::new_id::<SessionId>()),
        organization_id: Set(acme.row.id),
        user_id: Set(who.user()),
        user_agent: Set(Some("a test".to_owned())),
        last_used_at: Set(now),
        expires_at: Set(now + TimeDelta::days(1)),
        ended_at: Set(None),
        end_reason: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    };
    row.insert(&acme.api.house.database.write).await.unwrap().id.to_string()
}

/// Somebody of another organization with every role, and a machine there with every scope.
pub async fn strangers(api: &Api) -> [Actor; 2] {
    let beta = api.organization("Beta").await;
    let person = beta.member("eve", &[Role::Learner, Role::Coach, Role::OrgAnalyst, Role::Admin]).await;
    [person, beta.omnipotent().await]
}

/// An input that has the declared form, and what is required. Ids name nothing.
pub fn sample(declared: &Object) -> Value {
    let required = declared.fields.iter().filter(|field| field.presence == Presence::Required);
    Value::Object(required.map(|field| (field.name.clone(), value(field.kind))).collect::<Map<_, _>>())
}

/// A value of a kind.
pub fn value(kind: Kind) -> Value {
    match kind {
        Kind::Id(prefix) => json!(nothing(prefix)),
        Kind::Text { min, form, .. } => match form {
            Form::Email => json!("somebody@example.org"),
            Form::Url => json!("https://example.org/a"),
            Form::TimeZone => json!("Europe/Vienna"),
            Form::Decimal => json!("1250"),
            Form::Line | Form::Prose | Form::File | Form::Slug | Form::Secret => json!("a".repeat(min.max(3))),
        },
        Kind::Int { min, .. } => json!(min.max(1)),
        Kind::Decimal => json!("1"),
        Kind::Bool => json!(true),
        Kind::Time => json!("2999-03-01T10:00:00.000000Z"),
        Kind::Date => json!("2999-03-01"),
        Kind::Word(words) => json!(words.words[0].name),
        Kind::Object(declared) | Kind::Document(declared) => sample(declared()),
        Kind::List { of, min, .. } => json!(vec![value(*of); min]),
        Kind::Json => json!({}),
    }
}

/// The prefix of organizations, which no list of a stranger may show but their own.
pub const ORGANIZATION: &str = entity::id::OrganizationId::PREFIX;

/// Something to learn, where it comes from, and advice that was put away.
async fn needs(ada: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let new = json!({ "competencyId": one["Competency"], "source": "CURIOSITY", "note": "Why not?" });
    let need = ada.act("LearningNeed", "raise", None, new).await.id();
    let sources = ada.list("LearningNeedSource", &[("needId", &need)]).await;
    one.insert("LearningNeedSource", sources.ids().remove(0));
    one.insert("LearningNeed", need);
    let away = json!({ "code": "SCATTERED_START", "subjectId": one["PlanItem"] });
    one.insert("InsightDismissal", ada.create("InsightDismissal", away).await.id());
}

/// A role, a goal that leads to it, a plan for it, and whose profile it is.
async fn goals(ada: &Actor, root: &Actor, one: &BTreeMap<&'static str, String>) -> [(&'static str, String); 5] {
    let role = root.create("RoleProfile", json!({ "title": "ML engineer", "family": "Engineering" })).await.id();
    let asks = json!({ "roleProfileId": role, "competencyId": one["Competency"], "requiredLevel": 3 });
    let asked = root.create("RoleRequirement", asks).await.id();
    let goal = json!({ "title": "Become one", "kind": "ROLE", "targetRoleProfileId": role });
    let goal = ada.create("CareerGoal", goal).await.id();
    ada.update("LearningPlan", &one["LearningPlan"], json!({ "goalId": goal })).await.done();
    let needed = ada.list("GoalRequirement", &[("goalId", &goal)]).await.ids().remove(0);
    let profile = ada.list("CareerProfile", &[("userId", &ada.id)]).await.ids().remove(0);
    [
        ("CareerProfile", profile),
        ("RoleProfile", role),
        ("RoleRequirement", asked),
        ("CareerGoal", goal),
        ("GoalRequirement", needed),
    ]
}

/// A session that somebody noted, and a pause.
async fn pace(who: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let session = json!({
        "startedAt": "2026-03-02T10:00:00Z", "minutes": 30, "planItemId": one["PlanItem"],
        "learningResourceId": one["LearningResource"],
    });
    one.insert("LearningSession", who.create("LearningSession", session).await.id());
    let pause = json!({ "startsOn": "2026-03-09", "endsOn": "2026-03-15" });
    one.insert("LearningPause", who.create("LearningPause", pause).await.id());
}

/// Where somebody stands, what they learnt before, and the snapshot of a plan that was completed.
async fn standing(ada: &Actor, one: &mut BTreeMap<&'static str, String>) {
    one.insert("UserCompetency", ada.list("UserCompetency", &[]).await.ids().remove(0));
    let before = json!({ "title": "A degree", "competencyIds": [one["Competency"]] });
    one.insert("PriorLearning", ada.create("PriorLearning", before).await.id());
    let plan = ada.plan("Done").await;
    ada.create("PlanItem", json!({ "planId": plan, "competencyId": one["Competency"] })).await.done();
    for verb in ["approve", "complete"] {
        ada.tell("LearningPlan", verb, &plan).await.done();
    }
    one.insert("PlanStanding", ada.list("PlanStanding", &[("planId", &plan)]).await.ids().remove(0));
}

/// Somebody whom one knows, and where they work.
async fn network(ada: &Actor, one: &mut BTreeMap<&'static str, String>) {
    let company = ada.create("Company", json!({ "name": "Windy Grid", "industry": "Energy" })).await.id();
    let contact = json!({ "name": "Noor", "companyId": company, "role": "Dispatcher", "lastInteractionAt": "2026-03-01T10:00:00Z" });
    one.insert("Contact", ada.create("Contact", contact).await.id());
    one.insert("Company", company);
}

/// A template with an item, what somebody said about an item of a plan, and a plan that waits for the coach.
async fn templates(
    ada: &Actor,
    kim: &Actor,
    one: &mut BTreeMap<&'static str, String>,
) -> BTreeMap<&'static str, String> {
    let template = kim.create("LearningPlanTemplate", json!({ "title": "Onboarding", "dueInDays": 30 })).await.id();
    let asks = json!({
        "templateId": template, "competencyId": one["Competency"], "resourceIds": [one["LearningResource"]],
    });
    one.insert("LearningPlanTemplateItem", kim.create("LearningPlanTemplateItem", asks).await.id());
    one.insert("LearningPlanTemplate", template);
    let says = json!({ "itemId": one["PlanItem"], "text": "Is this enough?" });
    one.insert("PlanItemComment", ada.create("PlanItemComment", says).await.id());
    let plan = ada.plan("Waiting").await;
    ada.tell("LearningPlan", "requestReview", &plan).await.done();
    BTreeMap::from([("reviewQueue", plan)])
}

/// A document that may be taken in.
pub fn plan_to_import() -> Value {
    let document =
        json!({ "format": "cairn/learning-plan", "version": 1, "plan": { "title": "Imported" }, "items": [] });
    json!({ "kind": "LEARNING_PLAN", "document": document })
}
