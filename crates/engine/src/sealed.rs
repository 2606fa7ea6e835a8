//! Sealed values: what we hand to a browser or to the host and want back unread and unchanged.
//!
//! AES-256-GCM under a key that is derived for each value by HKDF-SHA256 (RFC 5869) from a 256-bit random salt, so
//! that no number of values wears the key out. Purpose, version and SP entityID are associated data, and the expiry
//! stands inside: a value of one purpose or installation is refused as another's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use openssl::md::Md;
use openssl::pkey::Id;
use openssl::pkey_ctx::{HkdfMode, PkeyCtx};
use openssl::symm::{Cipher, decrypt_aead, encrypt_aead};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroizing;

const VERSION: u8 = 1;
const SALT: usize = 32;
const TAG: usize = 16;
const KEY: usize = 32;
const NONCE: usize = 12;

/// What a sealed value is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// A sign-in attempt, kept in a cookie.
    Attempt,
    /// A sign-out that this service provider started, kept in a cookie.
    Logout,
    /// The continuation of a question to the host; never leaves the process.
    Resume,
}

impl Purpose {
    const fn name(self) -> &'static str {
        match self {
            Self::Attempt => "attempt",
            Self::Logout => "logout",
            Self::Resume => "resume",
        }
    }
}

/// Why a value does not open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// Not ours, not for this purpose, or changed.
    #[error("the sealed value does not open")]
    Invalid,
    /// OpenSSL failed.
    #[error("the value could not be sealed")]
    Crypto,
}

/// A value that opened.
#[derive(Debug, PartialEq, Eq)]
pub struct Opened {
    /// What was sealed.
    pub payload: Vec<u8>,
    /// Whether its time is over. The payload of an expired value may still say where the user wanted to go.
    pub expired: bool,
}

/// A 256-bit key that seals. Wiped when dropped, never shown.
#[derive(Clone)]
pub struct SealingKey {
    key: Zeroizing<[u8; KEY]>,
    /// SP entityID, or whatever else tells one installation from another.
    installation: String,
}

impl SealingKey {
    /// From 32 secret bytes and the SP entityID.
    #[must_use]
    pub fn new(key: Zeroizing<[u8; KEY]>, installation: &str) -> Self {
        Self { key, installation: installation.to_owned() }
    }

    /// A new random key.
    pub fn random(installation: &str, rng: &mut dyn CryptoRng) -> Self {
        let mut key = Zeroizing::new([0; KEY]);
        rng.fill_bytes(key.as_mut_slice());
        Self::new(key, installation)
    }

    /// The secret bytes, for the settings.
    #[must_use]
    pub fn secret(&self) -> &[u8] {
        self.key.as_slice()
    }

    /// Seals `payload` until `expires`; the result is base64url.
    ///
    /// # Errors
    /// [`SealError::Crypto`] when OpenSSL fails.
    pub fn seal(
        &self,
        purpose: Purpose,
        expires: Timestamp,
        payload: &[u8],
        rng: &mut dyn CryptoRng,
    ) -> Result<String, SealError> {
        let mut salt = [0; SALT];
        rng.fill_bytes(&mut salt);
        let (key, nonce) = self.derive(purpose, &salt)?;
        let mut plain = Zeroizing::new(Vec::with_capacity(8 + payload.len()));
        plain.extend_from_slice(&expires.as_millisecond().to_be_bytes());
        plain.extend_from_slice(payload);
        let mut tag = [0; TAG];
        let cipher_text = encrypt_aead(
            Cipher::aes_256_gcm(),
            key.as_slice(),
            Some(&nonce),
            &self.associated(purpose),
            &plain,
            &mut tag,
        )
        .map_err(|_| SealError::Crypto)?;
        let mut out = Vec::with_capacity(1 + SALT + cipher_text.len() + TAG);
        out.push(VERSION);
        out.extend_from_slice(&salt);
        out.extend_from_slice(&cipher_text);
        out.extend_from_slice(&tag);
        Ok(URL_SAFE_NO_PAD.encode(out))
    }

    /// Opens what [`SealingKey::seal`] made for the same purpose and installation.
    ///
    /// # Errors
    /// [`SealError::Invalid`] for anything else.
    pub fn open(&self, purpose: Purpose, now: Timestamp, sealed: &str) -> Result<Opened, SealError> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| SealError::Invalid)?;
        let (version, rest) = bytes.split_first().ok_or(SealError::Invalid)?;
        if *version != VERSION {
            return Err(SealError::Invalid);
        }
        let (salt, rest) = rest.split_at_checked(SALT).ok_or(SealError::Invalid)?;
        let cipher_length = rest.len().checked_sub(TAG).ok_or(SealError::Invalid)?;
        let (cipher_text, tag) = rest.split_at_checked(cipher_length).ok_or(SealError::Invalid)?;
        let (key, nonce) = self.derive(purpose, salt)?;
        let plain = decrypt_aead(
            Cipher::aes_256_gcm(),
            key.as_slice(),
            Some(&nonce),
            &self.associated(purpose),
            cipher_text,
            tag,
        )
        .map_err(|_| SealError::Invalid)?;
        let (expires, payload) = plain.split_first_chunk::<8>().ok_or(SealError::Invalid)?;
        let expired = now.as_millisecond() >= i64::from_be_bytes(*expires);
        Ok(Opened { payload: payload.to_vec(), expired })
    }

    fn derive(
        &self,
        purpose: Purpose,
        salt: &[u8],
    ) -> Result<(Zeroizing<[u8; KEY]>, [u8; NONCE]), SealError> {
        let mut out = Zeroizing::new([0_u8; KEY + NONCE]);
        let derived = (|| {
            let mut hkdf = PkeyCtx::new_id(Id::HKDF)?;
            hkdf.derive_init()?;
            hkdf.set_hkdf_mode(HkdfMode::EXTRACT_THEN_EXPAND)?;
            hkdf.set_hkdf_md(Md::sha256())?;
            hkdf.set_hkdf_key(self.key.as_slice())?;
            hkdf.set_hkdf_salt(salt)?;
            hkdf.add_hkdf_info(b"ostiary sealed ")?;
            hkdf.add_hkdf_info(purpose.name().as_bytes())?;
            hkdf.derive(Some(out.as_mut_slice()))
        })();
        derived.map_err(|_| SealError::Crypto)?;
        let (key, rest) = out.split_first_chunk::<KEY>().ok_or(SealError::Crypto)?;
        let nonce = rest.first_chunk::<NONCE>().ok_or(SealError::Crypto)?;
        Ok((Zeroizing::new(*key), *nonce))
    }

    fn associated(&self, purpose: Purpose) -> Vec<u8> {
        let mut data = vec![VERSION];
        data.extend_from_slice(purpose.name().as_bytes());
        data.push(0);
        data.extend_from_slice(self.installation.as_bytes());
        data
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::SeededRng;
    use proptest::prelude::*;

    const PURPOSES: [Purpose; 3] = [Purpose::Attempt, Purpose::Logout, Purpose::Resume];

    fn key(rng: &mut SeededRng) -> SealingKey {
        SealingKey::random("https://sp.example/", rng)
    }

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    #[test]
    fn opens_what_it_sealed_and_tells_when_it_expired() {
        let mut rng = SeededRng::new(1);
        let key = key(&mut rng);
        let sealed = key.seal(Purpose::Attempt, at(100), b"payload", &mut rng).unwrap();
        let fresh = key.open(Purpose::Attempt, at(99), &sealed).unwrap();
        assert_eq!(fresh, Opened { payload: b"payload".to_vec(), expired: false });
        assert!(key.open(Purpose::Attempt, at(100), &sealed).unwrap().expired);
    }

    #[test]
    fn refuses_one_purpose_as_another() {
        let mut rng = SeededRng::new(2);
        let key = key(&mut rng);
        for made_for in PURPOSES {
            let sealed = key.seal(made_for, at(100), b"x", &mut rng).unwrap();
            for opened_as in PURPOSES {
                assert_eq!(key.open(opened_as, at(1), &sealed).is_ok(), made_for == opened_as);
            }
        }
    }

    #[test]
    fn refuses_another_installation_and_another_key() {
        let mut rng = SeededRng::new(3);
        let ours = key(&mut rng);
        let sealed = ours.seal(Purpose::Attempt, at(100), b"x", &mut rng).unwrap();
        let same_key_elsewhere = SealingKey::new(ours.key.clone(), "https://other.example/");
        assert_eq!(same_key_elsewhere.open(Purpose::Attempt, at(1), &sealed), Err(SealError::Invalid));
        assert_eq!(key(&mut rng).open(Purpose::Attempt, at(1), &sealed), Err(SealError::Invalid));
    }

    #[test]
    fn seals_the_same_payload_differently_each_time() {
        let mut rng = SeededRng::new(4);
        let key = key(&mut rng);
        let one = key.seal(Purpose::Resume, at(100), b"x", &mut rng).unwrap();
        assert_ne!(one, key.seal(Purpose::Resume, at(100), b"x", &mut rng).unwrap());
    }

    #[test]
    fn refuses_any_single_changed_byte() {
        let mut rng = SeededRng::new(5);
        let key = key(&mut rng);
        let sealed = key.seal(Purpose::Attempt, at(100), b"some payload", &mut rng).unwrap();
        let bytes = URL_SAFE_NO_PAD.decode(&sealed).unwrap();
        for i in 0..bytes.len() {
            let mut changed = bytes.clone();
            changed[i] ^= 1;
            let opened = key.open(Purpose::Attempt, at(1), &URL_SAFE_NO_PAD.encode(changed));
            assert_eq!(opened, Err(SealError::Invalid), "byte {i}");
        }
    }

    proptest! {
        #[test]
        fn never_panics_on_any_text(text in ".{0,200}") {
            let mut rng = SeededRng::new(6);
            prop_assert_eq!(key(&mut rng).open(Purpose::Attempt, at(1), &text), Err(SealError::Invalid));
        }
    }
}
