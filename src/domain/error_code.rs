//! The table of codes, as both faces show it.

use entity::{
    kind::{int, line},
    object,
};
use serde::Serialize;

use super::error::Code;

object! {
    /// A code that an error may have.
    #[derive(Serialize)]
    ErrorCode {
        /// The code, the same in both faces.
        required code: String = line(1, 100),
        /// The HTTP status in REST.
        required status: i64 = int(400, 599),
        /// What it means.
        required title: String = line(1, 300),
    }
}

/// Every code, in the order of the table.
#[must_use]
pub fn all() -> Vec<ErrorCode> {
    let shown = |code: &Code| ErrorCode {
        code: code.as_str().to_owned(),
        status: code.status().into(),
        title: code.title().to_owned(),
    };
    Code::ALL.iter().map(shown).collect()
}
