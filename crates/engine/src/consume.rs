//! Consuming a Response: validate, look up, reserve, sign in, in this order (design 11.1).

use crate::turn::Turn;
use crate::wire::action::{Effect, Respond};
use crate::wire::event::Request;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A validated sign-in that waits for the host.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// Nothing yet.
    LookedUp,
}

/// Again, after new keys were fetched or not.
pub fn with_fresh_keys(_turn: &mut Turn<'_>, _request: &Request) -> Effect {
    Effect::Respond(Respond::default())
}

/// The host answered.
pub fn resume(_turn: &mut Turn<'_>, _step: Step, _result: &Value) -> Effect {
    Effect::Respond(Respond::default())
}
