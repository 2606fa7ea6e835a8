//! Single logout (Core 3.7, Profiles 4.4): out over the Redirect binding, in over Redirect and POST.

mod read;
mod receive;

pub use read::MessageContext;
pub use receive::{receive_post, receive_redirect};

use crate::xml::Xml;
use crate::{BuildError, NameId, Rejected, RequestId, bindings, names, time};
use jiff::{SignedDuration, Timestamp};
use ostiary_codes::Code;
use ostiary_xmlsig::{SigningKey, Verified, ns};

/// How old a message may be, in seconds, besides the skew: it travels by a redirect or a form that posts itself, and one
/// that says nothing of its end must not be good for ever.
pub const MAX_AGE_SECONDS: u16 = 300;

/// A LogoutRequest that we send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutRequest {
    /// ID; comes back as InResponseTo.
    pub id: RequestId,
    /// When it is made.
    pub issue_instant: Timestamp,
    /// Our entity ID.
    pub issuer: String,
    /// The identity provider's logout URL.
    pub destination: String,
    /// The user, exactly as received at sign-in.
    pub name_id: NameId,
    /// SessionIndex values; none means all sessions (Core 3.7.3.1).
    pub session_indexes: Vec<String>,
}

impl LogoutRequest {
    /// The message, escaped as [`crate::AuthnRequest::to_xml`] does it.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let id = &self.name_id;
        let name_id = Xml::new("saml:NameID")
            .maybe_attribute("NameQualifier", id.name_qualifier.as_deref())
            .maybe_attribute("SPNameQualifier", id.sp_name_qualifier.as_deref())
            .maybe_attribute("Format", id.format.as_deref())
            .text(&id.value);
        let session_index = |index: &String| Xml::new("samlp:SessionIndex").text(index);
        message("samlp:LogoutRequest", &self.id, self.issue_instant, &self.destination, None, &self.issuer)
            .child(name_id)
            .children(self.session_indexes.iter().map(session_index))
            .write()
    }

    /// The URL to which the browser is redirected.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn redirect_url(
        &self,
        slo_url: &str,
        relay_state: Option<&str>,
        key: Option<&SigningKey>,
    ) -> Result<String, BuildError> {
        bindings::redirect_url(slo_url, ("SAMLRequest", &self.to_xml()), relay_state, &[], key)
    }
}

/// What we tell the identity provider about its LogoutRequest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoutStatus {
    /// The sessions are ended.
    Success,
    /// Not all of them could be ended.
    PartialLogout,
    /// We failed.
    Responder,
}

impl LogoutStatus {
    /// Core 3.2.2.1; a partial logout is a success with a nested status (Core 3.7.3.2).
    fn to_xml(self) -> Xml {
        let code = |value| Xml::new("samlp:StatusCode").attribute("Value", value);
        Xml::new("samlp:Status").child(match self {
            Self::Success => code(names::STATUS_SUCCESS),
            Self::PartialLogout => code(names::STATUS_SUCCESS).child(code(names::STATUS_PARTIAL_LOGOUT)),
            Self::Responder => code(names::STATUS_RESPONDER),
        })
    }
}

/// What both messages begin with (Core 3.2.1, 3.2.2).
fn message(
    name: &'static str,
    id: &RequestId,
    issue_instant: Timestamp,
    destination: &str,
    in_response_to: Option<&str>,
    issuer: &str,
) -> Xml {
    Xml::new(name)
        .attribute("xmlns:samlp", ns::SAMLP)
        .attribute("xmlns:saml", ns::SAML)
        .attribute("ID", id.as_str())
        .attribute("Version", "2.0")
        .attribute("IssueInstant", time::format(issue_instant))
        .attribute("Destination", destination)
        .maybe_attribute("InResponseTo", in_response_to)
        .child(Xml::new("saml:Issuer").text(issuer))
}

/// A LogoutResponse that we send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutResponse {
    /// ID.
    pub id: RequestId,
    /// When it is made.
    pub issue_instant: Timestamp,
    /// Our entity ID.
    pub issuer: String,
    /// The identity provider's logout response URL.
    pub destination: String,
    /// ID of the LogoutRequest that it answers.
    pub in_response_to: String,
    /// The outcome.
    pub status: LogoutStatus,
}

impl LogoutResponse {
    /// The message, escaped as [`crate::AuthnRequest::to_xml`] does it.
    #[must_use]
    pub fn to_xml(&self) -> String {
        let answered = Some(self.in_response_to.as_str());
        message(
            "samlp:LogoutResponse",
            &self.id,
            self.issue_instant,
            &self.destination,
            answered,
            &self.issuer,
        )
        .child(self.status.to_xml())
        .write()
    }

    /// The URL to which the browser is redirected.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn redirect_url(
        &self,
        slo_url: &str,
        relay_state: Option<&str>,
        key: Option<&SigningKey>,
    ) -> Result<String, BuildError> {
        bindings::redirect_url(slo_url, ("SAMLResponse", &self.to_xml()), relay_state, &[], key)
    }
}

/// What a logout message is checked against.
#[derive(Debug, Clone, Copy)]
pub struct LogoutExpected<'a> {
    /// Our logout URL, from configuration.
    pub logout_url: &'a str,
    /// Entity ID of the identity provider, then other Issuers it uses for logout (Entra ID answers as
    /// `https://login.microsoftonline.com/{tenant}/`).
    pub issuers: &'a [&'a str],
    /// The time.
    pub now: Timestamp,
    /// By how much the clocks may differ; more than 300 counts as 300.
    pub clock_skew_seconds: u16,
    /// ID of our outstanding LogoutRequest; without one no LogoutResponse is accepted.
    pub in_response_to: Option<&'a str>,
}

/// A LogoutRequest of the identity provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutRequestIn {
    /// ID; goes back as InResponseTo, and must be used once only.
    pub id: String,
    /// Who shall be signed out.
    pub name_id: NameId,
    /// Which sessions; none means all of them (Core 3.7.3.1).
    pub session_indexes: Vec<String>,
    /// When it was made.
    pub issue_instant: Timestamp,
    /// When it expires.
    pub not_on_or_after: Option<Timestamp>,
}

impl LogoutRequestIn {
    /// From when on the message would be refused as too old or expired, without skew: for so long its ID must be kept.
    #[must_use]
    pub fn refused_from(&self) -> Timestamp {
        let age = SignedDuration::from_secs(i64::from(MAX_AGE_SECONDS));
        let too_old = self.issue_instant.checked_add(age).unwrap_or(Timestamp::MAX);
        self.not_on_or_after.map_or(too_old, |expiry| expiry.min(too_old))
    }
}

/// A LogoutResponse of the identity provider, in answer to our outstanding request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutResponseIn {
    /// The request that it answers.
    pub in_response_to: String,
    /// Whether the identity provider reports complete success.
    pub success: bool,
}

impl LogoutResponseIn {
    /// The verdict of the identity provider.
    ///
    /// # Errors
    /// `logout-status` when it could not sign the user out everywhere.
    pub fn outcome(&self) -> Result<(), Rejected> {
        if self.success {
            Ok(())
        } else {
            Err(Rejected::new(Code::LogoutStatus, "the status is not complete success"))
        }
    }
}

/// One of the two.
#[derive(Debug)]
pub enum LogoutMessage {
    /// The identity provider asks us to end sessions.
    Request(Verified<LogoutRequestIn>),
    /// The identity provider answers our request.
    Response(Verified<LogoutResponseIn>),
}

/// A verified logout message and its RelayState.
#[derive(Debug)]
pub struct LogoutReceived {
    /// The message.
    pub message: LogoutMessage,
    /// RelayState as received, at most 80 bytes; covered by the signature only over the Redirect binding. It goes back
    /// with a response unchanged and means nothing else.
    pub relay_state: Option<String>,
}
