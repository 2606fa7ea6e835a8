//! What a player needs of each case: a configuration, what to do, and the messages.
//!
//! Where a setting of a case is none that an administrator could make (an http URL, a request ID that is not ours, a key of
//! 1024 bits, a frozen clock), it stands in the section `test`, which only a library with test features reads.

use super::judge::{Judge, Verdict, decryption_key_is_usable};
use super::manifest::{Kind, Task};
use crate::files;
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_core::time;
use ostiary_testkit::{Scene, SeededRng, TestKey};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// The paths of the product's own URLs, as on every host.
const ACS_PATH: &str = "/plugins/servlet/saml/auth";
const LOGOUT_PATH: &str = "/plugins/servlet/saml/logout";
/// Stands in for what a case leaves open or what no configuration takes.
const ORIGIN: &str = "https://sp.ostiary.example";
const NOBODY: &str = "urn:ostiary:corpus:nobody";
const SOMEBODY: &str = "somebody@ostiary.example";
const BEGINNING_OF_TIME: &str = "1970-01-01T00:00:00Z";

/// Writes the files of a run: `plan` (number, kind, whether a sign-in is started first; tabs between), and for each case
/// `N.json`, `N.message` (the form field or the raw query) and, where somebody must be signed in first, `N.setup`.
pub struct Preparation<'p> {
    judge: &'p Judge<'p>,
    directory: &'p Path,
    /// The service provider's own key, for everything.
    own: TestKey,
    /// Signs in whoever is to be signed out. The configurations of logout cases trust it beside the case's keys.
    setup: TestKey,
    plan: String,
}

impl<'p> Preparation<'p> {
    pub fn new(judge: &'p Judge<'p>, directory: &'p Path) -> anyhow::Result<Self> {
        let key = |name| TestKey::generate(name, Timestamp::UNIX_EPOCH);
        Ok(Self { judge, directory, own: key("own")?, setup: key("setup")?, plan: String::new() })
    }

    pub fn add(&mut self, number: usize, task: &Task, core: &Verdict) -> anyhow::Result<()> {
        let mut config = self.config(task)?;
        let document = self.judge.read(&task.file)?;
        let attempt = if task.kind == Kind::Response {
            self.write(number, "message", STANDARD.encode(&document).as_bytes())?;
            task.sp.in_response_to.is_some()
        } else {
            let query = document.trim_ascii_end();
            self.write(number, "message", query)?;
            let user = core.subject().unwrap_or(SOMEBODY);
            self.write(number, "setup", self.sign_in_first(&mut config, user)?.as_bytes())?;
            true
        };
        self.write(number, "json", config.to_string().as_bytes())?;
        writeln!(self.plan, "{number}\t{}\t{attempt}", task.kind.as_str())?;
        Ok(())
    }

    pub fn finish(&self) -> anyhow::Result<()> {
        std::fs::write(self.directory.join("plan"), &self.plan).context("cannot write the plan")
    }

    fn write(&self, number: usize, name: &str, content: &[u8]) -> anyhow::Result<()> {
        let file = self.directory.join(format!("{number}.{name}"));
        std::fs::write(&file, content).with_context(|| format!("cannot write {}", file.display()))
    }

    fn config(&self, task: &Task) -> anyhow::Result<Value> {
        let sp = &task.sp;
        let audiences = sp.audience.as_ref().map(super::manifest::OneOrMore::texts).unwrap_or_default();
        let origin = task.logout_origin().or_else(|| task.acs_origin()).unwrap_or(ORIGIN);
        let acs_url = format!("{origin}{ACS_PATH}");
        let certificates = task
            .idp_cert
            .iter()
            .map(|file| self.judge.read_text(file))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let own = STANDARD.encode(self.own.pkcs8_der()?);
        let decryption = self.decryption(task)?;
        let mut test = json!({
            "now": sp.now.as_deref().filter(|now| time::parse(now).is_some()).unwrap_or(BEGINNING_OF_TIME),
            "min_rsa_bits": self.judge.min_rsa_bits,
            "request_id": sp.in_response_to,
            "no_decryption_key": decryption.is_none(),
        });
        if task.kind == Kind::Response && sp.acs.as_deref() != Some(&acs_url) {
            put(&mut test, "acs_url", json!(sp.acs.as_deref().unwrap_or_default()));
        }
        Ok(json!({
            "sp": {
                "entity_id": audiences.first().copied().unwrap_or(NOBODY),
                "acs_url": acs_url,
                "logout_url": format!("{origin}{LOGOUT_PATH}"),
            },
            "idp": {
                "entity_id": sp.idp_entity_id.as_deref().unwrap_or(NOBODY),
                "sso_url": "https://idp.ostiary.example/sso",
                "logout_url": "https://idp.ostiary.example/logout",
                "logout_issuers": sp.logout_issuers,
                "certificates": certificates,
            },
            "policy": {
                "clock_skew_seconds": sp.skew.unwrap_or(0),
                "allow_sha1": sp.allow_sha1,
                "allow_unsolicited": sp.in_response_to.is_none(),
                "want_assertion_signed": sp.want_assertions_signed,
                "want_response_signed": sp.want_responses_signed,
                "extra_audiences": audiences.get(1..).unwrap_or_default(),
            },
            "keys": {
                "sealing": STANDARD.encode([7; 32]),
                "signing": own,
                "signing_certificate": self.own.certificate_base64()?,
                "decryption": [decryption.unwrap_or(own)],
            },
            "test": test,
        }))
    }

    /// The case's key, if it has one that can be used.
    fn decryption(&self, task: &Task) -> anyhow::Result<Option<String>> {
        let Some(file) = &task.sp_decryption_key else { return Ok(None) };
        let der = files::base64(&self.judge.read_text(file)?).context("a decryption key")?;
        Ok(decryption_key_is_usable(&der, self.judge.min_rsa_bits).then(|| STANDARD.encode(der)))
    }

    /// A Response that signs `user` in under this configuration; the session has no index, so that any logout of the user
    /// means it.
    fn sign_in_first(&self, config: &mut Value, user: &str) -> anyhow::Result<String> {
        let text = |at: &str| config.pointer(at).and_then(Value::as_str).unwrap_or_default();
        let request = match text("/test/request_id") {
            "" => "id00000000000000000000000000000001".to_owned(),
            id => id.to_owned(),
        };
        let now = time::parse(text("/test/now")).unwrap_or(Timestamp::UNIX_EPOCH);
        let mut scene = Scene::entra(
            text("/idp/entity_id"),
            text("/sp/entity_id"),
            text("/sp/acs_url"),
            Some(&request),
            now,
            &mut SeededRng::new(1),
        );
        user.clone_into(&mut scene.name_id);
        let index = format!(" SessionIndex=\"{}\"", scene.assertion_id);
        scene.edit_assertion.push((index, String::new()));
        let response = STANDARD.encode(scene.build(&self.setup)?);
        if let Some(test) = config.get_mut("test") {
            put(test, "request_id", json!(request));
        }
        if let Some(Value::Array(certificates)) = config.pointer_mut("/idp/certificates") {
            certificates.push(json!(self.setup.certificate_base64()?));
        }
        Ok(response)
    }
}

impl Task {
    /// The site of the case's ACS, if that is one that could be configured.
    fn acs_origin(&self) -> Option<&str> {
        site(self.sp.acs.as_deref()?, ACS_PATH)
    }

    fn logout_origin(&self) -> Option<&str> {
        site(self.sp.slo_url.as_deref()?, LOGOUT_PATH)
    }
}

/// `https://host` of a URL whose path is exactly `path`.
fn site<'u>(url: &'u str, path: &str) -> Option<&'u str> {
    let origin = url.strip_suffix(path)?;
    let host = origin.strip_prefix("https://")?;
    (!host.is_empty() && !host.contains(['/', '?', '#', '@', ' '])).then_some(origin)
}

fn put(object: &mut Value, name: &str, value: Value) {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
}
