//! The rows of a project as they will stand: a pure function of the document and of who is known here.

mod history;
mod plan;
mod scope;

use chrono::{DateTime, Utc};
use entity::{
    id::{BudgetId, ContactId, OrganizationId, ProjectId, ScopeId, TypedId as _, UserId},
    projects::{
        budget::{self, BudgetApproval},
        project, project_member, selection_checklist,
    },
    vocabulary::Json,
};
use uuid::Uuid;

use super::{
    super::{
        document::{
            Moment, ProjectDocument, ProjectPart,
            people::{ProjectMemberPart, SelectionChecklistPart},
            plan::BudgetPart,
        },
        read::at,
        renamed::{Renamed, in_order},
    },
    Rows,
    outside::{Outside, unknown},
};
use crate::domain::{
    clock,
    error::{Error, Result},
    external::ExternalRef,
    learning::exchange::notes::{Notes, Place},
    projects::{project::search_text, scope::machine::At},
    tx::Tx,
};

/// What all rows have in common.
#[derive(Debug)]
pub(super) struct Base {
    organization: OrganizationId,
    now: DateTime<Utc>,
    owner: UserId,
    project: ProjectId,
    scope: ScopeId,
    budget: BudgetId,
}

/// What is gathered while rows are made: ids of before, and names of other systems.
#[derive(Debug, Default)]
struct Gathered {
    renamed: Renamed,
    refs: Vec<(&'static str, Uuid, ExternalRef, String)>,
}

impl Base {
    pub(super) fn new(tx: &Tx, owner: UserId) -> Self {
        Self {
            organization: tx.who.organization,
            now: tx.now,
            owner,
            project: clock::new_id(),
            scope: clock::new_id(),
            budget: clock::new_id(),
        }
    }
}

impl Gathered {
    fn refs(&mut self, kind: &'static str, id: Uuid, refs: Option<Vec<ExternalRef>>, at: &str) {
        for (place, one) in refs.into_iter().flatten().enumerate() {
            self.refs.push((kind, id, one, format!("{at}/externalRefs/{place}")));
        }
    }
}

fn when(at: Option<Moment>) -> Option<DateTime<Utc>> {
    at.map(|at| at.0)
}

/// Makes the rows of a document that was found sound; obstacles come apart, since each is a need, too.
pub(super) fn of(base: &Base, document: ProjectDocument, outside: &Outside, notes: &mut Notes) -> Result<Rows> {
    let at = at(&document).ok_or_else(|| Error::internal("a document without five steps"))?;
    let mut gathered = Gathered::default();
    gathered.renamed.remember(document.budget.id, base.budget);
    let (milestones, metrics, observations) = plan::milestones(base, document.milestones, &mut gathered);
    let mut budget = document.budget;
    let (lines, entries) = plan::lines(base, std::mem::take(&mut budget.lines), outside, notes, &mut gathered)?;
    let project = project(base, document.project, at, &mut gathered);
    let scope = scope::of(base, document.scope, at, outside, notes, &mut gathered)?;
    Ok(Rows {
        project,
        members: members(base, document.members, outside, notes),
        checklist: document.checklist.map(|one| checklist(base, one, outside, notes)),
        budget: budget_of(base, budget, outside, notes),
        scope: scope.scope,
        steps: scope.steps,
        consultations: scope.consultations,
        solutions: scope.solutions,
        feasibility: scope.feasibility,
        value: scope.value,
        trials: scope.trials,
        transitions: scope.transitions,
        revisions: scope.revisions,
        milestones,
        metrics,
        observations,
        lines,
        entries,
        obstacles: Vec::new(),
        refs: gathered.refs,
    })
}

fn project(base: &Base, part: ProjectPart, at: At, gathered: &mut Gathered) -> project::Model {
    gathered.refs(ProjectId::PREFIX, base.project.0, part.external_refs, "/project");
    project::Model {
        id: base.project,
        organization_id: base.organization,
        owner_id: base.owner,
        scope_id: base.scope,
        search_text: search_text(&part.title, part.domain.as_deref(), part.application_area.as_deref()),
        title: part.title,
        summary: part.summary,
        kind: part.kind,
        status: part.status,
        current_step: at.current(),
        domain: part.domain,
        application_area: part.application_area,
        due_on: part.due_on,
        started_at: when(part.started_at),
        ended_at: when(part.ended_at),
        end_note: part.end_note,
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    }
}

/// Who is in it: each once, and its owner not beside themself.
fn members(
    base: &Base,
    parts: Vec<ProjectMemberPart>,
    outside: &Outside,
    notes: &mut Notes,
) -> Vec<project_member::Model> {
    let mut rows: Vec<project_member::Model> = Vec::new();
    for ((place, part), id) in (0..).zip(parts.iter()).zip(in_order(parts.len())) {
        let at = format!("/members/{place}");
        let user_id = outside.person(part.person.as_ref(), &format!("{at}/person"), notes);
        let contact: Option<ContactId> = part.contact.as_ref().and_then(|one| one.id);
        let contact_id = outside.contact(contact, &format!("{at}/contact"), notes);
        if user_id.is_none() && contact_id.is_none() {
            continue;
        }
        let again = rows.iter().any(|row| (row.user_id, row.contact_id) == (user_id, contact_id));
        if again || user_id == Some(base.owner) {
            unknown(&at, "MEMBER_LEFT_OUT", "They are in the project already.", notes);
            continue;
        }
        rows.push(project_member::Model {
            id,
            organization_id: base.organization,
            project_id: base.project,
            owner_id: base.owner,
            user_id,
            contact_id,
            contact_name: contact_id.and_then(|_| part.contact.as_ref()?.name.clone()),
            role: part.role,
            joined_at: part.joined_at.0,
            version: 1,
            created_at: base.now,
            updated_at: base.now,
            deleted_at: None,
        });
    }
    rows
}

/// The budget as it stands; who takes it in for themself is not who approves it.
fn budget_of(base: &Base, part: BudgetPart, outside: &Outside, notes: &mut Notes) -> budget::Model {
    let mut part = part;
    if !outside.machine && part.approval != BudgetApproval::Draft {
        let why = "What was approved there, or asked to be, is to be approved here.";
        notes.warn(Place::pointer("/budget/approval"), "APPROVAL_NOT_TAKEN", why);
        part.approval = BudgetApproval::Draft;
        part.approval_requested_at = None;
        part.approver = None;
        part.decided_at = None;
        part.decision_reason = None;
    }
    part.not_needed.sort_by_key(|mark| mark.category);
    budget::Model {
        id: base.budget,
        organization_id: base.organization,
        project_id: base.project,
        owner_id: base.owner,
        not_needed: Json(part.not_needed),
        approval: part.approval,
        approval_requested_at: when(part.approval_requested_at),
        approver_id: outside.actor(part.approver.as_ref(), "/budget/approver", notes),
        decided_at: when(part.decided_at),
        decision_reason: part.decision_reason,
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    }
}

fn checklist(
    base: &Base,
    part: SelectionChecklistPart,
    outside: &Outside,
    notes: &mut Notes,
) -> selection_checklist::Model {
    let mut people = part.people;
    people.teammate_ids = outside.some(people.teammate_ids, "/checklist/people/teammateIds", notes);
    people.discussant_ids = outside.some(people.discussant_ids, "/checklist/people/discussantIds", notes);
    selection_checklist::Model {
        id: clock::new_id(),
        organization_id: base.organization,
        owner_id: base.owner,
        idea_id: None,
        project_id: Some(base.project),
        stretch: part.growth.stretch,
        success_likelihood: part.growth.success_likelihood,
        people: Json(people),
        technical_complexity: part.stepping_stone.technical_complexity,
        business_impact: part.stepping_stone.business_impact,
        version: 1,
        created_at: base.now,
        updated_at: base.now,
        deleted_at: None,
    }
}
