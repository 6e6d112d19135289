//! The commands that move a scope: completing, confirming, going back, closing (§9, stories 4 and 5).

use entity::{
    id::ScopeId,
    kind::{Form, prose, text, word},
    object,
    projects::{
        scope::{ProblemStatement, Step},
        scope_revision,
        scope_transition::{self, ReturnReason},
    },
    vocabulary,
};
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};

use super::{
    super::part::full,
    document,
    gate::pass,
    machine::Command,
    stand::{Saying, Stand},
    technique, unmet,
};
use crate::domain::{
    caller::Caller,
    clock,
    error::{Code, Error, FieldError, Result},
    tx::Tx,
    verb::{Done, Target},
};

/// How many revisions a scope has at most: each is kept whole.
const REVISIONS: usize = 100;

vocabulary! {
    /// How a scope ends that leads to no project.
    ScopeOutcome {
        /// AI does not solve the problem: a good end.
        NoAiSolution = "NO_AI_SOLUTION",
    }
}

object! {
    /// A step of the scope.
    NamedStep {
        /// Which.
        required step: Step = word::<Step>(),
    }
}

object! {
    /// Where to go back to, why, and what was learnt.
    Return {
        /// The earlier step to go on from.
        required step: Step = word::<Step>(),
        /// Why; without it, it is refused with `RETURN_REASON_REQUIRED`.
        optional reason: ReturnReason = word::<ReturnReason>(),
        /// What was learnt, since the scope goes on with that; without it, it is refused with `RETURN_REASON_REQUIRED`.
        optional learning: String = text(Form::Prose, 0, 5000),
    }
}

object! {
    /// How a scope ends.
    Closing {
        /// How.
        required outcome: ScopeOutcome = word::<ScopeOutcome>(),
        /// What was learnt.
        optional note: String = prose(5000),
    }
}

impl Return {
    /// Why, and what was learnt: both are said.
    fn said(&self) -> Result<(ReturnReason, &str)> {
        match (self.reason, self.learning.as_deref().filter(|learning| !learning.trim().is_empty())) {
            (Some(reason), Some(learning)) => Ok((reason, learning)),
            (reason, learning) => {
                let code = Code::ReturnReasonRequired;
                let lacks = |name: &str, why: &str| FieldError::new(format!("/{name}"), code.as_str(), why);
                let reason = reason.is_none().then(|| lacks("reason", "Why does it go back?"));
                let learning = learning.is_none().then(|| lacks("learning", "What was learnt?"));
                Err(Error::fields(code, reason.into_iter().chain(learning).collect()))
            }
        }
    }
}

pub(super) async fn complete_step(who: Caller, target: Target<ScopeId>, named: NamedStep) -> Result<Done> {
    settle(who, target, named.step, Command::CompleteStep, "step_completed").await
}

pub(super) async fn reconfirm_step(who: Caller, target: Target<ScopeId>, named: NamedStep) -> Result<Done> {
    settle(who, target, named.step, Command::ReconfirmStep, "step_reconfirmed").await
}

/// Completes a step that lacks nothing.
async fn settle(
    who: Caller,
    target: Target<ScopeId>,
    step: Step,
    command: Command,
    what: &'static str,
) -> Result<Done> {
    let mut tx = who.begin().await?;
    let stand = Stand::of_scope(&tx, &target).await?;
    let after = stand.at.after(command, Some(step))?;
    pass(step, &unmet::of_step(&tx, &stand.scope, step).await?)?;
    if step == Step::BusinessProblem
        && let Some(problem) = &stand.scope.problem
    {
        advise(&mut tx, &problem.0);
        whom(&mut tx, &problem.0);
    }
    let data = json!({ "step": step, "revision": stand.scope.revision, "nextStep": after.current() });
    let said = Saying { project: "scoped", scope: Some(what), data, ..Saying::default() };
    let (_, scope) = stand.go(&mut tx, after, said).await?;
    tx.done(&scope).await
}

/// Says when a statement names a technique instead of a need.
pub(super) fn advise(tx: &mut Tx, problem: &ProblemStatement) {
    let techniques = technique::named_in(&problem.statement);
    if let Some(first) = techniques.first() {
        let says = format!("The statement names a technique ({first}) instead of what is needed.");
        tx.warn_with("AI_PHRASED_PROBLEM", says, json!({ "techniques": techniques }));
    }
}

/// Says when nobody is named who is better off when the problem is solved (§36).
fn whom(tx: &mut Tx, problem: &ProblemStatement) {
    if problem.beneficiaries.as_ref().is_none_or(Vec::is_empty) {
        tx.warn("NO_BENEFICIARY_NAMED", "Nobody is named who is better off when the problem is solved.");
    }
}

pub(super) async fn return_to_step(who: Caller, target: Target<ScopeId>, back: Return) -> Result<Done> {
    let mut tx = who.begin().await?;
    let stand = Stand::of_scope(&tx, &target).await?;
    let (reason, learning) = back.said()?;
    let after = stand.at.after(Command::ReturnToStep, Some(back.step))?;
    if usize::try_from(stand.scope.revision).is_ok_and(|count| count >= REVISIONS) {
        return Err(full("ScopeRevision", REVISIONS));
    }
    keep(&tx, &stand).await?;
    let revision = stand.scope.revision + 1;
    let (actor_kind, actor_id) = tx.who.actor();
    tx.insert::<scope_transition::Entity>(scope_transition::ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(stand.scope.organization_id),
        project_id: Set(stand.scope.project_id),
        owner_id: Set(stand.scope.owner_id),
        scope_id: Set(stand.scope.id),
        revision: Set(revision),
        from_status: Set(stand.project.status),
        from_step: Set(stand.at.current()),
        to_step: Set(back.step),
        reason: Set(reason),
        learning: Set(learning.to_owned()),
        actor_kind: Set(actor_kind),
        actor_id: Set(actor_id),
        occurred_at: Set(tx.now),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    })
    .await?;
    let data = json!({ "from": stand.at.current(), "to": back.step, "reason": reason, "revision": revision });
    let said = Saying { project: "returned_to_scoping", scope: Some("returned"), data, again: true, note: None };
    let (_, scope) = stand.go(&mut tx, after, said).await?;
    tx.done(&scope).await
}

/// Keeps the scope as it is before it goes back.
async fn keep(tx: &Tx, stand: &Stand) -> Result<()> {
    let document = document::of(tx, &stand.scope).await?;
    tx.insert::<scope_revision::Entity>(scope_revision::ActiveModel {
        id: Set(clock::new_id()),
        organization_id: Set(stand.scope.organization_id),
        project_id: Set(stand.scope.project_id),
        owner_id: Set(stand.scope.owner_id),
        scope_id: Set(stand.scope.id),
        revision: Set(stand.scope.revision),
        document: Set(document.to_string()),
        version: Set(1),
        created_at: Set(tx.now),
        updated_at: Set(tx.now),
        deleted_at: Set(None),
    })
    .await
    .map(|_| ())
}

pub(super) async fn close(who: Caller, target: Target<ScopeId>, closing: Closing) -> Result<Done> {
    let mut tx = who.begin().await?;
    let stand = Stand::of_scope(&tx, &target).await?;
    let after = stand.at.after(Command::Close, None)?;
    let data: Value = json!({ "outcome": closing.outcome, "step": stand.at.current() });
    let said = Saying { project: "closed", scope: Some("closed"), data, note: closing.note, again: false };
    let (_, scope) = stand.go(&mut tx, after, said).await?;
    tx.done(&scope).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_goes_back_says_why_and_what_was_learnt() {
        let back = |value: Value| serde_json::from_value::<Return>(value).unwrap();
        let lacks = |value: Value| {
            let error = back(value).said().unwrap_err();
            assert_eq!(error.code(), Code::ReturnReasonRequired);
            error.field_errors().iter().map(|field| field.pointer.clone()).collect::<Vec<_>>()
        };
        assert_eq!(lacks(json!({ "step": "BUDGET" })), ["/reason", "/learning"]);
        assert_eq!(lacks(json!({ "step": "BUDGET", "reason": "OTHER", "learning": "" })), ["/learning"]);
        assert_eq!(lacks(json!({ "step": "BUDGET", "learning": "x" })), ["/reason"]);
        let said = back(json!({ "step": "BUDGET", "reason": "OTHER", "learning": "x" }));
        assert_eq!(said.said().unwrap(), (ReturnReason::Other, "x"));
    }
}
