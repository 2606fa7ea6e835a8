//! The pages that visitors see. askama escapes every value. A page never shows text of a message, with one
//! exception: who is known here under no name is told the name that the identity provider gave.

mod headers;

#[cfg(test)]
mod tests;

use crate::turn::Turn;
use crate::wire::action::Respond;
use askama::Template;
use headers::{Html, nonce};
use ostiary_codes::{Code, Family};
use serde_json::Value;

/// Characters of a user id that a page shows.
const MAX_USER: usize = 200;

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

/// What every page has.
struct Frame<'a> {
    product: &'a str,
    nonce: String,
}

impl<'a> Frame<'a> {
    fn new(turn: &mut Turn<'a>) -> Self {
        Self { product: &turn.engine.settings.product, nonce: nonce(turn.rng) }
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct Error<'a> {
    frame: Frame<'a>,
    heading: &'static str,
    sentence: &'static str,
    user: Option<String>,
    help: Option<&'a str>,
    again: &'a str,
    again_text: &'static str,
    code: Code,
    reference: String,
}

/// The page of a refusal, with the status of `code`: public sentence, code, reference (`turn.correlation`), a way to
/// start again.
pub fn error(turn: &mut Turn<'_>, code: Code) -> Respond {
    refusal(turn, code, None)
}

/// The same for somebody whom the host does not let in: names the user id, for a claim that came out wrong shows
/// nowhere else.
pub fn unknown_user(turn: &mut Turn<'_>, code: Code, user: &str) -> Respond {
    refusal(turn, code, Some(shown(user)))
}

/// The same at the logout URL, whatever the code is about otherwise.
pub fn sign_out_error(turn: &mut Turn<'_>, code: Code) -> Respond {
    let sentence = if code == Code::MethodNotAllowed { code } else { Code::LogoutMissing }.public();
    let home = turn.engine.settings.home.as_str();
    write_refusal(turn, code, (SIGN_OUT_FAILED, sentence), (home, START_PAGE), None)
}

const SIGN_OUT_FAILED: &str = "Sign-out did not work";
const START_PAGE: &str = "Go to the start page";

fn refusal(turn: &mut Turn<'_>, code: Code, user: Option<String>) -> Respond {
    let settings = &turn.engine.settings;
    let (heading, again, again_text) = match code.family() {
        Family::Logout => (SIGN_OUT_FAILED, settings.home.as_str(), START_PAGE),
        Family::Config if code == Code::NotConfigured || !turn.engine.broken.is_empty() => {
            ("Sign-in is not available", settings.home.as_str(), START_PAGE)
        }
        Family::Config | Family::Metadata | Family::Door => {
            ("Sign-in is not available", settings.acs.url.as_str(), "Try again")
        }
        _ if code == Code::NotSignedIn => ("You are not signed in", settings.acs.url.as_str(), "Sign in"),
        _ => ("Sign-in did not work", settings.acs.url.as_str(), "Try again"),
    };
    write_refusal(turn, code, (heading, code.public()), (again, again_text), user)
}

fn write_refusal<'e>(
    turn: &mut Turn<'e>,
    code: Code,
    (heading, sentence): (&'static str, &'static str),
    (again, again_text): (&'e str, &'static str),
    user: Option<String>,
) -> Respond {
    let page = Error {
        frame: Frame::new(turn),
        heading,
        sentence,
        user,
        help: turn.engine.settings.help.as_deref(),
        again,
        again_text,
        code,
        reference: turn.correlation.clone(),
    };
    Html::new(code.status(), &page.frame.nonce).respond(&page)
}

/// One line, bounded.
fn shown(user: &str) -> String {
    let mut text: String =
        user.chars().take(MAX_USER).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect();
    if user.chars().nth(MAX_USER).is_some() {
        text.push('…');
    }
    text
}

/// How far a sign-out went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignedOut {
    /// Only here; the identity provider was not told.
    Here,
    /// Here and at the identity provider.
    Everywhere,
    /// Here; what the identity provider said was bad news or could not be believed.
    Unconfirmed(Code),
}

struct Facts {
    code: Code,
    reference: String,
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutPage<'a> {
    frame: Frame<'a>,
    heading: &'static str,
    sentence: &'static str,
    sign_in: &'a str,
    facts: Option<Facts>,
}

/// After a sign-out.
pub fn signed_out(turn: &mut Turn<'_>, how: SignedOut) -> Respond {
    let sentence = match how {
        SignedOut::Here => {
            "You are signed out of this application. Your identity provider may still know you; close the browser to \
             end that as well."
        }
        SignedOut::Everywhere => "You are signed out of this application and of your identity provider.",
        SignedOut::Unconfirmed(_) => {
            "You are signed out of this application. Your identity provider did not confirm that you are signed out \
             everywhere; close the browser to be sure."
        }
    };
    let facts = match how {
        SignedOut::Unconfirmed(code) => Some(Facts { code, reference: turn.correlation.clone() }),
        SignedOut::Here | SignedOut::Everywhere => None,
    };
    let settings = &turn.engine.settings;
    let sign_in = if turn.engine.broken.is_empty() { &settings.acs.url } else { &settings.home };
    let page =
        SignedOutPage { frame: Frame::new(turn), heading: "You are signed out", sentence, sign_in, facts };
    Html::new(200, &page.frame.nonce).respond(&page)
}

#[derive(Template)]
#[template(path = "confirm.html")]
struct Confirm<'a> {
    frame: Frame<'a>,
    action: &'a str,
}

/// Asks whether the user wants to sign out. The form goes to the logout URL and from there, redirected, to `leave`.
pub fn confirm_sign_out(turn: &mut Turn<'_>, leave: Option<&str>) -> Respond {
    let action = &turn.engine.settings.logout.url;
    let page = Confirm { frame: Frame::new(turn), action };
    let html = Html::new(200, &page.frame.nonce).form_to(action);
    match leave {
        Some(url) => html.form_to(url).respond(&page),
        None => html.respond(&page),
    }
}

#[derive(Template)]
#[template(path = "post_form.html")]
struct PostForm<'a> {
    frame: Frame<'a>,
    url: &'a str,
    fields: &'a [(&'static str, String)],
}

/// A form that posts itself to the identity provider.
pub fn post_form(turn: &mut Turn<'_>, url: &str, fields: &[(&'static str, String)]) -> Respond {
    let page = PostForm { frame: Frame::new(turn), url, fields };
    Html::new(200, &page.frame.nonce).form_to(url).respond(&page)
}

#[derive(Template)]
#[template(path = "start.html")]
struct Start<'a> {
    frame: Frame<'a>,
    key: &'a str,
    target: &'a str,
    leave: &'a Leave,
}

/// The small start page for a target that no cookie holds: keeps `target` in the tab's sessionStorage under `key`,
/// then leaves. Without JavaScript it says that the user will come back to the path without its query, and has a
/// link or button to go on.
pub fn start(turn: &mut Turn<'_>, key: &str, target: &str, leave: &Leave) -> Respond {
    let page = Start { frame: Frame::new(turn), key, target, leave };
    let html = Html::new(200, &page.frame.nonce);
    match leave {
        Leave::Redirect(_) => html.respond(&page),
        Leave::Post { url, .. } => html.form_to(url).respond(&page),
    }
}

#[derive(Template)]
#[template(path = "go_back.html")]
struct GoBack<'a> {
    frame: Frame<'a>,
    key: &'a str,
    fallback: &'a str,
}

/// After the sign-in that began at [`start`]: takes the target out of sessionStorage under `key` and goes there, if it
/// is a path of this site; otherwise, or without JavaScript, to `fallback` by a link that says that the search part of
/// the address was lost.
pub fn go_back(turn: &mut Turn<'_>, key: &str, fallback: &str) -> Respond {
    let page = GoBack { frame: Frame::new(turn), key, fallback };
    Html::new(200, &page.frame.nonce).respond(&page)
}

/// An answer for programs, and for the host's own pages.
pub fn json(status: u16, value: &Value) -> Respond {
    headers::data(status, "application/json", value.to_string())
}

/// A page of ours in the frame of the host.
pub fn decorated(page: &impl Template) -> Respond {
    headers::decorated(page)
}

/// A file.
pub fn text(status: u16, content_type: &str, body: String) -> Respond {
    headers::data(status, content_type, body)
}

/// Our metadata.
pub fn metadata(xml: String) -> Respond {
    headers::data(200, "application/samlmetadata+xml", xml)
}
