//! XML Signature as SAML profiles it (Core 5.4): enveloped, one reference, exclusive C14N, RSA PKCS #1 v1.5.
//!
//! Order: shape of the Signature → canonical SignedInfo → signature over it → digest read from those verified bytes →
//! canonical form of the parent → digest comparison. Nothing of `KeyInfo` is read.

use crate::keys::{self, Hash};
use crate::tree::Tree;
use crate::{
    Element, Fingerprint, Limits, Placement, SignatureError, SignedWith, SignedXml, Unsigned, Validator,
    Verified, c14n, ns,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_codes::Code;
use std::borrow::Cow;
use subtle::ConstantTimeEq;

fn fail<T>(code: Code, detail: impl Into<String>) -> Result<T, SignatureError> {
    Err(SignatureError::new(code, detail))
}

pub(crate) fn verify_enveloped(
    validator: &Validator,
    element: Element<'_, Unsigned>,
    placement: Placement,
) -> Result<Option<Verified<SignedXml>>, SignatureError> {
    let Some(signature) = find(element, placement)? else { return Ok(None) };
    let parts = Parts::of(signature)?;

    let method = required(parts.signed_info, "CanonicalizationMethod")?;
    let prefixes = canonicalization(method)?;
    let prefixes: Vec<&str> = prefixes.split_ascii_whitespace().collect();
    let signed_info = c14n::canonicalize(parts.signed_info, None, &prefixes);
    let info = SignedInfo::read(Element::new(&signed_info, 0), validator.policy().allow_sha1)?;

    let value = base64_text(parts.signature_value)?;
    let key = who_signed(validator, info.signature_hash, &signed_info, &value)?;

    // From here on SignedInfo is authentic: what it says about the parent comes from bytes that the key signed.
    refers_to(&info, element)?;
    let prefixes: Vec<&str> = info.prefixes.split_ascii_whitespace().collect();
    let canonical = c14n::canonicalize(element, Some(signature), &prefixes);
    if canonical.text.is_empty() {
        return fail(Code::SignatureCanonicalization, "the canonical form is empty");
    }
    let seen = keys::digest(info.digest_hash, canonical.text.as_bytes());
    if !bool::from(seen.as_ref().ct_eq(info.digest.as_slice())) {
        return fail(Code::SignatureDigestMismatch, "the digest of the element is not the signed one");
    }
    let sha1 = info.signature_hash == Hash::Sha1 || info.digest_hash == Hash::Sha1;
    Ok(Some(Verified::vouch(canonical, SignedWith { key, sha1 })))
}

/// The one Signature child at its place (Core 5.4.1; schema order of Core 3.2.2 and 2.3.3, Metadata 2.3.2).
fn find(
    element: Element<'_, Unsigned>,
    placement: Placement,
) -> Result<Option<Element<'_, Unsigned>>, SignatureError> {
    let is_signature = |child: &Element<'_, Unsigned>| child.is(ns::DS, "Signature");
    let mut signatures = element.children().filter(is_signature);
    let Some(signature) = signatures.next() else { return Ok(None) };
    if signatures.next().is_some() {
        return fail(Code::SignatureDuplicate, "two Signatures in one element");
    }
    let mut children = element.children();
    let at_its_place = match placement {
        Placement::Anywhere => true,
        Placement::FirstChild => children.next().is_some_and(|first| is_signature(&first)),
        Placement::AfterIssuer => {
            // A Response's Issuer is optional in the schema; whether it may be absent is the caller's rule.
            let has_issuer = element.children_named(ns::SAML, "Issuer").next().is_some();
            let before = if has_issuer { children.next() } else { None };
            before.is_none_or(|first| first.is(ns::SAML, "Issuer"))
                && children.next().is_some_and(|child| is_signature(&child))
        }
    };
    if at_its_place {
        Ok(Some(signature))
    } else {
        fail(Code::SignatureMisplaced, "the Signature does not stand directly after the Issuer")
    }
}

/// The children of a Signature: SignedInfo, SignatureValue, at most one KeyInfo, nothing else (no Object).
struct Parts<'d> {
    signed_info: Element<'d, Unsigned>,
    signature_value: Element<'d, Unsigned>,
}

impl<'d> Parts<'d> {
    fn of(signature: Element<'d, Unsigned>) -> Result<Self, SignatureError> {
        only_attributes(signature, &["Id"])?;
        let mut children = signature.children();
        let signed_info = children.next().filter(|child| child.is(ns::DS, "SignedInfo"));
        let signature_value = children.next().filter(|child| child.is(ns::DS, "SignatureValue"));
        let key_info_or_nothing = children.next().is_none_or(|child| child.is(ns::DS, "KeyInfo"));
        match (signed_info, signature_value) {
            (Some(signed_info), Some(signature_value))
                if key_info_or_nothing && children.next().is_none() && !signature.has_text() =>
            {
                only_attributes(signed_info, &["Id"])?;
                only_attributes(signature_value, &["Id"])?;
                Ok(Self { signed_info, signature_value })
            }
            _ => fail(Code::SignatureStructure, "expected SignedInfo, SignatureValue and at most a KeyInfo"),
        }
    }
}

/// What the signer said, read from the canonical SignedInfo. It is believed once [`who_signed`] has found a key.
struct SignedInfo {
    signature_hash: Hash,
    digest_hash: Hash,
    uri: String,
    digest: Vec<u8>,
    /// PrefixList of the reference's exclusive C14N.
    prefixes: String,
}

impl SignedInfo {
    fn read(info: Element<'_, Unsigned>, allow_sha1: bool) -> Result<Self, SignatureError> {
        structure(info, &["CanonicalizationMethod", "SignatureMethod", "Reference"])?;
        let method = required(info, "SignatureMethod")?;
        structure(method, &[])?;
        only_attributes(method, &["Algorithm"])?;
        let signature_hash = signature_algorithm(&algorithm(method), allow_sha1)?;

        let reference = required(info, "Reference")?;
        only_attributes(reference, &["URI", "Id", "Type"])?;
        structure(reference, &["Transforms", "DigestMethod", "DigestValue"])?;
        let prefixes = transforms(required(reference, "Transforms")?)?;
        let method = required(reference, "DigestMethod")?;
        structure(method, &[])?;
        only_attributes(method, &["Algorithm"])?;
        let digest_hash = digest_algorithm(&algorithm(method), allow_sha1)?;
        let value = required(reference, "DigestValue")?;
        only_attributes(value, &[])?;
        let digest = base64_text(value)?;
        let Some(uri) = reference.raw_attribute("URI") else {
            return fail(Code::SignatureReference, "the Reference has no URI");
        };
        Ok(Self { signature_hash, digest_hash, uri: uri.into_owned(), digest, prefixes })
    }
}

/// Exactly the enveloped-signature transform, then exclusive C14N (Core 5.4.4). Without the latter the digest would
/// be over inclusive C14N. Returns the PrefixList.
fn transforms(list: Element<'_, Unsigned>) -> Result<String, SignatureError> {
    only_attributes(list, &[])?;
    let mut children = list.children();
    match (children.next(), children.next(), children.next()) {
        (Some(first), Some(second), None)
            if first.is(ns::DS, "Transform") && second.is(ns::DS, "Transform") && !list.has_text() =>
        {
            if algorithm(first) != ns::ENVELOPED {
                return fail(Code::SignatureTransform, "the first transform is not enveloped-signature");
            }
            structure(first, &[])?;
            only_attributes(first, &["Algorithm"])?;
            canonicalization(second)
                .map_err(|error| SignatureError::new(Code::SignatureTransform, error.detail().to_owned()))
        }
        _ => fail(Code::SignatureTransform, "expected enveloped-signature and exclusive C14N"),
    }
}

/// Exclusive C14N without comments, with at most one InclusiveNamespaces. Returns its PrefixList.
fn canonicalization(method: Element<'_, Unsigned>) -> Result<String, SignatureError> {
    if algorithm(method) != ns::EXC_C14N {
        return fail(Code::SignatureCanonicalization, "not exclusive C14N without comments");
    }
    only_attributes(method, &["Algorithm"])?;
    let mut children = method.children();
    let list = match (children.next(), children.next()) {
        (None, _) => String::new(),
        (Some(list), None)
            if list.is(ns::EXC_C14N, "InclusiveNamespaces")
                && list.children().next().is_none()
                && !list.has_text()
                && only_attributes(list, &["PrefixList"]).is_ok() =>
        {
            list.raw_attribute("PrefixList").unwrap_or_default().into_owned()
        }
        _ => {
            return fail(
                Code::SignatureCanonicalization,
                "unexpected children of the canonicalisation method",
            );
        }
    };
    if method.has_text() {
        return fail(Code::SignatureCanonicalization, "unexpected text in the canonicalisation method");
    }
    // More prefixes than an element may have in scope only cost time.
    if list.split_ascii_whitespace().count() > Limits::MESSAGE.namespaces {
        return fail(Code::SignatureCanonicalization, "a PrefixList without end");
    }
    Ok(list)
}

/// Core 5.4.2: the one Reference names the ID of the element that the Signature stands in.
fn refers_to(info: &SignedInfo, element: Element<'_, Unsigned>) -> Result<(), SignatureError> {
    let id = element.raw_attribute("ID").unwrap_or_default();
    match info.uri.strip_prefix('#') {
        Some(uri) if !id.is_empty() && uri == id => Ok(()),
        _ => fail(Code::SignatureReference, "the Reference is not to the ID of its own parent"),
    }
}

/// Tries every key; the first that verifies has signed.
fn who_signed(
    validator: &Validator,
    hash: Hash,
    signed_info: &Tree<'_>,
    value: &[u8],
) -> Result<Fingerprint, SignatureError> {
    let message = signed_info.text.as_bytes();
    match validator.keys().iter().find(|key| key.verify(hash, message, value)) {
        Some(key) => Ok(key.fingerprint()),
        None => fail(
            Code::SignatureInvalid,
            format!("does not verify with any of the {} configured keys", validator.keys().len()),
        ),
    }
}

/// RFC 4051/6931 identifiers that are allowed for a signature.
pub(crate) fn signature_algorithm(uri: &str, allow_sha1: bool) -> Result<Hash, SignatureError> {
    match uri {
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256" => Ok(Hash::Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384" => Ok(Hash::Sha384),
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512" => Ok(Hash::Sha512),
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1" if allow_sha1 => Ok(Hash::Sha1),
        "http://www.w3.org/2000/09/xmldsig#rsa-sha1" => {
            fail(Code::SignatureSha1, "SignatureMethod is RSA-SHA1")
        }
        _ => fail(Code::SignatureAlgorithm, "SignatureMethod is not RSA-SHA256, -SHA384 or -SHA512"),
    }
}

fn digest_algorithm(uri: &str, allow_sha1: bool) -> Result<Hash, SignatureError> {
    match uri {
        "http://www.w3.org/2001/04/xmlenc#sha256" => Ok(Hash::Sha256),
        "http://www.w3.org/2001/04/xmldsig-more#sha384" => Ok(Hash::Sha384),
        "http://www.w3.org/2001/04/xmlenc#sha512" => Ok(Hash::Sha512),
        "http://www.w3.org/2000/09/xmldsig#sha1" if allow_sha1 => Ok(Hash::Sha1),
        "http://www.w3.org/2000/09/xmldsig#sha1" => fail(Code::SignatureSha1, "DigestMethod is SHA-1"),
        _ => fail(Code::SignatureDigestAlgorithm, "DigestMethod is not SHA-256, -384 or -512"),
    }
}

/// The children are exactly these ds elements, one each, in this order, and no text stands between them.
fn structure(element: Element<'_, Unsigned>, expected: &[&str]) -> Result<(), SignatureError> {
    let mut children = element.children();
    for name in expected {
        if !children.next().is_some_and(|child| child.is(ns::DS, name)) {
            return unexpected(element);
        }
    }
    if children.next().is_some() || element.has_text() {
        return unexpected(element);
    }
    Ok(())
}

fn unexpected<R>(element: Element<'_, Unsigned>) -> Result<R, SignatureError> {
    let (code, what) = match element.local_name() {
        "Reference" => (Code::SignatureReference, "Reference"),
        "SignedInfo" if element.children_named(ns::DS, "Reference").count() != 1 => {
            (Code::SignatureReference, "SignedInfo: not exactly one Reference")
        }
        "Transform" => (Code::SignatureTransform, "Transform"),
        "SignatureMethod" => (Code::SignatureAlgorithm, "SignatureMethod"),
        "DigestMethod" => (Code::SignatureDigestAlgorithm, "DigestMethod"),
        _ => (Code::SignatureStructure, "SignedInfo"),
    };
    fail(code, format!("unexpected content of {what}"))
}

fn only_attributes(element: Element<'_, Unsigned>, allowed: &[&str]) -> Result<(), SignatureError> {
    if element.attribute_names().all(|(namespace, local)| namespace.is_empty() && allowed.contains(&local)) {
        Ok(())
    } else {
        fail(Code::SignatureStructure, "an attribute that SAML's signature profile does not have")
    }
}

fn required<'d>(
    element: Element<'d, Unsigned>,
    local: &'static str,
) -> Result<Element<'d, Unsigned>, SignatureError> {
    match element.children_named(ns::DS, local).next() {
        Some(child) => Ok(child),
        None => fail(Code::SignatureStructure, format!("{local} is missing")),
    }
}

fn algorithm<'d>(element: Element<'d, Unsigned>) -> Cow<'d, str> {
    element.raw_attribute("Algorithm").unwrap_or_default()
}

/// Base64 with white space between (XML Schema `base64Binary`); children or comments are refused.
fn base64_text(element: Element<'_, Unsigned>) -> Result<Vec<u8>, SignatureError> {
    let Ok(text) = element.raw_text() else {
        return fail(Code::SignatureStructure, format!("{} holds elements", element.local_name()));
    };
    let compact: Vec<u8> = text.bytes().filter(|b| !crate::text::is_space(*b)).collect();
    match STANDARD.decode(&compact) {
        Ok(bytes) if !bytes.is_empty() => Ok(bytes),
        _ => fail(Code::SignatureStructure, format!("{} is not base64", element.local_name())),
    }
}
