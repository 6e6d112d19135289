//! The scale of a framework, which CASE has no place for, as a rubric: one criterion, whose levels are the scale's.

use entity::learning::competency_framework::{Scale, ScaleLevel};
use serde_json::{Map, Value, json};

use super::RUBRICS;

/// What the rubric is called: by this it is known again.
pub const TITLE: &str = "Proficiency scale";
/// What is said of levels that count as proficient.
const PROFICIENT: &str = "PROFICIENT";
/// What is said of the level where people start.
const DEFAULT: &str = "DEFAULT";

/// Whether a rubric is a scale of ours.
#[must_use]
pub fn is_ours(rubric: &Value) -> bool {
    rubric["title"] == TITLE
}

/// The scale that a package holds, if any.
#[must_use]
pub fn read(package: &Map<String, Value>) -> Option<Scale> {
    let rubric = package.get(RUBRICS)?.as_array()?.iter().find(|rubric| is_ours(rubric))?;
    let levels = rubric["CFRubricCriteria"].get(0)?["CFRubricCriterionLevels"].as_array()?;
    let said = |level: &Value, word: &str| {
        level["feedback"].as_str().is_some_and(|said| said.split(' ').any(|one| one == word))
    };
    let value = |level: &Value| level["score"].as_i64().filter(|value| (1..=100).contains(value));
    let read = |level: &Value| {
        let name = level["quality"].as_str()?.trim();
        let fits = (1..=100).contains(&name.chars().count()) && !name.chars().any(char::is_control);
        fits.then_some(ScaleLevel { value: value(level)?, name: name.to_owned(), proficient: said(level, PROFICIENT) })
    };
    let default_level = value(levels.iter().find(|level| said(level, DEFAULT))?)?;
    let levels: Vec<ScaleLevel> = levels.iter().take(21).map(read).collect::<Option<_>>()?;
    (levels.len() <= 20).then_some(Scale { levels, default_level })
}

/// The rubric of a scale; `named` gives each part of it its identifier and its address.
#[must_use]
pub fn write(scale: &Scale, changed_at: &str, named: impl Fn(&str) -> (String, String)) -> Value {
    let part = |what: &str, mut more: Value| {
        let (identifier, uri) = named(what);
        more["identifier"] = identifier.into();
        more["uri"] = uri.into();
        more["lastChangeDateTime"] = changed_at.into();
        more
    };
    let level = |(place, level): (usize, &ScaleLevel)| {
        let words = [(level.proficient, PROFICIENT), (level.value == scale.default_level, DEFAULT)];
        let said: Vec<&str> = words.into_iter().filter(|(so, _)| *so).map(|(_, word)| word).collect();
        let mut more = json!({ "quality": level.name, "score": level.value, "position": place });
        if !said.is_empty() {
            more["feedback"] = said.join(" ").into();
        }
        part(&format!("level/{}", level.value), more)
    };
    let levels: Vec<Value> = scale.levels.iter().enumerate().map(level).collect();
    let criterion = part("scale", json!({ "category": "Level", "position": 0, "CFRubricCriterionLevels": levels }));
    part("rubric", json!({ "title": TITLE, "CFRubricCriteria": [criterion] }))
}
