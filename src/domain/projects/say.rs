//! Text that people wrote, as Markdown that shows it and nothing else; and words of vocabularies for people.

/// What may be a mark wherever it stands.
const MARKS: &str = "\\`*_[]<>|~&#$^{}";
/// What turns the direction of text around: a line of it must not turn what stands beside it.
const TURNS: [char; 9] =
    ['\u{202A}', '\u{202B}', '\u{202C}', '\u{202D}', '\u{202E}', '\u{2066}', '\u{2067}', '\u{2068}', '\u{2069}'];

/// A text in one line: for headings, cells and items.
pub(super) fn inline(text: &str) -> String {
    let line = text.split(|letter: char| letter.is_whitespace() || letter.is_control()).filter(|word| !word.is_empty());
    escaped(&line.collect::<Vec<_>>().join(" "))
}

/// A text of several lines as paragraphs, in which lines end where they did.
pub(super) fn paragraphs(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(inline).collect();
    let paragraphs = lines.split(String::is_empty).filter(|lines| !lines.is_empty());
    paragraphs.map(|lines| lines.join("\\\n")).collect::<Vec<_>>().join("\n\n")
}

/// A text that something follows: it ends as a sentence does.
pub(super) fn ended(text: &str) -> String {
    let text = text.trim_end();
    let ends = text.is_empty() || text.ends_with(['.', '!', '?', '…', ':', ';', '。', '！', '？']);
    if ends { text.to_owned() } else { format!("{text}.") }
}

/// A line with a backslash before whatever could be a mark in it.
fn escaped(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let begins = beginning(line);
    for (place, letter) in line.char_indices() {
        if TURNS.contains(&letter) {
            continue;
        }
        let rest = &line[place..];
        let is_mark = MARKS.contains(letter)
            || begins == Some(place)
            // What would be made a link of.
            || (letter == ':' && rest.starts_with("://"))
            || (letter == '.' && line[..place].to_ascii_lowercase().ends_with("www"));
        if is_mark {
            out.push('\\');
        }
        out.push(letter);
    }
    out
}

/// The place of what would make a list, a rule or a heading of a line that begins with it.
fn beginning(line: &str) -> Option<usize> {
    if line.starts_with(['-', '+', '=', ':']) {
        return Some(0);
    }
    let digits = line.len() - line.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
    (digits > 0 && line[digits..].starts_with(['.', ')'])).then_some(digits)
}

/// A word of a vocabulary for people: `AT_RISK` as `at risk`.
pub(super) fn word(word: &str) -> String {
    word.replace('_', " ").to_lowercase()
}

/// The same as the beginning of a sentence.
pub(super) fn upper(text: &str) -> String {
    let spoken = word(text);
    let mut letters = spoken.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_wrote_is_no_mark() {
        for (text, shown) in [
            ("Wind & sun", "Wind \\& sun"),
            ("# Title", "\\# Title"),
            ("- item", "\\- item"),
            ("+1", "\\+1"),
            ("===", "\\==="),
            ("1. first", "1\\. first"),
            ("12) twelfth", "12\\) twelfth"),
            ("3.5 % of 1.2", "3\\.5 % of 1.2"),
            ("a | b", "a \\| b"),
            ("<script>", "\\<script\\>"),
            ("see https://x.org and www.x.org", "see https\\://x.org and www\\.x.org"),
            ("two\nlines\t of it ", "two lines of it"),
            ("a\u{202E}b", "ab"),
            ("", ""),
        ] {
            assert_eq!(inline(text), shown, "{text}");
        }
    }

    #[test]
    fn paragraphs_stay_apart_and_lines_end_where_they_did() {
        assert_eq!(paragraphs("One\ntwo\n\n\n  - three\r\n"), "One\\\ntwo\n\n\\- three");
        assert_eq!(paragraphs("    code"), "code");
    }

    #[test]
    fn what_something_follows_ends_as_a_sentence_does() {
        for (text, shown) in [("To know", "To know."), ("Why? ", "Why?"), ("知りたい。", "知りたい。"), ("", "")]
        {
            assert_eq!(ended(text), shown);
        }
    }

    #[test]
    fn words_are_for_people() {
        assert_eq!((word("AT_RISK"), upper("AT_RISK")), ("at risk".to_owned(), "At risk".to_owned()));
    }
}
