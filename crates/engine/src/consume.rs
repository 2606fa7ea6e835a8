//! Consuming a Response: validate, look up, reserve, sign in, in this order.

use crate::attempt::{self, Attempt, Found, RelayState};
use crate::refresh;
use crate::resume::{self, Then};
use crate::signon::{self, Kind};
use crate::state::State;
use crate::target;
use crate::turn::Turn;
use crate::wire::action::{Ask, Effect, Level};
use crate::wire::event::{FormProblem, LookUpRefused, LookedUp, Request, Reserved, Session};
use jiff::Timestamp;
use openssl::sha::Sha256;
use ostiary_codes::Code;
use ostiary_core::{Accepted, Expected, InResponse, Received, Rejected, RequestId, Trace};
use ostiary_xmlsig::Validator;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Bytes of RelayState (Bindings 3.5.3).
const MAX_RELAY_STATE: usize = 80;
/// What a request ID is called in the one-time store.
const KIND_REQUEST: &str = "request";

/// A validated sign-in that waits for the host.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// The user is being looked up.
    LookUp(Box<SignIn>),
    /// The first of the IDs that are left is being reserved.
    Reserve(Box<SignIn>),
}

/// Everything that signing in takes. Made from an accepted Response only; afterwards it travels sealed, and never
/// leaves the process.
#[derive(Debug, Serialize, Deserialize)]
pub struct SignIn {
    /// The user id that the identity provider gave, transformed; after the look-up, the exact name on the host.
    user: String,
    /// Who was signed in on the host when the Response came.
    already: Option<String>,
    session: Session,
    /// Where the user goes.
    target: String,
    /// The attempt that is answered; none when the Response is unsolicited.
    attempt: Option<Attempt>,
    /// Whether a stale answer may be healed.
    may_restart: bool,
    /// What is still to be reserved.
    one_time: Vec<OneTime>,
    /// Fingerprint of the key whose signature counted.
    signed_with: String,
    /// For the log: which assertion, whose key, from whom.
    evidence: String,
    /// The request's cookies: a restart counts them.
    cookies: BTreeMap<String, String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct OneTime {
    key: String,
    until_ms: i64,
    issued_ms: i64,
}

/// A POST at the ACS.
pub fn post(turn: &mut Turn<'_>, request: Box<Request>) -> Effect {
    match consume(turn, &request) {
        Ok(effect) => effect,
        Err(failed) => {
            if failed.refresh
                && let Some(ask) = refresh::after_unknown_key(turn, Then::Consume(request))
            {
                return ask;
            }
            failed.refuse(turn)
        }
    }
}

/// The same again, after new keys were fetched or not.
pub fn with_fresh_keys(turn: &mut Turn<'_>, request: &Request) -> Effect {
    match consume(turn, request) {
        Ok(effect) => effect,
        Err(failed) => failed.refuse(turn),
    }
}

/// The host answered.
pub fn resume(turn: &mut Turn<'_>, step: Step, result: &Value) -> Effect {
    match step {
        Step::LookUp(sign_in) => looked_up(turn, sign_in, result),
        Step::Reserve(sign_in) => reserved(turn, sign_in, result),
    }
}

/// A refusal, and whether newer keys might change it.
struct Failed {
    code: Code,
    detail: String,
    refresh: bool,
    /// The verified user id that cannot be used: the page names it.
    user: Option<String>,
}

impl Failed {
    fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), refresh: false, user: None }
    }

    fn refuse(&self, turn: &mut Turn<'_>) -> Effect {
        match &self.user {
            Some(user) => turn.refuse_user(self.code, user),
            None => turn.refuse(self.code, &self.detail),
        }
    }
}

impl From<Rejected> for Failed {
    fn from(rejected: Rejected) -> Self {
        Self::new(rejected.code(), rejected.detail())
    }
}

/// The form fields of the POST binding (Bindings 3.5.4).
struct Form<'r> {
    response: &'r str,
    relay_state: Option<&'r str>,
}

impl<'r> Form<'r> {
    /// Each field at most once, and nowhere but in the body.
    fn read(request: &'r Request) -> Result<Self, Failed> {
        if let Some(problem) = request.form_problem {
            let (code, detail) = match problem {
                // As of the message in it: how a host reads forms must not change the answer.
                FormProblem::TooLarge => (Code::MessageTooLarge, "the form is too large"),
                FormProblem::NotUrlencoded => (Code::FormInvalid, "the body is no urlencoded form"),
                FormProblem::InQuery => (Code::FormInvalid, "a SAML parameter stands in the query"),
            };
            return Err(Failed::new(code, detail));
        }
        if ["SAMLResponse", "RelayState"].iter().any(|name| !request.query_values(name).is_empty()) {
            return Err(Failed::new(Code::FormInvalid, "a SAML parameter stands in the query"));
        }
        let form = request.form.as_ref().ok_or_else(|| Failed::new(Code::FormInvalid, "there is no form"))?;
        let values = |name: &str| form.get(name).map(Vec::as_slice).unwrap_or_default();
        let response = match values("SAMLResponse") {
            [one] => one.as_str(),
            [] => return Err(Failed::new(Code::ResponseMissing, "")),
            _ => return Err(Failed::new(Code::FormInvalid, "SAMLResponse occurs twice")),
        };
        let relay_state = match values("RelayState") {
            [one] if one.len() > MAX_RELAY_STATE => {
                return Err(Failed::new(Code::RelayStateInvalid, "longer than 80 bytes"));
            }
            // An empty field is how some providers say that there is none.
            [one] => Some(one.as_str()).filter(|text| !text.is_empty()),
            [] => None,
            _ => return Err(Failed::new(Code::RelayStateInvalid, "RelayState occurs twice")),
        };
        Ok(Self { response, relay_state })
    }
}

/// To which attempt a Response belongs.
enum Belongs {
    /// To this one, started in this browser.
    Attempt(Attempt, RelayState),
    /// To none, and that is allowed.
    Unsolicited,
    /// The attempt is gone or over: one clean restart may heal it.
    Stale { code: Code, target: Option<String>, restart: bool },
}

fn consume(turn: &mut Turn<'_>, request: &Request) -> Result<Effect, Failed> {
    let form = Form::read(request)?;
    let state = turn.engine.state.get();
    let (Some(validator), Some(idp)) = (&state.idp.validator, &state.idp.entity_id) else {
        return Err(Failed::new(turn.engine.unarmed(&state), ""));
    };
    let xml = Received::decode_base64(form.response)?;
    let received = Received::parse(&xml)?;
    let test = &turn.engine.settings.test;
    let relay_state =
        form.relay_state.and_then(|text| test.relay_state(text).or_else(|| RelayState::parse(text)));
    let attempt = match belongs(turn, &state, request, &received, relay_state)? {
        Belongs::Attempt(attempt, relay_state) => Some((attempt, relay_state)),
        Belongs::Unsolicited => None,
        Belongs::Stale { code, target, restart } => {
            return Ok(stale(turn, request, code, target.as_deref(), restart));
        }
    };
    let accepted =
        validate(turn, &state, validator, idp, &received, attempt.as_ref().map(|(attempt, _)| attempt))?;
    let sign_in = prepare(turn, request, idp, &accepted, attempt, form.relay_state)?;
    let ask = Ask::LookUp { user: sign_in.user.clone() };
    Ok(turn.ask(ask, &resume::Step::SignIn(Step::LookUp(Box::new(sign_in)))))
}

/// InResponseTo selects the attempt's cookie, and RelayState must name the same attempt.
fn belongs(
    turn: &Turn<'_>,
    state: &State,
    request: &Request,
    received: &Received<'_>,
    relay_state: Option<RelayState>,
) -> Result<Belongs, Failed> {
    let key = state.keys.sealing.as_ref().ok_or_else(|| Failed::new(Code::Internal, "no sealing key"))?;
    let find = |id: &str| Attempt::find(&request.cookies, id, key, turn.now);
    let by_relay_state = relay_state.as_ref().map(|relay_state| find(&relay_state.id));
    let Some(in_response_to) = received.in_response_to() else {
        return match (by_relay_state, relay_state) {
            // The browser did ask; the validation says what is wrong with an answer that does not name the request.
            (Some(Found::Open(attempt)), Some(relay_state)) => Ok(Belongs::Attempt(attempt, relay_state)),
            _ if turn.engine.settings.allow_unsolicited => Ok(Belongs::Unsolicited),
            _ => Err(Failed::new(Code::UnsolicitedNotAllowed, "no InResponseTo")),
        };
    };
    let id = turn.engine.settings.test.answered(&in_response_to).or_else(|| {
        in_response_to.bounded(request_id).and_then(|bytes| String::from_utf8(bytes.to_vec()).ok())
    });
    let id = id.unwrap_or_default();
    let names_it = relay_state.as_ref().is_some_and(|relay_state| relay_state.id == id);
    // Without the mark in RelayState nobody could tell a second restart from a first.
    let restart = names_it && relay_state.as_ref().is_some_and(|relay_state| !relay_state.restarted);
    match (find(&id), relay_state) {
        (Found::Open(attempt), Some(relay_state)) if names_it => Ok(Belongs::Attempt(attempt, relay_state)),
        (Found::Open(_), _) => Err(Failed::new(Code::RelayStateInvalid, "it does not name the attempt")),
        (Found::Invalid, _) => Err(Failed::new(Code::AttemptInvalid, "the cookie does not open")),
        (Found::Expired(attempt), _) => {
            Ok(Belongs::Stale { code: Code::AttemptExpired, target: Some(attempt.target), restart })
        }
        (Found::Missing, _) if matches!(by_relay_state, Some(Found::Open(_))) => Err(Failed::new(
            Code::ResponseInResponseTo,
            "the Response answers another request than the one that RelayState names",
        )),
        // Without RelayState nothing but the Response itself says that it was asked for, and Profiles 4.1.5 forbids that.
        (Found::Missing, None) if turn.engine.settings.allow_unsolicited => Ok(Belongs::Unsolicited),
        (Found::Missing, _) => Ok(Belongs::Stale { code: Code::AttemptMissing, target: None, restart }),
    }
}

/// An ID of our form, to select a cookie by.
fn request_id(text: &str) -> Option<[u8; 34]> {
    RequestId::parse(text)?.as_str().as_bytes().try_into().ok()
}

fn validate(
    turn: &mut Turn<'_>,
    state: &State,
    validator: &Validator,
    idp: &str,
    received: &Received<'_>,
    attempt: Option<&Attempt>,
) -> Result<Accepted, Failed> {
    let settings = &turn.engine.settings;
    let audiences: Vec<&str> = settings.audiences.iter().map(String::as_str).collect();
    let expected = Expected {
        acs_url: settings.test.acs_url(&settings.acs.url),
        audiences: &audiences,
        idp_entity_id: idp,
        request: attempt.map_or(InResponse::Unsolicited, |attempt| InResponse::To(&attempt.id)),
        now: turn.now,
        clock_skew_seconds: settings.clock_skew_seconds,
        want_assertion_signed: settings.want_assertion_signed,
        want_response_signed: settings.want_response_signed,
        fresh_since: attempt.filter(|_| settings.request.force_authn).map(Attempt::issued),
    };
    let mut trace = Trace::new();
    let decryption = settings.test.decryption(&state.keys.decryption);
    received.validate(validator, decryption, &expected, turn.rng, &mut trace).map_err(|rejected| {
        let detail = match trace.checks().iter().rev().find(|check| !check.ok) {
            Some(check) => format!("{}: expected {}, seen {}", check.check, check.expected, check.seen),
            None => rejected.detail().to_owned(),
        };
        // A key that we do not know. Behind a failed decryption it may hide as well, and whether it does must not show.
        let unknown_key = matches!(rejected.code(), Code::SignatureInvalid | Code::DecryptionFailed);
        let refresh = unknown_key && attempt.is_some() && received.issuer_matches(idp);
        Failed { code: rejected.code(), detail, refresh, user: None }
    })
}

/// Takes out of an accepted Response what signing in needs.
fn prepare(
    turn: &mut Turn<'_>,
    request: &Request,
    idp: &str,
    accepted: &Accepted,
    attempt: Option<(Attempt, RelayState)>,
    relay_state: Option<&str>,
) -> Result<SignIn, Failed> {
    let settings = &turn.engine.settings;
    let assertion = accepted.assertion().get();
    let received = match &settings.user_id.attribute {
        Some(name) => assertion.attribute(name)?,
        None => assertion.name_id().value.as_str(),
    };
    let Some(user) = settings.user_id.apply(received) else {
        let user = Some(received.to_owned());
        return Err(Failed { user, ..Failed::new(Code::UserIdTransform, "") });
    };
    let signed_with = accepted.signed_with().key.hex();
    let evidence = format!("assertion {} of {}, signed by {signed_with}", assertion.id(), assertion.issuer());
    if accepted.sha1_used() {
        turn.log(Level::Warn, Code::Sha1Accepted, &evidence);
    }
    let target = match &attempt {
        Some((attempt, _)) if attempt.kept_in_tab => signon::return_url(turn, attempt),
        Some((attempt, _)) => attempt.target.clone(),
        None => unsolicited_target(turn, relay_state),
    };
    let one_time = one_time(turn, idp, accepted, attempt.as_ref().map(|(attempt, _)| attempt));
    Ok(SignIn {
        user,
        already: request.user.clone(),
        session: session(accepted),
        target,
        may_restart: attempt.as_ref().is_some_and(|(_, relay_state)| !relay_state.restarted),
        attempt: attempt.map(|(attempt, _)| attempt),
        one_time,
        signed_with,
        evidence,
        cookies: request.cookies.clone(),
    })
}

fn unsolicited_target(turn: &mut Turn<'_>, relay_state: Option<&str>) -> String {
    let settings = &turn.engine.settings;
    match relay_state {
        None => settings.home.clone(),
        Some(text) => target::accept(text, settings).unwrap_or_else(|| {
            turn.log(Level::Warn, Code::TargetRefused, "RelayState is no page of this site");
            settings.home.clone()
        }),
    }
}

fn session(accepted: &Accepted) -> Session {
    let assertion = accepted.assertion().get();
    let attributes = assertion
        .attributes()
        .iter()
        .map(|attribute| (attribute.name.clone(), attribute.values.clone()))
        .collect();
    Session {
        name_id: assertion.name_id().into(),
        session_index: assertion.session_index().map(str::to_owned),
        not_on_or_after_ms: assertion.session_not_on_or_after().map(Timestamp::as_millisecond),
        attributes,
    }
}

/// The keys to reserve: the IDs of the message, and that of the request, which is answered once.
fn one_time(turn: &Turn<'_>, idp: &str, accepted: &Accepted, attempt: Option<&Attempt>) -> Vec<OneTime> {
    let skew_ms = i64::from(turn.engine.settings.clock_skew_seconds).saturating_mul(1000);
    let latest = accepted.one_time().iter().map(|id| id.not_on_or_after.as_millisecond()).max();
    let latest = latest.unwrap_or(turn.now.as_millisecond());
    let until_ms =
        latest.max(attempt.map_or(i64::MIN, Attempt::expires_ms)).saturating_add(skew_ms.saturating_mul(2));
    // By our own clock where we started it; else by that of the identity provider, which may be ahead.
    let issued_ms = attempt.map_or_else(
        || accepted.assertion().get().issue_instant().as_millisecond().saturating_sub(skew_ms),
        |attempt| attempt.issued_ms,
    );
    let ids = accepted.one_time().iter().map(|id| (id.kind.as_str(), id.id.as_str()));
    ids.chain(attempt.map(|attempt| (KIND_REQUEST, attempt.id.as_str())))
        .map(|(kind, id)| OneTime { key: one_time_key(idp, kind, id), until_ms, issued_ms })
        .collect()
}

/// Hexadecimal SHA-256 over the three, each with its length before it.
pub fn one_time_key(idp: &str, kind: &str, id: &str) -> String {
    let mut hash = Sha256::new();
    for part in [idp, kind, id] {
        hash.update(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(part.as_bytes());
    }
    hash.finish().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn looked_up(turn: &mut Turn<'_>, mut sign_in: Box<SignIn>, result: &Value) -> Effect {
    let Ok(answer) = LookedUp::deserialize(result) else {
        return turn.refuse(Code::AskUnanswered, "look_up");
    };
    let code = match answer {
        LookedUp { found: Some(found), refused: None, error: None } if !found.is_empty() => {
            sign_in.user = found;
            return reserve_next(turn, sign_in);
        }
        LookedUp { refused: Some(LookUpRefused::NotFound), .. } => Code::UserNotFound,
        LookedUp { refused: Some(LookUpRefused::Inactive), .. } => Code::UserInactive,
        LookedUp { refused: Some(LookUpRefused::NotPermitted), .. } => Code::UserNotPermitted,
        LookedUp { error: Some(error), .. } => return turn.refuse(Code::UserLookupFailed, &error),
        LookedUp { .. } => return turn.refuse(Code::AskUnanswered, "look_up"),
    };
    turn.refuse_user(code, &sign_in.user)
}

/// Asks for the next ID, or signs in when none is left.
fn reserve_next(turn: &mut Turn<'_>, mut sign_in: Box<SignIn>) -> Effect {
    if sign_in.one_time.is_empty() {
        return finish(turn, *sign_in);
    }
    let OneTime { key, until_ms, issued_ms } = sign_in.one_time.remove(0);
    turn.ask(Ask::Reserve { key, until_ms, issued_ms }, &resume::Step::SignIn(Step::Reserve(sign_in)))
}

fn reserved(turn: &mut Turn<'_>, sign_in: Box<SignIn>, result: &Value) -> Effect {
    let Ok(answer) = Reserved::deserialize(result) else {
        return turn.refuse(Code::AskUnanswered, "reserve");
    };
    match answer.refusal() {
        None => reserve_next(turn, sign_in),
        Some(Code::AlreadyUsed) => repeated(turn, &sign_in),
        Some(Code::AskUnanswered) => turn.refuse(Code::AskUnanswered, "reserve"),
        Some(code) => turn.refuse(code, &sign_in.evidence),
    }
}

fn finish(turn: &mut Turn<'_>, sign_in: SignIn) -> Effect {
    turn.outcome(Code::SignedIn);
    turn.about(&sign_in.user);
    turn.engine.traces.sign_in_with(&sign_in.signed_with);
    turn.log(Level::Info, Code::SignedIn, format!("user {}: {}", sign_in.user, sign_in.evidence));
    let cookies = sign_in.attempt.and_then(|attempt| used_cookie(turn, attempt)).into_iter().collect();
    Effect::SignIn { user: sign_in.user, target: sign_in.target, session: sign_in.session, cookies }
}

/// The attempt's cookie stays until its time is over, marked: a form that is sent twice finds its target.
fn used_cookie(turn: &mut Turn<'_>, attempt: Attempt) -> Option<String> {
    let state = turn.engine.state.get();
    let used = Attempt { used: true, ..attempt };
    let path = &turn.engine.settings.acs.full_path;
    let sealed = used.seal(state.keys.sealing.as_ref()?, turn.rng).ok().flatten();
    Some(match sealed {
        Some(sealed) => attempt::set_cookie(&used.id, &sealed, path),
        None => attempt::delete_cookie(&used.id, path),
    })
}

/// The same message once more. Who is signed in already just goes on; others may start again.
fn repeated(turn: &mut Turn<'_>, sign_in: &SignIn) -> Effect {
    if sign_in.already.as_ref() == Some(&sign_in.user) {
        turn.outcome(Code::AlreadyUsed);
        turn.log(Level::Info, Code::AlreadyUsed, format!("repeated by its own user: {}", sign_in.evidence));
        return Effect::Respond(signon::see_other(sign_in.target.clone(), Vec::new()));
    }
    turn.log(Level::Warn, Code::AlreadyUsed, &sign_in.evidence);
    let request = Request { cookies: sign_in.cookies.clone(), ..Request::default() };
    let target = sign_in.attempt.as_ref().map(|attempt| attempt.target.as_str());
    stale(turn, &request, Code::AlreadyUsed, target, sign_in.may_restart)
}

/// One clean restart, or the page that says what happened.
fn stale(turn: &mut Turn<'_>, request: &Request, code: Code, target: Option<&str>, restart: bool) -> Effect {
    if !restart {
        return turn.refuse(code, "");
    }
    turn.log(Level::Info, code, "started again");
    let home = turn.engine.settings.home.clone();
    signon::start(turn, request, target.unwrap_or(&home), Kind::Restart)
}
