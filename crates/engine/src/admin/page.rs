//! The configuration page. The host decorates it; it needs no script. askama escapes every value.

use super::certificates::{self, Certificate};
use super::fields::{FIELDS, Posted};
use super::{BASE, Visit};
use crate::addon;
use crate::config::Host;
use crate::pages;
use crate::settings::Problem;
use crate::state::State;
use crate::turn::Turn;
use crate::wire::action::{Effect, Level};
use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_codes::Code;
use url::Url;

/// What a page says beside the fields.
#[derive(Debug, Default)]
pub struct Shown {
    pub posted: Posted,
    pub code: Option<Code>,
    pub problems: Vec<Problem>,
    /// What was done.
    pub done: Option<String>,
    /// What needs care.
    pub notes: Vec<String>,
    pub preview: Option<String>,
    /// Certificates of key pairs that this engine does not have yet.
    pub decryption: Option<Vec<Certificate>>,
}

impl Shown {
    pub fn new(posted: Posted) -> Self {
        Self { posted, ..Self::default() }
    }

    /// Nothing was done; why is logged as well.
    pub fn failed(&mut self, turn: &mut Turn<'_>, code: Code, problems: Vec<Problem>) {
        turn.outcome(code);
        for problem in &problems {
            turn.log(Level::Warn, code, problem.to_string());
        }
        self.code = Some(code);
        self.problems.extend(problems);
    }
}

#[derive(Template)]
#[template(path = "configure.html")]
struct Page<'a> {
    host: &'a Host,
    visit: &'a Visit,
    shown: &'a Shown,
    notes: Vec<String>,
    certificates: Vec<Certificate>,
    decryption: &'a [Certificate],
    metadata_url: String,
    armed: bool,
    base: String,
    resources: String,
}

impl Page<'_> {
    fn text(&self, name: &str) -> &str {
        self.shown.posted.fields.text(name)
    }

    fn flag(&self, name: &str) -> bool {
        self.shown.posted.fields.flag(name)
    }

    fn label(&self, name: &str) -> &'static str {
        FIELDS.iter().find(|(known, _, _)| *known == name).map_or("", |(_, _, label)| label)
    }

    /// What is wrong with a field.
    fn problem(&self, name: &str) -> Option<&str> {
        self.shown.problems.iter().find(|problem| problem.field == name).map(|p| p.problem.as_str())
    }

    /// As a link of the summary: the field that can be put right, and what the page calls it.
    fn place(&self, field: &str) -> Option<&'static str> {
        const OTHERS: [(&str, &str); 3] = [
            ("metadata_xml", "Metadata document"),
            ("metadata_file", "Metadata file"),
            ("preview_value", "Sample"),
        ];
        let labels = FIELDS.iter().map(|(name, _, label)| (*name, *label)).chain(OTHERS);
        labels.into_iter().find(|(name, _)| *name == field).map(|(_, label)| label)
    }

    /// The id to which the summary leads.
    fn anchor<'f>(&self, field: &'f str) -> &'f str {
        if field == "user_id_location" { "user_id_location_name_id" } else { field }
    }

    fn fingerprint(&self, certificate: &Certificate) -> String {
        certificates::colons(&certificate.sha256)
    }
}

/// The page with what was posted, and why nothing was done.
pub fn failed(
    turn: &mut Turn<'_>,
    host: &Host,
    visit: &Visit,
    posted: Posted,
    code: Code,
    problems: Vec<Problem>,
) -> Effect {
    let mut shown = Shown::new(posted);
    shown.failed(turn, code, problems);
    respond(turn, host, visit, &shown)
}

/// Writes the page.
pub fn respond(turn: &mut Turn<'_>, host: &Host, visit: &Visit, shown: &Shown) -> Effect {
    let state = turn.engine.state.get();
    let active = turn.engine.traces.signed_with();
    let texts = certificates::split(shown.posted.fields.text("certificates"));
    let own = own_certificates(&state.keys.encryption_certificates, turn.now);
    let page = Page {
        host,
        visit,
        shown,
        notes: notes(turn, &state, host, visit, shown),
        certificates: certificates::describe(&texts, active.as_deref(), turn.now),
        decryption: shown.decryption.as_deref().unwrap_or(&own),
        metadata_url: own_metadata(turn),
        armed: state.idp.validator.is_some(),
        base: format!("{}{BASE}", host.context_path),
        resources: format!(
            "{}/download/resources/io.ostiary.{}:configure",
            host.context_path,
            host.product.key()
        ),
    };
    Effect::Respond(pages::decorated(&page))
}

/// Where our metadata is; nowhere while nothing works.
fn own_metadata(turn: &Turn<'_>) -> String {
    let acs = &turn.engine.settings.acs.url;
    let parent = acs.rsplit_once('/').filter(|_| turn.engine.broken.is_empty());
    parent.map(|(parent, _)| format!("{parent}/metadata")).unwrap_or_default()
}

/// The certificates of our own key pairs.
pub fn own_certificates(ders: &[Vec<u8>], now: Timestamp) -> Vec<Certificate> {
    let texts: Vec<String> = ders.iter().map(|der| STANDARD.encode(der)).collect();
    certificates::describe(&texts, None, now)
}

fn notes(turn: &Turn<'_>, state: &State, host: &Host, visit: &Visit, shown: &Shown) -> Vec<String> {
    let mut notes: Vec<String> = host.problems.iter().chain(&visit.problems).cloned().collect();
    notes.extend(addon::newer(host));
    if host.development {
        notes.push(Code::DevelopmentMode.admin().to_owned());
    }
    if !turn.engine.broken.is_empty() {
        notes.push(
            "What is stored cannot be used, so nobody can sign in with SAML. It stays as it is until you save."
                .to_owned(),
        );
    } else if state.idp.validator.is_none() {
        notes.push(turn.engine.unarmed(state).admin().to_owned());
    }
    let stored = &state.config.sp;
    let derived = addon::derived(host);
    if !state.config.addon.application_proxy
        && !stored.acs_url.is_empty()
        && stored.acs_url != derived.acs_url
    {
        notes.push(format!(
            "The base URL changed since the settings were saved: the Reply URL was {}, and is {} now. The identity \
             provider must know the new one. Save to confirm it.",
            stored.acs_url, derived.acs_url
        ));
    }
    if let (Some(seen), Ok(reply)) = (&visit.seen, Url::parse(shown.posted.fields.text("reply_url"))) {
        let seen_url = format!("{}://{}:{}", seen.scheme, seen.host, seen.port);
        let same = Url::parse(&seen_url).is_ok_and(|seen| seen.origin() == reply.origin());
        if !same {
            notes.push(format!(
                "The application sees this page at {seen_url}, but users come back to {}. Behind a proxy, check the \
                 connector (scheme, proxyName, proxyPort) and the base URL.",
                reply.origin().ascii_serialization()
            ));
        }
    }
    notes.extend(shown.notes.iter().cloned());
    notes
}
