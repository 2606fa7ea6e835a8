//! Subject, NameID and the bearer's confirmation (Core 2.2, 2.4; Profiles 3.3, 4.1.4.2, 4.1.4.3, 4.1.5).

use crate::support::{
    ACS, Case, IDP_KEY, OTHER_REQUEST, REQUEST, SP, USER, honest, now, response_signed, to, unsolicited,
};
use ostiary_codes::Code;
use ostiary_core::NameId;
use ostiary_testkit::{TestKey, shift, stamp};
use ostiary_xmlsig::{KeyTransport, SigningKey, encrypt_element, sign_enveloped};

fn confirmation_until(case: &mut Case, seconds: i64) {
    case.scene.confirmation_not_on_or_after = Some(shift(now(), seconds));
}

single_defects! {
    rejects_an_assertion_without_subject: SubjectMissing, honest, |case| case.instead_of("Subject", "");
    rejects_a_subject_without_name: NameIdMissing, honest, |case| case.instead_of("NameID", "");
    rejects_an_empty_name: NameIdMissing, honest, |case| case.scene.name_id = String::new();
    rejects_a_blank_name: NameIdMissing, honest, |case| case.scene.name_id = " \n ".to_owned();
    rejects_two_names: NameIdInvalid, honest, |case| {
        case.in_assertion("</NameID>", "</NameID><NameID>admin@contoso.example</NameID>");
    };
    rejects_a_second_name_behind_the_confirmation: NameIdInvalid, honest, |case| {
        case.in_assertion("</Subject>", "<NameID>admin@contoso.example</NameID></Subject>");
    };
    rejects_an_element_inside_the_name: NameIdInvalid, honest, |case| {
        case.in_assertion(">b.simon@", ">admin@contoso.example<x></x>.b.simon@");
    };
    rejects_a_base_id: NameIdInvalid, honest, |case| {
        case.instead_of("NameID", "<BaseID></BaseID>");
    };
    rejects_a_name_without_end: NameIdInvalid, honest, |case| case.scene.name_id = "a".repeat(1025);
    rejects_a_line_break_in_a_name: NameIdInvalid, honest, |case| {
        case.scene.name_id = "admin\n@contoso.example".to_owned();
    };
    rejects_white_space_around_a_name: NameIdInvalid, honest, |case| {
        case.scene.name_id = "admin@contoso.example ".to_owned();
    };
    rejects_a_name_for_another_service_provider: NameIdInvalid, honest, |case| {
        case.in_assertion("<NameID ", "<NameID SPNameQualifier=\"https://confluence.contoso.example/\" ");
        // Canonical order of the attributes.
        let format = "Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"";
        let qualifier = "SPNameQualifier=\"https://confluence.contoso.example/\"";
        case.in_assertion(&format!("{qualifier} {format}"), &format!("{format} {qualifier}"));
    };
    rejects_an_unknown_element_in_the_subject: AssertionStructure, honest, |case| {
        case.in_assertion("</Subject>", "<Unknown></Unknown></Subject>");
    };
    rejects_a_subject_without_confirmation: SubjectConfirmationMissing, honest, |case| {
        case.instead_of("SubjectConfirmation", "");
    };
    rejects_a_holder_of_key: SubjectConfirmationMissing, honest, |case| {
        case.scene.confirmation_method = "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key".to_owned();
    };
    rejects_a_confirmation_without_recipient: RecipientMissing, honest, |case| case.scene.recipient = None;
    rejects_a_confirmation_without_data: RecipientMissing, honest, |case| {
        case.instead_of("SubjectConfirmationData", "");
    };
    rejects_another_recipient: RecipientMismatch, honest, |case| {
        case.scene.recipient = Some("https://confluence.contoso.example/plugins/servlet/saml/auth".to_owned());
    };
    rejects_a_recipient_with_a_query: RecipientMismatch, honest, |case| {
        case.scene.recipient = Some(format!("{ACS}?x=1"));
    };
    rejects_a_not_before_on_the_confirmation: ConfirmationNotBefore, honest, |case| {
        let earlier = stamp(shift(now(), -60));
        case.in_assertion(" NotOnOrAfter=", &format!(" NotBefore=\"{earlier}\" NotOnOrAfter="));
    };
    rejects_a_confirmation_that_never_expires: ConfirmationExpiryMissing, honest, |case| {
        case.scene.confirmation_not_on_or_after = None;
    };
    rejects_an_expired_confirmation: ConfirmationExpired, honest, |case| confirmation_until(case, -1);
    rejects_a_confirmation_that_expires_now: ConfirmationExpired, honest, |case| confirmation_until(case, 0);
    rejects_a_confirmation_until_tomorrow_in_words: ConditionsTimeInvalid, honest, |case| {
        let until = format!("NotOnOrAfter=\"{}\"", stamp(shift(now(), 3600)));
        case.in_assertion(&until, "NotOnOrAfter=\"tomorrow\"");
    };
    rejects_a_confirmation_for_another_request: ConfirmationInResponseTo, honest, |case| {
        case.scene.confirmation_in_response_to = Some(OTHER_REQUEST.to_owned());
    };
    rejects_a_confirmation_for_no_request: InResponseToMissing, honest, |case| {
        case.scene.confirmation_in_response_to = None;
    };
    rejects_an_unsolicited_assertion_that_answers: UnsolicitedInResponseTo, unsolicited, |case| {
        case.scene.confirmation_in_response_to = Some(OTHER_REQUEST.to_owned());
    };
    rejects_an_unsolicited_assertion_one_of_whose_confirmations_answers: UnsolicitedInResponseTo, unsolicited, |case| {
        case.in_assertion("</Subject>", &confirmation(3600, ACS));
    };
    rejects_an_encrypted_name_that_is_no_name: NameIdInvalid, honest, |case| {
        encrypt_name(case, &crate::support::SP_KEY, "<Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">x</Issuer>");
    };
    rejects_a_name_encrypted_to_somebody_else: DecryptionFailed, honest, |case| {
        encrypt_name(case, &crate::support::OTHER_KEY, NAME);
    };
}

const NAME: &str =
    "<NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">c.hidden@contoso.example</NameID>";

/// Puts an EncryptedID in the place of the NameID and signs the Assertion through the canonicaliser.
fn encrypt_name(case: &mut Case, recipient: &TestKey, name: &str) {
    let method = to(recipient).method;
    let certificate = recipient.certificate_der().unwrap();
    let encrypted =
        encrypt_element(name.as_bytes(), &certificate, method, KeyTransport::OaepMgf1p, false).unwrap();
    let bare = case.scene.assertion();
    let (head, rest) = bare.split_once("<NameID").unwrap();
    let tail = rest.split_once("</NameID>").unwrap().1;
    let encrypted = encrypted.replace("EncryptedAssertion", "EncryptedID");
    let key = SigningKey::from_pkcs8_der(&IDP_KEY.pkcs8_der().unwrap()).unwrap();
    let id = case.scene.assertion_id.clone();
    let signed = sign_enveloped(&format!("{head}{encrypted}{tail}"), &id, &key, None).unwrap();
    case.scene.sign_assertion = false;
    case.in_response(&bare, &signed);
}

#[test]
fn decrypts_an_encrypted_name() {
    let mut case = honest();
    encrypt_name(&mut case, &crate::support::SP_KEY, NAME);
    assert_eq!(case.judge().unwrap().assertion().get().name_id().value, "c.hidden@contoso.example");
    case.decryption.clear();
    assert_eq!(case.judge().unwrap_err().code(), Code::NoDecryptionKey);
}

#[test]
fn a_name_is_returned_exactly_as_it_was_signed() {
    for name in [
        "b.simon@contoso.example",
        "B.SIMON@contoso.example",
        "CONTOSO\\b simon",
        "a&b<c>\"d'",
        "\u{43e}lga@contoso.example",
        "e\u{301}ve@contoso.example",
        "b.simon\u{200b}@contoso.example",
        "\u{212a}elvin",
        "\u{131}gor",
        "\u{130}gor",
        "\u{1f600}",
        &"\u{e9}".repeat(1024),
    ] {
        for base in [honest, response_signed] {
            let mut case = base();
            case.scene.name_id = name.to_owned();
            assert_eq!(case.judge().unwrap().assertion().get().name_id().value, name);
        }
    }
}

#[test]
fn a_name_brings_its_format_and_qualifiers() {
    let mut case = honest();
    let format = "Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"";
    let full = format!("{format} NameQualifier=\"idp\" SPNameQualifier=\"{SP}\"");
    case.in_assertion(format, &full);
    let accepted = case.judge().unwrap();
    let expected = NameId {
        value: USER.to_owned(),
        format: Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".to_owned()),
        name_qualifier: Some("idp".to_owned()),
        sp_name_qualifier: Some(SP.to_owned()),
    };
    assert_eq!(*accepted.assertion().get().name_id(), expected);
    let mut case = honest();
    case.scene.name_id_format = None;
    assert_eq!(case.judge().unwrap().assertion().get().name_id().format, None);
}

/// A further bearer confirmation, of our request.
fn confirmation(until: i64, recipient: &str) -> String {
    let until = stamp(shift(now(), until));
    format!(
        "<SubjectConfirmation Method=\"urn:oasis:names:tc:SAML:2.0:cm:bearer\"><SubjectConfirmationData \
         InResponseTo=\"{REQUEST}\" NotOnOrAfter=\"{until}\" Recipient=\"{recipient}\">\
         </SubjectConfirmationData></SubjectConfirmation></Subject>"
    )
}

#[test]
fn one_confirmation_that_holds_is_enough_and_the_latest_counts() {
    let mut case = honest();
    confirmation_until(&mut case, -1);
    case.in_assertion("</Subject>", &confirmation(600, "https://other.contoso.example/"));
    assert_eq!(case.judge().unwrap_err().code(), Code::ConfirmationExpired, "the first that fails says why");
    case.in_assertion("</Subject>", &confirmation(7200, ACS));
    let mut trace = ostiary_core::Trace::detailed();
    let accepted = case.judge_traced(&mut trace).unwrap();
    assert!(trace.checks().iter().all(|check| check.ok), "an alternative that was not needed is no failure");
    assert_eq!(accepted.one_time()[0].not_on_or_after, shift(now(), 7200));
}

#[test]
fn clocks_may_differ_by_the_skew_and_no_more() {
    let mut case = honest();
    case.expected.clock_skew_seconds = 180;
    confirmation_until(&mut case, -179);
    assert!(case.judge().is_ok());
    confirmation_until(&mut case, -180);
    assert_eq!(case.judge().unwrap_err().code(), Code::ConfirmationExpired);
    case.expected.clock_skew_seconds = 65_535;
    confirmation_until(&mut case, -299);
    assert!(case.judge().is_ok());
    confirmation_until(&mut case, -300);
    assert_eq!(case.judge().unwrap_err().code(), Code::ConfirmationExpired, "more than 300 counts as 300");
}
