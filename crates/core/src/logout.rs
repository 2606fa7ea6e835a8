//! Single logout (Core 3.7, Profiles 4.4): out over the Redirect binding, in over Redirect and POST.

use crate::{BuildError, NameId, Rejected, RequestId, Trace};
use jiff::Timestamp;
use ostiary_xmlsig::{DecryptionKey, RedirectParameter, SigningKey, Validator, Verified};
use rand_core::CryptoRng;

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
        todo!()
    }

    /// The URL to which the browser is redirected.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn redirect_url(
        &self,
        _slo_url: &str,
        _relay_state: Option<&str>,
        _key: Option<&SigningKey>,
    ) -> Result<String, BuildError> {
        todo!()
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
        todo!()
    }

    /// The URL to which the browser is redirected.
    ///
    /// # Errors
    /// [`BuildError`].
    pub fn redirect_url(
        &self,
        _slo_url: &str,
        _relay_state: Option<&str>,
        _key: Option<&SigningKey>,
    ) -> Result<String, BuildError> {
        todo!()
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

/// A LogoutResponse of the identity provider, in answer to our outstanding request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogoutResponseIn {
    /// The request that it answers.
    pub in_response_to: String,
    /// Whether the identity provider reports complete success.
    pub success: bool,
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

/// Receives a logout message over the Redirect binding. `raw_query` is the query exactly as received, without `?`.
///
/// # Errors
/// The first rule that is broken.
pub fn receive_redirect(
    _raw_query: &str,
    _validator: &Validator,
    _expected: &LogoutExpected<'_>,
    _decryption: &[DecryptionKey],
    _rng: &mut dyn CryptoRng,
    _trace: &mut Trace,
) -> Result<LogoutReceived, Rejected> {
    todo!()
}

/// Receives a logout message over the POST binding: the base64 of the form field that `parameter` names.
///
/// # Errors
/// The first rule that is broken.
#[expect(clippy::too_many_arguments, reason = "as receive_redirect, and the two other form fields")]
pub fn receive_post(
    _parameter: RedirectParameter,
    _field: &str,
    _relay_state: Option<&str>,
    _validator: &Validator,
    _expected: &LogoutExpected<'_>,
    _decryption: &[DecryptionKey],
    _rng: &mut dyn CryptoRng,
    _trace: &mut Trace,
) -> Result<LogoutReceived, Rejected> {
    todo!()
}
