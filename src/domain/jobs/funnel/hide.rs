//! What of a week's table is hidden, of everybody's applications and of groups that add up to them: pure.
//!
//! The table has a row for everybody and one for each group. Its columns add up: what groups have of a column is what everybody has. So do parts of
//! its rows: what came of applications, with those that are open, is all of them; and of those that reached a kind of stage, those that stopped
//! there are what is between it and the next. Whoever subtracts what is told of a line from its sum has what is hidden of it together: so what is
//! hidden of a line is never one cell alone, and has one that is about enough people, or all of the line is hidden.

use std::collections::BTreeSet;

use entity::{jobs::stage::StageKind, vocabulary::Vocabulary as _};

use super::fold::{Counted, Key, Measure, told_of_several};
use crate::domain::report::disclosure::is_told;

/// The cells of a row that are not told.
pub(super) type Hidden = BTreeSet<Key>;

/// What is hidden of everybody's row, and of those of the groups.
pub(super) fn hide(all: &Counted, groups: &[&Counted], least: i64) -> (Hidden, Vec<Hidden>) {
    let rows: Vec<&Counted> = std::iter::once(all).chain(groups.iter().copied()).collect();
    let keys: Vec<&Key> = all.cells.keys().filter(|key| key.0 != Measure::Furthest).collect();
    let outcomes: Vec<&Key> = keys.iter().copied().filter(|key| key.0 == Measure::Outcome).collect();
    let mut hidden: Vec<Hidden> = rows.iter().map(|row| small(row, &keys, &outcomes, least)).collect();
    for key in &keys {
        let people: Vec<i64> = groups.iter().map(|one| one.people_in(key)).collect();
        let told = told_of_several(&people, least);
        let more = hidden[1..].iter_mut().zip(told).filter(|(_, told)| !told);
        more.for_each(|(row, _)| _ = row.insert((*key).clone()));
    }
    // What is hidden in a row may leave a cell alone in its column, and the other way round: until there is nothing more to hide.
    let mut before = usize::MAX;
    while before != hidden.iter().map(BTreeSet::len).sum::<usize>() {
        before = hidden.iter().map(BTreeSet::len).sum();
        for (row, hidden) in rows.iter().zip(&mut hidden) {
            let line: Vec<(&Key, i64)> = outcomes.iter().map(|key| (*key, row.people_in(key))).collect();
            for key in
                beside(&line.iter().map(|(key, people)| (*people, hidden.contains(*key))).collect::<Vec<_>>(), least)
            {
                hidden.insert(line[key].0.clone());
            }
            steps(row, hidden, least);
        }
        for key in &keys {
            let line: Vec<(i64, bool)> = groups
                .iter()
                .zip(&hidden[1..])
                .map(|(one, hidden)| (one.people_in(key), hidden.contains(*key)))
                .collect();
            for place in beside(&line, least) {
                hidden[place + 1].insert((*key).clone());
            }
        }
    }
    let groups = hidden.split_off(1);
    (hidden.pop().unwrap_or_default(), groups)
}

/// What of a row is about too few people, and what of its outcomes goes with that.
fn small(row: &Counted, keys: &[&Key], outcomes: &[&Key], least: i64) -> Hidden {
    let small = keys.iter().filter(|key| !is_told(row.people_in(key), least));
    let mut hidden: Hidden = small.map(|key| (*key).clone()).collect();
    let people: Vec<i64> = outcomes.iter().map(|key| row.people_in(key)).collect();
    let untold = outcomes.iter().zip(told_of_several(&people, least)).filter(|(_, told)| !told);
    hidden.extend(untold.map(|(key, _)| (*key).clone()));
    hidden
}

/// What more of a line is to be hidden, given of how many people each cell is, and whether it is hidden: the smallest first.
fn beside(line: &[(i64, bool)], least: i64) -> Vec<usize> {
    let mut hidden: Vec<bool> = line.iter().map(|(_, hidden)| *hidden).collect();
    let mut more = Vec::new();
    while hidden.contains(&true) {
        let of = || line.iter().zip(&hidden).filter(|(_, hidden)| **hidden).map(|((people, _), _)| *people);
        if of().count() > 1 && of().max().is_some_and(|most| most >= least) {
            break;
        }
        let others = (0..line.len()).filter(|place| !hidden[*place]);
        let Some(smallest) = others.min_by_key(|place| line[*place].0) else { break };
        hidden[smallest] = true;
        more.push(smallest);
    }
    more
}

/// Hides of what reached each kind of stage what has too few between it and the one before that is told.
fn steps(row: &Counted, hidden: &mut Hidden, least: i64) {
    let key = |measure, kind: StageKind| (measure, kind.word().to_owned());
    let mut between: Vec<i64> = Vec::new();
    for (place, kind) in StageKind::ALL.iter().enumerate() {
        if let Some(before) = place.checked_sub(1) {
            between.push(row.people_in(&key(Measure::Furthest, StageKind::ALL[before])));
        }
        let reached = key(Measure::Reached, *kind);
        if hidden.contains(&reached) {
            continue;
        }
        let most = between.iter().max().copied().unwrap_or_default();
        if is_told(most, least) {
            between.clear();
        } else if row.cells.contains_key(&reached) {
            hidden.insert(reached);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::jobs::funnel::fold::Cell;

    /// A row, of cells of so many people with an application each.
    fn row(cells: &[(Measure, &str, i64)]) -> Counted {
        let cell = |people: i64| Cell { number: people, people, ..Cell::default() };
        let cells = cells.iter().map(|(measure, word, people)| ((*measure, (*word).to_owned()), cell(*people)));
        Counted { people: 40, applications: 100, cells: cells.collect() }
    }

    fn words(hidden: &Hidden) -> String {
        hidden.iter().map(|(_, word)| word.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_line_hides_no_cell_alone() {
        for (line, more) in [
            (vec![(9, false), (7, false)], vec![]),
            (vec![(1, true), (9, false), (7, false)], vec![2]),
            (vec![(9, true), (7, false)], vec![1]),
            (vec![(9, true), (2, true), (7, false)], vec![]),
            (vec![(3, true), (2, true), (7, false), (8, false)], vec![2]),
            (vec![(1, true)], vec![]),
            // One of nobody is hidden beside another: nobody knows that it is of nobody.
            (vec![(9, true), (0, false), (7, false)], vec![1]),
        ] {
            assert_eq!(beside(&line, 5), more, "{line:?}");
        }
    }

    #[test]
    fn what_came_of_all_but_one_is_not_told_beside_all() {
        use Measure::Outcome;
        // Ten of five people were rejected, and ten of one person declined: twenty in all.
        let one = row(&[(Outcome, "REJECTED", 5), (Outcome, "OFFER_DECLINED", 1)]);
        assert_eq!(words(&hide(&one, &[], 5).0), "OFFER_DECLINED REJECTED");
        let several = row(&[(Outcome, "REJECTED", 5), (Outcome, "OFFER_DECLINED", 1), (Outcome, "WITHDRAWN", 9)]);
        assert_eq!(words(&hide(&several, &[], 5).0), "OFFER_DECLINED REJECTED");
        let enough = row(&[(Outcome, "REJECTED", 5), (Outcome, "", 12)]);
        assert_eq!(words(&hide(&enough, &[], 5).0), "");
    }

    #[test]
    fn who_stopped_between_two_steps_is_enough_or_nobody() {
        use Measure::{Furthest, Reached};
        for (cells, expected) in [
            // One stopped at APPLIED: that nine of ten went on is not told, and what nobody stopped before is.
            (&[("APPLIED", 10, 1), ("SCREENING", 9, 0), ("INTERVIEWING", 9, 9)][..], "INTERVIEWING SCREENING"),
            (&[("APPLIED", 20, 1), ("SCREENING", 19, 8), ("INTERVIEWING", 11, 11)], "SCREENING"),
            (&[("APPLIED", 20, 9), ("SCREENING", 11, 0), ("INTERVIEWING", 11, 8), ("OFFER", 3, 3)], "OFFER"),
            (&[("APPLIED", 12, 5), ("SCREENING", 7, 7)], ""),
        ] {
            let cells: Vec<_> = cells
                .iter()
                .flat_map(|(word, reached, stopped)| [(Reached, *word, *reached), (Furthest, *word, *stopped)])
                .collect();
            let told = hide(&row(&cells), &[], 5).0;
            assert_eq!(words(&told), expected, "{cells:?}");
        }
    }

    /// A cell that was hidden in its row is not found by its column, nor one in its column by its row.
    #[test]
    fn what_is_hidden_is_found_neither_by_row_nor_by_column() {
        use Measure::Outcome;
        let all = row(&[(Outcome, "", 30), (Outcome, "REJECTED", 12), (Outcome, "WITHDRAWN", 9)]);
        let one = row(&[(Outcome, "", 20), (Outcome, "REJECTED", 2), (Outcome, "WITHDRAWN", 9)]);
        let other = row(&[(Outcome, "", 20), (Outcome, "REJECTED", 11), (Outcome, "WITHDRAWN", 7)]);
        let (of_all, of_groups) = hide(&all, &[&one, &other], 5);
        assert_eq!(words(&of_all), "");
        for hidden in &of_groups {
            assert!(hidden.len() > 1, "{of_groups:?}");
        }
        for word in ["", "REJECTED", "WITHDRAWN"] {
            let in_column = of_groups.iter().filter(|hidden| hidden.contains(&(Outcome, word.to_owned()))).count();
            assert_ne!(in_column, 1, "{of_groups:?}");
        }
    }
}
