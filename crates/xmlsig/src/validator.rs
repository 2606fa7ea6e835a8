//! Who may sign, and how.

use crate::{Element, KeyError, SignatureError, SignedXml, Unsigned, Verified, VerifyingKey, ns, signature};
use ostiary_codes::Code;

/// What is acceptable beyond the product floor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// Accept SHA-1 as SignatureMethod and DigestMethod of Responses and Assertions. Logged at every use.
    pub allow_sha1: bool,
}

/// Where the one `ds:Signature` of an element must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Directly after the first child `saml:Issuer` (Core 5.4.1, schema order of Response and Assertion).
    AfterIssuer,
    /// First child (EntityDescriptor, EntitiesDescriptor; Metadata 2.3.2).
    FirstChild,
    /// Any direct child: for documents other than SAML's.
    Anywhere,
}

/// Checks signatures with at least one key. Without a key there is no validator.
#[derive(Debug, Clone)]
pub struct Validator {
    keys: Vec<VerifyingKey>,
    policy: Policy,
}

impl Validator {
    /// At least one key.
    ///
    /// # Errors
    /// [`KeyError::NoKey`] when `keys` is empty.
    pub fn new(keys: Vec<VerifyingKey>, policy: Policy) -> Result<Self, KeyError> {
        if keys.is_empty() {
            return Err(KeyError::NoKey);
        }
        Ok(Self { keys, policy })
    }

    /// The keys, in the order in which they are tried.
    #[must_use]
    pub fn keys(&self) -> &[VerifyingKey] {
        &self.keys
    }

    /// What is acceptable beyond the floor.
    #[must_use]
    pub const fn policy(&self) -> Policy {
        self.policy
    }

    /// Verifies the enveloped signature of `element`, if it has one: exactly one `ds:Signature` child at its place,
    /// one Reference to the element's own ID, only {enveloped, exclusive C14N}, allowed algorithms, digest equal
    /// (constant time), signature valid under one of the keys. `KeyInfo` is ignored.
    ///
    /// `Ok(None)` means that `element` has no `ds:Signature` child. Call [`Validator::refuse_stray_signatures`] as
    /// well: this function does not look below the children.
    ///
    /// # Errors
    /// [`SignatureError`].
    pub fn verify_enveloped(
        &self,
        element: Element<'_, Unsigned>,
        placement: Placement,
    ) -> Result<Option<Verified<SignedXml>>, SignatureError> {
        signature::verify_enveloped(self, element, placement)
    }

    /// Refuses a document in which a `ds:Signature` stands anywhere but as a direct child of one of `signable`, or
    /// twice in one of them (Core 5.4.1). Call it once with the root.
    ///
    /// # Errors
    /// [`SignatureError`] with `signature-misplaced` or `signature-duplicate`.
    pub fn refuse_stray_signatures(
        root: Element<'_, Unsigned>,
        signable: &[Element<'_, Unsigned>],
    ) -> Result<(), SignatureError> {
        let mut seen: Vec<_> = Vec::with_capacity(signable.len());
        for found in root.descendants().filter(|element| element.is(ns::DS, "Signature")) {
            let parent = found.parent().map(|parent| parent.node());
            if !signable.iter().any(|allowed| Some(allowed.node()) == parent) {
                return Err(SignatureError::new(
                    Code::SignatureMisplaced,
                    "a Signature outside Response and Assertion",
                ));
            }
            if seen.contains(&parent) {
                return Err(SignatureError::new(Code::SignatureDuplicate, "two Signatures in one element"));
            }
            seen.push(parent);
        }
        Ok(())
    }
}
