//! xmlsec1 as a second opinion: the same element, the same key, and only what our own engine allows as well.

use crate::ffi::{Allowed, Node, Parsed, Seen, sign, verify};
use std::ffi::CStr;
use xmlsec::{XmlSecError, XmlSecKey, XmlSecKeyFormat};

const ENVELOPED: &CStr = c"http://www.w3.org/2000/09/xmldsig#enveloped-signature";
const EXC_C14N: &CStr = c"http://www.w3.org/2001/10/xml-exc-c14n#";
const SHA1: &CStr = c"http://www.w3.org/2000/09/xmldsig#sha1";
const RSA_SHA1: &CStr = c"http://www.w3.org/2000/09/xmldsig#rsa-sha1";

/// SHA-1 comes last, so that it can be left out.
static REFERENCE: [&CStr; 6] = [
    ENVELOPED,
    EXC_C14N,
    c"http://www.w3.org/2001/04/xmlenc#sha256",
    c"http://www.w3.org/2001/04/xmldsig-more#sha384",
    c"http://www.w3.org/2001/04/xmlenc#sha512",
    SHA1,
];
static SIGNATURE: [&CStr; 5] = [
    EXC_C14N,
    c"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256",
    c"http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
    c"http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
    RSA_SHA1,
];

/// A key as xmlsec1 holds it.
pub struct Key(XmlSecKey);

impl Key {
    /// The public key of a certificate (DER).
    ///
    /// # Errors
    /// When xmlsec1 cannot read it.
    pub fn from_certificate_der(der: &[u8]) -> Result<Self, XmlSecError> {
        XmlSecKey::from_memory(der, XmlSecKeyFormat::CertDer, None).map(Self)
    }

    /// An unencrypted private key (PKCS #8 DER).
    ///
    /// # Errors
    /// When xmlsec1 cannot read it.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, XmlSecError> {
        XmlSecKey::from_memory(der, XmlSecKeyFormat::Der, None).map(Self)
    }

    /// A certificate or a public key in PEM armour.
    ///
    /// # Errors
    /// When xmlsec1 cannot read it.
    pub fn from_pem(text: &str) -> Result<Self, XmlSecError> {
        let format =
            if text.contains("CERTIFICATE") { XmlSecKeyFormat::CertPem } else { XmlSecKeyFormat::Pem };
        XmlSecKey::from_memory(text.as_bytes(), format, None).map(Self)
    }
}

/// What xmlsec1 thinks of the signature of one element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Whether the signature is valid with the key.
    pub valid: bool,
    /// The bytes that its Reference digests; `None` when xmlsec1 did not get that far.
    pub pre_digest: Option<Vec<u8>>,
    /// The bytes that the signature covers: the canonical SignedInfo. `None` as above.
    pub signed_info: Option<Vec<u8>>,
}

impl Opinion {
    fn of(seen: Seen) -> Self {
        Self { valid: seen.succeeded, pre_digest: seen.pre_digest, signed_info: seen.pre_sign }
    }
}

/// Which element.
#[derive(Debug, Clone, Copy)]
pub enum Of<'a> {
    /// The one with this `ID`.
    Id(&'a str),
    /// The root, whatever its attributes.
    Root,
}

/// Verifies the `ds:Signature` that is a child of the element. `None` when libxml2 finds the document not well-formed, or
/// there is no such element with a Signature.
#[must_use]
pub fn opinion(xml: &[u8], of: Of<'_>, key: &Key, allow_sha1: bool) -> Option<Opinion> {
    let document = Parsed::read(xml)?;
    let signature = signature(&document, of)?;
    Some(Opinion::of(verify(signature, &key.0, &allowed(allow_sha1))))
}

/// What xmlsec1 wrote into a template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// Text of DigestValue.
    pub digest: String,
    /// Text of SignatureValue.
    pub value: String,
    /// What it hashed.
    pub opinion: Opinion,
}

/// Has xmlsec1 sign the template that is the `ds:Signature` child of the element. `None` as for [`opinion`], and when it
/// cannot be signed.
#[must_use]
pub fn fill_in(xml: &[u8], of: Of<'_>, key: &Key) -> Option<Signed> {
    let document = Parsed::read(xml)?;
    let signature = signature(&document, of)?;
    let seen = sign(signature, &key.0, &allowed(false));
    let (info, value) = (child(signature, c"SignedInfo")?, child(signature, c"SignatureValue")?);
    let digest = child(child(info, c"Reference")?, c"DigestValue")?;
    let signed = Signed { digest: digest.text()?, value: value.text()?, opinion: Opinion::of(seen) };
    signed.opinion.valid.then_some(signed)
}

fn allowed(sha1: bool) -> Allowed<'static> {
    if sha1 {
        Allowed { reference_transforms: &REFERENCE, signature_transforms: &SIGNATURE }
    } else {
        Allowed {
            reference_transforms: REFERENCE.split_last().map_or(&[], |(_, rest)| rest),
            signature_transforms: SIGNATURE.split_last().map_or(&[], |(_, rest)| rest),
        }
    }
}

/// The Signature child of the element, whose ID the document then knows.
fn signature(document: &Parsed, of: Of<'_>) -> Option<Node> {
    let root = document.root()?;
    let element = match of {
        Of::Root => root,
        Of::Id(id) => {
            let found = find(root, id)?;
            document.register_id(found).then_some(found)?
        }
    };
    child(element, c"Signature")
}

fn child(of: Node, local: &CStr) -> Option<Node> {
    of.children().into_iter().find(|child| child.is_dsig(local))
}

fn find(node: Node, id: &str) -> Option<Node> {
    if node.id().is_some_and(|own| own == id) {
        return Some(node);
    }
    node.children().into_iter().find_map(|child| find(child, id))
}
