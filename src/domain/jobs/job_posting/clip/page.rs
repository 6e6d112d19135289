//! Texts of pages: without marks, without what cannot be shown, and no longer than there is room.

use super::marks::unmarked;
use crate::domain::check::wrong_text;
use entity::kind::Form;

/// So much of a text as there is room for.
pub(super) fn fitted(text: &str, most: usize) -> String {
    text.chars().take(most).collect::<String>().trim().to_owned()
}

/// One line of text; nothing when it is blank.
pub(super) fn line(text: &str, most: usize) -> Option<String> {
    let words = unmarked(text)
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ");
    Some(fitted(&words, most)).filter(|text| wrong_text(text, 1, most, Form::Line).is_none())
}

/// Text of several lines; nothing when it is blank.
pub(super) fn plain(text: &str, most: usize) -> Option<String> {
    let kept: String = unmarked(text).chars().filter(|letter| !letter.is_control() || *letter == '\n').collect();
    let lines: Vec<&str> = kept.lines().map(str::trim).collect();
    // Several empty lines say no more than one.
    let mut out = String::new();
    for (place, line) in lines.iter().enumerate() {
        if line.is_empty() && place > 0 && lines[place - 1].is_empty() {
            continue;
        }
        out.push_str(line);
        out.push('\n');
    }
    Some(fitted(out.trim(), most)).filter(|text| wrong_text(text, 1, most, Form::Prose).is_none())
}

/// An address that a browser opens, and nothing that runs.
pub(super) fn url(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| wrong_text(text, 1, 2000, Form::Url).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_left_out_and_names_are_written_out() {
        for (text, wanted) in [
            ("<p>One</p><p>two &amp; three</p>", "One\n\ntwo & three"),
            ("a <b>bold</b> word", "a bold word"),
            ("<SCRIPT>x</SCRIPT >after", "after"),
            ("<script>never closed", ""),
            ("1 < 2", "1 < 2"),
            ("&lt;p&gt;Hello&lt;/p&gt;", "Hello"),
            ("tab\there\u{0}", "tabhere"),
        ] {
            assert_eq!(plain(text, 100).unwrap_or_default(), wanted, "{text:?}");
        }
        assert_eq!(line(" <b>ML</b>\n engineer ", 100).as_deref(), Some("ML engineer"));
        assert_eq!(line("abcdef", 3).as_deref(), Some("abc"));
        assert_eq!(
            (line("\u{0}", 9), url("ftp://x"), url(" https://x.org/a ")),
            (None, None, Some("https://x.org/a".to_owned()))
        );
    }

    #[test]
    fn many_marks_take_no_longer_than_they_are() {
        // Each of them looks for its end, which is not there: once.
        let text = "<script>".repeat(20_000);
        assert_eq!(plain(&text, 100), None);
        let text = "<script></script>".repeat(20_000);
        assert_eq!(plain(&text, 100), None);
        let text = "<p".repeat(50_000);
        assert!(plain(&text, 100).is_some());
    }
}
