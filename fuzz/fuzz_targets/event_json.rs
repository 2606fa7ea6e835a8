//! The engine: scripts of events, and bytes that are no event.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target, fuzzer_mutate};
use ostiary_engine::Engine;
use ostiary_fuzz::engine::{config, cross, open, play};
use ostiary_fuzz::{json, seeds};
use serde_json::Value;
use std::sync::LazyLock;

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    let text = data.get(..size).and_then(|bytes| std::str::from_utf8(bytes).ok());
    match text.filter(|_| !seed.is_multiple_of(8)).and_then(|text| json::mutate(text, seed, max_size)) {
        Some(mutated) => ostiary_fuzz::replace(data, mutated.as_bytes()),
        None => fuzzer_mutate(data, size, max_size),
    }
});

/// Trusts one certificate. It keeps nothing from one script to the next but which of its questions were answered.
static PINNED: LazyLock<Engine> = LazyLock::new(|| open(&config(false)));

/// Else the target would show nothing.
fn what_is_right_signs_in() {
    let script = seeds::scripts().remove(0);
    let last = play(&PINNED, script.as_array().expect("a script"), true);
    assert_eq!(last["action"], "sign_in", "{last}");
}

fuzz_target!(init: what_is_right_signs_in(), |data: &[u8]| {
    match serde_json::from_slice::<Value>(data) {
        Ok(Value::Array(script)) => {
            let _last = play(&PINNED, &script, true);
            // Trusts metadata, which the script may bring as an answer: then it may vouch for anybody.
            if data.windows(6).any(|bytes| bytes == b"\"body\"") {
                let _last = play(&open(&config(true)), &script, false);
            }
        }
        _ => drop(cross(&PINNED, data)),
    }
});
