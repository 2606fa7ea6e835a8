//! Single logout, started here or at the identity provider.
//!
//! ```text
//!  user ─▶ logout URL ─▶ sign_out current ─▶ LogoutRequest ─▶ (identity provider) ─▶ LogoutResponse ─▶ page
//!  identity provider ─▶ LogoutRequest ─▶ verify ─▶ reserve its ID ─▶ sign_out by NameID ─▶ LogoutResponse ─▶ (it)
//! ```
//!
//! Forced sign-out. A message of the identity provider ends sessions only when it is signed, fresh, meant for us and used
//! for the first time. Without a message, the logout URL signs its own visitor out, and other sites can make a browser
//! visit it: so that happens only for a page visit at the top level (no image, frame or script) which the browser does
//! not report as caused by another site (`Sec-Fetch-Site`); anything else gets a page with a button. A browser too old
//! to send these headers can be made to sign its user out: a nuisance, and that is all. Nothing that arrives at this URL
//! signs anybody in.

mod incoming;
mod outgoing;

pub use incoming::{Step, resume};

use crate::pages::{self, SignedOut};
use crate::signon::{self, with_header};
use crate::turn::Turn;
use crate::wire::action::Effect;
use crate::wire::event::{self, Request};
use incoming::Message;
use ostiary_codes::Code;

/// A request at the logout URL.
pub fn request(turn: &mut Turn<'_>, request: Box<Request>) -> Effect {
    if !matches!(request.method.as_str(), "GET" | "POST") {
        let refused = refuse(turn, Code::MethodNotAllowed, "only GET and POST at the logout URL");
        return with_header(refused, "Allow", "GET, POST");
    }
    match Message::read(&request) {
        Ok(Some(message)) => incoming::receive(turn, &request, &message),
        Ok(None) => visit(turn, &request),
        Err((code, detail)) => refuse(turn, code, detail),
    }
}

/// As [`Turn::refuse`], with a page about sign-out.
fn refuse(turn: &mut Turn<'_>, code: Code, detail: &str) -> Effect {
    turn.note(code, detail);
    Effect::Respond(pages::sign_out_error(turn, code))
}

/// The host wants to sign a user out.
pub fn host_wants(turn: &mut Turn<'_>, event: &event::Logout) -> Effect {
    outgoing::sign_out(turn, event.user.as_deref(), event.session.as_ref())
}

/// A visit without a message.
fn visit(turn: &mut Turn<'_>, request: &Request) -> Effect {
    if request.user.is_none() {
        turn.outcome(Code::SignedOut);
        return Effect::Respond(pages::signed_out(turn, SignedOut::Here));
    }
    if is_own_wish(request) {
        return outgoing::sign_out(turn, request.user.as_deref(), request.session.as_ref());
    }
    let idp = turn.engine.state.get().idp.logout.clone();
    Effect::Respond(pages::confirm_sign_out(turn, idp.as_deref()))
}

/// As far as the browser can tell, the user wants it.
fn is_own_wish(request: &Request) -> bool {
    let top_level = match request.method.as_str() {
        "POST" => {
            request.header("sec-fetch-mode").is_none_or(|mode| mode == "navigate")
                && request.header("sec-fetch-dest").is_none_or(|dest| dest == "document")
        }
        _ => signon::is_navigation(request),
    };
    top_level && request.header("sec-fetch-site").is_none_or(|site| site != "cross-site")
}
