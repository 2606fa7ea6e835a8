//! XML Encryption, receiving side (XML Encryption 1.0 and 1.1): AES-128/256 in GCM and CBC, RSA-OAEP.

use crate::{DecryptError, Element, KeyError, Limits, Message, Signed, SignedXml, Unsigned, Verified};
use rand_core::CryptoRng;

/// An RSA private key that decrypts. Never shown, not comparable.
#[derive(Clone)]
pub struct DecryptionKey {}

impl DecryptionKey {
    /// From PKCS #8 DER.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`], [`KeyError::NotRsa`], [`KeyError::TooShort`] (below 2048 bits).
    pub fn from_pkcs8_der(_der: &[u8]) -> Result<Self, KeyError> { todo!() }
}

/// Decrypts an `EncryptedAssertion` or `EncryptedID` that no verified signature covers. What comes out is as little
/// trusted as what went in: it needs its own valid signature. It is parsed in the namespace context of `encrypted`.
/// A failed key unwrap goes on with a random key, so that it looks like a failed content decryption.
///
/// # Errors
/// [`DecryptError`]; every failure that depends on secret data is `decryption-failed`.
pub fn decrypt_unsigned(
    _encrypted: Element<'_, Unsigned>,
    _keys: &[DecryptionKey],
    _limits: &Limits,
    _rng: &mut dyn CryptoRng,
) -> Result<Message<'static>, DecryptError> { todo!() }

/// Decrypts an element that a verified signature covers: the plaintext inherits the verdict, because the ciphertext
/// was part of the signed bytes.
///
/// # Errors
/// As [`decrypt_unsigned`].
pub fn decrypt_signed(
    _encrypted: Element<'_, Signed>,
    _keys: &[DecryptionKey],
    _limits: &Limits,
    _rng: &mut dyn CryptoRng,
) -> Result<Verified<SignedXml>, DecryptError> { todo!() }
