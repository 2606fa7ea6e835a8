//! Queries of the Redirect binding: written, taken apart and changed, parameter by parameter.

use crate::rng::Choices;
use crate::{mutate, sign};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use openssl::hash::MessageDigest;
use ostiary_testkit::deflate_base64;
use ostiary_xmlsig::percent_encode;
use std::io::Read as _;

pub const SIGNATURE_METHOD: &str = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256";
const NAMES: &[&str] = &[
    "SAMLRequest",
    "SAMLResponse",
    "RelayState",
    "SigAlg",
    "Signature",
    "SAMLEncoding",
    "samlrequest",
    "SAML%52equest",
    "",
];
const VALUES: &[&str] = &[
    "",
    "x",
    "%",
    "%0",
    "%zz",
    "%00",
    "+",
    "a%20b",
    "a+b",
    "http%3A%2F%2Fwww.w3.org%2F2000%2F09%2Fxmldsig%23rsa-sha1",
    "http%3a%2f%2fwww.w3.org%2f2001%2f04%2fxmldsig-more%23rsa-sha512",
    "urn%3Aoasis%3Anames%3Atc%3ASAML%3A2.0%3Abindings%3AURL-Encoding%3ADEFLATE",
    "AAAA",
    "%C3%BC",
    "%FF",
];

/// The raw value of a parameter, the first of that name.
pub fn raw<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query.split('&').find_map(|part| part.strip_prefix(name)?.strip_prefix('='))
}

/// Undoes `%XX` and `+`.
pub fn percent_decode(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'+' {
            out.push(b' ');
        } else if byte == b'%' {
            let digits = [bytes.next()?, bytes.next()?];
            out.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            out.push(byte);
        }
    }
    Some(out)
}

/// The message in a raw parameter, at most a megabyte of it.
pub fn message(raw: &str) -> Option<String> {
    let deflated = STANDARD.decode(percent_decode(raw)?).ok()?;
    let mut xml = String::new();
    DeflateDecoder::new(&deflated[..]).take(1 << 20).read_to_string(&mut xml).ok()?;
    Some(xml)
}

/// The query with a signature of the fuzzer's over its own message, RelayState and algorithm, as they are written.
pub fn signed(query: &str) -> Option<String> {
    let (name, value) =
        ["SAMLRequest", "SAMLResponse"].iter().find_map(|name| Some((name, raw(query, name)?)))?;
    let mut octets = format!("{name}={value}");
    if let Some(relay_state) = raw(query, "RelayState") {
        octets.push_str(&format!("&RelayState={relay_state}"));
    }
    let default = percent_encode(SIGNATURE_METHOD);
    octets.push_str(&format!("&SigAlg={}", raw(query, "SigAlg").unwrap_or(&default)));
    let method = match octets.get(octets.len() - 3..)? {
        "512" => MessageDigest::sha512(),
        "384" => MessageDigest::sha384(),
        _ => MessageDigest::sha256(),
    };
    let value = percent_encode(&sign::sign(method, octets.as_bytes())?);
    let rest = query.split('&').filter(|part| !part.starts_with("Signature="));
    let mut parts: Vec<String> = rest.map(str::to_owned).collect();
    if raw(query, "SigAlg").is_none() {
        parts.push(format!("SigAlg={default}"));
    }
    parts.push(format!("Signature={value}"));
    Some(parts.join("&"))
}

/// One to three changes; nothing when it grows beyond `most` bytes.
pub fn mutate(query: &str, seed: u32, most: usize) -> Option<String> {
    let mut choices = Choices::new(seed);
    let mut parts: Vec<String> = query.split('&').map(str::to_owned).collect();
    for _ in 0..=choices.below(3) {
        let at = choices.below(parts.len());
        let other = choices.below(parts.len());
        let Some(part) = parts.get(at).cloned() else { break };
        let (name, value) = part.split_once('=').unwrap_or((&part, ""));
        let changed = match choices.below(10) {
            0 => {
                parts.swap(at, other);
                continue;
            }
            1 => {
                parts.insert(other, part);
                continue;
            }
            2 => {
                parts.remove(at);
                continue;
            }
            3 => format!("{}={value}", choices.pick(NAMES).copied().unwrap_or_default()),
            4 => format!("{name}={}", choices.pick(VALUES).copied().unwrap_or_default()),
            5 => format!("{name}={}", value.to_ascii_lowercase()),
            6 => format!("{name}={}", value.replace("%2B", "+").replace("%2F", "/").replace("%3D", "=")),
            _ => match message(value).and_then(|xml| mutate::mutate(&xml, seed, most)) {
                Some(xml) => format!("{name}={}", percent_encode(&deflate_base64(&xml).ok()?)),
                None => continue,
            },
        };
        parts[at] = changed;
    }
    Some(parts.join("&")).filter(|query| query.len() <= most)
}
