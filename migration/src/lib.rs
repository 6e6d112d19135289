//! Cairn's database schema: one set of forward-only migrations for SQLite and PostgreSQL.

pub use sea_orm_migration::prelude::*;

mod dialect;
mod m20261123_000001_platform;
mod m20261123_000002_learning;
mod m20261124_000003_standing_and_goals;
mod m20261124_000010_roles_and_goals;
mod m20261124_000012_pace;
mod m20261124_000014_needs_and_insights;
mod m20261124_000016_statements;
mod m20261125_000020_standing;
mod m20261125_000021_templates;
mod m20261125_000022_reports;
mod m20261125_000023_exchange;
mod m20261125_000024_statements;
mod m20261125_000025_needs;
mod m20261125_000027_walks;
mod m20261125_000028_projects;
mod m20261125_000029_scopes;
mod m20261125_000030_milestones;
mod m20261125_000031_budgets;
mod m20261125_000032_contacts;
mod m20261125_000033_ideas;
mod m20261125_000034_teamwork;
mod m20261125_000035_portfolios;
mod m20261125_000036_project_exchange;
mod m20261125_000037_calendars;
mod m20261126_000038_named;
mod m20261126_000039_jobs;
mod m20261126_000040_job_imports;
mod m20261126_000041_transitions;
mod m20261126_000042_steps;
mod m20261126_000043_interactions;
mod m20261126_000044_talks;
mod m20261126_000045_offers;
mod m20261126_000046_interviews;
mod m20261126_000047_evidence_once;
mod m20261126_000049_parties;
mod m20261126_000050_own;
mod m20261126_000051_own_names;
mod m20261126_000052_people;
mod m20261126_000054_asked_for_teammates;
mod m20261126_000055_searches;
mod m20261126_000056_spelling;

/// Every migration, in order.
pub struct Migrator;

#[async_trait::async_trait]
impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261123_000001_platform::Migration),
            Box::new(m20261123_000002_learning::Migration),
            Box::new(m20261124_000003_standing_and_goals::Migration),
            Box::new(m20261124_000010_roles_and_goals::Migration),
            Box::new(m20261124_000012_pace::Migration),
            Box::new(m20261124_000014_needs_and_insights::Migration),
            Box::new(m20261124_000016_statements::Migration),
            Box::new(m20261125_000020_standing::Migration),
            Box::new(m20261125_000021_templates::Migration),
            Box::new(m20261125_000022_reports::Migration),
            Box::new(m20261125_000023_exchange::Migration),
            Box::new(m20261125_000024_statements::Migration),
            Box::new(m20261125_000025_needs::Migration),
            Box::new(m20261125_000027_walks::Migration),
            Box::new(m20261125_000028_projects::Migration),
            Box::new(m20261125_000029_scopes::Migration),
            Box::new(m20261125_000030_milestones::Migration),
            Box::new(m20261125_000031_budgets::Migration),
            Box::new(m20261125_000032_contacts::Migration),
            Box::new(m20261125_000033_ideas::Migration),
            Box::new(m20261125_000034_teamwork::Migration),
            Box::new(m20261125_000035_portfolios::Migration),
            Box::new(m20261125_000036_project_exchange::Migration),
            Box::new(m20261125_000037_calendars::Migration),
            Box::new(m20261126_000038_named::Migration),
            Box::new(m20261126_000039_jobs::Migration),
            Box::new(m20261126_000045_offers::Migration),
            Box::new(m20261126_000046_interviews::Migration),
            Box::new(m20261126_000040_job_imports::Migration),
            Box::new(m20261126_000047_evidence_once::Migration),
            Box::new(m20261126_000041_transitions::Migration),
            Box::new(m20261126_000042_steps::Migration),
            Box::new(m20261126_000043_interactions::Migration),
            Box::new(m20261126_000044_talks::Migration),
            Box::new(m20261126_000049_parties::Migration),
            Box::new(m20261126_000055_searches::Migration),
            Box::new(m20261126_000050_own::Migration),
            Box::new(m20261126_000051_own_names::Migration),
            Box::new(m20261126_000052_people::Migration),
            Box::new(m20261126_000054_asked_for_teammates::Migration),
            Box::new(m20261126_000056_spelling::Migration),
        ]
    }
}
