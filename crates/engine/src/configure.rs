//! Configuration for administrators: checks one, resolves metadata into one.

use crate::turn::Turn;
use crate::wire::action::{Effect, Respond};
use crate::wire::event::{CheckConfig, Configure};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Metadata that an administrator waits for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// The document is being fetched.
    Fetched {
        /// The entity ID that it must have.
        entity_id: Option<String>,
    },
}

/// `check_config`.
pub fn check_config(_turn: &mut Turn<'_>, _event: &CheckConfig) -> Effect {
    Effect::Respond(Respond::default())
}

/// `configure`.
pub fn configure(_turn: &mut Turn<'_>, _event: &Configure) -> Effect {
    Effect::Respond(Respond::default())
}

/// The host answered.
pub fn resume(_turn: &mut Turn<'_>, _step: Step, _result: &Value) -> Effect {
    Effect::Respond(Respond::default())
}
