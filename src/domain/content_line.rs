//! Content lines, as iCalendar (RFC 5545) and vCard (RFC 6350) have them: a property and a value, escaped and folded.

/// How many octets a line has at most, without the end of it.
pub const LINE: usize = 75;

/// A text as the standards have it: what they use themselves is escaped, and what no text may hold is left out.
#[must_use]
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\r' if letters.peek() == Some(&'\n') => {}
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(letter),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// Lines that end as they should and are never too long.
#[derive(Debug, Default)]
pub struct Lines {
    text: String,
}

impl Lines {
    /// Adds a property, folded between letters: a line that begins with a space goes on with the one before it.
    pub fn say(&mut self, property: &str, value: &str) {
        let mut used = 0;
        for letter in property.chars().chain([':']).chain(value.chars()) {
            if used + letter.len_utf8() > LINE {
                self.text.push_str("\r\n ");
                used = 1;
            }
            self.text.push(letter);
            used += letter.len_utf8();
        }
        self.text.push_str("\r\n");
    }

    /// All of them.
    #[must_use]
    pub fn done(self) -> String {
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_escaped() {
        for (text, told) in [
            ("plain: \"as it is\"", "plain: \"as it is\""),
            ("a, b; c\\d", "a\\, b\\; c\\\\d"),
            ("one\ntwo\r\nthree\rfour", "one\\ntwo\\nthree\\nfour"),
            ("\u{0}\u{7}tab\there\u{7f}\u{9b}", "tab\there"),
            ("END:VEVENT\r\nBEGIN:VALARM", "END:VEVENT\\nBEGIN:VALARM"),
        ] {
            assert_eq!(escaped(text), told);
        }
    }
}
