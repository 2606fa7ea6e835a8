//! Every outcome of Ostiary has one stable code: a kebab-case string that administrators search for and that
//! programs may rely on. This crate is that list and nothing else; `docs/codes.md` and the Java constants are
//! generated from it.

mod table;

pub use table::Code;

/// What kind of thing went wrong, and therefore who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Family {
    /// The XML text itself is malformed, oversized or outside the closed grammar.
    Xml,
    /// A signature is missing, wrong, weak or at the wrong place.
    Signature,
    /// Decryption of an `EncryptedAssertion` or `EncryptedID`.
    Encryption,
    /// The SAML response breaks a rule of the specification or of our configuration.
    Response,
    /// The identity provider said no (Status of the response).
    Status,
    /// The sign-in attempt, its cookie, one-time use, targets.
    Attempt,
    /// The user is unknown, inactive or not permitted on the host.
    User,
    /// Metadata of the identity provider.
    Metadata,
    /// Single logout.
    Logout,
    /// Configuration of this service provider.
    Config,
    /// The door, the host and defects.
    Door,
    /// Not a failure.
    Info,
}

impl Family {
    /// The heading under which `docs/codes.md` lists the family.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::Xml => "XML",
            Self::Signature => "Signature",
            Self::Encryption => "Encryption",
            Self::Response => "Response",
            Self::Status => "Status of the identity provider",
            Self::Attempt => "Sign-in attempt",
            Self::User => "User",
            Self::Metadata => "Metadata",
            Self::Logout => "Logout",
            Self::Config => "Configuration",
            Self::Door => "Door and host",
            Self::Info => "Information",
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
