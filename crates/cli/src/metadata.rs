//! `ostiary metadata FILE`: reads the metadata of an identity provider and shows what is taken from it.

use crate::{files, now};
use anyhow::Context as _;
use jiff::Timestamp;
use ostiary_core::{IdpMetadata, MetadataOptions, metadata, time};
use ostiary_xmlsig::{CertificateInfo, Policy, Validator, VerifyingKey};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The document; - reads standard input.
    document: PathBuf,
    /// The entity ID that it must have, or that is chosen from several.
    #[arg(long, value_name = "ID")]
    entity_id: Option<String>,
    /// A certificate (PEM or base64) that must have signed the document; may be repeated.
    #[arg(long, value_name = "FILE")]
    signed_by: Vec<PathBuf>,
    /// Accept http endpoints on this machine, as in development.
    #[arg(long)]
    allow_loopback_http: bool,
    /// Shortest RSA key that is accepted.
    #[arg(long, value_name = "BITS", default_value_t = crate::MIN_RSA_BITS)]
    min_rsa_bits: u32,
}

/// Success when the document can be used.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let document = files::read(&arguments.document)?;
    let options = MetadataOptions {
        expected_entity_id: arguments.entity_id.as_deref(),
        now: now(),
        signature: None,
        allow_loopback_http: arguments.allow_loopback_http,
        min_rsa_bits: arguments.min_rsa_bits,
    };
    let pinned = signers(arguments)?;
    match metadata::read(&document, &MetadataOptions { signature: pinned.as_ref(), ..options }) {
        Ok(metadata) => {
            show(metadata.get(), options.now);
            Ok(ExitCode::SUCCESS)
        }
        Err(rejected) => {
            println!("REJECTED  {}", rejected.code());
            println!("          {}", rejected.code().admin());
            println!("          {}", rejected.detail());
            Ok(ExitCode::FAILURE)
        }
    }
}

fn signers(arguments: &Arguments) -> anyhow::Result<Option<Validator>> {
    if arguments.signed_by.is_empty() {
        return Ok(None);
    }
    let keys = arguments.signed_by.iter().map(|file| {
        VerifyingKey::from_text(&files::read_text(file)?, arguments.min_rsa_bits)
            .with_context(|| file.display().to_string())
    });
    let keys = keys.collect::<anyhow::Result<_>>()?;
    Ok(Some(Validator::new(keys, Policy { allow_sha1: false })?))
}

fn show(metadata: &IdpMetadata, now: Timestamp) {
    let row = |name: &str, value: &str| println!("{name:<24} {value}");
    let maybe = |name: &str, value: &Option<String>| row(name, value.as_deref().unwrap_or("none"));
    row("Entity ID", &metadata.entity_id);
    maybe("Sign-on, Redirect", &metadata.sso_redirect);
    maybe("Sign-on, POST", &metadata.sso_post);
    maybe("Logout, Redirect", &metadata.slo_redirect);
    maybe("Logout responses", &metadata.slo_response_location);
    maybe("Logout, POST", &metadata.slo_post);
    row("Wants signed requests", if metadata.want_authn_requests_signed { "yes" } else { "no" });
    row("Valid until", &metadata.valid_until.map_or_else(|| "no end".to_owned(), time::format));
    let cache = metadata.cache_duration_seconds.map_or_else(|| "none".to_owned(), |s| format!("{s} s"));
    row("Cache duration", &cache);
    for der in &metadata.certificates {
        row("Certificate", &certificate(der, now));
    }
    for unusable in &metadata.unusable {
        row("Unusable certificate", &unusable.error.to_string());
    }
}

/// The validity of a pinned certificate is told, never enforced.
fn certificate(der: &[u8], now: Timestamp) -> String {
    let Ok(info) = CertificateInfo::from_der(der) else { return "cannot be described".to_owned() };
    let day = |seconds| Timestamp::from_second(seconds).map_or_else(|_| "?".to_owned(), time::format);
    let warning = match now.as_second() {
        seconds if seconds > info.not_after => ", past its end",
        seconds if seconds < info.not_before => ", not begun",
        _ => "",
    };
    format!(
        "{}, RSA {} bits, {} to {}{warning}\n{:<24} SHA-256 {}",
        info.subject,
        info.rsa_bits,
        day(info.not_before),
        day(info.not_after),
        "",
        info.sha256
    )
}
