//! Reading logout messages from verified bytes (Core 3.7.1, 3.7.2), rule by rule.

use super::{LogoutExpected, LogoutRequestIn, LogoutResponseIn, MAX_AGE_SECONDS};
use crate::time::Clock;
use crate::{NameId, Rejected, Trace, names, time, urls};
use jiff::{SignedDuration, Timestamp};
use ostiary_codes::Code;
use ostiary_xmlsig::{DecryptionKey, Element, FromSigned, Limits, Signed, SignedWith, decrypt_signed, ns};
use rand_core::CryptoRng;
use std::iter::Peekable;

/// What reading a message needs; only the receiving functions make one.
pub struct MessageContext<'c> {
    pub(super) expected: &'c LogoutExpected<'c>,
    pub(super) covering: SignedWith,
    pub(super) decryption: &'c [DecryptionKey],
    pub(super) rng: &'c mut dyn CryptoRng,
    pub(super) trace: &'c mut Trace,
}

impl FromSigned for LogoutRequestIn {
    type Context<'c> = MessageContext<'c>;
    type Error = Rejected;

    fn from_signed(root: Element<'_, Signed>, context: MessageContext<'_>) -> Result<Self, Rejected> {
        let MessageContext { expected, covering, decryption, rng, trace } = context;
        let clock = Clock::new(expected.now, expected.clock_skew_seconds);
        let common = Common::read(root, expected, clock, trace)?;
        let not_on_or_after = expiry(root, clock, trace)?;
        let mut children = common.rest;
        let name_id = subject(children.next(), covering, decryption, rng, trace)?;
        let session_indexes = children.map(|child| session_index(child, trace)).collect::<Result<_, _>>()?;
        Ok(Self {
            id: common.id,
            name_id,
            session_indexes,
            issue_instant: common.issue_instant,
            not_on_or_after,
        })
    }
}

impl FromSigned for LogoutResponseIn {
    type Context<'c> = MessageContext<'c>;
    type Error = Rejected;

    fn from_signed(root: Element<'_, Signed>, context: MessageContext<'_>) -> Result<Self, Rejected> {
        const CHECK: &str = "Profiles 4.4.4.2 InResponseTo";
        let MessageContext { expected, trace, .. } = context;
        let clock = Clock::new(expected.now, expected.clock_skew_seconds);
        let mut children = Common::read(root, expected, clock, trace)?.rest;
        let in_response_to = root.attribute("InResponseTo").unwrap_or_default();
        match expected.in_response_to {
            Some(id) if !id.is_empty() && id == in_response_to => {
                trace.held(CHECK, || (id.to_owned(), id.to_owned()));
            }
            other => {
                let wanted = other.unwrap_or("no request is outstanding");
                return Err(trace.reject(CHECK, Code::LogoutInResponseTo, wanted, &in_response_to));
            }
        }
        let success = is_success(children.next(), trace)?;
        nothing_more(children.next(), trace)?;
        Ok(Self { in_response_to: in_response_to.into_owned(), success })
    }
}

/// What both messages share (Core 3.2.1, 3.2.2), and the child elements that follow it.
struct Common<'d, I: Iterator<Item = Element<'d, Signed>>> {
    id: String,
    issue_instant: Timestamp,
    rest: Peekable<I>,
}

impl<'d> Common<'d, Box<dyn Iterator<Item = Element<'d, Signed>> + 'd>> {
    fn read(
        root: Element<'d, Signed>,
        expected: &LogoutExpected<'_>,
        clock: Clock,
        trace: &mut Trace,
    ) -> Result<Self, Rejected> {
        version(root, trace)?;
        let id = id(root, trace)?;
        let issue_instant = issue_instant(root, clock, trace)?;
        destination(root, expected, trace)?;
        if root.has_text() {
            return Err(structure(trace, "text between elements"));
        }
        let children: Box<dyn Iterator<Item = Element<'d, Signed>> + 'd> = Box::new(root.children());
        let mut rest = children.peekable();
        issuer(rest.next(), expected, trace)?;
        // The signature of a POST message was taken out when the message was hashed. Extensions says nothing to us.
        rest.next_if(|child| child.is(ns::SAMLP, "Extensions"));
        Ok(Self { id, issue_instant, rest })
    }
}

/// Core 3.2.1, 3.2.2: Version is "2.0".
fn version(root: Element<'_, Signed>, trace: &mut Trace) -> Result<(), Rejected> {
    const CHECK: &str = "Core 3.2.1, 3.2.2 Version";
    let seen = root.attribute("Version").unwrap_or_default();
    if seen == "2.0" {
        trace.held(CHECK, || ("2.0".to_owned(), "2.0".to_owned()));
        return Ok(());
    }
    Err(trace.reject(CHECK, Code::LogoutVersion, "2.0", &seen))
}

/// Core 3.2.1, 3.2.2: ID is there; that it is an xs:ID and unique, the parser has seen to.
fn id(root: Element<'_, Signed>, trace: &mut Trace) -> Result<String, Rejected> {
    const CHECK: &str = "Core 3.2.1, 3.2.2 ID";
    match root.attribute("ID") {
        Some(id) => {
            trace.held(CHECK, || ("an ID".to_owned(), id.to_string()));
            Ok(id.into_owned())
        }
        None => Err(trace.reject(CHECK, Code::LogoutStructure, "an ID", "none")),
    }
}

/// Core 3.2.1, 3.2.2: IssueInstant, not in the future and not older than [`MAX_AGE_SECONDS`].
fn issue_instant(root: Element<'_, Signed>, clock: Clock, trace: &mut Trace) -> Result<Timestamp, Rejected> {
    const CHECK: &str = "Core 3.2.1, 3.2.2 IssueInstant";
    let text = root.attribute("IssueInstant").unwrap_or_default();
    let oldest = SignedDuration::from_secs(i64::from(MAX_AGE_SECONDS));
    let fits = |instant: &Timestamp| {
        clock.has_reached(*instant) && instant.checked_add(oldest).is_ok_and(|end| clock.is_before(end))
    };
    let expected = || format!("{}, at most {MAX_AGE_SECONDS} s old", clock.describe());
    match time::parse(&text).filter(fits) {
        Some(instant) => {
            trace.held(CHECK, || (expected(), text.to_string()));
            Ok(instant)
        }
        None => Err(trace.reject(CHECK, Code::LogoutIssueInstant, &expected(), &text)),
    }
}

/// Bindings 3.4.5.2, 3.5.5.2: a signed message carries Destination, and it is where the message arrived.
fn destination(
    root: Element<'_, Signed>,
    expected: &LogoutExpected<'_>,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    const CHECK: &str = "Bindings 3.4.5.2, 3.5.5.2 Destination";
    match root.attribute("Destination") {
        Some(seen) if urls::same(expected.logout_url, &seen) => {
            trace.held(CHECK, || (expected.logout_url.to_owned(), seen.into_owned()));
            Ok(())
        }
        other => {
            let seen = other.as_deref().unwrap_or("none");
            Err(trace.reject(CHECK, Code::LogoutDestination, expected.logout_url, seen))
        }
    }
}

/// Profiles 4.4.4.1, 4.4.4.2: Issuer is there, is the identity provider, and its Format, if any, is `entity`.
fn issuer(
    element: Option<Element<'_, Signed>>,
    expected: &LogoutExpected<'_>,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    const CHECK: &str = "Profiles 4.4.4.1, 4.4.4.2 Issuer";
    let wanted = || expected.issuers.join(" or ");
    let Some(issuer) = element.filter(|element| element.is(ns::SAML, "Issuer")) else {
        return Err(trace.reject(CHECK, Code::LogoutIssuer, &wanted(), "none"));
    };
    let Ok(seen) = issuer.text() else {
        return Err(trace.reject(CHECK, Code::LogoutIssuer, &wanted(), "elements"));
    };
    let entity = issuer.attribute("Format").is_none_or(|format| format == names::FORMAT_ENTITY);
    if entity && expected.issuers.contains(&&*seen) {
        trace.held(CHECK, || (wanted(), seen.into_owned()));
        return Ok(());
    }
    Err(trace.reject(CHECK, Code::LogoutIssuer, &wanted(), &seen))
}

/// Core 3.7.1: NotOnOrAfter, if present, has not passed. What is no time may have passed.
fn expiry(root: Element<'_, Signed>, clock: Clock, trace: &mut Trace) -> Result<Option<Timestamp>, Rejected> {
    const CHECK: &str = "Core 3.7.1 NotOnOrAfter";
    let Some(text) = root.attribute("NotOnOrAfter") else { return Ok(None) };
    match time::parse(&text).filter(|end| clock.is_before(*end)) {
        Some(end) => {
            trace.held(CHECK, || (clock.describe(), text.into_owned()));
            Ok(Some(end))
        }
        None => Err(trace.reject(CHECK, Code::LogoutExpired, &clock.describe(), &text)),
    }
}

/// Core 3.7.1: NameID or EncryptedID. BaseID has no meaning that we know.
fn subject(
    element: Option<Element<'_, Signed>>,
    covering: SignedWith,
    decryption: &[DecryptionKey],
    rng: &mut dyn CryptoRng,
    trace: &mut Trace,
) -> Result<NameId, Rejected> {
    const CHECK: &str = "Core 3.7.1 NameID or EncryptedID";
    let name_id = match element {
        Some(element) if element.is(ns::SAML, "NameID") => name_id(element),
        Some(element) if element.is(ns::SAML, "EncryptedID") => {
            let decrypted = decrypt_signed(element, covering, decryption, &Limits::MESSAGE, rng)
                .map_err(|error| trace.reject(CHECK, error.code(), "an EncryptedID for us", error.step()))?;
            Some(decrypted.root()).filter(|root| root.is(ns::SAML, "NameID")).and_then(name_id)
        }
        _ => None,
    };
    match name_id {
        Some(name_id) => {
            trace.held(CHECK, || ("a user".to_owned(), "a user".to_owned()));
            Ok(name_id)
        }
        None => Err(trace.reject(CHECK, Code::LogoutNameId, "a user", "none that can be read")),
    }
}

/// Core 2.2.3: complete text, or nothing.
fn name_id(element: Element<'_, Signed>) -> Option<NameId> {
    let attribute = |name| element.attribute(name).map(std::borrow::Cow::into_owned);
    let value = element.text().ok().filter(|text| !text.trim().is_empty())?;
    Some(NameId {
        value: value.into_owned(),
        format: attribute("Format"),
        name_qualifier: attribute("NameQualifier"),
        sp_name_qualifier: attribute("SPNameQualifier"),
    })
}

/// Core 3.7.1: only SessionIndex follows. An empty one would name no session, and must not come to mean all of them.
fn session_index(element: Element<'_, Signed>, trace: &mut Trace) -> Result<String, Rejected> {
    let text = match element.text() {
        Ok(text) if element.is(ns::SAMLP, "SessionIndex") => text,
        _ => return Err(structure(trace, "unexpected element after the user")),
    };
    if text.trim().is_empty() {
        return Err(structure(trace, "an empty SessionIndex"));
    }
    Ok(text.into_owned())
}

/// Core 3.2.2.1: Status with its StatusCode. Complete success is Success without a nested PartialLogout (Core 3.7.3.2).
fn is_success(status: Option<Element<'_, Signed>>, trace: &mut Trace) -> Result<bool, Rejected> {
    const CHECK: &str = "Core 3.2.2.1 Status";
    let status = status.filter(|status| status.is(ns::SAMLP, "Status") && !status.has_text());
    let mut parts = status.iter().flat_map(|status| status.children());
    let code = parts.next().filter(|code| code.is(ns::SAMLP, "StatusCode") && !code.has_text());
    let Some((code, value)) = code.and_then(|code| Some((code, code.attribute("Value")?))) else {
        return Err(structure(trace, "no Status with a StatusCode"));
    };
    let mut more = parts.next();
    for optional in ["StatusMessage", "StatusDetail"] {
        if more.is_some_and(|part| part.is(ns::SAMLP, optional)) {
            more = parts.next();
        }
    }
    if more.is_some() {
        return Err(structure(trace, "unexpected element in the Status"));
    }
    let partial = code
        .children_named(ns::SAMLP, "StatusCode")
        .any(|nested| nested.attribute("Value").is_some_and(|value| value == names::STATUS_PARTIAL_LOGOUT));
    let success = value == names::STATUS_SUCCESS && !partial;
    trace.held(CHECK, || ("a StatusCode".to_owned(), value.into_owned()));
    Ok(success)
}

fn nothing_more(element: Option<Element<'_, Signed>>, trace: &mut Trace) -> Result<(), Rejected> {
    match element {
        Some(_) => Err(structure(trace, "unexpected element after the Status")),
        None => Ok(()),
    }
}

fn structure(trace: &mut Trace, seen: &str) -> Rejected {
    const CHECK: &str = "Core 3.7.1, 3.7.2 elements";
    trace.reject(CHECK, Code::LogoutStructure, "exactly the elements of the message", seen)
}
