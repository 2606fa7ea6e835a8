//! Whether sign-in works, for load balancers and monitoring.

use crate::turn::Turn;
use crate::wire::action::{Effect, Respond};
use crate::wire::event::Request;

/// A request at the health URL.
pub fn get(_turn: &mut Turn<'_>, _request: &Request) -> Effect {
    Effect::Respond(Respond::default())
}
