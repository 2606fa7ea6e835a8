//! Verified values: the capability that a signature was checked.

use crate::tree::Tree;
use crate::{Element, Fingerprint, Message, Signed, c14n};

/// The canonical form of one element whose signature was verified.
#[derive(Debug)]
pub struct SignedXml {
    tree: Tree<'static>,
}

/// With what a value was signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignedWith {
    /// Which configured key verified it.
    pub key: Fingerprint,
    /// SHA-1 was involved (only possible by explicit setting): to be logged.
    pub sha1: bool,
}

/// A value that was read from verified bytes. Only this crate makes one.
#[derive(Debug)]
pub struct Verified<T> {
    value: T,
    with: SignedWith,
}

impl<T> Verified<T> {
    /// The value.
    #[must_use]
    pub const fn get(&self) -> &T {
        &self.value
    }

    /// With what it was signed.
    #[must_use]
    pub const fn signed_with(&self) -> SignedWith {
        self.with
    }
}

/// A type that can be read from a signed element, and from nothing else.
pub trait FromSigned: Sized {
    /// What the reader needs to know, e.g. which attribute to take; never message content.
    type Context<'c>;
    /// Why it could not be read.
    type Error;

    /// Reads it.
    ///
    /// # Errors
    /// The reader's own.
    fn from_signed(root: Element<'_, Signed>, context: Self::Context<'_>) -> Result<Self, Self::Error>;
}

impl Verified<SignedXml> {
    /// Wraps canonical bytes whose digest and signature were just checked. The only place that makes one.
    pub(crate) const fn vouch(tree: Tree<'static>, with: SignedWith) -> Self {
        Self { value: SignedXml { tree }, with }
    }

    /// A message whose authenticity follows from bytes that were verified: decrypted content of signed ciphertext, or
    /// the message inside a signed query.
    pub(crate) fn derive(message: &Message<'_>, with: SignedWith) -> Self {
        Self::vouch(c14n::canonicalize(message.root(), None, &[]), with)
    }

    /// The signed element, as canonicalised and hashed.
    #[must_use]
    pub fn root(&self) -> Element<'_, Signed> {
        Element::new(&self.value.tree, 0)
    }

    /// Reads a typed value from the signed element; the verdict carries over.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn read<T: FromSigned>(&self, context: T::Context<'_>) -> Result<Verified<T>, T::Error> {
        self.read_at(self.root(), context)
    }

    /// As [`Verified::read`], of an element below the root, e.g. the Assertion in a signed Response.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn read_at<T: FromSigned>(
        &self,
        element: Element<'_, Signed>,
        context: T::Context<'_>,
    ) -> Result<Verified<T>, T::Error> {
        Ok(Verified { value: T::from_signed(element, context)?, with: self.with })
    }

    /// The canonical bytes that were hashed (for oracles and tests).
    #[must_use]
    pub fn canonical_bytes(&self) -> &[u8] {
        self.value.tree.text.as_bytes()
    }
}
