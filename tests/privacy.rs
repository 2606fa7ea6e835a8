//! What people send stays out of log lines and pages. Every behaviour test is watched for that (`support/privacy.rs`);
//! here with values that cannot be mistaken, over the corpus and the recorded vectors, and that the watch sees a leak.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary_engine::Engine;
use ostiary_testkit::{Encryption, RedirectStyle, Scene, SeededRng, TestKey, redirect_query, shift, stamp};
use ostiary_xmlsig::{EncryptionMethod, KeyTransport};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::LazyLock;
use support::corpus::corpus;
use support::privacy::{Secrets, assert_quiet};
use support::{
    ACS_PATH, Browser, ENTITY_ID, Form, ORIGIN, Provider, Site, TENANT, merge, own_certificate, start_of_time,
};

static KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::generate("Provider", start_of_time()).unwrap());

/// Each stands in one place only, and nowhere by chance.
const NAME: &str = "canary-name-id-3b1f";
const INDEX: &str = "canary-session-index-77c2";
const VALUE: &str = "canary-attribute-9d0e";
const USER: &str = "the.user.id";
const CANARIES: [&str; 3] = [NAME, INDEX, VALUE];

fn idp() -> String {
    format!("https://sts.windows.net/{TENANT}/")
}

/// A site that takes the user id from an attribute, so that no NameID may be told at all.
fn site(changes: &Value) -> Site {
    let mut config = Site::config_of(&idp(), "https://login.microsoftonline.example/saml2");
    config["idp"]["certificates"] = json!([KEY.certificate_base64().unwrap()]);
    config["user_id"] = json!({"attribute": "uid"});
    merge(&mut config, changes);
    let site = Site::open(config);
    site.directory.lock().unwrap().insert(USER.to_owned(), json!({"found": "the user"}));
    site
}

/// Everything that the site ever said, where a reader of logs or pages can see it.
fn told(site: &Site) -> String {
    let mut told = String::new();
    for (_, _, action) in site.crossed.lock().unwrap().iter() {
        told.push_str(&format!("{}{}{}", action["log"], action["body"], action["then"]["body"]));
    }
    told
}

fn assert_no_canary(site: &Site, what: &str) {
    let told = told(site);
    for canary in CANARIES {
        assert!(!told.contains(canary), "{what}: {canary} in {told}");
        let encoded = STANDARD.encode(canary);
        assert!(!told.contains(&encoded[..16]), "{what}: {canary} as base64");
    }
}

/// A Response with a canary in every place that is about a person.
fn canaries(scene: &mut Scene) {
    scene.name_id = NAME.to_owned();
    for (_, values) in &mut scene.attributes {
        *values = vec![format!("{VALUE}-{}", values.len())];
    }
    scene.attributes.push(("uid".to_owned(), vec![USER.to_owned()]));
    let index = format!("SessionIndex=\"{}\"", scene.assertion_id);
    scene.edit_assertion.push((index, format!("SessionIndex=\"{INDEX}\"")));
}

/// Signs in, or is refused, with a canary Response; what came of it.
fn respond(site: &Site, change: impl FnOnce(&mut Scene), edit: impl FnOnce(String) -> String) -> String {
    let mut browser = Browser::new();
    let leaving = browser.start(site, "/browse/X-1");
    let id = leaving.location().split("RelayState=").nth(1).unwrap().to_owned();
    let acs_url = format!("{ORIGIN}{ACS_PATH}");
    let now = site.now();
    let mut scene = Scene::entra(&idp(), ENTITY_ID, &acs_url, Some(&id), now, &mut SeededRng::new(5));
    canaries(&mut scene);
    change(&mut scene);
    let message = STANDARD.encode(edit(scene.build(&KEY).unwrap()));
    let fields = vec![("SAMLResponse".to_owned(), message.clone()), ("RelayState".to_owned(), id)];
    let cookie = browser.jar.values().next().unwrap().0.clone();
    let answer = browser.submit(site, &Form { action: acs_url, fields });
    let told = told(site);
    assert!(!told.contains(&cookie) && !told.contains(&message), "cookie or message");
    if answer.kind() == "sign_in" { "signed-in".to_owned() } else { answer.code().to_owned() }
}

type Defect = (&'static str, fn(&mut Scene), fn(String) -> String);

/// Refusals at every stage, from the parser to the user directory.
const DEFECTS: &[Defect] = &[
    ("signed-in", |_| {}, |xml| xml),
    ("xml-comment", |_| {}, |xml| xml.replacen(NAME, "canary-name-id<!---->-3b1f", 1)),
    ("xml-malformed", |_| {}, |xml| xml[..xml.len() - 40].to_owned()),
    ("xml-mixed-content", |_| {}, |xml| xml.replacen("<samlp:Status>", &format!("{VALUE}<samlp:Status>"), 1)),
    ("signature-digest-mismatch", |_| {}, |xml| xml.replacen(VALUE, "canary-attribute-9d0f", 1)),
    ("signature-missing", |scene| scene.sign_assertion = false, |xml| xml),
    (
        "audience-mismatch",
        |scene| scene.audiences = vec![vec!["https://other.example/".to_owned()]],
        |xml| xml,
    ),
    ("conditions-expired", |scene| scene.not_on_or_after = shift(scene.issue_instant, -3600), |xml| xml),
    ("name-id-invalid", |scene| scene.name_id = format!("{NAME} "), |xml| xml),
    ("attribute-duplicate", |scene| scene.attributes.push(scene.attributes[0].clone()), |xml| xml),
    ("user-id-missing", |scene| scene.attributes.retain(|(name, _)| name != "uid"), |xml| xml),
    ("user-id-ambiguous", |scene| scene.attributes.last_mut().unwrap().1.push(VALUE.to_owned()), |xml| xml),
    ("user-not-found", |scene| scene.attributes.last_mut().unwrap().1 = vec!["nobody".to_owned()], |xml| xml),
    (
        "signed-in",
        |scene| {
            let (certificate, method) = (own_certificate(), EncryptionMethod::Aes256Gcm);
            let transport = KeyTransport::OaepMgf1p;
            scene.encrypt = Some(Encryption { certificate, method, transport, detached: false });
        },
        |xml| xml,
    ),
    (
        "decryption-failed",
        |scene| {
            let (certificate, method) = (own_certificate(), EncryptionMethod::Aes256Gcm);
            let transport = KeyTransport::OaepMgf1p;
            scene.encrypt = Some(Encryption { certificate, method, transport, detached: false });
            scene.sign_assertion = false;
        },
        |xml| xml,
    ),
];

#[test]
fn nothing_of_a_response_is_told_whatever_becomes_of_it() {
    for (code, change, edit) in DEFECTS {
        let site = site(&json!({}));
        assert_eq!(respond(&site, *change, *edit), *code);
        assert_no_canary(&site, code);
        let told = told(&site);
        assert!(told.contains(code) || *code == "signed-in", "{code} is told: {told}");
    }
}

#[test]
fn the_user_id_is_told_where_somebody_signs_in() {
    let site = site(&json!({}));
    assert_eq!(respond(&site, |_| {}, |xml| xml), "signed-in");
    assert!(told(&site).contains("the user"), "{}", told(&site));
}

const LOGOUT_PATH: &str = "/plugins/servlet/saml/logout";

fn signed_in() -> Browser {
    let mut browser = Browser::new();
    browser.user = Some("the user".to_owned());
    browser.session = Some(json!({
        "name_id": {"value": NAME}, "session_index": INDEX, "attributes": {"a": [VALUE]},
    }));
    browser
}

#[test]
fn nothing_of_a_session_is_told_when_its_user_leaves() {
    for changes in [json!({}), json!({"logout": {"single": false}}), json!({"idp": {"logout_url": null}})] {
        let site = site(&changes);
        let leaving = signed_in().visit(&site, LOGOUT_PATH);
        assert_eq!(leaving.kind(), "sign_out", "{}", leaving.0);
        assert_no_canary(&site, "leaving");
        let mut cross_site = signed_in().visit_event(&site, LOGOUT_PATH);
        cross_site["headers"]["sec-fetch-site"] = json!("cross-site");
        site.turn(&cross_site);
        site.turn(
            &json!({"kind": "logout", "user": "the user", "session": signed_in().session, "cookies": {}}),
        );
        assert_no_canary(&site, "leaving otherwise");
    }
}

#[test]
fn nothing_of_a_logout_request_is_told_whatever_becomes_of_it() {
    let honest = format!(
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_logout\" Version=\"2.0\" \
         IssueInstant=\"{}\" Destination=\"{ORIGIN}{LOGOUT_PATH}\"><Issuer \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer><NameID \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{NAME}</NameID><samlp:SessionIndex>{INDEX}\
         </samlp:SessionIndex></samlp:LogoutRequest>",
        stamp(start_of_time()),
        idp(),
    );
    for (code, from, to) in [
        ("signed-out", "", ""),
        ("logout-version", "2.0\" Issue", "1.1\" Issue"),
        ("logout-issuer", "sts.windows.net", "sts.other.example"),
        ("logout-name-id", NAME, "canary-name-id-3b1f<x/>"),
        ("logout-destination", "/saml/logout\"", "/saml/other\""),
        ("xml-malformed", "</samlp:LogoutRequest>", ""),
    ] {
        let site = site(&json!({}));
        let xml = if from.is_empty() { honest.clone() } else { honest.replacen(from, to, 1) };
        let query = redirect_query("SAMLRequest", &xml, None, &KEY, RedirectStyle::Entra).unwrap();
        let answer = signed_in().visit(&site, &format!("{LOGOUT_PATH}?{query}"));
        assert_eq!(answer.code(), code, "{}", answer.0);
        assert_no_canary(&site, code);
        let unsigned = signed_in();
        let fields = [("SAMLRequest".to_owned(), STANDARD.encode(&xml))];
        site.turn(&unsigned.form_event(&site, LOGOUT_PATH, &fields));
        assert_no_canary(&site, "by POST");
    }
}

#[test]
fn nothing_of_an_attempt_cookie_is_told() {
    let site = site(&json!({}));
    for cookie in ["canary-name-id-3b1f-cookie-that-does-not-open", INDEX] {
        let mut browser = Browser::new();
        let leaving = browser.start(&site, "/browse/X-1");
        let id = leaving.location().split("RelayState=").nth(1).unwrap().to_owned();
        browser.jar.values_mut().for_each(|value| value.0 = cookie.to_owned());
        let acs_url = format!("{ORIGIN}{ACS_PATH}");
        let now = site.now();
        let scene = Scene::entra(&idp(), ENTITY_ID, &acs_url, Some(&id), now, &mut SeededRng::new(5));
        let fields = vec![
            ("SAMLResponse".to_owned(), STANDARD.encode(scene.build(&KEY).unwrap())),
            ("RelayState".to_owned(), id),
        ];
        browser.submit(&site, &Form { action: acs_url, fields }).assert_refused("attempt-invalid");
    }
    assert_no_canary(&site, "a cookie");
}

#[test]
fn nothing_of_any_document_of_the_corpus_is_told() {
    let Some(cases) = corpus() else {
        println!("SKIPPED: there is no corpus");
        return;
    };
    let mut looked_at = 0;
    for case in cases {
        let mut config = case.config.clone();
        let now = case.now.unwrap_or_else(start_of_time);
        let open =
            |config: &Value| Engine::open(config.to_string().as_bytes(), now, &mut SeededRng::new(1)).engine;
        let engine = open(&config).unwrap_or_else(|| {
            // The product refuses its addresses; with ours the document is looked at all the same.
            config = Site::config_of(&idp(), "https://login.microsoftonline.example/saml2");
            config["idp"]["certificates"] = json!([KEY.certificate_base64().unwrap()]);
            config["policy"] = json!({"allow_unsolicited": true});
            open(&config).unwrap()
        });
        for event in &case.events {
            let action = engine.handle(event.to_string().as_bytes(), now, &mut SeededRng::new(9));
            let action: Value = serde_json::from_slice(&action).unwrap();
            assert_quiet(&config, event, &action);
            looked_at += 1;
        }
    }
    assert!(looked_at > 0);
}

#[test]
fn nothing_of_any_recorded_vector_is_told() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let mut looked_at = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let read = |file: &str| -> Value {
            serde_json::from_slice(&std::fs::read(entry.as_ref().unwrap().path().join(file)).unwrap())
                .unwrap()
        };
        let (mut config, events) = (read("config.json"), read("events.json"));
        config["keys"] = Site::own_keys();
        let opened = Engine::open(config.to_string().as_bytes(), start_of_time(), &mut SeededRng::new(7));
        let engine = opened.engine.unwrap();
        let mut resume = Value::Null;
        for event in events.as_array().unwrap() {
            let at: Timestamp = event["at"].as_str().unwrap().parse().unwrap();
            let mut event = event["event"].clone();
            if event["resume"] == "$resume" {
                event["resume"] = resume.clone();
            }
            let action = engine.handle(event.to_string().as_bytes(), at, &mut SeededRng::new(looked_at));
            let action: Value = serde_json::from_slice(&action).unwrap();
            resume = action["resume"].clone();
            assert_quiet(&config, &event, &action);
            looked_at += 1;
        }
    }
    assert!(looked_at > 60, "{looked_at}");
}

/// The watch over all of this sees what it is for.
#[test]
fn a_leak_into_a_log_line_or_a_page_is_seen() {
    let site = site(&json!({}));
    let mut browser = signed_in();
    browser
        .jar
        .insert("ostiary_x".to_owned(), ("canary-cookie-of-more-than-24-letters".to_owned(), "/".to_owned()));
    let now = site.now();
    let acs_url = format!("{ORIGIN}{ACS_PATH}");
    let mut scene = Scene::entra(&idp(), ENTITY_ID, &acs_url, None, now, &mut SeededRng::new(5));
    canaries(&mut scene);
    let (assertion_id, xml) = (scene.assertion_id.clone(), scene.build(&KEY).unwrap());
    let base64 = STANDARD.encode(&xml);
    let event = browser.form_event(&site, ACS_PATH, &[("SAMLResponse".to_owned(), base64.clone())]);
    let secrets = Secrets::of(&site.config, &event);
    let logged = |text: &str| secrets.leaks(&json!({"log": [{"text": format!("before {text} after")}]}));
    let shown = |text: &str| secrets.leaks(&json!({"action": "respond", "body": format!("<p>{text}</p>")}));
    let after = |text: &str| secrets.leaks(&json!({"then": {"body": text}}));
    let markup = xml.find("<AttributeValue").unwrap();
    for leak in [
        NAME,
        INDEX,
        &format!("{VALUE}-1"),
        "cookie-of-more-than-24-letters",
        &base64[100..124],
        &xml[markup - 10..markup + 14],
        "canary-name-id-3b1f</NameID>",
    ] {
        assert!(!logged(leak).is_empty(), "{leak} in a log line");
        assert!(!shown(leak).is_empty(), "{leak} on a page");
        assert!(!after(leak).is_empty(), "{leak} on the page after a sign-out");
    }
    for harmless in [USER, &assertion_id, &idp(), "audience-mismatch: expected https://jira.contoso.example/"]
    {
        assert_eq!(logged(harmless), Vec::<String>::new(), "{harmless}");
    }
    assert!(!Secrets::default().and(VALUE).leaks(&json!({"log": [{"text": VALUE}]})).is_empty());
    let watched = std::panic::catch_unwind(|| {
        assert_quiet(&site.config, &event, &json!({"log": [{"text": NAME}]}));
    });
    assert!(watched.is_err(), "the watch over the behaviour tests fails on it");
}

#[test]
fn a_refresh_of_the_keys_tells_nothing_of_who_waits_for_it() {
    let provider = Provider::entra();
    let site = Site::of(&provider, &json!({"idp": {"metadata_url": provider.metadata_url()}}));
    *site.fetch.lock().unwrap() = Some(Box::new(|_| json!({"error": "connection refused"})));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/", "b.simon", &[("misbehave", "wrong-key")]);
    // The crossings of this turn are watched; what is wanted here is that a fetch was among them.
    browser.submit(&site, &form).assert_refused("signature-invalid");
    assert_eq!(site.asked("fetch"), 1);
    assert!(!told(&site).contains("B. Simon"));
}
