//! Refresh of the identity provider's metadata (design 11.11).

use crate::resume::Then;
use crate::turn::Turn;
use crate::wire::action::Effect;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Who may fetch, and when.
#[derive(Debug, Default)]
pub struct Lease {}

/// A refresh under way.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// The document is being fetched.
    Fetched {
        /// What goes on afterwards.
        then: Then,
    },
}

/// By schedule.
pub fn tick(_turn: &mut Turn<'_>) -> Effect {
    Effect::Pass
}

/// A Response was signed by a key that we do not know, its attempt cookie opens and its issuer matches. Either a
/// question to the host, after which [`crate::engine::go_on`] gets `then`; or `None`, and the Response is refused now.
pub fn after_unknown_key(_turn: &mut Turn<'_>, _then: Then) -> Option<Effect> {
    None
}

/// The host answered.
pub fn resume(turn: &mut Turn<'_>, step: Step, _result: &Value) -> Effect {
    let Step::Fetched { then } = step;
    crate::engine::go_on(turn, then)
}
