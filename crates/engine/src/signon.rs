//! Starting a sign-in.

use crate::turn::Turn;
use crate::wire::action::{Effect, Respond};
use crate::wire::event::Request;

/// A request at the sign-on URL: GET starts, POST consumes.
pub fn at_sign_on_url(_turn: &mut Turn<'_>, _request: Box<Request>) -> Effect {
    Effect::Respond(Respond::default())
}

/// A tab that keeps its target itself came back.
pub fn at_return_url(_turn: &mut Turn<'_>, _request: &Request) -> Effect {
    Effect::Respond(Respond::default())
}

/// A page of the application.
pub fn at_any_path(_turn: &mut Turn<'_>, _request: &Request) -> Effect {
    Effect::Pass
}
