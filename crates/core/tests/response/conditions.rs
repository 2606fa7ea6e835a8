//! Conditions (Core 2.5.1, Profiles 4.1.4.2).

use crate::support::{Case, SP, honest, now};
use ostiary_codes::Code;
use ostiary_testkit::shift;

const OTHER: &str = "https://confluence.contoso.example/";

fn audiences(case: &mut Case, restrictions: &[&[&str]]) {
    case.scene.audiences =
        restrictions.iter().map(|one| one.iter().map(|text| (*text).to_owned()).collect()).collect();
}

/// Puts `xml` behind the audience restrictions.
fn condition(case: &mut Case, xml: &str) {
    case.in_assertion("</Conditions>", &format!("{xml}</Conditions>"));
}

single_defects! {
    rejects_an_assertion_without_conditions: ConditionsMissing, honest, |case| case.instead_of("Conditions", "");
    rejects_an_assertion_before_its_time: ConditionsNotYetValid, honest, |case| {
        case.scene.not_before = shift(now(), 1);
    };
    rejects_an_assertion_after_its_time: ConditionsExpired, honest, |case| {
        case.scene.not_on_or_after = shift(now(), -1);
    };
    rejects_an_assertion_that_ends_now: ConditionsExpired, honest, |case| {
        case.scene.not_on_or_after = now();
    };
    rejects_a_window_that_is_empty: ConditionsTimeInvalid, skewed, |case| {
        (case.scene.not_before, case.scene.not_on_or_after) = (now(), now());
    };
    rejects_a_not_before_in_local_time: ConditionsTimeInvalid, honest, |case| {
        case.in_assertion("<Conditions NotBefore=\"2026-11-24T08:55:00.000Z\"", "<Conditions NotBefore=\"2026-11-24T08:55:00\"");
    };
    rejects_a_not_on_or_after_that_is_no_time: ConditionsTimeInvalid, honest, |case| {
        case.instead_of("Conditions", &format!("<Conditions NotOnOrAfter=\"2026/11/24 10:00:00Z\"><AudienceRestriction><Audience>{SP}</Audience></AudienceRestriction></Conditions>"));
    };
    rejects_an_unknown_condition: ConditionsUnknown, honest, |case| {
        condition(case, "<Condition xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"x\"></Condition>");
    };
    rejects_a_condition_of_another_namespace: ConditionsUnknown, honest, |case| {
        condition(case, "<x:Only xmlns:x=\"urn:x\"></x:Only>");
    };
    rejects_a_repeated_one_time_use: AssertionStructure, honest, |case| {
        condition(case, "<OneTimeUse></OneTimeUse><OneTimeUse></OneTimeUse>");
    };
    rejects_text_among_the_conditions: XmlMixedContent, honest, |case| condition(case, "text");
    rejects_an_assertion_for_everybody: AudienceMissing, honest, |case| audiences(case, &[]);
    rejects_another_audience: AudienceMismatch, honest, |case| audiences(case, &[&[OTHER]]);
    rejects_a_restriction_that_names_nobody: AudienceMismatch, honest, |case| audiences(case, &[&[]]);
    rejects_two_restrictions_of_which_one_is_for_others: AudienceMismatch, honest, |case| {
        audiences(case, &[&[SP], &[OTHER]]);
    };
    rejects_an_audience_of_another_case: AudienceMismatch, honest, |case| {
        audiences(case, &[&["https://JIRA.contoso.example/"]]);
    };
    rejects_an_audience_without_its_slash: AudienceMismatch, honest, |case| {
        audiences(case, &[&["https://jira.contoso.example"]]);
    };
    rejects_white_space_around_the_audience: AudienceMismatch, honest, |case| {
        audiences(case, &[&["https://jira.contoso.example/ "]]);
    };
    rejects_an_spn_audience_that_is_not_configured: AudienceMismatch, honest, |case| {
        audiences(case, &[&["spn:https://jira.contoso.example/"]]);
    };
    rejects_elements_in_the_audience: XmlMixedContent, honest, |case| {
        case.in_assertion("</Audience>", "<x></x></Audience>");
    };
    rejects_an_unknown_element_in_the_restriction: AssertionStructure, honest, |case| {
        case.in_assertion("</Audience>", "</Audience><Unknown></Unknown>");
    };
}

/// With a skew that forgives each end of the window.
fn skewed() -> Case {
    let mut case = honest();
    case.expected.clock_skew_seconds = 180;
    case
}

#[test]
fn the_window_is_half_open_and_widened_by_the_skew() {
    for (skew, from, until, code) in [
        (0, 0, 1, None),
        (180, 180, 3600, None),
        (180, 181, 3600, Some(Code::ConditionsNotYetValid)),
        (180, -3600, -179, None),
        (180, -3600, -180, Some(Code::ConditionsExpired)),
    ] {
        let mut case = honest();
        case.expected.clock_skew_seconds = skew;
        (case.scene.not_before, case.scene.not_on_or_after) = (shift(now(), from), shift(now(), until));
        assert_eq!(case.judge().err().map(|rejected| rejected.code()), code, "{skew} {from} {until}");
    }
}

#[test]
fn a_window_may_be_open_at_both_ends() {
    let mut case = honest();
    case.instead_of(
        "Conditions",
        &format!(
            "<Conditions><AudienceRestriction><Audience>{SP}</Audience></AudienceRestriction></Conditions>"
        ),
    );
    assert_eq!(case.judge().unwrap().one_time()[0].not_on_or_after, shift(now(), 3600));
}

#[test]
fn one_audience_within_each_restriction_is_enough() {
    let mut case = honest();
    audiences(&mut case, &[&[OTHER, SP], &[SP, OTHER]]);
    assert!(case.judge().is_ok());
}

#[test]
fn every_configured_audience_means_us() {
    let mut case = honest();
    case.expected.audiences = &["jira", "spn:jira"];
    audiences(&mut case, &[&["spn:jira"]]);
    assert!(case.judge().is_ok());
    audiences(&mut case, &[&["spn:wiki"]]);
    assert_eq!(case.judge().unwrap_err().code(), Code::AudienceMismatch);
}

#[test]
fn one_time_use_and_proxy_restriction_are_understood() {
    let mut case = honest();
    condition(&mut case, "<OneTimeUse></OneTimeUse><ProxyRestriction Count=\"0\"></ProxyRestriction>");
    assert!(case.judge().is_ok());
}
