//! Identifiers of the SAML 2.0 specifications.

/// Top-level status of success (Core 3.2.2.2).
pub(crate) const STATUS_SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";
/// The sender is at fault.
pub(crate) const STATUS_REQUESTER: &str = "urn:oasis:names:tc:SAML:2.0:status:Requester";
/// The responder failed.
pub(crate) const STATUS_RESPONDER: &str = "urn:oasis:names:tc:SAML:2.0:status:Responder";
/// Nested: the user cannot be authenticated without being shown something.
pub(crate) const STATUS_NO_PASSIVE: &str = "urn:oasis:names:tc:SAML:2.0:status:NoPassive";
/// Nested: not everybody could be signed out.
pub(crate) const STATUS_PARTIAL_LOGOUT: &str = "urn:oasis:names:tc:SAML:2.0:status:PartialLogout";
/// All status codes of Core 3.2.2.2: what a trace may name.
pub(crate) const STATUS_CODES: &[&str] = &[
    STATUS_SUCCESS,
    STATUS_REQUESTER,
    STATUS_RESPONDER,
    STATUS_NO_PASSIVE,
    STATUS_PARTIAL_LOGOUT,
    "urn:oasis:names:tc:SAML:2.0:status:VersionMismatch",
    "urn:oasis:names:tc:SAML:2.0:status:AuthnFailed",
    "urn:oasis:names:tc:SAML:2.0:status:InvalidAttrNameOrValue",
    "urn:oasis:names:tc:SAML:2.0:status:InvalidNameIDPolicy",
    "urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext",
    "urn:oasis:names:tc:SAML:2.0:status:NoAvailableIDP",
    "urn:oasis:names:tc:SAML:2.0:status:NoSupportedIDP",
    "urn:oasis:names:tc:SAML:2.0:status:ProxyCountExceeded",
    "urn:oasis:names:tc:SAML:2.0:status:RequestDenied",
    "urn:oasis:names:tc:SAML:2.0:status:RequestUnsupported",
    "urn:oasis:names:tc:SAML:2.0:status:RequestVersionDeprecated",
    "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooHigh",
    "urn:oasis:names:tc:SAML:2.0:status:RequestVersionTooLow",
    "urn:oasis:names:tc:SAML:2.0:status:ResourceNotRecognized",
    "urn:oasis:names:tc:SAML:2.0:status:TooManyResponses",
    "urn:oasis:names:tc:SAML:2.0:status:UnknownAttrProfile",
    "urn:oasis:names:tc:SAML:2.0:status:UnknownPrincipal",
    "urn:oasis:names:tc:SAML:2.0:status:UnsupportedBinding",
];
/// Bearer confirmation (Profiles 3.3).
pub(crate) const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
/// The Format an Issuer may have (Core 2.2.5).
pub(crate) const FORMAT_ENTITY: &str = "urn:oasis:names:tc:SAML:2.0:nameid-format:entity";
/// HTTP-Redirect (Bindings 3.4).
pub(crate) const BINDING_REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
/// HTTP-POST (Bindings 3.5).
pub(crate) const BINDING_POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
/// Value of `protocolSupportEnumeration` (Metadata 2.4.1).
pub(crate) const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";
/// The attribute in which Entra ID puts a link instead of too many groups.
pub(crate) const GROUPS_LINK: &str = "http://schemas.microsoft.com/claims/groups.link";
