//! Signing of what we send: enveloped XML signatures (metadata, POST-binding messages) and Redirect-binding queries.

use crate::c14n::canonicalize;
use crate::keys::{Hash, check_rsa, digest, unreadable};
use crate::{KeyError, Limits, Message, XmlError, ns};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::{PKey, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::{Padding, Rsa};
use openssl::x509::{X509, X509Name};
use ostiary_codes::Code;
use std::ops::Range;
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
        Self::from_pkcs8_der_of(der, MIN_RSA_BITS)
    }

    /// As [`SigningKey::from_pkcs8_der`] with another least modulus, for the certificate of an old decryption key.
    ///
    /// # Errors
    /// As [`SigningKey::from_pkcs8_der`].
    pub fn from_pkcs8_der_of(der: &[u8], min_rsa_bits: u32) -> Result<Self, KeyError> {
        read_private_key(der, min_rsa_bits).map(Self)
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

/// How an enveloped signature is made. The default is what this product sends.
#[derive(Debug, Clone, Copy)]
pub struct SignatureProfile<'a> {
    /// Hash of the signature and of the Reference.
    pub hash: Hash,
    /// Namespace prefix of the signature's elements; empty for a default namespace, as Entra writes it.
    pub prefix: &'a str,
    /// Goes into KeyInfo when given (DER).
    pub certificate_der: Option<&'a [u8]>,
}

impl Default for SignatureProfile<'_> {
    fn default() -> Self {
        Self { hash: Hash::Sha256, prefix: "ds", certificate_der: None }
    }
}

/// Signs the element whose `ID` is `id` inside `xml` (which must be acceptable to the strict parser) and returns the
/// document with the `ds:Signature` inserted: after the `saml:Issuer` child if there is one, else as first child.
/// Exclusive C14N, RSA-SHA256, one Reference; `certificate_der` goes into KeyInfo when given. Sign inner elements
/// before outer ones.
///
/// # Errors
/// [`XmlError`] when the document is unacceptable or has no such element.
pub fn sign_enveloped(
    xml: &str,
    id: &str,
    key: &SigningKey,
    certificate_der: Option<&[u8]>,
) -> Result<String, XmlError> {
    sign_enveloped_with(xml, id, key, &SignatureProfile { certificate_der, ..SignatureProfile::default() })
}

/// As [`sign_enveloped`], in another shape; for the test identity provider.
///
/// # Errors
/// As [`sign_enveloped`].
pub fn sign_enveloped_with(
    xml: &str,
    id: &str,
    key: &SigningKey,
    profile: &SignatureProfile<'_>,
) -> Result<String, XmlError> {
    let message = Message::parse(xml.as_bytes(), &Limits::METADATA)?;
    // Ranges of elements count from behind a byte order mark.
    let xml = xml.strip_prefix('\u{feff}').unwrap_or(xml);
    let element = message
        .root()
        .descendants()
        .find(|element| element.raw_attribute("ID").is_some_and(|value| value == id))
        .ok_or_else(|| XmlError::new(Code::SignatureReference, "no element has the ID to be signed"))?;
    let canonical = canonicalize(element, None, &[]);
    let digest = STANDARD.encode(digest(profile.hash, canonical.text.as_bytes()));
    let signature = write_signature(id, &digest, key, profile)
        .map_err(|error| XmlError::new(error.code(), error.to_string()))?;

    let issuer = element.children_named(ns::SAML, "Issuer").next();
    match issuer {
        Some(issuer) => insert(xml, issuer.source_range().end, &signature),
        None => insert_first(xml, element.source_range(), &signature),
    }
    .ok_or_else(|| XmlError::new(Code::Internal, "the element to be signed was not found again"))
}

/// Writes `ds:Signature`. SignedInfo is written in its canonical form at once, the namespace declaration aside.
fn write_signature(
    id: &str,
    digest: &str,
    key: &SigningKey,
    profile: &SignatureProfile<'_>,
) -> Result<String, KeyError> {
    let (p, declaration) = match profile.prefix {
        "" => (String::new(), format!(r#" xmlns="{}""#, ns::DS)),
        prefix => (format!("{prefix}:"), format!(r#" xmlns:{prefix}="{}""#, ns::DS)),
    };
    // An xs:ID holds nothing that would need escaping.
    let signed_info = format!(
        r##"<{p}CanonicalizationMethod Algorithm="{c14n}"></{p}CanonicalizationMethod><{p}SignatureMethod Algorithm="{method}"></{p}SignatureMethod><{p}Reference URI="#{id}"><{p}Transforms><{p}Transform Algorithm="{enveloped}"></{p}Transform><{p}Transform Algorithm="{c14n}"></{p}Transform></{p}Transforms><{p}DigestMethod Algorithm="{digest_method}"></{p}DigestMethod><{p}DigestValue>{digest}</{p}DigestValue></{p}Reference></{p}SignedInfo>"##,
        c14n = ns::EXC_C14N,
        method = profile.hash.signature_method(),
        enveloped = ns::ENVELOPED,
        digest_method = profile.hash.digest_method(),
    );
    let canonical = format!("<{p}SignedInfo{declaration}>{signed_info}");
    let value = STANDARD.encode(key.sign(profile.hash, canonical.as_bytes())?);
    let key_info = profile.certificate_der.map_or_else(String::new, |der| {
        let certificate = STANDARD.encode(der);
        format!("<{p}KeyInfo><{p}X509Data><{p}X509Certificate>{certificate}</{p}X509Certificate></{p}X509Data></{p}KeyInfo>")
    });
    Ok(format!(
        "<{p}Signature{declaration}><{p}SignedInfo>{signed_info}<{p}SignatureValue>{value}</{p}SignatureValue>{key_info}</{p}Signature>"
    ))
}

fn insert(xml: &str, at: usize, text: &str) -> Option<String> {
    let (before, after) = xml.split_at_checked(at)?;
    Some([before, text, after].concat())
}

/// Inserts `text` as the first content of the element at `range`; an empty-element tag is opened for it.
fn insert_first(xml: &str, range: Range<usize>, text: &str) -> Option<String> {
    let source = xml.get(range.clone())?;
    let mut quote = None;
    let tag_end = source.bytes().position(|b| match (quote, b) {
        (None, b'"' | b'\'') => {
            quote = Some(b);
            false
        }
        (Some(open), _) => {
            if b == open {
                quote = None;
            }
            false
        }
        (None, _) => b == b'>',
    })?;
    let start_tag = source.get(..tag_end)?;
    let Some(empty) = start_tag.strip_suffix('/') else {
        return insert(xml, range.start + tag_end + 1, text);
    };
    let name = empty.get(1..)?.split([' ', '\t', '\r', '\n']).next()?;
    let element = format!("{empty}>{text}</{name}>");
    Some([xml.get(..range.start)?, &element, xml.get(range.end..)?].concat())
}

/// Builds a signed Redirect-binding query `SAMLRequest=…&RelayState=…&SigAlg=…&Signature=…` (Bindings 3.4.4.1) from an
/// unsigned one (`SAMLRequest=…[&RelayState=…]`, already percent-encoded).
///
/// # Errors
/// [`KeyError::Unreadable`] when OpenSSL fails.
pub fn sign_redirect_query(query: &str, key: &SigningKey) -> Result<String, KeyError> {
    let signed = format!("{query}&SigAlg={}", percent_encode(Hash::Sha256.signature_method()));
    let signature = STANDARD.encode(key.sign_sha256(signed.as_bytes())?);
    Ok(format!("{signed}&Signature={}", percent_encode(&signature)))
}

/// Percent-encodes all but the unreserved characters of RFC 3986, 2.3, with upper-case digits, so that no proxy on the way
/// has a reason to rewrite the octets that are signed. (The `url` crate's form encoding writes a space as `+`.)
#[must_use]
pub fn percent_encode(text: &str) -> String {
    text.bytes().fold(String::with_capacity(text.len() * 2), |mut encoded, octet| {
        match octet {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                encoded.push(char::from(octet))
            }
            _ => encoded.push_str(&format!("%{octet:02X}")),
        }
        encoded
    })
}
