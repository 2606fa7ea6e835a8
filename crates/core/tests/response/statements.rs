//! AuthnStatement (Core 2.7.2, 3.4.1; Profiles 4.1.4.2).

use crate::support::{Case, honest, now};
use ostiary_testkit::{shift, stamp};

fn forced() -> Case {
    let mut case = honest();
    case.scene.authn_instant = shift(now(), -30);
    case.expected.fresh_since = Some(shift(now(), -30));
    case
}

single_defects! {
    rejects_an_assertion_without_authn_statement: AuthnStatementMissing, honest, |case| case.instead_of("AuthnStatement", "");
    rejects_a_proof_from_the_future: AuthnInstantInvalid, honest, |case| {
        case.scene.authn_instant = shift(now(), 301);
    };
    rejects_a_proof_without_time: AuthnInstantInvalid, honest, |case| {
        let instant = format!(" AuthnInstant=\"{}\"", stamp(shift(now(), -6)));
        case.in_assertion(&instant, "");
    };
    rejects_a_proof_with_a_malformed_time: AuthnInstantInvalid, honest, |case| {
        let instant = stamp(shift(now(), -6));
        case.in_assertion(&format!("AuthnInstant=\"{instant}\""), "AuthnInstant=\"2026-11-24\"");
    };
    rejects_an_old_proof_where_a_fresh_one_was_demanded: AuthnTooOld, forced, |case| {
        case.scene.authn_instant = shift(now(), -31);
    };
    rejects_a_session_that_is_over: SessionExpired, honest, |case| {
        case.scene.session_not_on_or_after = Some(now());
    };
    rejects_a_session_end_that_is_no_time: ConditionsTimeInvalid, honest, |case| {
        case.in_assertion(" SessionIndex=", " SessionNotOnOrAfter=\"soon\" SessionIndex=");
        let index = format!(" SessionIndex=\"{}\"", case.scene.assertion_id);
        case.in_assertion(
            &format!(" SessionNotOnOrAfter=\"soon\"{index}"),
            &format!("{index} SessionNotOnOrAfter=\"soon\""),
        );
    };
    rejects_a_second_statement_whose_session_is_over: SessionExpired, honest, |case| {
        let over = format!("</AuthnStatement>{}", second(&stamp(shift(now(), -1))));
        case.in_assertion("</AuthnStatement>", &over);
    };
    rejects_an_authn_statement_without_context: AssertionStructure, honest, |case| {
        let instant = stamp(now());
        case.instead_of("AuthnStatement", &format!("<AuthnStatement AuthnInstant=\"{instant}\"></AuthnStatement>"));
    };
    rejects_an_unknown_element_in_the_context: AssertionStructure, honest, |case| {
        case.in_assertion("</AuthnContext>", "<Unknown></Unknown></AuthnContext>");
    };
    rejects_an_unknown_element_in_the_statement: AssertionStructure, honest, |case| {
        case.in_assertion("</AuthnStatement>", "<Unknown></Unknown></AuthnStatement>");
    };
    rejects_elements_in_the_class_of_context: XmlMixedContent, honest, |case| {
        case.in_assertion("</AuthnContextClassRef>", "<x></x></AuthnContextClassRef>");
    };
}

/// A further AuthnStatement whose session ends at `until`.
fn second(until: &str) -> String {
    format!(
        "<AuthnStatement AuthnInstant=\"{}\" SessionIndex=\"second\" SessionNotOnOrAfter=\"{until}\"><AuthnContext>\
         <AuthnContextClassRef>urn:x</AuthnContextClassRef></AuthnContext></AuthnStatement>",
        stamp(now()),
    )
}

#[test]
fn tells_when_how_and_for_how_long_the_user_is_signed_in() {
    let mut case = honest();
    case.scene.session_not_on_or_after = Some(shift(now(), 28_800));
    let accepted = case.judge().unwrap();
    let assertion = accepted.assertion().get();
    assert_eq!(assertion.authn_instant(), shift(now(), -6));
    assert_eq!(assertion.session_index(), Some(case.scene.assertion_id.as_str()));
    assert_eq!(assertion.session_not_on_or_after(), Some(shift(now(), 28_800)));
    assert_eq!(assertion.authn_context(), Some("urn:oasis:names:tc:SAML:2.0:ac:classes:Password"));
    assert_eq!(honest().judge().unwrap().assertion().get().session_not_on_or_after(), None);
}

#[test]
fn of_several_statements_the_first_speaks_and_the_earliest_end_counts() {
    let mut case = honest();
    case.scene.session_not_on_or_after = Some(shift(now(), 28_800));
    let more = format!("</AuthnStatement>{}", second(&stamp(shift(now(), 60))));
    case.in_assertion("</AuthnStatement>", &more);
    let accepted = case.judge().unwrap();
    let assertion = accepted.assertion().get();
    assert_eq!(assertion.session_index(), Some(case.scene.assertion_id.as_str()));
    assert_eq!(assertion.session_not_on_or_after(), Some(shift(now(), 60)));
}

#[test]
fn freshness_and_session_end_are_widened_by_the_skew() {
    let mut case = forced();
    case.expected.clock_skew_seconds = 180;
    case.scene.authn_instant = shift(now(), -210);
    case.scene.session_not_on_or_after = Some(shift(now(), -179));
    assert!(case.judge().is_ok());
}

#[test]
fn the_place_of_the_user_and_a_declaration_are_accepted_and_not_read() {
    let mut case = honest();
    case.in_assertion(
        "<AuthnContext>",
        "<SubjectLocality Address=\"192.0.2.1\"></SubjectLocality><AuthnContext>",
    );
    case.in_assertion(
        "</AuthnContext>",
        "<AuthnContextDeclRef>urn:x</AuthnContextDeclRef><AuthenticatingAuthority>urn:y</AuthenticatingAuthority>\
         </AuthnContext>",
    );
    assert!(case.judge().is_ok());
}
