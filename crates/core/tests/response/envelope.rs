//! The Response around the Assertion (Core 3.2.2, Profiles 4.1.4.2, 4.1.5, Bindings 3.5.5.2).

use crate::support::{
    ACS, Case, IDP, IDP_KEY, OTHER_REQUEST, honest, issued, now, response_signed, unsolicited,
};
use ostiary_testkit::{Hash, SignaturePlace, shift, sign_canonical, stamp};

const ISSUER: &str = "<Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">";

fn destination(case: &mut Case, url: &str) {
    case.scene.destination = Some(url.to_owned());
}

single_defects! {
    rejects_another_message: ResponseNotAResponse, honest, |case| {
        case.in_response("<samlp:Response ", "<samlp:LogoutResponse ");
        case.in_response("</samlp:Response>", "</samlp:LogoutResponse>");
    };
    rejects_a_response_in_another_namespace: ResponseNotAResponse, honest, |case| {
        case.in_response("urn:oasis:names:tc:SAML:2.0:protocol", "urn:oasis:names:tc:SAML:1.0:protocol");
    };
    rejects_version_1_1_of_the_response: ResponseVersion, honest, |case| {
        case.in_response(" Version=\"2.0\"", " Version=\"1.1\"");
    };
    rejects_a_response_without_version: ResponseVersion, honest, |case| {
        case.in_response(" Version=\"2.0\"", "");
    };
    rejects_a_response_without_id: ResponseIdMissing, honest, |case| {
        let id = format!(" ID=\"{}\"", case.scene.response_id);
        case.in_response(&id, "");
    };
    rejects_a_response_without_issue_instant: ResponseIssueInstant, honest, |case| {
        case.in_response(&issued(), "");
    };
    rejects_a_response_with_local_time: ResponseIssueInstant, honest, |case| {
        case.in_response(&issued(), " IssueInstant=\"2026-11-24T09:00:00\"");
    };
    rejects_a_response_from_the_future: ResponseIssueInstant, honest, |case| {
        let later = format!(" IssueInstant=\"{}\"", stamp(shift(now(), 301)));
        case.in_response(&issued(), &later);
    };
    rejects_a_signed_response_without_destination: DestinationMissing, response_signed, |case| {
        case.scene.destination = None;
    };
    rejects_a_response_to_another_place: DestinationMismatch, honest, |case| {
        destination(case, "https://confluence.contoso.example/plugins/servlet/saml/auth");
    };
    rejects_an_empty_destination: DestinationMismatch, honest, |case| destination(case, "");
    rejects_a_destination_of_another_case: DestinationMismatch, honest, |case| {
        destination(case, "https://jira.contoso.example/Plugins/servlet/saml/auth");
    };
    rejects_a_destination_that_only_begins_like_ours: DestinationMismatch, honest, |case| {
        destination(case, &format!("{ACS}.evil.example"));
    };
    rejects_a_signed_response_without_issuer: ResponseIssuerMissing, response_signed, |case| {
        // The signature then is the first child.
        case.scene.response_issuer = None;
        case.scene.sign_response = false;
        let (bare, id) = (case.build(), case.scene.response_id.clone());
        let place = SignaturePlace::FirstChild;
        // The builder shortens empty elements after signing; the canonical form has both tags.
        let canonical = bare.replace("SubjectConfirmationData/>", "").replace("/>", "></samlp:StatusCode>");
        let canonical = restore_confirmation_data(&canonical);
        case.xml = Some(sign_canonical(&canonical, &id, &IDP_KEY, Hash::Sha256, place, &[]).unwrap());
    };
    rejects_another_issuer_of_the_response: ResponseIssuerMismatch, honest, |case| {
        case.scene.response_issuer =
            Some("https://sts.windows.net/99999999-0000-cccc-1111-dddd2222eeee/".to_owned());
    };
    rejects_the_issuer_of_the_response_without_its_slash: ResponseIssuerMismatch, honest, |case| {
        case.scene.response_issuer = Some(IDP.trim_end_matches('/').to_owned());
    };
    rejects_an_issuer_of_the_response_that_is_no_entity: ResponseIssuerMismatch, honest, |case| {
        let format = " Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">";
        case.in_response(ISSUER, &format!("{}{format}", ISSUER.trim_end_matches('>')));
    };
    rejects_elements_in_the_issuer_of_the_response: XmlMixedContent, honest, |case| {
        case.in_response("</Issuer>", "<x></x></Issuer>");
    };
    rejects_text_between_the_parts_of_the_response: XmlMixedContent, honest, |case| {
        case.in_response("<samlp:Status>", "text<samlp:Status>");
    };
    rejects_an_answer_to_another_request: ResponseInResponseTo, honest, |case| {
        case.scene.in_response_to = Some(OTHER_REQUEST.to_owned());
    };
    rejects_an_answer_that_names_no_request: InResponseToMissing, honest, |case| {
        case.scene.in_response_to = None;
    };
    rejects_an_unsolicited_response_that_answers: UnsolicitedInResponseTo, unsolicited, |case| {
        case.scene.in_response_to = Some(OTHER_REQUEST.to_owned());
    };
    rejects_an_unknown_element_in_the_response: ResponseStructure, honest, |case| {
        case.in_response("<samlp:Status>", "<samlp:Scoping></samlp:Scoping><samlp:Status>");
    };
    rejects_an_element_of_another_namespace_in_the_response: ResponseStructure, honest, |case| {
        case.in_response("</samlp:Response>", "<x></x></samlp:Response>");
    };
    rejects_a_second_issuer_of_the_response: ResponseStructure, honest, |case| {
        case.in_response("<samlp:Status>", &format!("{ISSUER}{IDP}</Issuer><samlp:Status>"));
    };
    rejects_the_status_behind_the_assertion: ResponseStructure, honest, |case| {
        case.by_hand(|xml| {
            let (head, rest) = xml.split_once("<samlp:Status>").unwrap();
            let (status, rest) = rest.split_once("</samlp:Status>").unwrap();
            let assertion = rest.trim_end_matches("</samlp:Response>");
            format!("{head}{assertion}<samlp:Status>{status}</samlp:Status></samlp:Response>")
        });
    };
    rejects_a_response_without_assertion: AssertionMissing, honest, |case| {
        case.by_hand(|xml| {
            let (head, rest) = xml.split_once("<Assertion ").unwrap();
            format!("{head}{}", rest.split_once("</Assertion>").unwrap().1)
        });
    };
    rejects_a_second_assertion: AssertionNotUnique, honest, |case| {
        case.after_signing("</samlp:Response>", &second_assertion("</samlp:Response>"));
    };
    rejects_an_assertion_in_the_extensions: AssertionNotUnique, honest, |case| {
        let extensions = format!(
            "<samlp:Extensions>{}<samlp:Status>",
            second_assertion("</samlp:Extensions>")
        );
        case.after_signing("<samlp:Status>", &extensions);
    };
    rejects_an_assertion_in_the_advice: AssertionNotUnique, honest, |case| {
        let advice = format!("</Conditions><Advice>{}", second_assertion("</Advice>"));
        case.in_assertion("</Conditions>", &advice);
    };
}

/// A small Assertion of another ID, before `rest`.
fn second_assertion(rest: &str) -> String {
    format!(
        "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_second\" Version=\"2.0\"></Assertion>{rest}"
    )
}

/// Undoes what the replacement of empty elements did to the one that has attributes.
fn restore_confirmation_data(xml: &str) -> String {
    let (head, tail) = xml.split_once("<SubjectConfirmationData ").unwrap();
    let (attributes, tail) = tail.split_once("></samlp:StatusCode>").unwrap();
    format!("{head}<SubjectConfirmationData {attributes}></SubjectConfirmationData>{tail}")
}

#[test]
fn accepts_an_unsigned_response_without_destination_or_issuer() {
    let mut case = honest();
    (case.scene.destination, case.scene.response_issuer) = (None, None);
    assert!(case.judge().is_ok());
}

#[test]
fn accepts_another_case_of_scheme_and_host() {
    let mut case = honest();
    destination(&mut case, "HTTPS://JIRA.contoso.example/plugins/servlet/saml/auth");
    assert!(case.judge().is_ok());
}

#[test]
fn accepts_an_issue_instant_that_is_five_minutes_ahead_or_a_month_old() {
    for seconds in [300, -2_592_000] {
        let mut case = honest();
        case.scene.issue_instant = shift(now(), seconds);
        assert!(case.judge().is_ok(), "{seconds}");
    }
}

#[test]
fn extensions_are_accepted_and_not_read() {
    let mut case = response_signed();
    case.in_response(
        "<samlp:Status>",
        "<samlp:Extensions><x:user xmlns:x=\"urn:x\">admin</x:user></samlp:Extensions><samlp:Status>",
    );
    assert!(case.judge().is_ok());
}
