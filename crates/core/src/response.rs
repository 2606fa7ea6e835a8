//! Response over HTTP-POST, Web Browser SSO profile (Core 3.3.3, Profiles 4.1.4).

use crate::{Rejected, Trace};
use jiff::Timestamp;
use ostiary_xmlsig::{
    DecryptionKey, Element, FromSigned, Message, Signed, SignedWith, Unverified, Validator, Verified,
};
use rand_core::CryptoRng;
use std::borrow::Cow;

/// To which request a Response must answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InResponse<'a> {
    /// To the request with this ID.
    To(&'a str),
    /// To none: InResponseTo must not occur anywhere.
    Unsolicited,
}

/// What a Response is checked against.
#[derive(Debug, Clone)]
pub struct Expected<'a> {
    /// Our assertion consumer service URL, from configuration.
    pub acs_url: &'a str,
    /// Our entity ID first, then further audiences that also mean us.
    pub audiences: &'a [&'a str],
    /// Entity ID of the identity provider.
    pub idp_entity_id: &'a str,
    /// The outstanding request.
    pub request: InResponse<'a>,
    /// The time.
    pub now: Timestamp,
    /// By how much the clocks may differ; more than 300 counts as 300.
    pub clock_skew_seconds: u16,
    /// The Assertion itself must be signed.
    pub want_assertion_signed: bool,
    /// The Response itself must be signed.
    pub want_response_signed: bool,
    /// With ForceAuthn: the user must have proved who they are at this time or later.
    pub fresh_since: Option<Timestamp>,
}

/// A Response that was read but not believed.
#[derive(Debug)]
pub struct Received<'a> {
    message: Message<'a>,
}

impl<'a> Received<'a> {
    /// Decodes the form field `SAMLResponse`; white space is allowed (Bindings 3.5.4).
    ///
    /// # Errors
    /// `message-too-large` before anything is decoded, `base64-invalid`.
    pub fn decode_base64(_field: &str) -> Result<Vec<u8>, Rejected> {
        todo!()
    }

    /// Parses the decoded message. The root must be a `samlp:Response`.
    ///
    /// # Errors
    /// An XML code, or `response-not-a-response`.
    pub fn parse(_xml: &'a [u8]) -> Result<Self, Rejected> {
        todo!()
    }

    /// InResponseTo of the Response, to find the attempt that it answers.
    #[must_use]
    pub fn in_response_to(&self) -> Option<Unverified<Cow<'_, str>>> {
        todo!()
    }

    /// Whether the Issuer of the Response or, without one, of the plain Assertion is `idp`. Decides nothing but whether
    /// new keys are worth fetching.
    #[must_use]
    pub fn issuer_matches(&self, _idp: &str) -> bool {
        todo!()
    }

    /// Validates everything. The identity is in what comes back, and nowhere else.
    ///
    /// # Errors
    /// The first rule that is broken. While no verified Response signature covers an EncryptedAssertion, every failure
    /// from key unwrap up to and including the inner signature is `decryption-failed`.
    pub fn validate(
        &self,
        _validator: &Validator,
        _decryption: &[DecryptionKey],
        _expected: &Expected<'_>,
        _rng: &mut dyn CryptoRng,
        _trace: &mut Trace,
    ) -> Result<Accepted, Rejected> {
        let _ = &self.message;
        todo!()
    }
}

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

/// A Response that passed every check.
#[derive(Debug)]
pub struct Accepted {
    assertion: Verified<Assertion>,
    one_time: Vec<OneTimeId>,
    response_signed: bool,
    assertion_signed: bool,
    sha1_used: bool,
}

impl Accepted {
    /// The assertion.
    #[must_use]
    pub const fn assertion(&self) -> &Verified<Assertion> {
        &self.assertion
    }

    /// What must be reserved: the Assertion's ID, and the Response's when it was signed.
    #[must_use]
    pub fn one_time(&self) -> &[OneTimeId] {
        &self.one_time
    }

    /// Whether SHA-1 was involved in any signature (only possible by explicit setting): to be logged.
    #[must_use]
    pub const fn sha1_used(&self) -> bool {
        self.sha1_used
    }

    /// With what the assertion was signed, be it itself or through the Response.
    #[must_use]
    pub const fn signed_with(&self) -> SignedWith {
        self.assertion.signed_with()
    }

    /// Whether the Response was signed.
    #[must_use]
    pub const fn response_signed(&self) -> bool {
        self.response_signed
    }

    /// Whether the Assertion itself was signed.
    #[must_use]
    pub const fn assertion_signed(&self) -> bool {
        self.assertion_signed
    }
}

/// Who the user is to the identity provider (Core 2.2.3). Compared exactly, never folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameId {
    /// The identifier, byte for byte.
    pub value: String,
    /// Format URI.
    pub format: Option<String>,
    /// NameQualifier.
    pub name_qualifier: Option<String>,
    /// SPNameQualifier.
    pub sp_name_qualifier: Option<String>,
}

/// One attribute (Core 2.7.3.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Name.
    pub name: String,
    /// NameFormat.
    pub name_format: Option<String>,
    /// FriendlyName; says nothing.
    pub friendly_name: Option<String>,
    /// Values, in order.
    pub values: Vec<String>,
}

/// An assertion that passed every check. It can only be had inside `Verified`.
#[derive(Debug)]
pub struct Assertion {
    id: String,
    issuer: String,
    name_id: NameId,
    session_index: Option<String>,
    session_not_on_or_after: Option<Timestamp>,
    authn_instant: Timestamp,
    authn_context: Option<String>,
    attributes: Vec<Attribute>,
    issue_instant: Timestamp,
}

impl Assertion {
    /// ID.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// Issuer: the identity provider.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// IssueInstant.
    #[must_use]
    pub const fn issue_instant(&self) -> Timestamp {
        self.issue_instant
    }

    /// The user's identifier.
    #[must_use]
    pub const fn name_id(&self) -> &NameId {
        &self.name_id
    }

    /// SessionIndex of the AuthnStatement, for logout.
    #[must_use]
    pub fn session_index(&self) -> Option<&str> {
        self.session_index.as_deref()
    }

    /// When the session must end at the latest (Core 2.7.2).
    #[must_use]
    pub const fn session_not_on_or_after(&self) -> Option<Timestamp> {
        self.session_not_on_or_after
    }

    /// When the user proved who they are.
    #[must_use]
    pub const fn authn_instant(&self) -> Timestamp {
        self.authn_instant
    }

    /// How: AuthnContextClassRef.
    #[must_use]
    pub fn authn_context(&self) -> Option<&str> {
        self.authn_context.as_deref()
    }

    /// All attributes in document order.
    #[must_use]
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The one value of the attribute `name`, as a user identifier needs it.
    ///
    /// # Errors
    /// `user-id-missing` without such an attribute or with an empty value, `user-id-ambiguous` with several attributes
    /// of that name or several values.
    pub fn attribute(&self, _name: &str) -> Result<&str, Rejected> {
        todo!()
    }

    /// Where Entra ID lists the groups when there are too many to send (`groups.link`). Nothing follows it.
    #[must_use]
    pub fn groups_link(&self) -> Option<&str> {
        todo!()
    }
}

/// What reading an [`Assertion`] needs; only [`Received::validate`] makes one.
pub struct AssertionContext<'c> {
    _expected: &'c Expected<'c>,
    _trace: &'c mut Trace,
}

impl FromSigned for Assertion {
    type Context<'c> = AssertionContext<'c>;
    type Error = Rejected;

    fn from_signed(_root: Element<'_, Signed>, _context: AssertionContext<'_>) -> Result<Self, Rejected> {
        todo!()
    }
}
