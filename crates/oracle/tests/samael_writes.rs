//! What samael's identity provider writes, we consume.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use jiff::{SignedDuration, Timestamp};
use ostiary_codes::Code;
use ostiary_core::{Accepted, Expected, InResponse, Received, Rejected, Trace};
use ostiary_oracle::{Tally, Trusted, compare};
use ostiary_testkit::{SeededRng, TestKey};
use ostiary_xmlsig::Policy;
use samael::crypto::{Crypto, CryptoProvider as _};
use samael::idp::response_builder::{ResponseAttribute, build_response_template};
use samael::idp::sp_extractor::RequiredAttribute;
use samael::schema::Response;
use samael::signature::DigestAlgorithm;
use samael::traits::ToXml as _;

const IDP: &str = "https://idp.example/metadata?a=1";
const SP: &str = "https://jira.contoso.example/";
const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth";
const REQUEST: &str = "id6c1c178c166d486687be4aaf5e482730";
const USER: &str = "b.simon@contoso.example";
const ATTRIBUTES: [(&str, &str); 3] = [
    ("urn:oid:0.9.2342.19200300.100.1.3", USER),
    ("displayname", "Bj\u{f6}rn Simon \u{1f600}"),
    ("empty", " "),
];

/// What samael's builder makes; it writes the moment at which it runs.
fn template(key: &TestKey) -> Response {
    let attribute = |(name, value): &(&str, &'static str)| ResponseAttribute {
        required_attribute: RequiredAttribute {
            name: (*name).to_owned(),
            format: Some("urn:oasis:names:tc:SAML:2.0:attrname-format:uri".to_owned()),
        },
        value,
    };
    let attributes: Vec<_> = ATTRIBUTES.iter().map(attribute).collect();
    let certificate = key.certificate_der().unwrap().into();
    build_response_template(&certificate, USER, SP, IDP, ACS, REQUEST, &attributes)
}

/// Signed by samael through its own binding of xmlsec1.
fn sign(response: &Response, key: &TestKey) -> String {
    let der = key.pkcs8_der().unwrap();
    Crypto::sign_xml(response.to_string().unwrap(), &der).unwrap()
}

/// What a bearer confirmation must have (Profiles 4.1.4.2), and a digest of our times: samael's builder sets neither.
fn complete(mut response: Response) -> Response {
    let issued = response.issue_instant;
    let assertion = response.assertion.as_mut().unwrap();
    let confirmations = assertion.subject.as_mut().unwrap().subject_confirmations.as_mut().unwrap();
    let data = confirmations[0].subject_confirmation_data.as_mut().unwrap();
    data.not_on_or_after = Some(issued + std::time::Duration::from_secs(300));
    let signature = response.signature.as_mut().unwrap();
    signature.signed_info.reference[0].digest_method.algorithm = DigestAlgorithm::Sha256;
    response
}

fn key() -> TestKey {
    TestKey::generate("idp", "2026-11-24T09:00:00Z".parse().unwrap()).unwrap()
}

fn judge(xml: &str, trusted: &Trusted, issued: &Response) -> Result<Accepted, Rejected> {
    let issued = Timestamp::from_second(issued.issue_instant.timestamp()).unwrap();
    let expected = Expected {
        acs_url: ACS,
        audiences: &[SP],
        idp_entity_id: IDP,
        request: InResponse::To(REQUEST),
        now: issued.checked_add(SignedDuration::from_secs(2)).unwrap(),
        clock_skew_seconds: 0,
        want_assertion_signed: false,
        want_response_signed: false,
        fresh_since: None,
    };
    let rng = &mut SeededRng::new(1);
    Received::parse(xml.as_bytes())?.validate(&trusted.validator, &[], &expected, rng, &mut Trace::new())
}

fn trust(key: &TestKey, allow_sha1: bool) -> Trusted {
    Trusted::certificates(&[key], Policy { allow_sha1 }).unwrap()
}

#[test]
fn a_response_that_samael_writes_and_signs_signs_a_user_in() {
    let key = key();
    let response = complete(template(&key));
    let xml = sign(&response, &key);
    let trusted = trust(&key, false);
    let accepted = judge(&xml, &trusted, &response).unwrap_or_else(|error| panic!("{error:?}\n{xml}"));
    let assertion = accepted.assertion().get();
    assert_eq!(assertion.name_id().value, USER);
    assert_eq!(assertion.issuer(), IDP);
    let attributes: Vec<(&str, &str)> =
        assertion.attributes().iter().map(|one| (one.name.as_str(), one.values[0].as_str())).collect();
    assert_eq!(attributes, ATTRIBUTES);
    assert!(!accepted.assertion().signed_with().sha1);

    let mut tally = Tally::default();
    compare(xml.as_bytes(), &trusted, &mut tally).unwrap();
    assert_eq!((tally.accepted, tally.elements, tally.signed_infos), (1, 1, 1));
}

#[test]
fn its_untouched_template_is_refused_for_what_it_lacks() {
    let key = key();
    let response = template(&key);
    let xml = sign(&response, &key);
    assert_eq!(judge(&xml, &trust(&key, false), &response).unwrap_err().code(), Code::SignatureSha1);
    let refused = judge(&xml, &trust(&key, true), &response).unwrap_err();
    assert_eq!(refused.code(), Code::ConfirmationExpiryMissing, "{refused:?}");
}

#[test]
fn a_response_that_samael_signs_with_another_key_is_refused() {
    let (key, other) = (key(), key());
    let response = complete(template(&key));
    let xml = sign(&response, &other);
    assert_eq!(judge(&xml, &trust(&key, false), &response).unwrap_err().code(), Code::SignatureInvalid);
}
