use crate::TestkitError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use openssl::asn1::Asn1Time;
use openssl::bn::{BigNum, MsbOption};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private};
use openssl::rsa::Rsa;
use openssl::sign::Signer;
use openssl::x509::{X509, X509NameBuilder};

/// Hash of a signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-1, which Entra still offers and Ostiary refuses unless told otherwise.
    Sha1,
    /// SHA-256, the default everywhere.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
}

impl Hash {
    pub(crate) fn signature_uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        }
    }

    pub(crate) fn digest_uri(self) -> &'static str {
        match self {
            Self::Sha1 => "http://www.w3.org/2000/09/xmldsig#sha1",
            Self::Sha256 => "http://www.w3.org/2001/04/xmlenc#sha256",
            Self::Sha384 => "http://www.w3.org/2001/04/xmldsig-more#sha384",
            Self::Sha512 => "http://www.w3.org/2001/04/xmlenc#sha512",
        }
    }

    pub(crate) fn digest(self, bytes: &[u8]) -> Result<Vec<u8>, TestkitError> {
        Ok(openssl::hash::hash(self.message_digest(), bytes)?.to_vec())
    }

    fn message_digest(self) -> MessageDigest {
        match self {
            Self::Sha1 => MessageDigest::sha1(),
            Self::Sha256 => MessageDigest::sha256(),
            Self::Sha384 => MessageDigest::sha384(),
            Self::Sha512 => MessageDigest::sha512(),
        }
    }
}

/// An RSA key with a self-signed certificate, made at run time.
#[derive(Clone)]
pub struct TestKey {
    private: PKey<Private>,
    certificate: X509,
}

impl std::fmt::Debug for TestKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TestKey")
    }
}

impl TestKey {
    /// A new key of 2048 bits whose certificate is valid for three years from `not_before`.
    ///
    /// # Errors
    /// [`TestkitError::OpenSsl`].
    pub fn generate(common_name: &str, not_before: Timestamp) -> Result<Self, TestkitError> {
        Self::generate_bits(common_name, not_before, 2048)
    }

    /// The same with another length, for tests of the key-size rule.
    ///
    /// # Errors
    /// [`TestkitError::OpenSsl`].
    pub fn generate_bits(common_name: &str, not_before: Timestamp, bits: u32) -> Result<Self, TestkitError> {
        let private = PKey::from_rsa(Rsa::generate(bits)?)?;
        let mut name = X509NameBuilder::new()?;
        name.append_entry_by_text("CN", common_name)?;
        let name = name.build();
        let mut serial = BigNum::new()?;
        serial.rand(127, MsbOption::MAYBE_ZERO, false)?;
        let mut builder = X509::builder()?;
        builder.set_version(2)?;
        builder.set_serial_number(&*serial.to_asn1_integer()?)?;
        builder.set_subject_name(&name)?;
        builder.set_issuer_name(&name)?;
        builder.set_pubkey(&private)?;
        builder.set_not_before(&*Asn1Time::from_unix(not_before.as_second())?)?;
        builder
            .set_not_after(&*Asn1Time::from_unix(crate::shift(not_before, 3 * 365 * 86_400).as_second())?)?;
        builder.sign(&private, MessageDigest::sha256())?;
        Ok(Self { private, certificate: builder.build() })
    }

    /// From PKCS #8 DER and the certificate's DER.
    ///
    /// # Errors
    /// [`TestkitError::OpenSsl`].
    pub fn from_der(pkcs8: &[u8], certificate: &[u8]) -> Result<Self, TestkitError> {
        Ok(Self { private: PKey::private_key_from_pkcs8(pkcs8)?, certificate: X509::from_der(certificate)? })
    }

    /// The private key, PKCS #8 DER (for a service provider's decryption key in tests).
    ///
    /// # Errors
    /// [`TestkitError::OpenSsl`].
    pub fn pkcs8_der(&self) -> Result<Vec<u8>, TestkitError> {
        Ok(self.private.private_key_to_pkcs8()?)
    }

    /// The certificate, DER.
    ///
    /// # Errors
    /// [`TestkitError::OpenSsl`].
    pub fn certificate_der(&self) -> Result<Vec<u8>, TestkitError> {
        Ok(self.certificate.to_der()?)
    }

    /// The certificate, base64 of the DER, as metadata and KeyInfo carry it.
    ///
    /// # Errors
    /// [`TestkitError::OpenSsl`].
    pub fn certificate_base64(&self) -> Result<String, TestkitError> {
        Ok(STANDARD.encode(self.certificate_der()?))
    }

    /// SHA-256 of the certificate, lower-case hex.
    ///
    /// # Errors
    /// [`TestkitError::OpenSsl`].
    pub fn fingerprint(&self) -> Result<String, TestkitError> {
        Ok(Hash::Sha256.digest(&self.certificate_der()?)?.iter().map(|byte| format!("{byte:02x}")).collect())
    }

    /// RSA PKCS #1 v1.5 signature over `message`.
    ///
    /// # Errors
    /// [`TestkitError::OpenSsl`].
    pub fn sign(&self, hash: Hash, message: &[u8]) -> Result<Vec<u8>, TestkitError> {
        let mut signer = Signer::new(hash.message_digest(), &self.private)?;
        Ok(signer.sign_oneshot_to_vec(message)?)
    }
}
