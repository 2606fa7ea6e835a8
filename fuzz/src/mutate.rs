//! A mutator that knows XML: it moves, doubles, wraps, renames and grafts elements, plays with attributes, IDs,
//! namespaces, comments and references, and so gets further than changed bytes, which the parser's first look refuses.

use crate::rng::Choices;
use crate::world::DONORS;
use crate::xml::{Attribute, Document, Element, Node, Path, escape, split};

const NAMES: &[&str] = &[
    "Response",
    "samlp:Response",
    "Assertion",
    "saml:Assertion",
    "Issuer",
    "Subject",
    "NameID",
    "EncryptedID",
    "Status",
    "samlp:Status",
    "samlp:StatusCode",
    "samlp:Extensions",
    "samlp:StatusDetail",
    "SubjectConfirmation",
    "SubjectConfirmationData",
    "Conditions",
    "AudienceRestriction",
    "Audience",
    "OneTimeUse",
    "ProxyRestriction",
    "AuthnStatement",
    "AttributeStatement",
    "Attribute",
    "AttributeValue",
    "EncryptedAttribute",
    "Advice",
    "AuthnContext",
    "AuthnContextClassRef",
    "Signature",
    "ds:Signature",
    "SignedInfo",
    "Reference",
    "Transforms",
    "Transform",
    "DigestValue",
    "DigestMethod",
    "SignatureMethod",
    "SignatureValue",
    "KeyInfo",
    "Object",
    "InclusiveNamespaces",
    "EncryptedAssertion",
    "xenc:EncryptedData",
    "xenc:EncryptedKey",
    "xenc:CipherData",
    "samlp:LogoutRequest",
    "samlp:LogoutResponse",
    "samlp:SessionIndex",
    "EntityDescriptor",
    "EntitiesDescriptor",
    "IDPSSODescriptor",
    "SPSSODescriptor",
    "KeyDescriptor",
    "SingleSignOnService",
    "SingleLogoutService",
    "x",
    "p:x",
];
const ATTRIBUTES: &[&str] = &[
    "ID",
    "Id",
    "id",
    "xml:id",
    "URI",
    "Algorithm",
    "PrefixList",
    "Version",
    "IssueInstant",
    "InResponseTo",
    "Destination",
    "Recipient",
    "NotOnOrAfter",
    "NotBefore",
    "Format",
    "Name",
    "Method",
    "Value",
    "SessionIndex",
    "SPNameQualifier",
    "SessionNotOnOrAfter",
    "entityID",
    "validUntil",
    "cacheDuration",
    "use",
    "Binding",
    "Location",
    "xml:lang",
    "p:ID",
    "Type",
    "Consent",
    "Reason",
];
const VALUES: &[&str] = &[
    "",
    " ",
    "2.0",
    "1.1",
    "true",
    "#",
    "admin@contoso.example",
    "b.simon@contoso.example&#0;",
    "2026-11-20T10:00:00Z",
    "2026-11-20T10:00:00.5Z",
    "2026-11-20T24:00:00Z",
    "9999-12-31T23:59:59Z",
    "-0001-01-01T00:00:00Z",
    "2026-11-20T10:00:00+00:00",
    "urn:oasis:names:tc:SAML:2.0:cm:bearer",
    "urn:oasis:names:tc:SAML:2.0:cm:holder-of-key",
    "urn:oasis:names:tc:SAML:2.0:status:Success",
    "urn:oasis:names:tc:SAML:2.0:status:Responder",
    "https://jira.contoso.example/",
    "https://jira.contoso.example/plugins/servlet/saml/auth",
    "https://evil.example/",
    "javascript:alert(1)",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/2001/10/xml-exc-c14n#WithComments",
    "http://www.w3.org/TR/2001/REC-xml-c14n-20010315",
    "http://www.w3.org/2000/09/xmldsig#enveloped-signature",
    "http://www.w3.org/2000/09/xmldsig#rsa-sha1",
    "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    "http://www.w3.org/2000/09/xmldsig#hmac-sha1",
    "http://www.w3.org/2001/04/xmlenc#sha512",
    "#default",
    "p samlp xs",
    "P1D",
    "PT1H",
    "-P1D",
    "P99999999999Y",
    "signing",
    "encryption",
    "&#xD;",
    "&#13;&#10;",
    "&amp;amp;",
    "&lt;",
    "&x;",
    "&#x110000;",
    "\u{e9}",
    "\u{202e}",
    "AAAA",
    "_a",
    "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect",
];
const MARKUP: &[&str] = &[
    "<!---->",
    "<!-- a -->",
    "<!--<NameID>admin</NameID>-->",
    "<?x y?>",
    "<![CDATA[]]>",
    "<![CDATA[<a>]]>",
    "<!DOCTYPE r [<!ENTITY x \"y\">]>",
    "<!DOCTYPE r>",
];
const PROLOGS: &[&str] = &[
    "",
    "\u{feff}",
    "<?xml version=\"1.0\"?>",
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n",
    "<?xml version=\"1.0\" encoding=\"utf-16\"?>",
    "<?xml version=\"1.1\"?>",
    "<!-- a -->",
    "<!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>",
    "\n",
];
const PREFIXES: &[&str] = &["", "saml", "samlp", "ds", "p", "xenc", "xml", "xmlns", "a.b-c"];
const NAMESPACES: &[&str] = &[
    "",
    "urn:oasis:names:tc:SAML:2.0:assertion",
    "urn:oasis:names:tc:SAML:2.0:protocol",
    "urn:oasis:names:tc:SAML:2.0:metadata",
    "http://www.w3.org/2000/09/xmldsig#",
    "http://www.w3.org/2001/04/xmlenc#",
    "http://www.w3.org/2001/10/xml-exc-c14n#",
    "http://www.w3.org/XML/1998/namespace",
    "http://www.w3.org/2000/xmlns/",
    "urn:x",
    "relative",
    "urn:oasis:names:tc:SAML:1.0:assertion",
];

/// One to four changes to the document that `text` is; nothing when it is none, or grows beyond `most` bytes.
pub fn mutate(text: &str, seed: u32, most: usize) -> Option<String> {
    let mut document = Document::parse(text)?;
    let mut choices = Choices::new(seed);
    for _ in 0..=choices.below(4) {
        change(&mut document, &mut choices);
    }
    Some(document.write()).filter(|written| written.len() <= most)
}

fn change(document: &mut Document, choices: &mut Choices) {
    let paths = document.paths();
    let some = |choices: &mut Choices| choices.pick(&paths).cloned().unwrap_or_default();
    let path = some(choices);
    match choices.below(20) {
        0 | 1 => move_to(document, &path, &some(choices), choices, true),
        2 => move_to(document, &path, &some(choices), choices, false),
        3 => wrap(document, &path, choices),
        4 => unwrap(document, &path),
        5 => drop(take(document, &path)),
        6 => swap(document, &path, choices),
        7 => rename(document, &path, choices),
        8 | 9 => attribute(document, &path, choices),
        10 => same_attribute(document, &path, &some(choices), choices),
        11 => ids(document, &paths, choices),
        12 => markup(document, &path, choices),
        13 | 14 => namespace(document, &path, choices),
        15 | 16 => text(document, &path, &some(choices), choices),
        17 | 18 => graft(document, &path, choices),
        _ => prolog(document, choices),
    }
}

fn take(document: &mut Document, path: &[usize]) -> Option<Node> {
    let (last, parent) = path.split_last()?;
    let parent = document.at_mut(parent)?;
    (*last < parent.children.len()).then(|| parent.children.remove(*last))
}

fn insert(document: &mut Document, into: &[usize], node: Node, choices: &mut Choices) {
    if let Some(parent) = document.at_mut(into) {
        let at = choices.below(parent.children.len() + 1);
        parent.children.insert(at, node);
    }
}

/// Moves or copies an element into another one, or after its own sibling.
fn move_to(document: &mut Document, path: &Path, into: &Path, choices: &mut Choices, copy: bool) {
    let Some(element) = document.at(path).cloned() else { return };
    if !copy {
        if into.starts_with(path) || take(document, path).is_none() {
            return;
        }
        return insert(document, into, Node::Element(element), choices);
    }
    let beside = path.split_last().map(|(_, parent)| parent.to_vec());
    let into = beside.filter(|_| choices.one_in(2)).unwrap_or_else(|| into.clone());
    insert(document, &into, Node::Element(element), choices);
}

fn wrap(document: &mut Document, path: &[usize], choices: &mut Choices) {
    let name = choices.pick(NAMES).copied().unwrap_or("x").to_owned();
    if let Some(element) = document.at_mut(path) {
        let inside = std::mem::take(element);
        *element = Element { name, attributes: Vec::new(), children: vec![Node::Element(inside)] };
    }
}

fn unwrap(document: &mut Document, path: &[usize]) {
    let Some((last, parent)) = path.split_last() else {
        let only = document.root.elements().next().cloned();
        if let Some(only) = only {
            document.root = only;
        }
        return;
    };
    if let Some(Node::Element(element)) = take(document, path)
        && let Some(parent) = document.at_mut(parent)
    {
        parent.children.splice(*last..*last, element.children);
    }
}

fn swap(document: &mut Document, path: &[usize], choices: &mut Choices) {
    if let Some((last, parent)) = path.split_last()
        && let Some(parent) = document.at_mut(parent)
    {
        let other = choices.below(parent.children.len());
        parent.children.swap(*last, other);
    }
}

fn rename(document: &mut Document, path: &[usize], choices: &mut Choices) {
    let name = choices.pick(NAMES).copied().unwrap_or("x");
    if let Some(element) = document.at_mut(path) {
        element.name = match split(&element.name).0 {
            prefix if !prefix.is_empty() && choices.one_in(2) => format!("{prefix}:{}", split(name).1),
            _ => name.to_owned(),
        };
    }
}

fn attribute(document: &mut Document, path: &[usize], choices: &mut Choices) {
    let Some(element) = document.at_mut(path) else { return };
    let at = choices.below(element.attributes.len());
    let name = choices.pick(ATTRIBUTES).copied().unwrap_or("a");
    let value = choices.pick(VALUES).copied().unwrap_or_default();
    match (choices.below(6), element.attributes.get(at).cloned()) {
        (0, Some(_)) => drop(element.attributes.remove(at)),
        (1, Some(twice)) => element.attributes.push(twice),
        (2, Some(_)) => element.attributes[at].name = name.to_owned(),
        (3, Some(_)) => {
            let other = choices.below(element.attributes.len());
            element.attributes.swap(at, other);
        }
        (4, Some(_)) => element.attributes[at].value = value.replace('"', "&quot;"),
        _ => {
            let quote = if choices.one_in(4) { '\'' } else { '"' };
            element.attributes.push(Attribute { name: name.to_owned(), value: value.to_owned(), quote });
        }
    }
}

/// An attribute's value goes to another element's.
fn same_attribute(document: &mut Document, from: &[usize], to: &[usize], choices: &mut Choices) {
    let Some(attribute) = document.at(from).and_then(|e| choices.pick(&e.attributes)).cloned() else {
        return;
    };
    if let Some(element) = document.at_mut(to) {
        match element.attributes.iter_mut().find(|known| known.name == attribute.name) {
            Some(known) => known.value = attribute.value,
            None => element.attributes.push(attribute),
        }
    }
}

/// IDs and references to them change places, or become new ones.
fn ids(document: &mut Document, paths: &[Path], choices: &mut Choices) {
    let bearers: Vec<(Path, String)> = paths
        .iter()
        .filter_map(|path| {
            let id = document.at(path)?.attributes.iter().find(|a| matches!(a.name.as_str(), "ID" | "Id"))?;
            Some((path.clone(), id.value.clone()))
        })
        .collect();
    let references: Vec<Path> = paths
        .iter()
        .filter(|path| document.at(path).is_some_and(|e| e.attributes.iter().any(|a| a.name == "URI")))
        .cloned()
        .collect();
    let id = match choices.pick(&bearers) {
        Some((_, id)) if !choices.one_in(4) => id.clone(),
        _ => choices.pick(&["_evil", "", "1", "_a:b", "_b"]).copied().unwrap_or_default().to_owned(),
    };
    if choices.one_in(2) {
        if let Some(element) = choices.pick(&references).and_then(|path| document.at_mut(path)) {
            element.set_attribute("URI", &format!("#{id}"));
        }
    } else if let Some(element) = choices.pick(&bearers).and_then(|(path, _)| document.at_mut(path)) {
        let name = if element.attributes.iter().any(|a| a.name == "Id") { "Id" } else { "ID" };
        element.set_attribute(name, &id);
    }
}

/// Between children, or in the middle of a text.
fn markup(document: &mut Document, path: &[usize], choices: &mut Choices) {
    let markup = choices.pick(MARKUP).copied().unwrap_or_default().to_owned();
    let Some(element) = document.at_mut(path) else { return };
    let at = choices.below(element.children.len());
    match element.children.get(at).cloned() {
        Some(Node::Text(text)) => {
            let (head, tail) = text.split_at(boundary(&text, choices));
            let parts = [Node::Text(head.to_owned()), Node::Markup(markup), Node::Text(tail.to_owned())];
            element.children.splice(at..=at, parts);
        }
        _ => element.children.insert(at, Node::Markup(markup)),
    }
}

fn boundary(text: &str, choices: &mut Choices) -> usize {
    let mut at = choices.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

fn namespace(document: &mut Document, path: &[usize], choices: &mut Choices) {
    let known = document.scope(path);
    let Some(element) = document.at_mut(path) else { return };
    let prefix = match choices.pick(&known.keys().collect::<Vec<_>>()) {
        Some(prefix) if choices.one_in(2) => (*prefix).clone(),
        _ => choices.pick(PREFIXES).copied().unwrap_or_default().to_owned(),
    };
    let declaration = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
    let qualified =
        |local: &str| if prefix.is_empty() { local.to_owned() } else { format!("{prefix}:{local}") };
    match choices.below(5) {
        0 => element.attributes.retain(|a| a.name != declaration),
        // The element keeps its namespace under another prefix.
        1 | 2 => {
            let (own, local) = split(&element.name);
            let namespace = known.get(own).cloned().unwrap_or_default();
            element.name = qualified(local);
            element.set_attribute(&declaration, &escape(&namespace, true));
        }
        3 => {
            if let Some(attribute) = element.attributes.iter_mut().find(|a| !a.name.starts_with("xmlns")) {
                attribute.name = qualified(split(&attribute.name).1);
            }
        }
        _ => {
            let namespace = choices.pick(NAMESPACES).copied().unwrap_or_default();
            element.set_attribute(&declaration, namespace);
        }
    }
}

fn text(document: &mut Document, path: &[usize], other: &[usize], choices: &mut Choices) {
    let foreign = document.at(other).and_then(|e| {
        e.children
            .iter()
            .find_map(|child| if let Node::Text(text) = child { Some(text.clone()) } else { None })
    });
    let value = choices.pick(VALUES).copied().unwrap_or_default().to_owned();
    let Some(element) = document.at_mut(path) else { return };
    let texts = element.children.iter_mut().filter_map(|child| match child {
        Node::Text(text) => Some(text),
        _ => None,
    });
    let mut texts: Vec<&mut String> = texts.collect();
    let at = choices.below(texts.len());
    match texts.get_mut(at) {
        None => element.children.push(Node::Text(foreign.unwrap_or(value))),
        Some(text) => match choices.below(5) {
            0 => **text = value,
            1 => **text = foreign.unwrap_or(value),
            2 => {
                let cut = boundary(text, choices);
                text.truncate(cut);
            }
            3 => {
                let at = boundary(text, choices);
                text.insert_str(at, &value);
            }
            // One character as a reference: the same text to every honest reader.
            _ => {
                let at = boundary(text, choices);
                if let Some(c) = text[at..].chars().next().filter(|c| c.is_ascii_alphanumeric()) {
                    text.replace_range(at..=at, &format!("&#x{:X};", u32::from(c)));
                }
            }
        },
    }
}

/// Takes an element from an honestly signed document, or puts one of its kind in an element's place.
fn graft(document: &mut Document, path: &[usize], choices: &mut Choices) {
    let Some(donor) = choices.pick(&DONORS).and_then(|text| Document::parse(text)) else { return };
    let paths = donor.paths();
    let wanted = document.at(path).map(|element| split(&element.name).1.to_owned()).unwrap_or_default();
    let same: Vec<Path> = paths
        .iter()
        .filter(|path| donor.at(path).is_some_and(|e| split(&e.name).1 == wanted))
        .cloned()
        .collect();
    let replace = choices.one_in(2) && !same.is_empty();
    let Some(from) = choices.pick(if replace { &same } else { &paths }) else { return };
    let Some(mut element) = donor.at(from).cloned() else { return };
    // It keeps the namespaces that it had where it comes from.
    for (prefix, name) in donor.scope(from) {
        let declaration = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        if element.attributes.iter().all(|a| a.name != declaration) {
            let value = escape(&name, true);
            element.attributes.insert(0, Attribute { name: declaration, value, quote: '"' });
        }
    }
    if replace {
        if let Some(place) = document.at_mut(path) {
            *place = element;
        }
    } else {
        insert(document, path, Node::Element(element), choices);
    }
}

fn prolog(document: &mut Document, choices: &mut Choices) {
    let text = choices.pick(PROLOGS).copied().unwrap_or_default().to_owned();
    if choices.one_in(4) { document.after = text } else { document.before = text }
}
