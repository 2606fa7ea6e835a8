//! A second reading of XML, written for fuzzing alone: lenient where the product is strict, slow where it is quick, and
//! without a line in common with it. It keeps a document as it was written, so that the mutator can change one thing,
//! and writes exclusive canonical form straight from the specification, so that the product's can be compared with it.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Deeper documents are left alone: the product refuses them much earlier.
const DEPTH: usize = 200;

/// A document: what stands before the root (declaration, document type, comments), the root, what follows.
#[derive(Debug, Clone)]
pub struct Document {
    pub before: String,
    pub root: Element,
    pub after: String,
}

#[derive(Debug, Clone)]
pub enum Node {
    Element(Element),
    /// As written, escapes included.
    Text(String),
    /// Comment, processing instruction, CDATA section: as written.
    Markup(String),
}

#[derive(Debug, Clone, Default)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<Attribute>,
    pub children: Vec<Node>,
}

#[derive(Debug, Clone)]
pub struct Attribute {
    pub name: String,
    /// Between the quotes, as written.
    pub value: String,
    pub quote: char,
}

/// Prefix to namespace name; the default namespace has the empty prefix.
pub type Scope = BTreeMap<String, String>;
/// Indices of children from the root downwards.
pub type Path = Vec<usize>;

const SPACE: [char; 4] = [' ', '\t', '\r', '\n'];

impl Document {
    /// Reads what is more or less XML.
    pub fn parse(text: &str) -> Option<Self> {
        let text_without_mark = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut at = text.len() - text_without_mark.len();
        let mut open: Vec<Element> = Vec::new();
        let mut root: Option<(usize, Element, usize)> = None;
        let mut root_start = 0;
        while at < text.len() {
            let rest = &text[at..];
            let start = at;
            let finished = if !rest.starts_with('<') {
                let end = rest.find('<').unwrap_or(rest.len());
                at += end;
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Text(rest[..end].to_owned())),
                    None if rest[..end].trim_matches(SPACE).is_empty() => {}
                    None => return None,
                }
                None
            } else if let Some(length) = markup(rest)? {
                at += length;
                if let Some(parent) = open.last_mut() {
                    parent.children.push(Node::Markup(rest[..length].to_owned()));
                }
                None
            } else if let Some(close) = rest.strip_prefix("</") {
                let end = close.find('>')?;
                at += 2 + end + 1;
                let element = open.pop()?;
                if close[..end].trim_end_matches(SPACE) != element.name {
                    return None;
                }
                Some(element)
            } else {
                if open.len() >= DEPTH || (open.is_empty() && root.is_some()) {
                    return None;
                }
                let (element, length, empty) = start_tag(rest)?;
                if open.is_empty() {
                    root_start = start;
                }
                at += length;
                if empty {
                    Some(element)
                } else {
                    open.push(element);
                    None
                }
            };
            if let Some(element) = finished {
                match open.last_mut() {
                    Some(parent) => parent.children.push(Node::Element(element)),
                    None => root = Some((root_start, element, at)),
                }
            }
        }
        if !open.is_empty() {
            return None;
        }
        let (start, root, end) = root?;
        Some(Self { before: text[..start].to_owned(), root, after: text[end..].to_owned() })
    }

    pub fn write(&self) -> String {
        let mut out = self.before.clone();
        self.root.write(&mut out);
        out.push_str(&self.after);
        out
    }

    /// Paths of all elements in document order, the root's first.
    pub fn paths(&self) -> Vec<Path> {
        fn walk(element: &Element, path: &mut Path, all: &mut Vec<Path>) {
            all.push(path.clone());
            for (at, child) in element.children.iter().enumerate() {
                if let Node::Element(child) = child {
                    path.push(at);
                    walk(child, path, all);
                    path.pop();
                }
            }
        }
        let mut all = Vec::new();
        walk(&self.root, &mut Vec::new(), &mut all);
        all
    }

    pub fn at(&self, path: &[usize]) -> Option<&Element> {
        path.iter().try_fold(&self.root, |element, at| match element.children.get(*at) {
            Some(Node::Element(child)) => Some(child),
            _ => None,
        })
    }

    pub fn at_mut(&mut self, path: &[usize]) -> Option<&mut Element> {
        path.iter().try_fold(&mut self.root, |element, at| match element.children.get_mut(*at) {
            Some(Node::Element(child)) => Some(child),
            _ => None,
        })
    }

    /// The namespaces in scope inside the element at `path`, its own declarations included.
    pub fn scope(&self, path: &[usize]) -> Scope {
        let mut scope = Scope::new();
        self.root.declare(&mut scope);
        for depth in 1..=path.len() {
            if let Some(element) = self.at(&path[..depth]) {
                element.declare(&mut scope);
            }
        }
        scope
    }

    /// Whether the element at `path` has this namespace and local name.
    pub fn is(&self, path: &[usize], namespace: &str, local: &str) -> bool {
        let element = self.at(path).filter(|element| split(&element.name).1 == local);
        element.is_some_and(|element| element.is(&self.scope(path), namespace, local))
    }

    /// The first element of that local name below `path`.
    pub fn find(&self, path: &[usize], local: &str) -> Option<Path> {
        fn walk(element: &Element, path: &mut Path, local: &str) -> bool {
            element.children.iter().enumerate().any(|(at, child)| {
                let Node::Element(child) = child else { return false };
                path.push(at);
                let found = split(&child.name).1 == local || walk(child, path, local);
                if !found {
                    path.pop();
                }
                found
            })
        }
        let mut found = path.to_vec();
        walk(self.at(path)?, &mut found, local).then_some(found)
    }

    /// Exclusive canonical form (xml-exc-c14n, 3) of the element at `path` without the subtree at `skip`.
    pub fn canonical(&self, path: &[usize], skip: Option<&[usize]>, inclusive: &[&str]) -> String {
        let Some(element) = self.at(path) else { return String::new() };
        let skipped = skip.and_then(|skip| self.at(skip));
        let outer = match path.split_last() {
            Some((_, parent)) => self.scope(parent),
            None => Scope::new(),
        };
        let inclusive: Vec<&str> =
            inclusive.iter().map(|prefix| if *prefix == "#default" { "" } else { prefix }).collect();
        let mut out = String::new();
        element.canonical(&outer, &Scope::new(), skipped, &inclusive, &mut out);
        out
    }
}

/// Length of the comment, instruction, CDATA section or document type that `rest` begins with; `None` inside means
/// that it begins with a tag, `None` outside that it has no end.
fn markup(rest: &str) -> Option<Option<usize>> {
    let ends = |begin: &str, end: &str| {
        let found = rest.get(begin.len()..).and_then(|inside| inside.find(end));
        found.map(|at| Some(begin.len() + at + end.len()))
    };
    if rest.starts_with("<!--") {
        ends("<!--", "-->")
    } else if rest.starts_with("<![CDATA[") {
        ends("<![CDATA[", "]]>")
    } else if rest.starts_with("<?") {
        ends("<?", "?>")
    } else if rest.starts_with("<!") {
        match (rest.find('['), rest.find('>')?) {
            (Some(subset), end) if subset < end => rest.find("]>").map(|at| Some(at + 2)),
            (_, end) => Some(Some(end + 1)),
        }
    } else {
        Some(None)
    }
}

/// The element, the length of its start tag, and whether that is all of it.
fn start_tag(rest: &str) -> Option<(Element, usize, bool)> {
    let mut at = 1;
    let name_end = rest[at..].find(|c| SPACE.contains(&c) || matches!(c, '>' | '/'))?;
    let name = rest[at..at + name_end].to_owned();
    if name.is_empty() {
        return None;
    }
    at += name_end;
    let mut attributes = Vec::new();
    loop {
        let inside = rest[at..].trim_start_matches(SPACE);
        at = rest.len() - inside.len();
        if inside.starts_with('>') {
            return Some((Element { name, attributes, children: Vec::new() }, at + 1, false));
        }
        if inside.starts_with("/>") {
            return Some((Element { name, attributes, children: Vec::new() }, at + 2, true));
        }
        let equals = inside.find('=')?;
        let attribute = inside[..equals].trim_end_matches(SPACE).to_owned();
        if attribute.is_empty()
            || attribute.contains(|c| SPACE.contains(&c) || matches!(c, '<' | '>' | '"' | '\''))
        {
            return None;
        }
        let value = inside[equals + 1..].trim_start_matches(SPACE);
        let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let end = value[1..].find(quote)?;
        attributes.push(Attribute { name: attribute, value: value[1..=end].to_owned(), quote });
        at = rest.len() - (value.len() - end - 2);
    }
}

/// Prefix (or nothing) and local name.
pub fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

impl Element {
    pub fn write(&self, out: &mut String) {
        out.push('<');
        out.push_str(&self.name);
        for Attribute { name, value, quote } in &self.attributes {
            out.push_str(&format!(" {name}={quote}{value}{quote}"));
        }
        if self.children.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for child in &self.children {
            match child {
                Node::Element(element) => element.write(out),
                Node::Text(text) | Node::Markup(text) => out.push_str(text),
            }
        }
        out.push_str(&format!("</{}>", self.name));
    }

    pub fn elements(&self) -> impl Iterator<Item = &Self> {
        self.children.iter().filter_map(|child| match child {
            Node::Element(element) => Some(element),
            _ => None,
        })
    }

    /// Value of an attribute without namespace, unescaped.
    pub fn attribute(&self, name: &str) -> Option<String> {
        self.attributes.iter().find(|a| a.name == name).map(|a| unescape(&a.value, true))
    }

    pub fn set_attribute(&mut self, name: &str, value: &str) {
        let value = value.to_owned();
        match self.attributes.iter_mut().find(|a| a.name == name) {
            Some(attribute) => (attribute.value, attribute.quote) = (value, '"'),
            None => self.attributes.push(Attribute { name: name.to_owned(), value, quote: '"' }),
        }
    }

    /// The text inside, unescaped; `None` when there are elements.
    pub fn text(&self) -> Option<String> {
        let mut text = String::new();
        for child in &self.children {
            match child {
                Node::Element(_) => return None,
                Node::Text(raw) => text.push_str(&unescape(raw, false)),
                Node::Markup(_) => {}
            }
        }
        Some(text)
    }

    /// Adds its own declarations to `scope`.
    pub fn declare(&self, scope: &mut Scope) {
        for attribute in &self.attributes {
            let prefix = match attribute.name.as_str() {
                "xmlns" => "",
                name => match name.strip_prefix("xmlns:") {
                    Some(prefix) => prefix,
                    None => continue,
                },
            };
            scope.insert(prefix.to_owned(), unescape(&attribute.value, true));
        }
    }

    /// `scope` is that inside the element.
    pub fn is(&self, scope: &Scope, namespace: &str, local: &str) -> bool {
        let (prefix, own) = split(&self.name);
        own == local && scope.get(prefix).map_or("", String::as_str) == namespace
    }

    fn canonical(
        &self,
        outer: &Scope,
        rendered: &Scope,
        skip: Option<&Self>,
        inclusive: &[&str],
        out: &mut String,
    ) {
        let mut scope = Cow::Borrowed(outer);
        if self.attributes.iter().any(|a| a.name.starts_with("xmlns")) {
            self.declare(scope.to_mut());
        }
        let plain: Vec<&Attribute> =
            self.attributes.iter().filter(|a| a.name != "xmlns" && !a.name.starts_with("xmlns:")).collect();
        let with_prefix = plain.iter().map(|a| split(&a.name).0).filter(|prefix| !prefix.is_empty());
        let mut prefixes: Vec<&str> = inclusive.to_vec();
        prefixes.push(split(&self.name).0);
        prefixes.extend(with_prefix);
        prefixes.sort_unstable();
        prefixes.dedup();
        let mut rendered = Cow::Borrowed(rendered);
        out.push_str(&format!("<{}", self.name));
        for prefix in prefixes.into_iter().filter(|prefix| *prefix != "xml") {
            let current = scope.get(prefix).map_or("", String::as_str);
            if rendered.get(prefix).map_or("", String::as_str) != current {
                let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
                out.push_str(&format!(" {name}=\"{}\"", escape(current, true)));
                rendered.to_mut().insert(prefix.to_owned(), current.to_owned());
            }
        }
        let namespace = |name: &str| match split(name).0 {
            "" => String::new(),
            "xml" => "http://www.w3.org/XML/1998/namespace".to_owned(),
            prefix => scope.get(prefix).cloned().unwrap_or_default(),
        };
        let mut sorted: Vec<(String, &str, &Attribute)> =
            plain.into_iter().map(|a| (namespace(&a.name), split(&a.name).1, a)).collect();
        sorted.sort_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        for (_, _, attribute) in sorted {
            let value = escape(&unescape(&attribute.value, true), true);
            out.push_str(&format!(" {}=\"{value}\"", attribute.name));
        }
        out.push('>');
        for child in &self.children {
            match child {
                Node::Element(element) if skip.is_some_and(|skip| std::ptr::eq(skip, element)) => {}
                Node::Element(element) => element.canonical(&scope, &rendered, skip, inclusive, out),
                Node::Text(text) => out.push_str(&escape(&unescape(text, false), false)),
                Node::Markup(_) => {}
            }
        }
        out.push_str(&format!("</{}>", self.name));
    }
}

/// Line ends (XML 2.11), white space in attributes (3.3.3), references.
pub fn unescape(raw: &str, attribute: bool) -> String {
    let raw = raw.replace("\r\n", "\n").replace('\r', "\n");
    let raw = if attribute { raw.replace(['\n', '\t'], " ") } else { raw };
    let mut out = String::new();
    let mut rest = raw.as_str();
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        let Some(end) = rest[at..].find(';') else { break };
        out.push_str(&character(&rest[at + 1..at + end]));
        rest = &rest[at + end + 1..];
    }
    out.push_str(rest);
    out
}

fn character(reference: &str) -> String {
    let code = match reference {
        "amp" => return "&".to_owned(),
        "lt" => return "<".to_owned(),
        "gt" => return ">".to_owned(),
        "quot" => return "\"".to_owned(),
        "apos" => return "'".to_owned(),
        _ => match (reference.strip_prefix("#x"), reference.strip_prefix('#')) {
            (Some(hex), _) => u32::from_str_radix(hex, 16).ok(),
            (None, Some(decimal)) => decimal.parse().ok(),
            (None, None) => None,
        },
    };
    code.and_then(char::from_u32).map_or_else(|| format!("&{reference};"), String::from)
}

/// As canonical XML writes it (C14N 2.3).
pub fn escape(text: &str, attribute: bool) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('\r', "&#xD;");
    if attribute {
        text.replace('"', "&quot;").replace('\t', "&#x9;").replace('\n', "&#xA;")
    } else {
        text.replace('>', "&gt;")
    }
}
