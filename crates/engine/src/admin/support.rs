//! Files to download: what support needs to know, and the certificate under which assertions are encrypted for us.

use super::{certificates, document};
use crate::config::Host;
use crate::pages;
use crate::turn::Turn;
use crate::wire::action::{Effect, Respond};
use crate::wire::event::Admin;
use ostiary_codes::Code;
use serde_json::json;

/// Versions, settings without secrets, the last traces without names.
pub fn file(turn: &mut Turn<'_>, host: &Host) -> Respond {
    let state = turn.engine.state.get();
    let file = json!({
        "made": turn.now.to_string(),
        "versions": {
            "library": env!("CARGO_PKG_VERSION"),
            "addon": host.addon_version,
            "product": host.product.key(),
            "host": host.version,
            "openssl": openssl::version::version(),
        },
        "context_path": host.context_path,
        "development": host.development,
        "host_problems": host.problems,
        "last_refresh_ms": state.config.refresh.last_refresh_ms,
        "settings": document::whole(turn, &state.config, host),
        "traces": turn.engine.traces.all(),
    });
    // For people, too.
    let text = serde_json::to_string_pretty(&file).unwrap_or_default();
    download(pages::text(200, "application/json", text), "ostiary-support.json")
}

/// The certificate of a decryption key: the newest, or the one with the number in the query.
pub fn certificate(turn: &mut Turn<'_>, event: &Admin) -> Effect {
    let number = event.query.as_deref().unwrap_or("0").parse::<usize>().unwrap_or(usize::MAX);
    let state = turn.engine.state.get();
    match state.keys.encryption_certificates.get(number) {
        Some(der) => {
            let file = pages::text(200, "application/x-pem-file", certificates::pem(der));
            Effect::Respond(download(file, "ostiary-token-encryption.cer"))
        }
        None => turn.refuse(Code::KeyPairMissing, ""),
    }
}

fn download(mut respond: Respond, name: &str) -> Respond {
    respond.headers.push(("Content-Disposition", format!("attachment; filename=\"{name}\"")));
    respond
}
