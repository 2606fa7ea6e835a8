//! Random signed documents and their mutants: our canonical bytes and verdicts against xmlsec1's.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use ostiary_oracle::{Campaign, Document, Draw, Outcome, Template};

/// `./x oracle` runs many more.
const COUNT: u64 = 300;

fn campaign() -> Campaign {
    Campaign::new("2026-11-24T09:00:00Z".parse().unwrap()).unwrap()
}

#[test]
fn what_either_signs_both_canonicalise_alike_and_accept() {
    let campaign = campaign();
    let mut outcome = Outcome::default();
    for number in 0..COUNT {
        if let Err(found) = campaign.run(4, number, &mut outcome) {
            panic!("document {}: {}\n{}", found.number, found.disagreement, found.xml);
        }
    }
    let count = usize::try_from(COUNT).unwrap();
    let honest = &outcome.honest;
    assert_eq!([honest.accepted, honest.elements, honest.signed_infos], [count; 3], "{honest}");
    assert_eq!([honest.unread, honest.refused, honest.not_asked], [0; 3], "{honest}");
    assert_eq!((outcome.foreign.accepted, outcome.foreign.refused), (0, count), "{}", outcome.foreign);
    let mutants = &outcome.mutants;
    assert!(mutants.accepted > count / 10, "too few mutants say the same thing: {mutants}");
    assert!(mutants.refused > count / 2, "too few mutants say another thing: {mutants}");
}

/// The generator reaches what it is there for.
#[test]
fn documents_have_all_that_canonicalisation_is_about() {
    let mut missing = vec![
        "xmlns=\"\"",
        "xmlns:xml=",
        "xml:lang",
        "&#13;",
        "&#x1F600;",
        "\r\n",
        "\u{1f600}",
        "/>",
        "]]",
        "&apos;",
        "\u{feff}<",
        "#default",
        "PrefixList",
        "<ds:Signature",
        "<Signature",
        "urn:&#111;ne",
        "a-b:",
        "\u{10000}=",
        "</p:",
    ];
    for number in 0..1_000 {
        let mut draw = Draw::new(number);
        let document = Document::random(&mut draw);
        let text = document.with(&Template::random(&mut draw).fill("", "")).replace('\'', "\"");
        missing.retain(|part| !text.contains(part));
    }
    assert!(missing.is_empty(), "never written: {missing:?}");
}

#[test]
fn the_same_seed_makes_the_same_document() {
    let document = |seed| Document::random(&mut Draw::new(seed)).with("");
    assert_eq!(document(3), document(3));
    assert_ne!(document(3), document(4));
}
