//! Random rows of every table, the same in each database for the same seed: with nulls, ties, deleted rows, quotes and
//! letters beyond ASCII.

mod budgets;
mod community;
mod hiring;
mod ideas;
mod jobs;
mod milestones;
mod portfolios;
mod projects;
mod talks;
mod transitions;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    id::*,
    insight::insight_dismissal,
    learning::{
        career_goal, career_profile, competency, competency_framework, completion, evidence, goal_requirement,
        import_job, learning_need, learning_need_source, learning_pause, learning_plan, learning_plan_template,
        learning_plan_template_item, learning_plan_template_item_resource, learning_resource,
        learning_resource_competency, learning_session, learning_session_competency, plan_item, plan_item_comment,
        plan_item_resource, plan_standing, prior_learning, prior_learning_competency, role_profile, role_requirement,
        user_competency,
    },
    platform::{calendar_feed, client, event, external_ref, grant, membership, organization, session, user},
    vocabulary::{Json, Set as Words, Vocabulary},
};
use sea_orm::{
    ActiveModelTrait,
    ActiveValue::{NotSet, Set},
    ColumnTrait as _, DatabaseConnection, EntityTrait as _, IntoActiveModel, QueryFilter as _, QueryOrder as _,
    sea_query::Expr,
};
use uuid::Uuid;

use super::dice::Dice;

const TEXTS: &[&str] = &[
    "plan",
    "Größe",
    "a \"quoted\" one",
    "back\\slash",
    "tab\there",
    "\u{1F600}",
    "zz",
    "Ärger",
    "100 %",
    "under_score",
    "e\u{301}",
    "line\nbreak",
];

/// What was made: who may ask.
#[derive(Default)]
pub struct Made {
    pub organizations: Vec<OrganizationId>,
    pub members: Vec<(OrganizationId, UserId, Words<membership::Role>)>,
}

struct Filler<'a> {
    db: &'a DatabaseConnection,
    dice: Dice,
    made: Made,
}

/// Fills a database.
pub async fn fill(db: &DatabaseConnection, seed: u64) -> Made {
    let mut filler = Filler { db, dice: Dice::new(seed), made: Made::default() };
    let users = filler.people().await;
    for _ in 0..3 {
        filler.organization(&users).await;
    }
    filler.made
}

pub fn moment(dice: &mut Dice) -> DateTime<Utc> {
    let base: DateTime<Utc> = "2026-03-01T00:00:00Z".parse().unwrap();
    // Few different moments, so that ties are common; some with microseconds and some without.
    base + TimeDelta::hours(dice.below(6) as i64) + TimeDelta::microseconds([0, 0, 1, 120_000, 999_999][dice.below(5)])
}

impl Filler<'_> {
    fn id<I: TypedId>(&mut self) -> I {
        I::from(Uuid::from_u128(u128::from(self.dice.next()) << 64 | u128::from(self.dice.next())))
    }

    fn text(&mut self) -> String {
        (*self.dice.pick(TEXTS)).to_owned()
    }

    fn maybe<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.dice.once_in(2) { Some(value(self)) } else { None }
    }

    fn at(&mut self) -> DateTime<Utc> {
        moment(&mut self.dice)
    }

    fn day(&mut self) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 3, 1 + self.dice.below(4) as u32).unwrap()
    }

    fn gone(&mut self) -> Option<DateTime<Utc>> {
        if self.dice.once_in(6) { Some(self.at()) } else { None }
    }

    fn word<E: Vocabulary>(&mut self) -> E {
        *self.dice.pick(E::ALL)
    }

    fn words<E: Vocabulary>(&mut self) -> Words<E> {
        Words::from_bits((self.dice.next() & ((1 << E::ALL.len()) - 1)) as i64)
    }

    async fn insert<A>(&mut self, row: A)
    where
        A: ActiveModelTrait + sea_orm::ActiveModelBehavior + Send,
        <A::Entity as sea_orm::EntityTrait>::Model: IntoActiveModel<A>,
    {
        row.insert(self.db).await.unwrap();
    }

    async fn people(&mut self) -> Vec<UserId> {
        let mut users = Vec::new();
        for place in 0..8 {
            let id: UserId = self.id();
            let email = format!("Person{place}@Example.org");
            let row = user::ActiveModel {
                id: Set(id),
                email_folded: Set(email.to_lowercase()),
                email: Set(email),
                mail_sha1: Set(None),
                mail_folded_sha1: Set(None),
                name: Set(self.text()),
                time_zone: Set((*self.dice.pick(&["UTC", "Asia/Tokyo", "America/New_York"])).to_owned()),
                password_hash: Set(None),
                password_changed_at: Set(None),
                version: Set(1 + self.dice.below(3) as i64),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            users.push(id);
        }
        users
    }

    async fn organization(&mut self, users: &[UserId]) {
        let id: OrganizationId = self.id();
        let name = format!("Org {}", self.made.organizations.len());
        let row = organization::ActiveModel {
            id: Set(id),
            name_folded: Set(name.to_lowercase()),
            name: Set(name),
            settings: Set(Json(organization::Settings {
                self_approval: self.dice.once_in(2),
                ..organization::Settings::default()
            })),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(None),
        };
        self.insert(row).await;
        self.made.organizations.push(id);
        let mut members = Vec::new();
        for user in users {
            if self.dice.once_in(4) {
                continue;
            }
            let (roles, gone) = (self.words::<membership::Role>(), self.gone());
            let row = membership::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(id),
                user_id: Set(*user),
                roles: Set(roles),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(gone),
            };
            self.insert(row).await;
            members.push(*user);
            if gone.is_none() {
                self.made.members.push((id, *user, roles));
            }
        }
        self.platform(id, &members).await;
        self.learning(id, &members).await;
        self.network(id, &members).await;
        self.projects(id, &members).await;
        self.ideas(id, &members).await;
        self.transitions(id, &members).await;
        self.portfolios(id, &members).await;
        self.jobs(id, &members).await;
        self.hiring(id, &members).await;
        self.talks(id, &members).await;
    }

    async fn platform(&mut self, organization: OrganizationId, users: &[UserId]) {
        for _ in 0..8 {
            let row = grant::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                owner_id: Set(*self.dice.pick(users)),
                grantee_id: Set(*self.dice.pick(users)),
                scopes: Set(self.words()),
                expires_at: Set(self.maybe(Self::at)),
                revoked_at: Set(self.gone()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
        for place in 0..6 {
            let row = calendar_feed::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                user_id: Set(*self.dice.pick(users)),
                name: Set(self.text()),
                contents: Set(self.words()),
                scopes: Set(cairn::auth::scopes::all()),
                token_fingerprint: Set(format!("{organization} {place}")),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
        for _ in 0..3 {
            let row = client::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                name: Set(self.text()),
                secret_fingerprint: Set("x".to_owned()),
                scopes: Set(self.words()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            let row = session::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                user_id: Set(*self.dice.pick(users)),
                user_agent: Set(self.maybe(Self::text)),
                last_used_at: Set(self.at()),
                expires_at: Set(self.at()),
                ended_at: Set(self.maybe(Self::at)),
                end_reason: Set(self.maybe(Self::word)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(None),
            };
            self.insert(row).await;
        }
        for _ in 0..12 {
            let row = event::ActiveModel {
                seq: NotSet,
                id: Set(self.id()),
                organization_id: Set(organization),
                kind: Set((*self.dice.pick(&["learning_plan.created", "client.created"])).to_owned()),
                subject_kind: Set("learning_plan".to_owned()),
                subject_id: Set(self.id::<LearningPlanId>().to_string()),
                subject_version: Set(1),
                owner_id: Set(self.maybe(|f| *f.dice.pick(users))),
                project_id: Set(None),
                party_id: Set(self.maybe(|f| *f.dice.pick(users))),
                area: Set((*self.dice.pick(&["learning", "identity"])).to_owned()),
                actor_kind: Set(self.word()),
                actor_id: Set(self.maybe(|f| f.id::<UserId>().to_string())),
                occurred_at: Set(self.at()),
                data: Set("{\"title\":\"x\"}".to_owned()),
            };
            event::Entity::insert(row).exec(self.db).await.unwrap();
        }
    }

    async fn refs(&mut self, organization: OrganizationId, kind: &str, target: Uuid) {
        for _ in 0..self.dice.below(3) {
            let row = external_ref::ActiveModel {
                organization_id: Set(organization),
                kind: Set(kind.to_owned()),
                source: Set((*self.dice.pick(&["moodle", "workday"])).to_owned()),
                external_id: Set(format!("{}\"{}", self.dice.next(), self.text())),
                target_id: Set(target),
            };
            external_ref::Entity::insert(row).exec(self.db).await.unwrap();
        }
    }

    async fn learning(&mut self, organization: OrganizationId, users: &[UserId]) {
        let mut competencies = Vec::new();
        for place in 0..3 {
            let framework: CompetencyFrameworkId = self.id();
            let built_in = place == 2 && self.made.organizations.len() == 1;
            let owner = (!built_in).then_some(organization);
            let row = competency_framework::ActiveModel {
                id: Set(framework),
                organization_id: Set(owner),
                short_name: Set(format!("f{place}")),
                title: Set(self.text()),
                edition: Set("1".to_owned()),
                description: Set(self.maybe(Self::text)),
                scale: Set(Json(competency_framework::Scale {
                    levels: vec![competency_framework::ScaleLevel {
                        value: 1,
                        name: "Größe \"1\"".to_owned(),
                        proficient: true,
                    }],
                    default_level: 1,
                })),
                visible: Set(!self.dice.once_in(3)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "cfw", framework.0).await;
            self.competencies(owner, framework, &mut competencies).await;
        }
        let resources = self.resources(organization, users, &competencies).await;
        let items = self.plans(organization, users, &competencies, &resources).await;
        self.templates(organization, &competencies, &resources).await;
        self.comments(organization, users, &items).await;
        self.proofs(organization, users, &competencies, &resources, &items).await;
        self.needs(organization, users, &competencies, &items).await;
        self.goals(organization, users, &competencies).await;
        self.pauses(organization, users).await;
        self.imports(organization, users).await;
    }

    async fn competencies(
        &mut self,
        organization: Option<OrganizationId>,
        framework: CompetencyFrameworkId,
        all: &mut Vec<CompetencyId>,
    ) {
        let mut here = Vec::new();
        for place in 0..5 {
            let id: CompetencyId = self.id();
            let row = competency::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                framework_id: Set(framework),
                parent_id: Set(if here.is_empty() { None } else { self.maybe(|f| *f.dice.pick(&here)) }),
                code: Set(format!("c{place}")),
                name: Set(self.text()),
                description: Set(self.maybe(Self::text)),
                path: Set(format!("c{place}")),
                sort_order: Set(self.dice.below(3) as i64),
                rule: Set(self.word()),
                alignments: Set(Json(vec![competency::Alignment {
                    framework: "ESCO".to_owned(),
                    uri: "https://esco.example/1".to_owned(),
                }])),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            here.push(id);
        }
        all.extend(here);
    }

    async fn resources(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
        competencies: &[CompetencyId],
    ) -> Vec<LearningResourceId> {
        let mut all = Vec::new();
        for _ in 0..6 {
            let id: LearningResourceId = self.id();
            let row = learning_resource::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                kind: Set(self.word()),
                title: Set(self.text()),
                url: Set(self.maybe(Self::text)),
                provider: Set(self.maybe(Self::text)),
                estimated_minutes: Set(self.maybe(|f| f.dice.below(4) as i64)),
                created_by: Set(self.maybe(|f| *f.dice.pick(users))),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "res", id.0).await;
            let mut linked: Vec<CompetencyId> =
                (0..self.dice.below(4)).map(|_| *self.dice.pick(competencies)).collect();
            linked.sort();
            linked.dedup();
            for competency in linked {
                let link = learning_resource_competency::ActiveModel {
                    learning_resource_id: Set(id),
                    competency_id: Set(competency),
                };
                learning_resource_competency::Entity::insert(link).exec(self.db).await.unwrap();
            }
            all.push(id);
        }
        all
    }

    async fn plans(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
        competencies: &[CompetencyId],
        resources: &[LearningResourceId],
    ) -> Vec<PlanItemId> {
        let mut items = Vec::new();
        for _ in 0..8 {
            let (id, owner): (LearningPlanId, UserId) = (self.id(), *self.dice.pick(users));
            let row = learning_plan::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                owner_id: Set(owner),
                title: Set(self.text()),
                description: Set(self.maybe(Self::text)),
                status: Set(self.word()),
                due_on: Set(self.maybe(Self::day)),
                reviewer_id: Set(self.maybe(|f| *f.dice.pick(users))),
                review_comment: Set(None),
                approved_at: Set(self.maybe(Self::at)),
                completed_at: Set(self.maybe(Self::at)),
                goal_id: Set(None),
                template_id: Set(None),
                origin_template_id: Set(None),
                review_requested_at: Set(self.maybe(Self::at)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "pln", id.0).await;
            self.snapshot(organization, id, owner, competencies).await;
            for _ in 0..self.dice.below(6) {
                let item: PlanItemId = self.id();
                let row = plan_item::ActiveModel {
                    id: Set(item),
                    organization_id: Set(organization),
                    plan_id: Set(id),
                    owner_id: Set(owner),
                    competency_id: Set(*self.dice.pick(competencies)),
                    target_level: Set(1),
                    status: Set(self.word()),
                    motivation: Set(self.word()),
                    weight: Set(1 + self.dice.below(5) as i64),
                    sort_order: Set(self.dice.below(3) as i64),
                    note: Set(self.maybe(Self::text)),
                    completed_at: Set(self.maybe(Self::at)),
                    completion_source: Set(self.maybe(Self::word)),
                    template_item_id: Set(None),
                    version: Set(1),
                    created_at: Set(self.at()),
                    updated_at: Set(self.at()),
                    deleted_at: Set(self.gone()),
                };
                self.insert(row).await;
                for resource in resources {
                    if self.dice.once_in(3) {
                        let link = plan_item_resource::ActiveModel {
                            plan_item_id: Set(item),
                            learning_resource_id: Set(*resource),
                        };
                        plan_item_resource::Entity::insert(link).exec(self.db).await.unwrap();
                    }
                }
                items.push(item);
            }
        }
        items
    }

    async fn proofs(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
        competencies: &[CompetencyId],
        resources: &[LearningResourceId],
        items: &[PlanItemId],
    ) {
        let standings = self.standings(organization, users, competencies).await;
        for place in 0..8 {
            let session: LearningSessionId = self.id();
            let row = learning_session::ActiveModel {
                id: Set(session),
                organization_id: Set(organization),
                user_id: Set(*self.dice.pick(users)),
                plan_item_id: Set(if items.is_empty() { None } else { self.maybe(|f| *f.dice.pick(items)) }),
                learning_resource_id: Set(self.maybe(|f| *f.dice.pick(resources))),
                started_at: Set(self.at()),
                minutes: Set(self.dice.below(90) as i64),
                source: Set(self.word()),
                system: Set(None),
                statement_id: Set(self.maybe(|_| format!("s{place}"))),
                fingerprint: Set(None),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            let link = learning_session_competency::ActiveModel {
                learning_session_id: Set(session),
                competency_id: Set(*self.dice.pick(competencies)),
            };
            learning_session_competency::Entity::insert(link).exec(self.db).await.unwrap();
            let (user, competency) = standings[self.dice.below(standings.len())].0;
            let row = evidence::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                user_id: Set(user),
                competency_id: Set(competency),
                user_competency_id: Set(standings[self.dice.below(standings.len())].1),
                action: Set(self.word()),
                source: Set(self.word()),
                level: Set(self.maybe(|f| f.dice.below(4) as i64)),
                actor_kind: Set(self.word()),
                actor_id: Set(None),
                url: Set(self.maybe(Self::text)),
                note: Set(self.maybe(Self::text)),
                occurred_at: Set(self.at()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            let row = completion::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                source: Set("moodle".to_owned()),
                statement_id: Set(format!("s{place}")),
                fingerprint: Set("x".to_owned()),
                user_id: Set(*self.dice.pick(users)),
                learning_resource_id: Set(*self.dice.pick(resources)),
                verb: Set(self.word()),
                minutes: Set(self.maybe(|f| f.dice.below(90) as i64)),
                score: Set(None),
                occurred_at: Set(self.at()),
                session_id: Set(self.maybe(|_| session)),
                statement: Set(None),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }

    async fn goals(&mut self, organization: OrganizationId, users: &[UserId], competencies: &[CompetencyId]) {
        for user in users {
            let row = career_profile::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                user_id: Set(*user),
                headline: Set(self.maybe(Self::text)),
                current_role: Set(self.maybe(Self::text)),
                current_industry: Set(self.maybe(Self::text)),
                current_employer_kind: Set(self.maybe(Self::word)),
                current_since: Set(self.maybe(Self::day)),
                weekly_learning_target_minutes: Set(self.maybe(|f| f.dice.below(300) as i64)),
                week_start: Set(self.maybe(Self::word)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
        let roles = self.roles(organization, competencies).await;
        for _ in 0..8 {
            let (goal, user): (CareerGoalId, UserId) = (self.id(), *self.dice.pick(users));
            let row = career_goal::ActiveModel {
                id: Set(goal),
                organization_id: Set(organization),
                user_id: Set(user),
                title: Set(self.text()),
                kind: Set(self.word()),
                target_role_profile_id: Set(self.maybe(|f| *f.dice.pick(&roles))),
                due_on: Set(self.maybe(Self::day)),
                achieved_at: Set(self.maybe(Self::at)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            for competency in competencies {
                if self.dice.once_in(4) {
                    self.needed(organization, goal, user, *competency).await;
                }
            }
            let status: learning_plan::LearningPlanStatus = self.word();
            let plans = learning_plan::Entity::update_many()
                .col_expr(learning_plan::Column::GoalId, Expr::value(goal))
                .filter(learning_plan::Column::OrganizationId.eq(organization))
                .filter(learning_plan::Column::OwnerId.eq(user))
                .filter(learning_plan::Column::Status.eq(status));
            plans.exec(self.db).await.unwrap();
        }
    }

    async fn needed(
        &mut self,
        organization: OrganizationId,
        goal: CareerGoalId,
        user: UserId,
        competency: CompetencyId,
    ) {
        let row = goal_requirement::ActiveModel {
            id: Set(self.id()),
            organization_id: Set(organization),
            goal_id: Set(goal),
            user_id: Set(user),
            competency_id: Set(competency),
            required_level: Set(1 + self.dice.below(3) as i64),
            rationale: Set(self.maybe(Self::text)),
            origin: Set(self.word()),
            review_by: Set(self.maybe(Self::day)),
            withdrawn: Set(false),
            heard: Set(self.dice.once_in(3)),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
    }

    async fn roles(&mut self, organization: OrganizationId, competencies: &[CompetencyId]) -> Vec<RoleProfileId> {
        let mut roles = Vec::new();
        for _ in 0..4 {
            let role: RoleProfileId = self.id();
            let row = role_profile::ActiveModel {
                id: Set(role),
                organization_id: Set(organization),
                title: Set(self.text()),
                family: Set(self.maybe(Self::text)),
                seniority: Set(self.maybe(Self::word)),
                aliases: Set(Json((0..self.dice.below(3)).map(|_| self.text()).collect())),
                description: Set(self.maybe(Self::text)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "rpr", role.0).await;
            for competency in competencies {
                if self.dice.once_in(4) {
                    let row = role_requirement::ActiveModel {
                        id: Set(self.id()),
                        organization_id: Set(organization),
                        role_profile_id: Set(role),
                        competency_id: Set(*competency),
                        required_level: Set(1),
                        rationale: Set(self.maybe(Self::text)),
                        version: Set(1),
                        created_at: Set(self.at()),
                        updated_at: Set(self.at()),
                        deleted_at: Set(self.gone()),
                    };
                    self.insert(row).await;
                }
            }
            roles.push(role);
        }
        roles
    }
}

impl Filler<'_> {
    /// Where people stand, and what they learnt before.
    async fn standings(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
        competencies: &[CompetencyId],
    ) -> Vec<((UserId, CompetencyId), UserCompetencyId)> {
        let mut all = Vec::new();
        for user in users {
            for (place, competency) in competencies.iter().enumerate() {
                if place > 0 && !self.dice.once_in(6) {
                    continue;
                }
                let (id, level) = (self.id(), self.maybe(|f| 1 + f.dice.below(4) as i64));
                let row = user_competency::ActiveModel {
                    id: Set(id),
                    organization_id: Set(organization),
                    user_id: Set(*user),
                    competency_id: Set(*competency),
                    level: Set(level),
                    proficient: Set(level.map(|level| level > 2)),
                    status: Set(self.word()),
                    reviewer_id: Set(self.maybe(|f| *f.dice.pick(users))),
                    calculation: Set(self.word()),
                    version: Set(1),
                    created_at: Set(self.at()),
                    updated_at: Set(self.at()),
                    deleted_at: Set(self.gone()),
                };
                self.insert(row).await;
                all.push(((*user, *competency), id));
            }
            self.prior(organization, *user, users, competencies).await;
        }
        all
    }

    async fn prior(
        &mut self,
        organization: OrganizationId,
        user: UserId,
        users: &[UserId],
        competencies: &[CompetencyId],
    ) {
        let id: PriorLearningId = self.id();
        let row = prior_learning::ActiveModel {
            id: Set(id),
            organization_id: Set(organization),
            user_id: Set(user),
            title: Set(self.text()),
            description: Set(self.maybe(Self::text)),
            url: Set(self.maybe(Self::text)),
            status: Set(self.word()),
            reviewer_id: Set(self.maybe(|f| *f.dice.pick(users))),
            review_comment: Set(self.maybe(Self::text)),
            decided_at: Set(self.maybe(Self::at)),
            search_text: Set(self.text().to_lowercase()),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
        self.refs(organization, "ple", id.0).await;
        for competency in competencies {
            if self.dice.once_in(5) {
                let link = prior_learning_competency::ActiveModel {
                    prior_learning_id: Set(id),
                    competency_id: Set(*competency),
                };
                prior_learning_competency::Entity::insert(link).exec(self.db).await.unwrap();
            }
        }
    }

    async fn snapshot(
        &mut self,
        organization: OrganizationId,
        plan: LearningPlanId,
        owner: UserId,
        competencies: &[CompetencyId],
    ) {
        for competency in competencies {
            if !self.dice.once_in(5) {
                continue;
            }
            let level = self.maybe(|f| 1 + f.dice.below(4) as i64);
            let row = plan_standing::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                plan_id: Set(plan),
                owner_id: Set(owner),
                competency_id: Set(*competency),
                target_level: Set(1 + self.dice.below(4) as i64),
                level: Set(level),
                proficient: Set(level.map(|level| level > 2)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }

    async fn needs(
        &mut self,
        organization: OrganizationId,
        users: &[UserId],
        competencies: &[CompetencyId],
        items: &[PlanItemId],
    ) {
        for user in users {
            for competency in competencies {
                if !self.dice.once_in(12) {
                    continue;
                }
                let need: LearningNeedId = self.id();
                let row = learning_need::ActiveModel {
                    id: Set(need),
                    organization_id: Set(organization),
                    user_id: Set(*user),
                    competency_id: Set(*competency),
                    strength: Set(1 + self.dice.below(100) as i64),
                    state: Set(self.word()),
                    plan_item_id: Set(if items.is_empty() { None } else { self.maybe(|f| *f.dice.pick(items)) }),
                    opened_at: Set(self.at()),
                    met_at: Set(self.maybe(Self::at)),
                    version: Set(1),
                    created_at: Set(self.at()),
                    updated_at: Set(self.at()),
                    deleted_at: Set(self.gone()),
                };
                self.insert(row).await;
                for place in 0..self.dice.below(3) {
                    self.need_source(organization, *user, need, place).await;
                }
            }
            let row = insight_dismissal::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                user_id: Set(*user),
                code: Set(self.word()),
                subject_id: Set(user.to_string()),
                until: Set(self.maybe(Self::at)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }

    async fn imports(&mut self, organization: OrganizationId, users: &[UserId]) {
        for _ in 0..6 {
            let note = import_job::ImportNote {
                line: self.maybe(|f| f.dice.below(9) as i64),
                pointer: self.text(),
                code: self.text(),
                message: self.text(),
                details: None,
            };
            let row = import_job::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                kind: Set(self.word()),
                preview: Set(self.dice.once_in(2)),
                rows: Set(Json(Vec::new())),
                state: Set(self.word()),
                user_id: Set(self.maybe(|f| *f.dice.pick(users))),
                client_id: Set(None),
                scopes: Set(Words::EMPTY),
                framework_id: Set(None),
                plan_id: Set(None),
                project_id: Set(None),
                job_search_id: Set(None),
                total: Set(self.maybe(|f| f.dice.below(99) as i64)),
                done: Set(self.dice.below(99) as i64),
                added: Set(self.dice.below(99) as i64),
                changed: Set(self.dice.below(99) as i64),
                unchanged: Set(self.dice.below(99) as i64),
                removed: Set(self.dice.below(99) as i64),
                error_count: Set(1),
                errors: Set(Json(vec![note])),
                warnings: Set(Json(Vec::new())),
                attempts: Set(1),
                lease: Set(None),
                lease_until: Set(self.maybe(Self::at)),
                started_at: Set(self.maybe(Self::at)),
                ended_at: Set(self.maybe(Self::at)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }

    async fn pauses(&mut self, organization: OrganizationId, users: &[UserId]) {
        for _ in 0..6 {
            let starts_on = NaiveDate::from_ymd_opt(2026, 3, 1 + self.dice.below(4) as u32).unwrap();
            let row = learning_pause::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                user_id: Set(*self.dice.pick(users)),
                starts_on: Set(starts_on),
                ends_on: Set(starts_on + TimeDelta::days(self.dice.below(9) as i64)),
                reason: Set(self.maybe(Self::text)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }

    async fn need_source(&mut self, organization: OrganizationId, user: UserId, need: LearningNeedId, place: usize) {
        let row = learning_need_source::ActiveModel {
            id: Set(self.id()),
            organization_id: Set(organization),
            need_id: Set(need),
            user_id: Set(user),
            source: Set(self.word()),
            source_id: Set(Some(format!("s{place}"))),
            note: Set(self.maybe(Self::text)),
            strength: Set(1 + self.dice.below(100) as i64),
            raised_by_kind: Set(self.word()),
            raised_by: Set(self.maybe(|f| f.id::<UserId>().to_string())),
            raised_at: Set(self.at()),
            notified_at: Set(self.maybe(Self::at)),
            version: Set(1),
            created_at: Set(self.at()),
            updated_at: Set(self.at()),
            deleted_at: Set(self.gone()),
        };
        self.insert(row).await;
    }
}

impl Filler<'_> {
    /// Templates, with plans that follow them and plans that once did.
    async fn templates(
        &mut self,
        organization: OrganizationId,
        competencies: &[CompetencyId],
        resources: &[LearningResourceId],
    ) {
        for status in learning_plan::LearningPlanStatus::ALL {
            let template: LearningPlanTemplateId = self.id();
            let row = learning_plan_template::ActiveModel {
                id: Set(template),
                organization_id: Set(organization),
                title: Set(self.text()),
                description: Set(self.maybe(Self::text)),
                due_in_days: Set(self.maybe(|f| 1 + f.dice.below(90) as i64)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "tpl", template.0).await;
            let item = self.template_items(organization, template, competencies, resources).await;
            let plans = learning_plan::Entity::find()
                .filter(learning_plan::Column::OrganizationId.eq(organization))
                .filter(learning_plan::Column::Status.eq(*status))
                .order_by_asc(learning_plan::Column::Id)
                .all(self.db)
                .await
                .unwrap();
            let mut owners = Vec::new();
            for plan in plans {
                // Of one person, one plan at most follows a template.
                let follows = !owners.contains(&plan.owner_id);
                owners.push(plan.owner_id);
                let mut row = plan.clone().into_active_model();
                row.template_id = Set(follows.then_some(template));
                row.origin_template_id = Set(Some(template));
                row.update(self.db).await.unwrap();
                let of = plan_item::Entity::find().filter(plan_item::Column::PlanId.eq(plan.id));
                let of = of.order_by_asc(plan_item::Column::Id);
                if let Some(first) = of.one(self.db).await.unwrap() {
                    let mut row = first.into_active_model();
                    row.template_item_id = Set(Some(item));
                    row.update(self.db).await.unwrap();
                }
            }
        }
    }

    async fn template_items(
        &mut self,
        organization: OrganizationId,
        template: LearningPlanTemplateId,
        competencies: &[CompetencyId],
        resources: &[LearningResourceId],
    ) -> LearningPlanTemplateItemId {
        let mut last = self.id();
        for _ in 0..=self.dice.below(4) {
            last = self.id();
            let row = learning_plan_template_item::ActiveModel {
                id: Set(last),
                organization_id: Set(organization),
                template_id: Set(template),
                competency_id: Set(*self.dice.pick(competencies)),
                target_level: Set(1),
                weight: Set(1 + self.dice.below(5) as i64),
                sort_order: Set(self.dice.below(3) as i64),
                note: Set(self.maybe(Self::text)),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            for resource in resources {
                if self.dice.once_in(3) {
                    let link = learning_plan_template_item_resource::ActiveModel {
                        template_item_id: Set(last),
                        learning_resource_id: Set(*resource),
                    };
                    learning_plan_template_item_resource::Entity::insert(link).exec(self.db).await.unwrap();
                }
            }
        }
        last
    }

    async fn comments(&mut self, organization: OrganizationId, users: &[UserId], items: &[PlanItemId]) {
        for _ in 0..if items.is_empty() { 0 } else { 8 } {
            let row = plan_item_comment::ActiveModel {
                id: Set(self.id()),
                organization_id: Set(organization),
                item_id: Set(*self.dice.pick(items)),
                owner_id: Set(*self.dice.pick(users)),
                author_id: Set(*self.dice.pick(users)),
                text: Set(self.text()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
        }
    }
}
