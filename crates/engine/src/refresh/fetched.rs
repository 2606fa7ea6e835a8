//! What a host fetched: one document, or the code that says why there is none.

use crate::wire::action::Ask;
use crate::wire::event::Fetched;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use ostiary_core::Rejected;
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
pub const fn ask(url: String) -> Ask {
    Ask::Fetch { url, max_bytes: MAX_BYTES, timeout_ms: TIMEOUT_MS }
}

/// The document that came with status 200.
pub fn body(result: &Value) -> Result<Vec<u8>, Failure> {
    let refused = |detail: String| Failure::new(Code::MetadataFetchRefused, detail);
    let failed = |detail: String| Failure::new(Code::MetadataFetchFailed, detail);
    let fetched = Fetched::deserialize(result).map_err(|error| failed(error.to_string()))?;
    if let Some(error) = fetched.error {
        return Err(failed(error));
    }
    match fetched.status {
        Some(200) => {}
        Some(status @ 300..=399) => return Err(refused(format!("status {status}: redirects are refused"))),
        Some(status) => return Err(failed(format!("status {status}"))),
        None => return Err(failed("the host told no status".to_owned())),
    }
    let body = fetched.body.ok_or_else(|| failed("the host told no body".to_owned()))?;
    let too_large = || refused(format!("more than {MAX_BYTES} bytes"));
    // Base64 is a third longer than what it encodes.
    if body.len() / 4 * 3 > MAX_BYTES.saturating_add(2) {
        return Err(too_large());
    }
    let document = STANDARD.decode(body).map_err(|_| failed("the body is not base64".to_owned()))?;
    if document.len() > MAX_BYTES { Err(too_large()) } else { Ok(document) }
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
        for status in [100, 201, 204, 206, 400, 404, 429, 500, 503] {
            let other = json!({"status": status, "body": STANDARD.encode("x")});
            assert_eq!(code(&other), Code::MetadataFetchFailed);
        }
    }

    #[test]
    fn refuses_what_is_too_large() {
        let of = |bytes: usize| json!({"status": 200, "body": STANDARD.encode(vec![b' '; bytes])});
        assert_eq!(body(&of(MAX_BYTES)).unwrap().len(), MAX_BYTES);
        assert_eq!(code(&of(MAX_BYTES + 1)), Code::MetadataFetchRefused);
        assert_eq!(code(&of(MAX_BYTES * 2)), Code::MetadataFetchRefused);
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
