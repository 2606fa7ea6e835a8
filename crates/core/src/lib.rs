//! SAML 2.0 for a service provider, as pure functions: time, expectations, keys and randomness are arguments, and
//! nothing here reads a clock, a file or the network.
//!
//! ```text
//!  AuthnRequest ─▶ redirect_url / post_form ─▶ (browser, identity provider) ─▶ form field SAMLResponse
//!                                                                                      │
//!  Accepted ◀─ Received::validate ◀─ Received::parse ◀─ Received::decode_base64 ◀──────┘
//! ```
//!
//! Each check of a message stands beside the section of the specification that asks for it and has its own code. The
//! abbreviations: Core = saml-core-2.0-os, Bindings = saml-bindings-2.0-os, Profiles = saml-profiles-2.0-os,
//! Metadata = saml-metadata-2.0-os, each with its approved errata.

pub mod authn_request;
pub mod logout;
pub mod metadata;
pub mod response;
pub mod sp_metadata;
pub mod time;
pub mod trace;

mod bindings;
mod form_field;
mod names;
mod rejected;
mod urls;
mod xml;

pub use authn_request::{AuthnRequest, BuildError, NameIdFormat, PostForm, RequestId};
pub use logout::{
    LogoutExpected, LogoutMessage, LogoutReceived, LogoutRequest, LogoutRequestIn, LogoutResponse,
    LogoutResponseIn, LogoutStatus,
};
pub use metadata::{IdpMetadata, MetadataOptions, PinnedMetadata};
pub use rejected::Rejected;
pub use response::{
    Accepted, Assertion, Attribute, Expected, InResponse, NameId, OneTimeId, OneTimeKind, Received,
};
pub use sp_metadata::SpMetadata;
pub use trace::{Check, Trace};
pub use urls::is_usable_endpoint;
