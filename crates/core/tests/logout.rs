//! Logout messages: what we send, and what we take over the Redirect and POST bindings.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod samples;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_codes::{Code, Family};
use ostiary_core::logout::{self, MAX_AGE_SECONDS};
use ostiary_core::{
    LogoutExpected, LogoutMessage, LogoutReceived, LogoutRequest, LogoutRequestIn, LogoutResponse,
    LogoutResponseIn, LogoutStatus, NameId, Rejected, RequestId, Trace,
};
use ostiary_testkit::{
    Hash, RedirectStyle, SeededRng, SignaturePlace, TestKey, deflate_base64, redirect_query, shift,
    sign_canonical, stamp,
};
use ostiary_xmlsig::{
    DecryptionKey, EncryptionMethod, KeyTransport, Policy, RedirectParameter, SigningKey, Validator,
    VerifyingKey, encrypt_element,
};
use proptest::prelude::*;
use std::sync::LazyLock;

const IDP: &str = "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/";
const IDP_LOGOUT: &str = "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/";
const SP: &str = "https://jira.contoso.example/";
const SLO: &str = "https://jira.contoso.example/plugins/servlet/saml/logout";
const IDP_SLO: &str = "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/saml2";
const OURS: &str = "id6c1c178c166d486687be4aaf5e482730";
const USER: &str = "b.simon@contoso.example";
const SUCCESS: &str = "urn:oasis:names:tc:SAML:2.0:status:Success";

static IDP_KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::generate("idp", now()).unwrap());
static NEXT_KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::generate("next", now()).unwrap());
static OTHER_KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::generate("attacker", now()).unwrap());
static SP_KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::generate("sp", now()).unwrap());

fn now() -> Timestamp {
    "2026-11-24T09:00:00Z".parse().unwrap()
}

fn expected() -> LogoutExpected<'static> {
    LogoutExpected {
        logout_url: SLO,
        issuers: &[IDP, IDP_LOGOUT],
        now: now(),
        clock_skew_seconds: 0,
        in_response_to: Some(OURS),
    }
}

fn validator(allow_sha1: bool) -> Validator {
    let keys = [&*IDP_KEY, &*NEXT_KEY].map(verifying);
    Validator::new(keys.into(), Policy { allow_sha1 }).unwrap()
}

fn verifying(key: &TestKey) -> VerifyingKey {
    VerifyingKey::from_certificate_der(&key.certificate_der().unwrap(), 2048).unwrap()
}

/// A LogoutRequest as Entra sends it, in canonical form.
fn request() -> String {
    format!(
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{SLO}\" ID=\"_1d3c\" \
         IssueInstant=\"{}\" Version=\"2.0\">\
         <Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP_LOGOUT}</Issuer>\
         <NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{USER}</NameID>\
         <samlp:SessionIndex>_c9b1</samlp:SessionIndex></samlp:LogoutRequest>",
        stamp(now())
    )
}

/// A LogoutResponse as Entra sends it, in canonical form.
fn response() -> String {
    format!(
        "<samlp:LogoutResponse xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" Destination=\"{SLO}\" ID=\"_f096\" \
         InResponseTo=\"{OURS}\" IssueInstant=\"{}\" Version=\"2.0\">\
         <Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP_LOGOUT}</Issuer>\
         <samlp:Status><samlp:StatusCode Value=\"{SUCCESS}\"></samlp:StatusCode></samlp:Status></samlp:LogoutResponse>",
        stamp(now())
    )
}

fn replaced(document: &str, from: &str, to: &str) -> String {
    assert!(document.contains(from), "{from} is not in {document}");
    document.replacen(from, to, 1)
}

/// The name of the parameter that carries a document of that root.
fn parameter(xml: &str) -> (&'static str, RedirectParameter) {
    if xml.starts_with("<samlp:LogoutRequest") {
        ("SAMLRequest", RedirectParameter::Request)
    } else {
        ("SAMLResponse", RedirectParameter::Response)
    }
}

fn query(xml: &str) -> String {
    redirect_query(parameter(xml).0, xml, None, &IDP_KEY, RedirectStyle::Entra).unwrap()
}

fn keys() -> [DecryptionKey; 1] {
    [DecryptionKey::from_pkcs8_der(&SP_KEY.pkcs8_der().unwrap()).unwrap()]
}

fn receive_with(
    query: &str,
    validator: &Validator,
    expected: &LogoutExpected<'_>,
) -> Result<LogoutReceived, Rejected> {
    let mut trace = Trace::detailed();
    let mut rng = SeededRng::new(1);
    let outcome = logout::receive_redirect(query, validator, expected, &keys(), &mut rng, &mut trace);
    the_trace_tells(&outcome, &trace);
    outcome
}

fn receive(query: &str) -> Result<LogoutReceived, Rejected> {
    receive_with(query, &validator(false), &expected())
}

/// The POST binding, signed by the identity provider.
fn post(xml: &str, hash: Hash) -> String {
    let id = xml.split_once(" ID=\"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0;
    let signed = sign_canonical(xml, id, &IDP_KEY, hash, SignaturePlace::AfterIssuer, &[]).unwrap();
    STANDARD.encode(signed)
}

fn receive_post(
    parameter: RedirectParameter,
    field: &str,
    relay_state: Option<&str>,
) -> Result<LogoutReceived, Rejected> {
    let mut trace = Trace::detailed();
    let outcome = logout::receive_post(
        parameter,
        field,
        relay_state,
        &validator(true),
        &expected(),
        &keys(),
        &mut SeededRng::new(1),
        &mut trace,
    );
    the_trace_tells(&outcome, &trace);
    outcome
}

/// A refusal is the last entry of the trace; an acceptance has none that failed, and says which key signed.
fn the_trace_tells(outcome: &Result<LogoutReceived, Rejected>, trace: &Trace) {
    let failed = trace.checks().iter().find(|check| !check.ok).and_then(|check| check.code);
    assert_eq!(failed, outcome.as_ref().err().map(Rejected::code), "{trace:?}");
    let fingerprint = |seen: &str| seen.len() == 64 && seen.bytes().all(|byte| byte.is_ascii_hexdigit());
    let signed =
        trace.checks().iter().any(|check| check.check.contains("Signature") && fingerprint(&check.seen));
    assert!(signed || outcome.is_err(), "{trace:?}");
    assert!(!format!("{trace:?}").contains(USER), "the trace names the user");
}

fn code<T>(outcome: Result<T, Rejected>) -> Option<Code> {
    outcome.err().map(|rejected| rejected.code())
}

#[track_caller]
fn taken_request(received: LogoutReceived) -> LogoutRequestIn {
    match received.message {
        LogoutMessage::Request(request) => request.get().clone(),
        LogoutMessage::Response(_) => panic!("a response"),
    }
}

#[track_caller]
fn taken_response(received: LogoutReceived) -> LogoutResponseIn {
    match received.message {
        LogoutMessage::Response(response) => response.get().clone(),
        LogoutMessage::Request(_) => panic!("a request"),
    }
}

#[test]
fn takes_a_request_over_the_redirect_binding() {
    let received = receive(&query(&request())).unwrap();
    assert_eq!(received.relay_state, None);
    assert_eq!(
        taken_request(received),
        LogoutRequestIn {
            id: "_1d3c".to_owned(),
            name_id: NameId {
                value: USER.to_owned(),
                format: None,
                name_qualifier: None,
                sp_name_qualifier: None
            },
            session_indexes: vec!["_c9b1".to_owned()],
            issue_instant: now(),
            not_on_or_after: None,
        }
    );
}

#[test]
fn takes_a_response_over_the_redirect_binding() {
    let received = receive(&query(&response())).unwrap();
    assert_eq!(taken_response(received), LogoutResponseIn { in_response_to: OURS.to_owned(), success: true });
}

#[test]
fn takes_both_over_the_post_binding() {
    let field = post(&request(), Hash::Sha256);
    let broken: String =
        field.as_bytes().chunks(76).map(|c| format!("{}\r\n", String::from_utf8_lossy(c))).collect();
    for field in [field, broken] {
        let longest = "x".repeat(80);
        let received = receive_post(RedirectParameter::Request, &field, Some(&longest)).unwrap();
        assert_eq!(received.relay_state.as_deref(), Some(longest.as_str()));
        assert_eq!(taken_request(received).name_id.value, USER);
    }
    let field = post(&response(), Hash::Sha256);
    let received = receive_post(RedirectParameter::Response, &field, None).unwrap();
    assert!(taken_response(received).success);
}

#[test]
fn takes_every_order_and_spelling_of_a_signed_query() {
    for style in [RedirectStyle::Entra, RedirectStyle::Plain] {
        for relay_state in [None, Some("token-123"), Some("a b&c=d\"<")] {
            let query = redirect_query("SAMLRequest", &request(), relay_state, &IDP_KEY, style).unwrap();
            let received = receive(&query).unwrap();
            assert_eq!(received.relay_state.as_deref(), relay_state);
            // What SAML does not define may stand anywhere, and the order is free.
            let mut parts: Vec<&str> = query.split('&').collect();
            parts.reverse();
            parts.insert(1, "sso_reload=true");
            receive(&parts.join("&")).unwrap();
        }
    }
}

#[test]
fn takes_the_second_key_of_a_rollover() {
    let query = redirect_query("SAMLRequest", &request(), None, &NEXT_KEY, RedirectStyle::Entra).unwrap();
    receive(&query).unwrap();
}

#[test]
fn no_session_index_means_all_sessions() {
    let xml = replaced(&request(), "<samlp:SessionIndex>_c9b1</samlp:SessionIndex>", "");
    assert!(taken_request(receive(&query(&xml)).unwrap()).session_indexes.is_empty());
    let two = replaced(
        &request(),
        "</samlp:LogoutRequest>",
        "<samlp:SessionIndex>_2</samlp:SessionIndex></samlp:LogoutRequest>",
    );
    assert_eq!(taken_request(receive(&query(&two)).unwrap()).session_indexes, ["_c9b1", "_2"]);
}

#[test]
fn the_name_id_comes_with_its_qualifiers_and_unchanged() {
    let xml = replaced(
        &request(),
        &format!("\">{USER}"),
        "\" Format=\"f\" NameQualifier=\"n\" SPNameQualifier=\"s\"> J. \u{d6}zt\u{fc}rk &amp; S\u{f6}hne ",
    );
    let name_id = taken_request(receive(&query(&xml)).unwrap()).name_id;
    assert_eq!(name_id.value, " J. \u{d6}zt\u{fc}rk & S\u{f6}hne ");
    assert_eq!(
        (name_id.format.as_deref(), name_id.name_qualifier.as_deref(), name_id.sp_name_qualifier.as_deref()),
        (Some("f"), Some("n"), Some("s"))
    );
}

fn encrypted_id(content: &str, key: &TestKey) -> String {
    let encrypted = encrypt_element(
        content.as_bytes(),
        &key.certificate_der().unwrap(),
        EncryptionMethod::Aes256Gcm,
        KeyTransport::OaepMgf1p,
        false,
    );
    encrypted.unwrap().replace("saml:EncryptedAssertion", "saml:EncryptedID")
}

#[test]
fn takes_an_encrypted_id_that_the_signature_covers() {
    let plain = format!("<NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{USER}</NameID>");
    let other = plain.replace("NameID", "BaseID");
    for (content, key, expected) in [
        (&plain, &*SP_KEY, None),
        (&other, &*SP_KEY, Some(Code::LogoutNameId)),
        (&plain, &*OTHER_KEY, Some(Code::DecryptionFailed)),
    ] {
        let outcome = receive(&query(&replaced(&request(), &plain, &encrypted_id(content, key))));
        assert_eq!(outcome.as_ref().err().map(Rejected::code), expected);
        if let Ok(received) = outcome {
            assert_eq!(taken_request(received).name_id.value, USER);
        }
    }
    let query = query(&replaced(&request(), &plain, &encrypted_id(&plain, &SP_KEY)));
    let (mut rng, mut trace) = (SeededRng::new(1), Trace::new());
    let without = logout::receive_redirect(&query, &validator(false), &expected(), &[], &mut rng, &mut trace);
    assert_eq!(code(without), Some(Code::NoDecryptionKey));
}

/// A change of the acceptable message, and the code that it yields.
type Change = (Code, String);

fn request_changes() -> Vec<Change> {
    let name_id = format!("<NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{USER}</NameID>");
    let with_attribute =
        |attribute: &str| replaced(&request(), " Version=", &format!(" {attribute} Version="));
    let mut changes = common_changes(&request());
    changes.extend([
        (Code::LogoutExpired, with_attribute(&format!("NotOnOrAfter=\"{}\"", stamp(now())))),
        (Code::LogoutExpired, with_attribute("NotOnOrAfter=\"never\"")),
        (Code::LogoutNameId, replaced(&request(), &name_id, "")),
        (Code::LogoutNameId, replaced(&request(), USER, "")),
        (Code::LogoutNameId, replaced(&request(), USER, " ")),
        (Code::LogoutNameId, replaced(&request(), USER, &format!("{USER}<x></x>"))),
        (Code::LogoutNameId, request().replace("NameID", "BaseID")),
        (Code::LogoutStructure, replaced(&request(), &name_id, &format!("{name_id}{name_id}"))),
        (Code::LogoutStructure, replaced(&request(), "_c9b1", "")),
        (Code::LogoutStructure, replaced(&request(), "_c9b1", "<x></x>")),
    ]);
    changes
}

fn response_changes() -> Vec<Change> {
    let status =
        format!("<samlp:Status><samlp:StatusCode Value=\"{SUCCESS}\"></samlp:StatusCode></samlp:Status>");
    let mut changes = common_changes(&response());
    changes.extend([
        (Code::LogoutInResponseTo, replaced(&response(), OURS, "id00000000000000000000000000000000")),
        (Code::LogoutInResponseTo, replaced(&response(), OURS, "")),
        (Code::LogoutInResponseTo, replaced(&response(), &format!(" InResponseTo=\"{OURS}\""), "")),
        (Code::LogoutStructure, replaced(&response(), &status, "")),
        (Code::LogoutStructure, replaced(&response(), &status, &format!("{status}{status}"))),
        (Code::LogoutStructure, replaced(&response(), &format!(" Value=\"{SUCCESS}\""), "")),
        (Code::LogoutStructure, response().replace("samlp:StatusCode", "samlp:Code")),
        (Code::LogoutStructure, in_status("text")),
        (
            Code::LogoutStructure,
            in_status(&format!("<samlp:StatusCode Value=\"{SUCCESS}\"></samlp:StatusCode>")),
        ),
        (Code::LogoutStructure, in_status("<samlp:StatusMessage></samlp:StatusMessage>".repeat(2).as_str())),
        (
            Code::LogoutStructure,
            in_status("<samlp:StatusDetail></samlp:StatusDetail><samlp:StatusMessage></samlp:StatusMessage>"),
        ),
    ]);
    changes
}

/// Changes that both messages have in common.
fn common_changes(base: &str) -> Vec<Change> {
    let issuer = format!("<Issuer xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{IDP_LOGOUT}</Issuer>");
    let id = base.split_once(" ID=\"").and_then(|(_, rest)| rest.split_once('"')).unwrap().0;
    let at = |seconds| replaced(base, &stamp(now()), &stamp(shift(now(), seconds)));
    let oldest = i64::from(MAX_AGE_SECONDS);
    vec![
        (Code::LogoutVersion, replaced(base, "\"2.0\"", "\"1.1\"")),
        (Code::LogoutVersion, replaced(base, " Version=\"2.0\"", "")),
        (Code::LogoutStructure, replaced(base, &format!(" ID=\"{id}\""), "")),
        (Code::LogoutStructure, replaced(base, "</Issuer>", "</Issuer>text")),
        (Code::LogoutIssuer, replaced(base, &issuer, "")),
        (Code::LogoutIssuer, replaced(base, IDP_LOGOUT, "https://sts.windows.net/other/")),
        (Code::LogoutIssuer, replaced(base, IDP_LOGOUT, &format!("{IDP_LOGOUT} "))),
        (Code::LogoutIssuer, replaced(base, IDP_LOGOUT, &format!("{IDP_LOGOUT}<x></x>"))),
        (
            Code::LogoutIssuer,
            replaced(base, &format!("\">{IDP_LOGOUT}"), &format!("\" Format=\"persistent\">{IDP_LOGOUT}")),
        ),
        (Code::LogoutDestination, replaced(base, SLO, "https://wiki.contoso.example/logout")),
        (Code::LogoutDestination, replaced(base, &format!(" Destination=\"{SLO}\""), "")),
        (Code::LogoutIssueInstant, at(1)),
        (Code::LogoutIssueInstant, at(-oldest)),
        (Code::LogoutIssueInstant, replaced(base, &stamp(now()), "now")),
        (Code::LogoutIssueInstant, replaced(base, &format!(" IssueInstant=\"{}\"", stamp(now())), "")),
    ]
}

/// Changes of the query, and the code that each yields.
fn query_changes() -> Vec<Change> {
    let good = query(&request());
    let pick = |name: &str| good.split('&').find(|part| part.starts_with(name)).unwrap().to_owned();
    let message = pick("SAMLRequest");
    let unsigned = format!("SAMLRequest={}", encoded(&deflate_base64(&request()).unwrap()));
    let raw = |bytes: &[u8]| {
        let message = format!("SAMLRequest={}", encoded(&STANDARD.encode(bytes)));
        good.replace(&pick("SAMLRequest"), &message)
    };
    let bomb = deflate_base64(&" ".repeat(300 * 1024)).unwrap();
    vec![
        (Code::LogoutMissing, String::new()),
        (Code::LogoutMissing, pick("SigAlg")),
        (Code::LogoutMissing, format!("{good}&{}", message.replace("SAMLRequest", "SAMLResponse"))),
        (Code::LogoutParameters, format!("{good}&{message}")),
        (Code::LogoutParameters, format!("{good}&{}", pick("Signature"))),
        (Code::LogoutParameters, format!("{good}&RelayState=a&RelayState=a")),
        (Code::LogoutParameters, format!("{good}&%53AMLRequest=x")),
        (Code::LogoutParameters, format!("{good}&SAMLEncoding=zip")),
        (Code::LogoutParameters, format!("{good}&RelayState={}", "x".repeat(81))),
        (Code::LogoutParameters, format!("{message}&{}", pick("Signature"))),
        (Code::LogoutParameters, replaced(&good, "%", "%x")),
        (Code::LogoutUnsigned, unsigned.clone()),
        (Code::LogoutUnsigned, format!("{unsigned}&{}", pick("SigAlg"))),
        (Code::LogoutNotALogout, as_request(&request().replace("LogoutRequest", "AuthnRequest"))),
        (Code::LogoutNotALogout, as_request(&response())),
        (Code::SignatureInvalid, format!("{good}&RelayState=added")),
        (
            Code::SignatureInvalid,
            redirect_query("SAMLRequest", &request(), None, &OTHER_KEY, RedirectStyle::Entra).unwrap(),
        ),
        (
            Code::SignatureAlgorithm,
            replaced(
                &good,
                &pick("SigAlg"),
                "SigAlg=http%3a%2f%2fwww.w3.org%2f2000%2f09%2fxmldsig%23hmac-sha1",
            ),
        ),
        (
            Code::SignatureSha1,
            replaced(
                &good,
                &pick("SigAlg"),
                "SigAlg=http%3a%2f%2fwww.w3.org%2f2000%2f09%2fxmldsig%23rsa-sha1",
            ),
        ),
        (Code::Base64Invalid, replaced(&good, "SAMLRequest=", "SAMLRequest=!")),
        (Code::DeflateInvalid, raw(b"\x78\x9c not deflate")),
        (Code::DeflateTooLarge, replaced(&good, &message, &format!("SAMLRequest={}", encoded(&bomb)))),
        (Code::XmlDoctype, as_request(&format!("<!DOCTYPE x>{}", request()))),
        (Code::SignatureMisplaced, query(&signed_inside())),
    ]
}

/// The request with a signature element, which the Redirect binding has the sender remove.
fn signed_inside() -> String {
    sign_canonical(&request(), "_1d3c", &IDP_KEY, Hash::Sha256, SignaturePlace::AfterIssuer, &[]).unwrap()
}

fn as_request(xml: &str) -> String {
    redirect_query("SAMLRequest", xml, None, &IDP_KEY, RedirectStyle::Entra).unwrap()
}

fn encoded(text: &str) -> String {
    text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D")
}

/// Each message is the acceptable one with a single change, signed anew, and yields exactly the code of that change, over
/// both bindings.
#[test]
fn every_defect_has_its_own_code() {
    let messages: Vec<Change> = request_changes().into_iter().chain(response_changes()).collect();
    for (expected, xml) in &messages {
        assert_eq!(code(receive(&query(xml))), Some(*expected), "{xml}");
        // Without ID, or with the Issuer gone, the POST signature has nothing to refer to or follows nothing.
        if xml.contains(" ID=\"") && xml.contains("</Issuer>") {
            let outcome = receive_post(parameter(xml).1, &post(xml, Hash::Sha256), None);
            assert_eq!(code(outcome), Some(*expected), "POST {xml}");
        }
    }
    let queries = query_changes();
    for (expected, query) in &queries {
        assert_eq!(code(receive(query)), Some(*expected), "{query}");
    }
    let yielded = |code: &Code| messages.iter().chain(&queries).any(|(yielded, _)| yielded == code);
    // The status of a response is told by LogoutResponseIn::outcome.
    for code in Code::ALL.iter().filter(|code| code.family() == Family::Logout) {
        assert!(yielded(code) || *code == Code::LogoutStatus, "no case yields {code}");
    }
}

/// The response with something behind its StatusCode.
fn in_status(more: &str) -> String {
    replaced(&response(), "</samlp:Status>", &format!("{more}</samlp:Status>"))
}

#[test]
fn only_complete_success_counts_as_success() {
    let partial =
        "<samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:PartialLogout\"></samlp:StatusCode>";
    let status = |code: &str| format!("urn:oasis:names:tc:SAML:2.0:status:{code}");
    for (xml, expected) in [
        (response(), None),
        (
            in_status(
                "<samlp:StatusMessage>x</samlp:StatusMessage><samlp:StatusDetail><x></x></samlp:StatusDetail>",
            ),
            None,
        ),
        (replaced(&response(), SUCCESS, &status("Requester")), Some(Code::LogoutStatus)),
        (replaced(&response(), SUCCESS, &status("Responder")), Some(Code::LogoutStatus)),
        (replaced(&response(), SUCCESS, "Success"), Some(Code::LogoutStatus)),
        (
            replaced(&response(), "</samlp:StatusCode>", &format!("{partial}</samlp:StatusCode>")),
            Some(Code::LogoutStatus),
        ),
    ] {
        let response = taken_response(receive(&query(&xml)).unwrap());
        assert_eq!(response.success, expected.is_none(), "{xml}");
        assert_eq!(code(response.outcome()), expected, "{xml}");
    }
}

#[test]
fn no_response_is_taken_without_an_outstanding_request() {
    let expected = LogoutExpected { in_response_to: None, ..expected() };
    assert_eq!(
        code(receive_with(&query(&response()), &validator(false), &expected)),
        Some(Code::LogoutInResponseTo)
    );
    receive_with(&query(&request()), &validator(false), &expected).unwrap();
}

#[test]
fn windows_are_half_open_and_widened_by_the_skew() {
    let skewed = LogoutExpected { clock_skew_seconds: 60, ..expected() };
    let oldest = i64::from(MAX_AGE_SECONDS);
    let at = |seconds: i64| replaced(&request(), &stamp(now()), &stamp(shift(now(), seconds)));
    for (seconds, exact, wide) in [
        (0, true, true),
        (1, false, true),
        (60, false, true),
        (61, false, false),
        (1 - oldest, true, true),
        (-oldest, false, true),
        (-oldest - 59, false, true),
        (-oldest - 60, false, false),
    ] {
        let query = query(&at(seconds));
        assert_eq!(receive(&query).is_ok(), exact, "{seconds}");
        assert_eq!(receive_with(&query, &validator(false), &skewed).is_ok(), wide, "{seconds}");
    }
    let expiring = |seconds| {
        let end = stamp(shift(now(), seconds));
        query(&replaced(&request(), " ID=", &format!(" NotOnOrAfter=\"{end}\" ID=")))
    };
    for (seconds, exact, wide) in [(1, true, true), (0, false, true), (-59, false, true), (-60, false, false)]
    {
        assert_eq!(receive(&expiring(seconds)).is_ok(), exact, "{seconds}");
        assert_eq!(receive_with(&expiring(seconds), &validator(false), &skewed).is_ok(), wide, "{seconds}");
    }
}

#[test]
fn an_id_is_kept_until_its_message_would_be_refused_anyhow() {
    let oldest = i64::from(MAX_AGE_SECONDS);
    let request = taken_request(receive(&query(&request())).unwrap());
    assert_eq!(request.refused_from(), shift(now(), oldest));
    let early = LogoutRequestIn { not_on_or_after: Some(shift(now(), 10)), ..request.clone() };
    assert_eq!(early.refused_from(), shift(now(), 10));
    let late = LogoutRequestIn { not_on_or_after: Some(shift(now(), 9000)), ..request };
    assert_eq!(late.refused_from(), shift(now(), oldest));
}

#[test]
fn sha1_is_refused_whatever_the_policy_says() {
    let field = post(&request(), Hash::Sha1);
    assert_eq!(code(receive_post(RedirectParameter::Request, &field, None)), Some(Code::SignatureSha1));
    let (_, sha1) = query_changes().into_iter().find(|(code, _)| *code == Code::SignatureSha1).unwrap();
    assert_eq!(code(receive_with(&sha1, &validator(true), &expected())), Some(Code::SignatureSha1));
}

#[test]
fn a_post_is_refused_unless_its_root_is_signed() {
    let id = "_1d3c";
    let good = signed_inside();
    let unsigned = request();
    let forged = replaced(&good, USER, "admin@contoso.example");
    let other_key =
        sign_canonical(&request(), id, &OTHER_KEY, Hash::Sha256, SignaturePlace::AfterIssuer, &[]).unwrap();
    let twice = replaced(
        &good,
        "<samlp:SessionIndex>",
        "<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\"></Signature><samlp:SessionIndex>",
    );
    let wrapped = format!(
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_evil\">{good}</samlp:LogoutRequest>"
    );
    for (xml, expected) in [
        (&good, None),
        (&unsigned, Some(Code::LogoutUnsigned)),
        (&forged, Some(Code::SignatureDigestMismatch)),
        (&other_key, Some(Code::SignatureInvalid)),
        (&twice, Some(Code::SignatureDuplicate)),
        (&wrapped, Some(Code::SignatureMisplaced)),
        (&response(), Some(Code::LogoutNotALogout)),
    ] {
        let outcome = receive_post(RedirectParameter::Request, &STANDARD.encode(xml), None);
        assert_eq!(code(outcome), expected, "{xml}");
    }
}

#[test]
fn a_post_is_bounded_before_it_is_decoded() {
    let field = post(&request(), Hash::Sha256);
    let long = "x".repeat(81);
    for (field, relay_state, expected) in [
        (field.clone(), Some(long.as_str()), Code::RelayStateInvalid),
        (format!("{field}!"), None, Code::Base64Invalid),
        (String::new(), None, Code::XmlMalformed),
        ("A".repeat(400 * 1024), None, Code::MessageTooLarge),
        (STANDARD.encode(format!("<a>{}</a>", " ".repeat(256 * 1024))), None, Code::MessageTooLarge),
        (STANDARD.encode("<!DOCTYPE a><a/>"), None, Code::XmlDoctype),
    ] {
        assert_eq!(code(receive_post(RedirectParameter::Request, &field, relay_state)), Some(expected));
    }
}

fn our_request() -> LogoutRequest {
    LogoutRequest {
        id: RequestId::parse(OURS).unwrap(),
        issue_instant: now(),
        issuer: SP.to_owned(),
        destination: IDP_SLO.to_owned(),
        name_id: NameId {
            value: USER.to_owned(),
            format: Some("urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress".to_owned()),
            name_qualifier: None,
            sp_name_qualifier: Some("a\"b".to_owned()),
        },
        session_indexes: vec!["_c9b1".to_owned()],
    }
}

fn our_response(status: LogoutStatus) -> LogoutResponse {
    LogoutResponse {
        id: RequestId::parse(OURS).unwrap(),
        issue_instant: now(),
        issuer: SP.to_owned(),
        destination: IDP_SLO.to_owned(),
        in_response_to: "_1d3c".to_owned(),
        status,
    }
}

#[test]
fn writes_requests() {
    insta::assert_snapshot!(our_request().to_xml(), @r#"<samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="id6c1c178c166d486687be4aaf5e482730" Version="2.0" IssueInstant="2026-11-24T09:00:00.000Z" Destination="https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/saml2"><saml:Issuer>https://jira.contoso.example/</saml:Issuer><saml:NameID SPNameQualifier="a&quot;b" Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">b.simon@contoso.example</saml:NameID><samlp:SessionIndex>_c9b1</samlp:SessionIndex></samlp:LogoutRequest>"#);
}

#[test]
fn writes_responses() {
    insta::assert_snapshot!(our_response(LogoutStatus::Success).to_xml(), @r#"<samlp:LogoutResponse xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="id6c1c178c166d486687be4aaf5e482730" Version="2.0" IssueInstant="2026-11-24T09:00:00.000Z" Destination="https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/saml2" InResponseTo="_1d3c"><saml:Issuer>https://jira.contoso.example/</saml:Issuer><samlp:Status><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status></samlp:LogoutResponse>"#);
    let status = |status| our_response(status).to_xml().split_once("<samlp:Status>").unwrap().1.to_owned();
    insta::assert_snapshot!(status(LogoutStatus::PartialLogout), @r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"><samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:PartialLogout"/></samlp:StatusCode></samlp:Status></samlp:LogoutResponse>"#);
    insta::assert_snapshot!(status(LogoutStatus::Responder), @r#"<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder"/></samlp:Status></samlp:LogoutResponse>"#);
}

/// What we send is what we would take, were we the other side.
#[test]
fn what_is_sent_can_be_received() {
    let key = SigningKey::generate(2048).unwrap();
    let certificate = key.self_signed("sp", now().as_second(), 30, [1; 16]).unwrap();
    let verifying = VerifyingKey::from_certificate_der(&certificate, 2048).unwrap();
    let validator = Validator::new(vec![verifying], Policy { allow_sha1: false }).unwrap();
    let there =
        LogoutExpected { logout_url: IDP_SLO, issuers: &[SP], in_response_to: Some("_1d3c"), ..expected() };
    let url = our_request().redirect_url(IDP_SLO, Some("r"), Some(&key)).unwrap();
    let query = url.strip_prefix(&format!("{IDP_SLO}?")).unwrap();
    let received = receive_with(query, &validator, &there).unwrap();
    assert_eq!(received.relay_state.as_deref(), Some("r"));
    let request = taken_request(received);
    assert_eq!((request.id.as_str(), &request.name_id), (OURS, &our_request().name_id));
    for (status, success) in [
        (LogoutStatus::Success, true),
        (LogoutStatus::PartialLogout, false),
        (LogoutStatus::Responder, false),
    ] {
        let url = our_response(status).redirect_url(IDP_SLO, None, Some(&key)).unwrap();
        let query = url.strip_prefix(&format!("{IDP_SLO}?")).unwrap();
        assert_eq!(taken_response(receive_with(query, &validator, &there).unwrap()).success, success);
    }
    let unsigned = our_request().redirect_url(IDP_SLO, None, None).unwrap();
    let query = unsigned.strip_prefix(&format!("{IDP_SLO}?")).unwrap();
    assert_eq!(code(receive_with(query, &validator, &there)), Some(Code::LogoutUnsigned));
}

#[test]
fn relay_state_is_at_most_80_bytes() {
    our_request().redirect_url(IDP_SLO, Some(&"x".repeat(80)), None).unwrap();
    let error = our_request().redirect_url(IDP_SLO, Some(&"x".repeat(81)), None).unwrap_err();
    assert_eq!(error.code(), Code::RelayStateInvalid);
}

/// The queries of the shared samples, as Entra sends them.
#[test]
fn takes_the_samples() {
    let Some(directory) = samples::directory("takes_the_samples") else { return };
    let pem = std::fs::read_to_string(directory.join("keys/entra-idp-active.cert.pem")).unwrap();
    let key = VerifyingKey::from_text(&pem, 2048).unwrap();
    let validator = Validator::new(vec![key], Policy { allow_sha1: false }).unwrap();
    let expected = LogoutExpected {
        now: "2026-11-20T10:20:30Z".parse().unwrap(),
        in_response_to: Some("idaa6ebe6839094fe4abc4ebd5281ec780"),
        ..expected()
    };
    let mut queries = 0;
    for file in std::fs::read_dir(directory.join("logout")).unwrap() {
        let file = file.unwrap().path();
        if file.extension().is_none_or(|end| end != "txt") {
            continue;
        }
        let query = std::fs::read_to_string(&file).unwrap();
        let received = receive_with(query.trim_end(), &validator, &expected).unwrap();
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        assert_eq!(received.relay_state.is_some(), name.contains("relaystate"), "{name}");
        match received.message {
            LogoutMessage::Request(request) => {
                assert_eq!(
                    request.get().session_indexes.is_empty(),
                    name.contains("no-sessionindex"),
                    "{name}"
                );
            }
            LogoutMessage::Response(response) => assert!(response.get().success, "{name}"),
        }
        queries += 1;
    }
    assert!(queries >= 4, "only {queries} samples");
}

static QUERY: LazyLock<String> = LazyLock::new(|| {
    redirect_query("SAMLRequest", &request(), Some("token"), &IDP_KEY, RedirectStyle::Entra).unwrap()
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// The honest message over both bindings, without a signature; whatever stands beside it makes none.
    #[test]
    fn never_takes_an_unsigned_query(more in "(&(RelayState|SigAlg|Signature|x)=[A-Za-z0-9%]{0,8}){0,3}|\\PC{0,20}") {
        let unsigned = QUERY.split('&').next().unwrap();
        prop_assert_eq!(code(receive(unsigned)), Some(Code::LogoutUnsigned));
        let with_more = format!("{unsigned}{more}");
        prop_assert!(receive(&with_more).is_err());
        prop_assert!(receive(&more).is_err());
    }

    /// Whatever is changed in a signed query, what is accepted is what was signed.
    #[test]
    fn nothing_changes_under_the_signature(at in 0..1500_usize, length in 0..4_usize, put in "[&=%a-fA-F0-9+/]{0,4}") {
        let start = at.min(QUERY.len());
        let end = (start + length).min(QUERY.len());
        let mut changed = QUERY.clone();
        changed.replace_range(start..end, &put);
        if let Ok(received) = receive(&changed) {
            prop_assert_eq!(received.relay_state.as_deref(), Some("token"));
            prop_assert_eq!(taken_request(received), taken_request(receive(&QUERY).unwrap()));
        }
    }

    #[test]
    fn never_takes_an_unsigned_post(at in any::<prop::sample::Index>(), put in "|[<>/a-z\" =]{1,12}|\\PC{0,12}", field in "\\PC{0,80}") {
        for xml in [request(), response()] {
            let parameter = parameter(&xml).1;
            let unsigned = receive_post(parameter, &STANDARD.encode(&xml), None);
            prop_assert_eq!(code(unsigned), Some(Code::LogoutUnsigned));
            let mut changed = xml;
            changed.insert_str(at.index(changed.len()), &put);
            prop_assert!(receive_post(parameter, &STANDARD.encode(&changed), None).is_err());
        }
        prop_assert!(receive_post(RedirectParameter::Request, &field, None).is_err());
    }

    /// No value becomes markup, whatever it holds.
    #[test]
    fn values_survive_the_way_out_and_back(value in "[ -~\u{a0}-\u{17f}\t\n\r]{1,40}", index in "[!-~]{1,20}") {
        prop_assume!(!value.trim().is_empty());
        let name_id = NameId { value: value.clone(), ..our_request().name_id };
        let request = LogoutRequest { name_id, session_indexes: vec![index.clone()], issuer: IDP.to_owned(), destination: SLO.to_owned(), ..our_request() };
        let query = redirect_query("SAMLRequest", &request.to_xml(), None, &IDP_KEY, RedirectStyle::Plain).unwrap();
        let taken = taken_request(receive(&query).unwrap());
        prop_assert_eq!(taken.name_id.value, value);
        prop_assert_eq!(taken.session_indexes, [index]);
    }
}
