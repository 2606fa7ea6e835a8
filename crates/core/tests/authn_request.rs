//! AuthnRequest: what Entra ID accepts, nothing that it refuses, and no value that becomes markup.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod samples;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_codes::Code;
use ostiary_core::{AuthnRequest, BuildError, NameIdFormat, RequestId, time};
use ostiary_testkit::SeededRng;
use ostiary_xmlsig::{
    Element, Limits, Message, Pinned, Placement, Policy, RedirectMessage, RedirectParameter, SigningKey,
    Unsigned, Validator, VerifyingKey, exclusive_c14n, ns,
};
use proptest::prelude::*;
use std::collections::HashSet;
use std::sync::LazyLock;
use url::Url;

const SP: &str = "https://jira.contoso.example/";
const ACS: &str = "https://jira.contoso.example/plugins/servlet/saml/auth";
const SSO: &str = "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/saml2";
const ID: &str = "id6c1c178c166d486687be4aaf5e482730";
const RELAY_STATE: &str = "8f14e45fceea167a";

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate(2048).unwrap());

fn validator() -> Validator {
    let certificate = KEY.self_signed("sp", now().as_second(), 30, [1; 16]).unwrap();
    let key = VerifyingKey::from_certificate_der(&certificate, 2048).unwrap();
    Validator::new(vec![key], Policy { allow_sha1: false }).unwrap()
}

fn now() -> Timestamp {
    "2026-11-20T10:15:00.123Z".parse().unwrap()
}

fn request() -> AuthnRequest {
    AuthnRequest {
        id: RequestId::parse(ID).unwrap(),
        issue_instant: now(),
        issuer: SP.to_owned(),
        destination: SSO.to_owned(),
        acs_url: None,
        name_id_format: None,
        force_authn: false,
        is_passive: false,
        authn_context: Vec::new(),
    }
}

fn parse(xml: &str) -> Message<'_> {
    Message::parse(xml.as_bytes(), &Limits::MESSAGE).unwrap()
}

/// The request that asks for what a sample asks for, by the sample's name.
fn like(sample: &str) -> AuthnRequest {
    let format = |format| AuthnRequest { name_id_format: Some(format), ..request() };
    match sample {
        "minimal" | "destination" | "signed" | "hrd-whr" | "login-hint" => request(),
        "acs" => AuthnRequest { acs_url: Some(ACS.to_owned()), ..request() },
        "forceauthn" => AuthnRequest { force_authn: true, ..request() },
        "ispassive" => AuthnRequest { is_passive: true, ..request() },
        "nameid-email" => format(NameIdFormat::EmailAddress),
        "nameid-persistent" => format(NameIdFormat::Persistent),
        "nameid-transient" => format(NameIdFormat::Transient),
        "nameid-unspecified" => format(NameIdFormat::Unspecified),
        "authncontext-exact" => AuthnRequest {
            authn_context: vec!["urn:oasis:names:tc:SAML:2.0:ac:classes:Password".to_owned()],
            ..request()
        },
        other => panic!("a sample without a request: {other}"),
    }
}

/// Everything that the accepted sample says, ours says as well, in the same order.
#[test]
fn keeps_every_rule_of_the_accepted_samples() {
    let Some(samples) = samples::directory("keeps_every_rule_of_the_accepted_samples") else { return };
    let mut seen = 0;
    for file in std::fs::read_dir(samples.join("authnrequests")).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let Some(sample) = name.strip_prefix("ok-").and_then(|name| name.strip_suffix(".xml")) else {
            continue;
        };
        let theirs = std::fs::read_to_string(&file).unwrap();
        let ours = like(sample).to_xml();
        let (theirs, ours) = (parse(&theirs), parse(&ours));
        assert!(ours.root().is(ns::SAMLP, "AuthnRequest"));
        says_all(theirs.pinned(), ours.pinned(), sample);
        let children = |message: &Message<'_>| -> Vec<String> {
            message.root().children().map(|child| exclusive_c14n(child, &[])).collect()
        };
        // Ours writes its prefixes the same way, so that canonical forms can be compared.
        assert_eq!(children(&ours), children(&theirs), "{sample}");
        seen += 1;
    }
    assert!(seen >= 10, "only {seen} samples");
}

fn says_all(theirs: Element<'_, Pinned>, ours: Element<'_, Pinned>, sample: &str) {
    for (namespace, name) in theirs.attribute_names() {
        assert_eq!(namespace, "", "{sample}");
        let (theirs, ours) = (theirs.attribute(name), ours.attribute(name));
        if name == "IssueInstant" {
            let times = [theirs, ours].map(|text| time::parse(&text.unwrap()).unwrap());
            assert_eq!(times[0], times[1], "{sample}");
        } else {
            assert_eq!(theirs, ours, "{sample}: {name}");
        }
    }
}

/// The URLs of the samples have the same parameters in the same order, and carry what ours carry.
#[test]
fn redirects_as_the_accepted_samples_do() {
    let Some(samples) = samples::directory("redirects_as_the_accepted_samples_do") else { return };
    let mut seen = 0;
    for file in std::fs::read_dir(samples.join("authnrequests")).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let Some(sample) = name.strip_prefix("ok-").and_then(|name| name.strip_suffix(".redirect.txt"))
        else {
            continue;
        };
        let (key, extra): (Option<&SigningKey>, &[(&str, &str)]) = match sample {
            "signed" => (Some(&*KEY), &[]),
            "hrd-whr" => (None, &[("whr", "contoso.example")]),
            "login-hint" => (None, &[("login_hint", "b.simon@contoso.example")]),
            _ => (None, &[]),
        };
        let theirs = std::fs::read_to_string(&file).unwrap();
        let theirs = Url::parse(theirs.trim()).unwrap();
        let ours = like(sample).redirect_url(SSO, Some(RELAY_STATE), extra, key).unwrap();
        let ours = Url::parse(&ours).unwrap();
        assert_eq!(ours.path(), theirs.path());
        let plain = |url: &Url| -> Vec<(String, Option<String>)> {
            let is_ours = |name: &str| ["SAMLRequest", "Signature"].contains(&name);
            url.query_pairs()
                .map(|(name, value)| (name.to_string(), (!is_ours(&name)).then(|| value.to_string())))
                .collect()
        };
        assert_eq!(plain(&ours), plain(&theirs), "{sample}");
        let theirs = RedirectMessage::parse(theirs.query().unwrap(), &Limits::MESSAGE).unwrap();
        let ours = RedirectMessage::parse(ours.query().unwrap(), &Limits::MESSAGE).unwrap();
        let children = |message: &RedirectMessage| -> Vec<String> {
            message.root().children().map(|child| exclusive_c14n(child, &[])).collect()
        };
        assert_eq!(children(&ours), children(&theirs), "{sample}");
        seen += 1;
    }
    assert!(seen >= 13, "only {seen} samples");
}

/// Whether a request has the shape for which Entra ID refuses the sample of that name.
fn has_bad_shape(sample: &str, root: Element<'_, Pinned>) -> bool {
    let inside = |name: &str| root.descendants().any(|element| element.local_name() == name);
    match sample {
        "id-starts-with-digit" => !root
            .attribute("ID")
            .is_some_and(|id| id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')),
        "subject-present" => inside("Subject"),
        "scoping-proxycount" => inside("Scoping"),
        "acs-artifact-binding" => {
            root.attribute("ProtocolBinding").is_some_and(|binding| !binding.ends_with(":HTTP-POST"))
        }
        "nameid-kerberos" => root.children_named(ns::SAMLP, "NameIDPolicy").any(|policy| {
            let formats = [
                NameIdFormat::Unspecified,
                NameIdFormat::EmailAddress,
                NameIdFormat::Persistent,
                NameIdFormat::Transient,
            ];
            !policy
                .attribute("Format")
                .is_some_and(|format| formats.iter().any(|known| known.uri() == format))
        }),
        "authncontext-minimum" => root
            .children_named(ns::SAMLP, "RequestedAuthnContext")
            .any(|context| context.attribute("Comparison").is_none_or(|comparison| comparison != "exact")),
        other => panic!("a refused sample without a rule: {other}"),
    }
}

const BAD: [&str; 6] = [
    "id-starts-with-digit",
    "subject-present",
    "scoping-proxycount",
    "acs-artifact-binding",
    "nameid-kerberos",
    "authncontext-minimum",
];

#[test]
fn the_rules_tell_the_refused_samples_from_the_accepted_ones() {
    let Some(samples) = samples::directory("the_rules_tell_the_refused_samples_from_the_accepted_ones")
    else {
        return;
    };
    let mut refused = HashSet::new();
    for file in std::fs::read_dir(samples.join("authnrequests")).unwrap() {
        let file = file.unwrap().path();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let Some(name) = name.strip_suffix(".xml") else { continue };
        let xml = std::fs::read_to_string(&file).unwrap();
        // Our own parser refuses what is no xs:ID.
        let message = Message::parse(xml.as_bytes(), &Limits::MESSAGE);
        for rule in BAD {
            let is_refused = name.strip_prefix("bad-") == Some(rule);
            let has_shape = match &message {
                Ok(message) => has_bad_shape(rule, message.pinned()),
                Err(error) => error.code() == Code::XmlInvalidId && rule == "id-starts-with-digit",
            };
            assert_eq!(has_shape, is_refused, "{name}: {rule}");
        }
        refused.extend(name.strip_prefix("bad-").map(str::to_owned));
    }
    assert_eq!(refused, BAD.map(str::to_owned).into());
}

#[test]
fn writes_everything_it_can() {
    let all = AuthnRequest {
        acs_url: Some(ACS.to_owned()),
        name_id_format: Some(NameIdFormat::EmailAddress),
        force_authn: true,
        is_passive: true,
        authn_context: vec!["urn:a".to_owned(), "urn:b".to_owned()],
        ..request()
    };
    insta::assert_snapshot!(all.to_xml(), @r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="id6c1c178c166d486687be4aaf5e482730" Version="2.0" IssueInstant="2026-11-20T10:15:00.123Z" Destination="https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/saml2" ForceAuthn="true" IsPassive="true" AssertionConsumerServiceURL="https://jira.contoso.example/plugins/servlet/saml/auth" ProtocolBinding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"><saml:Issuer>https://jira.contoso.example/</saml:Issuer><samlp:NameIDPolicy Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"/><samlp:RequestedAuthnContext Comparison="exact"><saml:AuthnContextClassRef>urn:a</saml:AuthnContextClassRef><saml:AuthnContextClassRef>urn:b</saml:AuthnContextClassRef></samlp:RequestedAuthnContext></samlp:AuthnRequest>"#);
    insta::assert_snapshot!(request().to_xml(), @r#"<samlp:AuthnRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="id6c1c178c166d486687be4aaf5e482730" Version="2.0" IssueInstant="2026-11-20T10:15:00.123Z" Destination="https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/saml2"><saml:Issuer>https://jira.contoso.example/</saml:Issuer></samlp:AuthnRequest>"#);
}

#[test]
fn ids_have_128_random_bits_and_begin_with_a_letter() {
    let mut rng = SeededRng::new(3);
    let ids: HashSet<String> = (0..1000).map(|_| RequestId::random(&mut rng).to_string()).collect();
    assert_eq!(ids.len(), 1000);
    for id in &ids {
        let digits = id.strip_prefix("id").unwrap();
        assert_eq!(digits.len() * 4, 128);
        assert!(digits.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()));
        assert_eq!(RequestId::parse(id).unwrap().as_str(), id);
    }
    // Every digit varies: none of the 128 bits is fixed.
    for place in 2..34 {
        let values: HashSet<&str> = ids.iter().map(|id| &id[place..=place]).collect();
        assert_eq!(values.len(), 16, "digit {place}");
    }
    for other in ["", "id", ID.trim_end_matches('0'), "idx", &ID.to_uppercase(), &format!("{ID}0"), &ID[2..]]
    {
        assert_eq!(RequestId::parse(other), None, "{other}");
    }
}

#[test]
fn a_signed_redirect_verifies_and_covers_relay_state() {
    let extra = [("whr", "contoso.example")];
    let url = request().redirect_url(&format!("{SSO}?p=a%20b"), Some("r 1&2"), &extra, Some(&KEY)).unwrap();
    let query = url.split_once('?').unwrap().1;
    let names: Vec<&str> = query.split('&').map(|part| part.split_once('=').unwrap().0).collect();
    assert_eq!(names, ["p", "SAMLRequest", "RelayState", "SigAlg", "Signature", "whr"]);
    let message = RedirectMessage::parse(query, &Limits::MESSAGE).unwrap();
    assert_eq!(message.parameter(), RedirectParameter::Request);
    assert_eq!(message.relay_state(), Some("r 1&2"));
    message.verify(&validator()).unwrap();
    let changed = query.replace("RelayState=r", "RelayState=s");
    let message = RedirectMessage::parse(&changed, &Limits::MESSAGE).unwrap();
    assert_eq!(message.verify(&validator()).unwrap_err().code(), Code::SignatureInvalid);
}

#[test]
fn an_endpoint_with_an_empty_query_gets_no_empty_parameter() {
    let url = request().redirect_url(&format!("{SSO}?"), None, &[], None).unwrap();
    assert!(url.starts_with(&format!("{SSO}?SAMLRequest=")), "{url}");
}

#[test]
fn a_post_form_carries_an_enveloped_signature() {
    let form = request().post_form(Some("r"), Some(&KEY)).unwrap();
    let [(name, field), (relay, state)] = form.fields.as_slice() else { panic!("{form:?}") };
    assert_eq!((*name, *relay, state.as_str()), ("SAMLRequest", "RelayState", "r"));
    let xml = String::from_utf8(STANDARD.decode(field).unwrap()).unwrap();
    let message = parse(&xml);
    let signed = validator().verify_enveloped(message.root(), Placement::AfterIssuer).unwrap().unwrap();
    assert_eq!(signed.root().attribute("ID").as_deref(), Some(ID));
    let forged = xml.replace(SP, "https://evil.example/");
    let forged = parse(&forged);
    assert_eq!(
        validator().verify_enveloped(forged.root(), Placement::AfterIssuer).unwrap_err().code(),
        Code::SignatureDigestMismatch
    );
    let unsigned = request().post_form(None, None).unwrap();
    assert_eq!(unsigned.fields, [("SAMLRequest", STANDARD.encode(request().to_xml()))]);
}

#[test]
fn refuses_to_build_what_could_not_be_sent() {
    let too_long = "x".repeat(81);
    assert_eq!(request().redirect_url(SSO, Some(&too_long), &[], None), Err(BuildError::RelayState));
    assert_eq!(request().post_form(Some(&too_long), None), Err(BuildError::RelayState));
    request().redirect_url(SSO, Some(&too_long[1..]), &[], None).unwrap();
    for url in ["", "/saml2", "javascript:alert(1)", "https://h/#f", "ftp://h/"] {
        assert_eq!(request().redirect_url(url, None, &[], None), Err(BuildError::Url), "{url}");
    }
}

fn hostile() -> impl Strategy<Value = String> {
    prop_oneof![
        "[\"'<>&]{1,5}[ -~]{0,20}[\"'<>&]{0,5}",
        "(\"/?>|]]>|<!--|-->|<!\\[CDATA\\[|&amp;|&#0;|<saml:Subject>|</saml:Issuer>|\\PC| |\n|\t|\r){0,8}",
        "\\PC{0,40}",
    ]
}

fn any_request() -> impl Strategy<Value = AuthnRequest> {
    let format = prop_oneof![
        Just(None),
        Just(Some(NameIdFormat::Unspecified)),
        Just(Some(NameIdFormat::EmailAddress)),
        Just(Some(NameIdFormat::Persistent)),
        Just(Some(NameIdFormat::Transient)),
    ];
    let texts =
        (hostile(), hostile(), proptest::option::of(hostile()), proptest::collection::vec(hostile(), 0..3));
    (any::<u64>(), texts, format, any::<bool>(), any::<bool>()).prop_map(
        |(seed, texts, format, force, passive)| AuthnRequest {
            id: RequestId::random(&mut SeededRng::new(seed)),
            issue_instant: now(),
            issuer: texts.0,
            destination: texts.1,
            acs_url: texts.2,
            name_id_format: format,
            force_authn: force,
            is_passive: passive,
            authn_context: texts.3,
        },
    )
}

/// What a parser gives back: characters that XML forbids were replaced.
fn written(text: &str) -> String {
    text.replace(|c: char| matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'), "\u{fffd}")
}

fn texts(root: Element<'_, Unsigned>, local: &str) -> usize {
    root.descendants().filter(|element| element.local_name() == local).count()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// Whatever entity ID, ACS and destination hold, the structure stays and the values come back.
    #[test]
    fn no_value_becomes_markup(request in any_request()) {
        let xml = request.to_xml();
        let message = parse(&xml);
        let root = message.pinned();
        let issuer = root.children_named(ns::SAML, "Issuer").next().unwrap();
        prop_assert_eq!(issuer.text().unwrap(), written(&request.issuer));
        prop_assert_eq!(root.attribute("Destination").unwrap(), written(&request.destination));
        let acs = root.attribute("AssertionConsumerServiceURL").map(std::borrow::Cow::into_owned);
        prop_assert_eq!(acs, request.acs_url.as_deref().map(written));
        let expected = 2
            + usize::from(request.name_id_format.is_some())
            + request.authn_context.len()
            + usize::from(!request.authn_context.is_empty());
        prop_assert_eq!(root.descendants().count(), expected);
        prop_assert_eq!(texts(message.root(), "AuthnContextClassRef"), request.authn_context.len());
    }

    #[test]
    fn no_refused_shape_can_be_produced(request in any_request()) {
        let xml = request.to_xml();
        let message = parse(&xml);
        for rule in BAD {
            prop_assert!(!has_bad_shape(rule, message.pinned()), "{}: {}", rule, xml);
        }
    }

    /// RelayState and further parameters can break out of neither their parameter nor the signature.
    #[test]
    fn no_value_becomes_another_parameter(relay_state in hostile(), hint in hostile(), signed in any::<bool>()) {
        prop_assume!(relay_state.len() <= 80);
        let key = signed.then_some(&*KEY);
        let url = request().redirect_url(SSO, Some(&relay_state), &[("login_hint", &hint)], key).unwrap();
        prop_assert!(url.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>'&#"[..].contains(&b) || b == b'&'));
        let query = url.split_once('?').unwrap().1;
        prop_assert_eq!(query.split('&').count(), if signed { 5 } else { 3 });
        let message = RedirectMessage::parse(query, &Limits::MESSAGE).unwrap();
        prop_assert_eq!(message.relay_state(), Some(relay_state.as_str()));
        prop_assert_eq!(message.verify(&validator()).is_ok(), signed);
        let parsed = Url::parse(&url).unwrap();
        prop_assert_eq!(parsed.query_pairs().last().unwrap().1, hint);
    }
}
