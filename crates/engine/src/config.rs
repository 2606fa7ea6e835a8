//! The configuration as the administrator writes it (`docs/wire.md`). [`crate::settings`] checks it.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;
use zeroize::Zeroizing;

/// The whole configuration.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// This service provider.
    #[serde(default)]
    pub sp: Sp,
    /// The identity provider.
    #[serde(default)]
    pub idp: Idp,
    /// Where the user id comes from.
    #[serde(default)]
    pub user_id: UserId,
    /// What we ask for.
    #[serde(default)]
    pub request: RequestOptions,
    /// What we accept.
    #[serde(default)]
    pub policy: Policy,
    /// Single logout.
    #[serde(default)]
    pub logout: LogoutOptions,
    /// Which pages are protected.
    #[serde(default)]
    pub access: Access,
    /// Our own keys. Secret.
    #[serde(default)]
    pub keys: Keys,
    /// Refresh of the metadata.
    #[serde(default)]
    pub refresh: Refresh,
    /// Our pages.
    #[serde(default)]
    pub pages: Pages,
    /// What an add-on has beside the rest.
    #[serde(default, skip_serializing_if = "Addon::is_default")]
    pub addon: Addon,
    /// Facts of the host of an add-on. Never saved.
    #[serde(default, skip_serializing)]
    pub host: Option<Host>,
    /// Raised by every change.
    #[serde(default)]
    pub revision: u64,
    /// Allows plain http on loopback. Never in production.
    #[serde(default)]
    pub development: bool,
    /// What only a library for judging a corpus knows.
    #[cfg(feature = "test-features")]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub test: Option<crate::test_features::Section>,
}

impl Config {
    /// # Errors
    /// What is no configuration, with its line and column.
    pub fn from_json(document: &[u8]) -> serde_json::Result<Self> {
        let is_object = document.trim_ascii_start().starts_with(b"{");
        if is_object { serde_json::from_slice(document) } else { Err(not_an_object()) }
    }

    /// # Errors
    /// What is no configuration.
    pub fn from_value(document: &Value) -> serde_json::Result<Self> {
        if document.is_object() { Self::deserialize(document) } else { Err(not_an_object()) }
    }
}

/// Serde takes an array for a structure as well.
fn not_an_object() -> serde_json::Error {
    serde::de::Error::custom("a JSON object was expected")
}

/// This service provider.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Sp {
    /// Entity ID: Entra's *Identifier*.
    pub entity_id: String,
    /// Assertion consumer service: Entra's *Reply URL*, and the sign-on URL.
    pub acs_url: String,
    /// Single logout service.
    pub logout_url: Option<String>,
    /// Where our metadata is.
    pub metadata_url: Option<String>,
    /// Where the health check is.
    pub health_url: Option<String>,
    /// Context path of the application.
    pub context_path: Option<String>,
}

/// The identity provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Idp {
    /// Entity ID.
    pub entity_id: Option<String>,
    /// Metadata, fetched by schedule.
    pub metadata_url: Option<String>,
    /// Metadata, pasted.
    pub metadata_xml: Option<String>,
    /// If any: the metadata must be signed by one of them.
    pub metadata_signature_certificates: Vec<String>,
    /// Single sign-on, HTTP-Redirect.
    pub sso_url: Option<String>,
    /// Single sign-on, HTTP-POST.
    pub sso_post_url: Option<String>,
    /// Single logout, HTTP-Redirect.
    pub logout_url: Option<String>,
    /// Where logout responses go, if elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub logout_response_url: Option<String>,
    /// Further issuers of logout messages.
    pub logout_issuers: Vec<String>,
    /// Signing certificates, base64 DER or PEM.
    pub certificates: Vec<String>,
}

/// Where the user id comes from.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct UserId {
    /// Name of an attribute; the NameID without.
    pub attribute: Option<String>,
    /// What is made of it.
    pub transform: Option<Transform>,
}

/// A regular expression that must match the whole id, and what it is replaced by.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transform {
    /// Regular expression (crate `regex`: linear time, no look-around).
    pub pattern: String,
    /// Replacement with `$1`, `${name}`.
    pub replace: String,
}

/// How the AuthnRequest travels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Binding {
    /// HTTP-Redirect.
    #[default]
    Redirect,
    /// HTTP-POST.
    Post,
}

/// What we ask for.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RequestOptions {
    /// Binding of the AuthnRequest.
    pub binding: Binding,
    /// Sign it.
    pub sign: bool,
    /// `unspecified`, `emailAddress`, `persistent` or `transient`.
    pub name_id_format: Option<String>,
    /// The user shall prove anew who they are.
    pub force_authn: bool,
    /// The identity provider shall not show anything.
    pub is_passive: bool,
    /// AuthnContextClassRef values.
    pub authn_context: Vec<String>,
    /// Entra's `whr`: the home realm.
    pub domain_hint: Option<String>,
}

/// What we accept beyond the floor.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// 0 to 300.
    pub clock_skew_seconds: u16,
    /// SHA-1 signatures of Responses.
    pub allow_sha1: bool,
    /// Responses that answer no request.
    pub allow_unsolicited: bool,
    /// The Assertion itself must be signed.
    pub want_assertion_signed: bool,
    /// The Response itself must be signed.
    pub want_response_signed: bool,
    /// Audiences besides our entity ID.
    pub extra_audiences: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            clock_skew_seconds: 180,
            allow_sha1: false,
            allow_unsolicited: false,
            want_assertion_signed: false,
            want_response_signed: false,
            extra_audiences: Vec::new(),
        }
    }
}

/// Single logout.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogoutOptions {
    /// A sign-out here also signs out at the identity provider.
    pub single: bool,
}

impl Default for LogoutOptions {
    fn default() -> Self {
        Self { single: true }
    }
}

/// Which pages are protected.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Access {
    /// Every page wants a signed-in user.
    pub protect: bool,
    /// Except these: exact paths, or prefixes that end in `/*`.
    pub open: Vec<String>,
    /// The start page, inside the context.
    pub home: String,
}

impl Default for Access {
    fn default() -> Self {
        Self { protect: true, open: Vec::new(), home: "/".to_owned() }
    }
}

/// A secret text: wiped when dropped, never shown.
#[derive(Clone)]
pub struct Secret(Zeroizing<String>);

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(|text| Self(Zeroizing::new(text)))
    }
}

impl Secret {
    /// Wraps a text.
    #[must_use]
    pub const fn new(text: Zeroizing<String>) -> Self {
        Self(text)
    }

    /// The text.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret")
    }
}

/// Our own keys.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Keys {
    /// Seals cookies: 32 bytes in base64.
    pub sealing: Option<Secret>,
    /// Signs what we send: PKCS #8 in base64.
    pub signing: Option<Secret>,
    /// Its certificate: DER in base64.
    pub signing_certificate: Option<String>,
    /// Decrypt what we receive: PKCS #8 in base64.
    pub decryption: Vec<Secret>,
}

/// Refresh of the metadata.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Refresh {
    /// How often, 1 to 24.
    pub hours: u16,
    /// When the saved values were fetched.
    pub last_refresh_ms: i64,
}

impl Default for Refresh {
    fn default() -> Self {
        Self { hours: 6, last_refresh_ms: 0 }
    }
}

/// Our pages.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pages {
    /// Name that the pages show.
    pub product: String,
    /// What to do when stuck: shown on error pages.
    pub help: Option<String>,
}

impl Default for Pages {
    fn default() -> Self {
        Self { product: "Ostiary".to_owned(), help: None }
    }
}

/// What an add-on has beside the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Addon {
    /// The button on the host's login pages.
    pub login_button: LoginButton,
    /// The URLs of `sp` are as typed, and do not follow the base URL.
    pub application_proxy: bool,
    /// The base URL of the host when the typed URLs were saved. On a copy of the host, which has another, they do not count.
    pub saved_at: Option<String>,
    /// What the identity provider's portal opens, if that is not the ACS URL.
    pub sign_on_url: Option<String>,
    /// Send `domain_name` along.
    pub home_realm_discovery: bool,
    /// The home realm of the users.
    pub domain_name: Option<String>,
    /// Hosts beside the cloud list from which metadata may be fetched: an administrator typed their names.
    pub metadata_hosts: Vec<String>,
}

impl Addon {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// The button on the host's login pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LoginButton {
    /// What stands on it.
    pub name: String,
    /// What stands beside it.
    pub description: String,
}

impl Default for LoginButton {
    fn default() -> Self {
        Self { name: "Sign in with Microsoft".to_owned(), description: String::new() }
    }
}

/// Facts of the host of an add-on.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Host {
    /// Which add-on.
    pub product: Product,
    /// What pages call the host.
    pub title: String,
    /// Version of the host.
    pub version: String,
    /// Version of the add-on.
    pub addon_version: String,
    /// The base URL that the host is set to.
    pub base_url: String,
    /// Empty, or `/jira`.
    pub context_path: String,
    /// Allows plain http on loopback.
    #[serde(default)]
    pub development: bool,
    /// Sentences for the configuration page.
    #[serde(default)]
    pub problems: Vec<String>,
}

/// Which add-on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Product {
    /// Jira.
    Jira,
    /// Confluence.
    Confluence,
}

impl Product {
    /// The newest major version with which the add-on is tested.
    #[must_use]
    pub const fn newest_tested(self) -> u32 {
        match self {
            Self::Jira => 11,
            Self::Confluence => 10,
        }
    }
}

impl Product {
    /// As in the key of the add-on.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Jira => "jira",
            Self::Confluence => "confluence",
        }
    }
}
