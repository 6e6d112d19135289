//! Random rows of the chapter on projects.

use entity::{
    id::{CandidateSolutionId, OrganizationId, ProjectId, ScopeId, UserId},
    platform::event,
    projects::{
        candidate_solution, expert_consultation, feasibility_assessment, project, project_member, proof_of_concept,
        scope, scope_revision, scope_step, scope_transition, value_assessment,
    },
    vocabulary::{Json, Vocabulary as _},
};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    EntityTrait as _,
};

use super::Filler;

/// A project, and whose it is.
#[derive(Clone, Copy)]
struct Of {
    organization: OrganizationId,
    project: ProjectId,
    owner: UserId,
}

/// A row of something in a project, with what every such row has.
macro_rules! row {
    ($f:expr, $of:expr, $module:ident { $($field:ident: $value:expr),* $(,)? }) => {{
        let row = $module::ActiveModel {
            organization_id: Set($of.organization),
            project_id: Set($of.project),
            owner_id: Set($of.owner),
            $($field: Set($value),)*
            version: Set(1),
            created_at: Set($f.at()),
            updated_at: Set($f.at()),
            deleted_at: Set($f.gone()),
        };
        $f.insert(row).await;
    }};
}

impl Filler<'_> {
    pub(super) async fn projects(&mut self, organization: OrganizationId, users: &[UserId]) {
        for _ in 0..8 {
            let (id, owner): (ProjectId, UserId) = (self.id(), *self.dice.pick(users));
            let scope: ScopeId = self.id();
            let row = project::ActiveModel {
                id: Set(id),
                organization_id: Set(organization),
                owner_id: Set(owner),
                scope_id: Set(scope),
                title: Set(self.text()),
                summary: Set(self.maybe(Self::text)),
                kind: Set(self.word()),
                status: Set(self.word()),
                current_step: Set(self.maybe(Self::word)),
                domain: Set(self.maybe(Self::text)),
                application_area: Set(self.maybe(Self::text)),
                due_on: Set(self.maybe(Self::day)),
                started_at: Set(self.maybe(Self::at)),
                ended_at: Set(self.maybe(Self::at)),
                end_note: Set(self.maybe(Self::text)),
                search_text: Set(self.text().to_lowercase()),
                version: Set(1),
                created_at: Set(self.at()),
                updated_at: Set(self.at()),
                deleted_at: Set(self.gone()),
            };
            self.insert(row).await;
            self.refs(organization, "prj", id.0).await;
            let of = Of { organization, project: id, owner };
            self.happened(of).await;
            self.members(of, users).await;
            self.scope(of, scope).await;
            self.past(of, scope).await;
            self.solutions(of).await;
            self.budget(organization, id, owner, users).await;
            self.milestones(organization, id, owner).await;
        }
    }

    async fn happened(&mut self, of: Of) {
        let row = event::ActiveModel {
            seq: NotSet,
            id: Set(self.id()),
            organization_id: Set(of.organization),
            kind: Set("project.created".to_owned()),
            subject_kind: Set((*self.dice.pick(&["project", "budget", "selection_checklist"])).to_owned()),
            subject_id: Set(of.project.to_string()),
            subject_version: Set(1),
            owner_id: Set(Some(of.owner)),
            project_id: Set(Some(of.project)),
            party_id: Set(None),
            area: Set("projects".to_owned()),
            actor_kind: Set(self.word()),
            actor_id: Set(None),
            occurred_at: Set(self.at()),
            data: Set("{}".to_owned()),
        };
        event::Entity::insert(row).exec(self.db).await.unwrap();
    }

    async fn members(&mut self, of: Of, users: &[UserId]) {
        for user in users {
            if self.dice.once_in(3) {
                row!(
                    self,
                    of,
                    project_member {
                        id: self.id(),
                        user_id: Some(*user),
                        contact_id: None,
                        contact_name: None,
                        role: self.word(),
                        joined_at: self.at(),
                    }
                );
            }
        }
    }

    async fn scope(&mut self, of: Of, scope: ScopeId) {
        let says = |f: &mut Self| {
            Json(scope::ProblemStatement {
                statement: f.text(),
                domain: f.maybe(Self::text),
                stakeholders: Some(vec![f.text(), f.text()]),
                impact_if_unsolved: None,
                beneficiaries: f.maybe(|f| vec![f.text()]),
                possible_harms: None,
                mitigations: None,
            })
        };
        row!(
            self,
            of,
            scope {
                id: scope,
                revision: 1 + self.dice.below(3) as i64,
                current_step: self.maybe(Self::word),
                problem: self.maybe(says),
                expert_waiver_reason: self.maybe(Self::text),
                single_idea_reason: self.maybe(Self::text),
            }
        );
        for (nth, step) in (1..).zip(scope::Step::ALL) {
            row!(
                self,
                of,
                scope_step {
                    id: self.id(),
                    scope_id: scope,
                    step: *step,
                    place: nth,
                    state: self.word(),
                    opened_at: self.maybe(Self::at),
                    completed_at: self.maybe(Self::at),
                }
            );
        }
        for _ in 0..self.dice.below(3) {
            let pain = |f: &mut Self| expert_consultation::PainPoint {
                rank: 1,
                wish: f.text(),
                why_not_working_yet: f.maybe(Self::text),
            };
            row!(
                self,
                of,
                expert_consultation {
                    id: self.id(),
                    contact_id: None,
                    expert: self.maybe(Self::text),
                    held_at: self.at(),
                    pain_points: Json(vec![pain(self), pain(self)]),
                    note: self.maybe(Self::text),
                }
            );
        }
    }

    async fn past(&mut self, of: Of, scope: ScopeId) {
        for number in 1..=self.dice.below(3) as i64 {
            row!(
                self,
                of,
                scope_transition {
                    id: self.id(),
                    scope_id: scope,
                    revision: number + 1,
                    from_status: self.word(),
                    from_step: self.maybe(Self::word),
                    to_step: self.word(),
                    reason: self.word(),
                    learning: self.text(),
                    actor_kind: self.word(),
                    actor_id: self.maybe(|f| f.id::<UserId>().to_string()),
                    occurred_at: self.at(),
                }
            );
            row!(
                self,
                of,
                scope_revision {
                    id: self.id(),
                    scope_id: scope,
                    revision: number,
                    document: "{\"revision\":1}".to_owned()
                }
            );
        }
    }

    async fn solutions(&mut self, of: Of) {
        for _ in 0..self.dice.below(3) {
            let solution: CandidateSolutionId = self.id();
            row!(
                self,
                of,
                candidate_solution {
                    id: solution,
                    title: self.text(),
                    approach: self.maybe(Self::text),
                    is_ai: self.dice.once_in(2),
                    status: self.word(),
                }
            );
            let shows = |f: &mut Self| feasibility_assessment::FeasibilityEvidence {
                kind: f.word(),
                url: None,
                finding: f.text(),
            };
            row!(
                self,
                of,
                feasibility_assessment {
                    id: self.id(),
                    solution_id: solution,
                    verdict: self.word(),
                    evidence: Json(vec![shows(self)]),
                }
            );
            let shows = |f: &mut Self| value_assessment::ValueEvidence {
                kind: f.word(),
                contact_id: f.maybe(Self::id),
                expert: f.maybe(Self::text),
                finding: f.text(),
            };
            row!(
                self,
                of,
                value_assessment {
                    id: self.id(),
                    solution_id: solution,
                    verdict: self.word(),
                    evidence: Json(vec![shows(self)]),
                }
            );
            row!(
                self,
                of,
                proof_of_concept {
                    id: self.id(),
                    solution_id: solution,
                    question: self.text(),
                    timebox_days: 1 + self.dice.below(9) as i64,
                    status: self.word(),
                    outcome: self.maybe(Self::word),
                    finding: self.maybe(Self::text),
                    url: None,
                    reported_at: self.maybe(Self::at),
                }
            );
        }
    }
}
