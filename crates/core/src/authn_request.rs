//! AuthnRequest (Core 3.4.1), over the Redirect (Bindings 3.4) and POST (Bindings 3.5) bindings.

use crate::xml::Xml;
use crate::{bindings, names, time};
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_xmlsig::{KeyError, SigningKey, XmlError, ns};
use rand_core::CryptoRng;
use thiserror::Error;

/// IDs must not begin with a digit (Core 1.3.4; Entra ID: AADSTS7500529).
const PREFIX: &str = "id";

/// An ID that we made: `id` and 32 hexadecimal digits, 128 random bits (Core 1.3.4). It never begins with a digit.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RequestId(String);

impl RequestId {
    /// A new one.
    #[must_use]
    pub fn random(rng: &mut dyn CryptoRng) -> Self {
        let mut bytes = [0_u8; 16];
        rng.fill_bytes(&mut bytes);
        Self(format!("{PREFIX}{:032x}", u128::from_be_bytes(bytes)))
    }

    /// Reads one back; `None` when it does not have exactly our form.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix(PREFIX)?;
        let ours = hex.len() == 32 && hex.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        ours.then(|| Self(text.to_owned()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RequestId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the NameID shall look like. The four formats that Entra ID takes (others end in AADSTS75016).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameIdFormat {
    /// Whatever the identity provider is configured to send.
    Unspecified,
    /// A mail address.
    EmailAddress,
    /// A pairwise, opaque, lasting identifier.
    Persistent,
    /// A new identifier each time.
    Transient,
}

impl NameIdFormat {
    /// The URI (Core 8.3).
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Unspecified => "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified",
            Self::EmailAddress => "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            Self::Persistent => "urn:oasis:names:tc:SAML:2.0:nameid-format:persistent",
            Self::Transient => "urn:oasis:names:tc:SAML:2.0:nameid-format:transient",
        }
    }
}

/// A request to sign a user in. It never carries Subject, Scoping, Conditions or ProviderName, and RequestedAuthnContext
/// is always compared `exact`: Entra ID refuses the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthnRequest {
    /// ID; comes back as InResponseTo.
    pub id: RequestId,
    /// When it is made.
    pub issue_instant: Timestamp,
    /// Our entity ID.
    pub issuer: String,
    /// The identity provider's URL to which it is sent.
    pub destination: String,
    /// Where the answer shall be posted; `None` leaves it to the identity provider's configuration.
    pub acs_url: Option<String>,
    /// NameIDPolicy/@Format; `None` sends no NameIDPolicy.
    pub name_id_format: Option<NameIdFormat>,
    /// The user shall prove anew who they are.
    pub force_authn: bool,
    /// The identity provider shall not show anything to the user.
    pub is_passive: bool,
    /// AuthnContextClassRef values; empty sends no RequestedAuthnContext.
    pub authn_context: Vec<String>,
}

/// Hidden fields of a form that the browser posts to the identity provider or to us. The values are not HTML-escaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostForm {
    /// Names and values, in order.
    pub fields: Vec<(&'static str, String)>,
}

/// A message could not be built.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum BuildError {
    /// The signing key does not work.
    #[error("the signing key cannot be used: {0}")]
    Key(#[from] KeyError),
    /// The written document could not be signed.
    #[error("the document cannot be signed: {0}")]
    Xml(#[from] XmlError),
    /// The URL to send to is not an absolute URL without fragment.
    #[error("not an absolute URL without fragment")]
    Url,
    /// RelayState is longer than 80 bytes (Bindings 3.4.3).
    #[error("RelayState is longer than 80 bytes")]
    RelayState,
    /// DEFLATE failed.
    #[error("the message cannot be compressed")]
    Deflate,
}

impl BuildError {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Key(error) => error.code(),
            Self::Xml(error) => error.code(),
            Self::RelayState => Code::RelayStateInvalid,
            Self::Url | Self::Deflate => Code::Internal,
        }
    }
}

impl AuthnRequest {
    /// The message, written with every value escaped; a character that XML forbids becomes U+FFFD.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let flag = |set: bool| set.then_some("true");
        let binding = self.acs_url.as_ref().map(|_| names::BINDING_POST);
        let format = self.name_id_format.map(NameIdFormat::uri);
        Xml::new("samlp:AuthnRequest")
            .attribute("xmlns:samlp", ns::SAMLP)
            .attribute("xmlns:saml", ns::SAML)
            .attribute("ID", self.id.as_str())
            .attribute("Version", "2.0")
            .attribute("IssueInstant", time::format(self.issue_instant))
            .attribute("Destination", &self.destination)
            .maybe_attribute("ForceAuthn", flag(self.force_authn))
            .maybe_attribute("IsPassive", flag(self.is_passive))
            .maybe_attribute("AssertionConsumerServiceURL", self.acs_url.as_deref())
            .maybe_attribute("ProtocolBinding", binding)
            .child(Xml::new("saml:Issuer").text(&self.issuer))
            .children(format.map(|uri| Xml::new("samlp:NameIDPolicy").attribute("Format", uri)))
            .children(self.requested_authn_context())
            .write()
    }

    /// `exact` is the only comparison that Entra ID takes, and the default of Core 3.3.2.2.1.
    fn requested_authn_context(&self) -> Option<Xml> {
        let class = |class: &String| Xml::new("saml:AuthnContextClassRef").text(class);
        (!self.authn_context.is_empty()).then(|| {
            Xml::new("samlp:RequestedAuthnContext")
                .attribute("Comparison", "exact")
                .children(self.authn_context.iter().map(class))
        })
    }

    /// The URL to which the browser is redirected (Bindings 3.4.4): `sso_url`, whatever query it has, then
    /// `SAMLRequest`, `RelayState`, with a key `SigAlg` and `Signature`, then `extra` (such as `whr` or `login_hint`),
    /// which no signature covers.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn redirect_url(
        &self,
        sso_url: &str,
        relay_state: Option<&str>,
        extra: &[(&str, &str)],
        key: Option<&SigningKey>,
    ) -> Result<String, BuildError> {
        bindings::redirect_url(sso_url, ("SAMLRequest", &self.to_xml()), relay_state, extra, key)
    }

    /// The fields of the form that the browser posts to the identity provider (Bindings 3.5.4); with a key, the message
    /// carries an enveloped signature.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn post_form(
        &self,
        relay_state: Option<&str>,
        key: Option<&SigningKey>,
    ) -> Result<PostForm, BuildError> {
        bindings::post_form(("SAMLRequest", &self.to_xml()), self.id.as_str(), relay_state, key)
    }
}
