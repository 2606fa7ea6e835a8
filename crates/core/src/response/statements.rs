//! AuthnStatement: that, when and how the user proved who they are (Core 2.7.2, Profiles 4.1.4.2).

use super::AssertionContext;
use super::grammar::in_order;
use crate::time;
use crate::{Rejected, Trace};
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_xmlsig::{Element, Signed, ns};

/// What the statements say together: of the first, except that the earliest SessionNotOnOrAfter counts.
pub(super) struct Authn {
    pub instant: Timestamp,
    pub session_index: Option<String>,
    pub session_not_on_or_after: Option<Timestamp>,
    pub context: Option<String>,
}

/// Profiles 4.1.4.2: at least one AuthnStatement. Every one is checked.
pub(super) fn read(
    statements: &[Element<'_, Signed>],
    context: &mut AssertionContext<'_>,
) -> Result<Authn, Rejected> {
    const RULE: &str = "Profiles 4.1.4.2 AuthnStatement";
    let mut all: Option<Authn> = None;
    for statement in statements {
        let next = one(*statement, context)?;
        all = Some(match all {
            None => next,
            Some(first) => {
                let ends = [first.session_not_on_or_after, next.session_not_on_or_after];
                Authn { session_not_on_or_after: ends.into_iter().flatten().min(), ..first }
            }
        });
    }
    all.ok_or_else(|| context.trace.reject(RULE, Code::AuthnStatementMissing, "an AuthnStatement", "none"))
}

fn one(statement: Element<'_, Signed>, context: &mut AssertionContext<'_>) -> Result<Authn, Rejected> {
    let class = authn_context(statement, context.trace)?; // Core 2.7.2.2
    let instant = authn_instant(statement, context)?; // Core 2.7.2
    fresh(instant, context)?; // Core 3.4.1 ForceAuthn
    let session_not_on_or_after = session_not_on_or_after(statement, context)?; // Core 2.7.2
    let session_index = statement.attribute("SessionIndex").map(std::borrow::Cow::into_owned);
    Ok(Authn { instant, session_index, session_not_on_or_after, context: class })
}

/// Core 2.7.2.2: SubjectLocality and AuthnContext; of the latter the class reference.
fn authn_context(statement: Element<'_, Signed>, trace: &mut Trace) -> Result<Option<String>, Rejected> {
    const RULE: &str = "Core 2.7.2.2 AuthnContext";
    let mut children = in_order(statement, trace)?;
    children.take(ns::SAML, "SubjectLocality");
    let context = children.take(ns::SAML, "AuthnContext");
    children.end(Code::AssertionStructure, "SubjectLocality, AuthnContext", trace)?;
    let Some(context) = context else {
        return Err(trace.reject(RULE, Code::AssertionStructure, "an AuthnContext", "none"));
    };
    let mut children = in_order(context, trace)?;
    let class = children.take(ns::SAML, "AuthnContextClassRef");
    children.take_saml(&["AuthnContextDecl", "AuthnContextDeclRef"]);
    while children.take(ns::SAML, "AuthenticatingAuthority").is_some() {}
    children.end(Code::AssertionStructure, "AuthnContextClassRef, AuthnContextDeclRef", trace)?;
    match class.map(|class| class.text()) {
        None => Ok(None),
        Some(Ok(class)) => Ok(Some(class.into_owned())),
        Some(Err(_)) => Err(trace.reject(RULE, Code::XmlMixedContent, "text", "elements inside")),
    }
}

/// Core 2.7.2: AuthnInstant is a time in UTC and not in the future.
fn authn_instant(
    statement: Element<'_, Signed>,
    context: &mut AssertionContext<'_>,
) -> Result<Timestamp, Rejected> {
    const RULE: &str = "Core 2.7.2 AuthnInstant";
    let (clock, trace) = (context.clock, &mut *context.trace);
    let text = statement.attribute("AuthnInstant");
    match text.as_deref().and_then(time::parse) {
        Some(time) if clock.is_plausible(time) => {
            trace.held(RULE, || (clock.describe_plausible(), time::format(time)));
            Ok(time)
        }
        _ => {
            let seen = text.as_deref().unwrap_or("none");
            Err(trace.reject(RULE, Code::AuthnInstantInvalid, &clock.describe_plausible(), seen))
        }
    }
}

/// Core 3.4.1: with ForceAuthn the user was asked again, so the proof is not older than the request.
fn fresh(instant: Timestamp, context: &mut AssertionContext<'_>) -> Result<(), Rejected> {
    const RULE: &str = "Core 3.4.1 ForceAuthn";
    let Some(since) = context.expected.fresh_since else { return Ok(()) };
    let trace = &mut *context.trace;
    if !context.clock.not_earlier(instant, since) {
        let (since, instant) = (time::format(since), time::format(instant));
        return Err(trace.reject(RULE, Code::AuthnTooOld, &since, &instant));
    }
    trace.held(RULE, || (time::format(since), time::format(instant)));
    Ok(())
}

/// Core 2.7.2: the session is not over yet.
fn session_not_on_or_after(
    statement: Element<'_, Signed>,
    context: &mut AssertionContext<'_>,
) -> Result<Option<Timestamp>, Rejected> {
    const RULE: &str = "Core 2.7.2 SessionNotOnOrAfter";
    let (clock, trace) = (context.clock, &mut *context.trace);
    let Some(text) = statement.attribute("SessionNotOnOrAfter") else { return Ok(None) };
    let Some(time) = time::parse(&text) else {
        return Err(trace.reject(RULE, Code::ConditionsTimeInvalid, "a time in UTC", &text));
    };
    if !clock.is_before(time) {
        return Err(trace.reject(RULE, Code::SessionExpired, &clock.describe(), &text));
    }
    trace.held(RULE, || (clock.describe(), time::format(time)));
    Ok(Some(time))
}
