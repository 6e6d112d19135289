//! State machines as tables: which command moves what from where to where. There is one reader of them, here.

use entity::vocabulary::Vocabulary;
use serde::Serialize;
use serde_json::json;

use super::error::{Code, Error, Result};

/// One row of a machine: the command, its name in both faces, from where, to where. A command that leads to several states has a row for
/// each.
pub type Move<C, S> = (C, &'static str, &'static [S], S);

/// What time does and no caller commands, by the names that machines have for it: no refusal offers it.
const OWN: &[&str] = &["expire"];

/// Where `what` stands after a command.
///
/// # Errors
/// `INVALID_TRANSITION {from, command, allowed}`: `allowed` is what a caller can do instead.
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
    let fits = table.iter().filter(|(_, name, sources, _)| sources.contains(&from) && !OWN.contains(name));
    let allowed: Vec<_> = fits.map(|(_, name, ..)| name).collect();
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

    #[test]
    fn what_time_does_is_offered_to_nobody() {
        let table: &[Move<u8, NeedState>] =
            &[(1, "dismiss", &[Open], Dismissed), (2, "expire", &[Open], Met), (3, "reopen", &[Met], Open)];
        let refused = after("a need", table, Open, 3).unwrap_err();
        assert_eq!(refused.details(), Some(&json!({ "from": "OPEN", "command": "reopen", "allowed": ["dismiss"] })));
        assert_eq!(after("a need", table, Open, 2).unwrap(), Met);
        let verbs = crate::domain::resources().iter().flat_map(|resource| &resource.verbs);
        let names: Vec<_> = verbs.map(|verb| verb.name).collect();
        assert!(names.contains(&"reopen") && OWN.iter().all(|own| !names.contains(own)));
    }
}
