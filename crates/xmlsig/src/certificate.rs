//! What an administrator wants to see of a certificate. Pinned keys are trusted as they are: validity and chain are
//! shown, never enforced (Kantara SAML2Int: never rely on PKI of pinned metadata keys).

use crate::KeyError;
use crate::keys::{Fingerprint, read_certificate, unreadable};
use openssl::asn1::{Asn1Time, Asn1TimeRef};
use openssl::error::ErrorStack;
use openssl::pkey::Id;
use openssl::x509::X509NameRef;

/// Facts of one X.509 certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateInfo {
    /// Subject as one line, e.g. `CN=Microsoft Azure Federated SSO Certificate`.
    pub subject: String,
    /// SHA-256 over the DER, lower-case hex.
    pub sha256: String,
    /// Start of validity, seconds since 1970 (UTC).
    pub not_before: i64,
    /// End of validity, seconds since 1970 (UTC).
    pub not_after: i64,
    /// RSA modulus bits; 0 when the key is not RSA.
    pub rsa_bits: u32,
}

impl CertificateInfo {
    /// Reads a DER certificate.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`].
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let certificate = read_certificate(der)?;
        let key = certificate.public_key().map_err(|e| unreadable("public key of the certificate", &e))?;
        Ok(Self {
            subject: one_line(certificate.subject_name()).map_err(|e| unreadable("subject", &e))?,
            sha256: Fingerprint::new(openssl::sha::sha256(der)).hex(),
            not_before: unix_seconds(certificate.not_before()).map_err(|e| unreadable("notBefore", &e))?,
            not_after: unix_seconds(certificate.not_after()).map_err(|e| unreadable("notAfter", &e))?,
            rsa_bits: if key.id() == Id::RSA { key.bits() } else { 0 },
        })
    }
}

/// `CN=…, O=…` in the order of the certificate, control characters replaced.
fn one_line(name: &X509NameRef) -> Result<String, ErrorStack> {
    let mut parts = Vec::new();
    for entry in name.entries() {
        let key = entry.object().nid().short_name().unwrap_or("?");
        let value = entry.data().to_string()?;
        parts.push(format!("{key}={value}"));
    }
    Ok(parts.join(", ").replace(char::is_control, "\u{fffd}"))
}

fn unix_seconds(time: &Asn1TimeRef) -> Result<i64, ErrorStack> {
    let since_epoch = Asn1Time::from_unix(0)?.diff(time)?;
    Ok(i64::from(since_epoch.days) * 86_400 + i64::from(since_epoch.secs))
}
