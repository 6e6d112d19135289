//! `cairn schemas`: the contracts, generated from the declarations.

use std::{fs, path::Path};

use super::{Outcome, say};

/// Writes the contracts, or tells which of the files differ from them.
pub(super) fn run(check: bool) -> Outcome {
    let contracts = [
        ("openapi/openapi.json", crate::rest::openapi::document()),
        ("openapi/schema.graphql", crate::graphql::schema::sdl()),
    ];
    let mut drifted = Vec::new();
    for (file, text) in contracts {
        if fs::read_to_string(file).is_ok_and(|known| known == text) {
            continue;
        }
        if check {
            drifted.push(format!("{file} differs from the contract: run `cairn schemas` and commit it"));
        } else {
            write(Path::new(file), &text).map_err(|why| format!("{file}: {why}"))?;
            say(file);
        }
    }
    if drifted.is_empty() { Ok(()) } else { Err(drifted.join("\n")) }
}

fn write(file: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(file, text)
}
