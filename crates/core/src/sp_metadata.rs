//! Our own metadata (Metadata 2.4.4), for the administrator of the identity provider.

use crate::{BuildError, RequestId};
use ostiary_xmlsig::SigningKey;

/// What our metadata says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpMetadata<'a> {
    /// Our entity ID.
    pub entity_id: &'a str,
    /// Assertion consumer service, HTTP-POST.
    pub acs_url: &'a str,
    /// Single logout service, HTTP-Redirect and HTTP-POST.
    pub logout_url: Option<&'a str>,
    /// DER of the certificate of the key with which we sign.
    pub signing_certificate: Option<&'a [u8]>,
    /// DER of the certificates with which assertions may be encrypted.
    pub encryption_certificates: &'a [Vec<u8>],
    /// WantAssertionsSigned.
    pub want_assertions_signed: bool,
    /// AuthnRequestsSigned.
    pub authn_requests_signed: bool,
}

/// Writes the document; with a key it is signed, and the ID is that of the EntityDescriptor.
///
/// # Errors
/// [`BuildError`].
pub fn write(
    _metadata: &SpMetadata<'_>,
    _sign: Option<(&SigningKey, RequestId)>,
) -> Result<String, BuildError> {
    todo!()
}
