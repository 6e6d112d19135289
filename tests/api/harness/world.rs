//! Organizations and who is in them, and the things that most stories begin with.

use cairn::{
    auth::{
        access::{self, Subject, Ticket},
        scopes,
    },
    domain::{clock, platform::organization},
};
use chrono::TimeDelta;
use entity::{
    id::UserId,
    learning::career_profile,
    platform::{
        client::{self, Scope},
        membership::{self, Role},
        organization::Model,
        user,
    },
    vocabulary::{Set as Words, Vocabulary as _},
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set};
use serde_json::{Value, json};

use super::{Actor, Api, face::id};

/// An organization.
#[derive(Clone)]
pub struct Organization {
    pub api: Api,
    pub row: Model,
}

pub async fn organization(api: &Api, name: &str) -> Organization {
    let row = organization::found(&api.house, name, "test".into()).await.expect("an organization");
    Organization { api: api.clone(), row }
}

impl Organization {
    /// Its id as the contract writes it.
    pub fn id(&self) -> String {
        self.row.id.to_string()
    }

    pub async fn learner(&self, name: &str) -> Actor {
        self.member(name, &[Role::Learner]).await
    }

    pub async fn coach(&self, name: &str) -> Actor {
        self.member(name, &[Role::Coach]).await
    }

    pub async fn analyst(&self, name: &str) -> Actor {
        self.member(name, &[Role::OrgAnalyst]).await
    }

    pub async fn admin(&self, name: &str) -> Actor {
        self.member(name, &[Role::Admin]).await
    }

    /// Somebody new, with these roles and the token that they would have logged in for.
    pub async fn member(&self, name: &str, roles: &[Role]) -> Actor {
        let user = self.person(name).await;
        self.join(name, user, roles).await
    }

    /// Somebody who is in the installation already, in this organization too.
    pub async fn join(&self, name: &str, user: UserId, roles: &[Role]) -> Actor {
        let (roles, now): (Words<Role>, _) = (roles.iter().copied().collect(), clock::now());
        let row = membership::ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(self.row.id),
            user_id: Set(user),
            roles: Set(roles),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            deleted_at: Set(None),
        };
        row.insert(&self.api.house.database.write).await.expect("a membership");
        self.profile(user).await;
        let token = self.token(Subject::User(user), scopes::scopes_of(roles), TimeDelta::minutes(10));
        Actor::new(&self.api, name, user.to_string(), Some(token))
    }

    /// The career profile that every member has.
    async fn profile(&self, user: UserId) {
        let now = clock::now();
        let row = career_profile::ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(self.row.id),
            user_id: Set(user),
            headline: Set(None),
            current_role: Set(None),
            current_industry: Set(None),
            current_employer_kind: Set(None),
            current_since: Set(None),
            weekly_learning_target_minutes: Set(None),
            week_start: Set(None),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            deleted_at: Set(None),
        };
        row.insert(&self.api.house.database.write).await.expect("a profile");
    }

    async fn person(&self, name: &str) -> UserId {
        let now = clock::now();
        let email = format!("{name}@{}.example", self.row.name_folded);
        let row = user::ActiveModel {
            id: Set(clock::new_id()),
            email_folded: Set(email.clone()),
            email: Set(email),
            mail_sha1: Set(None),
            mail_folded_sha1: Set(None),
            name: Set(name.to_owned()),
            time_zone: Set("UTC".to_owned()),
            password_hash: Set(None),
            password_changed_at: Set(None),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            deleted_at: Set(None),
        };
        row.insert(&self.api.house.database.write).await.expect("a person").id
    }

    /// A machine with these scopes.
    pub async fn client(&self, scopes: &[Scope]) -> Actor {
        let (scopes, now): (Words<Scope>, _) = (scopes.iter().copied().collect(), clock::now());
        let row = client::ActiveModel {
            id: Set(clock::new_id()),
            organization_id: Set(self.row.id),
            name: Set("Moodle".to_owned()),
            secret_fingerprint: Set("none".to_owned()),
            scopes: Set(scopes),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            deleted_at: Set(None),
        };
        let row = row.insert(&self.api.house.database.write).await.expect("a client");
        let token = self.token(Subject::Client(row.id), scopes, TimeDelta::hours(1));
        Actor::new(&self.api, "Moodle", row.id.to_string(), Some(token))
    }

    /// A learning system that reports completions.
    pub async fn moodle(&self) -> Actor {
        self.client(&[Scope::LearningRead, Scope::LearningWrite, Scope::EventsRead, Scope::IdentityRead]).await
    }

    /// Every scope: what nobody but a test's machine has.
    pub async fn omnipotent(&self) -> Actor {
        self.client(Scope::ALL).await
    }

    /// A token with other scopes or another life.
    pub fn token(&self, subject: Subject, scopes: Words<Scope>, life: TimeDelta) -> String {
        let ticket = Ticket { subject, organization: self.row.id, session: None, scopes, life };
        access::issue(&self.api.house, &ticket, clock::now()).expect("a token")
    }

    /// Decides something for the organization.
    pub async fn decide(&self, admin: &Actor, settings: Value) {
        admin.update("Organization", &self.id(), json!({ "settings": settings })).await.done();
    }
}

impl Actor {
    /// The id as the rows have it.
    pub fn user(&self) -> UserId {
        self.id.parse().expect("a person")
    }

    /// The e-mail address.
    pub fn email(&self, organization: &Organization) -> String {
        format!("{}@{}.example", self.name, organization.row.name_folded)
    }

    /// The same person with a token that may do less.
    pub fn limited_to(&self, organization: &Organization, scopes: &[Scope]) -> Self {
        let token =
            organization.token(Subject::User(self.user()), scopes.iter().copied().collect(), TimeDelta::minutes(10));
        self.bearing(&token)
    }

    /// Opens something to somebody, and gives the grant's id.
    pub async fn opens(&self, to: &Actor, scopes: &[&str]) -> String {
        self.create("Grant", json!({ "granteeId": to.id, "scopes": scopes })).await.id()
    }

    /// Starts a plan.
    pub async fn plan(&self, title: &str) -> String {
        self.create("LearningPlan", json!({ "title": title })).await.id()
    }

    /// Makes a framework of two levels of competencies: its id, and the ids of `root`, `leaf-a` and `leaf-b`.
    pub async fn framework(&self, name: &str) -> (String, [String; 3]) {
        let framework = self
            .create("CompetencyFramework", json!({ "shortName": name, "title": name, "scale": scale() }))
            .await
            .id();
        let root =
            self.create("Competency", json!({ "frameworkId": framework, "code": "root", "name": "Root" })).await.id();
        let mut ids = [root.clone(), String::new(), String::new()];
        for (place, code) in [(1, "leaf-a"), (2, "leaf-b")] {
            let input =
                json!({ "frameworkId": framework, "parentId": root, "code": code, "name": code, "sortOrder": place });
            ids[place] = self.create("Competency", input).await.id();
        }
        (framework, ids)
    }

    /// The built-in framework and its competencies, by code.
    pub async fn foundations(&self) -> (String, Vec<Value>) {
        let rest = self.through(super::Face::Rest);
        let found =
            rest.list("CompetencyFramework", &[("q", "ai-foundations"), ("sort", "createdAt"), ("first", "1")]).await;
        let framework = id(&found.items[0]);
        let all = rest.list("Competency", &[("frameworkId", &framework), ("first", "100")]).await;
        (framework, all.items)
    }
}

/// A scale that is complete.
pub fn scale() -> Value {
    json!({
        "levels": [
            { "value": 1, "name": "Aware", "proficient": false },
            { "value": 2, "name": "Able", "proficient": true },
            { "value": 3, "name": "Expert", "proficient": true },
        ],
        "defaultLevel": 1,
    })
}

/// An id of a kind that names nothing.
pub fn nothing(prefix: &str) -> String {
    entity::id::encode(prefix, clock::new_uuid())
}
