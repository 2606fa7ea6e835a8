//! Who signed, and how (Core 5.4, Profiles 4.1.3.5, 4.1.4.3). The rules of the signature itself are tested in the crate
//! that checks them; here, that each of them holds for a Response.

use crate::support::{
    IDP_KEY, OTHER_KEY, USER, both_signed, honest, issued, now, response_signed, verifying,
};
use ostiary_core::Trace;
use ostiary_testkit::{Hash, SignaturePlace, shift, sign_canonical, stamp};

const ENVELOPED: &str = "http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const RSA_SHA256: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";

/// Cuts the first Signature out: the message without it, and the Signature.
fn cut(xml: &str) -> (String, String) {
    let (head, rest) = xml.split_once("<Signature ").unwrap();
    let (signature, tail) = rest.split_once("</Signature>").unwrap();
    (format!("{head}{tail}"), format!("<Signature {signature}</Signature>"))
}

single_defects! {
    rejects_what_nobody_signed: SignatureMissing, honest, |case| case.scene.sign_assertion = false;
    rejects_an_unknown_signer: SignatureInvalid, honest, |case| case.signer = &OTHER_KEY;
    rejects_an_unknown_signer_of_the_response: SignatureInvalid, response_signed, |case| {
        case.signer = &OTHER_KEY;
    };
    rejects_a_forged_signature_value: SignatureInvalid, honest, |case| {
        case.by_hand(|xml| {
            let (head, value) = xml.split_once("<SignatureValue>").unwrap();
            let other = if value.starts_with('A') { "B" } else { "A" };
            format!("{head}<SignatureValue>{other}{}", &value[1..])
        });
    };
    rejects_a_changed_name: SignatureDigestMismatch, honest, |case| {
        case.after_signing(">b.simon@contoso.example</NameID>", ">admin@contoso.example</NameID>");
    };
    rejects_a_changed_attribute: SignatureDigestMismatch, honest, |case| {
        case.after_signing("<AttributeValue>B. Simon<", "<AttributeValue>Admin<");
    };
    rejects_a_changed_response: SignatureDigestMismatch, response_signed, |case| {
        let earlier = format!(" IssueInstant=\"{}\"", stamp(shift(now(), -1)));
        case.after_signing(&issued(), &earlier);
    };
    rejects_a_broken_response_signature_though_the_assertion_is_signed:
        SignatureDigestMismatch, both_signed, |case| {
            let earlier = format!(" IssueInstant=\"{}\"", stamp(shift(now(), -1)));
            case.after_signing(&issued(), &earlier);
        };
    rejects_a_foreign_assertion_signature_though_the_response_is_signed: SignatureInvalid, response_signed, |case| {
        let (bare, id) = (case.scene.assertion(), case.scene.assertion_id.clone());
        let place = SignaturePlace::AfterIssuer;
        let foreign = sign_canonical(&bare, &id, &OTHER_KEY, Hash::Sha256, place, &[]).unwrap();
        case.in_response(&bare, &foreign);
    };
    rejects_a_digest_smuggled_in_before_the_signed_one: SignatureDigestMismatch, honest, |case| {
        // The digest of the forged Assertion stands first in the document, where a careless search finds it.
        let forged = case.scene.assertion().replace(">b.simon@", ">admin@");
        let id = case.scene.assertion_id.clone();
        let place = SignaturePlace::AfterIssuer;
        let signed = sign_canonical(&forged, &id, &OTHER_KEY, Hash::Sha256, place, &[]).unwrap();
        let (_, reference) = signed.split_once("<Reference ").unwrap();
        let (reference, _) = reference.split_once("</Reference>").unwrap();
        let reference =
            format!("<Reference xmlns=\"http://www.w3.org/2000/09/xmldsig#\" {reference}</Reference>");
        let extensions = format!("<samlp:Extensions>{reference}</samlp:Extensions><samlp:Status>");
        case.after_signing("<samlp:Status>", &extensions);
        case.after_signing(">b.simon@contoso.example</NameID>", ">admin@contoso.example</NameID>");
    };
    rejects_a_comment_in_the_digest: XmlComment, honest, |case| {
        case.after_signing("</DigestValue>", "<!-- --></DigestValue>");
    };
    rejects_a_signature_at_the_end_of_the_assertion: SignatureMisplaced, honest, |case| {
        case.by_hand(|xml| {
            let (rest, signature) = cut(&xml);
            rest.replace("</Assertion>", &format!("{signature}</Assertion>"))
        });
    };
    rejects_a_signature_of_the_subject: SignatureMisplaced, honest, |case| {
        case.by_hand(|xml| {
            let (rest, signature) = cut(&xml);
            rest.replace("<Subject>", &format!("<Subject>{signature}"))
        });
    };
    rejects_a_further_signature_in_the_extensions: SignatureMisplaced, honest, |case| {
        case.by_hand(|xml| {
            let extensions = format!("<samlp:Extensions>{}</samlp:Extensions>", cut(&xml).1);
            xml.replace("<samlp:Status>", &format!("{extensions}<samlp:Status>"))
        });
    };
    rejects_two_signatures_of_the_assertion: SignatureDuplicate, honest, |case| {
        case.by_hand(|xml| {
            let signature = cut(&xml).1;
            xml.replace(&signature, &format!("{signature}{signature}"))
        });
    };
    rejects_an_object_in_the_signature: SignatureStructure, honest, |case| {
        case.after_signing("</Signature>", "<Object></Object></Signature>");
    };
    rejects_two_signed_infos: SignatureStructure, honest, |case| {
        case.by_hand(|xml| {
            let (head, rest) = xml.split_once("<SignedInfo>").unwrap();
            let (info, tail) = rest.split_once("</SignedInfo>").unwrap();
            format!("{head}<SignedInfo>{info}</SignedInfo><SignedInfo>{info}</SignedInfo>{tail}")
        });
    };
    rejects_a_reference_to_the_whole_document: SignatureReference, honest, |case| {
        let uri = format!("URI=\"#{}\"", case.scene.assertion_id);
        case.in_signed_info(&uri, "URI=\"\"");
    };
    rejects_a_reference_to_another_element: SignatureReference, honest, |case| {
        let (uri, other) = (case.scene.assertion_id.clone(), case.scene.response_id.clone());
        case.in_signed_info(&format!("#{uri}"), &format!("#{other}"));
    };
    rejects_an_xpointer: SignatureReference, honest, |case| {
        let id = case.scene.assertion_id.clone();
        case.in_signed_info(&format!("#{id}"), &format!("#xpointer(id('{id}'))"));
    };
    rejects_an_external_reference: SignatureReference, honest, |case| {
        let id = case.scene.assertion_id.clone();
        case.in_signed_info(&format!("#{id}"), "http://127.0.0.1:9/x");
    };
    rejects_a_second_reference: SignatureReference, honest, |case| {
        case.in_signed_info("</Reference>", "</Reference><Reference URI=\"#x\"></Reference>");
    };
    rejects_xslt: SignatureTransform, honest, |case| {
        case.in_signed_info(ENVELOPED, "http://www.w3.org/TR/1999/REC-xslt-19991116");
    };
    rejects_xpath: SignatureTransform, honest, |case| {
        case.in_signed_info(ENVELOPED, "http://www.w3.org/TR/1999/REC-xpath-19991116");
    };
    rejects_a_third_transform: SignatureTransform, honest, |case| {
        let third = format!("<Transform Algorithm=\"{ENVELOPED}\"></Transform></Transforms>");
        case.in_signed_info("</Transforms>", &third);
    };
    rejects_inclusive_canonicalisation: SignatureCanonicalization, honest, |case| {
        case.in_signed_info(
            "<CanonicalizationMethod Algorithm=\"http://www.w3.org/2001/10/xml-exc-c14n#\">",
            "<CanonicalizationMethod Algorithm=\"http://www.w3.org/TR/2001/REC-xml-c14n-20010315\">",
        );
    };
    rejects_hmac: SignatureAlgorithm, honest, |case| {
        case.in_signed_info(RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#hmac-sha256");
    };
    rejects_rsa_md5: SignatureAlgorithm, honest, |case| {
        case.in_signed_info(RSA_SHA256, "http://www.w3.org/2001/04/xmldsig-more#rsa-md5");
    };
    rejects_the_digest_md5: SignatureDigestAlgorithm, honest, |case| {
        case.in_signed_info(
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2001/04/xmldsig-more#md5",
        );
    };
    rejects_sha1: SignatureSha1, honest, |case| case.scene.hash = Hash::Sha1;
    rejects_sha1_of_the_response: SignatureSha1, response_signed, |case| case.scene.hash = Hash::Sha1;
    rejects_sha1_as_digest_alone: SignatureSha1, honest, |case| {
        case.in_signed_info(
            "http://www.w3.org/2001/04/xmlenc#sha256",
            "http://www.w3.org/2000/09/xmldsig#sha1",
        );
    };
    rejects_an_unsigned_assertion_where_it_must_be_signed: AssertionUnsigned, response_signed, |case| {
        case.expected.want_assertion_signed = true;
    };
    rejects_an_unsigned_response_where_it_must_be_signed: ResponseUnsigned, honest, |case| {
        case.expected.want_response_signed = true;
    };
}

#[test]
fn the_key_inside_the_message_is_not_believed() {
    // KeyInfo carries the attacker's certificate, and the signature verifies with it.
    let mut case = honest();
    case.signer = &OTHER_KEY;
    assert!(case.build().contains(&OTHER_KEY.certificate_base64().unwrap()));
    assert!(case.judge().is_err());
    case.trusted = vec![verifying(&OTHER_KEY)];
    assert!(case.judge().is_ok(), "the same message is accepted from whoever is trusted");
}

#[test]
fn both_signatures_satisfy_both_wishes() {
    let mut case = both_signed();
    (case.expected.want_assertion_signed, case.expected.want_response_signed) = (true, true);
    let accepted = case.judge().unwrap();
    assert!(accepted.assertion_signed() && accepted.response_signed());
}

#[test]
fn either_key_verifies_during_a_rollover_and_the_outcome_names_it() {
    for signer in [&*IDP_KEY, &*OTHER_KEY] {
        let mut case = honest();
        case.trusted = vec![verifying(&IDP_KEY), verifying(&OTHER_KEY)];
        case.signer = if signer.fingerprint().unwrap() == IDP_KEY.fingerprint().unwrap() {
            &IDP_KEY
        } else {
            &OTHER_KEY
        };
        let accepted = case.judge().unwrap();
        assert_eq!(accepted.signed_with().key.hex(), signer.fingerprint().unwrap());
        assert_eq!(accepted.assertion().get().name_id().value, USER);
    }
}

#[test]
fn sha1_is_accepted_only_by_setting_and_is_told() {
    for base in [honest, response_signed, both_signed] {
        let mut case = base();
        case.allow_sha1 = true;
        assert!(!case.judge().unwrap().sha1_used());
        case.scene.hash = Hash::Sha1;
        assert!(case.judge().unwrap().sha1_used());
    }
}

#[test]
fn accepts_sha384_and_sha512() {
    for hash in [Hash::Sha384, Hash::Sha512] {
        let mut case = honest();
        case.scene.hash = hash;
        assert!(case.judge().is_ok(), "{hash:?}");
    }
}

#[test]
fn the_trace_names_the_signing_key() {
    let mut trace = Trace::detailed();
    honest().judge_traced(&mut trace).unwrap();
    let check =
        trace.checks().iter().find(|check| check.check.contains("signature of the Assertion")).unwrap();
    assert!(check.ok && check.seen.contains(&IDP_KEY.fingerprint().unwrap()), "{check:?}");
}
