//! A sign-out that starts here: the local session ends at once, then the identity provider is told.

use crate::pages::{self, SignedOut};
use crate::sealed::{Purpose, SealingKey};
use crate::signon;
use crate::state::State;
use crate::turn::Turn;
use crate::wire::action::{Current, Effect, Level, Respond, Who};
use crate::wire::event::Session;
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_core::{LogoutRequest, RequestId};
use rand_core::CryptoRng;
use std::collections::BTreeMap;

/// Remembers the request that the identity provider answers. One is enough: there is one session to end.
const COOKIE: &str = "ostiary_logout";
/// How long the identity provider may take to answer.
const LIFETIME_SECONDS: i64 = 3600;

/// Ends the session of this request.
pub fn sign_out(turn: &mut Turn<'_>, user: Option<&str>, session: Option<&Session>) -> Effect {
    turn.outcome(Code::SignedOut);
    user.into_iter().for_each(|user| turn.about(user));
    turn.log(Level::Info, Code::SignedOut, format!("user {}", user.unwrap_or("unknown")));
    let then = match session.and_then(|session| tell(turn, session)) {
        Some(leave) => leave,
        None => pages::signed_out(turn, SignedOut::Here),
    };
    Effect::SignOut { who: Who::Current(Current::Current), then }
}

/// The way to the identity provider, if it wants to be told. Whatever is in its way is logged: the local sign-out goes on.
fn tell(turn: &mut Turn<'_>, session: &Session) -> Option<Respond> {
    let state = turn.engine.state.get();
    let url = state.idp.logout.as_deref().filter(|_| turn.engine.settings.single_logout)?;
    match redirect(turn, &state, url, session) {
        Ok(respond) => Some(respond),
        Err(error) => {
            turn.log(Level::Error, Code::Internal, error);
            None
        }
    }
}

fn redirect(turn: &mut Turn<'_>, state: &State, url: &str, session: &Session) -> Result<Respond, String> {
    let settings = &turn.engine.settings;
    let request = LogoutRequest {
        id: settings.test.logout_id().unwrap_or_else(|| RequestId::random(turn.rng)),
        issue_instant: turn.now,
        issuer: settings.entity_id.clone(),
        destination: url.to_owned(),
        name_id: (&session.name_id).into(),
        session_indexes: session.session_index.iter().cloned().collect(),
    };
    // Always signed: AD FS refuses anything else, and Entra ID does not mind.
    let key = state.keys.signing.as_ref().ok_or("there is no key to sign with")?;
    let location = request.redirect_url(url, None, Some(key)).map_err(|error| error.to_string())?;
    let sealing = state.keys.sealing.as_ref().ok_or("there is no sealing key")?;
    let sealed = seal(&request.id, sealing, turn.now, turn.rng)?;
    let path = &settings.logout.full_path;
    let cookie = format!(
        "{COOKIE}={sealed}; Path={path}; Max-Age={LIFETIME_SECONDS}; Secure; HttpOnly; SameSite=None"
    );
    Ok(signon::see_other(location, vec![cookie]))
}

fn seal(id: &RequestId, key: &SealingKey, now: Timestamp, rng: &mut dyn CryptoRng) -> Result<String, String> {
    let expires = now.as_millisecond().saturating_add(LIFETIME_SECONDS.saturating_mul(1000));
    let expires = Timestamp::from_millisecond(expires).map_err(|error| error.to_string())?;
    key.seal(Purpose::Logout, expires, id.as_str().as_bytes(), rng).map_err(|error| error.to_string())
}

/// ID of the request that this browser took to the identity provider.
pub fn outstanding(state: &State, cookies: &BTreeMap<String, String>, now: Timestamp) -> Option<String> {
    let opened = state.keys.sealing.as_ref()?.open(Purpose::Logout, now, cookies.get(COOKIE)?).ok()?;
    let id = String::from_utf8(opened.payload).ok().filter(|_| !opened.expired)?;
    Some(RequestId::parse(&id)?.to_string())
}

/// A raw `Set-Cookie` value that forgets the request.
pub fn forget(path: &str) -> String {
    format!("{COOKIE}=; Path={path}; Max-Age=0; Secure; HttpOnly; SameSite=None")
}
