//! Our own keys: read from the configuration, or made once and handed to the host to keep.

use crate::config::{self, Secret};
use crate::engine;
use crate::resume::{Step, Then};
use crate::sealed::SealingKey;
use crate::settings::Problem;
use crate::turn::Turn;
use crate::wire::action::{Ask, Effect, Level};
use crate::wire::event::Saved;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use openssl::pkey::PKey;
use openssl::x509::X509;
use ostiary_codes::Code;
use ostiary_xmlsig::{DecryptionKey, KeyError, SigningKey};
use rand_core::CryptoRng;
use serde::Deserialize;
use serde_json::Value;
use std::sync::PoisonError;
use zeroize::Zeroizing;

/// Certificates in metadata are containers of keys; nobody checks their validity. Theirs is long.
const CERTIFICATE_DAYS: u32 = 20 * 365;
/// The certificate of a decryption key is not kept but made again, so it must come out the same each time.
const ENCRYPTION_NOT_BEFORE: i64 = 1_767_225_600;
const RSA_BITS: u32 = 2048;

/// Our own keys, as far as there are any.
#[derive(Clone, Default)]
pub struct OwnKeys {
    pub sealing: Option<SealingKey>,
    pub signing: Option<SigningKey>,
    /// DER.
    pub signing_certificate: Option<Vec<u8>>,
    pub decryption: Vec<DecryptionKey>,
    /// DER, one for each decryption key.
    pub encryption_certificates: Vec<Vec<u8>>,
}

impl OwnKeys {
    /// What the configuration has. A key that cannot be read is a problem and counts as missing.
    pub fn read(keys: &config::Keys, installation: &str, min_rsa_bits: u32) -> (Self, Vec<Problem>) {
        let mut read = Self::default();
        let mut problems = Vec::new();
        let mut problem = |field: String, text: &str| problems.push(Problem::new(field, text.to_owned()));
        if let Some(text) = &keys.sealing {
            match secret(text)
                .and_then(|bytes| Some(Zeroizing::new(<[u8; 32]>::try_from(bytes.as_slice()).ok()?)))
            {
                Some(key) => read.sealing = Some(SealingKey::new(key, installation)),
                None => problem("keys.sealing".to_owned(), "must be 32 bytes in base64"),
            }
        }
        if let Some(text) = &keys.signing {
            match secret(text).and_then(|der| SigningKey::from_pkcs8_der(&der).ok()) {
                Some(key) => read.signing = Some(key),
                None => problem(
                    "keys.signing".to_owned(),
                    "must be an RSA key of 2048 bits or more, PKCS #8 in base64",
                ),
            }
        }
        if let Some(text) = &keys.signing_certificate {
            match (STANDARD.decode(text), &keys.signing) {
                (Ok(der), Some(key)) if read.signing.is_none() || certifies(&der, key) => {
                    read.signing_certificate = Some(der);
                }
                _ => problem(
                    "keys.signing_certificate".to_owned(),
                    "must be the certificate of keys.signing, DER in base64",
                ),
            }
        }
        for (number, text) in keys.decryption.iter().enumerate() {
            match secret(text).and_then(|der| decryption_pair(&der, installation, min_rsa_bits).ok()) {
                Some((key, certificate)) => {
                    read.decryption.push(key);
                    read.encryption_certificates.push(certificate);
                }
                None => problem(
                    format!("keys.decryption[{number}]"),
                    "must be an RSA key of 2048 bits or more, PKCS #8 in base64",
                ),
            }
        }
        (read, problems)
    }

    fn complete(&self) -> bool {
        self.sealing.is_some()
            && self.signing.is_some()
            && self.signing_certificate.is_some()
            && !self.decryption.is_empty()
    }
}

/// Makes the keys that are missing, once: others wait here and then find them. True if this turn made them.
pub fn make_missing(turn: &mut Turn<'_>) -> bool {
    let engine = turn.engine;
    // What cannot be used is not written over: it stays until an administrator saves.
    if engine.state.get().keys.complete() || !engine.broken.is_empty() {
        return false;
    }
    let _one_at_a_time = engine.making_keys.lock().unwrap_or_else(PoisonError::into_inner);
    let state = engine.state.get();
    if state.keys.complete() {
        return false;
    }
    let installation = &engine.settings.entity_id;
    match make(&state.config.keys, &state.keys, installation, turn.now, turn.rng) {
        Ok(config) => {
            let (keys, _) = OwnKeys::read(&config, installation, engine.settings.test.min_rsa_bits());
            engine.state.change(|state| {
                state.keys = keys;
                state.config.keys = config;
                state.changes = state.changes.saturating_add(1);
            });
            true
        }
        Err(error) => {
            turn.log(Level::Error, Code::Internal, error.to_string());
            false
        }
    }
}

/// Asks the host to keep what was changed here (new keys, new metadata), if it did not yet.
pub fn save_new(turn: &mut Turn<'_>, then: Then) -> Option<Effect> {
    let _made = make_missing(turn);
    let unsaved = turn.engine.state.get().is_unsaved();
    unsaved.then(|| save(turn, then))
}

/// Asks the host to keep the settings.
pub fn save(turn: &mut Turn<'_>, then: Then) -> Effect {
    let state = turn.engine.state.get();
    match to_save(&state.config) {
        Ok((settings, revision)) => {
            turn.ask(Ask::Save { settings }, &Step::Saved { then, revision, changes: state.changes })
        }
        Err(error) => {
            turn.log(Level::Error, Code::Internal, error.to_string());
            engine::go_on(turn, then)
        }
    }
}

/// The whole configuration under the next revision.
fn to_save(config: &config::Config) -> serde_json::Result<(Value, u64)> {
    let mut next = config.clone();
    next.revision = next.revision.saturating_add(1);
    Ok((serde_json::to_value(&next)?, next.revision))
}

/// The host kept the settings, or did not: they are in use either way, and what it does not have is asked again.
pub fn saved(turn: &mut Turn<'_>, then: Then, revision: u64, changes: u64, result: &Value) -> Effect {
    match save_error(result) {
        None => turn.engine.state.change(|state| {
            state.kept = state.kept.max(changes);
            state.config.revision = state.config.revision.max(revision);
        }),
        Some(error) => turn.log(Level::Error, Code::ConfigSaveFailed, error),
    }
    engine::go_on(turn, then)
}

/// The keys that can be read; a key that cannot is left out, and made anew in time.
pub fn readable(keys: &config::Keys, installation: &str) -> config::Keys {
    let only = |keys: config::Keys| {
        OwnKeys::read(&keys, installation, crate::MIN_RSA_BITS).1.is_empty().then_some(keys)
    };
    let sealing = only(config::Keys { sealing: keys.sealing.clone(), ..config::Keys::default() });
    let signing = only(config::Keys {
        signing: keys.signing.clone(),
        signing_certificate: keys.signing_certificate.clone(),
        ..config::Keys::default()
    });
    let decryption = keys.decryption.iter().filter(|key| {
        only(config::Keys { decryption: vec![Secret::clone(key)], ..config::Keys::default() }).is_some()
    });
    config::Keys {
        decryption: decryption.cloned().collect(),
        sealing: sealing.and_then(|keys| keys.sealing),
        ..signing.unwrap_or_default()
    }
}

/// A new decryption key before the one that was first so far; older ones go.
pub fn add_decryption(keys: &mut config::Keys) -> Result<(), KeyError> {
    keys.decryption.truncate(1);
    keys.decryption.insert(0, encode(&SigningKey::generate(RSA_BITS)?.to_pkcs8_der()?));
    Ok(())
}

/// Why the host did not keep the settings; nothing if it did.
pub fn save_error(result: &Value) -> Option<String> {
    match Saved::deserialize(result) {
        Ok(Saved { saved: true, .. }) => None,
        Ok(Saved { error, .. }) => Some(error.unwrap_or_else(|| "the host did not say why".to_owned())),
        Err(error) => Some(error.to_string()),
    }
}

fn make(
    old: &config::Keys,
    read: &OwnKeys,
    installation: &str,
    now: Timestamp,
    rng: &mut dyn CryptoRng,
) -> Result<config::Keys, KeyError> {
    let mut keys = old.clone();
    if read.sealing.is_none() {
        let key = SealingKey::random(installation, rng);
        keys.sealing = Some(encode(key.secret()));
    }
    if read.signing.is_none() || read.signing_certificate.is_none() {
        let key = match &read.signing {
            Some(key) => key.clone(),
            None => SigningKey::generate(RSA_BITS)?,
        };
        let mut serial = [0; 16];
        rng.fill_bytes(&mut serial);
        let certificate =
            key.self_signed(&common_name(installation), now.as_second(), CERTIFICATE_DAYS, serial)?;
        keys.signing = Some(encode(&key.to_pkcs8_der()?));
        keys.signing_certificate = Some(STANDARD.encode(certificate));
    }
    if read.decryption.is_empty() {
        keys.decryption = vec![encode(&SigningKey::generate(RSA_BITS)?.to_pkcs8_der()?)];
    }
    Ok(keys)
}

/// A decryption key with the certificate under which the identity provider gets it.
fn decryption_pair(
    der: &[u8],
    installation: &str,
    min_rsa_bits: u32,
) -> Result<(DecryptionKey, Vec<u8>), KeyError> {
    let key = DecryptionKey::from_pkcs8_der_of(der, min_rsa_bits)?;
    let mut serial = [0; 16];
    for (to, from) in serial.iter_mut().zip(openssl::sha::sha256(der)) {
        *to = from;
    }
    let certificate = SigningKey::from_pkcs8_der_of(der, min_rsa_bits)?.self_signed(
        &common_name(installation),
        ENCRYPTION_NOT_BEFORE,
        CERTIFICATE_DAYS,
        serial,
    )?;
    Ok((key, certificate))
}

/// Whether a certificate is of this private key.
fn certifies(certificate: &[u8], key: &Secret) -> bool {
    let equal = || -> Option<bool> {
        let key = PKey::private_key_from_pkcs8(&secret(key)?).ok()?;
        Some(X509::from_der(certificate).ok()?.public_key().ok()?.public_eq(&key))
    };
    equal().unwrap_or_default()
}

fn common_name(installation: &str) -> String {
    format!("Ostiary {installation}")
}

fn encode(bytes: &[u8]) -> Secret {
    Secret::new(Zeroizing::new(STANDARD.encode(bytes)))
}

fn secret(text: &Secret) -> Option<Zeroizing<Vec<u8>>> {
    STANDARD.decode(text.expose()).ok().map(Zeroizing::new)
}
