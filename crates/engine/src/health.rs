//! Whether sign-in works, for load balancers and monitoring. Anybody may ask, so nothing is told but numbers.

use crate::pages;
use crate::refresh;
use crate::signon;
use crate::turn::Turn;
use crate::wire::action::{Effect, Respond};
use crate::wire::event::Request;
use ostiary_codes::Code;
use serde_json::json;

/// Load balancers look at nothing but the status.
const UNAVAILABLE: u16 = 503;

/// A request at the health URL: 200 when users can sign in, else 503.
pub fn get(turn: &mut Turn<'_>, request: &Request) -> Effect {
    if let Some(refused) = signon::only_reading(turn, request) {
        return refused;
    }
    let state = turn.engine.state.get();
    let armed = state.idp.validator.is_some();
    let code = if armed { Code::Healthy } else { turn.engine.unarmed(&state) };
    turn.outcome(code);
    let days = refresh::days_left(&state, turn.now);
    let status = json!({
        "status": code.as_str(),
        "armed": armed,
        "revision": state.config.revision,
        "certificate_days_left": days.last(),
        "certificates_days_left": days,
        "last_refresh_ms": state.config.refresh.last_refresh_ms,
    });
    let respond = pages::json(if armed { 200 } else { UNAVAILABLE }, &status);
    Effect::Respond(without_body(respond, request))
}

/// HEAD asks for the headers alone.
pub fn without_body(respond: Respond, request: &Request) -> Respond {
    if request.method == "HEAD" { Respond { body: String::new(), ..respond } } else { respond }
}
