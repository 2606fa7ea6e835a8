//! Sealed cookies: the input is the cookie's value, then what is inside one that is sealed rightly.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use libfuzzer_sys::fuzz_target;
use openssl::md::Md;
use openssl::pkey::Id;
use openssl::pkey_ctx::{HkdfMode, PkeyCtx};
use openssl::symm::{Cipher, encrypt_aead};
use ostiary_engine::Engine;
use ostiary_fuzz::engine::{BEGUN, SEALING, config, cross, logout_answer, open, post};
use ostiary_fuzz::world::{SP, now};
use serde_json::Value;
use std::io::Write as _;
use std::sync::LazyLock;

/// It keeps nothing from one event to the next.
static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let engine = open(&config(false));
    // What is right opens, or the target would show nothing.
    assert!(opens(&answer(&engine, &BEGUN.cookie)) && signed_out(&engine, &BEGUN.logout_cookie));
    engine
});

fuzz_target!(|data: &[u8]| {
    let engine = &*ENGINE;
    if let Ok(value) = std::str::from_utf8(data) {
        let action = answer(engine, value);
        assert_eq!(opens(&action), BEGUN.cookie == value, "{action}");
        let honest = BEGUN.logout_cookie == value;
        assert!(honest || !signed_out(engine, value), "another cookie is good for a logout");
    }
    // Behind the seal, deflated and as it is.
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(data).and_then(|()| encoder.try_finish()).expect("deflated");
    let deflated = encoder.finish().expect("deflated");
    for (purpose, payload) in
        [("attempt", data), ("attempt", &deflated), ("resume", &deflated), ("logout", data)]
    {
        let value = seal(purpose, payload);
        let action = answer(engine, &value);
        if opens(&action) {
            let text = if payload == data { inflate(data) } else { data.to_vec() };
            let attempt: Value = serde_json::from_slice(&text).expect("what opens is an attempt");
            assert!(purpose == "attempt" && attempt["i"] == BEGUN.attempt.as_str(), "{purpose} {attempt}");
        }
        if signed_out(engine, &value) {
            assert!(purpose == "logout" && data == BEGUN.logout.as_bytes(), "{purpose}");
        }
    }
});

/// A POST of an honest Response by a browser with this cookie.
fn answer(engine: &Engine, cookie: &str) -> Value {
    cross(engine, post(&BEGUN.response, &BEGUN.attempt, cookie).to_string().as_bytes())
}

/// The Response was taken as the answer to this browser's attempt.
fn opens(action: &Value) -> bool {
    action["action"] == "ask" && action["what"] == "look_up"
}

/// Whether an honest LogoutResponse is taken as the answer to the request in this cookie.
fn signed_out(engine: &Engine, cookie: &str) -> bool {
    cross(engine, logout_answer(&BEGUN.logout_query, cookie).to_string().as_bytes())["code"] == "signed-out"
}

fn inflate(data: &[u8]) -> Vec<u8> {
    use std::io::Read as _;
    let mut out = Vec::new();
    let _whatever_there_is = flate2::read::DeflateDecoder::new(data).take(1 << 20).read_to_end(&mut out);
    out
}

/// Seals as `crates/engine/src/sealed.rs` does, written anew from its description. Good for an hour.
fn seal(purpose: &str, payload: &[u8]) -> String {
    let salt = [9; 32];
    let mut key = [0; 44];
    let mut hkdf = PkeyCtx::new_id(Id::HKDF).expect("HKDF");
    hkdf.derive_init().expect("HKDF");
    hkdf.set_hkdf_mode(HkdfMode::EXTRACT_THEN_EXPAND).expect("HKDF");
    hkdf.set_hkdf_md(Md::sha256()).expect("HKDF");
    hkdf.set_hkdf_key(&SEALING).expect("HKDF");
    hkdf.set_hkdf_salt(&salt).expect("HKDF");
    hkdf.add_hkdf_info(format!("ostiary sealed {purpose}").as_bytes()).expect("HKDF");
    hkdf.derive(Some(&mut key)).expect("HKDF");
    let expires = now().as_millisecond() + 3_600_000;
    let plain = [&expires.to_be_bytes()[..], payload].concat();
    let mut tag = [0; 16];
    let associated = [&[1], purpose.as_bytes(), &[0], SP.as_bytes()].concat();
    let cipher = Cipher::aes_256_gcm();
    let text =
        encrypt_aead(cipher, &key[..32], Some(&key[32..]), &associated, &plain, &mut tag).expect("AES");
    URL_SAFE_NO_PAD.encode([&[1][..], &salt, &text, &tag].concat())
}
