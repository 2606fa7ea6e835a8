//! Base64 of the POST binding (Bindings 3.5.4).

use crate::Rejected;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use std::borrow::Cow;

/// Decodes at most `limit` bytes; white space may stand anywhere, as in MIME. Size is judged before anything is decoded.
pub(super) fn decode(field: &str, limit: usize) -> Result<Vec<u8>, Rejected> {
    let compact = without_white_space(field.as_bytes());
    let most = limit.div_ceil(3).saturating_mul(4);
    if compact.len() > most {
        let seen = format!("at most {most} characters of base64, seen {}", compact.len());
        return Err(Rejected::new(Code::MessageTooLarge, seen));
    }
    STANDARD.decode(&*compact).map_err(|error| Rejected::new(Code::Base64Invalid, error.to_string()))
}

fn without_white_space(field: &[u8]) -> Cow<'_, [u8]> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
    if field.iter().any(is_space) {
        Cow::Owned(field.iter().copied().filter(|byte| !is_space(byte)).collect())
    } else {
        Cow::Borrowed(field)
    }
}
