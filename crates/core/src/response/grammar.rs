//! The closed grammar: children in the order of the schema, no text between elements, no elements inside a value.

use crate::{Rejected, Trace};
use ostiary_codes::Code;
use ostiary_xmlsig::{Element, Trust, ns};
use std::iter::Peekable;

/// The children of an element that still wait to be taken, in document order.
pub(super) struct InOrder<I: Iterator>(Peekable<I>);

/// The children of `parent`; text between them is refused.
pub(super) fn in_order<'d, T: Trust>(
    parent: Element<'d, T>,
    trace: &mut Trace,
) -> Result<InOrder<impl Iterator<Item = Element<'d, T>> + use<'d, T>>, Rejected> {
    if parent.has_text() {
        return Err(trace.reject(STRUCTURE, Code::XmlMixedContent, "elements only", parent.local_name()));
    }
    Ok(InOrder(parent.children().peekable()))
}

impl<'d, T: Trust, I: Iterator<Item = Element<'d, T>>> InOrder<I> {
    /// The next child, if it is of that name.
    pub(super) fn take(&mut self, namespace: &str, local: &str) -> Option<Element<'d, T>> {
        self.0.next_if(|child| child.is(namespace, local))
    }

    /// The next child, if it is one of these in the assertion namespace.
    pub(super) fn take_saml(&mut self, locals: &[&str]) -> Option<Element<'d, T>> {
        self.0.next_if(|child| child.namespace() == ns::SAML && locals.contains(&child.local_name()))
    }

    /// The next child, whatever it is.
    pub(super) fn next(&mut self) -> Option<Element<'d, T>> {
        self.0.next()
    }

    /// Nothing is left.
    pub(super) fn end(mut self, code: Code, expected: &str, trace: &mut Trace) -> Result<(), Rejected> {
        match self.0.next() {
            None => Ok(()),
            Some(child) => Err(trace.reject(STRUCTURE, code, expected, child.local_name())),
        }
    }
}

const STRUCTURE: &str = "Core, schema";
