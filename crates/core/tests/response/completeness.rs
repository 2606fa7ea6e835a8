//! Every code that a Response can yield is yielded by some test.

use crate::{
    assertion, attributes, conditions, encryption, envelope, signature, statements, status, subject, xml,
};
use ostiary_codes::{Code, Family};

/// Codes of these families that validating a Response cannot yield: they belong to the Redirect binding, the
/// configuration of keys, or the engine.
const ELSEWHERE: &[Code] = &[
    Code::DeflateInvalid,
    Code::DeflateTooLarge,
    Code::NoSigningKey,
    Code::SignatureKeyInvalid,
    Code::SignatureWeakKey,
    Code::ResponseMissing,
    Code::UnsolicitedNotAllowed,
];

/// Of asking an accepted Assertion for the user's attribute.
const OF_THE_USER_ID: &[Code] = &[Code::UserIdMissing, Code::UserIdAmbiguous];

#[test]
fn every_code_of_a_response_is_yielded_by_a_single_defect() {
    let yielded = [
        assertion::CODES,
        attributes::CODES,
        conditions::CODES,
        encryption::CODES,
        envelope::CODES,
        signature::CODES,
        statements::CODES,
        status::CODES,
        subject::CODES,
        xml::CODES,
        xml::BASE64_CODES,
        OF_THE_USER_ID,
    ]
    .concat();
    let families = [Family::Xml, Family::Signature, Family::Encryption, Family::Response, Family::Status];
    let missing: Vec<_> = Code::ALL
        .iter()
        .filter(|code| families.contains(&code.family()))
        .filter(|code| yielded.contains(code) == ELSEWHERE.contains(code))
        .collect();
    assert!(missing.is_empty(), "not yielded, or yielded though listed as impossible: {missing:?}");
}
