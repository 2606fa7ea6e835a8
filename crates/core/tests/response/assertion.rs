//! The Assertion itself (Core 2.3.3, Profiles 4.1.4.2).

use crate::support::{IDP, honest, issued, now, response_signed};
use ostiary_testkit::{shift, stamp};

single_defects! {
    rejects_version_1_1_of_the_assertion: AssertionVersion, honest, |case| {
        case.in_assertion(" Version=\"2.0\"", " Version=\"1.1\"");
    };
    rejects_an_assertion_without_version: AssertionVersion, honest, |case| {
        case.in_assertion(" Version=\"2.0\"", "");
    };
    rejects_an_assertion_without_id: AssertionIdMissing, response_signed, |case| {
        let id = format!(" ID=\"{}\"", case.scene.assertion_id);
        case.in_assertion(&id, "");
    };
    rejects_an_id_in_a_namespace_in_place_of_the_id: AssertionIdMissing, response_signed, |case| {
        let id = format!(" ID=\"{}\" IssueInstant=\"{}\" Version=\"2.0\"", case.scene.assertion_id, stamp(now()));
        let polluted = format!(
            " xmlns:x=\"urn:x\" IssueInstant=\"{}\" Version=\"2.0\" x:ID=\"{}\"",
            stamp(now()),
            case.scene.assertion_id,
        );
        case.in_assertion(&id, &polluted);
    };
    rejects_an_assertion_in_another_namespace: ResponseStructure, response_signed, |case| {
        case.in_assertion("urn:oasis:names:tc:SAML:2.0:assertion", "urn:oasis:names:tc:SAML:1.0:assertion");
    };
    rejects_an_assertion_without_issue_instant: AssertionIssueInstant, honest, |case| {
        case.in_assertion(&issued(), "");
    };
    rejects_an_assertion_with_an_offset_of_time: AssertionIssueInstant, honest, |case| {
        case.in_assertion(&issued(), " IssueInstant=\"2026-11-24T10:00:00+01:00\"");
    };
    rejects_an_assertion_from_the_future: AssertionIssueInstant, honest, |case| {
        let later = format!(" IssueInstant=\"{}\"", stamp(shift(now(), 301)));
        case.in_assertion(&issued(), &later);
    };
    rejects_an_assertion_without_issuer: AssertionIssuerMissing, response_signed, |case| {
        case.in_assertion(&format!("<Issuer>{IDP}</Issuer>"), "");
    };
    rejects_another_issuer_of_the_assertion: AssertionIssuerMismatch, honest, |case| {
        case.scene.assertion_issuer =
            "https://sts.windows.net/99999999-0000-cccc-1111-dddd2222eeee/".to_owned();
    };
    rejects_the_tenant_placeholder_as_issuer: AssertionIssuerMismatch, honest, |case| {
        case.scene.assertion_issuer = "https://sts.windows.net/{tenantid}/".to_owned();
    };
    rejects_white_space_around_the_issuer: AssertionIssuerMismatch, honest, |case| {
        case.in_assertion("</Issuer>", " </Issuer>");
    };
    rejects_an_issuer_of_the_assertion_that_is_no_entity: AssertionIssuerMismatch, honest, |case| {
        case.in_assertion("<Issuer>", "<Issuer Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified\">");
    };
    rejects_elements_in_the_issuer_of_the_assertion: XmlMixedContent, response_signed, |case| {
        case.in_assertion("</Issuer><Subject>", "<x></x></Issuer><Subject>");
    };
    rejects_text_between_the_parts_of_the_assertion: XmlMixedContent, honest, |case| {
        case.in_assertion("<Conditions ", "text<Conditions ");
    };
    rejects_an_unknown_element_in_the_assertion: AssertionStructure, honest, |case| {
        case.in_assertion("<Conditions ", "<Unknown></Unknown><Conditions ");
    };
    rejects_a_statement_of_unknown_kind: AssertionStructure, honest, |case| {
        case.in_assertion("</Assertion>", "<Statement></Statement></Assertion>");
    };
    rejects_a_second_subject: AssertionStructure, honest, |case| {
        case.in_assertion("<Conditions ", "<Subject><NameID>admin</NameID></Subject><Conditions ");
    };
    rejects_a_second_conditions: AssertionStructure, honest, |case| {
        case.in_assertion("</Conditions>", "</Conditions><Conditions></Conditions>");
    };
}

#[test]
fn accepts_utc_written_as_an_offset() {
    let mut case = honest();
    case.in_assertion(&issued(), " IssueInstant=\"2026-11-24T09:00:00+00:00\"");
    assert_eq!(case.judge().unwrap().assertion().get().issue_instant(), now());
}

#[test]
fn the_entity_format_of_an_issuer_is_accepted() {
    let mut case = honest();
    case.in_assertion("<Issuer>", "<Issuer Format=\"urn:oasis:names:tc:SAML:2.0:nameid-format:entity\">");
    assert_eq!(case.judge().unwrap().assertion().get().issuer(), IDP);
}

#[test]
fn advice_without_assertions_is_accepted_and_not_read() {
    let mut case = honest();
    case.in_assertion(
        "</Conditions>",
        "</Conditions><Advice><AssertionIDRef>_other</AssertionIDRef></Advice>",
    );
    assert!(case.judge().is_ok());
}

#[test]
fn an_authorisation_decision_is_accepted_and_not_read() {
    let mut case = honest();
    case.in_assertion(
        "</Assertion>",
        "<AuthzDecisionStatement Decision=\"Permit\" Resource=\"urn:x\"><Action Namespace=\"urn:y\">admin</Action>\
         </AuthzDecisionStatement></Assertion>",
    );
    assert!(case.judge().unwrap().assertion().get().attribute("admin").is_err());
}
