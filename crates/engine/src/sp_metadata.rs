//! Our own metadata, for the administrator of the identity provider.

use crate::turn::Turn;
use crate::wire::action::Effect;
use crate::wire::event::Request;
use crate::{health, pages, signon};
use ostiary_core::{BuildError, RequestId, SpMetadata, sp_metadata};

/// A request at the metadata URL.
pub fn get(turn: &mut Turn<'_>, request: &Request) -> Effect {
    if let Some(refused) = signon::only_reading(turn, request) {
        return refused;
    }
    match write(turn) {
        Ok(xml) => Effect::Respond(health::without_body(pages::metadata(xml), request)),
        Err(error) => turn.refuse(error.code(), &error.to_string()),
    }
}

/// The document, signed as soon as there is a key to sign with.
fn write(turn: &mut Turn<'_>) -> Result<String, BuildError> {
    let settings = &turn.engine.settings;
    let state = turn.engine.state.get();
    let metadata = SpMetadata {
        entity_id: &settings.entity_id,
        acs_url: &settings.acs.url,
        logout_url: Some(&settings.logout.url),
        signing_certificate: state.keys.signing_certificate.as_deref(),
        encryption_certificates: &state.keys.encryption_certificates,
        want_assertions_signed: settings.want_assertion_signed,
        authn_requests_signed: settings.request.sign,
    };
    let sign = state.keys.signing.as_ref().map(|key| (key, RequestId::random(turn.rng)));
    sp_metadata::write(&metadata, sign)
}
