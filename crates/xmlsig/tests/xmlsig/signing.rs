//! What we sign: enveloped signatures, Redirect queries, certificates of our own.

use crate::common::{KEY, certificate, part, validator, verify_at};
use ostiary_codes::Code;
use ostiary_xmlsig::{
    CertificateInfo, Hash, Limits, Message, Placement, RedirectMessage, SignatureProfile, SigningKey,
    VerifyingKey, sign_enveloped, sign_enveloped_with, sign_redirect_query,
};

/// Signs `ID="_m"`, and what the signature covers must be the canonical form `canonical`.
fn signs(xml: &str, canonical: &str) -> String {
    let signed = sign_enveloped(xml, "_m", &KEY, None).unwrap();
    let verified = verify_at(&signed, &validator(&[&KEY]), Placement::AfterIssuer).unwrap().expect("signed");
    assert_eq!(std::str::from_utf8(verified.canonical_bytes()).unwrap(), canonical);
    signed
}

#[test]
fn puts_the_signature_first_or_behind_the_issuer() {
    let signed = signs("<m xmlns='urn:m' ID='_m'><b/></m>", r#"<m xmlns="urn:m" ID="_m"><b></b></m>"#);
    assert!(signed.starts_with("<m xmlns='urn:m' ID='_m'><ds:Signature "), "{signed}");
    let issuer = "<s:Issuer xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion'>x</s:Issuer>";
    let signed = sign_enveloped(&format!("<m ID='_m'>{issuer}<b/></m>"), "_m", &KEY, None).unwrap();
    assert!(signed.contains("</s:Issuer><ds:Signature "), "{signed}");
    let empty = "<s:Issuer xmlns:s='urn:oasis:names:tc:SAML:2.0:assertion'/>";
    let signed = sign_enveloped(&format!("<m ID='_m'>{empty}<b/></m>"), "_m", &KEY, None).unwrap();
    assert!(signed.contains("assertion'/><ds:Signature "), "{signed}");
}

#[test]
fn opens_an_empty_tag_for_the_signature() {
    for xml in ["<m ID='_m'/>", "<m ID='_m' />", "<m\n ID=\"_m\"/>", "<m ID='_m'></m>"] {
        signs(xml, r#"<m ID="_m"></m>"#);
    }
    signs("<m ID='_m' a='/>'/>", r#"<m ID="_m" a="/>"></m>"#);
    signs("<m ID='_m' a='>\"' b=\"'>\">x</m>", r#"<m ID="_m" a=">&quot;" b="'>">x</m>"#);
    signs("<p:m xmlns:p='urn:p' ID='_m'/>", r#"<p:m xmlns:p="urn:p" ID="_m"></p:m>"#);
}

#[test]
fn finds_the_place_behind_a_byte_order_mark() {
    let signed = signs("\u{feff}<?xml version='1.0'?><m ID='_m'>x</m>", r#"<m ID="_m">x</m>"#);
    assert!(signed.starts_with("<?xml version='1.0'?><m ID='_m'><ds:Signature"), "{signed}");
}

#[test]
fn signs_inner_elements_before_outer_ones() {
    let xml = "<m xmlns='urn:m' ID='_m'><inner ID='_i'><x/></inner></m>";
    let inner = sign_enveloped(xml, "_i", &KEY, None).unwrap();
    let both = sign_enveloped(&inner, "_m", &KEY, None).unwrap();
    let message = Message::parse(both.as_bytes(), &Limits::MESSAGE).unwrap();
    let root = message.root();
    let inner = root.children().find(|child| child.local_name() == "inner").unwrap();
    for element in [root, inner] {
        validator(&[&KEY]).verify_enveloped(element, Placement::FirstChild).unwrap().expect("signed");
    }
}

#[test]
fn carries_a_certificate_only_when_given_one() {
    let der = certificate(&KEY);
    let with = sign_enveloped("<m ID='_m'/>", "_m", &KEY, Some(&der)).unwrap();
    let text = part(&with, "<ds:X509Certificate>", "</ds:X509Certificate>");
    let text = text.trim_start_matches("<ds:X509Certificate>").trim_end_matches("</ds:X509Certificate>");
    assert_eq!(
        VerifyingKey::from_text(text, 2048).unwrap().fingerprint(),
        VerifyingKey::from_certificate_der(&der, 2048).unwrap().fingerprint()
    );
    let without = sign_enveloped("<m ID='_m'/>", "_m", &KEY, None).unwrap();
    assert!(!without.contains("KeyInfo"));
}

#[test]
fn announces_the_hash_that_it_uses() {
    for (hash, signature, digest) in [
        (Hash::Sha1, "2000/09/xmldsig#rsa-sha1", "2000/09/xmldsig#sha1"),
        (Hash::Sha256, "2001/04/xmldsig-more#rsa-sha256", "2001/04/xmlenc#sha256"),
        (Hash::Sha384, "2001/04/xmldsig-more#rsa-sha384", "2001/04/xmldsig-more#sha384"),
        (Hash::Sha512, "2001/04/xmldsig-more#rsa-sha512", "2001/04/xmlenc#sha512"),
    ] {
        let profile = SignatureProfile { hash, ..SignatureProfile::default() };
        let xml = sign_enveloped_with("<m ID='_m'/>", "_m", &KEY, &profile).unwrap();
        assert!(
            xml.contains(&format!("<ds:SignatureMethod Algorithm=\"http://www.w3.org/{signature}\"")),
            "{xml}"
        );
        assert!(xml.contains(&format!("<ds:DigestMethod Algorithm=\"http://www.w3.org/{digest}\"")), "{xml}");
    }
}

#[test]
fn rejects_a_document_without_the_element_or_outside_the_grammar() {
    let error = |xml: &str| sign_enveloped(xml, "_m", &KEY, None).unwrap_err().code();
    assert_eq!(error("<m/>"), Code::SignatureReference);
    assert_eq!(error("<m id='_m' Id='_n'/>"), Code::SignatureReference);
    assert_eq!(error("<m>"), Code::XmlMalformed);
}

#[test]
fn a_signed_query_verifies_and_keeps_what_it_was_given() {
    let query = "SAMLRequest=fVHLTsMw&RelayState=a%2fb+c";
    let signed = sign_redirect_query(query, &KEY).unwrap();
    assert!(signed.starts_with(&format!(
        "{query}&SigAlg=http%3A%2F%2Fwww.w3.org%2F2001%2F04%2Fxmldsig-more%23rsa-sha256&Signature="
    )));
    assert!(signed.bytes().all(|b| b.is_ascii_graphic()));
    let value = signed.rsplit("Signature=").next().unwrap();
    assert!(!value.contains(['+', '/', '=']), "base64 is percent-encoded");
    // The message itself is no DEFLATE stream, which is all that is wrong with it.
    let error = RedirectMessage::parse(&signed, &Limits::MESSAGE).unwrap_err();
    assert_eq!(error.code(), Code::DeflateInvalid);
}

#[test]
fn a_key_survives_its_own_encoding_and_is_never_shown() {
    let der = KEY.to_pkcs8_der().unwrap();
    let again = SigningKey::from_pkcs8_der(&der).unwrap();
    assert_eq!(again.sign_sha256(b"x").unwrap(), KEY.sign_sha256(b"x").unwrap());
    assert_eq!(format!("{again:?}"), "SigningKey { .. }");
}

#[test]
fn a_key_of_our_own_has_2048_bits_or_more() {
    assert_eq!(SigningKey::generate(2047).unwrap_err().code(), Code::SignatureWeakKey);
    let short = openssl::pkey::PKey::from_rsa(openssl::rsa::Rsa::generate(1024).unwrap()).unwrap();
    let error = SigningKey::from_pkcs8_der(&short.private_key_to_pkcs8().unwrap()).unwrap_err();
    assert_eq!(error.code(), Code::SignatureWeakKey);
    assert_eq!(SigningKey::from_pkcs8_der(b"").unwrap_err().code(), Code::SignatureKeyInvalid);
}

#[test]
fn a_certificate_of_our_own_says_what_it_was_told() {
    let der = KEY.self_signed(&"n".repeat(70), 1_700_000_000, 10, [0xff; 16]).unwrap();
    let info = CertificateInfo::from_der(&der).unwrap();
    assert_eq!(info.subject, format!("CN={}", "n".repeat(64)));
    assert_eq!((info.not_before, info.not_after), (1_700_000_000, 1_700_864_000));
    assert_eq!(info.rsa_bits, 2048);
    let key = VerifyingKey::from_certificate_der(&der, 2048).unwrap();
    assert_eq!(info.sha256, key.fingerprint().hex());
    let parsed = openssl::x509::X509::from_der(&der).unwrap();
    assert!(parsed.verify(&parsed.public_key().unwrap()).unwrap(), "signed by itself");
    let serial = parsed.serial_number().to_bn().unwrap();
    assert!(!serial.is_negative() && serial.num_bits() == 128);
}
