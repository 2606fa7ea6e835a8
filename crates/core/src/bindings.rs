//! How our messages leave: HTTP-Redirect (Bindings 3.4) and HTTP-POST (Bindings 3.5).

use crate::{BuildError, PostForm};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use ostiary_xmlsig::{SigningKey, percent_encode, sign_enveloped, sign_redirect_query};
use std::io::Write as _;
use url::Url;

/// Bytes of RelayState (Bindings 3.4.3, 3.5.3).
pub(crate) const MAX_RELAY_STATE: usize = 80;

/// The URL that carries `message`: DEFLATE, base64, percent-encoding (Bindings 3.4.4.1). `extra` follows the signed
/// part.
pub(crate) fn redirect_url(
    endpoint: &str,
    (parameter, message): (&'static str, &str),
    relay_state: Option<&str>,
    extra: &[(&str, &str)],
    key: Option<&SigningKey>,
) -> Result<String, BuildError> {
    let mut url = Url::parse(endpoint).map_err(|_| BuildError::Url)?;
    if !matches!(url.scheme(), "https" | "http") || url.fragment().is_some() {
        return Err(BuildError::Url);
    }
    let mut query = String::with_capacity(1024);
    push(&mut query, parameter, &STANDARD.encode(deflate(message)?));
    if let Some(relay_state) = bounded_relay_state(relay_state)? {
        push(&mut query, "RelayState", relay_state);
    }
    if let Some(key) = key {
        query = sign_redirect_query(&query, key)?;
    }
    for (name, value) in extra {
        push(&mut query, name, value);
    }
    let query = match url.query() {
        Some(own) if !own.is_empty() => format!("{own}&{query}"),
        _ => query,
    };
    url.set_query(Some(&query));
    Ok(url.into())
}

/// The form fields that carry `message`: base64 only (Bindings 3.5.4). `id` is the ID of its root, for the signature.
pub(crate) fn post_form(
    (parameter, message): (&'static str, &str),
    id: &str,
    relay_state: Option<&str>,
    key: Option<&SigningKey>,
) -> Result<PostForm, BuildError> {
    let encoded = match key {
        Some(key) => STANDARD.encode(sign_enveloped(message, id, key, None)?),
        None => STANDARD.encode(message),
    };
    let mut fields = vec![(parameter, encoded)];
    if let Some(relay_state) = bounded_relay_state(relay_state)? {
        fields.push(("RelayState", relay_state.to_owned()));
    }
    Ok(PostForm { fields })
}

fn bounded_relay_state(relay_state: Option<&str>) -> Result<Option<&str>, BuildError> {
    match relay_state {
        Some(text) if text.len() > MAX_RELAY_STATE => Err(BuildError::RelayState),
        other => Ok(other),
    }
}

fn deflate(message: &str) -> Result<Vec<u8>, BuildError> {
    let mut encoder = DeflateEncoder::new(Vec::with_capacity(message.len()), Compression::default());
    encoder.write_all(message.as_bytes()).map_err(|_| BuildError::Deflate)?;
    encoder.finish().map_err(|_| BuildError::Deflate)
}

fn push(query: &mut String, name: &str, value: &str) {
    if !query.is_empty() {
        query.push('&');
    }
    query.push_str(&percent_encode(name));
    query.push('=');
    query.push_str(&percent_encode(value));
}
