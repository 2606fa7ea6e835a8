//! Our reading of a signed document against xmlsec1's, element by element.

use crate::xmlsec1::{Key, Of, Opinion, opinion};
use ostiary_testkit::TestKey;
use ostiary_xmlsig::{
    Element, Limits, Message, Pinned, Placement, Unsigned, Validator, enveloped_c14n, exclusive_c14n, ns,
};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use thiserror::Error;

/// The same keys, as both sides hold them.
pub struct Trusted {
    /// Ours, with the policy.
    pub validator: Validator,
    /// xmlsec1's.
    pub keys: Vec<Key>,
}

/// What was compared.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Documents that our parser took.
    pub documents: usize,
    /// Documents that our parser refused; xmlsec1 is not asked about them.
    pub unread: usize,
    /// Canonical forms of signed elements that were equal.
    pub elements: usize,
    /// Canonical forms of SignedInfo that were equal.
    pub signed_infos: usize,
    /// Signatures that both accept.
    pub accepted: usize,
    /// Signatures that both refuse.
    pub refused: usize,
    /// Signatures that xmlsec1 accepts and we refuse, by our code.
    pub stricter: BTreeMap<&'static str, usize>,
    /// Signatures with another number of References than one; we refuse them, and xmlsec1 is not asked.
    pub not_asked: usize,
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(f, "documents that we parse            {:7}", self.documents)?;
        writeln!(f, "documents that we do not parse     {:7}", self.unread)?;
        writeln!(f, "equal forms of signed elements     {:7}", self.elements)?;
        writeln!(f, "equal forms of SignedInfo          {:7}", self.signed_infos)?;
        writeln!(f, "signatures that both accept        {:7}", self.accepted)?;
        writeln!(f, "signatures that both refuse        {:7}", self.refused)?;
        let stricter: usize = self.stricter.values().sum();
        writeln!(f, "signatures that only xmlsec1 takes {stricter:7}")?;
        for (code, count) in &self.stricter {
            writeln!(f, "  {code:32} {count:7}")?;
        }
        writeln!(f, "signatures xmlsec1 was not asked of{:7}", self.not_asked)
    }
}

/// The two do not agree, and it is not that we are the stricter one.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Disagreement {
    /// libxml2 cannot read what our parser took.
    #[error("libxml2 finds the document not well-formed")]
    WellFormed,
    /// Another canonical form of a signed element.
    #[error("canonical forms of the element differ:\n ours     {ours}\n xmlsec1  {theirs}")]
    Element {
        /// Ours.
        ours: String,
        /// xmlsec1's.
        theirs: String,
    },
    /// Another canonical form of SignedInfo.
    #[error("canonical forms of SignedInfo differ:\n ours     {ours}\n xmlsec1  {theirs}")]
    SignedInfo {
        /// Ours.
        ours: String,
        /// xmlsec1's.
        theirs: String,
    },
    /// We accept a signature that xmlsec1 refuses.
    #[error("we accept what xmlsec1 refuses")]
    Accepted,
    /// We refuse, with this code, what was honestly signed.
    #[error("we refuse an honest signature: {0}")]
    HonestRefused(String),
    /// xmlsec1 cannot sign the document.
    #[error("xmlsec1 cannot sign the document")]
    Unsignable,
    /// A check of the comparison itself.
    #[error("{0}")]
    Other(String),
}

/// Compares everything about every signed element of `xml` that has an `ID`.
///
/// # Errors
/// The first [`Disagreement`].
pub fn compare(xml: &[u8], trusted: &Trusted, tally: &mut Tally) -> Result<(), Disagreement> {
    let Ok(message) = Message::parse(xml, &Limits::MESSAGE) else {
        tally.unread += 1;
        return Ok(());
    };
    tally.documents += 1;
    // Both walks are over one tree in one order; the pinned one may be read, here by a test.
    for (element, readable) in message.root().descendants().zip(message.pinned().descendants()) {
        let Some(signature) = element.children_named(ns::DS, "Signature").next() else { continue };
        let Some(id) = readable.attribute("ID") else { continue };
        let shape = Shape::of(readable, &id);
        let ours = trusted.validator.verify_enveloped(element, Placement::Anywhere);
        if shape.as_ref().is_none_or(|shape| shape.references != 1) {
            tally.not_asked += 1;
            ours.is_err().then_some(()).ok_or(Disagreement::Accepted)?;
            continue;
        }
        let ask = |key| {
            opinion(xml, Of::Id(&id), key, trusted.validator.policy().allow_sha1)
                .ok_or(Disagreement::WellFormed)
        };
        let opinions = trusted.keys.iter().map(ask).collect::<Result<Vec<_>, _>>()?;
        if let Some(shape) = shape {
            shape.compare(element, signature, &opinions, tally)?;
        }
        let valid = opinions.iter().find(|opinion| opinion.valid);
        match (ours, valid) {
            (Ok(Some(verified)), Some(opinion)) => {
                same_bytes(verified.canonical_bytes(), opinion.pre_digest.as_deref().unwrap_or_default())
                    .map_err(|(ours, theirs)| Disagreement::Element { ours, theirs })?;
                tally.accepted += 1;
            }
            (Ok(Some(_)), None) => return Err(Disagreement::Accepted),
            (Ok(None), _) => return Err(Disagreement::Other("a Signature was not found again".into())),
            (Err(error), Some(_)) => *tally.stricter.entry(error.code().as_str()).or_default() += 1,
            (Err(_), None) => tally.refused += 1,
        }
    }
    Ok(())
}

/// What a signature says about canonicalisation.
struct Shape {
    references: usize,
    signed_info: Vec<String>,
    /// The PrefixList of the one Reference, when it is to the element and has exactly our two transforms.
    reference: Option<Vec<String>>,
}

impl Shape {
    fn of(element: Element<'_, Pinned>, id: &str) -> Option<Self> {
        let signature = element.children_named(ns::DS, "Signature").next()?;
        let info = signature.children_named(ns::DS, "SignedInfo").next()?;
        let method = info.children_named(ns::DS, "CanonicalizationMethod").next()?;
        let references = info.children_named(ns::DS, "Reference").count();
        let reference = info.children_named(ns::DS, "Reference").next()?;
        let transforms: Vec<_> =
            reference.children_named(ns::DS, "Transforms").flat_map(|list| list.children()).collect();
        let is = |element: &Element<'_, Pinned>, algorithm: &str| {
            element.attribute("Algorithm").is_some_and(|known| known == algorithm)
        };
        let to_element = reference.attribute("URI").is_some_and(|uri| uri.strip_prefix('#') == Some(id));
        let reference = match transforms.as_slice() {
            [first, second] if to_element && is(first, ns::ENVELOPED) && is(second, ns::EXC_C14N) => {
                Some(prefixes(*second))
            }
            _ => None,
        };
        Some(Self { references, signed_info: prefixes(method), reference })
    }

    fn compare(
        &self,
        element: Element<'_, Unsigned>,
        signature: Element<'_, Unsigned>,
        opinions: &[Opinion],
        tally: &mut Tally,
    ) -> Result<(), Disagreement> {
        let hashed = opinions.iter().find_map(|opinion| opinion.pre_digest.as_deref());
        if let (Some(theirs), Some(list)) = (hashed, &self.reference) {
            let ours = enveloped_c14n(element, signature, &borrowed(list));
            same_bytes(ours.as_bytes(), theirs)
                .map_err(|(ours, theirs)| Disagreement::Element { ours, theirs })?;
            tally.elements += 1;
        }
        let signed = opinions.iter().find_map(|opinion| opinion.signed_info.as_deref());
        if let (Some(theirs), Some(info)) = (signed, signature.children_named(ns::DS, "SignedInfo").next()) {
            let ours = exclusive_c14n(info, &borrowed(&self.signed_info));
            same_bytes(ours.as_bytes(), theirs)
                .map_err(|(ours, theirs)| Disagreement::SignedInfo { ours, theirs })?;
            tally.signed_infos += 1;
        }
        Ok(())
    }
}

fn prefixes(method: Element<'_, Pinned>) -> Vec<String> {
    let list = method.children_named(ns::EXC_C14N, "InclusiveNamespaces").next();
    let list = list.and_then(|list| list.attribute("PrefixList"));
    list.map_or_else(Vec::new, |list| list.split_ascii_whitespace().map(str::to_owned).collect())
}

fn borrowed(list: &[String]) -> Vec<&str> {
    list.iter().map(String::as_str).collect()
}

/// The two as text when they differ, invisible characters shown.
fn same_bytes(ours: &[u8], theirs: &[u8]) -> Result<(), (String, String)> {
    if ours == theirs { Ok(()) } else { Err((visible(ours), visible(theirs))) }
}

fn visible(bytes: &[u8]) -> String {
    let mut text = String::new();
    for c in String::from_utf8_lossy(bytes).chars() {
        if c.is_control() {
            let _ = write!(text, "{}", c.escape_default());
        } else {
            text.push(c);
        }
    }
    text
}

impl Trusted {
    /// The certificates of `keys`.
    ///
    /// # Errors
    /// When one side cannot read one.
    pub fn certificates(keys: &[&TestKey], policy: ostiary_xmlsig::Policy) -> Result<Self, Disagreement> {
        let other = |error: &dyn std::fmt::Display| Disagreement::Other(error.to_string());
        let mut ours = Vec::new();
        let mut theirs = Vec::new();
        for key in keys {
            let der = key.certificate_der().map_err(|e| other(&e))?;
            ours.push(ostiary_xmlsig::VerifyingKey::from_certificate_der(&der, 2048).map_err(|e| other(&e))?);
            theirs.push(Key::from_certificate_der(&der).map_err(|e| other(&e))?);
        }
        Ok(Self { validator: Validator::new(ours, policy).map_err(|e| other(&e))?, keys: theirs })
    }
}
