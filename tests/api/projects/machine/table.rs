//! The whole transition table as a table: every command with every step in every state that can be reached, each in a project of its
//! own that stands there, through both faces on both databases, with the answer.

use std::{collections::BTreeSet, fmt::Write as _};

use cairn::domain::projects::scope::machine::At;
use entity::{projects::scope::Step, vocabulary::Vocabulary as _};

use super::{
    copies::Original,
    model::{Told, moves},
    sent::{Answered, Shown, see, send},
};
use crate::harness::{Api, stories_in_both_faces};

stories_in_both_faces!(every_command_in_every_state);

/// How many are sent at a time.
const SOME: usize = 60;

/// Every command with every step that it may name.
fn commands() -> Vec<Told> {
    let of = |told: fn(usize) -> Told| (0..5).map(told);
    let steps = of(Told::CompleteStep).chain(of(Told::ReconfirmStep)).chain(of(Told::Return));
    let others = [Told::Close, Told::Start, Told::Pause, Told::Resume, Told::Complete, Told::Cancel];
    steps.chain(others).collect()
}

/// Everything that can be reached from the beginning.
fn reachable() -> Vec<At> {
    let (mut all, mut fresh) = (BTreeSet::from([At::BEGIN]), vec![At::BEGIN]);
    while let Some(at) = fresh.pop() {
        let next = commands().into_iter().filter_map(moves);
        let next = next.filter_map(|(command, step)| at.after(command, step.map(|step| Step::ALL[step])).ok());
        fresh.extend(next.filter(|next| all.insert(*next)).collect::<Vec<_>>());
    }
    all.into_iter().collect()
}

fn spelled(at: At) -> String {
    let states: Vec<_> = at.steps.iter().map(|state| &state.word()[..1]).collect();
    format!("{} {}", at.status.word(), states.join(" "))
}

fn answered(answer: &Answered) -> String {
    match &answer.shown {
        Some(Shown { status, states, .. }) => format!("{status} {states}"),
        None => format!("{} {}", answer.code, answer.details),
    }
}

async fn every_command_in_every_state(api: Api) {
    let ada = api.organization("Acme").await.learner("ada").await;
    let original = Original::new(&ada).await;
    let all: Vec<(At, Told)> =
        reachable().into_iter().flat_map(|at| commands().into_iter().map(move |told| (at, told))).collect();
    let mut table = String::new();
    let mut last = None;
    for some in all.chunks(SOME) {
        let copies = original.copies_at(&some.iter().map(|(at, _)| *at).collect::<Vec<_>>()).await;
        let wanted: Vec<_> = copies.iter().zip(some).map(|(copy, (_, told))| Some((copy, *told))).collect();
        let answers = send(&ada, &wanted).await;
        let stand = see(&ada, &copies.iter().collect::<Vec<_>>()).await;
        for (((at, told), answer), stands) in some.iter().zip(answers).zip(stand) {
            let answer = answer.unwrap();
            if last.replace(*at) != Some(*at) {
                let _ = writeln!(table, "{}", spelled(*at));
            }
            let _ = writeln!(table, "  {:<18} {}", format!("{told:?}"), answered(&answer));
            // What is refused stays where it was.
            let after = if answer.shown.is_some() { answered(&answer) } else { spelled(*at) };
            assert_eq!(format!("{} {}", stands.status, stands.states), after, "{told:?} at {at:?}");
            // The faces answer what the table says.
            let (command, step) = moves(*told).unwrap();
            let says = match at.after(command, step.map(|step| Step::ALL[step])) {
                Ok(after) => spelled(after),
                Err(error) => format!("{} {}", error.code().as_str(), error.details().cloned().unwrap_or_default()),
            };
            assert_eq!(answered(&answer), says, "{told:?} at {at:?}");
        }
    }
    insta::allow_duplicates! { insta::assert_snapshot!("every_command_in_every_state", table) }
}
