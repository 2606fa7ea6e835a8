//! The Response around the Assertion (Core 3.2.2, 3.3.3). Nobody vouches for it unless the Response is signed, so
//! everything here is a comparison with an expectation: go on, or refuse.

use super::grammar::in_order;
use super::{Expected, InResponse};
use crate::time::{self, Clock};
use crate::{Rejected, Trace, names, urls};
use ostiary_codes::Code;
use ostiary_xmlsig::{Element, Unsigned, Unverified, ns};
use std::borrow::Cow;

/// The children of a Response, in the order of the schema.
pub(super) struct Envelope<'d> {
    pub root: Element<'d, Unsigned>,
    pub issuer: Option<Element<'d, Unsigned>>,
    pub has_signature: bool,
    pub status: Option<Element<'d, Unsigned>>,
    pub content: Vec<Content<'d>>,
}

/// What a Response carries.
#[derive(Clone, Copy)]
pub(super) enum Content<'d> {
    Plain(Element<'d, Unsigned>),
    Encrypted(Element<'d, Unsigned>),
}

impl<'d> Envelope<'d> {
    /// Takes the Response apart. Extensions may stand there; nothing in them is read.
    pub(super) fn read(root: Element<'d, Unsigned>, trace: &mut Trace) -> Result<Self, Rejected> {
        let mut children = in_order(root, trace)?;
        let issuer = children.take(ns::SAML, "Issuer");
        let has_signature = children.take(ns::DS, "Signature").is_some();
        children.take(ns::SAMLP, "Extensions");
        let status = children.take(ns::SAMLP, "Status");
        let mut content = Vec::with_capacity(1);
        while let Some(child) = children.take_saml(&["Assertion", "EncryptedAssertion"]) {
            content.push(match child.local_name() {
                "Assertion" => Content::Plain(child),
                _ => Content::Encrypted(child),
            });
        }
        let schema = "Issuer, Signature, Extensions, Status, Assertion";
        children.end(Code::ResponseStructure, schema, trace)?;
        Ok(Self { root, issuer, has_signature, status, content })
    }

    /// Profiles 4.1.4.2: one Assertion, plain or encrypted.
    pub(super) fn only_assertion(&self, trace: &mut Trace) -> Result<Content<'d>, Rejected> {
        const RULE: &str = "Profiles 4.1.4.2 one Assertion";
        match self.content.as_slice() {
            [] => Err(trace.reject(RULE, Code::AssertionMissing, "one Assertion", "none")),
            [one] => {
                trace.held(RULE, || ("one Assertion".to_owned(), one.name().to_owned()));
                Ok(*one)
            }
            several => {
                let seen = several.len().to_string();
                Err(trace.reject(RULE, Code::AssertionNotUnique, "one Assertion", &seen))
            }
        }
    }
}

impl Content<'_> {
    const fn name(&self) -> &'static str {
        match self {
            Self::Plain(_) => "Assertion",
            Self::Encrypted(_) => "EncryptedAssertion",
        }
    }
}

pub(super) fn check(
    envelope: &Envelope<'_>,
    expected: &Expected<'_>,
    clock: Clock,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    version(envelope, trace)?; // Core 3.2.2
    id(envelope, trace)?; // Core 3.2.2, 1.3.4
    issue_instant(envelope, clock, trace)?; // Core 3.2.2, 1.3.3
    destination(envelope, expected, trace)?; // Core 3.2.2, Bindings 3.5.5.2
    in_response_to(envelope, expected, trace)?; // Core 3.2.2, Profiles 4.1.5
    issuer(envelope, expected, trace) // Profiles 4.1.4.2
}

/// Core 3.2.2: Version is 2.0.
fn version(envelope: &Envelope<'_>, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Core 3.2.2 Version of the Response";
    match envelope.root.attribute_unverified("Version") {
        Some(version) if version.matches("2.0") => {
            trace.held_same(RULE, "2.0");
            Ok(())
        }
        other => Err(trace.reject(RULE, Code::ResponseVersion, "2.0", &seen(other.as_ref()))),
    }
}

/// Core 3.2.2: an ID; that it is unique and an xs:ID (Core 1.3.4) the parser has seen to.
fn id(envelope: &Envelope<'_>, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Core 3.2.2 ID of the Response";
    match envelope.root.attribute_unverified("ID") {
        Some(id) => {
            trace.held(RULE, || ("an ID".to_owned(), id.for_trace()));
            Ok(())
        }
        None => Err(trace.reject(RULE, Code::ResponseIdMissing, "an ID", "none")),
    }
}

/// Core 3.2.2, 1.3.3: IssueInstant is a time in UTC and not in the future; it may be long ago.
fn issue_instant(envelope: &Envelope<'_>, clock: Clock, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Core 3.2.2 IssueInstant of the Response";
    let instant = envelope.root.attribute_unverified("IssueInstant");
    match instant.as_ref().and_then(|text| text.bounded(time::parse)) {
        Some(time) if clock.is_plausible(time) => {
            trace.held(RULE, || (clock.describe_plausible(), time::format(time)));
            Ok(())
        }
        _ => Err(trace.reject(
            RULE,
            Code::ResponseIssueInstant,
            &clock.describe_plausible(),
            &seen(instant.as_ref()),
        )),
    }
}

/// Core 3.2.2, Bindings 3.5.5.2: Destination is our URL; a signed Response must carry it.
fn destination(envelope: &Envelope<'_>, expected: &Expected<'_>, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Bindings 3.5.5.2 Destination";
    let destination = envelope.root.attribute_unverified("Destination");
    match &destination {
        Some(url) if url.bounded(|url| urls::same(expected.acs_url, url)) => {
            trace.held(RULE, || (expected.acs_url.to_owned(), url.for_trace()));
            Ok(())
        }
        Some(url) => Err(trace.reject(RULE, Code::DestinationMismatch, expected.acs_url, &url.for_trace())),
        None if envelope.has_signature => {
            Err(trace.reject(RULE, Code::DestinationMissing, expected.acs_url, "none"))
        }
        None => {
            trace.held_same(RULE, "none, as the Response is not signed");
            Ok(())
        }
    }
}

/// Core 3.2.2: InResponseTo is our request; Profiles 4.1.5: an unsolicited Response has none.
fn in_response_to(
    envelope: &Envelope<'_>,
    expected: &Expected<'_>,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    const RULE: &str = "Core 3.2.2 InResponseTo of the Response";
    match (envelope.root.attribute_unverified("InResponseTo"), expected.request) {
        (Some(id), InResponse::To(ours)) if id.matches(ours) => {
            trace.held_same(RULE, ours);
            Ok(())
        }
        (Some(id), InResponse::To(ours)) => {
            Err(trace.reject(RULE, Code::ResponseInResponseTo, ours, &id.for_trace()))
        }
        (None, InResponse::To(ours)) => {
            Err(trace.reject(RULE, Code::InResponseToMissing, ours, "no InResponseTo on the Response"))
        }
        (Some(id), InResponse::Unsolicited) => {
            Err(trace.reject(RULE, Code::UnsolicitedInResponseTo, "none", &id.for_trace()))
        }
        (None, InResponse::Unsolicited) => {
            trace.held_same(RULE, "none");
            Ok(())
        }
    }
}

/// Profiles 4.1.4.2: the Issuer, if present, is the identity provider; a signed Response must have one.
fn issuer(envelope: &Envelope<'_>, expected: &Expected<'_>, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Profiles 4.1.4.2 Issuer of the Response";
    let idp = expected.idp_entity_id;
    let Some(element) = envelope.issuer else {
        if envelope.has_signature {
            return Err(trace.reject(RULE, Code::ResponseIssuerMissing, idp, "none"));
        }
        trace.held_same(RULE, "none, as the Response is not signed");
        return Ok(());
    };
    let format = element.attribute_unverified("Format");
    if format.as_ref().is_some_and(|format| !format.matches(names::FORMAT_ENTITY)) {
        let seen = seen(format.as_ref());
        return Err(trace.reject(RULE, Code::ResponseIssuerMismatch, names::FORMAT_ENTITY, &seen));
    }
    match element.text_unverified() {
        Ok(issuer) if issuer.matches(idp) => {
            trace.held_same(RULE, idp);
            Ok(())
        }
        Ok(issuer) => Err(trace.reject(RULE, Code::ResponseIssuerMismatch, idp, &issuer.for_trace())),
        Err(_) => Err(trace.reject(RULE, Code::XmlMixedContent, idp, "elements inside the Issuer")),
    }
}

fn seen(value: Option<&Unverified<Cow<'_, str>>>) -> String {
    value.map_or_else(|| "none".to_owned(), Unverified::for_trace)
}
