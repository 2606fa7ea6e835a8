//! What we write, samael's types read with the same values, and what we sign, xmlsec1 and samael verify.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_core::sp_metadata::{self, SpMetadata};
use ostiary_core::{
    AuthnRequest, LogoutRequest, LogoutResponse, LogoutStatus, NameId, NameIdFormat, RequestId,
};
use ostiary_oracle::{Key, Of, opinion};
use ostiary_xmlsig::SigningKey;
use samael::crypto::UrlVerifier;
use samael::metadata::EntityDescriptor;
use std::io::Read as _;
use url::Url;

const SP: &str = "https://jira.contoso.example/?a=1&b=<2>";
const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth?x='1'&y=\"2\"";
const SLO: &str = "https://jira.contoso.example/plugins/servlet/saml/logout";
const IDP_SSO: &str = "https://login.example/saml2?p=B2C_1&q=%20";
const IDP_SLO: &str = "https://login.example/logout";
const ID: &str = "id6c1c178c166d486687be4aaf5e482730";
const RELAY_STATE: &str = "8f14e45f+ceea/16=\u{e9}";
const USER: &str = "b<simon>&@contoso.example";
const POST: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST";
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
const PASSWORD: &str = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";

fn now() -> Timestamp {
    "2026-11-24T09:00:00.123Z".parse().unwrap()
}

fn id() -> RequestId {
    RequestId::parse(ID).unwrap()
}

/// A key of ours and its certificate.
struct Signer {
    key: SigningKey,
    certificate: Vec<u8>,
}

impl Signer {
    fn new() -> Self {
        let key = SigningKey::generate(2048).unwrap();
        let certificate = key.self_signed("sp", now().as_second(), 30, [1; 16]).unwrap();
        Self { key, certificate }
    }

    fn verifier(&self) -> UrlVerifier {
        UrlVerifier::from_x509(&self.certificate.clone().into()).unwrap()
    }

    /// xmlsec1 finds the enveloped signature valid, with this certificate only.
    fn signed(&self, xml: &str) -> bool {
        let key = Key::from_certificate_der(&self.certificate).unwrap();
        let other = Key::from_certificate_der(&Self::new().certificate).unwrap();
        let valid = |key: &Key| opinion(xml.as_bytes(), Of::Id(ID), key, false).unwrap().valid;
        valid(&key) && !valid(&other)
    }
}

fn request() -> AuthnRequest {
    AuthnRequest {
        id: id(),
        issue_instant: now(),
        issuer: SP.to_owned(),
        destination: IDP_SSO.to_owned(),
        acs_url: Some(ACS.to_owned()),
        name_id_format: Some(NameIdFormat::Persistent),
        force_authn: true,
        is_passive: true,
        authn_context: vec![PASSWORD.to_owned(), "urn:x&y".to_owned()],
    }
}

/// The parameter `name` of a URL, decoded as the Redirect binding says (Bindings 3.4.4.1).
fn inflated(url: &Url, name: &str) -> String {
    let value = parameter(url, name).unwrap();
    let mut xml = String::new();
    let compressed = STANDARD.decode(value).unwrap();
    flate2::read::DeflateDecoder::new(compressed.as_slice()).read_to_string(&mut xml).unwrap();
    xml
}

fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(known, _)| known == name).map(|(_, value)| value.into_owned())
}

/// The URL with one character of the signature, or of what it covers, changed.
fn tampered(url: &Url, at: &str) -> Url {
    let (head, tail) = url.as_str().split_once(at).unwrap();
    let first = if tail.starts_with('A') { "B" } else { "A" };
    Url::parse(&[head, at, first, &tail[1..]].concat()).unwrap()
}

/// Everything that an AuthnRequest of ours says.
fn same_request(read: &samael::schema::AuthnRequest) {
    assert_eq!(read.id, ID);
    assert_eq!(read.version, "2.0");
    assert_eq!(read.issue_instant.timestamp_millis(), now().as_millisecond());
    assert_eq!(read.destination.as_deref(), Some(IDP_SSO));
    assert_eq!(read.issuer_value().as_deref(), Some(SP));
    assert_eq!(read.assertion_consumer_service_url.as_deref(), Some(ACS));
    assert_eq!(read.protocol_binding.as_deref(), Some(POST));
    assert_eq!((read.force_authn, read.is_passive), (Some(true), Some(true)));
    let format = read.name_id_policy.as_ref().unwrap().format.as_deref();
    assert_eq!(format, Some(NameIdFormat::Persistent.uri()));
    let context = read.requested_authn_context.as_ref().unwrap();
    assert_eq!(context.comparison.as_ref().unwrap().value(), "exact");
    let classes = context.authn_context_class_refs.as_ref().unwrap().iter();
    let classes: Vec<_> = classes.filter_map(|class| class.value.as_deref()).collect();
    assert_eq!(classes, [PASSWORD, "urn:x&y"]);
    assert_eq!((&read.subject, &read.conditions, &read.provider_name), (&None, &None, &None));
}

#[test]
fn reads_our_authn_request() {
    same_request(&request().to_xml().parse().unwrap());
    let least = AuthnRequest {
        acs_url: None,
        name_id_format: None,
        force_authn: false,
        is_passive: false,
        authn_context: Vec::new(),
        ..request()
    };
    let read: samael::schema::AuthnRequest = least.to_xml().parse().unwrap();
    assert_eq!(read.id, ID);
    assert_eq!((read.force_authn, read.is_passive), (None, None));
    assert!(read.assertion_consumer_service_url.is_none() && read.protocol_binding.is_none());
    assert!(read.name_id_policy.is_none() && read.requested_authn_context.is_none());
}

#[test]
fn reads_and_verifies_our_signed_authn_request_over_redirect() {
    let signer = Signer::new();
    for relay_state in [None, Some(RELAY_STATE)] {
        let url = request().redirect_url(IDP_SSO, relay_state, &[("whr", "x y")], Some(&signer.key)).unwrap();
        let url = Url::parse(&url).unwrap();
        same_request(&inflated(&url, "SAMLRequest").parse().unwrap());
        assert_eq!(parameter(&url, "RelayState").as_deref(), relay_state);
        assert_eq!(parameter(&url, "p").as_deref(), Some("B2C_1"));
        assert!(signer.verifier().verify_signed_request_url(&url).unwrap());
        assert!(!Signer::new().verifier().verify_signed_request_url(&url).unwrap());
        for part in ["SAMLRequest=", "&Signature="] {
            let url = tampered(&url, part);
            assert!(!signer.verifier().verify_signed_request_url(&url).unwrap(), "{url}");
        }
    }
}

#[test]
fn reads_and_xmlsec1_verifies_our_signed_authn_request_over_post() {
    let signer = Signer::new();
    let form = request().post_form(Some("state"), Some(&signer.key)).unwrap();
    let field = form.fields.iter().find(|(name, _)| *name == "SAMLRequest").unwrap();
    let xml = String::from_utf8(STANDARD.decode(&field.1).unwrap()).unwrap();
    same_request(&xml.parse().unwrap());
    assert!(signer.signed(&xml));
    assert!(!signer.signed(&xml.replace("ForceAuthn=\"true\"", "ForceAuthn=\"false\"")));
}

#[test]
fn reads_and_xmlsec1_verifies_our_metadata() {
    let (signer, encryption) = (Signer::new(), [b"one".to_vec(), b"two".to_vec()]);
    for sign in [true, false] {
        let metadata = SpMetadata {
            entity_id: SP,
            acs_url: ACS,
            logout_url: Some(SLO),
            signing_certificate: Some(&signer.certificate),
            encryption_certificates: &encryption,
            want_assertions_signed: true,
            authn_requests_signed: sign,
        };
        let xml = sp_metadata::write(&metadata, sign.then(|| (&signer.key, id()))).unwrap();
        let read: EntityDescriptor = xml.parse().unwrap();
        assert_eq!(read.entity_id.as_deref(), Some(SP));
        assert_eq!(read.id.as_deref(), sign.then_some(ID));
        let [sp] = read.sp_sso_descriptors.as_deref().unwrap() else { panic!("one descriptor") };
        assert_eq!(sp.protocol_support_enumeration.as_deref(), Some("urn:oasis:names:tc:SAML:2.0:protocol"));
        assert_eq!((sp.want_assertions_signed, sp.authn_requests_signed), (Some(true), Some(sign)));
        let [acs] = sp.assertion_consumer_services.as_slice() else { panic!("one ACS") };
        assert_eq!((acs.binding.as_str(), acs.location.as_str()), (POST, ACS));
        assert_eq!((acs.index, acs.is_default), (0, Some(true)));
        let logout = sp.single_logout_services.as_deref().unwrap();
        let logout: Vec<_> = logout.iter().map(|one| (one.binding.as_str(), one.location.as_str())).collect();
        assert_eq!(logout, [(REDIRECT, SLO), (POST, SLO)]);
        let keys: Vec<(&str, Vec<u8>)> = sp.key_descriptors.iter().flatten().map(certificate).collect();
        let expected = [
            ("signing", signer.certificate.clone()),
            ("encryption", encryption[0].clone()),
            ("encryption", encryption[1].clone()),
        ];
        assert_eq!(keys, expected);
        if sign {
            assert!(signer.signed(&xml));
            assert!(!signer.signed(&xml.replace("index=\"0\"", "index=\"1\"")));
        }
    }
}

fn certificate(key: &samael::metadata::KeyDescriptor) -> (&str, Vec<u8>) {
    let text = &key.key_info.x509_data.as_ref().unwrap().certificates[0];
    (key.key_use.as_deref().unwrap(), STANDARD.decode(text).unwrap())
}

fn logout_request() -> LogoutRequest {
    LogoutRequest {
        id: id(),
        issue_instant: now(),
        issuer: SP.to_owned(),
        destination: IDP_SLO.to_owned(),
        name_id: NameId {
            value: USER.to_owned(),
            format: Some("urn:oasis:names:tc:SAML:2.0:nameid-format:persistent".to_owned()),
            name_qualifier: None,
            sp_name_qualifier: None,
        },
        session_indexes: vec!["_session&1".to_owned()],
    }
}

/// samael 0.0.22 looks for `SessionIndex` and for the `Format` of a NameID where the schema does not have them, so those
/// two it cannot read.
#[test]
fn reads_and_verifies_our_logout_request() {
    let signer = Signer::new();
    let url = logout_request().redirect_url(IDP_SLO, Some(RELAY_STATE), Some(&signer.key)).unwrap();
    let url = Url::parse(&url).unwrap();
    let read: samael::schema::LogoutRequest = inflated(&url, "SAMLRequest").parse().unwrap();
    assert_eq!(read.id.as_deref(), Some(ID));
    assert_eq!(read.version.as_deref(), Some("2.0"));
    assert_eq!(read.issue_instant.unwrap().timestamp_millis(), now().as_millisecond());
    assert_eq!(read.destination.as_deref(), Some(IDP_SLO));
    assert_eq!(read.issuer.unwrap().value.as_deref(), Some(SP));
    assert_eq!(read.name_id.unwrap().value, USER);
    assert!(signer.verifier().verify_signed_request_url(&url).unwrap());
    let url = tampered(&url, "SAMLRequest=");
    assert!(!signer.verifier().verify_signed_request_url(&url).unwrap());
}

#[test]
fn reads_and_verifies_our_logout_response() {
    let signer = Signer::new();
    for (status, code) in [
        (LogoutStatus::Success, "Success"),
        (LogoutStatus::PartialLogout, "Success"),
        (LogoutStatus::Responder, "Responder"),
    ] {
        let response = LogoutResponse {
            id: id(),
            issue_instant: now(),
            issuer: SP.to_owned(),
            destination: IDP_SLO.to_owned(),
            in_response_to: "_request".to_owned(),
            status,
        };
        let url = response.redirect_url(IDP_SLO, None, Some(&signer.key)).unwrap();
        let url = Url::parse(&url).unwrap();
        let read: samael::schema::LogoutResponse = inflated(&url, "SAMLResponse").parse().unwrap();
        assert_eq!(read.id.as_deref(), Some(ID));
        assert_eq!(read.in_response_to.as_deref(), Some("_request"));
        assert_eq!(read.version.as_deref(), Some("2.0"));
        assert_eq!(read.issue_instant.unwrap().timestamp_millis(), now().as_millisecond());
        assert_eq!(read.destination.as_deref(), Some(IDP_SLO));
        assert_eq!(read.issuer.unwrap().value.as_deref(), Some(SP));
        let expected = format!("urn:oasis:names:tc:SAML:2.0:status:{code}");
        assert_eq!(read.status.unwrap().status_code.value, Some(expected));
        assert!(signer.verifier().verify_signed_response_url(&url).unwrap());
    }
}
