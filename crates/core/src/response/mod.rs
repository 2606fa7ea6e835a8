//! Response over HTTP-POST, Web Browser SSO profile (Core 3.3.3, Profiles 4.1.4).

mod assertion;
mod attributes;
mod conditions;
mod envelope;
mod grammar;
mod one_time;
mod protection;
mod statements;
mod status;
mod subject;

pub use assertion::{Assertion, AssertionContext};
pub use attributes::Attribute;
pub use one_time::{OneTimeId, OneTimeKind};
pub use subject::NameId;

use crate::time::Clock;
use crate::{Rejected, Trace, form_field};
use envelope::Envelope;
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_xmlsig::{
    DecryptionKey, Element, Limits, Message, SignedWith, Unsigned, Unverified, Validator, Verified, ns,
};
use protection::Keys;
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
    pub fn decode_base64(field: &str) -> Result<Vec<u8>, Rejected> {
        form_field::decode(field, Limits::MESSAGE.bytes)
    }

    /// Parses the decoded message. The root must be a `samlp:Response`.
    ///
    /// # Errors
    /// An XML code, or `response-not-a-response`.
    pub fn parse(xml: &'a [u8]) -> Result<Self, Rejected> {
        let message = Message::parse(xml, &Limits::MESSAGE)?;
        if message.root().is(ns::SAMLP, "Response") {
            Ok(Self { message })
        } else {
            Err(Rejected::new(Code::ResponseNotAResponse, "the root element is no samlp:Response"))
        }
    }

    /// InResponseTo of the Response, to find the attempt that it answers.
    #[must_use]
    pub fn in_response_to(&self) -> Option<Unverified<Cow<'_, str>>> {
        self.message.root().attribute_unverified("InResponseTo")
    }

    /// Whether the Issuer of the Response or, without one, of the plain Assertion is `idp`. Decides nothing but whether
    /// new keys are worth fetching.
    #[must_use]
    pub fn issuer_matches(&self, idp: &str) -> bool {
        let root = self.message.root();
        issuer_of(root)
            .or_else(|| root.children_named(ns::SAML, "Assertion").next().and_then(issuer_of))
            .and_then(|issuer| issuer.text_unverified().ok())
            .is_some_and(|issuer| issuer.matches(idp))
    }

    /// Validates everything. The identity is in what comes back, and nowhere else.
    ///
    /// # Errors
    /// The first rule that is broken. While no verified Response signature covers an EncryptedAssertion, every failure
    /// from key unwrap up to and including the inner signature is `decryption-failed`.
    pub fn validate(
        &self,
        validator: &Validator,
        decryption: &[DecryptionKey],
        expected: &Expected<'_>,
        rng: &mut dyn CryptoRng,
        trace: &mut Trace,
    ) -> Result<Accepted, Rejected> {
        let clock = Clock::new(expected.now, expected.clock_skew_seconds);
        let envelope = Envelope::read(self.message.root(), trace)?; // Core 3.2.2, 3.3.3: schema order
        envelope::check(&envelope, expected, clock, trace)?; // Core 3.2.2, Profiles 4.1.4.2
        let response = protection::response(&envelope, validator, trace)?; // Core 5.4
        status::check(envelope.status, trace)?; // Core 3.2.2.1
        let content = envelope.only_assertion(trace)?; // Profiles 4.1.4.2
        let keys = Keys { validator, decryption, rng: &mut *rng };
        let protected = protection::assertion(response, content, &envelope, keys, expected, trace)?; // 4.1.3.5
        let assertion = protected.read(|covering| AssertionContext {
            expected,
            clock,
            decryption,
            rng,
            covering,
            trace: &mut *trace,
        })?; // Core 2.3.3
        Ok(Accepted {
            one_time: one_time::ids(assertion.get(), protected.response()), // Profiles 4.1.4.5
            response_signed: protected.response().is_some(),
            assertion_signed: protected.assertion_signed,
            sha1_used: protected.sha1_used(),
            assertion,
        })
    }
}

fn issuer_of<'d>(parent: Element<'d, Unsigned>) -> Option<Element<'d, Unsigned>> {
    parent.children_named(ns::SAML, "Issuer").next()
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
