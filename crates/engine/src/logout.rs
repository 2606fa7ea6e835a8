//! Single logout, started here or at the identity provider (design 11.10).

use crate::turn::Turn;
use crate::wire::action::{Effect, Respond};
use crate::wire::event::{self, Request};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A logout request of the identity provider whose ID is being reserved.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// Nothing yet.
    Reserved,
}

/// A request at the logout URL.
pub fn request(_turn: &mut Turn<'_>, _request: Box<Request>) -> Effect {
    Effect::Respond(Respond::default())
}

/// The host wants to sign a user out.
pub fn host_wants(_turn: &mut Turn<'_>, _event: &event::Logout) -> Effect {
    Effect::Respond(Respond::default())
}

/// The host answered.
pub fn resume(_turn: &mut Turn<'_>, _step: Step, _result: &Value) -> Effect {
    Effect::Respond(Respond::default())
}
