//! Taking logout messages off the wire. Front-channel logout messages are signed, without exception (Profiles 4.4.4.1).

use super::read::MessageContext;
use super::{LogoutExpected, LogoutMessage, LogoutReceived};
use crate::bindings::MAX_RELAY_STATE;
use crate::{Rejected, Trace, form_field};
use ostiary_codes::Code;
use ostiary_xmlsig::{
    DecryptionKey, Element, Limits, Message, Placement, RedirectMessage, RedirectParameter, SignedXml,
    Unsigned, Validator, Verified, ns,
};
use rand_core::CryptoRng;

const REDIRECT: &str = "Bindings 3.4.4.1 query";
const REDIRECT_SIGNATURE: &str = "Profiles 4.4.4.1, Bindings 3.4.4.1 Signature";
const POST: &str = "Bindings 3.5.4 form field";
const POST_SIGNATURE: &str = "Profiles 4.4.4.1, Core 5.4 Signature";
const POST_RELAY_STATE: &str = "Bindings 3.5.3 RelayState";
const ROOT: &str = "Core 3.7 LogoutRequest or LogoutResponse";

/// Receives a logout message over the Redirect binding. `raw_query` is the query exactly as received, without `?`.
///
/// # Errors
/// The first rule that is broken.
pub fn receive_redirect(
    raw_query: &str,
    validator: &Validator,
    expected: &LogoutExpected<'_>,
    decryption: &[DecryptionKey],
    rng: &mut dyn CryptoRng,
    trace: &mut Trace,
) -> Result<LogoutReceived, Rejected> {
    let query = RedirectMessage::parse(raw_query, &Limits::MESSAGE).map_err(|error| {
        trace.reject(REDIRECT, error.code(), "one message, as the binding has it", error.detail())
    })?;
    right_root(query.root(), query.parameter(), trace)?;
    let signed = query.verify(validator).map_err(|error| {
        trace.reject(REDIRECT_SIGNATURE, error.code(), "signed by a configured key", error.detail())
    })?;
    signed_by(&signed, REDIRECT_SIGNATURE, trace);
    let message = read(&signed, query.parameter(), expected, decryption, rng, trace)?;
    Ok(LogoutReceived { message, relay_state: query.relay_state().map(str::to_owned) })
}

/// Receives a logout message over the POST binding: the base64 of the form field that `parameter` names.
///
/// # Errors
/// The first rule that is broken.
#[expect(clippy::too_many_arguments, reason = "as receive_redirect, and the two other form fields")]
pub fn receive_post(
    parameter: RedirectParameter,
    field: &str,
    relay_state: Option<&str>,
    validator: &Validator,
    expected: &LogoutExpected<'_>,
    decryption: &[DecryptionKey],
    rng: &mut dyn CryptoRng,
    trace: &mut Trace,
) -> Result<LogoutReceived, Rejected> {
    if relay_state.is_some_and(|state| state.len() > MAX_RELAY_STATE) {
        return Err(trace.reject(POST_RELAY_STATE, Code::RelayStateInvalid, "at most 80 bytes", "more"));
    }
    let xml = form_field::decode(field, Limits::MESSAGE.bytes)
        .map_err(|error| trace.reject(POST, error.code(), "base64 of at most 256 KB", error.detail()))?;
    let message = Message::parse(&xml, &Limits::MESSAGE)
        .map_err(|error| trace.reject(POST, error.code(), "strict XML", error.detail()))?;
    right_root(message.root(), parameter, trace)?;
    let signed = verify_enveloped(message.root(), validator, trace)?;
    let message = read(&signed, parameter, expected, decryption, rng, trace)?;
    Ok(LogoutReceived { message, relay_state: relay_state.map(str::to_owned) })
}

fn right_root(
    root: Element<'_, Unsigned>,
    parameter: RedirectParameter,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    let wanted = match parameter {
        RedirectParameter::Request => "LogoutRequest",
        RedirectParameter::Response => "LogoutResponse",
    };
    if root.is(ns::SAMLP, wanted) {
        trace.held(ROOT, || (wanted.to_owned(), wanted.to_owned()));
        Ok(())
    } else {
        Err(trace.reject(ROOT, Code::LogoutNotALogout, wanted, root.local_name()))
    }
}

/// The message itself must be signed. SHA-1 is refused whatever the policy says: that setting is for sign-in responses
/// only.
fn verify_enveloped(
    root: Element<'_, Unsigned>,
    validator: &Validator,
    trace: &mut Trace,
) -> Result<Verified<SignedXml>, Rejected> {
    let verified = Validator::refuse_stray_signatures(root, &[root])
        .and_then(|()| validator.verify_enveloped(root, Placement::AfterIssuer));
    let (code, detail) = match verified {
        Ok(Some(signed)) if signed.signed_with().sha1 => (Code::SignatureSha1, "SHA-1".to_owned()),
        Ok(Some(signed)) => {
            signed_by(&signed, POST_SIGNATURE, trace);
            return Ok(signed);
        }
        Ok(None) => (Code::LogoutUnsigned, "no Signature".to_owned()),
        Err(error) => (error.code(), error.detail().to_owned()),
    };
    Err(trace.reject(POST_SIGNATURE, code, "signed by a configured key", &detail))
}

fn signed_by(signed: &Verified<SignedXml>, check: &'static str, trace: &mut Trace) {
    trace.held(check, || ("signed by a configured key".to_owned(), signed.signed_with().key.hex()));
}

fn read(
    signed: &Verified<SignedXml>,
    parameter: RedirectParameter,
    expected: &LogoutExpected<'_>,
    decryption: &[DecryptionKey],
    rng: &mut dyn CryptoRng,
    trace: &mut Trace,
) -> Result<LogoutMessage, Rejected> {
    let context = MessageContext { expected, covering: signed.signed_with(), decryption, rng, trace };
    Ok(match parameter {
        RedirectParameter::Request => LogoutMessage::Request(signed.read(context)?),
        RedirectParameter::Response => LogoutMessage::Response(signed.read(context)?),
    })
}
