//! A portfolio as Markdown, to put into a page or a message: written from the very document that other systems get.

use std::fmt::Write as _;

use serde_json::Value;

use super::super::say::{inline, paragraphs};

/// Writes a JSON Resume as Markdown.
pub(super) fn of_resume(resume: &Value) -> String {
    let mut out = String::new();
    let basics = &resume["basics"];
    let _ = writeln!(out, "# {}", line(&basics["name"]));
    if basics["label"].is_string() {
        let _ = writeln!(out, "\n{}", line(&basics["label"]));
    }
    for work in items(&resume["work"]) {
        let industry =
            if work["description"].is_string() { format!(", {}", line(&work["description"])) } else { String::new() };
        let _ = writeln!(out, "\n{}{industry}", line(&work["position"]));
    }
    if !items(&resume["projects"]).is_empty() {
        out.push_str("\n## Projects\n");
    }
    for project in items(&resume["projects"]) {
        let _ = writeln!(out, "\n### {}\n\n*{}*", line(&project["name"]), subtitle(project));
        if project["description"].is_string() {
            let _ = writeln!(out, "\n{}", prose(&project["description"]));
        }
        let all = items(&project["highlights"]);
        if !all.is_empty() {
            out.push('\n');
        }
        for one in all {
            let _ = writeln!(out, "- {}", line(one));
        }
        if project["url"].is_string() {
            // An address of ours holds no bracket that would end it.
            let _ = writeln!(out, "\n<{}>", project["url"].as_str().unwrap_or_default());
        }
    }
    if !items(&resume["skills"]).is_empty() {
        out.push_str("\n## Skills\n\n");
    }
    for skill in items(&resume["skills"]) {
        let shown: Vec<_> = items(&skill["keywords"]).iter().map(line).collect();
        let _ = writeln!(out, "- {} ({}): {}", line(&skill["name"]), line(&skill["level"]), shown.join(", "));
    }
    out
}

/// Writes achievements as Markdown.
pub(super) fn of_badges(badges: &Value) -> String {
    let mut out = String::from("# Achievements\n");
    for one in items(&badges["achievements"]) {
        let of = &one["achievement"];
        let _ = writeln!(out, "\n## {}\n\n{}", line(&of["name"]), prose(&of["criteria"]["narrative"]));
        for shown in items(&one["evidence"]) {
            let _ = writeln!(out, "\n- {}", line(&shown["name"]));
        }
    }
    out
}

/// What is said below the name: what it is, and when it was.
fn subtitle(project: &Value) -> String {
    let day = |name: &str| project[name].as_str();
    let when = match (day("startDate"), day("endDate")) {
        (Some(from), Some(to)) => format!(" · {from} to {to}"),
        (Some(from), None) => format!(" · since {from}"),
        (None, Some(to)) => format!(" · {to}"),
        (None, None) => String::new(),
    };
    format!("{}{when}", line(&project["type"]))
}

fn items(list: &Value) -> &[Value] {
    list.as_array().map_or(&[], Vec::as_slice)
}

/// A text of the document in one line, in which nothing is markup.
fn line(text: &Value) -> String {
    inline(text.as_str().unwrap_or_default())
}

/// The same in paragraphs.
fn prose(text: &Value) -> String {
    paragraphs(text.as_str().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_somebody_wrote_is_markup() {
        let project = json!({ "name": "# a\n\n# b", "type": "<b>", "description": "1. one\n- two\n\n\n[c](d)", "highlights": ["*e*"] });
        let written = of_resume(&json!({ "basics": { "name": "_Ada_" }, "projects": [project] }));
        let expected = "# \\_Ada\\_\n\n## Projects\n\n### \\# a \\# b\n\n*\\<b\\>*\n\n1\\. one\\\n\\- two\n\n\\[c\\](d)\n\n- \\*e\\*\n";
        assert_eq!(written, expected);
    }

    #[test]
    fn a_resume_reads_well() {
        let resume = json!({
            "basics": { "name": "Ada", "label": "Forecaster" },
            "work": [{ "position": "Analyst", "description": "Energy" }],
            "projects": [{
                "name": "Wind", "type": "creating value", "startDate": "2025-01-01", "endDate": "2025-06-30",
                "description": "Forecasts.", "highlights": ["A team of 3."], "keywords": [], "url": "https://a.test/",
            }],
            "skills": [{ "name": "Python", "level": "Able", "keywords": ["Wind"] }],
        });
        insta::assert_snapshot!(of_resume(&resume), @r"
        # Ada

        Forecaster

        Analyst, Energy

        ## Projects

        ### Wind

        *creating value · 2025-01-01 to 2025-06-30*

        Forecasts.

        - A team of 3.

        <https://a.test/>

        ## Skills

        - Python (Able): Wind
        ");
        assert_eq!(of_resume(&json!({ "basics": { "name": "Ada" } })), "# Ada\n");
        let badges = json!({ "achievements": [{
            "achievement": { "name": "Bias", "criteria": { "narrative": "Proficient." } },
            "evidence": [{ "name": "Wind" }],
        }] });
        assert_eq!(of_badges(&badges), "# Achievements\n\n## Bias\n\nProficient.\n\n- Wind\n");
    }
}
