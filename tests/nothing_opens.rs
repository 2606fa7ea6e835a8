//! Hostile documents that name files and servers, through the door. Here they are refused; `./x test` runs this file
//! and the other behaviour tests once more under strace, and fails when a thread opens anything while it handles them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
#![expect(clippy::disallowed_methods, reason = "the door reads the clock, so the provider must")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use ostiary::door::Door;
use ostiary_testkit::{
    Encryption, RedirectStyle, Scene, SeededRng, TestKey, deflate_base64, redirect_query, stamp, wrap,
};
use ostiary_xmlsig::{EncryptionMethod, KeyTransport};
use serde_json::{Value, json};
use std::sync::LazyLock;
use support::corpus::corpus;
use support::{
    ACS_PATH, Answer, Browser, ENTITY_ID, ORIGIN, Provider, Site, TENANT, handling, merge, own_certificate,
    start_of_time,
};

const LOGOUT_PATH: &str = "/plugins/servlet/saml/logout";
/// Nobody listens there; a connection would be seen all the same.
const SERVER: &str = "http://127.0.0.1:9/x";
const FILE: &str = "file:///etc/passwd";

static KEY: LazyLock<TestKey> = LazyLock::new(|| TestKey::generate("Provider", Timestamp::now()).unwrap());

/// An open engine that trusts [`KEY`], and a site that describes it to a browser.
struct Lab {
    door: Door,
    handle: i64,
    site: Site,
}

impl Lab {
    fn new(changes: &Value) -> Self {
        let mut config = Site::config_of(&idp(), "https://login.microsoftonline.example/saml2");
        config["idp"]["certificates"] = json!([KEY.certificate_base64().unwrap()]);
        merge(&mut config, changes);
        let (door, handle) = open(&config);
        Self { door, handle: handle.unwrap(), site: Site::open(config) }
    }

    /// A crossing, between marks.
    fn cross(&self, event: &Value) -> Value {
        cross(&self.door, self.handle, event)
    }

    /// The answer to a Response that was asked for. `change` comes before signing, `edit` after it.
    fn response(&self, change: impl FnOnce(&mut Scene), edit: impl FnOnce(String) -> String) -> Value {
        let mut browser = Browser::new();
        let leaving = self.cross(&browser.visit_event(&self.site, ACS_PATH));
        browser.keep_cookies(&leaving);
        let id = Answer(leaving).location().split("RelayState=").nth(1).unwrap().to_owned();
        let mut scene = scene(Some(&id));
        change(&mut scene);
        let message = STANDARD.encode(edit(scene.build(&KEY).unwrap()));
        let fields = [("SAMLResponse".to_owned(), message), ("RelayState".to_owned(), id)];
        self.cross(&browser.form_event(&self.site, ACS_PATH, &fields))
    }

    fn logout(&self, xml: &str) -> [Value; 3] {
        let signed = redirect_query("SAMLRequest", xml, None, &KEY, RedirectStyle::Entra).unwrap();
        let unsigned = deflate_base64(xml).unwrap().replace('+', "%2B").replace('=', "%3D");
        let browser = Browser::new();
        let field = [("SAMLRequest".to_owned(), STANDARD.encode(xml))];
        [
            browser.visit_event(&self.site, &format!("{LOGOUT_PATH}?{signed}")),
            browser.visit_event(&self.site, &format!("{LOGOUT_PATH}?SAMLRequest={unsigned}")),
            browser.form_event(&self.site, LOGOUT_PATH, &field),
        ]
        .map(|event| self.cross(&event))
    }
}

fn idp() -> String {
    format!("https://sts.windows.net/{TENANT}/")
}

fn scene(request: Option<&str>) -> Scene {
    let acs_url = format!("{ORIGIN}{ACS_PATH}");
    Scene::entra(&idp(), ENTITY_ID, &acs_url, request, Timestamp::now(), &mut SeededRng::new(5))
}

/// The door, and the handle unless it refused the configuration.
fn open(config: &Value) -> (Door, Option<i64>) {
    let door = Door::new();
    let config = config.to_string();
    let opened: Value = serde_json::from_slice(&handling(|| door.open(config.as_bytes()))).unwrap();
    let handle = opened["handle"].as_i64().filter(|handle| *handle != 0);
    (door, handle)
}

fn cross(door: &Door, handle: i64, event: &Value) -> Value {
    let event = event.to_string();
    serde_json::from_slice(&handling(|| door.handle(handle, event.as_bytes()))).unwrap()
}

/// Fails unless the answer is a page of a refusal.
fn assert_refused(action: &Value, what: &str) {
    assert_eq!(action["action"], "respond", "{what}: {action}");
    assert!(action["status"].as_u64().unwrap() >= 400, "{what}: {action}");
}

/// Pieces that make a careless reader fetch something; each stands where the schema would let it or where a parser
/// looks before it knows better.
fn lures() -> Vec<(&'static str, String)> {
    let mut lures = Vec::new();
    for url in [FILE, SERVER, "\\\\127.0.0.1\\x", "jar:file:///etc/x.zip!/y", "netdoc:/etc/passwd"] {
        lures.extend([
            ("external entity", format!("<!DOCTYPE r [<!ENTITY x SYSTEM \"{url}\">]>")),
            ("parameter entity", format!("<!DOCTYPE r [<!ENTITY % x SYSTEM \"{url}\"> %x;]>")),
            ("external subset", format!("<!DOCTYPE r SYSTEM \"{url}\">")),
            ("public subset", format!("<!DOCTYPE r PUBLIC \"-//x//y\" \"{url}\">")),
            ("style sheet", format!("<?xml-stylesheet type=\"text/xsl\" href=\"{url}\"?>")),
            ("model", format!("<?xml-model href=\"{url}\"?>")),
        ]);
    }
    lures
}

/// Pieces within a message, before its Status.
fn inner_lures() -> Vec<String> {
    let mut lures = Vec::new();
    for url in [FILE, SERVER] {
        lures.extend([
            format!("<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"{url}\"/>"),
            format!("<samlp:Extensions><x xlink:href=\"{url}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\"/></samlp:Extensions>"),
            format!("<x xsi:schemaLocation=\"urn:x {url}\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"/>"),
            format!("<x xml:base=\"{url}\"/>"),
        ]);
    }
    lures
}

#[test]
fn documents_that_name_files_and_servers_are_refused() {
    let lab = Lab::new(&json!({}));
    for (what, lure) in lures() {
        assert_refused(&lab.response(|_| {}, |xml| format!("{lure}{xml}")), what);
        let entity =
            |xml: String| format!("{lure}{}", xml.replacen("<samlp:Status>", "&x;<samlp:Status>", 1));
        assert_refused(&lab.response(|_| {}, entity), what);
        for action in lab.logout(&format!("{lure}{}", logout_request())) {
            assert_refused(&action, what);
        }
    }
    for lure in inner_lures() {
        let edit = |xml: String| xml.replacen("<samlp:Status>", &format!("{lure}<samlp:Status>"), 1);
        // An extension point may hold anything; nothing reads it.
        let action = lab.response(|_| {}, edit);
        if !lure.starts_with("<samlp:Extensions>") {
            assert_refused(&action, &lure);
        }
        let request = logout_request().replace("<NameID", &format!("{lure}<NameID"));
        for action in lab.logout(&request) {
            assert!(
                !["ask", "sign_in"].contains(&action["action"].as_str().unwrap())
                    || lure.contains("Extensions")
            );
        }
    }
}

fn logout_request() -> String {
    format!(
        "<samlp:LogoutRequest xmlns:samlp=\"urn:oasis:names:tc:SAML:2.0:protocol\" ID=\"_logout\" Version=\"2.0\" \
         IssueInstant=\"{}\" Destination=\"{ORIGIN}{LOGOUT_PATH}\"><Issuer \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">{}</Issuer><NameID \
         xmlns=\"urn:oasis:names:tc:SAML:2.0:assertion\">b.simon@contoso.example</NameID></samlp:LogoutRequest>",
        stamp(Timestamp::now()),
        idp(),
    )
}

#[test]
fn references_that_lead_outside_are_refused_though_the_right_key_signed_them() {
    let lab = Lab::new(&json!({}));
    for uri in [
        "",
        FILE,
        SERVER,
        "/etc/passwd",
        "../x",
        "#xpointer(/)",
        "#xpointer(id('x'))",
        "#xmlns(a=b)xpointer(//a)",
        "cid:x",
    ] {
        let change = |scene: &mut Scene| {
            let own = format!("URI=\"#{}\"", scene.assertion_id);
            scene.edit_signed_info.push((own, format!("URI=\"{uri}\"")));
        };
        let action = lab.response(change, |xml| xml);
        assert_eq!(action["code"], "signature-reference", "{uri}: {action}");
    }
}

#[test]
fn transforms_that_fetch_are_refused_though_the_right_key_signed_them() {
    let lab = Lab::new(&json!({}));
    let xslt = format!(
        "<xsl:stylesheet version=\"1.0\" xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"><xsl:import \
         href=\"{SERVER}\"></xsl:import><xsl:template match=\"/\"><xsl:copy-of select=\"document('{FILE}')\">\
         </xsl:copy-of></xsl:template></xsl:stylesheet> "
    );
    let xpath = format!("<XPath>document('{FILE}')</XPath> ");
    for (algorithm, inside) in [
        ("http://www.w3.org/TR/1999/REC-xslt-19991116", xslt.as_str()),
        ("http://www.w3.org/TR/1999/REC-xpath-19991116", xpath.as_str()),
        ("http://www.w3.org/2002/06/xmldsig-filter2", xpath.as_str()),
        ("http://www.w3.org/2000/09/xmldsig#base64", ""),
        ("http://www.w3.org/2001/04/decrypt#", ""),
    ] {
        let change = |scene: &mut Scene| {
            let enveloped = "<Transform Algorithm=\"http://www.w3.org/2000/09/xmldsig#enveloped-signature\">";
            let other = format!("<Transform Algorithm=\"{algorithm}\">{inside}");
            scene.edit_signed_info.push((enveloped.to_owned(), other));
        };
        let action = lab.response(change, |xml| xml);
        assert_eq!(action["code"], "signature-transform", "{action}");
    }
}

#[test]
fn keys_that_stand_elsewhere_are_not_fetched() {
    let lab = Lab::new(&json!({}));
    for url in [FILE, SERVER] {
        let info =
            format!("<RetrievalMethod URI=\"{url}\" Type=\"http://www.w3.org/2000/09/xmldsig#X509Data\"/>");
        let with_info = |xml: String| {
            let (before, rest) = xml.split_once("<KeyInfo").unwrap();
            let (_, after) = rest.split_once("</KeyInfo>").unwrap();
            format!("{before}<KeyInfo>{info}</KeyInfo>{after}")
        };
        let action = lab.response(|_| {}, with_info);
        // KeyInfo is not read: the configured key verifies all the same.
        assert_eq!(action["what"], "look_up", "{action}");
    }
}

#[test]
fn ciphertexts_that_stand_elsewhere_are_not_fetched() {
    let lab = Lab::new(&json!({}));
    for url in [FILE, SERVER] {
        for number in [0, 1] {
            let encrypt = |scene: &mut Scene| {
                let (certificate, method) = (own_certificate(), EncryptionMethod::Aes256Gcm);
                let transport = KeyTransport::OaepMgf1p;
                scene.encrypt = Some(Encryption { certificate, method, transport, detached: false });
            };
            let reference = |xml: String| {
                let value = xml.split("<xenc:CipherValue>").nth(number + 1).unwrap();
                let value = value.split("</xenc:CipherValue>").next().unwrap();
                let value = format!("<xenc:CipherValue>{value}</xenc:CipherValue>");
                xml.replacen(&value, &format!("<xenc:CipherReference URI=\"{url}\"/>"), 1)
            };
            let action = lab.response(encrypt, reference);
            assert_eq!(action["code"], "encryption-structure", "{action}");
        }
    }
}

#[test]
fn metadata_that_names_files_and_servers_is_refused() {
    let document = String::from_utf8(Provider::entra().metadata(start_of_time())).unwrap();
    let lab = Lab::new(&json!({}));
    for (what, lure) in lures() {
        let body = document.split_once("?>").map_or(document.as_str(), |(_, rest)| rest);
        let event = json!({"kind": "configure", "metadata_xml": format!("{lure}{body}")});
        assert_refused(&lab.cross(&event), what);
    }
}

#[test]
fn no_wrapped_message_signs_in_through_the_door() {
    let lab = Lab::new(&json!({}));
    let mut seen = 0;
    for (assertion, response) in [(true, false), (false, true)] {
        let count = wrap(&signed(&scene(None), assertion, response), "b.simon", "admin").unwrap().len();
        for number in 0..count {
            let change =
                |scene: &mut Scene| (scene.sign_assertion, scene.sign_response) = (assertion, response);
            let action =
                lab.response(change, |xml| wrap(&xml, "b.simon", "admin").unwrap()[number].xml.clone());
            assert_refused(&action, "wrapped");
            seen += 1;
        }
    }
    assert!(seen > 15, "{seen}");
}

fn signed(scene: &Scene, assertion: bool, response: bool) -> String {
    let mut scene = scene.clone();
    (scene.sign_assertion, scene.sign_response) = (assertion, response);
    scene.build(&KEY).unwrap()
}

#[test]
fn every_document_of_the_corpus_is_answered_through_the_door() {
    let Some(cases) = corpus() else {
        println!("SKIPPED: there is no corpus");
        return;
    };
    for case in cases {
        // A configuration that the product refuses (http addresses and the like) is replaced by one of ours.
        let (door, handle) = match open(&case.config) {
            (door, Some(handle)) => (door, handle),
            (_, None) => {
                let mut config = Site::config_of(&idp(), "https://login.microsoftonline.example/saml2");
                config["idp"]["certificates"] = json!([KEY.certificate_base64().unwrap()]);
                let (door, handle) = open(&config);
                (door, handle.unwrap())
            }
        };
        for event in &case.events {
            let action = cross(&door, handle, event);
            assert!(
                ["respond", "ask", "pass", "sign_out"].contains(&action["action"].as_str().unwrap()),
                "{}",
                case.id
            );
        }
    }
}

/// In a process where nothing was used before, what OpenSSL and the C library do at their first use is seen too.
#[test]
fn a_library_that_was_never_used_answers() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/sign-in-assertion-signed/");
    let read = |file: &str| -> Value {
        serde_json::from_slice(&std::fs::read(format!("{folder}{file}")).unwrap()).unwrap()
    };
    let (config, events) = (read("config.json"), read("events.json"));
    let (door, handle) = open(&config);
    let handle = handle.unwrap();
    // The first tick makes our own keys and their certificate.
    let made = cross(&door, handle, &json!({"kind": "tick"}));
    assert_eq!(made["what"], "save", "{made}");
    let post = events.as_array().unwrap().iter().find(|event| event["event"]["method"] == "POST").unwrap();
    let action = cross(&door, handle, &post["event"]);
    assert_eq!(action["action"], "respond", "an answer of long ago: {action}");
}

/// Shows that a trace sees what is opened between marks: `xtask nothing-opens` runs this one alone and demands to
/// find all four.
#[test]
#[ignore = "opens what may not be opened: only for xtask nothing-opens"]
fn control() {
    handling(|| {
        assert!(std::fs::read("/ostiary-marks/control").is_err());
        assert!(std::net::TcpStream::connect("127.0.0.1:9").is_err());
        assert!(std::process::Command::new("/ostiary-marks/control").spawn().is_err());
        assert!(std::thread::spawn(|| 7).join().is_ok());
    });
}
