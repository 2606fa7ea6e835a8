//! Encrypted assertions: what the fuzzer puts into the ciphertext, and the ciphertext itself.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use ostiary_codes::Code;
use ostiary_core::{Accepted, Received, Trace};
use ostiary_fuzz::reading::{Reading, SAML, children};
use ostiary_fuzz::sign::resign;
use ostiary_fuzz::world::{DECRYPTION, ENCRYPTED, GULLIBLE, HONEST, SERVICE, TRUST, expected, is_honest};
use ostiary_fuzz::xml::{Document, Node, Path};
use ostiary_testkit::SeededRng;
use ostiary_xmlsig::{EncryptionMethod, KeyTransport, Validator, encrypt_element};
use std::collections::HashSet;
use std::sync::LazyLock;

/// Canonical forms, without their signatures, of all assertions that the identity provider signed.
static SIGNED: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let documents = HONEST.iter().filter_map(|honest| Document::parse(&honest.xml));
    documents
        .flat_map(|document| {
            assertions(&document).iter().map(|path| bare(&document, path)).collect::<Vec<_>>()
        })
        .collect()
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ostiary_fuzz::mutate_xml(data, size, max_size, seed)
});

fuzz_target!(init: what_is_right_is_accepted(), |data: &[u8]| {
    // An EncryptedAssertion as it is.
    if let Ok(accepted) = judge(data, &TRUST) {
        assert!(is_honest(&accepted), "forged: {:?}", accepted.assertion());
    }
    let Some(document) = std::str::from_utf8(data).ok().and_then(Document::parse) else { return };
    let Some(at) = assertions(&document).first().cloned() else { return };
    let choice = data.iter().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
    let _whether_accepted = signed_by_nobody(&document, &at, choice);
    let _whether_accepted = signed_by_the_fuzzer(document, &at, choice);
});

/// Else the target would show nothing.
fn what_is_right_is_accepted() {
    for honest in ENCRYPTED.iter() {
        assert!(judge(honest.xml.as_bytes(), &TRUST).is_ok());
    }
    // The Assertion signed, the Response signed, both: encryption ends the signature of a Response.
    for (choice, by_assertion) in [true, false, false].into_iter().enumerate() {
        let document = Document::parse(&HONEST[choice].xml).expect("XML");
        let at = assertions(&document).remove(0);
        assert_eq!(signed_by_nobody(&document, &at, choice), by_assertion);
        assert!(signed_by_the_fuzzer(document, &at, choice));
    }
}

/// Without a valid signature, what is inside the ciphertext makes no difference that can be seen: neither its markup
/// nor its words. (A length that no ciphertext has is refused before a key is used, so there must be something.)
fn signed_by_nobody(document: &Document, at: &Path, choice: usize) -> bool {
    let plaintext = written(document, at);
    let honest = SIGNED.contains(&bare(document, at));
    let result = judge(encrypted(document, at, &plaintext, choice).write().as_bytes(), &TRUST);
    match &result {
        Ok(accepted) => assert!(honest && is_honest(accepted), "forged: {:?}", accepted.assertion()),
        Err(_) if honest => {}
        Err(code) => {
            let nothing = judge(encrypted(document, at, "-", choice).write().as_bytes(), &TRUST);
            assert_eq!(Some(*code), nothing.err(), "the plaintext shows");
        }
    }
    // The same with a byte of the ciphertext changed.
    let mut changed = encrypted(document, at, &plaintext, choice);
    spoil(&mut changed, choice);
    if let Err(code) = judge(changed.write().as_bytes(), &TRUST)
        && let Err(before) = &result
    {
        let early = [Code::EncryptionStructure, Code::EncryptionAlgorithm];
        assert!(code == *before || early.contains(&code) || honest, "{before} became {code}");
    }
    result.is_ok()
}

/// With a signer that signs anything, what is accepted is what was signed and then encrypted.
fn signed_by_the_fuzzer(mut document: Document, at: &Path, choice: usize) -> bool {
    let mut signed = resign(&mut document);
    let inside = document.canonical(at, None, &[]);
    let mut document = encrypted(&document, at, &written(&document, at), choice);
    // The Response's signature covers the ciphertext, and by it whatever is inside.
    if !resign(&mut document).is_empty() {
        signed.push(inside);
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

fn assertions(document: &Document) -> Vec<Path> {
    children(document, &[], SAML, "Assertion")
}

fn written(document: &Document, at: &Path) -> String {
    let mut text = String::new();
    if let Some(element) = document.at(at) {
        element.write(&mut text);
    }
    text
}

/// Canonical form without the signature that is a child.
fn bare(document: &Document, at: &Path) -> String {
    let signature = children(document, at, "http://www.w3.org/2000/09/xmldsig#", "Signature");
    document.canonical(at, signature.first().map(Vec::as_slice), &[])
}

/// The document with `plaintext`, encrypted, in the place of its assertion.
fn encrypted(document: &Document, at: &Path, plaintext: &str, choice: usize) -> Document {
    let method =
        [EncryptionMethod::Aes256Cbc, EncryptionMethod::Aes256Gcm, EncryptionMethod::Aes128Cbc][choice % 3];
    let transport =
        [KeyTransport::OaepMgf1p, KeyTransport::OaepMgf1pSha256, KeyTransport::Oaep11Sha256][choice / 3 % 3];
    let certificate = SERVICE.certificate_der().expect("a certificate");
    let xml = encrypt_element(
        plaintext.as_bytes(),
        &certificate,
        method,
        transport,
        (choice / 9).is_multiple_of(2),
    );
    let element = Document::parse(&xml.expect("ciphertext")).expect("our own markup").root;
    let mut document = document.clone();
    if let Some(place) = document.at_mut(at) {
        *place = element;
    }
    document
}

/// Changes one character of a CipherValue.
fn spoil(document: &mut Document, choice: usize) {
    let paths = document.paths();
    let values: Vec<&Path> = paths
        .iter()
        .filter(|path| document.at(path).is_some_and(|element| element.name.ends_with("CipherValue")))
        .collect();
    let Some(path) = values.get(choice % values.len().max(1)) else { return };
    if let Some(Node::Text(text)) = document.at_mut(path).and_then(|element| element.children.first_mut())
        && text.len() > 8
    {
        let at = choice / 7 % (text.len() - 4);
        let other = if text.as_bytes().get(at) == Some(&b'A') { "B" } else { "A" };
        if text.is_char_boundary(at) && text.is_char_boundary(at + 1) {
            text.replace_range(at..=at, other);
        }
    }
}

fn judge(xml: &[u8], validator: &Validator) -> Result<Accepted, Code> {
    let received = Received::parse(xml).map_err(|rejected| rejected.code())?;
    let (rng, trace) = (&mut SeededRng::new(1), &mut Trace::new());
    received.validate(validator, &DECRYPTION, &expected(), rng, trace).map_err(|rejected| rejected.code())
}
