//! Public keys that verify. Parsed once, used for every message: parsing a certificate costs more than a verification.

use crate::KeyError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::error::ErrorStack;
use openssl::md::{Md, MdRef};
use openssl::pkey::{HasPublic, Id, PKey, PKeyRef, Public};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
use openssl::sha::Sha256;
use openssl::x509::X509;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Identifies a key: SHA-256 over the certificate (DER) it came from, or over the SubjectPublicKeyInfo (DER) when it
/// came without a certificate.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// From the 32 bytes.
    #[must_use]
    pub const fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Lower-case hex.
    #[must_use]
    pub fn hex(&self) -> String {
        self.0.iter().map(|b| format!("{b:02x}")).collect()
    }
}

impl std::fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.hex())
    }
}

/// An RSA public key that may verify signatures. Cheap to clone.
#[derive(Clone)]
pub struct VerifyingKey(Arc<Parsed>);

struct Parsed {
    key: PKey<Public>,
    fingerprint: Fingerprint,
    bits: u32,
    /// What the last verification was made with: setting it up costs a tenth of the verification itself.
    context: Mutex<Option<(Hash, PkeyCtx<Public>)>>,
}

impl std::fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "VerifyingKey({} bits, {})", self.bits(), self.fingerprint().hex())
    }
}

impl VerifyingKey {
    /// From an X.509 certificate in DER. `min_rsa_bits` is 2048 in the product.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`], [`KeyError::NotRsa`], [`KeyError::TooShort`].
    pub fn from_certificate_der(der: &[u8], min_rsa_bits: u32) -> Result<Self, KeyError> {
        let key = read_certificate(der)?
            .public_key()
            .map_err(|e| unreadable("public key of the certificate", &e))?;
        Self::new(key, Fingerprint(openssl::sha::sha256(der)), min_rsa_bits)
    }

    /// From text: PEM certificate, PEM public key (`PUBLIC KEY` or `RSA PUBLIC KEY`), or bare base64 of a DER
    /// certificate. White space, and text around the PEM block, is ignored; there must be one block only.
    ///
    /// # Errors
    /// As [`VerifyingKey::from_certificate_der`].
    pub fn from_text(text: &str, min_rsa_bits: u32) -> Result<Self, KeyError> {
        let Some((label, body)) = pem_block(text)? else {
            return Self::from_certificate_der(&decode_spaced_base64(text)?, min_rsa_bits);
        };
        let der = decode_spaced_base64(body)?;
        let key = match label {
            "CERTIFICATE" => return Self::from_certificate_der(&der, min_rsa_bits),
            "PUBLIC KEY" => PKey::public_key_from_der(&der).map_err(|e| unreadable("public key", &e))?,
            "RSA PUBLIC KEY" => Rsa::public_key_from_der_pkcs1(&der)
                .and_then(PKey::from_rsa)
                .and_then(|key| PKey::public_key_from_der(&key.public_key_to_der()?))
                .map_err(|e| unreadable("RSA public key", &e))?,
            _ => {
                return Err(KeyError::Unreadable(
                    "PEM of something else than a certificate or public key".into(),
                ));
            }
        };
        let spki = key.public_key_to_der().map_err(|e| unreadable("public key", &e))?;
        Self::new(key, Fingerprint(openssl::sha::sha256(&spki)), min_rsa_bits)
    }

    fn new(key: PKey<Public>, fingerprint: Fingerprint, min_rsa_bits: u32) -> Result<Self, KeyError> {
        check_rsa(&key, min_rsa_bits)?;
        let bits = key.bits();
        Ok(Self(Arc::new(Parsed { key, fingerprint, bits, context: Mutex::new(None) })))
    }

    /// Which certificate or key this is.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.0.fingerprint
    }

    /// Modulus bits.
    #[must_use]
    pub fn bits(&self) -> u32 {
        self.0.bits
    }

    /// RSA PKCS #1 v1.5 over `message`. Errors inside OpenSSL count as "does not verify".
    pub(crate) fn verify(&self, hash: Hash, message: &[u8], signature: &[u8]) -> bool {
        let digest = digest(hash, message);
        let verified = || -> Result<bool, ErrorStack> {
            let mut context = self.context(hash)?;
            let verified = context.verify(digest.as_ref(), signature)?;
            *self.last_context() = Some((hash, context));
            Ok(verified)
        };
        verified().unwrap_or(false)
    }

    /// The context of the last verification, or a new one. While it is out, another thread makes its own.
    fn context(&self, hash: Hash) -> Result<PkeyCtx<Public>, ErrorStack> {
        if let Some((_, context)) = self.last_context().take_if(|(known, _)| *known == hash) {
            return Ok(context);
        }
        let mut context = PkeyCtx::new(&self.0.key)?;
        context.verify_init()?;
        context.set_rsa_padding(Padding::PKCS1)?;
        context.set_signature_md(hash.md())?;
        Ok(context)
    }

    fn last_context(&self) -> MutexGuard<'_, Option<(Hash, PkeyCtx<Public>)>> {
        self.0.context.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Hash of a signature, a Reference or RSA-OAEP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1. In signatures only by explicit setting; inside RSA-OAEP it is what everybody sends.
    Sha1,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    const ALL: [Self; 4] = [Self::Sha1, Self::Sha256, Self::Sha384, Self::Sha512];

    /// Identifier of RSA PKCS #1 v1.5 with this hash (RFC 9231, 2.3.2; XML Signature for SHA-1).
    pub(crate) const fn signature_method(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        }
    }

    /// Identifier of the digest (XML Signature 1.1, 6.2; RFC 9231, 2.1.3 for SHA-384).
    pub(crate) const fn digest_method(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    /// The hash of a signature algorithm identifier; `None` for any other algorithm.
    pub(crate) fn of_signature_method(identifier: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.signature_method() == identifier)
    }

    /// The hash of a digest algorithm identifier; `None` for any other algorithm.
    pub(crate) fn of_digest_method(identifier: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.digest_method() == identifier)
    }

    /// Identifier of MGF1 with this hash (XML Encryption 1.1, 5.5.2).
    pub(crate) const fn mgf(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2009/xmlenc11#mgf1sha1",
            Self::Sha256 => "http://www.w3.org/2009/xmlenc11#mgf1sha256",
            Self::Sha384 => "http://www.w3.org/2009/xmlenc11#mgf1sha384",
            Self::Sha512 => "http://www.w3.org/2009/xmlenc11#mgf1sha512",
        }
    }

    /// The hash of a mask generation function identifier; `None` for any other function.
    pub(crate) fn of_mgf(identifier: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|hash| hash.mgf() == identifier)
    }

    pub(crate) fn md(self) -> &'static MdRef {
        match self {
            Self::Sha1 => Md::sha1(),
            Self::Sha256 => Md::sha256(),
            Self::Sha384 => Md::sha384(),
            Self::Sha512 => Md::sha512(),
        }
    }
}

/// A digest of the length that its hash has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Digest {
    Sha1([u8; 20]),
    Sha256([u8; 32]),
    Sha384([u8; 48]),
    Sha512([u8; 64]),
}

impl AsRef<[u8]> for Digest {
    fn as_ref(&self) -> &[u8] {
        match self {
            Self::Sha1(bytes) => bytes,
            Self::Sha256(bytes) => bytes,
            Self::Sha384(bytes) => bytes,
            Self::Sha512(bytes) => bytes,
        }
    }
}

/// Digest of `message`. The one-shot functions of OpenSSL 3 would look the algorithm up each time.
pub(crate) fn digest(hash: Hash, message: &[u8]) -> Digest {
    match hash {
        Hash::Sha1 => Digest::Sha1(openssl::sha::sha1(message)),
        Hash::Sha256 => {
            let mut hasher = Sha256::new();
            hasher.update(message);
            Digest::Sha256(hasher.finish())
        }
        Hash::Sha384 => Digest::Sha384(openssl::sha::sha384(message)),
        Hash::Sha512 => Digest::Sha512(openssl::sha::sha512(message)),
    }
}

/// Refuses what is not an RSA key of at least `min_rsa_bits` with an odd public exponent of 3 or more.
pub(crate) fn check_rsa<T: HasPublic>(key: &PKeyRef<T>, min_rsa_bits: u32) -> Result<(), KeyError> {
    if key.id() != Id::RSA {
        return Err(KeyError::NotRsa);
    }
    let rsa = key.rsa().map_err(|e| unreadable("RSA key", &e))?;
    if rsa.e().num_bits() < 2 || !rsa.e().is_bit_set(0) {
        return Err(KeyError::Unreadable("the public exponent is below 3 or even".into()));
    }
    if key.bits() < min_rsa_bits {
        return Err(KeyError::TooShort { bits: key.bits(), wanted: min_rsa_bits });
    }
    Ok(())
}

/// Reads one DER certificate with nothing after it.
pub(crate) fn read_certificate(der: &[u8]) -> Result<X509, KeyError> {
    let certificate = X509::from_der(der).map_err(|e| unreadable("certificate", &e))?;
    let length = certificate.to_der().map_err(|e| unreadable("certificate", &e))?.len();
    if length == der.len() {
        Ok(certificate)
    } else {
        Err(KeyError::Unreadable("the certificate is not plain DER".into()))
    }
}

/// Names what could not be read, with OpenSSL's first reason. The queue is already empty: making an [`ErrorStack`]
/// takes everything out of it.
pub(crate) fn unreadable(what: &str, stack: &ErrorStack) -> KeyError {
    let reason = stack.errors().first().and_then(openssl::error::Error::reason).unwrap_or("not readable");
    KeyError::Unreadable(format!("{what}: {reason}"))
}

/// Base64 with any white space in it.
fn decode_spaced_base64(text: &str) -> Result<Vec<u8>, KeyError> {
    let compact: String = text.split_whitespace().collect();
    STANDARD.decode(compact).map_err(|_| KeyError::Unreadable("not base64".into()))
}

/// Label and body of the one PEM block (RFC 7468) in `text`, or `None` when there is none.
fn pem_block(text: &str) -> Result<Option<(&str, &str)>, KeyError> {
    let Some((_, after)) = text.split_once("-----BEGIN ") else {
        return Ok(None);
    };
    let broken = || KeyError::Unreadable("the PEM block is cut off".into());
    let (label, after) = after.split_once("-----").ok_or_else(broken)?;
    let (body, after) = after.split_once("-----END ").ok_or_else(broken)?;
    let after = after.strip_prefix(label).and_then(|rest| rest.strip_prefix("-----")).ok_or_else(broken)?;
    if after.contains("-----BEGIN ") {
        return Err(KeyError::Unreadable("more than one PEM block".into()));
    }
    Ok(Some((label, body)))
}
