//! Queries of the Redirect binding: taken apart, inflated, their signature verified over the octets as they came.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use ostiary_fuzz::world::{GULLIBLE, LOGOUTS, TRUST};
use ostiary_fuzz::xml::Document;
use ostiary_fuzz::{query, seeds};
use ostiary_xmlsig::{Limits, RedirectMessage, RedirectParameter};

/// RelayState of all queries that the identity provider signed.
const RELAY_STATES: [Option<&str>; 2] = [None, Some("a b/ü")];

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let text = data.get(..size).and_then(|bytes| std::str::from_utf8(bytes).ok());
    match text.and_then(|text| query::mutate(text, seed, max_size)) {
        Some(mutated) if !seed.is_multiple_of(8) => ostiary_fuzz::replace(data, mutated.as_bytes()),
        _ => fuzzer_mutate(data, size, max_size),
    }
});

fuzz_target!(init: what_is_right_is_accepted(), |data: &[u8]| {
    if let Ok(query) = std::str::from_utf8(data) {
        let _whether_accepted = signed_by_the_provider(query);
        let _whether_accepted = signed_by_the_fuzzer(query);
    }
});

/// Else the target would show nothing.
fn what_is_right_is_accepted() {
    for query in seeds::queries() {
        assert!(signed_by_the_provider(&query) && signed_by_the_fuzzer(&query), "{query}");
    }
}

/// Under the provider's key, nothing but what it signed.
fn signed_by_the_provider(query: &str) -> bool {
    let Ok(message) = RedirectMessage::parse(query, &Limits::MESSAGE) else { return false };
    let Ok(verified) = message.verify(&TRUST) else { return false };
    let canonical = std::str::from_utf8(verified.canonical_bytes()).expect("UTF-8");
    assert!(LOGOUTS.iter().any(|honest| honest == canonical), "forged: {canonical}");
    assert!(RELAY_STATES.contains(&message.relay_state()), "forged: {:?}", message.relay_state());
    true
}

/// With a signer that signs any query, what is read is what was signed.
fn signed_by_the_fuzzer(query: &str) -> bool {
    let Some(signed) = query::signed(query) else { return false };
    let Ok(message) = RedirectMessage::parse(&signed, &Limits::MESSAGE) else { return false };
    let Ok(verified) = message.verify(&GULLIBLE) else { return false };
    let name = match message.parameter() {
        RedirectParameter::Request => "SAMLRequest",
        RedirectParameter::Response => "SAMLResponse",
    };
    let xml = query::raw(&signed, name).and_then(query::message).expect("what was verified can be read");
    assert!(xml.len() <= Limits::MESSAGE.bytes);
    let document = Document::parse(&xml).expect("what the strict parser takes, the lenient one takes");
    let canonical = document.canonical(&[], None, &[]);
    assert_eq!(verified.canonical_bytes(), canonical.as_bytes(), "not what was signed");
    let relay_state = query::raw(&signed, "RelayState").and_then(query::percent_decode);
    assert_eq!(message.relay_state().map(str::as_bytes), relay_state.as_deref(), "not what was signed");
    true
}
