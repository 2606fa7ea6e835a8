//! The identity provider: web request in, web answer out. It keeps its keys and who is signed in, nothing else; clock
//! and randomness are arguments.

mod logout;
mod misbehaviour;
mod pages;
mod response;
mod settings;
mod signon;
mod web;

use crate::{MetadataShape, TestKey, TestkitError, idp_metadata, stamp};
use jiff::Timestamp;
use ostiary_xmlsig::{Element, Limits, Message, Pinned, Policy, Validator, VerifyingKey, ns};
use rand_core::CryptoRng;

pub use misbehaviour::Misbehaviour;
use settings::Settings;
pub use settings::{IdpSettings, SpSettings, User};
use signon::refused;
pub use web::{WebAnswer, WebRequest};

/// What a remembered browser is known by.
const COOKIE: &str = "idp_session";
/// A second path of the metadata that is the same whatever flavour and tenant: for people and scripts.
const METADATA_ALIAS: &str = "/metadata";

/// What is known of the sign-in under way; travels through the login page in hidden fields.
#[derive(Debug, Clone)]
struct Login {
    /// For whom.
    sp: SpSettings,
    /// ID of the AuthnRequest; empty when nobody asked.
    request_id: String,
    relay_state: String,
    name_id_format: String,
}

/// Who is signed in where, for logout.
#[derive(Debug, Clone)]
struct Session {
    user: String,
    /// Entity ID of the service provider.
    sp: String,
    name_id: String,
    name_id_format: Option<String>,
    index: String,
}

/// Keys of the service provider, from its metadata.
#[derive(Debug, Clone, Default)]
struct SpKeys {
    /// Whose.
    entity_id: String,
    verify: Vec<VerifyingKey>,
    encrypt: Option<Vec<u8>>,
}

/// The identity provider.
#[derive(Debug)]
pub struct Idp {
    settings: Settings,
    /// Published keys; `active` signs.
    keys: Vec<TestKey>,
    active: usize,
    /// A key that no metadata names.
    attacker: TestKey,
    sp_keys: Vec<SpKeys>,
    sessions: Vec<Session>,
    /// Sessions that are still to be ended by a sign-out that goes from one service provider to the next.
    ending: Vec<Session>,
    /// Remembered browsers: value of the cookie, user.
    browsers: Vec<(String, String)>,
    /// The latest answer (where it went, and its form fields), for replay.
    latest: Option<(String, String, String)>,
    metadata_fetches: u64,
    metadata_status: u16,
    sign_ins: u64,
}

impl Idp {
    /// A provider with one fresh signing key.
    ///
    /// # Errors
    /// [`TestkitError::OpenSsl`].
    pub fn new(settings: IdpSettings, now: Timestamp) -> Result<Self, TestkitError> {
        Ok(Self {
            keys: vec![TestKey::generate(settings.flavour_name(), now)?],
            active: 0,
            attacker: TestKey::generate("Somebody else", now)?,
            settings: Settings::from(settings),
            sp_keys: Vec::new(),
            sessions: Vec::new(),
            ending: Vec::new(),
            browsers: Vec::new(),
            latest: None,
            metadata_fetches: 0,
            metadata_status: 200,
            sign_ins: 0,
        })
    }

    /// Takes a service provider's metadata: its signing key (to verify logout) and its encryption key.
    ///
    /// # Errors
    /// [`TestkitError`] when the document is unacceptable.
    pub fn set_sp_metadata(&mut self, xml: &[u8]) -> Result<(), TestkitError> {
        let message = Message::parse(xml, &Limits::METADATA)?;
        let entity_id = message.pinned().attribute("entityID").unwrap_or_default().into_owned();
        let mut keys = SpKeys { entity_id, ..SpKeys::default() };
        for descriptor in message.pinned().descendants().filter(|e| e.is(ns::MD, "KeyDescriptor")) {
            let usage = descriptor.attribute("use");
            let Some(text) = certificate_text(descriptor) else { continue };
            if usage.as_deref() != Some("encryption") {
                keys.verify.push(VerifyingKey::from_text(&text, 2048)?);
            }
            if usage.as_deref() != Some("signing") && keys.encrypt.is_none() {
                keys.encrypt = base64_der(&text);
            }
        }
        self.sp_keys.retain(|other| other.entity_id != keys.entity_id);
        self.sp_keys.push(keys);
        Ok(())
    }

    /// Where the metadata is of service providers whose keys `request` may need and which are not there yet.
    #[must_use]
    pub fn wanted_sp_metadata(&self, request: &WebRequest) -> Vec<String> {
        let logout = request.path == self.settings.sso_path() && request.parameter("SAMLRequest").is_some();
        let encrypted = request.field("encrypt").is_some_and(|value| value != "none");
        if !logout && !encrypted {
            return Vec::new();
        }
        let unknown = self.settings.sps.iter().filter(|sp| self.sp_keys(&sp.entity_id).is_none());
        unknown.filter_map(|sp| sp.metadata_url.clone()).collect()
    }

    /// URL of the metadata document.
    #[must_use]
    pub fn metadata_url(&self) -> String {
        format!("{}{}", self.settings.base_url, self.settings.metadata_path())
    }

    /// The entity ID.
    #[must_use]
    pub fn entity_id(&self) -> String {
        self.settings.entity_id()
    }

    /// The users that the login page offers.
    #[must_use]
    pub fn users(&self) -> &[User] {
        &self.settings.users
    }

    /// Answers one request.
    ///
    /// # Errors
    /// [`TestkitError`] when a message cannot be made; the server shows it as a page.
    pub fn handle(
        &mut self,
        request: &WebRequest,
        now: Timestamp,
        rng: &mut dyn CryptoRng,
    ) -> Result<WebAnswer, TestkitError> {
        let settings = &self.settings;
        let path = request.path.as_str();
        if path == settings.metadata_path() || path == METADATA_ALIAS {
            return self.metadata(now, rng);
        }
        if path == settings.sso_path() {
            return self.sso(request, now, rng);
        }
        if path == settings.login_path() && request.method == "POST" {
            return self.login(request, now, rng);
        }
        if path == settings.path("unsolicited") {
            let Some(sp) = settings.sp_named(request.parameter("sp")).cloned() else {
                return Ok(refused("AADSTS700016", "Application with this identifier was not found."));
            };
            let login = Login {
                sp,
                request_id: String::new(),
                relay_state: String::new(),
                name_id_format: String::new(),
            };
            return self.ask_or_answer(request, &login, now, rng);
        }
        if path == settings.path("logout") {
            return self.logout(request, now, rng);
        }
        if path == settings.path("logout-frame") {
            return self.logout_frame(request, now, rng);
        }
        if path == settings.path("forget") && request.method == "POST" {
            self.forget(request);
            return Ok(WebAnswer::redirect("/".to_owned()));
        }
        if let Some(command) = path.strip_prefix(&settings.path("control/")) {
            return self.control(command, request, now);
        }
        if path == "/" {
            return Ok(WebAnswer::html(200, pages::home(settings, self.remembered(request))));
        }
        Ok(WebAnswer::html(404, pages::message("not-found", "Not found", "The provider has no such page.")))
    }

    fn metadata(&mut self, now: Timestamp, rng: &mut dyn CryptoRng) -> Result<WebAnswer, TestkitError> {
        self.metadata_fetches += 1;
        if self.metadata_status != 200 {
            let page = pages::message("broken", "Service unavailable", "Metadata is switched off.");
            return Ok(WebAnswer::html(self.metadata_status, page));
        }
        let certificates =
            self.keys.iter().map(TestKey::certificate_base64).collect::<Result<Vec<_>, _>>()?;
        let shape = MetadataShape {
            flavour: self.settings.flavour,
            entity_id: &self.settings.entity_id(),
            id: &crate::xml::entra_id(rng),
            sso_url: &self.settings.sso_url(),
            certificates: &certificates,
            valid_until: None,
            cache_duration: None,
        };
        let document = idp_metadata(&shape, Some(self.key()))?;
        Ok(WebAnswer {
            status: 200,
            headers: vec![
                ("Content-Type", "application/xml; charset=utf-8".to_owned()),
                ("Cache-Control", "public, max-age=3600".to_owned()),
                ("X-Issued", stamp(now)),
            ],
            body: document.into_bytes(),
        })
    }

    /// Switches for tests, POST only: `rotate`, `publish`, `switch`, `drop`, `metadata?status=503`; GET `state` tells counts.
    fn control(
        &mut self,
        command: &str,
        request: &WebRequest,
        now: Timestamp,
    ) -> Result<WebAnswer, TestkitError> {
        if command != "state" && request.method != "POST" {
            return Ok(WebAnswer::html(
                405,
                pages::message("method", "POST only", "This switch wants a POST."),
            ));
        }
        match command {
            "state" => {}
            // The new key signs at once; the old one stays published, as during Entra's rollover.
            "rotate" => {
                self.publish(now)?;
                self.active = self.keys.len() - 1;
            }
            "publish" => self.publish(now)?,
            // As when an administrator makes a published certificate the active one.
            "switch" => self.active = self.keys.len().saturating_sub(1),
            "drop" => {
                self.keys = vec![self.key().clone()];
                self.active = 0;
            }
            "metadata" => {
                let wanted = request.parameter("status").or_else(|| request.field("status"));
                self.metadata_status = wanted.and_then(|s| s.parse().ok()).unwrap_or(200);
            }
            "forget-sp" => self.sp_keys.clear(),
            _ => {
                return Ok(WebAnswer::html(404, pages::message("not-found", "Not found", "No such switch.")));
            }
        }
        let published = self.keys.iter().map(TestKey::fingerprint).collect::<Result<Vec<_>, _>>()?;
        Ok(WebAnswer::json(&serde_json::json!({
            "metadata_fetches": self.metadata_fetches,
            "sign_ins": self.sign_ins,
            "active": self.key().fingerprint()?,
            "published": published,
            "sessions": self.sessions.len(),
        })))
    }

    fn publish(&mut self, now: Timestamp) -> Result<(), TestkitError> {
        let name = self.settings.flavour_name();
        self.keys.push(TestKey::generate(name, now)?);
        Ok(())
    }

    /// The key that signs.
    fn key(&self) -> &TestKey {
        self.keys.get(self.active).unwrap_or(&self.attacker)
    }

    fn sp_keys(&self, entity_id: &str) -> Option<&SpKeys> {
        self.sp_keys.iter().find(|keys| keys.entity_id == entity_id)
    }

    /// The user whom this browser has signed in.
    fn remembered(&self, request: &WebRequest) -> Option<&User> {
        let cookie = request.cookie(COOKIE)?;
        let (_, user) = self.browsers.iter().find(|(token, _)| token == cookie)?;
        self.settings.users.iter().find(|other| other.id == *user)
    }

    fn forget(&mut self, request: &WebRequest) {
        self.browsers.retain(|(token, _)| request.cookie(COOKIE) != Some(token));
    }

    fn sp_validator(&self, entity_id: &str) -> Option<Validator> {
        let keys = self.sp_keys(entity_id)?.verify.clone();
        Validator::new(keys, Policy { allow_sha1: false }).ok()
    }
}

fn certificate_text(descriptor: Element<'_, Pinned>) -> Option<String> {
    let element = descriptor.descendants().find(|e| e.is(ns::DS, "X509Certificate"))?;
    Some(element.text().ok()?.into_owned())
}

fn base64_der(text: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    let compact: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    base64::engine::general_purpose::STANDARD.decode(compact).ok()
}
