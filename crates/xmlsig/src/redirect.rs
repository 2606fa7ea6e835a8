//! HTTP-Redirect binding, receiving side (Bindings 3.4): raw query → signature over the octets as received → inflate.

use crate::{Element, Limits, RedirectError, SignedXml, Unsigned, Validator, Verified};

/// Which message a query carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedirectParameter { /** `SAMLRequest` */ Request, /** `SAMLResponse` */ Response }

/// A Redirect-binding query, taken apart but not believed.
#[derive(Debug)]
pub struct RedirectMessage {}

impl RedirectMessage {
    /// Takes the raw query (without `?`, exactly as received; percent-encoding untouched).
    ///
    /// Refuses: duplicates of SAMLRequest, SAMLResponse, RelayState, SigAlg, Signature, SAMLEncoding; both or none of
    /// SAMLRequest and SAMLResponse; unknown SAMLEncoding; RelayState over 80 bytes; bad percent-encoding or base64;
    /// anything that is not exactly one raw DEFLATE stream; output over `limits.bytes`; XML outside the grammar.
    /// Parameters that SAML does not define are ignored.
    ///
    /// # Errors
    /// [`RedirectError`].
    pub fn parse(_raw_query: &str, _limits: &Limits) -> Result<Self, RedirectError> { todo!() }

    /// Request or response.
    #[must_use]
    pub fn parameter(&self) -> RedirectParameter { todo!() }

    /// RelayState, percent-decoded, if present.
    #[must_use]
    pub fn relay_state(&self) -> Option<&str> { todo!() }

    /// The message's root, to compare with expectations.
    #[must_use]
    pub fn root(&self) -> Element<'_, Unsigned> { todo!() }

    /// Whether a Signature parameter is present.
    #[must_use]
    pub fn is_signed(&self) -> bool { todo!() }

    /// Verifies the Signature parameter over the original octets `SAMLxxx=…[&RelayState=…]&SigAlg=…` (Bindings
    /// 3.4.4.1), whatever order they came in. The verified value is read from the canonical form of the inflated
    /// message, an embedded ds:Signature removed. SHA-1 is never accepted here, whatever the policy says (design 11.7).
    ///
    /// # Errors
    /// [`RedirectError`]: `logout-unsigned`, or a signature code.
    pub fn verify(&self, _validator: &Validator) -> Result<Verified<SignedXml>, RedirectError> { todo!() }
}
