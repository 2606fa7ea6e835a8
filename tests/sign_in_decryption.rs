//! No oracle: whatever fails between the key unwrap and the inner signature looks the same from outside.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod support;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ostiary_testkit::{Encryption, Hash, Scene, SeededRng, TestKey};
use ostiary_xmlsig::{EncryptionMethod, KeyTransport};
use serde_json::{Value, json};
use support::{
    ACS_PATH, Answer, Browser, ENTITY_ID, Form, ORIGIN, Provider, Site, TENANT, own_certificate,
    start_of_time,
};

const METHODS: [EncryptionMethod; 4] = [
    EncryptionMethod::Aes128Cbc,
    EncryptionMethod::Aes256Cbc,
    EncryptionMethod::Aes128Gcm,
    EncryptionMethod::Aes256Gcm,
];

/// One way to fail: what is changed before signing and encrypting, and in the finished message.
type Failure = (&'static str, fn(&mut Scene), fn(String) -> String);

const FAILURES: &[Failure] = &[
    (
        "encrypted for somebody else",
        |scene| {
            let other = TestKey::generate("Somebody else", start_of_time()).unwrap();
            scene.encrypt.as_mut().unwrap().certificate = other.certificate_der().unwrap();
        },
        |xml| xml,
    ),
    ("a changed wrapped key", |_| {}, |xml| flip(&xml, 0, 100)),
    ("a changed first block", |_| {}, |xml| flip(&xml, 1, 3)),
    (
        "a changed last block",
        |_| {},
        |xml| {
            let length = cipher_values(&xml)[1].len();
            flip(&xml, 1, length - 30)
        },
    ),
    ("not signed inside", |scene| scene.sign_assertion = false, |xml| xml),
    ("signed with SHA-1 inside", |scene| scene.hash = Hash::Sha1, |xml| xml),
    (
        "a reference to something else inside",
        |scene| {
            let reference = format!("URI=\"#{}\"", scene.assertion_id);
            scene.edit_signed_info.push((reference, "URI=\"\"".to_owned()));
        },
        |xml| xml,
    ),
];

fn cipher_values(xml: &str) -> Vec<String> {
    let values = xml.split("<xenc:CipherValue>").skip(1);
    values.map(|value| value.split('<').next().unwrap().to_owned()).collect()
}

/// Changes one character of base64 in the cipher value of that number.
fn flip(xml: &str, number: usize, at: usize) -> String {
    let value = &cipher_values(xml)[number];
    let mut changed = value.clone();
    let other = if &value[at..=at] == "A" { "B" } else { "A" };
    changed.replace_range(at..=at, other);
    xml.replacen(value, &changed, 1)
}

struct Lab {
    site: Site,
    key: TestKey,
}

impl Lab {
    fn new() -> Self {
        let key = TestKey::generate("Provider", start_of_time()).unwrap();
        let mut config = Site::config_of(&idp(), "https://login.microsoftonline.example/saml2");
        config["idp"]["certificates"] = json!([key.certificate_base64().unwrap()]);
        Self { site: Site::open(config), key }
    }

    fn post(
        &self,
        method: EncryptionMethod,
        key: &TestKey,
        change: fn(&mut Scene),
        edit: fn(String) -> String,
    ) -> Answer {
        let mut browser = Browser::new();
        let leaving = browser.start(&self.site, "/");
        let id = leaving.location().split("RelayState=").nth(1).unwrap().to_owned();
        let acs_url = format!("{ORIGIN}{ACS_PATH}");
        // Each post has its own IDs: they are used once.
        let mut rng = SeededRng::new(u64::try_from(self.site.crossed.lock().unwrap().len()).unwrap());
        let mut scene = Scene::entra(&idp(), ENTITY_ID, &acs_url, Some(&id), start_of_time(), &mut rng);
        let transport = KeyTransport::OaepMgf1p;
        scene.encrypt =
            Some(Encryption { certificate: own_certificate(), method, transport, detached: false });
        change(&mut scene);
        let xml = edit(scene.build(key).unwrap());
        let fields = vec![("SAMLResponse".to_owned(), STANDARD.encode(xml)), ("RelayState".to_owned(), id)];
        browser.submit(&self.site, &Form { action: acs_url, fields })
    }
}

fn idp() -> String {
    format!("https://sts.windows.net/{TENANT}/")
}

/// What somebody outside sees, but for the reference.
fn outside(answer: &Answer) -> Value {
    let correlation = answer.0["correlation"].as_str().unwrap();
    let page = answer.body().replace(correlation, "");
    json!([answer.status(), answer.code(), page.len(), answer.header("Content-Type"), answer.0["cookies"]])
}

#[test]
fn every_failure_behind_the_ciphertext_looks_the_same() {
    let lab = Lab::new();
    let stranger = TestKey::generate("Stranger", start_of_time()).unwrap();
    let mut seen: Vec<(String, Value)> = Vec::new();
    for method in METHODS {
        assert_eq!(lab.post(method, &lab.key, |_| {}, |xml| xml).kind(), "sign_in", "{method:?}: honest");
        for (name, change, edit) in FAILURES {
            let answer = lab.post(method, &lab.key, *change, *edit);
            seen.push((format!("{method:?}, {name}"), outside(&answer)));
        }
        let answer = lab.post(method, &stranger, |_| {}, |xml| xml);
        seen.push((format!("{method:?}, signed by a stranger inside"), outside(&answer)));
    }
    let (_, first) = &seen[0];
    assert_eq!(first[1], "decryption-failed");
    for (name, outside) in &seen {
        // A page with a script nonce differs in its text, never in its length.
        assert_eq!(outside, first, "{name}");
    }
}

#[test]
fn every_failure_behind_the_ciphertext_asks_for_newer_keys_alike() {
    let lab = Lab::new();
    let mut config = lab.site.config.clone();
    config["idp"]["metadata_url"] = json!("https://login.microsoftonline.example/metadata");
    config["refresh"] = json!({"last_refresh_ms": start_of_time().as_millisecond()});
    for (name, change, edit) in FAILURES {
        // A new engine each, for one fetch in five minutes is all.
        let lab = Lab { site: Site::open(config.clone()), key: lab.key.clone() };
        let answer = lab.post(EncryptionMethod::Aes256Cbc, &lab.key, *change, *edit);
        assert_eq!((answer.code(), lab.site.asked("fetch")), ("decryption-failed", 1), "{name}");
    }
}

#[test]
fn a_key_that_rolled_over_is_found_behind_the_ciphertext() {
    let provider = Provider::entra();
    let site = Site::of(
        &provider,
        &json!({"idp": {"metadata_url": provider.metadata_url()},
        "refresh": {"last_refresh_ms": start_of_time().as_millisecond()}}),
    );
    let metadata = Browser::new().visit(&site, "/plugins/servlet/saml/metadata");
    provider.set_sp_metadata(metadata.body().as_bytes());
    provider.control("rotate", start_of_time());
    let document = STANDARD.encode(provider.metadata(start_of_time()));
    *site.fetch.lock().unwrap() = Some(Box::new(move |_| json!({"status": 200, "body": document.clone()})));
    let mut browser = Browser::new();
    let form = browser.answer_of(&site, &provider, "/browse/X-1", "b.simon", &[("encrypt", "aes256-cbc")]);
    let answer = browser.submit(&site, &form);
    assert_eq!(
        (answer.kind(), answer.0["target"].as_str()),
        ("sign_in", Some("/browse/X-1")),
        "{}",
        answer.0
    );
    assert_eq!(site.asked("fetch"), 1);
}
