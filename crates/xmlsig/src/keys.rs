//! Public keys that verify. Parsed once, used for every message: parsing a certificate costs more than a verification.

use crate::KeyError;

/// SHA-256 over the certificate (DER) or over the public key (SubjectPublicKeyInfo DER) that a key came from.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// From the 32 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self { Self(bytes) }
    /// Lower-case hex.
    #[must_use]
    pub fn hex(&self) -> String { self.0.iter().map(|b| format!("{b:02x}")).collect() }
}
impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.hex()) }
}

/// An RSA public key that may verify signatures. Cheap to clone.
#[derive(Debug, Clone)]
pub struct VerifyingKey {}

impl VerifyingKey {
    /// From an X.509 certificate in DER. `min_rsa_bits` is 2048 in the product.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`], [`KeyError::NotRsa`], [`KeyError::TooShort`].
    pub fn from_certificate_der(_der: &[u8], _min_rsa_bits: u32) -> Result<Self, KeyError> { todo!() }

    /// From text: PEM certificate, PEM public key, or bare base64 of a DER certificate (white space ignored).
    ///
    /// # Errors
    /// As [`VerifyingKey::from_certificate_der`].
    pub fn from_text(_text: &str, _min_rsa_bits: u32) -> Result<Self, KeyError> { todo!() }

    /// Which certificate or key this is.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint { todo!() }

    /// Modulus bits.
    #[must_use]
    pub fn bits(&self) -> u32 { todo!() }
}

/// Hash that goes with an RSA PKCS #1 v1.5 signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash { Sha1, Sha256, Sha384, Sha512 }

impl VerifyingKey {
    /// RSA PKCS #1 v1.5 over `message`. Errors inside OpenSSL count as "does not verify".
    pub(crate) fn verify(&self, _hash: Hash, _message: &[u8], _signature: &[u8]) -> bool { todo!() }
}

/// Digest of `message`.
pub(crate) fn digest(_hash: Hash, _message: &[u8]) -> Vec<u8> { todo!() }
