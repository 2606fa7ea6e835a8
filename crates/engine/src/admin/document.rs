//! The settings as a document for programs.

use super::fields::Fields;
use super::save::{self, Saving};
use super::{Step, Visit, certificates, json_problems, page};
use crate::config::{Config, Host};
use crate::pages;
use crate::resume;
use crate::settings::Problem;
use crate::turn::Turn;
use crate::wire::action::Effect;
use crate::wire::event::Admin;
use ostiary_codes::Code;
use serde_json::{Map, Value, json};

/// `GET`.
pub fn get(turn: &mut Turn<'_>, host: &Host) -> Effect {
    let state = turn.engine.state.get();
    let document = whole(turn, &state.config, host);
    respond(&Value::Object(document), state.config.revision)
}

/// Everything an administrator may read. No key of ours is in it.
pub fn whole(turn: &Turn<'_>, config: &Config, host: &Host) -> Map<String, Value> {
    let state = turn.engine.state.get();
    let mut document = Fields::of_config(config, host).to_json();
    let active = turn.engine.traces.signed_with();
    let details = certificates::describe(&config.idp.certificates, active.as_deref(), turn.now);
    let problems: Vec<String> = turn.engine.broken.iter().map(ToString::to_string).collect();
    for (name, value) in [
        ("revision", json!(config.revision)),
        ("armed", json!(state.idp.validator.is_some())),
        ("base_url", json!(host.base_url)),
        ("certificate_details", json!(details)),
        (
            "decryption_certificates",
            json!(page::own_certificates(&state.keys.encryption_certificates, turn.now)),
        ),
        ("problems", json!(problems)),
    ] {
        document.insert(name.to_owned(), value);
    }
    document
}

/// `PUT`: the whole document, for the revision that the program saw.
pub fn put(turn: &mut Turn<'_>, host: &Host, visit: &Visit, event: &Admin) -> Effect {
    let state = turn.engine.state.get();
    let revision = state.config.revision;
    match event.if_match.as_deref() {
        None => {
            let code = Code::ConfigRevisionMissing;
            return json_problems(turn, code, code.status(), &[]);
        }
        Some(tag) if tag.trim() != etag(revision) => {
            let code = Code::ConfigConflict;
            let problem = Problem::new("", format!("the revision is {revision}"));
            return json_problems(turn, code, code.status(), &[problem]);
        }
        Some(_) => {}
    }
    let checked = Fields::of_json(event.json.as_deref().unwrap_or_default())
        .and_then(|fields| save::check(turn, &fields, &state.config, host));
    let config = match checked {
        Ok(config) => config,
        Err(problems) => return json_problems(turn, Code::ConfigInvalid, 422, &problems),
    };
    let mut next = config.clone();
    next.revision = revision.saturating_add(1);
    let document = Value::Object(whole(turn, &next, host));
    match save::ask(turn, &visit.user, config, host) {
        Ok((ask, saving)) => {
            turn.ask(ask, &resume::Step::Admin(Box::new(Step::Put(visit.user.clone(), saving, document))))
        }
        Err(error) => turn.refuse(Code::Internal, &error),
    }
}

/// The host kept it, or did not.
pub fn saved(turn: &mut Turn<'_>, user: &str, saving: &Saving, document: &Value, result: &Value) -> Effect {
    match save::done(turn, user, saving, result) {
        Ok(()) => respond(document, saving.revision),
        Err(error) => {
            let code = Code::ConfigSaveFailed;
            json_problems(turn, code, code.status(), &[Problem::new("", error)])
        }
    }
}

fn respond(document: &Value, revision: u64) -> Effect {
    let mut respond = pages::json(200, document);
    respond.headers.push(("ETag", etag(revision)));
    Effect::Respond(respond)
}

fn etag(revision: u64) -> String {
    format!("\"{revision}\"")
}
