//! Reading: one view of an element, with what may be believed in its type.

use crate::ReadError;
use crate::text::{Place, unescape};
use crate::tree::{Attribute, ElementData, Kind, Node, NodeId, Tree};
use std::borrow::Cow;
use std::marker::PhantomData;
use std::ops::Range;

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
    pub fn matches(&self, expected: &str) -> bool {
        self.0.as_ref() == expected
    }

    /// Equal to one of a closed list: the list's own entry comes back, never the received text.
    #[must_use]
    pub fn one_of<'l>(&self, list: &[&'l str]) -> Option<&'l str> {
        list.iter().find(|entry| self.matches(entry)).copied()
    }

    /// At most 200 characters with control characters replaced, for the private trace only.
    #[must_use]
    pub fn for_trace(&self) -> String {
        self.0.as_ref().chars().take(200).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
    }

    /// Hands the text to a parser that yields a bounded value (a time, an `AADSTS` number, a request ID that selects
    /// an attempt cookie). `R` is `Copy` and the parser may not change what it captures, so the text itself
    /// cannot pass.
    pub fn bounded<R: Copy + 'static>(&self, parse: impl Fn(&str) -> R) -> R {
        parse(self.0.as_ref())
    }

    /// Whether the text is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_empty()
    }
}

impl<T> std::fmt::Debug for Unverified<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unverified(..)")
    }
}

/// One element of a document.
#[derive(Debug, Clone, Copy)]
pub struct Element<'d, T: Trust> {
    tree: &'d Tree<'d>,
    node: NodeId,
    trust: PhantomData<T>,
}

impl<'d, T: Trust> Element<'d, T> {
    pub(crate) const fn new(tree: &'d Tree<'d>, node: NodeId) -> Self {
        Self { tree, node, trust: PhantomData }
    }

    pub(crate) const fn tree(&self) -> &'d Tree<'d> {
        self.tree
    }

    pub(crate) const fn node(&self) -> NodeId {
        self.node
    }

    fn data(&self) -> Option<&'d ElementData> {
        self.tree.element(self.node)
    }

    /// Where the element stands, tags included, in the bytes that were parsed (byte order mark not counted).
    pub(crate) fn source_range(&self) -> Range<usize> {
        self.data().map_or(0..0, |data| data.source.start..data.source.end)
    }

    /// Namespace name; empty when there is none.
    #[must_use]
    pub fn namespace(&self) -> &'d str {
        self.data().map_or("", |data| self.tree.namespace(data.namespace))
    }

    /// Local name.
    #[must_use]
    pub fn local_name(&self) -> &'d str {
        self.data().map_or("", |data| self.tree.str(data.local))
    }

    /// Namespace and local name are these.
    #[must_use]
    pub fn is(&self, namespace: &str, local: &str) -> bool {
        self.local_name() == local && self.namespace() == namespace
    }

    /// The parent element; `None` for the root.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let parent = self.tree.nodes.get(self.node)?.parent;
        (parent != self.node).then(|| Self::new(self.tree, parent))
    }

    fn child_nodes(&self) -> impl Iterator<Item = (NodeId, &'d Node)> + use<'d, T> {
        let tree = self.tree;
        let end = tree.end(self.node);
        let mut next = self.node.saturating_add(1);
        std::iter::from_fn(move || {
            let node = tree.nodes.get(next).filter(|_| next < end)?;
            let current = next;
            next = node.end;
            Some((current, node))
        })
    }

    /// Child elements in document order.
    pub fn children(&self) -> impl Iterator<Item = Self> + use<'d, T> {
        let tree = self.tree;
        self.child_nodes()
            .filter(|(_, node)| matches!(node.kind, Kind::Element(_)))
            .map(move |(id, _)| Self::new(tree, id))
    }

    /// Child elements of that name, in document order.
    pub fn children_named(
        &self,
        namespace: &'static str,
        local: &'static str,
    ) -> impl Iterator<Item = Self> + use<'d, T> {
        self.children().filter(move |child| child.is(namespace, local))
    }

    /// The element itself and all elements below it, in document order.
    pub fn descendants(&self) -> impl Iterator<Item = Self> + use<'d, T> {
        let tree = self.tree;
        (self.node..tree.end(self.node))
            .filter(|id| tree.element(*id).is_some())
            .map(move |id| Self::new(tree, id))
    }

    /// Whether it holds text other than white space directly (between child elements or alone).
    #[must_use]
    pub fn has_text(&self) -> bool {
        self.child_nodes().any(|(_, node)| matches!(node.kind, Kind::Text { blank: false, .. }))
    }

    /// Whether it has an attribute of that name without namespace.
    #[must_use]
    pub fn has_attribute(&self, local: &str) -> bool {
        self.find(local).is_some()
    }

    /// Names (namespace, local name) of all its attributes.
    pub fn attribute_names(&self) -> impl Iterator<Item = (&'d str, &'d str)> + use<'d, T> {
        let tree = self.tree;
        self.data()
            .map_or(&[][..], |data| tree.attributes(data))
            .iter()
            .map(move |attribute| (tree.namespace(attribute.namespace), tree.str(attribute.local)))
    }

    fn find(&self, local: &str) -> Option<&'d Attribute> {
        self.tree
            .attributes(self.data()?)
            .iter()
            .find(|attribute| attribute.namespace == 0 && self.tree.str(attribute.local) == local)
    }

    fn find_ns(&self, namespace: &str, local: &str) -> Option<&'d Attribute> {
        self.tree.attributes(self.data()?).iter().find(|attribute| {
            self.tree.str(attribute.local) == local && self.tree.namespace(attribute.namespace) == namespace
        })
    }

    fn value(&self, attribute: &Attribute) -> Cow<'d, str> {
        unescape(self.tree.str(attribute.value), attribute.plain, Place::Attribute)
    }

    /// For this crate's own checks; callers outside get it by trust level.
    pub(crate) fn raw_attribute(&self, local: &str) -> Option<Cow<'d, str>> {
        self.find(local).map(|attribute| self.value(attribute))
    }

    /// For this crate's own checks; callers outside get it by trust level.
    pub(crate) fn raw_text(&self) -> Result<Cow<'d, str>, ReadError> {
        let end = self.tree.end(self.node);
        match (self.data(), end.saturating_sub(self.node)) {
            (Some(data), _) if data.comment => Err(ReadError::NotText),
            (Some(_), 1) => Ok(Cow::Borrowed("")),
            (Some(_), 2) => match self.tree.nodes.get(self.node.saturating_add(1)).map(|node| node.kind) {
                Some(Kind::Text { span, plain, .. }) => {
                    Ok(unescape(self.tree.str(span), plain, Place::Content))
                }
                _ => Err(ReadError::NotText),
            },
            _ => Err(ReadError::NotText),
        }
    }
}

impl<'d, T: Readable> Element<'d, T> {
    /// Value of the attribute of that name without namespace, normalised and unescaped.
    #[must_use]
    pub fn attribute(&self, local: &str) -> Option<Cow<'d, str>> {
        self.raw_attribute(local)
    }

    /// Value of an attribute with namespace.
    #[must_use]
    pub fn attribute_ns(&self, namespace: &str, local: &str) -> Option<Cow<'d, str>> {
        self.find_ns(namespace, local).map(|attribute| self.value(attribute))
    }

    /// The complete text, unescaped; empty when the element is empty. White space is kept.
    ///
    /// # Errors
    /// [`ReadError::NotText`] when the element has child elements (or, in metadata, a comment inside).
    pub fn text(&self) -> Result<Cow<'d, str>, ReadError> {
        self.raw_text()
    }
}

impl<'d> Element<'d, Unsigned> {
    /// Value of the attribute of that name without namespace.
    #[must_use]
    pub fn attribute_unverified(&self, local: &str) -> Option<Unverified<Cow<'d, str>>> {
        self.raw_attribute(local).map(Unverified)
    }

    /// The complete text.
    ///
    /// # Errors
    /// As [`Element::text`].
    pub fn text_unverified(&self) -> Result<Unverified<Cow<'d, str>>, ReadError> {
        self.raw_text().map(Unverified)
    }
}
