//! Signature wrapping: no rearrangement of a signed message yields another identity.

use crate::support::{USER, both_signed, honest, response_signed};
use ostiary_core::Trace;
use ostiary_testkit::wrap;

const FORGED: &str = "admin@contoso.example";

#[test]
fn no_wrapping_of_a_signed_message_is_accepted() {
    let mut seen = 0;
    for base in [honest, response_signed, both_signed] {
        let case = base();
        for wrapped in wrap(&case.build(), USER, FORGED).unwrap() {
            assert!(wrapped.xml.contains(FORGED), "{} forges nothing", wrapped.name);
            let outcome = case.judge_bytes(wrapped.xml.as_bytes(), &mut Trace::new());
            assert!(outcome.is_err(), "{} was accepted as {:?}", wrapped.name, outcome);
            seen += 1;
        }
    }
    assert!(seen >= 24, "{seen} variants");
}

#[test]
fn no_wrapping_is_accepted_even_with_ids_and_signatures_repaired_by_hand() {
    // The forged copy keeps the signed ID, and the signed one loses it: what the Reference names is then forged.
    let case = honest();
    let id = case.scene.assertion_id.clone();
    for wrapped in wrap(&case.build(), USER, FORGED).unwrap() {
        let repaired = wrapped.xml.replacen(&format!(" ID=\"{id}\""), " ID=\"_moved\"", 1).replacen(
            &format!(" ID=\"_evil{id}\""),
            &format!(" ID=\"{id}\""),
            1,
        );
        let outcome = case.judge_bytes(repaired.as_bytes(), &mut Trace::new());
        assert!(outcome.is_err(), "{} was accepted as {:?}", wrapped.name, outcome);
    }
}
