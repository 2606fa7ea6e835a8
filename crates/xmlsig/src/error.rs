//! Errors of this crate. Each maps to one stable [`Code`]; none carries message content beyond a bounded name.

use ostiary_codes::Code;
use thiserror::Error;

/// A document is not acceptable XML.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code}: {detail}")]
pub struct XmlError {
    code: Code,
    detail: String,
}

impl XmlError {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What was expected and seen; for the private trace.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

/// A value could not be read out of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReadError {
    /// The element holds child elements where only text may stand.
    #[error("element content where text was expected")]
    NotText,
}

/// A signature was not accepted.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code}: {detail}")]
pub struct SignatureError {
    code: Code,
    detail: String,
}

impl SignatureError {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What was expected and seen; for the private trace.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<XmlError> for SignatureError {
    fn from(error: XmlError) -> Self {
        Self { code: error.code, detail: error.detail }
    }
}

/// Decryption failed. The step is for the admin-only trace; from outside every failure is one code.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code}: {step}")]
pub struct DecryptError {
    code: Code,
    step: String,
}

impl DecryptError {
    pub(crate) fn new(code: Code, step: impl Into<String>) -> Self {
        Self { code, step: step.into() }
    }

    /// `encryption-structure`, `encryption-algorithm`, `no-decryption-key` (all decided before any secret is used)
    /// or `decryption-failed`.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// The step that failed; for the admin-only trace.
    #[must_use]
    pub fn step(&self) -> &str {
        &self.step
    }
}

/// A key or certificate cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum KeyError {
    /// Not DER, PEM or base64 of the expected kind.
    #[error("the key or certificate cannot be read: {0}")]
    Unreadable(String),
    /// Not an RSA key.
    #[error("the key is not RSA")]
    NotRsa,
    /// RSA shorter than the policy wants.
    #[error("the RSA key has {bits} bits, at least {wanted} are wanted")]
    TooShort {
        /// Bits of the key.
        bits: u32,
        /// Bits that the policy wants.
        wanted: u32,
    },
    /// A validator needs at least one key.
    #[error("no usable key")]
    NoKey,
}

impl KeyError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Unreadable(_) => Code::SignatureKeyInvalid,
            Self::NotRsa | Self::TooShort { .. } => Code::SignatureWeakKey,
            Self::NoKey => Code::NoSigningKey,
        }
    }
}

/// A Redirect-binding query could not be taken.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{code}: {detail}")]
pub struct RedirectError {
    code: Code,
    detail: String,
}

impl RedirectError {
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into() }
    }

    /// `logout-missing`, `logout-parameters`, `logout-unsigned`, `base64-invalid`, `deflate-invalid`,
    /// `deflate-too-large`, an XML code or a signature code.
    #[must_use]
    pub const fn code(&self) -> Code {
        self.code
    }

    /// What was expected and seen; for the private trace.
    #[must_use]
    pub fn detail(&self) -> &str {
        &self.detail
    }
}

impl From<XmlError> for RedirectError {
    fn from(error: XmlError) -> Self {
        Self { code: error.code, detail: error.detail }
    }
}

impl From<SignatureError> for RedirectError {
    fn from(error: SignatureError) -> Self {
        Self { code: error.code, detail: error.detail }
    }
}
