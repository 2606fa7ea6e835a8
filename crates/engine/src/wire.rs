//! The wire between host and engine (`docs/wire.md`): events in, actions out.

pub mod action;
pub mod event;
