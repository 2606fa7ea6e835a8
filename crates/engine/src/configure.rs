//! Configuration for administrators: checks one, resolves metadata into one. Who may ask for that is the host's business:
//! it sends these events for administrators only. Nothing is changed here.

pub(crate) mod sections;

use crate::config::{self, Config};
use crate::refresh::{self, Failure};
use crate::resume;
use crate::settings::{Problem, Settings};
use crate::state::State;
use crate::turn::Turn;
use crate::wire::action::{Effect, Level};
use crate::wire::event::{CheckConfig, Configure};
use crate::{MIN_RSA_BITS, pages, urls};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_core::metadata::{IdpMetadata, MetadataOptions};
use ostiary_xmlsig::{CertificateInfo, Validator};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// The answer to a question that cannot be answered as it was asked.
const UNPROCESSABLE: u16 = 422;

/// Metadata that an administrator waits for.
#[derive(Debug, Serialize, Deserialize)]
pub enum Step {
    /// The document is being fetched.
    Fetched {
        /// From where.
        url: String,
        /// The entity ID that it must have.
        entity_id: Option<String>,
    },
}

/// `check_config`: every field that is wrong.
pub fn check_config(turn: &mut Turn<'_>, event: &CheckConfig) -> Effect {
    let problems = problems(turn, &event.config);
    let status = if problems.is_empty() { 200 } else { UNPROCESSABLE };
    if !problems.is_empty() {
        turn.outcome(Code::ConfigInvalid);
    }
    Effect::Respond(pages::json(status, &json!({"problems": problems})))
}

fn problems(turn: &Turn<'_>, config: &Value) -> Vec<Problem> {
    let config = match Config::from_value(config) {
        Ok(config) => config,
        Err(error) => return sections::problems(config, &error),
    };
    match Settings::check(&config) {
        Ok(settings) => State::read(config, &settings, turn.now).1,
        Err(problems) => problems,
    }
}

/// `configure`: what metadata says, as the fields of `idp`.
pub fn configure(turn: &mut Turn<'_>, event: &Configure) -> Effect {
    let entity_id = event.entity_id.clone();
    match (&event.metadata_url, &event.metadata_xml) {
        (Some(url), None) => match urls::problem(url, turn.engine.settings.development) {
            None => {
                let step = Step::Fetched { url: url.clone(), entity_id };
                turn.ask(refresh::ask(url.clone(), &turn.engine.settings), &resume::Step::Configure(step))
            }
            Some(problem) => wrong(turn, Code::ConfigInvalid, "metadata_url", problem),
        },
        (None, Some(xml)) => {
            let read = read(turn, xml.as_bytes(), entity_id.as_deref());
            resolved(turn, read, ("metadata_xml", None))
        }
        _ => wrong(turn, Code::ConfigInvalid, "metadata_url", "give either metadata_url or metadata_xml"),
    }
}

/// The host answered.
pub fn resume(turn: &mut Turn<'_>, step: Step, result: &Value) -> Effect {
    let Step::Fetched { url, entity_id } = step;
    let read = refresh::body(result).and_then(|document| read(turn, &document, entity_id.as_deref()));
    resolved(turn, read, ("metadata_url", Some(url)))
}

fn read(turn: &Turn<'_>, document: &[u8], entity_id: Option<&str>) -> Result<IdpMetadata, Failure> {
    let settings = &turn.engine.settings;
    read_document(document, entity_id, settings.metadata_validator.as_ref(), turn.now, settings.development)
}

/// Metadata that an administrator wants, of `entity_id` if that is known already.
pub(crate) fn read_document(
    document: &[u8],
    entity_id: Option<&str>,
    signature: Option<&Validator>,
    now: Timestamp,
    development: bool,
) -> Result<IdpMetadata, Failure> {
    let options = MetadataOptions {
        expected_entity_id: entity_id,
        now,
        signature,
        allow_loopback_http: development,
        min_rsa_bits: MIN_RSA_BITS,
    };
    refresh::read_document(document, &options)
}

fn resolved(
    turn: &mut Turn<'_>,
    read: Result<IdpMetadata, Failure>,
    (field, url): (&str, Option<String>),
) -> Effect {
    let metadata = match read {
        Ok(metadata) => metadata,
        Err(Failure { code, detail }) => {
            let problem = format!("{} ({detail})", code.admin());
            return wrong(turn, code, field, &problem);
        }
    };
    let mut idp = config::Idp { metadata_url: url, ..config::Idp::default() };
    idp.adopt(&metadata);
    Effect::Respond(pages::json(200, &json!({"idp": idp, "certificates": certificates(&metadata)})))
}

fn wrong(turn: &mut Turn<'_>, code: Code, field: &str, problem: &str) -> Effect {
    turn.outcome(code);
    turn.log(Level::Warn, code, format!("{field}: {problem}"));
    let problems = [Problem::new(field, problem)];
    Effect::Respond(pages::json(UNPROCESSABLE, &json!({"code": code.as_str(), "problems": problems})))
}

/// What an administrator wants to see of each signing certificate.
fn certificates(metadata: &IdpMetadata) -> Vec<Value> {
    let usable = metadata.certificates.iter().map(|der| certificate(Some(der), None));
    let unusable = metadata.unusable.iter().map(|one| certificate(one.der.as_deref(), Some(&one.error)));
    usable.chain(unusable).collect()
}

fn certificate(der: Option<&[u8]>, error: Option<&ostiary_xmlsig::KeyError>) -> Value {
    let info = der.and_then(|der| CertificateInfo::from_der(der).ok());
    json!({
        "subject": info.as_ref().map(|info| &info.subject),
        "sha256": info.as_ref().map(|info| &info.sha256),
        "not_before": info.as_ref().and_then(|info| day(info.not_before)),
        "not_after": info.as_ref().and_then(|info| day(info.not_after)),
        "der": der.map(|der| STANDARD.encode(der)),
        "usable": error.is_none(),
        "problem": error.map(ToString::to_string),
    })
}

/// `2026-11-20T10:00:00Z`.
fn day(seconds: i64) -> Option<String> {
    Timestamp::from_second(seconds).ok().map(|time| time.to_string())
}
