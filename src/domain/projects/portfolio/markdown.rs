//! A portfolio as Markdown, to put into a page or a message: written from the very document that other systems get.

use std::fmt::Write as _;

use serde_json::Value;

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

/// A text in one line, in which nothing is markup.
fn line(text: &Value) -> String {
    escaped(&text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" "))
}

/// A text in paragraphs, in which nothing else is markup.
fn prose(text: &Value) -> String {
    let paragraphs = text.as_str().unwrap_or_default().split("\n\n").map(str::trim).filter(|text| !text.is_empty());
    let lines = |text: &str| text.lines().map(|line| escaped(line.trim())).collect::<Vec<_>>().join("\n");
    paragraphs.map(lines).collect::<Vec<_>>().join("\n\n")
}

/// Takes the meaning from everything that has one.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (place, letter) in text.char_indices() {
        // A number and a dot would begin a list, a line of signs a heading.
        let starts = place == 0 && matches!(letter, '+' | '-' | '=');
        let counts =
            matches!(letter, '.' | ')') && place > 0 && text[..place].bytes().all(|byte| byte.is_ascii_digit());
        if starts
            || counts
            || matches!(
                letter,
                '\\' | '`' | '*' | '_' | '{' | '}' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '!' | '&'
            )
        {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn nothing_that_somebody_wrote_is_markup() {
        for (text, out) in [
            ("plain text, (and) more. 5", "plain text, (and) more. 5"),
            ("# not a heading", "\\# not a heading"),
            ("- not a list", "\\- not a list"),
            ("1. not a list", "1\\. not a list"),
            ("<script>", "\\<script\\>"),
            ("[a](javascript:b)", "\\[a\\](javascript:b)"),
            ("a *b* _c_ `d`", "a \\*b\\* \\_c\\_ \\`d\\`"),
            ("&lt;", "\\&lt;"),
        ] {
            assert_eq!(escaped(text), out);
        }
        assert_eq!(line(&json!("a\n\n# b")), "a \\# b");
        assert_eq!(prose(&json!("a\n- b\n\n\n\nc")), "a\n\\- b\n\nc");
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
