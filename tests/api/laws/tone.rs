//! Employers are people to work with (§32): no text that is built in frames them as opponents, or a search as a fight.
//!
//! Looked at is whatever Cairn says by itself, wherever it stands: advice, next steps, what paths are good for, the words of
//! charts and briefs, warnings and refusals, and the documentation that the contracts show. The advice itself is looked at
//! more closely where its rules are.

use std::{fs, path::Path};

/// Words of a fight between people.
const WORDS: &[&str] = &[
    "adversarial",
    "adversaries",
    "adversary",
    "battle",
    "battles",
    "beats",
    "combat",
    "conquer",
    "crush",
    "defeat",
    "enemies",
    "enemy",
    "exploit",
    "fight",
    "fighting",
    "fights",
    "gatekeeper",
    "gatekeepers",
    "hardball",
    "loser",
    "losers",
    "lowball",
    "manipulate",
    "opponent",
    "opponents",
    "outmaneuver",
    "outsmart",
    "outwit",
    "rival",
    "rivals",
    "threat",
    "threaten",
    "threats",
    "trick",
    "tricks",
    "victim",
    "war",
    "weapon",
    "weapons",
    "winner",
    "winners",
];

/// The words of a fight in a text.
fn words_of_a_fight(text: &str) -> Vec<&'static str> {
    let plain: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    let said: Vec<&str> = plain.split_whitespace().collect();
    WORDS.iter().copied().filter(|word| said.contains(word)).collect()
}

/// What a source file says to people: its literals, and the documentation of what it declares.
fn texts(source: &str) -> Vec<String> {
    let (mut out, mut code) = (Vec::new(), String::new());
    for line in source.lines() {
        match line.trim_start().strip_prefix("///") {
            Some(doc) => out.push(doc.to_owned()),
            None if line.trim_start().starts_with("//") => {}
            None => code.extend([line, "\n"]),
        }
    }
    // A mark within a literal begins none.
    let code = code.replace("'\"'", "").replace("\\\\", "").replace("\\\"", "");
    out.extend(code.split('"').skip(1).step_by(2).map(str::to_owned));
    out
}

/// Every text that is built in, with the file that says it.
fn built_in() -> Vec<(String, String)> {
    let (root, mut out) = (Path::new(env!("CARGO_MANIFEST_DIR")), Vec::new());
    let mut folders: Vec<_> = ["src", "entity/src", "openapi"].iter().map(|folder| root.join(folder)).collect();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            let name = path.strip_prefix(root).unwrap().display().to_string();
            let end = path.extension().and_then(std::ffi::OsStr::to_str).unwrap_or_default().to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if end == "md" || end == "json" && !name.starts_with("openapi") {
                out.push((name, fs::read_to_string(&path).unwrap()));
            } else if end == "rs" && !name.contains("tests") && !name.ends_with("tone.rs") {
                let source = fs::read_to_string(&path).unwrap();
                let source = source.split("#[cfg(test)]").next().unwrap();
                out.extend(texts(source).into_iter().map(|text| (name.clone(), text)));
            }
        }
    }
    out
}

#[test]
fn nobody_is_an_opponent() {
    let all = built_in();
    assert!(all.len() > 5000, "only {} texts were looked at", all.len());
    let of = |folder: &str| all.iter().any(|(name, _)| name.starts_with(folder));
    for folder in
        ["src/domain/insight/rules", "src/domain/insight/next_step", "src/domain/jobs/transition", "src/domain/chart"]
    {
        assert!(of(folder), "nothing of {folder} was looked at");
    }
    let wrong: Vec<_> = all
        .iter()
        .map(|(name, text)| (name, text, words_of_a_fight(text)))
        .filter(|(_, _, words)| !words.is_empty())
        .map(|(name, text, words)| format!("{name} says {words:?}: {text}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The law can be broken: a list that finds nothing would hold of everything.
#[test]
fn a_fight_is_noticed() {
    for (text, words) in [
        ("Beat the gatekeepers: recruiters are your opponents.", vec!["gatekeepers", "opponents"]),
        ("Win the salary WAR with this trick!", vec!["trick", "war"]),
        ("Don't let the company outsmart you.", vec!["outsmart"]),
        ("The company and you find out whether you fit.", vec![]),
        ("A warning about software awards.", vec![]),
    ] {
        assert_eq!(words_of_a_fight(text), words, "{text}");
    }
    let source = "/// Fight them.\nconst A: &str = \"outsmart \\\"them\\\"\"; // a war\nlet enemy = '\"';";
    let found: Vec<_> = texts(source).iter().flat_map(|text| words_of_a_fight(text)).collect();
    assert_eq!(found, ["fight", "outsmart"]);
}
