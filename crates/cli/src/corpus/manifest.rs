//! `manifest.json`, in two halves: what the judge is told, and what only the marker knows.

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::{Map, Value};
use std::path::Path;

pub struct Manifest {
    pub cases: Vec<Case>,
}

pub struct Case {
    pub task: Task,
    pub key: AnswerKey,
}

/// A document and the settings of the service provider under which it is judged.
#[derive(Debug, Deserialize)]
pub struct Task {
    pub id: String,
    pub kind: Kind,
    pub file: String,
    #[serde(default)]
    pub idp_cert: Vec<String>,
    #[serde(default)]
    pub sp: Sp,
    pub sp_decryption_key: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Response,
    Dsig,
    RedirectLogoutRequest,
    RedirectLogoutResponse,
    Metadata,
    C14n,
}

impl Kind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Response => "response",
            Self::Dsig => "dsig",
            Self::RedirectLogoutRequest => "redirect_logout_request",
            Self::RedirectLogoutResponse => "redirect_logout_response",
            Self::Metadata => "metadata",
            Self::C14n => "c14n",
        }
    }
}

/// Settings; what is absent keeps the product's default. Settings that the product does not have (such as
/// `require_audience`: it always does) are not read.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Sp {
    pub now: Option<String>,
    pub skew: Option<u16>,
    pub allow_sha1: bool,
    pub acs: Option<String>,
    pub audience: Option<OneOrMore>,
    pub idp_entity_id: Option<String>,
    pub in_response_to: Option<String>,
    pub want_assertions_signed: bool,
    #[serde(alias = "want_messages_signed", alias = "want_response_signed", alias = "want_message_signed")]
    pub want_responses_signed: bool,
    pub slo_url: Option<String>,
    pub logout_issuers: Vec<String>,
    pub expected_entity_id: Option<String>,
    pub verify_with: Option<String>,
    pub algorithm: Option<String>,
    pub subtree: Option<String>,
    pub inclusive_prefixes: Option<OneOrMore>,
}

/// A text, or a list of texts.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::One(text) => vec![text],
            Self::More(texts) => texts.iter().map(String::as_str).collect(),
        }
    }
}

/// What the verdict is held against. Never shown to the judge.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct AnswerKey {
    pub expected: Option<Expected>,
    pub grade: Option<Grade>,
    pub weak: bool,
    pub critical: bool,
    pub tolerated: Option<String>,
    pub tags: Vec<String>,
    pub expected_subject: Option<OneOrMore>,
    pub must_never_return_subject: Option<OneOrMore>,
    pub expected_values: Map<String, Value>,
    pub expected_output_file: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Expected {
    Accept,
    Reject,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    Must,
    Either,
    Policy,
}

impl Manifest {
    pub fn read(corpus: &Path) -> anyhow::Result<Self> {
        #[derive(Deserialize)]
        struct Document {
            cases: Vec<Value>,
        }
        let file = corpus.join("manifest.json");
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let document: Document = serde_json::from_str(&text).context("manifest.json is not a manifest")?;
        let cases = document.cases.into_iter().map(Case::read).collect::<anyhow::Result<_>>()?;
        Ok(Self { cases })
    }
}

impl Case {
    fn read(case: Value) -> anyhow::Result<Self> {
        let about = || format!("the case {}", case.get("id").unwrap_or(&Value::Null));
        let task = Task::deserialize(without_nulls(&case)).with_context(about)?;
        let key = AnswerKey::deserialize(&case).with_context(about)?;
        Ok(Self { task, key })
    }
}

/// A setting that is `null` is a setting that is absent.
fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name.clone(), without_nulls(value)))
            .collect(),
        other => other.clone(),
    }
}
