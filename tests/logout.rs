//! Single logout both ways, over both bindings; what is not believed, and who can make whom sign out.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::DeflateDecoder;
use ostiary_testkit::{
    Hash, RedirectStyle, SignaturePlace, TestKey, WebRequest, redirect_query, shift, sign_canonical, stamp,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Read as _;
use std::sync::LazyLock;
use support::{Answer, Browser, Provider, Site, TENANT, merge, start_of_time};
use url::Url;

const LOGOUT: &str = "/plugins/servlet/saml/logout";
const LOGOUT_URL: &str = "https://jira.contoso.example/plugins/servlet/saml/logout";
const IDP_LOGOUT: &str = "https://login.microsoftonline.example/t/saml2";

/// The provider's key, and one that nobody trusts.
static KEYS: LazyLock<[TestKey; 2]> =
    LazyLock::new(|| ["trusted", "other"].map(|name| TestKey::generate(name, start_of_time()).unwrap()));
static PROVIDER: LazyLock<Provider> = LazyLock::new(Provider::entra);

fn entity_id() -> String {
    format!("https://sts.windows.net/{TENANT}/")
}

/// A site that trusts the first key.
fn site(changes: &Value) -> Site {
    let certificate = KEYS[0].certificate_base64().unwrap();
    let mut config = json!({"idp": {"logout_url": IDP_LOGOUT, "certificates": [certificate]}});
    merge(&mut config, changes);
    Site::of(&PROVIDER, &config)
}

fn session() -> Value {
    json!({
        "name_id": {
            "value": "b.simon@contoso.example",
            "format": "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress",
            "name_qualifier": "nq",
            "sp_name_qualifier": "spnq",
        },
        "session_index": "_s1",
        "not_on_or_after_ms": null,
        "attributes": {},
    })
}

fn signed_in() -> Browser {
    Browser { user: Some("b.simon".to_owned()), session: Some(session()), ..Browser::new() }
}

/// What a logout message says; a test changes what it is about.
#[derive(Clone)]
struct Message {
    name: &'static str,
    id: String,
    version: &'static str,
    issuer: String,
    destination: Option<String>,
    issued: i64,
    not_on_or_after: Option<i64>,
    in_response_to: Option<String>,
    body: String,
}

fn request() -> Message {
    Message {
        name: "LogoutRequest",
        id: "_r1".to_owned(),
        version: "2.0",
        issuer: entity_id(),
        destination: Some(LOGOUT_URL.to_owned()),
        issued: 0,
        not_on_or_after: Some(300),
        in_response_to: None,
        body: format!("{NAME_ID}<samlp:SessionIndex>_s1</samlp:SessionIndex>"),
    }
}

const NAME_ID: &str = "<NameID xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\" \
    Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\">b.simon@contoso.example</NameID>";

fn response(in_response_to: &str, status: &str) -> Message {
    let code = format!("urn:oasis:names:tc:SAML:2.0:status:{status}");
    Message {
        name: "LogoutResponse",
        id: "_a1".to_owned(),
        not_on_or_after: None,
        in_response_to: Some(in_response_to.to_owned()),
        body: format!("<samlp:Status><samlp:StatusCode Value=\"{code}\"></samlp:StatusCode></samlp:Status>"),
        ..request()
    }
}

impl Message {
    fn parameter(&self) -> &'static str {
        if self.name == "LogoutRequest" { "SAMLRequest" } else { "SAMLResponse" }
    }

    /// Canonical: attributes in order, so that it can be signed as it is.
    fn xml(&self) -> String {
        let at = |seconds| stamp(shift(start_of_time(), seconds));
        let mut attributes = String::new();
        if let Some(destination) = &self.destination {
            attributes.push_str(&format!(" Destination=\"{destination}\""));
        }
        attributes.push_str(&format!(" ID=\"{}\"", self.id));
        if let Some(id) = &self.in_response_to {
            attributes.push_str(&format!(" InResponseTo=\"{id}\""));
        }
        attributes.push_str(&format!(" IssueInstant=\"{}\"", at(self.issued)));
        if let Some(seconds) = self.not_on_or_after {
            attributes.push_str(&format!(" NotOnOrAfter=\"{}\"", at(seconds)));
        }
        format!(
            "<samlp:{0} xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\"{attributes} Version=\"{1}\"><Issuer \
             xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{2}</Issuer>{3}</samlp:{0}>",
            self.name, self.version, self.issuer, self.body
        )
    }

    /// Over the Redirect binding.
    fn query(&self, key: &TestKey, relay_state: Option<&str>, style: RedirectStyle) -> String {
        redirect_query(self.parameter(), &self.xml(), relay_state, key, style).unwrap()
    }

    /// Over the POST binding.
    fn fields(&self, key: Option<&TestKey>, relay_state: Option<&str>) -> Vec<(String, String)> {
        let xml = self.xml();
        let xml = match key {
            Some(key) => {
                sign_canonical(&xml, &self.id, key, Hash::Sha256, SignaturePlace::AfterIssuer, &[]).unwrap()
            }
            None => xml,
        };
        let relay_state = relay_state.map(|text| ("RelayState".to_owned(), text.to_owned()));
        std::iter::once((self.parameter().to_owned(), STANDARD.encode(xml))).chain(relay_state).collect()
    }
}

/// Both bindings, signed by the trusted key.
fn both_ways(site: &Site, browser: &Browser, message: &Message, relay_state: Option<&str>) -> [Answer; 2] {
    let query = message.query(&KEYS[0], relay_state, RedirectStyle::Entra);
    let form = browser.form_event(site, LOGOUT, &message.fields(Some(&KEYS[0]), relay_state));
    [browser.clone().visit(site, &format!("{LOGOUT}?{query}")), browser.clone().take(site, &form)]
}

/// Name and value of what a redirect carries.
fn carried(location: &str) -> BTreeMap<String, String> {
    Url::parse(location).unwrap().query_pairs().into_owned().collect()
}

fn inflate(parameter: &str) -> String {
    let mut xml = String::new();
    DeflateDecoder::new(STANDARD.decode(parameter).unwrap().as_slice()).read_to_string(&mut xml).unwrap();
    xml
}

fn header<'v>(respond: &'v Value, name: &str) -> &'v str {
    let headers = respond["headers"].as_array().unwrap();
    headers.iter().find(|pair| pair[0] == name).unwrap_or_else(|| panic!("{name}: {respond}"))[1]
        .as_str()
        .unwrap()
}

/// Signed out everywhere here, and off to the provider: its query.
fn off_to_the_provider(answer: &Answer) -> BTreeMap<String, String> {
    assert_eq!((answer.kind(), answer.code()), ("sign_out", "signed-out"), "{}", answer.0);
    assert_eq!(answer.0["who"], "current");
    assert_eq!(answer.0["then"]["status"], 303);
    let location = header(&answer.0["then"], "Location");
    assert!(location.starts_with(IDP_LOGOUT), "{location}");
    carried(location)
}

/// The ID of our LogoutRequest after a sign-out by this browser.
fn sign_out(site: &Site, browser: &mut Browser) -> String {
    let answer = browser.visit(site, LOGOUT);
    let xml = inflate(&off_to_the_provider(&answer)["SAMLRequest"]);
    xml.split(" ID=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

// Started here.

#[test]
fn a_sign_out_ends_the_session_and_tells_the_provider() {
    let site = site(&json!({}));
    let mut browser = signed_in();
    let answer = browser.visit(&site, LOGOUT);
    let carried = off_to_the_provider(&answer);
    let xml = inflate(&carried["SAMLRequest"]);
    for part in [
        "<samlp:LogoutRequest ",
        &format!(" Destination=\"{IDP_LOGOUT}\""),
        "<saml:Issuer>https://jira.contoso.example/</saml:Issuer>",
        ">b.simon@contoso.example</saml:NameID>",
        "NameQualifier=\"nq\"",
        "SPNameQualifier=\"spnq\"",
        "Format=\"urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress\"",
        "<samlp:SessionIndex>_s1</samlp:SessionIndex>",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
    assert!(carried.contains_key("Signature"), "AD FS refuses unsigned ones");
    assert_eq!(carried["SigAlg"], "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256");
    assert_eq!(browser.user, None);
    let (cookie, path) = &browser.jar["ostiary_logout"];
    assert_eq!(path, LOGOUT);
    let id = xml.split(" ID=\"").nth(1).unwrap().split('"').next().unwrap();
    assert!(id.starts_with("id") && !cookie.contains(id), "sealed");
}

#[test]
fn the_host_may_ask_for_it_as_well() {
    let site = site(&json!({}));
    let event = json!({"kind": "logout", "user": "b.simon", "session": session(), "cookies": {}});
    let carried = off_to_the_provider(&Answer(site.turn(&event)));
    assert!(inflate(&carried["SAMLRequest"]).contains("b.simon@contoso.example"));
    let nobody = site.turn(&json!({"kind": "logout"}));
    assert_eq!((&nobody["action"], &nobody["then"]["status"]), (&json!("sign_out"), &json!(200)));
}

#[test]
fn a_local_sign_out_ends_on_our_page() {
    let password = Browser { user: Some("b.simon".to_owned()), ..Browser::new() };
    for (changes, browser) in [
        (json!({"logout": {"single": false}}), signed_in()),
        (json!({"idp": {"logout_url": null}}), signed_in()),
        (json!({}), password),
    ] {
        let answer = browser.clone().visit(&site(&changes), LOGOUT);
        assert_eq!((answer.kind(), &answer.0["who"]), ("sign_out", &json!("current")), "{}", answer.0);
        assert_eq!(answer.0["then"]["status"], 200);
        assert!(answer.0["then"]["body"].as_str().unwrap().contains("You are signed out"));
        assert_eq!(answer.0["then"]["cookies"], json!([]));
    }
}

#[test]
fn the_answer_of_the_provider_ends_on_our_page() {
    let site = site(&json!({}));
    for (status, code, everywhere) in [
        ("Success", "signed-out", true),
        ("Responder", "logout-status", false),
        ("Requester", "logout-status", false),
    ] {
        let mut browser = signed_in();
        let id = sign_out(&site, &mut browser);
        for answer in both_ways(&site, &browser, &response(&id, status), None) {
            assert_eq!(
                (answer.kind(), answer.status(), answer.code()),
                ("respond", 200, code),
                "{}",
                answer.0
            );
            assert!(answer.body().contains("You are signed out"));
            assert_eq!(answer.body().contains("and of your identity provider"), everywhere, "{status}");
            let cookie = answer.0["cookies"][0].as_str().unwrap();
            assert!(cookie.starts_with("ostiary_logout=;") && cookie.contains("Max-Age=0"), "{cookie}");
        }
    }
}

#[test]
fn an_answer_that_cannot_be_believed_signs_nobody_out() {
    let site = site(&json!({}));
    let mut browser = signed_in();
    let id = sign_out(&site, &mut browser);
    let honest = response(&id, "Success");
    let wrong: Vec<(&str, Message)> = vec![
        ("logout-in-response-to", response("id00000000000000000000000000000000", "Success")),
        ("logout-issuer", Message { issuer: "https://evil.example/".to_owned(), ..honest.clone() }),
        ("logout-destination", Message { destination: None, ..honest.clone() }),
        ("logout-issue-instant", Message { issued: -481, ..honest.clone() }),
        ("logout-version", Message { version: "1.1", ..honest.clone() }),
    ];
    for (code, message) in wrong {
        for answer in both_ways(&site, &browser, &message, None) {
            assert_eq!((answer.kind(), answer.code()), ("respond", code), "{}", answer.0);
            assert!(answer.body().contains("did not confirm") && answer.body().contains(code));
        }
        // Somebody who is signed in stays so, and is not told otherwise.
        let still = Browser { jar: browser.jar.clone(), ..signed_in() };
        for answer in both_ways(&site, &still, &message, None) {
            answer.assert_refused(code);
            assert!(!answer.body().contains("You are signed out"));
        }
    }
    let forged = honest.query(&KEYS[1], None, RedirectStyle::Plain);
    let answer = browser.clone().visit(&site, &format!("{LOGOUT}?{forged}"));
    assert_eq!((answer.kind(), answer.code()), ("respond", "signature-invalid"));
    let other_browser = both_ways(&site, &Browser::new(), &honest, None);
    assert!(
        other_browser.iter().all(|answer| answer.code() == "logout-in-response-to"),
        "another browser's answer"
    );
    site.wait(3600);
    let late = Message { issued: 3600, ..honest };
    for answer in both_ways(&site, &browser, &late, None) {
        assert_eq!(answer.code(), "logout-in-response-to", "an hour later nothing is outstanding");
    }
}

// Started at the provider.

#[test]
fn a_request_of_the_provider_ends_the_sessions_and_is_answered() {
    let relay_state = "a b&c=\"<ü>";
    for (index, indexes) in
        [("<samlp:SessionIndex>_s1</samlp:SessionIndex>", json!(["_s1"])), ("", json!(null))]
    {
        let message = Message { body: format!("{NAME_ID}{index}"), ..request() };
        // It mostly comes in a frame of another site, without the session.
        for browser in [Browser::new(), signed_in()] {
            let by_redirect = {
                let query = message.query(&KEYS[0], Some(relay_state), RedirectStyle::Entra);
                browser.visit_event(&site(&json!({})), &format!("{LOGOUT}?{query}"))
            };
            let fields = message.fields(Some(&KEYS[0]), Some(relay_state));
            let by_post = browser.form_event(&site(&json!({})), LOGOUT, &fields);
            for event in [by_redirect, by_post] {
                let site = site(&json!({}));
                let answer = Answer(site.turn(&event));
                ends_sessions_and_answers(&answer, &indexes, relay_state);
                Answer(site.turn(&event)).assert_refused("already-used");
            }
        }
    }
}

fn ends_sessions_and_answers(answer: &Answer, indexes: &Value, relay_state: &str) {
    assert_eq!((answer.kind(), answer.code()), ("sign_out", "signed-out"), "{}", answer.0);
    let who = &answer.0["who"];
    assert_eq!(who["name_id"]["value"], "b.simon@contoso.example");
    assert_eq!(&who["session_indexes"], indexes);
    let location = header(&answer.0["then"], "Location");
    assert!(location.starts_with(IDP_LOGOUT), "{location}");
    let carried = carried(location);
    assert_eq!(carried["RelayState"], relay_state, "unchanged");
    assert!(carried.contains_key("Signature"));
    let xml = inflate(&carried["SAMLResponse"]);
    for part in [
        "InResponseTo=\"_r1\"",
        &format!("Destination=\"{IDP_LOGOUT}\""),
        "urn:oasis:names:tc:SAML:2.0:status:Success",
        "<saml:Issuer>https://jira.contoso.example/</saml:Issuer>",
    ] {
        assert!(xml.contains(part), "{part}: {xml}");
    }
}

#[test]
fn the_answer_goes_where_the_provider_wants_it() {
    let elsewhere =
        site(&json!({"idp": {"logout_response_url": "https://login.microsoftonline.example/t/answer"}}));
    let [answer, _] = both_ways(&elsewhere, &Browser::new(), &request(), None);
    assert!(
        header(&answer.0["then"], "Location").starts_with("https://login.microsoftonline.example/t/answer?")
    );
    let nowhere = site(&json!({"idp": {"logout_url": null}}));
    let [answer, _] = both_ways(&nowhere, &Browser::new(), &request(), None);
    assert_eq!((answer.kind(), &answer.0["then"]["status"]), ("sign_out", &json!(200)));
}

#[test]
fn both_spellings_of_the_query_are_understood() {
    for style in [RedirectStyle::Entra, RedirectStyle::Plain] {
        let query = request().query(&KEYS[0], Some("r"), style);
        let answer = Browser::new().visit(&site(&json!({})), &format!("{LOGOUT}?{query}"));
        assert_eq!(answer.kind(), "sign_out", "{style:?}: {}", answer.0);
    }
}

#[test]
fn the_issuers_of_logout_are_the_entity_id_those_configured_and_that_of_entra() {
    let further = json!({"idp": {"logout_issuers": ["https://further.example/"]}});
    for (issuer, known) in [
        (entity_id(), true),
        (format!("https://login.microsoftonline.com/{TENANT}/"), true),
        ("https://further.example/".to_owned(), true),
        ("https://login.microsoftonline.com/99999999-0000-cccc-1111-dddd2222eeee/".to_owned(), false),
        (format!("https://login.microsoftonline.com/{TENANT}"), false),
        ("https://further.example".to_owned(), false),
    ] {
        let message = Message { issuer: issuer.clone(), ..request() };
        let [answer, _] = both_ways(&site(&further), &Browser::new(), &message, None);
        if known {
            assert_eq!(answer.kind(), "sign_out", "{issuer}: {}", answer.0);
        } else {
            answer.assert_refused("logout-issuer");
        }
    }
    let adfs = json!({"idp": {"entity_id": "http://fs.contoso.example/adfs/services/trust"}});
    let message = Message { issuer: format!("https://login.microsoftonline.com/{TENANT}/"), ..request() };
    let [answer, _] = both_ways(&site(&adfs), &Browser::new(), &message, None);
    answer.assert_refused("logout-issuer");
}

#[test]
fn refuses_a_request_that_breaks_one_rule() {
    let site = site(&json!({}));
    let wrong: Vec<(&str, Message)> = vec![
        ("logout-issuer", Message { issuer: "https://evil.example/".to_owned(), ..request() }),
        ("logout-destination", Message { destination: None, ..request() }),
        (
            "logout-destination",
            Message { destination: Some("https://other.example/logout".to_owned()), ..request() },
        ),
        ("logout-expired", Message { not_on_or_after: Some(-180), ..request() }),
        ("logout-issue-instant", Message { issued: -480, ..request() }),
        ("logout-issue-instant", Message { issued: 181, ..request() }),
        ("logout-version", Message { version: "1.1", ..request() }),
        ("logout-name-id", Message { body: String::new(), ..request() }),
        (
            "logout-structure",
            Message { body: format!("{NAME_ID}<samlp:SessionIndex></samlp:SessionIndex>"), ..request() },
        ),
    ];
    for (code, message) in wrong {
        for answer in both_ways(&site, &signed_in(), &message, None) {
            answer.assert_refused(code);
        }
    }
    assert!(site.store.lock().unwrap().is_empty(), "nothing is reserved before everything is checked");
}

#[test]
fn refuses_a_request_that_pretends_to_be_an_answer() {
    let site = site(&json!({}));
    let query =
        request().query(&KEYS[0], None, RedirectStyle::Plain).replace("SAMLRequest=", "SAMLResponse=");
    let fields = request().fields(Some(&KEYS[0]), None).remove(0);
    let fields = [("SAMLResponse".to_owned(), fields.1)];
    signed_in().visit(&site, &format!("{LOGOUT}?{query}")).assert_refused("logout-not-a-logout");
    Answer(site.turn(&signed_in().form_event(&site, LOGOUT, &fields))).assert_refused("logout-not-a-logout");
}

#[test]
fn refuses_what_is_not_signed_by_the_provider() {
    let site = site(&json!({}));
    let browser = signed_in();
    let forged = request().query(&KEYS[1], None, RedirectStyle::Entra);
    browser.clone().visit(&site, &format!("{LOGOUT}?{forged}")).assert_refused("signature-invalid");
    let honest = request().query(&KEYS[0], None, RedirectStyle::Plain);
    let unsigned = honest.split("&SigAlg").next().unwrap();
    browser.clone().visit(&site, &format!("{LOGOUT}?{unsigned}")).assert_refused("logout-unsigned");
    let relayed = format!("{LOGOUT}?{honest}&RelayState=x");
    browser.clone().visit(&site, &relayed).assert_refused("signature-invalid");
    for (key, code) in [(Some(&KEYS[1]), "signature-invalid"), (None, "logout-unsigned")] {
        let event = browser.form_event(&site, LOGOUT, &request().fields(key, None));
        Answer(site.turn(&event)).assert_refused(code);
    }
    assert_eq!(site.asked("fetch"), 0, "a logout message causes no fetch");
}

#[test]
fn refuses_messages_in_wrong_places() {
    let site = site(&json!({}));
    let browser = signed_in();
    let query = request().query(&KEYS[0], None, RedirectStyle::Plain);
    let fields = request().fields(Some(&KEYS[0]), None);
    let get = |query: &str| browser.clone().visit(&site, &format!("{LOGOUT}?{query}"));
    get(&format!("{query}&{query}")).assert_refused("logout-parameters");
    get(&format!("{query}&SAMLResponse=x")).assert_refused("logout-missing");
    get("SigAlg=x&Signature=y").assert_refused("logout-missing");
    get("SAMLRequest=%zz").assert_refused("logout-parameters");
    let mut both = fields.clone();
    both.push(("SAMLResponse".to_owned(), "x".to_owned()));
    Answer(site.turn(&browser.form_event(&site, LOGOUT, &both))).assert_refused("logout-missing");
    let twice: Vec<_> = fields.iter().chain(&fields).cloned().collect();
    Answer(site.turn(&browser.form_event(&site, LOGOUT, &twice))).assert_refused("form-invalid");
    let mut in_query = browser.form_event(&site, LOGOUT, &fields);
    in_query["query"] = json!(query);
    Answer(site.turn(&in_query)).assert_refused("form-invalid");
    for (problem, code) in
        [("too-large", "message-too-large"), ("not-urlencoded", "form-invalid"), ("in-query", "form-invalid")]
    {
        let mut event = browser.form_event(&site, LOGOUT, &[]);
        event["form"] = json!(null);
        event["form_problem"] = json!(problem);
        Answer(site.turn(&event)).assert_refused(code);
    }
    let long = request().fields(Some(&KEYS[0]), Some(&"x".repeat(81)));
    Answer(site.turn(&browser.form_event(&site, LOGOUT, &long))).assert_refused("relay-state-invalid");
    for method in ["PUT", "DELETE", "HEAD", "OPTIONS"] {
        let mut event = browser.visit_event(&site, LOGOUT);
        event["method"] = json!(method);
        Answer(site.turn(&event)).assert_refused("method-not-allowed");
    }
}

#[test]
fn a_request_is_used_once_and_the_store_is_believed() {
    for (why, code) in [
        ("already-used", "already-used"),
        ("full", "one-time-store-full"),
        ("before-start", "one-time-before-start"),
        ("unreachable", "one-time-store-unreachable"),
    ] {
        let site = site(&json!({}));
        *site.store_fails.lock().unwrap() = Some(why);
        for answer in both_ways(&site, &signed_in(), &request(), None) {
            answer.assert_refused(code);
        }
    }
    let site = site(&json!({}));
    let query = request().query(&KEYS[0], None, RedirectStyle::Plain);
    let ask = site.cross(&Browser::new().visit_event(&site, &format!("{LOGOUT}?{query}")));
    assert_eq!((&ask["action"], &ask["what"]), (&json!("ask"), &json!("reserve")));
    let now = start_of_time().as_millisecond();
    assert_eq!(ask["until_ms"], now + 300_000 + 2 * 180_000, "until it would be refused as too old");
    assert_eq!(ask["issued_ms"], now, "a store made just before takes it");
    for result in [json!({}), json!({"reserved": true, "why": "full"}), json!({"found": "x"})] {
        let ask = site.cross(&Browser::new().visit_event(&site, &format!("{LOGOUT}?{query}")));
        let answer = site.cross(&json!({"kind": "answer", "resume": ask["resume"], "result": result}));
        Answer(answer).assert_refused("ask-unanswered");
    }
}

#[test]
fn without_a_key_of_the_provider_no_message_is_believed_but_a_user_may_leave() {
    let site = site(
        &json!({"idp": {"certificates": [], "metadata_url": "https://login.microsoftonline.example/m"}}),
    );
    for answer in both_ways(&site, &signed_in(), &request(), None) {
        answer.assert_refused("no-signing-key");
    }
    assert_eq!(signed_in().visit(&site, LOGOUT).kind(), "sign_out");
}

// Whose wish it is.

#[test]
fn another_site_cannot_sign_a_user_out_unasked() {
    let site = site(&json!({}));
    for headers in [
        json!({"accept": "image/*", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image", "sec-fetch-site": "cross-site"}),
        json!({"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "iframe", "sec-fetch-site": "cross-site"}),
        json!({"accept": "text/html", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document", "sec-fetch-site": "cross-site"}),
        json!({"accept": "*/*"}),
        json!({"accept": "text/html", "x-requested-with": "XMLHttpRequest"}),
    ] {
        let mut event = signed_in().visit_event(&site, LOGOUT);
        event["headers"] = headers.clone();
        let answer = site.turn(&event);
        assert_eq!((&answer["action"], &answer["status"]), (&json!("respond"), &json!(200)), "{headers}");
        assert!(answer["body"].as_str().unwrap().contains("Sign out?"), "{headers}");
        assert!(
            header(&answer, "Content-Security-Policy").contains("form-action https://jira.contoso.example")
        );
    }
    let mut event = signed_in().form_event(&site, LOGOUT, &[]);
    event["headers"]["sec-fetch-site"] = json!("cross-site");
    assert_eq!(site.turn(&event)["action"], "respond", "a form of another site");
}

#[test]
fn the_button_of_the_page_that_asks_signs_out() {
    let site = site(&json!({}));
    let mut browser = signed_in();
    let mut event = browser.visit_event(&site, LOGOUT);
    event["headers"]["sec-fetch-site"] = json!("cross-site");
    let asked = browser.take(&site, &event);
    let form = support::Form::read(asked.body());
    let mut press = browser.submit_event(&site, &form);
    press["headers"]["sec-fetch-site"] = json!("same-origin");
    off_to_the_provider(&browser.take(&site, &press));
}

#[test]
fn visits_of_ones_own_sign_out_at_once() {
    let site = site(&json!({}));
    for from in ["none", "same-origin", "same-site"] {
        let mut event = signed_in().visit_event(&site, LOGOUT);
        event["headers"]["sec-fetch-site"] = json!(from);
        off_to_the_provider(&Answer(site.turn(&event)));
    }
    let mut old_browser = signed_in().visit_event(&site, LOGOUT);
    old_browser["headers"] = json!({"accept": "text/html"});
    off_to_the_provider(&Answer(site.turn(&old_browser)));
}

#[test]
fn who_is_not_signed_in_sees_that() {
    let answer = Browser::new().visit(&site(&json!({})), LOGOUT);
    assert_eq!((answer.kind(), answer.status()), ("respond", 200));
    assert!(answer.body().contains("You are signed out"));
}

// With the test identity provider, which checks our signatures by our metadata.

#[test]
fn a_whole_sign_out_both_ways() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({}));
    let metadata = Browser::new().visit(&site, "/plugins/servlet/saml/metadata");
    provider.set_sp_metadata(metadata.body().as_bytes());
    let mut browser = Browser::new();
    assert_eq!(browser.sign_in(&site, &provider, "/", "b.simon").kind(), "sign_in");
    let leaving = browser.visit(&site, LOGOUT);
    let url = header(&leaving.0["then"], "Location").to_owned();
    let back = visit_provider(&provider, &site, WebRequest::get(path_of(&url)));
    let page = browser.visit(&site, back.strip_prefix(&site.origin).unwrap());
    assert_eq!((page.kind(), page.code()), ("respond", "signed-out"), "{}", page.0);
    assert!(page.body().contains("and of your identity provider"));
    assert!(browser.jar.keys().all(|name| name != "ostiary_logout"), "forgotten");

    assert_eq!(browser.sign_in(&site, &provider, "/", "b.simon").kind(), "sign_in");
    let logout = provider.sso_url().replace("/saml2", "/logout");
    let out = visit_provider(&provider, &site, WebRequest::post(path_of(&logout), &[("user", "b.simon")]));
    let ended = browser.visit(&site, out.strip_prefix(&site.origin).unwrap());
    assert_eq!(ended.kind(), "sign_out", "{}", ended.0);
    assert_eq!(ended.0["who"]["name_id"]["value"], "b.simon@contoso.example");
    let answer = header(&ended.0["then"], "Location").to_owned();
    let result = provider.handle(&WebRequest::get(path_of(&answer)), site.now());
    assert!(String::from_utf8(result.body).unwrap().contains("You are signed out"));
}

fn path_of(url: &str) -> &str {
    url.strip_prefix("https://login.microsoftonline.example").unwrap()
}

/// Where the provider sends the browser.
fn visit_provider(provider: &Provider, site: &Site, request: WebRequest) -> String {
    let answer = provider.handle(&request, site.now());
    let location = answer.headers.iter().find(|(name, _)| *name == "Location").map(|(_, url)| url.clone());
    location.unwrap_or_else(|| panic!("{}: {}", answer.status, String::from_utf8_lossy(&answer.body)))
}

#[test]
fn the_signature_of_our_messages_verifies() {
    let site = site(&json!({}));
    let answer = signed_in().visit(&site, LOGOUT);
    let location = header(&answer.0["then"], "Location");
    let query = location.split_once('?').unwrap().1;
    let text = site.config["keys"]["signing_certificate"].as_str().unwrap();
    let key = ostiary_xmlsig::VerifyingKey::from_text(text, 2048).unwrap();
    let validator =
        ostiary_xmlsig::Validator::new(vec![key], ostiary_xmlsig::Policy { allow_sha1: false }).unwrap();
    let message = ostiary_xmlsig::RedirectMessage::parse(query, &ostiary_xmlsig::Limits::MESSAGE).unwrap();
    message.verify(&validator).unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// One changed octet of a signed query never ends a session.
    #[test]
    fn no_changed_query_signs_anybody_out(at in any::<prop::sample::Index>(), to in "[ -~]") {
        static SITE: LazyLock<(Site, String)> =
            LazyLock::new(|| (site(&json!({})), request().query(&KEYS[0], Some("r"), RedirectStyle::Plain)));
        let (site, query) = &*SITE;
        let at = at.index(query.len());
        let mut changed = query.clone();
        changed.replace_range(at..=at, &to);
        prop_assume!(changed != *query);
        let decoded = |query: &str| url::form_urlencoded::parse(query.as_bytes()).into_owned().collect::<Vec<_>>();
        let answer = site.turn(&signed_in().visit_event(site, &format!("{LOGOUT}?{changed}")));
        let same = decoded(&changed) == decoded(query);
        prop_assert!(answer["action"] != "sign_out" || same, "{changed}");
    }

    /// Whatever comes, the answer is a page.
    #[test]
    fn any_message_gets_an_answer(query in "\\PC{0,80}", field in "\\PC{0,80}", name in "SAMLRe(quest|sponse)|RelayState") {
        static SITE: LazyLock<Site> = LazyLock::new(|| site(&json!({})));
        let mut event = Browser::new().visit_event(&SITE, LOGOUT);
        event["query"] = json!(query);
        prop_assert_eq!(&SITE.turn(&event)["action"], &json!("respond"));
        let event = Browser::new().form_event(&SITE, LOGOUT, &[(name, field)]);
        prop_assert_eq!(&SITE.turn(&event)["action"], &json!("respond"));
    }
}
