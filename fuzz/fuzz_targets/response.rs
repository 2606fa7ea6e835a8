//! A Response on its whole way through the core.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use ostiary_core::{Accepted, Received, Rejected, Trace};
use ostiary_fuzz::reading::Reading;
use ostiary_fuzz::sign::resign;
use ostiary_fuzz::world::{DECRYPTION, GULLIBLE, HONEST, TRUST, expected, is_honest};
use ostiary_fuzz::xml::Document;
use ostiary_testkit::SeededRng;
use ostiary_xmlsig::Validator;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ostiary_fuzz::mutate_xml(data, size, max_size, seed)
});

fuzz_target!(init: what_is_right_is_accepted(), |data: &[u8]| {
    if let Ok(accepted) = judge(data, &TRUST) {
        assert!(is_honest(&accepted), "forged: {:?}", accepted.assertion());
    }
    if let Ok(field) = std::str::from_utf8(data) {
        if let Ok(decoded) = Received::decode_base64(field) {
            let _rarely_a_message = judge(&decoded, &TRUST);
        }
        let _whether_accepted = signed_by_the_fuzzer(field);
    }
});

/// Else the target would show nothing.
fn what_is_right_is_accepted() {
    for honest in HONEST.iter() {
        assert_eq!(judge(honest.xml.as_bytes(), &TRUST).is_ok(), honest.reading.is_some());
        assert_eq!(signed_by_the_fuzzer(&honest.xml), honest.reading.is_some());
    }
}

/// With a signer that signs anything, what is accepted is what was signed.
fn signed_by_the_fuzzer(text: &str) -> bool {
    let Some(mut document) = Document::parse(text) else { return false };
    let signed = resign(&mut document);
    if signed.is_empty() {
        return false;
    }
    let result = judge(document.write().as_bytes(), &GULLIBLE);
    if let Ok(accepted) = &result {
        let readings: Vec<Reading> =
            signed.iter().filter_map(|signed| Reading::of_canonical(signed)).collect();
        assert!(
            readings.iter().any(|reading| reading.agrees(accepted)),
            "accepted {:?}\nsigned {readings:?}",
            accepted.assertion()
        );
    }
    result.is_ok()
}

fn judge(xml: &[u8], validator: &Validator) -> Result<Accepted, Rejected> {
    let mut trace = Trace::detailed();
    let result = Received::parse(xml).and_then(|received| {
        received.validate(validator, &DECRYPTION, &expected(), &mut SeededRng::new(1), &mut trace)
    });
    assert!(trace.checks().len() <= 100);
    for check in trace.checks() {
        assert!(check.seen.chars().count() <= 200 && !check.seen.contains(char::is_control), "{check:?}");
    }
    result
}
