//! Certificates as an administrator sees and pastes them.

use crate::MIN_RSA_BITS;
use crate::settings::Problem;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_xmlsig::{CertificateInfo, VerifyingKey};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

const BEGIN: &str = "-----BEGIN";
const END: &str = "-----END";

/// One line of the table.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Certificate {
    pub subject: String,
    /// SHA-256 over the DER, in hexadecimal.
    pub sha256: String,
    /// `2029-11-19`.
    pub not_before: String,
    pub not_after: String,
    /// Signed the last sign-in that this engine accepted.
    pub active: bool,
    pub state: String,
}

/// PEM blocks, or what is between empty lines.
pub fn split(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut one = String::new();
    for line in text.lines().map(str::trim) {
        let begins = line.starts_with(BEGIN);
        if (line.is_empty() || begins) && !one.is_empty() {
            all.push(std::mem::take(&mut one));
        }
        if !line.is_empty() {
            one.push_str(line);
            one.push('\n');
        }
        if line.starts_with(END) {
            all.push(std::mem::take(&mut one));
        }
    }
    if !one.is_empty() {
        all.push(one);
    }
    all
}

/// Base64 without lines; a PEM block of something else than a certificate stays as it is.
pub fn compact(text: &str) -> String {
    if text.contains(BEGIN) && !text.contains("-----BEGIN CERTIFICATE-----") {
        return text.to_owned();
    }
    text.lines().filter(|line| !line.starts_with("-----")).flat_map(str::split_whitespace).collect()
}

/// For the text area.
pub fn to_text(certificates: &[String]) -> String {
    let texts = certificates.iter().map(|text| match STANDARD.decode(compact(text)) {
        Ok(der) if CertificateInfo::from_der(&der).is_ok() => pem(&der),
        _ => text.trim().to_owned() + "\n",
    });
    texts.collect::<Vec<_>>().join("\n").trim_end().to_owned()
}

/// A certificate in PEM.
pub fn pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut text = String::from("-----BEGIN CERTIFICATE-----\n");
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, more) = rest.split_at_checked(64).unwrap_or((rest, ""));
        text.push_str(line);
        text.push('\n');
        rest = more;
    }
    text.push_str("-----END CERTIFICATE-----\n");
    text
}

/// What can be used of `texts`, each once, and what is wrong with the others.
pub fn check(texts: &[String]) -> (Vec<String>, Vec<Problem>) {
    let mut good = Vec::new();
    let mut problems = Vec::new();
    for (number, text) in texts.iter().enumerate() {
        match VerifyingKey::from_text(text, MIN_RSA_BITS) {
            Ok(_) => {
                let text = compact(text);
                if !good.contains(&text) {
                    good.push(text);
                }
            }
            Err(error) => {
                let number = number.saturating_add(1);
                problems.push(Problem::new("certificates", format!("certificate {number}: {error}")));
            }
        }
    }
    (good, problems)
}

/// A table of `texts`. `active` is the fingerprint of the key that signed last.
pub fn describe(texts: &[String], active: Option<&str>, now: Timestamp) -> Vec<Certificate> {
    texts.iter().map(|text| describe_one(text, active, now)).collect()
}

fn describe_one(text: &str, active: Option<&str>, now: Timestamp) -> Certificate {
    let der = STANDARD.decode(compact(text)).unwrap_or_default();
    let key = VerifyingKey::from_text(text, MIN_RSA_BITS);
    let info = CertificateInfo::from_der(&der).ok();
    let sha256 = match (&info, &key) {
        (Some(info), _) => info.sha256.clone(),
        (None, Ok(key)) => key.fingerprint().hex(),
        (None, Err(_)) => String::new(),
    };
    let active = active.is_some_and(|active| active == sha256);
    let expired = info.as_ref().is_some_and(|info| info.not_after < now.as_second());
    let state = match (&key, active, expired) {
        (Err(error), _, _) => format!("cannot be used: {error}"),
        (Ok(_), true, false) => "active: signed the last sign-in".to_owned(),
        (Ok(_), true, true) => "active: signed the last sign-in; expired".to_owned(),
        (Ok(_), false, true) => "accepted; expired".to_owned(),
        (Ok(_), false, false) => "accepted".to_owned(),
    };
    Certificate {
        subject: match (&info, &key) {
            (Some(info), _) => info.subject.clone(),
            (None, Ok(_)) => "a key without certificate".to_owned(),
            (None, Err(_)) => "not a certificate".to_owned(),
        },
        sha256,
        not_before: info.as_ref().and_then(|info| day(info.not_before)).unwrap_or_default(),
        not_after: info.as_ref().and_then(|info| day(info.not_after)).unwrap_or_default(),
        active,
        state,
    }
}

/// `2026-11-20`.
fn day(seconds: i64) -> Option<String> {
    let time = Timestamp::from_second(seconds).ok()?.to_string();
    time.split('T').next().map(str::to_owned)
}

/// `AB:CD:…`, as portals show it.
pub fn colons(sha256: &str) -> String {
    let mut text = String::new();
    for (index, c) in sha256.chars().enumerate() {
        if index > 0 && index % 2 == 0 {
            text.push(':');
        }
        let _written = write!(text, "{}", c.to_ascii_uppercase());
    }
    text
}
