//! What an administrator of an add-on sees and changes: the configuration page, the same as a JSON document, the support
//! file. Who it is, the host has checked; what may be saved is decided here.
//!
//! ```text
//!  configure GET ─▶ page            POST ─▶ Resolve ─▶ ask fetch ─▶ page      Save ─▶ ask save ─▶ redirect
//!  settings  GET ─▶ document        PUT  ─▶ ask save ─▶ document
//! ```

mod certificates;
mod document;
mod fields;
mod multipart;
mod page;
mod resolve;
mod save;
mod support;
mod traces;

#[cfg(test)]
mod tests;

pub use traces::Traces;

use crate::config::Host;
use crate::pages;
use crate::settings::Problem;
use crate::signon::with_header;
use crate::turn::Turn;
use crate::wire::action::{Effect, Level};
use crate::wire::event::{Admin, Seen, Xsrf};
use fields::{Fields, Posted};
use ostiary_codes::Code;
use page::Shown;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Below the context path.
const BASE: &str = "/plugins/servlet/ostiary";

/// What every page for this administrator needs.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Visit {
    user: String,
    xsrf: Option<Xsrf>,
    seen: Option<Seen>,
    problems: Vec<String>,
}

/// An administrator who waits for the host.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// Metadata is being fetched.
    Resolve(Visit, Posted),
    /// Settings of the page are being saved.
    Save(Visit, Posted, save::Saving),
    /// A new key pair is being saved.
    NewKey(Visit, Posted, save::Saving),
    /// Settings of a program are being saved: by whom, and what it is answered then.
    Put(String, save::Saving, Value),
}

/// One event.
pub fn event(turn: &mut Turn<'_>, event: &Admin) -> Effect {
    let Some(host) = turn.engine.host.as_ref() else {
        return turn.refuse(Code::EventUnreadable, "admin, at an engine that was opened without host");
    };
    let visit = Visit {
        user: event.user.clone(),
        xsrf: event.xsrf.clone(),
        seen: event.seen.clone(),
        problems: event.problems.clone(),
    };
    match (event.path.as_str(), event.method.as_str()) {
        ("configure", "GET") => show(turn, host, &visit, event),
        ("configure", "POST") => post(turn, host, visit, event),
        ("settings", "GET") => document::get(turn, host),
        ("settings", "PUT") => document::put(turn, host, &visit, event),
        ("support", "GET") => Effect::Respond(support::file(turn, host)),
        ("certificate", "GET") => support::certificate(turn, event),
        ("configure", method) => not_allowed(turn, method, "GET, POST"),
        ("settings", method) => not_allowed(turn, method, "GET, PUT"),
        ("support" | "certificate", method) => not_allowed(turn, method, "GET"),
        (path, _) => turn.refuse(Code::EventUnreadable, &format!("admin, unknown path {path}")),
    }
}

/// The host answered.
pub fn resume(turn: &mut Turn<'_>, step: Step, result: &Value) -> Effect {
    let Some(host) = turn.engine.host.as_ref() else {
        return turn.refuse(Code::Internal, "an administrator's step without host");
    };
    match step {
        Step::Resolve(visit, posted) => resolve::fetched(turn, host, &visit, posted, result),
        Step::Save(visit, posted, saving) => save::saved(turn, host, &visit, posted, saving, result),
        Step::NewKey(visit, posted, saving) => save::key_saved(turn, host, &visit, posted, saving, result),
        Step::Put(user, saving, document) => document::saved(turn, &user, &saving, &document, result),
    }
}

fn not_allowed(turn: &mut Turn<'_>, method: &str, allowed: &str) -> Effect {
    let refused = turn.refuse(Code::MethodNotAllowed, &format!("{method} at an administrator's address"));
    with_header(refused, "Allow", allowed)
}

/// The page as it is saved.
fn show(turn: &mut Turn<'_>, host: &Host, visit: &Visit, event: &Admin) -> Effect {
    let mut shown = Shown::new(stored(turn, host));
    if event.query.as_deref() == Some("saved") {
        shown.done = Some(format!("The settings are saved as revision {}.", shown.posted.revision));
    }
    for problem in &turn.engine.broken {
        shown.problems.push(fields::on_page(problem));
    }
    page::respond(turn, host, visit, &shown)
}

/// One of the buttons.
fn post(turn: &mut Turn<'_>, host: &Host, visit: Visit, event: &Admin) -> Effect {
    let posted = match (&event.form, &event.upload) {
        (Some(form), None) => Posted::of_form(form.clone(), visit.xsrf.as_ref()),
        (None, Some(upload)) => {
            multipart::read(upload).and_then(|form| Posted::of_form(form, visit.xsrf.as_ref()))
        }
        _ => Err(vec![Problem::new("", "the form could not be read")]),
    };
    let posted = match posted {
        Ok(posted) => posted,
        Err(problems) => return unreadable(turn, host, &visit, problems),
    };
    match posted.action.as_str() {
        "save" => save::save(turn, host, visit, posted),
        "resolve" => resolve::by_url(turn, host, visit, posted),
        "resolve_xml" => resolve::by_document(turn, host, &visit, posted, "metadata_xml"),
        "upload" => resolve::by_document(turn, host, &visit, posted, "metadata_file"),
        "preview" => preview(turn, host, &visit, posted),
        "reset" => reset(turn, host, &visit, posted),
        "new_key" => save::new_key(turn, host, visit, posted),
        _ => unreadable(turn, host, &visit, vec![Problem::new("", "the form has an unknown button")]),
    }
}

/// A form that is not ours: nothing of it is used, and nothing of it is shown.
fn unreadable(turn: &mut Turn<'_>, host: &Host, visit: &Visit, problems: Vec<Problem>) -> Effect {
    page::failed(turn, host, visit, stored(turn, host), Code::ConfigInvalid, problems)
}

/// The fields as they are saved.
fn stored(turn: &Turn<'_>, host: &Host) -> Posted {
    let state = turn.engine.state.get();
    let fields = Fields::of_config(&state.config, host);
    Posted { fields, revision: state.config.revision, ..Posted::default() }
}

/// What the transform makes of a sample.
fn preview(turn: &mut Turn<'_>, host: &Host, visit: &Visit, posted: Posted) -> Effect {
    let mut shown = Shown::new(posted);
    match shown.posted.fields.preview(&shown.posted.preview_value) {
        Ok(text) => shown.preview = Some(text),
        Err(problem) => shown.failed(turn, Code::ConfigInvalid, vec![problem]),
    }
    page::respond(turn, host, visit, &shown)
}

/// The URLs as they follow from the base URL; nothing is saved by that.
fn reset(turn: &mut Turn<'_>, host: &Host, visit: &Visit, mut posted: Posted) -> Effect {
    posted.fields.reset_urls(host);
    let mut shown = Shown::new(posted);
    shown.done = Some(
        "Identifier, Reply URL and Sign On URL follow the base URL again. Nothing is saved yet.".to_owned(),
    );
    page::respond(turn, host, visit, &shown)
}

/// An answer of a program's address that is no document.
fn json_problems(turn: &mut Turn<'_>, code: Code, status: u16, problems: &[Problem]) -> Effect {
    turn.outcome(code);
    for problem in problems {
        turn.log(Level::Warn, code, problem.to_string());
    }
    let body = serde_json::json!({"code": code.as_str(), "problems": problems});
    Effect::Respond(pages::json(status, &body))
}
