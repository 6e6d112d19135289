//! The tree that a document makes of its items: parents before children, without cycles, not too deep.

use crate::domain::{
    error::Code,
    learning::competency::{DEPTH_MAX, joined},
};

/// A node: its code, and the place in the list of the one above it.
#[derive(Clone, Copy, Debug)]
pub struct Node<'a> {
    /// The code.
    pub code: &'a str,
    /// The one above it.
    pub parent: Option<usize>,
}

/// The tree of some nodes.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// The places of the nodes, each after the one above it.
    pub order: Vec<usize>,
    /// The path of each node.
    pub paths: Vec<String>,
    /// Which nodes break which rule.
    pub wrong: Vec<(usize, Code)>,
}

/// Orders nodes into a tree.
#[must_use]
pub fn grow(nodes: &[Node<'_>]) -> Tree {
    let mut below = vec![Vec::new(); nodes.len()];
    let mut tree =
        Tree { order: Vec::with_capacity(nodes.len()), paths: vec![String::new(); nodes.len()], wrong: Vec::new() };
    let mut level: Vec<usize> = Vec::new();
    for (place, node) in nodes.iter().enumerate() {
        match node.parent {
            Some(parent) => below[parent].push(place),
            None => level.push(place),
        }
    }
    let mut reached = vec![false; nodes.len()];
    let mut depth = 0;
    while !level.is_empty() {
        depth += 1;
        let mut next = Vec::new();
        for place in level {
            reached[place] = true;
            let above = nodes[place].parent.map(|parent| tree.paths[parent].as_str());
            // What is too deep anyway needs no path.
            if depth <= DEPTH_MAX {
                tree.paths[place] = joined(above, nodes[place].code);
            } else {
                tree.wrong.push((place, Code::FrameworkTooDeep));
            }
            tree.order.push(place);
            next.append(&mut below[place]);
        }
        level = next;
    }
    tree.wrong.extend(circles(nodes, &reached).into_iter().map(|place| (place, Code::CompetencyCycle)));
    tree
}

/// Which nodes go round in a circle, of those that no root leads to: the others hang below one that does. Each node is
/// passed once, however many there are.
fn circles(nodes: &[Node<'_>], reached: &[bool]) -> Vec<usize> {
    let (mut walk_of, mut found) = (vec![usize::MAX; nodes.len()], Vec::new());
    for from in (0..nodes.len()).filter(|&place| !reached[place]) {
        let mut at = Some(from);
        while let Some(place) = at.filter(|&place| walk_of[place] == usize::MAX) {
            walk_of[place] = from;
            at = nodes[place].parent;
        }
        // This walk came back to where it had been: there the circle begins.
        let Some(start) = at.filter(|&place| walk_of[place] == from) else { continue };
        let mut place = start;
        loop {
            found.push(place);
            place = nodes[place].parent.unwrap_or(start);
            if place == start {
                break;
            }
        }
    }
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parents: &[Option<usize>]) -> Tree {
        let codes: Vec<String> = (0..parents.len()).map(|place| format!("c{place}")).collect();
        let nodes: Vec<Node<'_>> = parents.iter().zip(&codes).map(|(&parent, code)| Node { code, parent }).collect();
        grow(&nodes)
    }

    #[test]
    fn parents_come_before_children_whatever_the_order() {
        let tree = of(&[Some(2), None, Some(1), None]);
        assert_eq!(tree.order, [1, 3, 2, 0]);
        assert_eq!(tree.paths, ["c1/c2/c0", "c1", "c1/c2", "c3"]);
        assert_eq!(tree.wrong, []);
        assert_eq!(of(&[]), Tree::default());
    }

    #[test]
    fn only_what_goes_round_is_called_a_cycle() {
        let cycle = Code::CompetencyCycle;
        assert_eq!(of(&[Some(0)]).wrong, [(0, cycle)]);
        assert_eq!(of(&[Some(1), Some(0)]).wrong, [(0, cycle), (1, cycle)]);
        // 3 and 4 hang below a circle of three, and 5 stands apart.
        assert_eq!(
            of(&[Some(1), Some(2), Some(0), Some(0), Some(3), None]).wrong,
            [(0, cycle), (1, cycle), (2, cycle)]
        );
    }

    #[test]
    fn what_is_too_deep_is_found() {
        let chain: Vec<Option<usize>> = (0..DEPTH_MAX + 2).map(|place| place.checked_sub(1)).collect();
        let deep = Code::FrameworkTooDeep;
        assert_eq!(of(&chain[..DEPTH_MAX]).wrong, []);
        assert_eq!(of(&chain).wrong, [(DEPTH_MAX, deep), (DEPTH_MAX + 1, deep)]);
    }
}
