//! State machines as tables: which command moves what from where to where. There is one reader of them, here.

use entity::vocabulary::Vocabulary;
use serde::Serialize;
use serde_json::json;

use super::error::{Code, Error, Result};

/// One row of a machine: the command, its name in both faces, from where, to where. A command that leads to several states has a row for
/// each.
pub type Move<C, S> = (C, &'static str, &'static [S], S);

/// Where `what` stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`.
pub fn after<C, S>(what: &str, table: &[Move<C, S>], from: S, command: C) -> Result<S>
where
    C: Copy + PartialEq,
    S: Vocabulary + Serialize,
{
    let mut rows = table.iter().filter(|(known, ..)| *known == command);
    if let Some((.., to)) = rows.clone().find(|(_, _, sources, _)| sources.contains(&from)) {
        return Ok(*to);
    }
    let name = rows.next().map_or("", |(_, name, ..)| name);
    let allowed: Vec<_> =
        table.iter().filter(|(_, _, sources, _)| sources.contains(&from)).map(|(_, name, ..)| name).collect();
    let error = Error::new(Code::InvalidTransition, format!("{name} does not fit {what} that is {}.", from.word()));
    Err(error.with(json!({ "from": from, "command": name, "allowed": allowed })))
}

/// What every command does in every state, a line each: what the machines' tests print.
#[cfg(test)]
pub fn printed<C: Copy + PartialEq, S: Vocabulary + Serialize>(table: &[Move<C, S>]) -> String {
    let mut lines = Vec::new();
    for (place, (command, name, ..)) in table.iter().enumerate() {
        if table[..place].iter().any(|(known, ..)| known == command) {
            continue;
        }
        for from in S::ALL {
            let to = after("a thing", table, *from, *command)
                .map_or_else(|error| error.code().as_str(), entity::vocabulary::Vocabulary::word);
            lines.push(format!("{name:<20} {:<18} {to}", from.word()));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use entity::learning::learning_need::NeedState::{self, Dismissed, Met, Open};

    #[test]
    fn a_command_may_lead_to_several_states() {
        let table: &[Move<u8, NeedState>] = &[(1, "settle", &[Open], Met), (1, "settle", &[Dismissed], Dismissed)];
        assert_eq!([Open, Dismissed].map(|from| after("a need", table, from, 1).unwrap()), [Met, Dismissed]);
        assert!(after("a need", table, Met, 1).is_err());
        assert_eq!(printed(table).lines().count(), <NeedState as Vocabulary>::ALL.len());
    }

    #[test]
    fn a_refusal_says_what_would_fit() {
        let table: &[Move<u8, NeedState>] =
            &[(1, "dismiss", &[Open], Dismissed), (2, "reopen", &[Met, Dismissed], Open)];
        assert_eq!(after("a need", table, Dismissed, 2).unwrap(), Open);
        let refused = after("a need", table, Met, 1).unwrap_err();
        assert_eq!(refused.detail(), "dismiss does not fit a need that is MET.");
        assert_eq!(refused.details(), Some(&json!({ "from": "MET", "command": "dismiss", "allowed": ["reopen"] })));
    }
}
