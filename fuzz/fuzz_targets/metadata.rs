//! Metadata of the identity provider: pinned by https or an administrator, and signed.
#![no_main]

use libfuzzer_sys::{fuzz_mutator, fuzz_target};
use ostiary_core::{IdpMetadata, MetadataOptions, metadata};
use ostiary_fuzz::sign::resign;
use ostiary_fuzz::world::{GULLIBLE, TRUST, metadata_documents, now};
use ostiary_fuzz::xml::Document;
use ostiary_xmlsig::Validator;
use std::sync::LazyLock;

/// What the signed documents say.
static HONEST: LazyLock<Vec<String>> = LazyLock::new(|| {
    let documents = metadata_documents();
    let signed = documents.iter().filter_map(|xml| read(xml.as_bytes(), Some(&TRUST)));
    signed.map(|metadata| format!("{metadata:?}")).collect()
});

fuzz_mutator!(|data: &mut [u8], size: usize, max_size: usize, seed: u32| {
    ostiary_fuzz::mutate_xml(data, size, max_size, seed)
});

fuzz_target!(init: what_is_right_is_accepted(), |data: &[u8]| {
    if let Some(metadata) = read(data, None) {
        assert!(!metadata.entity_id.is_empty());
        assert!(metadata.valid_until.is_none_or(|until| until > now()));
        let urls = [&metadata.sso_redirect, &metadata.sso_post, &metadata.slo_redirect];
        for url in urls.into_iter().chain([&metadata.slo_post, &metadata.slo_response_location]).flatten() {
            assert!(url.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https:")), "{url}");
        }
        assert!(metadata.certificates.len() + metadata.unusable.len() <= data.len() / 16);
    }
    if let Some(metadata) = read(data, Some(&TRUST)) {
        let seen = format!("{metadata:?}");
        assert!(HONEST.contains(&seen), "forged: {seen}");
    }
    if let Ok(text) = std::str::from_utf8(data) {
        let _whether_accepted = signed_by_the_fuzzer(text);
    }
});

/// Else the target would show nothing.
fn what_is_right_is_accepted() {
    assert_eq!(HONEST.len(), 2);
    let accepted = metadata_documents().iter().filter(|xml| signed_by_the_fuzzer(xml)).count();
    assert_eq!(accepted, HONEST.len());
}

/// With a signer that signs anything, what is read is what was signed.
fn signed_by_the_fuzzer(text: &str) -> bool {
    let Some(mut document) = Document::parse(text) else { return false };
    let signed = resign(&mut document);
    let Some(metadata) = read(document.write().as_bytes(), Some(&GULLIBLE)) else { return false };
    let seen = format!("{metadata:?}");
    let mut said = signed.iter().filter_map(|signed| read(signed.as_bytes(), None));
    assert!(said.any(|metadata| format!("{metadata:?}") == seen), "not what was signed: {seen}");
    true
}

fn read(xml: &[u8], signature: Option<&Validator>) -> Option<IdpMetadata> {
    let options = MetadataOptions {
        expected_entity_id: None,
        now: now(),
        signature,
        allow_loopback_http: false,
        min_rsa_bits: 2048,
    };
    metadata::read(xml, &options).ok().map(metadata::PinnedMetadata::into_inner)
}
