//! What an honest identity provider sends.

use crate::support::{SP_KEY, USER, encrypted, expected, judge, response_signed, scene};
use ostiary_testkit::Scene;

#[test]
fn accepts_entras_three_ways_of_signing() {
    for (assertion, response) in [(true, false), (false, true), (true, true)] {
        let scene = Scene { sign_assertion: assertion, sign_response: response, ..scene() };
        let accepted = judge(&scene, &expected()).unwrap();
        assert_eq!(accepted.assertion().get().name_id().value, USER);
        assert_eq!((accepted.assertion_signed(), accepted.response_signed()), (assertion, response));
    }
}

#[test]
fn accepts_encrypted_assertions_signed_either_way() {
    let _ = &*SP_KEY;
    for (assertion, response) in [(true, false), (false, true), (true, true)] {
        let scene =
            encrypted(Scene { sign_assertion: assertion, sign_response: response, ..response_signed() });
        let accepted = judge(&scene, &expected()).unwrap();
        assert_eq!(accepted.assertion().get().name_id().value, USER);
        assert_eq!((accepted.assertion_signed(), accepted.response_signed()), (assertion, response));
    }
}
