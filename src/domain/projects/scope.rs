//! What a project sets out to do, worked out in five steps (§9).

pub mod diff;
pub mod document;
pub mod gate;
mod go;
pub mod machine;
pub mod past;
pub mod stand;
mod technique;
pub mod unmet;

use entity::{
    id::{ProjectId, ScopeId, UserId},
    kind::{Declared as _, Kind, Patch, id, int, line, prose, word},
    object,
    projects::{
        project,
        scope::{ActiveModel, Column, Entity, Model, NAMES, ProblemStatement, Step},
    },
    vocabulary::Json,
};
use sea_orm::{ActiveValue::Set, ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;

use super::project::of_part;
use crate::{
    domain::{
        caller::Caller,
        error::{Code, Error, Result},
        look::Look,
        policy::Action,
        tx::Tx,
        verb::{Done, Resource, Row, Target, Verb},
    },
    read::{
        cell::{Cell, Store},
        shape::{Leaf, Need, Shape, leaf},
    },
};

pub(super) const PROBLEM: Kind = Kind::Object(ProblemStatement::object);
pub(super) const REASON: Kind = prose(2000);

impl Row for Entity {
    const NAME: &'static str = "Scope";
    type Id = ScopeId;

    fn owner(row: &Model) -> Option<UserId> {
        Some(row.owner_id)
    }
}

fn show(column: Column) -> Option<Leaf> {
    Some(match column {
        Column::Id => leaf(id::<ScopeId>(), "The id."),
        Column::ProjectId => leaf(id::<ProjectId>(), "The project.").filter(),
        Column::OwnerId => leaf(id::<UserId>(), "Whose project it is.").filter(),
        Column::Revision => {
            leaf(int(1, i64::MAX), "Counts how often it was begun: 1, and one more each time that it goes back.")
        }
        Column::CurrentStep => {
            leaf(word::<Step>(), "The step that is being worked on; none when all are complete.").filter()
        }
        Column::Problem => leaf(PROBLEM, "What the problem is (step 1)."),
        Column::ExpertWaiverReason => leaf(REASON, "Why no expert of the business was asked (step 1)."),
        Column::SingleIdeaReason => leaf(REASON, "Why one idea is enough (step 2)."),
        Column::Version => leaf(int(1, i64::MAX), "Counts the changes, from 1."),
        Column::CreatedAt => leaf(Kind::Time, "When it was made.").filter().sort(),
        Column::UpdatedAt => leaf(Kind::Time, "When it last changed.").filter().sort(),
        Column::DeletedAt => leaf(Kind::Time, "When it was deleted; it goes with its project."),
        Column::OrganizationId => return None,
    })
}

/// How many of its steps are complete.
const COMPLETE: Need = Need::aggregate(
    "(SELECT COUNT(*) FROM scope_step s WHERE s.scope_id = {t}.id AND s.deleted_at IS NULL AND s.state = 'COMPLETE')",
    Store::Int,
);

/// The declaration.
#[must_use]
pub fn resource() -> Resource {
    let beside = ("project_id", "project_id");
    let shape = Shape::new::<Entity>(
        "Scope",
        "What a project sets out to do, worked out in five steps (§9): made with the project.",
        "scp",
        Action::ViewScope,
        show,
    )
    .order("created_at", false)
    .computed("scopeReadiness", int(0, 100), "How much of it is complete, in percent.", vec![COMPLETE], |cells, _| {
        Cell::Int(cells[0].int() * 20)
    })
    .computed(
        "timesReturned",
        int(0, i64::MAX),
        "How often it went back.",
        vec![Need::Column("revision", Store::Int)],
        |cells, _| Cell::Int(cells[0].int() - 1),
    )
    .one("project", "project_id", "Project", "The project.")
    .many("steps", "scope_id", "ScopeStep", "Its five steps.")
    .beside("consultations", beside, "ExpertConsultation", "Who was asked, and what hurts (step 1).")
    .beside("solutions", beside, "CandidateSolution", "What could solve the problem (step 2).")
    .beside("feasibilityAssessments", beside, "FeasibilityAssessment", "Whether it can be done (step 3).")
    .beside("valueAssessments", beside, "ValueAssessment", "Whether it is worth it (step 3).")
    .beside("proofsOfConcept", beside, "ProofOfConcept", "What is tried to find out (step 3).")
    .many("transitions", "scope_id", "ScopeTransition", "When it went back, and why.")
    .many("revisions", "scope_id", "ScopeRevision", "What it was before it went back.");
    Resource { shape, plural: "scopes", verbs: verbs() }
}

fn verbs() -> Vec<Verb> {
    use Action::{EditScope, MoveScope};
    vec![
        Verb::on::<Entity, _, _, _>("update", EditScope, "Say what the problem is, and give reasons.", update),
        Verb::on::<Entity, _, _, _>(
            "completeStep",
            MoveScope,
            "Complete the step that is being worked on: it lacks nothing. The next one opens.",
            go::complete_step,
        ),
        Verb::on::<Entity, _, _, _>(
            "reconfirmStep",
            MoveScope,
            "Say that what is in a stale step is still true.",
            go::reconfirm_step,
        )
        .called("reconfirmStep"),
        Verb::on::<Entity, _, _, _>(
            "returnToStep",
            MoveScope,
            "Go on from an earlier step, with what was learnt: another revision begins, and what comes after that step is to be confirmed.",
            go::return_to_step,
        )
        .called("returnToScopeStep"),
        Verb::on::<Entity, _, _, _>(
            "close",
            MoveScope,
            "Close the scope, and with it the project, because AI does not solve the problem: a good end.",
            go::close,
        ),
    ]
}

const PROBLEM_PATCH: Kind = Kind::Object(ProblemPatch::object);

object! {
    /// Changes to what is said of a problem.
    ProblemPatch {
        /// The problem; it is said first.
        change statement: String = prose(5000),
        /// The field of business.
        clear domain: String = line(1, 100),
        /// Whom it concerns.
        clear stakeholders: Vec<String> = NAMES,
        /// What happens when it stays.
        clear impact_if_unsolved: String = prose(5000),
        /// Who is better off when it is solved.
        clear beneficiaries: Vec<String> = NAMES,
        /// Who may be worse off, and how.
        clear possible_harms: Vec<String> = NAMES,
        /// What is done about that.
        clear mitigations: Vec<String> = NAMES,
    }
}

impl ProblemPatch {
    /// The statement after the patch.
    ///
    /// # Errors
    /// `PROBLEM_UNSTATED` when nothing says what the problem is.
    fn over(self, was: Option<ProblemStatement>) -> Result<ProblemStatement> {
        let known = was.as_ref().map(|was| was.statement.clone());
        let statement = self.statement.or(known).ok_or_else(|| {
            Error::field(Code::ProblemUnstated, "/problem/statement", "Say what the problem is first.")
        })?;
        let was = was.unwrap_or(ProblemStatement {
            statement: String::new(),
            domain: None,
            stakeholders: None,
            impact_if_unsolved: None,
            beneficiaries: None,
            possible_harms: None,
            mitigations: None,
        });
        Ok(ProblemStatement {
            statement,
            domain: self.domain.over(was.domain),
            stakeholders: self.stakeholders.over(was.stakeholders),
            impact_if_unsolved: self.impact_if_unsolved.over(was.impact_if_unsolved),
            beneficiaries: self.beneficiaries.over(was.beneficiaries),
            possible_harms: self.possible_harms.over(was.possible_harms),
            mitigations: self.mitigations.over(was.mitigations),
        })
    }
}

object! {
    /// Changes to what is said in a scope.
    ScopePatch {
        /// What the problem is: of what was said, what is named here changes.
        clear problem: ProblemPatch = PROBLEM_PATCH,
        /// Why no expert of the business was asked.
        clear expert_waiver_reason: String = REASON,
        /// Why one idea is enough.
        clear single_idea_reason: String = REASON,
    }
}

/// Gives a new project its scope.
pub(super) async fn begin(tx: &mut Tx, project: &project::Model) -> Result<Model> {
    let scope = tx
        .insert::<Entity>(ActiveModel {
            id: Set(project.scope_id),
            organization_id: Set(tx.who.organization),
            project_id: Set(project.id),
            owner_id: Set(project.owner_id),
            revision: Set(1),
            current_step: Set(project.current_step),
            problem: Set(None),
            expert_waiver_reason: Set(None),
            single_idea_reason: Set(None),
            version: Set(1),
            created_at: Set(tx.now),
            updated_at: Set(tx.now),
            deleted_at: Set(None),
        })
        .await?;
    stand::begin(tx, &scope).await?;
    tx.record("created", &scope, json!({ "projectId": project.id }))?;
    Ok(scope)
}

/// The scope of a project.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_project(look: &Look, project: &project::Model) -> Result<Model> {
    let scope = Entity::find_by_id(project.scope_id)
        .filter(Column::OrganizationId.eq(look.who.organization))
        .filter(Column::DeletedAt.is_null());
    scope.one(&look.db).await?.ok_or_else(|| Error::internal("a project without a scope"))
}

async fn update(who: Caller, target: Target<ScopeId>, patch: ScopePatch) -> Result<Done> {
    let mut tx = who.begin().await?;
    let seen = tx.find::<Entity>(target.id, Action::ViewScope).await?;
    of_part(&tx, seen.project_id).await?;
    let scope = tx.find_at::<Entity>(&target, Action::EditScope).await?;
    let said = scope.problem.as_ref().map(|problem| problem.0.statement.clone());
    let was = scope.problem.clone().map(|problem| problem.0);
    let problem = match patch.problem {
        Patch::Keep => was,
        Patch::Clear => None,
        Patch::Set(patch) => Some(patch.over(was)?),
    }
    .map(Json);
    let waiver = patch.expert_waiver_reason.over(scope.expert_waiver_reason.clone());
    let single = patch.single_idea_reason.over(scope.single_idea_reason.clone());
    if let Some(problem) = problem.as_ref().filter(|problem| said.as_ref() != Some(&problem.0.statement)) {
        go::advise(&mut tx, &problem.0);
    }
    let after = tx
        .change::<Entity>(scope, |row| {
            row.problem.set_if_not_equals(problem);
            row.expert_waiver_reason.set_if_not_equals(waiver);
            row.single_idea_reason.set_if_not_equals(single);
        })
        .await?;
    if after.changed {
        tx.record("updated", &after.row, json!({}))?;
    }
    tx.done(&after.row).await
}
