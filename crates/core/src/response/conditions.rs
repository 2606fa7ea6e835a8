//! Conditions of an assertion (Core 2.5.1). One function a rule, in the order of the specification; `check` is the
//! table of contents.

use super::grammar::in_order;
use super::{AssertionContext, Expected};
use crate::time::{self, Clock};
use crate::{Rejected, Trace};
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_xmlsig::{Element, Signed, ns};

/// Returns NotOnOrAfter, if there is one.
pub(super) fn check(
    conditions: Option<Element<'_, Signed>>,
    context: &mut AssertionContext<'_>,
) -> Result<Option<Timestamp>, Rejected> {
    let (expected, clock, trace) = (context.expected, context.clock, &mut *context.trace);
    let Some(conditions) = conditions else {
        let rule = "Profiles 4.1.4.2 Conditions";
        return Err(trace.reject(rule, Code::ConditionsMissing, "Conditions", "none"));
    };
    let from = not_before(conditions, clock, trace)?; // 2.5.1.2
    let until = not_on_or_after(conditions, clock, trace)?; // 2.5.1.2
    window(from, until, trace)?; // 2.5.1.2
    nothing_unknown(conditions, trace)?; // 2.5.1, 2.5.1.1, 2.5.1.5, 2.5.1.6
    audience(conditions, expected, trace)?; // 2.5.1.4, Profiles 4.1.4.2
    Ok(until)
}

fn not_before(
    conditions: Element<'_, Signed>,
    clock: Clock,
    trace: &mut Trace,
) -> Result<Option<Timestamp>, Rejected> {
    const RULE: &str = "Core 2.5.1.2 NotBefore";
    let Some(time) = instant(conditions, "NotBefore", RULE, trace)? else { return Ok(None) };
    if !clock.has_reached(time) {
        let seen = time::format(time);
        return Err(trace.reject(RULE, Code::ConditionsNotYetValid, &clock.describe(), &seen));
    }
    trace.held(RULE, || (clock.describe(), time::format(time)));
    Ok(Some(time))
}

fn not_on_or_after(
    conditions: Element<'_, Signed>,
    clock: Clock,
    trace: &mut Trace,
) -> Result<Option<Timestamp>, Rejected> {
    const RULE: &str = "Core 2.5.1.2 NotOnOrAfter";
    let Some(time) = instant(conditions, "NotOnOrAfter", RULE, trace)? else { return Ok(None) };
    if !clock.is_before(time) {
        let seen = time::format(time);
        return Err(trace.reject(RULE, Code::ConditionsExpired, &clock.describe(), &seen));
    }
    trace.held(RULE, || (clock.describe(), time::format(time)));
    Ok(Some(time))
}

/// Core 2.5.1.2: NotBefore is less than NotOnOrAfter.
fn window(from: Option<Timestamp>, until: Option<Timestamp>, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Core 2.5.1.2 NotBefore before NotOnOrAfter";
    match (from, until) {
        (Some(from), Some(until)) if from >= until => {
            let (from, until) = (time::format(from), time::format(until));
            Err(trace.reject(RULE, Code::ConditionsTimeInvalid, &from, &until))
        }
        _ => Ok(()),
    }
}

/// Core 2.5.1: a condition that is not understood makes the assertion not valid. OneTimeUse (2.5.1.5) holds, because
/// every assertion is used once; ProxyRestriction (2.5.1.6) binds those who issue assertions, and we do not. Each of
/// the two may occur once.
fn nothing_unknown(conditions: Element<'_, Signed>, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Core 2.5.1 known conditions";
    let known = "AudienceRestriction, OneTimeUse, ProxyRestriction";
    let mut children = in_order(conditions, trace)?;
    let (mut one_time_use, mut proxy_restriction) = (0_usize, 0_usize);
    while let Some(child) = children.next() {
        match (child.namespace(), child.local_name()) {
            (ns::SAML, "AudienceRestriction") => {}
            (ns::SAML, "OneTimeUse") => one_time_use = one_time_use.saturating_add(1),
            (ns::SAML, "ProxyRestriction") => proxy_restriction = proxy_restriction.saturating_add(1),
            (_, other) => return Err(trace.reject(RULE, Code::ConditionsUnknown, known, other)),
        }
    }
    if one_time_use > 1 || proxy_restriction > 1 {
        return Err(trace.reject(
            RULE,
            Code::AssertionStructure,
            "each at most once",
            "a repeated condition",
        ));
    }
    trace.held(RULE, || {
        let names: Vec<_> = conditions.children().map(|child| child.local_name()).collect();
        (known.to_owned(), names.join(", "))
    });
    Ok(())
}

/// Core 2.5.1.4: every restriction must name us; within one restriction any audience will do. Profiles 4.1.4.2 makes at
/// least one restriction mandatory.
fn audience(
    conditions: Element<'_, Signed>,
    expected: &Expected<'_>,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    const RULE: &str = "Core 2.5.1.4 Audience";
    let us = expected.audiences.first().copied().unwrap_or_default();
    let mut restricted = false;
    for restriction in conditions.children_named(ns::SAML, "AudienceRestriction") {
        restricted = true;
        let mut children = in_order(restriction, trace)?;
        let mut names_us = false;
        let mut others = String::new();
        while let Some(audience) = children.take(ns::SAML, "Audience") {
            let Ok(audience) = audience.text() else {
                return Err(trace.reject(RULE, Code::XmlMixedContent, us, "elements inside the Audience"));
            };
            if expected.audiences.contains(&&*audience) {
                names_us = true;
            } else if others.is_empty() {
                others = audience.into_owned();
            }
        }
        children.end(Code::AssertionStructure, "Audience", trace)?;
        if !names_us {
            return Err(trace.reject(RULE, Code::AudienceMismatch, us, &others));
        }
    }
    if !restricted {
        return Err(trace.reject(RULE, Code::AudienceMissing, us, "no AudienceRestriction"));
    }
    trace.held_same(RULE, us);
    Ok(())
}

/// An attribute that is a time, if it is there.
fn instant(
    element: Element<'_, Signed>,
    local: &str,
    rule: &'static str,
    trace: &mut Trace,
) -> Result<Option<Timestamp>, Rejected> {
    let Some(text) = element.attribute(local) else { return Ok(None) };
    match time::parse(&text) {
        Some(time) => Ok(Some(time)),
        None => Err(trace.reject(rule, Code::ConditionsTimeInvalid, "a time in UTC", &text)),
    }
}
