//! The form field of the POST binding: base64 (Bindings 3.5.4).

use crate::Rejected;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;

/// Decodes at most `limit` bytes; white space may stand anywhere, as in MIME. Size is judged before anything is decoded.
pub(crate) fn decode(field: &str, limit: usize) -> Result<Vec<u8>, Rejected> {
    let most = limit.div_ceil(3).saturating_mul(4);
    if field.len() <= most
        && let Ok(decoded) = STANDARD.decode(field)
    {
        return Ok(decoded);
    }
    // Too long, not base64, or white space in it.
    let compact = without_white_space(field.as_bytes());
    if compact.len() > most {
        let seen = format!("at most {most} characters of base64, seen {}", compact.len());
        return Err(Rejected::new(Code::MessageTooLarge, seen));
    }
    STANDARD.decode(&compact).map_err(|error| Rejected::new(Code::Base64Invalid, error.to_string()))
}

fn without_white_space(field: &[u8]) -> Vec<u8> {
    field.iter().copied().filter(|byte| !matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).collect()
}
