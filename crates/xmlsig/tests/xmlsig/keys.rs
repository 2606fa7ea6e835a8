//! Keys that verify: what is a key, what is not, and which one it is.

use crate::common::{KEY, OTHER, certificate};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Public};
use openssl::rsa::Rsa;
use openssl::x509::{X509, X509Name};
use ostiary_codes::Code;
use ostiary_xmlsig::{CertificateInfo, Fingerprint, KeyError, VerifyingKey};

fn error(text: &str) -> KeyError {
    VerifyingKey::from_text(text, 2048).unwrap_err()
}

fn public() -> PKey<Public> {
    X509::from_der(&certificate(&KEY)).unwrap().public_key().unwrap()
}

fn spki_text(key: &PKey<Public>) -> String {
    String::from_utf8(key.public_key_to_pem().unwrap()).unwrap()
}

#[test]
fn reads_certificates_and_keys_in_every_usual_text() {
    let der = certificate(&KEY);
    let pem = String::from_utf8(X509::from_der(&der).unwrap().to_pem().unwrap()).unwrap();
    let base64 = STANDARD.encode(&der);
    let spaced: String = base64
        .as_bytes()
        .chunks(64)
        .map(|line| format!("\t{}\r\n", std::str::from_utf8(line).unwrap()))
        .collect();
    let by_certificate = Fingerprint::new(openssl::sha::sha256(&der));
    for text in [pem.clone(), base64, spaced, format!("Bag Attributes\n  friendlyName: x\n{pem}\n")] {
        let key = VerifyingKey::from_text(&text, 2048).unwrap();
        assert_eq!(key.fingerprint(), by_certificate, "{text}");
        assert_eq!(key.bits(), 2048);
    }
    let by_key = Fingerprint::new(openssl::sha::sha256(&public().public_key_to_der().unwrap()));
    let pkcs1 = String::from_utf8(public().rsa().unwrap().public_key_to_pem_pkcs1().unwrap()).unwrap();
    for text in [spki_text(&public()), pkcs1] {
        assert_eq!(VerifyingKey::from_text(&text, 2048).unwrap().fingerprint(), by_key, "{text}");
    }
}

#[test]
fn rejects_what_is_no_certificate_or_public_key() {
    let der = certificate(&KEY);
    let pem = String::from_utf8(X509::from_der(&der).unwrap().to_pem().unwrap()).unwrap();
    let private = PKey::private_key_from_pkcs8(&KEY.to_pkcs8_der().unwrap()).unwrap();
    let private = String::from_utf8(private.private_key_to_pem_pkcs8().unwrap()).unwrap();
    let (half, _) = pem.split_at(pem.len() / 2);
    let trailing = STANDARD.encode([&der[..], b"x"].concat());
    let label = pem.replace("END CERTIFICATE", "END OTHER");
    for text in
        ["", "x", "%", "AAAA", half, &label, &trailing, &private, &format!("{pem}{pem}"), "-----BEGIN "]
    {
        let error = error(text);
        assert!(matches!(error, KeyError::Unreadable(_)), "{error:?}: {text}");
        assert_eq!(error.code(), Code::SignatureKeyInvalid);
    }
    assert!(VerifyingKey::from_certificate_der(&[&der[..], b"\0"].concat(), 2048).is_err());
    assert!(CertificateInfo::from_der(&[&der[..], b"\0"].concat()).is_err());
    assert!(CertificateInfo::from_der(b"").is_err());
}

#[test]
fn rejects_keys_that_are_not_rsa() {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1).unwrap();
    let curve = PKey::from_ec_key(EcKey::generate(&group).unwrap()).unwrap();
    let curve = PKey::public_key_from_der(&curve.public_key_to_der().unwrap()).unwrap();
    let edwards =
        PKey::public_key_from_der(&PKey::generate_ed25519().unwrap().public_key_to_der().unwrap()).unwrap();
    for key in [curve, edwards] {
        assert_eq!(error(&spki_text(&key)), KeyError::NotRsa);
        assert_eq!(error(&spki_text(&key)).code(), Code::SignatureWeakKey);
    }
}

#[test]
fn rejects_short_keys_by_an_argument() {
    let short = PKey::from_rsa(Rsa::generate(1024).unwrap()).unwrap();
    let short = PKey::public_key_from_der(&short.public_key_to_der().unwrap()).unwrap();
    assert_eq!(error(&spki_text(&short)), KeyError::TooShort { bits: 1024, wanted: 2048 });
    assert_eq!(VerifyingKey::from_text(&spki_text(&short), 1024).unwrap().bits(), 1024);
    assert_eq!(
        VerifyingKey::from_text(&spki_text(&public()), 2049).unwrap_err(),
        KeyError::TooShort { bits: 2048, wanted: 2049 }
    );
}

/// With e = 1 every message is its own signature.
#[test]
fn rejects_exponents_that_do_not_protect() {
    for exponent in [1, 2, 4] {
        let modulus = public().rsa().unwrap().n().to_owned().unwrap();
        let key = Rsa::from_public_components(modulus, BigNum::from_u32(exponent).unwrap())
            .and_then(PKey::from_rsa)
            .unwrap();
        assert!(matches!(error(&spki_text(&key)), KeyError::Unreadable(_)), "e = {exponent}");
    }
    let modulus = public().rsa().unwrap().n().to_owned().unwrap();
    let three =
        Rsa::from_public_components(modulus, BigNum::from_u32(3).unwrap()).and_then(PKey::from_rsa).unwrap();
    assert!(VerifyingKey::from_text(&spki_text(&three), 2048).is_ok());
}

#[test]
fn shows_a_certificate_without_control_characters() {
    let key = PKey::private_key_from_pkcs8(&KEY.to_pkcs8_der().unwrap()).unwrap();
    let mut name = X509Name::builder().unwrap();
    name.append_entry_by_nid(Nid::COMMONNAME, "Caf\u{e9}\nx").unwrap();
    name.append_entry_by_nid(Nid::ORGANIZATIONNAME, "Contoso").unwrap();
    let name = name.build();
    let mut builder = X509::builder().unwrap();
    builder.set_subject_name(&name).unwrap();
    builder.set_issuer_name(&name).unwrap();
    builder.set_pubkey(&key).unwrap();
    builder.set_not_before(&openssl::asn1::Asn1Time::from_unix(-1).unwrap()).unwrap();
    builder.set_not_after(&openssl::asn1::Asn1Time::from_unix(4_000_000_000).unwrap()).unwrap();
    builder.sign(&key, MessageDigest::sha256()).unwrap();
    let info = CertificateInfo::from_der(&builder.build().to_der().unwrap()).unwrap();
    assert_eq!(info.subject, "CN=Caf\u{e9}\u{fffd}x, O=Contoso");
    assert_eq!((info.not_before, info.not_after, info.rsa_bits), (-1, 4_000_000_000, 2048));
}

#[test]
fn names_itself_by_bits_and_fingerprint() {
    let key = VerifyingKey::from_certificate_der(&certificate(&OTHER), 2048).unwrap();
    let hex = key.fingerprint().hex();
    assert_eq!(hex.len(), 64);
    assert_eq!(format!("{key:?}"), format!("VerifyingKey(2048 bits, {hex})"));
    assert_eq!(format!("{:?}", Fingerprint::new([0xab; 32])), "ab".repeat(32));
}
