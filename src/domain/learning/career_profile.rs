//! Career profiles: where a person is in their career, one for each member (§1).

pub(in crate::domain) mod phase;

use chrono::NaiveDate;
use entity::{
    id::{CareerProfileId, UserId},
    kind::{Declared as _, Kind, Patch, id, int, line, list, word},
    learning::career_profile::{ActiveModel, Column, EmployerKind, Entity, Model},
    object,
    platform::organization::WeekStart,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::json;

use super::learning_plan::for_whom;
use crate::{
    domain::{
        caller::Caller,
        clock,
        error::Result,
        platform::user,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, leaf},
    },
};

const LINE: Kind = line(1, 200);
const TARGET: Kind = int(0, 10_080);
const PHASE: Kind = Kind::Object(phase::PhaseState::object);

impl Row for Entity {
    const NAME: &'static str = "CareerProfile";
    type Id = CareerProfileId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.user_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<CareerProfileId>(), "The id."),
        Column::UserId => leaf(id::<UserId>(), "Who.").filter(),
        Column::Headline => leaf(LINE, "One line about them."),
        Column::CurrentRole => leaf(LINE, "What they do now."),
        Column::CurrentIndustry => leaf(LINE, "In which industry."),
        Column::CurrentEmployerKind => leaf(word::<EmployerKind>(), "For which kind of employer."),
        Column::CurrentSince => leaf(Kind::Date, "Since which day they have done that there (§19)."),
        Column::WeeklyLearningTargetMinutes => {
            leaf(TARGET, "How many minutes they want to learn in a week; null when they set no target (§4).")
        }
        Column::WeekStart => {
            leaf(word::<WeekStart>(), "The day on which their week begins; null when it is the organization's.")
        }
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed."),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted."),
        Column::OrganizationId => return None,
    })
}

const ZONE: Need = Need::aggregate("(SELECT u.time_zone FROM \"user\" u WHERE u.id = {t}.user_id)", Store::Text);

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let shape = Shape::new::<Entity>(
        "CareerProfile",
        "Where a person is in their career: one for each member (§1).",
        "cpr",
        Action::ViewCareerProfile,
        show,
    )
    .order("created_at", false)
    .computed(
        "timeZone",
        user::TIME_ZONE,
        "The person's time zone: days and weeks are theirs.",
        vec![ZONE],
        |cells, _| cells[0].clone(),
    )
    .computed(
        "phases",
        list(&PHASE, 3),
        "The phases of a career; the earlier ones never stop. That of the search for a job is told to whom that search was opened.",
        std::iter::once(ZONE).chain(phase::needs()).collect(),
        |cells, _| Cell::Text(phase::told(cells)),
    )
    .one("user", "user_id", "User", "Who.")
    .beside("goals", ("user_id", "user_id"), "CareerGoal", "What they learn for.");
    Resource { shape, plural: "careerProfiles", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    vec![
        Verb::create(
            Action::EditCareerProfile,
            "Make the profile of a member who has none; members get one when they join.",
            create,
        ),
        Verb::on::<Entity, _, _, _>("update", Action::EditCareerProfile, "Change a profile.", update),
    ]
}

object! {
    /// A profile to make.
    NewCareerProfile {
        /// Whose: your own, unless you do it for somebody who let you.
        optional user_id: UserId = id::<UserId>(),
        /// One line about them.
        optional headline: String = LINE,
        /// What they do now.
        optional current_role: String = LINE,
        /// In which industry.
        optional current_industry: String = LINE,
        /// For which kind of employer.
        optional current_employer_kind: EmployerKind = word::<EmployerKind>(),
        /// Since which day they have done that there.
        optional current_since: NaiveDate = Kind::Date,
        /// How many minutes they want to learn in a week; without it, no target.
        optional weekly_learning_target_minutes: i64 = TARGET,
        /// The day on which their week begins; without it, the organization's.
        optional week_start: WeekStart = word::<WeekStart>(),
    }
}

object! {
    /// Changes to a profile.
    CareerProfilePatch {
        /// One line about them.
        clear headline: String = LINE,
        /// What they do now.
        clear current_role: String = LINE,
        /// In which industry.
        clear current_industry: String = LINE,
        /// For which kind of employer.
        clear current_employer_kind: EmployerKind = word::<EmployerKind>(),
        /// Since which day they have done that there.
        clear current_since: NaiveDate = Kind::Date,
        /// How many minutes they want to learn in a week; null for no target.
        clear weekly_learning_target_minutes: i64 = TARGET,
        /// The day on which their week begins; null for the organization's.
        clear week_start: WeekStart = word::<WeekStart>(),
        /// The person's time zone; changed with the right to change the person.
        change time_zone: String = user::TIME_ZONE,
    }
}

async fn create(who: Caller, new: NewCareerProfile) -> Result<Done> {
    let mut tx = who.begin().await?;
    let person = for_whom(&tx, new.user_id, "/userId").await?;
    let profile = tx
        .insert::<Entity>(ActiveModel {
            headline: Set(new.headline),
            current_role: Set(new.current_role),
            current_industry: Set(new.current_industry),
            current_employer_kind: Set(new.current_employer_kind),
            current_since: Set(new.current_since),
            weekly_learning_target_minutes: Set(new.weekly_learning_target_minutes),
            week_start: Set(new.week_start),
            ..blank(&tx, person.id)
        })
        .await?;
    tx.record("created", &profile, json!({}))?;
    tx.made(&profile).await
}

/// A profile that says nothing yet.
fn blank(tx: &Tx, user: UserId) -> ActiveModel {
    ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(tx.who.organization),
        user_id: Set(user),
        headline: Set(None),
        current_role: Set(None),
        current_industry: Set(None),
        current_employer_kind: Set(None),
        current_since: Set(None),
        weekly_learning_target_minutes: Set(None),
        week_start: Set(None),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    }
}

/// Gives a member a profile, unless they have one from before.
pub(crate) async fn begin(tx: &mut Tx, user: UserId) -> Result<()> {
    let known = Entity::find().filter(Column::OrganizationId.eq(tx.who.organization)).filter(Column::UserId.eq(user));
    if known.count(&tx.db).await? > 0 {
        return Ok(());
    }
    let profile = tx.insert::<Entity>(blank(tx, user)).await?;
    tx.record("created", &profile, json!({}))
}

async fn update(who: Caller, target: Target<CareerProfileId>, patch: CareerProfilePatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let profile = tx.find_at::<Entity>(&target, Action::EditCareerProfile).await?;
    let moved = match patch.time_zone {
        Some(zone) => user::live_in(&mut tx, profile.user_id, zone).await?,
        None => false,
    };
    let headline = kept(patch.headline, profile.headline.as_ref());
    let role = kept(patch.current_role, profile.current_role.as_ref());
    let industry = kept(patch.current_industry, profile.current_industry.as_ref());
    let employer = patch.current_employer_kind.over(profile.current_employer_kind);
    let since = patch.current_since.over(profile.current_since);
    let minutes = patch.weekly_learning_target_minutes.over(profile.weekly_learning_target_minutes);
    let start = patch.week_start.over(profile.week_start);
    let after = tx
        .change::<Entity>(profile, |row| {
            row.headline.set_if_not_equals(headline);
            row.current_role.set_if_not_equals(role);
            row.current_industry.set_if_not_equals(industry);
            row.current_employer_kind.set_if_not_equals(employer);
            row.current_since.set_if_not_equals(since);
            row.weekly_learning_target_minutes.set_if_not_equals(minutes);
            row.week_start.set_if_not_equals(start);
        })
        .await?;
    let after = tx.beside::<Entity>(after, moved).await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    tx.done(&after.row).await
}

fn kept(patch: Patch<String>, was: Option<&String>) -> Option<String> {
    patch.over(was.cloned())
}
