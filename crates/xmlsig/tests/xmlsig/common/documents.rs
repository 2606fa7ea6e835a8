//! Random documents: prefixes declared and declared again, default namespaces undone, attributes in any order, escapes,
//! line ends.

use proptest::prelude::*;

#[derive(Debug, Clone)]
pub struct Tag {
    prefix: usize,
    declare: Vec<(usize, usize)>,
    attributes: Vec<(usize, usize, String)>,
    text: String,
    children: Vec<Tag>,
}

/// Prefixes that a document may use; the empty one is the default namespace.
pub const PREFIXES: [&str; 4] = ["", "p", "q", "r"];
pub const NAMES: [&str; 3] = ["urn:one", "urn:two", "http://three.example/x"];

pub fn tag() -> impl Strategy<Value = Tag> {
    let leaf = (
        0..4usize,
        proptest::collection::vec((0..4usize, 0..4usize), 0..4),
        proptest::collection::vec((0..4usize, 0..5usize, "[ -~\t\n\r\u{e9}\u{20ac}]{0,6}"), 0..4),
        "[ -~\t\n\r\u{e9}\u{1f600}]{0,8}",
    )
        .prop_map(|(prefix, declare, attributes, text)| Tag {
            prefix,
            declare,
            attributes,
            text,
            children: vec![],
        });
    leaf.prop_recursive(4, 24, 4, |inner| {
        (inner.clone(), proptest::collection::vec(inner, 0..4)).prop_map(|(mut tag, children)| {
            tag.children = children;
            tag
        })
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace("]]>", "]]&gt;").replace('"', "&quot;")
}

/// Writes a tag tree as XML whose prefixes are all bound; `bound` is what holds around it. The attributes `extra` go to
/// its root.
pub fn write(tag: &Tag, extra: &str, out: &mut String, mut bound: [Option<usize>; 4]) {
    let mut declarations = String::new();
    let mut done = [false; 4];
    for (prefix, name) in &tag.declare {
        if done[*prefix] || (*name == 3 && *prefix != 0) {
            continue;
        }
        done[*prefix] = true;
        bound[*prefix] = (*name < 3).then_some(*name);
        let uri = NAMES.get(*name).copied().unwrap_or("");
        let attribute = if *prefix == 0 { "xmlns".into() } else { format!("xmlns:{}", PREFIXES[*prefix]) };
        declarations.push_str(&format!(" {attribute}=\"{uri}\""));
    }
    let usable = |prefix: usize| if bound[prefix].is_some() { prefix } else { 0 };
    let qualified = |prefix: usize, local: &str| match usable(prefix) {
        0 => local.to_owned(),
        prefix => format!("{}:{local}", PREFIXES[prefix]),
    };
    let name = qualified(tag.prefix, "e");
    out.push_str(&format!("<{name}{declarations}{extra}"));
    let mut seen: Vec<(Option<usize>, usize)> = vec![];
    for (prefix, local, value) in &tag.attributes {
        let key = (if usable(*prefix) == 0 { None } else { bound[*prefix] }, *local);
        if !seen.contains(&key) {
            seen.push(key);
            out.push_str(&format!(" {}=\"{}\"", qualified(*prefix, &format!("a{local}")), escape(value)));
        }
    }
    out.push('>');
    out.push_str(&escape(&tag.text));
    for child in &tag.children {
        write(child, "", out, bound);
    }
    out.push_str(&format!("</{name}>"));
}
