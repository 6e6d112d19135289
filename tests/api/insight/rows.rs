//! Rows that stories about advice begin with: standing, goals and time, as other chapters keep them.

use cairn::domain::clock;
use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    id::{CareerGoalId, GoalRequirementId, LearningSessionId},
    learning::{
        career_goal::{self, CareerGoalKind},
        career_profile,
        goal_requirement::{self, RequirementOrigin},
        learning_session::{self, SessionSource},
        user_competency::{self, Calculation, StandingStatus},
    },
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use crate::harness::{Actor, Api, Organization};

/// Lets somebody stand at a level in a competency.
pub async fn standing(api: &Api, acme: &Organization, who: &Actor, competency: &str, level: i64, proficient: bool) {
    let now = clock::now();
    let row = user_competency::ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(acme.row.id),
        user_id: Set(who.user()),
        competency_id: Set(competency.parse().unwrap()),
        level: Set(Some(level)),
        proficient: Set(Some(proficient)),
        status: Set(StandingStatus::Idle),
        reviewer_id: Set(None),
        calculation: Set(Calculation::Latest),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    };
    row.insert(&api.house.database.write).await.unwrap();
}

/// Takes somebody's standings away again.
pub async fn no_standing(api: &Api) {
    api.execute("DELETE FROM \"user_competency\"", Vec::new()).await;
}

/// Gives somebody a goal that asks for competencies: each with its level, and until when that is believed.
pub async fn goal(
    api: &Api,
    acme: &Organization,
    who: &Actor,
    needs: &[(&str, i64, Option<NaiveDate>)],
) -> (String, Vec<String>) {
    let (now, id): (_, CareerGoalId) = (clock::now(), clock::new_id());
    let row = career_goal::ActiveModel {
        id: Set(id),
        organization_id: Set(acme.row.id),
        user_id: Set(who.user()),
        title: Set("ML engineer".to_owned()),
        kind: Set(CareerGoalKind::Role),
        target_role_profile_id: Set(None),
        due_on: Set(None),
        achieved_at: Set(None),
        search_text: Set("ml engineer".to_owned()),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    };
    row.insert(&api.house.database.write).await.unwrap();
    let mut ids = Vec::new();
    for (competency, level, review_by) in needs {
        let requirement: GoalRequirementId = clock::new_id();
        let row = goal_requirement::ActiveModel {
            id: Set(requirement),
            organization_id: Set(acme.row.id),
            goal_id: Set(id),
            user_id: Set(who.user()),
            competency_id: Set(competency.parse().unwrap()),
            required_level: Set(*level),
            rationale: Set(Some("Asked for".to_owned())),
            origin: Set(RequirementOrigin::OfUser),
            review_by: Set(*review_by),
            withdrawn: Set(false),
            heard: Set(false),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            deleted_at: Set(None),
        };
        row.insert(&api.house.database.write).await.unwrap();
        ids.push(requirement.to_string());
    }
    (id.to_string(), ids)
}

/// Lets somebody want so many minutes a week.
pub async fn target(api: &Api, acme: &Organization, who: &Actor, minutes: i64) {
    let now = clock::now();
    // In place of the one that joining made.
    let of = career_profile::Column::UserId.eq(who.user());
    career_profile::Entity::delete_many().filter(of).exec(&api.house.database.write).await.unwrap();
    let row = career_profile::ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(acme.row.id),
        user_id: Set(who.user()),
        headline: Set(None),
        current_role: Set(None),
        current_industry: Set(None),
        current_employer_kind: Set(None),
        current_since: Set(None),
        weekly_learning_target_minutes: Set(Some(minutes)),
        week_start: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    };
    row.insert(&api.house.database.write).await.unwrap();
}

/// Lets somebody have learnt.
pub async fn session(api: &Api, acme: &Organization, who: &Actor, at: DateTime<Utc>, minutes: i64) {
    let now = clock::now();
    let row = learning_session::ActiveModel {
        id: Set(clock::new_id::<LearningSessionId>()),
        organization_id: Set(acme.row.id),
        user_id: Set(who.user()),
        plan_item_id: Set(None),
        learning_resource_id: Set(None),
        started_at: Set(at),
        minutes: Set(minutes),
        source: Set(SessionSource::Manual),
        system: Set(None),
        statement_id: Set(None),
        fingerprint: Set(None),
        version: Set(1),
        created_at: Set(now),
        updated_at: Set(now),
        deleted_at: Set(None),
    };
    row.insert(&api.house.database.write).await.unwrap();
}
