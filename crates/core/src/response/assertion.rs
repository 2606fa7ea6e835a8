//! The Assertion (Core 2.3.3), read from signed bytes and nothing else.

use super::grammar::in_order;
use super::{Attribute, Expected, NameId, attributes, conditions, statements, subject};
use crate::time::{self, Clock};
use crate::{Rejected, Trace, names};
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_xmlsig::{DecryptionKey, Element, FromSigned, Signed, SignedWith, ns};
use rand_core::CryptoRng;

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
    latest_not_on_or_after: Timestamp,
}

/// What reading an [`Assertion`] needs; only [`crate::Received::validate`] makes one.
pub struct AssertionContext<'c> {
    pub(super) expected: &'c Expected<'c>,
    pub(super) clock: Clock,
    /// For an EncryptedID inside.
    pub(super) decryption: &'c [DecryptionKey],
    pub(super) rng: &'c mut dyn CryptoRng,
    pub(super) covering: SignedWith,
    pub(super) trace: &'c mut Trace,
}

impl FromSigned for Assertion {
    type Context<'c> = AssertionContext<'c>;
    type Error = Rejected;

    fn from_signed(root: Element<'_, Signed>, mut context: AssertionContext<'_>) -> Result<Self, Rejected> {
        let context = &mut context;
        let parts = Parts::read(root, context.trace)?; // Core 2.3.3, schema order
        version(root, context.trace)?; // Core 2.3.3
        let id = id(root, context.trace)?; // Core 2.3.3, 1.3.4
        let issue_instant = issue_instant(root, context.clock, context.trace)?; // Core 2.3.3, 1.3.3
        let issuer = issuer(&parts, context.expected, context.trace)?; // Profiles 4.1.4.2, 4.1.4.3
        let subject = subject::read(parts.subject, context)?; // Core 2.4, Profiles 4.1.4.2, 4.1.4.3
        let conditions = conditions::check(parts.conditions, context)?; // Core 2.5, Profiles 4.1.4.2
        subject::usable(&subject.name_id, context.expected, context.trace)?; // Core 1.3.1, 2.2.2
        let authn = statements::read(&parts.authn_statements, context)?; // Core 2.7.2, Profiles 4.1.4.2
        let attributes = attributes::read(&parts.attribute_statements, context.trace)?; // Core 2.7.3
        Ok(Self {
            id,
            issuer,
            name_id: subject.name_id,
            session_index: authn.session_index,
            session_not_on_or_after: authn.session_not_on_or_after,
            authn_instant: authn.instant,
            authn_context: authn.context,
            attributes,
            issue_instant,
            latest_not_on_or_after: conditions
                .map_or(subject.not_on_or_after, |other| subject.not_on_or_after.max(other)),
        })
    }
}

/// The children of an Assertion, in the order of the schema. Advice may stand there; nothing in it is read.
struct Parts<'d> {
    issuer: Option<Element<'d, Signed>>,
    subject: Option<Element<'d, Signed>>,
    conditions: Option<Element<'d, Signed>>,
    authn_statements: Vec<Element<'d, Signed>>,
    attribute_statements: Vec<Element<'d, Signed>>,
}

impl<'d> Parts<'d> {
    fn read(root: Element<'d, Signed>, trace: &mut Trace) -> Result<Self, Rejected> {
        let mut children = in_order(root, trace)?;
        let issuer = children.take(ns::SAML, "Issuer");
        // Still there when the Response's signature is read, or decrypted content that it covers. It was verified.
        children.take(ns::DS, "Signature");
        let subject = children.take(ns::SAML, "Subject");
        let conditions = children.take(ns::SAML, "Conditions");
        children.take(ns::SAML, "Advice");
        let (mut authn_statements, mut attribute_statements) = (Vec::with_capacity(1), Vec::with_capacity(1));
        while let Some(statement) =
            children.take_saml(&["AuthnStatement", "AttributeStatement", "AuthzDecisionStatement"])
        {
            match statement.local_name() {
                "AuthnStatement" => authn_statements.push(statement),
                "AttributeStatement" => attribute_statements.push(statement),
                // Says nothing about who somebody is (Core 2.7.4); not read.
                _ => {}
            }
        }
        let schema = "Issuer, Signature, Subject, Conditions, Advice, statements";
        children.end(Code::AssertionStructure, schema, trace)?;
        Ok(Self { issuer, subject, conditions, authn_statements, attribute_statements })
    }
}

/// Core 2.3.3: Version is 2.0.
fn version(root: Element<'_, Signed>, trace: &mut Trace) -> Result<(), Rejected> {
    const RULE: &str = "Core 2.3.3 Version of the Assertion";
    match root.attribute("Version") {
        Some(version) if version == "2.0" => {
            trace.held_same(RULE, "2.0");
            Ok(())
        }
        other => Err(trace.reject(RULE, Code::AssertionVersion, "2.0", other.as_deref().unwrap_or("none"))),
    }
}

/// Core 2.3.3: an ID; that it is unique and an xs:ID (Core 1.3.4) the parser has seen to.
fn id(root: Element<'_, Signed>, trace: &mut Trace) -> Result<String, Rejected> {
    const RULE: &str = "Core 2.3.3 ID of the Assertion";
    match root.attribute("ID") {
        Some(id) => {
            trace.held(RULE, || ("an ID".to_owned(), id.clone().into_owned()));
            Ok(id.into_owned())
        }
        None => Err(trace.reject(RULE, Code::AssertionIdMissing, "an ID", "none")),
    }
}

/// Core 2.3.3, 1.3.3: IssueInstant is a time in UTC and not in the future; it may be long ago.
fn issue_instant(root: Element<'_, Signed>, clock: Clock, trace: &mut Trace) -> Result<Timestamp, Rejected> {
    const RULE: &str = "Core 2.3.3 IssueInstant of the Assertion";
    let instant = root.attribute("IssueInstant");
    match instant.as_deref().and_then(time::parse) {
        Some(time) if clock.is_plausible(time) => {
            trace.held(RULE, || (clock.describe_plausible(), time::format(time)));
            Ok(time)
        }
        _ => {
            let seen = instant.as_deref().unwrap_or("none");
            Err(trace.reject(RULE, Code::AssertionIssueInstant, &clock.describe_plausible(), seen))
        }
    }
}

/// Profiles 4.1.4.2: the Issuer is the identity provider.
fn issuer(parts: &Parts<'_>, expected: &Expected<'_>, trace: &mut Trace) -> Result<String, Rejected> {
    const RULE: &str = "Profiles 4.1.4.2 Issuer of the Assertion";
    let idp = expected.idp_entity_id;
    let Some(element) = parts.issuer else {
        return Err(trace.reject(RULE, Code::AssertionIssuerMissing, idp, "none"));
    };
    if let Some(format) = element.attribute("Format").filter(|format| format != names::FORMAT_ENTITY) {
        return Err(trace.reject(RULE, Code::AssertionIssuerMismatch, names::FORMAT_ENTITY, &format));
    }
    match element.text() {
        Ok(issuer) if issuer == idp => {
            trace.held_same(RULE, idp);
            Ok(issuer.into_owned())
        }
        Ok(issuer) => Err(trace.reject(RULE, Code::AssertionIssuerMismatch, idp, &issuer)),
        Err(_) => Err(trace.reject(RULE, Code::XmlMixedContent, idp, "elements inside the Issuer")),
    }
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
    pub fn attribute(&self, name: &str) -> Result<&str, Rejected> {
        attributes::single(&self.attributes, name)
    }

    /// Where Entra ID lists the groups when there are too many to send (`groups.link`). Nothing follows it.
    #[must_use]
    pub fn groups_link(&self) -> Option<&str> {
        self.attribute(names::GROUPS_LINK).ok()
    }

    /// The latest NotOnOrAfter of Conditions and bearer confirmations.
    pub(super) const fn latest_not_on_or_after(&self) -> Timestamp {
        self.latest_not_on_or_after
    }
}
