//! Properties of signed documents: what we sign verifies and reads the same; what was changed does not verify.

use crate::common::documents::{NAMES, PREFIXES, Tag, tag, write};
use crate::common::{KEY, part, replace, sign_again, validator};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ostiary_xmlsig::{Limits, Message, Placement, exclusive_c14n, sign_enveloped};
use proptest::prelude::*;

/// The random element with `ID="_s"`, inside an element that declares `outer` (index of a name for each prefix).
fn within(tag: &Tag, outer: [Option<usize>; 4]) -> String {
    let declarations: String = PREFIXES
        .iter()
        .zip(outer)
        .filter_map(|(prefix, name)| {
            let colon = if prefix.is_empty() { "" } else { ":" };
            Some(format!(" xmlns{colon}{prefix}='{}'", NAMES[name?]))
        })
        .collect();
    let mut xml = format!("<x:outer xmlns:x='urn:outer'{declarations}>\r\n");
    write(tag, " ID='_s'", &mut xml, outer);
    xml + "</x:outer>"
}

/// The canonical form of the element that is signed in `xml`, if its signature verifies.
fn verified(xml: &[u8]) -> Option<String> {
    let message = Message::parse(xml, &Limits::MESSAGE).ok()?;
    let element = message.root().children().next()?;
    let verified = validator(&[&KEY]).verify_enveloped(element, Placement::FirstChild).ok()??;
    Some(String::from_utf8(verified.canonical_bytes().to_vec()).unwrap())
}

/// The canonical form of the same element before it was signed.
fn canonical(xml: &str, prefixes: &[&str]) -> String {
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap();
    exclusive_c14n(message.root().children().next().unwrap(), prefixes)
}

/// As `sign_enveloped`, with a PrefixList on both canonicalisations.
fn sign_with_prefix_list(xml: &str, prefixes: &[&str]) -> String {
    let signed = sign_enveloped(xml, "_s", &KEY, None).unwrap();
    let digest = STANDARD.encode(openssl::sha::sha256(canonical(xml, prefixes).as_bytes()));
    let old = part(&signed, "<ds:DigestValue>", "</ds:DigestValue>");
    let signed = replace(&signed, old, &format!("<ds:DigestValue>{digest}</ds:DigestValue>"));
    let namespace = "http://www.w3.org/2001/10/xml-exc-c14n#";
    let list = format!("<i:InclusiveNamespaces xmlns:i='{namespace}' PrefixList='{}'/>", prefixes.join(" "));
    let signed =
        signed.replace(&format!("Algorithm=\"{namespace}\">"), &format!("Algorithm=\"{namespace}\">{list}"));
    sign_again(&signed, &KEY, prefixes)
}

fn outer() -> impl Strategy<Value = [Option<usize>; 4]> {
    proptest::array::uniform4(proptest::option::of(0..3_usize))
}

fn prefix_list() -> impl Strategy<Value = Vec<&'static str>> {
    proptest::collection::vec(
        proptest::sample::select(vec!["#default", "p", "q", "r", "x", "i", "ds", "absent"]),
        0..5,
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn what_we_sign_verifies(tag in tag(), outer in outer()) {
        let xml = within(&tag, outer);
        let signed = sign_enveloped(&xml, "_s", &KEY, None).unwrap();
        prop_assert_eq!(verified(signed.as_bytes()), Some(canonical(&xml, &[])));
    }

    #[test]
    fn any_prefix_list_verifies(tag in tag(), outer in outer(), prefixes in prefix_list()) {
        let xml = within(&tag, outer);
        let signed = sign_with_prefix_list(&xml, &prefixes);
        prop_assert_eq!(verified(signed.as_bytes()), Some(canonical(&xml, &prefixes)));
    }

    /// A document may be written in another way, never say another thing.
    #[test]
    fn no_flipped_bit_verifies_with_changed_content(
        tag in tag(), outer in outer(), flips in proptest::collection::vec((0..1_000_000_usize, 0..8_u8), 1..24),
    ) {
        let xml = within(&tag, outer);
        let signed = sign_enveloped(&xml, "_s", &KEY, None).unwrap();
        for (at, bit) in flips {
            let mut bytes = signed.clone().into_bytes();
            let at = at % bytes.len();
            bytes[at] ^= 1 << bit;
            if let Some(content) = verified(&bytes) {
                prop_assert_eq!(content, canonical(&xml, &[]), "bit {} of octet {}", bit, at);
            }
        }
    }

    #[test]
    fn never_panics_on_a_cut_or_spliced_document(tag in tag(), from in 0..5_000_usize, to in 0..5_000_usize) {
        let signed = sign_enveloped(&within(&tag, [None; 4]), "_s", &KEY, None).unwrap().into_bytes();
        let (from, to) = (from % signed.len(), to % signed.len());
        prop_assert_eq!(verified(&signed[..from]), None);
        let _ = verified(&[&signed[..from], &signed[to..]].concat());
    }
}
