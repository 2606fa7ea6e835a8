//! The primitives of XML Encryption: AES in GCM and CBC, RSA-OAEP. Lengths are checked here, before any slicing.

use crate::keys::Hash;
use openssl::error::ErrorStack;
use openssl::pkey::{HasPublic, PKeyRef, Private};
use openssl::pkey_ctx::PkeyCtx;
use openssl::rsa::Padding;
use openssl::symm::{Cipher, Crypter, Mode};
use zeroize::Zeroizing;

/// RSA-OAEP of XML Encryption 1.0: MGF1 with SHA-1.
pub(crate) const RSA_OAEP_MGF1P: &str = "http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p";
/// RSA-OAEP of XML Encryption 1.1: MGF named by a child element.
pub(crate) const RSA_OAEP: &str = "http://www.w3.org/2009/xmlenc11#rsa-oaep";

const GCM_IV: usize = 12;
const GCM_TAG: usize = 16;
const BLOCK: usize = 16;

/// Content encryption (XML Encryption 1.1, 5.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EncryptionMethod {
    /// AES-128-GCM.
    Aes128Gcm,
    /// AES-256-GCM.
    Aes256Gcm,
    /// AES-128-CBC.
    Aes128Cbc,
    /// AES-256-CBC.
    Aes256Cbc,
}

/// What a decryption yields.
pub(crate) struct Opened {
    octets: Zeroizing<Vec<u8>>,
    /// The last octet names a padding length from 1 to 16 (CBC); always true for GCM, which has none.
    pub padding_holds: bool,
}

impl Opened {
    pub(crate) fn into_plaintext(self) -> Zeroizing<Vec<u8>> {
        self.octets
    }
}

impl EncryptionMethod {
    const ALL: [Self; 4] = [Self::Aes128Gcm, Self::Aes256Gcm, Self::Aes128Cbc, Self::Aes256Cbc];

    /// The cipher of an algorithm identifier; `None` for any other algorithm.
    pub(crate) fn of(identifier: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|cipher| cipher.identifier() == identifier)
    }

    pub(crate) const fn identifier(self) -> &'static str {
        match self {
            Self::Aes128Gcm => "http://www.w3.org/2009/xmlenc11#aes128-gcm",
            Self::Aes256Gcm => "http://www.w3.org/2009/xmlenc11#aes256-gcm",
            Self::Aes128Cbc => "http://www.w3.org/2001/04/xmlenc#aes128-cbc",
            Self::Aes256Cbc => "http://www.w3.org/2001/04/xmlenc#aes256-cbc",
        }
    }

    pub(crate) const fn key_length(self) -> usize {
        match self {
            Self::Aes128Gcm | Self::Aes128Cbc => 16,
            Self::Aes256Gcm | Self::Aes256Cbc => 32,
        }
    }

    const fn iv_length(self) -> usize {
        if self.is_gcm() { GCM_IV } else { BLOCK }
    }

    const fn is_gcm(self) -> bool {
        matches!(self, Self::Aes128Gcm | Self::Aes256Gcm)
    }

    fn openssl(self) -> Cipher {
        match self {
            Self::Aes128Gcm => Cipher::aes_128_gcm(),
            Self::Aes256Gcm => Cipher::aes_256_gcm(),
            Self::Aes128Cbc => Cipher::aes_128_cbc(),
            Self::Aes256Cbc => Cipher::aes_256_cbc(),
        }
    }

    /// Whether octets of that length can be a ciphertext: IV, content, tag (GCM); IV and at least one block, whole
    /// blocks only (CBC).
    pub(crate) const fn fits(self, length: usize) -> bool {
        if self.is_gcm() { length > GCM_IV + GCM_TAG } else { length > BLOCK && length.is_multiple_of(BLOCK) }
    }

    /// Decrypts IV ‖ ciphertext (‖ tag). `None`: the tag is wrong, or the length is impossible.
    pub(crate) fn open(self, key: &[u8], octets: &[u8]) -> Option<Opened> {
        if !self.fits(octets.len()) {
            return None;
        }
        let (iv, body) = octets.split_at_checked(self.iv_length())?;
        let (body, tag) = if self.is_gcm() {
            body.split_at_checked(body.len().checked_sub(GCM_TAG)?)?
        } else {
            (body, &[][..])
        };
        let mut octets = self.run(Mode::Decrypt, key, iv, body, Tag::Expect(tag)).ok()?;
        let kept = if self.is_gcm() { Some(octets.len()) } else { unpadded_length(&octets) };
        if let Some(length) = kept {
            octets.truncate(length);
        }
        Some(Opened { octets, padding_holds: kept.is_some() })
    }

    /// Encrypts to IV ‖ ciphertext (‖ tag); CBC is padded as XML Encryption 1.1, 5.2.1 says, with zeros.
    pub(crate) fn seal(self, key: &[u8], iv: &[u8], plaintext: &[u8]) -> Result<Vec<u8>, ErrorStack> {
        let mut padded = Zeroizing::new(plaintext.to_vec());
        if !self.is_gcm() {
            let missing = BLOCK - plaintext.len() % BLOCK;
            padded.resize(plaintext.len() + missing - 1, 0);
            padded.push(u8::try_from(missing).unwrap_or_default());
        }
        let mut tag = if self.is_gcm() { vec![0; GCM_TAG] } else { Vec::new() };
        let body = self.run(Mode::Encrypt, key, iv, &padded, Tag::Write(&mut tag))?;
        Ok([iv, &body, &tag].concat())
    }

    /// A key and an IV of the right lengths from OpenSSL's random numbers.
    pub(crate) fn random_key_and_iv(self) -> Result<(Zeroizing<Vec<u8>>, Vec<u8>), ErrorStack> {
        let mut key = Zeroizing::new(vec![0; self.key_length()]);
        openssl::rand::rand_priv_bytes(&mut key)?;
        let mut iv = vec![0; self.iv_length()];
        openssl::rand::rand_bytes(&mut iv)?;
        Ok((key, iv))
    }

    fn run(
        self,
        mode: Mode,
        key: &[u8],
        iv: &[u8],
        input: &[u8],
        tag: Tag<'_>,
    ) -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
        let mut crypter = Crypter::new(self.openssl(), mode, key, Some(iv))?;
        crypter.pad(false);
        if let Tag::Expect(expected) = &tag
            && !expected.is_empty()
        {
            crypter.set_tag(expected)?;
        }
        let mut output = Zeroizing::new(vec![0; input.len() + BLOCK]);
        let written = crypter.update(input, &mut output)?;
        // Without padding nothing is held back: this writes no octet, it only checks the tag or the length.
        crypter.finalize(output.get_mut(written..).unwrap_or_default())?;
        output.truncate(written);
        if let Tag::Write(space) = tag
            && !space.is_empty()
        {
            crypter.get_tag(space)?;
        }
        Ok(output)
    }
}

enum Tag<'t> {
    Expect(&'t [u8]),
    Write(&'t mut [u8]),
}

/// Length without the padding (XML Encryption 1.1, 5.2.1: only the last octet counts), or `None` when that octet is
/// not between 1 and the block length.
fn unpadded_length(octets: &[u8]) -> Option<usize> {
    let padding = usize::from(*octets.last()?);
    if (1..=BLOCK).contains(&padding) { octets.len().checked_sub(padding) } else { None }
}

/// RSA-OAEP with its parameters.
#[derive(Debug, Clone)]
pub(crate) struct Oaep {
    pub digest: Hash,
    pub mgf: Hash,
    /// OAEPparams; usually empty.
    pub label: Vec<u8>,
}

impl Oaep {
    pub(crate) fn unwrap(&self, key: &PKeyRef<Private>, ciphertext: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let decrypted = || -> Result<Zeroizing<Vec<u8>>, ErrorStack> {
            let mut context = PkeyCtx::new(key)?;
            context.decrypt_init()?;
            self.configure(&mut context)?;
            let mut output = Zeroizing::new(vec![0; key.size()]);
            let length = context.decrypt(ciphertext, Some(&mut output))?;
            output.truncate(length);
            Ok(output)
        };
        decrypted().ok()
    }

    pub(crate) fn wrap<T: HasPublic>(
        &self,
        key: &PKeyRef<T>,
        plaintext: &[u8],
    ) -> Result<Vec<u8>, ErrorStack> {
        let mut context = PkeyCtx::new(key)?;
        context.encrypt_init()?;
        self.configure(&mut context)?;
        let mut output = Vec::new();
        context.encrypt_to_vec(plaintext, &mut output)?;
        Ok(output)
    }

    fn configure<T>(&self, context: &mut PkeyCtx<T>) -> Result<(), ErrorStack> {
        context.set_rsa_padding(Padding::PKCS1_OAEP)?;
        context.set_rsa_oaep_md(self.digest.md())?;
        context.set_rsa_mgf1_md(self.mgf.md())?;
        if !self.label.is_empty() {
            context.set_rsa_oaep_label(&self.label)?;
        }
        Ok(())
    }
}
