//! Signing of what we send: enveloped XML signatures (metadata, POST-binding messages) and Redirect-binding queries.

use crate::{KeyError, XmlError};

/// An RSA private key that signs, made per installation. Never shown, not comparable.
#[derive(Clone)]
pub struct SigningKey {}

impl SigningKey {
    /// Makes a new key with OpenSSL's random numbers. `bits` is 2048 or more.
    ///
    /// # Errors
    /// [`KeyError::TooShort`], [`KeyError::Unreadable`] when OpenSSL fails.
    pub fn generate(_bits: u32) -> Result<Self, KeyError> { todo!() }

    /// From PKCS #8 DER.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_pkcs8_der(_der: &[u8]) -> Result<Self, KeyError> { todo!() }

    /// To PKCS #8 DER, for the settings. The result is secret.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when OpenSSL fails.
    pub fn to_pkcs8_der(&self) -> Result<zeroize::Zeroizing<Vec<u8>>, KeyError> { todo!() }

    /// A self-signed certificate (DER) for metadata. `not_before` in seconds since 1970, `serial` from the caller.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when OpenSSL fails.
    pub fn self_signed(&self, _common_name: &str, _not_before: i64, _days: u32, _serial: [u8; 16]) -> Result<Vec<u8>, KeyError> { todo!() }

    /// RSA-SHA256 PKCS #1 v1.5 over `message`.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when OpenSSL fails.
    pub fn sign_sha256(&self, _message: &[u8]) -> Result<Vec<u8>, KeyError> { todo!() }
}

/// Signs the element whose `ID` is `id` inside `xml` (which must be acceptable to the strict parser) and returns the
/// document with the `ds:Signature` inserted: after the `saml:Issuer` child if there is one, else as first child.
/// Exclusive C14N, RSA-SHA256, one Reference; `certificate_der` goes into KeyInfo when given. Sign inner elements
/// before outer ones.
///
/// # Errors
/// [`XmlError`] when the document is unacceptable or has no such element.
pub fn sign_enveloped(_xml: &str, _id: &str, _key: &SigningKey, _certificate_der: Option<&[u8]>) -> Result<String, XmlError> { todo!() }

/// Builds a signed Redirect-binding query `SAMLRequest=…&RelayState=…&SigAlg=…&Signature=…` (Bindings 3.4.4.1) from an
/// unsigned one (`SAMLRequest=…[&RelayState=…]`, already percent-encoded).
///
/// # Errors
/// [`KeyError::Unreadable`] when OpenSSL fails.
pub fn sign_redirect_query(_query: &str, _key: &SigningKey) -> Result<String, KeyError> { todo!() }
