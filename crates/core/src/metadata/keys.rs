//! Signing keys of an IDPSSODescriptor (Metadata 2.4.1.1): every usable one serves, so that a rollover needs no hands.

use super::UnusableCertificate;
use crate::Rejected;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use ostiary_xmlsig::{Element, KeyError, Readable, VerifyingKey, ns};

#[derive(Default)]
pub(super) struct SigningKeys {
    pub(super) usable: Vec<Vec<u8>>,
    pub(super) unusable: Vec<UnusableCertificate>,
}

/// All of them, without duplicates, in document order; at least one can verify.
pub(super) fn signing<T: Readable>(
    descriptor: Element<'_, T>,
    min_rsa_bits: u32,
) -> Result<SigningKeys, Rejected> {
    let mut keys = SigningKeys::default();
    for certificate in
        descriptor.children_named(ns::MD, "KeyDescriptor").filter(may_sign).flat_map(certificates)
    {
        keys.add(certificate, min_rsa_bits);
    }
    if !keys.usable.is_empty() {
        return Ok(keys);
    }
    let all_unreadable = keys.unusable.iter().all(|one| matches!(one.error, KeyError::Unreadable(_)));
    let code = match keys.unusable.first() {
        Some(_) if all_unreadable => Code::MetadataCertificateInvalid,
        _ => Code::MetadataNoKey,
    };
    let reason = keys.unusable.first().map_or_else(
        || "no signing certificate".to_owned(),
        |first| format!("no usable signing certificate; the first: {}", first.error),
    );
    Err(Rejected::new(code, reason))
}

/// A KeyDescriptor without `use` serves both purposes.
fn may_sign<T: Readable>(key: &Element<'_, T>) -> bool {
    key.attribute("use").is_none_or(|purpose| purpose == "signing")
}

/// The first certificate of each X509Data holds the key; those after it would be its issuers, whose keys sign
/// certificates and not messages (XML Signature 4.5.4).
fn certificates<'d, T: Readable>(key: Element<'d, T>) -> impl Iterator<Item = Element<'d, T>> {
    key.children_named(ns::DS, "KeyInfo")
        .flat_map(|info| info.children_named(ns::DS, "X509Data"))
        .filter_map(|data| data.children_named(ns::DS, "X509Certificate").next())
}

impl SigningKeys {
    fn add<T: Readable>(&mut self, certificate: Element<'_, T>, min_rsa_bits: u32) {
        let Some(der) = base64(certificate) else {
            let error = KeyError::Unreadable("not base64".to_owned());
            return self.unusable.push(UnusableCertificate { der: None, error });
        };
        match VerifyingKey::from_certificate_der(&der, min_rsa_bits) {
            Ok(_) if self.usable.contains(&der) => {}
            Ok(_) => self.usable.push(der),
            Err(error) => self.unusable.push(UnusableCertificate { der: Some(der), error }),
        }
    }
}

/// Base64 with white space anywhere (XML Schema `base64Binary`); an empty element holds none.
fn base64<T: Readable>(certificate: Element<'_, T>) -> Option<Vec<u8>> {
    let compact: Vec<u8> =
        certificate.text().ok()?.bytes().filter(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n')).collect();
    STANDARD.decode(compact).ok().filter(|der| !der.is_empty())
}
