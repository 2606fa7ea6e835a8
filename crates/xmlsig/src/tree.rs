//! The parsed document.
use crate::{Element, Limits, Pinned, Unsigned, XmlError};
use std::borrow::Cow;

/// A document that passed the strict parser. Nothing in it is believed.
#[derive(Debug)]
pub struct Message<'a> { bytes: Cow<'a, [u8]> }

impl<'a> Message<'a> {
    /// Parses `bytes` (UTF-8, a byte order mark is skipped) in one pass over the closed grammar.
    ///
    /// # Errors
    /// [`XmlError`] with the code of the first rule that is broken.
    pub fn parse(_bytes: &'a [u8], _limits: &Limits) -> Result<Self, XmlError> { todo!() }

    /// Parses an owned fragment whose in-scope namespaces are those of `context` (decrypted content).
    pub(crate) fn parse_within<T: crate::Trust>(_bytes: Vec<u8>, _context: Element<'_, T>, _limits: &Limits) -> Result<Message<'static>, XmlError> { todo!() }

    /// The root element. It may be compared, never believed.
    #[must_use]
    pub fn root(&self) -> Element<'_, Unsigned> { todo!() }

    /// The root element of a document that somebody else vouches for: metadata over https, or pasted by an
    /// administrator. The caller must then check the entity ID against the configured one.
    #[must_use]
    pub fn pinned(&self) -> Element<'_, Pinned> { todo!() }
}
