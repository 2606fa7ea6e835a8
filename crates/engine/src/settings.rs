//! The checked configuration. What does not pass names every field that is wrong.

use crate::addon;
use crate::config::{Binding, Config, Idp, Transform};
use crate::keys::OwnKeys;
use crate::routes::{Route, Routes};
use crate::test_features::TestFeatures;
use crate::urls;
use ostiary_codes::Code;
use ostiary_core::NameIdFormat;
use ostiary_xmlsig::{Policy, Validator, VerifyingKey};
use regex::{Regex, RegexBuilder};
use serde::Serialize;
use url::Url;

/// The usual path of the ACS; what precedes it is the context path.
const USUAL_ACS_PATH: &str = "/plugins/servlet/saml/auth";
/// Clocks may differ by that many seconds.
const MAX_SKEW: u16 = 300;
/// Bytes of a compiled user-id transform.
const MAX_REGEX: usize = 256 * 1024;
/// Bytes of an entity ID (Core 8.3.6) and of our URLs.
const MAX_URI: usize = 1024;

/// One wrong field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Where: `idp.sso_url`.
    pub field: String,
    /// What: `must be https`.
    pub problem: String,
    /// Its code, where it has one of its own; for the log.
    #[serde(skip)]
    pub(crate) code: Code,
}

impl Problem {
    /// `field` is empty when the document as a whole is wrong.
    pub(crate) fn new(field: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { field: field.into(), problem: problem.into(), code: Code::ConfigInvalid }
    }

    pub(crate) fn with_code(self, code: Code) -> Self {
        Self { code, ..self }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.field.is_empty() {
            f.write_str(&self.problem)
        } else {
            write!(f, "{}: {}", self.field, self.problem)
        }
    }
}

/// What never changes while an engine lives.
#[derive(Debug)]
pub struct Settings {
    pub entity_id: String,
    /// Our entity ID first, then whatever else means us.
    pub audiences: Vec<String>,
    pub acs: Endpoint,
    pub logout: Endpoint,
    /// Where a tab that keeps its target itself comes back to.
    pub back: Endpoint,
    /// Scheme, host and port of the ACS: this site.
    pub origin: url::Origin,
    /// Empty, or `/jira`.
    pub context_path: String,
    /// Path of the start page, context path included.
    pub home: String,
    pub routes: Routes,
    pub user_id: UserIdRule,
    pub request: RequestRule,
    pub clock_skew_seconds: u16,
    pub allow_sha1: bool,
    pub allow_unsolicited: bool,
    pub want_assertion_signed: bool,
    pub want_response_signed: bool,
    pub single_logout: bool,
    pub logout_issuers: Vec<String>,
    pub metadata_url: Option<String>,
    /// If any: metadata must be signed by one of these keys.
    pub metadata_validator: Option<Validator>,
    pub refresh_hours: u16,
    pub product: String,
    pub help: Option<String>,
    pub development: bool,
    pub test: TestFeatures,
}

/// One of our URLs.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// As the identity provider knows it.
    pub url: String,
    /// Its path, context path included.
    pub full_path: String,
    /// Its path inside the context.
    pub path: String,
}

/// Where the user id comes from and what is made of it.
#[derive(Debug)]
pub struct UserIdRule {
    pub attribute: Option<String>,
    transform: Option<(Regex, String)>,
}

impl UserIdRule {
    /// # Errors
    /// Why the pattern cannot be used.
    pub fn new(attribute: Option<String>, transform: Option<&Transform>) -> Result<Self, String> {
        let compile = |transform: &Transform| {
            // The pattern must match the whole id, whatever it says itself about begin and end.
            let whole = format!(r"\A(?:{})\z", transform.pattern);
            // Alone first: what closes our bracket and opens another would match less than the whole.
            let compiled = |pattern: &str| RegexBuilder::new(pattern).size_limit(MAX_REGEX).build();
            compiled(&transform.pattern)
                .and_then(|_| compiled(&whole))
                .map(|pattern| (pattern, transform.replace.clone()))
                .map_err(|error| one_line(&error))
        };
        Ok(Self { attribute, transform: transform.map(compile).transpose()? })
    }

    /// The user id made of what was received; `None` when the pattern does not match the whole of it.
    pub fn apply(&self, received: &str) -> Option<String> {
        let Some((pattern, replace)) = &self.transform else {
            return Some(received.to_owned());
        };
        let found = pattern.captures(received)?;
        let mut made = String::new();
        found.expand(replace, &mut made);
        (!made.is_empty()).then_some(made)
    }
}

/// The crate draws the pattern and an arrow under it, over several lines; the reason stands in the last one.
fn one_line(error: &regex::Error) -> String {
    let text = error.to_string();
    let reason = text.lines().last().unwrap_or_default().trim_start_matches("error: ");
    format!("is no regular expression that can be used: {reason}")
}

/// How the AuthnRequest is made.
#[derive(Debug)]
pub struct RequestRule {
    pub binding: Binding,
    pub sign: bool,
    pub name_id_format: Option<NameIdFormat>,
    pub force_authn: bool,
    pub is_passive: bool,
    pub authn_context: Vec<String>,
    pub domain_hint: Option<String>,
}

impl Settings {
    /// Checks everything.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn check(config: &Config) -> Result<Self, Vec<Problem>> {
        let test = TestFeatures::read(config).map_err(|problem| vec![problem])?;
        let mut check = Checker { development: config.development, test, problems: Vec::new() };
        let settings = check.settings(config);
        match settings {
            Some(settings) if check.problems.is_empty() => Ok(settings),
            _ => Err(check.problems),
        }
    }
}

/// Gathers problems.
struct Checker {
    development: bool,
    test: TestFeatures,
    problems: Vec<Problem>,
}

impl Checker {
    fn settings(&mut self, config: &Config) -> Option<Settings> {
        self.identifier("sp.entity_id", &config.sp.entity_id);
        let acs = self.acs(config);
        self.idp(config);
        let metadata_validator = self.metadata_validator(config);
        let user_id = self.user_id(config);
        if config.user_id.attribute.as_ref().is_some_and(|name| name.trim().is_empty()) {
            self.add("user_id.attribute", "must not be empty; leave it out to use the NameID");
        }
        let request = self.request(config);
        if config.policy.clock_skew_seconds > MAX_SKEW {
            self.add("policy.clock_skew_seconds", "must be 0 to 300");
        }
        for (number, audience) in config.policy.extra_audiences.iter().enumerate() {
            self.identifier(&format!("policy.extra_audiences[{number}]"), audience);
        }
        if !(1..=24).contains(&config.refresh.hours) {
            self.add("refresh.hours", "must be 1 to 24");
        }
        let own_keys = OwnKeys::read(&config.keys, &config.sp.entity_id, self.test.min_rsa_bits()).1;
        self.problems.extend(own_keys);
        self.open_paths(config);
        let acs = acs?;
        let endpoints = self.endpoints(config, &acs);
        let home = self.home(config, &acs);
        let [logout, metadata, health, back] = endpoints?;
        let own = vec![
            (acs.endpoint.path.clone(), Route::SignOn),
            (logout.path.clone(), Route::Logout),
            (metadata.path.clone(), Route::Metadata),
            (health.path.clone(), Route::Health),
            (back.path.clone(), Route::Return),
        ];
        self.distinct(&own);
        if own.iter().any(|(path, _)| *path == config.access.home) {
            self.add("access.home", "must not be one of our own URLs");
        }
        Some(Settings {
            audiences: audiences(config),
            entity_id: config.sp.entity_id.clone(),
            acs: acs.endpoint,
            logout,
            back,
            origin: acs.origin,
            context_path: acs.context,
            home: home?,
            routes: Routes { own, protect: config.access.protect, open: config.access.open.clone() },
            user_id,
            request,
            clock_skew_seconds: config.policy.clock_skew_seconds,
            allow_sha1: config.policy.allow_sha1,
            allow_unsolicited: config.policy.allow_unsolicited,
            want_assertion_signed: config.policy.want_assertion_signed,
            want_response_signed: config.policy.want_response_signed,
            single_logout: config.logout.single,
            logout_issuers: config.idp.logout_issuers.clone(),
            metadata_url: config.idp.metadata_url.clone(),
            metadata_validator,
            refresh_hours: config.refresh.hours,
            product: config.pages.product.clone(),
            help: config.pages.help.clone(),
            development: config.development,
            test: self.test.clone(),
        })
    }

    fn add(&mut self, field: &str, problem: &str) {
        self.problems.push(Problem::new(field, problem));
    }

    fn identifier(&mut self, field: &str, value: &str) {
        if value.is_empty() || value.len() > MAX_URI {
            self.add(field, "must have 1 to 1024 characters");
        } else if value.chars().any(|c| c.is_control() || c.is_whitespace()) {
            self.add(field, "must not contain white space or control characters");
        }
    }

    fn url(&mut self, field: &str, url: &str) {
        if let Some(problem) = urls::problem(url, self.development) {
            self.add(field, problem);
        } else if url.len() > MAX_URI {
            self.add(field, "must have at most 1024 characters");
        }
    }

    fn maybe_url(&mut self, field: &str, url: Option<&String>) {
        if let Some(url) = url {
            self.url(field, url);
        }
    }

    fn acs(&mut self, config: &Config) -> Option<Acs> {
        let path = self.own_url("sp.acs_url", &config.sp.acs_url)?;
        let context = match &config.sp.context_path {
            Some(context) => context.clone(),
            None => path.strip_suffix(USUAL_ACS_PATH).unwrap_or_default().to_owned(),
        };
        if !context.is_empty()
            && (!context.starts_with('/') || context.ends_with('/') || !is_plain_path(&context))
        {
            self.add("sp.context_path", "must be empty, or begin with / and not end in /");
            return None;
        }
        let Some(inside) =
            path.strip_prefix(&context).filter(|inside| inside.len() > 1 && inside.starts_with('/'))
        else {
            self.add("sp.acs_url", "must lie below sp.context_path");
            return None;
        };
        let origin = Url::parse(&config.sp.acs_url).ok()?.origin();
        let endpoint = Endpoint { url: config.sp.acs_url.clone(), path: inside.to_owned(), full_path: path };
        Some(Acs { endpoint, origin, context })
    }

    /// The path of one of our own URLs: spelled so that every container and browser sees the same.
    fn own_url(&mut self, field: &str, url: &str) -> Option<String> {
        if let Some(problem) = urls::problem(url, self.development) {
            self.add(field, problem);
            return None;
        }
        let parsed = Url::parse(url).ok()?;
        // The text after the authority, as written: the parser would tidy it up.
        let written = url.splitn(4, '/').nth(3).map(|rest| format!("/{rest}")).unwrap_or_default();
        if parsed.query().is_some() {
            self.add(field, "must not have a query");
        } else if url.len() > MAX_URI {
            self.add(field, "must have at most 1024 characters");
        } else if !is_plain_path(&written) || written.ends_with('/') || parsed.path() != written {
            self.add(field, "must have a path of letters, digits, - . _ ~ and /, without dot segments");
        } else {
            return Some(written);
        }
        None
    }

    fn endpoints(&mut self, config: &Config, acs: &Acs) -> Option<[Endpoint; 4]> {
        let logout = self.endpoint("sp.logout_url", config.sp.logout_url.as_ref(), "logout", acs);
        let metadata = self.endpoint("sp.metadata_url", config.sp.metadata_url.as_ref(), "metadata", acs);
        let health = self.endpoint("sp.health_url", config.sp.health_url.as_ref(), "health", acs);
        let back = self.endpoint("sp.acs_url", None, "return", acs);
        Some([logout?, metadata?, health?, back?])
    }

    /// A configured URL, or the ACS URL with another last segment.
    fn endpoint(&mut self, field: &str, url: Option<&String>, last: &str, acs: &Acs) -> Option<Endpoint> {
        let url = match url {
            Some(url) => url.clone(),
            None => {
                let (parent, _) = acs.endpoint.url.rsplit_once('/')?;
                format!("{parent}/{last}")
            }
        };
        let full_path = self.own_url(field, &url)?;
        if Url::parse(&url).ok()?.origin() != acs.origin {
            self.add(field, "must be on the same scheme, host and port as sp.acs_url");
            return None;
        }
        match full_path
            .strip_prefix(&acs.context)
            .filter(|inside| inside.len() > 1 && inside.starts_with('/'))
        {
            Some(inside) => Some(Endpoint { path: inside.to_owned(), url, full_path }),
            None => {
                self.add(field, "must lie below sp.context_path");
                None
            }
        }
    }

    fn distinct(&mut self, own: &[(String, Route)]) {
        for (number, (path, _)) in own.iter().enumerate() {
            if own.iter().take(number).any(|(other, _)| other == path) {
                self.problems.push(Problem::new("sp", format!("two URLs have the path {path}")));
            }
        }
    }

    fn home(&mut self, config: &Config, acs: &Acs) -> Option<String> {
        let home = format!("{}{}", acs.context, config.access.home);
        if config.access.home.starts_with('/') && crate::target::is_safe(&home, &acs.origin) {
            return Some(home);
        }
        self.add("access.home", "must be a path of this site that begins with one /");
        None
    }

    fn open_paths(&mut self, config: &Config) {
        for (number, path) in config.access.open.iter().enumerate() {
            let exact = path.strip_suffix("/*").unwrap_or(path);
            if !path.starts_with('/') || exact.contains('*') || path.chars().any(char::is_control) {
                let field = format!("access.open[{number}]");
                self.add(&field, "must begin with /; a * is allowed as the last segment only");
            }
        }
    }

    fn idp(&mut self, config: &Config) {
        let idp = &config.idp;
        if let Some(entity_id) = &idp.entity_id {
            self.identifier("idp.entity_id", entity_id);
        }
        self.maybe_url("idp.metadata_url", idp.metadata_url.as_ref());
        self.maybe_url("idp.sso_url", idp.sso_url.as_ref());
        self.maybe_url("idp.sso_post_url", idp.sso_post_url.as_ref());
        self.maybe_url("idp.logout_url", idp.logout_url.as_ref());
        self.maybe_url("idp.logout_response_url", idp.logout_response_url.as_ref());
        for (number, issuer) in idp.logout_issuers.iter().enumerate() {
            self.identifier(&format!("idp.logout_issuers[{number}]"), issuer);
        }
        if let (Some(_), Some(url)) = (&config.host, &idp.metadata_url)
            && !addon::may_fetch(url, &config.addon.metadata_hosts)
        {
            let problem = "its host is not on the cloud list, and its name was not confirmed";
            self.problems
                .push(Problem::new("idp.metadata_url", problem).with_code(Code::MetadataHostUnconfirmed));
        }
        let not_configured = *idp == Idp::default();
        if idp.metadata_url.is_some() || idp.metadata_xml.is_some() || not_configured {
            return;
        }
        if idp.entity_id.is_none() {
            self.add("idp.entity_id", "is missing; or give idp.metadata_url or idp.metadata_xml");
        }
        if idp.sso_url.is_none() && idp.sso_post_url.is_none() {
            self.add("idp.sso_url", "is missing; or give idp.metadata_url or idp.metadata_xml");
        }
        if idp.certificates.is_empty() {
            self.add("idp.certificates", "are missing; or give idp.metadata_url or idp.metadata_xml");
        }
    }

    fn metadata_validator(&mut self, config: &Config) -> Option<Validator> {
        let mut keys = Vec::new();
        for (number, text) in config.idp.metadata_signature_certificates.iter().enumerate() {
            match VerifyingKey::from_text(text, self.test.min_rsa_bits()) {
                Ok(key) => keys.push(key),
                Err(error) => {
                    let field = format!("idp.metadata_signature_certificates[{number}]");
                    self.add(&field, &error.to_string());
                }
            }
        }
        Validator::new(keys, Policy { allow_sha1: false }).ok()
    }

    fn user_id(&mut self, config: &Config) -> UserIdRule {
        let attribute = config.user_id.attribute.clone();
        UserIdRule::new(attribute, config.user_id.transform.as_ref()).unwrap_or_else(|problem| {
            self.add("user_id.transform.pattern", &problem);
            UserIdRule { attribute: None, transform: None }
        })
    }

    fn request(&mut self, config: &Config) -> RequestRule {
        let request = &config.request;
        let name_id_format = request.name_id_format.as_deref().and_then(|name| {
            let known = name_id_format(name);
            if known.is_none() {
                self.add(
                    "request.name_id_format",
                    "must be unspecified, emailAddress, persistent or transient",
                );
            }
            known
        });
        for (number, class) in request.authn_context.iter().enumerate() {
            self.identifier(&format!("request.authn_context[{number}]"), class);
        }
        if request.force_authn && request.is_passive {
            self.add("request.is_passive", "contradicts request.force_authn");
        }
        if let Some(hint) = &request.domain_hint
            && (hint.is_empty()
                || hint.len() > 253
                || !hint.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '-'))
        {
            self.add("request.domain_hint", "must be a domain name");
        }
        RequestRule {
            binding: request.binding,
            sign: request.sign,
            name_id_format,
            force_authn: request.force_authn,
            is_passive: request.is_passive,
            authn_context: request.authn_context.clone(),
            domain_hint: request.domain_hint.clone(),
        }
    }
}

struct Acs {
    endpoint: Endpoint,
    origin: url::Origin,
    context: String,
}

/// Entra writes `spn:` before the identifier when the request's Issuer is no URI.
fn audiences(config: &Config) -> Vec<String> {
    let mut audiences = vec![config.sp.entity_id.clone()];
    if Url::parse(&config.sp.entity_id).is_err() {
        audiences.push(format!("spn:{}", config.sp.entity_id));
    }
    audiences.extend(config.policy.extra_audiences.iter().cloned());
    audiences
}

fn name_id_format(name: &str) -> Option<NameIdFormat> {
    Some(match name {
        "unspecified" => NameIdFormat::Unspecified,
        "emailAddress" => NameIdFormat::EmailAddress,
        "persistent" => NameIdFormat::Persistent,
        "transient" => NameIdFormat::Transient,
        _ => return None,
    })
}

/// Unreserved characters of RFC 3986 and slashes, no empty and no dot segments.
fn is_plain_path(path: &str) -> bool {
    path.starts_with('/')
        && path.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'.' | b'_' | b'~'))
        && !path.contains("//")
        && !path.split('/').any(|segment| segment == "." || segment == "..")
}
