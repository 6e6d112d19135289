//! Cairn: a self-hosted, headless backend for building a career in AI.
//!
//! A request becomes a [`domain::caller::Caller`]; to change something, both faces pass it to the same verb in
//! [`domain`], which asks the one policy, works in one [`domain::tx::Tx`] and records what happened; to show something,
//! both faces hand the same declared read a selection, and send the bytes that come back.

pub mod auth;
pub mod budget;
pub mod cli;
pub mod config;
pub mod database;
pub mod domain;
pub mod graphql;
pub mod guest;
pub mod house;
pub mod http;
pub mod json;
pub mod metrics;
pub mod percent;
pub mod postgres;
pub mod read;
pub mod rest;
pub mod work;
