//! What the host tells us.

use ostiary_codes::Code;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// One event.
#[derive(Debug, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Event {
    /// A request of a browser.
    Request(Box<Request>),
    /// The answer to an `ask`.
    Answer(Answer),
    /// A configuration to check.
    CheckConfig(CheckConfig),
    /// Metadata to resolve into settings.
    Configure(Configure),
    /// What an administrator of an add-on does.
    Admin(Box<Admin>),
    /// About once a minute.
    Tick(Tick),
    /// The host wants to sign a user out.
    Logout(Logout),
}

/// Facts of one request. Nothing in it is believed beyond what a browser may say about itself.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// HTTP method.
    pub method: String,
    /// URL as the container sees it, without query. Serves diagnosis and same-site redirection only.
    pub url: String,
    /// Path inside the context, decoded.
    pub path: String,
    /// Raw query.
    #[serde(default)]
    pub query: Option<String>,
    /// Decoded form parameters of a POST.
    #[serde(default)]
    pub form: Option<BTreeMap<String, Vec<String>>>,
    /// Why there is no form.
    #[serde(default)]
    pub form_problem: Option<FormProblem>,
    /// Cookies whose name begins with `ostiary_`.
    #[serde(default)]
    pub cookies: BTreeMap<String, String>,
    /// Allow-listed headers, names in lower case.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// Who is signed in on the host.
    #[serde(default)]
    pub user: Option<String>,
    /// Whether that user is an administrator.
    #[serde(default)]
    pub is_admin: bool,
    /// Whether that administrator confirmed who they are.
    #[serde(default)]
    pub elevated: bool,
    /// Session facts of the user's `sign_in`.
    #[serde(default)]
    pub session: Option<Session>,
}

impl Request {
    /// A header, by its lower-case name.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(String::as_str)
    }

    /// The values of a parameter of the query, decoded as a form.
    pub fn query_values(&self, name: &str) -> Vec<String> {
        url::form_urlencoded::parse(self.query.as_deref().unwrap_or_default().as_bytes())
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
            .collect()
    }

    /// The one value of a parameter of the query; none if it is repeated.
    pub fn query_value(&self, name: &str) -> Option<String> {
        let mut values = self.query_values(name);
        if values.len() == 1 { values.pop() } else { None }
    }
}

/// Why the host could not read a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FormProblem {
    /// Above `max_form_bytes`.
    TooLarge,
    /// Another content type.
    NotUrlencoded,
    /// A SAML parameter came in the query of the POST.
    InQuery,
}

/// The answer to an `ask`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The token of the `ask`.
    pub resume: String,
    /// The result; its shape belongs to the question.
    pub result: Value,
}

/// A configuration to check.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckConfig {
    /// The whole configuration.
    pub config: Value,
}

/// Metadata to resolve.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Configure {
    /// Where it is.
    #[serde(default)]
    pub metadata_url: Option<String>,
    /// Or the document itself.
    #[serde(default)]
    pub metadata_xml: Option<String>,
    /// The entity ID that it must have.
    #[serde(default)]
    pub entity_id: Option<String>,
}

/// What an administrator of an add-on does. The host has checked who it is.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Admin {
    /// HTTP method.
    pub method: String,
    /// Which servlet.
    pub path: String,
    /// Raw query.
    #[serde(default)]
    pub query: Option<String>,
    /// Decoded parameters of an urlencoded body.
    #[serde(default)]
    pub form: Option<BTreeMap<String, Vec<String>>>,
    /// A multipart body.
    #[serde(default)]
    pub upload: Option<Upload>,
    /// A JSON body, as text.
    #[serde(default)]
    pub json: Option<String>,
    /// The header `If-Match`.
    #[serde(default)]
    pub if_match: Option<String>,
    /// Who it is.
    pub user: String,
    /// The token that our forms must bring back.
    #[serde(default)]
    pub xsrf: Option<Xsrf>,
    /// Where the host saw the request.
    #[serde(default)]
    pub seen: Option<Seen>,
    /// Sentences of the host for the page.
    #[serde(default)]
    pub problems: Vec<String>,
}

/// A multipart body.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Upload {
    /// With its boundary.
    pub content_type: String,
    /// Base64.
    pub body: String,
}

/// A hidden field of the host.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Xsrf {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// Scheme, host and port of a request as the host saw them.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seen {
    /// `http` or `https`.
    pub scheme: String,
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
}

/// Nothing but the time.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tick {}

/// Who shall be signed out.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Logout {
    /// The user.
    #[serde(default)]
    pub user: Option<String>,
    /// Session facts of the user's `sign_in`.
    #[serde(default)]
    pub session: Option<Session>,
    /// Cookies whose name begins with `ostiary_`.
    #[serde(default)]
    pub cookies: BTreeMap<String, String>,
}

/// What the host keeps with a session, and brings back for a sign-out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Who the user is to the identity provider.
    pub name_id: NameId,
    /// SessionIndex of the identity provider.
    #[serde(default)]
    pub session_index: Option<String>,
    /// When the session must end at the latest.
    #[serde(default)]
    pub not_on_or_after_ms: Option<i64>,
    /// Attributes of the assertion.
    #[serde(default)]
    pub attributes: BTreeMap<String, Vec<String>>,
}

/// A NameID (Core 2.2.3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameId {
    /// The identifier.
    pub value: String,
    /// Format URI.
    #[serde(default)]
    pub format: Option<String>,
    /// NameQualifier.
    #[serde(default)]
    pub name_qualifier: Option<String>,
    /// SPNameQualifier.
    #[serde(default)]
    pub sp_name_qualifier: Option<String>,
}

impl From<&ostiary_core::NameId> for NameId {
    fn from(id: &ostiary_core::NameId) -> Self {
        Self {
            value: id.value.clone(),
            format: id.format.clone(),
            name_qualifier: id.name_qualifier.clone(),
            sp_name_qualifier: id.sp_name_qualifier.clone(),
        }
    }
}

impl From<&NameId> for ostiary_core::NameId {
    fn from(id: &NameId) -> Self {
        Self {
            value: id.value.clone(),
            format: id.format.clone(),
            name_qualifier: id.name_qualifier.clone(),
            sp_name_qualifier: id.sp_name_qualifier.clone(),
        }
    }
}

/// Result of `fetch`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fetched {
    /// HTTP status.
    #[serde(default)]
    pub status: Option<u16>,
    /// The body in base64.
    #[serde(default)]
    pub body: Option<String>,
    /// Why there is none.
    #[serde(default)]
    pub error: Option<String>,
    /// The same for programs.
    #[serde(default)]
    pub why: Option<FetchFailed>,
}

/// Why nothing was fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FetchFailed {
    /// It took too long.
    Timeout,
    /// The certificate of the server is not trusted, or TLS failed otherwise.
    Tls,
    /// More than `max_bytes`.
    TooLarge,
    /// The name leads to an address that is never fetched from.
    AddressRefused,
    /// The name leads nowhere.
    UnknownHost,
}

/// Result of `look_up`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LookedUp {
    /// The exact name on the host.
    #[serde(default)]
    pub found: Option<String>,
    /// Why the user may not come in.
    #[serde(default)]
    pub refused: Option<LookUpRefused>,
    /// Why the directory could not be asked.
    #[serde(default)]
    pub error: Option<String>,
}

/// Why a user may not come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LookUpRefused {
    /// Unknown.
    NotFound,
    /// Switched off.
    Inactive,
    /// No permission or licence.
    NotPermitted,
}

/// Result of `reserve`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reserved {
    /// Whether the key was free and is now taken.
    pub reserved: bool,
    /// Why not.
    #[serde(default)]
    pub why: Option<ReserveRefused>,
}

impl Reserved {
    /// Nothing when the key is taken now; else the code of the refusal. An answer that contradicts itself is none.
    pub const fn refusal(&self) -> Option<Code> {
        match (self.reserved, self.why) {
            (true, None) => None,
            (false, Some(ReserveRefused::AlreadyUsed)) => Some(Code::AlreadyUsed),
            (false, Some(ReserveRefused::Full)) => Some(Code::OneTimeStoreFull),
            (false, Some(ReserveRefused::BeforeStart)) => Some(Code::OneTimeBeforeStart),
            (false, Some(ReserveRefused::Unreachable)) => Some(Code::OneTimeStoreUnreachable),
            (true, Some(_)) | (false, None) => Some(Code::AskUnanswered),
        }
    }
}

/// Why a key was not reserved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReserveRefused {
    /// It was taken before.
    AlreadyUsed,
    /// The store is full.
    Full,
    /// Issued before the store was made.
    BeforeStart,
    /// The store does not answer.
    Unreachable,
}

/// Result of `save`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// Whether the settings were kept.
    #[serde(default)]
    pub saved: bool,
    /// Why not.
    #[serde(default)]
    pub error: Option<String>,
}
