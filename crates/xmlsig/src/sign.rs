//! Signing of what we send: enveloped XML signatures (metadata, POST-binding messages) and Redirect-binding queries.

use crate::keys::{Hash, check_rsa, digest, unreadable};
use crate::{KeyError, XmlError};
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
use openssl::x509::{X509, X509Name};
use zeroize::Zeroizing;

/// Least RSA modulus of keys of our own.
const MIN_RSA_BITS: u32 = 2048;

/// An RSA private key that signs, made per installation. Never shown, not comparable. Cheap to clone.
#[derive(Clone)]
pub struct SigningKey(PKey<Private>);

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Makes a new key with OpenSSL's random numbers. `bits` is 2048 or more.
    ///
    /// # Errors
    /// [`KeyError::TooShort`], [`KeyError::Unreadable`] when OpenSSL fails.
    pub fn generate(bits: u32) -> Result<Self, KeyError> {
        if bits < MIN_RSA_BITS {
            return Err(KeyError::TooShort { bits, wanted: MIN_RSA_BITS });
        }
        let key = Rsa::generate(bits).and_then(PKey::from_rsa).map_err(|e| unreadable("new key", &e))?;
        Ok(Self(key))
    }

    /// From PKCS #8 DER (not encrypted), RSA with at least 2048 bits.
    ///
    /// # Errors
    /// [`KeyError`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        read_private_key(der, MIN_RSA_BITS).map(Self)
    }

    /// To PKCS #8 DER, for the settings. The result is secret.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when OpenSSL fails.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        self.0.private_key_to_pkcs8().map(Zeroizing::new).map_err(|e| unreadable("private key", &e))
    }

    /// A self-signed certificate (DER) for metadata. `common_name` is cut at 64 characters (X.520 upper bound);
    /// `not_before` in seconds since 1970; `serial` from the caller, read as a positive number.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when OpenSSL fails.
    pub fn self_signed(
        &self,
        common_name: &str,
        not_before: i64,
        days: u32,
        serial: [u8; 16],
    ) -> Result<Vec<u8>, KeyError> {
        let cut: String = common_name.chars().take(64).collect();
        let not_after = not_before.saturating_add(i64::from(days).saturating_mul(86_400));
        let build = || -> Result<Vec<u8>, ErrorStack> {
            let mut name = X509Name::builder()?;
            name.append_entry_by_nid(Nid::COMMONNAME, &cut)?;
            let name = name.build();
            let mut certificate = X509::builder()?;
            certificate.set_version(2)?;
            certificate.set_serial_number(&*BigNum::from_slice(&serial)?.to_asn1_integer()?)?;
            certificate.set_subject_name(&name)?;
            certificate.set_issuer_name(&name)?;
            certificate.set_not_before(&*Asn1Time::from_unix(not_before)?)?;
            certificate.set_not_after(&*Asn1Time::from_unix(not_after)?)?;
            certificate.set_pubkey(&self.0)?;
            certificate.sign(&self.0, MessageDigest::sha256())?;
            certificate.build().to_der()
        };
        build().map_err(|e| unreadable("self-signed certificate", &e))
    }

    /// RSA-SHA256 PKCS #1 v1.5 over `message`.
    ///
    /// # Errors
    /// [`KeyError::Unreadable`] when OpenSSL fails.
    pub fn sign_sha256(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        self.sign(Hash::Sha256, message)
    }

    fn sign(&self, hash: Hash, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        let digest = digest(hash, message);
        let signed = || -> Result<Vec<u8>, ErrorStack> {
            let mut context = PkeyCtx::new(&self.0)?;
            context.sign_init()?;
            context.set_rsa_padding(Padding::PKCS1)?;
            context.set_signature_md(hash.md())?;
            let mut signature = Vec::new();
            context.sign_to_vec(digest.as_ref(), &mut signature)?;
            Ok(signature)
        };
        signed().map_err(|e| unreadable("signature", &e))
    }
}

/// Reads an unencrypted PKCS #8 RSA private key.
pub(crate) fn read_private_key(der: &[u8], min_rsa_bits: u32) -> Result<PKey<Private>, KeyError> {
    let key = PKey::private_key_from_pkcs8(der).map_err(|e| unreadable("private key", &e))?;
    check_rsa(&key, min_rsa_bits)?;
    Ok(key)
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
