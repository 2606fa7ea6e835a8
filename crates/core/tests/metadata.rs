//! Metadata of the identity provider: what is taken from it, and what is refused.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod samples;

use jiff::Timestamp;
use ostiary_codes::{Code, Family};
use ostiary_core::metadata::{self, IdpMetadata, MetadataOptions};
use ostiary_core::time;
use ostiary_testkit::{
    Flavour, Hash, MetadataShape, SignaturePlace, TestKey, idp_metadata, shift, sign_canonical, stamp,
};
use ostiary_xmlsig::{KeyError, Policy, Validator, VerifyingKey};
use proptest::prelude::*;
use std::sync::LazyLock;

const ENTITY: &str = "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/";
const SSO: &str = "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/saml2";
const PROTOCOL: &str = "urn:oasis:names:tc:SAML:2.0:protocol";

static KEY: LazyLock<TestKey> = LazyLock::new(|| key("idp", 2048));
static NEXT_KEY: LazyLock<TestKey> = LazyLock::new(|| key("next", 2048));
static SHORT_KEY: LazyLock<TestKey> = LazyLock::new(|| key("short", 1024));

fn key(name: &str, bits: u32) -> TestKey {
    TestKey::generate_bits(name, now(), bits).unwrap()
}

fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

fn options() -> MetadataOptions<'static> {
    MetadataOptions {
        expected_entity_id: None,
        now: now(),
        signature: None,
        allow_loopback_http: false,
        min_rsa_bits: 2048,
    }
}

fn validator(allow_sha1: bool) -> Validator {
    let key = VerifyingKey::from_certificate_der(&KEY.certificate_der().unwrap(), 2048).unwrap();
    Validator::new(vec![key], Policy { allow_sha1 }).unwrap()
}

fn certificate(key: &TestKey) -> String {
    key.certificate_base64().unwrap()
}

/// A document as Entra writes it, unsigned, in canonical form.
fn entra() -> String {
    let shape = MetadataShape {
        flavour: Flavour::Entra,
        entity_id: ENTITY,
        id: "_00aa00aa-bb11-cc22-dd33-44ee44ee44ee",
        sso_url: SSO,
        certificates: &[certificate(&KEY)],
        valid_until: None,
        cache_duration: None,
    };
    idp_metadata(&shape, None).unwrap()
}

/// The smallest acceptable document.
fn small() -> String {
    format!(
        "<EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" ID=\"_m\" entityID=\"{ENTITY}\">\
         <IDPSSODescriptor protocolSupportEnumeration=\"{PROTOCOL}\">\
         <KeyDescriptor use=\"signing\"><KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data>\
         <X509Certificate>{}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>\
         <SingleLogoutService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"{SSO}\"></SingleLogoutService>\
         <SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\" Location=\"{SSO}\"></SingleSignOnService>\
         </IDPSSODescriptor></EntityDescriptor>",
        certificate(&KEY)
    )
}

fn replaced(document: &str, from: &str, to: &str) -> String {
    assert!(document.contains(from), "{from} is not in the document");
    document.replacen(from, to, 1)
}

fn within_entities(content: &str) -> String {
    format!(
        "<EntitiesDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\">{content}</EntitiesDescriptor>"
    )
}

#[track_caller]
fn accepted(document: &str, options: &MetadataOptions<'_>) -> IdpMetadata {
    metadata::read(document.as_bytes(), options).expect("acceptable metadata").into_inner()
}

fn refusal(document: &str, options: &MetadataOptions<'_>) -> Option<Code> {
    metadata::read(document.as_bytes(), options).err().map(|rejected| rejected.code())
}

#[test]
fn takes_what_entra_publishes() {
    let read = accepted(&entra(), &options());
    assert_eq!(
        read,
        IdpMetadata {
            entity_id: ENTITY.to_owned(),
            sso_redirect: Some(SSO.to_owned()),
            sso_post: Some(SSO.to_owned()),
            slo_redirect: Some(SSO.to_owned()),
            slo_response_location: None,
            slo_post: None,
            certificates: vec![KEY.certificate_der().unwrap()],
            unusable: Vec::new(),
            valid_until: None,
            cache_duration_seconds: None,
            want_authn_requests_signed: false,
        }
    );
}

#[test]
fn takes_what_ad_fs_publishes_without_its_encryption_certificate() {
    let certificates = [certificate(&KEY)];
    let shape = MetadataShape {
        flavour: Flavour::Adfs,
        entity_id: "http://fs.contoso.example/adfs/services/trust",
        id: "_adfs",
        sso_url: "https://fs.contoso.example/adfs/ls/",
        certificates: &certificates,
        valid_until: None,
        cache_duration: None,
    };
    let document = idp_metadata(&shape, Some(&KEY)).unwrap();
    let (before, encryption) = document.split_once("use=\"encryption\"").unwrap();
    let encryption = replaced(encryption, &certificate(&KEY), &certificate(&NEXT_KEY));
    let read = accepted(&format!("{before}use=\"encryption\"{encryption}"), &options());
    assert_eq!(read.entity_id, "http://fs.contoso.example/adfs/services/trust");
    assert_eq!(read.sso_redirect.as_deref(), Some("https://fs.contoso.example/adfs/ls/"));
    assert_eq!(read.certificates, [KEY.certificate_der().unwrap()]);
}

/// Prefixes, key names, SOAP and artifact services, NameIDFormats and `WantAuthnRequestsSigned`, as Keycloak writes them.
#[test]
fn takes_what_keycloak_publishes() {
    let realm = "https://id.contoso.example/realms/staff";
    let services: String = ["HTTP-POST", "HTTP-Redirect", "HTTP-Artifact", "SOAP"]
        .iter()
        .flat_map(|binding| ["SingleLogoutService", "SingleSignOnService"].map(|name| (name, binding)))
        .map(|(name, binding)| {
            format!(
                "<md:{name} Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:{binding}\" Location=\"{realm}/protocol/saml\"/>"
            )
        })
        .collect();
    let document = format!(
        "<md:EntityDescriptor xmlns=\"urn:oasis:names:tc:SAML:2.0:metadata\" xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" \
         xmlns:saml=\"urn:oasis:names:tc:SAML:2.0:assertion\" xmlns:ds=\"http://www.w3.org/2000/09/xmldsig#\" entityID=\"{realm}\">\
         <md:IDPSSODescriptor WantAuthnRequestsSigned=\"true\" protocolSupportEnumeration=\"{PROTOCOL}\">\
         <md:KeyDescriptor use=\"signing\"><ds:KeyInfo><ds:KeyName>k</ds:KeyName><ds:X509Data>\
         <ds:X509Certificate>{}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>\
         <md:ArtifactResolutionService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\" Location=\"{realm}/resolve\" index=\"0\"/>\
         <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>{services}\
         </md:IDPSSODescriptor></md:EntityDescriptor>",
        certificate(&KEY)
    );
    let read = accepted(&document, &options());
    assert_eq!(read.entity_id, realm);
    assert!(read.want_authn_requests_signed);
    let endpoint = Some(format!("{realm}/protocol/saml"));
    assert_eq!(
        (&read.sso_redirect, &read.sso_post, &read.slo_redirect, &read.slo_post),
        (&endpoint, &endpoint, &endpoint, &endpoint)
    );
    assert_eq!(read.certificates, [KEY.certificate_der().unwrap()]);
}

/// Each document is the acceptable one with a single change, and yields the code of that change.
#[test]
fn every_defect_has_its_own_code() {
    let two = |from: &str| {
        let document = small();
        let start = document.find(from).unwrap();
        let end = document.find("</EntityDescriptor>").unwrap();
        let (descriptor, _) = document[start..].split_at(end - start);
        replaced(&document, "</EntityDescriptor>", &format!("{descriptor}</EntityDescriptor>"))
    };
    let service = "<SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect\"";
    let soap = "<SingleSignOnService Binding=\"urn:oasis:names:tc:SAML:2.0:bindings:SOAP\"";
    let wanting = MetadataOptions { expected_entity_id: Some("https://sts.windows.net/other/"), ..options() };
    let pinned = validator(false);
    let signed_only = MetadataOptions { signature: Some(&pinned), ..options() };
    let signed = sign(&small(), Hash::Sha256);
    let plain = options();
    let cases: Vec<(Code, String, MetadataOptions<'_>)> = vec![
        (Code::MetadataInvalid, small().replace("EntityDescriptor", "Descriptor"), plain),
        (Code::MetadataInvalid, small().replace("2.0:metadata", "1.0:metadata"), plain),
        (Code::MetadataInvalid, within_entities(""), plain),
        (Code::MetadataInvalid, replaced(&small(), &format!("Location=\"{SSO}\""), ""), plain),
        (Code::MetadataInvalid, replaced(&small(), SSO, &format!("{SSO}#fragment")), plain),
        (
            Code::MetadataInvalid,
            replaced(&small(), "<IDPSSODescriptor", "<IDPSSODescriptor WantAuthnRequestsSigned=\"yes\""),
            plain,
        ),
        (Code::MetadataEntityIdMissing, replaced(&small(), &format!("entityID=\"{ENTITY}\""), ""), plain),
        (Code::MetadataEntityIdMissing, replaced(&small(), ENTITY, ""), plain),
        (Code::MetadataEntityMismatch, small(), wanting),
        (Code::MetadataEntityMismatch, within_entities(&small()), wanting),
        (Code::MetadataEntityAmbiguous, within_entities(&two_entities()), plain),
        (
            Code::MetadataTenantTemplate,
            replaced(&small(), "aaaabbbb-0000-cccc-1111-dddd2222eeee", "{tenantid}"),
            plain,
        ),
        (Code::MetadataNoIdp, replaced(&small(), PROTOCOL, "urn:oasis:names:tc:SAML:1.1:protocol"), plain),
        (Code::MetadataNoIdp, small().replace("IDPSSODescriptor", "SPSSODescriptor"), plain),
        (Code::MetadataIdpAmbiguous, two("<IDPSSODescriptor"), plain),
        (Code::MetadataNoSso, replaced(&small(), service, soap), plain),
        (
            Code::MetadataEndpointNotHttps,
            replaced(&small(), SSO, "http://login.microsoftonline.com/saml2"),
            plain,
        ),
        (Code::MetadataEndpointNotHttps, replaced(&small(), SSO, "javascript:alert(1)"), plain),
        (
            Code::MetadataEndpointNotHttps,
            replaced(&small(), "Location=", "ResponseLocation=\"http://h/\" Location="),
            plain,
        ),
        (Code::MetadataNoKey, replaced(&small(), "use=\"signing\"", "use=\"encryption\""), plain),
        (Code::MetadataNoKey, replaced(&small(), &certificate(&KEY), &certificate(&SHORT_KEY)), plain),
        (Code::MetadataCertificateInvalid, replaced(&small(), &certificate(&KEY), ""), plain),
        (Code::MetadataCertificateInvalid, replaced(&small(), &certificate(&KEY), "AAAA"), plain),
        (Code::MetadataCertificateInvalid, replaced(&small(), &certificate(&KEY), "&lt;"), plain),
        (Code::MetadataExpired, with_root_attribute("validUntil", "2026-11-24T09:00:00Z"), plain),
        (Code::MetadataTimeInvalid, with_root_attribute("validUntil", "tomorrow"), plain),
        (Code::MetadataTimeInvalid, with_root_attribute("cacheDuration", "-PT1H"), plain),
        (Code::MetadataSignatureMissing, small(), signed_only),
        (Code::MetadataSignatureMissing, within_entities(&signed), signed_only),
        (Code::MetadataSignatureInvalid, replaced(&signed, ENTITY, "https://evil.example/"), signed_only),
        (Code::MetadataSignatureInvalid, signed.replace("#_m", "#_n"), signed_only),
    ];
    accepted(&small(), &plain);
    accepted(&signed, &signed_only);
    for (code, document, options) in &cases {
        assert_eq!(refusal(document, options), Some(*code), "{document}");
    }
    // What is about fetching is the engine's.
    let fetching = [
        Code::MetadataFetchFailed,
        Code::MetadataFetchRefused,
        Code::MetadataNotFound,
        Code::MetadataHtml,
        Code::MetadataTooLarge,
        Code::MetadataTimeout,
        Code::MetadataTls,
        Code::MetadataHostUnconfirmed,
        Code::MetadataAddressRefused,
    ];
    for code in Code::ALL.iter().filter(|code| code.family() == Family::Metadata) {
        assert!(
            fetching.contains(code) || cases.iter().any(|(yielded, ..)| yielded == code),
            "no case yields {code}"
        );
    }
}

fn two_entities() -> String {
    let other = small().replace("_m", "_n").replace(ENTITY, "https://idp.other.example/");
    small() + &other
}

fn with_root_attribute(name: &str, value: &str) -> String {
    replaced(&small(), " ID=\"_m\"", &format!(" ID=\"_m\" {name}=\"{value}\""))
}

fn sign(document: &str, hash: Hash) -> String {
    sign_canonical(document, "_m", &KEY, hash, SignaturePlace::FirstChild, &[]).unwrap()
}

#[test]
fn chooses_the_wanted_entity_and_its_keys_alone() {
    let mine = replaced(&small(), &certificate(&KEY), &certificate(&NEXT_KEY));
    let others = small().replace("_m", "_n").replace(ENTITY, "https://idp.other.example/");
    let document = within_entities(&within_entities(&(others + &mine)));
    let read = accepted(&document, &MetadataOptions { expected_entity_id: Some(ENTITY), ..options() });
    assert_eq!(read.entity_id, ENTITY);
    assert_eq!(read.certificates, [NEXT_KEY.certificate_der().unwrap()]);
}

#[test]
fn refuses_the_same_entity_twice() {
    let document = within_entities(&(small() + &small().replace("_m", "_n")));
    let options = MetadataOptions { expected_entity_id: Some(ENTITY), ..options() };
    assert_eq!(refusal(&document, &options), Some(Code::MetadataEntityAmbiguous));
}

#[test]
fn does_not_find_entities_inside_anything_but_groups() {
    let hidden = within_entities(&format!("<Extensions>{}</Extensions>", small()));
    let options = MetadataOptions { expected_entity_id: Some(ENTITY), ..options() };
    assert_eq!(refusal(&hidden, &options), Some(Code::MetadataEntityMismatch));
}

#[test]
fn entity_ids_are_compared_byte_for_byte() {
    let no_slash = ENTITY.trim_end_matches('/');
    let upper = ENTITY.to_uppercase();
    for other in [no_slash, &upper, &format!(" {ENTITY}")] {
        let options = MetadataOptions { expected_entity_id: Some(other), ..options() };
        assert_eq!(refusal(&small(), &options), Some(Code::MetadataEntityMismatch), "{other}");
    }
}

#[test]
fn says_which_entity_was_found_in_at_most_200_characters() {
    let other = format!("https://sts.other.example/{}", "x".repeat(300));
    let document = replaced(&small(), ENTITY, &other);
    let options = MetadataOptions { expected_entity_id: Some(ENTITY), ..options() };
    let rejected = metadata::read(document.as_bytes(), &options).unwrap_err();
    assert_eq!(rejected.detail(), &other[..200]);
}

#[test]
fn a_template_is_no_entity_id_even_when_it_is_expected() {
    let template = "https://sts.windows.net/{tenantid}/";
    let document = replaced(&small(), ENTITY, template);
    for expected in [None, Some(template)] {
        let options = MetadataOptions { expected_entity_id: expected, ..options() };
        assert_eq!(refusal(&document, &options), Some(Code::MetadataTenantTemplate));
    }
}

#[test]
fn keeps_every_key_of_a_rollover_once_in_order() {
    let one = format!("<X509Certificate>{}</X509Certificate></X509Data>", certificate(&KEY));
    let data = |key: &TestKey| {
        format!("<X509Data><X509Certificate>\n {} \n</X509Certificate></X509Data>", certificate(key))
    };
    let more = [&*NEXT_KEY, &*KEY, &*SHORT_KEY].map(data).concat();
    let read = accepted(&replaced(&small(), &one, &format!("{one}{more}")), &options());
    let expected = [&*KEY, &*NEXT_KEY].map(|key| key.certificate_der().unwrap());
    assert_eq!(read.certificates, expected);
    assert_eq!(read.unusable.len(), 1);
    assert_eq!(read.unusable[0].error, KeyError::TooShort { bits: 1024, wanted: 2048 });
    assert_eq!(read.unusable[0].der, Some(SHORT_KEY.certificate_der().unwrap()));
}

/// The certificates after the first of an X509Data are those of its issuers; their keys sign no messages.
#[test]
fn does_not_trust_the_issuers_of_a_certificate() {
    let one = format!("<X509Certificate>{}</X509Certificate>", certificate(&KEY));
    let issuer = format!("<X509Certificate>{}</X509Certificate>", certificate(&NEXT_KEY));
    let read = accepted(&replaced(&small(), &one, &format!("{one}{issuer}")), &options());
    assert_eq!(read.certificates, [KEY.certificate_der().unwrap()]);
}

#[test]
fn a_key_without_use_signs() {
    let read = accepted(&replaced(&small(), " use=\"signing\"", ""), &options());
    assert_eq!(read.certificates, [KEY.certificate_der().unwrap()]);
}

#[test]
fn does_not_take_keys_of_other_roles() {
    let role = format!(
        "<RoleDescriptor protocolSupportEnumeration=\"{PROTOCOL}\"><KeyDescriptor use=\"signing\">\
         <KeyInfo xmlns=\"http://www.w3.org/2000/09/xmldsig#\"><X509Data><X509Certificate>{}</X509Certificate>\
         </X509Data></KeyInfo></KeyDescriptor></RoleDescriptor>",
        certificate(&NEXT_KEY)
    );
    let document = replaced(&small(), "<IDPSSODescriptor", &format!("{role}<IDPSSODescriptor"));
    assert_eq!(accepted(&document, &options()).certificates, [KEY.certificate_der().unwrap()]);
}

#[test]
fn the_shorter_key_passes_where_the_caller_says_so() {
    let document = replaced(&small(), &certificate(&KEY), &certificate(&SHORT_KEY));
    let read = accepted(&document, &MetadataOptions { min_rsa_bits: 1024, ..options() });
    assert_eq!(read.certificates, [SHORT_KEY.certificate_der().unwrap()]);
}

#[test]
fn the_strictest_validity_of_all_levels_holds() {
    let until = |seconds| stamp(shift(now(), seconds));
    let entity = replaced(
        &small(),
        " ID=\"_m\"",
        &format!(" ID=\"_m\" validUntil=\"{}\" cacheDuration=\"P1D\"", until(500)),
    );
    let role = replaced(
        &entity,
        "<IDPSSODescriptor",
        &format!("<IDPSSODescriptor validUntil=\"{}\" cacheDuration=\"PT1H30M\"", until(300)),
    );
    let group = replaced(
        &within_entities(&role),
        "metadata\">",
        &format!("metadata\" validUntil=\"{}\" cacheDuration=\"P1M\">", until(400)),
    );
    let read = accepted(&group, &options());
    assert_eq!(read.valid_until, time::parse(&until(300)));
    assert_eq!(read.cache_duration_seconds, Some(5400));
    let later = MetadataOptions { now: shift(now(), 300), ..options() };
    assert_eq!(refusal(&group, &later), Some(Code::MetadataExpired));
    accepted(&group, &MetadataOptions { now: shift(now(), 299), ..options() });
}

#[test]
fn logout_responses_may_go_elsewhere() {
    let document = replaced(&small(), "Location=", "ResponseLocation=\"https://h/answers\" Location=");
    let read = accepted(&document, &options());
    assert_eq!(read.slo_redirect.as_deref(), Some(SSO));
    assert_eq!(read.slo_response_location.as_deref(), Some("https://h/answers"));
}

#[test]
fn loopback_http_is_for_development_only() {
    for host in ["localhost:8081", "jira.localhost", "127.0.0.1:8081", "[::1]"] {
        let document = small().replace(SSO, &format!("http://{host}/saml2"));
        assert_eq!(refusal(&document, &options()), Some(Code::MetadataEndpointNotHttps));
        accepted(&document, &MetadataOptions { allow_loopback_http: true, ..options() });
    }
    let document = small().replace(SSO, "http://login.microsoftonline.com/saml2");
    let development = MetadataOptions { allow_loopback_http: true, ..options() };
    assert_eq!(refusal(&document, &development), Some(Code::MetadataEndpointNotHttps));
}

#[test]
fn a_signature_by_sha1_is_refused_whatever_the_policy_says() {
    let pinned = validator(true);
    let options = MetadataOptions { signature: Some(&pinned), ..options() };
    accepted(&sign(&small(), Hash::Sha512), &options);
    assert_eq!(refusal(&sign(&small(), Hash::Sha1), &options), Some(Code::MetadataSignatureInvalid));
}

#[test]
fn a_signature_by_another_key_is_refused() {
    let signed =
        sign_canonical(&small(), "_m", &NEXT_KEY, Hash::Sha256, SignaturePlace::FirstChild, &[]).unwrap();
    let pinned = validator(false);
    let required = MetadataOptions { signature: Some(&pinned), ..options() };
    assert_eq!(refusal(&signed, &required), Some(Code::MetadataSignatureInvalid));
    // Not required, it is not looked at: trust comes from https or the administrator.
    accepted(&signed, &options());
}

#[test]
fn what_is_no_xml_yields_an_xml_code() {
    for (document, code) in [
        ("", Code::XmlMalformed),
        ("{\"error\":\"not_found\"}", Code::XmlMalformed),
        ("<!DOCTYPE html><html></html>", Code::XmlDoctype),
        ("<a>&x;</a>", Code::XmlMalformed),
    ] {
        assert_eq!(refusal(document, &options()), Some(code), "{document}");
    }
    let large = format!("<a>{}</a>", " ".repeat(1024 * 1024));
    assert_eq!(refusal(&large, &options()), Some(Code::MessageTooLarge));
    assert_eq!(refusal("<html></html>", &options()), Some(Code::MetadataInvalid));
}

#[test]
fn a_comment_does_not_shorten_a_certificate() {
    let document =
        replaced(&small(), &certificate(&KEY)[..40], &format!("{}<!-- -->", &certificate(&KEY)[..40]));
    assert_eq!(refusal(&document, &options()), Some(Code::MetadataCertificateInvalid));
}

/// Every document of the shared samples: what is to be taken, or the code of the refusal.
#[test]
fn judges_the_samples() {
    let Some(samples) = samples::directory("judges_the_samples") else { return };
    let directory = samples.join("metadata");
    let at = |time: &str| MetadataOptions { now: time.parse().unwrap(), ..options() };
    let sample_time = at("2026-11-20T10:15:40Z");
    let lab_time = at("2017-04-01T00:00:00Z");
    let tenant = MetadataOptions { expected_entity_id: Some(ENTITY), ..at("2026-11-20T10:15:40Z") };
    let cases: [(&str, &MetadataOptions<'_>, Result<usize, Code>); 19] = [
        ("entra-adfs.xml", &sample_time, Ok(1)),
        ("entra-bom.xml", &tenant, Ok(1)),
        ("entra-encryption-and-signing.xml", &tenant, Ok(1)),
        ("entra-entity-mismatch.xml", &tenant, Err(Code::MetadataEntityMismatch)),
        ("entra-expired-validuntil.xml", &tenant, Err(Code::MetadataExpired)),
        ("entra-html.xml", &tenant, Err(Code::XmlDoctype)),
        ("entra-http-sso.xml", &tenant, Err(Code::MetadataEndpointNotHttps)),
        ("entra-no-idpsso.xml", &tenant, Err(Code::MetadataNoIdp)),
        ("entra-responselocation.xml", &tenant, Ok(1)),
        ("entra-rollover.xml", &tenant, Ok(2)),
        ("entra-signed-tampered.xml", &tenant, Ok(1)),
        ("entra-signed.xml", &tenant, Ok(1)),
        ("entra-single.xml", &tenant, Ok(1)),
        ("entra-tenant-template.xml", &sample_time, Err(Code::MetadataTenantTemplate)),
        ("entra-three-keys.xml", &tenant, Ok(3)),
        ("microsoft-aad-common-2017.xml", &lab_time, Err(Code::MetadataTenantTemplate)),
        ("microsoft-adfs-v2.xml", &lab_time, Ok(1)),
        ("microsoft-adfs-v3.xml", &lab_time, Ok(1)),
        ("microsoft-adfs-v4.xml", &lab_time, Ok(1)),
    ];
    assert_eq!(std::fs::read_dir(&directory).unwrap().count(), cases.len(), "a sample has no case");
    for (file, options, expected) in cases {
        let document = std::fs::read(directory.join(file)).unwrap();
        let read = metadata::read(&document, options);
        let keys = read.as_ref().map(|read| read.get().certificates.len());
        assert_eq!(keys.map_err(ostiary_core::Rejected::code), expected, "{file}");
    }
    let document = std::fs::read(directory.join("entra-responselocation.xml")).unwrap();
    assert!(metadata::read(&document, &tenant).unwrap().get().slo_response_location.is_some());
    let pem = std::fs::read_to_string(samples.join("keys/entra-idp-active.cert.pem")).unwrap();
    let key = VerifyingKey::from_text(&pem, 2048).unwrap();
    let pinned = Validator::new(vec![key], Policy { allow_sha1: false }).unwrap();
    let required = MetadataOptions { signature: Some(&pinned), ..tenant };
    for (file, expected) in [
        ("entra-signed.xml", None),
        ("entra-signed-tampered.xml", Some(Code::MetadataSignatureInvalid)),
        ("entra-single.xml", Some(Code::MetadataSignatureMissing)),
    ] {
        let document = std::fs::read_to_string(directory.join(file)).unwrap();
        assert_eq!(refusal(&document, &required), expected, "{file}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn never_panics_over_any_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let _: Result<_, _> = metadata::read(&bytes, &options());
    }

    #[test]
    fn never_panics_over_near_misses(at in 0..5000_usize, length in 0..40_usize, put in "[<>&\"'= a-z/{}]{0,12}") {
        let document = entra();
        let mut characters: Vec<char> = document.chars().collect();
        let start = at.min(characters.len());
        let end = (start + length).min(characters.len());
        characters.splice(start..end, put.chars());
        let document: String = characters.into_iter().collect();
        if let Ok(read) = metadata::read(document.as_bytes(), &options()) {
            prop_assert!(!read.get().certificates.is_empty());
        }
    }

    /// Whatever is changed in a signed document, what is accepted is what was signed.
    #[test]
    fn nothing_changes_under_a_required_signature(at in 0..9000_usize, put in "[<>&\"'= a-zA-Z0-9/]{1,3}", length in 0..3_usize) {
        let original = sign(&small(), Hash::Sha256);
        let start = at.min(original.len());
        let end = (start + length).min(original.len());
        let mut changed = original.clone();
        changed.replace_range(start..end, &put);
        let pinned = validator(false);
        let options = MetadataOptions { signature: Some(&pinned), ..options() };
        if let Ok(read) = metadata::read(changed.as_bytes(), &options) {
            prop_assert_eq!(read.into_inner(), accepted(&original, &options));
        }
    }
}
