//! A message was refused.

use ostiary_codes::{Code, Family};
use ostiary_xmlsig::{DecryptError, RedirectError, SignatureError, XmlError};
use thiserror::Error;

/// A message was refused, with the one stable code that says which rule it broke.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code}")]
pub struct Rejected {
    code: Code,
    detail: String,
}

impl Rejected {
    /// A refusal; `detail` is for the private trace and is bounded by the caller.
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The family of the code.
    #[must_use]
    pub const fn family(&self) -> Family {
        self.code.family()
    }

    /// What was expected and seen, bounded, for the private trace only.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<XmlError> for Rejected {
    fn from(error: XmlError) -> Self {
        Self::new(error.code(), error.detail())
    }
}

impl From<SignatureError> for Rejected {
    fn from(error: SignatureError) -> Self {
        Self::new(error.code(), error.detail())
    }
}

impl From<RedirectError> for Rejected {
    fn from(error: RedirectError) -> Self {
        Self::new(error.code(), error.detail())
    }
}

impl From<DecryptError> for Rejected {
    fn from(error: DecryptError) -> Self {
        Self::new(error.code(), error.step())
    }
}
