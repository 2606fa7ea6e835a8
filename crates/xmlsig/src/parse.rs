//! The strict parser: one pass of quick-xml's tokenizer over a closed grammar, every limit before the work it bounds.
//!
//! Well-formedness beyond tokens (names, references, attributes, namespaces, IDs, nesting) is checked here, so that no
//! two readers of the same bytes can disagree about them.

use crate::text::{Place, first_forbidden, is_ncname, is_space, reference, unescape};
use crate::tree::{Attribute, Declaration, ElementData, Kind, NamespaceId, Node, NodeId, Span, Tree};
use crate::{Limits, XmlError, ns};
use ostiary_codes::Code;
use quick_xml::Reader;
use quick_xml::events::Event;
use std::borrow::Cow;
use std::sync::Arc;

/// Different namespace names in one document. Real messages have about ten.
const DISTINCT_NAMESPACES: usize = 256;
/// Bytes of one namespace name. Exclusive C14N writes a name again wherever its prefix is used, so that a long name
/// would make a canonical form of gigabytes out of a short message.
const NAMESPACE_NAME: usize = 512;
const BYTE_ORDER_MARK: char = '\u{feff}';

fn fail<T>(code: Code, detail: impl Into<String>) -> Result<T, XmlError> {
    Err(XmlError::new(code, detail))
}

/// Size, UTF-8 and characters; skips a byte order mark.
pub(crate) fn decode<'a>(bytes: &'a [u8], limits: &Limits) -> Result<&'a str, XmlError> {
    if bytes.len() > limits.bytes {
        return fail(Code::MessageTooLarge, format!("at most {} bytes, seen {}", limits.bytes, bytes.len()));
    }
    let text = std::str::from_utf8(bytes)
        .map_err(|error| XmlError::new(Code::XmlNotUtf8, format!("byte {}", error.valid_up_to())))?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    // The tokenizer would swallow a second one without a word.
    if text.starts_with(BYTE_ORDER_MARK) {
        return fail(Code::XmlMalformed, "text before the root element");
    }
    match first_forbidden(text) {
        Some(at) => fail(Code::XmlForbiddenCharacter, format!("byte {at}")),
        None => Ok(text),
    }
}

/// As [`decode`], without a copy.
pub(crate) fn decode_owned(bytes: Vec<u8>, limits: &Limits) -> Result<String, XmlError> {
    let length = decode(&bytes, limits)?.len();
    let mut text = String::from_utf8(bytes).map_err(|_| XmlError::new(Code::XmlNotUtf8, "not UTF-8"))?;
    text.drain(..text.len().saturating_sub(length));
    Ok(text)
}

/// Parses decoded text. `context` are the namespace bindings that hold around the root.
pub(crate) fn parse<'a>(
    text: Cow<'a, str>,
    context: &[(Box<str>, Box<str>)],
    limits: &Limits,
) -> Result<Tree<'a>, XmlError> {
    let mut tree = Tree::default();
    tree.text = text;
    fill(&mut tree, context, limits)?;
    Ok(tree)
}

/// As [`parse`], of text that is wiped in the end, whatever comes of it.
pub(crate) fn parse_secret(
    text: String,
    context: &[(Box<str>, Box<str>)],
    limits: &Limits,
) -> Result<Tree<'static>, XmlError> {
    let mut tree = Tree::default();
    (tree.text, tree.secret) = (Cow::Owned(text), true);
    fill(&mut tree, context, limits)?;
    Ok(tree)
}

fn fill(tree: &mut Tree<'_>, context: &[(Box<str>, Box<str>)], limits: &Limits) -> Result<(), XmlError> {
    let text = &*tree.text;
    let mut names = Names { list: vec![Box::from(""), Box::from(ns::XML)] };
    let mut tree_context = Vec::with_capacity(context.len());
    for (prefix, name) in context {
        tree_context.push((prefix.clone(), names.intern(name)?));
    }
    let mut builder = Builder {
        source: text,
        limits: *limits,
        scope: tree_context.iter().map(|(prefix, id)| (&**prefix, *id)).collect(),
        names,
        nodes: Vec::with_capacity(text.len() / 32),
        attributes: Vec::with_capacity(text.len() / 64),
        declarations: Vec::new(),
        open: Vec::with_capacity(16),
        run: None,
        ids: Vec::new(),
        root_seen: false,
    };
    builder.run()?;
    let Builder { nodes, attributes, declarations, names, .. } = builder;
    (tree.nodes, tree.attributes, tree.declarations) = (nodes, attributes, declarations);
    (tree.namespaces, tree.context) = (Arc::new(names.list), tree_context);
    Ok(())
}

/// Distinct namespace names.
struct Names {
    list: Vec<Box<str>>,
}

impl Names {
    fn intern(&mut self, name: &str) -> Result<NamespaceId, XmlError> {
        if let Some(id) = self.list.iter().position(|known| **known == *name) {
            return Ok(id);
        }
        if self.list.len() >= DISTINCT_NAMESPACES {
            return fail(Code::XmlTooManyNamespaces, "too many different namespace names in the document");
        }
        self.list.push(name.into());
        Ok(self.list.len().saturating_sub(1))
    }
}

/// An element whose end tag was not seen yet.
struct Open {
    node: NodeId,
    /// The qualified name as written, for the end tag.
    name: Span,
    /// Length of the scope outside of it.
    scope: usize,
}

/// Characters between two tags.
struct Run {
    span: Span,
    plain: bool,
    blank: bool,
}

struct Builder<'s> {
    source: &'s str,
    limits: Limits,
    names: Names,
    /// Namespace bindings in scope, innermost last.
    scope: Vec<(&'s str, NamespaceId)>,
    nodes: Vec<Node>,
    attributes: Vec<Attribute>,
    declarations: Vec<Declaration>,
    open: Vec<Open>,
    run: Option<Run>,
    ids: Vec<Cow<'s, str>>,
    root_seen: bool,
}

impl<'s> Builder<'s> {
    fn run(&mut self) -> Result<(), XmlError> {
        let mut reader = Reader::from_str(self.source);
        let config = reader.config_mut();
        // End tags are compared here against the start tag's own span.
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        config.check_comments = true;
        loop {
            let event = reader
                .read_event()
                .map_err(|error| XmlError::new(Code::XmlMalformed, bounded(&error.to_string())))?;
            match &event {
                Event::Text(content) => self.characters(self.locate(content))?,
                Event::GeneralRef(name) => self.reference(self.locate(name))?,
                Event::Start(tag) => self.start(self.locate(tag), tag.name().as_ref().len(), false)?,
                Event::Empty(tag) => self.start(self.locate(tag), tag.name().as_ref().len(), true)?,
                Event::End(tag) => self.end(self.locate(tag))?,
                Event::Comment(content) => self.comment(self.locate(content))?,
                Event::Decl(content) => {
                    let span = self.locate(content);
                    if span.start != "<?".len() {
                        return fail(Code::XmlProcessingInstruction, "XML declaration not at the start");
                    }
                    xml_declaration(self.str(span))?;
                }
                Event::CData(_) => return fail(Code::XmlCdata, "CDATA section"),
                Event::PI(_) => return fail(Code::XmlProcessingInstruction, "processing instruction"),
                Event::DocType(_) => return fail(Code::XmlDoctype, "document type declaration"),
                Event::Eof => break,
            }
        }
        if !self.open.is_empty() || !self.root_seen {
            return fail(Code::XmlMalformed, "the document ends before its root element does");
        }
        self.unique_ids()
    }

    /// Where a slice that the tokenizer lent stands in the source.
    fn locate(&self, slice: &str) -> Span {
        let start = slice.as_ptr().addr().saturating_sub(self.source.as_ptr().addr());
        Span { start, end: start.saturating_add(slice.len()) }
    }

    fn str(&self, span: Span) -> &'s str {
        self.source.get(span.start..span.end).unwrap_or_default()
    }

    fn characters(&mut self, span: Span) -> Result<(), XmlError> {
        let text = self.str(span).as_bytes();
        let blank = text.iter().all(|&b| is_space(b));
        if self.open.is_empty() {
            return if blank { Ok(()) } else { fail(Code::XmlMalformed, "text outside the root element") };
        }
        let plain = memchr::memchr2(b'>', b'\r', text).is_none();
        if !plain && memchr::memmem::find(text, b"]]>").is_some() {
            return fail(Code::XmlMalformed, "]]> in text");
        }
        self.extend_run(span, plain, blank);
        Ok(())
    }

    fn reference(&mut self, name: Span) -> Result<(), XmlError> {
        if self.open.is_empty() {
            return fail(Code::XmlMalformed, "reference outside the root element");
        }
        if reference(self.str(name)).is_none() {
            return fail(Code::XmlMalformed, "unknown entity or impossible character reference");
        }
        // `&` before and `;` behind belong to the run.
        let span = Span { start: name.start.saturating_sub(1), end: name.end.saturating_add(1) };
        self.extend_run(span, false, false);
        Ok(())
    }

    fn extend_run(&mut self, span: Span, plain: bool, blank: bool) {
        match &mut self.run {
            Some(run) => {
                run.span.end = span.end;
                run.plain &= plain;
                run.blank &= blank;
            }
            None => self.run = Some(Run { span, plain, blank }),
        }
    }

    fn close_run(&mut self) -> Result<(), XmlError> {
        let Some(Run { span, plain, blank }) = self.run.take().filter(|run| !run.span.is_empty()) else {
            return Ok(());
        };
        self.push(Kind::Text { span, plain, blank }).map(|_| ())
    }

    /// Appends a node that ends with itself so far.
    fn push(&mut self, kind: Kind) -> Result<NodeId, XmlError> {
        let id = self.nodes.len();
        if id >= self.limits.nodes {
            return fail(Code::XmlTooManyNodes, format!("at most {} nodes", self.limits.nodes));
        }
        let parent = self.open.last().map_or(id, |open| open.node);
        self.nodes.push(Node { kind, parent, end: id.saturating_add(1) });
        Ok(id)
    }

    /// A tag whose name has `length` bytes, up to the first white space.
    fn start(&mut self, tag: Span, length: usize, empty: bool) -> Result<(), XmlError> {
        self.close_run()?;
        if self.open.is_empty() {
            if self.root_seen {
                return fail(Code::XmlMalformed, "a second root element");
            }
            self.root_seen = true;
        }
        if self.open.len() >= self.limits.depth {
            return fail(Code::XmlTooDeep, format!("at most {} levels", self.limits.depth));
        }
        let name = Span { start: tag.start, end: tag.start.saturating_add(length) };
        let outside = self.scope.len();
        let first_attribute = self.attributes.len();
        let first_declaration = self.declarations.len();
        self.attributes_of(Span { start: name.end, end: tag.end }, first_attribute, first_declaration)?;
        if self.scope.len() > self.limits.namespaces {
            return fail(Code::XmlTooManyNamespaces, format!("at most {} in scope", self.limits.namespaces));
        }
        let (prefix, local) = self.split(name)?;
        let namespace = self.resolve(prefix)?;
        self.resolve_attributes(first_attribute)?;
        let closing = if empty { "/>".len() } else { ">".len() };
        let data = ElementData {
            prefix,
            local,
            namespace,
            attributes: Span { start: first_attribute, end: self.attributes.len() },
            declarations: Span { start: first_declaration, end: self.declarations.len() },
            source: Span { start: tag.start.saturating_sub(1), end: tag.end.saturating_add(closing) },
            comment: false,
        };
        let node = self.push(Kind::Element(data))?;
        if empty {
            self.scope.truncate(outside);
        } else {
            self.open.push(Open { node, name, scope: outside });
        }
        Ok(())
    }

    fn end(&mut self, tag: Span) -> Result<(), XmlError> {
        self.close_run()?;
        let Some(open) = self.open.pop() else {
            return fail(Code::XmlMalformed, "an end tag without its start tag");
        };
        let written = self.str(tag);
        if self.str(open.name) != written {
            return fail(Code::XmlMalformed, "an end tag of another name");
        }
        // The tokenizer trims the name; only white space may stand before the `>`.
        let rest = self.source.get(tag.end..).unwrap_or_default();
        let gap = rest.bytes().position(|b| b == b'>').unwrap_or_default();
        if !rest.bytes().take(gap).all(is_space) {
            return fail(Code::XmlMalformed, "an end tag with attributes");
        }
        self.scope.truncate(open.scope);
        let end = self.nodes.len();
        if let Some(node) = self.nodes.get_mut(open.node) {
            node.end = end;
            if let Kind::Element(data) = &mut node.kind {
                data.source.end = tag.end.saturating_add(gap).saturating_add(1);
            }
        }
        Ok(())
    }

    fn comment(&mut self, content: Span) -> Result<(), XmlError> {
        if !self.limits.comments {
            return fail(Code::XmlComment, format!("comment at byte {}", content.start));
        }
        self.close_run()?;
        if let Some(open) = self.open.last()
            && let Some(Node { kind: Kind::Element(data), .. }) = self.nodes.get_mut(open.node)
        {
            data.comment = true;
        }
        Ok(())
    }

    /// Reads the attributes and namespace declarations of one tag (XML 3.1: white space before each, quotes, no `<`).
    fn attributes_of(&mut self, span: Span, first: usize, first_declaration: usize) -> Result<(), XmlError> {
        let mut rest = span;
        loop {
            let text = self.str(rest).as_bytes();
            let spaces = text.iter().take_while(|&&b| is_space(b)).count();
            if spaces == text.len() {
                return Ok(());
            }
            if spaces == 0 {
                return fail(Code::XmlMalformed, "attributes must be separated by white space");
            }
            rest.start = rest.start.saturating_add(spaces);
            let raw = next_attribute(self.str(rest), rest.start)?;
            rest.start = raw.end;
            let name = self.str(raw.name);
            let plain = self.check_value(self.str(raw.value))?;
            if name == "xmlns" || name.starts_with("xmlns:") {
                self.declare(raw, plain, first_declaration)?;
            } else {
                if self.attributes.len().saturating_sub(first) >= self.limits.attributes {
                    return fail(Code::XmlTooManyAttributes, format!("at most {}", self.limits.attributes));
                }
                let (prefix, local) = self.split(raw.name)?;
                self.attributes.push(Attribute { prefix, local, namespace: 0, value: raw.value, plain });
            }
        }
    }

    /// References must be known; returns whether the value is its own canonical form.
    fn check_value(&self, value: &'s str) -> Result<bool, XmlError> {
        // One branch-free sweep finds whether there is anything to look at.
        let suspicious =
            value.bytes().fold(false, |found, b| found | matches!(b, ..b' ' | b'<' | b'&' | b'"'));
        if !suspicious {
            return Ok(true);
        }
        let mut plain = true;
        for (at, b) in value.bytes().enumerate() {
            match b {
                b'<' => return fail(Code::XmlMalformed, "< in an attribute value"),
                b'"' | b'\t' | b'\n' | b'\r' => plain = false,
                b'&' => {
                    plain = false;
                    let name = value.get(at.saturating_add(1)..).and_then(|rest| rest.split_once(';'));
                    if name.and_then(|(name, _)| reference(name)).is_none() {
                        return fail(Code::XmlMalformed, "unknown entity or impossible character reference");
                    }
                }
                _ => {}
            }
        }
        Ok(plain)
    }

    /// A namespace declaration (Namespaces in XML 1.0, sections 2.2, 3 and 5).
    fn declare(&mut self, raw: RawAttribute, plain: bool, first: usize) -> Result<(), XmlError> {
        if self.declarations.len().saturating_sub(first) >= self.limits.namespaces {
            return fail(Code::XmlTooManyNamespaces, format!("at most {}", self.limits.namespaces));
        }
        let prefix = match self.str(raw.name).strip_prefix("xmlns:") {
            None => Span { start: raw.name.end, end: raw.name.end },
            Some(prefix) if is_ncname(prefix) => {
                Span { start: raw.name.start.saturating_add("xmlns:".len()), end: raw.name.end }
            }
            Some(_) => return fail(Code::XmlNamespace, "the declared prefix is not a name"),
        };
        let text = self.str(prefix);
        let name = unescape(self.str(raw.value), plain, Place::Attribute);
        let allowed = match (text, &*name) {
            ("xml", ns::XML) | ("", "") => true,
            ("xml" | "xmlns", _) | (_, ns::XML | ns::XMLNS) => false,
            // Exclusive C14N is not defined for relative namespace names; libraries disagree about them.
            (_, name) => is_absolute(name) && name.len() <= NAMESPACE_NAME,
        };
        if !allowed {
            return fail(
                Code::XmlNamespace,
                "a namespace name that is reserved, empty, overlong or no absolute URI",
            );
        }
        if self.declarations.get(first..).is_some_and(|own| own.iter().any(|d| self.str(d.prefix) == text)) {
            return fail(Code::XmlDuplicateAttribute, "the same prefix declared twice on one element");
        }
        let namespace = self.names.intern(&name)?;
        self.declarations.push(Declaration { prefix, namespace });
        self.scope.push((text, namespace));
        Ok(())
    }

    /// Splits a qualified name; both parts must be names.
    fn split(&self, name: Span) -> Result<(Span, Span), XmlError> {
        let text = self.str(name);
        let colon = memchr::memchr(b':', text.as_bytes());
        let (prefix, local) = match colon {
            None => (Span { start: name.start, end: name.start }, name),
            Some(at) => {
                let colon = name.start.saturating_add(at);
                (
                    Span { start: name.start, end: colon },
                    Span { start: colon.saturating_add(1), end: name.end },
                )
            }
        };
        let valid = is_ncname(self.str(local)) && (colon.is_none() || is_ncname(self.str(prefix)));
        if valid { Ok((prefix, local)) } else { fail(Code::XmlMalformed, "not a qualified name") }
    }

    fn resolve(&self, prefix: Span) -> Result<NamespaceId, XmlError> {
        let text = self.str(prefix);
        match self.scope.iter().rev().find(|(known, _)| *known == text) {
            Some((_, id)) => Ok(*id),
            None if text.is_empty() => Ok(0),
            None if text == "xml" => Ok(1),
            None => fail(Code::XmlUnboundPrefix, "a prefix without declaration"),
        }
    }

    /// Gives the attributes of the current element their namespaces, refuses duplicates, collects IDs.
    fn resolve_attributes(&mut self, first: usize) -> Result<(), XmlError> {
        for at in first..self.attributes.len() {
            let Some(attribute) = self.attributes.get(at).copied() else { continue };
            let namespace = if attribute.prefix.is_empty() { 0 } else { self.resolve(attribute.prefix)? };
            let local = self.str(attribute.local);
            let before = self.attributes.get(first..at).unwrap_or_default();
            if before.iter().any(|other| other.namespace == namespace && self.str(other.local) == local) {
                return fail(Code::XmlDuplicateAttribute, "the same attribute twice on one element");
            }
            if let Some(attribute) = self.attributes.get_mut(at) {
                attribute.namespace = namespace;
            }
            let is_xml_id = namespace == 1 && local == "id";
            let is_saml_or_dsig_id = namespace == 0 && (local == "ID" || local == "Id");
            if is_xml_id || is_saml_or_dsig_id || (namespace == 0 && local == "id") {
                let value = unescape(self.str(attribute.value), attribute.plain, Place::Attribute);
                if is_saml_or_dsig_id && !is_ncname(&value) {
                    return fail(Code::XmlInvalidId, "an ID that is not an xs:ID");
                }
                self.ids.push(value);
            }
        }
        Ok(())
    }

    /// IDs are unique over every spelling that some library takes for an ID (Core 1.3.4).
    fn unique_ids(&mut self) -> Result<(), XmlError> {
        self.ids.sort_unstable();
        if self.ids.windows(2).any(|pair| matches!(pair, [a, b] if a == b)) {
            return fail(Code::XmlDuplicateId, "the same ID twice");
        }
        Ok(())
    }
}

#[derive(Clone, Copy)]
struct RawAttribute {
    name: Span,
    value: Span,
    end: usize,
}

/// One `name = "value"` at the start of `text`, which stands at `offset` of the source.
fn next_attribute(text: &str, offset: usize) -> Result<RawAttribute, XmlError> {
    let malformed = || XmlError::new(Code::XmlMalformed, "not an attribute");
    let bytes = text.as_bytes();
    let equals = memchr::memchr(b'=', bytes).ok_or_else(malformed)?;
    let name = text
        .get(..equals)
        .map(|name| name.trim_end_matches([' ', '\t', '\r', '\n']))
        .ok_or_else(malformed)?;
    let after = equals.saturating_add(1);
    let spaces = bytes.iter().skip(after).take_while(|&&b| is_space(b)).count();
    let quote_at = after.saturating_add(spaces);
    let quote = bytes.get(quote_at).copied().filter(|b| matches!(b, b'"' | b'\'')).ok_or_else(malformed)?;
    let start = quote_at.saturating_add(1);
    let length = bytes.get(start..).and_then(|rest| memchr::memchr(quote, rest)).ok_or_else(malformed)?;
    let end = start.saturating_add(length);
    let at = |position: usize| offset.saturating_add(position);
    Ok(RawAttribute {
        name: Span { start: offset, end: at(name.len()) },
        value: Span { start: at(start), end: at(end) },
        end: at(end.saturating_add(1)),
    })
}

/// An absolute URI begins with a scheme (RFC 3986, 3.1) and has no character that a URI cannot have.
fn is_absolute(name: &str) -> bool {
    name.split_once(':').is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'))
            && rest.bytes().all(|b| {
                b.is_ascii_graphic()
                    && !matches!(b, b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'\\' | b'^' | b'`')
            })
    })
}

/// `xml version="1.0" encoding="UTF-8" standalone="yes"` (XML 2.8); only UTF-8 is read.
fn xml_declaration(content: &str) -> Result<(), XmlError> {
    let malformed = || XmlError::new(Code::XmlMalformed, "malformed XML declaration");
    let mut rest = content.strip_prefix("xml").ok_or_else(malformed)?;
    let mut allowed = ["version", "encoding", "standalone"].as_slice();
    loop {
        let trimmed = rest.trim_start_matches([' ', '\t', '\r', '\n']);
        if trimmed.is_empty() {
            break;
        }
        if trimmed.len() == rest.len() {
            return Err(malformed());
        }
        let raw = next_attribute(trimmed, 0)?;
        let name = trimmed.get(..raw.name.end).unwrap_or_default();
        let value = trimmed.get(raw.value.start..raw.value.end).unwrap_or_default();
        let place = allowed.iter().position(|known| *known == name).ok_or_else(malformed)?;
        // `version` is mandatory and first; the others keep their order.
        if allowed.len() == 3 && place != 0 {
            return Err(malformed());
        }
        allowed = allowed.get(place.saturating_add(1)..).unwrap_or_default();
        match name {
            "version" if value != "1.0" => return Err(malformed()),
            "encoding" if !value.eq_ignore_ascii_case("utf-8") => {
                return fail(Code::XmlNotUtf8, "the XML declaration names another encoding than UTF-8");
            }
            "standalone" if !matches!(value, "yes" | "no") => return Err(malformed()),
            _ => {}
        }
        rest = trimmed.get(raw.end..).unwrap_or_default();
    }
    if allowed.len() == 3 { Err(malformed()) } else { Ok(()) }
}

/// The tokenizer's own words, cut short: they may quote a tag name of the message.
fn bounded(text: &str) -> String {
    text.chars().take(100).collect()
}
