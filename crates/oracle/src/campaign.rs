//! Many random documents, signed by turns by us and by xmlsec1, and their mutants.

use crate::compare::{Disagreement, Tally, Trusted, compare};
use crate::document::{Document, ID};
use crate::draw::Draw;
use crate::mutate::{is_peculiar, mutate};
use crate::template::Template;
use crate::xmlsec1::{Key, Of, fill_in};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use openssl::hash::MessageDigest;
use ostiary_testkit::{Hash, TestKey};
use ostiary_xmlsig::{
    Element, Limits, Message, Placement, Policy, Unsigned, enveloped_c14n, exclusive_c14n, ns,
};

/// How many mutants are made of every document.
const MUTANTS: usize = 3;

/// What came of it.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Honest documents with the right key. All of them are accepted.
    pub honest: Tally,
    /// The same with a key that did not sign. None is accepted.
    pub foreign: Tally,
    /// Mutants with the right key.
    pub mutants: Tally,
    /// Mutants that were left out, as a known peculiarity of xmlsec1 would show.
    pub peculiar: usize,
}

/// A disagreement about one document.
#[derive(Debug)]
pub struct Found {
    /// Which document of the campaign.
    pub number: u64,
    /// The document.
    pub xml: String,
    /// About what.
    pub disagreement: Disagreement,
}

/// The keys of a campaign.
pub struct Campaign {
    signer: TestKey,
    private: Key,
    right: Trusted,
    foreign: Trusted,
}

impl Campaign {
    /// With two new keys; `now` is the beginning of their certificates.
    ///
    /// # Errors
    /// When a library fails to make one.
    pub fn new(now: jiff::Timestamp) -> Result<Self, Disagreement> {
        let other = |error: &dyn std::fmt::Display| Disagreement::Other(error.to_string());
        let signer = TestKey::generate("signer", now).map_err(|e| other(&e))?;
        let stranger = TestKey::generate("stranger", now).map_err(|e| other(&e))?;
        let private =
            Key::from_pkcs8_der(&signer.pkcs8_der().map_err(|e| other(&e))?).map_err(|e| other(&e))?;
        let policy = Policy { allow_sha1: false };
        let right = Trusted::certificates(&[&signer], policy)?;
        let foreign = Trusted::certificates(&[&stranger], policy)?;
        Ok(Self { signer, private, right, foreign })
    }

    /// Compares document `number` of `seed`, and its mutants.
    ///
    /// # Errors
    /// The first disagreement.
    pub fn run(&self, seed: u64, number: u64, outcome: &mut Outcome) -> Result<(), Box<Found>> {
        let mut draw = Draw::new(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(number));
        let document = Document::random(&mut draw);
        let template = Template::random(&mut draw);
        let found = |xml: &str, disagreement| Box::new(Found { number, xml: xml.to_owned(), disagreement });
        let signed = if number.is_multiple_of(2) {
            self.by_us(&document, &template)
        } else {
            self.by_xmlsec1(&document, &template)
        };
        let signed = signed.map_err(|error| found(&document.with(&template.fill("", "")), error))?;
        let honest = compare(signed.as_bytes(), &self.right, &mut outcome.honest);
        honest.and_then(|()| accepts(&signed, &self.right)).map_err(|error| found(&signed, error))?;
        let foreign = compare(signed.as_bytes(), &self.foreign, &mut outcome.foreign);
        foreign.map_err(|error| found(&signed, error))?;
        for _ in 0..MUTANTS {
            let mutant = mutate(&signed, &mut draw);
            if is_peculiar(&mutant) {
                outcome.peculiar = outcome.peculiar.saturating_add(1);
                continue;
            }
            compare(mutant.as_bytes(), &self.right, &mut outcome.mutants)
                .map_err(|error| found(&mutant, error))?;
        }
        Ok(())
    }

    fn by_us(&self, document: &Document, template: &Template) -> Result<String, Disagreement> {
        let prefixes = &template.reference_prefixes;
        let canonical = on_parts(&document.with(&template.fill("", "")), |element, signature, _| {
            enveloped_c14n(element, signature, prefixes)
        })?;
        let digest = openssl::hash::hash(message_digest(template.digest_hash), canonical.as_bytes())
            .map_err(|error| Disagreement::Other(error.to_string()))?;
        let digest = STANDARD.encode(digest);
        let prefixes = &template.signed_info_prefixes;
        let canonical = on_parts(&document.with(&template.fill(&digest, "")), |_, _, signed_info| {
            exclusive_c14n(signed_info, prefixes)
        })?;
        let value = self
            .signer
            .sign(template.hash, canonical.as_bytes())
            .map_err(|error| Disagreement::Other(error.to_string()))?;
        Ok(document.with(&template.fill(&digest, &STANDARD.encode(value))))
    }

    fn by_xmlsec1(&self, document: &Document, template: &Template) -> Result<String, Disagreement> {
        let blank = document.with(&template.fill("", ""));
        let signed = fill_in(blank.as_bytes(), Of::Id(ID), &self.private).ok_or(Disagreement::Unsignable)?;
        Ok(document.with(&template.fill(&signed.digest, &signed.value)))
    }
}

fn on_parts<R>(
    xml: &str,
    read: impl Fn(Element<'_, Unsigned>, Element<'_, Unsigned>, Element<'_, Unsigned>) -> R,
) -> Result<R, Disagreement> {
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE)
        .map_err(|error| Disagreement::HonestRefused(format!("{}: {error}", error.code())))?;
    let element = signed_element(&message);
    let signature = element.and_then(|element| element.children_named(ns::DS, "Signature").next());
    let info = signature.and_then(|signature| signature.children_named(ns::DS, "SignedInfo").next());
    match (element, signature, info) {
        (Some(element), Some(signature), Some(info)) => Ok(read(element, signature, info)),
        _ => Err(Disagreement::Other("the document has no element to sign".to_owned())),
    }
}

fn signed_element<'m>(message: &'m Message<'_>) -> Option<Element<'m, Unsigned>> {
    message
        .root()
        .descendants()
        .find(|element| element.attribute_unverified("ID").is_some_and(|id| id.matches(ID)))
}

fn accepts(xml: &str, trusted: &Trusted) -> Result<(), Disagreement> {
    let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE)
        .map_err(|error| Disagreement::HonestRefused(format!("{}: {error}", error.code())))?;
    let refused = |why: String| Disagreement::HonestRefused(why);
    let element = signed_element(&message).ok_or_else(|| refused("no element".to_owned()))?;
    match trusted.validator.verify_enveloped(element, Placement::Anywhere) {
        Ok(Some(_)) => Ok(()),
        Ok(None) => Err(refused("no signature".to_owned())),
        Err(error) => Err(refused(format!("{}: {error}", error.code()))),
    }
}

fn message_digest(hash: Hash) -> MessageDigest {
    match hash {
        Hash::Sha1 => MessageDigest::sha1(),
        Hash::Sha256 => MessageDigest::sha256(),
        Hash::Sha384 => MessageDigest::sha384(),
        Hash::Sha512 => MessageDigest::sha512(),
    }
}
