//! What an aggregate may tell, so that nobody learns about fewer people than the organization's least cohort.
//!
//! The danger is not the small number alone, but the small number that is left when others are subtracted from each
//! other. The rules, and what each is for:
//!
//! 1. **Every person is in exactly one group** of a grouping. So the groups of one answer are disjoint, and what two
//!    groupings have in common is their total alone.
//! 2. **Groups of too few people are told together**, as one. When they are too few even together, the smallest of the
//!    other groups joins them ([`told`]). So each group that is told is large enough, and so is everything that the
//!    groups add up to or differ from their total by.
//! 3. **Within the groups, a number that is about too few people is not told**, by the same rule for every column (a
//!    status, a week, the progress): 1 to `least - 1` people are hidden, and nobody beside them, so that a hidden number
//!    may be 0; what is hidden in a column together is about at least `least` people, or more of it is hidden, the
//!    smallest first. Whoever subtracts all that is told from the total is left with the sum of two or more groups that
//!    is about enough people. Where the numbers add up in one way alone, none of them is told. A column in which
//!    nothing is hidden tells of nobody as well: it is 0, and there is nobody whom it tells of.
//! 4. **Numbers are told in steps of five**, rounded down ([`stepped`]): people, plans, percent and minutes. Where the
//!    numbers of a group are added up otherwise than by groups (people by their one plan's status; who did not learn,
//!    as the rest of a group), what is left over is not known more exactly than a step. The same holds from one day
//!    to the next: whoever joins moves a number by a whole step, or not at all, and what a mean of `n` people in steps
//!    of five tells of one who was added is a range of more than 5 `n` percent, with an `n` that is not known exactly.
//! 5. **No question cuts people out by time.** Every number belongs to a whole week, Monday to Sunday, that has ended,
//!    or to the moment of asking; what is told of a week is the same whatever weeks are asked for with it. So two
//!    questions with different days have no difference to look at: see [`super::period`].
//!
//! What this does not do: it does not hide what the rules themselves say (a number that is hidden is not 0, and hidden
//! ones may be below `least`), and whoever knows a group's members from elsewhere learns what is true of all of them.

/// The steps in which numbers are told.
pub const STEP: i64 = 5;

/// A number in whole steps, rounded down.
#[must_use]
pub const fn stepped(number: i64) -> i64 {
    number - number.rem_euclid(STEP)
}

/// Which cells of a column may be told, given how many people each is about, when their total is told in steps.
#[must_use]
pub fn told(people: &[i64], least: i64) -> Vec<bool> {
    let total: i64 = people.iter().sum();
    if people.iter().all(|&count| is_told(count, least)) {
        return vec![true; people.len()];
    }
    // Were zeros told beside what is hidden, that would be known to be more.
    let mut told: Vec<bool> = people.iter().map(|&count| count >= least).collect();
    loop {
        let hidden: i64 = people.iter().zip(&told).filter(|(_, told)| !**told).map(|(count, _)| count).sum();
        if hidden >= least {
            break;
        }
        let others = people.iter().enumerate().filter(|(place, _)| told[*place]);
        // With nothing more to hide, the total is about too few as well, and not told either.
        let Some((smallest, _)) = others.min_by_key(|(_, count)| **count) else { break };
        told[smallest] = false;
    }
    if most(people, &told, least).is_some_and(|most| most <= stepped(total)) {
        // Only if everything is as large as it can be does it add up: then nothing of it is told.
        told.fill(false);
    }
    told
}

/// The most that a column can add up to for who knows what is told of it, and the rules; nobody knows when all is hidden.
fn most(people: &[i64], told: &[bool], least: i64) -> Option<i64> {
    let upper = people.iter().zip(told).filter(|(_, told)| **told).map(|(count, _)| stepped(*count) + STEP - 1);
    let smallest = upper.clone().min()?;
    let hidden = i64::try_from(told.iter().filter(|told| !**told).count()).unwrap_or(i64::MAX);
    // All of it too few by themselves; or too few together, and one more that is no larger than what is told.
    let hidden = hidden.saturating_mul(least - 1).max(least - 1 + smallest);
    Some(upper.sum::<i64>() + hidden)
}

/// Whether a number about so many people may be told by itself.
#[must_use]
pub const fn is_told(people: i64, least: i64) -> bool {
    people == 0 || people >= least
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn columns_in_a_table() {
        for (people, expected) in [
            (vec![], ""),
            (vec![5, 9, 0], "tt0"),
            (vec![0, 0], "00"),
            // Too few together: the smallest other one is hidden with them.
            (vec![4, 9, 7], "-t-"),
            (vec![4, 7, 7, 0], "--t-"),
            (vec![1, 2, 9], "---"),
            // Enough together.
            (vec![4, 1, 9], "--t"),
            (vec![3], "-"),
            (vec![3, 0], "--"),
            (vec![1, 1, 1, 1], "----"),
            (vec![4, 40], "--"),
            // 25 in all is four times four and nine alone, where numbers are told in steps.
            (vec![4, 4, 4, 4, 9], "-----"),
            (vec![4, 4, 4, 4, 8], "----t"),
        ] {
            let told = told(&people, 5).into_iter().zip(&people);
            let line: String = told
                .map(|(told, people)| {
                    if !told {
                        '-'
                    } else if *people == 0 {
                        '0'
                    } else {
                        't'
                    }
                })
                .collect();
            assert_eq!(line, expected, "{people:?}");
        }
        assert_eq!(told(&[9, 40, 40], 10), [false, false, true]);
    }

    #[test]
    fn steps_are_rounded_down() {
        assert_eq!([0, 4, 5, 9, 10, 100].map(stepped), [0, 0, 5, 5, 10, 100]);
    }

    /// What is known of a column to somebody who reads it: what is told, and the total.
    fn published(people: &[i64], least: i64, step: fn(i64) -> i64) -> (Vec<Option<i64>>, Option<i64>) {
        let cells = people.iter().zip(told(people, least)).map(|(count, told)| told.then(|| step(*count)));
        let total: i64 = people.iter().sum();
        (cells.collect(), is_told(total, least).then(|| step(total)))
    }

    /// Every table of so many cells.
    fn tables(cells: usize, most: i64) -> Vec<Vec<i64>> {
        let mut all = vec![Vec::new()];
        for _ in 0..cells {
            all =
                all.into_iter().flat_map(|table| (0..=most).map(move |last| [&table[..], &[last]].concat())).collect();
        }
        all
    }

    /// The law of rule 3, were numbers told exactly: the equation that the total gives never has one solution alone.
    /// What is left for the hidden cells together is about enough people, and is spread over at least two.
    #[test]
    fn nothing_that_is_hidden_is_left_over_by_subtracting() {
        for least in [5, 7] {
            for people in tables(4, 11) {
                let (cells, total) = published(&people, least, |exact| exact);
                let hidden = cells.iter().filter(|cell| cell.is_none()).count();
                let Some(total) = total.filter(|_| hidden > 0) else { continue };
                let left = total - cells.iter().flatten().sum::<i64>();
                assert!(hidden >= 2 && left >= least, "{people:?}: {left} in {hidden}");
            }
        }
    }

    /// The same against somebody who knows the rules, too: of all the tables that give the same answer, each hidden
    /// cell has different values in some, and what is hidden is hidden whatever is in it.
    #[test]
    fn every_hidden_cell_may_be_several_numbers() {
        for (cells, least, most, inside) in [
            (2, 5, 60, 20),
            (3, 5, 30, 12),
            (4, 5, 16, 9),
            (2, 6, 60, 20),
            (3, 6, 30, 12),
            (3, 7, 30, 12),
            (2, 11, 60, 25),
        ] {
            let mut known = BTreeMap::<_, Vec<BTreeSet<i64>>>::new();
            for people in tables(cells, most) {
                let values =
                    known.entry(published(&people, least, stepped)).or_insert_with(|| vec![BTreeSet::new(); cells]);
                people.iter().zip(values).for_each(|(count, values)| {
                    values.insert(*count);
                });
            }
            let mut looked_at = 0;
            for people in tables(cells, inside) {
                let answer = published(&people, least, stepped);
                for (cell, values) in answer.0.iter().zip(&known[&answer]) {
                    assert!(cell.is_some() || values.len() >= 2, "{people:?} gives {answer:?}: {values:?}");
                    looked_at += 1;
                }
            }
            assert!(looked_at > 100);
        }
    }

    /// The same for tables that are too large to try them all: next to each there is another with the same answer. Those
    /// in which every number is as large as its step lets it be are the worst.
    #[test]
    fn in_large_tables_as_well() {
        let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
        let mut roll = |most: u64| {
            dice ^= dice << 13;
            dice ^= dice >> 7;
            dice ^= dice << 17;
            i64::try_from(dice % most).unwrap()
        };
        for round in 0..4000 {
            let least = [5, 6, 7, 10][usize::try_from(roll(4)).unwrap()];
            let extreme = |number: i64| match round % 3 {
                0 => number,
                1 => stepped(number) + STEP - 1,
                _ => {
                    if number < least {
                        least - 1
                    } else {
                        stepped(number) + STEP - 1
                    }
                }
            };
            let people: Vec<i64> = (0..2 + roll(11)).map(|_| extreme(roll(3) * roll(14))).collect();
            let answer = published(&people, least, stepped);
            for place in (0..people.len()).filter(|place| answer.0[*place].is_none()) {
                let other = others(&people, &answer.0).find(|other| {
                    other[place] != people[place]
                        && other.iter().all(|count| *count >= 0)
                        && published(other, least, stepped) == answer
                });
                assert!(other.is_some(), "{people:?} of {least} gives {answer:?}: {place}");
            }
        }
    }

    /// Tables near another: somebody more or less, somebody elsewhere, and everybody who is hidden in two cells.
    fn others(people: &[i64], answer: &[Option<i64>]) -> impl Iterator<Item = Vec<i64>> {
        let places = 0..people.len();
        let moved = places.clone().flat_map(move |from| places.clone().map(move |to| (from, to)));
        let hidden: Vec<usize> = (0..people.len()).filter(|place| answer[*place].is_none()).collect();
        let sum: i64 = hidden.iter().map(|place| people[*place]).sum();
        moved
            .flat_map(move |(from, to)| {
                let more = |place: usize, by: i64| {
                    let mut other = people.to_vec();
                    other[place] += by;
                    other
                };
                let mut all = vec![more(to, 1), more(to, -1)];
                let mut elsewhere = more(to, 1);
                elsewhere[from] -= 1;
                all.push(elsewhere);
                for few in 0..10 {
                    let mut two = people.to_vec();
                    for place in &hidden {
                        two[*place] = 0;
                    }
                    two[from] = few;
                    two[to] = sum - few;
                    all.push(two);
                }
                all
            })
            .collect::<Vec<_>>()
            .into_iter()
    }

    /// The law of rule 4: groups by statuses, of people who have one plan each. Even who knows that, and so can add up
    /// a group's statuses and a status's groups, finds several numbers for each that is hidden.
    #[test]
    fn statuses_and_groups_together_hide_as_well() {
        let mut known = BTreeMap::<_, Vec<BTreeSet<i64>>>::new();
        let answer = |table: &[i64]| {
            let rows = [stepped(table[0] + table[1]), stepped(table[2] + table[3])];
            let columns = [[table[0], table[2]], [table[1], table[3]]].map(|column| published(&column, 5, stepped));
            (rows, columns)
        };
        let large = |table: &[i64]| table[0] + table[1] >= 5 && table[2] + table[3] >= 5;
        for table in tables(4, 14).into_iter().filter(|table| large(table)) {
            let values = known.entry(answer(&table)).or_insert_with(|| vec![BTreeSet::new(); 4]);
            table.iter().zip(values).for_each(|(count, values)| {
                values.insert(*count);
            });
        }
        for table in tables(4, 9).into_iter().filter(|table| large(table)) {
            let (rows, columns) = answer(&table);
            let values = &known[&(rows, columns.clone())];
            for (place, values) in values.iter().enumerate() {
                let cell = columns[place % 2].0[place / 2];
                assert!(cell.is_some() || values.len() >= 2, "{table:?}: {place} is {values:?}");
            }
        }
    }
}
