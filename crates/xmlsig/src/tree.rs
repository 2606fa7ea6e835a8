//! The parsed document: an arena of nodes in document order whose names, values and texts are ranges of one text.
//!
//! The same shape serves the received document (ranges of the input) and a canonical form (ranges of the canonical
//! bytes), so there is one way to read and no second parse.

use crate::element::Trust;
use crate::{Element, Limits, Pinned, Unsigned, XmlError, parse};
use std::borrow::Cow;
use std::sync::Arc;
use zeroize::Zeroize as _;

/// A byte range of the tree's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Span {
    pub start: usize,
    pub end: usize,
}

impl Span {
    pub(crate) const fn is_empty(self) -> bool {
        self.start == self.end
    }
}

/// Index of a namespace name in [`Tree::namespaces`]; 0 is "no namespace".
pub(crate) type NamespaceId = usize;
/// Index of a node in [`Tree::nodes`].
pub(crate) type NodeId = usize;

/// One element or one run of text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    pub kind: Kind,
    /// Parent element; the root is its own parent.
    pub parent: NodeId,
    /// One past the last node of this subtree, in document order.
    pub end: NodeId,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Element(ElementData),
    Text {
        span: Span,
        /// Neither escapes nor carriage returns nor `>`: the characters are the text, and its canonical form.
        plain: bool,
        /// XML white space only.
        blank: bool,
    },
}

/// An element's name, its slices of the attribute and declaration tables, and its place in the text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ElementData {
    pub prefix: Span,
    pub local: Span,
    pub namespace: NamespaceId,
    pub attributes: Span,
    pub declarations: Span,
    /// From `<` of the start tag to past `>` of the end tag.
    pub source: Span,
    /// A comment was skipped directly inside (metadata only).
    pub comment: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Attribute {
    pub prefix: Span,
    pub local: Span,
    pub namespace: NamespaceId,
    /// Between the quotes, as written.
    pub value: Span,
    /// Neither escapes nor white space that normalisation changes nor quotes.
    pub plain: bool,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Declaration {
    pub prefix: Span,
    pub namespace: NamespaceId,
}

#[derive(Default)]
pub(crate) struct Tree<'a> {
    pub text: Cow<'a, str>,
    pub nodes: Vec<Node>,
    pub attributes: Vec<Attribute>,
    pub declarations: Vec<Declaration>,
    /// Distinct namespace names; the first is the empty one.
    pub namespaces: Arc<Vec<Box<str>>>,
    /// Bindings that hold around the root (decrypted content is read in the context of its ciphertext).
    pub context: Vec<(Box<str>, NamespaceId)>,
    /// The text was decrypted, or is the canonical form of what was: it is wiped in the end.
    pub secret: bool,
}

impl Drop for Tree<'_> {
    fn drop(&mut self) {
        if self.secret
            && let Cow::Owned(text) = &mut self.text
        {
            text.zeroize();
        }
    }
}

/// Shows no content: a log line must never carry a message.
impl std::fmt::Debug for Tree<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Tree({} bytes, {} nodes)", self.text.len(), self.nodes.len())
    }
}

impl Tree<'_> {
    pub(crate) fn str(&self, span: Span) -> &str {
        self.text.get(span.start..span.end).unwrap_or_default()
    }

    pub(crate) fn element(&self, node: NodeId) -> Option<&ElementData> {
        match self.nodes.get(node) {
            Some(Node { kind: Kind::Element(data), .. }) => Some(data),
            _ => None,
        }
    }

    pub(crate) fn namespace(&self, id: NamespaceId) -> &str {
        self.namespaces.get(id).map_or("", |name| name)
    }

    pub(crate) fn attributes(&self, element: &ElementData) -> &[Attribute] {
        self.attributes.get(element.attributes.start..element.attributes.end).unwrap_or_default()
    }

    pub(crate) fn declarations(&self, element: &ElementData) -> &[Declaration] {
        self.declarations.get(element.declarations.start..element.declarations.end).unwrap_or_default()
    }

    pub(crate) fn end(&self, node: NodeId) -> NodeId {
        self.nodes.get(node).map_or(node, |n| n.end)
    }

    /// What `prefix` (empty for the default namespace) means at `node`.
    pub(crate) fn binding(&self, mut node: NodeId, prefix: &str) -> Option<NamespaceId> {
        loop {
            let data = self.element(node)?;
            if let Some(found) = self.declarations(data).iter().find(|d| self.str(d.prefix) == prefix) {
                return Some(found.namespace);
            }
            let parent = self.nodes.get(node)?.parent;
            if parent == node {
                return self.context.iter().find(|(p, _)| **p == *prefix).map(|(_, id)| *id);
            }
            node = parent;
        }
    }

    /// Every prefix in scope at `node` with its namespace name, nearest declaration first.
    pub(crate) fn bindings(&self, mut node: NodeId) -> Vec<(Box<str>, Box<str>)> {
        let mut all: Vec<(Box<str>, Box<str>)> = Vec::new();
        let mut add = |prefix: &str, id: NamespaceId| {
            if !all.iter().any(|(p, _)| **p == *prefix) {
                all.push((prefix.into(), self.namespace(id).into()));
            }
        };
        while let Some(data) = self.element(node) {
            for declaration in self.declarations(data) {
                add(self.str(declaration.prefix), declaration.namespace);
            }
            let parent = self.nodes.get(node).map_or(node, |n| n.parent);
            if parent == node {
                break;
            }
            node = parent;
        }
        for (prefix, id) in &self.context {
            add(prefix, *id);
        }
        all
    }
}

/// A document that passed the strict parser. Nothing in it is believed.
#[derive(Debug)]
pub struct Message<'a> {
    tree: Tree<'a>,
}

impl<'a> Message<'a> {
    /// Parses `bytes` (UTF-8, a byte order mark is skipped) in one pass over the closed grammar.
    ///
    /// # Errors
    /// [`XmlError`] with the code of the first rule that is broken.
    pub fn parse(bytes: &'a [u8], limits: &Limits) -> Result<Self, XmlError> {
        let text = parse::decode(bytes, limits)?;
        Ok(Self { tree: parse::parse(Cow::Borrowed(text), &[], limits)? })
    }

    /// As [`Message::parse`], of bytes that the message keeps (an inflated query).
    pub(crate) fn parse_owned(bytes: Vec<u8>, limits: &Limits) -> Result<Message<'static>, XmlError> {
        let text = parse::decode_owned(bytes, limits)?;
        Ok(Message { tree: parse::parse(Cow::Owned(text), &[], limits)? })
    }

    /// Parses an owned fragment whose in-scope namespaces are those of `context` (decrypted content).
    pub(crate) fn parse_within<T: Trust>(
        bytes: Vec<u8>,
        context: Element<'_, T>,
        limits: &Limits,
    ) -> Result<Message<'static>, XmlError> {
        let text = parse::decode_owned(bytes, limits)?;
        let bindings = context.tree().bindings(context.node());
        Ok(Message { tree: parse::parse_secret(text, &bindings, limits)? })
    }

    /// The root element. It may be compared, never believed.
    #[must_use]
    pub fn root(&self) -> Element<'_, Unsigned> {
        Element::new(&self.tree, 0)
    }

    /// The root element of a document that somebody else vouches for: metadata over https, or pasted by an
    /// administrator. The caller must then check the entity ID against the configured one.
    #[must_use]
    pub fn pinned(&self) -> Element<'_, Pinned> {
        Element::new(&self.tree, 0)
    }
}
