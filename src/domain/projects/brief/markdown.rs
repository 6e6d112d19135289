//! The brief as Markdown: headings, paragraphs, lists and tables that stand as they do whatever people wrote.

mod plan;
mod scope;

use std::fmt::Write as _;

use chrono::NaiveDate;
use entity::vocabulary::Vocabulary as _;

use super::{
    super::say::{inline, paragraphs, upper, word},
    told::ProjectBrief,
};
use crate::domain::error::Result;

/// A document that grows.
#[derive(Debug, Default)]
struct Page(String);

impl Page {
    /// A heading.
    fn heading(&mut self, level: usize, text: &str) {
        self.block(&format!("{} {text}", "#".repeat(level)));
    }

    /// A paragraph, a list or a table: something with nothing beside it.
    fn block(&mut self, text: &str) {
        if text.is_empty() {
            return;
        }
        if !self.0.is_empty() {
            self.0.push('\n');
        }
        self.0.push_str(text.trim_end());
        self.0.push('\n');
    }

    /// What somebody wrote at length, under a few words of ours.
    fn said(&mut self, about: &str, text: Option<&String>) {
        if let Some(text) = text {
            self.block(&format!("**{about}** {}", inline(text)));
        }
    }
}

/// A row of a table.
fn row(cells: &[String]) -> String {
    format!("| {} |\n", cells.join(" | "))
}

/// A table with its head; nothing without rows. Columns of numbers stand to the right.
fn table(head: &[(&str, bool)], rows: impl Iterator<Item = Vec<String>>) -> String {
    let rows: String = rows.map(|cells| row(&cells)).collect();
    if rows.is_empty() {
        return rows;
    }
    let names: Vec<String> = head.iter().map(|(name, _)| (*name).to_owned()).collect();
    let lines: Vec<String> = head.iter().map(|(_, number)| if *number { "---:" } else { "---" }.to_owned()).collect();
    format!("{}{}{rows}", row(&names), row(&lines))
}

/// A day for people.
fn day(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// What may be missing.
fn or_none(text: Option<String>) -> String {
    text.unwrap_or_else(|| "–".to_owned())
}

/// `text/markdown` of a brief.
#[expect(clippy::unnecessary_wraps, reason = "forms may fail")]
pub(super) fn write(told: &ProjectBrief) -> Result<String> {
    let mut page = Page::default();
    page.heading(1, &inline(&told.title));
    page.block(&head(told));
    if let Some(summary) = &told.summary {
        page.block(&paragraphs(summary));
    }
    scope::problem(&mut page, told);
    scope::scoping(&mut page, told);
    plan::milestones(&mut page, told);
    plan::budget(&mut page, told);
    risks(&mut page, told);
    returns(&mut page, told);
    Ok(page.0)
}

/// What it is and where it stands, in a line.
fn head(told: &ProjectBrief) -> String {
    let mut line = format!("**{}** · {} project", upper(told.status.word()), word(told.kind.word()));
    if let Some(domain) = &told.domain {
        let _ = write!(line, " · {}", inline(domain));
    }
    if let Some(owner) = &told.owner {
        let _ = write!(line, " · {}", inline(owner));
    }
    if let Some(due) = told.due_on {
        let _ = write!(line, " · due {}", day(due));
    }
    if let Some(ended) = told.ended_on {
        let _ = write!(line, " · ended {}", day(ended));
    }
    let _ = write!(line, " · as of {}", day(told.as_of));
    if let Some(note) = &told.end_note {
        let _ = write!(line, "\n\n**How it ended:** {}", inline(note));
    }
    line
}

fn risks(page: &mut Page, told: &ProjectBrief) {
    page.heading(2, "Risks and obstacles");
    if told.risks.is_empty() && told.obstacles.is_empty() {
        return page.block("None are known.");
    }
    let mut items = String::new();
    for one in &told.risks {
        let _ = writeln!(items, "- **{}:** {}", upper(one.severity.word()), inline(&one.reason));
    }
    for one in &told.obstacles {
        let _ = writeln!(items, "- **Obstacle, {}:** {}", day(one.recorded_on), inline(&one.note));
    }
    page.block(&items);
}

fn returns(page: &mut Page, told: &ProjectBrief) {
    page.heading(2, "What was learnt on the way");
    if told.returns.is_empty() {
        return page.block("The scope has not gone back to an earlier step.");
    }
    let mut items = String::new();
    for one in &told.returns {
        let from = one
            .from_step
            .map_or("when all steps were complete".to_owned(), |step| format!("from the step {}", scope::step(step)));
        let _ = writeln!(
            items,
            "- **{}:** {from}, back to {} ({}). {}",
            day(one.occurred_on),
            scope::step(one.to_step),
            word(one.reason.word()),
            inline(&one.learning),
        );
    }
    page.block(&items);
}

#[cfg(test)]
pub(super) mod tests;
