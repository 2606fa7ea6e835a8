//! The ways in which the identity provider can be told to misbehave.

/// One way to misbehave. The string is the value of the select box `misbehave` and of `?misbehave=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Misbehaviour {
    /// Not at all.
    None,
    /// Audience of another service provider.
    WrongAudience,
    /// Recipient of another service provider.
    WrongRecipient,
    /// Destination of another service provider.
    WrongDestination,
    /// Issuer of another tenant.
    WrongIssuer,
    /// Everything expired an hour ago.
    Expired,
    /// Valid from in an hour.
    NotYetValid,
    /// NameID changed after signing.
    Tampered,
    /// No signature.
    Unsigned,
    /// Signed with a key that is in no metadata.
    WrongKey,
    /// Signed with a key that metadata publishes only from now on (an unknown key that a refresh would find).
    NewKey,
    /// The previous response is posted once more.
    Replay,
    /// No InResponseTo anywhere.
    NoInResponseTo,
    /// InResponseTo names a request that nobody made.
    WrongInResponseTo,
    /// A comment splits the signed NameID.
    CommentInNameId,
    /// SHA-1 signature and digest.
    Sha1,
    /// Two assertions.
    TwoAssertions,
    /// The Response carries the ID of its assertion.
    DuplicateId,
    /// A forged assertion wraps the signed one.
    Wrapped,
    /// Status Responder with AADSTS50105.
    StatusError,
    /// A user whom no directory knows.
    UnknownUser,
    /// No NameID value.
    EmptyNameId,
    /// A message of more than 256 KB.
    Huge,
    /// A document type declaration.
    Doctype,
    /// The XML ends in the middle.
    Truncated,
    /// Not base64.
    NotBase64,
    /// Another RelayState than the one that came.
    WrongRelayState,
    /// No RelayState.
    NoRelayState,
}

impl Misbehaviour {
    /// Every way, with its stable id and a label.
    pub const ALL: &'static [(Self, &'static str, &'static str)] = &[
        (Self::None, "none", "Behave"),
        (Self::WrongAudience, "wrong-audience", "Wrong audience"),
        (Self::WrongRecipient, "wrong-recipient", "Wrong recipient"),
        (Self::WrongDestination, "wrong-destination", "Wrong destination"),
        (Self::WrongIssuer, "wrong-issuer", "Issuer of another tenant"),
        (Self::Expired, "expired", "Expired"),
        (Self::NotYetValid, "not-yet-valid", "Not yet valid"),
        (Self::Tampered, "tampered", "Tampered after signing"),
        (Self::Unsigned, "unsigned", "Unsigned"),
        (Self::WrongKey, "wrong-key", "Signed by an unknown key"),
        (Self::NewKey, "new-key", "Signed by a key published just now"),
        (Self::Replay, "replay", "Replay the previous response"),
        (Self::NoInResponseTo, "no-in-response-to", "No InResponseTo"),
        (Self::WrongInResponseTo, "wrong-in-response-to", "Foreign InResponseTo"),
        (Self::CommentInNameId, "comment-in-name-id", "Comment in NameID"),
        (Self::Sha1, "sha1", "SHA-1"),
        (Self::TwoAssertions, "two-assertions", "Two assertions"),
        (Self::DuplicateId, "duplicate-id", "The same ID twice"),
        (Self::Wrapped, "wrapped", "Signature wrapping"),
        (Self::StatusError, "status-error", "AADSTS50105, user not assigned"),
        (Self::UnknownUser, "unknown-user", "Unknown user"),
        (Self::EmptyNameId, "empty-name-id", "Empty NameID"),
        (Self::Huge, "huge", "Message over 256 KB"),
        (Self::Doctype, "doctype", "Document type declaration"),
        (Self::Truncated, "truncated", "Truncated XML"),
        (Self::NotBase64, "not-base64", "Not base64"),
        (Self::WrongRelayState, "wrong-relay-state", "Foreign RelayState"),
        (Self::NoRelayState, "no-relay-state", "No RelayState"),
    ];

    /// By its stable id.
    #[must_use]
    pub fn parse(id: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, name, _)| *name == id).map(|(way, _, _)| *way)
    }

    /// The stable id.
    #[must_use]
    pub fn id(self) -> &'static str {
        Self::ALL.iter().find(|(way, _, _)| *way == self).map_or("none", |(_, id, _)| id)
    }
}
