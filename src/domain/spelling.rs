//! However it is written: what people call alike and spell a little differently.

/// A name without what case and blanks say: of companies, titles and people.
#[must_use]
pub fn folded(text: &str) -> String {
    spaced(&text.to_lowercase())
}

/// The words alone, small, with single blanks between them: marks say nothing either.
#[must_use]
pub fn plain(text: &str) -> String {
    let letters: String = text.to_lowercase().chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced(&letters)
}

fn spaced(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
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
        ] {
            assert_eq!(plain(one), plain(other));
        }
        assert_ne!(plain("Cleaning data"), plain("Cleaning kitchens"));
        assert_eq!(plain("—!"), "");
    }
}
