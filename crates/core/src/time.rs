//! xs:dateTime as SAML restricts it (Core 1.3.3): UTC, and nothing relies on less than a millisecond.

use jiff::Timestamp;

/// Reads `YYYY-MM-DDThh:mm:ss[.fraction]Z`, strictly: UTC is written `Z`, any number of fraction digits up to 20 is
/// cut to milliseconds, no white space. `None` for anything else.
#[must_use]
pub fn parse(_text: &str) -> Option<Timestamp> {
    todo!()
}

/// Writes `YYYY-MM-DDThh:mm:ss.mmmZ`.
#[must_use]
pub fn format(_time: Timestamp) -> String {
    todo!()
}
