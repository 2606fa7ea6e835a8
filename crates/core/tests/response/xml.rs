//! The text of the message: base64 of the POST binding, and the closed grammar of XML.

use crate::support::honest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use ostiary_core::Received;

/// Puts `inner` into the Extensions of the unsigned Response.
fn extend(case: &mut crate::support::Case, inner: &str) {
    let extensions = format!("<samlp:Extensions>{inner}</samlp:Extensions><samlp:Status>");
    case.after_signing("<samlp:Status>", &extensions);
}

single_defects! {
    rejects_a_message_without_end: MessageTooLarge, honest, |case| extend(case, &"a".repeat(256 * 1024));
    rejects_another_encoding: XmlNotUtf8, honest, |case| {
        case.by_hand(|xml| format!("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>{xml}"));
    };
    rejects_a_message_cut_short: XmlMalformed, honest, |case| {
        case.by_hand(|xml| xml[..xml.len() / 2].to_owned());
    };
    rejects_a_second_root: XmlMalformed, honest, |case| case.by_hand(|xml| format!("{xml}<x/>"));
    rejects_text_behind_the_root: XmlMalformed, honest, |case| case.by_hand(|xml| format!("{xml}x"));
    rejects_an_unknown_entity: XmlMalformed, honest, |case| extend(case, "&x;");
    rejects_a_forbidden_character: XmlForbiddenCharacter, honest, |case| extend(case, "\u{1}");
    rejects_a_doctype: XmlDoctype, honest, |case| {
        case.by_hand(|xml| format!("<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]>{xml}"));
    };
    rejects_a_processing_instruction: XmlProcessingInstruction, honest, |case| {
        case.after_signing(">b.simon@", "><?x y?>b.simon@");
    };
    rejects_a_comment_in_a_name: XmlComment, honest, |case| {
        case.after_signing(">b.simon@contoso.example", ">b.simon@contoso.example<!---->.evil.example");
    };
    rejects_a_comment_anywhere: XmlComment, honest, |case| case.by_hand(|xml| format!("<!-- -->{xml}"));
    rejects_cdata: XmlCdata, honest, |case| {
        case.after_signing(">b.simon@contoso.example<", "><![CDATA[b.simon@contoso.example]]><");
    };
    rejects_an_undeclared_prefix: XmlUnboundPrefix, honest, |case| extend(case, "<x:y/>");
    rejects_a_relative_namespace: XmlNamespace, honest, |case| extend(case, "<x xmlns=\"relative\"/>");
    rejects_the_same_xml_attribute_twice: XmlDuplicateAttribute, honest, |case| extend(case, "<x a=\"1\" a=\"2\"/>");
    rejects_deep_nesting: XmlTooDeep, honest, |case| {
        extend(case, &format!("{}{}", "<x>".repeat(64), "</x>".repeat(64)));
    };
    rejects_many_xml_attributes: XmlTooManyAttributes, honest, |case| {
        let attributes: String = (0..65).map(|n| format!(" a{n}=\"\"")).collect();
        extend(case, &format!("<x{attributes}/>"));
    };
    rejects_many_namespaces: XmlTooManyNamespaces, honest, |case| {
        let declarations: String = (0..65).map(|n| format!(" xmlns:a{n}=\"urn:{n}\"")).collect();
        extend(case, &format!("<x{declarations}/>"));
    };
    rejects_many_nodes: XmlTooManyNodes, honest, |case| extend(case, &"<x/>".repeat(20_000));
    rejects_the_same_id_twice: XmlDuplicateId, honest, |case| {
        let id = case.scene.assertion_id.clone();
        extend(case, &format!("<x ID=\"{id}\"/>"));
    };
    rejects_the_same_id_in_another_spelling: XmlDuplicateId, honest, |case| {
        let id = case.scene.assertion_id.clone();
        extend(case, &format!("<x xml:id=\"{id}\"/>"));
    };
    rejects_an_id_that_begins_with_a_digit: XmlInvalidId, honest, |case| {
        case.scene.response_id = "0a".to_owned();
    };
}

pub const BASE64_CODES: &[Code] = &[Code::MessageTooLarge, Code::Base64Invalid];

#[test]
fn decodes_base64_with_white_space() {
    for field in ["PHgvPg==", "PHgv\r\nPg==\r\n", " PH gv\tPg== "] {
        assert_eq!(Received::decode_base64(field).unwrap(), b"<x/>");
    }
}

#[test]
fn refuses_what_is_not_base64() {
    for field in ["%%%%", "PHgvPg", "PHgvPg=", "PHgvPg===", "PHgvPh==", "PHg_Pg==", "P", "PHgvPg==PHgvPg=="] {
        assert_eq!(Received::decode_base64(field).unwrap_err().code(), Code::Base64Invalid, "{field}");
    }
}

#[test]
fn refuses_too_much_before_decoding_anything() {
    // Not base64 at all, and still the size is what is named.
    let field = "%".repeat(349_529);
    assert_eq!(Received::decode_base64(&field).unwrap_err().code(), Code::MessageTooLarge);
    let most = STANDARD.encode(vec![b'x'; 256 * 1024]);
    assert_eq!(Received::decode_base64(&most).unwrap().len(), 256 * 1024);
}

#[test]
fn a_byte_order_mark_is_skipped() {
    let mut case = honest();
    case.by_hand(|xml| format!("\u{feff}<?xml version=\"1.0\" encoding=\"UTF-8\"?>{xml}"));
    assert!(case.judge().is_ok());
}

#[test]
fn the_envelope_tells_which_request_it_answers_and_who_claims_to_have_sent_it() {
    let (case, idp) = (honest(), crate::support::IDP);
    let mut without = case.clone();
    without.scene.response_issuer = None;
    for case in [&case, &without] {
        let xml = case.build();
        let received = Received::parse(xml.as_bytes()).unwrap();
        assert!(received.in_response_to().unwrap().matches(crate::support::REQUEST));
        assert!(received.issuer_matches(idp));
        assert!(!received.issuer_matches("https://sts.windows.net/"));
    }
}
