//! Signs what the mutator made, with the fuzzer's own key and without the product's canonicaliser, so that fuzzing
//! reaches what lies behind the signature; and keeps what was signed.

use crate::reading::DS;
use crate::world::FUZZER_KEY;
use crate::xml::{Document, Node, Path};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::{MessageDigest, hash};
use openssl::sign::Signer;

/// More signatures are left as they are.
const MOST: usize = 3;

/// Makes the signatures that stand in the document valid as far as their own words allow, inner ones first, and returns
/// the canonical bytes that they cover.
pub fn resign(document: &mut Document) -> Vec<String> {
    let mut signatures: Vec<Path> =
        document.paths().into_iter().filter(|path| document.is(path, DS, "Signature")).collect();
    signatures.sort_by_key(|path| std::cmp::Reverse(path.len()));
    signatures.truncate(MOST);
    signatures.iter().filter_map(|signature| resign_one(document, signature)).collect()
}

fn resign_one(document: &mut Document, signature: &Path) -> Option<String> {
    let info = document.find(signature, "SignedInfo")?;
    let reference = document.find(&info, "Reference")?;
    let uri = document.at(&reference)?.attribute("URI").unwrap_or_default();
    let named = document.paths().into_iter().find(|path| {
        uri.strip_prefix('#')
            .is_some_and(|id| document.at(path).and_then(|e| e.attribute("ID")).as_deref() == Some(id))
    });
    let (_, parent) = signature.split_last()?;
    let target = named.unwrap_or_else(|| parent.to_vec());
    let prefixes = prefix_list(document, document.find(&reference, "Transforms"));
    let prefixes: Vec<&str> = prefixes.split_ascii_whitespace().collect();
    let covered = document.canonical(&target, Some(signature), &prefixes);
    let digest = algorithm(document, document.find(&reference, "DigestMethod"));
    let digest = STANDARD.encode(hash(digest, covered.as_bytes()).ok()?);
    set_text(document, document.find(&reference, "DigestValue"), digest);
    let prefixes = prefix_list(document, document.find(&info, "CanonicalizationMethod"));
    let prefixes: Vec<&str> = prefixes.split_ascii_whitespace().collect();
    let signed = document.canonical(&info, None, &prefixes);
    let method = algorithm(document, document.find(&info, "SignatureMethod"));
    let value = sign(method, signed.as_bytes())?;
    set_text(document, document.find(signature, "SignatureValue"), value);
    Some(covered)
}

/// RSA PKCS #1 v1.5 with the fuzzer's key, base64.
pub fn sign(method: MessageDigest, message: &[u8]) -> Option<String> {
    let mut signer = Signer::new(method, &FUZZER_KEY).ok()?;
    Some(STANDARD.encode(signer.sign_oneshot_to_vec(message).ok()?))
}

fn prefix_list(document: &Document, below: Option<Path>) -> String {
    below
        .and_then(|path| document.find(&path, "InclusiveNamespaces"))
        .and_then(|path| document.at(&path)?.attribute("PrefixList"))
        .unwrap_or_default()
}

fn algorithm(document: &Document, path: Option<Path>) -> MessageDigest {
    let name = path.and_then(|path| document.at(&path)?.attribute("Algorithm")).unwrap_or_default();
    match name.get(name.len().saturating_sub(3)..) {
        Some("512") => MessageDigest::sha512(),
        Some("384") => MessageDigest::sha384(),
        Some("ha1") => MessageDigest::sha1(),
        _ => MessageDigest::sha256(),
    }
}

fn set_text(document: &mut Document, path: Option<Path>, text: String) {
    if let Some(element) = path.and_then(|path| document.at_mut(&path)) {
        element.children = vec![Node::Text(text)];
    }
}
