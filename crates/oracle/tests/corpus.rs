//! Every document of the corpus that our parser takes: canonical bytes of the whole document and of each signed element,
//! and the verdict on each signature.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use ostiary_oracle::{Key, Of, Tally, Trusted, compare, fill_in};
use ostiary_testkit::TestKey;
use ostiary_xmlsig::{Limits, Message, Policy, Validator, VerifyingKey, enveloped_c14n, ns};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// `None` says so, and the test ends.
fn corpus(test: &str) -> Option<PathBuf> {
    let named = std::env::var_os("OSTIARY_CORPUS").map(PathBuf::from);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let corpus = named.map_or_else(|| root.join("../shared/corpus"), |named| root.join(named));
    if corpus.join("manifest.json").is_file() {
        return Some(corpus);
    }
    eprintln!("SKIPPED {test}: there is no {}", corpus.display());
    None
}

fn cases(corpus: &Path) -> Vec<Value> {
    let manifest = std::fs::read(corpus.join("manifest.json")).unwrap();
    let manifest: Value = serde_json::from_slice(&manifest).unwrap();
    manifest["cases"].as_array().unwrap().clone()
}

fn document(corpus: &Path, case: &Value) -> Vec<u8> {
    std::fs::read(corpus.join(case["file"].as_str().unwrap())).unwrap()
}

/// The certificates of a case that both sides can use.
fn trusted(corpus: &Path, case: &Value) -> Option<Trusted> {
    let policy = Policy { allow_sha1: true };
    let (mut ours, mut keys) = (Vec::new(), Vec::new());
    for file in case["idp_cert"].as_array().into_iter().flatten() {
        let text = std::fs::read_to_string(corpus.join(file.as_str().unwrap())).unwrap();
        if let Ok(key) = VerifyingKey::from_text(&text, 0) {
            ours.push(key);
            keys.push(Key::from_pem(&text).expect("xmlsec1 reads what we read"));
        }
    }
    Some(Trusted { validator: Validator::new(ours, policy).ok()?, keys })
}

#[test]
fn every_signature_of_the_corpus_is_judged_alike() {
    let Some(corpus) = corpus("every_signature_of_the_corpus_is_judged_alike") else { return };
    let mut tally = Tally::default();
    let mut disagreements = Vec::new();
    for case in cases(&corpus) {
        let kind = case["kind"].as_str().unwrap();
        if kind.starts_with("redirect") {
            continue; // no XML signature
        }
        let Some(trusted) = trusted(&corpus, &case) else { continue };
        if let Err(error) = compare(&document(&corpus, &case), &trusted, &mut tally) {
            disagreements.push(format!("{}: {error}", case["id"]));
        }
    }
    eprintln!("{tally}");
    assert!(disagreements.is_empty(), "{}", disagreements.join("\n"));
    assert!(tally.accepted > 0 && tally.refused > 0 && tally.elements > tally.accepted, "{tally}");
}

/// A signature over the whole document shows what xmlsec1 makes of every element in it.
#[test]
fn every_document_of_the_corpus_has_the_same_canonical_form() {
    let Some(corpus) = corpus("every_document_of_the_corpus_has_the_same_canonical_form") else { return };
    let key = TestKey::generate("anybody", "2026-11-24T09:00:00Z".parse().unwrap()).unwrap();
    let key = Key::from_pkcs8_der(&key.pkcs8_der().unwrap()).unwrap();
    let mut equal = 0;
    let mut different = Vec::new();
    for case in cases(&corpus) {
        let Ok(text) = String::from_utf8(document(&corpus, &case)) else { continue };
        for prefixes in [&[][..], &["#default", "xs", "saml", "ds", "n1"][..]] {
            let Some(xml) = with_template(&text, prefixes) else { continue };
            let Ok(message) = Message::parse(xml.as_bytes(), &Limits::METADATA) else { continue };
            let root = message.root();
            let template = root.children_named(ns::DS, "Signature").next().unwrap();
            let ours = enveloped_c14n(root, template, prefixes);
            match fill_in(xml.as_bytes(), Of::Root, &key) {
                Some(signed) if signed.opinion.pre_digest.as_deref() == Some(ours.as_bytes()) => equal += 1,
                _ => different.push(case["id"].to_string()),
            }
        }
    }
    eprintln!("{equal} canonical forms of whole documents are equal");
    assert!(different.is_empty(), "{different:?}");
    assert!(equal > 0);
}

/// The document with an unsigned signature over all of it as first child of its root. `None` when it has no start tag.
fn with_template(text: &str, prefixes: &[&str]) -> Option<String> {
    let message = Message::parse(text.as_bytes(), &Limits::METADATA).ok()?;
    let root = message.root().local_name();
    let name = text.find(&format!("{root} ")).or_else(|| text.find(&format!("{root}>")))?;
    let mut quote = None;
    let end = text[name..].char_indices().find_map(|(at, c)| match (quote, c) {
        (None, '>') => Some(name + at),
        (None, '"' | '\'') => {
            quote = Some(c);
            None
        }
        (Some(open), _) => {
            if open == c {
                quote = None;
            }
            None
        }
        _ => None,
    })?;
    if text[..end].ends_with('/') {
        return None;
    }
    let (ds, c14n) = (ns::DS, ns::EXC_C14N);
    let list = match prefixes {
        [] => String::new(),
        list => format!(r#"<InclusiveNamespaces xmlns="{c14n}" PrefixList="{}"/>"#, list.join(" ")),
    };
    let template = format!(
        r##"<Signature xmlns="{ds}"><SignedInfo><CanonicalizationMethod Algorithm="{c14n}"/><SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"/><Reference URI=""><Transforms><Transform Algorithm="{enveloped}"/><Transform Algorithm="{c14n}">{list}</Transform></Transforms><DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue/></Reference></SignedInfo><SignatureValue/></Signature>"##,
        enveloped = ns::ENVELOPED,
    );
    Some([&text[..=end], &template, &text[end + 1..]].concat())
}
