//! Metadata of the identity provider (Metadata 2): Entra ID, AD FS, Keycloak.

use crate::Rejected;
use jiff::Timestamp;
use ostiary_xmlsig::{KeyError, Validator};

/// How a document is read.
#[derive(Debug, Clone, Copy)]
pub struct MetadataOptions<'a> {
    /// The entity ID that the document must have, or that is chosen from an EntitiesDescriptor.
    pub expected_entity_id: Option<&'a str>,
    /// The time, for validUntil.
    pub now: Timestamp,
    /// Some = the document must be signed by one of these keys.
    pub signature: Option<&'a Validator>,
    /// Development only: http is allowed for localhost and its subdomains, 127.0.0.0/8 and ::1.
    pub allow_loopback_http: bool,
    /// 2048 in the product.
    pub min_rsa_bits: u32,
}

/// A certificate that the document lists and that cannot verify signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnusableCertificate {
    /// DER, if it is base64 at all.
    pub der: Option<Vec<u8>>,
    /// Why not.
    pub error: KeyError,
}

/// What we take from an identity provider's metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdpMetadata {
    /// entityID.
    pub entity_id: String,
    /// SingleSignOnService, HTTP-Redirect.
    pub sso_redirect: Option<String>,
    /// SingleSignOnService, HTTP-POST.
    pub sso_post: Option<String>,
    /// SingleLogoutService, HTTP-Redirect: where requests go.
    pub slo_redirect: Option<String>,
    /// Its ResponseLocation: where responses go, if elsewhere.
    pub slo_response_location: Option<String>,
    /// SingleLogoutService, HTTP-POST.
    pub slo_post: Option<String>,
    /// DER of every usable signing certificate (use="signing" or no use), without duplicates, in document order.
    pub certificates: Vec<Vec<u8>>,
    /// Signing certificates that cannot be used, and why.
    pub unusable: Vec<UnusableCertificate>,
    /// The earliest validUntil that applies.
    pub valid_until: Option<Timestamp>,
    /// The shortest cacheDuration that applies.
    pub cache_duration_seconds: Option<u64>,
    /// WantAuthnRequestsSigned.
    pub want_authn_requests_signed: bool,
}

/// Metadata that passed every check. Trust in it comes from https or an administrator, and from its signature when one
/// is required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PinnedMetadata(IdpMetadata);

impl PinnedMetadata {
    /// The values.
    #[must_use]
    pub const fn get(&self) -> &IdpMetadata {
        &self.0
    }

    /// The values.
    #[must_use]
    pub fn into_inner(self) -> IdpMetadata {
        self.0
    }
}

/// Reads a metadata document.
///
/// # Errors
/// An XML code, a metadata code, or with `options.signature` a signature code.
pub fn read(_xml: &[u8], _options: &MetadataOptions<'_>) -> Result<PinnedMetadata, Rejected> {
    todo!()
}
