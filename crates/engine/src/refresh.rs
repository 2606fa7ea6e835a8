//! Refresh of the identity provider's metadata: by schedule, and when a Response is signed by a key that
//! we do not know.
//!
//! What a document says is taken over only when all of it is good; otherwise the last good keys stay, and so they do
//! when the document they came from is over: an identity provider that cannot be reached locks nobody out. validUntil
//! and cacheDuration make the next fetch come sooner. That certificates expire is told and never enforced.

mod expiry;
mod fetched;
mod lease;

pub use expiry::days_left;
pub use fetched::{Failure, ask, body, read_document};
pub use lease::Lease;

use crate::engine;
use crate::resume::{self, Then};
use crate::state::{IdpState, State};
use crate::turn::Turn;
use crate::wire::action::{Effect, Level};
use crate::wire::event::Request;
use crate::{MIN_RSA_BITS, keys};
use lease::{MINUTE_MS, Why};
use ostiary_codes::Code;
use ostiary_core::metadata::{IdpMetadata, MetadataOptions};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A refresh under way.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// The document is being fetched.
    Fetched {
        /// Whose turn it was to fetch.
        ticket: u64,
        /// What goes on afterwards.
        then: Then,
    },
}

/// By schedule.
pub fn tick(turn: &mut Turn<'_>) -> Effect {
    expiry::warn(turn);
    let state = turn.engine.state.get();
    if turn.engine.settings.metadata_url.is_none() {
        return Effect::Pass;
    }
    let now = turn.now.as_millisecond();
    let lease = &turn.engine.lease;
    lease.plan(first_due(turn, &state));
    match lease.claim(Why::Schedule { retry_ms: retry_ms(turn.rng) }, now) {
        Some(ticket) => fetch(turn, ticket, Then::Pass),
        None => Effect::Pass,
    }
}

/// Nobody can sign in yet, and the metadata may change that before this request is answered.
pub fn first(turn: &mut Turn<'_>, request: &Request) -> Option<Effect> {
    if turn.engine.settings.metadata_url.is_none() || turn.engine.state.get().idp.validator.is_some() {
        return None;
    }
    let ticket = turn.engine.lease.claim(Why::Demand, turn.now.as_millisecond())?;
    Some(fetch(turn, ticket, Then::Request(Box::new(request.clone()))))
}

/// A Response was signed by a key that we do not know, its attempt cookie opens and its issuer matches. Either a
/// question to the host, after which [`crate::engine::go_on`] gets `then`; or `None`, and the Response is refused now.
pub fn after_unknown_key(turn: &mut Turn<'_>, then: Then) -> Option<Effect> {
    turn.engine.settings.metadata_url.as_ref()?;
    let ticket = turn.engine.lease.claim(Why::Demand, turn.now.as_millisecond())?;
    Some(fetch(turn, ticket, then))
}

/// The host answered.
pub fn resume(turn: &mut Turn<'_>, step: Step, result: &Value) -> Effect {
    let Step::Fetched { ticket, then } = step;
    let now = turn.now.as_millisecond();
    let read = read(turn, result);
    if !turn.engine.lease.release(ticket, now) {
        turn.log(Level::Warn, Code::MetadataFetchFailed, "the document came too late and was left aside");
        return engine::go_on(turn, then);
    }
    match read {
        Ok(metadata) => {
            let due = next_due(turn, &metadata);
            turn.engine.lease.put_off(due);
            if adopt(turn, &metadata) { keys::save(turn, then) } else { engine::go_on(turn, then) }
        }
        Err(failure) => {
            turn.log(Level::Warn, failure.code, failure.detail);
            engine::go_on(turn, then)
        }
    }
}

fn fetch(turn: &mut Turn<'_>, ticket: u64, then: Then) -> Effect {
    let url = turn.engine.settings.metadata_url.clone().unwrap_or_default();
    turn.ask(ask(url, &turn.engine.settings), &resume::Step::Refresh(Step::Fetched { ticket, then }))
}

/// The document, if all of it is good. The entity ID is the configured one or, when there is none yet, the one that the
/// very first document has.
fn read(turn: &Turn<'_>, result: &Value) -> Result<IdpMetadata, Failure> {
    let document = body(result)?;
    let state = turn.engine.state.get();
    let options = MetadataOptions {
        expected_entity_id: state.config.idp.entity_id.as_deref(),
        now: turn.now,
        signature: turn.engine.settings.metadata_validator.as_ref(),
        allow_loopback_http: turn.engine.settings.development,
        min_rsa_bits: MIN_RSA_BITS,
    };
    read_document(&document, &options)
}

/// Takes the document over. True if it says anything new.
fn adopt(turn: &mut Turn<'_>, metadata: &IdpMetadata) -> bool {
    let settings = &turn.engine.settings;
    let now = turn.now.as_millisecond();
    let changed = turn.engine.state.change(|state| {
        // Another thread may have made the first fetch meanwhile: what it pinned stays pinned.
        if state.config.idp.entity_id.as_ref().is_some_and(|pinned| *pinned != metadata.entity_id) {
            return false;
        }
        state.config.refresh.last_refresh_ms = now;
        let mut idp = state.config.idp.clone();
        idp.adopt(metadata);
        // What an administrator pasted is older, and would come back at the next start.
        idp.metadata_xml = None;
        if idp == state.config.idp {
            return false;
        }
        let (next, _) = IdpState::read(&idp, settings);
        if next.validator.is_none() {
            return false;
        }
        state.idp = next;
        state.config.idp = idp;
        state.changes = state.changes.saturating_add(1);
        true
    });
    if changed {
        let count = metadata.certificates.len();
        turn.log(
            Level::Info,
            Code::KeysRefreshed,
            format!("{count} signing certificates from the metadata URL"),
        );
    }
    changed
}

/// When the first scheduled fetch is due: at once for who cannot sign anybody in or never asked, else when it would have
/// been due without the restart.
fn first_due(turn: &mut Turn<'_>, state: &State) -> i64 {
    let last = state.config.refresh.last_refresh_ms;
    let now = turn.now.as_millisecond();
    if state.idp.validator.is_none() || last <= 0 || last > now {
        return now;
    }
    last.saturating_add(jittered(interval_ms(turn), turn.rng))
}

/// When the next scheduled fetch is due: after the configured hours, sooner if the document says so, but never before
/// five minutes are over.
fn next_due(turn: &mut Turn<'_>, metadata: &IdpMetadata) -> i64 {
    let least = lease::DEMAND_MS;
    let cache = metadata.cache_duration_seconds.and_then(|seconds| i64::try_from(seconds).ok());
    let cache_ms = cache.map_or(i64::MAX, |seconds| seconds.saturating_mul(1000));
    let now = turn.now.as_millisecond();
    let valid_ms = metadata
        .valid_until
        .map_or(i64::MAX, |until| until.as_millisecond().saturating_sub(now).saturating_sub(least));
    let wait = interval_ms(turn).min(cache_ms).min(valid_ms).max(least);
    now.saturating_add(jittered(wait, turn.rng).max(least))
}

fn interval_ms(turn: &Turn<'_>) -> i64 {
    i64::from(turn.engine.settings.refresh_hours).saturating_mul(60).saturating_mul(MINUTE_MS)
}

/// Up to a tenth less, so that nodes and sites do not all come at once.
fn jittered(wait_ms: i64, rng: &mut dyn CryptoRng) -> i64 {
    wait_ms.saturating_sub(random_below(wait_ms / 10, rng))
}

/// After a scheduled fetch that came to nothing: five to six minutes.
fn retry_ms(rng: &mut dyn CryptoRng) -> i64 {
    lease::DEMAND_MS.saturating_add(random_below(MINUTE_MS, rng))
}

fn random_below(bound: i64, rng: &mut dyn CryptoRng) -> i64 {
    if bound <= 0 { 0 } else { i64::from(rng.next_u32()) % bound }
}
