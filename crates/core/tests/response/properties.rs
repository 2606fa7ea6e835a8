//! Whatever arrives: no panic, and never another user than the one who was signed in.

use crate::support::{Case, USER, both_signed, encrypted, honest, response_signed};
use ostiary_core::{Received, Trace};
use proptest::prelude::*;
use std::sync::LazyLock;

/// The four shapes, built once.
static MESSAGES: LazyLock<Vec<(Case, Vec<u8>)>> = LazyLock::new(|| {
    [honest, response_signed, both_signed, encrypted]
        .map(|base| {
            let case = base();
            let xml = case.build().into_bytes();
            (case, xml)
        })
        .into()
});

/// Whatever becomes of the message, it says what the identity provider signed, or nothing.
fn says_the_same_or_nothing(case: &Case, xml: &[u8]) {
    if let Ok(accepted) = case.judge_bytes(xml, &mut Trace::new()) {
        let assertion = accepted.assertion().get();
        assert_eq!(assertion.name_id().value, USER);
        assert_eq!(assertion.id(), case.scene.assertion_id);
        let attributes: Vec<_> =
            assertion.attributes().iter().map(|a| (a.name.clone(), a.values.clone())).collect();
        assert_eq!(attributes, case.scene.attributes);
        assert_eq!(assertion.session_index(), Some(case.scene.assertion_id.as_str()));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_text_is_decoded_or_refused(field in ".*") {
        let _ = Received::decode_base64(&field);
    }

    #[test]
    fn arbitrary_bytes_are_never_accepted(xml in prop::collection::vec(any::<u8>(), 0..512)) {
        prop_assert!(MESSAGES[0].0.judge_bytes(&xml, &mut Trace::new()).is_err());
    }

    #[test]
    fn markup_without_sense_is_never_accepted(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "<samlp:Response xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_a\" Version=\"2.0\">",
                "</samlp:Response>", "<samlp:Status>", "</samlp:Status>", "<samlp:StatusCode/>", "<x", ">", "</",
                "<Assertion xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" ID=\"_b\">", "</Assertion>", "&amp;",
                "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">", "</Signature>", "<!--", "-->", "\u{1f600}",
            ]),
            0..24,
        ),
    ) {
        prop_assert!(MESSAGES[0].0.judge_bytes(parts.concat().as_bytes(), &mut Trace::new()).is_err());
    }

    #[test]
    fn a_flipped_byte_changes_nobody(which in 0..4_usize, at in any::<prop::sample::Index>(), bits in 1..=255_u8) {
        let (case, xml) = &MESSAGES[which];
        let mut xml = xml.clone();
        let at = at.index(xml.len());
        xml[at] ^= bits;
        says_the_same_or_nothing(case, &xml);
    }

    #[test]
    fn a_message_cut_short_is_refused(which in 0..4_usize, at in any::<prop::sample::Index>()) {
        let (case, xml) = &MESSAGES[which];
        prop_assert!(case.judge_bytes(&xml[..at.index(xml.len())], &mut Trace::new()).is_err());
    }

    #[test]
    fn a_piece_moved_elsewhere_changes_nobody(
        which in 0..4_usize,
        from in any::<prop::sample::Index>(),
        length in 1..400_usize,
        to in any::<prop::sample::Index>(),
        keep in any::<bool>(),
    ) {
        let (case, xml) = &MESSAGES[which];
        let mut xml = xml.clone();
        let from = from.index(xml.len());
        let end = (from + length).min(xml.len());
        let piece = xml[from..end].to_vec();
        if !keep {
            xml.drain(from..end);
        }
        let to = to.index(xml.len() + 1);
        xml.splice(to..to, piece);
        says_the_same_or_nothing(case, &xml);
    }

    #[test]
    fn an_element_moved_elsewhere_changes_nobody(
        which in 0..4_usize,
        from in any::<prop::sample::Index>(),
        length in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(),
        keep in any::<bool>(),
    ) {
        // Cuts at tags only, so that much of what comes out is well-formed.
        let (case, xml) = &MESSAGES[which];
        let text = std::str::from_utf8(xml).unwrap();
        let mut tags: Vec<_> = text.split_inclusive('>').collect();
        let from = from.index(tags.len());
        let end = from + length.index(tags.len() - from) + 1;
        let piece = tags[from..end].to_vec();
        if !keep {
            tags.drain(from..end);
        }
        let to = to.index(tags.len() + 1);
        tags.splice(to..to, piece);
        says_the_same_or_nothing(case, tags.concat().as_bytes());
    }
}
