//! What vouches for the Assertion: its own signature, the Response's, or both (Profiles 4.1.3.5, 4.1.4.3; Core 5.4).

use super::envelope::{Content, Envelope};
use super::{AssertionContext, Expected};
use crate::{Assertion, Rejected, Trace};
use ostiary_codes::Code;
use ostiary_xmlsig::{
    DecryptionKey, Element, Limits, Placement, SignedWith, SignedXml, Trust, Unsigned, Validator, Verified,
    decrypt_signed, decrypt_unsigned, ns,
};
use rand_core::CryptoRng;

/// The signatures that were verified. At least one of them covers the Assertion.
pub(super) struct Protected {
    response: Option<Verified<SignedXml>>,
    /// The Assertion as it was signed, or as it was decrypted from ciphertext that the Response's signature covers.
    assertion: Option<Verified<SignedXml>>,
    pub assertion_signed: bool,
}

/// With what signatures are checked and content is decrypted.
pub(super) struct Keys<'k> {
    pub validator: &'k Validator,
    pub decryption: &'k [DecryptionKey],
    pub rng: &'k mut dyn CryptoRng,
}

/// Verifies the signature of the Response, if it has one; signatures at any other place than Response and Assertion
/// are refused (Core 5.4.1).
pub(super) fn response(
    envelope: &Envelope<'_>,
    validator: &Validator,
    trace: &mut Trace,
) -> Result<Option<Verified<SignedXml>>, Rejected> {
    const RULE: &str = "Core 5.4 signature of the Response";
    let mut signable = vec![envelope.root];
    signable.extend(envelope.content.iter().filter_map(|content| match content {
        Content::Plain(assertion) => Some(*assertion),
        Content::Encrypted(_) => None,
    }));
    Validator::refuse_stray_signatures(envelope.root, &signable)
        .map_err(|error| trace.pass_on("Core 5.4.1 place of signatures", error))?;
    let verified = validator
        .verify_enveloped(envelope.root, Placement::AfterIssuer)
        .map_err(|error| trace.pass_on(RULE, error))?;
    if let Some(verified) = &verified {
        trace.held(RULE, || ("valid".to_owned(), signer(verified)));
    }
    Ok(verified)
}

/// Finds what vouches for the Assertion, decrypting it where needed.
pub(super) fn assertion(
    response: Option<Verified<SignedXml>>,
    content: Content<'_>,
    envelope: &Envelope<'_>,
    keys: Keys<'_>,
    expected: &Expected<'_>,
    trace: &mut Trace,
) -> Result<Protected, Rejected> {
    if expected.want_response_signed && response.is_none() {
        let rule = "setting: Response signed";
        return Err(trace.reject(rule, Code::ResponseUnsigned, "a signed Response", "not signed"));
    }
    no_other_assertion(envelope.root, content.element(), trace)?;
    let protected = match content {
        Content::Plain(element) => plain(response, element, keys.validator, trace),
        Content::Encrypted(element) => match response {
            Some(response) => encrypted_and_signed(response, element, envelope, keys, trace),
            None => encrypted(element, envelope, keys, trace),
        },
    }?;
    if expected.want_assertion_signed && !protected.assertion_signed {
        let rule = "setting: Assertion signed";
        return Err(trace.reject(rule, Code::AssertionUnsigned, "a signed Assertion", "not signed itself"));
    }
    Ok(protected)
}

fn plain(
    response: Option<Verified<SignedXml>>,
    element: Element<'_, Unsigned>,
    validator: &Validator,
    trace: &mut Trace,
) -> Result<Protected, Rejected> {
    let own = own_signature(element, validator).map_err(|error| trace.pass_on(OWN, error))?;
    match &own {
        Some(own) => trace.held(OWN, || ("valid".to_owned(), signer(own))),
        None if response.is_some() => {}
        None => {
            let rule = "Profiles 4.1.3.5 protection of the Assertion";
            return Err(trace.reject(rule, Code::SignatureMissing, "a signature", "none"));
        }
    }
    Ok(Protected { response, assertion_signed: own.is_some(), assertion: own })
}

/// Ciphertext that nobody vouches for: whatever happens between the first use of the private key and the end of the
/// inner signature check is one code, so that no answer tells about the plaintext.
fn encrypted(
    element: Element<'_, Unsigned>,
    envelope: &Envelope<'_>,
    keys: Keys<'_>,
    trace: &mut Trace,
) -> Result<Protected, Rejected> {
    let message = decrypt_unsigned(element, keys.decryption, &Limits::MESSAGE, keys.rng)
        .map_err(|error| trace.pass_on(DECRYPTION, error))?;
    let own = inner_signature(message.root(), keys.validator)
        .and_then(|own| own.ok_or_else(|| Rejected::new(Code::SignatureMissing, "no signature inside")))
        .map_err(|error| {
            let seen = format!("{}: {}", error.code(), error.detail());
            trace.reject(OWN, Code::DecryptionFailed, "a valid signature inside", &seen)
        })?;
    trace.held(OWN, || ("valid".to_owned(), signer(&own)));
    one_document(envelope, &own, trace)?;
    Ok(Protected { response: None, assertion: Some(own), assertion_signed: true })
}

/// Ciphertext that the verified signature of the Response covers: what comes out is as good as signed. An inner
/// signature is verified all the same (Profiles 4.1.4.3).
fn encrypted_and_signed(
    response: Verified<SignedXml>,
    element: Element<'_, Unsigned>,
    envelope: &Envelope<'_>,
    keys: Keys<'_>,
    trace: &mut Trace,
) -> Result<Protected, Rejected> {
    let message = decrypt_unsigned(element, keys.decryption, &Limits::MESSAGE, keys.rng)
        .map_err(|error| trace.pass_on(DECRYPTION, error))?;
    let own = inner_signature(message.root(), keys.validator).map_err(|error| trace.pass_on(OWN, error))?;
    let assertion_signed = own.is_some();
    let assertion = match own {
        Some(own) => own,
        // Decrypted once more, now from the signed bytes: nothing else inherits the verdict of the Response.
        None => {
            let ciphertext = response.root().children_named(ns::SAML, "EncryptedAssertion").next();
            let Some(ciphertext) = ciphertext else { return Err(Rejected::new(Code::AssertionMissing, "")) };
            decrypt_signed(ciphertext, response.signed_with(), keys.decryption, &Limits::MESSAGE, keys.rng)
                .map_err(|error| trace.pass_on(DECRYPTION, error))?
        }
    };
    one_document(envelope, &assertion, trace)?;
    Ok(Protected { response: Some(response), assertion: Some(assertion), assertion_signed })
}

/// The decrypted element is one Assertion; its signature, if it has one.
fn inner_signature(
    root: Element<'_, Unsigned>,
    validator: &Validator,
) -> Result<Option<Verified<SignedXml>>, Rejected> {
    if !root.is(ns::SAML, "Assertion") {
        return Err(Rejected::new(Code::AssertionMissing, "the decrypted content is no Assertion"));
    }
    if root.descendants().skip(1).any(is_assertion) {
        return Err(Rejected::new(Code::AssertionNotUnique, "an Assertion inside the decrypted Assertion"));
    }
    Validator::refuse_stray_signatures(root, &[root])?;
    own_signature(root, validator)
}

fn own_signature(
    element: Element<'_, Unsigned>,
    validator: &Validator,
) -> Result<Option<Verified<SignedXml>>, Rejected> {
    Ok(validator.verify_enveloped(element, Placement::AfterIssuer)?)
}

/// No second Assertion anywhere, be it in Advice, Extensions or an attribute: nothing that a careless reader could
/// take for ours.
fn no_other_assertion(
    root: Element<'_, Unsigned>,
    ours: Element<'_, Unsigned>,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    const RULE: &str = "Profiles 4.1.4.2 no other Assertion";
    // The one that is a direct child of the Response is counted, so there may be exactly one.
    if root.descendants().filter(|element| is_assertion(*element)).nth(1).is_some() {
        return Err(trace.reject(RULE, Code::AssertionNotUnique, ours.local_name(), "a second Assertion"));
    }
    trace.held(RULE, || ("one".to_owned(), "one".to_owned()));
    Ok(())
}

fn is_assertion<T: Trust>(element: Element<'_, T>) -> bool {
    matches!(element.local_name(), "Assertion" | "EncryptedAssertion") && element.namespace() == ns::SAML
}

/// Core 1.3.4: what was encrypted belongs to the same message, so its IDs must differ from those around it.
fn one_document(
    envelope: &Envelope<'_>,
    decrypted: &Verified<SignedXml>,
    trace: &mut Trace,
) -> Result<(), Rejected> {
    const RULE: &str = "Core 1.3.4 IDs inside and outside the encryption";
    for id in decrypted.root().descendants().filter_map(|element| element.attribute("ID")) {
        let twice = envelope.root.descendants().any(|outer| {
            ["ID", "Id", "id"]
                .iter()
                .any(|name| outer.attribute_unverified(name).is_some_and(|other| other.matches(&id)))
        });
        if twice {
            return Err(trace.reject(RULE, Code::XmlDuplicateId, "different IDs", &id));
        }
    }
    Ok(())
}

fn signer(verified: &Verified<SignedXml>) -> String {
    let with = verified.signed_with();
    format!("key {}{}", with.key.hex(), if with.sha1 { ", with SHA-1" } else { "" })
}

const OWN: &str = "Core 5.4 signature of the Assertion";
const DECRYPTION: &str = "XML Encryption of the Assertion";

impl<'d> Content<'d> {
    const fn element(&self) -> Element<'d, Unsigned> {
        match self {
            Self::Plain(element) | Self::Encrypted(element) => *element,
        }
    }
}

impl Protected {
    /// Reads the Assertion from the bytes that were hashed: those of its own signature if it has one, else those of the
    /// Response's.
    pub(super) fn read<'c>(
        &self,
        context: impl FnOnce(SignedWith) -> AssertionContext<'c>,
    ) -> Result<Verified<Assertion>, Rejected> {
        if let Some(assertion) = &self.assertion {
            return assertion.read(context(assertion.signed_with()));
        }
        let response = self.response.as_ref();
        let element =
            response.and_then(|response| response.root().children_named(ns::SAML, "Assertion").next());
        match (response, element) {
            (Some(response), Some(element)) => response.read_at(element, context(response.signed_with())),
            _ => Err(Rejected::new(Code::AssertionMissing, "no Assertion in the signed bytes")),
        }
    }

    /// The signed Response.
    pub(super) const fn response(&self) -> Option<&Verified<SignedXml>> {
        self.response.as_ref()
    }

    /// SHA-1 was involved in one of the signatures.
    pub(super) fn sha1_used(&self) -> bool {
        [&self.response, &self.assertion].into_iter().flatten().any(|verified| verified.signed_with().sha1)
    }
}
