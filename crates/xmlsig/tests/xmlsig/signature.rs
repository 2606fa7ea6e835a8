//! Enveloped signatures: one change each, one code each.

use crate::common::{
    KEY, OTHER, certificate, part, replace, sign_again, validator, validator_with, verify, verify_at,
};
use ostiary_codes::Code;
use ostiary_xmlsig::{
    FromSigned, Hash, Limits, Message, Placement, Policy, SignatureProfile, Signed, Validator, VerifyingKey,
    sign_enveloped, sign_enveloped_with,
};

const ISSUER: &str =
    r#"<saml:Issuer xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">https://idp.example/</saml:Issuer>"#;

fn document() -> String {
    format!(r#"<m xmlns="urn:m" ID="_m" a="1">{ISSUER}<body>text &amp; more</body></m>"#)
}

fn signed() -> String {
    sign_enveloped(&document(), "_m", &KEY, Some(&certificate(&KEY))).unwrap()
}

fn signature() -> String {
    part(&signed(), "<ds:Signature ", "</ds:Signature>").to_owned()
}

/// The same document with one replacement in its SignedInfo, signed again by the right key, so that the change is the
/// only defect.
fn resigned(from: &str, to: &str) -> String {
    let xml = signed();
    let info = part(&xml, "<ds:SignedInfo", "</ds:SignedInfo>");
    sign_again(&replace(&xml, info, &replace(info, from, to)), &KEY, &[])
}

fn rejected(xml: &str) -> Code {
    match verify(xml, &validator(&[&KEY])) {
        Ok(_) => panic!("accepted: {xml}"),
        Err(code) => code,
    }
}

#[test]
fn accepts_what_a_configured_key_signed_and_reads_the_canonical_bytes() {
    let validator = validator(&[&OTHER, &KEY]);
    let verified = verify(&signed(), &validator).unwrap().expect("signed");
    assert_eq!(verified.root().attribute("a").unwrap(), "1");
    let bytes = std::str::from_utf8(verified.canonical_bytes()).unwrap();
    assert_eq!(bytes, document());
    assert!(!verified.signed_with().sha1);
    assert_eq!(verified.signed_with().key, validator.keys()[1].fingerprint());
}

#[test]
fn accepts_every_hash_and_prefix_that_identity_providers_use() {
    for hash in [Hash::Sha256, Hash::Sha384, Hash::Sha512] {
        for prefix in ["", "ds", "dsig"] {
            let profile = SignatureProfile { hash, prefix, certificate_der: None };
            let xml = sign_enveloped_with(&document(), "_m", &KEY, &profile).unwrap();
            let verified = verify(&xml, &validator(&[&KEY])).unwrap().expect("signed");
            assert_eq!(verified.canonical_bytes(), document().as_bytes(), "{hash:?} {prefix}");
        }
    }
}

#[test]
fn accepts_sha1_by_explicit_setting_only_and_says_so() {
    let profile = SignatureProfile { hash: Hash::Sha1, ..SignatureProfile::default() };
    let xml = sign_enveloped_with(&document(), "_m", &KEY, &profile).unwrap();
    assert_eq!(rejected(&xml), Code::SignatureSha1);
    let verified = verify(&xml, &validator_with(&[&KEY], true)).unwrap().expect("signed");
    assert!(verified.signed_with().sha1);
    let verified = verify(&signed(), &validator_with(&[&KEY], true)).unwrap().expect("signed");
    assert!(!verified.signed_with().sha1, "SHA-256 under the same setting");
}

/// SHA-1 as DigestMethod alone is a downgrade as well.
#[test]
fn reports_sha1_of_the_digest_alone() {
    let xml = resigned("2001/04/xmlenc#sha256", "2000/09/xmldsig#sha1");
    assert_eq!(rejected(&xml), Code::SignatureSha1);
    assert_eq!(
        verify(&xml, &validator_with(&[&KEY], true)).unwrap_err(),
        Code::SignatureDigestMismatch,
        "the digest is still one of SHA-256"
    );
    let profile = SignatureProfile { hash: Hash::Sha1, ..SignatureProfile::default() };
    let both = sign_enveloped_with(&document(), "_m", &KEY, &profile).unwrap();
    let digest_alone =
        sign_again(&replace(&both, "2000/09/xmldsig#rsa-sha1", "2001/04/xmldsig-more#rsa-sha256"), &KEY, &[]);
    assert_eq!(rejected(&digest_alone), Code::SignatureSha1);
    let verified = verify(&digest_alone, &validator_with(&[&KEY], true)).unwrap().expect("signed");
    assert!(verified.signed_with().sha1);
}

#[test]
fn accepts_line_breaks_in_base64_and_a_key_info_of_whatever_content() {
    let xml = signed();
    let wrapped = replace(&xml, "<ds:SignatureValue>", "<ds:SignatureValue>&#13;\n\t ");
    verify(&wrapped, &validator(&[&KEY])).unwrap().expect("signed");
    let key_info = part(&xml, "<ds:KeyInfo>", "</ds:KeyInfo>");
    for other in ["", "<ds:KeyInfo><ds:KeyName>whoever</ds:KeyName></ds:KeyInfo>", "<ds:KeyInfo/>"] {
        verify(&replace(&xml, key_info, other), &validator(&[&KEY])).unwrap().expect("signed");
    }
}

#[test]
fn honours_the_prefix_list_of_both_canonicalisations() {
    let list = |prefixes: &str| {
        format!(
            r#"><x:InclusiveNamespaces xmlns:x="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="{prefixes}"/></ds:"#
        )
    };
    let document = format!(r#"<p:m xmlns:p="urn:m" xmlns:q="urn:q" ID="_m">{ISSUER}<p:body/></p:m>"#);
    let xml = sign_enveloped(&document, "_m", &KEY, None).unwrap();
    // The canonical form under test is written by hand: p and q are rendered at the apex.
    let canonical = document.replace("<p:body/>", "<p:body></p:body>");
    let digest = base64::Engine::encode(
        &base64::engine::general_purpose::STANDARD,
        openssl::sha::sha256(canonical.as_bytes()),
    );
    let old = part(&xml, "<ds:DigestValue>", "</ds:DigestValue>");
    let xml = replace(&xml, old, &format!("<ds:DigestValue>{digest}</ds:DigestValue>"));
    let transform = r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:"#;
    let xml = replace(&xml, transform, &transform.replace("></ds:", &list("q")));
    let method = r#"<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:"#;
    let xml = replace(&xml, method, &method.replace("></ds:", &list(" p\tabsent #default\n")));
    let xml = sign_again(&xml, &KEY, &["p", "absent", "#default"]);
    let verified = verify(&xml, &validator(&[&KEY])).unwrap().expect("signed");
    assert_eq!(std::str::from_utf8(verified.canonical_bytes()).unwrap(), canonical);
    // Without its list, the same SignedInfo has another canonical form.
    assert_eq!(rejected(&replace(&xml, "absent", "q")), Code::SignatureInvalid);
    assert_eq!(
        rejected(&sign_again(&replace(&xml, r#""q""#, r#""""#), &KEY, &["p"])),
        Code::SignatureDigestMismatch
    );
}

/// Each listed prefix costs work at each declaration, before anything is authentic.
#[test]
fn rejects_a_prefix_list_without_end() {
    let list = |count: usize| {
        let prefixes = "p ".repeat(count);
        format!(
            r#"Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"><x:InclusiveNamespaces xmlns:x="http://www.w3.org/2001/10/xml-exc-c14n#" PrefixList="{prefixes}"/></ds:"#
        )
    };
    let empty = r#"Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:"#;
    verify(&resigned(empty, &list(64)), &validator(&[&KEY])).unwrap().expect("signed");
    assert_eq!(rejected(&resigned(empty, &list(65))), Code::SignatureCanonicalization);
    let transform = format!("<ds:Transform {empty}");
    assert_eq!(
        rejected(&resigned(&transform, &format!("<ds:Transform {}", list(65)))),
        Code::SignatureTransform
    );
}

#[test]
fn says_nothing_about_an_unsigned_element() {
    assert!(verify(&document(), &validator(&[&KEY])).unwrap().is_none());
}

#[test]
fn a_signature_of_another_namespace_is_none() {
    let xml = signed().replace("http://www.w3.org/2000/09/xmldsig#\">", "urn:not-a-signature\">");
    assert!(verify(&xml, &validator(&[&KEY])).unwrap().is_none());
}

#[test]
fn rejects_a_signature_by_an_unknown_key_even_when_its_certificate_is_embedded() {
    assert_eq!(verify(&signed(), &validator(&[&OTHER])).unwrap_err(), Code::SignatureInvalid);
}

#[test]
fn rejects_content_changed_after_signing() {
    let xml = signed();
    assert_eq!(rejected(&replace(&xml, "text &amp; more", "text &amp; less")), Code::SignatureDigestMismatch);
    assert_eq!(rejected(&replace(&xml, "a=\"1\"", "a=\"2\"")), Code::SignatureDigestMismatch);
    assert_eq!(rejected(&replace(&xml, "</m>", " </m>")), Code::SignatureDigestMismatch);
    assert_eq!(rejected(&replace(&xml, "urn:m", "urn:n")), Code::SignatureDigestMismatch);
}

#[test]
fn rejects_a_changed_signature_value() {
    let xml = signed();
    let at = xml.find("SignatureValue>").unwrap() + "SignatureValue>".len();
    let flipped = if &xml[at..=at] == "A" { "B" } else { "A" };
    let xml = format!("{}{flipped}{}", &xml[..at], &xml[at + 1..]);
    assert_eq!(rejected(&xml), Code::SignatureInvalid);
}

#[test]
fn rejects_a_signature_value_that_is_no_base64_of_anything() {
    let xml = signed();
    let value = part(&xml, "<ds:SignatureValue>", "</ds:SignatureValue>");
    for (other, code) in [
        ("", Code::SignatureStructure),
        (" ", Code::SignatureStructure),
        ("%%%%", Code::SignatureStructure),
        ("AAA", Code::SignatureStructure),
        ("AA==AA==", Code::SignatureStructure),
        ("<ds:x/>", Code::SignatureStructure),
        ("AAAA<ds:x/>", Code::SignatureStructure),
        ("AAAA", Code::SignatureInvalid),
    ] {
        let other = format!("<ds:SignatureValue>{other}</ds:SignatureValue>");
        assert_eq!(rejected(&replace(&xml, value, &other)), code, "{other}");
    }
}

#[test]
fn rejects_a_changed_signed_info() {
    let xml = signed();
    assert_eq!(rejected(&replace(&xml, "DigestValue>", "DigestValue> ")), Code::SignatureInvalid);
    assert_eq!(
        rejected(&replace(&xml, "<ds:Reference ", "<ds:Reference Type='urn:x' ")),
        Code::SignatureInvalid
    );
}

#[test]
fn rejects_every_other_signed_info_even_when_the_right_key_signed_it() {
    let xml = signed();
    let reference = part(&xml, "<ds:Reference ", "</ds:Reference>");
    let transform = r#"<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:Transform>"#;
    let enveloped =
        r#"<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"></ds:Transform>"#;
    let transforms = part(&xml, "<ds:Transforms>", "</ds:Transforms>");
    let method = "xmldsig-more#rsa-sha256\"></ds:SignatureMethod>";
    let c14n = "Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\"></ds:CanonicalizationMethod>";
    let sha256 = "Algorithm=\"http://www.w3.org/2001/04/xmlenc#sha256\"></ds:DigestMethod>";
    let twice = |part: &str| format!("{part}{part}");
    let cases: Vec<(&str, String, Code)> = vec![
        // The Reference (Core 5.4.2).
        ("#_m", "#_x".into(), Code::SignatureReference),
        ("#_m", "_m".into(), Code::SignatureReference),
        ("#_m", "#".into(), Code::SignatureReference),
        ("#_m", "##_m".into(), Code::SignatureReference),
        ("#_m", "#_m ".into(), Code::SignatureReference),
        ("#_m", String::new(), Code::SignatureReference),
        ("URI=\"#_m\"", String::new(), Code::SignatureReference),
        ("URI=\"#_m\"", "xmlns:u=\"urn:u\" u:URI=\"#_m\"".into(), Code::SignatureStructure),
        ("#_m", "#xpointer(id('_m'))".into(), Code::SignatureReference),
        ("#_m", "#xpointer(/)".into(), Code::SignatureReference),
        ("#_m", "http://127.0.0.1:9/".into(), Code::SignatureReference),
        ("#_m", "file:///etc/passwd".into(), Code::SignatureReference),
        ("<ds:Reference ", "<ds:Reference x=\"1\" ".into(), Code::SignatureStructure),
        (reference, twice(reference), Code::SignatureReference),
        (reference, String::new(), Code::SignatureReference),
        (reference, format!("{reference}<ds:Object/>"), Code::SignatureStructure),
        (reference, format!("x{reference}"), Code::SignatureStructure),
        // SignatureMethod.
        ("xmldsig-more#rsa-sha256", "xmldsig-more#hmac-sha256".into(), Code::SignatureAlgorithm),
        ("xmldsig-more#rsa-sha256", "xmldsig-more#ecdsa-sha256".into(), Code::SignatureAlgorithm),
        (
            "2001/04/xmldsig-more#rsa-sha256",
            "2007/05/xmldsig-more#sha256-rsa-MGF1".into(),
            Code::SignatureAlgorithm,
        ),
        ("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#hmac-sha1".into(), Code::SignatureAlgorithm),
        ("2001/04/xmldsig-more#rsa-sha256", "2001/04/xmldsig-more#rsa-md5".into(), Code::SignatureAlgorithm),
        ("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#dsa-sha1".into(), Code::SignatureAlgorithm),
        ("2001/04/xmldsig-more#rsa-sha256", "2009/xmldsig11#dsa-sha256".into(), Code::SignatureAlgorithm),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", "none".into(), Code::SignatureAlgorithm),
        ("http://www.w3.org/2001/04/xmldsig-more#rsa-sha256", String::new(), Code::SignatureAlgorithm),
        ("2001/04/xmldsig-more#rsa-sha256", "2000/09/xmldsig#rsa-sha1".into(), Code::SignatureSha1),
        ("#rsa-sha256", "#RSA-SHA256".into(), Code::SignatureAlgorithm),
        (
            method,
            "xmldsig-more#rsa-sha256\"><ds:HMACOutputLength>8</ds:HMACOutputLength></ds:SignatureMethod>"
                .into(),
            Code::SignatureAlgorithm,
        ),
        (method, "xmldsig-more#rsa-sha256\">x</ds:SignatureMethod>".into(), Code::SignatureAlgorithm),
        ("<ds:SignatureMethod ", "<ds:SignatureMethod x=\"1\" ".into(), Code::SignatureStructure),
        ("<ds:SignatureMethod Algorithm", "<ds:SignatureMethod algorithm".into(), Code::SignatureStructure),
        // DigestMethod and DigestValue.
        ("2001/04/xmlenc#sha256", "2001/04/xmldsig-more#md5".into(), Code::SignatureDigestAlgorithm),
        ("2001/04/xmlenc#sha256", "2001/04/xmldsig-more#sha224".into(), Code::SignatureDigestAlgorithm),
        (sha256, sha256.replace("></", "><ds:x/></"), Code::SignatureDigestAlgorithm),
        (sha256, sha256.replace("Algorithm", "x=\"1\" Algorithm"), Code::SignatureStructure),
        ("<ds:DigestValue>", "<ds:DigestValue>%".into(), Code::SignatureStructure),
        ("</ds:DigestValue>", "<ds:x/></ds:DigestValue>".into(), Code::SignatureStructure),
        ("<ds:DigestValue>", "<ds:DigestValue Id=\"_d\">".into(), Code::SignatureStructure),
        (
            "</ds:DigestValue>",
            "</ds:DigestValue><ds:DigestValue>AA==</ds:DigestValue>".into(),
            Code::SignatureReference,
        ),
        ("<ds:DigestValue>", "<ds:DigestValue>AAAA".into(), Code::SignatureDigestMismatch),
        // Transforms (Core 5.4.4).
        ("2000/09/xmldsig#enveloped-signature", "TR/1999/REC-xslt-19991116".into(), Code::SignatureTransform),
        (
            "2000/09/xmldsig#enveloped-signature",
            "TR/1999/REC-xpath-19991116".into(),
            Code::SignatureTransform,
        ),
        ("2000/09/xmldsig#enveloped-signature", "2000/09/xmldsig#base64".into(), Code::SignatureTransform),
        (enveloped, String::new(), Code::SignatureTransform),
        (transform, String::new(), Code::SignatureTransform),
        (transform, twice(transform), Code::SignatureTransform),
        (enveloped, twice(enveloped), Code::SignatureTransform),
        (enveloped, format!("x{enveloped}"), Code::SignatureTransform),
        (enveloped, enveloped.replace("></", ">x</"), Code::SignatureTransform),
        (enveloped, enveloped.replace("></", "><ds:XPath>1</ds:XPath></"), Code::SignatureTransform),
        (enveloped, enveloped.replace(" Alg", " x=\"1\" Alg"), Code::SignatureStructure),
        (transform, transform.replace("exc-c14n#", "exc-c14n#WithComments"), Code::SignatureTransform),
        (
            transform,
            transform.replace("2001/10/xml-exc-c14n#", "TR/2001/REC-xml-c14n-20010315"),
            Code::SignatureTransform,
        ),
        (
            transform,
            transform.replace("2001/10/xml-exc-c14n#", "2006/12/xml-c14n11"),
            Code::SignatureTransform,
        ),
        (transform, transform.replace("></", ">x</"), Code::SignatureTransform),
        (
            transform,
            transform.replace("></", "><ds:InclusiveNamespaces PrefixList=\"x\"/></"),
            Code::SignatureTransform,
        ),
        (transform, transform.replace(" Alg", " x=\"1\" Alg"), Code::SignatureTransform),
        (transforms, String::new(), Code::SignatureReference),
        (transforms, twice(transforms), Code::SignatureReference),
        ("<ds:Transforms>", "<ds:Transforms x=\"1\">".into(), Code::SignatureStructure),
        // CanonicalizationMethod (Core 5.4.3).
        (c14n, c14n.replace("exc-c14n#", "exc-c14n#WithComments"), Code::SignatureCanonicalization),
        (
            c14n,
            c14n.replace("2001/10/xml-exc-c14n#", "TR/2001/REC-xml-c14n-20010315"),
            Code::SignatureCanonicalization,
        ),
        (c14n, c14n.replace("></", ">x</"), Code::SignatureCanonicalization),
        (c14n, c14n.replace("></", "><ds:x/></"), Code::SignatureCanonicalization),
        (c14n, c14n.replace("Algorithm", "x=\"1\" Algorithm"), Code::SignatureStructure),
        ("<ds:SignedInfo>", "<ds:SignedInfo x=\"1\">".into(), Code::SignatureStructure),
    ];
    for (from, to, code) in &cases {
        assert_eq!(rejected(&resigned(from, to)), *code, "{from} -> {to}");
    }
}

/// What a canonicaliser that failed would have left of the element.
#[test]
fn rejects_the_digest_of_nothing_even_when_the_right_key_signed_it() {
    let xml = signed();
    let digest =
        base64::Engine::encode(&base64::engine::general_purpose::STANDARD, openssl::sha::sha256(b""));
    let old = part(&xml, "<ds:DigestValue>", "</ds:DigestValue>");
    let nothing = format!("<ds:DigestValue>{digest}</ds:DigestValue>");
    assert_eq!(rejected(&resigned(old, &nothing)), Code::SignatureDigestMismatch);
}

#[test]
fn rejects_inclusive_namespaces_with_content() {
    let empty = r#"Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>"#;
    let with = |inside: &str| {
        let list = format!(
            r#"><x:InclusiveNamespaces xmlns:x="http://www.w3.org/2001/10/xml-exc-c14n#"{inside}</x:InclusiveNamespaces></"#
        );
        resigned(empty, &empty.replace("></", &list))
    };
    verify(&with(r#" PrefixList="">"#), &validator(&[&KEY])).unwrap().expect("signed");
    verify(&with(">"), &validator(&[&KEY])).unwrap().expect("signed");
    for inside in [">x", "><ds:x/>", r#" x="1">"#] {
        assert_eq!(rejected(&with(inside)), Code::SignatureCanonicalization, "{inside}");
    }
}

#[test]
fn rejects_a_second_signature_and_one_at_another_place() {
    let (xml, signature) = (signed(), signature());
    let twice = replace(&xml, "</ds:Signature>", &format!("</ds:Signature>{signature}"));
    assert_eq!(rejected(&twice), Code::SignatureDuplicate);
    let bare = replace(&xml, &signature, "");
    for (from, to) in [
        ("</m>", format!("{signature}</m>")),
        ("<body>", format!("<x/>{signature}<body>")),
        // Core 3.2.1 and 2.3.3: where there is an Issuer, the Signature stands behind it.
        (ISSUER, format!("{signature}{ISSUER}")),
        (ISSUER, format!("<x/>{ISSUER}{signature}")),
        (ISSUER, format!("{ISSUER}{ISSUER}{signature}")),
        (ISSUER, format!("<x/>{signature}")),
    ] {
        assert_eq!(rejected(&replace(&bare, from, &to)), Code::SignatureMisplaced, "{to}");
    }
}

#[test]
fn a_signature_without_issuer_stands_first() {
    let document = r#"<m xmlns="urn:m" ID="_m"><body></body></m>"#;
    let xml = sign_enveloped(document, "_m", &KEY, None).unwrap();
    for placement in [Placement::AfterIssuer, Placement::FirstChild, Placement::Anywhere] {
        verify_at(&xml, &validator(&[&KEY]), placement).unwrap().expect("signed");
    }
    let signature = part(&xml, "<ds:Signature ", "</ds:Signature>");
    let last = replace(&replace(&xml, signature, ""), "</m>", &format!("{signature}</m>"));
    for placement in [Placement::AfterIssuer, Placement::FirstChild] {
        let error = verify_at(&last, &validator(&[&KEY]), placement).unwrap_err();
        assert_eq!(error, Code::SignatureMisplaced, "{placement:?}");
    }
    verify_at(&last, &validator(&[&KEY]), Placement::Anywhere).unwrap().expect("signed");
    // Metadata 2.3.2: first child, Issuer or not.
    let error = verify_at(&signed(), &validator(&[&KEY]), Placement::FirstChild).unwrap_err();
    assert_eq!(error, Code::SignatureMisplaced);
}

#[test]
fn rejects_parts_that_a_signature_does_not_have() {
    let xml = signed();
    let info = part(&xml, "<ds:SignedInfo", "</ds:SignedInfo>");
    let value = part(&xml, "<ds:SignatureValue", "</ds:SignatureValue>");
    let key_info = part(&xml, "<ds:KeyInfo", "</ds:KeyInfo>");
    let cases = [
        replace(&xml, "</ds:Signature>", "<ds:Object/></ds:Signature>"),
        replace(&xml, key_info, "<ds:Object/>"),
        replace(&xml, key_info, &format!("{key_info}{key_info}")),
        replace(&xml, info, &format!("{info}{info}")),
        replace(&xml, info, ""),
        replace(&xml, info, &info.replace("ds:SignedInfo", "SignedInfo")),
        replace(&xml, value, ""),
        replace(&xml, value, &format!("{value}{value}")),
        replace(&xml, value, &value.replace("ds:SignatureValue", "SignatureValue")),
        replace(&replace(&xml, value, ""), info, &format!("{value}{info}")),
        replace(&xml, "</ds:SignedInfo>", "</ds:SignedInfo>x"),
        replace(&xml, "<ds:Signature ", "<ds:Signature x=\"1\" "),
        replace(&xml, "<ds:SignatureValue>", "<ds:SignatureValue x=\"1\">"),
    ];
    for xml in cases {
        assert_eq!(rejected(&xml), Code::SignatureStructure, "{xml}");
    }
}

#[test]
fn the_id_is_the_unqualified_attribute_of_the_element_itself() {
    let xml = signed();
    for other in ["Id=\"_m\"", "id=\"_m\"", "xml:id=\"_m\"", "xmlns:p=\"urn:p\" p:ID=\"_m\"", ""] {
        assert_eq!(rejected(&replace(&xml, "ID=\"_m\"", other)), Code::SignatureReference, "{other}");
    }
}

/// The wrapped original keeps its valid signature; the wrapper has none of its own.
#[test]
fn a_signature_covers_its_parent_and_nothing_around_it() {
    let xml = format!("<x xmlns=\"urn:x\" ID=\"_x\">{}</x>", signed());
    assert!(verify(&xml, &validator(&[&KEY])).unwrap().is_none());
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
    let inner = message.root().children().next().unwrap();
    let verified = validator(&[&KEY]).verify_enveloped(inner, Placement::AfterIssuer).unwrap().unwrap();
    assert_eq!(verified.root().local_name(), "m");
    assert!(verified.root().parent().is_none());
}

#[test]
fn finds_signatures_where_none_may_stand() {
    let stray = |xml: &str, allow_root: bool| {
        let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
        let root = message.root();
        let signable = if allow_root { vec![root] } else { vec![] };
        Validator::refuse_stray_signatures(root, &signable).map_err(|error| error.code())
    };
    let (xml, signature) = (signed(), signature());
    assert_eq!(stray(&xml, true), Ok(()));
    assert_eq!(stray(&document(), false), Ok(()));
    assert_eq!(stray(&xml, false), Err(Code::SignatureMisplaced));
    assert_eq!(stray(&signature, true), Err(Code::SignatureMisplaced));
    let moved = replace(&replace(&xml, &signature, ""), "<body>", &format!("<body>{signature}"));
    assert_eq!(stray(&moved, true), Err(Code::SignatureMisplaced));
    let twice = replace(&xml, "</m>", &format!("{signature}</m>"));
    assert_eq!(stray(&twice, true), Err(Code::SignatureDuplicate));
    let in_key_info = replace(&xml, "<ds:KeyInfo>", &format!("<ds:KeyInfo>{signature}"));
    assert_eq!(stray(&in_key_info, true), Err(Code::SignatureMisplaced));
}

struct Body(String);

impl FromSigned for Body {
    type Context<'c> = &'c str;
    type Error = ();
    fn from_signed(root: ostiary_xmlsig::Element<'_, Signed>, name: &str) -> Result<Self, ()> {
        let body = root.children().find(|child| child.local_name() == name).ok_or(())?;
        body.text().map(|text| Self(text.into_owned())).map_err(|_| ())
    }
}

#[test]
fn what_is_read_keeps_the_verdict() {
    let verified = verify(&signed(), &validator(&[&KEY])).unwrap().expect("signed");
    let body = verified.read::<Body>("body").unwrap();
    assert_eq!(body.get().0, "text & more");
    assert_eq!(body.signed_with(), verified.signed_with());
    assert!(verified.read::<Body>("Signature").is_err(), "the signature is not part of what was signed");
}

/// What a key keeps from one verification to the next never mixes hashes, survives failures, and is shared by threads.
#[test]
fn one_key_verifies_in_any_order_and_from_many_threads() {
    let documents: Vec<(Hash, String)> = [Hash::Sha256, Hash::Sha384, Hash::Sha512, Hash::Sha1]
        .into_iter()
        .map(|hash| {
            let profile = SignatureProfile { hash, ..SignatureProfile::default() };
            (hash, sign_enveloped_with(&document(), "_m", &KEY, &profile).unwrap())
        })
        .collect();
    let forged = sign_enveloped(&document(), "_m", &OTHER, None).unwrap();
    let validator = validator_with(&[&KEY], true);
    std::thread::scope(|scope| {
        for start in 0..4 {
            let (documents, forged, validator) = (&documents, &forged, &validator);
            scope.spawn(move || {
                for round in 0..40 {
                    let (hash, xml) = &documents[(start + round) % documents.len()];
                    let verified = verify(xml, validator).unwrap().expect("signed");
                    assert_eq!(verified.signed_with().sha1, *hash == Hash::Sha1);
                    assert_eq!(verify(forged, validator).unwrap_err(), Code::SignatureInvalid);
                }
            });
        }
    });
}

#[test]
fn there_is_no_validator_without_a_key() {
    assert_eq!(Validator::new(vec![], Policy { allow_sha1: true }).unwrap_err().code(), Code::NoSigningKey);
}

#[test]
fn a_short_key_is_no_key() {
    let short = openssl::rsa::Rsa::generate(1024).unwrap().public_key_to_pem().unwrap();
    let error = VerifyingKey::from_text(std::str::from_utf8(&short).unwrap(), 2048).unwrap_err();
    assert_eq!(error.code(), Code::SignatureWeakKey);
}
