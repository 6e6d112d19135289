//! Whom people know, and where these work.

mod company;
mod contact;
