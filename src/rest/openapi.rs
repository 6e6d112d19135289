//! The OpenAPI document, written from the declarations.

/// The document.
#[must_use]
pub fn document() -> String {
    String::new()
}
