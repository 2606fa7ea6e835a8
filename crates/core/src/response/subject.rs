//! Subject: who it is, and by what right the bearer says so (Core 2.4, Profiles 3.3, 4.1.4.2, 4.1.4.3).

use super::grammar::in_order;
use super::{AssertionContext, Expected, InResponse};
use crate::time::{self, Clock};
use crate::{Rejected, Trace, names, urls};
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_xmlsig::{Element, Limits, Signed, decrypt_signed, ns};

/// Characters of an identifier. Core 8.3.7 allows 256 for persistent ones.
const MAX_NAME_ID: usize = 1024;

/// Who the user is to the identity provider (Core 2.2.3). Compared exactly, never folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameId {
    /// The identifier, byte for byte.
    pub value: String,
    /// Format URI.
    pub format: Option<String>,
    /// NameQualifier.
    pub name_qualifier: Option<String>,
    /// SPNameQualifier.
    pub sp_name_qualifier: Option<String>,
}

/// A confirmed subject.
pub(super) struct Subject {
    pub name_id: NameId,
    /// The latest NotOnOrAfter of a bearer confirmation.
    pub not_on_or_after: Timestamp,
}

pub(super) fn read(
    subject: Option<Element<'_, Signed>>,
    context: &mut AssertionContext<'_>,
) -> Result<Subject, Rejected> {
    let Some(subject) = subject else {
        let rule = "Profiles 4.1.4.2 Subject";
        return Err(context.trace.reject(rule, Code::SubjectMissing, "a Subject", "none"));
    };
    let mut children = in_order(subject, context.trace)?;
    let identifier = children.take_saml(&["NameID", "EncryptedID", "BaseID"]);
    let name_id = name_id(identifier, context)?; // Core 2.2.3, 2.2.4
    let mut confirmations = Vec::with_capacity(1);
    while let Some(confirmation) = children.take(ns::SAML, "SubjectConfirmation") {
        confirmations.push(confirmation);
    }
    let next_identifier = children.take_saml(&["NameID", "EncryptedID", "BaseID"]);
    if next_identifier.is_some() {
        return Err(context.trace.reject(NAME_ID, Code::NameIdInvalid, "one identifier", "several"));
    }
    let schema = "NameID, SubjectConfirmation";
    children.end(Code::AssertionStructure, schema, context.trace)?;
    let not_on_or_after = confirmed(&confirmations, context)?; // Profiles 4.1.4.2, 4.1.4.3
    Ok(Subject { name_id, not_on_or_after })
}

const NAME_ID: &str = "Core 2.2.3 NameID";

/// The identifier, decrypted if need be: the ciphertext was part of the signed bytes.
fn name_id(
    identifier: Option<Element<'_, Signed>>,
    context: &mut AssertionContext<'_>,
) -> Result<NameId, Rejected> {
    let Some(element) = identifier else {
        return Err(context.trace.reject(NAME_ID, Code::NameIdMissing, "a NameID", "none"));
    };
    match element.local_name() {
        "NameID" => plain(element, context.trace),
        "EncryptedID" => {
            let keys = context.decryption;
            let opened = decrypt_signed(element, context.covering, keys, &Limits::MESSAGE, context.rng)
                .map_err(|error| context.trace.pass_on("Core 2.2.4 EncryptedID", error))?;
            let inside = opened.root();
            if !inside.is(ns::SAML, "NameID") {
                let seen = inside.local_name();
                return Err(context.trace.reject(NAME_ID, Code::NameIdInvalid, "NameID", seen));
            }
            plain(inside, context.trace)
        }
        other => Err(context.trace.reject(NAME_ID, Code::NameIdInvalid, "NameID", other)),
    }
}

/// Core 2.2.3: text only, not empty, bounded.
fn plain(element: Element<'_, Signed>, trace: &mut Trace) -> Result<NameId, Rejected> {
    let Ok(value) = element.text() else {
        return Err(trace.reject(NAME_ID, Code::NameIdInvalid, "text", "elements inside"));
    };
    if value.trim().is_empty() {
        return Err(trace.reject(NAME_ID, Code::NameIdMissing, "an identifier", "empty"));
    }
    if value.chars().count() > MAX_NAME_ID {
        let expected = format!("at most {MAX_NAME_ID} characters");
        return Err(trace.reject(NAME_ID, Code::NameIdInvalid, &expected, "longer"));
    }
    trace.held(NAME_ID, || ("an identifier".to_owned(), value.clone().into_owned()));
    let owned = |local: &str| element.attribute(local).map(std::borrow::Cow::into_owned);
    Ok(NameId {
        value: value.into_owned(),
        format: owned("Format"),
        name_qualifier: owned("NameQualifier"),
        sp_name_qualifier: owned("SPNameQualifier"),
    })
}

/// What is compared exactly must be usable exactly (Core 1.3.1, 2.2.2): no control characters, no white space around
/// that a directory would trim to another user, and a qualifier that names a service provider names us.
pub(super) fn usable(name_id: &NameId, expected: &Expected<'_>, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Core 2.2.2 SPNameQualifier";
    let value = name_id.value.as_str();
    if value.trim() != value || value.chars().any(char::is_control) {
        let allowed = "no control characters, no white space around";
        // Not the name itself: it need not be the user id, and the line goes to the log.
        return Err(trace.reject(NAME_ID, Code::NameIdInvalid, allowed, "such characters"));
    }
    match &name_id.sp_name_qualifier {
        Some(other) if !expected.audiences.contains(&other.as_str()) => {
            let us = expected.audiences.first().copied().unwrap_or_default();
            Err(trace.reject(RULE, Code::NameIdInvalid, us, other))
        }
        _ => Ok(()),
    }
}

/// Profiles 4.1.4.3: one bearer confirmation that holds is enough; without one, the first that fails says why.
/// Returns the latest NotOnOrAfter among those that hold.
fn confirmed(
    confirmations: &[Element<'_, Signed>],
    context: &mut AssertionContext<'_>,
) -> Result<Timestamp, Rejected> {
    const RULE: &str = "Profiles 4.1.4.2 bearer SubjectConfirmation";
    if context.expected.request == InResponse::Unsolicited {
        nothing_answered(confirmations, context.trace)?; // Profiles 4.1.5
    }
    let mut latest = None;
    let mut refused = None;
    for confirmation in confirmations {
        if confirmation.attribute("Method").is_none_or(|method| method != names::BEARER) {
            continue;
        }
        let mut branch = context.trace.branch();
        match bearer(*confirmation, context.expected, context.clock, &mut branch) {
            Ok(time) => {
                latest = latest.max(Some(time));
                context.trace.merge(branch);
            }
            Err(rejected) => refused = refused.or(Some((rejected, branch))),
        }
    }
    match (latest, refused) {
        (Some(latest), _) => Ok(latest),
        (None, Some((rejected, branch))) => {
            context.trace.merge(branch);
            Err(rejected)
        }
        (None, None) => {
            let seen = format!("{} other confirmations", confirmations.len());
            Err(context.trace.reject(RULE, Code::SubjectConfirmationMissing, names::BEARER, &seen))
        }
    }
}

/// Profiles 4.1.5: what was not asked for answers nothing, by no confirmation of any method.
fn nothing_answered(confirmations: &[Element<'_, Signed>], trace: &mut Trace) -> Result<(), Rejected> {
    let mut data = confirmations.iter().flat_map(|confirmation| confirmation.children());
    match data.find_map(|data| data.attribute("InResponseTo")) {
        None => Ok(()),
        Some(id) => Err(trace.reject(IN_RESPONSE_TO, Code::UnsolicitedInResponseTo, "none", &id)),
    }
}

/// One bearer confirmation; its NotOnOrAfter.
fn bearer(
    confirmation: Element<'_, Signed>,
    expected: &Expected<'_>,
    clock: Clock,
    trace: &mut Trace,
) -> Result<Timestamp, Rejected> {
    let mut children = in_order(confirmation, trace)?;
    children.take_saml(&["NameID", "EncryptedID", "BaseID"]);
    let data = children.take(ns::SAML, "SubjectConfirmationData");
    children.end(Code::AssertionStructure, "NameID, SubjectConfirmationData", trace)?;
    recipient(data, expected, trace)?; // Profiles 4.1.4.2, 4.1.4.3
    no_not_before(data, trace)?; // Profiles 4.1.4.2
    let until = not_on_or_after(data, clock, trace)?; // Profiles 4.1.4.2, 4.1.4.3
    in_response_to(data, expected, trace)?; // Profiles 4.1.4.2, 4.1.4.3, 4.1.5
    Ok(until)
}

/// Profiles 4.1.4.3: Recipient is our URL.
fn recipient(
    data: Option<Element<'_, Signed>>,
    expected: &Expected<'_>,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    const RULE: &str = "Profiles 4.1.4.3 Recipient";
    match data.and_then(|data| data.attribute("Recipient")) {
        Some(url) if urls::same(expected.acs_url, &url) => {
            trace.held_same(RULE, expected.acs_url);
            Ok(())
        }
        Some(url) => Err(trace.reject(RULE, Code::RecipientMismatch, expected.acs_url, &url)),
        None => Err(trace.reject(RULE, Code::RecipientMissing, expected.acs_url, "none")),
    }
}

/// Profiles 4.1.4.2: a bearer confirmation has no NotBefore.
fn no_not_before(data: Option<Element<'_, Signed>>, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Profiles 4.1.4.2 no NotBefore on the confirmation";
    match data.and_then(|data| data.attribute("NotBefore")) {
        None => {
            trace.held_same(RULE, "none");
            Ok(())
        }
        Some(seen) => Err(trace.reject(RULE, Code::ConfirmationNotBefore, "none", &seen)),
    }
}

/// Profiles 4.1.4.3: NotOnOrAfter is there and has not passed.
fn not_on_or_after(
    data: Option<Element<'_, Signed>>,
    clock: Clock,
    trace: &mut Trace,
) -> Result<Timestamp, Rejected> {
    const RULE: &str = "Profiles 4.1.4.3 NotOnOrAfter of the confirmation";
    let Some(text) = data.and_then(|data| data.attribute("NotOnOrAfter")) else {
        return Err(trace.reject(RULE, Code::ConfirmationExpiryMissing, "a NotOnOrAfter", "none"));
    };
    let Some(time) = time::parse(&text) else {
        return Err(trace.reject(RULE, Code::ConditionsTimeInvalid, "a time in UTC", &text));
    };
    if !clock.is_before(time) {
        return Err(trace.reject(RULE, Code::ConfirmationExpired, &clock.describe(), &text));
    }
    trace.held(RULE, || (clock.describe(), text.clone().into_owned()));
    Ok(time)
}

const IN_RESPONSE_TO: &str = "Profiles 4.1.4.3 InResponseTo of the confirmation";

/// Profiles 4.1.4.3: InResponseTo is our request. That an unsolicited Response has none was checked for all
/// confirmations.
fn in_response_to(
    data: Option<Element<'_, Signed>>,
    expected: &Expected<'_>,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    let InResponse::To(ours) = expected.request else {
        trace.held_same(IN_RESPONSE_TO, "none");
        return Ok(());
    };
    match data.and_then(|data| data.attribute("InResponseTo")) {
        Some(id) if id == ours => {
            trace.held_same(IN_RESPONSE_TO, ours);
            Ok(())
        }
        Some(id) => Err(trace.reject(IN_RESPONSE_TO, Code::ConfirmationInResponseTo, ours, &id)),
        None => Err(trace.reject(IN_RESPONSE_TO, Code::InResponseToMissing, ours, "no InResponseTo")),
    }
}
