//! What a host fetched: one document, or the code that says why there is none.

use crate::settings::Settings;
use crate::wire::action::Ask;
use crate::wire::event::{FetchFailed, Fetched};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use ostiary_core::Rejected;
use ostiary_core::metadata::{self, IdpMetadata, MetadataOptions};
use serde::Deserialize;
use serde_json::Value;

/// The largest document that is read.
const MAX_BYTES: usize = 1024 * 1024;
const TIMEOUT_MS: u32 = 10_000;

/// Why nothing is taken over.
#[derive(Debug, PartialEq, Eq)]
pub struct Failure {
    pub code: Code,
    pub detail: String,
}

impl Failure {
    fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }
}

impl From<Rejected> for Failure {
    fn from(rejected: Rejected) -> Self {
        Self::new(rejected.code(), rejected.detail())
    }
}

/// The question. No other address is ever fetched: redirects are refused here and by the host.
pub const fn ask(url: String, settings: &Settings) -> Ask {
    Ask::Fetch { url, max_bytes: MAX_BYTES, timeout_ms: TIMEOUT_MS, allow_loopback: settings.development }
}

/// The document that came with status 200.
pub fn body(result: &Value) -> Result<Vec<u8>, Failure> {
    let refused = |detail: String| Failure::new(Code::MetadataFetchRefused, detail);
    let failed = |detail: String| Failure::new(Code::MetadataFetchFailed, detail);
    let fetched = Fetched::deserialize(result).map_err(|error| failed(error.to_string()))?;
    if let Some(error) = fetched.error {
        let code = match fetched.why {
            Some(FetchFailed::Timeout) => Code::MetadataTimeout,
            Some(FetchFailed::Tls) => Code::MetadataTls,
            Some(FetchFailed::TooLarge) => Code::MetadataTooLarge,
            Some(FetchFailed::AddressRefused) => Code::MetadataAddressRefused,
            Some(FetchFailed::UnknownHost) | None => Code::MetadataFetchFailed,
        };
        return Err(Failure::new(code, error));
    }
    match fetched.status {
        Some(200) => {}
        Some(404 | 410) => return Err(Failure::new(Code::MetadataNotFound, "status 404")),
        Some(status @ 300..=399) => return Err(refused(format!("status {status}: redirects are refused"))),
        Some(status) => return Err(failed(format!("status {status}"))),
        None => return Err(failed("the host told no status".to_owned())),
    }
    let body = fetched.body.ok_or_else(|| failed("the host told no body".to_owned()))?;
    let too_large = || Failure::new(Code::MetadataTooLarge, format!("more than {MAX_BYTES} bytes"));
    // Base64 is a third longer than what it encodes.
    if body.len() / 4 * 3 > MAX_BYTES.saturating_add(2) {
        return Err(too_large());
    }
    let document = STANDARD.decode(body).map_err(|_| failed("the body is not base64".to_owned()))?;
    if document.len() > MAX_BYTES { Err(too_large()) } else { Ok(document) }
}

/// Metadata out of a document; a web page is told apart, for that is what a wrong address usually gives.
pub fn read_document(document: &[u8], options: &MetadataOptions<'_>) -> Result<IdpMetadata, Failure> {
    let read = metadata::read(document, options);
    if read.is_err() && is_html(document) {
        return Err(Failure::new(Code::MetadataHtml, "a web page"));
    }
    Ok(read?.into_inner())
}

/// Whether a document begins as web pages do.
fn is_html(document: &[u8]) -> bool {
    let start = document.get(..512).unwrap_or(document);
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let start = start.trim_start_matches(|c: char| c == '\u{feff}' || c.is_whitespace());
    start.starts_with("<!doctype html") || start.starts_with("<html")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn code(result: &Value) -> Code {
        body(result).unwrap_err().code
    }

    #[test]
    fn takes_status_200_alone() {
        assert_eq!(body(&json!({"status": 200, "body": STANDARD.encode("x")})).unwrap(), b"x");
        for status in [301, 302, 303, 307, 308] {
            let redirect = json!({"status": status, "body": STANDARD.encode("x")});
            assert_eq!(code(&redirect), Code::MetadataFetchRefused);
        }
        for status in [404, 410] {
            assert_eq!(code(&json!({"status": status})), Code::MetadataNotFound);
        }
        for status in [100, 201, 204, 206, 400, 401, 429, 500, 503] {
            let other = json!({"status": status, "body": STANDARD.encode("x")});
            assert_eq!(code(&other), Code::MetadataFetchFailed);
        }
    }

    #[test]
    fn refuses_what_is_too_large() {
        let of = |bytes: usize| json!({"status": 200, "body": STANDARD.encode(vec![b' '; bytes])});
        assert_eq!(body(&of(MAX_BYTES)).unwrap().len(), MAX_BYTES);
        assert_eq!(code(&of(MAX_BYTES + 1)), Code::MetadataTooLarge);
        assert_eq!(code(&of(MAX_BYTES * 2)), Code::MetadataTooLarge);
    }

    #[test]
    fn tells_what_a_host_tells_of_its_failure() {
        for (why, expected) in [
            ("timeout", Code::MetadataTimeout),
            ("tls", Code::MetadataTls),
            ("too-large", Code::MetadataTooLarge),
            ("address-refused", Code::MetadataAddressRefused),
            ("unknown-host", Code::MetadataFetchFailed),
        ] {
            assert_eq!(code(&json!({"error": "x", "why": why})), expected);
        }
        assert_eq!(code(&json!({"error": "x", "why": null})), Code::MetadataFetchFailed);
        assert_eq!(code(&json!({"error": "x", "why": "else"})), Code::MetadataFetchFailed);
    }

    #[test]
    fn fails_on_anything_else() {
        for result in [
            json!({"error": "timeout"}),
            json!({"error": "timeout", "status": 200, "body": ""}),
            json!({}),
            json!(null),
            json!([]),
            json!({"status": 200}),
            json!({"body": "eA=="}),
            json!({"status": 200, "body": "not base64"}),
            json!({"status": 200, "body": "eA==", "more": 1}),
        ] {
            assert_eq!(code(&result), Code::MetadataFetchFailed, "{result}");
        }
    }

    proptest! {
        #[test]
        fn never_panics(status in any::<u16>(), text in "\\PC{0,40}") {
            let document = body(&json!({"status": status, "body": text}));
            prop_assert!(document.is_err() || status == 200);
        }
    }
}
