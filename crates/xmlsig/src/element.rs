//! Reading: one view of an element, with what may be believed in its type.
use crate::ReadError;
use std::borrow::Cow;
use std::marker::PhantomData;

/// How far what is read may be believed.
pub trait Trust: sealed::Sealed + Copy + std::fmt::Debug {}
/// Trust levels whose values may be read as plain text.
pub trait Readable: Trust {}

/// Not covered by a verified signature: values come out as [`Unverified`].
#[derive(Debug, Clone, Copy)]
pub struct Unsigned;
/// Read from the canonical bytes that a verified signature covers.
#[derive(Debug, Clone, Copy)]
pub struct Signed;
/// Vouched for by https or an administrator (metadata).
#[derive(Debug, Clone, Copy)]
pub struct Pinned;

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::Unsigned {}
    impl Sealed for super::Signed {}
    impl Sealed for super::Pinned {}
}
impl Trust for Unsigned {}
impl Trust for Signed {}
impl Trust for Pinned {}
impl Readable for Signed {}
impl Readable for Pinned {}

/// A value that nobody vouches for. It can be compared, counted as present, or shown (bounded) in the private trace.
#[derive(Clone)]
pub struct Unverified<T>(T);

impl<T: AsRef<str>> Unverified<T> {
    /// Equal to what was expected, byte for byte.
    #[must_use]
    pub fn matches(&self, expected: &str) -> bool { self.0.as_ref() == expected }
    /// Equal to one of a closed list: the list's own entry comes back, never the received text.
    #[must_use]
    pub fn one_of<'l>(&self, list: &[&'l str]) -> Option<&'l str> { list.iter().find(|e| self.matches(e)).copied() }
    /// At most 200 characters with control characters replaced, for the private trace only.
    #[must_use]
    pub fn for_trace(&self) -> String { self.0.as_ref().chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect() }
    /// Hands the text to a parser that yields a bounded value (a time, an `AADSTS` number, the name of an attempt
    /// cookie): `parse` must not let the text itself through.
    pub fn bounded<R: Copy>(&self, parse: impl FnOnce(&str) -> R) -> R { parse(self.0.as_ref()) }
    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool { self.0.as_ref().is_empty() }
}

/// One element of a document.
#[derive(Debug, Clone, Copy)]
pub struct Element<'d, T: Trust> { pub(crate) tree: &'d str, pub(crate) trust: PhantomData<T> }

impl<'d, T: Trust> Element<'d, T> {
    /// Namespace name; empty when there is none.
    #[must_use]
    pub fn namespace(&self) -> &'d str { todo!() }
    /// Local name.
    #[must_use]
    pub fn local_name(&self) -> &'d str { todo!() }
    /// Namespace and local name are these.
    #[must_use]
    pub fn is(&self, _namespace: &str, _local: &str) -> bool { todo!() }
    /// Child elements in document order.
    pub fn children(&self) -> impl Iterator<Item = Element<'d, T>> + use<'d, T> { std::iter::empty() }
    /// Child elements of that name, in document order.
    pub fn children_named(&self, _namespace: &'static str, _local: &'static str) -> impl Iterator<Item = Element<'d, T>> + use<'d, T> { std::iter::empty() }
    /// The element itself and all below it, in document order.
    pub fn descendants(&self) -> impl Iterator<Item = Element<'d, T>> + use<'d, T> { std::iter::empty() }
    /// Whether it holds text other than white space directly (between child elements or alone).
    #[must_use]
    pub fn has_text(&self) -> bool { todo!() }
    /// Whether it has an attribute of that name without namespace.
    #[must_use]
    pub fn has_attribute(&self, _local: &str) -> bool { todo!() }
}

impl<'d, T: Readable> Element<'d, T> {
    /// Value of the attribute of that name without namespace, normalised and unescaped.
    #[must_use]
    pub fn attribute(&self, _local: &str) -> Option<Cow<'d, str>> { todo!() }
    /// Value of an attribute with namespace.
    #[must_use]
    pub fn attribute_ns(&self, _namespace: &str, _local: &str) -> Option<Cow<'d, str>> { todo!() }
    /// The complete text, unescaped; empty when the element is empty. White space is kept.
    ///
    /// # Errors
    /// [`ReadError::NotText`] when the element has child elements (or, in metadata, a comment inside).
    pub fn text(&self) -> Result<Cow<'d, str>, ReadError> { todo!() }
}

impl<'d> Element<'d, crate::Unsigned> {
    /// Value of the attribute of that name without namespace.
    #[must_use]
    pub fn attribute_unverified(&self, _local: &str) -> Option<Unverified<Cow<'d, str>>> { todo!() }
    /// The complete text.
    ///
    /// # Errors
    /// As [`Element::text`].
    pub fn text_unverified(&self) -> Result<Unverified<Cow<'d, str>>, ReadError> { todo!() }
}
