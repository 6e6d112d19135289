//! Reading the document of a project: everything that is wrong in it by itself is told at once, each thing with its place.

mod plan;

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use entity::{
    id::{BudgetEntryId, BudgetLineId, MetricId, MilestoneId, ProjectId, TypedId as _},
    kind::{Declared as _, Kind, Object},
    projects::{
        project::ProjectStatus::{Completed, InProgress, Paused},
        proof_of_concept::ProofOfConceptStatus,
        scope::Step,
        scope_step::StepState,
    },
    vocabulary::Vocabulary as _,
};
use serde_json::Value;

use super::document::{
    ENTRIES_MOST, FORMAT, MOST, OBSERVATIONS_MOST, ProjectDocument, VERSION,
    scope::{ProofOfConceptPart, ScopePart},
};
use crate::{
    domain::{
        check, clock,
        error::{Code, Result},
        external::ExternalRef,
        learning::exchange::notes::{Notes, Place},
        projects::{
            expert_consultation::ranked,
            scope::{machine::At, stand::is_over},
        },
    },
    read::filter,
};

/// Reads a document; what is wrong with it is noted, and it is not to be taken in then.
#[must_use]
pub fn read(document: Value, notes: &mut Notes) -> Option<ProjectDocument> {
    for (name, known) in [("format", Value::from(FORMAT)), ("version", Value::from(VERSION))] {
        if document.get(name) != Some(&known) {
            notes.error(Place::default().member(name), Code::BadInput, &format!("{known} is expected."));
        }
    }
    if let Err(error) = check::object(ProjectDocument::object(), &document) {
        notes.refused(&Place::default(), &error);
    }
    if !notes.fine() {
        return None;
    }
    past(ProjectDocument::object(), &document, clock::now(), "", notes);
    let read: ProjectDocument = serde_json::from_value(document)
        .map_err(|error| notes.error(Place::default(), Code::BadInput, &error.to_string()))
        .ok()?;
    sound(&read, notes);
    notes.fine().then_some(read)
}

/// Nothing of what is told has yet to happen.
fn past(declared: &'static Object, value: &Value, now: DateTime<Utc>, at: &str, notes: &mut Notes) {
    for field in &declared.fields {
        if let Some(value) = value.get(&field.name) {
            past_of(field.kind, value, now, &format!("{at}/{}", field.name), notes);
        }
    }
}

fn past_of(kind: Kind, value: &Value, now: DateTime<Utc>, at: &str, notes: &mut Notes) {
    match (kind, value) {
        (Kind::Object(declared), value) => past(declared(), value, now, at, notes),
        (Kind::List { of, .. }, Value::Array(values)) => {
            for (place, value) in values.iter().enumerate() {
                past_of(*of, value, now, &format!("{at}/{place}"), notes);
            }
        }
        (Kind::Time, Value::String(text)) => {
            if let Some(Err(error)) = filter::time(text).map(|moment| clock::past(now, moment, "")) {
                notes.refused(&Place::pointer(at), &error);
            }
        }
        _ => {}
    }
}

/// Checks what no declaration of one value can say.
fn sound(document: &ProjectDocument, notes: &mut Notes) {
    stands(document, notes);
    began_again(&document.scope, notes);
    for (place, one) in document.scope.consultations.iter().enumerate() {
        note(notes, &format!("/scope/consultations/{place}"), ranked(one.pain_points.clone()));
    }
    for (place, one) in document.scope.solutions.iter().enumerate() {
        for (trial, told) in one.proofs_of_concept.iter().enumerate() {
            answered(told, &format!("/scope/solutions/{place}/proofsOfConcept/{trial}"), notes);
        }
    }
    for (place, one) in document.members.iter().enumerate() {
        if one.person.is_some() == one.contact.is_some() {
            let why = "It is either a person of the organization or a contact.";
            notes.error(Place::pointer(format!("/members/{place}")), Code::MemberAmbiguous, why);
        }
    }
    for (place, one) in document.milestones.iter().enumerate() {
        for (number, metric) in one.metrics.iter().enumerate() {
            plan::measured(metric, &format!("/milestones/{place}/metrics/{number}"), notes);
        }
    }
    plan::planned(&document.budget, notes);
    counted(document, notes);
    named_once(document, notes);
}

/// Notes what a rule refuses.
fn note<T>(notes: &mut Notes, at: &str, result: Result<T>) -> Option<T> {
    result.map_err(|error| notes.refused(&Place::pointer(at), &error)).ok()
}

fn wrong(notes: &mut Notes, at: &str, why: &str) {
    notes.error(Place::pointer(at), Code::ValidationFailed, why);
}

/// Where the project stands with its steps, as the document tells it.
#[must_use]
pub fn at(document: &ProjectDocument) -> Option<At> {
    let steps: Vec<StepState> = document.scope.steps.iter().map(|step| step.state).collect();
    Some(At { status: document.project.status, steps: steps.try_into().ok()? })
}

/// The steps are the five in their order, and the project stands where commands lead.
fn stands(document: &ProjectDocument, notes: &mut Notes) {
    for (place, (told, step)) in document.scope.steps.iter().zip(Step::ALL).enumerate() {
        if told.step != *step {
            wrong(notes, &format!("/scope/steps/{place}/step"), &format!("{step} is expected: steps stand in order."));
        }
    }
    if !at(document).is_some_and(|at| at.can_be()) {
        wrong(notes, "/scope/steps", &format!("A project that is {} has no such steps.", document.project.status));
    }
    let project = &document.project;
    if is_over(project.status) != project.ended_at.is_some() {
        wrong(notes, "/project/endedAt", "What has ended says when, and nothing else does.");
    }
    if project.started_at.zip(project.ended_at).is_some_and(|(started, ended)| ended < started) {
        notes.error(Place::pointer("/project/endedAt"), Code::RangeInverted, "It ended before it began.");
    }
    if matches!(project.status, InProgress | Paused | Completed) && project.started_at.is_none() {
        wrong(notes, "/project/startedAt", "What was begun says when.");
    }
}

/// A scope has been returned once less than it has revisions, and each time is told.
fn began_again(scope: &ScopePart, notes: &mut Notes) {
    let before = usize::try_from(scope.revision).unwrap_or(usize::MAX) - 1;
    for (name, told) in [("transitions", scope.transitions.len()), ("revisions", scope.revisions.len())] {
        if told != before {
            let why = format!("Revision {} has {before} {name} before it.", scope.revision);
            wrong(notes, &format!("/scope/{name}"), &why);
        }
    }
    let transitions = scope.transitions.iter().map(|one| one.revision).zip(2..);
    let revisions = scope.revisions.iter().map(|one| one.revision).zip(1..);
    for (name, place, (told, number)) in (transitions.enumerate().map(|(place, pair)| ("transitions", place, pair)))
        .chain(revisions.enumerate().map(|(place, pair)| ("revisions", place, pair)))
    {
        if told != number {
            wrong(
                notes,
                &format!("/scope/{name}/{place}/revision"),
                &format!("{number} is expected: they stand in order."),
            );
        }
    }
    for (place, one) in scope.revisions.iter().enumerate() {
        if !one.document.is_object() {
            wrong(notes, &format!("/scope/revisions/{place}/document"), "An object is expected.");
        }
    }
}

/// What was reported says what came of it.
fn answered(trial: &ProofOfConceptPart, at: &str, notes: &mut Notes) {
    let reported = trial.status == ProofOfConceptStatus::Reported;
    for (name, told) in [
        ("outcome", trial.outcome.is_some()),
        ("finding", trial.finding.is_some()),
        ("reportedAt", trial.reported_at.is_some()),
    ] {
        if told != reported {
            wrong(notes, &format!("{at}/{name}"), "What was reported says what came of it, and nothing else does.");
        }
    }
}

/// Limits of a whole project, which no list in it can say.
fn counted(document: &ProjectDocument, notes: &mut Notes) {
    let trials = document.scope.solutions.iter().map(|one| one.proofs_of_concept.len()).sum();
    let metrics = document.milestones.iter().flat_map(|one| &one.metrics);
    let observations = metrics.map(|one| one.observations.len()).sum();
    let entries = document.budget.lines.iter().map(|one| one.entries.len()).sum();
    let all: [(&str, usize, usize); 3] = [
        ("/scope/solutions", trials, MOST),
        ("/milestones", observations, OBSERVATIONS_MOST),
        ("/budget/lines", entries, ENTRIES_MOST),
    ];
    for (at, count, most) in all {
        if count > most {
            notes.error(
                Place::pointer(at),
                Code::TooLarge,
                &format!("A project has at most {most} of what is in them."),
            );
        }
    }
}

/// Every name that other systems have for something: with the kind of thing, and where it stands.
fn named(document: &ProjectDocument) -> Vec<(&'static str, &ExternalRef, String)> {
    fn add<'a>(
        out: &mut Vec<(&'static str, &'a ExternalRef, String)>,
        kind: &'static str,
        refs: Option<&'a Vec<ExternalRef>>,
        at: &str,
    ) {
        for (place, one) in refs.into_iter().flatten().enumerate() {
            out.push((kind, one, format!("{at}/externalRefs/{place}")));
        }
    }
    let mut out = Vec::new();
    add(&mut out, ProjectId::PREFIX, document.project.external_refs.as_ref(), "/project");
    for (place, one) in document.milestones.iter().enumerate() {
        let at = format!("/milestones/{place}");
        add(&mut out, MilestoneId::PREFIX, one.external_refs.as_ref(), &at);
        for (number, metric) in one.metrics.iter().enumerate() {
            add(&mut out, MetricId::PREFIX, metric.external_refs.as_ref(), &format!("{at}/metrics/{number}"));
        }
    }
    for (place, one) in document.budget.lines.iter().enumerate() {
        let at = format!("/budget/lines/{place}");
        add(&mut out, BudgetLineId::PREFIX, one.external_refs.as_ref(), &at);
        for (number, entry) in one.entries.iter().enumerate() {
            add(&mut out, BudgetEntryId::PREFIX, entry.external_refs.as_ref(), &format!("{at}/entries/{number}"));
        }
    }
    out
}

/// A name stands for one thing of a kind.
fn named_once(document: &ProjectDocument, notes: &mut Notes) {
    let mut seen = BTreeSet::new();
    for (kind, one, at) in named(document) {
        if !seen.insert((kind, &one.source, &one.external_id)) {
            notes.error(Place::pointer(at), Code::ExternalRefTaken, "Another thing in the document has this name.");
        }
    }
}

pub use plan::of_line;

#[cfg(test)]
mod tests;
