//! Random documents around one element that is to be signed: prefixes declared, declared again and undone, attributes in
//! any order, escapes, line ends, white space wherever XML allows it.

use crate::draw::Draw;

/// The `ID` of the element that is to be signed.
pub const ID: &str = "_s";

/// The default namespace, and prefixes; the last two are those of signatures.
const PREFIXES: [&str; 9] = ["", "p", "q", "r", "a-b", "\u{e9}", "_", "ds", "ec"];
/// Namespace names, and how they may be written. None has an ampersand: libxml2 does not escape it (docs/oracles.md).
const NAMES: [(&str, &[&str]); 7] = [
    ("urn:one", &["urn:one", "urn:&#111;ne", "urn:&#x6F;ne"]),
    ("urn:two", &["urn:two"]),
    ("urn:Two", &["urn:Two"]),
    ("http://three.example/?b='2'", &["http://three.example/?b=&apos;2&apos;"]),
    ("urn:oasis:names:tc:SAML:2.0:assertion", &["urn:oasis:names:tc:SAML:2.0:assertion"]),
    ("http://www.w3.org/2000/09/xmldsig#", &["http://www.w3.org/2000/09/xmldsig#"]),
    ("http://www.w3.org/2001/10/xml-exc-c14n#", &["http://www.w3.org/2001/10/xml-exc-c14n#"]),
];
const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// Local names; none that some library takes for an ID. Astral characters sort behind all others in UTF-8 only.
const LOCALS: [&str; 10] =
    ["a", "b", "B", "a.b", "a-b", "_", "\u{e9}", "\u{ffed}", "\u{10000}", "AttributeValue"];
/// Pieces of text; `"]]>"` must not come about.
const PIECES: [&str; 40] = [
    "a",
    "bc",
    " ",
    "  ",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\n\r",
    "&lt;",
    "&gt;",
    "&amp;",
    "&quot;",
    "&apos;",
    "&#13;",
    "&#xD;",
    "&#xd;&#xa;",
    "&#10;",
    "&#9;",
    "&#32;",
    "&#60;",
    "&#x26;",
    "&#x1F600;",
    "\u{e9}",
    "e\u{301}",
    "\u{20ac}",
    "\u{1f600}",
    "\u{10ffff}",
    "\u{85}",
    "\u{2028}",
    "\u{7f}",
    "\u{a0}",
    "\u{feff}",
    "\u{fffd}",
    ">",
    "\"",
    "'",
    "]]",
    "--",
    "?",
];
const SPACES: [&str; 6] = [" ", "\n", "\t", "\r\n", "  ", "\r"];

/// A document that is cut where the signature goes: a child of the element with `ID="_s"`.
#[derive(Debug, Clone)]
pub struct Document {
    /// Up to the place of the signature.
    pub head: String,
    /// What follows it.
    pub tail: String,
}

impl Document {
    /// A random one.
    #[must_use]
    pub fn random(draw: &mut Draw) -> Self {
        let outer = draw.pick(&[0, 0, 1, 1, 2, 3, 6]);
        let elements = draw.pick(&[0, 1, 3, 8, 20]);
        let mut writer = Writer { draw, out: String::new(), scope: Vec::new(), elements, ids: 0, cut: 0 };
        writer.prolog();
        writer.element(Some(outer), 0);
        writer.blank();
        let (head, tail) = writer.out.split_at(writer.cut);
        Self { head: head.to_owned(), tail: tail.to_owned() }
    }

    /// With something at the place of the signature.
    #[must_use]
    pub fn with(&self, signature: &str) -> String {
        [&self.head, signature, &self.tail].concat()
    }
}

struct Writer<'d> {
    draw: &'d mut Draw,
    out: String,
    /// Prefixes in scope and what they mean, innermost last.
    scope: Vec<(&'static str, &'static str)>,
    /// How many more elements there may be, besides those around the signed one.
    elements: usize,
    /// How many `xml:id` there are.
    ids: usize,
    /// Where the signature goes.
    cut: usize,
}

impl Writer<'_> {
    fn prolog(&mut self) {
        if self.draw.chance(10) {
            self.out.push('\u{feff}');
        }
        if self.draw.chance(40) {
            self.out.push_str(self.draw.pick(&[
                "<?xml version=\"1.0\"?>",
                "<?xml version='1.0' encoding='UTF-8'?>\r\n",
                "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\" ?>",
                "<?xml\tversion = '1.0'\nstandalone = 'no'?>",
            ]));
            self.blank();
        }
    }

    /// White space, or none.
    fn blank(&mut self) {
        if self.draw.chance(25) {
            self.out.push_str(self.draw.pick(&SPACES));
        }
    }

    /// One element. `outer` counts the levels down to the signed one; `None` off that path.
    fn element(&mut self, outer: Option<usize>, depth: usize) {
        let outside = self.scope.len();
        let signed = outer == Some(0);
        let mut written = self.declarations();
        let prefix = self.usable_prefix();
        let name = qualified(prefix, self.draw.pick(&LOCALS));
        written.extend(self.attributes(signed));
        self.draw.shuffle(&mut written);
        self.out.push('<');
        self.out.push_str(&name);
        for (name, value) in written {
            self.attribute(&name, &value);
        }
        self.blank();
        let childless = outer.is_none() && (self.elements == 0 || depth > 12 || self.draw.chance(40));
        if childless && self.draw.chance(50) {
            self.out.push_str("/>");
        } else {
            self.out.push('>');
            self.content(outer, depth, childless);
            self.out.push_str("</");
            self.out.push_str(&name);
            self.blank();
            self.out.push('>');
        }
        self.scope.truncate(outside);
    }

    /// Text and children; on the path to the signed element one child is on it, and in that element one is the signature.
    fn content(&mut self, outer: Option<usize>, depth: usize, childless: bool) {
        let children = if childless { 0 } else { self.draw.below(4).min(self.elements) };
        self.elements = self.elements.saturating_sub(children);
        let special = self.draw.below(children.saturating_add(1));
        for place in 0..=children {
            self.text();
            if let (Some(levels), true) = (outer, place == special) {
                match levels.checked_sub(1) {
                    Some(levels) => self.element(Some(levels), depth.saturating_add(1)),
                    None => self.cut = self.out.len(),
                }
                self.text();
            }
            if place < children {
                self.element(None, depth.saturating_add(1));
            }
        }
    }

    fn text(&mut self) {
        if self.draw.chance(40) {
            return;
        }
        let start = self.out.len();
        for _ in 0..self.draw.below(7) {
            let piece = self.draw.pick(&PIECES);
            let ends = self.out.get(start..).is_some_and(|text| text.ends_with("]]"));
            self.out.push_str(if piece == ">" && ends { "&gt;" } else { piece });
        }
    }

    /// Declares some prefixes; returns the attributes that do it.
    fn declarations(&mut self) -> Vec<(String, String)> {
        let mut written: Vec<(String, String)> = Vec::new();
        let most = self.draw.pick(&[0, 0, 1, 2, 5]);
        for _ in 0..most {
            let prefix = self.draw.pick(&PREFIXES);
            let attribute = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
            if written.iter().any(|(known, _)| *known == attribute) {
                continue;
            }
            let (name, spellings) = NAMES.get(self.draw.below(NAMES.len())).copied().unwrap_or_default();
            let undo = prefix.is_empty() && self.draw.chance(40);
            let (name, spelling) = if undo { ("", "") } else { (name, self.draw.pick(spellings)) };
            self.scope.push((prefix, name));
            written.push((attribute, spelling.to_owned()));
        }
        if self.draw.chance(2) {
            written.push(("xmlns:xml".to_owned(), XML.to_owned()));
        }
        written
    }

    fn meaning(&self, prefix: &str) -> &'static str {
        self.scope.iter().rev().find(|(known, _)| *known == prefix).map_or("", |(_, name)| name)
    }

    /// A prefix that is bound, or none.
    fn usable_prefix(&mut self) -> &'static str {
        let prefix = self.draw.pick(&PREFIXES);
        if self.meaning(prefix).is_empty() { "" } else { prefix }
    }

    fn attributes(&mut self, signed: bool) -> Vec<(String, String)> {
        let mut written: Vec<(String, String)> = Vec::new();
        let mut seen: Vec<(&str, &str)> = Vec::new();
        let most = self.draw.pick(&[0, 0, 1, 2, 4, 9]);
        for _ in 0..most {
            let prefix = self.usable_prefix();
            let local = self.draw.pick(&LOCALS);
            let meaning = if prefix.is_empty() { "" } else { self.meaning(prefix) };
            if !seen.contains(&(meaning, local)) {
                seen.push((meaning, local));
                written.push((qualified(prefix, local), self.value()));
            }
        }
        if self.draw.chance(8) {
            let name = self.draw.pick(&["xml:lang", "xml:space", "xml:base"]);
            written.push((name.to_owned(), "de".to_owned()));
        }
        if self.draw.chance(3) {
            self.ids = self.ids.saturating_add(1);
            written.push(("xml:id".to_owned(), format!("i{}", self.ids)));
        }
        if signed {
            written.push(("ID".to_owned(), ID.to_owned()));
        }
        written
    }

    /// An attribute's value, without quotes of either kind.
    fn value(&mut self) -> String {
        let mut value = String::new();
        for _ in 0..self.draw.below(6) {
            value.push_str(self.draw.pick(&PIECES));
        }
        value
    }

    fn attribute(&mut self, name: &str, value: &str) {
        let space = self.draw.pick(&SPACES);
        self.out.push_str(space);
        self.out.push_str(name);
        self.blank();
        self.out.push('=');
        self.blank();
        let (quote, escape) = self.draw.pick(&[("\"", "&quot;"), ("'", "&apos;")]);
        self.out.push_str(quote);
        self.out.push_str(&value.replace(quote, escape));
        self.out.push_str(quote);
    }
}

fn qualified(prefix: &str, local: &str) -> String {
    if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") }
}
