//! However it is written: what people call alike and spell a little differently.

/// A name without what case and blanks say: of companies, titles and people.
#[must_use]
pub fn folded(text: &str) -> String {
    spaced(&text.to_lowercase())
}

/// The words alone, small, with single blanks between them: marks say nothing either. Those that make another word of one do: C++ and C# are
/// not C, and .NET is no net. What has no words is what it is.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    let small = text.to_lowercase();
    let (mut before, mut rest) = (' ', small.chars().peekable());
    while let Some(letter) = rest.next() {
        let within = words.ends_with(|last: char| last != ' ');
        let says = match letter {
            '+' | '#' => within,
            '.' => !within && before != '.' && rest.peek().is_some_and(|next| next.is_alphabetic()),
            _ => letter.is_alphanumeric(),
        };
        words.push(if says { letter } else { ' ' });
        before = letter;
    }
    let words = spaced(&words);
    if words.is_empty() { spaced(&small) } else { words }
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn case_and_blanks_say_nothing() {
        for (one, other) in [
            (" Windy  GRID ", "windy grid"),
            ("Data\tScientist", "data scientist"),
            (" Öffentliche  Verwaltung", "öffentliche verwaltung"),
        ] {
            assert_eq!(folded(one), folded(other));
        }
        assert_ne!(folded("Health"), folded("Healthcare"));
        assert_ne!(folded("C++"), folded("C"));
    }

    #[test]
    fn words_are_the_same_whatever_stands_between_them() {
        for (one, other) in [
            (" Cleaning  data! ", "cleaning data"),
            ("Non-profit", "non profit"),
            ("R&D / Ops", "r d ops"),
            ("ÄRZTE", "ärzte"),
            ("# C / C++ + C#;", "c c++ c#"),
            ("(.NET), ASP.NET...and", ".net asp net and"),
            ("Since .5 years.", "since 5 years"),
            (" —! ", "—!"),
        ] {
            assert_eq!(plain(one), plain(other));
        }
        assert_ne!(plain("Cleaning data"), plain("Cleaning kitchens"));
        let all = ["C", "C++", "C#", "NET", ".NET", "!!!", "???", ""];
        assert_eq!(all.map(plain).into_iter().collect::<BTreeSet<_>>().len(), all.len());
    }
}
