//! XML Encryption, sending side. A service provider never encrypts; the test identity provider and the tests do.

use crate::KeyError;
use crate::cipher::{EncryptionMethod, Oaep, RSA_OAEP, RSA_OAEP_MGF1P};
use crate::keys::{Hash, check_rsa, read_certificate, unreadable};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Key transport and its digests (XML Encryption 1.1, 5.5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyTransport {
    /// rsa-oaep-mgf1p with SHA-1, as Entra and AD FS send it.
    OaepMgf1p,
    /// rsa-oaep-mgf1p with the digest SHA-256; MGF1 stays with SHA-1.
    OaepMgf1pSha256,
    /// XML Encryption 1.1 rsa-oaep, SHA-256 and MGF1-SHA-256.
    Oaep11Sha256,
}

impl KeyTransport {
    /// The parameters, and the EncryptionMethod element that announces them.
    fn announced(self) -> (Oaep, String) {
        let (algorithm, digest, mgf) = match self {
            Self::OaepMgf1p => (RSA_OAEP_MGF1P, Hash::Sha1, Hash::Sha1),
            Self::OaepMgf1pSha256 => (RSA_OAEP_MGF1P, Hash::Sha256, Hash::Sha1),
            Self::Oaep11Sha256 => (RSA_OAEP, Hash::Sha256, Hash::Sha256),
        };
        let mgf_element = if algorithm == RSA_OAEP {
            format!(
                r#"<xenc11:MGF xmlns:xenc11="http://www.w3.org/2009/xmlenc11#" Algorithm="{}"/>"#,
                mgf.mgf()
            )
        } else {
            String::new()
        };
        let element = format!(
            r#"<xenc:EncryptionMethod Algorithm="{algorithm}"><ds:DigestMethod Algorithm="{}"/>{mgf_element}</xenc:EncryptionMethod>"#,
            digest.digest_method(),
        );
        (Oaep { digest, mgf, label: Vec::new() }, element)
    }
}

/// Wraps `plaintext` (one serialised element) into `<saml:EncryptedAssertion>`, which declares the prefixes `saml`,
/// `xenc` and `ds`; `certificate_der` holds the recipient's RSA key; `detached` puts EncryptedKey beside EncryptedData
/// (the second placement) instead of inside its KeyInfo. Uses OpenSSL's random numbers.
///
/// # Errors
/// [`KeyError::Unreadable`], [`KeyError::NotRsa`].
pub fn encrypt_element(
    plaintext: &[u8],
    certificate_der: &[u8],
    method: EncryptionMethod,
    transport: KeyTransport,
    detached: bool,
) -> Result<String, KeyError> {
    let failed = |e| unreadable("encryption", &e);
    let recipient = read_certificate(certificate_der)?.public_key().map_err(failed)?;
    check_rsa(&recipient, 0)?;
    let (content_key, iv) = method.random_key_and_iv().map_err(failed)?;
    let ciphertext = STANDARD.encode(method.seal(&content_key, &iv, plaintext).map_err(failed)?);
    let (oaep, transport_method) = transport.announced();
    let wrapped = STANDARD.encode(oaep.wrap(&recipient, &content_key).map_err(failed)?);
    let encrypted_key = |id: &str| {
        format!(
            "<xenc:EncryptedKey{id}>{transport_method}<xenc:CipherData><xenc:CipherValue>{wrapped}\
             </xenc:CipherValue></xenc:CipherData></xenc:EncryptedKey>"
        )
    };
    let (key_info, beside) = if detached {
        let mut random = [0; 16];
        openssl::rand::rand_bytes(&mut random).map_err(failed)?;
        let id: String = random.iter().map(|b| format!("{b:02x}")).collect();
        let retrieval = format!(
            r##"<ds:RetrievalMethod Type="http://www.w3.org/2001/04/xmlenc#EncryptedKey" URI="#_{id}"/>"##
        );
        (retrieval, encrypted_key(&format!(r#" Id="_{id}""#)))
    } else {
        (encrypted_key(""), String::new())
    };
    Ok(format!(
        r#"<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"><xenc:EncryptedData Type="http://www.w3.org/2001/04/xmlenc#Element"><xenc:EncryptionMethod Algorithm="{}"/><ds:KeyInfo>{key_info}</ds:KeyInfo><xenc:CipherData><xenc:CipherValue>{ciphertext}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>{beside}</saml:EncryptedAssertion>"#,
        method.identifier(),
    ))
}
