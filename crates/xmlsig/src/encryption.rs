//! XML Encryption, receiving side (XML Encryption 1.0 and 1.1): AES-128/256 in GCM and CBC, RSA-OAEP.
//!
//! Everything that anybody on the way can see (structure, algorithms, lengths) is judged first and has codes of its
//! own. From the first use of a private key on there is one code, and the work does not stop early.

use crate::cipher::{EncryptionMethod, Oaep, RSA_OAEP, RSA_OAEP_MGF1P};
use crate::keys::Hash;
use crate::sign::read_private_key;
use crate::verified::SignedWith;
use crate::{
    DecryptError, Element, KeyError, Limits, Message, Signed, SignedXml, Trust, Unsigned, Verified, ns,
};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::pkey::{PKey, Private};
use ostiary_codes::Code;
use rand_core::CryptoRng;
use zeroize::Zeroizing;

/// Least RSA modulus of a decryption key.
const MIN_RSA_BITS: u32 = 2048;
/// Wrapped keys that one message may carry: more only cost private-key operations.
const MAX_WRAPPED_KEYS: usize = 4;

/// An RSA private key that decrypts. Never shown, not comparable. Cheap to clone.
#[derive(Clone)]
pub struct DecryptionKey(PKey<Private>);

impl std::fmt::Debug for DecryptionKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DecryptionKey").finish_non_exhaustive()
    }
}

impl DecryptionKey {
    /// From PKCS #8 DER (not encrypted), RSA with at least 2048 bits.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`], [`KeyError::NotRsa`], [`KeyError::TooShort`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        Self::from_pkcs8_der_of(der, MIN_RSA_BITS)
    }

    /// As [`DecryptionKey::from_pkcs8_der`] with another least modulus; old published test documents need 1024.
    ///
    /// # Errors
    /// As [`DecryptionKey::from_pkcs8_der`].
    pub fn from_pkcs8_der_of(der: &[u8], min_rsa_bits: u32) -> Result<Self, KeyError> {
        read_private_key(der, min_rsa_bits).map(Self)
    }
}

/// Decrypts an `EncryptedAssertion` or `EncryptedID` that no verified signature covers. What comes out is as little
/// trusted as what went in: it needs its own valid signature. It is parsed in the namespace context of `encrypted`.
/// A failed key unwrap goes on with a random key, so that it looks like a failed content decryption.
///
/// # Errors
/// [`DecryptError`]; every failure that depends on secret data is `decryption-failed`.
pub fn decrypt_unsigned(
    encrypted: Element<'_, Unsigned>,
    keys: &[DecryptionKey],
    limits: &Limits,
    rng: &mut dyn CryptoRng,
) -> Result<Message<'static>, DecryptError> {
    decrypt(encrypted, keys, limits, rng)
}

/// Decrypts an element that a verified signature covers (`covering` says with what): the plaintext inherits the
/// verdict, because the ciphertext was part of the signed bytes.
///
/// # Errors
/// As [`decrypt_unsigned`].
pub fn decrypt_signed(
    encrypted: Element<'_, Signed>,
    covering: SignedWith,
    keys: &[DecryptionKey],
    limits: &Limits,
    rng: &mut dyn CryptoRng,
) -> Result<Verified<SignedXml>, DecryptError> {
    let message = decrypt(encrypted, keys, limits, rng)?;
    Ok(Verified::derive(&message, covering))
}

fn decrypt<T: Trust>(
    encrypted: Element<'_, T>,
    keys: &[DecryptionKey],
    limits: &Limits,
    rng: &mut dyn CryptoRng,
) -> Result<Message<'static>, DecryptError> {
    if keys.is_empty() {
        return Err(DecryptError::new(Code::NoDecryptionKey, "no decryption key is configured"));
    }
    let content = Content::read(encrypted)?;
    let (key, unwrapped) = content.unwrap_key(keys, rng);
    // The verdicts on key and padding wait until the parser is through, so that they do not show in the time taken.
    let result = content.cipher.open(&key, &content.ciphertext).map(|opened| {
        let padding_holds = opened.padding_holds;
        let plaintext = std::mem::take(&mut *opened.into_plaintext());
        (padding_holds, Message::parse_within(plaintext, encrypted, limits))
    });
    match result {
        _ if !unwrapped => Err(failed("no configured key unwraps the content key")),
        None => Err(failed("content decryption")),
        Some((false, _)) => Err(failed("padding of the decrypted content")),
        Some((true, Err(error))) => {
            Err(failed(format!("the decrypted content is refused: {}", error.code())))
        }
        Some((true, Ok(message))) => Ok(message),
    }
}

/// What an `EncryptedAssertion` or `EncryptedID` says, before any secret is used.
struct Content {
    cipher: EncryptionMethod,
    ciphertext: Vec<u8>,
    wrapped: Vec<WrappedKey>,
}

struct WrappedKey {
    transport: Oaep,
    ciphertext: Vec<u8>,
}

impl Content {
    /// Reads `EncryptedElementType` (Core 2.2.4): one EncryptedData and any EncryptedKey, here or in its KeyInfo.
    fn read<T: Trust>(encrypted: Element<'_, T>) -> Result<Self, DecryptError> {
        only_elements(encrypted)?;
        let mut data = None;
        let mut key_elements = Vec::new();
        for child in encrypted.children() {
            if child.is(ns::XENC, "EncryptedData") && data.is_none() {
                data = Some(child);
            } else if child.is(ns::XENC, "EncryptedKey") {
                key_elements.push(child);
            } else {
                return Err(structure("one EncryptedData, and EncryptedKey only beside it"));
            }
        }
        let data = data.ok_or_else(|| structure("EncryptedData is missing"))?;
        // XML Encryption 3.1: Element is the only Type that makes sense for an assertion or a name identifier.
        if data
            .raw_attribute("Type")
            .is_some_and(|kind| kind != concat!("http://www.w3.org/2001/04/xmlenc#", "Element"))
        {
            return Err(structure("Type of EncryptedData is not Element"));
        }
        let parts = Parts::read(data)?;
        if let Some(info) = parts.key_info {
            key_elements.extend(info.children_named(ns::XENC, "EncryptedKey"));
        }
        let cipher = content_cipher(parts.method)?;
        let ciphertext = cipher_value(parts.cipher_data)?;
        if !cipher.fits(ciphertext.len()) {
            return Err(structure("length of the encrypted content"));
        }
        if key_elements.is_empty() || key_elements.len() > MAX_WRAPPED_KEYS {
            return Err(structure("one EncryptedKey (at most four)"));
        }
        let wrapped = key_elements.into_iter().map(WrappedKey::read).collect::<Result<_, _>>()?;
        Ok(Self { cipher, ciphertext, wrapped })
    }

    /// The content key, and whether it is a real one. Every private key is tried on every wrapped key, whatever comes
    /// out before, and without a result the key is random.
    fn unwrap_key(&self, keys: &[DecryptionKey], rng: &mut dyn CryptoRng) -> (Zeroizing<Vec<u8>>, bool) {
        let mut content_key = Zeroizing::new(vec![0; self.cipher.key_length()]);
        rng.fill_bytes(&mut content_key);
        let mut unwrapped = false;
        for wrapped in &self.wrapped {
            for key in keys {
                let candidate = wrapped.transport.unwrap(&key.0, &wrapped.ciphertext);
                if let Some(candidate) =
                    candidate.filter(|c| !unwrapped && c.len() == self.cipher.key_length())
                {
                    content_key = candidate;
                    unwrapped = true;
                }
            }
        }
        (content_key, unwrapped)
    }
}

impl WrappedKey {
    fn read<T: Trust>(element: Element<'_, T>) -> Result<Self, DecryptError> {
        let parts = Parts::read(element)?;
        Ok(Self { transport: key_transport(parts.method)?, ciphertext: cipher_value(parts.cipher_data)? })
    }
}

/// The children that EncryptedData and EncryptedKey share (XML Encryption 3.1).
struct Parts<'d, T: Trust> {
    method: Element<'d, T>,
    key_info: Option<Element<'d, T>>,
    cipher_data: Element<'d, T>,
}

impl<'d, T: Trust> Parts<'d, T> {
    fn read(element: Element<'d, T>) -> Result<Self, DecryptError> {
        only_elements(element)?;
        let (mut method, mut key_info, mut cipher_data) = (None, None, None);
        for child in element.children() {
            let slot = match (child.namespace(), child.local_name()) {
                (ns::XENC, "EncryptionMethod") => &mut method,
                (ns::DS, "KeyInfo") => &mut key_info,
                (ns::XENC, "CipherData") => &mut cipher_data,
                (ns::XENC, "ReferenceList" | "CarriedKeyName" | "EncryptionProperties") => continue,
                _ => return Err(structure("unknown child of EncryptedData or EncryptedKey")),
            };
            if slot.replace(child).is_some() {
                return Err(structure("repeated child of EncryptedData or EncryptedKey"));
            }
        }
        Ok(Self {
            method: method.ok_or_else(|| structure("EncryptionMethod is missing"))?,
            key_info,
            cipher_data: cipher_data.ok_or_else(|| structure("CipherData is missing"))?,
        })
    }
}

/// XML Encryption 1.1, 5.2: AES-CBC of version 1.0, AES-GCM of version 1.1.
fn content_cipher<T: Trust>(method: Element<'_, T>) -> Result<EncryptionMethod, DecryptError> {
    if method.children().any(|child| !child.is(ns::XENC, "KeySize")) {
        return Err(structure("unknown child of the content's EncryptionMethod"));
    }
    let algorithm = method.raw_attribute("Algorithm").ok_or_else(|| structure("Algorithm is missing"))?;
    EncryptionMethod::of(&algorithm).ok_or_else(|| {
        DecryptError::new(Code::EncryptionAlgorithm, "content encryption other than AES-128/256")
    })
}

/// XML Encryption 1.1, 5.5.2: RSA-OAEP. The digest is SHA-1 when it is not named; MGF1 is with SHA-1 unless the 1.1
/// identifier is used and names another.
fn key_transport<T: Trust>(method: Element<'_, T>) -> Result<Oaep, DecryptError> {
    let unknown = |what: &str| DecryptError::new(Code::EncryptionAlgorithm, what);
    only_elements(method)?;
    let algorithm = method.raw_attribute("Algorithm").ok_or_else(|| structure("Algorithm is missing"))?;
    let names_mgf = match &*algorithm {
        RSA_OAEP_MGF1P => false,
        RSA_OAEP => true,
        _ => return Err(unknown("key transport other than RSA-OAEP")),
    };
    let (mut digest, mut mgf, mut label) = (None, None, None);
    for child in method.children() {
        let algorithm = || child.raw_attribute("Algorithm").ok_or_else(|| structure("Algorithm is missing"));
        let repeated = match (child.namespace(), child.local_name()) {
            (ns::DS, "DigestMethod") => digest
                .replace(Hash::of_digest_method(&algorithm()?).ok_or_else(|| unknown("digest of RSA-OAEP"))?)
                .is_some(),
            (ns::XENC11, "MGF") => {
                let hash = Hash::of_mgf(&algorithm()?).filter(|hash| names_mgf || *hash == Hash::Sha1);
                mgf.replace(hash.ok_or_else(|| unknown("mask generation function of RSA-OAEP"))?).is_some()
            }
            (ns::XENC, "OAEPparams") => label.replace(base64_text(child)?).is_some(),
            (ns::XENC, "KeySize") => false,
            _ => return Err(structure("unknown child of the key's EncryptionMethod")),
        };
        if repeated {
            return Err(structure("repeated child of the key's EncryptionMethod"));
        }
    }
    Ok(Oaep {
        digest: digest.unwrap_or(Hash::Sha1),
        mgf: mgf.unwrap_or(Hash::Sha1),
        label: label.unwrap_or_default(),
    })
}

/// The octets of `CipherData/CipherValue`; a CipherReference would have to be fetched and is refused.
fn cipher_value<T: Trust>(cipher_data: Element<'_, T>) -> Result<Vec<u8>, DecryptError> {
    only_elements(cipher_data)?;
    let mut children = cipher_data.children();
    match (children.next(), children.next()) {
        (Some(value), None) if value.is(ns::XENC, "CipherValue") => base64_text(value),
        _ => Err(structure("CipherData does not hold exactly one CipherValue")),
    }
}

fn base64_text<T: Trust>(element: Element<'_, T>) -> Result<Vec<u8>, DecryptError> {
    let text = element.raw_text().map_err(|_| structure("elements where base64 was expected"))?;
    let compact: Vec<u8> = text.bytes().filter(|b| !matches!(b, b' ' | b'\t' | b'\r' | b'\n')).collect();
    STANDARD.decode(compact).map_err(|_| structure("not base64"))
}

fn only_elements<T: Trust>(element: Element<'_, T>) -> Result<(), DecryptError> {
    if element.has_text() { Err(structure("text between elements")) } else { Ok(()) }
}

fn structure(step: &str) -> DecryptError {
    DecryptError::new(Code::EncryptionStructure, step)
}

fn failed(step: impl Into<String>) -> DecryptError {
    DecryptError::new(Code::DecryptionFailed, step)
}
