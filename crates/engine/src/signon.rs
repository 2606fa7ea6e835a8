//! Starting a sign-in. Every attempt starts at the sign-on URL, where the browser shows the cookies of the attempts it
//! has; pages of the application send visitors there, and so does every other origin of the site.

use crate::attempt::{self, Attempt, RelayState};
use crate::config::Binding;
use crate::engine;
use crate::pages::{self, Leave};
use crate::state::State;
use crate::turn::Turn;
use crate::wire::action::{Effect, Level, Respond};
use crate::wire::event::Request;
use crate::{consume, target};
use ostiary_codes::Code;
use ostiary_core::{AuthnRequest, BuildError, RequestId};

/// The one parameter that the sign-on URL takes: where the user wants to go.
const TARGET: &str = "target";
/// The parameter of the return URL that names what the tab keeps.
const KEY: &str = "key";
/// Bytes of a URL to which we send a browser to start; longer ones start where they are.
const MAX_START_URL: usize = 2048;

/// A request at the sign-on URL: GET starts, POST consumes.
pub fn at_sign_on_url(turn: &mut Turn<'_>, request: Box<Request>) -> Effect {
    match request.method.as_str() {
        "GET" => start_here(turn, &request),
        "POST" => consume::post(turn, request),
        method => {
            let detail = format!("{method} at the sign-on URL");
            let refused = turn.refuse(Code::MethodNotAllowed, &detail);
            with_header(refused, "Allow", "GET, POST")
        }
    }
}

/// A URL that is only read: anything but GET and HEAD is refused.
pub fn only_reading(turn: &mut Turn<'_>, request: &Request) -> Option<Effect> {
    if matches!(request.method.as_str(), "GET" | "HEAD") {
        return None;
    }
    let refused = turn.refuse(Code::MethodNotAllowed, "only GET and HEAD here");
    Some(with_header(refused, "Allow", "GET, HEAD"))
}

/// A page of the application that the host protects.
pub fn at_any_path(turn: &mut Turn<'_>, request: &Request) -> Effect {
    let settings = &turn.engine.settings;
    if request.user.is_some() || !settings.routes.protect {
        return Effect::Pass;
    }
    if !is_navigation(request) {
        return not_signed_in(turn);
    }
    let wanted = target::of_request(request, settings);
    let wanted = or_home(turn, wanted, "the address of the request");
    let url = sign_on_url(turn, &wanted);
    if url.len() <= MAX_START_URL {
        return Effect::Respond(see_other(url, Vec::new()));
    }
    start(turn, request, &wanted, Kind::First)
}

/// A tab that keeps its target itself came back.
pub fn at_return_url(turn: &mut Turn<'_>, request: &Request) -> Effect {
    if request.method != "GET" {
        let refused = turn.refuse(Code::MethodNotAllowed, "only GET at the return URL");
        return with_header(refused, "Allow", "GET");
    }
    let fallback = request.query_value(TARGET).and_then(|text| target::accept(&text, &turn.engine.settings));
    let fallback = or_home(turn, fallback, "the target of the return URL");
    match request.query_value(KEY).filter(|key| RequestId::parse(key).is_some()) {
        Some(key) => Effect::Respond(pages::go_back(turn, &key, &fallback)),
        None => Effect::Respond(see_other(fallback, Vec::new())),
    }
}

/// Where a tab that keeps its target itself goes after the sign-in.
pub fn return_url(turn: &Turn<'_>, attempt: &Attempt) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .append_pair(KEY, &attempt.id)
        .append_pair(TARGET, &attempt.target)
        .finish();
    format!("{}?{query}", turn.engine.settings.back.full_path)
}

fn start_here(turn: &mut Turn<'_>, request: &Request) -> Effect {
    if !is_navigation(request) {
        return not_signed_in(turn);
    }
    let settings = &turn.engine.settings;
    let values = request.query_values(TARGET);
    if !target::is_on_our_origin(request, settings) {
        if values.is_empty() {
            let url = sign_on_url(turn, &settings.home);
            return Effect::Respond(see_other(url, Vec::new()));
        }
        // The target says that the browser was sent here once. A proxy may hide the scheme: going on ends the loop.
        turn.log(Level::Info, Code::WrongOrigin, "the host sees another origin than that of sp.acs_url");
    }
    let wanted = match values.as_slice() {
        [] => settings.home.clone(),
        [one] => or_home(turn, target::accept(one, settings), "the parameter target"),
        _ => or_home(turn, None, "the parameter target, given twice,"),
    };
    start(turn, request, &wanted, Kind::First)
}

/// Why an attempt starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody wants in.
    First,
    /// To heal a stale answer; its own answer will not be healed again.
    Restart,
}

/// Starts an attempt whose user wants to go to `wanted`, which is safe.
pub fn start(turn: &mut Turn<'_>, request: &Request, wanted: &str, kind: Kind) -> Effect {
    let state = turn.engine.state.get();
    if state.idp.validator.is_none() {
        return turn.refuse(turn.engine.unarmed(&state), "");
    }
    let id = RequestId::random(turn.rng);
    let name = turn.engine.settings.test.attempt_id().unwrap_or_else(|| id.to_string());
    let (attempt, cookies) = match remember(turn, &state, request, name, wanted) {
        Ok(remembered) => remembered,
        Err(error) => return turn.refuse(Code::Internal, &error),
    };
    let relay = RelayState { id: attempt.id.clone(), restarted: kind == Kind::Restart }.to_string();
    let leave = match leave(turn, &state, id, &relay) {
        Ok(Some(leave)) => leave,
        Ok(None) => return turn.refuse(Code::MetadataNoSso, ""),
        Err(error) => return turn.refuse(error.code(), &error.to_string()),
    };
    let code = if kind == Kind::Restart { Code::Restarted } else { Code::SignOnStarted };
    turn.outcome(code);
    turn.log(Level::Info, code, format!("attempt {}", attempt.id));
    let mut respond = match leave {
        leave if attempt.kept_in_tab => pages::start(turn, &attempt.id, wanted, &leave),
        Leave::Redirect(url) => see_other(url, Vec::new()),
        Leave::Post { url, fields } => pages::post_form(turn, &url, &fields),
    };
    respond.cookies.extend(cookies);
    Effect::Respond(respond)
}

/// The attempt, and the cookies that keep it and make room for it.
fn remember(
    turn: &mut Turn<'_>,
    state: &State,
    request: &Request,
    id: String,
    wanted: &str,
) -> Result<(Attempt, Vec<String>), String> {
    let settings = &turn.engine.settings;
    let key = state.keys.sealing.as_ref().ok_or("there is no sealing key")?;
    let mut attempt = Attempt {
        id,
        issued_ms: turn.now.as_millisecond(),
        target: wanted.to_owned(),
        kept_in_tab: false,
        used: false,
    };
    let mut sealed = attempt.seal(key, turn.rng).map_err(|e| e.to_string())?;
    // The whole, else the path alone, else the start page; the tab keeps the rest.
    for shorter in [target::path_of(wanted), &settings.home] {
        if sealed.is_none() {
            attempt.kept_in_tab = true;
            attempt.target = shorter.to_owned();
            sealed = attempt.seal(key, turn.rng).map_err(|e| e.to_string())?;
        }
    }
    let sealed = sealed.ok_or("the attempt does not fit into a cookie")?;
    let path = &settings.acs.full_path;
    let mut cookies: Vec<String> = attempt::surplus(&request.cookies, key, turn.now)
        .iter()
        .map(|surplus| attempt::delete_cookie(surplus, path))
        .collect();
    cookies.push(attempt::set_cookie(&attempt.id, &sealed, path));
    Ok((attempt, cookies))
}

/// The AuthnRequest, on its way over the binding that is configured or, failing that, offered.
fn leave(turn: &Turn<'_>, state: &State, id: RequestId, relay: &str) -> Result<Option<Leave>, BuildError> {
    let settings = &turn.engine.settings;
    let rule = &settings.request;
    let (redirect, post) = (state.idp.sso_redirect.as_deref(), state.idp.sso_post.as_deref());
    let (destination, by_post) = match (rule.binding, redirect, post) {
        (Binding::Redirect, Some(url), _) | (Binding::Post, Some(url), None) => (url, false),
        (_, _, Some(url)) => (url, true),
        (_, None, None) => return Ok(None),
    };
    let request = AuthnRequest {
        id,
        issue_instant: turn.now,
        issuer: settings.entity_id.clone(),
        destination: destination.to_owned(),
        acs_url: Some(settings.acs.url.clone()),
        name_id_format: rule.name_id_format,
        force_authn: rule.force_authn,
        is_passive: rule.is_passive,
        authn_context: rule.authn_context.clone(),
    };
    let key = state.keys.signing.as_ref().filter(|_| rule.sign);
    let hint: Vec<(&str, &str)> = rule.domain_hint.iter().map(|hint| ("whr", hint.as_str())).collect();
    Ok(Some(if by_post {
        let fields = request.post_form(Some(relay), key)?.fields;
        Leave::Post { url: with_hint(destination, &hint), fields }
    } else {
        Leave::Redirect(request.redirect_url(destination, Some(relay), &hint, key)?)
    }))
}

/// Over the POST binding, too, the home realm is a parameter of the URL.
fn with_hint(destination: &str, hint: &[(&str, &str)]) -> String {
    match url::Url::parse(destination) {
        Ok(mut url) if !hint.is_empty() => {
            url.query_pairs_mut().extend_pairs(hint);
            url.into()
        }
        _ => destination.to_owned(),
    }
}

/// A page visit at the top level, which may start an attempt.
pub fn is_navigation(request: &Request) -> bool {
    if request.method != "GET" {
        return false;
    }
    match request.header("sec-fetch-mode") {
        Some(mode) => {
            mode == "navigate" && request.header("sec-fetch-dest").is_none_or(|dest| dest == "document")
        }
        None => {
            request.header("accept").is_some_and(|accept| accept.contains("text/html"))
                && request.header("x-requested-with").is_none()
        }
    }
}

/// Scripts and the like get no redirect that they would follow blindly. Happens all the time, so it is not logged.
fn not_signed_in(turn: &mut Turn<'_>) -> Effect {
    turn.outcome(Code::NotSignedIn);
    engine::error_page(turn, Code::NotSignedIn)
}

fn or_home(turn: &mut Turn<'_>, wanted: Option<String>, what: &str) -> String {
    wanted.unwrap_or_else(|| {
        turn.log(Level::Warn, Code::TargetRefused, format!("{what} is no page of this site"));
        turn.engine.settings.home.clone()
    })
}

/// The sign-on URL on the origin of the ACS.
fn sign_on_url(turn: &Turn<'_>, wanted: &str) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(TARGET, wanted).finish();
    format!("{}?{query}", turn.engine.settings.acs.url)
}

/// 303: the browser fetches `location` with GET, whatever it did before.
pub fn see_other(location: String, cookies: Vec<String>) -> Respond {
    let headers = vec![("Location", location), ("Cache-Control", "no-store".to_owned())];
    Respond { status: 303, headers, cookies, body: String::new() }
}

pub fn with_header(effect: Effect, name: &'static str, value: &str) -> Effect {
    match effect {
        Effect::Respond(mut respond) => {
            respond.headers.push((name, value.to_owned()));
            Effect::Respond(respond)
        }
        other => other,
    }
}
