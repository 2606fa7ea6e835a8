//! What honest identity providers send, and what comes out of it.

use crate::support::{
    ACS, Case, IDP, REQUEST, SP, USER, both_signed, honest, now, response_signed, unsolicited,
};
use ostiary_core::{OneTimeId, OneTimeKind, Trace};
use ostiary_testkit::{Scene, SeededRng, shift};

#[test]
fn accepts_entras_three_ways_of_signing() {
    let shapes: [(fn() -> Case, _, _); 3] =
        [(honest, true, false), (response_signed, false, true), (both_signed, true, true)];
    for (base, assertion, response) in shapes {
        let accepted = base().judge().unwrap();
        assert_eq!(accepted.assertion().get().name_id().value, USER);
        assert_eq!(accepted.assertion().get().issuer(), IDP);
        assert_eq!((accepted.assertion_signed(), accepted.response_signed()), (assertion, response));
    }
}

#[test]
fn accepts_what_ad_fs_sends() {
    let mut case = honest();
    case.scene = Scene::adfs(IDP, SP, ACS, Some(REQUEST), now(), &mut SeededRng::new(3));
    let accepted = case.judge().unwrap();
    let upn = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn";
    assert_eq!(accepted.assertion().get().attribute(upn).unwrap(), USER);
}

#[test]
fn accepts_an_unsolicited_response_where_it_is_expected() {
    assert!(unsolicited().judge().is_ok());
}

#[test]
fn names_what_may_be_used_once_only() {
    let case = both_signed();
    let (assertion, response) = (case.scene.assertion_id.clone(), case.scene.response_id.clone());
    let not_on_or_after = shift(now(), 3600);
    let expected = [
        OneTimeId { kind: OneTimeKind::Assertion, id: assertion, not_on_or_after },
        OneTimeId { kind: OneTimeKind::Response, id: response, not_on_or_after },
    ];
    assert_eq!(case.judge().unwrap().one_time(), expected);
    // Nobody vouches for the ID of a Response that is not signed.
    assert_eq!(honest().judge().unwrap().one_time(), &expected[..1]);
}

#[test]
fn an_id_stays_reserved_until_the_latest_end() {
    for (conditions, confirmation) in [(7200, 60), (60, 7200)] {
        let mut case = honest();
        case.scene.not_on_or_after = shift(now(), conditions);
        case.scene.confirmation_not_on_or_after = Some(shift(now(), confirmation));
        assert_eq!(case.judge().unwrap().one_time()[0].not_on_or_after, shift(now(), 7200));
    }
}

#[test]
fn a_plain_trace_only_names_what_held_and_a_detailed_one_explains_it() {
    let (mut plain, mut detailed) = (Trace::new(), Trace::detailed());
    honest().judge_traced(&mut plain).unwrap();
    honest().judge_traced(&mut detailed).unwrap();
    let names = |trace: &Trace| trace.checks().iter().map(|check| check.check).collect::<Vec<_>>();
    assert_eq!(names(&plain), names(&detailed));
    assert!(
        plain.checks().iter().all(|check| check.ok && check.expected.is_empty() && check.seen.is_empty())
    );
    assert!(detailed.checks().iter().all(|check| check.ok));
    assert!(detailed.checks().iter().any(|check| check.expected == ACS && check.seen == ACS));
    for rule in ["Profiles 4.1.4.3 Recipient", "Core 2.5.1.4 Audience", "Core 3.2.2.1 Status"] {
        assert!(names(&plain).contains(&rule), "{rule} is not traced");
    }
}

#[test]
fn the_trace_is_bounded_and_keeps_why_the_message_was_refused() {
    let mut case = honest();
    let one = "<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><SubjectConfirmationData \
               InResponseTo=\"id6c1c178c166d486687be4aaf5e482730\" NotOnOrAfter=\"2026-11-24T10:00:00Z\" \
               Recipient=\"https://jira.contoso.example/plugins/servlet/saml/auth\"></SubjectConfirmationData>\
               </SubjectConfirmation>";
    case.in_assertion("</Subject>", &format!("{}</Subject>", one.repeat(100)));
    case.scene.name_id = "n".repeat(1000);
    case.scene.audiences = vec![vec!["x".repeat(1000)]];
    let mut trace = Trace::detailed();
    let rejected = case.judge_traced(&mut trace).unwrap_err();
    assert!(trace.checks().iter().all(|check| check.seen.chars().count() <= 200));
    let last = trace.checks().last().unwrap();
    assert_eq!((trace.checks().len(), last.code), (100, Some(rejected.code())));
    assert_eq!(last.seen.chars().count(), 200);
}
