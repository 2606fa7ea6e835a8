//! Keys, documents and re-signing that several test files share.

pub mod documents;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use ostiary_xmlsig::{
    Limits, Message, Placement, Policy, SignedXml, SigningKey, Validator, Verified, VerifyingKey,
    exclusive_c14n,
};
use std::sync::LazyLock;

/// The identity provider's key.
pub static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(2048).unwrap());
/// Somebody else's.
pub static OTHER: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(2048).unwrap());

pub fn certificate(key: &SigningKey) -> Vec<u8> {
    key.self_signed("idp", 1_700_000_000, 365, [7; 16]).unwrap()
}

pub fn validator(keys: &[&SigningKey]) -> Validator {
    validator_with(keys, false)
}

pub fn validator_with(keys: &[&SigningKey], allow_sha1: bool) -> Validator {
    let keys =
        keys.iter().map(|key| VerifyingKey::from_certificate_der(&certificate(key), 2048).unwrap()).collect();
    Validator::new(keys, Policy { allow_sha1 }).unwrap()
}

/// Verifies the root of `xml`.
pub fn verify(xml: &str, validator: &Validator) -> Result<Option<Verified<SignedXml>>, Code> {
    verify_at(xml, validator, Placement::AfterIssuer)
}

pub fn verify_at(
    xml: &str,
    validator: &Validator,
    placement: Placement,
) -> Result<Option<Verified<SignedXml>>, Code> {
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).map_err(|error| error.code())?;
    validator.verify_enveloped(message.root(), placement).map_err(|error| error.code())
}

/// From `start` to the end of the last `end` behind it.
pub fn part<'x>(xml: &'x str, start: &str, end: &str) -> &'x str {
    let from = xml.find(start).unwrap_or_else(|| panic!("no {start} in {xml}"));
    let to = xml.rfind(end).unwrap_or_else(|| panic!("no {end} in {xml}")) + end.len();
    &xml[from..to]
}

/// Replaces once what must be there.
pub fn replace(xml: &str, from: &str, to: &str) -> String {
    assert!(xml.contains(from), "no {from} in {xml}");
    xml.replacen(from, to, 1)
}

/// Signs SignedInfo of `xml` as it stands, canonicalised with `prefixes`, and puts the value in its place.
pub fn sign_again(xml: &str, key: &SigningKey, prefixes: &[&str]) -> String {
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
    let info = message.root().descendants().find(|element| element.local_name() == "SignedInfo").unwrap();
    let value = STANDARD.encode(key.sign_sha256(exclusive_c14n(info, prefixes).as_bytes()).unwrap());
    let from = xml.find("SignatureValue>").unwrap() + "SignatureValue>".len();
    let to = from + xml[from..].find('<').unwrap();
    format!("{}{value}{}", &xml[..from], &xml[to..])
}
