//! The verdict on one document, by the functions of production: `Received` for responses, `logout::receive_redirect`,
//! `metadata::read`, `Validator` and `exclusive_c14n`. Nothing here knows what the corpus expects.

use super::manifest::{Kind, OneOrMore, Sp, Task};
use crate::files;
use anyhow::Context as _;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use getrandom::SysRng;
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_core::{
    Expected, InResponse, LogoutExpected, LogoutMessage, MetadataOptions, Received, Rejected, Trace, logout,
    metadata, time,
};
use ostiary_xmlsig::{
    DecryptionKey, Element, KeyError, Limits, Message, Placement, Policy, Unsigned, Validator, VerifyingKey,
    exclusive_c14n, ns,
};
use rand_core::UnwrapErr;
use serde_json::Value;
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

/// Judges the documents of a corpus.
pub struct Judge<'c> {
    pub corpus: &'c Path,
    pub min_rsa_bits: u32,
}

/// What came of a document.
#[derive(Debug)]
pub enum Verdict {
    Accept(Box<Accepted>),
    Reject(Code),
}

/// What an accepted document says.
#[derive(Debug, Default)]
pub struct Accepted {
    subject: Option<String>,
    values: Option<BTreeMap<&'static str, Value>>,
    canonical: Option<String>,
}

impl Verdict {
    pub const fn is_accept(&self) -> bool {
        matches!(self, Self::Accept(_))
    }

    pub const fn code(&self) -> Option<Code> {
        match self {
            Self::Accept(_) => None,
            Self::Reject(code) => Some(*code),
        }
    }

    /// The verdict on a message that signed `subject` in or out.
    pub fn accept(subject: Option<&str>) -> Self {
        Self::Accept(Box::new(Accepted { subject: subject.map(str::to_owned), ..Accepted::default() }))
    }

    fn accepted(&self) -> Option<&Accepted> {
        match self {
            Self::Accept(accepted) => Some(accepted),
            Self::Reject(_) => None,
        }
    }

    /// The NameID that would sign in or out.
    pub fn subject(&self) -> Option<&str> {
        self.accepted()?.subject.as_deref()
    }

    /// What metadata says.
    pub fn values(&self) -> Option<&BTreeMap<&'static str, Value>> {
        self.accepted()?.values.as_ref()
    }

    /// The canonical form.
    pub fn canonical(&self) -> Option<&str> {
        self.accepted()?.canonical.as_deref()
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.code(), self.subject()) {
            (Some(code), _) => write!(f, "rejected with {code}"),
            (None, Some(subject)) => write!(f, "accepted for {subject:?}"),
            (None, None) => f.write_str("accepted"),
        }
    }
}

/// What the settings of one run allow beyond the product floor.
#[derive(Clone, Copy)]
struct Leniency {
    min_rsa_bits: u32,
    allow_sha1: bool,
}

impl Judge<'_> {
    /// The verdict, and how many milliseconds it took.
    pub fn judge(&self, task: &Task) -> anyhow::Result<(Verdict, f64)> {
        let leniency = Leniency { min_rsa_bits: self.min_rsa_bits, allow_sha1: task.sp.allow_sha1 };
        self.judge_with(task, leniency)
    }

    /// Whether the document would be accepted if short keys and SHA-1 were no reason to refuse it.
    pub fn accepts_but_for_weakness(&self, task: &Task) -> anyhow::Result<bool> {
        let leniency = Leniency { min_rsa_bits: 0, allow_sha1: true };
        Ok(self.judge_with(task, leniency)?.0.is_accept())
    }

    fn judge_with(&self, task: &Task, leniency: Leniency) -> anyhow::Result<(Verdict, f64)> {
        let document = self.read(&task.file)?;
        let certificates =
            task.idp_cert.iter().map(|file| self.read_text(file)).collect::<anyhow::Result<Vec<_>>>()?;
        let decryption = task.sp_decryption_key.as_ref().map(|file| self.read_text(file)).transpose()?;
        let decryption = decryption.map(|text| decryption_key(&text, leniency)).transpose()?.flatten();
        // The browser brings base64; the corpus holds what it encodes.
        let field = STANDARD.encode(&document);
        let subject = Subject {
            sp: &task.sp,
            document: &document,
            field: &field,
            certificates: &certificates,
            decryption: decryption.as_slice(),
            leniency,
        };
        let (result, ms) = timed(|| {
            // As at the door: a panic is the code `internal`, and the rest goes on.
            catch_unwind(AssertUnwindSafe(|| subject.judge(task.kind))).unwrap_or(Err(Code::Internal))
        });
        Ok((result.map_or_else(Verdict::Reject, |accepted| Verdict::Accept(Box::new(accepted))), ms))
    }

    pub fn read(&self, file: &str) -> anyhow::Result<Vec<u8>> {
        let file = self.corpus.join(file);
        std::fs::read(&file).with_context(|| format!("cannot read {}", file.display()))
    }

    pub fn read_text(&self, file: &str) -> anyhow::Result<String> {
        String::from_utf8(self.read(file)?).with_context(|| format!("{file} is not text"))
    }
}

/// Whether a private key (PKCS #8 DER) could be configured.
pub fn decryption_key_is_usable(der: &[u8], min_rsa_bits: u32) -> bool {
    DecryptionKey::from_pkcs8_der_of(der, min_rsa_bits).is_ok()
}

/// A key that cannot be used is as good as none.
fn decryption_key(text: &str, leniency: Leniency) -> anyhow::Result<Option<DecryptionKey>> {
    let der = files::base64(text).context("a decryption key")?;
    Ok(DecryptionKey::from_pkcs8_der_of(&der, leniency.min_rsa_bits).ok())
}

/// Milliseconds to three decimals.
#[expect(clippy::disallowed_methods, reason = "the tools read the clock")]
fn timed<R>(work: impl FnOnce() -> R) -> (R, f64) {
    let start = std::time::Instant::now();
    let result = work();
    (result, (start.elapsed().as_secs_f64() * 1_000_000.0).round() / 1000.0)
}

/// One document with everything that its judgement needs.
struct Subject<'t> {
    sp: &'t Sp,
    document: &'t [u8],
    field: &'t str,
    certificates: &'t [String],
    decryption: &'t [DecryptionKey],
    leniency: Leniency,
}

impl Subject<'_> {
    fn judge(&self, kind: Kind) -> Result<Accepted, Code> {
        match kind {
            Kind::Response => self.response(),
            Kind::Dsig => self.signatures(),
            Kind::RedirectLogoutRequest | Kind::RedirectLogoutResponse => self.logout(kind),
            Kind::Metadata => self.metadata(),
            Kind::C14n => self.canonical_form(),
        }
    }

    fn response(&self) -> Result<Accepted, Code> {
        let audiences = self.sp.audience.as_ref().map(OneOrMore::texts).unwrap_or_default();
        let expected = Expected {
            acs_url: text(&self.sp.acs),
            audiences: &audiences,
            idp_entity_id: text(&self.sp.idp_entity_id),
            request: self.sp.in_response_to.as_deref().map_or(InResponse::Unsolicited, InResponse::To),
            now: self.now(),
            clock_skew_seconds: self.sp.skew.unwrap_or(0),
            want_assertion_signed: self.sp.want_assertions_signed,
            want_response_signed: self.sp.want_responses_signed,
            fresh_since: None,
        };
        // As in the engine: who has no key reads nothing.
        let validator = self.validator()?;
        let xml = Received::decode_base64(self.field).map_err(code)?;
        let received = Received::parse(&xml).map_err(code)?;
        let rng = &mut UnwrapErr(SysRng);
        let accepted = received
            .validate(&validator, self.decryption, &expected, rng, &mut Trace::new())
            .map_err(code)?;
        Ok(Accepted {
            subject: Some(accepted.assertion().get().name_id().value.clone()),
            ..Accepted::default()
        })
    }

    /// Signature verification only: every element that carries a signature must be validly signed, and one must.
    fn signatures(&self) -> Result<Accepted, Code> {
        let validator = self.validator()?;
        let message = Message::parse(self.document, &Limits::MESSAGE).map_err(|error| error.code())?;
        let signed: Vec<Element<'_, Unsigned>> = message
            .root()
            .descendants()
            .filter(|element| element.children_named(ns::DS, "Signature").next().is_some())
            .collect();
        for element in &signed {
            validator.verify_enveloped(*element, Placement::Anywhere).map_err(|error| error.code())?;
        }
        if signed.is_empty() { Err(Code::SignatureMissing) } else { Ok(Accepted::default()) }
    }

    fn logout(&self, kind: Kind) -> Result<Accepted, Code> {
        let validator = self.validator()?;
        let query = std::str::from_utf8(self.document).map_err(|_| Code::LogoutParameters)?;
        let mut issuers: Vec<&str> = self.sp.idp_entity_id.as_deref().into_iter().collect();
        issuers.extend(self.sp.logout_issuers.iter().map(String::as_str));
        let expected = LogoutExpected {
            logout_url: text(&self.sp.slo_url),
            issuers: &issuers,
            now: self.now(),
            clock_skew_seconds: self.sp.skew.unwrap_or(0),
            in_response_to: self.sp.in_response_to.as_deref(),
        };
        let received = logout::receive_redirect(
            query.trim_end_matches(['\r', '\n']),
            &validator,
            &expected,
            self.decryption,
            &mut UnwrapErr(SysRng),
            &mut Trace::new(),
        )
        .map_err(code)?;
        match (kind, received.message) {
            (Kind::RedirectLogoutRequest, LogoutMessage::Request(request)) => {
                Ok(Accepted { subject: Some(request.get().name_id.value.clone()), ..Accepted::default() })
            }
            (Kind::RedirectLogoutResponse, LogoutMessage::Response(response)) => {
                response.get().outcome().map_err(code)?;
                Ok(Accepted::default())
            }
            _ => Err(Code::LogoutNotALogout),
        }
    }

    fn metadata(&self) -> Result<Accepted, Code> {
        let pinned = match self.sp.verify_with {
            Some(_) => Some(self.validator()?),
            None => None,
        };
        let options = MetadataOptions {
            expected_entity_id: self.sp.expected_entity_id.as_deref(),
            now: self.now(),
            signature: pinned.as_ref(),
            allow_loopback_http: false,
            min_rsa_bits: self.leniency.min_rsa_bits,
        };
        let metadata = metadata::read(self.document, &options).map_err(code)?;
        Ok(Accepted { values: Some(values(metadata.get())), ..Accepted::default() })
    }

    fn canonical_form(&self) -> Result<Accepted, Code> {
        // Comments are refused by the parser, so that both forms are the same where there is a form at all.
        let without_comments = text(&self.sp.algorithm).trim_end_matches("WithComments");
        if without_comments != ns::EXC_C14N {
            return Err(Code::SignatureCanonicalization);
        }
        let message = Message::parse(self.document, &Limits::MESSAGE).map_err(|error| error.code())?;
        let element = match &self.sp.subtree {
            None => message.root(),
            Some(name) => message
                .root()
                .descendants()
                .find(|element| element.local_name() == name)
                .ok_or(Code::SignatureReference)?,
        };
        let prefixes = self.sp.inclusive_prefixes.as_ref().map(OneOrMore::texts).unwrap_or_default();
        let prefixes: Vec<&str> = prefixes.iter().flat_map(|list| list.split_ascii_whitespace()).collect();
        Ok(Accepted { canonical: Some(exclusive_c14n(element, &prefixes)), ..Accepted::default() })
    }

    /// The configured keys that can verify; without one there is no validator.
    fn validator(&self) -> Result<Validator, Code> {
        let read = |text: &String| VerifyingKey::from_text(text, self.leniency.min_rsa_bits);
        let keys = self.certificates.iter().filter_map(|text| read(text).ok()).collect();
        let policy = Policy { allow_sha1: self.leniency.allow_sha1 };
        Validator::new(keys, policy).map_err(|error: KeyError| error.code())
    }

    /// The frozen clock; a case without one is judged at the beginning of time.
    fn now(&self) -> Timestamp {
        self.sp.now.as_deref().and_then(time::parse).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// The values of a metadata document, under the names that the corpus uses.
fn values(metadata: &ostiary_core::IdpMetadata) -> BTreeMap<&'static str, Value> {
    let fingerprints: Vec<Value> = metadata
        .certificates
        .iter()
        .filter_map(|der| VerifyingKey::from_certificate_der(der, 0).ok())
        .map(|key| Value::from(key.fingerprint().hex()))
        .collect();
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::from);
    BTreeMap::from([
        ("entity_id", Value::from(metadata.entity_id.clone())),
        ("sso_redirect", text(&metadata.sso_redirect)),
        ("sso_post", text(&metadata.sso_post)),
        ("slo_redirect", text(&metadata.slo_redirect)),
        ("signing_cert_sha256", Value::from(fingerprints)),
    ])
}

fn text(setting: &Option<String>) -> &str {
    setting.as_deref().unwrap_or_default()
}

fn code(rejected: Rejected) -> Code {
    rejected.code()
}
