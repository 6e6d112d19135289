//! Ideas for projects, and what speaks for them.

use sea_orm_migration::prelude::*;

use crate::dialect;

/// See the head of the file.
#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        dialect::run(manager, SQL).await
    }
}

// In which areas the organization has projects is read from `project_area` alone.
const SQL: &str = r#"
CREATE TABLE "project_idea" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    title {text} NOT NULL,
    description {text},
    source {text} NOT NULL,
    status {text} NOT NULL,
    application_area {text},
    origin_contact_id {uuid} REFERENCES "contact" (id),
    origin_resource_id {uuid} REFERENCES "learning_resource" (id),
    origin_project_id {uuid} REFERENCES "project" (id),
    employer_conflict {text} NOT NULL,
    shelve_reason {text},
    project_id {uuid} REFERENCES "project" (id),
    search_text {text} NOT NULL,
    {standard}
);
CREATE INDEX project_idea_organization ON "project_idea" (organization_id, created_at, id);
CREATE INDEX project_idea_updated ON "project_idea" (organization_id, updated_at, id);
CREATE INDEX project_idea_title ON "project_idea" (organization_id, title, id);
CREATE INDEX project_idea_owner ON "project_idea" (organization_id, owner_id, created_at);
CREATE INDEX project_idea_project ON "project_idea" (project_id, created_at);
CREATE TABLE "selection_checklist" (
    id {uuid} PRIMARY KEY,
    organization_id {uuid} NOT NULL REFERENCES "organization" (id),
    owner_id {uuid} NOT NULL REFERENCES "user" (id),
    idea_id {uuid} REFERENCES "project_idea" (id),
    project_id {uuid} REFERENCES "project" (id),
    stretch {int} NOT NULL,
    success_likelihood {int} NOT NULL,
    people {text} NOT NULL,
    technical_complexity {int} NOT NULL,
    business_impact {int} NOT NULL,
    {standard},
    CHECK (idea_id IS NOT NULL OR project_id IS NOT NULL)
);
CREATE UNIQUE INDEX selection_checklist_idea ON "selection_checklist" (idea_id) WHERE deleted_at IS NULL AND idea_id IS NOT NULL;
CREATE UNIQUE INDEX selection_checklist_of ON "selection_checklist" (project_id) WHERE deleted_at IS NULL AND project_id IS NOT NULL;
CREATE INDEX selection_checklist_organization ON "selection_checklist" (organization_id, created_at, id);
CREATE INDEX selection_checklist_updated ON "selection_checklist" (organization_id, updated_at, id);
CREATE INDEX selection_checklist_owner ON "selection_checklist" (organization_id, owner_id, created_at);
CREATE INDEX selection_checklist_project ON "selection_checklist" (project_id, created_at);
CREATE INDEX selection_checklist_ideas ON "selection_checklist" (idea_id, created_at);
CREATE INDEX project_area ON "project" (organization_id, application_area);
"#;
