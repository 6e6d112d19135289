//! What goes on beside the requests: work that was asked for and is carried out later.

pub mod expiries;
pub mod imports;
