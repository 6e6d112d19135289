//! Laws: what holds for every resource that is declared, so that a new one is covered without being told.

mod contracts;
mod feed;
mod fields;
mod known;
mod operations;
mod reads;
mod source;
mod strangers;
mod updates;
mod world;
mod writes;
