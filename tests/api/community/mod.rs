//! Whom people know, where these work, and how they are in touch.

mod company;
mod contact;
mod duplicates;
mod exchange;
mod interaction;
mod keep_in_touch;
