//! The machine of projects and their steps against a small model of it, in random sequences of commands: the table itself in many
//! thousands, and both faces on both databases in thousands. The same seed gives the same sequences: `CAIRN_MACHINE` asks for
//! another one, `CAIRN_MACHINE_RUNS` for so many sequences in each face on each database. A sequence that fails is made as short as
//! it can be, and printed.

mod copies;
mod model;
mod sent;
mod table;

use cairn::{domain::projects::scope::machine::At, read::sql::Dialect};
use entity::{projects::scope::Step, vocabulary::Vocabulary as _};

use self::{
    copies::{Copied, Original},
    model::{Model, Told, chance, moves},
    sent::{Shown, see, send},
};
use crate::{
    harness::{Actor, Api, stories_in_both_faces},
    plans::dice::{self, Dice},
};

stories_in_both_faces!(the_faces_move_as_the_model_does);

/// How many commands a sequence has.
const LENGTH: usize = 12;
/// How many sequences are carried out side by side: each in a project of its own, a command of each at a time.
const LANES: usize = 40;

/// A difference, and what led to it.
#[derive(Debug)]
struct Difference {
    /// All of it up to the difference.
    sequence: Sequence,
    what: String,
}

/// A sequence that is being carried out.
struct Lane {
    sequence: Sequence,
    copy: Copied,
    model: Model,
}

#[test]
fn the_table_moves_as_the_model_does() {
    let mut dice = Dice::new(dice::seed("CAIRN_MACHINE", 9));
    let mut fine = 0;
    for sequence in 0..20_000 {
        let (mut at, mut model) = (At::BEGIN, Model::BEGIN);
        for _ in 0..30 {
            let told = chance(&mut dice, &model);
            // What is in the steps is no matter of the table's.
            let Some((command, step)) = moves(told).filter(|_| model.lacks(told).is_none()) else {
                model.tell(told);
                continue;
            };
            let said = match at.after(command, step.map(|step| Step::ALL[step])) {
                Ok(after) => {
                    at = after;
                    fine += 1;
                    "fine"
                }
                Err(error) => error.code().as_str(),
            };
            assert_eq!(said, model.tell(told), "sequence {sequence}: {told:?} at {at:?}");
            let states: Vec<_> = at.steps.iter().map(|state| &state.word()[..1]).collect();
            assert_eq!((at.status.word(), states.join(" ")), (model.status, model.states()), "sequence {sequence}");
        }
    }
    assert!(fine > 100_000, "only {fine} commands were carried out");
}

/// What is told a project, one after the other, from where it begins.
#[derive(Clone, Debug)]
struct Sequence {
    number: usize,
    begin: Model,
    commands: Vec<Told>,
}

/// Sequences by chance, from the model alone: every third begins where all steps are complete, so that what comes then is reached.
fn sequences(seed: u64, count: usize) -> Vec<Sequence> {
    let mut dice = Dice::new(seed);
    let one = |number: usize| {
        let begin = if number % 3 == 2 { Model::SCOPED } else { Model::BEGIN };
        let mut model = begin.clone();
        let mut next = || {
            let told = chance(&mut dice, &model);
            model.tell(told);
            told
        };
        Sequence { number, begin, commands: (0..LENGTH).map(|_| next()).collect() }
    };
    (0..count).map(one).collect()
}

async fn the_faces_move_as_the_model_does(api: Api) {
    let own = if api.house.database.dialect() == Dialect::Sqlite { 850 } else { 200 };
    let runs = std::env::var("CAIRN_MACHINE_RUNS").ok().and_then(|text| text.parse().ok()).unwrap_or(own);
    let seed = dice::seed("CAIRN_MACHINE", 9);
    let ada = api.organization("Acme").await.learner("ada").await;
    let original = Original::new(&ada).await;
    let mut fine = 0;
    for some in sequences(seed, runs).chunks(LANES) {
        match carried_out(&ada, &original, some).await {
            Ok(count) => fine += count,
            Err(found) => {
                let found = shortest(&ada, &original, found).await;
                let Sequence { number, begin, commands } = found.sequence;
                panic!("seed {seed}, sequence {number}, from {begin:?}: {commands:#?}\n{}", found.what);
            }
        }
    }
    // The commands are not all refused: half of them at least lead somewhere.
    assert!(fine * 2 > runs * LENGTH, "only {fine} of {} commands were carried out", runs * LENGTH);
}

/// Carries sequences out side by side: how many commands were, or the first difference.
async fn carried_out(who: &Actor, original: &Original, sequences: &[Sequence]) -> Result<usize, Difference> {
    let begins: Vec<At> = sequences.iter().map(|sequence| sequence.begin.at()).collect();
    let copies = original.copies_at(&begins).await;
    let lane = |(sequence, copy): (&Sequence, Copied)| Lane {
        sequence: sequence.clone(),
        copy,
        model: sequence.begin.clone(),
    };
    let (mut lanes, mut fine): (Vec<Lane>, _) = (sequences.iter().zip(copies).map(lane).collect(), 0);
    let most = sequences.iter().map(|sequence| sequence.commands.len()).max().unwrap_or_default();
    for place in 0..most {
        let next = lanes.iter().map(|lane| lane.sequence.commands.get(place).map(|told| (&lane.copy, *told)));
        let next: Vec<_> = next.collect();
        let answers = send(who, &next).await;
        for (lane, answer) in lanes.iter_mut().zip(answers) {
            let (Some(answer), Some(&told)) = (answer, lane.sequence.commands.get(place)) else { continue };
            let before = lane.model.clone();
            let expected = lane.model.tell(told);
            fine += usize::from(answer.code == "fine");
            lane.copy.proof = answer.proof.clone().or(lane.copy.proof.take());
            let shown = answer.shown.as_ref().is_none_or(|shown| *shown == Shown::of(&lane.model));
            if answer.code != expected || !shown {
                return Err(lane.differs(place + 1, &before, expected, &format!("{answer:?}")));
            }
        }
    }
    let copies: Vec<_> = lanes.iter().map(|lane| &lane.copy).collect();
    for (lane, shown) in lanes.iter().zip(see(who, &copies).await) {
        if shown != Shown::of(&lane.model) {
            return Err(lane.differs(most, &lane.model, "that it stands there in the end", &format!("{shown:?}")));
        }
    }
    Ok(fine)
}

impl Lane {
    fn differs(&self, told: usize, before: &Model, expected: &str, got: &str) -> Difference {
        let mut sequence = self.sequence.clone();
        sequence.commands.truncate(told);
        let stands = Shown::of(&self.model);
        let what = format!("From {before:?}\nthe model expects {expected}, {stands:?}\nand this came: {got}");
        Difference { sequence, what }
    }
}

/// The same difference, or another, after as few commands as can be: each is left out that is not needed for one.
async fn shortest(who: &Actor, original: &Original, found: Difference) -> Difference {
    let mut best = found;
    let mut place = 0;
    while place < best.sequence.commands.len() {
        let mut fewer = best.sequence.clone();
        fewer.commands.remove(place);
        match carried_out(who, original, &[fewer]).await {
            Err(still) => best = still,
            Ok(_) => place += 1,
        }
    }
    best
}

#[test]
fn what_differs_is_found() {
    // A model of which a rule is another one differs from the table within few sequences: the comparison can fail.
    let differs = sequences(9, 50).into_iter().any(|sequence| {
        let (mut model, mut other) = (sequence.begin.clone(), sequence.begin);
        sequence.commands.into_iter().any(|told| {
            let lenient = matches!(told, Told::Return(step) if step == other.done);
            let said = if lenient { "fine" } else { other.tell(told) };
            model.tell(told) != said
        })
    });
    assert!(differs);
}
