//! Checks one SAML Response from Rust alone, without engine, door or JVM.
//!
//! ```text
//! cargo run -p ostiary-core --example check_response -- \
//!     response.xml idp-certificate.pem https://sp.example/acs https://sp.example/ https://idp.example/ REQUEST_ID
//! ```
//!
//! `REQUEST_ID` is `-` for a response that answers no request. A seventh argument sets the clock, e.g.
//! `2026-11-24T09:00:00Z`. Encrypted assertions need a key: see `ostiary_xmlsig::DecryptionKey`.

use getrandom::SysRng;
use ostiary_core::{Accepted, Expected, InResponse, Received, Rejected, Trace};
use ostiary_xmlsig::{Policy, Validator, VerifyingKey};
use rand_core::UnwrapErr;
use std::error::Error;
use std::process::ExitCode;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (file, certificate, acs_url, audience, idp_entity_id, request, now) = match arguments.as_slice() {
        [file, certificate, acs, audience, idp, request] => {
            (file, certificate, acs, audience, idp, request, clock())
        }
        [file, certificate, acs, audience, idp, request, now] => {
            (file, certificate, acs, audience, idp, request, now.parse()?)
        }
        _ => return Err("wanted: FILE CERTIFICATE ACS_URL AUDIENCE IDP_ENTITY_ID REQUEST_ID [NOW]".into()),
    };
    let expected = Expected {
        acs_url,
        audiences: &[audience],
        idp_entity_id,
        request: if request == "-" { InResponse::Unsolicited } else { InResponse::To(request) },
        now,
        clock_skew_seconds: 180,
        want_assertion_signed: false,
        want_response_signed: false,
        fresh_since: None,
    };
    // Without a key there is no validator, and without a validator there is no identity.
    let key = VerifyingKey::from_text(&std::fs::read_to_string(certificate)?, 2048)?;
    let validator = Validator::new(vec![key], Policy { allow_sha1: false })?;
    let xml = std::fs::read(file)?;

    let mut trace = Trace::detailed();
    let outcome = Received::parse(&xml).and_then(|received| {
        received.validate(&validator, &[], &expected, &mut UnwrapErr(SysRng), &mut trace)
    });
    for check in trace.checks() {
        let mark = if check.ok { "ok  " } else { "FAIL" };
        println!("{mark} {}: expected {:?}, seen {:?}", check.check, check.expected, check.seen);
    }
    Ok(report(&outcome))
}

fn report(outcome: &Result<Accepted, Rejected>) -> ExitCode {
    match outcome {
        Ok(accepted) => {
            let assertion = accepted.assertion().get();
            println!("accepted: {:?}", assertion.name_id().value);
            for attribute in assertion.attributes() {
                println!("  {} = {:?}", attribute.name, attribute.values);
            }
            for once in accepted.one_time() {
                println!("  use once: {} {}", once.kind.as_str(), once.id);
            }
            ExitCode::SUCCESS
        }
        Err(rejected) => {
            println!("rejected: {}: {}", rejected.code(), rejected.code().admin());
            ExitCode::FAILURE
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "an example is the outermost layer; it may ask for the time")]
fn clock() -> jiff::Timestamp {
    jiff::Timestamp::now()
}
