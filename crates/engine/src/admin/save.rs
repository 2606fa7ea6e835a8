//! Save: what was typed is checked as a whole, then kept by the host under the next revision.

use super::certificates::{self, Certificate};
use super::fields::{self, Fields, Posted};
use super::page::{self, Shown};
use super::{BASE, Step, Visit};
use crate::config::{Config, Host};
use crate::settings::{Problem, Settings};
use crate::signon;
use crate::state::State;
use crate::turn::Turn;
use crate::wire::action::{Ask, Effect, Level};
use crate::{addon, keys, resume};
use ostiary_codes::Code;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The host keeps at most 99,000 characters in one value.
const MAX_DOCUMENT: usize = 95_000;

/// A change on its way, and what the log will say of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Saving {
    pub revision: u64,
    lines: Vec<String>,
    decryption: Vec<Certificate>,
}

/// The button Save.
pub fn save(turn: &mut Turn<'_>, host: &Host, visit: Visit, posted: Posted) -> Effect {
    let state = turn.engine.state.get();
    if posted.revision != state.config.revision {
        return conflict(turn, host, &visit, posted, state.config.revision);
    }
    let missing = posted.fields.missing_of_idp();
    let checked = match check(turn, &posted.fields, &state.config, host) {
        Ok(config) if missing.is_empty() => Ok(config),
        Ok(_) => Err(missing),
        Err(problems) => {
            let others = problems.into_iter().filter(|one| missing.iter().all(|m| m.field != one.field));
            Err(missing.iter().cloned().chain(others).collect())
        }
    };
    match checked {
        Ok(config) => {
            let asked = ask(turn, &visit.user, config, host);
            match asked {
                Ok((ask, saving)) => {
                    turn.ask(ask, &resume::Step::Admin(Box::new(Step::Save(visit, posted, saving))))
                }
                Err(error) => turn.refuse(Code::Internal, &error),
            }
        }
        Err(problems) => page::failed(turn, host, &visit, posted, Code::ConfigInvalid, problems),
    }
}

fn conflict(turn: &mut Turn<'_>, host: &Host, visit: &Visit, mut posted: Posted, revision: u64) -> Effect {
    posted.revision = revision;
    let problem = format!(
        "The settings became revision {revision} meanwhile, by another administrator or by new metadata, so nothing was \
         saved. What you typed is below; saving again replaces theirs. To see them, open this page anew."
    );
    page::failed(turn, host, visit, posted, Code::ConfigConflict, vec![Problem::new("", problem)])
}

/// The configuration that these fields make, if all of it is good.
pub fn check(turn: &Turn<'_>, fields: &Fields, base: &Config, host: &Host) -> Result<Config, Vec<Problem>> {
    let mut base = base.clone();
    if !turn.engine.broken.is_empty() {
        let installation = addon::effective(&base, host).sp.entity_id;
        base.keys = keys::readable(&base.keys, &installation);
    }
    let (config, mut shown) = fields.apply(&base, host);
    let effective = addon::effective(&config, host);
    let problems = match Settings::check(&effective) {
        Ok(settings) => State::read(config.clone(), &settings, turn.now).1,
        Err(problems) => problems,
    };
    // One sentence for each field, and of the two rules the one in the page's own words.
    for problem in problems.iter().map(fields::on_page) {
        if problem.field.is_empty() || !shown.iter().any(|earlier| earlier.field == problem.field) {
            shown.push(problem);
        }
    }
    if shown.is_empty() && size(&config) > MAX_DOCUMENT {
        shown.push(Problem::new("", "the settings are too large for the host to keep"));
    }
    if shown.is_empty() { Ok(config) } else { Err(shown) }
}

fn size(config: &Config) -> usize {
    let without_keys = Config { keys: crate::config::Keys::default(), ..config.clone() };
    serde_json::to_string(&without_keys).map_or(usize::MAX, |text| text.len())
}

/// The question to the host, and what will be logged.
pub fn ask(turn: &Turn<'_>, user: &str, mut config: Config, host: &Host) -> Result<(Ask, Saving), String> {
    let state = turn.engine.state.get();
    config.revision = state.config.revision.saturating_add(1);
    let saving = Saving {
        revision: config.revision,
        lines: audit(user, &state.config, &config, host),
        decryption: Vec::new(),
    };
    let settings = serde_json::to_value(&config).map_err(|error| error.to_string())?;
    Ok((Ask::Save { settings }, saving))
}

/// Who changed what, and whose signature counted before and counts now. No value but fingerprints.
fn audit(user: &str, before: &Config, after: &Config, host: &Host) -> Vec<String> {
    let changed = Fields::of_config(before, host).changed(&Fields::of_config(after, host));
    let fields = if changed.is_empty() { "no field of the page".to_owned() } else { changed.join(", ") };
    let mut lines =
        vec![format!("user {user} changed revision {} to {}: {fields}", before.revision, after.revision)];
    let fingerprints = |config: &Config| -> Vec<String> {
        certificates::describe(&config.idp.certificates, None, jiff::Timestamp::UNIX_EPOCH)
            .into_iter()
            .map(|certificate| certificate.sha256)
            .collect()
    };
    let (old, new) = (fingerprints(before), fingerprints(after));
    if old != new {
        lines.extend(old.iter().map(|one| format!("certificate before: {one}")));
        lines.extend(new.iter().map(|one| format!("certificate after: {one}")));
    }
    lines
}

/// The host kept it, or did not.
pub fn saved(
    turn: &mut Turn<'_>,
    host: &Host,
    visit: &Visit,
    posted: Posted,
    saving: Saving,
    result: &Value,
) -> Effect {
    match done(turn, &visit.user, &saving, result) {
        Ok(()) => {
            let url = format!("{}{BASE}/configure?saved", host.context_path);
            Effect::Respond(signon::see_other(url, Vec::new()))
        }
        Err(error) => page::failed(turn, host, visit, posted, Code::ConfigSaveFailed, vec![not_kept(&error)]),
    }
}

fn not_kept(error: &str) -> Problem {
    Problem::new("", format!("The host could not keep the settings, so nothing was changed: {error}"))
}

/// Logs a change that was kept.
pub fn done(turn: &mut Turn<'_>, user: &str, saving: &Saving, result: &Value) -> Result<(), String> {
    match keys::save_error(result) {
        None => {
            turn.about(user);
            turn.outcome(Code::ConfigSaved);
            // Hosts show warnings by default, and a change of trust must not go unseen.
            for line in &saving.lines {
                turn.log(Level::Warn, Code::ConfigSaved, line);
            }
            Ok(())
        }
        Some(error) => Err(error),
    }
}

/// The button for a new key pair: saved at once, with the one before, so that what is encrypted for it still opens.
pub fn new_key(turn: &mut Turn<'_>, host: &Host, visit: Visit, posted: Posted) -> Effect {
    let state = turn.engine.state.get();
    if posted.revision != state.config.revision {
        return conflict(turn, host, &visit, posted, state.config.revision);
    }
    if !turn.engine.broken.is_empty() {
        let problem = Problem::new("", "Save settings that can be used first.");
        return page::failed(turn, host, &visit, posted, Code::ConfigInvalid, vec![problem]);
    }
    let mut config = state.config.clone();
    if let Err(error) = keys::add_decryption(&mut config.keys) {
        return turn.refuse(Code::Internal, &error.to_string());
    }
    let settings = &turn.engine.settings;
    let made = keys::OwnKeys::read(&config.keys, &settings.entity_id, settings.test.min_rsa_bits()).0;
    match ask(turn, &visit.user, config, host) {
        Ok((ask, mut saving)) => {
            saving.decryption = page::own_certificates(&made.encryption_certificates, turn.now);
            for one in saving.decryption.iter().take(1) {
                saving.lines.push(format!("new key pair for token encryption, certificate {}", one.sha256));
            }
            turn.ask(ask, &resume::Step::Admin(Box::new(Step::NewKey(visit, posted, saving))))
        }
        Err(error) => turn.refuse(Code::Internal, &error),
    }
}

/// The host kept the key pair, or did not.
pub fn key_saved(
    turn: &mut Turn<'_>,
    host: &Host,
    visit: &Visit,
    mut posted: Posted,
    saving: Saving,
    result: &Value,
) -> Effect {
    match done(turn, &visit.user, &saving, result) {
        Ok(()) => {
            posted.revision = saving.revision;
            let mut shown = Shown::new(posted);
            shown.done = Some(format!(
                "A new key pair is made and saved as revision {}. Download its certificate and upload it in Entra under \
                 Token encryption. Other changes on this page are not saved yet.",
                saving.revision
            ));
            shown.decryption = Some(saving.decryption);
            page::respond(turn, host, visit, &shown)
        }
        Err(error) => page::failed(turn, host, visit, posted, Code::ConfigSaveFailed, vec![not_kept(&error)]),
    }
}
