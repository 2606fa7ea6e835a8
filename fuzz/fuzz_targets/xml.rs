//! The strict parser and the canonicaliser, against another parser and another canonicaliser.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use ostiary_fuzz::world::{HONEST, metadata_documents};
use ostiary_fuzz::xml::{Document, split};
use ostiary_xmlsig::{Element, Limits, Message, Unsigned, exclusive_c14n};

/// Exclusive C14N may write a namespace name, at most 512 bytes and each of them escaped, for every name that has a
/// prefix; and every character as a reference.
const NAMESPACE: usize = 6 * 512 + 64;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ostiary_fuzz::mutate_xml(data, size, max_size, seed)
});

fuzz_target!(init: what_is_right_is_parsed(), |data: &[u8]| {
    let message = Message::parse(data, &Limits::MESSAGE);
    if let Ok(message) = &message {
        limits_hold(message, data, &Limits::MESSAGE);
        same_canonical_form(message, data);
    }
    match (Message::parse(data, &Limits::METADATA), message) {
        (Ok(lenient), Err(_)) => {
            limits_hold(&lenient, data, &Limits::METADATA);
            same_canonical_form(&lenient, data);
        }
        (Err(error), Ok(_)) => panic!("the stricter limits accept what the others refuse: {error}"),
        _ => {}
    }
});

/// Else the target would show nothing.
fn what_is_right_is_parsed() {
    let metadata = metadata_documents();
    let documents = HONEST.iter().map(|honest| (&honest.xml, Limits::MESSAGE));
    for (xml, limits) in documents.chain(metadata.iter().map(|xml| (xml, Limits::METADATA))) {
        let document = Message::parse(xml.as_bytes(), &limits).expect("what is right is parsed");
        same_canonical_form(&document, xml.as_bytes());
    }
}

fn limits_hold(message: &Message<'_>, data: &[u8], limits: &Limits) {
    assert!(data.len() <= limits.bytes);
    let (mut nodes, mut names) = (0, 0);
    for element in message.root().descendants() {
        let attributes = element.attribute_names().count();
        assert!(attributes <= limits.attributes);
        nodes += 1;
        names += 1 + attributes;
        let mut depth = 1;
        let mut inner = element;
        while let Some(parent) = inner.parent() {
            inner = parent;
            depth += 1;
        }
        assert!(depth <= limits.depth);
    }
    assert!(nodes <= limits.nodes);
    let canonical = exclusive_c14n(message.root(), &[]);
    assert!(canonical.len() <= 6 * data.len() + names * NAMESPACE + nodes * 16);
}

fn same_canonical_form(message: &Message<'_>, data: &[u8]) {
    let text = std::str::from_utf8(data).expect("what was parsed is UTF-8");
    let document = Document::parse(text).expect("what the strict parser takes, the lenient one takes");
    let paths = document.paths();
    let elements: Vec<Element<'_, Unsigned>> = message.root().descendants().collect();
    assert_eq!(paths.len(), elements.len());
    // The root, one other element, and a PrefixList out of the document's own prefixes.
    let other = data.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    let mut prefixes: Vec<&str> = paths
        .iter()
        .filter_map(|path| document.at(path))
        .map(|element| split(&element.name).0)
        .map(|prefix| if prefix.is_empty() { "#default" } else { prefix })
        .collect();
    prefixes.sort_unstable();
    prefixes.dedup();
    prefixes.truncate(other % 5);
    for at in [0, other % paths.len()] {
        for list in [&[][..], &prefixes] {
            let ours = exclusive_c14n(elements[at], list);
            let theirs = document.canonical(&paths[at], None, list);
            assert_eq!(ours, theirs, "element {at}, PrefixList {list:?}");
        }
    }
    let canonical = exclusive_c14n(message.root(), &[]);
    // It may be longer than a message may be; then it is no message.
    if canonical.len() <= Limits::MESSAGE.bytes {
        let again =
            Message::parse(canonical.as_bytes(), &Limits::MESSAGE).expect("canonical form is acceptable");
        assert_eq!(
            exclusive_c14n(again.root(), &[]),
            canonical,
            "canonical form changes nothing about itself"
        );
    }
}
