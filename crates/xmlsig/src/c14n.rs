//! Exclusive XML canonicalisation 1.0 without comments (<https://www.w3.org/TR/xml-exc-c14n/>), streaming over the
//! arena. The result is a tree again whose ranges lie in the canonical bytes: what is read later is what was hashed.

use crate::element::Trust;
use crate::text::{Place, escape_into, unescape};
use crate::tree::{Attribute, Declaration, ElementData, Kind, NamespaceId, Node, NodeId, Span, Tree};
use crate::{Element, Unsigned, ns};
use std::sync::Arc;

/// The canonical form of an element, as bytes only: for oracles, vectors and tools. Nothing about it is verified.
#[must_use]
pub fn exclusive_c14n(element: Element<'_, Unsigned>, inclusive_prefixes: &[&str]) -> String {
    text_of(canonicalize(element, None, inclusive_prefixes))
}

/// The same without the subtree `signature`, as an enveloped signature's Reference digests it. Nothing about it is
/// verified either.
#[must_use]
pub fn enveloped_c14n(
    element: Element<'_, Unsigned>,
    signature: Element<'_, Unsigned>,
    inclusive_prefixes: &[&str],
) -> String {
    text_of(canonicalize(element, Some(signature), inclusive_prefixes))
}

fn text_of(mut tree: Tree<'static>) -> String {
    std::mem::take(&mut tree.text).into_owned()
}

/// Canonicalises `element` without the subtree `exclude` (the enveloped signature). `inclusive` is the PrefixList of
/// `InclusiveNamespaces`; `#default` stands for the default namespace.
pub(crate) fn canonicalize<T: Trust>(
    element: Element<'_, T>,
    exclude: Option<Element<'_, T>>,
    inclusive: &[&str],
) -> Tree<'static> {
    let tree = element.tree();
    let root = element.node();
    let source = element.source_range();
    let mut writer = Writer {
        tree,
        inclusive: inclusive.iter().map(|prefix| if *prefix == "#default" { "" } else { prefix }).collect(),
        out: String::with_capacity(source.len().saturating_add(256)),
        rendered: Vec::with_capacity(16),
        open: Vec::with_capacity(16),
        nodes: Vec::with_capacity(tree.end(root).saturating_sub(root)),
        attributes: Vec::with_capacity(tree.attributes.len()),
        declarations: Vec::new(),
    };
    writer.run(root, exclude.map(|excluded| excluded.node()));
    let Writer { out, nodes, attributes, declarations, .. } = writer;
    Tree {
        text: out.into(),
        nodes,
        attributes,
        declarations,
        namespaces: Arc::clone(&tree.namespaces),
        context: Vec::new(),
        secret: tree.secret,
    }
}

/// An element whose end tag is not written yet.
struct Open {
    /// Past its last node in the source tree.
    end: NodeId,
    /// Its node in the canonical tree.
    node: NodeId,
    /// Its qualified name in the output.
    name: Span,
    /// Rendered namespaces outside of it.
    rendered: usize,
}

struct Writer<'t> {
    tree: &'t Tree<'t>,
    inclusive: Vec<&'t str>,
    out: String,
    /// Namespace nodes that output ancestors rendered, innermost last.
    rendered: Vec<(&'t str, NamespaceId)>,
    open: Vec<Open>,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    declarations: Vec<Declaration>,
}

impl<'t> Writer<'t> {
    fn run(&mut self, root: NodeId, exclude: Option<NodeId>) {
        let end = self.tree.end(root);
        let mut next = root;
        while next < end {
            self.close_until(next);
            if Some(next) == exclude {
                next = self.tree.end(next);
                continue;
            }
            match self.tree.nodes.get(next).map(|node| node.kind) {
                Some(Kind::Element(data)) => self.start(next, &data, next == root),
                Some(Kind::Text { span, plain, blank }) => self.text(span, plain, blank),
                None => {}
            }
            next = next.saturating_add(1);
        }
        self.close_until(end);
    }

    /// Writes the end tags of all elements that end before source node `next`.
    fn close_until(&mut self, next: NodeId) {
        while let Some(open) = self.open.pop_if(|open| open.end <= next) {
            self.out.push_str("</");
            self.out.extend_from_within(open.name.start..open.name.end);
            self.out.push('>');
            self.rendered.truncate(open.rendered);
            let (end, length) = (self.nodes.len(), self.out.len());
            if let Some(node) = self.nodes.get_mut(open.node) {
                node.end = end;
                if let Kind::Element(data) = &mut node.kind {
                    data.source.end = length;
                }
            }
        }
    }

    fn push_node(&mut self, kind: Kind) -> NodeId {
        let id = self.nodes.len();
        let parent = self.open.last().map_or(id, |open| open.node);
        self.nodes.push(Node { kind, parent, end: id.saturating_add(1) });
        id
    }

    fn text(&mut self, span: Span, plain: bool, blank: bool) {
        let start = self.out.len();
        let raw = self.tree.str(span);
        let plain = if plain {
            self.out.push_str(raw);
            true
        } else {
            !escape_into(&mut self.out, &unescape(raw, false, Place::Content), Place::Content)
        };
        self.push_node(Kind::Text { span: Span { start, end: self.out.len() }, plain, blank });
    }

    fn start(&mut self, source: NodeId, data: &ElementData, apex: bool) {
        let outside = self.rendered.len();
        let begin = self.out.len();
        self.out.push('<');
        let (prefix, local) = self.qualified_name(data.prefix, data.local);
        let name = Span { start: prefix.start, end: local.end };
        let first_declaration = self.declarations.len();
        self.namespaces(source, data, apex);
        let first_attribute = self.attributes.len();
        self.write_attributes(data);
        self.out.push('>');
        let node = self.push_node(Kind::Element(ElementData {
            prefix,
            local,
            namespace: data.namespace,
            attributes: Span { start: first_attribute, end: self.attributes.len() },
            declarations: Span { start: first_declaration, end: self.declarations.len() },
            source: Span { start: begin, end: begin },
            comment: false,
        }));
        self.open.push(Open { end: self.tree.end(source), node, name, rendered: outside });
    }

    fn qualified_name(&mut self, prefix: Span, local: Span) -> (Span, Span) {
        let start = self.out.len();
        if !prefix.is_empty() {
            self.out.push_str(self.tree.str(prefix));
            self.out.push(':');
        }
        let prefix = Span { start, end: self.out.len().saturating_sub(usize::from(!prefix.is_empty())) };
        let start = self.out.len();
        self.out.push_str(self.tree.str(local));
        (prefix, Span { start, end: self.out.len() })
    }

    /// Section 3: an element renders the namespace nodes that it visibly utilises, and those of the PrefixList, when
    /// the nearest output ancestor that rendered the prefix rendered something else.
    fn namespaces(&mut self, source: NodeId, data: &ElementData, apex: bool) {
        let mut wanted: Vec<(&'t str, NamespaceId)> = Vec::new();
        self.want(&mut wanted, self.tree.str(data.prefix), data.namespace);
        for attribute in self.tree.attributes(data) {
            if !attribute.prefix.is_empty() {
                self.want(&mut wanted, self.tree.str(attribute.prefix), attribute.namespace);
            }
        }
        if apex {
            for prefix in &self.inclusive {
                if let Some(namespace) = self.tree.binding(source, prefix) {
                    self.want(&mut wanted, prefix, namespace);
                }
            }
        } else if !self.inclusive.is_empty() {
            // Below the apex, a listed prefix can only change where it is declared.
            for declared in self.tree.declarations(data) {
                let prefix = self.tree.str(declared.prefix);
                if self.inclusive.contains(&prefix) {
                    self.want(&mut wanted, prefix, declared.namespace);
                }
            }
        }
        wanted.sort_unstable_by_key(|(prefix, _)| *prefix);
        for (prefix, namespace) in wanted {
            self.out.push_str(if prefix.is_empty() { " xmlns" } else { " xmlns:" });
            let start = self.out.len();
            self.out.push_str(prefix);
            let written = Span { start, end: self.out.len() };
            self.out.push_str("=\"");
            escape_into(&mut self.out, self.tree.namespace(namespace), Place::Attribute);
            self.out.push('"');
            self.declarations.push(Declaration { prefix: written, namespace });
            self.rendered.push((prefix, namespace));
        }
    }

    /// Notes a namespace node unless it is already rendered, or is the `xml` prefix, or an empty default namespace
    /// that nothing rendered needs to undo.
    fn want(&self, wanted: &mut Vec<(&'t str, NamespaceId)>, prefix: &'t str, namespace: NamespaceId) {
        let nearest = self.rendered.iter().rev().find(|(known, _)| *known == prefix).map(|(_, id)| *id);
        let needed = match nearest {
            Some(id) => id != namespace,
            None => namespace != 0 && self.tree.namespace(namespace) != ns::XML,
        };
        if needed && !wanted.iter().any(|(known, _)| *known == prefix) {
            wanted.push((prefix, namespace));
        }
    }

    /// Attributes in the order of namespace name, then local name (C14N 2.3).
    fn write_attributes(&mut self, data: &ElementData) {
        let tree = self.tree;
        let source = tree.attributes(data);
        if let [only] = source {
            self.write_attribute(only);
            return;
        }
        let mut sorted: Vec<&Attribute> = source.iter().collect();
        sorted.sort_unstable_by_key(|attribute| {
            (tree.namespace(attribute.namespace), tree.str(attribute.local))
        });
        for attribute in sorted {
            self.write_attribute(attribute);
        }
    }

    fn write_attribute(&mut self, attribute: &Attribute) {
        self.out.push(' ');
        let (prefix, local) = self.qualified_name(attribute.prefix, attribute.local);
        self.out.push_str("=\"");
        let start = self.out.len();
        let raw = self.tree.str(attribute.value);
        let plain = if attribute.plain {
            self.out.push_str(raw);
            true
        } else {
            !escape_into(&mut self.out, &unescape(raw, false, Place::Attribute), Place::Attribute)
        };
        let value = Span { start, end: self.out.len() };
        self.out.push('"');
        self.attributes.push(Attribute { prefix, local, namespace: attribute.namespace, value, plain });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::canonicalize;
    use crate::{Element, Limits, Message, Signed};

    /// A canonical form is a tree like a parsed one: written again it gives the same bytes.
    #[test]
    fn the_canonical_tree_is_as_good_as_a_parsed_one() {
        let xml = r#"<p:a xmlns:p="urn:p" xmlns="urn:d" c="1" p:b="&#13;&lt;&quot;"><b xmlns=""/>x&amp;y&gt;<c d="e"/></p:a>"#;
        let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
        let once = canonicalize(message.root(), None, &[]);
        let again = canonicalize(Element::<Signed>::new(&once, 0), None, &[]);
        assert_eq!(
            once.text,
            r#"<p:a xmlns:p="urn:p" c="1" p:b="&#xD;&lt;&quot;"><b></b>x&amp;y&gt;<c xmlns="urn:d" d="e"></c></p:a>"#
        );
        assert_eq!(again.text, once.text);
    }
}
