//! XML Encryption, sending side. A service provider never encrypts; the test identity provider and the tests do.

use crate::KeyError;

/// Content encryption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncryptionMethod { /** AES-128-GCM */ Aes128Gcm, /** AES-256-GCM */ Aes256Gcm, /** AES-128-CBC */ Aes128Cbc, /** AES-256-CBC */ Aes256Cbc }

/// Key transport and its digests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTransport { /** rsa-oaep-mgf1p with SHA-1, as Entra and AD FS send it */ OaepMgf1p, /** XML Encryption 1.1 rsa-oaep, SHA-256 and MGF1-SHA-256 */ Oaep11Sha256 }

/// Wraps `plaintext` (one serialised element) into `<saml:EncryptedAssertion>`; `certificate_der` holds the
/// recipient's RSA key; `detached` puts EncryptedKey beside EncryptedData (the second placement) instead of inside
/// its KeyInfo. Uses OpenSSL's random numbers.
///
/// # Errors
/// [`KeyError::Unreadable`], [`KeyError::NotRsa`].
pub fn encrypt_element(_plaintext: &[u8], _certificate_der: &[u8], _method: EncryptionMethod, _transport: KeyTransport, _detached: bool) -> Result<String, KeyError> { todo!() }
