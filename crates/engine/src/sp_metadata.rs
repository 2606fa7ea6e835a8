//! Our own metadata, for the administrator of the identity provider.

use crate::turn::Turn;
use crate::wire::action::{Effect, Respond};
use crate::wire::event::Request;

/// A request at the metadata URL.
pub fn get(_turn: &mut Turn<'_>, _request: &Request) -> Effect {
    Effect::Respond(Respond::default())
}
