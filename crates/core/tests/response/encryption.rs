//! EncryptedAssertion (Core 2.3.4, XML Encryption): decrypted first, then judged by all the rules; and no answer tells
//! about a plaintext that nobody signed.

use crate::support::{
    Case, IDP_KEY, OTHER_KEY, SP_KEY, USER, encrypted, encrypted_in_signed, honest, now, to,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use ostiary_core::Trace;
use ostiary_testkit::{Hash, SignaturePlace, shift, sign_canonical};
use ostiary_xmlsig::{EncryptionMethod, KeyTransport, encrypt_element};

const STRAY: &str = "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"></Signature>";

/// Puts `plaintext`, encrypted to us, in the place of the assertion. The Response is not signed.
fn smuggle(case: &mut Case, plaintext: &str) {
    let bare = case.scene.assertion();
    (case.scene.encrypt, case.scene.sign_assertion) = (None, false);
    case.in_response(&bare, &sealed(plaintext));
}

fn sealed(plaintext: &str) -> String {
    let to = to(&SP_KEY);
    encrypt_element(plaintext.as_bytes(), &to.certificate, to.method, to.transport, false).unwrap()
}

fn signed_assertion(case: &Case) -> String {
    let (bare, id) = (case.scene.assertion(), &case.scene.assertion_id);
    sign_canonical(&bare, id, &IDP_KEY, Hash::Sha256, SignaturePlace::AfterIssuer, &[]).unwrap()
}

/// Changes one byte at `at` of the ciphertext of the content.
fn flip(xml: &str, at: usize) -> String {
    let (head, value) = xml.rsplit_once("<xenc:CipherValue>").unwrap();
    let (value, tail) = value.split_once("</xenc:CipherValue>").unwrap();
    let mut bytes = STANDARD.decode(value).unwrap();
    bytes[at] ^= 1;
    format!("{head}<xenc:CipherValue>{}</xenc:CipherValue>{tail}", STANDARD.encode(bytes))
}

single_defects! {
    rejects_what_is_encrypted_to_somebody_else: DecryptionFailed, encrypted, |case| {
        case.scene.encrypt = Some(to(&OTHER_KEY));
    };
    rejects_an_unsigned_assertion_inside: DecryptionFailed, encrypted, |case| {
        case.scene.sign_assertion = false;
    };
    rejects_an_unknown_signer_inside: DecryptionFailed, encrypted, |case| case.signer = &OTHER_KEY;
    rejects_a_changed_assertion_inside: DecryptionFailed, encrypted, |case| {
        let changed = signed_assertion(case).replace(">b.simon@", ">admin@");
        smuggle(case, &changed);
    };
    rejects_something_else_inside: DecryptionFailed, encrypted, |case| smuggle(case, "<x/>");
    rejects_text_inside: DecryptionFailed, encrypted, |case| smuggle(case, "no markup");
    rejects_a_comment_inside: DecryptionFailed, encrypted, |case| {
        let commented = signed_assertion(case).replace(">b.simon@", "><!-- -->b.simon@");
        smuggle(case, &commented);
    };
    rejects_an_assertion_around_the_signed_one_inside: DecryptionFailed, encrypted, |case| {
        let honest = signed_assertion(case);
        let evil = case.scene.assertion().replace(" ID=\"_", " ID=\"_evil").replace(">b.simon@", ">admin@");
        smuggle(case, &evil.replace("</Assertion>", &format!("<Advice>{honest}</Advice></Assertion>")));
    };
    rejects_a_stray_signature_inside: DecryptionFailed, encrypted, |case| {
        // Signed with the rest, and where nothing is read: only the rule itself refuses it.
        case.in_assertion("</Conditions>", &format!("</Conditions><Advice>{STRAY}</Advice>"));
    };
    a_stray_signature_inside_a_signed_response_has_its_own_code: SignatureMisplaced, encrypted_in_signed, |case| {
        case.in_assertion("</Conditions>", &format!("</Conditions><Advice>{STRAY}</Advice>"));
    };
    rejects_flipped_ciphertext: DecryptionFailed, encrypted, |case| case.by_hand(|xml| flip(&xml, 40));
    rejects_flipped_padding: DecryptionFailed, encrypted, |case| {
        case.by_hand(|xml| {
            let value = xml.rsplit_once("<xenc:CipherValue>").unwrap().1;
            let length = STANDARD.decode(value.split_once('<').unwrap().0).unwrap().len();
            flip(&xml, length - 17)
        });
    };
    rejects_flipped_gcm: DecryptionFailed, encrypted_gcm, |case| case.by_hand(|xml| flip(&xml, 40));
    rejects_encryption_without_a_key_of_ours: NoDecryptionKey, encrypted, |case| case.decryption.clear();
    rejects_rsa_1_5: EncryptionAlgorithm, encrypted, |case| {
        case.after_signing(
            "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p",
            "http://www.w3.org/2001/04/xmlenc#rsa-1_5",
        );
    };
    rejects_triple_des: EncryptionAlgorithm, encrypted, |case| {
        case.after_signing(
            "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
            "http://www.w3.org/2001/04/xmlenc#tripledes-cbc",
        );
    };
    rejects_ciphertext_elsewhere: EncryptionStructure, encrypted, |case| {
        case.by_hand(|xml| {
            let (head, rest) = xml.rsplit_once("<xenc:CipherValue>").unwrap();
            let tail = rest.split_once("</xenc:CipherValue>").unwrap().1;
            format!("{head}<xenc:CipherReference URI=\"http://127.0.0.1:9/\"/>{tail}")
        });
    };
    rejects_short_ciphertext: EncryptionStructure, encrypted, |case| {
        case.by_hand(|xml| {
            let (head, rest) = xml.rsplit_once("<xenc:CipherValue>").unwrap();
            let tail = rest.split_once("</xenc:CipherValue>").unwrap().1;
            format!("{head}<xenc:CipherValue>AAAA</xenc:CipherValue>{tail}")
        });
    };
    rejects_a_plain_assertion_beside_the_encrypted_one: AssertionNotUnique, encrypted, |case| {
        let plain = case.scene.assertion().replace(" ID=\"_", " ID=\"_evil");
        case.after_signing("</samlp:Response>", &format!("{plain}</samlp:Response>"));
    };
    rejects_a_second_encrypted_assertion: AssertionNotUnique, encrypted, |case| {
        let second = sealed(&signed_assertion(case));
        case.after_signing("</samlp:Response>", &format!("{second}</samlp:Response>"));
    };
    rejects_the_same_id_inside_and_outside: XmlDuplicateId, encrypted, |case| {
        case.scene.assertion_id = case.scene.response_id.clone();
    };
    rejects_the_same_id_inside_and_outside_of_a_signed_response: XmlDuplicateId, encrypted_in_signed, |case| {
        case.scene.assertion_id = case.scene.response_id.clone();
    };
    an_expired_assertion_inside_has_its_own_code_once_its_signature_holds: ConditionsExpired, encrypted, |case| {
        case.scene.not_on_or_after = shift(now(), -1);
    };
    another_audience_inside_has_its_own_code_once_its_signature_holds: AudienceMismatch, encrypted, |case| {
        case.scene.audiences = vec![vec!["https://confluence.contoso.example/".to_owned()]];
    };
    rejects_a_changed_response_around_ciphertext: SignatureDigestMismatch, encrypted_in_signed, |case| {
        case.by_hand(|xml| flip(&xml, 40));
    };
    a_foreign_signature_inside_a_signed_response_has_its_own_code: SignatureInvalid, encrypted_in_signed, |case| {
        let id = case.scene.assertion_id.clone();
        let (bare, place) = (case.scene.assertion(), SignaturePlace::AfterIssuer);
        let foreign = sign_canonical(&bare, &id, &OTHER_KEY, Hash::Sha256, place, &[]).unwrap();
        case.in_assertion(&bare, &foreign);
    };
    rejects_an_unsigned_assertion_inside_a_signed_response_where_it_must_be_signed:
        AssertionUnsigned, encrypted_in_signed, |case| case.expected.want_assertion_signed = true;
    rejects_an_unsigned_response_around_ciphertext_where_it_must_be_signed:
        ResponseUnsigned, encrypted, |case| case.expected.want_response_signed = true;
}

fn encrypted_gcm() -> Case {
    let mut case = encrypted();
    case.scene.encrypt.as_mut().unwrap().method = EncryptionMethod::Aes128Gcm;
    case
}

#[test]
fn accepts_every_cipher_key_transport_and_placement() {
    use EncryptionMethod::{Aes128Cbc, Aes128Gcm, Aes256Cbc, Aes256Gcm};
    use KeyTransport::{Oaep11Sha256, OaepMgf1p, OaepMgf1pSha256};
    for base in [encrypted, encrypted_in_signed] {
        for method in [Aes128Cbc, Aes256Cbc, Aes128Gcm, Aes256Gcm] {
            for transport in [OaepMgf1p, OaepMgf1pSha256, Oaep11Sha256] {
                for detached in [false, true] {
                    let mut case = base();
                    let encryption = case.scene.encrypt.as_mut().unwrap();
                    (encryption.method, encryption.transport, encryption.detached) =
                        (method, transport, detached);
                    let accepted = case.judge().unwrap();
                    assert_eq!(accepted.assertion().get().name_id().value, USER);
                }
            }
        }
    }
}

#[test]
fn tells_what_was_signed_around_and_inside_the_encryption() {
    for (assertion, response) in [(true, false), (false, true), (true, true)] {
        let mut case = encrypted();
        (case.scene.sign_assertion, case.scene.sign_response) = (assertion, response);
        let accepted = case.judge().unwrap();
        assert_eq!((accepted.assertion_signed(), accepted.response_signed()), (assertion, response));
        assert_eq!(accepted.one_time().len(), if response { 2 } else { 1 });
    }
}

#[test]
fn failures_that_depend_on_the_plaintext_look_alike_but_in_the_private_trace() {
    let mut traces = Vec::new();
    let mut look = |change: &dyn Fn(&mut Case)| {
        let mut case = encrypted();
        change(&mut case);
        let mut trace = Trace::new();
        let rejected = case.judge_traced(&mut trace).unwrap_err();
        assert_eq!(rejected.code(), Code::DecryptionFailed);
        assert_eq!(rejected.to_string(), "decryption-failed");
        traces.push(trace.checks().last().unwrap().seen.clone());
    };
    look(&|case| case.scene.encrypt = Some(to(&OTHER_KEY)));
    look(&|case| case.scene.sign_assertion = false);
    look(&|case| case.signer = &OTHER_KEY);
    look(&|case| smuggle(case, "<x/>"));
    traces.sort();
    traces.dedup();
    assert_eq!(traces.len(), 4, "the trace tells the steps apart: {traces:?}");
}

#[test]
fn an_assertion_that_was_never_encrypted_still_needs_its_signature_when_a_key_is_there() {
    let mut case = honest();
    case.scene.sign_assertion = false;
    assert_eq!(case.judge().unwrap_err().code(), Code::SignatureMissing);
}
