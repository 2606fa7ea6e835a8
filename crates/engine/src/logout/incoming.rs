//! Messages of the identity provider at the logout URL, over Redirect and POST.

use super::{outgoing, refuse};
use crate::consume::one_time_key;
use crate::pages::{self, SignedOut};
use crate::resume;
use crate::signon;
use crate::state::State;
use crate::turn::Turn;
use crate::wire::action::{Ask, Effect, Level, Respond, Who};
use crate::wire::event::{FormProblem, NameId, Request, Reserved};
use ostiary_codes::Code;
use ostiary_core::{
    LogoutExpected, LogoutMessage, LogoutReceived, LogoutRequestIn, LogoutResponse, LogoutResponseIn,
    LogoutStatus, Rejected, RequestId, Trace, logout,
};
use ostiary_xmlsig::{RedirectParameter, Validator};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a logout request's ID is called in the one-time store.
const KIND: &str = "logout";
/// What the Redirect binding knows (Bindings 3.4.4.1); one of these makes a query a message.
const PARAMETERS: [&str; 5] = ["SAMLRequest", "SAMLResponse", "SigAlg", "Signature", "SAMLEncoding"];

/// A logout request of the identity provider whose ID is being reserved. Made from a verified one only.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// The sessions that end if the ID is new.
    Reserved(Box<Ending>),
}

/// The sessions that end, and what the answer needs.
#[derive(Debug, Serialize, Deserialize)]
pub struct Ending {
    id: String,
    name_id: NameId,
    session_indexes: Vec<String>,
    relay_state: Option<String>,
}

/// A message as it arrived.
pub enum Message<'r> {
    /// Over the Redirect binding: the raw query.
    Redirect(&'r str),
    /// Over the POST binding.
    Post {
        /// Request or response.
        parameter: RedirectParameter,
        /// Base64.
        field: &'r str,
        /// RelayState.
        relay_state: Option<&'r str>,
    },
}

impl<'r> Message<'r> {
    /// The message, if there is one; each field at most once and in its place.
    pub fn read(request: &'r Request) -> Result<Option<Self>, (Code, &'static str)> {
        let in_query = PARAMETERS.iter().any(|name| !request.query_values(name).is_empty());
        if request.method != "POST" {
            let query = request.query.as_deref().filter(|_| in_query);
            return Ok(query.map(Self::Redirect));
        }
        if in_query {
            return Err((Code::FormInvalid, "a SAML parameter stands in the query"));
        }
        match request.form_problem {
            // The button of our own page sends a form without fields, and hosts may see none in it.
            None => {}
            Some(FormProblem::TooLarge) => return Err((Code::MessageTooLarge, "the form is too large")),
            Some(FormProblem::NotUrlencoded) => {
                return Err((Code::FormInvalid, "the body is no urlencoded form"));
            }
            Some(FormProblem::InQuery) => {
                return Err((Code::FormInvalid, "a SAML parameter stands in the query"));
            }
        }
        let one = |name: &str| match request.form.as_ref().and_then(|form| form.get(name)).map(Vec::as_slice)
        {
            None | Some([]) => Ok(None),
            Some([one]) => Ok(Some(one.as_str())),
            Some(_) => Err((Code::FormInvalid, "a SAML parameter occurs twice")),
        };
        let (parameter, field) = match (one("SAMLRequest")?, one("SAMLResponse")?) {
            (Some(field), None) => (RedirectParameter::Request, field),
            (None, Some(field)) => (RedirectParameter::Response, field),
            (None, None) => return Ok(None),
            (Some(_), Some(_)) => return Err((Code::LogoutMissing, "both SAMLRequest and SAMLResponse")),
        };
        Ok(Some(Self::Post { parameter, field, relay_state: one("RelayState")? }))
    }

    /// Whether it says that it is an answer. Decides nothing but which page tells of its failure.
    fn claims_to_answer(&self) -> bool {
        match self {
            Self::Redirect(query) => {
                url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "SAMLResponse")
            }
            Self::Post { parameter, .. } => *parameter == RedirectParameter::Response,
        }
    }
}

/// Verifies a message and does what it asks for.
pub fn receive(turn: &mut Turn<'_>, request: &Request, message: &Message<'_>) -> Effect {
    let state = turn.engine.state.get();
    let (Some(validator), Some(idp)) = (&state.idp.validator, &state.idp.entity_id) else {
        let code = turn.engine.unarmed(&state);
        return refuse(turn, code, "");
    };
    match verify(turn, request, message, &state, validator, idp) {
        Ok(LogoutReceived { message: LogoutMessage::Request(verified), relay_state }) => {
            reserve(turn, idp, verified.get(), relay_state)
        }
        Ok(LogoutReceived { message: LogoutMessage::Response(verified), .. }) => {
            answered(turn, verified.get())
        }
        Err((code, detail)) => refused(turn, request, message, code, &detail),
    }
}

fn verify(
    turn: &mut Turn<'_>,
    request: &Request,
    message: &Message<'_>,
    state: &State,
    validator: &Validator,
    idp: &str,
) -> Result<LogoutReceived, (Code, String)> {
    let settings = &turn.engine.settings;
    let by_entra = entra_issuer(idp);
    let issuers: Vec<&str> = std::iter::once(idp)
        .chain(by_entra.as_deref())
        .chain(settings.logout_issuers.iter().map(String::as_str))
        .collect();
    let outstanding = outgoing::outstanding(state, &request.cookies, turn.now);
    let expected = LogoutExpected {
        logout_url: &settings.logout.url,
        issuers: &issuers,
        now: turn.now,
        clock_skew_seconds: settings.clock_skew_seconds,
        in_response_to: outstanding.as_deref(),
    };
    let keys = &state.keys.decryption;
    let mut trace = Trace::new();
    let received = match message {
        Message::Redirect(query) => {
            logout::receive_redirect(query, validator, &expected, keys, turn.rng, &mut trace)
        }
        Message::Post { parameter, field, relay_state } => logout::receive_post(
            *parameter,
            field,
            *relay_state,
            validator,
            &expected,
            keys,
            turn.rng,
            &mut trace,
        ),
    };
    received.map_err(|rejected| (rejected.code(), detail(&rejected, &trace)))
}

/// Entra ID's entity ID is `https://sts.windows.net/{tenant}/`, and it signs out as
/// `https://login.microsoftonline.com/{tenant}/`.
fn entra_issuer(idp: &str) -> Option<String> {
    let tenant = idp.strip_prefix("https://sts.windows.net/")?.strip_suffix('/')?;
    let plain = !tenant.is_empty() && tenant.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    plain.then(|| format!("https://login.microsoftonline.com/{tenant}/"))
}

fn detail(rejected: &Rejected, trace: &Trace) -> String {
    match trace.checks().iter().rev().find(|check| !check.ok) {
        Some(check) => format!("{}: expected {}, seen {}", check.check, check.expected, check.seen),
        None => rejected.detail().to_owned(),
    }
}

/// An answer that cannot be believed changes nothing: whoever is not signed in here stays signed out, and reads that
/// the identity provider did not confirm; whoever is stays signed in.
fn refused(
    turn: &mut Turn<'_>,
    request: &Request,
    message: &Message<'_>,
    code: Code,
    detail: &str,
) -> Effect {
    if request.user.is_some() || !message.claims_to_answer() {
        return refuse(turn, code, detail);
    }
    turn.note(code, detail);
    Effect::Respond(pages::signed_out(turn, SignedOut::Unconfirmed(code)))
}

/// The identity provider answered our request; the local session ended before it was sent.
fn answered(turn: &mut Turn<'_>, response: &LogoutResponseIn) -> Effect {
    let how = match response.outcome() {
        Ok(()) => {
            turn.outcome(Code::SignedOut);
            SignedOut::Everywhere
        }
        Err(rejected) => {
            turn.note(rejected.code(), rejected.detail());
            SignedOut::Unconfirmed(rejected.code())
        }
    };
    let mut respond = pages::signed_out(turn, how);
    respond.cookies.push(outgoing::forget(&turn.engine.settings.logout.full_path));
    Effect::Respond(respond)
}

/// The same request ends sessions once: a recorded one would sign the user out again and again.
fn reserve(turn: &mut Turn<'_>, idp: &str, request: &LogoutRequestIn, relay_state: Option<String>) -> Effect {
    let skew_ms = i64::from(turn.engine.settings.clock_skew_seconds).saturating_mul(1000);
    let until_ms = request.refused_from().as_millisecond().saturating_add(skew_ms.saturating_mul(2));
    // Without the skew: a store that is younger than the skew would refuse every honest request. What a fast clock of the
    // identity provider lets through again after a restart ends a session, and starts none.
    let issued_ms = request.issue_instant.as_millisecond();
    let ask = Ask::Reserve { key: one_time_key(idp, KIND, &request.id), until_ms, issued_ms };
    let ending = Ending {
        id: request.id.clone(),
        name_id: (&request.name_id).into(),
        session_indexes: request.session_indexes.clone(),
        relay_state,
    };
    turn.ask(ask, &resume::Step::Logout(Step::Reserved(Box::new(ending))))
}

/// The host answered.
pub fn resume(turn: &mut Turn<'_>, step: Step, result: &Value) -> Effect {
    let Step::Reserved(ending) = step;
    let Ok(answer) = Reserved::deserialize(result) else {
        return refuse(turn, Code::AskUnanswered, "reserve");
    };
    match answer.refusal() {
        None => end(turn, *ending),
        Some(code) => refuse(turn, code, &format!("logout request {}", ending.id)),
    }
}

fn end(turn: &mut Turn<'_>, ending: Ending) -> Effect {
    let which = match ending.session_indexes.len() {
        0 => "all sessions".to_owned(),
        count => format!("{count} sessions"),
    };
    turn.outcome(Code::SignedOut);
    turn.log(Level::Info, Code::SignedOut, format!("logout request {}: {which} of its user", ending.id));
    let then = answer(turn, &ending);
    let session_indexes = Some(ending.session_indexes).filter(|indexes| !indexes.is_empty());
    Effect::SignOut { who: Who::NameId { name_id: ending.name_id, session_indexes }, then }
}

/// The LogoutResponse, with RelayState as it came; a page where the identity provider says nowhere to send it.
fn answer(turn: &mut Turn<'_>, ending: &Ending) -> Respond {
    let state = turn.engine.state.get();
    let Some(url) = state.idp.logout_response.as_deref().or(state.idp.logout.as_deref()) else {
        return pages::signed_out(turn, SignedOut::Here);
    };
    let response = LogoutResponse {
        id: RequestId::random(turn.rng),
        issue_instant: turn.now,
        issuer: turn.engine.settings.entity_id.clone(),
        destination: url.to_owned(),
        in_response_to: ending.id.clone(),
        status: LogoutStatus::Success,
    };
    match response.redirect_url(url, ending.relay_state.as_deref(), state.keys.signing.as_ref()) {
        Ok(location) => signon::see_other(location, Vec::new()),
        Err(error) => {
            turn.log(Level::Error, Code::Internal, error.to_string());
            pages::signed_out(turn, SignedOut::Here)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn derives_the_issuer_of_entra() {
        let derived = entra_issuer("https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/");
        assert_eq!(
            derived.as_deref(),
            Some("https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/")
        );
        for other in [
            "",
            "https://sts.windows.net/",
            "https://sts.windows.net//",
            "https://sts.windows.net/a",
            "https://sts.windows.net/a/b/",
            "http://sts.windows.net/a/",
            "https://sts.windows.net.evil.example/a/",
            "http://adfs.contoso.example/adfs/services/trust",
        ] {
            assert_eq!(entra_issuer(other), None, "{other}");
        }
    }

    proptest! {
        #[test]
        fn reads_any_request(method in "GET|POST", query in prop::option::of("\\PC{0,60}"), name in "SAMLRe(quest|sponse)|RelayState|x") {
            let form = Some(std::iter::once((name, vec!["a".to_owned()])).collect());
            let request = Request { method: method.clone(), query, form, ..Request::default() };
            let message = Message::read(&request);
            if let Ok(Some(Message::Redirect(_))) = message {
                prop_assert_eq!(method, "GET");
            }
        }

        #[test]
        fn derives_nothing_but_the_tenant(idp in "https://sts\\.windows\\.net/\\PC{0,20}") {
            if let Some(issuer) = entra_issuer(&idp) {
                prop_assert_eq!(issuer.replace("login.microsoftonline.com", "sts.windows.net"), idp);
            }
        }
    }
}
