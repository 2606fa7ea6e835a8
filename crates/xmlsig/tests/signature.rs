//! Enveloped signatures: one change each, one code each.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use ostiary_codes::Code;
use ostiary_xmlsig::{
    Limits, Message, Placement, Policy, SignedXml, SigningKey, Validator, Verified, VerifyingKey,
    sign_enveloped,
};
use std::sync::LazyLock;

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(2048).unwrap());
static OTHER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(2048).unwrap());

fn certificate(key: &SigningKey) -> Vec<u8> {
    key.self_signed("idp", 1_700_000_000, 365, [7; 16]).unwrap()
}

fn validator(keys: &[&SigningKey]) -> Validator {
    let keys =
        keys.iter().map(|key| VerifyingKey::from_certificate_der(&certificate(key), 2048).unwrap()).collect();
    Validator::new(keys, Policy { allow_sha1: false }).unwrap()
}

const ISSUER: &str =
    r#"<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/</saml:Issuer>"#;

fn document() -> String {
    format!(r#"<m xmlns="urn:m" ID="_m" a="1">{ISSUER}<body>text &amp; more</body></m>"#)
}

fn signed() -> String {
    sign_enveloped(&document(), "_m", &KEY, Some(&certificate(&KEY))).unwrap()
}

fn verify(xml: &str, validator: &Validator) -> Result<Option<Verified<SignedXml>>, Code> {
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).map_err(|error| error.code())?;
    validator.verify_enveloped(message.root(), Placement::AfterIssuer).map_err(|error| error.code())
}

/// The same document with its SignedInfo changed by `change` and signed again by the right key, so that the change is
/// the only defect.
fn with_signed_info(change: impl Fn(&str) -> String) -> String {
    let xml = signed();
    let start = xml.find("<ds:SignedInfo").or_else(|| xml.find("<SignedInfo")).unwrap();
    let tag_end = xml.find("SignedInfo>").map(|_| ()).and_then(|()| xml.rfind("SignedInfo>")).unwrap()
        + "SignedInfo>".len();
    let changed = change(&xml[start..tag_end]);
    assert_ne!(changed, &xml[start..tag_end], "the change must change something");
    let draft = format!("{}{}{}", &xml[..start], changed, &xml[tag_end..]);
    let message = Message::parse(draft.as_bytes(), &Limits::MESSAGE).unwrap();
    let info = message.root().descendants().find(|element| element.local_name() == "SignedInfo").unwrap();
    let value = KEY.sign_sha256(ostiary_xmlsig::exclusive_c14n(info, &[]).as_bytes()).unwrap();
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, value);
    let from = draft.find("SignatureValue>").unwrap() + "SignatureValue>".len();
    let to = from + draft[from..].find('<').unwrap();
    format!("{}{}{}", &draft[..from], encoded, &draft[to..])
}

#[test]
fn accepts_what_a_configured_key_signed_and_reads_the_canonical_bytes() {
    let verified = verify(&signed(), &validator(&[&OTHER, &KEY])).unwrap().expect("signed");
    assert_eq!(verified.root().attribute("a").unwrap(), "1");
    let bytes = std::str::from_utf8(verified.canonical_bytes()).unwrap();
    assert_eq!(bytes, document());
    assert!(!verified.signed_with().sha1);
}

#[test]
fn says_nothing_about_an_unsigned_element() {
    assert!(verify(&document(), &validator(&[&KEY])).unwrap().is_none());
}

#[test]
fn rejects_a_signature_by_an_unknown_key_even_when_its_certificate_is_embedded() {
    assert_eq!(verify(&signed(), &validator(&[&OTHER])).unwrap_err(), Code::SignatureInvalid);
}

#[test]
fn rejects_content_changed_after_signing() {
    let xml = signed().replace("text &amp; more", "text &amp; less");
    assert_eq!(verify(&xml, &validator(&[&KEY])).unwrap_err(), Code::SignatureDigestMismatch);
}

#[test]
fn rejects_a_changed_signature_value() {
    let xml = signed();
    let at = xml.find("SignatureValue>").unwrap() + "SignatureValue>".len();
    let flipped = if &xml[at..=at] == "A" { "B" } else { "A" };
    let xml = format!("{}{flipped}{}", &xml[..at], &xml[at + 1..]);
    assert_eq!(verify(&xml, &validator(&[&KEY])).unwrap_err(), Code::SignatureInvalid);
}

#[test]
fn rejects_a_changed_signed_info() {
    let xml = signed().replacen("DigestValue>", "DigestValue> ", 1);
    assert_eq!(verify(&xml, &validator(&[&KEY])).unwrap_err(), Code::SignatureInvalid);
}

#[test]
fn rejects_every_other_signed_info_even_when_the_right_key_signed_it() {
    let replace =
        |from: &'static str, to: &'static str| with_signed_info(move |info| info.replacen(from, to, 1));
    let cases = [
        (replace("#_m", "#_x"), Code::SignatureReference),
        (replace("URI=\"#_m\"", "URI=\"\""), Code::SignatureReference),
        (replace("URI=\"#_m\"", ""), Code::SignatureReference),
        (replace("URI=\"#_m\"", "URI=\"#xpointer(id('_m'))\""), Code::SignatureReference),
        (replace("URI=\"#_m\"", "URI=\"http://127.0.0.1:9/\""), Code::SignatureReference),
        (replace("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256"), Code::SignatureAlgorithm),
        (replace("xmldsig-more#rsa-sha256", "xmldsig-more#ecdsa-sha256"), Code::SignatureAlgorithm),
        (replace("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1"), Code::SignatureSha1),
        (replace("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1"), Code::SignatureSha1),
        (replace("2001/04/xmlenc#sha256", "2001/04/xmldsig-more#md5"), Code::SignatureDigestAlgorithm),
        (replace("2000/09/xmldsig#enveloped-signature", "1999/REC-xslt-19991116"), Code::SignatureTransform),
        (
            with_signed_info(|info| {
                let at = info.rfind("2001/10/xml-exc-c14n#").unwrap();
                format!(
                    "{}TR/2001/REC-xml-c14n-20010315{}",
                    &info[..at],
                    &info[at + "2001/10/xml-exc-c14n#".len()..]
                )
            }),
            Code::SignatureTransform,
        ),
        (
            with_signed_info(|info| {
                info.replacen("2001/10/xml-exc-c14n#", "2001/10/xml-exc-c14n#WithComments", 1)
            }),
            Code::SignatureCanonicalization,
        ),
        (
            with_signed_info(|info| {
                let start = info.find("<ds:Reference").or_else(|| info.find("<Reference")).unwrap();
                let end = info.rfind("Reference>").unwrap() + "Reference>".len();
                format!("{}{}{}", &info[..end], &info[start..end], &info[end..])
            }),
            Code::SignatureReference,
        ),
    ];
    for (at, (xml, code)) in cases.iter().enumerate() {
        assert_eq!(verify(xml, &validator(&[&KEY])).unwrap_err(), *code, "case {at}: {xml}");
    }
}

#[test]
fn rejects_a_second_signature_and_one_at_another_place() {
    let xml = signed();
    let start = xml.find("<ds:Signature ").or_else(|| xml.find("<Signature ")).unwrap();
    let end = xml.rfind("Signature>").unwrap() + "Signature>".len();
    let signature = &xml[start..end];
    let twice = format!("{}{signature}{}", &xml[..end], &xml[end..]);
    assert_eq!(verify(&twice, &validator(&[&KEY])).unwrap_err(), Code::SignatureDuplicate);
    let last = format!("{}{}", &xml[..start], &xml[end..]).replace("</m>", &format!("{signature}</m>"));
    assert_eq!(verify(&last, &validator(&[&KEY])).unwrap_err(), Code::SignatureMisplaced);
}

#[test]
fn rejects_objects_and_repeated_parts_inside_the_signature() {
    let xml = signed();
    let object = r#"<Object xmlns="http://www.w3.org/2000/09/xmldsig#"/>"#;
    let close = if xml.contains("</ds:Signature>") { "</ds:Signature>" } else { "</Signature>" };
    let with_object = xml.replace(close, &format!("{object}{close}"));
    assert_eq!(verify(&with_object, &validator(&[&KEY])).unwrap_err(), Code::SignatureStructure);
    let start = xml.find("<ds:SignedInfo").or_else(|| xml.find("<SignedInfo")).unwrap();
    let end = xml.rfind("SignedInfo>").unwrap() + "SignedInfo>".len();
    let twice = format!("{}{}{}", &xml[..end], &xml[start..end], &xml[end..]);
    assert_eq!(verify(&twice, &validator(&[&KEY])).unwrap_err(), Code::SignatureStructure);
}

#[test]
fn finds_signatures_where_none_may_stand() {
    let xml = signed().replace("<body>", "<body><x>").replace("</body>", "</x></body>");
    let start = xml.find("<ds:Signature ").or_else(|| xml.find("<Signature ")).unwrap();
    let end = xml.rfind("Signature>").unwrap() + "Signature>".len();
    let moved =
        format!("{}{}", &xml[..start], &xml[end..]).replace("<x>", &format!("<x>{}", &xml[start..end]));
    let message = Message::parse(moved.as_bytes(), &Limits::MESSAGE).unwrap();
    let error = Validator::refuse_stray_signatures(message.root(), &[message.root()]).unwrap_err();
    assert_eq!(error.code(), Code::SignatureMisplaced);
}

#[test]
fn there_is_no_validator_without_a_key() {
    assert_eq!(Validator::new(vec![], Policy { allow_sha1: true }).unwrap_err().code(), Code::NoSigningKey);
}
