//! What an administrator wants to see of a certificate. Pinned keys are trusted as they are: validity and chain are
//! shown, never enforced (Kantara SAML2Int: never rely on PKI of pinned metadata keys).

use crate::KeyError;

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
    pub fn from_der(_der: &[u8]) -> Result<Self, KeyError> {
        todo!()
    }
}
