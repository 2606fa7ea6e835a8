//! `ostiary check FILE`: validates a response offline, check by check, with what was expected and what was seen.

use crate::files;
use crate::now;
use anyhow::{Context as _, bail, ensure};
use getrandom::SysRng;
use jiff::Timestamp;
use ostiary_core::{
    Accepted, Expected, InResponse, MetadataOptions, Received, Rejected, Trace, metadata, time,
};
use ostiary_xmlsig::{DecryptionKey, Policy, Validator, VerifyingKey};
use rand_core::UnwrapErr;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// The response: XML, the base64 of the form field SAMLResponse, or the whole urlencoded form; - reads standard input.
    response: PathBuf,
    /// Assertion consumer service URL of the service provider.
    #[arg(long, value_name = "URL")]
    acs: String,
    /// Entity ID of the service provider; may be repeated for further audiences.
    #[arg(long, value_name = "ID", required = true)]
    audience: Vec<String>,
    /// Metadata of the identity provider: its entity ID and its certificates.
    #[arg(long, value_name = "FILE")]
    metadata: Option<PathBuf>,
    /// Entity ID of the identity provider, if not that of the metadata.
    #[arg(long, value_name = "ID")]
    idp: Option<String>,
    /// A certificate (PEM or base64) of the identity provider; may be repeated.
    #[arg(long, value_name = "FILE")]
    certificate: Vec<PathBuf>,
    /// ID of the request that the response must answer; without it, that which the response names is taken as given.
    #[arg(long, value_name = "ID", conflicts_with = "unsolicited")]
    in_response_to: Option<String>,
    /// The response must not answer any request.
    #[arg(long)]
    unsolicited: bool,
    /// The time of judgement, as 2026-11-20T10:15:40Z [default: now].
    #[arg(long, value_name = "TIME", value_parser = instant)]
    at: Option<Timestamp>,
    /// By how many seconds the clocks may differ, at most 300.
    #[arg(long, value_name = "SECONDS", default_value_t = 180)]
    skew: u16,
    /// Accept SHA-1 in signatures.
    #[arg(long)]
    allow_sha1: bool,
    /// The assertion itself must be signed.
    #[arg(long)]
    want_assertion_signed: bool,
    /// The response itself must be signed.
    #[arg(long)]
    want_response_signed: bool,
    /// Private key for decryption: PKCS #8, base64 of the DER, with or without PEM lines; may be repeated.
    #[arg(long, value_name = "FILE")]
    decryption_key: Vec<PathBuf>,
    /// Shortest RSA key that is accepted.
    #[arg(long, value_name = "BITS", default_value_t = crate::MIN_RSA_BITS)]
    min_rsa_bits: u32,
}

fn instant(text: &str) -> Result<Timestamp, String> {
    time::parse(text).ok_or_else(|| "not a time like 2026-11-20T10:15:40Z".to_owned())
}

/// Success when the response would sign somebody in.
pub fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let field = files::read(&arguments.response)?;
    let trust = Trust::of(arguments)?;
    let mut trace = Trace::detailed();
    let outcome = validate(arguments, &field, &trust, &mut trace)?;
    for check in trace.checks() {
        println!("{} {}", if check.ok { "ok  " } else { "FAIL" }, check.check);
        for (what, text) in [("expected", &check.expected), ("seen", &check.seen)] {
            if !text.is_empty() {
                println!("       {what:<9} {text}");
            }
        }
    }
    println!();
    match outcome {
        Ok(accepted) => {
            show(&accepted);
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

/// Whom the response may come from.
struct Trust {
    idp: String,
    validator: Validator,
    decryption: Vec<DecryptionKey>,
}

impl Trust {
    fn of(arguments: &Arguments) -> anyhow::Result<Self> {
        let mut keys = Vec::new();
        let mut idp = arguments.idp.clone();
        if let Some(file) = &arguments.metadata {
            let options = MetadataOptions {
                expected_entity_id: arguments.idp.as_deref(),
                now: arguments.at.unwrap_or_else(now),
                signature: None,
                allow_loopback_http: true,
                min_rsa_bits: arguments.min_rsa_bits,
            };
            let read = metadata::read(&files::read(file)?, &options);
            let read =
                read.map_err(|error| files::refused(&file.display().to_string(), &error))?.into_inner();
            for der in &read.certificates {
                keys.push(VerifyingKey::from_certificate_der(der, arguments.min_rsa_bits)?);
            }
            idp.get_or_insert(read.entity_id);
        }
        for file in &arguments.certificate {
            let key = VerifyingKey::from_text(&files::read_text(file)?, arguments.min_rsa_bits);
            keys.push(key.with_context(|| file.display().to_string())?);
        }
        ensure!(!keys.is_empty(), "give --metadata or --certificate: without a key nothing can be verified");
        let Some(idp) = idp else { bail!("give --metadata or --idp: the Issuer must be known") };
        let decryption = arguments.decryption_key.iter().map(|file| {
            let der = files::base64(&files::without_armour(&files::read_text(file)?))?;
            DecryptionKey::from_pkcs8_der_of(&der, arguments.min_rsa_bits)
                .with_context(|| file.display().to_string())
        });
        Ok(Self {
            idp,
            decryption: decryption.collect::<anyhow::Result<_>>()?,
            validator: Validator::new(keys, Policy { allow_sha1: arguments.allow_sha1 })?,
        })
    }
}

fn validate(
    arguments: &Arguments,
    field: &[u8],
    trust: &Trust,
    trace: &mut Trace,
) -> anyhow::Result<Result<Accepted, Rejected>> {
    let xml = match files::response(field)? {
        Ok(xml) => xml,
        Err(rejected) => return Ok(Err(rejected)),
    };
    let received = match Received::parse(&xml) {
        Ok(received) => received,
        Err(rejected) => return Ok(Err(rejected)),
    };
    let named = received.in_response_to().map(|id| id.for_trace());
    let request = match (&arguments.in_response_to, &named) {
        (Some(id), _) => InResponse::To(id),
        (None, Some(id)) if !arguments.unsolicited => {
            println!("note InResponseTo is taken from the response itself: {id}\n");
            InResponse::To(id)
        }
        _ => InResponse::Unsolicited,
    };
    let audiences: Vec<&str> = arguments.audience.iter().map(String::as_str).collect();
    let expected = Expected {
        acs_url: &arguments.acs,
        audiences: &audiences,
        idp_entity_id: &trust.idp,
        request,
        now: arguments.at.unwrap_or_else(now),
        clock_skew_seconds: arguments.skew,
        want_assertion_signed: arguments.want_assertion_signed,
        want_response_signed: arguments.want_response_signed,
        fresh_since: None,
    };
    let rng = &mut UnwrapErr(SysRng);
    Ok(received.validate(&trust.validator, &trust.decryption, &expected, rng, trace))
}

fn show(accepted: &Accepted) {
    let assertion = accepted.assertion().get();
    println!("ACCEPTED  {}", assertion.name_id().value);
    let row = |name: &str, value: &str| println!("          {name:<22} {value}");
    row("Format", assertion.name_id().format.as_deref().unwrap_or("none"));
    row("Issuer", assertion.issuer());
    row("Assertion", assertion.id());
    row("SessionIndex", assertion.session_index().unwrap_or("none"));
    if let Some(end) = assertion.session_not_on_or_after() {
        row("SessionNotOnOrAfter", &time::format(end));
    }
    let signed = match (accepted.response_signed(), accepted.assertion_signed()) {
        (true, true) => "Response and Assertion",
        (true, false) => "Response",
        (false, _) => "Assertion",
    };
    row("Signed", signed);
    row("Key (SHA-256)", &accepted.signed_with().key.hex());
    if accepted.sha1_used() {
        row("Warning", "SHA-1 was used");
    }
    for attribute in assertion.attributes() {
        for value in &attribute.values {
            println!("          {} = {value}", attribute.name);
        }
    }
}
