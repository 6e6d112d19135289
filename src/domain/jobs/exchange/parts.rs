//! Parts of a document that are read and not taken in.

use serde_json::Value;

use crate::domain::learning::exchange::notes::{Notes, Place};

/// Says of a part that it is left out, when there is something in it.
pub(super) fn left(part: Option<&Vec<Value>>, name: &str, notes: &mut Notes) {
    let count = part.map_or(0, Vec::len);
    if count > 0 {
        let message = format!("{count} of them are not taken in: note them at their applications.");
        notes.warn(Place::default().member(name), "PART_LEFT_OUT", &message);
    }
}
