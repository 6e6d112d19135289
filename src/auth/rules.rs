//! What a password has to be.

use entity::kind::{Form, Kind, text};
use secrecy::{ExposeSecret as _, SecretString};

use super::password::MAX_PASSWORD_BYTES;
use crate::domain::error::{Code, Error, Result};

/// How many characters a new password has at least.
pub const MIN_CHARACTERS: usize = 12;

/// A password that is to be set.
pub const NEW: Kind = text(Form::Secret, MIN_CHARACTERS, MAX_PASSWORD_BYTES);
/// A password that was set at some time, by whatever rule.
pub const KNOWN: Kind = text(Form::Secret, 1, MAX_PASSWORD_BYTES);

/// Checks a new password; `pointer` is where it stands in the input.
///
/// # Errors
/// `VALIDATION_FAILED`.
pub fn check(password: &SecretString, email: &str, pointer: &str) -> Result<()> {
    why_not(password.expose_secret(), email)
        .map_or(Ok(()), |why| Err(Error::field(Code::ValidationFailed, pointer, why)))
}

fn why_not(password: &str, email: &str) -> Option<String> {
    if password.chars().count() < MIN_CHARACTERS {
        return Some(format!("A password has at least {MIN_CHARACTERS} characters."));
    }
    if password.len() > MAX_PASSWORD_BYTES {
        return Some(format!("A password has at most {MAX_PASSWORD_BYTES} bytes."));
    }
    let is_email = password.trim().to_lowercase() == email.trim().to_lowercase();
    is_email.then(|| "A password is not one's own e-mail address.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_but_not_endless_and_not_the_address() {
        let email = "Ada.Lovelace@example.org";
        assert_eq!(why_not("twelve chars", email), None);
        assert_eq!(why_not("zwölf zeich.", email), None);
        assert!(why_not("eleven char", email).unwrap().contains("12 characters"));
        assert!(why_not(&"ä".repeat(513), email).unwrap().contains("1024 bytes"));
        assert!(why_not(" ada.lovelace@EXAMPLE.org", email).unwrap().contains("e-mail"));
    }
}
