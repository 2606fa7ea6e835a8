use crate::{Hash, TestKey, TestkitError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use std::io::Write as _;

/// How a Redirect-binding query is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectStyle {
    /// As Entra: lower-case percent-encoding, Signature before SigAlg.
    Entra,
    /// As the specification's example: upper-case, SigAlg before Signature.
    Plain,
}

/// DEFLATE, then base64 (Bindings 3.4.4.1).
///
/// # Errors
/// [`TestkitError::Io`].
pub fn deflate_base64(xml: &str) -> Result<String, TestkitError> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(xml.as_bytes())?;
    Ok(STANDARD.encode(encoder.finish()?))
}

/// A signed Redirect-binding query for `parameter` (`SAMLRequest` or `SAMLResponse`).
///
/// # Errors
/// [`TestkitError`].
pub fn redirect_query(
    parameter: &str,
    xml: &str,
    relay_state: Option<&str>,
    key: &TestKey,
    style: RedirectStyle,
) -> Result<String, TestkitError> {
    let encode = |value: &str| percent(value, style);
    let mut signed = format!("{parameter}={}", encode(&deflate_base64(xml)?));
    if let Some(relay_state) = relay_state {
        signed.push_str(&format!("&RelayState={}", encode(relay_state)));
    }
    let algorithm = format!("&SigAlg={}", encode(Hash::Sha256.signature_uri()));
    let signature = key.sign(Hash::Sha256, format!("{signed}{algorithm}").as_bytes())?;
    let signature = format!("&Signature={}", encode(&STANDARD.encode(signature)));
    Ok(match style {
        RedirectStyle::Entra => format!("{signed}{signature}{algorithm}"),
        RedirectStyle::Plain => format!("{signed}{algorithm}{signature}"),
    })
}

fn percent(value: &str, style: RedirectStyle) -> String {
    let mut encoded = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            encoded.push(char::from(byte));
        } else if style == RedirectStyle::Entra {
            encoded.push_str(&format!("%{byte:02x}"));
        } else {
            encoded.push_str(&format!("%{byte:02X}"));
        }
    }
    encoded
}
