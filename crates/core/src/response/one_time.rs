//! What must be used once only (Profiles 4.1.4.5; Core 2.5.1.5).

use crate::Assertion;
use jiff::Timestamp;
use ostiary_xmlsig::{SignedXml, Verified};

/// What must be used once only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OneTimeKind {
    /// The ID of the Assertion.
    Assertion,
    /// The ID of a signed Response.
    Response,
}

impl OneTimeKind {
    /// `assertion` or `response`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assertion => "assertion",
            Self::Response => "response",
        }
    }
}

/// An ID that must be reserved before anybody is signed in (Profiles 4.1.4.5).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OneTimeId {
    /// Of what.
    pub kind: OneTimeKind,
    /// The ID, from signed bytes.
    pub id: String,
    /// The latest NotOnOrAfter that would let it through, without skew.
    pub not_on_or_after: Timestamp,
}

/// The Assertion's ID, and the Response's when it is signed (else anybody could change it).
pub(super) fn ids(assertion: &Assertion, response: Option<&Verified<SignedXml>>) -> Vec<OneTimeId> {
    let not_on_or_after = assertion.latest_not_on_or_after();
    let mut ids = Vec::with_capacity(2);
    ids.push(OneTimeId { kind: OneTimeKind::Assertion, id: assertion.id().to_owned(), not_on_or_after });
    if let Some(id) = response.and_then(|response| response.root().attribute("ID")) {
        ids.push(OneTimeId { kind: OneTimeKind::Response, id: id.into_owned(), not_on_or_after });
    }
    ids
}
