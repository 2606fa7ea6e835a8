//! What changes while an engine lives: our own keys once they are made, and the identity provider as its latest good
//! metadata says.

use crate::config::{self, Config};
use crate::keys::OwnKeys;
use crate::settings::{Problem, Settings};
use crate::urls;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_core::metadata::{self, IdpMetadata, MetadataOptions};
use ostiary_xmlsig::{Policy, Validator, VerifyingKey};
use std::sync::{Arc, PoisonError, RwLock};

/// One consistent picture.
#[derive(Clone)]
pub struct State {
    /// The configuration as it would be saved.
    pub config: Config,
    /// Our own keys, as far as there are any.
    pub keys: OwnKeys,
    /// How often the configuration was changed here.
    pub changes: u64,
    /// How many of these changes the host has kept.
    pub kept: u64,
    /// The identity provider.
    pub idp: IdpState,
}

/// The identity provider.
#[derive(Clone, Default)]
pub struct IdpState {
    pub entity_id: Option<String>,
    pub sso_redirect: Option<String>,
    pub sso_post: Option<String>,
    pub logout: Option<String>,
    /// Where logout responses go, if elsewhere.
    pub logout_response: Option<String>,
    /// Checks what it signs. Without a usable key there is none, and nobody signs in.
    pub validator: Option<Validator>,
}

impl IdpState {
    /// From checked configuration; certificates that cannot be used are problems.
    pub fn read(idp: &config::Idp, settings: &Settings) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut keys = Vec::new();
        for (number, text) in idp.certificates.iter().enumerate() {
            match VerifyingKey::from_text(text, settings.test.min_rsa_bits()) {
                Ok(key) => keys.push(key),
                Err(error) => {
                    let field = format!("idp.certificates[{number}]");
                    problems.push(Problem::new(field, error.to_string()).with_code(error.code()));
                }
            }
        }
        let usable = |url: &Option<String>| {
            url.clone().filter(|url| urls::problem(url, settings.development).is_none())
        };
        let policy = Policy { allow_sha1: settings.allow_sha1 };
        let state = Self {
            entity_id: idp.entity_id.clone(),
            sso_redirect: usable(&idp.sso_url),
            sso_post: usable(&idp.sso_post_url),
            logout: usable(&idp.logout_url),
            logout_response: usable(&idp.logout_response_url),
            // Without the entity ID there is nobody to be: the issuer could not be checked.
            validator: idp.entity_id.as_ref().and_then(|_| Validator::new(keys, policy).ok()),
        };
        (state, problems)
    }
}

impl config::Idp {
    /// Takes over what metadata says.
    pub fn adopt(&mut self, from: &IdpMetadata) {
        self.entity_id = Some(from.entity_id.clone());
        self.sso_url.clone_from(&from.sso_redirect);
        self.sso_post_url.clone_from(&from.sso_post);
        self.logout_url.clone_from(&from.slo_redirect);
        self.logout_response_url.clone_from(&from.slo_response_location);
        self.certificates = from.certificates.iter().map(|der| STANDARD.encode(der)).collect();
    }
}

impl State {
    /// The host does not have everything yet.
    pub const fn is_unsaved(&self) -> bool {
        self.kept < self.changes
    }

    /// The picture at the start: pasted metadata counts more than the values beside it.
    pub fn read(mut config: Config, settings: &Settings, now: Timestamp) -> (Self, Vec<Problem>) {
        let mut problems = Vec::new();
        if let Some(xml) = config.idp.metadata_xml.clone() {
            let options = MetadataOptions {
                expected_entity_id: config.idp.entity_id.as_deref(),
                now,
                signature: settings.metadata_validator.as_ref(),
                allow_loopback_http: settings.development,
                min_rsa_bits: settings.test.min_rsa_bits(),
            };
            match metadata::read(xml.as_bytes(), &options) {
                Ok(pinned) => config.idp.adopt(pinned.get()),
                Err(rejected) => {
                    let text = format!("{}: {}", rejected.code(), rejected.detail());
                    problems.push(Problem::new("idp.metadata_xml", text).with_code(rejected.code()));
                }
            }
        }
        let (idp, more) = IdpState::read(&config.idp, settings);
        problems.extend(more);
        let (keys, more) = OwnKeys::read(&config.keys, &settings.entity_id, settings.test.min_rsa_bits());
        problems.extend(more);
        (Self { config, keys, changes: 0, kept: 0, idp }, problems)
    }
}

/// The current picture. Readers never wait for work: who changes something prepares it first.
pub struct StateCell(RwLock<Arc<State>>);

impl StateCell {
    pub fn new(state: State) -> Self {
        Self(RwLock::new(Arc::new(state)))
    }

    pub fn get(&self) -> Arc<State> {
        Arc::clone(&self.0.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Changes the picture; what `change` returns is passed on. No other change comes in between.
    pub fn change<R>(&self, change: impl FnOnce(&mut State) -> R) -> R {
        let mut current = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut next = State::clone(&current);
        let result = change(&mut next);
        *current = Arc::new(next);
        result
    }
}
