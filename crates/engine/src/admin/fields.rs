//! The fields that an administrator can write, under the names that they have on the page and in the document. Anything
//! else that comes in is refused, or ignored where the page shows it for reading only.

use super::certificates;
use crate::addon::{self, ACS_PATH};
use crate::config::{Addon, Config, Host, Idp, LoginButton, Sp, Transform, UserId};
use crate::settings::{Problem, UserIdRule};
use crate::urls;
use crate::wire::event::Xsrf;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use url::Url;

/// What a value looks like in the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A text; empty for none.
    Text,
    /// True or false.
    Flag,
    /// A whole number.
    Number,
    /// Base64 of DER each.
    Certificates,
}

/// Name, kind and label.
pub const FIELDS: [(&str, Kind, &str); 22] = [
    ("metadata_url", Kind::Text, "Metadata URL"),
    ("metadata_host", Kind::Text, "Confirmed metadata host"),
    ("identifier", Kind::Text, "Identifier"),
    ("reply_url", Kind::Text, "Reply URL"),
    ("sign_on_url", Kind::Text, "Sign On URL"),
    ("application_proxy", Kind::Flag, "Enable Use of Application Proxy"),
    ("idp_entity_id", Kind::Text, "IdP Entity ID"),
    ("login_url", Kind::Text, "Login URL"),
    ("logout_url", Kind::Text, "Logout URL"),
    ("certificates", Kind::Certificates, "X.509 Certificates"),
    ("login_button_name", Kind::Text, "Login Button Name"),
    ("login_button_description", Kind::Text, "Login Button Description"),
    ("user_id_location", Kind::Text, "SAML User ID Locations"),
    ("attribute_name", Kind::Text, "Attribute Name"),
    ("transform_pattern", Kind::Text, "User ID pattern"),
    ("transform_replacement", Kind::Text, "User ID replacement"),
    ("home_realm_discovery", Kind::Flag, "Enable Home Realm Discovery"),
    ("domain_name", Kind::Text, "Domain Name"),
    ("single_signout", Kind::Flag, "Enable Single Signout"),
    ("clock_skew_seconds", Kind::Number, "Clock skew in seconds"),
    ("allow_sha1", Kind::Flag, "Allow SHA-1 signatures"),
    ("sign_requests", Kind::Flag, "Sign requests"),
];
/// Shown for reading: ignored when they come back.
pub const READ_ONLY: [&str; 8] = [
    "revision",
    "force_azure_login",
    "base_url",
    "certificate_details",
    "decryption_certificates",
    "metadata_file",
    "problems",
    "armed",
];
/// Where the fields of the configuration stand on the page.
const PLACES: [(&str, &str); 17] = [
    ("sp.entity_id", "identifier"),
    ("sp.acs_url", "reply_url"),
    ("sp", "reply_url"),
    ("addon.sign_on_url", "sign_on_url"),
    ("addon.login_button", "login_button_name"),
    ("addon", "login_button_name"),
    ("idp.metadata_url", "metadata_url"),
    ("idp.entity_id", "idp_entity_id"),
    ("idp.sso_url", "login_url"),
    ("idp.logout_url", "logout_url"),
    ("idp.certificates", "certificates"),
    ("user_id.attribute", "attribute_name"),
    ("user_id.transform.pattern", "transform_pattern"),
    ("request.domain_hint", "domain_name"),
    ("policy.clock_skew_seconds", "clock_skew_seconds"),
    ("user_id", "transform_pattern"),
    ("idp", "metadata_url"),
];
/// Characters of one field.
const MAX_TEXT: usize = 2048;
const MAX_CERTIFICATES_TEXT: usize = 128 * 1024;
const MAX_CERTIFICATES: usize = 16;
const MAX_PATTERN: usize = 512;
const MAX_SAMPLE: usize = 512;
const MAX_BUTTON: usize = 100;
const MAX_DESCRIPTION: usize = 500;

/// Values as they were typed, by name; a flag that is off is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fields(BTreeMap<String, String>);

/// A form of the page.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Posted {
    pub fields: Fields,
    /// Which button.
    pub action: String,
    /// The settings that the administrator saw.
    pub revision: u64,
    pub metadata_xml: String,
    pub metadata_file: String,
    pub preview_value: String,
}

impl Posted {
    /// Reads a form. Each name occurs once, or the form is not ours.
    pub fn of_form(
        mut form: BTreeMap<String, Vec<String>>,
        xsrf: Option<&Xsrf>,
    ) -> Result<Self, Vec<Problem>> {
        let mut problems = Vec::new();
        if let Some(xsrf) = xsrf {
            form.remove(&xsrf.name);
        }
        let mut take = |name: &str, needed: bool| match form.remove(name) {
            None if !needed => String::new(),
            None => {
                problems.push(Problem::new(name, "is missing in the form"));
                String::new()
            }
            Some(mut values) if values.len() == 1 => values.pop().unwrap_or_default(),
            Some(_) => {
                problems.push(Problem::new(name, "stands in the form twice"));
                String::new()
            }
        };
        let mut fields = Fields::default();
        for (name, kind, _) in FIELDS {
            let text = take(name, kind != Kind::Flag);
            let text = if kind == Kind::Flag && !text.is_empty() { "true" } else { text.trim() };
            fields.set(name, text);
        }
        let posted = Self {
            fields,
            action: take("action", true),
            revision: take("revision", true).parse().unwrap_or_default(),
            metadata_xml: take("metadata_xml", false),
            metadata_file: take("metadata_file", false),
            preview_value: take("preview_value", false),
        };
        for name in form.keys().filter(|name| !READ_ONLY.contains(&name.as_str())) {
            problems.push(Problem::new("", format!("unknown field {}", shown(name))));
        }
        posted.fields.check_lengths(&mut problems);
        if problems.is_empty() { Ok(posted) } else { Err(problems) }
    }
}

/// A name that somebody sent: bounded, in a message.
fn shown(name: &str) -> String {
    name.chars().take(40).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

impl Fields {
    pub fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    pub fn flag(&self, name: &str) -> bool {
        !self.text(name).is_empty()
    }

    pub fn set(&mut self, name: &str, value: &str) {
        self.0.insert(name.to_owned(), value.to_owned());
    }

    fn set_flag(&mut self, name: &str, on: bool) {
        self.set(name, if on { "true" } else { "" });
    }

    fn some(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn check_lengths(&self, problems: &mut Vec<Problem>) {
        for (name, kind, _) in FIELDS {
            let most = if kind == Kind::Certificates { MAX_CERTIFICATES_TEXT } else { MAX_TEXT };
            if self.text(name).len() > most {
                problems.push(Problem::new(name, "is too long"));
            }
        }
    }

    /// What is saved, as the page shows it.
    pub fn of_config(config: &Config, host: &Host) -> Self {
        let mut fields = Self::default();
        let sp = addon::effective(config, host).sp;
        let idp = &config.idp;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let sign_on_url = config
            .addon
            .sign_on_url
            .as_ref()
            .filter(|_| config.addon.application_proxy)
            .unwrap_or(&sp.acs_url);
        let transform = config.user_id.transform.as_ref();
        for (name, value) in [
            ("metadata_url", text(&idp.metadata_url)),
            ("metadata_host", config.addon.metadata_hosts.join(" ")),
            ("identifier", sp.entity_id.clone()),
            ("reply_url", sp.acs_url.clone()),
            ("sign_on_url", sign_on_url.clone()),
            ("idp_entity_id", text(&idp.entity_id)),
            ("login_url", text(&idp.sso_url)),
            ("logout_url", text(&idp.logout_url)),
            ("certificates", certificates::to_text(&idp.certificates)),
            ("login_button_name", config.addon.login_button.name.clone()),
            ("login_button_description", config.addon.login_button.description.clone()),
            (
                "user_id_location",
                if config.user_id.attribute.is_some() { "attribute" } else { "name_id" }.to_owned(),
            ),
            ("attribute_name", text(&config.user_id.attribute)),
            ("transform_pattern", transform.map(|t| t.pattern.clone()).unwrap_or_default()),
            ("transform_replacement", transform.map(|t| t.replace.clone()).unwrap_or_default()),
            ("domain_name", text(&config.addon.domain_name)),
            ("clock_skew_seconds", config.policy.clock_skew_seconds.to_string()),
        ] {
            fields.set(name, &value);
        }
        for (name, on) in [
            ("application_proxy", config.addon.application_proxy),
            ("home_realm_discovery", config.addon.home_realm_discovery),
            ("single_signout", config.logout.single),
            ("allow_sha1", config.policy.allow_sha1),
            ("sign_requests", config.request.sign),
        ] {
            fields.set_flag(name, on);
        }
        fields
    }

    /// From the text of a document. Every field must be there, so that nobody turns something off by forgetting it.
    pub fn of_json(text: &str) -> Result<Self, Vec<Problem>> {
        let document: Value =
            serde_json::from_str(text).map_err(|error| vec![Problem::new("", error.to_string())])?;
        let Some(document) = document.as_object() else {
            return Err(vec![Problem::new("", "must be a JSON object")]);
        };
        let mut problems = Vec::new();
        let mut fields = Self::default();
        for (name, kind, _) in FIELDS {
            match document.get(name) {
                None => problems.push(Problem::new(name, "is missing")),
                Some(value) => match from_json(kind, value) {
                    Ok(text) => fields.set(name, &text),
                    Err(problem) => problems.push(Problem::new(name, problem)),
                },
            }
        }
        let known =
            |name: &str| FIELDS.iter().any(|(known, _, _)| *known == name) || READ_ONLY.contains(&name);
        for name in document.keys().filter(|name| !known(name)) {
            problems.push(Problem::new(shown(name), "is unknown"));
        }
        fields.check_lengths(&mut problems);
        if problems.is_empty() { Ok(fields) } else { Err(problems) }
    }

    /// As members of the document.
    pub fn to_json(&self) -> Map<String, Value> {
        let member = |(name, kind, _): (&str, Kind, &str)| {
            let text = self.text(name);
            let value = match kind {
                Kind::Text => json!(text),
                Kind::Flag => json!(self.flag(name)),
                Kind::Number => text.parse::<u64>().map_or(json!(text), |number| json!(number)),
                Kind::Certificates => {
                    json!(
                        certificates::split(text)
                            .iter()
                            .map(|one| certificates::compact(one))
                            .collect::<Vec<_>>()
                    )
                }
            };
            (name.to_owned(), value)
        };
        FIELDS.into_iter().map(member).collect()
    }

    /// The URLs as they follow from the base URL.
    pub fn reset_urls(&mut self, host: &Host) {
        let sp = addon::derived(host);
        self.set("identifier", &sp.entity_id);
        self.set("reply_url", &sp.acs_url);
        self.set("sign_on_url", &sp.acs_url);
        self.set_flag("application_proxy", false);
    }

    /// What the transform makes of a sample; the very rule that counts at a sign-in.
    pub fn preview(&self, sample: &str) -> Result<String, Problem> {
        if sample.chars().count() > MAX_SAMPLE {
            return Err(Problem::new("preview_value", "is too long"));
        }
        let transform = self.transform(&mut Vec::new());
        let rule = UserIdRule::new(None, transform.as_ref())
            .map_err(|problem| Problem::new("transform_pattern", problem))?;
        Ok(match rule.apply(sample) {
            Some(made) => format!("{sample} becomes {made}"),
            None => format!("{sample} is refused: the pattern does not match all of it, or nothing is left"),
        })
    }

    fn transform(&self, problems: &mut Vec<Problem>) -> Option<Transform> {
        let (pattern, replace) = (self.text("transform_pattern"), self.text("transform_replacement"));
        if pattern.is_empty() {
            if !replace.is_empty() {
                problems
                    .push(Problem::new("transform_pattern", "is missing; or empty the replacement as well"));
            }
            return None;
        }
        if pattern.chars().count() > MAX_PATTERN || replace.chars().count() > MAX_PATTERN {
            problems.push(Problem::new("transform_pattern", "must have at most 512 characters"));
            return None;
        }
        Some(Transform { pattern: pattern.to_owned(), replace: replace.to_owned() })
    }

    /// These fields over what is saved, and what is wrong with them as such.
    pub fn apply(&self, base: &Config, host: &Host) -> (Config, Vec<Problem>) {
        let mut problems = Vec::new();
        let mut config = base.clone();
        let (sp, sign_on_url) = self.own_urls(host, &mut problems);
        config.sp = sp;
        config.idp = self.idp(&base.idp, &mut problems);
        config.addon = Addon {
            login_button: self.login_button(&mut problems),
            application_proxy: self.flag("application_proxy"),
            saved_at: self.flag("application_proxy").then(|| host.base_url.clone()),
            sign_on_url,
            home_realm_discovery: self.flag("home_realm_discovery"),
            domain_name: self.some("domain_name"),
            metadata_hosts: self.metadata_hosts(&mut problems),
        };
        if config.addon.home_realm_discovery && config.addon.domain_name.is_none() {
            problems.push(Problem::new("domain_name", "is missing; home realm discovery needs it"));
        }
        config.user_id = self.user_id(&mut problems);
        config.logout.single = self.flag("single_signout");
        match self.text("clock_skew_seconds").parse() {
            Ok(seconds) => config.policy.clock_skew_seconds = seconds,
            Err(_) => {
                problems.push(Problem::new("clock_skew_seconds", "must be a whole number from 0 to 300"));
            }
        }
        config.policy.allow_sha1 = self.flag("allow_sha1");
        config.request.sign = self.flag("sign_requests");
        if config.idp.metadata_url != base.idp.metadata_url || config.idp.entity_id != base.idp.entity_id {
            config.refresh.last_refresh_ms = 0;
        }
        (config, problems)
    }

    fn own_urls(&self, host: &Host, problems: &mut Vec<Problem>) -> (Sp, Option<String>) {
        let derived = addon::derived(host);
        let as_derived = [
            ("identifier", &derived.entity_id),
            ("reply_url", &derived.acs_url),
            ("sign_on_url", &derived.acs_url),
        ];
        if !self.flag("application_proxy") {
            for (name, wanted) in as_derived {
                if self.text(name) != wanted {
                    let problem = format!(
                        "differs from what follows from the base URL ({wanted}); press Reset to derived, or tick \
                         Enable Use of Application Proxy"
                    );
                    problems.push(Problem::new(name, problem));
                }
            }
            return (derived, None);
        }
        let path = format!("{}{ACS_PATH}", host.context_path);
        for name in ["reply_url", "sign_on_url"] {
            if name == "sign_on_url"
                && let Some(problem) = urls::problem(self.text(name), host.development)
            {
                problems.push(Problem::new(name, problem));
            } else if Url::parse(self.text(name)).is_ok_and(|url| url.path() != path || url.query().is_some())
            {
                problems
                    .push(Problem::new(name, format!("must have the path {path}, where the add-on answers")));
            }
        }
        let sp = Sp {
            entity_id: self.text("identifier").to_owned(),
            acs_url: self.text("reply_url").to_owned(),
            ..Sp::default()
        };
        (sp, self.some("sign_on_url").filter(|url| *url != self.text("reply_url")))
    }

    fn idp(&self, base: &Idp, problems: &mut Vec<Problem>) -> Idp {
        let texts = certificates::split(self.text("certificates"));
        if texts.len() > MAX_CERTIFICATES {
            problems.push(Problem::new("certificates", format!("must be at most {MAX_CERTIFICATES}")));
        }
        let (certificates, wrong) = certificates::check(&texts);
        problems.extend(wrong);
        let idp = Idp {
            metadata_url: self.some("metadata_url"),
            entity_id: self.some("idp_entity_id"),
            sso_url: self.some("login_url"),
            logout_url: self.some("logout_url"),
            certificates,
            ..base.clone()
        };
        let same = idp.entity_id == base.entity_id && idp.sso_url == base.sso_url;
        if same && idp.entity_id.is_some() {
            return idp;
        }
        // What the page does not show belonged to another identity provider.
        Idp {
            metadata_xml: None,
            sso_post_url: None,
            logout_response_url: None,
            logout_issuers: Vec::new(),
            metadata_signature_certificates: Vec::new(),
            ..idp
        }
    }

    /// Which of the identity provider's fields are empty though others are not.
    pub fn missing_of_idp(&self) -> Vec<Problem> {
        let needed = ["idp_entity_id", "login_url", "certificates"];
        let any = ["metadata_url", "logout_url"].iter().chain(&needed).any(|name| self.flag(name));
        let problem = if self.flag("metadata_url") {
            "is empty; press Resolve to fill it in from the Metadata URL"
        } else {
            "is missing"
        };
        let missing = needed.iter().filter(|name| any && !self.flag(name));
        missing.map(|name| Problem::new(*name, problem)).collect()
    }

    /// The host that the administrator confirms, if the URL needs that.
    pub fn metadata_hosts(&self, problems: &mut Vec<Problem>) -> Vec<String> {
        let typed = self.text("metadata_host").to_ascii_lowercase();
        let Some(host) = addon::host_of(self.text("metadata_url")).filter(|_| !typed.is_empty()) else {
            return Vec::new();
        };
        if typed != host {
            let problem = format!("is not the host of the Metadata URL, which is {host}");
            problems.push(Problem::new("metadata_host", problem));
        }
        if addon::may_fetch(self.text("metadata_url"), &[]) { Vec::new() } else { vec![host] }
    }

    fn login_button(&self, problems: &mut Vec<Problem>) -> LoginButton {
        let button = LoginButton {
            name: self.text("login_button_name").to_owned(),
            description: self.text("login_button_description").to_owned(),
        };
        for (name, text, least, most) in [
            ("login_button_name", &button.name, 1, MAX_BUTTON),
            ("login_button_description", &button.description, 0, MAX_DESCRIPTION),
        ] {
            let length = text.chars().count();
            if length < least {
                problems.push(Problem::new(name, "is missing"));
            } else if length > most || text.chars().any(char::is_control) {
                let problem = format!("must have at most {most} characters, all in one line");
                problems.push(Problem::new(name, problem));
            }
        }
        button
    }

    fn user_id(&self, problems: &mut Vec<Problem>) -> UserId {
        let attribute = match self.text("user_id_location") {
            "name_id" => None,
            "attribute" => {
                let name = self.some("attribute_name");
                if name.is_none() {
                    problems.push(Problem::new("attribute_name", "is missing; or choose NameID"));
                }
                name
            }
            _ => {
                problems.push(Problem::new("user_id_location", "must be name_id or attribute"));
                None
            }
        };
        UserId { attribute, transform: self.transform(problems) }
    }

    /// The names of the fields that differ.
    pub fn changed(&self, other: &Self) -> Vec<&'static str> {
        let names = FIELDS.iter().map(|(name, _, _)| *name);
        names.filter(|name| self.text(name) != other.text(name)).collect()
    }
}

fn from_json(kind: Kind, value: &Value) -> Result<String, &'static str> {
    Ok(match kind {
        Kind::Text => value.as_str().ok_or("must be a text")?.trim().to_owned(),
        Kind::Flag => if value.as_bool().ok_or("must be true or false")? { "true" } else { "" }.to_owned(),
        Kind::Number => value.as_u64().ok_or("must be a whole number")?.to_string(),
        Kind::Certificates => {
            let wrong = "must be a list of certificates, base64 of DER or PEM";
            let list = value.as_array().ok_or(wrong)?;
            let texts: Option<Vec<&str>> = list.iter().map(Value::as_str).collect();
            texts.ok_or(wrong)?.join("\n\n")
        }
    })
}

/// A problem of the configuration under the name that its field has on the page.
pub fn on_page(problem: &Problem) -> Problem {
    let field = problem.field.split('[').next().unwrap_or_default();
    let known = PLACES.iter().find(|(path, _)| *path == field);
    match known {
        Some((_, name)) => Problem { field: (*name).to_owned(), ..problem.clone() },
        None => Problem { field: String::new(), problem: problem.to_string(), ..problem.clone() },
    }
}
